//! The organisation's own details, for its administrator; and the way there from a dossier that lacks one of them.

use askama::Template;
use axum::response::Response;

use app::Profile;
use documents::dossier::form::Asks;
use documents::dossier::{Answer, Field};
use incident::Permission;

use crate::address::settings_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::{Frame, Place};
use crate::words::Words;

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    frame: Frame,
    w: Words,
    address: String,
    lead: String,
    is_saved: bool,
    problems: Problems,
    filled: Filled,
}

/// `GET /o/{slug}/instellingen`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let fields = desk.scope.organisation().profile.fields();
    let filled = fields.into_iter().fold(Filled::default(), |filled, (name, text)| filled.with(name, text));
    page(&settings_page(&desk, Problems::new(), filled))
}

/// `POST /o/{slug}/instellingen`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let text = |name: &str| sent.text(name).to_owned();
    let known = desk.scope.organisation().profile.clone();
    let profile = Profile {
        address: text("address"),
        postcode: text("postcode"),
        town: text("town"),
        kvk: text("kvk"),
        sector: text("sector"),
        dpo_number: text("dpo_number"),
        contact_name: text("contact_name"),
        contact_function: text("contact_function"),
        contact_email: text("contact_email"),
        contact_phone: text("contact_phone"),
        // What this form does not ask stays as it is.
        ..known
    };
    match desk.visit.app().update_profile(&desk.scope, profile).await {
        Ok(()) => onward(&format!("{}?bewaard=ja", settings_of(desk.slug()))),
        Err(error) => {
            let problems = Problems::from_error(error, desk.visit.w, |_| "")?;
            let names = Profile::default().fields().map(|(name, _)| name);
            page_again(&settings_page(&desk, problems, Filled::from_sent(&sent, &names)))
        }
    }
}

fn settings_page(desk: &Desk, problems: Problems, filled: Filled) -> SettingsPage {
    let w = desk.visit.w;
    let frame = desk.frame(w.settings_heading(), Place::Settings);
    let is_saved = problems.is_empty() && desk.saved.is_some();
    let frame = frame.with_draft_done(is_saved.then(|| settings_of(desk.slug())));
    SettingsPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        address: settings_of(desk.slug()),
        lead: w.settings_lead(&desk.scope.organisation().name),
        is_saved,
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
