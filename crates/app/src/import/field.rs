//! What a column of another register can be for us, and by which headings people call it.

use std::collections::BTreeSet;

use facts::Text;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Number,
    Title,
    Description,
    OccurredFrom,
    OccurredTo,
    DetectedAt,
    AwareAt,
    IncidentType,
    Cause,
    Data,
    Groups,
    Subjects,
    SubjectsMin,
    SubjectsMax,
    Records,
    Protection,
    Effects,
    Severity,
    MeasuresTaken,
    MeasuresPlanned,
    AuthorityTold,
    AuthorityAt,
    AuthorityNumber,
    LateReason,
    SubjectsTold,
    SubjectsAt,
    SubjectsCount,
    SubjectsChannel,
    Motivation,
    DecidedBy,
    DpoAdvice,
    State,
    ClosedAt,
    Lessons,
}

/// How its cells are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Moment,
    Count,
    YesNo,
    Vocabulary(facts::Fact),
}

struct About {
    key: &'static str,
    name: Text,
    shape: Shape,
    /// Headings, plain (see [`plain`]).
    headings: &'static [&'static str],
}

impl Field {
    pub const ALL: [Self; 34] = [
        Self::Number,
        Self::Title,
        Self::Description,
        Self::OccurredFrom,
        Self::OccurredTo,
        Self::DetectedAt,
        Self::AwareAt,
        Self::IncidentType,
        Self::Cause,
        Self::Data,
        Self::Groups,
        Self::Subjects,
        Self::SubjectsMin,
        Self::SubjectsMax,
        Self::Records,
        Self::Protection,
        Self::Effects,
        Self::Severity,
        Self::MeasuresTaken,
        Self::MeasuresPlanned,
        Self::AuthorityTold,
        Self::AuthorityAt,
        Self::AuthorityNumber,
        Self::LateReason,
        Self::SubjectsTold,
        Self::SubjectsAt,
        Self::SubjectsCount,
        Self::SubjectsChannel,
        Self::Motivation,
        Self::DecidedBy,
        Self::DpoAdvice,
        Self::State,
        Self::ClosedAt,
        Self::Lessons,
    ];

