//! The organisation's own details, which the AP's form, the letter and the thanks page name: filled in once by its
//! administrator, read by everything made after that.
//!
//! Promises: what is stored is trimmed and well-formed, or empty; one wrong field stores nothing, and every wrong field is
//! named. Deliberately not here: whether a number exists at the Chamber of Commerce or at the AP; documents made before.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use facts::{Country, Fact, Text, Value};
use incident::Permission;
use law::deadline::{ContractTerm, TermLength};

use crate::accounts::is_email;
use crate::handle::require;
use crate::open::hex;
use crate::{App, Error, FieldProblem, Profile, Scope};

/// The longest line that we take, in characters: a line on paper, with room to spare.
const LONGEST_LINE: usize = 200;
/// The longest reason that we take, in characters.
const LONGEST_REASON: usize = 2_000;
/// The most terms that an organisation can enter.
const MOST_TERMS: usize = 100;
/// Digits of a number of the Chamber of Commerce.
const KVK_DIGITS: usize = 8;

impl App {
    /// Replaces the organisation's details. Needs [`Permission::Administer`]; `Invalid` names the fields of [`Profile`]
    /// that need another look, and then nothing has changed. `seen`: the [`Profile::mark`] of the details that whoever changes
    /// them began with; absent: whatever is there is replaced. `Conflict`: somebody else changed them since.
    pub async fn update_profile(&self, scope: &Scope, profile: Profile, seen: Option<&str>) -> Result<(), Error> {
        require(scope, Permission::Administer)?;
        let known = &scope.organisation().profile;
        if seen.is_some_and(|seen| seen != known.mark()) {
            return Err(Error::Conflict);
        }
        let profile = checked(&profile, scope.organisation().jurisdiction)?;
        Ok(self.store.update_profile(scope, &profile, seen.is_some().then_some(known)).await?)
    }
}

impl Profile {
    /// Tells one state of the details from another.
    #[must_use]
    pub fn mark(&self) -> String {
        hex(&Sha256::digest(format!("{self:?}")))
    }

    /// Every line of text under its name on forms, in the order in which they are asked. Not the choices, the reason beside
    /// one, nor the terms.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 13] {
        [
            ("address", &self.address),
            ("postcode", &self.postcode),
            ("town", &self.town),
            ("kvk", &self.kvk),
            ("sector", &self.sector),
            ("dpo_name", &self.dpo_name),
            ("dpo_email", &self.dpo_email),
            ("dpo_number", &self.dpo_number),
            ("contact_name", &self.contact_name),
            ("contact_function", &self.contact_function),
            ("contact_email", &self.contact_email),
            ("contact_phone", &self.contact_phone),
            ("register_email", &self.register_email),
        ]
    }

    /// Where the signed state of the register is handed over: the address given for it, else the contact's.
    #[must_use]
    pub fn register_address(&self) -> Option<&str> {
        [&self.register_email, &self.contact_email].into_iter().map(|text| text.trim()).find(|text| !text.is_empty())
    }

    /// Whether there is an FG. Where there is none, the word appears nowhere.
    #[must_use]
    pub fn has_dpo(&self) -> bool {
        [&self.dpo_name, &self.dpo_email, &self.dpo_number].into_iter().any(|text| !text.trim().is_empty())
    }

    /// The facts that are the same for each incident, as far as they are filled in.
    #[must_use]
    pub fn facts(&self) -> Vec<(Fact, Value)> {
        let one = |fact, word: Option<&'static str>| word.map(|word| (fact, Value::One(word)));
        let truth = |fact, known: Option<bool>| known.map(|known| (fact, Value::Truth(known)));
        [
            one(Fact::Role, self.role),
            truth(Fact::FinancialUndertaking, self.financial_undertaking),
            one(Fact::CbwEntity, self.cbw_entity),
            truth(Fact::TrustService, self.trust_service),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Whether everything is there that the AP's form asks of each organisation. Not every one has an FG, nor a name for
    /// what its contact does.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_asked_of_all =
            |field: &str| !field.starts_with("dpo_") && !["contact_function", "register_email"].contains(&field);
        self.fields().into_iter().all(|(field, text)| !is_asked_of_all(field) || !text.trim().is_empty())
    }
}

