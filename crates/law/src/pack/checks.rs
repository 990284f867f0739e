//! What must hold in a pack as a whole: ids, overrides, tables that are read and answered.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::build::{Builder, Place, place};
use super::files::Head;
use super::layers::{Source, TopicOf, merged};
use super::parts::Left;
use super::{AdviceRule, Answers, Flaw, Rule, Table};
use crate::verdict::Duty;

impl Builder {
    pub(super) fn check_ids(&mut self, heads: &[(Source, Head)], files: &[TopicOf]) {
        let mut seen = BTreeSet::new();
        let named = (merged(heads, |head| &head.parameter, |file| &file.id).into_iter())
            .map(|(source, file)| (source, &file.id))
            .chain(merged(heads, |head| &head.set, |file| &file.id).into_iter().map(|(at, file)| (at, &file.id)))
            .chain(merged(heads, |head| &head.deadline, |file| &file.id).into_iter().map(|(at, file)| (at, &file.id)));
        for (source, id) in named {
            self.check_unique(&mut seen, &place(source, id), id.get_ref());
        }
        let told = (merged(heads, |head| &head.note, |file| &file.id).into_iter())
            .map(|(source, file)| (source, &file.id))
            .chain(merged(heads, |head| &head.leaves, |file| &file.id).into_iter().map(|(at, file)| (at, &file.id)))
            .chain(heads.iter().filter_map(|(at, head)| head.before.as_ref().map(|file| (at, &file.id))));
        for (source, id) in told {
            self.check_own(&mut seen, source, id);
        }
        let mut tables = BTreeSet::new();
        for (source, topic) in files {
            for id in topic.table.iter().map(|table| &table.id) {
                self.check_unique(&mut tables, &place(source, id), id.get_ref());
            }
            let open = topic.table.iter().filter_map(|table| table.open.as_ref()).map(|open| &open.id);
            let rules = open.chain(topic.rule.iter().map(|rule| &rule.id));
            let advice = topic.advice.iter().map(|advice| &advice.id);
            for id in rules.chain(advice).chain(topic.aid.iter().map(|aid| &aid.id)) {
                self.check_own(&mut seen, source, id);
            }
        }
        self.tell_prefixes();
    }

    /// Ids without their pack's prefix, told once a pack with how many there are: a copied pack has nothing else.
    fn tell_prefixes(&mut self) {
        let mut by_pack: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for (pack, place) in std::mem::take(&mut self.without_prefix) {
            by_pack.entry(pack).or_default().push(place);
        }
        for (prefix, places) in by_pack {
            if let Some(first) = places.first() {
                self.problem(first, Flaw::WrongPrefix { prefix, more: places.len() - 1 });
            }
        }
    }

    /// An id that people meet is used once, and says which pack it comes from.
    fn check_own(&mut self, seen: &mut BTreeSet<String>, source: &Source, id: &Spanned<String>) {
        let place = place(source, id);
        self.check_unique(seen, &place, id.get_ref());
        if !id.get_ref().starts_with(&format!("{}-", source.pack)) {
            self.without_prefix.push((source.pack.clone(), place));
        }
    }

    fn check_unique(&mut self, seen: &mut BTreeSet<String>, place: &Place, id: &str) {
        if !seen.insert(id.into()) {
            self.problem(place, Flaw::DuplicateId);
        }
    }

    /// `*` stands for every rule of the same tables that does not say `*` itself.
    pub(super) fn resolve_overrides(&mut self, rules: &mut [Rule], places: &[Place], files: &[TopicOf]) {
        let written: BTreeMap<&str, &[String]> = files
            .iter()
            .flat_map(|(_, topic)| &topic.rule)
            .map(|rule| (rule.id.get_ref().as_str(), rule.overrides.as_slice()))
            .collect();
        let says_all = |id: &str| written.get(id).is_some_and(|names| names.iter().any(|name| name == "*"));
        let ids: Vec<(String, BTreeSet<usize>)> =
            rules.iter().map(|rule| (rule.id.clone(), rule.gives.iter().map(|(table, _)| *table).collect())).collect();
        for (number, (id, tables)) in ids.iter().enumerate() {
            let beside =
                ids.iter().enumerate().filter(|(other, (_, theirs))| *other != number && !theirs.is_disjoint(tables));
            let mut over = Vec::new();
            for name in written.get(id.as_str()).copied().unwrap_or_default() {
                if name == "*" {
                    over.extend(beside.clone().filter(|(_, (other, _))| !says_all(other)).map(|(other, _)| other));
                    continue;
                }
                match beside.clone().find(|(_, (other, _))| other == name) {
                    Some((other, _)) => over.push(other),
                    None => {
                        let flaw = if name == id { Flaw::OverridesItself } else { Flaw::UnknownRule(name.clone()) };
                        if let Some(place) = places.get(number) {
                            self.problem(place, flaw);
                        }
                    }
                }
            }
            if let Some(rule) = rules.get_mut(number) {
                rule.overrides = over;
            }
        }
    }

