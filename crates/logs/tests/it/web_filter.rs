//! What web filters tell of readable requests is held against lists of URLs, as a capture of them is.

use std::collections::BTreeSet;

use logs::EveOut;
use logs::lines::{Lines, Settings};

use crate::round_trip::{told, watch};

#[test]
fn a_url_on_a_list_is_found_in_a_web_filters_log() {
    let lines = [
        r#"<189>date=2026-10-19 time=08:00:01 devname="F" devid="FG" logid="0317013312" type="utm" subtype="webfilter" sessionid=7 srcip=192.168.20.21 srcport=4605 dstip=203.0.113.9 dstport=80 proto=6 service="HTTP" hostname="web.example" url="http://web.example/bad/x.exe""#,
        r#"<189>date=2026-10-19 time=08:00:01 devname="F" devid="FG" logid="0317013312" type="utm" subtype="webfilter" sessionid=8 srcip=192.168.20.22 srcport=4605 dstip=203.0.113.10 dstport=80 proto=6 service="HTTP" hostname="203.0.113.10" url="http://203.0.113.10/mal.exe""#,
        r#"<30>device_name="SFW" timestamp="2026-10-19T08:00:05+0200" log_id="050901616001" log_type="Content Filtering" log_component="HTTP" log_subtype="Allowed" url="http://web.example/bad/x.exe" src_ip="192.168.20.23" dst_ip="203.0.113.9" protocol="TCP" src_port=60304 dst_port=80 domain="web.example""#,
    ];
    let mut events = Vec::new();
    let mut reader = Lines::new(Settings::default());
    for line in lines {
        reader.line(1, line.as_bytes(), crate::RECEIVED.parse().unwrap(), &mut |event| events.push(event));
    }
    reader.finish(&mut |event| events.push(event));
    let found = told(&watch(&events, "http://web.example/bad/x.exe\nhttp://203.0.113.10/mal.exe\n"));
    for (host, place) in
        [("192.168.20.21", "web.example"), ("192.168.20.22", "203.0.113.10"), ("192.168.20.23", "web.example")]
    {
        assert!(
            found.iter().any(|one| one.starts_with(&format!("indicator high {host} {place}"))),
            "{host}: {found:?}"
        );
    }
    assert!(!format!("{events:?}").contains("TlsClient"), "{events:?}");
}

/// The end of a session is told under another number, or not at all: what waits for the end of each of these must not wait for
/// ever more of them, and what writes them down loses none.
#[test]
fn a_busy_web_filter_leaves_no_conversations_open() {
    let mut flows = BTreeSet::new();
    let mut out = EveOut::new();
    let mut written = 0;
    let mut reader = Lines::new(Settings::default());
    for number in 0..3_000 {
        let scheme = if number % 3 == 0 { "https" } else { "http" };
        let line = format!(
            r#"<30>device_name="SFW" timestamp="2026-10-19T08:00:05+0200" log_id="050901616001" log_type="Content Filtering" log_component="HTTP" log_subtype="Allowed" url="{scheme}://web.example/{number}" src_ip="192.168.20.23" dst_ip="203.0.113.9" protocol="TCP" src_port=60304 dst_port=80 domain="web.example""#
        );
        reader.line(1, line.as_bytes(), crate::RECEIVED.parse().unwrap(), &mut |event| {
            flows.insert(event.flow);
            written += out.event(&event).len();
        });
    }
    assert_eq!((written + out.finish().len(), flows.len()), (3_000, 1_024));
}
