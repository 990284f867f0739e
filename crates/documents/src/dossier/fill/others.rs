//! Other authorities, other countries, other organisations.

use facts::Fact;
use law::verdict::{Duty, Outcome};

use super::Said;
use crate::case::Case;
use crate::moment::stamp;

/// The states of the European Economic Area: the Union's, and Iceland, Liechtenstein and Norway.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

pub(super) fn authorities(case: &Case<'_>) -> Said {
    if !case.incident.csirt_notified.is_empty() {
        return Said::word("csirt").proposed().note(
            "Het CSIRT is ingelicht. Hebt u ook elders gemeld? Kruis dat dan aan.",
            "The CSIRT was told. Did you report elsewhere too? Then tick that.",
        );
    }
    let missing = Said::missing();
    if case.outcome(Duty::NotifyCsirt) == Some(Outcome::Required) {
        return missing.note(
            "Volgens het oordeel moet u dit incident ook melden bij het CSIRT (Cyberbeveiligingswet). Hebt u dat gedaan, \
             kruis dat dan aan en noem het CSIRT.",
            "According to the assessment this incident must also be reported to the CSIRT (Cyberbeveiligingswet). Once \
             done, tick that and name the CSIRT.",
        );
    }
    missing
}

pub(super) fn authorities_details(case: &Case<'_>) -> Said {
    let lines: Vec<_> = case
        .incident
        .csirt_notified
        .iter()
        .map(|(step, (at, receipt))| format!("CSIRT, {}: {} ({receipt})", step.name().nl, stamp(*at, case.zone())))
        .collect();
    if lines.is_empty() { Said::missing() } else { Said::recorded(lines.join("\n")) }
}

pub(super) fn police_report() -> Said {
    Said::missing().note("Hebt u aangifte gedaan?", "Did you report it to the police?")
}

