//! DNS over TCP: messages with their length in two bytes before them (RFC 7766 §8).

use jiff::Timestamp;

use super::Message;
use crate::bytes::take_u16_block;
use crate::findings::Findings;
use crate::stream::Step;

/// One direction of a TCP connection that speaks DNS.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    /// At most one incomplete message: 64 KB.
    buffer: Vec<u8>,
}

impl Messages {
    /// Takes the next bytes; complete messages are handed to `each`.
    pub(crate) fn data<'a>(
        &mut self,
        bytes: &'a [u8],
        at: Timestamp,
        findings: &mut Findings,
        each: &mut dyn FnMut(Timestamp, Message, &mut Findings),
    ) -> Step<'a> {
        self.buffer.extend_from_slice(bytes);
        let mut rest = self.buffer.as_slice();
        while let Some((message, after)) = take_u16_block(rest) {
            rest = after;
            match super::parse(message) {
                Ok(message) => {
                    if !message.is_complete {
                        findings.malformed(super::INCOMPLETE);
                    }
                    each(at, message, findings);
                }
                // The lengths can no longer be trusted.
                Err(what) => {
                    findings.malformed(what);
                    return Step::Done;
                }
            }
        }
        let used = self.buffer.len() - rest.len();
        self.buffer.drain(..used);
        Step::More
    }

    pub(crate) fn buffered(&self) -> usize {
        self.buffer.len()
    }
}
