//! The export: one zip with a register and everything that is needed to check it, offline, with tools that are not
//! ours.
//!
//! Its `manifest` is a signed note that lists every other member with its hash, and every entry with the hash of its
//! leaf and of its line. So every byte of every member is under the signature, and a change can be pinned to the first
//! entry that it touches. The same register gives the same archive, byte for byte: members are stored, not compressed,
//! in a fixed order, with a fixed date. The form is described in `docs/register-format.md`.
//!
//! Nothing is signed that does not hold: entries that do not give the checkpoint's root are refused, not exported.

use std::collections::BTreeSet;
use std::io::{Cursor, Seek, Write};

use sha2::{Digest, Sha256};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::checkpoint::{Checkpoint, InvalidCheckpoint, origin};
use crate::entry::{Entry, commit};
use crate::hex;
use crate::note::SigningKey;
use crate::packing::{Cover, Listing};
use crate::tree::Hash;

pub(crate) const MANIFEST: &str = "manifest";
pub(crate) const CHECKPOINT: &str = "checkpoint";
pub(crate) const KEY: &str = "key.txt";
pub(crate) const ENTRIES: &str = "entries.jsonl";
pub(crate) const README: &str = "README.txt";
const LONGEST_NAME: usize = 200;

/// What goes into an export whose entries are all in memory; [`Listing`] takes them one by one.
#[derive(Clone, Copy, Debug)]
pub struct Export<'a> {
    pub organisation: Uuid,
    /// The organisation's name, for the reader; control characters become spaces.
    pub name: &'a str,
    /// The whole journal, in order, from entry 0.
    pub records: &'a [Record],
    /// The signed checkpoint over exactly these entries ([`Checkpoint::sign`]).
    pub checkpoint: &'a str,
    /// More members for the reader, as name and bytes: the register as a table, documents.
    pub extra: &'a [(String, Vec<u8>)],
    /// The register's own key ([`SigningKey::of_register`]).
    pub key: &'a SigningKey,
}

/// An entry, with its body unless that was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub entry: Entry,
    /// `None`: erased.
    pub kept: Option<Kept>,
}

/// What an entry's commitment commits to; kept and erased together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub salt: [u8; 32],
    pub body: Vec<u8>,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("key is named `{0}`, which is not this register; sign with the register's own key")]
    Key(String),
    #[error(transparent)]
    Checkpoint(#[from] InvalidCheckpoint),
    #[error("checkpoint is of register {0}, not of this one")]
    OtherRegister(Uuid),
    #[error("its checkpoint covers {covered} entries, and {given} are there: it is not the register that was signed")]
    Size { covered: u64, given: u64 },
    #[error("entry {0} of the journal is of another organisation or carries another number; restore it from a backup")]
    Place(u64),
    #[error("entry {0} of the journal: its body is not the one that was recorded; restore it from a backup")]
    Body(u64),
    #[error("its entries do not give the root of its checkpoint: it is not the register that was signed")]
    Root,
    #[error(
        "member name `{0}` is taken, longer than {LONGEST_NAME} characters, or not made of letters, digits, `.`, `_`, `-` and `/`"
    )]
    MemberName(String),
    #[error("entries of the journal are not the ones that were listed: something was erased meanwhile; export again")]
    Changed,
    #[error("zip archive could not be written: {0}")]
    Zip(#[from] zip::result::ZipError),
}

/// The export as the bytes of a zip archive. The same arguments give the same bytes.
///
/// # Errors
/// When the journal is not what its checkpoint says, the key is of another register, or a member's name will not do.
pub fn export(export: &Export<'_>) -> Result<Vec<u8>, ExportError> {
    let Export { organisation, name, records, checkpoint, extra, key } = *export;
    let mut listing = Listing::new(organisation);
    for record in records {
        listing.add(record)?;
    }
    let mut packing = listing.pack(&Cover { name, checkpoint, extra, key }, Cursor::new(Vec::new()))?;
    for record in records {
        packing.add(record)?;
    }
    Ok(packing.finish()?.into_inner())
}

