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
use crate::forms::{Filled, Problems, Sent};
use crate::frame::{Frame, Place};
use crate::words::Words;

mod backups;
mod choices;

use choices::{ChoiceView, TermView};

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    w: Words,
    address: String,
    /// Which state of the details the form was filled with.
    seen: String,
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

/// `GET /o/{slug}/instellingen`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let profile = &desk.scope.organisation().profile;
    let fields = profile.fields().into_iter().chain([("cbw_reason", profile.cbw_reason.as_str())]);
    let filled = fields.fold(Filled::default(), |filled, (name, text)| filled.with(name, text));
    let shown = settings_page(&desk, Problems::new(), filled, profile, choices::terms(profile, desk.visit.w));
    page(&SettingsPage { backups: backups::lines(&desk).await?, ..shown })
}

/// `POST /o/{slug}/instellingen`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let text = |name: &str| sent.text(name).to_owned();
    let known = desk.scope.organisation().profile.clone();
    let mut problems = Problems::new();
    let profile = Profile {
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
        // What was not sent stays as it is.
        ..choices::read(&sent, known, desk.visit.w, &mut problems)
    };
    let again = |problems: Problems| {
        let names = Profile::default().fields().map(|(name, _)| name);
        let names: Vec<&'static str> = names.into_iter().chain(["cbw_reason"]).collect();
        let terms = choices::terms_as_sent(&sent, &problems, desk.visit.w);
        page_again(&settings_page(&desk, problems, Filled::from_sent(&sent, &names), &profile, terms))
    };
    if !problems.is_empty() {
        return again(problems);
    }
    // Somebody who had the form open meanwhile would else put back what was there before.
    let seen = Some(sent.text("gezien")).filter(|seen| !seen.is_empty());
    match desk.visit.app().update_profile(&desk.scope, profile.clone(), seen).await {
        Ok(()) => onward(&format!("{}?bewaard=ja", settings_of(desk.slug()))),
        Err(Error::Conflict) => {
            let mut problems = Problems::new();
            problems.add("", desk.visit.w.settings_conflict());
            again(problems)
        }
        Err(error) => again(Problems::from_error(error, desk.visit.w, |_| "")?),
    }
}

fn settings_page(
    desk: &Desk,
    problems: Problems,
    filled: Filled,
    profile: &Profile,
    terms: Vec<TermView>,
) -> SettingsPage {
    let w = desk.visit.w;
    let frame = desk.frame(w.settings_heading(), Place::Settings);
    let is_saved = problems.is_empty() && desk.saved.is_some();
    let frame = frame.with_draft_done(is_saved.then(|| settings_of(desk.slug())));
    SettingsPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        address: settings_of(desk.slug()),
        seen: desk.scope.organisation().profile.mark(),
        lead: w.settings_lead(&desk.scope.organisation().name),
        is_saved,
        choices: choices::of_law(profile, w),
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
