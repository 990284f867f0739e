//! What the pages on cases and clocks claim: who was told, when something was seen, and of which sensor nothing is taken.

use jiff::{SignedDuration, Timestamp};

use app::NewException;
use contract::sensor::{Enrolled, REPORTS_PATH, Refused};

use crate::sensor_reports::beacon_lines;
use crate::world::{NOW, World};

const BASE: &str = "/o/bakkerij-de-korenaar/sensoren";
const SLUG: &str = "bakkerij-de-korenaar";

/// A case of one detection that was last seen at a moment.
fn case(severity: &str, last_at: Timestamp) -> String {
    let first_at = last_at - SignedDuration::from_hours(2);
    format!(
        r#"{{"type":"detection","id":"d1","first_at":"{first_at}","last_at":"{last_at}","host":{{"ip":"10.0.0.7"}},"kind":"scan","severity":"{severity}","confidence":0.6,"technique":[],"remote":{{}},"evidence":{{"targets":40}},"summary":{{"nl":"Tast af.","en":"Probes."}}}}
{{"type":"case","id":"c1","host":{{"ip":"10.0.0.7"}},"severity":"{severity}","alarm":"{}","detections":["d1"],"summary":{{"nl":"Tast af.","en":"Probes."}},"proposed_facts":{{}}}}
"#,
        if severity == "high" { "now" } else { "digest" }
    )
}

/// What the page of the case says.
async fn said(world: &World, sensor: &Enrolled) -> String {
    world.handler().await.get(&format!("{BASE}/{}/zaken/c1", sensor.sensor)).await.text()
}

#[tokio::test]
async fn a_case_says_that_people_were_told_when_they_were() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &case("high", NOW)).await;
    let page = said(&world, &sensor).await;
    assert!(
        page.contains("Het bericht aan 3 mensen die moeten handelen staat klaar en is nog niet verstuurd."),
        "{page}"
    );
    assert!(!page.contains("bericht gestuurd aan"), "{page}");

    let letters = world.app.store.take_letters(NOW, NOW + SignedDuration::from_hours(1), 9).await.unwrap();
    let letters: Vec<_> = letters.into_iter().filter(|letter| letter.key.starts_with("sensor-case")).collect();
    for letter in &letters[1..] {
        world.app.store.letter_sent(letter.id, NOW).await.unwrap();
    }
    world.app.store.letter_failed(letters[0].id, NOW, "no such mailbox", None).await.unwrap();
    let page = said(&world, &sensor).await;
    assert!(page.contains("Hierover is bericht gestuurd aan 2 mensen die moeten handelen, het laatst op"), "{page}");
    assert!(page.contains("Het bericht aan 1 persoon die moet handelen kon niet worden bezorgd."), "{page}");
    let english = world.handler().await.get(&format!("{BASE}/{}/zaken/c1?taal=en", sensor.sensor)).await.text();
    assert!(english.contains("A message about this was sent to 2 people who must act"), "{english}");
}

#[tokio::test]
async fn a_case_of_which_no_message_was_made_says_so() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &case("medium", NOW)).await;
    let page = said(&world, &sensor).await;
    assert!(page.contains("telt mee in het weekoverzicht van maandag. Er is geen apart bericht"), "{page}");

    // One that exceptions cover when it comes in is told to nobody, however grave it is called.
    let other = World::new().await;
    let sensor = other.sensor(SLUG, "kantoor").await;
    let scope = other.app.permit_program(SLUG).await.unwrap();
    let ours = NewException { host: "10.0.0.7".into(), reason: "de beheerder".into(), ..NewException::default() };
    let made = other.app.except(&scope, ours, NOW).await.unwrap();
    other.reports(&sensor, &case("high", NOW)).await;
    let letters = other.app.store.letters(&scope, 99).await.unwrap();
    assert!(!letters.iter().any(|letter| letter.key.starts_with("sensor-case")));
    let page = said(&other, &sensor).await;
    assert!(page.contains("er gaat geen bericht over uit") && !page.contains("gestuurd"), "{page}");
    other.app.take_back_exception(&scope, made.id, NOW).await.unwrap();
    let page = said(&other, &sensor).await;
    assert!(page.contains("Hierover is geen bericht gemaakt"), "shown again, and still nobody was told: {page}");
}

