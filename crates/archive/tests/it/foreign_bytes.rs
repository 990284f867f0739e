//! Files that are damaged, cut off, of the other kind, or somebody else's.

use archive::{DnsRow, FlowRow, Unreadable, read_dns, read_flows, write_dns, write_flows};
use bytes::Bytes;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::round_trip::flow;

fn file() -> Vec<u8> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let rows: Vec<_> = (0..30).map(|_| flow().new_tree(&mut runner).unwrap().current()).collect();
    write_flows(Vec::new(), &rows).unwrap()
}

fn questions() -> Vec<u8> {
    let row = DnsRow {
        at: jiff::Timestamp::UNIX_EPOCH,
        client_ip: [10, 0, 0, 5].into(),
        resolver_ip: [10, 0, 0, 1].into(),
        name: "a.example".into(),
        kind: "A".into(),
        code: Some("NOERROR".into()),
        answers: vec!["192.0.2.1".into(), "b.example".into()],
    };
    write_dns(Vec::new(), &[row.clone(), DnsRow { answers: Vec::new(), ..row }]).unwrap()
}

/// The same file as it was written before there were checksums.
fn old(mut bytes: Vec<u8>) -> Vec<u8> {
    let place = |bytes: &[u8], wanted: &[u8]| bytes.windows(wanted.len()).rposition(|window| window == wanted).unwrap();
    let mark = place(&bytes, b"\ndijkwacht crc32");
    bytes.drain(mark..mark + 20);
    let made_by = place(&bytes, b" archive 2");
    *bytes.get_mut(made_by + 9).unwrap() = b'1';
    bytes
}

fn asked(bytes: Vec<u8>) -> Result<Vec<DnsRow>, Unreadable> {
    let mut rows = Vec::new();
    read_dns(Bytes::from(bytes), &mut |row| rows.push(row)).map(|()| rows)
}

fn flows(bytes: Vec<u8>) -> Result<Vec<FlowRow>, Unreadable> {
    let mut rows = Vec::new();
    read_flows(Bytes::from(bytes), &mut |row| rows.push(row)).map(|()| rows)
}

#[test]
fn what_is_no_file_of_that_kind_is_said() {
    assert!(matches!(flows(Vec::new()), Err(Unreadable::NotParquet)));
    assert!(matches!(flows(b"PAR1".repeat(9)), Err(Unreadable::TooLarge)), "its length is made of letters");
    assert!(matches!(flows(b"no Parquet at all".to_vec()), Err(Unreadable::NotParquet)));
    assert!(matches!(flows(questions()), Err(Unreadable::Foreign)));
    assert!(matches!(read_dns(Bytes::from(file()), &mut |_| {}), Err(Unreadable::Foreign)));
    let mut other = old(file());
    let made_by = other.windows(10).rposition(|window| window == b"dijkwacht ").unwrap();
    other[made_by] = b'D';
    assert!(matches!(flows(other), Err(Unreadable::Foreign)), "made by another");
}

#[test]
fn a_file_that_was_cut_off_is_refused_at_every_length() {
    let whole = file();
    assert_eq!(flows(whole.clone()).unwrap().len(), 30);
    for length in 0..whole.len() {
        assert!(flows(whole[..length].to_vec()).is_err(), "{length}");
    }
}

#[test]
fn a_file_of_before_there_were_checksums_is_read_still() {
    assert_eq!(flows(old(file())).unwrap(), flows(file()).unwrap());
    assert_eq!(asked(old(questions())).unwrap(), asked(questions()).unwrap());
}

/// Each byte alone, by one bit and by all of them, and two that are swapped.
#[test]
fn no_byte_of_a_file_can_change_and_give_other_rows() {
    let (conversations, names) = (file(), questions());
    let (rows, asked_for) = (flows(conversations.clone()).unwrap(), asked(names.clone()).unwrap());
    assert!(!rows.is_empty() && !asked_for.is_empty());
    let mut is_refused = 0;
    for at in 0..conversations.len() {
        for change in [1 << (at % 8), 0xff] {
            let mut changed = conversations.clone();
            changed[at] ^= change;
            let mut handed = 0;
            let read = read_flows(Bytes::from(changed), &mut |_| handed += 1);
            assert!(read.is_err() && handed == 0, "byte {at} of {}: {read:?}, {handed} rows", conversations.len());
            is_refused += 1;
        }
        if at > 0 && conversations[at] != conversations[at - 1] {
            let mut swapped = conversations.clone();
            swapped.swap(at, at - 1);
            assert!(flows(swapped).is_err(), "{at}");
        }
    }
    assert_eq!(is_refused, conversations.len() * 2);
    for at in 0..names.len() {
        let mut changed = names.clone();
        changed[at] = changed[at].wrapping_add(1);
        assert!(asked(changed).is_err(), "{at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The library beneath may give up with a panic: that is caught, and costs the file alone. What is read is bounded.
    #[test]
    fn bytes_that_were_changed_cost_the_file_alone(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), of_flows: bool) {
        let mut bytes = old(if of_flows { file() } else { questions() });
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if of_flows {
            let _ = flows(bytes);
        } else {
            let mut rows = 0_usize;
            let _ = read_dns(Bytes::from(bytes), &mut |_| rows += 1);
            prop_assert!(rows <= 65_536);
        }
    }
}
