//! The way in: frames go in, events come out.

use jiff::Timestamp;

use super::Limits;
use super::connection::Connection;
use super::fragments::{Fragments, Placed};
use super::table::{Key, Place, Table};
use crate::Malformed;
use crate::event::{Carrier, Conversation, Event, FlowEnd, FlowId, Kind, Stats};
use crate::findings::Findings;
use crate::frame::{self, Around, Frame, Packet};

/// Follows the flows of one network.
#[derive(Debug)]
pub struct Tracker {
    limits: Limits,
    stats: Stats,
    table: Table,
    fragments: Fragments,
    /// Over all flows: bytes held, questions waiting.
    buffered: usize,
    questions: usize,
    findings: Findings,
    /// The second of packet time in which silent flows were last looked for.
    swept_at: i64,
    /// The number of the flow that begins next.
    next: FlowId,
}

impl Default for Tracker {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Tracker {
    /// A tracker that has seen nothing yet.
    pub fn new(limits: Limits) -> Self {
        let findings = Findings { looks_into_content: limits.looks_into_content, ..Findings::default() };
        Self {
            limits,
            findings,
            stats: Stats::default(),
            table: Table::default(),
            fragments: Fragments::default(),
            buffered: 0,
            questions: 0,
            swept_at: 0,
            next: FlowId(0),
        }
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
        let id = FlowId(self.stats.packets);
        self.decoded(id, &frame, frame::decode(&frame), sink)
    }

    /// As [`Self::frame`], for one of several trackers that each follow their own part of the frames, of which this is the
    /// one with that number. What time it is in between, [`Self::clock`] says.
    pub fn numbered(&mut self, id: FlowId, frame: &Frame<'_>, sink: &mut dyn FnMut(Event)) -> Option<Malformed> {
        self.decoded(id, frame, frame::decode(frame), sink)
    }

    fn decoded(
        &mut self,
        id: FlowId,
        frame: &Frame<'_>,
        decoded: Result<Option<Packet<'_>>, Malformed>,
        sink: &mut dyn FnMut(Event),
    ) -> Option<Malformed> {
        self.count(frame);
        self.forget_idle(frame.at, sink);
        self.next = id;
        match decoded {
            Ok(Some(mut packet)) => match self.fragments.place(&mut packet, frame.at, self.limits.fragments) {
                Placed::Known => self.packet(&packet, frame.at, sink),
                Placed::Stray => {}
                Placed::Waiting => self.packet(&Packet { payload: &[], ..packet }, frame.at, sink),
                Placed::Complete { bytes, header, tcp } => {
                    let payload = bytes.get(header..).unwrap_or_default();
                    // Of the whole, so much is this part's and those that did not count yet, TCP's header in them.
                    let payload_length = packet.payload_length.min(payload.len() as u64);
                    let whole = Packet { payload, payload_length, tcp, fragment: None, ..packet };
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
        let mut known = self.table.find(&key);
        if let Some(place) = known
            && let Some(connection) = self.table.get(place)
            && (connection.is_over(at, &self.limits) || connection.is_succeeded_by(packet))
        {
            self.end(place, FlowEnd::Idle, sink);
            known = None;
        }
        let place = known.unwrap_or_else(|| self.open(key, packet, at, sink));
        let has_room = self.questions < self.limits.questions;
        let Some(connection) = self.table.get_mut(place) else { return };
        if connection.is_copy(packet, at) {
            self.stats.copies += 1;
            return;
        }
        // Most packets bring nothing to read.
        let holds = (packet.payload_length > 0 || !packet.payload.is_empty()) && connection.is_reading();
        let (buffered, questions) = if holds { (connection.buffered(), connection.questions()) } else { (0, 0) };
        connection.packet(packet, at, &self.limits, has_room, &mut self.findings);
        if holds {
            self.buffered = self.buffered - buffered + connection.buffered();
            self.questions = self.questions - questions + connection.questions();
            if self.buffered > self.limits.buffered_bytes {
                self.buffered -= connection.buffered();
                connection.give_up_reading();
                self.buffered += connection.buffered();
                self.stats.dropped += 1;
            }
        }
        let (id, conversation) = (connection.id(), connection.conversation());
        let due = connection.due(&self.limits);
        self.table.touch(place, due);
        self.tell(id, conversation, sink);
    }

    fn open(&mut self, key: Key, packet: &Packet<'_>, at: Timestamp, sink: &mut dyn FnMut(Event)) -> Place {
        while self.table.len() >= self.limits.flows.max(1) {
            let Some(oldest) = self.table.oldest() else { break };
            self.end(oldest, FlowEnd::Evicted, sink);
            self.stats.dropped += 1;
        }
        let connection = Connection::open(self.next, packet, at);
        self.stats.flows += 1;
        let (flow, conversation) = (connection.id(), connection.conversation());
        sink(Event { at, flow, conversation, kind: Kind::FlowStarted });
        if let Some(Around { tunnel, source, destination }) = packet.around {
            let is_from_client = packet.source == conversation.client;
            let (client, server) = if is_from_client { (source, destination) } else { (destination, source) };
            sink(Event { at, flow, conversation, kind: Kind::Carried(Carrier { tunnel, client, server }) });
        }
        self.table.insert(key, connection)
    }

    /// Says what time it is, for a tracker that does not see every frame. Returns what was counted as malformed in that.
    pub fn clock(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) -> Option<Malformed> {
        self.forget_idle(now, sink);
        self.findings.fault.take()
    }

    /// Closes the flows that have been silent too long, in the order in which they began. Looks once in a second of packet
    /// time.
    fn forget_idle(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        let second = now.as_second();
        if std::mem::replace(&mut self.swept_at, second) == second {
            return;
        }
        let mut over = Vec::new();
        while let Some(place) = self.table.next_due(second) {
            let Some(connection) = self.table.get(place) else { continue };
            if connection.is_over(now, &self.limits) {
                over.push((connection.id(), place));
            } else {
                let due = connection.due(&self.limits).max(second.saturating_add(1));
                self.table.put_off(place, due);
            }
        }
        over.sort_unstable_by_key(|(id, _)| *id);
        for (_, place) in over {
            self.end(place, FlowEnd::Idle, sink);
        }
    }

    fn end(&mut self, place: Place, end: FlowEnd, sink: &mut dyn FnMut(Event)) {
        if let Some(connection) = self.table.remove(place) {
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
        if self.findings.is_empty() {
            return;
        }
        self.stats.malformed += std::mem::take(&mut self.findings.malformed);
        self.stats.dropped += std::mem::take(&mut self.findings.dropped);
        for (at, kind) in self.findings.events.drain(..) {
            sink(Event { at, flow, conversation, kind });
        }
    }
}
