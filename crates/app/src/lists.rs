//! Lists in pages: an organisation's incidents and its register, filtered and searched.
//!
//! Promises: a page costs the same whatever lies beyond it; going on never skips or repeats an incident that stood there
//! all the time. Deliberately not here: who may ask, SQL, how a page looks.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use facts::Text;
use incident::{Permission, Phase};

use crate::board::{Clock, IncidentLine};
use crate::handle::require;
use crate::words::Sought;
use crate::{App, Error, IncidentRow, RegisterLine, Scope};

/// How many incidents stand on a page.
pub const PAGE: u32 = 50;

/// How many incidents are looked at to count what is found.
const COUNTED: u32 = 500;

/// Which incidents are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub state: State,
    /// Opened at or after this moment.
    pub opened_from: Option<Timestamp>,
    /// Opened before this moment.
    pub opened_before: Option<Timestamp>,
    pub notified: Option<Notified>,
    /// Words that all stand in the incident's number, its title or the register's texts.
    pub search: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    All,
    Open,
    One(Phase),
}

/// Whether the authority was notified: every incident is one of these. What was erased is as its kind says, and then never
/// undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notified {
    /// Here, or by what the register says that it was taken over from.
    Yes,
    /// Decided, and not done yet.
    Planned,
    /// Decided that it is not, here or by what that register says.
    No,
    /// Nobody has decided; that register says nothing of it either.
    Undecided,
}

/// How many incidents fit what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub count: u64,
    /// Whether there are no more than these: not everything was looked at otherwise.
    pub is_all: bool,
}

/// A place in a list: that of one of its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub key: i64,
    pub number: u64,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    #[default]
    Top,
    /// Goes on below this line.
    Below(Place),
    /// The page above this line.
    Above(Place),
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By [`IncidentRow::pressing`], then by number.
    Pressing,
    /// The newest first.
    Newest,
}

/// What a store is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub order: Order,
    pub start: Start,
    pub limit: u32,
    pub state: State,
    pub opened_from: Option<Timestamp>,
    pub opened_before: Option<Timestamp>,
    pub notified: Option<Notified>,
    pub words: Vec<Sought>,
}

/// The open incidents of one organisation in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The most pressing one.
    pub first: IncidentRow,
    pub open: u64,
    /// How many of them have a clock that runs.
    pub running: u64,
}

/// A part of a list, with the ways on.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    pub lines: Vec<T>,
    pub above: Option<Start>,
    pub below: Option<Start>,
}

impl Order {
    /// The place of an incident in this order.
    #[must_use]
    pub fn place(self, row: &IncidentRow) -> Place {
        let key = match self {
            Self::Pressing => row.pressing(),
            Self::Newest => row.opened_at.as_microsecond(),
        };
        Place { key, number: row.number }
    }
}

/// As it stands in an address.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.key, self.number)
    }
}

/// It is no place of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list")]
pub struct NoPlace;

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (key, number) = text.split_once('.').ok_or(NoPlace)?;
        Ok(Self { key: key.parse().map_err(|_| NoPlace)?, number: number.parse().map_err(|_| NoPlace)? })
    }
}

impl State {
    /// In words.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::All => Text::new("Alles", "All"),
            Self::Open => Text::new("Open", "Open"),
            Self::One(phase) => phase.name(),
        }
    }

    /// How many of the incidents of each phase are in it.
    #[must_use]
    pub fn count_in(self, counts: &BTreeMap<Phase, u64>) -> u64 {
        let counted = counts.iter().filter(|(phase, _)| match self {
            Self::All => true,
            Self::Open => **phase != Phase::Closed,
            Self::One(one) => **phase == one,
        });
        counted.map(|(_, count)| count).sum()
    }
}

impl Notified {
    pub const ALL: [Self; 4] = [Self::Yes, Self::Planned, Self::No, Self::Undecided];

    /// The name in the stores.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Planned => "planned",
            Self::No => "no",
            Self::Undecided => "undecided",
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Yes => Text::new("Ja", "Yes"),
            Self::Planned => Text::new("Besloten, nog te doen", "Decided, still to do"),
            Self::No => Text::new("Nee", "No"),
            Self::Undecided => Text::new("Nog niet besloten", "Not decided yet"),
        }
    }
}

impl Filter {
    /// Whether more is asked than a state.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        let Self { state: _, opened_from, opened_before, notified, search } = self;
        opened_from.is_some() || opened_before.is_some() || notified.is_some() || !search.trim().is_empty()
    }

    /// Whether it may leave incidents out.
    #[must_use]
    pub fn is_selection(&self) -> bool {
        self.state != State::All || self.is_narrowed()
    }

    pub(crate) fn asked(&self, order: Order, start: Start) -> Asked {
        let Self { state, opened_from, opened_before, notified, search } = self;
        // One more than is shown says whether the list goes on.
        let limit = PAGE + 1;
        let words = Sought::all(search);
        Asked {
            order,
            start,
            limit,
            state: *state,
            opened_from: *opened_from,
            opened_before: *opened_before,
            notified: *notified,
            words,
        }
    }

    /// Whether it looks for words of which none can be found by: signs, or single letters.
    #[must_use]
    pub fn finds_nothing(&self) -> bool {
        !self.search.trim().is_empty() && Sought::all(&self.search).is_empty()
    }
}

impl<T> Page<T> {
    fn empty() -> Self {
        Self { lines: Vec::new(), above: None, below: None }
    }

