//! Captures with known answers, and the page that says what was found in each (`docs/sensor-corpus.md`). They are not part
//! of this repository: where they are missing, these tests say so.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::Read,
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use detect::{Detection, Findings, Kind, Severity, ThreatList};

use super::{scan, scan_with};

pub(crate) const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pcap");
const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/intel/trails.csv.gz");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sensor-corpus.md");

/// What must at least be found without any threat list. It only ever rises.
const MALICIOUS_FOUND: usize = 17;
/// What must be found with the corpus's list.
const MALICIOUS_FOUND_WITH_LIST: usize = 18;
/// What may at most be said of captures in which nothing is wrong.
const BENIGN_ALARMED: usize = 2;

/// One capture, and what stands in it.
pub(crate) struct Label {
    pub(crate) file: String,
    pub(crate) verdict: String,
    techniques: String,
    note: String,
    /// The hosts that it is about.
    pub(crate) hosts: Vec<String>,
}

struct Judged {
    label: Label,
    found: Findings,
}

/// None where the corpus is not there.
pub(crate) fn labels() -> Option<Vec<Label>> {
    let Ok(text) = fs::read_to_string(format!("{CORPUS}/labels.json")) else {
        println!("skipped: no corpus at {CORPUS}");
        return None;
    };
    let labels: serde_json::Value = serde_json::from_str(&text).unwrap();
    let texts = |entry: &serde_json::Value, at: &str| -> Vec<String> {
        let list = entry.pointer(at).and_then(serde_json::Value::as_array);
        list.into_iter().flatten().filter_map(|one| Some(one.as_str()?.to_owned())).collect()
    };
    let text = |entry: &serde_json::Value, at: &str| {
        entry.pointer(at).and_then(|value| value.as_str()).unwrap_or_default().to_owned()
    };
    let labels: Vec<Label> = labels
        .pointer("/files")
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| Label {
            file: text(entry, "/file"),
            verdict: text(entry, "/verdict"),
            techniques: texts(entry, "/technique").join(", "),
            note: text(entry, "/note"),
            hosts: texts(entry, "/evidence/hosts_a"),
        })
        .collect();
    assert!(labels.len() > 100, "the labels could not be read");
    Some(labels)
}

pub(crate) fn capture(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(CORPUS).join(name)).unwrap()
}

/// Every capture with what was found in it, without any list; read once for all tests.
fn judged() -> Option<&'static [Judged]> {
    static JUDGED: LazyLock<Option<Vec<Judged>>> = LazyLock::new(|| {
        let judged = labels()?.into_iter().map(|label| Judged { found: scan(&capture(&label.file), ""), label });
        Some(judged.collect())
    });
    JUDGED.as_deref()
}

/// The same with the corpus's list of 1.6 million entries.
fn judged_with_list() -> Option<&'static [Judged]> {
    static JUDGED: LazyLock<Option<Vec<Judged>>> = LazyLock::new(|| {
        let labels = labels()?;
        let Ok(packed) = fs::read(LIST) else {
            println!("skipped: no list at {LIST}");
            return None;
        };
        let mut table = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut table).unwrap();
        let list = ThreatList::read("trails", &table).list;
        assert!(list.len() > 1_500_000, "{}", list.len());
        let lists: Arc<[ThreatList]> = [list].into();
        let judge = |label: Label| Judged { found: scan_with(&capture(&label.file), Arc::clone(&lists)), label };
        Some(labels.into_iter().map(judge).collect())
    });
    JUDGED.as_deref()
}

impl Judged {
    fn is(&self, verdict: &str) -> bool {
        self.label.verdict == verdict
    }

    fn detections(&self) -> impl Iterator<Item = &Detection> {
        self.found.detections.iter()
    }

    fn worst(&self) -> Option<Severity> {
        self.detections().map(|detection| detection.severity).max()
    }

    /// A case for a host that the label names.
    fn has_case(&self) -> bool {
        self.found.cases.iter().any(|case| self.label.hosts.contains(&case.host.ip.to_string()))
    }

    fn has_login(&self) -> bool {
        self.detections().any(|detection| detection.kind == Kind::CleartextCredentials)
    }

    /// Whether it is as the label wants it. None: not scored.
    fn is_right(&self) -> Option<bool> {
        match self.label.verdict.as_str() {
            "malicious" => Some(self.has_case()),
            "cleartext" => Some(self.has_login()),
            "benign" => Some(self.worst().is_none_or(|worst| worst < Severity::Medium)),
            "policy" => Some(self.worst().is_none_or(|worst| worst < Severity::High)),
            _ => None,
        }
    }

    /// What was found, in a few words: kinds with their severities, and how often.
    fn told(&self) -> String {
        let mut kinds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for one in self.detections() {
            *kinds.entry((one.kind.key(), one.severity.key())).or_default() += 1;
        }
        let told: Vec<_> =
            kinds.iter().map(|((kind, severity), count)| format!("{kind} {severity} ×{count}")).collect();
        if told.is_empty() { "–".into() } else { told.join(", ") }
    }
}

fn count(judged: &[Judged], verdict: &str) -> (usize, usize) {
    let of = || judged.iter().filter(|one| one.is(verdict));
    (of().filter(|one| one.is_right() == Some(true)).count(), of().count())
}

