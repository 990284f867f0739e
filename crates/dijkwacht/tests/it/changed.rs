//! A register that was changed behind our back: refused, copied where that is asked for, and never called sound.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use app::{SafetyKind, SafetyNote, Soundness};
use sqlx::Connection;
use store_conformance::{Bench, Throwaway};
use store_sqlite::SqliteStore;

use crate::evidence::stored;
use crate::program::{Ran, run};
use crate::safekeeping::{Keys, Scene, refused, runtime};
use crate::serving::start_with;

/// Changes the body of one entry in the database itself.
pub(crate) fn change(scene: &Scene, slug: &str, index: u64) {
    alter(
        scene,
        &format!(
            "DROP TRIGGER IF EXISTS bodies_are_not_updated; UPDATE journal_bodies SET body = x'7b7d' WHERE idx = {index} AND \
             organisation = (SELECT id FROM organisations WHERE slug = '{slug}')"
        ),
    );
}

/// Does something to the database itself, in which nothing looks after what refers to what.
fn alter(scene: &Scene, change: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(scene.path("data/dijkwacht.db"));
    let (options, change) = (options.foreign_keys(false), change.to_owned());
    runtime().block_on(async {
        let mut raw = sqlx::SqliteConnection::connect_with(&options).await.expect("opens");
        sqlx::raw_sql(sqlx::AssertSqlSafe(change)).execute(&mut raw).await.expect("changes");
    });
}

/// Three entries, in two registers of three.
fn scene() -> Scene {
    let scene = Scene::new();
    for (slug, index) in [("zorg-noord", 3), ("zorg-noord", 7), ("bakkerij-jansen", 5)] {
        change(&scene, slug, index);
    }
    scene
}

/// How each of them is named.
const NAMED: [&str; 3] = [
    "zorg-noord: entry 3: its body is not",
    "zorg-noord: entry 7: its body is not",
    "bakkerij-jansen: entry 5: its body is not",
];

/// That it says what is wrong, and calls nothing sound.
fn told(ran: &Ran) {
    refused(ran, 1, &NAMED);
    refused(ran, 1, &["NOT AS IT WAS WRITTEN: 2 registers changed or damaged", "docs/backup.md"]);
    calls_nothing_sound(&ran.stderr);
}

fn calls_nothing_sound(said: &str) {
    for word in
        ["a good backup", "the backup is good", "; every register verifies", "; every register verifies in both"]
    {
        assert!(!said.contains(word), "{word}: {said}");
    }
}

/// What is found of every register of a folder.
fn soundness(scene: &Scene, folder: &Path) -> Vec<Soundness> {
    let key = scene.key();
    runtime().block_on(async {
        let mut bench = Bench::new(Arc::new(SqliteStore::open_to_read(folder).await.expect("opens")));
        bench.app.signer = Arc::new(Keys(key));
        bench.app.soundness().await.expect("reads")
    })
}

fn last(scene: &Scene, kind: SafetyKind) -> SafetyNote {
    let noted = Mutex::new(None);
    scene.within(async |store| {
        *noted.lock().expect("nobody panicked") = store.last_safety(kind).await.expect("reads");
    });
    noted.into_inner().expect("nobody panicked").expect("it is remembered")
}

