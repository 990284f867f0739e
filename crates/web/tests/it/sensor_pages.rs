//! The pages on sensors: from none to one that reports, what it saw in pictures, an exception and back, and an incident.

use jiff::SignedDuration;

use incident::Role;

use crate::client::Client;
use crate::sensor_reports::beacon_lines;
use crate::world::{NOW, World};

const BASE: &str = "/o/bakkerij-de-korenaar/sensoren";
const SLUG: &str = "bakkerij-de-korenaar";
const DETECTION: &str = "5f0c2f2a9d3e4b61a7c8d9e0f1a2b3c4";

/// Ids and moments of the machine, which say nothing here.
fn redacted(text: &str, id: &str) -> String {
    text.replace(id, "[sensor]")
}

fn state(drops: u64, is_up: bool) -> String {
    format!(
        r#"{{"type":"state","at":"{NOW}","version":"0.3.0","started_at":"2026-03-27T08:00:00Z","sources":[{{"kind":"interface","name":"eth1","up":{is_up},"packets":1234567,"bytes":99,"flows":3,"kernel_drops":{drops}}}],"malformed":2,"dropped":0,"hosts":14,"lists":[{{"name":"urlhaus","entries":41234,"fetched_at":"2026-03-27T06:00:00Z"}}],"spooled":0,"looks_into_content":false}}"#
    ) + "\n"
}

fn traffic(hours_ago: i64, host: &str, domain: &str, bytes: u64) -> String {
    let hour = NOW - SignedDuration::from_mins(20) - SignedDuration::from_hours(hours_ago);
    format!(
        r#"{{"type":"traffic","hour":"{hour}","host":{{"ip":"{host}","name":null}},"remote":{{"ip":"203.0.113.9","port":443,"domain":"{domain}"}},"bytes_out":{bytes},"bytes_in":1500,"connections":2}}"#
    ) + "\n"
}

/// What is left of that host's hour, of three hours ago.
fn left(host: &str, bytes: u64, places: u64) -> String {
    traffic(3, host, "x", bytes)
        .replace(r#""remote":{"ip":"203.0.113.9","port":443,"domain":"x"}"#, r#""remote":{}"#)
        .replace(r#""connections":2"#, &format!(r#""connections":2,"other_places":{places}"#))
}

/// The beacon's lines, with the moments that a picture is made of.
fn with_times() -> String {
    let times: Vec<_> = (0..12).map(|place| format!("\"{}\"", NOW - SignedDuration::from_mins(5 * place))).collect();
    beacon_lines().replacen("\"evidence\":{", &format!("\"evidence\":{{\"times\":[{}],", times.join(",")), 1)
}

#[tokio::test]
async fn without_a_sensor_the_page_says_what_one_is_and_what_each_source_cannot_see() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    insta::assert_snapshot!("sensors_none", handler.get(BASE).await.text());
    insta::assert_snapshot!("sensors_none_english", handler.get(&format!("{BASE}?taal=en")).await.text());
    let mut administrator = world.invited(&[Role::Administrator]).await;
    assert!(administrator.get(BASE).await.html().contains(&format!("href=\"{BASE}/aanmelden\"")));
}

#[tokio::test]
async fn a_sensor_that_reports_is_seen_with_its_traffic_in_pictures() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let id = sensor.sensor.to_string();
    let mut handler = world.handler().await;
    assert!(handler.get(BASE).await.text().contains("Aangemeld, nog niets gehoord"));
    let lines = [
        state(12, true),
        traffic(0, "10.0.0.23", "sync.update-node.example", 1_500_000),
        traffic(3, "10.0.0.23", "cloud.example", 9_000_000),
        traffic(3, "10.0.0.9", "cloud.example", 1_000_000),
        traffic(40, "10.0.0.9", "gisteren.example", 7_000),
        with_times(),
    ];
    world.reports(&sensor, &lines.concat()).await;
    insta::assert_snapshot!("sensors_list", redacted(&handler.get(BASE).await.text(), &id));
    let page = handler.get(&format!("{BASE}/{id}")).await;
    insta::assert_snapshot!("sensors_one", redacted(&page.text(), &id));
    assert_eq!(page.html().matches("<rect class=\"bar\" x=").count(), 24, "a bar an hour");
    assert!(!page.text().contains("gisteren.example"), "not of the last day");
    let week = handler.get(&format!("{BASE}/{id}?duur=week")).await;
    assert!(week.text().contains("gisteren.example") && week.html().matches("<rect class=\"bar\" x=").count() == 168);

    world
        .reports(
            &sensor,
            &state(12, true)
                .replace("T14:20:00Z\",\"version", "T14:21:00Z\",\"version")
                .replace("\"up\":true", "\"up\":false"),
        )
        .await;
    assert!(handler.get(BASE).await.text().contains("Een bron is weg"));
    world.let_pass(1);
    let silent = handler.get(BASE).await.text();
    assert!(silent.contains("Niet gehoord sinds vrijdag 27 maart 2026, 15:20"), "{silent}");
}

