//! Proof files: that one entry stands in a register (C2SP `tlog-proof`), and that a register continues an earlier one.
//!
//! For whoever has the file, the register's key and, for growth, the checkpoint they kept; the register itself is not
//! needed. The hashes are reckoned as RFC 9162 §2.1.3.2 and §2.1.4.2 say it.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::Hash;
use crate::checkpoint::{Checkpoint, origin};
use crate::kept::{as_signed, checkpoints_in};
use crate::leaf::{Leaf, number};
use crate::note::{Key, Signed};
use crate::problem::Problem;
use crate::report::CheckpointSeen;
use crate::text::{self, Text};
use crate::tree::{leaf_hash, node_hash, root};

/// A tree of 2^64 leaves has paths of 64 hashes; one of growth at most one more.
const MOST_HASHES: usize = 65;

/// What a proof file shows, when nothing was found against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proved {
    /// This entry, of which this is the canonical text, stands in the register.
    Entry { index: u64, leaf: String },
    /// The register continues the one of its first so many entries.
    Growth { from: u64 },
}

/// The outcome of a check of a proof file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofReport {
    pub proved: Proved,
    pub organisation: String,
    /// The checkpoint in the file.
    pub checkpoint: CheckpointSeen,
    pub findings: Vec<ProofFinding>,
}

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFinding {
    /// Which of the checkpoints given it is about, from 1; `None`: the proof itself.
    pub given: Option<usize>,
    /// A name for programs, which does not change.
    pub code: &'static str,
    pub text: Text,
}

/// Why there is nothing to check.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableProof {
    #[error("key given cannot be used: {}", .0.en)]
    Key(Text),
    #[error("proof cannot be read: {}", .0.en)]
    Proof(Text),
    /// Which of them, from 1.
    #[error("checkpoint given {0} cannot be used: {why}", why = .1.en)]
    Checkpoint(usize, Text),
}

/// A proof file, read; nothing of it checked yet.
struct ProofFile<'a> {
    claim: Claim,
    path: Vec<Hash>,
    checkpoint: Checkpoint<'a>,
}

/// What a path shows of an earlier checkpoint.
enum Growth {
    Proved,
    /// At that size, the register had another root.
    Otherwise,
    /// It leads nowhere: a file that is damaged or of something else looks the same as a register that was not continued.
    Unproved,
}

enum Claim {
    Entry { index: u64, leaf: String },
    Growth { from: u64 },
}

impl UnreadableProof {
    /// Which of the checkpoints given it is about, from 1.
    #[must_use]
    pub fn checkpoint(&self) -> Option<usize> {
        if let Self::Checkpoint(place, _) = self { Some(*place) } else { None }
    }

    /// The reason, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::Key(Text { nl, .. }) => format!("de gegeven sleutel is niet te gebruiken: {nl}"),
            Self::Proof(Text { nl, .. }) => format!("het bewijs is niet te lezen: {nl}"),
            Self::Checkpoint(place, Text { nl, .. }) => {
                format!("gegeven checkpoint {place} is niet te gebruiken: {nl}")
            }
        };
        Text::made(nl, self.to_string())
    }
}

