//! A pack's rules as functions of the facts: what can be asked exactly of them.
//!
//! `space` says what of each fact rules can tell apart; `diagram` holds functions over that; this file turns tables and
//! rules into such functions. Promises: a compiled model has one value in every table for every combination; the same pack
//! gives the same model. Deliberately not here: reading or wording anything.

pub(crate) mod diagram;
mod space;

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::pack::{AdviceRule, Condition, DeadlineRule, Flaw, Pick, Rule, Seat, Table, Test};
use diagram::{Answers, CONFLICT, Diagrams, Node, Operation, TooLarge, UNANSWERED, Walker};
pub(crate) use space::{Gates, Space, linked};

/// How many nodes a pack may need. The first pack needs some twelve thousand, and twice that on the way.
pub(crate) const BUDGET: usize = 400_000;

/// The rules of one stretch of time, as functions.
#[derive(Debug, Default)]
pub(crate) struct Model {
    pub(crate) from: Option<Date>,
    pub(crate) diagrams: Diagrams,
    /// For each table: which value it has.
    pub(crate) tables: Vec<Node>,
    /// For each table: which of its rules apply (not overridden), by the rule's place in the pack.
    pub(crate) applied: Vec<BTreeMap<usize, Node>>,
    /// For each piece of advice: whether its condition holds.
    pub(crate) advice: Vec<Node>,
    /// For each term: whether it applies.
    pub(crate) deadlines: Vec<Node>,
}

/// What compiling found wrong, by the place of the table or rule it is about.
#[derive(Debug)]
pub(crate) enum Finding {
    Table(usize, Flaw),
    /// This rule never applies.
    Idle(usize),
}

/// Compiles the rules in force on `from` (always, when there is no date). Tables come in an order in which each reads only
/// earlier ones.
pub(crate) fn compile(
    from: Option<Date>,
    space: &Space,
    tables: (&[Table], &[usize]),
    rules: &[Rule],
    beside: (&[AdviceRule], &[DeadlineRule]),
) -> Result<(Model, Vec<Finding>), TooLarge> {
    let (tables, order) = tables;
    let mut compiler = Compiler {
        space,
        diagrams: Diagrams::with_budget(BUDGET),
        tables: vec![UNANSWERED.into(); tables.len()],
        applied: vec![BTreeMap::new(); tables.len()],
    };
    let mut findings = Vec::new();
    for place in order {
        let Some(table) = tables.get(*place) else { continue };
        compiler.table(*place, table, rules, from, &mut findings)?;
    }
    let (advice, deadlines) = beside;
    let advised = advice.iter().map(|rule| compiler.condition(&rule.condition)).collect::<Result<_, _>>()?;
    let due = deadlines.iter().map(|rule| compiler.condition(&rule.condition)).collect::<Result<_, _>>()?;
    Ok((compiler.into_model(from, advised, due)?, findings))
}

/// A table's rules in force, by their place in the pack, each with the value it gives.
type Here<'a> = BTreeMap<usize, (&'a Rule, u8)>;

struct Compiler<'a> {
    space: &'a Space,
    diagrams: Diagrams,
    tables: Vec<Node>,
    applied: Vec<BTreeMap<usize, Node>>,
}