#[tokio::test]
async fn what_a_host_sent_is_all_of_it_or_said_to_be_a_lower_bound() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let address = format!("{BASE}/{}", sensor.sensor);
    let mut handler = world.handler().await;
    // As a sensor tells it that knows the fifty largest alone.
    let largest: Vec<_> =
        (0..50).map(|place| traffic(3, "10.0.0.23", &format!("plaats-{place}.example"), 1_000)).collect();
    world.reports(&sensor, &(largest.concat() + &state(0, true))).await;
    let older = handler.get(&address).await.text();
    let bounds =
        ["alle hoeveelheden hier zijn ondergrenzen", "ten minste 50,0 kB", "ten minste 75,0 kB", "ten minste 50\n"];
    assert!(bounds.iter().all(|words| older.contains(words)), "{older}");
    assert!(older.contains("zag de sensor er 14") && older.contains("of bleef onder de vijftig grootste"), "{older}");

    world.reports(&sensor, &(left("10.0.0.23", 7_000, 26) + &left("10.0.0.9", 2_000, 4))).await;
    let newer = handler.get(&address).await.text();
    for words in
        ["Samen 59,0 kB", "57,0 kB", "2,0 kB", "ten minste 76", "Kleinere stromen, samen", "9,0 kB", "ten minste 4"]
    {
        assert!(newer.contains(words), "{words}: {newer}");
    }
    for words in ["ondergrenzen", "ten minste 57,0", "onbekend"] {
        assert!(!newer.contains(words), "{words}: {newer}");
    }
    let hosts = "spraken met iemand buiten uw netwerk: 2 apparaten. Sinds zijn start zag de sensor er 14; \
        de rest sprak in die uren met niemand buiten.";
    assert!(newer.contains(hosts), "{newer}");
}

/// The owner of the mirror port hears that it is set too wide, and that nothing was counted twice because of it.
#[tokio::test]
async fn packets_that_came_twice_are_said_with_their_share() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let page = format!("{BASE}/{}", sensor.sensor);
    let mut handler = world.handler().await;
    world.reports(&sensor, &state(0, true).replace(&NOW.to_string(), "2026-03-27T14:10:00Z")).await;
    assert!(!handler.get(&page).await.text().contains("dubbel gaf"));
    let twice = state(0, true).replace(r#","malformed""#, r#","copies":617283,"malformed""#);
    world.reports(&sensor, &twice).await;
    let said = handler.get(&page).await.text();
    assert!(said.contains("dubbel gaf") && said.contains("617.283 (50 %)"), "{said}");
}

#[tokio::test]
async fn each_source_says_what_it_gave_what_is_wrong_with_it_and_what_it_does_not_see() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let id = sensor.sensor.to_string();
    let sources = r#""sources":[
        {"kind":"netflow","name":"0.0.0.0:2055","up":true,"packets":900,"bytes":99,"flows":1200,"kernel_drops":100,"strangers":3,"heard_at":"2026-03-27T14:19:00Z","clocks":[{"exporter":"192.168.20.1","fault":"off","said":"1970-01-02T00:00:00Z","heard_at":"2026-03-27T14:19:00Z","records":1200},{"exporter":"192.168.20.2","fault":"records","heard_at":"2026-03-27T14:19:00Z","records":3}]},
        {"kind":"firewall_log","name":"0.0.0.0:5514","up":true,"packets":0,"bytes":0,"flows":0,"kernel_drops":0},
        {"kind":"firewall_log","name":"0.0.0.0:5515","up":true,"packets":7,"bytes":70,"flows":5,"kernel_drops":0,"unread":2,"unused":{"knocking":40,"translated":2},"formats":["fortigate","unbound"],"heard_at":"2026-03-27T14:19:00Z"},
        {"kind":"dns_log","name":"/var/log/pihole/pihole.log","up":false,"packets":0,"bytes":0,"flows":0,"kernel_drops":0,"fault":"not_allowed"}],"malformed""#
        .replace('\n', "");
    let whole = state(0, true);
    let (before, rest) = whole.split_once("\"sources\"").unwrap();
    let (_, after) = rest.split_once(",\"malformed\"").unwrap();
    let idle = r#""sources":[{"kind":"firewall_log","name":"0.0.0.0:5514","up":true,"packets":0,"bytes":0,"flows":0,"kernel_drops":0}],"malformed""#;
    let first = format!("{before}{idle}{after}").replace(&NOW.to_string(), "2026-03-27T08:00:00Z");
    world.reports(&sensor, &format!("{first}{before}{sources}{after}")).await;
    let mut handler = world.handler().await;
    let page = handler.get(&format!("{BASE}/{id}")).await;
    insta::assert_snapshot!("sensors_one_sources", redacted(&page.text(), &id));
    assert!(handler.get(BASE).await.text().contains("Een bron is weg"));
    let english = handler.get(&format!("{BASE}/{id}?taal=en")).await.text();
    assert!(english.contains("What this source does not see"), "{english}");
    assert!(english.contains("The clock of 192.168.20.1 is a day or more off"), "{english}");
}

