//! What was changed behind our back is not searched as if it were true. The other store's tests compile this file too.

use std::collections::BTreeSet;

use app::lists::Filter;
use app::{App, Error, Intake, PersonSought, RegisterForm, Report, RequestKind, Scope, Trouble};
use facts::Language;
use incident::ErasureGround;
use sqlx::{AssertSqlSafe, Connection};
use store_conformance::Bench;
use store_conformance::bench::NOW;

use crate::{Place, UNGUARDED};

/// The answer was once that nothing was found: an entry was looked at only when something was found in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_for_a_person_stops_at_words_that_were_changed() {
    let Some(place) = Place::new().await else { return };
    let bench = Bench::new(place.open().await).with_law();
    let scope = bench.organisation("zorg").await;
    for what in ["Brief naar Truus de Groot verkeerd bezorgd", "Tas van Jan de Vries weg"] {
        bench.app.report(&scope, Report { what: what.to_owned(), ..Report::default() }, NOW).await.unwrap();
    }
    let search = async |name: &str| {
        let sought = PersonSought { name: name.to_owned(), ..PersonSought::default() };
        bench.app.find_person(&scope, RequestKind::Access, &sought, "2026-17", NOW).await
    };
    assert_eq!(search("Jan de Vries").await.unwrap().places.len(), 1);
    assert_eq!(search("Piet Pluis").await.unwrap().places, []);

    let row = bench.store.incident_by_number(&scope, 2).await.unwrap();
    let opening = bench.store.history(&scope, row.id).await.unwrap().remove(0);
    let body = String::from_utf8(opening.salt_and_body.unwrap().1).unwrap().replace("Vries", "Boer");
    let mut raw = place.raw().await;
    sqlx::raw_sql(UNGUARDED).execute(&mut raw).await.unwrap();
    let change = sqlx::query("UPDATE journal_bodies SET body = $1 WHERE idx = $2").bind(body.into_bytes());
    change.bind(i64::try_from(opening.index).unwrap()).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();

    for name in ["Jan de Vries", "Jan de Boer", "Truus de Groot", "Piet Pluis"] {
        let refused = search(name).await.unwrap_err();
        assert!(matches!(refused, Error::Unavailable(Trouble::Damaged, _)), "{name}: {refused:?}");
        assert!(names_it(&refused), "{name}: {}", refused.text().nl);
        assert!(refused.to_string().contains("(incident 2)"), "{name}: {refused}");
    }
    assert_eq!(bench.app.person_requests(&scope).await.unwrap().len(), 2, "what was not answered is not on the log");
    let export = bench.app.export(&scope, NOW).await.map(drop).unwrap_err();
    assert!(names_it(&export), "{}", export.text().nl);
    let said = export.text().en;
    assert!(said.contains("of the register of ") && said.contains("(incident 2)"), "{said}");
    let read = bench.app.incident(&scope, 2).await.unwrap_err();
    assert!(names_it(&read), "{}", read.text().nl);
}

/// Whether an error says which entry of which register it is about, of which incident, and what to do.
fn names_it(error: &Error) -> bool {
    let said = error.text().nl;
    said.starts_with("Inschrijving ")
        && said.contains(" van het register van Stichting zorg (incident 2) is niet wat er is opgeschreven")
        && said.contains("Waarschuw uw beheerder")
}

