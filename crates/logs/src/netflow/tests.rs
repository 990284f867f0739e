//! Export packets put together byte by byte, and what must come of them.

mod directions;
mod events;
mod exporters;
mod sets;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};

use jiff::Timestamp;
use wire::event::{Event, Flow, FlowEnd, Handshake, Kind, Transport};

use super::{Collector, Why};

const EXPORTER: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::new(192, 168, 20, 1), 50_001));
const SYN: u8 = 0x02;
const ALL: u8 = 0x1b;
/// 2026-10-19T08:00:00Z, and the exporter's uptime then: a day.
const SENT: u32 = 1_792_396_800;
const UPTIME: u32 = 86_400_000;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(i64::from(SENT) + second).unwrap()
}

/// One direction of a conversation, times in milliseconds before the packet was sent.
#[derive(Clone, Copy)]
struct One {
    from: ([u8; 4], u16),
    to: ([u8; 4], u16),
    packets: u32,
    bytes: u32,
    began: u32,
    ended: u32,
    flags: u8,
    protocol: u8,
}

const CLIENT: ([u8; 4], u16) = ([192, 168, 20, 21], 50_000);
const SERVER: ([u8; 4], u16) = ([203, 0, 113, 9], 443);
const OUT: One =
    One { from: CLIENT, to: SERVER, packets: 10, bytes: 1_400, began: 5_000, ended: 1_000, flags: ALL, protocol: 6 };
const BACK: One = One { from: SERVER, to: CLIENT, packets: 12, bytes: 9_480, began: 4_990, ..OUT };

