//! What protected the data beforehand, and what may follow for the organisation and for the persons.

use facts::{Fact, Text, Value};
use law::verdict::{Duty, Risk};

use super::Said;
use crate::case::Case;

pub(super) fn protection(case: &Case<'_>) -> Said {
    let spoken = match (case.facts().one(Fact::Protection), case.facts().one(Fact::ProtectionKind)) {
        (None, _) => Said::missing(),
        (Some("none"), _) => Said::word("none"),
        (Some(_), None) => Said::missing().note(
            "De gegevens waren beschermd. Leg vast hoe: versleuteld, gehasht of anders.",
            "The data were protected. Record how: encrypted, hashed or otherwise.",
        ),
        (Some(state), Some(kind)) => {
            let mut beside = Vec::new();
            match state {
                "partial" => beside.push("Een deel van de gegevens was beschermd."),
                "subverted" => beside.push("De bescherming is doorbroken."),
                _ => {}
            }
            match case.facts().truth(Fact::KeyCompromised) {
                Some(true) => beside.push("De sleutel (of salt) is geraakt of te achterhalen."),
                Some(false) => beside.push("De sleutel (of salt) is niet geraakt."),
                None => {}
            }
            Said::word(kind).beside(Some(beside.join(" ")))
        }
    };
    if case.facts().one(Fact::IncidentType) == Some("ransomware") {
        return spoken.note(
            "Versleuteling door de gijzelsoftware zelf telt hier niet mee.",
            "Encryption by the ransomware itself does not count here.",
        );
    }
    spoken
}

/// Whether the data could be read by whoever holds them. A key that is out undoes what was intact.
pub(super) fn protection_state(case: &Case<'_>) -> Said {
    match (case.facts().one(Fact::Protection), case.facts().truth(Fact::KeyCompromised)) {
        (Some("intact"), Some(true)) => Said::word("subverted").proposed().note(
            "De sleutel (of salt) is geraakt of te achterhalen.",
            "The key (or salt) was touched, or can be found.",
        ),
        (Some(state), _) => Said::word(state),
        (None, _) => Said::missing(),
    }
}

pub(super) fn technique() -> Said {
    Said::missing().note(
        "Noem de techniek, bijvoorbeeld BitLocker met AES-256, en hoe de sleutel is bewaard.",
        "Name the technique, such as BitLocker with AES-256, and how the key was kept.",
    )
}

/// Whether the key or salt was touched, or can be found.
pub(super) fn key_compromised(case: &Case<'_>) -> Said {
    match case.facts().truth(Fact::KeyCompromised) {
        Some(true) => Said::word("yes"),
        Some(false) => Said::word("no"),
        None => Said::missing(),
    }
}

/// What the facts show of measures that were in place; there will have been more.
pub(super) fn measures_before(case: &Case<'_>) -> Said {
    let mut words = Vec::new();
    if case.facts().one(Fact::Protection) != Some("none") {
        words.extend(case.facts().one(Fact::ProtectionKind));
    }
    if matches!(case.facts().one(Fact::Backup), Some("complete" | "partial")) {
        words.push("backup");
    }
    let spoken = if words.is_empty() { Said::missing() } else { Said::words(words).proposed() };
    spoken.note("Kruis ook aan wat u verder al had geregeld.", "Tick also what else was in place.")
}

fn is(case: &Case<'_>, fact: Fact, words: &[&str]) -> bool {
    case.facts().one(fact).is_some_and(|word| words.contains(&word))
}

