//! Backups and restores as an operator meets them: real files, real databases.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::{Report, Store};
use facts::OrganisationId;
use sha2::{Digest, Sha256};
use sqlx::Connection;
use store_conformance::Bench;
use store_sqlite::SqliteStore;
use tempfile::TempDir;

use crate::exim::wait_until;
use crate::program::{Ran, run};
use crate::serving::start_with;

const SECRET: &str = "de laptop van mevrouw Geheim";

/// A folder with data in it, and what a test makes beside them.
pub(crate) struct Scene {
    pub(crate) folder: TempDir,
}

impl Scene {
    /// Three organisations, incidents and documents in two of them.
    pub(crate) fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().expect("a folder") };
        for name in ["Bakkerij Jansen", "Zorg Noord", "Leeg"] {
            scene.done(&["organisation", "add", "--name", name, "--data", &scene.at("data")]);
        }
        let key = scene.key();
        scene.within(async |store| fill(store, key).await);
        scene.done(&["backup-key", &scene.at("key")]);
        scene
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn at(&self, name: &str) -> String {
        self.path(name).to_str().expect("a path").to_owned()
    }

    /// The key that signs the registers.
    pub(crate) fn key(&self) -> [u8; 32] {
        fs::read(self.path("data/register.key")).expect("a key").try_into().expect("32 bytes")
    }

    /// Runs what has to succeed.
    pub(crate) fn done(&self, arguments: &[&str]) -> Ran {
        let ran = run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.stderr);
        ran
    }

    /// Something with the store in `data`.
    pub(crate) fn within(&self, work: impl AsyncFnOnce(Arc<dyn Store>)) {
        runtime().block_on(async {
            let store = SqliteStore::open(&self.path("data")).await.expect("opens");
            work(Arc::new(store)).await;
        });
    }

    pub(crate) fn recipient(&self) -> String {
        let key = fs::read_to_string(self.path("key")).expect("reads");
        let line = key.lines().next().expect("a line");
        line.trim_start_matches("# public key: ").to_owned()
    }

    pub(crate) fn backup(&self, name: &str) -> String {
        let to = self.at(name);
        self.done(&["backup", &to, "--recipient", &self.recipient(), "--data", &self.at("data")]);
        to
    }

    /// What a folder holds, in the form in which databases are compared; without what says when that was made.
    pub(crate) fn lines(&self, data: &str, database: Option<&str>) -> Vec<String> {
        let to = self.at("lines");
        let _ = fs::remove_file(&to);
        let mut arguments = vec!["backup", to.as_str(), "--unencrypted", "--data", data];
        arguments.extend(database.iter().flat_map(|address| ["--database", address]));
        self.done(&arguments);
        let mut text = String::new();
        let packed = fs::File::open(&to).expect("opens");
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut text).expect("unpacks");
        // The memory of backups differs by those that were made since.
        let is_told = |line: &&str| {
            !line.contains("dijkwacht_backup") && !line.contains("\"end\"") && !line.contains(",\"backup\",\"")
        };
        text.lines().filter(is_told).map(str::to_owned).collect()
    }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime")
}

async fn fill(store: Arc<dyn Store>, key: [u8; 32]) {
    let mut bench = Bench::new(store.clone()).with_law();
    bench.app.signer = Arc::new(Keys(key));
    for slug in ["bakkerij-jansen", "zorg-noord"] {
        let scope = bench.app.permit_program(slug).await.expect("it is there");
        for number in 0..20 {
            let report = Report { what: format!("{SECRET} {number}"), ..Report::default() };
            bench.app.report(&scope, report, store_conformance::bench::NOW).await.expect("reports");
        }
        for size in [0, 10, 700_000] {
            put(&store, &scope, size).await;
        }
    }
}

