//! LDAP's bind (RFC 4511 §4.2): the messages' envelopes are followed, binds and their answers read. And of what is found by a
//! search, whether it is Java code for whoever asked.

use jiff::Timestamp;

use super::Side;
use super::dialogue::{After, Told};
use super::sasl::{Said, Sasl};
use super::told::{Account, Attempts, Secret};
use crate::event::{Kind, LoginOutcome, RawContent, RawStream};
use crate::findings::Findings;

/// Of a message so much is read; the rest of it is skipped.
const MAX_READ: usize = 2 * 1024;

/// Messages longer than this are none.
const MAX_MESSAGE: u64 = 16 * 1024 * 1024;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIND_REQUEST: u8 = 0x60;
const BIND_RESPONSE: u8 = 0x61;
const SEARCH_REQUEST: u8 = 0x63;
const SEARCH_RESULT: u8 = 0x64;
const EXTENDED_REQUEST: u8 = 0x77;
const EXTENDED_RESPONSE: u8 = 0x78;
const SIMPLE: u8 = 0x80;
const SASL: u8 = 0xa3;

/// RFC 4511 §4.14.
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";

/// The attributes by which Java makes an object of an entry: code from elsewhere, or the object itself (RFC 2713 §3, and what
/// came after it).
const JAVA: [&[u8]; 4] = [b"javaCodeBase", b"javaFactory", b"javaSerializedData", b"javaRemoteLocation"];

#[derive(Debug, Default)]
pub(crate) struct Ldap {
    sides: [Messages; 2],
    wants_tls: bool,
    /// That it gives Java code was told.
    gives_java: bool,
    attempts: Attempts,
}

/// One direction: the message's beginning, and how much of it is still to be skipped.
#[derive(Debug, Default)]
struct Messages {
    begun: Vec<u8>,
    skip: u64,
}

/// Whether a client's first bytes are a message with a bind, a search or an extended request in it.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    let Some((operation, _)) = message(bytes) else {
        // The longest envelope: 1 + 5 of the sequence, 2 + 4 of the number, and the operation's tag.
        return if bytes.len() < 13 && bytes.first().is_none_or(|first| *first == SEQUENCE) {
            None
        } else {
            Some(false)
        };
    };
    Some(matches!(operation, BIND_REQUEST | SEARCH_REQUEST | EXTENDED_REQUEST))
}

impl Ldap {
    pub(super) fn data(&mut self, side: Side, mut bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        while !bytes.is_empty() {
            let Some(messages) = self.sides.get_mut(usize::from(side == Side::Server)) else { break };
            if messages.skip > 0 {
                let skipped = usize::try_from(messages.skip).unwrap_or(usize::MAX).min(bytes.len());
                messages.skip -= skipped as u64;
                bytes = bytes.get(skipped..).unwrap_or_default();
                continue;
            }
            let before = messages.begun.len();
            let room = MAX_READ.saturating_sub(before).min(bytes.len());
            messages.begun.extend_from_slice(bytes.get(..room).unwrap_or_default());
            let Some(whole) = whole_length(&messages.begun) else {
                if messages.begun.len() >= 8 {
                    return After::Done;
                }
                return After::More;
            };
            if whole > MAX_MESSAGE {
                return After::Done;
            }
            let held = messages.begun.len() as u64;
            if held < whole && held < MAX_READ as u64 {
                return After::More;
            }
            let mut begun = std::mem::take(&mut messages.begun);
            let of_message = usize::try_from(whole.min(held)).unwrap_or(MAX_READ);
            messages.skip = whole.saturating_sub(held);
            begun.truncate(of_message);
            bytes = bytes.get(of_message.saturating_sub(before)..).unwrap_or_default();
            if self.message(side, &begun, at, findings) == After::Upgrade {
                return After::Upgrade;
            }
        }
        After::More
    }

