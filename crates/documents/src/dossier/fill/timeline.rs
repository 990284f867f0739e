//! Section 4: when it began, ended, was found, and became known.

use jiff::Timestamp;

use facts::{Fact, Language, Text};
use incident::{Event, Opening, Urgency};

use super::Filled;
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

pub(super) fn started(case: &Case<'_>) -> Filled {
    match &case.incident.opening {
        Opening::Detected { first_at, .. } => {
            let when = in_words(case, *first_at, "Voor het eerst gezien op ", "First seen on ");
            Filled::derived(stamp(*first_at, case.zone())).made_note(Some(sentence(
                &when,
                "De inbreuk kan eerder begonnen zijn.",
                "The breach may have begun earlier.",
            )))
        }
        Opening::Reported { when_said, .. } => match said(when_said.as_deref()) {
            Some(when) => Filled::derived(when).note(
                "In de woorden van wie het meldde. Maak er een datum en tijd van; een schatting mag.",
                "In the words of who reported it. Turn it into a date and time; an estimate will do.",
            ),
            None => Filled::missing().note("Een schatting mag.", "An estimate will do."),
        },
    }
}

pub(super) fn ended(case: &Case<'_>) -> Filled {
    let note = match (&case.incident.opening, case.facts().number(Fact::ExposureHours)) {
        (_, Some(hours)) => Text::made(
            format!(
                "Vastgelegd is dat de gegevens {hours} uur open lagen. Reken van daaruit, of zeg dat het nog voortduurt."
            ),
            format!("On file: the data lay open for {hours} hours. Count from there, or say that it goes on."),
        ),
        (Opening::Detected { last_at, .. }, None) => sentence(
            &in_words(case, *last_at, "Voor het laatst gezien op ", "Last seen on "),
            "Zeg of het nog voortduurt.",
            "Say whether it goes on.",
        ),
        (Opening::Reported { .. }, None) => {
            Text::new("Vul de einddatum in, of zeg dat het nog voortduurt.", "Enter the end, or say that it goes on.")
        }
    };
    Filled::missing().made_note(Some(note))
}

/// Recorded where a person set it; else the first moment that the case knows of.
pub(super) fn detected(case: &Case<'_>) -> Filled {
    let at = case.incident.first_signal();
    let words = in_words(case, at, "", "");
    let is_set = case.incident.timeline.iter().any(|stamped| matches!(stamped.event, Event::DetectedAtSet { .. }));
    if is_set {
        return Filled::recorded(stamp(at, case.zone())).made_note(Some(words));
    }
    Filled::derived(stamp(at, case.zone())).made_note(Some(sentence(
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

pub(super) fn discovery(case: &Case<'_>) -> Filled {
    match &case.incident.opening {
        Opening::Detected { urgency, first_at, .. } => Filled::derived(seen_by_sensor(case, *urgency, *first_at)),
        Opening::Reported { .. } => Filled::derived(format!(
            "Iemand meldde het aan de organisatie op {}.",
            moment(case.incident.opened_at, case.zone(), Language::Dutch)
        )),
    }
    .note("Kijk na dat er geen namen van betrokkenen in staan.", "Check that no data subject is named.")
}

pub(super) fn aware(case: &Case<'_>) -> Filled {
    match &case.incident.aware {
        Some(aware) => {
            let estimate = if aware.is_estimated { ("Geschat: ", "Estimated: ") } else { ("", "") };
            let words = in_words(case, aware.at, estimate.0, estimate.1);
            let nl = format!("Waarom dit moment: {}", aware.reason);
            let en = format!("Why this moment: {}", aware.reason);
            Filled::recorded(stamp(aware.at, case.zone())).made_note(Some(sentence(&words, &nl, &en)))
        }
        None => Filled::missing().note(
            "Leg vast wanneer uw organisatie het met redelijke zekerheid wist: daar begint de termijn van 72 uur.",
            "Record when your organisation knew with reasonable certainty: there the 72 hours begin.",
        ),
    }
}

/// Asked only of a report that is late.
pub(super) fn late(case: &Case<'_>, after_hours: i64) -> Option<Filled> {
    let (before, _) = case.report_before(after_hours)?;
    let sent_at = case.incident.authority_notified.as_ref().map_or(case.made_at.timestamp(), |(at, _)| *at);
    if sent_at <= before {
        return None;
    }
    let filled = said(case.words.late_reason.as_deref()).map_or_else(Filled::missing, Filled::recorded);
    Some(filled.made_note(Some(in_words(case, before, "De 72 uur eindigden op ", "The 72 hours ended on "))))
}