/// The details as they are stored, or what is wrong with them.
fn checked(profile: &Profile, jurisdiction: Country) -> Result<Profile, Error> {
    let tidy = tidied(profile, jurisdiction);
    let mut problems: Vec<_> = tidy
        .fields()
        .into_iter()
        .filter_map(|(field, text)| {
            wrong(field, text, jurisdiction).map(|text| FieldProblem { field: field.into(), text })
        })
        .collect();
    problems.extend(wrong_choices(&tidy));
    if problems.is_empty() { Ok(tidy) } else { Err(Error::Invalid(problems)) }
}

/// One line each, without space around it; numbers and postcodes as they are written officially.
fn tidied(profile: &Profile, jurisdiction: Country) -> Profile {
    let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let postcode = line(&profile.postcode);
    let is_dutch = jurisdiction == Country::NL;
    Profile {
        address: line(&profile.address),
        postcode: if is_dutch { dutch_postcode(&postcode).unwrap_or(postcode) } else { postcode },
        town: line(&profile.town),
        kvk: profile.kvk.chars().filter(|letter| !letter.is_whitespace() && *letter != '.').collect(),
        sector: line(&profile.sector),
        dpo_number: line(&profile.dpo_number),
        dpo_name: line(&profile.dpo_name),
        dpo_email: line(&profile.dpo_email),
        contact_name: line(&profile.contact_name),
        contact_function: line(&profile.contact_function),
        contact_email: line(&profile.contact_email),
        contact_phone: line(&profile.contact_phone),
        register_email: line(&profile.register_email),
        uses_enisa: profile.uses_enisa,
        role: profile.role,
        cbw_entity: profile.cbw_entity,
        cbw_reason: profile.cbw_reason.trim().to_owned(),
        financial_undertaking: profile.financial_undertaking,
        trust_service: profile.trust_service,
        terms: profile
            .terms
            .iter()
            .map(|term| ContractTerm { id: line(&term.id), with: line(&term.with), ..term.clone() })
            .collect(),
    }
}

/// What is wrong with what was chosen: words that the vocabulary does not have, a choice without its reason, a term that
/// nobody can count.
fn wrong_choices(profile: &Profile) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    let mut wrong = |field: String, text: Text| problems.push(FieldProblem { field, text });
    for (field, fact, word) in [("role", Fact::Role, profile.role), ("cbw_entity", Fact::CbwEntity, profile.cbw_entity)]
    {
        if word.is_some_and(|word| fact.label(word).is_none()) {
            wrong(field.into(), Text::new("Kies een van de antwoorden.", "Choose one of the answers."));
        }
    }
    if profile.cbw_entity.is_some() && profile.cbw_reason.is_empty() {
        wrong(
            "cbw_reason".into(),
            Text::new(
                "Schrijf op waarom: uw sector, hoeveel mensen er werken, uw omzet en balanstotaal.",
                "Write down why: your sector, how many people work there, your turnover and balance sheet.",
            ),
        );
    }
    if profile.cbw_reason.chars().count() > LONGEST_REASON {
        wrong(
            "cbw_reason".into(),
            Text::new(
                "Deze tekst is te lang. Houd het onder de 2000 tekens.",
                "This text is too long. Keep it under 2000 characters.",
            ),
        );
    }
    if profile.terms.len() > MOST_TERMS {
        wrong("terms".into(), Text::new("Vul ten hoogste 100 termijnen in.", "Enter at most 100 terms."));
    }
    let mut ids = BTreeSet::new();
    for (place, term) in profile.terms.iter().enumerate() {
        if let Some(text) = wrong_term(term, &mut ids) {
            wrong(format!("terms.{place}"), text);
        }
    }
    problems
}

