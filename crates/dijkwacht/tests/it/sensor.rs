//! `dijkwacht sensor` as it is started: replaying captures, and on real interfaces, with a real server over HTTP.

use std::path::Path;
use std::sync::{Arc, Mutex};

use contract::sensor::Report;
use office::{Infection, Plan};

use crate::program::run;
use crate::sensor_desk::{Desk, Running, are_given_up, cases, pause, rights};
use crate::sensor_link::Link;
use crate::sensor_server::{SECRET, Seen, Server, TOKEN};

fn hosts_of_cases(seen: &Mutex<Seen>) -> Vec<String> {
    let seen = seen.lock().expect("nobody panicked");
    let cases = seen.findings.values().filter_map(|report| match report {
        Report::Case(case) => Some(case.host.ip.to_string()),
        _ => None,
    });
    cases.collect()
}

#[test]
fn a_capture_is_replayed_and_what_it_holds_is_printed() {
    let desk = Desk::infected();
    let ran =
        run(&["sensor", "--read", &desk.text("office.pcap"), "--intel", &desk.text("list.txt"), "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let [(host, _)] = &cases(&ran.stdout)[..] else { panic!("{}", ran.stdout) };
    assert_eq!(host, &desk.victim());
    let ran = run(&["sensor", "--read", &desk.text("office.pcap"), "--language", "en"]);
    assert!(ran.stdout.contains(&desk.victim()) && ran.code == 0, "{}", ran.stdout);
}

#[test]
fn a_healthy_day_prints_nothing() {
    let desk = Desk::new(Plan { hours: 4, ..Plan::clean() });
    let ran =
        run(&["sensor", "--read", &desk.text("office.pcap"), "--intel", &desk.text("list.txt"), "--format", "json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
}

#[test]
fn it_enrols_once_keeps_its_secret_to_itself_and_sends_what_it_found() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::infected();
    let server = Server::start();
    let (url, state, capture) = (server.url(), desk.text("state"), desk.text("office.pcap"));
    let base = ["sensor", "--read", &capture, "--server", &url, "--state", &state];
    let ran = run(&base);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("--enrol"), "{}", ran.stderr);
    // The server's own words, in the language that was chosen, which say what to do: once.
    for (language, why) in [("nl", "Nee."), ("en", "no")] {
        let ran = run(&[&base[..], &["--enrol", "another", "--language", language]].concat());
        assert_eq!((ran.code, ran.stderr.trim()), (2, format!("dijkwacht: {why}").as_str()));
    }
    let enrol = [&base[..], &["--enrol", TOKEN, "--name", "kantoor-breda"]].concat();
    let ran = run(&enrol);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(!ran.stderr.contains(SECRET) && !ran.stderr.contains(TOKEN), "{}", ran.stderr);
    assert_eq!(hosts_of_cases(&server.seen), [desk.victim()]);
    let name = server.seen.lock().expect("nobody panicked").enrolled.clone().map(|enrol| enrol.name);
    assert_eq!(name.as_deref(), Some("kantoor-breda"));
    let identity = std::fs::metadata(Path::new(&state).join("identity.json")).expect("it is kept");
    assert_eq!(identity.permissions().mode() & 0o777, 0o600);
    // Again, as a service would with the same line: known, and nothing comes twice.
    let ran = run(&enrol);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("al bekend bij"), "{}", ran.stderr);
    assert_eq!(hosts_of_cases(&server.seen), [desk.victim()]);
    // At another server it is a stranger.
    let elsewhere = run(&["sensor", "--read", &capture, "--server", "http://127.0.0.1:9", "--state", &state]);
    assert_eq!(elsewhere.code, 2);
    assert!(elsewhere.stderr.contains(&url), "{}", elsewhere.stderr);
}

#[test]
fn a_server_that_is_away_costs_nothing_but_time() {
    let desk = Desk::infected();
    let server = Server::start();
    let url = server.url();
    let address = url.strip_prefix("http://").expect("an address").parse().expect("an address");
    drop(server);
    std::fs::write(desk.path("secret"), format!("{SECRET}\n")).expect("the secret is written");
    let (state, capture, secret) = (desk.text("state"), desk.text("office.pcap"), desk.text("secret"));
    let arguments = ["sensor", "--read", &capture, "--server", &url, "--state", &state, "--token-file", &secret];
    let ran = run(&arguments);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("wachten op schijf"), "{}", ran.stderr);
    assert!(ran.stderr.contains("die van de laatste keer gelden"), "{}", ran.stderr);
    let server = Server::start_at(address, Arc::default());
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(hosts_of_cases(&server.seen), [desk.victim()]);
}