#[tokio::test]
async fn a_detection_is_explained_and_drawn() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let id = sensor.sensor.to_string();
    world.reports(&sensor, &with_times()).await;
    let mut handler = world.handler().await;
    let address = format!("{BASE}/{id}/waarnemingen/{DETECTION}");
    let page = handler.get(&address).await;
    insta::assert_snapshot!("sensors_detection", redacted(&page.text(), &id));
    assert_eq!(page.html().matches("<circle class=\"dot\"").count(), 12);
    let english = handler.get(&format!("{address}?taal=en")).await;
    insta::assert_snapshot!("sensors_detection_english", redacted(&english.text(), &id));
    let case = handler.get(&format!("{BASE}/{id}/zaken/c1a2b3?taal=nl")).await;
    insta::assert_snapshot!("sensors_case", redacted(&case.text(), &id));
    for nowhere in
        [format!("{BASE}/{id}/waarnemingen/x"), format!("{BASE}/x/waarnemingen/{DETECTION}"), format!("{BASE}/x")]
    {
        assert_eq!(handler.get(&nowhere).await.status.as_u16(), 404, "{nowhere}");
    }
}

#[tokio::test]
async fn what_is_ordinary_here_is_hidden_counted_and_shown_again() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &beacon_lines()).await;
    let mut handler = world.handler().await;
    let detection = handler.get(&format!("{BASE}/{}/waarnemingen/{DETECTION}", sensor.sensor)).await.html();
    let way = format!(
        "{BASE}/uitzonderingen?soort=beacon&#38;apparaat=10.0.0.23&#38;naam=sync.update-node.example&#38;tot=2027-03-26#nieuw"
    );
    assert!(detection.contains(&way), "{detection}");
    let form = handler.get(&way.replace("&#38;", "&").replace("#nieuw", "")).await.html();
    for filled in [
        "value=\"beacon\" selected",
        "value=\"10.0.0.23\"",
        "value=\"sync.update-node.example\"",
        "value=\"2027-03-26\"",
    ] {
        assert!(form.contains(filled), "{filled}");
    }
    let fields = [("kind", "beacon"), ("host", "10.0.0.23"), ("domain", "sync.update-node.example"), ("until", "")];
    let wrong = handler.post(&format!("{BASE}/uitzonderingen"), &fields).await;
    assert_eq!(wrong.status.as_u16(), 422, "a reason is asked");
    let made = [fields.as_slice(), &[("reason", "de kassaleverancier")]].concat();
    let answer = handler.post(&format!("{BASE}/uitzonderingen"), &made).await;
    assert_eq!(answer.location(), format!("{BASE}/uitzonderingen?bewaard=uitzondering"));
    insta::assert_snapshot!("sensors_exceptions", handler.get(answer.location()).await.text());
    let findings = handler.get(&format!("{BASE}/bevindingen")).await;
    insta::assert_snapshot!("sensors_findings_hidden", findings.text());
    assert!(!findings.html().contains(DETECTION));
    assert!(handler.get(&format!("{BASE}/bevindingen?verborgen=ja")).await.html().contains(DETECTION));
    assert_eq!(world.reports(&sensor, "").await.settings.exceptions.len(), 1, "the sensor is told");

    let list = handler.get(&format!("{BASE}/uitzonderingen")).await.html();
    let id = list.split("/uitzonderingen/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let back = handler.post(&format!("{BASE}/uitzonderingen/{id}"), &[]).await;
    assert_eq!(back.location(), format!("{BASE}/uitzonderingen?bewaard=teruggenomen"));
    assert!(handler.get(back.location()).await.text().contains("teruggenomen op vrijdag 27 maart 2026"));
    assert!(handler.get(&format!("{BASE}/bevindingen")).await.html().contains(DETECTION));
    // A colleague whose page is from before presses too.
    let late = world.provider().await.post(&format!("{BASE}/uitzonderingen/{id}"), &[]).await;
    assert_eq!(late.status.as_u16(), 422);
    let said = "is al teruggenomen door Joost Bakker, op vrijdag 27 maart 2026";
    assert!(late.text().contains(said), "{}", late.text());
    let nowhere = format!("{BASE}/uitzonderingen/00000000-0000-0000-0000-000000000001");
    assert_eq!(handler.post(&nowhere, &[]).await.status.as_u16(), 404, "there never was one");
}

