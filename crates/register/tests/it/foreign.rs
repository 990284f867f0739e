//! Archives that come from elsewhere: later checkpoints, other keys, things that are no export, and noise.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use register::{Checkpoint, SigningKey};
use verify::{KeySource, Options, Unreadable, verify};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::sample::{
    Members, ORGANISATION, Sample, check, check_alone, findings, member, moment, pack, pack_with, unpack,
};

fn with_checkpoint(sample: &Sample, checkpoint: &str) -> Vec<String> {
    let options = Options { key: Some(&sample.key_text()), checkpoints: &[checkpoint], ..Options::default() };
    findings(&verify(&sample.zip(), options).unwrap())
}

#[test]
fn an_export_may_not_fall_behind_a_later_checkpoint() {
    let sample = Sample::new();
    assert_eq!(with_checkpoint(&sample, &sample.checkpoint(5)), [""; 0]);
    assert_eq!(with_checkpoint(&sample, &sample.checkpoint(2)), [""; 0]);
    assert_eq!(with_checkpoint(&sample, &sample.checkpoint(0)), [""; 0]);

    let mut later = sample.clone();
    later.records.push(crate::sample::record(5, Some(b"later".to_vec())));
    assert_eq!(with_checkpoint(&sample, &later.checkpoint(6)), ["-: behind"]);

    let mut otherwise = sample.clone();
    otherwise.records[1] = crate::sample::record(1, Some(b"another history".to_vec()));
    assert_eq!(with_checkpoint(&sample, &otherwise.checkpoint(5)), ["-: diverged"]);
    assert_eq!(with_checkpoint(&sample, &otherwise.checkpoint(2)), ["-: diverged"]);
    assert_eq!(with_checkpoint(&sample, &otherwise.checkpoint(1)), [""; 0]);

    let note = sample.checkpoint(5);
    assert_eq!(with_checkpoint(&sample, &note.replace("\n5\n", "\n6\n")), ["-: signature"]);
    let foreign = SigningKey::of_register(ORGANISATION, &[8; 32]);
    let foreign = Checkpoint::of(ORGANISATION, &sample.tree(5)).sign(&foreign, moment(0));
    assert_eq!(with_checkpoint(&sample, &foreign), ["-: other_key"]);
    let elsewhere = Checkpoint::of(uuid::Uuid::nil(), &sample.tree(5)).sign(&sample.key, moment(0));
    assert_eq!(with_checkpoint(&sample, &elsewhere), ["-: other_register"]);
}

/// What whoever checks gave by mistake is no reason to call a register false.
#[test]
fn what_was_given_and_does_not_belong_here_is_told_as_that() {
    let sample = Sample::new();
    let other = uuid::Uuid::from_u128(9);
    let key = SigningKey::of_register(other, &[9; 32]);
    let of_other = Checkpoint::of(other, &sample.tree(5)).sign(&key, moment(0));
    let whole = sample.checkpoint(5);
    let mut half: Vec<&str> = whole.lines().collect();
    half.remove(4);
    let half = format!("{}\n", half.join("\n"));
    let own = sample.key.verifier().witness_text();
    let key = sample.key_text();
    let with = |checkpoints: &[&str], provider_key: Option<&str>, witness_keys: &[&str]| {
        verify(&sample.zip(), Options { key: Some(&key), checkpoints, provider_key, witness_keys }).unwrap()
    };
    for (report, found) in [
        (with(&[&of_other], None, &[]), "-: other_register"),
        (with(&[&half], None, &[]), "-: signature_missing"),
        (with(&[], Some(&own), &[]), "checkpoint: not_countersigned"),
        (with(&[], Some(&key), &[]), "checkpoint: not_countersigned"),
        (with(&[], None, &[&own]), "checkpoint: not_countersigned"),
    ] {
        assert_eq!(findings(&report), [found]);
        assert!(report.is_misgiven() && !report.is_sound(), "{found}");
        assert!(report.summary().nl.starts_with("Zo zegt de controle niets"), "{}", report.summary().nl);
    }
    // Beside something that is wrong with the export, it is no more than that.
    let mut members = sample.members();
    member(&mut members, "register.csv").push(b'\n');
    let options = Options { key: Some(&key), checkpoints: &[&of_other], ..Options::default() };
    let report = verify(&pack(&members), options).unwrap();
    assert_eq!(findings(&report), ["register.csv: changed", "-: other_register"]);
    assert!(!report.is_misgiven() && report.summary().nl.starts_with("Het register klopt niet"));
    // The export's own checkpoint is not what whoever checks gave.
    let mut members = sample.members();
    *member(&mut members, "checkpoint") = half.into_bytes();
    resign(&mut members, &sample.key);
    let report = check(&pack(&members), &sample);
    assert_eq!((findings(&report), report.is_misgiven()), (vec!["checkpoint: signature_missing".to_owned()], false));
}

