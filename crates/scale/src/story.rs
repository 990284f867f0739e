//! What happened in one incident, from the report to its closing, as commands that the domain decides on and the law looks at.
//!
//! Promises: every entry is one that the program itself would write; an incident ends with just [`ENTRIES_EACH`] entries, its
//! notes filling up what the rest leaves. Deliberately not here: writing (`fill`).

use std::collections::BTreeMap;

use anyhow::Context;
use app::{App, Append, Error, Report, Scope};
use facts::{Fact, IncidentId, Value};
use incident::{Command, Incident, Narrative, Order, ReportKind};
use jiff::{SignedDuration, Timestamp};
use law::verdict::{Duty, Outcome};
use office::Chance;

use crate::size::ENTRIES_EACH;

const WHAT: [&str; 8] = [
    "Laptop kwijt in de trein",
    "Brief bezorgd bij de verkeerde",
    "Mail met alle adressen zichtbaar",
    "Dossier ingezien zonder reden",
    "USB-stick niet terug te vinden",
    "Bijlage van een ander verstuurd",
    "Wachtwoord afgegeven op een valse pagina",
    "Kast met papieren stond open",
];
const WHOSE: [&str; 8] =
    ["klanten", "patiënten", "leerlingen", "huurders", "leden", "donateurs", "medewerkers", "bewoners"];
const WHERE: [&str; 12] = [
    "balie",
    "magazijn",
    "kantoor",
    "wachtkamer",
    "lokaal",
    "werkplaats",
    "archief",
    "vestiging",
    "zolder",
    "kelder",
    "parkeerplaats",
    "kantine",
];
const DONE: [&str; 6] = [
    "gebeld met de ontvanger",
    "gevraagd te wissen",
    "gemeld bij de receptie",
    "toegang ingetrokken",
    "sloten vervangen",
    "wachtwoord gewijzigd",
];
const NOTED: [&str; 8] = [
    "De ontvanger is gebeld en werkt mee.",
    "De leverancier heeft de logboeken gestuurd en er staat niets vreemds in.",
    "Nagevraagd bij de afdeling: niemand anders had de gegevens.",
    "De betrokkene belde en vroeg om uitleg; die is gegeven.",
    "Overleg met de directie: de lijn blijft zoals besproken.",
    "Bevestiging ontvangen dat alles is gewist.",
    "De systeembeheerder heeft de rechten nagelopen en hersteld.",
    "Nog geen antwoord; morgen opnieuw proberen.",
];

/// Who acts in an incident.
#[derive(Clone, Debug)]
pub(crate) struct Cast {
    pub(crate) reporter: Scope,
    pub(crate) engineer: Scope,
    pub(crate) officer: Scope,
}

/// What is appended at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) at: Timestamp,
    pub(crate) append: Append,
}

/// One incident: which, and how far it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plot {
    pub(crate) number: u64,
    pub(crate) opened_at: Timestamp,
    /// Until when something can have happened.
    pub(crate) now: Timestamp,
    pub(crate) is_closed: bool,
}

/// Everything that happened in it, in order.
pub(crate) fn tell(app: &App, cast: &Cast, plot: Plot, chance: &mut Chance) -> anyhow::Result<Vec<Step>> {
    let id = IncidentId(app.chance.id(plot.opened_at)?);
    let mut told = Telling { app, plot, at: plot.opened_at, steps: Vec::new(), entries: 0 };
    let (incident, append) = app.reported(&cast.reporter, id, plot.number, &report(chance), plot.opened_at)?;
    let mut incident = incident;
    told.keep(append);
    let aware = told.later(1);
    let reason = "De melder wist het zeker: de gegevens stonden erop.".to_owned();
    let commands = vec![
        Command::SetAwareness { at: aware, is_estimated: false, reason },
        Command::RecordFacts { changes: known(chance)?, note: None },
    ];
    told.take(&mut incident, &cast.engineer, commands, 1)?;
    told.take(&mut incident, &cast.engineer, vec![Command::RecordNarrative(narrative(chance))], 2)?;
    if !plot.is_closed {
        told.notes(&mut incident, &cast.engineer, 0, chance)?;
        return Ok(told.steps);
    }
    let duties = duties(&incident);
    let is_notified = duties.get(&Duty::NotifyAuthority) == Some(&true);
    let is_informed = duties.get(&Duty::InformSubjects) == Some(&true);
    // The decision and the closing are still to come, and what was decided to be done.
    let to_come = 2 + u64::from(is_notified) + u64::from(is_informed);
    told.notes(&mut incident, &cast.engineer, to_come, chance)?;
    let motivation = "Gewogen wat er op stond, van wie, en wie het kan hebben gezien.".to_owned();
    let order = Order { duties, motivation, ..Order::default() };
    told.take(&mut incident, &cast.officer, vec![Command::Decide(order)], 4)?;
    if is_notified {
        let at = told.later(2);
        let receipt = format!("AP-{:06}", chance.below(1_000_000));
        let (form, answers) = ("ap-2024".to_owned(), BTreeMap::new());
        let report = Command::RecordReport { kind: ReportKind::First, at, receipt, form, answers, reason: None };
        told.take(&mut incident, &cast.officer, vec![report], 2)?;
    }
    if is_informed {
        let at = told.later(3);
        let informed = Command::RecordSubjectsInformed {
            at,
            count: 1 + chance.below(60),
            channel: "brief".to_owned(),
            is_correction: false,
        };
        told.take(&mut incident, &cast.officer, vec![informed], 3)?;
    }
    let lessons = format!("Voortaan kijkt een tweede mee bij de {}.", one(chance, &WHERE));
    told.take(&mut incident, &cast.officer, vec![Command::Close { lessons }], 100)?;
    Ok(told.steps)
}

