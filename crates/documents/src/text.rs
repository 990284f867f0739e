//! A document as plain text: to copy, to mail, to read where no PDF can be opened.

use crate::document::{Block, Document, FieldBlock, Line};

/// Lines are wrapped at this many characters.
const WIDTH: usize = 96;

impl Document {
    /// The whole document as text, wrapped, with one empty line between parts.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut parts = vec![underlined(&self.title, '=')];
        parts.extend(
            [&self.subtitle, &self.draft].into_iter().filter(|line| !line.is_empty()).map(|line| wrapped(line, "", "")),
        );
        parts.extend(self.blocks.iter().map(block).filter(|part| !part.is_empty()));
        let mut text = parts.join("\n\n");
        text.push('\n');
        text
    }
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { level: 1, text } => underlined(text, '-'),
        Block::Heading { text, .. } => text.clone(),
        Block::Paragraph { line } => wrapped(&line.text(), "", ""),
        Block::Lines { lines } => all(lines, "", ""),
        Block::Pairs { pairs } => {
            joined(pairs.iter().map(|(name, value)| wrapped(&format!("{name}: {}", value.text()), "", "  ")))
        }
        Block::List { items } => all(items, "- ", "  "),
        Block::Notice { title, lines, .. } => {
            let mut part = wrapped(title, "| ", "| ");
            for line in lines {
                part.push('\n');
                part.push_str(&wrapped(&line.text(), "| ", "| "));
            }
            part
        }
        Block::Field(field) => field_text(field),
        Block::PageBreak => String::new(),
    }
}

fn field_text(field: &FieldBlock) -> String {
    let part = if field.part.is_empty() { String::new() } else { format!(" – {}", field.part) };
    let mut lines = vec![wrapped(&format!("{} {}{part}", field.number, field.question), "", "    ")];
    if !field.gloss.is_empty() {
        lines.push(wrapped(&format!("({})", field.gloss), "    ", "    "));
    }
    lines.extend(field.ticks.iter().map(|tick| wrapped(tick, "    [x] ", "        ")));
    if !field.text.is_empty() {
        lines.push(wrapped(&field.text, "    ", "    "));
    }
    lines.push(format!("    ({})", field.state_label));
    lines.extend(field.notes.iter().map(|note| wrapped(note, "    * ", "      ")));
    lines.join("\n")
}

fn all(lines: &[Line], first: &str, rest: &str) -> String {
    joined(lines.iter().map(|line| wrapped(&line.text(), first, rest)))
}

fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn underlined(text: &str, with: char) -> String {
    let rule: String = std::iter::repeat_n(with, text.chars().count().min(WIDTH)).collect();
    format!("{text}\n{rule}")
}

/// Wraps at spaces; the writer's own line breaks stay.
fn wrapped(text: &str, first: &str, rest: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let prefix = |lines: &Vec<String>| if lines.is_empty() { first } else { rest }.to_owned();
        let mut line = prefix(&lines);
        let mut is_fresh = true;
        for word in paragraph.split_whitespace() {
            if !is_fresh && line.chars().count() + 1 + word.chars().count() > WIDTH {
                lines.push(std::mem::take(&mut line));
                line = prefix(&lines);
                is_fresh = true;
            }
            if !is_fresh {
                line.push(' ');
            }
            line.push_str(word);
            is_fresh = false;
        }
        lines.push(line);
    }
    lines.join("\n")
}
