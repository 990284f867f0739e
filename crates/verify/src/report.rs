//! What a check found: what was checked, against which key, and every place that is not as it was signed.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;

use crate::Hash;
use crate::entries::Entries;
use crate::problem::{Problem, printable};
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
    /// The members that the tree proves: the entries, and documents that they name by their hash. What counts stands there.
    pub proved: Vec<String>,
    /// The members that are no more than signed by whoever holds the register's key: what was made from the entries for people
    /// and programs to read. No checkpoint that was kept says anything of them.
    pub only_signed: Vec<String>,
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
    /// What is no reason to doubt what was checked, and is said all the same: something given that says nothing of it, moments
    /// that cannot be.
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

impl Report {
    /// Whether everything is as it was signed, as far as the key goes ([`KeySource`]).
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// Whether nothing was found but that what was given beside it does not belong here: a slip of whoever checks, which
    /// says nothing about what was checked.
    #[must_use]
    pub fn is_misgiven(&self) -> bool {
        !self.is_sound() && self.findings.iter().all(Finding::is_slip)
    }

    /// The first entry at which anything is not as it was.
    #[must_use]
    pub fn first_entry(&self) -> Option<u64> {
        self.findings.iter().filter_map(|finding| finding.entry).min()
    }

    /// The outcome in a few sentences; the findings come beside it.
    #[must_use]
    pub fn summary(&self) -> Text {
        if self.is_misgiven() {
            return Text::new(
                "Zo zegt de controle niets: wat u meegaf, hoort hier niet bij of is niet heel. Aan het bestand zelf is niets gevonden. \
                 Controleer opnieuw met wat er wel bij hoort.",
                "Like this the check says nothing: what you gave does not belong here, or is not whole. Nothing was found wrong with the \
                 file itself. Check again with what does belong to it.",
            );
        }
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

    /// What is proved when it holds, and what not.
    #[must_use]
    pub fn proves(&self) -> Option<Text> {
        let checkpoint = self.checkpoint.as_ref()?;
        let proved = match &self.dossier {
            Some(dossier) => Self::dossier_proves(dossier, checkpoint.size),
            None => self.register_proves(),
        };
        let (nl, en) = if self.only_signed.is_empty() {
            (String::new(), String::new())
        } else {
            (
                format!(
                    " Alleen ondertekend door wie het register beheert: {}. Die zijn gemaakt om te lezen; of zij zeggen wat in de \
                     inschrijvingen staat, toont deze controle niet, en een checkpoint dat u bewaarde ook niet. Zeggen zij iets \
                     anders, dan geldt de inschrijving.",
                    self.named_signed()
                ),
                format!(
                    " Only signed by whoever hosts the register: {}. Those were made to be read; whether they say what stands in \
                     the entries, this check does not show, nor does a checkpoint that you kept. Where they say something else, the \
                     entry counts.",
                    self.named_signed()
                ),
            )
        };
        Some(Text::made(format!("{}{nl}", proved.nl), format!("{}{en}", proved.en)))
    }

    /// The files that are only signed, as they are named to people.
    fn named_signed(&self) -> String {
        let names: Vec<_> = self.only_signed.iter().map(|name| printable(name)).collect();
        names.join(", ")
    }

    fn register_proves(&self) -> Text {
        match self.compared {
            0 => Text::new(
                "Wat telt, staat in entries.jsonl: elke inschrijving staat op haar plaats onder dit checkpoint. Met een checkpoint \
                 dat u zelf bewaarde (--checkpoint) ziet u ook dat zij er toen zo stond.",
                "What counts stands in entries.jsonl: every entry stands in its place under this checkpoint. With a checkpoint that \
                 you kept yourself (--checkpoint) you also see that it stood there like this then.",
            ),
            _ => Text::new(
                "Wat telt, staat in entries.jsonl: elke inschrijving staat op haar plaats onder dit checkpoint, en wat u bewaarde \
                 toont dat zij er toen zo stond.",
                "What counts stands in entries.jsonl: every entry stands in its place under this checkpoint, and what you kept shows \
                 that it stood there like this then.",
            ),
        }
    }

    fn dossier_proves(dossier: &DossierSeen, size: u64) -> Text {
        if dossier.left_out.iter().any(|name| name.ends_with(".jsonl")) {
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
        }
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
            erasures.entry(entries.explained_by(*erased)).or_default().push(*erased);
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

    /// What was erased without a word.
    pub(crate) fn add_erased_unsaid(&mut self, member: &str, entries: &Entries) {
        for index in entries.erased_unsaid() {
            self.add_entry(member, index, Problem::EntryErased);
        }
    }

    pub(crate) fn note_about_given(&mut self, place: usize, entry: Option<u64>, problem: Problem) {
        self.notes.push(Finding { subject: Subject::GivenCheckpoint(place), entry, problem });
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

    /// Whether whoever checks gave something that does not belong here, or is not whole.
    fn is_slip(&self) -> bool {
        let is_given = matches!(self.subject, Subject::GivenCheckpoint(_));
        match self.problem {
            Problem::CountersignedByItself => true,
            Problem::OtherRegister(_) | Problem::SignatureMissing => is_given,
            _ => false,
        }
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
