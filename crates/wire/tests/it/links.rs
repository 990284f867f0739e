//! Every link type leads to the same conversation.

use etherparse::{
    IpFragOffset, IpHeaders, IpNumber, Ipv6Extensions, Ipv6FlowLabel, Ipv6Header, Ipv6RawExtHeader, PacketBuilder,
    UdpHeader, VlanId,
};
use wire::LinkType;
use wire::event::{FlowEnd, Transport, Volume};

use crate::build::*;

const PAYLOAD: &[u8] = b"hello";

/// The same datagram as a bare IP packet.
fn ip_packet() -> Vec<u8> {
    let mut bytes = Vec::new();
    PacketBuilder::ipv4(CLIENT, SERVER, 64).udp(4000, 5000).write(&mut bytes, PAYLOAD).unwrap();
    bytes
}

fn after(header: &[u8]) -> Vec<u8> {
    [header, &ip_packet()].concat()
}

fn ethernet(tags: &[u8]) -> Vec<u8> {
    after(&[&SERVER_MAC[..], &CLIENT_MAC, tags].concat())
}

#[test]
fn every_link_type_is_read() {
    let sll = [&[0, 4, 0, 1, 0, 6][..], &CLIENT_MAC, &[0, 0, 8, 0]].concat();
    let sll2 = [&[8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 4, 6][..], &CLIENT_MAC, &[0, 0]].concat();
    let pppoe = [0x88, 0x64, 0x11, 0, 0, 1, 0, 35, 0, 0x21];
    let mpls = [0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64];
    let pseudowire =
        [&[0x88, 0x47, 0, 1, 0, 64, 0, 2, 1, 64, 0, 0, 0, 9][..], &SERVER_MAC, &CLIENT_MAC, &[0x81, 0, 0, 7, 8, 0]]
            .concat();
    let snap = [0, 41, 0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
    let cisco_metadata = [0x89, 0x09, 1, 1, 0, 1, 0, 8, 8, 0];
    let (mac, none) = (Some(CLIENT_MAC), None);
    let table = [
        ("ethernet", LinkType::from_number(1), ethernet(&[8, 0]), mac, none),
        ("802.1Q", LinkType::from_number(1), ethernet(&[0x81, 0, 0x20, 7, 8, 0]), mac, Some(7)),
        ("QinQ", LinkType::from_number(1), ethernet(&[0x88, 0xa8, 0, 9, 0x81, 0, 0, 7, 8, 0]), mac, Some(9)),
        ("pppoe", LinkType::from_number(1), ethernet(&pppoe), mac, none),
        ("mpls", LinkType::from_number(1), ethernet(&mpls), mac, none),
        ("ethernet in mpls", LinkType::from_number(1), ethernet(&pseudowire), mac, Some(7)),
        ("snap", LinkType::from_number(1), ethernet(&snap), mac, none),
        ("cisco metadata", LinkType::from_number(1), ethernet(&cisco_metadata), mac, none),
        ("linux cooked v1", LinkType::from_number(113), after(&sll), mac, none),
        ("linux cooked v2", LinkType::from_number(276), after(&sll2), mac, none),
        ("raw", LinkType::from_number(101), ip_packet(), None, none),
        ("raw, openbsd", LinkType::from_number(14), ip_packet(), None, none),
        ("raw ipv4", LinkType::from_number(228), ip_packet(), None, none),
        ("loopback, little-endian", LinkType::from_number(0), after(&[2, 0, 0, 0]), None, none),
        ("loopback, big-endian", LinkType::from_number(108), after(&[0, 0, 0, 2]), None, none),
        ("ppp", LinkType::from_number(9), after(&[0, 0x21]), None, none),
        ("ppp, framed", LinkType::from_number(9), after(&[0xff, 3, 0, 0x21]), None, none),
        ("ppp, compressed", LinkType::from_number(9), after(&[0x21]), None, none),
        ("ppp, serial", LinkType::from_number(50), after(&[0xff, 3, 0, 0x21]), None, none),
        ("ppp, cisco's framing", LinkType::from_number(50), after(&[0x0f, 0, 8, 0]), None, none),
        ("cisco hdlc", LinkType::from_number(104), after(&[0x8f, 0, 8, 0]), None, none),
        ("pppoe alone", LinkType::from_number(51), after(&[0x11, 0, 0, 1, 0, 35, 0, 0x21]), None, none),
    ];
    for (what, link, bytes, mac, vlan) in table {
        let (events, stats) = run(&[made(0, link, bytes)]);
        let [flow] = &flows(&events)[..] else { panic!("{what}: {stats:?}") };
        let conversation = flow.conversation;
        assert_eq!(conversation.transport, Transport::Udp, "{what}");
        assert_eq!((conversation.client.port, conversation.server.port), (4000, 5000), "{what}");
        assert_eq!((flow.client_mac, flow.vlan), (mac, vlan), "{what}");
        assert_eq!((flow.sent, flow.sent_payload), (Volume { packets: 1, bytes: 33 }, 5), "{what}");
        assert_eq!((flow.end, stats.malformed), (FlowEnd::EndOfInput, 0), "{what}");
    }
}

#[test]
fn two_vlan_tags_from_the_packet_builder_are_read() {
    let mut bytes = Vec::new();
    let tag = |number| VlanId::try_new(number).unwrap();
    PacketBuilder::ethernet2(CLIENT_MAC, SERVER_MAC)
        .double_vlan(tag(100), tag(200))
        .ipv4(CLIENT, SERVER, 64)
        .icmpv4_echo_request(1, 2)
        .write(&mut bytes, b"ping")
        .unwrap();
    let (events, _) = run(&[made(0, LinkType::Ethernet, bytes)]);
    let flow = &flows(&events)[0];
    assert_eq!((flow.vlan, flow.conversation.transport), (Some(100), Transport::Icmp));
    assert_eq!((flow.conversation.client.port, flow.sent.bytes), (0, 32));
}

#[test]
fn ipv6_extension_headers_are_stepped_over() {
    let udp = UdpHeader::without_ipv4_checksum(4000, 53, 5).unwrap().to_bytes();
    let options = Ipv6RawExtHeader::new_raw(IpNumber::UDP, &[0; 6]).unwrap();
    let extensions = Ipv6Extensions { hop_by_hop_options: Some(options), ..Ipv6Extensions::default() };
    let header = Ipv6Header {
        traffic_class: 0,
        flow_label: Ipv6FlowLabel::ZERO,
        payload_length: 8 + 13,
        next_header: IpNumber::IPV6_HEADER_HOP_BY_HOP,
        hop_limit: 64,
        source: [0xfd; 16],
        destination: [0x20; 16],
    };
    let mut bytes = Vec::new();
    IpHeaders::Ipv6(header, extensions).write(&mut bytes).unwrap();
    bytes.extend(udp);
    bytes.extend(PAYLOAD);
    let (events, _) = run(&[made(0, LinkType::from_number(229), bytes)]);
    let flow = &flows(&events)[0];
    assert_eq!((flow.conversation.server.port, flow.sent_payload), (53, 5));
    assert_eq!(flow.sent, Volume { packets: 1, bytes: 61 });
}

#[test]
fn fragments_count_with_the_flow_of_the_first() {
    let part = |offset: u16, more: bool, content: &[u8]| {
        let mut header = etherparse::Ipv4Header::new(content.len() as u16, 64, IpNumber::UDP, CLIENT, SERVER).unwrap();
        header.identification = 77;
        header.dont_fragment = false;
        header.more_fragments = more;
        header.fragment_offset = IpFragOffset::try_new(offset / 8).unwrap();
        let mut bytes = Vec::new();
        header.write(&mut bytes).unwrap();
        bytes.extend(content);
        made(i64::from(offset), LinkType::RawIp, bytes)
    };
    let first = [&UdpHeader::without_ipv4_checksum(4000, 5000, 24).unwrap().to_bytes()[..], &[1; 16]].concat();
    let (events, stats) = run(&[part(0, true, &first), part(24, false, &[2; 8])]);
    let [flow] = &flows(&events)[..] else { panic!("{stats:?}") };
    assert_eq!((flow.sent, flow.sent_payload), (Volume { packets: 2, bytes: 44 + 28 }, 24));
    // A later part alone has no ports: it is counted, and no flow is made up for it.
    let (events, stats) = run(&[part(24, false, &[2; 8])]);
    assert!(events.is_empty());
    assert_eq!((stats.packets, stats.malformed), (1, 0));
}

#[test]
fn an_answer_in_parts_is_read_once_and_whole_in_any_order() {
    let message = answer(7, &["a".repeat(60), "b".repeat(60), "nl".into()].join("."), 0);
    let udp = UdpHeader::without_ipv4_checksum(53, 4000, message.len()).unwrap().to_bytes();
    let whole = [&udp[..], &message].concat();
    let part = |from: usize, to: usize, more: bool| {
        let content = &whole[from..to];
        let mut header = etherparse::Ipv4Header::new(content.len() as u16, 64, IpNumber::UDP, SERVER, CLIENT).unwrap();
        header.identification = 78;
        header.dont_fragment = false;
        header.more_fragments = more;
        header.fragment_offset = IpFragOffset::try_new(from as u16 / 8).unwrap();
        let mut bytes = Vec::new();
        header.write(&mut bytes).unwrap();
        bytes.extend(content);
        made(from as i64, LinkType::RawIp, bytes)
    };
    let [one, two, three] = [part(0, 64, true), part(64, 128, true), part(128, whole.len(), false)];
    for frames in [
        vec![one.clone(), two.clone(), three.clone()],
        vec![one.clone(), three.clone(), two.clone()],
        vec![one.clone(), two.clone(), two.clone(), three.clone()],
    ] {
        let (events, stats) = run(&frames);
        let told: Vec<_> = story(&events).into_iter().filter(|line| line.contains("dns")).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].ends_with("bbb.nl NOERROR"), "{told:?}");
        assert_eq!(stats.malformed, 0);
    }
    // One is missing: nothing is made up.
    let (events, _) = run(&[one, three]);
    assert!(!story(&events).iter().any(|line| line.contains("dns")));
}

