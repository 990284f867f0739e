//! The office and the corpus's captures, written as EVE and as Zeek's logs, read again: the same detections, but for
//! those that need what the format does not say.

use std::collections::BTreeSet;
use std::path::Path;

use detect::{Findings, ThreatList, Watch};
use logs::lines::{Lines, Settings};
use logs::{EveOut, ZeekLog, ZeekOut};
use office::Plan;
use wire::event::{Conversation, Endpoint, Event, FlowId, HostName, Kind, NameSource, Transport};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pcap");

/// A capture's events, in their order.
pub(crate) fn events(capture: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut tracker = wire::Tracker::default();
    let _ = capture::read_frames(capture, &mut |frame| tracker.frame(frame, &mut |event| events.push(event)));
    tracker.finish(&mut |event| events.push(event));
    events
}

pub(crate) fn watch(events: &[Event], list: &str) -> Findings {
    let intel = [ThreatList::read("list", list.as_bytes()).list].into();
    let mut watch = Watch::new(detect::Settings { intel, ..detect::Settings::default() });
    events.iter().for_each(|event| watch.event(event));
    watch.finish()
}

/// What was found of whom, without what counts and moments say.
pub(crate) fn told(findings: &Findings) -> BTreeSet<String> {
    let one = |one: &detect::Detection| {
        let remote = one.remote.domain.clone().or(one.remote.ip.map(|ip| ip.to_string())).unwrap_or_default();
        format!("{} {} {} {remote}", one.kind.key(), one.severity.key(), one.host.ip)
    };
    findings.detections.iter().map(one).collect()
}

fn read<'a>(lines: impl Iterator<Item = (u32, &'a str)>) -> Vec<Event> {
    let mut events = Vec::new();
    let mut reader = Lines::new(Settings::default());
    let received = crate::RECEIVED.parse().unwrap();
    for (stream, line) in lines {
        let unknown = reader.counters().unknown;
        reader.line(stream, line.as_bytes(), received, &mut |event| events.push(event));
        assert_eq!(reader.counters().unknown, unknown, "every line that we write is one that we read: {line}");
    }
    reader.finish(&mut |event| events.push(event));
    events
}

pub(crate) fn through_eve(events: &[Event]) -> Vec<Event> {
    let mut out = EveOut::new();
    let mut lines: Vec<String> = events.iter().flat_map(|event| out.event(event)).collect();
    lines.extend(out.finish());
    read(lines.iter().map(|line| (0, line.as_str())))
}

/// Each file is a stream, and none is that of datagrams.
fn stream(log: ZeekLog) -> u32 {
    log as u32 + 1
}

/// Through all files, merged by their first column as their reader does.
pub(crate) fn through_zeek(events: &[Event]) -> Vec<Event> {
    let mut out = ZeekOut::new();
    let mut rows: Vec<(ZeekLog, String)> = events.iter().flat_map(|event| out.event(event)).collect();
    rows.extend(out.finish());
    let opened = crate::RECEIVED.parse().unwrap();
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut headers = Lines::new(Settings::default());
    for log in ZeekLog::ALL {
        for line in log.header(opened).lines() {
            headers.line(stream(log), line.as_bytes(), opened, &mut |_| {});
            lines.push((stream(log), line.to_owned()));
        }
    }
    rows.sort_by_key(|(log, row)| headers.moment(stream(*log), row.as_bytes(), opened));
    lines.extend(rows.into_iter().map(|(log, row)| (stream(log), row)));
    lines.push((stream(ZeekLog::Conn), ZeekLog::close(opened).trim().to_owned()));
    read(lines.iter().map(|(log, line)| (*log, line.as_str())))
}

#[test]
fn the_office_comes_out_the_same() {
    let plan = Plan::default();
    let list = office::threat_list(&plan);
    let events = events(&office::capture(&plan));
    let whole = told(&watch(&events, &list));
    assert!(
        whole.iter().any(|line| line.starts_with("beacon")) && whole.iter().any(|line| line.starts_with("indicator"))
    );
    assert_eq!(told(&watch(&through_eve(&events), &list)), whole, "EVE");
    assert_eq!(told(&watch(&through_zeek(&events), &list)), whole, "Zeek");
}

