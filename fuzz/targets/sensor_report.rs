//! What a sensor sends: lines of JSON. Read within bounds, or refused with the line that is wrong; what was read is said again
//! as the same.
#![no_main]

use contract::sensor::Report;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    match app::read_report(input) {
        Ok(read) => {
            for line in &read.detections {
                assert_eq!(Report::from_json(&line.json).ok(), Some(Report::Detection(line.said.clone())));
            }
            let lines = input.lines().filter(|line| !line.trim().is_empty()).count() as u64;
            let told = read.detections.len() + read.cases.len() + read.traffic.len() + read.states.len();
            assert_eq!(told as u64, lines, "no line is lost");
        }
        Err(wrong) => assert!((1..=input.lines().count()).contains(&wrong.line), "{wrong}"),
    }
});