impl ProofReport {
    /// Whether the proof proves what it says.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Checks the text of a proof file with the register's key, beside checkpoints that were kept ([`crate::checkpoint_in`]).
///
/// # Errors
/// When it is no proof, or the key or a checkpoint is none. What is *wrong* with a proof is a finding.
pub fn check_proof(text: &str, key: &str, kept: &[&str]) -> Result<ProofReport, UnreadableProof> {
    let key = Key::parse(key.trim()).map_err(UnreadableProof::Key)?;
    let text = as_signed(text);
    let file = ProofFile::parse(&text).map_err(UnreadableProof::Proof)?;
    let kept = checkpoints_in(kept).map_err(|(place, why)| UnreadableProof::Checkpoint(place, why))?;
    let kept = Checkpoint::all(&kept).map_err(|(place, why)| UnreadableProof::Checkpoint(place, why))?;
    let mut findings = Vec::new();
    let signed = file.checkpoint.check(&key);
    findings.extend(unsigned(&signed, None));
    if key.name != origin(&file.checkpoint.organisation) {
        findings.push(ProofFinding::of(None, &Problem::OtherRegister(key.name.clone())));
    }
    let mut is_compared = false;
    for (place, earlier) in (1..).zip(&kept) {
        // Before its signature, which is by another key then.
        let problem = match earlier.organisation == file.checkpoint.organisation {
            true => unsigned(&earlier.check(&key), Some(place)),
            false => Some(ProofFinding::of(Some(place), &Problem::OtherRegister(earlier.organisation.clone()))),
        };
        is_compared |= problem.is_none() && file.starts_at(earlier);
        findings.extend(problem.or_else(|| file.compare(earlier, place)));
    }
    match &file.claim {
        Claim::Entry { index, leaf } => findings.extend(file.inclusion(*index, leaf)),
        Claim::Growth { from } if !is_compared && findings.is_empty() => {
            findings.push(ProofFinding { given: None, code: "earlier_needed", text: text::earlier_needed(*from) });
        }
        Claim::Growth { .. } => {}
    }
    let at = if let Signed::Yes { at } = signed { at } else { None };
    Ok(ProofReport {
        organisation: file.checkpoint.organisation.clone(),
        checkpoint: CheckpointSeen::new(file.checkpoint.size, &file.checkpoint.root, at),
        proved: match file.claim {
            Claim::Entry { index, leaf } => Proved::Entry { index, leaf },
            Claim::Growth { from } => Proved::Growth { from },
        },
        findings,
    })
}

fn unsigned(signed: &Signed, given: Option<usize>) -> Option<ProofFinding> {
    signed.problem().map(|problem| ProofFinding::of(given, &problem))
}

impl ProofFinding {
    fn of(given: Option<usize>, problem: &Problem) -> Self {
        Self { given, code: problem.code(), text: problem.text() }
    }
}

impl<'a> ProofFile<'a> {
    fn parse(text: &'a str) -> Result<Self, Text> {
        let (head, note) = text.split_once("\n\n").ok_or(text::PROOF_FORM)?;
        let mut lines = head.split('\n').peekable();
        let claim = match lines.next() {
            Some("c2sp.org/tlog-proof@v1") => {
                // Without the leaf there is nothing whose place could be proved.
                let extra = lines.next().and_then(|line| line.strip_prefix("extra ")).ok_or(text::PROOF_LEAF)?;
                let leaf = BASE64_STANDARD.decode(extra).ok().and_then(|leaf| String::from_utf8(leaf).ok());
                let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(number);
                Claim::Entry { index: index.ok_or(text::PROOF_FORM)?, leaf: leaf.ok_or(text::PROOF_LEAF)? }
            }
            Some("dijkwacht-consistency/v1") => {
                let from = lines.next().and_then(|line| line.strip_prefix("from ")).and_then(number);
                Claim::Growth { from: from.ok_or(text::PROOF_FORM)? }
            }
            _ => return Err(text::PROOF_FORM),
        };
        let mut path = Vec::new();
        for line in lines {
            if path.len() == MOST_HASHES {
                return Err(text::PROOF_TOO_LONG);
            }
            let hash = BASE64_STANDARD.decode(line).ok().and_then(|hash| hash.try_into().ok());
            path.push(hash.ok_or(text::PROOF_FORM)?);
        }
        let checkpoint = Checkpoint::parse(note)?;
        if let Claim::Entry { index, leaf } = &claim {
            Leaf::parse(leaf)
                .filter(|leaf| leaf.index == *index && leaf.organisation == checkpoint.organisation)
                .ok_or(text::PROOF_LEAF)?;
        }
        Ok(Self { claim, path, checkpoint })
    }

    /// Whether this checkpoint is the one that growth is proved from: without it nothing is.
    fn starts_at(&self, kept: &Checkpoint<'_>) -> bool {
        matches!(self.claim, Claim::Growth { from } if from == kept.size)
    }

