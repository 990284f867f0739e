//! Two sensors on one folder: the second is refused, and a folder is free when its sensor is gone.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use office::Plan;

use crate::program::run;
use crate::sensor_desk::{Desk, Running};
use crate::sensor_server::{SECRET, Server};
use crate::sensor_sources::{append, asked};

/// A short office day, an empty log to follow, and the sensor's secret.
pub(crate) fn desk() -> Desk {
    let desk = Desk::new(Plan { hours: 1, workstations: 3, ..Plan::clean() });
    append(&desk.path("pihole.log"), "");
    fs::write(desk.path("secret"), format!("{SECRET}\n")).expect("the secret is written");
    desk
}

#[test]
fn a_second_sensor_on_one_archive_is_refused_until_the_first_is_gone() {
    let desk = desk();
    let (log, archive, capture) = (desk.text("pihole.log"), desk.text("archive"), desk.text("office.pcap"));
    let first = Running::start(&["--dns-log", &log, "--archive", &archive]);
    let second = ["sensor", "--dns-log", &log, "--archive", &archive];
    let replay = ["sensor", "--read", &capture, "--archive", &archive];
    for arguments in [&second, &replay] {
        for (language, expected) in [("nl", "in gebruik bij een andere sensor"), ("en", "in use by another sensor")] {
            let ran = run(&[&arguments[..], &["--language", language]].concat());
            assert_eq!(ran.code, 2, "{}", ran.stderr);
            for part in [expected, archive.as_str(), "--archive", &first.child.id().to_string()] {
                assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
            }
        }
    }
    // However it goes.
    first.kill();
    assert_eq!(run(&replay).code, 0);
    assert_eq!(Running::start(&second[1..]).end().0, Some(0));
}

/// A service manager asks, and so does who stopped it by hand: what was found must still be told.
#[test]
fn who_asks_a_sensor_to_end_several_times_at_once_asks_once() {
    let desk = desk();
    let (log, archive) = (desk.text("pihole.log"), desk.text("archive"));
    let sensor = Running::start(&["--dns-log", &log, "--archive", &archive]);
    append(&desk.path("pihole.log"), &asked("www.example.nl", "192.168.20.21"));
    assert_eq!(sensor.end_asked(30).0, Some(0));
}

#[test]
fn a_folder_that_root_held_once_is_anothers_afterwards() {
    let desk = desk();
    let (archive, log) = (desk.path("archive"), desk.text("pihole.log"));
    fs::create_dir(&archive).expect("a folder");
    // Left there by a run as root, of an earlier day: nobody else may write it.
    fs::write(archive.join(".sensor.lock"), "1 2026-01-01 00:00:00 UTC").expect("it is written");
    fs::set_permissions(archive.join(".sensor.lock"), fs::Permissions::from_mode(0o444)).expect("it is closed");
    let nobody = Command::new("chown").arg("nobody").arg(&archive).status().expect("chown runs");
    if !nobody.success() {
        return println!("skipped: not root");
    }
    let archive = desk.text("archive");
    let sensor = Running::start(&["--dns-log", &log, "--archive", &archive]);
    let second = run(&["sensor", "--dns-log", &log, "--archive", &archive]);
    let process = format!("proces {}", sensor.child.id());
    assert!(second.code == 2 && second.stderr.contains(&process), "{}", second.stderr);
    assert_eq!(sensor.end().0, Some(0));
}

