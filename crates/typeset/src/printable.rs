//! What a text may hold before it goes to paper: every character has a glyph, nothing reorders or hides the others.

use serde_json::Value;
use typst::text::Font;

/// Which characters are printed as themselves; the others are printed as their code, `[U+202E]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Printable {
    /// All that one of our fonts has.
    Covered,
    /// Only those of the text font that stand on their own.
    Sure,
}

/// Longer words than this get places where they may break.
const LONG_WORD: usize = 60;
/// So many characters stand between two such places.
const BREAK_EVERY: usize = 20;
/// Marks such a place for the template, which turns it into a space without width. In a text itself this private character
/// never comes through.
const BREAK: char = '\u{E000}';

impl Printable {
    /// Makes every text in the data printable.
    pub(crate) fn clean(self, data: &mut Value, fonts: &[Font]) {
        match data {
            Value::String(text) => {
                if let Some(cleaned) = self.text(text, fonts) {
                    *text = cleaned;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.clean(item, fonts)),
            Value::Object(members) => members.values_mut().for_each(|member| self.clean(member, fonts)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The text as it can be printed; nothing where it can be as it is.
    fn text(self, text: &str, fonts: &[Font]) -> Option<String> {
        let is_plain =
            text.len() <= LONG_WORD && text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte));
        if is_plain {
            return None;
        }
        let mut cleaned = String::with_capacity(text.len());
        for line in text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").split('\n') {
            if !cleaned.is_empty() {
                cleaned.push('\n');
            }
            for (index, word) in line.replace('\t', " ").split(' ').enumerate() {
                if index > 0 {
                    cleaned.push(' ');
                }
                push_breakable(&mut cleaned, &self.word(word, fonts));
            }
        }
        Some(cleaned)
    }

    fn word(self, word: &str, fonts: &[Font]) -> String {
        let mut cleaned = String::with_capacity(word.len());
        for character in word.chars() {
            if self.can_print(character, fonts) {
                cleaned.push(character);
            } else {
                cleaned.push_str(&format!("[U+{:04X}]", u32::from(character)));
            }
        }
        cleaned
    }

    fn can_print(self, character: char, fonts: &[Font]) -> bool {
        if (' '..='~').contains(&character) {
            return true;
        }
        if character.is_control() || is_deceptive(character) {
            return false;
        }
        let code = u32::from(character);
        match self {
            Self::Covered => fonts.iter().any(|font| font.info().coverage.contains(code)),
            // Letters with their accents in one, and the punctuation of running text.
            Self::Sure => {
                let stands_alone = matches!(code, 0xA1..=0x24F | 0x2010..=0x2027 | 0x20AC);
                stands_alone && fonts.first().is_some_and(|font| font.info().coverage.contains(code))
            }
        }
    }
}

/// Characters that show nothing themselves but change how others are read, or that archives may not hold.
fn is_deceptive(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' // soft hyphen
        | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' // direction, joining
        | '\u{180E}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}' // variants, byte order, specials
        | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}' // tags and private use (PDF/A-2a)
    )
}

/// Whether a word is a SHA-256, which the template prints on one line: whoever copies it has it whole, with nothing in it.
fn is_hash(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

fn push_breakable(text: &mut String, word: &str) {
    if word.chars().nth(LONG_WORD).is_none() || is_hash(word) {
        text.push_str(word);
        return;
    }
    for (index, character) in word.chars().enumerate() {
        if index > 0 && index % BREAK_EVERY == 0 {
            text.push(BREAK);
        }
        text.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(printable: Printable, text: &str, expected: Option<&str>) {
        assert_eq!(printable.text(text, &crate::engine().fonts).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn what_has_a_glyph_stays() {
        check(Printable::Covered, "gewoon, #import \"x\" \\ $a$ *b*", None);
        check(Printable::Covered, "Patiënt – ‘€ 5’ Ελλάδα Россия", Some("Patiënt – ‘€ 5’ Ελλάδα Россия"));
        check(Printable::Sure, "Patiënt – ‘€ 5’ Ω", Some("Patiënt – ‘€ 5’ [U+03A9]"));
    }

    #[test]
    fn what_hides_or_reorders_is_shown_as_its_code() {
        check(Printable::Covered, "rekening\u{202E}fdp.exe", Some("rekening[U+202E]fdp.exe"));
        check(Printable::Covered, "a\u{7}b\u{0}c\u{FEFF}", Some("a[U+0007]b[U+0000]c[U+FEFF]"));
        check(Printable::Covered, "\u{1F600}", Some("[U+1F600]"));
        check(Printable::Covered, "\u{E000}\u{F8FF}", Some("[U+E000][U+F8FF]"));
        check(Printable::Covered, "een\r\ntwee\rdrie\tvier", Some("een\ntwee\ndrie vier"));
    }

    #[test]
    fn only_long_words_get_places_to_break() {
        let url = "https://datalekken.autoriteitpersoonsgegevens.nl/een/adres";
        check(Printable::Covered, url, None);
        let long = "x".repeat(70);
        let cleaned = Printable::Covered.text(&long, &[]).unwrap();
        assert_eq!(cleaned.matches(BREAK).count(), 3);
        assert_eq!(cleaned.replace(BREAK, ""), long);
        let hash = format!("SHA-256 {}", "0123456789abcdef".repeat(4));
        check(Printable::Covered, &hash, Some(&hash));
    }
}
