//! What a check found: what was checked, against which key, and every place that is not as it was signed.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;

use crate::Hash;
use crate::entries::Entries;
use crate::text::Text;

/// The outcome of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The organisation's id, as signed.
    pub organisation: Option<String>,
    /// The organisation's name, as signed.
    pub name: Option<String>,
    /// How many entries the register has; those that were erased are among them.
    pub entries: u64,
    /// How many of them have had their body erased.
    pub erased: u64,
    /// Which those are.
    pub erased_entries: Vec<u64>,
    /// The same by the entry that says that they were erased, and why.
    pub erasures: Vec<Erasure>,
    /// What it is when it is the file of one case; `None`: the export of a whole register.
    pub dossier: Option<DossierSeen>,
    /// The export's own checkpoint, when it was well signed.
    pub checkpoint: Option<CheckpointSeen>,
    /// Who else signed the export's checkpoint and those given.
    pub countersignatures: Vec<Countersignature>,
    /// The time stamp that the export brings; the authority's own signature under it is not looked at.
    pub stamp: Option<StampSeen>,
    /// How many checkpoints given were held against it; those that say nothing of it are in `notes`.
    pub compared: usize,
    /// The key that was checked against; `None` when there was none to be had, which is a finding.
    pub key: Option<KeyUsed>,
    /// Everything that is not as it was signed, in the order in which it was looked at.
    pub findings: Vec<Finding>,
    /// What was given and says nothing of what was checked: no reason to doubt it, and none to trust it more.
    pub notes: Vec<Finding>,
}

/// The file of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DossierSeen {
    /// The incident's number.
    pub incident: u64,
    /// Members that were signed and left out, as the folders that name people may be.
    pub left_out: Vec<String>,
}

/// Entries that were erased together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The entry that names them; `None`: there is none that does.
    pub by: Option<u64>,
    pub entries: Vec<u64>,
}

/// A checkpoint that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointSeen {
    /// How many entries it covers.
    pub size: u64,
    /// The root hash in base64.
    pub root: String,
    /// When it was signed, by the clock of the one who signed (RFC 3339, UTC).
    pub signed_at: Option<String>,
}

/// A signature under a checkpoint that is not the register's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersignature {
    /// `name+id`, as it stands there.
    pub by: String,
    /// Under which of the checkpoints given, from 1; `None`: under the export's own.
    pub given: Option<usize>,
    pub checked: Countersigned,
}

/// Whether a countersignature could be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Countersigned {
    /// It is good, and was made then by the clock of who made it (RFC 3339, UTC).
    At(String),
    /// Keys were given, and none of them made it.
    ByNoneOfTheKeys,
    /// No key was given.
    Unchecked,
}

/// A time stamp of the register as it was at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampSeen {
    pub size: u64,
    /// When, by the authority's clock (RFC 3339, UTC).
    pub at: String,
}

/// The key that was checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUsed {
    /// `name+id+key`.
    pub text: String,
    pub source: KeySource,
}

/// Where the key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// Known from elsewhere: the check says who signed.
    Given,
    /// Only from the export itself: the check says that the export agrees with itself, and no more.
    Export,
}

/// One place where something is not as it was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub subject: Subject,
    /// The entry's number, from 0.
    pub entry: Option<u64>,
    pub problem: Problem,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Member(String),
    /// The archive around the members.
    Archive,
    /// A checkpoint that was given beside the export: which of them, from 1.
    GivenCheckpoint(usize),
}

