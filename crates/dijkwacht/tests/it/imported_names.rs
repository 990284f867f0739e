//! A name in a register that was taken over, erased from its row: the export verifies, and an older backup forgets it again.

use std::fs;
use std::sync::Arc;

use store_conformance::Bench;
use store_conformance::bench::NOW;

use crate::safekeeping::{Keys, Scene};

#[test]
fn a_row_without_a_name_verifies_and_a_restored_backup_forgets_the_name_again() {
    let scene = Scene::new();
    let (data, identity) = (scene.at("data"), scene.at("key"));
    let register = "Nr;Omschrijving;Behandelaar\n1;Mail verkeerd;Truus de Groot\n2;Laptop kwijt;Bas\n";
    fs::write(scene.path("oud.csv"), register).expect("writes");
    scene.done(&["import", &scene.at("oud.csv"), "--organisation", "leeg", "--data", &data]);
    let file = scene.backup("monday");
    let key = scene.key();
    scene.within(async |store| {
        let mut bench = Bench::new(store).with_law();
        bench.app.signer = Arc::new(Keys(key));
        let scope = bench.app.permit_program("leeg").await.expect("it is there");
        let incident = bench.app.incident(&scope, 1).await.expect("it is there");
        let opened = incident.timeline[0].index.expect("it has a place");
        let lines = incident.imported().expect("it was taken over").as_lines();
        let words = Some(lines.replace("Behandelaar: Truus de Groot\n", ""));
        let (seen, ground) = (incident.timeline.len() as u64, incident::ErasureGround::Request);
        let entries = vec![(opened, words)];
        let erased = bench.app.erase_entries(&scope, 1, seen, ground, "op verzoek".into(), entries, NOW);
        erased.await.expect("erases");
    });
    scene.done(&["forget", "--the-clock-is-right", "--data", &data]);
    let verified = |data: &str| {
        let zip = format!("{data}.zip");
        scene.done(&["export", "--organisation", "leeg", "--out", &zip, "--data", data]);
        let said = scene.done(&["verify", &zip]).stdout;
        assert!(said.contains("gewist: 0 (waarom staat in 2)"), "{said}");
        let csv = format!("{data}.csv");
        let export = ["export", "--organisation", "leeg", "--format", "csv", "--out", &csv, "--data", data];
        scene.done(&export);
        let held = |word: &str| {
            let holds =
                |path: &str| fs::read(path).expect("reads").windows(word.len()).any(|some| some == word.as_bytes());
            holds(&zip) || holds(&csv) || holds(&format!("{data}/dijkwacht.db"))
        };
        (held("Truus"), held("Mail verkeerd"), held("Laptop kwijt"))
    };
    assert_eq!(verified(&data), (false, true, true));
    let (list, back) = (scene.at("data/erasures.list"), scene.at("back"));
    scene.done(&["restore", &file, "--identity", &identity, "--data", &back, "--erasures", &list]);
    // What was written in its place came after the backup, and is gone with it.
    assert_eq!(verified(&back), (false, false, true));
}
