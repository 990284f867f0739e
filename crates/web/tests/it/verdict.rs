//! The verdict's page beyond its words: what it leads to, the second opinion, laws of the past and proposed, and turns.

use std::collections::BTreeMap;

use axum::http::StatusCode;

use facts::{Fact, Value};
use incident::{Permission, Role};

use crate::client::{Answer, Client};
use crate::world::{NOW, PASSWORD, World};

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

impl World {
    async fn know(&self, known: &[(Fact, &[&str])]) {
        self.know_at(0, known).await;
    }

    /// What is learned so many hours from now.
    async fn know_at(&self, hours: i64, known: &[(Fact, &[&str])]) {
        let handler = self.app.sign_in("kantoor@korenaar.example", PASSWORD).await.unwrap();
        let scope = self.app.permit(&handler, Permission::HandleIncident, "bakkerij-de-korenaar").await.unwrap();
        let changes: BTreeMap<Fact, Option<Value>> =
            known.iter().map(|(fact, words)| (*fact, Some(fact.read(words).unwrap()))).collect();
        let at = NOW + jiff::SignedDuration::from_hours(hours);
        self.app.record_facts(&scope, 2, None, changes, None, at).await.unwrap();
    }

    /// Makes incident 2 one of which the persons must be told.
    pub async fn app_high_risk(&self) {
        let data: &[&str] = &["name", "address", "contact", "national_id", "debt"];
        let consequences: &[&str] = &["identity_fraud"];
        let known = [(Fact::Data, data), (Fact::Consequences, consequences), (Fact::Recipient, &["known_untrusted"])];
        self.know(&known).await;
    }

    async fn uses_enisa(&self) {
        self.invited(&[Role::Administrator]).await;
        let administrator = self.app.sign_in("bea@korenaar.example", PASSWORD).await.unwrap();
        let scope = self.app.permit(&administrator, Permission::Administer, "bakkerij-de-korenaar").await.unwrap();
        let profile = app::Profile { uses_enisa: true, ..scope.organisation().profile.clone() };
        self.app.update_profile(&scope, profile, None).await.unwrap();
    }
}

async fn verdict(client: &mut Client) -> Answer {
    client.get(&format!("{CASE}/oordeel?taal=nl")).await
}

#[tokio::test]
async fn the_verdict_stands_at_three_depths_and_leads_to_its_questions() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let page = verdict(&mut officer).await;
    let text = page.text();
    assert!(text.contains("Meld dit datalek bij de Autoriteit Persoonsgegevens, uiterlijk"), "{text}");
    for part in ["Voor de jurist: regels, artikelen en bronnen", "Regel avg-", "Nagekeken?", "Voorwaarde", "Editie"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    assert!(text.contains("vanaf 2018-05-25") && text.contains("van kracht"), "{text}");
    assert!(page.html().contains(&format!("href=\"{CASE}/vragen/")), "a what-if leads to its question");
    let open = officer.get("/o/bakkerij-de-korenaar/incidenten/1/oordeel").await;
    assert!(open.text().contains("Telt voor: "), "{}", open.text());
    assert!(open.html().contains("/incidenten/1/vragen/personal_data\""), "what is missing leads to its question");
}

