//! The road through a breach, walked in forms: set-up, report, facts, verdict, decision, dossier, register, closing.

use axum::http::StatusCode;

use crate::world::{PASSWORD, World};

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

#[tokio::test]
async fn the_first_administrator_starts_from_an_empty_folder() {
    let world = World::empty().await;
    let mut client = world.visitor();
    let link = format!("/instellen/{}", world.first_token);
    assert!(web::set_up_link("http://localhost:8080/", "abc").ends_with("8080/instellen/abc"));
    assert_eq!(client.get(&link).await.status, StatusCode::OK);
    let form =
        [("organisation", "Bloemist Iris"), ("name", "Iris"), ("email", "iris@bloem.example"), ("password", "kort")];
    let answer = client.post(&link, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("ten minste 12 tekens") && text.contains("[Bloemist Iris]"), "{text}");
    let form =
        [("organisation", "Bloemist Iris"), ("name", "Iris"), ("email", "iris@bloem.example"), ("password", PASSWORD)];
    assert_eq!(client.post(&link, &form).await.location(), "/");
    assert_eq!(client.get("/").await.location(), "/o/bloemist-iris");
    let home = client.get("/o/bloemist-iris").await;
    assert!(home.text().contains("Droog: er staat niets open."));
    let html = home.html().to_lowercase();
    for word in ["/bord", "provider", "klanten", "msp"] {
        assert!(!html.contains(word), "one organisation alone reads about {word}");
    }
    let used = world.visitor().get(&link).await;
    assert_eq!(used.status, StatusCode::NOT_FOUND, "the link works once");
    assert!(used.text().contains("Deze link werkt één keer"), "{}", used.text());
}

