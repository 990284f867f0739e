//! Exceptions: what is no cause for alarm here. Made by a person with a reason, with an end if they like, and taken back.
//!
//! A finding that one covers is kept: it is hidden, and counts for no alarm and no incident. When one covers something is
//! `detect`'s to say, here as on the sensor.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use contract::detection::DetectionLine;
use contract::sensor::Exception;
use detect::ExceptionFault;
use facts::{OrganisationId, Text, typed_day};
use incident::Permission;

use super::learning::is_for_the_same;
use super::{DetectionRow, ExceptionRow, without_signs};
use crate::handle::require;
use crate::{App, Error, FieldProblem, Scope, StoreError};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;
/// Whoever types a later year mistyped it, or means that there is no end.
const LAST_YEAR: i16 = 2100;
/// How many exceptions are listed, and held against findings.
const MOST_LISTED: usize = 1_000;
/// How often one is tried while others make theirs.
const ATTEMPTS: usize = 50;

/// An exception as somebody fills it in: each condition empty where it is not to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewException {
    pub kind: String,
    pub host: String,
    pub domain: String,
    pub network: String,
    /// The last day on which it holds, as people type it ([`typed_day`]); empty: no end.
    pub last_day: String,
    pub reason: String,
}

/// The last day of an exception that is made today, as the form proposes it.
#[must_use]
pub fn proposed_last_day(today: Date) -> Option<Date> {
    detect::proposed_end(today)?.yesterday().ok()
}

/// An exception and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct StandingException {
    pub exception: Exception,
    pub made_at: Timestamp,
    pub taken_back: Option<(Timestamp, String)>,
}

impl StandingException {
    /// What to know of it while it stands: that it takes in a whole cloud, or much for ever.
    #[must_use]
    pub fn caution(&self) -> Option<Text> {
        detect::Exception::try_from(&self.exception).ok()?.caution()
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, today: Date) -> bool {
        self.taken_back.is_none() && self.exception.holds_on(today)
    }
}

impl App {
    /// Every exception that was made, the newest first.
    pub async fn exceptions(&self, scope: &Scope) -> Result<Vec<StandingException>, Error> {
        let rows = self.store.exceptions(scope).await?;
        rows.into_iter().take(MOST_LISTED).map(standing).collect()
    }

    /// Of these detections, by id, those that somebody called ordinary: by which exception, and when it was made.
    pub async fn called_ordinary(
        &self,
        scope: &Scope,
        detections: &BTreeMap<String, DetectionRow>,
    ) -> Result<BTreeMap<String, (Exception, Timestamp)>, Error> {
        require(scope, Permission::ReadDetections)?;
        let mut ordinary = BTreeMap::new();
        if detections.is_empty() {
            return Ok(ordinary);
        }
        let rows = self.store.exceptions(scope).await?;
        let made_at: BTreeMap<Uuid, Timestamp> = rows.iter().map(|row| (row.id, row.made_at)).collect();
        let held = Held::of(rows)?;
        for (id, row) in detections {
            let line: DetectionLine = serde_json::from_str(&row.json).map_err(Error::internal)?;
            let Some(exception) = held.covering(&line) else { continue };
            let Some(at) = made_at.get(&exception.id) else { continue };
            ordinary.insert(id.clone(), (exception.clone(), *at));
        }
        Ok(ordinary)
    }

    /// Those that were not taken back, ready to be held against findings. One that ended still covers what was seen before.
    pub(super) async fn held_exceptions(&self, scope: &Scope) -> Result<Held, Error> {
        Held::of(self.store.exceptions(scope).await?)
    }

    /// The same of each of these organisations.
    pub(super) async fn held_exceptions_of_each(
        &self,
        scopes: &[&Scope],
    ) -> Result<BTreeMap<OrganisationId, Held>, Error> {
        let mut made: BTreeMap<OrganisationId, Vec<ExceptionRow>> =
            scopes.iter().map(|scope| (scope.id(), Vec::new())).collect();
        for (organisation, row) in self.store.exceptions_of_each(scopes).await? {
            made.entry(organisation).or_default().push(row);
        }
        made.into_iter().map(|(organisation, rows)| Ok((organisation, Held::of(rows)?))).collect()
    }

