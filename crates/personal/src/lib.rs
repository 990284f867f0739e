//! Recognises personal data in text: citizen service numbers (BSN), bank accounts (IBAN), payment cards, dates of birth,
//! e-mail addresses.
//!
//! Promises: values are looked at and forgotten, only counts remain; any bytes in, no panic out; memory is bounded
//! whatever comes. A number counts where its own check holds and, where chance would pass that too often, a word or a
//! column's head says what it is; consecutive numbers, orders and invoices do not become citizens.
//! Not here: where the text comes from, what its presence means, names of persons (those need more than a pattern).

mod card;
mod check;
mod date;
mod iban;
mod reader;
mod words;

pub use check::is_bsn;
pub use reader::Reader;

/// What kind of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    Bsn,
    Iban,
    CreditCard,
    BirthDate,
    Email,
}

impl Category {
    pub const ALL: [Self; 5] = [Self::Bsn, Self::Iban, Self::CreditCard, Self::BirthDate, Self::Email];

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Bsn => "bsn",
            Self::Iban => "iban",
            Self::CreditCard => "creditcard",
            Self::BirthDate => "birth_date",
            Self::Email => "email",
        }
    }
}

/// How much of one category was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub occurrences: u64,
    /// Different values; where there are very many, at least so many.
    pub distinct: u64,
}

/// What was found, the categories without any left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found(pub Vec<(Category, Count)>);

impl Found {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Different values of one category.
    #[must_use]
    pub fn distinct(&self, category: Category) -> u64 {
        self.0.iter().find(|(known, _)| *known == category).map_or(0, |(_, count)| count.distinct)
    }
}

/// What is found in one text.
#[must_use]
pub fn read(text: &[u8]) -> Found {
    let mut reader = Reader::default();
    reader.text(text);
    reader.finish()
}

#[cfg(test)]
mod tests;
