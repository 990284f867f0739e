//! One direction of an HTTP/2 connection: frames, the header blocks in them, and bodies as they pass.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::field::{Fields, Head};
use super::frame::{END_HEADERS, END_STREAM, Frame, HEADER, PADDED, kind};
use super::hpack::Decoder;
use crate::Malformed;
use crate::event::Kind;
use crate::findings::Findings;
use crate::http::body::{Body, Part};
use crate::http::connection::Exchange;
use crate::stream::Step;

/// What a client's first bytes end with, after what looks like HTTP/1.
const TAIL: &[u8] = b"SM\r\n\r\n";

/// Room for one header block; most servers refuse more than 8 to 64 KB.
const MAX_BLOCK: usize = 64 * 1024;

/// Streams whose bodies are looked at at the same time; clients may open 100 by default.
const MAX_BODIES: usize = 128;

/// One direction.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    state: State,
    /// What is not complete yet: a frame's header, or its payload where that belongs to a header block.
    buffer: Vec<u8>,
    /// The header block that is not complete yet.
    open: Option<Open>,
    table: Decoder,
    bodies: VecDeque<(u32, Body)>,
    held: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    Tail,
    #[default]
    Header,
    /// So many bytes still belong to a payload that is part of a header block.
    Block(Frame, usize),
    /// How much padding follows is about to be said.
    Padding(Frame),
    /// So many bytes still belong to a body, and so many to the padding after them.
    Data(Frame, usize, usize),
    /// So many bytes are not read.
    Skip(usize),
}

/// A header block in the making.
#[derive(Debug)]
struct Open {
    /// The frame that it began with.
    frame: Frame,
    block: Vec<u8>,
    /// Whether some of it is missing, or there was no room for it.
    is_lost: bool,
}

impl Frames {
    /// A client's, of which the first 18 bytes were read.
    pub(crate) fn after_head() -> Self {
        Self { state: State::Tail, ..Self::default() }
    }

