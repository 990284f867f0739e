//! Section 4: when it began, ended, was found, and became known.

use jiff::Timestamp;

use facts::{Fact, Language, Text};
use incident::{Actor, Event, Imported, Opening, SaidAt, Urgency};

use super::Said;
use crate::case::{Case, said};
use crate::moment::{day, moment, stamp};

/// The moment in words, in both languages, behind a few words of our own.
fn in_words(case: &Case<'_>, at: Timestamp, nl: &str, en: &str) -> Text {
    Text::made(
        format!("{nl}{}", moment(at, case.zone(), Language::Dutch)),
        format!("{en}{}", moment(at, case.zone(), Language::English)),
    )
}

fn sentence(text: &Text, nl: &str, en: &str) -> Text {
    Text::made(format!("{}. {nl}", text.nl), format!("{}. {en}", text.en))
}

pub(super) fn started(case: &Case<'_>) -> Said {
    match &case.incident.opening {
        Opening::Detected { first_at, .. } => {
            let first_at = case.incident.seen_in_all().map_or(*first_at, |seen| seen.first_at);
            let when = in_words(case, first_at, "Voor het eerst gezien op ", "First seen on ");
            Said::derived(stamp(first_at, case.zone())).made_note(Some(sentence(
                &when,
                "De inbreuk kan eerder begonnen zijn.",
                "The breach may have begun earlier.",
            )))
        }
        Opening::Reported { when_said, .. } => match said(when_said.as_deref()) {
            Some(when) => Said::derived(when).note(
                "In de woorden van wie het meldde. Maak er een datum en tijd van; een schatting mag.",
                "In the words of who reported it. Turn it into a date and time; an estimate will do.",
            ),
            None => Said::missing().note("Een schatting mag.", "An estimate will do."),
        },
        Opening::Imported(imported) => match imported.occurred_from {
            Some(said) => Said::derived(stamp_said(case, said)).made_note(Some(taken_over(imported))),
            None => Said::missing().note("Een schatting mag.", "An estimate will do."),
        },
        Opening::Erased => Said::missing(),
    }
}

/// A moment of an imported register: where that gave a day, the day.
fn stamp_said(case: &Case<'_>, said: SaidAt) -> String {
    if said.is_day { day(said.at, case.zone(), Language::Dutch) } else { stamp(said.at, case.zone()) }
}

fn taken_over(imported: &Imported) -> Text {
    Text::made(
        format!("Volgens het overgenomen register: {}, rij {}.", imported.file, imported.row),
        format!("According to the imported register: {}, row {}.", imported.file, imported.row),
    )
}

pub(super) fn ended(case: &Case<'_>) -> Said {
    if let Some(imported) = case.incident.imported()
        && let Some(said) = imported.occurred_to
    {
        return Said::derived(stamp_said(case, said)).made_note(Some(taken_over(imported)));
    }
    let note = match (&case.incident.opening, case.facts().number(Fact::ExposureHours)) {
        (_, Some(hours)) => Text::made(
            format!(
                "Vastgelegd is dat de gegevens {hours} uur open lagen. Reken van daaruit, of zeg dat het nog voortduurt."
            ),
            format!("On file: the data lay open for {hours} hours. Count from there, or say that it goes on."),
        ),
        (Opening::Detected { last_at, .. }, None) => sentence(
            &in_words(
                case,
                case.incident.seen_in_all().map_or(*last_at, |seen| seen.last_at),
                "Voor het laatst gezien op ",
                "Last seen on ",
            ),
            "Zeg of het nog voortduurt.",
            "Say whether it goes on.",
        ),
        (Opening::Reported { .. } | Opening::Imported(_) | Opening::Erased, None) => {
            Text::new("Vul de einddatum in, of zeg dat het nog voortduurt.", "Enter the end, or say that it goes on.")
        }
    };
    Said::missing().made_note(Some(note))
}

/// Recorded where a person set it; else the first moment that the case knows of.
pub(super) fn detected(case: &Case<'_>) -> Said {
    let Some(at) = case.incident.known_signal() else { return Said::missing() };
    let words = in_words(case, at, "", "");
    let is_set = case.incident.timeline.iter().any(|stamped| matches!(stamped.event, Event::DetectedAtSet { .. }));
    if is_set {
        return Said::recorded(stamp(at, case.zone())).made_note(Some(words));
    }
    if let Some(imported) = case.incident.imported().filter(|_| case.incident.is_day_only(at)) {
        return Said::derived(day(at, case.zone(), Language::Dutch)).made_note(Some(taken_over(imported)));
    }
    // An opening of before does not say when it came in: what is shown is when the incident was opened.
    if matches!(case.incident.opening, Opening::Detected { detected_at: Some(came_in), .. } if came_in == at) {
        return Said::derived(stamp(at, case.zone())).made_note(Some(sentence(
            &words,
            "Toen kwam binnen wat de sensor zag; eerder kon niemand het weten. Pas het aan als het op een ander moment werd \
             ontdekt.",
            "That is when what the sensor saw came in; before that nobody could know. Change it if it was discovered at \
             another time.",
        )));
    }
    Said::derived(stamp(at, case.zone())).made_note(Some(sentence(
        &words,
        "Dit is het eerste moment dat wij kennen. Pas het aan als het op een ander moment werd ontdekt.",
        "This is the first moment that we know of. Change it if it was discovered at another time.",
    )))
}

