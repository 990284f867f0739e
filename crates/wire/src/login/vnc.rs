//! VNC's handshake (RFC 6143 §7.1): with its own log-in the secret is not sent, but a challenge's answer that is soon guessed.

use jiff::Timestamp;

use super::Side;
use super::dialogue::After;
use super::told::{Account, Attempts, Secret};
use crate::bytes::be32;
use crate::event::LoginOutcome;
use crate::findings::Findings;

const VERSION: usize = 12;
const VNC: u8 = 2;

#[derive(Debug, Default)]
pub(crate) struct Vnc {
    begun: [Vec<u8>; 2],
    client: Step,
    server: Step,
    /// Version 3.3, in which the server chooses.
    is_old: bool,
    attempts: Attempts,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Step {
    #[default]
    Version,
    Methods,
    Challenge,
    Result,
}

pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    const START: &[u8] = b"RFB 00";
    if bytes.starts_with(START) {
        Some(true)
    } else if START.starts_with(bytes) {
        None
    } else {
        Some(false)
    }
}

impl Vnc {
    pub(super) fn data(&mut self, side: Side, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        let index = usize::from(side == Side::Server);
        let Some(begun) = self.begun.get_mut(index) else { return After::Done };
        let room = 256usize.saturating_sub(begun.len()).min(bytes.len());
        begun.extend_from_slice(bytes.get(..room).unwrap_or_default());
        let mut bytes = std::mem::take(begun);
        loop {
            let read = match side {
                Side::Client => self.client(&bytes, at, findings),
                Side::Server => self.server(&bytes, findings),
            };
            match read {
                Some(0) => return After::Done,
                Some(length) => drop(bytes.drain(..length.min(bytes.len()))),
                None => break,
            }
        }
        if let Some(begun) = self.begun.get_mut(index) {
            *begun = bytes;
        }
        After::More
    }

    pub(super) fn finish(&mut self, findings: &mut Findings) {
        self.attempts.ended(LoginOutcome::Unknown, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        self.begun.iter().map(Vec::len).sum()
    }

    fn client(&mut self, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> Option<usize> {
        match self.client {
            Step::Version => {
                let version = bytes.get(..VERSION)?;
                self.is_old = version.starts_with(b"RFB 003.003");
                self.client = if self.is_old { Step::Challenge } else { Step::Methods };
                Some(VERSION)
            }
            Step::Methods => {
                let method = *bytes.first()?;
                if method != VNC {
                    return Some(0);
                }
                self.client = Step::Challenge;
                self.server = Step::Challenge;
                Some(1)
            }
            Step::Challenge => {
                bytes.get(..16)?;
                self.attempts.sent("vnc", "VNC", Account::default(), Secret::Hidden, at, findings);
                self.client = Step::Result;
                Some(16)
            }
            Step::Result => None,
        }
    }

    fn server(&mut self, bytes: &[u8], findings: &mut Findings) -> Option<usize> {
        match self.server {
            Step::Version => {
                bytes.get(..VERSION)?;
                self.server = Step::Methods;
                Some(VERSION)
            }
            Step::Methods if self.is_old => {
                let method = be32(bytes, 0)?;
                self.server = Step::Challenge;
                Some(if method == u32::from(VNC) { 4 } else { 0 })
            }
            Step::Methods => {
                let count = usize::from(*bytes.first()?);
                bytes.get(1..=count)?;
                if count == 0 {
                    return Some(0);
                }
                self.server = Step::Challenge;
                Some(1 + count)
            }
            Step::Challenge => {
                bytes.get(..16)?;
                self.server = Step::Result;
                Some(16)
            }
            Step::Result => {
                let outcome = if be32(bytes, 0)? == 0 { LoginOutcome::Accepted } else { LoginOutcome::Refused };
                self.attempts.ended(outcome, findings);
                Some(0)
            }
        }
    }
}
