//! The guard at every route: who is it, may they, and does the form come from our own pages.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN, REFERER};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use tower_sessions::Session;

use crate::desk::Seat;
use crate::failure::Failure;
use crate::routes::Needs;
use crate::visit::Visit;
use crate::{LARGEST_FORM, address, session};

/// Within how many bytes a form with files has its token.
const LONGEST_TOKEN_PART: usize = 4096;

/// Lets through who has what the route needs, and seats them: handlers find their [`app::Scope`] from here alone.
pub(crate) async fn permit(
    needs: Needs,
    visit: Result<Visit, Failure>,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    match seat(needs, visit, &params, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

async fn seat(
    needs: Needs,
    visit: Result<Visit, Failure>,
    params: &RawPathParams,
    request: &mut Request,
) -> Result<(), Failure> {
    let permission = match needs {
        Needs::Nothing => return Ok(()),
        Needs::SignIn => None,
        Needs::May(permission) => Some(permission),
    };
    let visit = visit?;
    let Some(signed_in) = &visit.signed_in else {
        return Err(Failure::SignIn {
            wanted: wanted(&visit, request.headers()),
            is_unsaved: visit.method != Method::GET,
        });
    };
    if let Some(permission) = permission {
        let slug = params.iter().find(|(name, _)| *name == "slug").map(|(_, slug)| slug).unwrap_or_default();
        let scope = visit.app().permit(&signed_in.who, permission, slug).await?;
        request.extensions_mut().insert(scope);
    }
    let places = visit.app().places(&signed_in.who).await?;
    let has_board = !places.providers.is_empty() || places.organisations.len() > 1;
    request.extensions_mut().insert(Seat { who: signed_in.who.clone(), token: signed_in.token.clone(), has_board });
    Ok(())
}

/// Where somebody wanted to be: this page, or the page on which the form stood.
fn wanted(visit: &Visit, headers: &HeaderMap) -> String {
    if visit.method == Method::GET {
        return visit.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    }
    let referer =
        headers.get(REFERER).and_then(|value| value.to_str().ok()).and_then(|value| value.parse::<Uri>().ok());
    referer.map(|uri| uri.path().to_owned()).unwrap_or_default()
}

/// Refuses forms that another site's page sends in somebody's name. Browsers say where a form comes from; where one does
/// not say it, the form must hold the token that only our own pages know.
pub(crate) async fn same_site(session: Session, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    match origin(request.headers()) {
        Some(true) => next.run(request).await,
        Some(false) => Failure::ElsewhereForm.into_response(),
        None => match with_token(&session, request).await {
            Ok(request) => next.run(request).await,
            Err(failure) => failure.into_response(),
        },
    }
}

/// Whether the browser says that the form is our own; nothing where it says nothing.
fn origin(headers: &HeaderMap) -> Option<bool> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        // `none`: typed or from a bookmark, by the person themselves.
        return Some(matches!(site, "same-origin" | "none"));
    }
    let origin = text(ORIGIN.as_str())?;
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    Some(authority.is_some() && authority == text(HOST.as_str()))
}

/// The request again, if it needs no token (nobody's session is behind it) or holds the right one.
async fn with_token(session: &Session, request: Request) -> Result<Request, Failure> {
    let Some(signed_in) = session::read(session).await? else { return Ok(request) };
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
        let body = after_token(body, &signed_in.token).await?;
        return Ok(Request::from_parts(parts, body));
    }
    let bytes = to_bytes(body, LARGEST_FORM).await.map_err(|_| Failure::ElsewhereForm)?;
    let expected = format!("_token={}", address::encoded(&signed_in.token));
    let has_token = bytes.split(|byte| *byte == b'&').any(|pair| pair == expected.as_bytes());
    if has_token { Ok(Request::from_parts(parts, Body::from(bytes))) } else { Err(Failure::ElsewhereForm) }
}

/// The body again, if its first part is the right token: a form with files is not read whole to find it.
async fn after_token(body: Body, token: &str) -> Result<Body, Failure> {
    let mut pieces = body.into_data_stream();
    let mut begun = Vec::new();
    let found = loop {
        if let Some(found) = first_token(&begun) {
            break found.to_vec();
        }
        if begun.len() > LONGEST_TOKEN_PART {
            return Err(Failure::ElsewhereForm);
        }
        match pieces.next().await {
            Some(Ok(piece)) => begun.extend_from_slice(&piece),
            Some(Err(_)) | None => return Err(Failure::ElsewhereForm),
        }
    };
    if found != token.as_bytes() {
        return Err(Failure::ElsewhereForm);
    }
    let begun = stream::once(std::future::ready(Ok(Bytes::from(begun))));
    Ok(Body::from_stream(begun.chain(pieces)))
}

/// The value of the first part, once it is there whole, if it is the token's (as browsers write it: RFC 7578).
fn first_token(begun: &[u8]) -> Option<&[u8]> {
    let end = |bytes: &[u8], sign: &[u8]| bytes.windows(sign.len()).position(|window| window == sign);
    let head_end = end(begun, b"\r\n\r\n")?;
    let (head, rest) = begun.split_at_checked(head_end)?;
    let value = rest.get(4..)?;
    let value = value.get(..end(value, b"\r\n--")?)?;
    let is_token = head.starts_with(b"--") && end(head, b"form-data; name=\"_token\"").is_some();
    Some(if is_token { value } else { b"" })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn where_a_form_comes_from() {
        let check = |pairs: &[(&'static str, &'static str)], expected: Option<bool>| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(origin(&headers), expected, "{pairs:?}");
        };
        check(&[], None);
        check(&[("sec-fetch-site", "same-origin")], Some(true));
        check(&[("sec-fetch-site", "cross-site")], Some(false));
        check(&[("sec-fetch-site", "same-site")], Some(false));
        check(&[("origin", "http://localhost:8080"), ("host", "localhost:8080")], Some(true));
        check(&[("origin", "http://evil.example"), ("host", "localhost:8080")], Some(false));
        check(&[("origin", "null"), ("host", "localhost:8080")], Some(false));
    }
}
