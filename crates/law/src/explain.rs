//! Why a verdict is as it is: the rules that gave it, the facts that carry it, what would turn it, what to do.
//!
//! `because` holds only facts that carry the rule: leave one of them out and the rule would no longer surely apply.
//! Promises: every duty has a reason with a source, also the undetermined ones. Deliberately not here: which unknown facts
//! still matter (see `missing`).

use std::collections::BTreeSet;

use facts::{Fact, Value};

use crate::assess::{Judge, outcome_of, settled};
use crate::model::Gates;
use crate::model::diagram::{Answers as Values, Node};
use crate::pack::{Answers, Condition, Rule, Table};
use crate::verdict::{Advice, Decisive, Duty, Outcome, Reason};

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
    let mut ahead = BTreeSet::new();
    let first = if found.is_empty() { answering(judge, number, table, values) } else { possible(judge, number) };
    for rule_number in first {
        let Some(rule) = judge.pack.rules.get(rule_number) else { continue };
        if found.is_empty() || outcome != Outcome::Undetermined {
            let because = why_it_applies(judge, number, rule_number, values);
            found.push(reason(duty, outcome, rule, because));
        }
        ahead.extend(rule.condition.tables());
        for over in judge.pack.rules.iter().filter(|over| over.overrides.contains(&rule_number)) {
            if over.gives.iter().any(|(table, _)| *table == number) {
                ahead.extend(over.condition.tables());
            }
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(next) = ahead.pop_last() {
        if seen.insert(next) {
            notion(judge, next, duty, outcome, &mut found);
            let own = judge.pack.rules.iter().filter(|rule| rule.gives.iter().any(|(table, _)| *table == next));
            ahead.extend(own.flat_map(|rule| rule.condition.tables()).filter(|table| !seen.contains(table)));
        }
    }
    found
}

/// The rules of a notion that surely apply and give its value; a default that says nothing of these facts is left out.
fn notion(judge: &mut Judge, table: usize, duty: Duty, outcome: Outcome, found: &mut Vec<Reason>) {
    let Some(known) = judge.pack.tables.get(table) else { return };
    let values = judge.model.values(&mut judge.walker, table, &judge.masks);
    if known.given_by.is_some_and(|view| judge.facts.is_known(view)) {
        return;
    }
    for (number, node) in judge.model.applied.get(table).into_iter().flatten() {
        let Some(rule) = judge.pack.rules.get(*number) else { continue };
        let gives = rule.gives.iter().find(|(to, _)| *to == table).map(|(_, value)| *value);
        let says_something = rule.condition != Condition::Always || known.answers == Answers::Breach;
        let gives_it = gives.is_some_and(|value| values.contains(value));
        if !says_something
            || !gives_it
            || judge.walker.answers(&judge.model.diagrams, *node, &judge.masks) != Values::only(1)
        {
            continue;
        }
        if found.iter().any(|reason| reason.rule == rule.id) {
            continue;
        }
        let because = carrying(judge, *node, Values::only(1));
        found.push(reason(duty, outcome, rule, because));
    }
}

fn reason(duty: Duty, outcome: Outcome, rule: &Rule, because: Vec<(Fact, Value)>) -> Reason {
    let (cites, text) = (rule.cites.clone(), rule.text.clone());
    Reason { duty, rule: rule.id.clone(), outcome, cites, because, text }
}

/// The rules that give a table's value: those that surely apply, else those that may (the value is sure, the road is not).
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
    if sure.is_empty() { maybe } else { sure }
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

/// A smallest set of known facts that already carries these answers: dropping any one of them would let others in.
fn carrying(judge: &mut Judge, root: Node, expected: Values) -> Vec<(Fact, Value)> {
    let space = &judge.pack.space;
    let read = facts_under(judge, root);
    let mut kept = judge.facts.clone();
    let mut masks = judge.masks.clone();
    let known: Vec<(Fact, Value)> = judge.facts.iter().map(|(fact, value)| (fact, value.clone())).collect();
    // What tells of nothing (no, none) goes first, so that what did happen stays to be named.
    let (nothing, something): (Vec<_>, Vec<_>) = known.iter().partition(|(_, value)| says_nothing(value));
    for (fact, _) in nothing.into_iter().chain(something) {
        if !read.contains(fact) {
            kept.forget(*fact);
            space.refresh(&mut masks, *fact, &kept, judge.seat, Gates::Standing);
            continue;
        }
        let mut without = kept.clone();
        without.forget(*fact);
        let mut fewer = masks.clone();
        space.refresh(&mut fewer, *fact, &without, judge.seat, Gates::Standing);
        if judge.walker.answers(&judge.model.diagrams, root, &fewer) == expected {
            kept = without;
            masks = fewer;
        }
    }
    kept.iter().map(|(fact, value)| (fact, value.clone())).collect()
}

/// The facts that a diagram asks for, and those that bound them.
fn facts_under(judge: &Judge, root: Node) -> BTreeSet<Fact> {
    let mut facts = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut ahead = vec![root];
    while let Some(node) = ahead.pop() {
        let Some((variable, branches)) = judge.model.diagrams.branches(node) else { continue };
        if seen.insert(node) {
            facts.extend(judge.pack.space.variable(variable).and_then(|variable| variable.fact));
            ahead.extend(branches);
        }
    }
    if facts.contains(&Fact::SubjectsMax) {
        facts.insert(Fact::SubjectsMin);
    }
    if facts.contains(&Fact::Recipient) || facts.contains(&Fact::RecipientCount) {
        facts.extend([Fact::Recipient, Fact::RecipientCount]);
    }
    facts
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Truth(truth) => !truth,
        Value::One(word) => matches!(*word, "none" | "not_applicable" | "excluded" | "avg"),
        Value::Many(words) => words.is_empty(),
        Value::Whole(_) | Value::Number(_) => false,
    }
}

