//! A short torture of both stores, and every trouble once (`make torture` does it for long): nothing acknowledged is lost, what
//! is wrong is told, and it goes on by itself where it can.

use std::path::Path;
use std::time::Duration;

use torture::troubles::{ALL, Seen, has_postgres};
use torture::{Cluster, Place, Plan, Program, kills};

fn program() -> Program {
    Program::at(Path::new(env!("CARGO_BIN_EXE_dijkwacht")))
}

/// What cannot be done here is counted by the test script.
#[expect(clippy::print_stdout, reason = "how the test script counts what was skipped")]
fn skip(why: &str) {
    println!("skipped: {why}");
}

/// Without a server for tests none is started here either.
fn is_postgres_wanted() -> bool {
    #[expect(clippy::disallowed_methods, reason = "how the test script says that there is a server for tests")]
    let is_wanted = std::env::var_os("DIJKWACHT_TEST_POSTGRES").is_some_and(|address| !address.is_empty());
    if !is_wanted || !has_postgres() {
        skip("no PostgreSQL (DIJKWACHT_TEST_POSTGRES is not set)");
        return false;
    }
    true
}

fn check_kills(place: Place, cluster: Option<&mut Cluster>) {
    let longest = Duration::from_millis(1_500);
    let program = program();
    let plan = Plan { program: &program, place, cluster, writes: 250, kills: 5, longest, seed: 20_260_327 };
    let tally = kills(plan).expect("it is tortured to the end");
    assert!(tally.acknowledged >= 250 && tally.kills + tally.database_kills >= 5, "{tally:?}");
    assert_eq!((tally.missing, tally.doubled), (0, 0), "{tally:?}");
}

#[test]
fn what_was_acknowledged_survives_kills_on_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    check_kills(Place::Folder(folder.path().join("data")), None);
}

#[test]
fn what_was_acknowledged_survives_kills_of_server_and_postgres() {
    if !is_postgres_wanted() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut cluster = Cluster::start(None).expect("a cluster");
    let place = Place::Postgres { address: cluster.address().to_owned(), folder: folder.path().join("data") };
    check_kills(place, Some(&mut cluster));
}

fn check_trouble(name: &str, store: &str) {
    if store == "PostgreSQL" && !is_postgres_wanted() {
        return;
    }
    let trouble = ALL.iter().find(|trouble| (trouble.name, trouble.store) == (name, store)).expect("a trouble");
    match (trouble.run)(&program()).expect("it is borne") {
        Seen::Borne { .. } => {}
        Seen::Skipped(why) => skip(&why),
    }
}

macro_rules! troubles {
    ($($test:ident: $name:literal, $store:literal;)*) => {
        $(#[test]
        fn $test() {
            check_trouble($name, $store);
        })*

        #[test]
        fn every_trouble_is_borne_once() {
            let here = [$(($name, $store)),*];
            let all: Vec<_> = ALL.iter().map(|trouble| (trouble.name, trouble.store)).collect();
            assert_eq!(here[..], all);
        }
    };
}

troubles! {
    a_full_disk: "disk full", "SQLite";
    a_full_disk_of_postgres: "disk full", "PostgreSQL";
    a_folder_that_is_read_only: "folder read-only", "SQLite";
    a_database_that_is_read_only: "database read-only", "PostgreSQL";
    a_database_that_another_program_holds: "held by another program", "SQLite";
    a_table_that_another_session_holds: "held by another session", "PostgreSQL";
    a_database_of_which_bytes_were_overwritten: "bytes of the database overwritten", "SQLite";
    a_table_of_which_bytes_were_overwritten: "bytes of a table overwritten", "PostgreSQL";
    a_row_that_was_changed: "one row changed", "SQLite";
    a_postgres_that_goes_away: "server away and back", "PostgreSQL";
    a_clock_that_is_set_back: "clock an hour back", "SQLite";
}
