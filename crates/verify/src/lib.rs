//! Checks an export of a register, or the file of one case, offline: with the archive alone, and better with the key and a
//! later checkpoint as known from elsewhere.
//!
//! It shares no code with the writer, on purpose: the canonical forms, the hashes, the tree, the signed notes and the
//! reading of the archive are written here a second time, from `docs/register-format.md`, so that a fault in the one
//! does not hide in the other.
//!
//! Promises: any bytes in, an answer out, never a panic; a report names *every* place where something is not as it was
//! signed, in order, with the member and, for an entry, its number; whatever is inflated is bounded.
//!
//! What it cannot see: what never was in the register, and a whole register replaced by another one signed with the
//! same key. Against the latter serve a later checkpoint and the time stamps of others.

mod archive;
mod checkpoint;
mod countersignature;
mod dossier;
mod entries;
mod kept;
mod leaf;
mod manifest;
mod moments;
mod note;
mod order;
mod problem;
mod proof;
mod report;
mod text;
mod timestamp;
mod tree;
mod unreadable;

use std::collections::BTreeSet;

use archive::{Archive, Member};
use checkpoint::Checkpoint;
use countersignature::Others;
use entries::Entries;
use manifest::Manifest;
use moments::Recorded;
use note::{Key, Note, Signed};

pub use kept::{as_signed, checkpoint_in, text_of};
pub use problem::Problem;
pub use proof::{ProofFinding, ProofReport, Proved, UnreadableProof, check_proof};
pub use report::{
    CheckpointSeen, Countersignature, Countersigned, DossierSeen, Erasure, Finding, KeySource, KeyUsed, Report,
    StampSeen, Subject,
};
pub use text::Text;
pub use timestamp::check_timestamp;
pub use unreadable::Unreadable;

pub(crate) type Hash = [u8; 32];

const MANIFEST: &str = "manifest";
const CHECKPOINT: &str = "checkpoint";
const KEY: &str = "key.txt";
const ENTRIES: &str = "entries.jsonl";
/// The entries in the file of one case.
const LINES: &str = "journaal/regels.jsonl";
const STAMP: &str = "timestamp.tsr";
const STAMPED: &str = "timestamp.checkpoint";

/// What is known from elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// The register's public key (`name+id+key`). Without it the export is checked against the key that it brings
    /// itself, which shows only that it agrees with itself; the report says so.
    pub key: Option<&'a str>,
    /// Signed checkpoints of the same register, as they were kept ([`checkpoint_in`]); the export must not fall behind or contradict any.
    pub checkpoints: &'a [&'a str],
    /// The provider's public key. With it the export's checkpoint must carry the provider's countersignature.
    pub provider_key: Option<&'a str>,
    /// The public keys of witnesses elsewhere. Each must have countersigned the export's checkpoint, or one of those given.
    pub witness_keys: &'a [&'a str],
}

