//! The register of breaches (AVG art. 33(5)) as people read it: one row an incident, as CSV and as JSON.
//!
//! Promises: a cell never runs as a formula in a spreadsheet; quoting follows RFC 4180; of what is known by its day alone no
//! time is said. Deliberately not here: the journal itself and its proof (crate `register`); these are readings of it.

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use facts::{Fact, Language, Text, Truth};
use incident::{Erased, FIRST_DUTY, Imported, Incident, Informed, Opening, SaidAt, SaidTold};
use law::verdict::Duty;

use crate::fact_words;
use crate::moment::day;

/// One incident in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterRow {
    pub number: u64,
    pub title: String,
    pub opened_at: Timestamp,
    /// The first signal (art. 33(1)); of an imported incident what that register says, if it does.
    pub detected_at: Option<SaidAt>,
    pub aware_at: Option<SaidAt>,
    /// Whether the assessment found that it is a breach, whatever it asks then; absent where nothing was assessed.
    pub breach: Option<Truth>,
    pub authority: Told,
    pub persons: Told,
    /// Why it was decided so, in the words of who decided.
    pub motivation: String,
    pub decided_by: String,
    /// It was not decided here: an imported register says so.
    pub is_decided_there: bool,
    /// What happened and to which data (33(5): the facts).
    pub facts: Text,
    /// What it led or can lead to (33(5): the effects).
    pub effects: Text,
    /// What was done (33(5): the remedial action).
    pub remedial: Text,
    pub closed_at: Option<SaidAt>,
    /// It was taken over as closed from a register that does not say when: [`Self::closed_at`] is when it was taken over.
    pub is_closing_unsaid: bool,
    /// When it was erased; then its other words are gone, and the facts say why and what there was.
    pub erased_at: Option<Timestamp>,
    /// What it was called in the register that it was taken over from.
    pub number_there: Option<String>,
}

/// Whether somebody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nobody has decided.
    Undecided,
    /// What was decided and done was erased.
    Erased,
    /// Decided: not.
    No,
    /// Decided: yes, but not done yet.
    Planned,
    /// What an imported register says, if it does; nobody has decided here.
    TakenOver { was_told: Option<bool>, at: Option<SaidAt>, what: String },
    Done {
        at: Timestamp,
        /// The authority's receipt number, or how many persons by which channel.
        what: String,
    },
}