/// One row in one register once stopped the backups of all customers.
#[test]
fn a_changed_entry_stops_no_scheduled_backup_which_says_so_and_deletes_no_older_one() {
    let scene = scene();
    let place = stored(&scene);
    // The file of an incident that cannot be read any more is damaged as well.
    change(&scene, "leeg", 0);
    fs::write(&place, b"what the screen sai!").expect("writes");
    let (folder, data, identity) = (scene.at("backups"), scene.at("data"), scene.at("key"));
    fs::create_dir(&folder).expect("makes");
    let old = format!("{folder}/dijkwacht-20200101T000000Z.backup");
    fs::write(&old, "an older backup").expect("writes");
    fs::write(format!("{folder}/dijkwacht-20200201T000000Z.backup"), "a newer one").expect("writes");
    let recipient = scene.recipient();
    let config = format!("version = 1\n\n[backup]\nfolder = \"{folder}\"\nrecipients = [\"{recipient}\"]\n");
    fs::write(scene.path("dijkwacht.toml"), config).expect("writes");
    let server = || start_with(&["--config", &scene.at("dijkwacht.toml"), "--data", &data]);
    let first = server();
    let line = first.says("made and checked: ");
    let naming =
        ["NOT AS IT WAS WRITTEN: 3 registers", "leeg: entry 0: its body is not", &format!("Keep a copy of {data}")];
    let beside = ["NOT WHOLE: 1 stored file damaged", "incident 1 of leeg, a file whose name cannot be read"];
    for words in NAMED.iter().chain(&naming).chain(&beside).chain(&["no old backup is deleted meanwhile"]) {
        assert!(line.contains(words), "{words}: {line}");
    }
    calls_nothing_sound(&line);
    assert!(Path::new(&old).exists(), "{line}");
    drop(first);

    let files = run(&["evidence", "check", "--organisation", "leeg", "--data", &data]);
    assert_eq!(files.code, 1, "{}", files.stderr);
    for words in
        ["- incident 1: an entry of it is not what was written", "damaged: ", "a file whose name cannot be read"]
    {
        assert!(files.stdout.contains(words), "{words}: {}", files.stdout);
    }

    let noted = last(&scene, SafetyKind::Backup);
    assert!(!noted.is_sound && NAMED.iter().all(|name| noted.remark.contains(name)), "{noted:?}");
    // It is not made over and over: it was made, and whoever starts the server next is told of it.
    let again = server().serves();
    assert!(again.said().contains("warning: the last backup failed, or is not sound"), "{}", again.said());
    drop(again);
    let made: Vec<PathBuf> = fs::read_dir(&folder).expect("reads").map(|entry| entry.expect("reads").path()).collect();
    let [made] = made
        .into_iter()
        .filter(|path| !path.to_string_lossy().contains("dijkwacht-2020"))
        .collect::<Vec<_>>()
        .try_into()
        .expect("one");
    let checked = run(&["backup", made.to_str().expect("a path"), "--check", "--identity", &identity]);
    refused(&checked, 1, &NAMED);
    refused(
        &checked,
        1,
        &["a readable, but not a sound, backup", "leeg: entry 0", "not whole: the backup was made without"],
    );
    calls_nothing_sound(&checked.stderr);
}

#[test]
fn a_changed_register_is_backed_up_and_restored_when_that_is_asked_for_with_the_same_faults() {
    let scene = scene();
    let (to, data, identity, recipient) = (scene.at("monday"), scene.at("data"), scene.at("key"), scene.recipient());
    let backup = ["backup", &to, "--recipient", &recipient, "--data", &data];
    refused(&run(&backup), 1, &[NAMED[0], NAMED[1], NAMED[2], "Keep a copy", "the same with --even-changed"]);
    assert!(!scene.path("monday").exists());
    let made = run(&[&backup[..], &["--even-changed"]].concat());
    told(&made);
    assert!(made.stderr.contains("written and checked by restoring it"), "{}", made.stderr);
    assert!(!last(&scene, SafetyKind::Backup).is_sound);

    told(&run(&["backup", &to, "--check", "--identity", &identity]));
    let drill = run(&["restore-drill", &to, "--identity", &identity, "--data", &data]);
    told(&drill);
    assert!(drill.stderr.contains("NOT every register verifies"), "{}", drill.stderr);
    let noted = last(&scene, SafetyKind::Drill);
    assert!(!noted.is_sound && noted.remark.contains(NAMED[0]), "{noted:?}");

    let back = scene.at("back");
    let restore = ["restore", &to, "--identity", &identity, "--data", &back];
    let refusal = run(&restore);
    refused(&refusal, 1, &[NAMED[0], NAMED[1], NAMED[2], "the same with --even-changed"]);
    calls_nothing_sound(&refusal.stderr);
    refused(&run(&["organisation", "list", "--data", &back]), 2, &["is not whole"]);
    told(&run(&[&restore[..], &["--even-changed"]].concat()));
    scene.done(&["organisation", "list", "--data", &back]);
    let found = soundness(&scene, &scene.path("back"));
    assert_eq!(found, soundness(&scene, &scene.path("data")));
    assert_eq!(found.iter().map(|one| one.faults.len()).sum::<usize>(), 3);
}

