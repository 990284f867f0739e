//! The organisation's own details, for its administrator; and the way there from a dossier that lacks one of them.

use askama::Template;
use axum::response::Response;

use app::{Error, Profile};
use documents::dossier::form::Asks;
use documents::dossier::{Answer, Field};
use incident::Permission;

use crate::address::{outgoing_of, settings_of};
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, OPENED, Problems, Sent};
use crate::frame::{Frame, Place};
use crate::words::Words;

mod backups;
mod both;
mod choices;

use choices::{ChoiceView, TermView};

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    w: Words,
    address: String,
    /// Which state of the details the form began with, and what it held then.
    seen: String,
    opened: Vec<(String, String)>,
    lead: String,
    is_saved: bool,
    problems: Problems,
    filled: Filled,
    choices: Vec<ChoiceView>,
    /// What tells whether an organisation falls under the Cyberbeveiligingswet.
    scope_aids: Vec<(String, String)>,
    terms: Vec<TermView>,
    uses_enisa: bool,
    /// Where it shows what left.
    outgoing: String,
    /// What there is to know of backups; not said again where something has to be corrected first.
    backups: Vec<String>,
}

/// What the form is filled with, and with which state of the details it began.
struct Form {
    problems: Problems,
    filled: Filled,
    profile: Profile,
    terms: Vec<TermView>,
    seen: String,
    opened: Vec<(String, String)>,
}

/// `GET /o/{slug}/instellingen`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let stored = &desk.scope.organisation().profile;
    let shown = settings_page(&desk, Form::of(stored.clone(), stored, Problems::new(), desk.visit.w));
    page(&SettingsPage { backups: backups::lines(&desk).await?, ..shown })
}

/// `POST /o/{slug}/instellingen`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let mut stored = desk.scope.organisation().profile.clone();
    let mut problems = Problems::new();
    let profile = read(&sent, stored.clone(), w, &mut problems);
    let seen = Some(sent.text("gezien")).filter(|seen| !seen.is_empty());
    let is_stale = seen.is_some_and(|seen| seen != stored.mark());
    if !problems.is_empty() {
        if is_stale {
            problems.add("", w.settings_conflict_unread());
        }
        return page_again(&settings_page(&desk, Form::as_sent(&sent, profile, &stored, problems, w)));
    }
    // Somebody who had the form open meanwhile would else put back what was there before.
    let error = match is_stale {
        true => Error::Conflict,
        false => match desk.visit.app().update_profile(&desk.scope, profile.clone(), seen).await {
            Ok(()) => return onward(&format!("{}?bewaard=ja", settings_of(desk.slug()))),
            Err(error) => error,
        },
    };
    let form = match error {
        Error::Conflict => {
            if !is_stale {
                // Changed at this very moment.
                stored = desk.visit.app().permit_program(desk.slug()).await?.organisation().profile.clone();
            }
            Form::merged(&sent, &profile, &stored, w)
        }
        error => Form::as_sent(&sent, profile, &stored, Problems::from_error(error, w, |_| "")?, w),
    };
    page_again(&settings_page(&desk, form))
}

/// The details as a form says them; what was not sent stays as it is.
fn read(sent: &Sent, known: Profile, w: Words, problems: &mut Problems) -> Profile {
    let text = |name: &str| sent.text(name).to_owned();
    Profile {
        address: text("address"),
        postcode: text("postcode"),
        town: text("town"),
        kvk: text("kvk"),
        sector: text("sector"),
        dpo_number: text("dpo_number"),
        dpo_name: if sent.has("dpo_name") { text("dpo_name") } else { known.dpo_name.clone() },
        dpo_email: if sent.has("dpo_email") { text("dpo_email") } else { known.dpo_email.clone() },
        contact_name: text("contact_name"),
        contact_function: text("contact_function"),
        contact_email: text("contact_email"),
        contact_phone: text("contact_phone"),
        register_email: if sent.has("register_email") { text("register_email") } else { known.register_email.clone() },
        ..choices::read(sent, known, w, problems)
    }
}

