//! `entries.jsonl`, line by line: which is the first that is not as it was signed, and in what.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Deserialize;

use crate::leaf::{self, Leaf};
use crate::manifest::ListedEntry;
use crate::moments::Recorded;
use crate::order;
use crate::problem::Problem;
use crate::report::Report;
use crate::text::{self, Text};
use crate::tree::{leaf_hash, sha256};
use crate::{ENTRIES, Hash};

/// What the lines give, taken together.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) count: u64,
    pub(crate) erased: Vec<u64>,
    /// For each entry that an erasure behind it names: the entry in which it does so.
    explained: BTreeMap<u64, u64>,
    /// Erasures of an incident that name no entries, as they were written once: they speak for its entries before them, and
    /// which those are cannot be seen.
    unspecified: Vec<u64>,
    /// The entries that are not as they were signed, or not there.
    wrong: BTreeSet<u64>,
    /// The last of those that may have told of erasures.
    last_unheard: Option<u64>,
    /// The leaf hashes in order, when every line could be read.
    pub(crate) leaves: Option<Vec<Hash>>,
    pub(crate) recorded: Recorded,
}

/// One line, as its JSON says it. Unknown and repeated keys are refused, so that no reader sees another entry than
/// another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    index: u64,
    leaf: String,
    salt: Option<String>,
    body: Option<String>,
    body_hex: Option<String>,
    erased: Option<bool>,
    /// In the file of one case alone: the path from its leaf to the root.
    proof: Option<Vec<String>>,
}

/// One line, read.
pub(crate) struct Entry {
    pub(crate) index: u64,
    pub(crate) organisation: String,
    pub(crate) leaf: Hash,
    recorded_at: Timestamp,
    pub(crate) is_erased: bool,
    pub(crate) body_fits: bool,
    /// Nothing where none stands there.
    pub(crate) proof: Option<Vec<Hash>>,
    /// Whether it is one that may say which entries were erased.
    tells_of_erasure: bool,
    /// Which entries it says were erased; none: those of its incident before it.
    erases: Option<Vec<u64>>,
    /// The file that it says was made.
    pub(crate) made: Option<String>,
    /// In the file of one case alone: the incident that its body names, and that incident's number where it tells it.
    pub(crate) of: Option<(String, Option<u64>)>,
}

/// What a body says of other entries and of files, as far as checking needs it. The rest of it is none of ours.
#[derive(Default, Deserialize)]
struct Body {
    incident: Option<String>,
    event: Option<Said>,
}

#[derive(Default, Deserialize)]
struct Said {
    r#type: Option<String>,
    /// Of an incident, where it is opened or erased.
    number: Option<serde_json::Value>,
    sha256: Option<String>,
    #[serde(default)]
    indices: Vec<u64>,
    entries: Option<serde_json::Value>,
}

impl Entries {
    /// Of so many lines, none of them read yet.
    pub(crate) fn of_lines(lines: usize) -> Self {
        Self { count: lines as u64, ..Self::default() }
    }

    /// Notes what an entry says of itself and others.
    pub(crate) fn take_in(&mut self, entry: &Entry) {
        self.recorded.take_in(entry.index, entry.recorded_at);
        if entry.is_erased {
            self.erased.push(entry.index);
        }
        match entry.erases.as_deref() {
            None => {}
            Some([]) => self.unspecified.push(entry.index),
            // What comes later cannot have been erased by it.
            Some(named) => {
                for erased in named.iter().filter(|erased| **erased < entry.index) {
                    self.explained.entry(*erased).or_insert(entry.index);
                }
            }
        }
    }

    /// Notes that an entry is not as it was signed.
    pub(crate) fn doubt(&mut self, index: u64, read: Option<&Entry>, problem: &Problem) {
        self.wrong.insert(index);
        let is_kind_sure = matches!(problem, Problem::EntryBody | Problem::EntryLine);
        if !is_kind_sure || read.is_none_or(|entry| entry.tells_of_erasure) {
            self.last_unheard = self.last_unheard.max(Some(index));
        }
    }

