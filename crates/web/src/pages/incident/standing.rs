//! The standing decision, for showing: what a person decided, in their words, with name and moment.

use incident::Incident;
use law::verdict::Duty;

use crate::desk::Desk;
use crate::view::time::When;

pub(crate) struct DecisionView {
    pub(crate) lines: Vec<DecidedLine>,
    pub(crate) motivation: String,
    /// How it stands to the FG's advice, where there was one.
    pub(crate) fg: Option<String>,
    pub(crate) mandate: Option<String>,
    pub(crate) name: String,
    pub(crate) at: When,
}

pub(crate) struct DecidedLine {
    pub(crate) answer: &'static str,
    pub(crate) duty: String,
    pub(crate) departs: bool,
}

impl DecisionView {
    pub(crate) fn of(incident: &Incident, desk: &Desk) -> Option<Self> {
        let decision = incident.decision.as_ref()?;
        let decided = &decision.decided;
        let line = |(duty, is_to_do): (&Duty, &bool)| DecidedLine {
            answer: if *is_to_do { desk.visit.w.decision_yes() } else { desk.visit.w.decision_no() },
            duty: duty.name().in_language(desk.visit.w.0).to_owned(),
            departs: decided.departs.contains(duty),
        };
        Some(Self {
            lines: decided.duties.iter().map(line).collect(),
            motivation: decided.motivation.clone(),
            fg: decided.dpo_followed.map(|is_followed| match (is_followed, &decided.dpo_departure) {
                (false, Some(why)) => desk.visit.w.fg_line_departed(why),
                (false, None) => desk.visit.w.fg_line_departed("–"),
                (true, _) => desk.visit.w.fg_line_followed().to_owned(),
            }),
            mandate: decided.mandate.as_deref().map(|by| desk.visit.w.mandate_line(by)),
            name: decision.by.name().to_owned(),
            at: desk.when(decision.at),
        })
    }
}