/// Whoever has the key can change what was made to be read and sign it again: that is found by nobody, so it is said.
#[test]
fn what_the_tree_does_not_prove_is_said() {
    let sample = Sample::new();
    let mut members = sample.members();
    *member(&mut members, "register.csv") = b"nothing happened\n".to_vec();
    resign(&mut members, &sample.key);
    let (key, note) = (sample.key_text(), sample.checkpoint(5));
    let options = Options { key: Some(&key), checkpoints: &[&note], ..Options::default() };
    let report = verify(&pack(&members), options).unwrap();
    assert!(report.is_sound());
    assert_eq!(report.proved, ["entries.jsonl"]);
    assert_eq!(report.only_signed, ["README.txt", "register.csv", "documents/letter.pdf"]);
    let said = report.proves().unwrap();
    for words in [
        "Wat telt, staat in entries.jsonl",
        "Alleen ondertekend",
        "README.txt, register.csv",
        "toont deze controle niet",
    ] {
        assert!(said.nl.contains(words), "{}", said.nl);
    }
    assert!(said.en.contains("Only signed by whoever hosts the register: README.txt, register.csv"), "{}", said.en);
}

#[test]
fn options_that_are_none_are_refused() {
    let sample = Sample::new();
    let key = Options { key: Some("not a key"), ..Options::default() };
    assert!(matches!(verify(&sample.zip(), key), Err(Unreadable::Key(_))));
    let changed = sample.key_text().replacen("dijkwacht", "dykwacht", 1);
    let key = Options { key: Some(&changed), ..Options::default() };
    insta::assert_snapshot!(verify(&sample.zip(), key).unwrap_err(), @"key given cannot be used: the id does not belong to this name and key: the text was copied wrongly or changed");
    for text in ["", "not a note", "a\n\n— b AAAAAA==\n"] {
        let checkpoint = Options { checkpoints: &[text], ..Options::default() };
        assert!(matches!(verify(&sample.zip(), checkpoint), Err(Unreadable::Checkpoint(1, _))), "{text:?}");
    }
}

#[test]
fn a_register_signed_anew_with_another_key_agrees_with_itself_only() {
    let sample = Sample::new();
    let mut forged = sample.clone();
    forged.key = SigningKey::of_register(ORGANISATION, &[66; 32]);
    forged.records[0] = crate::sample::record(0, Some(b"{\"title\":\"nothing happened\"}".to_vec()));
    let alone = check_alone(&forged.zip());
    assert!(alone.is_sound());
    assert_eq!(alone.key.map(|key| key.source), Some(KeySource::Export));
    let report = check(&forged.zip(), &sample);
    assert_eq!(findings(&report), ["manifest: other_key", "checkpoint: other_key"]);
    assert_eq!(report.key.map(|key| key.source), Some(KeySource::Given));
}

#[test]
fn a_key_of_another_register_does_not_pass() {
    let sample = Sample::new();
    let mut other = sample.members();
    // The same secret under another register's name: everything signed with it, and listed as it must be.
    let key = SigningKey::of_register(uuid::Uuid::nil(), &crate::sample::SEED);
    let text = format!("{}\n", key.verifier());
    *member(&mut other, "key.txt") = text.clone().into_bytes();
    resign(&mut other, &key);
    let checkpoint = Checkpoint::of(ORGANISATION, &sample.tree(5)).sign(&key, moment(1000));
    *member(&mut other, "checkpoint") = checkpoint.into_bytes();
    resign(&mut other, &key);
    let options = Options { key: Some(text.trim()), ..Options::default() };
    assert_eq!(findings(&verify(&pack(&other), options).unwrap()), ["key.txt: other_register"]);
}

/// Brings the manifest's members up to date and signs it again.
pub(crate) fn resign(members: &mut Members, key: &SigningKey) {
    let manifest = String::from_utf8(member(members, "manifest").clone()).unwrap();
    let (text, _) = manifest.rsplit_once("\n\n").unwrap();
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_member = line.strip_prefix("member ").and_then(|rest| rest.splitn(3, ' ').nth(2));
        lines.push(match is_member {
            Some(name) => {
                let bytes = member(members, name);
                let hash = <sha2::Sha256 as sha2::Digest>::digest(&bytes[..]);
                let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("member {hash} {} {name}", bytes.len())
            }
            None => line.to_owned(),
        });
    }
    *member(members, "manifest") = key.sign(&format!("{}\n", lines.join("\n"))).unwrap().into_bytes();
}

#[test]
fn what_is_no_export_is_refused() {
    let none = Options::default();
    for bytes in [&b""[..], b"PK", b"not a zip", &[0; 1000]] {
        assert!(matches!(verify(bytes, none), Err(Unreadable::NotAnArchive(_))), "{bytes:?}");
    }
    let other = pack(&vec![("readme.md".to_owned(), b"hello".to_vec())]);
    assert!(matches!(verify(&other, none), Err(Unreadable::NotAnExport)));
    assert!(matches!(verify(&pack(&vec![]), none), Err(Unreadable::NotAnExport)));
    let zip = Sample::new().zip();
    for length in (0..zip.len()).step_by(37) {
        assert!(matches!(verify(&zip[..length], none), Err(Unreadable::NotAnArchive(_))), "cut at {length}");
    }
}

