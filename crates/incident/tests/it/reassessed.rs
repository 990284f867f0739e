//! What turned a verdict, told from the timeline; and the refusals' texts.

use std::collections::BTreeMap;

use facts::{Fact, InvalidFact, Value};
use incident::{Command, Incident, Refusal};
use jiff::SignedDuration;
use law::verdict::{Duty, Outcome};
use proptest::prelude::*;

use crate::support::{assessed, carry_out, detected, opened_at, order, reported, reported_as};

fn record(changes: &[(Fact, Option<Value>)]) -> Command {
    Command::RecordFacts { changes: changes.iter().cloned().collect(), note: None }
}

#[test]
fn a_turn_names_the_facts_that_differ_from_those_of_the_verdict_before() {
    let mut incident = reported();
    let verdict = |notify| assessed(&[(Duty::NotifyAuthority, notify), (Duty::InformSubjects, Outcome::Undetermined)]);
    carry_out(&mut incident, verdict(Outcome::Undetermined)).expect("assessed");
    carry_out(&mut incident, record(&[(Fact::Records, Some(Value::Whole(3)))])).expect("recorded");
    carry_out(&mut incident, verdict(Outcome::Undetermined)).expect("assessed");
    assert_eq!(incident.reassessments(), [], "nothing turned");
    // Changed and changed back counts for nothing.
    carry_out(&mut incident, record(&[(Fact::Backup, Some(Value::One("none")))])).expect("recorded");
    carry_out(&mut incident, record(&[(Fact::Backup, None), (Fact::Records, Some(Value::Whole(9)))]))
        .expect("recorded");
    carry_out(&mut incident, verdict(Outcome::Required)).expect("assessed");
    carry_out(&mut incident, Command::SetDetectedAt { at: opened_at() - SignedDuration::from_hours(1) }).expect("set");
    carry_out(&mut incident, verdict(Outcome::NotRequired)).expect("assessed");
    let [first, second] = incident.reassessments().try_into().expect("two turns");
    assert_eq!(first.turned, [(Duty::NotifyAuthority, Outcome::Undetermined, Outcome::Required)]);
    assert_eq!(first.because, [(Fact::Records, Some(Value::Whole(3)), Some(Value::Whole(9)))]);
    assert!(!first.times_changed);
    assert_eq!(second.turned, [(Duty::NotifyAuthority, Outcome::Required, Outcome::NotRequired)]);
    assert_eq!((second.because.as_slice(), second.times_changed), (&[][..], true));
}

#[test]
fn every_contradiction_is_named_with_its_questions() {
    let contradicting = record(&[
        (Fact::SubjectsMin, Some(Value::Whole(10))),
        (Fact::SubjectsMax, Some(Value::Whole(3))),
        (Fact::Recipient, Some(Value::One("none"))),
        (Fact::RecipientCount, Some(Value::Whole(2))),
    ]);
    let Err(refusal) = carry_out(&mut reported(), contradicting) else { panic!("refused") };
    assert!(matches!(&refusal, Refusal::Contradictions(list) if list.len() == 2), "{refusal:?}");
    for fact in [Fact::SubjectsMin, Fact::SubjectsMax, Fact::Recipient, Fact::RecipientCount] {
        assert!(refusal.text().nl.contains(&*fact.question().nl), "{}", refusal.text().nl);
        assert!(refusal.to_string().contains(fact.key()), "{refusal}");
    }
}

