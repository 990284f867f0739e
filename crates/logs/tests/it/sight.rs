//! The table of what each source shows, held against the same traffic in the form of each source.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use detect::sight::{Sight, Source};
use detect::{Findings, Kind as Found};
use jiff::{SignedDuration, Timestamp};
use logs::lines::{Lines, Settings};
use logs::netflow::Collector;
use office::{Infection, Plan};
use wire::event::{
    Conversation, Dns, DnsData, Endpoint, Event, Flow, FlowEnd, FlowId, Handshake, Kind, Transport, Volume,
};

use crate::round_trip::{events, through_eve, through_zeek, watch};

const HOST: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 20, 200));
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sensor-sources.md");
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pcap");

/// The office's day with an upload large enough to stand out, and two more hosts that have all of this: a connection held
/// for eight hours, a sweep of the internet, data in names; names made by algorithm.
fn office() -> (Vec<Event>, String) {
    let infection = Infection { upload_bytes: 2_000_000_000, ..Infection::default() };
    let plan = Plan { infection: Some(infection), ..Plan::default() };
    let mut all = events(&office::capture(&plan));
    let start = plan.start;
    let mut next = 1 << 40;
    let mut put = |event: Event| all.push(event);
    let mut id = || {
        next += 1;
        FlowId(next)
    };
    put(flow(id(), start, 8 * 3_600, [203, 0, 113, 200], 8_443, Handshake::Established, 90_000));
    for number in 0..60u8 {
        put(flow(
            id(),
            after(start, 600 + i64::from(number)),
            0,
            [198, 51, 100, number + 60],
            445,
            Handshake::Attempted,
            60,
        ));
    }
    let letters = b"bcdfghjklmnpqrstvwxz0123456789";
    let mut state = 7u64;
    let mut drawn = |length: usize| -> String {
        (0..length)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                char::from(letters[(state >> 33) as usize % letters.len()])
            })
            .collect()
    };
    for number in 0..40 {
        put(question(id(), 201, after(start, 1_200 + number * 20), &format!("{}.com", drawn(14)), "A", "NXDOMAIN"));
    }
    for number in 0..600 {
        let name = format!("{}.{}.t.tunnel.example", drawn(50), drawn(50));
        put(question(id(), 200, after(start, 3_000 + number), &name, "TXT", "NOERROR"));
    }
    all.sort_by_key(|event| event.at);
    (all, office::threat_list(&plan))
}

fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at + SignedDuration::from_secs(seconds)
}

fn flow(
    id: FlowId,
    first_at: Timestamp,
    seconds: i64,
    to: [u8; 4],
    port: u16,
    handshake: Handshake,
    bytes: u64,
) -> Event {
    let conversation = Conversation {
        transport: Transport::Tcp,
        client: Endpoint { ip: HOST, port: 50_000 + (id.0 % 10_000) as u16 },
        server: Endpoint { ip: to.into(), port },
    };
    let is_open = handshake == Handshake::Established;
    let volume = |bytes| Volume { packets: bytes / 60, bytes };
    let flow = Flow {
        id,
        conversation,
        client_mac: None,
        server_mac: None,
        vlan: None,
        first_at,
        last_at: after(first_at, seconds),
        is_timed: true,
        sent: volume(bytes),
        received: if is_open { volume(bytes) } else { Volume::default() },
        sent_payload: 0,
        received_payload: 0,
        handshake,
        end: if is_open { FlowEnd::Finished } else { FlowEnd::Idle },
        application: None,
        name: None,
    };
    Event { at: flow.last_at, flow: id, conversation, kind: Kind::FlowEnded(Box::new(flow)) }
}

fn question(flow: FlowId, host: u8, at: Timestamp, name: &str, kind: &str, code: &str) -> Event {
    let conversation = Conversation {
        transport: Transport::Udp,
        client: Endpoint { ip: [192, 168, 20, host].into(), port: 50_000 },
        server: Endpoint { ip: [192, 168, 20, 1].into(), port: 53 },
    };
    let answers = if kind == "TXT" {
        vec![wire::event::DnsAnswer {
            name: name.to_owned(),
            kind: kind.to_owned(),
            ttl: 60,
            data: DnsData::Other(200),
        }]
    } else {
        Vec::new()
    };
    let dns = Dns {
        name: name.to_owned(),
        kind: kind.to_owned(),
        transaction: 7,
        answered_at: Some(at),
        code: Some(code.to_owned()),
        answers,
    };
    Event { at, flow, conversation, kind: Kind::Dns(dns) }
}

