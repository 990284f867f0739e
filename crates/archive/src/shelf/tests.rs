//! Rows that wait, a real folder and what may go wrong with it.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use wire::event::Volume;

use super::*;
use crate::hunt::{Question, hunt};

const HOUR: i64 = 496_000;

fn at(hour: i64, second: i64) -> Timestamp {
    Timestamp::from_second(hour * 3_600 + second).unwrap()
}

fn flow(last_at: Timestamp, port: u16) -> Row {
    Row::Flow(Box::new(FlowRow {
        first_at: last_at,
        last_at,
        transport: Cow::Borrowed("tcp"),
        client_ip: [10, 0, 0, 5].into(),
        client_port: Some(port),
        server_ip: [203, 0, 113, 9].into(),
        server_port: Some(443),
        application: None,
        handshake: None,
        sent: Volume { packets: 1, bytes: 60 },
        received: Volume::default(),
        tls_name: None,
        http_host: None,
        dns_name: None,
        ja3: None,
        ja4: None,
        certificate_sha1: None,
        certificate_sha256: None,
    }))
}

fn question(at: Timestamp) -> Row {
    Row::Dns(Box::new(DnsRow {
        at,
        client_ip: [10, 0, 0, 5].into(),
        resolver_ip: [10, 0, 0, 1].into(),
        name: "a.example".into(),
        kind: "A".into(),
        code: None,
        answers: Vec::new(),
    }))
}

fn keeping(folder: &Path) -> Keeping {
    Keeping { folder: folder.to_owned(), days: 7, limit_bytes: u64::MAX, spare_bytes: 0 }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// How many conversations there are in a folder in which everything can be read.
fn kept(folder: &Path) -> u64 {
    let answer = hunt(folder, &Question { limit: 1, ..Question::default() }).unwrap();
    assert!(answer.refused.is_empty(), "{:?}", answer.refused);
    answer.flows
}

#[test]
fn an_hour_has_a_file_of_each_kind_and_the_next_hour_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 3_599), 1), question(at(HOUR, 3_599))]);
    assert_eq!(files(folder.path()), Vec::<String>::new(), "it waits");
    shelf.take(HOUR + 1, vec![flow(at(HOUR + 1, 0), 2)]);
    let first = ["dns-2026-08-01T16Z.parquet", "flows-2026-08-01T16Z.parquet"];
    assert_eq!(files(folder.path()), first, "the hour is over");
    shelf.finish();
    assert_eq!(files(folder.path()), [first[0], first[1], "flows-2026-08-01T17Z.parquet"]);
    assert_eq!(kept(folder.path()), 2);
    assert!(shelf.notes().is_empty());
}

#[test]
fn what_waits_is_written_after_five_minutes_and_a_restart_goes_on_with_the_hour() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    for minute in 0..=5 {
        shelf.take(HOUR, vec![flow(at(HOUR, minute * 60), 1)]);
        assert_eq!(files(folder.path()).len(), 0);
        shelf.turn(at(HOUR, minute * 60));
    }
    assert_eq!(kept(folder.path()), 6);
    shelf.take(HOUR, vec![flow(at(HOUR, 301), 1)]);
    // Killed: what waited is gone, what was half-written lies about.
    drop(shelf);
    fs::write(folder.path().join("flows-2026-08-01T16Z.parquet.unfinished"), "PAR1").unwrap();
    fs::write(folder.path().join("notes.unfinished"), "somebody else's").unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    assert_eq!(files(folder.path()), ["flows-2026-08-01T16Z.parquet", "notes.unfinished"]);
    shelf.take(HOUR, vec![flow(at(HOUR, 302), 1)]);
    shelf.finish();
    assert_eq!(files(folder.path()).len(), 2, "the same file");
    assert_eq!(kept(folder.path()), 7);
}

#[test]
fn a_file_of_the_hour_that_cannot_be_read_stays_and_another_part_begins() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("flows-2026-08-01T16Z.parquet"), "no Parquet").unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 1), 1)]);
    shelf.finish();
    assert_eq!(files(folder.path()), ["flows-2026-08-01T16Z-2.parquet", "flows-2026-08-01T16Z.parquet"]);
    assert_eq!(fs::read(folder.path().join("flows-2026-08-01T16Z.parquet")).unwrap(), b"no Parquet");
}

