//! Backups by themselves: one server of all makes one when it is due, and old ones age out.

use std::path::{Path, PathBuf};

use app::{App, Damaged, SafetyKind, SafetyNote};
use backup::{Lock, Recipient};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::changed::{self, Changed};
use super::{lost, make, read_recipients, secrets, told};
use crate::edge;
use crate::outcome::Failure;
use crate::place::DataFolder;

/// What a backup of ours is called, before and after the moment it was made.
const NAME: (&str, &str) = ("dijkwacht-", ".backup");
/// The moment in a name: it sorts, and every file system takes it.
const MOMENT: &str = "%Y%m%dT%H%M%SZ";

/// `[backup]` in the configuration file. Nothing is backed up until a folder and a recipient are given: a backup that nobody
/// can open, or that lies on the same disk unasked, would only look like one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where they are written; best on another disk, and copied to another building.
    folder: Option<PathBuf>,
    /// Public keys (age1…) of who may open them; the server itself cannot.
    #[serde(default)]
    recipients: Vec<String>,
    /// How often, in hours or days: `24h` unless said, since a day's work can be done again from memory and mail.
    every: Option<String>,
    /// How long they are kept: 35 days unless said, so that a month's end is always there, and what was erased leaves the
    /// backups too.
    keep_days: Option<u16>,
}

/// What is to be done, checked.
#[derive(Clone)]
pub(crate) struct Plan {
    folder: PathBuf,
    recipients: Vec<Recipient>,
    every: SignedDuration,
    days: u16,
    keep: SignedDuration,
}

impl Config {
    /// The plan; nothing where no backups are asked for.
    pub(crate) fn plan(&self) -> Result<Option<Plan>, Failure> {
        let wrong = |what: String| Failure::Input(format!("configuration, [backup]: {what}"));
        let (Some(folder), [_, ..]) = (&self.folder, self.recipients.as_slice()) else {
            if self.folder.is_some() || !self.recipients.is_empty() {
                return Err(wrong(
                    "`folder` and `recipients` go together; `dijkwacht backup-key FILE` makes a key".to_owned(),
                ));
            }
            return Ok(None);
        };
        let recipients = read_recipients(&self.recipients, "configuration, [backup]: `recipients`")?;
        let every = self.every.as_deref().unwrap_or("24h");
        let every: SignedDuration = match every.strip_suffix('d').map(str::parse::<i64>) {
            Some(Ok(days)) => SignedDuration::from_hours(days.clamp(0, 10_000) * 24),
            _ => every.parse().map_err(|_| wrong(format!("`every` is `{every}`; write it like 12h or 1d")))?,
        };
        if every < SignedDuration::from_hours(1) || every > SignedDuration::from_hours(24 * 31) {
            return Err(wrong("`every` is between 1h and 31d".to_owned()));
        }
        let days = self.keep_days.unwrap_or(35);
        let keep = SignedDuration::from_hours(24 * i64::from(days));
        if keep < every {
            return Err(wrong(
                "`keep_days` is shorter than `every`: there would be no backup at all for a while".to_owned(),
            ));
        }
        Ok(Some(Plan { folder: folder.clone(), recipients, every, days, keep }))
    }
}

impl Plan {
    /// Refuses a folder that is not there: a disk that is not mounted now is told at the start, and not at night.
    pub(crate) fn with_folder(self) -> Result<Self, Failure> {
        if self.folder.is_dir() {
            return Ok(self);
        }
        Err(Failure::Input(format!(
            "configuration, [backup]: `folder` {} is no folder; make it first, or mount its disk",
            self.folder.display()
        )))
    }
}

/// The plan, and whose data it is about: a job of `work`, which sees to it that one server does it when it is due.
#[derive(Clone)]
pub(crate) struct Scheduled {
    pub(crate) plan: Plan,
    pub(crate) place: DataFolder,
}

impl Scheduled {
    pub(crate) fn every(&self) -> SignedDuration {
        self.plan.every
    }

    /// For how many days they are kept.
    pub(crate) fn days(&self) -> u16 {
        self.plan.days
    }

    /// Lets old ones in this server's own folder age out, whichever server makes the new ones; how many. Nothing goes while the
    /// last one is not whole, or is long ago, or the time is not known.
    pub(crate) async fn age_out(&self, app: &App, now: Timestamp) -> Result<usize, Failure> {
        let Plan { folder, every, keep, .. } = &self.plan;
        let last = app.store.last_safety(SafetyKind::Backup).await?;
        let Some(last) = last.filter(|last| last.is_sound && now.duration_since(last.held_at) < *every * 2) else {
            return Ok(0);
        };
        if app.clock_leap(now).await?.is_some() {
            return Ok(0);
        }
        // One that was made by hand may have been put anywhere, and thrown away since.
        let elsewhere = last.remark.split_once(": ").and_then(|(name, _)| made_at(name));
        age_out(folder, *keep, now, elsewhere)
    }