    /// Makes an exception, unless one for the same stands until the same day: that one is given.
    pub async fn except(&self, scope: &Scope, wanted: NewException, now: Timestamp) -> Result<Exception, Error> {
        require(scope, Permission::HandleIncident)?;
        let today = self.zoned(scope, now)?.date();
        let exception = read(&wanted, self.chance.id(now)?, scope.actor().name(), today).map_err(Error::Invalid)?;
        let row = exception_row(&exception, now)?;
        // Who presses twice made one, and so did two who press at once: of two alike, taking one back would show nothing again.
        let is_the_same = |one: &StandingException| {
            let made = &one.exception;
            one.taken_back.is_none() && is_for_the_same(made, &exception) && made.until == exception.until
        };
        for _ in 0..ATTEMPTS {
            let rows = self.store.exceptions(scope).await?;
            let seen = rows.len() as u64;
            let made = rows.into_iter().map(standing).collect::<Result<Vec<_>, _>>()?;
            if let Some(made) = made.into_iter().find(is_the_same) {
                return Ok(made.exception);
            }
            match self.store.add_exception(scope, &row, seen).await {
                // Another was made meanwhile, and may be this one.
                Err(StoreError::Conflict) => {}
                added => {
                    added?;
                    self.share(scope, now).await?;
                    return Ok(exception);
                }
            }
        }
        Err(Error::Conflict)
    }

    /// Takes an exception back: what it hid is shown again.
    pub async fn take_back_exception(&self, scope: &Scope, id: Uuid, now: Timestamp) -> Result<(), Error> {
        require(scope, Permission::HandleIncident)?;
        self.store.take_back_exception(scope, id, scope.actor().name(), now).await?;
        self.share(scope, now).await
    }
}

/// An exception that is made now, as it is stored.
pub(super) fn exception_row(exception: &Exception, now: Timestamp) -> Result<ExceptionRow, Error> {
    let json = serde_json::to_string(exception).map_err(Error::internal)?;
    Ok(ExceptionRow { id: exception.id, made_at: now, json, taken_back_at: None, taken_back_by: String::new() })
}

fn standing(row: ExceptionRow) -> Result<StandingException, Error> {
    let exception = serde_json::from_str(&row.json).map_err(Error::internal)?;
    let taken_back = row.taken_back_at.map(|at| (at, row.taken_back_by));
    Ok(StandingException { exception, made_at: row.made_at, taken_back })
}

