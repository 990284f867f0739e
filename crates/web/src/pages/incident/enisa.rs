//! ENISA's severity beside the verdict: how it came about, and a person's own figure with the reason.
//!
//! Promises: nothing of it is there where the organisation did not turn it on; it never looks like the verdict; the
//! computed and the adjusted score both stay.

use axum::response::Response;

use app::Error;
use documents::explanation::mark_in_words;
use incident::{Permission, Refusal};
use law::enisa::{self, Circumstances, Factor, Level, Score};
use law::interview::Item;
use law::verdict::{Duty, LawStatus, Outcome, Verdict};

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::merge;
use crate::pages::incident::verdict::{Again, verdict_page};
use crate::words::Words;

/// The second opinion, as the verdict page shows it.
pub(crate) struct EnisaView {
    pub(crate) computed: Option<ScoreView>,
    pub(crate) steps: Vec<StepView>,
    pub(crate) flags: Vec<&'static str>,
    /// What it lacks, with the question after it.
    pub(crate) missing: Vec<(String, String)>,
    pub(crate) adjusted: Option<AdjustedView>,
    pub(crate) asks_bridge: bool,
    pub(crate) may_adjust: bool,
    pub(crate) opens_form: bool,
    pub(crate) seen: usize,
    pub(crate) choices: Vec<ChoiceView>,
}

pub(crate) struct ScoreView {
    pub(crate) formula: String,
    pub(crate) level: String,
    pub(crate) meaning: String,
}

pub(crate) struct StepView {
    pub(crate) factor: String,
    pub(crate) points: String,
    pub(crate) text: String,
    pub(crate) mark: String,
}

pub(crate) struct AdjustedView {
    pub(crate) score: ScoreView,
    pub(crate) reason: String,
    pub(crate) by: String,
}

/// A factor to choose by hand: its values in quarter points.
pub(crate) struct ChoiceView {
    pub(crate) name: &'static str,
    pub(crate) label: String,
    pub(crate) wrong: Option<String>,
    pub(crate) options: Vec<(u8, String, bool)>,
}

/// The fields of the form, in the order of the formula, with the quarter points that the method allows.
const FIELDS: [(&str, Factor, &[u8]); 6] = [
    ("dpc", Factor::DataContext, &[4, 8, 12, 16]),
    ("ei", Factor::Identification, &[1, 2, 3, 4]),
    ("vertrouwelijkheid", Factor::Confidentiality, &[0, 1, 2]),
    ("juistheid", Factor::Integrity, &[0, 1, 2]),
    ("beschikbaarheid", Factor::Availability, &[0, 1, 2]),
    ("opzet", Factor::MaliciousIntent, &[0, 2]),
];

/// What was sent for a score that needs another look.
#[derive(Default)]
pub(crate) struct EnisaAgain {
    pub(crate) typed: Option<Vec<Option<u8>>>,
}

/// The second opinion; nothing where the organisation did not turn it on, nor under a law that is history.
pub(crate) fn view(case: &CaseFile, verdict: &Verdict, again: &EnisaAgain, problems: &Problems) -> Option<EnisaView> {
    let (w, incident, desk) = (case.w(), &case.incident, &case.desk);
    if !desk.scope.organisation().profile.uses_enisa || verdict.law.status != LawStatus::InForce {
        return None;
    }
    let scored = enisa::score(&incident.facts);
    let adjusted = incident.enisa_adjusted.as_ref();
    let stands = adjusted.map(|adjusted| adjusted.score).or(scored.as_ref().map(|scored| scored.score));
    let is_high = stands.is_some_and(|score| matches!(score.level(), Level::High | Level::VeryHigh));
    let is_not_reported = match incident.is_to_do(Duty::NotifyAuthority) {
        Some(is_to_do) => !is_to_do,
        None => verdict.duty(Duty::NotifyAuthority).outcome == Outcome::NotRequired,
    };
    let mut flags = Vec::new();
    if let Some(scored) = &scored {
        if scored.flags.more_than_100 == Some(true) {
            flags.push(w.enisa_many());
        }
        if scored.flags.unintelligible {
            flags.push(w.enisa_unreadable());
        }
    }
    let chosen = again.typed.clone().unwrap_or_else(|| values(stands));
    Some(EnisaView {
        steps: scored.iter().flat_map(|scored| &scored.because).map(|step| step_view(step, w)).collect(),
        flags,
        missing: enisa::missing(&incident.facts)
            .into_iter()
            .map(|fact| (case.ask(&Item::of(fact)), fact.question().in_language(w.0).to_owned()))
            .collect(),
        adjusted: adjusted.map(|adjusted| AdjustedView {
            score: score_view(adjusted.score, w),
            reason: adjusted.reason.clone(),
            by: w.enisa_by_at(adjusted.by.name(), &desk.when(adjusted.at).words),
        }),
        computed: scored.map(|scored| score_view(scored.score, w)),
        asks_bridge: is_high && is_not_reported,
        may_adjust: desk.allows(Permission::HandleIncident) && incident.closed_at.is_none(),
        opens_form: !problems.is_empty(),
        seen: incident.timeline.len(),
        choices: FIELDS
            .iter()
            .zip(chosen)
            .map(|((name, factor, allowed), chosen)| ChoiceView {
                name,
                label: factor.name().in_language(w.0).to_owned(),
                wrong: problems.at(name).map(str::to_owned),
                options: allowed.iter().map(|four| (*four, quarters(*four, w), chosen == Some(*four))).collect(),
            })
            .collect(),
    })
}

