//! Which unknown facts can still turn an outcome, the most telling first.
//!
//! Exact: a fact is named if and only if two completions of what is unknown differ in it alone and in an outcome. Its rank is
//! the information that it would give on average (in bits, with rough guesses at how often each value occurs) on notifying the authority and informing
//! the persons, then on the other duties of the AVG; that ranks questions and decides nothing. What bears on the CSIRT alone
//! comes after all that, gates and exceptions last.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Class, Fact};

use crate::assess::{DUTY_VALUES, Judge};
use crate::model::diagram::{Diagrams, Node, may_be};
use crate::model::{BUDGET, Gates};
use crate::pack::Answers;
use crate::verdict::Duty;

/// The missing facts of a verdict.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    pub(crate) ranked: Vec<Fact>,
    pub(crate) by_duty: Vec<(Duty, Vec<Fact>)>,
}

/// The missing facts of all duties, each by the pack that answers for it.
pub(crate) fn of(judges: &[&Judge]) -> Missing {
    let mut told: BTreeMap<Fact, Told> = BTreeMap::new();
    let mut by_duty = Vec::new();
    for duty in Duty::ALL {
        let judge = judges.iter().find(|judge| judge.answers_for(duty));
        let of_duty = judge.map(|judge| tells_of(judge, duty)).unwrap_or_default();
        for (fact, more) in &of_duty {
            told.entry(*fact).or_default().add(more);
        }
        by_duty.push((duty, ranked(&of_duty)));
    }
    Missing { ranked: ranked(&told), by_duty }
}

/// What each fact tells of one duty; a gate that could still lift it tells nothing, and is named.
fn tells_of(judge: &Judge, duty: Duty) -> BTreeMap<Fact, Told> {
    let free = judge.pack.space.masks(judge.facts, judge.seat, Gates::Free);
    let gates = tells(judge, duty, &free).into_keys().filter(|fact| fact.class() == Class::Gate);
    let mut bits = tells(judge, duty, &judge.masks);
    bits.extend(gates.map(|gate| (gate, 0.0)));
    bits.into_iter().map(|(fact, bits)| (fact, Told::of(duty, bits))).collect()
}

/// What a fact tells, in bits, by how much the duty matters to people under a clock.
#[derive(Debug, Default)]
struct Told {
    /// Of notifying the authority and informing the persons.
    first: f64,
    /// Of the other duties.
    then: f64,
    /// Whether it bears on any duty of the AVG at all.
    of_avg: bool,
}

impl Told {
    fn of(duty: Duty, bits: f64) -> Self {
        match duty {
            Duty::NotifyAuthority | Duty::InformSubjects => Self { first: bits, then: 0.0, of_avg: true },
            Duty::Document | Duty::NotifyControllers => Self { first: 0.0, then: bits, of_avg: true },
            Duty::NotifyCsirt => Self { first: 0.0, then: bits, of_avg: false },
        }
    }

    fn add(&mut self, other: &Self) {
        self.first += other.first;
        self.then += other.then;
        self.of_avg |= other.of_avg;
    }
}

fn ranked(told: &BTreeMap<Fact, Told>) -> Vec<Fact> {
    let mut facts: Vec<(Fact, &Told)> = told.iter().map(|(fact, told)| (*fact, told)).collect();
    // The sort is stable, so that facts that tell alike stay in the contract's order.
    facts.sort_by(|(fact, told), (other, other_told)| {
        let gate = |fact: &Fact| fact.class() == Class::Gate;
        gate(fact)
            .cmp(&gate(other))
            .then(other_told.of_avg.cmp(&told.of_avg))
            .then(millionths(other_told.first).cmp(&millionths(told.first)))
            .then(millionths(other_told.then).cmp(&millionths(told.then)))
    });
    facts.into_iter().map(|(fact, _)| fact).collect()
}

/// Of a bit; what differs by less tells alike.
fn millionths(bits: f64) -> i64 {
    (bits * 1e6).round() as i64
}