/// The conversations that a router or firewall passes on: those that leave the office.
fn leaving(events: &[Event]) -> impl Iterator<Item = &Flow> {
    let is_home = |ip: IpAddr| detect::private_ranges().iter().any(|range| range.contains(ip));
    events.iter().filter_map(move |event| match &event.kind {
        Kind::FlowEnded(flow) if is_home(flow.conversation.client.ip) != is_home(flow.conversation.server.ip) => {
            Some(&**flow)
        }
        _ => None,
    })
}

fn read(lines: &[String]) -> Vec<Event> {
    let mut events = Vec::new();
    let mut reader = Lines::new(Settings::default());
    for line in lines {
        reader.line(0, line.as_bytes(), crate::RECEIVED.parse().unwrap(), &mut |event| events.push(event));
    }
    reader.finish(&mut |event| events.push(event));
    events
}

/// Two records a conversation, as NetFlow v5 has them.
fn flow_records(events: &[Event]) -> Vec<Event> {
    flow_records_by(events, |sent_at, uptime| (sent_at.as_second() as u32, uptime))
}

/// The same of a router whose clocks show, at that moment and of that uptime, what `shown` says.
fn flow_records_by(events: &[Event], shown: fn(Timestamp, u32) -> (u32, u32)) -> Vec<Event> {
    let mut collector = Collector::new(1);
    let mut out = Vec::new();
    for flow in leaving(events) {
        let (IpAddr::V4(client), IpAddr::V4(server)) = (flow.conversation.client.ip, flow.conversation.server.ip)
        else {
            continue;
        };
        let sent_at = after(flow.last_at, 1);
        let (seconds, uptime) = shown(sent_at, 2_000_000_000);
        let before = |at: Timestamp| uptime.wrapping_sub((sent_at.as_millisecond() - at.as_millisecond()) as u32);
        let protocol = match flow.conversation.transport {
            Transport::Tcp => 6,
            Transport::Udp => 17,
            _ => continue,
        };
        let (out_flags, back_flags) = match flow.handshake {
            Handshake::Established => (0x1b, 0x1b),
            Handshake::Attempted => (0x02, 0),
            Handshake::Refused => (0x02, 0x14),
            Handshake::NotSeen => (0x18, 0x18),
        };
        let ends = (flow.conversation.client.port, flow.conversation.server.port);
        let records = [
            (client, server, ends.0, ends.1, flow.sent, out_flags),
            (server, client, ends.1, ends.0, flow.received, back_flags),
        ];
        let records: Vec<_> = records.into_iter().filter(|record| record.4.packets > 0).collect();
        let mut packet = Vec::new();
        packet.extend(5u16.to_be_bytes());
        packet.extend((records.len() as u16).to_be_bytes());
        let is_right = i64::from(seconds) == sent_at.as_second();
        let nanoseconds = if is_right { sent_at.subsec_nanosecond() as u32 } else { 0 };
        for part in [uptime, seconds, nanoseconds, 0] {
            packet.extend(part.to_be_bytes());
        }
        packet.extend([0; 4]);
        for (from, to, from_port, to_port, volume, flags) in records {
            packet.extend(from.octets());
            packet.extend(to.octets());
            packet.extend([0; 8]);
            for part in [volume.packets as u32, volume.bytes as u32, before(flow.first_at), before(flow.last_at)] {
                packet.extend(part.to_be_bytes());
            }
            packet.extend(from_port.to_be_bytes());
            packet.extend(to_port.to_be_bytes());
            packet.extend([0, flags, protocol, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        collector.packet(([192, 168, 20, 1], 50_001).into(), &packet, sent_at, &mut |event| out.push(event));
    }
    collector.finish(&mut |event| out.push(event));
    out
}

#[test]
fn a_routers_wrong_clock_changes_nothing_and_one_that_tells_no_time_gives_no_rhythm() {
    let (events, _) = office();
    let told = |events: &[Event]| {
        let beacons = |found: &detect::Detection| found.kind == Found::Beacon;
        let findings = watch(events, "");
        let rhythm: Vec<_> = findings.detections.iter().filter(|one| beacons(one)).cloned().collect();
        (kinds(&findings), rhythm)
    };
    let (right, rhythm) = told(&flow_records(&events));
    assert!(right.contains(&Found::Beacon));
    // Since 1970 from its start, and nine years ahead.
    type Clock = fn(Timestamp, u32) -> (u32, u32);
    let wrong: [Clock; 2] = [
        |sent_at, uptime| ((sent_at.as_second() % 100_000_000) as u32, uptime),
        |sent_at, uptime| (sent_at.as_second() as u32 + 9 * 366 * 86_400, uptime),
    ];
    for wrong in wrong {
        let (found, again) = told(&flow_records_by(&events, wrong));
        assert_eq!(found, right);
        let periods = |all: &[detect::Detection]| {
            all.iter().map(|one| (one.id.clone(), one.evidence.get("period_seconds").cloned())).collect::<Vec<_>>()
        };
        assert_eq!(periods(&again), periods(&rhythm));
    }
    // Always the same time: what remains is when it was received, in the rhythm of the router.
    let (found, rhythm) = told(&flow_records_by(&events, |_, _| (0, 77_000)));
    assert!(rhythm.is_empty(), "{rhythm:#?}");
    assert!(found.contains(&Found::Exfiltration), "amounts are right all the same: {found:?}");
}

fn dns_log(events: &[Event]) -> Vec<Event> {
    let mut lines = Vec::new();
    for (number, event) in events.iter().enumerate() {
        let Kind::Dns(dns) = &event.kind else { continue };
        let at = event
            .at
            .to_zoned(jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap())
            .strftime("%b %d %H:%M:%S")
            .to_string();
        let asker = event.conversation.client.ip;
        let start = format!("{at} dnsmasq[1]: {number} {asker}/40000");
        lines.push(format!("{start} query[{}] {} from {asker}", dns.kind, dns.name));
        let code = dns.code.as_deref().unwrap_or_default();
        if dns.answers.is_empty() && dns.answered_at.is_some() {
            let said = if code == "NOERROR" { "NODATA" } else { code };
            lines.push(format!("{start} reply {} is {said}", dns.name));
        }
        for answer in &dns.answers {
            match &answer.data {
                DnsData::Address(ip) => lines.push(format!("{start} reply {} is {ip}", dns.name)),
                DnsData::Name(_) => lines.push(format!("{start} reply {} is <CNAME>", dns.name)),
                DnsData::Other(length) => lines.push(format!("{start} reply {} is {}", dns.name, "x".repeat(*length))),
            }
        }
    }
    read(&lines)
}

fn firewall_sessions(events: &[Event]) -> Vec<Event> {
    let lines: Vec<String> = leaving(events)
        .enumerate()
        .map(|(number, flow)| {
            let (client, server) = (flow.conversation.client, flow.conversation.server);
            let proto = if flow.conversation.transport == Transport::Tcp { 6 } else { 17 };
            let action = if flow.handshake == Handshake::Attempted { "deny" } else { "close" };
            let mut line = String::new();
            write!(
                line,
                "<189>date=2026-10-19 time=08:00:00 devid=\"FGT1\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" eventtime={} sessionid={number} srcip={} srcport={} dstip={} dstport={} proto={proto} action=\"{action}\" duration={} sentbyte={} rcvdbyte={} sentpkt={} rcvdpkt={}",
                flow.last_at.as_nanosecond(),
                client.ip,
                client.port,
                server.ip,
                server.port,
                flow.last_at.duration_since(flow.first_at).as_secs(),
                flow.sent.bytes,
                flow.received.bytes,
                flow.sent.packets,
                flow.received.packets,
            )
            .unwrap();
            line
        })
        .collect();
    read(&lines)
}

fn firewall_packets(events: &[Event]) -> Vec<Event> {
    let line = |flow: &Flow| {
        let (client, server) = (flow.conversation.client, flow.conversation.server);
        let at = flow.first_at.to_string();
        let action = if flow.handshake == Handshake::Attempted { "block" } else { "pass" };
        let (number, name, rest) = match flow.conversation.transport {
            Transport::Tcp => (6, "tcp", "0,S,1,,64240,,"),
            _ => (17, "udp", "52"),
        };
        format!(
            "<134>1 {at} fw filterlog 1 - - 4,,,1,igb1,match,{action},in,4,0x0,,64,1,0,DF,{number},{name},60,{},{},{},{},{rest}",
            client.ip, server.ip, client.port, server.port
        )
    };
    read(&leaving(events).map(line).collect::<Vec<_>>())
}

fn form(source: Source, events: &[Event]) -> Vec<Event> {
    match source {
        Source::Packets => events.to_vec(),
        Source::FlowRecords => flow_records(events),
        Source::DnsLog => dns_log(events),
        Source::FirewallSessions => firewall_sessions(events),
        Source::FirewallPackets => firewall_packets(events),
        Source::Eve => through_eve(events),
        Source::Zeek => through_zeek(events),
    }
}

fn kinds(findings: &Findings) -> BTreeSet<Found> {
    findings.detections.iter().map(|detection| detection.kind).collect()
}

/// Of what a source shows partly, that which it does not show of this traffic: names only with another log of the same
/// firewall; a rhythm only where the port or the address is odd too, and the office's attacker uses 443.
fn is_in_the_other_part(source: Source, kind: Found) -> bool {
    match source {
        Source::FirewallSessions => matches!(kind, Found::Dga | Found::DnsTunnel),
        Source::FirewallPackets => kind == Found::Beacon,
        _ => false,
    }
}

#[test]
fn the_table_is_true_of_the_office() {
    let (events, mut list) = office();
    // The attacker's address as well, for sources that know no names.
    list.push_str("\n203.0.113.66\n");
    let planted = [
        Found::Indicator,
        Found::Beacon,
        Found::Exfiltration,
        Found::LongConnection,
        Found::Scan,
        Found::Dga,
        Found::DnsTunnel,
    ];
    let mut wrong = Vec::new();
    for source in Source::ALL {
        let found = kinds(&watch(&form(source, &events), &list));
        for kind in planted {
            let is_shown = match source.sight(kind) {
                Sight::Whole => true,
                Sight::Nothing(_) => false,
                Sight::Partly(_) => !is_in_the_other_part(source, kind),
            };
            if found.contains(&kind) != is_shown {
                wrong.push(format!(
                    "{} {}: shown {is_shown}, found {}",
                    source.key(),
                    kind.key(),
                    found.contains(&kind)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_source_cannot_see_never_comes_out_of_it() {
    if !Path::new(CORPUS).exists() {
        println!("skipped: the corpus of captures is not at hand");
        return;
    }
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(CORPUS).unwrap() {
        let path = entry.unwrap().path();
        if !path.extension().is_some_and(|end| end.to_string_lossy().starts_with("pcap")) {
            continue;
        }
        let events = events(&std::fs::read(&path).unwrap());
        for source in Source::ALL {
            for kind in kinds(&watch(&form(source, &events), "")) {
                if matches!(source.sight(kind), Sight::Nothing(_)) {
                    wrong.push(format!("{} {}: {}", path.display(), source.key(), kind.key()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `UPDATE_DOCS=1 cargo test -p logs --test it sight` writes the table in the page again.
#[test]
fn the_page_has_the_table() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (start, end) = ("<!-- table -->\n", "<!-- /table -->");
    let (before, rest) = page.split_once(start).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let wanted = format!("{before}{start}{}{end}{after}", detect::sight::markdown());
    #[expect(clippy::disallowed_methods, reason = "asked for by who runs the test")]
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &wanted).unwrap();
        return;
    }
    assert!(page == wanted, "write {PAGE} again (UPDATE_DOCS=1), and read it");
}
