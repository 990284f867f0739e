//! What stands first in the complete file of one case: what the register holds of it, its timeline in the words of the page,
//! its evidence, what was decided and reported, and which files come with it.
//!
//! Promises: every report stands there with each answer as it was given; how a reporter can be reached does not.

use facts::{Language, Text};
use incident::{Actor, Event, Incident};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::document::{Block, Document, Line, Look, Run};
use crate::dossier;
use crate::file_words::{media_type, shown_name, size};
use crate::moment::{day, moment};
use crate::register_extract;
use crate::register_table;
use crate::timeline;

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
    pen.evidence(incident);
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
        let items = incident.timeline.iter().enumerate().map(|(at, stamped)| {
            let told = timeline::tell(incident, at, self.zone, self.language);
            let place = stamped.index.map_or_else(String::new, |index| format!(" [{index}]"));
            let by = match &stamped.event {
                Event::Gone { kind } => self.say(&timeline::erased_author_of(kind)),
                _ if stamped.by == (Actor::Reporter { name: None }) && incident.is_told_anew(stamped.index) => {
                    self.say(&timeline::erased_author())
                }
                _ => self.by(&stamped.by),
            };
            let when = self.known(incident, stamped.recorded_at);
            let mut lines = vec![format!("{when}: {} – {by}{place}", told.what)];
            let happened = told.happened.map(|at| self.known(incident, at));
            lines.extend(happened.map(|at| format!("{}: {at}", self.put("Gebeurd op", "Happened on"))));
            lines.extend(told.pairs.into_iter().map(|(name, value)| format!("{name}: {value}")));
            lines.extend(Some(told.words).filter(|words| !words.is_empty()));
            Line::plain(lines.join("\n"))
        });
        let items = items.collect();
        self.blocks.push(Block::List { items });
    }

    /// The files that people added, withdrawn ones too; they are handed over apart, so that it is on record to whom.
    fn evidence(&mut self, incident: &Incident) {
        if incident.evidence.is_empty() {
            return;
        }
        self.heading(1, self.put("Bewijs", "Evidence"));
        let pairs = incident.evidence.iter().map(|evidence| {
            let file = &evidence.file;
            let (size, kind) = (size(file.size_bytes, self.language), media_type(&file.media_type, self.language));
            let added = self.put("Toegevoegd door", "Added by");
            let mut lines = vec![
                format!("SHA-256 {}", file.sha256),
                format!("{size}, {kind}"),
                format!("{added} {}, {}", self.by(&evidence.added_by), self.at(evidence.added_at)),
            ];
            lines.extend([&file.description, &file.origin].into_iter().filter(|text| !text.is_empty()).cloned());
            lines.extend(evidence.withdrawn.as_ref().map(|(by, at, why)| {
                let withdrawn = self.put("Ingetrokken door", "Withdrawn by");
                format!("{withdrawn} {}, {}: {why}", self.by(by), self.at(*at))
            }));
            (shown_name(&file.name), lines.join("\n"))
        });
        let pairs = pairs.collect();
        self.pairs(pairs);
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
                    self.say(&register_table::place_of(imported)),
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
            format!("{}\nSHA-256 {}", self.say(&register_table::place_of(imported)), imported.file_sha256),
        );
        let pairs = [source].into_iter().chain(imported.cells.clone()).collect();
        self.pairs(pairs);
    }
}