/// The facts that one duty still depends on, each with what it would tell.
fn tells(judge: &Judge, duty: Duty, masks: &[u32]) -> BTreeMap<Fact, f64> {
    let root = judge.pack.table_that_answers(Answers::Duty(duty)).and_then(|table| judge.model.tables.get(table));
    let Some(root) = root else { return BTreeMap::new() };
    let mut rest = Diagrams::with_budget(BUDGET);
    // A restriction is never larger than what it restricts, which was within the budget.
    let Ok(root) = judge.model.diagrams.restricted(*root, masks, &mut rest) else { return BTreeMap::new() };
    let mut facts: BTreeMap<Fact, f64> = BTreeMap::new();
    for (variable, bits) in information(judge, &rest, root, masks) {
        if let Some(fact) = judge.pack.space.variable(variable).and_then(|variable| variable.fact) {
            *facts.entry(fact).or_default() += bits;
        }
    }
    facts
}

type Chances = [f64; DUTY_VALUES.len()];

/// For each variable left: how many bits on the answer it would give.
fn information(judge: &Judge, diagrams: &Diagrams, root: Node, masks: &[u32]) -> BTreeMap<u16, f64> {
    let nodes = nodes_under(diagrams, root);
    let odds = |variable: u16, count: usize| -> Vec<(usize, f64)> {
        let weight = |value: usize| judge.pack.space.variable(variable).map_or(1.0, |known| known.weight(value));
        let open: Vec<(usize, f64)> =
            (0..count).filter(|value| may_be(masks, variable, *value)).map(|value| (value, weight(value))).collect();
        let whole: f64 = open.iter().map(|(_, weight)| weight).sum();
        open.into_iter().map(|(value, weight)| (value, weight / whole)).collect()
    };
    // Children have lower numbers than their parents, so upwards is in order and downwards in reverse.
    let mut below: BTreeMap<Node, Chances> = BTreeMap::new();
    for node in &nodes {
        let Some((variable, branches)) = diagrams.branches(*node) else { continue };
        let mut chances = Chances::default();
        for (value, chance) in odds(variable, branches.len()) {
            add(&mut chances, &chances_of(&below, branches.get(value).copied()), chance);
        }
        below.insert(*node, chances);
    }
    let mut above: BTreeMap<Node, f64> = BTreeMap::from([(root, 1.0)]);
    let mut by_variable: BTreeMap<u16, Vec<(Node, f64)>> = BTreeMap::new();
    for node in nodes.iter().rev() {
        let Some((variable, branches)) = diagrams.branches(*node) else { continue };
        let reached = above.get(node).copied().unwrap_or_default();
        by_variable.entry(variable).or_default().push((*node, reached));
        for (value, chance) in odds(variable, branches.len()) {
            if let Some(branch) = branches.get(value) {
                *above.entry(*branch).or_default() += reached * chance;
            }
        }
    }
    let whole = chances_of(&below, Some(root));
    let mut bits = BTreeMap::new();
    for (variable, places) in by_variable {
        let mut elsewhere = whole;
        for (node, reached) in &places {
            add(&mut elsewhere, &chances_of(&below, Some(*node)), -reached);
        }
        let count =
            places.first().and_then(|(node, _)| diagrams.branches(*node)).map_or(0, |(_, branches)| branches.len());
        let mut left = 0.0;
        for (value, chance) in odds(variable, count) {
            let mut then = elsewhere;
            for (node, reached) in &places {
                let branch = diagrams.branches(*node).and_then(|(_, branches)| branches.get(value).copied());
                add(&mut then, &chances_of(&below, branch), *reached);
            }
            left += chance * entropy(&then);
        }
        bits.insert(variable, (entropy(&whole) - left).max(0.0));
    }
    bits
}

fn nodes_under(diagrams: &Diagrams, root: Node) -> BTreeSet<Node> {
    let mut nodes = BTreeSet::new();
    let mut ahead = vec![root];
    while let Some(node) = ahead.pop() {
        if let Some((_, branches)) = diagrams.branches(node)
            && nodes.insert(node)
        {
            ahead.extend(branches);
        }
    }
    nodes
}

fn chances_of(below: &BTreeMap<Node, Chances>, node: Option<Node>) -> Chances {
    let Some(node) = node else { return Chances::default() };
    below.get(&node).copied().unwrap_or_else(|| {
        let mut sure = Chances::default();
        if let Some(chance) = sure.get_mut(node as usize) {
            *chance = 1.0;
        }
        sure
    })
}

fn add(to: &mut Chances, other: &Chances, factor: f64) {
    for (one, other) in to.iter_mut().zip(other) {
        *one += other * factor;
    }
}

fn entropy(chances: &Chances) -> f64 {
    chances.iter().filter(|chance| **chance > 1e-12).map(|chance| -chance * chance.log2()).sum()
}
