//! An export in two goes past the journal: first its entries are listed, since the manifest in front names the hash of every
//! line; then they are written behind it. So a register of any size is exported without being in memory, but for its
//! manifest.

use std::io::{Seek, Write};

use sha2::{Digest, Sha256};
use uuid::Uuid;
use zip::ZipWriter;

use crate::export::{
    CHECKPOINT, ENTRIES, ExportError, KEY, MANIFEST, README, Record, begin, check_names, entry_line, fits, line,
    member_line, open, plain, put,
};
use crate::hex;
use crate::note::SigningKey;
use crate::readme::{self, Counts};
use crate::tree::{Frontier, Hash};
use crate::written::Written;

/// What stands around the entries of an export; as in [`crate::Export`].
#[derive(Clone, Copy, Debug)]
pub struct Cover<'a> {
    pub name: &'a str,
    pub checkpoint: &'a str,
    pub extra: &'a [(String, Vec<u8>)],
    pub key: &'a SigningKey,
}

/// The entries of an export as far as they were listed.
#[derive(Debug)]
pub struct Listing {
    organisation: Uuid,
    tree: Frontier,
    erased: u64,
    /// The manifest's line of every entry.
    lines: String,
    /// Of `entries.jsonl`.
    hash: Sha256,
    bytes: u64,
}

impl Listing {
    #[must_use]
    pub fn new(organisation: Uuid) -> Self {
        Self { organisation, tree: Frontier::default(), erased: 0, lines: String::new(), hash: Sha256::new(), bytes: 0 }
    }

    /// The next entry.
    ///
    /// # Errors
    /// When it is not the next one, or its body is not the one that was recorded.
    pub fn add(&mut self, record: &Record) -> Result<(), ExportError> {
        let (entry, place) = (&record.entry, self.tree.size());
        if entry.organisation() != self.organisation || entry.index() != place {
            return Err(ExportError::Place(place));
        }
        if !fits(entry, record.kept.as_ref()) {
            return Err(ExportError::Body(place));
        }
        self.add_as_it_is(record, &entry.leaf_hash())
    }

    /// The next entry, which may not be what was recorded: it is listed by the leaf that was put on the tree, so that a check
    /// finds what is wrong with it.
    ///
    /// # Errors
    /// When it is not the next one.
    pub fn add_as_it_is(&mut self, record: &Record, leaf: &Hash) -> Result<(), ExportError> {
        let (entry, place) = (&record.entry, self.tree.size());
        if entry.organisation() != self.organisation || entry.index() != place {
            return Err(ExportError::Place(place));
        }
        let line = line(record, None);
        self.lines.push_str(&entry_line(record, leaf, &line));
        self.hash.update(&line);
        self.bytes += line.len() as u64;
        self.erased += u64::from(record.kept.is_none());
        self.tree.append(*leaf);
        Ok(())
    }

    /// Begins the archive, in which the same entries follow; `out` is empty.
    ///
    /// # Errors
    /// When the entries are not what the checkpoint says, the key is of another register, or a member's name will not do.
    pub fn pack<'a, W: Write + Seek>(self, cover: &Cover<'a>, out: W) -> Result<Packing<'a, W>, ExportError> {
        self.check(cover)?;
        let entries = self.tree.size();
        let counts = Counts { entries, erased: self.erased };
        let readme = readme::text(self.organisation, &plain(cover.name), counts);
        let key = format!("{}\n", cover.key.verifier());
        let listed: [u8; 32] = self.hash.finalize().into();
        let mut list = format!(
            "dijkwacht-export/v1\norganisation {}\nname {}\nentries {entries}\n",
            self.organisation.hyphenated(),
            plain(cover.name),
        );
        for (name, text) in [(README, readme.as_str()), (CHECKPOINT, cover.checkpoint), (KEY, key.as_str())] {
            list.push_str(&member_line(name, text.as_bytes()));
        }
        list.push_str(&format!("member {} {} {ENTRIES}\n", hex::encode(&listed), self.bytes));
        for (name, bytes) in cover.extra {
            list.push_str(&member_line(name, bytes));
        }
        // In the place of the lines themselves, and written with its signature beside it: of a large register the list is most
        // of what is in memory, and stands there once.
        let mut manifest = self.lines;
        manifest.insert_str(0, &list);
        let signature = format!("\n{}", cover.key.signature_line(&manifest));
        let mut zip = ZipWriter::new(Written::to(out));
        put(&mut zip, README, &[readme.as_bytes()])?;
        put(&mut zip, MANIFEST, &[manifest.as_bytes(), signature.as_bytes()])?;
        drop(manifest);
        put(&mut zip, CHECKPOINT, &[cover.checkpoint.as_bytes()])?;
        put(&mut zip, KEY, &[key.as_bytes()])?;
        begin(&mut zip, ENTRIES, self.bytes)?;
        Ok(Packing { zip, extra: cover.extra, listed, hash: Sha256::new() })
    }

    fn check(&self, cover: &Cover<'_>) -> Result<(), ExportError> {
        let checkpoint = open(cover.checkpoint, self.organisation, cover.key)?;
        if checkpoint.size != self.tree.size() {
            return Err(ExportError::Size { covered: checkpoint.size, given: self.tree.size() });
        }
        if checkpoint.root != self.tree.root() {
            return Err(ExportError::Root);
        }
        check_names(&[MANIFEST, CHECKPOINT, KEY, ENTRIES, README], cover.extra)
    }
}

/// An archive that is being written.
pub struct Packing<'a, W: Write + Seek> {
    zip: ZipWriter<Written<W>>,
    extra: &'a [(String, Vec<u8>)],
    /// The hash of `entries.jsonl` as the manifest has it, and of what was written of it.
    listed: [u8; 32],
    hash: Sha256,
}

impl<W: Write + Seek> Packing<'_, W> {
    /// The next entry, as it was listed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn add(&mut self, record: &Record) -> Result<(), ExportError> {
        let line = line(record, None);
        self.hash.update(&line);
        Ok(self.zip.write_all(line.as_bytes()).map_err(zip::result::ZipError::from)?)
    }

    /// Ends the archive.
    ///
    /// # Errors
    /// When the entries were not the listed ones: what was written is of no use then.
    pub fn finish(mut self) -> Result<W, ExportError> {
        if <[u8; 32]>::from(self.hash.finalize()) != self.listed {
            return Err(ExportError::Changed);
        }
        for (name, bytes) in self.extra {
            put(&mut self.zip, name, &[bytes])?;
        }
        Ok(self.zip.finish()?.whole().map_err(zip::result::ZipError::from)?)
    }
}
