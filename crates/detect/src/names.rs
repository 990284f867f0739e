//! Does a name look made by people, or drawn by lot?
//!
//! The measure: how many bits more a name costs in a model of names that people chose than if its characters had been
//! drawn by lot from the alphabet that it uses. The model is a table of what one character costs after two others,
//! trained by `tools/train-names.py`. Positive: more like a draw. A short name says little, and popular lists hold names
//! that were drawn as well (advertisers' domains), so judge by several names together ([`burst`]).
//! Not here: names put together from words, or from syllables: they cost what people's names cost.

/// Per (character before last, last, this): its cost in sixteenths of a bit.
static TRIGRAMS: &[u8] = include_bytes!("names/trigrams.bin");

/// Letters, digits, the hyphen, and 0 for the edge of a name.
const SIZE: usize = 38;

/// One name says at most so many bits, so that one odd name does not make a burst.
const MOST_BITS: f64 = 8.0;

/// Shorter names say nothing.
const SHORTEST: usize = 4;

fn index(byte: u8) -> usize {
    match byte {
        b'a'..=b'z' => usize::from(byte - b'a') + 1,
        b'A'..=b'Z' => usize::from(byte - b'A') + 1,
        b'0'..=b'9' => usize::from(byte - b'0') + 27,
        _ => SIZE - 1,
    }
}

/// Bits by which a label is more like a draw than like a name; 0 for one too short to say.
pub(crate) fn drawn_bits(label: &str) -> f64 {
    let label = label.as_bytes();
    if label.len() < SHORTEST || label.starts_with(b"xn--") {
        return 0.0;
    }
    let (mut before, mut last, mut sixteenths) = (0, 0, 0u64);
    let (mut has_digit, mut has_far_letter, mut has_other) = (false, false, false);
    for byte in label {
        let this = index(*byte);
        let cost = TRIGRAMS.get((before * SIZE + last) * SIZE + this).copied().unwrap_or_default();
        sixteenths += u64::from(cost);
        (before, last) = (last, this);
        has_digit |= byte.is_ascii_digit();
        has_far_letter |= matches!(byte.to_ascii_lowercase(), b'g'..=b'z');
        has_other |= !byte.is_ascii_alphanumeric();
    }
    // What a draw from the smallest usual alphabet costs, and a little for the choice of it.
    let (characters, choice) = match (has_other, has_far_letter, has_digit) {
        (true, _, _) => (37f64, 3.0),
        (false, false, _) => (16.0, 2.0),
        (false, true, false) => (26.0, 0.0),
        (false, true, true) => (36.0, 1.0),
    };
    sixteenths as f64 / 16.0 - characters.log2() * label.len() as f64 - choice
}

/// The mean over several labels, each held within ±[`MOST_BITS`].
pub(crate) fn burst<'a>(labels: impl IntoIterator<Item = &'a str>) -> f64 {
    let (mut sum, mut count) = (0.0, 0u32);
    for label in labels {
        sum += drawn_bits(label).clamp(-MOST_BITS, MOST_BITS);
        count += 1;
    }
    if count == 0 { 0.0 } else { sum / f64::from(count) }
}

/// The label that a name's holder chose: the first of the registrable domain. Under a service that gives names out (dynamic
/// DNS, clouds; the Public Suffix List's private part) that is its customer's, or a machine's for it.
pub(crate) fn chosen_label(name: &str) -> Option<&str> {
    public_suffix::domain_str(name)?.split('.').next()
}

/// The service under which a name was given out: `duckdns.org`. Absent: a registry gave it.
pub(crate) fn service(name: &str) -> Option<&str> {
    let suffix = public_suffix::suffix(name.as_bytes())?;
    let is_private = suffix.typ() == Some(public_suffix::Type::Private);
    name.get(name.len().checked_sub(suffix.as_bytes().len())?..).filter(|_| is_private)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_whole() {
        assert_eq!(TRIGRAMS.len(), SIZE * SIZE * SIZE);
    }

    #[test]
    fn people_choose_other_names_than_dice() {
        for name in
            ["google", "belastingdienst", "rabobank", "ziggo", "nu", "office365", "tweakers", "de-bakker-om-de-hoek"]
        {
            assert!(drawn_bits(name) < 4.0, "{name}: {}", drawn_bits(name));
        }
        for name in ["xjwqzkfhvbpd", "qzkxvj7wq2f9", "0af3e91c77d2b4e8"] {
            assert!(drawn_bits(name) > 8.0, "{name}: {}", drawn_bits(name));
        }
        assert_eq!(drawn_bits("xq"), 0.0);
        assert_eq!(burst([]), 0.0);
    }

    #[test]
    fn the_holders_label_is_found() {
        for (name, label) in [
            ("www.example.co.uk", Some("example")),
            ("a.b.example.nl", Some("example")),
            ("d111111abcdef8.cloudfront.net", Some("d111111abcdef8")),
            ("www.home.duckdns.org", Some("home")),
            ("duckdns.org", None),
            ("pirate.sea", Some("pirate")),
            ("nl", None),
            ("", None),
        ] {
            assert_eq!(chosen_label(name), label, "{name}");
        }
        for (name, of) in
            [("www.home.duckdns.org", Some("duckdns.org")), ("www.example.nl", None), ("printer.lan", None), ("", None)]
        {
            assert_eq!(service(name), of, "{name}");
        }
    }
}
