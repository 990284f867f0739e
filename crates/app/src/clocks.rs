//! The clocks of an incident: read from what happened in it, from the verdict, and from the organisation's contracts.
//!
//! Promises: changes nothing; the same incident and moment give the same clocks. Deliberately not here: the arithmetic
//! (`law::deadline`), how a clock looks, ringing.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use documents::dossier::asks::Asks;
use facts::{Language, Situation};
use incident::{Event, Incident, Report, ReportKind};
use law::deadline::{AwarenessGap, ClockStart, ContractTerm, PlanInput, PlannedClock, awareness_gap, plan};
use law::verdict::{Duty, Outcome, Verdict};

use crate::{App, Error, Scope};

impl App {
    /// Every clock of an incident as it stands at `now`: the law's, the contracts', and our reminders.
    pub fn clocks(&self, scope: &Scope, incident: &Incident, now: Timestamp) -> Result<Vec<PlannedClock>, Error> {
        let verdict = self.verdict(scope, incident, now)?.verdict;
        let organisation = scope.organisation();
        let situation = incident.situation(organisation.jurisdiction);
        let zone = TimeZone::get(&organisation.zone).map_err(Error::internal)?;
        let case = incident.id.to_string();
        let known = Known { case: &case, zone, situation: &situation, verdict: &verdict };
        plan(&self.packs, &known.input(incident, &organisation.profile.terms), now).map_err(Error::internal)
    }

    /// The clocks that still run, as a calendar file (RFC 5545). It names the incident by its number alone.
    pub fn calendar(
        &self,
        scope: &Scope,
        incident: &Incident,
        now: Timestamp,
        language: Language,
    ) -> Result<String, Error> {
        let about = format!("{}, incident {}", scope.organisation().name, incident.number);
        Ok(documents::calendar(&self.clocks(scope, incident, now)?, now, language, Some(&about)))
    }

    /// That so long lies between the first signal and awareness that somebody should say why; nothing while nobody set it.
    pub fn awareness_gap(
        &self,
        scope: &Scope,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<Option<AwarenessGap>, Error> {
        let Some(aware) = &incident.aware else { return Ok(None) };
        let verdict = self.verdict(scope, incident, now)?.verdict;
        let pack = self.packs.by_id(&verdict.law.id).map_err(Error::internal)?;
        Ok(incident.known_signal().and_then(|signal| awareness_gap(pack, signal, aware.at)))
    }
}

/// What is known beside the incident itself.
struct Known<'a> {
    case: &'a str,
    zone: TimeZone,
    situation: &'a Situation,
    verdict: &'a Verdict,
}

