//! Rows that wait, and when they are written: by number, by time, when the hour is over, and at the end.
//!
//! Promises: what waits is bounded in rows; what the disk does not take is tried again, said once, and let go, counted,
//! when there is no room for it; the folder stays within its days and bytes.

use std::io;
use std::path::PathBuf;

use facts::Text;
use jiff::{SignedDuration, Timestamp};

use crate::columns::Record;
use crate::disk::{Disk, days_before};
use crate::name::hour_of;
use crate::row::{DnsRow, FlowRow, Row};
use crate::write::GROUP_ROWS;

/// How long rows wait at most before they are written: what a crash may cost.
pub const WRITTEN_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// How long until a disk that took nothing is tried again.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);

/// What is kept, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    pub folder: PathBuf,
    /// For how many days; 0: nothing is kept, and what is there goes.
    pub days: u16,
    /// The most that the folder takes, in bytes.
    pub limit_bytes: u64,
    /// What is left free on the disk for what matters more, in bytes.
    pub spare_bytes: u64,
}

/// What waits, and the folder.
#[derive(Debug)]
pub(crate) struct Shelf {
    keeping: Keeping,
    disk: Disk,
    /// The hour that what waits belongs to.
    hour: i64,
    flows: Vec<FlowRow>,
    dns: Vec<DnsRow>,
    /// When what waits is written, on the clock of [`Self::turn`]; absent: it was not looked at yet.
    due_at: Option<Timestamp>,
    /// Why the disk takes nothing, as it was said.
    trouble: Option<String>,
    /// For which hour it was last said that room is short.
    full_said: Option<i64>,
    lost: u64,
    /// The last flush that was asked for, and the last of which nothing waits any more.
    asked: u64,
    flushed: u64,
    /// Something was written since, for which nobody asked.
    is_ahead: bool,
    notes: Vec<Text>,
}

