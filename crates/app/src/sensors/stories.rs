//! Cases as people see them. What one host did is told once: a sensor that reads a capture again, or that begins without what
//! it remembered, tells of the same under another id. And it is told without what exceptions cover.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use jiff::Timestamp;
use uuid::Uuid;

use contract::detection::Alarm;

use super::exceptions::Held;
use super::seen::{MOST_SEEN, seen_case, seen_detection};
use super::telling::{is_more_than_readable, leak};
use super::withheld::tell_without;
use super::{CaseRow, SeenCase, SeenDetection};
use crate::{App, Error, Scope};

/// How many detections are asked for at a time, or those of one story: what comes at once has a bound.
const MOST_ASKED_FOR: usize = 5_000;

impl App {
    /// The newest cases, those that wait for somebody and of the others as many, those of one story put together, the last
    /// changed first; whatever exceptions say.
    pub(super) async fn stories(&self, scope: &Scope) -> Result<Vec<SeenCase>, Error> {
        in_stories(self.newest_rows(scope).await?)
    }

    async fn newest_rows(&self, scope: &Scope) -> Result<Vec<CaseRow>, Error> {
        let mut rows = self.store.sensor_cases(scope, Timestamp::MIN, true, 0, MOST_SEEN).await?;
        rows.extend(self.store.sensor_cases(scope, Timestamp::MIN, false, 0, MOST_SEEN).await?);
        Ok(rows)
    }

    /// The stories of the cases since a moment, after so many: of those that wait for somebody first, then of the newest; and
    /// whether there are more. A story is told with what [`Self::stories`] has of it.
    pub(super) async fn stories_after(
        &self,
        scope: &Scope,
        since: Timestamp,
        after: u64,
    ) -> Result<(Vec<SeenCase>, bool), Error> {
        let waiting = self.store.waiting_cases(scope, since).await?;
        let mut asked = self.store.sensor_cases(scope, since, true, after, MOST_SEEN).await?;
        let room = MOST_SEEN.saturating_sub(u32::try_from(asked.len()).unwrap_or(MOST_SEEN));
        if room > 0 {
            let after = after.saturating_sub(waiting);
            asked.extend(self.store.sensor_cases(scope, since, false, after, room).await?);
        }
        let is_cut = asked.len() as u64 >= u64::from(MOST_SEEN);
        let of_these: BTreeSet<_> = asked.iter().map(|row| (row.sensor, row.id.clone())).collect();
        let is_asked = |sensor: Uuid, id: &str| of_these.contains(&(sensor, id.to_owned()));
        let mut rows = self.newest_rows(scope).await?;
        rows.retain(|row| !is_asked(row.sensor, &row.id));
        rows.extend(asked);
        let mut stories = in_stories(rows)?;
        stories.retain(|story| story.ids.iter().any(|id| is_asked(story.sensor, id)));
        Ok((stories, is_cut))
    }

    /// The story that a case is part of.
    pub(super) async fn story(&self, scope: &Scope, sensor: Uuid, case: &str) -> Result<SeenCase, Error> {
        let row = self.store.sensor_case(scope, sensor, case).await?;
        let is_in = |story: &SeenCase| story.sensor == sensor && story.ids.iter().any(|id| id == case);
        match self.stories(scope).await?.into_iter().find(is_in) {
            Some(story) => Ok(story),
            None => seen_case(&row),
        }
    }

    /// The newest story of the same sensor that a detection belongs to, as far back as the detection goes.
    pub(super) async fn story_with(
        &self,
        scope: &Scope,
        sensor: Uuid,
        detection: &str,
    ) -> Result<Option<SeenCase>, Error> {
        let is_in = |story: &SeenCase| story.sensor == sensor && story.line.detections.iter().any(|id| id == detection);
        Ok(self.stories(scope).await?.into_iter().find(is_in))
    }

    /// A story as it stands, with all of its detections that are known.
    pub(super) async fn as_it_stands(
        &self,
        scope: &Scope,
        mut story: SeenCase,
        exceptions: &Held,
    ) -> Result<(SeenCase, Vec<SeenDetection>), Error> {
        let rows = self.store.detections_of_sensor(scope, story.sensor, &story.line.detections).await?;
        let all: Vec<_> = rows.into_iter().map(|row| seen_detection(row, exceptions)).collect::<Result<_, _>>()?;
        story.stand_on(&all.iter().collect::<Vec<_>>());
        Ok((story, all))
    }

    /// Many stories as they stand, in the order in which they are given. Their detections are asked for together.
    pub(super) async fn as_they_stand(&self, stories: Vec<Told<'_>>) -> Result<Vec<SeenCase>, Error> {
        let mut standing = Vec::with_capacity(stories.len());
        for some in in_portions(stories, MOST_ASKED_FOR, |told| told.story.line.detections.len()) {
            let asked: Vec<(&Scope, Uuid, &[String])> = some
                .iter()
                .map(|Told { scope, story, .. }| (*scope, story.sensor, story.line.detections.as_slice()))
                .collect();
            let rows = self.store.detections_of_sensors(&asked).await?;
            let known: BTreeMap<_, _> = rows.iter().map(|row| ((row.sensor, row.id.as_str()), row)).collect();
            for Told { exceptions, mut story, .. } in some {
                let of_it = story.line.detections.iter().filter_map(|id| known.get(&(story.sensor, id.as_str())));
                let of_it = of_it.map(|row| seen_detection((*row).clone(), exceptions));
                let all = of_it.collect::<Result<Vec<_>, _>>()?;
                story.stand_on(&all.iter().collect::<Vec<_>>());
                standing.push(story);
            }
        }
        Ok(standing)
    }
}