impl<'a> Known<'a> {
    fn input(self, incident: &Incident, terms: &'a [ContractTerm]) -> PlanInput<'a> {
        let is_estimated = incident.aware.as_ref().is_some_and(|aware| aware.is_estimated);
        let start = incident.clock_start();
        let decided = Duty::ALL.into_iter().filter_map(|duty| incident.is_to_do(duty).map(|is_to_do| (duty, is_to_do)));
        let kind = |kind| incident.reports.iter().filter(move |report| report.kind == kind).map(|report| report.at);
        PlanInput {
            case: self.case,
            zone: self.zone,
            situation: self.situation,
            verdict: self.verdict,
            start: start.map(|(at, is_provisional)| ClockStart { at, is_provisional, is_estimated }),
            decided: decided.collect(),
            inform_decided_at: inform_decided_at(incident),
            first_report_at: first_report_at(incident),
            supplements_at: kind(ReportKind::Supplement).collect(),
            report_settled_at: incident.reports.last().filter(|report| settles(report)).map(|report| report.at),
            subjects_informed_at: incident.first_informed_at(),
            controllers_warned_at: incident.controllers_warned.as_ref().map(|(at, ..)| *at),
            csirt_notified_at: incident.csirt_notified.iter().map(|(step, (at, _))| (*step, *at)).collect(),
            terms,
            terms_met_at: incident.terms_met.clone(),
            is_closed: incident.closed_at.is_some(),
        }
    }
}

/// When it was decided that the persons are to be informed: the first of the decisions that say so and have not been turned
/// since. Deciding the same again gives nobody more time.
fn inform_decided_at(incident: &Incident) -> Option<Timestamp> {
    let mut since = None;
    for stamped in &incident.timeline {
        let Event::Decided(decided) = &stamped.event else { continue };
        match decided.duties.get(&Duty::InformSubjects) {
            Some(true) => since = since.or(Some(stamped.recorded_at)),
            Some(false) => since = None,
            None => {}
        }
    }
    since
}

/// The report that stands; after a withdrawal the one that was made, unless it was decided since that another is due.
fn first_report_at(incident: &Incident) -> Option<Timestamp> {
    if let Some((at, _)) = &incident.authority_notified {
        return Some(*at);
    }
    // Decided so, or, while nobody decided on the verdict of now, judged so.
    let is_due_again = incident.is_to_do(Duty::NotifyAuthority).unwrap_or_else(|| {
        let judged = incident.assessment.as_ref().and_then(|(_, made)| made.outcomes.get(&Duty::NotifyAuthority));
        judged.is_some_and(|outcome| *outcome != Outcome::NotRequired)
    });
    let made = incident.reports.iter().filter(|report| report.kind == ReportKind::First);
    made.map(|report| report.at).min().filter(|_| !is_due_again)
}

/// Whether nothing is to follow this report: it took the first one back, or said that it is complete.
fn settles(report: &Report) -> bool {
    match report.kind {
        ReportKind::Withdrawal => true,
        ReportKind::First | ReportKind::Supplement => says_it_is_complete(report),
    }
}

/// Whether it ticked the form's own box for it. A report on a form that we do not know says nothing.
fn says_it_is_complete(report: &Report) -> bool {
    let Some(form) = documents::dossier::form(&report.form) else { return false };
    let asked = form.sections.iter().flat_map(|section| &section.questions);
    let asked = asked.filter(|question| question.asks == Asks::IsComplete);
    let is_ticked = |question: &documents::dossier::form::Question| {
        let answer = report.answers.get(&question.key);
        let boxes = question.boxes.iter().filter(|tickbox| tickbox.exact.iter().any(|word| word == COMPLETE));
        answer.is_some_and(|answer| boxes.into_iter().any(|tickbox| *answer == tickbox.nl || *answer == tickbox.en))
    };
    asked.into_iter().any(is_ticked)
}

/// The forms' word for a report to which nothing is to be added.
const COMPLETE: &str = "complete";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use std::sync::OnceLock;

    use facts::{IncidentId, OrganisationId};
    use incident::{Actor, Decided, Opening, Stamped};
    use law::verdict::CsirtStepKind;
    use uuid::Uuid;

    use super::*;

    fn at(hour: i64) -> Timestamp {
        let start: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        start + jiff::SignedDuration::from_hours(hour)
    }

    /// An incident reported at hour 0, with what happened at which hour after that.
    fn incident(happened: Vec<(i64, Event)>) -> Incident {
        let opening = Opening::Reported {
            what: "mail naar de verkeerde".into(),
            when_said: None,
            whose_said: None,
            done_said: None,
            contact: None,
        };
        let opened = Event::Opened { number: 7, title: "Mail".into(), opening };
        let stamped = |(hour, event)| Stamped {
            incident: IncidentId(Uuid::from_u128(1)),
            index: None,
            recorded_at: at(hour),
            by: Actor::Program,
            event,
        };
        let history: Vec<_> = [(0, opened)].into_iter().chain(happened).map(stamped).collect();
        Incident::replay(OrganisationId(Uuid::from_u128(2)), &history).unwrap()
    }

    fn decided(duty: Duty, is_to_do: bool) -> Event {
        Event::Decided(Decided { duties: BTreeMap::from([(duty, is_to_do)]), ..Decided::default() })
    }

    fn reported(kind: ReportKind, hour: i64, form: &str, answers: &[(&str, &str)]) -> (i64, Event) {
        let answers = answers.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
        let (receipt, form) = ("AP-1".into(), form.into());
        (hour, Event::AuthorityNotified { at: at(hour), receipt, kind, form, answers, reason: None })
    }