/// The lists read no entry, and showed such an incident as if all were well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_known_to_be_damaged_is_remembered_until_it_is_right_again() {
    let Some(place) = Place::new().await else { return };
    let mut bench = Bench::new(place.open().await).with_law();
    let scope = bench.organisation("zorg").await;
    for what in ["Brief verkeerd bezorgd", "Tas weg"] {
        bench.app.report(&scope, Report { what: what.to_owned(), ..Report::default() }, NOW).await.unwrap();
    }
    let row = bench.store.incident_by_number(&scope, 2).await.unwrap();
    let opening = bench.store.history(&scope, row.id).await.unwrap().remove(0);
    let index = opening.index;
    let right = opening.salt_and_body.unwrap().1;
    let mut raw = place.raw().await;
    sqlx::raw_sql(UNGUARDED).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    let change = async |body: Vec<u8>| {
        let mut raw = place.raw().await;
        let change = sqlx::query("UPDATE journal_bodies SET body = $1 WHERE idx = $2").bind(body);
        change.bind(i64::try_from(index).unwrap()).execute(&mut raw).await.unwrap();
        raw.close().await.unwrap();
    };
    change(b"{}".to_vec()).await;
    assert_eq!(bench.app.known_damage(&scope).await.unwrap(), [], "nothing has looked at it yet");

    // What a page read is known.
    bench.app.incident(&scope, 2).await.map(drop).unwrap_err();
    let known = bench.app.known_damage(&scope).await.unwrap();
    let [entry] = known.as_slice() else { panic!("{known:?}") };
    assert_eq!((entry.index, entry.of.as_ref().map(|(number, _)| *number)), (Some(index), Some(2)));

    // What a backup found is known after a restart too.
    bench.app.damage = app::DamageSeen::default();
    assert_eq!(bench.app.known_damage(&scope).await.unwrap(), []);
    let fault = bench.app.soundness().await.unwrap().remove(0).faults.remove(0);
    let note = app::SafetyNote {
        id: bench.app.chance.id(NOW).unwrap(),
        kind: app::SafetyKind::Backup,
        held_at: NOW,
        is_sound: false,
        remark: format!("monday.backup: NOT AS IT WAS WRITTEN: 1 register changed or damaged: zorg: {fault}"),
    };
    bench.store.note_safety(&note).await.unwrap();
    assert_eq!(bench.app.known_damage(&scope).await.unwrap(), known);

    // Put right, it is no more.
    change(right).await;
    assert_eq!(bench.app.known_damage(&scope).await.unwrap(), []);
}

/// An entry without its text was once passed over as erased, whoever deleted it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_in_the_database_is_damaged_and_not_erased() {
    // Also where somebody put it on the store's own list of erasures, without which the database refuses.
    for is_listed in [false, true] {
        let Some(place) = Place::new().await else { return };
        let bench = Bench::new(place.open().await).with_law();
        let (app, scope) = (&bench.app, bench.organisation("zorg").await);
        for what in ["Brief van Truus de Groot", "Tas van Jan de Vries weg", "Sleutel weg"] {
            app.report(&scope, Report { what: what.to_owned(), ..Report::default() }, NOW).await.unwrap();
        }
        let incident = app.incident(&scope, 1).await.unwrap();
        let (seen, opened) = (incident.timeline.len() as u64, incident.timeline.first().unwrap().index.unwrap());
        let (ground, entries) = (ErasureGround::Request, vec![(opened, Some("Brief weg".to_owned()))]);
        app.erase_entries(&scope, 1, seen, ground, "Verzoek".to_owned(), entries, NOW).await.unwrap();
        let search = async || {
            let sought = PersonSought { name: "Jan de Vries".to_owned(), ..PersonSought::default() };
            app.find_person(&scope, RequestKind::Access, &sought, "2026-17", NOW).await
        };
        assert_eq!(search().await.unwrap().places.len(), 1, "what was erased here is no damage");
        app.export(&scope, NOW).await.unwrap();
        assert_eq!(faults(app).await, Vec::<String>::new());

        let row = bench.store.incident_by_number(&scope, 2).await.unwrap();
        let index = i64::try_from(bench.store.history(&scope, row.id).await.unwrap()[0].index).unwrap();
        let mut raw = place.raw().await;
        sqlx::raw_sql(UNGUARDED).execute(&mut raw).await.unwrap();
        if is_listed {
            let list = "INSERT INTO erasures SELECT organisation, idx, 0 FROM journal WHERE idx = $1";
            sqlx::query(list).bind(index).execute(&mut raw).await.unwrap();
        }
        sqlx::query("DELETE FROM journal_bodies WHERE idx = $1").bind(index).execute(&mut raw).await.unwrap();
        raw.close().await.unwrap();

        let damaged = |refused: Error| {
            assert!(matches!(refused, Error::Unavailable(Trouble::Damaged, _)), "{refused:?}");
            assert!(names_it(&refused), "{}", refused.text().nl);
            let said = refused.to_string();
            assert!(said.contains(&format!("entry {index} ")) && said.contains("(incident 2)"), "{said}");
            assert!(said.ends_with("its text is gone, and no erasure of it is on record"), "{said}");
        };
        damaged(search().await.map(drop).unwrap_err());
        damaged(app.incident(&scope, 2).await.map(drop).unwrap_err());
        damaged(app.export(&scope, NOW).await.map(drop).unwrap_err());
        damaged(app.case_bundle(&scope, 2, NOW).await.map(drop).unwrap_err());
        let (csv, all) = (RegisterForm::Csv, Filter::default());
        damaged(app.register_file(&scope, csv, &all, Language::Dutch, NOW).await.map(drop).unwrap_err());
        let faults = faults(app).await;
        let [fault] = faults.as_slice() else { panic!("{faults:?}") };
        assert!(fault.starts_with(&format!("entry {index}: its body is gone")), "{fault}");
        // The lists keep the line that they have, and the others are read as before.
        let lines = bench.store.incidents(&scope).await.unwrap();
        assert_eq!(app.rebuild(&scope).await.unwrap().damaged, [index.unsigned_abs()]);
        assert_eq!(bench.store.incidents(&scope).await.unwrap(), lines);
        assert_eq!(app.incident(&scope, 1).await.unwrap().title, "Brief weg");
        assert_eq!(app.incident(&scope, 3).await.unwrap().title, "Sleutel weg");
    }
}