fn codes(case: &Case<'_>, fact: Fact) -> Vec<&'static str> {
    case.facts().many(fact).map(|countries| countries.iter().copied().collect()).unwrap_or_default()
}

pub(super) fn several_countries(case: &Case<'_>) -> Said {
    let countries = codes(case, Fact::Countries);
    match countries.len() {
        0 => Said::missing()
            .note("Leg vast in welke landen de mensen wonen.", "Record in which countries the people live."),
        1 => Said::word("no"),
        _ => Said::word("yes"),
    }
}

fn listed(countries: &[&str]) -> String {
    format!("Landen (ISO 3166): {}", countries.join(", "))
}

/// AVG art. 4(23): establishments in several member states, or people in several.
pub(super) fn cross_border(case: &Case<'_>) -> Said {
    let sets = [Fact::Countries, Fact::Establishments];
    let counts = sets.map(|fact| codes(case, fact).iter().filter(|code| EEA.contains(code)).count());
    if sets.iter().any(|fact| codes(case, *fact).len() > 1) {
        return Said::word("yes").proposed().note(
            "Er zijn meer landen bij. Grensoverschrijdend is het als de gevolgen daar wezenlijk zijn (AVG art. 4(23)).",
            "Several countries are involved. It is cross-border where the effects there are substantial (GDPR art. 4(23)).",
        );
    }
    if counts.contains(&0) { Said::missing() } else { Said::word("no").proposed() }
}

pub(super) fn lead_authority(case: &Case<'_>) -> Said {
    let proposal = match case.verdict.and_then(|verdict| verdict.authority.as_deref()) {
        Some("NL-AP") => Said::derived("De AP is de leidende toezichthouder: de hoofdvestiging staat in Nederland."),
        _ => Said::missing(),
    };
    proposal.note(
        "De leidende toezichthouder is die van het land van de hoofdvestiging (AVG art. 56).",
        "The lead authority is that of the country of the main establishment (GDPR art. 56).",
    )
}

pub(super) fn privacy_authorities(case: &Case<'_>) -> Said {
    let missing = Said::missing();
    if codes(case, Fact::Countries) == ["NL"] {
        return missing.note(
            "Vastgelegd is dat de mensen alleen in Nederland wonen; dan ligt ‘Nee’ voor de hand.",
            "On file: the people live in the Netherlands only; then ‘Nee’ is likely.",
        );
    }
    missing.note(
        "Noem de toezichthouders in andere landen waar u al hebt gemeld.",
        "Name the authorities in other countries that you have notified already.",
    )
}

/// Nothing on file says whom else was told; the person who reports knows.
pub(super) fn privacy_authorities_names() -> Said {
    Said::missing().note(
        "Hebt u ook in een ander land gemeld? Noem dan die toezichthouders.",
        "Did you notify in another country too? Then name those authorities.",
    )
}

fn country_list(case: &Case<'_>, fact: Fact) -> Said {
    let countries = codes(case, fact);
    if countries.is_empty() { Said::missing() } else { Said::recorded(listed(&countries)) }
}

pub(super) fn establishments(case: &Case<'_>) -> Said {
    country_list(case, Fact::Establishments)
}

pub(super) fn subject_countries(case: &Case<'_>) -> Said {
    country_list(case, Fact::Countries)
}

/// Known only where all of them live in one country.
pub(super) fn subjects_per_country(case: &Case<'_>) -> Said {
    let count = super::breach::subjects(case);
    match (codes(case, Fact::Countries).as_slice(), count.text) {
        ([country], Some(count)) => Said::derived(format!("{country}: {count}")),
        _ => Said::missing(),
    }
}

pub(super) fn in_eea(case: &Case<'_>) -> Said {
    match case.organisation.country {
        Some(country) if EEA.contains(&country.code()) => Said::word("yes"),
        Some(_) => Said::word("no"),
        None => Said::missing(),
    }
}

/// AVG art. 27.
pub(super) fn representative() -> Said {
    Said::missing().note(
        "Noem uw vertegenwoordiger in de Europese Unie (AVG art. 27).",
        "Name your representative in the European Union (GDPR art. 27).",
    )
}

pub(super) fn organisations(case: &Case<'_>) -> Said {
    let missing = Said::missing();
    match case.facts().one(Fact::Role) {
        Some("joint_controller") => missing.note(
            "Uw organisatie is gezamenlijk verantwoordelijk: noem de andere organisaties en hun rol.",
            "Your organisation is a joint controller: name the other organisations and their part.",
        ),
        Some("processor") => missing.note(
            "Uw organisatie is verwerker: noem de verwerkingsverantwoordelijke.",
            "Your organisation is a processor: name the controller.",
        ),
        _ if case.incident.informed_by_processor_at.is_some() => missing.note(
            "Een verwerker heeft u ingelicht: noem die, met zijn rol.",
            "A processor informed you: name it, with its part.",
        ),
        _ => missing.note(
            "Noem verwerkers en anderen die betrokken waren, met hun rol. Was er niemand, vul dan ‘Nee’ in.",
            "Name processors and others involved, with their part. If nobody was, enter ‘Nee’.",
        ),
    }
}

pub(super) fn involved(case: &Case<'_>) -> Said {
    match role(case).words.is_empty() {
        true => Said::missing(),
        false => Said::word("yes").proposed(),
    }
}

/// Whom the case knows of: who told us, or with whom we are responsible.
pub(super) fn role(case: &Case<'_>) -> Said {
    match case.facts().one(Fact::Role) {
        Some("joint_controller") => Said::word("joint_controller").proposed(),
        Some("processor") => Said::word("controller").proposed(),
        _ if case.incident.informed_by_processor_at.is_some() => Said::word("processor").proposed(),
        _ => Said::missing(),
    }
}

pub(super) fn named() -> Said {
    Said::missing().note(
        "Een regel voor elke organisatie. Noem geen personen onder de betrokkenen.",
        "One line for each organisation. Name no persons among the data subjects.",
    )
}
