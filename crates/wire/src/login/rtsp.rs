//! RTSP's log-ins, those of cameras: the Authorization field of its requests, which is HTTP's (RFC 2326 §D.1.2), and addresses
//! with one in them.

use super::dialogue::{After, Told, code_of};
use crate::event::LoginOutcome;
use crate::http::login::{of_authority, of_field};

const FIELD: &[u8] = b"authorization:";
const SCHEME: &[u8] = b" rtsp://";

#[derive(Debug, Default)]
pub(super) struct Rtsp {
    /// The log-in that waits for its answer, and the one that was accepted: each request repeats it.
    waiting: Option<u64>,
    accepted: Option<u64>,
    /// The one in the address, which every request repeats, whatever comes of it.
    of_address: Option<u64>,
}

/// Whether a line is a request's first: `DESCRIBE rtsp://192.0.2.7/1 RTSP/1.0`.
pub(super) fn is_request(line: &[u8]) -> bool {
    let has = |words: &[u8]| line.windows(words.len()).any(|window| window == words);
    has(SCHEME) && has(b" RTSP/")
}

/// Who is asked, in a request's first line.
fn authority(line: &[u8]) -> Option<&[u8]> {
    if !is_request(line) {
        return None;
    }
    let start = line.windows(SCHEME.len()).position(|window| window == SCHEME)?;
    line.get(start + SCHEME.len()..)?.split(|byte| matches!(byte, b'/' | b'?' | b' ')).next()
}

impl Rtsp {
    pub(super) fn client(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        if let Some(offer) = authority(line).and_then(of_authority)
            && self.of_address.replace(offer.sameness) != Some(offer.sameness)
        {
            self.waiting = Some(offer.sameness);
            told.sent("rtsp", offer.mechanism, offer.account, offer.secret);
        }
        if let Some((name, value)) = line.split_at_checked(FIELD.len())
            && name.eq_ignore_ascii_case(FIELD)
            && let Some(offer) = of_field(value, false)
            && self.accepted != Some(offer.sameness)
        {
            self.waiting = Some(offer.sameness);
            told.sent("rtsp", offer.mechanism, offer.account, offer.secret);
        }
        After::More
    }

    pub(super) fn server(&mut self, line: &[u8], told: &mut Told<'_>) -> After {
        let status = line.strip_prefix(b"RTSP/1.0 ").and_then(code_of);
        let outcome = match status {
            Some(401 | 403) => LoginOutcome::Refused,
            Some(200..300) => LoginOutcome::Accepted,
            _ => return After::More,
        };
        if let Some(sameness) = self.waiting.take() {
            self.accepted = (outcome == LoginOutcome::Accepted).then_some(sameness);
            told.ended(outcome);
        }
        After::More
    }
}