/// Checks the bytes of an export, or of the file of one case ([`Report::dossier`]).
///
/// # Errors
/// When there is nothing to check: no archive, no export, too large, or options that are no key or no checkpoint.
/// Everything that is *wrong* with an export is a finding in the report.
pub fn verify(archive: &[u8], options: Options<'_>) -> Result<Report, Unreadable> {
    let given_key = options.key.map(|text| Key::parse(text.trim())).transpose().map_err(Unreadable::Key)?;
    let provider_key = options.provider_key.map(|text| Key::parse(text.trim())).transpose();
    let provider_key = provider_key.map_err(Unreadable::ProviderKey)?;
    let witnesses = options.witness_keys.iter().map(|text| Key::parse(text.trim())).collect::<Result<Vec<_>, _>>();
    let witnesses = witnesses.map_err(Unreadable::WitnessKey)?;
    let kept = kept::checkpoints_in(options.checkpoints);
    let kept = kept.map_err(|(place, why)| Unreadable::Checkpoint(place, why))?;
    let given = Checkpoint::all(&kept).map_err(|(place, why)| Unreadable::Checkpoint(place, why))?;
    let mut archive = archive::read(archive)?;
    let is_of_case = is_of_case(&archive);
    if ![MANIFEST, CHECKPOINT, KEY, ENTRIES].iter().any(|name| archive.member(name).is_some()) {
        return Err(Unreadable::NotAnExport);
    }
    let mut report = Report { findings: std::mem::take(&mut archive.findings), ..Report::default() };
    let key = choose_key(given_key, &archive, &mut report);
    let manifest = read_manifest(&archive, key.as_ref(), &mut report);
    if let Some(manifest) = &manifest {
        compare_members(manifest, &archive, &mut report);
        report.name = Some(manifest.name.clone());
        report.dossier = dossier::seen(manifest, &archive);
    }
    let checkpoint = read_checkpoint(&archive, key.as_ref(), manifest.as_ref(), &mut report);
    let own = archive.member(CHECKPOINT).and_then(Member::text).and_then(|text| Checkpoint::parse(text).ok());
    let others = Others { register: key.as_ref(), provider: provider_key, witnesses };
    others.check_provider(own.as_ref(), &mut report);
    let organisation = manifest.as_ref().map(|manifest| manifest.organisation.clone());
    let organisation = organisation.or_else(|| checkpoint.as_ref().map(|checkpoint| checkpoint.organisation.clone()));
    check_key_name(key.as_ref(), organisation.as_deref(), &mut report);
    let held = if is_of_case {
        let content = archive.member(LINES).and_then(|member| member.content.as_deref());
        let (manifest, checkpoint) = (manifest.as_ref(), checkpoint.as_ref());
        let entries = content.map(|content| {
            let organisation = organisation.as_deref();
            dossier::check_lines(content, manifest, organisation, checkpoint, &archive, &mut report)
        });
        let mut recorded = Recorded::default();
        match entries {
            Some(mut entries) => {
                recorded = std::mem::take(&mut entries.recorded);
                report.count(entries);
            }
            // Left out, but counted in the list.
            None => report.entries = manifest.map_or(0, |manifest| manifest.entries.len() as u64),
        }
        note_signature(CHECKPOINT, checkpoint, key.as_ref(), &recorded, &mut report);
        let compare = |given: &Checkpoint<'_>| dossier::compare_given(given, key.as_ref(), checkpoint);
        compare_all(&given, key.as_ref(), &recorded, &mut report, compare)
    } else {
        let mut entries = read_entries(&archive, manifest.as_ref(), organisation.as_deref(), &mut report);
        // What the signed manifest lists is what was signed; without it, what the entries give.
        let leaves = manifest.as_ref().map(Manifest::leaves).or_else(|| entries.leaves.take());
        let recorded = std::mem::take(&mut entries.recorded);
        report.count(entries);
        if let Some(leaves) = &leaves {
            report.entries = leaves.len() as u64;
        }
        if let (Some(checkpoint), Some(leaves)) = (&checkpoint, &leaves) {
            compare_checkpoint(checkpoint, leaves, manifest.is_some(), &mut report);
        }
        note_signature(CHECKPOINT, checkpoint.as_ref(), key.as_ref(), &recorded, &mut report);
        let register =
            Register { organisation: organisation.as_deref(), leaves: leaves.as_deref(), recorded: &recorded };
        look_at_stamp(&archive, key.as_ref(), &register, &mut report);
        let compare = |given: &Checkpoint<'_>| compare_given(given, key.as_ref(), &register);
        compare_all(&given, key.as_ref(), &recorded, &mut report, compare)
    };
    others.check_witnesses(own.as_ref(), &given, &held, &mut report);
    others.list(own.as_ref(), &given, &mut report);
    (report.proved, report.only_signed) = told_apart(&archive, is_of_case);
    report.organisation = organisation;
    Ok(report)
}

/// Whether it is the file of one case: by its list, or, where that is gone, by its entries.
fn is_of_case(archive: &Archive) -> bool {
    match archive.member(MANIFEST).and_then(Member::text) {
        Some(text) => Manifest::is_of_case(text),
        None => archive.member(LINES).is_some() && archive.member(ENTRIES).is_none(),
    }
}

