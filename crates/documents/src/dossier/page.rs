//! The dossier as a document: first what to know, then every field in the form's order.

use facts::Language;
use law::verdict::Outcome;

use super::{Dossier, Field, form::Kind};
use crate::{
    document::{Block, Document, FieldBlock, FieldState, Line, Look, Run, Tone},
    moment::moment,
};

const NL: Language = Language::Dutch;

impl Dossier {
    /// The dossier to read and print. It is in Dutch: the AP's form is.
    #[must_use]
    pub fn document(&self) -> Document {
        let mut blocks = vec![self.summary(), self.instruction()];
        blocks.extend(self.outcome_notice());
        blocks.push(self.still_missing());
        let mut section = "";
        for field in &self.fields {
            if field.section.number != section {
                section = field.section.number;
                blocks.push(Block::Heading { level: 1, text: heading(field) });
            }
            blocks.push(Block::Field(field_block(field)));
        }
        Document {
            look: Look::Paper,
            title: "Voorbereiding van de melding aan de AP".into(),
            subtitle: self.title.clone(),
            language: NL,
            author: self.organisation.clone(),
            reference: format!("Incident {}", self.number),
            draft: String::new(),
            blocks,
        }
    }

    fn summary(&self) -> Block {
        let count = |state| self.fields.iter().filter(|field| field.state() == state).count();
        let missing = self.missing().count();
        let optional = count(FieldState::Missing) - missing;
        let mut pairs = vec![
            pair("Organisatie", &self.organisation),
            pair("Incident", &format!("{} – {}", self.number, self.title)),
            pair("Gemaakt", &moment(self.made_at.timestamp(), self.made_at.time_zone(), NL)),
        ];
        if let Some((at, is_provisional)) = self.report_before {
            let from = if is_provisional {
                "72 uur na het eerste signaal; de kennisname is nog niet vastgelegd"
            } else {
                "72 uur na de kennisname, AVG art. 33(1)"
            };
            let line = Line::default()
                .then(Run::Strong(moment(at, self.made_at.time_zone(), NL)))
                .then(Run::Plain(format!(" – {from}. Meld zodra u kunt.")));
            pairs.push(("Uiterlijk melden".into(), line));
        }
        pairs.push(pair("Formulier", self.form.address));
        pairs.push(pair(
            "Velden",
            &format!(
                "{} vastgelegd, {} voorgesteld, {missing} ontbreken, {optional} niet verplicht en leeg",
                count(FieldState::Recorded),
                count(FieldState::Derived),
            ),
        ));
        Block::Pairs { pairs }
    }

    fn instruction(&self) -> Block {
        Block::Notice {
            tone: Tone::Advice,
            title: "Dit is een voorbereiding, nog geen melding".into(),
            lines: vec![
                Line::plain(
                    "De AP neemt een melding alleen aan in haar eigen formulier. Neem de antwoorden over, controleer ze, en \
                     leg daarna in Dijkwacht het meldingsnummer vast.",
                ),
                Line::plain(format!(
                    "De indeling is die van de {}. Of de AP het formulier daarna heeft gewijzigd, is ons niet bekend. \
                     Waar ‘controleer in het formulier’ staat, kennen wij de vraag niet letterlijk.",
                    self.form.edition.nl
                )),
                Line::plain(
                    "Noem geen namen of andere gegevens van betrokkenen, ook niet in bijlagen. Weet u nog niet alles? \
                     Meld op tijd wat u weet en vul later aan (AVG art. 33(4)).",
                ),
            ],
        }
    }

    fn outcome_notice(&self) -> Option<Block> {
        let (title, line) = match self.outcome? {
            Outcome::Required => return None,
            Outcome::NotRequired => (
                "Volgens het oordeel is melden niet verplicht",
                "Dit dossier is toch gemaakt. Of u meldt, beslist een mens; leg de motivering vast.",
            ),
            Outcome::Undetermined => {
                ("Het oordeel is nog niet rond", "Er ontbreken feiten. Bij twijfel: meld, en vul later aan. Dat mag.")
            }
        };
        Some(Block::Notice { tone: Tone::Advice, title: title.into(), lines: vec![Line::plain(line)] })
    }

    fn still_missing(&self) -> Block {
        let lines: Vec<_> = self
            .missing()
            .map(|field| {
                let part = field.question.part.map(|part| format!(" – {}", part.nl)).unwrap_or_default();
                Line::default()
                    .then(Run::Strong(field.question.number.into()))
                    .then(Run::Plain(format!("  {}{part}", field.question.text.nl)))
            })
            .collect();
        if lines.is_empty() {
            let title = "Alle verplichte velden zijn ingevuld".into();
            let lines = vec![Line::plain("Controleer de voorgestelde antwoorden voordat u ze overneemt.")];
            return Block::Notice { tone: Tone::Advice, title, lines };
        }
        Block::Notice { tone: Tone::Todo, title: format!("Wat nog ontbreekt ({})", lines.len()), lines }
    }
}

fn pair(name: &str, value: &str) -> (String, Line) {
    (name.into(), Line::plain(value))
}

fn heading(field: &Field) -> String {
    // What comes last has no number that we know.
    if field.section.number.starts_with(|first: char| first.is_ascii_digit()) {
        format!("{} {}", field.section.number, field.section.title.nl)
    } else {
        field.section.title.nl.to_owned()
    }
}

fn field_block(field: &Field) -> FieldBlock {
    let content = field.content().cloned().unwrap_or_default();
    let mut text = content.text.unwrap_or_default();
    if text.is_empty() && content.ticks.is_empty() && field.content().is_some() && field.question.kind == Kind::Many {
        text = "Niets aankruisen.".into();
    }
    let mut notes: Vec<String> = field.note.iter().map(|note| note.nl.clone().into_owned()).collect();
    if field.needs_check() {
        notes.push("Controleer in het formulier: de vraag kan daar anders luiden.".into());
    }
    FieldBlock {
        number: field.question.number.into(),
        question: field.question.text.nl.into(),
        part: field.question.part.map(|part| part.nl.to_owned()).unwrap_or_default(),
        state: field.state(),
        is_optional: field.question.is_optional,
        state_label: match field.state() {
            FieldState::Recorded => "Vastgelegd",
            FieldState::Derived => "Voorstel: controleer",
            FieldState::Missing if field.question.is_optional => "Leeg, niet verplicht",
            FieldState::Missing => "Ontbreekt: nog invullen",
        }
        .into(),
        ticks: content.ticks.into_iter().map(String::from).collect(),
        text,
        notes,
    }
}
