//! Bytes that are counted instead of ended by a line, amid a conversation in lines: a message in SMTP's chunks (RFC 3030), a
//! message that IMAP is to keep (RFC 9051 §6.3.12). They are no commands, whatever they say.

use jiff::Timestamp;

use super::dialogue::Told;
use crate::content::Content;
use crate::findings::Findings;

#[derive(Debug, Default)]
pub(super) struct Counted {
    left: u64,
    /// The message ends with them.
    is_last: bool,
    message: Option<Box<Content>>,
}

impl Counted {
    /// So many bytes follow, of the message that has begun or of a new one.
    pub(super) fn begin(&mut self, carrier: &'static str, length: u64, is_last: bool, told: &mut Told<'_>) {
        if self.message.is_none() && told.findings.looks_into_content {
            self.message = Some(Box::new(Content::mail(carrier)));
        }
        (self.left, self.is_last) = (length, is_last);
        self.passed(0, told.at, told.findings);
    }

    /// They will not come.
    pub(super) fn give_up(&mut self) {
        (self.left, self.message) = (0, None);
    }

    /// How many are still to come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    pub(super) fn data(&mut self, bytes: &[u8], at: Timestamp, findings: &mut Findings) {
        if let Some(message) = &mut self.message {
            message.data(bytes);
        }
        self.passed(bytes.len() as u64, at, findings);
    }

    /// So many were not captured.
    pub(super) fn gap(&mut self, length: u64, at: Timestamp, findings: &mut Findings) {
        if let Some(message) = &mut self.message {
            message.gap();
        }
        self.passed(length, at, findings);
    }

    /// The message has ended, or the connection in the middle of it.
    pub(super) fn finish(&mut self, at: Timestamp, findings: &mut Findings) {
        if let Some(message) = self.message.take() {
            message.finish(true, at, findings);
        }
    }

    pub(super) fn buffered(&self) -> usize {
        self.message.as_ref().map_or(0, |message| message.buffered())
    }

    fn passed(&mut self, length: u64, at: Timestamp, findings: &mut Findings) {
        self.left = self.left.saturating_sub(length);
        if self.left == 0 && self.is_last {
            self.finish(at, findings);
        }
    }
}
