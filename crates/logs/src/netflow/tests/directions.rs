//! Which end sent what, who began, and which host it was: where exporters say it each in a way of their own.

use super::*;

/// Both directions in one record without TCP flags, as a FortiGate and nProbe tell it: bytes and packets "in" and "out".
const BOTH: [u16; 22] = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 2, 4, 1, 4, 24, 4, 23, 4, 22, 4, 21, 4];

/// (packets, bytes) of what came in and of what went out.
fn both(from: ([u8; 4], u16), to: ([u8; 4], u16), came: (u32, u32), went: (u32, u32)) -> Vec<u8> {
    let mut bytes = [from.0, to.0].concat();
    bytes.extend(words(&[from.1, to.1]));
    bytes.push(6);
    for part in [came.0, came.1, went.0, went.1, UPTIME - 5_000, UPTIME - 1_000] {
        bytes.extend(part.to_be_bytes());
    }
    bytes
}

/// A packet of NetFlow v9, and of IPFIX, with these records.
fn versions(fields: &[u16], records: &[Vec<u8>]) -> [Vec<u8>; 2] {
    let sets = |templates| [set(templates, &template(320, fields)), set(320, &records.concat())];
    [v9(2, 1, &sets(0)), ipfix(1, &sets(2))]
}

#[test]
fn bytes_out_are_the_answer_in_netflow_v9_and_the_same_packets_in_ipfix() {
    use Handshake::{Attempted, Established, NotSeen};
    // (in, out, bytes sent and received and the handshake in NetFlow v9, and in IPFIX)
    let table = [
        ((8, 1_500), (9, 9_000), (1_500, 9_000, Established), (1_500, 0, NotSeen)),
        ((8, 1_500), (8, 1_500), (1_500, 0, NotSeen), (1_500, 0, NotSeen)),
        // Counted on the way out alone.
        ((0, 0), (9, 1_000), (1_000, 0, NotSeen), (1_000, 0, NotSeen)),
        // Without an answer: a knock and its repetitions, or more than a knock.
        ((8, 1_500), (0, 0), (1_500, 0, NotSeen), (1_500, 0, NotSeen)),
        ((3, 180), (0, 0), (180, 0, Attempted), (180, 0, Attempted)),
        ((1, 60), (0, 0), (60, 0, Attempted), (60, 0, Attempted)),
    ];
    for (came, went, in_v9, in_ipfix) in table {
        let packets = versions(&BOTH, &[both(CLIENT, SERVER, came, went)]);
        for (packet, wanted) in packets.into_iter().zip([in_v9, in_ipfix]) {
            let flow = only(&[(at(0), packet)]);
            let shown = (flow.sent.bytes, flow.received.bytes, flow.handshake);
            assert_eq!(shown, wanted, "{came:?} {went:?}");
            assert_eq!(flow.conversation.client.port, CLIENT.1);
        }
    }
}

#[test]
fn a_record_without_a_packet_or_byte_is_counted_and_news_of_a_firewall_is_none() {
    let news = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 233, 1];
    let begun = [both(CLIENT, SERVER, (0, 0), (0, 0))[..13].to_vec(), vec![1]].concat();
    for (fields, record, empty) in [
        (&BOTH[..], both(CLIENT, SERVER, (0, 0), (0, 0)), 1),
        (&BOTH[..], both(CLIENT, SERVER, (1, 60), (0, 0)), 0),
        (&news[..], begun, 0),
    ] {
        let mut collector = Collector::new(1);
        let [packet, _] = versions(fields, &[record]);
        collector.packet(EXPORTER, &packet, at(0), &mut |_| {});
        assert_eq!(collector.counters().empty, empty, "{fields:?}");
    }
}

/// With the destination after translation.
fn translated(one: &One, post: ([u8; 4], u16)) -> Vec<u8> {
    let mut bytes = common(one);
    bytes.extend(post.0);
    bytes.extend(post.1.to_be_bytes());
    bytes
}

