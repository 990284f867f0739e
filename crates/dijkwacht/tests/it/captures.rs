//! `dijkwacht scan` and `dijkwacht flows` over captures that are whole, cut short, or none at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::program::{Ran, run, run_with};

/// The made-up office's capture and its threat list, on disk.
pub(crate) fn office(folder: &Path) -> (PathBuf, PathBuf) {
    office_day(folder, 0)
}

/// The same, so many days later.
pub(crate) fn office_day(folder: &Path, days: i64) -> (PathBuf, PathBuf) {
    let start = office::Plan::default().start + jiff::SignedDuration::from_hours(24 * days);
    let plan = office::Plan { start, ..office::Plan::default() };
    let (capture, list) = (folder.join("office.pcap"), folder.join("bad.txt"));
    fs::write(&capture, office::capture(&plan)).expect("writes");
    fs::write(&list, office::threat_list(&plan)).expect("writes");
    (capture, list)
}

fn scan(capture: &Path, list: Option<&Path>) -> Ran {
    let mut arguments = vec!["scan", capture.to_str().expect("a path"), "--format", "json"];
    if let Some(list) = list {
        arguments.extend(["--intel", list.to_str().expect("a path")]);
    }
    run(&arguments)
}

fn lines(ran: &Ran) -> Vec<serde_json::Value> {
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn the_infected_host_of_the_office_comes_out_as_one_case_twice_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let (capture, list) = office(folder.path());
    let ran = scan(&capture, Some(&list));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines = lines(&ran);
    let truth = office::truth(&office::Plan::default()).infected.expect("the default office is infected");
    let cases: Vec<_> = lines.iter().filter(|line| line["type"] == "case").collect();
    assert_eq!(cases.len(), 1, "{}", ran.stdout);
    assert_eq!(cases[0]["host"]["ip"], truth.ip.to_string());
    let kinds: Vec<_> = lines.iter().filter_map(|line| line["kind"].as_str()).collect();
    assert!(kinds.contains(&"beacon") && kinds.contains(&"indicator"), "{kinds:?}");
    assert_eq!(lines.last().expect("a last line")["type"], "stats");
    assert_eq!(ran.stdout, scan(&capture, Some(&list)).stdout);
}

#[test]
fn a_clean_day_gives_no_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let capture = folder.path().join("clean.pcap");
    fs::write(&capture, office::capture(&office::Plan::clean())).expect("writes");
    let ran = scan(&capture, None);
    assert!(lines(&ran).iter().all(|line| line["type"] != "case"), "{}", ran.stdout);
}

#[test]
fn a_capture_cut_short_is_read_as_far_as_it_goes_with_a_warning_that_names_file_and_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let (capture, _) = office(folder.path());
    let whole = fs::read(&capture).expect("reads");
    fs::write(&capture, &whole[..100_003]).expect("writes");
    let ran = scan(&capture, None);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("office.pcap") && ran.stderr.contains("bij byte "), "{}", ran.stderr);
    let stats = lines(&ran).pop().expect("statistics");
    assert!(stats["packets"].as_u64().is_some_and(|packets| packets > 100), "{stats}");
    assert!(stats["malformed"].as_u64().is_some_and(|malformed| malformed > 0), "{stats}");
}