/// What is found wrong with the first register of a store.
async fn faults(app: &App) -> Vec<String> {
    let found = app.soundness().await.unwrap().remove(0);
    found.faults.iter().map(ToString::to_string).collect()
}

/// Three incidents, of the first of which the words that opened it were erased on record; where the entries of each are.
async fn reported(place: &Place) -> (Bench, Scope, [Vec<u64>; 3]) {
    let bench = Bench::new(place.open().await).with_law();
    let scope = bench.organisation("zorg").await;
    for what in ["Brief van Truus de Groot", "Tas van Jan de Vries weg", "Sleutel weg"] {
        bench.app.report(&scope, Report { what: what.to_owned(), ..Report::default() }, NOW).await.unwrap();
    }
    let incident = bench.app.incident(&scope, 1).await.unwrap();
    let (seen, opened) = (incident.timeline.len() as u64, incident.timeline.first().unwrap().index.unwrap());
    let (ground, entries) = (ErasureGround::Request, vec![(opened, Some("Brief weg".to_owned()))]);
    bench.app.erase_entries(&scope, 1, seen, ground, "Verzoek".to_owned(), entries, NOW).await.unwrap();
    let mut places = [Vec::new(), Vec::new(), Vec::new()];
    for (number, places) in (1..).zip(&mut places) {
        let row = bench.store.incident_by_number(&scope, number).await.unwrap();
        let history = bench.store.history(&scope, row.id).await.unwrap();
        places.extend(history.iter().map(|entry| entry.index));
    }
    (bench, scope, places)
}

async fn change(place: &Place, statement: &str) {
    let mut raw = place.unguarded().await;
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
}

fn is_damage<T>(what: &str, answer: Result<T, Error>, naming: &str) {
    let refused = answer.err().unwrap();
    assert!(matches!(refused, Error::Unavailable(Trouble::Damaged, _)), "{what}: {refused:?}");
    assert!(refused.to_string().contains(naming), "{what}: {refused}");
}