    /// The name in a mapping file and on the form.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.about().key
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        self.about().name
    }

    pub(super) fn shape(self) -> Shape {
        self.about().shape
    }

    /// Whether several columns may be this: their texts are put one after another.
    #[must_use]
    pub fn takes_several(self) -> bool {
        matches!(self.shape(), Shape::Text | Shape::Vocabulary(_))
    }

    fn about(self) -> About {
        use Shape as S;
        use facts::Fact;
        let about = |key, nl, en, shape, headings| About { key, name: Text::new(nl, en), shape, headings };
        match self {
            Self::Number => about(
                "number",
                "Nummer in dat register",
                "Number in that register",
                S::Text,
                &[
                    "nummer",
                    "nr",
                    "no",
                    "volgnummer",
                    "incidentnummer",
                    "registratienummer",
                    "kenmerk",
                    "id",
                    "datalek nr",
                    "datalek nummer",
                    "datalekkennr",
                    "zaaknummer",
                    "casenummer",
                    "number",
                    "case number",
                    "reference",
                    "incident number",
                    "breach number",
                    "ref",
                ],
            ),
            Self::Title => about(
                "title",
                "Titel",
                "Title",
                S::Text,
                &[
                    "titel",
                    "onderwerp",
                    "naam incident",
                    "korte omschrijving",
                    "korte beschrijving",
                    "incident",
                    "title",
                    "subject",
                    "short description",
                    "summary title",
                ],
            ),
            Self::Description => about(
                "description",
                "Wat er gebeurde",
                "What happened",
                S::Text,
                &[
                    "omschrijving",
                    "beschrijving",
                    "omschrijving incident",
                    "beschrijving incident",
                    "omschrijving datalek",
                    "beschrijving datalek",
                    "feiten",
                    "wat is er gebeurd",
                    "samenvatting",
                    "samenvatting van het incident",
                    "toedracht",
                    "description",
                    "facts",
                    "what happened",
                    "summary",
                    "details",
                    "geef een samenvatting van het incident",
                    "beschrijving samenvatting van het incident",
                    "nature of the breach",
                ],
            ),
            Self::OccurredFrom => about(
                "occurred_from",
                "Wanneer het begon",
                "When it began",
                S::Moment,
                &[
                    "datum",
                    "datum incident",
                    "datum datalek",
                    "datum inbreuk",
                    "startdatum",
                    "begindatum",
                    "datum van het incident",
                    "startdatum van de inbreuk",
                    "mogelijke startdatum van de inbreuk",
                    "wanneer",
                    "date",
                    "date of incident",
                    "date of breach",
                    "incident date",
                    "breach date",
                    "start date",
                    "occurred",
                    "incidentdatum",
                    "wanneer vond de inbreuk plaats",
                ],
            ),
            Self::OccurredTo => about(
                "occurred_to",
                "Wanneer het eindigde",
                "When it ended",
                S::Moment,
                &[
                    "einddatum",
                    "datum einde",
                    "einddatum van de inbreuk",
                    "mogelijke einddatum",
                    "tot",
                    "end date",
                    "ended",
                ],
            ),
            Self::DetectedAt => about(
                "detected_at",
                "Ontdekt",
                "Detected",
                S::Moment,
                &[
                    "ontdekt",
                    "datum ontdekking",
                    "ontdekkingsdatum",
                    "datum ontdekt",
                    "datum geconstateerd",
                    "geconstateerd op",
                    "wanneer is het incident ontdekt",
                    "datum intern gemeld",
                    "datum interne melding",
                    "detected",
                    "discovered",
                    "date discovered",
                    "date of discovery",
                    "detection date",
                    "ontdekt op",
                ],
            ),
            Self::AwareAt => about(
                "aware_at",
                "Kennisname",
                "Awareness",
                S::Moment,
                &[
                    "kennisname",
                    "datum kennisname",
                    "datum van kennisname",
                    "bekend",
                    "bekend geworden op",
                    "aware",
                    "awareness",
                    "date aware",
                    "date of awareness",
                    "became aware",
                ],
            ),
            Self::IncidentType => about(
                "incident_type",
                "Soort incident",
                "Kind of incident",
                S::Vocabulary(Fact::IncidentType),
                &[
                    "soort incident",
                    "type incident",
                    "aard van het incident",
                    "aard incident",
                    "soort datalek",
                    "type datalek",
                    "categorie",
                    "categorie datalek",
                    "soort",
                    "type",
                    "aard",
                    "aard van het datalek",
                    "aard van de inbreuk",
                    "incident type",
                    "type of incident",
                    "type of breach",
                    "kind of incident",
                    "category",
                    "breach type",
                ],
            ),
            Self::Cause => about(
                "cause",
                "Oorzaak",
                "Cause",
                S::Vocabulary(Fact::Cause),
                &["oorzaak", "oorzaak incident", "oorzaak datalek", "cause", "root cause"],
            ),
            Self::Data => about(
                "data",
                "Soorten gegevens",
                "Kinds of data",
                S::Vocabulary(Fact::Data),
                &[
                    "persoonsgegevens",
                    "soort persoonsgegevens",
                    "soorten persoonsgegevens",
                    "type persoonsgegevens",
                    "categorieen persoonsgegevens",
                    "categorie persoonsgegevens",
                    "welke persoonsgegevens",
                    "gegevens",
                    "soort gegevens",
                    "soorten gegevens",
                    "welke gegevens",
                    "bijzondere persoonsgegevens",
                    "persoonsgegevens in het algemeen",
                    "bijzondere categorieen van persoonsgegevens",
                    "data",
                    "personal data",
                    "kinds of data",
                    "data categories",
                    "categories of data",
                    "types of data",
                    "special categories",
                    "categories of personal data",
                ],
            ),
            Self::Groups => about(
                "groups",
                "Groepen personen",
                "Groups of persons",
                S::Vocabulary(Fact::Groups),
                &[
                    "groepen",
                    "groep",
                    "betrokkenen",
                    "categorie betrokkenen",
                    "categorieen betrokkenen",
                    "groepen personen",
                    "groep mensen",
                    "welke groepen betrokkenen",
                    "welke groep en betrokkenen",
                    "van wie",
                    "groups",
                    "data subjects",
                    "categories of data subjects",
                    "soort betrokkenen",
                    "type betrokkenen",
                ],
            ),
            Self::Subjects => about(
                "subjects",
                "Aantal personen",
                "Number of persons",
                S::Count,
                &[
                    "aantal",
                    "aantal betrokkenen",
                    "aantal personen",
                    "aantal mensen",
                    "aantal getroffen personen",
                    "number of persons",
                    "number of data subjects",
                    "persons",
                    "data subjects affected",
                    "number affected",
                    "number of people",
                    "aantal getroffenen",
                ],
            ),
            Self::SubjectsMin => about(
                "subjects_min",
                "Personen, ten minste",
                "Persons, at least",
                S::Count,
                &[
                    "minimum aantal",
                    "aantal minimaal",
                    "minimaal aantal betrokkenen",
                    "minimaal",
                    "minimum",
                    "aantal min",
                    "minimum aantal betrokkenen",
                    "min persons",
                    "minimum number of persons",
                    "persons at least",
                ],
            ),
            Self::SubjectsMax => about(
                "subjects_max",
                "Personen, ten hoogste",
                "Persons, at most",
                S::Count,
                &[
                    "maximum aantal",
                    "aantal maximaal",
                    "maximaal aantal betrokkenen",
                    "maximaal",
                    "maximum",
                    "aantal max",
                    "maximum aantal betrokkenen",
                    "max persons",
                    "maximum number of persons",
                    "persons at most",
                ],
            ),
            Self::Records => about(
                "records",
                "Aantal gegevensrecords",
                "Number of records",
                S::Count,
                &[
                    "records",
                    "aantal records",
                    "aantal gegevensrecords",
                    "hoeveel gegevensrecords zijn getroffen",
                    "number of records",
                ],
            ),
            Self::Protection => about(
                "protection",
                "Bescherming vooraf",
                "Protection beforehand",
                S::Text,
                &[
                    "bescherming",
                    "maatregelen vooraf",
                    "versleuteld",
                    "beveiliging",
                    "encryptie",
                    "getroffen maatregelen vooraf",
                    "protection",
                    "encrypted",
                    "prior measures",
                ],
            ),
            Self::Effects => about(
                "effects",
                "Gevolgen",
                "Effects",
                S::Text,
                &[
                    "gevolgen",
                    "gevolg",
                    "mogelijke gevolgen",
                    "gevolgen voor betrokkenen",
                    "gevolgen voor de betrokkenen",
                    "impact",
                    "risico",
                    "risicos",
                    "risico voor betrokkenen",
                    "effects",
                    "consequences",
                    "likely consequences",
                    "risk",
                    "gevolgen datalek",
                    "gevolgen van het datalek",
                ],
            ),
            Self::Severity => about(
                "severity",
                "Ernst",
                "Severity",
                S::Vocabulary(Fact::Severity),
                &["ernst", "inschatting ernst", "inschatting van de ernst", "severity"],
            ),
            Self::MeasuresTaken => about(
                "measures_taken",
                "Wat er is gedaan",
                "What was done",
                S::Text,
                &[
                    "maatregelen",
                    "genomen maatregelen",
                    "getroffen maatregelen",
                    "maatregel",
                    "correctieve maatregelen",
                    "actie",
                    "acties",
                    "herstelmaatregelen",
                    "welke maatregelen heeft u getroffen",
                    "measures",
                    "measures taken",
                    "remedial action",
                    "remedial actions",
                    "corrective measures",
                    "actions",
                    "action taken",
                    "afhandeling",
                ],
            ),
            Self::MeasuresPlanned => about(
                "measures_planned",
                "Wat er nog komt, om herhaling te voorkomen",
                "What will be done, to prevent it",
                S::Text,
                &[
                    "preventieve maatregelen",
                    "maatregelen om herhaling te voorkomen",
                    "te nemen maatregelen",
                    "verbetermaatregelen",
                    "vervolgacties",
                    "preventive measures",
                    "measures planned",
                    "measures to prevent recurrence",
                    "follow up",
                ],
            ),
            Self::AuthorityTold => about(
                "authority_told",
                "Gemeld bij de AP",
                "Reported to the authority",
                S::YesNo,
                &[
                    "gemeld",
                    "gemeld aan ap",
                    "gemeld bij ap",
                    "gemeld bij de ap",
                    "melding ap",
                    "ap melding",
                    "melding aan ap",
                    "gemeld autoriteit persoonsgegevens",
                    "gemeld bij autoriteit persoonsgegevens",
                    "melden ap",
                    "ap gemeld",
                    "ap",
                    "melding bij ap",
                    "melding autoriteit persoonsgegevens",
                    "meldplichtig",
                    "notified",
                    "authority notified",
                    "reported to authority",
                    "notified to authority",
                    "reported to ap",
                    "reported to dpa",
                    "dpa notified",
                    "notified to dpa",
                    "reported to supervisory authority",
                    "ico notified",
                ],
            ),
            Self::AuthorityAt => about(
                "authority_at",
                "Wanneer gemeld bij de AP",
                "When reported to the authority",
                S::Moment,
                &[
                    "datum melding",
                    "datum gemeld",
                    "datum melding ap",
                    "datum gemeld aan ap",
                    "datum melding bij ap",
                    "meldingsdatum",
                    "gemeld op",
                    "datum ap melding",
                    "gemeld ap op",
                    "datum melding aan ap",
                    "date notified",
                    "date reported",
                    "reported on",
                    "notification date",
                    "date reported to authority",
                    "date notified to authority",
                ],
            ),
            Self::AuthorityNumber => about(
                "authority_number",
                "Meldingsnummer van de AP",
                "The authority’s number",
                S::Text,
                &[
                    "meldingsnummer",
                    "meldingsnummer ap",
                    "nummer ap",
                    "ap nummer",
                    "kenmerk ap",
                    "ap kenmerk",
                    "zaaknummer ap",
                    "nummer melding",
                    "authority number",
                    "notification number",
                    "receipt",
                    "dpa reference",
                    "ap number",
                ],
            ),
            Self::LateReason => about(
                "late_reason",
                "Waarom later dan 72 uur",
                "Why later than 72 hours",
                S::Text,
                &[
                    "reden te laat",
                    "reden later gemeld",
                    "waarom later dan 72 uur",
                    "reden vertraging",
                    "vertraging",
                    "indien later dan 72 uur gemeld waarom",
                    "late reason",
                    "reason for delay",
                    "reasons for delay",
                ],
            ),
            Self::SubjectsTold => about(
                "subjects_told",
                "Personen ingelicht",
                "Persons informed",
                S::YesNo,
                &[
                    "betrokkenen ingelicht",
                    "betrokkenen geinformeerd",
                    "gemeld aan betrokkenen",
                    "melding betrokkenen",
                    "personen ingelicht",
                    "gemeld aan betrokkene",
                    "gemeld aan betrokkene n",
                    "gemeld bij betrokkenen",
                    "melding aan betrokkenen",
                    "betrokkene geinformeerd",
                    "ingelicht",
                    "informed",
                    "persons informed",
                    "data subjects informed",
                    "subjects informed",
                    "individuals notified",
                    "data subjects notified",
                    "heeft u de inbreuk gemeld aan de betrokkene n",
                    "betrokkenen gemeld",
                ],
            ),
            Self::SubjectsAt => about(
                "subjects_at",
                "Wanneer ingelicht",
                "When informed",
                S::Moment,
                &[
                    "datum ingelicht",
                    "datum geinformeerd",
                    "datum betrokkenen geinformeerd",
                    "datum melding betrokkenen",
                    "betrokkenen ingelicht op",
                    "date informed",
                    "date persons informed",
                    "date individuals notified",
                ],
            ),
            Self::SubjectsCount => about(
                "subjects_count",
                "Hoeveel ingelicht",
                "How many informed",
                S::Count,
                &[
                    "aantal ingelicht",
                    "aantal geinformeerd",
                    "aantal ingelichte personen",
                    "number informed",
                    "aan hoeveel personen heeft u de inbreuk gemeld",
                ],
            ),
            Self::SubjectsChannel => about(
                "subjects_channel",
                "Hoe ingelicht",
                "How informed",
                S::Text,
                &[
                    "wijze van informeren",
                    "hoe ingelicht",
                    "hoe geinformeerd",
                    "communicatiekanaal",
                    "kanaal",
                    "op welke wijze zijn de betrokkenen geinformeerd",
                    "channel",
                    "how informed",
                ],
            ),
            Self::Motivation => about(
                "motivation",
                "Motivering",
                "Reasons",
                S::Text,
                &[
                    "motivering",
                    "reden",
                    "onderbouwing",
                    "toelichting",
                    "afweging",
                    "overweging",
                    "motivatie",
                    "reden niet melden",
                    "reden niet gemeld",
                    "waarom niet gemeld",
                    "reden wel niet melden",
                    "onderbouwing besluit",
                    "toelichting besluit",
                    "reasons",
                    "reason",
                    "motivation",
                    "justification",
                    "reasoning",
                    "reason not notified",
                    "why not notified",
                    "reason for decision",
                    "rationale",
                ],
            ),
            Self::DecidedBy => about(
                "decided_by",
                "Besloten door",
                "Decided by",
                S::Text,
                &[
                    "besloten door",
                    "beslisser",
                    "besluit door",
                    "beoordeeld door",
                    "decided by",
                    "decision by",
                    "decision maker",
                ],
            ),
            Self::DpoAdvice => about(
                "dpo_advice",
                "Advies van de FG",
                "The DPO’s advice",
                S::Text,
                &[
                    "advies fg",
                    "fg advies",
                    "advies van de fg",
                    "betrokkenheid fg",
                    "fg",
                    "dpo advice",
                    "advice of dpo",
                    "advice dpo",
                ],
            ),
            Self::State => about(
                "state",
                "Status",
                "Status",
                S::Text,
                &["status", "stand", "afgehandeld", "afgesloten", "gesloten", "state", "closed", "status incident"],
            ),
            Self::ClosedAt => about(
                "closed_at",
                "Afgesloten op",
                "Closed on",
                S::Moment,
                &[
                    "datum afgesloten",
                    "datum gesloten",
                    "afgesloten op",
                    "gesloten op",
                    "datum afhandeling",
                    "datum afgehandeld",
                    "afgehandeld op",
                    "sluitingsdatum",
                    "date closed",
                    "closed on",
                    "closing date",
                    "closed at",
                ],
            ),
            Self::Lessons => about(
                "lessons",
                "Geleerd",
                "Lessons",
                S::Text,
                &["lessen", "geleerde lessen", "lessons", "lessons learned", "evaluatie", "leerpunten"],
            ),
        }
    }

    /// The field that a heading most likely means, by its words.
    fn by_words(heading: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.about().headings.contains(&heading))
    }

    /// The fields that these headings most likely mean: by their words, else by the AP's numbers before them. None is
    /// guessed twice where it stands in one column.
    #[must_use]
    pub fn guess(headings: &[String]) -> Vec<Option<Self>> {
        let plain: Vec<_> = headings.iter().map(|heading| plain(heading)).collect();
        let parts: Vec<_> = plain.iter().map(|heading| parted(heading)).collect();
        let is_old = parts.iter().any(|(number, _)| *number == "0" || number.starts_with("0 "))
            && !parts.iter().any(|(number, _)| number.starts_with("10"));
        let numbers = if is_old { OLD_LAYOUT } else { LAYOUT_OF_2022 };
        let by_number = |number: &str| numbers.iter().find(|(known, _)| *known == number).map(|(_, field)| *field);
        let mut taken = BTreeSet::new();
        let guess = |(heading, (number, words)): (&String, &(&str, &str))| {
            let chapter = number.split(' ').next().filter(|_| is_old).unwrap_or(number);
            let field = Self::by_words(heading).or_else(|| Self::by_words(words)).or_else(|| by_number(chapter))?;
            (taken.insert(field) || field.takes_several()).then_some(field)
        };
        plain.iter().zip(&parts).map(guess).collect()
    }
}

