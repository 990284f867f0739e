//! The clocks: none before a person looked, all of them on one page and in a calendar, and the times they count from.

use axum::http::StatusCode;

use incident::Role;

use crate::client::{Answer, Client};
use crate::world::World;

const DETECTED: &str = "/o/bakkerij-de-korenaar/incidenten/1";
const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

async fn check(client: &mut Client, seen: &str, answer: &str, note: &str) -> Answer {
    let form = [("gezien", seen), ("waarneming", answer), ("waarneming-notitie", note)];
    client.post(&format!("{DETECTED}/waarneming"), &form).await
}

#[tokio::test]
async fn a_detection_has_no_clock_until_a_person_confirmed_it() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let page = handler.get(DETECTED).await;
    let (text, seen) = (page.text(), page.hidden("gezien"));
    assert!(text.contains("Nog geen klok: kijk eerst na of de waarneming klopt"), "{text}");
    assert!(text.contains("Haal het apparaat van het netwerk"), "it says what to do first: {text}");
    assert!(!text.contains("Klok:"), "{text}");
    let list = handler.get("/o/bakkerij-de-korenaar/incidenten").await.text();
    assert!(list.contains("Nog geen klok: kijk eerst na"), "{list}");

    for (answer, note, problem) in [("", "Gezien.", "Kies of de waarneming klopt."), ("nee", " ", "Vul in waarom.")] {
        let again = check(&mut handler, &seen, answer, note).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text().contains(problem), "{}", again.text());
        assert!(again.html().contains("<title>Fout: "));
    }
    let answer = check(&mut handler, &seen, "ja", "De kassa draait een vreemd programma.").await;
    assert_eq!(answer.location(), format!("{DETECTED}?bewaard=waarneming"), "{}", answer.text());
    let text = handler.get(DETECTED).await.text();
    assert!(text.contains("Klok: 72 uur.") && text.contains("Nagekeken door Joost Bakker op"), "{text}");
    assert!(text.contains("Voorlopig"), "nobody set awareness: {text}");
    let timeline = handler.get(&format!("{DETECTED}/tijdlijn")).await.text();
    assert!(timeline.contains("Waarneming nagekeken: het klopt"), "{timeline}");
}

#[tokio::test]
async fn a_false_alarm_starts_no_clock_and_the_second_to_look_reads_the_first() {
    let world = World::new().await;
    let (mut handler, mut officer) = (world.handler().await, world.officer().await);
    let seen = officer.get(DETECTED).await.hidden("gezien");
    let answer = check(&mut handler, &seen, "nee", "Een update van de kassa.").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let late = check(&mut officer, &seen, "ja", "Ik vertrouw het niet.").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.text().contains("Joost Bakker heeft dit intussen nagekeken."), "{}", late.text());
    assert!(late.html().contains("Ik vertrouw het niet."), "what was typed is lost");
    let text = officer.get(DETECTED).await.text();
    assert!(text.contains("vals alarm") && !text.contains("Klok:"), "{text}");
    // The same button pressed twice is no quarrel.
    let twice = check(&mut handler, &seen, "nee", "Een update van de kassa.").await;
    assert_eq!(twice.status, StatusCode::SEE_OTHER, "{}", twice.text());
    // Whom a person told has no detection to check.
    assert!(!officer.get(CASE).await.html().contains("/waarneming"));
    let dpo = world.dpo().await.get(DETECTED).await.html();
    assert!(dpo.contains("vals alarm") && !dpo.contains("/waarneming\""), "who reads along has no form");
}

#[tokio::test]
async fn every_clock_stands_on_one_page() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let text = handler.get(&format!("{CASE}/klokken")).await.text();
    assert!(text.contains("Zo snel als u kunt, uiterlijk zaterdag 28 maart 2026, 14:20 uur (wintertijd)"), "{text}");
    assert!(text.contains("Grondslag: AVG art. 33(1)"), "{text}");
    assert!(!text.contains("Voor wie besluit"), "the other limit is not for who handles");
    let officer = world.officer().await.get(&format!("{CASE}/klokken")).await.text();
    assert!(officer.contains("Voor wie besluit: de termijn volgens Verordening 1182/71"), "{officer}");
    let english = handler.get(&format!("{CASE}/klokken?taal=en")).await.text();
    assert!(english.contains("As soon as you can, at the latest Saturday"), "{english}");

    // A duty without a number counts down nowhere.
    world.decided().await;
    world.app_high_risk().await;
    let html = handler.get(&format!("{CASE}/klokken?taal=nl")).await.html();
    let (_, persons) = html.split_once("de wet noemt geen aantal uren").expect("no clock without a number");
    let persons = persons.split("</li>").next().unwrap();
    assert!(!persons.contains("data-seconds"), "{persons}");
}

#[tokio::test]
async fn the_clocks_can_be_taken_along_in_a_calendar() {
    let world = World::new().await;
    let path = format!("{CASE}/klokken.ics");
    let mut handler = world.handler().await;
    let answer = handler.get(&path).await;
    assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"incident-2.ics\"");
    let file = answer.html();
    assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.contains("DTSTART:20260328T132000Z"), "{file}");
    assert!(!file.contains("bestellingen"), "it names the incident by its number alone: {file}");
    assert_eq!(world.stranger().await.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.employee().await.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.visitor().get(&path).await.status, StatusCode::SEE_OTHER);
    // Nothing runs where nobody looked yet, and no number is denied that the law does name.
    let waiting = handler.get(&format!("{DETECTED}/klokken")).await.text();
    assert!(waiting.contains("loopt nog niet") && !waiting.contains("geen aantal uren"), "{waiting}");
    assert!(!waiting.contains("Download de agenda"), "{waiting}");
    let empty = handler.get(&format!("{DETECTED}/klokken.ics")).await.html();
    assert!(!empty.contains("DTSTART:20260329T182000Z"), "{empty}");
}

