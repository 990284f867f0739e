//! One direction of an HTTP/1 connection: heads are read, bodies skipped, one message after the other.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::body::{Body, Part};
use super::login::Offer;
use super::{Framing, HTTP2_HEAD, Head, begins_message, head_end, parse_request, parse_response, read_request};
use crate::Malformed;
use crate::content::Content;
use crate::event::{HttpRequest, Kind, LoginOutcome, QueryHash, RawStream};
use crate::findings::Findings;
use crate::login::told::Attempts;
use crate::stream::Step;

/// Room for one head; servers refuse more than 8 to 16 KB.
const MAX_HEAD: usize = 16 * 1024;

/// Room for the line that says how long a chunk is.
const MAX_CHUNK_LINE: usize = 1024;

/// Requests that may wait for their response at the same time.
const MAX_EXPECTED: usize = 256;

/// What both directions of a connection must know of each other: a response's body depends on the request.
#[derive(Debug, Default)]
pub(crate) struct Exchange {
    expected: VecDeque<(Expected, Option<(Timestamp, Offer)>)>,
    attempts: Attempts,
    /// Log-ins on HTTP/2's streams that wait for their answer.
    streams: VecDeque<(u32, Timestamp, Offer)>,
    /// Whether the connection has changed to another protocol (status 101).
    is_upgraded: bool,
    /// The log-in that was told last, and what came of it: browsers repeat it with every request.
    told: Option<(u64, LoginOutcome)>,
    /// The query that was looked into last: a page asks for the same again.
    looked_into: Option<QueryHash>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The answer has no body, whatever it says.
    NoBody,
    /// The answer, when it is yes, turns the connection into a tunnel.
    Tunnel,
    Ordinary,
}

impl Exchange {
    fn asked(&mut self, method: &str, login: Option<(Timestamp, Offer)>) {
        if self.expected.len() >= MAX_EXPECTED {
            self.expected.pop_front();
        }
        let expected = match method {
            "HEAD" => Expected::NoBody,
            "CONNECT" => Expected::Tunnel,
            _ => Expected::Ordinary,
        };
        self.expected.push_back((expected, login));
    }

    /// The request that came last carries a log-in in its body.
    fn carries(&mut self, at: Timestamp, offer: Offer, findings: &mut Findings) {
        match self.expected.back_mut() {
            Some((_, login @ None)) => *login = Some((at, offer)),
            Some(_) => {}
            None => self.tell((at, offer), LoginOutcome::Unknown, findings),
        }
    }

    fn answered(&mut self, status: u16, findings: &mut Findings) -> Expected {
        let (expected, login) = self.expected.pop_front().unwrap_or((Expected::Ordinary, None));
        if let Some(login) = login {
            let outcome = outcome(&login.1, status);
            self.tell(login, outcome, findings);
        }
        expected
    }

    /// The connection is over: log-ins without an answer are told as such.
    pub(crate) fn finish(&mut self, findings: &mut Findings) {
        for (_, login) in std::mem::take(&mut self.expected) {
            if let Some(login) = login {
                self.tell(login, LoginOutcome::Unknown, findings);
            }
        }
        for (_, at, offer) in std::mem::take(&mut self.streams) {
            self.tell((at, offer), LoginOutcome::Unknown, findings);
        }
    }

    /// The number by which a stream's messages are told: the first one of an HTTP/1 connection that changed to HTTP/2
    /// answers the request that asked for the change (RFC 7540 §3.2).
    pub(crate) fn number(&self, stream: u32) -> u32 {
        if self.is_upgraded && stream == 1 { 0 } else { stream }
    }

    /// A request on one of HTTP/2's streams carries a log-in.
    pub(crate) fn carried_on(&mut self, stream: u32, at: Timestamp, offer: Offer, findings: &mut Findings) {
        if self.streams.len() >= MAX_EXPECTED
            && let Some((_, at, offer)) = self.streams.pop_front()
        {
            self.tell((at, offer), LoginOutcome::Unknown, findings);
        }
        self.streams.push_back((stream, at, offer));
    }

