//! From a pack's files to a pack that can judge: every name looked up, everything checked, every problem told at once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use toml::Spanned;

use facts::{Class, Country, Fact, InvalidFact, Language, Text};

use super::files::{AdviceFile, DeadlineFile, Head, PickFile, RuleFile, SetFile, TableFile, TextFile, TopicFile};
use super::resolve::{Names, resolve, unknown_name};
use super::{
    AdviceRule, Answers, Condition, DeadlineRule, Flaw, HEAD, InvalidPack, Mark, NamedSet, Open, Pack, PackProblem,
    Parameter, Pick, Rule, Seats, Table, Term, Topic, condition,
};
use crate::model::{BUDGET, Finding, Model, Space, compile};
use crate::verdict::{CsirtStepKind, Duty};

pub(super) fn build(files: &[(&str, &str)]) -> Result<Pack, InvalidPack> {
    let mut builder = Builder { files, problems: Vec::new() };
    let pack = builder.pack();
    match pack {
        Some(pack) if builder.problems.is_empty() => Ok(pack),
        _ => Err(InvalidPack { problems: builder.problems }),
    }
}

/// Where something stands, for the problems about it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    file: String,
    line: Option<usize>,
    about: Option<String>,
}

pub(super) struct Builder<'a> {
    files: &'a [(&'a str, &'a str)],
    problems: Vec<PackProblem>,
}

