//! The organisation's own details, which the AP's form, the letter and the thanks page name: filled in once by its
//! administrator, read by everything made after that.
//!
//! Promises: what is stored is trimmed and well-formed, or empty; one wrong field stores nothing, and every wrong field is
//! named. Deliberately not here: whether a number exists at the Chamber of Commerce or at the AP; documents made before.

use facts::{Country, Text};
use incident::Permission;

use crate::accounts::is_email;
use crate::handle::require;
use crate::{App, Error, FieldProblem, Profile, Scope};

/// The longest line that we take, in characters: a line on paper, with room to spare.
const LONGEST_LINE: usize = 200;
/// Digits of a number of the Chamber of Commerce.
const KVK_DIGITS: usize = 8;

impl App {
    /// Replaces the organisation's details. Needs [`Permission::Administer`]; `Invalid` names the fields of [`Profile`]
    /// that need another look, and then nothing has changed.
    pub async fn update_profile(&self, scope: &Scope, profile: Profile) -> Result<(), Error> {
        require(scope, Permission::Administer)?;
        let profile = checked(&profile, scope.organisation().jurisdiction)?;
        Ok(self.store.update_profile(scope, &profile).await?)
    }
}

impl Profile {
    /// Every field under its name on forms, in the order in which they are asked.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 10] {
        let Self {
            address,
            postcode,
            town,
            kvk,
            sector,
            dpo_number,
            contact_name,
            contact_function,
            contact_email,
            contact_phone,
        } = self;
        [
            ("address", address),
            ("postcode", postcode),
            ("town", town),
            ("kvk", kvk),
            ("sector", sector),
            ("dpo_number", dpo_number),
            ("contact_name", contact_name),
            ("contact_function", contact_function),
            ("contact_email", contact_email),
            ("contact_phone", contact_phone),
        ]
    }

    /// Whether everything is there that the AP's form asks of each organisation. Not every one has an FG, nor a name for
    /// what its contact does.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let is_asked_of_all = |field: &str| !matches!(field, "dpo_number" | "contact_function");
        self.fields().into_iter().all(|(field, text)| !is_asked_of_all(field) || !text.trim().is_empty())
    }
}

/// The details as they are stored, or what is wrong with them.
fn checked(profile: &Profile, jurisdiction: Country) -> Result<Profile, Error> {
    let tidy = tidied(profile, jurisdiction);
    let problems: Vec<_> = tidy
        .fields()
        .into_iter()
        .filter_map(|(field, text)| {
            wrong(field, text, jurisdiction).map(|text| FieldProblem { field: field.into(), text })
        })
        .collect();
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
        contact_name: line(&profile.contact_name),
        contact_function: line(&profile.contact_function),
        contact_email: line(&profile.contact_email),
        contact_phone: line(&profile.contact_phone),
    }
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
        "contact_email" if !is_email(text) => Some(Text::new(
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
        }
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
    fn an_fg_and_a_function_are_not_asked_of_all() {
        assert!(korenaar().is_complete());
        assert!(!Profile { town: " ".into(), ..korenaar() }.is_complete());
        assert!(!Profile::default().is_complete());
    }
}
