//! Detections to cases: what one host did is one story, told once.

mod facts_of;
mod headline;
mod weight;

use std::{collections::BTreeMap, net::IpAddr};

use facts::Text;

use self::headline::headline;
pub(crate) use self::weight::alarm;
use crate::{Case, Detection, Kind, Remote, Severity, finding::id_of, network::Network};

/// How many detections the summary tells; the rest is counted.
const TOLD: usize = 3;
/// Other hosts that are named.
const NAMED: usize = 5;

/// The figures that a case is judged by, beside what every detection has.
pub const JUDGED_BY: [&str; 7] = ["signs", "first_contact", "bsn", "iban", "creditcard", "birth_date", "email"];

/// One case for each device with at least one detection that is more than [`Severity::Low`]. Addresses of one device
/// (by its lease, its Ethernet address, its name) are one story.
pub(crate) fn open(detections: &[Detection], network: &Network) -> Vec<Case> {
    let mut by_device: BTreeMap<String, Vec<&Detection>> = BTreeMap::new();
    for detection in detections {
        let device = network.identities(detection.host.ip).swap_remove(0);
        by_device.entry(device).or_default().push(detection);
    }
    let stories: Vec<Vec<&Detection>> = by_device.into_values().collect();
    let others = |own: &[&Detection]| {
        let is_same = |one: &&Detection| own.iter().any(|mine| is_together(mine, one));
        let sharing = stories.iter().filter(|story| story.first() != own.first());
        let mut hosts: Vec<IpAddr> =
            sharing.filter_map(|story| story.iter().copied().find(is_same).map(|one| one.host.ip)).collect();
        hosts.sort_unstable();
        hosts
    };
    let is_case = |own: &&Vec<&Detection>| own.iter().any(|one| one.severity >= Severity::Medium);
    let mut cases: Vec<Case> = stories.iter().filter(is_case).filter_map(|own| story(own, others(own))).collect();
    cases.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.host.cmp(&b.host)));
    cases
}

/// What these detections of one host come to, also where each of them is too mild for a case; absent where there are none.
/// So a case is told again without what was found to be ordinary in it.
#[must_use]
pub fn judge(detections: &[Detection], others: Vec<IpAddr>) -> Option<Case> {
    story(&detections.iter().collect::<Vec<_>>(), others)
}

fn story(detections: &[&Detection], others: Vec<IpAddr>) -> Option<Case> {
    let mut detections = detections.to_vec();
    // Whose data lay open matters more than how one logs in: among what is equally severe, log-ins come last, or a few of
    // them would push personal data out of the text.
    let is_login = |one: &Detection| one.kind == Kind::CleartextCredentials;
    detections.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then_with(|| is_login(a).cmp(&is_login(b)))
            .then_with(|| b.confidence.total_cmp(&a.confidence))
            .then_with(|| a.id.cmp(&b.id))
    });
    let severity = weight::severity(&detections);
    let host = detections.first()?.host.clone();
    let earliest = detections.iter().map(|detection| detection.first_at).min()?;
    Some(Case {
        id: id_of(&["case", &host.ip.to_string(), &earliest.to_string()]),
        severity,
        alarm: alarm(severity),
        detections: detections.iter().map(|detection| detection.id.clone()).collect(),
        summary: summary(&detections, weight::threat(&detections), &others),
        proposed_facts: facts_of::propose(&detections, severity),
        others,
        host,
    })
}

/// Whether two hosts' detections point at one place outside, and both at more than a trifle.
fn is_together(a: &Detection, b: &Detection) -> bool {
    let is_outside =
        |one: &Detection| !matches!(one.kind, Kind::Scan | Kind::Bruteforce | Kind::LateralMovement | Kind::Dga);
    let counts = |one: &Detection| one.severity >= Severity::Medium && is_outside(one);
    counts(a) && counts(b) && is_same_place(&a.remote, &b.remote)
}

/// Nobody attacks; something of ours crosses the network for anybody to read.
fn is_only_readable(detections: &[&Detection]) -> bool {
    let is_readable = |kind| matches!(kind, Kind::CleartextCredentials | Kind::CleartextPersonalData);
    let worst = detections.iter().map(|detection| detection.severity).max().unwrap_or(Severity::Low);
    // Beside something worse what is mild says nothing of the whole.
    let counts = worst.min(Severity::Medium);
    detections.iter().filter(|detection| detection.severity >= counts).all(|detection| is_readable(detection.kind))
}

fn is_same_place(a: &Remote, b: &Remote) -> bool {
    let is_same_name = a.domain.is_some() && a.domain == b.domain;
    let is_same_address = a.ip.is_some() && a.ip == b.ip;
    is_same_name || is_same_address
}

/// What people call the host of a case: its name, where any of its detections has it, with its address.
fn called(detections: &[&Detection]) -> String {
    let Some(ip) = detections.first().map(|detection| detection.host.ip) else { return String::new() };
    let of_it = detections.iter().filter(|detection| detection.host.ip == ip);
    match of_it.filter_map(|detection| detection.host.name.as_deref()).find(|name| !name.is_empty()) {
        Some(name) => format!("{name} ({ip})"),
        None => ip.to_string(),
    }
}

fn summary(detections: &[&Detection], threat: Severity, others: &[IpAddr]) -> Text {
    let first = headline(&called(detections), detections, threat);
    let (mut nl, mut en) = (vec![first.nl.to_string()], vec![first.en.to_string()]);
    if !others.is_empty() {
        let named = others.iter().take(NAMED).map(IpAddr::to_string).collect::<Vec<_>>().join(", ");
        let rest = others.len().saturating_sub(NAMED);
        let (more_nl, more_en) =
            if rest > 0 { (format!(" en nog {rest}"), format!(" and {rest} more")) } else { Default::default() };
        nl.push(format!("Met dezelfde plek hebben ook contact: {named}{more_nl}."));
        en.push(format!("In contact with the same place are also: {named}{more_en}."));
    }
    for detection in detections.iter().take(TOLD) {
        nl.push(detection.summary.nl.to_string());
        en.push(detection.summary.en.to_string());
    }
    let untold = detections.len().saturating_sub(TOLD);
    if untold == 1 {
        nl.push("En nog 1 andere waarneming.".to_owned());
        en.push("And 1 more observation.".to_owned());
    } else if untold > 1 {
        nl.push(format!("En nog {untold} andere waarnemingen."));
        en.push(format!("And {untold} more observations."));
    }
    Text::made(nl.join(" "), en.join(" "))
}
