//! A sensor that is killed at the worst moments: who comes after it tells and keeps what it had read, and nothing twice.

use std::fs;

use contract::sensor::Report;

use crate::program::run;
use crate::sensor_alone::desk;
use crate::sensor_desk::Running;
use crate::sensor_server::Server;
use crate::sensor_sources::{append, asked};

#[test]
fn what_a_killed_sensor_read_of_a_log_is_told_once_and_kept_once() {
    let (desk, server) = (desk(), Server::start());
    let text = |name: &str| desk.text(name);
    let (url, log, state, secret, list) =
        (server.url(), text("pihole.log"), text("state"), text("secret"), text("list.txt"));
    let names = ["kwaad.example", "erger.example", "ergst.example"];
    fs::write(desk.path("list.txt"), names.join("\n")).expect("the list is written");
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
    let told = |name: &str| {
        let seen = server.seen.lock().expect("nobody panicked");
        let is_of =
            |report: &&Report| matches!(report, Report::Detection(one) if one.remote.domain.as_deref() == Some(name));
        seen.findings.values().filter(is_of).count()
    };
    let left_off = || fs::read_to_string(desk.path("state").join("left-off.json")).unwrap_or_default();

    // The first is told while the answer to the second may have more lines still.
    let first = Running::start(&arguments);
    first.until("it keeps where it began", |_| !left_off().is_empty());
    let began = left_off();
    append(&desk.path("pihole.log"), &(asked(names[0], "192.168.20.21") + &asked(names[1], "192.168.20.22")));
    first.until("the first is told", |_| told(names[0]) > 0);
    first.kill();

    // Who comes after it reads both again. It is killed long before the archive is written in its time, and after it left
    // behind what it told.
    let second = Running::start(&arguments);
    second.until("the second is told", |_| told(names[1]) > 0);
    second.until("it need not be read again", |_| left_off() != began);
    second.kill();
    append(&desk.path("pihole.log"), &asked(names[2], "192.168.20.23"));

    let third = Running::start(&arguments);
    third.until("the third is told", |_| told(names[2]) > 0);
    assert_eq!(third.end().0, Some(0));
    for name in names {
        let kept = run(&["hunt", &format!("{state}/archive"), "--name", name, "--format", "json"]);
        // The last line counts.
        assert_eq!((told(name), kept.stdout.lines().count()), (1, 2), "{name}: {}{}", kept.stdout, kept.stderr);
    }
    let seen = server.seen.lock().expect("nobody panicked");
    let cases = seen.findings.values().filter(|report| matches!(report, Report::Case(_))).count();
    assert_eq!(cases, names.len(), "one each: {:?}", seen.findings);
}
