//! Opening an incident: a person reports it, or a sensor's case asks for one.

use std::collections::BTreeMap;

use jiff::Timestamp;

use contract::detection::{CaseLine, DetectionLine};
use facts::{Fact, IncidentId, Text, Value};
use incident::{Actor, Command, Event, Incident, Opening, Stamped, Urgency};
use sha2::{Digest, Sha256};

use crate::append::{replay, take_in};
use crate::sensors::proposed;
use crate::{App, Append, Error, FieldProblem, SaidDetection, Scope, StoreError, StoredDetection};

/// The longest text that a field of a report takes, in characters.
const LONGEST_TEXT: usize = 10_000;
/// The longest title that is made of a text, in characters.
const LONGEST_HEADLINE: usize = 80;
/// Where the program has those facts from that are the same for each incident of an organisation.
const FROM_SETTINGS: &str = "uit de instellingen van de organisatie (from the organisation’s settings)";

/// What a person reports: five questions, of which one must be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub what: String,
    pub when: String,
    pub whose: String,
    pub done: String,
    /// How to reach the reporter; empty when they wish to stay anonymous.
    pub contact: String,
}

/// What was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    pub id: IncidentId,
    /// The reference that the reporter gets.
    pub number: u64,
}

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromCase {
    /// With the numbers of other incidents that rest on a part of it.
    Opened(Opened, Vec<u64>),
    /// An incident rests on all of it already.
    Known(Opened),
}

impl FromCase {
    /// The incident, whoever opened it.
    #[must_use]
    pub fn incident(&self) -> Opened {
        match self {
            Self::Opened(opened, _) | Self::Known(opened) => *opened,
        }
    }
}

impl App {
    /// Opens an incident from a report. The reporter may be anyone who knows the organisation's report link.
    pub async fn report(&self, scope: &Scope, report: Report, now: Timestamp) -> Result<Opened, Error> {
        let id = IncidentId(self.chance.id(now)?);
        self.report_as(id, scope, report, now).await
    }

    /// The same for a form that may be sent twice, by a double press or to two servers: `form` is the mark of that one
    /// form. The same report from it is one incident, since its id follows from both; whoever comes second is given what
    /// the first one opened.
    pub async fn report_once(
        &self,
        scope: &Scope,
        form: &str,
        report: Report,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        let mut hash = Sha256::new().chain_update(b"dijkwacht/report/v1\n").chain_update(scope.id().0.as_bytes());
        for part in [form, &report.what, &report.when, &report.whose, &report.done, &report.contact] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        // An id of our own making is UUID version 8 (RFC 9562 §5.8).
        let id = IncidentId(uuid::Builder::from_custom_bytes(bytes).into_uuid());
        match self.opened(scope, id).await? {
            Some(opened) => Ok(opened),
            None => self.report_as(id, scope, report, now).await,
        }
    }

    async fn report_as(&self, id: IncidentId, scope: &Scope, report: Report, now: Timestamp) -> Result<Opened, Error> {
        let (title, opening) = opening(&report)?;
        self.open(id, scope, &title, opening, Vec::new(), Vec::new(), now).await
    }

    /// What a report of this id and number would append, and the incident that it opens; nothing is written.
    pub fn reported(
        &self,
        scope: &Scope,
        id: IncidentId,
        number: u64,
        report: &Report,
        now: Timestamp,
    ) -> Result<(Incident, Append), Error> {
        let (title, opening) = opening(report)?;
        self.begun(scope, id, Event::Opened { number, title, opening }, &[], Vec::new(), now)
    }

    /// Opens an incident from a case that was found here, with the detections it rests on; not where incidents hold each
    /// of those already, since what is scanned may be scanned again.
    pub async fn open_case(
        &self,
        scope: &Scope,
        case: &detect::Case,
        detections: &[detect::Detection],
        now: Timestamp,
    ) -> Result<FromCase, Error> {
        let of_it = detections.iter().filter(|one| case.detections.contains(&one.id));
        let said: Vec<_> = of_it.map(SaidDetection::of).collect::<Result<_, _>>()?;
        let id = incident_of(scope, case);
        if let Some(known) = self.opened(scope, id).await? {
            return Ok(FromCase::Known(known));
        }
        let (is_all, known) = self.incidents_on(scope, &said).await?;
        if let Some(most) = known.first().filter(|_| is_all) {
            return Ok(FromCase::Known(*most));
        }
        // Before the scan nobody knew what is in a capture.
        let opened = self.open_detected(id, scope, &CaseLine::from(case), &said, now, now).await?;
        Ok(FromCase::Opened(opened, known.into_iter().map(|one| one.number).collect()))
    }

