//! What a list says an entry is (`emotet (malware)`), and how much that weighs.

use std::collections::HashMap;

/// How much it says about a host of ours that it spoke with the entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Who knocks on everybody's door, or is used by good and bad alike: scanners, proxies, places of ill repute.
    Remark,
    /// Made or used for attacks, as far as the list knows.
    Full,
}

/// Words in a label by which a list says that the entry is no reason for alarm by itself.
const REMARKS: [&str; 12] = [
    "suspicious",
    "mass scanner",
    "scanner",
    "crawler",
    "bad reputation",
    "bad history",
    "known attacker",
    "compromised host",
    "tor exit",
    "proxy",
    "parking",
    "ipinfo",
];

impl Weight {
    pub(crate) fn of(label: &str) -> Self {
        let label = label.to_ascii_lowercase();
        if REMARKS.iter().any(|word| label.contains(word)) { Self::Remark } else { Self::Full }
    }
}

/// The different labels of a list, each with a number. The first is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Labels {
    texts: Vec<String>,
    weights: Vec<Weight>,
}

impl Default for Labels {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Labels {
    /// Of texts as they were kept; the empty label is put first if it is not there.
    pub(crate) fn new(mut texts: Vec<String>) -> Self {
        if texts.first().is_none_or(|first| !first.is_empty()) {
            texts.insert(0, String::new());
        }
        let weights = texts.iter().map(|text| Weight::of(text)).collect();
        Self { texts, weights }
    }

    pub(crate) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// None for an entry without a label.
    pub(crate) fn text(&self, number: u16) -> Option<&str> {
        self.texts.get(usize::from(number)).map(String::as_str).filter(|text| !text.is_empty())
    }

    pub(crate) fn weight(&self, number: u16) -> Weight {
        self.weights.get(usize::from(number)).copied().unwrap_or(Weight::Full)
    }
}

/// Labels while a list is read.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    texts: Vec<String>,
    numbers: HashMap<String, u16>,
}

/// The longest label that is kept, in characters.
const LONGEST: usize = 80;

impl Gathered {
    /// The label's number; what comes after the 65,535th is kept without.
    pub(crate) fn number(&mut self, label: &str) -> u16 {
        let label = label.trim();
        if label.is_empty() {
            return 0;
        }
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        let short: String = label.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let Ok(number) = u16::try_from(self.texts.len() + 1) else { return 0 };
        self.texts.push(short);
        self.numbers.insert(label.to_owned(), number);
        number
    }

    pub(crate) fn done(self) -> Labels {
        let mut texts = vec![String::new()];
        texts.extend(self.texts);
        Labels::new(texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_weighs_less_than_malware() {
        for (label, weight) in [
            ("emotet (malware)", Weight::Full),
            ("ek clearfake (malicious)", Weight::Full),
            ("dprk", Weight::Full),
            ("", Weight::Full),
            ("mass scanner", Weight::Remark),
            ("bad history (suspicious)", Weight::Remark),
            ("Known Attacker", Weight::Remark),
        ] {
            assert_eq!(Weight::of(label), weight, "{label}");
        }
    }

    #[test]
    fn a_label_is_kept_once_and_cut_short() {
        let mut gathered = Gathered::default();
        assert_eq!(
            (gathered.number("a"), gathered.number(" "), gathered.number("b"), gathered.number("a")),
            (1, 0, 2, 1)
        );
        let long = gathered.number(&"é".repeat(200));
        let labels = gathered.done();
        assert_eq!((labels.text(0), labels.text(1), labels.text(9)), (None, Some("a"), None));
        assert_eq!(labels.text(long).map(|text| text.chars().count()), Some(LONGEST));
    }
}
