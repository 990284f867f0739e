//! What the program advises, on which rules, and what would change it.

use std::collections::BTreeSet;

use facts::Text;
use law::Packs;
use law::enisa::{self, Score};
use law::verdict::{LawStatus, Verdict};

use super::Pen;
use crate::document::{Line, Run};
use crate::explanation::{
    DutyReasons, LawyerLine, director_sentence, lawyer_lines, mark_in_words, officer_reasons, open_questions, what_ifs,
};

impl Pen<'_> {
    /// The pack with its edition and its time.
    pub(super) fn law(&self, verdict: &Verdict) -> String {
        let law = &verdict.law;
        let day = |date: Option<jiff::civil::Date>| date.map_or_else(|| "…".to_owned(), |date| date.to_string());
        let standing = match law.status {
            LawStatus::InForce => self.put("van kracht", "in force"),
            LawStatus::Historical => self.put("niet meer van kracht", "no longer in force"),
            LawStatus::Proposal => self.put("een voorstel, geen wet", "a proposal, not law"),
        };
        format!(
            "{} ({} {}), {standing}, {} – {}",
            law.id,
            self.put("uitgave", "edition"),
            law.version,
            day(law.in_force_from),
            day(law.in_force_until)
        )
    }

    pub(super) fn verdict(&mut self, packs: &Packs) {
        self.heading(1, self.put("Het oordeel van het programma", "The program's assessment"));
        let Some(verdict) = self.case.verdict else {
            self.paragraph(self.put("Er is nog niet beoordeeld.", "Nothing was assessed yet."));
            return;
        };
        let until = verdict.deadline.map(|deadline| {
            let zone = self.case.zone();
            let words = |language| crate::moment::moment(deadline.target, zone, language);
            Text::made(words(facts::Language::Dutch), words(facts::Language::English))
        });
        let sentence = self.say(&director_sentence(verdict, until.as_ref()));
        let advice = self.put("Advies; een mens besluit", "Advice; a person decides");
        self.notice(advice, vec![Line::plain(sentence)]);
        let lines = lawyer_lines(verdict, packs);
        let mut told = BTreeSet::new();
        for of_duty in officer_reasons(verdict) {
            self.duty(&of_duty, &lines, &mut told);
        }
        self.rules(&lines);
        self.what_would_change_it(verdict);
        self.still_asked(verdict);
    }

    /// What an earlier duty told already is named by its number alone.
    fn duty(&mut self, of_duty: &DutyReasons, lines: &[LawyerLine], told: &mut BTreeSet<String>) {
        self.heading(2, self.say(&of_duty.duty.name()));
        self.blocks
            .push(crate::Block::Paragraph { line: Line::default().then(Run::Strong(self.say(&of_duty.answer))) });
        let mut items = Vec::new();
        for reason in &of_duty.reasons {
            let number = lines.iter().position(|line| line.rule == reason.rule).map_or(0, |place| place + 1);
            let text = self.say(&reason.text);
            if !told.insert(reason.rule.clone()) {
                items.push(Line::plain(format!("{text} [{number}]")));
                continue;
            }
            let facts: Vec<String> = reason
                .facts
                .iter()
                .map(|known| format!("{} {}", self.say(&known.question), self.say(&known.answer)))
                .collect();
            let because = if facts.is_empty() {
                String::new()
            } else {
                format!(" {}: {}", self.put("Op grond van", "Because of"), facts.join(" · "))
            };
            items.push(Line::plain(format!("{text} [{number}]{because}")));
        }
        self.list(items);
    }

    /// The rules by their numbers: article, source, and how far it was checked.
    fn rules(&mut self, lines: &[LawyerLine]) {
        self.heading(2, self.put("De regels daarachter", "The rules behind it"));
        let pairs = lines.iter().enumerate().map(|(place, line)| {
            let mark = line.mark.map(|mark| format!(" ({})", self.say(&mark_in_words(mark)))).unwrap_or_default();
            let source = if line.source.is_empty() {
                String::new()
            } else {
                format!(" {}: {}", self.put("Bron", "Source"), line.source)
            };
            (format!("[{}] {}", place + 1, line.rule), Line::plain(format!("{}{mark}.{source}", line.cites.join("; "))))
        });
        let pairs = pairs.collect();
        self.pairs(pairs);
    }

    fn what_would_change_it(&mut self, verdict: &Verdict) {
        let items: Vec<Line> = what_ifs(verdict).iter().map(|what_if| Line::plain(self.say(&what_if.text))).collect();
        if items.is_empty() {
            return;
        }
        self.heading(2, self.put("Wat het oordeel zou veranderen", "What would change the assessment"));
        self.list(items);
    }

    fn still_asked(&mut self, verdict: &Verdict) {
        self.heading(2, self.put("Wat nog ontbreekt", "What is still missing"));
        let items: Vec<Line> = open_questions(verdict)
            .iter()
            .map(|question| {
                let asked = self.case.incident.not_known_yet.contains(&question.fact);
                let asked = if asked {
                    self.put(" (gevraagd; niemand weet het nog)", " (asked; nobody knows yet)")
                } else {
                    String::new()
                };
                Line::plain(format!(
                    "{}{asked} {}: {}",
                    self.say(&question.question),
                    self.put("Telt voor", "Matters for"),
                    self.say(&question.matters_for)
                ))
            })
            .collect();
        if items.is_empty() {
            self.paragraph(self.put(
                "Niets: geen antwoord dat nog ontbreekt, kan dit oordeel veranderen.",
                "Nothing: no answer that is missing can still change this assessment.",
            ));
        }
        self.list(items);
    }

    pub(super) fn enisa(&mut self) {
        self.heading(1, self.put("Tweede mening: de ernst volgens ENISA", "Second opinion: the severity by ENISA"));
        self.paragraph(self.put(
            "Dit getal is een hulpmiddel. Het oordeel hierboven rust er niet op.",
            "This figure is an aid. The assessment above does not rest on it.",
        ));
        match enisa::score(&self.case.incident.facts) {
            Some(scored) => {
                self.paragraph(self.score(scored.score));
                let items = scored.because.iter().map(|step| {
                    let points = quarters(step.quarters.into());
                    Line::plain(format!(
                        "{}: {points}. {} ({})",
                        self.say(&step.factor.name()),
                        self.say(&step.text),
                        self.say(&mark_in_words(step.mark))
                    ))
                });
                let items = items.collect();
                self.list(items);
            }
            None => {
                let needed: Vec<String> =
                    enisa::missing(&self.case.incident.facts).iter().map(|fact| self.say(&fact.question())).collect();
                let without = self.put("Nog niet te berekenen.", "Cannot be computed yet.");
                let what = if needed.is_empty() {
                    String::new()
                } else {
                    format!(" {}: {}", self.put("Daarvoor ontbreekt", "Missing for it"), needed.join(" "))
                };
                self.paragraph(format!("{without}{what}"));
            }
        }
        if let Some(adjusted) = &self.case.incident.enisa_adjusted {
            self.paragraph(format!(
                "{}: {}",
                self.put("Met de hand aangepast", "Adjusted by hand"),
                self.score(adjusted.score)
            ));
            let who = format!("{}, {}", self.name(&adjusted.by), self.at(adjusted.at));
            self.pairs(vec![
                (self.put("Waarom", "Why"), self.known(Some(adjusted.reason.clone()))),
                (self.put("Door", "By"), Line::plain(who)),
            ]);
        }
    }

    /// The formula with its figures: `SE = 4 × 1 + 0,5 = 4,5: zeer hoog`.
    fn score(&self, score: Score) -> String {
        let level = score.level();
        format!("{}: {}. {}", score_formula(score), self.say(&level.name()), self.say(&level.meaning()))
    }
}

/// The formula with its figures: `SE = DPC × EI + CB = 4 × 1 + 0,5 = 4,5`.
pub(crate) fn score_formula(score: Score) -> String {
    let [ei, cb, se] = [score.ei4, score.cb4(), score.se4()].map(|four| quarters(four.into()));
    format!("SE = DPC × EI + CB = {} × {ei} + {cb} = {se}", score.dpc)
}

/// Quarter points as people write them; the context counts in whole points of four quarters.
fn quarters(quarters: i32) -> String {
    let (sign, size) = if quarters < 0 { ("-", -quarters) } else { ("", quarters) };
    let rest = match size % 4 {
        0 => "",
        1 => ",25",
        2 => ",5",
        _ => ",75",
    };
    format!("{sign}{}{rest}", size / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_points_read_as_decimals() {
        let check = |given: i32, expected: &str| assert_eq!(quarters(given), expected);
        check(0, "0");
        check(3, "0,75");
        check(18, "4,5");
        check(-4, "-1");
        check(-1, "-0,25");
    }
}