#[test]
fn wrong_usage_is_told_before_anything_is_read() {
    for (arguments, expected) in [
        (&["sensor"][..], "--interface"),
        (&["sensor"], "--netflow"),
        (&["sensor", "--language", "en"], "there is nothing to watch"),
        (&["sensor", "--every", "5"], "--read"),
        (&["sensor", "--interface", "nosuch0"], "nosuch0"),
        (&["sensor", "--interface", "lo", "--read", "x"], "--read"),
        (&["sensor", "--netflow", "127.0.0.1:0", "--read", "x"], "--read"),
        (&["sensor", "--netflow", "nowhere"], "--netflow"),
        (&["sensor", "--eve", "x", "--zone", "Mars/Olympus"], "Mars/Olympus"),
        (&["sensor", "--read", "x", "--server", "http://192.0.2.7"], "--allow-plain-http"),
        (&["sensor", "--read", "x", "--syslog", "nowhere"], "collector"),
        (&["sensor", "--read", "x", "--eve-out", "/nosuch/eve.json"], "/nosuch/eve.json"),
        (&["sensor", "--read", "x", "--user", "no such user"], "user"),
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn what_passes_on_an_interface_is_seen_as_it_passes() {
    let desk = Desk::infected();
    let link = match Link::new("see") {
        Ok(link) => link,
        Err(why) => return println!("skipped: {why}"),
    };
    let list = desk.text("list.txt");
    let eve = desk.text("eve.json");
    let sensor = Running::start(&[
        "--interface",
        link.near(),
        "--intel",
        &list,
        "--format",
        "json",
        "--every",
        "1",
        "--eve-out",
        &eve,
    ]);
    link.replay(&desk.path("office.pcap"));
    sensor.until("the case is printed", |sensor| !cases(&sensor.stdout()).is_empty());
    let rights = rights(sensor.child.id());
    let (code, stdout) = sensor.end();
    assert_eq!(code, Some(0));
    let found = cases(&stdout);
    assert!(found.iter().all(|(host, _)| *host == desk.victim()), "one host's story: {found:?}");
    assert!(std::fs::read_to_string(eve).expect("alerts are written").contains("\"event_type\":\"alert\""));
    are_given_up(&rights);
    // It lies ready in one thread, to open an interface that was made anew.
    assert_eq!(rights.iter().filter(|thread| thread.permitted != 0).count(), 1, "{rights:?}");
}

#[test]
fn a_tag_that_the_network_card_took_off_changes_nothing() {
    let desk = Desk::infected();
    let link = match Link::new("tag") {
        Ok(link) => link,
        Err(why) => return println!("skipped: {why}"),
    };
    let tagged = desk.path("tagged.pcap");
    std::fs::write(&tagged, with_tag(&office::capture(&desk.plan), 42)).expect("the capture is written");
    let list = desk.text("list.txt");
    let sensor = Running::start(&["--interface", link.near(), "--intel", &list, "--format", "json", "--every", "1"]);
    link.replay(&tagged);
    sensor.until("the case is printed", |sensor| !cases(&sensor.stdout()).is_empty());
    assert!(cases(&sensor.end().1).iter().all(|(host, _)| *host == desk.victim()));
}

/// The capture with every frame in a VLAN. Pcap, little endian: a header of 24 bytes, then 16 before each frame.
fn with_tag(capture: &[u8], vlan: u16) -> Vec<u8> {
    let (header, mut rest) = capture.split_at(24);
    let mut out = header.to_vec();
    while let Some((record, after)) = rest.split_at_checked(16) {
        let length = |at: usize| u32::from_le_bytes(record[at..at + 4].try_into().expect("four bytes"));
        let (kept, wire) = (length(8), length(12));
        let (frame, after) = after.split_at(kept as usize);
        let (addresses, payload) = frame.split_at(12);
        out.extend_from_slice(&record[..8]);
        out.extend_from_slice(&(kept + 4).to_le_bytes());
        out.extend_from_slice(&(wire + 4).to_le_bytes());
        out.extend_from_slice(addresses);
        out.extend_from_slice(&[0x81, 0x00]);
        out.extend_from_slice(&vlan.to_be_bytes());
        out.extend_from_slice(payload);
        rest = after;
    }
    out
}

#[test]
fn a_healthy_host_on_an_interface_is_silence() {
    let desk = Desk::new(Plan { hours: 1, workstations: 3, ..Plan::clean() });
    let link = match Link::new("ok") {
        Ok(link) => link,
        Err(why) => return println!("skipped: {why}"),
    };
    let list = desk.text("list.txt");
    let sensor = Running::start(&["--interface", link.near(), "--intel", &list, "--format", "json", "--every", "1"]);
    link.replay(&desk.path("office.pcap"));
    for _ in 0..30 {
        pause();
    }
    let stderr = Arc::clone(&sensor.stderr);
    let (code, stdout) = sensor.end();
    assert_eq!((code, stdout.as_str()), (Some(0), ""));
    let said = stderr.lock().expect("nobody panicked").clone();
    let packets: u64 =
        said.lines().rev().find_map(|line| line.split_once(" packets,")?.0.parse().ok()).expect("it counts");
    assert!(packets > 500, "{said}");
}

#[test]
fn metadata_are_kept_for_the_days_that_the_server_says_and_a_change_holds_without_a_restart() {
    let desk = Desk::infected();
    let link = match Link::new("keep") {
        Ok(link) => link,
        Err(why) => return println!("skipped: {why}"),
    };
    let server = Server::start();
    let (url, state, list) = (server.url(), desk.text("state"), desk.text("list.txt"));
    let archive = desk.path("state/archive");
    let arguments = [
        "--interface",
        link.near(),
        "--server",
        &url,
        "--state",
        &state,
        "--enrol",
        TOKEN,
        "--intel",
        &list,
        "--every",
        "1",
    ];
    let sensor = Running::start(&arguments);
    link.replay(&desk.path("office.pcap"));
    sensor.until("the case is at the server", |_| hosts_of_cases(&server.seen).contains(&desk.victim()));
    assert_eq!(sensor.end().0, Some(0));
    let infected = office::truth(&desk.plan).infected.expect("there is one");
    let folder = desk.text("state/archive");
    let found = run(&["hunt", &folder, "--name", &infected.domain, "--since", "1h", "--format", "json"]);
    assert_eq!(found.code, 0, "{}", found.stderr);
    assert!(found.stdout.contains(&infected.ip.to_string()), "{}", found.stdout);

    server.seen.lock().expect("nobody panicked").settings.keep_days = 0;
    let sensor = Running::start(&arguments);
    sensor.until("what was kept is gone", |_| {
        let names = std::fs::read_dir(&archive).map(|files| files.flatten().map(|file| file.file_name()).collect());
        names.is_ok_and(|names: Vec<_>| names == [".sensor.lock"])
    });
    sensor.until("it says so", |sensor| sensor.stderr().contains("keeps nothing any more"));
    assert_eq!(sensor.end().0, Some(0));
}

#[test]
fn an_interface_that_goes_and_comes_back_is_watched_again() {
    let desk = Desk::infected();
    let link = match Link::new("back") {
        Ok(link) => link,
        Err(why) => return println!("skipped: {why}"),
    };
    let list = desk.text("list.txt");
    let sensor = Running::start(&["--interface", link.near(), "--intel", &list, "--format", "json", "--every", "1"]);
    link.cut();
    sensor.until("it is told that there is no link", |sensor| sensor.stderr().contains("no link"));
    link.mend();
    sensor.until("it is told that it is back", |sensor| sensor.stderr().contains("gives frames again"));
    link.remove();
    sensor.until("it is told that it is gone", |sensor| sensor.stderr().contains("is gone"));
    link.make();
    sensor.until("it is told that it is back", |sensor| sensor.stderr().matches("gives frames again").count() == 2);
    link.replay(&desk.path("office.pcap"));
    sensor.until("the case is printed", |sensor| !cases(&sensor.stdout()).is_empty());
    let (code, stdout) = sensor.end();
    assert_eq!(code, Some(0));
    assert!(cases(&stdout).iter().all(|(host, _)| *host == desk.victim()));
}

#[test]
fn a_killed_sensor_and_a_server_away_lose_nothing_and_tell_nothing_twice() {
    let first = Desk::infected();
    let infection = Infection { domain: "update-mirror.example".into(), ..Infection::default() };
    let second = Desk::new(Plan { seed: 3, hours: 4, infection: Some(infection), ..Plan::default() });
    assert_ne!(first.victim(), second.victim(), "another seed infects another");
    let link = match Link::new("kill") {
        Ok(link) => link,
        Err(why) => return println!("skipped: {why}"),
    };
    let server = Server::start();
    let (url, seen) = (server.url(), Arc::clone(&server.seen));
    let address = url.strip_prefix("http://").expect("an address").parse().expect("an address");
    let (state, lists) = (first.text("state"), [first.text("list.txt"), second.text("list.txt")]);
    let [one, other] = &lists;
    let arguments = [
        "--interface",
        link.near(),
        "--server",
        &url,
        "--state",
        &state,
        "--enrol",
        TOKEN,
        "--intel",
        one,
        "--intel",
        other,
        "--every",
        "1",
    ];
    let sensor = Running::start(&arguments);
    link.replay(&first.path("office.pcap"));
    sensor.until("the first case is at the server", |_| hosts_of_cases(&seen).contains(&first.victim()));
    drop(server);
    link.replay(&second.path("office.pcap"));
    let spooled = |state: &str| {
        let files = std::fs::read_dir(Path::new(state).join("spool")).expect("the spool is there");
        let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
        let findings = names.filter(|name| name.contains("-findings-") || name.contains("-grave-"));
        findings
            .filter_map(|name| std::fs::read_to_string(Path::new(state).join("spool").join(name)).ok())
            .collect::<String>()
    };
    sensor.until("the second case is on disk", |_| {
        cases(&spooled(&state)).iter().any(|(host, _)| *host == second.victim())
    });
    sensor.kill();
    let before = seen.lock().expect("nobody panicked").order.clone();
    let server = Server::start_at(address, Arc::clone(&seen));
    let sensor = Running::start(&arguments);
    sensor.until("the second case is at the server", |_| hosts_of_cases(&seen).contains(&second.victim()));
    sensor.until("the spool is empty", |_| spooled(&state).is_empty());
    let (code, _) = sensor.end();
    assert_eq!(code, Some(0));
    drop(server);
    let seen = seen.lock().expect("nobody panicked");
    assert_eq!(seen.order[..before.len()], before, "what was there is not told anew");
    let mut ids = seen.order.clone();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), seen.order.len());
}
