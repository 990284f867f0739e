//! The second verifier, `tools/verify-register.mjs`, written in another language from the format's page alone: it must
//! find what `verify` finds, in exports that hold and in exports that do not.

use std::path::Path;
use std::process::Command;

use register::{Checkpoint, SigningKey};
use uuid::Uuid;
use verify::{Options, Report, Subject, verify};
use zip::CompressionMethod;

use crate::dossier::told;
use crate::foreign::{doubled, resign};
use crate::sample::{Members, Sample, entry_lines, member, moment, pack, pack_with, record, record_at};

const ENTRIES: &str = "entries.jsonl";

/// An export, and what is given beside it.
struct Case {
    name: &'static str,
    zip: Vec<u8>,
    key: Option<String>,
    provider_key: Option<String>,
    witness_keys: Vec<String>,
    checkpoints: Vec<String>,
}

fn case(name: &'static str, zip: Vec<u8>) -> Case {
    let key = Some(Sample::new().key_text());
    Case { name, zip, key, provider_key: None, witness_keys: Vec::new(), checkpoints: Vec::new() }
}

fn changed(name: &'static str, change: impl FnOnce(&mut Members)) -> Case {
    let mut members = Sample::new().members();
    change(&mut members);
    case(name, pack(&members))
}

fn with_lines(name: &'static str, change: impl FnOnce(&mut Vec<String>)) -> Case {
    changed(name, |members| {
        let mut lines = entry_lines(members);
        change(&mut lines);
        *member(members, ENTRIES) = lines.concat().into_bytes();
    })
}

fn replaced(name: &'static str, of: &'static str, from: &'static str, to: &'static str) -> Case {
    changed(name, |members| {
        let text = String::from_utf8(member(members, of).clone()).unwrap();
        assert!(text.contains(from), "`{from}` stands in {of}");
        *member(members, of) = text.replacen(from, to, 1).into_bytes();
    })
}

/// The export with its first member told to be a symbolic link, as the list at the end says it on Unix.
fn link() -> Vec<u8> {
    let mut zip = Sample::new().zip();
    let at = zip.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    zip[at + 5] = 3;
    zip[at + 40..at + 42].copy_from_slice(&0o120_777_u16.to_le_bytes());
    zip
}

