//! Every text on screen, Dutch and English side by side: a text without its other language does not compile.
//!
//! Written in the u-form, in short sentences, with the glossary's words: what happened, and what to do next.

mod clocks;
mod common;
mod detections;
mod evidence;
pub(crate) mod figures;
mod help;
mod import;
mod incident;
mod interview;
mod lists;
mod marks;
mod outgoing;
mod report;
mod reports;
mod retention;
mod second;
mod sensor_choices;
mod sensor_health;
mod sensors;
mod settings;
mod verdict;

use facts::{Language, Text};

/// The texts of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words(pub(crate) Language);

impl Words {
    /// One of two texts; for those that need more than a place to fill in.
    pub(crate) fn pick<T>(self, nl: T, en: T) -> T {
        match self.0 {
            Language::Dutch => nl,
            Language::English => en,
        }
    }

    /// A number with what it counts, of one and of more: `1 dag`, `2 dagen`.
    fn counted(self, count: u64, one: Text, more: Text) -> String {
        let noun = if count == 1 { one } else { more };
        format!("{count} {}", noun.in_language(self.0))
    }
}

/// What is counted in several places.
const DAY: Text = Text::new("dag", "day");
const DAYS: Text = Text::new("dagen", "days");
const YEAR: Text = Text::new("jaar", "year");
const YEARS: Text = Text::new("jaar", "years");
const PERSON: Text = Text::new("persoon", "person");
const PERSONS: Text = Text::new("personen", "persons");

/// Texts as methods of [`Words`]: `name = "Nederlands", "English";`, with arguments where the text has places to fill in.
macro_rules! words {
    ($($name:ident $(($($argument:ident: $type:ty),+))? = $nl:literal, $en:literal;)*) => {
        impl $crate::words::Words {
            $($crate::words::words!(@one $name ($($($argument: $type),+)?) $nl, $en);)*
        }
    };
    (@one $name:ident () $nl:literal, $en:literal) => {
        pub(crate) fn $name(self) -> &'static str {
            self.pick($nl, $en)
        }
    };
    (@one $name:ident ($($argument:ident: $type:ty),+) $nl:literal, $en:literal) => {
        pub(crate) fn $name(self, $($argument: $type),+) -> String {
            match self.0 {
                facts::Language::Dutch => format!($nl),
                facts::Language::English => format!($en),
            }
        }
    };
}
use words;