#[test]
fn a_second_sensor_on_one_state_folder_is_refused_and_sends_nothing() {
    let desk = desk();
    let server = Server::start();
    let text = |name: &str| desk.text(name);
    let (url, log, state, secret) = (server.url(), text("pihole.log"), text("state"), text("secret"));
    let (capture, other) = (text("office.pcap"), text("other"));
    let base = ["--server", &url, "--token-file", &secret];
    let first = Running::start(&[&base[..], &["--dns-log", &log, "--state", &state]].concat());
    first.until("it is heard", |_| !server.seen.lock().expect("nobody panicked").states.is_empty());
    // The first goes on reporting, so the second is known by a secret of its own.
    fs::write(desk.path("another"), "another's\n").expect("the secret is written");
    let another = ["--server", &url, "--token-file", &text("another")];
    let replay = |state: &str, base: &[&str]| run(&[&["sensor", "--read", &capture, "--state", state], base].concat());
    let ran = replay(&state, &another);
    let refused = || server.seen.lock().expect("nobody panicked").refused;
    assert_eq!((ran.code, refused()), (2, 0), "{}", ran.stderr);
    assert!(ran.stderr.contains(&state) && ran.stderr.contains("--state"), "{}", ran.stderr);
    assert_eq!(replay(&other, &base).code, 0, "a folder of its own");
    // That it would have been heard.
    replay(&text("third"), &another);
    assert!(refused() > 0);
    assert_eq!(first.end().0, Some(0));
    let next = Running::start(&[&base[..], &["--dns-log", &log, "--state", &state]].concat());
    assert_eq!(next.end().0, Some(0));
}

#[test]
fn what_came_into_a_log_while_no_sensor_ran_is_read_by_the_next() {
    let desk = desk();
    let server = Server::start();
    let text = |name: &str| desk.text(name);
    let (url, log, state, secret, list) =
        (server.url(), text("pihole.log"), text("state"), text("secret"), text("list.txt"));
    fs::write(desk.path("list.txt"), "kwaad.example\nerger.example\n").expect("the list is written");
    append(&desk.path("pihole.log"), &asked("erger.example", "192.168.20.99"));
    let arguments = [
        "--server",
        &url,
        "--token-file",
        &secret,
        "--state",
        &state,
        "--dns-log",
        &log,
        "--intel",
        &list,
        "--every",
        "1",
    ];
    let first = Running::start(&arguments);
    first.until("it is heard", |_| !server.seen.lock().expect("nobody panicked").states.is_empty());
    assert_eq!(first.end().0, Some(0));
    let told = || {
        let seen = server.seen.lock().expect("nobody panicked");
        seen.findings.values().filter_map(|report| report.to_json().ok()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(told(), "", "what stood there before the first is not read");
    append(&desk.path("pihole.log"), &asked("kwaad.example", "192.168.20.21"));
    let next = Running::start(&arguments);
    next.until("it is at the server", |_| told().contains("kwaad.example"));
    assert!(next.stderr().contains("left off"), "{}", next.stderr());
    assert_eq!(next.end().0, Some(0));
    assert!(!told().contains("erger.example"), "{}", told());
    // One that is killed long before it keeps what it remembers in its turn is followed, too.
    fs::remove_dir_all(&state).expect("a new one");
    let states = || server.seen.lock().expect("nobody panicked").states.len();
    let before = states();
    let young = Running::start(&arguments);
    young.until("it keeps where it began", |_| desk.path("state").join("left-off.json").exists() && states() > before);
    young.kill();
    append(&desk.path("pihole.log"), &asked("kwaad.example", "192.168.20.23"));
    let next = Running::start(&arguments);
    next.until("it is at the server", |_| told().contains("192.168.20.23"));
    assert_eq!(next.end().0, Some(0));
    // After a day and more its moments would not be believed: it says so, and what to do.
    let kept = desk.path("state").join("left-off.json");
    let mut left_off: serde_json::Value = serde_json::from_slice(&fs::read(&kept).expect("it is kept")).expect("JSON");
    left_off["at"] = "2026-01-01T00:00:00Z".into();
    fs::write(&kept, left_off.to_string()).expect("it is written");
    append(&desk.path("pihole.log"), &asked("erger.example", "192.168.20.22"));
    let late = Running::start(&arguments);
    late.until("it says so", |sensor| sensor.stderr().contains("dijkwacht scan"));
    assert_eq!(late.end().0, Some(0));
    assert!(!told().contains("erger.example"), "{}", told());
}