    /// A checkpoint that was kept, beside the proof's own.
    fn compare(&self, kept: &Checkpoint<'_>, place: usize) -> Option<ProofFinding> {
        let (size, entries) = (kept.size, self.checkpoint.size);
        // A proof that is older than what was kept is no worse for it: it says nothing of what came after.
        let (code, text) = if size > entries {
            ("not_compared", text::proof_is_older(size, entries))
        } else if size == entries && kept.root != self.checkpoint.root {
            ("diverged", text::proof_diverged(size))
        } else if self.starts_at(kept) {
            match self.growth(kept) {
                Growth::Proved => return None,
                Growth::Otherwise => ("diverged", text::proof_diverged(size)),
                Growth::Unproved => ("not_proved", text::NOT_PROVED),
            }
        } else if size == entries {
            return None;
        } else {
            ("not_compared", self.says_nothing_of(size))
        };
        Some(ProofFinding { given: Some(place), code, text })
    }

    /// Why it says nothing of a checkpoint of this size, and which to give instead.
    fn says_nothing_of(&self, size: u64) -> Text {
        let entries = self.checkpoint.size;
        match self.claim {
            Claim::Growth { from } => text::growth_of_others(size, from, entries),
            Claim::Entry { .. } => text::entry_of_others(size, entries),
        }
    }

    fn inclusion(&self, index: u64, leaf: &str) -> Option<ProofFinding> {
        let reckoned = inclusion_root(leaf_hash(leaf.as_bytes()), index, self.checkpoint.size, &self.path);
        (reckoned != Some(self.checkpoint.root)).then(|| ProofFinding {
            given: None,
            code: Problem::Root.code(),
            text: text::ENTRY_NOT_PROVED,
        })
    }

    /// What the path shows of the checkpoint from which it starts.
    fn growth(&self, kept: &Checkpoint<'_>) -> Growth {
        let now = &self.checkpoint;
        let roots = if kept.size == 0 {
            self.path.is_empty().then(|| (root(&[]), now.root))
        } else if kept.size == now.size {
            self.path.is_empty().then_some((now.root, now.root))
        } else {
            growth_roots(kept.size, now.size, kept.root, &self.path)
        };
        match roots {
            Some((old, new)) if new == now.root && old == kept.root => Growth::Proved,
            // A path that gives the signed root is a true one: what it says of the earlier size is so.
            Some((_, new)) if new == now.root => Growth::Otherwise,
            _ => Growth::Unproved,
        }
    }
}

/// RFC 9162 §2.1.3.2: the root that a leaf at `index` and its path give.
pub(crate) fn inclusion_root(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    let (mut at, mut last) = (index, size.checked_sub(1).filter(|last| index <= *last)?);
    let mut hash = leaf;
    for beside in path {
        if last == 0 {
            return None;
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(beside, &hash);
            while at % 2 == 0 && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        (at, last) = (at / 2, last / 2);
    }
    (last == 0).then_some(hash)
}

/// RFC 9162 §2.1.4.2: the earlier and the later root that a path between two sizes gives.
fn growth_roots(from: u64, to: u64, earlier: Hash, path: &[Hash]) -> Option<(Hash, Hash)> {
    let (mut at, mut last) = (from.checked_sub(1)?, to.checked_sub(1).filter(|_| from < to)?);
    let (first, rest) = if from.is_power_of_two() {
        (earlier, path)
    } else {
        path.split_first().map(|(first, rest)| (*first, rest))?
    };
    while at % 2 == 1 {
        (at, last) = (at / 2, last / 2);
    }
    let (mut old, mut new) = (first, first);
    for beside in rest {
        if last == 0 {
            return None;
        }
        if at % 2 == 1 || at == last {
            (old, new) = (node_hash(beside, &old), node_hash(beside, &new));
            while at % 2 == 0 && at != 0 {
                (at, last) = (at / 2, last / 2);
            }
        } else {
            new = node_hash(&new, beside);
        }
        (at, last) = (at / 2, last / 2);
    }
    (last == 0).then_some((old, new))
}
