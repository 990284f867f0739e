//! What differs between two verdicts: the duties that turned.
//!
//! Promises: compares outcomes alone; another form of telling, other reasons or another moment is no turn. Deliberately
//! not here: what is to be done about it (a supplement, a withdrawal, a new decision), and its words.

use jiff::Timestamp;

use facts::Situation;

use crate::packs::{NoPack, Packs};
use crate::verdict::{Duty, Outcome, Verdict};

/// A duty whose outcome is another one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    pub duty: Duty,
    pub from: Outcome,
    pub to: Outcome,
}

/// The duties that turned from one verdict to the next, in the order of the duties.
#[must_use]
pub fn difference(before: &Verdict, after: &Verdict) -> Vec<Turned> {
    Duty::ALL
        .into_iter()
        .map(|duty| Turned { duty, from: before.duty(duty).outcome, to: after.duty(duty).outcome })
        .filter(|turned| turned.from != turned.to)
        .collect()
}

/// What another pack would make of the same situation: its verdict, and the duties that it would turn against the law that
/// judges it now.
pub fn compare(
    packs: &Packs,
    situation: &Situation,
    now: Timestamp,
    other: &str,
) -> Result<(Verdict, Vec<Turned>), NoPack> {
    let stands = packs.assess(situation, now, None)?;
    let would = packs.assess(situation, now, Some(other))?;
    let turned = difference(&stands, &would);
    Ok((would, turned))
}