/// What is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The member is not there.
    Missing,
    /// The member is there, but was not signed.
    Unlisted,
    /// The manifest leaves out a member that it must list.
    NotInManifest,
    /// More than one member has this name.
    Repeated,
    /// The member's bytes are other than those signed.
    Changed,
    /// The archive's own checksum of the member does not fit.
    Damaged,
    /// The member cannot be unpacked.
    Unreadable(String),
    /// The archive's two lists of its members contradict each other.
    Inconsistent(String),
    /// The archive carries bytes outside its members.
    Surplus,
    /// There is no key in the export, and none was given.
    NoKey,
    /// It does not have the form it must have.
    Malformed(Text),
    /// This line of the manifest (from 1) does not have the form it must have.
    ManifestLine(usize),
    /// The signature is not of these bytes.
    Signature,
    /// It is signed, but by these keys.
    OtherKey(Vec<String>),
    /// It belongs to this other register.
    OtherRegister(String),
    /// The line cannot be read.
    EntryUnreadable(Text),
    /// Another entry stands in this place: the order was changed.
    EntryOrder { found: u64 },
    /// The entry of this place was taken out; this many are gone here and after.
    EntryDropped { gone: u64 },
    /// An entry stands in this place that was not there; this many were put in here and after.
    EntryAdded { found: u64, added: u64 },
    /// What was recorded (moment, kind, commitment) is not what was signed.
    EntryLeaf,
    /// Body or salt is not what was recorded.
    EntryBody,
    /// The line is written otherwise, or its body was taken out.
    EntryLine,
    /// Entries from here on are not there.
    EntryMissing { listed: u64, found: u64 },
    /// Entries from here on were not signed.
    EntrySurplus { listed: u64, found: u64 },
    /// The countersignature that names the key given is not of this text.
    Countersignature,
    /// The time stamp is none, or is of something else.
    Timestamp(Text),
    /// The provider did not countersign.
    NotCountersigned,
    /// The witness of this name signed neither the export's checkpoint nor one of those given that hold.
    NotWitnessed(String),
    /// The key given as somebody else's is the register's own.
    CountersignedByItself,
    /// The checkpoint covers another number of entries.
    Size { checkpoint: u64, entries: u64 },
    /// The entries do not give the checkpoint's root.
    Root,
    /// The export ends before the later checkpoint.
    Behind { checkpoint: u64, entries: u64 },
    /// Up to the later checkpoint, the export tells another history.
    Diverged { size: u64 },
    /// No path leads from the entry to the checkpoint.
    NotIncluded,
    /// No entry of the case names this document.
    NotRecorded,
    /// The file of a case and a checkpoint given are of other sizes, between which it proves nothing.
    OtherSize { given: u64, own: u64 },
    /// The later checkpoint could not be compared, for want of a key or of readable entries.
    NotCompared,
}

/// Why there is nothing to check.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("not a zip archive, or cut short ({0}); get the export again")]
    NotAnArchive(String),
    #[error("archive has {0} members, more than any export; it was not unpacked")]
    TooManyMembers(usize),
    #[error("archive inflates to more than {0} bytes; it was not unpacked further")]
    TooLarge(u64),
    #[error(
        "archive is neither an export of a register nor the file of a case: it has no manifest, checkpoint, key or entries at its top level"
    )]
    NotAnExport,
    #[error("key given cannot be used: {}", .0.en)]
    Key(Text),
    #[error("provider key given cannot be used: {}", .0.en)]
    ProviderKey(Text),
    #[error("witness key given cannot be used: {}", .0.en)]
    WitnessKey(Text),
    #[error("checkpoint given cannot be used: {}", .0.en)]
    Checkpoint(Text),
}

impl Report {
    /// Whether everything is as it was signed, as far as the key goes ([`KeySource`]).
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// The first entry at which anything is not as it was.
    #[must_use]
    pub fn first_entry(&self) -> Option<u64> {
        self.findings.iter().filter_map(|finding| finding.entry).min()
    }

    /// The outcome in a few sentences; the findings come beside it.
    #[must_use]
    pub fn summary(&self) -> Text {
        if !self.is_sound() {
            return self.summary_of_findings();
        }
        let (entries, erased) = (self.entries, self.erased);
        let at = self.checkpoint.as_ref().and_then(|checkpoint| checkpoint.signed_at.as_deref());
        let (at_nl, at_en) =
            at.map_or((String::new(), String::new()), |at| (format!(", stand van {at}"), format!(", as of {at}")));
        let (key_nl, key_en) = match self.key.as_ref().map(|key| key.source) {
            Some(KeySource::Given) => {
                ("Het is ondertekend met de sleutel die u gaf.", "It is signed with the key that you gave.")
            }
            _ => (
                "De sleutel komt uit het archief zelf: dit toont dat het archief met zichzelf klopt, niet wie het maakte. \
                 Geef met --key de sleutel die u langs een andere weg kent.",
                "The key comes from the archive itself: this shows that the archive agrees with itself, not who made it. \
                 Give with --key the key that you know by another road.",
            ),
        };
        let (given_nl, given_en) = match self.compared {
            0 => (String::new(), String::new()),
            count => (
                format!(" Het zet voort wat u bewaarde (checkpoints: {count})."),
                format!(" It continues what you kept (checkpoints: {count})."),
            ),
        };
        let Some(dossier) = &self.dossier else {
            return Text::made(
                format!("Het register klopt (inschrijvingen: {entries}, gewist: {erased}{at_nl}). {key_nl}{given_nl}"),
                format!("The register holds (entries: {entries}, erased: {erased}{at_en}). {key_en}{given_en}"),
            );
        };
        let incident = dossier.incident;
        Text::made(
            format!(
                "Het dossier van incident {incident} klopt (inschrijvingen: {entries}, gewist: {erased}{at_nl}). \
                 {key_nl}{given_nl}"
            ),
            format!(
                "The file of incident {incident} holds (entries: {entries}, erased: {erased}{at_en}). {key_en}{given_en}"
            ),
        )
    }