    /// A stream got its final answer; 0: the request that came before the change to HTTP/2 got it.
    pub(crate) fn answered_on(&mut self, stream: u32, status: u16, findings: &mut Findings) {
        if stream == 0 {
            self.answered(status, findings);
        }
        let Some(index) = self.streams.iter().position(|(waiting, ..)| *waiting == stream) else { return };
        if let Some((_, at, offer)) = self.streams.remove(index) {
            let outcome = outcome(&offer, status);
            self.tell((at, offer), outcome, findings);
        }
    }

    fn tell(&mut self, (at, offer): (Timestamp, Offer), outcome: LoginOutcome, findings: &mut Findings) {
        let told = Some((offer.sameness, outcome));
        if self.told == told && outcome != LoginOutcome::Refused {
            return;
        }
        self.told = told;
        self.attempts.sent("http", offer.mechanism, offer.account, offer.secret, at, findings);
        self.attempts.ended(outcome, findings);
    }
}

/// What a status says about a log-in. A form's answer is a page, whichever way it went, and who looks at the address's is not
/// known; NTLM's first message is answered with the
/// challenge, which is no refusal.
fn outcome(offer: &Offer, status: u16) -> LoginOutcome {
    match (offer.mechanism, status) {
        ("negotiate" | "proxy negotiate", 401 | 407) => LoginOutcome::Unknown,
        (_, 401 | 407) | ("form", 403) => LoginOutcome::Refused,
        ("form" | "url", _) | (_, 403 | 500..) => LoginOutcome::Unknown,
        _ => LoginOutcome::Accepted,
    }
}

/// One direction.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    state: State,
    /// The head, or the line, that is not complete yet.
    buffer: Vec<u8>,
    body: Body,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Head,
    /// So many bytes still belong to the body.
    Body(u64),
    ChunkLine,
    /// So many bytes still belong to the chunk, its line end included.
    Chunk(u64),
    Trailer,
    UntilClose,
}

/// What a complete head means for what follows.
enum After {
    Next(State),
    /// Something else is spoken from here.
    Other,
    /// HTTP/2 is.
    Http2,
    /// Nothing that we read follows.
    Nothing,
}

