//! What is on the disk is not what was written: overwritten bytes, a row that somebody changed.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use super::{Scene, Seen, cluster, shown, tells, with_runtime};
use crate::office::{HOME, Office};
use crate::server::{Place, Program};

const TOLD: [&str; 2] = ["Een deel van de gegevens is beschadigd", "er wordt niets overschreven"];

const NOTICE: &str = "Een deel van dit register is beschadigd";

/// Overwrites a stretch of a file, as a disk that mixes up its blocks does.
fn overwrite(file: &Path, from: u64, bytes: usize) -> Result<()> {
    let mut file = OpenOptions::new().write(true).open(file)?;
    file.seek(SeekFrom::Start(from))?;
    file.write_all(&vec![0x5a; bytes])?;
    Ok(file.sync_all()?)
}

pub(super) fn file(program: &Program) -> Result<Seen> {
    let mut scene = Scene::in_folder(program)?;
    let Place::Folder(data) = scene.place.clone() else { anyhow::bail!("it is in a folder") };
    let backup = scene.folder.path().join("monday.backup");
    let mut made = vec!["backup".into(), backup.clone().into(), "--unencrypted".into()];
    made.extend(scene.place.options());
    let made = program.run(&made)?;
    ensure!(made.code == Some(0), "backup: {}", made.said);

    // Stopped and not killed, so that the file itself holds everything and not the log beside it.
    scene.server.stop()?;
    let database = data.join("dijkwacht.db");
    with_runtime(async {
        let mut raw = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&database)).await?;
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut raw).await?;
        Ok(raw.close().await?)
    })?;
    let length = std::fs::metadata(&database)?.len();
    overwrite(&database, length / 2, 40_960)?;
    let damaged = std::fs::read(&database)?;
    let ended = match program.try_serve(&scene.place, scene.server.address)? {
        Ok(_) => anyhow::bail!("it serves from a damaged database"),
        Err(ended) => ended,
    };
    ensure!(
        ended.said.contains("the database is damaged") && ended.said.contains("`dijkwacht restore`"),
        "{}",
        ended.said
    );
    ensure!(std::fs::read(&database)? == damaged, "the damaged file was changed");

    // As it says: restored into an empty folder, and served from there.
    let fresh = Place::Folder(scene.folder.path().join("fresh"));
    let mut restore = vec!["restore".into(), backup.into()];
    restore.extend(fresh.options());
    let restored = program.run(&restore)?;
    ensure!(restored.code == Some(0), "restore: {}", restored.said);
    scene.place = fresh;
    scene.start_again(program)?;
    scene.office.sign_in()?;
    scene.write()?;
    scene.is_whole(program)?;
    let shown = format!("no start: “{}”", last_line(&ended.said));
    Ok(Seen::Borne { shown, recovered: "by the restore that it names".to_owned() })
}

fn last_line(said: &str) -> String {
    let line = said.lines().last().unwrap_or_default();
    line.rsplit_once("; ").map_or(line, |(_, remedy)| remedy).to_owned()
}

pub(super) fn table(program: &Program) -> Result<Seen> {
    let mut cluster = match cluster(None)? {
        Ok(cluster) => cluster,
        Err(skipped) => return Ok(skipped),
    };
    let mut scene = Scene::in_cluster(program, &cluster)?;
    let file = with_runtime(async {
        let mut raw = PgConnection::connect(cluster.address()).await?;
        sqlx::raw_sql("CHECKPOINT").execute(&mut raw).await?;
        let place = "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('journal_bodies')";
        Ok(sqlx::query_scalar::<_, String>(place).fetch_one(&mut raw).await?)
    })?;
    // Stopped, so that no copy of its pages is left in memory.
    cluster.obey("halt_postgres")?;
    let sound = std::fs::read(&file).context("the table's file")?;
    overwrite(Path::new(&file), 0, 8192)?;
    cluster.obey("resume_postgres")?;
    let page = scene.office.timeline(1)?;
    tells(&page, 500, &TOLD)?;
    let home = scene.office.browser.get(scene.office.at, "/hulp")?;
    ensure!(home.status == 200, "the rest fails too: {} {}", home.status, home.html);
    // What its administrator would take from a copy of the disk.
    cluster.obey("halt_postgres")?;
    std::fs::write(&file, sound)?;
    cluster.obey("resume_postgres")?;
    scene.write_again(std::time::Duration::from_secs(10))?;
    scene.is_whole(program)?;
    Ok(Seen::Borne { shown: shown(&page), recovered: "by itself once the table was put back".to_owned() })
}

pub(super) fn row(program: &Program) -> Result<Seen> {
    let mut scene = Scene::in_folder(program)?;
    let Place::Folder(data) = scene.place.clone() else { anyhow::bail!("it is in a folder") };
    let change = |change: &'static str| {
        let database = data.join("dijkwacht.db");
        with_runtime(async move {
            let mut raw = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&database)).await?;
            let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'";
            for name in sqlx::query_scalar::<_, String>(triggers).fetch_all(&mut raw).await? {
                sqlx::query(AssertSqlSafe(format!("DROP TRIGGER {name}"))).execute(&mut raw).await?;
            }
            Ok(sqlx::raw_sql(change).execute(&mut raw).await?.rows_affected())
        })
    };
    let changed = change(
        "UPDATE journal_bodies SET body = CAST(replace(body, 'notitie-3.', 'notitie-X.') AS BLOB)
        WHERE CAST(body AS TEXT) LIKE '%notitie-3.%'",
    )?;
    ensure!(changed == 1, "{changed} rows were changed");
    let page = scene.office.timeline(1)?;
    tells(&page, 500, &TOLD)?;
    ensure!(!page.html.contains("notitie-X"), "what was changed is shown: {}", page.html);
    // The lists read no entry: they say it all the same, and the incident's own words are not what they go by.
    for path in ["", "/incidenten", "/register", "/bewaren"] {
        let list = scene.office.browser.get(scene.office.at, &format!("{HOME}{path}"))?;
        ensure!(list.status == 200 && list.html.contains(NOTICE), "{path} shows it as if all were well: {}", list.html);
    }
    let zip = scene.folder.path().join("register.zip");
    let mut export = vec!["export".into(), "--out".into(), zip.clone().into()];
    export.extend(Office::organisation());
    export.extend(scene.place.options());
    let refused = program.run(&export)?;
    ensure!(refused.code == Some(2) && refused.said.contains("is not what was written"), "export: {}", refused.said);
    ensure!(!zip.exists(), "an export was made that does not verify");
    let mut rebuild = vec!["rebuild".into()];
    rebuild.extend(scene.place.options());
    let rebuilt = program.run(&rebuild)?;
    let named = rebuilt.said.lines().any(|line| line.contains(": entry ") && line.contains("is not what was written"));
    ensure!(rebuilt.code == Some(1) && named, "rebuild takes it into the lists: {}", rebuilt.said);
    change(
        "UPDATE journal_bodies SET body = CAST(replace(body, 'notitie-X.', 'notitie-3.') AS BLOB)
        WHERE CAST(body AS TEXT) LIKE '%notitie-X.%'",
    )?;
    let list = scene.office.browser.get(scene.office.at, &format!("{HOME}/register"))?;
    ensure!(!list.html.contains(NOTICE), "what is right again is still told as damaged: {}", list.html);
    scene.is_whole(program)?;
    let recovered =
        "by itself once the row is as it was; an export is refused meanwhile, and names the entry".to_owned();
    Ok(Seen::Borne { shown: shown(&page), recovered })
}
