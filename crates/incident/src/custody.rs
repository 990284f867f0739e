//! Evidence and its custody: the files that people add to an incident, and what is done with them from then on. The bytes
//! lie in a store under their hash; the hash, and everything that happens to the file, stand in the journal.
//!
//! Promises: a file is never taken out of an incident here; a wrong one can be withdrawn from view with a reason, and its
//! hash stays. What it holds goes only when the incident's retention ends.

use jiff::Timestamp;

use facts::Text;

use crate::{Actor, Event, Incident, Refusal, Stamped};

/// The longest file name, in characters: what file systems take.
const LONGEST_NAME: usize = 255;

/// A file as it was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    pub size_bytes: u64,
    /// As whoever added it had it.
    pub name: String,
    /// By its content, never by its name.
    pub media_type: String,
    /// Why to be careful with it; absent where nothing speaks for that.
    pub caution: Option<Caution>,
    pub description: String,
    /// Where it came from, in the words of whoever added it.
    pub origin: String,
}

/// Why to be careful before opening a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caution {
    /// A program.
    Program,
    /// A script.
    Script,
    /// A page or drawing that can hold a script.
    Page,
    /// An archive: what is in it was not looked at.
    Archive,
    /// A document with macros or actions in it.
    Macros,
    /// Nobody can tell what it is.
    Unknown,
}

impl Caution {
    pub const ALL: [Self; 6] = [Self::Program, Self::Script, Self::Page, Self::Archive, Self::Macros, Self::Unknown];

    /// The name in the journal.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Script => "script",
            Self::Page => "page",
            Self::Archive => "archive",
            Self::Macros => "macros",
            Self::Unknown => "unknown",
        }
    }

    /// The caution of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|caution| caution.key() == key)
    }

    /// What people are told before they open it.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Program => Text::new(
                "Dit is een programma. Open het niet op een gewone werkplek: het kan schade doen.",
                "This is a program. Do not open it on an ordinary workplace: it can do harm.",
            ),
            Self::Script => Text::new(
                "Dit is een script. Open het niet op een gewone werkplek: het kan schade doen.",
                "This is a script. Do not open it on an ordinary workplace: it can do harm.",
            ),
            Self::Page => Text::new(
                "Dit is een webpagina of tekening waarin een script kan staan. Open het niet in een browser.",
                "This is a web page or drawing that can hold a script. Do not open it in a browser.",
            ),
            Self::Archive => Text::new(
                "Dit is een archief. Wat erin zit, is niet bekeken: pak het alleen uit op een afgezonderde computer.",
                "This is an archive. What is in it was not looked at: unpack it on an isolated computer alone.",
            ),
            Self::Macros => Text::new(
                "In dit document zitten macro’s of acties. Open het alleen op een afgezonderde computer, met macro’s uit.",
                "There are macros or actions in this document. Open it on an isolated computer alone, with macros off.",
            ),
            Self::Unknown => Text::new(
                "Wat dit voor bestand is, is niet te zien. Wees voorzichtig met openen.",
                "What kind of file this is cannot be seen. Be careful with opening it.",
            ),
        }
    }
}

/// How somebody got to see a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Shown on the page.
    Shown,
    Downloaded,
}

impl Access {
    pub const ALL: [Self; 2] = [Self::Shown, Self::Downloaded];

    /// The name in the journal.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Downloaded => "downloaded",
        }
    }

    /// The access of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.key() == key)
    }
}

/// What is done with evidence: asked as a command, kept as an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Custody {
    Added(EvidenceFile),
    /// Somebody saw what is in it.
    Opened {
        sha256: String,
        access: Access,
    },
    /// It was given to somebody outside: police, an investigator, an insurer.
    HandedOver {
        sha256: String,
        to: String,
        reason: String,
    },
    /// The stored files were read and compared with their hashes.
    Checked {
        intact: Vec<String>,
        damaged: Vec<String>,
        missing: Vec<String>,
    },
    /// The stored copy was damaged or gone, and the very same file, sent again, took its place.
    PutRight {
        sha256: String,
    },
    /// Added by mistake: out of view, with a reason.
    Withdrawn {
        sha256: String,
        reason: String,
    },
}

/// How a stored file was found at the newest look at all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    Damaged,
    Missing,
}

impl Custody {
    /// The kind as written in the journal; stable for ever.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Added(_) => "incident.evidence_added",
            Self::Opened { .. } => "incident.evidence_opened",
            Self::HandedOver { .. } => "incident.evidence_handed_over",
            Self::Checked { .. } => "incident.evidence_checked",
            Self::PutRight { .. } => "incident.evidence_put_right",
            Self::Withdrawn { .. } => "incident.evidence_withdrawn",
        }
    }

    /// Whether it says nothing about the incident itself: whoever decides meanwhile need not look again.
    #[must_use]
    pub fn is_handling(&self) -> bool {
        matches!(self, Self::Opened { .. } | Self::HandedOver { .. } | Self::Checked { .. } | Self::PutRight { .. })
    }

    /// Whether it is about this file.
    #[must_use]
    pub fn is_about(&self, file: &str) -> bool {
        match self {
            Self::Added(added) => added.sha256 == file,
            Self::Opened { sha256, .. }
            | Self::HandedOver { sha256, .. }
            | Self::PutRight { sha256 }
            | Self::Withdrawn { sha256, .. } => sha256 == file,
            Self::Checked { intact, damaged, missing } => {
                [intact, damaged, missing].into_iter().flatten().any(|sha256| sha256 == file)
            }
        }
    }
}

