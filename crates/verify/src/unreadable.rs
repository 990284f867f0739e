//! Why there is nothing to check.

use crate::text::Text;

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
    /// Which of them, from 1.
    #[error("checkpoint given {0} cannot be used: {why}", why = .1.en)]
    Checkpoint(usize, Text),
}

impl Unreadable {
    /// Which of the checkpoints given it is about, from 1.
    #[must_use]
    pub fn checkpoint(&self) -> Option<usize> {
        if let Self::Checkpoint(place, _) = self { Some(*place) } else { None }
    }

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
            Self::Checkpoint(place, Text { nl, .. }) => {
                format!("gegeven checkpoint {place} is niet te gebruiken: {nl}")
            }
        };
        Text::made(nl, self.to_string())
    }
}
