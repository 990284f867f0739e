//! One direction of a TCP connection: what it speaks is found by its first bytes, then read by that protocol's parser.
//!
//! Promises: memory is bounded ([`Stream::buffered`]); once nothing more is to be learnt, nothing is kept.

mod reassembly;

use jiff::Timestamp;

use crate::content::{self, Content};
use crate::dns::pairing::Pairing;
use crate::event::{Kind, RawContent, RawStream};
use crate::findings::Findings;
use crate::login::{Side, Talk, TooFew};
use crate::{dns, http, http2, mining, raw, recognise, remote, tls};
use reassembly::{Piece, Reassembly};

/// How much of an unknown conversation is looked through for a protocol that we know. STARTTLS and proxies change to
/// TLS after some lines; who has not by then does not.
const MAX_SOUGHT: u64 = 64 * 1024;

/// And for one in which somebody logs in: that is done at its beginning.
const MAX_SOUGHT_LOGIN: u64 = 4 * 1024;

/// What a parser makes of the bytes it was given.
#[derive(Debug, PartialEq)]
pub(crate) enum Step<'a> {
    /// All taken; more is welcome.
    More,
    /// From these bytes on, something else is spoken.
    Seek(&'a [u8]),
    /// From these bytes on HTTP/2 is, of which the first 18 bytes were taken.
    Http2(&'a [u8]),
    /// Nothing more is to be learnt here.
    Done,
}

/// What the parsers of a connection's two directions share.
pub(crate) struct Shared<'a> {
    pub(crate) at: Timestamp,
    /// Whose direction this is.
    pub(crate) side: Side,
    /// Whether one end is the DNS port.
    pub(crate) is_dns: bool,
    /// Whether the connection was seen to open.
    pub(crate) is_opened: bool,
    /// Whether the table of waiting questions has room.
    pub(crate) has_room: bool,
    pub(crate) exchange: &'a mut http::connection::Exchange,
    pub(crate) talk: &'a mut Talk,
    pub(crate) logons: &'a mut remote::Logons,
    pub(crate) pairing: &'a mut Pairing,
    pub(crate) findings: &'a mut Findings,
}

/// One direction.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    reassembly: Reassembly,
    parser: Parser,
}

impl Stream {
    /// The first byte's sequence number, known from the SYN.
    pub(crate) fn begin(&mut self, sequence: u32) {
        self.reassembly.begin(sequence);
    }

    /// Where the direction began, as far as is known.
    pub(crate) fn beginning(&self) -> Option<u32> {
        self.reassembly.beginning()
    }

    /// Takes a segment: what was captured of its `length` bytes. At most `room` bytes wait for earlier ones.
    pub(crate) fn segment(
        &mut self,
        sequence: u32,
        captured: &[u8],
        length: u64,
        room: usize,
        shared: &mut Shared<'_>,
    ) {
        if matches!(self.parser, Parser::Done) {
            self.reassembly.note(sequence);
            return;
        }
        let Self { reassembly, parser } = self;
        reassembly.segment(sequence, captured, length, room, &mut |piece| parser.piece(piece, shared));
        self.let_go_when_done();
    }

    /// The connection is over: what still waits for earlier bytes is read as it is.
    pub(crate) fn finish(&mut self, shared: &mut Shared<'_>) {
        let Self { reassembly, parser } = self;
        reassembly.finish(&mut |piece| parser.piece(piece, shared));
        parser.finish(shared);
        self.parser = Parser::Done;
    }

    /// Gives up reading, and the memory for it.
    pub(crate) fn give_up(&mut self) {
        self.parser = Parser::Done;
        self.let_go_when_done();
    }

    /// Whether more is to be learnt here.
    pub(crate) fn is_reading(&self) -> bool {
        !matches!(self.parser, Parser::Done)
    }

    /// Bytes held in memory.
    pub(crate) fn buffered(&self) -> usize {
        let parser = match &self.parser {
            Parser::Seeking(seeking) => seeking.buffered(),
            Parser::Tls(records) => records.buffered(),
            Parser::Http(messages) => messages.buffered(),
            Parser::Http2(frames) => frames.buffered(),
            Parser::Dns(messages) => messages.buffered(),
            Parser::Mining(messages) => messages.buffered(),
            Parser::Remote(messages) => messages.buffered(),
            // The talk's own bytes are counted with the connection.
            Parser::Talk | Parser::Done => 0,
        };
        parser + self.reassembly.buffered()
    }

    fn let_go_when_done(&mut self) {
        if matches!(self.parser, Parser::Done) {
            self.reassembly.forget();
        }
    }
}

