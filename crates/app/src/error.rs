//! What can go wrong in a use case, with two faces: a public text for people and a private cause for the log.

use facts::Text;
use incident::Refusal;

use crate::{DamagedEntry, DamagedFile, Trouble};

/// Why a store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("not found")]
    NotFound,
    #[error("somebody else changed it in the meantime")]
    Conflict,
    /// A NUL character, which not every database keeps: none is given one.
    #[error("text with a NUL character cannot be kept")]
    Text,
    /// The store cannot do its work now.
    #[error("the store cannot do its work ({code}): {1}", code = .0.code())]
    Unavailable(Trouble, #[source] Box<dyn std::error::Error + Send + Sync>),
}

/// One field of a form that needs another look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name on the form.
    pub field: String,
    pub text: Text,
}

/// Why a use case stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    #[error("invalid: {}", .0.iter().map(|problem| problem.field.as_str()).collect::<Vec<_>>().join(", "))]
    Invalid(Vec<FieldProblem>),
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    #[error("somebody else changed it in the meantime")]
    Conflict,
    #[error("the store cannot do its work ({code}): {1}", code = .0.code())]
    Unavailable(Trouble, #[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("internal: {0}")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An internal fault with its cause, which only the log sees.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// One field that needs another look.
    #[must_use]
    pub fn field(field: &str, nl: &'static str, en: &'static str) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.into(), text: Text::new(nl, en) }])
    }

    /// The entry that is not what was written, where that is what is wrong.
    #[must_use]
    pub fn damaged_entry(&self) -> Option<&DamagedEntry> {
        if let Self::Unavailable(Trouble::Damaged, cause) = self { cause.downcast_ref() } else { None }
    }

    /// The stored file that is not what was stored, where that is what is wrong.
    #[must_use]
    pub fn damaged_file(&self) -> Option<&DamagedFile> {
        if let Self::Unavailable(Trouble::Damaged, cause) = self { cause.downcast_ref() } else { None }
    }

    /// Whether the store as a whole cannot do its work now; else it is about what was asked alone, a damaged row too.
    #[must_use]
    pub fn is_of_the_whole_store(&self) -> bool {
        matches!(self, Self::Unavailable(trouble, _) if *trouble != Trouble::Damaged)
            && self.in_temporary_folder().is_none()
    }

    /// The stable public code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Invalid(_) => "invalid",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Conflict => "conflict",
            Self::Unavailable(trouble, _) => trouble.code(),
            Self::Internal(_) => "internal",
        }
    }

    /// What people are told: what happened, what is safe, what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Refused(refusal) => refusal.text(),
            Self::Invalid(problems) => problems.first().map_or_else(
                || Text::new("Een veld is niet goed ingevuld.", "A field is not filled in correctly."),
                |problem| problem.text.clone(),
            ),
            Self::NotFound => Text::new(
                "Deze pagina bestaat niet, of u hebt er geen toegang toe.",
                "This page does not exist, or you have no access to it.",
            ),
            Self::Forbidden => Text::new(
                "Uw rol staat dit niet toe. Vraag iemand met de juiste rol.",
                "Your role does not permit this. Ask somebody who has the role.",
            ),
            Self::Conflict => Text::new(
                "Iemand anders heeft dit intussen gewijzigd. Wat u typte is niet kwijt: bekijk de nieuwe stand en bewaar opnieuw.",
                "Somebody else changed this in the meantime. What you typed is not lost: look at the new state and save again.",
            ),
            Self::Unavailable(trouble, _) => {
                if let Some(temporary) = self.in_temporary_folder() {
                    return temporary.text();
                }
                if let Some(file) = self.damaged_file() {
                    let (what, remedy) = (file.text(), DamagedFile::remedy());
                    return Text::made(
                        format!(
                            "{} Al het andere is er nog, en er wordt niets overschreven. Vraag uw beheerder: {}.",
                            what.nl, remedy.nl
                        ),
                        format!(
                            "{} Everything else is there, and nothing is overwritten. Ask your administrator: {}.",
                            what.en, remedy.en
                        ),
                    );
                }
                let text = trouble.text();
                let Some(what) = self.damaged_entry().filter(|entry| entry.of.is_some()) else { return text };
                let what = what.text();
                Text::made(format!("{} {}", what.nl, text.nl), format!("{} {}", what.en, text.en))
            }
            Self::Internal(_) => Text::new(
                "Er ging iets mis aan onze kant. Wat al bewaard was, is veilig. Probeer het opnieuw of meld het uw beheerder.",
                "Something went wrong on our side. What was saved is safe. Try again or tell your administrator.",
            ),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict => Self::Conflict,
            StoreError::Text => Self::field(
                "",
                "De tekst bevat een NUL-teken, dat niet te bewaren is. Typ de tekst opnieuw in plaats van te plakken.",
                "The text holds a NUL character, which cannot be kept. Type the text again instead of pasting it.",
            ),
            StoreError::Unavailable(trouble, cause) => Self::Unavailable(trouble, cause),
        }
    }
}
