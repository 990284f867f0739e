//! Whom a decision obliges to tell: controllers, the CSIRT; and what waits until they are told.

use incident::{Command, Phase, Refusal, Waiting};
use jiff::SignedDuration;
use law::verdict::{CsirtStepKind, Duty, Outcome};

use crate::support::{assessed, carry_out, opened_at, order, reported};

const QUIET: [(Duty, bool); 2] = [(Duty::NotifyAuthority, false), (Duty::InformSubjects, false)];

fn verdict(duty: Duty, outcome: Outcome) -> Command {
    let quiet = [(Duty::NotifyAuthority, Outcome::NotRequired), (Duty::InformSubjects, Outcome::NotRequired)];
    assessed(&[&quiet[..], &[(duty, outcome)]].concat())
}

fn decision(duty: Duty, is_to_do: bool) -> Command {
    Command::Decide(order(&[&QUIET[..], &[(duty, is_to_do)]].concat()))
}

#[test]
fn which_duties_a_decision_must_answer() {
    let cases = [
        (Duty::NotifyControllers, Outcome::Required, true),
        (Duty::NotifyControllers, Outcome::Undetermined, true),
        (Duty::NotifyControllers, Outcome::NotRequired, false),
        (Duty::NotifyCsirt, Outcome::Required, true),
        (Duty::NotifyCsirt, Outcome::Undetermined, false),
        (Duty::NotifyCsirt, Outcome::NotRequired, false),
    ];
    for (duty, outcome, must) in cases {
        let mut incident = reported();
        carry_out(&mut incident, verdict(duty, outcome)).expect("assessed");
        let taken = carry_out(&mut incident, Command::Decide(order(&QUIET)));
        assert_eq!(taken.err(), must.then_some(Refusal::DutyUnanswered(duty)), "{duty:?} {outcome:?}");
        carry_out(&mut incident, decision(duty, true)).expect("answered");
        assert_eq!(incident.is_to_do(duty), Some(true));
        assert_eq!(incident.phase(), Phase::Acting);
    }
}

#[test]
fn a_processor_is_done_when_its_controllers_are_warned() {
    let mut incident = reported();
    carry_out(&mut incident, verdict(Duty::NotifyControllers, Outcome::Required)).expect("assessed");
    carry_out(&mut incident, decision(Duty::NotifyControllers, true)).expect("decided");
    assert_eq!(incident.waits_for(), [Waiting::Controllers]);
    let warned = |at, count, channel: &str| Command::RecordControllersWarned { at, count, channel: channel.into() };
    let hour = SignedDuration::from_hours(1);
    for (command, refusal) in [
        (warned(opened_at(), 0, "mail"), Refusal::NobodyWarned),
        (warned(opened_at(), 3, " "), Refusal::ReasonNeeded),
        (warned(opened_at() - hour, 3, "mail"), Refusal::BeforeTheSignal),
        (warned(opened_at() + hour * 2, 3, "mail"), Refusal::InTheFuture),
    ] {
        assert_eq!(carry_out(&mut incident, command), Err(refusal));
    }
    carry_out(&mut incident, warned(opened_at(), 3, "mail")).expect("warned");
    assert_eq!(incident.controllers_warned, Some((opened_at(), 3, "mail".into())));
    assert_eq!(incident.phase(), Phase::Done);
}

