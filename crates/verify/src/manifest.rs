//! The manifest's text (`dijkwacht-export/v1`, `dijkwacht-dossier/v1`), read strictly: every member with its hash, every
//! entry with the hashes of its leaf and of its line.

use crate::Hash;
use crate::archive::Member;
use crate::leaf::{hash, is_uuid, number};

/// The first line of the manifest of a case's file.
const DOSSIER: &str = "dijkwacht-dossier/v1";

/// What was signed about an export.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) organisation: String,
    pub(crate) name: String,
    /// The number of the incident that it is the file of; `None`: it is of a whole register.
    pub(crate) incident: Option<u64>,
    pub(crate) members: Vec<ListedMember>,
    pub(crate) entries: Vec<ListedEntry>,
}

#[derive(Debug)]
pub(crate) struct ListedMember {
    pub(crate) name: String,
    pub(crate) length: u64,
    pub(crate) sha256: Hash,
}

#[derive(Debug)]
pub(crate) struct ListedEntry {
    pub(crate) index: u64,
    pub(crate) leaf: Hash,
    /// SHA-256 over its line in `entries.jsonl`, newline included.
    pub(crate) line: Hash,
}

impl Manifest {
    /// Reads the text; when it cannot be read, the number (from 1) of the first line that is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, usize> {
        let lines: Vec<&str> = text.lines().collect();
        let header =
            |line: usize, prefix: &str| lines.get(line - 1).and_then(|text| text.strip_prefix(prefix)).ok_or(line);
        let is_dossier = match lines.first() {
            Some(&"dijkwacht-export/v1") => false,
            Some(&DOSSIER) => true,
            _ => return Err(1),
        };
        let organisation = Some(header(2, "organisation ")?).filter(|id| is_uuid(id)).ok_or(2_usize)?.to_owned();
        let name = header(3, "name ")?.to_owned();
        let incident = is_dossier.then(|| number(header(4, "incident ")?).ok_or(4_usize)).transpose()?;
        let counted = if is_dossier { 5 } else { 4 };
        let count = number(header(counted, "entries ")?).ok_or(counted)?;
        let mut manifest = Self { organisation, name, incident, members: Vec::new(), entries: Vec::new() };
        for (at, line) in lines.iter().enumerate().skip(counted) {
            manifest.read(line).ok_or(at + 1)?;
        }
        if manifest.entries.len() as u64 == count { Ok(manifest) } else { Err(counted) }
    }

    /// `member <sha256> <length> <name>`, and after the last of those `entry <index> <leaf> <line>`.
    fn read(&mut self, line: &str) -> Option<()> {
        let mut words = line.splitn(4, ' ');
        let [kind, first, second, third] = [words.next()?, words.next()?, words.next()?, words.next()?];
        match kind {
            "member" if self.entries.is_empty() && !self.members.iter().any(|member| member.name == third) => {
                let (sha256, length) = (hash(first)?, number(second)?);
                self.members.push(ListedMember { name: third.to_owned(), length, sha256 });
            }
            "entry" => {
                let last = self.entries.last().map(|last| last.index);
                let index = number(first).filter(|index| match self.incident {
                    None => *index == self.entries.len() as u64,
                    Some(_) => last.is_none_or(|last| last < *index),
                })?;
                self.entries.push(ListedEntry { index, leaf: hash(second)?, line: hash(third)? });
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether this text, unsigned as it may be, says that it is of one case.
    pub(crate) fn is_of_case(text: &str) -> bool {
        text.lines().next() == Some(DOSSIER)
    }

    /// The leaf hashes, in order.
    pub(crate) fn leaves(&self) -> Vec<Hash> {
        self.entries.iter().map(|entry| entry.leaf).collect()
    }

    /// Whether this very member is listed.
    pub(crate) fn lists(&self, member: &Member) -> bool {
        self.members.iter().any(|listed| listed.name == member.name && listed.sha256 == member.sha256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wrong_line_is_named() {
        let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        let text = format!(
            "dijkwacht-export/v1\norganisation 0197a3c0-0000-7000-8000-000000000001\nname A b\nentries 1\nmember {hash} 3 key.txt\nentry 0 {hash} {hash}\n"
        );
        let manifest = Manifest::parse(&text).unwrap();
        assert_eq!((manifest.name.as_str(), manifest.members.len(), manifest.entries.len()), ("A b", 1, 1));
        for (from, to, line) in [
            ("export/v1", "export/v12", 1),
            ("organisation 0", "organisation x", 2),
            ("name ", "nam ", 3),
            ("entries 1", "entries 2", 4),
            ("entries 1", "entries 01", 4),
            ("member 4", "member x", 5),
            ("entry 0", "entry 1", 6),
            ("entry 0", "member 0", 6),
        ] {
            assert_eq!(Manifest::parse(&text.replacen(from, to, 1)).unwrap_err(), line, "{from}");
        }
        assert_eq!(Manifest::parse("").unwrap_err(), 1);
    }
}