fn cases() -> Vec<Case> {
    let sample = Sample::new();
    let mut later = sample.clone();
    later.records.push(record(5, Some(b"later".to_vec())));
    let mut other = sample.clone();
    other.records[1] = record(1, Some(b"another history".to_vec()));
    let provider = SigningKey::of_provider(Uuid::from_u128(7), &[3; 32]);
    let countersigned = provider.countersign(&sample.checkpoint(5), moment(1001)).unwrap();
    let elsewhere = provider.countersign(&sample.checkpoint(4), moment(1001)).unwrap();
    let moved = format!("{}{}\n", sample.checkpoint(5), elsewhere.lines().last().unwrap());
    let with_provider = |name, checkpoint: &str| {
        let mut members = sample.members();
        *member(&mut members, "checkpoint") = checkpoint.as_bytes().to_vec();
        resign(&mut members, &sample.key);
        Case { provider_key: Some(provider.verifier().witness_text()), ..case(name, pack(&members)) }
    };
    let own = Some(sample.key.verifier().witness_text());
    let witness = SigningKey::of_provider(Uuid::from_u128(8), &[4; 32]);
    let key_of = |key: &SigningKey| key.verifier().witness_text();
    let witnessed =
        |name, keys: Vec<String>, checkpoints| Case { witness_keys: keys, checkpoints, ..case(name, sample.zip()) };
    let seen = |note: &str| witness.countersign(note, moment(1001)).unwrap();
    let seen_elsewhere = format!("{}{}\n", sample.checkpoint(3), seen(&sample.checkpoint(4)).lines().last().unwrap());
    let kept = |name, notes: Vec<String>| Case { checkpoints: notes, ..case(name, sample.zip()) };
    let stranger = SigningKey::of_register(crate::sample::ORGANISATION, &[66; 32]).verifier().to_string();
    let mut erased = sample.clone();
    erased.erase(&[0, 3], 4);
    let saying = |kind: &str, event: serde_json::Value| {
        let mut sample = erased.clone();
        sample.records[4] = told(4, kind, &serde_json::json!({ "event": event }));
        sample.zip()
    };
    let all = serde_json::json!({"type": "erased", "indices": [0, 3]});
    let single = serde_json::json!({"type": "entries_erased", "entries": [{"index": 3}, {}]});
    let other_register = Checkpoint::of(Uuid::from_u128(9), &sample.tree(3));
    let of_other = other_register.sign(&SigningKey::of_register(Uuid::from_u128(9), &[9; 32]), moment(1000));
    let whole_note = sample.checkpoint(4);
    let mut half_signed: Vec<&str> = whole_note.lines().collect();
    half_signed.remove(4);
    let half_signed = format!("{}\n", half_signed.join("\n"));
    let wrong_input = |name, notes: Vec<String>| Case { checkpoints: notes, ..case(name, sample.zip()) };
    vec![
        case("sound", sample.zip()),
        case("sound, packed again", pack_with(&sample.members(), CompressionMethod::Deflated)),
        case("sound, a body erased", erased.zip()),
        case("erased by what is no erasure", saying("incident.noted", all.clone())),
        case("erased, of another form", saying("incident.entries_erased", all)),
        case("erased, one of two named", saying("incident.entries_erased", single)),
        case("erased, none named", saying("incident.erased", serde_json::json!({"type": "erased"}))),
        case(
            "erased, no numbers",
            saying("incident.erased", serde_json::json!({"type": "erased", "indices": ["0", 3]})),
        ),
        wrong_input("of another register", vec![of_other.clone()]),
        wrong_input("half signed", vec![half_signed.clone()]),
        Case { key: None, ..wrong_input("of another register, no key", vec![of_other.clone()]) },
        wrong_input("of another register, and rolled back", vec![of_other, later.checkpoint(6)]),
        changed("the export's own half signed", |members| {
            let note = Sample::new().checkpoint(5);
            let without: Vec<&str> =
                note.lines().enumerate().filter(|(at, _)| *at != 4).map(|(_, line)| line).collect();
            *member(members, "checkpoint") = format!("{}\n", without.join("\n")).into_bytes();
            resign(members, &Sample::new().key);
        }),
        Case { key: None, ..case("sound by itself", sample.zip()) },
        case("empty register", Sample::of(vec![]).zip()),
        kept("sound beside kept checkpoints", (0..=5).map(|size| sample.checkpoint(size)).collect()),
        kept("kept on Windows", vec![format!("\u{feff}{}\r\n \r\n", sample.checkpoint(4).replace('\n', " \r\n"))]),
        kept("rolled back", vec![sample.checkpoint(3), later.checkpoint(6)]),
        kept("another history", vec![other.checkpoint(5), other.checkpoint(1), other.checkpoint(2)]),
        kept("a checkpoint that was changed", vec![sample.checkpoint(5).replace("\n5\n", "\n6\n")]),
        Case { key: Some(stranger), ..case("another key", sample.zip()) },
        with_provider("countersigned", &countersigned),
        with_provider("not countersigned", &sample.checkpoint(5)),
        with_provider("countersigned elsewhere", &moved),
        Case { provider_key: own.clone(), ..case("countersigned by itself", sample.zip()) },
        Case { witness_keys: own.into_iter().collect(), ..case("witnessed by itself", sample.zip()) },
        witnessed("witnessed", vec![key_of(&witness)], vec![seen(&sample.checkpoint(3))]),
        witnessed(
            "witnessed by one of two",
            vec![key_of(&witness), key_of(&provider)],
            vec![seen(&sample.checkpoint(3))],
        ),
        witnessed("witnessed, other history", vec![key_of(&witness)], vec![seen(&other.checkpoint(3))]),
        witnessed("witnessed elsewhere", vec![key_of(&witness)], vec![seen_elsewhere]),
        witnessed("not witnessed", vec![key_of(&witness)], vec![sample.checkpoint(3)]),
        case("a name twice", doubled(ENTRIES, 0)),
        case("a name twice, behind", doubled("register.csv", sample.members().len())),
        case("the list twice", doubled("manifest", 2)),
        case("the checkpoint twice", doubled("checkpoint", 1)),
        replaced("body changed", ENTRIES, "laptop kwijt", "laptop terug"),
        replaced("salt changed", ENTRIES, "\"salt\":\"0101", "\"salt\":\"0201"),
        replaced("moment changed", ENTRIES, "T08:32:", "T08:22:"),
        replaced("no such day", ENTRIES, "2026-11-21T08:32:", "2026-11-31T08:32:"),
        replaced("spacing changed", ENTRIES, "{\"index\":4", "{ \"index\":4"),
        replaced("key twice", ENTRIES, "{\"index\":4", "{\"index\":4,\"index\":4"),
        with_lines("body taken out", |lines| {
            let at = lines[2].find(",\"salt\"").unwrap();
            lines[2].replace_range(at.., ",\"erased\":true}\n");
        }),
        with_lines("dropped", |lines| drop(lines.drain(1..3))),
        with_lines("last dropped", |lines| drop(lines.pop())),
        with_lines("all dropped", Vec::clear),
        with_lines("added", |lines| lines.insert(3, lines[1].clone())),
        with_lines("added at the end", |lines| lines.push("{}\n".to_owned())),
        with_lines("reordered", |lines| lines.swap(1, 3)),
        changed("no manifest", |members| members.retain(|(name, _)| name != "manifest")),
        changed("no manifest, and dropped", |members| {
            members.retain(|(name, _)| name != "manifest");
            let mut lines = entry_lines(members);
            lines.remove(1);
            *member(members, ENTRIES) = lines.concat().into_bytes();
        }),
        changed("no checkpoint", |members| members.retain(|(name, _)| name != "checkpoint")),
        changed("no entries", |members| members.retain(|(name, _)| name != ENTRIES)),
        changed("older checkpoint", |members| {
            *member(members, "checkpoint") = Sample::new().checkpoint(3).into_bytes()
        }),
        changed("signed, but not so", |members| {
            *member(members, "checkpoint") = Sample::of(vec![Some(b"x".to_vec()); 5]).checkpoint(5).into_bytes();
            resign(members, &Sample::new().key);
        }),
        changed("a member added", |members| members.push(("\u{1b}[2Jnotes".to_owned(), vec![1]))),
        changed("a member changed", |members| member(members, "register.csv").push(b'\n')),
        replaced("manifest changed", "manifest", "entries 5", "entries 4"),
        case("unpacks as a link", link()),
        case("bytes before", [&b"#!/bin/sh\n"[..], &sample.zip()].concat()),
        case("bytes after", [&sample.zip()[..], b"x"].concat()),
        case("no export", b"PK".to_vec()),
    ]
}

