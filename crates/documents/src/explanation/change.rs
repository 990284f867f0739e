//! What changed between two verdicts, as a sentence.

use facts::Text;
use law::difference::Turned;
use law::verdict::Outcome;

use super::duty_in_words;

/// What changed since the verdict before.
#[must_use]
pub fn change_sentence(turned: &[Turned]) -> Text {
    if turned.is_empty() {
        return Text::new("Het oordeel is niet gewijzigd.", "The verdict has not changed.");
    }
    let (nl, en) = joined(turned, turned_sentence);
    Text::made(format!("Het oordeel is gewijzigd: {nl}."), format!("The verdict has changed: {en}."))
}

/// What a proposal would change, judged on the same facts.
#[must_use]
pub fn proposal_sentence(turned: &[Turned]) -> Text {
    if turned.is_empty() {
        return Text::new("Met dit voorstel zou hier niets veranderen.", "This proposal would change nothing here.");
    }
    let (nl, en) = joined(turned, would_turn);
    Text::made(format!("Met dit voorstel zou dit veranderen: {nl}."), format!("This proposal would change this: {en}."))
}

fn joined(turned: &[Turned], say: fn(&Turned) -> Text) -> (String, String) {
    let said: Vec<Text> = turned.iter().map(say).collect();
    let join = |language| said.iter().map(|text| text.in_language(language)).collect::<Vec<_>>().join("; ");
    (join(facts::Language::Dutch), join(facts::Language::English))
}

/// One duty's turn, without a full stop: `melden bij de AP moet nu (dat hoefde eerst niet)`.
#[must_use]
pub fn turned_sentence(turned: &Turned) -> Text {
    let duty = duty_in_words(turned.duty);
    let now = match turned.to {
        Outcome::Required => Text::new("moet nu", "is now required"),
        Outcome::NotRequired => Text::new("hoeft nu niet", "is not needed now"),
        Outcome::Undetermined => Text::new("hangt nu af van wat nog ontbreekt", "now depends on what is still missing"),
    };
    let before = match turned.from {
        Outcome::Required => Text::new("moest eerst wel", "was required before"),
        Outcome::NotRequired => Text::new("hoefde eerst niet", "was not needed before"),
        Outcome::Undetermined => Text::new("was eerst nog open", "was still open before"),
    };
    Text::made(
        format!("{} {} (dat {})", duty.nl, now.nl, before.nl),
        format!("{} {} (that {})", duty.en, now.en, before.en),
    )
}

fn would_turn(turned: &Turned) -> Text {
    let duty = duty_in_words(turned.duty);
    let then = match turned.to {
        Outcome::Required => Text::new("zou moeten", "would be required"),
        Outcome::NotRequired => Text::new("zou niet hoeven", "would not be needed"),
        Outcome::Undetermined => Text::new("zou van meer antwoorden afhangen", "would depend on more answers"),
    };
    Text::made(format!("{} {}", duty.nl, then.nl), format!("{} {}", duty.en, then.en))
}
