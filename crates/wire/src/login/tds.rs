//! SQL Server's log-in (MS-TDS §2.2.6.4), where the first two messages agreed on no encryption: the secret is only turned
//! about. Else TLS follows within packets of the first message's kind, and nothing more is read.

use jiff::Timestamp;

use super::Side;
use super::dialogue::After;
use super::told::{Account, Attempts, Secret};
use crate::bytes::{be16, le16};
use crate::event::LoginOutcome;
use crate::findings::Findings;
use crate::text;

const HEADER: usize = 8;
/// What is sent before anything else was agreed on is no longer; a direction may hold two of them.
const MAX_PACKET: usize = 4 * 1024;
const MAX_HELD: usize = 2 * MAX_PACKET;
const MAX_ACCOUNT: usize = 128;

const PRELOGIN: u8 = 0x12;
const LOGIN: u8 = 0x10;
const ANSWER: u8 = 0x04;

/// Where a log-in says at which offset its account and its secret stand, and how many characters they have.
const ACCOUNT: usize = 40;
const SECRET: usize = 44;

#[derive(Debug, Default)]
pub(crate) struct Tds {
    begun: [Vec<u8>; 2],
    has_begun: bool,
    attempts: Attempts,
}

/// Whether a client's first bytes are a first message: in one packet, with the version as its first option.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    let fits = |at: usize, byte: u8| bytes.get(at).is_none_or(|it| *it == byte);
    let could_be = fits(0, PRELOGIN) && fits(1, 1) && fits(4, 0) && fits(5, 0) && fits(HEADER, 0);
    if could_be && bytes.len() <= HEADER { None } else { Some(could_be) }
}

impl Tds {
    pub(super) fn data(&mut self, side: Side, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        let index = usize::from(side == Side::Server);
        let Some(begun) = self.begun.get_mut(index) else { return After::Done };
        let room = MAX_HELD.saturating_sub(begun.len()).min(bytes.len());
        begun.extend_from_slice(bytes.get(..room).unwrap_or_default());
        let held = std::mem::take(begun);
        let mut rest = held.as_slice();
        while let Some(length) = be16(rest, 2).map(usize::from) {
            if !(HEADER..=MAX_PACKET).contains(&length) {
                return After::Done;
            }
            let Some((packet, behind)) = rest.split_at_checked(length) else { break };
            rest = behind;
            let after = match side {
                Side::Client => self.client(packet, at, findings),
                Side::Server => self.server(packet, findings),
            };
            if after == After::Done {
                return After::Done;
            }
        }
        if let Some(begun) = self.begun.get_mut(index) {
            *begun = rest.to_vec();
        }
        if room < bytes.len() { After::Done } else { After::More }
    }

    pub(super) fn finish(&mut self, findings: &mut Findings) {
        self.attempts.ended(LoginOutcome::Unknown, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        self.begun.iter().map(Vec::len).sum()
    }

    fn client(&mut self, packet: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        match packet.first() {
            Some(&PRELOGIN) if !std::mem::replace(&mut self.has_begun, true) => After::More,
            Some(&LOGIN) => {
                let Some((account, secret)) = log_in(packet.get(HEADER..).unwrap_or_default()) else {
                    return After::Done;
                };
                self.attempts.sent("tds", "LOGIN7", account, secret, at, findings);
                After::More
            }
            _ => After::Done,
        }
    }

    /// The answer is a row of tokens, of which those before the one that counts say how long they are.
    fn server(&mut self, packet: &[u8], findings: &mut Findings) -> After {
        if !self.attempts.is_waiting() {
            return After::More;
        }
        let mut tokens = if packet.first() == Some(&ANSWER) { packet.get(HEADER..).unwrap_or_default() } else { &[] };
        let outcome = loop {
            tokens = match tokens {
                [0xad, ..] => break LoginOutcome::Accepted,
                [0xaa, ..] => break LoginOutcome::Refused,
                [0xe3 | 0xab, low, high, behind @ ..] => {
                    behind.get(usize::from(u16::from_le_bytes([*low, *high]))..).unwrap_or_default()
                }
                _ => break LoginOutcome::Unknown,
            };
        };
        self.attempts.ended(outcome, findings);
        After::Done
    }
}

/// Who logs in. Absent: by Windows' own means, which send no secret here.
fn log_in(message: &[u8]) -> Option<(Account, Secret)> {
    let field = |at: usize| {
        let (offset, characters) = (usize::from(le16(message, at)?), usize::from(le16(message, at + 2)?));
        message.get(offset..offset + 2 * characters)
    };
    let (account, secret) = (field(ACCOUNT)?, field(SECRET)?);
    let kind = if secret.is_empty() { Secret::None } else { Secret::Readable };
    (!account.is_empty()).then(|| (Account::of(text::wide(account, MAX_ACCOUNT).as_bytes()), kind))
}
