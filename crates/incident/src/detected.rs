//! What a sensor saw of an incident that it opened: at first, and what was added to that while the incident was open.
//!
//! Promises: an addition stands beside what was known, with its own times, and changes nothing of it; a detection is added once;
//! what grows is told now and then, and so often at most; what a sensor proposes takes the place of nobody's word.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use facts::{Fact, Facts, Text, Value};

use crate::{Actor, Event, Incident, Opening, Refusal, Stamped, Urgency};

/// How many additions an incident has, at most, that tell how detections grew. What comes after is in the sensor's own record.
const MOST_GROWN: usize = 50;
/// What lies between two of those, at least.
const GROWN_APART: SignedDuration = SignedDuration::from_mins(20);

/// What a sensor saw more of the same, and was put into the open incident.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectionsAdded {
    /// How urgent the sensor thought all of it together then.
    pub urgency: Urgency,
    /// What was added, in words.
    pub summary: Text,
    /// Those that were added: id and SHA-256 of the detection's JSON line, in hexadecimal. None where what was known weighs
    /// more than it did, or grew.
    pub detections: Vec<(String, String)>,
    /// Those that the incident rests on already, and that came to much more than it was told.
    pub grown: Vec<GrownDetection>,
    /// When the first of what it tells of was first seen.
    pub first_at: Timestamp,
    /// When the last of that was last seen.
    pub last_at: Timestamp,
}

/// What a detection came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrownDetection {
    pub id: String,
    /// How urgent the sensor thought it by itself.
    pub urgency: Urgency,
    /// The figures that a breach is judged by, by the sensor's names for them.
    pub figures: BTreeMap<String, u64>,
}

/// What a sensor saw in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenInAll {
    /// The highest that it ever was.
    pub urgency: Urgency,
    /// Since when it is higher than when the incident was opened.
    pub raised_at: Option<Timestamp>,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// How many detections.
    pub detections: usize,
}

impl Incident {
    /// What was added since it was opened, with when, in that order.
    pub fn detections_added(&self) -> impl Iterator<Item = (Timestamp, &DetectionsAdded)> {
        self.added_from(0)
    }

    /// What was added since anybody last did something here. Looking at a file is nothing done.
    pub fn detections_added_since(&self) -> impl Iterator<Item = (Timestamp, &DetectionsAdded)> {
        let is_done = |stamped: &Stamped| {
            let is_handling = matches!(&stamped.event, Event::Custody(custody) if custody.is_handling());
            stamped.by.user().is_some() && !is_handling
        };
        self.added_from(self.timeline.iter().rposition(is_done).map_or(0, |place| place + 1))
    }

    /// What was added from this place of the timeline on.
    fn added_from(&self, place: usize) -> impl Iterator<Item = (Timestamp, &DetectionsAdded)> {
        self.timeline.iter().skip(place).filter_map(|stamped| match &stamped.event {
            Event::DetectionsAdded(added) => Some((stamped.recorded_at, added)),
            _ => None,
        })
    }

    /// The highest urgency that a sensor had given it before this place of the timeline; absent where no sensor opened it.
    #[must_use]
    pub fn urgency_before(&self, place: usize) -> Option<Urgency> {
        let Opening::Detected { urgency, .. } = &self.opening else { return None };
        let added = self.timeline.iter().take(place).filter_map(|stamped| match &stamped.event {
            Event::DetectionsAdded(added) => Some(added.urgency),
            _ => None,
        });
        added.chain([*urgency]).max()
    }

    /// When a detection was added; absent where the incident rests on it since it was opened, or does not.
    #[must_use]
    pub fn detection_added_at(&self, id: &str) -> Option<Timestamp> {
        let has = |added: &DetectionsAdded| added.detections.iter().any(|(held, _)| held == id);
        self.detections_added().find(|(_, added)| has(added)).map(|(at, _)| at)
    }

    /// The ids of the detections that were added by these entries of the journal.
    #[must_use]
    pub fn detections_of(&self, entries: &[u64]) -> Vec<String> {
        let is_of_it = |index: Option<u64>| index.is_some_and(|index| entries.contains(&index));
        let of_it = self.timeline.iter().filter(|stamped| is_of_it(stamped.index));
        let added = of_it.filter_map(|stamped| match &stamped.event {
            Event::DetectionsAdded(added) => Some(&added.detections),
            _ => None,
        });
        added.flatten().map(|(id, _)| id.clone()).collect()
    }

    /// What a detection had come to when the incident was last told that it grew.
    #[must_use]
    pub fn last_grown(&self, id: &str) -> Option<&GrownDetection> {
        self.detections_added().flat_map(|(_, added)| &added.grown).filter(|grown| grown.id == id).last()
    }

