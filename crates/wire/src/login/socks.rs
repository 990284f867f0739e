//! SOCKS 4, 4a and 5 (RFC 1928, RFC 1929). What follows the request is read as if there were no proxy.

use jiff::Timestamp;

use super::Side;
use super::dialogue::After;
use super::told::{Account, Attempts, Secret};
use crate::bytes::take_u8_block;
use crate::event::LoginOutcome;
use crate::findings::Findings;

const MAX_BUFFER: usize = 1024;
const USER_PASSWORD: u8 = 2;

#[derive(Debug, Default)]
pub(crate) struct Socks {
    buffers: [Vec<u8>; 2],
    client: Step,
    server: Step,
    has_password: bool,
    attempts: Attempts,
}

/// What one side sends next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Greeting,
    Password,
    Request,
    /// Whatever the proxy is used for.
    Through,
}

/// Whether a client's first segment is a greeting or request, and nothing more.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [5, count @ 1..=16, methods @ ..] => {
            Some(methods.len() == usize::from(*count) && methods.iter().all(|method| *method <= 9 || *method >= 0x80))
        }
        [4, 1 | 2, _, _, a, _, _, _, rest @ ..] => {
            let ends = rest.iter().filter(|byte| **byte == 0).count();
            let is_text = rest.iter().all(|byte| *byte == 0 || byte.is_ascii_graphic());
            Some(is_text && rest.last() == Some(&0) && ends == if *a == 0 { 2 } else { 1 })
        }
        _ => Some(false),
    }
}

impl Socks {
    pub(super) fn data<'a>(
        &mut self,
        side: Side,
        bytes: &'a [u8],
        at: Timestamp,
        findings: &mut Findings,
    ) -> (After, &'a [u8]) {
        let index = usize::from(side == Side::Server);
        let Some(buffer) = self.buffers.get_mut(index) else { return (After::Done, &[]) };
        let before = buffer.len();
        let room = MAX_BUFFER.saturating_sub(before).min(bytes.len());
        buffer.extend_from_slice(bytes.get(..room).unwrap_or_default());
        let buffer = std::mem::take(buffer);
        let mut taken = 0;
        loop {
            let rest = buffer.get(taken..).unwrap_or_default();
            let read = match side {
                Side::Client => self.client(rest, at, findings),
                Side::Server => self.server(rest, findings),
            };
            let Some(length) = read else {
                if rest.len() >= MAX_BUFFER {
                    return (After::Done, &[]);
                }
                if let Some(buffer) = self.buffers.get_mut(index) {
                    *buffer = rest.to_vec();
                }
                return (After::More, &[]);
            };
            taken += length;
            let step = if side == Side::Client { self.client } else { self.server };
            if step == Step::Through {
                return (After::Upgrade, bytes.get(taken.saturating_sub(before)..).unwrap_or_default());
            }
            if length == 0 {
                return (After::Done, &[]);
            }
        }
    }

    /// Whether this side still speaks to, or as, the proxy.
    pub(super) fn waits_for(&self, side: Side) -> bool {
        let step = if side == Side::Client { self.client } else { self.server };
        step != Step::Through
    }

    pub(super) fn finish(&mut self, findings: &mut Findings) {
        self.attempts.ended(LoginOutcome::Unknown, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        self.buffers.iter().map(Vec::len).sum()
    }

    /// Reads the client's next message: its length. Zero: it is none.
    fn client(&mut self, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> Option<usize> {
        match (self.client, bytes) {
            (_, []) => None,
            (Step::Greeting, [5, count, methods @ ..]) => {
                let methods = methods.get(..usize::from(*count))?;
                self.client = if methods == [USER_PASSWORD] { Step::Password } else { Step::Request };
                self.has_password = methods.contains(&USER_PASSWORD);
                Some(2 + methods.len())
            }
            (Step::Greeting, [4, ..]) => {
                let end = bytes.get(8..)?.iter().position(|byte| *byte == 0)? + 9;
                let is_by_name = matches!(bytes, [_, _, _, _, 0, 0, 0, last, ..] if *last != 0);
                let end =
                    if is_by_name { end + bytes.get(end..)?.iter().position(|byte| *byte == 0)? + 1 } else { end };
                self.client = Step::Through;
                self.server = Step::Request;
                Some(end)
            }
            // A log-in is told from a request by its first byte (RFC 1929 §2).
            (Step::Password | Step::Request, [1, rest @ ..]) if self.has_password => {
                let (account, rest) = take_u8_block(rest)?;
                let (secret, _) = take_u8_block(rest)?;
                let kind = if secret.is_empty() { Secret::None } else { Secret::Readable };
                self.attempts.sent("socks", "user/password", Account::of(account), kind, at, findings);
                self.client = Step::Request;
                self.server = if self.server == Step::Greeting { Step::Greeting } else { Step::Password };
                Some(3 + account.len() + secret.len())
            }
            (Step::Request, [5, _, 0, ..]) => {
                let length = address_length(bytes)?;
                self.client = Step::Through;
                Some(length)
            }
            _ => Some(0),
        }
    }

    fn server(&mut self, bytes: &[u8], findings: &mut Findings) -> Option<usize> {
        match (self.server, bytes) {
            (_, []) => None,
            (Step::Greeting, [5, method, ..]) => {
                self.server = if *method == USER_PASSWORD { Step::Password } else { Step::Request };
                Some(2)
            }
            (Step::Greeting, [5]) => None,
            (Step::Password, [1, status, ..]) => {
                let outcome = if *status == 0 { LoginOutcome::Accepted } else { LoginOutcome::Refused };
                self.attempts.ended(outcome, findings);
                self.server = Step::Request;
                Some(2)
            }
            (Step::Password, [1]) => None,
            (Step::Request, [5, _, 0, ..]) => {
                let length = address_length(bytes)?;
                self.server = Step::Through;
                Some(length)
            }
            (Step::Request, [0, 0x5a..=0x5d, ..]) => {
                bytes.get(..8)?;
                self.server = Step::Through;
                Some(8)
            }
            (Step::Request, [5] | [5, _] | [0]) => None,
            _ => Some(0),
        }
    }
}

/// A request's or reply's length (RFC 1928 §4).
fn address_length(bytes: &[u8]) -> Option<usize> {
    let address = match bytes.get(3)? {
        1 => 4,
        3 => 1 + usize::from(*bytes.get(4)?),
        4 => 16,
        _ => return Some(0),
    };
    (bytes.len() >= 4 + address + 2).then_some(4 + address + 2)
}
