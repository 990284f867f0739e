//! What somebody typed, as an answer to a question. Pure, so that every way of typing is a test.

mod times;

use std::collections::BTreeSet;

use facts::{Fact, Kind, Language, Text, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use law::deadline::InvalidMoment;
use law::interview::{Band, Item, Together, denied};

/// More hours than eleven years, or more people than there are: a slip of the keyboard.
const MOST_HOURS: f64 = 100_000.0;
const MOST_PEOPLE: u64 = 10_000_000_000;

/// One line of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Typed {
    /// `?`
    Why,
    /// `t`, `b`
    Back,
    /// `q`
    Stop,
    Answer(Answer),
}

/// An answer to the question that was asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    NotKnownYet,
    Facts(Vec<(Fact, Value)>),
    /// What none or some exceptions say, and those of which is still to be asked which one.
    Exceptions {
        values: Vec<(Fact, Value)>,
        which: Vec<Fact>,
    },
    Moment(Timestamp),
}

/// Why a line is no answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wrong {
    /// Not one of so many numbers.
    Choice {
        of: usize,
    },
    /// Not some of so many numbers; 0 stands alone.
    Choices {
        of: usize,
    },
    YesNo,
    Whole,
    Persons,
    Upside {
        least: u64,
        most: u64,
    },
    Hours,
    Country(String),
    /// One choice for each of these facts, in one line.
    OneEach(&'static [Fact]),
    Moment(InvalidMoment),
}

/// Reads a line as an answer to this question. Choices are numbered from 1, in the order in which they are shown.
pub(super) fn typed(line: &str, item: &Item, language: Language, zone: &TimeZone) -> Result<Typed, Wrong> {
    let line = line.trim();
    match line.to_lowercase().as_str() {
        "" | "w" | "d" => return Ok(Typed::Answer(Answer::NotKnownYet)),
        "?" => return Ok(Typed::Why),
        "t" | "b" => return Ok(Typed::Back),
        "q" => return Ok(Typed::Stop),
        _ => {}
    }
    let answer = match item {
        Item::Fact(fact) => Answer::Facts(vec![(*fact, value(*fact, line, language)?)]),
        Item::Together(Together::Persons) => Answer::Facts(persons(line)?),
        Item::Together(together) => Answer::Facts(one_each(together.facts(), line)?),
        Item::Exceptions(facts) => exceptions(facts, line)?,
        Item::Field(_) => Answer::Moment(times::read(line, zone).map_err(Wrong::Moment)?),
    };
    Ok(Typed::Answer(answer))
}

fn value(fact: Fact, line: &str, language: Language) -> Result<Value, Wrong> {
    match fact.kind() {
        Kind::Truth => yes_or_no(line).map(Value::Truth),
        Kind::One(choices) => {
            let wrong = Wrong::Choice { of: choices.len() };
            let numbered = numbers(line).filter(|numbers| numbers.len() == 1).and_then(|numbers| {
                numbers.first().and_then(|number| number.checked_sub(1)).and_then(|place| choices.get(place))
            });
            let named = || choices.iter().find(|choice| same(choice.label.in_language(language), line, choice.key));
            numbered.or_else(named).map(|choice| Value::One(choice.key)).ok_or(wrong)
        }
        Kind::Many(choices) => {
            let wrong = Wrong::Choices { of: choices.len() };
            let numbers = numbers(line).ok_or(wrong.clone())?;
            if numbers == [0] {
                return Ok(Value::Many(BTreeSet::new()));
            }
            let word = |number: &usize| number.checked_sub(1).and_then(|place| choices.get(place));
            let words: Option<BTreeSet<_>> =
                numbers.iter().map(|number| word(number).map(|choice| choice.key)).collect();
            words.filter(|words| !words.is_empty()).map(Value::Many).ok_or(wrong)
        }
        Kind::Countries => {
            let codes: Vec<String> = parts(line).map(str::to_uppercase).collect();
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            fact.read(&codes).map_err(|_| Wrong::Country(line.to_owned()))
        }
        Kind::Whole => whole(line).map(Value::Whole).ok_or(Wrong::Whole),
        Kind::Number => match fact.read(&[line]) {
            Ok(Value::Number(hours)) if hours <= MOST_HOURS => Ok(Value::Number(hours)),
            _ => Err(Wrong::Hours),
        },
    }
}

