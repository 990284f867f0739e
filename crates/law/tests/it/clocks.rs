//! Every clock of an incident: when it starts, when it is due, what shows that it is done, and how it stands at each moment.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use facts::{Situation, Truth};
use law::deadline::{
    ClockKind, ClockStart, ClockState, ContractTerm, Moments, PlanInput, PlannedClock, TermKind, TermLength,
    awareness_gap, clocks_from, plan, read_moment,
};
use law::verdict::{CsirtStepKind, Duty, Outcome, Verdict};
use law::{Pack, assess};

use crate::support::{avg, packs, situation};

fn amsterdam() -> TimeZone {
    TimeZone::get("Europe/Amsterdam").expect("the zone is bundled")
}

fn at(text: &str) -> Timestamp {
    read_moment(text, &amsterdam()).unwrap_or_else(|error| panic!("{error}")).at.timestamp()
}

fn shown(at: Timestamp) -> String {
    at.to_zoned(amsterdam()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn term(kind: TermKind, length: TermLength) -> ContractTerm {
    ContractTerm { id: "smit".into(), kind, with: "Bakkerij Smit".into(), length }
}

/// An incident of which the verdict says that everything is to be done, by now 27 March 2026 at 15:20, a Friday.
struct Case {
    situation: Situation,
    verdict: Verdict,
    terms: Vec<ContractTerm>,
}

const AWARE: &str = "2026-03-27T15:20";

impl Case {
    fn new() -> Self {
        let situation = Situation { aware_at: Some(at(AWARE)), ..Situation::default() };
        let mut verdict = assess(avg(), &situation);
        for answer in [
            &mut verdict.notify_authority,
            &mut verdict.inform_subjects,
            &mut verdict.notify_controllers,
            &mut verdict.notify_csirt,
        ] {
            answer.outcome = Outcome::Required;
        }
        verdict.breach = Truth::True;
        Self { situation, verdict, terms: Vec::new() }
    }

    fn input(&self) -> PlanInput<'_> {
        PlanInput {
            case: "7",
            zone: amsterdam(),
            situation: &self.situation,
            verdict: &self.verdict,
            start: Some(ClockStart { at: at(AWARE), is_provisional: false, is_estimated: false }),
            decided: BTreeMap::new(),
            inform_decided_at: None,
            first_report_at: None,
            supplements_at: Vec::new(),
            report_settled_at: None,
            subjects_informed_at: None,
            controllers_warned_at: None,
            csirt_notified_at: BTreeMap::new(),
            terms: &self.terms,
            terms_met_at: BTreeMap::new(),
            is_closed: false,
        }
    }
}

fn planned(input: &PlanInput<'_>, now: &str) -> Vec<PlannedClock> {
    plan(packs(), input, at(now)).expect("the pack of the verdict is there")
}

fn by_id<'a>(clocks: &'a [PlannedClock], id: &str) -> &'a PlannedClock {
    let ids: Vec<_> = clocks.iter().map(|clock| clock.id.as_str()).collect();
    clocks.iter().find(|clock| clock.id == id).unwrap_or_else(|| panic!("no {id} among {ids:?}"))
}

fn has(clocks: &[PlannedClock], id: &str) -> bool {
    clocks.iter().any(|clock| clock.id == id)
}

#[test]
fn the_authority_is_told_within_seventy_two_hours_and_each_second_counts() {
    let case = Case::new();
    let steps = [
        ("2026-03-27T15:20", ClockState::Open),
        ("2026-03-29T16:19:59", ClockState::Open),
        ("2026-03-29T16:20:00", ClockState::DueSoon),
        ("2026-03-30T16:20:00", ClockState::DueSoon),
        ("2026-03-30T16:20:01", ClockState::PastTarget),
        ("2026-03-30T17:00:00", ClockState::PastTarget),
        ("2026-03-30T17:00:01", ClockState::PastLimit),
    ];
    for (now, state) in steps {
        let clocks = planned(&case.input(), now);
        let clock = by_id(&clocks, "avg-33-1-term");
        assert_eq!(clock.target.map(shown).as_deref(), Some("2026-03-30T16:20:00+02:00"));
        assert_eq!(clock.limit.map(shown).as_deref(), Some("2026-03-30T17:00:00+02:00"));
        assert_eq!(clock.state, state, "{now}");
    }
    let submissions = [
        ("2026-03-30T16:19:59", ClockState::DoneInTime, false),
        ("2026-03-30T16:20:00", ClockState::DoneInTime, false),
        ("2026-03-30T16:20:01", ClockState::DoneAfterTarget, true),
        ("2026-03-30T17:00:00", ClockState::DoneAfterTarget, true),
        ("2026-03-30T17:00:01", ClockState::DoneLate, true),
        ("2026-04-30T12:00", ClockState::DoneLate, true),
    ];
    for (submitted, state, needs_reason) in submissions {
        let input = PlanInput { first_report_at: Some(at(submitted)), ..case.input() };
        let clocks = planned(&input, "2026-05-01T09:00");
        let clock = by_id(&clocks, "avg-33-1-term");
        assert_eq!((clock.state, clock.state.needs_late_reason()), (state, needs_reason), "{submitted}");
        assert_eq!(clock.done_at, Some(at(submitted)));
    }
}

