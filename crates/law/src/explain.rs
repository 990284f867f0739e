//! What carries a verdict and what would turn it: the facts behind a rule, the what-ifs, the advice.
//!
//! `because` holds only facts that carry the rule: leave one of them out and the rule would no longer surely apply.
//! Deliberately not here: the rules themselves (see `reasons`), which unknown facts still matter (see `missing`).

use std::collections::BTreeSet;

use facts::{Fact, Value};

use crate::assess::{Judge, settled};
use crate::model::diagram::{Answers as Values, Node};
use crate::model::{Gates, linked};
use crate::pack::{Answers, Table};
use crate::verdict::{Advice, Decisive, Duty, Outcome};

/// A smallest set of known facts that already carries these answers: dropping any one of them would let others in.
pub(crate) fn carrying(judge: &mut Judge, root: Node, expected: Values) -> Vec<(Fact, Value)> {
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
    let bounding: Vec<Fact> = facts.iter().flat_map(|fact| linked(*fact)).collect();
    facts.extend(bounding);
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
pub(crate) fn facts_that_could_settle(judge: &mut Judge, number: usize, table: &Table) -> Vec<(Fact, Value)> {
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

/// Puts the what-ifs of another pack beside these: the same change of a fact turns the duties of both.
pub(crate) fn join(all: &mut Vec<Decisive>, more: Vec<Decisive>) {
    for other in more {
        match all.iter_mut().find(|known| known.fact == other.fact && known.other == other.other) {
            Some(known) => known.then.extend(other.then),
            None => all.push(other),
        }
    }
}

/// The advice whose condition holds.
pub(crate) fn advice(judge: &mut Judge) -> Vec<Advice> {
    let mut found = Vec::new();
    for (rule, node) in judge.pack.advice.iter().zip(&judge.model.advice) {
        let holds = judge.walker.answers(&judge.model.diagrams, *node, &judge.masks);
        let shown = if rule.shown_if_possible { holds.contains(1) } else { holds == Values::only(1) };
        let in_time = rule.while_undetermined.is_none_or(|duty| judge.outcome(duty) == Outcome::Undetermined);
        let still_open = rule.while_unknown.is_none_or(|fact| !judge.facts.is_known(fact));
        if shown && in_time && still_open {
            found.push(Advice { text: rule.text.clone(), cites: rule.cites.clone(), mark: rule.mark });
        }
    }
    found
}
