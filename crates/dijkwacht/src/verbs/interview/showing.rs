//! How the interview reads in a terminal: questions, help, and what is said at the end. Pure.

use std::path::Path;

use facts::{Fact, InvalidSituation, Kind, Language, Situation, Text};
use law::NoPack;
use law::interview::{Ask, Band, Item, Road, Together, question as question_of, wording};
use law::pack::{Aid, Mark};

use documents::explanation::{answer, duty_in_words, mark_in_words};

/// Above this many choices they stand in two columns.
const MOST_IN_ONE_COLUMN: usize = 13;
/// The longest line of running text, in characters.
const WIDTH: usize = 90;

pub(super) fn opening(road: Road) -> Text {
    let keys = Text::new(
        "Enter of w: dat weet ik nog niet · ?: uitleg · t: terug · q: stoppen en bewaren",
        "Enter or d: I don’t know yet · ?: explain · b: back · q: stop and keep",
    );
    let first = match road {
        Road::Whole => Text::new(
            "Alleen wat het oordeel nog kan veranderen, wordt gevraagd.",
            "Only what can still change the verdict is asked.",
        ),
        Road::Emergency => Text::new(
            "De korte weg: alleen wat een eerste melding nodig heeft. De rest kan later.",
            "The short road: only what a first report needs. The rest can follow.",
        ),
    };
    Text::made(format!("{}\n{}", first.nl, keys.nl), format!("{}\n{}", first.en, keys.en))
}

/// The question with its place, why, and what can be answered. `number` counts from 1.
pub(super) fn question(ask: &Ask, number: usize, bands: &[Band], language: Language) -> String {
    let words = wording(&ask.item);
    let after = ask.at_most_left.saturating_sub(1);
    let place = match (after, language) {
        (0, Language::Dutch) => format!("Vraag {number} (de laatste)"),
        (0, Language::English) => format!("Question {number} (the last)"),
        (_, Language::Dutch) => format!("Vraag {number} (hierna nog hoogstens {after})"),
        (_, Language::English) => format!("Question {number} (at most {after} after this)"),
    };
    // What nobody checked is not told as if it were: said with the source itself, not behind a `?`.
    let mark = if words.mark == Mark::Knowledge {
        format!("; {}", mark_in_words(words.mark).in_language(language))
    } else {
        String::new()
    };
    let why = format!("{} ({}{mark})", words.why.in_language(language), words.cites.join("; "));
    let mut out = format!("\n{place}\n{}\n{}\n", words.question.in_language(language), wrapped(&why));
    out.push_str(&answers(&ask.item, bands, language));
    out.trim_end().to_owned()
}

/// A text in lines that are easy to read, set in by two.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("  {word}")),
        }
    }
    lines.join("\n")
}

fn answers(item: &Item, bands: &[Band], language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| Text::new(nl, en).in_language(language).to_owned();
    match item {
        Item::Fact(fact) => match fact.kind() {
            Kind::Truth => say("  j ja\n  n nee\n", "  y yes\n  n no\n"),
            Kind::One(_) => numbered(&labels(*fact, language)),
            Kind::Many(_) => format!(
                "{}{}",
                numbered(&labels(*fact, language)),
                say(
                    "   0 Geen van deze (u mag er meer kiezen, zoals 1,3)\n",
                    "   0 None of these (you may choose several, such as 1,3)\n"
                )
            ),
            Kind::Countries => say("  landen, zoals NL, BE\n", "  countries, such as NL, BE\n"),
            Kind::Whole => say("  een aantal\n", "  a number\n"),
            Kind::Number => say("  een aantal uren\n", "  a number of hours\n"),
        },
        Item::Together(Together::Persons) => format!(
            "  {} {}\n",
            say(
                "een aantal (40), een laagste en een hoogste (20-60), of",
                "a number (40), a lowest and a highest (20-60), or"
            ),
            sizes(bands)
        ),
        Item::Together(together) => {
            let mut out = String::new();
            for fact in together.facts() {
                out.push_str(&format!("  {}\n", fact.question().in_language(language)));
                let choices = labels(*fact, language).into_iter().enumerate();
                let list: Vec<_> = choices.map(|(place, label)| format!("{} {label}", place + 1)).collect();
                out.push_str(&format!("    {}\n", list.join(" · ")));
            }
            out.push_str(&say("  drie nummers, zoals 4,1,1\n", "  three numbers, such as 4,1,1\n"));
            out
        }
        Item::Exceptions(facts) => {
            let none = say("   0 Geen van deze\n", "   0 None of these\n");
            let statement = |fact: &Fact| {
                let words = question_of(*fact);
                words.statement.as_ref().unwrap_or(&words.question).in_language(language).to_owned()
            };
            format!("{}{none}", numbered(&facts.iter().map(statement).collect::<Vec<_>>()))
        }
        Item::Field(_) => say(
            "  dag en tijd, zoals 27-3-2026 15:20\n",
            "  day and time, such as 27 March 2026 15:20 or 2026-03-27T15:20\n",
        ),
    }
}

