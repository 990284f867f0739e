//! What the lists have in common: what is asked of them in the address, the form that asks it, and the ways to other pages.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use app::lists::{Filter, Page, Start, State};
use incident::Phase;

use crate::address::encoded;
use crate::pages::sign_in::form_value;
use crate::words::Words;

/// The states in the order of the form, by the words of the address.
const STATES: [(&str, State); 7] = [
    ("open", State::Open),
    ("onderzoek", State::One(Phase::Investigating)),
    ("besluit", State::One(Phase::AwaitingDecision)),
    ("uitvoeren", State::One(Phase::Acting)),
    ("gedaan", State::One(Phase::Done)),
    ("gesloten", State::One(Phase::Closed)),
    ("alles", State::All),
];

/// What an address asks of a list.
pub(crate) struct Asked {
    pub(crate) filter: Filter,
    pub(crate) start: Start,
    state: &'static str,
    from: String,
    until: String,
    notified: &'static str,
    /// What stands where a date should.
    unreadable: Option<String>,
}

/// The form above a list, and the ways to what lies before and after the page.
pub(crate) struct ListView {
    pub(crate) states: Vec<StateView>,
    pub(crate) search: String,
    pub(crate) from: String,
    pub(crate) until: String,
    pub(crate) notified: [(&'static str, &'static str, bool); 3],
    pub(crate) problem: Option<String>,
    pub(crate) above: Option<String>,
    pub(crate) below: Option<String>,
}

pub(crate) struct StateView {
    pub(crate) key: &'static str,
    pub(crate) label: &'static str,
    pub(crate) count: u64,
    pub(crate) is_chosen: bool,
}

impl Asked {
    /// Reads the question of an address; `usual` is the state where none is asked.
    pub(crate) fn read(query: &str, usual: State, zone: &TimeZone) -> Self {
        let wanted = form_value(query, "stand");
        let (state, chosen) = STATES
            .into_iter()
            .find(|(key, _)| *key == wanted)
            .or_else(|| STATES.into_iter().find(|(_, state)| *state == usual))
            .unwrap_or(("alles", State::All));
        let (from, until) = (form_value(query, "van"), form_value(query, "tot"));
        let (notified, is_notified) = match form_value(query, "gemeld").as_str() {
            "ja" => ("ja", Some(true)),
            "nee" => ("nee", Some(false)),
            _ => ("", None),
        };
        let unreadable = [&from, &until].into_iter().find(|text| !text.is_empty() && day(text).is_none()).cloned();
        let place = |name: &str| form_value(query, name).parse().ok();
        let filter = Filter {
            state: chosen,
            opened_from: day(&from).and_then(|day| begin(day, zone)),
            opened_before: day(&until).and_then(|day| begin(day.tomorrow().ok()?, zone)),
            is_notified,
            search: form_value(query, "zoek").trim().to_owned(),
        };
        let start = match (place("onder"), place("boven")) {
            (Some(place), _) => Start::Below(place),
            (None, Some(place)) => Start::Above(place),
            (None, None) => Start::Top,
        };
        Self { filter, start, state, from, until, notified, unreadable }
    }

    /// Whether more is asked than a state.
    pub(crate) fn is_narrowed(&self) -> bool {
        let Filter { state: _, opened_from, opened_before, is_notified, search } = &self.filter;
        opened_from.is_some() || opened_before.is_some() || is_notified.is_some() || !search.is_empty()
    }

    pub(crate) fn view<T>(self, page: &Page<T>, counts: &Counts, w: Words) -> ListView {
        let states = STATES.map(|(key, state)| StateView {
            key,
            label: match state {
                State::All => w.filter_all(),
                State::Open => w.filter_open(),
                State::One(phase) => crate::view::phase::phase(phase, w).label,
            },
            count: counts.of(state),
            is_chosen: key == self.state,
        });
        let notified = [("", w.filter_all()), ("ja", w.yes()), ("nee", w.no())];
        ListView {
            states: states.into(),
            notified: notified.map(|(key, label)| (key, label, key == self.notified)),
            problem: self.unreadable.as_ref().map(|text| w.filter_no_date(text)),
            above: page.above.map(|start| self.address(start)),
            below: page.below.map(|start| self.address(start)),
            search: self.filter.search,
            from: self.from,
            until: self.until,
        }
    }

    /// The same list from another place on.
    fn address(&self, start: Start) -> String {
        let place = match start {
            Start::Top => String::new(),
            Start::Below(place) => format!("&onder={place}"),
            Start::Above(place) => format!("&boven={place}"),
        };
        format!("?{}{place}", self.query())
    }

    /// What is asked, from wherever it is shown.
    pub(crate) fn query(&self) -> String {
        let mut address = format!("stand={}", self.state);
        let search = self.filter.search.as_str();
        for (name, value) in [("zoek", search), ("van", &self.from), ("tot", &self.until), ("gemeld", self.notified)] {
            if !value.is_empty() {
                address.push_str(&format!("&{name}={}", encoded(value)));
            }
        }
        address
    }
}

/// How many incidents are in each phase.
pub(crate) struct Counts(pub(crate) std::collections::BTreeMap<Phase, u64>);

impl Counts {
    pub(crate) fn of(&self, state: State) -> u64 {
        let counted = self.0.iter().filter(|(phase, _)| match state {
            State::All => true,
            State::Open => **phase != Phase::Closed,
            State::One(one) => **phase == one,
        });
        counted.map(|(_, count)| count).sum()
    }
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// When a day begins there.
fn begin(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned(zone.clone()).ok().map(|start| start.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked::read(query, State::Open, &TimeZone::get("Europe/Amsterdam").unwrap())
    }

    #[test]
    fn an_address_says_what_is_asked() {
        let asked = asked("stand=gesloten&zoek=+laptop%20&van=2026-03-01&tot=2026-03-28&gemeld=ja&onder=5.7");
        assert_eq!(asked.filter.state, State::One(Phase::Closed));
        assert_eq!(asked.filter.search, "laptop");
        assert_eq!(asked.filter.opened_from, "2026-02-28T23:00:00Z".parse().ok());
        // Up to the end of the day on which the clock goes forward.
        assert_eq!(asked.filter.opened_before, "2026-03-28T23:00:00Z".parse().ok());
        assert_eq!(asked.filter.is_notified, Some(true));
        assert_eq!(asked.start, Start::Below("5.7".parse().unwrap()));
        let above = Start::Above("9.1".parse().unwrap());
        let next = "?stand=gesloten&zoek=laptop&van=2026-03-01&tot=2026-03-28&gemeld=ja&boven=9.1";
        assert_eq!(asked.address(above), next);
    }

    #[test]
    fn what_cannot_be_read_is_not_asked() {
        let nothing = asked("stand=nergens&van=gisteren&gemeld=misschien&onder=hier&boven=");
        assert_eq!((nothing.filter.state, nothing.start), (State::Open, Start::Top));
        assert!(!nothing.is_narrowed());
        assert_eq!(nothing.unreadable.as_deref(), Some("gisteren"));
        assert_eq!(asked("").unreadable, None);
    }
}
