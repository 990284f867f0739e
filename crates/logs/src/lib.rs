//! What other devices say of traffic, as protocol events: routers' flow records, logs of resolvers and firewalls, and the
//! logs of other sensors, read; and our own events written as those sensors write theirs.
//!
//! Promises: bytes or lines in, [`wire::event::Event`]s out; a record's own time is the clock, and what it leaves out (a
//! year, a zone) is an argument; every table is bounded and counts what it let go; any bytes in, no panic out.
//! Deliberately not here: files and sockets (crate `collect`), judging what is seen (crate `detect`).

mod community;
mod conversation;
mod dns;
mod eve;
mod fields;
mod firewall;
mod json;
pub mod lines;
mod moment;
mod names;
pub mod netflow;
mod syslog;
mod unused;
mod waiting;
mod zeek;
mod zones;

pub use eve::EveOut;
pub use lines::{DATAGRAMS, Format, Lines, Settings};
pub use unused::{Unused, UnusedCounts};
pub use zeek::{ZeekLog, ZeekOut};
