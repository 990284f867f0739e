//! The road of an incident: which command leads where, and what is refused with which words.

use std::collections::BTreeMap;

use facts::{Fact, Value};
use incident::{Assessment, Command, Event, Incident, Order, Phase, Refusal, ReportKind, Waiting};
use jiff::{SignedDuration, Timestamp};
use law::verdict::{Duty, Outcome};
use proptest::prelude::*;

use crate::support::{carry_out, detected, opened_at, reported, reported_as};

fn assessment(notify: Outcome, inform: Outcome) -> Command {
    Command::RecordAssessment(Box::new(Assessment {
        law: "avg".into(),
        law_version: "1".into(),
        is_historical: false,
        breach: facts::Truth::True,
        outcomes: BTreeMap::from([
            (Duty::Document, Outcome::Required),
            (Duty::NotifyAuthority, notify),
            (Duty::InformSubjects, inform),
        ]),
        risk: None,
        verdict_json: "{}".into(),
        situation_json: "{}".into(),
    }))
}

fn decision(notify: bool, inform: bool) -> Command {
    Command::Decide(Order {
        duties: BTreeMap::from([(Duty::NotifyAuthority, notify), (Duty::InformSubjects, inform)]),
        motivation: "Het risico is reëel.".into(),
        ..Order::default()
    })
}

fn notified(at: Timestamp, receipt: &str) -> Command {
    reported_as(ReportKind::First, at, receipt)
}

/// Deciding that nothing is due does not look at what the sensor saw: it is not all done while that waits.
#[test]
fn it_is_not_all_done_while_a_detection_is_unchecked() {
    let mut incident = detected();
    carry_out(&mut incident, assessment(Outcome::Undetermined, Outcome::Undetermined)).expect("assessed");
    carry_out(&mut incident, decision(false, false)).expect("decided");
    assert_eq!((incident.phase(), incident.waits_for()), (Phase::Acting, vec![Waiting::Check]));
    assert_eq!(carry_out(&mut incident, Command::Close { lessons: "x".into() }), Err(Refusal::NotDone));
    let seen = Command::CheckDetection { is_real: false, note: Some("Een scanner.".into()) };
    carry_out(&mut incident, seen).expect("checked");
    assert_eq!((incident.phase(), incident.waits_for()), (Phase::Done, vec![]));
}

#[test]
fn an_incident_walks_from_report_to_closing() {
    let mut incident = reported();
    assert_eq!(incident.phase(), Phase::Investigating);
    carry_out(&mut incident, assessment(Outcome::Undetermined, Outcome::Undetermined)).expect("assessed");
    assert_eq!(incident.phase(), Phase::Investigating);
    carry_out(&mut incident, assessment(Outcome::Required, Outcome::NotRequired)).expect("assessed");
    assert_eq!(incident.phase(), Phase::AwaitingDecision);
    // It once said that not all was done of what had been decided.
    assert_eq!(carry_out(&mut incident, Command::Close { lessons: "x".into() }), Err(Refusal::NotDecided));
    carry_out(&mut incident, decision(true, false)).expect("decided");
    assert_eq!(incident.phase(), Phase::Acting);
    assert_eq!(carry_out(&mut incident, Command::Close { lessons: "x".into() }), Err(Refusal::NotDone));
    carry_out(&mut incident, notified(opened_at(), "AP-1")).expect("notified");
    assert_eq!(incident.phase(), Phase::Done);
    carry_out(&mut incident, Command::Close { lessons: "Controleer het adres.".into() }).expect("closed");
    assert_eq!(incident.phase(), Phase::Closed);
    assert_eq!(carry_out(&mut incident, decision(true, true)), Err(Refusal::Closed));
    carry_out(&mut incident, Command::Reopen { reason: "Nieuwe feiten.".into() }).expect("reopened");
    assert_eq!(incident.phase(), Phase::Done);
}

#[test]
fn what_departs_from_the_advice_is_named_and_doubt_advises_to_report() {
    let cases = [
        (Outcome::Required, true, false),
        (Outcome::Required, false, true),
        (Outcome::NotRequired, true, true),
        (Outcome::NotRequired, false, false),
        (Outcome::Undetermined, true, false),
        (Outcome::Undetermined, false, true),
    ];
    for (advised, decided, departs) in cases {
        let mut incident = reported();
        carry_out(&mut incident, assessment(advised, Outcome::NotRequired)).expect("assessed");
        let events = carry_out(&mut incident, decision(decided, false)).expect("decided");
        let [Event::Decided(taken)] = events.as_slice() else { panic!("one decision, not {events:?}") };
        assert_eq!(taken.departs.contains(&Duty::NotifyAuthority), departs, "{advised:?} {decided}");
    }
}

#[test]
fn a_decision_needs_a_verdict_an_answer_for_every_duty_and_a_motivation() {
    let mut incident = reported();
    assert_eq!(carry_out(&mut incident, decision(true, true)), Err(Refusal::NotAssessed));
    carry_out(&mut incident, assessment(Outcome::Required, Outcome::NotRequired)).expect("assessed");
    let without_motivation = Command::Decide(Order {
        duties: BTreeMap::from([(Duty::NotifyAuthority, true), (Duty::InformSubjects, false)]),
        motivation: " \n".into(),
        ..Order::default()
    });
    assert_eq!(carry_out(&mut incident, without_motivation), Err(Refusal::MotivationNeeded));
    let duties = BTreeMap::from([(Duty::NotifyAuthority, true)]);
    let half = Command::Decide(Order { duties, motivation: "x".into(), ..Order::default() });
    assert_eq!(carry_out(&mut incident, half), Err(Refusal::DutyUnanswered(Duty::InformSubjects)));
    let facts = BTreeMap::from([(Fact::PersonalData, Some(Value::Truth(true)))]);
    carry_out(&mut incident, Command::RecordFacts { changes: facts, note: None }).expect("recorded");
    assert_eq!(carry_out(&mut incident, decision(true, true)), Err(Refusal::AssessmentStale));
}