    /// What a file of a case that holds proves, and what not; nothing for the export of a register.
    #[must_use]
    pub fn proves(&self) -> Option<Text> {
        let (dossier, checkpoint) = (self.dossier.as_ref()?, self.checkpoint.as_ref()?);
        let size = checkpoint.size;
        Some(if dossier.left_out.iter().any(|name| name.ends_with(".jsonl")) {
            Text::new(
                "Bewezen: elk bestand dat er is, is zoals het is ondertekend. Niet nagekeken: de inschrijvingen, want die zijn weggelaten.",
                "Proved: every file that is there is as it was signed. Not checked: the entries, since they were left out.",
            )
        } else {
            Text::made(
                format!(
                    "Bewezen: elk bestand is zoals het is ondertekend, elk stuk staat met zijn hash in een inschrijving, en elke \
                     inschrijving staat op haar plaats in het register van {size} inschrijvingen. Niet bewezen: dat dit alle \
                     inschrijvingen van het incident zijn; dat toont alleen de export van het hele register."
                ),
                format!(
                    "Proved: every file is as it was signed, every document stands in an entry by its hash, and every entry stands \
                     in its place in the register of {size} entries. Not proved: that these are all entries of the incident; only \
                     the export of the whole register shows that."
                ),
            )
        })
    }

    fn summary_of_findings(&self) -> Text {
        let count = self.findings.len();
        let (first_nl, first_en) = self.first_entry().map_or((String::new(), String::new()), |entry| {
            (
                format!(" De eerste inschrijving die niet klopt is {entry}."),
                format!(" The first entry that does not hold is {entry}."),
            )
        });
        let (what_nl, what_en) = match &self.dossier {
            None => ("Het register".to_owned(), "The register".to_owned()),
            Some(dossier) => (
                format!("Het dossier van incident {}", dossier.incident),
                format!("The file of incident {}", dossier.incident),
            ),
        };
        Text::made(
            format!("{what_nl} klopt niet (bevindingen: {count}).{first_nl}"),
            format!("{what_en} does not hold (findings: {count}).{first_en}"),
        )
    }

    /// Takes over how many entries there are, and which were erased by which.
    pub(crate) fn count(&mut self, entries: Entries) {
        self.entries = entries.count;
        self.erased = entries.erased.len() as u64;
        let mut erasures: BTreeMap<Option<u64>, Vec<u64>> = BTreeMap::new();
        for erased in &entries.erased {
            erasures.entry(entries.explained.get(erased).copied()).or_default().push(*erased);
        }
        self.erasures = erasures.into_iter().map(|(by, entries)| Erasure { by, entries }).collect();
        self.erased_entries = entries.erased;
    }

    pub(crate) fn add(&mut self, member: &str, problem: Problem) {
        self.findings.push(Finding::of(member, problem));
    }

    pub(crate) fn add_entry(&mut self, member: &str, entry: u64, problem: Problem) {
        self.findings.push(Finding { entry: Some(entry), ..Finding::of(member, problem) });
    }

    pub(crate) fn note_about_given(&mut self, place: usize, problem: Problem) {
        self.notes.push(Finding { subject: Subject::GivenCheckpoint(place), entry: None, problem });
    }

    pub(crate) fn add_about_given(&mut self, place: usize, problem: Problem) {
        self.findings.push(Finding { subject: Subject::GivenCheckpoint(place), entry: None, problem });
    }
}