impl RegisterRow {
    /// The row of one incident.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        let decision = incident.decision.as_ref();
        let imported = incident.imported();
        let said = |at| SaidAt { at, is_day: incident.is_day_only(at) };
        let told = |duty, done: Option<(Timestamp, String)>, there: Option<&SaidTold>| {
            if incident.erased.is_some() {
                return Told::Erased;
            }
            match (done, incident.is_to_do(duty), there.map(taken_over)) {
                (None, None, Some(told)) => told,
                // Its report counts as one; that it was not made here is said all the same.
                (Some((at, _)), None, Some(Told::TakenOver { was_told: Some(true), at: Some(there), what }))
                    if there.at == at =>
                {
                    Told::TakenOver { was_told: Some(true), at: Some(there), what }
                }
                (Some((at, what)), _, _) => Told::Done { at, what },
                (None, Some(true), _) => Told::Planned,
                (None, Some(false), _) => Told::No,
                (None, None, None) => Told::Undecided,
            }
        };
        let informed = incident.first_informed_at().zip(informed_in_words(incident));
        Self {
            number: incident.number,
            title: incident.title.clone(),
            opened_at: incident.opened_at,
            detected_at: detected(incident),
            aware_at: incident.aware.as_ref().map(|aware| said(aware.at)),
            breach: incident.assessment.as_ref().map(|(_, made)| made.breach),
            authority: told(
                Duty::NotifyAuthority,
                incident.authority_notified.clone(),
                imported.map(|imported| &imported.authority),
            ),
            persons: told(Duty::InformSubjects, informed, imported.map(|imported| &imported.subjects)),
            motivation: match decision {
                Some(decision) => decision.decided.motivation.clone(),
                None => imported.and_then(|imported| imported.motivation.clone()).unwrap_or_default(),
            },
            decided_by: match decision {
                Some(decision) => decision.by.name().to_owned(),
                None => imported.and_then(|imported| imported.decided_by.clone()).unwrap_or_default(),
            },
            is_decided_there: decision.is_none()
                && imported.is_some_and(|imported| imported.decided_by.is_some() || imported.motivation.is_some()),
            facts: facts_in_words(incident),
            effects: effects_in_words(incident),
            remedial: remedial_in_words(incident),
            closed_at: incident.closed_at.map(said),
            is_closing_unsaid: incident.is_closing_unsaid(),
            erased_at: incident.erased.as_ref().map(|erased| erased.at),
            number_there: imported.and_then(Imported::number_to_find),
        }
    }

    /// Who decided; that it was not here is said with it.
    #[must_use]
    pub fn decided_by(&self) -> Text {
        let by = &self.decided_by;
        if !self.is_decided_there {
            return as_said(by);
        }
        let said = |unsaid: &str, there: &str| format!("{} ({there})", if by.is_empty() { unsaid } else { by });
        Text::made(said(&UNSAID.nl, &BY_IMPORTED.nl), said(&UNSAID.en, &BY_IMPORTED.en))
    }

    /// Whether it is a breach. What is not settled yet, for want of facts, is another thing than what nobody can tell, as of what was
    /// known before anything had to be reported.
    #[must_use]
    pub fn breach_in_words(&self) -> Text {
        let known = self.aware_at.or(self.detected_at).map(|said| said.at);
        match self.breach {
            None if self.erased_at.is_some() => ERASED,
            None => Text::new("nog geen oordeel", "not assessed yet"),
            Some(Truth::True) => Text::new("ja", "yes"),
            Some(Truth::False) => Text::new("nee", "no"),
            Some(Truth::Unknown) if known.is_some_and(|at| at < FIRST_DUTY) => {
                Text::new("niet te bepalen", "cannot be determined")
            }
            Some(Truth::Unknown) => Text::new("nog niet vast", "not settled yet"),
        }
    }

    /// What the row says of this incident alone, to find it by: the texts, and the answers without their questions, which
    /// all incidents share.
    #[must_use]
    pub fn told(&self) -> Vec<&str> {
        let mut told = vec![self.title.as_str(), &self.motivation, &self.decided_by];
        for done in [&self.authority, &self.persons] {
            if let Told::Done { what, .. } | Told::TakenOver { what, .. } = done {
                told.push(what);
            }
        }
        let questions: Vec<Text> =
            FACTS.iter().chain(&EFFECTS).chain(&REMEDIAL).map(|fact| fact.question().clone()).collect();
        for text in [&self.facts, &self.effects, &self.remedial] {
            for language in [Language::Dutch, Language::English] {
                for part in text.in_language(language).split(PARTED) {
                    let asked = questions.iter().map(|question| question.in_language(language));
                    told.push(asked.into_iter().find_map(|question| part.strip_prefix(question)).unwrap_or(part));
                }
            }
        }
        told
    }
}

/// When the first signal came; absent where it was erased, or an imported register does not say.
fn detected(incident: &Incident) -> Option<SaidAt> {
    match incident.imported() {
        _ if incident.erased.is_some() => None,
        Some(imported) if imported.detected_at.map(|said| said.at) == incident.detected_at => imported.detected_at,
        _ => Some(SaidAt { at: incident.first_signal(), is_day: false }),
    }
}

/// How many persons were told and how; where it was not all at once, the total and each time with its day.
fn informed_in_words(incident: &Incident) -> Option<String> {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC);
    match incident.subjects_informed.as_slice() {
        [] => None,
        [Informed { count, channel, .. }] => Some(format!("{count}, {channel}")),
        more => {
            let each = more.iter().map(|one| format!("{} {} ({})", one.count, one.channel, day_in_zone(one.at, &zone)));
            let each = each.collect::<Vec<_>>().join(", ");
            Some(format!("{}: {each}", incident.informed_count().unwrap_or_default()))
        }
    }
}

