//! `evidence check` and `put-back` on a data folder, and what a damaged file keeps from being done.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::{EvidenceLimits, Report};
use sha2::{Digest, Sha256};
use store_conformance::Bench;
use store_conformance::bench::NOW;
use store_conformance::forgetting::ran_until;

use crate::exim::wait_until;
use crate::program::run;
use crate::safekeeping::{Keys, Scene};
use crate::serving::start_with;

#[test]
fn what_is_stored_without_an_incident_is_named_and_erased_only_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let made = run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", data]);
    let id = made.stdout.split('\t').nth(1).expect("an id").to_owned();
    let name: String = Sha256::digest(b"half an upload").iter().map(|byte| format!("{byte:02x}")).collect();
    let own = folder.path().join("blobs").join(id);
    fs::create_dir_all(&own).expect("makes");
    fs::write(own.join(&name), b"half an upload").expect("writes");

    let check = ["evidence", "check", "--data", data];
    let ran = run(&check);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("0 damaged, 0 missing, 1 of no incident"), "{}", ran.stdout);
    assert!(ran.stdout.contains(&name) && own.join(&name).exists());
    let ran = run(&[&check[..], &["--organisation", "bakkerij-jansen", "--erase-extra", "--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!((&json["sound"], &json["erased"], &json["extra"][0]), (&true.into(), &1.into(), &name.clone().into()));
    assert!(!own.join(&name).exists());
    assert_eq!(run(&[&check[..], &["--organisation", "nergens"]].concat()).code, 2);
}

/// A file of an incident, and where it lies.
pub(crate) fn stored(scene: &Scene) -> PathBuf {
    let key = scene.key();
    scene.within(async |store| {
        let mut bench = Bench::new(store).with_law();
        bench.app.signer = Arc::new(Keys(key));
        // Past the ids that filling the store took from the same chance.
        for _ in 0..500 {
            let _ = bench.new_incident();
        }
        let scope = bench.app.permit_program("leeg").await.expect("it is there");
        let report = Report { what: "Laptop weg".to_owned(), ..Report::default() };
        let number = bench.app.report(&scope, report, NOW).await.expect("reports").number;
        let incident = bench.app.incident(&scope, number).await.expect("reads");
        let limits = EvidenceLimits::default();
        let upload = bench.app.begin_evidence(&scope, &incident, &[], "foto.txt", limits).await;
        let mut upload = upload.expect("begins");
        upload.write(WHOLE).await.expect("writes");
        let file = upload.finish("foto.txt").await.expect("is whole");
        bench
            .app
            .add_evidence(&scope, number, vec![file], ("", "upload"), app::EvidenceLimits::default(), NOW)
            .await
            .expect("adds");
        // It was served until now: the clock is believed.
        ran_until(&bench.app, crate::safekeeping::now()).await;
    });
    let name: String = Sha256::digest(WHOLE).iter().map(|byte| format!("{byte:02x}")).collect();
    let blobs = fs::read_dir(scene.path("data/blobs")).expect("reads");
    let places = blobs.map(|entry| entry.expect("reads").path().join(&name));
    places.into_iter().find(|place| place.exists()).expect("it is stored")
}

/// The server's own backups go on without a file that is damaged, and keep the older ones, of which one may have it.
#[test]
fn scheduled_backups_leave_a_damaged_file_out_say_so_and_delete_no_older_one() {
    for is_damaged in [true, false] {
        let scene = Scene::new();
        let place = stored(&scene);
        let (folder, data, identity) = (scene.at("backups"), scene.at("data"), scene.at("key"));
        fs::create_dir(&folder).expect("makes");
        let old = ["20200101T000000Z", "20200201T000000Z"].map(|moment| format!("{folder}/dijkwacht-{moment}.backup"));
        old.iter().for_each(|old| fs::write(old, "an older backup").expect("writes"));
        if is_damaged {
            fs::write(&place, b"what the screen sai!").expect("writes");
        }
        let recipient = scene.recipient();
        let config = format!("version = 1\n\n[backup]\nfolder = \"{folder}\"\nrecipients = [\"{recipient}\"]\n");
        fs::write(scene.path("dijkwacht.toml"), config).expect("writes");
        let server = start_with(&["--config", &scene.at("dijkwacht.toml"), "--data", &data]).serves();
        wait_until("a backup is made", || server.said().contains("made and checked: "));
        let said = server.said();
        let line = said.lines().find(|line| line.contains("made and checked: ")).expect("a line");
        let telling =
            ["NOT WHOLE: 1 stored file damaged or gone", "foto.txt", "incident 1 of leeg", "evidence put-back"];
        for words in telling.iter().chain(&["no old backup is deleted meanwhile"]) {
            assert_eq!(line.contains(words), is_damaged, "{words}: {line}");
        }
        assert_eq!(line.contains("2 old ones deleted"), !is_damaged, "{line}");
        assert!(old.iter().all(|old| fs::exists(old).expect("looks") == is_damaged), "{line}");
        drop(server);

        // What was made is a good backup of everything else, and who looks is told that it is not all.
        let made = fs::read_dir(&folder).expect("reads").map(|entry| entry.expect("reads").path());
        let [made] = made
            .filter(|made| !old.iter().any(|old| made == Path::new(old)))
            .collect::<Vec<_>>()
            .try_into()
            .expect("one");
        let made = made.to_str().expect("a path");
        let checked = run(&["backup", made, "--check", "--identity", &identity]);
        assert_eq!(checked.code, i32::from(is_damaged), "{}", checked.stderr);
        assert_eq!(checked.stderr.contains("is a good backup"), !is_damaged, "{}", checked.stderr);
        let files = if is_damaged { "6 files" } else { "7 files" };
        assert!(checked.stderr.contains(files), "{files}: {}", checked.stderr);
        scene.within(async |store| {
            let noted = store.last_safety(app::SafetyKind::Backup).await.expect("reads").expect("a backup");
            assert_eq!((noted.is_sound, noted.remark.contains("not whole")), (!is_damaged, is_damaged), "{noted:?}");
        });
    }
}

/// How often it stands on the timeline of the incident that has the file.
fn put_right_by_the_program(scene: &Scene) -> usize {
    let count = AtomicUsize::new(0);
    scene.within(async |store| {
        let bench = Bench::new(store).with_law();
        let scope = bench.app.permit_program("leeg").await.expect("it is there");
        let incident = bench.app.incident(&scope, 1).await.expect("reads");
        let is_it = |one: &&incident::Stamped| {
            matches!(one.event, incident::Event::Custody(incident::Custody::PutRight { .. }))
                && one.by == incident::Actor::Program
        };
        count.store(incident.timeline.iter().filter(is_it).count(), Ordering::Relaxed);
    });
    count.into_inner()
}

const WHOLE: &[u8] = b"what the screen said";

#[test]
fn one_file_that_is_damaged_or_gone_stops_no_backup_and_comes_back() {
    let scene = Scene::new();
    let place = stored(&scene);
    let (data, to, copy) = (scene.at("data"), scene.at("monday"), scene.at("copy"));
    let recipient = scene.recipient();
    let backup = ["backup", &to, "--recipient", &recipient, "--data", &data];
    let moved = ["migrate", "--from", &data, "--to", &scene.at("there")];
    let named = ["1 stored file damaged or gone", "incident 1 of leeg", "foto.txt", "evidence put-back"];
    let damage = || fs::write(&place, b"what the screen sai!").expect("writes");
    let lose = || fs::remove_file(&place).expect("removes");
    let mut put_back = 0;
    for spoil in [&damage as &dyn Fn(), &lose] {
        spoil();
        for verb in [&backup[..], &moved] {
            let refused = run(verb);
            assert_eq!(refused.code, 1, "{}", refused.stderr);
            for said in named.iter().chain(&["--without-damaged"]) {
                assert!(refused.stderr.contains(said), "{said}: {}", refused.stderr);
            }
        }
        assert!(!scene.path("monday").exists());
        let without = run(&[&backup[..], &["--without-damaged"]].concat());
        assert_eq!(without.code, 1, "{}", without.stderr);
        assert!(named.iter().all(|said| without.stderr.contains(said)), "{}", without.stderr);
        // Whoever looks at it later, or restores it, is told what it lacks, by name.
        let (key, back) = (scene.at("key"), scene.at("back"));
        let own = ["--data", data.as_str()];
        for verb in [
            &["backup", &to, "--check", "--identity", &key][..],
            &[&["restore-drill", &to, "--identity", &key][..], &own].concat(),
            &["restore", &to, "--identity", &key, "--data", &back],
        ] {
            let lacking = run(verb);
            assert_eq!(lacking.code, 1, "{verb:?}: {}", lacking.stderr);
            for said in named.iter().chain(&["not whole: the backup was made without"]) {
                assert!(lacking.stderr.contains(said), "{verb:?}, {said}: {}", lacking.stderr);
            }
            assert!(!lacking.stderr.contains("is a good backup"), "{verb:?}: {}", lacking.stderr);
        }
        scene.within(async |store| {
            let noted = store.last_safety(app::SafetyKind::Drill).await.expect("reads").expect("a drill");
            assert!(!noted.is_sound && noted.remark.contains("not whole"), "{noted:?}");
        });
        // All else is there, and is served.
        scene.done(&["organisation", "list", "--data", &back]);
        fs::remove_dir_all(&back).expect("removes");
        fs::remove_file(&to).expect("removes");

        fs::write(&copy, b"something else").expect("writes");
        assert_eq!(run(&["evidence", "put-back", &copy, "--data", &data]).code, 1);
        fs::write(&copy, WHOLE).expect("writes");
        let back = scene.done(&["evidence", "put-back", &copy, "--data", &data]);
        assert!(back.stderr.contains("put back: incident 1 of leeg"), "{}", back.stderr);
        assert_eq!(run(&["evidence", "put-back", &copy, "--data", &data]).code, 1, "it is wanted no more");
        assert_eq!(fs::read(&place).expect("reads"), WHOLE);
        put_back += 1;
        assert_eq!(put_right_by_the_program(&scene), put_back, "it is on file, once each time");
        scene.done(&["evidence", "check", "--organisation", "leeg", "--data", &data]);
    }
    damage();
    scene.done(&[&moved[..], &["--without-damaged"]].concat());
}
