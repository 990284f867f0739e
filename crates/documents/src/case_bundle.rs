//! What stands first in the complete file of one case: what the register holds of it, its timeline, what was decided and
//! reported, and which files come with it.
//!
//! Promises: every report stands there with each answer as it was given; how a reporter can be reached does not.

use facts::{Language, Text};
use incident::{Actor, Event, Incident};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::document::{Block, Document, Line, Look, Run};
use crate::dossier;
use crate::moment::{day, moment};
use crate::register_extract::{self, ERASED};
use crate::register_table;

/// A file that comes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    pub name: String,
    pub sha256: String,
    pub what: Text,
}

struct Pen<'a> {
    zone: &'a TimeZone,
    language: Language,
    blocks: Vec<Block>,
}

/// The document.
#[must_use]
pub fn document(
    incident: &Incident,
    organisation: &str,
    enclosed: &[Enclosed],
    made_at: &Zoned,
    language: Language,
) -> Document {
    let mut pen = Pen { zone: made_at.time_zone(), language, blocks: Vec::new() };
    pen.contents(enclosed);
    pen.register(incident);
    pen.timeline(incident);
    pen.decisions(incident);
    pen.reports(incident);
    pen.taken_over(incident);
    let title = pen.put("Dossier van het incident", "File of the incident");
    Document {
        look: Look::Paper,
        title: format!("{title}: {}", pen.say(&register_extract::title(&incident.title, incident.erased.is_some()))),
        subtitle: pen.put("Alles wat is vastgelegd, met de stukken", "Everything on record, with the documents"),
        language,
        author: organisation.to_owned(),
        reference: format!("Incident {}", incident.number),
        draft: String::new(),
        blocks: pen.blocks,
    }
}

