//! What other devices tell of the traffic, beside what passes on interfaces.

use std::io::ErrorKind;
use std::time::Duration;

use collect::{Origin, Receivers, Source};
use contract::sensor::{SourceFault, SourceKind, SourceState};
use jiff::{SignedDuration, Timestamp};

use super::Due;
use crate::courier::Say;
use crate::engine::Engine;

/// How often sockets and files are read: busy interfaces do not make it more.
const READ_EVERY: SignedDuration = SignedDuration::from_millis(40);

/// The sockets and files, and what was said of them.
pub(super) struct Heard {
    receivers: Receivers,
    read: Due,
    /// Why each source gave nothing, as last said.
    complaints: Vec<Option<String>>,
}

impl Heard {
    pub(super) fn new(receivers: Receivers, now: Timestamp) -> Self {
        let complaints = vec![None; receivers.sources().len()];
        Self { receivers, read: Due { every: READ_EVERY, last: now }, complaints }
    }

    /// How long frames may be waited for: a router that lets go of all it counted fills a socket in less than a tenth of a
    /// second.
    pub(super) fn at_most(&self, within: Duration) -> Duration {
        if self.receivers.is_empty() { within } else { within.min(Duration::from_millis(50)) }
    }

    /// Hands on what came.
    pub(super) fn read(&mut self, engine: &mut Engine, now: Timestamp) {
        if !self.receivers.is_empty() && self.read.is_due(now) {
            self.receivers.read(now, &mut |event| engine.event(event, now));
        }
    }

    /// Nothing more will come: what waited for more is told as it stands.
    pub(super) fn finish(&mut self, engine: &mut Engine, now: Timestamp) {
        self.receivers.read(now, &mut |event| engine.event(event, now));
        self.receivers.finish(&mut |event| engine.event(event, now));
    }

    /// Says which files cannot be read, once, and when they can. True: something was said.
    pub(super) fn look(&mut self, say: &Say) -> bool {
        let mut has_changed = false;
        for (source, before) in self.receivers.sources().iter().zip(&mut self.complaints) {
            let now = source.tally.fault.as_ref().map(|fault| fault.why.clone());
            match (&*before, &now) {
                (old, new) if old == new => continue,
                (_, Some(why)) => say(&format!("warning: {why}; it is tried again")),
                (_, None) => say(&format!("{} is read again", source.name)),
            }
            *before = now;
            has_changed = true;
        }
        has_changed
    }

    /// Each source as the server hears of it.
    pub(super) fn sources(&self) -> impl Iterator<Item = SourceState> + '_ {
        self.receivers.sources().iter().map(state)
    }

    /// Let go because a table was full.
    pub(super) fn dropped(&self) -> u64 {
        self.receivers.dropped()
    }

    /// A line for each source, for whoever watches.
    pub(super) fn said(&self) -> impl Iterator<Item = String> + '_ {
        self.receivers.sources().iter().map(|Source { origin, name, tally }| {
            let messages = if *origin == Origin::Netflow { "packets" } else { "lines" };
            format!(
                "{name}: {} {messages}, {} flows, {} not read, {} from strangers",
                tally.messages, tally.flows, tally.unread, tally.strangers
            )
        })
    }
}

fn state(Source { origin, name, tally }: &Source) -> SourceState {
    let kind = match origin {
        Origin::Netflow => SourceKind::Netflow,
        Origin::Syslog | Origin::FirewallLog => SourceKind::FirewallLog,
        Origin::DnsLog => SourceKind::DnsLog,
        Origin::Eve => SourceKind::Eve,
        Origin::Zeek => SourceKind::Zeek,
    };
    SourceState {
        packets: tally.messages,
        bytes: tally.bytes,
        flows: tally.flows,
        unread: tally.unread,
        strangers: tally.strangers,
        heard_at: tally.heard_at,
        formats: tally.formats.iter().map(|format| format.key().to_owned()).collect(),
        fault: tally.fault.as_ref().map(|fault| match fault.kind {
            ErrorKind::NotFound => SourceFault::Absent,
            ErrorKind::PermissionDenied => SourceFault::NotAllowed,
            _ => SourceFault::Unreadable,
        }),
        ..SourceState::new(kind, name.clone(), tally.fault.is_none())
    }
}
