//! Reports to the authority and to others: both forms, what is too long, supplements, withdrawals, lateness, processors, the
//! CSIRT, and a law that is history.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use jiff::Timestamp;

use documents::dossier::asks::Asks;
use facts::{Fact, Value};
use incident::{Narrative, Permission};

use crate::client::Client;
use crate::world::World;

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";
const DOCUMENTS: &str = "/o/bakkerij-de-korenaar/incidenten/2/documenten";
const AT: [(&str, &str); 2] = [("gemeld-dag", "2026-03-27"), ("gemeld-tijd", "15:10")];

impl World {
    /// Somebody of the office records facts about the misdirected mail.
    async fn found_out(&self, known: &[(Fact, &[&str])]) {
        let handler = self.app.sign_in("kantoor@korenaar.example", crate::world::PASSWORD).await.unwrap();
        let scope = self.app.permit(&handler, Permission::HandleIncident, "bakkerij-de-korenaar").await.unwrap();
        let changes: BTreeMap<Fact, Option<Value>> =
            known.iter().map(|(fact, words)| (*fact, Some(fact.read(words).unwrap()))).collect();
        self.app.record_facts(&scope, 2, None, changes, None, self.now()).await.unwrap();
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.clock.load(std::sync::atomic::Ordering::Relaxed)).unwrap()
    }
}

async fn report(client: &mut Client, fields: &[(&str, &str)]) -> crate::client::Answer {
    let seen = client.get(DOCUMENTS).await.hidden("gezien");
    let form = [fields, &AT, &[("gezien", seen.as_str())]].concat();
    client.post(&format!("{DOCUMENTS}/gemeld"), &form).await
}

#[tokio::test]
async fn both_forms_stand_there_as_dated_maps_over_the_same_facts() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let text = handler.get(DOCUMENTS).await.text();
    assert!(text.starts_with("Overzicht") || text.contains("Meld dit bij de AP"), "{text}");
    let asked = text.split_once("Meld dit bij de AP").expect("the first thing said is what is due").1;
    for words in
        ["vragenlijst van augustus 2022", "vastgelegd,", "voorstel,", "ontbreken", "controleer in het formulier"]
    {
        assert!(asked.contains(words), "{words}: {asked}");
    }
    for state in ["Vastgelegd", "Voorstel: controleer", "Ontbreekt nog"] {
        assert!(asked.contains(state), "{state}: {asked}");
    }
    let edpb = handler.get(&format!("{DOCUMENTS}?formulier=edpb-1.0")).await.text();
    assert!(edpb.contains("al gebruikt, is ons niet bekend"), "{edpb}");
    let html = handler.get(DOCUMENTS).await.html();
    assert!(html.contains(&format!("{CASE}/vragen/records")), "what is missing leads to where it is asked");
    assert!(html.contains("data-copy=\"veld-"), "fields can be copied");
}

#[tokio::test]
async fn what_nobody_checked_is_not_reported_yet_and_doubt_asks_for_a_precaution() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let text = handler.get("/o/bakkerij-de-korenaar/incidenten/1/documenten").await.text();
    assert!(text.contains("Kijk eerst na of de waarneming klopt") && !text.contains("Meld dit bij de AP"), "{text}");
    let wilgen = "/o/huisartsenpraktijk-de-wilgen/incidenten/1/documenten";
    let text = world.provider().await.get(wilgen).await.text();
    assert!(text.contains("Meld dit uit voorzorg bij de AP"), "{text}");
}

