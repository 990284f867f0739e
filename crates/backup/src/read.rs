//! Reading a backup, line by line, counted and hashed on the way: who was given the end was given all of it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

use age::DecryptError;
use flate2::bufread::GzDecoder;

use app::{Manifest, Tallying};

use crate::lines::{self, Record};
use crate::{Header, Opener, VERSION};

/// The longest line that is read, in bytes: a row with the largest body, or a piece of a file.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;
const MOST_TABLES: usize = 500;
/// How much is decrypted ahead of decompressing.
const AHEAD: usize = 64 * 1024;

/// Why a backup cannot be read, or made.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("it is no backup of this program")]
    NotABackup,
    #[error("it is armoured (text between BEGIN and END lines): take the armour off with `age` first")]
    Armoured,
    #[error("it is encrypted for keys: give the file with the secret key (--identity)")]
    KeyNeeded,
    #[error("it is encrypted with a passphrase: give the file with it (--passphrase-file)")]
    PassphraseNeeded,
    #[error("none of the keys given opens it: it was made for others")]
    WrongKey,
    #[error("the passphrase does not open it")]
    WrongPassphrase,
    #[error("its passphrase costs more work than is allowed here (2^{0}): it was not made by this program")]
    TooMuchWork(u8),
    #[error("it was written in form {0}, by a newer program: use that one, or a newer one")]
    Newer(u64),
    #[error("it was cut short: part of it is missing. Use another backup")]
    CutShort,
    #[error("it is damaged: {0}. Use another backup")]
    Damaged(String),
    #[error("it cannot be read or written: {0}")]
    Io(#[source] io::Error),
    #[error("it cannot be made: {0}")]
    Locking(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::CutShort,
            // Neither the library that decrypts nor the one that unpacks says more than that, and each in words of its own.
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::Damaged("what is encrypted or packed in it is not as it was written".to_owned())
            }
            _ => Self::Io(error),
        }
    }
}

/// A backup that is being read.
pub struct Reader<'r> {
    lines: BufReader<GzDecoder<BufReader<Box<dyn Read + 'r>>>>,
    header: Header,
    number: u64,
    /// The table whose rows come now, with how many columns it has.
    table: Option<(String, usize)>,
    tallying: Tallying,
    found: Manifest,
    files: Tallying,
    /// How much of the present file is still to come.
    left: u64,
    is_done: bool,
}

