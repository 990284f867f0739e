//! Whether, when and how the persons were told, and what was done.

use facts::{Fact, Language};
use incident::Opening;
use law::verdict::{Duty, Outcome, Risk};

use super::Said;
use crate::case::{Case, said};
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
    match (case.incident.subjects_informed.is_empty(), case.incident.is_to_do(Duty::InformSubjects)) {
        (false, _) => Telling::Done,
        (true, Some(true)) => Telling::Planned,
        (true, Some(false)) => Telling::Refused,
        (true, None) => Telling::Undecided,
    }
}

pub(super) fn told(case: &Case<'_>) -> Said {
    match (telling(case), case.outcome(Duty::InformSubjects)) {
        (Telling::Done, _) => Said::word("yes"),
        (Telling::Planned, _) => Said::word("planned"),
        (Telling::Refused, _) => Said::word("no"),
        (Telling::Undecided, Some(Outcome::Required)) => Said::missing().note(
            "Hierover is nog niet besloten. Het oordeel: u moet de mensen inlichten.",
            "Not decided yet. The assessment: you must inform the people.",
        ),
        (Telling::Undecided, Some(Outcome::NotRequired)) => Said::missing().note(
            "Hierover is nog niet besloten. Het oordeel: inlichten is niet verplicht.",
            "Not decided yet. The assessment: informing is not required.",
        ),
        (Telling::Undecided, Some(Outcome::Undetermined) | None) => {
            Said::missing().note("Hierover is nog niet besloten.", "Not decided yet.")
        }
    }
}

/// The same with why not, for forms whose boxes ask it at once.
pub(super) fn telling_in_full(case: &Case<'_>) -> Said {
    match telling(case) {
        Telling::Done => Said::word("told"),
        Telling::Planned => Said::word("planned"),
        Telling::Undecided => Said { note: told(case).note, ..Said::word("undecided").proposed() },
        Telling::Refused => {
            let why = if matches!(case.risk(), Some(Risk::Unlikely | Risk::Risk)) {
                "no_high_risk"
            } else if exemption(case).words.is_empty() {
                "withheld"
            } else {
                "exempt"
            };
            Said::word(why).proposed()
        }
    }
}

pub(super) fn told_when(case: &Case<'_>) -> Said {
    match case.incident.first_informed_at() {
        Some(at) => Said::recorded(stamp(at, case.zone())),
        None => told_planned(),
    }
}

/// No day is on file: the law gives none.
pub(super) fn told_planned() -> Said {
    Said::missing().note(
        "Zo snel mogelijk: de wet zegt onverwijld (AVG art. 34(1)).",
        "As soon as possible: the law says without undue delay (GDPR art. 34(1)).",
    )
}

pub(super) fn told_count(case: &Case<'_>) -> Said {
    let count = case.incident.informed_count().map(|count| count.to_string());
    count.map_or_else(Said::missing, Said::recorded)
}

pub(super) fn told_what(case: &Case<'_>) -> Said {
    let last = case.incident.documents.iter().rfind(|document| document.kind == letter::KIND);
    let spoken = match last {
        Some(document) => Said::derived(format!(
            "Zie de bijlage ‘{}’, gemaakt op {}.",
            document.title.nl,
            moment(document.made_at, case.zone(), Language::Dutch)
        )),
        None => Said::missing(),
    };
    spoken.note("Voeg de verstuurde tekst toe, zonder namen.", "Attach the text as sent, without names.")
}

/// Whether fewer were told than are hit.
pub(super) fn reached(case: &Case<'_>) -> Said {
    match (case.incident.informed_count(), case.facts().whole(Fact::SubjectsMin)) {
        (Some(count), Some(hit)) => Said::word(if count < hit { "some" } else { "all" }),
        _ => Said::missing(),
    }
}

/// The grounds of AVG art. 34(3) that the facts show.
pub(super) fn exemption(case: &Case<'_>) -> Said {
    let facts = case.facts();
    let is_unreadable =
        facts.one(Fact::Protection) == Some("intact") && facts.truth(Fact::KeyCompromised) != Some(true);
    let is_removed =
        facts.truth(Fact::RiskRemoved) == Some(true) || facts.one(Fact::RemoteWipe) == Some("before_access");
    let is_disproportionate = facts.truth(Fact::DisproportionateEffort) == Some(true);
    let grounds = [("a", is_unreadable), ("b", is_removed), ("c", is_disproportionate)];
    let words: Vec<_> = grounds.into_iter().filter(|(_, applies)| *applies).map(|(ground, _)| ground).collect();
    if words.is_empty() { Said::missing() } else { Said::words(words).proposed() }
}

