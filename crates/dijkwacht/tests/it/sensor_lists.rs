//! Threat lists that are swapped under a sensor that runs, and exceptions on the command line.

use std::fs;

use office::Plan;

use crate::program::run;
use crate::sensor_desk::{Desk, Running, cases, pause};
use crate::sensor_sources::{append, asked, kinds};

#[test]
fn a_list_that_is_swapped_is_taken_up_and_a_spoiled_one_is_not() {
    let desk = Desk::new(Plan { hours: 1, workstations: 3, ..Plan::clean() });
    let (folder, source, log) = (desk.text("intel"), desk.text("bad.txt"), desk.text("pihole.log"));
    fs::write(&source, "kwaad.example\n").expect("the list is written");
    let intel = |arguments: &[&str]| {
        let ran = run(&[&["intel"], arguments, &["--intel-dir", &folder]].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    };
    intel(&["add", &source, "--name", "bad"]);
    append(&desk.path("pihole.log"), "");
    let sensor = Running::start(&["--dns-log", &log, "--intel-dir", &folder, "--format", "json", "--every", "1"]);
    (0..5).for_each(|_| pause());
    let told = |host: &'static str| move |sensor: &Running| kinds(&sensor.stdout(), host) == ["indicator"];
    append(&desk.path("pihole.log"), &asked("kwaad.example", "192.168.20.21"));
    append(&desk.path("pihole.log"), &asked("erger.example", "192.168.20.22"));
    sensor.until("what is listed", told("192.168.20.21"));
    assert!(kinds(&sensor.stdout(), "192.168.20.22").is_empty(), "not listed yet");

    fs::write(&source, "erger.example\n").expect("the list is written");
    intel(&["update", "--now"]);
    // It looks once a second.
    (0..25).for_each(|_| pause());
    append(&desk.path("pihole.log"), &asked("erger.example", "192.168.20.23"));
    append(&desk.path("pihole.log"), &asked("kwaad.example", "192.168.20.24"));
    sensor.until("what is listed since the swap", told("192.168.20.23"));
    assert!(kinds(&sensor.stdout(), "192.168.20.24").is_empty(), "not listed any more");

    fs::write(desk.path("intel").join("bad.list"), "no list at all").expect("it is spoiled");
    sensor.until("it is told", |sensor| sensor.stderr().contains("last good one"));
    append(&desk.path("pihole.log"), &asked("erger.example", "192.168.20.25"));
    sensor.until("what was listed by the last good one", told("192.168.20.25"));
    assert_eq!(sensor.end().0, Some(0));
}

#[test]
fn what_an_exception_covers_is_told_neither_by_scan_nor_by_a_sensor() {
    let desk = Desk::infected();
    let (capture, list) = (desk.text("office.pcap"), desk.text("list.txt"));
    let scan = |except: &[&str]| {
        let ran = run(&[&["scan", &capture, "--intel", &list, "--format", "json"], except].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let victim = desk.victim();
    let all = kinds(&scan(&[]), &victim);
    assert!(all.contains(&"beacon".to_owned()) && all.contains(&"indicator".to_owned()), "{all:?}");
    // One kind: the others stay, and the case with them.
    let without = scan(&["--except", "kind=beacon # our monitoring"]);
    let rest: Vec<_> = all.iter().filter(|kind| *kind != "beacon").cloned().collect();
    assert_eq!(kinds(&without, &victim), rest);
    assert_eq!(cases(&without).len(), 1);
    // By name, from a file; one that has ended, and one of another host, cover nothing.
    let domain = office::truth(&desk.plan).infected.expect("there is one").domain;
    let file = desk.text("exceptions.txt");
    fs::write(&file, format!("# what is ordinary here\ndomain=*.{domain}\nhost={victim} # known\n")).expect("written");
    assert!(kinds(&scan(&["--except", &file]), &victim).is_empty());
    assert_eq!(kinds(&scan(&["--except", &format!("host={victim} until=2026-01-01")]), &victim), all);
    assert_eq!(kinds(&scan(&["--except", "host=192.168.20.250"]), &victim), all);
    // Line by line, and what is wrong with one is named.
    for (wrong, expected) in
        [("until=2027-01-01", "--except"), ("kind=nothing", "nothing"), ("/nosuch/file", "/nosuch/file")]
    {
        let ran = run(&["scan", &capture, "--except", wrong]);
        assert_eq!(ran.code, 2, "{wrong}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{wrong}: {}", ran.stderr);
    }
    let sensor = run(&["sensor", "--read", &capture, "--intel", &list, "--format", "json", "--except", &file]);
    assert_eq!((sensor.code, cases(&sensor.stdout)), (0, Vec::new()), "{}", sensor.stderr);
}