#[tokio::test]
async fn an_exception_for_much_and_for_ever_is_warned_of() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let page = format!("{BASE}/uitzonderingen");
    for (field, value, said) in [
        ("kind", "beacon", "elk apparaat en elke bestemming, en heeft geen einde"),
        ("host", "10.0.0.9", "alles van dit apparaat, en heeft geen einde"),
        ("network", "203.0.113.0/24", "de vele adressen van 203.0.113.0/24, en heeft geen einde"),
    ] {
        for until in ["31-12-2026", ""] {
            let fields = [(field, value), ("until", until), ("reason", "de leverancier")];
            handler.post(&page, &fields).await;
            assert_eq!(handler.get(&page).await.text().contains(said), until.is_empty(), "{value} {until}");
        }
    }
}

#[tokio::test]
async fn an_exception_for_a_whole_cloud_is_warned_of_and_one_without_an_end_says_so() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let mut handler = world.handler().await;
    let page = format!("{BASE}/uitzonderingen");
    let endless = [("domain", "*.amazonaws.com"), ("until", "9999-12-31"), ("reason", "de reservekopie")];
    let refused = handler.post(&page, &endless).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(refused.text().contains("Is er geen einde, laat dit dan leeg"), "{}", refused.text());
    for (domain, until) in [("*.amazonaws.com", ""), ("backup.voorbeeld.nl", "31-12-2099")] {
        let fields = [("domain", domain), ("until", until), ("reason", "de reservekopie")];
        let answer = handler.post(&page, &fields).await;
        assert_eq!(answer.location(), format!("{page}?bewaard=uitzondering"), "{}", answer.text());
    }
    let list = handler.get(&page).await.text();
    let (first, second) = list.split_once("backup.voorbeeld.nl").unwrap();
    let (narrow, cloud) = if second.contains("amazonaws") { (first, second) } else { (second, first) };
    assert!(cloud.contains("is een hele cloud") && cloud.contains("geen einde"), "{list}");
    assert!(!narrow.contains("is een hele cloud") && list.contains("31 december 2099"), "{list}");
    let told = world.reports(&sensor, "").await.settings.exceptions;
    let ends: Vec<_> = told.iter().map(|one| one.until.map(|day| day.to_string())).collect();
    assert!(ends.contains(&None) && ends.contains(&Some("2100-01-01".into())), "{ends:?}");
    let english = handler.get(&format!("{page}?taal=en")).await.text();
    assert!(english.contains("is a whole cloud"), "{english}");
}

#[tokio::test]
async fn one_press_makes_an_incident_of_what_was_seen() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &beacon_lines()).await;
    let mut handler = world.handler().await;
    let of_detection = format!("{BASE}/{}/waarnemingen/{DETECTION}", sensor.sensor);
    let opened = handler.post(&format!("{of_detection}/incident"), &[]).await;
    assert_eq!(opened.location(), "/o/bakkerij-de-korenaar/incidenten/3");
    assert!(handler.get("/o/bakkerij-de-korenaar/incidenten/3").await.text().contains("kassa-2"));
    let again = handler.post(&format!("{BASE}/{}/zaken/c1a2b3/incident", sensor.sensor), &[]).await;
    assert_eq!(again.location(), opened.location(), "pressed twice it is one");
    let seen = handler.get(&of_detection).await;
    assert!(seen.text().contains("In incident 3") && !seen.html().contains("/incident\" class"), "{}", seen.text());
}

#[tokio::test]
async fn a_sensor_is_renamed_and_removed_by_who_manages_it() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let address = format!("{BASE}/{}", sensor.sensor);
    let mut engineer = world.provider().await;
    let wrong = engineer.post(&format!("{address}/naam"), &[("name", " ")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    engineer.post(&format!("{address}/naam"), &[("name", "winkel")]).await;
    assert!(engineer.get(BASE).await.text().contains("winkel"));
    let asked = engineer.post(&format!("{address}/verwijderen"), &[]).await;
    assert!(asked.status.as_u16() == 422 && asked.text().contains("De sensor is er nog"), "{}", asked.text());
    assert!(engineer.get(BASE).await.text().contains("winkel"), "one press takes nothing away");
    let removed = engineer.post(&format!("{address}/verwijderen"), &[("zeker", "ja")]).await;
    assert_eq!(removed.location(), format!("{BASE}?bewaard=verwijderd"));
    assert!(engineer.get(removed.location()).await.text().contains("Nog geen sensor"));
    assert!(engineer.get(&address).await.text().contains("Deze sensor is verwijderd"));
}

#[tokio::test]
async fn what_the_only_sensor_saw_is_still_there_when_it_is_gone() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &beacon_lines()).await;
    let mut engineer = world.provider().await;
    engineer.post(&format!("{BASE}/{}/verwijderen", sensor.sensor), &[("zeker", "ja")]).await;
    let page = engineer.get(BASE).await;
    let text = page.text();
    assert!(text.contains("Nu geen sensor.") && !text.contains("Nog geen sensor."), "{text}");
    assert!(text.contains("Wat er deze week te zien was") && page.html().contains("/zaken/c1a2b3"), "{text}");
}

