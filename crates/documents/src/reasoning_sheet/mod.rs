//! The reasoning sheet: why it was judged and decided so, on paper; the motivation that AVG art. 33(5) asks for.
//!
//! Promises: what is not known is named as such; the program's advice and the person's decision stand apart; every rule
//! names its articles and how far it was checked; ENISA's score stands in it only where the organisation uses it, and then
//! as a second opinion; without an FG the word does not occur. Deliberately not here: judging, and the proof that nothing
//! was changed afterwards (the register's).

mod history;
mod verdict;

use facts::{Fact, Language, Section, Text};
use incident::Actor;
use jiff::Timestamp;
use law::Packs;

use crate::case::Case;
use crate::document::{Block, Document, Line, Look, Run, Tone};
use crate::explanation::{FactWords, known_facts};
use crate::moment::{day, moment};

pub(crate) use verdict::score_formula;

/// The kind under which the case file records this document.
pub const KIND: &str = "reasoning";

/// How a sheet is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub language: Language,
    /// Whether the organisation turned ENISA's score on.
    pub uses_enisa: bool,
}

/// The sheet as it stands now.
#[must_use]
pub fn reasoning_sheet(case: &Case<'_>, packs: &Packs, options: Options) -> Document {
    let mut pen = Pen { case, language: options.language, blocks: Vec::new() };
    pen.opening();
    pen.moments();
    pen.facts();
    pen.verdict(packs);
    if options.uses_enisa {
        pen.enisa();
    }
    pen.dpo_advice();
    pen.decision();
    pen.carried_out();
    pen.reassessments();
    let title = Text::new("Motivering", "Reasoning");
    let made = pen.at(case.made_at.timestamp());
    let subtitle = Text::made(
        format!("Waarom zo is geoordeeld en besloten (AVG art. 33(5)). Gemaakt op {made}."),
        format!("Why it was judged and decided so (GDPR art. 33(5)). Made on {made}."),
    );
    Document {
        look: Look::Paper,
        title: title.in_language(options.language).into(),
        subtitle: subtitle.in_language(options.language).into(),
        language: options.language,
        author: case.organisation.name.clone(),
        reference: format!("Incident {}", case.incident.number),
        draft: String::new(),
        blocks: pen.blocks,
    }
}

/// The sheet while it is being written.
struct Pen<'a> {
    case: &'a Case<'a>,
    language: Language,
    blocks: Vec<Block>,
}

impl Pen<'_> {
    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    fn put(&self, nl: &'static str, en: &'static str) -> String {
        self.say(&Text::new(nl, en))
    }

    fn at(&self, at: Timestamp) -> String {
        moment(at, self.case.zone(), self.language)
    }

    /// A moment of the incident: the day alone where another register named no more.
    fn when(&self, at: Timestamp) -> String {
        if self.case.incident.is_day_only(at) { day(at, self.case.zone(), self.language) } else { self.at(at) }
    }

    fn heading(&mut self, level: u8, text: String) {
        self.blocks.push(Block::Heading { level, text });
    }

    fn paragraph(&mut self, text: String) {
        self.blocks.push(Block::Paragraph { line: Line::plain(text) });
    }

    fn list(&mut self, items: Vec<Line>) {
        if !items.is_empty() {
            self.blocks.push(Block::List { items });
        }
    }

    fn pairs(&mut self, pairs: Vec<(String, Line)>) {
        if !pairs.is_empty() {
            self.blocks.push(Block::Pairs { pairs });
        }
    }

    fn notice(&mut self, title: String, lines: Vec<Line>) {
        self.blocks.push(Block::Notice { tone: Tone::Advice, title, lines });
    }

    /// A value, or that it is not known.
    fn known(&self, value: Option<String>) -> Line {
        match value.filter(|value| !value.trim().is_empty()) {
            Some(value) => Line::plain(value),
            None => Line::default().then(Run::Missing(self.put("niet bekend", "not known"))),
        }
    }

    fn name(&self, actor: &Actor) -> String {
        match actor {
            Actor::Program => self.put("het programma", "the program"),
            Actor::Reporter { name: None } => self.put("een melder zonder naam", "somebody who gave no name"),
            other => other.name().to_owned(),
        }
    }

    fn yes_or_no(&self, truth: bool) -> String {
        if truth { self.put("ja", "yes") } else { self.put("nee", "no") }
    }

    fn opening(&mut self) {
        let incident = self.case.incident;
        self.heading(1, self.put("De zaak", "The case"));
        let mut pairs = vec![
            (self.put("Organisatie", "Organisation"), self.known(Some(self.case.organisation.name.clone()))),
            (self.put("Nummer", "Number"), Line::plain(incident.number.to_string())),
            (self.put("Titel", "Title"), Line::plain(&*incident.title)),
            (self.put("Geopend", "Opened"), Line::plain(self.at(incident.opened_at))),
            (self.put("Geopend door", "Opened by"), Line::plain(self.name(&incident.opened_by))),
        ];
        if let Some(verdict) = self.case.verdict {
            pairs.push((self.put("Beoordeeld naar", "Judged by"), Line::plain(self.law(verdict))));
        }
        self.pairs(pairs);
    }

    fn moments(&mut self) {
        let incident = self.case.incident;
        self.heading(1, self.put("De momenten", "The moments"));
        let mut pairs =
            vec![(self.put("Ontdekt", "Detected"), self.known(incident.known_signal().map(|at| self.when(at))))];
        if let Some(at) = incident.informed_by_processor_at {
            pairs.push((self.put("Bericht van de verwerker", "Processor's notice"), Line::plain(self.at(at))));
        }
        let aware = incident.aware.as_ref();
        let estimate =
            |said: &str| if aware.is_some_and(|aware| aware.is_estimated) { said.to_owned() } else { String::new() };
        let known =
            aware.map(|aware| format!("{}{}", self.when(aware.at), estimate(&self.put(" (geschat)", " (estimated)"))));
        pairs.push((self.put("Kennisname", "Aware"), self.known(known)));
        if let Some(aware) = aware {
            pairs.push((self.put("Waarom dat moment", "Why that moment"), self.known(Some(aware.reason.clone()))));
            let who = format!("{}, {}", self.name(&aware.set_by), self.at(aware.set_at));
            pairs.push((self.put("Vastgesteld door", "Set by"), Line::plain(who)));
        }
        if let Some(deadline) = self.case.verdict.and_then(|verdict| verdict.deadline) {
            let provisional = self.case.verdict.is_some_and(|verdict| verdict.is_provisional);
            let note = if provisional { self.put(" (voorlopig)", " (provisional)") } else { String::new() };
            let until = format!("{}{note}", self.at(deadline.target));
            pairs.push((self.put("Melden uiterlijk", "Notify at the latest"), Line::plain(until)));
        }
        self.pairs(pairs);
    }

    /// Every fact in its section, known or not, so that nobody has to guess what was not looked at.
    fn facts(&mut self) {
        self.heading(1, self.put("De feiten zoals nu bekend", "The facts as known now"));
        let facts = known_facts(&self.case.incident.facts);
        for section in Section::ALL {
            let of_section: Vec<&(Fact, Option<FactWords>)> =
                facts.iter().filter(|(fact, _)| fact.section() == section).collect();
            self.heading(2, self.say(&section.title()));
            let pairs = of_section
                .into_iter()
                .map(|(fact, known)| {
                    (self.say(&fact.question()), self.known(known.as_ref().map(|known| self.say(&known.answer))))
                })
                .collect();
            self.pairs(pairs);
        }
    }
}