#[test]
fn every_refusal_tells_people_something_in_both_languages() {
    use Refusal as R;
    let invalid = InvalidFact::UnknownKey { key: "x".into(), nearest: None };
    let all = [
        R::Closed,
        R::NotClosed,
        R::NothingChanges,
        R::InTheFuture,
        R::AwareBeforeDetected,
        R::ReasonNeeded,
        R::MotivationNeeded,
        R::TooLong { most: 200 },
        R::NotAssessed,
        R::AssessmentStale,
        R::DutyUnanswered(Duty::NotifyCsirt),
        R::ReceiptNeeded,
        R::BeforeTheSignal,
        R::NobodyInformed,
        R::NobodyWarned,
        R::BeforeTheLaw,
        R::HistoricalLaw,
        R::NotDone,
        R::FinalReportOpen,
        R::AlreadyReported,
        R::NothingReported,
        R::BeforeTheReport,
        R::CsirtNotificationFirst,
        R::NoDetection,
        R::ProcessorUnnamed,
        R::DpoUnnamed,
        R::AdviceNeeded,
        R::NotTheDpo,
        R::AdviserDecides,
        R::DeciderAdvises,
        R::DpoUnanswered,
        R::DpoDepartureNeeded,
        R::DpoNotFollowed(Duty::InformSubjects),
        R::ScoreOutOfRange,
        R::Contradictions(Vec::new()),
        R::InvalidFact(invalid),
    ];
    let mut said = std::collections::BTreeSet::new();
    for refusal in all {
        let text = refusal.text();
        assert!(text.nl.ends_with('.') || text.nl.ends_with('?') || text.nl.ends_with(')'), "{}", text.nl);
        assert_ne!(text.nl, text.en);
        assert!(said.insert(text.nl.to_string()), "said twice: {}", text.nl);
        assert!(!refusal.to_string().ends_with('.'), "{refusal}");
    }
}

fn anything() -> impl Strategy<Value = Command> {
    let at = || (-30_i64..3).prop_map(|hours| opened_at() + SignedDuration::from_hours(hours));
    let outcome = prop::sample::select(Outcome::ALL.to_vec());
    let duty = prop::sample::select(Duty::ALL.to_vec());
    let kind = prop::sample::select(incident::ReportKind::ALL.to_vec());
    let step = prop::sample::select(law::verdict::CsirtStepKind::ALL.to_vec());
    let fact = prop::sample::select(vec![Fact::Records, Fact::RecipientCount, Fact::SubjectsMin]);
    prop_oneof![
        (fact.clone(), prop::option::of(0_u64..5)).prop_map(|(fact, value)| record(&[(fact, value.map(Value::Whole))])),
        fact.prop_map(|fact| Command::NotKnownYet { facts: [fact].into() }),
        at().prop_map(|at| Command::SetDetectedAt { at }),
        at().prop_map(|at| Command::SetAwareness { at, is_estimated: false, reason: "x".into() }),
        at().prop_map(|at| Command::RecordProcessorInformed { at, by: "x".into() }),
        any::<bool>().prop_map(|is_real| Command::CheckDetection { is_real, note: Some("x".into()) }),
        (duty.clone(), outcome).prop_map(|(duty, outcome)| assessed(&[(duty, outcome)])),
        (duty, any::<bool>()).prop_map(|(duty, is_to_do)| Command::Decide(order(&[(duty, is_to_do)]))),
        (kind, at()).prop_map(|(kind, at)| reported_as(kind, at, "AP")),
        (step, at()).prop_map(|(step, at)| Command::RecordCsirtNotified { step, at, receipt: String::new() }),
        at().prop_map(|at| Command::RecordTermMet { term: "t".into(), with: "x".into(), at }),
        at().prop_map(|at| Command::RecordControllersWarned { at, count: 1, channel: "x".into() }),
        at().prop_map(|at| Command::RecordSubjectsInformed { at, count: 1, channel: "x".into(), is_correction: false }),
        at().prop_map(|advised_at| Command::RecordDpoAdvice {
            by_name: "F.".into(),
            advised_at,
            advice: "x".into(),
            advises: BTreeMap::new(),
        }),
        Just(Command::Close { lessons: "x".into() }),
        Just(Command::Reopen { reason: "x".into() }),
    ]
}

proptest! {
    /// Whatever people do, in whatever order: replaying gives the very same incident, and what was told never lies before
    /// anybody noticed anything.
    #[test]
    fn replaying_anything_gives_the_state(
        is_detected in any::<bool>(),
        commands in prop::collection::vec(anything(), 0..40),
    ) {
        let mut incident = if is_detected { detected() } else { reported() };
        for command in commands {
            let _ = carry_out(&mut incident, command);
        }
        let history = incident.timeline.clone();
        let replayed = Incident::replay(incident.organisation, &history);
        prop_assert_eq!(replayed.as_ref(), Some(&incident));
        if let Some((start, _)) = incident.clock_start() {
            prop_assert!(start >= incident.first_signal());
        }
        prop_assert_eq!(incident.situation(facts::Country::NL).contradictions(), vec![]);
        for turn in incident.reassessments() {
            prop_assert!(!turn.turned.is_empty());
        }
    }
}
