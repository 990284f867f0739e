//! From facts to a verdict: under one pack, with those that run beside it.
//!
//! Promises: an outcome is undetermined only if two completions of what is unknown differ; unknown never counts as no; gates
//! and exceptions lift a duty only once established; the same pack and facts give the same verdict for ever. Deliberately
//! not here: any article (that is the pack's), the choice of the pack, the clock.

use jiff::Timestamp;
use jiff::civil::Date;

use facts::{Fact, Facts, Situation, Truth, Value};

use crate::deadline::clock_of;
use crate::model::diagram::{Answers as Values, Walker};
use crate::model::{Gates, Model};
use crate::pack::{Answers, DeadlineRule, Pack, Seat, Table, Term};
use crate::verdict::{CsirtStep, CsirtStepKind, Deadline, Duty, DutyVerdict, Form, Outcome, Reason, Risk, Verdict};
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

/// What follows from a situation under one pack alone, without any that run beside it ([`crate::Packs::assess`] puts those
/// together). Where the situation holds no moment, the pack's newest rules judge it.
#[must_use]
pub fn assess(pack: &Pack, situation: &Situation) -> Verdict {
    let at = situation.aware_at.or_else(|| situation.earliest_signal());
    Bench { judging: pack, beside: Vec::new(), not_yet: Vec::new() }.verdict(situation, at, None)
}

/// The packs that judge together.
pub(crate) struct Bench<'a> {
    /// Answers for the breach, and for every duty that it does not leave to others.
    pub(crate) judging: &'a Pack,
    /// Answer for their own duties.
    pub(crate) beside: Vec<&'a Pack>,
    /// Would answer for their own duties, and are not in force yet.
    pub(crate) not_yet: Vec<&'a Pack>,
}