/// For an undetermined duty: the known facts of which another value would settle it.
fn facts_that_could_settle(judge: &mut Judge, number: usize, table: &Table) -> Vec<(Fact, Value)> {
    let known: Vec<(Fact, Value)> = judge.facts.iter().map(|(fact, value)| (fact, value.clone())).collect();
    let root = judge.model.tables.get(number).copied().unwrap_or(0);
    let mut found = Vec::new();
    for (fact, value) in known {
        let settles = judge.pack.space.alternatives(fact, &value).into_iter().any(|other| {
            changed(judge, fact, other).is_some_and(|masks| {
                let values = judge.walker.answers(&judge.model.diagrams, root, &masks);
                settled(table, values) != Outcome::Undetermined
            })
        });
        if settles {
            found.push((fact, value));
        }
    }
    found
}

/// What the rules see when one fact has another value; nothing where that would contradict the other facts.
fn changed(judge: &Judge, fact: Fact, other: Value) -> Option<Vec<u32>> {
    let mut facts = judge.facts.clone();
    facts.set(fact, other).ok()?;
    if facts.contradictions().len() > judge.facts.contradictions().len() {
        return None;
    }
    let mut masks = judge.masks.clone();
    judge.pack.space.refresh(&mut masks, fact, &facts, judge.seat, Gates::Standing);
    Some(masks)
}

/// The known facts of which one other value would turn an outcome; for each, one value for every way it would turn them.
pub(crate) fn decisive(judge: &mut Judge) -> Vec<Decisive> {
    let duties: Vec<(Duty, &Table, Node, Outcome)> = Duty::ALL
        .into_iter()
        .filter_map(|duty| {
            let (table, number, values) = judge.answered(Answers::Duty(duty))?;
            Some((duty, table, *judge.model.tables.get(number)?, settled(table, values)))
        })
        .collect();
    let mut found: Vec<Decisive> = Vec::new();
    let known: Vec<(Fact, Value)> = judge.facts.iter().map(|(fact, value)| (fact, value.clone())).collect();
    for (fact, value) in known.into_iter().filter(|(fact, _)| judge.pack.space.reads(*fact)) {
        for other in judge.pack.space.alternatives(fact, &value) {
            let Some(masks) = changed(judge, fact, other.clone()) else { continue };
            let mut then = Vec::new();
            for (duty, table, root, outcome) in &duties {
                let turned = settled(table, judge.walker.answers(&judge.model.diagrams, *root, &masks));
                if turned != *outcome {
                    then.push((*duty, turned));
                }
            }
            let is_new = !found.iter().any(|known| known.fact == fact && known.then == then);
            if !then.is_empty() && is_new {
                found.push(Decisive { fact, other, then });
            }
        }
    }
    found
}

/// The advice whose condition holds.
pub(crate) fn advice(judge: &mut Judge) -> Vec<Advice> {
    let mut found = Vec::new();
    for (rule, node) in judge.pack.advice.iter().zip(&judge.model.advice) {
        let holds = judge.walker.answers(&judge.model.diagrams, *node, &judge.masks);
        let shown = if rule.shown_if_possible { holds.contains(1) } else { holds == Values::only(1) };
        let in_time = rule.while_undetermined.is_none_or(|duty| judge.outcome(duty) == Outcome::Undetermined);
        if shown && in_time {
            found.push(Advice { text: rule.text.clone(), cites: rule.cites.clone() });
        }
    }
    found
}
