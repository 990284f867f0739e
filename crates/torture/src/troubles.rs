//! What goes wrong around the program, one at a time: each is made to happen to a real server, and what people see, what is
//! kept and how it recovers is looked at.

mod away;
mod clock;
mod damaged;
mod full;
mod held;
mod read_only;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tempfile::TempDir;

use crate::browser::Answer;
use crate::cluster::Cluster;
use crate::kills::{is_kept, verified};
use crate::office::Office;
use crate::server::{Place, Program, Server};

/// What was seen of one trouble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It went as it should: what people were shown, and how it went on afterwards.
    Borne { shown: String, recovered: String },
    /// This machine cannot make it happen.
    Skipped(String),
}

/// A trouble that can be made to happen.
pub struct Trouble {
    pub name: &'static str,
    pub store: &'static str,
    pub run: fn(&Program) -> Result<Seen>,
}

/// All of them.
pub const ALL: &[Trouble] = &[
    Trouble { name: "disk full", store: "SQLite", run: full::of_the_folder },
    Trouble { name: "disk full", store: "PostgreSQL", run: full::of_the_cluster },
    Trouble { name: "folder read-only", store: "SQLite", run: read_only::folder },
    Trouble { name: "database read-only", store: "PostgreSQL", run: read_only::database },
    Trouble { name: "held by another program", store: "SQLite", run: held::file },
    Trouble { name: "held by another session", store: "PostgreSQL", run: held::table },
    Trouble { name: "bytes of the database overwritten", store: "SQLite", run: damaged::file },
    Trouble { name: "bytes of a table overwritten", store: "PostgreSQL", run: damaged::table },
    Trouble { name: "one row changed", store: "SQLite", run: damaged::row },
    Trouble { name: "server away and back", store: "PostgreSQL", run: away::and_back },
    Trouble { name: "clock an hour back", store: "SQLite", run: clock::an_hour_back },
];

/// A server with one incident and a few notes, all of which were acknowledged.
struct Scene {
    place: Place,
    server: Server,
    office: Office,
    written: Vec<String>,
    folder: TempDir,
}

impl Scene {
    /// In a folder of its own.
    fn in_folder(program: &Program) -> Result<Self> {
        let folder = TempDir::new()?;
        let data = folder.path().join("data");
        Self::at(program, Place::Folder(data), folder)
    }

    /// In a database of a cluster of its own.
    fn in_cluster(program: &Program, cluster: &Cluster) -> Result<Self> {
        let folder = TempDir::new()?;
        let place = Place::Postgres { address: cluster.address().to_owned(), folder: folder.path().join("data") };
        Self::at(program, place, folder)
    }

    fn at(program: &Program, place: Place, folder: TempDir) -> Result<Self> {
        let server = program.serve(&place, "127.0.0.1:0".parse()?)?;
        let office = Office::set_up(&server)?;
        let mut scene = Self { place, server, office, written: Vec::new(), folder };
        let answer = scene.office.report("Laptop kwijt")?;
        ensure!(answer.status == 303, "report: {} {}", answer.status, answer.html);
        for _ in 0..5 {
            scene.write()?;
        }
        Ok(scene)
    }

    /// The next note that nobody wrote yet.
    fn next(&self) -> String {
        format!("notitie-{}.", self.written.len())
    }

    /// Writes a note that must be acknowledged.
    fn write(&mut self) -> Result<()> {
        let note = self.next();
        let answer = self.office.note(1, &note)?;
        let said = || self.server.said();
        ensure!(is_kept(&answer), "{note}: {} {}; {}", answer.status, answer.heading(), said());
        self.written.push(note);
        Ok(())
    }

    /// Writes notes until one is not taken, and gives that answer; what was taken counts.
    fn write_until_refused(&mut self, most: usize) -> Result<Answer> {
        for _ in 0..most {
            let note = self.next();
            let answer = self.office.note(1, &note)?;
            if !is_kept(&answer) {
                ensure!(answer.html.contains(&note), "what was typed is not on the page: {}", answer.html);
                return Ok(answer);
            }
            self.written.push(note);
        }
        anyhow::bail!("{most} notes were taken though there was no room")
    }

    /// Writes until it is taken again, within a patience; how long that took.
    fn write_again(&mut self, patience: Duration) -> Result<Duration> {
        let began = Instant::now();
        loop {
            match self.write() {
                Ok(()) => return Ok(began.elapsed()),
                Err(error) if began.elapsed() > patience => return Err(error),
                Err(_) => thread::sleep(Duration::from_millis(200)),
            }
        }
    }

    /// That everything acknowledged stands there once, and that the register verifies.
    fn is_whole(&mut self, program: &Program) -> Result<()> {
        let page = self.office.timeline(1)?;
        ensure!(page.status == 200, "the timeline: {} {}", page.status, page.html);
        for note in &self.written {
            let times = page.html.matches(note.as_str()).count();
            ensure!(times == 1, "{note} was acknowledged, and stands there {times} times");
        }
        verified(program, &self.place)?;
        let said = self.server.said();
        ensure!(!said.contains("panicked"), "the server panicked: {said}");
        Ok(())
    }

    /// Kills the server and starts it again at the same place.
    fn start_again(&mut self, program: &Program) -> Result<()> {
        let _ = self.server.kill();
        let at = self.server.address;
        self.server = program.serve(&self.place, at)?;
        Ok(())
    }
}

/// That an answer has this status, and a page that says so in these words.
fn tells(answer: &Answer, status: u16, words: &[&str]) -> Result<()> {
    ensure!(answer.status == status, "{} instead of {status}: {}", answer.status, answer.html);
    for word in words {
        ensure!(answer.html.contains(word), "{word:?} is not on the page: {}", answer.html);
    }
    Ok(())
}

/// What an answer says, for the table.
fn shown(answer: &Answer) -> String {
    format!("{} “{}”", answer.status, answer.heading())
}

/// A cluster, or why there is none.
fn cluster(above: Option<&Path>) -> Result<Result<Cluster, Seen>> {
    if !has("bash") || !has_postgres() {
        return Ok(Err(Seen::Skipped("no PostgreSQL on this machine".to_owned())));
    }
    Cluster::start(above).map(Ok)
}

/// Whether Debian's package is there: the script would otherwise install it, which only `make` asks for.
#[must_use]
pub fn has_postgres() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    has("initdb") || versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

/// Whether a command is there.
fn has(command: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(command).is_file())
}

/// Whether we may mount and change users.
fn is_root() -> bool {
    std::process::Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// Does one thing with a database from outside, as an administrator's own client does.
fn with_runtime<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
