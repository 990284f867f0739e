//! The way in: frames go in, events come out.

use jiff::Timestamp;

use super::Limits;
use super::connection::Connection;
use super::fragments::{Fragments, Placed};
use super::table::{Class, Key, Table};
use crate::Malformed;
use crate::event::{Conversation, Event, FlowEnd, FlowId, Kind, Stats};
use crate::findings::Findings;
use crate::frame::{self, Frame, Packet};

/// Follows the flows of one network.
#[derive(Debug, Default)]
pub struct Tracker {
    limits: Limits,
    stats: Stats,
    table: Table,
    fragments: Fragments,
    /// Over all flows: bytes held, questions waiting.
    buffered: usize,
    questions: usize,
    findings: Findings,
}

impl Tracker {
    /// A tracker that has seen nothing yet.
    pub fn new(limits: Limits) -> Self {
        let findings = Findings { looks_into_content: limits.looks_into_content, ..Findings::default() };
        Self { limits, findings, ..Self::default() }
    }

    /// What was counted so far.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Counts something that a reader of frames could not read: a cut-off record, a block of nonsense.
    pub fn count_malformed(&mut self) {
        self.stats.malformed += 1;
    }

    /// Takes the next frame and tells `sink` what it brought to light.
    ///
    /// Returns what was counted as malformed on the way, the last where it was more: of the frame itself, or of a
    /// message that it completed or cut off. What could be read of it was read.
    pub fn frame(&mut self, frame: Frame<'_>, sink: &mut dyn FnMut(Event)) -> Option<Malformed> {
        self.count(&frame);
        self.forget_idle(frame.at, sink);
        match frame::decode(&frame) {
            Ok(Some(mut packet)) => match self.fragments.place(&mut packet, self.limits.fragments) {
                Placed::Known => self.packet(&packet, frame.at, sink),
                Placed::Stray => {}
                Placed::Complete(payload) => {
                    let whole = Packet { payload: &payload, fragment: None, ..packet };
                    self.packet(&whole, frame.at, sink);
                }
            },
            Ok(None) => {}
            Err(what) => {
                self.stats.malformed += 1;
                self.findings.fault = Some(what);
            }
        }
        self.findings.fault.take()
    }

    /// No frame came, and it is `now` on the same clock: tells the flows that have been silent too long. For who reads a
    /// network that is quiet; in a capture the next frame says how late it is.
    ///
    /// Returns what was counted as malformed in them, the last where it was more.
    pub fn idle(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) -> Option<Malformed> {
        self.forget_idle(now, sink);
        self.findings.fault.take()
    }

    /// Whether what people send may be looked into from here on (see [`Limits::looks_into_content`]).
    pub fn look_into_content(&mut self, may: bool) {
        self.limits.looks_into_content = may;
        self.findings.looks_into_content = may;
    }

    /// The input has ended: tells what is still open, in the order in which it began.
    ///
    /// Returns what was counted as malformed in that, the last where it was more.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Event)) -> Option<Malformed> {
        for connection in self.table.drain() {
            self.close(connection, FlowEnd::EndOfInput, sink);
        }
        self.findings.fault.take()
    }

    fn count(&mut self, frame: &Frame<'_>) {
        let stats = &mut self.stats;
        stats.packets += 1;
        stats.bytes += u64::from(frame.wire_length).max(frame.bytes.len() as u64);
        stats.first_at = Some(stats.first_at.map_or(frame.at, |first| first.min(frame.at)));
        stats.last_at = Some(stats.last_at.map_or(frame.at, |last| last.max(frame.at)));
    }

    fn packet(&mut self, packet: &Packet<'_>, at: Timestamp, sink: &mut dyn FnMut(Event)) {
        let key = Key::of(packet);
        let is_outdated = |known: &Connection| known.is_over(at, &self.limits) || known.is_succeeded_by(packet);
        if self.table.get(&key).is_some_and(is_outdated) {
            self.end(&key, FlowEnd::Idle, sink);
        }
        if self.table.get(&key).is_none() {
            self.open(key, packet, at, sink);
        }
        let has_room = self.questions < self.limits.questions;
        let Some(connection) = self.table.get_mut(&key) else { return };
        let (buffered, questions) = (connection.buffered(), connection.questions());
        connection.packet(packet, at, &self.limits, has_room, &mut self.findings);
        self.buffered = self.buffered - buffered + connection.buffered();
        self.questions = self.questions - questions + connection.questions();
        if self.buffered > self.limits.buffered_bytes {
            self.buffered -= connection.buffered();
            connection.give_up_reading();
            self.buffered += connection.buffered();
            self.stats.dropped += 1;
        }
        let (id, conversation) = (connection.id(), connection.conversation());
        self.table.touch(&key);
        self.tell(id, conversation, sink);
    }

    fn open(&mut self, key: Key, packet: &Packet<'_>, at: Timestamp, sink: &mut dyn FnMut(Event)) {
        while self.table.len() >= self.limits.flows.max(1) {
            let Some(oldest) = self.table.oldest() else { break };
            self.end(&oldest, FlowEnd::Evicted, sink);
            self.stats.dropped += 1;
        }
        let connection = Connection::open(FlowId(self.stats.flows), packet, at);
        self.stats.flows += 1;
        let (flow, conversation) = (connection.id(), connection.conversation());
        sink(Event { at, flow, conversation, kind: Kind::FlowStarted });
        self.table.insert(key, connection);
    }

    /// Closes the flows that have been silent too long. Within a class, who was silent longest comes first.
    fn forget_idle(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        for class in Class::ALL {
            while let Some((key, connection)) = self.table.oldest_of(class) {
                if !connection.is_over(now, &self.limits) {
                    break;
                }
                self.end(&key, FlowEnd::Idle, sink);
            }
        }
    }

    fn end(&mut self, key: &Key, end: FlowEnd, sink: &mut dyn FnMut(Event)) {
        if let Some(connection) = self.table.remove(key) {
            self.close(connection, end, sink);
        }
    }

    fn close(&mut self, connection: Connection, end: FlowEnd, sink: &mut dyn FnMut(Event)) {
        self.buffered -= connection.buffered();
        self.questions -= connection.questions();
        let (id, conversation) = (connection.id(), connection.conversation());
        connection.close(end, &mut self.findings);
        self.tell(id, conversation, sink);
    }

    /// Hands on what was found, and counts.
    fn tell(&mut self, flow: FlowId, conversation: Conversation, sink: &mut dyn FnMut(Event)) {
        self.stats.malformed += std::mem::take(&mut self.findings.malformed);
        self.stats.dropped += std::mem::take(&mut self.findings.dropped);
        for (at, kind) in self.findings.events.drain(..) {
            sink(Event { at, flow, conversation, kind });
        }
    }
}
