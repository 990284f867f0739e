//! TLS: what client and server say in the clear before they encrypt (RFC 8446 §4.1, RFC 5246 §7.4.1), up to TLS 1.2 the
//! server's certificate too.
//!
//! Promises: a hello may be spread over any number of records and segments; GREASE (RFC 8701) is left out wherever it
//! stands. Not here: QUIC's packets around a hello, and the server's fingerprints (JA4S and its kin are under another licence
//! than JA4).

mod certificate;
mod der;
mod hello;
mod ja3;
mod ja4;
pub(crate) mod records;

pub use certificate::{MAX_NAMES, parse_certificates};
pub(crate) use hello::parse_quic_client_hello;
pub use hello::{parse_client_hello, parse_server_hello};

/// Whether these bytes begin with a handshake record that holds a ClientHello or ServerHello. `None`: too few to say.
pub(crate) fn is_hello(bytes: &[u8]) -> Option<bool> {
    let fits = |at: usize, test: &dyn Fn(u8) -> bool| bytes.get(at).is_none_or(|byte| test(*byte));
    let can_be = fits(0, &|kind| kind == records::HANDSHAKE)
        && fits(1, &|major| major == 3)
        && fits(2, &|minor| minor <= 4)
        && fits(5, &|message| matches!(message, hello::CLIENT_HELLO | hello::SERVER_HELLO))
        && fits(6, &|length| length <= 1);
    if can_be && bytes.len() < 7 { None } else { Some(can_be) }
}