/// Stores a document that nothing compresses.
pub(crate) async fn put(store: &Arc<dyn Store>, scope: &app::Scope, size: usize) {
    let mut bytes = Vec::with_capacity(size + 32);
    let mut block = Sha256::digest(scope.id().0.as_bytes());
    while bytes.len() < size {
        bytes.extend_from_slice(&block);
        block = Sha256::digest(block);
    }
    bytes.truncate(size);
    let name: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    store.put_blob(scope, &name, &bytes).await.expect("stores");
}

/// The keys that the program derives from this master key.
pub(crate) struct Keys(pub(crate) [u8; 32]);

impl app::Signer for Keys {
    fn key(&self, organisation: OrganisationId) -> register::SigningKey {
        let hash = Sha256::new().chain_update(b"dijkwacht/register-key/v1\n").chain_update(self.0);
        let seed = hash.chain_update(organisation.0.as_bytes()).finalize();
        register::SigningKey::of_register(organisation.0, &seed.into())
    }
}

/// The clock of this machine, which the program has too.
#[expect(clippy::disallowed_methods, reason = "the program reads it as well")]
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

pub(crate) fn refused(ran: &Ran, code: i32, told: &[&str]) {
    assert_eq!(ran.code, code, "{}", ran.stderr);
    for word in told {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
}

#[test]
fn a_backup_is_restored_to_the_last_byte() {
    let scene = Scene::new();
    let file = scene.backup("monday");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&fs::metadata(&file).expect("is there")) & 0o777, 0o600);
    let bytes = fs::read(&file).expect("reads");
    assert!(!bytes.windows(SECRET.len()).any(|some| some == SECRET.as_bytes()), "nothing of it can be read");
    let identity = scene.at("key");
    let checked = scene.done(&["backup", &file, "--check", "--identity", &identity]);
    assert!(checked.stderr.contains("is a good backup of"), "{}", checked.stderr);
    let restored = scene.done(&["restore", &file, "--identity", &identity, "--data", &scene.at("back")]);
    assert!(restored.stderr.contains("3 registers") && restored.stderr.contains("6 files"), "{}", restored.stderr);
    assert_eq!(scene.lines(&scene.at("back"), None), scene.lines(&scene.at("data"), None));
    let key = |data: &str| fs::read(scene.path(data).join("register.key")).expect("reads");
    assert_eq!(key("back"), key("data"));
    let zip = scene.at("register.zip");
    scene.done(&["export", "--organisation", "zorg-noord", "--out", &zip, "--data", &scene.at("back")]);
    scene.done(&["verify", &zip]);
}

