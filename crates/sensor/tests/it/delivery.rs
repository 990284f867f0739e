//! From the spool to the server, whatever the server does.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use contract::sensor::{Enrol, Exception, Settings};
use sensor::courier::{Courier, Next, Say};
use sensor::server::{Contact, EnrolError, Server as Remote};
use sensor::spool::{Class, Spool};
use sensor::state::StateFolder;
use tempfile::TempDir;

use crate::server::{SECRET, Seen, Server, TOKEN, Whim};

struct Office {
    _folder: TempDir,
    courier: Courier,
    said: Arc<Mutex<Vec<String>>>,
}

impl Office {
    fn new(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(folder.path()).unwrap();
        let spool = Arc::new(Mutex::new(Spool::open(&state.spool(), 1 << 20).unwrap()));
        let said = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&said);
        let say: Say = Arc::new(move |text: &facts::Text| log.lock().unwrap().push(text.en.clone().into_owned()));
        let contact = Contact { url: url.to_owned(), ..Contact::default() };
        let remote = Remote::new(&contact).unwrap();
        let courier = Courier::new(remote, SECRET.into(), spool, Arc::default(), state, say);
        Self { _folder: folder, courier, said }
    }

    fn put(&self, ids: &[&str]) {
        let lines: Vec<_> = ids.iter().map(|id| case(id)).collect();
        self.courier.spool.lock().unwrap().put(Class::Findings, &lines).unwrap();
    }

    fn waiting(&self) -> u64 {
        self.courier.spool.lock().unwrap().lines()
    }

    /// Turns until there is nothing to do at once.
    fn turn(&mut self) -> Next {
        loop {
            match self.courier.turn() {
                Next::Again => {}
                next => return next,
            }
        }
    }

    fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }
}

fn case(id: &str) -> String {
    format!(
        r#"{{"type":"case","id":"{id}","host":{{"ip":"10.0.0.5","mac":null,"name":null}},"severity":"high","detections":[],"summary":{{"nl":"Besmet.","en":"Infected."}},"proposed_facts":{{}}}}"#
    )
}

fn order(seen: &Mutex<Seen>) -> Vec<String> {
    seen.lock().unwrap().order.clone()
}

#[test]
fn what_waits_is_sent_in_its_order_and_leaves_the_spool() {
    let server = Server::start();
    let mut office = Office::new(&server.url());
    office.put(&["1", "2"]);
    office.put(&["3"]);
    assert_eq!(office.turn(), Next::Idle);
    assert_eq!(order(&server.seen), ["1", "2", "3"]);
    assert_eq!((office.waiting(), office.said().len()), (0, 0));
}

#[test]
fn after_an_outage_everything_is_sent_the_oldest_first_and_once() {
    let server = Server::start();
    let (url, seen) = (server.url(), Arc::clone(&server.seen));
    let address = url.strip_prefix("http://").unwrap().parse().unwrap();
    drop(server);
    let mut office = Office::new(&url);
    office.put(&["1"]);
    let waits: Vec<_> = (0..12).map(|_| office.turn()).collect();
    let seconds = |seconds| Next::Wait(Duration::from_secs(seconds));
    assert_eq!(waits[..5], [1, 2, 4, 8, 16].map(seconds));
    assert_eq!(waits[11], seconds(300), "never longer");
    office.put(&["2"]);
    let server = Server::start_at(address, seen);
    assert_eq!(office.turn(), Next::Idle);
    let seen = server.seen.lock().unwrap();
    assert_eq!((seen.order.clone(), seen.known), (vec!["1".to_owned(), "2".into()], 0));
    let said = office.said();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("what is found waits") && said[1].contains("again"), "{said:?}");
}

#[test]
fn a_server_that_took_it_and_died_before_it_said_so_gets_it_again_and_knows_it() {
    let server = Server::start();
    let mut office = Office::new(&server.url());
    office.put(&["1"]);
    let batch = office.courier.spool.lock().unwrap().oldest().unwrap();
    let _ = office.courier.server.send(SECRET, &batch.bytes);
    assert_eq!(office.turn(), Next::Idle);
    let seen = server.seen.lock().unwrap();
    assert_eq!((seen.order.len(), seen.known, office.waiting()), (1, 1, 0));
}

#[test]
fn what_the_server_will_never_take_is_set_aside_and_the_rest_goes_on() {
    let server = Server::start();
    server.seen.lock().unwrap().whims.push_back(Whim::Status(422));
    let mut office = Office::new(&server.url());
    office.put(&["1"]);
    office.put(&["2"]);
    assert_eq!(office.turn(), Next::Idle);
    assert_eq!((order(&server.seen), office.waiting()), (vec!["2".to_owned()], 0));
    let aside = office.courier.spool.lock().unwrap().refused_folder();
    let files: Vec<_> =
        std::fs::read_dir(aside).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert_eq!(files, [case("1") + "\n"]);
    assert!(office.said()[0].contains("refused"), "{:?}", office.said());
}