#[test]
fn length_on_the_wire_counts_not_what_was_kept() {
    let mut frame = udp(0, true, 4000, 5000, &[7; 1000]);
    frame.bytes.truncate(60);
    let (events, stats) = run(&[frame]);
    let flow = &flows(&events)[0];
    assert_eq!((stats.bytes, flow.sent.bytes, flow.sent_payload), (1042, 1028, 1000));
    // Segmentation offload leaves the IP length empty.
    let mut offload = udp(0, true, 4000, 5000, &[7; 100]);
    offload.bytes[16..18].copy_from_slice(&[0, 0]);
    offload.wire_length = 60_042;
    let (events, _) = run(&[offload]);
    assert_eq!(flows(&events)[0].sent.bytes, 60_028);
}

#[test]
fn what_is_no_ip_is_counted_and_what_is_broken_is_malformed() {
    let arp = [&SERVER_MAC[..], &CLIENT_MAC, &[8, 6], &[0; 28]].concat();
    let full = udp(0, true, 4000, 5000, PAYLOAD).bytes;
    let table = [
        ("arp", LinkType::Ethernet, arp, 0),
        ("too short for ethernet", LinkType::Ethernet, full[..13].to_vec(), 1),
        ("too short for ip", LinkType::Ethernet, full[..30].to_vec(), 1),
        ("too short for udp", LinkType::Ethernet, full[..38].to_vec(), 1),
        ("no such ip version", LinkType::RawIp, vec![0x10; 40], 1),
        ("nothing", LinkType::LinuxSll2, Vec::new(), 1),
        ("not a link type of ours", LinkType::from_number(105), full.clone(), 1),
        ("apple talk on loopback", LinkType::Loopback, after(&[16, 0, 0, 0]), 0),
        ("ppp's own link control", LinkType::Ppp, after(&[0xff, 3, 0xc0, 0x21]), 0),
        ("ppp of nothing", LinkType::Ppp, vec![0xff, 3], 1),
        ("pppoe cut short", LinkType::Pppoe, vec![0x11, 0, 0, 1, 0, 35], 1),
    ];
    for (what, link, bytes, malformed) in table {
        let (events, stats) = run(&[made(0, link, bytes)]);
        assert_eq!((events.len(), stats.packets, stats.malformed), (0, 1, malformed), "{what}");
    }
}
