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
use crate::view::time::When;
use crate::words::Words;

/// How many letters the page shows.
const SHOWN: u32 = 200;

#[derive(Template)]
#[template(path = "outgoing.html")]
struct OutgoingPage {
    frame: Frame,
    w: Words,
    address: String,
    is_queued_again: bool,
    sends_mail: bool,
    letters: Vec<LetterView>,
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
    let letters = desk.visit.app().letters(&desk.scope, SHOWN).await?;
    page(&OutgoingPage {
        frame: desk.frame(w.outgoing_heading(), Place::Settings),
        w,
        address: outgoing_of(desk.slug()),
        is_queued_again: desk.saved.is_some(),
        sends_mail: desk.visit.web.state.sends_mail,
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
            LetterKind::Checkpoint => w.outgoing_checkpoint(&number, letter.tree_size),
            LetterKind::Alarm => {
                w.outgoing_alarm(data.get(what_key).and_then(|what| what.as_str()).unwrap_or_default(), &number)
            }
            LetterKind::SensorCase => w.outgoing_sensor_case(sensor_name),
            LetterKind::SensorSilent => w.outgoing_sensor_silent(sensor_name),
            LetterKind::SensorDigest => w.outgoing_sensor_digest().to_owned(),
        },
        to: letter.recipient.clone(),
        made: desk.when(letter.created_at),
        state,
        tone,
        why: letter.last_error.clone(),
        attempts: if letter.attempts > 1 { w.outgoing_attempts(letter.attempts) } else { String::new() },
        may_again: matches!(letter.state, LetterState::GivenUp { .. }),
    }
}