#[test]
fn a_verdict_that_changes_after_the_decision_asks_for_a_new_one() {
    let mut incident = reported();
    carry_out(&mut incident, assessment(Outcome::NotRequired, Outcome::NotRequired)).expect("assessed");
    carry_out(&mut incident, decision(false, false)).expect("decided");
    assert_eq!(incident.phase(), Phase::Done);
    carry_out(&mut incident, assessment(Outcome::Required, Outcome::NotRequired)).expect("assessed again");
    assert!(incident.is_decision_outdated());
    assert_eq!(incident.is_to_do(Duty::NotifyAuthority), None, "an overtaken decision stops no clock");
    assert_eq!(incident.phase(), Phase::AwaitingDecision);
}

#[test]
fn times_in_the_future_and_awareness_before_the_signal_are_refused() {
    let mut incident = reported();
    let later = opened_at() + SignedDuration::from_hours(2);
    let aware = |at| Command::SetAwareness { at, is_estimated: false, reason: "Bevestigd.".into() };
    assert_eq!(carry_out(&mut incident, aware(later)), Err(Refusal::InTheFuture));
    let signal = opened_at() - SignedDuration::from_hours(5);
    carry_out(&mut incident, Command::SetDetectedAt { at: signal }).expect("set");
    let before = signal - SignedDuration::from_secs(1);
    assert_eq!(carry_out(&mut incident, aware(before)), Err(Refusal::AwareBeforeDetected));
    assert_eq!(incident.clock_start(), Some((signal, true)));
    carry_out(&mut incident, aware(opened_at())).expect("set");
    assert_eq!(incident.clock_start(), Some((opened_at(), false)));
}

#[test]
fn who_was_aware_before_the_report_was_typed_in_had_the_signal_by_then() {
    let mut incident = reported();
    let friday = opened_at() - SignedDuration::from_hours(48);
    let aware = Command::SetAwareness { at: friday, is_estimated: true, reason: "Vrijdag gebeld.".into() };
    carry_out(&mut incident, aware).expect("set");
    assert_eq!(incident.situation(facts::Country::NL).contradictions(), []);
}

#[test]
fn only_what_differs_is_recorded_and_contradictions_are_refused() {
    let mut incident = reported();
    let set = |fact: Fact, value| Command::RecordFacts { changes: BTreeMap::from([(fact, value)]), note: None };
    carry_out(&mut incident, set(Fact::SubjectsMin, Some(Value::Whole(10)))).expect("recorded");
    let again = carry_out(&mut incident, set(Fact::SubjectsMin, Some(Value::Whole(10))));
    assert_eq!(again, Err(Refusal::NothingChanges));
    let contradiction = carry_out(&mut incident, set(Fact::SubjectsMax, Some(Value::Whole(3))));
    assert!(matches!(contradiction, Err(Refusal::Contradictions(_))));
    carry_out(&mut incident, set(Fact::SubjectsMin, None)).expect("unknown again");
    assert!(incident.facts.is_empty());
}

#[test]
fn nobody_is_told_before_the_first_signal_and_the_first_report_to_the_authority_stays_the_first() {
    let mut incident = reported();
    let before = opened_at() - SignedDuration::from_hours(1);
    assert_eq!(carry_out(&mut incident, notified(before, "AP-0")), Err(Refusal::BeforeTheSignal));
    let informed =
        |at, count| Command::RecordSubjectsInformed { at, count, channel: "brief".into(), is_correction: false };
    assert_eq!(carry_out(&mut incident, informed(before, 3)), Err(Refusal::BeforeTheSignal));
    assert_eq!(carry_out(&mut incident, informed(opened_at(), 0)), Err(Refusal::NobodyInformed));
    let later = opened_at() + SignedDuration::from_mins(30);
    carry_out(&mut incident, notified(opened_at(), "AP-1")).expect("notified");
    assert_eq!(carry_out(&mut incident, notified(later, "AP-9")), Err(Refusal::AlreadyReported));
    carry_out(&mut incident, reported_as(ReportKind::Supplement, later, "AP-1, aanvulling")).expect("supplemented");
    assert_eq!(incident.authority_notified, Some((opened_at(), "AP-1".into())));
    carry_out(&mut incident, notified(opened_at(), "AP-2")).expect("its number corrected");
    assert_eq!(incident.authority_notified, Some((opened_at(), "AP-2".into())));
}

proptest! {
    /// Whatever people record, in whatever order: replaying the journal gives the very same incident.
    #[test]
    fn replaying_the_events_gives_the_state(counts in prop::collection::vec(0_u64..50, 0..20)) {
        let mut incident = reported();
        for count in counts {
            let fact = if count % 2 == 0 { Fact::Records } else { Fact::RecipientCount };
            let changes = BTreeMap::from([(fact, Some(Value::Whole(count)))]);
            let _ = carry_out(&mut incident, Command::RecordFacts { changes, note: None });
        }
        let history = incident.timeline.clone();
        prop_assert_eq!(Incident::replay(incident.organisation, &history), Some(incident));
    }
}
