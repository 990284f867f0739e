//! The interview in the browser: one question a page, from the first to the end, alone and with two people.

use axum::http::StatusCode;

use crate::client::{Answer, Client};
use crate::world::World;

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

/// A lost paper with two customers' details, as somebody at the shop knows it; what is not here, they do not know.
const KNOWN: &[(&str, &[(&str, &str)])] = &[
    ("aware_at", &[("kennis-dag", "2026-03-27"), ("kennis-tijd", "10:00"), ("kennis-reden", "Toen misten we de map.")]),
    ("detected_at", &[("ontdekt-dag", "2026-03-27"), ("ontdekt-tijd", "09:30")]),
    ("description", &[("description", "Een map met twee bestelbonnen is kwijt.")]),
    ("measures_taken", &[("measures_taken", "Overal gezocht; de sloten zijn vervangen.")]),
    ("security_incident", &[("security_incident", "true")]),
    ("personal_data", &[("personal_data", "true")]),
    ("role", &[("role", "controller")]),
    ("confidentiality", &[("confidentiality", "likely")]),
    ("integrity", &[("integrity", "none")]),
    ("availability", &[("availability", "none")]),
    ("nature", &[("confidentiality", "likely"), ("integrity", "none"), ("availability", "none")]),
    ("incident_type", &[("incident_type", "paper_lost_or_stolen")]),
    ("cause", &[("cause", "internal_accidental")]),
    ("exfiltration", &[("exfiltration", "not_applicable")]),
    ("recipient", &[("recipient", "unknown")]),
    ("recipient_count", &[("recipient_count", "1")]),
    ("deletion_confirmed", &[("deletion_confirmed", "false")]),
    ("exposure_hours", &[("exposure_hours", "24")]),
    ("systemic", &[("systemic", "false")]),
    ("data", &[("data", "name"), ("data", "address"), ("data", "financial")]),
    ("persons", &[("personen", "2")]),
    ("groups", &[("groups", "customers")]),
    ("vulnerable", &[("vulnerable", "false")]),
    ("identification", &[("identification", "maximum")]),
    ("protection", &[("protection", "none")]),
    ("backup", &[("backup", "complete")]),
    ("service_impact", &[("service_impact", "none")]),
    ("consequences", &[("consequences", "phishing")]),
    ("cbw_entity", &[("cbw_entity", "none")]),
    ("exceptions", &[("geen", "ja")]),
];

/// Somebody reports something at the baker's; the case that it opens.
async fn reported(world: &World) -> String {
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let path = format!("/melden/{}", scope.organisation().report_code);
    let form = [("what", "Er is een map met bestelbonnen kwijt."), ("done", "Overal gezocht.")];
    assert_eq!(world.visitor().post(&path, &form).await.status, StatusCode::SEE_OTHER);
    "/o/bakkerij-de-korenaar/incidenten/3".to_owned()
}

/// The question that an address asks.
fn asked(address: &str) -> Option<&str> {
    address.split_once("/vragen/")?.1.split('?').next()
}

/// Where the page's own button leads.
fn onward(html: &str) -> String {
    let buttons =
        html.split("<a class=\"act").skip(1).filter_map(|rest| rest.split("href=\"").nth(1)?.split('"').next());
    let next = buttons.into_iter().find(|link| link.contains("/vragen/"));
    next.expect("no button to a question").replace("&#38;", "&")
}

/// Answers a question from its page; `None` is *I don't know yet*.
async fn say(client: &mut Client, address: &str, answer: Option<&[(&str, &str)]>) -> Answer {
    let page = client.get(address).await;
    assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text());
    let (html, seen) = (page.html(), page.hidden("gezien"));
    let action = html.split("<form method=\"post\" action=\"").nth(2).and_then(|rest| rest.split('"').next()).unwrap();
    let action = action.replace("&#38;", "&");
    let gates = html.split("name=\"gevraagd\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let mut form: Vec<(&str, &str)> = vec![("gezien", &seen)];
    form.extend(gates.map(|gates| ("gevraagd", gates)));
    form.extend(answer.unwrap_or(&[("weet-niet", "ja")]));
    client.post(&action, &form).await
}