#[tokio::test]
async fn who_manages_people_sees_how_a_sensor_is_and_not_what_it_saw() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let lines = [state(0, true), traffic(0, "10.0.0.23", "privé.example", 1_000), beacon_lines()];
    world.reports(&sensor, &lines.concat()).await;
    let mut administrator = world.invited(&[Role::Administrator]).await;
    for path in [BASE.to_owned(), format!("{BASE}/{}", sensor.sensor)] {
        let page = administrator.get(&path).await.text();
        assert!(page.contains("kantoor") && page.contains("1.234.567"), "{page}");
        for hidden in ["kassa-2", "privé", "10.0.0.23"] {
            assert!(!page.contains(hidden), "{path} says {hidden}");
        }
    }
    assert_eq!(administrator.get(&format!("{BASE}/bevindingen")).await.status.as_u16(), 403);
    assert_eq!(world.employee().await.get(BASE).await.status.as_u16(), 403);
}

#[tokio::test]
async fn the_staff_is_told_first_and_the_sheet_says_what_holds() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    world.reports(&sensor, &state(0, true)).await;
    let mut administrator = world.invited(&[Role::Administrator]).await;
    let staff = format!("{BASE}/personeel");
    insta::assert_snapshot!("sensors_staff", administrator.get(&staff).await.text());
    let tomorrow = administrator.post(&staff, &[("informed_on", "2026-03-28"), ("how", "")]).await;
    assert_eq!(tomorrow.status.as_u16(), 422);
    let done = administrator
        .post(&staff, &[("informed_on", "2026-03-20"), ("how", "In het werkoverleg; er is geen OR.")])
        .await;
    assert_eq!(done.location(), format!("{staff}?bewaard=ja"));
    assert_eq!(world.reports(&sensor, "").await.settings.staff_informed_on.unwrap().to_string(), "2026-03-20");
    insta::assert_snapshot!("sensors_privacy", administrator.get(&format!("{BASE}/privacyblad")).await.text());
    let pdf = administrator.get(&format!("{BASE}/privacyblad.pdf")).await;
    assert!(pdf.bytes.starts_with(b"%PDF") && pdf.headers["content-type"] == "application/pdf");

    let settings = format!("{BASE}/instellingen");
    insta::assert_snapshot!("sensors_settings", administrator.get(&settings).await.text());
    let asked = [
        ("opens", "from_high"),
        ("silent_minutes", "5"),
        ("detection_days", "30"),
        ("traffic_days", "14"),
        ("metadata_days", "x"),
    ];
    let wrong = administrator.post(&settings, &asked).await;
    assert_eq!(wrong.status.as_u16(), 422);
    let text = wrong.text();
    assert!(text.contains("van 15 tot en met 10080") && text.contains("van 0 tot en met 90"), "{text}");
    for opens in ["altijd", ""] {
        let unread = asked.map(|(name, value)| (name, if name == "opens" { opens } else { value }));
        let wrong = administrator.post(&settings, &unread).await;
        assert_eq!(wrong.status.as_u16(), 422, "{opens:?}");
        assert!(wrong.text().contains("Kies een van de drie"), "{}", wrong.text());
    }
    let right = [
        ("opens", "from_high"),
        ("silent_minutes", "30"),
        ("detection_days", "30"),
        ("traffic_days", "14"),
        ("metadata_days", "3"),
    ];
    assert_eq!(administrator.post(&settings, &right).await.location(), format!("{settings}?bewaard=ja"));
    let refused = administrator.post(&settings, &right).await;
    assert_eq!(refused.status.as_u16(), 422, "what somebody else settled meanwhile stays");
    assert!(refused.text().contains("Iemand anders wijzigde deze instellingen"), "{}", refused.text());
    let sheet = administrator.get(&format!("{BASE}/privacyblad")).await.text();
    assert!(sheet.contains("3 dagen, daarna gewist") && sheet.contains("Bij ernst hoog of kritiek"), "{sheet}");
    assert_eq!(world.reports(&sensor, "").await.settings.keep_days, 3, "the sensor is told");
    world.let_pass(1);
    let seen = administrator.get(&settings).await.hidden("gezien");
    let none = right.map(|(name, value)| (name, if name == "metadata_days" { "0" } else { value }));
    let none: Vec<_> = none.into_iter().chain([("gezien", seen.as_str())]).collect();
    assert_eq!(administrator.post(&settings, &none).await.location(), format!("{settings}?bewaard=ja"));
    let sheet = administrator.get(&format!("{BASE}/privacyblad")).await.text();
    assert!(sheet.contains("niets: zo is het ingesteld"), "{sheet}");
    assert_eq!(world.reports(&sensor, "").await.settings.keep_days, 0);

    world.let_pass(1);
    let back = administrator.post(&staff, &[("doe", "terug"), ("how", "niet iedereen was er")]).await;
    assert_eq!(back.location(), format!("{staff}?bewaard=ja"));
    assert_eq!(world.reports(&sensor, "").await.settings.staff_informed_on, None);
}

