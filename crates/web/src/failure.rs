//! What goes wrong, as HTTP: the one place where errors become status codes and pages.

use std::any::Any;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

use app::Trouble;
use facts::{Language, Text};
use incident::Refusal;

use crate::address;
use crate::api::PREFIX;
use crate::frame::Frame;
use crate::typed::{self, Typed};
use crate::words::Words;

/// Where the pages begin for who reports without an account.
const REPORT: &str = "/melden/";

/// Why a page was not shown.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    App(Arc<app::Error>),
    /// Nobody is signed in; where they wanted to be.
    SignIn {
        wanted: String,
        /// A form was sent, and not taken in.
        is_unsaved: bool,
    },
    /// A form that another site sent.
    ElsewhereForm,
    TooMany,
    /// A link that works once, and was used, ran out or was never given.
    UsedLink,
    /// A form that could not be read: too large, or broken on its way.
    Form(StatusCode),
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Self {
        Self::App(Arc::new(error))
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        app::Error::internal(error).into()
    }
}

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::ElsewhereForm => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::UsedLink => StatusCode::NOT_FOUND,
            Self::Form(status) => *status,
            Self::App(error) => match error.as_ref() {
                app::Error::Refused(_) | app::Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                app::Error::NotFound => StatusCode::NOT_FOUND,
                app::Error::Forbidden => StatusCode::FORBIDDEN,
                app::Error::Conflict => StatusCode::CONFLICT,
                app::Error::Unavailable(Trouble::Full, _) => StatusCode::INSUFFICIENT_STORAGE,
                app::Error::Unavailable(Trouble::Damaged, _) => StatusCode::INTERNAL_SERVER_ERROR,
                app::Error::Unavailable(..) => StatusCode::SERVICE_UNAVAILABLE,
                app::Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    pub(crate) fn is_refused(&self, refusal: &Refusal) -> bool {
        matches!(self, Self::App(error) if matches!(error.as_ref(), app::Error::Refused(why) if why == refusal))
    }

    pub(crate) fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::App(error) => match error.as_ref() {
                // The store is as well as ever.
                app::Error::Unavailable(..) if error.in_temporary_folder().is_some() => None,
                app::Error::Unavailable(trouble, _) => Some(*trouble),
                _ => None,
            },
            _ => None,
        }
    }

    /// The stable public code.
    fn code(&self) -> &'static str {
        match self {
            Self::App(error) => error.code(),
            Self::SignIn { .. } => "sign_in",
            Self::ElsewhereForm => "forbidden",
            Self::TooMany => "too_many",
            Self::UsedLink => "not_found",
            Self::Form(_) => "invalid",
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::App(error) => error.text(),
            Self::SignIn { .. } => Text::new("Meld u eerst aan.", "Sign in first."),
            Self::ElsewhereForm => Text::new(
                "Dit formulier kwam niet van onze eigen pagina. Er is niets gewijzigd. Open de pagina opnieuw en probeer het daar.",
                "This form did not come from our own page. Nothing was changed. Open the page again and try it there.",
            ),
            Self::TooMany => Text::new(
                "Te veel pogingen achter elkaar. Wacht een minuut en probeer het dan opnieuw.",
                "Too many tries in a row. Wait a minute, then try again.",
            ),
            Self::UsedLink => Text::new(
                "Deze link werkt één keer, en is al gebruikt of verlopen. Hebt u uw wachtwoord al gekozen? Meld u dan aan. Zo niet, vraag dan een nieuwe link aan wie u deze gaf.",
                "This link works once, and was used already or ran out. Did you choose your password already? Then sign in. If not, ask whoever gave it to you for a new link.",
            ),
            Self::Form(StatusCode::PAYLOAD_TOO_LARGE) => plain(StatusCode::PAYLOAD_TOO_LARGE),
            Self::Form(_) => Text::new(
                "Dit formulier kwam beschadigd aan. Er is niets gewijzigd. Ga terug en verstuur het opnieuw.",
                "This form arrived damaged. Nothing was changed. Go back and send it again.",
            ),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if let Self::SignIn { wanted, is_unsaved } = &self {
            let unsaved = if *is_unsaved { "&onbewaard=ja" } else { "" };
            return Redirect::to(&format!("/aanmelden?terug={}{unsaved}", address::encoded(wanted))).into_response();
        }
        let mut response = self.status().into_response();
        if matches!(self, Self::TooMany) || self.trouble().is_some_and(Trouble::may_pass) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The page of an error.
#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    w: Words,
    heading: &'static str,
    text: String,
    code: u16,
    /// What became of what was sent, where something was.
    of_sender: Option<String>,
    /// Files were sent too, or instead: what that form held is not kept.
    files: Option<&'static str>,
    /// Everything that was typed, to be sent again from this page.
    typed: Option<Typed>,
    /// It in words, for reading.
    said: Vec<String>,
    /// Where it is sent to.
    again: String,
    /// Somebody without an account reported something: they are led to no page that asks for one.
    is_reporter: bool,
}

