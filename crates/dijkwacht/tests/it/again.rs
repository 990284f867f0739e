//! What was erased after a backup, when that backup is restored: erased again, by every list there is, before anything opens
//! what came back.

use std::fs;
use std::ops::RangeInclusive;
use std::sync::Arc;

use store_conformance::{Bench, Throwaway};

use crate::program::run;
use crate::safekeeping::{Keys, Scene, refused, runtime};
use crate::serving::start_with;

/// Erases what was reported of some incidents; the list that says so.
pub(crate) fn erased(scene: &Scene, numbers: RangeInclusive<u64>) -> String {
    let key = scene.key();
    scene.within(async |store| {
        let mut bench = Bench::new(store).with_law();
        bench.app.signer = Arc::new(Keys(key));
        let scope = bench.app.permit_program("zorg-noord").await.expect("it is there");
        for number in numbers {
            let incident = bench.app.incident(&scope, number).await.expect("it is there");
            let opened = incident.timeline[0].index.expect("it has a place");
            let (seen, words) = (incident.timeline.len() as u64, Some("Een laptop is weg.".to_owned()));
            let (ground, why) = (incident::ErasureGround::Request, "op verzoek".to_owned());
            let now = store_conformance::bench::NOW;
            let done = bench.app.erase_entries(&scope, number, seen, ground, why, vec![(opened, words)], now).await;
            done.expect("erases");
        }
    });
    // What stands there was written on a day of its own, and nothing ran since.
    scene.done(&["forget", "--the-clock-is-right", "--data", &scene.at("data")]);
    scene.at("data/erasures.list")
}

/// A list that is one, and says nothing of what is in any backup here.
fn of_others(scene: &Scene) -> String {
    let line = format!(
        "0197a3c0-0000-7000-8000-000000000001 0197a3c0-0000-7000-8000-000000000002 0 {} 2026-01-01T00:00:00Z entry\n",
        "00".repeat(32)
    );
    fs::write(scene.path("others.list"), line).expect("writes");
    scene.at("others.list")
}

fn is_marked_until_it_forgot_again(scene: &Scene, folder: &str, database: Option<&str>) {
    let (file, identity, data) = (scene.at("monday"), scene.at("key"), scene.at(folder));
    let mut place = vec!["--data", data.as_str()];
    place.extend(database.iter().flat_map(|address| ["--database", address]));
    let restore = |list: &str| {
        [&["restore", &file, "--identity", &identity, "--erasures", list], place.as_slice()]
            .concat()
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    let ran = |list: &str| run(&restore(list).iter().map(String::as_str).collect::<Vec<_>>());
    let list = scene.at("data/erasures.list");
    // Where its own list should come a folder stands, so that it stops between the erasing and the end: at first with
    // nothing erased yet, then with everything.
    let own = scene.path(folder).join("erasures.list");
    fs::create_dir_all(&own).expect("makes");
    for list in [of_others(scene), list.clone()] {
        refused(&ran(&list), 2, &["nothing opens it yet", "the same command again", "erasures.list"]);
        for verb in [&["organisation", "list"][..], &["forget"], &["forget", "--again", &list]] {
            refused(&run(&[verb, place.as_slice()].concat()), 2, &["is not whole"]);
        }
        let (code, said) = start_with(&place).ends();
        assert!(code == Some(2) && said.contains("is not whole"), "{code:?}: {said}");
    }
    fs::remove_dir(&own).expect("removes");
    let ended = ran(&list);
    assert!(ended.code == 0 && ended.stderr.contains("restored into"), "{}", ended.stderr);
    let again = scene.done(&[&["forget", "--again", &list], place.as_slice()].concat());
    assert!(again.stderr.contains("3 entries on the list, 0 erased again"), "{}", again.stderr);
    refused(&ran(&list), 2, &["holds something already"]);
}

#[test]
fn a_restore_that_stops_around_the_erasing_is_marked_and_goes_on() {
    let scene = Scene::new();
    scene.backup("monday");
    erased(&scene, 1..=3);
    is_marked_until_it_forgot_again(&scene, "back", None);
    let Some(database) = runtime().block_on(Throwaway::new()) else { return };
    is_marked_until_it_forgot_again(&scene, "beside", Some(database.address()));
}

#[test]
fn every_list_of_erasures_there_is_counts() {
    let scene = Scene::new();
    fs::create_dir(scene.path("backups")).expect("makes");
    let file = scene.backup("backups/monday");
    let all = fs::read_to_string(erased(&scene, 1..=3)).expect("reads");
    let lines: Vec<_> = all.lines().collect();
    // An old copy in the folder that is restored into, another beside the backup, and one that is given; one line in two.
    fs::create_dir(scene.path("back")).expect("makes");
    let lists = [("given.list", vec![lines[0]]), ("back/erasures.list", vec![lines[1]])];
    for (name, lines) in lists.into_iter().chain([("backups/erasures.list", vec![lines[1], lines[2]])]) {
        fs::write(scene.path(name), lines.join("\n") + "\n").expect("writes");
    }
    let (identity, back, given) = (scene.at("key"), scene.at("back"), scene.at("given.list"));
    // What is given stands beside the backup as well here, and is named once.
    let beside = scene.at("backups/erasures.list");
    let restore =
        ["restore", &file, "--identity", &identity, "--data", &back, "--erasures", &given, "--erasures", &beside];
    let said = scene.done(&restore).stderr;
    assert!(said.contains("3 entries on the list, 3 erased again"), "{said}");
    for name in ["given.list", "back/erasures.list", "backups/erasures.list"] {
        assert_eq!(said.matches(&scene.at(name)).count(), 1, "{name}: {said}");
    }
}
