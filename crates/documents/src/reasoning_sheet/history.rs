//! What people advised, decided and did, and how the assessment changed on the way.

use facts::{Fact, Text, Value};
use incident::{Informed, Reassessment, Report};
use law::difference::Turned;
use law::verdict::Duty;

use super::Pen;
use crate::document::{Line, Run};
use crate::explanation::{answer, change_sentence};

impl Pen<'_> {
    /// Only where there is an FG, or one advised from outside.
    pub(super) fn dpo_advice(&mut self) {
        let advice = self.case.incident.dpo_advice.as_ref();
        if self.case.organisation.fg.is_none() && advice.is_none() {
            return;
        }
        self.heading(1, self.put("Advies van de FG", "Advice of the DPO"));
        let Some(advice) = advice else {
            self.paragraph(self.put("Er is geen advies vastgelegd.", "No advice is on file."));
            return;
        };
        let mut pairs = vec![
            (self.put("Van", "From"), Line::plain(format!("{}, {}", advice.by_name, self.at(advice.advised_at)))),
            (self.put("Advies", "Advice"), self.known(Some(advice.advice.clone()))),
        ];
        for (duty, advised) in &advice.advises {
            pairs.push((self.say(&duty.name()), Line::plain(self.yes_or_no(*advised))));
        }
        if let Some(decided) = self.case.incident.decision.as_ref().map(|decision| &decision.decided) {
            let followed = decided.dpo_followed.map(|followed| self.yes_or_no(followed));
            pairs.push((self.put("Gevolgd", "Followed"), self.known(followed)));
            if let Some(departure) = &decided.dpo_departure {
                pairs.push((self.put("Waarom niet", "Why not"), self.known(Some(departure.clone()))));
            }
        }
        let who = format!("{}, {}", self.name(&advice.recorded_by), self.at(advice.recorded_at));
        pairs.push((self.put("Vastgelegd door", "Recorded by"), Line::plain(who)));
        self.pairs(pairs);
    }

    pub(super) fn decision(&mut self) {
        self.heading(1, self.put("Het besluit", "The decision"));
        let incident = self.case.incident;
        let Some(decision) = &incident.decision else {
            self.paragraph(self.put("Niemand heeft nog besloten.", "Nobody has decided yet."));
            return;
        };
        let decided = &decision.decided;
        let mut pairs = vec![
            (self.put("Besloten door", "Decided by"), Line::plain(self.name(&decision.by))),
            (self.put("Wanneer", "When"), Line::plain(self.at(decision.at))),
        ];
        if let Some(mandate) = &decided.mandate {
            pairs.push((self.put("Namens", "On behalf of"), self.known(Some(mandate.clone()))));
        }
        for (duty, to_do) in &decided.duties {
            let departs = decided.departs.contains(duty);
            let beside = if departs {
                self.put(", wijkt af van het advies", ", departs from the advice")
            } else {
                String::new()
            };
            pairs.push((self.say(&duty.name()), Line::plain(format!("{}{beside}", self.yes_or_no(*to_do)))));
        }
        pairs.push((self.put("Motivering", "Reasons"), self.known(Some(decided.motivation.clone()))));
        self.pairs(pairs);
        if incident.is_decision_outdated() {
            self.blocks.push(crate::Block::Paragraph {
                line: Line::default().then(Run::Strong(self.put(
                    "Het oordeel is veranderd sinds dit besluit: er moet opnieuw besloten worden.",
                    "The assessment has changed since this decision: a new decision is due.",
                ))),
            });
        }
    }

    /// Who was told, when, under which number.
    pub(super) fn carried_out(&mut self) {
        let incident = self.case.incident;
        let mut items: Vec<Line> = incident.reports.iter().map(|report| self.report(report)).collect();
        for Informed { at, count, channel } in &incident.subjects_informed {
            let what = self.put("Personen ingelicht", "Persons informed");
            items.push(Line::plain(format!("{what}: {}, {count}, {channel}", self.at(*at))));
        }
        if let Some((at, count, channel)) = &incident.controllers_warned {
            let what = self.put("Verwerkingsverantwoordelijken gewaarschuwd", "Controllers warned");
            items.push(Line::plain(format!("{what}: {}, {count}, {channel}", self.at(*at))));
        }
        for (step, (at, receipt)) in &incident.csirt_notified {
            let what = format!("CSIRT, {}", self.say(&step.name()));
            items.push(Line::plain(format!("{what}: {}{}", self.at(*at), after_comma(receipt))));
        }
        self.heading(1, self.put("Wat is gedaan", "What was done"));
        if items.is_empty() {
            self.paragraph(self.put("Er is nog niemand ingelicht.", "Nobody was told yet."));
        }
        self.list(items);
    }

    fn report(&self, report: &Report) -> Line {
        let reason = report.reason.as_deref().map(|reason| format!(". {reason}")).unwrap_or_default();
        Line::plain(format!(
            "{}: {}{}{}{reason}",
            self.say(&report.kind.name()),
            self.at(report.at),
            after_comma(&report.receipt),
            after_comma(&report.form)
        ))
    }

    pub(super) fn reassessments(&mut self) {
        let found = self.case.incident.reassessments();
        if found.is_empty() {
            return;
        }
        self.heading(1, self.put("Hoe het oordeel veranderde", "How the assessment changed"));
        let items = found.iter().map(|reassessment| self.reassessment(reassessment)).collect();
        self.list(items);
    }

    fn reassessment(&self, found: &Reassessment) -> Line {
        let turned: Vec<Turned> = found
            .turned
            .iter()
            .map(|(duty, from, to): &(Duty, _, _)| Turned { duty: *duty, from: *from, to: *to })
            .collect();
        let mut because: Vec<String> = found
            .because
            .iter()
            .map(|(fact, before, after)| {
                format!(
                    "{} {} → {}",
                    self.say(&fact.question()),
                    self.value(*fact, before.as_ref()),
                    self.value(*fact, after.as_ref())
                )
            })
            .collect();
        if found.times_changed {
            because.push(self.put("een tijdstip is gezet of verplaatst", "a moment was set or moved"));
        }
        let because = if because.is_empty() {
            String::new()
        } else {
            format!(" {}: {}", self.put("Door", "Because of"), because.join(" · "))
        };
        Line::plain(format!("{}. {}{because}", self.at(found.at), self.say(&change_sentence(&turned))))
    }

    fn value(&self, fact: Fact, value: Option<&Value>) -> String {
        let unknown = || Text::new("niet bekend", "not known");
        self.say(&value.map_or_else(unknown, |value| answer(fact, value)))
    }
}

fn after_comma(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(", {text}") }
}
