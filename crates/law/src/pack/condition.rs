//! The language in which a pack's conditions are written, and its reading into a tree.
//!
//! It is meant to be read by a lawyer: `disclosure = established and not (protection = intact and not key_compromised)`.
//! Promises: a condition that reads at all reads one way only; an error names the place. Deliberately not here: what the
//! names stand for (the pack resolves them).
//!
//! ```text
//! condition = all-of { "or" all-of }
//! all-of    = one { "and" one }
//! one       = "always" | "not" one | "(" condition ")"
//!           | NAME                          a fact that is yes or no
//!           | NAME "=" WORD | NAME "!=" WORD
//!           | NAME "in" LIST                one of these
//!           | NAME "any" LIST               a set that holds any of these
//!           | NAME "all" LIST               a set that holds all of these
//!           | NAME ">=" BOUND | NAME "<" BOUND
//! LIST      = "[" WORD { "," WORD } "]" | "@" NAME
//! BOUND     = NUMBER | "$" NAME | WORD      a number, a parameter, or a place in the declared order
//! ```

/// A condition as written; names are not looked up yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Syntax {
    Always,
    Not(Box<Syntax>),
    All(Vec<Syntax>),
    Any(Vec<Syntax>),
    Holds(String),
    Is(String, String),
    In(String, List),
    HasAny(String, List),
    HasAll(String, List),
    AtLeast(String, Bound),
}

/// Words written out, or a named set of the pack.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum List {
    Words(Vec<String>),
    Named(String),
}

/// What something is measured against.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Bound {
    Number(f64),
    Parameter(String),
    Word(String),
}

/// Why a condition cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the condition cannot be read at `{at}`: expected {expected}")]
pub struct Unreadable {
    /// What stands at the place of trouble; `the end` where the text stops too early.
    pub at: String,
    pub expected: &'static str,
}

/// Reads a condition.
pub(crate) fn read(text: &str) -> Result<Syntax, Unreadable> {
    let mut reader = Reader { tokens: tokens(text)?, next: 0, depth: 0 };
    let condition = reader.any_of()?;
    match reader.peek() {
        None => Ok(condition),
        Some(_) => Err(reader.unexpected("`and`, `or` or the end")),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Number(f64),
    Parameter(String),
    Named(String),
    Sign(&'static str),
}

const SIGNS: [&str; 9] = ["!=", ">=", "=", "<", "(", ")", "[", "]", ","];
const KEYWORDS: [&str; 7] = ["and", "or", "not", "in", "any", "all", "always"];

fn tokens(text: &str) -> Result<Vec<Token>, Unreadable> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Token::Sign(sign), sign.len())
        } else if first == '$' || first == '@' {
            let name = leading(rest.get(1..).unwrap_or_default(), is_of_word);
            let token = if first == '$' { Token::Parameter(name.into()) } else { Token::Named(name.into()) };
            (token, 1 + name.len())
        } else if first.is_ascii_digit() {
            let digits = leading(rest, |c| c.is_ascii_digit() || c == '.');
            let number = digits.parse().map_err(|_| Unreadable { at: digits.into(), expected: "a number" })?;
            (Token::Number(number), digits.len())
        } else if is_of_word(first) {
            let word = leading(rest, is_of_word);
            (Token::Word(word.into()), word.len())
        } else {
            return Err(Unreadable { at: first.into(), expected: "a name, a sign or a number" });
        };
        found.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(found)
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Country codes are capitals; everything else of the vocabulary is lower case with underscores.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// How deep brackets and `not` may stand in each other; a lawyer loses the thread long before.
const DEEPEST: usize = 50;

struct Reader {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
}