    /// The incidents that rest on these, the one that rests on most of them first, and whether each of them stands in one: the
    /// same host, place and first moment, whatever more was seen of it since.
    async fn incidents_on(&self, scope: &Scope, said: &[SaidDetection]) -> Result<(bool, Vec<Opened>), Error> {
        let mut held: BTreeMap<IncidentId, usize> = BTreeMap::new();
        let mut is_all = true;
        for one in said {
            let kept = self.store.incidents_on(scope, &one.line.id).await?;
            let is_it = |kept: &StoredDetection| {
                let line = serde_json::from_str::<DetectionLine>(&kept.json);
                line.is_ok_and(|line| line.first_at == one.line.first_at)
            };
            let of_it: Vec<_> = kept.iter().filter(|(_, kept)| is_it(kept)).collect();
            is_all &= !of_it.is_empty();
            of_it.iter().for_each(|(incident, _)| *held.entry(*incident).or_default() += 1);
        }
        let mut held: Vec<_> = held.into_iter().collect();
        held.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut known = Vec::new();
        for (incident, _) in held {
            known.extend(self.opened(scope, incident).await?);
        }
        Ok((is_all, known))
    }

    /// The same, of what a sensor said elsewhere. `detected_at`: when somebody could first know of it.
    pub(crate) async fn open_detected(
        &self,
        id: IncidentId,
        scope: &Scope,
        case: &CaseLine,
        said: &[SaidDetection],
        detected_at: Timestamp,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        let of_it: Vec<_> = said.iter().filter(|one| case.detections.contains(&one.line.id)).collect();
        let stored: Vec<_> = of_it.iter().map(|one| one.stored()).collect();
        let opening = Opening::Detected {
            case: case.id.clone(),
            urgency: urgency(case.severity.into()),
            host: case.host.name.clone().unwrap_or_else(|| case.host.ip.to_string()),
            summary: Text::made(case.summary.nl.clone(), case.summary.en.clone()),
            detections: stored.iter().map(|one| (one.id.clone(), one.sha256.clone())).collect(),
            first_at: of_it.iter().map(|one| one.line.first_at).min().unwrap_or(now),
            last_at: of_it.iter().map(|one| one.line.last_at).max().unwrap_or(now),
            detected_at: Some(detected_at.min(now)),
        };
        let title = headline(&case.summary.nl);
        self.open(id, scope, &title, opening, proposed(case), stored, now).await
    }

