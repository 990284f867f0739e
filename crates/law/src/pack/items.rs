//! The single items of a pack's files, read and checked one by one: texts, marks, dates, parameters, sets, terms, notes, aids.
//!
//! Promises: what is wrong with an item is told with its place, and the reading goes on. Deliberately not here: what must
//! hold between items.

use std::collections::BTreeSet;

use jiff::civil::Date;

use facts::{Country, Fact, InvalidFact, Language, Text};

use super::build::{Builder, Place, one_line};
use super::files::{AidFile, DeadlineFile, Head, LeavesFile, NoteFile, ParameterFile, SeatsFile, SetFile, TextFile};
use super::parts::Left;
use super::resolve::{Names, unknown_name};
use super::{Aid, DeadlineRule, Flaw, Mark, NamedSet, Note, Parameter, Seats, Standing, Term};
use crate::verdict::{CsirtStepKind, Duty};

impl Builder {
    pub(super) fn text(&mut self, place: &Place, text: &TextFile) -> Text {
        for (language, text) in [(Language::Dutch, &text.nl), (Language::English, &text.en)] {
            if text.trim().is_empty() {
                self.problem(place, Flaw::MissingText(language));
            }
        }
        Text::made(text.nl.trim().into(), text.en.trim().into())
    }

    pub(super) fn mark(&mut self, place: &Place, sign: &str) -> Mark {
        Mark::from_sign(sign).unwrap_or_else(|| {
            self.problem(place, Flaw::BadMark(sign.into()));
            Mark::Knowledge
        })
    }

    pub(super) fn cites(&mut self, place: &Place, cites: &[String]) -> Vec<String> {
        if cites.is_empty() || cites.iter().any(|cite| cite.trim().is_empty()) {
            self.problem(place, Flaw::Uncited);
        }
        cites.to_vec()
    }

    pub(super) fn date(&mut self, place: &Place, text: Option<&str>) -> Option<Date> {
        let text = text?;
        let date = text.parse().ok();
        if date.is_none() {
            self.problem(place, Flaw::BadDate(text.into()));
        }
        date
    }

    pub(super) fn laid_out(&mut self, place: &Place, key: &str) -> Option<Fact> {
        Fact::from_key(key).map_err(|error| self.problem(place, unknown_name(key, &error))).ok()
    }

