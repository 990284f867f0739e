//! Words that say what a number is, and words that say it is something else.

use crate::Category;

/// The number that stands for citizen service numbers where messages of care say whose numbers they are (HL7 version 3, CDA;
/// Nictiz's list of identification systems).
const OID: &[u8] = b"2.16.840.1.113883.2.4.6.3";

/// What stands behind a number in such messages: who gives it out and its kind in HL7 version 2 (HL7 Netherlands' tables 0363
/// and 0203), or its system (FHIR, `http://fhir.nl/fhir/NamingSystem/bsn`).
const BEHIND: &[&[u8]] = &[b"nlminbiza", b"nnnld", OID, b"namingsystem/bsn"];

const BSN: &[&[u8]] = &[
    b"bsn",
    b"burgerservice",
    b"sofi",
    b"sofinummer",
    b"sofinr",
    b"bsnnummer",
    b"bsnnr",
    OID,
    b"fiscaal nummer",
    b"fiscaalnummer",
    b"persoonsnummer",
];
const CARD: &[&[u8]] = &[
    b"creditcard",
    b"credit card",
    b"kaartnummer",
    b"card",
    b"cardnumber",
    b"cardno",
    b"ccnum",
    b"cc_num",
    b"pan",
    b"visa",
    b"mastercard",
    b"cvc",
    b"cvv",
];
const BIRTH: &[&[u8]] = &[b"geboren", b"geboorte", b"gebdat", b"geb.", b"birth", b"bday", b"dob", b"verjaardag"];

/// What stands nearer than the word above takes it away.
const OTHER: &[&[u8]] = &[
    b"order",
    b"factuur",
    b"relatie",
    b"artikel",
    b"batch",
    b"serie",
    b"mutatie",
    b"ean",
    b"ref",
    b"dossier",
    b"trace",
    b"track",
    b"kvk",
    b"rsin",
    b"invoice",
    b"session",
    b"timestamp",
    b"imei",
];

/// So far to the left a word may stand.
pub(crate) const REACH: usize = 60;

/// So far to the right: what is still held of a text when a number at its edge is looked at.
const REACH_BEHIND: usize = 50;

fn of(category: Category) -> &'static [&'static [u8]] {
    match category {
        Category::Bsn => BSN,
        Category::CreditCard => CARD,
        Category::BirthDate => BIRTH,
        Category::Iban | Category::Email => &[],
    }
}

/// Whether what stands to the left of a value says that it is of this category.
pub(crate) fn say(category: Category, left: &[u8]) -> bool {
    let left = left.get(left.len().saturating_sub(REACH)..).unwrap_or(left).to_ascii_lowercase();
    match (last(&left, of(category)), last(&left, OTHER)) {
        (Some(word), Some(other)) => word >= other,
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Whether what stands right behind a number, within its field or element, says that it is a citizen service number.
pub(crate) fn say_behind(right: &[u8]) -> bool {
    if !matches!(right.first(), Some(b'^' | b'"')) {
        return false;
    }
    let right = right.get(..REACH_BEHIND).unwrap_or(right);
    let end = right.iter().position(|byte| matches!(byte, b'|' | b'~' | b'>' | b'}' | b'\r' | b'\n'));
    let field = end.and_then(|end| right.get(..end)).unwrap_or(right).to_ascii_lowercase();
    last(&field, BEHIND).is_some()
}

/// Whether a column's head names this category.
pub(crate) fn heads(category: Category, cell: &[u8]) -> bool {
    let cell = cell.trim_ascii().to_ascii_lowercase();
    let digits = cell.iter().filter(|byte| byte.is_ascii_digit()).count();
    cell.len() <= 40 && digits < 3 && last(&cell, of(category)).is_some()
}

/// Where the last of the words begins that stands by itself: what precedes it is no letter.
fn last(text: &[u8], words: &[&[u8]]) -> Option<usize> {
    let of_one = |word: &[u8]| {
        let mut at = text.len().checked_sub(word.len())?;
        loop {
            let is_begun = at == 0 || !text.get(at - 1).is_some_and(u8::is_ascii_alphabetic);
            // Short words are not the beginning of others, nor is one number that of another.
            let next = text.get(at + word.len());
            let is_ended = (word.len() > 4 || !next.is_some_and(u8::is_ascii_alphabetic))
                && !(word == OID && next.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.'));
            if is_begun && is_ended && text.get(at..at + word.len()) == Some(word) {
                return Some(at);
            }
            at = at.checked_sub(1)?;
        }
    };
    words.iter().filter_map(|word| of_one(word)).max()
}