    /// What the plan is made from.
    fn input<T>(incident: &Incident, look: impl Fn(&PlanInput<'_>) -> T) -> T {
        static PACKS: OnceLock<law::Packs> = OnceLock::new();
        let packs = PACKS.get_or_init(|| law::Packs::builtin().unwrap_or_else(|error| panic!("{error}")));
        let situation = incident.situation(facts::Country::NL);
        let verdict = packs.assess(&situation, at(500), None).unwrap();
        let known = Known { case: "1", zone: TimeZone::UTC, situation: &situation, verdict: &verdict };
        look(&known.input(incident, &[]))
    }

    #[test]
    fn the_clocks_run_from_the_report_until_awareness_is_set() {
        let start = |incident: &Incident| input(incident, |input| input.start.unwrap());
        let provisional = start(&incident(vec![]));
        assert_eq!((provisional.at, provisional.is_provisional, provisional.is_estimated), (at(0), true, false));
        let aware = Event::AwarenessSet { at: at(1), is_estimated: true, reason: "toen zeker".into() };
        let set = start(&incident(vec![(2, aware)]));
        assert_eq!((set.at, set.is_provisional, set.is_estimated), (at(1), false, true));
    }

    #[test]
    fn informing_persons_counts_from_the_first_decision_that_still_stands() {
        let (yes, no) = (decided(Duty::InformSubjects, true), decided(Duty::InformSubjects, false));
        let since = |happened| input(&incident(happened), |input| input.inform_decided_at);
        assert_eq!(since(vec![]), None);
        assert_eq!(since(vec![(3, yes.clone()), (9, yes.clone())]), Some(at(3)), "deciding again gives no more time");
        assert_eq!(since(vec![(3, yes.clone()), (5, no.clone())]), None);
        assert_eq!(since(vec![(3, yes.clone()), (5, no), (9, yes)]), Some(at(9)));
    }

    #[test]
    fn each_proof_comes_from_its_own_event() {
        let happened = vec![
            reported(ReportKind::First, 3, "", &[]),
            reported(ReportKind::Supplement, 9, "", &[]),
            (10, Event::ControllersWarned { at: at(4), count: 2, channel: "telefoon".into() }),
            (11, Event::CsirtNotified { step: CsirtStepKind::EarlyWarning, at: at(5), receipt: String::new() }),
            (12, Event::SubjectsInformed { at: at(6), count: 2, channel: "brief".into(), is_correction: false }),
        ];
        input(&incident(happened), |input| {
            assert_eq!(input.first_report_at, Some(at(3)));
            assert_eq!(input.supplements_at, [at(9)]);
            assert_eq!(input.report_settled_at, None);
            assert_eq!(input.controllers_warned_at, Some(at(4)));
            assert_eq!(input.csirt_notified_at, BTreeMap::from([(CsirtStepKind::EarlyWarning, at(5))]));
            assert_eq!(input.subjects_informed_at, Some(at(6)));
        });
    }

    #[test]
    fn a_withdrawn_report_was_made_until_another_is_due() {
        let withdrawn = vec![reported(ReportKind::First, 3, "", &[]), reported(ReportKind::Withdrawal, 9, "", &[])];
        input(&incident(withdrawn.clone()), |input| {
            assert_eq!((input.first_report_at, input.report_settled_at), (Some(at(3)), Some(at(9))));
        });
        let again = [withdrawn, vec![(10, decided(Duty::NotifyAuthority, true))]].concat();
        input(&incident(again), |input| assert_eq!(input.first_report_at, None));
    }

    #[test]
    fn a_report_is_settled_when_the_newest_one_ticks_the_forms_own_box() {
        let settled = |happened| input(&incident(happened), |input| input.report_settled_at);
        let mut seen = 0;
        for form in documents::dossier::forms() {
            let questions = form.sections.iter().flat_map(|section| &section.questions);
            for question in questions.filter(|question| question.asks == Asks::IsComplete) {
                let says = |word: &str| {
                    let tickbox = question.boxes.iter().find(|tickbox| tickbox.exact.iter().any(|exact| exact == word));
                    tickbox.map(|tickbox| tickbox.nl.clone()).unwrap_or_else(|| panic!("{} has no {word}", form.id))
                };
                let (complete, incomplete) = (says("complete"), says("incomplete"));
                let first = |answer: &str| reported(ReportKind::First, 3, &form.id, &[(&question.key, answer)]);
                let then = |answer: &str| reported(ReportKind::Supplement, 9, &form.id, &[(&question.key, answer)]);
                assert_eq!(settled(vec![first(&complete)]), Some(at(3)), "{}", form.id);
                assert_eq!(settled(vec![first(&incomplete)]), None);
                assert_eq!(settled(vec![first(&incomplete), then(&complete)]), Some(at(9)));
                assert_eq!(settled(vec![first(&complete), then(&incomplete)]), None, "it turned out not to be");
                assert_eq!(settled(vec![reported(ReportKind::First, 3, "", &[(&question.key, &complete)])]), None);
                seen += 1;
            }
        }
        assert!(seen > 0, "a form asks whether the report is complete");
    }
}
