//! Any bytes in, no panic out; the same frames, the same events.

use proptest::prelude::*;
use wire::LinkType;

use crate::build::*;

/// A conversation of every kind, to be damaged.
fn conversation() -> Vec<Made> {
    let mut tls = Tcp::open(0, 40_000, 443);
    tls.send(true, &client_hello("example.nl")).send(false, &server_hello()).close();
    let mut http = Tcp::open(5, 40_001, 80);
    http.send(true, b"POST /a HTTP/1.1\r\nHost: a.nl\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
    http.send(false, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 204 No\r\n\r\n").close();
    let mut http2 = Tcp::open(8, 40_002, 8080);
    http2.send(true, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
    http2.send(true, b"\0\0\x09\x01\x04\0\0\0\x01\x82\x86\x84\x41\x04a.nl\0\0\x03\0\x01\0\0\0\x01abc");
    http2.send(true, b"\0\0\x02\x01\0\0\0\0\x03\x82\x86\0\0\x02\x09\x04\0\0\0\x03\x84\xbe");
    http2.send(false, b"\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\x04\0\0\0\x03\x88\0\0\x06\0\x09\0\0\0\x03\x02abc\0\0").close();
    let mut frames = vec![
        udp(1, true, 4000, 53, &question(7, "a.example.nl")),
        udp(2, false, 4000, 53, &answer(7, "a.example.nl", 0)),
    ];
    frames.extend(tls.frames);
    frames.extend(http.frames);
    frames.extend(http2.frames);
    frames.sort_by_key(|frame| frame.at);
    frames
}

fn link() -> impl Strategy<Value = LinkType> {
    prop_oneof![
        Just(LinkType::Ethernet),
        Just(LinkType::LinuxSll),
        Just(LinkType::LinuxSll2),
        Just(LinkType::RawIp),
        Just(LinkType::Loopback),
        any::<u32>().prop_map(LinkType::from_number),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_are_survived(
        frames in prop::collection::vec((link(), prop::collection::vec(any::<u8>(), 0..200), any::<i32>(), any::<u32>()), 0..20),
    ) {
        let frames: Vec<_> = frames
            .into_iter()
            .map(|(link, bytes, at, wire_length)| Made { at: i64::from(at), link, bytes, wire_length })
            .collect();
        let (events, stats) = run(&frames);
        prop_assert_eq!(stats.packets, frames.len() as u64);
        prop_assert_eq!((events, stats), run(&frames));
    }

    #[test]
    fn parsers_survive_arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = wire::dns::parse(&bytes);
        let _ = wire::tls::parse_client_hello(&bytes);
        let _ = wire::tls::parse_server_hello(&bytes);
        let _ = wire::tls::parse_certificates(&bytes);
        let _ = wire::mining::read(&bytes);
        let _ = wire::http::parse_request(&bytes);
        let _ = wire::http::parse_response(&bytes);
    }

    /// Flipped bytes, cut, doubled, lost and reordered frames.
    #[test]
    fn damaged_conversations_are_survived(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 0..12),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..3),
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..6),
        lost in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut frames = conversation();
        for (frame, byte, value) in flips {
            let bytes = &mut frame.get_mut(&mut frames).bytes;
            *byte.get_mut(bytes) ^= value;
        }
        for (frame, length) in cuts {
            let frame = frame.get_mut(&mut frames);
            let length = length.index(frame.bytes.len()).max(1);
            frame.bytes.truncate(length);
        }
        for (from, to) in moves {
            let (from, to) = (from.index(frames.len()), to.index(frames.len()));
            frames.swap(from, to);
        }
        if let Some(index) = lost {
            frames.remove(index.index(frames.len()));
        }
        let (events, stats) = run(&frames);
        prop_assert_eq!(stats.packets, frames.len() as u64);
        let (started, ended) = (
            events.iter().filter(|event| matches!(event.kind, wire::event::Kind::FlowStarted)).count() as u64,
            flows(&events).len() as u64,
        );
        prop_assert_eq!((started, ended), (stats.flows, stats.flows));
        prop_assert_eq!((events, stats), run(&frames));
    }

    /// However the client's bytes are cut into segments and these are shuffled, the same is read.
    #[test]
    fn order_of_segments_does_not_matter(cuts in prop::collection::vec(1usize..40, 1..12), seed in any::<u64>()) {
        let bytes = [client_hello("shuffled.example.nl"), vec![0; 60]].concat();
        let mut tcp = Tcp::open(0, 40_000, 443);
        let mut rest = bytes.as_slice();
        for cut in cuts {
            let (segment, after) = rest.split_at(cut.min(rest.len()));
            rest = after;
            if !segment.is_empty() {
                tcp.send(true, segment);
            }
        }
        if !rest.is_empty() {
            tcp.send(true, rest);
        }
        let data = &mut tcp.frames[3..];
        let mut state = seed | 1;
        for index in (1..data.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            data.swap(index, (state >> 33) as usize % (index + 1));
        }
        prop_assert!(story(&run(&tcp.frames).0).contains(&"0 hello shuffled.example.nl".to_owned()));
    }
}