/// Walks on from an address until no question is left; what was asked, in order.
async fn walk(client: &mut Client, from: &str, knows: impl Fn(&str) -> bool) -> Vec<String> {
    let mut address = onward(&client.get(from).await.html());
    let mut questions = Vec::new();
    while let Some(question) = asked(&address).map(str::to_owned) {
        assert!(questions.len() < 40, "it does not end: {questions:?}");
        let html = client.get(&address).await.html();
        assert_eq!(html.matches("<h1").count(), 1, "{question}: one thing is asked");
        assert!(html.contains("Waarom vragen we dit?") && html.contains("class=\"cite\""), "{question}");
        let known = KNOWN.iter().find(|(key, _)| *key == question).map(|(_, answer)| *answer);
        let answer = say(client, &address, known.filter(|_| knows(&question))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{question}: {}", answer.text());
        address = answer.location().to_owned();
        questions.push(question);
    }
    questions
}

#[tokio::test]
async fn it_asks_until_nothing_counts_any_more() {
    let world = World::new().await;
    let case = reported(&world).await;
    let mut officer = world.officer().await;
    let overview = officer.get(&case).await.html();
    assert!(overview.contains(&format!("{case}/vragen")), "no way to the questions: {overview}");
    insta::assert_snapshot!("interview_start", officer.get(&format!("{case}/vragen")).await.text());
    let questions = walk(&mut officer, &format!("{case}/vragen"), |_| true).await;
    assert_eq!(questions.first().map(String::as_str), Some("aware_at"));
    let mut once = questions.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), questions.len(), "asked twice: {questions:?}");
    let end = officer.get(&format!("{case}/vragen")).await;
    let text = end.text();
    assert!(text.contains("Niets wat u nog kunt antwoorden, verandert de uitkomst."), "{text}");
    assert!(text.contains("Marieke de Wit, vrijdag 27 maart 2026"), "who answered is not told: {text}");
    let verdict = officer.get(&format!("{case}/oordeel")).await.text();
    assert!(!verdict.contains("Wat nog ontbreekt"), "{verdict}");
    assert!(end.html().contains(&format!("href=\"{case}/besluit\"")), "the next step is not there");
}

