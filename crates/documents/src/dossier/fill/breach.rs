//! Sections 5 to 9: what happened, which data, whose, what protected them, and what may follow.

use facts::{Fact, Language, Text, Value};
use incident::Opening;
use law::verdict::{Duty, Risk};

use super::Filled;
use crate::case::{Case, said};
use crate::dossier::{
    ap_2022_08 as ap,
    vocabulary::{self, Mapped, Row},
};
use crate::moment::moment;

type Boxes = &'static [&'static str];

const NO_NAMES: Text = Text::new(
    "Haal namen en andere gegevens van betrokkenen weg: de AP vraagt ze niet.",
    "Remove names and other data of data subjects: the AP does not ask for them.",
);

pub(super) fn nature(case: &Case<'_>, boxes: Boxes) -> Filled {
    let parts: [(Fact, &[Row]); 3] = [
        (Fact::Confidentiality, vocabulary::CONFIDENTIALITY),
        (Fact::Integrity, vocabulary::INTEGRITY),
        (Fact::Availability, vocabulary::AVAILABILITY),
    ];
    let mut wanted = Vec::new();
    let mut unknown = Vec::new();
    for (fact, rows) in parts {
        match case.facts().one(fact) {
            Some(word) => wanted.extend(vocabulary::map(fact, &[word], rows, boxes).ticks),
            None => unknown.push(fact.question()),
        }
    }
    if unknown.len() == parts.len() {
        return Filled::missing();
    }
    let filled = Filled::ticked(boxes.iter().copied().filter(|label| wanted.contains(label)).collect());
    if unknown.is_empty() {
        return filled;
    }
    let nl: Vec<_> = unknown.iter().map(|question| question.nl.as_ref()).collect();
    let en: Vec<_> = unknown.iter().map(|question| question.en.as_ref()).collect();
    let note = Text::made(format!("Nog niet bekend: {}", nl.join(" ")), format!("Not known yet: {}", en.join(" ")));
    filled.proposed().made_note(Some(note))
}

pub(super) fn incident(case: &Case<'_>, boxes: Boxes) -> Filled {
    let Some(word) = case.facts().one(Fact::IncidentType) else { return Filled::missing() };
    let mapped = vocabulary::map(Fact::IncidentType, &[word], vocabulary::INCIDENT_TYPE, boxes);
    let label = Fact::IncidentType.label(word).cloned().unwrap_or_else(|| Text::new("", ""));
    let is_other = mapped.ticks.contains(&ap::OTHER_INCIDENT);
    let is_near = !mapped.near.is_empty();
    let filled = Filled::ticked(mapped.ticks).beside(is_other.then(|| label.nl.clone().into_owned()));
    if !is_near {
        return filled;
    }
    filled.proposed().made_note(Some(Text::made(
        format!("Vastgelegd is ‘{}’; geen hokje zegt precies hetzelfde. Kies wat het best past.", label.nl),
        format!("On file: ‘{}’; no box says exactly the same. Choose what fits best.", label.en),
    )))
}

/// The summary: as written for the report, else put together from how the case was opened.
pub(super) fn description(case: &Case<'_>) -> Filled {
    if let Some(description) = said(case.words.description.as_deref()) {
        return Filled::recorded(description).made_note(Some(NO_NAMES));
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
        Opening::Detected { urgency, detections, first_at, last_at, .. } => format!(
            "{}\nGezien van {} tot {}. Aantal waarnemingen: {}.",
            super::timeline::seen_by_sensor(case, *urgency, *first_at),
            moment(*first_at, case.zone(), Language::Dutch),
            moment(*last_at, case.zone(), Language::Dutch),
            detections.len()
        ),
    };
    Filled::derived(text).made_note(Some(NO_NAMES))
}

pub(super) fn attachments(case: &Case<'_>) -> Filled {
    // The dossier itself is no attachment to itself.
    let titles: Vec<_> = case
        .incident
        .documents
        .iter()
        .filter(|document| document.kind != super::super::KIND)
        .map(|document| document.title.nl.as_ref())
        .collect();
    if titles.is_empty() {
        return Filled::missing();
    }
    Filled::derived(titles.join("\n")).note(
        "In het dossier aanwezig. Haal gegevens van betrokkenen weg voordat u iets meestuurt.",
        "On file. Remove data of data subjects before you attach anything.",
    )
}