#[test]
fn a_busy_hour_has_parts_and_no_more_waits_than_a_group() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    for number in 0..80_u16 {
        shelf.take(HOUR, (0..512).map(|port| flow(at(HOUR, number.into()), port)).collect());
        assert!(shelf.flows.len() < GROUP_ROWS);
    }
    shelf.finish();
    assert_eq!(kept(folder.path()), 80 * 512);
    assert_eq!(files(folder.path()).len(), 3, "16,384 rows a part");
}

#[test]
fn files_go_when_their_hour_began_so_many_days_ago_by_their_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 1), 1), question(at(HOUR, 1))]);
    shelf.take(HOUR + 1, vec![flow(at(HOUR + 1, 1), 1)]);
    shelf.finish();
    shelf.turn(at(HOUR + 7 * 24, -1));
    assert_eq!(files(folder.path()).len(), 3);
    shelf.turn(at(HOUR + 7 * 24, 1));
    assert_eq!(files(folder.path()), ["flows-2026-08-01T17Z.parquet"]);
    // At a start as well.
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    shelf.turn(at(HOUR + 9 * 24, 0));
    assert_eq!(files(folder.path()), Vec::<String>::new());
    assert!(shelf.notes().is_empty(), "what was agreed is not news");
}

#[test]
fn what_a_clock_that_was_ahead_left_goes_by_when_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    let ahead = HOUR + 10 * 365 * 24;
    shelf.take(ahead, vec![flow(at(ahead, 1), 1)]);
    shelf.finish();
    let path = folder.path().join(&files(folder.path())[0]);
    fs::File::options().append(true).open(&path).unwrap().set_modified(at(HOUR, 0).into()).unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    shelf.turn(at(HOUR + 7 * 24, -1));
    assert_eq!(files(folder.path()).len(), 1);
    shelf.turn(at(HOUR + 7 * 24, 1));
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[test]
fn fewer_days_hold_at_once_and_none_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(keeping(folder.path())).unwrap();
    for hour in [0, 30, 60] {
        shelf.take(HOUR + hour, vec![flow(at(HOUR + hour, 1), 1)]);
    }
    shelf.finish();
    shelf.keep_days(2);
    shelf.turn(at(HOUR + 60, 2));
    assert_eq!(kept(folder.path()), 2);
    shelf.take(HOUR + 60, vec![flow(at(HOUR + 60, 3), 1)]);
    shelf.keep_days(0);
    shelf.take(HOUR + 60, vec![flow(at(HOUR + 60, 4), 1)]);
    shelf.turn(at(HOUR + 60, 5));
    shelf.finish();
    assert_eq!(files(folder.path()), Vec::<String>::new());
    let notes = shelf.notes();
    assert!(notes.len() == 1 && notes[0].en.contains("keeps nothing any more: 2 files"), "{notes:?}");
}

#[test]
fn a_folder_without_room_lets_the_oldest_hours_go_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(Keeping { limit_bytes: 3 << 12, ..keeping(folder.path()) }).unwrap();
    for hour in 0..6 {
        shelf.take(HOUR + hour, vec![flow(at(HOUR + hour, 1), 1)]);
    }
    shelf.finish();
    let left = files(folder.path());
    assert_eq!(left, [19, 20, 21].map(|hour| format!("flows-2026-08-01T{hour}Z.parquet")));
    let notes = shelf.notes();
    assert!(notes.len() == 1 && notes[0].en.contains("--keep-mib"), "said once: {notes:?}");
    // Less room from the next start on.
    let _ = Shelf::open(Keeping { limit_bytes: 1 << 12, ..keeping(folder.path()) }).unwrap();
    assert_eq!(files(folder.path()).len(), 1);
}

