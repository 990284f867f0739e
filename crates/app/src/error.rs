//! What can go wrong in a use case, with two faces: a public text for people and a private cause for the log.

use facts::Text;
use incident::Refusal;

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
    #[error("the store cannot be reached or is damaged: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
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
    #[error("unavailable: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
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

    /// The stable public code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Invalid(_) => "invalid",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Conflict => "conflict",
            Self::Unavailable(_) => "unavailable",
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
            Self::Unavailable(_) => Text::new(
                "De gegevens zijn nu niet te bereiken. Er is niets verloren. Probeer het over een minuut opnieuw.",
                "The data cannot be reached right now. Nothing is lost. Try again in a minute.",
            ),
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
            StoreError::Unavailable(cause) => Self::Unavailable(cause),
        }
    }
}