#[test]
fn a_late_clock_rings_every_hour() {
    let case = Case::new();
    let next = |now: &str| {
        let clocks = planned(&case.input(), now);
        by_id(&clocks, "avg-33-1-term").next_alarm(at(now)).map(shown)
    };
    assert_eq!(next("2026-03-27T15:20").as_deref(), Some("2026-03-28T15:20:00+01:00"));
    // The clock went forward: 60 elapsed hours.
    assert_eq!(next("2026-03-29T20:00").as_deref(), Some("2026-03-30T04:20:00+02:00"));
    // The last alarm before the target has rung.
    assert_eq!(next("2026-03-30T16:00").as_deref(), Some("2026-03-30T17:20:00+02:00"));
    assert_eq!(next("2026-03-30T16:20").as_deref(), Some("2026-03-30T17:20:00+02:00"));
    assert_eq!(next("2026-03-30T18:00").as_deref(), Some("2026-03-30T18:20:00+02:00"));
    assert_eq!(next("2026-04-30T18:20").as_deref(), Some("2026-04-30T19:20:00+02:00"));
    let done = PlanInput { first_report_at: Some(at("2026-03-28T10:00")), ..case.input() };
    let clocks = planned(&done, "2026-03-28T11:00");
    assert_eq!(by_id(&clocks, "avg-33-1-term").next_alarm(at("2026-03-28T11:00")), None);
}

#[test]
fn nothing_counts_down_where_the_law_gives_no_number() {
    let case = Case::new();
    for now in ["2026-03-27T15:20", "2026-12-31T23:59"] {
        let clocks = planned(&case.input(), now);
        let controllers = by_id(&clocks, "avg-33-2-term");
        assert_eq!((controllers.target, controllers.state), (None, ClockState::Open));
        assert!(controllers.is_without_delay && controllers.alarms.is_empty());
        // Informing the persons counts from a decision, and there is none.
        let persons = by_id(&clocks, "avg-34-1-term");
        assert_eq!((persons.starts_at, persons.target, persons.state), (None, None, ClockState::Waiting));
        assert!(!has(&clocks, "inform_reminder"), "nobody has decided yet");
    }
    let decided = PlanInput { inform_decided_at: Some(at("2026-03-28T10:00")), ..case.input() };
    let clocks = planned(&decided, "2026-03-28T10:00");
    assert_eq!(by_id(&clocks, "avg-34-1-term").state, ClockState::Open);
    let reminder = by_id(&clocks, "inform_reminder");
    assert_eq!((reminder.kind, reminder.target), (ClockKind::Reminder, None));
    // 24 elapsed hours, over the clock change.
    assert_eq!(reminder.alarms.iter().copied().map(shown).collect::<Vec<_>>(), ["2026-03-29T11:00:00+02:00"]);
    let states = [("2026-03-29T10:59:59", ClockState::Open), ("2026-03-29T11:00:00", ClockState::DueSoon)];
    for (now, state) in states {
        assert_eq!(by_id(&planned(&decided, now), "inform_reminder").state, state, "{now}");
    }
    let informed = PlanInput { subjects_informed_at: Some(at("2026-05-01T10:00")), ..decided };
    let clocks = planned(&informed, "2026-05-02T10:00");
    for id in ["inform_reminder", "avg-34-1-term"] {
        assert_eq!(by_id(&clocks, id).state, ClockState::DoneInTime, "nobody is late by a reminder");
    }
}