/// The incident of an entry stands in no leaf: one changed column once moved a decision to another file, and nothing showed it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_was_moved_to_another_incident_is_found_wherever_it_is_read() {
    // The opening of the second, its last entry, and what was erased of the first; all of an incident, too.
    let check = async |what: &str, from: u64, pick: fn(&[Vec<u64>; 3]) -> Vec<u64>| {
        let Some(place) = Place::new().await else { return };
        let (bench, scope, places) = reported(&place).await;
        let app = &bench.app;
        let (moved, target) = (pick(&places), bench.store.incident_by_number(&scope, 3).await.unwrap());
        let lines = bench.store.incidents(&scope).await.unwrap();
        for index in &moved {
            change(&place, &format!("UPDATE journal SET incident = '{}' WHERE idx = {index}", target.id)).await;
        }
        let naming = format!("entry {} of the register", moved[0]);
        for number in [from, 3] {
            is_damage(&format!("{what}, page {number}"), app.incident(&scope, number).await, &naming);
            is_damage(&format!("{what}, file {number}"), app.case_bundle(&scope, number, NOW).await, &naming);
        }
        is_damage(&format!("{what}, export"), app.export(&scope, NOW).await, &naming);
        // Lists tell it, and an export of it as it is shows neither incident as if it were whole.
        assert!(!app.known_damage(&scope).await.unwrap().is_empty(), "{what}");
        let mut zip = std::io::Cursor::new(Vec::new());
        let exported = app.export_to(&scope, NOW, app::Changed::Copied, &mut zip).await.unwrap();
        let numbers: BTreeSet<u64> = exported.damaged.iter().filter_map(|one| Some(one.of.as_ref()?.0)).collect();
        assert!(numbers.contains(&3), "{what}: {:?}", exported.damaged);
        // One of which nothing is left has no line either.
        assert!(numbers.contains(&from) || what == "all of it", "{what}: {:?}", exported.damaged);
        let (csv, all) = (RegisterForm::Csv, Filter::default());
        is_damage(what, app.register_file(&scope, csv, &all, Language::Dutch, NOW).await, &naming);
        assert!(app.rebuild(&scope).await.unwrap().damaged.contains(&moved[0]), "{what}");
        assert_eq!(bench.store.incidents(&scope).await.unwrap(), lines, "{what}: the lines stay as they were");
        let faults = faults(app).await;
        assert_eq!(faults.len(), moved.len(), "{what}: {faults:?}");
        assert!(faults[0].starts_with(&format!("entry {}: its body is ", moved[0])), "{what}: {faults:?}");
    };
    check("an opening", 2, |places| vec![places[1][0]]).await;
    check("the last entry", 2, |places| vec![places[1][places[1].len() - 1]]).await;
    check("all of it", 2, |places| places[1].clone()).await;
    check("what was erased", 1, |places| vec![places[0][0]]).await;
}

/// A backup once ended with a database's own words, for every organisation; an export took it for a fault of the program.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_that_is_gone_is_named_and_the_rest_is_copied_as_it_is() {
    for is_last in [false, true] {
        let (Some(place), Some(other)) = (Place::new().await, Place::new().await) else { return };
        let (bench, scope, places) = reported(&place).await;
        let app = &bench.app;
        let gone = if is_last { *places.iter().flatten().max().unwrap() } else { places[1][1] };
        // With its body: PostgreSQL looks after what refers to it when it is copied.
        let gone_too = format!("DELETE FROM journal_bodies WHERE idx = {gone}");
        change(&place, &format!("DELETE FROM journal WHERE idx = {gone}; {gone_too}")).await;
        let naming = format!("entry {gone} of the register");
        is_damage("export", app.export(&scope, NOW).await, &naming);
        is_damage("file", app.case_bundle(&scope, 3, NOW).await, &naming);
        is_damage("proof", app.prove_growth(&scope, 1, NOW).await, &naming);
        if !is_last {
            is_damage("rebuild", app.rebuild(&scope).await, &naming);
            is_damage("page", app.incident(&scope, 2).await, &naming);
            assert_eq!(faults(app).await, [format!("entry {gone}: it is not there")]);
        }
        let found = app.soundness().await.unwrap();
        assert!(!found[0].is_sound());

        let to = other.intake(bench.store.snapshot().await.unwrap().schema()).await;
        let mut intake = Intake::begin(to.clone(), "a", NOW).await.unwrap();
        app::copy_out(bench.store.as_ref(), &mut intake, app::Damaged::Refused, &|_, _| {}).await.unwrap();
        let copy = App { store: to.clone(), ..app.clone() };
        assert_eq!(copy.soundness().await.unwrap(), found);
        // What let the gap in is put back.
        let again = bench.store.entries(&scope).await.unwrap().len();
        let mut raw = other.raw().await;
        let skipped = "INSERT INTO journal SELECT organisation, idx + 50, incident, kind, recorded_at, leaf, leaf_hash, \
            commitment FROM journal WHERE idx = 0";
        assert!(sqlx::raw_sql(skipped).execute(&mut raw).await.is_err());
        assert_eq!(to.entries(&scope).await.unwrap().len(), again);
    }
}