impl CheckpointSeen {
    pub(crate) fn new(size: u64, root: &Hash, signed_at: Option<u64>) -> Self {
        Self { size, root: BASE64_STANDARD.encode(root), signed_at: signed_at.and_then(moment) }
    }
}

/// Seconds since 1970 as RFC 3339 in UTC.
pub(crate) fn moment(seconds: u64) -> Option<String> {
    let seconds = i64::try_from(seconds).ok()?;
    Timestamp::from_second(seconds).ok().map(|moment| moment.to_string())
}

impl Finding {
    pub(crate) fn of(member: &str, problem: Problem) -> Self {
        Self { subject: Subject::Member(member.to_owned()), entry: None, problem }
    }

    pub(crate) fn of_archive(problem: Problem) -> Self {
        Self { subject: Subject::Archive, entry: None, problem }
    }

    /// The member it is about, if it is about one.
    #[must_use]
    pub fn member(&self) -> Option<&str> {
        match &self.subject {
            Subject::Member(name) => Some(name),
            Subject::Archive | Subject::GivenCheckpoint(_) => None,
        }
    }

    /// Where and what, as one sentence that can be shown anywhere: control characters in names are escaped.
    #[must_use]
    pub fn text(&self) -> Text {
        let (place_nl, place_en) = match &self.subject {
            Subject::Member(name) => (printable(name), printable(name)),
            Subject::Archive => ("archief".to_owned(), "archive".to_owned()),
            Subject::GivenCheckpoint(place) => {
                (format!("gegeven checkpoint {place}"), format!("checkpoint given {place}"))
            }
        };
        let (entry_nl, entry_en) = self.entry.map_or((String::new(), String::new()), |entry| {
            (format!(", inschrijving {entry}"), format!(", entry {entry}"))
        });
        let Text { nl, en } = self.problem.text();
        Text::made(format!("{place_nl}{entry_nl}: {nl}"), format!("{place_en}{entry_en}: {en}"))
    }
}

