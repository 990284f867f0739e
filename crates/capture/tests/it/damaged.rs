//! What can be read is read, and where it ends is said.

use capture::{Error, Fault, Warning};
use proptest::prelude::*;

use crate::write::*;

fn pcap() -> Vec<u8> {
    let order = Order::Little;
    let records = (0..3).map(|second| order.pcap_record(second, 0, &[7; 100], 100));
    std::iter::once(order.pcap_header(0xa1b2_c3d4, 1)).chain(records).flatten().collect()
}

fn pcapng() -> Vec<u8> {
    let order = Order::Little;
    let blocks = (0..3).map(|second| order.enhanced(0, second, &[7; 100], 100));
    [order.section(), order.interface(1, 0, &[])].into_iter().chain(blocks).flatten().collect()
}

fn cut_short(byte_offset: u64) -> Vec<Warning> {
    vec![Warning { byte_offset, is_packed: false, fault: Fault::CutShort }]
}

#[test]
fn a_capture_that_ends_early_is_read_up_to_there() {
    // Where each record begins; the last number is where the file ends.
    let starts = |head: usize, record: usize| [0, head, head + record, head + 2 * record, head + 3 * record];
    let ng_head = pcapng().len() - 3 * 132;
    for (bytes, starts, head) in [(pcap(), starts(24, 116), 24), (pcapng(), starts(ng_head, 132), ng_head)] {
        for cut in head..=bytes.len() {
            let frames = starts[2..].iter().filter(|end| **end <= cut).count();
            let begun = starts.iter().rfind(|start| **start <= cut).copied().unwrap();
            if frames == 0 && begun < cut {
                assert!(matches!(read(&bytes[..cut]), Err(Error::Nothing(Fault::CutShort))), "{cut}");
                continue;
            }
            let expected = match (frames, begun == cut) {
                (0, _) => vec![Warning { byte_offset: cut as u64, is_packed: false, fault: Fault::NoPacket }],
                (_, true) => Vec::new(),
                (_, false) => cut_short(begun as u64),
            };
            let (seen, reading) = read(&bytes[..cut]).unwrap();
            assert_eq!((seen.len(), &reading.warnings), (frames, &expected), "{cut} of {}", bytes.len());
            assert_eq!(reading.malformed, u64::from(begun < cut));
        }
        // Within the header there is nothing to go by.
        for cut in 4..head.min(24) {
            let error = read(&bytes[..cut]).unwrap_err();
            assert!(error.to_string().contains("copy it again"), "{cut}: {error}");
        }
    }
}

#[test]
fn what_is_empty_is_no_fault_and_is_said() {
    for empty in [Vec::new(), gzip(b"")] {
        let (seen, reading) = read(&empty).unwrap();
        let faults: Vec<_> = reading.warnings.iter().map(|warning| warning.fault.clone()).collect();
        assert_eq!((seen.len(), faults, reading.malformed), (0, vec![Fault::Empty], 0));
    }
}

/// The place that is named is that in the unpacked capture.
#[test]
fn a_packed_capture_that_ends_early_is_read_up_to_there() {
    let order = Order::Little;
    let mut plain = order.pcap_header(0xa1b2_c3d4, 1);
    let mut noise = 1_u32;
    for second in 0..3000 {
        let packet: Vec<u8> = (0..100)
            .map(|_| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (noise >> 24) as u8
            })
            .collect();
        plain.extend(order.pcap_record(second, 0, &packet, 100));
    }
    for packed in [gzip(&plain), zstd(&plain)] {
        let (seen, reading) = read(&packed[..packed.len() / 2]).unwrap();
        let expected = 24 + 116 * seen.len() as u64;
        assert!((500..2500).contains(&seen.len()), "{}", seen.len());
        let fault = Fault::PackedCutShort;
        assert_eq!(reading.warnings, [Warning { byte_offset: expected, is_packed: true, fault }]);
        let said = reading.warnings[0].to_string();
        assert!(said.starts_with(&format!("at byte {expected} of the unpacked capture: the packed file")), "{said}");
    }
    // The file is whole; the capture in it was cut off before it was packed.
    let said = read(&gzip(&pcap()[..200])).unwrap().1.warnings[0].to_string();
    assert_eq!(said, "at byte 140 of the unpacked capture: the capture ends in the middle of a record");
}

/// As `cat` puts files behind each other.
#[test]
fn captures_behind_each_other_are_read_one_after_the_other() {
    let other = [Order::Big.pcap_header(0xa1b2_3c4d, 101), Order::Big.pcap_record(9, 5, b"raw", 3)].concat();
    for parts in [[pcap(), other.clone(), pcapng()], [pcapng(), other.clone(), pcap()], [other, pcapng(), pcap()]] {
        let apart: Vec<_> = parts.iter().flat_map(|part| read(part).unwrap().0).collect();
        let (together, reading) = read(&parts.concat()).unwrap();
        assert_eq!((together, reading.malformed, reading.warnings), (apart, 0, Vec::new()));
    }
    // A link type that is not read is named where its header stands.
    let second = Order::Little.pcap_header(0xa1b2_c3d4, 105);
    let warnings = read(&[pcap(), second].concat()).unwrap().1.warnings;
    let fault = Fault::LinkType { number: 105 };
    assert_eq!(warnings, [Warning { byte_offset: pcap().len() as u64 + 20, is_packed: false, fault }]);
}

