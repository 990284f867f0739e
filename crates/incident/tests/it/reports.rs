//! What the authority is told: a first report, supplements, a withdrawal, and a first report again.

use incident::{Command, Phase, Refusal, ReportKind, Waiting};
use jiff::SignedDuration;
use law::verdict::{Duty, Outcome};

use crate::support::{assessed, carry_out, opened_at, order, reported, reported_as};

#[test]
fn every_report_has_its_place() {
    use ReportKind::{First, Supplement, Withdrawal};
    let early = opened_at();
    let late = opened_at() + SignedDuration::from_mins(30);
    let future = opened_at() + SignedDuration::from_hours(9);
    let before = opened_at() - SignedDuration::from_hours(1);
    // What is on file, what is recorded, and what comes of it.
    let cases = [
        (vec![], reported_as(First, early, " "), Err(Refusal::ReceiptNeeded)),
        (vec![], reported_as(First, before, "AP-1"), Err(Refusal::BeforeTheSignal)),
        (vec![], reported_as(First, future, "AP-1"), Err(Refusal::InTheFuture)),
        (vec![], reported_as(Supplement, early, "AP-1"), Err(Refusal::NothingReported)),
        (vec![], reported_as(Withdrawal, early, "AP-1"), Err(Refusal::NothingReported)),
        (vec![First], reported_as(First, late, "AP-2"), Err(Refusal::AlreadyReported)),
        (vec![First], reported_as(First, early, "AP-2"), Ok(Some("AP-2"))),
        (vec![First], reported_as(Supplement, before, ""), Err(Refusal::BeforeTheReport)),
        (vec![First], reported_as(Supplement, late, ""), Ok(Some("AP-0"))),
        (vec![First], reported_as(Withdrawal, late, ""), Ok(None)),
        (vec![First, Supplement], reported_as(Withdrawal, late, "AP-0b"), Ok(None)),
        (vec![First, Withdrawal], reported_as(Supplement, late, "AP-1"), Err(Refusal::NothingReported)),
        (vec![First, Withdrawal], reported_as(First, late, "AP-3"), Ok(Some("AP-3"))),
    ];
    for (before, command, expected) in cases {
        let mut incident = reported();
        for kind in before {
            carry_out(&mut incident, reported_as(kind, early, "AP-0")).expect("on file");
        }
        let outcome = carry_out(&mut incident, command.clone());
        let stands = outcome.map(|_| incident.authority_notified.as_ref().map(|(_, receipt)| receipt.as_str()));
        assert_eq!(stands, expected, "{command:?}");
    }
}

#[test]
fn a_follow_up_quotes_the_first_ones_number_and_a_withdrawal_says_why() {
    let mut incident = reported();
    carry_out(&mut incident, reported_as(ReportKind::First, opened_at(), "AP-7")).expect("reported");
    carry_out(&mut incident, reported_as(ReportKind::Supplement, opened_at(), "")).expect("supplemented");
    assert_eq!(incident.last_report().map(|report| report.receipt.as_str()), Some("AP-7"));
    let Command::RecordReport { kind, at, receipt, form, answers, .. } =
        reported_as(ReportKind::Withdrawal, opened_at(), "")
    else {
        panic!("a report");
    };
    let silent = Command::RecordReport { kind, at, receipt, form, answers, reason: Some(" ".into()) };
    assert_eq!(carry_out(&mut incident, silent), Err(Refusal::ReasonNeeded));
    carry_out(&mut incident, reported_as(ReportKind::Withdrawal, opened_at(), "")).expect("withdrawn");
    assert_eq!(incident.last_report(), None);
    let kinds: Vec<_> = incident.reports.iter().map(|report| report.kind).collect();
    assert_eq!(kinds, ReportKind::ALL, "everything that was told stays on file");
}

#[test]
fn a_report_of_what_need_not_be_reported_waits_to_be_taken_back() {
    let mut incident = reported();
    let verdict = |notify| assessed(&[(Duty::NotifyAuthority, notify), (Duty::InformSubjects, Outcome::NotRequired)]);
    let decide = |notify| Command::Decide(order(&[(Duty::NotifyAuthority, notify), (Duty::InformSubjects, false)]));
    carry_out(&mut incident, verdict(Outcome::Required)).expect("assessed");
    carry_out(&mut incident, decide(true)).expect("decided");
    assert_eq!(incident.waits_for(), [Waiting::Report]);
    carry_out(&mut incident, reported_as(ReportKind::First, opened_at(), "AP-1")).expect("reported");
    assert_eq!(incident.phase(), Phase::Done);
    carry_out(&mut incident, verdict(Outcome::NotRequired)).expect("assessed");
    carry_out(&mut incident, decide(false)).expect("decided");
    assert_eq!((incident.phase(), incident.waits_for()), (Phase::Acting, vec![Waiting::Withdrawal]));
    assert_eq!(carry_out(&mut incident, Command::Close { lessons: "x".into() }), Err(Refusal::NotDone));
    carry_out(&mut incident, reported_as(ReportKind::Withdrawal, opened_at(), "")).expect("withdrawn");
    assert_eq!(incident.phase(), Phase::Done);
    // It proves real after all.
    carry_out(&mut incident, verdict(Outcome::Required)).expect("assessed");
    carry_out(&mut incident, decide(true)).expect("decided");
    assert_eq!(incident.waits_for(), [Waiting::Report]);
}