#[tokio::test]
async fn a_form_can_be_taken_along_as_json_by_who_reads_the_incident() {
    let world = World::new().await;
    let path = format!("{DOCUMENTS}/edpb-1.0.json?doel=first");
    for mut client in [world.handler().await, world.dpo().await] {
        let answer = client.get(&path).await;
        assert_eq!(answer.headers["content-type"], "application/json");
        let name = answer.headers["content-disposition"].to_str().unwrap();
        assert_eq!(name, "attachment; filename=\"incident-2-edpb-1.0-first.json\"");
        let json: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!((&json["form"], &json["purpose"]), (&"edpb-1.0".into(), &"first".into()));
    }
    assert_eq!(world.employee().await.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.stranger().await.get(&path).await.status, StatusCode::NOT_FOUND);
    let mut handler = world.handler().await;
    for nothing in ["ap-1999.json", "aa.pdf", "ap-2022-08.xml"] {
        assert_eq!(handler.get(&format!("{DOCUMENTS}/{nothing}")).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    let form = [("soort", "edpb_dossier"), ("doel", "first")];
    let answer = handler.post(DOCUMENTS, &form).await;
    let html = handler.get(answer.location().split('#').next().unwrap()).await.html();
    let link = html.split("href=\"").find_map(|rest| rest.split('"').next().filter(|link| link.ends_with(".pdf")));
    assert_eq!(handler.get(link.unwrap()).await.headers["content-type"], "application/pdf");
}

#[tokio::test]
async fn what_is_too_long_says_by_how_much() {
    let world = World::new().await;
    let form = documents::dossier::form(documents::dossier::AP).unwrap();
    let (_, asked) = form.questions().find(|(_, question)| question.asks == Asks::Description).unwrap();
    let limit = asked.limit.unwrap().chars;
    let handler = world.app.sign_in("kantoor@korenaar.example", crate::world::PASSWORD).await.unwrap();
    let scope = world.app.permit(&handler, Permission::HandleIncident, "bakkerij-de-korenaar").await.unwrap();
    let narrative = Narrative { description: Some("é".repeat(limit + 3)), ..Narrative::default() };
    world.app.record_narrative(&scope, 2, None, narrative, world.now()).await.unwrap();
    let text = world.handler().await.get(DOCUMENTS).await.text();
    assert!(text.contains(&format!("3 tekens te veel: er past {limit}")), "{text}");
    let english = world.handler().await.get(&format!("{DOCUMENTS}?taal=en")).await.text();
    assert!(english.contains("3 characters too many"), "{english}");
}

#[tokio::test]
async fn a_report_a_supplement_and_a_withdrawal() {
    let world = World::new().await;
    world.decided().await;
    let mut handler = world.handler().await;
    let answer = report(&mut handler, &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html().contains("id=\"meldingsnummer-fout\""), "{}", answer.text());
    assert!(answer.html().contains("value=\"15:10\""), "what was typed is lost");
    assert_eq!(report(&mut handler, &[("meldingsnummer", "z2026-7")]).await.status, StatusCode::SEE_OTHER);
    let text = handler.get(DOCUMENTS).await.text();
    for words in
        ["Er is nu niets te melden bij de AP", "Wat bij de AP ligt", "z2026-7", "Joost Bakker", "Wat erin stond"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }

    // More persons than was thought: that alone has to be told.
    world.found_out(&[(Fact::SubjectsMax, &["90"])]).await;
    let page = handler.get(DOCUMENTS).await;
    let text = page.text();
    assert!(text.contains("Vul de melding bij de AP aan"), "{text}");
    let html = page.html();
    let (told, rest) = html.split_once("gelijk aan de vorige melding</summary>").expect("the rest is folded");
    let told = told.split_once("id=\"formulier\"").unwrap().1;
    assert!(told.contains("veld-subjects_max") && told.contains("Gemeld was: 45"), "what changed stands open");
    assert!(!told.contains("veld-groups") && rest.contains("veld-groups"), "what is the same is folded");
    assert!(html.contains("value=\"z2026-7\""), "the first report's number is proposed");
    assert!(html.contains("value=\"supplement\" checked"));
    let form = [("soort-melding", "supplement"), ("meldingsnummer", "")];
    assert_eq!(report(&mut handler, &form).await.status, StatusCode::SEE_OTHER);
    let text = handler.get(DOCUMENTS).await.text();
    assert!(text.contains("Er is nu niets te melden bij de AP") && text.contains("Aanvulling"), "{text}");

    // It was no incident after all: the verdict turns, and the report is taken back.
    world.let_pass(1);
    world.found_out(&[(Fact::SecurityIncident, &["false"])]).await;
    let page = handler.get(DOCUMENTS).await;
    let text = page.text();
    assert!(text.contains("Trek de melding bij de AP in") && text.contains("Was: ja. Nu: nee."), "{text}");
    assert!(page.html().contains("value=\"withdrawal\" checked"), "{text}");
    let mut officer = world.officer().await;
    let decision = officer.get(&format!("{CASE}/besluit")).await.text();
    assert!(decision.contains("Dit is er sinds het besluit veranderd") && decision.contains("Nu: nee."), "{decision}");
    let answer = report(&mut handler, &[("soort-melding", "withdrawal"), ("meldingsnummer", "z2026-7")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html().contains("id=\"reden-fout\"") && answer.html().contains("value=\"withdrawal\" checked"));
    let form = [("soort-melding", "withdrawal"), ("meldingsnummer", "z2026-7"), ("reden", "Het was een oefening.")];
    assert_eq!(report(&mut handler, &form).await.status, StatusCode::SEE_OTHER);
    let text = handler.get(DOCUMENTS).await.text();
    assert!(text.contains("Er is nu niets te melden bij de AP") && text.contains("Het was een oefening."), "{text}");
}

#[tokio::test]
async fn a_number_can_be_corrected_and_a_wrong_moment_is_named_at_its_field() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let later = [("meldingsnummer", "z1"), ("gemeld-dag", "2026-03-28"), ("gemeld-tijd", "09:00")];
    let answer = handler.post(&format!("{DOCUMENTS}/gemeld"), &later).await;
    assert!(answer.html().contains("id=\"gemeld-tijd-fout\""), "{}", answer.text());
    report(&mut handler, &[("meldingsnummer", "z1")]).await;
    let seen = handler.get(DOCUMENTS).await.hidden("gezien");
    let correct = [("soort-melding", "first"), ("meldingsnummer", "z2"), ("gezien", &seen)];
    let answer = handler.post(&format!("{DOCUMENTS}/gemeld"), &correct).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(handler.get(DOCUMENTS).await.html().contains("value=\"z2\""));
    let seen = handler.get(DOCUMENTS).await.hidden("gezien");
    let before = [
        ("gezien", seen.as_str()),
        ("soort-melding", "supplement"),
        ("meldingsnummer", "z2"),
        ("gemeld-dag", "2026-03-26"),
        ("gemeld-tijd", "09:00"),
    ];
    let answer = handler.post(&format!("{DOCUMENTS}/gemeld"), &before).await;
    assert!(answer.text().contains("Deze tijd ligt vóór de eerste melding"), "{}", answer.text());
    assert!(answer.html().contains("id=\"gemeld-tijd-fout\""));
}

#[tokio::test]
async fn who_reports_late_says_why() {
    let world = World::new().await;
    world.let_pass(48);
    let mut handler = world.handler().await;
    assert!(handler.get(DOCUMENTS).await.html().contains("name=\"te-laat\""));
    let at = [("meldingsnummer", "z9"), ("gemeld-dag", "2026-03-29"), ("gemeld-tijd", "12:00")];
    let answer = handler.post(&format!("{DOCUMENTS}/gemeld"), &at).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html().contains("id=\"te-laat-fout\""), "{}", answer.text());
    let form = [&at[..], &[("te-laat", "Wij wisten niet dat het moest.")]].concat();
    assert_eq!(handler.post(&format!("{DOCUMENTS}/gemeld"), &form).await.status, StatusCode::SEE_OTHER);
    let contained = handler.get(DOCUMENTS).await.html();
    let contained = contained.split_once("id=\"meldingen\"").unwrap().1;
    assert!(contained.contains("Wij wisten niet dat het moest."), "the report contains the reason");
}

#[tokio::test]
async fn a_processor_warns_its_controllers() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    assert!(!handler.get(DOCUMENTS).await.html().contains("id=\"opdrachtgever\""), "only where it is in play");
    world.found_out(&[(Fact::Role, &["processor"])]).await;
    let text = handler.get(DOCUMENTS).await.text();
    assert!(text.contains("Waarschuw uw opdrachtgevers") && text.contains("Soort gegevens: "), "{text}");
    let at = [("gewaarschuwd-dag", "2026-03-27"), ("gewaarschuwd-tijd", "15:00")];
    let path = format!("{DOCUMENTS}/gewaarschuwd");
    let answer = handler.post(&path, &[at[0], at[1], ("opdrachtgevers", "0"), ("hoe", "e-mail")]).await;
    assert!(answer.html().contains("id=\"opdrachtgevers-fout\""), "{}", answer.text());
    let answer = handler.post(&path, &[at[0], at[1], ("opdrachtgevers", "12"), ("hoe", " ")]).await;
    assert!(answer.html().contains("id=\"hoe-fout\"") && answer.html().contains("value=\"12\""), "{}", answer.text());
    let answer = handler.post(&path, &[at[0], at[1], ("opdrachtgevers", "12"), ("hoe", "e-mail")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(handler.get(DOCUMENTS).await.text().contains("12 opdrachtgevers, e-mail"));
    let page = world.officer().await.get(&format!("{CASE}/besluit")).await.html();
    assert!(page.contains("name=\"notify_controllers\""), "it is decided on as well");
}

#[tokio::test]
async fn the_csirt_is_told_in_three_steps() {
    let world = World::new().await;
    // In October the Cyberbeveiligingswet is in force.
    world.let_pass(24 * 200);
    let mut handler = world.handler().await;
    let office = world.app.sign_in("kantoor@korenaar.example", crate::world::PASSWORD).await.unwrap();
    let scope = world.app.permit(&office, Permission::HandleIncident, "bakkerij-de-korenaar").await.unwrap();
    let at = world.now() - jiff::SignedDuration::from_hours(3);
    world.app.set_awareness(&scope, 2, None, at, false, "Toen zeker.".into(), world.now()).await.unwrap();
    assert!(!handler.get(DOCUMENTS).await.html().contains("id=\"csirt\""), "only where it is in play");
    world.found_out(&[(Fact::CbwEntity, &["important"]), (Fact::SignificantIncident, &["true"])]).await;
    let text = handler.get(DOCUMENTS).await.text();
    for words in ["Meld het bij het CSIRT", "MijnNCSC", "Cbw art. 26(2)", "Cbw art. 29(1)", "nog niet"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let at = [("csirt-dag", "2026-10-13"), ("csirt-tijd", "14:00")];
    let path = format!("{DOCUMENTS}/csirt");
    let answer = handler.post(&path, &at).await;
    assert!(answer.html().contains("id=\"stap-fout\""), "{}", answer.text());
    let answer = handler.post(&path, &[at[0], at[1], ("stap", "final_report")]).await;
    assert!(answer.text().contains("Leg eerst die melding vast"), "{}", answer.text());
    let answer = handler.post(&path, &[at[0], at[1], ("stap", "early_warning"), ("kenmerk", "NCSC-1")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = handler.get(DOCUMENTS).await;
    assert!(page.text().contains("NCSC-1"), "{}", page.text());
    assert!(page.html().contains("value=\"notification\" checked"), "the next step is proposed");
    let page = world.officer().await.get(&format!("{CASE}/besluit")).await.html();
    assert!(page.contains("name=\"notify_csirt\""), "it is decided on as well");
}

#[tokio::test]
async fn under_a_law_that_is_history_nobody_decides_or_reports() {
    let world = World::new().await;
    let handler = world.app.sign_in("kantoor@korenaar.example", crate::world::PASSWORD).await.unwrap();
    let scope = world.app.permit(&handler, Permission::HandleIncident, "bakkerij-de-korenaar").await.unwrap();
    let at = "2017-03-01T10:00:00Z".parse().unwrap();
    world.app.set_awareness(&scope, 2, None, at, false, "Toen al bekend.".into(), world.now()).await.unwrap();
    let mut officer = world.officer().await;
    for page in ["/besluit", "/documenten"] {
        let answer = officer.get(&format!("{CASE}{page}")).await;
        assert!(answer.text().contains("Onder deze wet meldt niemand meer"), "{page}: {}", answer.text());
        for form in ["name=\"motivering\"", "id=\"gemeld\"", "id=\"formulier\""] {
            assert!(!answer.html().contains(form), "{page} has {form}");
        }
    }
    assert_eq!(officer.get(&format!("{DOCUMENTS}/ap-2022-08.json")).await.status, StatusCode::NOT_FOUND);
}
