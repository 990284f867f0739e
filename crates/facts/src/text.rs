//! Text that people read, always in both languages side by side, so that a missing translation does not compile.

use std::borrow::Cow;

/// The languages Dijkwacht speaks; Dutch first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    #[default]
    Dutch,
    English,
}

impl Language {
    /// The BCP 47 tag, as in `<html lang>`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Dutch => "nl",
            Self::English => "en",
        }
    }

    /// The language of a BCP 47 tag (`nl`, `nl-NL`, `en-GB`…), if it is one of ours.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "nl" => Some(Self::Dutch),
            "en" => Some(Self::English),
            _ => None,
        }
    }
}

/// A sentence or label in Dutch and English.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    pub nl: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl Text {
    /// A text known when the program was built.
    #[must_use]
    pub const fn new(nl: &'static str, en: &'static str) -> Self {
        Self { nl: Cow::Borrowed(nl), en: Cow::Borrowed(en) }
    }

    /// A text made while running (a summary with figures in it, a text from a law pack).
    #[must_use]
    pub fn made(nl: String, en: String) -> Self {
        Self { nl: Cow::Owned(nl), en: Cow::Owned(en) }
    }

    /// A number with what it counts, of one and of more: `1 dag`, `2 dagen`.
    #[must_use]
    pub fn counted(count: u64, one: Self, more: Self) -> Self {
        let Self { nl, en } = if count == 1 { one } else { more };
        Self::made(format!("{count} {nl}"), format!("{count} {en}"))
    }

    /// The text in one language.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Dutch => &self.nl,
            Language::English => &self.en,
        }
    }
}
