//! What is not what was written: an entry of a register, a stored file. What is said of it, and what is remembered of entries,
//! so that lists and pages that read no entry can say it too.
//!
//! Promises: whatever is told as damaged was looked at just now; once it is right again, nothing is told any more.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use facts::{OrganisationId, Text};
use incident::Permission;

use crate::journal::{ASTRAY, CHANGED, FEWER, MISSING, NO_CHECKPOINT, NO_OPENING, TEXT_GONE, UNSIGNED, is_damaged};
use crate::on_record::damaged;
use crate::{App, Error, SafetyKind, Scope, StoreError, Trouble};

/// How many entries of one register are looked at again.
const MOST_LOOKED_AT: usize = 20;

/// An entry, or a register as a whole, that is not what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedEntry {
    pub organisation: OrganisationId,
    /// Absent: it is about no one entry.
    pub index: Option<u64>,
    /// The incident that it is of, and whose register it is, where that is known.
    pub of: Option<(u64, String)>,
    /// In which way it is not, in English: one of the words in `journal`, or what an export found.
    pub(crate) how: Cow<'static, str>,
}

impl DamagedEntry {
    /// Which it is and what is wrong with it, as people are told it.
    #[must_use]
    pub fn text(&self) -> Text {
        let (mut nl, mut en) = match self.index {
            Some(index) => (format!("Inschrijving {index} van het register"), format!("Entry {index} of the register")),
            None => ("Het register".to_owned(), "The register".to_owned()),
        };
        if let Some((number, register)) = &self.of {
            nl.push_str(&format!(" van {register} (incident {number})"));
            en.push_str(&format!(" of {register} (incident {number})"));
        }
        let how = in_dutch(&self.how);
        Text::made(
            format!("{nl} is niet wat er is opgeschreven: {how}."),
            format!("{en} is not what was written: {}.", self.how),
        )
    }
}

fn in_dutch(how: &str) -> &'static str {
    match how {
        CHANGED => "zij is gewijzigd of beschadigd",
        TEXT_GONE => "haar tekst is weg, en nergens staat dat zij is gewist",
        ASTRAY => "zij is in de database van het ene naar het andere incident verplaatst",
        MISSING => "zij is er niet",
        UNSIGNED => "zij staat achter de nieuwste ondertekende stand: die waarmee zij is ondertekend, is weg",
        NO_OPENING => "wat haar incident opende, ontbreekt ervoor",
        NO_CHECKPOINT => "er staan inschrijvingen in, en de ondertekende stand is weg",
        FEWER => "het incident heeft minder inschrijvingen dan de lijst telt: er is er een weg of verplaatst",
        _ => "het is niet het register dat is ondertekend",
    }
}

impl std::fmt::Display for DamagedEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { organisation, index, of, how } = self;
        if let Some(index) = index {
            write!(f, "entry {index} of ")?;
        }
        match of {
            Some((number, register)) => write!(f, "the register of {register} (incident {number})")?,
            None => write!(f, "the register of organisation {organisation}")?,
        }
        write!(f, " is not what was written: {how}")
    }
}

impl std::error::Error for DamagedEntry {}

/// A stored file that is not what was stored, or not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedFile {
    pub sha256: String,
    /// What it is called.
    pub name: String,
    /// The incident that has it.
    pub incident: u64,
    pub is_missing: bool,
}

impl DamagedFile {
    /// Which it is and what is wrong with it.
    #[must_use]
    pub fn text(&self) -> Text {
        let Self { sha256, name, incident, is_missing } = self;
        let (how_nl, how_en) = match is_missing {
            true => ("is er niet meer", "is not there any more"),
            false => ("is beschadigd: het is niet wat er is bewaard", "is damaged: it is not what was stored"),
        };
        Text::made(
            format!("Het bestand “{name}” van incident {incident} {how_nl} (SHA-256 {sha256})."),
            format!("The file “{name}” of incident {incident} {how_en} (SHA-256 {sha256})."),
        )
    }

    /// What whoever runs the server can do about it: the database is as it was.
    #[must_use]
    pub fn remedy() -> Text {
        Text::new(
            "haal dat bestand uit een back-up (`dijkwacht restore` in een lege map) of van wie het nog heeft, en zet het terug met \
             `dijkwacht evidence put-back BESTAND`; `dijkwacht evidence check` noemt elk bestand dat zo is",
            "take that file from a backup (`dijkwacht restore` into an empty folder) or from whoever still has it, and put it back with \
             `dijkwacht evidence put-back FILE`; `dijkwacht evidence check` names every such file",
        )
    }
}