/// The AP's number before a heading, and the words after it.
fn parted(heading: &str) -> (&str, &str) {
    let words = heading.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ');
    (heading.get(..heading.len() - words.len()).unwrap_or_default().trim(), words)
}

/// Numbers of the AP's form as of August 2022 (headings 1 to 10).
const LAYOUT_OF_2022: &[(&str, Field)] = &[
    ("4 1 1", Field::OccurredFrom),
    ("4 1 2", Field::OccurredTo),
    ("4 2", Field::DetectedAt),
    ("4 5", Field::LateReason),
    ("5 2", Field::IncidentType),
    ("5 3", Field::Description),
    ("6 1", Field::Data),
    ("6 2", Field::Data),
    ("6 3 1", Field::Records),
    ("7 1", Field::Groups),
    ("7 2", Field::Groups),
    ("7 3", Field::Subjects),
    ("8 1", Field::Protection),
    ("9 1", Field::Effects),
    ("9 2", Field::Effects),
    ("9 3", Field::Severity),
    ("10 1 1", Field::SubjectsTold),
    ("10 1 2", Field::SubjectsAt),
    ("10 1 3", Field::SubjectsCount),
    ("10 1 7", Field::SubjectsChannel),
    ("10 2", Field::MeasuresTaken),
];

/// Chapters of the AP's form of 2018 to 2021 (headings 0 to 9). What its numbers below them were is not known to us.
const OLD_LAYOUT: &[(&str, Field)] = &[
    ("2", Field::OccurredFrom),
    ("3", Field::Description),
    ("4", Field::Data),
    ("5", Field::Groups),
    ("6", Field::Protection),
    ("7", Field::Effects),
    ("8", Field::MeasuresTaken),
];

