//! The archive: its members with their hashes, within bounds, and what is odd about the archive itself.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

use zip::{ZipArchive, ZipReadOptions};

use crate::Hash;
use crate::problem::Problem;
use crate::report::Finding;
use crate::tree::sha256;
use crate::unreadable::Unreadable;

/// More members than any export has.
const MOST_MEMBERS: usize = 4096;
/// More bytes than any export inflates to; a bomb is stopped here.
const MOST_BYTES: u64 = 1 << 30;

/// The members in the archive's order.
#[derive(Debug)]
pub(crate) struct Archive {
    pub(crate) members: Vec<Member>,
    pub(crate) findings: Vec<Finding>,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) length: u64,
    pub(crate) sha256: Hash,
    /// `None`: could not be read, or stands there more than once, which is a finding.
    pub(crate) content: Option<Vec<u8>>,
    /// As packers add for the folders that members stand in.
    pub(crate) is_empty_folder: bool,
}

impl Archive {
    /// The member of this name.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    fn is_repeated(&self, name: &str) -> bool {
        self.findings.iter().any(|found| found.problem == Problem::Repeated && found.member() == Some(name))
    }
}

impl Member {
    /// Its content, if that is UTF-8.
    pub(crate) fn text(&self) -> Option<&str> {
        str::from_utf8(self.content.as_ref()?).ok()
    }
}

/// Reads every member.
pub(crate) fn read(bytes: &[u8]) -> Result<Archive, Unreadable> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|cause| Unreadable::NotAnArchive(cause.to_string()))?;
    if zip.len() > MOST_MEMBERS {
        return Err(Unreadable::TooManyMembers(zip.len()));
    }
    let mut archive = Archive { members: Vec::new(), findings: oddities(bytes, &mut zip) };
    let mut left = MOST_BYTES;
    for index in 0..zip.len() {
        let Ok(entry) = zip.by_index_data(index) else { continue };
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let is_folder = entry.is_dir();
        // What unpacks as a link or a device is not what its bytes say (the kinds of POSIX, in the upper half of a mode).
        if entry.unix_mode().is_some_and(|mode| !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000)) {
            archive.findings.push(Finding::of(&name, Problem::Inconsistent("no plain file".to_owned())));
        }
        let content = match content(&mut zip, index, left)? {
            // Which of them is meant nobody can say, so neither is looked at.
            _ if archive.is_repeated(&name) => None,
            Content::Whole(content) => Some(content),
            Content::Damaged(content) => {
                archive.findings.push(Finding::of(&name, Problem::Damaged));
                Some(content)
            }
            Content::None(cause) => {
                archive.findings.push(Finding::of(&name, Problem::Unreadable(cause)));
                None
            }
        };
        let bytes = content.as_deref().unwrap_or_default();
        let length = bytes.len() as u64;
        left = left.saturating_sub(length);
        let (sha256, is_empty_folder) = (sha256(bytes), is_folder && content.is_some() && length == 0);
        archive.members.push(Member { name, length, sha256, content, is_empty_folder });
    }
    Ok(archive)
}

/// What another reader of zip archives might see otherwise than we do.
fn oddities(bytes: &[u8], zip: &mut ZipArchive<Cursor<&[u8]>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if zip.has_duplicate_names() {
        let names = repeated_names(bytes, zip.central_directory_start());
        findings.extend(names.into_iter().map(|name| Finding::of(&name, Problem::Repeated)));
    } else if let Err(cause) = zip.validate_header_consistency() {
        findings.push(Finding::of_archive(Problem::Inconsistent(cause.to_string())));
    }
    // Without a comment, the archive's last 22 bytes are its end record (APPNOTE 4.3.16).
    let ends_in_record =
        bytes.len().checked_sub(22).and_then(|at| bytes.get(at..)).is_some_and(|end| end.starts_with(b"PK\x05\x06"));
    if zip.offset() != 0 || !zip.comment().is_empty() || !ends_in_record {
        findings.push(Finding::of_archive(Problem::Surplus));
    }
    findings
}

enum Content {
    Whole(Vec<u8>),
    /// Readable, but not what the archive's own checksum says.
    Damaged(Vec<u8>),
    None(String),
}

fn content(zip: &mut ZipArchive<Cursor<&[u8]>>, index: usize, left: u64) -> Result<Content, Unreadable> {
    let cause = match inflate(zip, index, left, false)? {
        Ok(content) => return Ok(Content::Whole(content)),
        Err(cause) => cause,
    };
    // The archive's checksum is no measure for us: what the content is worth, its signed hash tells.
    Ok(inflate(zip, index, left, true)?.map_or(Content::None(cause), Content::Damaged))
}

/// The content of a member of at most `left` bytes; the inner error says why it cannot be read.
fn inflate(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    left: u64,
    ignores_checksum: bool,
) -> Result<Result<Vec<u8>, String>, Unreadable> {
    let member = match zip.by_index_with_options(index, ZipReadOptions::new().ignore_crc32(ignores_checksum)) {
        Ok(member) => member,
        Err(cause) => return Ok(Err(cause.to_string())),
    };
    let mut content = Vec::new();
    let read = member.take(left + 1).read_to_end(&mut content);
    if content.len() as u64 > left {
        return Err(Unreadable::TooLarge(MOST_BYTES));
    }
    Ok(read.map(|_| content).map_err(|cause| cause.to_string()))
}

/// The names that stand more than once in the central directory (APPNOTE 4.3.12), which the library does not tell.
fn repeated_names(bytes: &[u8], start: u64) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut repeated = Vec::new();
    let mut rest = usize::try_from(start).ok().and_then(|start| bytes.get(start..)).unwrap_or_default();
    while let Some((header, after)) = rest.split_first_chunk::<46>()
        && header.starts_with(b"PK\x01\x02")
    {
        let [.., n0, n1, e0, e1, c0, c1, _, _, _, _, _, _, _, _, _, _, _, _] = *header;
        let [name, extra, comment] =
            [[n0, n1], [e0, e1], [c0, c1]].map(|length| usize::from(u16::from_le_bytes(length)));
        let Some(raw) = after.get(..name) else { break };
        if !seen.insert(raw) {
            repeated.push(String::from_utf8_lossy(raw).into_owned());
        }
        rest = after.get(name + extra + comment..).unwrap_or_default();
    }
    repeated
}
