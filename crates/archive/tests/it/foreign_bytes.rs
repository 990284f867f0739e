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
    let mut other = file();
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// The library beneath may give up with a panic: that is caught, and costs the file alone. What is read is bounded.
    #[test]
    fn bytes_that_were_changed_cost_the_file_alone(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), of_flows: bool) {
        let mut bytes = if of_flows { file() } else { questions() };
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
