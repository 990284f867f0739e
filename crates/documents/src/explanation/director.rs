//! The verdict in a few short sentences for a director (level B1): what to do, before when, and whom to tell.

use facts::{Fact, Text, Truth, Value};
use law::verdict::{Duty, Form, LawStatus, Outcome, Verdict};

use super::{carried_by, rests_on};

/// What the verdict asks, in short sentences. `until`: the moment before which the authority is told, in words.
#[must_use]
pub fn director_sentence(verdict: &Verdict, until: Option<&Text>) -> Text {
    let mut said = Vec::new();
    match verdict.law.status {
        LawStatus::Historical => {
            said.push(Text::new(
                "Dit viel onder een oude wet. Daarnaar meldt niemand meer.",
                "This fell under an old law. Nobody reports under it any more.",
            ));
            said.extend(looking_back(verdict));
        }
        LawStatus::Proposal => {
            said.push(Text::new(
                "Dit is een voorstel en nog geen wet. Besluit hier niet op.",
                "This is a proposal and not a law yet. Do not decide on it.",
            ));
            said.extend(as_proposed(verdict));
        }
        LawStatus::InForce => {
            said.extend(outside(verdict).unwrap_or_else(|| inside(verdict, until)));
            said.extend(csirt(verdict));
        }
    }
    let join = |language| said.iter().map(|text| text.in_language(language)).collect::<Vec<_>>().join(" ");
    Text::made(join(facts::Language::Dutch), join(facts::Language::English))
}

/// Where the AVG asks nothing of its own: another law, no breach, or somebody else's duty.
fn outside(verdict: &Verdict) -> Option<Vec<Text>> {
    if let Some(Value::One(regime)) = carried_by(verdict, Fact::Regime)
        && *regime != "avg"
    {
        return Some(other_law(regime));
    }
    let is_processor = carried_by(verdict, Fact::Role) == Some(&Value::One("processor"));
    if verdict.notify_controllers.outcome == Outcome::Required {
        return Some(vec![Text::new(
            "U bent verwerker: waarschuw meteen de organisaties waarvoor u de gegevens verwerkt. Zij beoordelen of zij melden.",
            "You are a processor: warn the organisations for which you process the data at once. They judge whether to notify.",
        )]);
    }
    if is_processor && verdict.notify_controllers.outcome == Outcome::Undetermined {
        return Some(vec![Text::new(
            "U bent verwerker. Waarschuw uit voorzorg de organisaties waarvoor u de gegevens verwerkt. Aanvullen of intrekken kan later.",
            "You are a processor. Warn the organisations for which you process the data, as a precaution. You can add to it or take it back later.",
        )]);
    }
    let holds = |fact| carried_by(verdict, fact) == Some(&Value::Truth(true));
    let fails = |fact| carried_by(verdict, fact) == Some(&Value::Truth(false));
    let nothing_asked = verdict.notify_authority.outcome == Outcome::NotRequired;
    if nothing_asked && holds(Fact::JournalisticUse) {
        return Some(vec![Text::new(
            "De meldplichten van de AVG gelden niet voor journalistiek, wetenschap, kunst en literatuur. Zorg wel voor goede beveiliging.",
            "The GDPR's duties to notify do not apply to journalism, academia, art and literature. Do keep the data secure.",
        )]);
    }
    if verdict.breach != Truth::False {
        return None;
    }
    Some(vec![if holds(Fact::HouseholdUse) {
        Text::new(
            "Dit is privégebruik. Daarvoor geldt de AVG niet. Melden hoeft niet.",
            "This is private use. The GDPR does not apply to that. No notification is needed.",
        )
    } else if fails(Fact::SecurityIncident) {
        Text::new(
            "Er is alleen een zwakke plek gevonden. Dat is geen datalek: melden hoeft niet. Verhelp de zwakke plek, en zoek uit of iemand die al gebruikte.",
            "Only a weakness was found. That is no data breach: no notification is needed. Repair it, and find out whether anybody used it.",
        )
    } else if fails(Fact::PersonalData) {
        Text::new(
            "Het gaat niet om gegevens van mensen. Dit is dus geen datalek. Melden bij de AP hoeft niet.",
            "This is not about data on people. So it is no data breach. Notifying the AP is not needed.",
        )
    } else {
        Text::new(
            "Dit is geen datalek in de zin van de AVG. Melden hoeft niet.",
            "This is no data breach under the GDPR. No notification is needed.",
        )
    }])
}