#[tokio::test]
async fn a_case_that_is_excepted_while_its_message_waits_says_one_thing() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &case("high", NOW)).await;
    let scope = world.app.permit_program(SLUG).await.unwrap();
    let ours = NewException { host: "10.0.0.7".into(), reason: "de beheerder".into(), ..NewException::default() };
    world.app.except(&scope, ours, NOW).await.unwrap();
    let page = said(&world, &sensor).await;
    assert!(page.contains("nog niet verstuurd") && page.contains("wat klaarstaat gaat nog uit"), "{page}");
    assert!(!page.contains("er gaat geen bericht over uit"), "{page}");
}

#[tokio::test]
async fn what_exceptions_leave_of_a_case_is_told_and_opened() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let lines = case("high", NOW);
    let (scan, told) = lines.split_once('\n').unwrap();
    let beacon = scan.replace("\"d1\"", "\"d2\"").replace("\"scan\"", "\"beacon\"");
    let told = told.replace("[\"d1\"]", "[\"d1\",\"d2\"]").replace("\"high\"", "\"critical\"");
    world.reports(&sensor, &format!("{scan}\n{beacon}\n{told}")).await;
    let scope = world.app.permit_program(SLUG).await.unwrap();
    let ours = NewException { kind: "beacon".into(), reason: "de leverancier".into(), ..NewException::default() };
    world.app.except(&scope, ours, NOW).await.unwrap();
    let page = said(&world, &sensor).await;
    assert!(page.contains("Zaak van 1 detectie") && page.contains("Ernst: Hoog"), "{page}");
    assert!(page.contains("rekenen dit niet mee") && !page.contains("horen erbij"), "{page}");
}

#[tokio::test]
async fn a_case_in_an_incident_leads_to_it_and_offers_what_is_left_to_do() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let lines = case("medium", NOW);
    let (scan, told) = lines.split_once('\n').unwrap();
    let told = told.replace("[\"d1\"]", "[\"d1\",\"d2\"]");
    world.reports(&sensor, &format!("{scan}\n{told}")).await;
    let page = said(&world, &sensor).await;
    assert!(page.contains("> Open een incident") && !page.contains("In incident"), "{page}");
    let mut handler = world.handler().await;
    let press = format!("{BASE}/{}/zaken/c1/incident", sensor.sensor);
    let incident = handler.post(&press, &[]).await.location().to_owned();
    let page = said(&world, &sensor).await;
    assert!(page.contains("In incident 3.") && page.contains("Ga naar het incident"), "{page}");
    assert!(!page.contains("Open een") && !page.contains("Voeg het nieuwe"), "{page}");

    // What comes in alone is put there by a person, from either page.
    let more =
        scan.replace("\"d1\"", "\"d2\"").replace("\"scan\"", "\"beacon\"").replace("Tast af.", "Belt naar huis.");
    world.reports(&sensor, &format!("{more}\n")).await;
    let of_detection = handler.get(&format!("{BASE}/{}/waarnemingen/d2", sensor.sensor)).await.text();
    for page in [said(&world, &sensor).await, of_detection] {
        assert!(page.contains("In incident 3.") && page.contains("Daarna zag de sensor meer"), "{page}");
        assert!(page.contains("> Voeg het nieuwe toe aan incident 3") && !page.contains("Open een"), "{page}");
    }
    assert_eq!(handler.post(&press, &[]).await.location(), incident);
    let page = said(&world, &sensor).await;
    assert!(page.contains("In incident 3.") && !page.contains("Voeg het nieuwe"), "{page}");
    let page = handler.get(&incident).await.text();
    assert!(page.contains("Belt naar huis.") && page.contains("Toegevoegd"), "with its figures: {page}");
    assert!(!page.contains("Dringender geworden"), "{page}");

    world.reports(&sensor, &told.replace("\"medium\"", "\"critical\"")).await;
    let page = handler.get(&incident).await.text();
    assert!(page.contains("Dringender geworden") && page.contains("ging van Middel naar Kritiek"), "{page}");
    let timeline = handler.get(&format!("{incident}/tijdlijn")).await.text();
    assert!(timeline.contains("De sensor zag meer: één detectie toegevoegd"), "{timeline}");
    assert!(timeline.contains("Kritiek; was Middel"), "{timeline}");

    // What people were done with takes nothing in.
    let scope = world.app.permit_program(SLUG).await.unwrap();
    world.app.check_detection(&scope, 3, None, false, Some("een proef".into()), NOW).await.unwrap();
    let third = more.replace("\"d2\"", "\"d3\"");
    let told = told.replace("\"d2\"]", "\"d2\",\"d3\"]");
    world.reports(&sensor, &format!("{third}\n{told}")).await;
    let page = said(&world, &sensor).await;
    assert!(page.contains("In incident 3.") && page.contains("of het was een vals alarm"), "{page}");
    assert!(page.contains("> Open een nieuw incident"), "{page}");
    assert_ne!(handler.post(&press, &[]).await.location(), incident);
}