/// A story that is to be told as it stands: of which organisation, and with what holds there.
pub(super) struct Told<'a> {
    pub(super) scope: &'a Scope,
    pub(super) exceptions: &'a Held,
    pub(super) story: SeenCase,
}

/// In portions that weigh so much at most, or are one alone; in their order.
pub(super) fn in_portions<T>(all: Vec<T>, most: usize, weigh: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut portions: Vec<Vec<T>> = Vec::new();
    let mut room = 0;
    for one in all {
        let weight = weigh(&one);
        match portions.last_mut() {
            Some(portion) if weight <= room => portion.push(one),
            _ => {
                portions.push(vec![one]);
                room = most;
            }
        }
        room = room.saturating_sub(weight);
    }
    portions
}

impl SeenCase {
    /// Has it say no more than its detections do that no exception covers. Where they cover nothing of it, or all, it is as
    /// the sensor told it.
    pub(super) fn stand_on(&mut self, known: &[&SeenDetection]) {
        self.last_at = known.iter().map(|one| one.line.last_at).max();
        let (covered, left): (Vec<&SeenDetection>, Vec<&SeenDetection>) =
            known.iter().copied().partition(|one| one.exception.is_some());
        self.leaks = left.iter().filter_map(|one| leak(&one.line)).collect();
        self.is_more_than_readable = left.iter().any(|one| is_more_than_readable(&one.line));
        self.is_covered = left.is_empty() && !covered.is_empty();
        self.incident = self.incident.max(left.iter().filter_map(|one| one.incident).max());
        self.has_more = self.incident.is_some() && left.iter().any(|one| one.incident.is_none());
        if covered.is_empty() || left.is_empty() {
            return;
        }
        let left: Vec<_> = left.iter().map(|one| &one.line).collect();
        let covered: BTreeSet<&str> = covered.iter().map(|one| one.line.id.as_str()).collect();
        let told = tell_without(&mut self.line, &left, &covered);
        self.is_urgent &= told.is_none_or(|alarm| alarm == Alarm::Now);
    }
}

/// Cases as they are stored, those of one story put together, the last changed first.
pub(super) fn in_stories(mut rows: Vec<CaseRow>) -> Result<Vec<SeenCase>, Error> {
    rows.sort_by(|a, b| b.changed_at.cmp(&a.changed_at).then_with(|| a.id.cmp(&b.id)));
    Ok(together(rows.iter().map(seen_case).collect::<Result<_, _>>()?))
}

/// Cases of one sensor about one host that share a detection, or each share one with a third, as one; in the order of the
/// first of each.
fn together(cases: Vec<SeenCase>) -> Vec<SeenCase> {
    // For each case an earlier one that tells of the same, or itself.
    let mut same_as: Vec<usize> = (0..cases.len()).collect();
    let mut first_with: BTreeMap<(Uuid, IpAddr, &str), usize> = BTreeMap::new();
    for (place, case) in cases.iter().enumerate() {
        for id in &case.line.detections {
            let first = *first_with.entry((case.sensor, case.line.host.ip, id.as_str())).or_insert(place);
            let (one, other) = (earliest(&same_as, first), earliest(&same_as, place));
            if let Some(of) = same_as.get_mut(one.max(other)) {
                *of = one.min(other);
            }
        }
    }
    let mut stories: BTreeMap<usize, Vec<SeenCase>> = BTreeMap::new();
    for (place, case) in cases.into_iter().enumerate() {
        stories.entry(earliest(&same_as, place)).or_default().push(case);
    }
    stories.into_values().filter_map(joined).collect()
}

/// The earliest case that tells of the same.
fn earliest(same_as: &[usize], mut place: usize) -> usize {
    while let Some(before) = same_as.get(place).copied().filter(|before| *before < place) {
        place = before;
    }
    place
}