    /// The entry behind this one that says that it was erased.
    pub(crate) fn explained_by(&self, erased: u64) -> Option<u64> {
        let unspecified = || self.unspecified.iter().copied().find(|index| *index > erased);
        self.explained.get(&erased).copied().or_else(unspecified)
    }

    /// Entries of which the body is gone, and no entry behind them says so; without those of which that could have been said
    /// in an entry that is itself not as it was signed.
    pub(crate) fn erased_unsaid(&self) -> Vec<u64> {
        let is_unsaid = |index: &u64| {
            let is_unheard = self.last_unheard.is_some_and(|last| *index < last);
            !self.wrong.contains(index) && !is_unheard && self.explained_by(*index).is_none()
        };
        self.erased.iter().copied().filter(is_unsaid).collect()
    }
}

/// Compares the lines with those that the manifest lists (where there is one that can be trusted), and each with
/// itself. Once the order is lost, what follows says nothing more, and is left.
pub(crate) fn check(
    content: &[u8],
    listed: Option<&[ListedEntry]>,
    organisation: Option<&str>,
    report: &mut Report,
) -> Entries {
    let lines: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
    let mut entries = Entries::of_lines(lines.len());
    let mut leaves = Vec::with_capacity(lines.len());
    for (place, line) in (0..).zip(&lines) {
        let place_listed = listed.and_then(|listed| listed.get(usize::try_from(place).ok()?));
        if let Some(listed) = listed
            && place_listed.is_none()
        {
            let (listed, found) = (listed.len() as u64, entries.count);
            report.add_entry(ENTRIES, place, Problem::EntrySurplus { listed, found });
            return entries;
        }
        let read = Entry::read(line);
        match compare(place, line, &read, place_listed, organisation) {
            Ok(()) => {}
            Err(Problem::EntryOrder { .. }) => {
                let rest = lines.iter().skip(usize::try_from(place).unwrap_or(usize::MAX));
                let found = rest.map(|line| Entry::read(line).ok().map(|entry| entry.index)).collect::<Vec<_>>();
                report.add_entry(ENTRIES, place, order::lost(place, &found, listed.map(<[_]>::len)));
                return entries;
            }
            Err(problem) => {
                entries.doubt(place, read.as_ref().ok(), &problem);
                report.add_entry(ENTRIES, place, problem);
            }
        }
        if let Ok(entry) = read {
            entries.take_in(&entry);
            leaves.push(entry.leaf);
        }
    }
    if let Some(listed) = listed
        && lines.len() < listed.len()
    {
        let (listed, found) = (listed.len() as u64, entries.count);
        report.add_entry(ENTRIES, found, Problem::EntryMissing { listed, found });
    } else {
        report.add_erased_unsaid(ENTRIES, &entries);
    }
    entries.leaves = (leaves.len() == lines.len()).then_some(leaves);
    entries
}

fn compare(
    place: u64,
    line: &[u8],
    read: &Result<Entry, Text>,
    listed: Option<&ListedEntry>,
    organisation: Option<&str>,
) -> Result<(), Problem> {
    let entry = read.as_ref().map_err(|why| Problem::EntryUnreadable(why.clone()))?;
    if entry.proof.is_some() {
        return Err(Problem::EntryUnreadable(text::JSON_FORM));
    }
    if entry.index != place {
        return Err(Problem::EntryOrder { found: entry.index });
    }
    compare_with_listed(line, entry, listed, organisation)
}

/// What holds of an entry wherever it stands.
pub(crate) fn compare_with_listed(
    line: &[u8],
    entry: &Entry,
    listed: Option<&ListedEntry>,
    organisation: Option<&str>,
) -> Result<(), Problem> {
    if organisation.is_some_and(|organisation| organisation != entry.organisation) {
        return Err(Problem::OtherRegister(entry.organisation.clone()));
    }
    if listed.is_some_and(|listed| listed.leaf != entry.leaf) {
        return Err(Problem::EntryLeaf);
    }
    if !entry.body_fits {
        return Err(Problem::EntryBody);
    }
    if listed.is_some_and(|listed| listed.line != sha256(line)) {
        return Err(Problem::EntryLine);
    }
    Ok(())
}

