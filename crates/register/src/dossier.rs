//! The file of one case: its entries alone, each with the path that shows its place under the signed checkpoint, and the
//! files that belong to it, under one signed list.
//!
//! Of the rest of the register it tells nothing but hashes. The list says what must be there; a reader may be given it
//! without the folders `namen/` and `journaal/`, which name people, and still see that nothing else was changed.
//! Nothing is signed that does not hold.

use uuid::Uuid;

use crate::export::{
    CHECKPOINT, ExportError, KEY, MANIFEST, README, Record, check_names, entry_line, fits, line, member_line, open,
    pack, plain, signed,
};
use crate::note::SigningKey;
use crate::proof::inclusion_proof;
use crate::tree::{Hash, root};

/// Where the entries stand.
const LINES: &str = "journaal/regels.jsonl";

/// What goes into the file of a case.
#[derive(Clone, Copy, Debug)]
pub struct Dossier<'a> {
    pub organisation: Uuid,
    /// The organisation's name, for the reader; control characters become spaces.
    pub name: &'a str,
    /// The incident's number.
    pub incident: u64,
    /// The entries about it, in the register's order.
    pub records: &'a [Record],
    /// The hash of every leaf of the register, up to the checkpoint.
    pub leaves: &'a [Hash],
    /// The signed checkpoint over exactly these leaves.
    pub checkpoint: &'a str,
    /// What a reader reads first.
    pub readme: &'a str,
    /// Everything else, as name and bytes.
    pub files: &'a [(String, Vec<u8>)],
    /// The register's own key ([`SigningKey::of_register`]).
    pub key: &'a SigningKey,
}

impl Dossier<'_> {
    /// The members that stand beside `files` and are known before the rest is, as name and bytes: what a table of contents
    /// can name.
    ///
    /// # Errors
    /// When an entry has no place under the checkpoint, or is another than the one that has.
    pub fn journal(&self) -> Result<Vec<(&'static str, Vec<u8>)>, ExportError> {
        Ok(vec![
            (LINES, self.lines()?.concat().into_bytes()),
            (CHECKPOINT, self.checkpoint.as_bytes().to_vec()),
            (KEY, format!("{}\n", self.key.verifier()).into_bytes()),
        ])
    }

    /// The whole as the bytes of a zip archive. The same arguments give the same bytes.
    ///
    /// # Errors
    /// When the journal is not what its checkpoint says, the key is of another register, or a member's name will not do.
    pub fn pack(&self) -> Result<Vec<u8>, ExportError> {
        check_names(&[MANIFEST, CHECKPOINT, KEY, LINES, README], self.files)?;
        let lines = self.lines()?;
        let mut members = vec![(README, self.readme.as_bytes().to_vec())];
        members.extend(self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())));
        members.extend(self.journal()?);
        let mut list = format!(
            "dijkwacht-dossier/v1\norganisation {}\nname {}\nincident {}\nentries {}\n",
            self.organisation.hyphenated(),
            plain(self.name),
            self.incident,
            lines.len(),
        );
        list.extend(members.iter().map(|(name, bytes)| member_line(name, bytes)));
        list.extend(
            self.records.iter().zip(&lines).map(|(record, line)| entry_line(record, &record.entry.leaf_hash(), line)),
        );
        members.insert(1, (MANIFEST, signed(&list, self.key).into_bytes()));
        pack(&members)
    }

    fn lines(&self) -> Result<Vec<String>, ExportError> {
        let checkpoint = open(self.checkpoint, self.organisation, self.key)?;
        if checkpoint.size != self.leaves.len() as u64 {
            return Err(ExportError::Size { covered: checkpoint.size, given: self.leaves.len() as u64 });
        }
        if root(self.leaves) != checkpoint.root {
            return Err(ExportError::Root);
        }
        let line = |(place, record): (usize, &Record)| {
            let index = record.entry.index();
            let leaf = usize::try_from(index).ok().and_then(|index| self.leaves.get(index));
            let is_in_order = place == 0 || self.records.get(place - 1).is_some_and(|last| last.entry.index() < index);
            if record.entry.organisation() != self.organisation
                || leaf != Some(&record.entry.leaf_hash())
                || !is_in_order
            {
                return Err(ExportError::Place(place as u64));
            }
            if !fits(&record.entry, record.kept.as_ref()) {
                return Err(ExportError::Body(place as u64));
            }
            let path = inclusion_proof(self.leaves, index).ok_or(ExportError::Place(place as u64))?;
            Ok(line(record, Some(&path)))
        };
        self.records.iter().enumerate().map(line).collect()
    }
}
