//! How long what people write may be, so that one field cannot fill a register. Deliberately not here: what it says.

use crate::{Command, Custody, Narrative, Refusal};

/// The longest name, number or channel, in characters.
pub(crate) const LONGEST_LINE: usize = 200;
/// The longest text that people write, in characters: some ten pages.
const LONGEST_TEXT: usize = 20_000;

/// A number is no letter and a name no essay: what is too long is refused, never cut.
pub(crate) fn check(command: &Command) -> Result<(), Refusal> {
    let (lines, texts): (Vec<&str>, Vec<&str>) = match command {
        Command::RecordReport { receipt, reason, .. } => (vec![receipt], reason.as_deref().into_iter().collect()),
        Command::RecordCsirtNotified { receipt, .. } => (vec![receipt], Vec::new()),
        Command::RecordSubjectsInformed { channel, .. } | Command::RecordControllersWarned { channel, .. } => {
            (vec![channel], Vec::new())
        }
        Command::RecordProcessorInformed { by, .. } => (vec![by], Vec::new()),
        Command::RecordDpoAdvice { by_name, advice, .. } => (vec![by_name], vec![advice]),
        Command::Decide(order) => (order.mandate.as_deref().into_iter().collect(), {
            let mut texts = vec![order.motivation.as_str()];
            texts.extend(order.dpo_departure.as_deref());
            texts
        }),
        Command::SetAwareness { reason, .. } | Command::AdjustEnisa { reason, .. } | Command::Reopen { reason } => {
            (Vec::new(), vec![reason])
        }
        Command::RecordFacts { note, .. } | Command::CheckDetection { note, .. } => {
            (Vec::new(), note.as_deref().into_iter().collect())
        }
        Command::RecordNarrative(narrative) => {
            let Narrative { description, measures_taken, measures_planned, late_reason } = narrative;
            (
                Vec::new(),
                [description, measures_taken, measures_planned, late_reason]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect(),
            )
        }
        Command::Custody(custody) => match custody {
            Custody::Added(file) => (vec![&file.origin], vec![&file.description]),
            Custody::HandedOver { to, reason, .. } => (vec![to], vec![reason]),
            Custody::Withdrawn { reason, .. } => (Vec::new(), vec![reason]),
            Custody::Opened { .. } | Custody::Checked { .. } | Custody::PutRight { .. } => (Vec::new(), Vec::new()),
        },
        Command::Note { text } => (Vec::new(), vec![text]),
        Command::Close { lessons } => (Vec::new(), vec![lessons]),
        Command::PlaceHold { reason } | Command::ReleaseHold { reason } | Command::Erase { reason, .. } => {
            (Vec::new(), vec![reason])
        }
        Command::EraseEntries { reason, entries, .. } => {
            let words = entries.iter().filter_map(|(_, words)| words.as_deref());
            (Vec::new(), words.chain([reason.as_str()]).collect())
        }
        _ => (Vec::new(), Vec::new()),
    };
    let is_over = |texts: &[&str], most: usize| texts.iter().any(|text| text.trim().chars().count() > most);
    match () {
        () if is_over(&lines, LONGEST_LINE) => Err(Refusal::TooLong { most: LONGEST_LINE }),
        () if is_over(&texts, LONGEST_TEXT) => Err(Refusal::TooLong { most: LONGEST_TEXT }),
        () => Ok(()),
    }
}