impl Messages {
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
                State::Head => match self.head(&mut bytes, at, exchange, findings) {
                    Some(After::Next(state)) => self.state = state,
                    Some(After::Other) => return Step::Seek(bytes),
                    Some(After::Http2) => return Step::Http2(bytes),
                    Some(After::Nothing) => return Step::Done,
                    None => {}
                },
                State::Body(left) => {
                    self.body.data(Part { at, stream: 0, bytes, left, is_known: true }, findings);
                    let left = skip(&mut bytes, left);
                    self.state = if left == 0 { State::Head } else { State::Body(left) };
                    self.looked(left == 0, at, exchange, findings);
                }
                State::Chunk(left) => {
                    let left_of_chunk = left.saturating_sub(2);
                    self.body.data(Part { at, stream: 0, bytes, left: left_of_chunk, is_known: false }, findings);
                    let left = skip(&mut bytes, left);
                    self.state = if left == 0 { State::ChunkLine } else { State::Chunk(left) };
                }
                State::ChunkLine => match self.line(&mut bytes) {
                    Ok(None) => {}
                    Ok(Some(line)) => match chunk_length(&line) {
                        Some(0) => {
                            self.looked(true, at, exchange, findings);
                            self.state = State::Trailer;
                        }
                        Some(length) => self.state = State::Chunk(length.saturating_add(2)),
                        None => return lost(bytes, findings),
                    },
                    Err(TooLong) => return lost(bytes, findings),
                },
                State::Trailer => match self.line(&mut bytes) {
                    Ok(Some(line)) if line.trim_ascii().is_empty() => self.state = State::Head,
                    Ok(_) => {}
                    Err(TooLong) => return lost(bytes, findings),
                },
                State::UntilClose => {
                    self.body.data(Part { at, stream: 0, bytes, left: u64::MAX, is_known: false }, findings);
                    return if self.body.has_begun() { Step::More } else { Step::Done };
                }
            }
        }
        Step::More
    }

    /// Bytes that were not captured. What fits within a body does no harm.
    pub(crate) fn gap(&mut self, length: u64) -> Step<'static> {
        self.body.gap();
        self.state = match self.state {
            State::Body(left) if left == length => State::Head,
            State::Body(left) if left > length => State::Body(left - length),
            State::Chunk(left) if left == length => State::ChunkLine,
            State::Chunk(left) if left > length => State::Chunk(left - length),
            State::UntilClose => return Step::Done,
            _ => return Step::Seek(&[]),
        };
        Step::More
    }

    pub(crate) fn buffered(&self) -> usize {
        self.buffer.len() + self.body.buffered()
    }

    /// The connection is over, perhaps in the middle of a body.
    pub(crate) fn finish(&mut self, at: Timestamp, findings: &mut Findings) {
        self.body.finish(at, findings);
    }

    /// Once there is enough of the body, it tells whether it holds a log-in.
    fn looked(&mut self, is_whole: bool, at: Timestamp, exchange: &mut Exchange, findings: &mut Findings) {
        if let Some(offer) = self.body.login(is_whole) {
            exchange.carries(at, offer, findings);
        }
        if is_whole {
            self.finish(at, findings);
        }
    }

    /// Takes bytes up to the end of the head. Absent: it is not complete, and all bytes are taken.
    fn head(
        &mut self,
        bytes: &mut &[u8],
        at: Timestamp,
        exchange: &mut Exchange,
        findings: &mut Findings,
    ) -> Option<After> {
        if self.buffer.is_empty() {
            *bytes = bytes.trim_ascii_start(); // empty lines between messages (RFC 9112 §2.2)
            if begins_message(bytes) == Some(false) {
                return Some(After::Other);
            }
        }
        let before = self.buffer.len();
        let room = MAX_HEAD.saturating_sub(before).min(bytes.len());
        let (taken, _) = bytes.split_at(room);
        self.buffer.extend_from_slice(taken);
        let Some(end) = head_end(&self.buffer, before) else {
            if self.buffer.len() >= MAX_HEAD {
                findings.malformed(Malformed("http head"));
                // The lines that are there say where the request goes; what follows them cannot be told from a body.
                if let Some(request) = read_request(&self.buffer) {
                    asked(request, at, exchange, findings);
                }
                self.buffer.clear();
                return Some(After::Nothing);
            }
            *bytes = &[];
            return None;
        };
        *bytes = bytes.get(end - before..).unwrap_or_default();
        let head = std::mem::take(&mut self.buffer);
        let head = head.get(..end).unwrap_or_default();
        self.finish(at, findings);
        self.body = Body::default();
        if head == HTTP2_HEAD {
            return Some(After::Http2);
        }
        let after = message(head, at, &mut self.body, exchange, findings).unwrap_or_else(|what| {
            findings.malformed(what);
            After::Other
        });
        Some(after)
    }

    /// Takes bytes up to the end of the line. Absent: it is not complete.
    fn line(&mut self, bytes: &mut &[u8]) -> Result<Option<Vec<u8>>, TooLong> {
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |index| index + 1);
        let (taken, rest) = bytes.split_at(end);
        if self.buffer.len() + taken.len() > MAX_CHUNK_LINE {
            self.buffer.clear();
            return Err(TooLong);
        }
        self.buffer.extend_from_slice(taken);
        *bytes = rest;
        Ok(if self.buffer.ends_with(b"\n") { Some(std::mem::take(&mut self.buffer)) } else { None })
    }
}

struct TooLong;

/// A complete head: tells it, and says what follows it.
fn message(
    head: &[u8],
    at: Timestamp,
    body: &mut Body,
    exchange: &mut Exchange,
    findings: &mut Findings,
) -> Result<After, Malformed> {
    if head.starts_with(b"HTTP/") {
        let response = parse_response(head)?.ok_or(Malformed("http response"))?;
        if let Some(what) = response.malformed {
            findings.malformed(what);
        }
        let (status, codings) = (response.value.status, response.codings);
        findings.event(at, Kind::HttpResponse(response.value));
        let after = after_response(status, response.body, exchange, findings);
        if matches!(after, After::Next(State::Body(_) | State::ChunkLine | State::UntilClose)) {
            *body = Body::of_answer(codings);
        }
        return Ok(after);
    }
    let request = parse_request(head)?.ok_or(Malformed("http request"))?;
    if let Some(what) = request.malformed {
        findings.malformed(what);
    }
    if !matches!(request.body, Framing::Length(0) | Framing::Unstated) {
        let content_type = request.value.content_type.as_deref();
        *body = Body::of_request(content_type, request.login.is_some(), findings.looks_into_content);
    }
    let query = request.value.query;
    let framing = asked(request, at, exchange, findings);
    if findings.looks_into_content && query.is_some() && exchange.looked_into != query {
        exchange.looked_into = query;
        look_into(query_of(head), at, findings);
    }
    Ok(After::Next(match framing {
        Framing::Chunked => State::ChunkLine,
        Framing::Length(0) | Framing::Unstated => State::Head,
        Framing::Length(length) => State::Body(length),
    }))
}