impl std::fmt::Display for DamagedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { sha256, name, incident, is_missing } = self;
        let how = if *is_missing { "is not in the store any more" } else { "is not what it was when it was stored" };
        write!(f, "file {sha256} (incident {incident}, {name}) {how}")
    }
}

impl std::error::Error for DamagedFile {}

impl From<DamagedFile> for Error {
    fn from(file: DamagedFile) -> Self {
        Self::Unavailable(Trouble::Damaged, Box::new(file))
    }
}

/// Entries that were seen to be damaged since this program started, by whatever read them.
#[derive(Clone, Debug, Default)]
pub struct DamageSeen(Arc<Mutex<BTreeSet<(OrganisationId, u64)>>>);

impl DamageSeen {
    fn note(&self, entry: &DamagedEntry) {
        if let Some(index) = entry.index {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((entry.organisation, index));
        }
    }

    fn of(&self, organisation: OrganisationId) -> Vec<u64> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.range((organisation, 0)..=(organisation, u64::MAX)).map(|(_, index)| *index).collect()
    }
}

impl App {
    /// An error with the number and the register of the incident that it is about, where an entry of it is damaged: whoever
    /// reads that can say what. It is remembered.
    pub(crate) fn named(&self, scope: &Scope, number: u64, mut error: Error) -> Error {
        if let Error::Unavailable(Trouble::Damaged, cause) = &mut error
            && let Some(damaged) = cause.downcast_mut::<DamagedEntry>()
        {
            damaged.of = Some((number, scope.organisation().name.clone()));
            self.damage.note(damaged);
        }
        error
    }

    /// The entries of this register that are known not to be what was written: by what read one, or by the last backup. Each
    /// is looked at again now, and one of an incident is told for all of it.
    pub async fn known_damage(&self, scope: &Scope) -> Result<Vec<DamagedEntry>, Error> {
        if !scope.allows(Permission::ReadRegister) && !scope.allows(Permission::ReadIncident) {
            return Ok(Vec::new());
        }
        let mut suspected: BTreeSet<u64> = self.damage.of(scope.id()).into_iter().collect();
        if let Some(last) = self.store.last_safety(SafetyKind::Backup).await?.filter(|last| !last.is_sound) {
            suspected.extend(entries_in(&last.remark, &scope.organisation().slug));
        }
        let (mut found, mut looked_at) = (Vec::new(), BTreeSet::new());
        for index in suspected.into_iter().take(MOST_LOOKED_AT) {
            let entries = self.store.entries_from(scope, index, 1).await?;
            let Some(entry) = entries.first().filter(|entry| entry.index == index) else {
                // It is not there, and was: what was seen of it, or an entry behind it, says so.
                found.extend(is_damaged(scope.id(), index, MISSING).damaged_entry().cloned());
                continue;
            };
            if !looked_at.insert(entry.incident) {
                continue;
            }
            let history = match self.store.history(scope, entry.incident).await {
                Ok(history) => history,
                // It stands under an incident that nobody can name.
                Err(StoreError::NotFound) => {
                    found.extend(is_damaged(scope.id(), index, ASTRAY).damaged_entry().cloned());
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let Some((index, how)) = damaged(scope.id(), &history)? else { continue };
            let error = self.naming(scope, entry.incident, is_damaged(scope.id(), index, how)).await;
            found.extend(error.damaged_entry().cloned());
        }
        Ok(found)
    }
}

/// The entries of a register that the remark on a backup names, as `RegisterFault` is told behind the register's name.
fn entries_in(remark: &str, slug: &str) -> Vec<u64> {
    let before = format!(" {slug}: entry ");
    let digits = |at: usize| {
        let rest = remark.get(at..).unwrap_or_default();
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    };
    remark.match_indices(&before).filter_map(|(at, found)| digits(at + found.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RegisterFault;

    #[test]
    fn what_a_backup_said_of_a_register_is_found_again() {
        let fault = |index| RegisterFault { entry: Some(index), what: "its body is not the one".to_owned() };
        let remark = format!(
            "monday: NOT AS IT WAS WRITTEN: 2 registers changed or damaged: zorg-noord: {}; zorg-noord: {}; noord: {}; noord: and 2 more",
            fault(3),
            fault(17),
            fault(5)
        );
        assert_eq!(entries_in(&remark, "zorg-noord"), [3, 17]);
        assert_eq!(entries_in(&remark, "noord"), [5]);
        assert_eq!(entries_in(&remark, "zuid"), Vec::<u64>::new());
    }
}
