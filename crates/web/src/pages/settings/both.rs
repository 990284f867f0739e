//! What two people changed at the same time in the organisation's details, each in their own way, in words.

use app::Profile;
use facts::Fact;
use law::deadline::{ContractTerm, TermLength};

use crate::words::Words;

/// A field that both changed: what is stored, and what was sent.
pub(super) fn of_field(name: &str, stored: &Profile, sent: &Profile, w: Words) -> String {
    w.both_changed(&label(name, w), &value(name, stored, w), &value(name, sent, w))
}

/// An agreed term that both changed.
pub(super) fn of_term(id: &str, stored: &Profile, sent: &Profile, w: Words) -> String {
    let value = |profile: &Profile| {
        let term = profile.terms.iter().find(|term| term.id == id);
        term.map_or_else(|| w.settings_nothing().to_owned(), |term| term_in_words(term, w))
    };
    w.both_changed(w.settings_terms(), &value(stored), &value(sent))
}

fn label(name: &str, w: Words) -> String {
    let of_contact = |label: &str| format!("{}, {}", w.settings_contact(), label.to_lowercase());
    match name {
        "address" => w.settings_address().to_owned(),
        "postcode" => w.settings_postcode().to_owned(),
        "town" => w.settings_town().to_owned(),
        "kvk" => w.settings_kvk().to_owned(),
        "sector" => w.settings_sector().to_owned(),
        "dpo_name" => w.settings_dpo_name().to_owned(),
        "dpo_email" => w.settings_dpo_email().to_owned(),
        "dpo_number" => w.settings_dpo().to_owned(),
        "contact_name" => of_contact(w.settings_contact_name()),
        "contact_function" => of_contact(w.settings_contact_function()),
        "contact_email" => of_contact(w.settings_contact_email()),
        "contact_phone" => of_contact(w.settings_contact_phone()),
        "register_email" => w.settings_register_email().to_owned(),
        "cbw_reason" => w.settings_cbw_reason().to_owned(),
        "uses_enisa" => w.settings_enisa().to_owned(),
        fact => Fact::from_key(fact).map(|fact| fact.question().in_language(w.0).to_owned()).unwrap_or_default(),
    }
}

fn value(name: &str, profile: &Profile, w: Words) -> String {
    let truth = |known: bool| if known { w.yes() } else { w.no() }.to_owned();
    let word = |fact: Fact, word: Option<&str>| {
        word.and_then(|word| fact.label(word)).map(|label| label.in_language(w.0).to_owned())
    };
    let text = || {
        let reason = [("cbw_reason", profile.cbw_reason.as_str())];
        let mut texts = profile.fields().into_iter().chain(reason);
        texts.find(|(field, _)| *field == name).map(|(_, text)| text.to_owned()).filter(|text| !text.is_empty())
    };
    let said = match name {
        "role" => word(Fact::Role, profile.role),
        "cbw_entity" => word(Fact::CbwEntity, profile.cbw_entity),
        "financial_undertaking" => profile.financial_undertaking.map(truth),
        "uses_enisa" => Some(truth(profile.uses_enisa)),
        _ => text(),
    };
    said.unwrap_or_else(|| w.settings_nothing().to_owned())
}

fn term_in_words(term: &ContractTerm, w: Words) -> String {
    let (length, unit) = match term.length {
        TermLength::Hours(hours) => (hours, w.settings_term_hours()),
        TermLength::WorkingDays(days) => (days, w.settings_term_days()),
    };
    format!("{}, {}, {length} {unit}", term.with, term.kind.name().in_language(w.0))
}