fn wrong_term<'a>(term: &'a ContractTerm, ids: &mut BTreeSet<&'a str>) -> Option<Text> {
    if term.with.is_empty() || term.with.chars().count() > LONGEST_LINE {
        return Some(Text::new(
            "Vul in met wie deze termijn is afgesproken, in ten hoogste 200 tekens.",
            "Enter with whom this term was agreed, in at most 200 characters.",
        ));
    }
    // Written and read back, so that the bounds are those of the term itself.
    if term.length.to_string().parse::<TermLength>() != Ok(term.length) {
        return Some(Text::new(
            "Vul een termijn in van ten minste 1 en ten hoogste 8784 uur of 260 werkdagen.",
            "Enter a term of at least 1 and at most 8784 hours or 260 working days.",
        ));
    }
    let is_new = !term.id.is_empty() && term.id.chars().count() <= LONGEST_LINE && ids.insert(&term.id);
    (!is_new).then(|| {
        Text::new("Elke termijn heeft een eigen, korte naam nodig.", "Each term needs a short name of its own.")
    })
}

fn wrong(field: &str, text: &str, jurisdiction: Country) -> Option<Text> {
    if text.is_empty() {
        return None;
    }
    if text.chars().count() > LONGEST_LINE {
        return Some(Text::new(
            "Deze tekst is te lang. Houd het onder de 200 tekens.",
            "This text is too long. Keep it under 200 characters.",
        ));
    }
    let is_kvk = text.len() == KVK_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    match field {
        "postcode" if jurisdiction == Country::NL && dutch_postcode(text).is_none() => {
            Some(Text::new("Vul een postcode in, zoals 1234 AB.", "Enter a postcode, such as 1234 AB."))
        }
        "kvk" if !is_kvk => Some(Text::new(
            "Een KvK-nummer heeft 8 cijfers. Het staat op uw uittreksel van de Kamer van Koophandel.",
            "A KvK number has 8 digits. It stands on your extract from the Chamber of Commerce.",
        )),
        "contact_email" | "dpo_email" | "register_email" if !is_email(text) => Some(Text::new(
            "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
            "Enter an e-mail address, such as name@example.nl.",
        )),
        _ => None,
    }
}

