//! What happened, to which data, of whom.

use std::borrow::Cow;

use facts::{Fact, Language, Text};
use incident::Opening;

use super::Said;
use super::timeline::seen_by_sensor;
use crate::case::{Case, said};
use crate::dossier::asks::Asks;
use crate::moment::moment;

const NO_NAMES: Text = Text::new(
    "Haal namen en andere gegevens van betrokkenen weg: die worden niet gevraagd.",
    "Remove names and other data of data subjects: they are not asked for.",
);

/// The word of a fact that takes one.
pub(super) fn one(case: &Case<'_>, fact: Fact) -> Said {
    case.facts().one(fact).map_or_else(Said::missing, Said::word)
}

/// Confidentiality, integrity and availability at once.
pub(super) fn nature(case: &Case<'_>) -> Said {
    let parts = [Fact::Confidentiality, Fact::Integrity, Fact::Availability];
    let mut words: Vec<Cow<'static, str>> = Vec::new();
    let mut unknown = Vec::new();
    for fact in parts {
        match case.facts().one(fact) {
            Some(word) => words.push(format!("{}.{word}", fact.key()).into()),
            None => unknown.push(fact.question()),
        }
    }
    if unknown.len() == parts.len() {
        return Said::missing();
    }
    let spoken = Said { words, ..Said::words(Vec::new()) };
    if unknown.is_empty() {
        return spoken;
    }
    let nl: Vec<_> = unknown.iter().map(|question| question.nl.as_ref()).collect();
    let en: Vec<_> = unknown.iter().map(|question| question.en.as_ref()).collect();
    let note = Text::made(format!("Nog niet bekend: {}", nl.join(" ")), format!("Not known yet: {}", en.join(" ")));
    spoken.proposed().made_note(Some(note))
}

/// Whether the data were taken or seen, as far as two facts tell together.
pub(super) fn disclosure(case: &Case<'_>) -> Said {
    let facts = case.facts();
    match (facts.one(Fact::Confidentiality), facts.one(Fact::Exfiltration)) {
        (Some("confirmed"), _) | (_, Some("confirmed")) => Said::word("disclosed"),
        (Some("likely"), _) | (_, Some("likely")) => Said::word("likely"),
        (Some("possible"), Some("excluded")) => Said::word("excluded"),
        (Some("possible"), Some("unlikely")) => Said::word("excluded").proposed(),
        (Some("possible"), _) => Said::word("open").proposed(),
        _ => Said::missing(),
    }
}

/// The summary: as written for the report, else put together from how the case was opened.
pub(super) fn description(case: &Case<'_>) -> Said {
    if let Some(description) = said(case.words.description.as_deref()) {
        return Said::recorded(description).made_note(Some(NO_NAMES));
    }
    let text = match &case.incident.opening {
        Opening::Reported { what, when_said, whose_said, .. } => {
            let mut lines = vec![what.trim().to_owned()];
            lines.extend(said(when_said.as_deref()).map(|when| format!("Wanneer, volgens wie het meldde: {when}")));
            lines.extend(
                said(whose_said.as_deref()).map(|whose| format!("Welke gegevens, volgens wie het meldde: {whose}")),
            );
            lines.join("\n")
        }
        Opening::Detected { .. } => case.incident.seen_in_all().map_or_else(String::new, |seen| {
            format!(
                "{}\nGezien van {} tot {}. Aantal waarnemingen: {}.",
                seen_by_sensor(case, seen.urgency, seen.first_at),
                moment(seen.first_at, case.zone(), Language::Dutch),
                moment(seen.last_at, case.zone(), Language::Dutch),
                seen.detections
            )
        }),
        Opening::Imported(_) | Opening::Erased => String::new(),
    };
    if text.is_empty() { Said::missing() } else { Said::derived(text).made_note(Some(NO_NAMES)) }
}

pub(super) fn systems(case: &Case<'_>) -> Said {
    match &case.incident.opening {
        Opening::Detected { .. } => Said::derived("Een computer in het eigen netwerk van de organisatie."),
        Opening::Reported { .. } | Opening::Imported(_) | Opening::Erased => Said::missing(),
    }
    .note(
        "Noem de systemen en diensten en waar ze staan (land, eigen beheer of leverancier); geen netwerkadressen.",
        "Name the systems and services and where they are (country, own or a supplier’s); no network addresses.",
    )
}

