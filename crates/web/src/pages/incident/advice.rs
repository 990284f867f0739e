//! The FG's advice beside the decision: shown, and put on file by the FG, or by who handles the incident for an outside FG.
//! Where an organisation has no FG there is none of this.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::Timestamp;

use app::{Advice, Error};
use incident::{Permission, Refusal};
use law::verdict::{Duty, Verdict};

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::moment_fields::MomentFields;
use crate::pages::incident::decision::{Again, decision_page, in_play};
use crate::pages::incident::still;

/// The FG's part of the page.
pub(crate) struct FgView {
    pub(crate) advice: Option<AdviceView>,
    pub(crate) may_record: bool,
    /// The FG records their own advice, under their own name and at this moment.
    pub(crate) is_own: bool,
    pub(crate) asks: Vec<FgAsk>,
    pub(crate) at: MomentFields,
}

pub(crate) struct AdviceView {
    pub(crate) by: String,
    pub(crate) words: String,
    /// Each duty that it names, with what it comes to.
    pub(crate) lines: Vec<(&'static str, String)>,
}

/// One duty that the advice may name.
pub(crate) struct FgAsk {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) chosen: Option<bool>,
}

impl FgView {
    /// Nothing where there is no FG.
    pub(crate) fn of(case: &CaseFile, verdict: &Verdict, filled: &Filled, at: Option<MomentFields>) -> Option<Self> {
        let (w, desk, incident) = (case.w(), &case.desk, &case.incident);
        if !desk.scope.organisation().profile.has_dpo() && incident.dpo_advice.is_none() {
            return None;
        }
        let advice = incident.dpo_advice.as_ref().map(|advice| AdviceView {
            by: w.fg_by(&advice.by_name, &desk.when(advice.advised_at).words),
            words: advice.advice.clone(),
            lines: advice
                .advises
                .iter()
                .map(|(duty, is_to_do)| {
                    let answer = if *is_to_do { w.decision_yes() } else { w.decision_no() };
                    (answer, duty.name().in_language(w.0).to_owned())
                })
                .collect(),
        });
        let ask = |duty: Duty| FgAsk {
            id: field_of(duty).to_owned(),
            name: duty.name().in_language(w.0).to_owned(),
            chosen: match filled.get(field_of(duty)) {
                "ja" => Some(true),
                "nee" => Some(false),
                _ => None,
            },
        };
        let is_own = desk.scope.has_role_for(Permission::Advise);
        Some(Self {
            advice,
            may_record: (is_own || desk.allows(Permission::HandleIncident)) && incident.closed_at.is_none(),
            is_own,
            asks: in_play(verdict).into_iter().map(ask).collect(),
            at: at.unwrap_or_else(|| MomentFields::new("fg")),
        })
    }
}

/// The field of the FG's word on a duty.
pub(crate) fn field_of(duty: Duty) -> &'static str {
    match duty {
        Duty::Document => "fg-document",
        Duty::NotifyAuthority => "fg-notify_authority",
        Duty::InformSubjects => "fg-inform_subjects",
        Duty::NotifyControllers => "fg-notify_controllers",
        Duty::NotifyCsirt => "fg-notify_csirt",
    }
}

/// The fields of the form, for showing them again.
pub(crate) const FIELDS: [&str; 6] =
    ["fg-naam", "fg-advies", "fg-notify_authority", "fg-inform_subjects", "fg-notify_controllers", "fg-notify_csirt"];

/// When it was given, for who records their own: now.
fn advised_at(
    case: &CaseFile,
    sent: &Sent,
    is_own: bool,
    problems: &mut Problems,
) -> (MomentFields, Option<Timestamp>) {
    if is_own {
        return (MomentFields::new("fg"), Some(case.desk.visit.now));
    }
    MomentFields::read("fg", sent, &case.desk.zone, case.w(), problems)
}

/// `POST …/besluit/advies`
pub(crate) async fn take(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let (w, visit, scope) = (case.w(), &case.desk.visit, &case.desk.scope);
    if !scope.organisation().profile.has_dpo() {
        return Err(Error::NotFound.into());
    }
    let is_own = scope.has_role_for(Permission::Advise);
    let mut problems = Problems::new();
    let by_name = sent.text("fg-naam").to_owned();
    if !is_own && by_name.is_empty() {
        problems.add("fg-naam", Refusal::DpoUnnamed.text().in_language(w.0));
    }
    let advice = sent.text("fg-advies").to_owned();
    if advice.is_empty() {
        problems.add("fg-advies", Refusal::AdviceNeeded.text().in_language(w.0));
    }
    let (mut fields, at) = advised_at(&case, &sent, is_own, &mut problems);
    let advises: BTreeMap<Duty, bool> = in_play(&case.verdict()?)
        .into_iter()
        .filter_map(|duty| match sent.text(field_of(duty)) {
            "ja" => Some((duty, true)),
            "nee" => Some((duty, false)),
            _ => None,
        })
        .collect();
    let mut since = None;
    if let (Some(advised_at), true) = (at, problems.is_empty()) {
        let advice = Advice { by_name, advised_at, advice, advises };
        // Who sends no number of entries has not seen the page.
        let seen = sent.text("gezien").parse().unwrap_or_default();
        match visit.app().record_dpo_advice(scope, case.number(), Some(seen), advice, visit.now).await {
            Ok(_) => return onward(&format!("{}#fg", case.saved(Tab::Decision, "advies"))),
            Err(Error::Conflict) => since = usize::try_from(seen).ok(),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture | Refusal::BeforeTheLaw => "fg-tijd",
                    Refusal::DpoUnnamed | Refusal::NotTheDpo => "fg-naam",
                    Refusal::AdviceNeeded => "fg-advies",
                    _ => "",
                })?;
                fields.blame(problems.at("fg-tijd"));
            }
        }
    }
    let filled = Filled::from_sent(&sent, &FIELDS);
    // What somebody else recorded in the meantime is shown with it.
    let case = if since.is_some() { case.open_anew().await? } else { case };
    if let Some(page) = still::instead(&case, Tab::Decision)? {
        return Ok(page);
    }
    page_again(&decision_page(&case, Again { problems, since, filled, fg_at: Some(fields), ..Again::default() })?)
}
