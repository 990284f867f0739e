//! What an exception for a detection should name: the other side, or the kind alone.

use contract::detection::{DetectionLine, Kind};

/// Whether the other side that it names is one of many that it is as much about: an exception for that one would cover
/// nothing of what comes tomorrow. A tunnel in the DNS lies under one domain, and a VPN has one end.
#[must_use]
pub fn is_one_of_many(line: &DetectionLine) -> bool {
    let figure = |key: &str| line.evidence.get(key);
    let is_one = |key: &str| figure(key).and_then(serde_json::Value::as_u64) == Some(1);
    match line.kind {
        Kind::Dga => true,
        Kind::Anonymiser => figure("network").and_then(serde_json::Value::as_str) == Some("tor"),
        // The ports of one address are one other side.
        // Nor is mail to many servers about the one that is named.
        Kind::Scan | Kind::MalwareProtocol => figure("targets").is_some(),
        Kind::Bruteforce => !is_one("other_hosts"),
        Kind::LateralMovement => !is_one("target_count"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_names_the_other_side_where_it_is_about_that_one() {
        let line = |kind: &str, evidence: &str| -> DetectionLine {
            serde_json::from_str(&format!(
                r#"{{"type":"detection","id":"d1","first_at":"2026-11-28T08:00:00Z","last_at":"2026-11-29T09:30:00Z","host":{{"ip":"10.0.0.5"}},"kind":"{kind}","severity":"low","confidence":0.9,"technique":[],"remote":{{"ip":"203.0.113.9","domain":"www.drawn.example"}},"evidence":{evidence},"summary":{{"nl":"","en":""}}}}"#
            ))
            .unwrap()
        };
        for (kind, evidence) in [
            ("anonymiser", r#"{"network":"tor"}"#),
            ("dga", "{}"),
            ("scan", r#"{"targets":40}"#),
            ("malware_protocol", r#"{"protocol":"direct_mail","targets":150}"#),
            ("bruteforce", r#"{"other_hosts":12}"#),
            ("lateral_movement", r#"{"target_count":3}"#),
        ] {
            assert!(is_one_of_many(&line(kind, evidence)), "{kind}");
        }
        for (kind, evidence) in [
            ("anonymiser", r#"{"network":"wireguard"}"#),
            ("dns_tunnel", "{}"),
            ("scan", r#"{"ports":40}"#),
            ("malware_protocol", r#"{"protocol":"gh0st"}"#),
            ("bruteforce", r#"{"other_hosts":1}"#),
            ("lateral_movement", r#"{"target_count":1}"#),
            ("beacon", "{}"),
            ("exfiltration", "{}"),
            ("indicator", "{}"),
        ] {
            assert!(!is_one_of_many(&line(kind, evidence)), "{kind}");
        }
    }
}