fn v5(flows: &[One], sampling: u16, uptime: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(5u16.to_be_bytes());
    bytes.extend((flows.len() as u16).to_be_bytes());
    for part in [uptime, SENT, 0, 7] {
        bytes.extend(part.to_be_bytes());
    }
    bytes.extend([0, 0]);
    bytes.extend(sampling.to_be_bytes());
    for one in flows {
        bytes.extend(one.from.0);
        bytes.extend(one.to.0);
        bytes.extend([0; 8]);
        for part in [one.packets, one.bytes, uptime.wrapping_sub(one.began), uptime.wrapping_sub(one.ended)] {
            bytes.extend(part.to_be_bytes());
        }
        bytes.extend(one.from.1.to_be_bytes());
        bytes.extend(one.to.1.to_be_bytes());
        bytes.extend([0, one.flags, one.protocol, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    bytes
}

/// A set with its header.
fn set(id: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = id.to_be_bytes().to_vec();
    bytes.extend((content.len() as u16 + 4).to_be_bytes());
    bytes.extend(content);
    bytes
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn v9(records: u16, domain: u32, sets: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = words(&[9, records]);
    for part in [UPTIME, SENT, 7, domain] {
        bytes.extend(part.to_be_bytes());
    }
    bytes.extend(sets.concat());
    bytes
}

fn ipfix(domain: u32, sets: &[Vec<u8>]) -> Vec<u8> {
    let content = sets.concat();
    let mut bytes = words(&[10, content.len() as u16 + 16]);
    for part in [SENT, 7, domain] {
        bytes.extend(part.to_be_bytes());
    }
    bytes.extend(content);
    bytes
}

/// Addresses, ports, protocol, flags, packets, bytes, first and last by uptime: what nearly every exporter sends.
const COMMON: [u16; 20] = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 2, 4, 1, 4, 22, 4, 21, 4];

fn common(one: &One) -> Vec<u8> {
    let mut bytes = one.from.0.to_vec();
    bytes.extend(one.to.0);
    bytes.extend(one.from.1.to_be_bytes());
    bytes.extend(one.to.1.to_be_bytes());
    bytes.extend([one.protocol, one.flags]);
    for part in [one.packets, one.bytes, UPTIME - one.began, UPTIME - one.ended] {
        bytes.extend(part.to_be_bytes());
    }
    bytes
}

fn template(id: u16, fields: &[u16]) -> Vec<u8> {
    let mut content = words(&[id, fields.len() as u16 / 2]);
    content.extend(words(fields));
    content
}

fn flows(packets: &[(Timestamp, Vec<u8>)]) -> Vec<Flow> {
    let mut collector = Collector::new(1);
    let mut events: Vec<Event> = Vec::new();
    for (received_at, bytes) in packets {
        collector.packet(EXPORTER, bytes, *received_at, &mut |event| events.push(event));
    }
    collector.finish(&mut |event| events.push(event));
    let flow = |event: Event| match event.kind {
        Kind::FlowEnded(flow) => *flow,
        other => panic!("{other:?}"),
    };
    events.into_iter().map(flow).collect()
}

fn only(packets: &[(Timestamp, Vec<u8>)]) -> Flow {
    let all = flows(packets);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

#[test]
fn two_directions_become_one_conversation_whose_client_is_who_began() {
    for order in [[OUT, BACK], [BACK, OUT]] {
        let flow = only(&[(at(0), v5(&order, 0, UPTIME))]);
        assert_eq!((flow.conversation.client.port, flow.conversation.server.port), (50_000, 443));
        assert_eq!((flow.sent.bytes, flow.received.bytes, flow.received.packets), (1_400, 9_480, 12));
        assert_eq!((flow.sent_payload, flow.received_payload), (1_000, 9_000));
        assert_eq!((flow.first_at, flow.last_at), (at(-5), at(-1)));
        assert_eq!((flow.handshake, flow.end), (Handshake::Established, FlowEnd::Finished));
    }
}

#[test]
fn who_is_called_follows_from_flags_ports_and_time() {
    let high = ([203, 0, 113, 9], 50_100);
    let between_high = |began| One { to: high, ..OUT_AT(began) };
    #[allow(non_snake_case, reason = "reads as the constant it varies")]
    fn OUT_AT(began: u32) -> One {
        One { began, ..OUT }
    }
    // (what is told, the client's port, the handshake)
    let table = [
        (vec![One { flags: SYN, packets: 2, ..OUT }], 50_000, Handshake::Attempted),
        (vec![One { flags: SYN, ..OUT }, One { flags: 0x14, packets: 1, ..BACK }], 50_000, Handshake::Refused),
        (vec![BACK], 50_000, Handshake::Established),
        (
            vec![between_high(5_000), One { from: high, to: CLIENT, began: 4_000, ..OUT }],
            50_000,
            Handshake::Established,
        ),
        (
            vec![between_high(4_000), One { from: high, to: CLIENT, began: 5_000, ..OUT }],
            50_100,
            Handshake::Established,
        ),
        (vec![One { flags: 0x10, ..OUT }, One { flags: 0x10, ..BACK }], 50_000, Handshake::NotSeen),
    ];
    for (told, client, handshake) in table {
        let flow = only(&[(at(0), v5(&told, 0, UPTIME))]);
        assert_eq!((flow.conversation.client.port, flow.handshake), (client, handshake));
    }
}

#[test]
fn the_pieces_of_a_long_connection_are_one_connection() {
    let mut packets = Vec::new();
    for piece in 0..12 {
        let sent = SENT + piece * 1_800;
        let flags = if piece == 0 { SYN | 0x18 } else { 0x18 };
        let one = |one: One| One { began: 1_799_000, ended: 0, flags, ..one };
        let mut bytes = v5(&[one(OUT), one(BACK)], 0, UPTIME + piece * 1_800_000);
        bytes[8..12].copy_from_slice(&sent.to_be_bytes());
        packets.push((at(i64::from(piece) * 1_800), bytes));
    }
    let flow = only(&packets);
    assert_eq!(flow.sent.bytes, 12 * 1_400);
    assert_eq!(flow.last_at.duration_since(flow.first_at).as_secs(), 12 * 1_800 - 1);
}

#[test]
fn the_same_ports_again_after_the_goodbye_are_another_connection() {
    let mut later = v5(&[OUT, BACK], 0, UPTIME);
    later[8..12].copy_from_slice(&(SENT + 20).to_be_bytes());
    assert_eq!(flows(&[(at(0), v5(&[OUT, BACK], 0, UPTIME)), (at(20), later)]).len(), 2);
}

#[test]
fn a_conversation_is_told_once_nothing_more_is_expected() {
    let mut collector = Collector::new(1);
    let mut told = 0;
    collector.packet(EXPORTER, &v5(&[OUT, BACK], 0, UPTIME), at(0), &mut |_| told += 1);
    collector.quiet(at(30), &mut |_| told += 1);
    assert_eq!(told, 0);
    collector.quiet(at(61), &mut |_| told += 1);
    assert_eq!((told, collector.counters().open), (1, 0));
}

#[test]
fn what_a_second_interface_tells_again_is_not_counted_twice() {
    let flow = only(&[(at(0), v5(&[OUT, BACK, OUT, BACK], 0, UPTIME))]);
    assert_eq!((flow.sent.packets, flow.received.packets), (10, 12));
}

#[test]
fn the_uptime_counter_may_have_started_again() {
    let flow = only(&[(at(0), v5(&[OUT, BACK], 0, 3_000))]);
    assert_eq!((flow.first_at, flow.last_at), (at(-5), at(-1)));
}

/// A packet of version 5 whose header shows that time.
fn showing(sent: u32, uptime: u32, flows: &[One]) -> Vec<u8> {
    let mut bytes = v5(flows, 0, uptime);
    bytes[8..12].copy_from_slice(&sent.to_be_bytes());
    bytes
}

#[test]
fn an_exporter_whose_clock_cannot_be_is_read_by_receipt_less_the_records_own_age_and_that_is_counted() {
    let year = 366 * 86_400;
    // (what its clock shows, whether that is believed)
    let table = [
        (0, false),
        (86_400, false),
        (SENT - 25 * 3_600, false),
        (SENT + 3 * year, false),
        (u32::MAX, false),
        (SENT - 23 * 3_600, true),
        (SENT + 23 * 3_600, true),
        (SENT, true),
    ];
    for (sent, is_believed) in table {
        let mut collector = Collector::new(1);
        let mut told = Vec::new();
        collector.packet(EXPORTER, &showing(sent, UPTIME, &[OUT, BACK]), at(0), &mut |event| told.push(event));
        collector.finish(&mut |event| told.push(event));
        let Kind::FlowEnded(flow) = &told[0].kind else { panic!("{told:?}") };
        let received = if is_believed { i64::from(sent) - i64::from(SENT) } else { 0 };
        assert_eq!((flow.first_at, flow.last_at), (at(received - 5), at(received - 1)), "{sent}");
        assert!(flow.is_timed, "its ages hold");
        let disbeliefs: Vec<_> = collector.disbeliefs().collect();
        if is_believed {
            assert_eq!(disbeliefs, [], "{sent}");
        } else {
            let (exporter, one) = disbeliefs[0];
            assert_eq!((exporter, one.why, one.heard_at, one.records), (EXPORTER.ip(), Why::Off, at(0), 2));
            assert_eq!(one.said.map(Timestamp::as_second), Some(sent.into()));
        }
    }
}

#[test]
fn a_router_whose_clock_is_ahead_and_that_falls_silent_holds_up_no_other() {
    let other: SocketAddr = "192.168.21.1:50001".parse().unwrap();
    let ping = |host: u8| One { from: ([192, 168, 20, host], 0), to: (SERVER.0, 0), protocol: 1, ..OUT };
    for ahead in [5 * 3_600, 9 * 60] {
        let mut collector = Collector::new(1);
        let mut told = Vec::new();
        collector.packet(other, &showing(SENT + ahead, UPTIME, &[ping(9)]), at(0), &mut |event| told.push(event));
        collector.packet(EXPORTER, &showing(SENT + 1, UPTIME, &[ping(21)]), at(1), &mut |event| told.push(event));
        assert_eq!(told.len(), 0);
        collector.quiet(at(121), &mut |event| told.push(event));
        assert_eq!(told.len(), 2, "{ahead}: two minutes after the last word of a ping nothing more is expected");
        assert_eq!(collector.counters().open, 0);
    }
}

#[test]
fn a_clock_that_stands_still_is_not_believed_after_a_minute() {
    // (what the clock shows at each minute, uptime too; whether its ages still hold)
    for (sent, still_uptime, is_timed) in [(SENT, false, true), (SENT, true, false), (0, true, false)] {
        let packets: Vec<_> = (0..10u32)
            .map(|minute| {
                let uptime = if still_uptime { UPTIME } else { UPTIME + minute * 60_000 };
                let one = One { from: (CLIENT.0, 50_000 + minute as u16), ..OUT };
                (at(i64::from(minute) * 60), showing(sent, uptime, &[one]))
            })
            .collect();
        let told = flows(&packets);
        let last = told.iter().max_by_key(|flow| flow.conversation.client.port).unwrap();
        assert_eq!((last.last_at, last.is_timed), (at(540 - i64::from(is_timed)), is_timed), "{sent} {still_uptime}");
        let mut collector = Collector::new(1);
        packets.iter().for_each(|(received_at, bytes)| collector.packet(EXPORTER, bytes, *received_at, &mut |_| {}));
        let (_, one) = collector.disbeliefs().next().unwrap();
        assert_eq!((one.why, one.heard_at), (Why::Still, at(540)));
        assert!(one.records >= 9);
    }
}

#[test]
fn records_that_do_not_say_when_or_something_impossible_are_of_their_receipt_without_a_rhythm() {
    // A field of 8 bytes in milliseconds: begin and end. The header is right.
    let fields = words(&[8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 2, 4, 1, 4, 152, 8, 153, 8]);
    let template = [words(&[320, 10]), fields].concat();
    let data = |first: u64, last: u64| {
        let mut bytes = common(&OUT)[..22].to_vec();
        bytes.extend(first.to_be_bytes());
        bytes.extend(last.to_be_bytes());
        ipfix(5, &[set(2, &template), set(320, &bytes)])
    };
    let now = at(0).as_millisecond() as u64;
    let year = 366 * 86_400 * 1_000;
    // (begin, end, how many seconds it lasted, whether the record says when)
    let table = [
        (now - 9_000, now - 1_000, 8, true),
        (0, 0, 0, false),
        (3_600_000, 3_608_000, 8, false),
        (now + year, now + year + 8_000, 8, false),
        (3_600_000, now - 1_000, 0, true),
        (now - 9_000, now + year, 0, false),
    ];
    for (first, last, seconds, is_timed) in table {
        let mut collector = Collector::new(1);
        let mut told = Vec::new();
        collector.packet(EXPORTER, &data(first, last), at(0), &mut |event| told.push(event));
        collector.finish(&mut |event| told.push(event));
        let Kind::FlowEnded(flow) = &told[0].kind else { panic!("{told:?}") };
        let end = if is_timed { at(-1) } else { at(0) };
        assert_eq!(flow.last_at, end, "{first} {last}");
        assert_eq!(flow.last_at.duration_since(flow.first_at).as_secs(), seconds, "{first} {last}");
        assert_eq!(flow.is_timed, is_timed, "{first} {last}");
        let why: Vec<_> = collector.disbeliefs().map(|(_, one)| (one.why, one.records)).collect();
        assert_eq!(why, if is_timed { vec![] } else { vec![(Why::Records, 1)] }, "{first} {last}");
    }
    // Version 5 with nothing but zeros for its moments.
    let zeros = One { began: UPTIME, ended: UPTIME, ..OUT };
    let flow = only(&[(at(0), v5(&[zeros], 0, UPTIME))]);
    assert_eq!((flow.first_at, flow.last_at, flow.is_timed), (at(0), at(0), false));
}

#[test]
fn sampled_packets_are_reckoned_back_and_prove_no_refusal() {
    let flow = only(&[(at(0), v5(&[One { flags: SYN, packets: 1, bytes: 40, ..OUT }], 0x4000 | 100, UPTIME))]);
    assert_eq!((flow.sent.packets, flow.sent.bytes, flow.handshake), (100, 4_000, Handshake::NotSeen));
}

#[test]
fn a_sampling_rate_told_in_options_counts_for_all_records_of_that_source_id() {
    // Scope: the system (1), four bytes; sampling interval (34) and algorithm (35).
    let mut options = words(&[400, 4, 8, 1, 4, 34, 4, 35, 1]);
    options.extend([0, 0]);
    let data = [[0, 0, 0, 1], [0, 0, 3, 232], [1, 0, 0, 0]].concat();
    let first = v9(2, 1, &[set(1, &options), set(400, &data)]);
    let templated = v9(2, 1, &[set(0, &template(300, &COMMON)), set(300, &common(&OUT))]);
    let elsewhere = v9(2, 2, &[set(0, &template(300, &COMMON)), set(300, &common(&OUT))]);
    assert_eq!(only(&[(at(0), first.clone()), (at(0), templated)]).sent.packets, 10_000);
    assert_eq!(only(&[(at(0), first), (at(0), elsewhere)]).sent.packets, 10);
}

#[test]
fn a_template_belongs_to_its_source_id_and_exporter() {
    let other: [u16; 20] = [12, 4, 8, 4, 7, 2, 11, 2, 4, 1, 6, 1, 2, 4, 1, 4, 22, 4, 21, 4];
    let mut collector = Collector::new(1);
    let mut clients = Vec::new();
    let mut sink = |event: Event| clients.push(event.conversation.client.ip.to_string());
    collector.packet(EXPORTER, &v9(1, 1, &[set(0, &template(300, &COMMON))]), at(0), &mut sink);
    collector.packet(EXPORTER, &v9(1, 2, &[set(0, &template(300, &other))]), at(0), &mut sink);
    let knock = common(&One { flags: SYN, ..OUT });
    collector.packet(EXPORTER, &v9(1, 1, &[set(300, &knock)]), at(0), &mut sink);
    collector.packet(EXPORTER, &v9(1, 2, &[set(300, &knock)]), at(0), &mut sink);
    collector.packet("192.168.20.2:50001".parse().unwrap(), &v9(1, 1, &[set(300, &knock)]), at(0), &mut sink);
    collector.finish(&mut sink);
    clients.sort_unstable();
    assert_eq!(clients, ["192.168.20.21", "203.0.113.9"]);
    assert_eq!(collector.counters().without_template, 1);
}

#[test]
fn ipfix_with_variable_lengths_foreign_fields_and_both_directions_is_read() {
    // Addresses, ports, protocol; milliseconds; a variable name; an enterprise's field; both volumes (RFC 5103).
    let mut fields = words(&[8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 152, 8, 153, 8, 82, 65_535, 0x8000 | 77, 3]);
    fields.extend(9_999u32.to_be_bytes());
    fields.extend(words(&[2, 4, 1, 4, 136, 1]));
    for reverse in [2, 1] {
        fields.extend(words(&[0x8000 | reverse, 4]));
        fields.extend(29_305u32.to_be_bytes());
    }
    let mut content = words(&[310, 14]);
    content.extend(fields);
    let mut data = [CLIENT.0, SERVER.0].concat();
    data.extend(words(&[CLIENT.1, 53]));
    data.push(17);
    for second in [-9, -8] {
        data.extend((at(second).as_millisecond() as u64).to_be_bytes());
    }
    data.extend([4, b'e', b't', b'h', b'0', 1, 2, 3]);
    for count in [3u32, 300] {
        data.extend(count.to_be_bytes());
    }
    data.push(1);
    for count in [4u32, 999] {
        data.extend(count.to_be_bytes());
    }
    let flow = only(&[(at(0), ipfix(5, &[set(2, &content), set(310, &data)]))]);
    assert_eq!((flow.conversation.transport, flow.conversation.server.port), (Transport::Udp, 53));
    assert_eq!((flow.sent.bytes, flow.received.bytes, flow.received.packets), (300, 999, 4));
    assert_eq!((flow.first_at, flow.last_at, flow.handshake), (at(-9), at(-8), Handshake::NotSeen));
}

#[test]
fn a_ping_is_one_conversation_whose_client_asked() {
    let ask = One { from: (CLIENT.0, 0), to: (SERVER.0, 0x0800), protocol: 1, flags: 0, ..OUT };
    let answer = One { from: (SERVER.0, 0), to: (CLIENT.0, 0), protocol: 1, flags: 0, ..OUT };
    let flow = only(&[(at(0), v5(&[answer, ask], 0, UPTIME))]);
    assert_eq!((flow.application, flow.conversation.client.ip), (Some("ping"), IpAddr::from(CLIENT.0)));
}

#[test]
fn what_is_no_export_is_counted_and_passed_over() {
    let mut collector = Collector::new(1);
    let mut told = 0;
    let whole = v5(&[OUT, BACK], 0, UPTIME);
    for length in 0..whole.len() {
        collector.packet(EXPORTER, &whole[..length], at(0), &mut |_| told += 1);
    }
    collector.packet(EXPORTER, &[0xff; 1_500], at(0), &mut |_| told += 1);
    assert_eq!((told, collector.counters().open), (0, 0));
    assert_eq!(collector.counters().malformed, collector.counters().packets);
}

#[test]
fn a_flood_of_exporters_and_conversations_is_bounded() {
    let mut collector = Collector::new(1);
    let mut told = 0u64;
    for number in 0..80_000u32 {
        let from = ([10, 0, (number >> 8) as u8, number as u8], (number >> 16) as u16 + 40_000);
        let bytes = v5(&[One { from, flags: 0x18, ..OUT }], 0, UPTIME);
        collector.packet(EXPORTER, &bytes, at(0), &mut |_| told += 1);
    }
    for number in 0..1_000u32 {
        let bytes = v9(1, number, &[set(0, &template(300, &COMMON))]);
        collector.packet(EXPORTER, &bytes, at(0), &mut |_| told += 1);
    }
    let counters = collector.counters();
    assert_eq!(told + counters.open, 80_000, "nothing is lost, some is told early");
    assert!(counters.open <= 65_536 && collector.exporters.known.len() <= 256);
}
