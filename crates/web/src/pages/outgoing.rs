//! What left the program, what waits, and what did not leave and why. Nobody is to believe that somebody was told when
//! the mail server refused.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use app::{Letter, LetterKind, LetterState};

use crate::address::outgoing_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page};
use crate::frame::{Frame, Place};
use crate::pages::sign_in::form_value;
use crate::view::time::When;
use crate::words::Words;

/// How many letters a page shows.
const SHOWN: u32 = 100;
/// What in the address says how many newer letters lie before the page.
const AFTER: &str = "na";

#[derive(Template)]
#[template(path = "outgoing.html")]
struct OutgoingPage {
    frame: Frame,
    w: Words,
    address: String,
    is_queued_again: bool,
    sends_mail: bool,
    /// The register's state goes nowhere: the organisation gave no address.
    has_no_address: bool,
    letters: Vec<LetterView>,
    /// Which of them stand here, where there are more.
    shown: String,
    newer: Option<String>,
    older: Option<String>,
}

/// A letter as lists show it.
pub(crate) struct LetterView {
    id: String,
    pub(crate) what: String,
    pub(crate) to: String,
    made: When,
    pub(crate) state: String,
    tone: &'static str,
    why: String,
    attempts: String,
    may_again: bool,
}

/// `GET /o/{slug}/uitgaand`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let after: u64 = form_value(desk.visit.uri.query().unwrap_or_default(), AFTER).parse().unwrap_or_default();
    // One more than is shown says whether there are any.
    let mut letters = desk.visit.app().letters_after(&desk.scope, after, SHOWN + 1).await?;
    let has_older = letters.len() > SHOWN as usize;
    letters.truncate(SHOWN as usize);
    let last = after.saturating_add(letters.len() as u64);
    let place = |after: u64| format!("{}?{AFTER}={after}", outgoing_of(desk.slug()));
    page(&OutgoingPage {
        frame: desk.frame(w.outgoing_heading(), Place::Settings),
        w,
        address: outgoing_of(desk.slug()),
        is_queued_again: desk.saved.is_some(),
        sends_mail: desk.visit.web.state.sends_mail,
        has_no_address: desk.scope.organisation().profile.register_address().is_none(),
        shown: if has_older || after > 0 { w.outgoing_shown(after.saturating_add(1), last) } else { String::new() },
        newer: (after > 0).then(|| place(after.saturating_sub(u64::from(SHOWN)))),
        older: has_older.then(|| place(last)),
        letters: letters.iter().map(|letter| view(letter, &desk)).collect(),
    })
}

/// `POST /o/{slug}/uitgaand/{id}`
pub(crate) async fn again(desk: Desk, Path((_, id)): Path<(String, String)>) -> Result<Response, Failure> {
    let id = id.parse().map_err(|_| app::Error::NotFound)?;
    desk.visit.app().send_again(&desk.scope, id, desk.visit.now).await?;
    onward(&format!("{}?bewaard=ja", outgoing_of(desk.slug())))
}

/// A letter in the reader's words.
pub(crate) fn view(letter: &Letter, desk: &Desk) -> LetterView {
    let w = desk.visit.w;
    let when = |at| desk.when(at).words;
    let data: serde_json::Value = serde_json::from_str(&letter.data).unwrap_or_default();
    let number = data.get("number").map(ToString::to_string).unwrap_or_default();
    let sensor_name = data.get("sensor_name").and_then(|name| name.as_str()).unwrap_or_default();
    // Its incident was erased: what it was about, and to whom it went, went with it.
    let is_erased = letter.recipient.is_empty();
    let what_key = w.pick("what_nl", "what_en");
    let (state, tone) = match letter.state {
        LetterState::Sent { at } => (w.outgoing_sent(&when(at)), "dike"),
        LetterState::Waiting { due_at } if letter.attempts > 0 => (w.outgoing_waiting(&when(due_at)), "amber"),
        LetterState::Waiting { .. } => (w.outgoing_waits().to_owned(), "amber"),
        LetterState::GivenUp { at } => (w.outgoing_given_up(&when(at)), "alarm"),
    };
    LetterView {
        id: letter.id.to_string(),
        what: match letter.kind {
            LetterKind::Checkpoint if is_erased => w.outgoing_erased_checkpoint(letter.tree_size),
            LetterKind::Alarm if is_erased => w.outgoing_erased_alarm().to_owned(),
            LetterKind::SensorCase if is_erased => w.outgoing_erased_case().to_owned(),
            LetterKind::Checkpoint => w.outgoing_checkpoint(&number, letter.tree_size),
            LetterKind::Alarm => {
                w.outgoing_alarm(data.get(what_key).and_then(|what| what.as_str()).unwrap_or_default(), &number)
            }
            LetterKind::SensorCase => w.outgoing_sensor_case(sensor_name),
            LetterKind::SensorMore => w.outgoing_sensor_more(sensor_name),
            LetterKind::SensorSilent => w.outgoing_sensor_silent(sensor_name),
            LetterKind::SensorTrouble => w.outgoing_sensor_trouble(sensor_name),
            LetterKind::SensorDigest => w.outgoing_sensor_digest().to_owned(),
        },
        to: if is_erased { w.told_erased().to_owned() } else { letter.recipient.clone() },
        made: desk.when(letter.created_at),
        state,
        tone,
        why: letter.last_error.clone(),
        attempts: if letter.attempts > 1 { w.outgoing_attempts(letter.attempts) } else { String::new() },
        may_again: !is_erased && matches!(letter.state, LetterState::GivenUp { .. }),
    }
}
