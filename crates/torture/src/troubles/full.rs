//! The disk is full: a small one of memory, filled to its last byte while people write.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::{Scene, Seen, cluster, is_root, shown, tells};
use crate::server::{Place, Program};

/// A small disk of memory at a folder; unmounted when it goes.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, megabytes: u32) -> Result<Option<Self>> {
        if !is_root() {
            return Ok(None);
        }
        std::fs::create_dir_all(at)?;
        let size = format!("size={megabytes}m,mode=0777");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).output()?;
        Ok(mounted.status.success().then(|| Self(at.to_owned())))
    }

    /// Fills it to the last byte, and keeps it so: what comes free later (of a process that has just ended, of a file system that
    /// gives back late) is taken too, as it is on a disk where others write.
    fn fill(&self) -> Result<Ballast> {
        let place = self.0.join("ballast");
        let mut file = File::create(&place).context("the ballast")?;
        let is_over = Arc::new(AtomicBool::new(false));
        let (is_asked, (full, filled)) = (Arc::clone(&is_over), mpsc::channel());
        let eater = thread::spawn(move || {
            while !is_asked.load(Ordering::Relaxed) {
                for size in [1 << 20, 4096, 1] {
                    while file.write_all(&vec![0; size]).is_ok() {}
                }
                let _ = full.send(());
                thread::sleep(Duration::from_millis(5));
            }
        });
        // Full once is not full yet: a few rounds that found little.
        for _ in 0..50 {
            filled.recv().context("the filling ended")?;
        }
        Ok(Ballast { place, is_over, eater: Some(eater) })
    }
}

/// What fills a disk, for as long as it is there.
struct Ballast {
    place: PathBuf,
    is_over: Arc<AtomicBool>,
    eater: Option<JoinHandle<()>>,
}

impl Drop for Ballast {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(eater) = self.eater.take() {
            let _ = eater.join();
        }
        let _ = std::fs::remove_file(&self.place);
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

const NO_DISK: &str = "no small disk can be mounted (not root, or not allowed)";

pub(super) fn of_the_folder(program: &Program) -> Result<Seen> {
    let folder = TempDir::new()?;
    let at = folder.path().join("disk");
    let Some(disk) = SmallDisk::mount(&at, 24)? else { return Ok(Seen::Skipped(NO_DISK.into())) };
    let mut scene = Scene::at(program, Place::Folder(at.join("data")), TempDir::new()?)?;

    let ballast = disk.fill()?;
    // The room that the write-ahead log has already is used first.
    let refused = scene.write_until_refused(5_000)?;
    let told = ["De schijf van de server is vol", "Wat u net verstuurde, is niet bewaard", "Verstuur opnieuw"];
    tells(&refused, 507, &told)?;
    let list = scene.office.browser.get(scene.office.at, crate::office::HOME)?;
    ensure!(list.status == 200, "reading fails too: {} {}", list.status, list.html);
    // A backup elsewhere needs no room here.
    let mut backup = vec!["backup".into(), folder.path().join("full.backup").into(), "--unencrypted".into()];
    backup.extend(scene.place.options());
    let backup = program.run(&backup)?;
    ensure!(backup.code == Some(0), "backup: {}", backup.said);

    drop(ballast);
    let took = scene.write_again(Duration::from_secs(5))?;
    scene.is_whole(program)?;

    // A server that starts on a full disk serves, or says why not.
    let _ = scene.server.kill();
    let ballast = disk.fill()?;
    let at = scene.server.address;
    let start = match program.try_serve(&scene.place, at)? {
        Ok(server) => {
            scene.server = server;
            "a start on the full disk serves for reading"
        }
        Err(ended) => {
            ensure!(ended.said.contains("the disk is full"), "it says not why: {}", ended.said);
            "a start on the full disk says so and stops"
        }
    };
    drop(ballast);
    scene.start_again(program)?;
    scene.write()?;
    scene.is_whole(program)?;
    after_a_clean_stop(program, &mut scene, &disk)?;
    let recovered =
        format!("by itself, {:.1} s after there was room; {start}, also after a clean stop", took.as_secs_f64());
    Ok(Seen::Borne { shown: shown(&refused), recovered })
}

/// Stopped in good order, nothing of SQLite's own stands beside the database any more, and there is no room for it. What is there
/// can be read all the same.
fn after_a_clean_stop(program: &Program, scene: &mut Scene, disk: &SmallDisk) -> Result<()> {
    scene.server.stop()?;
    let ballast = disk.fill()?;
    let mut list = vec!["organisation".into(), "list".into()];
    list.extend(scene.place.options());
    let listed = program.run(&list)?;
    ensure!(listed.code == Some(0), "a verb that reads: {}", listed.said);
    scene.server = program.serve(&scene.place, scene.server.address)?;
    ensure!(scene.server.said().contains("is full: this server shows what is there"), "{}", scene.server.said());
    let list = scene.office.browser.get(scene.office.at, crate::office::HOME)?;
    ensure!(list.status == 200, "a server that reads: {} {}", list.status, list.html);
    scene.server.stop()?;
    drop(ballast);
    scene.start_again(program)?;
    scene.write()?;
    scene.is_whole(program)
}

pub(super) fn of_the_cluster(program: &Program) -> Result<Seen> {
    let folder = TempDir::new()?;
    // The database's user must reach what is mounted in it.
    Command::new("chmod").arg("755").arg(folder.path()).status()?;
    let at = folder.path().join("disk");
    let Some(disk) = SmallDisk::mount(&at, 160)? else { return Ok(Seen::Skipped(NO_DISK.into())) };
    let mut cluster = match cluster(Some(&at))? {
        Ok(cluster) => cluster,
        Err(skipped) => return Ok(skipped),
    };
    let mut scene = Scene::in_cluster(program, &cluster)?;
    let ballast = disk.fill()?;
    let refused = scene.write_until_refused(20_000)?;
    // A table that cannot grow refuses the write; a log that cannot grow stops PostgreSQL itself.
    ensure!([507, 503].contains(&refused.status), "{} {}", refused.status, refused.html);
    ensure!(refused.html.contains("Wat eerder bewaard was, is veilig"), "{}", refused.html);
    drop(ballast);
    let recovered = match scene.write_again(Duration::from_secs(8)) {
        Ok(took) => format!("by itself, {:.1} s after there was room", took.as_secs_f64()),
        Err(_) => {
            cluster.obey("resume_postgres")?;
            scene.write_again(Duration::from_secs(20))?;
            "PostgreSQL had stopped itself; once it was started, by itself".to_owned()
        }
    };
    scene.is_whole(program)?;
    let shown = shown(&refused);
    drop((scene, cluster));
    drop(disk);
    Ok(Seen::Borne { shown, recovered })
}
