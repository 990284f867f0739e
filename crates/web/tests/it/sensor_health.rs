//! What pages say of a sensor that does not see what it should, and of what sensors saw that nobody did anything with.

use jiff::SignedDuration;

use crate::sensor_reports::beacon_lines;
use crate::world::{NOW, World};

const BASE: &str = "/o/bakkerij-de-korenaar/sensoren";
const SLUG: &str = "bakkerij-de-korenaar";
/// A customer with which nothing is open.
const DRY: &str = "administratiekantoor-zout";

/// A state of a sensor that has run for six days, with these sources.
fn state(sources: &str, disk: &str) -> String {
    format!(
        r#"{{"type":"state","at":"{NOW}","version":"0.3.0","started_at":"2026-03-21T08:00:00Z","sources":[{sources}],"malformed":0,"dropped":0,"hosts":14,"lists":[],"spooled":0,"looks_into_content":false{disk}}}"#
    ) + "\n"
}

fn source(kind: &str, is_up: bool, packets: u64, drops: u64, more: &str) -> String {
    format!(
        r#"{{"kind":"{kind}","name":"x","up":{is_up},"packets":{packets},"bytes":99,"flows":3,"kernel_drops":{drops}{more}}}"#
    )
}

#[tokio::test]
async fn a_blind_sensor_is_called_so_on_every_page() {
    let five_days = r#","heard_at":"2026-03-22T14:20:00Z""#;
    let full = r#","disk":"full""#;
    for (sources, disk, said) in [
        (source("netflow", true, 0, 0, ""), "", vec!["Een bron gaf nog niets"]),
        (source("netflow", true, 900, 0, five_days), "", vec!["Een bron geeft niets meer"]),
        (source("interface", true, 0, 0, ""), "", vec!["Een bron gaf nog niets"]),
        (source("interface", true, 5_000, 95_000, ""), "", vec!["Mist 95 % van het verkeer"]),
        (
            source("interface", false, 20_000, 10_000, ""),
            full,
            vec!["Een bron is weg", "Mist 33 % van het verkeer", "Schijf vol"],
        ),
    ] {
        let world = World::new().await;
        let sensor = world.sensor(SLUG, "kantoor").await;
        let idle = ["netflow", "interface"].map(|kind| source(kind, true, 0, 0, "")).join(",");
        let earlier = (NOW - SignedDuration::from_mins(20)).to_string();
        let first = state(&idle, "").replace(&NOW.to_string(), &earlier);
        world.reports(&sensor, &(first + &state(&sources, disk))).await;
        let mut engineer = world.provider().await;
        for page in [BASE.to_owned(), format!("{BASE}/{}", sensor.sensor), "/bord/sensoren".to_owned()] {
            let text = engineer.get(&page).await.text();
            assert!(said.iter().all(|words| text.contains(words)), "{page}: {said:?}: {text}");
            assert!(!text.contains("Kijkt mee") && !text.contains("Eén sensor kijkt mee"), "{page}: {text}");
        }
        let list = engineer.get(BASE).await.text();
        assert!(list.contains("De sensor laat van zich horen, maar er is iets mis."), "{list}");
    }
}

#[tokio::test]
async fn the_lead_counts_as_watching_what_watches() {
    let world = World::new().await;
    let well = world.sensor(SLUG, "kantoor").await;
    world.reports(&well, &state(&source("interface", true, 900, 0, ""), "")).await;
    let gone = world.sensor(SLUG, "winkel").await;
    world.reports(&gone, &state(&source("interface", false, 900, 0, ""), "")).await;
    world.sensor(SLUG, "magazijn").await;
    let mut engineer = world.provider().await;
    let lead = "Eén sensor laat van zich horen, maar er is iets mis. Eén sensor is aangemeld en liet nog niets van zich \
                horen. Eén sensor kijkt mee.";
    for page in [BASE, "/bord/sensoren"] {
        let text = engineer.get(page).await.text();
        assert!(text.contains(lead), "{page}: {text}");
    }
    // Who has one that was enrolled is not without.
    let text = engineer.get("/bord/sensoren").await.text();
    let (_, without) = text.split_once("Zonder sensor").unwrap();
    assert!(!without.contains("De Korenaar"), "{text}");
}

#[tokio::test]
async fn a_capture_that_was_read_is_not_denied() {
    let world = World::new().await;
    let played = world.sensor(SLUG, "opname").await;
    world.reports(&played, &state(&source("file", false, 900, 0, ""), "")).await;
    let mut engineer = world.provider().await;
    for page in [BASE, "/bord/sensoren"] {
        let text = engineer.get(page).await.text();
        let said = "Er is een opname gelezen; er kijkt nu niets live mee.";
        assert!(text.contains(said) && text.contains("Opname, afgespeeld"), "{page}: {text}");
    }
    let text = engineer.get("/bord/sensoren").await.text();
    let (_, without) = text.split_once("Zonder sensor").unwrap();
    assert!(!without.contains("De Korenaar"), "it stands above: {text}");
}

#[tokio::test]
async fn what_needs_attention_now_is_not_called_dry() {
    let world = World::new().await;
    let mut engineer = world.provider().await;
    let (board, home) = ("/bord".to_owned(), format!("/o/{DRY}"));
    for page in [&board, &home] {
        assert!(engineer.get(page).await.text().contains("Droog"), "{page}");
    }
    let sensor = world.sensor(DRY, "balie").await;
    world.reports(&sensor, &beacon_lines()).await;
    let said = "1 zaak van de sensoren vraagt nu aandacht en zit in geen incident.";
    let link = format!("/o/{DRY}/sensoren/bevindingen?duur=alles#zaken");
    for page in [&board, &home] {
        let answer = engineer.get(page).await;
        let text = answer.text();
        assert!(text.contains(said) && answer.html().contains(&link) && !text.contains("Droog"), "{page}: {text}");
        assert!(*page == board || text.matches(said).count() == 1, "once: {text}");
    }
    let sensors = engineer.get("/bord/sensoren").await;
    assert!(sensors.text().contains("1 zaak") && sensors.html().contains(&link), "{}", sensors.text());

    let findings = format!("/o/{DRY}/sensoren/bevindingen");
    let text = engineer.get(&findings).await.text();
    assert!(text.contains("Vraagt nu aandacht") && !text.contains("In incident"), "{text}");

    engineer.post(&format!("/o/{DRY}/sensoren/{}/zaken/c1a2b3/incident", sensor.sensor), &[]).await;
    let text = engineer.get(&findings).await.text();
    assert!(!text.contains("Vraagt nu aandacht") && text.contains("In incident"), "one thing says one thing: {text}");
    for page in [&board, &home] {
        let text = engineer.get(page).await.text();
        assert!(!text.contains(said), "{page}: {text}");
    }
}