impl Reader {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn unexpected(&self, expected: &'static str) -> Unreadable {
        let at = match self.peek() {
            None => "the end".into(),
            Some(Token::Word(text)) => text.clone(),
            Some(Token::Parameter(name)) => format!("${name}"),
            Some(Token::Named(name)) => format!("@{name}"),
            Some(Token::Number(number)) => number.to_string(),
            Some(Token::Sign(sign)) => (*sign).into(),
        };
        Unreadable { at, expected }
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.next += usize::from(found);
        found
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(next)) if next == keyword);
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, expected: &'static str) -> Result<String, Unreadable> {
        match self.peek() {
            Some(Token::Word(word)) if !KEYWORDS.contains(&word.as_str()) => {
                let word = word.clone();
                self.next += 1;
                Ok(word)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    fn any_of(&mut self) -> Result<Syntax, Unreadable> {
        let first = self.all_of()?;
        let mut parts = vec![first];
        while self.take_keyword("or") {
            parts.push(self.all_of()?);
        }
        Ok(flattened(parts, Syntax::Any))
    }

    fn all_of(&mut self) -> Result<Syntax, Unreadable> {
        let first = self.one()?;
        let mut parts = vec![first];
        while self.take_keyword("and") {
            parts.push(self.one()?);
        }
        Ok(flattened(parts, Syntax::All))
    }

    fn one(&mut self) -> Result<Syntax, Unreadable> {
        if self.depth >= DEEPEST {
            return Err(self.unexpected("no more than 50 brackets or `not` inside each other"));
        }
        self.depth += 1;
        let one = self.one_of();
        self.depth -= 1;
        one
    }

    fn one_of(&mut self) -> Result<Syntax, Unreadable> {
        if self.take_keyword("always") {
            return Ok(Syntax::Always);
        }
        if self.take_keyword("not") {
            return Ok(Syntax::Not(Box::new(self.one()?)));
        }
        if self.take_sign("(") {
            let inner = self.any_of()?;
            return if self.take_sign(")") { Ok(inner) } else { Err(self.unexpected("`)`")) };
        }
        let name = self.word("the name of a fact or a table")?;
        self.test(name)
    }

    fn test(&mut self, name: String) -> Result<Syntax, Unreadable> {
        if self.take_sign("=") {
            return Ok(Syntax::Is(name, self.word("a value")?));
        }
        if self.take_sign("!=") {
            return Ok(Syntax::Not(Box::new(Syntax::Is(name, self.word("a value")?))));
        }
        if self.take_sign(">=") {
            return Ok(Syntax::AtLeast(name, self.bound()?));
        }
        if self.take_sign("<") {
            return Ok(Syntax::Not(Box::new(Syntax::AtLeast(name, self.bound()?))));
        }
        if self.take_keyword("in") {
            return Ok(Syntax::In(name, self.list()?));
        }
        if self.take_keyword("any") {
            return Ok(Syntax::HasAny(name, self.list()?));
        }
        if self.take_keyword("all") {
            return Ok(Syntax::HasAll(name, self.list()?));
        }
        Ok(Syntax::Holds(name))
    }

    fn bound(&mut self) -> Result<Bound, Unreadable> {
        let bound = match self.peek() {
            Some(Token::Number(number)) => Bound::Number(*number),
            Some(Token::Parameter(name)) => Bound::Parameter(name.clone()),
            _ => return Ok(Bound::Word(self.word("a number, a parameter or a value")?)),
        };
        self.next += 1;
        Ok(bound)
    }

    fn list(&mut self) -> Result<List, Unreadable> {
        if let Some(Token::Named(name)) = self.peek() {
            let name = name.clone();
            self.next += 1;
            return Ok(List::Named(name));
        }
        if !self.take_sign("[") {
            return Err(self.unexpected("a list in brackets or a named set"));
        }
        let mut words = vec![self.word("a value")?];
        while self.take_sign(",") {
            words.push(self.word("a value")?);
        }
        if self.take_sign("]") { Ok(List::Words(words)) } else { Err(self.unexpected("`,` or `]`")) }
    }
}

fn flattened(mut parts: Vec<Syntax>, several: fn(Vec<Syntax>) -> Syntax) -> Syntax {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            several(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_closer_than_or() {
        let holds = |name: &str| Syntax::Holds(name.into());
        assert_eq!(
            read("a or b and not c"),
            Ok(Syntax::Any(vec![holds("a"), Syntax::All(vec![holds("b"), Syntax::Not(Box::new(holds("c")))])]))
        );
        assert_eq!(
            read("(a or b) and c"),
            Ok(Syntax::All(vec![Syntax::Any(vec![holds("a"), holds("b")]), holds("c")]))
        );
    }

    #[test]
    fn what_is_nested_too_deep_is_refused_and_not_followed() {
        for (open, close) in [("(", ")"), ("not ", ""), ("not (", ")")] {
            let nested = |depth: usize| format!("{}a{}", open.repeat(depth), close.repeat(depth));
            assert!(read(&nested(20)).is_ok());
            assert!(read(&nested(100_000)).is_err());
        }
    }

    #[test]
    fn every_test_reads() {
        let words = |list: &[&str]| List::Words(list.iter().map(|word| (*word).into()).collect());
        assert_eq!(read("role = processor"), Ok(Syntax::Is("role".into(), "processor".into())));
        assert_eq!(read("data any @special"), Ok(Syntax::HasAny("data".into(), List::Named("special".into()))));
        assert_eq!(read("data all [name, address]"), Ok(Syntax::HasAll("data".into(), words(&["name", "address"]))));
        assert_eq!(
            read("subjects_max < $few"),
            Ok(Syntax::Not(Box::new(Syntax::AtLeast("subjects_max".into(), Bound::Parameter("few".into())))))
        );
        assert_eq!(read("restore_hours >= 0.5"), Ok(Syntax::AtLeast("restore_hours".into(), Bound::Number(0.5))));
        assert_eq!(read("risk >= high"), Ok(Syntax::AtLeast("risk".into(), Bound::Word("high".into()))));
    }

    #[test]
    fn trouble_names_its_place() {
        let at = |text: &str| read(text).expect_err("unreadable").at;
        assert_eq!(at("role = "), "the end");
        assert_eq!(at("role = processor processor"), "processor");
        assert_eq!(at("data any name"), "name");
        assert_eq!(at("a and ; b"), ";");
        assert_eq!(at("(a and b"), "the end");
        assert_eq!(at("1.2.3"), "1.2.3");
    }
}