/// What an imported register says of telling somebody.
fn taken_over(said: &SaidTold) -> Told {
    let count = said.count.map(|count| count.to_string());
    let what: Vec<_> = count.into_iter().chain(said.what.clone()).collect();
    Told::TakenOver { was_told: said.was_told, at: said.at, what: what.join(", ") }
}

/// What is said with everything that an imported register says, and was not decided or done here.
pub const BY_IMPORTED: Text = Text::new("volgens het overgenomen register", "according to the imported register");

/// What is said where an imported register says nothing.
pub const UNSAID: Text = Text::new("niet vermeld", "not mentioned");

/// What is said instead of when an incident was closed, where an imported register does not say: when it was taken over.
pub const TAKEN_OVER_ON: Text = Text::new("niet vermeld; overgenomen op", "not mentioned; taken over on");

/// That in words: it was closed by the time it was taken over.
#[must_use]
pub fn closing_unsaid(taken_over_at: Timestamp) -> Text {
    let on = |language| format!("{} {}", TAKEN_OVER_ON.in_language(language), dutch_day(taken_over_at, language));
    Text::made(on(Language::Dutch), on(Language::English))
}

/// A day in words, as it was in the Netherlands: a day that another register named begins at midnight there.
fn dutch_day(at: Timestamp, language: Language) -> String {
    day(at, &TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC), language)
}

/// What stands between the parts of a text.
const PARTED: &str = " | ";

/// Of which facts the row tells what happened, what it led to, and what was done.
const FACTS: [Fact; 8] = [
    Fact::IncidentType,
    Fact::Cause,
    Fact::Data,
    Fact::Groups,
    Fact::SubjectsMin,
    Fact::SubjectsMax,
    Fact::Records,
    Fact::Protection,
];
const EFFECTS: [Fact; 5] =
    [Fact::Confidentiality, Fact::Integrity, Fact::Availability, Fact::Consequences, Fact::Severity];
const REMEDIAL: [Fact; 5] =
    [Fact::RemoteWipe, Fact::DeletionConfirmed, Fact::Backup, Fact::RestoreHours, Fact::RiskRemoved];

fn facts_in_words(incident: &Incident) -> Text {
    both(&[story(incident), known(incident, &FACTS)])
}

/// What happened, as people wrote it; of an erased incident what is left to say.
pub(crate) fn story(incident: &Incident) -> Text {
    if let Some(erased) = &incident.erased {
        return erased_in_words(erased);
    }
    // What people wrote for the register counts for more than the first report.
    match (&incident.narrative.description, &incident.opening) {
        (Some(description), _) => as_said(description),
        (None, Opening::Reported { what, .. }) => as_said(what),
        (None, Opening::Detected { summary, .. }) => summary.clone(),
        (None, Opening::Imported(_) | Opening::Erased) => Text::new("", ""),
    }
}

/// What is left to say of an incident that was erased: that there was one, of which kind, and why it is gone.
fn erased_in_words(Erased { at, erasure, .. }: &Erased) -> Text {
    let days = |language| {
        let closed = erasure.closed_at.map_or_else(|| "-".to_owned(), |at| dutch_day(at, language));
        (dutch_day(*at, language), dutch_day(erasure.opened_at, language), closed)
    };
    let ((on_nl, opened_nl, closed_nl), (on_en, opened_en, closed_en)) =
        (days(Language::Dutch), days(Language::English));
    let (because, kind, years, entries) =
        (erasure.ground.because(), erasure.kind.name(), erasure.years, erasure.entries);
    let (told_nl, told_en) = match erasure.persons_told {
        Some(count) => (count.to_string(), count.to_string()),
        None => ("niet vastgelegd".to_owned(), "not recorded".to_owned()),
    };
    let held = |language: Language, from: &str, until: &str, name: &str| {
        let holds = erasure.holds.iter().map(|hold| {
            let placed = dutch_day(hold.placed_at, language);
            let released = hold.released_at.map(|at| format!(" {until} {}", dutch_day(at, language)));
            format!("; {name} {from} {placed}{}", released.unwrap_or_default())
        });
        holds.collect::<String>()
    };
    let held_nl = held(Language::Dutch, "van", "tot", "wisverbod");
    let held_en = held(Language::English, "from", "until", "held");
    let said = |lead: &str| {
        if erasure.reason.is_empty() { String::new() } else { format!("{lead}: {}. ", erasure.reason) }
    };
    Text::made(
        format!(
            "Gewist op {on_nl} omdat {}. {}Soort: {}; bewaartermijn: {years} jaar; geopend {opened_nl}, gesloten {closed_nl}; \
             gewiste inschrijvingen: {entries}; ingelichte personen: {told_nl}{held_nl}",
            because.nl,
            said("Reden"),
            kind.nl
        ),
        format!(
            "Erased on {on_en} because {}. {}Kind: {}; term: {years} years; opened {opened_en}, closed {closed_en}; \
             entries erased: {entries}; persons told: {told_en}{held_en}",
            because.en,
            said("Reason"),
            kind.en
        ),
    )
}