/// A form that is sent by GET stands in the query.
fn look_into(query: &[u8], at: Timestamp, findings: &mut Findings) {
    let mut form = Content::form("http");
    form.data(query);
    form.finish(true, at, findings);
}

/// What stands behind the `?` in a request's first line.
fn query_of(head: &[u8]) -> &[u8] {
    let line = head.split(|byte| matches!(byte, b'\r' | b'\n')).find(|line| !line.is_empty()).unwrap_or_default();
    let target = line.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    target.splitn(2, |byte| *byte == b'?').nth(1).unwrap_or_default()
}

/// Tells a request, and says how its body is delimited.
fn asked(request: Head<HttpRequest>, at: Timestamp, exchange: &mut Exchange, findings: &mut Findings) -> Framing {
    exchange.asked(&request.value.method, request.login.map(|login| (at, login)));
    findings.event(at, Kind::HttpRequest(request.value));
    if let Some(content) = request.speaks {
        findings.event(at, Kind::RawStream(RawStream { content, is_from_client: true }));
    }
    request.body
}

fn after_response(status: u16, body: Framing, exchange: &mut Exchange, findings: &mut Findings) -> After {
    // 101: the connection changes to another protocol; other 1xx are followed by the real answer.
    match status {
        101 => {
            exchange.is_upgraded = true;
            return After::Other;
        }
        100..=199 => return After::Next(State::Head),
        _ => {}
    }
    match (exchange.answered(status, findings), body) {
        (Expected::Tunnel, _) if (200..300).contains(&status) => After::Other,
        (Expected::NoBody, _) => After::Next(State::Head),
        _ if matches!(status, 204 | 304) => After::Next(State::Head),
        (_, Framing::Chunked) => After::Next(State::ChunkLine),
        (_, Framing::Length(0)) => After::Next(State::Head),
        (_, Framing::Length(length)) => After::Next(State::Body(length)),
        (_, Framing::Unstated) => After::Next(State::UntilClose),
    }
}

fn chunk_length(line: &[u8]) -> Option<u64> {
    match httparse::parse_chunk_size(line) {
        Ok(httparse::Status::Complete((_, length))) => Some(length),
        _ => None,
    }
}

/// Leaves out up to `left` bytes; what is still left of them.
fn skip(bytes: &mut &[u8], left: u64) -> u64 {
    let skipped = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
    *bytes = bytes.get(skipped..).unwrap_or_default();
    left - skipped as u64
}

