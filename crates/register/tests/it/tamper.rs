//! Whatever is changed in an export is found, and named: the member, and in `entries.jsonl` the entry.

use std::collections::BTreeSet;

use proptest::prelude::*;
use register::{Export, Kept, export};
use verify::Report;

use crate::sample::{Members, ORGANISATION, Sample, check, check_alone, entry_lines, findings, member, pack, record};

const ENTRIES: &str = "entries.jsonl";

/// The members that the findings name.
fn named(report: &Report) -> BTreeSet<&str> {
    report.findings.iter().map(|finding| finding.member().unwrap_or("-")).collect()
}

/// The entry in whose line this byte of `entries.jsonl` stands.
fn entry_at(content: &[u8], at: usize) -> u64 {
    content[..at].iter().filter(|byte| **byte == b'\n').count() as u64
}

fn assert_found(report: &Report, name: &str, entry: Option<u64>) -> Result<(), TestCaseError> {
    prop_assert_eq!(named(report), BTreeSet::from([name]), "{:?}", findings(report));
    prop_assert_eq!(report.first_entry(), entry, "{:?}", findings(report));
    Ok(())
}

/// Changes one byte of a member and asks for its name back, with the key or (at odd places) without.
fn change_and_check(sample: &Sample, members: &Members, which: usize, at: usize, to: u8) -> Result<(), TestCaseError> {
    let (name, content) = &members[which];
    let entry = (name == ENTRIES).then(|| entry_at(content, at));
    let mut changed = members.clone();
    changed[which].1[at] = to;
    let zip = pack(&changed);
    let report = if at.is_multiple_of(2) { check(&zip, sample) } else { check_alone(&zip) };
    assert_found(&report, name, entry)
}

/// Not a sample: each byte of each member in turn.
#[test]
fn a_byte_changed_anywhere_is_named() {
    let sample = Sample::new();
    let members = sample.members();
    for (which, (name, content)) in members.iter().enumerate() {
        for at in 0..content.len() {
            // One value a place here; the property below tries them all over.
            let to = content[at] ^ [0x01, 0x20, 0x80][at % 3];
            change_and_check(&sample, &members, which, at, to).unwrap_or_else(|why| panic!("{name} byte {at}: {why}"));
        }
    }
}

fn body() -> impl Strategy<Value = Option<Vec<u8>>> {
    prop_oneof![
        1 => Just(None),
        3 => "[ -~é\n\"\\\\]{0,40}".prop_map(|text| Some(text.into_bytes())),
        1 => prop::collection::vec(any::<u8>(), 0..20).prop_map(Some),
    ]
}

fn sample() -> impl Strategy<Value = Sample> {
    prop::collection::vec(body(), 1..12).prop_map(|bodies| {
        let erased: Vec<usize> = (0..bodies.len()).filter(|place| bodies[*place].is_none()).collect();
        let mut sample = Sample::of(bodies);
        if !erased.is_empty() {
            sample.records.push(record(sample.records.len() as u64, None));
            sample.erase(&erased, sample.records.len() - 1);
        }
        sample.extra = vec![("register.csv".to_owned(), b"nr;soort\n".to_vec())];
        sample
    })
}

