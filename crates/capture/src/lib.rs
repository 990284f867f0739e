//! Capture files opened, unpacked and read: frames handed to `wire`.
//!
//! Reads pcap (both byte orders, micro- and nanoseconds) and pcapng (several sections and interfaces), each also packed
//! with gzip or zstd, from files and from standard input. What a file is, its first bytes say, never its name.
//!
//! Promises: memory is bounded whatever the file's size; what can be read is read, and where reading had to stop or
//! skip, or a frame was malformed, a [`Warning`] says at which byte of the unpacked capture. Captures put behind each
//! other in one file are all read. Any bytes in, no panic out.
//! Live interfaces are read on Linux, by the kernel's packet ring ([`Interface`]).
//! Also here, since trackers have it: work done by several threads at once ([`do_together`]).
//! Not here: what frames mean (`wire`), archives within archives.

mod fault;
#[cfg(target_os = "linux")]
mod live;
mod read;
mod run;
mod shards;
mod together;
mod unpack;

pub use fault::{Error, Fault, Warning};
#[cfg(target_os = "linux")]
pub use live::{Change, Counted, Interface, LiveOptions, OpenError, wait};
pub use read::{Reading, begins_as_capture, read_frames};
pub use run::{Failure, Input, Outcome, read_input, run, run_sharded};
pub use together::do_together;
pub use unpack::unpacked;