impl Bench<'_> {
    /// The verdict by the rules of the day of `at` (the newest, where that is not known), for a call at `now`.
    pub(crate) fn verdict(&self, situation: &Situation, at: Option<Timestamp>, now: Option<Timestamp>) -> Verdict {
        let nothing = Model::default();
        let mut main = Judge::on_day_of(at, self.judging, &nothing, situation);
        let mut beside: Vec<Judge> =
            self.beside.iter().map(|pack| Judge::on_day_of(at, pack, &nothing, situation)).collect();

        let mut reasons = Vec::new();
        let [document, notify_authority, inform_subjects, notify_controllers, notify_csirt] = Duty::ALL.map(|duty| {
            let answering = std::iter::once(&mut main).chain(&mut beside).find(|judge| judge.answers_for(duty));
            let (verdict, why) = match answering {
                Some(judge) => (judge.duty(duty), reasons::reasons(judge, duty)),
                None => self.unjudged(duty),
            };
            reasons.extend(why);
            verdict
        });
        let missing = missing::of(&std::iter::once(&main).chain(&beside).collect::<Vec<_>>());
        let mut decisive = explain::decisive(&mut main);
        let mut advice = explain::advice(&mut main);
        let mut csirt_steps = Vec::new();
        for judge in &mut beside {
            explain::join(&mut decisive, explain::decisive(judge));
            advice.extend(explain::advice(judge));
        }
        if notify_csirt.outcome == Outcome::Required {
            let answering =
                std::iter::once(&mut main).chain(&mut beside).find(|judge| judge.answers_for(Duty::NotifyCsirt));
            csirt_steps = answering.map(|judge| judge.csirt_steps(situation)).unwrap_or_default();
        }
        let clock = main.authority_clock().and_then(|rule| main.clock(rule, situation));
        let form = (inform_subjects.outcome == Outcome::Required).then(|| main.form());
        Verdict {
            id: situation.id.clone(),
            law: self.judging.used(now),
            breach: main.breach(),
            risk: main.risk(),
            document,
            notify_authority,
            deadline: clock,
            is_provisional: situation.aware_at.is_none() && clock.is_some(),
            authority: self.judging.authority(situation),
            inform_subjects,
            form,
            notify_controllers,
            notify_csirt,
            csirt_steps,
            enisa: crate::enisa::score(&situation.facts).map(|scored| scored.score),
            reasons,
            decisive,
            missing: missing.ranked,
            missing_for: missing.by_duty,
            proposed: main.proposed(),
            advice,
        }
    }

    /// What is said of a duty that no pack in force answers: it was not law yet, or it is left to a pack that is not there.
    fn unjudged(&self, duty: Duty) -> (DutyVerdict, Vec<Reason>) {
        let not_yet = self.not_yet.iter().find(|pack| pack.duties().any(|theirs| theirs == duty));
        let before = not_yet.and_then(|pack| pack.before.as_ref());
        let left = self.judging.leaves.iter().find(|left| left.duty == duty);
        let (outcome, rule, cites, text) = match (before, left) {
            (Some(before), _) => (Outcome::NotRequired, &before.id, &before.cites, &before.text),
            (None, Some(left)) => (Outcome::Undetermined, &left.id, &left.cites, &left.text),
            // A sound pack answers every duty or leaves it.
            (None, None) => return (DutyVerdict { outcome: Outcome::Undetermined, basis: Vec::new() }, Vec::new()),
        };
        let (rule, cites, text) = (rule.clone(), cites.clone(), text.clone());
        let basis = cites.clone();
        (DutyVerdict { outcome, basis }, vec![Reason { duty, rule, outcome, cites, because: Vec::new(), text }])
    }
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
    /// By the rules of that day; a parsed pack has some for every day.
    fn on_day_of(at: Option<Timestamp>, pack: &'a Pack, nothing: &'a Model, situation: &'a Situation) -> Self {
        let day = at.map_or(Date::MAX, |at| at.to_zoned(pack.zone.clone()).date());
        let model = pack.model_on(day).unwrap_or(nothing);
        let seat = pack.seat(situation);
        let masks = pack.space.masks(&situation.facts, seat, Gates::Standing);
        Self { pack, model, facts: &situation.facts, seat, masks, walker: Walker::default() }
    }

    pub(crate) fn answers_for(&self, duty: Duty) -> bool {
        self.pack.table_that_answers(Answers::Duty(duty)).is_some()
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

    /// The term for telling the authority, where it surely applies: under another regime it does not.
    fn authority_clock(&mut self) -> Option<&'a DeadlineRule> {
        self.applying_terms().into_iter().find(|rule| rule.duty == Duty::NotifyAuthority)
    }

    fn clock(&self, rule: &DeadlineRule, situation: &Situation) -> Option<Deadline> {
        let aware = situation.aware_at.or_else(|| situation.earliest_signal())?;
        let discovered = situation.earliest_signal().map_or(aware, |signal| signal.min(aware));
        let start = if rule.is_from_discovery { discovered } else { aware };
        clock_of(rule, &start.to_zoned(self.pack.zone.clone()))
    }

    /// How and when the CSIRT is told: of the terms of each step that surely apply, the shortest.
    fn csirt_steps(&mut self, situation: &Situation) -> Vec<CsirtStep> {
        let terms = self.applying_terms();
        let shortest = |what| terms.iter().filter(|rule| rule.step == Some(what)).min_by_key(|rule| length(rule));
        let steps = CsirtStepKind::ALL.into_iter().filter_map(|what| shortest(what).map(|rule| (what, rule)));
        steps
            .map(|(what, rule)| {
                let clock = if rule.after.is_none() { self.clock(rule, situation) } else { None };
                CsirtStep { what, target: clock.map(|clock| clock.target), after: rule.after }
            })
            .collect()
    }

    /// The terms whose condition surely holds.
    pub(crate) fn applying_terms(&mut self) -> Vec<&'a DeadlineRule> {
        let (walker, masks, model) = (&mut self.walker, &self.masks, self.model);
        let mut holds = |node| walker.answers(&model.diagrams, node, masks) == Values::only(1);
        let terms = self.pack.deadlines.iter().zip(&model.deadlines);
        terms.filter(|(_, node)| holds(**node)).map(|(rule, _)| rule).collect()
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

/// The terms of a pack that surely apply to a situation, by the law of a moment; of those for one step, the shortest.
pub(crate) fn terms_that_apply<'a>(pack: &'a Pack, situation: &'a Situation, at: Timestamp) -> Vec<&'a DeadlineRule> {
    let Some(model) = pack.model_on(at.to_zoned(pack.zone.clone()).date()) else { return Vec::new() };
    let terms = Judge::on_day_of(Some(at), pack, model, situation).applying_terms();
    let is_beaten = |rule: &DeadlineRule| {
        let same_step = terms.iter().filter(|other| rule.step.is_some() && other.step == rule.step);
        same_step.map(|other| length(other)).any(|other| other < length(rule))
    };
    terms.iter().copied().filter(|rule| !is_beaten(rule)).collect()
}

/// For comparing terms of one step: months, then hours.
fn length(rule: &DeadlineRule) -> (u32, u32) {
    match rule.term {
        Term::WithoutDelay => (0, 0),
        Term::Hours { hours, .. } => (0, hours),
        Term::Months { months } => (months, 0),
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
    /// The country of the main establishment; while nobody has said it, the only establishment, else the pack's own country.
    /// An act beside the one that judges binds what is established in its own country: where that is not all, only a main
    /// establishment that somebody named elsewhere takes it away.
    fn main_establishment(&self, situation: &Situation) -> Option<&'static str> {
        if let Some(country) = situation.jurisdiction {
            return Some(country.code());
        }
        match situation.facts.value(Fact::Establishments) {
            _ if self.is_beside => Some(self.seats.home.code()),
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