#[test]
fn a_restored_backup_forgets_again_what_was_erased_since() {
    let scene = Scene::new();
    let (data, identity) = (scene.at("data"), scene.at("key"));
    fs::create_dir(scene.path("backups")).expect("makes");
    let file = scene.backup("backups/monday");
    let key = scene.key();
    scene.within(async |store| {
        let mut bench = Bench::new(store).with_law();
        bench.app.signer = Arc::new(Keys(key));
        let scope = bench.app.permit_program("zorg-noord").await.expect("it is there");
        let incident = bench.app.incident(&scope, 1).await.expect("it is there");
        let opened = incident.timeline[0].index.expect("it has a place");
        let (seen, words) = (incident.timeline.len() as u64, Some("Een laptop is weg.".to_owned()));
        let ground = incident::ErasureGround::Request;
        let now = store_conformance::bench::NOW;
        let erased = bench.app.erase_entries(&scope, 1, seen, ground, "op verzoek".into(), vec![(opened, words)], now);
        erased.await.expect("erases");
    });
    // What stands there was written on a day of its own, and nothing ran since.
    scene.done(&["forget", "--the-clock-is-right", "--data", &data]);
    let list = scene.at("data/erasures.list");
    assert_eq!(fs::read_to_string(&list).expect("reads").lines().count(), 1);

    let told = |to: &str, more: &[&str]| {
        let to = scene.at(to);
        let ran = scene.done(&[&["restore", &file, "--identity", &identity, "--data", &to][..], more].concat());
        let zip = format!("{to}.zip");
        scene.done(&["export", "--organisation", "zorg-noord", "--out", &zip, "--data", &to]);
        scene.done(&["verify", &zip]);
        let zip = fs::read(zip).expect("reads");
        let first = format!("{SECRET} 0");
        let is_there = zip
            .windows(first.len() + 1)
            .any(|some| some == format!("{first}\"").as_bytes() || some == format!("{first}\\").as_bytes());
        (ran.stderr, is_there)
    };
    let (said, is_there) = told("without", &[]);
    assert!(is_there && said.contains("forget --again"), "{said}");
    let (said, is_there) = told("with", &["--erasures", &list]);
    assert!(!is_there && said.contains("1 entry on the list, 1 erased again"), "{said}");
    // Whoever checks the register reads which entry was erased, and which one says why.
    let checked = scene.done(&["verify", &scene.at("with.zip")]).stdout;
    assert!(checked.contains("gewist: 0 (waarom staat in 40)") || checked.contains("(waarom staat in "), "{checked}");
    fs::copy(&list, scene.path("backups/erasures.list")).expect("copies");
    let (said, is_there) = told("beside", &[]);
    assert!(!is_there && said.contains("1 erased again"), "{said}");
    fs::write(scene.path("wrong"), "naam;adres\n").expect("writes");
    fs::write(scene.path("short"), &fs::read(&list).expect("reads")[..40]).expect("writes");
    for none in ["nowhere", "wrong", "short"] {
        let lost = scene.at("lost");
        let ran = run(&["restore", &file, "--identity", &identity, "--data", &lost, "--erasures", &scene.at(none)]);
        refused(&ran, 2, &[none]);
        assert!(!scene.path("lost").exists(), "nothing is restored when the list cannot be read");
    }
    let cut = format!("{}0197a3c0-0000-7000", fs::read_to_string(&list).expect("reads"));
    fs::write(scene.path("cut"), cut).expect("writes");
    let partly = scene.at("partly");
    let ran = run(&["restore", &file, "--identity", &identity, "--data", &partly, "--erasures", &scene.at("cut")]);
    refused(&ran, 1, &["restored into", "line 2", "1 erased again", "may be in it again", "forget --again"]);

    // A list of another register, and one with another's number: nothing was erased by either, and that is no "done already".
    let whole = fs::read_to_string(&list).expect("reads");
    let said: Vec<&str> = whole.split(' ').collect();
    let other = whole.replacen(said[0], "0197a3c0-0000-7000-8000-00000000ffff", 1);
    let wrong = whole.replacen(&format!(" {} ", said[2]), " 2 ", 1);
    for (name, text) in [("other", other), ("wrong-number", wrong)] {
        let (to, list) = (scene.at(&format!("to-{name}")), scene.at(name));
        fs::write(&list, text).expect("writes");
        let _ = fs::remove_file(scene.path("backups/erasures.list"));
        let ran = run(&["restore", &file, "--identity", &identity, "--data", &to, "--erasures", &list]);
        refused(&ran, 1, &["1 entry on the list, 0 erased again, 1 of no entry here", "of another register"]);
    }
    let again = scene.done(&["forget", "--again", &list, "--data", &scene.at("with")]);
    assert!(again.stderr.contains("0 erased again, 1 erased already"), "{}", again.stderr);
}

