//! Reassessment: each new fact lets the law look again; what it turned, and what turned it, told from the timeline.

use std::collections::BTreeMap;

use jiff::Timestamp;

use facts::{Fact, Value};
use law::verdict::{Duty, Outcome};

use crate::{Event, Incident};

/// A verdict that came out otherwise than the one before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reassessment {
    pub at: Timestamp,
    /// Each duty whose outcome turned: what it was, and what it became.
    pub turned: Vec<(Duty, Outcome, Outcome)>,
    /// The facts that differ from those of the verdict before: what was known, and what is. Empty where only times changed,
    /// or the law's own edition.
    pub because: Vec<(Fact, Option<Value>, Option<Value>)>,
    /// A moment that the law reads was set or moved in between.
    pub times_changed: bool,
}

impl Incident {
    /// Every time the verdict turned, oldest first. The first verdict turned nothing.
    #[must_use]
    pub fn reassessments(&self) -> Vec<Reassessment> {
        let mut found = Vec::new();
        let mut known: BTreeMap<Fact, Value> = BTreeMap::new();
        let mut judged: Option<(BTreeMap<Duty, Outcome>, BTreeMap<Fact, Value>)> = None;
        let mut times_changed = false;
        for stamped in &self.timeline {
            match &stamped.event {
                Event::FactsRecorded { changes, .. } => {
                    for (fact, value) in changes {
                        match value {
                            Some(value) => known.insert(*fact, value.clone()),
                            None => known.remove(fact),
                        };
                    }
                }
                Event::DetectedAtSet { .. }
                | Event::AwarenessSet { .. }
                | Event::ProcessorInformed { .. }
                | Event::DetectionChecked { .. } => times_changed = true,
                Event::Assessed(assessment) => {
                    if let Some((outcomes, facts)) = &judged {
                        let turned = turned(outcomes, &assessment.outcomes);
                        if !turned.is_empty() {
                            let because = differences(facts, &known);
                            found.push(Reassessment { at: stamped.recorded_at, turned, because, times_changed });
                        }
                    }
                    judged = Some((assessment.outcomes.clone(), known.clone()));
                    times_changed = false;
                }
                _ => {}
            }
        }
        found
    }
}

fn turned(before: &BTreeMap<Duty, Outcome>, after: &BTreeMap<Duty, Outcome>) -> Vec<(Duty, Outcome, Outcome)> {
    let pair = |(duty, was): (&Duty, &Outcome)| after.get(duty).filter(|is| *is != was).map(|is| (*duty, *was, *is));
    before.iter().filter_map(pair).collect()
}

fn differences(
    before: &BTreeMap<Fact, Value>,
    after: &BTreeMap<Fact, Value>,
) -> Vec<(Fact, Option<Value>, Option<Value>)> {
    let pair = |fact: &Fact| (*fact, before.get(fact).cloned(), after.get(fact).cloned());
    Fact::ALL.iter().map(pair).filter(|(_, was, is)| was != is).collect()
}