/// A heading or word without what people write differently: case, accents, dots, colons, question marks, brackets.
pub(super) fn plain(text: &str) -> String {
    let spaced: String = text
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|letter| !matches!(letter, '\'' | '’'))
        .map(|letter| match letter {
            'á' | 'à' | 'ä' | 'â' => 'a',
            'é' | 'è' | 'ë' | 'ê' => 'e',
            'í' | 'ì' | 'ï' | 'î' => 'i',
            'ó' | 'ò' | 'ö' | 'ô' => 'o',
            'ú' | 'ù' | 'ü' | 'û' => 'u',
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_means_one_field() {
        let mut seen = BTreeSet::new();
        for field in Field::ALL {
            assert_eq!(Field::from_key(field.key()), Some(field));
            for heading in field.about().headings {
                assert_eq!(plain(heading), *heading, "{heading} is written plainly");
                assert!(seen.insert(*heading), "{heading} means two fields");
            }
        }
    }

    #[test]
    fn headings_as_people_write_them_are_recognised() {
        let check = |heading: &str, field: Option<Field>| {
            assert_eq!(Field::guess(&[heading.to_owned()]), [field], "{heading}");
        };
        check("Datum ontdekking:", Some(Field::DetectedAt));
        check("4.2 Wanneer is het incident ontdekt?", Some(Field::DetectedAt));
        check("4.2", Some(Field::DetectedAt));
        check("Gemeld bij AP?", Some(Field::AuthorityTold));
        check("Betrokkenen geïnformeerd", Some(Field::SubjectsTold));
        check("7.3 Aantal betrokkenen", Some(Field::Subjects));
        check("Categorieën persoonsgegevens", Some(Field::Data));
        check("Date of discovery", Some(Field::DetectedAt));
        check("Kleur van de auto", None);
        check("   ", None);
    }

    #[test]
    fn a_field_of_one_column_is_guessed_once_and_old_numbers_go_by_chapter() {
        let guess =
            |headings: &[&str]| Field::guess(&headings.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(guess(&["Datum", "Datum incident"]), [Some(Field::OccurredFrom), None]);
        assert_eq!(guess(&["6.1", "6.2"]), [Some(Field::Data), Some(Field::Data)]);
        assert_eq!(guess(&["0", "4.1", "5.1"]), [None, Some(Field::Data), Some(Field::Groups)]);
        assert_eq!(guess(&["4.1", "10.2"]), [None, Some(Field::MeasuresTaken)]);
    }
}
