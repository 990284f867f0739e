//! Well-known free threat lists, offered by name. None is bundled: whoever adds one fetches it from its publisher, on the
//! publisher's terms.

use std::sync::LazyLock;

use facts::Text;
use serde::Deserialize;

use crate::format::Format;

/// A list that somebody publishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// By which it is added.
    pub id: String,
    pub publisher: String,
    pub url: String,
    pub format: Format,
    /// How often it is worth fetching, in hours.
    pub every_hours: u32,
    /// The licence as its publisher names it.
    pub licence: String,
    /// Where the terms stand: to be read before the list is used.
    pub terms: String,
    pub commercial: Commercial,
    pub size: Size,
    /// What is on it, and for whom it may be used as far as known.
    pub about: Text,
    /// Why it is a sound list to begin with; absent: others come first.
    pub first: Option<Text>,
}

/// Whether its publisher allows commercial use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commercial {
    Yes,
    No,
    /// The terms say; they are to be read.
    Terms,
}

/// How long a list is, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Size {
    /// Up to 10,000 entries.
    Small,
    /// Up to 100,000.
    Medium,
    Large,
}

/// The lists, in the order in which they are offered.
#[must_use]
pub fn catalogue() -> &'static [Known] {
    static ALL: LazyLock<Vec<Known>> = LazyLock::new(|| {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Row {
            id: String,
            publisher: String,
            url: String,
            format: String,
            every_hours: u32,
            licence: String,
            terms: String,
            commercial: Commercial,
            size: Size,
            nl: String,
            en: String,
            first: Option<First>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct First {
            nl: String,
            en: String,
        }
        #[derive(Deserialize)]
        struct File {
            list: Vec<Row>,
        }
        let file: File = toml::from_str(include_str!("catalogue/lists.toml")).unwrap_or(File { list: Vec::new() });
        file.list
            .into_iter()
            .filter_map(|row| {
                Some(Known {
                    format: row.format.parse().ok()?,
                    about: Text::made(row.nl, row.en),
                    first: row.first.map(|why| Text::made(why.nl, why.en)),
                    id: row.id,
                    publisher: row.publisher,
                    url: row.url,
                    every_hours: row.every_hours,
                    licence: row.licence,
                    terms: row.terms,
                    commercial: row.commercial,
                    size: row.size,
                })
            })
            .collect()
    });
    &ALL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_or_three_are_named_to_begin_with() {
        let first: Vec<_> = catalogue().iter().filter(|known| known.first.is_some()).collect();
        assert!((2..=3).contains(&first.len()), "{first:?}");
        assert!(first.iter().all(|known| known.commercial != Commercial::No), "for an office: {first:?}");
        assert!(first.iter().any(|known| known.commercial == Commercial::Yes), "one without terms to weigh: {first:?}");
    }

    #[test]
    fn every_list_is_whole_and_has_a_name_of_its_own() {
        let file: toml::Table = toml::from_str(include_str!("catalogue/lists.toml")).unwrap();
        assert_eq!(file["list"].as_array().unwrap().len(), catalogue().len(), "a row was passed over");
        for (at, known) in catalogue().iter().enumerate() {
            assert!(known.url.starts_with("https://") && known.terms.starts_with("https://"), "{}", known.id);
            assert!(known.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit()));
            assert!(known.every_hours >= 1 && !known.licence.is_empty() && known.about.nl.len() > 20, "{}", known.id);
            assert!(catalogue().iter().skip(at + 1).all(|other| other.id != known.id), "{} twice", known.id);
        }
    }
}
