//! SSH (RFC 4253): the versions both sides name, and how often a log-in was refused, told by the shape of what is encrypted.
//!
//! After the keys are agreed the client asks for the service "ssh-userauth" and the server accepts in a message of 17
//! bytes; every answer to a log-in follows the client's request. "Success" is a message of one byte and so always
//! shorter than the acceptance, "failure" lists methods and never is (RFC 4252 §5.1). Banners count as a refusal.

use jiff::Timestamp;

use super::Side;
use super::dialogue::After;
use super::told::{Account, Attempts, Secret};
use crate::bytes::be32;
use crate::event::{Kind, LoginOutcome, Ssh as Versions};
use crate::findings::Findings;
use crate::text;

const MAX_VERSION: usize = 255;
const MAX_PACKET: u32 = 35_000;
const NEW_KEYS: u8 = 21;

/// Answers after which nobody waits for a success.
const MAX_TRIES: u32 = 64;

#[derive(Debug, Default)]
pub(crate) struct Ssh {
    sides: [Way; 2],
    versions: [Option<String>; 2],
    /// Who spoke last since everything is encrypted.
    last: Option<Side>,
    /// The length of the server's acceptance of the service.
    acceptance: Option<usize>,
    begun_at: Option<Timestamp>,
    tries: u32,
    is_in: bool,
    attempts: Attempts,
}

#[derive(Debug, Default)]
struct Way {
    phase: Phase,
    begun: Vec<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Version,
    /// The next packet's head.
    Packet,
    /// So many bytes of a packet; after it, whether all is encrypted.
    Skip(u32, bool),
    Encrypted,
}

/// Whether a side's first bytes are a version.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    const START: &[u8] = b"SSH-";
    if bytes.starts_with(START) {
        Some(true)
    } else if START.starts_with(bytes) {
        None
    } else {
        Some(false)
    }
}

impl Ssh {
    pub(super) fn data(&mut self, side: Side, mut bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        while !bytes.is_empty() {
            let Some(way) = self.sides.get_mut(index(side)) else { return After::Done };
            match way.phase {
                Phase::Version => {
                    let end = bytes.iter().position(|byte| *byte == b'\n');
                    let line = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
                    let room = MAX_VERSION.saturating_sub(way.begun.len()).min(line.len());
                    way.begun.extend_from_slice(line.get(..room).unwrap_or_default());
                    let Some(end) = end else {
                        return if way.begun.len() >= MAX_VERSION { After::Done } else { After::More };
                    };
                    bytes = bytes.get(end + 1..).unwrap_or_default();
                    let version = text::line(&std::mem::take(&mut way.begun), MAX_VERSION);
                    way.phase = Phase::Packet;
                    if let Some(known) = self.versions.get_mut(index(side)) {
                        *known = Some(version);
                    }
                    self.tell_versions(at, findings);
                }
                Phase::Packet => {
                    let room = 6usize.saturating_sub(way.begun.len()).min(bytes.len());
                    way.begun.extend_from_slice(bytes.get(..room).unwrap_or_default());
                    bytes = bytes.get(room..).unwrap_or_default();
                    let (Some(length), Some(kind)) = (be32(&way.begun, 0), way.begun.get(5)) else { continue };
                    if !(2..=MAX_PACKET).contains(&length) {
                        return After::Done;
                    }
                    way.phase = Phase::Skip(length - 2, *kind == NEW_KEYS);
                    way.begun.clear();
                }
                Phase::Skip(left, is_last) => {
                    let skipped = (left as usize).min(bytes.len());
                    bytes = bytes.get(skipped..).unwrap_or_default();
                    let left = left.saturating_sub(u32::try_from(skipped).unwrap_or(left));
                    way.phase = match (left, is_last) {
                        (0, true) => Phase::Encrypted,
                        (0, false) => Phase::Packet,
                        (left, _) => Phase::Skip(left, is_last),
                    };
                }
                Phase::Encrypted => return self.encrypted(side, bytes.len(), at, findings),
            }
        }
        After::More
    }

    /// A hole: what is encrypted is counted on, the rest cannot be followed.
    pub(super) fn gap(&mut self, side: Side) -> After {
        let is_encrypted = self.sides.get(index(side)).is_some_and(|way| way.phase == Phase::Encrypted);
        if is_encrypted { After::More } else { After::Done }
    }

    pub(super) fn finish(&mut self, findings: &mut Findings) {
        self.tell(LoginOutcome::Refused, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        self.sides.iter().map(|way| way.begun.len()).sum()
    }

    /// A piece of one side, of which only the length is known.
    fn encrypted(&mut self, side: Side, length: usize, at: Timestamp, findings: &mut Findings) -> After {
        let before = self.last;
        if side == Side::Client {
            self.last = Some(side);
            self.begun_at = self.begun_at.or(Some(at));
            return After::More;
        }
        // Only the first piece of an answer counts; what the server says unasked is none.
        if before != Some(Side::Client) {
            return After::More;
        }
        self.last = Some(side);
        match self.acceptance {
            None => self.acceptance = Some(length),
            Some(acceptance) if length < acceptance => {
                self.tell(LoginOutcome::Accepted, findings);
                return After::Done;
            }
            Some(_) => self.tries += 1,
        }
        if self.tries >= MAX_TRIES {
            self.tell(LoginOutcome::Refused, findings);
            return After::Done;
        }
        After::More
    }

    fn tell_versions(&mut self, at: Timestamp, findings: &mut Findings) {
        if let [Some(client), Some(server)] = &self.versions {
            findings.event(at, Kind::Ssh(Versions { client: client.clone(), server: server.clone() }));
        }
    }

    fn tell(&mut self, outcome: LoginOutcome, findings: &mut Findings) {
        if std::mem::replace(&mut self.is_in, true) {
            return;
        }
        let Some(at) = self.begun_at.filter(|_| self.tries > 0 || outcome == LoginOutcome::Accepted) else { return };
        self.attempts.sent("ssh", "encrypted", Account::default(), Secret::Hidden, at, findings);
        self.attempts.tries(self.tries.max(1));
        self.attempts.ended(outcome, findings);
    }
}

fn index(side: Side) -> usize {
    usize::from(side == Side::Server)
}
