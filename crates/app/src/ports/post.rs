//! The port of what carries letters out of the program.

use async_trait::async_trait;

use crate::Mail;

/// Why a mail did not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// It will not leave like this either the next time: the address is refused, say. A person has to look.
    #[error("refused for good: {0}")]
    Refused(String),
    /// It may leave later: the server cannot be reached, say.
    #[error("not now: {0}")]
    Later(String),
}

/// Carries mails out. Handed to it twice, the same mail has the same message id, so that a duplicate can be told.
#[async_trait]
pub trait Post: Send + Sync {
    async fn send(&self, mail: &Mail) -> Result<(), PostError>;
}