/// Turns every answer that is an error without a page of its own into one, in the reader's language, and writes to the
/// log what only the log may know.
pub(crate) async fn show(request: Request, next: Next) -> Response {
    let language = request.extensions().get::<Language>().copied().unwrap_or_default();
    let place = request.uri().clone();
    let sent_something = !request.method().is_safe();
    let wants_json = wants_json(request.headers()) || place.path().starts_with(PREFIX);
    let has_files = typed::has_files(request.headers());
    let (response, typed) = match typed::keep(request).await {
        Ok((request, typed)) => (next.run(request).await, typed),
        Err(failure) => (failure.into_response(), None),
    };
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_answered = kind.starts_with(b"text/html") || kind.starts_with(b"application/json");
    if is_answered || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let failure = response.extensions().get::<Failure>().cloned();
    if status.is_server_error() {
        match &failure {
            Some(Failure::App(error)) => tracing::error!(%status, path = place.path(), %error, "a page failed"),
            _ => tracing::error!(%status, path = place.path(), "a page failed"),
        }
    }
    let trouble = failure.as_ref().and_then(Failure::trouble);
    let text = failure.as_ref().map_or_else(|| plain(status), Failure::text);
    if wants_json {
        return as_json(response, failure.as_ref(), &text);
    }
    let w = Words(language);
    let text = text.in_language(language).to_owned();
    let heading = trouble.map_or_else(|| w.failure_heading(status.as_u16()), |trouble| w.trouble_heading(trouble));
    let is_reporter = place.path().starts_with(REPORT);
    let text = if is_reporter && trouble.is_some() { w.report_failed_text().to_owned() } else { text };
    let of_sender = trouble.filter(|_| sent_something || is_reporter).map(|trouble| match place.path() {
        _ if is_reporter => w.report_failed(sent_something.then_some(trouble), "", ""),
        "/aanmelden" => w.sign_in_failed().to_owned(),
        "/afmelden" => w.sign_out_failed().to_owned(),
        _ => trouble.text_for_sender().in_language(language).to_owned(),
    });
    // Who was refused sees their form again on a page of its own; this is for what failed.
    let typed = match typed.filter(|_| status.is_server_error()) {
        Some(bytes) => typed::read(bytes).await,
        None => None,
    };
    let frame = Frame::bare(w, &place, heading);
    let page = FailurePage {
        frame: if is_reporter { frame.at_home(place.path()) } else { frame },
        is_reporter,
        w,
        heading,
        text,
        code: status.as_u16(),
        of_sender,
        files: (has_files && status.is_server_error()).then(|| w.form_with_files_gone()),
        said: typed.as_ref().map(|typed| typed.words(language)).unwrap_or_default(),
        typed,
        again: place.path().to_owned(),
    };
    let (mut parts, _) = response.into_parts();
    let html = page.render().unwrap_or_else(|_| page.text.clone());
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(html))
}

/// Whether it is a program that asks: one that says it takes JSON and says nothing of pages.
fn wants_json(headers: &HeaderMap) -> bool {
    let wish = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    wish.contains("application/json") && !wish.contains("text/html")
}

/// The error for programs: its stable code, and what people are told.
fn as_json(response: Response, failure: Option<&Failure>, text: &Text) -> Response {
    let code = failure.map_or("invalid", Failure::code);
    let told = serde_json::json!({ "error": { "code": code, "message": { "nl": text.nl, "en": text.en } } });
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, Body::from(told.to_string()))
}

/// What axum itself refused: a body too large, a method that a page does not take, a number that is none.
fn plain(status: StatusCode) -> Text {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => Text::new(
            "Deze pagina is niet zo te openen. Ga terug en gebruik de knop op de pagina.",
            "This page cannot be opened like this. Go back and use the button on the page.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => Text::new(
            "Dit formulier is te groot. Ga terug en maak de tekst korter; wat eerder bewaard was, is veilig.",
            "This form is too large. Go back and shorten the text; what was saved before is safe.",
        ),
        status if status.is_server_error() => app::Error::internal("").text(),
        // A number that is none, a form that is none: whatever it was, nothing stands there.
        _ => app::Error::NotFound.text(),
    }
}

/// `*`: what no route answers.
pub(crate) async fn nowhere() -> Failure {
    app::Error::NotFound.into()
}

