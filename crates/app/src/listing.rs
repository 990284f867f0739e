//! What lists are read from, beside an incident's line: its row of the register, ready to be shown, and the words by which
//! it is found. Written in the same transaction as the entries that change it, and made again by `rebuild`.
//!
//! Promises: a listing says nothing that its incident's journal does not say; one of another edition of this file is not
//! guessed at but made again from the journal. Deliberately not here: how the row reads (`documents`), SQL.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use documents::register_extract::{RegisterRow, Told};
use facts::{Fact, Facts, Text};
use incident::{Imported, Incident, Informed, SaidAt};

use crate::payload::{PayloadError, breach_in, fact_in, value_out};
use crate::{IncidentRow, words};

/// Goes up with every change to what a listing, or a line, is made of: stores then make theirs again.
pub const EDITION: u32 = 11;

/// The facts that the register shows in columns of their own.
const SHOWN: [Fact; 3] = [Fact::Data, Fact::SubjectsMin, Fact::SubjectsMax];

/// What a store keeps of an incident for the lists, without looking into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The row of the register, as JSON; empty where there is none yet.
    pub register: String,
    /// The words by which it is found.
    pub words: BTreeSet<String>,
}

/// One incident as the register shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterLine {
    pub row: IncidentRow,
    /// The incident in the words of the register.
    pub extract: RegisterRow,
    /// Absent where a register that it was taken over from names none.
    pub first_signal: Option<Timestamp>,
    /// Which data, and how many persons.
    pub facts: Facts,
    /// When persons were told, how many, and by which channel.
    pub subjects_informed: Vec<Informed>,
}

impl RegisterLine {
    pub(crate) fn of(row: IncidentRow, incident: &Incident) -> Self {
        let mut facts = Facts::new();
        for (fact, value) in SHOWN.into_iter().filter_map(|fact| Some((fact, incident.facts.value(fact)?))) {
            // A value of the incident's own facts is one of its fact's.
            let _ = facts.set(fact, value.clone());
        }
        let mut extract = RegisterRow::of(incident);
        extract.opened_at = as_kept(extract.opened_at);
        extract.detected_at = extract.detected_at.map(|said| SaidAt { at: as_kept(said.at), ..said });
        extract.closed_at = extract.closed_at.map(|said| SaidAt { at: as_kept(said.at), ..said });
        extract.erased_at = extract.erased_at.map(as_kept);
        Self {
            row,
            extract,
            first_signal: incident.known_signal().map(as_kept),
            facts,
            subjects_informed: incident.subjects_informed.clone(),
        }
    }

    /// The line as a store keeps it. It is found by the words of a register that it was taken over from as well, whatever
    /// became of their columns.
    pub(crate) fn listing(&self, imported: Option<&Imported>) -> Result<Listing, serde_json::Error> {
        let number = self.row.number.to_string();
        let there = imported.into_iter().flat_map(|imported| imported.cells.iter().map(|(_, cell)| cell.as_str()));
        let texts = self.extract.told().into_iter().chain([number.as_str()]).chain(there);
        Ok(Listing { register: serde_json::to_string(&KeptLine::from(self))?, words: words::of(texts) })
    }

    /// The line as a store kept it; nothing where it is of another edition.
    pub(crate) fn read(row: IncidentRow, register: &str) -> Option<Self> {
        let kept: KeptLine = serde_json::from_str(register).ok()?;
        (kept.v == EDITION).then(|| kept.into_line(row).ok()).flatten()
    }
}

