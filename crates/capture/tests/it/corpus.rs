//! Real captures, where they are at hand: all are read, the same at every run, and no packet is missed.

use std::fs;
use std::path::Path;

use capture::{Input, run};
use serde_json::Value;
use wire::event::Event;
use wire::{Limits, Tracker};

pub(crate) const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pcap");

pub(crate) fn read(path: &Path) -> (Vec<Event>, capture::Outcome) {
    let mut events = Vec::new();
    let mut tracker = Tracker::new(Limits::default());
    let outcome = run(&[Input::File(path.to_owned())], &mut tracker, &mut |event| events.push(event), &mut |_| {});
    (events, outcome)
}

#[test]
fn every_capture_of_the_corpus_is_read_whole_and_alike_twice() {
    let folder = Path::new(CORPUS);
    let Ok(labels) = fs::read_to_string(folder.join("labels.json")) else {
        println!("skipped: the corpus of captures is not here");
        return;
    };
    let labels: Value = serde_json::from_str(&labels).unwrap();
    let files = labels["files"].as_array().unwrap();
    assert!(files.len() > 100);
    for label in files {
        let name = label["file"].as_str().unwrap();
        let (events, outcome) = read(&folder.join(name));
        assert!(outcome.failures.is_empty(), "{name}: {:?}", outcome.failures);
        assert_eq!(outcome.stats.packets, label["packets"].as_u64().unwrap(), "{name}: {:?}", outcome.warnings);
        assert_eq!(outcome.warnings.is_empty(), outcome.stats.malformed == 0, "{name}: {:?}", outcome.warnings);
        let (again, outcome_again) = read(&folder.join(name));
        assert_eq!(events, again, "{name}");
        assert_eq!((outcome.stats, outcome.warnings), (outcome_again.stats, outcome_again.warnings), "{name}");
    }
}
