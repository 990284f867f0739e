//! Taking over a register that was kept elsewhere, through the application: all rows or none, each once.

use app::import::{ImportFile, Mapping, TakenOver, Unsaid};
use app::{Error, Scope};
use facts::{Fact, Value};
use incident::{Phase, SaidTold};

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
    assert_eq!(taken, TakenOver { taken: 2, there: 0, numbers: Some((4, 5)) });
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
    assert_eq!(again, TakenOver { taken: 0, there: 2, numbers: None });
    // Saved anew with two rows added, of which two are alike.
    let row = "2019-03;5-5-2019;Post verkeerd;NAW;1;nee;Weinig;gesloten\r\n";
    let more = take(&bench, &scope, "register.csv", &format!("{REGISTER}{row}{row}")).await.unwrap();
    assert_eq!(more, TakenOver { taken: 2, there: 2, numbers: Some((3, 4)) });
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

pub async fn another_organisation_may_take_the_same_file_over(bench: Bench) {
    let (scope, other) = (bench.organisation("zorg").await, bench.organisation("elders").await);
    take(&bench, &scope, "register.csv", REGISTER).await.unwrap();
    let taken = take(&bench, &other, "register.csv", REGISTER).await.unwrap();
    assert_eq!((taken.taken, taken.numbers), (2, Some((1, 2))));
    assert_eq!((bench.register_holds(&scope).await, bench.register_holds(&other).await), (2, 2));
}
