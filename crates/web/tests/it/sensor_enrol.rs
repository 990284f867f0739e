//! Enrolling a sensor on the pages: a token, the commands to run it with, and what is said where the address does not carry.

use crate::world::World;

const BASE: &str = "/o/bakkerij-de-korenaar/sensoren";

#[tokio::test]
async fn a_token_is_shown_once_with_the_command_to_run() {
    let world = World::new().await;
    let mut engineer = world.provider().await;
    let made = engineer.post(&format!("{BASE}/aanmelden"), &[("name", "kantoor-breda")]).await;
    let html = made.html();
    let token = html.split("id=\"code\">").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(token.len(), 64);
    // What the service file of packaging reads, and where it looks: both ways lead to its state folder.
    let settings = ["DIJKWACHT_SENSOR_SERVER=https://dijkwacht.example", &format!("DIJKWACHT_SENSOR_ENROL={token}")];
    assert!(settings.iter().all(|line| html.contains(line)) && html.contains("/etc/dijkwacht/sensor.env"), "{html}");
    let command = format!(
        "dijkwacht sensor --interface eth1 --server https://dijkwacht.example --enrol {token} --state /var/lib/dijkwacht-sensor"
    );
    assert!(html.contains(&command), "{html}");
    let unit = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/dijkwacht-sensor.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    for line in
        ["EnvironmentFile=-/etc/dijkwacht/sensor.env", "StateDirectory=dijkwacht-sensor", "$DIJKWACHT_SENSOR_OPTIONS"]
    {
        assert!(unit.contains(line), "{line}");
    }
    insta::assert_snapshot!("sensors_enrol", made.text().replace(token, "[code]"));
    assert!(!engineer.get(&format!("{BASE}/aanmelden")).await.html().contains(token), "only once");
    let long = "a".repeat(81);
    let wrong = engineer.post(&format!("{BASE}/aanmelden"), &[("name", &long)]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.html().contains(&long), "what was typed stays");
}

#[tokio::test]
async fn an_address_that_does_not_carry_to_a_sensor_is_said_and_the_commands_work() {
    let address = format!("{BASE}/aanmelden");
    for (server, caution, plain) in [
        ("https://dijkwacht.example", None, ""),
        ("http://127.0.0.1:8480", Some("werkt alleen op deze machine"), ""),
        ("http://10.99.7.1:18490", Some("iedereen onderweg kan lezen"), " --allow-plain-http"),
    ] {
        let mut world = World::new().await;
        world.state.base_url = server.to_owned();
        world.router = web::router(world.state.clone());
        let mut engineer = world.provider().await;
        let made = engineer.post(&address, &[("name", "kantoor")]).await.text();
        let options = format!("'DIJKWACHT_SENSOR_OPTIONS=--interface eth1{plain}'");
        let by_hand = format!("--server {server}{plain} --enrol ");
        assert!(made.contains(&options) && made.contains(&by_hand), "{made}");
        // Before a token is made as well: it is shown once.
        for page in [engineer.get(&address).await.text(), made] {
            for said in ["werkt alleen op deze machine", "iedereen onderweg kan lezen"] {
                assert_eq!(page.contains(said), caution == Some(said), "{server}: {page}");
            }
        }
    }
}

#[tokio::test]
async fn a_token_that_nobody_used_is_listed_and_withdrawn() {
    let world = World::new().await;
    let address = format!("{BASE}/aanmelden");
    let mut engineer = world.provider().await;
    assert!(!engineer.get(&address).await.text().contains("Codes die nog niet gebruikt zijn"));
    engineer.post(&address, &[("name", "winkel-delft")]).await;
    let list = engineer.get(&address).await;
    for said in ["winkel-delft", "Karim Haddad", "zaterdag 28 maart 2026, 15:20", "> Trek in"] {
        assert!(list.text().contains(said), "{said}: {}", list.text());
    }
    let html = list.html();
    let withdraw = html.split("action=\"").find(|part| part.starts_with(&format!("{address}/"))).unwrap();
    let withdraw = withdraw.split('"').next().unwrap();
    let answer = engineer.post(withdraw, &[]).await;
    assert_eq!(answer.location(), format!("{address}?bewaard=ingetrokken"));
    let after = engineer.get(answer.location()).await.text();
    assert!(after.contains("De code is ingetrokken") && !after.contains("winkel-delft"), "{after}");
    let late = engineer.post(withdraw, &[]).await;
    assert!(late.status.as_u16() == 422 && late.text().contains("werkt al niet meer"), "{}", late.text());
}

#[tokio::test]
async fn a_sensor_is_enrolled_on_what_the_office_has() {
    let world = World::new().await;
    let address = format!("{BASE}/aanmelden");
    let mut engineer = world.provider().await;
    let form = engineer.get(&address).await.text();
    assert!(form.contains("[x] Spiegelpoort op de switch") && form.contains("[ ] NetFlow of IPFIX"), "{form}");
    for (source, option, said) in [
        ("spiegelpoort", "--interface eth1", "in plaats van eth1"),
        ("netflow", "--netflow 0.0.0.0:2055", "naar UDP-poort 2055"),
        ("dns", "--dns-log /var/log/pihole/pihole.log", "zijn eigen logboek"),
        ("firewall", "--syslog-in 0.0.0.0:5514", "naar poort 5514"),
    ] {
        let made = engineer.post(&address, &[("name", "kantoor"), ("bron", source)]).await.text();
        assert!(made.contains(&format!("'DIJKWACHT_SENSOR_OPTIONS={option}'")), "{made}");
        assert!(made.contains(&format!("dijkwacht sensor {option} --server")) && made.contains(said), "{made}");
    }
    for wrong in ["--read x", ""] {
        let wrong = engineer.post(&address, &[("name", "kantoor"), ("bron", wrong)]).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.text().contains("Er is nog geen code gemaakt") && wrong.text().contains("[kantoor]"));
    }
}
