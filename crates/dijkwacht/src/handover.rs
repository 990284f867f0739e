//! Checkpoints handed over as files: the newest of every register, in a folder where its reader can get at it.
//!
//! Promises: what stands in the folder is never written over. Where a file of the same number of entries has another root,
//! which is another history of that register, ours comes beside it and the log says so.

use std::io::ErrorKind;
use std::path::Path;

use app::App;

use crate::edge;
use crate::outcome::Failure;

/// How many bytes of a root tell one history from another, in a name.
const TOLD_APART: usize = 4;

/// Hands over the newest checkpoint of every register, once.
pub(crate) async fn hand_over(app: &App, folder: &Path) -> Result<(), anyhow::Error> {
    for (slug, name, note) in app.newest_checkpoints().await? {
        let own = folder.join(&slug);
        let mut place = own.join(&name);
        if let Some(there) = read(&place)? {
            let root = root(&note);
            if self::root(&there) == root {
                continue;
            }
            let beside = own.join(beside(&name, root));
            if beside.exists() {
                continue;
            }
            tracing::error!(
                organisation = slug,
                there = %place.display(),
                written = %beside.display(),
                "ANOTHER HISTORY of this register was handed over before: the checkpoint there is of as many entries and has \
                 another root, as after an older backup was restored. Nothing was written over, and ours was written beside it: \
                 tell whoever keeps these files why"
            );
            place = beside;
        }
        make_folder(&own, folder)?;
        edge::write(&place, note.as_bytes()).map_err(|failure| anyhow::anyhow!("{failure}"))?;
    }
    Ok(())
}

/// What stands there, if anything. What is no text says nothing of ours.
fn read(place: &Path) -> Result<Option<String>, anyhow::Error> {
    match std::fs::read(place) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(anyhow::Error::new(error).context(format!("{} cannot be read", place.display()))),
    }
}

/// The root that a checkpoint is about; absent where it is none.
fn root(note: &str) -> Option<register::Hash> {
    let signed: String = note.lines().take(3).flat_map(|line| [line, "\n"]).collect();
    register::Checkpoint::parse(&signed).ok().map(|checkpoint| checkpoint.root)
}

/// A name of its own for a history of its own, the same each time.
fn beside(name: &str, root: Option<register::Hash>) -> String {
    let root: String = root.iter().flatten().take(TOLD_APART).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{root}.txt", name.strip_suffix(".txt").unwrap_or(name))
}

/// The folder of one register. The one that holds it is made by whoever configured it: one that is not mounted now is no
/// folder to fill.
fn make_folder(own: &Path, folder: &Path) -> Result<(), anyhow::Error> {
    match std::fs::create_dir(own) {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(anyhow::anyhow!(
            "the folder {} to which checkpoints are handed over ([handover] in the configuration) is not there: mount its disk, \
             or make it again; what was not handed over follows by itself",
            folder.display()
        )),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(anyhow::anyhow!("{}", Failure::unwritable(own, &error)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wiring::{self, DataFolder};

    /// A register by one name, with as many reports, in a folder of its own.
    async fn register(folder: &Path, reports: usize) -> App {
        let app = wiring::open(&DataFolder::at(folder)).await.unwrap();
        app.new_organisation("Bakkerij Jansen", None, edge::now()).await.unwrap();
        for _ in 0..reports {
            report(&app).await;
        }
        app
    }

    async fn report(app: &App) {
        let scope = app.permit_program("bakkerij-jansen").await.unwrap();
        let report = app::Report { what: "Een lijst is weg".into(), ..app::Report::default() };
        app.report(&scope, report, edge::now()).await.unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn the_newest_checkpoint_is_handed_over_as_a_file_once() {
        let (folder, handed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let app = register(folder.path(), 0).await;
        hand_over(&app, handed.path()).await.unwrap();
        assert!(names(handed.path()).is_empty(), "an empty register has no checkpoint");
        let own = handed.path().join("bakkerij-jansen");
        for files in 1..=2 {
            report(&app).await;
            for _ in 0..2 {
                hand_over(&app, handed.path()).await.unwrap();
            }
            assert_eq!(names(&own).len(), files);
        }
        let scope = app.permit_program("bakkerij-jansen").await.unwrap();
        let note = app.store.checkpoint(&scope).await.unwrap().unwrap();
        let size = note.lines().nth(1).unwrap();
        let file = own.join(format!("checkpoint-bakkerij-jansen-{size}.txt"));
        assert_eq!(std::fs::read_to_string(file).unwrap(), note, "as it was signed");
    }

    #[tokio::test]
    async fn a_folder_that_is_gone_is_named_with_what_to_do_and_gets_all_once_it_is_back() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let app = register(folder.path(), 1).await;
        let handed = outside.path().join("usb");
        let said = hand_over(&app, &handed).await.unwrap_err().to_string();
        assert!(said.contains(&handed.display().to_string()) && said.contains("mount its disk"), "{said}");
        assert!(!handed.exists(), "one that is not mounted is no folder to fill");
        std::fs::create_dir(&handed).unwrap();
        hand_over(&app, &handed).await.unwrap();
        assert_eq!(names(&handed.join("bakkerij-jansen")).len(), 1);
    }

    #[tokio::test]
    async fn another_history_is_handed_over_beside_the_first() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let handed = tempfile::tempdir().unwrap();
        let own = handed.path().join("bakkerij-jansen");
        hand_over(&register(first.path(), 1).await, handed.path()).await.unwrap();
        let [name] = names(&own).try_into().unwrap();
        let before = std::fs::read(own.join(&name)).unwrap();

        let app = register(second.path(), 1).await;
        for _ in 0..2 {
            hand_over(&app, handed.path()).await.unwrap();
            assert_eq!(names(&own).len(), 2, "once");
        }
        assert_eq!(std::fs::read(own.join(&name)).unwrap(), before, "nothing is written over");
        let scope = app.permit_program("bakkerij-jansen").await.unwrap();
        let note = app.store.checkpoint(&scope).await.unwrap().unwrap();
        let beside = beside(&name, root(&note));
        assert_eq!(beside.len(), name.len() + 1 + 2 * TOLD_APART, "{beside}");
        assert_eq!(std::fs::read_to_string(own.join(beside)).unwrap(), note);

        // A file that is no checkpoint at all, or was cut off, is not taken for one that was handed over.
        std::fs::write(own.join(&name), "").unwrap();
        for more in names(&own).into_iter().filter(|other| *other != name) {
            std::fs::remove_file(own.join(more)).unwrap();
        }
        hand_over(&app, handed.path()).await.unwrap();
        assert_eq!(names(&own).len(), 2);
    }
}