/// Ticks with what stands beside them; a proposal where a box is only near.
fn boxed(mapped: Mapped) -> Filled {
    let beside = (!mapped.others.is_empty()).then(|| mapped.others.join("; "));
    let filled = Filled::ticked(mapped.ticks).beside(beside);
    if mapped.near.is_empty() {
        return filled;
    }
    let nl: Vec<_> = mapped.near.iter().map(|label| label.nl.as_ref()).collect();
    let en: Vec<_> = mapped.near.iter().map(|label| label.en.as_ref()).collect();
    filled.proposed().made_note(Some(Text::made(
        format!("Kijk na welke hokjes echt gelden voor: {}.", nl.join("; ")),
        format!("Check which boxes really apply to: {}.", en.join("; ")),
    )))
}

pub(super) fn general_data(case: &Case<'_>, boxes: Boxes) -> Filled {
    if !case.facts().is_known(Fact::Data) {
        return Filled::missing().note(
            "Weet u het nog niet als u meldt? Kruis dan ‘Onbekend’ aan en vul later aan.",
            "Not known when you notify? Tick ‘Onbekend’ and supplement later.",
        );
    }
    boxed(vocabulary::map(Fact::Data, &case.many(Fact::Data), vocabulary::GENERAL_DATA, boxes))
}

pub(super) fn special_data(case: &Case<'_>, boxes: Boxes) -> Filled {
    if !case.facts().is_known(Fact::Data) {
        return Filled::missing();
    }
    boxed(vocabulary::map(Fact::Data, &case.many(Fact::Data), vocabulary::SPECIAL_DATA, boxes))
}

pub(super) fn records(case: &Case<'_>) -> Filled {
    match case.facts().whole(Fact::Records) {
        Some(count) => Filled::recorded(count.to_string()),
        None => Filled::missing().note(
            "Een schatting mag. Weet u het echt niet, vul dan 1 in en leg dat uit.",
            "An estimate will do. If you really do not know, enter 1 and explain.",
        ),
    }
}

pub(super) fn groups(case: &Case<'_>, boxes: Boxes) -> Filled {
    if !case.facts().is_known(Fact::Groups) {
        return Filled::missing();
    }
    let mut mapped = vocabulary::map(Fact::Groups, &case.many(Fact::Groups), vocabulary::GROUPS, boxes);
    let shows_vulnerable = [ap::MINORS, ap::VULNERABLE, ap::PATIENTS].iter().any(|label| mapped.ticks.contains(label));
    if case.facts().truth(Fact::Vulnerable) == Some(true) && !shows_vulnerable {
        mapped.ticks.push(ap::VULNERABLE);
        mapped.ticks = boxes.iter().copied().filter(|label| mapped.ticks.contains(label)).collect();
        return boxed(mapped).proposed().note(
            "Vastgelegd is dat er mensen bij zijn die extra bescherming nodig hebben. Zijn het minderjarigen, kruis dan dat aan.",
            "On file: there are people who need particular protection. If they are minors, tick that instead.",
        );
    }
    boxed(mapped)
}

pub(super) fn groups_description(case: &Case<'_>) -> Filled {
    let labels: Vec<_> = case
        .many(Fact::Groups)
        .into_iter()
        .filter_map(|word| Fact::Groups.label(word))
        .map(|label| label.nl.as_ref())
        .collect();
    if labels.is_empty() {
        return Filled::missing();
    }
    Filled::derived(labels.join(", ")).note("Omschrijf de groep, zonder namen.", "Describe the group, without names.")
}

fn bounds(case: &Case<'_>) -> (Option<u64>, Option<u64>) {
    (case.facts().whole(Fact::SubjectsMin), case.facts().whole(Fact::SubjectsMax))
}

/// Asked where the exact number is known.
pub(super) fn subjects_exact(case: &Case<'_>) -> Option<Filled> {
    match bounds(case) {
        (Some(min), Some(max)) if min == max => Some(Filled::recorded(min.to_string())),
        _ => None,
    }
}

/// Asked where the exact number is not known.
pub(super) fn subjects_bound(case: &Case<'_>, fact: Fact) -> Option<Filled> {
    if subjects_exact(case).is_some() {
        return None;
    }
    Some(match case.facts().whole(fact) {
        Some(count) => Filled::recorded(count.to_string()),
        None => Filled::missing().note("Een schatting mag.", "An estimate will do."),
    })
}

pub(super) fn protection(case: &Case<'_>, boxes: Boxes) -> Filled {
    let filled = match (case.facts().one(Fact::Protection), case.facts().one(Fact::ProtectionKind)) {
        (None, _) => Filled::missing(),
        (Some("none"), _) => Filled::ticked(vec![ap::NO]),
        (Some(_), None) => Filled::missing().note(
            "De gegevens waren beschermd. Leg vast hoe: versleuteld, gehasht of anders.",
            "The data were protected. Record how: encrypted, hashed or otherwise.",
        ),
        (Some(state), Some(kind)) => {
            let mapped = vocabulary::map(Fact::ProtectionKind, &[kind], vocabulary::PROTECTION_KIND, boxes);
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
            let is_near = !mapped.near.is_empty();
            let filled = Filled::ticked(mapped.ticks).beside(Some(beside.join(" ")));
            if is_near { filled.proposed() } else { filled }
        }
    };
    if case.facts().one(Fact::IncidentType) == Some("ransomware") {
        return filled.note(
            "Versleuteling door de gijzelsoftware zelf telt hier niet mee.",
            "Encryption by the ransomware itself does not count here.",
        );
    }
    filled
}

