//! The sensor at work: frames of a network to reports, kept on disk until the server has them.
//!
//! One thread sees ([`Engine`]: tracker and watch, with packet time as their clock), one keeps (outputs, and the
//! [`spool::Spool`] on disk), one sends ([`courier::Courier`]), and one writes metadata where they are kept (`archive`). Who sees waits for nobody: what a disk or a server does not
//! take in time waits in memory and on disk, within bounds, measurements being let go before findings, and a case with its
//! detections.
//!
//! Promises: nothing is sent on the network that is watched; what leaves the machine are detections, cases, counters and who
//! sent how much where; each finding reaches the server at least once, under an id by which it knows it again, also after
//! a crash, an outage or a full disk; content is not looked into before the server said that the staff was told.
//! Deliberately not here: judging (`detect`), parsing (`wire`), opening interfaces and captures (`capture`), the command line.

mod certificates;
pub mod courier;
mod engine;
pub mod hold;
mod keeper;
pub mod output;
#[cfg(target_os = "linux")]
pub mod privileges;
mod reach;
mod run;
pub mod server;
pub mod spool;
pub mod state;
mod stop;
mod traffic;
mod unit;
pub mod words;

pub use engine::{CLOCK_OFF, Engine};
pub use run::{Clock, Ended, Reload, Sensor};
pub use stop::Stop;
