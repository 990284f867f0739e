//! The public report form: no account, five questions of which one must be answered, and no blame.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;

use app::{Error, Opened, Report, Scope};

use crate::failure::{Failure, failed_page, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::pages::sign_in::Client;
use crate::visit::Visit;
use crate::words::Words;

const FIELDS: [&str; 5] = ["what", "when", "whose", "done", "contact"];
/// The form's own mark.
const ONCE: &str = "_eenmalig";
/// Takes the reference number to the thanks page, so that an address cannot claim one.
const COOKIE: &str = "gemeld";

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    frame: Frame,
    w: Words,
    organisation: String,
    code: String,
    /// This form's own mark: the same report sent twice from it is one report.
    once: String,
    problems: Problems,
    filled: Filled,
}

#[derive(Template)]
#[template(path = "thanks.html")]
struct ThanksPage {
    frame: Frame,
    w: Words,
    organisation: String,
    code: String,
    number: Option<u64>,
    phone: Option<String>,
}

/// `GET /melden/{code}`
pub(crate) async fn show(visit: Visit, Path(code): Path<String>) -> Result<Response, Failure> {
    let scope = visit.app().permit_reporter(&code, None).await?;
    page(&report_page(&visit, &scope, code, Problems::new(), Filled::default())?)
}

/// `POST /melden/{code}`
pub(crate) async fn take(
    visit: Visit,
    client: Client,
    Path(code): Path<String>,
    sent: Sent,
) -> Result<Response, Failure> {
    let scope = visit.app().permit_reporter(&code, None).await?;
    if !visit.web.limits.report.take(&[&client.0], visit.now) {
        return Err(Failure::TooMany);
    }
    let text = |name: &str| sent.text(name).to_owned();
    let report = Report {
        what: text("what"),
        when: text("when"),
        whose: text("whose"),
        done: text("done"),
        contact: text("contact"),
    };
    // A form without a mark is always new.
    let taken = match sent.raw(ONCE) {
        "" => visit.app().report(&scope, report, visit.now).await,
        form => visit.app().report_once(&scope, form, report, visit.now).await,
    };
    match taken {
        Ok(Opened { number, .. }) => {
            let mut response = Redirect::to(&format!("/melden/{code}/dank")).into_response();
            let cookie = format!("{COOKIE}={number}; Path=/melden/{code}; Max-Age=3600; HttpOnly; SameSite=Lax");
            let cookie = HeaderValue::from_str(&cookie).map_err(Error::internal)?;
            response.headers_mut().append(SET_COOKIE, cookie);
            Ok(response)
        }
        Err(Error::Unavailable(trouble, cause)) => {
            let (w, profile) = (visit.w, &scope.organisation().profile);
            let advice = w.report_failed(Some(trouble), &profile.contact_phone, &profile.contact_email);
            let problems = Problems::of_trouble_said(trouble, [w.report_failed_text().to_owned(), advice]);
            let mut shown = report_page(&visit, &scope, code, problems, Filled::from_sent(&sent, &FIELDS))?;
            // Should it have been saved after all, sending it again makes no second report.
            sent.raw(ONCE).clone_into(&mut shown.once);
            failed_page(&shown, Error::Unavailable(trouble, cause))
        }
        Err(error) => {
            let problems = Problems::from_error(error, visit.w, |_| "")?;
            page_again(&report_page(&visit, &scope, code, problems, Filled::from_sent(&sent, &FIELDS))?)
        }
    }
}

/// `GET /melden/{code}/dank`
pub(crate) async fn thanks(visit: Visit, Path(code): Path<String>, cookies: CookieJar) -> Result<Response, Failure> {
    let scope = visit.app().permit_reporter(&code, None).await?;
    let organisation = scope.organisation();
    let phone = organisation.profile.contact_phone.trim();
    page(&ThanksPage {
        frame: visit.frame(visit.w.thanks_heading()).at_home(&format!("/melden/{code}")),
        w: visit.w,
        organisation: organisation.name.clone(),
        code,
        number: cookies.get(COOKIE).and_then(|cookie| cookie.value().parse().ok()),
        phone: (!phone.is_empty()).then(|| phone.to_owned()),
    })
}

fn report_page(
    visit: &Visit,
    scope: &Scope,
    code: String,
    problems: Problems,
    filled: Filled,
) -> Result<ReportPage, Failure> {
    let once = visit.app().chance.bytes()?.iter().map(|byte| format!("{byte:02x}")).collect();
    let frame = visit.frame(visit.w.report_heading()).at_home(&format!("/melden/{code}"));
    Ok(ReportPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w: visit.w,
        organisation: scope.organisation().name.clone(),
        code,
        once,
        problems,
        filled,
    })
}
