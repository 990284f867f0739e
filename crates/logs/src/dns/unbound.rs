//! Unbound: `log-queries`, better `log-replies`, with or without `log-tag-queryreply`. No answers stand in it.

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use wire::event::{Dns, Event};

use super::{event, kind, question};
use crate::conversation::Numbers;
use crate::fields::name;
use crate::waiting::Waiting;

/// Questions that wait for their reply, and for how long.
const WAITING: usize = 8_192;
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);

type Key = (IpAddr, String, String);

#[derive(Debug)]
pub(crate) struct Unbound {
    waiting: Waiting<Key, (Key, Timestamp)>,
    pub(crate) dropped: u64,
}

impl Default for Unbound {
    fn default() -> Self {
        Self { waiting: Waiting::new(WAITING), dropped: 0 }
    }
}

/// What stands before the message in Unbound's own files: `[1792389600] unbound[77:0] info: `.
pub(crate) fn own_stamp(message: &str) -> Option<Timestamp> {
    let (stamp, _) = message.strip_prefix('[')?.split_once(']')?;
    crate::moment::epoch(stamp)
}

impl Unbound {
    /// False: it is no question and no reply.
    pub(crate) fn message(
        &mut self,
        message: &str,
        at: Timestamp,
        numbers: &mut Numbers,
        sink: &mut dyn FnMut(Event),
    ) -> bool {
        self.quiet(at, numbers, sink);
        self.read(message, at, numbers, sink).is_some()
    }

    /// It is `at`: who waited long enough gets no reply.
    pub(crate) fn quiet(&mut self, at: Timestamp, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        while let Some((key, asked_at)) = self.waiting.due(at) {
            sink(unanswered(key, asked_at, numbers));
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(crate) fn finish(&mut self, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) {
        while let Some((key, asked_at)) = self.waiting.first() {
            sink(unanswered(key, asked_at, numbers));
        }
    }

    fn read(&mut self, message: &str, at: Timestamp, numbers: &mut Numbers, sink: &mut dyn FnMut(Event)) -> Option<()> {
        let (_, rest) = ["info: ", "query: ", "reply: "].iter().find_map(|level| message.split_once(level))?;
        let mut words = rest.split_ascii_whitespace();
        let asker = words.next()?.split('@').next()?.parse().ok()?;
        let (wanted, kind) = (name(words.next()?)?, kind(words.next()?)?);
        words.next().filter(|class| matches!(*class, "IN" | "CH" | "HS"))?;
        let key = (asker, wanted, kind);
        let Some(code) = words.next() else {
            let until = at.saturating_add(PATIENCE).ok()?;
            if let Some((key, asked_at)) = self.waiting.put(key.clone(), until, (key, at)) {
                self.dropped += 1;
                sink(unanswered(key, asked_at, numbers));
            }
            return Some(());
        };
        let took = words
            .next()
            .and_then(|seconds| seconds.parse::<f64>().ok())
            .filter(|seconds| (0.0..600.0).contains(seconds));
        let asked_at = match self.waiting.take(&key) {
            Some((_, asked_at)) => asked_at,
            None => at.checked_sub(SignedDuration::try_from_secs_f64(took.unwrap_or_default()).ok()?).ok()?,
        };
        let (asker, name, kind) = key;
        let code = code.to_ascii_uppercase().chars().take(16).collect();
        sink(event(numbers, asker, asked_at, Dns { answered_at: Some(at), code: Some(code), ..question(name, kind) }));
        Some(())
    }
}

fn unanswered((asker, name, kind): Key, asked_at: Timestamp, numbers: &mut Numbers) -> Event {
    event(numbers, asker, asked_at, question(name, kind))
}
