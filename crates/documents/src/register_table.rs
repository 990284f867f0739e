//! The register whole: every field that art. 33(5) and the guidance on it ask for, one column each, as a workbook and as a
//! document to print.
//!
//! Promises: what an imported register says is marked as such; what is not known is left empty, never guessed.

use facts::{Fact, Language, Text};
use incident::{Imported, Incident, Phase, SaidAt};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use law::verdict::Risk;

use crate::document::{Block, Document, Line, Look, Run};
use crate::fact_words;
use crate::moment::{day, moment};
use crate::register_extract::{self, ERASED, RegisterRow, Told, story, taken_in_words};
use crate::workbook::{Sheet, SheetCell, SheetColumn, Workbook};

/// What stands in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Empty,
    Words(Text),
    Number(u64),
    Moment(Timestamp),
    Day(Timestamp),
}

/// Which part of a register is shown, where it is not the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// How many incidents are shown, of how many.
    pub shown: u64,
    pub all: u64,
    /// The words that were looked for.
    pub search: String,
    /// The first and the last moment of the period.
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub state: Option<Text>,
    /// Whether the authority was notified.
    pub notified: Option<Text>,
}

impl Selection {
    /// What it is called, and what it holds.
    fn heading() -> (Text, Text) {
        (
            Text::new("Keuze", "Selection"),
            Text::new(
                "Dit is een keuze uit het register, niet het hele register.",
                "This is a selection from the register, not the whole register.",
            ),
        )
    }

