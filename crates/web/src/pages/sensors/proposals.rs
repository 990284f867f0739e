//! What the learning week proposes: taken over or refused, one at a press or several at once, edited first if need be.

use app::Proposed;
use axum::response::Response;

use crate::address::{encoded, sensors_of};
use crate::desk::Desk;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::pages::sensors::exceptions::exceptions_page;
use crate::view::sensor::kind_key;

/// A proposal on the page.
pub(super) struct ProposalView {
    pub(super) key: String,
    pub(super) what: String,
    pub(super) why: String,
    pub(super) seen: String,
    pub(super) until: String,
    /// The form for an exception, filled in with it.
    pub(super) edit: String,
}

impl ProposalView {
    pub(super) fn new(one: &Proposed, desk: &Desk) -> Self {
        let (w, exception) = (desk.visit.w, &one.exception);
        let last_day = exception.until.and_then(|until| until.yesterday().ok());
        let why = one.why.in_language(w.0);
        let fields = [
            ("soort", exception.kind.map(kind_key)),
            ("apparaat", exception.host.map(|host| host.to_string())),
            ("naam", exception.domain.clone()),
            ("netwerk", exception.network.map(|range| range.to_string())),
            ("tot", last_day.map(|day| day.to_string())),
            ("waarom", Some(why.to_owned())),
        ];
        let filled = fields.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", encoded(&value?))));
        let query = filled.collect::<Vec<_>>().join("&");
        Self {
            key: one.key.clone(),
            what: w.exception_of(exception),
            why: why.to_owned(),
            seen: w.proposal_seen(one.detections, one.connections, &desk.day(one.first_at), &desk.day(one.last_at)),
            until: last_day.map_or_else(|| w.exception_no_end().to_owned(), |day| w.exception_until(&w.date(day))),
            edit: format!("{}/uitzonderingen?{query}#nieuw", sensors_of(desk.slug())),
        }
    }
}

/// `POST /o/{slug}/sensoren/voorstellen`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let (app, scope, now) = (desk.visit.app(), &desk.scope, desk.visit.now);
    let ticked = || sent.all("key").into_iter().map(str::to_owned).collect::<Vec<_>>();
    // A button of one proposal says which; those below are for all that are ticked.
    let (does_take, keys) = match (sent.text("neem"), sent.text("weiger")) {
        // Without a button nobody said what is to become of them.
        ("", "") => return again(&desk, desk.visit.w.proposals_choose()).await,
        ("alle", _) => (true, ticked()),
        (_, "alle") => (false, ticked()),
        ("", key) => (false, vec![key.to_owned()]),
        (key, _) => (true, vec![key.to_owned()]),
    };
    let (done, saved) = if does_take {
        (app.take_over_proposals(scope, &keys, now).await, "overgenomen")
    } else {
        (app.refuse_proposals(scope, &keys, now).await, "geweigerd")
    };
    match done {
        Ok(done) if done.overtaken > 0 => {
            let w = desk.visit.w;
            again(&desk, &w.proposals_overtaken(done.overtaken, done.decided, does_take)).await
        }
        Ok(_) => onward(&format!("{}/uitzonderingen?bewaard={saved}", sensors_of(desk.slug()))),
        Err(error) => {
            let problems = Problems::from_error(error, desk.visit.w, |_| "")?;
            page_again(&exceptions_page(&desk, problems, Filled::default()).await?)
        }
    }
}

/// The page as it is now, with what went otherwise than was asked.
async fn again(desk: &Desk, said: &str) -> Result<Response, Failure> {
    let mut problems = Problems::new();
    problems.add("", said);
    page_again(&exceptions_page(desk, problems, Filled::default()).await?)
}
