//! Two people at one incident: what one recorded is never wiped by the other's form, at the first try or the second.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use app::{Chance, Error};
use axum::http::StatusCode;

use crate::client::{Answer, Client};
use crate::road::facts_form;
use crate::world::World;

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

async fn send(client: &mut Client, html: &str, seen: &str, more: &[(&str, &str)]) -> Answer {
    let form = facts_form(html, seen, more);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(&format!("{CASE}/feiten"), &form).await
}

async fn facts_page(client: &mut Client) -> Answer {
    client.get(&format!("{CASE}/feiten")).await
}

#[tokio::test]
async fn a_wrong_answer_put_right_wipes_nothing_of_another() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let page = facts_page(&mut second).await;
    let (html, seen) = (page.html(), page.hidden("gezien"));
    let answer = send(&mut first, &html, &seen, &[("systemic", "false"), ("protection", "partial")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let wrong = send(&mut second, &html, &seen, &[("countries", "XX"), ("backup", "complete")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.hidden("gezien"), seen, "the form claims to have seen what it does not show");
    let answer = send(&mut second, &wrong.html(), &wrong.hidden("gezien"), &[("countries", "NL")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let html = facts_page(&mut first).await.html();
    for kept in [
        "name=\"systemic\" value=\"false\" checked",
        "name=\"protection\" value=\"partial\" checked",
        "name=\"backup\" value=\"complete\" checked",
    ] {
        assert!(html.contains(kept), "{kept}");
    }
}

#[tokio::test]
async fn a_contradiction_put_right_wipes_nothing_of_another() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let page = facts_page(&mut second).await;
    let (html, seen) = (page.html(), page.hidden("gezien"));
    assert_eq!(send(&mut first, &html, &seen, &[("systemic", "false")]).await.status, StatusCode::SEE_OTHER);
    let again = send(&mut second, &html, &seen, &[("subjects_min", "90")]).await;
    assert!(again.text().contains("spreken elkaar tegen"), "{}", again.text());
    let answer = send(&mut second, &again.html(), &again.hidden("gezien"), &[("subjects_min", "41")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let html = facts_page(&mut first).await.html();
    assert!(html.contains("name=\"systemic\" value=\"false\" checked"), "the first's answer is wiped");
    assert!(html.contains("name=\"subjects_min\" value=\"41\""));
}

#[tokio::test]
async fn what_was_not_sent_is_not_wiped() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let path = format!("{CASE}/feiten");
    let (before, seen) = (facts_page(&mut handler).await.text(), facts_page(&mut handler).await.hidden("gezien"));
    for form in [&[][..], &[("backup", "complete")], &[("gezien", "x")], &[("gezien", "9999")], &[("gezien", "0")]] {
        let answer = handler.post(&path, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(answer.text().contains("kwam niet heel aan"), "{form:?}: {}", answer.text());
    }
    assert_eq!(facts_page(&mut handler).await.text(), before);
    let answer = handler.post(&path, &[("gezien", &seen), ("backup", "complete")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let html = facts_page(&mut handler).await.html();
    for kept in ["name=\"protection\" value=\"none\" checked", "name=\"data\" value=\"financial\" checked"] {
        assert!(html.contains(kept), "{kept}");
    }
    assert!(html.contains("name=\"backup\" value=\"complete\" checked"));
    // A group of boxes that stood on the form with none ticked is unknown again.
    let seen = facts_page(&mut handler).await.hidden("gezien");
    assert_eq!(handler.post(&path, &[("gezien", &seen), ("data", "")]).await.status, StatusCode::SEE_OTHER);
    let html = facts_page(&mut handler).await.html();
    assert!(!html.contains("name=\"data\" value=\"financial\" checked"));
    assert!(html.contains("<input type=\"hidden\" name=\"data\" value=\"\">"), "a browser would not say it was there");
}

#[tokio::test]
async fn texts_of_two_people_come_together() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let path = format!("{CASE}/feiten/verhaal");
    let seen = facts_page(&mut second).await.hidden("gezien");
    let (description, taken) =
        ("Een lijst met bestellingen ging naar de verkeerde klant.", "De ontvanger is gebeld en heeft de mail gewist.");
    let story = |description, planned, late| {
        let texts = [("description", description), ("measures_taken", taken), ("measures_planned", planned)];
        [&texts[..], &[("late_reason", late), ("gezien", &seen)]].concat()
    };
    assert_eq!(first.post(&path, &story(description, "Wij sturen links.", "")).await.status, StatusCode::SEE_OTHER);
    let answer = second.post(&path, &story(description, "", "Het was weekend.")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let html = facts_page(&mut first).await.html();
    assert!(html.contains(">Wij sturen links.</textarea>") && html.contains(">Het was weekend.</textarea>"), "{html}");

    // Both changed the same text: both versions stand there, and nothing is saved.
    let answer = second.post(&path, &story("De kok stuurde het.", "Een slot\r\nop de mail.", "")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("Joost Bakker schreef intussen: Wij sturen links."), "{text}");
    assert!(answer.html().contains(">Een slot\nop de mail.</textarea>"), "what was typed is lost");
    assert!(answer.html().contains(">De kok stuurde het.</textarea>"), "a text beside it is lost");
    assert!(answer.html().contains(">Het was weekend.</textarea>"), "the newest of a text that was left alone");
    assert!(facts_page(&mut first).await.html().contains(">Wij sturen links.</textarea>"));
    // Seen now, and sent again.
    let seen = answer.hidden("gezien");
    let form = [("gezien", seen.as_str()), ("measures_planned", "Links, en een slot.")];
    assert_eq!(second.post(&path, &form).await.status, StatusCode::SEE_OTHER);
    let html = facts_page(&mut first).await.html();
    assert!(html.contains(">Links, en een slot.</textarea>") && html.contains(taken), "{html}");
    // A form that does not say what its sender saw.
    let answer = second.post(&path, &[("description", "Niets.")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.html().contains(">Niets.</textarea>") && answer.text().contains(description), "{}", answer.text());
}

#[tokio::test]
async fn a_time_is_not_moved_unseen() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let seen = facts_page(&mut second).await.hidden("gezien");
    let aware = |seen, time, reason| {
        [("gezien", seen), ("kennis-dag", "2026-03-26"), ("kennis-tijd", time), ("kennis-reden", reason)]
    };
    let path = format!("{CASE}/feiten/kennis");
    let answer = first.post(&path, &aware(&seen, "09:15", "De ontvanger belde.")).await;
    assert_eq!(answer.location(), format!("{CASE}/feiten?bewaard=kennis"), "{}", answer.text());
    let twice = first.post(&path, &aware(&seen, "09:15", "De ontvanger belde.")).await;
    assert_eq!(twice.status, StatusCode::SEE_OTHER, "a button pressed twice: {}", twice.text());
    let answer = second.post(&path, &aware(&seen, "11:30", "De mail kwam binnen.")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("Joost Bakker legde intussen vast: donderdag 26 maart 2026, 09:15 uur"), "{text}");
    assert!(text.contains("[11:30]") && text.contains("De mail kwam binnen."), "what was typed is lost: {text}");
    let seen_now = answer.hidden("gezien");
    let answer = second.post(&path, &aware(&seen_now, "11:30", "De mail kwam binnen.")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(first.post(&path, &aware("", "09:00", "Eerder.")).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let path = format!("{CASE}/feiten/ontdekt");
    let seen = facts_page(&mut second).await.hidden("gezien");
    let detected = |seen, time| [("gezien", seen), ("ontdekt-dag", "2026-03-24"), ("ontdekt-tijd", time)];
    let answer = first.post(&path, &detected(&seen, "08:00")).await;
    assert_eq!(answer.location(), format!("{CASE}/feiten?bewaard=ontdekt"), "{}", answer.text());
    // Something else that was recorded in the meantime is not in the way of a time.
    let answer = second.post(&path, &detected(&seen, "07:00")).await;
    let text = answer.text();
    assert!(text.contains("Joost Bakker legde intussen vast: dinsdag 24 maart 2026, 08:00 uur"), "{text}");
    assert!(text.contains("[07:00]"), "{text}");
    let note = [("notitie", "Nagevraagd.")];
    let seen = answer.hidden("gezien");
    assert_eq!(first.post(&format!("{CASE}/tijdlijn"), &note).await.status, StatusCode::SEE_OTHER);
    assert_eq!(second.post(&path, &detected(&seen, "07:00")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_draft_that_was_saved_is_let_go() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let done = |name: &str| format!("data-draft-done=\"{CASE}/{name}\"");
    let answer = officer.post(&format!("{CASE}/tijdlijn"), &[("notitie", "De ontvanger is een journalist.")]).await;
    let page = officer.get(answer.location()).await.html();
    assert!(page.contains(&done("notitie")), "the note's draft stays");
    assert!(page.contains(&format!("data-draft=\"{CASE}/notitie\"")), "the form's draft has another name");
    assert!(!officer.get(&format!("{CASE}/tijdlijn")).await.html().contains("data-draft-done"));
    let page = officer.get(&format!("{CASE}/besluit")).await;
    assert!(page.html().contains(&format!("data-draft=\"{CASE}/besluit\"")));
    let seen = page.hidden("gezien");
    let decision = [
        ("gezien", seen.as_str()),
        ("notify_authority", "ja"),
        ("inform_subjects", "ja"),
        ("motivering", "Wij melden, en schrijven onze klanten."),
    ];
    let answer = officer.post(&format!("{CASE}/besluit"), &decision).await;
    let place = answer.location().to_owned();
    assert!(officer.get(&place).await.html().contains(&done("besluit")), "the decision's draft stays");
    // A link on another site throws no draft away.
    let elsewhere = [("sec-fetch-site", "cross-site")];
    let page = officer.send(axum::http::Method::GET, &place, &elsewhere, None).await;
    assert!(!page.html().contains("data-draft-done"));
}

#[tokio::test]
async fn every_form_with_words_in_it_keeps_a_draft() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    for path in ["/feiten", "/besluit", "/documenten", "/tijdlijn"] {
        let html = officer.get(&format!("{CASE}{path}")).await.html();
        for form in html.split("<form ").skip(1).filter_map(|rest| rest.split("</form>").next()) {
            let has_words = form.contains("<textarea") || form.contains("type=\"text\"");
            assert!(!has_words || (form.contains("data-draft=") && form.contains("data-restore")), "{path}: {form}");
        }
    }
}

#[tokio::test]
async fn who_was_signed_out_reads_that_nothing_was_saved() {
    let world = World::new().await;
    let mut nobody = world.visitor();
    let answer = nobody.post(&format!("{CASE}/tijdlijn"), &[("notitie", "Een lang verhaal.")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let page = nobody.get(answer.location()).await.text();
    assert!(page.contains("Wat u net verstuurde, is niet bewaard") && page.contains("knop Terug"), "{page}");
    let answer = nobody.get(&format!("{CASE}/tijdlijn")).await;
    assert!(!nobody.get(answer.location()).await.text().contains("niet bewaard"));
}

#[tokio::test]
async fn a_decision_put_right_still_rests_on_what_was_seen() {
    let world = World::new().await;
    let (mut handler, mut officer) = (world.handler().await, world.officer().await);
    let path = format!("{CASE}/besluit");
    let seen = officer.get(&path).await.hidden("gezien");
    let note = [("notitie", "De ontvanger is een journalist.")];
    assert_eq!(handler.post(&format!("{CASE}/tijdlijn"), &note).await.status, StatusCode::SEE_OTHER);
    let decision =
        |seen, why| [("gezien", seen), ("notify_authority", "nee"), ("inform_subjects", "nee"), ("motivering", why)];
    let again = officer.post(&path, &decision(&seen, "")).await.hidden("gezien");
    let answer = officer.post(&path, &decision(&again, "Het valt wel mee.")).await;
    assert!(answer.text().contains("De ontvanger is een journalist."), "{}", answer.text());
    let answer = officer.post(&path, &decision(&answer.hidden("gezien"), "Het valt wel mee.")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
}

/// Chance that its first two askers wait for each other at: both have read the incident then, and neither has written.
struct Meeting {
    asked: AtomicUsize,
    barrier: Barrier,
    chance: Arc<dyn Chance>,
}

impl Chance for Meeting {
    fn bytes(&self) -> Result<[u8; 32], Error> {
        if self.asked.fetch_add(1, Ordering::SeqCst) < 2 {
            // The other may wait in this very thread's own queue, which nobody else takes from while it is blocked.
            tokio::task::block_in_place(|| self.barrier.wait());
        }
        self.chance.bytes()
    }
}

async fn decide(mut client: Client, seen: String, why: &'static str) -> Answer {
    let decision =
        [("gezien", seen.as_str()), ("notify_authority", "nee"), ("inform_subjects", "nee"), ("motivering", why)];
    client.post(&format!("{CASE}/besluit"), &decision).await
}

/// Who came second once saw the incident as it was before the other's decision.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_decide_at_once_the_second_sees_what_the_first_decided() {
    let world = World::new().await;
    let (mut first, mut second) = (world.officer().await, world.officer().await);
    let seen = first.get(&format!("{CASE}/besluit")).await.hidden("gezien");
    let mut state = world.state.clone();
    let chance = Arc::clone(&state.app.chance);
    state.app.chance = Arc::new(Meeting { asked: AtomicUsize::new(0), barrier: Barrier::new(2), chance });
    let router = web::router(state);
    first.goes_to(&router);
    second.goes_to(&router);
    let (one, other) = ("Niemand merkt er iets van.", "De lijst was al openbaar.");
    let first = tokio::spawn(decide(first, seen.clone(), one));
    let second = tokio::spawn(decide(second, seen.clone(), other));
    let (first, second) = (first.await.unwrap(), second.await.unwrap());
    let (lost, theirs, own) = match (first.status, second.status) {
        (StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY) => (second, one, other),
        (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::SEE_OTHER) => (first, other, one),
        both => panic!("one decides, and one is told: {both:?}"),
    };
    let text = lost.text();
    let meanwhile = text.split("Iemand anders wijzigde dit ook").nth(1).unwrap_or_default();
    for said in
        ["Marieke de Wit, vrijdag 27 maart 2026, 15:20 uur (wintertijd):", "Besluit genomen", "Nee, niet doen", theirs]
    {
        assert!(meanwhile.contains(said), "{said}: {text}");
    }
    assert!(lost.html().contains(own), "what was typed is lost");
    assert_ne!(lost.hidden("gezien"), seen, "and now it was seen");
}

/// Two people who sit at the same page, and one of them who presses twice: one report is recorded, and who came second reads
/// what stands there and finds back what was typed.
#[tokio::test]
async fn of_two_who_record_a_report_one_does_and_the_other_is_told() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let (page, form) = (format!("{CASE}/documenten"), format!("{CASE}/documenten/gemeld"));
    let (seen, theirs) = (first.get(&page).await.hidden("gezien"), second.get(&page).await.hidden("gezien"));
    let report = |seen, number| {
        [("gezien", seen), ("meldingsnummer", number), ("gemeld-dag", "2026-03-27"), ("gemeld-tijd", "15:10")]
    };
    for press in ["once", "twice"] {
        let answer = first.post(&form, &report(&seen, "AP-11")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{press}: {}", answer.text());
    }
    let answer = second.post(&form, &report(&theirs, "AP-22")).await;
    let text = answer.text();
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    assert!(text.contains("Iemand anders legde intussen ook iets vast") && text.contains("AP-11"), "{text}");
    assert!(answer.html().contains("value=\"AP-22\""), "what was typed is lost");
    let timeline = first.get(&format!("{CASE}/tijdlijn")).await.text();
    assert_eq!(timeline.matches("AP-11").count(), 1, "{timeline}");
    assert!(!timeline.contains("AP-22"), "{timeline}");
    // What another recorded that is no report is in nobody's way.
    let seen = first.get(&page).await.hidden("gezien");
    second.post(&format!("{CASE}/tijdlijn"), &[("notitie", "Nagebeld.")]).await;
    let supplement = [&report(&seen, "")[..], &[("soort-melding", "supplement"), ("reden", "Meer bekend.")]].concat();
    assert_eq!(first.post(&form, &supplement).await.status, StatusCode::SEE_OTHER);
}

/// Persons who were told in two goes count together, whoever records them and however often a button is pressed; what was
/// recorded wrongly is put right.
#[tokio::test]
async fn those_told_by_letter_and_those_told_by_mail_count_together() {
    let world = World::new().await;
    let (mut first, mut second) = (world.handler().await, world.officer().await);
    let (page, form) = (format!("{CASE}/documenten"), format!("{CASE}/documenten/ingelicht"));
    let told = |seen, count, channel, time| {
        [
            ("gezien", seen),
            ("aantal", count),
            ("kanaal", channel),
            ("ingelicht-dag", "2026-03-27"),
            ("ingelicht-tijd", time),
        ]
    };
    let (seen, theirs) = (first.get(&page).await.hidden("gezien"), second.get(&page).await.hidden("gezien"));
    for press in ["once", "twice"] {
        let answer = first.post(&form, &told(&seen, "3", "brief", "15:10")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{press}: {}", answer.text());
    }
    let answer = second.post(&form, &told(&theirs, "5", "e-mail", "15:12")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Personen ingelicht: 3, brief"), "{}", answer.text());
    assert!(answer.html().contains("value=\"e-mail\""), "what was typed is lost");
    let theirs = answer.hidden("gezien");
    let answer = second.post(&form, &told(&theirs, "5", "e-mail", "15:12")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let register = "/o/bakkerij-de-korenaar/register";
    for place in [page.as_str(), register] {
        let text = first.get(place).await.text();
        for said in ["8 personen in totaal", "3 personen, brief", "5 personen, e-mail"] {
            assert!(text.contains(said), "{place}: {said}: {text}");
        }
    }
    let json = second.get(&format!("{register}/bestand?vorm=json")).await.html();
    assert!(json.contains("\"what\": \"8: 3 brief (2026-03-27), 5 e-mail (2026-03-27)\""), "{json}");
    // The very same once more changes nothing, and a correction takes the place of both.
    let seen = first.get(&page).await.hidden("gezien");
    let again = first.post(&form, &told(&seen, "5", "e-mail", "15:12")).await;
    assert!(again.text().contains("Er is niets gewijzigd"), "{}", again.text());
    let corrected = [&told(&seen, "7", "brief", "15:10")[..], &[("verbetert", "ja")]].concat();
    assert_eq!(first.post(&form, &corrected).await.status, StatusCode::SEE_OTHER);
    let text = first.get(register).await.text();
    assert!(text.contains("7 personen, brief") && !text.contains("personen, e-mail"), "{text}");
}
