//! HTTP/1 (RFC 9112): who is asked for what by whom, and what was answered.
//!
//! Promises: several requests on one connection are all read, their bodies skipped; of a target only the path is kept,
//! never its query, a log-in or a cookie; of a log-in who and how, never the secret; a broken line hides none of the others. Not here: HTTP/2 (`http2`), HTTP/3, content.

pub(crate) mod body;
pub(crate) mod connection;
pub(crate) mod content;
pub(crate) mod head;
pub(crate) mod login;

pub use head::{Framing, Head, host_name, parse_request, parse_response, split_target};
pub(crate) use head::{HTTP2_HEAD, begins_message, head_end, read_request};
