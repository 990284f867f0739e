//! A PostgreSQL of one's own, started and stopped by the script that starts the one of all tests.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, ensure};

/// A server of PostgreSQL that does what it is told.
pub struct Cluster {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    address: String,
}

/// Does each line it reads and answers with a line; takes everything away when nobody is left to tell it anything.
const OBEY: &str = "
    cd \"$1\"; . scripts/common.sh; . scripts/postgres.sh
    trap stop_postgres EXIT
    unset DIJKWACHT_TEST_POSTGRES
    start_postgres
    echo \"$DIJKWACHT_TEST_POSTGRES\"
    echo \"$postgres_folder\"
    while read -r order; do $order >&2; echo done; done";

impl Cluster {
    /// Starts one in a folder of its own below `above`, or where temporary files go.
    ///
    /// # Errors
    /// There is no PostgreSQL on this machine, or it does not start.
    pub fn start(above: Option<&Path>) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut command = Command::new("bash");
        command.args(["-c", OBEY, "cluster"]).arg(root).stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(above) = above {
            command.env("TMPDIR", above);
        }
        let mut child = command.spawn().context("bash does not start")?;
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("stdout is not piped")?);
        let mut cluster = Self { child, orders, answers, address: String::new() };
        cluster.address = cluster.answer()?;
        ensure!(cluster.address.starts_with("postgres://"), "no cluster: {:?}", cluster.address);
        cluster.answer()?;
        Ok(cluster)
    }

    /// Where it listens, as its superuser.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    fn answer(&mut self) -> Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// Has it do something: `halt_postgres` (as a loss of power), `crash_postgres` (kill -9), `resume_postgres`.
    ///
    /// # Errors
    /// It could not.
    pub fn obey(&mut self, order: &str) -> Result<()> {
        let orders = self.orders.as_mut().context("nobody listens")?;
        writeln!(orders, "{order}")?;
        let answer = self.answer()?;
        ensure!(answer == "done", "{order}: {answer:?}");
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.child.wait();
    }
}