#[tokio::test]
async fn a_processors_notice_is_kept_with_its_name_and_moment() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let path = format!("{CASE}/feiten/verwerker");
    let moment = [("verwerker-dag", "2026-03-25"), ("verwerker-tijd", "09:05"), ("verwerker-welke", "")];
    let unnamed = [&moment[..], &[("verwerker-naam", " ")]].concat();
    let answer = handler.post(&path, &unnamed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html().contains("href=\"#verwerker-naam\"") && answer.html().contains("value=\"09:05\""));
    let future = [("verwerker-dag", "2027-03-25"), ("verwerker-tijd", "09:05"), ("verwerker-naam", "Salaris BV")];
    let answer = handler.post(&path, &future).await;
    assert!(answer.text().contains("in de toekomst") && answer.html().contains("Salaris BV"), "{}", answer.text());
    let named = [&moment[..], &[("verwerker-naam", "Salaris BV")]].concat();
    let answer = handler.post(&path, &named).await;
    assert_eq!(answer.location(), format!("{CASE}/feiten?bewaard=verwerker#verwerker"), "{}", answer.text());
    let facts = handler.get(&format!("{CASE}/feiten")).await.text();
    assert!(facts.contains("Het eerste bericht kwam op woensdag 25 maart 2026, 09:05 uur"), "{facts}");
    let timeline = handler.get(&format!("{CASE}/tijdlijn")).await.text();
    assert!(timeline.contains("Bericht van de verwerker ontvangen: Salaris BV"), "{timeline}");
}

#[tokio::test]
async fn much_time_before_awareness_is_asked_about() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let page = handler.get(&format!("{CASE}/feiten")).await;
    assert!(!page.text().contains("ligt veel tijd"));
    let form = [
        ("gezien", &*page.hidden("gezien")),
        ("ontdekt-dag", "2026-03-20"),
        ("ontdekt-tijd", "10:00"),
        ("ontdekt-welke", ""),
    ];
    assert_eq!(handler.post(&format!("{CASE}/feiten/ontdekt"), &form).await.status, StatusCode::SEE_OTHER);
    let text = handler.get(&format!("{CASE}/feiten")).await.text();
    assert!(text.contains("Tussen het eerste signaal en de kennisname ligt veel tijd."), "{text}");
}

#[tokio::test]
async fn nobody_reads_of_an_fg_who_is_not_there() {
    let world = World::new().await;
    let scope = world.app.permit_program("stichting-de-zwaluw").await.unwrap();
    let reporter = world.app.permit_reporter(&scope.organisation().report_code, None).await.unwrap();
    let report = app::Report { what: "Een USB-stick ligt nog in de trein.".into(), ..Default::default() };
    world.app.report(&reporter, report, crate::world::NOW).await.unwrap();
    let mut ada = world.alone().await;
    for path in ["", "/oordeel", "/klokken", "/tijdlijn"] {
        for (language, words) in [("nl", [" FG ", "(FG)"]), ("en", ["DPO", "(FG)"])] {
            let text = ada.get(&format!("/o/stichting-de-zwaluw/incidenten/1{path}?taal={language}")).await.text();
            for word in words {
                assert!(!text.contains(word), "{path} in {language} says {word}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn an_agreed_term_has_a_clock_until_somebody_says_it_was_met() {
    const SETTINGS: &str = "/o/bakkerij-de-korenaar/instellingen";
    let world = World::new().await;
    let mut client = world.invited(&[Role::Officer, Role::Administrator]).await;
    let insurer = [
        ("keuzes", "ja"),
        ("termijn-0-id", ""),
        ("termijn-0-met", "De Verzekeraar"),
        ("termijn-0-soort", "insurer"),
        ("termijn-0-lengte", "48"),
        ("termijn-0-eenheid", "uren"),
    ];
    let answer = client.post(SETTINGS, &insurer).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = client.get(&format!("{CASE}/klokken")).await;
    assert!(page.text().contains("De Verzekeraar"), "{}", page.text());
    assert!(page.html().contains("value=\"termijn-1\""), "it can be said to be met");

    let met =
        |term: &'static str, day: &'static str| [("termijn", term), ("gehaald-dag", day), ("gehaald-tijd", "15:20")];
    for (term, day, problem) in [
        ("een-andere", "2026-03-27", "Kies wie is ingelicht."),
        ("termijn-1", "2031-01-01", "Deze tijd ligt in de toekomst."),
    ] {
        let again = client.post(&format!("{CASE}/klokken"), &met(term, day)).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text().contains(problem), "{}", again.text());
    }
    let answer = client.post(&format!("{CASE}/klokken"), &met("termijn-1", "2026-03-27")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = client.get(&format!("{CASE}/klokken")).await;
    assert!(page.text().contains("De Verzekeraar") && page.text().contains("gedaan"), "{}", page.text());
    assert!(!page.html().contains("value=\"termijn-1\""), "nothing is left to say");
    assert!(client.get(&format!("{CASE}/tijdlijn")).await.text().contains("De Verzekeraar is ingelicht"));
}
