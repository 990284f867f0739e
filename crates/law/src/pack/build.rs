//! From a pack's files to a pack that can judge: every name looked up, everything checked, every problem told at once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use toml::Spanned;

use facts::{Class, Fact};

use super::files::{AdviceFile, Head, PickFile, RuleFile, TableFile};
use super::layers::{PackFiles, Source, TopicOf, lineage, merged, overlaid};
use super::parts::Before;
use super::resolve::{Names, resolve, unknown_name};
use super::{
    AdviceRule, Answers, Condition, DeadlineRule, Flaw, HEAD, InvalidPack, Open, Pack, PackProblem, Pick, Rule, Seats,
    Standing, Table, Topic, condition,
};
use crate::model::{BUDGET, Finding, Model, Space, compile};

/// Builds a pack from its files and those of what it extends, which are looked up in the library.
pub(super) fn build(own: &PackFiles, library: &[PackFiles]) -> Result<Pack, InvalidPack> {
    let layers = lineage(own, library).map_err(|problem| InvalidPack { problems: vec![*problem] })?;
    let mut builder = Builder { problems: Vec::new(), without_prefix: Vec::new() };
    let pack = builder.pack(&layers);
    match pack {
        Some(pack) if builder.problems.is_empty() => Ok(pack),
        _ => Err(InvalidPack { problems: builder.problems }),
    }
}

/// Where something stands, for the problems about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: Option<usize>,
    pub(crate) about: Option<String>,
}

pub(super) struct Builder {
    problems: Vec<PackProblem>,
    /// Ids without the prefix of their pack (its id), until they are told together.
    pub(super) without_prefix: Vec<(String, Place)>,
}

impl Builder {
    pub(super) fn problem(&mut self, place: &Place, flaw: Flaw) {
        let Place { file, line, about } = place.clone();
        self.problems.push(PackProblem { file, line, about, flaw });
    }

    pub(super) fn file_problem(&mut self, file: &str, flaw: Flaw) {
        self.problem(&Place { file: file.into(), line: None, about: None }, flaw);
    }

    fn pack(&mut self, layers: &[&PackFiles]) -> Option<Pack> {
        let mut heads = Vec::new();
        let mut topics = Vec::new();
        for layer in layers {
            let pack = layer.id().unwrap_or_default();
            let source = |name| Source { name, shown: layer.shown(name), text: "", pack: pack.clone() };
            if !layer.files.iter().any(|(name, _)| name == HEAD) {
                self.file_problem(&layer.shown(HEAD), Flaw::NoHead);
            }
            for (name, text) in &layer.files {
                let source = Source { text, ..source(name) };
                if name == HEAD {
                    heads.extend(self.read::<Head>(&source).map(|head| (source, head)));
                } else {
                    topics.extend(self.read(&source).map(|topic| (source, topic)));
                }
            }
        }
        if heads.len() < layers.len() {
            return None;
        }
        self.assemble(&heads, &overlaid(topics))
    }

    fn read<T: DeserializeOwned>(&mut self, source: &Source) -> Option<T> {
        match toml::from_str(source.text) {
            Ok(read) => Some(read),
            Err(error) => {
                let line = error.span().map(|span| line_of(source.text, span.start));
                let flaw = Flaw::Unreadable(error.message().into());
                self.problem(&Place { file: source.shown.clone(), line, about: None }, flaw);
                None
            }
        }
    }