#[derive(Debug)]
enum Parser {
    Seeking(Seeking),
    Tls(tls::records::Records),
    Http(http::connection::Messages),
    Http2(Box<http2::Frames>),
    Dns(dns::tcp::Messages),
    Mining(mining::Messages),
    /// What both directions share is spoken.
    Talk,
    Remote(remote::Messages),
    Done,
}

impl Default for Parser {
    fn default() -> Self {
        Self::Seeking(Seeking::default())
    }
}

/// Looking for a protocol that we know.
#[derive(Debug, Default)]
struct Seeking {
    /// Bytes too few to tell, waiting for more; never more than the longest beginning of a protocol.
    beginning: Vec<u8>,
    sought: u64,
    /// Bytes before these were not captured: what they stand in the middle of is not known.
    is_after_gap: bool,
    /// Text of whatever kind, looked through on its way.
    text: Option<Box<Content>>,
}

impl Parser {
    fn piece(&mut self, piece: Piece<'_>, shared: &mut Shared<'_>) {
        match piece {
            Piece::Data(bytes) => self.data(bytes, shared),
            Piece::Gap(length) => self.gap(length, shared),
        }
    }

    fn data(&mut self, mut bytes: &[u8], shared: &mut Shared<'_>) {
        while !bytes.is_empty() {
            let step = match self {
                Self::Seeking(seeking) => match seeking.look(bytes, shared) {
                    Sought::Unclear => return,
                    Sought::Unknown(Some(application)) if !turns_into_tls(application) => {
                        shared.findings.application = Some(application);
                        *self = Self::Done;
                        return;
                    }
                    Sought::Unknown(application) => {
                        shared.findings.application = application;
                        if seeking.sought > MAX_SOUGHT {
                            self.finish(shared);
                            *self = Self::Done;
                        }
                        return;
                    }
                    Sought::Found { parser, earlier } => {
                        if let Self::Remote(_) = parser {
                            shared.findings.application = recognise::stream(bytes);
                        }
                        *self = parser;
                        // Never more than a few bytes, so that this goes one call deep.
                        if !earlier.is_empty() {
                            self.data(&earlier, shared);
                        }
                        continue;
                    }
                },
                Self::Tls(records) => records.data(bytes, shared.at, shared.findings),
                Self::Http(messages) => messages.data(bytes, shared.at, shared.exchange, shared.findings),
                Self::Http2(frames) => frames.data(bytes, shared.at, shared.exchange, shared.findings),
                Self::Dns(messages) => {
                    let (pairing, has_room) = (&mut *shared.pairing, shared.has_room);
                    messages.data(bytes, shared.at, shared.findings, &mut |at, message, findings| {
                        pairing.message(at, message, has_room, findings);
                    })
                }
                Self::Remote(messages) => messages.data(bytes, shared.at, shared.logons, shared.findings),
                Self::Mining(messages) => messages.data(bytes, shared.at, shared.findings),
                Self::Talk => shared.talk.data(shared.side, bytes, shared.at, shared.findings),
                Self::Done => return,
            };
            match step {
                Step::More => return,
                Step::Done => *self = Self::Done,
                Step::Seek(rest) => {
                    bytes = rest;
                    *self = Self::default();
                }
                Step::Http2(rest) => {
                    bytes = rest;
                    *self = Self::Http2(Box::new(http2::Frames::after_head()));
                }
            }
        }
    }

    /// Nothing more comes: what was looked through is told.
    fn finish(&mut self, shared: &mut Shared<'_>) {
        match self {
            Self::Seeking(seeking) => {
                if let Some(text) = seeking.text.take() {
                    text.finish(shared.side == Side::Client, shared.at, shared.findings);
                }
            }
            Self::Http(messages) => messages.finish(shared.at, shared.findings),
            Self::Http2(frames) => frames.finish(shared.at, shared.findings),
            _ => {}
        }
    }

    fn gap(&mut self, length: u64, shared: &mut Shared<'_>) {
        let step = match self {
            Self::Seeking(seeking) => {
                seeking.beginning.clear();
                seeking.is_after_gap = true;
                Step::More
            }
            Self::Http(messages) => messages.gap(length),
            Self::Http2(frames) => frames.gap(length, shared.at, shared.findings),
            // Where a message begins again is seen by its first bytes.
            Self::Remote(_) => Step::Seek(&[]),
            // A line is lost, others follow.
            Self::Mining(messages) => {
                messages.gap();
                Step::More
            }
            Self::Talk => shared.talk.gap(shared.side, length, shared.at, shared.findings),
            // A hello or a message with a hole in it cannot be read, nor can what follows it be found.
            Self::Tls(_) | Self::Dns(_) | Self::Done => Step::Done,
        };
        match step {
            Step::More => {}
            Step::Seek(_) | Step::Http2(_) => {
                *self = Self::Seeking(Seeking { is_after_gap: true, ..Seeking::default() });
            }
            Step::Done => *self = Self::Done,
        }
    }
}

