//! Logs that are rotated while they are followed, and what of their rotation while no sensor ran cannot be read.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use collect::{Options, Origin, Receivers};
use jiff::SignedDuration;
use wire::event::Kind;

use crate::{append, asked, gzip, now, replies, reply};

fn follow(path: &Path) -> Receivers {
    Receivers::open(&Options { files: vec![(Origin::DnsLog, path.to_owned())], ..Options::default() }).unwrap()
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}{number}.example")).collect()
}

/// What is asked in lines that are there so many seconds later.
fn asked_after(receivers: &mut Receivers, seconds: i64) -> Vec<String> {
    let mut names = Vec::new();
    receivers.read(now() + SignedDuration::from_secs(seconds), &mut |event| {
        if let Kind::Dns(dns) = event.kind {
            names.push(dns.name);
        }
    });
    names
}

#[test]
fn a_log_that_is_copied_and_cut_short_while_it_is_followed_loses_nothing() {
    // (lines that were not read when it was copied, whether the copy is packed, lines since)
    for (unread, is_packed, since) in
        [(5, false, 30), (0, false, 30), (5, false, 1), (5, false, 0), (0, false, 5), (5, true, 30)]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("q.log");
        let mut receivers = follow(&path);
        assert!(asked(&mut receivers).is_empty());
        append(&path, &replies("seen", 5));
        assert_eq!(asked(&mut receivers).len(), 5);
        append(&path, &replies("unread", unread));
        if is_packed {
            gzip(&path, &folder.path().join("q.log.1.gz"));
        } else {
            fs::copy(&path, folder.path().join("q.log.1")).unwrap();
        }
        fs::write(&path, replies("new", since)).unwrap();
        let wanted = [names("unread", unread), names("new", since)].concat();
        assert_eq!(asked(&mut receivers), wanted, "{unread} {is_packed} {since}");
        assert_eq!(receivers.missed().count(), 0);
        append(&path, &reply("now.example"));
        assert_eq!(asked(&mut receivers), ["now.example"], "{unread} {is_packed} {since}");
        let mut later = follow(&path);
        later.go_on_from(receivers.places());
        assert_eq!(asked(&mut later), [""; 0]);
    }
}

#[test]
fn half_a_line_of_a_log_that_is_cut_short_is_read_whole_from_its_copy_or_said_to_be_missed() {
    for is_copied in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("q.log");
        let mut receivers = follow(&path);
        assert!(asked(&mut receivers).is_empty());
        let half = reply("half.example");
        append(&path, &format!("{}{}", replies("seen", 5), &half[..20]));
        assert_eq!(asked(&mut receivers).len(), 5);
        append(&path, &half[20..]);
        if is_copied {
            fs::copy(&path, folder.path().join("q.log.1")).unwrap();
        }
        fs::write(&path, reply("new.example")).unwrap();
        let wanted = if is_copied { &["half.example", "new.example"][..] } else { &["new.example"] };
        assert_eq!(asked(&mut receivers), wanted);
        assert_eq!(receivers.missed().count(), usize::from(!is_copied));
    }
}

#[test]
fn what_comes_into_a_log_after_it_was_renamed_is_read_for_some_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = (folder.path().join("q.log"), folder.path().join("q.log.1"));
    let mut receivers = follow(&path);
    assert!(asked(&mut receivers).is_empty());
    append(&path, &reply("zero.example"));
    assert_eq!(asked(&mut receivers), ["zero.example"]);
    let half = reply("half.example");
    append(&path, &format!("{}{}", reply("one.example"), &half[..20]));
    fs::rename(&path, &old).unwrap();
    append(&path, &reply("two.example"));
    assert_eq!(asked(&mut receivers), ["one.example", "two.example"]);
    // Its writer does not know yet.
    append(&old, &format!("{}{}", &half[20..], reply("three.example")));
    append(&path, &reply("four.example"));
    assert_eq!(asked_after(&mut receivers, 1), ["half.example", "three.example", "four.example"]);
    append(&old, reply("five.example").trim_end());
    assert_eq!(asked_after(&mut receivers, 5), [""; 0], "more of it may come");
    assert_eq!(asked_after(&mut receivers, 11), ["five.example"]);
    append(&old, &reply("late.example"));
    append(&path, &reply("six.example"));
    assert_eq!(asked_after(&mut receivers, 12), ["six.example"]);
    assert_eq!((receivers.rotations(), receivers.missed().count()), (1, 0));
    let mut next = follow(&path);
    next.go_on_from(receivers.places());
    assert_eq!(asked(&mut next), ["late.example"], "the next run looks into it again");
}