/// The grounds on file, then the motivation.
pub(super) fn not_told_why(case: &Case<'_>) -> Said {
    let facts = case.facts();
    let has = |ground: &str| exemption(case).words.iter().any(|word| word == ground);
    let grounds = [
        (has("a"), "De gegevens waren onbegrijpelijk voor onbevoegden (AVG art. 34(3)(a))."),
        (has("b"), "Maatregelen achteraf namen het hoge risico weg (AVG art. 34(3)(b))."),
        (
            has("c"),
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
    let motivation = case.incident.decision.as_ref().and_then(|decision| said(Some(&decision.decided.motivation)));
    lines.extend(motivation.map(|motivation| format!("Motivering: {motivation}")));
    if lines.is_empty() { Said::missing() } else { Said::derived(lines.join("\n")) }
}

/// How they were told, as somebody wrote it.
pub(super) fn told_how(case: &Case<'_>) -> Said {
    let Some(channel) = channels(case) else { return Said::missing() };
    let said = channel.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let wanted = [
        ("phone", has(&["telefo", "gebeld", "phone", "sms"])),
        ("letter", has(&["brief", "post", "letter"])),
        ("mail", has(&["mail"])),
        ("website", has(&["website", "webpagina"])),
        ("social_media", has(&["social"])),
        ("newspaper", has(&["krant", "advertentie", "newspaper"])),
    ];
    let mut words: Vec<_> = wanted.into_iter().filter(|(_, is_so)| *is_so).map(|(word, _)| word).collect();
    if words.is_empty() {
        words.push("other");
    }
    Said::words(words).beside(Some(channel)).proposed()
}

pub(super) fn told_channel(case: &Case<'_>) -> Said {
    Said::filed(channels(case).as_deref())
}

/// The channels by which persons were told, each once.
fn channels(case: &Case<'_>) -> Option<String> {
    let mut channels: Vec<&str> = Vec::new();
    for one in &case.incident.subjects_informed {
        if !channels.contains(&one.channel.as_str()) {
            channels.push(&one.channel);
        }
    }
    (!channels.is_empty()).then(|| channels.join("; "))
}

/// What was done: as written for the report, else what the facts and the reporter say.
pub(super) fn measures(case: &Case<'_>) -> Said {
    let taken = said(case.words.measures_taken.as_deref());
    let planned = said(case.words.measures_planned.as_deref());
    if taken.is_some() || planned.is_some() {
        let lines: Vec<_> = taken
            .map(str::to_owned)
            .into_iter()
            .chain(planned.map(|planned| format!("Om herhaling te voorkomen: {planned}")))
            .collect();
        return Said::recorded(lines.join("\n"));
    }
    on_file(case).note(
        "Noem wat u deed om het te stoppen, om schade te beperken en om herhaling te voorkomen.",
        "Say what you did to end it, to limit damage and to keep it from happening again.",
    )
}

pub(super) fn measures_taken(case: &Case<'_>) -> Said {
    match said(case.words.measures_taken.as_deref()) {
        Some(taken) => Said::recorded(taken),
        None => on_file(case).note(
            "Noem wat u deed om het te stoppen en om schade te beperken.",
            "Say what you did to end it and to limit damage.",
        ),
    }
}

pub(super) fn measures_planned(case: &Case<'_>) -> Said {
    Said::filed(case.words.measures_planned.as_deref())
        .note("Noem wat u doet om herhaling te voorkomen.", "Say what you do to keep it from happening again.")
}

fn on_file(case: &Case<'_>) -> Said {
    let mut lines = from_facts(case);
    if let Opening::Reported { done_said, .. } = &case.incident.opening {
        lines.extend(said(done_said.as_deref()).map(|done| format!("Meteen gedaan, volgens wie het meldde: {done}")));
    }
    if lines.is_empty() { Said::missing() } else { Said::derived(lines.join("\n")) }
}

fn from_facts(case: &Case<'_>) -> Vec<String> {
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
