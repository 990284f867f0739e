//! The folder for temporary files, which need not be on the disk of the store: what fails there is no trouble of the store, and
//! is told as what it is.

use std::path::{Path, PathBuf};

use facts::Text;
use register::ExportError;

use crate::{Error, Trouble};

/// What could not be written in the folder for temporary files.
#[derive(Debug, thiserror::Error)]
#[error("cannot write in the folder for temporary files {}: {cause}", folder.display())]
pub struct TemporaryFile {
    pub folder: PathBuf,
    pub trouble: Trouble,
    cause: Box<dyn std::error::Error + Send + Sync>,
}

impl TemporaryFile {
    /// What people are told: what happened, what is safe, what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        let folder = self.folder.display();
        let (nl, en) = match self.trouble {
            Trouble::Full => ("is geen ruimte meer", "there is no room left"),
            _ => ("kan het programma niet schrijven", "the program cannot write"),
        };
        Text::made(
            format!(
                "Dit bestand is nu niet te maken: in de map voor tijdelijke bestanden van de server ({folder}) {nl}. Er is niets \
                 gewijzigd, en wat bewaard is, is veilig. Vraag uw beheerder om dat te verhelpen, of om TMPDIR op een map met meer \
                 ruimte te zetten, en probeer het dan opnieuw."
            ),
            format!(
                "This file cannot be made right now: in the server’s folder for temporary files ({folder}) {en}. Nothing was \
                 changed, and what was saved is safe. Ask your administrator to put that right, or to set TMPDIR to a folder with \
                 more room, and then try again."
            ),
        )
    }

    /// What whoever runs the program can do about it.
    #[must_use]
    pub fn remedy(&self) -> Text {
        let folder = self.folder.display();
        match self.trouble {
            Trouble::Full => Text::made(
                format!("maak daar ruimte (`df -h {folder}`), of zet TMPDIR op een map op een schijf met meer ruimte"),
                format!("make room there (`df -h {folder}`), or set TMPDIR to a folder on a disk with more room"),
            ),
            _ => Text::new(
                "kijk of die map er is en of dit programma erin mag schrijven, of zet TMPDIR op een andere map",
                "check that this folder is there and that this program may write in it, or set TMPDIR to another folder",
            ),
        }
    }
}

impl Error {
    /// That a temporary file could not be made or written in this folder.
    #[must_use]
    pub fn of_temporary_file(folder: &Path, error: std::io::Error) -> Self {
        Self::temporary(folder, Trouble::of_file(error.kind()), error.into())
    }

    /// The same of an export that was being written to a temporary file: what kept the store from reading stays as it is.
    #[must_use]
    pub fn of_export_to(self, folder: &Path) -> Self {
        match self {
            Self::Unavailable(trouble, cause) if cause.is::<ExportError>() => Self::temporary(folder, trouble, cause),
            other => other,
        }
    }

    fn temporary(folder: &Path, trouble: Trouble, cause: Box<dyn std::error::Error + Send + Sync>) -> Self {
        Self::Unavailable(trouble, Box::new(TemporaryFile { folder: folder.to_owned(), trouble, cause }))
    }

    /// What failed in the folder for temporary files, where it is that.
    #[must_use]
    pub fn in_temporary_folder(&self) -> Option<&TemporaryFile> {
        match self {
            Self::Unavailable(_, cause) => cause.downcast_ref(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_temporary_disk_is_not_told_as_that_of_the_data() {
        let full = || std::io::Error::from_raw_os_error(28); // ENOSPC
        let folder = Path::new("/var/tmp/own");
        let error = Error::of_temporary_file(folder, full());
        let text = error.text();
        for told in [&text.nl, &text.en] {
            assert!(told.contains("/var/tmp/own") && told.contains("TMPDIR"), "{told}");
        }
        assert!(text.nl.contains("geen ruimte meer") && !text.nl.contains("De schijf van de server"), "{text:?}");
        let told = error.in_temporary_folder().unwrap();
        assert!(told.remedy().en.contains("df -h /var/tmp/own"), "{told}");
        assert!(!error.is_of_the_whole_store());
        let gone = Error::of_temporary_file(folder, std::io::ErrorKind::NotFound.into());
        assert!(gone.text().en.contains("the program cannot write"), "{gone}");
        let store = Error::Unavailable(Trouble::Full, "the database".into()).of_export_to(folder);
        assert!(store.in_temporary_folder().is_none() && store.is_of_the_whole_store());
    }
}
