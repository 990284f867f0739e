//! Sections 1 to 3: what kind of report it is, which countries, and who reports.

use facts::{Fact, Text};
use law::verdict::{Duty, Outcome};

use super::Filled;
use crate::case::{Case, said};
use crate::dossier::{ap_2022_08 as ap, vocabulary};

/// A report after an earlier one supplements it (AVG art. 33(4)).
pub(super) fn notification_kind(case: &Case<'_>) -> Filled {
    match case.incident.authority_notified {
        None => Filled::ticked(vec![ap::REGULAR]),
        Some(_) => Filled::ticked(vec![ap::SUPPLEMENT]).note(
            "Er is al gemeld. Controleer hoe het formulier dit noemt: aanvullen, wijzigen of intrekken.",
            "It was notified before. Check what the form calls this: supplement, change or withdraw.",
        ),
    }
}

pub(super) fn earlier_number(case: &Case<'_>) -> Option<Filled> {
    let (_, receipt) = case.incident.authority_notified.as_ref()?;
    Some(Filled::recorded(receipt))
}

pub(super) fn legal_basis(case: &Case<'_>, boxes: &'static [&'static str]) -> Filled {
    match case.facts().one(Fact::Regime) {
        Some(regime) => Filled::ticked(vocabulary::map(Fact::Regime, &[regime], vocabulary::REGIME, boxes).ticks),
        None => Filled::ticked(vec![ap::AVG]).proposed().note(
            "Niet vastgelegd; de AVG geldt tenzij het om politie-, justitie- of telecomgegevens gaat.",
            "Not on file; the GDPR applies unless the data are police, judicial or telecom data.",
        ),
    }
}

pub(super) fn other_authorities(case: &Case<'_>) -> Filled {
    let missing = Filled::missing();
    if case.outcome(Duty::NotifyCsirt) == Some(Outcome::Required) {
        return missing.note(
            "Volgens het oordeel moet u dit incident ook melden bij het CSIRT (Cyberbeveiligingswet). Hebt u dat gedaan, \
             kruis dan ‘Andere toezichthouder’ aan en noem het CSIRT.",
            "According to the assessment this incident must also be reported to the CSIRT (Cyberbeveiligingswet). Once \
             done, tick ‘Andere toezichthouder’ and name the CSIRT.",
        );
    }
    missing.note(
        "Kruis alleen aan waar u al hebt gemeld. Nergens? Laat het leeg.",
        "Tick only where you have reported already. Nowhere? Leave it empty.",
    )
}

pub(super) fn several_countries(case: &Case<'_>) -> Filled {
    let Some(countries) = case.facts().many(Fact::Countries).filter(|countries| !countries.is_empty()) else {
        return Filled::missing()
            .note("Leg vast in welke landen de mensen wonen.", "Record in which countries the people live.");
    };
    if countries.len() == 1 {
        return Filled::ticked(vec![ap::NO]);
    }
    let codes: Vec<_> = countries.iter().copied().collect();
    Filled::ticked(vec![ap::YES]).beside(Some(format!("Landen (ISO 3166): {}", codes.join(", "))))
}

/// Asked only where the processing crosses borders (AVG art. 4(23), 56).
pub(super) fn lead_authority(case: &Case<'_>) -> Option<Filled> {
    let several = |fact| case.facts().many(fact).is_some_and(|countries| countries.len() > 1);
    if !several(Fact::Countries) && !several(Fact::Establishments) {
        return None;
    }
    let proposal = match case.verdict.and_then(|verdict| verdict.authority.as_deref()) {
        Some("NL-AP") => Filled::derived("De AP is de leidende toezichthouder: de hoofdvestiging staat in Nederland."),
        _ => Filled::missing(),
    };
    Some(proposal.note(
        "De leidende toezichthouder is die van het land van de hoofdvestiging (AVG art. 56).",
        "The lead authority is that of the country of the main establishment (GDPR art. 56).",
    ))
}

pub(super) fn other_privacy_authorities(case: &Case<'_>) -> Filled {
    let is_dutch_only =
        case.facts().many(Fact::Countries).is_some_and(|countries| countries.len() == 1 && countries.contains("NL"));
    let missing = Filled::missing();
    if is_dutch_only {
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

/// A line of the organisation's profile.
pub(super) fn profile(value: Option<&str>) -> Filled {
    match said(value) {
        Some(value) => Filled::recorded(value),
        None => Filled::missing().note(
            "Vul dit in bij de gegevens van uw organisatie; dan staat het er de volgende keer al.",
            "Enter this in your organisation’s details; next time it will be here.",
        ),
    }
}

pub(super) fn controllers(case: &Case<'_>) -> Filled {
    let name = said(Some(&case.organisation.name));
    match (case.facts().one(Fact::Role), name) {
        (Some("controller"), Some(name)) => Filled::recorded(name),
        (Some("joint_controller"), Some(name)) => Filled::derived(name)
            .note("Noem ook de andere verwerkingsverantwoordelijken.", "Name the other controllers too."),
        (Some("processor"), _) => Filled::missing().note(
            "Uw organisatie is verwerker: de verwerkingsverantwoordelijke meldt, tenzij u dat namens haar doet.",
            "Your organisation is a processor: the controller notifies, unless you do so on its behalf.",
        ),
        (_, Some(name)) => Filled::derived(name).note(
            "Leg vast of uw organisatie verwerkingsverantwoordelijke is.",
            "Record whether your organisation is the controller.",
        ),
        (_, None) => Filled::missing(),
    }
}

pub(super) fn fg(case: &Case<'_>) -> Filled {
    let number = case.organisation.fg.as_ref().and_then(|fg| said(fg.registration.as_deref()));
    match number {
        Some(number) => Filled::recorded(number),
        None => Filled::missing().note(
            "Alleen als uw organisatie een FG heeft aangemeld bij de AP.",
            "Only if your organisation registered a DPO (FG) with the AP.",
        ),
    }
}

pub(super) fn sector(case: &Case<'_>) -> Filled {
    profile(case.organisation.sector.as_deref()).made_note(Some(Text::new(
        "Kies in het formulier de sector die het best past; de lijst van de AP kennen wij niet.",
        "Choose the sector that fits best in the form; we do not know the AP’s list.",
    )))
}

pub(super) fn contact(case: &Case<'_>) -> Filled {
    let contact = &case.organisation.contact;
    let lines: Vec<_> =
        [&contact.name, &contact.email, &contact.phone].into_iter().filter_map(|line| said(line.as_deref())).collect();
    if lines.is_empty() {
        return Filled::missing();
    }
    Filled::recorded(lines.join("\n"))
}

pub(super) fn other_organisations(case: &Case<'_>) -> Filled {
    let missing = Filled::missing();
    match case.facts().one(Fact::Role) {
        Some("joint_controller") => missing.note(
            "Uw organisatie is gezamenlijk verantwoordelijk: noem de andere organisaties en hun rol.",
            "Your organisation is a joint controller: name the other organisations and their part.",
        ),
        Some("processor") => missing.note(
            "Uw organisatie is verwerker: noem de verwerkingsverantwoordelijke.",
            "Your organisation is a processor: name the controller.",
        ),
        _ => missing.note(
            "Noem verwerkers en anderen die betrokken waren, met hun rol. Was er niemand, vul dan ‘Nee’ in.",
            "Name processors and others involved, with their part. If nobody was, enter ‘Nee’.",
        ),
    }
}