#[test]
fn a_busy_server_is_given_the_time_it_asks_for() {
    let server = Server::start();
    let mut office = Office::new(&server.url());
    office.put(&["1"]);
    for (whim, expected) in
        [(Whim::Busy(7), 7), (Whim::Busy(0), 1), (Whim::Busy(86_400), 3_600), (Whim::Status(500), 8)]
    {
        server.seen.lock().unwrap().whims.push_back(whim);
        assert_eq!(office.turn(), Next::Wait(Duration::from_secs(expected)));
    }
    assert_eq!((office.turn(), office.waiting()), (Next::Idle, 0));
}

#[test]
fn a_sensor_that_was_removed_keeps_what_it_finds_and_asks_once_an_hour() {
    let server = Server::start();
    let mut office = Office::new(&server.url());
    office.courier.secret = "another".into();
    office.put(&["1"]);
    for _ in 0..3 {
        assert_eq!(office.turn(), Next::Wait(Duration::from_secs(3_600)));
    }
    assert_eq!((office.waiting(), office.said().len()), (1, 1));
    assert!(office.said()[0].contains("--enrol"), "{:?}", office.said());
}

#[test]
fn what_is_too_much_in_one_go_is_sent_in_parts() {
    let server = Server::start();
    let line = case("1").len() + 1;
    server.seen.lock().unwrap().whims.push_back(Whim::AtMost(2 * line + 10));
    let mut office = Office::new(&server.url());
    office.put(&["1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!((office.turn(), office.waiting()), (Next::Idle, 0));
    assert_eq!(order(&server.seen), ["1", "2", "3", "4", "5", "6", "7"]);
    // One line alone that is still too much.
    server.seen.lock().unwrap().whims[0] = Whim::AtMost(10);
    office.put(&["8"]);
    assert_eq!((office.turn(), office.waiting()), (Next::Idle, 0));
    assert_eq!(order(&server.seen).len(), 7);
    assert!(office.said()[0].contains("too long"), "{:?}", office.said());
}

#[test]
fn settings_that_come_with_an_answer_are_kept_and_unreadable_ones_change_nothing() {
    let server = Server::start();
    let exception = |host: [u8; 4]| Exception {
        id: uuid::Uuid::from_u128(1),
        kind: None,
        host: Some(host.into()),
        domain: None,
        network: None,
        until: None,
        author: "A".into(),
        reason: "B".into(),
        reason_en: None,
    };
    let informed = Some(jiff::civil::date(2026, 11, 1));
    let expected = Settings {
        staff_informed_on: informed,
        exceptions: vec![exception([10, 0, 0, 5])],
        keep_days: 3,
        ..Settings::default()
    };
    server.seen.lock().unwrap().settings = expected.clone();
    let mut office = Office::new(&server.url());
    office.put(&["1"]);
    office.turn();
    assert_eq!(*office.courier.settings.lock().unwrap(), expected);
    assert_eq!(office.courier.state.settings().unwrap(), Some(expected.clone()));
    for answer in [r#"{"accepted":1}"#, r#"{"accepted":1,"known":0,"settings":{"keep_days":-1}}"#] {
        server.seen.lock().unwrap().whims.push_back(Whim::TakeAndSay(answer));
        office.put(&[answer.len().to_string().as_str()]);
        assert_eq!((office.turn(), office.waiting()), (Next::Idle, 0));
    }
    // What stands in between and answers with a page of its own has nothing.
    for answer in ["", "<html>"] {
        server.seen.lock().unwrap().whims.push_back(Whim::TakeAndSay(answer));
        office.put(&[answer.len().to_string().as_str()]);
        assert!(matches!(office.turn(), Next::Wait(_)), "{answer}");
        assert_eq!(office.waiting(), 1, "{answer}");
        assert_eq!((office.turn(), office.waiting()), (Next::Idle, 0));
    }
    assert_eq!(*office.courier.settings.lock().unwrap(), expected);
    assert_eq!(server.seen.lock().unwrap().order.len(), 5);
}

#[test]
fn a_token_is_good_once_and_what_is_wrong_with_it_is_said() {
    let server = Server::start();
    let remote = Remote::new(&Contact { url: server.url() + "/", ..Contact::default() }).unwrap();
    let enrol = Enrol { name: "kantoor".into(), version: "0.1.0".into() };
    let refused = remote.enrol("wrong", &enrol).unwrap_err();
    assert!(matches!(refused, EnrolError::Refused(_)), "{refused}");
    // In the server's words alone, which say what to do.
    assert_eq!((refused.to_string().as_str(), refused.text().nl.as_ref()), ("no", "Nee."));
    let enrolled = remote.enrol(&format!(" {TOKEN}\n"), &enrol).unwrap();
    assert_eq!((enrolled.secret.as_str(), enrolled.organisation.as_str()), (SECRET, "Bakker"));
    assert_eq!(server.seen.lock().unwrap().enrolled, Some(enrol.clone()));
    assert!(matches!(remote.enrol(TOKEN, &enrol), Err(EnrolError::Refused(_))));
    let elsewhere = Remote::new(&Contact { url: server.url() + "/onder", ..Contact::default() }).unwrap();
    assert!(matches!(elsewhere.enrol(TOKEN, &enrol), Err(EnrolError::Answer(_))));
}
