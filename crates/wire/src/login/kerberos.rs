//! Kerberos' first exchange (RFC 4120 §3.1, §5.4, §5.9.1), in which somebody proves a password: who asks, and whether they are
//! refused. The same messages over TCP, each with its length before it (§7.2.2), and in datagrams.
//!
//! Promises: the account as [`Account`] has it; of tickets, times and addresses nothing is read.

use jiff::Timestamp;

use super::Side;
use super::dialogue::After;
use super::ldap::{begun, element};
use super::told::{Account, Attempts, Secret};
use crate::bytes::be32;
use crate::event::LoginOutcome;
use crate::findings::Findings;

/// Of a message so much is read; the rest of it is skipped.
const MAX_READ: usize = 4 * 1024;
/// Messages longer than this are none.
const MAX_MESSAGE: u32 = 1024 * 1024;
/// Messages of a conversation that are read.
const MAX_MESSAGES: u32 = 128;
/// Fields of a sequence that are looked through.
const MAX_FIELDS: usize = 16;

const AS_REQUEST: u8 = 0x6a;
const AS_REPLY: u8 = 0x6b;
const TGS_REQUEST: u8 = 0x6c;
const ERROR: u8 = 0x7e;
const SEQUENCE: u8 = 0x30;
const GENERAL_STRING: u8 = 0x1b;

/// Codes of errors (RFC 4120 §7.5.9): no such user, one that is locked or disabled, a wrong password. Not here: that proof is
/// wanted (25), with which every log-in begins, and a password that has expired (23), which was right.
const REFUSALS: [u8; 3] = [6, 18, 24];

#[derive(Debug, Default)]
pub(crate) struct Kerberos {
    sides: [Messages; 2],
    read: u32,
    /// Who asked last, and has no answer yet.
    asked: Option<(Timestamp, Account)>,
    attempts: Attempts,
}

/// One direction over TCP.
#[derive(Debug, Default)]
struct Messages {
    /// The length, and the message as far as it is kept.
    begun: Vec<u8>,
    /// Bytes of it that are still to come, once the length is known.
    left: usize,
}

/// Whether a client's first bytes over TCP are a request and its length.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [] | [0] | [0, 0] | [0, 0, _] | [0, 0, _, _] | [0, 0, _, _, AS_REQUEST | TGS_REQUEST] => None,
        [0, 0, _, _, AS_REQUEST | TGS_REQUEST, length, rest @ ..] => {
            let skipped = if *length < 0x80 { 0 } else { usize::from(length & 0x7f) };
            if skipped > 3 { Some(false) } else { rest.get(skipped).map(|tag| *tag == SEQUENCE) }
        }
        _ => Some(false),
    }
}

impl Kerberos {
    pub(super) fn data(&mut self, side: Side, mut bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        while !bytes.is_empty() {
            let Some(messages) = self.sides.get_mut(usize::from(side == Side::Server)) else { break };
            if messages.left == 0 {
                let missing = 4usize.saturating_sub(messages.begun.len()).min(bytes.len());
                let (taken, rest) = bytes.split_at(missing);
                messages.begun.extend_from_slice(taken);
                bytes = rest;
                let Some(length) = be32(&messages.begun, 0) else { break };
                if !(2..=MAX_MESSAGE).contains(&length) {
                    return After::Done;
                }
                messages.left = length as usize;
                continue;
            }
            let (taken, rest) = bytes.split_at(messages.left.min(bytes.len()));
            let room = MAX_READ.saturating_sub(messages.begun.len());
            messages.begun.extend_from_slice(taken.get(..room).unwrap_or(taken));
            messages.left -= taken.len();
            bytes = rest;
            if messages.left == 0 {
                let message = std::mem::take(&mut messages.begun);
                if self.message(side, message.get(4..).unwrap_or_default(), at, findings) {
                    return After::Done;
                }
            }
        }
        After::More
    }

