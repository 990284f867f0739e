//! When flows begin and end, and what they count.

use wire::Limits;
use wire::event::{FlowEnd, Handshake, Volume};

use crate::build::*;

fn only_flow(frames: &[Made]) -> wire::event::Flow {
    let (events, stats) = run(frames);
    let [flow] = &flows(&events)[..] else { panic!("one flow expected: {:?} {stats:?}", story(&events)) };
    flow.clone()
}

#[test]
fn a_connection_from_handshake_to_goodbye() {
    let mut tcp = Tcp::open(0, 40_000, 9999);
    tcp.send(true, b"12345").send(false, b"123").close();
    let flow = only_flow(&tcp.frames);
    assert_eq!((flow.handshake, flow.end), (Handshake::Established, FlowEnd::Finished));
    assert_eq!(flow.sent, Volume { packets: 5, bytes: 5 * 40 + 5 });
    assert_eq!(flow.received, Volume { packets: 3, bytes: 3 * 40 + 3 });
    assert_eq!((flow.sent_payload, flow.received_payload), (5, 3));
    assert_eq!((flow.client_mac, flow.server_mac), (Some(CLIENT_MAC), Some(SERVER_MAC)));
    assert_eq!((flow.first_at.as_millisecond(), flow.last_at.as_millisecond()), (10, 80));
}

