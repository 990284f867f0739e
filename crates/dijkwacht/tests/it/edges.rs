//! What the program takes and says at its edges: standard output in place of a file, secrets that everybody can read, data that
//! are only looked at, a folder for temporary files that is not there.

use std::fs;
use std::path::Path;

use crate::program::run;
use crate::safekeeping::{Scene, refused};
use crate::servers::{HOME, set_up};
use crate::serving::{start_under, start_with};

/// Each of these once made a file that was called `-`.
#[test]
fn standard_output_is_written_to_in_place_of_a_file_or_refused() {
    let scene = Scene::new();
    let data = scene.at("data");
    let of = ["--organisation", "zorg-noord", "--data", &data];
    for (verb, told) in [
        (&["export", "--format", "csv"][..], "organisatie"),
        (&["export", "--format", "json"], "{"),
        (&["checkpoint", "show"], "dijkwacht/"),
    ] {
        let ran = scene.done(&[verb, &of, &["--out", "-"]].concat());
        assert!(ran.stdout.contains(told) || ran.stdout.contains("nummer"), "{verb:?}: {}", ran.stdout);
    }
    for (verb, told) in [
        (&["backup", "-", "--recipient", &scene.recipient(), "--data", &data][..], "is read back"),
        (&["backup-key", "-"], "a secret key goes to a file"),
        (&["checkpoint", "new-key", "--name", "zorg.example", "--out", "-"], "a secret key goes to a file"),
    ] {
        let ran = run(verb);
        refused(&ran, 2, &[told, "give a name"]);
        assert!(!ran.stdout.contains("SECRET"), "{verb:?}");
    }
    assert!(!Path::new("-").exists());
}

#[cfg(unix)]
#[test]
fn a_secret_that_every_user_can_read_is_warned_of_with_what_to_type() {
    use std::os::unix::fs::PermissionsExt;

    let scene = Scene::new();
    let (data, identity) = (scene.at("data"), scene.at("key"));
    let (file, key) = (scene.backup("monday"), scene.path("data/register.key"));
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("changes");
    for (mode, is_told) in [(0o644, true), (0o640, false), (0o600, false)] {
        allow(&key, mode);
        allow(&scene.path("key"), mode);
        let served = start_with(&["--data", &data]).serves().said();
        let checked = scene.done(&["backup", &file, "--check", "--identity", &identity]).stderr;
        for (said, path) in [(served, key.display().to_string()), (checked, identity.clone())] {
            let warning = format!("warning: every user of this machine can read {path}, which ");
            assert_eq!(said.matches(&warning).count(), usize::from(is_told), "{mode:o}: {said}");
            assert_eq!(said.contains(&format!("chmod 600 {path}")), is_told, "{mode:o}: {said}");
        }
    }
}

/// Nothing is written where a store was moved away from, as on a disk that is mounted read-only.
#[test]
fn a_dry_run_writes_nothing_and_needs_no_place_to() {
    let scene = Scene::new();
    let (data, file) = (scene.at("data"), scene.at("register.csv"));
    fs::write(&file, "Nummer;Omschrijving\n1;Laptop kwijt\n").expect("writes");
    scene.done(&["forget", "--the-clock-is-right", "--data", &data]);
    scene.done(&["migrate", "--from", &data, "--to", &scene.at("there")]);
    let import = ["import", &file, "--organisation", "leeg", "--data", &data];
    let forget = ["forget", "--data", &data];
    for verb in [&import[..], &forget] {
        refused(&run(verb), 2, &["was moved to"]);
        let looked = run(&[verb, &["--dry-run"]].concat());
        assert!(!looked.stderr.contains("was moved to"), "{}", looked.stderr);
    }
    scene.done(&[&forget[..], &["--dry-run"]].concat());
    let looked = run(&[&import[..], &["--dry-run"]].concat());
    assert!(looked.stderr.contains("register.csv (") && looked.stderr.contains("there already"), "{}", looked.stderr);
}

/// The page once said that the disk of the data was in trouble, or that something went wrong on our side.
#[test]
fn a_page_that_finds_no_temporary_folder_names_it_and_the_store_goes_on() {
    let scene = Scene::new();
    fs::create_dir(scene.path("new")).expect("makes");
    let gone = scene.at("gone");
    let server = start_under(&[("TMPDIR", &gone)], &["--data", &scene.at("new")]).serves();
    let mut browser = set_up(server.address, server.set_up.as_deref().expect("a link"));
    let answer = browser.get(server.address, &format!("{HOME}/register/export")).expect("an answer");
    assert_eq!(answer.status, 503, "{}", answer.html);
    for told in [gone.as_str(), "TMPDIR", "Er is niets gewijzigd", "Vraag uw beheerder"] {
        assert!(answer.html.contains(told), "{told}: {}", answer.html);
    }
    assert!(!answer.html.contains("bereikbaar") && !answer.html.contains("alleen te lezen"), "{}", answer.html);
    assert_eq!(browser.get(server.address, HOME).expect("an answer").status, 200);
}
