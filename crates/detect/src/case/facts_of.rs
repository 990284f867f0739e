//! What a story means in the vocabulary, as far as it was seen; a person confirms it. What was not seen stays unknown:
//! whether it was personal data, above all.

use std::collections::BTreeSet;

use facts::{Fact, Facts, Value};

use super::is_only_readable;
use crate::{Detection, Figure, Kind, Severity};

pub(super) fn propose(detections: &[&Detection], severity: Severity) -> Facts {
    let mut facts = Facts::new();
    let mut set = |fact: Fact, value: Value| {
        let known = facts.set(fact, value);
        debug_assert!(known.is_ok(), "the vocabulary lacks a value of {}", fact.key());
    };
    let worst_of =
        |kinds: &[Kind]| detections.iter().filter(|one| kinds.contains(&one.kind)).map(|one| one.severity).max();
    set(Fact::SecurityIncident, Value::Truth(true));
    // Seen on the way, whatever else is the matter with the device.
    let data: BTreeSet<&'static str> = detections.iter().flat_map(|one| data_of(one)).collect();
    if !data.is_empty() {
        set(Fact::PersonalData, Value::Truth(true));
        set(Fact::Data, Value::Many(data));
    }
    if is_only_readable(detections) {
        set(Fact::Cause, Value::One("internal_accidental"));
        set(Fact::IncidentType, Value::One("misconfiguration"));
        // It lay open on the way; that somebody read it was not seen, nor that somebody broke in.
        set(Fact::Confidentiality, Value::One("possible"));
        set(Fact::Exfiltration, Value::One("not_applicable"));
        return facts;
    }
    set(Fact::Cause, Value::One("external_malicious"));
    let took = worst_of(&[Kind::Exfiltration, Kind::DnsTunnel]);
    let is_taken = took >= Some(Severity::High);
    set(Fact::IncidentType, Value::One(if is_taken { "data_exfiltration" } else { "hacking" }));
    if is_taken {
        set(Fact::Exfiltration, Value::One("likely"));
        set(Fact::Confidentiality, Value::One("likely"));
    } else if severity >= Severity::High {
        // Who rules a device can see what is on it.
        set(Fact::Confidentiality, Value::One("possible"));
    }
    facts
}

/// The vocabulary's words for what crossed the network readable. A log-in may be a device's: whose it is was not seen.
fn data_of(detection: &Detection) -> Vec<&'static str> {
    let has = |figure: &str| matches!(detection.evidence.get(figure), Some(Figure::Whole(1..)));
    let words = [
        ("bsn", "national_id"),
        ("iban", "financial"),
        ("creditcard", "payment"),
        ("birth_date", "birth_date"),
        ("email", "contact"),
    ];
    let is_personal = detection.kind == Kind::CleartextPersonalData;
    words.into_iter().filter(|(figure, _)| is_personal && has(figure)).map(|(_, word)| word).collect()
}