fn labels(fact: Fact, language: Language) -> Vec<String> {
    fact.choices().iter().map(|choice| choice.label.in_language(language).to_owned()).collect()
}

fn numbered(labels: &[String]) -> String {
    let lines: Vec<String> =
        labels.iter().enumerate().map(|(place, label)| format!("  {:>2} {label}", place + 1)).collect();
    if lines.len() <= MOST_IN_ONE_COLUMN {
        return format!("{}\n", lines.join("\n"));
    }
    let half = lines.len().div_ceil(2);
    let (left, right) = lines.split_at(half);
    let width = left.iter().map(|line| line.chars().count()).max().unwrap_or_default();
    let row = |(place, line): (usize, &String)| match right.get(place) {
        Some(other) => format!("{line}{}{other}\n", " ".repeat(width - line.chars().count() + 1)),
        None => format!("{line}\n"),
    };
    left.iter().enumerate().map(row).collect()
}

/// The orders of size, as they are typed: `<50, 50-999, 1000+`.
pub(super) fn sizes(bands: &[Band]) -> String {
    let size = |band: &Band| match (band.from, band.to) {
        (1, Some(to)) => format!("<{}", to + 1),
        (from, Some(to)) => format!("{from}-{to}"),
        (from, None) => format!("{from}+"),
    };
    bands.iter().map(size).collect::<Vec<_>>().join(", ")
}

/// What `?` says: how to answer, what the choices mean, what the answer can still turn, how sure the reason is.
pub(super) fn help(ask: &Ask, aids: &[&Aid], language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| if language == Language::Dutch { nl } else { en };
    let words = wording(&ask.item);
    let mut lines = Vec::new();
    lines.extend(words.hint.iter().map(|hint| hint.in_language(language).to_owned()));
    for fact in ask.item.facts() {
        let own = question_of(*fact);
        if matches!(ask.item, Item::Exceptions(_)) {
            let asked = own.question.in_language(language);
            lines.push(format!("{asked} {} ({})", own.why.in_language(language), own.cites.join("; ")));
        }
        for choice in fact.choices() {
            let meaning = own.choices.get(choice.key).filter(|_| !matches!(ask.item, Item::Exceptions(_)));
            lines.extend(
                meaning.map(|text| format!("{}: {}", choice.label.in_language(language), text.in_language(language))),
            );
        }
    }
    if !ask.can_turn.is_empty() {
        let duties: Vec<_> =
            ask.can_turn.iter().map(|duty| duty_in_words(*duty).in_language(language).to_owned()).collect();
        lines.push(format!("{} {}.", say("Dit kan nog bepalen:", "This can still decide:"), duties.join(", ")));
    }
    if words.mark != Mark::Verified {
        lines.push(format!("[{}] {}", words.mark.sign(), mark_in_words(words.mark).in_language(language)));
    }
    if !aids.is_empty() {
        lines.push(say("Vragen die helpen:", "Questions that help:").to_owned());
        lines.extend(aids.iter().map(|aid| aid_line(aid, language)));
    }
    lines.iter().map(|line| wrapped(line)).collect::<Vec<_>>().join("\n")
}

/// A question that helps, with the answer that one yes gives and for whom it is meant.
fn aid_line(aid: &Aid, language: Language) -> String {
    let yes = if language == Language::Dutch { "ja" } else { "yes" };
    let gives = aid.gives.as_ref().map(|value| format!(" [{yes}: {}]", answer(aid.fact, value).in_language(language)));
    let whom = aid.whom.as_ref().map(|whom| format!("{}: ", whom.in_language(language)));
    let (whom, gives) = (whom.unwrap_or_default(), gives.unwrap_or_default());
    format!("- {whom}{}{gives} ({})", aid.text.in_language(language), aid.cites.join("; "))
}