/// What a sensor saw, for the authority. The case's own summary is written for who must act: it says what to do, and
/// names addresses within the network.
pub(super) fn seen_by_sensor(case: &Case<'_>, urgency: Urgency, first_at: Timestamp) -> String {
    let what = match urgency {
        Urgency::Critical | Urgency::High => "verbinding hield met een adres dat waarschijnlijk van aanvallers is",
        Urgency::Medium | Urgency::Low => "verdacht contact had met een adres op internet",
    };
    format!(
        "Een sensor die het uitgaande netwerkverkeer bekijkt, zag op {} dat een computer in ons netwerk {what}.",
        day(first_at, case.zone(), Language::Dutch)
    )
}

pub(super) fn discovery(case: &Case<'_>) -> Said {
    match &case.incident.opening {
        Opening::Detected { .. } => case
            .incident
            .seen_in_all()
            .map_or_else(Said::missing, |seen| Said::derived(seen_by_sensor(case, seen.urgency, seen.first_at))),
        Opening::Reported { .. } => Said::derived(format!(
            "Iemand meldde het aan de organisatie op {}.",
            moment(case.incident.opened_at, case.zone(), Language::Dutch)
        )),
        Opening::Imported(_) | Opening::Erased => Said::missing(),
    }
    .note("Kijk na dat er geen namen van betrokkenen in staan.", "Check that no data subject is named.")
}

pub(super) fn aware(case: &Case<'_>) -> Said {
    match &case.incident.aware {
        Some(aware) if case.incident.is_day_only(aware.at) => {
            let note = Text::made(aware.reason.clone(), aware.reason.clone());
            Said::recorded(day(aware.at, case.zone(), Language::Dutch)).made_note(Some(note))
        }
        Some(aware) => {
            let estimate = if aware.is_estimated { ("Geschat: ", "Estimated: ") } else { ("", "") };
            let words = in_words(case, aware.at, estimate.0, estimate.1);
            let nl = format!("Waarom dit moment: {}", aware.reason);
            let en = format!("Why this moment: {}", aware.reason);
            Said::recorded(stamp(aware.at, case.zone())).made_note(Some(sentence(&words, &nl, &en)))
        }
        None => Said::missing().note(
            "Leg vast wanneer uw organisatie het met redelijke zekerheid wist: daar begint de termijn van 72 uur.",
            "Record when your organisation knew with reasonable certainty: there the 72 hours begin.",
        ),
    }
}

/// A notice by somebody else, such as a processor (AVG art. 33(2)), with when it was delivered.
pub(super) fn informed(case: &Case<'_>) -> Said {
    match case.incident.informed_by_processor_at {
        Some(at) => Said::recorded(stamp(at, case.zone())).made_note(Some(in_words(case, at, "", ""))),
        None => Said::missing(),
    }
}

/// Over which time, as far as the case knows.
pub(super) fn span(case: &Case<'_>) -> Said {
    let is_short = case.facts().number(Fact::ExposureHours).map(|hours| hours <= 24.0);
    match (is_short, &case.incident.opening) {
        (Some(true), _) => Said::word("day").proposed(),
        (Some(false), _) => Said::word("from_to").proposed(),
        (None, Opening::Reported { when_said, .. }) if said(when_said.as_deref()).is_some() => {
            Said::word("day").proposed()
        }
        (None, _) => Said::missing(),
    }
    .note("Kijk na of het nog voortduurt.", "Check whether it goes on.")
}

/// What a sensor or reporter gives as its beginning is an estimate.
pub(super) fn times_estimated(case: &Case<'_>) -> Said {
    if started(case).text.is_some() { Said::word("yes").proposed() } else { Said::missing() }
}

pub(super) fn discovered_by(case: &Case<'_>) -> Said {
    if case.incident.informed_by_processor_at.is_some_and(|at| at <= case.incident.first_signal()) {
        return Said::word("processor").proposed();
    }
    match (&case.incident.opening, &case.incident.opened_by) {
        (Opening::Imported(_) | Opening::Erased, _) => Said::missing(),
        (Opening::Detected { .. }, _) | (_, Actor::Person { .. }) => Said::word("controller").proposed(),
        (Opening::Reported { .. }, _) => Said::missing().note(
            "Iemand meldde het zonder account: was dat iemand van de organisatie, een betrokkene of een ander?",
            "Somebody reported it without an account: one of the organisation, a data subject or another?",
        ),
    }
}

/// Why awareness stands where it does: the start of the 72 hours.
pub(super) fn remarks(case: &Case<'_>) -> Said {
    match &case.incident.aware {
        Some(aware) => Said::derived(format!("Kennisname: {}", aware.reason)),
        None => Said::missing(),
    }
}

/// Whether the report comes after the form's hours. What counts for one that went in is when it went in.
pub(super) fn is_late(case: &Case<'_>, after_hours: i64) -> bool {
    let sent_at = case.incident.authority_notified.as_ref().map_or(case.made_at.timestamp(), |(at, _)| *at);
    case.report_before(after_hours).is_some_and(|(before, _)| sent_at > before)
}

pub(super) fn late(case: &Case<'_>, after_hours: i64) -> Said {
    let note = case.report_before(after_hours).map(|(before, _)| {
        in_words(
            case,
            before,
            &format!("De {after_hours} uur eindigden op "),
            &format!("The {after_hours} hours ended on "),
        )
    });
    Said::filed(case.words.late_reason.as_deref()).made_note(note)
}