#[tokio::test]
async fn an_incident_says_what_somebody_called_ordinary_since() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &case("high", NOW)).await;
    let mut handler = world.handler().await;
    let press = format!("{BASE}/{}/zaken/c1/incident", sensor.sensor);
    let incident = handler.post(&press, &[]).await.location().to_owned();
    assert!(!handler.get(&incident).await.text().contains("noemde dit"));
    let scope = world.app.permit_program(SLUG).await.unwrap();
    let ours = NewException { host: "10.0.0.7".into(), reason: "de beheerder".into(), ..NewException::default() };
    let made = world.app.except(&scope, ours, NOW).await.unwrap();
    let page = handler.get(&incident).await.text();
    let (author, said) = (format!("{} noemde dit op ", made.author), "27 maart 2026 gewoon: de beheerder");
    assert!(page.contains(&author) && page.contains(said), "{page}");
    assert!(page.contains("Leg dan vast dat het vals alarm was"), "{page}");
    world.app.check_detection(&scope, 3, None, false, Some("een proef".into()), NOW).await.unwrap();
    let page = handler.get(&incident).await.text();
    assert!(page.contains(said) && !page.contains("Leg dan vast"), "{page}");
    world.app.take_back_exception(&scope, made.id, NOW).await.unwrap();
    assert!(!handler.get(&incident).await.text().contains("noemde dit"));
}

#[tokio::test]
async fn an_incident_shows_what_became_graver_of_the_same_traffic() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let lines = case("high", NOW);
    world.reports(&sensor, &lines).await;
    let mut handler = world.handler().await;
    let press = format!("{BASE}/{}/zaken/c1/incident", sensor.sensor);
    let incident = handler.post(&press, &[]).await.location().to_owned();
    assert!(!handler.get(&incident).await.text().contains("noemt het ernstiger"));
    let (scan, _) = lines.split_once('\n').unwrap();
    let graver = scan.replace("\"high\"", "\"critical\"").replace("Tast af.", "Tast alles af.");
    world.reports(&sensor, &format!("{graver}\n")).await;
    let page = handler.get(&incident).await.text();
    assert!(page.contains("Tast alles af.") && page.contains("noemt het ernstiger"), "{page}");
}

#[tokio::test]
async fn a_part_that_is_ordinary_leaves_the_rest_of_an_incident() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let lines = case("high", NOW);
    let (scan, told) = lines.split_once('\n').unwrap();
    let beacon = scan.replace("\"d1\"", "\"d2\"").replace("\"scan\"", "\"beacon\"");
    let told = told.replace("[\"d1\"]", "[\"d1\",\"d2\"]");
    world.reports(&sensor, &format!("{scan}\n{beacon}\n{told}")).await;
    let mut handler = world.handler().await;
    let incident =
        handler.post(&format!("{BASE}/{}/zaken/c1/incident", sensor.sensor), &[]).await.location().to_owned();
    let scope = world.app.permit_program(SLUG).await.unwrap();
    for (kind, is_all) in [("beacon", false), ("scan", true)] {
        let ours = NewException { kind: kind.into(), reason: "de beheerder".into(), ..NewException::default() };
        world.app.except(&scope, ours, NOW).await.unwrap();
        let page = handler.get(&incident).await.text();
        assert!(page.contains("noemde dit op"), "{kind}: {page}");
        assert_eq!(page.contains("De rest van dit incident staat nog."), !is_all, "{kind}: {page}");
        assert_eq!(page.contains("Leg dan vast dat het vals alarm was"), is_all, "{kind}: {page}");
    }
}

