//! The edge of the world: where time, chance and the terminal come in. Everything behind it takes them as arguments.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use facts::Text;
use jiff::Timestamp;

use crate::outcome::Failure;
use crate::outlet::{self, Existing, Outlet};
use crate::unfinished::{self, Scratch};

/// By how many seconds a clock may go back without a word: time servers adjust it by less.
const SET_BACK: i64 = 60;

/// When it was read last, in seconds since 1970.
static READ_LAST: AtomicI64 = AtomicI64::new(i64::MIN);

/// The moment it is. A clock that was set back is told to the log, once.
#[expect(clippy::disallowed_methods, reason = "the edge: the one place where the clock is read")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    let back = READ_LAST.swap(now.as_second(), Ordering::Relaxed).saturating_sub(now.as_second());
    if back >= SET_BACK {
        tracing::warn!(
            seconds = back,
            "the clock was set back: for at most three hours entries keep the time of the last one until the clock has passed it"
        );
    }
    now
}

/// How many things this machine does at once; one where it does not say.
pub(crate) fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Thirty-two bytes from the operating system's generator.
#[expect(clippy::disallowed_methods, reason = "the edge: the one place where chance comes in")]
pub(crate) fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Says something to whoever is watching: stderr, so that stdout holds data alone.
/// Nobody watching any more (a closed pipe) is no fault: there is nobody to tell.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", harmless(text));
}

/// Without what could steer a terminal, or turn round the order in which a line is read: such characters are shown by their
/// code.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\t' => out.push(letter),
            letter if letter.is_control() || turns_round(letter) => out.extend(letter.escape_default()),
            letter => out.push(letter),
        }
    }
    out
}

/// Whether a mark changes the direction in which the text around it is shown (Unicode UAX #9).
fn turns_round(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Says what went wrong.
pub(crate) fn complain(text: &str) {
    say(&format!("dijkwacht: {text}"));
}

/// What this machine calls itself; `sensor` where it does not say.
pub(crate) fn machine() -> String {
    let named = |path: &str| {
        let name = std::fs::read_to_string(path).ok()?.trim().to_owned();
        (!name.is_empty()).then_some(name)
    };
    named("/proc/sys/kernel/hostname").or_else(|| named("/etc/hostname")).unwrap_or_else(|| "sensor".to_owned())
}

/// Prints data. A reader that has gone away (a closed pipe) is no fault: there is nobody to tell.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Fault(error.into())),
        _ => Ok(()),
    }
}

/// The longest line that is read as an answer, in bytes.
const LONGEST_ANSWER: u64 = 10_000;

/// Asks on stderr and reads one line from standard input; nothing where the answers have ended. What comes from a file or a
/// pipe is shown as if it had been typed, so that what was said reads as a whole.
pub(crate) fn answer(prompt: &str) -> Result<Option<String>, Failure> {
    let stdin = std::io::stdin();
    let _ = write!(std::io::stderr().lock(), "{prompt}");
    let mut line = Vec::new();
    let read = stdin.lock().take(LONGEST_ANSWER).read_until(b'\n', &mut line);
    read.map_err(|error| Failure::unreadable(Path::new("-"), &error))?;
    let text = String::from_utf8_lossy(&line).trim_end().to_owned();
    if !stdin.is_terminal() {
        say(&text);
    }
    Ok((!line.is_empty()).then_some(text))
}

/// The text of a file, or of standard input for `-`; at most `limit` bytes.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, Failure> {
    text_in(path, limit, |bytes| std::str::from_utf8(bytes).ok().map(str::to_owned))
}

/// The same of a checkpoint or a proof that somebody kept, in UTF-16 too where an editor made that of it.
pub(crate) fn read_kept(path: &Path, limit: u64) -> Result<String, Failure> {
    text_in(path, limit, verify::text_of)
}

fn text_in(path: &Path, limit: u64, text_of: impl Fn(&[u8]) -> Option<String>) -> Result<String, Failure> {
    let bytes =
        if path == Path::new("-") { bytes_in(path, limit, std::io::stdin().lock())? } else { read_bytes(path, limit)? };
    text_of(&bytes).ok_or_else(|| Failure::unreadable(path, &std::io::ErrorKind::InvalidData.into()))
}

/// The bytes of a file; at most `limit`.
pub(crate) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let file = std::fs::File::open(path).map_err(|error| Failure::unreadable(path, &error))?;
    bytes_in(path, limit, file)
}

fn bytes_in(path: &Path, limit: u64, from: impl Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    match from.take(limit + 1).read_to_end(&mut bytes) {
        Ok(length) if length as u64 > limit => Err(too_large(path, limit)),
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::unreadable(path, &error)),
    }
}

fn too_large(path: &Path, limit: u64) -> Failure {
    let (path, most) = (path.display(), limit / 1_000_000);
    Failure::Told(Text::made(
        format!("{path} is groter dan {most} MB; splits het in delen"),
        format!("{path} is larger than {most} MB; split it into parts"),
    ))
}