/// The checkpoint, when it is of this register and by its key.
pub(crate) fn open(note: &str, organisation: Uuid, key: &SigningKey) -> Result<Checkpoint, ExportError> {
    let verifier = key.verifier();
    if verifier.name() != origin(organisation) {
        return Err(ExportError::Key(verifier.name().to_owned()));
    }
    let checkpoint = Checkpoint::open(note, &verifier)?;
    if checkpoint.organisation != organisation {
        return Err(ExportError::OtherRegister(checkpoint.organisation));
    }
    Ok(checkpoint)
}

/// Whether a body that is there is the one committed to.
pub(crate) fn fits(entry: &Entry, kept: Option<&Kept>) -> bool {
    kept.is_none_or(|kept| commit(&kept.salt, &kept.body) == *entry.body_commitment())
}

/// Two names that differ in case alone would become one file on some systems.
pub(crate) fn check_names(taken: &[&str], members: &[(String, Vec<u8>)]) -> Result<(), ExportError> {
    let mut names: BTreeSet<String> = taken.iter().map(|name| name.to_lowercase()).collect();
    for (name, _) in members {
        if !is_member_name(name) || !names.insert(name.to_lowercase()) {
            return Err(ExportError::MemberName(name.clone()));
        }
    }
    Ok(())
}

/// An entry's line, its newline included; with the path from its leaf to the root where it stands by itself.
pub(crate) fn line(record: &Record, path: Option<&[Hash]>) -> String {
    let leaf = json(&record.entry.leaf());
    let index = record.entry.index();
    let kept = match &record.kept {
        None => "\"erased\":true".to_owned(),
        Some(Kept { salt, body }) => {
            let body = match str::from_utf8(body) {
                Ok(text) => format!("\"body\":{}", json(text)),
                Err(_) => format!("\"body_hex\":\"{}\"", hex::encode(body)),
            };
            format!("\"salt\":\"{}\",{body}", hex::encode(salt))
        }
    };
    let proof = path.map_or_else(String::new, |path| {
        let hashes: Vec<_> = path.iter().map(|hash| format!("\"{}\"", hex::encode(hash))).collect();
        format!(",\"proof\":[{}]", hashes.join(","))
    });
    format!("{{\"index\":{index},\"leaf\":{leaf},{kept}{proof}}}\n")
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The line of a member in the signed list of all that stands beside it; its name holds nothing that a note cannot carry.
pub(crate) fn member_line(name: &str, bytes: &[u8]) -> String {
    format!("member {} {} {name}\n", sha256(bytes), bytes.len())
}

/// The line of an entry in that list, under the leaf that is on the tree.
pub(crate) fn entry_line(record: &Record, leaf: &Hash, line: &str) -> String {
    let leaf = hex::encode(leaf);
    format!("entry {} {leaf} {}\n", record.entry.index(), sha256(line.as_bytes()))
}

/// The list, signed.
pub(crate) fn signed(list: &str, key: &SigningKey) -> String {
    format!("{list}\n{}", key.signature_line(list))
}

/// Files as one archive, stored, in this order, with a fixed date: the same files give the same bytes.
pub(crate) fn pack(members: &[(impl AsRef<str>, Vec<u8>)]) -> Result<Vec<u8>, ExportError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        put(&mut zip, name.as_ref(), &[bytes])?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Writes a member whole, of which the bytes come in parts.
pub(crate) fn put<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, parts: &[&[u8]]) -> Result<(), ExportError> {
    begin(zip, name, parts.iter().map(|part| part.len() as u64).sum())?;
    for part in parts {
        zip.write_all(part).map_err(zip::result::ZipError::from)?;
    }
    Ok(())
}

/// Begins a member of so many bytes.
pub(crate) fn begin<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, bytes: u64) -> Result<(), ExportError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::DEFAULT)
        .system(zip::System::Unix)
        .unix_permissions(0o644);
    Ok(zip.start_file(name, options.large_file(u32::try_from(bytes).is_err()))?)
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

/// A name as one line of a note.
pub(crate) fn plain(name: &str) -> String {
    name.replace(char::is_control, " ").trim().to_owned()
}

/// Relative, without spaces, and nothing that a file system might read as something else.
fn is_member_name(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.starts_with('.')
            && !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    name.len() <= LONGEST_NAME && name.split('/').all(is_part)
}