#[tokio::test]
async fn no_word_of_enisa_where_it_is_not_turned_on() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    for path in ["", "/oordeel", "/klokken", "/tijdlijn"] {
        let html = officer.get(&format!("{CASE}{path}")).await.html();
        // The proposal's own notes name the agency; its score is nowhere.
        assert!(!html.contains("volgens ENISA") && !html.contains("Tweede mening"), "{path}");
        assert!(!html.contains("/enisa"), "{path}");
    }
    assert_eq!(officer.post(&format!("{CASE}/enisa"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_persons_score_stands_beside_the_computed_one_until_taken_back() {
    let world = World::new().await;
    world.uses_enisa().await;
    world.app_high_risk().await;
    let mut handler = world.handler().await;
    let page = verdict(&mut handler).await;
    let (text, seen) = (page.text(), page.hidden("gezien"));
    assert!(text.contains("Tweede mening") && text.contains("SE = DPC × EI + CB = "), "{text}");
    let path = format!("{CASE}/enisa");
    let score = [
        ("gezien", seen.as_str()),
        ("dpc", "16"),
        ("ei", "4"),
        ("vertrouwelijkheid", "2"),
        ("juistheid", "0"),
        ("beschikbaarheid", "0"),
        ("opzet", "2"),
    ];
    let answer = handler.post(&path, &score).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html().contains("href=\"#enisa-reden\""), "{}", answer.text());
    assert!(answer.html().contains("<option value=\"16\" selected>4</option>"), "what was chosen is lost");
    let wrong = score.map(|(name, value)| if name == "opzet" { (name, "1") } else { (name, value) });
    let answer = handler.post(&path, &[&wrong[..], &[("enisa-reden", "Erger.")]].concat()).await;
    assert!(answer.html().contains("href=\"#opzet\""), "a figure that the method does not have: {}", answer.text());

    let with_reason = [&score[..], &[("enisa-reden", "Er zitten schulden bij.")]].concat();
    let answer = handler.post(&path, &with_reason).await;
    assert_eq!(answer.location(), format!("{CASE}/oordeel?bewaard=enisa#enisa"), "{}", answer.text());
    let text = verdict(&mut handler).await.text();
    for part in [
        "Berekend:",
        "Met de hand aangepast: zeer hoog",
        "= 4 × 1 + 1 = 5",
        "Er zitten schulden bij.",
        "Joost Bakker, ",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    // Who had not seen that, reads it first.
    let mut officer = world.officer().await;
    let late = officer.post(&path, &[&with_reason[..], &[("doe", "terug")]].concat()).await;
    assert!(late.text().contains("Joost Bakker heeft de score intussen aangepast."), "{}", late.text());
    let seen = verdict(&mut officer).await.hidden("gezien");
    let back = [("gezien", seen.as_str()), ("doe", "terug"), ("enisa-reden", "De schulden waren afgelost.")];
    assert_eq!(officer.post(&path, &back).await.status, StatusCode::SEE_OTHER);
    assert!(!verdict(&mut officer).await.text().contains("Met de hand aangepast"));
    let timeline = officer.get(&format!("{CASE}/tijdlijn")).await.text();
    for part in ["ENISA-score met de hand aangepast", "ENISA-score weer zoals berekend", "De schulden waren afgelost."]
    {
        assert!(timeline.contains(part), "{part} is not in: {timeline}");
    }
}

#[tokio::test]
async fn a_high_score_beside_no_report_asks_for_a_word() {
    let world = World::new().await;
    world.uses_enisa().await;
    world.app_high_risk().await;
    let mut officer = world.officer().await;
    assert!(!verdict(&mut officer).await.text().contains("Deze score is hoog"));
    let seen = officer.get(&format!("{CASE}/besluit")).await.hidden("gezien");
    let decision =
        [("gezien", seen.as_str()), ("notify_authority", "nee"), ("inform_subjects", "nee"), ("motivering", "Nee.")];
    assert_eq!(officer.post(&format!("{CASE}/besluit"), &decision).await.status, StatusCode::SEE_OTHER);
    let text = verdict(&mut officer).await.text();
    assert!(text.contains("Deze score is hoog en melden hoeft niet, of is zo besloten."), "{text}");
}

#[tokio::test]
async fn an_old_law_is_there_to_be_read_alone() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let page = officer.get(&format!("{CASE}/feiten")).await;
    let seen = page.hidden("gezien");
    let form = [
        ("gezien", seen.as_str()),
        ("kennis-dag", "2017-05-02"),
        ("kennis-tijd", "10:00"),
        ("kennis-welke", ""),
        ("kennis-reden", "Uit het archief."),
    ];
    let answer = officer.post(&format!("{CASE}/feiten/kennis"), &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = verdict(&mut officer).await;
    let text = page.text();
    for part in
        ["Een oude wet: alleen om te lezen", "Wet bescherming persoonsgegevens", "820.000 euro", "naar de wet van toen"]
    {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    assert!(!text.contains("Naar het besluit") && !text.contains("Digital Omnibus"), "{text}");
    assert!(!text.contains("Ja, dit moet"), "nobody does anything under it: {text}");
}

#[tokio::test]
async fn a_proposal_is_shown_as_one() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let html = verdict(&mut officer).await.html();
    let (_, proposal) =
        html.split_once("<details class=\"lawyer\" id=\"voorstel\">").expect("no proposal, or it is open");
    let proposal = proposal.split("</details>").next().unwrap();
    for part in [
        "Digital Omnibus",
        "Dit is een voorstel en nog geen wet. Besluit hier niet op.",
        "COM(2025) 837",
        "Met dit voorstel zou",
    ] {
        assert!(proposal.contains(part), "{part} is not in: {proposal}");
    }
}

#[tokio::test]
async fn another_regime_and_the_duty_of_care_are_named() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    world.app_high_risk().await;
    world.know(&[(Fact::FinancialUndertaking, &["true"])]).await;
    let text = verdict(&mut officer).await.text();
    assert!(text.contains("Hoeft niet van de AVG; de zorgplicht kan het toch vragen."), "{text}");
    world.know(&[(Fact::Regime, &["wpg"])]).await;
    let text = verdict(&mut officer).await.text();
    assert!(text.contains("Hier geldt niet de AVG maar de Wet politiegegevens."), "{text}");
    assert!(text.contains("hetzelfde formulier van de AP"), "{text}");
}

#[tokio::test]
async fn a_turned_verdict_says_so_and_leads_on() {
    let world = World::new().await;
    let (mut handler, mut officer) = (world.handler().await, world.officer().await);
    for path in ["", "/oordeel"] {
        let text = officer.get(&format!("{CASE}{path}")).await.text();
        assert!(!text.contains("Het oordeel is gewijzigd"), "the first answers are no news: {text}");
    }
    world.decided().await;
    let gone = [(Fact::Recipient, &["trusted"][..]), (Fact::DeletionConfirmed, &["true"])];
    world.know(&gone).await;
    let page = officer.get(CASE).await;
    let text = page.text();
    assert!(text.contains("Het oordeel is gewijzigd op vrijdag 27 maart 2026"), "{text}");
    assert!(text.contains("melden bij de AP hoeft nu niet (dat moest eerst wel)"), "{text}");
    assert!(text.contains("Wie heeft of zag de gegevens? Was: Onbekend. Nu: "), "{text}");
    assert!(text.contains("Neem een nieuw besluit"), "{text}");

    // Reported after all: now it leads to taking that back.
    let form =
        [("meldingsnummer", "2026-77"), ("gemeld-dag", "2026-03-27"), ("gemeld-tijd", "15:00"), ("gemeld-welke", "")];
    let answer = handler.post(&format!("{CASE}/documenten/gemeld"), &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    world.let_pass(1);
    world.know_at(1, &[(Fact::Recipient, &["known_untrusted"]), (Fact::DeletionConfirmed, &["false"])]).await;
    let page = verdict(&mut officer).await;
    assert!(page.text().contains("Vul de melding bij de AP aan"), "{}", page.text());
    assert!(page.html().contains(&format!("href=\"{CASE}/documenten#ap\"")));
    world.know_at(2, &gone).await;
    assert!(verdict(&mut officer).await.text().contains("Trek de melding bij de AP in"));
    let timeline = officer.get(&format!("{CASE}/tijdlijn")).await.text();
    assert!(timeline.matches("Het oordeel is gewijzigd op").count() >= 3, "{timeline}");
}

#[tokio::test]
async fn the_reasoning_is_printed_and_found_again() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let page = verdict(&mut handler).await;
    assert!(page.text().contains("Druk de onderbouwing af"));
    let kind = page.hidden("soort");
    let answer = handler.post(&format!("{CASE}/documenten"), &[("soort", &kind)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let html = verdict(&mut handler).await.html();
    let (_, link) = html.split_once(&format!("href=\"{CASE}/documenten/")).expect("no link to what was made");
    let file = link.split('"').next().unwrap();
    let pdf = handler.get(&format!("{CASE}/documenten/{file}")).await;
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    // Who reads along finds it too, without the button.
    let dpo = verdict(&mut world.dpo().await).await.html();
    assert!(dpo.contains(file) && !dpo.contains("Druk de onderbouwing af"));
}

/// What cannot leave is not promised.
#[tokio::test]
async fn no_mail_is_promised_where_none_is_set_up() {
    let mut world = World::new().await;
    let set_up = world.officer().await.get(&format!("{CASE}/besluit")).await;
    assert!(
        set_up.text().contains("Na het besluit gaat de ondertekende stand")
            || set_up.text().contains("geen e-mailadres")
    );
    let mut details = world.invited(&[incident::Role::Administrator]).await;
    let settings = [("register_email", "stand@korenaar.example"), ("name", "Bakkerij De Korenaar")];
    let saved = details.post("/o/bakkerij-de-korenaar/instellingen", &settings).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let promised = world.officer().await.get(&format!("{CASE}/besluit")).await;
    assert!(promised.text().contains("Na het besluit gaat de ondertekende stand van het register naar stand@"));
    assert!(promised.html().contains("href=\"/o/bakkerij-de-korenaar/uitgaand\""), "with a way to what left");

    world.router = web::router(web::State { sends_mail: false, ..world.state.clone() });
    let mut officer = world.officer().await;
    let page = officer.get(&format!("{CASE}/besluit")).await;
    assert!(
        page.text().contains("Er gaat nu geen mail uit") && !page.text().contains("gaat de ondertekende"),
        "{}",
        page.text()
    );
    let seen = page.hidden("gezien");
    let decision = [
        ("gezien", seen.as_str()),
        ("notify_authority", "ja"),
        ("inform_subjects", "nee"),
        ("motivering", "Zo besloten."),
        ("mandaat", "directie"),
    ];
    let decided = officer.post(&format!("{CASE}/besluit"), &decision).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text());
    let after = officer.get(&format!("{CASE}/besluit")).await.text();
    assert!(after.contains("staat klaar voor stand@korenaar.example, en is niet verstuurd"), "{after}");
}
