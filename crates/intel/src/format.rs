//! The forms in which lists are published: told by their content, or as somebody says.

mod adblock;
mod csv;
mod json;
mod misp;
mod plain;
mod rpz;
mod stix;
mod suricata;
mod taxii;

use std::{fmt, str::FromStr};

pub use self::misp::{MispManifest, is_json, is_misp_manifest, misp_manifest};
pub use self::stix::{TaxiiPage, taxii_page};
pub use self::taxii::{TaxiiPlace, taxii_place};
use crate::list::{About, Gathering, ReadList};

/// In what form a list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// One entry a line; lines of a hosts file too.
    Plain,
    /// A zone of response policies (draft-vixie-dnsop-dns-rpz).
    Rpz,
    /// Rules of ad blockers, as far as they name domains.
    Adblock,
    /// Columns with commas, semicolons or tabs.
    Csv,
    /// An event of MISP in JSON, or several.
    Misp,
    /// A bundle of STIX 2.1, or a page of TAXII 2.1.
    Stix,
    /// A dataset of Suricata's, its strings in base64.
    Suricata,
}

/// Not the name of a form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no form of a threat list; choose plain, rpz, adblock, csv, misp, stix or suricata")]
pub struct UnknownFormat(String);

impl Format {
    pub const ALL: [Self; 7] =
        [Self::Plain, Self::Rpz, Self::Adblock, Self::Csv, Self::Misp, Self::Stix, Self::Suricata];

    /// The public name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Rpz => "rpz",
            Self::Adblock => "adblock",
            Self::Csv => "csv",
            Self::Misp => "misp",
            Self::Stix => "stix",
            Self::Suricata => "suricata",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.key() == text).ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

/// Reads a list in that form, or in the one that its content tells. Bytes that are no UTF-8 spoil their line alone.
#[must_use]
pub fn read(about: About, bytes: &[u8], format: Option<Format>) -> ReadList {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut gathering = Gathering::default();
    match format.unwrap_or_else(|| told_by_content(bytes)) {
        Format::Plain => plain::read(bytes, &mut gathering),
        Format::Rpz => rpz::read(bytes, &mut gathering),
        Format::Adblock => adblock::read(bytes, &mut gathering),
        Format::Csv => csv::read(bytes, &mut gathering),
        Format::Misp => misp::read(bytes, &mut gathering),
        Format::Stix => stix::read(bytes, about.fetched_at, &mut gathering),
        Format::Suricata => suricata::read(bytes, &mut gathering),
    }
    gathering.done(about)
}

/// How many lines are looked at to tell a form.
const LOOKED_AT: usize = 50;

/// The form that the first lines tell; plain where they tell nothing.
#[must_use]
pub fn told_by_content(bytes: &[u8]) -> Format {
    let beginning = String::from_utf8_lossy(bytes.get(..65_536).unwrap_or(bytes)).into_owned();
    let beginning = beginning.trim_start();
    if beginning.starts_with(['{', '[']) && !beginning.starts_with("[Adblock") {
        let first: String = beginning.chars().filter(|letter| !letter.is_whitespace()).take(16).collect();
        let is_event = ["{\"Event\":", "[{\"Event\":", "{\"response\":"].iter().any(|start| first.starts_with(start));
        return if is_event {
            Format::Misp
        } else if beginning.contains("\"bundle\"")
            || beginning.contains("\"objects\"")
            || beginning.contains("\"indicator\"")
        {
            Format::Stix
        } else {
            Format::Misp
        };
    }
    let lines: Vec<&str> = beginning.lines().map(str::trim).filter(|line| !line.is_empty()).take(LOOKED_AT).collect();
    let has = |is: &dyn Fn(&str) -> bool| lines.iter().any(|line| is(line));
    if has(&|line| line.starts_with("||") || line.starts_with("@@||") || line.starts_with("[Adblock")) {
        Format::Adblock
    } else if has(&rpz::is_record) {
        Format::Rpz
    } else if suricata::is_dataset(&lines) {
        // Before tables: an entry may have a value behind a comma.
        Format::Suricata
    } else if csv::is_table(&lines) {
        Format::Csv
    } else {
        Format::Plain
    }
}

/// The lines, from 1, with what is no UTF-8 replaced.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (u64, std::borrow::Cow<'_, str>)> {
    (1u64..).zip(bytes.split(|byte| *byte == b'\n').map(String::from_utf8_lossy))
}

#[cfg(test)]
mod tests;
