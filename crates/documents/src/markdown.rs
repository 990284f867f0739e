//! A document as Markdown (CommonMark), for pages that are kept in a repository or a wiki.

use crate::document::{Block, Document, FieldBlock, Line, Run};

impl Document {
    /// The whole document as Markdown: the title as its first heading, one empty line between parts.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut parts = vec![format!("# {}", escaped(&self.title))];
        parts.extend(
            [&self.subtitle, &self.draft].into_iter().filter(|line| !line.is_empty()).map(|line| escaped(line)),
        );
        parts.extend(self.blocks.iter().map(block).filter(|part| !part.is_empty()));
        let mut text = parts.join("\n\n");
        text.push('\n');
        text
    }
}

fn block(block: &Block) -> String {
    match block {
        // The title is the first level.
        Block::Heading { level, text } => {
            format!("{} {}", "#".repeat(usize::from(*level) + 1), escaped(text))
        }
        Block::Paragraph { line } => inline(line),
        Block::Lines { lines } => lines.iter().map(inline).collect::<Vec<_>>().join("  \n"),
        Block::Pairs { pairs } => {
            let rows = pairs.iter().map(|(name, value)| format!("- **{}**: {}", escaped(name), inline(value)));
            rows.collect::<Vec<_>>().join("\n")
        }
        Block::List { items } => items.iter().map(|item| format!("- {}", inline(item))).collect::<Vec<_>>().join("\n"),
        Block::Notice { title, lines, .. } => {
            let mut part = format!("> **{}**", escaped(title));
            for line in lines {
                part.push_str(&format!("  \n> {}", inline(line)));
            }
            part
        }
        Block::Field(field) => field_markdown(field),
        Block::PageBreak => String::new(),
    }
}

fn field_markdown(field: &FieldBlock) -> String {
    let part = if field.part.is_empty() { String::new() } else { format!(" – {}", escaped(&field.part)) };
    let mut lines = vec![format!("**{} {}**{part}", escaped(&field.number), escaped(&field.question))];
    lines.extend(field.ticks.iter().map(|tick| format!("- [x] {}", escaped(tick))));
    if !field.text.is_empty() {
        lines.push(escaped(&field.text));
    }
    lines.push(format!("({})", escaped(&field.state_label)));
    lines.extend(field.notes.iter().map(|note| format!("- {}", escaped(note))));
    lines.join("\n\n")
}

fn inline(line: &Line) -> String {
    let mut text = String::new();
    for run in &line.runs {
        match run {
            Run::Plain(plain) => text.push_str(&escaped(plain)),
            Run::Strong(strong) => text.push_str(&format!("**{}**", escaped(strong))),
            Run::Missing(missing) => text.push_str(&format!("*{}*", escaped(missing))),
        }
    }
    text
}

/// On one line, with every sign that Markdown reads as layout made plain.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(letter, '\\' | '*' | '`' | '<' | '[' | ']' | '|') {
            plain.push('\\');
        }
        plain.push(letter);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Look, Tone};
    use facts::Language;

    #[test]
    fn what_stands_in_it_is_never_layout() {
        let document = Document {
            look: Look::Paper,
            title: "Wet <x>".into(),
            subtitle: String::new(),
            language: Language::Dutch,
            author: String::new(),
            reference: String::new(),
            draft: String::new(),
            blocks: vec![
                Block::Heading { level: 1, text: "Een".into() },
                Block::Pairs { pairs: vec![("a*b".into(), Line::plain("x [1] < 2\n# geen kop"))] },
                Block::List { items: vec![Line::default().then(Run::Strong("sterk".into()))] },
                Block::Notice { tone: Tone::Advice, title: "Let op".into(), lines: vec![Line::plain("wel")] },
            ],
        };
        assert_eq!(
            document.to_markdown(),
            "# Wet \\<x>\n\n## Een\n\n- **a\\*b**: x \\[1\\] \\< 2 # geen kop\n\n- **sterk**\n\n> **Let op**  \n> wel\n"
        );
    }
}
