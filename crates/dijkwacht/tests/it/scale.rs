//! A small provider, made as the benchmarks make their large one: all of it is there, its registers verify, and the pages
//! answer. Nothing here is timed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use app::App;
use incident::Phase;
use jiff::Timestamp;
use scale::fill::{Filled, fill};
use scale::place::{Place, copy};
use scale::program::{Server, run};
use scale::provider::{ENGINEER, PASSWORD, slug};
use scale::visitor::Visitor;
use scale::{ENTRIES_EACH, Size};
use store_conformance::Throwaway;
use tempfile::TempDir;

const SIZE: Size = Size { customers: 3, incidents: 60, open: 6 };

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_dijkwacht"))
}

/// The clock of this machine, which the server has too.
#[expect(clippy::disallowed_methods, reason = "the server reads it as well")]
fn now() -> Timestamp {
    Timestamp::now()
}

async fn filled() -> (App, Place, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { folder: folder.path().to_owned(), address: None };
    let app = place.open().await.unwrap();
    let filled = fill(&app, SIZE, now()).await.unwrap();
    assert_eq!(filled, Filled { incidents: 60, entries: SIZE.entries() });
    (app, place, folder)
}

/// Everything that was asked for, customer by customer.
async fn all_is_there(app: &App) {
    for place in 0..SIZE.customers {
        let (closed, open) = SIZE.of_customer(place);
        let scope = app.permit_program(&slug(place)).await.unwrap();
        let rows = app.store.incidents(&scope).await.unwrap();
        assert_eq!(rows.len() as u32, closed + open);
        assert!(rows.iter().all(|row| row.entries == ENTRIES_EACH));
        let counts = app.counts(&scope).await.unwrap();
        assert_eq!(counts.get(&Phase::Closed).copied().unwrap_or_default(), u64::from(closed));
        let rebuilt = app.rebuild(&scope).await.unwrap();
        assert_eq!((rebuilt.entries, rebuilt.strays), (u64::from(closed + open) * ENTRIES_EACH, 0));
        assert_eq!(app.store.incidents(&scope).await.unwrap(), rows, "rebuilt as it was written");
    }
}

/// The register of a customer, exported and verified by the program.
fn register_verifies(place: &Place) {
    let zip = place.folder.join("register.zip").display().to_string();
    let large = slug(0);
    let mut export = vec!["export", "--organisation", &large, "--out", &zip];
    let arguments = place.arguments();
    export.extend(arguments.iter().map(String::as_str));
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let said = run(program(), &words(&export)).unwrap().said;
    let key = said.lines().find_map(|line| line.strip_prefix("key: ")).unwrap().to_owned();
    run(program(), &words(&["verify", &zip, "--key", &key])).unwrap();
}

fn pages_answer(place: &Place) {
    let server = Server::start(program(), &place.arguments()).unwrap();
    let mut visitor = Visitor::sign_in(server.address, ENGINEER, PASSWORD).unwrap();
    let (large, last) = (slug(0), SIZE.of_customer(0).0 + SIZE.of_customer(0).1);
    let pages = [
        "/bord".to_owned(),
        format!("/o/{large}/incidenten"),
        format!("/o/{large}/incidenten/{last}"),
        format!("/o/{large}/register"),
        format!("/o/{large}/register?zoek=kenmerk"),
    ];
    for page in pages {
        visitor.must_get(&page).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_provider_is_made_whole_on_both_stores() {
    let (app, place, folder) = filled().await;
    all_is_there(&app).await;
    drop(app);
    tokio::task::block_in_place(|| {
        register_verifies(&place);
        pages_answer(&place);
    });
    let Some(database) = Throwaway::new().await else { return };
    copy(folder.path(), database.address(), now()).await.unwrap();
    let keys = tempfile::tempdir().unwrap();
    let copied = Place { folder: keys.path().to_owned(), address: Some(database.address().to_owned()) };
    all_is_there(&copied.open().await.unwrap()).await;
    tokio::task::block_in_place(|| {
        register_verifies(&copied);
        pages_answer(&copied);
    });
}
