//! From what the case says to the form's own words: which boxes are ticked, what stands beside them, and whether the form
//! asks at all.

use facts::{Kind as FactKind, Text, Value};

use super::fill::{Request, Said, said};
use super::form::{Condition, Question, Tickbox};
use super::{Answer, Content};
use crate::FieldState;

/// An answer in the form's own words, with what the person should know beside it.
pub(super) struct Shaped<'f> {
    pub(super) answer: Answer<'f>,
    pub(super) note: Option<Text>,
    /// The box for what is not known yet, where the form has one and the answer is missing.
    pub(super) unknown: Option<&'f Tickbox>,
}

/// Whether the form asks this, or offers that, in this case.
pub(super) fn is_shown(request: Request<'_>, conditions: &[Condition]) -> bool {
    conditions.iter().all(|condition| holds(request, condition))
}

fn holds(request: Request<'_>, condition: &Condition) -> bool {
    match condition {
        Condition::Purpose(purposes) => purposes.contains(&request.purpose),
        Condition::Late => request.is_late(),
        Condition::Incomplete => request.is_incomplete,
        Condition::Known { fact, is_known } => request.case.facts().is_known(*fact) == *is_known,
        Condition::Fact { fact, words, is_negated } => {
            let is_one = match (request.case.facts().value(*fact), fact.kind()) {
                (Some(Value::Truth(truth)), FactKind::Truth) => words.iter().any(|word| *word == truth.to_string()),
                (Some(Value::One(word)), _) => words.iter().any(|wanted| wanted == word),
                (Some(Value::Many(known)), _) => words.iter().any(|wanted| known.contains(wanted.as_str())),
                _ => false,
            };
            is_one != *is_negated
        }
        Condition::Source { asks, words, is_negated } => {
            let spoken = said(request, *asks);
            spoken.words.iter().any(|word| words.iter().any(|wanted| wanted == word)) != *is_negated
        }
    }
}

/// What the case says to a question, in the form's own words.
pub(super) fn shape<'f>(request: Request<'_>, question: &'f Question) -> Shaped<'f> {
    let mut spoken = said(request, question.asks);
    let boxes: Vec<&Tickbox> = question.boxes.iter().filter(|tickbox| is_shown(request, &tickbox.shown)).collect();
    let content = match spoken.state {
        FieldState::Missing => None,
        _ if question.kind.has_boxes() => ticked(&mut spoken, question, &boxes),
        _ => typed(&spoken, question),
    };
    let answer = match (spoken.state, content) {
        (FieldState::Recorded, Some(content)) => Answer::Recorded(content),
        (FieldState::Derived, Some(content)) => Answer::Derived(content),
        _ => Answer::Missing,
    };
    let is_gap = answer == Answer::Missing;
    let unknown = boxes.into_iter().find(|tickbox| tickbox.is_unknown && is_gap);
    let for_unknown = unknown.map(|tickbox| {
        Text::made(
            format!("Weet u het nog niet als u meldt? Kruis dan ‘{}’ aan en vul later aan.", tickbox.nl),
            format!("Not known when you notify? Tick ‘{}’ and supplement later.", tickbox.nl),
        )
    });
    let of_form = question.note.clone().filter(|_| is_gap || !question.is_note_for_gap);
    let notes: Vec<_> = [spoken.note, of_form, for_unknown].into_iter().flatten().collect();
    Shaped { answer, note: joined(&notes), unknown }
}

fn joined(notes: &[Text]) -> Option<Text> {
    let (nl, en): (Vec<_>, Vec<_>) = notes.iter().map(|note| (note.nl.as_ref(), note.en.as_ref())).unzip();
    (!notes.is_empty()).then(|| Text::made(nl.join(" "), en.join(" ")))
}

/// Ticks boxes in the form's own order; what its *other* stands for is named beside it. A box that is only near makes it a
/// proposal.
fn ticked<'f>(spoken: &mut Said, question: &Question, boxes: &[&'f Tickbox]) -> Option<Content<'f>> {
    let has = |words: &[String]| words.iter().any(|word| spoken.words.iter().any(|said| said == word));
    let ticked: Vec<&Tickbox> = boxes
        .iter()
        .copied()
        .filter(|tickbox| has(&tickbox.exact) || has(&tickbox.near) || has(&tickbox.other))
        .collect();
    let takes_several = question.kind == super::Kind::Many;
    if ticked.is_empty() && !takes_several {
        return None;
    }
    let mut beside: Vec<String> = Vec::new();
    let mut near: Vec<Text> = Vec::new();
    for word in question.asks.vocabulary().into_iter().filter(|word| spoken.words.contains(&word.name)) {
        let leads = |words: &[String]| words.iter().any(|mapped| *mapped == word.name);
        if ticked.iter().any(|tickbox| !tickbox.other.is_empty() && tickbox.words().any(|mapped| *mapped == word.name))
        {
            beside.push(word.label.nl.clone().into_owned());
        }
        if ticked.iter().any(|tickbox| leads(&tickbox.near)) {
            near.push(word.label);
        }
    }
    if !near.is_empty() {
        if spoken.state == FieldState::Recorded {
            spoken.state = FieldState::Derived;
        }
        spoken.note = spoken.note.take().or_else(|| Some(check_boxes(&near, takes_several)));
    }
    let mut lines: Vec<String> = Vec::new();
    lines.extend((!beside.is_empty()).then(|| beside.join("; ")));
    lines.extend(spoken.text.take());
    Some(Content {
        ticks: ticked.into_iter().map(|tickbox| tickbox.nl.as_str()).collect(),
        text: (!lines.is_empty()).then(|| lines.join("\n")),
    })
}

fn check_boxes(near: &[Text], takes_several: bool) -> Text {
    let nl = near.iter().map(|label| label.nl.as_ref()).collect::<Vec<_>>().join("; ");
    let en = near.iter().map(|label| label.en.as_ref()).collect::<Vec<_>>().join("; ");
    if takes_several {
        return Text::made(
            format!("Kijk na welke hokjes echt gelden voor: {nl}."),
            format!("Check which boxes really apply to: {en}."),
        );
    }
    Text::made(
        format!("Vastgelegd is ‘{nl}’; geen hokje zegt precies hetzelfde. Kies wat het best past."),
        format!("On file: ‘{en}’; no box says exactly the same. Choose what fits best."),
    )
}

/// A form that takes text gets the text; of a source that speaks in words, their labels.
fn typed<'f>(spoken: &Said, question: &Question) -> Option<Content<'f>> {
    let vocabulary = question.asks.vocabulary();
    let labels: Vec<_> = vocabulary
        .into_iter()
        .filter(|word| spoken.words.contains(&word.name))
        .map(|word| word.label.nl.into_owned())
        .collect();
    let mut lines: Vec<String> = Vec::new();
    lines.extend((!labels.is_empty()).then(|| labels.join("; ")));
    lines.extend(spoken.text.clone());
    (!lines.is_empty()).then(|| Content { ticks: Vec::new(), text: Some(lines.join("\n")) })
}