    /// Makes a backup, and lets old ones age out; what there is to say of it. A failure is remembered, for whoever looks
    /// whether there is a backup.
    pub(crate) async fn make(&self, app: &App, now: Timestamp) -> Result<String, Failure> {
        let Self { plan, place } = self;
        let to = plan.folder.join(format!("{}{}{}", NAME.0, now.strftime(MOMENT), NAME.1));
        // One damaged file, or one entry that was changed, keeps nothing else from being safe.
        let lock = Lock::Recipients(plan.recipients.clone());
        match make::make(app, place, secrets(place)?, &to, lock, (Damaged::LeftOut, Changed::Copied)).await {
            Ok(made) => {
                // An older one may be the last that has what is damaged or changed now, as it was.
                let is_sound = made.is_sound();
                let leap = app.clock_leap(now).await?;
                let is_time_known = leap.is_none();
                let gone = if is_sound && is_time_known { age_out(&plan.folder, plan.keep, now, None)? } else { 0 };
                let mut said = format!("backup {} made and checked: {}", to.display(), told(&made.registers));
                if gone > 0 {
                    said = format!("{said}; {gone} old ones deleted");
                }
                if let Some(leap) = leap {
                    said = format!("{said}; no old backup is deleted meanwhile: {leap}");
                }
                if !changed::are_sound(&made.registers) {
                    let (wrong, remedy) = (changed::in_words(&made.registers), changed::remedy(place));
                    said = format!("{said}; {wrong}; no old backup is deleted meanwhile. {remedy}");
                }
                if !made.left_out.is_empty() {
                    let lost = lost::in_words(&made.left_out);
                    said = format!("{said}; NOT WHOLE: {lost}; no old backup is deleted meanwhile. {}", lost::PUT_BACK);
                }
                Ok(match made.unremembered {
                    Some(why) => format!("{said}; it is not remembered here: {why}"),
                    None => said,
                })
            }
            Err(failure) => {
                let id = app.chance.id(now)?;
                let remark = format!("{}: {failure}", to.display());
                let note = SafetyNote { id, kind: SafetyKind::Backup, held_at: now, is_sound: false, remark };
                // What keeps it from being remembered is often what kept it from being made, and is not what to tell.
                if let Err(why) = app.store.note_safety(&note).await {
                    tracing::warn!(%why, "that the backup failed is not remembered here");
                }
                Err(failure)
            }
        }
    }
}

/// When a backup of ours was made, by its name.
fn made_at(name: &str) -> Option<Timestamp> {
    let moment = name.strip_prefix(NAME.0)?.strip_suffix(NAME.1)?;
    let made_at = jiff::civil::DateTime::strptime(MOMENT, moment).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(made_at.timestamp())
}

/// Deletes those of our backups that are older than they are kept, and nothing else in the folder. The newest stays, unless a
/// newer one is known to be `elsewhere`: what was erased would stay for ever in a folder that gets none any more.
fn age_out(
    folder: &Path,
    keep: SignedDuration,
    now: Timestamp,
    elsewhere: Option<Timestamp>,
) -> Result<usize, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let mut ours: Vec<(Timestamp, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((made_at(entry.file_name().to_str()?)?, entry.path()))
        })
        .collect();
    ours.sort();
    let is_newer_elsewhere = |newest: &(Timestamp, PathBuf)| elsewhere.is_some_and(|elsewhere| elsewhere > newest.0);
    if !ours.last().is_some_and(is_newer_elsewhere) {
        ours.pop();
    }
    let mut gone = 0;
    for (_, path) in ours.into_iter().filter(|(made_at, _)| *made_at + keep < now) {
        std::fs::remove_file(&path).map_err(|error| Failure::unwritable(&path, &error))?;
        gone += 1;
    }
    Ok(gone)
}