#[tokio::test]
async fn a_provider_sees_the_sensors_of_its_customers_and_of_nobody_else() {
    let world = World::new().await;
    let (bakery, practice) =
        (world.sensor(SLUG, "bakkerij").await, world.sensor("huisartsenpraktijk-de-wilgen", "praktijk").await);
    world.sensor("stichting-de-zwaluw", "elders").await;
    world.let_pass(1);
    world.reports(&practice, "").await;
    let mut engineer = world.provider().await;
    let page = engineer.get("/bord/sensoren").await;
    let text = page.text();
    assert!(text.find("bakkerij").unwrap() < text.find("praktijk").unwrap(), "the silent one first: {text}");
    assert!(!text.contains("elders") && text.contains("Administratiekantoor Zout"), "{text}");
    assert!(page.html().contains(&format!("/sensoren/{}", bakery.sensor)));
    assert_eq!(world.alone().await.get("/bord/sensoren").await.location(), "/", "who serves nobody has no such page");
}

/// A mild habit of two hosts with one place, that began five days before.
fn habit() -> String {
    let line = |id: &str, host: &str| {
        format!(
            r#"{{"type":"detection","id":"{id}","first_at":"{}","last_at":"{NOW}","host":{{"ip":"{host}"}},"kind":"beacon","severity":"low","confidence":0.6,"technique":[],"remote":{{"ip":"203.0.113.9","port":443,"domain":"agent.backup.example"}},"evidence":{{"connections":40}},"summary":{{"nl":"Klopt aan.","en":"Knocks."}}}}"#,
            NOW - SignedDuration::from_hours(5 * 24)
        ) + "\n"
    };
    line("h1", "10.0.0.1") + &line("h2", "10.0.0.2")
}

#[tokio::test]
async fn a_learning_week_proposes_exceptions_that_one_press_takes_over_or_refuses() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let exceptions = format!("{BASE}/uitzonderingen");
    let mut handler = world.handler().await;
    assert!(handler.get(&exceptions).await.text().contains("Nog niets voor te stellen"));
    world.reports(&sensor, &habit()).await;
    let page = handler.get(&exceptions).await;
    insta::assert_snapshot!("sensors_proposals", page.text());
    let english = handler.get(&format!("{exceptions}?taal=en")).await;
    insta::assert_snapshot!("sensors_proposals_english", english.text());
    let html = handler.get(&format!("{exceptions}?taal=nl")).await.html();
    let key = html.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let edit = format!("{exceptions}?soort=beacon&#38;naam=agent.backup.example&#38;tot=2027-03-26&#38;waarom=");
    assert!(html.contains(&edit), "{html}");

    let address = format!("{BASE}/voorstellen");
    for (nothing, said) in [
        (vec![("neem", "alle")], "Kruis eerst aan"),
        (vec![("weiger", "alle")], "Kruis eerst aan"),
        (vec![("key", key.as_str())], "neem over of weiger"),
        (vec![], "neem over of weiger"),
    ] {
        let answer = handler.post(&address, &nothing).await;
        assert_eq!(answer.status.as_u16(), 422, "{nothing:?}");
        assert!(answer.text().contains(said) && answer.html().contains(&key), "{nothing:?}: {}", answer.text());
    }
    assert!(handler.get(&exceptions).await.text().contains("Geen uitzonderingen"), "nothing was decided");
    let taken = handler.post(&address, &[("neem", "alle"), ("key", &key)]).await;
    assert_eq!(taken.location(), format!("{exceptions}?bewaard=overgenomen"));
    let english = handler.get(&format!("{exceptions}?taal=en")).await.text();
    assert!(english.contains("2 devices have done this with agent.backup.example for days"), "{english}");
    assert!(!english.contains("apparaten"), "{english}");
    handler.get(&format!("{exceptions}?taal=nl")).await;
    let late = handler.post(&address, &[("weiger", &key)]).await;
    assert_eq!(late.status.as_u16(), 422, "who comes second is told");
    assert!(late.text().contains("was intussen al beslist"), "{}", late.text());
    let taken = handler.get(&exceptions).await;
    assert!(taken.text().contains("naar agent.backup.example") && !taken.html().contains(&key), "{}", taken.text());
    assert!(
        handler.get(&format!("{BASE}/bevindingen")).await.text().contains("verborgen"),
        "it acts on what was stored"
    );

    let other = World::new().await;
    let sensor = other.sensor(SLUG, "kantoor").await;
    other.reports(&sensor, &habit()).await;
    let mut handler = other.handler().await;
    let refused = handler.post(&address, &[("weiger", &key)]).await;
    assert_eq!(refused.location(), format!("{exceptions}?bewaard=geweigerd"));
    assert!(!handler.get(&exceptions).await.text().contains("agent.backup.example"));

    let mut administrator = other.invited(&[Role::Administrator]).await;
    let again = administrator.post(&format!("{BASE}/{}/leren", sensor.sensor), &[]).await;
    assert_eq!(again.location(), format!("{BASE}/{}?bewaard=leert", sensor.sensor));
    let page = administrator.get(again.location()).await.text();
    assert!(page.contains("Leert tot en met 3 april 2026") && page.contains("liet dat opnieuw beginnen"), "{page}");
}

