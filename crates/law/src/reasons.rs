//! The reasons of a verdict: the rules that gave each outcome, and the rules that led there.
//!
//! Promises: every duty has a reason with a source, also the undetermined ones; what is told is what the outcome rests on.
//! Deliberately not here: what would turn it (see `explain`).

use std::collections::{BTreeSet, VecDeque};

use facts::{Fact, Truth, Value};

use crate::assess::{Judge, outcome_of, settled};
use crate::explain::{carrying, facts_that_could_settle};
use crate::model::diagram::Answers as Values;
use crate::pack::{Answers, Condition, Rule, Table};
use crate::verdict::{Duty, Outcome, Reason};

/// The sources on which a duty's outcome rests.
pub(crate) fn basis(judge: &mut Judge, duty: Duty) -> Vec<String> {
    let Some((table, number, values)) = judge.answered(Answers::Duty(duty)) else { return Vec::new() };
    if values.single().is_none() && settled(table, values) == Outcome::Undetermined {
        return table.open.iter().flat_map(|open| open.cites.clone()).collect();
    }
    let mut cites: Vec<String> = Vec::new();
    for rule in answering(judge, number, table, values) {
        let rule_cites = judge.pack.rules.get(rule).into_iter().flat_map(|rule| &rule.cites);
        for cite in rule_cites {
            if !cites.contains(cite) {
                cites.push(cite.clone());
            }
        }
    }
    cites
}

/// The reasons of one duty: the rules that give its outcome, then the rules that led there.
pub(crate) fn reasons(judge: &mut Judge, duty: Duty) -> Vec<Reason> {
    let Some((table, number, values)) = judge.answered(Answers::Duty(duty)) else { return Vec::new() };
    let outcome = settled(table, values);
    let mut found = Vec::new();
    if values.single().is_none()
        && outcome == Outcome::Undetermined
        && let Some(open) = &table.open
    {
        found.push(Reason {
            duty,
            rule: open.id.clone(),
            outcome,
            cites: open.cites.clone(),
            because: facts_that_could_settle(judge, number, table),
            text: open.text.clone(),
        });
    }
    let mut ahead = VecDeque::new();
    let first = if found.is_empty() { answering(judge, number, table, values) } else { possible(judge, number) };
    for rule_number in first {
        let Some(rule) = judge.pack.rules.get(rule_number) else { continue };
        if found.is_empty() || outcome != Outcome::Undetermined {
            let because = why_it_applies(judge, number, rule_number, values);
            found.push(reason(duty, outcome, rule, because));
        }
        ahead.extend(behind(judge, number, rule_number));
    }
    let mut seen = BTreeSet::new();
    while let Some(next) = ahead.pop_front() {
        if seen.insert(next) {
            ahead.extend(notion(judge, next, duty, outcome, &mut found));
        }
    }
    found
}

/// Adds the rules of a notion that surely apply and give its value; a default is left out, unless the pack wants it told.
/// Answers the tables on which that value rests.
fn notion(judge: &mut Judge, table: usize, duty: Duty, outcome: Outcome, found: &mut Vec<Reason>) -> BTreeSet<usize> {
    let Some(known) = judge.pack.tables.get(table) else { return BTreeSet::new() };
    if known.given_by.is_some_and(|view| judge.facts.is_known(view)) {
        return BTreeSet::new();
    }
    let values = judge.model.values(&mut judge.walker, table, &judge.masks);
    let mut carriers = Vec::new();
    for (number, node) in judge.model.applied.get(table).into_iter().flatten() {
        let Some(rule) = judge.pack.rules.get(*number) else { continue };
        let gives = rule.gives.iter().find(|(to, _)| *to == table).map(|(_, value)| *value);
        let applies = judge.walker.answers(&judge.model.diagrams, *node, &judge.masks) == Values::only(1);
        if !applies || !gives.is_some_and(|value| values.contains(value)) {
            continue;
        }
        let is_default = rule.condition == Condition::Always;
        if !is_default {
            carriers.push(*number);
        }
        let says_something = !is_default || rule.is_told && values.single().is_some();
        if says_something && !found.iter().any(|reason| reason.rule == rule.id) {
            let because = carrying(judge, *node, Values::only(1));
            found.push(reason(duty, outcome, rule, because));
        }
    }
    if carriers.is_empty() || values.single().is_none() {
        carriers = judge.model.applied.get(table).into_iter().flat_map(|rules| rules.keys().copied()).collect();
    }
    carriers.into_iter().flat_map(|rule| behind(judge, table, rule)).collect()
}

