//! DNS over TCP: messages with their length in two bytes before them (RFC 7766 §8).

use jiff::Timestamp;

use super::Message;
use crate::bytes::{be16, take_u16_block};
use crate::findings::Findings;
use crate::stream::Step;

/// The length, and a message's header (RFC 1035 §4.1.1).
const BEGINNING: usize = 2 + 12;

/// The shortest question and the shortest record, each with the shortest name.
const QUESTION: u32 = 5;
const RECORD: u32 = 11;

/// Whether these bytes begin a message, with its length before it. `None`: too few to say.
pub(crate) fn begins(bytes: &[u8]) -> Option<bool> {
    let fits = |at: usize, test: &dyn Fn(u8) -> bool| bytes.get(at).is_none_or(|byte| test(*byte));
    // The kinds of messages that are in use (IANA's list), a bit that is always zero, and at most one question.
    let can_be = fits(4, &|flags| matches!(flags >> 3 & 0x0f, 0 | 2 | 4..=6))
        && fits(5, &|flags| flags & 0x40 == 0)
        && fits(6, &|high| high == 0)
        && fits(7, &|questions| questions <= 1);
    if can_be && bytes.len() < BEGINNING { None } else { Some(can_be && counts_fit(bytes).unwrap_or_default()) }
}

/// Whether what the header counts has room in that length, and goes with what the message is.
fn counts_fit(bytes: &[u8]) -> Option<bool> {
    let [length, flags, questions, answers, authorities, additional] =
        [0, 4, 6, 8, 10, 12].map(|at| be16(bytes, at).map(u32::from));
    let (questions, answers) = (questions?, answers?);
    let records = answers + authorities? + additional?;
    // Neither a response nor a notification or update.
    let is_question = flags? & 0xf800 == 0;
    let has_room = 12 + questions * QUESTION + records * RECORD <= length?;
    Some(has_room && (!is_question || questions == 1 && answers == 0))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_known_by_its_header() {
        let question = b"\0\x16\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x01a\x02nl\0\0\x01\0\x01";
        let table: [(&[u8], bool); 9] = [
            (question, true),
            // The first message of a zone's transfer, with more answers than anybody counts.
            (b"\xff\xfe\x12\x34\x84\0\0\x01\x03\xe8\0\0\0\0", true),
            (b"\0\x0c\x12\x34\x81\x81\0\0\0\0\0\0\0\0", true),
            // Answers in a question, and more of them than have room.
            (b"\0\x16\x12\x34\x01\0\0\x01\0\x01\0\0\0\0", false),
            (b"\0\x16\x12\x34\x81\0\0\x01\0\x01\0\0\0\0", false),
            (b"GET / HTTP/1.1\r\n", false),
            (b"220 hi ftp\r\n   ", false),
            (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\x01\x02\x03", false),
            (b"{\"id\": 1, \"method\"", false),
        ];
        for (bytes, expected) in table {
            assert_eq!(begins(bytes), Some(expected), "{bytes:?}");
        }
        for length in 0..BEGINNING {
            assert_eq!(begins(&question[..length]), None, "{length}");
        }
        assert_eq!(begins(b"+OK\r\n"), Some(false));
    }
}