/// A choice by its own words, as an alternative to its number.
fn same(label: &str, line: &str, key: &str) -> bool {
    label.to_lowercase() == line.to_lowercase() || key == line
}

fn yes_or_no(line: &str) -> Result<bool, Wrong> {
    match line.to_lowercase().as_str() {
        "j" | "ja" | "y" | "yes" | "1" => Ok(true),
        "n" | "nee" | "no" | "2" => Ok(false),
        _ => Err(Wrong::YesNo),
    }
}

/// A number of persons (`40`), a lowest and a highest (`20-60`), or an order of size (`<50`, `1000+`).
fn persons(line: &str) -> Result<Vec<(Fact, Value)>, Wrong> {
    let least_and_most = |least: u64, most: Option<u64>| {
        let most = most.map(|most| (Fact::SubjectsMax, Value::Whole(most)));
        [(Fact::SubjectsMin, Value::Whole(least))].into_iter().chain(most).collect()
    };
    if let Some(end) = line.strip_prefix('<') {
        let end = whole(end).filter(|end| *end > 1).ok_or(Wrong::Persons)?;
        return Ok(least_and_most(1, Some(end - 1)));
    }
    if let Some(start) = line.strip_suffix('+') {
        return Ok(least_and_most(whole(start).ok_or(Wrong::Persons)?, None));
    }
    if let Some((least, most)) = line.split_once('-') {
        let (least, most) = (whole(least).ok_or(Wrong::Persons)?, whole(most).ok_or(Wrong::Persons)?);
        return if least <= most { Ok(least_and_most(least, Some(most))) } else { Err(Wrong::Upside { least, most }) };
    }
    // A breach concerns one person at the least; with none there are no personal data.
    let exactly = whole(line).filter(|number| *number > 0).ok_or(Wrong::Persons)?;
    Ok(least_and_most(exactly, Some(exactly)))
}

/// One choice for each of several facts: `4,1,1`.
fn one_each(facts: &'static [Fact], line: &str) -> Result<Vec<(Fact, Value)>, Wrong> {
    let wrong = || Wrong::OneEach(facts);
    let numbers = numbers(line).filter(|numbers| numbers.len() == facts.len()).ok_or_else(wrong)?;
    let chosen = |(fact, number): (&Fact, usize)| {
        let choice = number.checked_sub(1).and_then(|place| fact.choices().get(place));
        choice.map(|choice| (*fact, Value::One(choice.key))).ok_or_else(wrong)
    };
    facts.iter().zip(numbers).map(chosen).collect()
}

/// Those that apply, by number; 0 for none.
fn exceptions(facts: &[Fact], line: &str) -> Result<Answer, Wrong> {
    let wrong = || Wrong::Choices { of: facts.len() };
    let numbers = numbers(line).ok_or_else(wrong)?;
    let is_none = numbers == [0];
    if !is_none && numbers.iter().any(|number| *number == 0 || *number > facts.len()) {
        return Err(wrong());
    }
    let (mut values, mut which) = (Vec::new(), Vec::new());
    for (place, fact) in facts.iter().enumerate() {
        let applies = !is_none && numbers.contains(&(place + 1));
        match (applies, fact.kind()) {
            (true, Kind::Truth) => values.push((*fact, Value::Truth(true))),
            (true, _) => which.push(*fact),
            (false, _) => values.extend(denied(*fact).map(|denied| (*fact, denied))),
        }
    }
    Ok(Answer::Exceptions { values, which })
}

fn parts(line: &str) -> impl Iterator<Item = &str> {
    line.split([',', ';', ' ']).filter(|part| !part.is_empty())
}

fn numbers(line: &str) -> Option<Vec<usize>> {
    let numbers: Option<Vec<usize>> = parts(line).map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}

/// `1200`, and as people write it: `1.200`, `1 200`.
fn whole(text: &str) -> Option<u64> {
    let groups: Vec<&str> = text.trim().split(['.', ' ', '\u{a0}']).collect();
    let is_figures = |group: &&str| !group.is_empty() && group.chars().all(|letter| letter.is_ascii_digit());
    let in_threes = groups.iter().skip(1).all(|group| group.len() == 3);
    if !groups.iter().all(is_figures) || !in_threes {
        return None;
    }
    groups.concat().parse().ok().filter(|number| *number <= MOST_PEOPLE)
}