#[test]
fn what_is_no_capture_is_refused_and_the_others_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let (capture, _) = office(folder.path());
    let letter = folder.path().join("letter.txt");
    fs::write(&letter, "Beste mensen, dit is geen opname van verkeer.").expect("writes");
    let ran = run(&["scan", letter.to_str().expect("a path"), capture.to_str().expect("a path"), "--format", "json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("letter.txt"), "{}", ran.stderr);
    assert!(lines(&ran).pop().expect("statistics")["packets"].as_u64().is_some_and(|packets| packets > 1000));
}

#[test]
fn flows_come_from_standard_input_with_their_names() {
    let capture = office::capture(&office::Plan::default());
    let ran = run_with(&["flows", "-"], &capture);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines = lines(&ran);
    for kind in ["flow", "dns", "tls", "http"] {
        assert!(lines.iter().any(|line| line["type"] == kind), "no line of type {kind}");
    }
    let hello = lines.iter().find(|line| line["type"] == "tls" && line["ja4"].is_string()).expect("a ClientHello");
    assert!(hello["sni"].is_string() && hello["ja3"].is_string(), "{hello}");
}

#[test]
fn writing_over_the_capture_that_is_read_or_after_nothing_could_be_read_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (capture, list) = office(folder.path());
    let kept = fs::read(&list).expect("reads");
    let path = |path: &Path| path.to_str().expect("a path").to_owned();
    let ran = run(&["flows", &path(&list), "--out", &path(&list), "--force"]);
    assert_eq!((ran.code, fs::read(&list).expect("reads")), (2, kept), "no capture: the file stays as it was");
    let unasked = run(&["flows", &path(&capture), "--out", &path(&capture)]);
    assert_eq!(unasked.code, 2, "{}", unasked.stderr);
    assert!(unasked.stderr.contains("--force"), "{}", unasked.stderr);
    let ran = run(&["flows", &path(&capture), "--out", &path(&capture), "--force"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lines = fs::read_to_string(&capture).expect("the capture was read whole before its place was taken");
    assert!(lines.lines().count() > 1000);
}

#[test]
fn an_input_of_which_nothing_can_be_read_is_an_error_and_an_empty_one_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("writes");
        path.to_str().expect("a path").to_owned()
    };
    let header = &office::capture(&office::Plan::clean())[..24];
    let cut = write("cut.pcap", &header[..10]);
    let garbage = write("garbage.log", b"\x00\x01\x02\nthree\nwords here\n");
    let (empty, none) = (write("empty.pcap", b""), write("none.pcap", header));
    for (arguments, code, nl, en) in [
        (&["scan", &cut][..], 2, "kopieer het opnieuw", "copy it again"),
        (&["flows", &cut], 2, "kopieer het opnieuw", "copy it again"),
        (&["sensor", "--read", &cut], 2, "kopieer het opnieuw", "copy it again"),
        (&["scan", &garbage, "--source", "filterlog"], 2, "geen van de 3 regels", "none of its 3 lines"),
        (&["flows", &garbage, "--source", "filterlog"], 2, "laat --source weg", "leave --source out"),
        (&["scan", &empty], 0, "het is leeg", "it is empty"),
        (&["scan", &empty, "--source", "filterlog"], 0, "geen regel", "no line"),
        (&["scan", &none], 0, "geen pakket", "no packet"),
        (&["sensor", "--read", &none], 0, "geen pakket", "no packet"),
    ] {
        for (language, expected) in [("nl", nl), ("en", en)] {
            let ran = run(&[arguments, &["--language", language]].concat());
            assert_eq!(ran.code, code, "{arguments:?}: {}", ran.stderr);
            let name = arguments.iter().find(|one| one.contains('/')).expect("a file");
            assert!(ran.stderr.contains(expected) && ran.stderr.contains(*name), "{arguments:?}: {}", ran.stderr);
        }
    }
    // What could be read of the others stays.
    let good = write("good.pcap", &office::capture(&office::Plan::clean()));
    assert_eq!(run(&["scan", &good, &empty]).code, 0);
    assert_eq!(run(&["scan", &good, &cut]).code, 2);
}

#[test]
fn lines_of_a_firewall_that_are_not_used_are_counted_with_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = |action: &str, from: &str, to: &str| {
        format!(
            "Oct 19 08:00:01 fw filterlog[9]: 4,,,1,igb1,match,{action},4,0x0,,64,1,0,DF,6,tcp,60,{from},{to},50001,443,0,S,1,,64240,,mss\n"
        )
    };
    let log = [
        line("pass,out", "192.168.20.21", "203.0.113.9"),
        line("pass,out", "198.51.100.1", "203.0.113.10"),
        line("block,in", "203.0.113.7", "198.51.100.1"),
    ];
    let path = folder.path().join("fw.log");
    fs::write(&path, log.concat()).expect("writes");
    let path = path.to_str().expect("a path");
    let ran = run(&["flows", path, "--language", "en"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("192.168.20.21") && !ran.stdout.contains("198.51.100.1"), "{}", ran.stdout);
    let expected = "of 3 lines 2 not used (1 turned away from outside; 1 with the firewall's own address";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    assert!(run(&["scan", path]).stderr.contains("van 3 regels 2 niet gebruikt"));
}

