//! What metadata the sensor keeps, where, and for how long.

use std::path::{Path, PathBuf};

use archive::{Keeping, Recorder, Writer};

use super::contact::ServerArgs;
use crate::outcome::Failure;

/// In the state folder.
const ARCHIVE: &str = "archive";

/// Where `hunt` looks when nobody says where: the same below the state folder that is used where none is named.
pub(crate) const DEFAULT_ARCHIVE: &str = "dijkwacht-sensor/archive";

/// For how many days where there is no server that says so.
const DAYS: u16 = 7;

/// Left free on the disk for findings, in bytes.
const SPARE_BYTES: u64 = 64 << 20;

#[derive(clap::Args)]
pub(crate) struct KeepArgs {
    /// Keep metadata (connections and names asked for, never content) in this folder, for `dijkwacht hunt` and other tools [default: with --server or --state, `archive` in the state folder; with --read, nothing is kept].
    #[arg(long, value_name = "DIR")]
    archive: Option<PathBuf>,
    /// For how many days; 0 keeps none [default: what the server says, 7 without one]. With a server the fewer days hold. What --read keeps is removed for want of room alone.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(0..=365))]
    keep_days: Option<u16>,
    /// The most that it takes on disk, in MiB; the oldest hours make room.
    #[arg(long, value_name = "MIB", default_value_t = 2_048, value_parser = clap::value_parser!(u32).range(1..))]
    keep_mib: u32,
}

impl KeepArgs {
    /// The folder that was named.
    pub(super) fn named(&self) -> Option<&Path> {
        self.archive.as_deref()
    }

    /// Where the archive is; absent: nothing is kept.
    pub(super) fn folder(&self, server: &ServerArgs, is_replay: bool) -> Option<PathBuf> {
        let beside = || Some(server.folder().filter(|_| !is_replay)?.join(ARCHIVE));
        self.archive.clone().or_else(beside)
    }

    /// Both ends of the archive; absent: nothing is kept. The end that sees follows what the server says of days.
    pub(super) fn start(&self, server: &ServerArgs, is_replay: bool) -> Result<Option<(Recorder, Writer)>, Failure> {
        let Some(folder) = self.folder(server, is_replay) else { return Ok(None) };
        let without_word = if server.is_given() { u16::MAX } else { DAYS };
        let keeping = Keeping {
            folder,
            days: self.keep_days.unwrap_or(without_word),
            limit_bytes: u64::from(self.keep_mib) << 20,
            spare_bytes: SPARE_BYTES,
        };
        let folder = keeping.folder.clone();
        archive::start(keeping, is_replay).map(Some).map_err(|error| Failure::unwritable(&folder, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verbs::sensor::contact::DEFAULT_STATE;

    #[test]
    fn hunt_looks_where_the_sensor_keeps() {
        assert_eq!(Path::new(DEFAULT_STATE).join(ARCHIVE), Path::new(DEFAULT_ARCHIVE));
    }
}
