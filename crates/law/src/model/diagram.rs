//! Decision diagrams over variables with a few values each (reduced, ordered, shared).
//!
//! Every table and rule of a pack becomes one diagram over all facts that rules read. That makes the hard questions exact
//! and cheap: which outcomes can still be reached, which unknown facts can still turn one. Promises: two diagrams are the
//! same function exactly when they are the same node; work stays within a stated budget of nodes. Deliberately not here:
//! what the variables mean.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A place in the diagrams: below [`FIRST_INNER`] an answer, else a question.
pub(crate) type Node = u32;

/// Answers are the numbers below this one.
pub(crate) const FIRST_INNER: Node = 64;
/// No rule has answered yet.
pub(crate) const UNANSWERED: u8 = 63;
/// Two rules answered differently.
pub(crate) const CONFLICT: u8 = 62;

/// Which values each variable may still have: one bit a value.
pub(crate) type Masks = [u32];

/// A set of answers, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Answers(u64);

impl Answers {
    pub(crate) fn only(answer: u8) -> Self {
        Self(1 << answer)
    }

    pub(crate) fn contains(self, answer: u8) -> bool {
        self.0 & (1 << answer) != 0
    }

    /// The answer, when there is just one.
    pub(crate) fn single(self) -> Option<u8> {
        (self.0.count_ones() == 1).then(|| self.0.trailing_zeros() as u8)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u8> {
        (0..FIRST_INNER as u8).filter(move |answer| self.contains(*answer))
    }
}

/// The pack needs more nodes than the budget allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLarge;

/// A question: a variable, and where each of its values leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Inner {
    variable: u16,
    branches: Box<[Node]>,
}

/// How two diagrams become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Operation {
    And,
    Or,
    /// Where the second says yes, the first becomes this answer; another answer already there is a conflict.
    Give(u8),
    /// Where the second says yes, the first becomes this answer if that is higher.
    GiveHighest(u8),
}

impl Operation {
    fn on(self, first: u8, second: u8) -> u8 {
        let applies = second == 1;
        match self {
            Self::And => first & second,
            Self::Or => first | second,
            Self::Give(answer) if applies && (first == UNANSWERED || first == answer) => answer,
            Self::Give(_) if applies => CONFLICT,
            Self::GiveHighest(answer) if applies && (first == UNANSWERED || first < answer) => answer,
            Self::Give(_) | Self::GiveHighest(_) => first,
        }
    }

    /// The result where one side alone settles it.
    fn early(self, first: Node, second: Node) -> Option<Node> {
        match (self, first, second) {
            (Self::And, 0, _) | (Self::And, _, 0) => Some(0),
            (Self::And, 1, other) | (Self::And, other, 1) => Some(other),
            (Self::Or, 1, _) | (Self::Or, _, 1) => Some(1),
            (Self::Or, 0, other) | (Self::Or, other, 0) => Some(other),
            (Self::Give(_) | Self::GiveHighest(_), first, 0) => Some(first),
            _ => None,
        }
    }
}

/// A fast hash for small whole numbers; the tables it serves are never shown to anybody and hold no foreign keys.
#[derive(Default)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u16(&mut self, number: u16) {
        self.write_u64(number.into());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

pub(crate) type NumberMap<K, V> = HashMap<K, V, BuildHasherDefault<NumberHasher>>;

/// Diagrams that share their nodes.
#[derive(Debug, Default)]
pub(crate) struct Diagrams {
    inner: Vec<Inner>,
    known: NumberMap<Inner, Node>,
    combined: NumberMap<(u64, Node, Node), Node>,
    budget: usize,
}

