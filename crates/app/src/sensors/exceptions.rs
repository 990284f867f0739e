//! Exceptions: what is no cause for alarm here. Made by a person with a reason, with an end if they like, and taken back.
//!
//! A finding that one covers is kept: it is hidden, and counts for no alarm and no incident.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use contract::detection::DetectionLine;
use contract::sensor::Exception;
use facts::Text;
use incident::Permission;

use super::ExceptionRow;
use crate::handle::require;
use crate::{App, Error, FieldProblem, Scope};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;
/// The longest domain in characters (RFC 1035 §2.3.4).
const LONGEST_DOMAIN: usize = 253;
/// For how long after it was taken back, or ended, an exception is still listed.
const MOST_LISTED: usize = 1_000;

/// An exception as somebody fills it in: each condition empty where it is not to be asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewException {
    pub kind: String,
    pub host: String,
    pub domain: String,
    pub network: String,
    /// The last day on which it holds, as people say it: `2026-12-31`; empty: no end.
    pub last_day: String,
    pub reason: String,
}

/// An exception and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct StandingException {
    pub exception: Exception,
    pub made_at: Timestamp,
    pub taken_back: Option<(Timestamp, String)>,
}

impl StandingException {
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

    /// Those that hold today.
    pub(super) async fn standing_exceptions(&self, scope: &Scope, now: Timestamp) -> Result<Vec<Exception>, Error> {
        let today = self.zoned(scope, now)?.date();
        let all = self.exceptions(scope).await?;
        Ok(all.into_iter().filter(|one| one.holds_on(today)).map(|one| one.exception).collect())
    }

    /// Makes an exception.
    pub async fn except(&self, scope: &Scope, wanted: NewException, now: Timestamp) -> Result<Exception, Error> {
        require(scope, Permission::HandleIncident)?;
        let today = self.zoned(scope, now)?.date();
        let exception = read(&wanted, self.chance.id(now)?, scope.actor().name(), today).map_err(Error::Invalid)?;
        let json = serde_json::to_string(&exception).map_err(Error::internal)?;
        let row =
            ExceptionRow { id: exception.id, made_at: now, json, taken_back_at: None, taken_back_by: String::new() };
        self.store.add_exception(scope, &row).await?;
        Ok(exception)
    }

    /// Takes an exception back: what it hid is shown again.
    pub async fn take_back_exception(&self, scope: &Scope, id: Uuid, now: Timestamp) -> Result<(), Error> {
        require(scope, Permission::HandleIncident)?;
        Ok(self.store.take_back_exception(scope, id, scope.actor().name(), now).await?)
    }
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
    let domain = said(&wanted.domain).map(|text| read_domain(&text));
    if domain == Some(None) {
        wrong(
            "domain",
            "Typ een naam zoals backup.voorbeeld.nl, of *.voorbeeld.nl voor alles daaronder.",
            "Type a name such as backup.example.nl, or *.example.nl for all below it.",
        );
    }
    let network = said(&wanted.network).map(|text| text.parse().ok());
    if network == Some(None) {
        wrong(
            "network",
            "Typ een adres of reeks, zoals 192.0.2.0/24.",
            "Type an address or range, such as 192.0.2.0/24.",
        );
    }
    let until = said(&wanted.last_day).map(|text| {
        let last: Option<Date> = text.parse().ok().filter(|day| *day >= today);
        last.and_then(|day| day.checked_add(1.day()).ok())
    });
    if until == Some(None) {
        wrong("until", "Kies een dag die nog komt.", "Choose a day that is still to come.");
    }
    if kind.is_none() && host.is_none() && domain.is_none() && network.is_none() {
        wrong(
            "domain",
            "Zeg ten minste voor welk apparaat, welke naam, welk netwerk of welke soort het geldt.",
            "Say at least for which host, name, network or kind it holds.",
        );
    }
    let reason = wanted.reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        wrong(
            "reason",
            "Schrijf in één zin waarom dit hier gewoon is (ten hoogste 500 tekens).",
            "Say in one sentence why this is ordinary here (at most 500 characters).",
        );
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Exception {
        id,
        kind: kind.flatten(),
        host: host.flatten(),
        domain: domain.flatten(),
        network: network.flatten(),
        until: until.flatten(),
        author: author.to_owned(),
        reason: reason.to_owned(),
    })
}

