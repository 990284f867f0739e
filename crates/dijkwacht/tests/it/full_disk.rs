//! A disk that is full under a backup, a restore or an export: told as one, and nothing half written left.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use store_conformance::Bench;

use crate::program::run;
use crate::safekeeping::{Keys, Scene, put, refused};

#[test]
fn a_full_disk_leaves_no_half_backup_and_a_restore_that_goes_on() {
    let scene = Scene::new();
    scene.within(async |store| {
        let scope = Bench::new(store.clone()).app.permit_program("zorg-noord").await.expect("it is there");
        put(&store, &scope, 7_000_000).await;
    });
    let limited = |arguments: &[&str]| {
        let told = on_a_full_disk(6000, arguments);
        assert!(told.contains("large") && !told.contains("panicked"), "{told}");
    };
    limited(&["backup", &scene.at("x"), "--recipient", &scene.recipient(), "--data", &scene.at("data")]);
    assert!(!scene.path("x").exists() && left_overs(scene.folder.path()) == 0);

    let (file, back) = (scene.backup("monday"), scene.at("back"));
    let identity = scene.at("key");
    // What fills up here is neither the disk of the data nor that of the backup.
    let checked = on_a_full_disk(6000, &["backup", &file, "--check", "--identity", &identity]);
    tells_of_the_temporary_folder(&checked);
    let restore = ["restore", &file, "--identity", &identity, "--data", &back];
    limited(&restore);
    refused(&run(&["organisation", "list", "--data", &back]), 2, &["is not whole", "again"]);
    scene.done(&restore);
    assert_eq!(scene.lines(&back, None), scene.lines(&scene.at("data"), None));
}

fn tells_of_the_temporary_folder(told: &str) {
    let folder = std::env::temp_dir();
    let folder = folder.display();
    for words in ["folder for temporary files", &format!("df -h {folder}"), "set TMPDIR"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains("the store cannot") && !told.contains("panicked"), "{told}");
}

/// Runs what a full disk keeps from its end, and gives what it said: no file may grow beyond so many kilobytes.
fn on_a_full_disk(kilobytes: u32, arguments: &[&str]) -> String {
    let script = format!("ulimit -f {kilobytes}; trap '' XFSZ; exec \"$0\" \"$@\"");
    let program = env!("CARGO_BIN_EXE_dijkwacht");
    let ran = Command::new("bash").args(["-c", &script, program]).args(arguments).output().expect("runs");
    assert!(!ran.status.success(), "{arguments:?}");
    String::from_utf8(ran.stderr).expect("text")
}

/// A register is exported whole or not at all, and what was there before stays.
#[test]
fn a_full_disk_under_an_export_is_told_as_one_and_leaves_nothing_half_written() {
    let scene = Scene::new();
    let key = scene.key();
    scene.within(async |store| {
        let mut bench = Bench::new(store).with_law();
        bench.app.signer = Arc::new(Keys(key));
        let scope = bench.app.permit_program("zorg-noord").await.expect("it is there");
        for number in 0..40_u64 {
            // What nothing compresses.
            let text: String = (0..40_u64)
                .flat_map(|part| Sha256::digest((number * 100 + part).to_be_bytes()))
                .map(|byte| format!("{byte:02x}"))
                .collect();
            bench.app.note(&scope, 1, text, store_conformance::bench::NOW).await.expect("notes");
        }
    });
    let (data, out) = (scene.at("data"), scene.at("register.zip"));
    let export = ["export", "--organisation", "zorg-noord", "--out", &out, "--data", &data];
    // The shared memory of the database's log has 32 kilobytes.
    let full = || {
        let told = on_a_full_disk(40, &[&export[..], &["--force"]].concat());
        assert!(told.contains("the disk is full: make room") && !told.contains("panicked"), "{told}");
        assert!(told.contains(&format!("cannot write {out}")) && !told.contains("the store cannot"), "{told}");
        assert_eq!(told.lines().count(), 1, "said once, by us: {told}");
        assert_eq!(left_overs(scene.folder.path()), 0, "{told}");
    };
    full();
    assert!(!scene.path("register.zip").exists());
    // What goes through a pipe lies in a temporary file first.
    let piped = ["export", "--organisation", "zorg-noord", "--out", "-", "--data", &data];
    tells_of_the_temporary_folder(&on_a_full_disk(40, &piped));
    scene.done(&export);
    scene.done(&["verify", &out]);
    let whole = fs::read(&out).expect("reads");
    assert!(whole.len() > 41_000, "{} bytes fit", whole.len());
    full();
    assert!(fs::read(&out).expect("reads") == whole, "what was there before stays");
}

/// What was stopped in good order has no file of shared memory beside its database any more, and no room for a new one: it can
/// be read all the same, alone.
#[test]
fn what_stands_on_a_full_disk_is_read_after_a_clean_stop() {
    let scene = Scene::new();
    let data = scene.at("data");
    let reading = |arguments: &[&str]| {
        let script = "ulimit -f 16; trap '' XFSZ; exec \"$0\" \"$@\"";
        let program = env!("CARGO_BIN_EXE_dijkwacht");
        Command::new("bash").args(["-c", script, program]).args(arguments).output().expect("runs")
    };
    let shown = ["checkpoint", "show", "--organisation", "zorg-noord", "--data", &data];
    let listed = ["organisation", "list", "--data", &data];
    for arguments in [&shown[..], &listed] {
        let plain = run(arguments);
        assert!(!scene.path("data/dijkwacht.db-shm").exists(), "it was stopped in good order");
        let full = reading(arguments);
        let said = String::from_utf8_lossy(&full.stderr).into_owned();
        assert!(full.status.success(), "{arguments:?}: {said}");
        assert_eq!(String::from_utf8_lossy(&full.stdout), plain.stdout, "{arguments:?}");
    }
    // Nothing is written there, and that is told as what it is.
    let told = reading(&["organisation", "add", "--name", "Later", "--data", &data]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("the disk is full: make room"), "{told}");
    // Nor is anything read as it was at some moment while somebody else works with it.
    scene.within(async |_store| {
        let told = reading(&shown);
        assert!(
            told.status.success() || String::from_utf8_lossy(&told.stderr).contains("the disk is full"),
            "{told:?}"
        );
    });
    assert_eq!(run(&shown).code, 0);
}

/// Files beside a backup that never became one.
fn left_overs(folder: &Path) -> usize {
    let names = fs::read_dir(folder).expect("reads").map(|entry| entry.expect("reads").file_name());
    names.filter(|name| name.to_string_lossy().starts_with(".dijkwacht-")).count()
}
