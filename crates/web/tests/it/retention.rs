//! Keeping and forgetting on the pages: terms with their source, holds, erasures, what is left, persons' requests.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use app::{App, Scope};
use incident::{Order, Role};
use law::verdict::Duty;
use store_conformance::forgetting::ran_until;

use crate::client::Client;
use crate::exporting::members;
use crate::world::{NOW, World};

const TERMS: &str = "/o/bakkerij-de-korenaar/instellingen/bewaren";
const PLANNED: &str = "/o/bakkerij-de-korenaar/bewaren";
const PERSONS: &str = "/o/bakkerij-de-korenaar/personen";
const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

/// Decides and closes incident 2, as of when the world stands.
async fn close(app: &App, scope: &Scope, now: Timestamp) {
    let seen = app.incident(scope, 2).await.unwrap().timeline.len() as u64;
    let duties = [Duty::NotifyAuthority, Duty::InformSubjects, Duty::NotifyControllers].map(|duty| (duty, false));
    let order = Order { duties: duties.into(), motivation: "Geen risico.".into(), ..Order::default() };
    app.decide(scope, 2, seen, order, now).await.unwrap();
    app.close(scope, 2, "Beter opletten.".into(), now).await.unwrap();
}

async fn with_a_closed_incident() -> (World, Client) {
    let world = World::new().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    close(&world.app, &scope, NOW).await;
    let officer = world.officer().await;
    (world, officer)
}

async fn seen(world: &World) -> String {
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    world.app.incident(&scope, 2).await.unwrap().timeline.len().to_string()
}

/// Of an open incident that is to be notified it once said that it never was.
#[tokio::test]
async fn what_is_to_be_notified_is_kept_as_notified() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let text = officer.get(&format!("{CASE}/bewaren")).await.text();
    assert!(text.contains("Niet gemeld datalek: "), "{text}");
    world.decided().await;
    let text = officer.get(&format!("{CASE}/bewaren")).await.text();
    assert!(text.contains("Besloten is om te melden. Na de melding geldt: Gemeld datalek: 5 jaar"), "{text}");
    assert!(!text.contains("Niet gemeld datalek"), "{text}");
}