#[test]
fn what_comes_into_a_renamed_log_after_a_run_left_off_is_read_once_and_before_the_new_one() {
    // (whether the run before saw the renaming, whether half a line waited in the old one then)
    for (is_seen, is_half) in [(true, false), (true, true), (false, false), (false, true)] {
        let what = format!("seen: {is_seen}, half a line: {is_half}");
        let folder = tempfile::tempdir().unwrap();
        let (path, old) = (folder.path().join("q.log"), folder.path().join("q.log.1"));
        let mut first = follow(&path);
        assert!(asked(&mut first).is_empty());
        let half = reply("half.example");
        let (begun, rest) = half.split_at(if is_half { 20 } else { 0 });
        append(&path, &format!("{}{begun}", replies("seen", 5)));
        assert_eq!(asked(&mut first).len(), 5, "{what}");
        fs::rename(&path, &old).unwrap();
        append(&path, &reply("new.example"));
        if is_seen {
            assert_eq!(asked(&mut first), ["new.example"], "{what}");
        }
        let places = first.places();
        // Its writer opens its log anew after this run has ended.
        append(&old, &format!("{rest}{}", reply("late.example")));
        append(&path, &reply("newer.example"));
        let mut next = follow(&path);
        next.go_on_from(places);
        let new = if is_seen { &["newer.example"][..] } else { &["new.example", "newer.example"] };
        assert_eq!(asked(&mut next), [&["half.example", "late.example"][..], new].concat(), "{what}");
        assert_eq!(next.missed().count(), 0, "{what}");
        // And goes on a little longer, over one more start.
        append(&old, &reply("later.example"));
        let mut third = follow(&path);
        third.go_on_from(next.places());
        assert_eq!(asked(&mut third), ["later.example"], "{what}");
        append(&old, &reply("last.example"));
        assert_eq!(asked(&mut third), ["last.example"], "{what}");
        let mut fourth = follow(&path);
        fourth.go_on_from(third.places());
        assert_eq!(asked(&mut fourth), [""; 0], "{what}");
    }
}

#[test]
fn a_log_that_is_written_anew_under_its_name_is_read_on_where_it_was_left() {
    // A header that is the same in each of its files, longer than what is looked at of a beginning.
    let header = format!("time, client, question{}\n", ", and one column more".repeat(60));
    // (how each file begins, whether the new one holds what was read, half a line that waited, lines since, lines told)
    let table = [
        ("", true, 0, 3, 3),
        ("", true, 20, 3, 4),
        (header.as_str(), true, 0, 3, 3),
        (header.as_str(), true, 20, 0, 1),
    ];
    let others = [("", false, 0, 30, 30), (header.as_str(), false, 0, 30, 30), (header.as_str(), false, 20, 3, 3)];
    for (header, is_kept, pending, since, told) in table.into_iter().chain(others) {
        for is_running in [true, false] {
            let what = format!("{} {is_kept} {pending} {since} {is_running}", header.len());
            let folder = tempfile::tempdir().unwrap();
            let (path, made) = (folder.path().join("q.log"), folder.path().join("q.tmp"));
            append(&path, header);
            let mut receivers = follow(&path);
            assert!(asked(&mut receivers).is_empty());
            let half = reply("half.example");
            append(&path, &format!("{}{}", replies("seen", 20), &half[..pending]));
            assert_eq!(asked(&mut receivers).len(), 20, "{what}");
            let kept = format!("{}{half}", replies("seen", 20));
            let kept = if pending > 0 { kept.as_str() } else { kept.strip_suffix(&half).unwrap() };
            let kept = if is_kept { kept } else { "" };
            fs::write(&made, format!("{header}{kept}{}", replies("new", since))).unwrap();
            fs::rename(&made, &path).unwrap();
            if !is_running {
                let places = receivers.places();
                receivers = follow(&path);
                receivers.go_on_from(places);
            }
            let names = asked(&mut receivers);
            assert_eq!(names.len(), told, "{what}: {names:?}");
            assert!(names.iter().all(|name| name.starts_with("new") || name == "half.example"), "{what}: {names:?}");
            append(&path, &reply("now.example"));
            assert_eq!(asked(&mut receivers), ["now.example"], "{what}");
        }
    }
}

