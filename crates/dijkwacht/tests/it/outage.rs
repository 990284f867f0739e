//! PostgreSQL goes away and comes back: the pages say so, nothing is lost, and nobody has to restart anything.
//!
//! The cluster is this test's own, started and stopped by the script that starts the one of all tests.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::browser::Browser;
use crate::servers::{HOME, report_path, set_up};
use crate::serving::start;

/// A server of PostgreSQL that does what it is told.
struct Cluster {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    address: String,
}

/// Does each line it reads and answers with a line; takes everything away when nobody is left to tell it anything.
const OBEY: &str = "
    cd \"$1\"; . scripts/common.sh; . scripts/postgres.sh
    trap stop_postgres EXIT
    unset DIJKWACHT_TEST_POSTGRES
    start_postgres
    echo \"$DIJKWACHT_TEST_POSTGRES\"
    while read -r order; do $order >&2; echo done; done";

impl Cluster {
    fn start() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut child = Command::new("bash")
            .args(["-c", OBEY, "cluster"])
            .arg(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash starts");
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut cluster = Self { child, orders, answers, address: String::new() };
        cluster.address = cluster.answer();
        assert!(cluster.address.starts_with("postgres://"), "no cluster: {:?}", cluster.address);
        cluster
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        line.trim_end().to_owned()
    }

    fn obey(&mut self, order: &str) {
        writeln!(self.orders.as_mut().expect("somebody listens"), "{order}").expect("it listens");
        assert_eq!(self.answer(), "done", "{order}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.child.wait();
    }
}

#[test]
fn a_database_that_goes_away_and_comes_back_is_waited_for() {
    #[expect(clippy::disallowed_methods, reason = "where there is no server for tests, none is started here either")]
    let is_wanted = std::env::var_os("DIJKWACHT_TEST_POSTGRES").is_some_and(|address| !address.is_empty());
    if !is_wanted {
        println!("skipped: no PostgreSQL (DIJKWACHT_TEST_POSTGRES is not set)");
        return;
    }
    let mut cluster = Cluster::start();
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("register.key");

    // Started before its database is there.
    cluster.obey("halt_postgres");
    let starting = start(&cluster.address, &key);
    let said = starting.says("waiting for the database at postgres://127.0.0.1");
    assert!(said.contains("refused"), "it says not why: {said}");
    cluster.obey("resume_postgres");
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
        cluster.obey("halt_postgres");
        let refused = writing.join().expect("nobody panicked");
        acknowledged.extend(acknowledgements.try_iter());
        assert_eq!(refused.status, 503, "{}", refused.html);
        for told in ["Wat eerder bewaard was, is veilig", "is misschien niet bewaard", "value=\"notitie-"] {
            assert!(refused.html.contains(told), "{told}: {}", refused.html);
        }

        // Who reads is told so too, in a time that somebody waits; what needs no data is there.
        let page = browser.get(at, HOME).expect("an answer");
        assert_eq!(page.status, 503, "{}", page.html);
        assert!(page.html.contains("Wat eerder bewaard was, is veilig"), "{}", page.html);
        assert_eq!(Browser::default().get(at, "/hulp").expect("an answer").status, 200);

        cluster.obey("resume_postgres");
        let page = browser.get(at, &timeline).expect("an answer");
        assert_eq!(page.status, 200, "it does not recover by itself: {}", page.html);
        for note in &acknowledged {
            assert_eq!(page.html.matches(note.as_str()).count(), 1, "{note}");
        }
    }
    assert!(!server.said().contains("panicked"), "{}", server.said());
}
