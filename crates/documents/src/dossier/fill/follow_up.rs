//! Section 10: whether, when and how the persons were told, and what was done.

use facts::{Fact, Language};
use incident::Opening;
use law::verdict::{Duty, Outcome, Risk};

use super::Filled;
use crate::case::{Case, said};
use crate::dossier::ap_2022_08 as ap;
use crate::letter;
use crate::moment::{moment, stamp};

/// Where telling the persons stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    Done,
    Planned,
    Refused,
    Undecided,
}

fn telling(case: &Case<'_>) -> Telling {
    match (&case.incident.subjects_informed, case.incident.is_to_do(Duty::InformSubjects)) {
        (Some(_), _) => Telling::Done,
        (None, Some(true)) => Telling::Planned,
        (None, Some(false)) => Telling::Refused,
        (None, None) => Telling::Undecided,
    }
}

pub(super) fn told(case: &Case<'_>) -> Filled {
    match (telling(case), case.outcome(Duty::InformSubjects)) {
        (Telling::Done, _) => Filled::ticked(vec![ap::YES]),
        (Telling::Planned, _) => Filled::ticked(vec![ap::NOT_YET]),
        (Telling::Refused, _) => Filled::ticked(vec![ap::NO]),
        (Telling::Undecided, Some(Outcome::Required)) => Filled::missing().note(
            "Hierover is nog niet besloten. Het oordeel: u moet de mensen inlichten.",
            "Not decided yet. The assessment: you must inform the people.",
        ),
        (Telling::Undecided, Some(Outcome::NotRequired)) => Filled::missing().note(
            "Hierover is nog niet besloten. Het oordeel: inlichten is niet verplicht.",
            "Not decided yet. The assessment: informing is not required.",
        ),
        (Telling::Undecided, Some(Outcome::Undetermined) | None) => {
            Filled::missing().note("Hierover is nog niet besloten.", "Not decided yet.")
        }
    }
}

pub(super) fn told_when(case: &Case<'_>) -> Option<Filled> {
    match telling(case) {
        Telling::Done => {
            case.incident.subjects_informed.as_ref().map(|(at, ..)| Filled::recorded(stamp(*at, case.zone())))
        }
        Telling::Planned => Some(Filled::missing().note(
            "Zo snel mogelijk: de wet zegt onverwijld (AVG art. 34(1)).",
            "As soon as possible: the law says without undue delay (GDPR art. 34(1)).",
        )),
        Telling::Refused | Telling::Undecided => None,
    }
}

pub(super) fn told_count(case: &Case<'_>) -> Option<Filled> {
    case.incident.subjects_informed.as_ref().map(|(_, count, _)| Filled::recorded(count.to_string()))
}

pub(super) fn told_what(case: &Case<'_>) -> Option<Filled> {
    if !matches!(telling(case), Telling::Done | Telling::Planned) {
        return None;
    }
    let last = case.incident.documents.iter().rfind(|document| document.kind == letter::KIND);
    let filled = match last {
        Some(document) => Filled::derived(format!(
            "Zie de bijlage ‘{}’, gemaakt op {}.",
            document.title.nl,
            moment(document.made_at, case.zone(), Language::Dutch)
        )),
        None => Filled::missing(),
    };
    Some(filled.note("Voeg de verstuurde tekst toe, zonder namen.", "Attach the text as sent, without names."))
}

/// Asked where fewer were told than are hit.
pub(super) fn not_all_why(case: &Case<'_>) -> Option<Filled> {
    let (_, count, _) = case.incident.subjects_informed.as_ref()?;
    let hit = case.facts().whole(Fact::SubjectsMin)?;
    (*count < hit).then(Filled::missing)
}

