//! What stands around a line (marks, envelopes, stamps), and what the lines of one sender say of another's.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use logs::{DATAGRAMS, Format, Lines, Settings};
use wire::event::{Event, Kind};

use crate::{RECEIVED, said};

const ALERT: &str = r#"{"timestamp": "2026-10-19T08:00:01.500000+0200","flow_id":7,"event_type":"alert","src_ip":"192.168.20.21","src_port":50001,"dest_ip":"203.0.113.66","dest_port":443,"proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":2034631,"rev":3,"signature":"ET MALWARE Example CnC","category":"Malware","severity":1}}"#;
const PACKET: &str = "kernel: [1.5] [LAN_IN-D-3001]IN=br0 OUT=eth8 MAC= SRC=192.168.20.22 DST=203.0.113.10 LEN=52 PROTO=TCP SPT=50002 DPT=445 SYN URGP=0";

fn received() -> Timestamp {
    RECEIVED.parse().unwrap()
}

/// A firewall that writes UTC and says so nowhere, read as it comes.
#[test]
fn a_senders_lines_in_another_zone_are_moved_once_they_are_known() {
    let start: Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
    let off = |is_live: bool, sender: &str| {
        let mut lines = Lines::new(Settings { is_live, ..Settings::default() });
        let mut off = Vec::new();
        for number in 0..40 {
            let at = start + SignedDuration::from_secs(number * 5);
            for (host, zone) in [("utc", TimeZone::UTC), ("local", TimeZone::get("Europe/Amsterdam").unwrap())] {
                let stamp = at.to_zoned(zone).strftime("%b %e %H:%M:%S").to_string();
                let line = format!(
                    "<4>{stamp} {host} kernel: [LAN-A-1]IN=br0 OUT=eth8 SRC=192.168.20.21 DST=203.0.113.9 LEN=60 PROTO=TCP SPT=50001 DPT=443 SYN"
                );
                lines.line(0, line.as_bytes(), at, &mut |event| {
                    off.extend((host == sender).then(|| at.duration_since(event.at).as_secs()));
                });
            }
        }
        let zones: Vec<_> = lines.zones().map(|(sender, zone)| (sender.to_owned(), zone.seconds())).collect();
        (off.first().copied(), off.last().copied(), zones)
    };
    let found = vec![("utc".to_owned(), 0)];
    assert_eq!(off(true, "utc"), (Some(3_600), Some(0), found.clone()));
    assert_eq!(off(true, "local"), (Some(0), Some(0), found));
    assert_eq!(off(false, "utc"), (Some(3_600), Some(3_600), vec![]));
}

#[test]
fn suricatas_object_is_read_in_every_envelope() {
    let bare = said(ALERT);
    assert!(bare.contains("ET MALWARE Example CnC"), "{bare}");
    for before in [
        "\u{feff}",
        "<141>",
        "<141>1 2026-10-19T08:00:02+02:00 OPNsense.localdomain suricata 4242 - [meta sequenceId=\"7\"] ",
        "<141>1 2026-10-19T08:00:02+02:00 fw suricata 4242 - - \u{feff}",
        "<141>Oct 19 08:00:02 suricata[4242]: ",
        "<141>Oct 19 08:00:02 pfSense suricata[4242]: @cee: ",
        "2026-10-19T08:00:02+02:00 fw ",
    ] {
        let line = format!("{before}{ALERT}");
        assert_eq!(said(&line), bare, "{before}");
        assert_eq!(Format::of_file(line.as_bytes()), Some(Format::Eve), "{before}");
        let moment = Lines::new(Settings::default()).moment(DATAGRAMS, line.as_bytes(), received());
        assert_eq!(moment, Some("2026-10-19T06:00:01.5Z".parse().unwrap()), "{before}");
    }
}

#[test]
fn a_mark_before_a_text_hides_nothing_of_it() {
    let forti = "date=2026-10-19 time=08:00:01 devid=\"F\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" srcip=192.168.20.21 srcport=1 dstip=203.0.113.9 dstport=443 sessionid=7 proto=6 action=\"close\"";
    for (plain, marked) in [
        (forti.to_owned(), format!("<189>\u{feff}{forti}")),
        (forti.to_owned(), format!("<189>1 2026-10-19T08:00:01+02:00 FGT - - - - \u{feff}{forti}")),
        (format!("Oct 19 08:00:01 ow {PACKET}"), format!("\u{feff}Oct 19 08:00:01 ow {PACKET}")),
    ] {
        assert!(said(&plain).contains("192.168.20.2"), "{plain}");
        assert_eq!(said(&marked), said(&plain), "{marked}");
    }
}

#[test]
fn a_line_that_says_no_moment_gives_no_rhythm_but_where_it_is_read_as_it_comes() {
    let filterlog = "filterlog[1]: 4,,,1,igb1,match,pass,in,4,0x0,,64,1,0,DF,6,tcp,60,192.168.20.21,203.0.113.9,50001,443,0,S,1,,64240,,mss";
    let cef = "CEF:0|A|B|1|2|c|3|src=192.168.20.21 spt=1 dst=203.0.113.9 dpt=25 proto=TCP act=blocked";
    let forti = "devid=\"F\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" srcip=192.168.20.21 srcport=1 dstip=203.0.113.9 dstport=443 sessionid=7 proto=6 action=\"close\"";
    let table = [
        ("Mon Oct 19 08:00:00 2026 kern.warn ", 1, "2026-10-19T06:00:00Z", true),
        ("<4>Oct 19 08:00:00 ow ", 1, "2026-10-19T06:00:00Z", true),
        ("", 1, RECEIVED, false),
        ("", DATAGRAMS, RECEIVED, true),
    ];
    for message in [PACKET, filterlog, cef, forti] {
        for (before, stream, at, is_timed) in table {
            let line = format!("{before}{message}");
            let mut events: Vec<Event> = Vec::new();
            let mut lines = Lines::new(Settings::default());
            lines.line(stream, line.as_bytes(), received(), &mut |event| events.push(event));
            let [Event { kind: Kind::FlowEnded(flow), .. }] = &events[..] else { panic!("{line}: {events:?}") };
            let at: Timestamp = at.parse().unwrap();
            assert_eq!((flow.first_at, flow.last_at, flow.is_timed), (at, at, is_timed), "{line}");
        }
    }
}

#[test]
fn a_header_in_a_datagram_says_nothing_of_what_others_send() {
    let good = format!("<4>Oct 19 08:00:02 UDM {PACKET}");
    for (stream, header, after) in [(DATAGRAMS, None, Some(Format::Netfilter)), (7, Some(Format::Zeek), None)] {
        let mut lines = Lines::new(Settings::default());
        let mut read = |line: &str| lines.line(stream, line.as_bytes(), received(), &mut |_| {});
        for line in ["#separator \\x09", "#fields\tts\tid.orig_h\tproto"] {
            assert_eq!(read(line), header, "{stream}: {line}");
        }
        assert_eq!(read(&good), after, "{stream}");
        assert_eq!(lines.counters().unknown, if header.is_some() { 1 } else { 2 }, "{stream}");
        // What a connection said of itself goes with it.
        lines.closed(stream);
        assert_eq!(lines.line(stream, good.as_bytes(), received(), &mut |_| {}), Some(Format::Netfilter), "{stream}");
    }
}
