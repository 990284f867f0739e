//! Where logs and flow records come from: files read whole or followed, and sockets that devices send to. What they mean
//! is said by `logs`.
//!
//! Promises: a file's kind is told by its content; nothing here waits: [`Receivers::read`] takes what is there; senders
//! that are not on the list are counted and never read; lines, connections and what is read in one go are bounded; what
//! each source gave is counted by itself; a session that two sources count is told once.
//! Not here: what lines mean (`logs`), captures (`capture`).

mod connection;
mod drops;
mod files;
mod folder;
mod follow;
mod left;
mod open;
mod receivers;
mod rotated;
mod source;
mod split;
mod twice;

pub use files::{LogInput, Outcome, log_format, read_logs};
pub use folder::{Content, PassedOver, content};
pub use follow::{Follow, Place};
pub use logs::netflow::{Disbelief, Why};
pub use logs::{Unused, UnusedCounts};
pub use receivers::{Options, ReceiveError, Receivers};
pub use source::{Fault, Origin, Source, Tally};
