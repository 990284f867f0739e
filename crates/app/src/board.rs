//! The lists: a provider's board over its customers, and an organisation's incidents, each with its clock.

use jiff::Timestamp;

use incident::{Incident, Permission, Phase, Waiting};
use law::verdict::{Deadline, Outcome};

use crate::append::project;
use crate::{App, Error, IncidentRow, Organisation, Scope, Who};

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
    /// The open incidents, the most pressing first.
    pub open: Vec<IncidentLine>,
    pub closed: usize,
}

impl App {
    /// The incidents of an organisation: open ones first, the most pressing on top.
    pub async fn incidents(&self, scope: &Scope) -> Result<Vec<IncidentLine>, Error> {
        let rows = self.store.incidents(scope).await?;
        let mut lines: Vec<_> = rows.into_iter().map(|row| IncidentLine { clock: Clock::of(&row), row }).collect();
        lines.sort_by_key(pressing);
        Ok(lines)
    }

    /// Every organisation this person has a part in, the most pressing on top.
    pub async fn board(&self, who: &Who) -> Result<Vec<BoardRow>, Error> {
        let mut rows = Vec::new();
        for organisation in self.store.organisations_of(who.user).await? {
            // Who may see the organisation but not its incidents sees it without them.
            let lines = match self.permit(who, Permission::ReadIncident, &organisation.slug).await {
                Ok(scope) => self.incidents(&scope).await?,
                Err(Error::Forbidden) => Vec::new(),
                Err(other) => return Err(other),
            };
            let closed = lines.iter().filter(|line| line.row.closed_at.is_some()).count();
            let open = lines.into_iter().filter(|line| line.row.closed_at.is_none()).collect();
            rows.push(BoardRow { organisation, open, closed });
        }
        rows.sort_by_key(|row| (row.open.first().map_or((4, Timestamp::MAX), pressing), row.organisation.name.clone()));
        Ok(rows)
    }
}

/// Running clocks by their target, then detections that nobody looked at (the oldest first), then what else is open, then
/// what is closed (newest first is the store's order).
fn pressing(line: &IncidentLine) -> (u8, Timestamp) {
    match (&line.clock, line.row.phase) {
        (_, Phase::Closed) => (3, Timestamp::MAX),
        (Some(clock), _) if !clock.is_stopped => (0, clock.deadline.target),
        _ if line.row.waits_for == Some(Waiting::Check) => (1, line.row.opened_at),
        _ => (2, Timestamp::MAX),
    }
}
