//! The organisation's own details: who may fill them in, what is refused, and where they appear.

use axum::http::StatusCode;

use incident::Role;

use crate::client::{Answer, Client};
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
        let both = format!("aria-describedby=\"{name}-hint {name}-fout\"");
        assert!(html.contains(&both), "{name} says what is wrong, and still what is meant");
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
    note(app::SafetyKind::Drill, false, 0).await;
    let text = client.get(SETTINGS).await.text();
    assert!(text.contains("is mislukt, of niet alles erin is zoals het hoort"), "{text}");
    assert!(
        text.contains("Bij het oefenen van het herstellen op") && !text.contains("voor het laatst geoefend"),
        "{text}"
    );
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

/// Everything that the form holds, as a browser sends it, with these fields typed over.
fn filled_in(page: &Answer, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let html = page.html();
    let (_, form) = html.split_once("<form method=\"post\" action=\"/o/bakkerij-de-korenaar/instellingen").unwrap();
    let form = form.split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split('"').next().map(|value| value.replace("&#38;", "&"))
    };
    let mut sent = Vec::new();
    for tag in form.split('<').skip(1) {
        let Some(name) = attribute(tag, "name") else { continue };
        let value = if tag.starts_with("input") {
            let is_box = tag.contains("type=\"checkbox\"");
            if is_box && !tag.contains(" checked") {
                continue;
            }
            attribute(tag, "value").unwrap_or_default()
        } else if tag.starts_with("textarea") {
            tag.split_once('>').map(|(_, text)| text.to_owned()).unwrap_or_default()
        } else if tag.starts_with("select") {
            let (_, options) = form.split_once(&format!("<{tag}")).unwrap();
            let options = options.split("</select>").next().unwrap();
            let chosen = options.split('<').find(|option| option.contains(" selected")).unwrap_or_default();
            attribute(chosen, "value").unwrap_or_default()
        } else {
            continue;
        };
        let value = typed.iter().find(|(field, _)| *field == name).map_or(value, |(_, text)| (*text).to_owned());
        sent.push((name, value));
    }
    sent
}

async fn send(client: &mut Client, path: &str, form: Vec<(String, String)>) -> Answer {
    let form: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    client.post(path, &form).await
}

/// Saving an older form again once put back all that a colleague had changed meanwhile.
#[tokio::test]
async fn an_older_form_comes_back_with_what_a_colleague_changed() {
    let world = World::new().await;
    let mut ada = deciding_administrator(&world).await;
    assert_eq!(ada.post(SETTINGS, &DETAILS).await.status, StatusCode::SEE_OTHER);
    let old = ada.get(SETTINGS).await;
    let hers = [
        ("town", "Hier"),
        ("postcode", "2345 BC"),
        ("role", "processor"),
        ("termijn-0-met", "Verzekeraar"),
        ("termijn-0-lengte", "48"),
    ];
    assert_eq!(send(&mut ada, SETTINGS, filled_in(&old, &hers)).await.status, StatusCode::SEE_OTHER);

    let mine = [("town", "Daar"), ("sector", "bakkerij"), ("termijn-0-met", "Klant"), ("termijn-0-lengte", "24")];
    let late = send(&mut ada, SETTINGS, filled_in(&old, &mine)).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = late.text();
    assert!(text.contains("intussen gewijzigd"), "{text}");
    let both = "iemand anders bewaarde intussen “Hier”, u vulde in “Daar”. Kies, en bewaar opnieuw.";
    assert!(text.contains(both), "{text}");
    assert_eq!(
        text.matches("iemand anders bewaarde intussen").count(),
        2,
        "in the list and at the field alone: {text}"
    );
    for there in ["[Daar]", "[2345 BC]", "[bakkerij]", "[Verzekeraar]", "[Klant]"] {
        assert!(text.contains(there), "{there}: {text}");
    }
    let done = send(&mut ada, SETTINGS, filled_in(&late, &[])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let profile = &scope.organisation().profile;
    let terms: Vec<_> = profile.terms.iter().map(|term| (term.with.as_str(), term.length.to_string())).collect();
    assert_eq!((profile.town.as_str(), profile.postcode.as_str()), ("Daar", "2345 BC"));
    assert_eq!((profile.sector.as_str(), profile.role), ("bakkerij", Some("processor")));
    assert_eq!(terms, [("Verzekeraar", "48h".to_owned()), ("Klant", "24h".to_owned())]);
}

/// A mistake in it once made the older form a new one, which then put everything back.
#[tokio::test]
async fn an_older_form_with_a_mistake_in_it_stays_an_older_form() {
    let world = World::new().await;
    let mut ada = deciding_administrator(&world).await;
    let old = ada.get(SETTINGS).await;
    assert_eq!(send(&mut ada, SETTINGS, filled_in(&old, &[("town", "Hier")])).await.status, StatusCode::SEE_OTHER);
    let wrong = [("sector", "bakkerij"), ("termijn-0-met", "Klant"), ("termijn-0-lengte", "morgen")];
    let late = send(&mut ada, SETTINGS, filled_in(&old, &wrong)).await;
    assert!(late.text().contains("intussen gewijzigd") && late.text().contains("[morgen]"), "{}", late.text());
    let merged = send(&mut ada, SETTINGS, filled_in(&late, &[("termijn-0-lengte", "24")])).await;
    assert_eq!(merged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(merged.text().contains("[Hier]") && merged.text().contains("[bakkerij]"), "{}", merged.text());
}

#[tokio::test]
async fn older_retention_terms_come_back_with_what_a_colleague_changed() {
    let world = World::new().await;
    let mut ada = deciding_administrator(&world).await;
    let path = format!("{SETTINGS}/bewaren");
    let old = ada.get(&path).await;
    let hers = [("notified", "7"), ("no_breach", "2"), ("reason", "Beleid")];
    assert_eq!(send(&mut ada, &path, filled_in(&old, &hers)).await.status, StatusCode::SEE_OTHER);
    // A mistake makes no new form of it.
    let mine = [("notified", "8"), ("not_notified", "veel"), ("reason", "Anders")];
    let wrong = send(&mut ada, &path, filled_in(&old, &mine)).await;
    let late = send(&mut ada, &path, filled_in(&wrong, &[("not_notified", "6")])).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = late.text();
    assert!(text.contains("Gemeld datalek: iemand anders bewaarde intussen “7”, u vulde in “8”."), "{text}");
    for there in ["[8]", "[6]", "[2]", "\nAnders\n"] {
        assert!(text.contains(there), "{there}: {text}");
    }
    assert_eq!(send(&mut ada, &path, filled_in(&late, &[])).await.status, StatusCode::SEE_OTHER);
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let terms = world.app.retention_terms(&scope).await.unwrap();
    assert_eq!(terms.iter().map(|term| term.years).collect::<Vec<_>>(), [8, 6, 2]);
}