fn effects_in_words(incident: &Incident) -> Text {
    let said = incident.imported().and_then(|imported| imported.effects.as_deref());
    both(&[said.map_or(Text::new("", ""), as_said), known(incident, &EFFECTS)])
}

fn remedial_in_words(incident: &Incident) -> Text {
    let narrative = &incident.narrative;
    remedial_with(incident, &[&narrative.measures_taken, &narrative.measures_planned])
}

/// The remedial action without what is to prevent that it happens again.
pub(crate) fn taken_in_words(incident: &Incident) -> Text {
    remedial_with(incident, &[&incident.narrative.measures_taken])
}

fn remedial_with(incident: &Incident, measures: &[&Option<String>]) -> Text {
    let done = match &incident.opening {
        Opening::Reported { done_said: Some(done), .. } => as_said(done),
        _ => Text::new("", ""),
    };
    let written = measures.iter().filter_map(|text| text.as_deref().map(as_said));
    let parts: Vec<_> = [done].into_iter().chain(written).chain([known(incident, &REMEDIAL)]).collect();
    both(&parts)
}

/// In the words of who said it, which nobody translated.
fn as_said(text: &str) -> Text {
    Text::made(text.to_owned(), text.to_owned())
}

fn both(parts: &[Text]) -> Text {
    let join = |language| {
        let parts: Vec<_> =
            parts.iter().map(|part| part.in_language(language)).filter(|part| !part.is_empty()).collect();
        parts.join(PARTED)
    };
    Text::made(join(Language::Dutch), join(Language::English))
}

/// The known ones of these facts: question and answer, in both languages.
fn known(incident: &Incident, facts: &[Fact]) -> Text {
    let known = facts.iter().filter_map(|fact| incident.facts.value(*fact).map(|value| (*fact, value)));
    let parts: Vec<Text> = known
        .map(|(fact, value)| {
            let question = fact.question();
            let answer = fact_words::answer(fact, value);
            Text::made(format!("{} {}", question.nl, answer.nl), format!("{} {}", question.en, answer.en))
        })
        .collect();
    both(&parts)
}

/// What stands where something was erased.
pub(crate) const ERASED: Text = Text::new("gewist", "erased");

/// What stands where a title was erased.
const ERASED_TITLE: Text = Text::new("(gewist)", "(erased)");

/// The title of an incident for people; of one that was erased, that it was.
pub(crate) fn title(title: &str, is_erased: bool) -> Text {
    if is_erased { ERASED_TITLE } else { as_said(title) }
}

const HEADER: [(&str, &str); 15] = [
    ("nummer", "number"),
    ("titel", "title"),
    ("geopend", "opened"),
    ("ontdekt", "detected"),
    ("kennisname", "aware"),
    ("datalek", "breach"),
    ("gemeld aan AP", "authority notified"),
    ("personen ingelicht", "persons informed"),
    ("motivering", "motivation"),
    ("besloten door", "decided by"),
    ("feiten", "facts"),
    ("gevolgen", "effects"),
    ("maatregelen", "remedial action"),
    ("gesloten", "closed"),
    ("nummer daar", "number there"),
];

