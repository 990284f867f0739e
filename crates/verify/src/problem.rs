//! What can be wrong with a place in an export: its name for programs, and the words for people.

use crate::text::Text;

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
    /// Only the second of the register's two signatures is there.
    SignatureMissing,
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
    /// The body is gone, and no later entry says that it was erased.
    EntryErased,
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
    /// In the file of a case: an entry of another incident.
    OtherIncident,
    /// The file of a case and a checkpoint given are of other sizes, between which it proves nothing.
    OtherSize { given: u64, own: u64 },
    /// The checkpoint says that it was signed before an entry that it covers was recorded.
    SignedBeforeEntry { signed_at: String, recorded_at: String },
    /// The time stamp lies before the signature that it is of.
    StampedBeforeSignature { at: String, signed_at: String },
    /// The time stamp lies before an entry that it covers was recorded.
    StampedBeforeEntry { at: String, recorded_at: String },
    /// The later checkpoint could not be compared, for want of a key or of readable entries.
    NotCompared,
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
            Self::SignatureMissing => "signature_missing",
            Self::OtherKey(_) => "other_key",
            Self::OtherRegister(_) => "other_register",
            Self::EntryUnreadable(_) => "entry_unreadable",
            Self::EntryOrder { .. } => "entry_order",
            Self::EntryDropped { .. } => "entry_dropped",
            Self::EntryAdded { .. } => "entry_added",
            Self::EntryLeaf => "entry_leaf",
            Self::EntryBody => "entry_body",
            Self::EntryLine => "entry_line",
            Self::EntryErased => "entry_erased",
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
            Self::SignedBeforeEntry { .. } => "signed_before_entry",
            Self::StampedBeforeSignature { .. } => "stamped_before_signature",
            Self::StampedBeforeEntry { .. } => "stamped_before_entry",
            Self::OtherIncident => "other_incident",
            Self::NotCompared | Self::OtherSize { .. } => "not_compared",
        }
    }

    #[must_use]
    pub fn text(&self) -> Text {
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
            Self::SignatureMissing => Text::new(
                "de eerste handtekening van het register ontbreekt; alleen zijn regel met het tijdstip staat er nog. Deze tekst is \
                 niet meer heel: geef het bestand zoals u het kreeg",
                "the register's first signature is missing; only its line with the moment is left. This text is no longer whole: \
                 give the file as you were given it",
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
            Self::EntryErased => Text::new(
                "de inhoud is weg, en geen latere inschrijving zegt dat zij is gewist; Dijkwacht wist niets zonder dat op te \
                 schrijven. Vraag wie het register beheert de inhoud terug uit een back-up",
                "the body is gone, and no later entry says that it was erased; Dijkwacht erases nothing without writing that down. \
                 Ask who hosts the register to bring the body back from a backup",
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
            Self::OtherIncident => Text::new(
                "gaat over een ander incident dan dit dossier: iemand heeft haar in de database verplaatst",
                "is about another incident than this file: somebody moved it in the database",
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
            Self::SignedBeforeEntry { signed_at, recorded_at } => Text::made(
                format!(
                    "vastgelegd op {recorded_at}, en het checkpoint zegt dat het op {signed_at} is ondertekend. Dat kan niet: een van \
                     beide klokken liep verkeerd. Er is niets gewijzigd; bouw niet op die momenten"
                ),
                format!(
                    "recorded at {recorded_at}, and the checkpoint says that it was signed at {signed_at}. That cannot be: one of \
                     the clocks was wrong. Nothing was changed; do not build on those moments"
                ),
            ),
            Self::StampedBeforeSignature { at, signed_at } => Text::made(
                format!(
                    "gestempeld op {at}, en wat is gestempeld, is op {signed_at} ondertekend. Dat kan niet: een van beide klokken liep \
                     verkeerd. Er is niets gewijzigd; dit stempel toont geen moment"
                ),
                format!(
                    "stamped at {at}, and what was stamped was signed at {signed_at}. That cannot be: one of the clocks was wrong. \
                     Nothing was changed; this stamp shows no moment"
                ),
            ),
            Self::StampedBeforeEntry { at, recorded_at } => Text::made(
                format!(
                    "vastgelegd op {recorded_at}, en het tijdstempel erover is van {at}. Dat kan niet: een van beide klokken liep \
                     verkeerd. Er is niets gewijzigd; dit stempel toont geen moment"
                ),
                format!(
                    "recorded at {recorded_at}, and the time stamp over it is of {at}. That cannot be: one of the clocks was wrong. \
                     Nothing was changed; this stamp shows no moment"
                ),
            ),
            Self::NotCompared => Text::new(
                "kon niet worden vergeleken: de sleutel of de inschrijvingen zijn niet leesbaar",
                "could not be compared: the key or the entries cannot be read",
            ),
        }
    }
}

/// A name from the archive, so that a terminal takes it as text.
pub(crate) fn printable(name: &str) -> String {
    name.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