#[test]
fn the_host_behind_a_router_that_translates_is_who_it_was_for() {
    let fields = [&COMMON[..], &[226, 4, 228, 2]].concat();
    // The router's outside: an address of the internet's, and one of another router's inside.
    for outside in [[198, 51, 100, 7], [192, 168, 178, 20]] {
        let back = One { to: (outside, 61_000), ..BACK };
        let records = [translated(&OUT, SERVER), translated(&back, CLIENT)];
        for packet in versions(&fields, &records) {
            let flow = only(&[(at(0), packet)]);
            assert_eq!(
                (flow.conversation.client.ip, flow.conversation.client.port),
                (IpAddr::from(CLIENT.0), CLIENT.1)
            );
            assert_eq!((flow.sent.bytes, flow.received.bytes), (1_400, 9_480));
        }
    }
    let outside = ([198, 51, 100, 7], 8_443);
    let inside = ([192, 168, 20, 5], 443);
    let stranger = (SERVER.0, 50_000);
    let asks = |to| One { from: CLIENT, to, protocol: 17, flags: 0, ..OUT };
    // (what is told, where it went after translation, the server)
    let table = [
        // A port that is let in; none that was translated; one that is turned to a resolver of ours.
        (One { from: stranger, to: outside, ..OUT }, inside, inside),
        (One { from: stranger, to: outside, ..OUT }, ([0; 4], 0), outside),
        (asks(([9, 9, 9, 9], 53)), ([192, 168, 20, 1], 53), ([9, 9, 9, 9], 53)),
        // To an address that is nobody's here.
        (asks(([9, 9, 9, 9], 53)), ([9, 9, 9, 8], 53), ([9, 9, 9, 9], 53)),
    ];
    for (one, post, server) in table {
        for packet in versions(&fields, &[translated(&one, post)]) {
            let flow = only(&[(at(0), packet)]);
            assert_eq!(
                (flow.conversation.server.ip, flow.conversation.server.port),
                (IpAddr::from(server.0), server.1)
            );
        }
    }
}

#[test]
fn what_is_home_is_told_by_who_runs_the_sensor() {
    let fields = [&COMMON[..], &[226, 4, 228, 2]].concat();
    let host = ([198, 51, 100, 130], 50_000);
    let back = One { to: ([198, 51, 100, 7], 61_000), ..BACK };
    let [packet, _] = versions(&fields, &[translated(&back, host)]);
    for (home, client) in [("198.51.100.128/25", host.0), ("10.0.0.0/8", [198, 51, 100, 7])] {
        let mut collector = Collector::new(1).with_home(vec![home.parse().unwrap()]);
        let mut clients = Vec::new();
        collector.packet(EXPORTER, &packet, at(0), &mut |_| {});
        collector.finish(&mut |event| clients.push(event.conversation.client.ip));
        assert_eq!(clients, [IpAddr::from(client)]);
    }
}

#[test]
fn who_began_is_who_the_record_says_whatever_the_ports() {
    let (inside, outside) = (CLIENT.0, SERVER.0);
    // Octets of who began and of who answered (231, 232).
    let fields = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 231, 4, 232, 4, 22, 4, 21, 4];
    for (from, to) in [(inside, outside), (outside, inside)] {
        for (port, other) in [(50_000, 60_000), (60_000, 50_000), (443, 50_000)] {
            let whole = both((from, port), (to, other), (0, 1_111), (0, 2_222));
            let record = [&whole[..13], &whole[17..21], &whole[25..]].concat();
            for packet in versions(&fields, std::slice::from_ref(&record)) {
                let flow = only(&[(at(0), packet)]);
                assert_eq!((flow.conversation.client.ip, flow.conversation.client.port), (IpAddr::from(from), port));
                assert_eq!((flow.sent.bytes, flow.received.bytes), (1_111, 2_222));
            }
            let [packet, _] = versions(&BOTH, &[both((from, port), (to, other), (8, 1_500), (9, 9_000))]);
            let flow = only(&[(at(0), packet)]);
            assert_eq!((flow.conversation.client.ip, flow.sent.bytes), (IpAddr::from(from), 1_500));
        }
    }
}

