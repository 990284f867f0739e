//! What a sensor refuses before it begins, and how it goes on where an earlier one left off.

use std::fs;
use std::process::Command;

use crate::program::run;
use crate::sensor_alone::desk;
use crate::sensor_desk::{Desk, Running};
use crate::sensor_front::Certificates;
use crate::sensor_server::{SECRET, Server, TOKEN};
use crate::sensor_sources::append;

#[test]
fn a_certificate_and_a_key_that_do_not_belong_together_are_refused_before_anything_else() {
    let desk = desk();
    let Some(certificates) = Certificates::make(desk.path("list.txt").parent().expect("a folder")) else {
        return println!("skipped: openssl is not installed");
    };
    let [own, anothers] = ["sensor.pem", "server.key"].map(|name| certificates.path(name));
    fs::write(desk.path("cut.pem"), "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n").expect("it is");
    let (state, cut) = (desk.text("state"), desk.text("cut.pem"));
    // The capture is not there: had it been looked for first, that would be said.
    let base = ["sensor", "--read", "/nosuch.pcap", "--server", "https://127.0.0.1:9", "--state", &state];
    for (chain, key, language, expected) in [
        (&own, &anothers, "nl", "horen niet bij elkaar"),
        (&own, &anothers, "en", "do not belong together"),
        (&cut, &anothers, "nl", "zijn niet te gebruiken"),
    ] {
        let more = ["--client-cert", chain, "--client-key", key, "--language", language];
        let ran = run(&[&base[..], &more].concat());
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(expected) && !ran.stderr.contains("panicked"), "{}", ran.stderr);
        assert!(!desk.path("state").exists(), "nothing was begun");
    }
}

#[test]
fn a_sensor_whose_secret_is_refused_enrols_anew_with_the_token_that_it_is_given() {
    let (desk, server) = (desk(), Server::start());
    let (url, state, capture) = (server.url(), desk.text("state"), desk.text("office.pcap"));
    fs::create_dir(&state).expect("a folder");
    let dead = format!(
        r#"{{"server":"{url}","sensor":"00000000-0000-0000-0000-000000000001","organisation":"Bakker","secret":"dead"}}"#
    );
    fs::write(desk.path("state").join("identity.json"), dead).expect("an identity");
    let ran = run(&["sensor", "--read", &capture, "--server", &url, "--state", &state, "--enrol", TOKEN]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // By the name that the server has for it.
    assert!(ran.stderr.contains("opnieuw aangemeld") && ran.stderr.contains("als balie"), "{}", ran.stderr);
    let identity = fs::read_to_string(desk.path("state").join("identity.json")).expect("it is kept");
    assert!(identity.contains(SECRET) && !identity.contains("dead"));
}

#[test]
fn a_replay_as_root_on_the_folder_of_a_live_sensor_becomes_its_owner() {
    let (desk, server) = (Desk::infected(), Server::start());
    fs::write(desk.path("secret"), format!("{SECRET}\n")).expect("the secret is written");
    let (url, state, capture, secret) =
        (server.url(), desk.text("state"), desk.text("office.pcap"), desk.text("secret"));
    fs::create_dir(&state).expect("a folder");
    let nobody = Command::new("chown").arg("nobody").arg(&state).status().expect("chown runs");
    if !nobody.success() {
        return println!("skipped: not root");
    }
    let arguments = ["sensor", "--read", &capture, "--server", &url, "--state", &state, "--token-file", &secret];
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("gebruiker nobody"), "{}", ran.stderr);
    assert!(!server.seen.lock().expect("nobody panicked").findings.is_empty(), "{}", ran.stderr);
    // A capture that he may not read is refused before anything is.
    let closed = Command::new("chmod").args(["600", &capture]).status().expect("chmod runs");
    assert!(closed.success());
    let ran = run(&arguments);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("nobody mag") && ran.stderr.contains(&capture), "{}", ran.stderr);
}

#[test]
fn a_folder_of_lists_that_is_not_there_or_may_not_be_read_is_refused_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    let (nosuch, capture, log) = (desk.text("nosuch"), desk.text("office.pcap"), desk.text("pihole.log"));
    for arguments in [
        &["sensor", "--read", &capture, "--intel-dir", &nosuch][..],
        &["intel", "lookup", "evil.example", "--intel-dir", &nosuch],
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, 2, "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(&nosuch) && ran.stderr.contains("intel add"), "{}", ran.stderr);
    }
    let folder = desk.text("lists");
    let added = run(&["intel", "add", &desk.text("list.txt"), "--intel-dir", &folder]);
    assert_eq!(added.code, 0, "{}", added.stderr);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("it is closed");
    let ran = run(&["sensor", "--dns-log", &log, "--intel-dir", &folder, "--user", "nobody"]);
    if ran.stderr.contains("--user") && !ran.stderr.contains(&folder) {
        return println!("skipped: not root");
    }
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("gebruiker nobody") && ran.stderr.contains("chmod -R o+rX"), "{}", ran.stderr);
}

