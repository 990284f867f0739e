//! Several trackers tell what one tells: the same events, the same warnings, the same lines.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use capture::{Input, Outcome, run_sharded};
use pace::scan::Scan;
use wire::Limits;
use wire::event::Event;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pcap");

fn told(inputs: &[Input], shards: usize) -> (Vec<Event>, Outcome) {
    let mut events = Vec::new();
    let shards = NonZeroUsize::new(shards).unwrap();
    let outcome = run_sharded(inputs, &Limits::default(), shards, &mut |event| events.push(event.clone()), &mut |_| {});
    (events, outcome)
}

fn check(inputs: &[Input]) {
    let (one, alone) = told(inputs, 1);
    for shards in [2, 5] {
        let (several, together) = told(inputs, shards);
        let differs = one.iter().zip(&several).find(|(one, other)| one != other);
        assert_eq!(differs, None, "{inputs:?} by {shards}");
        assert_eq!((one.len(), &alone.stats), (several.len(), &together.stats), "{inputs:?} by {shards}");
        let rest = |outcome: &Outcome| format!("{:?} {:?}", outcome.warnings, outcome.failures);
        assert_eq!(rest(&alone), rest(&together), "{inputs:?} by {shards}");
    }
}

/// The office's day, once as it is and once with every fiftieth packet's headers spoilt.
fn office(folder: &Path) -> Vec<PathBuf> {
    let day = office::capture(&office::Plan::default());
    let mut broken = day.clone();
    let (mut at, mut count) = (24, 0);
    while let Some(length) = broken.get(at + 8..at + 12).map(|four| u32::from_le_bytes(four.try_into().unwrap())) {
        count += 1;
        if count % 50 == 0 {
            *broken.get_mut(at + 16 + 14).unwrap() = 0x4f;
        }
        at += 16 + length as usize;
    }
    [("day.pcap", day), ("broken.pcap", broken)]
        .map(|(name, bytes)| {
            let path = folder.join(name);
            fs::write(&path, bytes).unwrap();
            path
        })
        .to_vec()
}

#[test]
fn an_office_gives_the_same_events_and_lines() {
    let folder = tempfile::tempdir().unwrap();
    let captures = office(folder.path());
    let (_, outcome) = told(&[Input::File(captures[1].clone())], 1);
    assert!(outcome.stats.malformed > 50, "{:?}", outcome.stats);
    check(&captures.iter().cloned().map(Input::File).collect::<Vec<_>>());
    let list = folder.path().join("list.txt");
    fs::write(&list, office::threat_list(&office::Plan::default())).unwrap();
    let lines = |threads| {
        let (captures, intel) = (vec![captures[0].clone()], vec![list.clone()]);
        Scan { captures, intel, threads: NonZeroUsize::new(threads) }.run().unwrap()
    };
    let one = lines(1);
    assert!(one.contains(r#""type":"case""#), "{one}");
    for threads in [2, 3, 8] {
        assert_eq!(lines(threads), one, "{threads}");
    }
}

#[test]
fn every_capture_of_the_corpus_gives_the_same_events_and_lines() {
    let Ok(entries) = fs::read_dir(CORPUS) else {
        println!("skipped: the corpus of captures is not here");
        return;
    };
    let mut captures: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    captures.retain(|path| path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng"));
    captures.sort();
    assert!(captures.len() > 100);
    for capture in &captures {
        check(&[Input::File(capture.clone())]);
    }
    // One after the other, as one network: flows that meet again, time that runs backwards.
    check(&captures.iter().cloned().map(Input::File).collect::<Vec<_>>());
    let lines = |threads| {
        Scan { captures: captures.clone(), threads: NonZeroUsize::new(threads), ..Scan::default() }.run().unwrap()
    };
    assert_eq!(lines(3), lines(1));
}