/// What an operator should hear at the start: that there is no backup, or none that is recent.
pub(crate) async fn warning(app: &App, plan: Option<&Plan>) -> Result<Option<String>, Failure> {
    let last = app.store.last_safety(SafetyKind::Backup).await?;
    // Who makes them by hand is not reminded every day.
    let every = plan.map_or(SignedDuration::from_hours(24 * 7), |plan| plan.every * 2);
    let is_recent = |note: &SafetyNote| note.is_sound && edge::now().duration_since(note.held_at) < every;
    Ok(match last {
        Some(note) if is_recent(&note) => None,
        Some(note) if !note.is_sound => {
            Some(format!("warning: the last backup failed, or is not sound, at {}: {}", note.held_at, note.remark))
        }
        Some(note) => Some(format!("warning: the last backup is of {}", note.held_at)),
        None if plan.is_some() => None,
        None => Some(
            "warning: nothing is backed up; see `dijkwacht backup --help`, or set [backup] in the configuration file"
                .to_owned(),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Result<Option<Plan>, Failure> {
        toml::from_str::<Config>(text).unwrap().plan()
    }

    #[test]
    fn a_plan_needs_a_folder_and_who_may_open_it() {
        let key = backup::Identity::generate().recipient();
        assert!(config("").unwrap().is_none());
        let plan = config(&format!("folder = \"/b\"\nrecipients = [\"{key}\"]")).unwrap().unwrap();
        assert_eq!((plan.every.as_hours(), plan.keep.as_hours()), (24, 35 * 24));
        let plan = config(&format!("folder = \"/b\"\nrecipients = [\"{key}\"]\nevery = \"2d\"\nkeep_days = 7"))
            .unwrap()
            .unwrap();
        assert_eq!((plan.every.as_hours(), plan.keep.as_hours()), (48, 7 * 24));
        for (wrong, told) in [
            ("folder = \"/b\"".to_owned(), "go together"),
            (format!("recipients = [\"{key}\"]"), "go together"),
            ("folder = \"/b\"\nrecipients = [\"x\"]".to_owned(), "public key of age"),
            (format!("folder = \"/b\"\nrecipients = [\"{key}\"]\nevery = \"1m\""), "between"),
            (format!("folder = \"/b\"\nrecipients = [\"{key}\"]\nevery = \"soon\""), "like 12h"),
            (format!("folder = \"/b\"\nrecipients = [\"{key}\"]\nkeep_days = 0"), "shorter"),
        ] {
            let refused = config(&wrong).map(|_| ()).unwrap_err().to_string();
            assert!(refused.contains(told), "{wrong}: {refused}");
        }
    }

    #[test]
    fn old_ones_go_the_newest_and_what_is_not_ours_stay() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "dijkwacht-20260101T000000Z.backup",
            "dijkwacht-20260301T000000Z.backup",
            "dijkwacht-20260302T000000Z.backup",
        ];
        let others = ["dijkwacht-x.backup", "20200101.backup", "dijkwacht-20200101T000000Z.backup.key"];
        for name in names.iter().chain(&others) {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let now: Timestamp = "2026-03-20T00:00:00Z".parse().unwrap();
        let keep = SignedDuration::from_hours(35 * 24);
        assert_eq!(age_out(folder.path(), keep, now, None).unwrap(), 1);
        assert!(!folder.path().join(names[0]).exists() && folder.path().join(names[1]).exists());
        let later: Timestamp = "2027-03-20T00:00:00Z".parse().unwrap();
        assert_eq!(age_out(folder.path(), keep, later, None).unwrap(), 1);
        assert!(folder.path().join(names[2]).exists(), "the newest stays, however old");
        // Neither does its own moment, remembered, nor one before it make it go.
        for known in ["2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z"] {
            assert_eq!(age_out(folder.path(), keep, later, Some(known.parse().unwrap())).unwrap(), 0);
        }
        assert_eq!(age_out(folder.path(), keep, later, Some(later)).unwrap(), 1, "another folder gets them now");
        assert!(others.iter().all(|name| folder.path().join(name).exists()));
    }

    #[tokio::test]
    async fn a_folder_that_gets_none_any_more_is_aged_out_while_whole_ones_are_made_elsewhere() {
        let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let place = DataFolder::at(data.path());
        let app = crate::wiring::open(&place).await.unwrap();
        let now = edge::now();
        let key = backup::Identity::generate().recipient();
        let plan = config(&format!("folder = {:?}\nrecipients = [\"{key}\"]", folder.path())).unwrap().unwrap();
        let backups = Scheduled { plan, place };
        let name = |at: Timestamp| format!("{}{}{}", NAME.0, at.strftime(MOMENT), NAME.1);
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        let old = [now - days(60), now - days(40)].map(|at| folder.path().join(name(at)));
        for path in &old {
            std::fs::write(path, "x").unwrap();
        }
        let note = async |file: String, held_at: Timestamp, is_sound: bool| {
            let (id, kind, remark) = (app.chance.id(now).unwrap(), SafetyKind::Backup, format!("{file}: 1 bytes"));
            app.store.note_safety(&SafetyNote { id, kind, held_at, is_sound, remark }).await.unwrap();
        };
        let gone = async || backups.age_out(&app, now).await.unwrap();
        assert_eq!(gone().await, 0, "nothing is known of any backup");
        note(name(now - days(40)), now - days(40), true).await;
        assert_eq!(gone().await, 0, "the last is long ago");
        note(name(now - days(1)), now - days(1), false).await;
        assert_eq!(gone().await, 0, "the last is not whole");
        note("by-hand.backup".to_owned(), now - days(1) + SignedDuration::from_secs(1), true).await;
        assert_eq!(gone().await, 1, "one that was made by hand may be anywhere, and the newest here stays");
        assert!(!old[0].exists() && old[1].exists());
        note(name(now), now, true).await;
        assert_eq!(gone().await, 1);
        assert!(!old[1].exists());
    }
}
