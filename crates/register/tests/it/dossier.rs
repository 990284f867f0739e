//! The file of one case: what holds of it, what may be left out, and what shows when something is changed.

use register::{Dossier, ExportError, Hash, Record, SigningKey, commit};
use verify::{Options, Report};

use crate::sample::{Members, ORGANISATION, Sample, check, findings, member, moment, pack, record, unpack};

const LINES: &str = "journaal/regels.jsonl";
const PAPER: &[u8] = b"%PDF a letter";
const OWN: &str = "0197a3c0-0000-7000-8000-0000000000aa";
const OTHER: &str = "0197a3c0-0000-7000-8000-0000000000bb";

/// A register of seven entries, three of them (1, 4, 6) of one incident: opened and erased, a document made, the erasure.
struct Case {
    sample: Sample,
    own: [usize; 3],
    files: Members,
}

/// An entry that says this.
pub(crate) fn told(index: u64, kind: &str, body: &serde_json::Value) -> Record {
    let body = body.to_string().into_bytes();
    let salt = [9; 32];
    let entry = register::Entry::new(ORGANISATION, index, moment(7), kind, commit(&salt, &body)).unwrap();
    Record { entry, kept: Some(register::Kept { salt, body }) }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Case {
    fn new() -> Self {
        let mut sample = Sample::of((0..7).map(|index| Some(vec![index])).collect());
        sample.records[1] = record(1, None);
        let made =
            serde_json::json!({"v": 1, "incident": OWN, "event": {"type": "document_made", "sha256": sha256(PAPER)}});
        sample.records[4] = told(4, "incident.document_made", &made);
        let event = serde_json::json!({"type": "entries_erased", "entries": [{"index": 1}]});
        let erased = serde_json::json!({"v": 1, "incident": OWN, "event": event});
        sample.records[6] = told(6, "incident.entries_erased", &erased);
        let files = vec![
            ("dossier.pdf".to_owned(), b"%PDF contents".to_vec()),
            ("documenten/01-letter.pdf".to_owned(), PAPER.to_vec()),
            ("namen/personen.json".to_owned(), b"{}".to_vec()),
        ];
        Self { sample, own: [1, 4, 6], files }
    }

    fn zip(&self) -> Result<Vec<u8>, ExportError> {
        let records: Vec<Record> = self.own.iter().map(|place| self.sample.records[*place].clone()).collect();
        let leaves: Vec<Hash> = self.sample.records.iter().map(|record| record.entry.leaf_hash()).collect();
        let dossier = Dossier {
            organisation: ORGANISATION,
            name: "Bakkerij",
            incident: 12,
            records: &records,
            leaves: &leaves,
            checkpoint: &self.sample.checkpoint(7),
            readme: "Lees mij / read me\n",
            files: &self.files,
            key: &self.sample.key,
        };
        dossier.pack()
    }

    /// What is found after a change to the members.
    fn changed(&self, change: impl FnOnce(&mut Members)) -> (Report, Vec<String>) {
        let mut members = unpack(&self.zip().unwrap());
        change(&mut members);
        let report = check(&pack(&members), &self.sample);
        let found = findings(&report);
        (report, found)
    }
}

fn check_case(case: &Case) -> Report {
    check(&case.zip().unwrap(), &case.sample)
}

/// The list made and signed anew, over what is there now: by whoever has the key.
fn resign(members: &mut Members, key: &SigningKey) {
    let text = String::from_utf8(member(members, "manifest").clone()).unwrap();
    let mut lines: Vec<String> = text.lines().take(5).map(str::to_owned).collect();
    for (name, bytes) in members.iter().filter(|(name, _)| name != "manifest") {
        lines.push(format!("member {} {} {name}", sha256(bytes), bytes.len()));
    }
    let entries = String::from_utf8(member(members, LINES).clone()).unwrap();
    for (listed, line) in text.lines().filter(|line| line.starts_with("entry ")).zip(entries.split_inclusive('\n')) {
        let (listed, _) = listed.rsplit_once(' ').unwrap();
        lines.push(format!("{listed} {}", sha256(line.as_bytes())));
    }
    *member(members, "manifest") = key.sign(&format!("{}\n", lines.join("\n"))).unwrap().into_bytes();
}

fn replaced(members: &mut Members, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(member(members, name).clone()).unwrap();
    assert!(text.contains(from), "`{from}` stands in {name}");
    *member(members, name) = text.replacen(from, to, 1).into_bytes();
}

fn with_lines(members: &mut Members, change: impl FnOnce(&mut Vec<String>)) {
    let text = String::from_utf8(member(members, LINES).clone()).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines);
    *member(members, LINES) = lines.concat().into_bytes();
}