/// Several cases as one: told as the gravest of them tells it, the newest of those, with the detections of all.
fn joined(mut cases: Vec<SeenCase>) -> Option<SeenCase> {
    let rank = |case: &SeenCase| (case.line.severity, case.changed_at, case.line.id.clone());
    cases.sort_by_cached_key(|case| std::cmp::Reverse(rank(case)));
    let mut cases = cases.into_iter();
    let mut story = cases.next()?;
    let mut held: BTreeSet<_> = story.line.detections.iter().cloned().collect();
    for case in cases {
        let more = case.line.detections.into_iter().filter(|id| held.insert(id.clone()));
        story.line.detections.extend(more);
        for (fact, value) in case.line.proposed_facts {
            story.line.proposed_facts.entry(fact).or_insert(value);
        }
        story.ids.extend(case.ids);
        story.changed_at = story.changed_at.max(case.changed_at);
        story.first_received_at = story.first_received_at.min(case.first_received_at);
        story.held_back_at = story.held_back_at.max(case.held_back_at);
        story.incident = story.incident.max(case.incident);
        story.is_urgent |= case.is_urgent;
    }
    Some(story)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CaseRow;

    fn case(id: &str, host: &str, severity: &str, minute: i64, detections: &[&str]) -> SeenCase {
        let detections = detections.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(",");
        let json = format!(
            r#"{{"type":"case","id":"{id}","host":{{"ip":"{host}"}},"severity":"{severity}","alarm":"digest","detections":[{detections}],"summary":{{"nl":"{id}","en":"{id}"}},"proposed_facts":{{"cause":"{id}","{id}":true}}}}"#
        );
        let row = CaseRow {
            sensor: Uuid::nil(),
            id: id.into(),
            severity: 0,
            is_urgent: false,
            changed_at: Timestamp::from_second(60 * minute).unwrap(),
            first_received_at: Timestamp::from_second(60 * minute).unwrap(),
            incident: None,
            held_back_at: None,
            json,
        };
        seen_case(&row).unwrap()
    }

    /// The stories: under which ids, and of which detections.
    fn told(cases: Vec<SeenCase>) -> Vec<(String, String)> {
        together(cases).iter().map(|one| (one.ids.join(" "), one.line.detections.join(" "))).collect()
    }

    #[test]
    fn what_shares_a_detection_on_one_host_is_one_story() {
        let (one, two) = ("10.0.0.1", "10.0.0.2");
        for (cases, expected) in [
            // Read again with a list, and again without: the graver one tells it.
            (vec![case("b", one, "critical", 2, &["x", "y"]), case("a", one, "high", 1, &["x"])], vec![("b a", "x y")]),
            (vec![case("a", one, "high", 2, &["x"]), case("b", one, "critical", 1, &["x", "y"])], vec![("b a", "x y")]),
            // Of two alike the newest.
            (
                vec![case("b", one, "high", 2, &["y", "z"]), case("a", one, "high", 1, &["x", "y"])],
                vec![("b a", "y z x")],
            ),
            // By a third, wherever that stands.
            (
                vec![
                    case("c", one, "low", 3, &["x", "z"]),
                    case("b", one, "low", 2, &["y"]),
                    case("a", one, "low", 1, &["y", "x"]),
                ],
                vec![("c b a", "x z y")],
            ),
            // Nothing in common, another host, nothing at all.
            (vec![case("b", one, "high", 2, &["y"]), case("a", one, "high", 1, &["x"])], vec![("b", "y"), ("a", "x")]),
            (vec![case("b", two, "high", 2, &["x"]), case("a", one, "high", 1, &["x"])], vec![("b", "x"), ("a", "x")]),
            (vec![case("b", one, "high", 2, &[]), case("a", one, "high", 1, &[])], vec![("b", ""), ("a", "")]),
        ] {
            let expected: Vec<_> = expected.into_iter().map(|(ids, of)| (ids.to_owned(), of.to_owned())).collect();
            assert_eq!(told(cases), expected);
        }
        let elsewhere = SeenCase { sensor: Uuid::from_u128(1), ..case("b", one, "high", 2, &["x"]) };
        assert_eq!(told(vec![elsewhere, case("a", one, "high", 1, &["x"])]).len(), 2, "another sensor");
    }

    #[test]
    fn what_is_asked_for_together_has_a_bound() {
        for (weights, expected) in [
            (vec![1; 10], vec![vec![1; 10]]),
            (vec![1; 12], vec![vec![1; 10], vec![1; 2]]),
            (vec![4, 4, 4, 4], vec![vec![4, 4], vec![4, 4]]),
            (vec![2, 30, 3, 8, 0], vec![vec![2], vec![30], vec![3], vec![8, 0]]),
            (vec![], vec![]),
        ] {
            assert_eq!(in_portions(weights.clone(), 10, |weight| *weight), expected, "{weights:?}");
        }
    }

    #[test]
    fn a_story_has_what_any_of_its_cases_has() {
        let graver = case("b", "10.0.0.1", "critical", 1, &["x", "y"]);
        let newer = case("a", "10.0.0.1", "high", 9, &["x"]);
        let newer = SeenCase { incident: Some(3), is_urgent: true, ..newer };
        let story = together(vec![newer, graver]).swap_remove(0);
        assert_eq!((story.line.id.as_str(), story.line.summary.nl.as_str()), ("b", "b"));
        assert_eq!((story.incident, story.is_urgent, story.changed_at.as_second()), (Some(3), true, 540));
        assert_eq!(story.first_received_at.as_second(), 60, "somebody could know of it since the first of them");
        let facts = story.line.proposed_facts.iter().map(|(fact, value)| format!("{fact} {value}"));
        let facts: BTreeSet<_> = facts.collect();
        let proposed = ["a true", "b true", "cause \"b\""].map(str::to_owned);
        assert_eq!(facts, BTreeSet::from(proposed), "as the graver one proposes it");
    }
}
