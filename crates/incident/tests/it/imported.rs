//! What was taken over from another register stands there as that register's word, and waits until somebody asks.

use std::collections::BTreeMap;

use facts::{Fact, IncidentId, OrganisationId, Value};
use incident::{
    Actor, Command, Event, Imported, Incident, Opening, Order, Phase, ReportKind, SaidAt, SaidTold, Stamped,
};
use jiff::Timestamp;
use uuid::Uuid;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a literal time")
}

fn day(text: &str) -> Option<SaidAt> {
    Some(SaidAt { at: at(text), is_day: true })
}

fn taken_over(imported: Imported) -> Incident {
    let first = Stamped {
        incident: IncidentId(Uuid::from_u128(1)),
        index: None,
        recorded_at: at("2026-11-20T08:00:00Z"),
        by: Actor::Program,
        event: Event::Opened { number: 9, title: "Mail".into(), opening: Opening::Imported(Box::new(imported)) },
    };
    Incident::replay(OrganisationId(Uuid::from_u128(2)), &[first]).expect("an opening opens")
}

#[test]
fn a_closed_row_stays_closed_since_then_and_is_nobodys_decision_here() {
    let incident = taken_over(Imported {
        aware_at: day("2019-04-03T22:00:00Z"),
        authority: SaidTold {
            was_told: Some(true),
            at: day("2019-04-04T22:00:00Z"),
            what: Some("AP-1".into()),
            count: None,
        },
        motivation: Some("Gevoelig".into()),
        is_closed: true,
        closed_at: day("2019-05-01T22:00:00Z"),
        ..Imported::default()
    });
    assert_eq!((incident.phase(), incident.closed_at), (Phase::Closed, Some(at("2019-05-01T22:00:00Z"))));
    assert_eq!((&incident.decision, &incident.assessment), (&None, &None));
    assert_eq!(incident.authority_notified, Some((at("2019-04-04T22:00:00Z"), "AP-1".into())));
    let report = &incident.reports[0];
    assert_eq!((report.kind, report.form.as_str(), report.recorded_at), (ReportKind::First, "", incident.opened_at));
    let aware = incident.aware.unwrap();
    assert!(aware.is_estimated && aware.reason.contains("overgenomen register"), "{aware:?}");
    assert_eq!(incident.opened_at, at("2026-11-20T08:00:00Z"), "recorded when it was taken over");
}

#[test]
fn a_closed_row_without_a_date_was_closed_when_it_was_taken_over() {
    let incident = taken_over(Imported { is_closed: true, ..Imported::default() });
    assert_eq!(incident.closed_at, Some(incident.opened_at));
}

#[test]
fn no_clock_runs_for_an_open_row_until_the_law_is_asked() {
    let mut incident = taken_over(Imported { aware_at: day("2026-11-18T22:00:00Z"), ..Imported::default() });
    assert_eq!((incident.phase(), incident.clock_start()), (Phase::Investigating, None));
    assert_eq!(incident.waits_for(), []);
    assert!(incident.is_imported_unjudged());
    let changes = BTreeMap::from([(Fact::PersonalData, Some(Value::Truth(true)))]);
    let now = at("2026-11-20T09:00:00Z");
    let events = incident.decide(Command::RecordFacts { changes, note: None }, &Actor::Program, now).unwrap();
    let judged = Event::Assessed(Box::new(incident::Assessment {
        law: "avg".into(),
        law_version: "1".into(),
        is_historical: false,
        breach: facts::Truth::True,
        outcomes: BTreeMap::new(),
        risk: None,
        verdict_json: String::new(),
        situation_json: String::new(),
    }));
    for event in events.into_iter().chain([judged]) {
        let (incident_id, by) = (incident.id, Actor::Program);
        incident.apply(&Stamped { incident: incident_id, index: None, recorded_at: now, by, event });
    }
    assert_eq!(incident.clock_start(), Some((at("2026-11-18T22:00:00Z"), false)));
}

#[test]
fn a_notice_without_a_date_is_told_and_counts_as_no_report() {
    let authority = SaidTold { was_told: Some(true), ..SaidTold::default() };
    let incident = taken_over(Imported { authority, ..Imported::default() });
    assert_eq!((incident.authority_notified.is_none(), incident.reports.len()), (true, 0));
    assert_eq!(incident.imported().unwrap().authority.was_told, Some(true));
}

#[test]
fn who_decides_here_decides_anew() {
    let incident = taken_over(Imported { motivation: Some("Toen".into()), ..Imported::default() });
    let order = Order {
        duties: law::verdict::Duty::ALL.into_iter().map(|duty| (duty, false)).collect(),
        motivation: "Nu".into(),
        ..Order::default()
    };
    let by = Actor::Person { id: facts::UserId(Uuid::from_u128(3)), name: "Ada".into() };
    let refused = incident.decide(Command::Decide(order), &by, at("2026-11-20T09:00:00Z"));
    assert!(refused.is_err(), "nothing was assessed yet: {refused:?}");
}