#[test]
fn a_backup_that_cannot_be_remembered_is_a_backup_all_the_same() {
    let scene = Scene::new();
    let database = scene.path("data/dijkwacht.db");
    runtime().block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&database);
        let mut raw = sqlx::SqliteConnection::connect_with(&options).await.expect("opens");
        let full = "CREATE TRIGGER full BEFORE INSERT ON safety BEGIN SELECT RAISE(ABORT, 'there is no room'); END";
        sqlx::raw_sql(full).execute(&mut raw).await.expect("makes");
    });
    let (file, data, identity) = (scene.at("monday"), scene.at("data"), scene.at("key"));
    let made = scene.done(&["backup", &file, "--recipient", &scene.recipient(), "--data", &data]);
    for said in ["written and checked", "is good, and is not remembered here", "there is no room"] {
        assert!(made.stderr.contains(said), "{said}: {}", made.stderr);
    }
    scene.done(&["backup", &file, "--check", "--identity", &identity]);
    let drill = scene.done(&["restore-drill", &file, "--identity", &identity, "--data", &data]);
    assert!(drill.stderr.contains("the drill is not remembered here"), "{}", drill.stderr);
}

#[test]
fn a_backup_is_made_while_others_write_and_is_of_one_moment() {
    let scene = Scene::new();
    let key = scene.key();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| scene.within(async |store| fill(store, key).await));
        scene.backup("busy");
        writing.join().expect("wrote on");
    });
    scene.done(&["backup", &scene.at("busy"), "--check", "--identity", &scene.at("key")]);
}

#[test]
fn nothing_is_overwritten_and_nobody_is_locked_out_by_mistake() {
    let scene = Scene::new();
    let (file, data, identity) = (scene.backup("monday"), scene.at("data"), scene.at("key"));
    let before = fs::read(&file).expect("reads");
    refused(
        &run(&["backup", &file, "--recipient", &scene.recipient(), "--data", &data]),
        2,
        &["nothing is overwritten"],
    );
    assert_eq!(fs::read(&file).expect("reads"), before);
    refused(&run(&["backup", &scene.at("x"), "--data", &data]), 2, &["--recipient", "--passphrase-file"]);
    refused(&run(&["backup", &scene.at("x"), "--recipient", "age1x", "--data", &data]), 2, &["public key of age"]);
    let secret = fs::read_to_string(scene.path("key")).expect("reads").lines().last().expect("a line").to_owned();
    assert!(secret.starts_with("AGE-SECRET-KEY-1"));
    for (option, told) in
        [(&["--recipient"][..], "--recipient, number 1: "), (&["--check", "--identity"], "not the key itself")]
    {
        let given = run(&[&["backup", &file], option, &[&secret, "--data", &data]].concat());
        refused(&given, 2, &[told]);
        assert!(!given.stderr.contains(&secret[20..30]), "a secret is shown: {}", given.stderr);
    }
    refused(&run(&["backup-key", &identity]), 2, &["not overwritten"]);
    refused(&run(&["restore", &file, "--identity", &identity, "--data", &data]), 2, &["holds something already"]);
    let other = scene.path("other");
    fs::create_dir(&other).expect("makes");
    fs::write(other.join("photo.jpg"), "x").expect("writes");
    refused(
        &run(&["restore", &file, "--identity", &identity, "--data", &scene.at("other")]),
        2,
        &["holds something already"],
    );
    let keyed = scene.path("keyed");
    fs::create_dir(&keyed).expect("makes");
    fs::write(keyed.join("register.key"), [9; 32]).expect("writes");
    refused(&run(&["restore", &file, "--identity", &identity, "--data", &scene.at("keyed")]), 2, &["another key"]);
    assert_eq!(fs::read(keyed.join("register.key")).expect("reads"), [9; 32]);
}

#[test]
fn a_file_that_is_no_whole_backup_touches_nothing() {
    let scene = Scene::new();
    let (file, identity) = (scene.backup("monday"), scene.at("key"));
    scene.done(&["backup-key", &scene.at("strange")]);
    let bytes = fs::read(&file).expect("reads");
    let check = |bytes: &[u8], key: &str, told: &str| {
        let (bad, back) = (scene.at("bad"), scene.at("back"));
        fs::write(&bad, bytes).expect("writes");
        for verb in [&["restore"][..], &["restore-drill"], &["backup", "--check"]] {
            let arguments = [verb, &[bad.as_str(), "--identity", key, "--data", back.as_str()][..]].concat();
            refused(&run(&arguments), 2, &[told, "bad"]);
        }
        assert!(!scene.path("back").exists(), "{told}");
    };
    let mut changed = bytes.clone();
    changed[bytes.len() / 2] ^= 1;
    check(&changed, &identity, "damaged");
    check(&bytes[..bytes.len() / 2], &identity, "another backup");
    check(&bytes, &scene.at("strange"), "made for others");
    check(b"PK\x03\x04", &identity, "no backup of this program");
    check(b"", &identity, "cut short");
    let keyless = run(&["restore", &file, "--data", &scene.at("back")]);
    refused(&keyless, 2, &["--identity"]);
}