#[test]
fn each_message_of_dhcp_is_written_as_what_it_is() {
    let end = |port| Endpoint { ip: [0, 0, 0, 0].into(), port };
    let conversation = Conversation { transport: Transport::Udp, client: end(68), server: end(67) };
    let told = |message, ip: Option<[u8; 4]>| {
        let (mac, name) = (Some([2, 0, 0, 0, 0, 5]), Some("pc-jan".to_owned()));
        let ip = ip.map(Into::into);
        let told = HostName { source: NameSource::Dhcp, ip, mac, name, kind: None, message: Some(message) };
        let at = crate::RECEIVED.parse().unwrap();
        Event { at, flow: FlowId(0), conversation, kind: Kind::HostName(told) }
    };
    let own = Some([192, 168, 20, 50]);
    let events =
        [told("discover", None), told("request", None), told("ack", own), told("inform", own), told("release", None)];
    let names = |events: &[Event]| -> Vec<HostName> {
        let name = |event: &Event| match &event.kind {
            Kind::HostName(told) => Some(told.clone()),
            _ => None,
        };
        events.iter().filter_map(name).collect()
    };
    assert_eq!(names(&through_eve(&events)), names(&events), "EVE");
    assert_eq!(names(&through_zeek(&events)), names(&events), "Zeek");
    let eve: String = events.iter().flat_map(|event| EveOut::new().event(event)).collect();
    for said in
        [r#""dhcp_type":"ack""#, r#""type":"reply""#, r#""dhcp_type":"discover""#, r#""assigned_ip":"192.168.20.50""#]
    {
        assert!(eve.contains(said), "{said}: {eve}");
    }
    assert!(!eve.contains("requested_ip"), "what a client wishes for is not kept: {eve}");
}

/// Kinds that need more than these formats say: what was typed and sent, what the first bytes of a body are, what other
/// protocols said.
const CONTENT: [&str; 7] = [
    "bruteforce",
    "cleartext_credentials",
    "cleartext_personal_data",
    "lateral_movement",
    "malware_protocol",
    "miner",
    "anonymiser",
];

#[test]
fn the_captures_of_the_corpus_come_out_the_same_where_no_content_is_needed() {
    if !Path::new(CORPUS).exists() {
        println!("skipped: the corpus of captures is not at hand");
        return;
    }
    let mut files: Vec<_> = std::fs::read_dir(CORPUS).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut differ = Vec::new();
    let mut same = 0;
    for path in
        files.iter().filter(|path| path.extension().is_some_and(|end| end.to_string_lossy().starts_with("pcap")))
    {
        let capture = std::fs::read(path).unwrap();
        let events = events(&capture);
        let kept = |findings: &Findings| -> BTreeSet<String> {
            told(findings).into_iter().filter(|line| !CONTENT.iter().any(|kind| line.starts_with(kind))).collect()
        };
        let whole = kept(&watch(&events, ""));
        for (name, again) in [("eve", through_eve(&events)), ("zeek", through_zeek(&events))] {
            let again = kept(&watch(&again, ""));
            same += whole.intersection(&again).count();
            for line in whole.symmetric_difference(&again) {
                let way = if whole.contains(line) { "lost" } else { "new" };
                differ.push(format!("{} {name}: {way}: {line}", path.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    println!("{same} detections the same, {} differ\n{}", differ.len(), differ.join("\n"));
    assert!(differ.is_empty() && same > 0);
}

/// What was asked for, with the status that answered it.
fn exchanges(events: &[Event]) -> BTreeSet<(String, u16)> {
    let mut asked = Vec::new();
    let mut pairs = BTreeSet::new();
    for event in events {
        match &event.kind {
            Kind::HttpRequest(request) => asked.push((event.flow, request.stream, request.path.clone())),
            Kind::HttpResponse(response) => {
                let of = |(flow, stream, _): &&(_, u32, _)| (*flow, *stream) == (event.flow, response.stream);
                let (.., path) = asked.iter().rev().find(of).unwrap();
                pairs.insert((path.clone(), response.status));
            }
            _ => {}
        }
    }
    pairs
}

/// Eight requests at once over HTTP/2, answered in another order.
#[test]
fn requests_on_streams_keep_their_own_answers() {
    let events = events(include_bytes!("../../../capture/tests/cases/h2c.pcap"));
    let pairs = exchanges(&events);
    assert!(pairs.len() == 10 && pairs.contains(&("/geheim".to_owned(), 401)), "{pairs:?}");
    assert_eq!(exchanges(&through_eve(&events)), pairs);
    assert_eq!(exchanges(&through_zeek(&events)), pairs);
}

/// Suricata and Zeek say what was asked with; what we write does not.
#[test]
fn a_query_in_a_log_is_compared_with_lists_and_goes_no_further() {
    let eve = |query: &str| {
        format!(
            r#"{{"timestamp":"2026-10-19T08:00:01.5+0200","flow_id":7,"event_type":"http","src_ip":"192.168.20.21","src_port":50001,"dest_ip":"203.0.113.66","dest_port":80,"proto":"TCP","http":{{"hostname":"site.example","url":"/page.php?{query}","http_method":"GET","status":200}}}}"#
        )
    };
    let zeek = |query: &str| {
        format!(
            "#separator \\x09\n#unset_field\t-\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\n\
             1792389601.5\tC1\t192.168.20.21\t50001\t203.0.113.66\t80\tGET\tsite.example\t/page.php?{query}"
        )
    };
    let list = "https://site.example/page.php?id=77\n";
    for (query, expected) in [("id=77", 1), ("id=78", 0), ("", 0)] {
        for log in [eve(query), zeek(query)] {
            let events = read(log.lines().map(|line| (1, line)));
            assert!(events.iter().any(|event| matches!(event.kind, Kind::HttpRequest(_))), "{log}");
            assert_eq!(watch(&events, list).detections.len(), expected, "{log}");
            let mut out = EveOut::new();
            let mut lines: Vec<String> = events.iter().flat_map(|event| out.event(event)).collect();
            lines.extend(out.finish());
            let mut out = ZeekOut::new();
            let rows = events.iter().flat_map(|event| out.event(event)).collect::<Vec<_>>();
            let written = format!("{lines:?}{rows:?}{:?}", out.finish());
            assert!(written.contains("/page.php") && !written.contains("id="), "{written}");
            assert_eq!(watch(&through_eve(&events), list).detections.len(), 0);
        }
    }
}

/// The firewall's proxy is asked for whole URLs, and so they stand in the log.
#[test]
fn a_url_that_a_proxy_is_asked_for_is_compared_with_lists() {
    for host in ["h.example", ""] {
        let eve = format!(
            r#"{{"timestamp":"2026-10-19T08:00:01.5+0200","flow_id":7,"event_type":"http","src_ip":"192.168.20.21","src_port":50001,"dest_ip":"192.168.20.1","dest_port":3128,"proto":"TCP","http":{{"hostname":"{host}","url":"http://h.example/a.php","http_method":"GET"}}}}"#
        );
        let zeek = format!(
            "#separator \\x09\n#unset_field\t-\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tmethod\thost\turi\n\
             1792389601.5\tC1\t192.168.20.21\t50001\t192.168.20.1\t3128\tGET\t{}\thttp://h.example/a.php",
            if host.is_empty() { "-" } else { host }
        );
        for log in [eve, zeek] {
            let events = read(log.lines().map(|line| (1, line)));
            let asked: Vec<_> = events
                .iter()
                .filter_map(|event| match &event.kind {
                    Kind::HttpRequest(request) => Some((request.host.as_deref(), request.path.as_str())),
                    _ => None,
                })
                .collect();
            assert_eq!(asked, [(Some("h.example"), "/a.php")], "{log}");
        }
    }
}

#[test]
fn an_eve_line_and_a_zeek_row_have_the_published_fields() {
    let events = events(&office::capture(&Plan { hours: 1, workstations: 3, infection: None, ..Plan::default() }));
    let mut out = EveOut::new();
    let lines: Vec<serde_json::Value> =
        events.iter().flat_map(|event| out.event(event)).map(|line| serde_json::from_str(&line).unwrap()).collect();
    let of = |kind: &str| lines.iter().find(|line| line["event_type"] == kind).unwrap_or_else(|| panic!("no {kind}"));
    for kind in ["flow", "dns", "tls", "http"] {
        for field in ["timestamp", "flow_id", "src_ip", "src_port", "dest_ip", "dest_port", "proto", kind] {
            assert!(!of(kind)[field].is_null(), "{kind} {field}");
        }
    }
    for field in [
        "pkts_toserver",
        "pkts_toclient",
        "bytes_toserver",
        "bytes_toclient",
        "start",
        "end",
        "age",
        "state",
        "reason",
        "alerted",
    ] {
        assert!(!of("flow")["flow"][field].is_null(), "flow.{field}");
    }
    for log in ZeekLog::ALL {
        let header = log.header(crate::RECEIVED.parse().unwrap());
        let count = |key: &str| header.lines().find(|line| line.starts_with(key)).unwrap().split('\t').count();
        assert_eq!(count("#fields"), count("#types"), "{header}");
    }
}

#[test]
fn an_alert_of_another_sensor_goes_out_as_it_came_in() {
    let line = r#"{"timestamp":"2026-10-19T08:00:01.500000+0200","flow_id":7,"event_type":"alert","src_ip":"192.168.20.21","src_port":50001,"dest_ip":"203.0.113.66","dest_port":443,"proto":"TCP","alert":{"action":"blocked","gid":1,"signature_id":2034631,"rev":3,"signature":"ET MALWARE Example CnC","category":"Malware Command and Control","severity":1}}"#;
    let came = read([(0, line)].into_iter());
    let Event { kind: wire::event::Kind::Alert(alert), conversation, .. } = &came[0] else { panic!("{came:?}") };
    assert_eq!((alert.severity, alert.is_blocked, alert.id.as_str()), (1, true, "2034631"));
    assert_eq!(conversation.client.ip.to_string(), "192.168.20.21");
    let again = through_eve(&came);
    assert_eq!((&again[0].kind, again[0].conversation, again[0].at), (&came[0].kind, came[0].conversation, came[0].at));
}
