//! What a sensor hears before it reads, and what it remembers when it is killed.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;

use contract::detection::Kind;
use contract::sensor::{Exception, Report, ServedList};
use office::Plan;

use crate::program::run;
use crate::sensor_desk::{Desk, Running, pause};
use crate::sensor_server::{SECRET, Server, TOKEN, Whim};
use crate::sensor_sources::{append, asked};

fn hosts_of_cases(server: &Server) -> Vec<String> {
    let seen = server.seen.lock().expect("nobody panicked");
    let case = |report: &Report| match report {
        Report::Case(case) => Some(case.host.ip.to_string()),
        _ => None,
    };
    seen.findings.values().filter_map(case).collect()
}

fn kinds(server: &Server) -> Vec<Kind> {
    let seen = server.seen.lock().expect("nobody panicked");
    let kind = |report: &Report| match report {
        Report::Detection(detection) => Some(detection.kind),
        _ => None,
    };
    seen.findings.values().filter_map(kind).collect()
}

#[test]
fn a_replay_goes_by_what_the_server_says_now() {
    let desk = Desk::infected();
    let server = Server::start();
    let (url, capture) = (server.url(), desk.text("office.pcap"));
    let list = intel::ThreatList::read("kantoor", office::threat_list(&desk.plan).as_bytes()).list;
    {
        let mut seen = server.seen.lock().expect("nobody panicked");
        seen.lists.insert("kantoor".into(), list.to_bytes());
        seen.settings.lists = vec![ServedList { name: "kantoor".into(), version: "1".into() }];
    }
    let state = desk.text("state");
    let ran = run(&["sensor", "--read", &capture, "--server", &url, "--state", &state, "--enrol", TOKEN]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(kinds(&server).contains(&Kind::Indicator), "the list came first: {}", ran.stderr);
    assert_eq!(hosts_of_cases(&server), [desk.victim()]);

    // Somebody makes an exception; the next replay knows of it, though its folder never heard.
    {
        let mut seen = server.seen.lock().expect("nobody panicked");
        seen.findings.clear();
        seen.settings.exceptions = vec![Exception {
            id: Default::default(),
            kind: None,
            host: desk.victim().parse().ok(),
            domain: None,
            network: None,
            until: None,
            author: "A. Beheerder".into(),
            reason: "een proef".into(),
            reason_en: None,
        }];
    }
    fs::write(desk.path("secret"), SECRET).expect("the secret is written");
    let (secret, new) = (desk.text("secret"), desk.text("new"));
    let ran = run(&["sensor", "--read", &capture, "--server", &url, "--state", &new, "--token-file", &secret]);
    assert_eq!((ran.code, hosts_of_cases(&server)), (0, Vec::new()), "{}", ran.stderr);

    // A server that is away is said, and what it said last holds.
    let address = url.strip_prefix("http://").expect("an address").parse().expect("an address");
    drop(server);
    let ran = run(&[
        "sensor",
        "--read",
        &capture,
        "--server",
        &url,
        "--state",
        &new,
        "--token-file",
        &secret,
        "--language",
        "en",
    ]);
    assert!(ran.stderr.contains("those of the last time hold"), "{}", ran.stderr);
    let server = Server::start_at(address, Arc::default());
    let ran = run(&["sensor", "--read", &capture, "--server", &url, "--state", &new, "--token-file", &secret]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(hosts_of_cases(&server), [desk.victim()], "this one has no exceptions");
}

#[test]
fn a_replay_that_is_killed_and_begun_again_opens_no_second_case() {
    let desk = Desk::infected();
    let server = Server::start();
    fs::write(desk.path("secret"), SECRET).expect("the secret is written");
    let (url, capture, state) = (server.url(), desk.text("office.pcap"), desk.text("state"));
    let secret = desk.text("secret");
    let arguments = ["sensor", "--read", &capture, "--server", &url, "--state", &state, "--token-file", &secret];
    {
        // Its question for settings, and its findings; then it is kept waiting.
        let answer = r#"{"accepted":1,"known":0,"settings":{"keep_days":7}}"#;
        let mut seen = server.seen.lock().expect("nobody panicked");
        seen.whims.extend([Whim::TakeAndSay(answer), Whim::TakeAndSay(answer), Whim::Busy(60)]);
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_dijkwacht"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    for _ in 0..600 {
        if !hosts_of_cases(&server).is_empty() {
            break;
        }
        pause();
    }
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    assert_eq!(hosts_of_cases(&server), [desk.victim()], "it was told before the end");
    server.seen.lock().expect("nobody panicked").whims.clear();
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(hosts_of_cases(&server), [desk.victim()]);
}

#[test]
fn a_sensor_that_is_killed_as_soon_as_it_told_opens_no_second_case_for_the_same() {
    let desk = Desk::new(Plan { hours: 1, workstations: 3, ..Plan::clean() });
    let server = Server::start();
    fs::write(desk.path("list.txt"), "kwaad.example\nerger.example\n").expect("the list is written");
    fs::write(desk.path("secret"), SECRET).expect("the secret is written");
    append(&desk.path("pihole.log"), "");
    let [list, secret, log, state] = ["list.txt", "secret", "pihole.log", "state"].map(|name| desk.text(name));
    let url = server.url();
    let base = ["--server", &url, "--state", &state, "--token-file", &secret, "--intel", &list];
    let start = || {
        let sensor = Running::start(&[&base[..], &["--dns-log", &log, "--every", "1"]].concat());
        sensor.until("the log is followed", |sensor| sensor.stderr().contains("followed: "));
        (0..5).for_each(|_| pause());
        sensor
    };
    let told = |host: &str| hosts_of_cases(&server).iter().filter(|one| *one == host).count();
    let sensor = start();
    append(&desk.path("pihole.log"), &asked("kwaad.example", "192.168.20.21"));
    sensor.until("the first is told", |_| told("192.168.20.21") > 0);
    sensor.kill();
    let sensor = start();
    append(&desk.path("pihole.log"), &asked("kwaad.example", "192.168.20.21"));
    append(&desk.path("pihole.log"), &asked("erger.example", "192.168.20.22"));
    sensor.until("another is told", |_| told("192.168.20.22") > 0);
    assert_eq!(sensor.end().0, Some(0));
    assert_eq!((told("192.168.20.21"), told("192.168.20.22")), (1, 1));
}
