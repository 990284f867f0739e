//! Per duty: its answer, and the reasons that carry it, with the facts in words.

use facts::{Fact, Facts, Text, Value};
use law::verdict::{Duty, Form, LawStatus, Outcome, Verdict};

use super::{answer, rests_on};

/// A fact in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactWords {
    pub fact: Fact,
    pub question: Text,
    pub answer: Text,
}

impl FactWords {
    #[must_use]
    pub fn of(fact: Fact, value: &Value) -> Self {
        Self { fact, question: fact.question(), answer: answer(fact, value) }
    }
}

/// One reason, as an officer reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonWords {
    /// The rule's id.
    pub rule: String,
    pub text: Text,
    pub cites: Vec<String>,
    /// The facts on which it rests.
    pub facts: Vec<FactWords>,
}

/// A duty with its answer and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyReasons {
    pub duty: Duty,
    pub outcome: Outcome,
    /// The answer, as what to do.
    pub answer: Text,
    /// The reasons that give the outcome, then those that led there.
    pub reasons: Vec<ReasonWords>,
}

/// Every duty's reasons, in the order of the duties.
#[must_use]
pub fn officer_reasons(verdict: &Verdict) -> Vec<DutyReasons> {
    Duty::ALL
        .into_iter()
        .map(|duty| DutyReasons {
            duty,
            outcome: verdict.duty(duty).outcome,
            answer: duty_answer(verdict, duty),
            reasons: reasons_of(verdict, duty),
        })
        .collect()
}

fn reasons_of(verdict: &Verdict, duty: Duty) -> Vec<ReasonWords> {
    let of_duty = verdict.reasons.iter().filter(|reason| reason.duty == duty);
    of_duty
        .map(|reason| ReasonWords {
            rule: reason.rule.clone(),
            text: reason.text.clone(),
            cites: reason.cites.clone(),
            facts: reason.because.iter().map(|(fact, value)| FactWords::of(*fact, value)).collect(),
        })
        .collect()
}

/// What a duty asks, as what to do.
#[must_use]
pub fn duty_answer(verdict: &Verdict, duty: Duty) -> Text {
    match verdict.law.status {
        LawStatus::InForce => answer_in_force(verdict, duty),
        LawStatus::Historical => match verdict.duty(duty).outcome {
            Outcome::Required => Text::new("Moest, naar de wet van toen.", "Was required, by the law of that time."),
            Outcome::NotRequired => {
                Text::new("Hoefde niet, naar de wet van toen.", "Was not needed, by the law of that time.")
            }
            Outcome::Undetermined => Text::new("Beantwoord eerst wat ontbreekt.", "First answer what is missing."),
        },
        LawStatus::Proposal => match verdict.duty(duty).outcome {
            Outcome::Required => Text::new("Zou moeten, volgens het voorstel.", "Would be required, by the proposal."),
            Outcome::NotRequired => {
                Text::new("Zou niet hoeven, volgens het voorstel.", "Would not be needed, by the proposal.")
            }
            Outcome::Undetermined => Text::new("Beantwoord eerst wat ontbreekt.", "First answer what is missing."),
        },
    }
}

/// Whether the AVG asks nothing here because another act governs the data (Wpg, Wjsg, Telecommunicatiewet).
#[must_use]
pub fn is_of_another_regime(verdict: &Verdict, duty: Duty) -> bool {
    let of_duty = verdict.reasons.iter().filter(|reason| reason.duty == duty);
    of_duty.flat_map(|reason| &reason.because).any(|(fact, value)| *fact == Fact::Regime && *value != Value::One("avg"))
}

fn answer_in_force(verdict: &Verdict, duty: Duty) -> Text {
    match (duty, verdict.duty(duty).outcome) {
        (Duty::InformSubjects, Outcome::Required) if verdict.form == Some(Form::Public) => {
            Text::new("Ja, met een openbaar bericht.", "Yes, by a public notice.")
        }
        (_, Outcome::Required) => Text::new("Ja, dit moet.", "Yes, this is required."),
        (Duty::InformSubjects, Outcome::NotRequired)
            if rests_on(verdict, Duty::InformSubjects, Fact::FinancialUndertaking) =>
        {
            Text::new(
                "Hoeft niet van de AVG; de zorgplicht kan het toch vragen.",
                "Not needed under the GDPR; your duty of care may still ask it.",
            )
        }
        (_, Outcome::NotRequired) if is_of_another_regime(verdict, duty) => Text::new(
            "Niet naar de AVG. Beoordeel dit naar de andere wet.",
            "Not under the GDPR. Judge this by the other act.",
        ),
        (_, Outcome::NotRequired) => Text::new("Dit hoeft niet.", "This is not needed."),
        (Duty::Document, Outcome::Undetermined) => Text::new("Leg het alvast vast.", "Record it for now."),
        (Duty::NotifyAuthority, Outcome::Undetermined) => Text::new(
            "Meld uit voorzorg; aanvullen of intrekken kan later.",
            "Report as a precaution; you can add to it or take it back later.",
        ),
        (Duty::InformSubjects, Outcome::Undetermined) => {
            Text::new("Bereid het bericht alvast voor.", "Prepare the message for now.")
        }
        (Duty::NotifyControllers, Outcome::Undetermined) => Text::new(
            "Verwerkt u voor een ander, waarschuw dan meteen.",
            "If you process for somebody else, warn them at once.",
        ),
        (Duty::NotifyCsirt, Outcome::Undetermined) => {
            Text::new("Zoek vandaag nog uit of dit moet.", "Find out today whether this is required.")
        }
    }
}

/// Every fact of the vocabulary in its order with what is known of it; absent answers are unknown.
#[must_use]
pub fn known_facts(facts: &Facts) -> Vec<(Fact, Option<FactWords>)> {
    Fact::ALL.iter().map(|fact| (*fact, facts.value(*fact).map(|value| FactWords::of(*fact, value)))).collect()
}