/// Some exporters order the two ends of such a record by their addresses: it says who began where a field does.
#[test]
fn both_directions_of_rfc_5103_say_who_began_where_their_direction_does() {
    let (inside, outside) = ((CLIENT.0, 50_000), (SERVER.0, 50_100));
    let mut fields = words(&[8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 2, 4, 1, 4, 239, 1]);
    for reverse in [2, 1] {
        fields.extend(words(&[0x8000 | reverse, 4]));
        fields.extend(29_305u32.to_be_bytes());
    }
    let content = [words(&[330, 10]), fields].concat();
    // (source, destination, the direction's number, who began)
    let table = [
        (outside, inside, 1, outside),
        (outside, inside, 2, inside),
        (inside, outside, 1, inside),
        (inside, outside, 2, outside),
        // It does not say, nor do ports or moments: most is begun at home.
        (outside, inside, 0, inside),
        (inside, outside, 3, inside),
    ];
    for (from, to, direction, client) in table {
        let whole = both(from, to, (8, 1_500), (9, 9_000));
        let data = [&whole[..21], &[direction], &whole[21..29]].concat();
        let flow = only(&[(at(0), ipfix(5, &[set(2, &content), set(330, &data)]))]);
        assert_eq!((flow.conversation.client.ip, flow.conversation.client.port), (IpAddr::from(client.0), client.1));
        assert_eq!(flow.sent.bytes, if client == from { 1_500 } else { 9_000 });
    }
}

#[test]
fn what_two_routers_tell_of_one_conversation_counts_once() {
    let other: SocketAddr = "192.168.20.2:50001".parse().unwrap();
    let v5_of = |flows: &[One]| v5(flows, 0, UPTIME);
    let ahead = showing(SENT + 20, UPTIME, &[OUT, BACK]);
    let much = One { bytes: 9_000, packets: 99, ..OUT };
    // (packets, bytes both ways of each conversation, records that were told before)
    let table = [
        (vec![(EXPORTER, v5_of(&[OUT, BACK])), (other, v5_of(&[OUT, BACK]))], vec![(1_400, 9_480)], 2),
        (vec![(EXPORTER, v5_of(&[OUT, BACK])), (other, v5_of(&[much]))], vec![(1_400, 9_480)], 1),
        // A way each.
        (vec![(EXPORTER, v5_of(&[OUT])), (other, v5_of(&[BACK]))], vec![(1_400, 9_480)], 0),
        // By another's clock it began after it ended; by its own it is another one.
        (vec![(EXPORTER, v5_of(&[OUT, BACK])), (other, ahead.clone())], vec![(1_400, 9_480)], 2),
        (vec![(EXPORTER, v5_of(&[OUT, BACK])), (EXPORTER, ahead)], vec![(1_400, 9_480); 2], 0),
    ];
    for (number, (packets, wanted, repeated)) in table.into_iter().enumerate() {
        let mut collector = Collector::new(1);
        let mut told = Vec::new();
        let mut sink = |event: Event| {
            if let Kind::FlowEnded(flow) = event.kind {
                told.push((flow.sent.bytes, flow.received.bytes));
            }
        };
        packets.iter().for_each(|(from, bytes)| collector.packet(*from, bytes, at(0), &mut sink));
        collector.finish(&mut sink);
        assert_eq!((told, collector.counters().repeated), (wanted, repeated), "{number}");
    }
}

#[test]
fn selectors_of_ipfix_sample_each_in_its_own_way() {
    // Scope: the selector (302); its method (304), so many counted (305), so many not (306).
    let options = words(&[510, 4, 1, 302, 8, 304, 2, 305, 4, 306, 4]);
    let selector = |number: u64, space: u32| {
        let mut bytes = number.to_be_bytes().to_vec();
        bytes.extend(words(&[1]));
        bytes.extend([1, space].map(u32::to_be_bytes).concat());
        bytes
    };
    let fields = [&COMMON[..], &[302, 8]].concat();
    let record = |number: u64| {
        let from = (CLIENT.0, 50_000 + number as u16);
        [common(&One { from, ..OUT }), number.to_be_bytes().to_vec()].concat()
    };
    let packet = ipfix(
        3,
        &[
            set(3, &options),
            set(510, &[selector(1, 99), selector(2, 9)].concat()),
            set(2, &template(301, &fields)),
            set(301, &[record(1), record(2), record(3)].concat()),
        ],
    );
    let mut told: Vec<_> = flows(&[(at(0), packet)])
        .iter()
        .map(|flow| (flow.conversation.client.port - 50_000, flow.sent.packets))
        .collect();
    told.sort_unstable();
    assert_eq!(told, [(1, 1_000), (2, 100), (3, 10)], "nothing is known of the third");
}