    pub(super) fn finish(&mut self, findings: &mut Findings) {
        self.attempts.ended(LoginOutcome::Unknown, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        self.sides.iter().map(|side| side.begun.len()).sum()
    }

    fn message(&mut self, side: Side, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        let Some((operation, content)) = message(bytes) else { return After::More };
        if side == Side::Server && operation == SEARCH_RESULT && !self.gives_java && is_java(content) {
            self.gives_java = true;
            let stream = RawStream { content: RawContent::JavaReference, is_from_client: false };
            findings.event(at, Kind::RawStream(stream));
        }
        let told = &mut Told { at, attempts: &mut self.attempts, findings };
        match (side, operation) {
            (Side::Client, BIND_REQUEST) => bind(content, told),
            (Side::Server, BIND_RESPONSE) => match result(content) {
                Some(0) => told.ended(LoginOutcome::Accepted),
                // A SASL exchange goes on.
                Some(14) | None => {}
                Some(_) => told.ended(LoginOutcome::Refused),
            },
            (Side::Client, EXTENDED_REQUEST) => {
                self.wants_tls = content.windows(START_TLS.len()).any(|window| window == START_TLS);
            }
            (Side::Server, EXTENDED_RESPONSE) if self.wants_tls && result(content) == Some(0) => return After::Upgrade,
            _ => {}
        }
        After::More
    }
}

fn bind(content: &[u8], told: &mut Told<'_>) {
    let read = || {
        let (INTEGER, _, rest) = element(content)? else { return None };
        let (_, name, rest) = element(rest)?;
        let (how, secret, _) = element(rest)?;
        Some((name, how, secret))
    };
    let Some((name, how, secret)) = read() else { return };
    match how {
        SIMPLE if secret.is_empty() => told.sent("ldap", "anonymous", Account::default(), Secret::None),
        SIMPLE => told.sent("ldap", "simple", Account::of(name), Secret::Readable),
        SASL => {
            let Some((_, mechanism, rest)) = element(secret) else { return };
            let mut sasl = Sasl::begin(mechanism);
            let response = element(rest).map(|(_, response, _)| response).unwrap_or_default();
            if let Said::Sent(account, secret) = sasl.response(response) {
                told.sent("ldap", sasl.name(), account, secret);
            }
        }
        // Microsoft's own (MS-ADTS §5.1.1.1.3).
        _ => told.sent("ldap", "NTLM", Account::default(), Secret::Hidden),
    }
}

/// Whether an entry that was found (§4.5.2) is a Java object: its name, then attributes, each a name with values. The last may
/// be cut short.
fn is_java(content: &[u8]) -> bool {
    let attributes = element(content).and_then(|(_, _, rest)| begun(rest));
    let mut rest = attributes.map(|(_, attributes)| attributes).unwrap_or_default();
    while let Some((SEQUENCE, attribute)) = begun(rest) {
        let name = element(attribute).map(|(_, name, _)| name).unwrap_or_default();
        if JAVA.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return true;
        }
        rest = element(rest).map(|(_, _, behind)| behind).unwrap_or_default();
    }
    false
}

/// The result code of an answer.
fn result(content: &[u8]) -> Option<u8> {
    let (_, code, _) = element(content)?;
    code.first().copied()
}

/// A message's operation and as much of its content as is there.
fn message(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (SEQUENCE, content) = begun(bytes)? else { return None };
    let (INTEGER, number, rest) = element(content)? else { return None };
    if number.is_empty() || number.len() > 4 {
        return None;
    }
    begun(rest)
}

/// A message's whole length, envelope included, from its first bytes.
fn whole_length(bytes: &[u8]) -> Option<u64> {
    let [SEQUENCE, rest @ ..] = bytes else { return None };
    let (length, size) = length(rest)?;
    Some(length + 1 + size as u64)
}

/// An element's tag, its content, and what follows it. Absent: it is not whole.
pub(super) fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, size) = length(rest)?;
    let (content, after) = rest.get(size..)?.split_at_checked(usize::try_from(length).ok()?)?;
    Some((*tag, content, after))
}

/// An element's tag, and as much of its content as is there.
pub(super) fn begun(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, size) = length(rest)?;
    let content = rest.get(size..)?;
    let whole = usize::try_from(length).unwrap_or(usize::MAX).min(content.len());
    Some((*tag, content.get(..whole)?))
}

/// A definite length (X.690 §8.1.3), and how many bytes it takes.
fn length(bytes: &[u8]) -> Option<(u64, usize)> {
    let (first, rest) = bytes.split_first()?;
    match first {
        0..=0x7f => Some((u64::from(*first), 1)),
        0x81..=0x84 => {
            let count = usize::from(first & 0x7f);
            let length = rest.get(..count)?.iter().fold(0, |length, byte| length << 8 | u64::from(*byte));
            Some((length, count + 1))
        }
        _ => None,
    }
}