/// What binds each column of a register's tables: the leaf, what the leaf commits to, the tree, or an entry that names it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_column_of_a_register_is_bound_by_something() {
    /// A column, what is done to it, and what is found by that.
    const COLUMNS: [(&str, &str, &str, &str); 21] = [
        ("journal", "organisation", "'zzz'", "it is not there"),
        ("journal", "idx", "idx + 50", "it is not there"),
        ("journal", "incident", "(SELECT MIN(id) FROM incidents WHERE number = 3)", "is of another incident"),
        ("journal", "kind", "'incident.closed'", "its leaf is not what its columns say"),
        ("journal", "recorded_at", "recorded_at + 1", "its leaf is not what its columns say"),
        ("journal", "leaf", "leaf_hash", "its leaf is not what its columns say"),
        ("journal", "leaf_hash", "commitment", "its hash is not that of its leaf"),
        ("journal", "commitment", "leaf_hash", "its leaf is not what its columns say"),
        ("journal_bodies", "organisation", "'zzz'", "its body is gone"),
        ("journal_bodies", "idx", "idx + 50", "its body is gone"),
        ("journal_bodies", "salt", "(SELECT frontier FROM heads)", "its body is not the one"),
        ("journal_bodies", "body", "salt", "its body is not the one"),
        ("erasures", "organisation", "'zzz'", "its body is gone without a record"),
        ("erasures", "idx", "idx + 50", "its body is gone without a record"),
        ("erasures", "erased_at", "erased_at + 1", "at another moment than is on record"),
        ("heads", "organisation", "'zzz'", "the head that is kept is not that of the tree"),
        ("heads", "size", "size + 1", "the head that is kept is not that of the tree"),
        (
            "heads",
            "frontier",
            "(SELECT leaf FROM journal WHERE idx = 0)",
            "the head that is kept is not that of the tree",
        ),
        ("checkpoints", "organisation", "'zzz'", "the newest checkpoint covers"),
        ("checkpoints", "size", "size + 1", "a checkpoint of a larger tree"),
        ("checkpoints", "note", "'x'", "of another tree"),
    ];
    let Some(place) = Place::new().await else { return };
    let (bench, _, places) = reported(&place).await;
    let listed: BTreeSet<_> = COLUMNS.iter().map(|(table, column, ..)| (*table, (*column).to_owned())).collect();
    let shapes = bench.store.snapshot().await.unwrap().shapes();
    let tables: BTreeSet<_> = COLUMNS.iter().map(|(table, ..)| *table).collect();
    let there = tables.iter().flat_map(|table| {
        let shape = shapes.iter().find(|shape| shape.name == *table).unwrap();
        shape.columns.iter().map(|column| (*table, column.clone()))
    });
    assert_eq!(there.collect::<BTreeSet<_>>(), listed);

    // Of each its last row, but of bodies and the journal one in the middle where that says more.
    let (middle, erased) = (places[1][0], places[0][0]);
    for (table, column, value, told) in COLUMNS {
        let Some(place) = Place::new().await else { return };
        let (bench, ..) = reported(&place).await;
        let whichever = match (table, column) {
            ("journal", "organisation" | "idx") => "idx = (SELECT MAX(idx) FROM journal)".to_owned(),
            ("journal" | "journal_bodies", _) => format!("idx = {middle}"),
            ("erasures", _) => format!("idx = {erased}"),
            ("checkpoints", _) => "size = (SELECT MAX(size) FROM checkpoints)".to_owned(),
            _ => "size > 0".to_owned(),
        };
        change(&place, &format!("UPDATE {table} SET {column} = {value} WHERE {whichever}")).await;
        let faults = faults(&bench.app).await;
        assert!(faults.iter().any(|fault| fault.contains(told)), "{table}.{column}: {faults:?}");
    }
}
