//! What the lists have in common: what is asked of them in the address, the form that asks it, and the ways to other pages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use app::lists::{Filter, Found, Notified, PAGE, Page, Start, State};
use app::{Error, FieldProblem};
use facts::{Language, Text, typed_day};
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

/// Whether the authority was notified, by the words of the address.
const NOTIFIED: [(&str, Notified); 4] =
    [("ja", Notified::Yes), ("te-doen", Notified::Planned), ("nee", Notified::No), ("onbeslist", Notified::Undecided)];

/// What an address asks of a list.
pub(crate) struct Asked {
    pub(crate) filter: Filter,
    pub(crate) start: Start,
    state: &'static str,
    from: String,
    until: String,
    notified: &'static str,
    /// How many incidents stand before the page, as the way to it said.
    before: Option<u64>,
    wrong: Option<Wrong>,
}

/// What in an address cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wrong {
    /// What stands where a date should.
    NoDate(&'static str, String),
    /// The first day is after the last.
    Order(String, String),
    /// A word that is none of those to choose from.
    NoChoice(&'static str, String),
}

/// The form above a list, and the ways to what lies before and after the page.
pub(crate) struct ListView {
    pub(crate) states: Vec<StateView>,
    pub(crate) search: String,
    pub(crate) from: String,
    pub(crate) until: String,
    /// Of whether the authority was notified: word of the address, what it says, whether it is chosen.
    pub(crate) notified: Vec<(&'static str, String, bool)>,
    pub(crate) problem: Option<String>,
    /// Which part of what was found stands here.
    pub(crate) count: String,
    pub(crate) above: Option<String>,
    pub(crate) below: Option<String>,
}

pub(crate) struct StateView {
    pub(crate) key: &'static str,
    pub(crate) label: String,
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
        let told = form_value(query, "gemeld");
        let notified = NOTIFIED.into_iter().find(|(key, _)| *key == told);
        let no_date = |name, text: &String| {
            (!text.is_empty() && typed_day(text).is_none()).then(|| Wrong::NoDate(name, text.clone()))
        };
        let no_choice = |name, text: &String, is_known: bool| {
            (!text.is_empty() && !is_known).then(|| Wrong::NoChoice(name, text.clone()))
        };
        let is_turned = typed_day(&from).zip(typed_day(&until)).is_some_and(|(from, until)| from > until);
        let wrong = no_date("van", &from)
            .or_else(|| no_date("tot", &until))
            .or_else(|| is_turned.then(|| Wrong::Order(from.clone(), until.clone())))
            .or_else(|| no_choice("stand", &wanted, state == wanted))
            .or_else(|| no_choice("gemeld", &told, notified.is_some()));
        let place = |name: &str| form_value(query, name).parse().ok();
        let filter = Filter {
            state: chosen,
            opened_from: typed_day(&from).and_then(|day| begin(day, zone)),
            opened_before: typed_day(&until).and_then(|day| begin(day.tomorrow().ok()?, zone)),
            notified: notified.map(|(_, notified)| notified),
            search: form_value(query, "zoek").trim().to_owned(),
        };
        let start = match (place("onder"), place("boven")) {
            (Some(place), _) => Start::Below(place),
            (None, Some(place)) => Start::Above(place),
            (None, None) => Start::Top,
        };
        let before = form_value(query, "na").parse().ok();
        let notified = notified.map_or("", |(key, _)| key);
        Self { filter, start, state, from, until, notified, before, wrong }
    }

    /// The filter, for what nobody looks at before it is handed on: nothing of the address is passed over.
    pub(crate) fn whole(self) -> Result<Filter, Error> {
        let in_both = |said: fn(Words, &str) -> String, text: &str| {
            Text::made(said(Words(Language::Dutch), text), said(Words(Language::English), text))
        };
        let (field, text) = match self.wrong {
            None => return Ok(self.filter),
            Some(Wrong::NoDate(field, text)) => (field, in_both(Words::file_no_date, &text)),
            Some(Wrong::NoChoice(field, text)) => (field, in_both(Words::file_no_choice, &text)),
            Some(Wrong::Order(from, until)) => {
                let said = |language| Words(language).filter_wrong_order(&from, &until);
                ("van", Text::made(said(Language::Dutch), said(Language::English)))
            }
        };
        Err(Error::Invalid(vec![FieldProblem { field: field.to_owned(), text }]))
    }

    /// What is wrong with what is asked, in words.
    fn problem(&self, w: Words) -> Option<String> {
        match &self.wrong {
            Some(Wrong::NoDate(_, text)) => Some(w.filter_no_date(text)),
            Some(Wrong::Order(from, until)) => Some(w.filter_wrong_order(from, until)),
            Some(Wrong::NoChoice(_, text)) => Some(w.filter_no_choice(text)),
            None => self.filter.finds_nothing().then(|| w.filter_too_short().to_owned()),
        }
    }

    /// `found`: how many fit what is asked, wherever the page begins.
    pub(crate) fn view<T>(self, page: &Page<T>, found: Found, counts: &BTreeMap<Phase, u64>, w: Words) -> ListView {
        let shown = page.lines.len() as u64;
        let before = match (self.start, page.above) {
            (Start::Top, _) | (Start::Above(_), None) => Some(0),
            _ => self.before,
        };
        let above = before.map(|before| before.saturating_sub(u64::from(PAGE)));
        let below = before.map(|before| before.saturating_add(shown));
        let states = STATES.map(|(key, state)| StateView {
            key,
            label: state.name().in_language(w.0).to_owned(),
            count: state.count_in(counts),
            is_chosen: key == self.state,
        });
        let all = std::iter::once(("", w.filter_all().to_owned()));
        let notified = all.chain(NOTIFIED.map(|(key, notified)| (key, notified.name().in_language(w.0).to_owned())));
        let first = before.map(|before| before.saturating_add(1));
        ListView {
            states: states.into(),
            notified: notified.map(|(key, label)| (key, label, key == self.notified)).collect(),
            problem: self.problem(w),
            count: w.list_count(first, shown, page.below.is_some(), found, State::All.count_in(counts)),
            above: page.above.map(|start| self.address(start, above)),
            below: page.below.map(|start| self.address(start, below)),
            search: self.filter.search,
            from: self.from,
            until: self.until,
        }
    }

    /// The same list from another place on, before which so many stand.
    fn address(&self, start: Start, before: Option<u64>) -> String {
        let place = match start {
            Start::Top => String::new(),
            Start::Below(place) => format!("&onder={place}"),
            Start::Above(place) => format!("&boven={place}"),
        };
        let before = before.map(|before| format!("&na={before}")).unwrap_or_default();
        format!("?{}{place}{before}", self.query())
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
        assert_eq!(asked.filter.notified, Some(Notified::Yes));
        assert_eq!(asked.start, Start::Below("5.7".parse().unwrap()));
        let above = Start::Above("9.1".parse().unwrap());
        let next = "?stand=gesloten&zoek=laptop&van=2026-03-01&tot=2026-03-28&gemeld=ja&boven=9.1&na=50";
        assert_eq!(asked.address(above, Some(50)), next);
        assert_eq!(asked.whole().map(|filter| filter.search).ok().as_deref(), Some("laptop"));
    }

    #[test]
    fn what_cannot_be_read_is_not_asked() {
        let nothing = asked("stand=nergens&van=gisteren&gemeld=misschien&onder=hier&boven=");
        assert_eq!((nothing.filter.state, nothing.start), (State::Open, Start::Top));
        assert!(!nothing.filter.is_narrowed());
        assert_eq!(nothing.wrong, Some(Wrong::NoDate("van", "gisteren".into())));
        assert_eq!(asked("").wrong, None);
    }

    /// A file once held the whole register, where its address asked for a period that nobody could read.
    #[test]
    fn what_cannot_be_read_makes_no_file() {
        for (query, field) in [
            ("van=onzin", "van"),
            ("tot=2026-02-30", "tot"),
            ("van=2026-03-02&tot=2026-03-01", "van"),
            ("stand=nergens", "stand"),
            ("gemeld=misschien", "gemeld"),
        ] {
            match asked(query).whole() {
                Err(Error::Invalid(problems)) => assert_eq!(problems[0].field, field, "{query}"),
                other => panic!("{query}: {other:?}"),
            }
        }
        for query in
            ["", "van=&tot=&stand=&gemeld=&zoek=", "van=2026-03-01&tot=2026-03-01&gemeld=onbeslist&stand=alles"]
        {
            assert!(asked(query).whole().is_ok(), "{query}");
        }
    }
}
