//! Who reports: the organisation, its data protection officer, the reporter and the contact point.

use facts::Fact;

use super::Said;
use crate::case::{Case, OrganisationSize, SectorKind, said};

/// A line of the organisation's profile.
pub(super) fn profile(value: Option<&str>) -> Said {
    match said(value) {
        Some(value) => Said::recorded(value),
        None => Said::missing().note(
            "Vul dit in bij de gegevens van uw organisatie; dan staat het er de volgende keer al.",
            "Enter this in your organisation’s details; next time it will be here.",
        ),
    }
}

fn lines(values: &[Option<&str>]) -> Option<String> {
    let lines: Vec<_> = values.iter().filter_map(|line| said(*line)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

pub(super) fn controllers(case: &Case<'_>) -> Said {
    let name = said(Some(&case.organisation.name));
    match (case.facts().one(Fact::Role), name) {
        (Some("controller"), Some(name)) => Said::recorded(name),
        (Some("joint_controller"), Some(name)) => Said::derived(name)
            .note("Noem ook de andere verwerkingsverantwoordelijken.", "Name the other controllers too."),
        (Some("processor"), _) => Said::missing().note(
            "Uw organisatie is verwerker: de verwerkingsverantwoordelijke meldt, tenzij u dat namens haar doet.",
            "Your organisation is a processor: the controller notifies, unless you do so on its behalf.",
        ),
        (_, Some(name)) => Said::derived(name).note(
            "Leg vast of uw organisatie verwerkingsverantwoordelijke is.",
            "Record whether your organisation is the controller.",
        ),
        (_, None) => Said::missing(),
    }
}

pub(super) fn address_and_contact(case: &Case<'_>) -> Said {
    let address = case.organisation.address.join("\n");
    let contact = &case.organisation.contact;
    profile(lines(&[Some(&address), contact.email.as_deref(), contact.phone.as_deref()]).as_deref())
}

pub(super) fn identifier_kind(case: &Case<'_>) -> Said {
    match (said(case.organisation.kvk.as_deref()), said(case.organisation.vat.as_deref())) {
        (Some(_), _) => Said::word("trade_register"),
        (None, Some(_)) => Said::word("vat"),
        (None, None) => profile(None),
    }
}

pub(super) fn identifier(case: &Case<'_>) -> Said {
    profile(said(case.organisation.kvk.as_deref()).or(said(case.organisation.vat.as_deref())))
}

pub(super) fn sector_kind(case: &Case<'_>) -> Said {
    match case.organisation.sector_kind {
        Some(SectorKind::Private) => Said::word("private"),
        Some(SectorKind::Public) => Said::word("public"),
        None => Said::missing(),
    }
}

pub(super) fn size(case: &Case<'_>) -> Said {
    match case.organisation.size {
        Some(OrganisationSize::Micro) => Said::word("micro"),
        Some(OrganisationSize::SmallOrMedium) => Said::word("sme"),
        Some(OrganisationSize::Large) => Said::word("large"),
        Some(OrganisationSize::Other) => Said::word("other"),
        None => Said::missing(),
    }
}

/// An organisation that names no FG in its profile has none, as far as we know.
pub(super) fn has_fg(case: &Case<'_>) -> Said {
    match case.organisation.fg {
        Some(_) => Said::word("yes"),
        None => Said::word("no")
            .proposed()
            .note("Bij de gegevens van uw organisatie staat geen FG.", "Your organisation’s details name no DPO (FG)."),
    }
}

pub(super) fn fg_registration(case: &Case<'_>) -> Said {
    let number = case.organisation.fg.as_ref().and_then(|fg| said(fg.registration.as_deref()));
    match number {
        Some(number) => Said::recorded(number),
        None => Said::missing().note(
            "Alleen als uw organisatie een FG heeft aangemeld bij de AP.",
            "Only if your organisation registered a DPO (FG) with the AP.",
        ),
    }
}

fn is_same(one: Option<&str>, other: Option<&str>) -> bool {
    matches!((said(one), said(other)), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
}

/// Proposed from the function that the profile gives.
pub(super) fn reporter_capacity(case: &Case<'_>) -> Said {
    let reporter = &case.organisation.reporter;
    let fg = case.organisation.fg.as_ref();
    if fg.is_some_and(|fg| is_same(fg.name.as_deref(), reporter.name.as_deref())) {
        return Said::word("dpo").proposed();
    }
    let Some(function) = said(reporter.function.as_deref()) else { return Said::missing() };
    let function = function.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| function.contains(word));
    let capacity = if has(&["functionaris voor gegevens", "fg", "dpo", "data protection officer"]) {
        "dpo"
    } else if has(&["directeur", "bestuur", "eigenaar", "director", "owner"]) {
        "legal_representative"
    } else {
        "other"
    };
    Said::word(capacity).proposed()
}

pub(super) fn reporter_contact(case: &Case<'_>) -> Said {
    let reporter = &case.organisation.reporter;
    profile(lines(&[reporter.email.as_deref(), reporter.phone.as_deref()]).as_deref())
}

pub(super) fn contact_person(case: &Case<'_>) -> Said {
    let contact = &case.organisation.contact;
    match lines(&[contact.name.as_deref(), contact.email.as_deref(), contact.phone.as_deref()]) {
        Some(lines) => Said::recorded(lines),
        None => Said::missing(),
    }
}

/// Where more information can be had (AVG art. 33(3)(b)).
pub(super) fn whom_to_ask(case: &Case<'_>) -> Said {
    let organisation = case.organisation;
    let contact = &organisation.contact;
    let fg = organisation.fg.as_ref().and_then(|fg| fg.name.as_deref());
    if is_same(fg, contact.name.as_deref()) {
        Said::word("dpo")
    } else if is_same(organisation.reporter.name.as_deref(), contact.name.as_deref()) {
        Said::word("reporter")
    } else if said(contact.name.as_deref()).is_some() {
        Said::word("other")
    } else {
        profile(None)
    }
}

pub(super) fn contact_details(case: &Case<'_>) -> Said {
    let contact = &case.organisation.contact;
    profile(lines(&[contact.email.as_deref(), contact.phone.as_deref()]).as_deref())
}
