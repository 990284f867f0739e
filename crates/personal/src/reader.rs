//! Text as it comes, in pieces, and what is found in it.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::{Category, Count, Found, card, check, date, iban, words};

/// Text is looked at in pieces of at least so much, unless it ends.
const PIECE: usize = 8 * 1024;

/// What is kept of the piece before: room for a word to the left of a value that stands on the edge.
const KEPT: usize = 256;

/// The longest value, with its spaces.
const LONGEST: usize = 64;

/// Different values told apart.
const MAX_DISTINCT: usize = 8 * 1024;

/// Columns whose heads are remembered.
const MAX_COLUMNS: usize = 16;

/// Numbers without a word or head are citizens' when there are so many, and all but one in twenty pass.
const MANY: u64 = 20;

/// A reader of one text: a form, a letter, a file.
#[derive(Debug, Default)]
pub struct Reader {
    held: Vec<u8>,
    /// How much of what is held was looked at.
    looked: usize,
    /// The column that the next byte stands in, and the heads of the table, if it is one.
    table: Table,
    tallies: [Tally; Category::ALL.len()],
    /// Numbers of nine digits about which nothing is said: all, and those that pass.
    unsaid: u64,
    unsaid_passing: Tally,
}

#[derive(Debug, Default)]
struct Tally {
    occurrences: u64,
    values: HashSet<u64>,
}

impl Tally {
    fn add(&mut self, value: &[u8]) {
        self.occurrences += 1;
        if self.values.len() < MAX_DISTINCT {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            self.values.insert(hasher.finish());
        }
    }
}

/// A table's shape, from its first line.
#[derive(Debug, Default)]
struct Table {
    separator: Option<u8>,
    heads: Vec<(usize, Category)>,
    column: usize,
    /// Its first line was read for heads; what is read now stands below it.
    has_heads_read: bool,
    is_below_heads: bool,
}

impl Table {
    /// Reads the heads from the first line.
    fn first_line(&mut self, line: &[u8]) {
        self.has_heads_read = true;
        let count = |separator: u8| line.iter().filter(|byte| **byte == separator).count();
        let Some(separator) = [b';', b'\t', b',', b'|'].into_iter().max_by_key(|separator| count(*separator)) else {
            return;
        };
        for (column, cell) in line.split(|byte| *byte == separator).enumerate() {
            for category in [Category::Bsn, Category::BirthDate, Category::CreditCard] {
                if self.heads.len() < MAX_COLUMNS && words::heads(category, cell) {
                    self.heads.push((column, category));
                }
            }
        }
        if !self.heads.is_empty() {
            self.separator = Some(separator);
        }
    }

    fn says(&self, category: Category) -> bool {
        self.is_below_heads && self.separator.is_some() && self.heads.contains(&(self.column, category))
    }

    fn passed(&mut self, byte: u8) {
        if byte == b'\n' {
            self.column = 0;
            self.is_below_heads = true;
        } else if Some(byte) == self.separator {
            self.column += 1;
        }
    }
}

impl Reader {
    /// Takes the next piece of text.
    pub fn text(&mut self, piece: &[u8]) {
        self.held.extend_from_slice(piece);
        if self.held.len() >= KEPT + PIECE {
            self.look(self.held.len() - LONGEST);
        }
    }

