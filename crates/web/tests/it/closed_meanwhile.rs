//! A form that is sent after a colleague closed the incident: who closed it is said, and what was typed is not lost.

use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::client::{Answer, Client};
use crate::world::World;

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";
const TYPED: &str = "De ontvanger belde terug, en is journalist.";

/// The page says who closed it and when, holds the text, and does not say that it still stands in a form.
fn says_so(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
    let (html, text) = (answer.html(), answer.text());
    for said in ["Marieke de Wit sloot dit incident op vrijdag 27 maart 2026, 15:20 uur", TYPED, "is niet bewaard"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(html.contains("<title>Fout: ") && !text.contains("staat er nog"), "{text}");
}

async fn send_files(client: &mut Client) -> Answer {
    let field = |name: &str, rest: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n");
    let body = [
        field("omschrijving", &format!("\r\n\r\n{TYPED}")),
        field("herkomst", "\r\n\r\nhelpdesk"),
        field("bestanden", "; filename=\"a.txt\"\r\n\r\nheel"),
        "--x--\r\n".to_owned(),
    ];
    let (path, headers) = (format!("{CASE}/bewijs"), [("sec-fetch-site", "same-origin")]);
    client.send_body(Method::POST, &path, &headers, "multipart/form-data; boundary=x", Body::from(body.concat())).await
}

/// Each of these pages once showed no form any more, and with it went what was typed.
#[tokio::test]
async fn what_was_typed_stays_on_the_page_and_who_closed_it_is_said() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let story = officer.get(&format!("{CASE}/feiten")).await.hidden("gezien");
    let decision = officer.get(&format!("{CASE}/besluit")).await.hidden("gezien");
    world.closed().await;
    let narrative = [("gezien", story.as_str()), ("description", TYPED)];
    let answer = officer.post(&format!("{CASE}/feiten/verhaal"), &narrative).await;
    says_so(&answer);
    let duties = [("gezien", decision.as_str()), ("notify_authority", "ja"), ("motivering", TYPED)];
    says_so(&officer.post(&format!("{CASE}/besluit"), &duties).await);
    says_so(&officer.post(&format!("{CASE}/sluiten"), &[("lessen", TYPED)]).await);
    let files = send_files(&mut officer).await;
    says_so(&files);
    assert!(files.text().contains("helpdesk") && files.text().contains("Kies ze opnieuw"), "{}", files.text());

    // Once it is open again the same page sends it.
    officer.post(&format!("{CASE}/heropenen"), &[("reden", "Er belde iemand.")]).await;
    let again = [("gezien", answer.hidden("gezien")), ("description", answer.hidden("description"))];
    let again = again.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = officer.post(&format!("{CASE}/feiten/verhaal"), &again).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert!(officer.get(&format!("{CASE}/feiten")).await.html().contains(TYPED));
}