/// A value in DER.
fn der(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82][..], &length, &content].concat()
}

/// An authority's answer that says it stamped these bytes, with this status. Nobody signed it, which is not looked at here.
fn stamp(over: &[u8], status: u8, moment: &str) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    let hex = |text: &str| -> Vec<u8> {
        text.as_bytes().chunks(2).map(|two| u8::from_str_radix(str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    };
    let imprint = Sha256::digest(over).to_vec();
    let mut nonce = Sha256::digest(&imprint)[..8].to_vec();
    nonce[0] = nonce[0] & 0x3f | 0x40;
    assert!(register::timestamp_request(over).windows(8).any(|eight| eight == nonce), "the number is the request's");
    let algorithm = der(0x30, &[der(6, &[hex("608648016503040201")])]);
    let info = [
        der(2, &[vec![1]]),
        der(6, &[vec![0x2a, 3]]),
        der(0x30, &[algorithm, der(4, &[imprint])]),
        der(2, &[vec![9]]),
        der(0x18, &[moment.as_bytes().to_vec()]),
        der(2, &[nonce]),
    ];
    let octets = der(4, &[der(0x30, &info)]);
    let encapsulated = der(0x30, &[der(6, &[hex("2a864886f70d0109100104")]), der(0xa0, &[octets])]);
    let signed = der(0x30, &[der(2, &[vec![3]]), der(0x31, &[]), encapsulated]);
    let content = der(0x30, &[der(6, &[hex("2a864886f70d010702")]), der(0xa0, &[signed])]);
    der(0x30, &[der(0x30, &[der(2, &[vec![status]])]), content])
}

/// An export with this checkpoint stamped, the answer changed before it is put in and listed.
fn stamped(name: &'static str, checkpoint: &str, answer: Vec<u8>) -> Case {
    let mut sample = Sample::new();
    sample.extra.push(("timestamp.checkpoint".to_owned(), checkpoint.as_bytes().to_vec()));
    sample.extra.push(("timestamp.tsr".to_owned(), answer));
    case(name, sample.zip())
}

fn stamped_cases() -> Vec<Case> {
    let sample = Sample::new();
    let three = sample.checkpoint(3);
    let good = |note: &str| stamp(note.as_bytes(), 0, "20261122020000.5Z");
    let mut early = sample.clone();
    // Signed an hour and more after its entries, but for the last.
    early.records[4] = record_at(4, 1000 + 181);
    let mut other = sample.clone();
    other.records[1] = record(1, Some(b"another history".to_vec()));
    let mut lacking = Sample::new();
    lacking.extra.push(("timestamp.tsr".to_owned(), good(&three)));
    vec![
        stamped("stamped", &three, good(&three)),
        stamped("stamped now", &sample.checkpoint(5), good(&sample.checkpoint(5))),
        stamped("stamped years before it was signed", &three, stamp(three.as_bytes(), 0, "20200101000000Z")),
        stamped("stamped as long before as clocks may differ", &three, stamp(three.as_bytes(), 0, "20261121221000Z")),
        case("signed before its last entry", early.zip()),
        Case {
            checkpoints: vec![early.checkpoint(4), early.checkpoint(5)],
            ..case("given, signed before", early.zip())
        },
        stamped("stamp of something else", &three, good(&sample.checkpoint(4))),
        stamped("stamp refused", &three, stamp(three.as_bytes(), 2, "20261121083000Z")),
        stamped("stamp of no day", &three, stamp(three.as_bytes(), 0, "20261131083000Z")),
        stamped("stamp cut short", &three, good(&three)[..50].to_vec()),
        stamped("stamp and more", &three, [good(&three), vec![0]].concat()),
        stamped("stamp of another history", &other.checkpoint(3), good(&other.checkpoint(3))),
        stamped("stamp of no checkpoint", "hello\n", good("hello\n")),
        case("stamp of nothing", lacking.zip()),
    ]
}

/// As the script prints it: whether it holds, and each finding.
fn lines(report: &Report) -> Vec<String> {
    let place = |subject: &Subject| match subject {
        Subject::Member(name) => name.replace('\u{1b}', "\\u{1b}"),
        Subject::Archive => "-".to_owned(),
        Subject::GivenCheckpoint(place) => format!("checkpoint given {place}"),
    };
    let found = report.findings.iter().map(|finding| {
        let entry = finding.entry.map_or(String::new(), |entry| format!(" {entry}"));
        format!("{}{entry}: {}", place(&finding.subject), finding.problem.code())
    });
    let holds = match report.is_sound() {
        true => "sound",
        false if report.is_misgiven() => "wrong input",
        false => "not sound",
    };
    let entries = report.entries;
    let mut told_apart = Vec::new();
    if report.is_sound() {
        told_apart.push(format!("proved by the tree: {}", report.proved.join(", ")));
        if !report.only_signed.is_empty() {
            told_apart.push(format!("only signed by who hosts: {}", report.only_signed.join(", ")));
        }
    }
    let because = |index: &u64| {
        let named = report.erasures.iter().find(|erasure| erasure.entries.contains(index));
        named.and_then(|erasure| erasure.by).map_or(index.to_string(), |by| format!("{index} by {by}"))
    };
    let erased: Vec<_> = report.erased_entries.iter().map(because).collect();
    let erased = if erased.is_empty() { String::new() } else { format!(" (erased: {})", erased.join(", ")) };
    let noted = report.notes.iter().map(|note| {
        let entry = note.entry.map_or(String::new(), |entry| format!(" {entry}"));
        format!("note: {}{entry}: {}", place(&note.subject), note.problem.code())
    });
    std::iter::once(format!("{holds}: {entries} entries{erased}")).chain(found).chain(told_apart).chain(noted).collect()
}

/// How the script is run on a file; nothing where there is no Node to run it.
pub(crate) fn node() -> Option<impl Fn(&Path) -> Command> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify-register.mjs");
    if !Command::new("node").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return None;
    }
    Some(move |file: &Path| {
        let mut command = Command::new("node");
        command.arg(&script).arg(file);
        command
    })
}

