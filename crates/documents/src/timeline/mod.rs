//! What happened to an incident, event by event, in words: the same on the page, and in the file for the authority.
//!
//! Promises: every event says what it holds; of what was erased, that it was, and why. Deliberately not here: who did it, for
//! not every reader may know.

mod custody;

use std::collections::BTreeMap;

use facts::{Language, Text};
use incident::{DetectionsAdded, ErasedEntry, Event, Incident, Opening, ReportKind, Stamped, Urgency};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use law::verdict::{Duty, Outcome};

use crate::fact_words::answer;
use crate::moment::{day, moment};
use crate::reasoning_sheet::score_formula;

/// An event in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub what: String,
    /// When it happened, where that is not when it was recorded.
    pub happened: Option<Timestamp>,
    /// What was recorded, piece by piece.
    pub pairs: Vec<(String, String)>,
    /// What somebody wrote.
    pub words: String,
}

/// For whom it is told.
struct Teller<'a> {
    incident: &'a Incident,
    zone: &'a TimeZone,
    language: Language,
}

/// The event at this place of the incident's timeline; nothing where there is none.
#[must_use]
pub fn tell(incident: &Incident, place: usize, zone: &TimeZone, language: Language) -> Told {
    let teller = Teller { incident, zone, language };
    incident.timeline.get(place).map(|stamped| teller.tell(place, &stamped.event)).unwrap_or_default()
}

/// What stands where it is not known who wrote something: it went with what they wrote.
#[must_use]
pub fn erased_author() -> Text {
    Text::new("wie dit schreef, is gewist", "who wrote this was erased")
}

/// The same of an entry of this kind, where the kind says who alone can have written it.
#[must_use]
pub fn erased_author_of(kind: &str) -> Text {
    match kind {
        "incident.hold_placed" | "incident.hold_released" => {
            Text::new("wie mocht beslissen; de naam is gewist", "whoever might decide; the name was erased")
        }
        _ => erased_author(),
    }
}

/// What a law said of a duty, in words that say what to do.
#[must_use]
pub fn outcome(duty: Duty, outcome: Outcome) -> Text {
    match (duty, outcome) {
        (_, Outcome::Required) => Text::new("Ja, dit moet", "Yes, required"),
        (_, Outcome::NotRequired) => Text::new("Hoeft niet", "Not needed"),
        (Duty::NotifyAuthority, Outcome::Undetermined) => Text::new(
            "Meld uit voorzorg, of beantwoord eerst wat ontbreekt",
            "Notify as a precaution, or first answer what is missing",
        ),
        (_, Outcome::Undetermined) => Text::new("Beantwoord eerst wat ontbreekt", "First answer what is missing"),
    }
}

