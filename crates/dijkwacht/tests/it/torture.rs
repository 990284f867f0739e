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
    let longest = Duration::from_millis(700);
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

/// Makes each happen, all at the same time: most of what they take is waiting.
fn check(troubles: &[(&str, &str)]) {
    std::thread::scope(|scope| {
        let begun = troubles.iter().map(|trouble| scope.spawn(|| check_trouble(*trouble)));
        // All begin before one is waited for.
        let begun: Vec<_> = begun.collect();
        for (one, trouble) in begun.into_iter().zip(troubles) {
            assert!(one.join().is_ok(), "{trouble:?} is not borne, as it says above");
        }
    });
}

fn check_trouble((name, store): (&str, &str)) {
    if store == "PostgreSQL" && !is_postgres_wanted() {
        return;
    }
    let trouble = ALL.iter().find(|trouble| (trouble.name, trouble.store) == (name, store)).expect("a trouble");
    match (trouble.run)(&program()).unwrap_or_else(|why| panic!("{name}, {store}: {why:#}")) {
        Seen::Borne { .. } => {}
        Seen::Skipped(why) => skip(&why),
    }
}

macro_rules! troubles {
    ($($test:ident: $($name:literal, $store:literal);+.)*) => {
        $(#[test]
        fn $test() {
            check(&[$(($name, $store)),+]);
        })*

        #[test]
        fn every_trouble_is_borne_once() {
            let mut here = vec![$($(($name, $store)),+),*];
            let mut all: Vec<_> = ALL.iter().map(|trouble| (trouble.name, trouble.store)).collect();
            here.sort_unstable();
            all.sort_unstable();
            assert_eq!(here, all);
        }
    };
}

troubles! {
    what_cannot_be_written_is_told: "disk full", "SQLite"; "folder read-only", "SQLite"; "database read-only", "PostgreSQL".
    a_full_disk_of_postgres: "disk full", "PostgreSQL".
    what_is_held_or_away_is_told_and_waited_for:
        "held by another program", "SQLite"; "held by another session", "PostgreSQL"; "server away and back", "PostgreSQL".
    what_is_damaged_is_not_shown_as_true:
        "bytes of the database overwritten", "SQLite"; "bytes of a table overwritten", "PostgreSQL";
        "one row changed", "SQLite".
    a_clock_that_is_set_back: "clock an hour back", "SQLite".
}
