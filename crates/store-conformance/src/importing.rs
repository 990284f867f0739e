//! Taking over a register that was kept elsewhere, through the application: all rows or none, each once.

use std::sync::Arc;

use app::import::{Cell, Fate, ImportFile, ImportPlan, Mapping, Merged, SameNumber, Table, TakenOver, Unsaid};
use app::lists::{Filter, Notified, Start};
use app::{Error, NewReport, PersonSought, RegisterForm, Report, RequestKind, Scope};
use documents::register_extract::{RegisterRow, Told};
use facts::{Fact, Language, Value};
use incident::{Imported, Informed, Narrative, Order, Phase, ReportKind, SaidAt, SaidTold, ToldThere};
use law::verdict::{Duty, LawStatus, Outcome};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::bench::{Bench, NOW};
use crate::forgetting::forget;

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

/// What is left of an erased row is its id: whoever guesses what stood in it must not find that confirmed.
pub async fn what_a_row_said_cannot_be_guessed_from_its_id(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let mut other = bench.clone();
    other.app.signer = Arc::new(OtherKeys);
    let ids = async |bench: &Bench| {
        let plan = plan(bench, &scope, REGISTER.as_bytes()).await;
        plan.rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let (own, others) = (ids(&bench).await, ids(&other).await);
    assert_eq!(own, ids(&bench).await);
    assert!(own.len() == 2 && own.iter().all(|id| !others.contains(id)));
}

struct OtherKeys;

impl app::Signer for OtherKeys {
    fn key(&self, organisation: facts::OrganisationId) -> register::SigningKey {
        register::SigningKey::of_register(organisation.0, &[9; 32])
    }
}

/// What another register closed under the law of its time is judged by that law once it is opened again, and can be closed.
pub async fn what_is_opened_again_can_be_closed_again(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let text = "Nummer;Datum ontdekking;Omschrijving;Gemeld aan AP;Status;Datum gesloten\n\
        2018-2;01-02-2018;Brief;nee;gesloten;05-02-2018\n";
    take(&bench, &scope, "oud.csv", text).await.unwrap();
    bench.app.reopen(&scope, 1, "Er is nieuws".to_owned(), NOW).await.unwrap();
    let opened = bench.app.incident(&scope, 1).await.unwrap();
    assert_eq!((opened.phase(), opened.is_of_an_old_law()), (Phase::Done, true));
    bench.app.close(&scope, 1, "Het was niets".to_owned(), NOW).await.unwrap();
    assert_eq!(bench.app.incident(&scope, 1).await.unwrap().phase(), Phase::Closed);
}

/// An older file of ours must not bring back what was erased since.
pub async fn what_was_erased_does_not_come_back_by_our_own_file(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let text = "Nummer;Datum ontdekking;Omschrijving;Gemeld aan AP;Status;Datum gesloten\n\
        2019-2;01-02-2019;Brief van Jan;nee;gesloten;05-02-2019\n";
    take(&bench, &scope, "oud.csv", text).await.unwrap();
    let file = bench.app.register_file(&scope, app::RegisterForm::Csv, &Filter::default(), Language::Dutch, NOW).await;
    let seen = bench.app.incident(&scope, 1).await.unwrap().timeline.len() as u64;
    let reason = "Verzoek 2026-17".to_owned();
    bench.app.erase(&scope, 1, seen, incident::ErasureGround::Request, reason, NOW).await.unwrap();
    let planned = plan(&bench, &scope, &file.unwrap().bytes).await;
    assert_eq!(planned.rows[0].same_number, Some(1));
}

pub async fn one_wrong_row_keeps_all_of_them_out(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let spoilt = REGISTER.replace("31 december 2019 14:30", "vorige week");
    let refused = take(&bench, &scope, "register.csv", &spoilt).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert_eq!(bench.store.incidents(&scope).await.unwrap(), []);
    assert_eq!(bench.register_holds(&scope).await, 0);
}

/// What a cell does not say is not made of it: whoever looks the register over is told which cell to look at.
pub async fn what_is_unsure_or_missing_is_said_of_its_cell(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let heading = "Omschrijving;Datum ontdekking;Aantal betrokkenen;Gemeld bij AP?;Status";
    for (row, was_told, column, said) in [
        ("Brief;3-4-2021;3;ja/nee;gesloten", None, "D", "does not say which"),
        ("Brief;3-4-2021;3;nee (alsnog ja op 5-5-2021);gesloten", None, "D", "does not say which"),
        ("Brief;3-4-2021;3;ja?;gesloten", None, "D", "does not say which"),
        ("Brief;3-4-2021;3;☐;gesloten", None, "D", "does not say which"),
        ("Brief;3-4-2021;3;nee;gesloten?", Some(false), "E", "does not say which"),
        ("Brief;3-4-2021;#N/B;✓;gesloten", Some(true), "C", "error of the spreadsheet"),
    ] {
        let plan = plan(&bench, &scope, format!("{heading}\n{row}\n").as_bytes()).await;
        let read = &plan.rows[0].read;
        assert_eq!((plan.wrong(), read.imported.authority.was_told), (0, was_told), "{row}");
        let notes: Vec<_> = read.notes.iter().map(|note| (note.column.as_deref(), note.text.en.as_ref())).collect();
        assert!(
            matches!(notes.as_slice(), [(Some(at), text)] if *at == column && text.contains(said)),
            "{row}: {notes:?}"
        );
    }
    // What a workbook has and no CSV does.
    let text = |text: &str| Cell::Text(text.to_owned());
    let rows = vec![
        (1, vec![text("Omschrijving"), text("Datum ontdekking"), text("Aantal betrokkenen")]),
        (2, vec![text("Brief"), text("3-4-2021"), Cell::Formula("SOM(D2:E2)".to_owned())]),
        (3, vec![text("Laptop")]),
    ];
    let merged = vec![Merged { column: 1, rows: (2, 3) }];
    let table = Table { rows, merged, ..Table::default() };
    let file = ImportFile { name: "register.xlsx", sha256: "ab", table: &table };
    let plan = bench.app.plan_import(&scope, file, &Mapping::guess(&table), NOW).await.unwrap();
    assert!(matches!(notes(&plan, 0).as_slice(), [note] if note.contains("formula without a result")), "{plan:?}");
    assert_eq!(plan.rows[0].read.imported.cells[2], ("Aantal betrokkenen".to_owned(), "=SOM(D2:E2)".to_owned()));
    assert!(matches!(notes(&plan, 1).as_slice(), [note] if note.contains("merged with B2")), "{plan:?}");
    assert_eq!((plan.wrong(), plan.rows[1].read.imported.detected_at), (0, None));
}

pub async fn a_row_of_totals_is_left_out_and_a_stray_cell_is_named(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let text = format!("{REGISTER}Totaal;;;;1.220;;;\r\n");
    let planned = plan(&bench, &scope, text.as_bytes()).await;
    assert_eq!((planned.new_rows(), planned.totals(), planned.wrong()), (2, 1, 0));
    assert_eq!(take(&bench, &scope, "register.csv", &text).await.unwrap().taken, 2);
    // One with words in it may be a breach.
    let words = plan(&bench, &scope, format!("{REGISTER}Totaal;;Alles kwijt;;1.220;;;\r\n").as_bytes()).await;
    assert_eq!((words.totals(), words.rows[2].read.title.as_str()), (0, "Alles kwijt"));

    let stray = format!("{REGISTER}{}x;;;;;;;\r\n", ";;;;;;;\r\n".repeat(20));
    let planned = plan(&bench, &scope, stray.as_bytes()).await;
    let problem = &planned.rows[2].read.problems[0];
    assert!(problem.text.en.contains("cell A25 alone: “x”"), "{problem:?}");
    let refused = take(&bench, &scope, "register.csv", &stray).await;
    assert!(
        matches!(&refused, Err(Error::Invalid(problems)) if problems[0].text.en.contains("in row 25")),
        "{refused:?}"
    );
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
    take(&bench, &scope, "oud.csv", "Omschrijving;Datum\nMail van Jan de Vries;3-4-2018\n").await.unwrap();
    let mut text = "Omschrijving;Datum\n".to_owned();
    (0..app::MOST_AT_ONCE).for_each(|row| text.push_str(&format!("Mail {row} verkeerd;3-4-2019\n")));
    let table = sheets::read(text.as_bytes(), None).unwrap();
    let mapping = Mapping { unsaid: Unsaid::Closed, ..Mapping::guess(&table) };
    let file = ImportFile { name: "groot.csv", sha256: "ab", table: &table };
    let taken = bench.app.import(&scope, file, &mapping, NOW).await.unwrap();
    assert_eq!((taken.taken, taken.numbers), (5000, Some((2, 5001))));
    assert_eq!(bench.register_holds(&scope).await, 5001);

    // Of so many, the oldest is found too when a person asks: it once was beyond what a search read.
    let sought = PersonSought { name: "Jan de Vries".to_owned(), ..PersonSought::default() };
    let found = bench.app.find_person(&scope, RequestKind::Access, &sought, "2026-17", NOW).await.unwrap();
    let places: Vec<_> = found.places.iter().map(|place| place.number).collect();
    assert_eq!((found.incidents_searched, places), (5001, vec![1]));

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
    for (notified, number) in [(Notified::Yes, 1), (Notified::No, 2), (Notified::Undecided, 3)] {
        let filter = Filter { notified: Some(notified), ..Filter::default() };
        assert_eq!(found(filter).await, [number], "{notified:?}");
    }
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
    let at = NOW - jiff::SignedDuration::from_hours(9_000);
    let informed = Informed { at, count: 3, channel: "brief".into() };
    let told = bench.app.record_subjects_informed(&scope, 1, None, informed, false, NOW);
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

async fn plan(bench: &Bench, scope: &Scope, bytes: &[u8]) -> ImportPlan {
    let table = sheets::read(bytes, None).unwrap();
    let file = ImportFile { name: "register.csv", sha256: "ab", table: &table };
    bench.app.plan_import(scope, file, &Mapping::guess(&table), NOW).await.unwrap()
}

fn notes(plan: &ImportPlan, row: usize) -> Vec<&str> {
    plan.rows[row].read.notes.iter().map(|note| note.text.en.as_ref()).collect()
}

/// Whoever takes over a register of many years is told what of it goes within the month, before and not after.
/// Before 2016 there was no duty to report: nothing is judged, no clock fails on it, and it is closed like any other.
pub async fn what_was_known_before_any_duty_is_opened_and_closed_without_a_verdict(bench: Bench) {
    let bench = bench.with_law();
    let (app, scope) = (&bench.app, bench.organisation("zorg").await);
    let text = "Nr;Datum ontdekking;Omschrijving;Gemeld aan AP;Status;Datum gesloten\n\
        1;01-02-2012;Usb-stick;nee;open;\n2;05-06-2015;Brief;nee;gesloten;05-07-2015\n";
    take(&bench, &scope, "oud.csv", text).await.unwrap();
    for number in [1, 2] {
        let incident = app.incident(&scope, number).await.unwrap();
        let verdict = app.verdict(&scope, &incident, NOW).unwrap().verdict;
        assert!(verdict.is_before_any_duty() && verdict.law.status == LawStatus::Historical);
        assert_eq!(Duty::ALL.map(|duty| verdict.duty(duty).outcome), [Outcome::NotRequired; 5]);
        assert!(verdict.risk.is_none() && verdict.reasons[0].text.nl.starts_with("Vóór 1 januari 2016"));
        assert_eq!(app.clocks(&scope, &incident, NOW).unwrap(), []);
    }
    let rung = app.ring_alarms(NOW + SignedDuration::from_hours(30)).await.unwrap();
    assert!(rung.failures.is_empty(), "{:?}", rung.failures);
    assert_eq!(app.incident(&scope, 1).await.unwrap().phase(), Phase::Done);
    app.close(&scope, 1, "Lang geleden".to_owned(), NOW).await.unwrap();
    app.reopen(&scope, 2, "Er is nieuws".to_owned(), NOW).await.unwrap();
    app.close(&scope, 2, "Het was niets".to_owned(), NOW).await.unwrap();
    for number in [1, 2] {
        assert_eq!(app.incident(&scope, number).await.unwrap().phase(), Phase::Closed);
    }
}

pub async fn what_closed_long_ago_is_announced_before_it_is_taken_over(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let text = "Nr;Omschrijving;Gemeld bij AP?;Datum afgesloten\n\
        1;Mail verkeerd;ja;3-4-2019\n2;Laptop kwijt;nee;6-4-2026\n3;Post kwijt;nee;1-1-2020\n4;Brief weg;nee;\n";
    let planned = plan(&bench, &scope, text.as_bytes()).await;
    let erased = |row| notes(&planned, row).iter().any(|note| note.contains("will be erased on"));
    assert_eq!([erased(0), erased(1), erased(2), erased(3)], [true, false, true, false]);
    let said = planned.erasing.as_ref().unwrap();
    assert!(said.nl.starts_with("Let op: 2 rijen zijn zo lang geleden gesloten"), "{}", said.nl);

    // The day that was announced is the day on which it happens.
    take(&bench, &scope, "register.csv", text).await.unwrap();
    let days = |days: i64| NOW + SignedDuration::from_hours(24 * days);
    let listed = bench.app.planned_erasures(&scope, 0, NOW).await.unwrap();
    let at = listed.lines[0].at;
    assert_eq!((listed.all, at), (2, days(30)));
    assert!(said.en.contains(&documents::day(at, &TimeZone::get("Europe/Amsterdam").unwrap(), Language::English)));
    assert_eq!(forget(&bench.app, &scope, true, days(29)).await.incidents, [0_u64; 0]);
    assert_eq!(forget(&bench.app, &scope, true, days(30)).await.incidents, [1, 3]);
    // What stands there already is not announced again.
    assert_eq!(plan(&bench, &scope, text.as_bytes()).await.erasing, None);
}

/// The day of the import once stood there as that of the closing.
pub async fn a_closing_on_an_unknown_day_is_announced_as_such(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let text = "Omschrijving;Datum afgesloten;Status\nMail verkeerd;;gesloten\nPost kwijt;3-4-2026;gesloten\n";
    take(&bench, &scope, "oud.csv", text).await.unwrap();
    let late = NOW + SignedDuration::from_hours(24 * (5 * 365 - 10));
    let planned = bench.app.planned_erasures(&scope, 0, late).await.unwrap();
    let told: Vec<_> = planned.lines.iter().map(|one| (one.row.number, one.is_closing_unsaid)).collect();
    assert_eq!(told, [(2, false), (1, true)]);
}

pub async fn what_needs_a_look_in_a_row_is_noted(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let text = "Volgnr;Omschrijving;Datum ontdekking;Kennisname;Gemeld bij AP?;Datum afgesloten\n\
        7;Mail verkeerd;3-4-2026 14:00;3-4-2026;nog niet besloten;3-4-2026\n\
        8;Laptop kwijt;3-4-2026;;te doen;2-4-2026\n\
        7;Post kwijt;;;nee;\n";
    let planned = plan(&bench, &scope, text.as_bytes()).await;
    assert_eq!(planned.wrong(), 0, "{planned:?}");
    let twice = "Number 7 stands in row 4 too. Check that this is not the same twice.";
    // Of a day alone nobody knows the hour: closed on the day of its discovery is not before it.
    assert_eq!(notes(&planned, 0), [twice]);
    let before = "The closing lies before the discovery. So it stands there; check it.";
    let to_do = "“te doen”: it does not say that it was done. Check whether it has been since.";
    assert_eq!(notes(&planned, 1), [to_do, before]);
    assert_eq!(notes(&planned, 2), [twice.replace("row 4", "row 2")]);
    let told: Vec<_> = planned.rows.iter().map(|row| row.read.imported.authority.was_told).collect();
    assert_eq!(told, [None, None, Some(false)]);
}

/// What a row of ours says, without what is another register's own: its number, when it was recorded, that it is taken over.
fn said_by(row: &RegisterRow) -> String {
    let RegisterRow {
        title, detected_at, aware_at, motivation, decided_by, facts, effects, remedial, closed_at, ..
    } = row;
    let told = |told: &Told| match told {
        Told::Done { at, what } => format!("yes {at} {what}"),
        Told::TakenOver { was_told: Some(true), at, what } => format!("yes {} {what}", at.unwrap().at),
        Told::No | Told::TakenOver { was_told: Some(false), .. } => "no".to_owned(),
        Told::Undecided | Told::Planned | Told::Erased | Told::TakenOver { was_told: None, .. } => "?".to_owned(),
    };
    // Seconds are as fine as a file tells them.
    let at = |said: &Option<SaidAt>| said.map(|said| (said.at.as_second(), said.is_day));
    let (detected_at, aware_at, closed_at) = (at(detected_at), at(aware_at), at(closed_at));
    // A workbook has what prevents it in a column of its own, and so puts it last.
    let mut remedial: Vec<_> = remedial.nl.split(" | ").collect();
    remedial.sort_unstable();
    let (authority, persons) = (told(&row.authority), told(&row.persons));
    format!(
        "{title}|{detected_at:?}|{aware_at:?}|{authority}|{persons}|{motivation}|{decided_by}|{}|{}|{remedial:?}|{closed_at:?}",
        facts.nl, effects.nl
    )
}

async fn rows(bench: &Bench, scope: &Scope) -> Vec<String> {
    let lines = bench.app.register(scope).await.unwrap();
    lines.iter().map(|line| said_by(&line.extract)).collect()
}

/// An incident with everything in it that a register tells: facts, texts, a decision, a report, persons informed.
async fn reported_and_told(bench: &Bench, scope: &Scope) {
    let app = &bench.app;
    let reporter = app.permit_reporter(&scope.organisation().report_code, Some("Ada".to_owned())).await;
    let report = Report { what: "Laptop weg. En de tas".to_owned(), done: "Gezocht".to_owned(), ..Report::default() };
    let number = app.report(&reporter.unwrap(), report, NOW).await.unwrap().number;
    let at: Timestamp = "2026-11-20T09:15:00Z".parse().unwrap();
    let facts = [
        (Fact::Data, Value::Many(["contact", "payment", "health"].into())),
        (Fact::SubjectsMin, Value::Whole(40)),
        (Fact::SubjectsMax, Value::Whole(41)),
        (Fact::IncidentType, Value::One("device_lost_or_stolen")),
        (Fact::Severity, Value::One("considerable")),
        (Fact::Backup, Value::One("complete")),
    ];
    let facts = facts.into_iter().map(|(fact, value)| (fact, Some(value))).collect();
    app.record_facts(scope, number, None, facts, None, NOW).await.unwrap();
    let narrative = Narrative {
        measures_taken: Some("Op afstand gewist".to_owned()),
        measures_planned: Some("Schijven versleuteld".to_owned()),
        ..Narrative::default()
    };
    app.record_narrative(scope, number, None, narrative, NOW).await.unwrap();
    app.set_awareness(scope, number, None, at, false, "De IT-beheerder zag het".to_owned(), NOW).await.unwrap();
    let seen = bench.store.incident_by_number(scope, number).await.unwrap().entries;
    let duties = [Duty::NotifyAuthority, Duty::InformSubjects, Duty::NotifyControllers].map(|duty| (duty, true));
    let order = Order { duties: duties.into(), motivation: "+ Veel mensen".to_owned(), ..Order::default() };
    app.decide(scope, number, seen, order, NOW).await.unwrap();
    let report = NewReport { kind: ReportKind::First, at, receipt: "AP-9".to_owned(), reason: None, late_reason: None };
    app.record_report(scope, number, None, report, None, NOW).await.unwrap();
    let informed = Informed { at, count: 41, channel: "brief".to_owned() };
    app.record_subjects_informed(scope, number, None, informed, false, NOW).await.unwrap();
}

/// Written and read again, elsewhere, a register says what it said; and once more, and it is found where it came from.
pub async fn our_own_register_comes_back_the_same(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    reported_and_told(&bench, &scope).await;
    let text = "Nr;Titel;Omschrijving;Gemeld bij AP?;Persoonsgegevens;Motivering;Besloten door;Datum afgesloten\n\
        DL-7;\"=1+1. Twee zinnen, één titel\";\"Een; twee, \"\"drie\"\"\";ja, op 4-4-2026, AP-1;NAW, IBAN;-5 graden;Joost;6-4-2026\n\
        DL-8;Tweede;Laptop kwijt;;BSN;;;\n";
    take(&bench, &scope, "oud.csv", text).await.unwrap();
    let told = rows(&bench, &scope).await;
    assert!(told.iter().any(|row| row.starts_with("=1+1. Twee zinnen, één titel|")), "{told:#?}");
    for (form, language) in [
        (RegisterForm::Csv, Language::Dutch),
        (RegisterForm::Csv, Language::English),
        (RegisterForm::Xlsx, Language::Dutch),
        (RegisterForm::Xlsx, Language::English),
    ] {
        let written = bench.app.register_file(&scope, form, &Filter::default(), language, NOW).await.unwrap();
        let place = format!("elders-{}-{language:?}", form.key()).to_lowercase();
        let mut from = written;
        // The second round reads what the first made of it.
        for round in 0..2 {
            let other = bench.organisation(&format!("{place}-{round}")).await;
            let table = sheets::read(&from.bytes, None).unwrap();
            let file = ImportFile { name: &from.file_name, sha256: "ab", table: &table };
            let mapping = Mapping::guess(&table);
            let planned = bench.app.plan_import(&other, file, &mapping, NOW).await.unwrap();
            assert_eq!(planned.wrong(), 0, "{place}: {planned:#?}");
            bench.app.import(&other, file, &mapping, NOW).await.unwrap();
            let read = rows(&bench, &other).await;
            if language == Language::Dutch {
                assert_eq!(read, told, "{place} {round}");
            }
            assert_eq!(read.len(), told.len());
            from = bench.app.register_file(&other, form, &Filter::default(), language, NOW).await.unwrap();
        }
        // Where it came from nothing of it is new.
        let written = bench.app.register_file(&scope, form, &Filter::default(), language, NOW).await.unwrap();
        let planned = plan(&bench, &scope, &written.bytes).await;
        assert_eq!((planned.new_rows(), planned.skipped()), (0, told.len()), "{place}");
    }
    let there = bench.app.incident(&scope, 2).await.unwrap();
    assert_eq!(there.imported().and_then(Imported::number_to_find).as_deref(), Some("DL-7"));
    let csv =
        bench.app.register_file(&scope, RegisterForm::Csv, &Filter::default(), Language::Dutch, NOW).await.unwrap();
    assert!(String::from_utf8(csv.bytes).unwrap().contains(";DL-7\r\n"), "the number there");
}
