//! The report itself: what kind it is, what it supplements or takes back, under which law, with which papers.

use facts::{Fact, Text};
use law::verdict::Duty;

use super::{Request, Said};
use crate::case::{Case, said};
use crate::dossier::purpose::Purpose;
use crate::{letter, reasoning_sheet};

/// A report after an earlier one supplements it (AVG art. 33(4)).
pub(super) fn kind(purpose: Purpose) -> Said {
    let spoken = Said::word(purpose.key());
    match purpose {
        Purpose::First => spoken,
        Purpose::Supplement | Purpose::Withdrawal => spoken.note(
            "Er is al gemeld. Controleer hoe het formulier dit noemt: aanvullen, wijzigen of intrekken.",
            "It was notified before. Check what the form calls this: supplement, change or withdraw.",
        ),
    }
}

/// Follows from whether anything is missing.
pub(super) fn is_complete(request: Request<'_>) -> Said {
    match (request.purpose, request.is_incomplete) {
        (Purpose::Withdrawal, _) => Said::word("withdrawal"),
        (_, true) => Said::word("incomplete").proposed(),
        (_, false) => Said::word("complete").proposed(),
    }
}

pub(super) fn earlier_number(case: &Case<'_>) -> Said {
    let standing = case.incident.authority_notified.as_ref().map(|(_, receipt)| receipt.as_str());
    Said::filed(standing)
}

/// As written for the withdrawal; else what was decided since, as a start.
pub(super) fn withdrawal_reason(case: &Case<'_>) -> Said {
    if let Some(reason) = said(case.words.withdrawal_reason.as_deref()) {
        return Said::recorded(reason);
    }
    let is_refused = case.incident.is_to_do(Duty::NotifyAuthority) == Some(false);
    let motivation = case.incident.decision.as_ref().map(|decision| decision.decided.motivation.as_str());
    let filled = match said(motivation).filter(|_| is_refused) {
        Some(motivation) => Said::derived(motivation),
        None => Said::missing(),
    };
    filled.note(
        "Zeg waarom de melding achteraf niet nodig was: welk feit is anders dan u eerst dacht?",
        "Say why the notification turned out not to be needed: which fact is other than you first thought?",
    )
}

/// What only the person who reports can say.
pub(super) fn declaration() -> Said {
    Said::missing().note(
        "Dit verklaart wie meldt zelf, na controle van alle antwoorden.",
        "Whoever reports declares this in person, after checking every answer.",
    )
}

pub(super) fn legal_basis(case: &Case<'_>) -> Said {
    match case.facts().one(Fact::Regime) {
        Some(regime) => Said::word(regime),
        None => Said::word("avg").proposed().note(
            "Niet vastgelegd; de AVG geldt tenzij het om politie-, justitie- of telecomgegevens gaat.",
            "Not on file; the GDPR applies unless the data are police, judicial or telecom data.",
        ),
    }
}

/// The papers on file that could go along; a dossier is no attachment to itself.
fn papers<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a incident::Document> {
    case.incident.documents.iter().filter(|document| !document.kind.ends_with("_dossier"))
}

pub(super) fn attachments(case: &Case<'_>) -> Said {
    let mut titles: Vec<&str> = Vec::new();
    for document in papers(case) {
        if !titles.contains(&document.title.nl.as_ref()) {
            titles.push(&document.title.nl);
        }
    }
    if titles.is_empty() {
        return Said::missing();
    }
    Said::derived(titles.join("\n")).note(
        "In het dossier aanwezig. Haal gegevens van betrokkenen weg voordat u iets meestuurt.",
        "On file. Remove data of data subjects before you attach anything.",
    )
}

pub(super) fn attachment_kinds(case: &Case<'_>) -> Said {
    let mut kinds: Vec<&'static str> = Vec::new();
    for document in papers(case) {
        let kind = match document.kind.as_str() {
            letter::KIND => "letter",
            reasoning_sheet::KIND => "reasoning",
            _ => "other",
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return Said::missing();
    }
    Said::words(kinds)
        .proposed()
        .made_note(Some(Text::new("Kruis alleen aan wat u echt meestuurt.", "Tick only what you really attach.")))
}
