//! What the database says of an error, for people: its words, without the line of its own source that the driver adds, which
//! tells nobody what to do; with its code, which its manual lists.

use std::error::Error;
use std::fmt;

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;

/// An error of the database, shown without that line.
struct Said(Box<dyn DatabaseError>);

/// The same error, to be shown.
pub(crate) fn plain(error: sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::Database(cause) if cause.try_downcast_ref::<PgDatabaseError>().is_some() => {
            sqlx::Error::Database(Box::new(Said(cause)))
        }
        other => other,
    }
}

/// The same of one that kept the schema from being brought up to date.
pub(crate) fn plain_migration(error: MigrateError) -> MigrateError {
    match error {
        MigrateError::Execute(cause) => MigrateError::Execute(plain(cause)),
        MigrateError::ExecuteMigration(cause, migration) => MigrateError::ExecuteMigration(plain(cause), migration),
        other => other,
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.message())?;
        self.0.code().map_or(Ok(()), |code| write!(f, " ({code})"))
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Error for Said {}

impl DatabaseError for Said {
    fn message(&self) -> &str {
        self.0.message()
    }

    fn code(&self) -> Option<std::borrow::Cow<'_, str>> {
        self.0.code()
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn is_transient_in_connect_phase(&self) -> bool {
        self.0.is_transient_in_connect_phase()
    }

    fn constraint(&self) -> Option<&str> {
        self.0.constraint()
    }

    fn table(&self) -> Option<&str> {
        self.0.table()
    }

    fn kind(&self) -> ErrorKind {
        self.0.kind()
    }
}

#[cfg(test)]
mod tests {
    use app::{StoreError, Trouble};

    use crate::engine::for_a_test;
    use crate::error::failed;

    #[tokio::test]
    async fn an_error_is_told_without_a_line_of_somebody_elses_source() {
        let Some((store, _kept)) = for_a_test().await else { return };
        let error = sqlx::query("SELECT 1 / (random() * 0)::integer").execute(&store.writer).await.unwrap_err();
        assert!(error.to_string().contains(" at line "), "the driver says no such thing any more: {error}");
        let StoreError::Unavailable(Trouble::Other, cause) = failed(error) else { panic!("it is none of the known") };
        assert_eq!(cause.to_string(), "error returned from database: division by zero (22012)");
    }
}