impl Builder<'_> {
    pub(super) fn problem(&mut self, place: &Place, flaw: Flaw) {
        let Place { file, line, about } = place.clone();
        self.problems.push(PackProblem { file, line, about, flaw });
    }

    pub(super) fn file_problem(&mut self, file: &str, flaw: Flaw) {
        self.problem(&Place { file: file.into(), line: None, about: None }, flaw);
    }

    fn pack(&mut self) -> Option<Pack> {
        let Some((_, text)) = self.files.iter().find(|(name, _)| *name == HEAD) else {
            self.file_problem(HEAD, Flaw::NoHead);
            return None;
        };
        let head: Option<Head> = self.read(HEAD, text);
        let topics: Vec<(&str, &str, TopicFile)> = self
            .files
            .iter()
            .filter(|(name, _)| *name != HEAD)
            .filter_map(|(name, text)| self.read(name, text).map(|topic| (*name, *text, topic)))
            .collect();
        let head = head?;
        self.assemble(text, head, &topics)
    }

    fn read<T: DeserializeOwned>(&mut self, file: &str, text: &str) -> Option<T> {
        match toml::from_str(text) {
            Ok(read) => Some(read),
            Err(error) => {
                let line = error.span().map(|span| line_of(text, span.start));
                let flaw = Flaw::Unreadable(error.message().into());
                self.problem(&Place { file: file.into(), line, about: None }, flaw);
                None
            }
        }
    }

    fn assemble(&mut self, head_text: &str, head: Head, files: &[(&str, &str, TopicFile)]) -> Option<Pack> {
        let at = |id: &Spanned<String>| place(HEAD, head_text, id);
        let head_place = at(&head.id);
        let id = head.id.get_ref().clone();
        let parameters = head.parameter.iter().map(|file| self.parameter(&at(&file.id), file)).collect::<Vec<_>>();
        let sets = head.set.iter().filter_map(|file| self.set(&at(&file.id), file)).collect::<Vec<_>>();
        let layout: Vec<Fact> = head.layout.iter().filter_map(|key| self.laid_out(&head_place, key)).collect();
        let in_force_from = self.date(&head_place, head.in_force_from.as_deref());
        let in_force_until = self.date(&head_place, head.in_force_until.as_deref());
        self.check_order(&head_place, in_force_from, in_force_until);
        let zone = match TimeZone::get(&head.zone) {
            Ok(zone) => zone,
            Err(_) => {
                self.problem(&head_place, Flaw::UnknownZone(head.zone.clone()));
                return None;
            }
        };
        let seats = self.seats(&head_place, &head)?;

        let mut topics = Vec::new();
        let mut tables = Vec::new();
        let mut table_places = Vec::new();
        for (number, (file, text, topic)) in files.iter().enumerate() {
            let whole = Place { file: (*file).into(), line: None, about: None };
            topics.push(Topic {
                file: (*file).into(),
                title: self.text(&whole, &topic.title),
                not_modelled: topic.not_modelled.iter().map(|text| self.text(&whole, text)).collect(),
            });
            for table in &topic.table {
                let place = place(file, text, &table.id);
                tables.push(self.table(&place, table, text, number));
                table_places.push(place);
            }
        }

        let names = Names { tables: &tables, parameters: &parameters, sets: &sets };
        let deadlines: Vec<DeadlineRule> =
            head.deadline.iter().filter_map(|file| self.deadline(&at(&file.id), file, &names)).collect();
        let mut rules = Vec::new();
        let mut rule_places = Vec::new();
        let mut advice = Vec::new();
        for (number, (file, text, topic)) in files.iter().enumerate() {
            for rule in &topic.rule {
                let place = place(file, text, &rule.id);
                if let Some(rule) = self.rule(&place, rule, number, &names) {
                    rules.push(rule);
                    rule_places.push(place);
                }
            }
            for file_advice in &topic.advice {
                let place = place(file, text, &file_advice.id);
                advice.extend(self.advice(&place, file_advice, number, &names));
            }
        }
        self.check_ids(&id, head_text, &head, files);
        self.resolve_overrides(&mut rules, &rule_places, files);
        self.check_override_circles(&rules, &rule_places);
        self.check_tables(&tables, &table_places, &rules, &advice);
        let order = self.order(&tables, &table_places, &rules)?;
        if !self.problems.is_empty() {
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
            edition: head.edition,
            title: self.text(&head_place, &head.title),
            source: head.source,
            in_force_from,
            in_force_until,
            zone,
            seats,
            parameters,
            sets,
            deadlines,
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

    fn text(&mut self, place: &Place, text: &TextFile) -> Text {
        for (language, text) in [(Language::Dutch, &text.nl), (Language::English, &text.en)] {
            if text.trim().is_empty() {
                self.problem(place, Flaw::MissingText(language));
            }
        }
        Text::made(text.nl.trim().into(), text.en.trim().into())
    }

    fn mark(&mut self, place: &Place, sign: &str) -> Mark {
        Mark::from_sign(sign).unwrap_or_else(|| {
            self.problem(place, Flaw::BadMark(sign.into()));
            Mark::Knowledge
        })
    }

    fn cites(&mut self, place: &Place, cites: &[String]) -> Vec<String> {
        if cites.is_empty() || cites.iter().any(|cite| cite.trim().is_empty()) {
            self.problem(place, Flaw::Uncited);
        }
        cites.to_vec()
    }

    fn date(&mut self, place: &Place, text: Option<&str>) -> Option<Date> {
        let text = text?;
        let date = text.parse().ok();
        if date.is_none() {
            self.problem(place, Flaw::BadDate(text.into()));
        }
        date
    }

    fn laid_out(&mut self, place: &Place, key: &str) -> Option<Fact> {
        Fact::from_key(key).map_err(|error| self.problem(place, unknown_name(key, &error))).ok()
    }

    fn check_order(&mut self, place: &Place, from: Option<Date>, until: Option<Date>) {
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            let (from, until) = (from.to_string(), until.to_string());
            self.problem(place, Flaw::EndsBeforeItBegins { from, until });
        }
    }

    fn seats(&mut self, place: &Place, head: &Head) -> Option<Seats> {
        let mut members = BTreeSet::new();
        for code in &head.seats.members {
            match Country::from_code(code) {
                Some(country) => drop(members.insert(country.code())),
                None => self.problem(place, Flaw::UnknownCountry(code.clone())),
            }
        }
        let Some(home) = Country::from_code(&head.seats.home) else {
            self.problem(place, Flaw::UnknownCountry(head.seats.home.clone()));
            return None;
        };
        Some(Seats {
            home,
            home_authority: head.seats.home_authority.clone(),
            members,
            member_suffix: head.seats.member_suffix.clone(),
        })
    }

    fn parameter(&mut self, place: &Place, file: &super::files::ParameterFile) -> Parameter {
        if file.set_by.trim().is_empty() {
            self.problem(place, Flaw::Uncited);
        }
        Parameter {
            id: file.id.get_ref().clone(),
            value: file.value,
            unit: file.unit.clone(),
            mark: self.mark(place, &file.mark),
            set_by: file.set_by.clone(),
            text: self.text(place, &file.text),
        }
    }

    fn set(&mut self, place: &Place, file: &SetFile) -> Option<NamedSet> {
        if file.source.trim().is_empty() {
            self.problem(place, Flaw::Uncited);
        }
        let fact = match Fact::from_key(&file.fact) {
            Ok(fact) => fact,
            Err(error) => {
                self.problem(place, unknown_name(&file.fact, &error));
                return None;
            }
        };
        Some(NamedSet {
            id: file.id.get_ref().clone(),
            fact,
            words: self.words(place, fact, &file.words),
            mark: self.mark(place, &file.mark),
            source: file.source.clone(),
            text: self.text(place, &file.text),
        })
    }

    fn words(&mut self, place: &Place, fact: Fact, words: &[String]) -> BTreeSet<&'static str> {
        let mut known = BTreeSet::new();
        for word in words {
            match fact.word(word) {
                Ok(word) => drop(known.insert(word)),
                Err(InvalidFact::UnknownValue { allowed, .. }) => {
                    let (name, value, allowed) = (fact.key().into(), word.clone(), allowed.join(", "));
                    self.problem(place, Flaw::UnknownValue { name, value, allowed });
                }
                Err(_) => {
                    let hint = "it takes no words";
                    self.problem(place, Flaw::WrongTest { name: fact.key().into(), hint });
                }
            }
        }
        known
    }

    fn deadline(&mut self, place: &Place, file: &DeadlineFile, names: &Names) -> Option<DeadlineRule> {
        let duty = self.duty(place, &file.duty)?;
        let term = match (file.hours, file.months, file.without_delay) {
            (Some(hours), None, false) => {
                Term::Hours { hours, has_limit_1182: file.limit_1182_71, alarms: file.alarms.clone() }
            }
            (None, Some(months), false) => Term::Months { months },
            (None, None, true) => Term::WithoutDelay,
            _ => {
                self.problem(place, Flaw::BadTerm);
                return None;
            }
        };
        let when = file.when.as_deref().unwrap_or("always");
        Some(DeadlineRule {
            id: file.id.get_ref().clone(),
            duty,
            step: file.step.as_ref().and_then(|key| self.step(place, key)),
            after: file.after.as_ref().and_then(|key| self.step(place, key)),
            is_from_discovery: file.from_discovery,
            when: one_line(when),
            condition: self.condition(place, when, names)?,
            term,
            cites: self.cites(place, &file.cites),
            mark: self.mark(place, &file.mark),
            source: file.source.clone(),
            text: self.text(place, &file.text),
        })
    }

    fn step(&mut self, place: &Place, key: &str) -> Option<CsirtStepKind> {
        let step = CsirtStepKind::from_key(key);
        if step.is_none() {
            let allowed = CsirtStepKind::ALL.map(CsirtStepKind::key).join(", ");
            let (name, value) = ("step".into(), key.into());
            self.problem(place, Flaw::UnknownValue { name, value, allowed });
        }
        step
    }

    fn duty(&mut self, place: &Place, key: &str) -> Option<Duty> {
        let duty = Duty::from_key(key);
        if duty.is_none() {
            let allowed = Duty::ALL.map(Duty::key).join(", ");
            let (name, value) = ("duty".into(), key.into());
            self.problem(place, Flaw::UnknownValue { name, value, allowed });
        }
        duty
    }

    fn table(&mut self, at: &Place, file: &TableFile, text: &str, topic: usize) -> Table {
        let given_by = file.given_by.as_ref().and_then(|key| self.view(at, key, &file.values));
        let answers = file.answers.as_ref().map_or(Answers::Notion, |key| self.answers(at, key, &file.values));
        let open = file.open.as_ref().map(|open| {
            let at = place(&at.file, text, &open.id);
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
                self.expect_values(place, values, &crate::assess::RISK_VALUES);
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
        let while_undetermined = file.while_undetermined.as_ref().and_then(|key| self.duty(place, key));
        let condition = self.condition(place, &file.when, names)?;
        Some(AdviceRule {
            id: file.id.get_ref().clone(),
            when: one_line(&file.when),
            condition,
            shown_if_possible: file.shown_if_possible,
            while_undetermined,
            cites,
            text,
            topic,
        })
    }

    fn condition(&mut self, place: &Place, text: &str, names: &Names) -> Option<Condition> {
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
        let mut starts: BTreeSet<Option<Date>> = BTreeSet::from([pack.in_force_from]);
        for rule in &pack.rules {
            let after = rule.until.and_then(|until| until.tomorrow().ok());
            let dates = [rule.from, after].into_iter().flatten();
            starts.extend(dates.filter(|date| pack.is_in_force(*date)).map(Some));
        }
        let mut models = Vec::new();
        let mut dead: BTreeMap<usize, usize> = BTreeMap::new();
        for from in &starts {
            let compiled = compile(*from, &pack.space, (&pack.tables, order), &pack.rules, (&pack.advice, &pack.deadlines));
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

pub(super) fn place(file: &str, text: &str, id: &Spanned<String>) -> Place {
    Place { file: file.into(), line: Some(line_of(text, id.span().start)), about: Some(id.get_ref().clone()) }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