    /// Whether it may be told now, for nothing else, that detections grew: neither too soon after the last time, nor too often in
    /// all. What was told beside new ones, which are told anyway, counts for none.
    #[must_use]
    pub fn may_tell_of_growth(&self, now: Timestamp) -> bool {
        let told = self.detections_added().filter(|(_, added)| added.detections.is_empty() && !added.grown.is_empty());
        let told: Vec<Timestamp> = told.map(|(at, _)| at).collect();
        told.len() < MOST_GROWN && told.last().is_none_or(|last| now.duration_since(*last) >= GROWN_APART)
    }

    /// Whether the incident rests on this detection.
    #[must_use]
    pub fn rests_on(&self, id: &str) -> bool {
        let is_first = match &self.opening {
            Opening::Detected { detections, .. } => detections.iter().any(|(held, _)| held == id),
            Opening::Reported { .. } | Opening::Imported(_) | Opening::Erased => false,
        };
        is_first || self.detection_added_at(id).is_some()
    }

    /// What the sensor saw in all; absent where no sensor opened it.
    #[must_use]
    pub fn seen_in_all(&self) -> Option<SeenInAll> {
        let Opening::Detected { urgency, detections, first_at, last_at, .. } = &self.opening else { return None };
        let mut seen = SeenInAll {
            urgency: *urgency,
            raised_at: None,
            first_at: *first_at,
            last_at: *last_at,
            detections: detections.len(),
        };
        for (at, added) in self.detections_added() {
            if added.urgency > seen.urgency {
                seen.urgency = added.urgency;
                seen.raised_at = Some(at);
            }
            seen.first_at = seen.first_at.min(added.first_at);
            seen.last_at = seen.last_at.max(added.last_at);
            seen.detections += added.detections.len();
        }
        Some(seen)
    }

    pub(crate) fn add_detections(&self, mut added: DetectionsAdded, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let known = self.seen_in_all().ok_or(Refusal::NoDetection)?;
        // People are done with it, as with one that is closed: what comes beside it is of another.
        if self.is_false_alarm() {
            return Err(Refusal::Closed);
        }
        added.detections.retain(|(id, _)| !self.rests_on(id));
        added.grown.retain(|grown| self.rests_on(&grown.id));
        let is_told_anyway = !added.detections.is_empty() || added.urgency > known.urgency;
        if !is_told_anyway && !self.may_tell_of_growth(now) {
            added.grown.clear();
        }
        if !is_told_anyway && added.grown.is_empty() {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event::DetectionsAdded(added)])
    }

    /// What is new in what a sensor proposes and goes with what is known here; no event where nothing is. What somebody said, took
    /// back or erased stays so; what it proposed itself is proposed anew.
    pub(crate) fn propose_facts(&self, proposed: BTreeMap<Fact, Value>) -> Vec<Event> {
        let is_new = |(fact, value): &(Fact, Value)| self.facts.value(*fact) != Some(value) && !self.was_said(*fact);
        let new: Vec<(Fact, Value)> = proposed.into_iter().filter(is_new).collect();
        let mut taken = BTreeMap::new();
        if with(&self.facts, &new).is_some() {
            taken.extend(new.into_iter().map(|(fact, value)| (fact, Some(value))));
        } else {
            // What goes together with what people said.
            let mut after = self.facts.clone();
            for one in new {
                if let Some(more) = with(&after, std::slice::from_ref(&one)) {
                    after = more;
                    taken.insert(one.0, Some(one.1));
                }
            }
        }
        if taken.is_empty() { Vec::new() } else { vec![Event::FactsRecorded { changes: taken, note: None }] }
    }

    /// Whether anybody but the sensor ever recorded anything of a fact, as far as that is still known.
    fn was_said(&self, fact: Fact) -> bool {
        let is_of_it = |stamped: &Stamped| match &stamped.event {
            // The program records without a word what a sensor proposes, and nothing else.
            Event::FactsRecorded { note: None, .. } if stamped.by == Actor::Program => false,
            Event::FactsRecorded { changes, .. } => changes.contains_key(&fact),
            // Of which facts an erased entry was, nobody knows.
            gone @ Event::Gone { .. } => gone.kind_said() == "incident.facts_recorded",
            _ => false,
        };
        self.timeline.iter().any(is_of_it)
    }
}

/// Facts with others beside them, or in their place; absent where these do not go together.
fn with(facts: &Facts, others: &[(Fact, Value)]) -> Option<Facts> {
    let mut after = facts.clone();
    for (fact, value) in others {
        after.set(*fact, value.clone()).ok()?;
    }
    after.contradictions().is_empty().then_some(after)
}