impl Teller<'_> {
    fn put(&self, nl: &'static str, en: &'static str) -> String {
        self.say(&Text::new(nl, en))
    }

    fn fill(&self, nl: String, en: String) -> String {
        match self.language {
            Language::Dutch => nl,
            Language::English => en,
        }
    }

    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    fn at(&self, at: Timestamp) -> String {
        if self.incident.is_day_only(at) {
            return day(at, self.zone, self.language);
        }
        moment(at, self.zone, self.language)
    }

    fn told(&self, nl: &'static str, en: &'static str) -> Told {
        Told { what: self.put(nl, en), ..Told::default() }
    }

    fn with_words(&self, nl: &'static str, en: &'static str, words: &str) -> Told {
        Told { words: words.to_owned(), ..self.told(nl, en) }
    }

    /// Flat, because there is one line a kind.
    fn tell(&self, place: usize, event: &Event) -> Told {
        let happened = |what: String, at: Timestamp| Told { what, happened: Some(at), ..Told::default() };
        match event {
            Event::Opened { title, opening: Opening::Imported(_), .. } => {
                self.with_words("Overgenomen uit een eerder register", "Taken over from an earlier register", title)
            }
            Event::Opened { title, .. } => self.with_words("Incident vastgelegd", "Incident recorded", title),
            Event::FactsRecorded { changes, note } => {
                let unknown = || self.put("Nog niet bekend", "Not known yet");
                let pairs = changes.iter().map(|(fact, value)| {
                    let value = value.as_ref().map_or_else(unknown, |value| self.say(&answer(*fact, value)));
                    (self.say(&fact.question()), value)
                });
                Told {
                    what: match changes.len() {
                        0 => self.put("Toelichting bij de feiten", "Note on the facts"),
                        1 => self.put("Eén feit vastgelegd", "One fact recorded"),
                        count => self.fill(format!("{count} feiten vastgelegd"), format!("{count} facts recorded")),
                    },
                    pairs: pairs.collect(),
                    words: note.clone().unwrap_or_default(),
                    happened: None,
                }
            }
            Event::NarrativeRecorded(_) => {
                self.told("Teksten voor register en documenten bewaard", "Texts for the register and documents saved")
            }
            Event::DetectedAtSet { at } => {
                happened(self.put("Eerste signaal vastgelegd", "First signal recorded"), *at)
            }
            Event::AwarenessSet { at, is_estimated, reason } => {
                let what = match is_estimated {
                    true => self.put("Kennisname vastgelegd, als schatting", "Awareness recorded, as an estimate"),
                    false => self.put("Kennisname vastgelegd", "Awareness recorded"),
                };
                Told { words: self.moved(place, reason), ..happened(what, *at) }
            }
            Event::Assessed(assessment) => {
                let (law, version) = (assessment.law.to_uppercase(), &assessment.law_version);
                let pairs = assessment.outcomes.iter();
                let pairs = pairs.map(|(duty, turned)| (self.say(&duty.name()), self.say(&outcome(*duty, *turned))));
                Told {
                    what: self.fill(
                        format!("Beoordeeld met regelset {law}, versie {version}"),
                        format!("Assessed with rule set {law}, version {version}"),
                    ),
                    pairs: pairs.collect(),
                    ..Told::default()
                }
            }
            Event::Decided(decided) => {
                let mut pairs = self.answers(&decided.duties);
                if let Some(mandate) = &decided.mandate {
                    pairs.push((self.put("Namens", "On behalf of"), mandate.clone()));
                }
                if let Some(followed) = decided.dpo_followed {
                    let said = if followed { self.put("Ja", "Yes") } else { self.put("Nee", "No") };
                    let said = match &decided.dpo_departure {
                        Some(why) => format!("{said}: {why}"),
                        None => said,
                    };
                    pairs.push((self.put("Volgt het advies van de FG", "Follows the advice of the FG (DPO)"), said));
                }
                Told { pairs, ..self.with_words("Besluit genomen", "Decision taken", &decided.motivation) }
            }
            Event::DocumentMade { title, .. } => Told {
                what: self.fill(format!("Gemaakt: {}", title.nl), format!("Made: {}", title.en)),
                ..Told::default()
            },
            Event::AuthorityNotified { at, receipt, kind, reason, .. } => {
                let (nl, en) = match kind {
                    ReportKind::First => ("Gemeld bij de AP", "Notified to the AP"),
                    ReportKind::Supplement => ("Melding bij de AP aangevuld", "Notification to the AP supplemented"),
                    ReportKind::Withdrawal => ("Melding bij de AP ingetrokken", "Notification to the AP withdrawn"),
                };
                let what = self
                    .fill(format!("{nl}, meldingsnummer {receipt}"), format!("{en}, notification number {receipt}"));
                Told { words: reason.clone().unwrap_or_default(), ..happened(what, *at) }
            }
            Event::ControllersWarned { at, count, channel } => happened(
                self.fill(
                    format!("Verwerkingsverantwoordelijken gewaarschuwd: {count}, {channel}"),
                    format!("Controllers warned: {count}, {channel}"),
                ),
                *at,
            ),
            Event::TermMet { with, at, .. } => happened(
                self.fill(
                    format!("Afgesproken termijn gehaald: {with} is ingelicht"),
                    format!("Agreed term met: {with} was told"),
                ),
                *at,
            ),
            Event::CsirtNotified { step, at, receipt } => {
                let step = step.name();
                let (nl, en) = match receipt.as_str() {
                    "" => (String::new(), String::new()),
                    receipt => (format!(", kenmerk {receipt}"), format!(", reference {receipt}")),
                };
                let what =
                    self.fill(format!("Aan het CSIRT: {}{nl}", step.nl), format!("To the CSIRT: {}{en}", step.en));
                happened(what, *at)
            }
            Event::ProcessorInformed { at, by } => happened(
                self.fill(
                    format!("Bericht van de verwerker ontvangen: {by}"),
                    format!("Processor’s notice received: {by}"),
                ),
                *at,
            ),
            Event::DetectionChecked { is_real, note } => {
                let note = note.as_deref().unwrap_or_default();
                match is_real {
                    true => self.with_words("Waarneming nagekeken: het klopt", "Detection checked: it is real", note),
                    false => {
                        self.with_words("Waarneming nagekeken: vals alarm", "Detection checked: a false alarm", note)
                    }
                }
            }
            Event::DetectionsAdded(added) => self.added(place, added),
            Event::DpoAdvised { by_name, advised_at, advice, advises } => Told {
                pairs: self.answers(advises),
                words: advice.clone(),
                ..happened(
                    self.fill(format!("Advies van de FG, {by_name}"), format!("Advice of the FG (DPO), {by_name}")),
                    *advised_at,
                )
            },
            Event::NotKnownYet { facts } => {
                let count = facts.len();
                let unknown = self.put("Nog niet bekend", "Not known yet");
                Told {
                    what: self.fill(format!("Nog niet bekend: {count}"), format!("Not known yet: {count}")),
                    pairs: facts.iter().map(|fact| (self.say(&fact.question()), unknown.clone())).collect(),
                    ..Told::default()
                }
            }
            Event::EnisaAdjusted { score: Some(score), reason } => Told {
                pairs: vec![(self.say(&score.level().name()), self.figures(score_formula(*score)))],
                ..self.with_words("ENISA-score met de hand aangepast", "ENISA score adjusted by hand", reason)
            },
            Event::EnisaAdjusted { score: None, reason } => {
                self.with_words("ENISA-score weer zoals berekend", "ENISA score as computed again", reason)
            }
            Event::SubjectsInformed { at, count, channel, is_correction: false } => happened(
                self.fill(
                    format!("Personen ingelicht: {count}, {channel}"),
                    format!("Persons informed: {count}, {channel}"),
                ),
                *at,
            ),
            Event::SubjectsInformed { at, count, channel, is_correction: true } => happened(
                self.fill(
                    format!(
                        "Personen ingelicht, verbeterd: {count}, {channel}; dit vervangt wat eerder was vastgelegd"
                    ),
                    format!("Persons informed, corrected: {count}, {channel}; it replaces what was recorded before"),
                ),
                *at,
            ),
            Event::Custody(custody) => self.custody(custody),
            Event::Noted { text } => self.with_words("Notitie", "Note", text),
            Event::Closed { lessons } => self.with_words("Gesloten", "Closed", lessons),
            Event::Reopened { reason } => self.with_words("Heropend", "Reopened", reason),
            Event::HoldPlaced { reason } => self.with_words("Wisverbod geplaatst", "Held from being erased", reason),
            Event::HoldReleased { reason } => self.with_words("Wisverbod opgeheven", "Hold released", reason),
            Event::Erased(erasure) => Told {
                what: self.erased(erasure.entries, &erasure.ground.because()),
                words: erasure.reason.clone(),
                ..Told::default()
            },
            Event::EntriesErased { ground, reason, entries } => {
                let because = ground.because();
                let count = entries.iter().filter(|one| self.is_new(place, one.index)).count();
                Told {
                    what: match count as u64 {
                        0 => self.fill(
                            format!("Een gewiste regel opnieuw verwoord omdat {}", because.nl),
                            format!("An erased entry was worded anew because {}", because.en),
                        ),
                        count => self.erased(count, &because),
                    },
                    words: reason.clone(),
                    ..Told::default()
                }
            }
            Event::Gone { kind } => {
                let kind = incident::kind_name(kind);
                let (nl, en) = (
                    format!("Gewist. Van deze regel blijft het bewijs dat hij er stond ({}).", kind.nl),
                    format!("Erased. Of this entry the proof remains that it stood here ({}).", kind.en),
                );
                Told { what: self.fill(nl, en), ..Told::default() }
            }
        }
    }

    /// What a sensor saw more of the same, and whether that is more urgent than what was known.
    fn added(&self, place: usize, added: &DetectionsAdded) -> Told {
        let known = self.incident.urgency_before(place);
        let raised = known.filter(|known| added.urgency > *known);
        let what = match added.detections.len() {
            0 if !added.grown.is_empty() => {
                self.put("Wat de sensor zag, is veel meer geworden", "What the sensor saw has become much more")
            }
            0 => self.put("Wat de sensor zag, weegt zwaarder", "What the sensor saw weighs more"),
            1 => self.put("De sensor zag meer: één detectie toegevoegd", "The sensor saw more: one detection added"),
            count => self.fill(
                format!("De sensor zag meer: {count} detecties toegevoegd"),
                format!("The sensor saw more: {count} detections added"),
            ),
        };
        let what = match (added.detections.len(), added.grown.len()) {
            (0, _) | (_, 0) => what,
            (_, 1) => self.fill(format!("{what}, en 1 werd veel meer"), format!("{what}, and 1 became much more")),
            (_, grown) => self
                .fill(format!("{what}, en {grown} werden veel meer"), format!("{what}, and {grown} became much more")),
        };
        let urgency = |urgency: Urgency| self.say(&urgency.name());
        let mut pairs = Vec::new();
        if let Some(known) = raised {
            let (was, is) = (urgency(known), urgency(added.urgency));
            let said = self.fill(format!("{is}; was {was}"), format!("{is}; it was {was}"));
            pairs.push((self.put("Dringender dan bekend was", "More urgent than was known"), said));
        }
        pairs.push((self.put("Gezien vanaf", "Seen from"), self.at(added.first_at)));
        pairs.push((self.put("Gezien tot", "Seen until"), self.at(added.last_at)));
        Told { what, pairs, words: self.say(&added.summary), happened: None }
    }

    /// Why the organisation says it knew then, and from when that was moved.
    fn moved(&self, place: usize, reason: &str) -> String {
        let earlier = self.incident.timeline.iter().take(place).rev().find_map(|stamped| match &stamped.event {
            Event::AwarenessSet { at, .. } => Some(self.at(*at)),
            _ => None,
        });
        match earlier {
            Some(before) => self.fill(
                format!("Verplaatst; eerst stond er {before}. {reason}"),
                format!("Moved; before it was {before}. {reason}"),
            ),
            None => reason.to_owned(),
        }
    }

    fn erased(&self, count: u64, because: &Text) -> String {
        self.fill(
            format!("Gewist omdat {} (regels: {count})", because.nl),
            format!("Erased because {} (entries: {count})", because.en),
        )
    }

    /// What an earlier erasure took is not erased twice: it was told anew, and the words between went.
    fn is_new(&self, place: usize, index: u64) -> bool {
        let took = |one: &Stamped, taken: &[ErasedEntry]| {
            one.index == Some(index) || taken.iter().any(|entry| entry.index == index)
        };
        let mut before = self.incident.timeline.iter().take(place);
        !before.any(|one| erased_by(&one.event).is_some_and(|taken| took(one, taken)))
    }

    /// Figures with the language's decimal sign.
    fn figures(&self, figures: String) -> String {
        match self.language {
            Language::Dutch => figures,
            Language::English => figures.replace(',', "."),
        }
    }

    /// Each duty with yes or no.
    fn answers(&self, duties: &BTreeMap<Duty, bool>) -> Vec<(String, String)> {
        let answer = |is_to_do: bool| match is_to_do {
            true => self.put("Ja, doen", "Yes, do it"),
            false => self.put("Nee, niet doen", "No, do not"),
        };
        duties.iter().map(|(duty, is_to_do)| (self.say(&duty.name()), answer(*is_to_do))).collect()
    }
}

/// The entries that an event erased by themselves.
fn erased_by(event: &Event) -> Option<&[ErasedEntry]> {
    match event {
        Event::EntriesErased { entries, .. } => Some(entries),
        _ => None,
    }
}
