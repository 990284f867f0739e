//! Bytes to packets, to flows, to protocol events.
//!
//! Promises: any bytes in, no panic out; what is cut short is read as far as it goes; every table has a capacity, an
//! eviction rule and a counter; packet time is the only clock, so the same frames give the same events.
//! Deliberately not here: opening files (crate `capture`), judging what is seen (crate `detect`), keeping content.
//!
//! The way in is [`Tracker`]: hand it one [`Frame`] after the other, it says what it saw as [`event::Event`]s.
//! The parsers below it ([`frame`], [`dns`], [`tls`], [`http`], [`icmp`]) are pure functions of bytes and may be called alone.

mod bytes;
mod content;
mod datagram;
pub mod dns;
pub mod event;
mod findings;
pub mod flow;
pub mod frame;
pub mod hosts;
pub mod http;
mod http2;
pub mod icmp;
mod login;
pub mod mining;
mod ntlm;
mod quic;
mod raw;
mod recognise;
mod remote;
mod stream;
mod text;
pub mod tls;

pub use flow::{Limits, Tracker};
pub use frame::{Frame, LinkType};
pub use personal::{Category as PersonalCategory, Count as PersonalCount, Found as PersonalFound};

/// Bytes that are not what they claimed to be. The text names the part of the protocol that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed {0}")]
pub struct Malformed(pub &'static str);
