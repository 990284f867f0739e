//! The other duties on the page, each only when in play: warning the controllers, and the steps to the CSIRT.

use incident::Incident;
use law::verdict::{CsirtStepKind, Duty, Outcome, Verdict};

use crate::case_file::CaseFile;
use crate::failure::Failure;
use crate::view::time::When;

/// What a processor tells its controllers.
pub(crate) struct ControllersView {
    pub(crate) notice: String,
    pub(crate) done: Option<String>,
}

/// The steps to the CSIRT and the competent authority.
pub(crate) struct CsirtView {
    pub(crate) steps: Vec<StepView>,
    /// What each step contains and which way it goes, with its article.
    pub(crate) advice: Vec<(String, String)>,
}

pub(crate) struct StepView {
    pub(crate) key: &'static str,
    pub(crate) name: String,
    pub(crate) until: Option<When>,
    pub(crate) done: Option<String>,
    pub(crate) is_chosen: bool,
}

/// Whether the law asks it, or a person decided so.
fn is_in_play(duty: Duty, verdict: &Verdict, incident: &Incident) -> bool {
    verdict.duty(duty).outcome == Outcome::Required || incident.is_to_do(duty) == Some(true)
}

pub(crate) fn controllers(case: &CaseFile, verdict: &Verdict) -> Result<Option<ControllersView>, Failure> {
    let (desk, incident, w) = (&case.desk, &case.incident, case.w());
    if !is_in_play(Duty::NotifyControllers, verdict, incident) && incident.controllers_warned.is_none() {
        return Ok(None);
    }
    let visit = &desk.visit;
    let notice = visit.app().controllers_notice(&desk.scope, incident, w.0, visit.now)?;
    let done = incident
        .controllers_warned
        .as_ref()
        .map(|(at, count, channel)| w.controllers_line(&desk.when(*at).words, *count, channel));
    Ok(Some(ControllersView { notice, done }))
}

pub(crate) fn csirt(case: &CaseFile, verdict: &Verdict, chosen: &str) -> Option<CsirtView> {
    let (desk, incident, w) = (&case.desk, &case.incident, case.w());
    if !is_in_play(Duty::NotifyCsirt, verdict, incident) && incident.csirt_notified.is_empty() {
        return None;
    }
    let next = CsirtStepKind::ALL.into_iter().find(|step| !incident.csirt_notified.contains_key(step));
    let step = |what: CsirtStepKind| {
        let due = verdict.csirt_steps.iter().find(|step| step.what == what);
        StepView {
            key: what.key(),
            name: what.name().in_language(w.0).to_owned(),
            until: due.and_then(|step| step.target).map(|at| desk.when(at)),
            done: incident.csirt_notified.get(&what).map(|(at, receipt)| match receipt.is_empty() {
                true => desk.when(*at).words,
                false => format!("{}, {receipt}", desk.when(*at).words),
            }),
            is_chosen: if chosen.is_empty() { next == Some(what) } else { chosen == what.key() },
        }
    };
    let is_of_cbw = |cites: &[String]| cites.iter().any(|cite| cite.starts_with("Cbw"));
    let advice = verdict.advice.iter().filter(|advice| is_of_cbw(&advice.cites));
    Some(CsirtView {
        steps: CsirtStepKind::ALL.into_iter().map(step).collect(),
        advice: advice.map(|one| (one.text.in_language(w.0).to_owned(), one.cites.join(", "))).collect(),
    })
}
