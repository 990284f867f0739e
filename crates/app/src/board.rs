//! A provider's board over its customers: of each the most pressing incident, with its clock; and what presses most.

use jiff::Timestamp;

use incident::{Incident, Permission, Phase, Urgency, Waiting};
use law::verdict::{Deadline, Outcome};

use crate::append::project;
use crate::lists::Summary;
use crate::{App, Error, IncidentRow, Organisation, Who};

/// The 72-hour clock of an incident, as far as one runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    pub started_at: Timestamp,
    /// Nobody has set awareness yet: it runs from the earliest report, notice or confirmed detection.
    pub is_provisional: bool,
    pub deadline: Deadline,
    /// The authority was notified, or it was decided that it need not be.
    pub is_stopped: bool,
    /// When the authority was notified, where it was.
    pub notified_at: Option<Timestamp>,
}

impl Clock {
    /// The clock of a line; absent where no duty to notify is in play, and where there is nothing to count from (a
    /// detection that nobody confirmed).
    #[must_use]
    pub fn of(row: &IncidentRow) -> Option<Self> {
        let started_at = row.clock_start?;
        let is_in_play = row.is_notify_decided == Some(true)
            || row.notify_authority.is_some_and(|outcome| outcome != Outcome::NotRequired);
        is_in_play.then(|| Self {
            started_at,
            is_provisional: row.is_provisional,
            deadline: law::deadline::seventy_two_hours(started_at),
            is_stopped: row.authority_notified_at.is_some()
                || row.is_notify_decided == Some(false)
                || row.closed_at.is_some(),
            notified_at: row.authority_notified_at,
        })
    }
}

/// One incident in a list, with its clock.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentLine {
    pub row: IncidentRow,
    pub clock: Option<Clock>,
}

impl IncidentLine {
    /// The line of an incident that was loaded.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        let row = project(incident);
        Self { clock: Clock::of(&row), row }
    }
}

/// One organisation on the provider's board.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardRow {
    pub organisation: Organisation,
    /// The most pressing open incident.
    pub first: Option<IncidentLine>,
    pub open: u64,
    /// How many of the open ones have a clock that runs.
    pub running: u64,
    /// How many cases of sensors ask for attention now and are in no incident; at most [`crate::MOST_URGENT`].
    pub urgent: u64,
}

impl App {
    /// Every organisation this person has a part in, the most pressing on top. It costs as much as there is open.
    pub async fn board(&self, who: &Who) -> Result<Vec<BoardRow>, Error> {
        let organisations = self.store.organisations_of(who.user).await?;
        // Who may see the organisation but not its incidents sees it without them.
        let scopes = self.permit_each(who, Permission::ReadIncident, &organisations).await?;
        let mut summaries = self.store.summaries(&scopes).await?;
        let urgent = self.urgent_in_each(who, &organisations).await?;
        let urgent = |organisation: &Organisation| urgent.get(&organisation.id).copied().unwrap_or_default();
        let mut rows: Vec<_> = organisations
            .into_iter()
            .map(|organisation| {
                let urgent = urgent(&organisation);
                match summaries.remove(&organisation.id) {
                    Some(Summary { first, open, running }) => {
                        let first = Some(IncidentLine { clock: Clock::of(&first), row: first });
                        BoardRow { organisation, first, open, running, urgent }
                    }
                    None => BoardRow { organisation, first: None, open: 0, running: 0, urgent },
                }
            })
            .collect();
        rows.sort_by_cached_key(|row| {
            (row.first.as_ref().map_or(i64::MAX, |line| line.row.pressing()), row.organisation.name.clone())
        });
        Ok(rows)
    }
}

/// A class of incidents takes this much of the order; moments within it are microseconds since 1970, which fit until the
/// year 20,000.
const CLASS: i64 = 1 << 59;

/// Where in the order of [`IncidentRow::pressing`] the incidents without a running clock begin.
pub const NOT_RUNNING: i64 = CLASS;
/// Where in that order the closed ones begin.
pub const CLOSED: i64 = 3 * CLASS;
/// What each urgency takes of the class of detections that nobody looked at: moments fit in it until the year 6,500.
const BY_URGENCY: i64 = CLASS / 4;

/// Where in that class the detections of an urgency begin.
fn from_urgency(urgency: Option<Urgency>) -> i64 {
    match urgency {
        Some(Urgency::Critical) => 0,
        Some(Urgency::High) => BY_URGENCY,
        Some(Urgency::Medium) => 2 * BY_URGENCY,
        Some(Urgency::Low) | None => 3 * BY_URGENCY,
    }
}

impl IncidentRow {
    /// The order in lists, the lowest first: running clocks by their target, then detections that nobody looked at (the most
    /// urgent first, of those the oldest), then what else is open and what is closed, both the newest first.
    #[must_use]
    pub fn pressing(&self) -> i64 {
        let early = |at: Timestamp| at.as_microsecond().clamp(0, CLASS - 1);
        let late = |at: Timestamp| CLASS - 1 - early(at);
        match (Clock::of(self), self.phase) {
            (_, Phase::Closed) => CLOSED + late(self.opened_at),
            (Some(clock), _) if !clock.is_stopped => early(clock.deadline.target),
            _ if self.waits_for == Some(Waiting::Check) => {
                NOT_RUNNING + from_urgency(self.urgency) + early(self.opened_at).min(BY_URGENCY - 1)
            }
            _ => 2 * CLASS + late(self.opened_at),
        }
    }
}
