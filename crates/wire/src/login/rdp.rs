//! RDP's first two messages (MS-RDPBCGR §2.2.1.1): who says to come, and how it will be protected. What follows is TLS,
//! or RDP's own encryption.

use jiff::Timestamp;

use super::Side;
use super::dialogue::After;
use super::told::{Account, Attempts, Secret};
use crate::event::LoginOutcome;
use crate::findings::Findings;

const COOKIE: &[u8] = b"Cookie: mstshash=";
const CONNECTION_REQUEST: u8 = 0xe0;
const CONNECTION_CONFIRM: u8 = 0xd0;

#[derive(Debug, Default)]
pub(crate) struct Rdp {
    request: Option<(Timestamp, Account)>,
    attempts: Attempts,
}

/// Whether a client's first segment asks for a connection over TPKT (RFC 1006) as RDP does.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [3] | [3, 0] | [3, 0, _] | [3, 0, _, _] | [3, 0, _, _, _] => None,
        [3, 0, high, low, _, CONNECTION_REQUEST, ..] => {
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            // A cookie, or the negotiation at the end; other users of X.224 have neither.
            let has_negotiation =
                bytes.len() == length && matches!(bytes.get(length.wrapping_sub(8)..), Some([1, _, 8, 0, ..]));
            Some(bytes.get(11..).is_some_and(|rest| rest.starts_with(COOKIE)) || has_negotiation)
        }
        _ => Some(false),
    }
}

impl Rdp {
    pub(super) fn data(&mut self, side: Side, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        match (side, bytes) {
            (Side::Client, [3, 0, _, _, _, CONNECTION_REQUEST, ..]) => {
                let name = bytes.get(11..).and_then(|rest| rest.strip_prefix(COOKIE)).unwrap_or_default();
                let name = name.split(|byte| *byte == b'\r').next().unwrap_or_default();
                self.request = Some((at, Account::of(name)));
                After::More
            }
            (Side::Server, [3, 0, _, _, _, CONNECTION_CONFIRM, rest @ ..]) => {
                let mechanism = match rest.get(5..) {
                    Some([2, _, 8, 0, 1, ..]) => "TLS",
                    Some([2, _, 8, 0, 2 | 8, ..]) => "CredSSP",
                    Some([3, ..]) => return After::Done,
                    _ => "standard",
                };
                if let Some((at, account)) = self.request.take() {
                    self.attempts.sent("rdp", mechanism, account, Secret::Hidden, at, findings);
                    self.attempts.ended(LoginOutcome::Unknown, findings);
                }
                After::Upgrade
            }
            _ => After::Done,
        }
    }
}
