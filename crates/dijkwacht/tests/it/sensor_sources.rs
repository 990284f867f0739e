//! `dijkwacht sensor` without a mirror port: what a real exporter sends, logs that are followed, syslog over UDP and TCP.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use contract::sensor::{Report, SourceFault, SourceKind, SourceState};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use office::{Infection, Plan};

use crate::program::run;
use crate::sensor_desk::{Desk, Running, are_given_up, cases, pause, rights};
use crate::sensor_link::Link;
use crate::sensor_server::{SECRET, Seen, Server};

#[expect(clippy::disallowed_methods, reason = "devices stamp their lines with the time that it is")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// The last four hours of an office, an infected machine among them, which took so much away.
fn just_now(upload_bytes: u64) -> Desk {
    let start = now() - SignedDuration::from_hours(4);
    // A capture's clock has microseconds, and a router's whole seconds do.
    let start = Timestamp::from_second(start.as_second()).expect("a moment");
    let infection = Infection { upload_bytes, ..Infection::default() };
    Desk::new(Plan { start, hours: 4, infection: Some(infection), ..Plan::default() })
}

/// Where it listens, as it says for that source.
fn listens(sensor: &Running, what: &str) -> SocketAddr {
    let said = sensor.stderr();
    let line = said.lines().find(|line| line.contains(what)).expect("it says where it listens");
    line.rsplit(' ').next().and_then(|address| address.parse().ok()).expect("an address")
}

pub(crate) fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).create(true).open(path).expect("the file opens");
    file.write_all(text.as_bytes()).expect("it is written");
}

