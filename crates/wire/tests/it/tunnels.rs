//! Packets within packets: the innermost is the conversation.

use etherparse::{Ipv4Header, PacketBuilder};
use jiff::Timestamp;
use wire::event::{Carrier, Kind, Transport, Tunnel, Volume};
use wire::frame::part_of;
use wire::{Frame, LinkType};

use crate::build::*;

const OUTER: [u8; 4] = [192, 0, 2, 1];
const OTHER: [u8; 4] = [192, 0, 2, 2];

fn inner() -> Vec<u8> {
    let mut bytes = Vec::new();
    PacketBuilder::ipv4(CLIENT, SERVER, 64).udp(4000, 5000).write(&mut bytes, b"hello").unwrap();
    bytes
}

fn inner_six() -> Vec<u8> {
    let mut bytes = Vec::new();
    PacketBuilder::ipv6([0xfd; 16], [0x20; 16], 64).udp(4000, 5000).write(&mut bytes, b"hello").unwrap();
    bytes
}

fn framed() -> Vec<u8> {
    [&SERVER_MAC[..], &CLIENT_MAC, &[8, 0], &inner()].concat()
}

fn ip(protocol: u8, content: &[u8]) -> Vec<u8> {
    let header = Ipv4Header::new(content.len() as u16, 64, protocol.into(), OUTER, OTHER).unwrap();
    let mut bytes = Vec::new();
    header.write(&mut bytes).unwrap();
    bytes.extend(content);
    bytes
}

fn datagram(port: u16, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    PacketBuilder::ipv4(OUTER, OTHER, 64).udp(50_000, port).write(&mut bytes, content).unwrap();
    bytes
}

/// The same between two private addresses.
fn at_home(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[12..20].copy_from_slice(&[10, 0, 0, 1, 10, 0, 0, 2]);
    bytes
}

/// A router's copy of a frame, with those fields before it.
fn tzsp(fields: &[u8]) -> Vec<u8> {
    [&[1, 0, 0, 1][..], fields, &framed()].concat()
}

#[test]
fn the_packet_inside_is_followed() {
    let gre = |header: &[u8], content: &[u8]| ip(47, &[header, content].concat());
    let vxlan = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &framed()].concat();
    let geneve = [&[1, 0, 0x65, 0x58, 0, 0, 7, 0, 9, 9, 9, 9][..], &framed()].concat();
    let erspan2 = [&[0x10, 0, 0, 0, 0, 0, 0, 0][..], &framed()].concat();
    let erspan3 = [&[0x20; 11][..], &[0], &framed()].concat();
    let table = [
        ("ip in ip", ip(4, &inner())),
        ("6in4", ip(41, &inner_six())),
        ("twice", ip(4, &ip(4, &inner()))),
        ("gre", gre(&[0, 0, 8, 0], &inner())),
        ("gre with key and number", gre(&[0x30, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0, 2], &inner())),
        ("gre with a sum", gre(&[0x80, 0, 0x86, 0xdd, 0, 0, 0, 0], &inner_six())),
        ("gre around ethernet", gre(&[0, 0, 0x65, 0x58], &framed())),
        ("erspan 1", at_home(gre(&[0, 0, 0x88, 0xbe], &framed()))),
        ("erspan 2", at_home(gre(&[0x10, 0, 0x88, 0xbe, 0, 0, 0, 1], &erspan2))),
        ("erspan 3", at_home(gre(&[0x10, 0, 0x22, 0xeb, 0, 0, 0, 1], &erspan3))),
        ("pptp", gre(&[0x30, 1, 0x88, 0x0b, 0, 37, 0, 1, 0, 0, 0, 1, 0xff, 3, 0, 0x21], &inner())),
        ("vxlan", datagram(4789, &vxlan)),
        ("geneve", datagram(6081, &geneve)),
        ("tzsp", at_home(datagram(37_008, &tzsp(&[1])))),
        ("tzsp with fields", at_home(datagram(37_008, &tzsp(&[0, 0x0a, 1, 0xc4, 0, 0x29, 2, 1, 1, 1])))),
    ];
    for (what, bytes) in table {
        let (events, stats) = run(&[made(0, LinkType::RawIp, bytes)]);
        let [flow] = &flows(&events)[..] else { panic!("{what}: {stats:?}") };
        assert_eq!((flow.conversation.client.port, flow.conversation.server.port), (4000, 5000), "{what}");
        assert_eq!((flow.sent_payload, stats.malformed), (5, 0), "{what}");
        let is_framed = ["ethernet", "erspan", "vxlan", "geneve", "tzsp"].iter().any(|word| what.contains(word));
        assert_eq!(flow.client_mac, is_framed.then_some(CLIENT_MAC), "{what}");
    }
}