    fn assemble(&mut self, heads: &[(Source, Head)], files: &[TopicOf]) -> Option<Pack> {
        let (source, head) = heads.last()?;
        let head_place = place(source, &head.id);
        let id = head.id.get_ref().clone();
        let parameters: Vec<_> = merged(heads, |head| &head.parameter, |file| &file.id)
            .into_iter()
            .map(|(source, file)| self.parameter(&place(source, &file.id), file))
            .collect();
        let sets: Vec<_> = merged(heads, |head| &head.set, |file| &file.id)
            .into_iter()
            .filter_map(|(source, file)| self.set(&place(source, &file.id), file))
            .collect();
        let notes = merged(heads, |head| &head.note, |file| &file.id)
            .into_iter()
            .map(|(source, file)| self.note(&place(source, &file.id), file))
            .collect();
        let leaves: Vec<_> = merged(heads, |head| &head.leaves, |file| &file.id)
            .into_iter()
            .filter_map(|(source, file)| self.left(&place(source, &file.id), file))
            .collect();
        let before = heads.iter().rev().find_map(|(source, head)| head.before.as_ref().map(|file| (source, file)));
        let before = before.map(|(source, file)| {
            let note = self.note(&place(source, &file.id), file);
            Before { id: note.id, cites: note.cites, text: note.text }
        });
        let layout = heads.iter().rev().map(|(_, head)| &head.layout).find(|layout| !layout.is_empty());
        let layout: Vec<Fact> =
            layout.into_iter().flatten().filter_map(|key| self.laid_out(&head_place, key)).collect();
        let standing = self.standing(&head_place, head);
        let in_force_from = self.date(&head_place, head.in_force_from.as_deref());
        let in_force_until = self.date(&head_place, head.in_force_until.as_deref());
        self.check_order(&head_place, in_force_from, in_force_until);
        let (zone, seats) = (self.zone(&head_place, heads), self.inherited_seats(&head_place, heads));
        let (zone, seats) = (zone?, seats?);

        let mut topics = Vec::new();
        let mut tables = Vec::new();
        let mut table_places = Vec::new();
        for (number, (source, topic)) in files.iter().enumerate() {
            let whole = Place { file: source.shown.clone(), line: None, about: None };
            topics.push(Topic {
                file: source.name.into(),
                title: self.text(&whole, &topic.title),
                not_modelled: topic.not_modelled.iter().map(|text| self.text(&whole, text)).collect(),
            });
            for table in &topic.table {
                let place = place(source, &table.id);
                tables.push(self.table(&place, table, source, number));
                table_places.push(place);
            }
        }

        let names = Names { tables: &tables, parameters: &parameters, sets: &sets };
        let deadlines: Vec<DeadlineRule> = merged(heads, |head| &head.deadline, |file| &file.id)
            .into_iter()
            .filter_map(|(source, file)| self.deadline(&place(source, &file.id), file, &names))
            .collect();
        let mut rules = Vec::new();
        let mut rule_places = Vec::new();
        let mut advice = Vec::new();
        let mut aids = Vec::new();
        for (number, (source, topic)) in files.iter().enumerate() {
            for rule in &topic.rule {
                let place = place(source, &rule.id);
                if let Some(rule) = self.rule(&place, rule, number, &names) {
                    rules.push(rule);
                    rule_places.push(place);
                }
            }
            for file in &topic.advice {
                advice.extend(self.advice(&place(source, &file.id), file, number, &names));
            }
            for file in &topic.aid {
                aids.extend(self.aid(&place(source, &file.id), file));
            }
        }
        self.check_ids(heads, files);
        self.resolve_overrides(&mut rules, &rule_places, files);
        self.check_override_circles(&rules, &rule_places);
        self.check_tables(&tables, &table_places, &rules, &advice);
        self.check_answers(&head_place, head.beside, &tables, &leaves);
        if head.beside && before.is_none() {
            self.problem(&head_place, Flaw::NoBefore);
        }
        let order = self.order(&tables, &table_places, &rules)?;
        // Ids of another pack's spelling hide nothing else: gaps and conflicts are looked for all the same.
        if !self.problems.iter().all(|problem| matches!(problem.flaw, Flaw::WrongPrefix { .. })) {
            return None;
        }

        let conditions: Vec<&Condition> = (rules.iter().map(|rule| &rule.condition))
            .chain(advice.iter().map(|advice| &advice.condition))
            .chain(deadlines.iter().map(|deadline| &deadline.condition))
            .collect();
        let views = tables.iter().filter_map(|table| table.given_by).collect();
        let space = Space::of(&conditions, &views, &layout);
        let mut pack = Pack {
            id,
            place: head_place.clone(),
            standing,
            is_beside: head.beside,
            edition: head.edition.clone(),
            title: self.text(&head_place, &head.title),
            source: self.source(&head_place, &head.source),
            in_force_from,
            in_force_until,
            zone,
            seats,
            parameters,
            sets,
            deadlines,
            notes,
            aids,
            leaves,
            before,
            topics,
            tables,
            rules,
            advice,
            space,
            models: Vec::new(),
        };
        pack.models = self.models(&pack, &order, &table_places, &rule_places)?;
        Some(pack)
    }

