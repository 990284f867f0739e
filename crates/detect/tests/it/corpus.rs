//! Captures with known answers, and the page that says what was found in each (`docs/sensor-corpus.md`). They are not part
//! of this repository: where they are missing, these tests say so.

use std::{
    collections::{BTreeMap, BTreeSet},
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
const MALICIOUS_FOUND: usize = 18;
/// What must be found with the corpus's list.
const MALICIOUS_FOUND_WITH_LIST: usize = 19;
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

/// Why a capture is judged otherwise than its label, found by looking into it. One that is missing fails a test.
const WHY: [(&str, &str); 6] = [
    (
        "mercury__malware_tls.pcap",
        "One TLS connection of 23 packets, made as Windows 7 makes it, to a name with an ordinary certificate of Let's \
         Encrypt: nothing in it is odd. `mokoshoponline.com` is on no list of the corpus; with one that has it, it is found \
         (`a_list_and_a_rhythm_find_what_they_can`).",
    ),
    (
        "ndpi__malware.pcap",
        "One look-up and one page of OpenDNS's test domain, and a few packets to addresses that are dead: only a list knows \
         them.",
    ),
    (
        "ndpi__tls_malicious_sha1.pcapng",
        "One connection to a site at Google's (`www.prbtest.dev`, a certificate of Google Trust Services). The certificate's \
         SHA-1 stands on nDPI's own test list alone, which is not among the lists of the corpus.",
    ),
    (
        "bs__SIP_CALL_RTP_G711.pcap",
        "True, but not what the label is about: beside the telephone call somebody reads mail over POP3 at two servers on the \
         internet, name and password readable.",
    ),
    (
        "ndpi__exe_download.pcap",
        "The label wants no more than medium for a program fetched over HTTP. The list knows `144.91.69.195/solar.php` as \
         TrickBot's, and an address of a page on a list is high: so it should be.",
    ),
    (
        "ppp__tls2.pcap",
        "A mistake of the list, which has an address of Microsoft's search engine (`4.bing.com`) as BazarLoader's. Medium, \
         since it was reached by a name that is on none; an exception silences it.",
    ),
];

#[test]
fn whatever_is_judged_wrongly_is_explained() {
    let (Some(without), Some(with)) = (judged(), judged_with_list()) else { return };
    let wrong: BTreeSet<_> = without
        .iter()
        .chain(with)
        .filter(|one| one.is_right() == Some(false))
        .map(|one| one.label.file.as_str())
        .collect();
    assert_eq!(wrong, BTreeSet::from(WHY.map(|(file, _)| file)), "look into it and say why in WHY");
}

/// `UPDATE_DOCS=1 cargo test -p detect --test it corpus` writes the page again.
#[test]
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says whether the page is to be written")]
fn the_page_says_what_was_found() {
    let (Some(without), Some(with)) = (judged(), judged_with_list()) else { return };
    let page = page(without, with);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(PAGE, page).unwrap();
        return;
    }
    assert!(fs::read_to_string(PAGE).unwrap_or_default() == page, "write {PAGE} again (UPDATE_DOCS=1), and read it");
}

const HEAD: &str = "| capture | verdict | what stands in it | found | right | with the list | right |\n\
    | --- | --- | --- | --- | --- | --- | --- |\n";

fn page(without: &[Judged], with: &[Judged]) -> String {
    let mut page = String::from(
        "# What the sensor finds in captures with known answers\n\n\
         152 captures from public repositories that state a licence, with labels; they are not in this repository. Once without any \
         threat list, and once with Maltrail's of 1.6 million entries. *Right*: for malicious, a case (medium or above) for a \
         host that the label names; for clear text, the log-in; for benign, nothing at medium or above; for policy, nothing at high \
         or above. Written by `UPDATE_DOCS=1 cargo test -p detect --test it corpus` where the captures are.\n\n\
         | verdict | right without a list | with the list | of |\n| --- | ---: | ---: | ---: |\n",
    );
    for verdict in ["malicious", "cleartext", "policy", "benign"] {
        let ((right, all), (right_with, _)) = (count(without, verdict), count(with, verdict));
        writeln!(page, "| {verdict} | {right} | {right_with} | {all} |").unwrap();
    }
    let high =
        |judged: &[Judged]| judged.iter().filter(|one| one.is("benign") && one.worst() >= Some(Severity::High)).count();
    writeln!(page, "| benign with anything high | {} | {} | 0 wanted |", high(without), high(with)).unwrap();
    page.push_str("\n## Each miss and each false alarm\n\n| capture | verdict | without a list | with the list | why |\n| --- | --- | --- | --- | --- |\n");
    for (file, why) in WHY {
        let said = |judged: &[Judged]| {
            let one = judged.iter().find(|one| one.label.file == file).unwrap();
            (one.label.verdict.clone(), right(one))
        };
        let ((verdict, right), (_, right_with)) = (said(without), said(with));
        writeln!(page, "| `{file}` | {verdict} | {right} | {right_with} | {why} |").unwrap();
    }
    page.push_str("\n## Every capture that is not plain benign traffic\n\n");
    page.push_str(HEAD);
    let both = || without.iter().zip(with);
    for (one, listed) in both().filter(|(one, _)| !one.is("benign")) {
        page.push_str(&row(one, listed));
    }
    page.push_str("\n## Benign captures in which something was found\n\n");
    page.push_str(HEAD);
    for (one, listed) in both().filter(|(one, listed)| one.is("benign") && (one.worst().max(listed.worst())).is_some())
    {
        page.push_str(&row(one, listed));
    }
    page
}

/// Whether it is as its label wants it.
fn right(one: &Judged) -> &'static str {
    match one.is_right() {
        Some(true) => "right",
        Some(false) => "**wrong**",
        None => "not scored",
    }
}

fn row(one: &Judged, listed: &Judged) -> String {
    let Label { file, verdict, techniques, note, .. } = &one.label;
    let what = if techniques.is_empty() { note.clone() } else { format!("{techniques}: {note}") };
    let what = what.replace('|', "/");
    let told_with = if one.told() == listed.told() { "the same".to_owned() } else { listed.told() };
    format!("| `{file}` | {verdict} | {what} | {} | {} | {told_with} | {} |\n", one.told(), right(one), right(listed))
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