#[test]
fn a_server_that_is_told_where_makes_its_backups_by_itself() {
    let scene = Scene::new();
    fs::create_dir(scene.path("backups")).expect("makes");
    let (folder, recipient) = (scene.at("backups"), scene.recipient());
    let config = format!("version = 1\n\n[backup]\nfolder = \"{folder}\"\nrecipients = [\"{recipient}\"]\n");
    fs::write(scene.path("dijkwacht.toml"), config).expect("writes");
    // What stands there was written on a day of its own, and nothing ran since.
    scene.done(&["forget", "--the-clock-is-right", "--data", &scene.at("data")]);
    let server = start_with(&["--config", &scene.at("dijkwacht.toml"), "--data", &scene.at("data")]).serves();
    let made = || {
        let entries = fs::read_dir(scene.path("backups")).expect("reads").map(|entry| entry.expect("reads").path());
        entries.filter(|path| path.extension().is_some_and(|kind| kind == "backup")).collect::<Vec<_>>()
    };
    wait_until("a backup is there", || !made().is_empty());
    wait_until("it is said", || server.said().contains("made and checked: 3 registers"));
    drop(server);
    let [file] = made().try_into().expect("one");
    let file = file.to_str().expect("a path");
    scene.done(&["backup", file, "--check", "--identity", &scene.at("key")]);
    // One that starts after it makes none: it is not due for a day.
    let again = start_with(&["--config", &scene.at("dijkwacht.toml"), "--data", &scene.at("data")]).serves();
    #[expect(clippy::disallowed_methods, reason = "gives a real server the time to do what it must not")]
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(made().len(), 1, "{}", again.said());
    assert!(!again.said().contains("warning:"), "{}", again.said());
}

#[test]
fn a_passphrase_locks_and_opens() {
    let scene = Scene::new();
    fs::write(scene.path("short"), "geheim\n").expect("writes");
    fs::write(scene.path("words"), "een lange zin die niemand raadt\n").expect("writes");
    fs::write(scene.path("marked"), "\u{feff}een lange zin die niemand raadt\r\n").expect("writes");
    let (file, data) = (scene.at("tuesday"), scene.at("data"));
    let short = run(&["backup", &file, "--passphrase-file", &scene.at("short"), "--data", &data]);
    refused(&short, 2, &["at least 16"]);
    scene.done(&["backup", &file, "--passphrase-file", &scene.at("words"), "--data", &data]);
    scene.done(&["restore", &file, "--passphrase-file", &scene.at("words"), "--data", &scene.at("back")]);
    // As an editor on Windows writes it.
    scene.done(&["backup", &file, "--check", "--passphrase-file", &scene.at("marked")]);
    assert!(scene.done(&["backup", "--help"]).stdout.contains("at least 16 characters"));
}

#[test]
fn a_register_that_does_not_verify_is_named_and_is_not_called_a_backup() {
    let scene = Scene::new();
    fs::write(scene.path("data/register.key"), [9; 32]).expect("writes");
    let ran = run(&["backup", &scene.at("x"), "--recipient", &scene.recipient(), "--data", &scene.at("data")]);
    assert_ne!(ran.code, 0);
    assert!(!scene.path("x").exists());
}

