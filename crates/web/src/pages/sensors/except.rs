//! The form for an exception, filled in with what a detection is about, or with what all of a case have in common.

use std::net::IpAddr;

use app::{SeenDetection, is_one_of_many, proposed_last_day};
use contract::detection::{DetectionLine, Kind};

use crate::address::{encoded, sensors_of};
use crate::desk::Desk;
use crate::failure::Failure;
use crate::view::sensor::kind_key;

/// For what it would hold.
#[derive(Debug, Default, PartialEq)]
struct Conditions<'a> {
    kind: Option<Kind>,
    host: Option<IpAddr>,
    domain: Option<&'a str>,
    network: Option<IpAddr>,
}

impl Conditions<'_> {
    /// The form's address. It ends on the day that proposals end on; whoever wants no end takes that out.
    fn form(&self, desk: &Desk) -> Result<String, Failure> {
        let today = desk.visit.app().zoned(&desk.scope, desk.visit.now)?.date();
        let fields = [
            ("soort", self.kind.map(kind_key)),
            ("apparaat", self.host.map(|host| host.to_string())),
            ("naam", self.domain.map(encoded)),
            ("netwerk", self.network.map(|ip| ip.to_string())),
            ("tot", proposed_last_day(today).map(|day| day.to_string())),
        ];
        let query: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
        Ok(format!("{}/uitzonderingen?{}#nieuw", sensors_of(desk.slug()), query.join("&")))
    }
}

/// Of one detection: this kind and this host, with the other side where that is what it is about.
pub(super) fn of_detection(line: &DetectionLine, desk: &Desk) -> Result<String, Failure> {
    alike(&[line]).form(desk)
}

/// The one that covers all detections of a case, where there are several: its form, and what to know of it. None where they
/// have too little in common.
pub(super) fn of_case(detections: &[&SeenDetection], desk: &Desk) -> Result<Option<(String, &'static str)>, Failure> {
    let lines: Vec<_> = detections.iter().map(|one| &one.line).collect();
    if lines.len() < 2 {
        return Ok(None);
    }
    let (w, alike) = (desk.visit.w, alike(&lines));
    let why = match &alike {
        Conditions { domain: Some(_), .. } | Conditions { network: Some(_), .. } => w.except_case_place(),
        Conditions { host: Some(_), kind: Some(_), .. } => w.except_case_kind(),
        Conditions { host: Some(_), .. } => w.except_case_host(),
        _ => return Ok(None),
    };
    Ok(Some((alike.form(desk)?, why)))
}

/// What these have in common: as narrow as covers them all.
fn alike<'a>(lines: &[&'a DetectionLine]) -> Conditions<'a> {
    let Some((first, rest)) = lines.split_first() else { return Conditions::default() };
    // Where the other side is one of many that were tried, it says nothing.
    let is_of_a_place = !lines.iter().any(|line| is_one_of_many(line));
    let domain = first
        .remote
        .domain
        .as_deref()
        .filter(|name| is_of_a_place && rest.iter().all(|line| line.remote.domain.as_deref() == Some(*name)));
    let network = first
        .remote
        .ip
        .filter(|ip| is_of_a_place && domain.is_none() && rest.iter().all(|line| line.remote.ip == Some(*ip)));
    Conditions {
        kind: rest.iter().all(|line| line.kind == first.kind).then_some(first.kind),
        host: rest.iter().all(|line| line.host.ip == first.host.ip).then_some(first.host.ip),
        domain,
        network,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: &str, host: &str, remote: &str) -> DetectionLine {
        serde_json::from_str(&format!(
            r#"{{"type":"detection","id":"d1","first_at":"2026-11-28T08:00:00Z","last_at":"2026-11-29T09:30:00Z","host":{{"ip":"{host}"}},"kind":"{kind}","severity":"high","confidence":0.9,"technique":[],"remote":{remote},"evidence":{{}},"summary":{{"nl":"","en":""}}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn what_covers_several_is_as_narrow_as_they_allow() {
        let (host, ip): (IpAddr, IpAddr) = ([10, 0, 0, 5].into(), [203, 0, 113, 9].into());
        let (named, other) =
            (r#"{"ip":"203.0.113.9","domain":"a.example"}"#, r#"{"ip":"203.0.113.9","domain":"b.example"}"#);
        let base = Conditions { host: Some(host), ..Conditions::default() };
        for (said, lines, expected) in [
            (
                "one destination",
                [line("beacon", "10.0.0.5", named), line("long_connection", "10.0.0.5", named)],
                Conditions { domain: Some("a.example"), ..base },
            ),
            (
                "one address",
                [line("beacon", "10.0.0.5", named), line("beacon", "10.0.0.5", other)],
                Conditions { kind: Some(Kind::Beacon), network: Some(ip), host: Some(host), domain: None },
            ),
            (
                "one host alone",
                [line("beacon", "10.0.0.5", named), line("scan", "10.0.0.5", "{}")],
                Conditions { host: Some(host), ..Conditions::default() },
            ),
            ("nothing", [line("beacon", "10.0.0.5", named), line("dga", "10.0.0.6", "{}")], Conditions::default()),
        ] {
            assert_eq!(alike(&lines.iter().collect::<Vec<_>>()), expected, "{said}");
        }
    }
}