#[test]
fn what_a_full_disk_does_not_take_reaches_the_server_and_the_sensor_says_so() {
    let (desk, server) = (desk(), Server::start());
    let (url, log, list, secret) = (server.url(), desk.text("pihole.log"), desk.text("list.txt"), desk.text("secret"));
    let state = desk.path("full");
    fs::create_dir(&state).expect("a folder");
    let mount = ["-t", "tmpfs", "-o", "size=64k,mode=777", "none"];
    let mounted = Command::new("mount").args(mount).arg(&state).output().expect("mount runs");
    if !mounted.status.success() {
        return println!("skipped: nothing can be mounted here");
    }
    let _unmount = Unmount(desk.text("full"));
    fs::write(desk.path("list.txt"), "kwaad.example\n").expect("the list is written");
    let full = desk.text("full");
    let sensor = Running::start(&[
        "--dns-log",
        &log,
        "--intel",
        &list,
        "--every",
        "1",
        "--server",
        &url,
        "--state",
        &full,
        "--token-file",
        &secret,
    ]);
    sensor.until("the log is followed", |sensor| sensor.stderr().contains("followed: "));
    (0..5).for_each(|_| crate::sensor_desk::pause());
    // Whatever is left of it goes.
    let _ = fs::write(state.join("filling"), vec![0u8; 1 << 20]);
    append(&desk.path("pihole.log"), &crate::sensor_sources::asked("kwaad.example", "192.168.20.21"));
    let has = || !server.seen.lock().expect("nobody panicked").findings.is_empty();
    sensor.until("it is at the server", |_| has());
    sensor.until("it is said", |sensor| sensor.stderr().contains("the disk is full"));
    assert_eq!(sensor.end().0, Some(0), "nothing is lost");
    let seen = server.seen.lock().expect("nobody panicked");
    let is_full = |report: &contract::sensor::Report| matches!(report, contract::sensor::Report::State(state) if state.disk == Some(contract::sensor::DiskFault::Full));
    assert!(seen.states.iter().any(is_full), "{:?}", seen.states);
}

#[test]
fn a_token_is_not_spent_where_the_disk_has_no_room_for_what_it_gives() {
    let (desk, server) = (desk(), Server::start());
    let (url, capture, state) = (server.url(), desk.text("office.pcap"), desk.path("full"));
    fs::create_dir(&state).expect("a folder");
    let mount = ["-t", "tmpfs", "-o", "size=2m,mode=777", "none"];
    let mounted = Command::new("mount").args(mount).arg(&state).output().expect("mount runs");
    if !mounted.status.success() {
        return println!("skipped: nothing can be mounted here");
    }
    let _unmount = Unmount(desk.text("full"));
    let _ = fs::write(state.join("filling"), vec![0u8; 3 << 20]);
    let full = desk.text("full");
    let enrol = || run(&["sensor", "--read", &capture, "--server", &url, "--state", &full, "--enrol", TOKEN]);
    let ran = enrol();
    assert!(ran.code == 2 && ran.stderr.contains(&full) && !ran.stderr.contains("panicked"), "{}", ran.stderr);
    assert!(server.seen.lock().expect("nobody panicked").enrolled.is_none(), "{}", ran.stderr);
    fs::remove_file(state.join("filling")).expect("there is room again");
    let ran = enrol();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(server.seen.lock().expect("nobody panicked").enrolled.is_some());
}

#[test]
fn a_sensor_tells_its_state_at_once_and_then_in_its_turn() {
    let (desk, server) = (desk(), Server::start());
    fs::write(desk.path("secret"), format!("{SECRET}\n")).expect("the secret is written");
    let (url, log, state, secret) = (server.url(), desk.text("pihole.log"), desk.text("state"), desk.text("secret"));
    let sensor = Running::start(&["--dns-log", &log, "--server", &url, "--state", &state, "--token-file", &secret]);
    let states = || server.seen.lock().expect("nobody panicked").states.len();
    sensor.until("it is heard", |_| states() > 0);
    // Long enough for a good many, were each look at the clock a turn.
    (0..10).for_each(|_| crate::sensor_desk::pause());
    assert!(states() <= 2, "{} states", states());
    assert_eq!(sensor.end().0, Some(0));
}

struct Unmount(String);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = Command::new("umount").args(["-l", &self.0]).status();
    }
}
