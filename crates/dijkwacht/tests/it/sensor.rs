//! `dijkwacht sensor` as it is started: replaying captures, and on real interfaces, with a real server over HTTP.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use contract::sensor::Report;
use office::{Infection, Plan};
use tempfile::TempDir;

use crate::program::run;
use crate::sensor_link::Link;
use crate::sensor_server::{SECRET, Seen, Server, TOKEN};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder that also somebody without rights may go through, with a short day of an office and the list that names its
/// attacker.
struct Desk {
    folder: TempDir,
    plan: Plan,
}

impl Desk {
    fn new(plan: Plan) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("its rights are set");
        let desk = Self { folder, plan };
        std::fs::write(desk.path("office.pcap"), office::capture(&desk.plan)).expect("the capture is written");
        std::fs::write(desk.path("list.txt"), office::threat_list(&desk.plan)).expect("the list is written");
        desk
    }

    fn infected() -> Self {
        Self::new(Plan { hours: 4, ..Plan::default() })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().expect("a path in UTF-8").to_owned()
    }

    /// Whom the attacker has.
    fn victim(&self) -> String {
        office::truth(&self.plan).infected.expect("there is one").ip.to_string()
    }
}

/// The cases among lines: host and severity.
fn cases(lines: &str) -> Vec<(String, String)> {
    let json = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON"));
    json.filter(|line| line["type"] == "case")
        .map(|line| (text(&line["host"]["ip"]), text(&line["severity"])))
        .collect()
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// A sensor that runs.
struct Running {
    child: Child,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dijkwacht"))
            .arg("sensor")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = follow(child.stdout.take().expect("stdout is piped"));
        let stderr = follow(child.stderr.take().expect("stderr is piped"));
        let running = Self { child, stdout, stderr };
        running.until("it watches", |running| running.stderr().contains("watching "));
        running
    }

    fn stdout(&self) -> String {
        self.stdout.lock().expect("nobody panicked").clone()
    }

    fn stderr(&self) -> String {
        self.stderr.lock().expect("nobody panicked").clone()
    }

    #[expect(clippy::disallowed_methods, reason = "a real process is waited for, and not for ever")]
    fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            assert!(began.elapsed() < PATIENCE, "{what}: not so\n{}{}", self.stderr(), self.stdout());
            pause();
        }
    }

    fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it is gone");
    }

    /// Asks it to end, as a service manager does. Its exit code, and what it printed.
    fn end(mut self) -> (Option<i32>, String) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
        let code = self.child.wait().expect("it ends").code();
        pause();
        (code, self.stdout())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn follow(stream: impl std::io::Read + Send + 'static) -> Arc<Mutex<String>> {
    let said = Arc::new(Mutex::new(String::new()));
    let heard = Arc::clone(&said);
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            heard.lock().expect("nobody panicked").push_str(&format!("{line}\n"));
        }
    });
    said
}

/// A tenth of a second.
fn pause() {
    let (_keep, nothing) = mpsc::channel::<()>();
    let _ = nothing.recv_timeout(Duration::from_millis(100));
}

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
    assert!(ran.stderr.contains("known"), "{}", ran.stderr);
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
    assert!(ran.stderr.contains("wait on disk"), "{}", ran.stderr);
    let server = Server::start_at(address, Arc::default());
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(hosts_of_cases(&server.seen), [desk.victim()]);
}

#[test]
fn wrong_usage_is_told_before_anything_is_read() {
    for (arguments, expected) in [
        (&["sensor"][..], "--interface"),
        (&["sensor", "--interface", "nosuch0"], "nosuch0"),
        (&["sensor", "--interface", "lo", "--read", "x"], "--read"),
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
    // Every thread of it is nobody in particular, may get no rights back, and has at most the one to open an interface
    // again, which lies ready in one thread alone.
    assert!(rights.len() >= 3, "{rights:?}");
    for thread in &rights {
        assert_ne!(thread.uid, "0");
        assert_eq!((thread.effective, thread.no_new_privs), (0, true), "{thread:?}");
        assert_eq!(thread.permitted & !NET_RAW, 0, "{thread:?}");
        assert_eq!(thread.groups, "");
    }
    assert!(rights.iter().any(|thread| thread.permitted == 0), "{rights:?}");
}

/// CAP_NET_RAW is capability 13.
const NET_RAW: u64 = 1 << 13;

#[derive(Debug)]
struct Rights {
    uid: String,
    groups: String,
    permitted: u64,
    effective: u64,
    no_new_privs: bool,
}

fn rights(process: u32) -> Vec<Rights> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).expect("it runs");
    let status = threads.filter_map(|thread| std::fs::read_to_string(thread.ok()?.path().join("status")).ok());
    status
        .map(|status| {
            let field = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the field is there");
                line.trim().to_owned()
            };
            let set = |name| u64::from_str_radix(&field(name), 16).expect("a set of capabilities");
            Rights {
                uid: field("Uid:").split_whitespace().next().unwrap_or_default().to_owned(),
                groups: field("Groups:"),
                permitted: set("CapPrm:"),
                effective: set("CapEff:"),
                no_new_privs: field("NoNewPrivs:") == "1",
            }
        })
        .collect()
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
        let findings = names.filter(|name| name.contains("-findings-"));
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

#[test]
fn the_service_file_is_in_order_and_gives_little_away() {
    let unit = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/dijkwacht-sensor.service");
    let unit = std::fs::read_to_string(unit).expect("the service file is there");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dijkwacht-sensor.service");
    std::fs::write(&path, unit.replace("/usr/bin/dijkwacht", env!("CARGO_BIN_EXE_dijkwacht"))).expect("it is written");
    let Ok(verified) = Command::new("systemd-analyze").arg("verify").arg(&path).output() else {
        return println!("skipped: not installed: systemd-analyze");
    };
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success() && !said.contains("dijkwacht-sensor"), "{said}");
    // From 0 (nothing) to 100; a service without any of it has 96.
    let rated = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold=20"])
        .arg(&path)
        .output()
        .expect("it runs again");
    assert!(rated.status.success(), "{}", String::from_utf8_lossy(&rated.stdout));
}
