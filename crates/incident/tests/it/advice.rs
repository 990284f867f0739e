//! The FG advises and never decides; a decision says whether it follows the advice. ENISA's score by hand.

use std::collections::BTreeMap;

use incident::{Actor, Command, Event, Incident, Order, Refusal};
use jiff::SignedDuration;
use law::enisa::{Circumstances, Score};
use law::verdict::{Duty, Outcome};

use crate::support::{assessed, carry_out, carry_out_as, fg, officer, opened_at, order, reported};

fn advice(by_name: &str) -> Command {
    Command::RecordDpoAdvice {
        by_name: by_name.into(),
        advised_at: opened_at(),
        advice: "Meld het.".into(),
        advises: BTreeMap::from([(Duty::NotifyAuthority, true)]),
    }
}

fn ready() -> Incident {
    let mut incident = reported();
    let outcomes = [(Duty::NotifyAuthority, Outcome::Required), (Duty::InformSubjects, Outcome::NotRequired)];
    carry_out(&mut incident, assessed(&outcomes)).expect("assessed");
    incident
}

fn decide(notify: bool, followed: Option<bool>, departure: Option<&str>) -> Command {
    Command::Decide(Order {
        dpo_followed: followed,
        dpo_departure: departure.map(str::to_owned),
        mandate: Some(" gemandateerd door de directie ".into()),
        ..order(&[(Duty::NotifyAuthority, notify), (Duty::InformSubjects, false)])
    })
}

#[test]
fn a_decision_says_whether_it_follows_the_advice_on_file() {
    let cases = [
        (decide(true, None, None), Err(Refusal::DpoUnanswered)),
        (decide(true, Some(true), None), Ok((Some(true), None))),
        (decide(false, Some(true), None), Err(Refusal::DpoNotFollowed(Duty::NotifyAuthority))),
        (decide(false, Some(false), Some("  ")), Err(Refusal::DpoDepartureNeeded)),
        (decide(false, Some(false), Some("Anders gewogen.")), Ok((Some(false), Some("Anders gewogen.".to_owned())))),
    ];
    for (command, expected) in cases {
        let mut incident = ready();
        carry_out_as(&mut incident, advice("Ferdi Özdemir"), &fg(), opened_at()).expect("advised");
        let outcome = carry_out(&mut incident, command.clone());
        let said = outcome.map(|_| incident.decision.map(|decision| decision.decided).unwrap_or_default());
        if let Ok(decided) = &said {
            assert_eq!(decided.mandate.as_deref(), Some("gemandateerd door de directie"));
        }
        assert_eq!(said.map(|decided| (decided.dpo_followed, decided.dpo_departure)), expected, "{command:?}");
    }
}

#[test]
fn where_nobody_advised_the_decision_says_nothing_of_it() {
    let mut incident = ready();
    let events = carry_out(&mut incident, decide(true, Some(true), Some("x"))).expect("decided");
    let [Event::Decided(decided)] = events.as_slice() else { panic!("one decision, not {events:?}") };
    assert_eq!((decided.dpo_followed, &decided.dpo_departure), (None, &None));
}

#[test]
fn nobody_both_advises_and_decides_in_one_incident() {
    let mut advised = ready();
    carry_out_as(&mut advised, advice("ferdi özdemir"), &fg(), opened_at()).expect("advised");
    // Another's advice after it does not make one's own undone.
    carry_out(&mut advised, advice("Een andere FG")).expect("recorded for another");
    let by_adviser = carry_out_as(&mut advised, decide(true, Some(true), None), &fg(), opened_at());
    assert_eq!(by_adviser, Err(Refusal::AdviserDecides));
    // Who recorded an outside FG's advice under that name has not advised.
    carry_out(&mut advised, decide(true, Some(true), None)).expect("decided");
    assert_eq!(carry_out(&mut advised, advice("Anna de Vries")), Err(Refusal::DeciderAdvises));
    // Somebody else of the same name is somebody else.
    let namesake = Actor::Person { id: facts::UserId(uuid::Uuid::from_u128(9)), name: officer().name().into() };
    carry_out_as(&mut advised, advice("Anna de Vries"), &namesake, opened_at()).expect("another Anna");
}

#[test]
fn advice_has_a_name_words_and_a_time_that_has_passed() {
    let with = |by_name: &str, words: &str, hours| Command::RecordDpoAdvice {
        by_name: by_name.into(),
        advised_at: opened_at() + SignedDuration::from_hours(hours),
        advice: words.into(),
        advises: BTreeMap::new(),
    };
    let mut incident = reported();
    assert_eq!(carry_out(&mut incident, with(" ", "Meld.", 0)), Err(Refusal::DpoUnnamed));
    assert_eq!(carry_out(&mut incident, with("F.", " ", 0)), Err(Refusal::AdviceNeeded));
    assert_eq!(carry_out(&mut incident, with("F.", "Meld.", 5)), Err(Refusal::InTheFuture));
    carry_out(&mut incident, with(" F. ", "Meld.", 0)).expect("on file");
    assert_eq!(incident.dpo_advice.map(|advice| advice.by_name), Some("F.".to_owned()));
}

#[test]
fn enisas_score_is_adjusted_within_its_range_and_with_a_reason() {
    let score = |dpc, ei4, confidentiality| Score {
        dpc,
        ei4,
        cb: Circumstances { confidentiality, ..Circumstances::default() },
    };
    let adjust = |score, reason: &str| Command::AdjustEnisa { score, reason: reason.into() };
    let mut incident = reported();
    assert_eq!(carry_out(&mut incident, adjust(None, "x")), Err(Refusal::NothingChanges));
    for wrong in [score(0, 1, 0), score(5, 1, 0), score(1, 0, 0), score(1, 5, 0), score(1, 1, 3)] {
        assert_eq!(carry_out(&mut incident, adjust(Some(wrong), "x")), Err(Refusal::ScoreOutOfRange));
    }
    assert_eq!(carry_out(&mut incident, adjust(Some(score(2, 3, 1)), " ")), Err(Refusal::ReasonNeeded));
    carry_out(&mut incident, adjust(Some(score(2, 3, 1)), "Patiënten.")).expect("adjusted");
    assert_eq!(incident.enisa_adjusted.as_ref().map(|one| one.score.se4()), Some(7));
    carry_out(&mut incident, adjust(None, "Vergissing.")).expect("taken back");
    assert_eq!(incident.enisa_adjusted, None);
}