#[test]
fn a_file_of_a_case_holds_by_itself_and_says_what_it_proves() {
    let case = Case::new();
    let (report, found) = case.changed(|_| ());
    assert_eq!(found, Vec::<String>::new());
    assert_eq!(report.dossier.as_ref().map(|dossier| (dossier.incident, dossier.left_out.len())), Some((12, 0)));
    assert_eq!((report.entries, report.erased), (3, 1));
    assert_eq!(report.erasures, [verify::Erasure { by: Some(6), entries: vec![1] }]);
    assert!(report.summary().en.starts_with("The file of incident 12 holds (entries: 3, erased: 1"));
    let proves = report.proves().unwrap();
    assert!(proves.en.contains("register of 7 entries") && proves.nl.contains("Niet bewezen"), "{}", proves.nl);
    assert_eq!(report.proved, ["documenten/01-letter.pdf", LINES]);
    assert_eq!(report.only_signed, ["README.txt", "dossier.pdf", "namen/personen.json"]);
    assert!(
        proves.nl.contains("Alleen ondertekend door wie het register beheert: README.txt, dossier.pdf"),
        "{}",
        proves.nl
    );
    assert_eq!(case.zip().unwrap(), case.zip().unwrap(), "the same case gives the same bytes");
}

#[test]
fn the_folders_that_name_people_may_be_left_out_and_nothing_else() {
    let case = Case::new();
    let without = |folder: &str| case.changed(|members| members.retain(|(name, _)| !name.starts_with(folder)));
    let (report, found) = without("namen/");
    assert_eq!((found, report.dossier.unwrap().left_out), (vec![], vec!["namen/personen.json".to_owned()]));
    let (report, found) = without("journaal/");
    assert_eq!((found, report.entries), (vec![], 3));
    assert!(report.proves().unwrap().en.contains("Not checked: the entries"));
    assert_eq!(report.proved, Vec::<String>::new(), "without the entries nothing stands under the tree");
    assert_eq!(without("documenten/").1, ["documenten/01-letter.pdf: missing"]);
    assert_eq!(without("checkpoint").1, ["checkpoint: missing"]);
    assert_eq!(without("manifest").1[0], "manifest: missing");
}