/// How spreadsheets that speak Dutch part cells: with commas they show a row as one cell.
const SEPARATOR: char = ';';

/// The register as CSV as Excel opens it in the Netherlands (semicolons, a mark in front that says UTF-8; for the rest RFC
/// 4180: CRLF, double quotes), with a header line; times in the given zone, with their offset.
#[must_use]
pub fn csv(rows: &[RegisterRow], zone: &TimeZone, language: Language) -> String {
    let mut text = String::from('\u{feff}');
    push_line(&mut text, &headings(language).map(str::to_owned));
    for row in rows {
        push_line(&mut text, &cells(row, zone, language));
    }
    text
}

pub(crate) fn headings(language: Language) -> [&'static str; 15] {
    HEADER.map(|(nl, en)| if language == Language::Dutch { nl } else { en })
}

fn taken_over_in_words(
    was_told: Option<bool>,
    at: Option<SaidAt>,
    what: &str,
    zone: &TimeZone,
    language: Language,
) -> String {
    let yes = match was_told {
        Some(true) => Text::new("ja", "yes"),
        Some(false) => Text::new("nee", "no"),
        None => UNSAID,
    };
    let at = at.map(|said| said_in_zone(said, zone));
    let parts: Vec<_> = [Some(yes.in_language(language).to_owned()), at, Some(what.to_owned())]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    format!("{} ({})", parts.join(", "), BY_IMPORTED.in_language(language))
}

fn said_in_zone(SaidAt { at, is_day }: SaidAt, zone: &TimeZone) -> String {
    if is_day { day_in_zone(at, zone) } else { local(at, zone) }
}

fn day_in_zone(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string()
}

fn cells(row: &RegisterRow, zone: &TimeZone, language: Language) -> [String; 15] {
    let time = |said: Option<SaidAt>| said.map(|said| said_in_zone(said, zone)).unwrap_or_default();
    let told = |told: &Told| match told {
        Told::Undecided => Text::new("nog niet besloten", "not decided yet").in_language(language).to_owned(),
        Told::Erased => ERASED.in_language(language).to_owned(),
        Told::No => Text::new("nee", "no").in_language(language).to_owned(),
        Told::Planned => Text::new("te doen", "to do").in_language(language).to_owned(),
        Told::Done { at, what } => format!("{} ({what})", local(*at, zone)),
        Told::TakenOver { was_told, at, what } => taken_over_in_words(*was_told, *at, what, zone, language),
    };
    [
        row.number.to_string(),
        title(&row.title, row.erased_at.is_some()).in_language(language).to_owned(),
        local(row.opened_at, zone),
        time(row.detected_at),
        time(row.aware_at),
        row.breach_in_words().in_language(language).to_owned(),
        told(&row.authority),
        told(&row.persons),
        row.motivation.clone(),
        row.decided_by().in_language(language).to_owned(),
        row.facts.in_language(language).to_owned(),
        row.effects.in_language(language).to_owned(),
        row.remedial.in_language(language).to_owned(),
        match row.closed_at {
            Some(said) if row.is_closing_unsaid => closing_unsaid(said.at).in_language(language).to_owned(),
            said => time(said),
        },
        row.number_there.clone().unwrap_or_default(),
    ]
}

pub(crate) fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn push_line(text: &mut String, cells: &[String]) {
    let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    text.push_str(&line.join(&SEPARATOR.to_string()));
    text.push_str("\r\n");
}

