//! The lists of incidents: which part stands on the page, and what cannot be asked.

use app::Report;

use crate::world::{NOW, World};

const REGISTER: &str = "/o/bakkerij-de-korenaar/register";

/// The count was once that of the page: "50 van 54", whatever was found.
#[tokio::test]
async fn a_list_says_which_part_of_what_was_found_stands_on_the_page() {
    let world = World::new().await;
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    for number in 1..=52 {
        let what = format!("Tablet {number} kwijt");
        world.app.report(&scope, Report { what, ..Report::default() }, NOW).await.unwrap();
    }
    let mut officer = world.officer().await;
    for (query, first, second) in [
        ("", "1 tot en met 50 van 54 incidenten.", "51 tot en met 54 van 54 incidenten."),
        (
            "zoek=tablet",
            "1 tot en met 50 van 52 gevonden incidenten. In totaal zijn er 54.",
            "51 tot en met 52 van 52 gevonden incidenten. In totaal zijn er 54.",
        ),
    ] {
        for list in [format!("{REGISTER}?{query}"), format!("/o/bakkerij-de-korenaar/incidenten?stand=alles&{query}")] {
            let page = officer.get(&list).await;
            assert!(page.text().contains(first), "{list}: {}", page.text());
            let link = |html: &str, rel: &str| {
                let (_, rest) = html.split_once(&format!("rel=\"{rel}\" href=\"")).expect("a way on");
                rest.split('"').next().unwrap_or_default().replace("&#38;", "&")
            };
            let (path, _) = list.split_once('?').unwrap();
            let next = officer.get(&format!("{path}{}", link(&page.html(), "next"))).await;
            assert!(next.text().contains(second), "{list}: {}", next.text());
            let back = officer.get(&format!("{path}{}", link(&next.html(), "prev"))).await;
            assert!(back.text().contains(first), "{list}: {}", back.text());
        }
    }
    let one = officer.get(&format!("{REGISTER}?zoek=lijst")).await.text();
    assert!(one.contains("1 van 54 incidenten."), "{one}");
}

#[tokio::test]
async fn what_can_never_find_anything_is_said() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    for (query, said) in [
        ("van=2026-03-02&tot=2026-03-01", "De eerste dag (2026-03-02) ligt na de laatste (2026-03-01)"),
        ("zoek=a", "Zoek op een woord van ten minste twee letters, of op een nummer."),
        ("gemeld=misschien", "“misschien” is hier geen keuze en telt niet mee."),
        ("van=onzin", "“onzin” is geen datum en telt niet mee."),
    ] {
        let page = officer.get(&format!("{REGISTER}?{query}")).await.text();
        assert!(page.contains(said), "{query}: {page}");
    }
    let page = officer.get(&format!("{REGISTER}?zoek=lijst&van=2026-03-01&tot=2026-03-01")).await.text();
    assert!(!page.contains("Zoek op een woord van") && !page.contains("De eerste dag"), "{page}");
}