/// Which members the tree proves, and which are no more than signed by whoever holds the key. What is checked by itself
/// (list, checkpoints, key, stamp) is neither.
fn told_apart(archive: &Archive, is_of_case: bool) -> (Vec<String>, Vec<String>) {
    let has_lines = archive.member(LINES).is_some();
    let is_proved = |name: &str| match is_of_case {
        true => name == LINES || has_lines && dossier::is_document(name),
        false => name == ENTRIES,
    };
    let files = archive.members.iter().filter(|member| !member.is_empty_folder).map(|member| member.name.as_str());
    let files = files.filter(|name| ![MANIFEST, CHECKPOINT, KEY, STAMP, STAMPED].contains(name)).map(str::to_owned);
    files.partition(|name| is_proved(name))
}

/// The register as the export has it.
struct Register<'a> {
    organisation: Option<&'a str>,
    leaves: Option<&'a [Hash]>,
    recorded: &'a Recorded,
}

/// The key as given; else the export's own.
fn choose_key(given: Option<Key>, archive: &Archive, report: &mut Report) -> Option<Key> {
    let own = match archive.member(KEY) {
        None => {
            // A manifest that lists it will say that it is missing; without a key it must be said here.
            if given.is_none() {
                report.add(KEY, Problem::NoKey);
            }
            None
        }
        Some(member) => member.text().and_then(|text| text.strip_suffix('\n')).and_then(|text| Key::parse(text).ok()),
    };
    let (key, source) = match given {
        Some(key) => (Some(key), KeySource::Given),
        None => {
            if own.is_none() && archive.member(KEY).is_some_and(|member| member.content.is_some()) {
                report.add(KEY, Problem::Malformed(text::NO_KEY_TEXT));
            }
            (own, KeySource::Export)
        }
    };
    report.key = key.as_ref().map(|key| KeyUsed { text: key.text(), source });
    key
}

/// The manifest, unless its signature fails: what nobody signed is no measure for anything else.
fn read_manifest(archive: &Archive, key: Option<&Key>, report: &mut Report) -> Option<Manifest> {
    let Some(member) = archive.member(MANIFEST) else {
        report.add(MANIFEST, Problem::Missing);
        return None;
    };
    member.content.as_ref()?;
    let Some(note) = member.text().and_then(Note::parse) else {
        report.add(MANIFEST, Problem::Malformed(text::NOT_A_NOTE));
        return None;
    };
    if note.signatures.len() != 1 {
        report.add(MANIFEST, Problem::Malformed(text::ONE_SIGNATURE));
        return None;
    }
    if let Some(key) = key
        && let Some(problem) = note.check(key).problem()
    {
        report.add(MANIFEST, problem);
        return None;
    }
    match Manifest::parse(note.text) {
        Ok(manifest) => Some(manifest),
        Err(line) => {
            report.add(MANIFEST, Problem::ManifestLine(line));
            None
        }
    }
}

/// Every member that the manifest lists is there as listed, and nothing else is. The entries are looked at by line
/// elsewhere, so that a finding can name one.
fn compare_members(manifest: &Manifest, archive: &Archive, report: &mut Report) {
    let entries = if manifest.incident.is_some() { LINES } else { ENTRIES };
    for listed in &manifest.members {
        match archive.member(&listed.name) {
            None if manifest.incident.is_some() && dossier::may_be_left_out(&listed.name) => {}
            None => report.add(&listed.name, Problem::Missing),
            Some(Member { content: None, .. }) => {} // found unreadable already
            Some(_) if listed.name == entries => {}
            Some(member) if member.sha256 == listed.sha256 && member.length == listed.length => {}
            Some(_) => report.add(&listed.name, Problem::Changed),
        }
    }
    let listed: BTreeSet<&str> = manifest.members.iter().map(|member| member.name.as_str()).collect();
    for core in [CHECKPOINT, KEY, entries] {
        if !listed.contains(core) {
            report.add(core, Problem::NotInManifest);
        }
    }
    for member in archive.members.iter().filter(|member| member.name != MANIFEST) {
        let is_folder_of_listed = member.is_empty_folder && listed.iter().any(|name| name.starts_with(&member.name));
        if !listed.contains(member.name.as_str()) && !is_folder_of_listed {
            report.add(&member.name, Problem::Unlisted);
        }
    }
}