#[test]
fn another_program_in_another_language_finds_the_same() {
    let Some(node) = node() else {
        println!("skipped: not installed: node");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (mut sound, mut unsound, mut noted) = (0, 0, Vec::new());
    for case in cases().into_iter().chain(stamped_cases()) {
        let zip = folder.path().join("register.zip");
        std::fs::write(&zip, &case.zip).unwrap();
        let mut command = node(&zip);
        for (option, value) in [("--key", &case.key), ("--provider-key", &case.provider_key)] {
            command.args(value.iter().flat_map(|value| [option, value]));
        }
        command.args(case.witness_keys.iter().flat_map(|key| ["--witness-key", key]));
        for (place, note) in case.checkpoints.iter().enumerate() {
            let path = folder.path().join(format!("checkpoint-{place}"));
            std::fs::write(&path, note).unwrap();
            command.arg("--checkpoint").arg(path);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let said: Vec<&str> = said.lines().filter(|line| !line.starts_with("note: the key")).collect();
        let checkpoints: Vec<&str> = case.checkpoints.iter().map(String::as_str).collect();
        let witness_keys: Vec<&str> = case.witness_keys.iter().map(String::as_str).collect();
        let options = Options {
            key: case.key.as_deref(),
            checkpoints: &checkpoints,
            provider_key: case.provider_key.as_deref(),
            witness_keys: &witness_keys,
        };
        let Ok(report) = verify(&case.zip, options) else {
            assert_eq!(output.status.code(), Some(2), "{}", case.name);
            continue;
        };
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(said, lines(&report), "{} {errors}", case.name);
        let code = if report.is_misgiven() { 2 } else { i32::from(!report.is_sound()) };
        assert_eq!(output.status.code(), Some(code), "{}", case.name);
        noted.extend(report.notes.iter().map(|note| (case.name, note.entry, note.problem.code())));
        *(if report.is_sound() { &mut sound } else { &mut unsound }) += 1;
    }
    assert!(sound > 6 && unsound > 20, "{sound} sound, {unsound} not");
    let odd = [
        ("stamped years before it was signed", None, "stamped_before_signature"),
        ("signed before its last entry", Some(4), "signed_before_entry"),
        ("given, signed before", Some(4), "signed_before_entry"),
        ("given, signed before", Some(4), "signed_before_entry"),
    ];
    assert_eq!(noted, odd, "moments that cannot be, and no other");
}

/// Notepad and PowerShell keep a text in UTF-16: both read it, and neither takes what is cut short.
#[test]
fn a_checkpoint_kept_in_utf_16_is_read_by_both() {
    let sample = Sample::new();
    let folder = tempfile::tempdir().unwrap();
    let (zip, kept) = (folder.path().join("register.zip"), folder.path().join("checkpoint"));
    std::fs::write(&zip, sample.zip()).unwrap();
    let text = format!("\u{feff}{}", sample.checkpoint(4).replace('\n', "\r\n"));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, is_read) in [(&little[..], true), (&big, true), (&little[..41], false)] {
        std::fs::write(&kept, bytes).unwrap();
        let read = verify::text_of(bytes);
        assert_eq!(read.is_some(), is_read);
        if let Some(read) = &read {
            let key = sample.key_text();
            let options = Options { key: Some(&key), checkpoints: &[read], provider_key: None, witness_keys: &[] };
            assert_eq!(
                verify(&sample.zip(), options).map(|report| (report.is_sound(), report.compared)),
                Ok((true, 1))
            );
        }
        let Some(node) = node() else {
            println!("skipped: not installed: node");
            return;
        };
        let output = node(&zip).arg("--key").arg(sample.key_text()).arg("--checkpoint").arg(&kept).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(if is_read { 0 } else { 2 }), "{errors}");
    }
}

