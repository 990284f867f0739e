//! What keeps people safe: headers, forms from elsewhere, guessing, sessions, and where one is sent afterwards.

use axum::http::{Method, StatusCode};

use crate::world::{PASSWORD, World};

const BOARD: &str = "/o/bakkerij-de-korenaar";

#[tokio::test]
async fn every_page_carries_the_strict_policy_and_none_of_its_own_script() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    for path in ["/hulp", BOARD, "/o/bakkerij-de-korenaar/incidenten/2/feiten", "/er/is/niets"] {
        let answer = officer.get(path).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        for part in
            ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{path} lacks {part}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        let html = answer.html();
        assert!(!html.contains(" style=\""), "{path} has a style in it");
        assert!(!html.contains("<style"), "{path} has a style sheet in it");
        assert!(!html.contains(" onclick="), "{path} has a script in it");
        assert_eq!(html.matches("<script").count(), 1, "{path}: one script, and that from a file");
        assert!(html.contains("<script type=\"module\" src=\"/s/dijkwacht-"), "{path}");
    }
}

#[tokio::test]
async fn assets_may_be_kept_for_ever_and_unknown_ones_are_not_there() {
    let world = World::empty().await;
    let mut visitor = world.visitor();
    let html = visitor.get("/aanmelden").await.html();
    let (_, rest) = html.split_once("href=\"/s/dijkwacht-").unwrap();
    let name = rest.split('"').next().unwrap();
    let sheet = visitor.get(&format!("/s/dijkwacht-{name}")).await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert!(sheet.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(visitor.get("/s/dijkwacht-0000.css").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_from_another_site_changes_nothing() {
    let world = World::new().await;
    let mut handler = world.handler().await;
    let path = "/o/bakkerij-de-korenaar/incidenten/2/tijdlijn";
    let form: &[(&str, &str)] = &[("notitie", "van elders")];
    let token = handler.get(path).await.hidden("_token");
    let with_token: &[(&str, &str)] = &[("notitie", "van hier"), ("_token", &token)];
    for (headers, form, expected) in [
        (&[("sec-fetch-site", "cross-site")][..], form, StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "same-site")], with_token, StatusCode::FORBIDDEN),
        (&[("origin", "https://evil.example"), ("host", "dijkwacht.example")], form, StatusCode::FORBIDDEN),
        // A browser that says nothing: the token decides.
        (&[], form, StatusCode::FORBIDDEN),
        (&[], with_token, StatusCode::SEE_OTHER),
        (&[("origin", "https://dijkwacht.example"), ("host", "dijkwacht.example")], form, StatusCode::SEE_OTHER),
    ] {
        let answer = handler.send(Method::POST, path, headers, Some(form)).await;
        assert_eq!(answer.status, expected, "{headers:?}");
    }
    let timeline = handler.get(path).await.text();
    assert_eq!(timeline.matches("van hier").count(), 1);
    assert_eq!(timeline.matches("van elders").count(), 1, "only the one with the right origin");
}

#[tokio::test]
async fn guessing_a_password_runs_dry() {
    let world = World::new().await;
    let mut visitor = world.visitor();
    let wrong: &[(&str, &str)] = &[("email", "directeur@korenaar.example"), ("password", "geraden")];
    for _ in 0..10 {
        let answer = visitor.post("/aanmelden", wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("klopt niet"));
        assert!(!answer.html().contains("geraden"), "a password is never sent back");
    }
    assert_eq!(visitor.post("/aanmelden", wrong).await.status, StatusCode::TOO_MANY_REQUESTS);
    let right: &[(&str, &str)] = &[("email", "directeur@korenaar.example"), ("password", PASSWORD)];
    assert_eq!(visitor.post("/aanmelden", right).await.status, StatusCode::TOO_MANY_REQUESTS);
    world.let_pass(1);
    assert_eq!(visitor.post("/aanmelden", right).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_guesses_elsewhere_does_not_keep_the_director_out() {
    let world = World::new().await;
    let mut guesser = world.visitor();
    guesser.address = Some("192.0.2.1:4711".parse().unwrap());
    let wrong: &[(&str, &str)] = &[("email", "directeur@korenaar.example"), ("password", "geraden")];
    let right: &[(&str, &str)] = &[("email", "directeur@korenaar.example"), ("password", PASSWORD)];
    for _ in 0..10 {
        guesser.post("/aanmelden", wrong).await;
    }
    assert_eq!(guesser.post("/aanmelden", right).await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut director = world.visitor();
    director.address = Some("198.51.100.1:4711".parse().unwrap());
    assert_eq!(director.post("/aanmelden", right).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_is_too_long_is_refused_before_it_costs_anything() {
    let world = World::empty().await;
    let mut visitor = world.visitor();
    let (email, password) = (format!("{}@b.example", "a".repeat(250)), "w".repeat(1001));
    for form in [[("email", email.as_str()), ("password", "x")], [("email", "a@b.example"), ("password", &password)]] {
        // More often than there are tries: none is taken.
        for _ in 0..12 {
            let answer = visitor.post("/aanmelden", &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text().contains("Dit is te lang"), "{}", answer.text());
        }
    }
    let huge = "a".repeat(1_000_000);
    let answer = visitor.post("/aanmelden", &[("email", &huge), ("password", "x")]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let path = format!("/instellen/{}", world.first_token);
    let form = [("organisation", "A"), ("name", "B"), ("email", "a@b.example"), ("password", password.as_str())];
    let answer = visitor.post(&path, &form).await;
    assert!(answer.text().contains("Dit is te lang"), "{}", answer.text());
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_look_the_same() {
    let world = World::new().await;
    let unknown = world.visitor().post("/aanmelden", &[("email", "x@y.example"), ("password", "geraden")]).await;
    let wrong = world.visitor().post("/aanmelden", &[("email", "fg@korenaar.example"), ("password", "geraden")]).await;
    assert_eq!(unknown.text().replace("x@y.example", "…"), wrong.text().replace("fg@korenaar.example", "…"));
}

#[tokio::test]
async fn signing_in_makes_a_new_session_and_leads_where_one_wanted() {
    let world = World::new().await;
    let mut client = world.officer().await;
    let before = client.cookie("dijkwacht").unwrap().to_owned();
    let form: &[(&str, &str)] = &[
        ("email", "directeur@korenaar.example"),
        ("password", PASSWORD),
        ("terug", "/o/bakkerij-de-korenaar/register"),
    ];
    let answer = client.post("/aanmelden", form).await;
    assert_eq!(answer.location(), "/o/bakkerij-de-korenaar/register");
    assert_ne!(client.cookie("dijkwacht").unwrap(), before, "the session keeps its id over a sign-in");
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    for elsewhere in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        let form: &[(&str, &str)] =
            &[("email", "directeur@korenaar.example"), ("password", PASSWORD), ("terug", elsewhere)];
        assert_eq!(client.post("/aanmelden", form).await.location(), "/", "{elsewhere}");
    }
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_this_host() {
    let mut world = World::new().await;
    world.state.is_secure = true;
    world.router = web::router(world.state.clone());
    let form: &[(&str, &str)] = &[("email", "fg@korenaar.example"), ("password", PASSWORD)];
    let answer = world.visitor().post("/aanmelden", form).await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-dijkwacht=") && cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    let old = officer.cookie("dijkwacht").unwrap().to_owned();
    assert_eq!(officer.get(BOARD).await.status, StatusCode::OK);
    let answer = officer.post("/afmelden", &[]).await;
    assert!(answer.headers["clear-site-data"].to_str().unwrap().contains("storage"), "drafts stay in the browser");
    let replayed = [("cookie", format!("dijkwacht={old}"))];
    let headers: Vec<_> = replayed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = world.visitor().send(Method::GET, BOARD, &headers, None).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "the old cookie still works");
}

#[tokio::test]
async fn a_session_ends_after_a_working_day() {
    let world = World::new().await;
    let mut officer = world.officer().await;
    world.let_pass(11);
    assert_eq!(officer.get(BOARD).await.status, StatusCode::OK);
    world.let_pass(2);
    assert_eq!(officer.get(BOARD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn errors_have_a_page_in_both_languages() {
    let world = World::empty().await;
    let mut visitor = world.visitor();
    let check = |answer: crate::client::Answer, status: u16, words: &str| {
        assert_eq!(answer.status.as_u16(), status);
        assert!(answer.text().contains(words), "{}", answer.text());
        assert!(answer.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    };
    check(visitor.get("/er/is/niets").await, 404, "Deze pagina is er niet");
    check(visitor.get("/er/is/niets?taal=en").await, 404, "This page is not there");
    // The choice was kept.
    check(visitor.get("/er/is/niets").await, 404, "This page is not there");
    check(visitor.send(Method::DELETE, "/hulp", &[("sec-fetch-site", "none")], None).await, 405, "cannot be opened");
    check(visitor.get("/instellen/geen-echte-link").await, 404, "not there");
}
