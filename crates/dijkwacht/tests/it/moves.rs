//! Restores and moves that are killed, moves between databases, and a source that changes meanwhile.

use std::fs;
use std::process::Command;
use std::time::Duration;

use store_conformance::Throwaway;
use store_sqlite::SqliteStore;

use crate::program::run;
use crate::safekeeping::{Scene, refused, runtime};
use crate::servers::{HOME, database, report_path, set_up};
use crate::serving::{start, start_with};

/// Starts it, and kills it after a while; whether it had ended by itself.
fn killed_after(arguments: &[&str], patience: Duration) -> bool {
    let seconds = format!("{:.3}", patience.as_secs_f64());
    let program = env!("CARGO_BIN_EXE_dijkwacht");
    // By `timeout`, whose own status then says how it went; with KILL it dies of the same signal, or says 137.
    let ran = Command::new("timeout").args(["-s", "KILL", &seconds, program]).args(arguments).output().expect("runs");
    if matches!(ran.status.code(), None | Some(137)) {
        return false;
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    // The one before was killed between its end and its exit: all is there, which whoever calls this looks at next.
    let is_there_already = said.contains("holds something already");
    assert!(ran.status.success() || is_there_already, "{arguments:?}: {said}");
    true
}

/// Kills it at ever later moments, until it gets to its end.
fn done_however_often_it_is_killed(arguments: &[&str]) {
    let (mut kills, mut patience) = (0, Duration::from_millis(20));
    while !killed_after(arguments, patience) {
        kills += 1;
        patience = patience.mul_f64(1.3);
        assert!(kills < 40, "{arguments:?} never ends");
    }
    assert!(kills > 2, "it was killed {kills} times");
}

#[test]
fn a_restore_that_is_killed_goes_on() {
    let scene = Scene::new();
    let file = scene.backup("monday");
    done_however_often_it_is_killed(&["restore", &file, "--identity", &scene.at("key"), "--data", &scene.at("back")]);
    assert_eq!(scene.lines(&scene.at("back"), None), scene.lines(&scene.at("data"), None));
}

#[test]
fn a_move_between_folders_that_is_killed_goes_on_and_doubles_nothing() {
    let scene = Scene::new();
    let (data, there) = (scene.at("data"), scene.at("there"));
    done_however_often_it_is_killed(&["migrate", "--from", &data, "--to", &there]);
    assert_eq!(scene.lines(&there, None), scene.lines(&data, None));
    // The source is marked, and says so to whoever would go on in it; what only reads goes on.
    let again = scene.done(&["migrate", "--from", &data, "--to", &there]);
    assert!(again.stderr.contains("already") && again.stderr.contains("nothing was changed"), "{}", again.stderr);
    let told = [there.as_str(), "was moved to", "--reopen"];
    let (code, said) = start_with(&["--data", &data]).ends();
    assert_eq!(code, Some(2), "{said}");
    assert!(told.iter().all(|word| said.contains(word)) && !said.contains("rights"), "{said}");
    for verb in [&["organisation", "add", "--name", "Later"][..], &["forget"]] {
        refused(&run(&[verb, &["--data", &data]].concat()), 2, &told);
    }
    refused(&run(&["migrate", "--from", &data, "--to", &scene.at("elsewhere")]), 2, &told);
    scene.done(&["organisation", "list", "--data", &data]);
    scene.done(&["migrate", "--reopen", &data]);
    scene.done(&["organisation", "add", "--name", "Later", "--data", &data]);
    assert!(scene.done(&["migrate", "--reopen", &data]).stderr.contains("was not moved"));
    refused(&run(&["migrate", "--from", &data, "--to", &there]), 2, &["holds something already"]);
    let same = format!("{data}/../data");
    refused(&run(&["migrate", "--from", &data, "--to", &same]), 2, &["--from and --to are both", "give --to another"]);
    let (one, other) = ("postgres://anna@db.example/x", "postgres://db.example:5432/x?sslmode=require");
    refused(&run(&["migrate", "--from", one, "--to", other, "--key-file", &same]), 2, &["--from and --to are both"]);
}

#[test]
fn a_move_to_postgresql_and_back_equals_the_original() {
    let Some(database) = runtime().block_on(Throwaway::new()) else { return };
    let scene = Scene::new();
    let (data, back, key) = (scene.at("data"), scene.at("back"), scene.at("data/register.key"));
    let address = database.address();
    done_however_often_it_is_killed(&["migrate", "--from", &data, "--to", address]);
    assert_eq!(scene.lines(&data, Some(address)), scene.lines(&data, None));
    done_however_often_it_is_killed(&["migrate", "--from", address, "--key-file", &key, "--to", &back]);
    assert_eq!(scene.lines(&back, None), scene.lines(&data, None));
}

/// Somebody forgot to stop it: what is sent to it is not kept there, and its page and its log say why, and where to go.
#[test]
fn a_server_that_is_left_on_a_database_that_was_moved_away_says_so() {
    let Some((_database, address)) = database() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (key, there) = (folder.path().join("register.key"), folder.path().join("there"));
    let server = start(&address, &key).serves();
    let at = server.address;
    let mut browser = set_up(at, server.set_up.as_deref().expect("a link"));
    let report = report_path(&mut browser, at);
    assert_eq!(browser.post(at, &report, &[("what", "Laptop kwijt")]).expect("an answer").status, 303);
    let (key, to) = (key.to_str().expect("a path"), there.to_str().expect("a path"));
    let moved = run(&["migrate", "--from", &address, "--key-file", key, "--to", to]);
    assert_eq!(moved.code, 0, "{}", moved.stderr);

    let timeline = format!("{HOME}/incidenten/1/tijdlijn");
    for (path, form) in [(&report, ("what", "Telefoon kwijt")), (&timeline, ("notitie", "Gebeld"))] {
        let refused = browser.post(at, path, &[form]).expect("an answer");
        assert_eq!((refused.status, refused.heading()), (503, "De gegevens zijn verhuisd"), "{}", refused.html);
        for told in ["is niet bewaard", "Vraag uw beheerder naar het nieuwe adres", form.1] {
            assert!(refused.html.contains(told), "{told}: {}", refused.html);
        }
        assert!(!refused.html.contains("over een minuut"), "{}", refused.html);
    }
    assert!(server.said().contains(&format!("everything here was moved to {to} at ")), "{}", server.said());
    let page = browser.get(at, &timeline).expect("an answer");
    assert!(page.status == 200 && !page.html.contains("Gebeld"), "what is there can still be read: {}", page.html);
}

#[test]
fn a_backup_of_one_database_is_restored_into_the_other() {
    let Some(database) = runtime().block_on(Throwaway::new()) else { return };
    let scene = Scene::new();
    let (file, address, identity) = (scene.backup("monday"), database.address(), scene.at("key"));
    let there = scene.at("there");
    let restore = ["restore", &file, "--identity", &identity, "--data", &there, "--database", address];
    scene.done(&restore);
    refused(&run(&restore), 2, &["holds something already"]);
    assert_eq!(scene.lines(&there, Some(address)), scene.lines(&scene.at("data"), None));
    let second = scene.at("second");
    scene.done(&["backup", &second, "--recipient", &scene.recipient(), "--data", &there, "--database", address]);
    scene.done(&["restore", &second, "--identity", &identity, "--data", &scene.at("back")]);
    assert_eq!(scene.lines(&scene.at("back"), None), scene.lines(&scene.at("data"), None));
}

#[test]
fn a_source_that_changes_between_two_runs_is_noticed() {
    let scene = Scene::new();
    let (data, there) = (scene.at("data"), scene.at("there"));
    let moving = ["migrate", "--from", &data, "--to", &there];
    let (mut patience, mut tries) = (Duration::from_millis(40), 0);
    // Until it has begun to take in.
    while !scene.path("there/dijkwacht.db").exists()
        || runtime().block_on(SqliteStore::open(&scene.path("there"))).is_ok()
    {
        tries += 1;
        assert!(tries < 200, "it is never stopped in the middle");
        if killed_after(&moving, patience) {
            // On a busy machine it gets from its beginning to its end between two tries: anew, with less time.
            scene.done(&["migrate", "--reopen", &data]);
            fs::remove_dir_all(&there).expect("removes");
            patience = patience.mul_f64(0.5);
        } else {
            patience = patience.mul_f64(1.1);
        }
    }
    let change = ["organisation", "add", "--name", "Later", "--data", &data];
    let changed = run(&change);
    // Stopped so late that the source was marked already: nothing changes in it until somebody takes it back into use.
    if changed.code != 0 {
        refused(&changed, 2, &["was moved to", "--reopen"]);
        scene.done(&["migrate", "--reopen", &data]);
        scene.done(&change);
    }
    refused(&run(&moving), 2, &["has changed since", "begin anew"]);
}