#[test]
fn how_far_a_connection_came() {
    type Row<'a> = (&'a [(bool, &'a str)], Handshake, FlowEnd);
    let table: [Row<'_>; 11] = [
        (&[(true, "S")], Handshake::Attempted, FlowEnd::EndOfInput),
        (&[(true, "S"), (false, "RA")], Handshake::Refused, FlowEnd::Reset),
        (&[(true, "S"), (false, "SA"), (true, "R")], Handshake::Established, FlowEnd::Reset),
        (&[(true, "A"), (false, "A")], Handshake::NotSeen, FlowEnd::EndOfInput),
        (&[(false, "SA"), (true, "A")], Handshake::Established, FlowEnd::EndOfInput),
        // The last of a connection that was there before, and probes without a SYN.
        (&[(true, "FA"), (false, "RA")], Handshake::NotSeen, FlowEnd::Reset),
        (&[(true, "F")], Handshake::Attempted, FlowEnd::EndOfInput),
        (&[(true, "")], Handshake::Attempted, FlowEnd::EndOfInput),
        (&[(true, "FPU"), (true, "FPU")], Handshake::Attempted, FlowEnd::EndOfInput),
        (&[(true, "F"), (false, "RA")], Handshake::Refused, FlowEnd::Reset),
        (
            &[(true, "S"), (false, "SA"), (false, "FA"), (true, "FA"), (true, "R")],
            Handshake::Established,
            FlowEnd::Finished,
        ),
    ];
    for (segments, handshake, end) in table {
        let mut tcp = Tcp::new(0, 40_000, 9999);
        for (to_server, flags) in segments {
            tcp.flags(*to_server, flags);
        }
        let flow = only_flow(&tcp.frames);
        assert_eq!((flow.handshake, flow.end), (handshake, end), "{segments:?}");
        assert_eq!(flow.conversation.client.port, 40_000, "{segments:?}");
    }
}

#[test]
fn where_the_beginning_was_missed_the_ports_tell_client_from_server() {
    let mut tcp = Tcp::new(0, 40_000, 443);
    tcp.send(false, b"x");
    assert_eq!(only_flow(&tcp.frames).conversation.server.port, 443);
    assert_eq!(only_flow(&[udp(0, false, 40_000, 53, b"")]).conversation.server.port, 53);
}

#[test]
fn a_new_syn_on_the_same_ports_begins_a_new_flow() {
    let mut first = Tcp::open(0, 40_000, 9999);
    first.send(true, b"1").close();
    let mut second = Tcp::open(1000, 40_000, 9999);
    second.skip(true, 0);
    // The second connection has numbers of its own.
    let mut frames = first.frames;
    frames.extend(second.frames.into_iter().map(|mut frame| {
        frame.bytes[38] ^= 0x55;
        frame
    }));
    let (events, _) = run(&frames);
    assert_eq!(story(&events), ["0 begins", "0 Finished", "7 begins", "7 EndOfInput"]);
    // A SYN sent twice is still one attempt.
    let mut twice = Tcp::new(0, 40_000, 9999);
    twice.flags(true, "S");
    let again = Made { at: 3000, ..twice.frames[0].clone() };
    assert_eq!(only_flow(&[twice.frames[0].clone(), again]).sent.packets, 2);
}

#[test]
fn packets_just_after_the_goodbye_still_belong_to_it() {
    let mut tcp = Tcp::open(0, 40_000, 9999);
    tcp.close().wait(20_000).flags(true, "R").wait(31_000).flags(true, "R");
    let (events, _) = run(&tcp.frames);
    assert_eq!(story(&events), ["0 begins", "0 Finished", "7 begins", "7 Reset"]);
    assert_eq!(flows(&events)[0].sent.packets, 5);
}

#[test]
fn silence_ends_a_flow_and_so_does_time_that_jumps() {
    let minute = 60_000;
    for second in [10 * minute, -10 * minute] {
        let frames = [udp(0, true, 4000, 5000, b"a"), udp(second, true, 4000, 5000, b"b")];
        let (events, _) = run(&frames);
        assert_eq!(story(&events), ["0 begins", "0 Idle", "1 begins", "1 EndOfInput"], "{second}");
    }
    // Another flow's packet is clock enough.
    let (events, _) = run(&[udp(0, true, 4000, 5000, b"a"), udp(10 * minute, true, 4001, 5000, b"b")]);
    assert_eq!(story(&events), ["0 begins", "0 Idle", "1 begins", "1 EndOfInput"]);
    // A little out of order is no jump.
    let frames = [udp(1000, true, 4000, 5000, b"a"), udp(400, true, 4000, 5000, b"b")];
    let flow = only_flow(&frames);
    assert_eq!((flow.first_at.as_millisecond(), flow.last_at.as_millisecond()), (400, 1000));
}

#[test]
fn a_full_table_lets_the_longest_silent_go_and_counts_it() {
    let frames = [
        udp(0, true, 4000, 5000, b"a"),
        udp(1, true, 4001, 5000, b"b"),
        udp(2, true, 4000, 5000, b"c"),
        udp(3, true, 4002, 5000, b"d"),
    ];
    let (events, stats) = run_with(Limits { flows: 2, ..Limits::default() }, &frames);
    assert_eq!(story(&events), ["0 begins", "1 begins", "1 Evicted", "3 begins", "0 EndOfInput", "3 EndOfInput"]);
    assert_eq!((stats.flows, stats.dropped), (3, 1));
}

#[test]
fn memory_for_unfinished_content_is_bounded_over_all_flows() {
    let mut frames = Vec::new();
    for port in 0..20 {
        let mut tcp = Tcp::open(i64::from(port) * 100, 40_000 + port, 80);
        tcp.send(true, &[&b"GET / HTTP/1.1\r\nX: "[..], &[b'x'; 1000]].concat());
        frames.extend(tcp.frames);
    }
    let (_, stats) = run_with(Limits { buffered_bytes: 10_000, ..Limits::default() }, &frames);
    assert_eq!((stats.flows, stats.dropped), (20, 11));
}

/// As a mirror of several ports gives it: each frame again a little later, from the router's side (a VLAN's tag, other
/// Ethernet addresses, a hop less).
fn mirrored(frames: &[Made], after: i64) -> Vec<Made> {
    let again = |frame: &Made| {
        let mut bytes = [&[9; 12][..], &[0x81, 0, 0, 7], &frame.bytes[12..]].concat();
        let ttl = 14 + 4 + 8;
        bytes[ttl] -= 1;
        made(frame.at + after, frame.link, bytes)
    };
    let mut all: Vec<_> = frames.iter().flat_map(|frame| [frame.clone(), again(frame)]).collect();
    all.sort_by_key(|frame| frame.at);
    all
}

#[test]
fn what_a_mirror_port_gives_twice_counts_once() {
    let mut tcp = Tcp::open(0, 40_000, 9999);
    tcp.send(true, b"12345").send(false, b"123").close();
    let mut frames = tcp.frames;
    frames.extend([
        udp(200, true, 4000, 53, &question(7, "a.example.nl")),
        udp(210, false, 4000, 53, &answer(7, "a.example.nl", 0)),
    ]);
    let once = run(&frames);
    let mut twice = run(&mirrored(&frames, 2));
    assert_eq!((twice.1.packets, twice.1.copies), (2 * once.1.packets, once.1.packets));
    let counts = |events: &[wire::event::Event]| -> Vec<_> {
        flows(events).into_iter().map(|flow| (flow.sent, flow.received, flow.handshake, flow.first_at)).collect()
    };
    assert_eq!(counts(&twice.0), counts(&once.0));
    assert_eq!((twice.1.flows, once.1.copies), (once.1.flows, 0));
    // What is sent again is sent again: it comes later.
    twice = run(&mirrored(&frames[..1], 1000));
    assert_eq!((twice.1.copies, flows(&twice.0)[0].sent.packets), (0, 2));
}