/// Nothing on file says this outright: proposed from what happened to the data.
fn proposed(wanted: &[(&'static str, bool)]) -> Said {
    let words: Vec<_> = wanted.iter().filter(|(_, is_so)| *is_so).map(|(word, _)| *word).collect();
    if words.is_empty() {
        return Said::missing();
    }
    Said::words(words).proposed().note(
        "Voorgesteld op grond van wat er met de gegevens gebeurde. Vul aan wat u weet.",
        "Proposed from what happened to the data. Add what you know.",
    )
}

fn could_misuse(case: &Case<'_>) -> bool {
    is(case, Fact::Exfiltration, &["likely", "confirmed"]) || is(case, Fact::Recipient, &["malicious"])
}

pub(super) fn for_data(case: &Case<'_>) -> Said {
    let is_felt = is(case, Fact::ServiceImpact, &["major", "safety"]);
    proposed(&[
        ("known", is(case, Fact::Confidentiality, &["possible", "likely", "confirmed"])),
        ("misused", could_misuse(case)),
        ("wrong", is(case, Fact::Integrity, &["recoverable", "unrecoverable"])),
        ("service_down", is_felt && is(case, Fact::Availability, &["temporary"])),
        ("service_gone", is_felt && is(case, Fact::Availability, &["permanent"])),
    ])
}

pub(super) fn if_seen(case: &Case<'_>) -> Said {
    proposed(&[
        ("beyond", is(case, Fact::Confidentiality, &["possible", "likely", "confirmed"])),
        ("linkable", is(case, Fact::Identification, &["significant", "maximum"])),
        ("misused", could_misuse(case)),
    ])
}

pub(super) fn if_altered(case: &Case<'_>) -> Said {
    proposed(&[("used", is(case, Fact::Integrity, &["recoverable", "unrecoverable"]))])
}

pub(super) fn if_away(case: &Case<'_>) -> Said {
    let is_away = is(case, Fact::Availability, &["temporary", "permanent"]);
    proposed(&[
        ("unreachable", is_away && is(case, Fact::ServiceImpact, &["major", "safety"])),
        ("disrupted", is_away && is(case, Fact::ServiceImpact, &["minor", "major", "safety"])),
    ])
}

pub(super) fn for_persons(case: &Case<'_>) -> Said {
    if !case.facts().is_known(Fact::Consequences) {
        return Said::missing();
    }
    Said::words(case.many(Fact::Consequences))
}

pub(super) fn severity(case: &Case<'_>) -> Said {
    if let Some(word) = case.facts().one(Fact::Severity) {
        return Said::word(word);
    }
    let proposed = case
        .verdict
        .and_then(|verdict| verdict.proposed.iter().find(|(fact, _)| *fact == Fact::Severity))
        .map(|(_, word)| *word);
    let spoken = match proposed {
        Some(word) => Said::word(word).proposed().note(
            "Voorgesteld door de regels. Uw organisatie beslist hoe ernstig het is.",
            "Proposed by the rules. Your organisation decides how severe it is.",
        ),
        None => Said::missing(),
    };
    spoken.made_note(case.risk().map(risk_words).map(|risk| {
        Text::made(
            format!("Uw organisatie beslist hoe ernstig het is. Het oordeel over het risico: {}.", risk.nl),
            format!("Your organisation decides how severe it is. The assessment of the risk: {}.", risk.en),
        )
    }))
}

/// The assessment's reasons, as a start for one's own.
pub(super) fn severity_reason(case: &Case<'_>) -> Said {
    let mut sentences: Vec<String> = Vec::new();
    if let Some(risk) = case.risk() {
        sentences.push(format!("Oordeel over het risico: {}.", risk_words(risk).nl));
    }
    let reasons = case.verdict.map(|verdict| verdict.reasons.as_slice()).unwrap_or_default();
    for reason in reasons.iter().filter(|reason| matches!(reason.duty, Duty::NotifyAuthority | Duty::InformSubjects)) {
        let text = reason.text.nl.clone().into_owned();
        if !sentences.contains(&text) {
            sentences.push(text);
        }
    }
    let likelihood = case.facts().value(Fact::Likelihood);
    if let Some(Value::One(word)) = likelihood
        && let Some(label) = Fact::Likelihood.label(word)
    {
        sentences.push(format!("Waarschijnlijkheid van gevolgen: {}.", label.nl.to_lowercase()));
    }
    if sentences.is_empty() {
        return Said::missing();
    }
    Said::derived(sentences.join("\n"))
}

/// The assessment's view, for a person to take over or not.
pub(super) fn risk_outcome(case: &Case<'_>) -> Said {
    let word = match case.risk() {
        Some(Risk::High) => "high",
        Some(Risk::Risk) => "risk",
        Some(Risk::Unlikely) => "unlikely",
        Some(Risk::Undetermined) => "undetermined",
        None => return Said::missing(),
    };
    Said::word(word).proposed()
}

fn risk_words(risk: Risk) -> Text {
    match risk {
        Risk::Unlikely => Text::new("een risico is niet waarschijnlijk", "a risk is unlikely"),
        Risk::Risk => Text::new("een risico, geen hoog risico", "a risk, not a high one"),
        Risk::High => Text::new("een hoog risico", "a high risk"),
        Risk::Undetermined => Text::new("nog niet te bepalen", "not yet to be determined"),
    }
}