impl Shelf {
    /// What an earlier run left stays, but for what it left half-written.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub(crate) fn open(keeping: Keeping) -> io::Result<Self> {
        let disk = Disk::open(&keeping.folder)?;
        if keeping.days > 0 {
            disk.make_folder()?;
        }
        let mut shelf = Self {
            keeping,
            disk,
            hour: 0,
            flows: Vec::new(),
            dns: Vec::new(),
            due_at: None,
            trouble: None,
            full_said: None,
            lost: 0,
            asked: 0,
            flushed: 0,
            is_ahead: false,
            notes: Vec::new(),
        };
        shelf.shrink();
        Ok(shelf)
    }

    /// For how many days from here on.
    pub(crate) fn keep_days(&mut self, days: u16) {
        self.keeping.days = days;
        if days == 0 {
            self.flows.clear();
            self.dns.clear();
            self.flushed = self.asked;
        }
    }

    /// Takes rows that were told in that hour.
    pub(crate) fn take(&mut self, hour: i64, rows: Vec<Row>) {
        if self.keeping.days == 0 {
            return;
        }
        if hour != self.hour {
            self.write_all();
            self.let_go();
            self.hour = hour;
            self.due_at = None;
        }
        for row in rows {
            match row {
                Row::Flow(row) => self.flows.push(*row),
                Row::Dns(row) => self.dns.push(*row),
            }
        }
        if self.flows.len() + self.dns.len() >= GROUP_ROWS {
            self.write_all();
            self.let_go();
        }
    }

    /// It is `now`: writes what is due, and removes what is too old.
    pub(crate) fn turn(&mut self, now: Timestamp) {
        let due_at = *self.due_at.get_or_insert_with(|| later(now, WRITTEN_EVERY));
        // A clock that was set back makes nothing wait for ever.
        if now >= due_at || later(now, WRITTEN_EVERY) < due_at {
            self.write_all();
            self.due_at = Some(later(now, if self.trouble.is_some() { AGAIN } else { WRITTEN_EVERY }));
        }
        let oldest = if self.keeping.days == 0 { Timestamp::MAX } else { days_before(now, self.keeping.days) };
        match self.disk.forget_before(oldest, now) {
            Ok(0) => {}
            Ok(removed) if self.keeping.days == 0 => {
                self.notes.push(Text::made(
                    format!("het archief bewaart niets meer: {removed} bestanden zijn verwijderd"),
                    format!("the archive keeps nothing any more: {removed} files were removed"),
                ));
            }
            // In its time, as was agreed: nothing to say.
            Ok(_) => {}
            Err(error) => self.undeletable(&error),
        }
        if self.full_said.is_some_and(|hour| hour != hour_of(now)) {
            self.full_said = None;
        }
    }

    /// Writes what waits now. [`Self::flushed`] is that number once nothing waits any more of what was taken before.
    pub(crate) fn flush(&mut self, number: u64) {
        self.asked = number;
        self.write_all();
        self.is_ahead = false;
        // Its own time is counted from here; a disk that took nothing is tried again in its turn.
        if self.trouble.is_none() {
            self.due_at = None;
        }
    }

    /// The last flush of which everything is on the disk, or was let go and counted.
    pub(crate) fn flushed(&self) -> u64 {
        self.flushed
    }

    /// Whether something was written since the last flush was asked for.
    pub(crate) fn is_ahead(&self) -> bool {
        self.is_ahead
    }

    /// Nothing more comes.
    pub(crate) fn finish(&mut self) {
        self.write_all();
        self.let_go();
        if self.lost > 0 {
            let lost = self.lost;
            self.notes.push(Text::made(
                format!("let op: {lost} regels met metadata zijn losgelaten en staan niet in het archief"),
                format!("warning: {lost} rows of metadata were let go and are not in the archive"),
            ));
        }
    }

    /// Counts rows that were let go before they came here.
    pub(crate) fn count_lost(&mut self, rows: u64) {
        if self.lost == 0 && rows > 0 {
            self.notes.push(Text::new(
                "let op: het archief houdt het niet bij: regels met metadata worden losgelaten",
                "warning: the archive cannot keep up: rows of metadata are let go",
            ));
        }
        self.lost = self.lost.saturating_add(rows);
    }

    /// What is to be said since this was last asked.
    pub(crate) fn notes(&mut self) -> Vec<Text> {
        std::mem::take(&mut self.notes)
    }

    fn write_all(&mut self) {
        if self.flows.is_empty() && self.dns.is_empty() {
            self.flushed = self.asked;
            return;
        }
        let written = self.has_room().and_then(|()| {
            let flows = append(&mut self.disk, self.hour, &mut self.flows);
            flows.and(append(&mut self.disk, self.hour, &mut self.dns))
        });
        if written.is_ok() {
            self.flushed = self.asked;
            self.is_ahead = true;
        }
        match (written, &self.trouble) {
            (Ok(()), None) => {}
            (Ok(()), Some(_)) => {
                self.trouble = None;
                let lost = self.lost;
                self.notes.push(Text::made(
                    format!("het archief wordt weer geschreven; {lost} regels zijn losgelaten"),
                    format!("the archive is written again; {lost} rows were let go"),
                ));
            }
            (Err(error), None) => {
                let folder = self.disk.folder().display().to_string();
                let why = self.why_not(&error);
                self.notes.push(Text::made(
                    format!(
                        "let op: het archief in {folder} is niet te schrijven: {}; metadata wacht in het geheugen zolang er plaats is, en bevindingen gaan door",
                        why.nl
                    ),
                    format!(
                        "warning: the archive in {folder} cannot be written: {}; metadata waits in memory as far as there is room, and findings go on",
                        why.en
                    ),
                ));
                self.trouble = Some(error.to_string());
            }
            (Err(error), Some(_)) => self.trouble = Some(error.to_string()),
        }
        self.shrink();
    }

    /// Why it cannot be written, for people.
    fn why_not(&self, error: &io::Error) -> Text {
        match (error.kind(), self.disk.free_bytes()) {
            (io::ErrorKind::StorageFull, Some(free)) => Text::made(
                format!("op de schijf is nog {} MiB vrij, en dat is voor bevindingen; maak er ruimte op", free >> 20),
                format!("the disk has {} MiB left, which are for findings; make room on it", free >> 20),
            ),
            _ => Text::made(format!("melding: {error}"), error.to_string()),
        }
    }

    /// What matters more than an archive needs room, too.
    fn has_room(&self) -> io::Result<()> {
        match self.disk.free_bytes() {
            Some(free) if free < self.keeping.spare_bytes => {
                Err(io::Error::new(io::ErrorKind::StorageFull, format!("{} MiB left", free >> 20)))
            }
            _ => Ok(()),
        }
    }

    /// What could not be written, and stands in the way of what comes.
    fn let_go(&mut self) {
        let waiting = self.flows.len() + self.dns.len();
        self.lost = self.lost.saturating_add(waiting as u64);
        self.flows.clear();
        self.dns.clear();
        self.flushed = self.asked;
    }

    fn shrink(&mut self) {
        match self.disk.shrink_to(self.keeping.limit_bytes) {
            Ok(0) => {}
            Ok(removed) if self.full_said.is_none() => {
                self.full_said = Some(self.hour);
                let room = self.keeping.limit_bytes >> 20;
                self.notes.push(Text::made(
                    format!(
                        "let op: het archief is vol ({room} MiB): de {removed} oudste bestanden zijn voor hun tijd verwijderd; --keep-mib geeft meer ruimte"
                    ),
                    format!(
                        "warning: the archive is full ({room} MiB): the {removed} oldest files were removed before their time; --keep-mib gives it more room"
                    ),
                ));
            }
            Ok(_) => {}
            Err(error) => self.undeletable(&error),
        }
    }

    fn undeletable(&mut self, error: &io::Error) {
        let folder = self.disk.folder().display();
        self.notes.push(Text::made(
            format!("let op: een bestand in {folder} is niet te verwijderen: {error}; verwijder het zelf"),
            format!("warning: a file in {folder} cannot be removed: {error}; remove it yourself"),
        ));
    }
}

fn append<R: Record>(disk: &mut Disk, hour: i64, rows: &mut Vec<R>) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    rows.sort_by_key(Record::at);
    disk.append(hour, rows)
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