    fn zone(&mut self, at: &Place, heads: &[(Source, Head)]) -> Option<TimeZone> {
        let Some(name) = heads.iter().rev().find_map(|(_, head)| head.zone.as_ref()) else {
            self.problem(at, Flaw::Lacks("zone"));
            return None;
        };
        let zone = TimeZone::get(name).ok();
        if zone.is_none() {
            self.problem(at, Flaw::UnknownZone(name.clone()));
        }
        zone
    }

    fn inherited_seats(&mut self, at: &Place, heads: &[(Source, Head)]) -> Option<Seats> {
        let Some(file) = heads.iter().rev().find_map(|(_, head)| head.seats.as_ref()) else {
            self.problem(at, Flaw::Lacks("seats"));
            return None;
        };
        self.seats(at, file)
    }

    fn table(&mut self, at: &Place, file: &TableFile, source: &Source, topic: usize) -> Table {
        let given_by = file.given_by.as_ref().and_then(|key| self.view(at, key, &file.values));
        let answers = file.answers.as_ref().map_or(Answers::Notion, |key| self.answers(at, key, &file.values));
        let open = file.open.as_ref().map(|open| {
            let at = place(source, &open.id);
            Open {
                id: open.id.get_ref().clone(),
                cites: self.cites(&at, &open.cites),
                text: self.text(&at, &open.text),
            }
        });
        if matches!(answers, Answers::Duty(_)) && open.is_none() {
            self.problem(at, Flaw::NoOpenText);
        }
        Table {
            id: file.id.get_ref().clone(),
            name: self.text(at, &file.name),
            values: file.values.clone(),
            pick: match file.pick {
                PickFile::Single => Pick::Single,
                PickFile::Highest => Pick::Highest,
            },
            given_by,
            answers,
            open,
            topic,
        }
    }

    fn view(&mut self, place: &Place, key: &str, values: &[String]) -> Option<Fact> {
        let fact = match Fact::from_key(key) {
            Ok(fact) if fact.class() == Class::View => fact,
            Ok(fact) => {
                let hint = "only a view (data_sensitivity, severity, likelihood) replaces a table";
                self.problem(place, Flaw::WrongTest { name: fact.key().into(), hint });
                return None;
            }
            Err(error) => {
                self.problem(place, unknown_name(key, &error));
                return None;
            }
        };
        self.expect_values(place, values, &fact.choices().iter().map(|choice| choice.key).collect::<Vec<_>>());
        Some(fact)
    }

    fn answers(&mut self, place: &Place, key: &str, values: &[String]) -> Answers {
        match key {
            "breach" => {
                self.expect_values(place, values, &crate::assess::BREACH_VALUES);
                Answers::Breach
            }
            "risk" => {
                // A law that weighs no risk says only that.
                if values != ["not_weighed"] {
                    self.expect_values(place, values, &crate::assess::RISK_VALUES);
                }
                Answers::Risk
            }
            _ => {
                if let Some(value) = values.iter().find(|value| !crate::assess::DUTY_VALUES.contains(&value.as_str())) {
                    let (found, expected) = (value.clone(), crate::assess::DUTY_VALUES.join(", "));
                    self.problem(place, Flaw::WrongValues { found, expected });
                }
                self.duty(place, key).map_or(Answers::Notion, Answers::Duty)
            }
        }
    }

    fn expect_values(&mut self, place: &Place, found: &[String], expected: &[&str]) {
        if found != expected {
            let (found, expected) = (found.join(", "), expected.join(", "));
            self.problem(place, Flaw::WrongValues { found, expected });
        }
    }