    /// What was chosen, each with its name.
    fn told(&self, zone: &TimeZone) -> Vec<(Text, Text)> {
        let Self { shown, all, search, from, until, state, notified } = self;
        let days = |at: &Timestamp| Text::made(day(*at, zone, Language::Dutch), day(*at, zone, Language::English));
        let words = (!search.is_empty()).then(|| Text::made(format!("“{search}”"), format!("“{search}”")));
        let count = Text::made(format!("{shown} van {all}"), format!("{shown} of {all}"));
        [
            (Text::new("Incidenten", "Incidents"), Some(count)),
            (Text::new("Gezochte woorden", "Words looked for"), words),
            (Text::new("Vastgelegd vanaf", "Recorded from"), from.as_ref().map(days)),
            (Text::new("Vastgelegd tot en met", "Recorded up to and including"), until.as_ref().map(days)),
            (Text::new("Stand", "State"), state.clone()),
            (Text::new("Gemeld bij de AP", "Reported to the authority"), notified.clone()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }
}

/// A column: its heading, how wide it is, what it holds and where the law or guidance asks for it.
struct Column {
    heading: Text,
    width: u16,
    explanation: Text,
    entry: fn(&Incident, &RegisterRow) -> Entry,
}

macro_rules! columns {
    ($($width:literal $nl:literal, $en:literal; $why_nl:literal, $why_en:literal; $entry:expr;)*) => {
        const COLUMNS: &[Column] = &[$(Column {
            heading: Text::new($nl, $en),
            width: $width,
            explanation: Text::new($why_nl, $why_en),
            entry: $entry,
        },)*];
    };
}

columns! {
    8 "Nummer", "Number"; "Het nummer van het incident in dit register.", "The incident’s number in this register."; |incident, _| Entry::Number(incident.number);
    34 "Titel", "Title"; "In een paar woorden.", "In a few words."; |incident, _| words(&title_of(incident));
    12 "Stand", "State"; "Open of gesloten.", "Open or closed."; |incident, _| Entry::Words(state(incident));
    17 "Vastgelegd", "Recorded"; "Wanneer het hier is vastgelegd.", "When it was recorded here."; |incident, _| Entry::Moment(incident.opened_at);
    17 "Begonnen", "Began"; "Het (mogelijke) begin, volgens een overgenomen register.", "The (possible) beginning, according to an imported register."; |incident, _| taken(incident, |imported| imported.occurred_from);
    17 "Geëindigd", "Ended"; "Het (mogelijke) einde, volgens een overgenomen register.", "The (possible) end, according to an imported register."; |incident, _| taken(incident, |imported| imported.occurred_to);
    17 "Ontdekt", "Detected"; "Het eerste signaal (AVG art. 33 lid 1).", "The first signal (GDPR art. 33(1))."; |_, row| said_at(row.detected_at);
    17 "Kennisname", "Aware"; "Wanneer de organisatie het met redelijke zekerheid wist: hier begint de termijn van 72 uur.", "When the organisation knew with reasonable certainty: the 72 hours begin here."; |incident, _| aware(incident);
    17 "Gehoord van verwerker", "Told by processor"; "Wanneer een verwerker het meldde (AVG art. 33 lid 2).", "When a processor gave notice (GDPR art. 33(2))."; |incident, _| at(incident.informed_by_processor_at);
    14 "Datalek", "Breach"; "Of het een inbreuk in verband met persoonsgegevens is (AVG art. 4 punt 12), volgens het oordeel.", "Whether it is a personal data breach (GDPR art. 4(12)), by the assessment."; |_, row| Entry::Words(row.breach_in_words());
    18 "Rol", "Role"; "Verwerkingsverantwoordelijke of verwerker.", "Controller or processor."; |incident, _| fact(incident, Fact::Role);
    26 "Soort incident", "Kind of incident"; "De feiten (AVG art. 33 lid 5).", "The facts (GDPR art. 33(5))."; |incident, _| fact(incident, Fact::IncidentType);
    22 "Oorzaak", "Cause"; "De feiten (AVG art. 33 lid 5).", "The facts (GDPR art. 33(5))."; |incident, _| fact(incident, Fact::Cause);
    60 "Wat er gebeurde", "What happened"; "De feiten (AVG art. 33 lid 5), zoals mensen het opschreven.", "The facts (GDPR art. 33(5)), as people wrote them."; |incident, _| words(&story(incident));
    36 "Soorten gegevens", "Kinds of data"; "AVG art. 33 lid 3 onder a.", "GDPR art. 33(3)(a)."; |incident, _| fact(incident, Fact::Data);
    26 "Groepen personen", "Groups of persons"; "AVG art. 33 lid 3 onder a.", "GDPR art. 33(3)(a)."; |incident, _| fact(incident, Fact::Groups);
    12 "Personen, ten minste", "Persons, at least"; "AVG art. 33 lid 3 onder a.", "GDPR art. 33(3)(a)."; |incident, _| count(incident, Fact::SubjectsMin);
    12 "Personen, ten hoogste", "Persons, at most"; "AVG art. 33 lid 3 onder a.", "GDPR art. 33(3)(a)."; |incident, _| count(incident, Fact::SubjectsMax);
    12 "Gegevensrecords", "Records"; "AVG art. 33 lid 3 onder a.", "GDPR art. 33(3)(a)."; |incident, _| count(incident, Fact::Records);
    18 "Bescherming vooraf", "Protection beforehand"; "Of de gegevens onleesbaar waren (AVG art. 34 lid 3 onder a).", "Whether the data were unintelligible (GDPR art. 34(3)(a))."; |incident, _| fact(incident, Fact::Protection);
    50 "Gevolgen", "Effects"; "De gevolgen (AVG art. 33 lid 5).", "The effects (GDPR art. 33(5))."; |_, row| words(&row.effects);
    14 "Risico", "Risk"; "De uitkomst van de risicoweging.", "The outcome of weighing the risk."; |incident, _| risk(incident);
    50 "Wat er is gedaan", "What was done"; "De corrigerende maatregelen (AVG art. 33 lid 5).", "The remedial action (GDPR art. 33(5))."; |incident, _| words(&taken_in_words(incident));
    40 "Om herhaling te voorkomen", "To prevent it"; "De preventieve maatregelen, apart van de corrigerende.", "The preventive measures, apart from the corrective ones."; |incident, _| said(incident.narrative.measures_planned.as_deref());
    18 "Gemeld bij de AP", "Reported to the authority"; "Het besluit en of het is gedaan (AVG art. 33).", "The decision and whether it is done (GDPR art. 33)."; |_, row| Entry::Words(told(&row.authority));
    17 "Gemeld op", "Reported on"; "Wanneer het bij de AP is gemeld.", "When it was reported to the authority."; |_, row| told_at(&row.authority);
    20 "Nummer van de AP", "Authority’s number"; "Het nummer dat de AP gaf.", "The number that the authority gave."; |_, row| told_what(&row.authority);
    30 "Waarom later dan 72 uur", "Why after 72 hours"; "AVG art. 33 lid 1.", "GDPR art. 33(1)."; |incident, _| said(incident.narrative.late_reason.as_deref());
    18 "Personen ingelicht", "Persons informed"; "Het besluit en of het is gedaan (AVG art. 34).", "The decision and whether it is done (GDPR art. 34)."; |_, row| Entry::Words(told(&row.persons));
    17 "Ingelicht op", "Informed on"; "Wanneer de personen zijn ingelicht.", "When the persons were informed."; |_, row| told_at(&row.persons);
    24 "Hoeveel en hoe", "How many and how"; "Hoeveel personen, langs welke weg.", "How many persons, by which channel."; |_, row| told_what(&row.persons);
    50 "Motivering", "Reasons"; "Waarom er zo is besloten, in de woorden van wie besloot.", "Why it was decided so, in the words of who decided."; |_, row| said(Some(&row.motivation));
    24 "Besloten door", "Decided by"; "Wie besloot.", "Who decided."; |_, row| words(&row.decided_by());
    17 "Besloten op", "Decided on"; "Wanneer hier is besloten.", "When it was decided here."; |incident, _| at(incident.decision.as_ref().map(|decision| decision.at));
    36 "Advies van de FG", "DPO’s advice"; "Wat de FG adviseerde (AVG art. 39).", "What the DPO advised (GDPR art. 39)."; |incident, _| dpo(incident);
    17 "Gesloten", "Closed"; "Wanneer het is gesloten.", "When it was closed."; |_, row| closed(row);
    30 "Overgenomen uit", "Taken over from"; "Het bestand en de rij van een eerder register; wat daarin stond, is hier niet besloten.", "The file and row of an earlier register; what stood there was not decided here."; |incident, _| source(incident);
    16 "Nummer daar", "Number there"; "Het nummer in dat eerdere register.", "The number in that earlier register."; |incident, _| said(incident.imported().and_then(|imported| imported.number.as_deref()));
}

/// Whether a table has the headings of a register that this program wrote, as CSV or as a workbook, in either language.
#[must_use]
pub fn is_ours(headings: &[String]) -> bool {
    let begins_with = |known: Vec<&str>| known.iter().eq(headings.iter().take(known.len()));
    [Language::Dutch, Language::English].into_iter().any(|language| {
        let columns = COLUMNS.iter().map(|column| column.heading.in_language(language)).collect();
        begins_with(columns) || begins_with(register_extract::headings(language).into())
    })
}

/// The fields of one incident, with their headings.
#[must_use]
pub fn fields(incident: &Incident) -> Vec<(&'static Text, Entry)> {
    let row = RegisterRow::of(incident);
    COLUMNS.iter().map(|column| (&column.heading, (column.entry)(incident, &row))).collect()
}

/// The register as a workbook: one row an incident, and a sheet that explains in both languages which part it is, where it is
/// one, and the columns.
#[must_use]
pub fn workbook(
    rows: &[Vec<Entry>],
    selection: Option<&Selection>,
    organisation: &str,
    zone: &TimeZone,
    language: Language,
) -> Workbook {
    let cell = |entry: &Entry| match entry {
        Entry::Empty => SheetCell::Empty,
        Entry::Words(text) => SheetCell::Text(text.in_language(language).to_owned()),
        Entry::Number(number) => SheetCell::Number(*number),
        // An hour that the clocks showed twice is told with its offset: a cell of time has none.
        Entry::Moment(at) if zone.to_ambiguous_zoned(at.to_zoned(zone.clone()).datetime()).is_ambiguous() => {
            SheetCell::Text(register_extract::local(*at, zone))
        }
        Entry::Moment(at) => SheetCell::Moment(at.to_zoned(zone.clone()).datetime()),
        Entry::Day(at) => SheetCell::Day(at.to_zoned(zone.clone()).date()),
    };
    let column = |heading: &str, width| SheetColumn { heading: heading.to_owned(), width };
    let register = Sheet {
        name: Text::new("Register", "Register").in_language(language).to_owned(),
        columns: COLUMNS.iter().map(|one| column(one.heading.in_language(language), one.width)).collect(),
        kept_columns: 2,
        rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    };
    let chosen = selection.into_iter().flat_map(|one| std::iter::once(Selection::heading()).chain(one.told(zone)));
    let columns = COLUMNS.iter().map(|one| (one.heading.clone(), one.explanation.clone()));
    let explained = chosen.chain(columns).map(|(name, explanation)| {
        let texts = [&name.nl, &explanation.nl, &name.en, &explanation.en];
        texts.map(|text| SheetCell::Text(text.to_string())).into()
    });
    let explanation = Sheet {
        name: Text::new("Uitleg", "Explanation").in_language(language).to_owned(),
        columns: vec![
            column("Kolom", 24),
            column("Wat er staat", 60),
            column("Column", 24),
            column("What it holds", 60),
        ],
        kept_columns: 1,
        rows: explained.collect(),
    };
    Workbook {
        title: title(organisation, language),
        author: organisation.to_owned(),
        language,
        sheets: vec![register, explanation],
    }
}

/// The register as a document: which part it is, where it is one; then a heading an incident, and every field of it that is
/// known.
#[must_use]
pub fn document(
    rows: &[Vec<Entry>],
    selection: Option<&Selection>,
    organisation: &str,
    made_at: &Zoned,
    language: Language,
) -> Document {
    let zone = made_at.time_zone();
    let pick = |nl: &'static str, en: &'static str| Text::new(nl, en).in_language(language).to_owned();
    let mut blocks = Vec::new();
    if let Some(selection) = selection {
        let (_, heading) = Selection::heading();
        blocks.push(Block::Heading { level: 1, text: heading.in_language(language).trim_end_matches('.').to_owned() });
        let pairs = selection.told(zone).into_iter().map(|(name, value)| {
            (name.in_language(language).to_owned(), Line::plain(value.in_language(language).to_owned()))
        });
        blocks.push(Block::Pairs { pairs: pairs.collect() });
    }
    if rows.is_empty() {
        blocks.push(Block::Paragraph {
            line: Line::plain(pick("Geen incident past bij deze keuze.", "No incident fits this choice.")),
        });
    }
    for row in rows {
        let shown = |entry: &Entry| in_words(entry, zone, language);
        let head: Vec<_> = row.iter().take(2).map(|entry| shown(entry).unwrap_or_default()).collect();
        blocks.push(Block::Heading { level: 1, text: head.join(". ") });
        let pairs = COLUMNS.iter().zip(row).skip(2).filter_map(|(column, entry)| {
            Some((column.heading.in_language(language).to_owned(), Line { runs: vec![Run::Plain(shown(entry)?)] }))
        });
        blocks.push(Block::Pairs { pairs: pairs.collect() });
    }
    Document {
        look: Look::Sheet,
        title: title(organisation, language),
        subtitle: pick(
            "AVG art. 33 lid 5: feiten, gevolgen, maatregelen, en waarom er zo is besloten",
            "GDPR art. 33(5): facts, effects, remedial action, and why it was decided so",
        ),
        language,
        author: organisation.to_owned(),
        reference: pick("Register", "Register"),
        draft: String::new(),
        blocks,
    }
}

fn title(organisation: &str, language: Language) -> String {
    match language {
        Language::Dutch => format!("Register van datalekken van {organisation}"),
        Language::English => format!("Register of data breaches of {organisation}"),
    }
}

/// An entry for people; nothing for an empty one.
#[must_use]
pub fn in_words(entry: &Entry, zone: &TimeZone, language: Language) -> Option<String> {
    match entry {
        Entry::Empty => None,
        Entry::Words(text) => Some(text.in_language(language).replace(" | ", "\n")).filter(|text| !text.is_empty()),
        Entry::Number(number) => Some(number.to_string()),
        Entry::Moment(at) => Some(moment(*at, zone, language)),
        Entry::Day(at) => Some(day(*at, zone, language)),
    }
}

fn words(text: &Text) -> Entry {
    if text.nl.is_empty() && text.en.is_empty() { Entry::Empty } else { Entry::Words(text.clone()) }
}

fn said(text: Option<&str>) -> Entry {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    text.map_or(Entry::Empty, |text| Entry::Words(Text::made(text.to_owned(), text.to_owned())))
}

fn title_of(incident: &Incident) -> Text {
    register_extract::title(incident.title.trim(), incident.erased.is_some())
}

fn at(at: Option<Timestamp>) -> Entry {
    at.map_or(Entry::Empty, Entry::Moment)
}

/// The file and row of an imported register: `register.xlsx, rij 7`.
pub(crate) fn place_of(imported: &Imported) -> Text {
    let (file, row) = (&imported.file, imported.row);
    Text::made(format!("{file}, rij {row}"), format!("{file}, row {row}"))
}

fn said_at(said: Option<SaidAt>) -> Entry {
    said.map_or(Entry::Empty, |said| if said.is_day { Entry::Day(said.at) } else { Entry::Moment(said.at) })
}

fn closed(row: &RegisterRow) -> Entry {
    match row.closed_at {
        Some(said) if row.is_closing_unsaid => words(&register_extract::closing_unsaid(said.at)),
        said => said_at(said),
    }
}

fn taken(incident: &Incident, of: fn(&incident::Imported) -> Option<SaidAt>) -> Entry {
    said_at(incident.imported().and_then(of))
}

fn aware(incident: &Incident) -> Entry {
    let set = incident.aware.as_ref().map(|aware| aware.at);
    match incident.imported() {
        Some(imported) if imported.aware_at.map(|said| said.at) == set => said_at(imported.aware_at),
        _ => at(set),
    }
}

fn state(incident: &Incident) -> Text {
    if incident.phase() == Phase::Closed { Text::new("gesloten", "closed") } else { Text::new("open", "open") }
}

fn fact(incident: &Incident, fact: Fact) -> Entry {
    incident.facts.value(fact).map_or(Entry::Empty, |value| Entry::Words(fact_words::answer(fact, value)))
}

fn count(incident: &Incident, fact: Fact) -> Entry {
    incident.facts.whole(fact).map_or(Entry::Empty, Entry::Number)
}

fn risk(incident: &Incident) -> Entry {
    let risk = incident.assessment.as_ref().and_then(|(_, assessment)| assessment.risk);
    risk.map_or(Entry::Empty, |risk| {
        Entry::Words(match risk {
            Risk::Unlikely => Text::new("onwaarschijnlijk", "unlikely"),
            Risk::Risk => Text::new("risico", "risk"),
            Risk::High => Text::new("hoog risico", "high risk"),
            Risk::Undetermined => Text::new("nog niet te bepalen", "not yet to be determined"),
        })
    })
}

fn told(told: &Told) -> Text {
    match told {
        Told::Undecided => Text::new("nog niet besloten", "not decided yet"),
        Told::Erased => ERASED,
        Told::No => Text::new("nee", "no"),
        Told::Planned => Text::new("te doen", "to do"),
        Told::Done { .. } => Text::new("ja", "yes"),
        Told::TakenOver { was_told: Some(true), .. } => {
            Text::new("ja, volgens het overgenomen register", "yes, according to the imported register")
        }
        Told::TakenOver { was_told: None, .. } => {
            Text::new("niet vermeld in het overgenomen register", "not mentioned in the imported register")
        }
        Told::TakenOver { was_told: Some(false), .. } => {
            Text::new("nee, volgens het overgenomen register", "no, according to the imported register")
        }
    }
}

fn told_at(told: &Told) -> Entry {
    match told {
        Told::Done { at, .. } => Entry::Moment(*at),
        Told::TakenOver { at, .. } => said_at(*at),
        Told::Undecided | Told::Erased | Told::No | Told::Planned => Entry::Empty,
    }
}

fn told_what(told: &Told) -> Entry {
    match told {
        Told::Done { what, .. } | Told::TakenOver { what, .. } => said(Some(what)),
        Told::Undecided | Told::Erased | Told::No | Told::Planned => Entry::Empty,
    }
}

fn dpo(incident: &Incident) -> Entry {
    match (&incident.dpo_advice, incident.imported()) {
        (Some(advice), _) => said(Some(&format!("{}: {}", advice.by_name, advice.advice))),
        (None, Some(imported)) => said(imported.dpo_advice.as_deref()),
        (None, None) => Entry::Empty,
    }
}

fn source(incident: &Incident) -> Entry {
    incident.imported().map_or(Entry::Empty, |imported| words(&place_of(imported)))
}
