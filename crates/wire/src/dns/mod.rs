//! DNS messages (RFC 1035): the question, the answers' addresses and names, and nothing of other content.
//!
//! Promises: a message whose header and question can be read is read, its answers as far as they go.
//! Not here: the authority and additional sections, EDNS, DNSSEC, dynamic updates, multicast DNS.

mod message;
pub(crate) mod pairing;
pub(crate) mod tcp;

pub(crate) use message::looks_like_question;
pub use message::{Message, Question, parse};

/// A message that ends before what its header counts.
pub(crate) const INCOMPLETE: crate::Malformed = crate::Malformed("dns message");

/// The port that DNS is spoken on; on it every datagram is read, and TCP that begins like it, elsewhere only what has a
/// question's exact shape.
pub(crate) const PORT: u16 = 53;