impl Wrong {
    /// What is wrong, and how to answer.
    pub(super) fn text(&self, bands: &[Band]) -> Text {
        match self {
            Self::Choice { of } => Text::made(
                format!("Typ het nummer van één antwoord, van 1 tot en met {of}."),
                format!("Type the number of one answer, from 1 to {of}."),
            ),
            Self::Choices { of } => Text::made(
                format!("Typ nummers van 1 tot en met {of}, met een komma ertussen, zoals 1,3. Een 0 staat alleen."),
                format!("Type numbers from 1 to {of} with a comma between them, such as 1,3. A 0 stands alone."),
            ),
            Self::YesNo => Text::new("Typ j voor ja of n voor nee.", "Type y for yes or n for no."),
            Self::Whole => Text::new(
                "Typ een heel getal, zoals 12. Een schatting is goed genoeg.",
                "Type a whole number, such as 12. An estimate will do.",
            ),
            Self::Persons => {
                let sizes = super::showing::sizes(bands);
                Text::made(
                    format!("Typ een aantal, zoals 40, een laagste en een hoogste, zoals 20-60, of {sizes}."),
                    format!("Type a number, such as 40, a lowest and a highest, such as 20-60, or {sizes}."),
                )
            }
            Self::Upside { least, most } => Text::made(
                format!("Het laagste aantal ({least}) is hoger dan het hoogste ({most}). Welk van de twee klopt?"),
                format!("The lowest number ({least}) is above the highest ({most}). Which of the two is right?"),
            ),
            Self::Hours => {
                Text::new("Typ een aantal uren, zoals 12 of 1,5.", "Type a number of hours, such as 12 or 1.5.")
            }
            Self::Country(written) => Text::made(
                format!("“{written}” is geen lijst van landen. Schrijf de twee letters van elk land, zoals NL, BE."),
                format!("“{written}” is no list of countries. Write the two letters of each country, such as NL, BE."),
            ),
            Self::OneEach(facts) => {
                let ranges = |to: &str| {
                    let ranges = facts.iter().map(|fact| format!("1 {to} {}", fact.choices().len()));
                    ranges.collect::<Vec<_>>().join(", ")
                };
                let (count, example) = (facts.len(), vec!["1"; facts.len()].join(","));
                Text::made(
                    format!(
                        "Typ {count} nummers met een komma ertussen, één voor elke regel, zoals {example}. Op volgorde: {}.",
                        ranges("tot en met")
                    ),
                    format!(
                        "Type {count} numbers with a comma between them, one for each line, such as {example}. In order: {}.",
                        ranges("to")
                    ),
                )
            }
            Self::Moment(invalid) => times::refused(invalid),
        }
    }
}

#[cfg(test)]
mod tests {
    use law::interview::{EXCEPTIONS, Field};

    use super::*;

    fn answer(item: &Item, line: &str) -> Result<Typed, Wrong> {
        typed(line, item, Language::Dutch, &TimeZone::UTC)
    }

