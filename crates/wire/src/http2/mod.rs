//! HTTP/2 in the clear (RFC 9113): with prior knowledge, by upgrade from HTTP/1.1 (RFC 7540 §3.2), and gRPC over it.
//!
//! Promises: the same events as HTTP/1, each with the stream that it is on; of a target only the path is kept, never its
//! query, a log-in or a cookie; what cannot be read, because the capture begins later than the connection or bytes are
//! missing, is unknown and never guessed; header blocks, tables and streams have bounds. Not here: HTTP/2 in TLS, what a
//! server pushes unasked (its answers are told, the promised requests are none), what goes through a CONNECT.

mod field;
mod frame;
mod frames;
mod hpack;
mod huffman;

pub(crate) use frames::Frames;

use field::{Fields, Head};
use frame::{Frame, HEADER, kind};
use hpack::Decoder;

/// Whether these bytes begin HTTP/2: a server's first frame, which is one with settings (RFC 9113 §3.4), or a frame with a
/// request or an answer in a connection whose beginning was not captured. `None`: too few to say. How a client begins
/// looks like HTTP/1, whose parser hands it on.
pub(crate) fn begins(bytes: &[u8]) -> Option<bool> {
    let fits = |at: usize, test: &dyn Fn(u8) -> bool| bytes.get(at).is_none_or(|byte| test(*byte));
    let is_settings = fits(0, &|byte| byte == 0)
        && fits(1, &|byte| byte == 0)
        && fits(2, &|length| length % 6 == 0)
        && fits(3, &|byte| byte == kind::SETTINGS)
        && (4..HEADER).all(|at| fits(at, &|byte| byte == 0));
    match is_settings {
        true if bytes.len() < HEADER => None,
        true => Some(true),
        false => Some(is_head(bytes)),
    }
}

/// Whether a frame with a whole head stands here that can be read.
fn is_head(bytes: &[u8]) -> bool {
    let Some((header, rest)) = bytes.split_first_chunk() else { return false };
    let frame = Frame::of(*header);
    // Cheap things first: most conversations speak something else.
    if frame.kind != kind::HEADERS || !frame.is_whole_head() || frame.stream.is_multiple_of(2) {
        return false;
    }
    let Some(block) = rest.get(..frame.length).and_then(|payload| frame.block(payload)) else { return false };
    // It begins with a field of HTTP/2's own, in most cases one that needs no table.
    let is_own = match block.first() {
        Some(first @ 0x80..) => (1..=14).contains(&(first & 0x7f)),
        Some(first @ 0x40..) => (1..=14).contains(&(first & 0x3f)),
        _ => false,
    };
    let mut fields = Fields::default();
    is_own
        && Decoder::default().block(block, &mut |field| fields.add(field)).is_ok()
        && fields.head(frame.stream) != Head::Neither
}
