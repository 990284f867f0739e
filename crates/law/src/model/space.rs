//! What rules can tell apart: the facts as variables with a few values each.
//!
//! A number is seen only by the thresholds that rules read, a set only by the groups of words that rules treat alike, a
//! choice only by the values some rule distinguishes. So *every* completion of what is unknown is represented by a few.
//! Promises: two situations that look the same here get the same verdict. Deliberately not here: which facts are missing.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Class, Fact, Facts, Kind, TAKEN, Truth, Value};

use super::diagram::{Answers, Diagrams, Node, NumberMap, TooLarge, Walker, may_be};
use crate::pack::{Condition, Seat, Test};

/// How gates and exceptions that are unknown are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gates {
    /// Not established: they lift nothing.
    Standing,
    /// Anything they may still turn out to be.
    Free,
}

/// One thing that rules can ask.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    /// The fact it is about; none for the seat.
    pub(crate) fact: Option<Fact>,
    domain: Domain,
}

#[derive(Clone, Debug, PartialEq)]
enum Domain {
    Seat,
    /// No, yes.
    Truth,
    /// Choices that rules treat alike, together.
    Classes(Vec<Vec<&'static str>>),
    /// The assessor's view: a value, or (last) left out.
    View(Vec<&'static str>),
    /// Whether a set holds one of these words, which rules treat alike.
    Member(Vec<&'static str>),
    /// A number against thresholds, from low to high.
    Levels(Vec<f64>),
}

/// All variables, in the order in which diagrams ask them.
#[derive(Debug, Default)]
pub(crate) struct Space {
    variables: Vec<Variable>,
    /// The variables of each fact that rules read.
    by_fact: BTreeMap<Fact, Vec<u16>>,
}

/// How likely a word is held by a set of which nothing is known, when facts are ranked by what they tell. Not law, not
/// shown: it orders questions.
const CHANCE_OF_A_WORD: f64 = 0.2;

/// How much more often than any other answer these say `none`: most incidents show data, few lose them. This too only orders
/// questions.
const NOTHING_LOST: f64 = 4.0;
const LOSSES: [Fact; 3] = [Fact::Integrity, Fact::Availability, Fact::ServiceImpact];

impl Space {
    /// The space of everything these conditions and views read. The layout says which facts come first; that changes
    /// the size of what is compiled, and nothing else.
    pub(crate) fn of(conditions: &[&Condition], views: &BTreeSet<Fact>, layout: &[Fact]) -> Self {
        let mut order: Vec<Fact> = Vec::new();
        let mut tests: BTreeMap<Fact, Vec<&Test>> = BTreeMap::new();
        for condition in conditions {
            collect(condition, &mut order, &mut tests);
        }
        order.sort_by_key(|fact| layout.iter().position(|laid| laid == fact).unwrap_or(layout.len()));
        let mut space = Self::default();
        space.add(None, Domain::Seat);
        // A gate over everything stands first; one that bears on a few facts only may be laid out beside them.
        let is_first = |fact: &&Fact| fact.class() == Class::Gate && !layout.contains(fact);
        let gates = order.iter().filter(is_first);
        let ordinary = order.iter().filter(|fact| fact.class() != Class::View && !is_first(fact));
        for fact in gates {
            space.add_fact(*fact, tests.get(fact).map_or(&[], Vec::as_slice));
        }
        for fact in ordinary {
            space.add_fact(*fact, tests.get(fact).map_or(&[], Vec::as_slice));
        }
        for view in views {
            space.add(Some(*view), Domain::View(view.choices().iter().map(|choice| choice.key).collect()));
        }
        space
    }

    fn add(&mut self, fact: Option<Fact>, domain: Domain) {
        let number = u16::try_from(self.variables.len()).unwrap_or(u16::MAX);
        self.variables.push(Variable { fact, domain });
        if let Some(fact) = fact {
            self.by_fact.entry(fact).or_default().push(number);
        }
    }

    fn add_fact(&mut self, fact: Fact, tests: &[&Test]) {
        match fact.kind() {
            Kind::Truth => self.add(Some(fact), Domain::Truth),
            Kind::One(choices) => {
                let words = choices.iter().map(|choice| choice.key);
                let classes = alike(words, tests, true);
                self.add(Some(fact), Domain::Classes(classes));
            }
            Kind::Many(choices) => {
                for class in alike(choices.iter().map(|choice| choice.key), tests, false) {
                    self.add(Some(fact), Domain::Member(class));
                }
            }
            Kind::Countries => {
                for class in alike(facts::COUNTRIES.iter().copied(), tests, false) {
                    self.add(Some(fact), Domain::Member(class));
                }
            }
            Kind::Whole | Kind::Number => {
                let mut levels: Vec<f64> = tests
                    .iter()
                    .filter_map(|test| if let Test::AtLeast(level) = test { Some(*level) } else { None })
                    .collect();
                levels.sort_by(f64::total_cmp);
                levels.dedup();
                self.add(Some(fact), Domain::Levels(levels));
            }
        }
    }

    pub(crate) fn variable(&self, number: u16) -> Option<&Variable> {
        self.variables.get(usize::from(number))
    }

    /// How many combinations of full knowledge rules can tell apart.
    pub(crate) fn combinations(&self) -> u128 {
        let sizes = self.variables.iter().map(|variable| variable.size() as u128);
        sizes.fold(1, u128::saturating_mul)
    }

    /// Whether any rule reads this fact, directly or through the numbers that bound it.
    pub(crate) fn reads(&self, fact: Fact) -> bool {
        self.by_fact.contains_key(&fact) || fact == Fact::SubjectsMin && self.by_fact.contains_key(&Fact::SubjectsMax)
    }

    /// The thresholds by which rules see a number, from low to high; empty for what is no number or never read.
    pub(crate) fn levels(&self, fact: Fact) -> &[f64] {
        let numbers = self.by_fact.get(&fact).into_iter().flatten();
        let domains = numbers.filter_map(|number| self.variable(*number)).map(|variable| &variable.domain);
        domains
            .filter_map(|domain| if let Domain::Levels(levels) = domain { Some(levels.as_slice()) } else { None })
            .next()
            .unwrap_or_default()
    }

    /// For one test of a fact: the variables that answer it, each with its yes (1) or no (0) by value. Several are joined by *or*.
    pub(crate) fn tested(&self, fact: Fact, test: &Test) -> Vec<(u16, Vec<Node>)> {
        let numbers = self.by_fact.get(&fact).map_or(&[][..], Vec::as_slice);
        numbers
            .iter()
            .filter_map(|number| {
                let variable = self.variable(*number)?;
                let answers = match (&variable.domain, test) {
                    (Domain::Truth, Test::Holds) => vec![0, 1],
                    (Domain::Classes(classes), Test::OneOf(words)) => {
                        classes.iter().map(|class| holds_one(class, words)).collect()
                    }
                    (Domain::Member(class), Test::HasAny(words)) => vec![0, holds_one(class, words)],
                    (Domain::Levels(levels), Test::AtLeast(wanted)) => {
                        (0..=levels.len()).map(|passed| reaches(levels, passed, *wanted)).collect()
                    }
                    _ => return None,
                };
                Some((*number, answers))
            })
            .collect()
    }

    /// Whether a test of a fact holds, as far as the masks tell.
    pub(crate) fn holds(&self, fact: Fact, test: &Test, masks: &[u32]) -> Truth {
        let of_one = |(variable, answers): (u16, Vec<Node>)| {
            let open = answers.iter().enumerate().filter(|(value, _)| may_be(masks, variable, *value));
            let mut open = open.map(|(_, answer)| Truth::from(*answer == 1));
            let first = open.next().unwrap_or(Truth::Unknown);
            if open.all(|other| other == first) { first } else { Truth::Unknown }
        };
        self.tested(fact, test).into_iter().map(of_one).fold(Truth::False, Truth::or)
    }

    pub(crate) fn seat(&self, diagrams: &mut Diagrams, seat: Seat) -> Result<Node, TooLarge> {
        diagrams.ask(0, (0..Seat::KEYS.len()).map(|index| u32::from(index == seat.index())).collect())
    }

    /// A table's value where a given view replaces it.
    pub(crate) fn replaced_by_view(
        &self,
        diagrams: &mut Diagrams,
        view: Fact,
        values: &[String],
        derived: Node,
    ) -> Result<Node, TooLarge> {
        let Some(number) = self.by_fact.get(&view).and_then(|numbers| numbers.first()) else { return Ok(derived) };
        let Some(Variable { domain: Domain::View(words), .. }) = self.variable(*number) else { return Ok(derived) };
        let place = |word: &&str| values.iter().position(|value| value == word).unwrap_or_default();
        let given: Vec<Node> = words.iter().map(|word| u32::try_from(place(word)).unwrap_or_default()).collect();
        let left_out = |answer: u8| given.iter().copied().chain([answer.into()]).collect();
        diagrams.refined(derived, *number, &left_out)
    }

    /// The values that each variable may still have.
    pub(crate) fn masks(&self, facts: &Facts, seat: Seat, gates: Gates) -> Vec<u32> {
        self.variables.iter().map(|variable| variable.mask(facts, seat, gates)).collect()
    }

    /// Sets again the masks of the variables that hang on one fact.
    pub(crate) fn refresh(&self, masks: &mut [u32], about: Fact, facts: &Facts, seat: Seat, gates: Gates) {
        for fact in linked(about).chain([about]) {
            for number in self.by_fact.get(&fact).into_iter().flatten() {
                if let (Some(mask), Some(variable)) = (masks.get_mut(usize::from(*number)), self.variable(*number)) {
                    *mask = variable.mask(facts, seat, gates);
                }
            }
        }
    }

    /// Other values of a known fact that rules can tell from the one it has, the nearest first where there is an order.
    pub(crate) fn alternatives(&self, fact: Fact, value: &Value) -> Vec<Value> {
        let mut found = Vec::new();
        // Rules read the number of persons by its highest estimate; the lowest bounds that.
        let read = if fact == Fact::SubjectsMin { Fact::SubjectsMax } else { fact };
        for number in self.by_fact.get(&read).into_iter().flatten() {
            let Some(variable) = self.variable(*number) else { continue };
            variable.alternatives(fact, value, &mut found);
        }
        found
    }

    /// A smallest set of facts with which this answer is sure, in words: leave one of them out, and another answer could
    /// come. Nothing when no facts lead to it.
    pub(crate) fn example(&self, diagrams: &Diagrams, root: Node, answer: u8) -> Option<Example> {
        let mut shortest = NumberMap::default();
        shortest_path(diagrams, root, answer, &mut shortest)?;
        let mut masks: Vec<u32> = self.variables.iter().map(|variable| all_bits(variable.size())).collect();
        let mut path = Vec::new();
        let mut node = root;
        while let Some((number, branches)) = diagrams.branches(node) {
            let mut length = |branch: &Node| shortest_path(diagrams, *branch, answer, &mut shortest);
            let (_, value) = branches
                .iter()
                .enumerate()
                .filter_map(|(value, branch)| length(branch).map(|length| (length, value)))
                .min()?;
            path.push((number, value));
            if let Some(mask) = masks.get_mut(usize::from(number)) {
                *mask = bit(value);
            }
            node = *branches.get(value)?;
        }
        let mut walker = Walker::default();
        path.retain(|(number, value)| {
            let open = self.variable(*number).map_or(0, |variable| all_bits(variable.size()));
            let Some(mask) = masks.get_mut(usize::from(*number)) else { return true };
            *mask = open;
            let is_needed = walker.answers(diagrams, root, &masks) != Answers::only(answer);
            if is_needed && let Some(mask) = masks.get_mut(usize::from(*number)) {
                *mask = bit(*value);
            }
            is_needed
        });
        let words = path
            .iter()
            .filter_map(|(number, value)| self.variable(*number).map(|variable| variable.describe(*value)))
            .collect::<Vec<_>>();
        let words = if words.is_empty() { "everything".into() } else { words.join(", ") };
        Some(Example { words, masks })
    }
}

/// Facts with which an answer is sure.
pub(crate) struct Example {
    pub(crate) words: String,
    /// What each variable may be with these facts.
    pub(crate) masks: Vec<u32>,
}

/// How many questions lie between a node and this answer at least; nothing where it cannot be reached.
fn shortest_path(
    diagrams: &Diagrams,
    node: Node,
    answer: u8,
    known: &mut NumberMap<Node, Option<usize>>,
) -> Option<usize> {
    let Some((_, branches)) = diagrams.branches(node) else { return (node == u32::from(answer)).then_some(0) };
    if let Some(length) = known.get(&node) {
        return *length;
    }
    let lengths = branches.iter().filter_map(|branch| shortest_path(diagrams, *branch, answer, known));
    let length = lengths.min().map(|length| length + 1);
    known.insert(node, length);
    length
}

fn collect<'a>(condition: &'a Condition, order: &mut Vec<Fact>, tests: &mut BTreeMap<Fact, Vec<&'a Test>>) {
    match condition {
        Condition::Fact(fact, test) => {
            if !order.contains(fact) {
                order.push(*fact);
            }
            tests.entry(*fact).or_default().push(test);
        }
        Condition::Not(inner) => collect(inner, order, tests),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| collect(part, order, tests)),
        Condition::Always | Condition::Table(..) | Condition::Seat(_) => {}
    }
}

/// Facts that bound each other. Contradictions that take three facts, or that say what to ask (data without a word on whether
/// they are personal), bound nothing: the question stays open, so that what is missing stays exact.
const LINKS: [(Fact, Fact); 3] = [
    (Fact::SubjectsMin, Fact::SubjectsMax),
    (Fact::Recipient, Fact::RecipientCount),
    (Fact::Confidentiality, Fact::Exfiltration),
];

/// The facts that bound this one, or that it bounds.
pub(crate) fn linked(about: Fact) -> impl Iterator<Item = Fact> {
    LINKS.into_iter().filter_map(move |(one, other)| match about {
        _ if about == one => Some(other),
        _ if about == other => Some(one),
        _ => None,
    })
}

/// Words that an unknown fact cannot have beside what is known.
fn barred(fact: Fact, facts: &Facts) -> &'static [&'static str] {
    match fact {
        Fact::Recipient if facts.whole(Fact::RecipientCount).is_some_and(|count| count > 0) => &["none"],
        Fact::Exfiltration if facts.one(Fact::Confidentiality) == Some("none") => &TAKEN,
        Fact::Confidentiality if facts.one(Fact::Exfiltration).is_some_and(|taken| TAKEN.contains(&taken)) => &["none"],
        _ => &[],
    }
}