impl<'r> Reader<'r> {
    /// Opens a backup and reads its first line.
    ///
    /// # Errors
    /// When it is none, cannot be opened with these keys, or was made by a newer program.
    pub fn open(mut input: impl BufRead + 'r, opener: &Opener) -> Result<Self, Fault> {
        let start = input.fill_buf()?;
        let plain: Box<dyn Read + 'r> = if start.starts_with(b"age-encryption.org/") {
            Box::new(decrypt(input, opener)?)
        } else if start.starts_with(b"-----BEGIN AGE") {
            return Err(Fault::Armoured);
        } else if start.starts_with(&[0x1f, 0x8b]) {
            Box::new(input)
        } else if start.is_empty() {
            return Err(Fault::CutShort);
        } else {
            return Err(Fault::NotABackup);
        };
        let mut lines = BufReader::new(GzDecoder::new(BufReader::with_capacity(AHEAD, plain)));
        let first = line(&mut lines)?.ok_or(Fault::CutShort)?;
        let value: serde_json::Value = serde_json::from_str(&first).map_err(|_| Fault::NotABackup)?;
        match value.get("dijkwacht_backup").and_then(serde_json::Value::as_u64) {
            None => return Err(Fault::NotABackup),
            Some(VERSION) => {}
            Some(newer) => return Err(Fault::Newer(newer)),
        }
        let header: Header =
            serde_json::from_value(value).map_err(|error| Fault::Damaged(format!("line 1: {error}")))?;
        let found = Manifest { schema: header.schema, ..Manifest::default() };
        Ok(Self {
            lines,
            header,
            number: 1,
            table: None,
            tallying: Tallying::default(),
            found,
            files: Tallying::default(),
            left: 0,
            is_done: false,
        })
    }

    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The next record; nothing after the end, which is given only when all that came before it is as it was written.
    ///
    /// # Errors
    /// When the backup is cut short or damaged.
    pub fn next_record(&mut self) -> Result<Option<Record>, Fault> {
        if self.is_done {
            return Ok(None);
        }
        let text = line(&mut self.lines)?.ok_or(Fault::CutShort)?;
        self.number += 1;
        let record = lines::record(&text).ok_or_else(|| self.damaged("is nothing that a backup holds"))?;
        match &record {
            Record::Row(row) => match &self.table {
                Some((_, columns)) if *columns == row.len() => self.tallying.line(&text),
                _ => return Err(self.damaged("is a row of no table, or of another length")),
            },
            Record::Piece(piece) => {
                let left = self.left.checked_sub(piece.len() as u64);
                self.left = left.ok_or_else(|| self.damaged("is more of a file than there is"))?;
            }
            Record::Secret(_) => {
                if self.table.is_some() || self.found.files.count > 0 {
                    return Err(self.damaged("is a key in the wrong place"));
                }
            }
            Record::Table(shape) => {
                self.table_ends()?;
                let is_odd = shape.key.iter().any(|place| *place >= shape.columns.len()) || shape.key.is_empty();
                if is_odd || self.found.tables.contains_key(&shape.name) || self.found.tables.len() >= MOST_TABLES {
                    return Err(self.damaged("is a table that cannot be"));
                }
                self.table = Some((shape.name.clone(), shape.columns.len()));
            }
            Record::File(file) => {
                self.table_ends()?;
                self.files.file(file);
                self.found.file_bytes = self.found.file_bytes.saturating_add(file.size_bytes);
                self.left = file.size_bytes;
            }
            Record::End(said) => {
                self.table_ends()?;
                self.found.files = std::mem::take(&mut self.files).done();
                if let Some(difference) = self.found.difference(said) {
                    return Err(Fault::Damaged(format!("it does not hold what it says: {difference}")));
                }
                self.nothing_follows()?;
                self.is_done = true;
            }
        }
        Ok(Some(record))
    }

    /// Reads it to its end; what it holds.
    ///
    /// # Errors
    /// As [`Self::next_record`].
    pub fn check(mut self) -> Result<Manifest, Fault> {
        while self.next_record()?.is_some() {}
        Ok(self.found)
    }

    /// How many rows each table has had so far.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&str, u64> {
        self.found.tables.iter().map(|(name, tally)| (name.as_str(), tally.count)).collect()
    }

    fn table_ends(&mut self) -> Result<(), Fault> {
        if self.left > 0 {
            return Err(self.damaged("comes before the file above it is whole"));
        }
        if let Some((name, _)) = self.table.take() {
            self.found.tables.insert(name, std::mem::take(&mut self.tallying).done());
        }
        Ok(())
    }

    /// That the end is the end, which also has the last block's seal checked.
    fn nothing_follows(&mut self) -> Result<(), Fault> {
        if line(&mut self.lines)?.is_some() {
            return Err(Fault::Damaged("something follows its end".to_owned()));
        }
        let mut behind = [0];
        if self.lines.get_mut().get_mut().read(&mut behind)? > 0 {
            return Err(Fault::Damaged("something follows its end".to_owned()));
        }
        Ok(())
    }

    fn damaged(&self, what: &str) -> Fault {
        Fault::Damaged(format!("line {} {what}", self.number))
    }
}

fn decrypt<'r>(input: impl BufRead + 'r, opener: &Opener) -> Result<impl Read + 'r, Fault> {
    let told = |error| match error {
        DecryptError::Io(error) => Fault::from(error),
        DecryptError::ExcessiveWork { required, .. } => Fault::TooMuchWork(required),
        // Its own words are for whoever uses `age` by hand.
        _ => Fault::Damaged("its beginning, which says for whom it is encrypted, is not as it was written".to_owned()),
    };
    let sealed = age::Decryptor::new_buffered(input).map_err(told)?;
    let has_passphrase = sealed.is_scrypt();
    if has_passphrase && opener.passphrase.is_none() {
        return Err(Fault::PassphraseNeeded);
    }
    if !has_passphrase && opener.identities.is_empty() {
        return Err(Fault::KeyNeeded);
    }
    let identities = opener.identities();
    sealed.decrypt(identities.iter().map(AsRef::as_ref)).map_err(|error| match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            if has_passphrase {
                Fault::WrongPassphrase
            } else {
                Fault::WrongKey
            }
        }
        other => told(other),
    })
}

/// One line without its newline; nothing at the end. A line that has no newline was cut short.
fn line(input: &mut impl BufRead) -> Result<Option<String>, Fault> {
    let mut bytes = Vec::new();
    let read = input.take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.pop() != Some(b'\n') {
        return Err(if read as u64 == LONGEST_LINE {
            Fault::Damaged(format!("a line is longer than {LONGEST_LINE} bytes"))
        } else {
            Fault::CutShort
        });
    }
    String::from_utf8(bytes).map(Some).map_err(|_| Fault::Damaged("a line is no text in UTF-8".to_owned()))
}