proptest! {
    #[test]
    fn exports_of_any_register_are_sound(sample in sample()) {
        let report = check(&sample.zip(), &sample);
        prop_assert_eq!(findings(&report), [""; 0]);
        prop_assert_eq!(report.entries, sample.records.len() as u64);
        prop_assert_eq!(report.erased, sample.records.iter().filter(|record| record.kept.is_none()).count() as u64);
    }

    #[test]
    fn a_byte_changed_in_any_register_is_named(
        sample in sample(),
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        by in 1_u8..,
    ) {
        let members = sample.members();
        let which = which.index(members.len());
        let at = at.index(members[which].1.len());
        let to = members[which].1[at].wrapping_add(by);
        change_and_check(&sample, &members, which, at, to)?;
    }

    #[test]
    fn a_byte_taken_out_or_put_in_is_named(
        sample in sample(),
        which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        put in prop::option::of(any::<u8>()),
    ) {
        let mut members = sample.members();
        let which = which.index(members.len());
        let (name, content) = members[which].clone();
        let at = at.index(content.len());
        match put {
            Some(byte) => members[which].1.insert(at, byte),
            None => drop(members[which].1.remove(at)),
        }
        prop_assume!(members[which].1 != content);
        let report = check(&pack(&members), &sample);
        prop_assert_eq!(named(&report), BTreeSet::from([name.as_str()]));
        if name == ENTRIES {
            // A byte like its neighbour may count as either's: the first that differs is meant.
            let now = &members[which].1;
            let first = content.iter().zip(now).take_while(|(was, is)| was == is).count();
            prop_assert_eq!(report.first_entry(), Some(entry_at(&content, first.min(content.len() - 1))));
        }
    }

    #[test]
    fn entries_dropped_swapped_or_put_in_twice_are_named(
        sample in sample(),
        first in any::<prop::sample::Index>(),
        second in any::<prop::sample::Index>(),
        how in 0..3,
    ) {
        let mut members = sample.members();
        let mut lines = entry_lines(&mut members);
        let (first, second) = (first.index(lines.len()), second.index(lines.len()));
        let (first, second) = (first.min(second), first.max(second));
        let place = match how {
            0 => {
                lines.remove(first);
                first
            }
            1 => {
                prop_assume!(first != second);
                lines.swap(first, second);
                first
            }
            _ => {
                lines.insert(second, lines[first].clone());
                if first == second { second + 1 } else { second }
            }
        };
        *member(&mut members, ENTRIES) = lines.concat().into_bytes();
        let zip = pack(&members);
        assert_found(&check(&zip, &sample), ENTRIES, Some(place as u64))?;
        assert_found(&check_alone(&zip), ENTRIES, Some(place as u64))?;
    }

    #[test]
    fn members_gone_renamed_or_added_are_named(sample in sample(), which in any::<prop::sample::Index>(), how in 0..3) {
        let mut members = sample.members();
        let which = which.index(members.len());
        let name = members[which].0.clone();
        let expected = match how {
            0 => {
                members.remove(which);
                name
            }
            1 => {
                members[which].0 = "renamed".to_owned();
                name
            }
            _ => {
                members.insert(which, ("added".to_owned(), vec![]));
                "added".to_owned()
            }
        };
        for report in [check(&pack(&members), &sample), check_alone(&pack(&members))] {
            prop_assert!(named(&report).contains(expected.as_str()), "{:?}", findings(&report));
        }
    }
}

fn after(change: impl FnOnce(&mut Members)) -> Vec<String> {
    let sample = Sample::new();
    let mut members = sample.members();
    change(&mut members);
    findings(&check(&pack(&members), &sample))
}

fn replace(members: &mut Members, name: &str, from: &str, to: &str) {
    let text = String::from_utf8(member(members, name).clone()).unwrap();
    let changed = text.replacen(from, to, 1);
    assert_ne!(text, changed, "`{from}` stands in {name}");
    *member(members, name) = changed.into_bytes();
}

#[test]
fn what_was_done_to_an_entry_is_said() {
    let body = after(|members| replace(members, ENTRIES, "laptop kwijt", "laptop terug"));
    assert_eq!(body, ["entries.jsonl 0: entry_body"]);
    let salt = after(|members| replace(members, ENTRIES, "\"salt\":\"0101", "\"salt\":\"0201"));
    assert_eq!(salt, ["entries.jsonl 1: entry_body"]);
    let moment = after(|members| replace(members, ENTRIES, "T08:32:", "T08:22:"));
    assert_eq!(moment, ["entries.jsonl 2: entry_leaf"]);
    let spacing = after(|members| replace(members, ENTRIES, "{\"index\":4", "{ \"index\":4"));
    assert_eq!(spacing, ["entries.jsonl 4: entry_line"]);
    let unread = after(|members| replace(members, ENTRIES, "{\"index\":4", "{\"index\":4,\"index\":4"));
    assert_eq!(unread, ["entries.jsonl 4: entry_unreadable"]);
    let surplus = after(|members| member(members, ENTRIES).extend(b"{}\n"));
    assert_eq!(surplus, ["entries.jsonl 5: entry_surplus"]);
    let two = after(|members| {
        replace(members, ENTRIES, "laptop kwijt", "laptop terug");
        replace(members, ENTRIES, "T08:32:", "T08:22:");
        member(members, "register.csv").push(b'\n');
    });
    assert_eq!(two, ["register.csv: changed", "entries.jsonl 0: entry_body", "entries.jsonl 2: entry_leaf"]);
}

