//! What was changed behind our back is not searched as if it were true. The other store's tests compile this file too.

use app::{Error, PersonSought, Report, RequestKind, Trouble};
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