    /// The incident of this id as it was opened, if it is there.
    pub(crate) async fn opened(&self, scope: &Scope, id: IncidentId) -> Result<Option<Opened>, Error> {
        let history = match self.store.history(scope, id).await {
            Ok(history) => history,
            Err(StoreError::NotFound) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        Ok(Some(Opened { id, number: replay(scope.id(), &history)?.number }))
    }

    #[expect(clippy::too_many_arguments, reason = "all of them stand in the first entry")]
    async fn open(
        &self,
        id: IncidentId,
        scope: &Scope,
        title: &str,
        opening: Opening,
        proposed: Vec<(Fact, Value)>,
        detections: Vec<StoredDetection>,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        // Reports in the same moment may reach for the same number: one gets it, the others take the next. Each round
        // one of them is done, so a report is turned away only in a flood.
        for _ in 0..200 {
            let now = self.not_before(scope, now).await?;
            let number = self.store.next_number(scope).await?;
            let event = Event::Opened { number, title: title.to_owned(), opening: opening.clone() };
            let (_, append) = self.begun(scope, id, event, &proposed, detections.clone(), now)?;
            match self.store.append(scope, append, self.signer.as_ref()).await {
                // The number was taken, or it is this very incident that somebody opened at the same moment.
                Err(StoreError::Conflict) => {
                    if let Some(opened) = self.opened(scope, id).await? {
                        return Ok(opened);
                    }
                }
                done => return done.map(|()| Opened { id, number }).map_err(Error::from),
            }
        }
        Err(StoreError::Conflict.into())
    }

    /// What opens an incident: its first entry, what was proposed and is known of the organisation, and what the law says.
    fn begun(
        &self,
        scope: &Scope,
        id: IncidentId,
        event: Event,
        proposed: &[(Fact, Value)],
        detections: Vec<StoredDetection>,
        now: Timestamp,
    ) -> Result<(Incident, Append), Error> {
        let first =
            Stamped { incident: id, index: None, recorded_at: now, by: scope.actor().clone(), event: event.clone() };
        let mut incident = Incident::open(scope.id(), &first).ok_or(Error::NotFound)?;
        let mut events = vec![(scope.actor().clone(), event)];
        let settled = scope.organisation().profile.facts();
        for (known, note) in [(proposed, None), (settled.as_slice(), Some(FROM_SETTINGS))] {
            let changes: BTreeMap<_, _> = known.iter().cloned().map(|(fact, value)| (fact, Some(value))).collect();
            if changes.is_empty() {
                continue;
            }
            let command = Command::RecordFacts { changes, note: note.map(str::to_owned) };
            let recorded = incident.decide(command, &Actor::Program, now)?;
            take_in(&mut incident, &Actor::Program, now, &recorded);
            events.extend(recorded.into_iter().map(|event| (Actor::Program, event)));
        }
        let assessed = Event::Assessed(Box::new(self.assess_on_file(scope, &incident, now)?));
        take_in(&mut incident, &Actor::Program, now, std::slice::from_ref(&assessed));
        events.push((Actor::Program, assessed));
        let append = self.to_append(scope, &incident, 0, &events, detections, now)?;
        Ok((incident, append))
    }
}

/// The id of the incident that a case becomes which was found here: it follows from what it rests on, so that two who scan
/// at one moment open one.
fn incident_of(scope: &Scope, case: &detect::Case) -> IncidentId {
    let mut hash = Sha256::new().chain_update(b"dijkwacht/scanned-case/v1\n").chain_update(scope.id().0.as_bytes());
    let mut detections: Vec<&String> = case.detections.iter().collect();
    detections.sort();
    for part in std::iter::once(&case.id).chain(detections) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    // An id of our own making is UUID version 8 (RFC 9562 §5.8).
    IncidentId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// The title and the opening that a report comes to.
fn opening(report: &Report) -> Result<(String, Opening), Error> {
    check(report)?;
    let opening = Opening::Reported {
        what: report.what.trim().to_owned(),
        when_said: said(&report.when),
        whose_said: said(&report.whose),
        done_said: said(&report.done),
        contact: said(&report.contact),
    };
    Ok((headline(&report.what), opening))
}

fn check(report: &Report) -> Result<(), Error> {
    let mut problems = Vec::new();
    if report.what.trim().is_empty() {
        problems.push(FieldProblem {
            field: "what".into(),
            text: Text::new(
                "Vertel kort wat er is gebeurd. Een paar woorden is genoeg.",
                "Say briefly what happened. A few words will do.",
            ),
        });
    }
    let fields = [
        ("what", &report.what),
        ("when", &report.when),
        ("whose", &report.whose),
        ("done", &report.done),
        ("contact", &report.contact),
    ];
    for (field, _) in fields.into_iter().filter(|(_, text)| text.chars().count() > LONGEST_TEXT) {
        problems.push(FieldProblem {
            field: field.into(),
            text: Text::new(
                "Deze tekst is te lang. Houd het onder de 10.000 tekens.",
                "This text is too long. Keep it under 10,000 characters.",
            ),
        });
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// The first sentence of the first line, cut at a word where that is too long for a list.
pub(crate) fn headline(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let mut ends = line.match_indices(". ").map(|(at, _)| line.get(..at).unwrap_or(line));
    shortened(ends.find(|sentence| !is_abbreviated(sentence)).unwrap_or(line), LONGEST_HEADLINE)
}

/// Whether what stands before a dot and a space ends in an initial or a title, as in a name, and so is no sentence.
fn is_abbreviated(before: &str) -> bool {
    let last = before.rsplit(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let is_initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase);
    is_initial || matches!(last.to_lowercase().as_str(), "dhr" | "mevr" | "mw" | "mr" | "dr" | "drs" | "ing" | "ir")
}

/// A text of at most so many characters, cut at a word where there is one in its second half.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    let at_word = cut.rfind(' ').and_then(|at| cut.get(..at)).filter(|part| part.chars().count() > most / 2);
    format!("{}…", at_word.unwrap_or(&cut))
}

fn said(text: &str) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

pub(crate) fn urgency(severity: detect::Severity) -> Urgency {
    match severity {
        detect::Severity::Low => Urgency::Low,
        detect::Severity::Medium => Urgency::Medium,
        detect::Severity::High => Urgency::High,
        detect::Severity::Critical => Urgency::Critical,
    }
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_a_sentence_and_never_breaks_a_name() {
        let far = format!("kassa-2 (10.0.0.23) belt elke minuut naar huis, naar {}.example", "naam".repeat(15));
        let (long, cut) = ("é".repeat(90), format!("{}…", "é".repeat(79)));
        for (text, title) in [
            ("Laptop kwijt. In de trein.", "Laptop kwijt"),
            ("De laptop van dhr. B. Jansen is gestolen. Gisteren.", "De laptop van dhr. B. Jansen is gestolen"),
            ("Mail verstuurd\nnaar de verkeerde", "Mail verstuurd"),
            ("", ""),
            // A name that does not fit goes whole, and one that is the whole of it is cut by characters.
            (far.as_str(), "kassa-2 (10.0.0.23) belt elke minuut naar huis, naar…"),
            (long.as_str(), cut.as_str()),
        ] {
            assert_eq!(headline(text), title);
        }
    }
}
