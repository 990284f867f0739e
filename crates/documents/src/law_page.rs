//! A law pack as a page that people can read: what it is, what the law leaves open and who filled it in, its terms, its
//! rules with their sources and how far they were checked, and what is not modelled.
//!
//! Promises: everything that decides something stands in it; nothing depends on the moment of reading. Deliberately not
//! here: judging by it.

use facts::{Language, Text};
use law::Pack;
use law::pack::{Mark, Rule, Table};
use law::verdict::LawStatus;

use crate::document::{Block, Document, Line, Look, Run, Tone};
use crate::explanation::{answer, mark_in_words};

/// The page of a pack in one language.
#[must_use]
pub fn law_page(pack: &Pack, language: Language) -> Document {
    let mut pen = Pen { pack, language, blocks: Vec::new() };
    pen.standing();
    pen.notes();
    pen.terms();
    pen.parameters();
    pen.sets();
    for (place, topic) in pack.topics().iter().enumerate() {
        pen.heading(1, pen.say(&topic.title));
        pen.not_modelled(&topic.not_modelled);
        pen.topic(place);
    }
    pen.aids();
    Document {
        look: Look::Paper,
        title: pen.say(pack.title()),
        subtitle: pen.subtitle(),
        language,
        author: "Dijkwacht".into(),
        reference: pack.id().into(),
        draft: String::new(),
        blocks: pen.blocks,
    }
}

/// What a pack is in a word or two: in force, historical, a proposal, or beside another.
#[must_use]
pub fn standing_in_words(status: LawStatus, is_beside: bool) -> Text {
    match (status, is_beside) {
        (LawStatus::InForce, false) => Text::new("van kracht", "in force"),
        (LawStatus::InForce, true) => Text::new("van kracht, naast een ander pakket", "in force, beside another pack"),
        (LawStatus::Historical, _) => Text::new("niet meer van kracht", "no longer in force"),
        (LawStatus::Proposal, _) => Text::new("voorstel, geen wet", "proposal, not law"),
    }
}

struct Pen<'a> {
    pack: &'a Pack,
    language: Language,
    blocks: Vec<Block>,
}

impl<'a> Pen<'a> {
    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    fn put(&self, nl: &'static str, en: &'static str) -> String {
        self.say(&Text::new(nl, en))
    }

    fn heading(&mut self, level: u8, text: String) {
        self.blocks.push(Block::Heading { level, text });
    }

    fn list(&mut self, items: Vec<Line>) {
        if !items.is_empty() {
            self.blocks.push(Block::List { items });
        }
    }

