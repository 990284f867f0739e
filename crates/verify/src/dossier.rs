//! The file of one case: its files against the signed list, and each of its entries against the signed checkpoint, by the
//! path that comes with it. The rest of the register is not needed, and not there.

use std::collections::BTreeSet;

use crate::archive::Archive;
use crate::checkpoint::Checkpoint;
use crate::entries::{Entries, Entry, compare_with_listed};
use crate::manifest::{ListedEntry, Manifest};
use crate::note::Key;
use crate::order;
use crate::problem::Problem;
use crate::proof::inclusion_root;
use crate::report::{DossierSeen, Report};
use crate::{Hash, LINES};

/// The folders that name people, which may be left out.
const LEFT_OUT: [&str; 2] = ["namen/", "journaal/"];
/// Where the documents of a case stand.
const DOCUMENTS: &str = "documenten/";

/// Whether a member may be left out without anything else being less sure.
pub(crate) fn may_be_left_out(name: &str) -> bool {
    LEFT_OUT.iter().any(|folder| name.starts_with(folder))
}

/// Whether a member is a document, which an entry names by its hash.
pub(crate) fn is_document(name: &str) -> bool {
    name.starts_with(DOCUMENTS) && name.ends_with(".pdf")
}

/// What the file of a case is: which incident, and what was left out of it.
pub(crate) fn seen(manifest: &Manifest, archive: &Archive) -> Option<DossierSeen> {
    let listed = manifest.members.iter().map(|member| &member.name);
    let left_out = listed.filter(|name| may_be_left_out(name) && archive.member(name).is_none()).cloned().collect();
    Some(DossierSeen { incident: manifest.incident?, left_out })
}

/// Every line against the list and itself, and its leaf against the checkpoint.
pub(crate) fn check_lines(
    content: &[u8],
    manifest: Option<&Manifest>,
    organisation: Option<&str>,
    checkpoint: Option<&Checkpoint<'_>>,
    archive: &Archive,
    report: &mut Report,
) -> Entries {
    let lines: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
    let listed = manifest.map(|manifest| manifest.entries.as_slice());
    let mut entries = Entries::of_lines(lines.len());
    let mut made: BTreeSet<String> = BTreeSet::new();
    let mut of: Vec<Of> = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let own = listed.and_then(|listed| listed.get(place));
        let at = own.map_or(place as u64, |own| own.index);
        if let Some(listed) = listed
            && own.is_none()
        {
            let at = Entry::read(line).map_or(place as u64, |entry| entry.index);
            let (listed, found) = (listed.len() as u64, entries.count);
            report.add_entry(LINES, at, Problem::EntrySurplus { listed, found });
            return entries;
        }
        let entry = match Entry::read(line) {
            Ok(entry) => entry,
            Err(why) => {
                let problem = Problem::EntryUnreadable(why);
                entries.doubt(at, None, &problem);
                report.add_entry(LINES, at, problem);
                continue;
            }
        };
        if let (Some(own), Some(listed)) = (own, listed)
            && own.index != entry.index
        {
            let rest = lines.iter().skip(place).map(|line| Entry::read(line).ok().map(|entry| entry.index));
            let (found, listed): (Vec<_>, Vec<_>) = (rest.collect(), listed.iter().map(|one| one.index).collect());
            report.add_entry(LINES, own.index, order::lost_of_listed(place as u64, &found, &listed));
            return entries;
        }
        let compared = compare(line, &entry, own, organisation, checkpoint);
        if let Err(problem) = compared {
            entries.doubt(entry.index, Some(&entry), &problem);
            report.add_entry(LINES, entry.index, problem);
        } else {
            made.extend(entry.made.clone());
            of.extend(entry.of.clone().map(|(incident, number)| Of { index: entry.index, incident, number }));
        }
        entries.take_in(&entry);
    }
    if let Some(listed) = listed
        && let Some(first) = listed.get(lines.len())
    {
        let (found, listed) = (entries.count, listed.len() as u64);
        report.add_entry(LINES, first.index, Problem::EntryMissing { listed, found });
    } else {
        report.add_erased_unsaid(LINES, &entries);
    }
    for index in of_others(&of, manifest.and_then(|manifest| manifest.incident)) {
        report.add_entry(LINES, index, Problem::OtherIncident);
    }
    // A document of a case is one that an entry names by its hash: else it was put there later.
    let documents = archive.members.iter().filter(|member| is_document(&member.name) && member.content.is_some());
    for document in documents {
        let hash: String = document.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        if !made.contains(&hash) {
            report.add(&document.name, Problem::NotRecorded);
        }
    }
    entries
}

/// Which incident an entry is of, as its body says.
struct Of {
    index: u64,
    incident: String,
    number: Option<u64>,
}

/// The entries that are of another incident than the file is. Which one that is says the body that tells its number; where
/// none does any more, the first.
fn of_others(of: &[Of], number: Option<u64>) -> Vec<u64> {
    let Some(own) = of.iter().find(|one| number.is_some() && one.number == number).or_else(|| of.first()) else {
        return Vec::new();
    };
    let is_other =
        |one: &&Of| one.incident != own.incident || number.is_some() && one.number.is_some() && one.number != number;
    of.iter().filter(is_other).map(|one| one.index).collect()
}

fn compare(
    line: &[u8],
    entry: &Entry,
    listed: Option<&ListedEntry>,
    organisation: Option<&str>,
    checkpoint: Option<&Checkpoint<'_>>,
) -> Result<(), Problem> {
    compare_with_listed(line, entry, listed, organisation)?;
    let path = entry.proof.as_deref().ok_or(Problem::NotIncluded)?;
    let Some(checkpoint) = checkpoint else { return Ok(()) };
    let reckoned: Option<Hash> = inclusion_root(entry.leaf, entry.index, checkpoint.size, path);
    if reckoned == Some(checkpoint.root) { Ok(()) } else { Err(Problem::NotIncluded) }
}

/// A checkpoint that was kept, beside that of the file: they can be held against each other when they are of one size.
pub(crate) fn compare_given(
    given: &Checkpoint<'_>,
    key: Option<&Key>,
    own: Option<&Checkpoint<'_>>,
) -> Result<(), Problem> {
    let (Some(key), Some(own)) = (key, own) else { return Err(Problem::NotCompared) };
    if given.organisation != own.organisation {
        return Err(Problem::OtherRegister(given.organisation.clone()));
    }
    if let Some(problem) = given.check(key).problem() {
        return Err(problem);
    }
    match (given.size == own.size, given.root == own.root) {
        (true, true) => Ok(()),
        (true, false) => Err(Problem::Diverged { size: given.size }),
        (false, _) => Err(Problem::OtherSize { given: given.size, own: own.size }),
    }
}