/// A page that panicked: the rest goes on, and the log knows.
#[expect(clippy::needless_pass_by_value, reason = "the shape that the layer asks for")]
pub(crate) fn caught(panic: Box<dyn Any + Send + 'static>) -> Response {
    let why = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a word");
    Failure::from(app::Error::internal(format!("panicked: {why}"))).into_response()
}

/// A page, ready to be sent.
pub(crate) fn page(template: &impl Template) -> Result<Response, Failure> {
    Ok(Html(template.render()?).into_response())
}

/// The page of a form that needs another look.
pub(crate) fn page_again(template: &impl Template) -> Result<Response, Failure> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(template.render()?)).into_response())
}

/// A page of its own for what failed, with the failure's status; its cause goes to the log.
pub(crate) fn failed_page(template: &impl Template, error: app::Error) -> Result<Response, Failure> {
    tracing::error!(%error, "a page failed");
    let status = Failure::from(error).status();
    Ok((status, Html(template.render()?)).into_response())
}

/// On to another page after a form was taken in.
pub(crate) fn onward(to: &str) -> Result<Response, Failure> {
    Ok(Redirect::to(to).into_response())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::to_bytes;
    use axum::http::Method;
    use axum::middleware::from_fn;
    use axum::routing::any;
    use tower::ServiceExt;

    use super::*;

    const FORM: &str = "what=Laptop+%26+tas+kwijt&_token=abc&gezien=4";

    /// What the server answers while its store is in trouble.
    async fn answer(trouble: Trouble, request: Request) -> (StatusCode, HeaderMap, String) {
        let fails = move || async move { Failure::from(app::Error::Unavailable(trouble, "geheim".into())) };
        let router = Router::new().route("/{*place}", any(fails)).layer(from_fn(show));
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    fn request(method: Method) -> axum::http::request::Builder {
        Request::builder().method(method).uri("/o/korenaar/incidenten/2/tijdlijn?taal=en")
    }

    fn form(body: &'static str) -> Request {
        let form = request(Method::POST).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        form.body(Body::from(body)).unwrap()
    }

    #[tokio::test]
    async fn every_trouble_of_the_store_has_its_page() {
        let check = async |trouble, status: u16, is_told_to_wait, heading: &str, of_what_was_sent: &str| {
            let (got, headers, page) = answer(trouble, request(Method::GET).body(Body::empty()).unwrap()).await;
            assert_eq!((got.as_u16(), headers.contains_key(RETRY_AFTER)), (status, is_told_to_wait), "{trouble:?}");
            assert!(page.contains(&format!("<h1>{heading}</h1>")), "{trouble:?}: {page}");
            assert!(!page.contains("u net verstuurde") && !page.contains("geheim"), "{trouble:?}: {page}");
            let (_, _, page) = answer(trouble, form(FORM)).await;
            assert!(page.contains(of_what_was_sent), "{trouble:?}: {page}");
        };
        let (certain, unsure) = ("verstuurde, is niet bewaard", "verstuurde, is misschien niet bewaard");
        check(Trouble::Full, 507, true, "De schijf is vol", certain).await;
        check(Trouble::ReadOnly, 503, true, "Hier is nu alleen te lezen", certain).await;
        check(Trouble::NoRights, 503, true, "Geen rechten op de gegevens", certain).await;
        check(Trouble::Held, 503, true, "Even bezet", certain).await;
        check(Trouble::Damaged, 500, false, "Dit is beschadigd", unsure).await;
        check(Trouble::Failing, 503, true, "De schijf geeft fouten", unsure).await;
        check(Trouble::Unreachable, 503, true, "Even niet bereikbaar", unsure).await;
        check(Trouble::Moved, 503, false, "De gegevens zijn verhuisd", certain).await;
        check(Trouble::Other, 503, true, "Even niet bereikbaar", unsure).await;
    }

    #[tokio::test]
    async fn what_was_typed_stands_on_the_page_and_can_be_sent_again() {
        let (_, _, page) = answer(Trouble::Full, form(FORM)).await;
        assert!(page.contains("<p class=\"said\">Laptop &#38; tas kwijt</p>"), "{page}");
        for kept in
            ["name=\"what\" value=\"Laptop &#38; tas kwijt\"", "name=\"_token\" value=\"abc\"", "name=\"gezien\""]
        {
            assert!(page.contains(kept), "{kept}: {page}");
        }
        assert!(page.contains("<form method=\"post\" action=\"/o/korenaar/incidenten/2/tijdlijn\""), "{page}");
        // A password never comes back, nor what stands beside it.
        let (_, _, page) = answer(Trouble::Full, form("email=anna%40jansen.example&password=drie+losse+woorden")).await;
        assert!(
            !page.contains("anna@")
                && !page.contains("woorden")
                && !page.contains("<form method=\"post\" action=\"/o/"),
            "{page}"
        );
    }

    /// The page once gave back "sent_by_mistake", "true" and "ja" as what somebody had typed.
    #[tokio::test]
    async fn what_boxes_and_buttons_sent_is_told_in_words_or_not_at_all() {
        let sent = "incident_type=sent_by_mistake&systemic=true&subjects_min=40&notify_authority=ja&gezien-plan=abc\
            &soort=early_warning&motivering=gestolen&doe=neem-over";
        let (_, _, page) = answer(Trouble::Full, form(sent)).await;
        let said: Vec<_> = page.split("<p class=\"said\">").skip(1).filter_map(|part| part.split('<').next()).collect();
        let expected = [
            "Wat voor incident was het? Per ongeluk verstuurd",
            "Kan de oorzaak ook anderen hebben geraakt, of nog raken? ja",
            "Hoeveel personen, ten minste? 40",
            "gestolen",
        ];
        assert_eq!(said, expected);
        assert!(page.contains("name=\"doe\" value=\"neem-over\""), "all of it is sent again: {page}");
    }

    /// Who signs in or out saved nothing: they are told where they stand.
    #[tokio::test]
    async fn who_signs_in_or_out_is_told_where_they_stand() {
        let post = |path: &str| {
            let form = Request::post(path).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
            form.body(Body::from("email=anna%40jansen.example&password=drie+losse+woorden")).unwrap()
        };
        let (_, _, page) = answer(Trouble::Full, post("/aanmelden")).await;
        assert!(page.contains("U bent niet aangemeld.") && page.contains("autoriteitpersoonsgegevens.nl"), "{page}");
        assert!(page.contains("Vraag uw beheerder om ruimte te maken"), "{page}");
        let (_, _, page) = answer(Trouble::Full, post("/afmelden")).await;
        assert!(page.contains("In deze browser bent u afgemeld."), "{page}");
        assert!(!page.contains("Wat u net verstuurde"), "{page}");
    }

    /// Who reports without an account was once told how long they stay signed in, and led to a page that asks for it.
    #[tokio::test]
    async fn who_reports_without_an_account_is_told_whom_to_turn_to() {
        for trouble in
            [Trouble::Full, Trouble::ReadOnly, Trouble::Held, Trouble::Damaged, Trouble::Failing, Trouble::Unreachable]
        {
            let report = |method: Method, body| {
                let form = Request::builder().method(method).uri("/melden/abc");
                form.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(body)).unwrap()
            };
            let (_, _, asked) = answer(trouble, report(Method::GET, "")).await;
            let (_, _, sent) = answer(trouble, report(Method::POST, "what=Laptop+kwijt&_eenmalig=ab")).await;
            for page in [&asked, &sent] {
                assert!(page.contains("bel of mail nu het contactpunt"), "{trouble:?}: {page}");
                assert!(!page.contains("aangemeld") && !page.contains("href=\"/\""), "{trouble:?}: {page}");
            }
            assert!(sent.contains("Laptop kwijt") && sent.contains("value=\"ab\""), "{trouble:?}: {sent}");
            assert!(!asked.contains("Uw melding is") && sent.contains("Uw melding is"), "{trouble:?}: {sent}");
        }
    }

    #[tokio::test]
    async fn of_a_form_with_files_it_says_that_nothing_of_it_is_kept() {
        let kind = "multipart/form-data; boundary=x";
        let form = request(Method::POST).header(CONTENT_TYPE, kind).body(Body::from("--x--\r\n")).unwrap();
        let (_, _, page) = answer(Trouble::Full, form).await;
        assert!(page.contains("De bestanden die u koos, en wat u daarbij typte, staan niet op deze pagina"), "{page}");
        let (_, _, page) = answer(Trouble::Full, self::form(FORM)).await;
        assert!(!page.contains("De bestanden"), "{page}");
    }

    #[tokio::test]
    async fn a_program_is_given_the_code() {
        let asks = request(Method::POST).header(ACCEPT, "application/json").body(Body::empty()).unwrap();
        let (status, headers, body) = answer(Trouble::Full, asks).await;
        assert_eq!((status.as_u16(), headers[CONTENT_TYPE].to_str().unwrap()), (507, "application/json"));
        let told: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(told["error"]["code"], "disk_full");
        assert!(
            told["error"]["message"]["nl"].as_str().unwrap().starts_with("De schijf van de server is vol."),
            "{told}"
        );
    }
}