impl Form {
    /// Filled with these details, over those that are stored.
    fn of(profile: Profile, stored: &Profile, problems: Problems, w: Words) -> Self {
        let fields = profile.fields().into_iter().chain([("cbw_reason", profile.cbw_reason.as_str())]);
        Self {
            filled: fields.fold(Filled::default(), |filled, (name, text)| filled.with(name, text)),
            terms: choices::terms(&profile, &problems, w),
            seen: stored.mark(),
            opened: choices::held(stored, w),
            profile,
            problems,
        }
    }

    /// Just as it was sent: what it began with stays what it was, so that nothing changed since goes unseen.
    fn as_sent(sent: &Sent, profile: Profile, stored: &Profile, problems: Problems, w: Words) -> Self {
        let names = Profile::default().fields().map(|(name, _)| name);
        let names: Vec<&'static str> = names.into_iter().chain(["cbw_reason"]).collect();
        let (seen, opened) = match sent.as_opened() {
            Some(opened) if sent.has("gezien") => (sent.text("gezien").to_owned(), opened.into_pairs()),
            // It does not say with what it began.
            _ => (stored.mark(), choices::held(stored, w)),
        };
        Self {
            filled: Filled::from_sent(sent, &names),
            terms: choices::terms_as_sent(sent, &problems, w),
            seen,
            opened,
            profile,
            problems,
        }
    }

    /// As it was sent where that was changed, as it is stored elsewhere; what both changed is said with both values.
    fn merged(sent: &Sent, profile: &Profile, stored: &Profile, w: Words) -> Self {
        let began = sent.as_opened().map(|opened| read(&opened, stored.clone(), w, &mut Problems::new()));
        let merged = Profile::merged(began.as_ref(), profile, stored);
        let mut problems = Problems::new();
        problems.add("", w.settings_conflict());
        for name in merged.both {
            problems.add(name, both::of_field(name, stored, profile, w));
        }
        for id in &merged.both_terms {
            let place = merged.profile.terms.iter().position(|term| term.id == *id).unwrap_or_default();
            problems.add(&format!("termijn-{place}-met"), both::of_term(id, stored, profile, w));
        }
        Self::of(merged.profile, stored, problems, w)
    }
}

fn settings_page(desk: &Desk, form: Form) -> SettingsPage {
    let w = desk.visit.w;
    let Form { problems, filled, profile, terms, seen, opened } = form;
    let frame = desk.frame(w.settings_heading(), Place::Settings);
    let is_saved = problems.is_empty() && desk.saved.is_some();
    let frame = frame.with_draft_done(is_saved.then(|| settings_of(desk.slug())));
    SettingsPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        address: settings_of(desk.slug()),
        seen,
        opened: opened.into_iter().map(|(name, value)| (format!("{OPENED}{name}"), value)).collect(),
        lead: w.settings_lead(&desk.scope.organisation().name),
        is_saved,
        choices: choices::of_law(&profile, w),
        scope_aids: choices::scope_aids(desk),
        terms,
        uses_enisa: profile.uses_enisa,
        outgoing: outgoing_of(desk.slug()),
        backups: Vec::new(),
        problems,
        filled,
    }
}

/// Where somebody who may can fill in what a field of the dossier lacks, and what the link says.
pub(crate) fn way_to(field: &Field<'_>, desk: &Desk) -> Option<(String, String)> {
    if field.answer != Answer::Missing || !desk.allows(Permission::Administer) {
        return None;
    }
    let w = desk.visit.w;
    let (name, label) = match field.question.asks {
        Asks::OrganisationAddress => ("address", w.settings_address()),
        Asks::FgRegistration => ("dpo_number", w.settings_dpo()),
        Asks::Kvk => ("kvk", w.settings_kvk()),
        Asks::Sector => ("sector", w.settings_sector()),
        Asks::ReporterFunction => ("contact_function", w.settings_contact_function()),
        Asks::ReporterPhone => ("contact_phone", w.settings_contact_phone()),
        Asks::ContactPerson => ("contact_name", w.settings_contact()),
        _ => return None,
    };
    Some((format!("{}#{name}", settings_of(desk.slug())), w.settings_fill_in(label)))
}
