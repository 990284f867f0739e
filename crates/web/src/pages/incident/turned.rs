//! Where the verdict turned: when, from what to what, because of what, and what that asks of who reported already.
//!
//! Promises: shown only while it asks something of somebody; an outcome that the facts do not settle is told as what to do.

use std::collections::BTreeMap;

use documents::explanation::{answer, turned_sentence};
use incident::{Event, Incident, Reassessment};
use law::difference::Turned;
use law::verdict::{Duty, LawStatus, Outcome, Verdict};

use crate::address::Tab;
use crate::case_file::CaseFile;

/// How many facts are named as the ground of a turn.
const NAMED: usize = 5;

/// The notice of a turn.
pub(crate) struct TurnedView {
    pub(crate) told: String,
    pub(crate) because: Vec<String>,
    /// What to do about it, and where.
    pub(crate) leads: Option<(String, &'static str)>,
}

/// The last turn that asks for another look: after a decision or a report, or from one settled outcome to the other. That
/// the first answers settle what was open is the interview's own work, and no news.
pub(crate) fn notice(case: &CaseFile, verdict: &Verdict) -> Option<TurnedView> {
    let incident = &case.incident;
    if incident.closed_at.is_some() || verdict.law.status == LawStatus::Historical {
        return None;
    }
    let (place, last) = turns(incident).pop()?;
    let after = |is_such: fn(&Event) -> bool| {
        incident.timeline.iter().rposition(|stamped| is_such(&stamped.event)).is_some_and(|then| then < place)
    };
    let is_reported = incident.last_report().is_some();
    let is_after_report = is_reported && after(|event| matches!(event, Event::AuthorityNotified { .. }));
    let is_after_decision = after(|event| matches!(event, Event::Decided(_)));
    let is_reversal = is_reversal(&last);
    // Once it was decided anew, the turn has been seen; what the authority was told may still have to follow.
    let is_open = is_after_report || is_after_decision || (is_reversal && incident.decision.is_none());
    is_open.then(|| TurnedView { leads: leads(case, is_after_report, is_after_decision, verdict), ..view(case, &last) })
}

/// Whether some duty went from one settled outcome to the other.
pub(crate) fn is_reversal(turn: &Reassessment) -> bool {
    turn.turned.iter().any(|(_, from, to)| *from != Outcome::Undetermined && *to != Outcome::Undetermined)
}

/// A turn in words, without what to do about it.
pub(crate) fn view(case: &CaseFile, turn: &Reassessment) -> TurnedView {
    let w = case.w();
    let told: Vec<String> = turn
        .turned
        .iter()
        .map(|(duty, from, to)| turned_sentence(&Turned { duty: *duty, from: *from, to: *to }))
        .map(|text| text.in_language(w.0).to_owned())
        .collect();
    let mut because: Vec<String> = turn
        .because
        .iter()
        .map(|(fact, was, is)| {
            let said = |value: &Option<facts::Value>| match value {
                Some(value) => answer(*fact, value).in_language(w.0).to_owned(),
                None => w.unknown().to_lowercase(),
            };
            w.news_fact(fact.question().in_language(w.0), &said(was), &said(is))
        })
        .collect();
    let more = because.len().saturating_sub(NAMED);
    because.truncate(NAMED);
    if more > 0 {
        because.push(w.news_more(more));
    }
    if turn.times_changed {
        because.push(w.news_times().to_owned());
    }
    if because.is_empty() {
        because.push(w.news_law().to_owned());
    }
    TurnedView { told: w.news_on(&case.desk.when(turn.at).words, &told.join("; ")), because, leads: None }
}

fn leads(
    case: &CaseFile,
    is_after_report: bool,
    is_after_decision: bool,
    verdict: &Verdict,
) -> Option<(String, &'static str)> {
    let w = case.w();
    if is_after_report {
        let is_to_withdraw = verdict.duty(Duty::NotifyAuthority).outcome == Outcome::NotRequired;
        let label = if is_to_withdraw { w.news_withdraw() } else { w.news_supplement() };
        return Some((format!("{}#ap", case.page(Tab::Documents)), label));
    }
    is_after_decision.then(|| (case.page(Tab::Decision), w.news_decide()))
}

/// Every turn with the place of its assessment in the timeline: two things may happen in one second.
pub(crate) fn turns(incident: &Incident) -> Vec<(usize, Reassessment)> {
    let mut before = None;
    let mut places = Vec::new();
    for (place, stamped) in incident.timeline.iter().enumerate() {
        let Event::Assessed(assessment) = &stamped.event else { continue };
        let outcomes = &assessment.outcomes;
        let is_turn = before.replace(outcomes).is_some_and(|was: &BTreeMap<Duty, Outcome>| {
            was.iter().any(|(duty, outcome)| outcomes.get(duty).is_some_and(|now| now != outcome))
        });
        if is_turn {
            places.push(place);
        }
    }
    places.into_iter().zip(incident.reassessments()).collect()
}