impl Diagrams {
    /// Empty, allowed to hold this many nodes.
    pub(crate) fn with_budget(nodes: usize) -> Self {
        Self { budget: nodes, ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.inner.len()
    }

    fn question(&self, node: Node) -> Option<&Inner> {
        self.inner.get(node.checked_sub(FIRST_INNER)? as usize)
    }

    /// The variable a node asks for, and where its values lead; nothing for an answer.
    pub(crate) fn branches(&self, node: Node) -> Option<(u16, &[Node])> {
        self.question(node).map(|inner| (inner.variable, &*inner.branches))
    }

    /// The node that asks `variable`; the branch itself where all values lead to the same.
    pub(crate) fn ask(&mut self, variable: u16, branches: Vec<Node>) -> Result<Node, TooLarge> {
        if let Some(first) = branches.first()
            && branches.iter().all(|branch| branch == first)
        {
            return Ok(*first);
        }
        let inner = Inner { variable, branches: branches.into() };
        if let Some(node) = self.known.get(&inner) {
            return Ok(*node);
        }
        if self.inner.len() >= self.budget {
            return Err(TooLarge);
        }
        let node = FIRST_INNER + u32::try_from(self.inner.len()).map_err(|_| TooLarge)?;
        self.inner.push(inner.clone());
        self.known.insert(inner, node);
        Ok(node)
    }

    /// Both diagrams as one, answer by answer.
    pub(crate) fn combine(&mut self, how: Operation, first: Node, second: Node) -> Result<Node, TooLarge> {
        if let Some(node) = how.early(first, second) {
            return Ok(node);
        }
        let key = (operation_key(how), first, second);
        if let Some(node) = self.combined.get(&key) {
            return Ok(*node);
        }
        let node = match (self.question(first), self.question(second)) {
            (None, None) => how.on(first as u8, second as u8).into(),
            (first_question, second_question) => {
                let variables = [first_question, second_question].map(|question| question.map(|inner| inner.variable));
                let Some(variable) = variables.into_iter().flatten().min() else { return Err(TooLarge) };
                let spread = |node: Node, question: Option<&Inner>| match question {
                    Some(inner) if inner.variable == variable => inner.branches.to_vec(),
                    _ => vec![node],
                };
                let (ones, others) = (spread(first, first_question), spread(second, second_question));
                let count = ones.len().max(others.len());
                let mut branches = Vec::with_capacity(count);
                for value in 0..count {
                    let one = *ones.get(value).unwrap_or(&first);
                    let other = *others.get(value).unwrap_or(&second);
                    branches.push(self.combine(how, one, other)?);
                }
                self.ask(variable, branches)?
            }
        };
        self.combined.insert(key, node);
        Ok(node)
    }

    /// The diagram with each answer replaced.
    pub(crate) fn translate(&mut self, root: Node, answers: &dyn Fn(u8) -> u8) -> Result<Node, TooLarge> {
        self.translate_with(root, answers, &mut NumberMap::default())
    }

    fn translate_with(
        &mut self,
        node: Node,
        answers: &dyn Fn(u8) -> u8,
        done: &mut NumberMap<Node, Node>,
    ) -> Result<Node, TooLarge> {
        if let Some(known) = done.get(&node) {
            return Ok(*known);
        }
        let result = match self.branches(node) {
            None => answers(node as u8).into(),
            Some((variable, branches)) => {
                let branches = branches.to_vec();
                let translated = branches
                    .into_iter()
                    .map(|branch| self.translate_with(branch, answers, done))
                    .collect::<Result<_, _>>()?;
                self.ask(variable, translated)?
            }
        };
        done.insert(node, result);
        Ok(result)
    }

    /// The diagram with each answer replaced by a question after it, about a variable that comes later than all of its own.
    pub(crate) fn refined(
        &mut self,
        root: Node,
        variable: u16,
        branches: &dyn Fn(u8) -> Vec<Node>,
    ) -> Result<Node, TooLarge> {
        self.refine_with(root, variable, branches, &mut NumberMap::default())
    }

    fn refine_with(
        &mut self,
        node: Node,
        variable: u16,
        branches: &dyn Fn(u8) -> Vec<Node>,
        done: &mut NumberMap<Node, Node>,
    ) -> Result<Node, TooLarge> {
        if let Some(known) = done.get(&node) {
            return Ok(*known);
        }
        let result = match self.branches(node) {
            None => self.ask(variable, branches(node as u8))?,
            // Another view may come later still; below it there is nothing but answers.
            Some((later, _)) if later > variable => self.ask_above(node, variable, branches)?,
            Some((earlier, inner)) => {
                let inner = inner.to_vec();
                let refined = inner
                    .into_iter()
                    .map(|branch| self.refine_with(branch, variable, branches, done))
                    .collect::<Result<_, _>>()?;
                self.ask(earlier, refined)?
            }
        };
        done.insert(node, result);
        Ok(result)
    }

    /// The new question above a node that asks a later one: where it is left out, that node as it was.
    fn ask_above(&mut self, node: Node, variable: u16, branches: &dyn Fn(u8) -> Vec<Node>) -> Result<Node, TooLarge> {
        let mut above = branches(0);
        if let Some(last) = above.last_mut() {
            *last = node;
        }
        self.ask(variable, above)
    }

    /// The same functions without what was needed only on the way.
    pub(crate) fn compacted(&self, roots: &mut [&mut Node]) -> Result<Self, TooLarge> {
        let mut compact = Self::with_budget(self.budget);
        let mut done = NumberMap::default();
        for root in roots {
            **root = self.copy_into(**root, &mut compact, None, &mut done)?;
        }
        compact.combined = NumberMap::default();
        Ok(compact)
    }

    /// The diagram as it is where the variables have only these values left; a variable that can no longer matter is gone.
    pub(crate) fn restricted(&self, root: Node, masks: &Masks, into: &mut Self) -> Result<Node, TooLarge> {
        self.copy_into(root, into, Some(masks), &mut NumberMap::default())
    }

    fn copy_into(
        &self,
        node: Node,
        into: &mut Self,
        masks: Option<&Masks>,
        done: &mut NumberMap<Node, Node>,
    ) -> Result<Node, TooLarge> {
        let Some((variable, branches)) = self.branches(node) else { return Ok(node) };
        if let Some(known) = done.get(&node) {
            return Ok(*known);
        }
        let mut copies = Vec::with_capacity(branches.len());
        for (value, branch) in branches.iter().enumerate() {
            let allowed = masks.is_none_or(|masks| may_be(masks, variable, value));
            copies.push(if allowed { Some(self.copy_into(*branch, into, masks, done)?) } else { None });
        }
        let fallback = copies.iter().flatten().next().copied().unwrap_or(node);
        let copies = copies.into_iter().map(|copy| copy.unwrap_or(fallback)).collect();
        let copy = into.ask(variable, copies)?;
        done.insert(node, copy);
        Ok(copy)
    }
}

fn operation_key(how: Operation) -> u64 {
    match how {
        Operation::And => 0,
        Operation::Or => 1,
        Operation::Give(answer) => 256 + u64::from(answer),
        Operation::GiveHighest(answer) => 512 + u64::from(answer),
    }
}

/// Whether a variable may still have a value.
pub(crate) fn may_be(masks: &Masks, variable: u16, value: usize) -> bool {
    masks.get(usize::from(variable)).is_none_or(|mask| mask & (1 << value) != 0)
}

/// Finds the answers that can still be reached; keeps its marks between questions, because there are many.
#[derive(Debug, Default)]
pub(crate) struct Walker {
    seen: Vec<u32>,
    round: u32,
}

impl Walker {
    pub(crate) fn answers(&mut self, diagrams: &Diagrams, root: Node, masks: &Masks) -> Answers {
        self.round += 1;
        if self.seen.len() < diagrams.len() {
            self.seen.resize(diagrams.len(), 0);
        }
        let mut found = Answers::default();
        let mut ahead = vec![root];
        while let Some(node) = ahead.pop() {
            let Some((variable, branches)) = diagrams.branches(node) else {
                found.0 |= 1 << node;
                continue;
            };
            match self.seen.get_mut((node - FIRST_INNER) as usize) {
                Some(mark) if *mark == self.round => continue,
                Some(mark) => *mark = self.round,
                None => {}
            }
            ahead.extend(
                branches
                    .iter()
                    .enumerate()
                    .filter(|(value, _)| may_be(masks, variable, *value))
                    .map(|(_, branch)| *branch),
            );
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(diagrams: &mut Diagrams, number: u16) -> Node {
        diagrams.ask(number, vec![0, 1]).expect("within budget")
    }

    #[test]
    fn the_same_function_is_the_same_node() {
        let mut diagrams = Diagrams::with_budget(100);
        let (a, b) = (variable(&mut diagrams, 0), variable(&mut diagrams, 1));
        let one = diagrams.combine(Operation::And, a, b).expect("small");
        let other = diagrams.combine(Operation::And, b, a).expect("small");
        assert_eq!(one, other);
        let not_a = diagrams.translate(a, &|answer| 1 - answer).expect("small");
        assert_eq!(diagrams.combine(Operation::Or, a, not_a), Ok(1));
    }

    #[test]
    fn answers_are_those_that_some_allowed_value_leads_to() {
        let mut diagrams = Diagrams::with_budget(100);
        let (a, b) = (variable(&mut diagrams, 0), variable(&mut diagrams, 1));
        let both = diagrams.combine(Operation::And, a, b).expect("small");
        let mut walker = Walker::default();
        assert_eq!(walker.answers(&diagrams, both, &[0b11, 0b11]).single(), None);
        assert_eq!(walker.answers(&diagrams, both, &[0b01, 0b11]).single(), Some(0));
        assert_eq!(walker.answers(&diagrams, both, &[0b10, 0b10]).single(), Some(1));
    }

    #[test]
    fn a_variable_that_cannot_matter_any_more_is_gone() {
        let mut diagrams = Diagrams::with_budget(100);
        let (a, b) = (variable(&mut diagrams, 0), variable(&mut diagrams, 1));
        let either = diagrams.combine(Operation::Or, a, b).expect("small");
        let mut rest = Diagrams::with_budget(100);
        assert_eq!(diagrams.restricted(either, &[0b10, 0b11], &mut rest), Ok(1));
        let left = diagrams.restricted(either, &[0b01, 0b11], &mut rest).expect("small");
        assert_eq!(rest.branches(left).map(|(variable, _)| variable), Some(1));
    }

    #[test]
    fn two_different_answers_to_one_case_are_a_conflict() {
        let mut diagrams = Diagrams::with_budget(100);
        let (a, b) = (variable(&mut diagrams, 0), variable(&mut diagrams, 1));
        let first = diagrams.combine(Operation::Give(0), UNANSWERED.into(), a).expect("small");
        let both = diagrams.combine(Operation::Give(1), first, b).expect("small");
        let answers = Walker::default().answers(&diagrams, both, &[0b11, 0b11]);
        assert!(answers.contains(CONFLICT) && answers.contains(UNANSWERED));
    }

    #[test]
    fn the_budget_holds() {
        let mut diagrams = Diagrams::with_budget(1);
        variable(&mut diagrams, 0);
        assert_eq!(diagrams.ask(1, vec![0, 1]), Err(TooLarge));
    }
}
