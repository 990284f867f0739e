//! When the clocks run, and from when: never from what no person has looked at.

use std::collections::BTreeSet;

use facts::{Country, Fact, OrganisationId, Value};
use incident::{Command, Event, Incident, Opening, Refusal, Waiting};
use jiff::SignedDuration;

use crate::support::{carry_out, carry_out_as, detected, officer, opened_at, reported, uuid};

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

fn check(is_real: bool, note: Option<&str>) -> Command {
    Command::CheckDetection { is_real, note: note.map(str::to_owned) }
}

#[test]
fn a_detection_starts_the_clock_when_a_person_confirms_it() {
    let mut incident = detected();
    assert_eq!(incident.clock_start(), None);
    assert_eq!(incident.waits_for(), [Waiting::Check]);
    assert_eq!(incident.situation(Country::NL).earliest_signal(), None);
    assert_eq!(incident.first_signal(), opened_at() - hours(3), "when it came in: of the packets nobody knew");
    assert_eq!(incident.seen_in_all().map(|seen| seen.first_at), Some(opened_at() - hours(9)), "it began earlier");
    let looked = opened_at() + hours(1);
    carry_out(&mut incident, check(true, None)).expect("checked");
    assert_eq!(incident.clock_start(), Some((looked, true)));
    assert_eq!(incident.situation(Country::NL).earliest_signal(), Some(looked));
    assert_eq!(incident.waits_for(), []);
    // Saying so again later does not move it.
    let again = carry_out_as(&mut incident, check(true, Some("nog eens")), &officer(), opened_at() + hours(5));
    assert_eq!(again, Err(Refusal::NothingChanges));
}

#[test]
fn an_entry_of_before_that_was_kept_is_discovered_when_it_was_opened() {
    for said in [None, Some(opened_at() + hours(1))] {
        let mut first = detected().timeline.swap_remove(0);
        if let Event::Opened { opening: Opening::Detected { detected_at, .. }, .. } = &mut first.event {
            *detected_at = said;
        }
        let incident = Incident::open(OrganisationId(uuid(2)), &first).expect("an opening opens");
        assert_eq!(incident.first_signal(), opened_at(), "never later than it was opened: {said:?}");
    }
}

#[test]
fn a_false_alarm_needs_words_and_is_no_security_incident() {
    let mut incident = detected();
    assert_eq!(carry_out(&mut incident, check(false, Some(" "))), Err(Refusal::ReasonNeeded));
    carry_out(&mut incident, check(false, Some("Een test van ons zelf."))).expect("checked");
    assert_eq!(incident.facts.truth(Fact::SecurityIncident), Some(false));
    assert_eq!(incident.clock_start(), None);
    carry_out(&mut incident, check(true, None)).expect("real after all");
    assert_eq!(incident.facts.truth(Fact::SecurityIncident), Some(true));
    assert!(incident.clock_start().is_some());
    assert_eq!(carry_out(&mut reported(), check(true, None)), Err(Refusal::NoDetection));
}

#[test]
fn a_processors_notice_counts_from_when_it_was_delivered() {
    let informed = |at, by: &str| Command::RecordProcessorInformed { at, by: by.into() };
    let mut incident = detected();
    assert_eq!(carry_out(&mut incident, informed(opened_at() + hours(9), "IT")), Err(Refusal::InTheFuture));
    assert_eq!(carry_out(&mut incident, informed(opened_at(), " ")), Err(Refusal::ProcessorUnnamed));
    carry_out(&mut incident, informed(opened_at() - hours(2), "IT")).expect("recorded");
    carry_out(&mut incident, informed(opened_at() - hours(1), "IT, nader bericht")).expect("recorded");
    assert_eq!(incident.clock_start(), Some((opened_at() - hours(2), true)), "the earliest notice counts");
    assert_eq!(incident.situation(Country::NL).informed_by_processor_at, Some(opened_at() - hours(2)));
    let mut earlier = reported();
    carry_out(&mut earlier, informed(opened_at() - hours(2), "IT")).expect("recorded");
    assert_eq!(earlier.first_signal(), opened_at() - hours(2));
    assert_eq!(earlier.clock_start(), Some((opened_at() - hours(2), true)), "before the report was typed in");
}

#[test]
fn awareness_stops_the_guessing_and_moves_in_sight() {
    let aware = |at| Command::SetAwareness { at, is_estimated: false, reason: "Bevestigd.".into() };
    let mut incident = detected();
    let before = opened_at() - hours(10);
    assert_eq!(carry_out(&mut incident, aware(before)), Err(Refusal::AwareBeforeDetected));
    carry_out(&mut incident, aware(opened_at())).expect("set");
    assert_eq!(incident.waits_for(), [], "who says since when they know, has looked");
    carry_out(&mut incident, aware(opened_at() - hours(3))).expect("moved");
    assert_eq!(incident.clock_start(), Some((opened_at() - hours(3), false)));
    assert_eq!(incident.timeline.len(), 3, "both stay to be seen");
    assert_eq!(incident.situation(Country::NL).contradictions(), []);
}

#[test]
fn what_nobody_knows_yet_is_kept_until_somebody_does() {
    let not_known = |facts: &[Fact]| Command::NotKnownYet { facts: facts.iter().copied().collect() };
    let record = |value| Command::RecordFacts { changes: [(Fact::Backup, Some(value))].into(), note: None };
    let mut incident = reported();
    carry_out(&mut incident, not_known(&[Fact::Backup, Fact::Records])).expect("kept");
    assert_eq!(carry_out(&mut incident, not_known(&[Fact::Backup])), Err(Refusal::NothingChanges));
    carry_out(&mut incident, record(Value::One("none"))).expect("known");
    assert_eq!(incident.not_known_yet, BTreeSet::from([Fact::Records]));
    carry_out(&mut incident, not_known(&[Fact::Backup])).expect("not so sure after all");
    assert!(!incident.facts.is_known(Fact::Backup) && incident.not_known_yet.contains(&Fact::Backup));
}
