//! Both formats, in all their variants, say the same.

use wire::LinkType;

use crate::write::*;

const SECOND: i128 = 1_000_000_000;

#[test]
fn pcap_in_both_byte_orders_and_resolutions() {
    for order in [Order::Little, Order::Big] {
        for (magic, unit) in [(0xa1b2_c3d4, 1000), (0xa1b2_3c4d, 1)] {
            let bytes = [
                order.pcap_header(magic, 1),
                order.pcap_record(1_760_000_000, 250, b"abc", 60),
                order.pcap_record(u32::MAX, 999_999, b"", 0),
            ]
            .concat();
            let (seen, reading) = read(&bytes).unwrap();
            let expected = [
                (1_760_000_000 * SECOND + 250 * unit, LinkType::Ethernet, b"abc".to_vec(), 60),
                (i128::from(u32::MAX) * SECOND + 999_999 * unit, LinkType::Ethernet, Vec::new(), 0),
            ];
            assert_eq!((seen, reading.warnings.len()), (expected.to_vec(), 0), "{order:?} {magic:#x}");
        }
    }
}

#[test]
fn pcap_with_longer_records_and_a_checksum_flag_in_the_link_type() {
    let order = Order::Little;
    let mut record = order.pcap_record(1, 2, b"", 3);
    record[8] = 3;
    record.extend([0; 8]);
    record.extend(b"abc");
    let bytes = [order.pcap_header(0xa1b2_cd34, 0x5400_0071), record].concat();
    assert_eq!(read(&bytes).unwrap().0, [(SECOND + 2000, LinkType::LinuxSll, b"abc".to_vec(), 3)]);
}

#[test]
fn pcapng_with_interfaces_of_their_own_clocks_and_links() {
    for order in [Order::Little, Order::Big] {
        let bytes = [
            order.section(),
            order.interface(1, 0, &[(2, b"eth0"), (9, &[9]), (0, b"")]),
            order.interface(101, 0, &[(9, &[0x80 | 10]), (14, &order.offset_option(-5))]),
            order.interface(276, 0, &[]),
            order.block(5, &[0; 12]), // statistics, not read
            order.enhanced(0, 7_000_000_001, b"nanoseconds", 100),
            order.enhanced(1, 10 * 1024 + 512, b"1/1024 s, 5 s back", 18),
            order.enhanced(2, 7_000_001, b"microseconds", 12),
        ]
        .concat();
        let expected = [
            (7 * SECOND + 1, LinkType::Ethernet, b"nanoseconds".to_vec(), 100),
            (5 * SECOND + SECOND / 2, LinkType::RawIp, b"1/1024 s, 5 s back".to_vec(), 18),
            (7 * SECOND + 1000, LinkType::LinuxSll2, b"microseconds".to_vec(), 12),
        ];
        let (seen, reading) = read(&bytes).unwrap();
        assert_eq!((seen, reading.warnings.len()), (expected.to_vec(), 0), "{order:?}");
    }
}

#[test]
fn pcapng_sections_begin_anew() {
    let (little, big) = (Order::Little, Order::Big);
    let bytes = [
        little.section(),
        little.interface(1, 0, &[]),
        little.enhanced(0, 1, b"a", 1),
        big.section(),
        big.interface(101, 0, &[]),
        big.enhanced(0, 2, b"b", 1),
    ]
    .concat();
    let links: Vec<_> = read(&bytes).unwrap().0.into_iter().map(|seen| seen.1).collect();
    assert_eq!(links, [LinkType::Ethernet, LinkType::RawIp]);
}

#[test]
fn pcapng_simple_and_old_packet_blocks() {
    let order = Order::Big;
    let old = [&order.u16(0)[..], &order.u16(0), &[0, 5, 7, 3, 4].map(|number| order.u32(number)).concat(), b"old"];
    let simple = [&order.u32(90)[..], b"simple--"].concat();
    let bytes = [
        order.section(),
        order.interface(1, 8, &[]),
        order.block(2, &[old[0], old[1], &order.u32(0), &order.u32(5), &order.u32(3), &order.u32(4), b"old"].concat()),
        order.block(3, &simple),
    ]
    .concat();
    // A simple packet says no time: the last one stands.
    let expected =
        [(5000, LinkType::Ethernet, b"old".to_vec(), 4), (5000, LinkType::Ethernet, b"simple--".to_vec(), 90)];
    assert_eq!(read(&bytes).unwrap().0, expected);
}

#[test]
fn packed_captures_are_unpacked() {
    let order = Order::Little;
    let pcap = [order.pcap_header(0xa1b2_c3d4, 1), order.pcap_record(1, 2, &[7; 1500], 1500)].concat();
    let pcapng = [order.section(), order.interface(1, 0, &[]), order.enhanced(0, 1, &[7; 1500], 1500)].concat();
    for plain in [pcap, pcapng] {
        let (expected, _) = read(&plain).unwrap();
        let (first, second) = plain.split_at(plain.len() / 2);
        let skippable = [&[0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"xyz"].concat();
        let packed = [
            gzip(&plain),
            [gzip(first), gzip(second)].concat(),
            zstd(&plain),
            [zstd(first), skippable.clone(), zstd(second)].concat(),
            [skippable, zstd(&plain)].concat(),
        ];
        for bytes in packed {
            let (seen, reading) = read(&bytes).unwrap();
            assert_eq!((seen, reading.warnings), (expected.clone(), Vec::new()));
        }
    }
}