/// Told with the conversation within, once: of several tunnels that which leaves private addresses.
#[test]
fn the_tunnel_around_is_told() {
    let between = |from: [u8; 4], to: [u8; 4], protocol: u8, content: &[u8]| {
        let header = Ipv4Header::new(content.len() as u16, 64, protocol.into(), from, to).unwrap();
        let mut bytes = Vec::new();
        header.write(&mut bytes).unwrap();
        bytes.extend(content);
        bytes
    };
    let gre = |content: &[u8]| [&[0, 0, 8, 0][..], content].concat();
    let vxlan = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &framed()].concat();
    let told = |tunnel| Some(Carrier { tunnel, client: OUTER.into(), server: OTHER.into() });
    let (private, other) = ([10, 0, 0, 1], [10, 0, 0, 2]);
    let table = [
        ("none", inner(), None),
        ("ip in ip", ip(4, &inner()), told(Tunnel::IpInIp)),
        ("6in4", ip(41, &inner_six()), told(Tunnel::SixInFour)),
        ("gre", ip(47, &gre(&inner())), told(Tunnel::Gre)),
        ("vxlan", datagram(4789, &vxlan), told(Tunnel::Vxlan)),
        ("a mirror", at_home(ip(47, &[&[0, 0, 0x88, 0xbe][..], &framed()].concat())), None),
        ("a router's mirror", at_home(datagram(37_008, &tzsp(&[1]))), None),
        (
            "a mirror of gre",
            at_home(ip(
                47,
                &[&[0, 0, 0x88, 0xbe][..], &SERVER_MAC, &CLIENT_MAC, &[8, 0], &ip(47, &gre(&inner()))].concat(),
            )),
            told(Tunnel::Gre),
        ),
        ("within a private one", between(private, other, 4, &ip(47, &gre(&inner()))), told(Tunnel::Gre)),
        ("around a private one", ip(47, &gre(&between(private, other, 4, &inner()))), told(Tunnel::Gre)),
    ];
    for (what, bytes, expected) in table {
        let again = made(20, LinkType::RawIp, bytes.clone());
        let (events, _) = run(&[made(0, LinkType::RawIp, bytes), again]);
        let carriers: Vec<Carrier> = events
            .iter()
            .filter_map(|event| match event.kind {
                Kind::Carried(carrier) => Some(carrier),
                _ => None,
            })
            .collect();
        assert_eq!(carriers, expected.into_iter().collect::<Vec<_>>(), "{what}");
    }
    // The way back is of the same tunnel, and who spoke first is the client.
    let answer = between(OTHER, OUTER, 4, &{
        let mut bytes = Vec::new();
        PacketBuilder::ipv4(SERVER, CLIENT, 64).udp(5000, 4000).write(&mut bytes, b"hello").unwrap();
        bytes
    });
    let (events, _) = run(&[made(0, LinkType::RawIp, ip(4, &inner())), made(9, LinkType::RawIp, answer)]);
    assert_eq!(story(&events), ["0 begins", "0 through ip_in_ip", "0 EndOfInput"]);
}

