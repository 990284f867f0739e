//! What was changed behind our back is not searched as if it were true. The other store's tests compile this file too.

use app::lists::Filter;
use app::{Error, PersonSought, RegisterForm, Report, RequestKind, Trouble};
use facts::Language;
use incident::ErasureGround;
use sqlx::Connection;
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
        assert!(refused.text().nl.ends_with("Het gaat om incident 2."), "{name}: {}", refused.text().nl);
        assert!(refused.to_string().contains("(incident 2)"), "{name}: {refused}");
    }
    assert_eq!(bench.app.person_requests(&scope).await.unwrap().len(), 2, "what was not answered is not on the log");
    let export = bench.app.export(&scope, NOW).await.map(drop).unwrap_err();
    assert!(export.text().en.ends_with("It is about incident 2."), "{}", export.text().en);
    let read = bench.app.incident(&scope, 2).await.unwrap_err();
    assert!(read.text().nl.ends_with("Het gaat om incident 2."), "{}", read.text().nl);
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
        let (seen, opened) = (incident.timeline.len() as u64, incident.timeline[0].index.unwrap());
        let (ground, entries) = (ErasureGround::Request, vec![(opened, Some("Brief weg".to_owned()))]);
        app.erase_entries(&scope, 1, seen, ground, "Verzoek".to_owned(), entries, NOW).await.unwrap();
        let search = async || {
            let sought = PersonSought { name: "Jan de Vries".to_owned(), ..PersonSought::default() };
            app.find_person(&scope, RequestKind::Access, &sought, "2026-17", NOW).await
        };
        assert_eq!(search().await.unwrap().places.len(), 1, "what was erased here is no damage");
        app.export(&scope, NOW).await.unwrap();

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
            assert!(refused.text().nl.ends_with("Het gaat om incident 2."), "{}", refused.text().nl);
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
        // The lists keep the line that they have, and the others are read as before.
        let lines = bench.store.incidents(&scope).await.unwrap();
        assert_eq!(app.rebuild(&scope).await.unwrap().damaged, [index.unsigned_abs()]);
        assert_eq!(bench.store.incidents(&scope).await.unwrap(), lines);
        assert_eq!(app.incident(&scope, 1).await.unwrap().title, "Brief weg");
        assert_eq!(app.incident(&scope, 3).await.unwrap().title, "Sleutel weg");
    }
}
