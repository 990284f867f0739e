//! Stored files that are damaged or gone, named, with what to do about them.

use app::{App, Damaged};

use crate::counted::counted;
use crate::outcome::Failure;

/// A file that is not what was stored, of one incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lost {
    organisation: String,
    file: app::LostFile,
}

/// All of them, of every organisation.
pub(crate) async fn files(app: &App) -> Result<Vec<Lost>, Failure> {
    let mut lost = Vec::new();
    for organisation in app.store.organisations().await? {
        let scope = app.permit_program(&organisation.slug).await?;
        let checked = app.check_files(&scope).await?;
        let of_it = checked.damaged.into_iter().chain(checked.missing);
        lost.extend(of_it.map(|file| Lost { organisation: organisation.slug.clone(), file }));
    }
    Ok(lost)
}

/// Refuses to copy everything where a file is gone: of one that is damaged the copying tells.
pub(crate) async fn refuse_missing(app: &App, damaged: Damaged) -> Result<(), Failure> {
    if damaged == Damaged::Refused && app.lacks_files().await? {
        return Err(named(app, Failure::No("a stored file is gone".to_owned())).await);
    }
    Ok(())
}

/// Why everything could not be copied: the files, where it is for them; otherwise the failure as it was.
pub(crate) async fn named(app: &App, failure: Failure) -> Failure {
    match files(app).await {
        Ok(lost) if !lost.is_empty() => Failure::No(format!(
            "{}. {PUT_BACK}. Until then: the same with --without-damaged, which leaves them out",
            in_words(&lost)
        )),
        // What keeps the files from being looked at is not what to tell.
        Ok(_) | Err(_) => failure,
    }
}

/// How a file comes back.
pub(crate) const PUT_BACK: &str = "Where you still have a file, or an older backup with it (restore that one elsewhere): \
    `dijkwacht evidence put-back FILE`";

/// What a file is called, where that is known.
pub(crate) fn called(name: &str) -> String {
    if name.is_empty() { "a file whose name cannot be read".to_owned() } else { format!("{name:?}") }
}

/// Which they are, in one line.
pub(crate) fn in_words(lost: &[Lost]) -> String {
    let each = lost.iter().map(|Lost { organisation, file }| {
        format!("incident {} of {organisation}, {} (SHA-256 {})", file.incident, called(&file.name), file.sha256)
    });
    format!("{} damaged or gone: {}", counted(lost.len() as u64, "stored file"), each.collect::<Vec<_>>().join("; "))
}