#[tokio::test]
async fn threat_lists_are_offered_with_their_terms_and_chosen() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let address = format!("{BASE}/lijsten");
    let mut administrator = world.invited(&[Role::Administrator]).await;
    insta::assert_snapshot!("sensors_lists", administrator.get(&address).await.text());
    assert_eq!(world.reports(&sensor, "").await.settings.lists, [], "none before somebody chose");
    let chosen = administrator.post(&address, &[("list", "kwaad"), ("list", "oud")]).await;
    assert_eq!(chosen.location(), format!("{address}?bewaard=keuze"));
    insta::assert_snapshot!("sensors_lists_chosen", administrator.get(chosen.location()).await.text());
    let english = administrator.get(&format!("{address}?taal=en")).await;
    insta::assert_snapshot!("sensors_lists_english", english.text());
    let now = administrator.post(&address, &[("doe", "ophalen")]).await;
    assert_eq!(now.location(), format!("{address}?bewaard=opgehaald"));

    let served = world.reports(&sensor, "").await.settings.lists;
    assert_eq!(served.iter().map(|list| list.name.as_str()).collect::<Vec<_>>(), ["kwaad", "oud"]);
    let mut visitor = world.visitor();
    let bearer = format!("Bearer {}", sensor.secret);
    let mut get = async |name: &str, bearer: &str| {
        let path = format!("{}/{name}", contract::sensor::LISTS_PATH);
        visitor.send(axum::http::Method::GET, &path, &[("authorization", bearer)], None).await
    };
    let list = get("kwaad", &bearer).await;
    assert_eq!((list.status.as_u16(), list.bytes.as_slice()), (200, b"a list".as_slice()));
    assert_eq!(get("nooit", &bearer).await.status.as_u16(), 404, "not chosen");
    assert_eq!(get("kwaad", "Bearer geraden").await.status.as_u16(), 401);
    administrator.post(&address, &[("gezien", "kwaad"), ("gezien", "oud")]).await;
    assert_eq!(get("kwaad", &bearer).await.status.as_u16(), 404, "no longer");

    let mut handler = world.handler().await;
    let seen = handler.get(&address).await;
    assert!(seen.html().contains("<fieldset disabled>") && !seen.html().contains("Bewaar de keuze"));
    assert_eq!(handler.post(&address, &[("list", "kwaad")]).await.status.as_u16(), 403);
}

#[tokio::test]
async fn a_choice_of_lists_leaves_what_a_colleague_chose_meanwhile() {
    let world = World::new().await;
    let address = format!("{BASE}/lijsten");
    let (mut one, mut other) = (world.invited(&[Role::Administrator]).await, world.provider().await);
    let chosen = async |client: &mut Client| {
        let html = client.get(&address).await.html();
        ["kwaad", "oud", "nooit"].map(|list| html.contains(&format!("name=\"gezien\" value=\"{list}\"")))
    };
    // Both have the page open on which nothing is chosen.
    assert_eq!(chosen(&mut other).await, [false; 3]);
    one.post(&address, &[("list", "oud")]).await;
    other.post(&address, &[("list", "kwaad")]).await;
    assert_eq!(chosen(&mut one).await, [true, true, false]);
    // On a page from before the other dropped one: what was not touched is not put back.
    one.post(&address, &[("gezien", "kwaad"), ("gezien", "oud"), ("list", "oud")]).await;
    let all = [("gezien", "kwaad"), ("gezien", "oud"), ("list", "kwaad"), ("list", "oud"), ("list", "nooit")];
    other.post(&address, &all).await;
    assert_eq!(chosen(&mut one).await, [false, true, true]);

    for sent in [vec![("list", "verzonnen")], vec![("gezien", "oud"), ("list", "kwaad"), ("list", "verzonnen")]] {
        let refused = one.post(&address, &sent).await;
        assert_eq!(refused.status.as_u16(), 422, "{sent:?}");
        assert!(refused.text().contains("De lijst verzonnen is er niet"), "{}", refused.text());
        assert_eq!(chosen(&mut one).await, [false, true, true], "nothing was changed");
    }
}