#[test]
fn what_was_changed_is_named() {
    let case = Case::new();
    let key = case.sample.key.clone();
    let check = |name: &str, change: &dyn Fn(&mut Members), expected: &[&str]| {
        let (report, found) = case.changed(change);
        assert_eq!(found, expected, "{name}");
        assert!(
            report.summary().nl.contains("incident 12 klopt niet") || !found.iter().any(|_| report.dossier.is_some())
        );
    };
    check(
        "a document",
        &|m| member(m, "documenten/01-letter.pdf").push(b'x'),
        &["documenten/01-letter.pdf: changed", "documenten/01-letter.pdf: not_recorded"],
    );
    check("a file added", &|m| m.push(("meer.json".into(), vec![1])), &["meer.json: unlisted"]);
    check(
        "a body",
        &|m| replaced(m, LINES, "entries_erased\\\"", "entries_raised\\\""),
        &["journaal/regels.jsonl 6: entry_body"],
    );
    check(
        "an erasure made up",
        &|m| {
            let text = String::from_utf8(member(m, LINES).clone()).unwrap();
            let line = text.lines().nth(1).unwrap();
            let bare = format!(
                "{},\"erased\":true,{}",
                line.split(",\"salt\"").next().unwrap(),
                &line[line.find("\"proof\"").unwrap()..]
            );
            *member(m, LINES) = text.replace(line, &bare).into_bytes();
        },
        &["journaal/regels.jsonl 4: entry_line", "documenten/01-letter.pdf: not_recorded"],
    );
    check(
        "a line dropped",
        &|m| with_lines(m, |lines| drop(lines.remove(0))),
        &["journaal/regels.jsonl 1: entry_dropped"],
    );
    check(
        "a line dropped in the middle",
        &|m| with_lines(m, |lines| drop(lines.remove(1))),
        &["journaal/regels.jsonl 4: entry_dropped"],
    );
    check(
        "a line added",
        &|m| with_lines(m, |lines| lines.insert(2, lines[0].clone())),
        &["journaal/regels.jsonl 6: entry_added"],
    );
    check(
        "a line of another case added",
        &|m| {
            with_lines(m, |lines| {
                lines.insert(2, lines[0].replace("index\":1", "index\":5").replace("index 1", "index 5"))
            })
        },
        &["journaal/regels.jsonl 6: entry_added"],
    );
    check(
        "a line added at the end",
        &|m| with_lines(m, |lines| lines.push(lines[1].clone())),
        &["journaal/regels.jsonl 4: entry_surplus"],
    );
    check("two lines swapped", &|m| with_lines(m, |lines| lines.swap(1, 2)), &["journaal/regels.jsonl 4: entry_order"]);
    check(
        "the last line dropped",
        &|m| {
            let text = String::from_utf8(member(m, LINES).clone()).unwrap();
            *member(m, LINES) = text.lines().take(2).map(|line| format!("{line}\n")).collect::<String>().into_bytes();
        },
        &["journaal/regels.jsonl 6: entry_missing"],
    );
    check("the list", &|m| replaced(m, "manifest", "incident 12", "incident 13"), &["manifest: signature"]);
    // By whoever has the key: a path that leads elsewhere, and a document that no entry names.
    check(
        "a path",
        &|m| {
            let text = String::from_utf8(member(m, LINES).clone()).unwrap();
            let at = text.find("\"proof\":[\"").unwrap() + 10;
            let other = if &text[at..=at] == "0" { "1" } else { "0" };
            let (before, after) = (&text[..at], &text[at + 1..]);
            *member(m, LINES) = format!("{before}{other}{after}").into_bytes();
            resign(m, &key);
        },
        &["journaal/regels.jsonl 1: not_included"],
    );
    // The entry that says so is made one that says something else; the case's own sample has it signed with the rest.
    let mut unsaid = Case::new();
    unsaid.sample.records[6] = record(6, Some(b"{}".to_vec()));
    let report = check_case(&unsaid);
    assert_eq!(findings(&report), ["journaal/regels.jsonl 1: entry_erased"]);
    check(
        "a document put there later",
        &|m| {
            m.push(("documenten/02-letter.pdf".into(), b"%PDF later".to_vec()));
            resign(m, &key);
        },
        &["documenten/02-letter.pdf: not_recorded"],
    );
}