#[test]
fn a_body_taken_out_is_not_an_erasure() {
    let erased = after(|members| {
        let mut lines = entry_lines(members);
        let at = lines[2].find(",\"salt\"").unwrap();
        lines[2].replace_range(at.., ",\"erased\":true}\n");
        *member(members, ENTRIES) = lines.concat().into_bytes();
    });
    assert_eq!(erased, ["entries.jsonl 2: entry_line"]);
}

/// By whoever has the key: only that no entry says so gives it away.
#[test]
fn a_body_that_went_without_a_word_is_no_erasure() {
    let told = |index: u64, kind: &'static str, event: serde_json::Value| {
        crate::dossier::told(index, kind, &serde_json::json!({"v": 1, "event": event}))
    };
    let whole = |indices: &[u64]| serde_json::json!({"type": "erased", "indices": indices});
    let single = |index: u64| serde_json::json!({"type": "entries_erased", "entries": [{"index": index}]});
    let unnamed = serde_json::json!({"type": "erased", "entries": 3});
    // Entry 1 of five has no body; what entries 0 and 4 say.
    let check = |name: &str,
                 before: Option<serde_json::Value>,
                 behind: (&'static str, serde_json::Value),
                 expected: &[&str]| {
        let mut sample = Sample::of((0..5).map(|index| Some(vec![b'a' + index])).collect());
        sample.records[1].kept = None;
        sample.records[4] = told(4, behind.0, behind.1);
        if let Some(before) = before {
            sample.records[0] = told(0, "incident.erased", before);
        }
        let report = check(&sample.zip(), &sample);
        assert_eq!(findings(&report), expected, "{name}");
        assert_eq!(report.is_sound(), expected.is_empty(), "{name}");
    };
    let found = ["entries.jsonl 1: entry_erased"];
    let erased = "incident.erased";
    check("named", None, (erased, whole(&[0, 1, 4])), &[]);
    check("named by itself", None, ("incident.entries_erased", single(1)), &[]);
    // As it was written before the numbers were: which entries are meant only the program knows.
    check("an incident, as once", None, (erased, unnamed.clone()), &[]);
    check("another is named", None, (erased, whole(&[0, 2])), &found);
    check("said by what is no erasure", None, ("incident.noted", whole(&[1])), &found);
    check("said of another kind", None, ("incident.entries_erased", whole(&[1])), &found);
    check("said before it was there", Some(whole(&[1])), ("incident.noted", single(1)), &found);
    check("an incident, before it was there", Some(unnamed), ("incident.noted", single(1)), &found);

    // Where the entry that may have said so is itself not as it was signed, that is the finding.
    let sample = Sample::new();
    let mut members = sample.members();
    replace(&mut members, ENTRIES, "\\\"indices\\\":[3]", "\\\"indices\\\":[2]");
    assert_eq!(findings(&check_alone(&pack(&members))), ["entries.jsonl 4: entry_body"]);
}

#[test]
fn dropped_added_reordered_are_told_apart() {
    let with = |change: fn(&mut Vec<String>)| {
        after(|members| {
            let mut lines = entry_lines(members);
            change(&mut lines);
            *member(members, ENTRIES) = lines.concat().into_bytes();
        })
    };
    let alone = |change: fn(&mut Vec<String>)| {
        let mut members = Sample::new().members();
        let mut lines = entry_lines(&mut members);
        change(&mut lines);
        *member(&mut members, ENTRIES) = lines.concat().into_bytes();
        members.retain(|(name, _)| name != "manifest");
        findings(&check_alone(&pack(&members)))
            .into_iter()
            .filter(|found| found.starts_with("entries"))
            .collect::<Vec<_>>()
    };
    let dropped: fn(&mut Vec<String>) = |lines| drop(lines.drain(1..3));
    let added: fn(&mut Vec<String>) = |lines| lines.insert(3, lines[1].clone());
    let reordered: fn(&mut Vec<String>) = |lines| lines.swap(1, 3);
    assert_eq!(with(dropped), ["entries.jsonl 1: entry_dropped"]);
    assert_eq!(with(added), ["entries.jsonl 3: entry_added"]);
    assert_eq!(with(reordered), ["entries.jsonl 1: entry_order"]);
    // Without the signed list, the lines' own numbers tell.
    assert_eq!(alone(dropped)[0], "entries.jsonl 1: entry_dropped");
    assert_eq!(alone(added)[0], "entries.jsonl 3: entry_added");
    assert_eq!(alone(reordered)[0], "entries.jsonl 1: entry_order");
}

