//! Taking over a register that was kept elsewhere, through the application: all rows or none, each once.

use app::import::{Fate, ImportFile, Mapping, SameNumber, TakenOver, Unsaid};
use app::lists::{Filter, Start};
use app::{Error, Scope};
use facts::{Fact, Value};
use incident::{Phase, SaidTold, ToldThere};

use crate::bench::{Bench, NOW};

/// A register as people keep it: a title above it, a semicolon between cells, a line break in one, a word of ours or two.
const REGISTER: &str = "\u{feff}Register datalekken 2019;;;;;;;\r\n\
    Nr;Datum ontdekking;Omschrijving;Persoonsgegevens;Aantal betrokkenen;Gemeld bij AP?;Motivering;Status\r\n\
    2019-01;3-4-2019;\"Mail naar de verkeerde.\nMet \"\"bijlage\"\".\";NAW, schoenmaat;1.200;ja, op 4-4-2019;Veel mensen;gesloten\r\n\
    2019-02;31 december 2019 14:30;Laptop kwijt;BSN;10-20;nee;Versleuteld;open\r\n";

async fn take(bench: &Bench, scope: &Scope, name: &str, text: &str) -> Result<TakenOver, Error> {
    let table = sheets::read(text.as_bytes(), None).unwrap();
    let file = ImportFile { name, sha256: "ab", table: &table };
    bench.app.import(scope, file, &Mapping::guess(&table), NOW).await
}

pub async fn a_register_is_taken_over_row_by_row(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    bench.open(&scope, 3, 1).await;
    let taken = take(&bench, &scope, "register.csv", REGISTER).await.unwrap();
    assert_eq!(taken, TakenOver { taken: 2, numbers: Some((4, 5)), ..TakenOver::default() });
    assert_eq!(bench.register_holds(&scope).await, 3);

    let mailed = bench.app.incident(&scope, 4).await.unwrap();
    let imported = mailed.imported().unwrap();
    assert_eq!(
        (imported.file.as_str(), imported.row, imported.number.as_deref()),
        ("register.csv", 3, Some("2019-01"))
    );
    let own: Vec<_> = imported.cells.iter().map(|(heading, cell)| (heading.as_str(), cell.as_str())).collect();
    assert_eq!(own[2], ("Omschrijving", "Mail naar de verkeerde.\nMet \"bijlage\"."));
    assert_eq!(own[5], ("Gemeld bij AP?", "ja, op 4-4-2019"));
    assert_eq!((mailed.title.as_str(), mailed.phase()), ("Mail naar de verkeerde.", Phase::Closed));
    assert_eq!(mailed.facts.value(Fact::Data), Some(&Value::Many(["name", "address"].into())));
    assert_eq!(mailed.facts.whole(Fact::SubjectsMin), Some(1200));
    assert_eq!(imported.authority.was_told, Some(true));
    assert!(mailed.authority_notified.is_some() && mailed.decision.is_none() && mailed.assessment.is_none());
    assert_eq!(mailed.opened_at, NOW, "recorded when it was taken over");

    let lost = bench.app.incident(&scope, 5).await.unwrap();
    assert_eq!((lost.phase(), lost.clock_start()), (Phase::Investigating, None));
    assert_eq!(lost.imported().unwrap().authority, SaidTold { was_told: Some(false), ..SaidTold::default() });
    assert_eq!(lost.detected_at.unwrap().to_string(), "2019-12-31T13:30:00Z");

    // Made again from the journal alone, the lines are the same.
    let other = bench.organisation("zorg-zuid").await;
    take(&bench, &other, "register.csv", REGISTER).await.unwrap();
    let lines = bench.store.incidents(&other).await.unwrap();
    bench.app.rebuild(&other).await.unwrap();
    assert_eq!(bench.store.incidents(&other).await.unwrap(), lines);
}

pub async fn one_wrong_row_keeps_all_of_them_out(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let spoilt = REGISTER.replace("31 december 2019 14:30", "vorige week");
    let refused = take(&bench, &scope, "register.csv", &spoilt).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert_eq!(bench.store.incidents(&scope).await.unwrap(), []);
    assert_eq!(bench.register_holds(&scope).await, 0);
}

pub async fn the_same_rows_come_once(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    take(&bench, &scope, "register.csv", REGISTER).await.unwrap();
    let again = take(&bench, &scope, "register (2).csv", REGISTER).await.unwrap();
    assert_eq!(again, TakenOver { there: 2, ..TakenOver::default() });
    // Saved anew with two rows added, of which two are alike.
    let row = "2019-03;5-5-2019;Post verkeerd;NAW;1;nee;Weinig;gesloten\r\n";
    let more = take(&bench, &scope, "register.csv", &format!("{REGISTER}{row}{row}")).await.unwrap();
    assert_eq!(more, TakenOver { taken: 2, there: 2, skipped: 0, numbers: Some((3, 4)) });
    assert_eq!(bench.register_holds(&scope).await, 4);
}

