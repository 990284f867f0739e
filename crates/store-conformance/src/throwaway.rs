//! A PostgreSQL database for one test, dropped when the test is done.
//!
//! The server is the one that `DIJKWACHT_TEST_POSTGRES` names (`scripts/test.sh` starts one). Without it there is no
//! database, the test says `skipped:` with the reason, and `make test` counts it.

use std::thread;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

/// A database of its own on the server for tests.
#[derive(Debug)]
pub struct Throwaway {
    server: String,
    name: String,
    address: String,
}

impl Throwaway {
    /// A new, empty database; `None`, with a line that says so, where there is no server.
    pub async fn new() -> Option<Self> {
        let Some(server) = server() else {
            #[expect(clippy::print_stdout, reason = "how a test says that it did not run")]
            {
                println!("skipped: no PostgreSQL (DIJKWACHT_TEST_POSTGRES is not set)");
            }
            return None;
        };
        let name = format!("test_{}", unique());
        run(&server, format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).await;
        let (before, _) = server.rsplit_once('/').unwrap();
        Some(Self { address: format!("{before}/{name}"), server, name })
    }

    /// Where it is, as `--database` takes it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A connection to it, as anybody with the password has it.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.address).await.unwrap()
    }
}

impl Drop for Throwaway {
    /// On a thread of its own: where it is dropped, a runtime is running.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(&server, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        });
        // A server that is gone has no database left to drop.
        let _ = dropped.join();
    }
}

#[expect(clippy::disallowed_methods, reason = "how the test script says where its server is")]
fn server() -> Option<String> {
    std::env::var("DIJKWACHT_TEST_POSTGRES").ok().filter(|address| !address.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "no two tests may share a database, whichever processes they run in")]
fn unique() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    Uuid::from_bytes(bytes).simple().to_string()
}

async fn run(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