    /// Bytes held in memory.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.held.len()
    }

    /// The text has ended: what was found in it.
    #[must_use]
    pub fn finish(mut self) -> Found {
        self.look(self.held.len());
        let is_column =
            self.unsaid_passing.values.len() as u64 >= MANY && self.unsaid_passing.occurrences * 20 >= self.unsaid * 19;
        let mut found = Found::default();
        for (category, tally) in Category::ALL.into_iter().zip(&mut self.tallies) {
            if category == Category::Bsn && is_column {
                tally.occurrences += self.unsaid_passing.occurrences;
                tally.values.extend(&self.unsaid_passing.values);
            }
            if tally.occurrences > 0 {
                let count = Count { occurrences: tally.occurrences, distinct: tally.values.len() as u64 };
                found.0.push((category, count));
            }
        }
        found
    }

    /// Looks at what is held up to `end`, and keeps what may be needed of it.
    fn look(&mut self, end: usize) {
        let held = std::mem::take(&mut self.held);
        if !self.table.has_heads_read {
            let line = held.split(|byte| *byte == b'\n').next().unwrap_or_default();
            self.table.first_line(line.get(..1024).unwrap_or(line));
        }
        let mut at = self.looked;
        while at < end {
            let taken = self.value(&held, at).max(1);
            for byte in held.get(at..at + taken).unwrap_or_default() {
                self.table.passed(*byte);
            }
            at += taken;
        }
        let from = at.saturating_sub(KEPT).min(held.len());
        self.held = held.get(from..).unwrap_or_default().to_vec();
        self.looked = at.min(held.len()) - from;
    }

    /// Counts the value that begins here: its length, or that of what is no value.
    fn value(&mut self, text: &[u8], at: usize) -> usize {
        let Some(rest) = text.get(at..) else { return 1 };
        let Some(first) = rest.first() else { return 1 };
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        match first {
            b'@' => {
                self.email(text, at);
                1
            }
            _ if !first.is_ascii_alphanumeric() => 1,
            _ if before.is_some_and(|byte| byte.is_ascii_alphanumeric()) => word_length(rest),
            b'0'..=b'9' => self.number(text, at, rest, before.copied()),
            _ => self.account(rest).unwrap_or_else(|| word_length(rest)),
        }
    }

    fn tally(&mut self, category: Category, value: &[u8]) {
        if let Some(tally) = self.tallies.get_mut(category as usize) {
            tally.add(value);
        }
    }

    /// An IBAN, in one piece or in groups.
    fn account(&mut self, rest: &[u8]) -> Option<usize> {
        let wanted = iban::length(rest)?;
        if !rest.get(2..4)?.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut digits = Vec::with_capacity(wanted);
        let mut length = 0;
        while digits.len() < wanted {
            let byte = *rest.get(length)?;
            if byte.is_ascii_alphanumeric() {
                digits.push(byte);
            } else if !matches!(byte, b' ' | b'.' | b'-' | b'+') || digits.len() % 4 != 0 {
                return None;
            }
            length += 1;
        }
        if rest.get(length).is_some_and(u8::is_ascii_alphanumeric) || !iban::is_valid(&digits) {
            return None;
        }
        self.tally(Category::Iban, &digits.to_ascii_uppercase());
        Some(length)
    }

    fn number(&mut self, text: &[u8], at: usize, rest: &[u8], before: Option<u8>) -> usize {
        let left = text.get(at.saturating_sub(words::REACH)..at).unwrap_or_default();
        if let Some(length) = date::length(rest) {
            if self.table.says(Category::BirthDate) || words::say(Category::BirthDate, left) {
                self.tally(Category::BirthDate, rest.get(..length).unwrap_or_default());
            }
            return length;
        }
        let (digits, length, is_grouped) = digits(rest);
        let is_part = matches!(before, Some(b'.' | b',' | b'-' | b'_' | b'+'))
            || is_joined(rest.get(length..).unwrap_or_default());
        if is_part {
            return length;
        }
        match digits.len() {
            8 | 9 => self.citizen(&digits, left, rest.get(length..).unwrap_or_default()),
            13..=19 if card::is_valid(&digits) => {
                let is_said = self.table.says(Category::CreditCard) || words::say(Category::CreditCard, left);
                if is_said || is_grouped && digits.len() == 16 {
                    self.tally(Category::CreditCard, &digits);
                }
            }
            _ => {}
        }
        length
    }

    fn citizen(&mut self, digits: &[u8], left: &[u8], right: &[u8]) {
        let passes = check::is_bsn(digits);
        if self.table.says(Category::Bsn) || words::say(Category::Bsn, left) || words::say_behind(right) {
            if passes {
                self.tally(Category::Bsn, digits);
            }
        } else if digits.len() == 9 {
            self.unsaid += 1;
            if passes {
                self.unsaid_passing.add(digits);
            }
        }
    }

    /// An address around the `@` that stands here.
    fn email(&mut self, text: &[u8], at: usize) {
        let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+');
        let before = text.get(..at).unwrap_or_default();
        let local = before.iter().rev().take(64).take_while(|byte| is_local(byte)).count();
        let after = text.get(at + 1..).unwrap_or_default();
        let domain = after
            .iter()
            .take(64)
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
            .count();
        let domain = after.get(..domain).unwrap_or_default();
        let top = domain.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
        if local > 0 && domain.contains(&b'.') && top.len() >= 2 && top.iter().all(u8::is_ascii_alphabetic) {
            let address = text.get(at - local..at + 1 + domain.len()).unwrap_or_default();
            self.tally(Category::Email, &address.to_ascii_lowercase());
        }
    }
}

fn word_length(rest: &[u8]) -> usize {
    rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

/// Digits from here on, with single separators between groups where all are the same: the digits, the length with
/// separators, and whether there were any.
fn digits(rest: &[u8]) -> (Vec<u8>, usize, bool) {
    let run = rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_digit()).count();
    let plain = rest.get(..run).unwrap_or_default();
    let Some(separator @ (b' ' | b'.' | b'-')) = rest.get(run).copied() else { return (plain.to_vec(), run, false) };
    if !(2..=4).contains(&run) {
        return (plain.to_vec(), run, false);
    }
    let (mut digits, mut length) = (plain.to_vec(), run);
    while rest.get(length) == Some(&separator) && digits.len() < 20 {
        let group = rest.get(length + 1..).unwrap_or_default();
        let count = group.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
        if !(2..=4).contains(&count) {
            break;
        }
        digits.extend(group.get(..count).unwrap_or_default());
        length += 1 + count;
    }
    match digits.len() {
        8 | 9 | 13..=19 => (digits, length, true),
        _ => (plain.to_vec(), run, false),
    }
}

/// Whether what follows a number shows that it is only a part of something.
fn is_joined(after: &[u8]) -> bool {
    match after {
        [b'.' | b',' | b'-' | b'_' | b':', next, ..] => next.is_ascii_digit(),
        [byte, ..] => byte.is_ascii_alphanumeric(),
        [] => false,
    }
}