/// Why an answer cannot go with what was said before.
pub(super) fn contradiction(found: &InvalidSituation, item: &Item, said: &Situation) -> Text {
    match found {
        InvalidSituation::AwareBeforeDetected { .. } => Text::new(
            "Niemand weet het zeker vóór de eerste melding of waarschuwing. Welk van de twee tijden klopt?",
            "Nobody is certain before the first report or warning. Which of the two times is right?",
        ),
        InvalidSituation::Contradiction(found) => {
            let own = |key: &str| item.facts().iter().any(|fact| fact.key() == key);
            let other = if own(found.first) { found.second } else { found.first };
            match Fact::from_key(other).ok().and_then(|fact| Some((fact, said.facts.value(fact)?))) {
                Some((fact, value)) => {
                    let (asked, value) = (fact.question(), answer(fact, value));
                    Text::made(
                        format!(
                            "Dat gaat niet samen met uw eerdere antwoord: {} {}. Kies anders, of ga terug met t.",
                            asked.nl, value.nl
                        ),
                        format!(
                            "That does not go with your earlier answer: {} {}. Choose otherwise, or go back with b.",
                            asked.en, value.en
                        ),
                    )
                }
                None => Text::new(
                    "Deze antwoorden gaan niet samen. Kies anders, of ga terug met t.",
                    "These answers do not go together. Choose otherwise, or go back with b.",
                ),
            }
        }
    }
}

pub(super) fn not_an_answer() -> Text {
    Text::new(
        "Dat is geen antwoord op deze vraag. Typ ? voor uitleg.",
        "That is no answer to this question. Type ? to explain.",
    )
}

pub(super) fn in_the_future() -> Text {
    Text::new("Deze tijd ligt in de toekomst. Wanneer was het?", "This time lies in the future. When was it?")
}

/// A moment of which no pack says anything; the question stays.
pub(super) fn before_any_law(none: &NoPack) -> Text {
    let (mut nl, mut en) = (none.text().nl.into_owned(), none.text().en.into_owned());
    if let NoPack::BeforeTheFirst { on, from, .. } = none {
        nl = format!("Op {on} vroeg nog geen wet om een datalek te melden; dat begon op {from}.");
        en = format!("On {on} no law asked yet to report a data breach; that began on {from}.");
    }
    Text::made(
        format!("{nl} Klopt de datum? Typ hem nog eens, of stop met q: uw antwoorden blijven bewaard."),
        format!("{en} Is the date right? Type it again, or stop with q: your answers are kept."),
    )
}

/// On the short road somebody reports: then there are data.
pub(super) fn no_kind_of_data() -> Text {
    Text::new(
        "Zonder persoonsgegevens is er geen datalek om te melden. Staat de soort er niet bij, kies dan wat er het meest op lijkt. Weet u het nog niet, druk dan op Enter.",
        "Without personal data there is no data breach to report. If the kind is not listed, choose what comes nearest. If you do not know yet, press Enter.",
    )
}

/// The short road under a law that is history.
pub(super) fn nobody_reports() -> Text {
    Text::new(
        "Een eerste melding is er dus niet te maken; de korte weg houdt hier op. Wat de wet van toen vroeg, laat het hele vraaggesprek zien: laat --emergency weg.",
        "So there is no first report to make; the short road ends here. What the law asked then, the whole interview shows: leave out --emergency.",
    )
}

pub(super) fn nothing_before() -> Text {
    Text::new("Dit is de eerste vraag.", "This is the first question.")
}

pub(super) fn stopped() -> Text {
    Text::new("\nGestopt. Uw antwoorden zijn bewaard.", "\nStopped. Your answers are kept.")
}

pub(super) fn written_to(path: &Path) -> Text {
    let path = path.display();
    Text::made(format!("De feiten staan in {path}."), format!("The facts are in {path}."))
}

/// What the outcome still hangs on.
pub(super) fn still_open(open: &[Fact], language: Language) -> String {
    let heading = Text::new(
        "Nog niet bekend, en dit kan het oordeel nog veranderen:",
        "Not known yet, and this can still change the verdict:",
    );
    let lines: Vec<_> =
        open.iter().map(|fact| format!("  - {}", question_of(*fact).question.in_language(language))).collect();
    format!("{}\n{}", heading.in_language(language), lines.join("\n"))
}

pub(super) fn texts_to_write() -> Text {
    Text::new(
        "Schrijf zelf nog op wat er gebeurde en wat u al deed: de AP vraagt ernaar (5.3 en 10.2).",
        "Write down yourself what happened and what you did already: the AP asks it (5.3 and 10.2).",
    )
}