#[test]
fn each_clock_has_its_own_proof_and_none_stops_another() {
    let mut case = Case::new();
    case.terms = vec![term(TermKind::ProcessorContract, TermLength::Hours(24))];
    let done = |clocks: &[PlannedClock]| -> Vec<String> {
        clocks.iter().filter(|clock| clock.state.is_done()).map(|clock| clock.id.clone()).collect()
    };
    let moment = Some(at("2026-03-28T09:00"));
    let now = "2026-03-28T12:00";
    assert_eq!(done(&planned(&case.input(), now)), Vec::<String>::new());
    let reported = PlanInput { first_report_at: moment, ..case.input() };
    assert_eq!(done(&planned(&reported, now)), ["avg-33-1-term"]);
    let informed = PlanInput { subjects_informed_at: moment, ..case.input() };
    assert_eq!(done(&planned(&informed, now)), ["avg-34-1-term"]);
    let warned = PlanInput { controllers_warned_at: moment, ..case.input() };
    assert_eq!(done(&planned(&warned, now)), ["avg-33-2-term", "contract-smit"]);
    let met = PlanInput { terms_met_at: BTreeMap::from([("smit".into(), at("2026-03-28T09:00"))]), ..case.input() };
    assert_eq!(done(&planned(&met, now)), ["contract-smit"], "one customer warned is not every controller warned");
}

#[test]
fn what_is_not_to_be_done_has_no_clock_and_what_was_done_keeps_it() {
    let mut case = Case::new();
    let now = "2026-03-28T12:00";
    let decided = PlanInput { decided: BTreeMap::from([(Duty::NotifyAuthority, false)]), ..case.input() };
    assert!(!has(&planned(&decided, now), "avg-33-1-term"), "it was decided that it need not be");
    case.verdict.notify_authority.outcome = Outcome::NotRequired;
    assert!(!has(&planned(&case.input(), now), "avg-33-1-term"));
    let against = PlanInput { decided: BTreeMap::from([(Duty::NotifyAuthority, true)]), ..case.input() };
    assert!(has(&planned(&against, now), "avg-33-1-term"), "a person decides, not the verdict");
    let reported = PlanInput { first_report_at: Some(at("2026-03-28T09:00")), ..case.input() };
    assert!(has(&planned(&reported, now), "avg-33-1-term"), "what was done stays to be seen");
    case.verdict.notify_authority.outcome = Outcome::Undetermined;
    assert!(has(&planned(&case.input(), now), "avg-33-1-term"), "doubt stops no clock");
    let closed = PlanInput { is_closed: true, ..case.input() };
    assert!(planned(&closed, now).is_empty());
}

#[test]
fn without_a_moment_to_count_from_clocks_wait_and_a_provisional_one_says_so() {
    let mut case = Case::new();
    case.terms = vec![term(TermKind::Insurer, TermLength::Hours(24))];
    let waiting = PlanInput { start: None, ..case.input() };
    let clocks = planned(&waiting, "2026-03-28T12:00");
    for id in ["avg-33-1-term", "contract-smit"] {
        let clock = by_id(&clocks, id);
        assert_eq!((clock.state, clock.target), (ClockState::Waiting, None), "{id}");
    }
    let start = ClockStart { at: at("2026-03-27"), is_provisional: true, is_estimated: true };
    let clocks = planned(&PlanInput { start: Some(start), ..case.input() }, "2026-03-28T12:00");
    let clock = by_id(&clocks, "avg-33-1-term");
    assert!(clock.is_provisional && clock.is_estimated);
    assert_eq!(clock.target.map(shown).as_deref(), Some("2026-03-30T01:00:00+02:00"), "from the day's first moment");
}

