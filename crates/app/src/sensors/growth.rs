//! Whether what a sensor saw of something grew so much that the incident that rests on it is to say so.
//!
//! Promises: looks at severity, and at the figures that a breach is judged by, alone: how much left, and how many people,
//! accounts and devices it is about. That something went on as it did is no growth.

use std::collections::BTreeMap;

use contract::detection::DetectionLine;
use incident::{GrownDetection, Incident, Permission};

use super::DetectionRow;
use crate::handle::require;
use crate::open::urgency;
use crate::{App, Error, Scope, StoredDetection};

/// The figures that a breach is judged by, by the names that detectors give them.
const JUDGED: [&str; 10] = [
    "sent_bytes",
    "name_bytes",
    "data_bytes",
    "accounts",
    "target_count",
    "bsn_distinct",
    "iban_distinct",
    "creditcard_distinct",
    "birth_date_distinct",
    "email_distinct",
];
/// Of bytes as many make a difference: below that hardly anything left.
const FEW_BYTES: u64 = 1_000_000;
/// What became so many times as much is much more.
const MUCH: u64 = 2;

impl App {
    /// The detections that an incident rests on as a sensor said them last, by id. Of what sensors no longer have the record of
    /// the incident is all there is.
    pub async fn newest_detections(
        &self,
        scope: &Scope,
        incident: &Incident,
    ) -> Result<BTreeMap<String, DetectionRow>, Error> {
        require(scope, Permission::ReadIncident)?;
        let rows = self.store.detections_in(scope, incident.id).await?.into_iter();
        Ok(rows.filter(|row| incident.rests_on(&row.id)).map(|row| (row.id.clone(), row)).collect())
    }
}

/// What a detection comes to.
fn come_to(line: &DetectionLine) -> GrownDetection {
    let figures = JUDGED.iter().filter_map(|name| Some(((*name).to_owned(), line.evidence.get(*name)?.as_u64()?)));
    GrownDetection { id: line.id.clone(), urgency: urgency(line.severity.into()), figures: figures.collect() }
}

/// What a detection comes to now, where that is much more than the incident was told of it.
pub(super) fn growth(incident: &Incident, kept: &[StoredDetection], line: &DetectionLine) -> Option<GrownDetection> {
    // Of one that was erased nothing more is told.
    let kept = kept.iter().find(|kept| kept.id == line.id)?;
    let before = match incident.last_grown(&line.id) {
        Some(told) => told.clone(),
        None => come_to(&serde_json::from_str(&kept.json).ok()?),
    };
    let now = come_to(line);
    (now.urgency > before.urgency || is_much_more(&before.figures, &now.figures)).then_some(now)
}

fn is_much_more(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> bool {
    now.iter().any(|(name, now)| {
        let before = before.get(name).copied().unwrap_or_default();
        let is_something = !name.ends_with("_bytes") || *now >= FEW_BYTES;
        is_something && *now > before && *now >= before.saturating_mul(MUCH)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(severity: &str, evidence: &str) -> DetectionLine {
        let json = format!(
            r#"{{"type":"detection","id":"d1","first_at":"2026-11-29T08:00:00Z","last_at":"2026-11-29T09:00:00Z","host":{{"ip":"10.0.0.5"}},"kind":"exfiltration","severity":"{severity}","confidence":0.9,"technique":[],"remote":{{}},"evidence":{{{evidence}}},"summary":{{"nl":"Gezien.","en":"Seen."}}}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn what_a_breach_is_judged_by_is_much_more_at_twice_as_much() {
        for (before, now, is_growth) in [
            (("high", r#""sent_bytes":9000000"#), ("high", r#""sent_bytes":17999999"#), false),
            (("high", r#""sent_bytes":9000000"#), ("high", r#""sent_bytes":18000000"#), true),
            (("high", r#""sent_bytes":90000"#), ("high", r#""sent_bytes":900000"#), false),
            (("high", r#""sent_bytes":0"#), ("high", r#""sent_bytes":1000000"#), true),
            (("high", r#""sent_bytes":0"#), ("high", r#""sent_bytes":0"#), false),
            (("low", r#""accounts":1"#), ("low", r#""accounts":2"#), true),
            (("low", r#""accounts":2"#), ("low", r#""accounts":1"#), false),
            (("medium", ""), ("medium", r#""bsn_distinct":1"#), true),
            // What goes on goes on.
            (("high", r#""connections":10,"times":[1]"#), ("high", r#""connections":900,"times":[1,2,3]"#), false),
            (("medium", r#""connections":10"#), ("high", r#""connections":10"#), true),
            (("high", ""), ("medium", ""), false),
        ] {
            let grows = |(severity, evidence): (&str, &str)| come_to(&line(severity, evidence));
            let (old, new) = (grows(before), grows(now));
            let is_more = new.urgency > old.urgency || is_much_more(&old.figures, &new.figures);
            assert_eq!(is_more, is_growth, "{before:?} {now:?}");
        }
    }
}