impl Problem {
    /// A name for programs, which does not change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unlisted => "unlisted",
            Self::NotInManifest => "not_in_manifest",
            Self::Repeated => "repeated",
            Self::Changed => "changed",
            Self::Damaged => "damaged",
            Self::Unreadable(_) => "unreadable",
            Self::Inconsistent(_) => "inconsistent_archive",
            Self::Surplus => "surplus_bytes",
            Self::NoKey => "no_key",
            Self::Malformed(_) | Self::ManifestLine(_) => "malformed",
            Self::Signature => "signature",
            Self::OtherKey(_) => "other_key",
            Self::OtherRegister(_) => "other_register",
            Self::EntryUnreadable(_) => "entry_unreadable",
            Self::EntryOrder { .. } => "entry_order",
            Self::EntryDropped { .. } => "entry_dropped",
            Self::EntryAdded { .. } => "entry_added",
            Self::EntryLeaf => "entry_leaf",
            Self::EntryBody => "entry_body",
            Self::EntryLine => "entry_line",
            Self::EntryMissing { .. } => "entry_missing",
            Self::EntrySurplus { .. } => "entry_surplus",
            Self::Timestamp(_) => "timestamp",
            Self::Countersignature => "countersignature",
            Self::NotCountersigned | Self::NotWitnessed(_) | Self::CountersignedByItself => "not_countersigned",
            Self::Size { .. } => "size",
            Self::Root => "root",
            Self::Behind { .. } => "behind",
            Self::Diverged { .. } => "diverged",
            Self::NotIncluded => "not_included",
            Self::NotRecorded => "not_recorded",
            Self::NotCompared | Self::OtherSize { .. } => "not_compared",
        }
    }

    pub(crate) fn text(&self) -> Text {
        match self {
            Self::Missing => Text::new("ontbreekt", "is missing"),
            Self::Unlisted => Text::new(
                "hoort niet bij de export; niemand heeft dit ondertekend",
                "is not part of the export; nobody signed this",
            ),
            Self::NotInManifest => Text::new("wordt niet genoemd in het manifest", "is not listed in the manifest"),
            Self::Repeated => {
                Text::new("komt meer dan eens voor in het archief", "stands in the archive more than once")
            }
            Self::Changed => Text::new("is gewijzigd sinds de ondertekening", "has been changed since it was signed"),
            Self::Damaged => {
                Text::new("past niet bij de controlesom van het archief", "does not fit the archive's own checksum")
            }
            Self::Unreadable(cause) => {
                Text::made(format!("kan niet worden uitgepakt ({cause})"), format!("cannot be unpacked ({cause})"))
            }
            Self::Inconsistent(cause) => Text::made(
                format!("de inhoudsopgaven spreken elkaar tegen ({cause})"),
                format!("its lists of members contradict each other ({cause})"),
            ),
            Self::Surplus => Text::new(
                "er staan gegevens buiten de bestanden, die niemand heeft ondertekend",
                "there are bytes outside the members, which nobody signed",
            ),
            Self::NoKey => Text::new(
                "ontbreekt, en er is geen sleutel gegeven; geef er een met --key",
                "is missing, and no key was given; give one with --key",
            ),
            Self::Malformed(Text { nl, en }) => {
                Text::made(format!("is niet te lezen: {nl}"), format!("cannot be read: {en}"))
            }
            Self::ManifestLine(line) => Text::made(
                format!("is niet te lezen vanaf regel {line}"),
                format!("cannot be read from line {line} on"),
            ),
            Self::Signature => Text::new(
                "de handtekening hoort niet bij deze tekst; er is iets gewijzigd",
                "the signature does not belong to this text; something was changed",
            ),
            Self::OtherKey(keys) => {
                let keys = printable(&keys.join(", "));
                Text::made(
                    format!("is niet ondertekend met de sleutel waarmee wordt gecontroleerd, maar met {keys}"),
                    format!("is not signed by the key that is checked against, but by {keys}"),
                )
            }
            Self::OtherRegister(other) => {
                let other = printable(other);
                Text::made(
                    format!("hoort bij een ander register ({other})"),
                    format!("belongs to another register ({other})"),
                )
            }
            Self::EntryUnreadable(Text { nl, en }) => {
                Text::made(format!("is niet te lezen: {nl}"), format!("cannot be read: {en}"))
            }
            Self::EntryOrder { found } => Text::made(
                format!(
                    "verplaatst: op deze plaats staat inschrijving {found}; de volgorde is niet die van de ondertekening"
                ),
                format!("reordered: entry {found} stands in this place; the order is not the one that was signed"),
            ),
            Self::EntryDropped { gone } => Text::made(
                format!("weggehaald; van hier af ontbreken er {gone}"),
                format!("dropped; from here on {gone} are gone"),
            ),
            Self::EntryAdded { found, added } => Text::made(
                format!("hier is een inschrijving bij gezet, met nummer {found}; van hier af zijn er {added} te veel"),
                format!("an entry was added here, with number {found}; from here on there are {added} too many"),
            ),
            Self::EntryLeaf => Text::new(
                "wat is vastgelegd (moment, soort of hash van de inhoud) is niet wat is ondertekend",
                "what was recorded (moment, kind or hash of the body) is not what was signed",
            ),
            Self::EntryBody => Text::new(
                "de inhoud of haar salt is niet wat is vastgelegd",
                "the body or its salt is not what was recorded",
            ),
            Self::EntryLine => Text::new(
                "de inhoud is weggehaald of anders opgeschreven dan is ondertekend",
                "the body was taken out, or it is written otherwise than was signed",
            ),
            Self::EntryMissing { listed, found } => Text::made(
                format!("ontbreekt; er zijn {listed} inschrijvingen ondertekend en {found} aanwezig"),
                format!("is missing; {listed} entries were signed and {found} are there"),
            ),
            Self::EntrySurplus { listed, found } => Text::made(
                format!("is toegevoegd; er zijn {listed} inschrijvingen ondertekend en {found} aanwezig"),
                format!("was added; {listed} entries were signed and {found} are there"),
            ),
            Self::Timestamp(Text { nl, en }) => {
                Text::made(format!("het tijdstempel klopt niet: {nl}"), format!("the time stamp does not hold: {en}"))
            }
            Self::Countersignature => Text::new(
                "de medeondertekening met de sleutel die u gaf, hoort niet bij deze tekst",
                "the countersignature with the key that you gave does not belong to this text",
            ),
            Self::NotCountersigned => Text::new(
                "is niet medeondertekend met de sleutel van de dienstverlener die u gaf",
                "is not countersigned with the provider key that you gave",
            ),
            Self::NotWitnessed(witness) => {
                let witness = printable(witness);
                Text::made(
                    format!(
                        "{witness} heeft met de sleutel die u gaf dit checkpoint niet medeondertekend, en ook geen gegeven \
                         checkpoint dat hierbij klopt"
                    ),
                    format!(
                        "{witness} has not countersigned this checkpoint with the key that you gave, nor any checkpoint given \
                         that holds here"
                    ),
                )
            }
            Self::CountersignedByItself => Text::new(
                "de sleutel die u gaf voor de medeondertekening is die van het register zelf; geef die van de medeondertekenaar",
                "the key that you gave for the countersignature is the register's own; give that of the countersigner",
            ),
            Self::Size { checkpoint, entries } => Text::made(
                format!("het checkpoint gaat over {checkpoint} inschrijvingen, de export over {entries}"),
                format!("the checkpoint covers {checkpoint} entries, the export {entries}"),
            ),
            Self::Root => Text::new(
                "de inschrijvingen geven niet de wortel-hash van het checkpoint",
                "the entries do not give the root hash of the checkpoint",
            ),
            Self::Behind { checkpoint, entries } => Text::made(
                format!(
                    "teruggedraaid: de export heeft {entries} inschrijvingen, het checkpoint kende er al {checkpoint}"
                ),
                format!("rolled back: the export has {entries} entries, the checkpoint already knew {checkpoint}"),
            ),
            Self::Diverged { size } => Text::made(
                format!(
                    "een andere geschiedenis: de eerste {size} inschrijvingen van de export zijn niet die van het checkpoint"
                ),
                format!("another history: the first {size} entries of the export are not those of the checkpoint"),
            ),
            Self::NotIncluded => Text::new(
                "het bewijs leidt niet naar het checkpoint: deze inschrijving staat niet op deze plaats in het register",
                "its proof does not lead to the checkpoint: this entry does not stand in this place in the register",
            ),
            Self::NotRecorded => Text::new(
                "geen inschrijving in dit dossier noemt dit stuk",
                "no entry in this file of a case names this document",
            ),
            Self::OtherSize { given, own } => Text::made(
                format!(
                    "zegt niets over dit dossier: het gaat over {given} inschrijvingen, het dossier over een register van \
                     {own}; vraag een bewijs van groei (dijkwacht prove --from {})",
                    given.min(own)
                ),
                format!(
                    "says nothing of this file of a case: it covers {given} entries, and the file a register of {own}; ask \
                     for a proof of growth (dijkwacht prove --from {})",
                    given.min(own)
                ),
            ),
            Self::NotCompared => Text::new(
                "kon niet worden vergeleken: de sleutel of de inschrijvingen zijn niet leesbaar",
                "could not be compared: the key or the entries cannot be read",
            ),
        }
    }
}

