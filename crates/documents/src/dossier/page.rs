//! The dossier as a document: first what to know, then every field in the form's order; of a supplement, what changed.

use facts::Language;
use law::verdict::Outcome;

use super::{Change, Dossier, Field, Kind, Purpose};
use crate::{
    document::{Block, Document, FieldBlock, FieldState, Line, Look, Run, Tone},
    moment::moment,
};

const NL: Language = Language::Dutch;

impl Dossier<'_> {
    /// The dossier to read and print. It is in Dutch; of a form whose own words are English, with those beside it.
    #[must_use]
    pub fn document(&self) -> Document {
        let changes = self.changes();
        let mut blocks = vec![self.summary(), self.instruction()];
        blocks.extend(self.outcome_notice());
        blocks.extend(self.standing_notice());
        blocks.push(match &changes {
            Some(changes) => changed_notice(changes),
            None => self.still_missing(),
        });
        let told: Vec<_> = self.fields.iter().filter(|field| is_told(field, changes.as_deref())).collect();
        let mut section = "";
        for field in &told {
            if field.section.number != section {
                section = &field.section.number;
                blocks.push(Block::Heading { level: 1, text: heading(field) });
            }
            blocks.push(Block::Field(self.field_block(field, changes.as_deref())));
        }
        let left_out = self.fields.len() - told.len();
        if left_out > 0 {
            let line = Line::plain(format!("De andere {left_out} velden zijn gelijk aan de vorige melding."));
            blocks.push(Block::Paragraph { line });
        }
        Document {
            look: Look::Paper,
            title: match self.purpose {
                Purpose::First => self.form.heading.nl.clone().into_owned(),
                Purpose::Supplement | Purpose::Withdrawal => {
                    format!("{}: {}", self.form.heading.nl, self.purpose.name().nl.to_lowercase())
                }
            },
            subtitle: self.title.clone(),
            language: NL,
            author: self.organisation.clone(),
            reference: format!("Incident {}", self.number),
            draft: String::new(),
            blocks,
        }
    }

    fn summary(&self) -> Block {
        let completeness = self.completeness();
        let mut pairs = vec![
            pair("Organisatie", &self.organisation),
            pair("Incident", &format!("{} – {}", self.number, self.title)),
            pair("Gemaakt", &moment(self.made_at.timestamp(), self.made_at.time_zone(), NL)),
        ];
        if let Some(number) = &self.earlier_number {
            pairs.push(pair("Eerdere melding", number));
        }
        if let Some((at, is_provisional)) = self.report_before.filter(|_| self.purpose == Purpose::First) {
            let hours = self.form.late_after_hours;
            let from = if is_provisional {
                format!("{hours} uur na het eerste signaal; de kennisname is nog niet vastgelegd")
            } else {
                format!("{hours} uur na de kennisname, AVG art. 33(1)")
            };
            let line = Line::default()
                .then(Run::Strong(moment(at, self.made_at.time_zone(), NL)))
                .then(Run::Plain(format!(" – {from}. Meld zodra u kunt.")));
            pairs.push(("Uiterlijk melden".into(), line));
        }
        pairs.push(pair("Formulier", &self.form.address));
        pairs.push(pair(
            "Velden",
            &format!(
                "{} vastgelegd, {} voorgesteld, {} ontbreken, {} niet verplicht en leeg",
                completeness.recorded, completeness.derived, completeness.missing, completeness.optional_open,
            ),
        ));
        Block::Pairs { pairs }
    }

    fn instruction(&self) -> Block {
        let mut lines = vec![
            Line::plain(self.form.instruction.nl.as_ref()),
            Line::plain(self.form.status.nl.as_ref()),
            Line::plain(
                "Noem geen namen of andere gegevens van betrokkenen, ook niet in bijlagen. Weet u nog niet alles? \
                 Meld op tijd wat u weet en vul later aan (AVG art. 33(4)).",
            ),
        ];
        lines.extend(self.form.credit.iter().map(|credit| Line::plain(credit.nl.as_ref())));
        Block::Notice { tone: Tone::Advice, title: "Dit is een voorbereiding, nog geen melding".into(), lines }
    }

    fn outcome_notice(&self) -> Option<Block> {
        if self.purpose == Purpose::Withdrawal {
            return None;
        }
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

    /// Where a supplement cannot show what changed, it says so.
    fn standing_notice(&self) -> Option<Block> {
        if self.purpose != Purpose::Supplement || self.earlier.is_some() {
            return None;
        }
        let line = "Van de vorige melding zijn de antwoorden op dit formulier niet bewaard. Hier staan daarom alle velden; \
                    geef alleen door wat nieuw of anders is.";
        let title = "Wat er is gewijzigd, is niet bekend".into();
        Some(Block::Notice { tone: Tone::Advice, title, lines: vec![Line::plain(line)] })
    }

    fn still_missing(&self) -> Block {
        let lines: Vec<_> = self
            .missing()
            .map(|field| {
                let part = field.question.part.as_ref().map(|part| format!(" – {}", part.nl)).unwrap_or_default();
                Line::default()
                    .then(Run::Strong(field.question.number.clone()))
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

    fn field_block(&self, field: &Field<'_>, changes: Option<&[Change]>) -> FieldBlock {
        let content = field.content().cloned().unwrap_or_default();
        let mut text = content.text.unwrap_or_default();
        let is_none = text.is_empty() && content.ticks.is_empty() && field.content().is_some();
        if is_none && field.question.kind == Kind::Many {
            text = "Niets aankruisen.".into();
        }
        FieldBlock {
            number: field.question.number.clone(),
            question: field.question.text.nl.clone().into_owned(),
            gloss: if self.form.is_bilingual { field.question.text.en.clone().into_owned() } else { String::new() },
            part: field.question.part.as_ref().map(|part| part.nl.clone().into_owned()).unwrap_or_default(),
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
            notes: notes(field, changes),
        }
    }
}

fn notes(field: &Field<'_>, changes: Option<&[Change]>) -> Vec<String> {
    let mut notes: Vec<String> = field.note.iter().map(|note| note.nl.clone().into_owned()).collect();
    if let (Some(over), Some(limit)) = (field.too_long(), field.question.limit) {
        let whose = if limit.is_known {
            "de grens van het formulier"
        } else {
            "onze veilige grens; die van het formulier kennen wij niet"
        };
        notes.push(format!(
            "{over} tekens meer dan {} ({whose}). Er is niets afgekapt: kort de tekst zelf in.",
            limit.chars
        ));
    }
    let change = changes.and_then(|changes| changes.iter().find(|change| change.key == field.question.key));
    if let Some(change) = change {
        notes.push(match &change.before {
            Some(before) => format!("In de vorige melding stond: {}", one_line(before)),
            None => "Dit ontbrak in de vorige melding.".into(),
        });
    }
    if field.needs_check() {
        notes.push("Controleer in het formulier: de vraag kan daar anders luiden.".into());
    }
    notes
}

/// What a supplement prints: what changed, and what the form asks of any report.
fn is_told(field: &Field<'_>, changes: Option<&[Change]>) -> bool {
    let Some(changes) = changes else { return true };
    field.question.asks.is_about_report() || changes.iter().any(|change| change.key == field.question.key)
}

fn changed_notice(changes: &[Change]) -> Block {
    if changes.is_empty() {
        let lines = vec![Line::plain("Alle antwoorden zijn gelijk aan die van de vorige melding.")];
        return Block::Notice { tone: Tone::Advice, title: "Er is niets gewijzigd".into(), lines };
    }
    let lines = changes
        .iter()
        .map(|change| {
            let now = change.now.as_deref().map_or_else(|| "niet meer bekend of niet meer gevraagd".into(), one_line);
            Line::default()
                .then(Run::Strong(change.field.clone()))
                .then(Run::Plain(format!("  {}: {now}", change.question.nl)))
        })
        .collect();
    Block::Notice { tone: Tone::Todo, title: format!("Wat er is gewijzigd ({})", changes.len()), lines }
}

fn one_line(text: &str) -> String {
    text.split('\n').collect::<Vec<_>>().join("; ")
}

fn pair(name: &str, value: &str) -> (String, Line) {
    (name.into(), Line::plain(value))
}

fn heading(field: &Field<'_>) -> String {
    // What comes last has no number that we know.
    if field.section.number.starts_with(|first: char| first.is_ascii_digit()) {
        format!("{} {}", field.section.number, field.section.title.nl)
    } else {
        field.section.title.nl.clone().into_owned()
    }
}
