//! From facts to a verdict under one pack.
//!
//! Promises: an outcome is undetermined only if two completions of what is unknown differ; unknown never counts as no; gates
//! and exceptions lift a duty only once established; the same pack and facts give the same verdict for ever. Deliberately
//! not here: any article (that is the pack's), the choice of the pack, the clock.

use jiff::Timestamp;
use jiff::civil::Date;

use facts::{Fact, Facts, Situation, Truth, Value};

use crate::deadline::clock_of;
use crate::model::diagram::{Answers as Values, Diagrams, Walker};
use crate::model::{BUDGET, Gates, Model};
use crate::pack::{Answers, DeadlineRule, Pack, Seat, Table};
use crate::verdict::{Deadline, Duty, DutyVerdict, Form, Outcome, Risk, Verdict};
use crate::{explain, missing, reasons};

/// The values of the table that answers whether it is a breach.
pub(crate) const BREACH_VALUES: [&str; 2] = ["no", "yes"];
/// The values of the table that answers how large the risk is.
pub(crate) const RISK_VALUES: [&str; 4] = ["not_weighed", "unlikely", "risk", "high"];
/// The values that a duty's table may have.
pub(crate) const DUTY_VALUES: [&str; 4] = ["not_required", "required", PUBLICLY, "undetermined"];
const PUBLICLY: &str = "required_publicly";

/// The moment whose law judges: awareness, else the earliest signal, else the moment of the call.
#[must_use]
pub fn judged_at(situation: &Situation, now: Timestamp) -> Timestamp {
    situation.aware_at.or_else(|| situation.earliest_signal()).unwrap_or(now)
}

/// What follows from a situation under a pack. Where the situation holds no moment, the pack's newest rules judge it; a
/// caller that knows the time uses [`assess_at`].
#[must_use]
pub fn assess(pack: &Pack, situation: &Situation) -> Verdict {
    let at = situation.aware_at.or_else(|| situation.earliest_signal());
    let day = at.map_or(Date::MAX, |at| at.to_zoned(pack.zone.clone()).date());
    assess_on(pack, situation, day)
}

/// What follows from a situation under a pack, for a call at `now`.
#[must_use]
pub fn assess_at(pack: &Pack, situation: &Situation, now: Timestamp) -> Verdict {
    assess_on(pack, situation, judged_at(situation, now).to_zoned(pack.zone.clone()).date())
}

fn assess_on(pack: &Pack, situation: &Situation, day: Date) -> Verdict {
    // A parsed pack has at least one model; an empty one would answer nothing.
    let nothing = Model {
        from: None,
        diagrams: Diagrams::with_budget(BUDGET),
        tables: Vec::new(),
        applied: Vec::new(),
        advice: Vec::new(),
        deadlines: Vec::new(),
    };
    let model = pack.model_on(day).unwrap_or(&nothing);
    Judge::new(pack, model, situation).verdict(situation)
}

/// One assessment under way.
pub(crate) struct Judge<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) model: &'a Model,
    pub(crate) facts: &'a Facts,
    pub(crate) seat: Seat,
    pub(crate) masks: Vec<u32>,
    pub(crate) walker: Walker,
}

impl<'a> Judge<'a> {
    fn new(pack: &'a Pack, model: &'a Model, situation: &'a Situation) -> Self {
        let seat = pack.seat(situation);
        let masks = pack.space.masks(&situation.facts, seat, Gates::Standing);
        Self { pack, model, facts: &situation.facts, seat, masks, walker: Walker::default() }
    }

    fn verdict(mut self, situation: &Situation) -> Verdict {
        let duties = Duty::ALL.map(|duty| self.duty(duty));
        let reasons =
            Duty::ALL.into_iter().zip(&duties).flat_map(|(duty, _)| reasons::reasons(&mut self, duty)).collect();
        let missing_for = missing::for_each_duty(&self);
        let clock = self.pack.authority_clock().and_then(|rule| self.clock(rule, situation));
        let [document, notify_authority, inform_subjects, notify_controllers, notify_csirt] = duties;
        let form = (inform_subjects.outcome == Outcome::Required).then(|| self.form());
        Verdict {
            id: situation.id.clone(),
            law: self.pack.used(),
            breach: self.breach(),
            risk: self.risk(),
            document,
            notify_authority,
            deadline: clock,
            is_provisional: situation.aware_at.is_none() && clock.is_some(),
            authority: self.pack.authority(situation),
            inform_subjects,
            form,
            notify_controllers,
            notify_csirt,
            csirt_steps: Vec::new(),
            enisa: crate::enisa::score(&situation.facts).map(|scored| scored.score),
            reasons,
            decisive: explain::decisive(&mut self),
            missing: missing_for.ranked,
            missing_for: missing_for.by_duty,
            proposed: self.proposed(),
            advice: explain::advice(&mut self),
        }
    }

    /// The values that the table for this answer can still have, with the table.
    pub(crate) fn answered(&mut self, wanted: Answers) -> Option<(&'a Table, usize, Values)> {
        let number = self.pack.table_that_answers(wanted)?;
        let table = self.pack.tables.get(number)?;
        let values = self.model.values(&mut self.walker, number, &self.masks);
        Some((table, number, values))
    }

