//! Forms that need another look: nothing typed is lost, two people see both versions, an hour that is none is asked about.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::{Chance, Error, Trouble};
use axum::http::StatusCode;

use crate::road::facts_form;
use crate::world::World;

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

async fn send(
    client: &mut crate::client::Client,
    html: &str,
    seen: &str,
    more: &[(&str, &str)],
) -> crate::client::Answer {
    let form = facts_form(html, seen, more);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(&format!("{CASE}/feiten"), &form).await
}

#[tokio::test]
async fn two_people_at_one_form_both_see_both_versions() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let page = second.get(&format!("{CASE}/feiten")).await;
    let (html, seen) = (page.html(), page.hidden("gezien"));
    let answer = send(&mut first, &html, &seen, &[("protection", "partial"), ("systemic", "false")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let answer = send(&mut second, &html, &seen, &[("protection", "intact"), ("backup", "complete")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("Joost Bakker koos intussen: Deels."), "{text}");
    assert!(answer.html().contains("name=\"protection\" value=\"intact\" checked"), "the second's own answer is lost");
    assert!(answer.html().contains("name=\"backup\" value=\"complete\" checked"), "an answer beside it is lost");
    assert!(answer.html().contains("name=\"systemic\" value=\"false\" checked"), "the first's other answer is undone");
    // The second looked, and sends it again.
    let (html, seen) = (answer.html(), answer.hidden("gezien"));
    let answer = send(&mut second, &html, &seen, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let html = first.get(&format!("{CASE}/feiten")).await.html();
    for kept in ["name=\"protection\" value=\"intact\" checked", "name=\"systemic\" value=\"false\" checked"] {
        assert!(html.contains(kept), "{kept}");
    }
}

#[tokio::test]
async fn who_changed_something_else_is_not_in_the_way() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let page = second.get(&format!("{CASE}/feiten")).await;
    let (html, seen) = (page.html(), page.hidden("gezien"));
    assert_eq!(send(&mut first, &html, &seen, &[("systemic", "false")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(send(&mut second, &html, &seen, &[("backup", "complete")]).await.status, StatusCode::SEE_OTHER);
    let html = first.get(&format!("{CASE}/feiten")).await.html();
    assert!(
        html.contains("name=\"systemic\" value=\"false\" checked")
            && html.contains("name=\"backup\" value=\"complete\" checked")
    );
}

#[tokio::test]
async fn wrong_answers_are_all_named_and_none_is_lost() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let page = handler.get(&format!("{CASE}/feiten")).await;
    let more = [("subjects_min", "veel"), ("countries", "NL, XX"), ("backup", "complete")];
    let answer = send(&mut handler, &page.html(), &page.hidden("gezien"), &more).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = answer.html();
    assert!(
        html.contains("href=\"#subjects_min\"") && html.contains("href=\"#countries\""),
        "the summary is not whole"
    );
    assert!(html.contains("value=\"veel\"") && html.contains("value=\"NL, XX\""), "what was typed is lost");
    assert!(html.contains("name=\"backup\" value=\"complete\" checked"));
    assert!(html.contains("<title>Fout: "));
    let answer = send(&mut handler, &page.html(), &page.hidden("gezien"), &[("subjects_min", "90")]).await;
    let text = answer.text();
    assert!(text.contains("spreken elkaar tegen"), "{text}");
    assert!(answer.html().contains("href=\"#subjects_max\""), "{text}");
}

#[tokio::test]
async fn an_hour_that_is_none_is_refused_and_one_that_is_two_is_asked_about() {
    let world = World::new().await;
    let path = format!("{CASE}/feiten/kennis");
    // Monday after the clock went forward.
    world.let_pass(72);
    let mut handler = world.handler().await;
    let seen = handler.get(&format!("{CASE}/feiten")).await.hidden("gezien");
    let aware = |seen, day, time, which| {
        let moment = [("kennis-dag", day), ("kennis-tijd", time), ("kennis-welke", which)];
        [&moment[..], &[("kennis-reden", "De ontvanger belde."), ("gezien", seen)]].concat()
    };
    let answer = handler.post(&path, &aware(&seen, "2026-03-29", "02:30", "")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("Deze tijd bestaat niet") && text.contains("De ontvanger belde."), "{text}");
    assert!(answer.html().contains("value=\"02:30\""), "what was typed is lost");
    // The Sunday in October on which the clock goes back.
    world.let_pass(24 * 220);
    let mut handler = world.handler().await;
    let answer = handler.post(&path, &aware(&seen, "2026-10-25", "02:30", "")).await;
    assert!(answer.text().contains("De eerste (zomertijd)"), "{}", answer.text());
    assert_eq!(handler.post(&path, &aware(&seen, "2026-10-25", "02:30", "tweede")).await.status, StatusCode::SEE_OTHER);
    let text = handler.get(&format!("{CASE}/feiten")).await.text();
    assert!(text.contains("zondag 25 oktober 2026, 02:30 uur (wintertijd)"), "{text}");
    let seen = handler.get(&format!("{CASE}/feiten")).await.hidden("gezien");
    let answer = handler.post(&path, &aware(&seen, "2027-10-25", "02:30", "")).await;
    assert!(answer.text().contains("in de toekomst"), "{}", answer.text());
}

#[tokio::test]
async fn nobody_decides_on_facts_they_have_not_seen() {
    let world = World::new().await;
    let (mut handler, mut officer) = (world.handler().await, world.officer().await);
    let seen = officer.get(&format!("{CASE}/besluit")).await.hidden("gezien");
    let note = [("notitie", "De ontvanger is een journalist.")];
    assert_eq!(handler.post(&format!("{CASE}/tijdlijn"), &note).await.status, StatusCode::SEE_OTHER);
    let decision = [
        ("gezien", seen.as_str()),
        ("notify_authority", "nee"),
        ("inform_subjects", "nee"),
        ("motivering", "Het valt wel mee."),
    ];
    let answer = officer.post(&format!("{CASE}/besluit"), &decision).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    // It once said no more than that something had been recorded.
    let text = answer.text();
    for said in
        ["Joost Bakker, vrijdag 27 maart 2026, 15:20 uur (wintertijd):", "Notitie", "De ontvanger is een journalist."]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(answer.html().contains("<title>Fout: "), "{}", answer.html());
    assert!(answer.html().contains("Het valt wel mee."), "the motivation is lost");
}

async fn report_path(world: &World) -> String {
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    format!("/melden/{}", scope.organisation().report_code)
}

#[tokio::test]
async fn a_report_that_is_too_large_is_called_that() {
    let world = World::new().await;
    let path = report_path(&world).await;
    let what = "a".repeat(1_200_000);
    let answer = world.visitor().post(&path, &[("what", &what)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text().contains("te groot"), "{}", answer.text());
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "text/plain")];
    let answer = world.visitor().send(axum::http::Method::POST, &path, &headers, None).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(answer.text().contains("beschadigd"), "{}", answer.text());
}

#[tokio::test]
async fn the_same_report_sent_twice_is_one_incident() {
    let world = World::new().await;
    let path = report_path(&world).await;
    let mut visitor = world.visitor();
    let once = visitor.get(&path).await.hidden("_eenmalig");
    let form = [("_eenmalig", once.as_str()), ("what", "Mijn telefoon is weg.")];
    let mut again = world.visitor();
    let (first, second) = tokio::join!(visitor.post(&path, &form), again.post(&path, &form));
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(visitor.cookie("gemeld").unwrap(), "3");
    assert_eq!(again.cookie("gemeld").unwrap(), "3");
    // Other words from the same form are another report, and so are the same words from a fresh form.
    let form = [("_eenmalig", once.as_str()), ("what", "Mijn tas is ook weg.")];
    visitor.post(&path, &form).await;
    assert_eq!(visitor.cookie("gemeld").unwrap(), "4");
    let fresh = visitor.get(&path).await.hidden("_eenmalig");
    visitor.post(&path, &[("_eenmalig", fresh.as_str()), ("what", "Mijn telefoon is weg.")]).await;
    assert_eq!(visitor.cookie("gemeld").unwrap(), "5");
}

/// A note that was sent twice stood there twice, for good.
#[tokio::test]
async fn the_same_note_sent_twice_is_one_note() {
    let world = World::new().await;
    let path = format!("{CASE}/tijdlijn");
    let (mut handler, mut officer) = (world.handler().await, world.officer().await);
    let mut again = world.handler().await;
    let once = handler.get(&path).await.hidden("_eenmalig");
    let note = [("_eenmalig", once.as_str()), ("notitie", "Nagebeld.\r\nGeen gehoor.")];
    let (first, second) = tokio::join!(handler.post(&path, &note), again.post(&path, &note));
    assert_eq!((first.status, second.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
    assert_eq!(handler.post(&path, &note).await.status, StatusCode::SEE_OTHER);
    let mut count = async || officer.get(&path).await.text().matches("Geen gehoor.").count();
    assert_eq!(count().await, 1);
    // Other words from the same form are another note, and so are the same words from a fresh form.
    handler.post(&path, &[("_eenmalig", once.as_str()), ("notitie", "Weer: Geen gehoor.")]).await;
    assert_eq!(count().await, 2);
    let fresh = handler.get(&path).await.hidden("_eenmalig");
    handler.post(&path, &[("_eenmalig", fresh.as_str()), ("notitie", "Nagebeld.\r\nGeen gehoor.")]).await;
    assert_eq!(count().await, 3);
    // Nor does it take the place of what somebody else noted.
    let mut other = world.officer().await;
    other.post(&path, &[("_eenmalig", once.as_str()), ("notitie", "Nagebeld.\r\nGeen gehoor.")]).await;
    assert_eq!(count().await, 4);
}

/// Chance that fails as a full disk does, the first time that it is asked.
struct FullOnce {
    asked: AtomicUsize,
    chance: Arc<dyn Chance>,
}

impl Chance for FullOnce {
    fn bytes(&self) -> Result<[u8; 32], Error> {
        match self.asked.fetch_add(1, Ordering::SeqCst) {
            0 => Err(Error::Unavailable(Trouble::Full, "full".into())),
            _ => self.chance.bytes(),
        }
    }
}

/// Who reports has no account: they were once told about signing in, and led to a page that asks for it.
#[tokio::test]
async fn a_report_that_cannot_be_kept_comes_back_with_whom_to_phone() {
    let world = World::new().await;
    let path = report_path(&world).await;
    let mut administrator = world.invited(&[incident::Role::Administrator]).await;
    let details = [("contact_phone", "010 123 45 67"), ("contact_email", "privacy@korenaar.example")];
    let saved = administrator.post("/o/bakkerij-de-korenaar/instellingen", &details).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let mut visitor = world.visitor();
    let once = visitor.get(&path).await.hidden("_eenmalig");
    let mut state = world.state.clone();
    let chance = Arc::clone(&state.app.chance);
    state.app.chance = Arc::new(FullOnce { asked: AtomicUsize::new(0), chance });
    visitor.goes_to(&web::router(state));
    let form = [("_eenmalig", once.as_str()), ("what", "Mijn telefoon is weg.")];
    let answer = visitor.post(&path, &form).await;
    assert_eq!(answer.status, StatusCode::INSUFFICIENT_STORAGE, "{}", answer.text());
    let (html, text) = (answer.html(), answer.text());
    for said in [
        "bel nu 010 123 45 67, of mail privacy@korenaar.example",
        "Uw melding is niet bewaard",
        "Mijn telefoon is weg.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("aangemeld") && !html.contains("href=\"/\""), "{html}");
    assert_eq!(answer.hidden("_eenmalig"), once, "sent again it is the same report");
    assert_eq!(visitor.post(&path, &form).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_day_may_be_typed_as_people_write_it() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let seen = handler.get(&format!("{CASE}/feiten")).await.hidden("gezien");
    let form = [
        ("gezien", seen.as_str()),
        ("kennis-dag", "26-03-2026"),
        ("kennis-tijd", "09:15"),
        ("kennis-welke", ""),
        ("kennis-reden", "De ontvanger belde."),
    ];
    let answer = handler.post(&format!("{CASE}/feiten/kennis"), &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let text = handler.get(&format!("{CASE}/feiten")).await.text();
    assert!(text.contains("donderdag 26 maart 2026, 09:15 uur"), "{text}");
}