/// The tables on which it rests that a rule applies or not: those of its condition, and of the rules that could override it.
fn behind(judge: &mut Judge, table: usize, rule: usize) -> BTreeSet<usize> {
    let Some(own) = judge.pack.rules.get(rule) else { return BTreeSet::new() };
    let over = judge
        .pack
        .rules
        .iter()
        .filter(|over| over.overrides.contains(&rule) && over.gives.iter().any(|(theirs, _)| *theirs == table));
    std::iter::once(own).chain(over).flat_map(|rule| relevant(judge, &rule.condition).1).collect()
}

/// Whether a condition holds as far as the facts tell, and the tables on which that rests: of what holds, that by which it
/// holds; of what fails, that at which it fails.
fn relevant(judge: &mut Judge, condition: &Condition) -> (Truth, BTreeSet<usize>) {
    let of_parts = |judge: &mut Judge, parts: &[Condition], is_all: bool| {
        let parts: Vec<_> = parts.iter().map(|part| relevant(judge, part)).collect();
        let truths = parts.iter().map(|(truth, _)| *truth);
        let whole = if is_all { truths.fold(Truth::True, Truth::and) } else { truths.fold(Truth::False, Truth::or) };
        // Where all is still open, what already holds of it tells as much as what is open.
        let tells = |part: Truth| part == whole || is_all && whole.is_unknown() && part.is_true();
        let tables = parts.into_iter().filter(|(part, _)| tells(*part)).flat_map(|(_, tables)| tables).collect();
        (whole, tables)
    };
    match condition {
        Condition::Always => (Truth::True, BTreeSet::new()),
        Condition::Not(inner) => {
            let (truth, tables) = relevant(judge, inner);
            (!truth, tables)
        }
        Condition::All(parts) => of_parts(judge, parts, true),
        Condition::Any(parts) => of_parts(judge, parts, false),
        Condition::Fact(fact, test) => (judge.pack.space.holds(*fact, test, &judge.masks), BTreeSet::new()),
        Condition::Seat(seat) => (Truth::from(judge.seat == *seat), BTreeSet::new()),
        Condition::Table(table, wanted) => {
            let values = judge.model.values(&mut judge.walker, *table, &judge.masks);
            let mut fit = values.iter().map(|value| Truth::from(wanted & (1 << value) != 0));
            let first = fit.next().unwrap_or(Truth::Unknown);
            let truth = if fit.all(|other| other == first) { first } else { Truth::Unknown };
            (truth, BTreeSet::from([*table]))
        }
    }
}

fn reason(duty: Duty, outcome: Outcome, rule: &Rule, because: Vec<(Fact, Value)>) -> Reason {
    let (cites, text) = (rule.cites.clone(), rule.text.clone());
    Reason { duty, rule: rule.id.clone(), outcome, cites, because, text }
}

/// The rules that give a table's value: those that surely apply, else those that may (the value is sure, the road is not). Of
/// the latter those whose own condition holds, where there are any: of nobody unknown is said what holds for processors.
fn answering(judge: &mut Judge, table: usize, known: &Table, values: Values) -> Vec<usize> {
    let mut sure = Vec::new();
    let mut maybe = Vec::new();
    for (number, node) in judge.model.applied.get(table).into_iter().flatten() {
        let given = judge.pack.rules.get(*number).and_then(|rule| rule.gives.iter().find(|(to, _)| *to == table));
        let fits = given
            .is_some_and(|(_, value)| values.contains(*value) && outcome_of(known, *value) == settled(known, values));
        let applies = judge.walker.answers(&judge.model.diagrams, *node, &judge.masks);
        match applies.single() {
            Some(1) if fits => sure.push(*number),
            None if fits => maybe.push(*number),
            _ => {}
        }
    }
    if !sure.is_empty() {
        return sure;
    }
    let held: Vec<usize> = maybe
        .iter()
        .copied()
        .filter(|number| {
            let condition = judge.pack.rules.get(*number).map(|rule| &rule.condition);
            condition.is_some_and(|condition| relevant(judge, condition).0.is_true())
        })
        .collect();
    if held.is_empty() { maybe } else { held }
}

/// The rules that may still apply.
fn possible(judge: &mut Judge, table: usize) -> Vec<usize> {
    let rules = judge.model.applied.get(table).into_iter().flatten();
    let (walker, masks, diagrams) = (&mut judge.walker, &judge.masks, &judge.model.diagrams);
    rules.filter(|(_, node)| walker.answers(diagrams, **node, masks).contains(1)).map(|(number, _)| *number).collect()
}

fn why_it_applies(judge: &mut Judge, table: usize, rule: usize, values: Values) -> Vec<(Fact, Value)> {
    let node = judge.model.applied.get(table).and_then(|rules| rules.get(&rule)).copied().unwrap_or(0);
    if judge.walker.answers(&judge.model.diagrams, node, &judge.masks) == Values::only(1) {
        return carrying(judge, node, Values::only(1));
    }
    let root = judge.model.tables.get(table).copied().unwrap_or(0);
    carrying(judge, root, values)
}
