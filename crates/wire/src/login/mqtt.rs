//! MQTT's CONNECT and its answer (MQTT 3.1.1 §3.1, 5.0 §3.1): nothing is read after that.

use jiff::Timestamp;

use super::Side;
use super::dialogue::After;
use super::told::{Account, Attempts, Secret};
use crate::bytes::take_u16_block;
use crate::event::LoginOutcome;
use crate::findings::Findings;

/// A CONNECT that is longer is not read.
const MAX_CONNECT: usize = 8 * 1024;

#[derive(Debug, Default)]
pub(crate) struct Mqtt {
    begun: Vec<u8>,
    is_read: bool,
    attempts: Attempts,
}

/// Whether a client's first bytes are a CONNECT.
pub(super) fn begins(bytes: &[u8]) -> Option<bool> {
    if bytes.first().is_some_and(|first| *first != 0x10) {
        return Some(false);
    }
    let Some((_, size)) = length(bytes.get(1..).unwrap_or_default()) else {
        return if bytes.len() < 5 { None } else { Some(false) };
    };
    let name = bytes.get(1 + size..).unwrap_or_default();
    let mut could_be = false;
    for known in [&b"\0\x04MQTT"[..], b"\0\x06MQIsdp"] {
        if name.starts_with(known) {
            return Some(true);
        }
        could_be |= known.starts_with(name);
    }
    if could_be { None } else { Some(false) }
}

impl Mqtt {
    pub(super) fn data(&mut self, side: Side, bytes: &[u8], at: Timestamp, findings: &mut Findings) -> After {
        match side {
            Side::Client if self.is_read => After::More,
            Side::Client => {
                let room = MAX_CONNECT.saturating_sub(self.begun.len()).min(bytes.len());
                self.begun.extend_from_slice(bytes.get(..room).unwrap_or_default());
                let Some((length, size)) = length(self.begun.get(1..).unwrap_or_default()) else { return After::More };
                let whole = 1 + size + length;
                if whole > MAX_CONNECT {
                    return After::Done;
                }
                if self.begun.len() < whole {
                    return After::More;
                }
                let message = std::mem::take(&mut self.begun);
                self.is_read = true;
                if let Some((account, secret)) = connect(message.get(1 + size..whole).unwrap_or_default()) {
                    let (mechanism, kind) =
                        if secret { ("password", Secret::Readable) } else { ("anonymous", Secret::None) };
                    self.attempts.sent("mqtt", mechanism, account, kind, at, findings);
                }
                After::More
            }
            Side::Server => {
                let Some((_, size)) = length(bytes.get(1..).unwrap_or_default()) else { return After::Done };
                if let (Some(0x20), Some(code)) = (bytes.first(), bytes.get(1 + size + 1)) {
                    let outcome = if *code == 0 { LoginOutcome::Accepted } else { LoginOutcome::Refused };
                    self.attempts.ended(outcome, findings);
                }
                After::Done
            }
        }
    }

    pub(super) fn finish(&mut self, findings: &mut Findings) {
        self.attempts.ended(LoginOutcome::Unknown, findings);
    }

    pub(super) fn buffered(&self) -> usize {
        self.begun.len()
    }
}

/// Who connects, and whether with a secret.
fn connect(content: &[u8]) -> Option<(Account, bool)> {
    let (_, rest) = take_u16_block(content)?;
    let (version, flags) = (*rest.first()?, *rest.get(1)?);
    let mut rest = rest.get(4..)?;
    let properties = |bytes: &mut &[u8]| -> Option<()> {
        let (length, size) = length(bytes)?;
        *bytes = bytes.get(size + length..)?;
        Some(())
    };
    if version >= 5 {
        properties(&mut rest)?;
    }
    let next = |rest: &mut &[u8]| -> Option<Vec<u8>> {
        let (text, after) = take_u16_block(rest)?;
        *rest = after;
        Some(text.get(..256).unwrap_or(text).to_vec())
    };
    next(&mut rest)?;
    if flags & 0x04 != 0 {
        if version >= 5 {
            properties(&mut rest)?;
        }
        next(&mut rest)?;
        next(&mut rest)?;
    }
    let account = if flags & 0x80 != 0 { Account::of(&next(&mut rest)?) } else { Account::default() };
    let secret = if flags & 0x40 != 0 { next(&mut rest)? } else { Vec::new() };
    Some((account, !secret.is_empty()))
}

/// A length in seven bits a byte, and how many bytes it takes.
fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut length = 0;
    for (index, byte) in bytes.iter().take(4).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((length, index + 1));
        }
    }
    None
}
