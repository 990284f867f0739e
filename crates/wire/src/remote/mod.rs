//! Administration from afar: SMB's administrative shares and pipes, and the interfaces of MS-RPC that change another machine.
//!
//! Promises: which share, which pipe, which interface, and who logs in to SMB with a password; no names of files, no content.
//! Messages are bounded, and one that is longer is passed over. Not here: judging whether it is allowed (crate `detect`),
//! WinRM (it is HTTP), RDP.

mod logon;
mod rpc;
mod smb;

use jiff::Timestamp;

use crate::event::{Kind, RemoteMeans};
use crate::findings::Findings;
use crate::stream::Step;
pub(crate) use logon::Logons;

/// A message that names a share or pipe is far shorter; of longer ones, so much is looked at.
const MAX_MESSAGE: usize = 4 * 1024;
/// Messages of one direction that are looked at with nothing of a log-in among them: who is in may log in again, as another.
const MAX_MESSAGES: usize = 512;
/// Different means told of one direction.
const MAX_TOLD: usize = 16;

/// Whether these bytes begin SMB over TCP or MS-RPC. `None`: too few to say.
pub(crate) fn begins_message(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0, _, _, _, 0xfc..=0xff, b'S', b'M', b'B', ..] | [5, 0 | 1, 0..20, _, 0x10, 0, 0, 0, ..] => Some(true),
        [0, ..] if bytes.len() < 8 => None,
        _ => Some(false),
    }
}

/// One direction.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    /// The current message's beginning, as far as it is kept.
    message: Vec<u8>,
    /// Bytes of it that are still to come, the header not counted before it is known.
    left: usize,
    read: usize,
    told: Vec<RemoteMeans>,
    /// Under which number the client bound the directory's replication, which has harmless uses too.
    replication: Option<u16>,
}

impl Messages {
    pub(crate) fn data<'a>(
        &mut self,
        mut bytes: &'a [u8],
        at: Timestamp,
        logons: &mut Logons,
        findings: &mut Findings,
    ) -> Step<'a> {
        while !bytes.is_empty() {
            if self.left == 0 {
                // A header of ten bytes says how long either protocol's message is.
                let missing = 10usize.saturating_sub(self.message.len());
                let (taken, rest) = bytes.split_at(missing.min(bytes.len()));
                self.message.extend_from_slice(taken);
                bytes = rest;
                if self.message.len() < 10 {
                    break;
                }
                let Some(length) = length(&self.message) else { return Step::Done };
                self.left = length.saturating_sub(10);
            }
            let (taken, rest) = bytes.split_at(self.left.min(bytes.len()));
            let room = MAX_MESSAGE.saturating_sub(self.message.len());
            self.message.extend_from_slice(taken.get(..room).unwrap_or(taken));
            self.left -= taken.len();
            bytes = rest;
            if self.left == 0 {
                self.complete(at, logons, findings);
                if self.read >= MAX_MESSAGES || self.told.len() >= MAX_TOLD {
                    return Step::Done;
                }
            }
        }
        Step::More
    }

    pub(crate) fn buffered(&self) -> usize {
        self.message.len()
    }

    fn complete(&mut self, at: Timestamp, logons: &mut Logons, findings: &mut Findings) {
        self.read += 1;
        let message = std::mem::take(&mut self.message);
        let is_rpc = message.first() == Some(&5);
        let (mut told, mut heard) = (Vec::new(), Vec::new());
        if is_rpc {
            rpc::read(&message, &mut self.replication, &mut told)
        } else {
            smb::read(message.get(4..).unwrap_or_default(), &mut told, &mut heard)
        };
        if !heard.is_empty() {
            self.read = 0;
        }
        for one in heard {
            logons.heard(one, at, findings);
        }
        for kind in told {
            if let Kind::RemoteAccess(means) = &kind {
                if self.told.contains(means) {
                    continue;
                }
                self.told.push(means.clone());
            }
            findings.event(at, kind);
        }
        // The buffer is used again.
        self.message = message;
        self.message.clear();
    }
}

/// A whole message's length, from its first ten bytes. Absent: it is neither protocol any more.
fn length(header: &[u8]) -> Option<usize> {
    match header {
        // NetBIOS session service: three bytes, big-endian; a keep-alive has none.
        [0 | 0x85, high, middle, low, ..] => Some((u32::from_be_bytes([0, *high, *middle, *low]) as usize + 4).max(10)),
        // MS-RPC, little-endian.
        [5, 0 | 1, _, _, 0x10, 0, 0, 0, low, high, ..] => {
            Some(usize::from(u16::from_le_bytes([*low, *high]))).filter(|length| *length >= 16)
        }
        _ => None,
    }
}
