//! The page of what left and what waits.

use app::{LetterKind, NewLetter};
use jiff::SignedDuration;

use crate::world::{NOW, World};

const OUTGOING: &str = "/o/bakkerij-de-korenaar/uitgaand";

/// Where no address is filled in nothing is promised; it once was said of the decision alone.
#[tokio::test]
async fn without_an_address_the_state_is_said_to_go_nowhere() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let outgoing = officer.get(OUTGOING).await.text();
    assert!(outgoing.contains("er is geen e-mailadres ingevuld bij Gegevens"), "{outgoing}");
    assert!(!outgoing.contains("krijgt u de ondertekende stand"), "{outgoing}");
    let register = officer.get("/o/bakkerij-de-korenaar/register").await.text();
    assert!(register.contains("De ondertekende stand gaat nu nergens vanzelf heen"), "{register}");
}

/// Only the newest once stood there, without a word of the others.
#[tokio::test]
async fn what_left_is_told_in_pages() {
    let world = World::new().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    for place in 0..130 {
        let letter = NewLetter {
            id: world.app.chance.id(NOW).unwrap(),
            key: format!("alarm {place}"),
            kind: LetterKind::Alarm,
            incident: None,
            recipient: format!("nummer{place}@korenaar.example"),
            data: "{\"number\":2,\"what_nl\":\"melden\",\"what_en\":\"report\"}".to_owned(),
            created_at: NOW + SignedDuration::from_secs(place),
        };
        assert!(world.app.store.queue(&scope, &letter).await.unwrap());
    }
    let mut officer = world.officer().await;
    let first = officer.get(OUTGOING).await;
    assert!(first.text().contains("Mail 1 tot en met 100, de nieuwste eerst."), "{}", first.text());
    let older = first.html().split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let second = officer.get(&older).await;
    assert!(second.text().contains("Mail 101 tot en met 130"), "{}", second.text());
    for (place, is_newer) in [(129, true), (30, true), (29, false), (0, false)] {
        let to = format!("nummer{place}@korenaar.example");
        assert_eq!((first.text().contains(&to), second.text().contains(&to)), (is_newer, !is_newer), "{place}");
    }
    assert!(second.html().contains("rel=\"prev\""));
}