#[test]
fn a_contract_counts_as_agreed() {
    let hours = TermLength::Hours;
    let days = TermLength::WorkingDays;
    let vectors = [
        // hours run on over the weekend in which the clock goes forward, and back
        ("2026-03-28T15:20", hours(24), "2026-03-29T16:20:00+02:00"),
        ("2026-10-24T15:20", hours(24), "2026-10-25T14:20:00+01:00"),
        ("2026-04-02T18:30", hours(48), "2026-04-04T18:30:00+02:00"),
        // Maundy Thursday: Good Friday, the weekend and Easter Monday are no working days
        ("2026-04-02T18:30", days(1), "2026-04-07T23:59:59+02:00"),
        ("2026-04-02T18:30", days(2), "2026-04-08T23:59:59+02:00"),
        // the whitepaper's vector: discovered on Good Friday
        ("2016-03-25T09:00", days(2), "2016-03-30T23:59:59+02:00"),
        // Koningsdag is a Monday in 2026, and moved to Saturday 26 April in 2025
        ("2026-04-24T12:00", days(1), "2026-04-28T23:59:59+02:00"),
        ("2025-04-25T12:00", days(1), "2025-04-28T23:59:59+02:00"),
        ("2031-04-25T12:00", days(1), "2031-04-28T23:59:59+02:00"),
        // 5 May counts every year; Ascension Day and Whit Monday
        ("2026-05-04T08:00", days(1), "2026-05-06T23:59:59+02:00"),
        ("2026-05-13T08:00", days(1), "2026-05-15T23:59:59+02:00"),
        ("2026-05-22T08:00", days(1), "2026-05-26T23:59:59+02:00"),
        // the turn of the year
        ("2026-12-24T17:05", days(2), "2026-12-29T23:59:59+01:00"),
        ("2026-12-31T17:05", days(1), "2027-01-04T23:59:59+01:00"),
    ];
    for (aware, length, target) in vectors {
        let terms = [term(TermKind::Other, length)];
        let moments = Moments {
            aware: ClockStart { at: at(aware), is_provisional: false, is_estimated: false },
            detected_at: None,
            csirt_notified_at: BTreeMap::new(),
            terms: &terms,
            zone: amsterdam(),
        };
        let clocks = clocks_from(&[avg()], &moments);
        let clock = by_id(&clocks, "contract-smit");
        assert_eq!(clock.target.map(shown).as_deref(), Some(target), "{length} from {aware}");
        assert_eq!((clock.kind, clock.limit, clock.is_without_delay), (ClockKind::Contract, None, false));
    }
}

#[test]
fn a_contract_is_late_a_second_after_its_end() {
    let mut case = Case::new();
    case.terms = vec![term(TermKind::Insurer, TermLength::WorkingDays(1))];
    let states = [("2026-03-30T23:59:59", ClockState::DueSoon), ("2026-03-31T00:00:00", ClockState::PastLimit)];
    for (now, state) in states {
        assert_eq!(by_id(&planned(&case.input(), now), "contract-smit").state, state, "{now}");
    }
    case.terms = vec![term(TermKind::Insurer, TermLength::Hours(24))];
    let done = |moment: &str| {
        let met = BTreeMap::from([("smit".into(), at(moment))]);
        by_id(&planned(&PlanInput { terms_met_at: met, ..case.input() }, "2026-04-01T09:00"), "contract-smit").state
    };
    assert_eq!(done("2026-03-28T15:20:00"), ClockState::DoneInTime);
    assert_eq!(done("2026-03-28T15:20:01"), ClockState::DoneLate);
    // A term of a day is nearly due from its half on, not from its start.
    let half = by_id(&planned(&case.input(), "2026-03-28T03:19:59"), "contract-smit").state;
    assert_eq!(half, ClockState::Open);
    let clocks = planned(&case.input(), "2026-03-28T03:20:00");
    let clock = by_id(&clocks, "contract-smit");
    assert_eq!(clock.state, ClockState::DueSoon);
    let alarms: Vec<_> = clock.alarms.iter().copied().map(shown).collect();
    assert_eq!(alarms, ["2026-03-27T15:20:00+01:00", "2026-03-28T03:20:00+01:00", "2026-03-28T14:20:00+01:00"]);
}