#[test]
fn the_csirt_waits_for_each_step_and_the_final_report_holds_the_closing() {
    use CsirtStepKind::{EarlyWarning, FinalReport, Notification};
    let mut incident = reported();
    carry_out(&mut incident, verdict(Duty::NotifyCsirt, Outcome::Required)).expect("assessed");
    carry_out(&mut incident, decision(Duty::NotifyCsirt, true)).expect("decided");
    let step = |step, at| Command::RecordCsirtNotified { step, at, receipt: " C-1 ".into() };
    let close = || Command::Close { lessons: "Geleerd.".into() };
    assert_eq!(carry_out(&mut incident, step(FinalReport, opened_at())), Err(Refusal::CsirtNotificationFirst));
    let future = opened_at() + SignedDuration::from_hours(2);
    assert_eq!(carry_out(&mut incident, step(EarlyWarning, future)), Err(Refusal::InTheFuture));
    let before = opened_at() - SignedDuration::from_hours(2);
    assert_eq!(carry_out(&mut incident, step(EarlyWarning, before)), Err(Refusal::BeforeTheSignal));
    for kind in [EarlyWarning, Notification] {
        assert_eq!(incident.waits_for().first(), Some(&Waiting::Csirt(kind)));
        assert_eq!(carry_out(&mut incident, close()), Err(Refusal::NotDone));
        carry_out(&mut incident, step(kind, opened_at())).expect("told");
        assert_eq!(incident.csirt_notified.get(&kind), Some(&(opened_at(), "C-1".into())));
    }
    assert_eq!(carry_out(&mut incident, close()), Err(Refusal::FinalReportOpen));
    let mut without = incident.clone();
    carry_out(&mut without, decision(Duty::NotifyCsirt, false)).expect("none is needed, for a reason");
    carry_out(&mut without, close()).expect("closed");
    carry_out(&mut incident, step(FinalReport, opened_at())).expect("told");
    carry_out(&mut incident, close()).expect("closed");
}

#[test]
fn an_agreed_term_is_met_once_for_each_moment() {
    let mut incident = reported();
    let met = |at| Command::RecordTermMet { term: "termijn-1".into(), with: "Verzekeraar".into(), at };
    let hour = SignedDuration::from_hours(1);
    assert_eq!(carry_out(&mut incident, met(opened_at() - hour)), Err(Refusal::BeforeTheSignal));
    assert_eq!(carry_out(&mut incident, met(opened_at() + hour * 2)), Err(Refusal::InTheFuture));
    carry_out(&mut incident, met(opened_at())).expect("met");
    assert_eq!(incident.terms_met.get("termijn-1"), Some(&opened_at()));
    assert_eq!(carry_out(&mut incident, met(opened_at())), Err(Refusal::NothingChanges));
}

#[test]
fn what_an_old_law_judges_is_read_and_closed_without_a_decision() {
    let mut incident = reported();
    let mut old = verdict(Duty::NotifyAuthority, Outcome::Required);
    if let Command::RecordAssessment(assessment) = &mut old {
        assessment.is_historical = true;
    }
    carry_out(&mut incident, old).expect("assessed");
    assert_eq!((incident.clock_start(), incident.waits_for(), incident.phase()), (None, Vec::new(), Phase::Done));
    carry_out(&mut incident, Command::Close { lessons: "Alleen ter inzage.".into() }).expect("closed");
    assert_eq!(incident.phase(), Phase::Closed);
}

#[test]
fn no_signal_and_no_notice_lies_before_there_was_a_duty() {
    let mut incident = reported();
    let long_ago = "1500-01-01T00:00:00Z".parse().expect("a moment");
    assert_eq!(carry_out(&mut incident, Command::SetDetectedAt { at: long_ago }), Err(Refusal::BeforeTheLaw));
    let notice = Command::RecordProcessorInformed { at: long_ago, by: "Lantaarn IT".into() };
    assert_eq!(carry_out(&mut incident, notice), Err(Refusal::BeforeTheLaw));
}

#[test]
fn what_is_too_long_is_refused_and_never_cut() {
    let mut incident = reported();
    let by = |by: String| Command::RecordProcessorInformed { at: opened_at(), by };
    assert_eq!(carry_out(&mut incident, by("x".repeat(201))), Err(Refusal::TooLong { most: 200 }));
    carry_out(&mut incident, by("é".repeat(200))).expect("characters count, not bytes");
    let note = |text: String| Command::Note { text };
    assert_eq!(carry_out(&mut incident, note("x".repeat(20_001))), Err(Refusal::TooLong { most: 20_000 }));
}