#[test]
fn what_is_found_never_becomes_less() {
    let Some(judged) = judged() else { return };
    let wrong = |verdict: &str| -> Vec<_> {
        let wrong = judged.iter().filter(|one| one.is(verdict) && one.is_right() == Some(false));
        wrong.map(|one| (one.label.file.as_str(), one.told())).collect()
    };
    let (malicious, _) = count(judged, "malicious");
    assert!(malicious >= MALICIOUS_FOUND, "{malicious} found; missed: {:#?}", wrong("malicious"));
    assert!(wrong("benign").len() <= BENIGN_ALARMED, "{:#?}", wrong("benign"));
    assert!(wrong("policy").is_empty(), "{:#?}", wrong("policy"));
    assert!(wrong("cleartext").is_empty(), "{:#?}", wrong("cleartext"));
}

#[test]
fn a_list_of_a_million_entries_finds_more_and_accuses_no_more() {
    let Some(judged) = judged_with_list() else { return };
    let wrong = |verdict: &str| -> Vec<_> {
        let wrong = judged.iter().filter(|one| one.is(verdict) && one.is_right() == Some(false));
        wrong.map(|one| (one.label.file.as_str(), one.told())).collect()
    };
    let (malicious, _) = count(judged, "malicious");
    assert!(malicious >= MALICIOUS_FOUND_WITH_LIST, "{malicious} found; missed: {:#?}", wrong("malicious"));
    assert!(wrong("benign").len() <= BENIGN_ALARMED, "{:#?}", wrong("benign"));
    assert!(judged.iter().filter(|one| one.is("benign")).all(|one| one.worst() < Some(Severity::High)));
}

/// Nothing secret was sent, so nothing may be said of it.
#[test]
fn ftp_without_a_password_is_no_login() {
    let Some(judged) = judged() else { return };
    for one in
        judged.iter().filter(|one| ["ndpi__ftp.pcap", "ndpi__ftp_failed.pcap"].contains(&one.label.file.as_str()))
    {
        assert!(!one.has_login(), "{}: {:#?}", one.label.file, one.found.detections);
    }
}

#[test]
fn nothing_innocent_is_called_high() {
    let Some(judged) = judged() else { return };
    for one in judged.iter().filter(|one| one.is("benign")) {
        assert!(one.worst() < Some(Severity::High), "{}: {:#?}", one.label.file, one.found.detections);
        assert!(one.found.cases.iter().all(|case| case.severity < Severity::High), "{}", one.label.file);
    }
}

/// `UPDATE_DOCS=1 cargo test -p detect --test it corpus` writes the page again.
#[test]
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says whether the page is to be written")]
fn the_page_says_what_was_found() {
    let Some(judged) = judged() else { return };
    let page = page(judged);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(PAGE, page).unwrap();
        return;
    }
    assert!(fs::read_to_string(PAGE).unwrap_or_default() == page, "write {PAGE} again (UPDATE_DOCS=1), and read it");
}

fn page(judged: &[Judged]) -> String {
    let mut page = String::from(
        "# What the sensor finds in captures with known answers\n\n\
         152 captures from public repositories that state a licence, with labels; they are not in this repository. No threat list \
         was used. *Right*: for malicious, a case (medium or above) for a host that the label names; for clear text, the log-in; \
         for benign, nothing at medium or above; for policy, nothing at high or above. Written by \
         `UPDATE_DOCS=1 cargo test -p detect --test it corpus` where the captures are.\n\n\
         | verdict | right | of |\n| --- | ---: | ---: |\n",
    );
    for verdict in ["malicious", "cleartext", "policy", "benign"] {
        let (right, all) = count(judged, verdict);
        writeln!(page, "| {verdict} | {right} | {all} |").unwrap();
    }
    page.push_str("\n## Every capture that is not plain benign traffic\n\n| capture | verdict | what stands in it | found | right |\n| --- | --- | --- | --- | --- |\n");
    for one in judged.iter().filter(|one| !one.is("benign")) {
        page.push_str(&row(one));
    }
    page.push_str("\n## Benign captures in which something was found\n\n| capture | verdict | what stands in it | found | right |\n| --- | --- | --- | --- | --- |\n");
    for one in judged.iter().filter(|one| one.is("benign") && one.worst().is_some()) {
        page.push_str(&row(one));
    }
    page
}

fn row(one: &Judged) -> String {
    let right = match one.is_right() {
        Some(true) => "yes",
        Some(false) => "**no**",
        None => "not scored",
    };
    let Label { file, verdict, techniques, note, .. } = &one.label;
    let what = if techniques.is_empty() { note.clone() } else { format!("{techniques}: {note}") };
    format!("| `{file}` | {verdict} | {} | {} | {right} |\n", what.replace('|', "/"), one.told())
}

#[test]
fn a_list_and_a_rhythm_find_what_they_can() {
    let Some(_) = labels() else { return };
    for (name, list, host) in [
        ("mercury__malware_tls.pcap", "mokoshoponline.com", "192.168.1.106"),
        ("zeek__ctu-62604-80.pcap", "45.9.74.78", "192.168.1.108"),
        ("zeek__no_crlf.pcap", "5.2.136.90", "10.1.6.206"),
        ("sv__file76.pcap", "74.120.55.163", "172.16.10.101"),
        ("slips__test-cc-capture-1.pcap", "", "147.32.80.37"),
    ] {
        let found = scan(&capture(name), list);
        let hosts: Vec<_> = found.cases.iter().map(|case| case.host.ip.to_string()).collect();
        assert_eq!(hosts, [host], "{name}");
        assert!(found.cases[0].severity >= Severity::High, "{name}: {:#?}", found.detections);
    }
}

#[test]
fn every_capture_is_read_the_same_way_twice() {
    let Some(labels) = labels() else { return };
    for label in &labels {
        let file = capture(&label.file);
        assert_eq!(scan(&file, "0.0.0.0/8"), scan(&file, "0.0.0.0/8"), "{}", label.file);
    }
}