/// `dijkwacht verify` reads no file of more than a million bytes as a checkpoint (`crates/dijkwacht/src/verbs/verify.rs`).
#[test]
fn the_second_reader_has_the_same_limit_of_what_was_kept() {
    let Some(node) = node() else {
        println!("skipped: not installed: node");
        return;
    };
    let sample = Sample::new();
    let folder = tempfile::tempdir().unwrap();
    let (zip, kept) = (folder.path().join("register.zip"), folder.path().join("checkpoint.eml"));
    std::fs::write(&zip, sample.zip()).unwrap();
    let note = sample.checkpoint(4);
    for (length, code) in [(1_000_000, 0), (1_000_001, 2)] {
        std::fs::write(&kept, format!("{}\n{note}", "x".repeat(length - 1 - note.len()))).unwrap();
        let output = node(&zip).arg("--key").arg(sample.key_text()).arg("--checkpoint").arg(&kept).output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{length}: {errors}");
        assert_eq!(errors.contains("larger than any checkpoint"), code == 2, "{errors}");
    }
}

/// What stands before a member is not under the signature, and other programs go by it: a byte of it that is not as the
/// list at the end has it, is one that both see, or both pass over.
#[test]
fn both_look_alike_at_what_stands_before_a_member() {
    let Some(node) = node() else {
        println!("skipped: not installed: node");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (zip, path) = (Sample::new().zip(), folder.path().join("register.zip"));
    let mut seen = 0;
    for at in 0..30 {
        let mut changed = zip.clone();
        changed[at] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let code = node(&path).output().unwrap().status.code();
        let ours = verify(&changed, Options::default()).map_or(2, |report| i32::from(!report.is_sound()));
        assert_eq!(code, Some(ours), "byte {at}");
        seen += i32::from(ours != 0);
    }
    assert!(seen > 20, "{seen}");
}
