//! What the main pages say, word for word.

use crate::world::World;

/// Hashes and ids, which say nothing here.
fn redacted(text: &str) -> String {
    text.split(' ')
        .map(|word| {
            let is_long =
                word.len() >= 40 && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "+/=".contains(letter));
            if is_long { "[…]" } else { word }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

macro_rules! snapshot {
    ($client:expr, $path:expr, $name:literal) => {{
        let answer = $client.get($path).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", $path);
        insta::assert_snapshot!($name, redacted(&answer.text()));
    }};
}

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

#[tokio::test]
async fn the_lists() {
    let world = World::new().await;
    let mut provider = world.provider().await;
    snapshot!(provider, "/bord", "board");
    let mut handler = world.handler().await;
    snapshot!(handler, "/o/bakkerij-de-korenaar", "home");
    snapshot!(handler, "/o/bakkerij-de-korenaar/incidenten", "incidents");
    snapshot!(handler, "/o/bakkerij-de-korenaar/incidenten?stand=gesloten", "incidents_empty");
    snapshot!(handler, "/o/bakkerij-de-korenaar/register", "register");
    let mut employee = world.employee().await;
    snapshot!(employee, "/o/bakkerij-de-korenaar", "home_employee");
}

#[tokio::test]
async fn a_report_link_that_works_on_one_machine_alone_says_so() {
    let mut world = World::new().await;
    for (base_url, is_said) in [("https://dijkwacht.example", false), ("http://127.0.0.1:8490", true)] {
        world.router = web::router(web::State { base_url: base_url.into(), ..world.state.clone() });
        let text = world.handler().await.get("/o/bakkerij-de-korenaar").await.text();
        assert!(text.contains(&format!("{base_url}/melden/")), "{text}");
        assert_eq!(text.contains("Deze link en code werken alleen op de machine"), is_said, "{text}");
    }
}

#[tokio::test]
async fn the_settings() {
    let world = World::new().await;
    let mut administrator = world.invited(&[incident::Role::Administrator]).await;
    snapshot!(administrator, "/o/bakkerij-de-korenaar", "home_administrator");
    snapshot!(administrator, "/o/bakkerij-de-korenaar/instellingen", "settings");
    snapshot!(administrator, "/o/bakkerij-de-korenaar/instellingen?taal=en", "settings_english");
}

#[tokio::test]
async fn an_incident_before_and_after_the_decision() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    snapshot!(officer, "/o/bakkerij-de-korenaar/incidenten/1", "overview_detected");
    snapshot!(officer, "/o/bakkerij-de-korenaar/incidenten/1/oordeel", "verdict_open");
    snapshot!(officer, CASE, "overview_reported");
    snapshot!(officer, &format!("{CASE}/klokken"), "clocks");
    snapshot!(officer, &format!("{CASE}/oordeel"), "verdict_settled");
    snapshot!(officer, &format!("{CASE}/oordeel?taal=en"), "verdict_english");
    snapshot!(officer, &format!("{CASE}/besluit?taal=nl"), "decision_form");
    world.decided().await;
    snapshot!(officer, &format!("{CASE}/besluit"), "decision_standing");
    snapshot!(officer, &format!("{CASE}/tijdlijn"), "timeline");
    let mut dpo = world.dpo().await;
    snapshot!(dpo, &format!("{CASE}/feiten"), "facts_read_only");
}

#[tokio::test]
async fn what_the_facts_do_not_settle_is_never_shown_as_such() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let paths =
        ["", "/vragen", "/vragen?weg=nood", "/feiten", "/oordeel", "/besluit", "/documenten", "/klokken", "/tijdlijn"];
    for path in paths {
        for language in ["nl", "en"] {
            let html = officer.get(&format!("/o/bakkerij-de-korenaar/incidenten/1{path}?taal={language}")).await.html();
            let html = html.to_lowercase();
            for word in ["undetermined", "onbepaald"] {
                assert!(!html.contains(word), "{path} in {language} says {word}");
            }
        }
    }
}