    fn pairs(&mut self, pairs: Vec<(String, String)>) {
        let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| (name, Line::plain(value))).collect();
        if !pairs.is_empty() {
            self.blocks.push(Block::Pairs { pairs });
        }
    }

    /// Articles, how far it was checked, and where that stands.
    fn checked(&self, cites: &[String], mark: Mark, source: &str) -> String {
        let cites = if cites.is_empty() { String::new() } else { format!("{}. ", cites.join("; ")) };
        format!("{cites}[{}] {}. {source}", mark.sign(), self.say(&mark_in_words(mark)))
    }

    fn subtitle(&self) -> String {
        let day = |date: Option<jiff::civil::Date>| date.map_or_else(|| "…".to_owned(), |date| date.to_string());
        let standing = self.say(&standing_in_words(self.pack.status(None), self.pack.is_beside()));
        let dates = match (self.pack.in_force_from(), self.pack.in_force_until()) {
            (None, None) => String::new(),
            (from, until) => format!(", {} – {}", day(from), day(until)),
        };
        format!("{} {} {}: {standing}{dates}.", self.pack.id(), self.put("uitgave", "edition"), self.pack.edition())
    }

    fn standing(&mut self) {
        let lines = match self.pack.status(None) {
            LawStatus::InForce => Vec::new(),
            LawStatus::Historical => vec![self.put(
                "Deze wet geldt niet meer. Het pakket laat zien hoe zij oordeelde; niemand meldt er nog naar.",
                "This law is no longer in force. The pack shows how it judged; nobody reports under it any more.",
            )],
            LawStatus::Proposal => vec![self.put(
                "Dit is geen wet. Het pakket laat zien wat het voorstel zou veranderen, en oordeelt alleen als iemand het bij naam kiest.",
                "This is not law. The pack shows what the proposal would change, and judges only when somebody chooses it by name.",
            )],
        };
        if !lines.is_empty() {
            let title = self.say(&standing_in_words(self.pack.status(None), self.pack.is_beside()));
            let lines = lines.into_iter().map(Line::plain).collect();
            self.blocks.push(Block::Notice { tone: Tone::Advice, title, lines });
        }
        let source = format!("{}: {}", self.put("Bronnen", "Sources"), self.pack.source());
        self.blocks.push(Block::Paragraph { line: Line::plain(source) });
        let proof = self.pack.proof();
        let counted = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let proved = Text::made(
            format!(
                "{} en {}, in elke samenloop van feiten bewezen zonder gat en zonder tegenspraak.",
                counted(proof.tables, "tabel", "tabellen"),
                counted(proof.rules, "regel", "regels")
            ),
            format!(
                "{} and {}, proved without gap or conflict in every combination of facts.",
                counted(proof.tables, "table", "tables"),
                counted(proof.rules, "rule", "rules")
            ),
        );
        let proved = self.say(&proved);
        self.blocks.push(Block::Paragraph { line: Line::plain(proved) });
    }

    fn notes(&mut self) {
        if self.pack.notes().is_empty() {
            return;
        }
        self.heading(1, self.put("Wat u moet weten", "What to know"));
        let items = self.pack.notes().iter().map(|note| {
            Line::plain(format!("{} {}", self.say(&note.text), self.checked(&note.cites, note.mark, &note.source)))
        });
        let items = items.collect();
        self.list(items);
    }

    fn terms(&mut self) {
        if self.pack.deadline_rules().is_empty() {
            return;
        }
        self.heading(1, self.put("Termijnen", "Terms"));
        let items = self.pack.deadline_rules().iter().map(|rule| {
            let when = if rule.when == "always" {
                String::new()
            } else {
                format!(" {}: {}.", self.put("Als", "When"), one_line(&rule.when))
            };
            Line::default().then(Run::Strong(rule.id.clone())).then(Run::Plain(format!(
                ": {}.{when} {}",
                self.say(&rule.text),
                self.checked(&rule.cites, rule.mark, &rule.source)
            )))
        });
        let items = items.collect();
        self.list(items);
    }

    fn parameters(&mut self) {
        if self.pack.parameters().is_empty() {
            return;
        }
        self.heading(1, self.put("Getallen die de wet open laat", "Numbers that the law leaves open"));
        let items = self.pack.parameters().iter().map(|parameter| {
            Line::default()
                .then(Run::Strong(format!("{} = {} {}", parameter.id, parameter.value, parameter.unit)))
                .then(Run::Plain(format!(
                    ": {} {}",
                    self.say(&parameter.text),
                    self.checked(&[], parameter.mark, &parameter.set_by)
                )))
        });
        let items = items.collect();
        self.list(items);
    }

    fn sets(&mut self) {
        if self.pack.sets().is_empty() {
            return;
        }
        self.heading(1, self.put("Woorden die het pakket gelijk behandelt", "Words that the pack treats alike"));
        let items = self.pack.sets().iter().map(|set| {
            let words = self.say(&answer(set.fact, &facts::Value::Many(set.words.clone())));
            Line::default().then(Run::Strong(format!("@{}", set.id))).then(Run::Plain(format!(
                ": {} ({words}). {}",
                self.say(&set.text),
                self.checked(&[], set.mark, &set.source)
            )))
        });
        let items = items.collect();
        self.list(items);
    }

    fn not_modelled(&mut self, texts: &[Text]) {
        if texts.is_empty() {
            return;
        }
        let title = self.put("Niet gemodelleerd", "Not modelled");
        let lines = texts.iter().map(|text| Line::plain(self.say(text))).collect();
        self.blocks.push(Block::Notice { tone: Tone::Advice, title, lines });
    }

    fn topic(&mut self, topic: usize) {
        let pack = self.pack;
        for table in pack.tables().iter().filter(|table| table.topic == topic) {
            self.table(table);
        }
        for rule in pack.rules().iter().filter(|rule| rule.topic == topic) {
            self.rule(rule);
        }
        let advice: Vec<Line> = pack
            .advice()
            .iter()
            .filter(|advice| advice.topic == topic)
            .map(|advice| {
                let when = one_line(&advice.when);
                let mark = advice.mark.map(|mark| format!("[{}] ", mark.sign())).unwrap_or_default();
                Line::plain(format!("{mark}{} ({}; {when})", self.say(&advice.text), advice.cites.join("; ")))
            })
            .collect();
        if !advice.is_empty() {
            self.heading(2, self.put("Adviezen", "Advice"));
            self.list(advice);
        }
    }

    fn table(&mut self, table: &Table) {
        self.heading(2, format!("{}: {}", self.put("Vraag", "Question"), self.say(&table.name)));
        let mut pairs = vec![
            (self.put("Tabel", "Table"), table.id.clone()),
            (self.put("Antwoorden", "Answers"), table.values.join(", ")),
        ];
        if let Some(view) = table.given_by {
            let said = Text::made(
                format!("wie beoordeelt, kan dit zelf geven ({})", view.key()),
                format!("the assessor may give this themselves ({})", view.key()),
            );
            pairs.push((self.put("Eigen inzicht", "Own view"), self.say(&said)));
        }
        if let Some(open) = &table.open {
            pairs.push((
                self.put("Zolang open", "While open"),
                format!("{} ({})", self.say(&open.text), open.cites.join("; ")),
            ));
        }
        self.pairs(pairs);
    }

    fn rule(&mut self, rule: &Rule) {
        let name = |number: usize| self.pack.rules().get(number).map(|rule| rule.id.clone());
        let gives: Vec<String> = rule
            .gives
            .iter()
            .filter_map(|(table, value)| {
                let table = self.pack.tables().get(*table)?;
                Some(format!("{} = {}", table.id, table.values.get(usize::from(*value))?))
            })
            .collect();
        let over: Vec<String> = rule.overrides.iter().filter_map(|number| name(*number)).collect();
        let mut pairs =
            vec![(self.put("Als", "When"), one_line(&rule.when)), (self.put("Dan", "Then"), gives.join(", "))];
        if !over.is_empty() {
            pairs.push((self.put("Gaat voor", "Goes before"), over.join(", ")));
        }
        let dates = [(rule.from, "vanaf", "from"), (rule.until, "tot en met", "until")];
        let dates: Vec<String> = dates
            .into_iter()
            .filter_map(|(date, nl, en)| date.map(|date| format!("{} {date}", self.put(nl, en))))
            .collect();
        if !dates.is_empty() {
            pairs.push((self.put("Geldt", "In force"), dates.join(" ")));
        }
        pairs.push((self.put("Bron", "Source"), self.checked(&rule.cites, rule.mark, &rule.source)));
        self.heading(3, rule.id.clone());
        self.blocks.push(Block::Paragraph { line: Line::plain(self.say(&rule.text)) });
        self.pairs(pairs);
    }

    fn aids(&mut self) {
        if self.pack.aids().is_empty() {
            return;
        }
        self.heading(1, self.put("Hulpvragen", "Questions that help"));
        let items = self.pack.aids().iter().map(|aid| {
            let whom = aid.whom.as_ref().map(|whom| format!(" ({})", self.say(whom))).unwrap_or_default();
            Line::default().then(Run::Strong(aid.fact.key().to_owned())).then(Run::Plain(format!(
                ": {}{whom} {}",
                self.say(&aid.text),
                self.checked(&aid.cites, aid.mark, &aid.source)
            )))
        });
        let items = items.collect();
        self.list(items);
    }
}

/// A condition over several lines, on one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