/// Asked where something protected the data.
pub(super) fn technique(case: &Case<'_>) -> Option<Filled> {
    let protection = case.facts().one(Fact::Protection)?;
    (protection != "none").then(|| {
        Filled::missing().note(
            "Noem de techniek, bijvoorbeeld BitLocker met AES-256, en hoe de sleutel is bewaard.",
            "Name the technique, such as BitLocker with AES-256, and how the key was kept.",
        )
    })
}

/// Nothing on file says this outright: proposed from what happened to the data.
pub(super) fn consequences_for_data(case: &Case<'_>, boxes: Boxes) -> Filled {
    let is = |fact: Fact, words: &[&str]| case.facts().one(fact).is_some_and(|word| words.contains(&word));
    let is_felt = is(Fact::ServiceImpact, &["major", "safety"]);
    let wanted = [
        (ap::DATA_KNOWN, is(Fact::Confidentiality, &["possible", "likely", "confirmed"])),
        (ap::DATA_MISUSED, is(Fact::Exfiltration, &["likely", "confirmed"]) || is(Fact::Recipient, &["malicious"])),
        (ap::DATA_WRONG, is(Fact::Integrity, &["recoverable", "unrecoverable"])),
        (ap::SERVICE_DOWN, is_felt && is(Fact::Availability, &["temporary"])),
        (ap::SERVICE_GONE, is_felt && is(Fact::Availability, &["permanent"])),
    ];
    let ticks: Vec<_> = boxes
        .iter()
        .copied()
        .filter(|label| wanted.iter().any(|(box_label, is_so)| *is_so && box_label == label))
        .collect();
    if ticks.is_empty() {
        return Filled::missing();
    }
    Filled::ticked(ticks).proposed().note(
        "Voorgesteld op grond van wat er met de gegevens gebeurde. Vul aan wat u weet.",
        "Proposed from what happened to the data. Add what you know.",
    )
}

pub(super) fn consequences_for_persons(case: &Case<'_>, boxes: Boxes) -> Filled {
    if !case.facts().is_known(Fact::Consequences) {
        return Filled::missing();
    }
    boxed(vocabulary::map(Fact::Consequences, &case.many(Fact::Consequences), vocabulary::CONSEQUENCES, boxes))
}

pub(super) fn severity(case: &Case<'_>, boxes: Boxes) -> Filled {
    match case.facts().one(Fact::Severity) {
        Some(word) => Filled::ticked(vocabulary::map(Fact::Severity, &[word], vocabulary::SEVERITY, boxes).ticks),
        None => {
            let proposed = case
                .verdict
                .and_then(|verdict| verdict.proposed.iter().find(|(fact, _)| *fact == Fact::Severity))
                .map(|(_, word)| vocabulary::map(Fact::Severity, &[*word], vocabulary::SEVERITY, boxes).ticks)
                .filter(|ticks| !ticks.is_empty());
            let filled = match proposed {
                Some(ticks) => Filled::ticked(ticks).proposed().note(
                    "Voorgesteld door de regels. Uw organisatie beslist hoe ernstig het is.",
                    "Proposed by the rules. Your organisation decides how severe it is.",
                ),
                None => Filled::missing(),
            };
            filled.made_note(case.risk().map(risk_words).map(|risk| {
                Text::made(
                    format!("Uw organisatie beslist hoe ernstig het is. Het oordeel over het risico: {}.", risk.nl),
                    format!("Your organisation decides how severe it is. The assessment of the risk: {}.", risk.en),
                )
            }))
        }
    }
}

/// The assessment's reasons, as a start for one's own.
pub(super) fn severity_reason(case: &Case<'_>) -> Filled {
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
        return Filled::missing();
    }
    Filled::derived(sentences.join("\n"))
}

fn risk_words(risk: Risk) -> Text {
    match risk {
        Risk::Unlikely => Text::new("een risico is niet waarschijnlijk", "a risk is unlikely"),
        Risk::Risk => Text::new("een risico, geen hoog risico", "a risk, not a high one"),
        Risk::High => Text::new("een hoog risico", "a high risk"),
        Risk::Undetermined => Text::new("nog niet te bepalen", "not yet to be determined"),
    }
}
