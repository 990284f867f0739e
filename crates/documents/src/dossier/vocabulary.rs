//! From our vocabulary to the form's boxes: one line a word, so that a word without a place is seen (and tested).

use facts::{Fact, Text};

use super::ap_2022_08 as ap;

/// How well a box fits a word of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// The box says the same.
    Exact,
    /// The box says something near, or more: a person checks.
    Near,
    /// No box: it is ticked as *other*, and named in the text beside it.
    Other,
}

/// One word's boxes.
pub(super) type Row = (&'static str, Fit, &'static [&'static str]);

use Fit::{Exact, Near, Other};

/// `data` in box list 6.1.
pub(super) const GENERAL_DATA: &[Row] = &[
    ("name", Exact, &[ap::NAME]),
    ("gender", Exact, &[ap::GENDER]),
    ("birth_date", Exact, &[ap::BIRTH]),
    ("contact", Near, &[ap::EMAIL, ap::PHONE]),
    ("address", Exact, &[ap::ADDRESS]),
    ("family", Other, &[ap::OTHER]),
    ("customer_number", Near, &[ap::ACCESS]),
    ("account", Other, &[ap::OTHER]),
    ("national_id", Exact, &[ap::BSN]),
    ("id_document", Exact, &[ap::ID_COPY]),
    ("licence_plate", Other, &[ap::OTHER]),
    ("financial", Exact, &[ap::OTHER_FINANCIAL]),
    ("payment", Near, &[ap::IBAN, ap::CARD]),
    ("debt", Exact, &[ap::DEBTS]),
    ("credentials", Exact, &[ap::ACCESS]),
    ("password_hash", Near, &[ap::ACCESS]),
    ("location", Exact, &[ap::LOCATION]),
    ("communication", Other, &[ap::OTHER]),
    ("browsing", Other, &[ap::OTHER]),
    ("profile", Other, &[ap::OTHER]),
    ("purchase_history", Other, &[ap::OTHER]),
    ("photo_video", Other, &[ap::OTHER]),
    ("employment", Other, &[ap::OTHER]),
    ("education", Other, &[ap::OTHER]),
    ("social_circumstances", Other, &[ap::OTHER]),
    ("professional_secrecy", Other, &[ap::OTHER]),
    ("safety_critical", Other, &[ap::OTHER]),
    ("criminal", Exact, &[ap::CRIMINAL]),
];

/// `data` in box list 6.2 (AVG art. 9).
pub(super) const SPECIAL_DATA: &[Row] = &[
    ("health", Exact, &[ap::HEALTH]),
    ("genetic", Exact, &[ap::GENETIC]),
    ("biometric", Exact, &[ap::BIOMETRIC]),
    ("ethnicity", Exact, &[ap::ETHNICITY]),
    ("political", Exact, &[ap::POLITICAL]),
    ("religion", Exact, &[ap::RELIGION]),
    ("union", Exact, &[ap::UNION]),
    ("sex_life", Exact, &[ap::SEX_LIFE]),
];

/// `incident_type` in box list 5.2.
pub(super) const INCIDENT_TYPE: &[Row] = &[
    ("abuse_of_access_by_employee", Other, &[ap::OTHER_INCIDENT]),
    ("ransomware", Exact, &[ap::HACKED]),
    ("hacking", Exact, &[ap::HACKED]),
    ("phishing_social_engineering", Exact, &[ap::HACKED]),
    ("vulnerability_exploited", Exact, &[ap::HACKED]),
    ("unauthorised_access", Near, &[ap::OTHER_INCIDENT]),
    ("data_exfiltration", Near, &[ap::HACKED]),
    ("mixed_up_records", Exact, &[ap::WRONG_FILE]),
    ("device_lost_or_stolen", Exact, &[ap::DEVICE_OR_PAPER_LOST]),
    ("e_waste", Other, &[ap::OTHER_INCIDENT]),
    ("paper_disposal", Other, &[ap::OTHER_INCIDENT]),
    ("misdelivered_post", Exact, &[ap::POST_WRONG]),
    ("misconfiguration", Near, &[ap::OTHER_INCIDENT]),
    ("wrong_access_permissions", Near, &[ap::AUTHORISATIONS]),
    ("paper_lost_or_stolen", Exact, &[ap::DEVICE_OR_PAPER_LOST]),
    ("deleted_or_destroyed", Other, &[ap::OTHER_INCIDENT]),
    ("shown_to_wrong_recipient", Other, &[ap::OTHER_INCIDENT]),
    ("sent_by_mistake", Near, &[ap::MAIL_WRONG]),
    ("open_distribution_list", Exact, &[ap::MAIL_OPEN_LIST]),
    ("technical_malfunction", Other, &[ap::OTHER_INCIDENT]),
    ("unauthorised_modification", Other, &[ap::OTHER_INCIDENT]),
    ("unintended_publication", Exact, &[ap::PUBLISHED]),
    ("verbal_disclosure", Other, &[ap::OTHER_INCIDENT]),
    ("tbd", Near, &[ap::OTHER_INCIDENT]),
    ("other", Near, &[ap::OTHER_INCIDENT]),
];

/// `groups` in box list 7.1.
pub(super) const GROUPS: &[Row] = &[
    ("employees", Exact, &[ap::EMPLOYEES]),
    ("former_employees", Near, &[ap::EMPLOYEES]),
    ("applicants", Other, &[ap::OTHER]),
    ("customers", Exact, &[ap::CUSTOMERS]),
    ("prospects", Exact, &[ap::CUSTOMERS]),
    ("subscribers", Near, &[ap::CUSTOMERS]),
    ("users", Near, &[ap::CUSTOMERS]),
    ("members", Other, &[ap::OTHER]),
    ("patients", Exact, &[ap::PATIENTS]),
    ("clients_of_care", Near, &[ap::PATIENTS]),
    ("pupils", Exact, &[ap::PUPILS]),
    ("students", Exact, &[ap::PUPILS]),
    ("children", Exact, &[ap::MINORS]),
    ("elderly", Near, &[ap::VULNERABLE]),
    ("citizens", Other, &[ap::OTHER]),
    ("asylum_seekers", Near, &[ap::VULNERABLE]),
    ("suppliers", Other, &[ap::OTHER]),
    ("other", Other, &[ap::OTHER]),
];

/// `consequences` in box list 9.2.
pub(super) const CONSEQUENCES: &[Row] = &[
    ("identity_fraud", Exact, &[ap::IDENTITY_FRAUD]),
    ("financial_loss", Exact, &[ap::FINANCIAL_LOSS]),
    ("discrimination", Exact, &[ap::DISCRIMINATION]),
    ("stigmatisation", Other, &[ap::OTHER]),
    ("reputation", Exact, &[ap::REPUTATION]),
    ("physical_harm", Other, &[ap::OTHER]),
    ("distress", Other, &[ap::OTHER]),
    ("extortion", Other, &[ap::OTHER]),
    ("loss_of_control", Exact, &[ap::OVERVIEW]),
    ("phishing", Other, &[ap::OTHER]),
    ("secrecy_lost", Exact, &[ap::SECRECY]),
    ("denied_service", Other, &[ap::OTHER]),
    ("de_pseudonymisation", Exact, &[ap::PSEUDONYMS]),
];

/// `severity` in box list 9.3.
pub(super) const SEVERITY: &[Row] = &[
    ("negligible", Exact, &["Verwaarloosbaar"]),
    ("limited", Exact, &["Beperkt"]),
    ("considerable", Exact, &["Aanzienlijk"]),
    ("very_large", Exact, &["Zeer groot"]),
];

/// `confidentiality`, `integrity` and `availability` in box list 5.1; no box for what did not happen.
pub(super) const CONFIDENTIALITY: &[Row] = &[
    ("none", Exact, &[]),
    ("possible", Exact, &[ap::SEEN]),
    ("likely", Exact, &[ap::SEEN]),
    ("confirmed", Exact, &[ap::SEEN]),
];
pub(super) const INTEGRITY: &[Row] =
    &[("none", Exact, &[]), ("recoverable", Exact, &[ap::ALTERED]), ("unrecoverable", Exact, &[ap::ALTERED])];
pub(super) const AVAILABILITY: &[Row] =
    &[("none", Exact, &[]), ("temporary", Exact, &[ap::LOST_FOR_A_TIME]), ("permanent", Exact, &[ap::LOST_FOR_GOOD])];

/// `protection_kind` in box list 8.1.
pub(super) const PROTECTION_KIND: &[Row] = &[
    ("encryption", Exact, &[ap::ENCRYPTED]),
    ("hashing", Exact, &[ap::HASHED]),
    ("pseudonymisation", Near, &[ap::OTHERWISE_PROTECTED]),
    ("other", Exact, &[ap::OTHERWISE_PROTECTED]),
];

/// `regime` in box list 1.2.
pub(super) const REGIME: &[Row] =
    &[("avg", Exact, &[ap::AVG]), ("wpg", Exact, &[ap::WPG]), ("wjsg", Exact, &[ap::WJSG]), ("tw", Exact, &[ap::TW])];

/// The boxes for the words that a case knows, in the form's order, and what must be said beside them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mapped {
    pub(super) ticks: Vec<&'static str>,
    /// The words that stand under *other*, in Dutch.
    pub(super) others: Vec<&'static str>,
    /// The words whose box is only near: to be checked.
    pub(super) near: Vec<&'static Text>,
}

/// Maps words by a table, into the form's own order of boxes.
pub(super) fn map(fact: Fact, words: &[&'static str], rows: &[Row], boxes: &[&'static str]) -> Mapped {
    let mut mapped = Mapped::default();
    let mut wanted = Vec::new();
    for (word, fit, ticks) in rows.iter().filter(|(word, ..)| words.contains(word)) {
        wanted.extend_from_slice(ticks);
        let Some(label) = fact.label(word) else { continue };
        match fit {
            Fit::Exact => {}
            Fit::Near => mapped.near.push(label),
            Fit::Other => mapped.others.push(&label.nl),
        }
    }
    mapped.ticks = boxes.iter().copied().filter(|label| wanted.contains(label)).collect();
    mapped
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::dossier::form::{Asks, Question};

    fn question(asks: Asks) -> &'static Question {
        ap::AP_2022_08
            .sections
            .iter()
            .flat_map(|section| section.questions)
            .find(|question| question.asks == asks)
            .unwrap()
    }

    /// Every word of a mapped fact stands in its tables exactly once, and every box it leads to is one of the form's.
    #[track_caller]
    fn check(fact: Fact, tables: &[(&[Row], Asks)]) {
        let mut seen = BTreeSet::new();
        for (rows, asks) in tables {
            let boxes = question(*asks).boxes;
            for (word, fit, ticks) in *rows {
                assert!(fact.label(word).is_some(), "{word} is no word of {}", fact.key());
                assert!(seen.insert(*word), "{word} stands twice");
                assert!(!ticks.is_empty() || *word == "none", "{word} leads nowhere");
                for tick in *ticks {
                    assert!(boxes.contains(tick), "{word}: `{tick}` is no box of {}", question(*asks).number);
                }
                if *fit == Fit::Other {
                    assert!(ticks.iter().all(|tick| [ap::OTHER, ap::OTHER_INCIDENT].contains(tick)), "{word}");
                }
            }
        }
        let all: BTreeSet<_> = fact.choices().iter().map(|choice| choice.key).collect();
        assert_eq!(seen, all, "words of {} without a place on the form", fact.key());
    }

    #[test]
    fn every_word_has_a_place_on_the_form() {
        check(Fact::Data, &[(GENERAL_DATA, Asks::GeneralData), (SPECIAL_DATA, Asks::SpecialData)]);
        check(Fact::IncidentType, &[(INCIDENT_TYPE, Asks::IncidentNature)]);
        check(Fact::Groups, &[(GROUPS, Asks::Groups)]);
        check(Fact::Consequences, &[(CONSEQUENCES, Asks::ConsequencesForPersons)]);
        check(Fact::Severity, &[(SEVERITY, Asks::Severity)]);
        check(Fact::Confidentiality, &[(CONFIDENTIALITY, Asks::BreachNature)]);
        check(Fact::Integrity, &[(INTEGRITY, Asks::BreachNature)]);
        check(Fact::Availability, &[(AVAILABILITY, Asks::BreachNature)]);
        check(Fact::ProtectionKind, &[(PROTECTION_KIND, Asks::Protection)]);
        check(Fact::Regime, &[(REGIME, Asks::LegalBasis)]);
    }

    #[test]
    fn the_form_asks_each_thing_once_and_in_order() {
        let asked: Vec<_> = ap::AP_2022_08
            .sections
            .iter()
            .flat_map(|section| section.questions)
            .map(|question| question.asks)
            .collect();
        assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len(), "something is asked twice");
        assert_eq!(asked.len(), Asks::ALL.len(), "something is never asked");
        // A question whose number is not known (`1.1.x`) stands where it was put.
        let numbers: Vec<Vec<u32>> = ap::AP_2022_08
            .sections
            .iter()
            .flat_map(|section| section.questions)
            .filter_map(|question| question.number.split('.').map(|part| part.parse().ok()).collect())
            .collect();
        assert!(numbers.is_sorted(), "{numbers:?}");
    }
}
