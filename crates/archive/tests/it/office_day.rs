//! A made-up office with an infected workstation, kept by the recorder and asked.

use archive::{Answer, FlowRow, Keeping, Question, Row, hunt};
use jiff::{SignedDuration, Timestamp};
use office::{Plan, Truth};
use tempfile::TempDir;
use wire::event::{Event, Kind};
use wire::{Limits, Tracker};

pub(crate) fn keeping(folder: &TempDir) -> Keeping {
    Keeping { folder: folder.path().to_owned(), days: 7, limit_bytes: u64::MAX, spare_bytes: 0 }
}

/// Follows a capture as the sensor does, with packet time as the clock.
pub(crate) fn follow(capture: &[u8], sink: &mut dyn FnMut(&Event, Timestamp)) {
    let mut tracker = Tracker::new(Limits { looks_into_content: false, ..Limits::default() });
    let mut now = Timestamp::UNIX_EPOCH;
    capture::read_frames(capture, &mut |frame| {
        now = frame.at;
        tracker.frame(frame, &mut |event| sink(&event, now))
    })
    .unwrap();
    let _ = tracker.finish(&mut |event| sink(&event, now));
}

struct Day {
    folder: TempDir,
    truth: Truth,
    flows: u64,
    questions: u64,
}

fn day() -> Day {
    let plan = Plan { hours: 4, ..Plan::default() };
    let folder = tempfile::tempdir().unwrap();
    let (mut recorder, writer) = archive::start(keeping(&folder), true).unwrap();
    let (mut flows, mut questions) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(move || writer.run(&|note| panic!("{note:?}")));
        follow(&office::capture(&plan), &mut |event, now| {
            flows += u64::from(matches!(event.kind, Kind::FlowEnded(_)));
            questions += u64::from(matches!(event.kind, Kind::Dns(_)));
            recorder.event(event, now);
        });
        drop(recorder);
    });
    Day { folder, truth: office::truth(&plan), flows, questions }
}

impl Day {
    fn ask(&self, question: &Question) -> Answer {
        let answer = hunt(self.folder.path(), question).unwrap();
        assert!(answer.refused.is_empty(), "{:?}", answer.refused);
        answer
    }
}

fn all() -> Question {
    Question { limit: usize::MAX, ..Question::default() }
}

fn flows(answer: &Answer) -> Vec<&FlowRow> {
    let of_kind = answer.rows.iter().filter_map(|row| match row {
        Row::Flow(row) => Some(row.as_ref()),
        Row::Dns(_) => None,
    });
    of_kind.collect()
}

#[test]
fn a_day_is_kept_whole_and_every_question_finds_its_part() {
    let day = day();
    let everything = day.ask(&all());
    assert_eq!((everything.flows, everything.dns), (day.flows, day.questions), "no row is lost");
    assert_eq!(everything.files, everything.opened);
    assert!(everything.rows.is_sorted_by_key(Row::at));

    let infected = day.truth.infected.as_ref().unwrap();
    let (victim, attacker) = (infected.ip.to_string(), infected.address.to_string());
    let ranges = |text: &str| vec![text.parse().unwrap()];
    let both = Question { hosts: ranges(&victim), addresses: ranges(&attacker), ..all() };
    let calls = day.ask(&both);
    assert!(calls.flows >= u64::from(infected.connections), "{} of {}", calls.flows, infected.connections);
    assert!(flows(&calls).iter().all(|row| row.client_ip == infected.ip && row.server_ip == infected.address));
    assert!(flows(&calls).iter().all(|row| row.dns_name.as_deref() == Some(infected.domain.as_str())));
    let sent: u64 = flows(&calls).iter().map(|row| row.sent.bytes).sum();
    assert!(sent >= infected.upload_bytes, "{sent}");

    let turned = Question { hosts: ranges(&attacker), addresses: ranges(&victim), ..all() };
    assert_eq!(day.ask(&turned).flows, calls.flows, "either end may be the host");
    let nobody = Question { hosts: ranges(&victim), addresses: ranges("198.51.100.77"), ..all() };
    assert!(day.ask(&nobody).rows.is_empty());

    let by_name = Question { names: vec![infected.domain.parse().unwrap()], ..all() };
    let named = day.ask(&by_name);
    assert!(named.flows >= calls.flows && named.dns > 0, "{} {}", named.flows, named.dns);
    let (_, above) = infected.domain.split_once('.').unwrap();
    let wild = Question { names: vec![format!("*.{above}").parse().unwrap()], ..all() };
    assert!(day.ask(&wild).flows >= named.flows);

    let ja4 = flows(&everything).iter().find_map(|row| row.ja4.clone()).unwrap();
    let print = Question { fingerprints: vec![ja4.parse().unwrap()], ..all() };
    let printed = day.ask(&print);
    assert!(printed.flows > 0 && printed.dns == 0);
    assert!(flows(&printed).iter().all(|row| row.ja4.as_deref() == Some(ja4.as_str())));
    let two = Question { fingerprints: vec![ja4.parse().unwrap(), "0".repeat(32).parse().unwrap()], ..all() };
    assert_eq!(day.ask(&two).flows, printed.flows, "one of several will do");
}