    fn facts(item: &Item, line: &str) -> Vec<(Fact, Value)> {
        match answer(item, line) {
            Ok(Typed::Answer(Answer::Facts(values))) => values,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn every_question_takes_the_same_signs() {
        for item in [Item::Fact(Fact::Data), Item::Together(Together::Persons), Item::Field(Field::AwareAt)] {
            for (line, expected) in [("?", Typed::Why), (" t ", Typed::Back), ("B", Typed::Back), ("q", Typed::Stop)] {
                assert_eq!(answer(&item, line), Ok(expected));
            }
            for line in ["", "  ", "w", "W", "d"] {
                assert_eq!(answer(&item, line), Ok(Typed::Answer(Answer::NotKnownYet)));
            }
        }
    }

    #[test]
    fn choices_are_taken_by_number_or_by_word() {
        let backup = Item::Fact(Fact::Backup);
        for line in ["2", "Gedeeltelijk", "gedeeltelijk", "partial"] {
            assert_eq!(facts(&backup, line), [(Fact::Backup, Value::One("partial"))], "{line}");
        }
        for line in ["0", "4", "1,2", "-1", "veel"] {
            assert_eq!(answer(&backup, line), Err(Wrong::Choice { of: 3 }), "{line}");
        }
        let data = Item::Fact(Fact::Data);
        let several = Value::Many(["name", "birth_date"].into());
        for line in ["1,3", "1, 3", "3 1", "1;3"] {
            assert_eq!(facts(&data, line), [(Fact::Data, several.clone())], "{line}");
        }
        assert_eq!(facts(&data, "0"), [(Fact::Data, Value::Many(BTreeSet::new()))]);
        assert!(answer(&data, "0,1").is_err() && answer(&data, "99").is_err());
    }

    #[test]
    fn a_number_of_persons_may_be_exact_a_range_or_a_size() {
        let persons = Item::Together(Together::Persons);
        let bounds = |line: &str| {
            let of = |fact| facts(&persons, line).into_iter().find(|(known, _)| *known == fact).map(|(_, value)| value);
            let number = |value| if let Some(Value::Whole(number)) = value { Some(number) } else { None };
            (number(of(Fact::SubjectsMin)), number(of(Fact::SubjectsMax)))
        };
        assert_eq!(bounds("40"), (Some(40), Some(40)));
        assert_eq!(bounds("1.200"), (Some(1200), Some(1200)));
        assert_eq!(bounds("20 - 60"), (Some(20), Some(60)));
        assert_eq!(bounds("<50"), (Some(1), Some(49)));
        assert_eq!(bounds("1000+"), (Some(1000), None));
        assert_eq!(answer(&persons, "60-20"), Err(Wrong::Upside { least: 60, most: 20 }));
        for line in ["veel", "0", "1.5", "-", "<1", "99999999999999999999"] {
            assert_eq!(answer(&persons, line), Err(Wrong::Persons), "{line}");
        }
    }

    #[test]
    fn exceptions_are_denied_together_or_named() {
        let all = Item::Exceptions(EXCEPTIONS.to_vec());
        let Ok(Typed::Answer(Answer::Exceptions { values, which })) = answer(&all, "0") else { panic!("none") };
        assert_eq!((values.len(), which), (EXCEPTIONS.len(), vec![]));
        let Ok(Typed::Answer(Answer::Exceptions { values, which })) = answer(&all, "7,8") else { panic!("some") };
        assert_eq!(values.last(), Some(&(Fact::FinancialUndertaking, Value::Truth(true))));
        assert_eq!(which, [Fact::WithholdingGround], "which ground is asked next");
        assert!(answer(&all, "9").is_err() && answer(&all, "0,1").is_err());
    }

    #[test]
    fn what_happened_is_one_line_of_three_numbers() {
        let nature = Item::Together(Together::Nature);
        let said = facts(&nature, "4,1,2");
        assert_eq!(
            said.iter().map(|(_, value)| value.clone()).collect::<Vec<_>>(),
            [Value::One("confirmed"), Value::One("none"), Value::One("temporary")]
        );
        for line in ["2", "4,1", "4,1,9", "4,1,x", "0,1,1", "0"] {
            let wrong = answer(&nature, line).expect_err("no answer").text(&[]);
            assert!(
                wrong.nl.contains("3 nummers") && wrong.nl.contains("1 tot en met 4, 1 tot en met 3"),
                "{line}: {}",
                wrong.nl
            );
        }
    }

    #[test]
    fn what_is_no_answer_says_how_to_answer() {
        for (item, line, said) in [
            (Item::Fact(Fact::PersonalData), "misschien", "Typ j voor ja"),
            (Item::Fact(Fact::RecipientCount), "een paar", "een heel getal"),
            (Item::Fact(Fact::RestoreHours), "100001", "een aantal uren"),
            (Item::Fact(Fact::Countries), "nl, xx", "twee letters"),
            (Item::Field(Field::AwareAt), "gisteren", "27-3-2026 15:20"),
        ] {
            let wrong = answer(&item, line).expect_err("no answer");
            assert!(wrong.text(&[]).nl.contains(said), "{line}: {}", wrong.text(&[]).nl);
        }
    }
}
