//! What an export's README promises: that it can be checked with tools that are not ours, by the commands it gives.

use std::path::Path;
use std::process::Command;

use crate::sample::{Members, Sample, member};

const TOOLS: [&str; 7] = ["bash", "sha256sum", "awk", "jq", "xxd", "base64", "openssl"];

#[test]
fn the_commands_of_the_readme_check_an_export() {
    let missing: Vec<&str> = TOOLS.into_iter().filter(|tool| !is_there(tool)).collect();
    if !missing.is_empty() {
        println!("skipped: not installed: {}", missing.join(", "));
        return;
    }
    let mut members = Sample::new().members();
    let folder = tempfile::tempdir().unwrap();
    unpack_into(folder.path(), &members);
    let (is_done, output) = run(folder.path(), &commands(&mut members));
    assert!(is_done, "{output}");
    for line in ["entries.jsonl: OK", "documents/letter.pdf: OK", "Signature Verified Successfully"] {
        assert!(output.contains(line), "{line}\n{output}");
    }
    // What the manifest lists of entry 0 was reckoned from the line above it; so was the commitment.
    let listed = output.lines().find(|line| line.starts_with("entry 0 ")).unwrap();
    for hash in listed.split(' ').skip(2) {
        assert!(output.contains(&format!("{hash}  -")), "{hash}\n{output}");
    }
    let commitment = output.lines().find_map(|line| line.strip_prefix("body-commitment ")).unwrap();
    assert!(output.contains(&format!("{commitment}  -")), "{output}");

    std::fs::write(folder.path().join("register.csv"), "nothing").unwrap();
    assert!(!run(folder.path(), &commands(&mut members)).0, "a changed member fails the first command");
}

fn is_there(tool: &str) -> bool {
    Command::new(tool).arg("--version").output().is_ok() || Command::new(tool).arg("version").output().is_ok()
}

/// The indented lines after the last heading.
fn commands(members: &mut Members) -> String {
    let readme = String::from_utf8(member(members, "README.txt").clone()).unwrap();
    let (_, by_hand) = readme.split_once("WITHOUT DIJKWACHT").unwrap();
    let commands: Vec<&str> = by_hand.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert!(commands.len() > 8);
    commands.join("\n")
}

fn unpack_into(folder: &Path, members: &Members) {
    for (name, bytes) in members {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

fn run(folder: &Path, script: &str) -> (bool, String) {
    let script = format!("set -euo pipefail\n{script}\n");
    let output = Command::new("bash").args(["-c", &script]).current_dir(folder).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}
