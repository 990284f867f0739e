//! The weekly digest: what sensors saw that was no cause to wake anybody, told on Monday morning.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, Weekday, time};
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use contract::detection::Severity;
use facts::OrganisationId;

use super::seen::MOST_SEEN;
use super::stories::{Told, in_stories};
use crate::{App, Error, LetterKind, NewLetter, Scope};

/// How many cases of a week are looked at, to count them as people see them; of more the figure is told as the least.
const MOST_COUNTED: u64 = 5_000;

/// A digest that could not be made for so long is not made any more; the next one is.
const STALE_AFTER: SignedDuration = SignedDuration::from_hours(48);

/// What the data of a digest holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DigestData {
    /// How many cases of severity medium are in no incident and covered by no exception.
    pub(crate) cases: u64,
    /// How many of severity high are so, of which nobody made an incident though they were told; and of critical.
    #[serde(default)]
    pub(crate) high: u64,
    #[serde(default)]
    pub(crate) critical: u64,
    /// There were more than were looked at.
    #[serde(default)]
    pub(crate) is_at_least: bool,
    /// From and until when.
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

/// Of which organisation's last week it was seen, since this program started, that there is nothing to tell: by the Monday on
/// which it ended.
#[derive(Clone, Debug, Default)]
pub struct QuietWeeks(Arc<Mutex<BTreeMap<OrganisationId, Date>>>);

impl QuietWeeks {
    fn note(&self, organisation: OrganisationId, until: Date) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(organisation, until);
    }

    fn has(&self, organisation: OrganisationId, until: Date) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&organisation) == Some(&until)
    }
}

impl App {
    /// Queues the digests that are due: one a week for each organisation whose sensors saw something.
    pub async fn send_sensor_digests(&self, now: Timestamp) -> Result<(), Error> {
        for organisation in self.store.organisations_with_sensors().await? {
            let scope = self.permit_program_in(organisation).await?;
            self.send_sensor_digest(&scope, now).await?;
        }
        Ok(())
    }

    async fn send_sensor_digest(&self, scope: &Scope, now: Timestamp) -> Result<(), Error> {
        let until = last_monday(&self.zoned(scope, now)?)?;
        let is_stale = now.duration_since(until.timestamp()) > STALE_AFTER;
        if is_stale || self.quiet.has(scope.id(), until.date()) {
            return Ok(());
        }
        let recipients = self.who_must_act(scope).await?;
        let key = |recipient: &str| format!("sensor-digest {} {recipient}", until.date());
        // Asked every minute: what was sent is not counted again, nor what was nothing.
        let made = self.store.letters_of_key(scope, &key("")).await?;
        if recipients.iter().all(|recipient| made.iter().any(|letter| letter.recipient == *recipient)) {
            return Ok(());
        }
        let from = until.checked_sub(1.week()).map_err(Error::internal)?.timestamp();
        let data = self.counted(scope, from, until.timestamp()).await?;
        if data.cases + data.high + data.critical == 0 {
            self.quiet.note(scope.id(), until.date());
            return Ok(());
        }
        for recipient in recipients {
            let letter = NewLetter {
                id: self.chance.id(now)?,
                key: key(&recipient),
                kind: LetterKind::SensorDigest,
                incident: None,
                recipient,
                data: serde_json::to_string(&data).map_err(Error::internal)?,
                created_at: now,
            };
            self.store.queue(scope, &letter).await?;
        }
        Ok(())
    }

    /// The cases of a week that are in no incident and that no exception covers, by severity.
    async fn counted(&self, scope: &Scope, from: Timestamp, until: Timestamp) -> Result<DigestData, Error> {
        let (mut rows, mut is_at_least) = (Vec::new(), false);
        for is_waiting in [true, false] {
            let mut after = 0;
            loop {
                let next = self.store.sensor_cases(scope, from, is_waiting, after, MOST_SEEN).await?;
                let count = next.len() as u64;
                rows.extend(next);
                after += count;
                if count < u64::from(MOST_SEEN) {
                    break;
                }
                if after >= MOST_COUNTED {
                    is_at_least = true;
                    break;
                }
            }
        }
        let exceptions = self.held_exceptions(scope).await?;
        let mut data = DigestData { cases: 0, high: 0, critical: 0, is_at_least, from, until };
        let stories = in_stories(rows)?.into_iter().filter(|story| story.changed_at < until);
        let stories = stories.map(|story| Told { scope, exceptions: &exceptions, story }).collect();
        for case in self.as_they_stand(stories).await? {
            if case.is_covered || case.incident.is_some() {
                continue;
            }
            match case.line.severity {
                // What is low stands on the page for whoever looks, and is mailed to nobody. A mild one that its sensor called an
                // alarm was mailed by itself, and waits on the pages.
                Severity::Low => {}
                Severity::Medium if case.is_urgent => {}
                Severity::Medium => data.cases += 1,
                Severity::High => data.high += 1,
                Severity::Critical => data.critical += 1,
            }
        }
        Ok(data)
    }
}

/// Monday at eight in the morning there, the last one that was.
fn last_monday(now: &Zoned) -> Result<Zoned, Error> {
    let days = i64::from(now.weekday().since(Weekday::Monday));
    let at = |back: i64| {
        let day = now.date().checked_sub(back.days()).map_err(Error::internal)?;
        day.to_datetime(time(8, 0, 0, 0)).to_zoned(now.time_zone().clone()).map_err(Error::internal)
    };
    let monday = at(days)?;
    if monday <= *now { Ok(monday) } else { at(days + 7) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_ends_on_monday_at_eight() {
        let check = |now: &str, expected: &str| {
            let now: Zoned = now.parse().unwrap();
            assert_eq!(last_monday(&now).unwrap().date().to_string(), expected, "{now}");
        };
        // 30 November 2026 is a Monday.
        check("2026-11-29T12:00:00[Europe/Amsterdam]", "2026-11-23");
        check("2026-11-30T07:59:00[Europe/Amsterdam]", "2026-11-23");
        check("2026-11-30T08:00:00[Europe/Amsterdam]", "2026-11-30");
        check("2026-12-06T23:59:00[Europe/Amsterdam]", "2026-11-30");
    }
}
