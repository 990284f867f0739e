//! Capture files opened, unpacked and read: frames handed to `wire`.
//!
//! Reads pcap (both byte orders, micro- and nanoseconds) and pcapng (several sections and interfaces), each also packed
//! with gzip or zstd, from files and from standard input. What a file is, its first bytes say, never its name.
//!
//! Promises: memory is bounded whatever the file's size; what can be read is read, and where reading had to stop or
//! skip, or a frame was malformed, a [`Warning`] says at which byte of the unpacked capture. Captures put behind each
//! other in one file are all read. Any bytes in, no panic out.
//! Not here: what frames mean (`wire`), live interfaces, archives within archives.

mod fault;
mod read;
mod run;
mod unpack;

pub use fault::{Error, Fault, Warning};
pub use read::{Reading, read_frames};
pub use run::{Failure, Input, Outcome, run};