/// As a sensor that is asked to stop: what its detectors and tables held comes in one go, more than may wait for a disk.
#[test]
fn who_ends_waits_for_the_disk_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut recorder, writer) = archive::start(keeping(&folder), false).unwrap();
    let mut events = Vec::new();
    follow(&office::capture(&Plan { hours: 4, ..Plan::default() }), &mut |event, now| {
        if matches!(event.kind, Kind::FlowEnded(_) | Kind::Dns(_)) {
            events.push((event.clone(), now));
        }
    });
    // More than may wait.
    events.extend_from_within(..);
    events.extend_from_within(..);
    assert!(events.len() > 9_000, "{}", events.len());
    let (ends, is_ending) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let events = &events;
        scope.spawn(move || {
            recorder.wait();
            ends.send(()).unwrap();
            events.iter().for_each(|(event, now)| recorder.event(event, *now));
        });
        is_ending.recv().unwrap();
        writer.run(&|note| panic!("{note:?}"));
    });
    let answer = hunt(folder.path(), &all()).unwrap();
    assert_eq!(answer.flows + answer.dns, events.len() as u64);
}

#[test]
fn what_was_recorded_is_on_the_disk_once_it_is_said_to_be_and_asking_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut recorder, writer) = archive::start(keeping(&folder), false).unwrap();
    let mut questions = Vec::new();
    follow(&office::capture(&Plan { hours: 1, ..Plan::default() }), &mut |event, now| {
        if matches!(event.kind, Kind::Dns(_)) {
            questions.push((event.clone(), now));
        }
    });
    let [(one, now), (other, _), ..] = questions.as_slice() else { panic!("{}", questions.len()) };
    // Nobody writes yet: at last there is no room to ask.
    while recorder.flush().is_some() {}
    recorder.event(one, *now);
    assert_eq!(recorder.flush(), None);
    std::thread::scope(|scope| {
        scope.spawn(move || writer.run(&|note| panic!("{note:?}")));
        let flush = loop {
            if let Some(flush) = recorder.flush() {
                break flush;
            }
            std::thread::yield_now();
        };
        while !recorder.is_written(flush) {
            std::thread::yield_now();
        }
        assert_eq!(hunt(folder.path(), &all()).unwrap().dns, 1, "long before its time, and nothing was let go");
        assert!(!recorder.is_ahead());
        recorder.event(other, *now);
        drop(recorder);
    });
    assert_eq!(hunt(folder.path(), &all()).unwrap().dns, 2);
}

#[test]
fn times_bound_what_is_found_and_what_is_opened() {
    let day = day();
    let everything = day.ask(&all());
    let start = everything.rows.iter().map(Row::at).min().unwrap();
    let (since, until) = (start + SignedDuration::from_mins(100), start + SignedDuration::from_mins(110));
    let overlaps = |row: &&Row| match row {
        Row::Flow(row) => row.last_at >= since && row.first_at < until,
        Row::Dns(row) => row.at >= since && row.at < until,
    };
    let wanted: Vec<_> = everything.rows.iter().filter(overlaps).cloned().collect();
    let found = day.ask(&Question { since: Some(since), until: Some(until), ..all() });
    assert!(!wanted.is_empty() && wanted.len() < everything.rows.len() / 4);
    assert_eq!(found.rows, wanted);
    assert!(found.opened < found.files, "{} of {}", found.opened, found.files);

    let few = day.ask(&Question { limit: 3, ..all() });
    assert_eq!((few.flows, few.dns), (everything.flows, everything.dns), "all are counted");
    assert_eq!(few.rows, everything.rows[everything.rows.len() - 3..], "and the newest shown");
}

#[test]
fn a_file_that_is_damaged_or_not_ours_is_named_and_the_others_are_read() {
    let day = day();
    let before = day.ask(&all());
    let path = |name: &str| day.folder.path().join(name);
    std::fs::write(path("flows-1999-01-01T00Z.parquet"), "PAR1").unwrap();
    std::fs::write(path("holiday.parquet"), "PAR1").unwrap();
    std::fs::write(path("holiday.txt"), "PAR1").unwrap();
    let after = hunt(day.folder.path(), &all()).unwrap();
    assert_eq!(after.rows, before.rows);
    let mut refused: Vec<_> = after.refused.iter().map(|one| one.path.clone()).collect();
    refused.sort();
    assert_eq!(refused, [path("flows-1999-01-01T00Z.parquet"), path("holiday.parquet")]);
}

#[test]
fn nothing_that_may_hold_content_is_in_the_files() {
    let day = day();
    let mut paths = 0;
    follow(&office::capture(&Plan { hours: 4, ..Plan::default() }), &mut |event, _| {
        let Kind::HttpRequest(request) = &event.kind else { return };
        if request.path.len() < 8 {
            return;
        }
        paths += 1;
        for file in std::fs::read_dir(day.folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let held = bytes.windows(request.path.len()).any(|window| window == request.path.as_bytes());
            assert!(!held, "{}", request.path);
        }
    });
    eprintln!("{paths} requests had a path");
}
