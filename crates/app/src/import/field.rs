//! What a column of another register can be for us, and by which headings people call it.

mod choices;
mod dates;
mod numbers;
mod texts;

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

/// What is known of a field; its words stand in the file of its shape.
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
        self.about().name.clone()
    }

    pub(super) fn shape(self) -> Shape {
        self.about().shape
    }

    /// Whether several columns may be this: their texts are put one after another.
    #[must_use]
    pub fn takes_several(self) -> bool {
        matches!(self.shape(), Shape::Text | Shape::Vocabulary(_))
    }

    fn about(self) -> &'static About {
        match self {
            Self::Number => &texts::NUMBER,
            Self::Title => &texts::TITLE,
            Self::Description => &texts::DESCRIPTION,
            Self::OccurredFrom => &dates::OCCURRED_FROM,
            Self::OccurredTo => &dates::OCCURRED_TO,
            Self::DetectedAt => &dates::DETECTED_AT,
            Self::AwareAt => &dates::AWARE_AT,
            Self::IncidentType => &choices::INCIDENT_TYPE,
            Self::Cause => &choices::CAUSE,
            Self::Data => &choices::DATA,
            Self::Groups => &choices::GROUPS,
            Self::Subjects => &numbers::SUBJECTS,
            Self::SubjectsMin => &numbers::SUBJECTS_MIN,
            Self::SubjectsMax => &numbers::SUBJECTS_MAX,
            Self::Records => &numbers::RECORDS,
            Self::Protection => &texts::PROTECTION,
            Self::Effects => &texts::EFFECTS,
            Self::Severity => &choices::SEVERITY,
            Self::MeasuresTaken => &texts::MEASURES_TAKEN,
            Self::MeasuresPlanned => &texts::MEASURES_PLANNED,
            Self::AuthorityTold => &choices::AUTHORITY_TOLD,
            Self::AuthorityAt => &dates::AUTHORITY_AT,
            Self::AuthorityNumber => &texts::AUTHORITY_NUMBER,
            Self::LateReason => &texts::LATE_REASON,
            Self::SubjectsTold => &choices::SUBJECTS_TOLD,
            Self::SubjectsAt => &dates::SUBJECTS_AT,
            Self::SubjectsCount => &numbers::SUBJECTS_COUNT,
            Self::SubjectsChannel => &texts::SUBJECTS_CHANNEL,
            Self::Motivation => &texts::MOTIVATION,
            Self::DecidedBy => &texts::DECIDED_BY,
            Self::DpoAdvice => &texts::DPO_ADVICE,
            Self::State => &texts::STATE,
            Self::ClosedAt => &dates::CLOSED_AT,
            Self::Lessons => &texts::LESSONS,
        }
    }

    /// The field that a heading most likely means, by its words.
    fn by_words(heading: &str) -> Option<Self> {
        let named = |words: &str| Self::ALL.into_iter().find(|field| field.about().headings.contains(&words));
        named(heading).or_else(|| {
            let asked = YES_OR_NO.iter().find_map(|answers| heading.strip_suffix(answers))?;
            named(asked).filter(|field| field.shape() == Shape::YesNo)
        })
    }

    /// How many of these cells are headings by their words.
    pub(super) fn known(cells: &[String]) -> usize {
        let is_known = |cell: &&String| {
            let heading = plain(cell);
            Self::by_words(&heading).or_else(|| Self::by_words(parted(&heading).1)).is_some()
        };
        cells.iter().filter(is_known).count()
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
        let has_effects = plain.iter().any(|text| Self::by_words(text) == Some(Self::Effects) && !is_weighed(text));
        let mut taken = BTreeSet::new();
        let guess = |(heading, (number, words)): (&String, &(&str, &str))| {
            let chapter = number.split(' ').next().filter(|_| is_old).unwrap_or(number);
            let field = Self::by_words(heading).or_else(|| Self::by_words(words)).or_else(|| by_number(chapter))?;
            let is_second = field == Self::Effects && has_effects && is_weighed(heading);
            (!is_second && (taken.insert(field) || field.takes_several())).then_some(field)
        };
        plain.iter().zip(&parts).map(guess).collect()
    }
}