impl Unreadable {
    /// The reason, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::NotAnArchive(cause) => {
                format!("geen zip-archief, of afgebroken ({cause}); vraag de export opnieuw op")
            }
            Self::TooManyMembers(count) => {
                format!("het archief heeft {count} bestanden, meer dan een export; het is niet uitgepakt")
            }
            Self::TooLarge(limit) => {
                format!("het archief wordt groter dan {limit} bytes; het is niet verder uitgepakt")
            }
            Self::NotAnExport => {
                "het archief is geen export van een register en geen dossier: manifest, checkpoint, sleutel en inschrijvingen ontbreken in de bovenste map"
                    .to_owned()
            }
            Self::Key(Text { nl, .. }) => format!("de gegeven sleutel is niet te gebruiken: {nl}"),
            Self::ProviderKey(Text { nl, .. }) => {
                format!("de gegeven sleutel van de dienstverlener is niet te gebruiken: {nl}")
            }
            Self::WitnessKey(Text { nl, .. }) => {
                format!("de gegeven sleutel van de medeondertekenaar is niet te gebruiken: {nl}")
            }
            Self::Checkpoint(Text { nl, .. }) => format!("het gegeven checkpoint is niet te gebruiken: {nl}"),
        };
        Text::made(nl, self.to_string())
    }
}

/// A name from the archive, so that a terminal takes it as text.
fn printable(name: &str) -> String {
    name.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