#[test]
fn what_only_looks_like_a_tunnel_is_a_packet_like_any_other() {
    let deep = (0..40).fold(inner(), |bytes, _| ip(4, &bytes));
    let table = [
        ("gre around something else", ip(47, &[0, 0, 0x88, 0xcc, 1, 2, 3, 4]), Transport::Other(47)),
        ("gre cut short", ip(47, &[0x30, 0, 8, 0, 0, 0]), Transport::Other(47)),
        ("nonsense in ip", ip(4, b"nonsense"), Transport::Other(4)),
        ("not vxlan", datagram(4789, b"hello"), Transport::Udp),
        ("not tzsp", datagram(37_008, b"hello"), Transport::Udp),
        ("tzsp of nothing but padding", datagram(37_008, &tzsp(&[0; 40])), Transport::Udp),
        ("too deep", deep, Transport::Other(4)),
        // Across the internet anybody may send such a copy, or hide in one.
        ("a mirror from outside", ip(47, &[&[0, 0, 0x88, 0xbe][..], &framed()].concat()), Transport::Other(47)),
        ("a router's mirror from outside", datagram(37_008, &tzsp(&[1])), Transport::Udp),
    ];
    for (what, bytes, transport) in table {
        let length = bytes.len() as u64;
        let (events, _) = run(&[made(0, LinkType::RawIp, bytes)]);
        let flow = &flows(&events)[0];
        assert_eq!(flow.conversation.transport, transport, "{what}");
        assert!(flow.sent.bytes <= length, "{what}");
        assert_eq!(flow.sent, Volume { packets: 1, ..flow.sent }, "{what}");
    }
}

/// A full packet's copy does not fit: its first part says whose it is and how long it was.
#[test]
fn a_copy_that_came_in_two_parts_is_read_by_the_first() {
    let mut large = Vec::new();
    PacketBuilder::ipv4(CLIENT, SERVER, 64).udp(4000, 5000).write(&mut large, &[7; 1_472]).unwrap();
    let frame = [&SERVER_MAC[..], &CLIENT_MAC, &[8, 0], &large].concat();
    let whole = datagram(37_008, &[&[1, 0, 0, 1, 1][..], &frame].concat());
    let part = |from: usize, to: usize, offset: u16, more: bool| {
        let content = &whole[20 + from..20 + to];
        let mut header =
            Ipv4Header::new(content.len() as u16, 64, etherparse::IpNumber::UDP, [10, 0, 0, 1], [10, 0, 0, 2]).unwrap();
        header.identification = 7;
        header.dont_fragment = false;
        header.more_fragments = more;
        header.fragment_offset = etherparse::IpFragOffset::try_new(offset / 8).unwrap();
        let mut bytes = Vec::new();
        header.write(&mut bytes).unwrap();
        bytes.extend(content);
        made(i64::from(offset), LinkType::RawIp, bytes)
    };
    let (events, stats) = run(&[part(0, 1_480, 0, true), part(1_480, whole.len() - 20, 1_480, false)]);
    let [flow] = &flows(&events)[..] else { panic!("{stats:?}") };
    assert_eq!((flow.conversation.server.port, flow.sent), (5000, Volume { packets: 1, bytes: 1_500 }));
}

#[test]
fn one_conversation_is_of_one_part_also_in_a_tunnel() {
    let part = |made: &Made, parts| {
        let frame =
            Frame { at: Timestamp::UNIX_EPOCH, link: made.link, bytes: &made.bytes, wire_length: made.wire_length };
        part_of(&frame, parts)
    };
    let ethernet = |bytes: &[u8]| made(0, LinkType::Ethernet, [&[0; 12][..], &[8, 0], bytes].concat());
    let vxlan = [&[8, 0, 0, 0, 0, 0, 7, 0][..], &framed()].concat();
    let tcp = Tcp::open(0, 4000, 443).frames;
    for parts in 1..9 {
        let own = part(&udp(0, true, 4000, 5000, b"hello"), parts);
        assert!(own < parts);
        let same = [
            ("the way back", udp(0, false, 4000, 5000, b"hello")),
            ("over tcp", tcp[0].clone()),
            ("over tcp, the way back", tcp[1].clone()),
            ("without ethernet", made(0, LinkType::RawIp, inner())),
            ("in vxlan", ethernet(&datagram(4789, &vxlan))),
            ("in tzsp", ethernet(&at_home(datagram(37_008, &tzsp(&[1]))))),
            ("in gre", ethernet(&ip(47, &[&[0, 0, 8, 0][..], &inner()].concat()))),
            ("in ip", ethernet(&ip(4, &inner()))),
        ];
        for (what, frame) in same {
            assert_eq!(part(&frame, parts), own, "{what}, of {parts}");
        }
        assert_eq!(part(&made(0, LinkType::Ethernet, vec![0; 14]), parts), 0, "no IP, of {parts}");
    }
}
