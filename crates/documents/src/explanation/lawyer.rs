//! The rules behind a verdict: which, from which text, and how far that was checked.

use facts::Text;
use law::pack::Mark;
use law::verdict::{Duty, Verdict};
use law::{Pack, Packs};

/// A rule that a verdict rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct LawyerLine {
    pub rule: String,
    /// The duties whose outcome it carries.
    pub duties: Vec<Duty>,
    pub text: Text,
    pub cites: Vec<String>,
    /// How far it was checked; absent for what a duty says while it is open, which is no rule.
    pub mark: Option<Mark>,
    /// Where it comes from, in the pack's own words; empty where the pack is not at hand.
    pub source: String,
    /// Its condition as the pack writes it.
    pub when: String,
}

/// The rules of a verdict, each once, in the order in which the reasons name them.
#[must_use]
pub fn lawyer_lines(verdict: &Verdict, packs: &Packs) -> Vec<LawyerLine> {
    let mut lines: Vec<LawyerLine> = Vec::new();
    for reason in &verdict.reasons {
        if let Some(known) = lines.iter_mut().find(|line| line.rule == reason.rule) {
            if !known.duties.contains(&reason.duty) {
                known.duties.push(reason.duty);
            }
            continue;
        }
        let rule = packs.iter().flat_map(Pack::rules).find(|rule| rule.id == reason.rule);
        lines.push(LawyerLine {
            rule: reason.rule.clone(),
            duties: vec![reason.duty],
            text: reason.text.clone(),
            cites: reason.cites.clone(),
            mark: rule.map(|rule| rule.mark),
            source: rule.map(|rule| rule.source.clone()).unwrap_or_default(),
            when: rule.map(|rule| rule.when.split_whitespace().collect::<Vec<_>>().join(" ")).unwrap_or_default(),
        });
    }
    lines
}

/// A mark spelled out.
#[must_use]
pub fn mark_in_words(mark: Mark) -> Text {
    match mark {
        Mark::Verified => Text::new("nagekeken bij de bron zelf", "checked against the source itself"),
        Mark::Secondary => Text::new(
            "nagekeken bij een tweede bron, niet bij de bron zelf",
            "checked against a second source, not the source itself",
        ),
        Mark::Knowledge => Text::new("uit kennis, niet nagekeken", "from knowledge, not checked"),
        Mark::Proposal => Text::new("onze eigen keuze, geen wet", "our own choice, not law"),
    }
}
