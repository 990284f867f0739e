//! Every statement of the store, one file an aggregate. The text is what both databases take (`$1`, `RETURNING`,
//! `ON CONFLICT`); statements are constant, values are always bound.

pub(crate) mod copies;
pub(crate) mod directory;
pub(crate) mod files;
pub(crate) mod incidents;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod journal;
pub(crate) mod lists;
pub(crate) mod outbox;
pub(crate) mod people;
#[cfg(test)]
mod plans;
pub(crate) mod retention;
pub(crate) mod sensor_choices;
pub(crate) mod sensor_findings;
pub(crate) mod sensors;
pub(crate) mod servers;
pub(crate) mod sessions;
pub(crate) mod stamps;

/// Declares statements, and the list of them that the test prepares: none can be left out of it.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)+

        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $text)),+];
    };
}
pub(crate) use statements;

/// Every statement there is, by name.
#[cfg(test)]
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let all = [
        copies::ALL,
        directory::ALL,
        files::ALL,
        incidents::ALL,
        invitations::ALL,
        jobs::ALL,
        journal::ALL,
        lists::ALL,
        outbox::ALL,
        people::ALL,
        retention::ALL,
        sensor_choices::ALL,
        sensor_findings::ALL,
        sensors::ALL,
        servers::ALL,
        sessions::ALL,
        stamps::ALL,
    ];
    all.into_iter().flatten().copied()
}

#[cfg(test)]
mod tests {
    use sqlx::{Executor, SqlSafeStr};

    use super::all;
    use crate::engine::for_a_test;

    #[tokio::test]
    async fn the_database_takes_every_statement() {
        let Some((store, _kept)) = for_a_test().await else { return };
        for (name, text) in all() {
            let prepared = (&store.writer).prepare(text.into_sql_str()).await;
            assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
        }
    }
}