/// The kinds of data that a source speaks of. None of them is an answer as well.
pub(super) fn data(case: &Case<'_>, asks: Asks) -> Said {
    if !case.facts().is_known(Fact::Data) {
        return Said::missing();
    }
    let vocabulary = asks.vocabulary();
    let known = case.many(Fact::Data);
    Said::words(known.into_iter().filter(|word| vocabulary.iter().any(|known| known.name == *word)).collect())
}

fn labels(case: &Case<'_>, fact: Fact) -> Option<String> {
    let labels: Vec<_> =
        case.many(fact).into_iter().filter_map(|word| fact.label(word)).map(|label| label.nl.as_ref()).collect();
    (!labels.is_empty()).then(|| labels.join(", "))
}

pub(super) fn data_description(case: &Case<'_>) -> Said {
    match labels(case, Fact::Data) {
        Some(labels) => Said::derived(labels).note(
            "Omschrijf de gegevens, zonder voorbeelden van personen.",
            "Describe the data, without examples of persons.",
        ),
        None => Said::missing(),
    }
}

pub(super) fn records_mode(case: &Case<'_>) -> Said {
    match case.facts().whole(Fact::Records) {
        Some(_) => Said::word("approximate")
            .proposed()
            .note("Weet u het precies? Kies dan dat.", "Do you know it exactly? Then choose that."),
        None => Said::missing(),
    }
}

pub(super) fn records(case: &Case<'_>) -> Said {
    case.facts().whole(Fact::Records).map_or_else(Said::missing, |count| Said::recorded(count.to_string()))
}

/// Groups that are vulnerable by themselves.
const VULNERABLE: [&str; 5] = ["patients", "clients_of_care", "children", "elderly", "asylum_seekers"];

pub(super) fn groups(case: &Case<'_>) -> Said {
    if !case.facts().is_known(Fact::Groups) {
        return Said::missing();
    }
    let mut words = case.many(Fact::Groups);
    let shows_vulnerable = words.iter().any(|word| VULNERABLE.contains(word));
    if case.facts().truth(Fact::Vulnerable) == Some(true) && !shows_vulnerable {
        words.push("vulnerable");
        return Said::words(words).proposed().note(
            "Vastgelegd is dat er mensen bij zijn die extra bescherming nodig hebben. Zijn het minderjarigen, kruis dan dat aan.",
            "On file: there are people who need particular protection. If they are minors, tick that instead.",
        );
    }
    Said::words(words)
}

pub(super) fn groups_description(case: &Case<'_>) -> Said {
    match labels(case, Fact::Groups) {
        Some(labels) => {
            Said::derived(labels).note("Omschrijf de groep, zonder namen.", "Describe the group, without names.")
        }
        None => Said::missing(),
    }
}

fn bounds(case: &Case<'_>) -> (Option<u64>, Option<u64>) {
    (case.facts().whole(Fact::SubjectsMin), case.facts().whole(Fact::SubjectsMax))
}

pub(super) fn subjects_mode(case: &Case<'_>) -> Said {
    match bounds(case) {
        (Some(min), Some(max)) if min == max => Said::word("exact"),
        (None, None) => Said::missing(),
        _ => Said::word("approximate"),
    }
}

/// The number in one line, whatever is known of it.
pub(super) fn subjects(case: &Case<'_>) -> Said {
    match bounds(case) {
        (Some(min), Some(max)) if min == max => Said::recorded(min.to_string()),
        (Some(min), Some(max)) => Said::recorded(format!("{min} tot {max}")),
        (Some(min), None) => Said::recorded(format!("ten minste {min}")),
        (None, Some(max)) => Said::recorded(format!("ten hoogste {max}")),
        (None, None) => Said::missing().note("Een schatting mag.", "An estimate will do."),
    }
}

/// Only where both bounds say the same.
pub(super) fn subjects_exact(case: &Case<'_>) -> Said {
    match bounds(case) {
        (Some(min), Some(max)) if min == max => Said::recorded(min.to_string()),
        _ => Said::missing(),
    }
}

pub(super) fn subjects_bound(case: &Case<'_>, fact: Fact) -> Said {
    match case.facts().whole(fact) {
        Some(count) => Said::recorded(count.to_string()),
        None => Said::missing().note("Een schatting mag.", "An estimate will do."),
    }
}