impl Entry {
    pub(crate) fn read(line: &[u8]) -> Result<Self, Text> {
        let line = str::from_utf8(line).map_err(|_| text::NOT_UTF8)?;
        let line: Line = serde_json::from_str(line).map_err(|_| text::JSON_FORM)?;
        let leaf = Leaf::parse(&line.leaf).filter(|leaf| leaf.index == line.index).ok_or(text::LEAF_FORM)?;
        let (is_erased, body_fits) = match (&line.salt, &line.body, &line.body_hex, line.erased) {
            (None, None, None, Some(true)) => (true, true),
            (Some(salt), Some(body), None, None) => (false, fits(&leaf, salt, body.as_bytes())?),
            (Some(salt), None, Some(body), None) => {
                (false, fits(&leaf, salt, &leaf::bytes(body).ok_or(text::JSON_FORM)?)?)
            }
            _ => return Err(text::JSON_FORM),
        };
        let hash = |hash: &String| leaf::hash(hash).ok_or(text::JSON_FORM);
        let proof = line.proof.as_ref().map(|path| path.iter().map(hash).collect::<Result<Vec<_>, _>>()).transpose()?;
        let is_of_a_case = proof.is_some();
        let said = line.body.as_deref().filter(|_| body_fits && (is_of_a_case || TELLING.contains(&leaf.kind)));
        let Body { incident, event } = said.and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
        let said = event.unwrap_or_default();
        let tells_number = NUMBERING.contains(&leaf.kind);
        let number = said.number.as_ref().and_then(serde_json::Value::as_u64).filter(|_| tells_number);
        let of = incident.filter(|_| is_of_a_case).map(|incident| (incident, number));
        Ok(Self {
            index: leaf.index,
            organisation: leaf.organisation.to_owned(),
            leaf: leaf_hash(line.leaf.as_bytes()),
            recorded_at: leaf.recorded_at,
            is_erased,
            body_fits,
            proof,
            tells_of_erasure: ERASURES.contains(&leaf.kind),
            erases: said.erases(leaf.kind),
            made: said.made(leaf.kind),
            of,
        })
    }
}

/// The kinds that say which entries were erased.
const ERASURES: [&str; 2] = ["incident.erased", "incident.entries_erased"];

/// The kinds of which the body is looked into.
const TELLING: [&str; 3] = ["incident.erased", "incident.entries_erased", "incident.document_made"];

/// The kinds of which the body tells the number of the incident.
const NUMBERING: [&str; 2] = ["incident.opened", "incident.erased"];

impl Said {
    /// The hash of the document that it says was made.
    fn made(self, kind: &str) -> Option<String> {
        let is_so = kind == "incident.document_made" && self.r#type.as_deref() == Some("document_made");
        self.sha256.filter(|_| is_so)
    }

    /// The entries that it names as erased, when its leaf calls it an erasure; of an incident it may name none.
    fn erases(&self, kind: &str) -> Option<Vec<u64>> {
        match (kind, self.r#type.as_deref()) {
            ("incident.erased", Some("erased")) => Some(self.indices.clone()),
            ("incident.entries_erased", Some("entries_erased")) => {
                let entries = self.entries.as_ref().and_then(serde_json::Value::as_array);
                let named: Vec<u64> =
                    entries.into_iter().flatten().filter_map(|entry| entry.get("index")?.as_u64()).collect();
                (!named.is_empty()).then_some(named)
            }
            _ => None,
        }
    }
}

/// Whether salt and body are those that the leaf commits to.
fn fits(leaf: &Leaf<'_>, salt: &str, body: &[u8]) -> Result<bool, Text> {
    let salt = leaf::hash(salt).ok_or(text::JSON_FORM)?;
    Ok(leaf::commitment(&salt, body) == leaf.commitment)
}
