//! The body of an opening that was taken over from a register kept elsewhere.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use facts::Facts;
use incident::{Imported, Narrative, SaidAt, SaidTold};

use super::{PayloadError, fact_in, value_out};

#[derive(Serialize, Deserialize)]
pub(super) struct ImportedV1 {
    file: String,
    file_sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    row: u64,
    cells: Vec<(String, String)>,
    number: Option<String>,
    occurred_from: Option<SaidAtV1>,
    occurred_to: Option<SaidAtV1>,
    detected_at: Option<SaidAtV1>,
    aware_at: Option<SaidAtV1>,
    facts: BTreeMap<String, serde_json::Value>,
    description: Option<String>,
    measures_taken: Option<String>,
    measures_planned: Option<String>,
    late_reason: Option<String>,
    effects: Option<String>,
    authority: SaidToldV1,
    subjects: SaidToldV1,
    motivation: Option<String>,
    decided_by: Option<String>,
    dpo_advice: Option<String>,
    lessons: Option<String>,
    is_closed: bool,
    closed_at: Option<SaidAtV1>,
}

#[derive(Serialize, Deserialize)]
struct SaidAtV1 {
    at: Timestamp,
    is_day: bool,
}

#[derive(Serialize, Deserialize)]
struct SaidToldV1 {
    was_told: Option<bool>,
    at: Option<SaidAtV1>,
    what: Option<String>,
    count: Option<u64>,
}

pub(super) fn imported_out(imported: Imported) -> ImportedV1 {
    let Narrative { description, measures_taken, measures_planned, late_reason } = imported.narrative;
    ImportedV1 {
        file: imported.file,
        file_sha256: imported.file_sha256,
        sheet: imported.sheet,
        row: imported.row,
        cells: imported.cells,
        number: imported.number,
        occurred_from: at_out(imported.occurred_from),
        occurred_to: at_out(imported.occurred_to),
        detected_at: at_out(imported.detected_at),
        aware_at: at_out(imported.aware_at),
        facts: imported.facts.iter().map(|(fact, value)| (fact.key().to_owned(), value_out(Some(value)))).collect(),
        description,
        measures_taken,
        measures_planned,
        late_reason,
        effects: imported.effects,
        authority: told_out(imported.authority),
        subjects: told_out(imported.subjects),
        motivation: imported.motivation,
        decided_by: imported.decided_by,
        dpo_advice: imported.dpo_advice,
        lessons: imported.lessons,
        is_closed: imported.is_closed,
        closed_at: at_out(imported.closed_at),
    }
}

pub(super) fn imported_in(body: ImportedV1) -> Result<Imported, PayloadError> {
    let mut facts = Facts::new();
    for (key, value) in &body.facts {
        if let (fact, Some(value)) = fact_in(key, value)? {
            // The value was just read as that fact's.
            let _ = facts.set(fact, value);
        }
    }
    let ImportedV1 { description, measures_taken, measures_planned, late_reason, .. } = body;
    Ok(Imported {
        file: body.file,
        file_sha256: body.file_sha256,
        sheet: body.sheet,
        row: body.row,
        cells: body.cells,
        number: body.number,
        occurred_from: at_in(body.occurred_from),
        occurred_to: at_in(body.occurred_to),
        detected_at: at_in(body.detected_at),
        aware_at: at_in(body.aware_at),
        facts,
        narrative: Narrative { description, measures_taken, measures_planned, late_reason },
        effects: body.effects,
        authority: told_in(body.authority),
        subjects: told_in(body.subjects),
        motivation: body.motivation,
        decided_by: body.decided_by,
        dpo_advice: body.dpo_advice,
        lessons: body.lessons,
        is_closed: body.is_closed,
        closed_at: at_in(body.closed_at),
    })
}

fn at_out(said: Option<SaidAt>) -> Option<SaidAtV1> {
    said.map(|SaidAt { at, is_day }| SaidAtV1 { at, is_day })
}

fn at_in(said: Option<SaidAtV1>) -> Option<SaidAt> {
    said.map(|SaidAtV1 { at, is_day }| SaidAt { at, is_day })
}

fn told_out(SaidTold { was_told, at, what, count }: SaidTold) -> SaidToldV1 {
    SaidToldV1 { was_told, at: at_out(at), what, count }
}

fn told_in(SaidToldV1 { was_told, at, what, count }: SaidToldV1) -> SaidTold {
    SaidTold { was_told, at: at_in(at), what, count }
}
