//! The organisation's own details: who may fill them in, what is refused, and where they appear.

use axum::http::StatusCode;

use incident::Role;

use crate::client::Client;
use crate::world::{NOW, World};

const HOME: &str = "/o/bakkerij-de-korenaar";
const SETTINGS: &str = "/o/bakkerij-de-korenaar/instellingen";
const DOSSIER: &str = "/o/bakkerij-de-korenaar/incidenten/2/documenten";
const DETAILS: [(&str, &str); 10] = [
    ("address", " Molenstraat 1 "),
    ("postcode", "1234ab"),
    ("town", "Ons Dorp"),
    ("kvk", "12345678"),
    ("sector", "detailhandel"),
    ("dpo_number", ""),
    ("contact_name", "Bea Heer"),
    ("contact_function", "bedrijfsleider"),
    ("contact_email", "privacy@korenaar.example"),
    ("contact_phone", "010 123 45 67"),
];

async fn deciding_administrator(world: &World) -> Client {
    world.invited(&[Role::Officer, Role::Administrator]).await
}

#[tokio::test]
async fn the_details_are_kept_and_reach_dossier_and_letter() {
    let world = World::new().await;
    let mut client = deciding_administrator(&world).await;
    assert!(client.get(HOME).await.html().contains("Vul de gegevens aan"), "home says what is not there yet");
    let before = client.get(DOSSIER).await.html();
    for field in ["address", "kvk", "sector", "contact_name"] {
        assert!(before.contains(&format!("{SETTINGS}#{field}")), "the dossier leads to {field}");
    }

    let answer = client.post(SETTINGS, &DETAILS).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/o/bakkerij-de-korenaar/instellingen?bewaard=ja")
    );
    let saved = client.get(answer.location()).await.text();
    for text in ["De gegevens zijn bewaard.", "[Molenstraat 1]", "[1234 AB]", "[12345678]", "[010 123 45 67]"] {
        assert!(saved.contains(text), "{text} is not in: {saved}");
    }
    assert!(!client.get(SETTINGS).await.text().contains("De gegevens zijn bewaard."), "said once");
    assert!(!client.get(HOME).await.html().contains("Vul de gegevens aan"), "nothing is lacking now");

    let after = client.get(DOSSIER).await;
    for text in ["Molenstraat 1", "1234 AB Ons Dorp", "12345678", "detailhandel", "bedrijfsleider", "010 123 45 67"] {
        assert!(after.text().contains(text), "{text} is not in the dossier");
    }
    assert!(!after.html().contains(&format!("{SETTINGS}#kvk")), "what is there needs no link");
    let letter = after.html();
    let (_, letter) = letter.split_once("<article class=\"letter").unwrap();
    assert!(letter.contains("Bea Heer") && letter.contains("privacy@korenaar.example"), "the letter names the contact");
}

#[tokio::test]
async fn wrong_details_are_all_named_and_nothing_typed_is_lost() {
    let world = World::new().await;
    let mut client = deciding_administrator(&world).await;
    let wrong = DETAILS.map(|(name, text)| match name {
        "postcode" => (name, "12 AB"),
        "kvk" => (name, "123"),
        "contact_email" => (name, "privacy"),
        _ => (name, text),
    });
    let answer = client.post(SETTINGS, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = answer.html();
    for name in ["postcode", "kvk", "contact_email"] {
        assert!(html.contains(&format!("href=\"#{name}\"")), "the summary leads to {name}");
        assert!(html.contains(&format!("aria-describedby=\"{name}-fout\"")), "{name} says what is wrong");
    }
    assert!(html.contains("<title>Fout: "), "the title says so first");
    assert!(html.contains("value=\"12 AB\"") && html.contains("value=\"Ons Dorp\""), "nothing typed is lost");
    let stored = client.get(SETTINGS).await.html();
    assert!(!stored.contains("Ons Dorp"), "nothing was stored");
}

#[tokio::test]
async fn who_may_not_change_them_is_not_led_there() {
    let world = World::new().await;
    for mut client in [world.officer().await, world.handler().await, world.employee().await, world.provider().await] {
        assert!(!client.get(HOME).await.html().contains(SETTINGS));
        assert!(!client.get(DOSSIER).await.html().contains(SETTINGS));
        assert_eq!(client.post(SETTINGS, &DETAILS).await.status, StatusCode::FORBIDDEN);
    }
    let mut client = deciding_administrator(&world).await;
    assert!(client.get(HOME).await.html().contains(&format!("href=\"{SETTINGS}\"")), "the rail leads there");
    assert!(!client.get(SETTINGS).await.html().contains("Ons Dorp"), "nothing was stored");
}

#[tokio::test]
async fn an_administrator_reads_whether_there_is_a_backup_and_that_restoring_was_practised() {
    let world = World::new().await;
    let mut client = deciding_administrator(&world).await;
    let text = client.get(SETTINGS).await.text();
    assert!(text.contains("nog geen back-up gemaakt") && text.contains("nog niet geoefend"), "{text}");
    let note = async |kind, is_sound, days: i64| {
        let held_at = NOW - jiff::SignedDuration::from_hours(24 * days);
        let id = world.app.chance.id(held_at).unwrap();
        let note = app::SafetyNote { id, kind, held_at, is_sound, remark: "monday.backup".into() };
        world.app.store.note_safety(&note).await.unwrap();
    };
    note(app::SafetyKind::Backup, true, 9).await;
    note(app::SafetyKind::Drill, true, 3).await;
    let text = client.get(SETTINGS).await.text();
    assert!(text.contains("langer dan een week geleden") && text.contains("voor het laatst geoefend"), "{text}");
    assert!(!text.contains("monday"), "where it lies is not the customer's");
    note(app::SafetyKind::Backup, true, 1).await;
    assert!(client.get(SETTINGS).await.text().contains("nagezien door hem te herstellen"));
    note(app::SafetyKind::Backup, false, 0).await;
    assert!(client.get(SETTINGS).await.text().contains("mislukt"));
}

#[tokio::test]
async fn who_saves_an_older_form_puts_nothing_back() {
    let world = World::new().await;
    let mut client = deciding_administrator(&world).await;
    let seen = client.get(SETTINGS).await.hidden("gezien");
    let sent = |town: &'static str, seen: &str| {
        let details = DETAILS.map(|(name, text)| (name, if name == "town" { town } else { text }));
        let details = details.map(|(name, text)| (name.to_owned(), text.to_owned()));
        details.into_iter().chain([("gezien".to_owned(), seen.to_owned())]).collect::<Vec<_>>()
    };
    let mut post = async |town, seen: &str| {
        let form = sent(town, seen);
        let form: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        client.post(SETTINGS, &form).await
    };
    assert_eq!(post("Hier", &seen).await.status, StatusCode::SEE_OTHER);
    let late = post("Daar", &seen).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = late.text();
    assert!(text.contains("intussen gewijzigd") && text.contains("[Daar]"), "what was typed stays: {text}");
    let again = late.hidden("gezien");
    assert_eq!(post("Daar", &again).await.status, StatusCode::SEE_OTHER, "having looked, one may");
    assert!(client.get(SETTINGS).await.text().contains("[Daar]"));
}