    fn duty(&mut self, duty: Duty) -> DutyVerdict {
        let outcome = self.outcome(duty);
        DutyVerdict { outcome, basis: reasons::basis(self, duty) }
    }

    pub(crate) fn outcome(&mut self, duty: Duty) -> Outcome {
        self.answered(Answers::Duty(duty)).map_or(Outcome::Undetermined, |(table, _, values)| settled(table, values))
    }

    fn form(&mut self) -> Form {
        let publicly = self.answered(Answers::Duty(Duty::InformSubjects)).is_some_and(|(table, _, values)| {
            values.single().is_some_and(|value| value_name(table, value) == PUBLICLY)
        });
        if publicly { Form::Public } else { Form::Direct }
    }

    fn breach(&mut self) -> Truth {
        let values = self.answered(Answers::Breach).map(|(_, _, values)| values);
        match values.and_then(Values::single) {
            Some(0) => Truth::False,
            Some(_) => Truth::True,
            None => Truth::Unknown,
        }
    }

    fn risk(&mut self) -> Option<Risk> {
        let (_, _, values) = self.answered(Answers::Risk)?;
        match values.single() {
            Some(0) => None,
            Some(1) => Some(Risk::Unlikely),
            Some(2) => Some(Risk::Risk),
            Some(_) => Some(Risk::High),
            None => Some(Risk::Undetermined),
        }
    }

    fn clock(&self, rule: &DeadlineRule, situation: &Situation) -> Option<Deadline> {
        let start = situation.aware_at.or_else(|| situation.earliest_signal())?;
        clock_of(rule, &start.to_zoned(self.pack.zone.clone()))
    }

    /// The views as the rules derive them, where they can be told: what a form proposes to the assessor.
    fn proposed(&mut self) -> Vec<(Fact, &'static str)> {
        let views =
            self.pack.tables.iter().filter_map(|table| table.given_by).collect::<std::collections::BTreeSet<_>>();
        let mut proposed = Vec::new();
        for view in views {
            let tables = self.pack.tables.iter().enumerate().filter(|(_, table)| table.given_by == Some(view));
            let values: Option<Vec<u8>> =
                tables.map(|(number, _)| self.model.values(&mut self.walker, number, &self.masks).single()).collect();
            let highest = values.and_then(|values| values.into_iter().max());
            let word = highest.and_then(|value| view.choices().get(usize::from(value)));
            proposed.extend(word.map(|choice| (view, choice.key)));
        }
        proposed
    }
}

/// What a duty's table says, when its values amount to one outcome.
pub(crate) fn settled(table: &Table, values: Values) -> Outcome {
    let mut outcomes = values.iter().map(|value| outcome_of(table, value));
    let first = outcomes.next().unwrap_or(Outcome::Undetermined);
    if outcomes.all(|outcome| outcome == first) { first } else { Outcome::Undetermined }
}

/// The outcome that one value of a duty's table stands for.
pub(crate) fn outcome_of(table: &Table, value: u8) -> Outcome {
    match value_name(table, value) {
        "not_required" => Outcome::NotRequired,
        "required" | PUBLICLY => Outcome::Required,
        _ => Outcome::Undetermined,
    }
}

fn value_name(table: &Table, value: u8) -> &str {
    table.values.get(usize::from(value)).map_or("", String::as_str)
}

impl Pack {
    fn authority_clock(&self) -> Option<&DeadlineRule> {
        self.deadlines.iter().find(|rule| rule.duty == Duty::NotifyAuthority)
    }

    /// The country of the main establishment; while nobody has said it, the only establishment, else the pack's own country.
    fn main_establishment(&self, situation: &Situation) -> Option<&'static str> {
        if let Some(country) = situation.jurisdiction {
            return Some(country.code());
        }
        match situation.facts.value(Fact::Establishments) {
            Some(Value::Many(countries)) if countries.len() == 1 => countries.first().copied(),
            Some(Value::Many(countries)) if countries.len() > 1 && !countries.contains(self.seats.home.code()) => None,
            _ => Some(self.seats.home.code()),
        }
    }

    pub(crate) fn seat(&self, situation: &Situation) -> Seat {
        match self.main_establishment(situation) {
            Some(country) if country == self.seats.home.code() => Seat::Home,
            Some(country) if self.seats.members.contains(country) => Seat::Member,
            Some(_) => Seat::Elsewhere,
            // Several establishments, none of them at home: some member state's law, whichever it is.
            None => Seat::Member,
        }
    }

    /// The competent authority (AVG art. 55, 56), where one can be named.
    fn authority(&self, situation: &Situation) -> Option<String> {
        match (self.seat(situation), self.main_establishment(situation)) {
            (Seat::Home, _) => Some(self.seats.home_authority.clone()),
            (Seat::Member, Some(country)) => Some(format!("{country}{}", self.seats.member_suffix)),
            _ => None,
        }
    }
}