/// Signed by a server whose database had been changed: its column is in no leaf, and its body is.
#[test]
fn an_entry_of_another_incident_is_named() {
    let check = |what: &str, entries: &[(&str, Option<u64>)], expected: &[&str]| {
        let mut case = Case::new();
        for (place, (incident, number)) in entries.iter().enumerate() {
            let kind = if number.is_some() { "incident.opened" } else { "incident.noted" };
            let body = serde_json::json!({"v": 1, "incident": incident, "event": {"type": "x", "number": number}});
            case.sample.records[place] = told(place as u64, kind, &body);
        }
        case.own = [0, 1, 2];
        case.files.retain(|(name, _)| !name.starts_with("documenten/"));
        assert_eq!(case.changed(|_| ()).1, expected, "{what}");
    };
    check("its own", &[(OWN, Some(12)), (OWN, None), (OWN, None)], &[]);
    check("its opening was erased", &[(OWN, None), (OWN, None), (OWN, None)], &[]);
    let second = ["journaal/regels.jsonl 1: other_incident"];
    check("a foreign one", &[(OWN, Some(12)), (OTHER, None), (OWN, None)], &second);
    check("a foreign opening", &[(OWN, Some(12)), (OTHER, Some(12)), (OWN, None)], &second);
    let first = ["journaal/regels.jsonl 0: other_incident"];
    check("a foreign one before it", &[(OTHER, None), (OWN, Some(12)), (OWN, None)], &first);
    check("another number", &[(OWN, Some(13)), (OWN, None), (OWN, None)], &first);
}

#[test]
fn checkpoints_that_were_kept_are_compared_where_they_can_be() {
    let case = Case::new();
    let (zip, key) = (case.zip().unwrap(), case.sample.key_text());
    let mut other = case.sample.clone();
    other.records[2] = record(2, Some(b"another history".to_vec()));
    let notes = [case.sample.checkpoint(7), case.sample.checkpoint(3), other.checkpoint(7)];
    let kept: Vec<&str> = notes.iter().map(String::as_str).collect();
    let report = verify::verify(&zip, Options { key: Some(&key), checkpoints: &kept, ..Options::default() }).unwrap();
    assert_eq!(findings(&report), ["-: diverged"]);
    let notes: Vec<_> = report.notes.iter().map(|note| note.text().en.into_owned()).collect();
    assert_eq!(
        notes,
        [
            "checkpoint given 2: says nothing of this file of a case: it covers 3 entries, and the file a register of 7; ask for \
          a proof of growth (dijkwacht prove --from 3)"
        ]
    );
    // One of another size that is sound is no reason to doubt the file; nor is it said to be continued.
    let sound =
        verify::verify(&zip, Options { key: Some(&key), checkpoints: &kept[1..2], ..Options::default() }).unwrap();
    assert_eq!((sound.is_sound(), sound.compared, sound.notes.len()), (true, 0, 1));
    assert!(!sound.summary().en.contains("continues"), "{}", sound.summary().en);
    let forged = notes_of_another_key(&case);
    let doubted =
        verify::verify(&zip, Options { key: Some(&key), checkpoints: &[&forged], ..Options::default() }).unwrap();
    assert_eq!(findings(&doubted), ["-: other_key"]);
}

fn notes_of_another_key(case: &Case) -> String {
    let key = SigningKey::of_register(ORGANISATION, &[66; 32]);
    register::Checkpoint::of(ORGANISATION, &case.sample.tree(3)).sign(&key, moment(0))
}

#[test]
fn the_second_reader_says_that_it_does_not_read_such_a_file() {
    let Some(node) = crate::second_reader::node() else {
        println!("skipped: not installed: node");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dossier.zip");
    let mut without_list = unpack(&Case::new().zip().unwrap());
    without_list.retain(|(name, _)| name != "manifest");
    for zip in [Case::new().zip().unwrap(), pack(&without_list)] {
        std::fs::write(&file, zip).unwrap();
        let output = node(&file).output().unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{errors}");
        assert!(errors.contains("the file of one case") && errors.contains("dijkwacht verify"), "{errors}");
    }
}

#[test]
fn nothing_is_signed_that_does_not_hold() {
    let mut case = Case::new();
    case.sample.records[4].kept.as_mut().unwrap().body.push(b'x');
    assert!(matches!(case.zip(), Err(ExportError::Body(1))));
    let mut case = Case::new();
    case.own = [4, 1, 6];
    assert!(matches!(case.zip(), Err(ExportError::Place(1))));
    let mut case = Case::new();
    case.files.push(("Manifest".into(), vec![]));
    assert!(matches!(case.zip(), Err(ExportError::MemberName(_))));
}
