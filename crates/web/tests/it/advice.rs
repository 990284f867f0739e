//! The FG's advice: nowhere without an FG; from the FG themselves; from an outside FG, recorded by the office; and what the
//! decision says of it.

use axum::http::StatusCode;

use app::Profile;

use crate::client::Client;
use crate::world::World;

const CASE: &str = "/o/bakkerij-de-korenaar/incidenten/2";

async fn with_fg(world: &World) {
    let scope = world.app.permit_program("bakkerij-de-korenaar").await.unwrap();
    let profile = Profile { dpo_name: "Ferdi Özdemir".into(), ..scope.organisation().profile.clone() };
    world.app.update_profile(&scope, profile, None).await.unwrap();
}

async fn advise(client: &mut Client, fields: &[(&str, &str)]) -> crate::client::Answer {
    let seen = client.get(&format!("{CASE}/besluit")).await.hidden("gezien");
    let form = [fields, &[("gezien", seen.as_str())]].concat();
    client.post(&format!("{CASE}/besluit/advies"), &form).await
}

async fn decide(client: &mut Client, fields: &[(&str, &str)]) -> crate::client::Answer {
    let seen = client.get(&format!("{CASE}/besluit")).await.hidden("gezien");
    let both = [("notify_authority", "ja"), ("inform_subjects", "ja"), ("motivering", "Wij zijn het zo eens.")];
    let form = [&both[..], &[("gezien", seen.as_str())], fields].concat();
    client.post(&format!("{CASE}/besluit"), &form).await
}

#[tokio::test]
async fn without_an_fg_the_word_is_nowhere() {
    let world = World::new().await;
    world.decided().await;
    let mut officer = world.officer().await;
    for page in ["", "/vragen", "/feiten", "/oordeel", "/besluit", "/documenten", "/tijdlijn"] {
        for language in ["nl", "en"] {
            let text = officer.get(&format!("{CASE}{page}?taal={language}")).await.text();
            let words = text.split(|letter: char| !letter.is_alphanumeric());
            let found = words.into_iter().find(|word| ["FG", "DPO", "fg", "dpo"].contains(word));
            assert_eq!(found, None, "{page} in {language}");
        }
    }
    let answer = advise(&mut officer, &[("fg-naam", "Iemand"), ("fg-advies", "Melden.")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_fg_advises_and_the_decision_says_whether_it_follows() {
    let world = World::new().await;
    with_fg(&world).await;
    let mut fg = world.dpo().await;
    let page = fg.get(&format!("{CASE}/besluit")).await;
    assert!(page.html().contains("name=\"fg-advies\"") && !page.html().contains("name=\"motivering\""));
    assert!(!page.html().contains("name=\"fg-naam\""), "the FG advises under their own name");
    let answer = advise(&mut fg, &[("fg-notify_authority", "ja")]).await;
    assert!(answer.html().contains("id=\"fg-advies-fout\""), "{}", answer.text());
    let fields =
        [("fg-notify_authority", "ja"), ("fg-inform_subjects", "nee"), ("fg-advies", "Melden, niet inlichten.")];
    let answer = advise(&mut fg, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());

    let mut officer = world.officer().await;
    let text = officer.get(&format!("{CASE}/besluit")).await.text();
    assert!(text.contains("Ferdi Özdemir, FG,") && text.contains("Melden, niet inlichten."), "{text}");
    for (fields, field) in [
        (&[][..], "fg-gevolgd-fout"),
        (&[("fg-gevolgd", "ja")][..], "fg-gevolgd-fout"),
        (&[("fg-gevolgd", "nee")][..], "fg-waarom-fout"),
        (&[("fg-gevolgd", "nee"), ("fg-waarom", "x"), ("mandaat", "gemandateerd")][..], "mandaat-van-fout"),
    ] {
        let answer = decide(&mut officer, fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.html().contains(&format!("id=\"{field}\"")), "{field}: {}", answer.text());
    }
    let fields = [
        ("fg-gevolgd", "nee"),
        ("fg-waarom", "Onze klanten horen het liever van ons."),
        ("mandaat", "gemandateerd"),
        ("mandaat-van", "W. de Wit"),
    ];
    let answer = decide(&mut officer, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let text = officer.get(&format!("{CASE}/besluit")).await.text();
    for words in ["Afgeweken van het advies van de FG: Onze klanten", "Gemandateerd door W. de Wit"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn an_outside_fgs_advice_is_recorded_under_their_name_never_ones_own() {
    let world = World::new().await;
    with_fg(&world).await;
    let mut handler = world.handler().await;
    assert!(handler.get(&format!("{CASE}/besluit")).await.html().contains("value=\"Ferdi Özdemir\""));
    let at = [("fg-dag", "2026-03-27"), ("fg-tijd", "14:00"), ("fg-advies", "Melden."), ("fg-notify_authority", "ja")];
    for (name, words) in [("", "Vul de naam van de FG in"), ("joost bakker", "niet onder uw eigen naam")] {
        let answer = advise(&mut handler, &[&at[..], &[("fg-naam", name)]].concat()).await;
        assert!(answer.html().contains("id=\"fg-naam-fout\""), "{}", answer.text());
        assert!(answer.text().contains(words) && answer.html().contains("value=\"14:00\""), "{}", answer.text());
    }
    let answer = advise(&mut handler, &[&at[..], &[("fg-naam", "Mr. Van Buiten")]].concat()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let mut officer = world.officer().await;
    assert!(officer.get(&format!("{CASE}/besluit")).await.text().contains("Mr. Van Buiten, FG,"));
    let answer = decide(&mut officer, &[("fg-gevolgd", "ja")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let text = officer.get(&format!("{CASE}/besluit")).await.text();
    assert!(text.contains("Het advies van de FG is gevolgd."), "{text}");
    let mut employee = world.employee().await;
    let answer = employee.post(&format!("{CASE}/besluit/advies"), &[("fg-advies", "Niets doen.")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = world.stranger().await.post(&format!("{CASE}/besluit/advies"), &[("fg-advies", "Niets doen.")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