impl Pen<'_> {
    fn put(&self, nl: &'static str, en: &'static str) -> String {
        Text::new(nl, en).in_language(self.language).to_owned()
    }

    fn say(&self, text: &Text) -> String {
        text.in_language(self.language).to_owned()
    }

    fn at(&self, at: Timestamp) -> String {
        moment(at, self.zone, self.language)
    }

    /// As exactly as it is known: of what another register said, often only the day.
    fn known(&self, incident: &Incident, at: Timestamp) -> String {
        if incident.is_day_only(at) { day(at, self.zone, self.language) } else { self.at(at) }
    }

    fn by(&self, actor: &Actor) -> String {
        match actor {
            Actor::Reporter { .. } => self.put("een melder", "a reporter"),
            other => other.name().to_owned(),
        }
    }

    fn heading(&mut self, level: u8, text: String) {
        self.blocks.push(Block::Heading { level, text });
    }

    fn pairs(&mut self, pairs: Vec<(String, String)>) {
        let pairs = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<_> = pairs.map(|(name, value)| (name, Line { runs: vec![Run::Plain(value)] })).collect();
        if !pairs.is_empty() {
            self.blocks.push(Block::Pairs { pairs });
        }
    }

    fn nothing(&mut self, nl: &'static str, en: &'static str) {
        let line = Line::plain(self.put(nl, en));
        self.blocks.push(Block::Paragraph { line });
    }

    fn contents(&mut self, enclosed: &[Enclosed]) {
        self.heading(1, self.put("Wat erbij zit", "What comes with it"));
        let pairs = enclosed
            .iter()
            .map(|file| (file.name.clone(), format!("{}\nSHA-256 {}", self.say(&file.what), file.sha256)));
        let pairs = pairs.collect();
        self.pairs(pairs);
    }

    fn register(&mut self, incident: &Incident) {
        self.heading(1, self.put("In het register", "In the register"));
        let fields = register_table::fields(incident).into_iter();
        let pairs = fields.filter_map(|(heading, entry)| {
            Some((self.say(heading), register_table::in_words(&entry, self.zone, self.language)?))
        });
        let pairs = pairs.collect();
        self.pairs(pairs);
    }

    fn timeline(&mut self, incident: &Incident) {
        self.heading(1, self.put("Tijdlijn", "Timeline"));
        let items = incident.timeline.iter().map(|stamped| {
            let place = stamped.index.map_or_else(String::new, |index| format!(" [{index}]"));
            Line::plain(format!(
                "{}: {} – {}{place}",
                self.known(incident, stamped.recorded_at),
                self.what(&stamped.event),
                match stamped.event {
                    // Who wrote it went with what they wrote.
                    Event::Gone { .. } => self.say(&ERASED),
                    _ => self.by(&stamped.by),
                }
            ))
        });
        let items = items.collect();
        self.blocks.push(Block::List { items });
    }

    fn what(&self, event: &Event) -> String {
        let text = match event {
            Event::Opened { .. } => Text::new("vastgelegd", "recorded"),
            Event::FactsRecorded { .. } => Text::new("feiten vastgelegd", "facts recorded"),
            Event::NarrativeRecorded(_) => Text::new("beschreven", "described"),
            Event::DetectedAtSet { .. } => Text::new("ontdekking vastgelegd", "detection recorded"),
            Event::AwarenessSet { .. } => Text::new("kennisname vastgelegd", "awareness recorded"),
            Event::Assessed(_) => Text::new("beoordeeld", "assessed"),
            Event::Decided(_) => Text::new("besloten", "decided"),
            Event::DocumentMade { title, .. } => {
                return format!("{} ({})", self.put("document gemaakt", "document made"), self.say(title));
            }
            Event::AuthorityNotified { kind, receipt, .. } => {
                return format!("{} ({receipt})", self.say(&kind.name()));
            }
            Event::SubjectsInformed { .. } => Text::new("personen ingelicht", "persons informed"),
            Event::CsirtNotified { step, .. } => step.name(),
            Event::ControllersWarned { .. } => Text::new("opdrachtgevers gewaarschuwd", "controllers warned"),
            Event::ProcessorInformed { .. } => Text::new("bericht van een verwerker", "notice of a processor"),
            Event::DetectionChecked { .. } => Text::new("waarneming nagekeken", "detection checked"),
            Event::DpoAdvised { .. } => Text::new("advies van de FG", "advice of the DPO"),
            Event::NotKnownYet { .. } => Text::new("nog niet bekend", "not known yet"),
            Event::EnisaAdjusted { .. } => Text::new("ENISA-score bijgesteld", "ENISA score adjusted"),
            Event::Noted { text } => return format!("{}: {text}", self.put("notitie", "note")),
            Event::Closed { .. } => Text::new("gesloten", "closed"),
            Event::Reopened { .. } => Text::new("heropend", "reopened"),
            Event::Custody(_) => Text::new("bewijs", "evidence"),
            other => incident::kind_name(other.kind()),
        };
        self.say(&text)
    }

    fn decisions(&mut self, incident: &Incident) {
        self.heading(1, self.put("Besluiten", "Decisions"));
        let mut any = false;
        for stamped in &incident.timeline {
            let Event::Decided(decided) = &stamped.event else { continue };
            any = true;
            self.heading(2, format!("{}, {}", self.at(stamped.recorded_at), self.by(&stamped.by)));
            let yes = |to_do: bool| if to_do { self.put("ja", "yes") } else { self.put("nee", "no") };
            let mut pairs: Vec<_> =
                decided.duties.iter().map(|(duty, to_do)| (self.say(&duty.name()), yes(*to_do))).collect();
            pairs.push((self.put("Motivering", "Reasons"), decided.motivation.clone()));
            pairs.push((self.put("Namens", "On behalf of"), decided.mandate.clone().unwrap_or_default()));
            pairs.push((
                self.put("Afwijking van het FG-advies", "Departure from the DPO’s advice"),
                decided.dpo_departure.clone().unwrap_or_default(),
            ));
            self.pairs(pairs);
        }
        if incident.erased.is_some() {
            self.nothing("Wat besloten was, is gewist.", "What was decided was erased.");
        } else if !any {
            self.nothing("Hier is niets besloten.", "Nothing was decided here.");
        }
    }

    fn reports(&mut self, incident: &Incident) {
        self.heading(1, self.put("Meldingen bij de AP", "Reports to the authority"));
        if incident.erased.is_some() {
            self.nothing("Wat gemeld was, is gewist.", "What was reported was erased.");
        } else if incident.reports.is_empty() {
            self.nothing("Er is niets gemeld.", "Nothing was reported.");
        }
        for report in &incident.reports {
            self.heading(2, format!("{}, {}", self.say(&report.kind.name()), self.known(incident, report.at)));
            // Whoever took it over did not make it, and did not record it when it was made.
            let taken_over = incident.imported().filter(|_| incident.imported_report() == Some(report));
            let recorded = match taken_over {
                Some(imported) => (
                    self.put("Volgens het overgenomen register", "According to the imported register"),
                    format!("{}, {}", imported.file, imported.row),
                ),
                None => (
                    self.put("Vastgelegd door", "Recorded by"),
                    format!("{}, {}", self.by(&report.by), self.at(report.recorded_at)),
                ),
            };
            let mut pairs = vec![
                (self.put("Nummer van de AP", "Authority’s number"), report.receipt.clone()),
                recorded,
                (self.put("Reden", "Reason"), report.reason.clone().unwrap_or_default()),
                (self.put("Formulier", "Form"), report.form.clone()),
            ];
            let form = dossier::form(&report.form);
            let questions: Vec<_> =
                form.iter().flat_map(|form| &form.sections).flat_map(|section| &section.questions).collect();
            // In the form's own order; what the form of today does not ask any more comes last.
            let asked = questions.iter().filter_map(|question| {
                let answer = report.answers.get(&question.key)?;
                Some((format!("{} {}", question.number, self.say(&question.text)), answer.clone()))
            });
            let unknown =
                report.answers.iter().filter(|(key, _)| questions.iter().all(|question| question.key != **key));
            let rest = unknown.map(|(key, answer)| (key.clone(), answer.clone()));
            let answers: Vec<_> = asked.chain(rest).collect();
            pairs.extend(answers);
            self.pairs(pairs);
        }
    }

    fn taken_over(&mut self, incident: &Incident) {
        let Some(imported) = incident.imported() else { return };
        self.heading(
            1,
            self.put("Zoals het in het overgenomen register stond", "As it stood in the imported register"),
        );
        let source = (
            self.put("Bestand", "File"),
            format!("{}, {}\nSHA-256 {}", imported.file, imported.row, imported.file_sha256),
        );
        let pairs = [source].into_iter().chain(imported.cells.clone()).collect();
        self.pairs(pairs);
    }
}
