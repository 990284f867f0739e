//! Indicators of STIX 2.1 (OASIS), as a bundle or as a page of TAXII 2.1. Of the patterns those are read that name a domain, an
//! address, a URL or a certificate, alone or joined by OR, and a connection to an address and port; what is joined otherwise would
//! accuse more than it says, and is skipped with a count, as are revoked indicators, those whose time is over when the list is fetched,
//! and hashes of files.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::json::{pieces, text, truth};
use crate::{
    line::{self, LineFault},
    list::Gathering,
};

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow, default)]
    objects: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Object {
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default)]
    pattern: Value,
    #[serde(default)]
    pattern_type: Value,
    #[serde(default)]
    name: Value,
    #[serde(default)]
    revoked: Value,
    #[serde(default)]
    valid_until: Value,
    #[serde(default)]
    valid_from: Value,
    #[serde(default)]
    indicator_types: Value,
}

/// A page of a TAXII 2.1 collection (OASIS, section 3.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxiiPage {
    /// Whether another page follows.
    pub more: bool,
    /// Where it begins; None where the server does not say.
    pub next: Option<String>,
    /// How many objects are on this page.
    pub objects: usize,
}

/// What a page of TAXII says about the pages behind it. None where it is no such page.
#[must_use]
pub fn taxii_page(bytes: &[u8]) -> Option<TaxiiPage> {
    #[derive(Deserialize)]
    struct Envelope {
        #[serde(default)]
        more: bool,
        #[serde(default)]
        next: Option<String>,
        #[serde(default)]
        objects: Vec<serde::de::IgnoredAny>,
    }
    let envelope: Envelope = serde_json::from_slice(bytes).ok()?;
    let Envelope { more, next, objects } = envelope;
    Some(TaxiiPage { more, next: next.filter(|_| more), objects: objects.len() })
}

/// `now`: when it was fetched; absent: nobody can say whose time is over.
pub(super) fn read(bytes: &[u8], now: Option<Timestamp>, gathering: &mut Gathering) {
    // Pages put behind each other are read one by one, and of each every object by itself.
    let mut number = 0;
    let json = String::from_utf8_lossy(bytes);
    let start = json.get(..80).unwrap_or(&json);
    for page in serde_json::Deserializer::from_str(&json).into_iter::<Bundle<'_>>() {
        let Ok(page) = page else { return gathering.fault(number + 1, start, LineFault::NotJson) };
        let Some(objects) = pieces(page.objects) else {
            gathering.fault(number + 1, start, LineFault::NotJson);
            continue;
        };
        for object in objects {
            number += 1;
            match serde_json::from_str::<Object>(object.get()) {
                Ok(object) if object.kind == "indicator" => indicator(&object, number, now, gathering),
                Ok(_) => {}
                Err(_) => gathering.fault(number, object.get(), LineFault::NotJson),
            }
        }
    }
}

fn indicator(object: &Object, number: u64, now: Option<Timestamp>, gathering: &mut Gathering) {
    let moment = |value: &Value| text(value).parse::<Timestamp>().ok().zip(now);
    let is_stix = matches!(&*text(&object.pattern_type), "" | "stix");
    let is_over = moment(&object.valid_until).is_some_and(|(until, now)| until <= now);
    let is_later = moment(&object.valid_from).is_some_and(|(from, now)| from > now);
    // STIX 2.1, section 4.7 (`indicator-type-ov`): its publisher says that it is no harm.
    let is_benign = object.indicator_types.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "benign"));
    let is_skipped = truth(&object.revoked) || is_over || is_later || is_benign || !is_stix;
    let words = if is_skipped { None } else { words(&text(&object.pattern)) };
    let Some(words) = words.filter(|words| !words.is_empty()) else { return gathering.skip() };
    let label = gathering.label(&text(&object.name));
    for word in words {
        match line::indicator(&word) {
            Ok(entry) => gathering.add(&entry, label),
            Err(fault) => gathering.fault(number, &word, fault),
        }
    }
}

/// One word of a pattern.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Text(String),
    /// Paths, operators, numbers, brackets.
    Word(String),
}

/// The longest pattern that is read, in bytes.
const LONGEST: usize = 65_536;

/// What a pattern names; None where it says more than a list can hold.
fn words(pattern: &str) -> Option<Vec<String>> {
    let tokens = tokens(pattern)?;
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let text = |at: usize| match tokens.get(at) {
        Some(Token::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let path = match word(at)? {
            "[" | "]" | "(" | ")" | "OR" => {
                at += 1;
                continue;
            }
            path => path,
        };
        match (word(at + 1)?, text(at + 2)) {
            ("=" | "ISSUBSET", Some(value)) if names(path) => {
                found.push(value.to_owned());
                at += 3;
            }
            // Says no more than the address behind it does.
            ("=", Some("ipv4-addr" | "ipv6-addr"))
                if path == "network-traffic:dst_ref.type"
                    && word(at + 3) == Some("AND")
                    && word(at + 4) == Some("network-traffic:dst_ref.value") =>
            {
                at += 4;
            }
            ("=", Some(address)) if path == "network-traffic:dst_ref.value" => {
                at += 3;
                if word(at) == Some("AND") {
                    let is_port = word(at + 1) == Some("network-traffic:dst_port") && word(at + 2) == Some("=");
                    let port: u16 = word(at + 3).filter(|_| is_port)?.parse().ok()?;
                    found.push(if address.contains(':') {
                        format!("[{address}]:{port}")
                    } else {
                        format!("{address}:{port}")
                    });
                    at += 4;
                } else {
                    found.push(address.to_owned());
                }
            }
            ("IN", None) if names(path) && word(at + 2) == Some("(") => {
                at += 3;
                while let Some(value) = text(at) {
                    found.push(value.to_owned());
                    at += 1;
                    if word(at) == Some(",") {
                        at += 1;
                    }
                }
            }
            _ => return None,
        }
    }
    Some(found)
}

/// Whether a value at this path shows in traffic.
fn names(path: &str) -> bool {
    matches!(path, "domain-name:value" | "ipv4-addr:value" | "ipv6-addr:value" | "url:value")
        || (path.starts_with("x509-certificate:hashes.") && (path.contains("SHA-1") || path.contains("SHA-256")))
}

fn tokens(pattern: &str) -> Option<Vec<Token>> {
    if pattern.len() > LONGEST {
        return None;
    }
    let mut tokens = Vec::new();
    let mut rest = pattern.chars().peekable();
    while let Some(first) = rest.next() {
        match first {
            c if c.is_whitespace() => {}
            '\'' => {
                let mut text = String::new();
                loop {
                    match rest.next()? {
                        '\'' => break,
                        '\\' => text.push(rest.next()?),
                        c => text.push(c),
                    }
                }
                tokens.push(Token::Text(text));
            }
            '[' | ']' | '(' | ')' | ',' | '=' => tokens.push(Token::Word(first.to_string())),
            _ => {
                let mut word = first.to_string();
                // Hashes' names may stand in quotes within a path.
                let mut is_quoted = false;
                while let Some(c) =
                    rest.next_if(|c| is_quoted || *c == '\'' || !(c.is_whitespace() || "[](),=".contains(*c)))
                {
                    if c == '\'' {
                        is_quoted = !is_quoted;
                    }
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Some(tokens)
}