#[tokio::test]
async fn comparing_is_switched_on_by_the_customers_own_administrator_and_the_sheet_says_so() {
    let world = World::new().await;
    let address = format!("{BASE}/vergelijken");
    let mut administrator = world.invited(&[Role::Administrator]).await;
    insta::assert_snapshot!("sensors_compare", administrator.get(&address).await.text());
    let mut engineer = world.provider().await;
    assert!(engineer.get(&address).await.text().contains("uw IT-bedrijf niet"));
    assert_eq!(engineer.post(&address, &[("doe", "aan")]).await.status.as_u16(), 403);
    let sheet = format!("{BASE}/privacyblad");
    assert!(administrator.get(&sheet).await.text().contains("wordt niets vergeleken"));
    let on = administrator.post(&address, &[("doe", "aan")]).await;
    assert_eq!(on.location(), format!("{address}?bewaard=ja"));
    insta::assert_snapshot!("sensors_compare_on", administrator.get(on.location()).await.text());
    assert!(administrator.get(&sheet).await.text().contains("als hash"));
    world.let_pass(1);
    administrator.post(&address, &[("doe", "uit")]).await;
    let off = administrator.get(&format!("{address}?taal=en")).await.text();
    assert!(off.contains("what was shared was deleted") && off.contains("compares nothing"), "{off}");
}

#[tokio::test]
async fn who_serves_nobody_else_reads_no_word_of_comparing() {
    let world = World::new().await;
    let mut alone = world.alone().await;
    let page = alone.get("/o/stichting-de-zwaluw/sensoren").await;
    assert_eq!(page.status.as_u16(), 200, "{}", page.text());
    assert!(!page.text().contains("ergelijken"), "{}", page.text());
}

#[tokio::test]
async fn what_a_sensor_let_go_stands_in_every_list() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let mut engineer = world.provider().await;
    let said = |count: u64| state(0, true).replace(r#""spooled":0"#, &format!(r#""spooled":{count},"let_go":{count}"#));
    for (count, nl, en) in
        [(0, "", ""), (1, "1 regel losgelaten", "1 line let go"), (12_345, "12.345 regels", "lines let go")]
    {
        let later = (NOW + SignedDuration::from_secs(i64::try_from(count % 60).unwrap())).to_string();
        world.reports(&sensor, &said(count).replacen(&NOW.to_string(), &later, 1)).await;
        for page in [BASE, "/bord/sensoren"] {
            let text = engineer.get(&format!("{page}?taal=en")).await.text();
            assert!(text.contains(en) && text.contains("let go") == (count > 0), "{page}: {text}");
            let text = engineer.get(&format!("{page}?taal=nl")).await.text();
            assert!(text.contains(nl) && text.contains("losgelaten") == (count > 0), "{page}: {text}");
        }
    }
}

#[tokio::test]
async fn more_detections_are_promised_where_there_are_more_of_that_sensor() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let other = world.sensor(SLUG, "winkel").await;
    world.reports(&sensor, &beacon_lines()).await;
    let lines = beacon_lines();
    let case = lines.lines().last().unwrap();
    let of_other = |n: u32| case.replace("c1a2b3", &format!("x{n}")).replace(DETECTION, &format!("d{n}")) + "\n";
    world.reports(&other, &(0..1_001).map(of_other).collect::<String>()).await;
    let mut handler = world.handler().await;
    let (address, more) = (format!("{BASE}/{}", sensor.sensor), format!("href=\"{BASE}/bevindingen\""));
    assert!(
        !handler.get(&address).await.html().contains(&more),
        "many cases of another are none of this one's detections"
    );

    let detection = lines.lines().next().unwrap();
    let of_this = |n: u32| detection.replace(DETECTION, &format!("d{n}")) + "\n";
    world.reports(&sensor, &(0..101).map(of_this).collect::<String>()).await;
    assert!(handler.get(&address).await.html().contains(&more));
}

#[tokio::test]
async fn a_sensor_whose_disk_is_full_says_so_on_its_page() {
    let world = World::new().await;
    let sensor = world.sensor(SLUG, "kantoor").await;
    let full = state(0, true).replace(r#""spooled":0"#, r#""spooled":7,"disk":"full""#);
    world.reports(&sensor, &full).await;
    let page = world.handler().await.get(&format!("{BASE}/{}", sensor.sensor)).await;
    let html = page.html();
    assert!(html.contains("Schijf van de sensor") && html.contains("Vol: maak er ruimte op"), "{html}");
}