fn read(wanted: &NewException, id: Uuid, author: &str, today: Date) -> Result<Exception, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, nl, en| problems.push(FieldProblem { field: field.into(), text: Text::new(nl, en) });
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let kind = said(&wanted.kind).map(|word| serde_json::from_value(word.into()).ok());
    if kind == Some(None) {
        wrong("kind", "Kies een soort uit de lijst.", "Choose a kind from the list.");
    }
    let host = said(&wanted.host).map(|text| text.parse().ok());
    if host == Some(None) {
        wrong("host", "Typ een IP-adres, zoals 10.0.0.5.", "Type an IP address, such as 10.0.0.5.");
    }
    let network = said(&wanted.network).map(|text| text.parse().ok());
    if network == Some(None) {
        wrong(
            "network",
            "Typ een adres of reeks, zoals 192.0.2.0/24.",
            "Type an address or range, such as 192.0.2.0/24.",
        );
    }
    let last = said(&wanted.last_day).map(|text| typed_day(&text));
    let until = last.flatten().and_then(|day| day.checked_add(1.day()).ok());
    match last {
        Some(None) => wrong(
            "until",
            "Schrijf de dag als dd-mm-jjjj of jjjj-mm-dd, zoals 31-12-2026.",
            "Write the day as dd-mm-yyyy or yyyy-mm-dd, such as 31-12-2026.",
        ),
        Some(Some(day)) if day < today => {
            wrong("until", "Kies een dag die nog komt.", "Choose a day that is still to come.");
        }
        Some(Some(day)) if day.year() > LAST_YEAR => wrong(
            "until",
            "Kies een dag tot en met het jaar 2100. Is er geen einde, laat dit dan leeg.",
            "Choose a day up to the year 2100. If there is no end, leave this empty.",
        ),
        _ => {}
    }
    let reason = without_signs(&wanted.reason);
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        wrong(
            "reason",
            "Schrijf in één zin waarom dit hier gewoon is (ten hoogste 500 tekens).",
            "Say in one sentence why this is ordinary here (at most 500 characters).",
        );
    }
    let mut exception = Exception {
        id,
        kind: kind.flatten(),
        host: host.flatten(),
        domain: said(&wanted.domain),
        network: network.flatten(),
        until,
        author: author.to_owned(),
        reason: reason.to_owned(),
        reason_en: None,
    };
    // What could not be read is told already; without it the rest may hold for too much.
    if !problems.is_empty() {
        return Err(problems);
    }
    let holds = detect::Exception::try_from(&exception).map_err(|fault| vec![told(&fault)])?;
    // Names and addresses as they are seen, so that of two alike there is one.
    let conditions = holds.conditions();
    exception.host = conditions.host;
    exception.domain.clone_from(&conditions.domain);
    Ok(exception)
}

/// At which field a fault is shown, and what is said.
fn told(fault: &ExceptionFault) -> FieldProblem {
    let (field, text) = match fault {
        ExceptionFault::NoCondition => (
            "domain",
            Text::new(
                "Zeg ten minste voor welk apparaat, welke naam, welk netwerk of welke soort het geldt.",
                "Say at least for which host, name, network or kind it holds.",
            ),
        ),
        ExceptionFault::Everybody(name) => (
            "domain",
            Text::made(
                format!(
                    "{name} zou voor namen van iedereen gelden. Noem het domein dat u bedoelt, zoals *.voorbeeld.nl."
                ),
                format!(
                    "{name} would hold for names of everybody. Name the domain that you mean, such as *.example.nl."
                ),
            ),
        ),
        ExceptionFault::TooWide { widest, .. } => (
            "network",
            Text::made(
                format!("Dit netwerk is te ruim voor een uitzondering: /{widest} of smaller."),
                format!("This network is too wide for an exception: /{widest} or narrower."),
            ),
        ),
        _ => (
            "domain",
            Text::new(
                "Typ een naam zoals backup.voorbeeld.nl, of *.voorbeeld.nl voor alles daaronder.",
                "Type a name such as backup.example.nl, or *.example.nl for all below it.",
            ),
        ),
    };
    FieldProblem { field: field.into(), text }
}

/// Exceptions, ready to be held against findings.
pub(super) struct Held(Vec<(Exception, detect::Exception)>);