#[test]
fn supplements_are_asked_for_until_the_report_is_complete() {
    let case = Case::new();
    let reported = PlanInput { first_report_at: Some(at("2026-03-28T09:00")), ..case.input() };
    let told = |input: &PlanInput<'_>, now: &str| -> Vec<(String, ClockState)> {
        let clocks = planned(input, now);
        let reminders = clocks.iter().filter(|clock| clock.id.starts_with("supplement"));
        reminders.map(|clock| (clock.alarms.iter().copied().map(shown).collect::<String>(), clock.state)).collect()
    };
    let (open, due, done) = (ClockState::Open, ClockState::DueSoon, ClockState::DoneInTime);
    // Civil days: nine in the morning stays nine in the morning when the clock goes forward.
    let [first, second, third] =
        ["2026-04-04T09:00:00+02:00", "2026-04-11T09:00:00+02:00", "2026-04-25T09:00:00+02:00"].map(String::from);
    let list = |states: [ClockState; 3]| -> Vec<(String, ClockState)> {
        [first.clone(), second.clone(), third.clone()].into_iter().zip(states).collect()
    };
    assert!(told(&case.input(), "2026-03-29T09:00").is_empty(), "nothing to supplement yet");
    assert_eq!(told(&reported, "2026-04-04T08:59:59"), list([open, open, open]));
    assert_eq!(told(&reported, "2026-04-04T09:00:00"), list([due, open, open]));
    assert_eq!(told(&reported, "2026-04-25T09:00:00"), list([due, due, due]));
    let supplemented = PlanInput { supplements_at: vec![at("2026-04-01T09:00")], ..reported.clone() };
    assert_eq!(told(&supplemented, "2026-04-12T09:00"), list([done, due, open]), "one supplement answers one reminder");
    let later = PlanInput { supplements_at: vec![at("2026-04-10T09:00")], ..reported.clone() };
    assert_eq!(told(&later, "2026-04-12T09:00"), list([done, done, open]));
    let complete = PlanInput { report_settled_at: Some(at("2026-04-06T09:00")), ..reported.clone() };
    assert_eq!(told(&complete, "2026-04-12T09:00"), list([done, done, done])[..2], "the third never comes");
    let at_once = PlanInput { report_settled_at: reported.first_report_at, ..reported };
    assert!(told(&at_once, "2026-04-12T09:00").is_empty(), "complete from the start");
}

#[test]
fn reminders_are_ours_and_say_so() {
    let case = Case::new();
    let input = PlanInput {
        first_report_at: Some(at("2026-03-28T09:00")),
        inform_decided_at: Some(at("2026-03-28T09:00")),
        ..case.input()
    };
    let clocks = planned(&input, "2026-03-28T09:00");
    let reminders: Vec<_> = clocks.iter().filter(|clock| clock.kind == ClockKind::Reminder).collect();
    assert_eq!(reminders.len(), 4);
    for reminder in reminders {
        assert_eq!((reminder.target, reminder.limit), (None, None), "{}", reminder.id);
        assert!(reminder.what.nl.contains("ons voorstel") && reminder.what.en.contains("our proposal"));
        let parameter = avg().parameters().iter().find(|parameter| parameter.id == reminder.id).expect("a parameter");
        assert_eq!(parameter.mark.sign(), "P");
    }
}

#[test]
fn clocks_keep_their_names_and_their_alarms_keep_within_them() {
    let mut case = Case::new();
    case.terms = vec![
        term(TermKind::ProcessorContract, TermLength::Hours(1)),
        ContractTerm { id: "polis".into(), ..term(TermKind::Insurer, TermLength::WorkingDays(3)) },
    ];
    let before = planned(&case.input(), "2026-03-27T15:20");
    let moved = ClockStart { at: at("2026-03-28T10:00"), is_provisional: false, is_estimated: false };
    let after = planned(&PlanInput { start: Some(moved), ..case.input() }, "2026-03-28T10:00");
    let names = |clocks: &[PlannedClock]| clocks.iter().map(|clock| clock.uid.clone()).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after), "an entry in a calendar moves, it is not doubled");
    let mut unique = names(&before);
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), before.len());
    for clock in before.iter().chain(&after) {
        assert!(clock.alarms.is_sorted(), "{}", clock.id);
        if let (Some(start), Some(target)) = (clock.starts_at, clock.target) {
            assert!(!clock.alarms.is_empty() && clock.alarms.iter().all(|alarm| (start..=target).contains(alarm)));
        }
    }
}

#[test]
fn a_long_time_between_signal_and_awareness_is_asked_about() {
    let gap = |detected: &str, aware: &str| awareness_gap(avg(), at(detected), at(aware));
    assert_eq!(gap("2026-03-27T15:20", "2026-03-28T15:20:00"), None);
    let asked = gap("2026-03-27T15:20", "2026-03-28T15:20:01").expect("more than a day");
    assert_eq!((asked.from, asked.asked_from_hours), (at("2026-03-27T15:20"), 24.0));
    assert!(asked.text.nl.contains("kennisname"));
    // Elapsed hours: over the night in which the clock goes forward a day has 23.
    assert_eq!(gap("2026-03-28T15:20", "2026-03-29T16:20:00"), None);
    assert!(gap("2026-03-28T15:20", "2026-03-29T16:20:01").is_some());
    assert_eq!(gap("2026-03-28T15:20", "2026-03-28T15:20"), None);
}

