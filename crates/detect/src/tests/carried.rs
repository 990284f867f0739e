//! What goes through tunnels that leave the network: whose it is.

use wire::event::{Kind as Seen, Login, LoginOutcome, PersonalData, Tunnel};
use wire::{PersonalCategory, PersonalCount, PersonalFound};

use super::*;

const OURS: &str = "10.0.0.7";
const TUNNELS: [Tunnel; 3] = [Tunnel::Gre, Tunnel::IpInIp, Tunnel::Vxlan];

/// The office, in which something is sent as well.
fn sending_office() -> Stream {
    let mut stream = office();
    stream.tls(9_000.0, "10.0.0.1", "192.0.2.80", Some("files.cloud.example"), "system", 2_000_000, 50_000);
    stream
}

#[test]
fn much_through_a_tunnel_is_told_of_the_host_that_sends_it() {
    for tunnel in TUNNELS {
        // Also where the way within begins at the far end.
        for is_called in [false, true] {
            let mut stream = sending_office();
            let (around, within, (sent, received)) = if is_called {
                ((tunnel, EVIL_IP, OURS), ("10.99.0.1", "10.99.0.2", 4444), (90_000, 350_000_000))
            } else {
                ((tunnel, OURS, EVIL_IP), ("10.99.0.2", "10.99.0.1", 4444), (350_000_000, 90_000))
            };
            stream.carried(20_000.0, around, within, vec![], None, sent, received);
            let told = lines(&findings(&stream, ""));
            for expected in [format!("exfiltration high {OURS} {EVIL_IP}"), format!("anonymiser low {OURS} {EVIL_IP}")]
            {
                assert!(told.contains(&expected), "{tunnel:?}, {is_called}: {told:?}");
            }
            assert!(!told.iter().any(|line| line.contains("10.99.")), "{tunnel:?}, {is_called}: {told:?}");
        }
    }
}

#[test]
fn a_rhythm_and_personal_data_in_a_tunnel_are_told_of_the_host_too() {
    for tunnel in TUNNELS {
        let mut stream = sending_office();
        stream.every(60.0, 0.1, 300, |s, at| {
            s.carried(at, (tunnel, OURS, EVIL_IP), ("10.99.0.2", "10.99.0.1", 4444), vec![], None, 200, 80);
        });
        let found = PersonalFound(vec![(PersonalCategory::Bsn, PersonalCount { occurrences: 40, distinct: 40 })]);
        let data = Seen::PersonalData(PersonalData { carrier: "http", is_from_client: true, name: None, found });
        let within = ("10.99.0.2", "10.99.0.1", 80);
        stream.carried(50.0, (tunnel, OURS, EVIL_IP), within, vec![(0.1, data)], Some("http"), 9_000, 300);
        let told = lines(&findings(&stream, ""));
        for kind in ["beacon high", "cleartext_personal_data high"] {
            assert!(told.contains(&format!("{kind} {OURS} {EVIL_IP}")), "{tunnel:?}: {told:?}");
        }
    }
}

/// A place outside that is reached through a tunnel is that place, and the host is ours.
#[test]
fn a_listed_address_behind_a_tunnel_is_told_of_the_host() {
    let mut stream = office();
    let around = (Tunnel::SixInFour, OURS, "198.51.100.99");
    stream.carried(10.0, around, ("2001:db8::5", "2001:db8:bad::1", 443), vec![], Some("tls"), 500, 100);
    let told = lines(&findings(&stream, "2001:db8:bad::1"));
    let is_told = |line: &String| line.starts_with("indicator ") && line.ends_with(&format!(" {OURS} 2001:db8:bad::1"));
    assert!(told.iter().any(is_told), "{told:?}");
}

#[test]
fn tunnels_between_offices_and_of_brokers_are_low_by_themselves() {
    // A router joins two offices: monitoring, files both ways, pages by bare address.
    let mut offices = office();
    for host in 1..=6 {
        let within = format!("10.0.0.{host}");
        offices.every(60.0, 0.01, 300, |s, at| {
            s.carried(at, (Tunnel::Gre, "10.0.0.254", EVIL_IP), (&within, "10.20.0.9", 10_050), vec![], None, 400, 300);
        });
        let around = (Tunnel::Gre, "10.0.0.254", EVIL_IP);
        offices.carried(600.0, around, (&within, "10.20.0.5", 445), vec![], Some("smb"), 90_000_000, 80_000_000);
    }
    check(&offices, "", &[format!("anonymiser low 10.0.0.254 {EVIL_IP}").as_str()]);
    // A broker brings IPv6 to all.
    let mut broker = office();
    for visit in 0..200u32 {
        let within = format!("2001:db8::{}", visit % 8 + 1);
        let place = format!("2a00:1450::{}", visit % 40 + 1);
        let around = (Tunnel::SixInFour, "10.0.0.254", "216.66.84.46");
        let at = f64::from(visit * visit % 7_919) * 3.0;
        broker.carried(at, around, (&within, &place, 443), vec![], Some("tls"), 2_000, 90_000);
    }
    check(&broker, "", &["anonymiser low 10.0.0.254 216.66.84.46"]);
}

#[test]
fn tunnels_at_home_and_strangers_at_the_door_are_silent() {
    let mut stream = office();
    let within = ("10.99.0.2", "10.99.0.1", 4444);
    stream.carried(10.0, (Tunnel::Vxlan, OURS, "10.0.0.9"), within, vec![], None, 350_000_000, 90_000);
    stream.carried(20.0, (Tunnel::Gre, EVIL_IP, OURS), within, vec![], None, 400, 0);
    check(&stream, "", &[]);
}

/// Before it is known that a tunnel joins networks.
#[test]
fn a_log_in_at_another_site_is_none_to_the_outside() {
    for (far, is_told) in [("10.20.0.5", false), ("198.51.100.7", true)] {
        let mut stream = office();
        let login = Seen::Login(Login {
            protocol: "smb",
            mechanism: "NTLM",
            name: None,
            account: Some("j…".into()),
            account_key: 1,
            is_readable: false,
            has_secret: true,
            tries: 1,
            outcome: LoginOutcome::Accepted,
        });
        stream.carried(
            600.0,
            (Tunnel::Gre, OURS, EVIL_IP),
            ("10.99.0.2", far, 445),
            vec![(0.5, login)],
            Some("smb"),
            900,
            900,
        );
        let told = lines(&findings(&stream, ""));
        assert_eq!(told.iter().any(|line| line.starts_with("lateral_movement ")), is_told, "{far}: {told:?}");
    }
}
