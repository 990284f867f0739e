//! The clock is set back by an hour while the server runs (libfaketime: the machine's own clock is everybody's).

use std::path::{Path, PathBuf};

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::{Scene, Seen, with_runtime};
use crate::server::{Place, Program};

/// In microseconds.
const HALF_AN_HOUR: i64 = 1_800_000_000;

/// Where Debian's package `libfaketime` puts it.
fn library() -> Option<PathBuf> {
    let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
    folders.iter().map(|folder| Path::new(folder).join("faketime/libfaketime.so.1")).find(|place| place.is_file())
}

pub(super) fn an_hour_back(program: &Program) -> Result<Seen> {
    let Some(library) = library() else {
        return Ok(Seen::Skipped("no libfaketime on this machine (Debian: libfaketime)".into()));
    };
    let folder = TempDir::new()?;
    let offset = folder.path().join("offset");
    std::fs::write(&offset, "+0")?;
    let mut ours = program.clone();
    ours.environment = vec![
        ("LD_PRELOAD".into(), library.into()),
        ("FAKETIME_TIMESTAMP_FILE".into(), offset.clone().into()),
        ("FAKETIME_NO_CACHE".into(), "1".into()),
        // What is waited for is not moved: only the time of day is wrong.
        ("FAKETIME_DONT_FAKE_MONOTONIC".into(), "1".into()),
        ("DONT_FAKE_MONOTONIC".into(), "1".into()),
    ];
    let data = folder.path().join("data");
    let mut scene = Scene::at(&ours, Place::Folder(data.clone()), folder)?;
    std::fs::write(&offset, "-3600")?;
    for _ in 0..5 {
        scene.write()?;
    }
    let said = scene.server.said();
    ensure!(said.contains("the clock was set back"), "nothing is said of it: {said}");
    scene.start_again(&ours)?;
    let said = scene.server.said();
    ensure!(
        said.contains("the clock stands before the last entry of a register"),
        "nothing is said at the start: {said}"
    );
    scene.write()?;
    // Work that comes back does not wait until the clock is where it was.
    let newest = *asked(&data, "SELECT MAX(recorded_at) FROM journal")?.first().context("an entry")?;
    let is_done = |at: &i64| *at < newest - HALF_AN_HOUR;
    let began = Instant::now();
    while !asked(&data, "SELECT done_at FROM jobs WHERE name = 'alarms' AND done_at IS NOT NULL")?.iter().any(is_done) {
        ensure!(began.elapsed() < Duration::from_secs(90), "the recurring work stands still");
        std::thread::sleep(Duration::from_millis(200));
    }
    std::fs::write(&offset, "+0")?;
    scene.write()?;
    scene.is_whole(program)?;

    let times = asked(&data, "SELECT recorded_at FROM journal ORDER BY idx")?;
    ensure!(times.is_sorted(), "entries went back in time: {times:?}");
    Ok(Seen::Borne {
        shown: "no page fails; the log and the next start say that the clock was set back".to_owned(),
        recovered: "recorded times stand still until the clock has passed them; recurring work goes on".to_owned(),
    })
}

/// The numbers that the database answers.
fn asked(data: &Path, query: &'static str) -> Result<Vec<i64>> {
    with_runtime(async {
        let database = data.join("dijkwacht.db");
        let mut raw = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(database)).await?;
        Ok(sqlx::query_scalar(query).fetch_all(&mut raw).await?)
    })
}