#[tokio::test]
async fn anybody_reports_without_an_account() {
    let world = World::new().await;
    let scope = world.app.permit_program("stichting-de-zwaluw").await.unwrap();
    let path = format!("/melden/{}", scope.organisation().report_code);
    let mut visitor = world.visitor();
    assert!(visitor.get(&path).await.text().contains("Niet zeker? Meld het toch."));
    let answer = visitor.post(&path, &[("what", " "), ("done", "een lang verhaal")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html().contains("een lang verhaal"), "what was typed is lost");
    assert!(answer.html().contains("href=\"#what\""), "the summary does not lead to the field");
    let form = [("what", "Een USB-stick met ledenlijst ligt nog in de trein."), ("contact", "")];
    let answer = visitor.post(&path, &form).await;
    assert_eq!(answer.location(), format!("{path}/dank"));
    let thanks = visitor.get(&format!("{path}/dank")).await.text();
    assert!(thanks.contains("Uw meldingsnummer 1") || thanks.contains("Uw meldingsnummer\n1"), "{thanks}");
    let mut ada = world.alone().await;
    let home = ada.get("/o/stichting-de-zwaluw").await.text();
    assert!(home.contains("1. Een USB-stick met ledenlijst"), "{home}");
    let overview = ada.get("/o/stichting-de-zwaluw/incidenten/1").await.text();
    assert!(overview.contains("Anoniem gemeld"), "{overview}");
    assert_eq!(world.visitor().get("/melden/bestaatniet").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn from_facts_to_a_closed_incident() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let mut officer = world.officer().await;

    // Facts: the one that was still unknown.
    let page = handler.get(&format!("{CASE}/feiten")).await;
    let (seen, token) = (page.hidden("gezien"), page.hidden("_token"));
    assert!(!token.is_empty());
    let form = facts_form(&page.html(), &seen, &[("consequences", "phishing")]);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = handler.post(&format!("{CASE}/feiten"), &form).await;
    assert_eq!(answer.location(), format!("{CASE}/oordeel?bewaard=feiten"), "{}", answer.text());
    let verdict = handler.get(&format!("{CASE}/oordeel")).await.text();
    assert!(verdict.contains("Meld dit datalek bij de Autoriteit Persoonsgegevens, uiterlijk"), "{verdict}");
    assert!(verdict.contains("AVG art. 33(1)"), "{verdict}");

    // A handler reads the decision page, the officer decides.
    assert!(!handler.get(&format!("{CASE}/besluit")).await.html().contains("motivering"));
    let page = officer.get(&format!("{CASE}/besluit")).await;
    let seen = page.hidden("gezien");
    let answer = officer.post(&format!("{CASE}/besluit"), &[("gezien", &seen), ("notify_authority", "ja")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("Kies ja of nee bij: De betrokken personen inlichten."), "{text}");
    assert!(text.contains("eigen woorden waarom"), "{text}");
    let decision = [
        ("gezien", seen.as_str()),
        ("notify_authority", "ja"),
        ("inform_subjects", "ja"),
        ("motivering", "De ontvanger is onbekend. Wij melden, en schrijven onze klanten zelf."),
    ];
    let answer = officer.post(&format!("{CASE}/besluit"), &decision).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let text = officer.get(&format!("{CASE}/besluit")).await.text();
    assert!(text.contains("Marieke de Wit") && text.contains("Wij melden, en schrijven"), "{text}");

    // Documents: PDFs, and what was sent.
    for kind in app::PaperKind::ALL {
        let answer = handler.post(&format!("{CASE}/documenten"), &[("soort", kind.key())]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    }
    let mut html = handler.get(&format!("{CASE}/documenten")).await.html();
    html.push_str(&handler.get(&format!("{CASE}/documenten?formulier=edpb-1.0")).await.html());
    let links = html
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.ends_with(".pdf"))
        .collect::<std::collections::BTreeSet<_>>();
    assert_eq!(links.len(), app::PaperKind::ALL.len());
    for link in links {
        let pdf = handler.get(link).await;
        assert_eq!(pdf.headers["content-type"], "application/pdf");
        assert!(pdf.bytes.starts_with(b"%PDF-"));
    }
    let at = [("gemeld-dag", "2026-03-27"), ("gemeld-tijd", "15:10")];
    let answer = handler.post(&format!("{CASE}/documenten/gemeld"), &at).await;
    assert!(answer.text().contains("meldingsnummer in dat de AP u gaf"), "{}", answer.text());
    let form = [("meldingsnummer", "z2026-01234"), at[0], at[1]];
    assert_eq!(handler.post(&format!("{CASE}/documenten/gemeld"), &form).await.status, StatusCode::SEE_OTHER);
    let answer = officer.post(&format!("{CASE}/sluiten"), &[("lessen", "te vroeg")]).await;
    assert!(answer.text().contains("Nog niet alles is gedaan"), "{}", answer.text());
    let form = [("aantal", "43"), ("kanaal", "e-mail"), ("ingelicht-dag", "2026-03-27"), ("ingelicht-tijd", "15:15")];
    assert_eq!(handler.post(&format!("{CASE}/documenten/ingelicht"), &form).await.status, StatusCode::SEE_OTHER);
    let overview = handler.get(CASE).await.text();
    assert!(overview.contains("De klok staat stil.") && overview.contains("Alles gedaan"), "{overview}");

    // Closing, and the register with its export.
    let answer = officer.post(&format!("{CASE}/sluiten"), &[("lessen", "Lijsten gaan voortaan als link.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let register = officer.get("/o/bakkerij-de-korenaar/register").await.text();
    for words in ["z2026-01234", "Marieke de Wit", "Gesloten", "43 personen, e-mail"] {
        assert!(register.contains(words), "the register lacks {words}: {register}");
    }
    let export = officer.get("/o/bakkerij-de-korenaar/register/export").await;
    assert_eq!(export.headers["content-type"], "application/zip");
    assert!(export.bytes.starts_with(b"PK"), "no zip archive");
    let checkpoint = officer.get("/o/bakkerij-de-korenaar/register/checkpoint").await;
    assert!(checkpoint.html().starts_with("dijkwacht/register/"), "{}", checkpoint.html());
    let size = checkpoint.html().lines().nth(1).unwrap().to_owned();
    let name = checkpoint.headers["content-disposition"].to_str().unwrap();
    assert!(name.contains(&format!("checkpoint-bakkerij-de-korenaar-{size}.txt")), "{name}");
    let timeline = officer.get(&format!("{CASE}/tijdlijn")).await.text();
    assert!(timeline.contains("Lijsten gaan voortaan als link."), "{timeline}");
    let answer = officer.post(&format!("{CASE}/heropenen"), &[("reden", "Nog een klant meldde zich.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(officer.get(CASE).await.text().contains("Alles gedaan"));
}

/// The facts form as a browser would send it back, with some answers added.
pub(crate) fn facts_form(html: &str, seen: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut form = vec![("gezien".to_owned(), seen.to_owned())];
    let facts = html.split_once("/feiten\" class=\"flow\"").unwrap().1;
    let facts = facts.split_once("name=\"gezien\"").unwrap().1;
    let facts = facts.split_once("id=\"toelichting\"").unwrap().0;
    let attribute = |tag: &str, name: &str| {
        tag.split_once(&format!("{name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap_or_default().to_owned())
    };
    let mut select = String::new();
    for part in facts.split('<').skip(1) {
        let tag = part.split('>').next().unwrap_or_default();
        let is_chosen = tag.contains(" checked") || tag.contains(" selected");
        if tag.starts_with("select") {
            select = attribute(tag, "name").unwrap_or_default();
        } else if tag.starts_with("option") && is_chosen {
            form.push((select.clone(), attribute(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("input")
            && (tag.contains("type=\"text\"") || tag.contains("type=\"hidden\"") || is_chosen)
        {
            form.push((attribute(tag, "name").unwrap_or_default(), attribute(tag, "value").unwrap_or_default()));
        }
    }
    for (name, value) in more {
        form.retain(|(known, _)| known != name);
        form.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}