#[test]
fn logs_that_came_and_went_between_two_looks_are_read_in_between() {
    for number in [1, 3] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("q.log");
        let rotated = |number: usize| folder.path().join(format!("q.log.{number}"));
        let rotate = |to: usize| {
            (1..to).rev().for_each(|number| fs::rename(rotated(number), rotated(number + 1)).unwrap());
            fs::rename(&path, rotated(1)).unwrap();
        };
        // File systems' clocks tick too slowly to tell what this test writes apart.
        let is_of = |second: usize| {
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + second as u64);
            fs::File::options().append(true).open(&path).unwrap().set_modified(at).unwrap();
        };
        append(&path, &replies("ancient", 20));
        is_of(0);
        rotate(1);
        append(&path, &replies("before", 20));
        let mut receivers = follow(&path);
        assert!(asked(&mut receivers).is_empty());
        append(&path, &replies("seen", 20));
        assert_eq!(asked(&mut receivers).len(), 20);
        append(&path, &reply("old.example"));
        is_of(1);
        let mut wanted = vec!["old.example".to_owned()];
        for between in 0..number {
            rotate(between + 2);
            let name = format!("between{between}.example");
            append(&path, &reply(&name));
            is_of(between + 2);
            wanted.push(name);
        }
        rotate(number + 2);
        append(&path, &reply("new.example"));
        wanted.push("new.example".to_owned());
        // Packed by a program that keeps no times, and what people put there.
        gzip(&rotated(number + 2), &folder.path().join("q.log.9.gz"));
        fs::copy(rotated(number + 1), folder.path().join("q.log.bak")).unwrap();
        assert_eq!(asked(&mut receivers), wanted);
        // Who wrote the one before is told last.
        append(&rotated(1), &reply("late.example"));
        append(&path, &reply("newer.example"));
        assert_eq!(asked(&mut receivers), ["late.example", "newer.example"]);
        assert_eq!(receivers.missed().count(), 0);
        let mut later = follow(&path);
        later.go_on_from(receivers.places());
        assert_eq!(asked(&mut later), [""; 0]);
    }
}

#[test]
fn a_log_packed_as_nothing_here_unpacks_is_said_to_be_missed_though_the_one_before_it_is_read() {
    // (the name that the log between the two got, whether it is said to be missed)
    for (name, is_missed) in [("q.log.2.bz2", true), ("q-20261130.log.xz", true), ("q.log.bak", false)] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("q.log");
        let mut first = follow(&path);
        assert!(asked(&mut first).is_empty());
        append(&path, &replies("seen", 5));
        assert_eq!(asked(&mut first).len(), 5);
        append(&path, &reply("last.example"));
        fs::rename(&path, folder.path().join("q.log.3")).unwrap();
        fs::write(folder.path().join(name), [0xff; 90]).unwrap();
        append(&path, &reply("new.example"));
        let mut next = follow(&path);
        next.go_on_from(first.places());
        assert_eq!(asked(&mut next), ["last.example", "new.example"], "{name}");
        assert_eq!(next.missed().count(), usize::from(is_missed), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn logs_by_day_behind_a_link_to_the_newest_are_all_read_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let (link, day) = (folder.path().join("latest.log"), |day: &str| folder.path().join(format!("resolver_{day}.log")));
    let point_to = |day: &str| {
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(format!("resolver_{day}.log"), &link).unwrap();
    };
    append(&day("20261128"), &replies("before", 5));
    point_to("20261128");
    let mut first = follow(&link);
    assert!(asked(&mut first).is_empty());
    append(&day("20261129"), &replies("seen", 5));
    point_to("20261129");
    assert_eq!(asked(&mut first).len(), 5);
    let places = first.places();
    append(&day("20261129"), &reply("late.example"));
    append(&day("20261130"), &replies("whole", 5));
    append(&folder.path().join("filter_20261130.log"), &reply("other.example"));
    append(&day("20261201"), &reply("new.example"));
    point_to("20261201");
    let mut next = follow(&link);
    next.go_on_from(places);
    let wanted = [vec!["late.example".to_owned()], names("whole", 5), vec!["new.example".to_owned()]].concat();
    assert_eq!(asked(&mut next), wanted);
    assert_eq!(next.missed().count(), 0);
    let mut later = follow(&link);
    later.go_on_from(next.places());
    assert_eq!(asked(&mut later), [""; 0]);
}
