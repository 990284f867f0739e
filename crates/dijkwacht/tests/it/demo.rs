//! `dijkwacht demo --once`: the road from packets to a verified register, and what happens when one byte changes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::program::run;

type Members = BTreeMap<String, Vec<u8>>;

fn unpack(path: &Path) -> Members {
    let mut archive = ZipArchive::new(Cursor::new(fs::read(path).expect("reads"))).expect("a zip archive");
    (0..archive.len())
        .map(|index| {
            let mut member = archive.by_index(index).expect("a member");
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).expect("unpacks");
            (member.name().expect("a name").into_owned(), bytes)
        })
        .collect()
}

fn pack(path: &Path, members: &Members) {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in members {
        writer.start_file(name, options).expect("starts");
        writer.write_all(bytes).expect("writes");
    }
    fs::write(path, writer.finish().expect("finishes").into_inner()).expect("writes");
}

#[test]
fn one_walk_leaves_every_paper_and_a_register_in_which_any_changed_byte_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    let ran = run(&["demo", "--once", "--out", out.to_str().expect("a path")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for file in ["detections.jsonl", "facts.json", "verdict.json", "ap-melding.pdf", "ap-melding.json", "letter.pdf"] {
        assert!(fs::metadata(out.join(file)).is_ok_and(|file| file.len() > 100), "{file} is there");
    }
    let facts = out.join("facts.json");
    let again = run(&["assess", facts.to_str().expect("a path")]);
    let kept = fs::read_to_string(out.join("verdict.json")).expect("reads");
    // The score is kept only where an organisation turned it on; `assess` always tells it.
    let without_score = |json: &str| {
        let mut verdict: serde_json::Value = serde_json::from_str(json).expect("JSON");
        verdict["enisa"].take();
        verdict
    };
    assert_eq!(without_score(&again.stdout), without_score(&kept), "the verdict can be repeated from its facts");

    let key = fs::read_to_string(out.join("register-key.txt")).expect("reads");
    let members = unpack(&out.join("register.zip"));
    let changed = folder.path().join("changed.zip");
    // A byte in every member, at places spread by a fixed stride: every one must be named.
    let mut place = 7_usize;
    for name in members.keys() {
        for _ in 0..4 {
            place = place.wrapping_mul(31).wrapping_add(17);
            let mut copy = members.clone();
            let bytes = copy.get_mut(name).expect("the member");
            let at = place % bytes.len();
            bytes[at] ^= 1;
            pack(&changed, &copy);
            let ran = run(&["verify", changed.to_str().expect("a path"), "--key", key.trim(), "--format", "json"]);
            assert_eq!(ran.code, 1, "byte {at} of {name}: {}{}", ran.stdout, ran.stderr);
            let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
            let findings = report["findings"].as_array().expect("a list");
            assert!(findings.iter().any(|finding| finding["member"] == name.as_str()), "byte {at} of {name}: {report}");
            if name == "entries.jsonl" {
                let entry = bytes_before(&members[name], at);
                assert_eq!(report["first_entry"], entry, "byte {at} of {name}: {report}");
            }
        }
    }
}

/// In which line a byte stands.
fn bytes_before(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().filter(|byte| **byte == b'\n').count()
}
