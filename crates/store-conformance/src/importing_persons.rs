//! Somebody who stands in a register that is taken over: left out with a column, or erased from its row afterwards.

use app::import::{Fate, ImportFile, Mapping};
use app::lists::{Filter, Start};
use app::{Error, PersonFound, PersonSought, RequestKind, Scope};
use incident::{ErasureGround, Refusal};

use crate::bench::{Bench, NOW};

const REGISTER: &str = "Nr;Omschrijving;Behandelaar;Motivering;Datum afgesloten\n\
    7;Mail verkeerd;Truus de Groot;Weinig mensen;3-4-2026\n\
    8;Laptop van Truus de Groot kwijt;Bas;Versleuteld;4-4-2026\n";

async fn take(bench: &Bench, scope: &Scope, left_out: &[usize]) -> Vec<Fate> {
    let table = sheets::read(REGISTER.as_bytes(), None).unwrap();
    let mapping = Mapping { left_out: left_out.iter().copied().collect(), ..Mapping::guess(&table) };
    let file = ImportFile { name: "oud.csv", sha256: "ab", table: &table };
    let planned = bench.app.plan_import(scope, file, &mapping, NOW).await.unwrap();
    bench.app.import(scope, file, &mapping, NOW).await.unwrap();
    planned.rows.iter().map(|row| row.fate).collect()
}

/// How many bodies of the journal, lines of the register's page and finds of its search hold a word.
async fn holding(bench: &Bench, scope: &Scope, word: &str) -> (usize, usize) {
    let entries = bench.store.entries(scope).await.unwrap();
    let bodies = entries.iter().filter_map(|entry| entry.salt_and_body.as_ref());
    let bodies = bodies.filter(|(_, body)| String::from_utf8_lossy(body).contains(word)).count();
    let filter = Filter { search: word.to_owned(), ..Filter::default() };
    (bodies, bench.app.register_page(scope, &filter, Start::Top).await.unwrap().lines.len())
}

async fn find(bench: &Bench, scope: &Scope) -> PersonFound {
    let sought = PersonSought { name: "Truus de Groot".to_owned(), ..PersonSought::default() };
    bench.app.find_person(scope, RequestKind::Erasure, &sought, "2026-17", NOW).await.unwrap()
}

pub async fn a_column_that_is_left_out_stands_nowhere(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    assert_eq!(take(&bench, &scope, &[2]).await, [Fate::New, Fate::New]);
    let first = bench.app.incident(&scope, 1).await.unwrap();
    let headings: Vec<_> = first.imported().unwrap().cells.iter().map(|(heading, _)| heading.as_str()).collect();
    assert_eq!(headings, ["Nr", "Omschrijving", "Motivering", "Datum afgesloten"]);
    assert_eq!(holding(&bench, &scope, "Bas").await, (0, 0));
    let places: Vec<_> = find(&bench, &scope).await.places.iter().map(|place| place.number).collect();
    assert_eq!(places, [2], "the one in the description alone");
    // The file is known again, whatever is chosen now for its columns.
    assert_eq!(take(&bench, &scope, &[]).await, [Fate::There, Fate::There]);
    // Without the choice every column stays.
    let other = bench.organisation("elders").await;
    take(&bench, &other, &[]).await;
    assert_eq!(holding(&bench, &other, "Bas").await, (1, 1));
}

pub async fn a_column_cannot_be_taken_over_and_left_out(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let table = sheets::read(REGISTER.as_bytes(), None).unwrap();
    let mapping = Mapping { left_out: [1].into(), ..Mapping::guess(&table) };
    let file = ImportFile { name: "oud.csv", sha256: "ab", table: &table };
    let refused = bench.app.plan_import(&scope, file, &mapping, NOW).await;
    assert!(matches!(&refused, Err(Error::Invalid(problems)) if problems[0].field == "kolom-1"), "{refused:?}");
}

pub async fn somebody_in_a_row_is_erased_from_it_and_the_row_stays(bench: Bench) {
    let bench = bench.with_law();
    let (app, scope) = (&bench.app, bench.organisation("zorg").await);
    take(&bench, &scope, &[]).await;
    let found = find(&bench, &scope).await;
    let may: Vec<_> = found.places.iter().map(|place| (place.number, place.kept.clone(), place.needs_words)).collect();
    assert_eq!(may, [(2, None, true), (1, None, true)]);

    let erase = async |number: u64, words: Option<String>| {
        let incident = app.incident(&scope, number).await.unwrap();
        let entries = vec![(incident.timeline[0].index.unwrap(), words)];
        let (seen, reason) = (incident.timeline.len() as u64, "Verzoek 2026-17".to_owned());
        app.erase_entries(&scope, number, seen, ErasureGround::Request, reason, entries, NOW).await
    };
    let lines = async |number| app.incident(&scope, number).await.unwrap().imported().unwrap().as_lines();
    let invented = lines(1).await.replace("Weinig mensen", "Niemand");
    for (number, words) in [(1, None), (1, Some("Nr: 7".to_owned())), (1, Some(lines(1).await)), (1, Some(invented))] {
        let refused = erase(number, words.clone()).await.map(drop);
        let expected = [Refusal::SayWhatHappened, Refusal::NothingChanges, Refusal::OnlyLess];
        assert!(matches!(&refused, Err(Error::Refused(why)) if expected.contains(why)), "{words:?}: {refused:?}");
    }
    // One column is dropped, the other row is told in other words.
    let before = app.incident(&scope, 1).await.unwrap();
    erase(1, Some(lines(1).await.replace("Behandelaar: Truus de Groot\n", ""))).await.unwrap();
    erase(2, Some(lines(2).await.replace("Truus de Groot", "[…]"))).await.unwrap();

    let after = app.incident(&scope, 1).await.unwrap();
    let cells = |cells: &[(String, String)]| cells.iter().map(|(heading, _)| heading.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&after.imported().unwrap().cells), ["Nr", "Omschrijving", "Motivering", "Datum afgesloten"]);
    assert_eq!((after.title, after.closed_at, after.narrative), (before.title, before.closed_at, before.narrative));
    let second = app.incident(&scope, 2).await.unwrap();
    assert_eq!(second.title, "Laptop van […] kwijt");
    assert_eq!(second.imported().unwrap().motivation.as_deref(), Some("Versleuteld"));
    assert_eq!(holding(&bench, &scope, "Truus").await, (0, 0));
    let found = find(&bench, &scope).await;
    assert_eq!((found.places, found.erased.len()), (Vec::new(), 2));

    // The leaves stand, the lists are what the journal makes of them, and the file is known again.
    bench.register_holds(&scope).await;
    app.export(&scope, NOW).await.unwrap();
    let rows = bench.store.incidents(&scope).await.unwrap();
    app.rebuild(&scope).await.unwrap();
    assert_eq!(bench.store.incidents(&scope).await.unwrap(), rows);
    assert_eq!(take(&bench, &scope, &[]).await, [Fate::There, Fate::There]);
}