/// The export's checkpoint, when the key signed it and it is the one that the manifest lists.
fn read_checkpoint<'a>(
    archive: &'a Archive,
    key: Option<&Key>,
    manifest: Option<&Manifest>,
    report: &mut Report,
) -> Option<Checkpoint<'a>> {
    let Some(member) = archive.member(CHECKPOINT) else {
        if manifest.is_none() {
            report.add(CHECKPOINT, Problem::Missing);
        }
        return None;
    };
    member.content.as_ref()?;
    let checkpoint = match member.text().map(Checkpoint::parse) {
        Some(Ok(checkpoint)) => checkpoint,
        Some(Err(why)) => {
            report.add(CHECKPOINT, Problem::Malformed(why));
            return None;
        }
        None => {
            report.add(CHECKPOINT, Problem::Malformed(text::NOT_UTF8));
            return None;
        }
    };
    let mut signed_at = None;
    if let Some(key) = key {
        let signed = checkpoint.check(key);
        if let Some(problem) = signed.problem() {
            report.add(CHECKPOINT, problem);
            return None;
        }
        if let Signed::Yes { at } = signed {
            signed_at = at;
        }
    }
    let is_listed = manifest.is_none_or(|manifest| manifest.lists(member));
    report.checkpoint = Some(CheckpointSeen::new(checkpoint.size, &checkpoint.root, signed_at));
    if !is_listed {
        // It is well signed, but not the one of this export: an older one, say. Its size tells the reader which.
        let entries = manifest.map_or(0, |manifest| manifest.entries.len() as u64);
        if checkpoint.size != entries && manifest.is_some_and(|manifest| manifest.incident.is_none()) {
            report.add(CHECKPOINT, Problem::Size { checkpoint: checkpoint.size, entries });
        }
        return None;
    }
    if let Some(manifest) = manifest
        && manifest.organisation != checkpoint.organisation
    {
        report.add(CHECKPOINT, Problem::OtherRegister(checkpoint.organisation.clone()));
        return None;
    }
    Some(checkpoint)
}

/// A register's key is named for it, so that no other register's key can pass for it.
fn check_key_name(key: Option<&Key>, organisation: Option<&str>, report: &mut Report) {
    if let (Some(key), Some(organisation)) = (key, organisation)
        && key.name != checkpoint::origin(organisation)
    {
        report.add(KEY, Problem::OtherRegister(key.name.clone()));
    }
}

fn read_entries(
    archive: &Archive,
    manifest: Option<&Manifest>,
    organisation: Option<&str>,
    report: &mut Report,
) -> Entries {
    let Some(member) = archive.member(ENTRIES) else {
        if manifest.is_none() {
            report.add(ENTRIES, Problem::Missing);
        }
        return Entries::default();
    };
    let Some(content) = &member.content else {
        return Entries::default();
    };
    let before = report.findings.len();
    let entries = entries::check(content, manifest.map(|manifest| manifest.entries.as_slice()), organisation, report);
    // Cannot differ when every line is as listed; said all the same, rather than trusted.
    if report.findings.len() == before && manifest.is_some_and(|manifest| !manifest.lists(member)) {
        report.add(ENTRIES, Problem::Changed);
    }
    entries
}

/// The checkpoint is the head of the tree over the leaves.
fn compare_checkpoint(checkpoint: &Checkpoint<'_>, leaves: &[Hash], is_from_manifest: bool, report: &mut Report) {
    let entries = leaves.len() as u64;
    let place = if is_from_manifest { CHECKPOINT } else { ENTRIES };
    if checkpoint.size != entries {
        report.add(place, Problem::Size { checkpoint: checkpoint.size, entries });
    } else if checkpoint.root != tree::root(leaves) {
        report.add(place, Problem::Root);
    }
}