/// Asked where it was decided not to tell them: the grounds on file, then the motivation.
pub(super) fn not_told_why(case: &Case<'_>) -> Option<Filled> {
    if telling(case) != Telling::Refused {
        return None;
    }
    let facts = case.facts();
    let is_unreadable =
        facts.one(Fact::Protection) == Some("intact") && facts.truth(Fact::KeyCompromised) != Some(true);
    let is_removed =
        facts.truth(Fact::RiskRemoved) == Some(true) || facts.one(Fact::RemoteWipe) == Some("before_access");
    let grounds = [
        (is_unreadable, "De gegevens waren onbegrijpelijk voor onbevoegden (AVG art. 34(3)(a))."),
        (is_removed, "Maatregelen achteraf namen het hoge risico weg (AVG art. 34(3)(b))."),
        (
            facts.truth(Fact::DisproportionateEffort) == Some(true),
            "Ieder persoonlijk inlichten kost onevenredig veel moeite; er komt een openbare mededeling (AVG art. 34(3)(c)).",
        ),
        (
            facts.truth(Fact::FinancialUndertaking) == Some(true),
            "De organisatie is een financiële onderneming (UAVG art. 42).",
        ),
        (
            matches!(case.risk(), Some(Risk::Unlikely | Risk::Risk)),
            "Een hoog risico voor de mensen is niet waarschijnlijk (AVG art. 34(1)).",
        ),
    ];
    let mut lines: Vec<String> =
        grounds.into_iter().filter(|(applies, _)| *applies).map(|(_, ground)| ground.to_owned()).collect();
    let withholding = facts.one(Fact::WithholdingGround).filter(|ground| *ground != "none");
    if let Some(label) = withholding.and_then(|ground| Fact::WithholdingGround.label(ground)) {
        lines.push(format!("Grond van UAVG art. 41(1): {}.", label.nl));
    }
    if let Some(decision) = &case.incident.decision {
        lines.push(format!("Motivering: {}", decision.decided.motivation));
    }
    Some(Filled::derived(lines.join("\n")))
}

/// How they were told, as somebody wrote it, in the form's boxes.
pub(super) fn told_how(case: &Case<'_>, boxes: &'static [&'static str]) -> Option<Filled> {
    let (_, _, channel) = case.incident.subjects_informed.as_ref()?;
    let said = channel.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let wanted = [
        (ap::BY_PHONE, has(&["telefo", "gebeld", "phone", "sms"])),
        (ap::BY_LETTER, has(&["brief", "post", "letter"])),
        (ap::BY_MAIL, has(&["mail"])),
        (ap::BY_WEBSITE, has(&["website", "webpagina"])),
        (ap::BY_SOCIAL_MEDIA, has(&["social"])),
        (ap::BY_NEWSPAPER, has(&["krant", "advertentie", "newspaper"])),
    ];
    let ticks: Vec<_> = boxes
        .iter()
        .copied()
        .filter(|label| wanted.iter().any(|(box_label, is_so)| *is_so && box_label == label))
        .collect();
    if ticks.is_empty() {
        return Some(Filled::ticked(vec![ap::OTHER]).beside(Some(channel.clone())).proposed());
    }
    Some(Filled::ticked(ticks).beside(Some(channel.clone())).proposed())
}

/// What was done: as written for the report, else what the facts and the reporter say.
pub(super) fn measures(case: &Case<'_>) -> Filled {
    let taken = said(case.words.measures_taken.as_deref());
    let planned = said(case.words.measures_planned.as_deref());
    if taken.is_some() || planned.is_some() {
        let lines: Vec<_> = taken
            .map(str::to_owned)
            .into_iter()
            .chain(planned.map(|planned| format!("Om herhaling te voorkomen: {planned}")))
            .collect();
        return Filled::recorded(lines.join("\n"));
    }
    let mut lines = measures_on_file(case);
    if let Opening::Reported { done_said, .. } = &case.incident.opening {
        lines.extend(said(done_said.as_deref()).map(|done| format!("Meteen gedaan, volgens wie het meldde: {done}")));
    }
    let filled = if lines.is_empty() { Filled::missing() } else { Filled::derived(lines.join("\n")) };
    filled.note(
        "Noem wat u deed om het te stoppen, om schade te beperken en om herhaling te voorkomen.",
        "Say what you did to end it, to limit damage and to keep it from happening again.",
    )
}

fn measures_on_file(case: &Case<'_>) -> Vec<String> {
    let facts = case.facts();
    let mut lines = Vec::new();
    match facts.one(Fact::RemoteWipe) {
        Some("before_access") => lines.push("Op afstand gewist voordat iemand de gegevens inzag.".into()),
        Some("unproven") => {
            lines.push("Op afstand gewist; of iemand de gegevens eerder inzag, is niet te bewijzen.".into());
        }
        _ => {}
    }
    if facts.truth(Fact::DeletionConfirmed) == Some(true) {
        lines.push("De ontvanger heeft geloofwaardig bevestigd dat alles is gewist.".into());
    }
    if let Some(hours) = facts.number(Fact::RestoreHours) {
        lines.push(format!("Na {hours} uur waren de gegevens en de dienst hersteld."));
    }
    lines
}