#[tokio::test]
async fn an_incident_says_what_came_since_anybody_did_something_there() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let scope = world.app.permit_program(SLUG).await.unwrap();
    let every = app::SensorSettings { opens: app::Opens::Every, ..app::SensorSettings::default() };
    world.app.set_sensor_settings(&scope, every, None, NOW).await.unwrap();
    let lines = case("medium", NOW);
    world.reports(&sensor, &lines).await;
    let (scan, told) = lines.split_once('\n').unwrap();
    let mut handler = world.handler().await;
    let incident = "/o/bakkerij-de-korenaar/incidenten/3";
    let before = handler.get(incident).await;
    assert!(!before.text().contains("De sensor zag meer: "));

    let other = |id: &str, said: &str| scan.replace("\"d1\"", &format!("\"{id}\"")).replace("Tast af.", said) + "\n";
    let more = told.replace("[\"d1\"]", "[\"d1\",\"d2\",\"d3\"]");
    world.reports(&sensor, &(other("d2", "Belt naar huis.") + &other("d3", "Raadt namen.") + &more)).await;
    let page = handler.get(incident).await;
    let text = page.text();
    assert!(text.contains("De sensor zag meer: 2 nieuwe detecties, vrijdag 27 maart 2026, 15:20 uur"), "{text}");

    // Who looked before calls nothing of it a false alarm, and is shown it first.
    let (early, seen, address) = (before.hidden("gezien"), page.hidden("gezien"), format!("{incident}/waarneming"));
    let nothing = [("gezien", early.as_str()), ("waarneming", "nee"), ("waarneming-notitie", "Een proef.")];
    let again = handler.post(&address, &nothing).await;
    assert!(again.text().contains("De sensor zag intussen meer.") && again.text().contains("Belt naar huis."));
    assert_eq!(again.hidden("gezien"), seen, "which can be sent as it is");
    assert!(handler.get(incident).await.text().contains("Klopt de waarneming?"), "nobody said anything of it");

    let real = [("gezien", seen.as_str()), ("waarneming", "ja"), ("waarneming-notitie", "")];
    handler.post(&address, &real).await;
    let text = handler.get(incident).await.text();
    assert!(text.contains("het klopt") && !text.contains("De sensor zag meer"), "{text}");

    // What made it more urgent is told once.
    let worse = told.replace("[\"d1\"]", "[\"d1\",\"d2\",\"d3\",\"d4\"]").replace("\"medium\"", "\"critical\"");
    world.reports(&sensor, &(other("d4", "Stuurt veel weg.") + &worse)).await;
    let text = handler.get(incident).await.text();
    assert!(text.contains("Dringender geworden") && !text.contains("De sensor zag meer: "), "{text}");
}