    /// Makes a page of the lines that were found, of which one too many says that the list goes on.
    fn of(mut lines: Vec<T>, start: Start, place: impl Fn(&T) -> Place) -> Self {
        let goes_on = lines.len() > PAGE as usize;
        if goes_on && matches!(start, Start::Above(_)) {
            lines.remove(0);
        } else {
            lines.truncate(PAGE as usize);
        }
        let has_above = match start {
            Start::Top => false,
            Start::Below(_) => true,
            Start::Above(_) => goes_on,
        };
        let has_below = goes_on || matches!(start, Start::Above(_));
        let above = lines.first().filter(|_| has_above).map(|line| Start::Above(place(line)));
        let below = lines.last().filter(|_| has_below).map(|line| Start::Below(place(line)));
        Self { lines, above, below }
    }
}

impl App {
    /// A page of an organisation's incidents: open ones first, the most pressing on top, then the closed, the newest first.
    pub async fn incidents(&self, scope: &Scope, filter: &Filter, start: Start) -> Result<Page<IncidentLine>, Error> {
        if filter.finds_nothing() {
            return Ok(Page::empty());
        }
        let rows = self.store.page(scope, &filter.asked(Order::Pressing, start)).await?;
        let lines = rows.into_iter().map(|row| IncidentLine { clock: Clock::of(&row), row }).collect();
        Ok(Page::of(lines, start, |line: &IncidentLine| Order::Pressing.place(&line.row)))
    }

    /// How many incidents are in each phase.
    pub async fn counts(&self, scope: &Scope) -> Result<BTreeMap<Phase, u64>, Error> {
        Ok(self.store.counts(scope).await?)
    }

    /// How many incidents a filter leaves, at a cost that does not grow with history. `counts`: those of [`App::counts`].
    pub async fn found(&self, scope: &Scope, filter: &Filter, counts: &BTreeMap<Phase, u64>) -> Result<Found, Error> {
        if filter.finds_nothing() {
            return Ok(Found { count: 0, is_all: true });
        }
        if !filter.is_narrowed() {
            return Ok(Found { count: filter.state.count_in(counts), is_all: true });
        }
        let asked = Asked { limit: COUNTED, ..filter.asked(Order::Newest, Start::Top) };
        Ok(self.store.found(scope, &asked).await?)
    }

    /// A page of the register, the newest incident first.
    pub async fn register_page(
        &self,
        scope: &Scope,
        filter: &Filter,
        start: Start,
    ) -> Result<Page<RegisterLine>, Error> {
        require(scope, Permission::ReadRegister)?;
        if filter.finds_nothing() {
            return Ok(Page::empty());
        }
        let kept = self.store.register_page(scope, &filter.asked(Order::Newest, start)).await?;
        let Page { lines, above, below } = Page::of(kept, start, |(row, _)| Order::Newest.place(row));
        Ok(Page { lines: self.register_lines(scope, lines).await?, above, below })
    }

    /// The whole register, oldest incident first; for what is handed over whole.
    pub async fn register(&self, scope: &Scope) -> Result<Vec<RegisterLine>, Error> {
        require(scope, Permission::ReadRegister)?;
        let mut lines = Vec::new();
        let mut asked = Asked { limit: 500, ..Filter::default().asked(Order::Newest, Start::Top) };
        loop {
            let kept = self.store.register_page(scope, &asked).await?;
            let Some((last, _)) = kept.last() else { break };
            asked.start = Start::Below(Order::Newest.place(last));
            lines.extend(self.register_lines(scope, kept).await?);
        }
        lines.sort_by_key(|line| line.row.number);
        Ok(lines)
    }

    async fn register_lines(
        &self,
        scope: &Scope,
        kept: Vec<(IncidentRow, String)>,
    ) -> Result<Vec<RegisterLine>, Error> {
        let mut lines = Vec::with_capacity(kept.len());
        for (row, kept) in kept {
            if let Some(line) = RegisterLine::read(row.clone(), &kept) {
                lines.push(line);
                continue;
            }
            // Of another edition, until it is made again: the journal says it too, unless it knows no such incident.
            match self.incident(scope, row.number).await {
                Ok(incident) => lines.push(RegisterLine::of(row, &incident)),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for place in [Place { key: 0, number: 1 }, Place { key: i64::MIN, number: u64::MAX }] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in ["", "1", ".", "1.x", "x.1", "1.2.3", "99999999999999999999.1"] {
            assert_eq!(text.parse::<Place>(), Err(NoPlace), "{text}");
        }
    }

    #[test]
    fn a_page_knows_the_ways_on() {
        let place = |number: u64| Place { key: 0, number };
        let check = |count: u64, start: Start, lines: (u64, u64), above: bool, below: bool| {
            let page = Page::of((1..=count).collect(), start, |number: &u64| place(*number));
            assert_eq!((page.lines[0], *page.lines.last().unwrap()), lines);
            assert_eq!(page.above, above.then(|| Start::Above(place(lines.0))));
            assert_eq!(page.below, below.then(|| Start::Below(place(lines.1))));
        };
        check(50, Start::Top, (1, 50), false, false);
        check(51, Start::Top, (1, 50), false, true);
        check(3, Start::Below(place(0)), (1, 3), true, false);
        check(51, Start::Below(place(0)), (1, 50), true, true);
        check(51, Start::Above(place(99)), (2, 51), true, true);
        check(7, Start::Above(place(99)), (1, 7), false, true);
    }
}