struct Telling<'a> {
    app: &'a App,
    plot: Plot,
    at: Timestamp,
    steps: Vec<Step>,
    entries: u64,
}

impl Telling<'_> {
    /// So many hours on, but never past now.
    fn later(&self, hours: i64) -> Timestamp {
        (self.at + SignedDuration::from_hours(hours)).min(self.plot.now)
    }

    fn take(
        &mut self,
        incident: &mut Incident,
        scope: &Scope,
        commands: Vec<Command>,
        hours: i64,
    ) -> anyhow::Result<()> {
        self.at = self.later(hours);
        let append = self.app.carried(scope, incident, commands, self.at);
        let append = append.with_context(|| format!("after {} entries", self.entries))?;
        self.keep(append);
        Ok(())
    }

    fn keep(&mut self, append: Append) {
        self.entries += append.entries.len() as u64;
        self.steps.push(Step { at: self.at, append });
    }

    /// Notes, so that with as many entries as are to come there are just enough. A few at a time, as people write them.
    fn notes(&mut self, incident: &mut Incident, by: &Scope, to_come: u64, chance: &mut Chance) -> anyhow::Result<()> {
        while self.entries + to_come < ENTRIES_EACH {
            let count = (ENTRIES_EACH - to_come - self.entries).min(3);
            let note = |_| Command::Note { text: format!("{} ({})", one(chance, &NOTED), one(chance, &WHERE)) };
            let notes = (0..count).map(note).collect();
            self.take(incident, by, notes, 4)?;
        }
        Ok(())
    }
}

/// One of these.
fn one<'a>(chance: &mut Chance, of: &[&'a str]) -> &'a str {
    chance.pick(of).copied().unwrap_or_default()
}

fn report(chance: &mut Chance) -> Report {
    Report {
        what: format!(
            "{} ({} {}). Het ging om {}.",
            one(chance, &WHAT),
            one(chance, &WHERE),
            chance.below(400),
            one(chance, &WHOSE)
        ),
        when: "vanmorgen".into(),
        whose: format!("{} {}", 1 + chance.below(40), one(chance, &WHOSE)),
        done: one(chance, &DONE).into(),
        contact: format!("melder{}@klant.example", chance.below(1_000)),
    }
}

fn narrative(chance: &mut Chance) -> Narrative {
    Narrative {
        description: Some(format!(
            "{} bij de {}. Het ging om gegevens van {}; kenmerk zaak{}.",
            one(chance, &WHAT),
            one(chance, &WHERE),
            one(chance, &WHOSE),
            chance.below(20_000)
        )),
        measures_taken: Some(format!("Er is {}.", one(chance, &DONE))),
        measures_planned: Some(format!("De afspraken op de {} worden herhaald.", one(chance, &WHERE))),
        late_reason: None,
    }
}

/// What is known after an hour: of three kinds, from harmless to grave.
fn known(chance: &mut Chance) -> Result<BTreeMap<Fact, Option<Value>>, Error> {
    let (data, recipient, vulnerable, protection) = match chance.below(4) {
        0 => ("name birth_date address national_id health professional_secrecy", "known_untrusted", "true", "none"),
        1 => ("name contact birth_date", "unknown", "false", "none"),
        _ => ("name address purchase_history", "known_untrusted", "false", "none"),
    };
    let count = (1 + chance.below(60)).to_string();
    let known = [
        (Fact::SecurityIncident, "true"),
        (Fact::PersonalData, "true"),
        (Fact::Role, "controller"),
        (Fact::Confidentiality, "confirmed"),
        (Fact::Integrity, "none"),
        (Fact::Availability, "none"),
        (Fact::IncidentType, "misdelivered_post"),
        (Fact::Cause, "internal_accidental"),
        (Fact::Exfiltration, "not_applicable"),
        (Fact::Recipient, recipient),
        (Fact::RecipientCount, "1"),
        (Fact::DeletionConfirmed, "false"),
        (Fact::Systemic, "false"),
        (Fact::Data, data),
        (Fact::SubjectsMin, count.as_str()),
        (Fact::SubjectsMax, count.as_str()),
        (Fact::Records, count.as_str()),
        (Fact::Groups, "customers"),
        (Fact::Vulnerable, vulnerable),
        (Fact::Identification, "maximum"),
        (Fact::Protection, protection),
        (Fact::Backup, "complete"),
        (Fact::ServiceImpact, "none"),
    ];
    let read = |(fact, words): (Fact, &str)| {
        let words: Vec<_> = words.split_whitespace().collect();
        Ok((fact, Some(fact.read(&words).map_err(Error::internal)?)))
    };
    known.into_iter().map(read).collect()
}

/// As the law advises.
fn duties(incident: &Incident) -> BTreeMap<Duty, bool> {
    let outcome =
        |duty| incident.assessment.as_ref().and_then(|(_, assessment)| assessment.outcomes.get(&duty).copied());
    let is_to_do = |duty| (duty, outcome(duty).is_some_and(|outcome| outcome != Outcome::NotRequired));
    [Duty::NotifyAuthority, Duty::InformSubjects].into_iter().map(is_to_do).collect()
}