/// Writes a file whole or not at all, in place of what was there: beside its place first, and then into it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    Outlet::open(path, Existing::Replaced)?.write(bytes)
}

/// Writes a file with a key, which must not be there yet, for its owner alone; false where it is there already.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<bool, Failure> {
    outlet::refuse_standard_output(
        path,
        &Text::new(
            "een geheime sleutel gaat naar een bestand dat alleen de eigenaar kan lezen; geef een naam",
            "a secret key goes to a file that its owner alone can read; give a name",
        ),
    )?;
    let unwritable = |error: &std::io::Error| Failure::unwritable(path, error);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder).map_err(|error| unwritable(&error))?;
    }
    let mut new = Unfinished::beside(path)?;
    new.file.write_all(bytes).and_then(|()| new.file.as_file().sync_all()).map_err(|error| unwritable(&error))?;
    match new.file.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(unwritable(&error.error)),
    }
}

/// Makes a folder, and those above it, that only its owner may enter. One that is there keeps the rights it has.
pub(crate) fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file that takes its place only when it is whole, so that a fault, or input from that very place, loses nothing.
pub(crate) struct Unfinished {
    path: PathBuf,
    file: tempfile::NamedTempFile,
}

impl Unfinished {
    pub(crate) fn beside(path: &Path) -> Result<Self, Failure> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = unfinished::file_in(folder).map_err(|error| Failure::uncreatable(path, folder, &error))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// Removes those beside it that programs left that were killed.
    pub(crate) fn sweep_others(&self) {
        unfinished::sweep_beside(&self.file);
    }

    pub(crate) fn as_writer(&mut self) -> &mut dyn Write {
        &mut self.file
    }

    /// Where it will be.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where it is until it is whole.
    pub(crate) fn place(&self) -> &Path {
        self.file.path()
    }

    /// A handle of its own, for another thread to write with.
    pub(crate) fn handle(&self) -> Result<std::fs::File, Failure> {
        self.file.as_file().try_clone().map_err(|error| Failure::unwritable(&self.path, &error))
    }

    /// How many bytes it has so far.
    pub(crate) fn length(&self) -> Result<u64, Failure> {
        let known = self.file.as_file().metadata();
        Ok(known.map_err(|error| Failure::unreadable(&self.path, &error))?.len())
    }

    /// Takes its place where nothing is yet; the folder, too, is brought to the disk.
    pub(crate) fn finish_new(self) -> Result<(), Failure> {
        let placed = self.file.persist_noclobber(&self.path);
        placed.map_err(|error| match error.error.kind() {
            std::io::ErrorKind::AlreadyExists => outlet::there_already(&self.path),
            _ => Failure::unwritable(&self.path, &error.error),
        })?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let synced = if cfg!(unix) { std::fs::File::open(folder).and_then(|folder| folder.sync_all()) } else { Ok(()) };
        synced.map_err(|error| Failure::unwritable(&self.path, &error))
    }

    pub(crate) fn finish(self) -> Result<(), Failure> {
        self.file.persist(&self.path).map(drop).map_err(|error| Failure::unwritable(&self.path, &error.error))
    }
}

/// A folder of our own, for this user alone, that is gone when the program is.
pub(crate) fn throw_away(prefix: &str) -> Result<Scratch, Failure> {
    Scratch::make(prefix).map_err(|error| no_temporary_file(&error))
}

/// That a temporary file could not be made. The error names a file of our own, which nobody asked for: it is told by its kind.
pub(crate) fn no_temporary_file(error: &std::io::Error) -> Failure {
    app::Error::of_temporary_file(&std::env::temp_dir(), error.kind().into()).into()
}

/// Warns of a secret that every user of this machine can read: of one whose group can, somebody chose that group.
pub(crate) fn warn_of_readers(path: &Path, what: &str) {
    #[cfg(unix)]
    if let Ok(there) = std::fs::metadata(path)
        && there.is_file()
        && std::os::unix::fs::PermissionsExt::mode(&there.permissions()) & 0o004 != 0
    {
        let path = path.display();
        say(&format!("warning: every user of this machine can read {path}, which {what}: chmod 600 {path}"));
    }
    #[cfg(not(unix))]
    let _ = (path, what);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_or_turns_a_line_round_is_shown_by_its_code() {
        for (text, shown) in [
            ("rij\t1\n", "rij\t1\n"),
            ("bel \u{7}", "bel \\u{7}"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("fdp\u{202e}exe", "fdp\\u{202e}exe"),
            ("\u{2067}a\u{2069}\u{200f}", "\\u{2067}a\\u{2069}\\u{200f}"),
            ("é – “ja” العربية", "é – “ja” العربية"),
        ] {
            assert_eq!(harmless(text), shown);
        }
    }
}