/// The words, in groups that no test tells apart; words that no test names are left out unless `keep_unnamed`.
fn alike(words: impl Iterator<Item = &'static str>, tests: &[&Test], keep_unnamed: bool) -> Vec<Vec<&'static str>> {
    let mut groups: Vec<(Vec<bool>, Vec<&'static str>)> = Vec::new();
    for word in words {
        let signature: Vec<bool> = tests
            .iter()
            .map(|test| matches!(test, Test::OneOf(words) | Test::HasAny(words) if words.contains(word)))
            .collect();
        if !keep_unnamed && !signature.contains(&true) {
            continue;
        }
        match groups.iter_mut().find(|(known, _)| *known == signature) {
            Some((_, group)) => group.push(word),
            None => groups.push((signature, vec![word])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn holds_one(class: &[&'static str], words: &BTreeSet<&'static str>) -> Node {
    class.iter().any(|word| words.contains(word)).into()
}

/// Whether a number that has passed so many of the levels has reached the wanted one.
fn reaches(levels: &[f64], passed: usize, wanted: f64) -> Node {
    passed.checked_sub(1).and_then(|last| levels.get(last)).is_some_and(|level| *level >= wanted).into()
}

fn levels_passed(levels: &[f64], number: f64) -> usize {
    levels.iter().filter(|level| **level <= number).count()
}

fn bit(value: usize) -> u32 {
    1 << value
}

fn all_bits(values: usize) -> u32 {
    (1 << values) - 1
}

impl Variable {
    fn size(&self) -> usize {
        match &self.domain {
            Domain::Seat => Seat::KEYS.len(),
            Domain::Truth | Domain::Member(_) => 2,
            Domain::Classes(classes) => classes.len(),
            Domain::View(words) => words.len() + 1,
            Domain::Levels(levels) => levels.len() + 1,
        }
    }

    fn mask(&self, facts: &Facts, seat: Seat, gates: Gates) -> u32 {
        let Some(fact) = self.fact else { return bit(seat.index()) };
        if let Some(known) = facts.value(fact).and_then(|value| self.place(value)) {
            return bit(known);
        }
        match (&self.domain, fact.class()) {
            (Domain::View(words), _) => bit(words.len()),
            (_, Class::Gate) if gates == Gates::Standing => bit(0),
            _ => self.bounded(fact, facts),
        }
    }

    /// The value's place among this variable's.
    fn place(&self, value: &Value) -> Option<usize> {
        match (&self.domain, value) {
            (Domain::Truth, Value::Truth(truth)) => Some(usize::from(*truth)),
            (Domain::Classes(classes), Value::One(word)) => classes.iter().position(|class| class.contains(word)),
            (Domain::View(words), Value::One(word)) => words.iter().position(|known| known == word),
            (Domain::Member(class), Value::Many(words)) => {
                Some(usize::from(class.iter().any(|word| words.contains(word))))
            }
            (Domain::Levels(levels), Value::Whole(number)) => Some(levels_passed(levels, *number as f64)),
            (Domain::Levels(levels), Value::Number(number)) => Some(levels_passed(levels, *number)),
            _ => None,
        }
    }

    /// An unknown fact is anything that would not contradict a known one.
    fn bounded(&self, fact: Fact, facts: &Facts) -> u32 {
        let all = all_bits(self.size());
        match (&self.domain, fact) {
            (Domain::Levels(levels), Fact::SubjectsMax) => {
                let least = facts.whole(Fact::SubjectsMin).map_or(0, |min| levels_passed(levels, min as f64));
                all & !all_bits(least)
            }
            (Domain::Levels(levels), Fact::RecipientCount) if facts.one(Fact::Recipient) == Some("none") => {
                bit(levels_passed(levels, 0.0))
            }
            (Domain::Classes(classes), Fact::Recipient | Fact::Confidentiality | Fact::Exfiltration) => {
                let barred = barred(fact, facts);
                let open =
                    classes.iter().enumerate().filter(|(_, class)| !class.iter().all(|word| barred.contains(word)));
                open.fold(0, |mask, (place, _)| mask | bit(place))
            }
            _ => all,
        }
    }

    /// How much a value counts when facts are ranked by what they tell.
    pub(crate) fn weight(&self, value: usize) -> f64 {
        match &self.domain {
            Domain::Classes(classes) => {
                let words: f64 = classes.get(value).map_or(0.0, |class| class.len() as f64);
                let is_nothing = classes.get(value).is_some_and(|class| class.contains(&"none"));
                if is_nothing && self.fact.is_some_and(|fact| LOSSES.contains(&fact)) {
                    words + NOTHING_LOST
                } else {
                    words
                }
            }
            Domain::Member(_) if value == 1 => CHANCE_OF_A_WORD,
            Domain::Member(_) => 1.0 - CHANCE_OF_A_WORD,
            _ => 1.0,
        }
    }

    fn alternatives(&self, fact: Fact, value: &Value, found: &mut Vec<Value>) {
        let here = self.place(value);
        match &self.domain {
            Domain::Seat => {}
            Domain::Truth => found.extend(here.map(|place| Value::Truth(place == 0))),
            Domain::Classes(classes) => {
                let others = classes.iter().enumerate().filter(|(place, _)| Some(*place) != here);
                found.extend(others.filter_map(|(_, class)| class.first().map(|word| Value::One(word))));
            }
            Domain::View(words) => {
                let others = words.iter().enumerate().filter(|(place, _)| Some(*place) != here);
                found.extend(others.map(|(_, word)| Value::One(word)));
            }
            Domain::Member(class) => {
                let Value::Many(words) = value else { return };
                let mut other = words.clone();
                if here == Some(1) {
                    other.retain(|word| !class.contains(word));
                } else {
                    other.extend(class.first().copied());
                }
                found.push(Value::Many(other));
            }
            Domain::Levels(levels) => {
                let Some(here) = here else { return };
                let mut places: Vec<usize> = (0..=levels.len()).filter(|place| *place != here).collect();
                places.sort_by_key(|place| place.abs_diff(here));
                found.extend(places.into_iter().map(|place| level_value(fact, levels, place, place > here)));
            }
        }
    }

    fn describe(&self, value: usize) -> String {
        let name = self.fact.map_or("seat", Fact::key);
        match &self.domain {
            Domain::Seat => format!("seat = {}", Seat::KEYS.get(value).copied().unwrap_or_default()),
            Domain::Truth => {
                if value == 1 {
                    name.into()
                } else {
                    format!("not {name}")
                }
            }
            Domain::Classes(classes) => {
                format!("{name} = {}", classes.get(value).and_then(|class| class.first()).copied().unwrap_or_default())
            }
            Domain::View(words) => match words.get(value) {
                Some(word) => format!("{name} = {word}"),
                None => format!("{name} left out"),
            },
            Domain::Member(class) => {
                let word = class.first().copied().unwrap_or_default();
                if value == 1 { format!("{name} with {word}") } else { format!("{name} without {word}") }
            }
            Domain::Levels(levels) => match value.checked_sub(1).and_then(|last| levels.get(last)) {
                Some(level) => format!("{name} >= {level}"),
                None => format!("{name} low"),
            },
        }
    }
}

/// A number that has passed so many levels: the level itself going up, just below the next going down.
fn level_value(fact: Fact, levels: &[f64], passed: usize, upwards: bool) -> Value {
    let low = passed.checked_sub(1).and_then(|last| levels.get(last)).copied().unwrap_or(0.0);
    let number = match levels.get(passed) {
        Some(next) if !upwards => (next - 1.0).max(low),
        _ => low,
    };
    match fact.kind() {
        Kind::Whole => Value::Whole(number.max(0.0).ceil() as u64),
        _ => Value::Number(number),
    }
}
