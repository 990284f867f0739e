//! What the sensor keeps: metadata in Parquet files by hour, and the answers from them.
//!
//! One row for each conversation when it is over ([`FlowRow`]) and one for each DNS question ([`DnsRow`]), each kind in a
//! file of its own by hour (UTC), so that any tool that reads Parquet reads them. Who sees hands events to a [`Recorder`]
//! and never waits; a [`Writer`], on a thread of its own, writes; [`hunt`] answers from the folder.
//!
//! Promises: never content, log-ins, paths or queries; a file stands under its name only when it is whole and on the disk,
//! so that a crash costs what was not written yet, at most [`WRITTEN_EVERY`], and nothing from before a
//! [`Recorder::flush`] that is done; the folder is bounded in days and bytes, and what waits in memory in rows; a disk that takes nothing costs rows of the archive and nothing else, and they are
//! counted. Foreign bytes under our names cost an error that names the file, and bounded time and memory; a file of which a
//! byte changed since it was written costs that error, and gives no row.
//! Deliberately not here: judging (`detect`), what other tools' logs look like (`logs`), the command line.

mod columns;
mod disk;
mod gather;
mod guard;
mod hunt;
mod name;
mod read;
mod recorder;
mod row;
mod seal;
mod shelf;
mod write;

pub use columns::{Field, Value};
pub use hunt::{Answer, Fingerprint, InvalidFingerprint, InvalidName, NamePattern, Question, Refused, hunt};
pub use name::{FileName, Kind, NotOurs};
pub use read::{MAX_FILE_BYTES, Unreadable, read_dns, read_flows};
pub use recorder::{Recorder, Writer, start};
pub use row::{DnsRow, FlowRow, Row};
pub use shelf::{Keeping, WRITTEN_EVERY};
pub use write::{write_dns, write_flows};