    /// Takes the next bytes.
    pub(crate) fn data<'a>(
        &mut self,
        mut bytes: &'a [u8],
        at: Timestamp,
        exchange: &mut Exchange,
        findings: &mut Findings,
    ) -> Step<'a> {
        while !bytes.is_empty() {
            match self.state {
                State::Tail => {
                    if self.fill(&mut bytes, TAIL.len()) {
                        if self.buffer != TAIL {
                            return self.lost(bytes, at, findings);
                        }
                        self.buffer.clear();
                        self.state = State::Header;
                    }
                }
                State::Header => {
                    if self.fill(&mut bytes, HEADER) {
                        let header = self.buffer.first_chunk().copied().unwrap_or_default();
                        self.buffer.clear();
                        let frame = Frame::of(header);
                        if !frame.is_plausible() {
                            return self.lost(bytes, at, findings);
                        }
                        self.begin(frame, at, exchange, findings);
                    }
                }
                State::Block(frame, left) => {
                    let part = take(&mut bytes, left);
                    self.buffer.extend_from_slice(part);
                    self.state = State::Block(frame, left - part.len());
                    if part.len() == left {
                        self.block_ended(frame, at, exchange, findings);
                    }
                }
                State::Padding(frame) => {
                    let padding = take(&mut bytes, 1).first().copied().map_or(0, usize::from);
                    let Some(length) = (frame.length - 1).checked_sub(padding) else {
                        return self.lost(bytes, at, findings);
                    };
                    self.state = State::Data(frame, length, padding);
                    self.data_ended(at, exchange, findings);
                }
                State::Data(frame, left, padding) => {
                    let part = take(&mut bytes, left);
                    self.body(frame, part, left, at, exchange, findings);
                    self.state = State::Data(frame, left - part.len(), padding);
                    self.data_ended(at, exchange, findings);
                }
                State::Skip(left) => {
                    let left = left - take(&mut bytes, left).len();
                    self.state = if left == 0 { State::Header } else { State::Skip(left) };
                }
            }
        }
        self.count();
        Step::More
    }

    /// Bytes that were not captured. What fits within a frame does little harm.
    pub(crate) fn gap(&mut self, length: u64, at: Timestamp, findings: &mut Findings) -> Step<'static> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        match self.state {
            State::Skip(left) if length <= left => self.skip(left - length),
            State::Data(frame, left, padding) if length <= left + padding => {
                if let Some(body) = self.body_of(frame.stream) {
                    body.gap();
                }
                self.state = State::Data(frame, left.saturating_sub(length), padding.min(left + padding - length));
                if length == left + padding {
                    self.state = State::Header;
                    if frame.has(END_STREAM) {
                        self.let_go(frame.stream, at, findings);
                    }
                }
            }
            State::Block(frame, left) if length <= left => {
                self.buffer.clear();
                self.table.forget();
                if frame.has(END_HEADERS) {
                    self.open = None;
                } else if let Some(open) = &mut self.open {
                    open.is_lost = true;
                }
                self.skip(left - length);
            }
            _ => {
                self.finish(at, findings);
                return Step::Seek(&[]);
            }
        }
        Step::More
    }

    /// The connection is over, perhaps in the middle of bodies.
    pub(crate) fn finish(&mut self, at: Timestamp, findings: &mut Findings) {
        for (_, mut body) in std::mem::take(&mut self.bodies) {
            body.finish(at, findings);
        }
        // The frames say what it is, also where no head could be read.
        findings.application = findings.application.or(Some("http"));
    }

    pub(crate) fn buffered(&self) -> usize {
        self.held
    }

    fn count(&mut self) {
        let bodies: usize = self.bodies.iter().map(|(_, body)| size_of::<(u32, Body)>() + body.buffered()).sum();
        let open = self.open.as_ref().map_or(0, |open| open.block.len());
        self.held = self.buffer.len() + open + self.table.held() + bodies;
    }

    /// Takes bytes until so many wait; whether they do.
    fn fill(&mut self, bytes: &mut &[u8], length: usize) -> bool {
        let part = take(bytes, length.saturating_sub(self.buffer.len()));
        self.buffer.extend_from_slice(part);
        self.buffer.len() >= length
    }

    /// These are no frames, or no longer.
    fn lost<'a>(&mut self, bytes: &'a [u8], at: Timestamp, findings: &mut Findings) -> Step<'a> {
        findings.malformed(Malformed("http/2 frame"));
        self.finish(at, findings);
        Step::Seek(bytes)
    }

    fn skip(&mut self, length: usize) {
        self.state = if length == 0 { State::Header } else { State::Skip(length) };
    }

    /// A frame's header is read, and its payload follows.
    fn begin(&mut self, frame: Frame, at: Timestamp, exchange: &mut Exchange, findings: &mut Findings) {
        let is_more = frame.kind == kind::CONTINUATION;
        // Between the parts of a header block nothing else may stand (RFC 9113 §6.10).
        if self.open.as_ref().is_some_and(|open| !is_more || open.frame.stream != frame.stream) {
            findings.malformed(Malformed("http/2 continuation"));
            self.open = None;
            self.table.forget();
        }
        match frame.kind {
            kind::HEADERS | kind::PUSH_PROMISE => {
                self.open = Some(Open { frame, block: Vec::new(), is_lost: false });
                self.block(frame, at, exchange, findings);
            }
            kind::CONTINUATION if self.open.is_some() => self.block(frame, at, exchange, findings),
            // Its beginning was not seen.
            kind::CONTINUATION => {
                self.table.forget();
                self.skip(frame.length);
            }
            kind::DATA if frame.has(PADDED) && frame.length > 0 => self.state = State::Padding(frame),
            kind::DATA => {
                self.state = State::Data(frame, frame.length, 0);
                self.data_ended(at, exchange, findings);
            }
            _ => self.skip(frame.length),
        }
    }

    /// A part of a header block follows.
    fn block(&mut self, frame: Frame, at: Timestamp, exchange: &mut Exchange, findings: &mut Findings) {
        let held = self.open.as_ref().map_or(0, |open| open.block.len());
        if held + frame.length <= MAX_BLOCK && self.open.as_ref().is_some_and(|open| !open.is_lost) {
            self.state = State::Block(frame, frame.length);
            if frame.length == 0 {
                self.block_ended(frame, at, exchange, findings);
            }
            return;
        }
        self.skip(frame.length);
        if let Some(open) = &mut self.open
            && !open.is_lost
        {
            (open.is_lost, open.block) = (true, Vec::new());
            self.table.forget();
            findings.malformed(Malformed("http/2 header block"));
        }
        if frame.has(END_HEADERS) {
            self.open = None;
        }
    }

    /// The payload in the buffer is a part of a header block, perhaps its last.
    fn block_ended(&mut self, frame: Frame, at: Timestamp, exchange: &mut Exchange, findings: &mut Findings) {
        self.state = State::Header;
        let payload = std::mem::take(&mut self.buffer);
        let Some(open) = &mut self.open else { return };
        match frame.block(&payload) {
            Some(part) if open.block.is_empty() && frame.has(END_HEADERS) => {
                let first = open.frame;
                self.open = None;
                self.head(first, part, at, exchange, findings);
            }
            Some(part) => {
                open.block.extend_from_slice(part);
                if frame.has(END_HEADERS)
                    && let Some(open) = self.open.take()
                {
                    self.head(open.frame, &open.block, at, exchange, findings);
                }
            }
            None => {
                findings.malformed(Malformed("http/2 frame"));
                self.table.forget();
                open.is_lost = true;
                self.open.take_if(|_| frame.has(END_HEADERS));
            }
        }
    }

    /// A header block is whole.
    fn head(&mut self, first: Frame, block: &[u8], at: Timestamp, exchange: &mut Exchange, findings: &mut Findings) {
        let mut fields = Fields::default();
        if let Err(what) = self.table.block(block, &mut |field| fields.add(field)) {
            findings.malformed(what);
            fields.has_unknown = true;
        }
        if first.kind == kind::PUSH_PROMISE {
            return;
        }
        let (stream, is_last) = (first.stream, first.has(END_STREAM));
        let number = exchange.number(stream);
        match fields.head(number) {
            Head::Request(request, login) => {
                let content_type = request.content_type.as_deref();
                if content_type.is_some_and(|kind| kind.starts_with("application/grpc")) {
                    findings.application = Some("grpc");
                }
                let body = Body::of_request(content_type, login.is_some(), findings.looks_into_content);
                if let Some(offer) = login {
                    exchange.carried_on(number, at, offer, findings);
                }
                findings.event(at, Kind::HttpRequest(request));
                self.follow(stream, body, is_last, at, findings);
            }
            Head::Response(response, codings) => {
                let is_final = response.status >= 200;
                if is_final {
                    exchange.answered_on(number, response.status, findings);
                }
                findings.event(at, Kind::HttpResponse(response));
                if is_final {
                    self.follow(stream, Body::of_answer(codings), is_last, at, findings);
                }
            }
            Head::Neither if is_last => self.body_ended(stream, at, exchange, findings),
            Head::Neither => {}
        }
    }

    /// A body follows, if anything is looked for in it.
    fn follow(&mut self, stream: u32, body: Body, is_last: bool, at: Timestamp, findings: &mut Findings) {
        self.let_go(stream, at, findings);
        if is_last || !body.is_read() {
            return;
        }
        if self.bodies.len() >= MAX_BODIES
            && let Some((_, mut oldest)) = self.bodies.pop_front()
        {
            findings.dropped += 1;
            oldest.finish(at, findings);
        }
        self.bodies.push_back((stream, body));
    }

    fn body_of(&mut self, stream: u32) -> Option<&mut Body> {
        self.bodies.iter_mut().find(|(of, _)| *of == stream).map(|(_, body)| body)
    }

    /// A part of a body, of whose frame `left` bytes are to come with it.
    fn body(
        &mut self,
        frame: Frame,
        bytes: &[u8],
        left: usize,
        at: Timestamp,
        exchange: &mut Exchange,
        findings: &mut Findings,
    ) {
        let number = exchange.number(frame.stream);
        let Some(body) = self.body_of(frame.stream) else { return };
        let is_known = frame.has(END_STREAM);
        body.data(Part { at, stream: number, bytes, left: left as u64, is_known }, findings);
        if let Some(offer) = body.login(false) {
            exchange.carried_on(number, at, offer, findings);
        }
    }

    /// Goes on to the next frame when all of a body's frame was taken.
    fn data_ended(&mut self, at: Timestamp, exchange: &mut Exchange, findings: &mut Findings) {
        let State::Data(frame, 0, padding) = self.state else { return };
        self.skip(padding);
        if frame.has(END_STREAM) {
            self.body_ended(frame.stream, at, exchange, findings);
        }
    }

    fn body_ended(&mut self, stream: u32, at: Timestamp, exchange: &mut Exchange, findings: &mut Findings) {
        let number = exchange.number(stream);
        let Some(body) = self.body_of(stream) else { return };
        // Whether more would follow was not known until now.
        body.data(Part { at, stream: number, bytes: &[], left: 0, is_known: true }, findings);
        if let Some(offer) = body.login(true) {
            exchange.carried_on(number, at, offer, findings);
        }
        self.let_go(stream, at, findings);
    }

    fn let_go(&mut self, stream: u32, at: Timestamp, findings: &mut Findings) {
        if let Some(index) = self.bodies.iter().position(|(of, _)| *of == stream)
            && let Some((_, mut body)) = self.bodies.remove(index)
        {
            body.finish(at, findings);
        }
    }
}

/// Splits off up to `length` bytes.
fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (part, rest) = bytes.split_at(length.min(bytes.len()));
    *bytes = rest;
    part
}