#[test]
fn from_a_moment_alone_every_term_of_the_packs_follows() {
    let moments = Moments {
        aware: ClockStart { at: at(AWARE), is_provisional: false, is_estimated: false },
        detected_at: None,
        csirt_notified_at: BTreeMap::new(),
        terms: &[],
        zone: amsterdam(),
    };
    let all = packs();
    let told = |packs: &[&Pack], moments: &Moments<'_>| -> Vec<String> {
        let clocks = clocks_from(packs, moments);
        let line = |clock: &PlannedClock| {
            assert!(!clock.basis.is_empty() && !clock.uid.is_empty());
            let by = |at: Option<Timestamp>| at.map_or("-".into(), shown);
            format!("{} {} {} {}", clock.id, by(clock.target), by(clock.limit), clock.alarms.len())
        };
        clocks.iter().map(line).collect()
    };
    assert_eq!(
        told(&[avg()], &moments),
        [
            "avg-33-1-term 2026-03-30T16:20:00+02:00 2026-03-30T17:00:00+02:00 6",
            "avg-33-2-term - - 0",
            "avg-34-1-term - - 0",
        ]
    );
    let cbw = all.by_id("cbw").expect("the built-in pack");
    assert_eq!(
        told(&[avg(), cbw], &moments)[3..],
        [
            "cbw-26-term 2026-03-28T15:20:00+01:00 - 6",
            "cbw-27-1-term 2026-03-30T16:20:00+02:00 - 5",
            "cbw-27-2-term 2026-03-28T15:20:00+01:00 - 6",
            "cbw-29-1-term - - 0",
        ]
    );
    let notified = BTreeMap::from([(CsirtStepKind::Notification, at("2026-03-27T18:00"))]);
    let told = told(&[avg(), cbw], &Moments { csirt_notified_at: notified, ..moments });
    assert_eq!(told.last().map(String::as_str), Some("cbw-29-1-term 2026-04-28T23:59:59+02:00 - 3"));
}

/// A case of an essential entity in the Netherlands, with these facts besides.
fn cbw_case(aware: &str, facts: &serde_json::Value) -> Case {
    let mut said = serde_json::json!({"cbw_entity": "essential", "significant_incident": true});
    for (key, value) in facts.as_object().expect("facts") {
        said[key] = value.clone();
    }
    let aware = shown(at(aware));
    let situation = situation(&serde_json::json!({"aware_at": aware, "jurisdiction": "NL", "facts": said}));
    let mut case = Case::new();
    case.situation = situation;
    case
}

fn from(aware: &str) -> Option<ClockStart> {
    Some(ClockStart { at: at(aware), is_provisional: false, is_estimated: false })
}

/// When each step is due, over these moments of submission.
fn steps(aware: &str, facts: &serde_json::Value, submitted: &[(CsirtStepKind, &str)]) -> Vec<String> {
    let case = cbw_case(aware, facts);
    let csirt_notified_at = submitted.iter().map(|(step, moment)| (*step, at(moment))).collect();
    let clocks = planned(&PlanInput { start: from(aware), csirt_notified_at, ..case.input() }, aware);
    let steps = clocks.iter().filter(|clock| clock.duty == Some(Duty::NotifyCsirt));
    steps
        .map(|clock| {
            let step = clock.step.map(CsirtStepKind::key).expect("a step");
            format!("{step} {}", clock.target.map_or("-".into(), shown))
        })
        .collect()
}

#[test]
fn the_csirt_is_told_in_steps_of_exact_hours() {
    let vectors = [
        // the clock goes back, the clock goes forward
        ("2026-10-24T15:20", "2026-10-25T14:20:00+01:00", "2026-10-27T14:20:00+01:00"),
        ("2027-03-27T15:20", "2027-03-28T16:20:00+02:00", "2027-03-30T16:20:00+02:00"),
        // no weekend and no holiday extends hours
        ("2026-12-24T17:05", "2026-12-25T17:05:00+01:00", "2026-12-27T17:05:00+01:00"),
        // the law's first day
        ("2026-08-15T00:00", "2026-08-16T00:00:00+02:00", "2026-08-18T00:00:00+02:00"),
    ];
    for (aware, early, notification) in vectors {
        let told = steps(aware, &serde_json::json!({}), &[]);
        let expected =
            [format!("early_warning {early}"), format!("notification {notification}"), "final_report -".into()];
        assert_eq!(told, expected, "{aware}");
        let trust = steps(aware, &serde_json::json!({"trust_service": true}), &[]);
        assert_eq!(trust[..2], [format!("early_warning {early}"), format!("notification {early}")], "trust, {aware}");
    }
    assert!(steps("2026-08-14T23:59:59", &serde_json::json!({}), &[]).is_empty(), "it was not law yet");
}

