//! What a processor tells its controllers (AVG art. 33(2)): a short plain text to copy into a mail, in Dutch or English.
//!
//! Promises: it says what the case knows and no more; what is not known yet says so, because a warning does not wait for it;
//! no person's name or value stands in it. Deliberately not here: which controllers, their addresses, sending.

use facts::{Fact, Language, Text};

use crate::case::{Case, said};
use crate::fact_words::answer;
use crate::moment::{day, moment};

/// The notice of one case in one language; its paragraphs are parted by an empty line.
#[must_use]
pub fn controllers_notice(case: &Case<'_>, language: Language) -> String {
    let say = |text: &Text| text.in_language(language).to_owned();
    let at = |instant| moment(instant, case.zone(), language);
    let value = |fact: Fact| case.facts().value(fact).map(|value| say(&answer(fact, value)));
    let later = Text::new("nog niet bekend; wij vullen dit aan", "not known yet; we will supplement this");
    let line = |nl: &'static str, en: &'static str, content: Option<String>| {
        let content = content.unwrap_or_else(|| say(&later));
        format!("{}: {content}", say(&Text::new(nl, en)))
    };
    let contact = &case.organisation.contact;
    let reach: Vec<&str> = [&contact.name, &contact.function, &contact.phone, &contact.email]
        .into_iter()
        .filter_map(|part| said(part.as_deref()))
        .collect();
    let aware = case.incident.aware.as_ref().map(|aware| at(aware.at));
    let found = case.incident.known_signal().map(|at| day(at, case.zone(), language));
    let persons = (case.facts().whole(Fact::SubjectsMin), case.facts().whole(Fact::SubjectsMax));
    let persons = match persons {
        (Some(min), Some(max)) if min == max => Some(min.to_string()),
        (Some(min), Some(max)) => Some(say(&Text::made(format!("{min} tot {max}"), format!("{min} to {max}")))),
        (Some(min), None) => Some(say(&Text::made(format!("ten minste {min}"), format!("at least {min}")))),
        (None, Some(max)) => Some(say(&Text::made(format!("ten hoogste {max}"), format!("at most {max}")))),
        (None, None) => None,
    };
    let description = said(case.words.description.as_deref()).map(str::to_owned);
    let paragraphs = [
        say(&Text::new(
            "Wij verwerken persoonsgegevens voor u. Er is een inbreuk geweest die ook die gegevens kan raken. Wij melden u dit \
             zonder vertraging (AVG art. 33(2)). U beoordeelt zelf of u het bij de Autoriteit Persoonsgegevens meldt; de 72 uur \
             kunnen voor u gaan lopen zodra u dit bericht kent.",
            "We process personal data on your behalf. There was a breach that may affect those data too. We tell you without \
             delay (GDPR art. 33(2)). You judge yourself whether to notify the supervisory authority; your 72 hours may start \
             once you know of this message.",
        )),
        [
            line("Wat er is gebeurd", "What happened", description.or_else(|| value(Fact::IncidentType))),
            line("Eerste signaal", "First signal", found),
            line("Bij ons bekend sinds", "Known to us since", aware),
            line("Soort gegevens", "Kind of data", value(Fact::Data)),
            line("Wie het betreft", "Whom it concerns", value(Fact::Groups)),
            line("Aantal personen, over al onze klanten samen", "Number of persons, over all our clients", persons),
            line("Bescherming van de gegevens", "Protection of the data", value(Fact::Protection)),
            line("Wat wij hebben gedaan", "What we did", said(case.words.measures_taken.as_deref()).map(str::to_owned)),
        ]
        .join("\n"),
        say(&Text::new(
            "Welke van uw gegevens precies geraakt zijn: [vul per klant in, of: dit zoeken wij nog uit].",
            "Which of your data exactly were affected: [fill in for each client, or: we are still finding out].",
        )),
        line("Vragen", "Questions", (!reach.is_empty()).then(|| reach.join(", "))),
        [
            case.organisation.name.clone(),
            say(&Text::made(
                format!("Ons kenmerk: incident {}", case.incident.number),
                format!("Our reference: incident {}", case.incident.number),
            )),
        ]
        .join("\n"),
    ];
    paragraphs.join("\n\n")
}