/// Nothing found a column that was changed; a row that was gone ended every backup with the database's own words.
#[test]
fn an_entry_that_was_moved_or_is_gone_is_named_and_stops_no_other_register() {
    let scene = Scene::new();
    let of = |slug: &str| format!("organisation = (SELECT id FROM organisations WHERE slug = '{slug}')");
    let (zorg, bakkerij) = (of("zorg-noord"), of("bakkerij-jansen"));
    let first = format!("(SELECT incident FROM journal WHERE idx = 0 AND {zorg})");
    alter(
        &scene,
        &format!(
            "DROP TRIGGER journal_is_not_updated; DROP TRIGGER journal_is_not_deleted; \
             UPDATE journal SET incident = {first} WHERE idx = 7 AND {zorg}; \
             DELETE FROM journal WHERE idx = 3 AND {bakkerij}"
        ),
    );
    let named = ["zorg-noord: entry 7: its body is of another incident", "bakkerij-jansen: entry 3: it is not there"];
    let (to, data, identity, recipient) = (scene.at("monday"), scene.at("data"), scene.at("key"), scene.recipient());
    let backup = ["backup", &to, "--recipient", &recipient, "--data", &data];
    refused(
        &run(&backup),
        1,
        &[named[0], named[1], "Keep a copy", "whose check holds", "the same with --even-changed"],
    );
    let made = run(&[&backup[..], &["--even-changed"]].concat());
    refused(
        &made,
        1,
        &[named[0], named[1], "NOT AS IT WAS WRITTEN: 2 registers", "written and checked by restoring it"],
    );
    calls_nothing_sound(&made.stderr);
    assert!(!last(&scene, SafetyKind::Backup).is_sound, "so that no older one goes");
    refused(&run(&["backup", &to, "--check", "--identity", &identity]), 1, &named);
    let back = scene.at("back");
    let restored = ["restore", &to, "--identity", &identity, "--data", &back, "--even-changed"];
    refused(&run(&restored), 1, &named);
    assert_eq!(soundness(&scene, &scene.path("back")), soundness(&scene, &scene.path("data")));

    let rebuilt = run(&["rebuild", "--data", &data]);
    refused(
        &rebuilt,
        1,
        &["bakkerij-jansen: stopped", "entry 3 of the register", "zorg-noord: entry 7 is not what was"],
    );
    assert!(rebuilt.stderr.contains("leeg: "), "the others go on: {}", rebuilt.stderr);
    let zip = scene.at("register.zip");
    let export = |slug: &str| run(&["export", "--organisation", slug, "--out", &zip, "--data", &data]);
    let remedy = "whose check holds";
    refused(&export("bakkerij-jansen"), 2, &["entry 3 of the register", "it is not there", remedy]);
    refused(&export("zorg-noord"), 2, &["entry 7 of the register", "moved from one incident to another", remedy]);
    let dossier = run(&["dossier", "--organisation", "zorg-noord", "--incident", "1", "--out", &zip, "--data", &data]);
    refused(&dossier, 2, &["entry 7 of the register", "(incident 1)", remedy]);
}

/// An export once took such a register for a fault of the program, and advised to sign what was lost.
#[test]
fn a_register_that_is_not_the_one_that_was_signed_is_damaged_and_is_not_signed_again() {
    for (what, change, told) in [
        (
            "its checkpoint is another's",
            "DROP TRIGGER checkpoints_are_not_updated; UPDATE checkpoints SET note = replace(note, 'dijkwacht', 'dykwacht')",
            "checkpoint cannot be trusted",
        ),
        (
            "its newest checkpoint is gone",
            "DROP TRIGGER checkpoints_are_not_deleted; DELETE FROM checkpoints WHERE size = (SELECT MAX(size) FROM \
             checkpoints AS others WHERE others.organisation = checkpoints.organisation)",
            "it stands behind the newest checkpoint",
        ),
        (
            "its last entry is gone",
            "DROP TRIGGER journal_is_not_deleted; DELETE FROM journal WHERE idx = (SELECT MAX(idx) FROM journal AS others \
             WHERE others.organisation = journal.organisation)",
            "it is not there",
        ),
    ] {
        let scene = Scene::new();
        alter(&scene, change);
        let (zip, data) = (scene.at("out.zip"), scene.at("data"));
        let of = ["--organisation", "zorg-noord", "--out", &zip, "--data", &data];
        for verb in [&["export"][..], &["dossier", "--incident", "1"]] {
            let ran = run(&[verb, &of].concat());
            refused(&ran, 2, &[told, "whose check holds"]);
            assert!(
                !ran.stderr.contains("internal") && !ran.stderr.contains("new checkpoint"),
                "{what}: {}",
                ran.stderr
            );
        }
    }
}