/// The kinds that were told of a host.
pub(crate) fn kinds(lines: &str, host: &str) -> Vec<String> {
    let lines = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON"));
    let detections = lines.filter(|line| line["type"] == "detection" && line["host"]["ip"] == host);
    let mut kinds: Vec<String> = detections.filter_map(|line| line["kind"].as_str().map(str::to_owned)).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

#[test]
fn a_real_exporters_records_give_the_case_that_its_packets_give() {
    if !Path::new("/usr/sbin/softflowd").exists() {
        return println!("skipped: softflowd is not installed (Debian: softflowd)");
    }
    // Much where nothing is known yet of what is usual.
    let desk = just_now(2_200_000_000);
    let victim = desk.victim();
    for version in ["5", "9", "10"] {
        let sensor = Running::start(&["--netflow", "127.0.0.1:0", "--format", "json", "--every", "1"]);
        let at = listens(&sensor, "NetFlow");
        let sent = Command::new("/usr/sbin/softflowd")
            .args(["-a", "-d", "-v", version, "-n", &at.to_string(), "-t", "maxlife=300"])
            .args(["-p", &desk.text("pid"), "-c", &desk.text("control"), "-r", &desk.text("office.pcap")])
            .output()
            .expect("softflowd runs");
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
        let told = |sensor: &Running| kinds(&sensor.stdout(), &victim) == ["beacon", "exfiltration"];
        sensor.until("its rhythm and what it took away are told", told);
        let (code, stdout) = sensor.end();
        assert_eq!(code, Some(0), "version {version}");
        let found = cases(&stdout);
        assert!(!found.is_empty() && found.iter().all(|(host, _)| *host == victim), "version {version}: {stdout}");
    }
}

#[test]
fn a_router_that_lives_in_1970_is_read_by_receipt_and_named() {
    let sensor = Running::start(&["--netflow", "127.0.0.1:0", "--format", "json", "--every", "1"]);
    let at = listens(&sensor, "NetFlow");
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    // NetFlow v5: nine seconds after its start and as long after 1970, with one record, of a ping.
    let ends = [192, 168, 20, 21, 203, 0, 113, 9];
    let record =
        [&ends[..], &[0; 8], &[0, 0, 0, 1, 0, 0, 0, 60, 0, 0, 35, 0, 0, 0, 35, 0], &[0; 6], &[1], &[0; 9]].concat();
    let packet = [vec![0, 5, 0, 1, 0, 0, 35, 40, 0, 0, 0, 9], vec![0; 12], record].concat();
    assert_eq!(packet.len(), 24 + 48);
    socket.send_to(&packet, at).expect("it is sent");
    let said = "the clock of 127.0.0.1 is a day or more off (1970-01-01T00:00:09Z)";
    sensor.until("it names the router", |sensor| sensor.stderr().contains(said));
    assert!(sensor.stderr().contains("set a time server (NTP) there"), "{}", sensor.stderr());
    assert_eq!(sensor.end().0, Some(0));
}

/// As a resolver on a machine in Amsterdam writes it.
pub(crate) fn asked(name: &str, asker: &str) -> String {
    let here = now().to_zoned(TimeZone::get("Europe/Amsterdam").expect("it stands in the table"));
    let stamp = here.strftime("%b %e %H:%M:%S");
    format!("{stamp} dnsmasq[812]: query[A] {name} from {asker}\n{stamp} dnsmasq[812]: reply {name} is 203.0.113.66\n")
}

#[test]
fn a_resolvers_log_is_followed_beside_an_interface_and_over_its_rotation() {
    let desk = Desk::new(Plan { hours: 1, workstations: 3, ..Plan::clean() });
    fs::write(desk.path("list.txt"), "kwaad.example\nerger.example\n").expect("the list is written");
    let (log, list) = (desk.path("pihole.log"), desk.text("list.txt"));
    append(&log, &asked("erger.example", "192.168.20.99"));
    let (log_text, link) = (desk.text("pihole.log"), Link::new("dns"));
    let mut arguments = vec![
        "--dns-log",
        &log_text,
        "--intel",
        &list,
        "--format",
        "json",
        "--every",
        "1",
        "--zone",
        "Europe/Amsterdam",
    ];
    match &link {
        Ok(link) => arguments.extend(["--interface", link.near()]),
        Err(why) => println!("without an interface: {why}"),
    }
    let sensor = Running::start(&arguments);
    // It begins at the end, with its first reading.
    sensor.until("it says what it follows", |sensor| sensor.stderr().contains("followed: "));
    (0..5).for_each(|_| pause());
    if let Ok(link) = &link {
        link.replay(&desk.path("office.pcap"));
    }
    append(&log, &asked("kwaad.example", "192.168.20.21"));
    sensor.until("the first name", |sensor| kinds(&sensor.stdout(), "192.168.20.21") == ["indicator"]);
    fs::rename(&log, desk.path("pihole.log.1")).expect("it is rotated");
    append(&log, &asked("erger.example", "192.168.20.22"));
    sensor.until("the second name", |sensor| kinds(&sensor.stdout(), "192.168.20.22") == ["indicator"]);
    let (code, stdout) = sensor.end();
    assert_eq!(code, Some(0));
    assert!(kinds(&stdout, "192.168.20.99").is_empty(), "what stood there before is not read again: {stdout}");
}

#[test]
fn firewalls_are_heard_over_udp_and_tcp() {
    let desk = Desk::new(Plan { hours: 1, workstations: 3, ..Plan::clean() });
    fs::write(desk.path("list.txt"), "203.0.113.66\n203.0.113.67\n").expect("the list is written");
    let list = desk.text("list.txt");
    let sensor = Running::start(&["--syslog-in", "127.0.0.1:0", "--intel", &list, "--format", "json", "--every", "1"]);
    let at = listens(&sensor, "syslog");
    let here = now().to_zoned(TimeZone::get("Europe/Amsterdam").expect("it stands in the table"));
    let stamp = here.strftime("%b %e %H:%M:%S");
    let passed = format!(
        "<134>{stamp} filterlog[9]: 4,,,1,igb1,match,pass,in,4,0x0,,64,1,0,DF,6,tcp,60,192.168.20.31,203.0.113.66,50001,443,0,S,1,,64240,,mss"
    );
    UdpSocket::bind("127.0.0.1:0").expect("a socket").send_to(passed.as_bytes(), at).expect("it is sent");
    let (day, time) = (here.strftime("%Y-%m-%d"), here.strftime("%H:%M:%S"));
    let ended = format!(
        "<189>date={day} time={time} devid=\"FGT1\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" sessionid=7 srcip=192.168.20.32 srcport=50002 dstip=203.0.113.67 dstport=443 proto=6 action=\"close\" duration=9 sentbyte=9000 rcvdbyte=2000 sentpkt=9 rcvdpkt=8"
    );
    let mut connection = TcpStream::connect(at).expect("the same port over TCP");
    write!(connection, "{} {ended}", ended.len()).expect("it is sent");
    for host in ["192.168.20.31", "192.168.20.32"] {
        sensor.until(host, |sensor| kinds(&sensor.stdout(), host) == ["indicator"]);
    }
    if sensor.stderr().contains("going on as user") {
        let rights = rights(sensor.child.id());
        are_given_up(&rights);
        assert!(rights.iter().all(|thread| thread.permitted == 0), "there is no interface to open: {rights:?}");
    } else {
        println!("rights are not looked at: not started as root");
    }
    assert_eq!(sensor.end().0, Some(0));
}

/// The office's last hours, written by `dijkwacht flows` in that form.
fn written(desk: &Desk, form: &str, name: &str) {
    let ran = run(&["flows", &desk.text("office.pcap"), "--format", form, "--out", &desk.text(name)]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn another_sensors_eve_is_followed() {
    let desk = just_now(18_000_000);
    written(&desk, "eve", "whole.json");
    fs::write(desk.path("eve.json"), "").expect("it is there and empty");
    let (eve, list) = (desk.text("eve.json"), desk.text("list.txt"));
    let sensor = Running::start(&["--eve", &eve, "--intel", &list, "--format", "json", "--every", "1"]);
    (0..5).for_each(|_| pause());
    append(&desk.path("eve.json"), &fs::read_to_string(desk.path("whole.json")).expect("it is read"));
    whole_story(sensor, &desk);
}

#[test]
fn zeeks_folder_is_followed() {
    let desk = just_now(18_000_000);
    written(&desk, "zeek", "whole");
    fs::create_dir(desk.path("current")).expect("a folder");
    let (current, list) = (desk.text("current"), desk.text("list.txt"));
    let sensor = Running::start(&["--zeek", &current, "--intel", &list, "--format", "json", "--every", "1"]);
    (0..5).for_each(|_| pause());
    for log in fs::read_dir(desk.path("whole")).expect("logs") {
        let log = log.expect("a log");
        fs::set_permissions(log.path(), fs::Permissions::from_mode(0o644)).expect("everybody may read it");
        fs::rename(log.path(), desk.path("current").join(log.file_name())).expect("it is moved");
    }
    whole_story(sensor, &desk);
}

/// What its packets tell: one host, by list and by rhythm.
fn whole_story(sensor: Running, desk: &Desk) {
    let victim = desk.victim();
    sensor.until("all of it", |sensor| {
        let kinds = kinds(&sensor.stdout(), &victim);
        ["beacon", "indicator"].iter().all(|kind| kinds.iter().any(|told| told == kind))
    });
    let (code, stdout) = sensor.end();
    assert_eq!(code, Some(0));
    assert!(cases(&stdout).iter().all(|(host, _)| *host == victim), "{stdout}");
}

/// The sources in the last state that a server was told.
fn sources(seen: &Arc<std::sync::Mutex<Seen>>) -> Vec<SourceState> {
    let seen = seen.lock().expect("nobody panicked");
    let Some(Report::State(state)) = seen.states.last() else { return Vec::new() };
    state.sources.clone()
}

#[test]
fn the_server_hears_of_each_source_what_it_gave_and_why_it_gives_nothing() {
    let desk = Desk::new(Plan { hours: 1, workstations: 3, ..Plan::clean() });
    let server = Server::start();
    fs::write(desk.path("secret"), format!("{SECRET}\n")).expect("the secret is written");
    append(&desk.path("pihole.log"), "");
    append(&desk.path("locked.log"), "");
    fs::set_permissions(desk.path("locked.log"), fs::Permissions::from_mode(0o000)).expect("nobody may read it");
    let text = |name: &str| desk.text(name);
    let (url, state, secret) = (server.url(), text("state"), text("secret"));
    let (dns, locked, absent) = (text("pihole.log"), text("locked.log"), text("absent.json"));
    let sensor = Running::start(&[
        "--server",
        &url,
        "--state",
        &state,
        "--token-file",
        &secret,
        "--every",
        "1",
        "--netflow",
        "127.0.0.1:0",
        "--dns-log",
        &dns,
        "--firewall-log",
        &locked,
        "--eve",
        &absent,
    ]);
    let faults = |wanted: [Option<SourceFault>; 4]| {
        let told: Vec<_> = sources(&server.seen).iter().map(|source| source.fault).collect();
        told == wanted
    };
    let (none, absent, locked) = (None, Some(SourceFault::Absent), Some(SourceFault::NotAllowed));
    sensor.until("faults are told", |_| faults([none, none, locked, absent]));
    for name in ["locked.log", "absent.json"] {
        sensor.until(name, |sensor| sensor.stderr().contains(&format!("{name} cannot be read")));
    }
    let kinds: Vec<_> = sources(&server.seen).iter().map(|source| (source.kind, source.up)).collect();
    let expected = [
        (SourceKind::Netflow, true),
        (SourceKind::DnsLog, true),
        (SourceKind::FirewallLog, false),
        (SourceKind::Eve, false),
    ];
    assert_eq!(kinds, expected);
    append(&desk.path("pihole.log"), &(asked("www.example.nl", "192.168.20.21") + "what is this\n"));
    append(&desk.path("absent.json"), "");
    sensor.until("one fault is over, and it is told", |_| faults([none, none, locked, none]));
    let (code, _) = sensor.end();
    assert_eq!(code, Some(0));
    let last = sources(&server.seen);
    assert_eq!((last[1].packets, last[1].unread, last[1].formats.clone()), (3, 1, vec!["dnsmasq".to_owned()]));
    assert!(last[1].heard_at.is_some() && last[0].heard_at.is_none());
}
