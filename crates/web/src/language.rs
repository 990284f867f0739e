//! Which language a page speaks: what was asked in the address, else the cookie, else the browser's wish, else Dutch.

use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;

use facts::Language;

const COOKIE: &str = "taal";

/// Puts the [`Language`] with the request, and keeps a choice made in the address.
pub(crate) async fn choose(mut request: Request, next: Next) -> Response {
    let asked = asked(request.uri());
    let language = asked.or_else(|| kept(request.headers())).or_else(|| wished(request.headers())).unwrap_or_default();
    request.extensions_mut().insert(language);
    let mut response = next.run(request).await;
    if asked.is_some() {
        let cookie = format!("{COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", language.tag());
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

fn asked(uri: &Uri) -> Option<Language> {
    let query = uri.query()?;
    query.split('&').find_map(|pair| pair.strip_prefix("taal=")).and_then(Language::from_tag)
}

fn kept(headers: &HeaderMap) -> Option<Language> {
    Language::from_tag(CookieJar::from_headers(headers).get(COOKIE)?.value())
}

/// The first of the browser's languages that is ours; their order is the reader's preference.
fn wished(headers: &HeaderMap) -> Option<Language> {
    let wishes = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    wishes.split(',').filter_map(|wish| wish.split(';').next()).find_map(|tag| Language::from_tag(tag.trim()))
}

/// The address of the page itself in the other language, other questions in it kept.
pub(crate) fn elsewhere(uri: &Uri, language: Language) -> String {
    let other = match language {
        Language::Dutch => Language::English,
        Language::English => Language::Dutch,
    };
    let rest = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("taal="));
    let query: Vec<String> = rest.map(str::to_owned).chain([format!("taal={}", other.tag())]).collect();
    format!("{}?{}", uri.path(), query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_before_the_browser() {
        assert_eq!(asked(&"/hulp?a=1&taal=en".parse().unwrap()), Some(Language::English));
        assert_eq!(asked(&"/hulp".parse().unwrap()), None);
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("fr-FR, en-GB;q=0.8, nl;q=0.5"));
        assert_eq!(wished(&headers), Some(Language::English));
    }

    #[test]
    fn the_other_language_keeps_the_question() {
        let uri = "/o/korenaar/incidenten?stand=open&taal=nl".parse().unwrap();
        assert_eq!(elsewhere(&uri, Language::Dutch), "/o/korenaar/incidenten?stand=open&taal=en");
    }
}