/// A spreadsheet takes a cell that begins so for a formula and runs it (OWASP, CSV injection): an apostrophe keeps it text.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([SEPARATOR, ',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[derive(Serialize)]
struct RowJson<'a> {
    number: u64,
    title: &'a str,
    opened_at: String,
    detected_at: Option<String>,
    aware_at: Option<String>,
    breach: Option<&'static str>,
    authority: ToldJson<'a>,
    persons: ToldJson<'a>,
    motivation: &'a str,
    /// The name; empty where nobody decided, or none is named.
    decided_by: &'a str,
    /// It was decided elsewhere, as the register that was taken over says.
    decided_by_imported_register: bool,
    facts: TextJson<'a>,
    effects: TextJson<'a>,
    remedial: TextJson<'a>,
    closed_at: Option<String>,
    /// Instead of a moment that nobody named.
    #[serde(skip_serializing_if = "Option::is_none")]
    closing: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    erased_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number_there: Option<&'a str>,
}

#[derive(Serialize)]
struct TextJson<'a> {
    nl: &'a str,
    en: &'a str,
}

#[derive(Serialize)]
struct ToldJson<'a> {
    status: &'static str,
    at: Option<String>,
    what: Option<&'a str>,
}

/// The register as JSON, indented; times in UTC, and of what is known by its day alone that day, in the given zone.
pub fn json(rows: &[RegisterRow], zone: &TimeZone) -> Result<String, serde_json::Error> {
    let rows: Vec<RowJson<'_>> = rows
        .iter()
        .map(|row| RowJson {
            number: row.number,
            title: &row.title,
            opened_at: row.opened_at.to_string(),
            detected_at: row.detected_at.map(|said| at_json(said, zone)),
            aware_at: row.aware_at.map(|said| at_json(said, zone)),
            breach: match row.breach {
                Some(Truth::True) => Some("yes"),
                Some(Truth::False) => Some("no"),
                Some(Truth::Unknown) => Some("unknown"),
                None => row.erased_at.map(|_| "erased"),
            },
            authority: told_json(&row.authority, zone),
            persons: told_json(&row.persons, zone),
            motivation: &row.motivation,
            decided_by: &row.decided_by,
            decided_by_imported_register: row.is_decided_there,
            facts: text_json(&row.facts),
            effects: text_json(&row.effects),
            remedial: text_json(&row.remedial),
            closed_at: row.closed_at.filter(|_| !row.is_closing_unsaid).map(|said| at_json(said, zone)),
            closing: row.closed_at.filter(|_| row.is_closing_unsaid).map(|said| {
                let Text { nl, en } = closing_unsaid(said.at);
                format!("{nl} / {en}")
            }),
            erased_at: row.erased_at.map(|at| at.to_string()),
            number_there: row.number_there.as_deref(),
        })
        .collect();
    serde_json::to_string_pretty(&rows)
}

fn text_json(text: &Text) -> TextJson<'_> {
    TextJson { nl: &text.nl, en: &text.en }
}

fn at_json(SaidAt { at, is_day }: SaidAt, zone: &TimeZone) -> String {
    if is_day { day_in_zone(at, zone) } else { at.to_string() }
}

fn told_json<'a>(told: &'a Told, zone: &TimeZone) -> ToldJson<'a> {
    let plain = |status| ToldJson { status, at: None, what: None };
    match told {
        Told::Undecided => plain("undecided"),
        Told::Erased => plain("erased"),
        Told::No => plain("no"),
        Told::Planned => plain("planned"),
        Told::Done { at, what } => ToldJson { status: "done", at: Some(at.to_string()), what: Some(what) },
        Told::TakenOver { was_told, at, what } => ToldJson {
            status: match was_told {
                Some(true) => "yes_by_imported_register",
                Some(false) => "no_by_imported_register",
                None => "unsaid_by_imported_register",
            },
            at: at.map(|said| at_json(said, zone)),
            what: Some(what.as_str()).filter(|what| !what.is_empty()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_breaks_the_line() {
        let check = |cell: &str, expected: &str| assert_eq!(quoted(cell), expected);
        check("gewoon", "gewoon");
        check("=1+1", "'=1+1");
        check("+31 6", "'+31 6");
        check("-5", "'-5");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        check("een, twee", "\"een, twee\"");
        check("regel 1\nregel 2", "\"regel 1\nregel 2\"");
        check("zeg \"ja\"", "\"zeg \"\"ja\"\"\"");
    }
}
