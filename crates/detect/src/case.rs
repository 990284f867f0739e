//! Detections to cases: what one host did is one story, told once.

use std::{collections::BTreeMap, net::IpAddr};

use facts::{Fact, Facts, Text, Value};

use crate::{Case, Detection, Kind, Remote, Severity, finding::id_of};

/// How many detections the summary tells; the rest is counted.
const TOLD: usize = 3;

/// One case for each host with at least one detection that is more than [`Severity::Low`].
pub(crate) fn open(detections: &[Detection]) -> Vec<Case> {
    let mut by_host: BTreeMap<IpAddr, Vec<&Detection>> = BTreeMap::new();
    for detection in detections {
        by_host.entry(detection.host.ip).or_default().push(detection);
    }
    let mut cases: Vec<Case> = by_host.into_values().filter_map(story).collect();
    cases.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.host.cmp(&b.host)));
    cases
}

fn story(mut detections: Vec<&Detection>) -> Option<Case> {
    detections.sort_by(|a, b| {
        b.severity.cmp(&a.severity).then_with(|| b.confidence.total_cmp(&a.confidence)).then_with(|| a.id.cmp(&b.id))
    });
    let worst = detections.first()?;
    if worst.severity < Severity::Medium {
        return None;
    }
    let severity = if is_confirmed(&detections) { Severity::Critical } else { worst.severity };
    let host = worst.host.clone();
    let earliest = detections.iter().map(|detection| detection.first_at).min()?;
    Some(Case {
        id: id_of(&["case", &host.ip.to_string(), &earliest.to_string()]),
        severity,
        detections: detections.iter().map(|detection| detection.id.clone()).collect(),
        summary: summary(&detections, severity),
        proposed_facts: proposed_facts(is_only_readable(&detections)),
        host,
    })
}

/// Two independent witnesses against one place: it stands on a list, and the host calls it at a machine's rhythm.
fn is_confirmed(detections: &[&Detection]) -> bool {
    let of = |kind: Kind| {
        detections.iter().filter(move |detection| detection.kind == kind && detection.severity >= Severity::Medium)
    };
    of(Kind::Indicator).any(|listed| of(Kind::Beacon).any(|beacon| is_same_place(&listed.remote, &beacon.remote)))
}

/// Nobody attacks; something of ours crosses the network for anybody to read.
fn is_only_readable(detections: &[&Detection]) -> bool {
    let is_readable = |kind| matches!(kind, Kind::CleartextCredentials | Kind::CleartextPersonalData);
    detections
        .iter()
        .filter(|detection| detection.severity >= Severity::Medium)
        .all(|detection| is_readable(detection.kind))
}

fn is_same_place(a: &Remote, b: &Remote) -> bool {
    let is_same_name = a.domain.is_some() && a.domain == b.domain;
    let is_same_address = a.ip.is_some() && a.ip == b.ip;
    is_same_name || is_same_address
}

fn summary(detections: &[&Detection], severity: Severity) -> Text {
    let host = detections.first().map(|detection| detection.host.ip.to_string()).unwrap_or_default();
    let (nl, en) = match severity {
        _ if is_only_readable(detections) => (
            format!("{host} stuurt iets leesbaar over het netwerk dat geheim hoort te blijven."),
            format!("{host} sends something readable across the network that should stay secret."),
        ),
        Severity::Critical | Severity::High => (
            format!(
                "{host} is waarschijnlijk in handen van een aanvaller. Haal het apparaat van het netwerk en zet het niet uit."
            ),
            format!(
                "{host} is probably under an attacker's control. Take the device off the network and leave it switched on."
            ),
        ),
        Severity::Medium | Severity::Low => (
            format!("{host} doet iets verdachts. Laat het nakijken."),
            format!("{host} does something suspicious. Have it looked at."),
        ),
    };
    let mut text = Text::made(nl, en);
    for detection in detections.iter().take(TOLD) {
        text = Text::made(
            format!("{} {}", text.nl, detection.summary.nl),
            format!("{} {}", text.en, detection.summary.en),
        );
    }
    let untold = detections.len().saturating_sub(TOLD);
    if untold > 0 {
        text = Text::made(
            format!("{} En nog {untold} andere waarnemingen.", text.nl),
            format!("{} And {untold} more observations.", text.en),
        );
    }
    text
}

/// What a machine under an attacker's control, or one that is set up wrongly, means in the vocabulary; a person confirms it.
fn proposed_facts(is_only_readable: bool) -> Facts {
    let mut facts = Facts::new();
    let (cause, kind) =
        if is_only_readable { ("internal_accidental", "misconfiguration") } else { ("external_malicious", "hacking") };
    for (fact, value) in [
        (Fact::SecurityIncident, Value::Truth(true)),
        (Fact::Cause, Value::One(cause)),
        (Fact::IncidentType, Value::One(kind)),
    ] {
        let known = facts.set(fact, value);
        debug_assert!(known.is_ok(), "the vocabulary lacks a value of {}", fact.key());
    }
    facts
}