fn other_law(regime: &str) -> Vec<Text> {
    let first = match regime {
        "wpg" => Text::new(
            "Hier geldt niet de AVG maar de Wet politiegegevens.",
            "Not the GDPR but the Police Data Act (Wpg) applies here.",
        ),
        "wjsg" => Text::new(
            "Hier geldt niet de AVG maar de Wet justitiële en strafvorderlijke gegevens.",
            "Not the GDPR but the Judicial and Criminal Data Act (Wjsg) applies here.",
        ),
        "tw" => Text::new(
            "Hier geldt niet de AVG maar de Telecommunicatiewet. Melden kan dan binnen 24 uur moeten.",
            "Not the GDPR but the Telecommunications Act (Tw) applies here. Notifying may then be due within 24 hours.",
        ),
        // A regime that is new to these sentences is not told as one that it is not.
        _ => Text::new("Hier geldt niet de AVG maar een andere wet.", "Not the GDPR but another act applies here."),
    };
    let then = Text::new(
        "Laat iemand die deze wet kent vandaag nog kijken. Melden gaat met hetzelfde formulier van de AP.",
        "Have somebody who knows this law look today. Notifying goes by the same form of the AP.",
    );
    vec![first, then]
}

/// Where the AVG weighs it.
fn inside(verdict: &Verdict, until: Option<&Text>) -> Vec<Text> {
    let mut said = notify(verdict, until);
    said.extend(inform(verdict));
    // While nothing is settled the questions come first, and the role is one of them.
    let is_open = verdict.notify_authority.outcome == Outcome::Undetermined;
    if verdict.notify_controllers.outcome == Outcome::Undetermined && !is_open {
        said.push(Text::new(
            "Verwerkt u deze gegevens voor een ander? Waarschuw die dan meteen.",
            "Do you process these data for somebody else? Then warn them at once.",
        ));
    }
    said
}

/// Where else than to the AP the notification goes.
fn elsewhere(verdict: &Verdict) -> Option<Text> {
    match verdict.authority.as_deref() {
        Some(known) if known.starts_with("NL") => None,
        Some(_) => Some(Text::new(
            "Doe dat bij de toezichthouder van het land van uw hoofdvestiging.",
            "Report it to the authority of the country of your main establishment.",
        )),
        None => Some(Text::new(
            "Doe dat bij de toezichthouder van elk land waar deze mensen wonen.",
            "Report it to the authority of every country where these people live.",
        )),
    }
}

fn notify(verdict: &Verdict, until: Option<&Text>) -> Vec<Text> {
    let by = |nl: &str, en: &str, without: Text| {
        until.map_or(without, |until| Text::made(format!("{nl}{}.", until.nl), format!("{en}{}.", until.en)))
    };
    match verdict.notify_authority.outcome {
        Outcome::Required => match elsewhere(verdict) {
            None => vec![by(
                "Meld dit datalek bij de Autoriteit Persoonsgegevens, uiterlijk ",
                "Report this data breach to the Dutch authority (AP), at the latest ",
                Text::new(
                    "Meld dit datalek bij de Autoriteit Persoonsgegevens.",
                    "Report this data breach to the Dutch authority (AP).",
                ),
            )],
            Some(to) => vec![
                by(
                    "Meld dit datalek, uiterlijk ",
                    "Report this data breach, at the latest ",
                    Text::new("Meld dit datalek.", "Report this data breach."),
                ),
                to,
            ],
        },
        Outcome::NotRequired if elsewhere(verdict).is_some() => vec![Text::new(
            "Melden bij de toezichthouder hoeft niet. Leg wel vast waarom.",
            "Reporting to the authority is not needed. Do record why.",
        )],
        Outcome::NotRequired => vec![Text::new(
            "Melden bij de Autoriteit Persoonsgegevens hoeft niet. Leg wel vast waarom.",
            "Reporting to the Dutch authority (AP) is not needed. Do record why.",
        )],
        Outcome::Undetermined => {
            let first = Text::new(
                "Er is nog te weinig bekend. Beantwoord wat ontbreekt, of meld uit voorzorg.",
                "Too little is known yet. Answer what is missing, or report as a precaution.",
            );
            let by = until.map(|until| {
                Text::made(format!("Doe dat uiterlijk {}.", until.nl), format!("Do so at the latest {}.", until.en))
            });
            let later = Text::new("Aanvullen of intrekken kan later.", "You can add to it or take it back later.");
            [Some(first), by, Some(later)].into_iter().flatten().collect()
        }
    }
}