#[test]
fn bombs_are_not_unpacked() {
    let mut members = Sample::new().members();
    members.extend((0..4100).map(|number| (format!("m{number}"), vec![])));
    assert!(matches!(verify(&pack(&members), Options::default()), Err(Unreadable::TooManyMembers(4107))));

    // Nine members of 128 MiB of zeroes: more than the gibibyte that is ever inflated.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_level(Some(1));
    let zeroes = vec![0; 1 << 20];
    zip.start_file("manifest", options).unwrap();
    for _ in 0..128 {
        zip.write_all(&zeroes).unwrap();
    }
    for copy in 1..9 {
        zip.deep_copy_file("manifest", &format!("m{copy}")).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    assert!(bomb.len() < 12 << 20, "{}", bomb.len());
    assert!(matches!(verify(&bomb, Options::default()), Err(Unreadable::TooLarge(_))));
}

#[test]
fn names_on_a_terminal_are_text() {
    let sample = Sample::new();
    let mut members = sample.members();
    members.push(("\u{1b}[2Jgone\n".to_owned(), vec![]));
    let report = check(&pack(&members), &sample);
    assert_eq!(report.findings[0].text().en, "\\u{1b}[2Jgone\\n: is not part of the export; nobody signed this");
}

#[test]
fn folders_that_packers_add_are_no_finding() {
    let sample = Sample::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.add_directory("documents", options).unwrap();
    for (name, bytes) in sample.members() {
        zip.start_file(name, options).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.add_directory("elsewhere", options).unwrap();
    let report = check(&zip.finish().unwrap().into_inner(), &sample);
    assert_eq!(findings(&report), ["elsewhere/: unlisted"]);
}

/// A second member of this name, put in at this place. It is renamed in the archive's bytes, since no writer would make it;
/// checksums do not cover names.
pub(crate) fn doubled(name: &str, place: usize) -> Vec<u8> {
    let mut members = Sample::new().members();
    let other = format!("{}\u{7f}", &name[..name.len() - 1]);
    members.insert(place, (other.clone(), b"{}".to_vec()));
    let mut zip = pack(&members);
    let places: Vec<usize> =
        (0..zip.len() - other.len()).filter(|at| zip[*at..].starts_with(other.as_bytes())).collect();
    assert_eq!(places.len(), 2);
    for at in places {
        zip[at..at + name.len()].copy_from_slice(name.as_bytes());
    }
    zip
}

/// Which of the two is meant nobody can say: that is all that is said of it, and neither is taken for the one that was signed.
#[test]
fn two_members_of_one_name_are_named() {
    let sample = Sample::new();
    for name in ["entries.jsonl", "register.csv", "checkpoint", "documents/letter.pdf"] {
        for place in [0, sample.members().len()] {
            assert_eq!(findings(&check(&doubled(name, place), &sample)), [format!("{name}: repeated")], "at {place}");
        }
    }
    assert_eq!(findings(&check(&doubled("manifest", 0), &sample)), ["manifest: repeated"]);
}

#[test]
fn bytes_around_the_members_are_found() {
    let sample = Sample::new();
    let before = [&b"#!/bin/sh\n"[..], &sample.zip()].concat();
    assert_eq!(findings(&check(&before, &sample)), ["-: surplus_bytes"]);
    let after = [&sample.zip()[..], b"x"].concat();
    assert_eq!(findings(&check(&after, &sample)), ["-: surplus_bytes"]);
    let mut zip = ZipWriter::new_append(Cursor::new(sample.zip())).unwrap();
    zip.set_comment("see also").unwrap();
    assert_eq!(findings(&check(&zip.finish().unwrap().into_inner(), &sample)), ["-: surplus_bytes"]);
}

proptest! {
    #[test]
    fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = verify(&bytes, Options::default());
        let text = String::from_utf8_lossy(&bytes);
        let _ = verify(&Sample::of(vec![]).zip(), Options { key: Some(&text), checkpoints: &[&text], provider_key: Some(&text), witness_keys: &[&text] });
    }

    #[test]
    fn members_of_any_bytes_get_an_answer(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        which in 0_usize..5,
        with_key in any::<bool>(),
    ) {
        let sample = Sample::new();
        let mut members = sample.members();
        let name = members[which].0.clone();
        *member(&mut members, &name) = bytes;
        let zip = pack_with(&members, zip::CompressionMethod::Deflated);
        let report = if with_key { check(&zip, &sample) } else { check_alone(&zip) };
        prop_assert!(report.findings.iter().any(|finding| finding.member() == Some(&name)));
        let _ = report.findings.iter().map(verify::Finding::text).count();
    }

    /// A bit flipped in the archive itself: refused, or a finding, or a bit (of a date, say) that no member holds.
    #[test]
    fn a_bit_flipped_anywhere_in_the_archive_is_found_or_harmless(bit in any::<prop::sample::Index>()) {
        let sample = Sample::new();
        let mut zip = sample.zip();
        let bit = bit.index(zip.len() * 8);
        zip[bit / 8] ^= 1 << (bit % 8);
        let options = Options { key: Some(&sample.key_text()), ..Options::default() };
        if verify(&zip, options).is_ok_and(|report| report.is_sound()) {
            prop_assert_eq!(unpack(&zip), sample.members());
        }
    }
}