    pub(super) fn check_override_circles(&mut self, rules: &[Rule], places: &[Place]) {
        let next = |number: usize| rules.get(number).map(|rule| rule.overrides.clone()).unwrap_or_default();
        if let Err(circle) = sorted(rules.len(), &next) {
            let named: Vec<_> = circle.iter().filter_map(|number| rules.get(*number)).map(|rule| &*rule.id).collect();
            if let Some(place) = circle.first().and_then(|number| places.get(*number)) {
                self.problem(place, Flaw::OverrideCircle(named.join(" → ")));
            }
        }
    }

    pub(super) fn check_tables(&mut self, tables: &[Table], places: &[Place], rules: &[Rule], advice: &[AdviceRule]) {
        let mut read: BTreeSet<usize> = rules.iter().flat_map(|rule| rule.condition.tables()).collect();
        read.extend(advice.iter().flat_map(|advice| advice.condition.tables()));
        for (number, (table, place)) in tables.iter().zip(places).enumerate() {
            if table.answers == Answers::Notion && !read.contains(&number) {
                self.problem(place, Flaw::UnreadTable);
            }
            for (value, name) in table.values.iter().enumerate() {
                let given =
                    |rule: &Rule| rule.gives.iter().any(|(to, gives)| *to == number && usize::from(*gives) == value);
                if table.given_by.is_none() && !rules.iter().any(given) {
                    self.problem(place, Flaw::UnreachableValue(name.clone()));
                }
            }
        }
    }

    /// A pack that judges answers everything, or says to whom it leaves it; one beside it answers for a duty at least.
    pub(super) fn check_answers(&mut self, at: &Place, is_beside: bool, tables: &[Table], leaves: &[Left]) {
        let answers = |wanted: Answers| tables.iter().any(|table| table.answers == wanted);
        for left in leaves.iter().filter(|left| answers(Answers::Duty(left.duty))) {
            self.problem(at, Flaw::LeftAndAnswered(left.duty.key()));
        }
        if is_beside {
            if !Duty::ALL.into_iter().any(|duty| answers(Answers::Duty(duty))) {
                self.problem(at, Flaw::NothingAnswers("any duty"));
            }
            return;
        }
        for (wanted, key) in [(Answers::Breach, "breach"), (Answers::Risk, "risk")] {
            if !answers(wanted) {
                self.problem(at, Flaw::NothingAnswers(key));
            }
        }
        for duty in Duty::ALL {
            if !answers(Answers::Duty(duty)) && !leaves.iter().any(|left| left.duty == duty) {
                self.problem(at, Flaw::DutyUnanswered(duty.key()));
            }
        }
    }

    /// The tables, each after those it reads.
    pub(super) fn order(&mut self, tables: &[Table], places: &[Place], rules: &[Rule]) -> Option<Vec<usize>> {
        let next = |number: usize| -> Vec<usize> {
            let own = rules.iter().filter(|rule| rule.gives.iter().any(|(table, _)| *table == number));
            own.flat_map(|rule| rule.condition.tables()).collect::<BTreeSet<_>>().into_iter().collect()
        };
        match sorted(tables.len(), &next) {
            Ok(order) => Some(order),
            Err(circle) => {
                let named: Vec<_> =
                    circle.iter().filter_map(|number| tables.get(*number)).map(|table| &*table.id).collect();
                if let Some(place) = circle.first().and_then(|number| places.get(*number)) {
                    self.problem(place, Flaw::TableCircle(named.join(" → ")));
                }
                None
            }
        }
    }
}

/// Numbers in an order in which each comes after those it needs, or a circle.
fn sorted(count: usize, needs: &dyn Fn(usize) -> Vec<usize>) -> Result<Vec<usize>, Vec<usize>> {
    let mut done = Vec::new();
    for number in 0..count {
        visit(number, needs, &mut done, &mut Vec::new())?;
    }
    Ok(done)
}

fn visit(
    number: usize,
    needs: &dyn Fn(usize) -> Vec<usize>,
    done: &mut Vec<usize>,
    path: &mut Vec<usize>,
) -> Result<(), Vec<usize>> {
    if done.contains(&number) {
        return Ok(());
    }
    if let Some(start) = path.iter().position(|other| *other == number) {
        let mut circle = path.split_off(start);
        circle.push(number);
        return Err(circle);
    }
    path.push(number);
    for other in needs(number) {
        visit(other, needs, done, path)?;
    }
    path.pop();
    done.push(number);
    Ok(())
}