#[test]
fn what_is_no_capture_is_refused() {
    for bytes in [&b"abc"[..], b"%PDF-1.7 and so on", &gzip(b"not a capture"), &zstd(b"not a capture")] {
        assert!(matches!(read(bytes), Err(Error::NotACapture)), "{bytes:?}");
    }
    assert!(matches!(read(&gzip(&pcap())[..10]), Err(Error::Unreadable(_))));
}

#[test]
fn a_link_type_that_is_not_read_is_named_once() {
    let order = Order::Little;
    let record = order.pcap_record(1, 0, b"x", 1);
    let bytes = [order.pcap_header(0xa1b2_c3d4, 105), record.clone(), record].concat();
    let (seen, reading) = read(&bytes).unwrap();
    assert_eq!(
        reading.warnings,
        [Warning { byte_offset: 20, is_packed: false, fault: Fault::LinkType { number: 105 } }]
    );
    assert_eq!((seen.len(), seen[0].1), (2, wire::LinkType::Unsupported(105)));
}

#[test]
fn a_frame_was_at_least_as_long_as_what_was_kept_of_it() {
    let order = Order::Little;
    let file = [order.pcap_header(0xa1b2_c3d4, 1), order.pcap_record(0, 0, &[7; 100], 40)].concat();
    assert_eq!(read(&file).unwrap().0[0].3, 100);
}

#[test]
fn lengths_that_cannot_be_end_the_reading() {
    let order = Order::Little;
    let mut long = pcap();
    long[24 + 116 + 8..][..4].copy_from_slice(&order.u32(262_145));
    let (seen, reading) = read(&long).unwrap();
    let expected = Warning { byte_offset: 140, is_packed: false, fault: Fault::PacketTooLong { length: 262_145 } };
    assert_eq!((seen.len(), reading.warnings), (1, vec![expected]));
    for length in [0, 11, 10_000_000] {
        let mut bytes = pcapng();
        let at = bytes.len() - 132;
        bytes[at + 4..][..4].copy_from_slice(&order.u32(length));
        let (seen, reading) = read(&bytes).unwrap();
        let expected = Warning { byte_offset: at as u64, is_packed: false, fault: Fault::BlockLength { length } };
        assert_eq!((seen.len(), reading.warnings), (2, vec![expected]));
    }
}

#[test]
fn a_broken_block_is_stepped_over() {
    let order = Order::Little;
    let lies = order.block(6, &[&[0, 0, 0, 500, 500].map(|number| order.u32(number)).concat()[..], b"short"].concat());
    let bytes = [
        order.section(),
        order.interface(1, 0, &[(9, &[0x7f])]),
        order.interface(1, 0, &[]),
        lies,
        order.enhanced(7, 0, b"no such interface", 17),
        order.enhanced(0, 1, b"a clock that cannot be", 22),
        order.enhanced(1, u64::MAX, b"the year 586,000", 16),
        order.enhanced(1, 1, b"good", 4),
    ]
    .concat();
    let (seen, reading) = read(&bytes).unwrap();
    let faults: Vec<_> = reading.warnings.into_iter().map(|warning| warning.fault).collect();
    let expected = [Fault::Block { kind: 6 }, Fault::Interface { interface: 7 }, Fault::Time, Fault::Time];
    assert_eq!((faults, reading.malformed), (expected.to_vec(), 4));
    assert_eq!((seen.len(), seen[0].2.as_slice()), (1, &b"good"[..]));
}

#[test]
fn warnings_are_bounded() {
    let order = Order::Little;
    let mut bytes = [order.section(), order.interface(1, 0, &[])].concat();
    (0..200).for_each(|_| bytes.extend(order.enhanced(9, 0, b"", 0)));
    let warnings = read(&bytes).unwrap().1.warnings;
    assert_eq!((warnings.len(), warnings[50].fault.clone()), (51, Fault::More { count: 150 }));
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_survived(
        which in 0usize..7,
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let mut whole = match which {
            0 => bytes,
            1 => [Order::Little.pcap_header(0xa1b2_c3d4, 1), bytes].concat(),
            2 => [Order::Big.section(), bytes].concat(),
            3 => pcap(),
            4 => pcapng(),
            5 => gzip(&pcapng()),
            _ => zstd(&pcapng()),
        };
        for (index, value) in flips {
            if !whole.is_empty() {
                *index.get_mut(&mut whole) ^= value;
            }
        }
        let once = read(&whole).map_err(|error| error.to_string());
        prop_assert_eq!(once, read(&whole).map_err(|error| error.to_string()));
    }
}