#[tokio::test]
async fn what_nobody_knows_yet_is_passed_over_and_kept() {
    let world = World::new().await;
    let case = reported(&world).await;
    let mut handler = world.handler().await;
    let questions = walk(&mut handler, &format!("{case}/vragen"), |key| ["aware_at", "role"].contains(&key)).await;
    assert!(questions.len() > 2, "{questions:?}");
    let text = handler.get(&format!("{case}/vragen")).await.text();
    assert!(text.contains("Dit is nog niet bekend, en kan de uitkomst nog veranderen:"), "{text}");
    assert!(!text.to_lowercase().contains("onbepaald"), "{text}");
    assert!(text.contains("Nu wel bekend") && text.contains("Joost Bakker"), "{text}");
    insta::assert_snapshot!("interview_unknown", text);
    // Known by now: it goes on from there.
    let answer = say(&mut handler, &format!("{case}/vragen/personal_data"), Some(&[("personal_data", "false")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let text = handler.get(&format!("{case}/vragen")).await.text();
    assert!(!text.contains("kan de uitkomst nog veranderen:"), "{text}");
}

#[tokio::test]
async fn an_answer_that_is_none_is_asked_again_with_what_was_typed() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let count = format!("{CASE}/vragen/recipient_count");
    let answer = say(&mut handler, &count, Some(&[("recipient_count", "een paar")])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = answer.html();
    assert!(html.contains("href=\"#recipient_count\"") && html.contains("id=\"recipient_count-fout\""), "{html}");
    assert!(html.contains("value=\"een paar\""), "what was typed is lost");
    assert!(html.contains("<title>Fout: "), "{html}");
    for (key, none) in [("protection", "Kies een antwoord."), ("data", "Kies wat van toepassing is.")] {
        let answer = say(&mut handler, &format!("{CASE}/vragen/{key}"), Some(&[])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{key}: silence is no answer");
        assert!(answer.text().contains(none), "{}", answer.text());
    }
    let persons = format!("{CASE}/vragen/persons");
    let wrong = [("personen-min", "60"), ("personen-max", "20")];
    let answer = say(&mut handler, &persons, Some(&wrong)).await;
    assert!(answer.text().contains("hoger dan het hoogste") && answer.html().contains("value=\"60\""));
    // The bounds of a number of persons are one question, whatever the address says.
    assert!(handler.get(&format!("{CASE}/vragen/subjects_max")).await.text().contains("Om hoeveel personen gaat het?"));
    for nothing in ["weer", "aware_at2", ""] {
        let answer = handler.get(&format!("{CASE}/vragen/{nothing}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn an_answer_that_contradicts_another_leads_to_it() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let answer = say(&mut handler, &format!("{CASE}/vragen/recipient"), Some(&[("recipient", "none")])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("Dit past niet bij een ander antwoord."), "{text}");
    assert!(answer.html().contains(&format!("href=\"{CASE}/vragen/recipient_count\"")), "{text}");
    assert!(answer.html().contains("value=\"none\" id=\"recipient\" checked"), "what was chosen is lost");
    // What would contradict what is known is not offered.
    assert!(!handler.get(&format!("{CASE}/vragen/data")).await.text().contains("Geen van deze"));
}

#[tokio::test]
async fn every_answer_can_be_opened_again() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let page = handler.get(&format!("{CASE}/vragen")).await;
    assert!(page.html().contains(&format!("href=\"{CASE}/vragen/protection\"")), "{}", page.html());
    let question = handler.get(&format!("{CASE}/vragen/protection")).await;
    assert!(question.html().contains("value=\"none\" id=\"protection\" checked"), "{}", question.html());
    insta::assert_snapshot!("interview_question", question.text());
    insta::assert_snapshot!("interview_persons", handler.get(&format!("{CASE}/vragen/persons")).await.text());
    insta::assert_snapshot!("interview_exceptions", handler.get(&format!("{CASE}/vragen/exceptions")).await.text());
    let answer = say(&mut handler, &format!("{CASE}/vragen/protection"), Some(&[("protection", "intact")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let again = handler.get(&format!("{CASE}/vragen/protection")).await;
    assert!(
        again.html().contains("value=\"intact\" checked") && again.text().contains("Nu vastgelegd: Ja (Joost Bakker")
    );
    // A band records two bounds, and the highest one none at the top: nobody knows it.
    let band = first_band(&handler.get(&format!("{CASE}/vragen/persons")).await.html(), false);
    let answer = say(&mut handler, &format!("{CASE}/vragen/persons"), Some(&[("orde", &band)])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let text = handler.get(&format!("{CASE}/vragen")).await.text();
    assert!(text.contains("1 tot 49 personen"), "{text}");
    let band = first_band(&handler.get(&format!("{CASE}/vragen/persons")).await.html(), true);
    let answer = say(&mut handler, &format!("{CASE}/vragen/persons"), Some(&[("orde", &band)])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_ne!(asked(answer.location()), Some("persons"), "who does not know the highest is asked again at once");
    assert!(handler.get(&format!("{CASE}/vragen")).await.text().contains(&format!("ten minste {band} personen")));
}

/// The value of the lowest band, or of the highest.
fn first_band(html: &str, is_last: bool) -> String {
    let mut bands: Vec<&str> =
        html.split("name=\"orde\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    if is_last {
        bands.reverse();
    }
    (*bands.first().expect("no bands")).to_owned()
}

#[tokio::test]
async fn two_people_at_one_question_both_see_both_answers() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let address = format!("{CASE}/vragen/protection");
    let seen = second.get(&address).await.hidden("gezien");
    assert_eq!(say(&mut first, &address, Some(&[("protection", "partial")])).await.status, StatusCode::SEE_OTHER);
    let answer = second.post(&address, &[("gezien", &seen), ("protection", "intact")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("Joost Bakker koos intussen: Deels."), "{text}");
    assert!(answer.html().contains("value=\"intact\" checked"), "the second's own answer is lost");
    // Not known yet, beside a known answer, is a difference too.
    let unknown = second.post(&address, &[("gezien", &seen), ("weet-niet", "ja")]).await;
    assert!(unknown.text().contains("Joost Bakker antwoordde intussen: Deels."), "{}", unknown.text());
    // Seen now, and sent again. Another question is in nobody's way.
    let seen = answer.hidden("gezien");
    assert_eq!(
        say(&mut first, &format!("{CASE}/vragen/backup"), Some(&[("backup", "complete")])).await.status,
        StatusCode::SEE_OTHER
    );
    let answer = second.post(&address, &[("gezien", &seen), ("protection", "intact")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let twice = second.post(&address, &[("gezien", &seen), ("protection", "intact")]).await;
    assert_eq!(twice.status, StatusCode::SEE_OTHER, "a button pressed twice: {}", twice.text());
    let whole = second.post(&address, &[("protection", "none")]).await;
    assert!(whole.text().contains("kwam niet heel aan"), "{}", whole.text());
    let page = first.get(&address).await.html();
    assert!(page.contains("value=\"intact\" checked"), "{page}");
}

#[tokio::test]
async fn a_text_of_the_interview_keeps_the_others() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let address = format!("{CASE}/vragen/measures_taken");
    let page = handler.get(&address).await;
    assert!(page.text().contains("De melder schreef:"), "{}", page.text());
    let answer = say(&mut handler, &address, Some(&[("measures_taken", "Alles gewist.")])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(answer.location().contains("bewaard=vragen/measures_taken"), "{}", answer.location());
    let facts = handler.get(&format!("{CASE}/feiten")).await.html();
    assert!(facts.contains(">Alles gewist.</textarea>"));
    assert!(facts.contains(">Een lijst met bestellingen ging naar de verkeerde klant.</textarea>"), "a text is wiped");
    let empty = say(&mut handler, &address, Some(&[("measures_taken", " ")])).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "an empty text wipes one");
}

#[tokio::test]
async fn the_emergency_road_ends_at_a_report_in_twelve_answers() {
    let world = World::new().await;
    // Whom the authority may ask, an administrator filled in before.
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let contact = app::Profile {
        contact_name: "Marieke de Wit".into(),
        contact_function: "directeur".into(),
        contact_email: "directeur@korenaar.example".into(),
        contact_phone: "0600000000".into(),
        ..scope.organisation().profile.clone()
    };
    world.app.store.update_profile(&scope, &contact, None).await.unwrap();
    let case = reported(&world).await;
    let mut officer = world.officer().await;
    let start = officer.get(&format!("{case}/vragen")).await;
    assert!(!start.text().contains("Minder dan 12 uur") && start.html().contains("weg=nood"), "{}", start.text());
    let from = format!("{case}/vragen?weg=nood");
    let questions = walk(&mut officer, &from, |_| true).await;
    assert!(questions.len() <= 12, "{} answers: {questions:?}", questions.len());
    let end = officer.get(&from).await;
    let text = end.text();
    assert!(text.contains("De eerste melding is in te vullen"), "{text}");
    assert!(end.html().contains(&format!("href=\"{case}/documenten#ap\"")), "{text}");
    insta::assert_snapshot!("interview_emergency_end", text);
}

#[tokio::test]
async fn the_emergency_road_ends_with_little_known_too_and_says_what_is_needed() {
    let world = World::new().await;
    let case = reported(&world).await;
    let mut officer = world.officer().await;
    let from = format!("{case}/vragen?weg=nood");
    let questions = walk(&mut officer, &from, |_| false).await;
    assert!(questions.len() <= 12, "{questions:?}");
    let end = officer.get(&format!("{from}&later=aware_at,detected_at,description,measures_taken")).await;
    let text = end.text();
    assert!(text.contains("Nog niet genoeg voor een eerste melding"), "{text}");
    assert!(text.contains("4.4: Wanneer kreeg u kennis van de inbreuk?"), "{text}");
    assert!(
        end.html().contains(&format!("href=\"{case}/vragen/aware_at?weg=nood")),
        "no way to what is needed: {text}"
    );
    assert!(text.contains("staat bij de instellingen van uw organisatie"), "{text}");
}

#[tokio::test]
async fn under_twelve_hours_the_emergency_road_stands_on_top() {
    let world = World::new().await;
    world.let_pass(14);
    let mut handler = world.handler().await;
    for path in ["/vragen", "/vragen/consequences"] {
        let page = handler.get(&format!("{CASE}{path}")).await.text();
        assert!(page.contains("Minder dan 12 uur: neem de noodweg"), "{path}: {page}");
    }
    world.let_pass(24);
    let mut handler = world.handler().await;
    assert!(handler.get(&format!("{CASE}/vragen")).await.text().contains("De termijn is voorbij: neem de noodweg"));
    let on_it = handler.get(&format!("{CASE}/vragen/consequences?weg=nood")).await.text();
    assert!(!on_it.contains("neem de noodweg"), "{on_it}");
}

#[tokio::test]
async fn who_may_not_answer_reads_along() {
    let world = World::new().await;
    let mut dpo = world.dpo().await;
    for path in ["/vragen", "/vragen/protection", "/vragen/data", "/vragen/exceptions", "/vragen/aware_at"] {
        let page = dpo.get(&format!("{CASE}{path}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.html().contains(&format!("action=\"{CASE}")), "{path} has a form");
    }
    assert!(dpo.get(&format!("{CASE}/vragen/protection")).await.text().contains("Antwoorden kan een behandelaar"));
    let refused = dpo.post(&format!("{CASE}/vragen/protection"), &[("protection", "intact")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_closed_incident_is_read_only() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let address = format!("{CASE}/vragen/protection");
    let seen = officer.get(&address).await.hidden("gezien");
    world.closed().await;
    let page = officer.get(&address).await;
    assert!(!page.html().contains(&format!("action=\"{CASE}")), "{}", page.text());
    let answer = officer.post(&address, &[("gezien", &seen), ("protection", "intact")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Marieke de Wit sloot dit incident op"), "{}", answer.text());
}

#[tokio::test]
async fn in_english() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    insta::assert_snapshot!("interview_english", officer.get(&format!("{CASE}/vragen/recipient?taal=en")).await.text());
    for path in
        ["/vragen", "/vragen?weg=nood", "/vragen/data", "/vragen/persons", "/vragen/nature", "/vragen/exceptions"]
    {
        let text = officer.get(&format!("{CASE}{path}")).await.text();
        for word in ["Vraag ", "Waarom", "antwoord", "Terug", "Geen van"] {
            assert!(!text.contains(word), "{path} says {word}: {text}");
        }
    }
}
