//! AdGuard Home: `querylog.json`, one object a line, the answer as a DNS message in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use wire::event::{Dns, Event};

use super::{asked, event, kind, question};
use crate::conversation::Numbers;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "T")]
    at: &'a str,
    #[serde(rename = "QH")]
    name: std::borrow::Cow<'a, str>,
    #[serde(rename = "QT")]
    kind: &'a str,
    #[serde(rename = "IP")]
    asker: std::net::IpAddr,
    #[serde(rename = "Answer", default)]
    answer: Option<std::borrow::Cow<'a, str>>,
    /// Nanoseconds.
    #[serde(rename = "Elapsed", default)]
    elapsed: i64,
}

/// One line. None: it is none that is read here.
pub(crate) fn line(text: &str, numbers: &mut Numbers) -> Option<Event> {
    let line: Line<'_> = serde_json::from_str(text).ok()?;
    let asked_at: Timestamp = line.at.parse().ok()?;
    let mut dns = question(asked(&line.name)?, kind(line.kind)?);
    let message = line.answer.and_then(|answer| STANDARD.decode(answer.as_bytes()).ok());
    if let Some(message) = message.and_then(|bytes| wire::dns::parse(&bytes).ok()) {
        let elapsed = SignedDuration::from_nanos(line.elapsed.clamp(0, 600_000_000_000));
        dns = Dns {
            transaction: message.transaction,
            answered_at: asked_at.checked_add(elapsed).ok(),
            code: Some(message.code),
            answers: message.answers,
            ..dns
        };
    }
    Some(event(numbers, line.asker, asked_at, dns))
}