impl Compiler<'_> {
    fn table(
        &mut self,
        place: usize,
        table: &Table,
        rules: &[Rule],
        from: Option<Date>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), TooLarge> {
        let here: Here<'_> = rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| from.is_none_or(|day| rule.is_in_force(day)))
            .filter_map(|(number, rule)| {
                rule.gives.iter().find(|(table, _)| *table == place).map(|(_, value)| (number, (rule, *value)))
            })
            .collect();
        let applied = self.applied_rules(&here)?;
        let mut value: Node = UNANSWERED.into();
        for (number, (_, given)) in &here {
            let applies = applied.get(number).copied().unwrap_or(0);
            if applies == 0 {
                findings.push(Finding::Idle(*number));
            }
            let how = match table.pick {
                Pick::Single => Operation::Give(*given),
                Pick::Highest => Operation::GiveHighest(*given),
            };
            value = self.diagrams.combine(how, value, applies)?;
        }
        self.prove_one_answer(place, value, (&here, &applied), from, findings);
        if let Some(view) = table.given_by {
            value = self.space.replaced_by_view(&mut self.diagrams, view, &table.values, value)?;
        }
        if let Some(slot) = self.tables.get_mut(place) {
            *slot = value;
        }
        if let Some(slot) = self.applied.get_mut(place) {
            *slot = applied;
        }
        Ok(())
    }

    /// A rule applies where its condition holds and no rule that overrides it applies itself.
    fn applied_rules(&mut self, here: &Here<'_>) -> Result<BTreeMap<usize, Node>, TooLarge> {
        let mut applied = BTreeMap::new();
        for number in here.keys() {
            self.applies(*number, here, &mut applied)?;
        }
        Ok(applied)
    }

    fn applies(
        &mut self,
        number: usize,
        here: &Here<'_>,
        applied: &mut BTreeMap<usize, Node>,
    ) -> Result<Node, TooLarge> {
        if let Some(known) = applied.get(&number) {
            return Ok(*known);
        }
        let Some((rule, _)) = here.get(&number) else { return Ok(0) };
        let mut node = self.condition(&rule.condition)?;
        let overriding = here.iter().filter(|(_, (other, _))| other.overrides.contains(&number));
        for (other, _) in overriding {
            let over = self.applies(*other, here, applied)?;
            let not_over = self.diagrams.translate(over, &|answer| 1 - answer)?;
            node = self.diagrams.combine(Operation::And, node, not_over)?;
        }
        applied.insert(number, node);
        Ok(node)
    }

    fn prove_one_answer(
        &self,
        place: usize,
        value: Node,
        (here, applied): (&Here<'_>, &BTreeMap<usize, Node>),
        from: Option<Date>,
        findings: &mut Vec<Finding>,
    ) {
        let from = from.map_or_else(|| "the start".into(), |day| day.to_string());
        let example = |answer: u8| self.space.example(&self.diagrams, value, answer);
        if let Some(example) = example(UNANSWERED) {
            findings.push(Finding::Table(place, Flaw::Gap { from: from.clone(), example: example.words }));
        }
        if let Some(example) = example(CONFLICT) {
            let rules = self.that_may_apply(here, applied, &example.masks);
            findings.push(Finding::Table(place, Flaw::RulesConflict { from, rules, example: example.words }));
        }
    }

    /// The rules that may apply where the facts are so, by name.
    fn that_may_apply(&self, here: &Here<'_>, applied: &BTreeMap<usize, Node>, masks: &[u32]) -> String {
        let mut walker = Walker::default();
        let mut may_apply = |number: &usize| {
            applied.get(number).is_some_and(|node| walker.answers(&self.diagrams, *node, masks).contains(1))
        };
        let rules = here.iter().filter(|(number, _)| may_apply(number)).map(|(_, (rule, _))| rule.id.as_str());
        rules.collect::<Vec<_>>().join(", ")
    }

    fn condition(&mut self, condition: &Condition) -> Result<Node, TooLarge> {
        match condition {
            Condition::Always => Ok(1),
            Condition::Not(inner) => {
                let inner = self.condition(inner)?;
                self.diagrams.translate(inner, &|answer| 1 - answer)
            }
            Condition::All(parts) => self.fold(Operation::And, 1, parts),
            Condition::Any(parts) => self.fold(Operation::Or, 0, parts),
            Condition::Fact(fact, test) => self.fact(*fact, test),
            Condition::Table(table, values) => {
                let node = self.tables.get(*table).copied().unwrap_or(UNANSWERED.into());
                self.diagrams.translate(node, &|answer| u8::from(values & (1 << answer) != 0))
            }
            Condition::Seat(seat) => self.space.seat(&mut self.diagrams, *seat),
        }
    }

    fn fold(&mut self, how: Operation, start: Node, parts: &[Condition]) -> Result<Node, TooLarge> {
        let mut node = start;
        for part in parts {
            let part = self.condition(part)?;
            node = self.diagrams.combine(how, node, part)?;
        }
        Ok(node)
    }

    fn fact(&mut self, fact: facts::Fact, test: &Test) -> Result<Node, TooLarge> {
        let mut node = 0;
        for (variable, answers) in self.space.tested(fact, test) {
            let one = self.diagrams.ask(variable, answers)?;
            node = self.diagrams.combine(Operation::Or, node, one)?;
        }
        Ok(node)
    }

    fn into_model(
        mut self,
        from: Option<Date>,
        mut advice: Vec<Node>,
        mut deadlines: Vec<Node>,
    ) -> Result<Model, TooLarge> {
        let mut roots: Vec<&mut Node> = self.tables.iter_mut().collect();
        roots.extend(self.applied.iter_mut().flat_map(BTreeMap::values_mut));
        roots.extend(advice.iter_mut());
        roots.extend(deadlines.iter_mut());
        let diagrams = self.diagrams.compacted(&mut roots)?;
        Ok(Model { from, diagrams, tables: self.tables, applied: self.applied, advice, deadlines })
    }
}

impl Model {
    /// The values a table can still have.
    pub(crate) fn values(&self, walker: &mut Walker, table: usize, masks: &[u32]) -> Answers {
        let root = self.tables.get(table).copied().unwrap_or(UNANSWERED.into());
        walker.answers(&self.diagrams, root, masks)
    }
}

impl Seat {
    /// The seat of a public name.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        [Self::Home, Self::Member, Self::Elsewhere].into_iter().find(|seat| Self::KEYS.get(seat.index()) == Some(&key))
    }
}