fn inform(verdict: &Verdict) -> Option<Text> {
    match (verdict.inform_subjects.outcome, verdict.notify_authority.outcome) {
        (Outcome::Required, _) => Some(match verdict.form {
            Some(Form::Public) => Text::new(
                "Vertel het ook aan de mensen om wie het gaat, met een openbaar bericht dat hen echt bereikt.",
                "Tell the people concerned as well, by a public notice that really reaches them.",
            ),
            Some(Form::Direct) | None => {
                Text::new("Vertel het ook aan de mensen om wie het gaat.", "Tell the people concerned as well.")
            }
        }),
        (Outcome::NotRequired, _) if rests_on(verdict, Duty::InformSubjects, Fact::FinancialUndertaking) => {
            Some(Text::new(
                "De mensen zelf inlichten hoeft niet van de AVG. De zorgplicht kan het toch vragen.",
                "The GDPR does not ask you to tell the people themselves. Your duty of care still may.",
            ))
        }
        (Outcome::NotRequired, _) if is_withheld(verdict) => Some(Text::new(
            "De mensen inlichten hoeft niet zolang uw reden geldt. Vervalt die, vertel het dan alsnog.",
            "The people need not be told while your ground holds. Once it falls away, tell them after all.",
        )),
        (Outcome::NotRequired, Outcome::Required) => {
            Some(Text::new("De mensen zelf inlichten hoeft niet.", "The people themselves need not be told."))
        }
        (Outcome::NotRequired, _) | (Outcome::Undetermined, Outcome::Undetermined) => None,
        (Outcome::Undetermined, _) => Some(Text::new(
            "Bereid ook een bericht aan de mensen voor: misschien moeten zij dit weten.",
            "Prepare a message to the people too: they may have to know.",
        )),
    }
}

fn is_withheld(verdict: &Verdict) -> bool {
    let of_duty = verdict.reasons.iter().filter(|reason| reason.duty == Duty::InformSubjects);
    of_duty
        .flat_map(|reason| &reason.because)
        .any(|(fact, value)| *fact == Fact::WithholdingGround && *value != Value::One("none"))
}

fn csirt(verdict: &Verdict) -> Option<Text> {
    match verdict.notify_csirt.outcome {
        Outcome::Required => Some(Text::new(
            "Meld het ook bij het CSIRT: een eerste waarschuwing moet nog sneller.",
            "Report it to the CSIRT as well: a first warning is due even sooner.",
        )),
        Outcome::NotRequired => None,
        Outcome::Undetermined => Some(Text::new(
            "Zoek vandaag nog uit of u het ook bij het CSIRT moet melden.",
            "Find out today whether you must report it to the CSIRT too.",
        )),
    }
}

fn looking_back(verdict: &Verdict) -> Vec<Text> {
    let notify = match verdict.notify_authority.outcome {
        Outcome::Required => Text::new("Toen moest dit gemeld worden.", "At that time it had to be reported."),
        Outcome::NotRequired => {
            Text::new("Toen hoefde dit niet gemeld te worden.", "At that time it did not have to be reported.")
        }
        Outcome::Undetermined => Text::new(
            "Beantwoord wat ontbreekt om te zien of het toen gemeld moest worden.",
            "Answer what is missing to see whether it had to be reported then.",
        ),
    };
    let inform = (verdict.inform_subjects.outcome == Outcome::Required)
        .then(|| Text::new("Ook de mensen moesten het horen.", "The people had to be told too."));
    [Some(notify), inform].into_iter().flatten().collect()
}

fn as_proposed(verdict: &Verdict) -> Vec<Text> {
    let notify = match verdict.notify_authority.outcome {
        Outcome::Required => {
            Text::new("Met dit voorstel zou u moeten melden.", "Under this proposal you would have to report.")
        }
        Outcome::NotRequired => {
            Text::new("Met dit voorstel zou u niet hoeven melden.", "Under this proposal you would not have to report.")
        }
        Outcome::Undetermined => Text::new(
            "Beantwoord wat ontbreekt om te zien of u met dit voorstel zou moeten melden.",
            "Answer what is missing to see whether you would have to report under this proposal.",
        ),
    };
    let inform = (verdict.inform_subjects.outcome == Outcome::Required)
        .then(|| Text::new("U zou het ook aan de mensen moeten vertellen.", "You would have to tell the people too."));
    [Some(notify), inform].into_iter().flatten().collect()
}
