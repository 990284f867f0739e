//! Every route, walked by somebody who has not signed in and by somebody from elsewhere.

use axum::http::{Method, StatusCode};
use web::Needs;

use crate::world::World;

/// One address for every route that is not open to all; a route that is missing here fails the last test.
const INSIDE: &[(&str, &str, &str)] = &[
    ("GET", "/", "/"),
    ("GET", "/bord", "/bord"),
    ("GET", "/o/{slug}", "/o/bakkerij-de-korenaar"),
    ("GET", "/o/{slug}/incidenten", "/o/bakkerij-de-korenaar/incidenten"),
    ("GET", "/o/{slug}/incidenten/{number}", "/o/bakkerij-de-korenaar/incidenten/2"),
    ("GET", "/o/{slug}/incidenten/{number}/feiten", "/o/bakkerij-de-korenaar/incidenten/2/feiten"),
    ("POST", "/o/{slug}/incidenten/{number}/feiten", "/o/bakkerij-de-korenaar/incidenten/2/feiten"),
    ("POST", "/o/{slug}/incidenten/{number}/feiten/ontdekt", "/o/bakkerij-de-korenaar/incidenten/2/feiten/ontdekt"),
    ("POST", "/o/{slug}/incidenten/{number}/feiten/kennis", "/o/bakkerij-de-korenaar/incidenten/2/feiten/kennis"),
    ("POST", "/o/{slug}/incidenten/{number}/feiten/verhaal", "/o/bakkerij-de-korenaar/incidenten/2/feiten/verhaal"),
    ("POST", "/o/{slug}/incidenten/{number}/feiten/verwerker", "/o/bakkerij-de-korenaar/incidenten/2/feiten/verwerker"),
    ("POST", "/o/{slug}/incidenten/{number}/waarneming", "/o/bakkerij-de-korenaar/incidenten/1/waarneming"),
    ("GET", "/o/{slug}/incidenten/{number}/klokken", "/o/bakkerij-de-korenaar/incidenten/2/klokken"),
    ("POST", "/o/{slug}/incidenten/{number}/klokken", "/o/bakkerij-de-korenaar/incidenten/2/klokken"),
    ("GET", "/o/{slug}/incidenten/{number}/klokken.ics", "/o/bakkerij-de-korenaar/incidenten/2/klokken.ics"),
    ("POST", "/o/{slug}/incidenten/{number}/enisa", "/o/bakkerij-de-korenaar/incidenten/2/enisa"),
    ("GET", "/o/{slug}/incidenten/{number}/vragen", "/o/bakkerij-de-korenaar/incidenten/2/vragen"),
    ("GET", "/o/{slug}/incidenten/{number}/vragen/{item}", "/o/bakkerij-de-korenaar/incidenten/2/vragen/data"),
    ("POST", "/o/{slug}/incidenten/{number}/vragen/{item}", "/o/bakkerij-de-korenaar/incidenten/2/vragen/data"),
    ("GET", "/o/{slug}/incidenten/{number}/oordeel", "/o/bakkerij-de-korenaar/incidenten/2/oordeel"),
    ("GET", "/o/{slug}/incidenten/{number}/besluit", "/o/bakkerij-de-korenaar/incidenten/2/besluit"),
    ("POST", "/o/{slug}/incidenten/{number}/besluit", "/o/bakkerij-de-korenaar/incidenten/2/besluit"),
    ("POST", "/o/{slug}/incidenten/{number}/besluit/advies", "/o/bakkerij-de-korenaar/incidenten/2/besluit/advies"),
    (
        "POST",
        "/o/{slug}/incidenten/{number}/documenten/gewaarschuwd",
        "/o/bakkerij-de-korenaar/incidenten/2/documenten/gewaarschuwd",
    ),
    ("POST", "/o/{slug}/incidenten/{number}/documenten/csirt", "/o/bakkerij-de-korenaar/incidenten/2/documenten/csirt"),
    ("GET", "/o/{slug}/incidenten/{number}/documenten", "/o/bakkerij-de-korenaar/incidenten/2/documenten"),
    ("POST", "/o/{slug}/incidenten/{number}/documenten", "/o/bakkerij-de-korenaar/incidenten/2/documenten"),
    (
        "GET",
        "/o/{slug}/incidenten/{number}/documenten/{file}",
        "/o/bakkerij-de-korenaar/incidenten/2/documenten/aa.pdf",
    ),
    (
        "POST",
        "/o/{slug}/incidenten/{number}/documenten/gemeld",
        "/o/bakkerij-de-korenaar/incidenten/2/documenten/gemeld",
    ),
    (
        "POST",
        "/o/{slug}/incidenten/{number}/documenten/ingelicht",
        "/o/bakkerij-de-korenaar/incidenten/2/documenten/ingelicht",
    ),
    ("GET", "/o/{slug}/incidenten/{number}/bewijs", "/o/bakkerij-de-korenaar/incidenten/2/bewijs"),
    ("POST", "/o/{slug}/incidenten/{number}/bewijs", "/o/bakkerij-de-korenaar/incidenten/2/bewijs"),
    ("POST", "/o/{slug}/incidenten/{number}/bewijs/controle", "/o/bakkerij-de-korenaar/incidenten/2/bewijs/controle"),
    ("GET", "/o/{slug}/incidenten/{number}/bewijs/{file}", "/o/bakkerij-de-korenaar/incidenten/2/bewijs/aa"),
    (
        "GET",
        "/o/{slug}/incidenten/{number}/bewijs/{file}/beeld",
        "/o/bakkerij-de-korenaar/incidenten/2/bewijs/aa/beeld",
    ),
    (
        "POST",
        "/o/{slug}/incidenten/{number}/bewijs/{file}/download",
        "/o/bakkerij-de-korenaar/incidenten/2/bewijs/aa/download",
    ),
    (
        "POST",
        "/o/{slug}/incidenten/{number}/bewijs/{file}/overgedragen",
        "/o/bakkerij-de-korenaar/incidenten/2/bewijs/aa/overgedragen",
    ),
    (
        "POST",
        "/o/{slug}/incidenten/{number}/bewijs/{file}/ingetrokken",
        "/o/bakkerij-de-korenaar/incidenten/2/bewijs/aa/ingetrokken",
    ),
    ("GET", "/o/{slug}/incidenten/{number}/tijdlijn", "/o/bakkerij-de-korenaar/incidenten/2/tijdlijn"),
    ("POST", "/o/{slug}/incidenten/{number}/tijdlijn", "/o/bakkerij-de-korenaar/incidenten/2/tijdlijn"),
    ("POST", "/o/{slug}/incidenten/{number}/sluiten", "/o/bakkerij-de-korenaar/incidenten/2/sluiten"),
    ("POST", "/o/{slug}/incidenten/{number}/heropenen", "/o/bakkerij-de-korenaar/incidenten/2/heropenen"),
    ("GET", "/o/{slug}/incidenten/{number}/bewaren", "/o/bakkerij-de-korenaar/incidenten/2/bewaren"),
    ("POST", "/o/{slug}/incidenten/{number}/bewaren/verbod", "/o/bakkerij-de-korenaar/incidenten/2/bewaren/verbod"),
    ("POST", "/o/{slug}/incidenten/{number}/bewaren/wissen", "/o/bakkerij-de-korenaar/incidenten/2/bewaren/wissen"),
    ("POST", "/o/{slug}/incidenten/{number}/bewaren/regel", "/o/bakkerij-de-korenaar/incidenten/2/bewaren/regel"),
    ("GET", "/o/{slug}/bewaren", "/o/bakkerij-de-korenaar/bewaren"),
    ("GET", "/o/{slug}/personen", "/o/bakkerij-de-korenaar/personen"),
    ("POST", "/o/{slug}/personen", "/o/bakkerij-de-korenaar/personen"),
    ("GET", "/o/{slug}/instellingen/bewaren", "/o/bakkerij-de-korenaar/instellingen/bewaren"),
    ("POST", "/o/{slug}/instellingen/bewaren", "/o/bakkerij-de-korenaar/instellingen/bewaren"),
    ("GET", "/o/{slug}/register", "/o/bakkerij-de-korenaar/register"),
    ("GET", "/o/{slug}/register/export", "/o/bakkerij-de-korenaar/register/export"),
    ("GET", "/o/{slug}/register/bestand", "/o/bakkerij-de-korenaar/register/bestand?vorm=csv"),
    ("GET", "/o/{slug}/incidenten/{number}/dossier", "/o/bakkerij-de-korenaar/incidenten/2/dossier"),
    ("GET", "/o/{slug}/register/inlezen", "/o/bakkerij-de-korenaar/register/inlezen"),
    ("POST", "/o/{slug}/register/inlezen", "/o/bakkerij-de-korenaar/register/inlezen"),
    ("GET", "/o/{slug}/register/inlezen/{file}", "/o/bakkerij-de-korenaar/register/inlezen/aa"),
    ("POST", "/o/{slug}/register/inlezen/{file}", "/o/bakkerij-de-korenaar/register/inlezen/aa"),
    ("GET", "/o/{slug}/uitgaand", "/o/bakkerij-de-korenaar/uitgaand"),
    ("POST", "/o/{slug}/uitgaand/{id}", "/o/bakkerij-de-korenaar/uitgaand/0197a3c0-0000-7000-8000-000000000001"),
    ("GET", "/o/{slug}/register/checkpoint", "/o/bakkerij-de-korenaar/register/checkpoint"),
    ("GET", "/o/{slug}/instellingen", "/o/bakkerij-de-korenaar/instellingen"),
    ("POST", "/o/{slug}/instellingen", "/o/bakkerij-de-korenaar/instellingen"),
    ("GET", "/bord/sensoren", "/bord/sensoren"),
    ("GET", "/o/{slug}/sensoren", "/o/bakkerij-de-korenaar/sensoren"),
    ("GET", "/o/{slug}/sensoren/aanmelden", "/o/bakkerij-de-korenaar/sensoren/aanmelden"),
    ("POST", "/o/{slug}/sensoren/aanmelden", "/o/bakkerij-de-korenaar/sensoren/aanmelden"),
    ("POST", "/o/{slug}/sensoren/aanmelden/{code}", "/o/bakkerij-de-korenaar/sensoren/aanmelden/aa"),
    ("GET", "/o/{slug}/sensoren/bevindingen", "/o/bakkerij-de-korenaar/sensoren/bevindingen"),
    ("GET", "/o/{slug}/sensoren/uitzonderingen", "/o/bakkerij-de-korenaar/sensoren/uitzonderingen"),
    ("POST", "/o/{slug}/sensoren/uitzonderingen", "/o/bakkerij-de-korenaar/sensoren/uitzonderingen"),
    (
        "POST",
        "/o/{slug}/sensoren/uitzonderingen/{id}",
        "/o/bakkerij-de-korenaar/sensoren/uitzonderingen/0197a3c0-0000-7000-8000-000000000001",
    ),
    ("POST", "/o/{slug}/sensoren/voorstellen", "/o/bakkerij-de-korenaar/sensoren/voorstellen"),
    ("GET", "/o/{slug}/sensoren/lijsten", "/o/bakkerij-de-korenaar/sensoren/lijsten"),
    ("POST", "/o/{slug}/sensoren/lijsten", "/o/bakkerij-de-korenaar/sensoren/lijsten"),
    ("GET", "/o/{slug}/sensoren/vergelijken", "/o/bakkerij-de-korenaar/sensoren/vergelijken"),
    ("POST", "/o/{slug}/sensoren/vergelijken", "/o/bakkerij-de-korenaar/sensoren/vergelijken"),
    (
        "POST",
        "/o/{slug}/sensoren/{sensor}/leren",
        "/o/bakkerij-de-korenaar/sensoren/0197a3c0-0000-7000-8000-000000000001/leren",
    ),
    ("GET", "/o/{slug}/sensoren/personeel", "/o/bakkerij-de-korenaar/sensoren/personeel"),
    ("POST", "/o/{slug}/sensoren/personeel", "/o/bakkerij-de-korenaar/sensoren/personeel"),
    ("GET", "/o/{slug}/sensoren/privacyblad", "/o/bakkerij-de-korenaar/sensoren/privacyblad"),
    ("GET", "/o/{slug}/sensoren/privacyblad.pdf", "/o/bakkerij-de-korenaar/sensoren/privacyblad.pdf"),
    ("GET", "/o/{slug}/sensoren/instellingen", "/o/bakkerij-de-korenaar/sensoren/instellingen"),
    ("POST", "/o/{slug}/sensoren/instellingen", "/o/bakkerij-de-korenaar/sensoren/instellingen"),
    ("GET", "/o/{slug}/sensoren/{sensor}", "/o/bakkerij-de-korenaar/sensoren/0197a3c0-0000-7000-8000-000000000001"),
    (
        "POST",
        "/o/{slug}/sensoren/{sensor}/naam",
        "/o/bakkerij-de-korenaar/sensoren/0197a3c0-0000-7000-8000-000000000001/naam",
    ),
    (
        "POST",
        "/o/{slug}/sensoren/{sensor}/verwijderen",
        "/o/bakkerij-de-korenaar/sensoren/0197a3c0-0000-7000-8000-000000000001/verwijderen",
    ),
    (
        "GET",
        "/o/{slug}/sensoren/{sensor}/waarnemingen/{id}",
        "/o/bakkerij-de-korenaar/sensoren/0197a3c0-0000-7000-8000-000000000001/waarnemingen/d1",
    ),
    (
        "POST",
        "/o/{slug}/sensoren/{sensor}/waarnemingen/{id}/incident",
        "/o/bakkerij-de-korenaar/sensoren/0197a3c0-0000-7000-8000-000000000001/waarnemingen/d1/incident",
    ),
    (
        "GET",
        "/o/{slug}/sensoren/{sensor}/zaken/{id}",
        "/o/bakkerij-de-korenaar/sensoren/0197a3c0-0000-7000-8000-000000000001/zaken/d1",
    ),
    (
        "POST",
        "/o/{slug}/sensoren/{sensor}/zaken/{id}/incident",
        "/o/bakkerij-de-korenaar/sensoren/0197a3c0-0000-7000-8000-000000000001/zaken/d1/incident",
    ),
];

