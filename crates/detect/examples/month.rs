//! Months of healthy offices, watched as a sensor does: what it tells of each, and what it holds.
//!
//! `cargo run -p detect --profile measure --example month -- [SEEDS] [DAYS]` (5 and 31); `docs/benchmarks.md` has the figures.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it is run for what it prints and how long it takes"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use detect::{Alarm, Settings, Watch};
use jiff::{SignedDuration, Timestamp};
use office::Healthy;
use wire::{Frame, Limits, LinkType, Tracker};

/// A Monday, midnight in Amsterdam.
const MONDAY: Timestamp = Timestamp::constant(1_792_360_800, 0);
/// How often news is asked for, in packet time.
const ROUND: SignedDuration = SignedDuration::from_mins(5);

fn main() -> Result<(), std::num::ParseIntError> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse::<u64>());
    let (seeds, days) = (number(5)?, number(31)?);
    println!("| seed | packets | findings | cases | alarms | held after 2 days | after {days} | seconds |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for seed in 1..=seeds {
        month(seed, days);
    }
    Ok(())
}

fn month(seed: u64, days: u64) {
    let begun = Instant::now();
    let mut office = Healthy::new(seed, MONDAY);
    let mut tracker = Tracker::new(Limits::default());
    let mut watch = Watch::new(Settings::default());
    let (mut told, mut cases, mut alarms) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    let mut due = MONDAY + ROUND;
    let mut early = 0;
    for hour in 0..days * 24 {
        office.hour(&mut |at, bytes, wire_length| {
            while at >= due {
                let news = watch.news(due);
                for one in news.detections {
                    let line =
                        format!("{} {} {} {:?}", one.kind.key(), one.severity.key(), one.host.ip, one.remote.domain);
                    told.insert(one.id, line);
                }
                for case in news.cases {
                    if case.alarm == Alarm::Now {
                        alarms.insert(case.id.clone());
                    }
                    cases.insert(case.id);
                }
                due += ROUND;
            }
            let frame = Frame { at, link: LinkType::from_number(1), bytes, wire_length };
            tracker.frame(frame, &mut |event| watch.event(&event));
        });
        if hour == 48 {
            early = resident();
        }
    }
    println!(
        "| {seed} | {} | {} | {} | {} | {} MB | {} MB | {:.0} |",
        tracker.stats().packets,
        told.len(),
        cases.len(),
        alarms.len(),
        early / 1000,
        resident() / 1000,
        begun.elapsed().as_secs_f64()
    );
    let mut lines: Vec<String> = told.into_values().collect();
    lines.sort();
    for line in lines {
        println!("    {line}");
    }
}

/// What the process holds, in kB; 0 where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
}
