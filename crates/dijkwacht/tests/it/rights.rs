//! Folders that may be read alone, or not even entered, met by a user who is not root.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::Ran;
use crate::safekeeping::{Scene, refused};
use crate::serving::start_with;

/// What is not root's may run there; nothing where this machine has no such user.
fn as_nobody(scene: &Scene, arguments: &[&str]) -> Option<Ran> {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n");
    // The program may lie where only root enters.
    let copy = scene.path("dijkwacht");
    if !copy.exists() {
        fs::copy(env!("CARGO_BIN_EXE_dijkwacht"), &copy).expect("copies");
    }
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(&copy);
        command
    } else {
        Command::new(&copy)
    };
    let ran = command.args(arguments).output().ok()?;
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Some(Ran { code: ran.status.code()?, stdout: text(ran.stdout), stderr: text(ran.stderr) })
}

/// Sets the rights of a folder and all in it.
fn may_write(folder: &Path, is_allowed: bool) {
    let rights = if is_allowed { "u+w,a+rX" } else { "a-w,a+rX" };
    assert!(Command::new("chmod").args(["-R", rights]).arg(folder).status().expect("runs").success());
}

#[test]
fn a_folder_that_can_only_be_read_is_exported_and_backed_up() {
    let scene = Scene::new();
    let data = scene.path("data");
    fs::create_dir(scene.path("out")).expect("makes");
    let open = |path: PathBuf| assert!(Command::new("chmod").args(["777"]).arg(path).status().expect("runs").success());
    open(scene.path("out"));
    open(scene.folder.path().to_owned());
    may_write(&data, false);
    let (at, zip, file) = (scene.at("data"), scene.at("out/register.zip"), scene.at("out/monday"));
    let Some(exported) = as_nobody(&scene, &["export", "--organisation", "zorg-noord", "--out", &zip, "--data", &at])
    else {
        return;
    };
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    scene.done(&["verify", &zip]);
    let recipient = scene.recipient();
    let made = as_nobody(&scene, &["backup", &file, "--recipient", &recipient, "--data", &at]).expect("runs");
    assert_eq!(made.code, 0, "{}", made.stderr);
    assert!(made.stderr.contains("is good, and is not remembered here"), "{}", made.stderr);
    scene.done(&["backup", &file, "--check", "--identity", &scene.at("key")]);
    assert_eq!(as_nobody(&scene, &["organisation", "list", "--data", &at]).expect("runs").stdout.lines().count(), 3);
    for verb in [&["organisation", "add", "--name", "Later"][..], &["forget"]] {
        let ran = as_nobody(&scene, &[verb, &["--data", &at]].concat()).expect("runs");
        refused(&ran, 2, &["may not write there"]);
    }

    // What nobody closed has its last entries in the log beside it: they are read too, or it says what to do.
    may_write(&data, true);
    let mut server = start_with(&["--data", &at]).serves();
    scene.done(&["organisation", "add", "--name", "Later", "--data", &at]);
    server.kill();
    assert!(data.join("dijkwacht.db-wal").metadata().expect("is there").len() > 0);
    may_write(&data, false);
    let listed = as_nobody(&scene, &["organisation", "list", "--data", &at]).expect("runs");
    assert_eq!((listed.code, listed.stdout.lines().count()), (0, 4), "{}", listed.stderr);
    may_write(&data, true);
    fs::remove_file(data.join("dijkwacht.db-shm")).expect("removes");
    may_write(&data, false);
    let unread = as_nobody(&scene, &["organisation", "list", "--data", &at]).expect("runs");
    refused(&unread, 2, &["Copy the whole folder to where this program may write"]);
    may_write(&data, true);
}

/// Whoever may not look into a folder is not told that there is nothing in it.
#[test]
fn a_folder_without_rights_is_not_called_empty() {
    let scene = Scene::new();
    let (folder, data, out) = (scene.folder.path(), scene.at("data"), scene.at("register.zip"));
    assert!(Command::new("chmod").arg("777").arg(folder).status().expect("runs").success());
    for verb in [
        &["organisation", "list"][..],
        &["organisation", "add", "--name", "Later"],
        &["export", "--organisation", "zorg-noord", "--out", &out],
        &["backup", &out, "--recipient", &scene.recipient()],
        &["forget"],
        &["rebuild"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        assert!(Command::new("chmod").arg("000").arg(&data).status().expect("runs").success());
        let ran = as_nobody(&scene, &[verb, &["--data", &data]].concat());
        assert!(Command::new("chmod").arg("700").arg(&data).status().expect("runs").success());
        let Some(ran) = ran else { return };
        refused(&ran, 2, &["Permission denied", "rights"]);
        assert!(!ran.stderr.contains("holds no data"), "{}", ran.stderr);
    }
}