#[test]
fn nothing_read_is_not_called_nothing_suspicious() {
    let ran = run_with(&["scan", "-"], b"no capture at all");
    assert_eq!(ran.code, 2);
    assert!(ran.stdout.starts_with("Er is geen verkeer gelezen."), "{}", ran.stdout);
}

/// Bluetooth's link, say: the packets are there, and nobody knows what is in them.
#[test]
fn packets_none_of_which_can_be_read_are_not_called_nothing_suspicious() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let mut capture = office::capture(&office::Plan::clean());
    capture[20..24].copy_from_slice(&201u32.to_le_bytes());
    fs::write(path("odd.pcap"), &capture).expect("writes");
    for (language, said, why) in [
        ("nl", "Er is geen verkeer gelezen.", "niets te lezen"),
        ("en", "No traffic was read.", "nothing of the captures can be read"),
    ] {
        let ran = run(&["scan", &path("odd.pcap"), "--language", language]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stdout.starts_with(said) && ran.stderr.contains(why), "{} {}", ran.stdout, ran.stderr);
    }
    assert_eq!(run(&["sensor", "--read", &path("odd.pcap")]).code, 2);
    fs::write(path("kept.jsonl"), "kept").expect("writes");
    let ran = run(&["flows", &path("odd.pcap"), "--out", &path("kept.jsonl"), "--force"]);
    assert_eq!((ran.code, fs::read_to_string(path("kept.jsonl")).expect("reads")), (2, "kept".to_owned()));
}

