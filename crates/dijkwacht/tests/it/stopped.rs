//! A backup, a check or a drill that is stopped half-way, or killed: nothing of the data is left readable for good.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::safekeeping::{Scene, put};

/// Data that take a while to be tried out.
fn scene() -> Scene {
    let scene = Scene::new();
    scene.within(async |store| {
        let scope =
            store_conformance::Bench::new(store.clone()).app.permit_program("zorg-noord").await.expect("it is there");
        put(&store, &scope, 12_000_000).await;
    });
    fs::create_dir(scene.path("tmp")).expect("a folder");
    fs::create_dir(scene.path("backups")).expect("a folder");
    scene
}

/// A program at work, with a folder for temporary files of its own.
fn start(scene: &Scene, arguments: &[&str]) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_dijkwacht"));
    program.args(arguments).env("TMPDIR", scene.path("tmp")).stdin(Stdio::null()).stdout(Stdio::null());
    program.stderr(Stdio::piped()).spawn().expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().expect("runs");
    assert!(sent.success(), "{name}");
}

/// Starts it, and holds it still in the middle of its check; gives it and the folder in which it tries the backup out.
fn held_in_its_check(scene: &Scene, arguments: &[&str]) -> (Child, PathBuf) {
    let before = names(&scene.path("tmp"));
    let mut child = start(scene, arguments);
    let mut found = None;
    while found.is_none() {
        found = names(&scene.path("tmp")).into_iter().find(|name| !before.contains(name));
        found = found.filter(|name| scene.path("tmp").join(name).join("data/dijkwacht.db").exists());
        assert!(
            found.is_some() || child.try_wait().expect("looks").is_none(),
            "{arguments:?} was done before it was held"
        );
    }
    signal(&child, "STOP");
    (child, scene.path("tmp").join(found.expect("a name")))
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("reads").map(|entry| entry.expect("reads").file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

fn files_called(name: &str, folder: &Path) -> bool {
    fs::read_dir(folder)
        .expect("reads")
        .map(|entry| entry.expect("reads").path())
        .any(|path| path.file_name().is_some_and(|there| there == name) || (path.is_dir() && files_called(name, &path)))
}

#[test]
fn one_that_is_asked_to_stop_clears_everything_away() {
    let scene = scene();
    let (file, data, key, recipient) = (scene.backup("monday"), scene.at("data"), scene.at("key"), scene.recipient());
    let new = scene.at("backups/new");
    let making = ["backup", &new, "--recipient", &recipient, "--data", &data];
    let checking = ["backup", &file, "--check", "--identity", &key];
    let drill = ["restore-drill", &file, "--identity", &key, "--data", &data];
    for (arguments, name) in [(&making[..], "INT"), (&making[..], "TERM"), (&checking[..], "INT"), (&drill[..], "TERM")]
    {
        let (child, folder) = held_in_its_check(&scene, arguments);
        assert_eq!(fs::metadata(&folder).expect("it is there").permissions().mode() & 0o777, 0o700);
        assert!(!files_called("register.key", &folder), "the key is written nowhere");
        signal(&child, name);
        signal(&child, "CONT");
        let ended = child.wait_with_output().expect("ends");
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}, {name}: {said}");
        assert!(said.contains("stopped before it was done"), "{arguments:?}, {name}: {said}");
        assert_eq!(names(&scene.path("tmp")), Vec::<String>::new(), "{arguments:?}, {name}");
        assert_eq!(names(&scene.path("backups")), Vec::<String>::new(), "{arguments:?}, {name}");
    }
}

#[test]
fn what_one_left_that_was_killed_goes_with_the_next_and_one_that_lives_keeps_what_is_its_own() {
    let scene = scene();
    let (data, recipient) = (scene.at("data"), scene.recipient());
    let [killed, living, last] = ["killed", "living", "last"].map(|name| scene.at(&format!("backups/{name}")));
    let backup = |to| ["backup", to, "--recipient", &recipient, "--data", &data];
    let (mut child, left) = held_in_its_check(&scene, &backup(&killed));
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
    let unfinished = || names(&scene.path("backups")).iter().filter(|name| name.ends_with(".unfinished")).count();
    assert!(left.join("data/dijkwacht.db").exists() && unfinished() == 1, "as a killed program leaves it");

    let (child, at_work) = held_in_its_check(&scene, &backup(&living));
    assert!(!left.exists() && unfinished() == 1, "the next one clears it away");
    let ended = start(&scene, &backup(&last)).wait_with_output().expect("ends");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(at_work.join("data/dijkwacht.db").exists() && unfinished() == 1, "nothing is taken from one that lives");
    signal(&child, "CONT");
    // On a slow machine it stood still for longer than it waits for a database; it clears away what is its own either way.
    child.wait_with_output().expect("ends");
    assert_eq!(names(&scene.path("tmp")), Vec::<String>::new());
    assert_eq!(unfinished(), 0);
}

#[test]
fn what_a_server_left_that_was_killed_at_its_backup_goes_with_the_next_one() {
    let scene = scene();
    let config = scene.path("dijkwacht.toml");
    let (folder, recipient) = (scene.at("backups"), scene.recipient());
    let text = format!("version = 1\n[backup]\nfolder = {folder:?}\nrecipients = [{recipient:?}]\n");
    fs::write(&config, text).expect("writes");
    let (data, config) = (scene.at("data"), config.to_str().expect("a path").to_owned());
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", &data, "--config", &config];
    let (mut child, left) = held_in_its_check(&scene, &serve);
    child.kill().expect("it can be killed");
    child.wait().expect("it is gone");
    assert!(left.exists());
    // The next scheduled one is minutes away: the job is held by the one that is gone.
    let by_hand = scene.at("backups/by-hand");
    let ended = start(&scene, &["backup", &by_hand, "--recipient", &recipient, "--data", &data]).wait_with_output();
    assert!(ended.expect("ends").status.success());
    assert_eq!(names(&scene.path("tmp")), Vec::<String>::new());
    assert_eq!(names(&scene.path("backups")), ["by-hand"]);
}