/// The answers that a heading lists behind its question, plain.
const YES_OR_NO: [&str; 4] = [" ja nee", " j n", " yes no", " y n"];

/// A heading that means the effects where no other does: beside one it is how high the risk was.
fn is_weighed(heading: &str) -> bool {
    ["risico", "risicos", "risk"].contains(&heading)
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
        // Accents by themselves are how a Mac writes them.
        .filter(|letter| !matches!(letter, '\'' | '’' | '\u{300}'..='\u{36f}'))
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
        check("Volgnr", Some(Field::Number));
        check("Volg.nr.", Some(Field::Number));
        for closing in ["Datum sluiten", "Datum sluiting", "Datum afsluiting", "Datum afgerond", "Sluitdatum"] {
            check(closing, Some(Field::ClosedAt));
        }
        for asked in [
            "Gemeld AP",
            "Melding AP",
            "Melding AP (ja/nee)",
            "Gemeld bij AP",
            "Gemeld bij de AP j/n",
            "AP geïnformeerd",
        ] {
            check(asked, Some(Field::AuthorityTold));
        }
        for began in ["Datum lek", "Datum datalek", "Datum van het lek", "Datum van het datalek"] {
            check(began, Some(Field::OccurredFrom));
        }
        for found in ["Datum ontdekking lek", "Datum ontdekking datalek", "Lek ontdekt op"] {
            check(found, Some(Field::DetectedAt));
        }
        for sort in ["Soort lek", "Type lek", "Aard lek", "Aard datalek", "Soort inbreuk"] {
            check(sort, Some(Field::IncidentType));
        }
        for told in
            ["Datum melding AP", "Datum gemeld AP", "Datum gemeld bij de AP", "Gemeld bij AP op", "Melding AP (datum)"]
        {
            check(told, Some(Field::AuthorityAt));
        }
        check("Aantal betrokkenen", Some(Field::Subjects));
        for told in [
            "Betrokkenen ingelicht (ja/nee)",
            "Betrokkenen gei\u{308}nformeerd",
            "Melding aan betrokkene(n)",
            "Betrokkenen op de hoogte gesteld",
        ] {
            check(told, Some(Field::SubjectsTold));
        }
        check("Datum informeren betrokkenen", Some(Field::SubjectsAt));
        check("Omschrijving lek", Some(Field::Description));
        check("Oorzaak lek", Some(Field::Cause));
        // What could mean two things is nobody's guess: whether there were persons, when what was, who reported to whom.
        for unsure in [
            "Persoonsgegevens (ja/nee)",
            "Betrokkenen ja/nee",
            "Lek",
            "Melding",
            "Melder",
            "Datum AP",
            "Datum betrokkenen",
        ] {
            check(unsure, None);
        }
        check("Kleur van de auto", None);
        check("   ", None);
    }

    #[test]
    fn a_field_of_one_column_is_guessed_once_and_old_numbers_go_by_chapter() {
        let guess =
            |headings: &[&str]| Field::guess(&headings.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(guess(&["Datum", "Datum incident"]), [Some(Field::OccurredFrom), None]);
        assert_eq!(guess(&["Gevolgen", "Risico"]), [Some(Field::Effects), None]);
        assert_eq!(guess(&["Risico"]), [Some(Field::Effects)]);
        assert_eq!(guess(&["6.1", "6.2"]), [Some(Field::Data), Some(Field::Data)]);
        assert_eq!(guess(&["0", "4.1", "5.1"]), [None, Some(Field::Data), Some(Field::Groups)]);
        assert_eq!(guess(&["4.1", "10.2"]), [None, Some(Field::MeasuresTaken)]);
    }
}