#[test]
fn the_last_entry_dropped_is_missed() {
    let dropped = after(|members| {
        let mut lines = entry_lines(members);
        lines.pop();
        *member(members, ENTRIES) = lines.concat().into_bytes();
    });
    assert_eq!(dropped, ["entries.jsonl 4: entry_missing"]);
    let all = after(|members| member(members, ENTRIES).clear());
    assert_eq!(all, ["entries.jsonl 0: entry_missing"]);
}

#[test]
fn an_older_checkpoint_does_not_pass() {
    let older = after(|members| *member(members, "checkpoint") = Sample::new().checkpoint(3).into_bytes());
    assert_eq!(older, ["checkpoint: changed", "checkpoint: size"]);
}

/// The one who changes an entry also computes every hash anew, but cannot sign.
#[test]
fn a_change_that_is_carried_through_everywhere_lacks_the_signature() {
    let sample = Sample::new();
    let mut forged = sample.clone();
    forged.records[1] = record(1, Some(b"{\"note\":\"nothing to see\"}".to_vec()));
    let forgery = forged.members();

    // All of it, the signatures left as they were.
    let mut members = forgery.clone();
    for name in ["manifest", "checkpoint"] {
        let take = |members: &mut Members| String::from_utf8(member(members, name).clone()).unwrap();
        let (text, _) = take(&mut members).rsplit_once("\n\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let true_note = take(&mut sample.members());
        let (_, signatures) = true_note.rsplit_once("\n\n").unwrap();
        *member(&mut members, name) = format!("{text}\n\n{signatures}").into_bytes();
    }
    let report = check(&pack(&members), &sample);
    assert_eq!(findings(&report), ["manifest: signature", "checkpoint: signature"]);

    // The entries and the list of them, with the true checkpoint.
    *member(&mut members, "checkpoint") = member(&mut sample.members(), "checkpoint").clone();
    let report = check(&pack(&members), &sample);
    assert_eq!(findings(&report), ["manifest: signature", "entries.jsonl: root"]);

    // The entries alone: now the signed list tells which.
    let mut members = sample.members();
    *member(&mut members, ENTRIES) = member(&mut forgery.clone(), ENTRIES).clone();
    let report = check(&pack(&members), &sample);
    assert_eq!(findings(&report), ["entries.jsonl 1: entry_leaf"]);
    assert_eq!(report.first_entry(), Some(1));
}

/// A writer that signs what does not hold is found out by the verifier's own reckoning.
#[test]
fn what_the_key_signs_must_still_hold() {
    let sample = Sample::new();
    let mut members = sample.members();
    let elsewhere = Sample::of(vec![Some(b"other".to_vec()); 5]);
    *member(&mut members, "checkpoint") = elsewhere.checkpoint(5).into_bytes();
    crate::foreign::resign(&mut members, &sample.key);
    assert_eq!(findings(&check(&pack(&members), &sample)), ["checkpoint: root"]);
    *member(&mut members, "checkpoint") = sample.checkpoint(4).into_bytes();
    crate::foreign::resign(&mut members, &sample.key);
    assert_eq!(findings(&check(&pack(&members), &sample)), ["checkpoint: size"]);
}

#[test]
fn an_erased_body_leaves_its_proof() {
    let mut sample = Sample::new();
    let before_erasure = sample.tree(4).root();
    sample.erase(&[0, 2, 3], 4);
    assert_eq!(before_erasure, sample.tree(4).root(), "the tree does not change");
    let report = check(&sample.zip(), &sample);
    assert_eq!((report.is_sound(), report.erased), (true, 3));
    let text = String::from_utf8_lossy(&sample.zip()).into_owned();
    assert!(!text.contains("laptop"));

    // Nor can another body be put in its place.
    sample.records[0].kept = Some(Kept { salt: [0; 32], body: b"invented".to_vec() });
    let checkpoint = sample.checkpoint(5);
    let made = export(&Export {
        organisation: ORGANISATION,
        name: "",
        records: &sample.records,
        checkpoint: &checkpoint,
        extra: &[],
        key: &sample.key,
    });
    assert!(made.is_err());
}
