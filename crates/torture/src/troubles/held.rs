//! Another program holds what we want to write to, for longer than anybody waits.

use std::time::Duration;

use anyhow::{Result, ensure};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, PgConnection, SqliteConnection};

use super::{Scene, Seen, cluster, shown, tells, with_runtime};
use crate::browser::Answer;
use crate::server::{Place, Program};

const TOLD: [&str; 2] = ["Een ander programma houdt de gegevens bezet", "Wat u net verstuurde, is niet bewaard"];

pub(super) fn file(program: &Program) -> Result<Seen> {
    let mut scene = Scene::in_folder(program)?;
    let Place::Folder(data) = &scene.place else { anyhow::bail!("it is in a folder") };
    let database = data.join("dijkwacht.db");
    let (refused, read) = with_runtime(async {
        let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(database)).await?;
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await?;
        let (refused, read) = (scene.write_until_refused(1)?, scene.office.timeline(1)?);
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await?;
        Ok((refused, read))
    })?;
    goes_on(&mut scene, program, &refused, &read)
}

pub(super) fn table(program: &Program) -> Result<Seen> {
    let cluster = match cluster(None)? {
        Ok(cluster) => cluster,
        Err(skipped) => return Ok(skipped),
    };
    let mut scene = Scene::in_cluster(program, &cluster)?;
    let (refused, read) = with_runtime(async {
        let mut other = PgConnection::connect(cluster.address()).await?;
        let mut held = other.begin().await?;
        sqlx::raw_sql("LOCK TABLE journal IN EXCLUSIVE MODE").execute(&mut *held).await?;
        let answers = (scene.write_until_refused(1)?, scene.office.timeline(1)?);
        held.rollback().await?;
        Ok(answers)
    })?;
    goes_on(&mut scene, program, &refused, &read)
}

fn goes_on(scene: &mut Scene, program: &Program, refused: &Answer, read: &Answer) -> Result<Seen> {
    tells(refused, 503, &TOLD)?;
    ensure!(read.status == 200, "reading waits too: {} {}", read.status, read.html);
    let took = scene.write_again(Duration::from_secs(2))?;
    scene.is_whole(program)?;
    let recovered = format!("by itself, {:.1} s after it was let go; reading went on", took.as_secs_f64());
    Ok(Seen::Borne { shown: shown(refused), recovered })
}