impl Held {
    /// Of all that were made, the newest first.
    fn of(rows: Vec<ExceptionRow>) -> Result<Self, Error> {
        let mut held = Vec::new();
        for row in rows.into_iter().take(MOST_LISTED) {
            let StandingException { exception, taken_back: None, .. } = standing(row)? else { continue };
            // One that this program cannot read covers nothing.
            if let Ok(holds) = detect::Exception::try_from(&exception) {
                held.push((exception, holds));
            }
        }
        Ok(Self(held))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first that covers a detection on the day when it was last seen.
    pub(super) fn covering(&self, detection: &DetectionLine) -> Option<&Exception> {
        self.0.iter().find(|(_, holds)| detection.is_covered_by(holds)).map(|(exception, _)| exception)
    }

    /// Those that have not ended by a day: what a sensor is told.
    pub(super) fn on(&self, today: Date) -> Vec<Exception> {
        self.0.iter().map(|(exception, _)| exception).filter(|one| one.holds_on(today)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 29);

    #[test]
    fn an_exception_that_cannot_be_meant_is_refused_at_its_field() {
        let fields = |change: fn(&mut NewException)| {
            let mut wanted = NewException { host: "10.0.0.5".into(), reason: "hoort zo".into(), ..Default::default() };
            change(&mut wanted);
            let problems = read(&wanted, Uuid::nil(), "Ada", TODAY).unwrap_err();
            problems.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(|wanted| wanted.kind = "iets".into()), ["kind"]);
        assert_eq!(fields(|wanted| wanted.host = "kassa-2".into()), ["host"]);
        assert_eq!(fields(|wanted| wanted.domain = "a b.nl".into()), ["domain"]);
        assert_eq!(fields(|wanted| wanted.domain = "*".into()), ["domain"]);
        assert_eq!(fields(|wanted| wanted.domain = "a.*.nl".into()), ["domain"]);
        assert_eq!(fields(|wanted| wanted.domain = "*.nl".into()), ["domain"]);
        assert_eq!(fields(|wanted| wanted.network = "0.0.0.0/0".into()), ["network"]);
        assert_eq!(fields(|wanted| wanted.network = "10.0.0.0/99".into()), ["network"]);
        assert_eq!(fields(|wanted| wanted.last_day = "2026-11-28".into()), ["until"]);
        assert_eq!(fields(|wanted| wanted.last_day = "morgen".into()), ["until"]);
        assert_eq!(fields(|wanted| wanted.last_day = "28-11-2026".into()), ["until"]);
        assert_eq!(fields(|wanted| wanted.last_day = "31-12-27".into()), ["until"]);
        assert_eq!(fields(|wanted| wanted.last_day = "1/2/2027".into()), ["until"], "which of the two days?");
        assert_eq!(fields(|wanted| wanted.last_day = "2101-01-01".into()), ["until"]);
        assert_eq!(fields(|wanted| wanted.last_day = "9999-12-31".into()), ["until"]);
        assert_eq!(fields(|wanted| wanted.domain = "b\u{202e}ad.nl".into()), ["domain"]);
        assert_eq!(fields(|wanted| wanted.reason = "\u{202e}\u{7}".into()), ["reason"]);
        assert_eq!(fields(|wanted| wanted.reason = " ".into()), ["reason"]);
        assert_eq!(fields(|wanted| wanted.host.clear()), ["domain"], "it would hold for everything");
        let until = NewException {
            host: "10.0.0.5".into(),
            last_day: "2026-11-29".into(),
            reason: "vandaag nog".into(),
            ..Default::default()
        };
        let made = read(&until, Uuid::nil(), "Ada", TODAY).unwrap();
        assert!(made.holds_on(TODAY) && !made.holds_on(date(2026, 11, 30)), "to the end of that day");
    }

    #[test]
    fn what_is_typed_is_kept_as_it_is_seen() {
        for (last_day, until) in [
            ("", None),
            ("2027-12-31", Some(date(2028, 1, 1))),
            ("31-12-2027", Some(date(2028, 1, 1))),
            ("1-2-2027", Some(date(2027, 2, 2))),
            ("2027-1-1", Some(date(2027, 1, 2))),
            ("01-01-2027", Some(date(2027, 1, 2))),
            ("2100-12-31", Some(date(2101, 1, 1))),
        ] {
            let wanted = NewException {
                host: " ::ffff:192.168.20.99 ".into(),
                domain: " *.Bücher.example. ".into(),
                last_day: last_day.into(),
                reason: " de \u{202e}bo\u{7}ek\u{200f}handel\r\nvan de klant ".into(),
                ..Default::default()
            };
            let made = read(&wanted, Uuid::nil(), "Ada", TODAY).unwrap();
            assert_eq!(made.until, until, "{last_day}");
            assert_eq!(made.host, Some([192, 168, 20, 99].into()));
            assert_eq!(made.domain.as_deref(), Some("*.xn--bcher-kva.example"));
            assert_eq!(made.reason, "de boekhandel\r\nvan de klant");
        }
    }
}