#[test]
fn the_final_report_counts_a_month_from_the_notification_as_submitted() {
    let vectors = [
        // the 28th of February is a Sunday; a leap year
        ("2027-01-31T10:00", "2027-03-01T23:59:59+01:00"),
        ("2028-01-31T10:00", "2028-02-29T23:59:59+01:00"),
        // Koningsdag
        ("2027-03-27T10:00", "2027-04-28T23:59:59+02:00"),
        // 5 May, and Ascension Day after it
        ("2027-04-05T10:00", "2027-05-07T23:59:59+02:00"),
        // Good Friday, the weekend in which the clock goes forward, Easter Monday
        ("2027-02-26T10:00", "2027-03-30T23:59:59+02:00"),
        // New Year's Day is a Friday
        ("2026-12-01T10:00", "2027-01-04T23:59:59+01:00"),
        // the calendar of the Netherlands: half past eleven at night in UTC is the next day here
        ("2026-10-31T00:30+01:00", "2026-11-30T23:59:59+01:00"),
        ("2026-09-15T23:30Z", "2026-10-16T23:59:59+02:00"),
    ];
    for (submitted, due) in vectors {
        let aware = "2026-09-10T09:00";
        let told = steps(aware, &serde_json::json!({}), &[(CsirtStepKind::Notification, submitted)]);
        assert_eq!(told.last(), Some(&format!("final_report {due}")), "submitted {submitted}");
    }
}

#[test]
fn each_step_is_late_a_second_after_its_end_and_only_itself() {
    let case = cbw_case("2026-11-20T16:47", &serde_json::json!({}));
    let (early, notification, last) =
        (CsirtStepKind::EarlyWarning, CsirtStepKind::Notification, CsirtStepKind::FinalReport);
    let states = |submitted: &[(CsirtStepKind, &str)], now: &str| -> Vec<ClockState> {
        let csirt_notified_at = submitted.iter().map(|(step, moment)| (*step, at(moment))).collect();
        let clocks = planned(&PlanInput { start: from("2026-11-20T16:47"), csirt_notified_at, ..case.input() }, now);
        let steps = clocks.iter().filter(|clock| clock.duty == Some(Duty::NotifyCsirt));
        steps.map(|clock| clock.state).collect()
    };
    use ClockState::{DoneInTime, DoneLate, DueSoon, Open, PastLimit, Waiting};
    assert_eq!(states(&[], "2026-11-20T16:47"), [Open, Open, Waiting]);
    assert_eq!(states(&[], "2026-11-21T04:47"), [DueSoon, Open, Waiting]);
    assert_eq!(states(&[], "2026-11-21T16:47:00"), [DueSoon, Open, Waiting]);
    assert_eq!(states(&[], "2026-11-21T16:47:01"), [PastLimit, Open, Waiting]);
    assert_eq!(states(&[], "2026-11-23T16:47:01"), [PastLimit, PastLimit, Waiting]);
    let in_time = [(early, "2026-11-21T16:47:00"), (notification, "2026-11-23T16:47:00")];
    assert_eq!(states(&in_time, "2026-11-23T17:00"), [DoneInTime, DoneInTime, Open]);
    let late = [(early, "2026-11-21T16:47:01"), (notification, "2026-11-23T16:47:01")];
    assert_eq!(states(&late, "2026-11-23T17:00"), [DoneLate, DoneLate, Open]);
    // A month on: Wednesday 23 December.
    assert_eq!(states(&in_time, "2026-12-23T23:59:59")[2], DueSoon);
    assert_eq!(states(&in_time, "2026-12-24T00:00:00")[2], PastLimit);
    let all = |moment| [in_time[0], in_time[1], (last, moment)];
    assert_eq!(states(&all("2026-12-23T23:59:59"), "2027-01-01T09:00")[2], DoneInTime);
    assert_eq!(states(&all("2026-12-24T00:00:00"), "2027-01-01T09:00")[2], DoneLate);
}