/// The routes that are open to all, on purpose.
const OPEN: &[(&str, &str)] = &[
    ("GET", "/s/{name}"),
    ("GET", "/hulp"),
    ("GET", "/over"),
    ("GET", "/aanmelden"),
    ("POST", "/aanmelden"),
    ("POST", "/afmelden"),
    ("GET", "/instellen/{token}"),
    ("POST", "/instellen/{token}"),
    ("GET", "/melden/{code}"),
    ("POST", "/melden/{code}"),
    ("GET", "/melden/{code}/dank"),
    ("POST", "/api/v1/sensors/enrol"),
    ("POST", "/api/v1/sensors/reports"),
    ("GET", "/api/v1/sensors/lists/{name}"),
];

const OWN_SITE: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

#[tokio::test]
async fn a_visitor_is_asked_to_sign_in_everywhere() {
    let world = World::new().await;
    for (method, _, path) in INSIDE {
        let method: Method = method.parse().unwrap();
        let answer = world.visitor().send(method.clone(), path, OWN_SITE, Some(&[])).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{method} {path}");
        assert!(answer.location().starts_with("/aanmelden?terug="), "{method} {path} leads to {}", answer.location());
    }
}

#[tokio::test]
async fn for_a_stranger_another_organisation_does_not_exist() {
    let world = World::new().await;
    let mut stranger = world.stranger().await;
    for (method, route, path) in INSIDE.iter().filter(|(_, route, _)| route.contains("{slug}")) {
        let method: Method = method.parse().unwrap();
        let answer = stranger.send(method.clone(), path, OWN_SITE, Some(&[])).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {route}");
        assert!(!answer.html().contains("Korenaar"), "{method} {route} tells who is there");
        // And just so for an organisation that there really is not.
        let nowhere = path.replace("bakkerij-de-korenaar", "bestaat-niet");
        let same = stranger.send(method, &nowhere, OWN_SITE, Some(&[])).await;
        assert_eq!(same.status, StatusCode::NOT_FOUND);
        assert_eq!(same.text(), answer.text(), "{route} can be told apart from one that does not exist");
    }
}