    fn rule(&mut self, place: &Place, file: &RuleFile, topic: usize, names: &Names) -> Option<Rule> {
        let mut gives = Vec::new();
        for name in file.table.names() {
            let Some(number) = names.tables.iter().position(|table| table.id == *name) else {
                self.problem(place, Flaw::UnknownTable(name.clone()));
                continue;
            };
            let values = names.tables.get(number).map_or(&[][..], |table| table.values.as_slice());
            match values.iter().position(|value| *value == file.gives) {
                Some(value) => gives.push((number, u8::try_from(value).unwrap_or(u8::MAX))),
                None => {
                    let (name, value, allowed) = (name.clone(), file.gives.clone(), values.join(", "));
                    self.problem(place, Flaw::UnknownValue { name, value, allowed });
                }
            }
        }
        let from = self.date(place, file.from.as_deref());
        let until = self.date(place, file.until.as_deref());
        self.check_order(place, from, until);
        if file.source.trim().is_empty() {
            self.problem(place, Flaw::Uncited);
        }
        let cites = self.cites(place, &file.cites);
        let mark = self.mark(place, &file.mark);
        let text = self.text(place, &file.text);
        let condition = self.condition(place, &file.when, names)?;
        Some(Rule {
            id: file.id.get_ref().clone(),
            gives,
            when: one_line(&file.when),
            condition,
            overrides: Vec::new(),
            is_told: file.tell,
            cites,
            from,
            until,
            mark,
            source: file.source.clone(),
            text,
            topic,
        })
    }

    fn advice(&mut self, place: &Place, file: &AdviceFile, topic: usize, names: &Names) -> Option<AdviceRule> {
        let cites = self.cites(place, &file.cites);
        let text = self.text(place, &file.text);
        let mark = file.mark.as_ref().map(|sign| self.mark(place, sign));
        let while_undetermined = file.while_undetermined.as_ref().and_then(|key| self.duty(place, key));
        let while_unknown = file.while_unknown.as_ref().and_then(|key| self.laid_out(place, key));
        let condition = self.condition(place, &file.when, names)?;
        Some(AdviceRule {
            id: file.id.get_ref().clone(),
            when: one_line(&file.when),
            condition,
            shown_if_possible: file.shown_if_possible,
            while_undetermined,
            while_unknown,
            cites,
            mark,
            text,
            topic,
        })
    }

    pub(super) fn condition(&mut self, place: &Place, text: &str, names: &Names) -> Option<Condition> {
        match condition::read(text).map_err(Flaw::from).and_then(|syntax| resolve(&syntax, names)) {
            Ok(condition) => Some(condition),
            Err(flaw) => {
                self.problem(place, flaw);
                None
            }
        }
    }

    /// A model for each stretch of time between two dates at which a rule begins or ends.
    fn models(&mut self, pack: &Pack, order: &[usize], tables: &[Place], rules: &[Place]) -> Option<Vec<Model>> {
        // A proposal has no life of its own: its rules are those that would be in force last.
        let newest = || pack.rules.iter().filter_map(|rule| rule.from).max();
        let first = if pack.standing == Standing::Proposal { newest() } else { pack.in_force_from };
        let mut starts: BTreeSet<Option<Date>> = BTreeSet::from([first]);
        for rule in &pack.rules {
            let after = rule.until.and_then(|until| until.tomorrow().ok());
            let dates = [rule.from, after].into_iter().flatten();
            starts.extend(dates.filter(|date| pack.is_in_force(*date)).map(Some));
        }
        let mut models = Vec::new();
        let mut dead: BTreeMap<usize, usize> = BTreeMap::new();
        for from in &starts {
            let compiled =
                compile(*from, &pack.space, (&pack.tables, order), &pack.rules, (&pack.advice, &pack.deadlines));
            let Ok((model, findings)) = compiled else {
                self.file_problem(HEAD, Flaw::TooLarge { budget: BUDGET });
                return None;
            };
            for finding in findings {
                match finding {
                    Finding::Table(number, flaw) => {
                        tables.get(number).into_iter().for_each(|place| self.problem(place, flaw.clone()));
                    }
                    Finding::Idle(number) => *dead.entry(number).or_default() += 1,
                }
            }
            models.push(model);
        }
        // A rule may well be idle in one stretch (its table's other rules changed), but not in all of its life.
        for (number, count) in dead {
            let lives = starts
                .iter()
                .filter(|from| pack.rules.get(number).is_some_and(|rule| from.is_none_or(|day| rule.is_in_force(day))));
            if lives.count() <= count
                && let Some(place) = rules.get(number)
            {
                self.problem(place, Flaw::NeverApplies);
            }
        }
        Some(models)
    }
}

pub(super) fn place(source: &Source, id: &Spanned<String>) -> Place {
    let line = Some(line_of(source.text, id.span().start));
    Place { file: source.shown.clone(), line, about: Some(id.get_ref().clone()) }
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
