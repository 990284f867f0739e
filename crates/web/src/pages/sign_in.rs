//! Signing in and out.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::ConnectInfo;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use app::{Error, Who};

use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::visit::Visit;
use crate::words::Words;
use crate::{Notice, address, session};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    w: Words,
    notice: Option<NoticeView>,
    back: String,
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

/// Where the person stands on the network, as far as the server was told.
#[derive(Clone, Debug)]
pub(crate) struct Client(pub(crate) String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self(address.map(|ip| ip.to_string()).unwrap_or_default()))
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
    let limits = &visit.web.limits;
    if !limits.sign_in_address.take(&client.0, visit.now) || !limits.sign_in_account.take(&email, visit.now) {
        return Err(Failure::TooMany);
    }
    let back = address::local(sent.raw("terug")).unwrap_or("/").to_owned();
    match check(&visit, email.clone(), password).await? {
        Ok(who) => {
            limits.sign_in_address.give_back(&client.0, visit.now);
            limits.sign_in_account.give_back(&email, visit.now);
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
    let (app, runtime) = (visit.app().clone(), Handle::current());
    let checked = spawn_blocking(move || runtime.block_on(app.sign_in(&email, &password))).await;
    Ok(checked.map_err(Error::internal)?)
}

fn sign_in_page(visit: &Visit, back: String, problems: Problems, filled: Filled) -> SignInPage {
    let w = visit.w;
    let frame = visit.frame(w.sign_in()).standing_at("/aanmelden");
    SignInPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        notice: visit.web.state.notice.as_ref().map(|notice| NoticeView::of(notice, w)),
        back,
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
