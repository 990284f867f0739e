//! Restores and moves that are killed, moves between databases, and a source that changes meanwhile.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::Connection;
use store_conformance::Throwaway;

use crate::again::erased;
use crate::changed::change;
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

/// At how many moments a restore is killed, less one.
const MOMENTS: u32 = 12;

/// However early it is killed: what it began is served by nobody, seen by no verb, and brought to its end by the same command.
/// What opens it finds nothing there that was erased since the backup. `has_begun` says whether anything is there at all.
fn is_marked_from_its_first_moment(scene: &Scene, place: impl Fn(u32) -> (Vec<String>, Box<dyn Fn() -> bool>)) {
    let (file, identity) = (scene.backup("monday"), scene.at("key"));
    let list = erased(scene, 1..=15);
    let (mut stopped, mut whole) = (0, None);
    for moment in 0..MOMENTS {
        let (place, has_begun) = place(moment);
        let place: Vec<_> = place.iter().map(String::as_str).collect();
        let restore = [&["restore", &file, "--identity", &identity, "--erasures", &list], place.as_slice()].concat();
        let forgot = || {
            let again = scene.done(&[&["forget", "--again", &list], place.as_slice()].concat());
            assert!(
                again.stderr.contains("15 entries on the list, 0 erased again"),
                "moment {moment}: {}",
                again.stderr
            );
        };
        // The first tells how long it takes here, and the others are killed at ever later parts of that.
        let Some(whole) = whole else {
            #[expect(clippy::disallowed_methods, reason = "a real process is killed after so long")]
            let began = Instant::now();
            scene.done(&restore);
            whole = Some(began.elapsed());
            continue;
        };
        let part = whole.mul_f64(f64::from(moment) / f64::from(MOMENTS));
        if killed_after(&restore, part) || !has_begun() {
            continue;
        }
        let listed = run(&[&["organisation", "list"], place.as_slice()].concat());
        // Killed between its end and its exit.
        if listed.code != 0 {
            stopped += 1;
            refused(&listed, 2, &["is not whole", "again"]);
            let (code, said) = start_with(&place).ends();
            assert!(code == Some(2) && said.contains("is not whole"), "moment {moment}, {code:?}: {said}");
            scene.done(&restore);
        }
        forgot();
    }
    assert!(stopped > 0, "it was never stopped in the middle");
}

#[test]
fn a_folder_is_marked_from_the_first_moment_of_a_restore() {
    let scene = Scene::new();
    let back = |moment| scene.path(&format!("back-{moment}"));
    is_marked_from_its_first_moment(&scene, |moment| {
        let folder = back(moment);
        let place = vec!["--data".to_owned(), folder.display().to_string()];
        (place, Box::new(move || fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some())))
    });
    // Nothing but the mark, with the key there already: neither a new place nor a lost register.
    let first = scene.path("first");
    fs::create_dir(&first).expect("makes");
    fs::write(first.join("dijkwacht.db-taking-in"), "").expect("writes");
    fs::write(first.join("register.key"), scene.key()).expect("writes");
    let first = first.to_str().expect("a path");
    let (code, said) = start_with(&["--data", first]).ends();
    assert!(code == Some(2) && said.contains("is not whole"), "{code:?}: {said}");
    let export = ["export", "--organisation", "leeg", "--out", &scene.at("register.zip")];
    for verb in [&["organisation", "list"][..], &["forget"], &["rebuild"], &export] {
        refused(&run(&[verb, &["--data", first]].concat()), 2, &["is not whole"]);
    }
    scene.done(&["restore", &scene.at("monday"), "--identity", &scene.at("key"), "--data", first]);
    scene.done(&["organisation", "list", "--data", first]);
}

#[test]
fn a_database_is_marked_from_the_first_moment_of_a_restore() {
    let databases: Vec<_> = runtime().block_on(async {
        let mut databases = Vec::new();
        for _ in 0..MOMENTS {
            databases.extend(Throwaway::new().await);
        }
        databases
    });
    if databases.is_empty() {
        return;
    }
    let databases = Arc::new(databases);
    let scene = Scene::new();
    is_marked_from_its_first_moment(&scene, |moment| {
        let (databases, at) = (Arc::clone(&databases), usize::try_from(moment).expect("few"));
        let folder = scene.at(&format!("beside-{moment}"));
        let place = vec!["--data".to_owned(), folder, "--database".to_owned(), databases[at].address().to_owned()];
        let tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()";
        let has_begun = move || {
            let count = async { sqlx::query_scalar(tables).fetch_one(&mut databases[at].connect().await).await };
            runtime().block_on(count).is_ok_and(|count: i64| count > 0)
        };
        (place, Box::new(has_begun))
    });
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
    // It would be part of itself; through a link too.
    let mut inside = vec![format!("{data}/sub"), format!("{data}/blobs/sub/sub")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&data, scene.path("link")).expect("links");
        inside.push(scene.at("link/sub"));
    }
    for within in inside {
        refused(&run(&["migrate", "--from", &data, "--to", &within]), 2, &["lies in --from", "a folder elsewhere"]);
    }
    assert!(!scene.path("data/sub").exists());
    // A typing error is no folder that was not moved, and makes none.
    refused(&run(&["migrate", "--reopen", &scene.at("dta")]), 2, &["holds no data of this program"]);
    assert!(!scene.path("dta").exists());
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
    // Who reports need not know where the data are: whom to phone is what helps.
    let of_report = (&report, ("what", "Telefoon kwijt"), "Meld wat er is gebeurd", "bel of mail nu het contactpunt");
    let of_note =
        (&timeline, ("notitie", "Gebeld"), "De gegevens zijn verhuisd", "Vraag uw beheerder naar het nieuwe adres");
    for (path, form, heading, advice) in [of_report, of_note] {
        let refused = browser.post(at, path, &[form]).expect("an answer");
        assert_eq!((refused.status, refused.heading()), (503, heading), "{}", refused.html);
        for told in ["De gegevens zijn verhuisd", "is niet bewaard", advice, form.1] {
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
    while !has_begun_to_take_in(&scene.path("there/dijkwacht.db")) {
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
    refused(&run(&moving), 2, &["has changed since", "move what is in it elsewhere", "begin anew"]);
}

/// Whether it is noted of which source a half move is; before that it begins anew with whatever the source is then.
fn has_begun_to_take_in(database: &Path) -> bool {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(database);
    runtime().block_on(async {
        let Ok(mut raw) = sqlx::SqliteConnection::connect_with(&options).await else { return false };
        let begun = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM intake").fetch_one(&mut raw).await;
        begun.is_ok_and(|begun| begun > 0)
    })
}

/// Nobody finds a file that is gone again, nor knows what to do with its name: it is the store that was changed.
#[test]
fn a_body_that_was_changed_behind_our_back_names_the_store_the_entry_and_what_to_do() {
    let scene = Scene::new();
    let (data, there, to) = (scene.at("data"), scene.at("there"), scene.at("monday"));
    change(&scene, "zorg-noord", 3);
    let recipient = scene.recipient();
    for verb in [
        &["backup", &to, "--recipient", &recipient, "--data", &data][..],
        &["migrate", "--from", &data, "--to", &there],
    ] {
        let ran = run(verb);
        refused(
            &ran,
            1,
            &[&format!("what is in {data} is not as it was written"), "zorg-noord: entry 3: its body is not"],
        );
        refused(&ran, 1, &["Keep a copy", "dijkwacht restore", "docs/backup.md", "the same with --even-changed"]);
        assert!(!ran.stderr.contains("what came from"), "a file that is gone: {}", ran.stderr);
    }
    assert!(!scene.path("monday").exists());
}