/// The quarter points of a score, in the order of the fields.
fn values(score: Option<Score>) -> Vec<Option<u8>> {
    let Some(Score { dpc, ei4, cb }) = score else { return vec![None; FIELDS.len()] };
    let cb = [cb.confidentiality, cb.integrity, cb.availability, cb.malicious_intent];
    [dpc.saturating_mul(4), ei4].into_iter().chain(cb).map(Some).collect()
}

/// A figure of so many quarters: `0,5`.
fn quarters(four: u8, w: Words) -> String {
    w.decimal(f64::from(four) / 4.0)
}

pub(crate) fn score_view(score: Score, w: Words) -> ScoreView {
    let figure = |four| quarters(four, w);
    let formula =
        w.enisa_formula(&score.dpc.to_string(), &figure(score.ei4), &figure(score.cb4()), &figure(score.se4()));
    let level = score.level();
    ScoreView {
        formula,
        level: level.name().in_language(w.0).to_owned(),
        meaning: level.meaning().in_language(w.0).to_owned(),
    }
}

fn step_view(step: &enisa::Step, w: Words) -> StepView {
    let points = f64::from(step.quarters) / 4.0;
    StepView {
        factor: step.factor.name().in_language(w.0).to_owned(),
        points: w.decimal(points),
        text: step.text.in_language(w.0).to_owned(),
        mark: mark_in_words(step.mark).in_language(w.0).to_owned(),
    }
}

/// `POST …/enisa`
pub(crate) async fn take(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    if !case.desk.scope.organisation().profile.uses_enisa {
        return Err(Error::NotFound.into());
    }
    let outcome = record(&case, &sent).await;
    if merge::came_between(&outcome) { record(&case.open_anew().await?, &sent).await } else { outcome }
}

async fn record(case: &CaseFile, sent: &Sent) -> Result<Response, Failure> {
    let (w, visit, incident) = (case.w(), &case.desk.visit, &case.incident);
    let mut problems = Problems::new();
    let is_taken_back = sent.text("doe") == "terug";
    let typed: Vec<Option<u8>> = FIELDS
        .iter()
        .map(|(name, _, allowed)| sent.text(name).parse().ok().filter(|four| allowed.contains(four)))
        .collect();
    if !is_taken_back {
        for ((name, ..), _) in FIELDS.iter().zip(&typed).filter(|(_, value)| value.is_none()) {
            problems.add(name, w.enisa_pick());
        }
    }
    let reason = sent.text("enisa-reden").to_owned();
    if reason.is_empty() {
        problems.add("enisa-reden", Refusal::ReasonNeeded.text().in_language(w.0));
    }
    let score = if is_taken_back { None } else { score(&typed) };
    match merge::seen(incident, sent) {
        None => problems.add("", w.form_not_whole()),
        Some(then) if then.enisa_adjusted != incident.enisa_adjusted => {
            let name = incident.timeline.iter().rev().find_map(|stamped| match stamped.event {
                incident::Event::EnisaAdjusted { .. } => Some(stamped.by.name()),
                _ => None,
            });
            let stands = incident.enisa_adjusted.as_ref();
            let is_same =
                stands.map(|stands| stands.score) == score && stands.is_none_or(|stands| stands.reason == reason);
            // The same twice: a button pressed twice.
            if is_same && problems.is_empty() {
                return onward(&format!("{}#enisa", case.saved(Tab::Verdict, "enisa")));
            }
            problems.add("", w.enisa_meanwhile(name.unwrap_or("Dijkwacht")));
        }
        Some(_) => {}
    }
    if problems.is_empty() {
        let (scope, entries) = (&case.desk.scope, Some(incident.timeline.len() as u64));
        match visit.app().adjust_enisa(scope, case.number(), entries, score, reason, visit.now).await {
            Ok(_) => return onward(&format!("{}#enisa", case.saved(Tab::Verdict, "enisa"))),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::ReasonNeeded => "enisa-reden",
                    Refusal::ScoreOutOfRange => "dpc",
                    _ => "",
                })?;
            }
        }
    }
    let filled = Filled::from_sent(sent, &["enisa-reden"]);
    let enisa = EnisaAgain { typed: Some(typed) };
    page_again(&verdict_page(case, Again { problems, filled, enisa })?)
}

fn score(typed: &[Option<u8>]) -> Option<Score> {
    let [Some(dpc4), Some(ei4), Some(confidentiality), Some(integrity), Some(availability), Some(malicious_intent)] =
        typed
    else {
        return None;
    };
    let cb = Circumstances {
        confidentiality: *confidentiality,
        integrity: *integrity,
        availability: *availability,
        malicious_intent: *malicious_intent,
    };
    Score::checked(dpc4 / 4, *ei4, cb)
}