/// A Dutch postcode as it is written: four digits, a space, two capitals. Nothing for what is none.
fn dutch_postcode(text: &str) -> Option<String> {
    let compact: String =
        text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let (digits, letters) = compact.split_at_checked(4)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    let is_pair = letters.len() == 2 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_number && is_pair).then(|| format!("{digits} {letters}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn korenaar() -> Profile {
        Profile {
            address: "  Molenstraat\t 1\n".into(),
            postcode: "1234ab".into(),
            town: "Ons Dorp".into(),
            kvk: "12 34.56 78".into(),
            sector: "detailhandel".into(),
            dpo_number: String::new(),
            contact_name: "Marieke de Wit".into(),
            contact_function: String::new(),
            contact_email: " privacy@korenaar.example ".into(),
            contact_phone: "010 123 45 67".into(),
            ..Profile::default()
        }
    }

    fn term(id: &str, with: &str, length: TermLength) -> ContractTerm {
        ContractTerm { id: id.into(), kind: law::deadline::TermKind::Insurer, with: with.into(), length }
    }

    fn wrong_fields(profile: &Profile, jurisdiction: Country) -> Vec<String> {
        match checked(profile, jurisdiction) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(problems)) => problems.into_iter().map(|problem| problem.field).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_right_is_stored_tidily() {
        let tidy = checked(&korenaar(), Country::NL).unwrap();
        assert_eq!(tidy.address, "Molenstraat 1");
        assert_eq!(tidy.postcode, "1234 AB");
        assert_eq!(tidy.kvk, "12345678");
        assert_eq!(tidy.contact_email, "privacy@korenaar.example");
        assert_eq!(checked(&tidy, Country::NL).unwrap(), tidy, "tidying twice changes nothing");
        assert_eq!(checked(&Profile::default(), Country::NL).unwrap(), Profile::default(), "everything may be empty");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let profile = Profile {
            address: "x".repeat(LONGEST_LINE + 1),
            postcode: "0123 AB".into(),
            kvk: "1234567".into(),
            contact_email: "privacy@korenaar".into(),
            contact_phone: "1".repeat(LONGEST_LINE + 1),
            ..korenaar()
        };
        let expected = ["address", "postcode", "kvk", "contact_email", "contact_phone"];
        assert_eq!(wrong_fields(&profile, Country::NL), expected);
        let longest = Profile { town: "é".repeat(LONGEST_LINE), ..korenaar() };
        assert!(wrong_fields(&longest, Country::NL).is_empty(), "characters count, not bytes");
    }

    #[test]
    fn numbers_and_postcodes_have_their_shape() {
        for kvk in ["123456789", "1234567a", "١٢٣٤٥٦٧٨"] {
            assert_eq!(wrong_fields(&Profile { kvk: kvk.into(), ..korenaar() }, Country::NL), ["kvk"], "{kvk}");
        }
        for postcode in ["1234", "1234 ABC", "AB 1234", "1234 É1", "€34 AB"] {
            let profile = Profile { postcode: postcode.into(), ..korenaar() };
            assert_eq!(wrong_fields(&profile, Country::NL), ["postcode"], "{postcode}");
        }
        let antwerp = Profile { postcode: "2000".into(), ..korenaar() };
        let belgium = Country::from_code("BE").unwrap();
        assert!(wrong_fields(&antwerp, belgium).is_empty(), "elsewhere postcodes have other shapes");
    }

    #[test]
    fn choices_have_their_reason_and_terms_can_be_counted() {
        let day = TermLength::Hours(24);
        let cases: [(Profile, &[&str]); 8] = [
            (Profile { cbw_entity: Some("important"), ..korenaar() }, &["cbw_reason"]),
            (Profile { cbw_entity: Some("none"), cbw_reason: " Bakker, 12 mensen ".into(), ..korenaar() }, &[]),
            (Profile { cbw_reason: "x".repeat(LONGEST_REASON + 1), ..korenaar() }, &["cbw_reason"]),
            (Profile { role: Some("baker"), ..korenaar() }, &["role"]),
            (Profile { dpo_email: "fg".into(), ..korenaar() }, &["dpo_email"]),
            (Profile { terms: vec![term("a", "Polis", day), term("b", " ", day)], ..korenaar() }, &["terms.1"]),
            (Profile { terms: vec![term("a", "Polis", day), term("a", "Klant", day)], ..korenaar() }, &["terms.1"]),
            (Profile { terms: vec![term("a", "Polis", TermLength::WorkingDays(0))], ..korenaar() }, &["terms.0"]),
        ];
        for (profile, wrong) in cases {
            assert_eq!(wrong_fields(&profile, Country::NL), wrong, "{profile:?}");
        }
        let many = Profile {
            terms: (0..=MOST_TERMS).map(|number| term(&number.to_string(), "Klant", day)).collect(),
            ..korenaar()
        };
        assert_eq!(wrong_fields(&many, Country::NL), ["terms"]);
    }

    #[test]
    fn an_incident_starts_with_what_was_filled_in_and_nothing_else() {
        assert_eq!(korenaar().facts(), []);
        let known = Profile {
            role: Some("processor"),
            cbw_entity: Some("important"),
            financial_undertaking: Some(false),
            ..korenaar()
        };
        let expected = [
            (Fact::Role, Value::One("processor")),
            (Fact::FinancialUndertaking, Value::Truth(false)),
            (Fact::CbwEntity, Value::One("important")),
        ];
        assert_eq!(known.facts(), expected);
    }

    #[test]
    fn there_is_an_fg_where_one_is_filled_in() {
        assert!(!Profile { dpo_name: " ".into(), ..korenaar() }.has_dpo());
        for fg in ["dpo_name", "dpo_email", "dpo_number"] {
            let mut profile = korenaar();
            match fg {
                "dpo_name" => profile.dpo_name = "Ferdi".into(),
                "dpo_email" => profile.dpo_email = "fg@korenaar.example".into(),
                _ => profile.dpo_number = "FG1".into(),
            }
            assert!(profile.has_dpo(), "{fg}");
        }
    }

    #[test]
    fn an_fg_and_a_function_are_not_asked_of_all() {
        assert!(korenaar().is_complete());
        assert!(!Profile { town: " ".into(), ..korenaar() }.is_complete());
        assert!(!Profile::default().is_complete());
    }
}