#[tokio::test]
async fn a_role_reaches_what_it_permits_and_no_more() {
    let world = World::new().await;
    let roles = [
        ("employee", world.employee().await, incident::Role::Employee),
        ("handler", world.handler().await, incident::Role::Handler),
        ("officer", world.officer().await, incident::Role::Officer),
        ("administrator", world.invited(&[incident::Role::Administrator]).await, incident::Role::Administrator),
        ("dpo", world.dpo().await, incident::Role::Dpo),
        ("provider", world.provider().await, incident::Role::Engineer),
    ];
    for (name, mut client, role) in roles {
        for (method, route, needs) in web::addresses() {
            let Needs::May(permission) = needs else { continue };
            let (_, _, path) =
                INSIDE.iter().find(|(verb, known, _)| *known == route && *verb == method.as_str()).unwrap();
            let answer = client.send(method.clone(), path, OWN_SITE, Some(&[])).await;
            let is_refused = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(
                is_refused,
                !incident::may(role, permission),
                "{name}: {method} {route} gives {}",
                answer.status
            );
            assert!(!answer.status.is_server_error(), "{name}: {method} {route} gives {}", answer.status);
        }
    }
}

#[test]
fn no_route_is_missing_from_the_walk() {
    for (method, route, needs) in web::addresses() {
        let is_open = OPEN.contains(&(method.as_str(), route));
        let is_walked = INSIDE.iter().any(|(verb, known, _)| *verb == method.as_str() && *known == route);
        assert!(is_open != is_walked, "{method} {route} must be in exactly one of the two lists");
        assert_eq!(is_open, needs == Needs::Nothing, "{method} {route} needs {needs:?}");
    }
    assert_eq!(web::addresses().len(), INSIDE.len() + OPEN.len(), "a list names a route that is not there");
}