pub async fn five_thousand_rows_come_at_once(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let mut text = "Omschrijving;Datum\n".to_owned();
    (0..app::MOST_AT_ONCE).for_each(|row| text.push_str(&format!("Mail {row} verkeerd;3-4-2019\n")));
    let table = sheets::read(text.as_bytes(), None).unwrap();
    let mapping = Mapping { unsaid: Unsaid::Closed, ..Mapping::guess(&table) };
    let file = ImportFile { name: "groot.csv", sha256: "ab", table: &table };
    let taken = bench.app.import(&scope, file, &mapping, NOW).await.unwrap();
    assert_eq!((taken.taken, taken.numbers), (5000, Some((1, 5000))));
    assert_eq!(bench.register_holds(&scope).await, 5000);

    let table = sheets::read(format!("{text}Nog een;4-4-2019\n").as_bytes(), None).unwrap();
    let file = ImportFile { name: "groot.csv", sha256: "ab", table: &table };
    let refused = bench.app.plan_import(&scope, file, &mapping, NOW).await;
    assert!(matches!(&refused, Err(Error::Invalid(problems)) if problems[0].field == "bestand"), "{refused:?}");
}

/// Another register's own words are found as well, whatever we made of their column; and what it says of the authority is
/// filtered on, with a date or without.
pub async fn a_row_is_found_by_all_that_stood_in_it(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let text = "Nr;Omschrijving;Persoonsgegevens;Kleur van de map;Gemeld bij AP?\n\
        DL-0042;Mail verkeerd;NAW, schoenmaat;oranje;ja\n\
        DL-0043;Laptop kwijt;BSN;paars;nee\n\
        DL-0044;Post kwijt;BSN;groen;\n";
    take(&bench, &scope, "register.csv", text).await.unwrap();
    let found = async |filter: Filter| {
        let page = bench.app.register_page(&scope, &filter, Start::Top).await.unwrap();
        page.lines.iter().rev().map(|line| line.row.number).collect::<Vec<_>>()
    };
    let search = |search: &str| Filter { search: search.to_owned(), ..Filter::default() };
    for (words, expected) in [
        ("oranje", vec![1]),
        ("schoenmaat", vec![1]),
        ("DL-0043", vec![2]),
        ("paars laptop", vec![2]),
        ("kleur", vec![]),
    ] {
        assert_eq!(found(search(words)).await, expected, "{words}");
    }
    assert_eq!(found(Filter { is_notified: Some(true), ..Filter::default() }).await, [1]);
    assert_eq!(found(Filter { is_notified: Some(false), ..Filter::default() }).await, [2, 3]);
    let told = bench.store.incidents(&scope).await.unwrap().into_iter().rev().map(|row| row.told_there);
    assert_eq!(told.collect::<Vec<_>>(), [ToldThere::Yes, ToldThere::No, ToldThere::Unsaid].map(Some));
}

/// A row that was corrected in the old register is another row; that its number is there already is told, and it is left
/// out unless somebody wants it.
pub async fn a_corrected_row_does_not_double_unseen(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    take(&bench, &scope, "register.csv", REGISTER).await.unwrap();
    let corrected = REGISTER.replace("Laptop kwijt", "Laptop kwijt en terug");
    let again = take(&bench, &scope, "register.csv", &corrected).await.unwrap();
    assert_eq!(again, TakenOver { there: 1, skipped: 1, ..TakenOver::default() });

    let table = sheets::read(corrected.as_bytes(), None).unwrap();
    let file = ImportFile { name: "register.csv", sha256: "ab", table: &table };
    let mapping = Mapping { same_number: SameNumber::Take, ..Mapping::guess(&table) };
    let plan = bench.app.plan_import(&scope, file, &mapping, NOW).await.unwrap();
    let fates: Vec<_> = plan.rows.iter().map(|row| (row.fate, row.same_number)).collect();
    assert_eq!(fates, [(Fate::There, None), (Fate::New, Some(2))]);
    let taken = bench.app.import(&scope, file, &mapping, NOW).await.unwrap();
    assert_eq!((taken.taken, taken.there, taken.numbers), (1, 1, Some((3, 3))));
    // Of another organisation it says nothing.
    let other = bench.organisation("elders").await;
    assert_eq!(take(&bench, &other, "register.csv", &corrected).await.unwrap().taken, 2);
}

/// Taking it over was no signal, and no reason to refuse what happened before it.
pub async fn a_register_without_a_first_signal_gives_none(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let text = "Omschrijving;Kennisname;Datum afgesloten\nMail verkeerd;;\nLaptop kwijt;3-4-2019;5-4-2019\n";
    take(&bench, &scope, "register.csv", text).await.unwrap();
    let silent = bench.app.incident(&scope, 1).await.unwrap();
    assert_eq!(silent.known_signal(), None);
    let told = bench.app.record_subjects_informed(
        &scope,
        1,
        NOW - jiff::SignedDuration::from_hours(9_000),
        3,
        "brief".into(),
        NOW,
    );
    told.await.unwrap();
    let aware = bench.app.incident(&scope, 2).await.unwrap();
    let at = aware.aware.as_ref().unwrap().at;
    assert_eq!((aware.known_signal(), aware.is_day_only(at)), (Some(at), true));
    assert!(aware.is_day_only(aware.closed_at.unwrap()) && !aware.is_day_only(NOW));
    assert!(aware.is_imported_at_rest() && !silent.is_imported_at_rest());
}

pub async fn another_organisation_may_take_the_same_file_over(bench: Bench) {
    let (scope, other) = (bench.organisation("zorg").await, bench.organisation("elders").await);
    take(&bench, &scope, "register.csv", REGISTER).await.unwrap();
    let taken = take(&bench, &other, "register.csv", REGISTER).await.unwrap();
    assert_eq!((taken.taken, taken.numbers), (2, Some((1, 2))));
    assert_eq!((bench.register_holds(&scope).await, bench.register_holds(&other).await), (2, 2));
}