/// A file of the incident as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub file: EvidenceFile,
    pub added_by: Actor,
    pub added_at: Timestamp,
    /// Who withdrew it from view, when and why.
    pub withdrawn: Option<(Actor, Timestamp, String)>,
}

impl Incident {
    /// The evidence of a hash, withdrawn or not.
    #[must_use]
    pub fn evidence_of(&self, sha256: &str) -> Option<&Evidence> {
        self.evidence.iter().find(|evidence| evidence.file.sha256 == sha256)
    }

    /// How many bytes its evidence has together; what was withdrawn counts, for it is kept.
    #[must_use]
    pub fn evidence_bytes(&self) -> u64 {
        self.evidence.iter().map(|evidence| evidence.file.size_bytes).sum()
    }

    /// Everything that was done with a file, in order.
    pub fn custody_of<'a>(&'a self, sha256: &'a str) -> impl Iterator<Item = (&'a Stamped, &'a Custody)> {
        self.timeline.iter().filter_map(move |stamped| match &stamped.event {
            Event::Custody(custody) if custody.is_about(sha256) => Some((stamped, custody)),
            _ => None,
        })
    }

    /// What is wrong with a stored file as far as is known: what the newest check that read it found, unless it was sent
    /// again since.
    #[must_use]
    pub fn lost(&self, sha256: &str) -> Option<Condition> {
        let among = |list: &[String]| list.iter().any(|one| one == sha256);
        self.timeline.iter().rev().find_map(|stamped| match &stamped.event {
            Event::Custody(Custody::Checked { damaged, .. }) if among(damaged) => Some(Some(Condition::Damaged)),
            Event::Custody(Custody::Checked { missing, .. }) if among(missing) => Some(Some(Condition::Missing)),
            Event::Custody(Custody::Checked { intact, .. }) if among(intact) => Some(None),
            Event::Custody(Custody::PutRight { sha256: one }) if one == sha256 => Some(None),
            Event::Custody(Custody::Added(file)) if file.sha256 == sha256 => Some(None),
            _ => None,
        })?
    }

    pub(crate) fn decide_custody(&self, custody: Custody) -> Result<Vec<Event>, Refusal> {
        let tidied = match custody {
            Custody::Added(file) => Custody::Added(self.check_added(file)?),
            Custody::Opened { sha256, access } => {
                self.evidence_of(&sha256).ok_or(Refusal::NoSuchEvidence)?;
                Custody::Opened { sha256, access }
            }
            Custody::HandedOver { sha256, to, reason } => {
                self.evidence_of(&sha256).ok_or(Refusal::NoSuchEvidence)?;
                let to = said(&to).ok_or(Refusal::ReceiverUnnamed)?;
                let reason = said(&reason).ok_or(Refusal::ReasonNeeded)?;
                Custody::HandedOver { sha256, to, reason }
            }
            Custody::Checked { intact, damaged, missing } => {
                let is_ours = |sha256: &String| self.evidence_of(sha256).is_some();
                if ![&intact, &damaged, &missing].into_iter().flatten().all(is_ours) {
                    return Err(Refusal::NoSuchEvidence);
                }
                if intact.is_empty() && damaged.is_empty() && missing.is_empty() {
                    return Err(Refusal::NothingChanges);
                }
                Custody::Checked { intact, damaged, missing }
            }
            Custody::PutRight { sha256 } => {
                self.evidence_of(&sha256).ok_or(Refusal::NoSuchEvidence)?;
                Custody::PutRight { sha256 }
            }
            Custody::Withdrawn { sha256, reason } => {
                let evidence = self.evidence_of(&sha256).ok_or(Refusal::NoSuchEvidence)?;
                if evidence.withdrawn.is_some() {
                    return Err(Refusal::NothingChanges);
                }
                Custody::Withdrawn { sha256, reason: said(&reason).ok_or(Refusal::ReasonNeeded)? }
            }
        };
        Ok(vec![Event::Custody(tidied)])
    }

    /// A file that was withdrawn can be added again; one that stands there is there already.
    fn check_added(&self, file: EvidenceFile) -> Result<EvidenceFile, Refusal> {
        if file.size_bytes == 0 {
            return Err(Refusal::EmptyFile);
        }
        if file.name.chars().count() > LONGEST_NAME {
            return Err(Refusal::TooLong { most: LONGEST_NAME });
        }
        if self.evidence_of(&file.sha256).is_some_and(|evidence| evidence.withdrawn.is_none()) {
            return Err(Refusal::AlreadyEvidence);
        }
        let tidy = |text: &str| text.trim().to_owned();
        Ok(EvidenceFile { description: tidy(&file.description), origin: tidy(&file.origin), ..file })
    }

    pub(crate) fn apply_custody(&mut self, custody: &Custody, by: &Actor, at: Timestamp) {
        match custody {
            Custody::Added(file) => {
                self.evidence.retain(|evidence| evidence.file.sha256 != file.sha256);
                let file = file.clone();
                self.evidence.push(Evidence { file, added_by: by.clone(), added_at: at, withdrawn: None });
            }
            Custody::Withdrawn { sha256, reason } => {
                let withdrawn = Some((by.clone(), at, reason.clone()));
                self.evidence
                    .iter_mut()
                    .filter(|evidence| evidence.file.sha256 == *sha256)
                    .for_each(|evidence| evidence.withdrawn.clone_from(&withdrawn));
            }
            Custody::Opened { .. }
            | Custody::HandedOver { .. }
            | Custody::Checked { .. }
            | Custody::PutRight { .. } => {}
        }
    }
}

fn said(text: &str) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