    /// A message, or its beginning. Returns whether enough was read.
    pub(crate) fn message(&mut self, side: Side, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> bool {
        match (side, bytes.first()) {
            (Side::Client, Some(&AS_REQUEST)) => self.asked = client(bytes).map(|account| (at, account)),
            (Side::Client, _) => self.asked = None,
            (Side::Server, first) => {
                let outcome = match first {
                    Some(&AS_REPLY) => Some(LoginOutcome::Accepted),
                    Some(&ERROR) if code(bytes).is_some_and(|code| REFUSALS.contains(&code)) => {
                        Some(LoginOutcome::Refused)
                    }
                    _ => None,
                };
                if let (Some((at, account)), Some(outcome)) = (self.asked.take(), outcome) {
                    self.attempts.sent("kerberos", "AS-REQ", account, Secret::Hidden, at, findings);
                    self.attempts.ended(outcome, findings);
                }
            }
        }
        self.read += 1;
        self.read >= MAX_MESSAGES
    }

    pub(super) fn buffered(&self) -> usize {
        self.sides.iter().map(|side| side.begun.len()).sum()
    }
}

/// Who asks for a ticket: the first part of the client's name in the request's body.
fn client(request: &[u8]) -> Option<Account> {
    let body = sequence(field(fields(request)?, 0xa4)?)?;
    let name = sequence(field(body, 0xa1)?)?;
    let (GENERAL_STRING, first, _) = element(sequence(field(name, 0xa1)?)?)? else { return None };
    let account = Account::of(first);
    Some(account).filter(|account| account.masked.is_some())
}

/// Why a request was refused.
fn code(error: &[u8]) -> Option<u8> {
    let (0x02, code, _) = element(field(fields(error)?, 0xa6)?)? else { return None };
    match code {
        [code] => Some(*code),
        _ => None,
    }
}

/// What a message consists of.
fn fields(message: &[u8]) -> Option<&[u8]> {
    let (_, content) = begun(message)?;
    sequence(content)
}

fn sequence(bytes: &[u8]) -> Option<&[u8]> {
    let (SEQUENCE, content) = begun(bytes)? else { return None };
    Some(content)
}

/// The content of the field with that tag, as far as it is there.
fn field(mut fields: &[u8], tag: u8) -> Option<&[u8]> {
    for _ in 0..MAX_FIELDS {
        if fields.first() == Some(&tag) {
            return begun(fields).map(|(_, content)| content);
        }
        (_, _, fields) = element(fields)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    fn wrapped(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()][..], content].concat()
    }

    fn request(name: &str) -> Vec<u8> {
        let names = wrapped(0x30, &wrapped(GENERAL_STRING, name.as_bytes()));
        let name = wrapped(0x30, &[wrapped(0xa0, &[2, 1, 1]), wrapped(0xa1, &names)].concat());
        let body = wrapped(0x30, &[wrapped(0xa0, &[3, 1, 0]), wrapped(0xa1, &name)].concat());
        let fields = [wrapped(0xa1, &[2, 1, 5]), wrapped(0xa2, &[2, 1, 10]), wrapped(0xa4, &body)].concat();
        wrapped(AS_REQUEST, &wrapped(0x30, &fields))
    }

    fn error(code: u8) -> Vec<u8> {
        let fields = [wrapped(0xa0, &[2, 1, 5]), wrapped(0xa1, &[2, 1, 30]), wrapped(0xa6, &[2, 1, code])].concat();
        wrapped(ERROR, &wrapped(0x30, &fields))
    }

    fn told(messages: &[(Side, Vec<u8>)], piece: usize) -> Vec<(Option<String>, LoginOutcome)> {
        let (mut kerberos, mut findings) = (Kerberos::default(), Findings::default());
        for (side, message) in messages {
            let sent = [&(message.len() as u32).to_be_bytes()[..], message].concat();
            for part in sent.chunks(piece) {
                kerberos.data(*side, part, Timestamp::UNIX_EPOCH, &mut findings);
            }
        }
        assert_eq!(kerberos.buffered(), 0);
        let login = |kind: Kind| match kind {
            Kind::Login(login) => (login.account, login.outcome),
            other => panic!("{other:?}"),
        };
        findings.events.into_iter().map(|(_, kind)| login(kind)).collect()
    }

    #[test]
    fn a_refusal_is_told_and_the_normal_course_is_none() {
        let (client, server) = (Side::Client, Side::Server);
        let talk = [
            (client, request("jan")),
            (server, error(25)),
            (client, request("jan")),
            (server, error(24)),
            (client, request("piet")),
            (server, error(6)),
            (client, request("jan")),
            (server, wrapped(AS_REPLY, &[0x30, 0])),
            // Expired; a service that nobody knows; an answer to nothing.
            (client, request("jan")),
            (server, error(23)),
            (client, wrapped(TGS_REQUEST, &[0x30, 0])),
            (server, error(24)),
            (server, error(24)),
        ];
        let login = |name: &str, outcome| (Some(name.to_owned()), outcome);
        let expected = [
            login("j…", LoginOutcome::Refused),
            login("p…", LoginOutcome::Refused),
            login("j…", LoginOutcome::Accepted),
        ];
        for piece in [1, 3, 7, 1000] {
            assert_eq!(told(&talk, piece), expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn any_beginning_of_a_message_does_no_harm() {
        let (request, error) = (request("jan"), error(24));
        for cut in 0..request.len() {
            client(&request[..cut]);
            code(&error[..cut.min(error.len())]);
            begins(&[&[0, 0, 0, 9][..], &request[..cut]].concat());
        }
        assert_eq!(begins(&[&[0, 0, 0, 9][..], &request].concat()), Some(true));
        for (bytes, expected) in [
            (&b"\0\0\0\x08\x04\xd2\x16\x2f"[..], Some(false)),
            (b"\0\0", None),
            (b"\0\0\x01\x02\x6a\x82\x01", None),
            (b"\0\0\x01\x02\x6a\x84\x01", Some(false)),
            (b"GET ", Some(false)),
        ] {
            assert_eq!(begins(bytes), expected, "{bytes:?}");
        }
    }
}