fn lost<'a>(bytes: &'a [u8], findings: &mut Findings) -> Step<'a> {
    findings.malformed(Malformed("http chunk"));
    Step::Seek(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Feeds the bytes in pieces of that size; what was told, in short.
    fn told(bytes: &[u8], piece: usize, exchange: &mut Exchange) -> (Vec<String>, u64) {
        let (mut messages, mut findings) = (Messages::default(), Findings::default());
        for part in bytes.chunks(piece) {
            if !matches!(messages.data(part, Timestamp::UNIX_EPOCH, exchange, &mut findings), Step::More) {
                break;
            }
        }
        let short = |kind: Kind| match kind {
            Kind::HttpRequest(request) => format!("{} {}", request.method, request.path),
            Kind::HttpResponse(response) => response.status.to_string(),
            Kind::HttpBody(body) => format!("{:?}", body.content),
            other => panic!("{other:?}"),
        };
        (findings.events.into_iter().map(|(_, kind)| short(kind)).collect(), findings.malformed)
    }

    #[test]
    fn bodies_are_skipped_however_the_bytes_are_cut() {
        let requests = b"POST /1 HTTP/1.1\r\nContent-Length: 16\r\n\r\nGET /x HTTP/1.1\n\nGET /2 HTTP/1.1\r\n\r\n\r\n\
            PUT /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n00\r\nTrailer: 1\r\n\r\nHEAD /4 HTTP/1.1\n\n";
        for piece in 1..requests.len() {
            let (lines, malformed) = told(requests, piece, &mut Exchange::default());
            assert_eq!((lines, malformed), (["POST /1", "GET /2", "PUT /3", "HEAD /4"].map(String::from).to_vec(), 0));
        }
    }

    #[test]
    fn a_responses_body_depends_on_its_request() {
        let mut exchange = Exchange::default();
        told(b"HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nCONNECT a:443 HTTP/1.1\r\n\r\n", 1000, &mut exchange);
        let responses =
            b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 304 Not\r\n\r\n\
            HTTP/1.1 200 Tunnel\r\nContent-Length: 9\r\n\r\nHTTP/1.1 500 inside\r\n\r\n";
        let (lines, _) = told(responses, 1000, &mut exchange);
        assert_eq!(lines, ["200", "100", "304", "200"]);
    }

    #[test]
    fn what_a_body_begins_with_is_told_however_it_is_cut() {
        let program = [b"MZ\x90\0\x03\0\0\0\x04\0".as_slice(), &[0; 490]].concat();
        let stated = [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n".as_slice(), &program].concat();
        let chunked = [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n".as_slice(),
            &program[..10],
            b"\r\n1EA\r\n",
            &program[10..],
            b"\r\n0\r\n\r\n",
        ]
        .concat();
        let to_the_end = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &program].concat();
        let small = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec();
        let mut packed = Vec::new();
        flate2::read::GzEncoder::new(program.as_slice(), flate2::Compression::default())
            .read_to_end(&mut packed)
            .unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", packed.len());
        let packed = [head.as_bytes(), &packed].concat();
        let table =
            [(stated, "Program"), (chunked, "Program"), (to_the_end, "Program"), (small, "Text"), (packed, "Program")];
        for (bytes, expected) in table {
            for piece in [1, 2, 7, 100, 10_000] {
                let (lines, malformed) = told(&bytes, piece, &mut Exchange::default());
                assert_eq!(
                    (lines, malformed),
                    (vec!["200".to_owned(), expected.to_owned()], 0),
                    "in pieces of {piece}"
                );
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_counted_and_bounded() {
        let endless = [&b"GET / HTTP/1.1\r\n"[..], &vec![b'x'; 40_000]].concat();
        assert_eq!(told(&endless, 1000, &mut Exchange::default()), (vec!["GET /".to_owned()], 1));
        let endless = [&b"HTTP/1.1 200 OK\r\n"[..], &vec![b'x'; 40_000]].concat();
        assert_eq!(told(&endless, 1000, &mut Exchange::default()), (Vec::new(), 1));
        let chunk = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n";
        assert_eq!(told(chunk, 7, &mut Exchange::default()), (vec!["POST /".to_owned()], 1));
    }

    /// One byte that no server minds must not hide where a request goes, nor the requests after it.
    #[test]
    fn a_broken_head_is_counted_and_told() {
        let requests = b"POST /1 HTTP/1.1\r\nHost: a.nl\r\nUser-Agent: x\x01\r\nContent-Length: 3\r\n\r\nabc\
            GET /2 HTTP/1.1\nHost: a.nl\n\r\nGET /3 HTTP/1.1\r\nContent-Length: none\r\n\r\nGET /4 HTTP/1.1\r\n\r\n";
        for piece in 1..requests.len() {
            let (lines, malformed) = told(requests, piece, &mut Exchange::default());
            assert_eq!((lines, malformed), (["POST /1", "GET /2", "GET /3", "GET /4"].map(String::from).to_vec(), 2));
        }
    }

    #[test]
    fn a_gap_within_a_body_does_no_harm() {
        let (mut messages, mut findings) = (Messages::default(), Findings::default());
        let mut exchange = Exchange::default();
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        messages.data(head, Timestamp::UNIX_EPOCH, &mut exchange, &mut findings);
        assert!(matches!(messages.gap(400), Step::More));
        assert!(matches!(messages.gap(600), Step::More));
        messages.data(head, Timestamp::UNIX_EPOCH, &mut exchange, &mut findings);
        assert!(matches!(messages.gap(1001), Step::Seek(_)));
        assert_eq!(findings.events.len(), 2);
    }
}