#[test]
fn a_case_opens_an_incident_in_the_organisations_journal() {
    let folder = tempfile::tempdir().expect("a folder");
    let (capture, list) = office(folder.path());
    let data = folder.path().join("data");
    let (data, capture, list) =
        (data.to_str().expect("a path"), capture.to_str().expect("a path"), list.to_str().expect("a path"));
    assert_eq!(run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", data]).code, 0);
    let ran = run(&["scan", capture, "--intel", list, "--open-at", "bakkerij-jansen", "--data", data]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("incident 1 geopend bij Bakkerij Jansen"), "{}", ran.stderr);
    let again = run(&["scan", capture, "--intel", list, "--open-at", "bakkerij-jansen", "--data", data]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stderr.contains("dit staat al in incident 1 bij Bakkerij Jansen"), "{}", again.stderr);
    office_day(folder.path(), 1);
    let ran =
        run(&["scan", capture, "--intel", list, "--open-at", "bakkerij-jansen", "--data", data, "--language", "en"]);
    assert!(ran.code == 0 && ran.stderr.contains("incident 2 opened at Bakkerij Jansen"), "{}", ran.stderr);
    let zip = folder.path().join("register.zip");
    let zip = zip.to_str().expect("a path");
    let export = run(&["export", "--organisation", "bakkerij-jansen", "--out", zip, "--data", data]);
    assert!(export.stderr.starts_with("6 entries"), "opened, its facts, assessed, twice: {}", export.stderr);
    assert_eq!(run(&["verify", zip]).code, 0);
}

/// The case's host and kinds, as scan says them.
fn story(ran: &Ran) -> Vec<String> {
    let told = |line: &serde_json::Value| match line["type"].as_str() {
        Some("case") => Some(format!("case {}", line["host"]["ip"])),
        Some("detection") => Some(format!("{} {} {}", line["kind"], line["severity"], line["host"]["ip"])),
        _ => None,
    };
    let mut story: Vec<String> = lines(ran).iter().filter_map(told).collect();
    story.sort();
    story
}

#[test]
fn the_office_written_as_eve_and_as_zeek_is_scanned_to_the_same_case() {
    let folder = tempfile::tempdir().expect("a folder");
    let (capture, list) = office(folder.path());
    let whole = story(&scan(&capture, Some(&list)));
    assert!(whole.iter().any(|line| line.starts_with("case")), "{whole:?}");
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    let eve = folder.path().join("eve.json");
    let ran = run(&["flows", &text(&capture), "--format", "eve", "--out", &text(&eve)]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(story(&scan(&eve, Some(&list))), whole);

    let zeek = folder.path().join("zeek");
    let arguments = ["flows", &text(&capture), "--format", "zeek", "--out", &text(&zeek)];
    assert_eq!(run(&arguments).code, 0);
    let mut logs: Vec<String> =
        fs::read_dir(&zeek).expect("a folder").map(|log| text(&log.expect("a log").path())).collect();
    logs.sort();
    let names: Vec<_> = logs.iter().filter_map(|log| log.rsplit('/').next()).collect();
    assert_eq!(names, ["conn.log", "dns.log", "http.log", "ssl.log"]);
    assert!(fs::read_to_string(&logs[0]).expect("a log").lines().last().is_some_and(|line| line.starts_with("#close")));
    let list = text(&list);
    let mut arguments = vec!["scan", "--format", "json", "--intel", &list];
    arguments.extend(logs.iter().map(String::as_str));
    assert_eq!(story(&run(&arguments)), whole);
    // What is there stays.
    let again = run(&["flows", &text(&capture), "--format", "zeek", "--out", &text(&zeek)]);
    assert!(again.code != 0 && again.stderr.contains("--force"), "{}", again.stderr);
}

/// Cut in files of an hour, as Zeek rotates its logs: `DAY/conn.07:00:00-08:00:00.log.gz`.
fn rotated(log: &Path, into: &Path) {
    let text = fs::read_to_string(log).expect("a log");
    let (header, rows): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
    let name = log.file_stem().and_then(|name| name.to_str()).expect("a name");
    let mut hours: std::collections::BTreeMap<i64, Vec<&str>> = std::collections::BTreeMap::new();
    for row in rows {
        let second: f64 = row.split('\t').next().expect("a column").parse().expect("a moment");
        hours.entry(second as i64 / 3_600).or_default().push(row);
    }
    for (hour, rows) in hours {
        let day = into.join(if hour % 24 < 12 { "2026-10-19" } else { "2026-10-19-afternoon" });
        fs::create_dir_all(&day).expect("a folder");
        let packed = fs::File::create(day.join(format!("{name}.{hour}.log.gz"))).expect("a file");
        let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
        let head = header.iter().filter(|line| !line.starts_with("#close"));
        for line in head.chain(&rows) {
            writeln!(packed, "{line}").expect("writes");
        }
        packed.finish().expect("writes");
    }
}

/// Without the name that an address went by: beside the turn of an hour another is known.
fn without_name(line: &str) -> String {
    let mut line: serde_json::Value = serde_json::from_str(line).expect("a line is JSON");
    line.as_object_mut().expect("an object").remove("name");
    line.to_string()
}

#[test]
fn a_folder_of_rotated_logs_is_read_whole_and_what_is_no_log_in_it_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (capture, list) = office(folder.path());
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    let zeek = folder.path().join("zeek");
    assert_eq!(run(&["flows", &text(&capture), "--format", "zeek", "--out", &text(&zeek)]).code, 0);
    let whole = story(&scan(&capture, Some(&list)));
    assert!(!whole.is_empty());
    assert_eq!(story(&scan(&zeek, Some(&list))), whole, "as one folder of whole logs");

    let logs = folder.path().join("logs");
    for log in fs::read_dir(&zeek).expect("a folder") {
        rotated(&log.expect("a log").path(), &logs);
    }
    fs::write(logs.join("notes.txt"), "wie dit leest\n").expect("writes");
    fs::write(logs.join("empty.log"), "").expect("writes");
    let scripts = "#separator \\x09\n#path\tloaded_scripts\n#fields\tname\n#types\tstring\nbase/init.zeek\n";
    fs::write(logs.join("loaded_scripts.log"), scripts).expect("writes");
    std::os::unix::fs::symlink(&capture, logs.join("elsewhere.pcap")).expect("a link");
    std::os::unix::fs::symlink(&logs, logs.join("round")).expect("a link");
    let ran = run(&["scan", &text(&logs), "--intel", &text(&list), "--format", "json", "--language", "en"]);
    assert_eq!((ran.code, story(&ran)), (0, whole.clone()), "{}", ran.stderr);
    for (name, why) in
        [("notes.txt", "no log that is read"), ("empty.log", "empty"), ("elsewhere.pcap", "link"), ("round", "link")]
    {
        let line = ran.stderr.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{}", ran.stderr));
        assert!(line.contains("passed over") && line.contains(why), "{line}");
    }
    assert!(!ran.stderr.contains("of no log that is read here, or damaged"), "{}", ran.stderr);
    // The same metadata, whether of whole logs or of those cut by the hour.
    let flows = |path: &Path| {
        let ran = run(&["flows", &text(path)]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let mut lines: Vec<String> = ran.stdout.lines().map(without_name).collect();
        lines.sort();
        lines
    };
    let (cut, uncut) = (flows(&logs), flows(&zeek));
    assert_eq!(cut.iter().zip(&uncut).find(|(cut, uncut)| cut != uncut), None);
    assert_eq!(cut.len(), uncut.len());
    // A folder of captures, in order of their time whatever their names.
    let captures = folder.path().join("captures");
    fs::create_dir(&captures).expect("a folder");
    fs::copy(&capture, captures.join("z.pcap")).expect("copies");
    office_day(&captures, 1);
    let ran = run(&["scan", &text(&captures), "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("bad.txt"), "the list in it is no log: {}", ran.stderr);
    let both = run(&["scan", &text(&capture), &text(&captures.join("office.pcap")), "--format", "json"]);
    assert_eq!(ran.stdout, both.stdout);
}

#[test]
fn a_folder_with_nothing_to_read_is_an_error_and_one_too_deep_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = |path: &Path| path.to_str().expect("a path").to_owned();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    for verb in ["scan", "flows"] {
        let ran = run(&[verb, &text(&empty)]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains("staat niets dat hier gelezen wordt"), "{}", ran.stderr);
    }
    let deep = folder.path().join("a/b/c/d/e");
    fs::create_dir_all(&deep).expect("folders");
    let capture = office::capture(&office::Plan::clean());
    fs::write(deep.join("office.pcap"), &capture).expect("writes");
    let ran = run(&["scan", &text(folder.path()), "--language", "en"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("this folder lies too deep"), "{}", ran.stderr);
    fs::write(deep.parent().expect("a folder").join("office.pcap"), &capture).expect("writes");
    let ran = run(&["scan", &text(folder.path()), &text(&empty), "--language", "en"]);
    assert_eq!(ran.code, 2, "the empty one: {}", ran.stderr);
    assert!(!ran.stdout.contains("No traffic was read"), "the other is read: {}", ran.stdout);
}

#[test]
fn a_resolvers_log_beside_a_firewalls_is_one_picture() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("writes");
        path.to_str().expect("a path").to_owned()
    };
    let dns = write(
        "pihole.log",
        "Oct 19 08:00:01 dnsmasq[1]: query[A] kwaad.example from 192.168.20.21\n\
         Oct 19 08:00:01 dnsmasq[1]: reply kwaad.example is 203.0.113.66\nwhat is this\n",
    );
    let list = write("list.txt", "kwaad.example\n");
    let ran = run(&["scan", &dns, "--intel", &list, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(story(&ran).iter().any(|line| line.starts_with("\"indicator\"")), "{}", ran.stdout);
    assert!(ran.stderr.contains("1 van 3 regels"), "{}", ran.stderr);
    let wrong = run(&["scan", &dns, "--source", "nothing"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("fortigate"), "{}", wrong.stderr);
    let wrong = run(&["scan", &dns, "--zone", "Mars/Olympus"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("Mars/Olympus"), "{}", wrong.stderr);
}
