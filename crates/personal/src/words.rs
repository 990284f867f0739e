//! Words that say what a number is, and words that say it is something else.

use crate::Category;

const BSN: &[&[u8]] = &[
    b"bsn",
    b"burgerservice",
    b"sofi",
    b"sofinummer",
    b"sofinr",
    b"bsnnummer",
    b"bsnnr",
    b"nnnld",
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
            // Short words are not the beginning of others.
            let is_ended = word.len() > 4 || !text.get(at + word.len()).is_some_and(u8::is_ascii_alphabetic);
            if is_begun && is_ended && text.get(at..at + word.len()) == Some(word) {
                return Some(at);
            }
            at = at.checked_sub(1)?;
        }
    };
    words.iter().filter_map(|word| of_one(word)).max()
}
