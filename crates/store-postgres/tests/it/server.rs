//! The server: addresses, programs that start together, other programs' schemas, order of text.

use std::sync::Mutex;
use std::time::Duration;

use app::{StoreError, Trouble};
use sqlx::Row;
use store_conformance::{Bench, Throwaway};
use store_postgres::{PostgresStore, Waiting};

use crate::{filled, fresh, open};

/// What opening an address says.
async fn refusal(address: &str) -> String {
    let cause = match PostgresStore::open(address).await {
        Err(StoreError::Unavailable(_, cause)) => cause,
        other => return format!("{other:?}"),
    };
    let mut text = cause.to_string();
    let mut source = cause.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[tokio::test]
async fn programs_that_start_together_bring_the_schema_up_to_date_once() {
    let Some(database) = Throwaway::new().await else { return };
    let starting: Vec<_> = (0..5)
        .map(|_| {
            let address = database.address().to_owned();
            tokio::spawn(async move { PostgresStore::open(&address).await.map(drop) })
        })
        .collect();
    for one in starting {
        one.await.unwrap().unwrap();
    }
    let (store, _) = (open(&database).await, ());
    let bench = Bench::new(store);
    let scope = bench.organisation("zorg").await;
    bench.open(&scope, 1, 1).await;
    assert_eq!(bench.register_holds(&scope).await, 1);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let Some((_, _, database)) = filled().await else { return };
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'later', TRUE, '', 0)";
    sqlx::raw_sql(later).execute(&mut database.connect().await).await.unwrap();
    let text = refusal(database.address()).await;
    assert!(text.contains("made by a newer program (it has migration 9999)"), "{text}");
}

/// Since PostgreSQL 15 a role makes nothing in a database that is not its own: the advice once spoke of folders.
#[tokio::test]
async fn a_role_that_does_not_own_the_database_is_told_to() {
    let Some(database) = Throwaway::new().await else { return };
    // A role of which every server has one, taken on at signing in.
    let address = format!("{}?options[role]=pg_monitor", database.address());
    let Err(StoreError::Unavailable(trouble, cause)) = PostgresStore::open(&address).await else {
        panic!("it opens without any rights")
    };
    assert_eq!(trouble, Trouble::NoRights, "{cause}");
    let text = refusal(&address).await;
    assert!(text.contains("permission denied for schema public"), "{text}");
    let remedy = trouble.remedy();
    for said in [&remedy.nl, &remedy.en] {
        assert!(said.contains("createdb --owner=") && said.contains("ALTER DATABASE … OWNER TO"), "{said}");
        assert!(!said.contains("mount"), "{said}");
    }
    // What it says puts it right.
    let (_, name) = database.address().rsplit_once('/').unwrap();
    let put_right = sqlx::AssertSqlSafe(format!("ALTER DATABASE {name} OWNER TO pg_monitor"));
    sqlx::raw_sql(put_right).execute(&mut database.connect().await).await.unwrap();
    PostgresStore::open(&address).await.map(drop).unwrap();
}

#[tokio::test]
async fn no_message_shows_a_password() {
    let Some(database) = Throwaway::new().await else { return };
    let missing = format!("{}_not_there", database.address()).replace("postgres@", "postgres:geheim@");
    for (address, says) in [
        (&missing[..], "make it first, owned by the role that signs in (`createdb --owner=ROLE "),
        ("postgres://dijkwacht:geheim@127.0.0.1:nummer/x", "cannot be read"),
        ("postgres://dijkwacht:geheim@127.0.0.1:1/x?sslmode=altijd", "cannot be read"),
    ] {
        let text = refusal(address).await;
        assert!(text.contains(says) && !text.contains("geheim"), "{text}");
    }
}

#[tokio::test]
async fn who_waits_for_a_server_hears_why_and_not_for_ever() {
    let told = Mutex::new(Vec::new());
    let tell = |why: &str| told.lock().unwrap().push(why.to_owned());
    let most = Duration::from_millis(2600);
    let waiting = Waiting { most: Some(most), told: &tell };
    // Nothing listens at port 1.
    let refused = PostgresStore::open_waiting("postgres://dijkwacht:geheim@127.0.0.1:1/x", waiting).await;
    let Err(StoreError::Unavailable(Trouble::Unreachable, cause)) = refused else { panic!("{refused:?}") };
    assert!(cause.to_string().contains("postgres://127.0.0.1:1/x did not answer in 2 seconds"), "{cause}");
    let told = told.into_inner().unwrap();
    assert!(told.len() == 1 && told[0].contains("refused") && !told[0].contains("geheim"), "{told:?}");
}

#[tokio::test]
async fn text_sorts_by_its_bytes_in_every_column() {
    let Some((_, database)) = fresh().await else { return };
    let others = "SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' AND data_type = 'text'
            AND collation_name IS DISTINCT FROM 'C'";
    let rows = sqlx::query(others).fetch_all(&mut database.connect().await).await.unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert!(names.is_empty(), "write TEXT COLLATE \"C\" for {names:?}, or their order depends on the server");
}

#[tokio::test]
async fn a_lost_connection_is_told_and_found_again() {
    let Some((bench, scope, database)) = filled().await else { return };
    let mut raw = database.connect().await;
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for number in 2..5 {
        sqlx::raw_sql(cut).execute(&mut raw).await.unwrap();
        // The pool notices by itself that its connections are gone.
        bench.open(&scope, number, 1).await;
    }
    assert_eq!(bench.register_holds(&scope).await, 5);
}
