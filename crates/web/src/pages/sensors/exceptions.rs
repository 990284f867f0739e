//! Exceptions: what is ordinary here, who said so and until when; made, listed, taken back.

use app::{NewException, StandingException};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use contract::detection::Kind;
use incident::Permission;

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::{Frame, Place};
use crate::pages::sensors::proposals::ProposalView;
use crate::pages::sign_in::form_value;
use crate::view::sensor::kind_key;
use crate::words::Words;

/// The fields of the form; those of an address that fills it in are in Dutch.
const FIELDS: [&str; 6] = ["kind", "host", "domain", "network", "until", "reason"];
const FILLED_BY: [(&str, &str); 6] = [
    ("kind", "soort"),
    ("host", "apparaat"),
    ("domain", "naam"),
    ("network", "netwerk"),
    ("until", "tot"),
    ("reason", "waarom"),
];

#[derive(Template)]
#[template(path = "sensors/exceptions.html")]
pub(super) struct ExceptionsPage {
    frame: Frame,
    w: Words,
    base: String,
    address: String,
    saved: Option<&'static str>,
    problems: Problems,
    filled: Filled,
    kinds: Vec<(String, &'static str, bool)>,
    proposals: Vec<ProposalView>,
    proposals_address: String,
    /// Sensors that still learn, each in a sentence.
    learning: Vec<String>,
    standing: Vec<ExceptionView>,
    ended: Vec<ExceptionView>,
    may_change: bool,
}

struct ExceptionView {
    id: String,
    what: String,
    reason: String,
    made: String,
    until: String,
    /// What to know of one that stands.
    caution: Option<String>,
}

/// `GET /o/{slug}/sensoren/uitzonderingen`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let query = desk.visit.uri.query().unwrap_or_default();
    let fill = |filled: Filled, (field, asked): (&'static str, &str)| filled.with(field, form_value(query, asked));
    let filled = FILLED_BY.into_iter().fold(Filled::default(), fill);
    page(&exceptions_page(&desk, Problems::new(), filled).await?)
}

/// `POST /o/{slug}/sensoren/uitzonderingen`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let text = |name: &str| sent.text(name).to_owned();
    let wanted = NewException {
        kind: text("kind"),
        host: text("host"),
        domain: text("domain"),
        network: text("network"),
        last_day: text("until"),
        reason: text("reason"),
    };
    match desk.visit.app().except(&desk.scope, wanted, desk.visit.now).await {
        Ok(_) => onward(&format!("{}/uitzonderingen?bewaard=uitzondering", sensors_of(desk.slug()))),
        Err(error) => {
            let problems = Problems::from_error(error, desk.visit.w, |_| "")?;
            page_again(&exceptions_page(&desk, problems, Filled::from_sent(&sent, &FIELDS)).await?)
        }
    }
}

/// `POST /o/{slug}/sensoren/uitzonderingen/{id}`
pub(crate) async fn take_back(desk: Desk, Path((_, id)): Path<(String, String)>) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| app::Error::NotFound)?;
    match desk.visit.app().take_back_exception(&desk.scope, id, desk.visit.now).await {
        Ok(()) => onward(&format!("{}/uitzonderingen?bewaard=teruggenomen", sensors_of(desk.slug()))),
        Err(app::Error::NotFound) => {
            let all = desk.visit.app().exceptions(&desk.scope).await?;
            let of_it = all.into_iter().find(|one| one.exception.id == id);
            let Some((exception, (at, by))) = of_it.and_then(|one| Some((one.exception, one.taken_back?))) else {
                return Err(app::Error::NotFound.into());
            };
            let w = desk.visit.w;
            let mut problems = Problems::new();
            problems.add("", w.exception_back_already(&w.exception_of(&exception), &by, &desk.when(at).words));
            page_again(&exceptions_page(&desk, problems, Filled::default()).await?)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn exceptions_page(
    desk: &Desk,
    problems: Problems,
    filled: Filled,
) -> Result<ExceptionsPage, Failure> {
    let (w, app) = (desk.visit.w, desk.visit.app());
    let today = app.zoned(&desk.scope, desk.visit.now)?.date();
    let (standing, ended): (Vec<_>, Vec<_>) =
        app.exceptions(&desk.scope).await?.into_iter().partition(|one| one.holds_on(today));
    let proposed = app.proposed_exceptions(&desk.scope, desk.visit.now).await?;
    let sensors = app.sensors(&desk.scope, desk.visit.now).await?;
    let base = sensors_of(desk.slug());
    let address = format!("{base}/uitzonderingen");
    let frame = desk.frame(w.exceptions_heading(), Place::Sensors).standing_at(&address);
    let kinds = Kind::ALL.iter().map(|kind| {
        let key = kind_key(*kind);
        let is_chosen = filled.is("kind", &key);
        (key, w.detection_kind(*kind), is_chosen)
    });
    Ok(ExceptionsPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base,
        address,
        saved: desk.saved.as_deref().and_then(|form| w.sensors_saved(form)),
        kinds: kinds.collect(),
        problems,
        filled,
        proposals: proposed.iter().map(|one| ProposalView::new(one, desk)).collect(),
        proposals_address: format!("{}/voorstellen", sensors_of(desk.slug())),
        learning: sensors.iter().filter_map(|one| super::learning(one, desk)).collect(),
        standing: standing.iter().map(|one| with_caution(one, desk)).collect(),
        ended: ended.iter().map(|one| view(one, desk)).collect(),
        may_change: desk.allows(Permission::HandleIncident),
    })
}

fn view(one: &StandingException, desk: &Desk) -> ExceptionView {
    let (w, exception) = (desk.visit.w, &one.exception);
    let until = match (&one.taken_back, exception.until.and_then(|until| until.yesterday().ok())) {
        (Some((at, by)), _) => w.exception_taken_back(&desk.when(*at).words, by),
        (None, Some(last)) => w.exception_until(&w.date(last)),
        (None, None) => w.exception_no_end().to_owned(),
    };
    ExceptionView {
        id: exception.id.to_string(),
        what: w.exception_of(exception),
        reason: w.reason_of(exception).to_owned(),
        made: w.exception_by(&exception.author, &desk.when(one.made_at).words),
        until,
        caution: None,
    }
}

fn with_caution(one: &StandingException, desk: &Desk) -> ExceptionView {
    let caution = one.caution().map(|text| text.in_language(desk.visit.w.0).to_owned() + ".");
    ExceptionView { caution, ..view(one, desk) }
}
