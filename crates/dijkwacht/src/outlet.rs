//! Where a verb writes what it was asked for: a file, or a stream such as a pipe; `-` is standard output.
//!
//! Promises: a file takes its place only when it is whole, so that a fault, or input from that very place, loses nothing; one
//! that is there already stays unless its replacement was asked for; what is no file is written to (a terminal, a pipe) or
//! refused (a folder, a disk), and never replaced.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

use facts::Text;

use crate::edge::{self, Unfinished};
use crate::outcome::Failure;

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It stays; nothing is written.
    Kept,
    /// It is replaced, when what replaces it is whole.
    Replaced,
}

/// The option of every verb that writes a file.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Force {
    /// Replace the file that is to be written, where there is one already.
    #[arg(long)]
    force: bool,
}

impl Force {
    pub(crate) fn existing(self) -> Existing {
        if self.force { Existing::Replaced } else { Existing::Kept }
    }
}

/// Where to write.
pub(crate) enum Outlet {
    File(Unfinished, Existing),
    Stream(PathBuf, File),
}

impl Outlet {
    /// Opens it before the work begins, so that what cannot be written is known at once.
    pub(crate) fn open(path: &Path, existing: Existing) -> Result<Self, Failure> {
        if path.as_os_str() == STANDARD_OUTPUT {
            let out = standard_output().map_err(|error| Failure::unwritable(path, &error))?;
            return Ok(Self::Stream(path.to_owned(), out));
        }
        let there = match std::fs::metadata(path) {
            Ok(there) => there,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Self::File(Unfinished::beside(path)?, existing));
            }
            Err(error) => return Err(Failure::unwritable(path, &error)),
        };
        // `/dev/stdout` may lead to a file, which is the shell's to replace.
        if is_stream(&there) || path.starts_with("/dev/") || path.starts_with("/proc/") {
            let opened = OpenOptions::new().append(true).open(path);
            let opened = opened.map_err(|error| Failure::unwritable(path, &error))?;
            return Ok(Self::Stream(path.to_owned(), opened));
        }
        if !there.is_file() {
            return Err(no_file(path));
        }
        if existing == Existing::Kept {
            return Err(there_already(path));
        }
        // A link stays a link: what it leads to is replaced.
        let place = std::fs::canonicalize(path).map_err(|error| Failure::unwritable(path, &error))?;
        Ok(Self::File(Unfinished::beside(&place)?, existing))
    }

    pub(crate) fn as_writer(&mut self) -> &mut dyn Write {
        match self {
            Self::File(file, _) => file.as_writer(),
            Self::Stream(_, stream) => stream,
        }
    }

    /// Writes it whole, and puts it in its place. A reader of a stream that has gone away has seen enough.
    pub(crate) fn write(mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.as_writer().write_all(bytes);
        match &self {
            Self::Stream(..) if written.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe) => Ok(()),
            Self::Stream(path, _) => written.map_err(|error| Failure::unwritable(path, &error)),
            Self::File(file, _) => {
                written.map_err(|error| Failure::unwritable(file.path(), &error))?;
                self.finish()
            }
        }
    }

    /// A file to write in, forward and back: the one that will stand there, or for a stream one that goes when it was sent.
    pub(crate) fn spool(&self) -> Result<File, Failure> {
        match self {
            Self::File(file, _) => file.handle(),
            Self::Stream(..) => tempfile::tempfile().map_err(|error| edge::no_temporary_file(&error)),
        }
    }

    /// Puts what was written in the file of [`Self::spool`] in its place.
    pub(crate) fn take(self, mut spool: File) -> Result<(), Failure> {
        let Self::Stream(path, mut stream) = self else { return self.finish() };
        match spool.rewind().and_then(|()| std::io::copy(&mut spool, &mut stream)) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::unwritable(&path, &error)),
            _ => Ok(()),
        }
    }

    /// Puts what was written in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::File(file, Existing::Replaced) => file.finish(),
            Self::File(file, Existing::Kept) => file.finish_new(),
            Self::Stream(..) => Ok(()),
        }
    }
}

/// How standard output is named in place of a file; one that is called so is `./-`.
const STANDARD_OUTPUT: &str = "-";

/// Refuses standard output where something can only be a file or a folder; says why.
pub(crate) fn refuse_standard_output(path: &Path, why: &Text) -> Result<(), Failure> {
    if path.as_os_str() == STANDARD_OUTPUT { Err(Failure::about("-", why)) } else { Ok(()) }
}

/// A handle of its own on standard output, which whoever started the program chose.
fn standard_output() -> std::io::Result<File> {
    let out = std::io::stdout();
    #[cfg(unix)]
    {
        std::os::fd::AsFd::as_fd(&out).try_clone_to_owned().map(File::from)
    }
    #[cfg(windows)]
    {
        std::os::windows::io::AsHandle::as_handle(&out).try_clone_to_owned().map(File::from)
    }
}

/// Whether it takes bytes one after another: a terminal, `/dev/null`, a pipe.
fn is_stream(there: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = there.file_type();
        kind.is_char_device() || kind.is_fifo()
    }
    #[cfg(not(unix))]
    {
        let _ = there;
        false
    }
}

/// That a file is there, and is not to be replaced.
pub(crate) fn there_already(path: &Path) -> Failure {
    let path = path.display();
    Failure::Told(Text::made(
        format!("{path} bestaat al en blijft zoals het is; geef een andere naam, of --force om het te vervangen"),
        format!("{path} is there already, and stays as it is; give another name, or --force to replace it"),
    ))
}

fn no_file(path: &Path) -> Failure {
    let path = path.display();
    Failure::Told(Text::made(
        format!(
            "{path} is geen bestand (een map, schijf of socket) en wordt niet vervangen; geef de naam van een bestand"
        ),
        format!("{path} is no file (a folder, disk or socket) and is not replaced; give the name of a file"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(path: &Path, existing: Existing, text: &str) -> Result<(), String> {
        let outlet = Outlet::open(path, existing).map_err(|failure| failure.to_string())?;
        outlet.write(text.as_bytes()).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_file_that_is_there_stays_unless_its_replacement_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("register.zip");
        put(&path, Existing::Kept, "one").unwrap();
        let refused = put(&path, Existing::Kept, "two").unwrap_err();
        assert!(refused.contains("--force"), "{refused}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        put(&path, Existing::Replaced, "three").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "three");
        // Also one that came while the work was done.
        let late = folder.path().join("late");
        let outlet = Outlet::open(&late, Existing::Kept).ok().unwrap();
        std::fs::write(&late, "first").unwrap();
        assert!(outlet.write(b"second").is_err());
        assert_eq!(std::fs::read_to_string(&late).unwrap(), "first");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "nothing is left beside them");
    }

    #[test]
    fn a_folder_is_refused_whatever_was_asked() {
        let folder = tempfile::tempdir().unwrap();
        for existing in [Existing::Kept, Existing::Replaced] {
            let refused = put(folder.path(), existing, "x").unwrap_err();
            assert!(refused.contains("is no file"), "{refused}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_and_a_device_are_written_to_and_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read_to_string(pipe).unwrap()
        });
        put(&pipe, Existing::Kept, "through").unwrap();
        assert_eq!(reader.join().unwrap(), "through");
        assert!(is_stream(&std::fs::metadata(&pipe).unwrap()));
        put(Path::new("/dev/null"), Existing::Replaced, "gone").unwrap();
        assert!(is_stream(&std::fs::metadata("/dev/null").unwrap()));
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_replaced_and_not_the_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        std::fs::write(&file, "one").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        put(&link, Existing::Replaced, "two").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "two");
    }
}
