//! The sensor's own folder: who it is at which server, what people settled there, what waits to be sent, what
//! it remembers.
//!
//! Promises: files are for their owner alone (0600) and are written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use contract::sensor::{Enrolled, Settings};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::engine::CLOCK_OFF;

/// The longest file of ours that is read back, in bytes.
const MAX_BYTES: u64 = 256 << 20;

const IDENTITY: &str = "identity.json";
const SETTINGS: &str = "settings.json";
const MEMORY: &str = "memory";
const LEFT_OFF: &str = "left-off.json";
const SPOOL: &str = "spool";

/// Bytes that are tried before a secret is asked for, of which it takes a part.
const ROOM: usize = 64 * 1024;

/// The folder.
#[derive(Clone, Debug)]
pub struct StateFolder {
    path: PathBuf,
}

/// Who this sensor is, as its server gave it. `Debug` does not show the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The server's address.
    pub server: String,
    pub sensor: Uuid,
    pub organisation: String,
    pub secret: String,
}

impl Identity {
    #[must_use]
    pub fn new(server: &str, enrolled: Enrolled) -> Self {
        let Enrolled { sensor, organisation, secret, .. } = enrolled;
        Self { server: server.to_owned(), sensor, organisation, secret }
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Identity({} at {})", self.sensor, self.server)
    }
}

/// What is to outlive the sensor. What is remembered may be of a later moment than where it left off, never of an earlier
/// one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// What [`crate::Engine::memory`] gave.
    pub engine: Vec<u8>,
    pub left_off: LeftOff,
}

/// How far each followed file was read, and when that was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOff {
    pub at: Timestamp,
    pub places: Vec<collect::Place>,
}

impl LeftOff {
    /// Whether what came into the files since is still read: later its moments would not be believed.
    #[must_use]
    pub fn is_recent(&self, now: Timestamp) -> bool {
        now.duration_since(self.at).abs() < CLOCK_OFF
    }
}

impl StateFolder {
    /// The folder at that path, made where it is not there yet, for its owner alone.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path)?;
        Ok(Self { path: path.to_owned() })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where what waits to be sent lies.
    #[must_use]
    pub fn spool(&self) -> PathBuf {
        self.path.join(SPOOL)
    }

    /// Who this sensor is; absent: it never enrolled.
    ///
    /// # Errors
    /// The file is there and cannot be read as what it should be.
    pub fn identity(&self) -> io::Result<Option<Identity>> {
        self.read(IDENTITY)
    }

    /// Tries whether the disk takes a secret.
    ///
    /// # Errors
    /// It does not.
    pub fn try_room(&self) -> io::Result<()> {
        let path = self.path.join(format!("{IDENTITY}.try"));
        let tried = File::create(&path).and_then(|mut file| file.write_all(&[0; ROOM]).and_then(|()| file.sync_all()));
        let removed = fs::remove_file(&path);
        tried.and(removed)
    }

    /// Keeps who this sensor is.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep_identity(&self, identity: &Identity) -> io::Result<()> {
        self.write(IDENTITY, identity)
    }

    /// What was settled when the server was last heard; absent: it never said.
    ///
    /// # Errors
    /// The file is there and cannot be read as what it should be.
    pub fn settings(&self) -> io::Result<Option<Settings>> {
        self.read(SETTINGS)
    }

    /// Keeps what the server said was settled.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep_settings(&self, settings: &Settings) -> io::Result<()> {
        self.write(SETTINGS, settings)
    }

    /// What the sensor remembered when it last ended, or an hour before at most; absent: it never ran.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn memory(&self) -> io::Result<Option<Vec<u8>>> {
        self.read_bytes(MEMORY)
    }

    /// Where the next sensor reads on in the files that are followed; absent: none ever ran.
    ///
    /// # Errors
    /// The file is there and cannot be read as what it should be.
    pub fn left_off(&self) -> io::Result<Option<LeftOff>> {
        self.read(LEFT_OFF)
    }

    /// Keeps what the sensor remembers.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn keep_memory(&self, memory: &Memory) -> io::Result<()> {
        self.write_bytes(MEMORY, &memory.engine)?;
        // Last: who is killed in between reads some lines twice, and passes none over.
        self.write(LEFT_OFF, &memory.left_off)
    }

    fn read<T: for<'de> Deserialize<'de>>(&self, name: &str) -> io::Result<Option<T>> {
        let bytes = self.read_bytes(name)?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose()?)
    }

    fn read_bytes(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(MAX_BYTES).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn write<T: Serialize>(&self, name: &str, value: &T) -> io::Result<()> {
        self.write_bytes(name, &serde_json::to_vec_pretty(value)?)
    }

    fn write_bytes(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let beside = self.path.join(format!("{name}.new"));
        let _ = fs::remove_file(&beside);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, self.path.join(name))?;
        File::open(&self.path)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity {
            server: "https://a.example".into(),
            sensor: Uuid::from_u128(7),
            organisation: "Bakker".into(),
            secret: "c2VjcmV0".into(),
        }
    }

    #[test]
    fn what_is_kept_is_read_back_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(&folder.path().join("a/b")).unwrap();
        assert_eq!(state.identity().unwrap(), None);
        assert_eq!(state.settings().unwrap(), None);
        state.keep_identity(&identity()).unwrap();
        state.keep_identity(&identity()).unwrap();
        assert_eq!(state.identity().unwrap(), Some(identity()));
        let settings = Settings { keep_days: 3, ..Settings::default() };
        state.keep_settings(&settings).unwrap();
        assert_eq!(state.settings().unwrap(), Some(settings));
        assert_eq!(state.memory().unwrap(), None);
        assert_eq!(state.left_off().unwrap(), None);
        let left_off = LeftOff { at: Timestamp::UNIX_EPOCH, places: Vec::new() };
        state.keep_memory(&Memory { engine: b"remembered".to_vec(), left_off: left_off.clone() }).unwrap();
        assert_eq!(state.memory().unwrap().as_deref(), Some(&b"remembered"[..]));
        assert_eq!(state.left_off().unwrap(), Some(left_off));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(state.path()), 0o700);
            assert_eq!(mode(&state.path().join(IDENTITY)), 0o600);
        }
        assert!(!format!("{:?}", identity()).contains("c2VjcmV0"));
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_an_error_not_a_new_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateFolder::open(folder.path()).unwrap();
        fs::write(folder.path().join(IDENTITY), "{\"server\":").unwrap();
        assert!(state.identity().is_err());
    }
}