    pub(super) fn check_order(&mut self, place: &Place, from: Option<Date>, until: Option<Date>) {
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let (from, until) = (from.to_string(), until.to_string());
            self.problem(place, Flaw::EndsBeforeItBegins { from, until });
        }
    }

    pub(super) fn seats(&mut self, place: &Place, file: &SeatsFile) -> Option<Seats> {
        let mut members = BTreeSet::new();
        for code in &file.members {
            match Country::from_code(code) {
                Some(country) => drop(members.insert(country.code())),
                None => self.problem(place, Flaw::UnknownCountry(code.clone())),
            }
        }
        let Some(home) = Country::from_code(&file.home) else {
            self.problem(place, Flaw::UnknownCountry(file.home.clone()));
            return None;
        };
        let (home_authority, member_suffix) = (file.home_authority.clone(), file.member_suffix.clone());
        Some(Seats { home, home_authority, members, member_suffix })
    }

    pub(super) fn parameter(&mut self, place: &Place, file: &ParameterFile) -> Parameter {
        if file.set_by.trim().is_empty() {
            self.problem(place, Flaw::Uncited);
        }
        Parameter {
            id: file.id.get_ref().clone(),
            value: file.value,
            unit: file.unit.clone(),
            mark: self.mark(place, &file.mark),
            set_by: file.set_by.clone(),
            text: self.text(place, &file.text),
        }
    }

    pub(super) fn set(&mut self, place: &Place, file: &SetFile) -> Option<NamedSet> {
        if file.source.trim().is_empty() {
            self.problem(place, Flaw::Uncited);
        }
        let fact = match Fact::from_key(&file.fact) {
            Ok(fact) => fact,
            Err(error) => {
                self.problem(place, unknown_name(&file.fact, &error));
                return None;
            }
        };
        Some(NamedSet {
            id: file.id.get_ref().clone(),
            fact,
            words: self.words(place, fact, &file.words),
            mark: self.mark(place, &file.mark),
            source: file.source.clone(),
            text: self.text(place, &file.text),
        })
    }

    pub(super) fn words(&mut self, place: &Place, fact: Fact, words: &[String]) -> BTreeSet<&'static str> {
        let mut known = BTreeSet::new();
        for word in words {
            match fact.word(word) {
                Ok(word) => drop(known.insert(word)),
                Err(InvalidFact::UnknownValue { allowed, .. }) => {
                    let (name, value, allowed) = (fact.key().into(), word.clone(), allowed.join(", "));
                    self.problem(place, Flaw::UnknownValue { name, value, allowed });
                }
                Err(_) => {
                    let hint = "it takes no words";
                    self.problem(place, Flaw::WrongTest { name: fact.key().into(), hint });
                }
            }
        }
        known
    }

    pub(super) fn deadline(&mut self, place: &Place, file: &DeadlineFile, names: &Names) -> Option<DeadlineRule> {
        let duty = self.duty(place, &file.duty)?;
        let term = match (file.hours, file.months, file.without_delay) {
            (Some(hours), None, false) => {
                Term::Hours { hours, has_limit_1182: file.limit_1182_71, alarms: file.alarms.clone() }
            }
            (None, Some(months), false) => Term::Months { months },
            (None, None, true) => Term::WithoutDelay,
            _ => {
                self.problem(place, Flaw::BadTerm);
                return None;
            }
        };
        let when = file.when.as_deref().unwrap_or("always");
        Some(DeadlineRule {
            id: file.id.get_ref().clone(),
            duty,
            step: file.step.as_ref().and_then(|key| self.step(place, key)),
            after: file.after.as_ref().and_then(|key| self.step(place, key)),
            is_from_discovery: file.from_discovery,
            when: one_line(when),
            condition: self.condition(place, when, names)?,
            term,
            cites: self.cites(place, &file.cites),
            mark: self.mark(place, &file.mark),
            source: file.source.clone(),
            text: self.text(place, &file.text),
        })
    }

    pub(super) fn step(&mut self, place: &Place, key: &str) -> Option<CsirtStepKind> {
        let step = CsirtStepKind::from_key(key);
        if step.is_none() {
            let allowed = CsirtStepKind::ALL.map(CsirtStepKind::key).join(", ");
            let (name, value) = ("step".into(), key.into());
            self.problem(place, Flaw::UnknownValue { name, value, allowed });
        }
        step
    }

    pub(super) fn duty(&mut self, place: &Place, key: &str) -> Option<Duty> {
        let duty = Duty::from_key(key);
        if duty.is_none() {
            let allowed = Duty::ALL.map(Duty::key).join(", ");
            let (name, value) = ("duty".into(), key.into());
            self.problem(place, Flaw::UnknownValue { name, value, allowed });
        }
        duty
    }

    /// What a source is; one that says nothing is no source.
    pub(super) fn source(&mut self, place: &Place, text: &str) -> String {
        if text.trim().is_empty() {
            self.problem(place, Flaw::Uncited);
        }
        text.into()
    }

    pub(super) fn standing(&mut self, place: &Place, head: &Head) -> Standing {
        match head.standing.as_deref() {
            None | Some("law") => {
                if head.in_force_from.is_none() {
                    self.problem(place, Flaw::NoFirstDay);
                }
                Standing::Law
            }
            Some("proposal") => {
                if head.in_force_from.is_some() || head.in_force_until.is_some() {
                    self.problem(place, Flaw::ProposalInForce);
                }
                Standing::Proposal
            }
            Some(other) => {
                self.problem(place, Flaw::BadStanding(other.into()));
                Standing::Proposal
            }
        }
    }

    pub(super) fn note(&mut self, place: &Place, file: &NoteFile) -> Note {
        Note {
            id: file.id.get_ref().clone(),
            cites: self.cites(place, &file.cites),
            mark: self.mark(place, &file.mark),
            source: self.source(place, &file.source),
            text: self.text(place, &file.text),
        }
    }

    pub(super) fn left(&mut self, place: &Place, file: &LeavesFile) -> Option<Left> {
        Some(Left {
            duty: self.duty(place, &file.duty)?,
            id: file.id.get_ref().clone(),
            cites: self.cites(place, &file.cites),
            text: self.text(place, &file.text),
        })
    }

    pub(super) fn aid(&mut self, place: &Place, file: &AidFile) -> Option<Aid> {
        let fact = self.laid_out(place, &file.fact)?;
        let gives = file.gives.as_ref().and_then(|word| match fact.read(&[word.as_str()]) {
            Ok(value) => Some(value),
            Err(error) => {
                let allowed = match error {
                    InvalidFact::UnknownValue { allowed, .. } => allowed.join(", "),
                    other => other.to_string(),
                };
                let (name, value) = (fact.key().into(), word.clone());
                self.problem(place, Flaw::UnknownValue { name, value, allowed });
                None
            }
        });
        Some(Aid {
            id: file.id.get_ref().clone(),
            fact,
            gives,
            whom: file.whom.as_ref().map(|whom| self.text(place, whom)),
            cites: self.cites(place, &file.cites),
            mark: self.mark(place, &file.mark),
            source: self.source(place, &file.source),
            text: self.text(place, &file.text),
        })
    }
}
