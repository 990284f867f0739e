//! PostgreSQL goes away and comes back: the pages say so, nothing is lost, and nobody has to restart anything.
//!
//! The cluster is this test's own, started and stopped by the script that starts the one of all tests.

use std::sync::mpsc;
use std::thread;

use torture::{Browser, Cluster};

use crate::servers::{HOME, report_path, set_up};
use crate::serving::start;

#[test]
fn a_database_that_goes_away_and_comes_back_is_waited_for() {
    #[expect(clippy::disallowed_methods, reason = "where there is no server for tests, none is started here either")]
    let is_wanted = std::env::var_os("DIJKWACHT_TEST_POSTGRES").is_some_and(|address| !address.is_empty());
    if !is_wanted {
        println!("skipped: no PostgreSQL (DIJKWACHT_TEST_POSTGRES is not set)");
        return;
    }
    let mut cluster = Cluster::start(None).expect("a cluster");
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("register.key");

    // Started before its database is there.
    cluster.obey("halt_postgres").expect("it obeys");
    let starting = start(cluster.address(), &key);
    let said = starting.says("waiting for the database at postgres://127.0.0.1");
    assert!(said.contains("refused"), "it says not why: {said}");
    cluster.obey("resume_postgres").expect("it obeys");
    let server = starting.serves();
    let token = server.set_up.clone().expect("a link");
    let mut browser = set_up(server.address, &token);
    let report = report_path(&mut browser, server.address);
    let at = server.address;
    assert_eq!(browser.post(at, &report, &[("what", "Laptop kwijt")]).expect("an answer").status, 303);
    let timeline = format!("{HOME}/incidenten/1/tijdlijn");

    let mut acknowledged = Vec::new();
    for round in 0..3 {
        // The cluster stops as if its machine had lost its power, while somebody writes.
        let (acknowledge, acknowledgements) = mpsc::channel();
        let writing = thread::spawn({
            let (mut browser, timeline) = (browser.clone(), timeline.clone());
            move || {
                for number in 0.. {
                    let note = format!("notitie-{round}-{number}.");
                    match browser.post(at, &timeline, &[("notitie", &note)]).expect("an answer") {
                        answer if answer.status == 303 => acknowledge.send(note).expect("somebody listens"),
                        refused => return refused,
                    }
                }
                unreachable!("nobody stops by themselves")
            }
        });
        acknowledged.extend(acknowledgements.iter().take(5));
        cluster.obey("halt_postgres").expect("it obeys");
        let refused = writing.join().expect("nobody panicked");
        acknowledged.extend(acknowledgements.try_iter());
        assert_eq!(refused.status, 503, "{}", refused.html);
        // Nobody waits twice for what is away, and help needs nothing of it.
        for (path, status) in [("/hulp", 200), ("/over", 200), (HOME, 503)] {
            #[expect(clippy::disallowed_methods, reason = "how long people wait is what is measured")]
            let began = std::time::Instant::now();
            let answer = browser.get(at, path).expect("an answer");
            assert_eq!(answer.status, status, "{path}: {}", answer.html);
            assert!(began.elapsed().as_secs() < 9, "{path}: {:?}", began.elapsed());
        }
        for told in ["Wat eerder bewaard was, is veilig", "is misschien niet bewaard", "value=\"notitie-"] {
            assert!(refused.html.contains(told), "{told}: {}", refused.html);
        }

        // Who reads is told so too, in a time that somebody waits; what needs no data is there.
        let page = browser.get(at, HOME).expect("an answer");
        assert_eq!(page.status, 503, "{}", page.html);
        assert!(page.html.contains("Wat eerder bewaard was, is veilig"), "{}", page.html);
        assert_eq!(Browser::default().get(at, "/hulp").expect("an answer").status, 200);

        cluster.obey("resume_postgres").expect("it obeys");
        let page = browser.get(at, &timeline).expect("an answer");
        assert_eq!(page.status, 200, "it does not recover by itself: {}", page.html);
        for note in &acknowledged {
            assert_eq!(page.html.matches(note.as_str()).count(), 1, "{note}");
        }
    }
    assert!(!server.said().contains("panicked"), "{}", server.said());
}