/// A moment as fine as the journal keeps it: an incident that has just taken in what is about to be written has finer ones.
fn as_kept(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

#[derive(Serialize, Deserialize)]
struct KeptLine {
    v: u32,
    number: u64,
    title: String,
    opened_at: Timestamp,
    detected_at: Option<KeptAt>,
    aware_at: Option<KeptAt>,
    breach: Option<String>,
    authority: KeptTold,
    persons: KeptTold,
    motivation: String,
    decided_by: String,
    is_decided_there: bool,
    facts: KeptText,
    effects: KeptText,
    remedial: KeptText,
    closed_at: Option<KeptAt>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_closing_unsaid: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    erased_at: Option<Timestamp>,
    first_signal: Option<Timestamp>,
    shown: BTreeMap<String, serde_json::Value>,
    subjects_informed: Vec<(Timestamp, u64, String)>,
}

/// The moment, and whether only the day is known.
type KeptAt = (Timestamp, bool);

fn at_out(said: Option<SaidAt>) -> Option<KeptAt> {
    said.map(|said| (said.at, said.is_day))
}

fn at_in(at: Option<KeptAt>) -> Option<SaidAt> {
    at.map(|(at, is_day)| SaidAt { at, is_day })
}

#[derive(Serialize, Deserialize)]
struct KeptText {
    nl: String,
    en: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum KeptTold {
    Undecided,
    Erased,
    No,
    Planned,
    Done { at: Timestamp, what: String },
    TakenOver { was_told: Option<bool>, at: Option<KeptAt>, what: String },
}

impl From<&RegisterLine> for KeptLine {
    fn from(line: &RegisterLine) -> Self {
        let RegisterRow {
            number,
            title,
            opened_at,
            detected_at,
            aware_at,
            breach,
            authority,
            persons,
            motivation,
            decided_by,
            is_decided_there,
            facts,
            effects,
            remedial,
            closed_at,
            is_closing_unsaid,
            erased_at,
            // Stands in the line itself.
            number_there: _,
        } = &line.extract;
        let text = |text: &Text| KeptText { nl: text.nl.to_string(), en: text.en.to_string() };
        Self {
            v: EDITION,
            number: *number,
            title: title.clone(),
            opened_at: *opened_at,
            detected_at: at_out(*detected_at),
            aware_at: at_out(*aware_at),
            breach: breach.map(|truth| contract::verdict::breach(truth).to_owned()),
            authority: authority.into(),
            persons: persons.into(),
            motivation: motivation.clone(),
            decided_by: decided_by.clone(),
            is_decided_there: *is_decided_there,
            facts: text(facts),
            effects: text(effects),
            remedial: text(remedial),
            closed_at: at_out(*closed_at),
            is_closing_unsaid: *is_closing_unsaid,
            erased_at: *erased_at,
            first_signal: line.first_signal,
            shown: line.facts.iter().map(|(fact, value)| (fact.key().to_owned(), value_out(Some(value)))).collect(),
            subjects_informed: line
                .subjects_informed
                .iter()
                .map(|one| (one.at, one.count, one.channel.clone()))
                .collect(),
        }
    }
}

impl KeptLine {
    fn into_line(self, row: IncidentRow) -> Result<RegisterLine, PayloadError> {
        let text = |text: KeptText| Text::made(text.nl, text.en);
        let breach = self.breach.map(breach_in).transpose()?;
        let mut facts = Facts::new();
        for (key, value) in &self.shown {
            if let (fact, Some(value)) = fact_in(key, value)? {
                let unreadable = |_| PayloadError::Word { place: "a fact and its value", word: key.clone() };
                facts.set(fact, value).map_err(unreadable)?;
            }
        }
        let number_there = row.number_there.clone();
        Ok(RegisterLine {
            row,
            extract: RegisterRow {
                number: self.number,
                title: self.title,
                opened_at: self.opened_at,
                detected_at: at_in(self.detected_at),
                aware_at: at_in(self.aware_at),
                breach,
                authority: self.authority.into(),
                persons: self.persons.into(),
                motivation: self.motivation,
                decided_by: self.decided_by,
                is_decided_there: self.is_decided_there,
                facts: text(self.facts),
                effects: text(self.effects),
                remedial: text(self.remedial),
                closed_at: at_in(self.closed_at),
                is_closing_unsaid: self.is_closing_unsaid,
                erased_at: self.erased_at,
                number_there,
            },
            first_signal: self.first_signal,
            facts,
            subjects_informed: self
                .subjects_informed
                .into_iter()
                .map(|(at, count, channel)| Informed { at, count, channel })
                .collect(),
        })
    }
}

impl From<&Told> for KeptTold {
    fn from(told: &Told) -> Self {
        match told {
            Told::Undecided => Self::Undecided,
            Told::Erased => Self::Erased,
            Told::No => Self::No,
            Told::Planned => Self::Planned,
            Told::Done { at, what } => Self::Done { at: *at, what: what.clone() },
            Told::TakenOver { was_told, at, what } => {
                Self::TakenOver { was_told: *was_told, at: at_out(*at), what: what.clone() }
            }
        }
    }
}

impl From<KeptTold> for Told {
    fn from(told: KeptTold) -> Self {
        match told {
            KeptTold::Undecided => Self::Undecided,
            KeptTold::Erased => Self::Erased,
            KeptTold::No => Self::No,
            KeptTold::Planned => Self::Planned,
            KeptTold::Done { at, what } => Self::Done { at, what },
            KeptTold::TakenOver { was_told, at, what } => Self::TakenOver { was_told, at: at_in(at), what },
        }
    }
}