#[tokio::test]
async fn an_open_incident_shows_what_the_sensor_said_last_and_leads_there() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &case("medium", NOW - SignedDuration::from_hours(3))).await;
    let mut handler = world.handler().await;
    let press = format!("{BASE}/{}/zaken/c1/incident", sensor.sensor);
    let incident = handler.post(&press, &[]).await.location().to_owned();
    let there = format!("{BASE}/{}/waarnemingen/d1", sensor.sensor);
    let page = handler.get(&incident).await;
    assert!(page.html().contains(&there) && !page.text().contains("Nieuwste stand"), "{}", page.text());

    let grown = case("medium", NOW).replace("Tast af.", "Tast nu alles af.");
    world.reports(&sensor, &grown.replace(r#""targets":40"#, r#""targets":40,"accounts":90"#)).await;
    let page = handler.get(&incident).await;
    let text = page.text();
    assert!(text.contains("Tast nu alles af.") && text.contains("Nieuwste stand"), "{text}");
    assert!(text.contains("De sensor zag meer: 1 detectie werd veel meer, "), "{text}");
    assert!(page.html().contains(&there), "{text}");
    let timeline = handler.get(&format!("{incident}/tijdlijn")).await.text();
    assert!(timeline.contains("Wat de sensor zag, is veel meer geworden"), "{timeline}");

    let again = case("medium", NOW + SignedDuration::from_mins(1));
    let again = again.replace(r#""targets":40"#, r#""targets":40,"accounts":900"#);
    let (scan, told) = again.split_once('\n').unwrap();
    let (beside, told) = (scan.replace("\"d1\"", "\"d2\""), told.replace("[\"d1\"]", "[\"d1\",\"d2\"]"));
    world.reports(&sensor, &format!("{scan}\n{beside}\n{told}")).await;
    let timeline = handler.get(&format!("{incident}/tijdlijn")).await.text();
    assert!(timeline.contains("De sensor zag meer: één detectie toegevoegd, en 1 werd veel meer"), "{timeline}");
}

#[tokio::test]
async fn a_scan_of_many_names_none_of_them_as_its_destination() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let at_one = r#""remote":{"ip":"203.0.113.100","port":445}"#;
    world.reports(&sensor, &case("high", NOW).replace(r#""remote":{}"#, at_one)).await;
    let mut handler = world.handler().await;
    let press = format!("{BASE}/{}/zaken/c1/incident", sensor.sensor);
    let incident = handler.post(&press, &[]).await.location().to_owned();
    let detection = format!("{BASE}/{}/waarnemingen/d1", sensor.sensor);
    for page in [format!("{BASE}/bevindingen"), detection, incident] {
        let text = handler.get(&page).await.text();
        assert!(text.contains("40 adressen, poort 445") && !text.contains("203.0.113.100"), "{page}: {text}");
    }
}

#[tokio::test]
async fn last_seen_is_when_the_traffic_was_also_after_an_outage() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let before = NOW - SignedDuration::from_hours(9 * 24);
    world.reports(&sensor, &case("high", before)).await;
    let (traffic, receipt) = ("woensdag 18 maart 2026, 15:20", "hier binnengekomen vrijdag 27 maart 2026, 15:20");
    let mut handler = world.handler().await;
    for path in ["", "/bevindingen", &format!("/{}/zaken/c1", sensor.sensor)] {
        let page = handler.get(&format!("{BASE}{path}")).await.text();
        assert!(page.contains(traffic) && page.contains(receipt), "{path}: {page}");
    }
    let detection = handler.get(&format!("{BASE}/{}/waarnemingen/d1", sensor.sensor)).await.text();
    assert!(detection.contains(traffic) && detection.contains(receipt), "{detection}");

    let soon = World::new().await;
    let sensor = soon.sensor(SLUG, "kantoor").await;
    soon.reports(&sensor, &beacon_lines()).await;
    let page = soon.handler().await.get(&format!("{BASE}/bevindingen")).await.text();
    assert!(page.contains("13:20") && !page.contains("binnengekomen"), "said once where it is the same: {page}");
}

#[tokio::test]
async fn a_sensor_whose_clock_is_far_ahead_is_refused_and_shown_to_be() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let ahead = NOW + SignedDuration::from_hours(400 * 24);
    let bearer = format!("Bearer {}", sensor.secret);
    let reply = world
        .visitor()
        .send_body(
            axum::http::Method::POST,
            REPORTS_PATH,
            &[("authorization", &bearer)],
            "application/x-ndjson",
            case("high", ahead).into(),
        )
        .await;
    // A status by which the sensor sets the batch aside on its disk and goes on with the next (`sensor::server::judge`).
    assert_eq!(reply.status.as_u16(), 422);
    let refused: Refused = serde_json::from_slice(&reply.bytes).unwrap();
    assert_eq!(refused.error.code, contract::sensor::code::CLOCK_AHEAD);
    assert!(refused.error.message.en.contains("set the clock of the sensor"), "{refused:?}");

    let mut handler = world.handler().await;
    assert!(!handler.get(&format!("{BASE}/bevindingen")).await.text().contains("Tast af"));
    let one = format!("{BASE}/{}", sensor.sensor);
    let page = handler.get(&one).await.text();
    assert!(page.contains("De klok van deze sensor staat niet goed") && page.contains("1 mei 2027"), "{page}");
    assert!(handler.get(BASE).await.text().contains("Klok loopt voor: wat vooruitligt wordt niet aangenomen"));
    let english = handler.get(&format!("{one}?taal=en")).await.text();
    assert!(english.contains("The clock of this sensor is off"), "{english}");
    let board = world.provider().await.get("/bord/sensoren").await.text();
    assert!(board.contains("Klok loopt voor"), "{board}");

    world.reports(&sensor, &case("high", NOW)).await;
    let page = handler.get(&format!("{one}?taal=nl")).await.text();
    assert!(!page.contains("klok van deze sensor"), "set right: {page}");
}

#[tokio::test]
async fn many_mild_cases_push_no_urgent_one_away_and_pages_reach_all_of_them() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &case("high", NOW).replace("Tast af.", "Valt ons aan.")).await;
    let mild: String = (0..1_100)
        .map(|n| {
            format!(
                r#"{{"type":"case","id":"m{n}","host":{{"ip":"10.0.0.9"}},"severity":"low","alarm":"digest","detections":["x{n}"],"summary":{{"nl":"Stil {n}.","en":"Calm {n}."}},"proposed_facts":{{}}}}"#
            ) + "\n"
        })
        .collect();
    world.reports(&sensor, &mild).await;
    let mut handler = world.handler().await;
    let list = handler.get(BASE).await.text();
    assert!(list.contains("Valt ons aan.") && list.contains("En nog meer."), "{list}");
    let (mut address, mut pages, mut seen) = (format!("{BASE}/bevindingen?duur=alles"), 0, 0);
    loop {
        let html = handler.get(&address).await.html();
        assert_eq!(pages == 0, html.contains("/zaken/c1\""), "first, and once: {address}");
        let here = html.matches("/zaken/m").count();
        assert!(here <= 100, "{here}");
        (seen, pages) = (seen + here, pages + 1);
        let Some((before, _)) = html.split_once("\" rel=\"next\"") else { break };
        address = before.rsplit("href=\"").next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    }
    assert_eq!((seen, pages), (1_100, 12));
}

