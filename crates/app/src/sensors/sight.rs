//! What a sensor's source lets it see, for pages: the table of `detect`, for what the source really sends.

use contract::detection::Kind;
use contract::sensor::{SourceKind, SourceState};
use detect::sight::{Sight, Source};
use facts::Text;

/// One reason why a source does not show something, and what that keeps from being found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlindSpot {
    pub why: Text,
    pub kinds: Vec<Kind>,
}

/// What a source does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlindSpots {
    pub not: Vec<BlindSpot>,
    pub partly: Vec<BlindSpot>,
}

/// What that source does not show. Absent: it is not known, since that hangs on what sends, and nothing came that was read.
#[must_use]
pub fn blind_spots(source: &SourceState) -> Option<BlindSpots> {
    let shown = shown_by(source);
    if shown.is_empty() {
        return None;
    }
    let mut spots = BlindSpots::default();
    for kind in detect::Kind::ALL {
        // What one of them shows is seen.
        let best = shown.iter().map(|one| one.sight(*kind)).min_by_key(blindness);
        let (list, why) = match best {
            Some(Sight::Nothing(why)) => (&mut spots.not, why),
            Some(Sight::Partly(why)) => (&mut spots.partly, why),
            Some(Sight::Whole) | None => continue,
        };
        match list.iter_mut().find(|spot| spot.why == why) {
            Some(spot) => spot.kinds.push((*kind).into()),
            None => list.push(BlindSpot { why, kinds: vec![(*kind).into()] }),
        }
    }
    Some(spots)
}

fn blindness(sight: &Sight) -> u8 {
    match sight {
        Sight::Whole => 0,
        Sight::Partly(_) => 1,
        Sight::Nothing(_) => 2,
    }
}

/// As what it counts in the table. What comes by syslog, its lines say.
fn shown_by(source: &SourceState) -> Vec<Source> {
    let by_kind = match source.kind {
        SourceKind::Interface | SourceKind::File => Source::Packets,
        SourceKind::Netflow => Source::FlowRecords,
        SourceKind::DnsLog => Source::DnsLog,
        SourceKind::Eve => Source::Eve,
        SourceKind::Zeek => Source::Zeek,
        SourceKind::FirewallLog => return source.formats.iter().filter_map(|format| written_by(format)).collect(),
    };
    vec![by_kind]
}

fn written_by(format: &str) -> Option<Source> {
    Some(match format {
        "fortigate" | "sophos" => Source::FirewallSessions,
        "filterlog" | "netfilter" | "cef" => Source::FirewallPackets,
        "dnsmasq" | "unbound" | "adguard" => Source::DnsLog,
        "eve" => Source::Eve,
        "zeek" => Source::Zeek,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(kind: SourceKind, formats: &[&str]) -> Option<BlindSpots> {
        let mut source = SourceState::new(kind, "x".into(), true);
        source.formats = formats.iter().map(|&format| format.to_owned()).collect();
        blind_spots(&source)
    }

    fn kinds(spots: &[BlindSpot]) -> Vec<Kind> {
        spots.iter().flat_map(|spot| spot.kinds.clone()).collect()
    }

    #[test]
    fn all_packets_hide_nothing_and_a_dns_log_hides_connections() {
        assert_eq!(spots(SourceKind::Interface, &[]), Some(BlindSpots::default()));
        let dns = spots(SourceKind::DnsLog, &["dnsmasq"]).unwrap();
        assert!(kinds(&dns.not).contains(&Kind::Exfiltration) && !kinds(&dns.not).contains(&Kind::Dga));
        assert_eq!(kinds(&dns.partly), [Kind::Indicator, Kind::DnsTunnel]);
        let connections = dns.not.iter().find(|spot| spot.kinds.contains(&Kind::Beacon)).unwrap();
        assert!(connections.kinds.len() > 2 && connections.why.nl.contains("alleen namen"), "{connections:?}");
    }

    #[test]
    fn what_a_firewall_shows_hangs_on_what_came() {
        assert_eq!(spots(SourceKind::FirewallLog, &[]), None);
        let packets = spots(SourceKind::FirewallLog, &["filterlog"]).unwrap();
        assert!(kinds(&packets.not).contains(&Kind::Dga) && kinds(&packets.not).contains(&Kind::Exfiltration));
        let both = spots(SourceKind::FirewallLog, &["filterlog", "unbound"]).unwrap();
        assert!(!kinds(&both.not).contains(&Kind::Dga) && kinds(&both.not).contains(&Kind::Exfiltration));
        let sessions = spots(SourceKind::FirewallLog, &["fortigate"]).unwrap();
        assert!(!kinds(&sessions.not).contains(&Kind::Exfiltration));
        // Who relies on one of these alone is told that a rhythm over 443 opens no case.
        for alone in [sessions, packets, spots(SourceKind::Netflow, &[]).unwrap()] {
            let beacon = alone.partly.iter().find(|spot| spot.kinds.contains(&Kind::Beacon)).unwrap();
            assert!(beacon.why.nl.contains("niet als zaak") && beacon.why.en.contains("443"), "{beacon:?}");
        }
    }

    #[test]
    fn every_format_that_is_read_stands_in_the_table() {
        for format in
            ["eve", "zeek", "dnsmasq", "unbound", "adguard", "fortigate", "sophos", "filterlog", "netfilter", "cef"]
        {
            assert!(written_by(format).is_some(), "{format}");
        }
    }
}