/// Whoever holds checkpoints had no way to have what was changed named: there was no export to check.
#[test]
fn a_changed_register_is_exported_when_that_is_asked_for_and_the_check_names_each_entry() {
    let scene = scene();
    let (data, out, kept) = (scene.at("data"), scene.at("register.zip"), scene.at("checkpoint.txt"));
    let shown = scene.done(&["checkpoint", "show", "--organisation", "zorg-noord", "--out", &kept, "--data", &data]);
    let key = shown.stderr.lines().find_map(|line| line.strip_prefix("key: ")).expect("it says the key").to_owned();
    let export = ["export", "--organisation", "zorg-noord", "--out", &out, "--data", &data];
    let named = ["entry 3 of the register of", "is not what was written", "Keep a copy of", "with --even-changed"];
    refused(&run(&export), 2, &named);
    assert!(!scene.path("register.zip").exists());
    let csv = [&export[..], &["--format", "csv", "--even-changed"]].concat();
    refused(&run(&csv), 2, &["--even-changed is for the zip alone"]);

    let made = run(&[&export[..], &["--even-changed"]].concat());
    refused(&made, 1, &["entry 3 of the register of", "restore the newest backup from before the change"]);
    let verified = run(&["verify", &out, "--key", &key, "--checkpoint", &kept, "--language", "en"]);
    assert_eq!(verified.code, 1, "{}", verified.stdout);
    for words in [
        "The first entry that does not hold is 3.",
        "entry 3: the body or its salt is not what was recorded",
        "entry 7: the body",
    ] {
        assert!(verified.stdout.contains(words), "{words}: {}", verified.stdout);
    }
}

/// Once a move that was stopped at the beginning left its target as if nothing had begun there: a server made a new register.
fn is_marked_before_its_source_is_looked_through(scene: &Scene, to: &str, there: &[&str]) {
    let data = scene.at("data");
    let migrate = ["migrate", "--from", &data, "--to", to];
    refused(&run(&migrate), 1, &[NAMED[0], "the same with --even-changed"]);
    let (code, said) = start_with(there).ends();
    assert!(code == Some(2) && said.contains("is not whole"), "{code:?}: {said}");
    refused(&run(&[&["organisation", "list"][..], there].concat()), 2, &["is not whole"]);
    let moved = run(&[&migrate[..], &["--even-changed"]].concat());
    told(&moved);
    assert!(moved.stderr.contains("both hold the same, and NOT every register verifies"), "{}", moved.stderr);
    scene.done(&[&["organisation", "list"][..], there].concat());
    assert!(scene.done(&migrate).stderr.contains("was moved to"), "nothing is left to do");
}

#[test]
fn a_move_of_a_changed_register_marks_its_target_first_and_goes_on_when_that_is_asked_for() {
    let scene = scene();
    let there = scene.at("there");
    is_marked_before_its_source_is_looked_through(&scene, &there, &["--data", &there]);
    assert_eq!(soundness(&scene, &scene.path("there")), soundness(&scene, &scene.path("data")));
}

#[test]
fn a_move_of_a_changed_register_to_postgresql_marks_its_target_first() {
    let Some(database) = runtime().block_on(Throwaway::new()) else { return };
    let scene = scene();
    let (address, key) = (database.address(), scene.at("data/register.key"));
    let there = ["--database", address, "--key-file", &key];
    is_marked_before_its_source_is_looked_through(&scene, address, &there);
    // And back, with what is wrong.
    let back = scene.at("back");
    told(&run(&["migrate", "--from", address, "--key-file", &key, "--to", &back, "--even-changed"]));
    assert_eq!(soundness(&scene, &scene.path("back")), soundness(&scene, &scene.path("data")));
}
