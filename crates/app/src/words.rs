//! Words as searching compares them: lower case, without accents, letters and digits alone.
//!
//! Promises: what is stored and what is looked for go through the same folding, so both databases find the same; a word is
//! never longer than [`LONGEST`] and an incident never has more than [`MOST`]. Deliberately not here: which texts are searched.

use std::collections::BTreeSet;

/// In characters; what is longer is cut, when it is stored and when it is looked for.
const LONGEST: usize = 32;
/// The different words of one incident. Nobody writes a longer story in a register; a flood of words finds nothing.
const MOST: usize = 600;
/// How many words of one search count.
const MOST_ASKED: usize = 4;

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    pub word: String,
    /// The word itself; otherwise every word that begins so. A number is looked for as it stands: 12 is not 120.
    pub is_whole: bool,
}

impl Sought {
    /// The words of a search, the longest (and so the rarest) first; an empty list looks for nothing in particular.
    #[must_use]
    pub fn all(search: &str) -> Vec<Self> {
        let mut words: Vec<String> = of([search]).into_iter().collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.truncate(MOST_ASKED);
        let sought = |word: String| Self { is_whole: word.chars().all(|sign| sign.is_ascii_digit()), word };
        words.into_iter().map(sought).collect()
    }
}

/// The different words of texts.
pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for text in texts {
        for word in text.split(|sign: char| !sign.is_alphanumeric() && !is_mark(sign)) {
            let word = folded(word);
            // One letter says nothing; one digit may be a number.
            let says_something = word.len() > 1 || word.starts_with(|sign: char| sign.is_ascii_digit());
            if says_something && words.len() < MOST {
                words.insert(word);
            }
        }
    }
    words
}

fn folded(word: &str) -> String {
    fold(word, LONGEST)
}

/// A text of any length in lower case and without accents, however those were written.
pub(crate) fn without_accents(text: &str) -> String {
    fold(text, usize::MAX)
}

fn fold(text: &str, most: usize) -> String {
    let mut to = String::new();
    for sign in text.chars().flat_map(char::to_lowercase).filter(|sign| !is_mark(*sign)).take(most) {
        match plain(sign) {
            Some(letters) => to.push_str(letters),
            None => to.push(sign),
        }
    }
    to
}

/// A mark that stands on the letter before it (Unicode, combining diacritical marks).
fn is_mark(sign: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&sign)
}

/// A Latin letter without what stands on, under or through it. Others stay as they are.
fn plain(sign: char) -> Option<&'static str> {
    Some(match sign {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĳ' => "ij",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_and_accents() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(of([text]).iter().map(String::as_str).collect::<Vec<_>>(), expected, "{text}");
        };
        check("Eén géstolen LAPTOP, een laptop", &["een", "gestolen", "laptop"]);
        check("Ferdi Özdemir (FG)", &["ferdi", "fg", "ozdemir"]);
        check("e\u{301}e\u{301}n", &["een"]);
        check("a 7 b 12", &["12", "7"]);
        check("ĲSSEL Straße Łódź", &["ijssel", "lodz", "strasse"]);
        check("zo’n 40 klanten; AP-2026/001", &["001", "2026", "40", "ap", "klanten", "zo"]);
        check("数据 Привет", &["привет", "数据"]);
        check(" -- !? ", &[]);
    }

    #[test]
    fn a_word_and_an_incident_have_an_end() {
        let long = "x".repeat(1000);
        assert_eq!(of([long.as_str()]).iter().map(String::len).collect::<Vec<_>>(), [LONGEST]);
        assert_eq!(Sought::all(&long)[0].word, "x".repeat(LONGEST), "and is still found");
        let flood: String = (0..5000).map(|word| format!("woord{word} ")).collect();
        assert_eq!(of([flood.as_str()]).len(), MOST);
    }

    #[test]
    fn the_longest_words_are_looked_for_first_and_numbers_as_they_stand() {
        let sought = Sought::all("de Laptop 12 van wie dan ook, in de gestolen auto");
        let words: Vec<_> = sought.iter().map(|one| (one.word.as_str(), one.is_whole)).collect();
        assert_eq!(words.len(), MOST_ASKED);
        assert_eq!(words[..2], [("gestolen", false), ("laptop", false)]);
        assert_eq!(Sought::all("12"), [Sought { word: "12".into(), is_whole: true }]);
        assert_eq!(Sought::all(" ! "), []);
    }
}
