//! An incident to walk with, and the people who walk with it.

use std::collections::BTreeMap;

use facts::{IncidentId, OrganisationId, Text, UserId};
use incident::{Actor, Assessment, Command, Event, Incident, Opening, Order, Refusal, ReportKind, Stamped, Urgency};
use jiff::{SignedDuration, Timestamp};
use law::verdict::{Duty, Outcome};

pub(crate) fn opened_at() -> Timestamp {
    "2026-03-27T14:20:00Z".parse().expect("a literal time")
}

pub(crate) fn officer() -> Actor {
    Actor::Person { id: UserId(uuid(3)), name: "Anna de Vries".into() }
}

pub(crate) fn uuid(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(number)
}

pub(crate) fn stamped(event: Event, at: Timestamp) -> Stamped {
    Stamped { incident: IncidentId(uuid(1)), index: None, recorded_at: at, by: officer(), event }
}

pub(crate) fn reported() -> Incident {
    let opening = Opening::Reported {
        what: "Mail naar de verkeerde".into(),
        when_said: None,
        whose_said: None,
        done_said: None,
        contact: None,
    };
    let first = stamped(Event::Opened { number: 1, title: "Mail naar de verkeerde".into(), opening }, opened_at());
    Incident::open(OrganisationId(uuid(2)), &first).expect("an opening opens")
}

pub(crate) fn fg() -> Actor {
    Actor::Person { id: UserId(uuid(4)), name: "Ferdi Özdemir".into() }
}

/// A sensor's case, of which the packets were seen nine hours before it was opened, and that came in three hours before.
pub(crate) fn detected() -> Incident {
    let opening = Opening::Detected {
        case: "c1".into(),
        urgency: Urgency::High,
        host: "10.0.0.23".into(),
        summary: Text::new("Besmet", "Infected"),
        detections: Vec::new(),
        first_at: opened_at() - SignedDuration::from_hours(9),
        last_at: opened_at(),
        detected_at: Some(opened_at() - SignedDuration::from_hours(3)),
    };
    let first = stamped(Event::Opened { number: 2, title: "Besmet".into(), opening }, opened_at());
    Incident::open(OrganisationId(uuid(2)), &first).expect("an opening opens")
}

pub(crate) fn reported_as(kind: ReportKind, at: Timestamp, receipt: &str) -> Command {
    Command::RecordReport {
        kind,
        at,
        receipt: receipt.into(),
        form: "ap-2022-08".into(),
        answers: BTreeMap::from([("description".into(), receipt.into())]),
        reason: (kind == ReportKind::Withdrawal).then(|| "Toch geen datalek.".into()),
    }
}

/// A verdict with these outcomes; the register always.
pub(crate) fn assessed(outcomes: &[(Duty, Outcome)]) -> Command {
    let document = (Duty::Document, Outcome::Required);
    Command::RecordAssessment(Box::new(Assessment {
        law: "avg".into(),
        law_version: "1".into(),
        is_historical: false,
        breach: facts::Truth::True,
        outcomes: outcomes.iter().copied().chain([document]).collect(),
        risk: None,
        verdict_json: "{}".into(),
        situation_json: "{}".into(),
    }))
}

pub(crate) fn order(duties: &[(Duty, bool)]) -> Order {
    Order { duties: duties.iter().copied().collect(), motivation: "Daarom.".into(), ..Order::default() }
}

/// Carries a command out an hour after opening and gives its events.
pub(crate) fn carry_out(incident: &mut Incident, command: Command) -> Result<Vec<Event>, Refusal> {
    carry_out_as(incident, command, &officer(), opened_at() + SignedDuration::from_hours(1))
}

/// Carries a command out for this person at this moment.
pub(crate) fn carry_out_as(
    incident: &mut Incident,
    command: Command,
    by: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let events = incident.decide(command, by, now)?;
    for event in &events {
        incident.apply(&Stamped { by: by.clone(), ..stamped(event.clone(), now) });
    }
    Ok(events)
}
