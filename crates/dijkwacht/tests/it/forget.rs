//! `dijkwacht forget`: nothing to erase, and lists that are not what they should be.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use store_conformance::Bench;
use store_conformance::forgetting::{ran_until, report_and_close, stuck, was_done};

use crate::exim::wait_until;
use crate::program::run;
use crate::safekeeping::{Keys, Scene};
use crate::serving::start_with;

/// Long enough ago that every term has ended, and under the law of today.
fn long_ago() -> Timestamp {
    "2019-02-04T09:00:00Z".parse().expect("a moment")
}

#[test]
fn where_nothing_ended_nothing_is_erased_and_a_bad_list_is_named_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let data = data.to_str().expect("a path");
    assert_eq!(run(&["organisation", "add", "--name", "Bakkerij Jansen", "--data", data]).code, 0);
    for arguments in [&["forget", "--dry-run"][..], &["forget"], &["forget", "--organisation", "bakkerij-jansen"]] {
        let ran = run(&[arguments, &["--data", data]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{arguments:?}: {}", ran.stderr);
    }
    let unknown = run(&["forget", "--organisation", "bestaat-niet", "--data", data]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("there is no organisation `bestaat-niet`"), "{}", unknown.stderr);

    let list = folder.path().join("erasures.list");
    let path = list.to_str().expect("a path");
    assert_eq!(run(&["forget", "--again", path, "--data", data]).code, 2, "a list that is not there");
    let id = "0197a3c0-0000-7000-8000-000000000001";
    let good = format!("{id} {id} 3 {} 2026-11-22T01:10:00Z whole", "ab".repeat(32));
    fs::write(&list, format!("{good}\nniet zo\n\n{good} meer\n\u{fffd}\n").as_bytes()).expect("writes");
    let ran = run(&["forget", "--again", path, "--data", data]);
    assert_eq!(ran.code, 1, "what a line would have erased may be there: {}", ran.stderr);
    for said in [
        "line 2: not a line of a list of erasures",
        "line 4:",
        "line 5:",
        "1 entry on the list, 0 erased again",
        "3 lines of the list could not be read, and what was erased by that may be there again",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    for none in ["", "\n\n", "naam;adres\n1;2\n", &good[..good.len() / 2]] {
        fs::write(&list, none).expect("writes");
        let ran = run(&["forget", "--again", path, "--data", data]);
        assert_eq!(ran.code, 2, "{none:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("holds no line of a list of erasures"), "{none:?}: {}", ran.stderr);
    }
}

#[test]
fn what_cannot_be_erased_is_named_by_the_verb_the_list_and_the_server_and_keeps_none_of_the_others() {
    let scene = Scene::new();
    let (data, key) = (scene.at("data"), scene.key());
    let mut mark = String::new();
    let mut numbers = [0, 0];
    scene.within(async |store| {
        let mut bench = Bench::new(store).with_law();
        bench.app.signer = Arc::new(Keys(key));
        // Past the ids that filling the store took from the same chance.
        for _ in 0..500 {
            let _ = bench.new_incident();
        }
        let scope = bench.app.permit_program("leeg").await.expect("it is there");
        let id = stuck(&bench, &scope, 1, long_ago()).await;
        let entry = bench.store.history(&scope, id).await.expect("reads").remove(0);
        let commitment: String = entry.commitment.iter().map(|byte| format!("{byte:02x}")).collect();
        mark = format!("{} {id} {} {commitment} 2026-11-22T01:10:00Z whole\n", scope.id(), entry.index);
        for number in &mut numbers {
            *number = report_and_close(&bench, &scope, "Laptop weg", long_ago() + SignedDuration::from_hours(24)).await;
        }
    });
    // Nothing was recorded since: the clock seems to have leapt, and nothing is erased, by whoever asks.
    let dry = run(&["forget", "--dry-run", "--data", &data]);
    assert_eq!((dry.code, dry.stdout.lines().count()), (1, 2), "{}", dry.stderr);
    let waits = run(&["forget", "--data", &data]);
    assert_eq!((waits.code, waits.stdout.as_str()), (1, ""), "{}", waits.stderr);
    for ran in [&dry, &waits] {
        let told = ran.stderr.contains("nothing ran here since 20") && ran.stderr.contains("--the-clock-is-right");
        assert!(told, "{}", ran.stderr);
    }
    let server = start_with(&["--data", &data]).serves();
    wait_until("the server says so", || server.said().contains("it failed, and is tried again"));
    assert!(server.said().matches("nothing is erased: the clock says").count() >= 2, "{}", server.said());
    drop(server);
    assert_eq!(run(&["forget", "--data", &data]).code, 1, "nor after a server ran with that clock");
    // It is right: what ended is announced first.
    let right = run(&["forget", "--the-clock-is-right", "--data", &data]);
    // One of them cannot be read, whatever the clock says.
    assert_eq!((right.code, right.stdout.as_str()), (1, ""), "{}", right.stderr);
    assert!(right.stderr.contains("announced for thirty days from now"), "{}", right.stderr);
    // And thirty days later it is erased.
    scene.within(async |store| {
        let app = Bench::new(store).app;
        let announced = crate::safekeeping::now() - SignedDuration::from_hours(31 * 24);
        was_done(&app, "clock confirmed", announced).await;
        ran_until(&app, crate::safekeeping::now()).await;
        was_done(&app, "forgetting", announced).await;
    });
    // A line from a clock that stood ahead, which once hid every later one that bore an earlier moment.
    let own = scene.path("data/erasures.list");
    fs::write(&own, mark.replace("2026-11-22", "2099-11-22")).expect("writes");
    let dry = run(&["forget", "--dry-run", "--data", &data]);
    let expected = numbers.map(|number| format!("leeg\t{number}\n")).concat();
    assert_eq!((dry.code, dry.stdout.as_str()), (1, expected.as_str()), "{}", dry.stderr);
    let erased = run(&["forget", "--data", &data]);
    assert_eq!((erased.code, erased.stdout), (1, expected), "{}", erased.stderr);
    for said in
        ["leeg, incident 1: not erased: ", "1 incident could not be erased, for the reasons above; all others were"]
    {
        assert!(erased.stderr.contains(said), "{said}: {}", erased.stderr);
    }

    let listed = fs::read_to_string(&own).expect("reads");
    let incidents: BTreeSet<_> = listed.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(incidents.len(), 3, "both that were erased are on the list: {listed}");
    assert_eq!(run(&["forget", "--data", &data]).code, 1);
    assert_eq!(fs::read_to_string(&own).expect("reads"), listed, "and once each");

    let list = scene.path("again.list");
    fs::write(&list, format!("{mark}niet zo\n")).expect("writes");
    let again = run(&["forget", "--again", list.to_str().expect("a path"), "--data", &data]);
    assert_eq!(again.code, 1, "{}", again.stderr);
    for said in [
        "line 2: ",
        ": not erased: ",
        "1 incident could not be erased, for the reasons above, and 1 line of the list could not be read",
    ] {
        assert!(again.stderr.contains(said), "{said}: {}", again.stderr);
    }

    let server = start_with(&["--data", &data]).serves();
    wait_until("the server says so too", || server.said().contains("whose term ended could not be erased"));
    let said = server.said();
    let line = said.lines().find(|line| line.contains("could not be erased")).expect("a line");
    assert!(line.contains("organisation=\"leeg\" number=1 error="), "{line}");
}
