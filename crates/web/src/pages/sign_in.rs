//! Signing in and out.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use askama::Template;
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};

use app::{Error, Who};

use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::visit::Visit;
use crate::words::Words;
use crate::{Notice, address, hashing, session};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    w: Words,
    notice: Option<NoticeView>,
    back: String,
    /// They come from a form that was not taken in.
    is_unsaved: bool,
    problems: Problems,
    filled: Filled,
    /// A password is never sent back.
    blank: Filled,
}

struct NoticeView {
    text: String,
    logins: Vec<LoginView>,
}

struct LoginView {
    who: String,
    email: String,
    password: String,
}

impl NoticeView {
    fn of(notice: &Notice, w: Words) -> Self {
        let logins = notice.logins.iter().map(|login| LoginView {
            who: login.who.in_language(w.0).to_owned(),
            email: login.email.clone(),
            password: login.password.clone(),
        });
        Self { text: notice.text.in_language(w.0).to_owned(), logins: logins.collect() }
    }
}

/// Where the person stands on the network, as far as the server was told. Of an IPv6 address the network alone (its first
/// 64 bits): the rest everybody picks as they like.
#[derive(Clone, Debug)]
pub(crate) struct Client(pub(crate) String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self(address.map(|ip| network(ip).to_string()).unwrap_or_default()))
    }
}

fn network(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
        ip @ IpAddr::V4(_) => ip,
    }
}

/// `GET /aanmelden`
pub(crate) async fn show(visit: Visit) -> Result<Response, Failure> {
    let wanted = form_value(visit.uri.query().unwrap_or_default(), "terug");
    let back = address::local(&wanted).unwrap_or("/").to_owned();
    if visit.signed_in.is_some() {
        return onward(&back);
    }
    page(&sign_in_page(&visit, back, Problems::new(), Filled::default()))
}

/// `POST /aanmelden`
pub(crate) async fn take(visit: Visit, client: Client, sent: Sent) -> Result<Response, Failure> {
    let (email, password) = (sent.text("email").to_lowercase(), sent.raw("password").to_owned());
    let back = address::local(sent.raw("terug")).unwrap_or("/").to_owned();
    if let Some(field) = hashing::too_long(&email, &password) {
        let mut problems = Problems::new();
        problems.add(field, visit.w.sign_in_too_long());
        return page_again(&sign_in_page(&visit, back, problems, Filled::from_sent(&sent, &["email"])));
    }
    let limits = &visit.web.limits;
    if !limits.take_sign_in(&client.0, &email, visit.now) {
        return Err(Failure::TooMany);
    }
    match check(&visit, email.clone(), password).await? {
        Ok(who) => {
            limits.give_back_sign_in(&client.0, &email, visit.now);
            begin(&visit, &who).await?;
            onward(&back)
        }
        Err(error) => {
            let problems = Problems::from_error(error, visit.w, |_| "email")?;
            page_again(&sign_in_page(&visit, back, problems, Filled::from_sent(&sent, &["email"])))
        }
    }
}

/// `POST /afmelden`
pub(crate) async fn leave(visit: Visit) -> Result<Response, Failure> {
    session::end(&visit.session).await?;
    let mut response = Redirect::to("/aanmelden").into_response();
    // Drafts that the browser kept go with the session.
    response
        .headers_mut()
        .insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}

/// Begins the session of somebody who proved who they are.
pub(crate) async fn begin(visit: &Visit, who: &Who) -> Result<(), Failure> {
    let token: String = visit.app().chance.bytes()?.iter().map(|byte| format!("{byte:02x}")).collect();
    session::begin(&visit.session, who, token).await
}

/// Hashing takes a noticeable part of a second: it does not hold up the others.
async fn check(visit: &Visit, email: String, password: String) -> Result<Result<Who, Error>, Failure> {
    let app = visit.app().clone();
    Ok(visit.web.hashing.run(async move { app.sign_in(&email, &password).await }).await?)
}

fn sign_in_page(visit: &Visit, back: String, problems: Problems, filled: Filled) -> SignInPage {
    let w = visit.w;
    let frame = visit.frame(w.sign_in()).standing_at("/aanmelden");
    SignInPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        notice: visit.web.state.notice.as_ref().map(|notice| NoticeView::of(notice, w)),
        back,
        is_unsaved: form_value(visit.uri.query().unwrap_or_default(), "onbewaard") == "ja",
        problems,
        filled,
        blank: Filled::default(),
    }
}

/// One value of an address's question.
pub(crate) fn form_value(query: &str, name: &str) -> String {
    let uri = format!("/?{query}").parse::<axum::http::Uri>();
    let pairs = uri.ok().and_then(|uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok());
    pairs
        .and_then(|axum::extract::Query(pairs)| pairs.into_iter().find(|(asked, _)| asked == name))
        .map(|(_, value)| value)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_counts_as_one() {
        let of = |ip: &str| network(ip.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:192.0.2.7"), "192.0.2.7");
        assert_eq!(of("192.0.2.7"), "192.0.2.7");
    }
}