/// It once said that the terms had been saved, and the reason was nowhere.
#[tokio::test]
async fn terms_that_are_sent_as_they_were_change_nothing_and_that_is_said() {
    let world = World::new().await;
    let mut client = world.invited(&[Role::Administrator]).await;
    let page = client.get(TERMS).await;
    let (seen, kinds) = (page.hidden("gezien"), incident::RetentionKind::ALL.map(|kind| kind.key()));
    let years = kinds.map(|kind| {
        let html = page.html();
        let (_, field) = html.split_once(&format!("name=\"{kind}\" value=\"")).unwrap();
        field.split('"').next().unwrap().to_owned()
    });
    let mut form = vec![("gezien", seen.as_str()), ("reason", "Beleid herzien.")];
    form.extend(kinds.iter().copied().zip(years.iter().map(String::as_str)));
    let answer = client.post(TERMS, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text();
    assert!(text.contains("Er is niets gewijzigd") && text.contains("Beleid herzien."), "{text}");
}

#[tokio::test]
async fn terms_are_set_with_a_reason_and_never_under_a_year() {
    let world = World::new().await;
    let mut client = world.invited(&[Role::Administrator]).await;
    insta::assert_snapshot!("terms", client.get(TERMS).await.text());
    let form =
        |no_breach, reason| [("notified", "7"), ("not_notified", "5"), ("no_breach", no_breach), ("reason", reason)];
    for (years, reason, said) in [
        ("0", "Beleid", "Geen datalek (ook: kwetsbaarheid, vals alarm): kies 1 tot en met 20 jaar."),
        ("veel", "Beleid", "Geen datalek (ook: kwetsbaarheid, vals alarm): vul een heel aantal jaren in."),
        ("2", "", "Schrijf in één zin waarom"),
    ] {
        let answer = client.post(TERMS, &form(years, reason)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{years} {reason}");
        assert!(answer.text().contains(said), "{}", answer.text());
        assert!(client.get(TERMS).await.text().contains("Er is nog niets gewijzigd."), "nothing was set");
    }
    let answer = client.post(TERMS, &form("2", "Beleid van 2026")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let after = client.get(TERMS).await.text();
    assert!(after.contains("Bea Heer: Gemeld datalek van 5 naar 7 jaar. Beleid van 2026"), "{after}");
    assert!(after.contains("van 5 naar 2 jaar"), "{after}");
}

#[tokio::test]
async fn what_ends_is_announced_held_and_erased() {
    let (world, mut officer) = with_a_closed_incident().await;
    assert!(officer.get(PLANNED).await.text().contains("De komende dertig dagen wordt niets gewist."));
    world.let_pass(24 * (5 * 365 - 20));
    let mut officer_later = world.officer().await;
    // For all the program knows the clock leapt; and that is told to whoever looks for what will be erased.
    let waits = officer_later.get(PLANNED).await.text();
    assert!(waits.contains("Er wordt nu niets gewist: de klok van de server zegt"), "{waits}");
    ran_until(&world.app, NOW + SignedDuration::from_hours(24 * (5 * 365 - 20))).await;
    insta::assert_snapshot!("planned", officer_later.get(PLANNED).await.text());
    let keeping = officer_later.get(&format!("{CASE}/bewaren")).await;
    insta::assert_snapshot!("keeping", keeping.text());
    assert!(keeping.html().contains("– Bewaren en wissen"), "its title is its own");

    let hold = format!("{CASE}/bewaren/verbod");
    let empty = officer_later.post(&hold, &[("verbod", "plaats")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let held = officer_later.post(&hold, &[("verbod", "plaats"), ("verbod-reden", "Claim van een klant")]).await;
    assert_eq!(held.status, StatusCode::SEE_OTHER, "{}", held.text());
    let page = officer_later.get(PLANNED).await.text();
    assert!(page.contains("De komende dertig dagen wordt niets gewist.") && page.contains("Wisverbod sinds"), "{page}");
    assert!(officer_later.get(CASE).await.text().contains("wisverbod"), "the head of its pages says so");
    assert!(officer_later.get("/o/bakkerij-de-korenaar/register").await.text().contains("wisverbod"));
    let seen = seen(&world).await;
    let erase = [("grond", "eigen"), ("wis-reden", "Weg"), ("zeker", "ja"), ("gezien", seen.as_str())];
    let refused = officer_later.post(&format!("{CASE}/bewaren/wissen"), &erase).await;
    assert!(refused.text().contains("Op dit incident ligt een wisverbod."), "{}", refused.text());
    let released = officer_later.post(&hold, &[("verbod", "hef-op"), ("verbod-reden", "Geschikt")]).await;
    assert_eq!(released.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_erased_incident_says_so_everywhere_and_nothing_breaks() {
    let world = World::new().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let (kind, purpose) = (app::PaperKind::Reasoning, documents::dossier::Purpose::First);
    let paper = world.app.make_paper(&scope, 2, kind, purpose, None, NOW).await.unwrap();
    close(&world.app, &scope, NOW).await;
    let path = format!("{CASE}/bewaren/wissen");
    world.let_pass(24 * 300);
    let mut officer = world.officer().await;
    let form = |seen: String| {
        vec![
            ("grond", "eigen".to_owned()),
            ("wis-reden", "Niet meer nodig".into()),
            ("zeker", "ja".into()),
            ("gezien", seen),
        ]
    };
    let send = async |officer: &mut Client, form: Vec<(&str, String)>| {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        officer.post(&path, &form).await
    };
    let early = send(&mut officer, form(seen(&world).await)).await;
    assert!(early.text().contains("ten minste een jaar na sluiten"), "{}", early.text());
    world.let_pass(24 * 100);
    let mut officer = world.officer().await;
    let leapt = send(&mut officer, form(seen(&world).await)).await;
    assert!(leapt.text().contains("de klok van de server versprong"), "{}", leapt.text());
    assert!(!officer.get(&format!("{CASE}/bewaren")).await.html().contains("wis-reden"), "nor is it offered");
    ran_until(&world.app, NOW + SignedDuration::from_hours(24 * 400)).await;
    let unsure = officer.post(&path, &[("grond", "eigen"), ("wis-reden", "x")]).await;
    assert_eq!(unsure.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unseen = send(&mut officer, form("1".into())).await;
    assert!(unseen.text().contains("Iemand anders schreef intussen"), "{}", unseen.text());
    let done = send(&mut officer, form(seen(&world).await)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());

    assert!(world.app.store.blob(&scope, &paper.sha256).await.is_err(), "its files are gone");
    insta::assert_snapshot!("erased", officer.get(CASE).await.text());
    for tab in [
        "",
        "/vragen",
        "/feiten",
        "/oordeel",
        "/besluit",
        "/documenten",
        "/bewijs",
        "/klokken",
        "/tijdlijn",
        "/bewaren",
    ] {
        let answer = officer.get(&format!("{CASE}{tab}")).await;
        assert!(answer.status == StatusCode::OK || answer.status == StatusCode::SEE_OTHER, "{tab}: {}", answer.status);
        assert!(answer.html().contains("gewist") || answer.status == StatusCode::SEE_OTHER, "{tab}");
        let html = answer.html();
        let main = html.split_once("<main").map_or("", |(_, main)| main);
        assert!(!main.contains("<form") && !main.contains("<button"), "{tab} asks something: {}", answer.text());
    }
    for (form, fields) in [("/tijdlijn", [("notitie", "Nog iets")]), ("/heropenen", [("reden", "Toch")])] {
        let answer = officer.post(&format!("{CASE}{form}"), &fields).await;
        assert!(answer.text().contains("Dit incident is gewist."), "{form}: {}", answer.text());
    }
    let list = officer.get("/o/bakkerij-de-korenaar/incidenten?stand=alles").await.text();
    assert!(list.contains("2. (gewist)"), "{list}");
    assert!(officer.get(&format!("{CASE}?taal=en")).await.text().contains("2. (erased)"));
    officer.get(&format!("{CASE}?taal=nl")).await;
    let register = officer.get("/o/bakkerij-de-korenaar/register").await.text();
    assert!(register.contains("Gewist op") && register.contains("Niet meer nodig"), "{register}");
    let row = register.split("2. (gewist)").nth(1).unwrap().split("Als bestand").next().unwrap();
    for untrue in [
        "Nog niet besloten",
        "Nog geen besluit",
        "Nog niet vast",
        "Nog geen oordeel",
        "Nog niets vastgelegd",
        "personen: 0",
    ] {
        assert!(!row.contains(untrue), "{untrue}: {row}");
    }
    let csv = officer.get("/o/bakkerij-de-korenaar/register/bestand?vorm=csv").await.html();
    let row = csv.lines().find(|line| line.starts_with('2')).unwrap();
    assert!(row.matches("gewist").count() > 3 && !row.contains("nog"), "{row}");
    assert!(officer.get(&format!("{CASE}/bewaren")).await.text().contains("Gewist op"), "it says that it was erased");
    let export = officer.get("/o/bakkerij-de-korenaar/register/export").await;
    assert_eq!(export.status, StatusCode::OK);
    of_an_erased_incident_the_file_says_that_it_is(&mut officer).await;
}

/// The file for the authority once said of an erased incident that nothing had been decided and nothing reported.
async fn of_an_erased_incident_the_file_says_that_it_is(officer: &mut Client) {
    let answer = officer.get(&format!("{CASE}/dossier")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let files = members(answer.bytes);
    let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
    let row: serde_json::Value = serde_json::from_str(&text("register.json")).unwrap();
    assert!(row[0]["erased_at"].is_string(), "{row}");
    assert_eq!((&row[0]["breach"], &row[0]["authority"]["status"]), (&"erased".into(), &"erased".into()));
    let timeline: Vec<serde_json::Value> = serde_json::from_str(&text("tijdlijn.json")).unwrap();
    let gone = timeline.iter().filter(|event| event["erased"] == true).count();
    assert!(gone > 2 && timeline.last().unwrap()["kind"] == "incident.erased", "{timeline:?}");
    let readme = text("README.txt");
    assert!(readme.contains(&format!("{} inschrijvingen, waarvan {gone} gewist", timeline.len())), "{readme}");
    let contents = text("dossier.pdf");
    for said in ["(gewist)", "Gewist op ", "Wat besloten was, is gewist.", "Wat gemeld was, is gewist."] {
        assert!(contents.contains(said), "{said}: {contents}");
    }
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        for untrue in ["Hier is niets besloten", "Er is niets gemeld", "verkeerde klant"] {
            assert!(!text.contains(untrue), "{name}: {untrue}: {text}");
        }
    }
}

#[tokio::test]
async fn a_person_is_found_answered_and_one_entry_erased() {
    let (world, mut officer) = with_a_closed_incident().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    world.app.note(&scope, 2, "Teruggebeld: Kees Appel, 06-87654321".into(), NOW).await.unwrap();
    let form = |kind, phone| [("kind", kind), ("phone", phone), ("reference", "2026-17")];
    let nothing = officer.post(PERSONS, &form("access", "06 00000000")).await;
    assert!(nothing.text().contains("Niets gevonden"), "{}", nothing.text());
    let wrong = officer.post(PERSONS, &form("access", "123")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let found = officer.post(PERSONS, &form("erasure", "+31 6 8765 4321")).await;
    insta::assert_snapshot!("person_found", found.text());
    let link = found.html().split("bewaren?regel=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let keeping = officer.get(&format!("{CASE}/bewaren?regel={link}&kenmerk=2026-17")).await;
    assert!(keeping.html().contains("Verzoek 2026-17"), "the reason names the request, by which the answer finds it");
    assert!(keeping.text().contains("notitie: “Teruggebeld: Kees Appel, 06-87654321”"), "{}", keeping.text());
    let named = [("kind", "erasure"), ("phone", "+31 6 8765 4321"), ("reference", "verzoek kees@appel.example")];
    let refused = officer.post(PERSONS, &named).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Het kenmerk is een e-mailadres"), "{}", refused.text());

    let seen = seen(&world).await;
    let entry = [
        ("regel", link.as_str()),
        ("regel-reden", "Verzoek 2026-17"),
        ("regel-zeker", "ja"),
        ("gezien", seen.as_str()),
    ];
    let mut unsure = entry;
    unsure[2] = ("regel-zeker", "");
    let refused = officer.post(&format!("{CASE}/bewaren/regel"), &unsure).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "an empty tick is none");
    let erased = officer.post(&format!("{CASE}/bewaren/regel"), &entry).await;
    assert_eq!(erased.status, StatusCode::SEE_OTHER, "{}", erased.text());
    let timeline = officer.get(&format!("{CASE}/tijdlijn")).await.text();
    assert!(!timeline.contains("Kees Appel") && timeline.contains("Gewist omdat een betrokkene"), "{timeline}");
    let again = officer.post(PERSONS, &form("access", "0687654321")).await.text();
    assert!(again.contains("Niets gevonden") && again.contains("kenmerk 2026-17"), "{again}");
    assert!(again.contains("Dit hebben wij op uw verzoek al gewist:"), "{again}");
    assert!(timeline.contains("wie dit schreef, is gewist"), "{timeline}");
    assert!(!officer.get(PERSONS).await.html().contains("87654321"), "what was looked for is not kept");
}

/// Erasing the same entry a second time once ended the server.
#[tokio::test]
async fn a_name_left_in_the_new_words_is_found_and_worded_anew() {
    let (world, mut officer) = with_a_closed_incident().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let opened = world.app.incident(&scope, 2).await.unwrap().timeline[0].index.unwrap().to_string();
    for (words, places) in [("Lijst van Kees Appel kwijt", 1), ("Lijst kwijt", 0)] {
        let seen = seen(&world).await;
        let form = [
            ("regel", opened.as_str()),
            ("regel-woorden", words),
            ("regel-reden", "Verzoek 2026-18"),
            ("regel-zeker", "ja"),
            ("gezien", seen.as_str()),
        ];
        let erased = officer.post(&format!("{CASE}/bewaren/regel"), &form).await;
        assert_eq!(erased.status, StatusCode::SEE_OTHER, "{}", erased.text());
        let sought = [("kind", "erasure"), ("name", "Kees Appel"), ("reference", "2026-18")];
        let found = officer.post(PERSONS, &sought).await.html();
        assert_eq!(found.matches(&format!("bewaren?regel={opened}&")).count(), places, "{words}: {found}");
    }
    let timeline = officer.get(&format!("{CASE}/tijdlijn")).await.text();
    assert!(timeline.contains("Een gewiste regel opnieuw verwoord omdat") && !timeline.contains("Kees"), "{timeline}");
}

#[tokio::test]
async fn what_will_be_erased_is_told_in_pages() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let mut handler = world.handler().await;
    let rows: String = (0..60).map(|row| format!("Post {row} kwijt;3-4-2012\n")).collect();
    let file = format!("Omschrijving;Datum afgesloten\n{rows}");
    let page = "/o/bakkerij-de-korenaar/register/inlezen";
    let columns = handler.upload(page, "bestand", "oud.csv", file.as_bytes()).await.location().to_owned();
    let form = [
        ("koppen", "1"),
        ("gezien-koppen", "1"),
        ("kolom-0", "description"),
        ("kolom-1", "closed_at"),
        ("doe", "neem-over"),
    ];
    let plan = handler.post(&columns, &form).await.hidden("gezien-plan");
    let done = handler.post(&columns, &[&form[..], &[("gezien-plan", &plan)]].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let first = officer.get(PLANNED).await;
    assert!(first.text().contains("50 van 60 incidenten."), "{}", first.text());
    let on = first.html().split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let second = officer.get(&format!("{PLANNED}{on}")).await;
    assert!(second.text().contains("10 van 60 incidenten."), "{}", second.text());
    let shown = |text: &str| text.lines().filter(|line| line.contains(" kwijt")).map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (shown(&first.text()), shown(&second.text()));
    assert_eq!((one.len(), other.len()), (50, 10));
    assert!(other.iter().all(|line| !one.contains(line)), "none stands twice");
    assert!(second.html().contains("rel=\"prev\""));
    assert!(officer.get(&format!("{PLANNED}?vanaf=9999")).await.text().contains("50 van 60 incidenten."));
}

/// The day on which it was taken over once stood there as that of the closing.
#[tokio::test]
async fn a_closing_on_an_unknown_day_is_said_to_be_unknown() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let page = "/o/bakkerij-de-korenaar/register/inlezen";
    let file = "Omschrijving;Status\nPost kwijt;gesloten\n";
    let columns = handler.upload(page, "bestand", "oud.csv", file.as_bytes()).await.location().to_owned();
    let form = [
        ("koppen", "1"),
        ("gezien-koppen", "1"),
        ("kolom-0", "description"),
        ("kolom-1", "state"),
        ("doe", "neem-over"),
    ];
    let plan = handler.post(&columns, &form).await.hidden("gezien-plan");
    let done = handler.post(&columns, &[&form[..], &[("gezien-plan", &plan)]].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    world.let_pass(24 * (5 * 365 - 10));
    let mut officer = world.officer().await;
    let planned = officer.get(PLANNED).await.text();
    let day = documents::day(NOW, &jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap(), facts::Language::Dutch);
    assert!(planned.contains(&format!("onbekend; telt vanaf het overnemen op {day}")), "{planned}");
    let english = officer.get(&format!("{PLANNED}?taal=en")).await.text();
    assert!(english.contains("unknown; counts from the day it was taken over, "), "{english}");
}

/// A letter that names somebody once could only go with the whole incident.
#[tokio::test]
async fn one_document_is_erased_and_that_it_was_made_stays() {
    let world = World::new().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let (kind, purpose) = (app::PaperKind::Letter, documents::dossier::Purpose::First);
    let made = world.app.make_paper(&scope, 2, kind, purpose, None, NOW).await.unwrap();
    let mut officer = world.officer().await;
    world.app.note(&scope, 2, "Kees Appel belde".into(), NOW).await.unwrap();
    let sought = [("kind", "erasure"), ("name", "Kees Appel"), ("reference", "2026-19")];
    let found = officer.post(PERSONS, &sought).await;
    assert!(found.text().contains("Deze documenten doorzoeken wij niet"), "{}", found.text());
    let page = officer.get(&format!("{CASE}/documenten")).await.html();
    let index = page.split("bewaren?regel=").nth(1).unwrap().split('#').next().unwrap().to_owned();
    assert!(found.html().contains(&format!("bewaren?regel={index}&")), "the request leads there too");
    let seen = seen(&world).await;
    let form = [
        ("regel", index.as_str()),
        ("regel-reden", "Verzoek 2026-19"),
        ("regel-zeker", "ja"),
        ("gezien", seen.as_str()),
    ];
    let named = [&form[..], &[("regel-reden", "Verzoek van kees@appel.example")]].concat();
    let named: Vec<_> =
        named.into_iter().filter(|(name, value)| *name != "regel-reden" || value.contains('@')).collect();
    let refused = officer.post(&format!("{CASE}/bewaren/regel"), &named).await;
    assert!(refused.text().contains("De reden blijft staan"), "{}", refused.text());
    let erased = officer.post(&format!("{CASE}/bewaren/regel"), &form).await;
    assert_eq!(erased.status, StatusCode::SEE_OTHER, "{}", erased.text());
    assert!(world.app.store.blob(&scope, &made.sha256).await.is_err(), "the file is there still");
    let gone = officer.get(&format!("{CASE}/documenten/{}.pdf", made.sha256)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    let timeline = officer.get(&format!("{CASE}/tijdlijn")).await.text();
    assert!(timeline.contains("Gewist omdat een betrokkene erom vroeg"), "{timeline}");
    for path in
        [format!("{CASE}/documenten"), format!("{CASE}/dossier"), "/o/bakkerij-de-korenaar/register/export".into()]
    {
        assert_eq!(officer.get(&path).await.status, StatusCode::OK, "{path}");
    }
}

/// Whoever reads what is left of an erased incident reads that it was held, and for how long.
#[tokio::test]
async fn that_it_was_held_stays_when_all_else_goes() {
    let (world, mut officer) = with_a_closed_incident().await;
    let hold = format!("{CASE}/bewaren/verbod");
    for (verb, why) in [("plaats", "Claim van Kees Appel"), ("hef-op", "Kees Appel trok hem in")] {
        let done = officer.post(&hold, &[("verbod", verb), ("verbod-reden", why)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
    }
    world.let_pass(24 * 400);
    ran_until(&world.app, NOW + SignedDuration::from_hours(24 * 400)).await;
    let mut officer = world.officer().await;
    let seen = seen(&world).await;
    let erase = [("grond", "eigen"), ("wis-reden", "Weg"), ("zeker", "ja"), ("gezien", seen.as_str())];
    let done = officer.post(&format!("{CASE}/bewaren/wissen"), &erase).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let left = officer.get(CASE).await.text();
    assert!(left.contains("Geplaatst op") && left.contains("en opgeheven op") && !left.contains("Kees"), "{left}");
    let timeline = officer.get(&format!("{CASE}/tijdlijn")).await.text();
    assert_eq!(timeline.matches("wie mocht beslissen; de naam is gewist").count(), 2, "{timeline}");
    let register = officer.get("/o/bakkerij-de-korenaar/register/bestand?vorm=json").await.html();
    assert!(register.contains("wisverbod van") && register.contains("held from"), "{register}");
}