#[test]
fn a_drill_tells_what_came_back_and_is_remembered() {
    let scene = Scene::new();
    let file = scene.backup("monday");
    let drill = scene.done(&["restore-drill", &file, "--identity", &scene.at("key"), "--data", &scene.at("data")]);
    assert!(drill.stdout.contains("zorg-noord\t"), "{}", drill.stdout);
    assert!(drill.stderr.contains("restored in") && drill.stderr.contains("minutes old"), "{}", drill.stderr);
    scene.within(async |store| {
        let held = store.last_safety(app::SafetyKind::Drill).await.expect("reads").expect("a drill");
        assert!(held.is_sound && held.remark.starts_with("monday: "), "{held:?}");
        store.last_safety(app::SafetyKind::Backup).await.expect("reads").expect("a backup");
    });
    let elsewhere = scene.done(&["restore-drill", &file, "--identity", &scene.at("key"), "--data", &scene.at("none")]);
    assert!(elsewhere.stderr.contains("not remembered"), "{}", elsewhere.stderr);
}

#[test]
fn a_folder_that_may_not_be_written_is_named() {
    let scene = Scene::new();
    let nowhere = "/proc/self/monday";
    let ran = run(&["backup", nowhere, "--recipient", &scene.recipient(), "--data", &scene.at("data")]);
    refused(&ran, 2, &[nowhere, "rights"]);
    let file = scene.backup("monday");
    let ran = run(&["restore", &file, "--identity", &scene.at("key"), "--data", "/proc/self/back"]);
    refused(&ran, 2, &["/proc/self/back"]);
}

#[test]
fn a_folder_has_one_server_and_the_second_is_told_who_has_it() {
    let scene = Scene::new();
    let (data, there) = (scene.at("data"), scene.at("there"));
    let mut first = start_with(&["--data", &data]).serves();
    let holder = format!("process {} serves it on 127.0.0.1:0 since 20", first.id());
    let (code, said) = start_with(&["--data", &data]).ends();
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains(&holder) && said.contains("stop that one first"), "{said}");
    refused(&run(&["migrate", "--from", &data, "--to", &there]), 2, &[&holder]);
    assert!(!scene.path("there").exists());
    // Beside it everything else goes on.
    scene.done(&["organisation", "add", "--name", "Later", "--data", &data]);
    scene.backup("monday");
    first.kill();
    drop(start_with(&["--data", &data]).serves());
    scene.done(&["migrate", "--from", &data, "--to", &there]);
}

#[test]
fn where_it_listens_is_said_and_nothing_is_coloured_in_a_file() {
    let scene = Scene::new();
    let server = start_with(&["--data", &scene.at("data"), "--base-url", "https://dijkwacht.example"]);
    let line = server.says("serving ");
    assert!(line.starts_with("serving https://dijkwacht.example, listening on 127.0.0.1:"), "{line}");
    drop(server);
    let missing = run(&["backup", "/nope/x", "--unencrypted", "--data", &scene.at("data")]);
    refused(&missing, 2, &["cannot write /nope/x: there is no folder /nope; make it first"]);
    assert!(!missing.stderr.contains(".tmp"), "{}", missing.stderr);
}

#[test]
fn what_goes_wrong_is_logged_plainly_and_once() {
    let scene = Scene::new();
    let database = scene.path("data/dijkwacht.db");
    runtime().block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&database);
        let mut raw = sqlx::SqliteConnection::connect_with(&options).await.expect("opens");
        let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'there is no room'); END";
        sqlx::raw_sql(refuse).execute(&mut raw).await.expect("makes");
    });
    let server = start_with(&["--data", &scene.at("data")]).serves();
    wait_until("it is logged", || server.said().contains("it failed, and is tried again"));
    let said = server.said();
    let line = said.lines().find(|line| line.contains("it failed")).expect("a line");
    assert!(!line.contains('\u{1b}'), "{line:?}");
    assert_eq!(line.matches("there is no room").count(), 1, "{line}");
}
