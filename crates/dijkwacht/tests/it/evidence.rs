//! `evidence check` and `put-back` on a data folder, and what a damaged file keeps from being done.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use app::{EvidenceLimits, Report};
use sha2::{Digest, Sha256};
use store_conformance::Bench;
use store_conformance::bench::NOW;

use crate::program::run;
use crate::safekeeping::{Keys, Scene};

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
fn stored(scene: &Scene) -> PathBuf {
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
        bench.app.add_evidence(&scope, number, vec![file], "", "upload", NOW).await.expect("adds");
    });
    let name: String = Sha256::digest(WHOLE).iter().map(|byte| format!("{byte:02x}")).collect();
    let blobs = fs::read_dir(scene.path("data/blobs")).expect("reads");
    let places = blobs.map(|entry| entry.expect("reads").path().join(&name));
    places.into_iter().find(|place| place.exists()).expect("it is stored")
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
        scene.done(&["backup", &to, "--check", "--identity", &scene.at("key")]);
        fs::remove_file(&to).expect("removes");

        fs::write(&copy, b"something else").expect("writes");
        assert_eq!(run(&["evidence", "put-back", &copy, "--data", &data]).code, 1);
        fs::write(&copy, WHOLE).expect("writes");
        let back = scene.done(&["evidence", "put-back", &copy, "--data", &data]);
        assert!(back.stderr.contains("put back: incident 1 of leeg"), "{}", back.stderr);
        assert_eq!(run(&["evidence", "put-back", &copy, "--data", &data]).code, 1, "it is wanted no more");
        assert_eq!(fs::read(&place).expect("reads"), WHOLE);
        scene.done(&["evidence", "check", "--organisation", "leeg", "--data", &data]);
    }
    damage();
    scene.done(&[&moved[..], &["--without-damaged"]].concat());
}
