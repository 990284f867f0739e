//! Whether a folder of lists that somebody named is there, and may be read.

use std::path::{Path, PathBuf};

use facts::Text;

use crate::outcome::Failure;

/// A folder that is not there holds no list, and whoever named it meant another.
pub(crate) fn is_there(folder: &Path) -> Result<(), Failure> {
    let shown = folder.display();
    match std::fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(Failure::Told(Text::made(
            format!(
                "{shown} is een bestand, geen map; geef met --intel-dir de map waarin `dijkwacht intel` lijsten bewaart, of noem één lijst met --intel"
            ),
            format!(
                "{shown} is a file, not a folder; give the folder in which `dijkwacht intel` keeps lists with --intel-dir, or name one list with --intel"
            ),
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Failure::Told(Text::made(
            format!(
                "er is geen map {shown} met lijsten; geef de goede map met --intel-dir, of voeg er een lijst aan toe: dijkwacht intel add LIJST --intel-dir {shown}"
            ),
            format!(
                "there is no folder {shown} with lists; give the right one with --intel-dir, or add a list to it: dijkwacht intel add LIST --intel-dir {shown}"
            ),
        ))),
        Err(error) => Err(Failure::unreadable(folder, &error)),
    }
}

/// Whether whoever we are now may read the folder and all that is in it.
pub(crate) fn may_be_read(folder: &Path) -> Result<(), Failure> {
    let read = || -> Result<(), (PathBuf, std::io::Error)> {
        let of = |path: &Path| {
            let path = path.to_owned();
            move |error| (path, error)
        };
        for entry in std::fs::read_dir(folder).map_err(of(folder))? {
            let path = entry.map_err(of(folder))?.path();
            let is_ours = path.extension().is_some_and(|extension| extension == "toml" || extension == "list");
            if is_ours {
                std::fs::File::open(&path).map_err(of(&path))?;
            }
        }
        Ok(())
    };
    match read() {
        Err((path, error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            let (path, folder, user) = (path.display(), folder.display(), user());
            Err(Failure::Told(Text::made(
                format!(
                    "gebruiker {user}, als wie de sensor kijkt, mag {path} niet lezen; geef dat recht met `chmod -R o+rX {folder}` (en o+x op elke map erboven), of noem met --user een gebruiker die het mag"
                ),
                format!(
                    "user {user}, as whom the sensor watches, may not read {path}; give that right with `chmod -R o+rX {folder}` (and o+x on every folder above it), or name a user who may with --user"
                ),
            )))
        }
        // What else is wrong with a list is said of that list.
        _ => Ok(()),
    }
}

#[cfg(target_os = "linux")]
fn user() -> String {
    sensor::privileges::who_we_are()
}

#[cfg(not(target_os = "linux"))]
fn user() -> String {
    "?".to_owned()
}