#[tokio::test]
async fn what_the_rule_holds_back_is_said() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let scope = world.app.permit_program(SLUG).await.unwrap();
    let every = app::SensorSettings { opens: app::Opens::Every, ..app::SensorSettings::default() };
    world.app.set_sensor_settings(&scope, every, None, NOW).await.unwrap();
    let lines: String = (0..6)
        .map(|n| {
            let host = format!("10.0.0.{}", 100 + n);
            case("medium", NOW)
                .replace("10.0.0.7", &host)
                .replace("\"d1\"", &format!("\"d{n}\""))
                .replace("\"c1\"", &format!("\"c{n}\""))
        })
        .collect();
    world.reports(&sensor, &lines).await;
    let findings = world.handler().await.get(&format!("{BASE}/bevindingen")).await.text();
    assert!(findings.contains("ten hoogste 5 incidenten per uur en 20 per dag"), "{findings}");
}

#[tokio::test]
async fn one_exception_covers_a_case_of_several_detections() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let lines = case("high", NOW);
    let (scan, told) = lines.split_once('\n').unwrap();
    let place = r#""remote":{"ip":"203.0.113.9","port":443,"domain":"agent.example"}"#;
    let beacon =
        scan.replace("\"scan\"", "\"beacon\"").replace(r#""remote":{}"#, place).replace(r#"{"targets":40}"#, "{}");
    let long = beacon.replace("\"d1\"", "\"d2\"").replace("\"beacon\"", "\"long_connection\"");
    let told = told.replace("[\"d1\"]", "[\"d1\",\"d2\"]");
    world.reports(&sensor, &format!("{beacon}\n{long}\n{told}")).await;
    let mut handler = world.handler().await;
    let address = format!("{BASE}/{}/zaken/c1", sensor.sensor);
    let page = handler.get(&address).await;
    let form = format!("{BASE}/uitzonderingen?apparaat=10.0.0.7&#38;naam=agent.example&#38;tot=2027-03-26#nieuw");
    assert!(page.html().contains(&form) && page.text().contains("Maakt één uitzondering voor alle"), "{}", page.html());
    let fields =
        [("host", "10.0.0.7"), ("domain", "agent.example"), ("until", "2027-03-26"), ("reason", "de beheerder")];
    handler.post(&format!("{BASE}/uitzonderingen"), &fields).await;
    let page = handler.get(&address).await.text();
    assert!(!page.contains("Maakt één uitzondering"), "{page}");
    assert!(page.contains("er gaat geen bericht over uit") || page.contains("wat klaarstaat gaat nog uit"), "{page}");
}

#[tokio::test]
async fn what_is_hidden_from_a_case_is_no_part_of_it() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let lines = case("high", NOW);
    let (scan, told) = lines.split_once('\n').unwrap();
    let beacon = scan.replace("\"d1\"", "\"d2\"").replace("\"scan\"", "\"beacon\"");
    let told = told.replace("[\"d1\"]", "[\"d1\",\"d2\"]");
    world.reports(&sensor, &format!("{scan}\n{beacon}\n{told}")).await;
    let scope = world.app.permit_program(SLUG).await.unwrap();
    let ours = NewException { kind: "beacon".into(), reason: "de leverancier".into(), ..NewException::default() };
    world.app.except(&scope, ours, NOW).await.unwrap();
    let mut handler = world.handler().await;
    for (id, says, says_not) in [("d1", "Hoort bij: Zaak", "Verborgen uit"), ("d2", "Verborgen uit: Zaak", "Hoort bij")]
    {
        let page = handler.get(&format!("{BASE}/{}/waarnemingen/{id}", sensor.sensor)).await.text();
        assert!(page.contains(says) && !page.contains(says_not), "{id}: {page}");
    }
}
