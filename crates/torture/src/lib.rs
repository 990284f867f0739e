//! Real servers, killed and obstructed while people write: what was acknowledged must be there, and the register must verify.
//!
//! Everything here speaks to the program as people do: over HTTP, by its command line, and by what the machine does to it
//! (signals, a full disk, bytes that changed). Deliberately not here: anything of the program itself; it is a path.

#![allow(clippy::disallowed_methods, reason = "a harness of real processes waits, and watches the clock")]

mod browser;
mod cluster;
mod kills;
mod office;
mod server;
pub mod troubles;

pub use browser::{Answer, Browser};
pub use cluster::Cluster;
pub use kills::{Plan, Tally, kills};
pub use office::{HOME, Office};
pub use server::{Ended, Place, Program, Server};