#[test]
fn a_disk_that_takes_nothing_is_said_once_and_costs_what_does_not_fit_in_memory() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("archive");
    let mut shelf = Shelf::open(keeping(&folder)).unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 0), 1)]);
    shelf.turn(at(HOUR, 0));
    // Somebody put a file where the folder was.
    fs::remove_dir(&folder).unwrap();
    fs::write(&folder, "in the way").unwrap();
    for second in (300..1_000).step_by(30) {
        shelf.turn(at(HOUR, second));
    }
    let notes = shelf.notes();
    assert!(notes.len() == 1 && notes[0].en.contains("cannot be written"), "{notes:?}");
    let many = |second| (0..GROUP_ROWS as u16).map(|port| flow(at(HOUR, second), port)).collect::<Vec<_>>();
    shelf.take(HOUR, many(1_000));
    assert_eq!((shelf.lost, shelf.flows.len()), (GROUP_ROWS as u64 + 1, 0), "no room, and memory is bounded");
    shelf.take(HOUR, vec![flow(at(HOUR, 1_001), 1)]);
    fs::remove_file(&folder).unwrap();
    shelf.turn(at(HOUR, 1_500));
    let notes = shelf.notes();
    assert!(notes.len() == 1 && notes[0].en.contains("is written again; 8193 rows were let go"), "{notes:?}");
    assert_eq!(kept(&folder), 1);
}

#[test]
fn what_was_asked_to_be_written_is_said_to_be_once_nothing_of_it_waits() {
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("archive");
    let mut shelf = Shelf::open(keeping(&folder)).unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 0), 1), question(at(HOUR, 0))]);
    assert_eq!(shelf.flushed(), 0);
    shelf.flush(1);
    assert_eq!((shelf.flushed(), kept(&folder), shelf.is_ahead()), (1, 1, false));
    shelf.flush(2);
    assert_eq!(shelf.flushed(), 2, "nothing waits");
    // Somebody put a file where the folder was.
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "in the way").unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 1), 2)]);
    shelf.flush(3);
    shelf.take(HOUR, vec![flow(at(HOUR, 2), 3)]);
    shelf.turn(at(HOUR, 3));
    assert_eq!(shelf.flushed(), 2, "the disk took nothing");
    fs::remove_file(&folder).unwrap();
    shelf.turn(at(HOUR, 400));
    assert_eq!((shelf.flushed(), kept(&folder), shelf.is_ahead()), (3, 2, true));
    // What is let go waits no more either.
    fs::remove_dir_all(&folder).unwrap();
    fs::write(&folder, "in the way").unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 401), 4)]);
    shelf.flush(4);
    assert_eq!(shelf.flushed(), 3);
    shelf.take(HOUR + 1, vec![flow(at(HOUR + 1, 0), 5)]);
    assert_eq!((shelf.flushed(), shelf.lost), (4, 1));
}

#[test]
fn the_last_room_on_a_disk_is_for_findings() {
    let folder = tempfile::tempdir().unwrap();
    let mut shelf = Shelf::open(Keeping { spare_bytes: u64::MAX, ..keeping(folder.path()) }).unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 1), 1)]);
    shelf.finish();
    assert_eq!(files(folder.path()), Vec::<String>::new());
    let notes = shelf.notes();
    assert!(notes[0].nl.contains("dat is voor bevindingen") && !notes[0].nl.contains("MiB left"), "{notes:?}");
    assert!(notes[0].en.contains("are for findings") && notes[1].en.contains("1 rows of metadata"), "{notes:?}");
}

/// As root: a disk of its own that is really full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_whole_files_alone_and_is_written_again_when_there_is_room() {
    let above = tempfile::tempdir().unwrap();
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(above.path())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("skipped: only root may mount a small disk");
        return;
    }
    let folder = above.path().join("archive");
    let mut shelf = Shelf::open(keeping(&folder)).unwrap();
    shelf.take(HOUR, vec![flow(at(HOUR, 0), 1)]);
    shelf.turn(at(HOUR, 0));
    assert!(fs::write(above.path().join("ballast"), vec![7; 257 << 10]).is_err(), "it is full now");
    shelf.turn(at(HOUR, 400));
    let full = (shelf.notes(), files(&folder));
    fs::remove_file(above.path().join("ballast")).unwrap();
    shelf.turn(at(HOUR, 500));
    let after = (shelf.notes(), kept(&folder), files(&folder));
    drop(shelf);
    let _ = std::process::Command::new("umount").arg(above.path()).status();
    assert!(full.0.len() == 1 && full.0[0].en.contains("make room on it"), "{full:?}");
    assert_eq!(full.1, Vec::<String>::new(), "nothing half-written stays");
    assert!(after.0.len() == 1 && after.0[0].en.contains("0 rows were let go"), "{after:?}");
    assert_eq!((after.1, after.2.len()), (1, 1));
}