/// Protocols that begin in the clear and change to TLS by agreement, or carry another one.
fn turns_into_tls(application: &str) -> bool {
    matches!(application, "rdp" | "postgresql" | "mysql" | "socks")
}

enum Sought {
    Found {
        parser: Parser,
        /// Bytes from before the current ones that belong to it.
        earlier: Vec<u8>,
    },
    Unclear,
    /// Not one that we read; its name, where the beginning says it.
    Unknown(Option<&'static str>),
}

impl Seeking {
    /// Looks at the beginning of a piece. Pieces begin where segments begin, which is where messages mostly do.
    fn look(&mut self, bytes: &[u8], shared: &mut Shared<'_>) -> Sought {
        let earlier = std::mem::take(&mut self.beginning);
        if shared.talk.waits_for(shared.side) {
            return Sought::Found { parser: Parser::Talk, earlier };
        }
        let joined;
        let candidate = if earlier.is_empty() {
            bytes
        } else {
            joined = [earlier.as_slice(), bytes.get(..32).unwrap_or(bytes)].concat();
            &joined
        };
        let (is_tls, is_http) = (tls::is_hello(candidate), http::begins_message(candidate));
        let is_http2 = http2::begins(candidate);
        // Its port alone is nobody's word for it: whatever wants to get out uses that one too.
        let is_dns = if shared.is_dns { dns::tcp::begins(candidate) } else { Some(false) };
        let (is_json, is_remote) = (mining::begins_message(candidate), remote::begins_message(candidate));
        let parser = match (is_tls, is_dns, is_http, is_http2, is_json, is_remote) {
            (Some(true), ..) => Parser::Tls(tls::records::Records::default()),
            (_, Some(true), ..) => Parser::Dns(dns::tcp::Messages::default()),
            (_, _, Some(true), ..) => Parser::Http(http::connection::Messages::default()),
            (_, _, _, Some(true), ..) => Parser::Http2(Box::default()),
            (.., Some(true), _) => Parser::Mining(mining::Messages::default()),
            (.., Some(true)) => Parser::Remote(remote::Messages::default()),
            (None, ..) | (_, None, ..) | (_, _, None, ..) | (_, _, _, None, ..) | (.., None, _) | (.., None) => {
                self.beginning = candidate.to_vec();
                return Sought::Unclear;
            }
            _ if self.sought < MAX_SOUGHT_LOGIN => match Talk::begun_by(shared.side, candidate) {
                Ok(Some(talk)) => {
                    *shared.talk = talk;
                    Parser::Talk
                }
                Ok(None) => return self.unknown(bytes, shared),
                Err(TooFew) => {
                    self.beginning = candidate.to_vec();
                    return Sought::Unclear;
                }
            },
            _ => return self.unknown(bytes, shared),
        };
        Sought::Found { parser, earlier }
    }

    fn buffered(&self) -> usize {
        self.beginning.len() + self.text.as_ref().map_or(0, |text| text.buffered())
    }

    /// None that we read: perhaps one that we name.
    fn unknown(&mut self, bytes: &[u8], shared: &mut Shared<'_>) -> Sought {
        let is_first = self.sought == 0;
        let is_known_place = shared.is_opened && !self.is_after_gap;
        let found = if is_known_place { raw::content(bytes, self.sought) } else { None };
        self.sought = self.sought.saturating_add(bytes.len() as u64);
        if let Some(content) = found {
            let is_from_client = shared.side == Side::Client;
            shared.findings.event(shared.at, Kind::RawStream(RawStream { content, is_from_client }));
        }
        let known = match found {
            Some(family @ (RawContent::Gh0st | RawContent::Njrat)) => Some(family.key()),
            _ if is_first => recognise::stream(bytes),
            _ => None,
        };
        if is_first && known.is_none() && shared.findings.looks_into_content && content::is_text(bytes) {
            self.text = Some(Box::new(Content::plain("text")));
        }
        if let Some(text) = &mut self.text {
            text.data(bytes);
        }
        Sought::Unknown(known)
    }
}
