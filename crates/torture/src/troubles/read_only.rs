//! What may be read and not written: a folder with the wrong rights, a database that was set to read-only.

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use super::{Scene, Seen, cluster, has, is_root, shown, tells, with_runtime};
use crate::office::HOME;
use crate::server::{Place, Program};

const NOBODY: u32 = 65534;

pub(super) fn folder(program: &Program) -> Result<Seen> {
    // Rights hold for anybody but root.
    let is_nobody = is_root();
    if is_nobody && !has("setpriv") {
        return Ok(Seen::Skipped("no other user than root to be: setpriv is missing".into()));
    }
    let folder = TempDir::new()?;
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755))?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    let mut ours = program.clone();
    if is_nobody {
        // The program may lie in a folder that only root enters.
        let copy = folder.path().join("dijkwacht");
        std::fs::copy(&program.path, &copy).context("a copy of the program")?;
        chown(&data, Some(NOBODY), Some(NOBODY))?;
        ours = Program { path: copy, is_nobody, ..program.clone() };
    }
    let mut scene = Scene::at(&ours, Place::Folder(data.clone()), folder)?;

    // Files that are open stay so: what needs a new one is refused.
    let blobs = data.join("blobs");
    let rights = set_rights(&blobs, 0o555)?;
    let case = format!("{HOME}/incidenten/1/bewijs");
    let refused = scene.office.browser.upload(scene.office.at, &case, "bestanden", "log.txt", b"een regel")?;
    tells(&refused, 503, &["Het programma mag niet schrijven waar de gegevens staan"])?;
    scene.write()?;
    set_back(&rights)?;
    let taken = scene.office.browser.upload(scene.office.at, &case, "bestanden", "log.txt", b"een regel")?;
    ensure!(taken.status == 303, "it stays refused: {} {}", taken.status, taken.html);

    // A server that may not write does not start, and says why.
    let _ = scene.server.kill();
    let rights = set_rights(&data, 0o555)?;
    let said = match ours.try_serve(&scene.place, scene.server.address)? {
        Ok(_) => anyhow::bail!("it serves from a folder in which it may not write"),
        Err(ended) => ended.said,
    };
    ensure!(said.contains("this program may not write there"), "it says not why: {said}");
    set_back(&rights)?;
    scene.start_again(&ours)?;
    scene.write()?;
    scene.is_whole(program)?;
    let recovered = "by itself once the rights were back; a start without rights says so and stops".to_owned();
    Ok(Seen::Borne { shown: shown(&refused), recovered })
}

type Rights = Vec<(std::path::PathBuf, u32)>;

/// Takes the right to write from a folder and everything below it; what the rights were.
fn set_rights(folder: &Path, mode: u32) -> Result<Rights> {
    let mut were = Vec::new();
    let mut places = vec![folder.to_owned()];
    while let Some(place) = places.pop() {
        let known = std::fs::metadata(&place)?;
        were.push((place.clone(), known.permissions().mode()));
        if known.is_dir() {
            for entry in std::fs::read_dir(&place)? {
                places.push(entry?.path());
            }
        }
        let mode = if known.is_dir() { mode } else { mode & 0o444 };
        std::fs::set_permissions(&place, PermissionsExt::from_mode(mode))?;
    }
    Ok(were)
}

fn set_back(rights: &Rights) -> Result<()> {
    for (place, mode) in rights {
        std::fs::set_permissions(place, PermissionsExt::from_mode(*mode))?;
    }
    Ok(())
}

pub(super) fn database(program: &Program) -> Result<Seen> {
    let cluster = match cluster(None)? {
        Ok(cluster) => cluster,
        Err(skipped) => return Ok(skipped),
    };
    let mut scene = Scene::in_cluster(program, &cluster)?;
    // As after a switch to a standby: the sessions go, and those that follow may only read.
    let set = async |is_read_only: bool| {
        let mut raw = PgConnection::connect(cluster.address()).await?;
        sqlx::raw_sql("SET default_transaction_read_only = off").execute(&mut raw).await?;
        let set = if is_read_only {
            "ALTER DATABASE postgres SET default_transaction_read_only = on"
        } else {
            "ALTER DATABASE postgres RESET default_transaction_read_only"
        };
        sqlx::raw_sql(set).execute(&mut raw).await?;
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sqlx::raw_sql(cut).execute(&mut raw).await?;
        Ok(())
    };
    with_runtime(set(true))?;
    std::thread::sleep(Duration::from_millis(300));
    let refused = scene.write_until_refused(3)?;
    let refused = if refused.html.contains("alleen-lezen") { refused } else { scene.write_until_refused(1)? };
    let told = ["Het programma mag niet schrijven waar de gegevens staan", "Wat u net verstuurde, is niet bewaard"];
    tells(&refused, 503, &told)?;
    let page = scene.office.timeline(1)?;
    ensure!(page.status == 200, "reading fails too: {} {}", page.status, page.html);
    with_runtime(set(false))?;
    let took = scene.write_again(Duration::from_secs(10))?;
    scene.is_whole(program)?;
    let recovered = format!("by itself, {:.1} s after it could be written", took.as_secs_f64());
    Ok(Seen::Borne { shown: shown(&refused), recovered })
}