/// The time stamp, where the export brings one, and the checkpoint that it is of: this register's, at that size.
fn look_at_stamp(archive: &Archive, key: Option<&Key>, register: &Register<'_>, report: &mut Report) {
    let Some(answer) = archive.member(STAMP).and_then(|member| member.content.as_deref()) else { return };
    let Some(over) = archive.member(STAMPED).and_then(|member| member.content.as_deref()) else {
        return report.add(STAMPED, Problem::Missing);
    };
    match check_timestamp(answer, over) {
        Err(why) => report.add(STAMP, Problem::Timestamp(why)),
        Ok(at) => match str::from_utf8(over).map_err(|_| text::NOT_UTF8).and_then(Checkpoint::parse) {
            Err(why) => report.add(STAMPED, Problem::Malformed(why)),
            Ok(checkpoint) => match compare_given(&checkpoint, key, register) {
                Err(problem) => report.add(STAMPED, problem),
                Ok(()) => {
                    let odd = register.recorded.of_stamp(checkpoint.size, &at, signed_at(&checkpoint, key));
                    report.notes.extend(odd.map(|(entry, problem)| Finding { entry, ..Finding::of(STAMP, problem) }));
                    report.stamp = Some(StampSeen { size: checkpoint.size, at });
                }
            },
        },
    }
}

/// When the key says that it signed a checkpoint, in seconds since 1970.
fn signed_at(checkpoint: &Checkpoint<'_>, key: Option<&Key>) -> Option<u64> {
    match checkpoint.check(key?) {
        Signed::Yes { at } => at,
        Signed::Wrong | Signed::InPart | Signed::ByOthers(_) => None,
    }
}

/// Notes of a checkpoint that holds whether it says that it was signed before what it covers.
fn note_signature(
    member: &str,
    checkpoint: Option<&Checkpoint<'_>>,
    key: Option<&Key>,
    recorded: &Recorded,
    report: &mut Report,
) {
    let odd = checkpoint.and_then(|checkpoint| recorded.of_signature(checkpoint.size, signed_at(checkpoint, key)));
    report.notes.extend(odd.map(|(entry, problem)| Finding { entry: Some(entry), ..Finding::of(member, problem) }));
}

/// Each checkpoint given beside what was read; says which of them hold, from 1.
fn compare_all(
    given: &[Checkpoint<'_>],
    key: Option<&Key>,
    recorded: &Recorded,
    report: &mut Report,
    compare: impl Fn(&Checkpoint<'_>) -> Result<(), Problem>,
) -> Vec<usize> {
    let (mut held, mut unsaid) = (Vec::new(), 0);
    for (place, one) in (1..).zip(given) {
        match compare(one) {
            Ok(()) => {
                held.push(place);
                if let Some((entry, problem)) = recorded.of_signature(one.size, signed_at(one, key)) {
                    report.note_about_given(place, Some(entry), problem);
                }
            }
            // Two sound things that cannot be held against each other are no reason to doubt either.
            Err(problem @ Problem::OtherSize { .. }) => {
                unsaid += 1;
                report.note_about_given(place, None, problem);
            }
            Err(problem) => report.add_about_given(place, problem),
        }
    }
    report.compared = given.len() - unsaid;
    held
}

/// The export holds at least what a checkpoint given covers, and the same up to there.
fn compare_given(given: &Checkpoint<'_>, key: Option<&Key>, register: &Register<'_>) -> Result<(), Problem> {
    let key = key.ok_or(Problem::NotCompared)?;
    // Before its signature: that of another register is by another key, and that alone would tell nobody what to do. Where
    // the export does not say whose it is, the key's name does.
    let own = register.organisation.map_or_else(|| key.name.clone(), checkpoint::origin);
    if checkpoint::origin(&given.organisation) != own {
        return Err(Problem::OtherRegister(given.organisation.clone()));
    }
    if let Some(problem) = given.check(key).problem() {
        return Err(problem);
    }
    let (Some(_), Some(leaves)) = (register.organisation, register.leaves) else {
        return Err(Problem::NotCompared);
    };
    let entries = leaves.len() as u64;
    match usize::try_from(given.size).ok().and_then(|size| leaves.get(..size)) {
        None => Err(Problem::Behind { checkpoint: given.size, entries }),
        Some(covered) if tree::root(covered) == given.root => Ok(()),
        Some(_) => Err(Problem::Diverged { size: given.size }),
    }
}