/// A domain as detections have it: lower case, without a final dot; at most a `*.` before it.
fn read_domain(text: &str) -> Option<String> {
    let name = text.trim_end_matches('.').to_lowercase();
    let bare = name.strip_prefix("*.").unwrap_or(&name);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
    };
    (name.len() <= LONGEST_DOMAIN && bare.split('.').all(is_label)).then_some(name)
}

/// Whether an exception covers a detection: every condition that it gives holds. Not asked: whether it has ended.
#[must_use]
pub fn covers(exception: &Exception, detection: &DetectionLine) -> bool {
    let is_kind = exception.kind.is_none_or(|kind| kind == detection.kind);
    let is_host = exception.host.is_none_or(|host| host.to_canonical() == detection.host.ip.to_canonical());
    let is_domain = exception
        .domain
        .as_deref()
        .is_none_or(|wanted| detection.remote.domain.as_deref().is_some_and(|domain| matches_domain(wanted, domain)));
    let is_network = exception.network.is_none_or(|range| detection.remote.ip.is_some_and(|ip| range.contains(ip)));
    exception.has_condition() && is_kind && is_host && is_domain && is_network
}

/// `*.example.nl` is every name under it; another name is itself alone.
fn matches_domain(wanted: &str, domain: &str) -> bool {
    let (wanted, domain) = (wanted.to_lowercase(), domain.trim_end_matches('.').to_lowercase());
    match wanted.strip_prefix('*') {
        Some(ending) => domain.len() > ending.len() && domain.ends_with(ending),
        None => domain == wanted,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 29);

    fn detection() -> DetectionLine {
        serde_json::from_str(
            r#"{"type":"detection","id":"d1","first_at":"2026-11-29T08:00:00Z","last_at":"2026-11-29T09:00:00Z","host":{"ip":"10.0.0.5"},"kind":"beacon","severity":"high","confidence":0.9,"technique":[],"remote":{"ip":"203.0.113.9","port":443,"domain":"a.Backup.example"},"evidence":{},"summary":{"nl":"","en":""}}"#,
        )
        .unwrap()
    }

    fn made(kind: &str, host: &str, domain: &str, network: &str) -> Exception {
        let wanted = NewException {
            kind: kind.into(),
            host: host.into(),
            domain: domain.into(),
            network: network.into(),
            last_day: String::new(),
            reason: "de back-up".into(),
        };
        read(&wanted, Uuid::nil(), "Ada", TODAY).unwrap()
    }

    #[test]
    fn every_condition_that_is_given_must_hold() {
        for (kind, host, domain, network, is_covered) in [
            ("beacon", "", "", "", true),
            ("miner", "", "", "", false),
            ("", "10.0.0.5", "", "", true),
            ("", "::ffff:10.0.0.5", "", "", true),
            ("", "10.0.0.6", "", "", false),
            ("", "", "a.backup.example.", "", true),
            ("", "", "*.backup.example", "", true),
            ("", "", "*.EXAMPLE", "", true),
            ("", "", "backup.example", "", false),
            ("", "", "*.ackup.example", "", false),
            ("", "", "*.a.backup.example", "", false),
            ("", "", "", "203.0.113.0/24", true),
            ("", "", "", "203.0.113.8", false),
            ("beacon", "10.0.0.5", "*.backup.example", "203.0.113.0/24", true),
            ("beacon", "10.0.0.6", "*.backup.example", "203.0.113.0/24", false),
        ] {
            let exception = made(kind, host, domain, network);
            assert_eq!(covers(&exception, &detection()), is_covered, "{exception:?}");
        }
        let nameless = DetectionLine { remote: contract::detection::Remote::default(), ..detection() };
        assert!(!covers(&made("", "", "*.example", ""), &nameless), "what is not known is not covered");
        assert!(!covers(&made("", "", "", "0.0.0.0/0"), &nameless));
        let bare = Exception { kind: None, host: None, domain: None, network: None, ..made("beacon", "", "", "") };
        assert!(!covers(&bare, &detection()), "one without a condition covers nothing");
    }

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
        assert_eq!(fields(|wanted| wanted.network = "10.0.0.0/99".into()), ["network"]);
        assert_eq!(fields(|wanted| wanted.last_day = "2026-11-28".into()), ["until"]);
        assert_eq!(fields(|wanted| wanted.last_day = "morgen".into()), ["until"]);
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
}
