//! Logs that are rotated while no sensor runs, in ways that cannot be read or that a name does not show.

use std::fs;
use std::path::Path;

use collect::{Options, Origin, Receivers};

use crate::{append, asked, replies, reply};

fn follow(path: &Path) -> Receivers {
    Receivers::open(&Options { files: vec![(Origin::DnsLog, path.to_owned())], ..Options::default() }).unwrap()
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}{number}.example")).collect()
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
