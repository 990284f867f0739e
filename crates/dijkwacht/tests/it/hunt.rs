//! `dijkwacht hunt` over what `dijkwacht sensor` kept of a made-up office's day.

use std::fs;
use std::path::{Path, PathBuf};

use office::{Infected, Plan};
use serde_json::Value;

use crate::program::{Ran, run};

struct Kept {
    /// With the capture beside the archive.
    folder: tempfile::TempDir,
    infected: Infected,
}

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let plan = Plan { hours: 3, ..Plan::default() };
        fs::write(folder.path().join("office.pcap"), office::capture(&plan)).expect("the capture is written");
        let kept = Self { folder, infected: office::truth(&plan).infected.expect("there is one") };
        let ran = kept.sensor(&[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        kept
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn sensor(&self, more: &[&str]) -> Ran {
        let (capture, archive) = (self.path("office.pcap"), self.path("archive"));
        run(&[&["sensor", "--read", text(&capture), "--archive", text(&archive)][..], more].concat())
    }

    fn hunt(&self, arguments: &[&str]) -> Ran {
        run(&[&["hunt", text(&self.path("archive"))][..], arguments].concat())
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn lines(ran: &Ran) -> Vec<Value> {
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn what_a_replay_kept_is_found_by_everything_it_is_known_by() {
    let kept = Kept::new();
    let (victim, attacker) = (kept.infected.ip.to_string(), kept.infected.address.to_string());
    let json = kept.hunt(&["--host", &victim, "--address", &attacker, "--format", "json"]);
    assert_eq!(json.code, 0, "{}", json.stderr);
    let found = lines(&json);
    let (counted, rows) = found.split_last().expect("a last line");
    assert!(rows.len() >= kept.infected.connections as usize, "{counted}");
    assert_eq!((&counted["type"], &counted["shown"]), (&Value::from("hunt"), &Value::from(rows.len())));
    assert_eq!(counted["unreadable"], Value::Array(Vec::new()));
    let flows: Vec<_> = rows.iter().filter(|row| row["type"] == "flows").collect();
    assert!(flows.iter().all(|row| row["client_ip"] == victim.as_str() && row["server_ip"] == attacker.as_str()));
    let sent: u64 = flows.iter().filter_map(|row| row["sent_bytes"].as_u64()).sum();
    assert!(sent >= kept.infected.upload_bytes);

    let named = lines(&kept.hunt(&["--name", &kept.infected.domain, "--format", "json"]));
    assert!(named.iter().any(|row| row["type"] == "dns" && row["name"] == kept.infected.domain.as_str()));
    let everything = lines(&kept.hunt(&["--limit", "100000", "--format", "json"]));
    let print = everything.iter().find_map(|row| row["ja4"].as_str()).expect("somebody speaks TLS");
    let printed = lines(&kept.hunt(&["--fingerprint", print, "--format", "json"]));
    assert!(printed.len() > 1 && printed[..printed.len() - 1].iter().all(|row| row["ja4"] == print));

    let csv = kept.hunt(&["--host", &victim, "--address", &attacker, "--format", "csv", "--limit", "2"]);
    let table: Vec<_> = csv.stdout.lines().collect();
    assert_eq!(table.len(), 3);
    assert!(table[0].starts_with("type,first_at,last_at,transport,client_ip,"), "{}", table[0]);
    let columns = table[0].split(',').count();
    assert!(table[1..].iter().all(|line| line.contains(&victim) && line.split(',').count() == columns), "{table:?}");
}

#[test]
fn people_read_it_in_their_own_time_and_language() {
    let kept = Kept::new();
    let victim = kept.infected.ip.to_string();
    let few = ["--host", &victim, "--name", &kept.infected.domain, "--limit", "4"];
    let dutch = kept.hunt(&few);
    assert_eq!(dutch.code, 0, "{}", dutch.stderr);
    insta::assert_snapshot!("hunt_text", dutch.stdout);
    insta::assert_snapshot!("hunt_text_english", kept.hunt(&[&few[..], &["--language", "en"]].concat()).stdout);
}

#[test]
fn nothing_found_is_a_no_and_what_cannot_be_read_is_named() {
    let kept = Kept::new();
    let none = kept.hunt(&["--address", "198.51.100.77"]);
    assert_eq!(none.code, 1);
    assert!(none.stdout.starts_with("Niets gevonden"), "{}", none.stdout);
    let long_ago = kept.hunt(&["--until", "2001-01-01", "--format", "json"]);
    assert_eq!((long_ago.code, lines(&long_ago).len()), (1, 1));

    fs::write(kept.path("archive/flows-2026-10-19T03Z.parquet"), b"PAR1 no more").expect("writes");
    let damaged = kept.hunt(&["--host", &kept.infected.ip.to_string(), "--limit", "1"]);
    assert_eq!(damaged.code, 2);
    assert!(
        damaged.stderr.contains("flows-2026-10-19T03Z.parquet") && damaged.stderr.contains("overgeslagen"),
        "{}",
        damaged.stderr
    );
    assert!(damaged.stdout.contains("Gevonden: "), "the others are read: {}", damaged.stdout);

    let nowhere = run(&["hunt", text(&kept.path("nowhere"))]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.stderr.contains("nowhere") && nowhere.stderr.contains("archive"), "{}", nowhere.stderr);
    let empty = run(&["hunt", text(kept.folder.path())]);
    assert_eq!(empty.code, 1);
    assert!(empty.stdout.contains("Er is niets bewaard"), "{}", empty.stdout);
    for wrong in [["--host", "10.0.0"], ["--fingerprint", "abc"], ["--name", "*"], ["--since", "gisteren"]] {
        assert_eq!(kept.hunt(&wrong).code, 2, "{wrong:?}");
    }
    let named = kept.hunt(&["--host", "kassa-pc"]);
    assert!(named.code == 2 && named.stderr.contains("pages"), "where to find the address: {}", named.stderr);
    let turned = kept.hunt(&["--since", "2026-10-20", "--until", "2026-10-18"]);
    assert!(turned.code == 2 && turned.stderr.contains("wissel ze om"), "{}", turned.stderr);
}

#[test]
fn a_bit_that_fell_over_in_a_file_is_said_and_the_other_files_answer() {
    let kept = Kept::new();
    let all = ["--limit", "100000", "--format", "csv"];
    let whole = kept.hunt(&all);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    let rows = |ran: &Ran| ran.stdout.lines().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    let files = fs::read_dir(kept.path("archive")).expect("it is there");
    let paths = files.map(|file| file.expect("a file").path());
    let path = paths.filter(|path| text(path).ends_with(".parquet")).max().expect("files");
    let bytes = fs::read(&path).expect("it is read");
    for part in 1..10 {
        let mut changed = bytes.clone();
        changed[bytes.len() * part / 10] ^= 0x10;
        fs::write(&path, changed).expect("it is written");
        let ran = kept.hunt(&[&all[..], &["--language", "en"]].concat());
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(text(&path)) && ran.stderr.contains("have the disk checked"), "{}", ran.stderr);
        let left = rows(&ran);
        assert!(left.len() > 1 && left.is_subset(&rows(&whole)) && left.len() < rows(&whole).len());
    }
    fs::write(&path, bytes).expect("it is written");
    assert_eq!(rows(&kept.hunt(&all)), rows(&whole));
}

#[test]
fn a_replay_keeps_what_it_is_told_to_and_within_its_room() {
    let kept = Kept::new();
    let names = || {
        let entries = fs::read_dir(kept.path("archive")).expect("it is there");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect();
        // Who holds the folder: no other tool looks at hidden files.
        names.retain(|name| name != ".sensor.lock");
        names.sort();
        names
    };
    let hours = names();
    assert!(hours.len() >= 6 && hours.iter().all(|name| name.ends_with("Z.parquet")), "{hours:?}");
    fs::remove_dir_all(kept.path("archive")).expect("it goes");
    let ran = kept.sensor(&["--keep-days", "0"]);
    assert_eq!((ran.code, names()), (0, Vec::new()), "{}", ran.stderr);
    let ran = kept.sensor(&["--keep-mib", "1"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let bytes: u64 =
        names().iter().map(|name| fs::metadata(kept.path("archive").join(name)).expect("it is there").len()).sum();
    assert!(bytes > 0 && bytes <= 1 << 20, "{bytes}");
}
