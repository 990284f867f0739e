//! The score from the facts of the case.
//!
//! Promises: integers throughout; absent as soon as one factor cannot be told, and then `missing` names the facts that
//! would tell it. What adjusts a factor counts only once it is known.

use std::collections::BTreeSet;

use facts::{Fact, Facts, TAKEN, Text};

use super::{Circumstances, Factor, Flags, Score, Scored, Step};
use crate::pack::Mark;

/// The severity by ENISA's method; absent while a factor cannot be told, and where there is no breach to score.
#[must_use]
pub fn score(facts: &Facts) -> Option<Scored> {
    if !is_scored(facts) {
        return None;
    }
    let context = context(facts).ok()?;
    let identification = identification(facts).ok()?;
    let circumstances = [confidentiality, integrity, availability, malicious_intent].map(|factor| factor(facts));
    let mut because: Vec<Step> = context;
    because.extend(identification);
    for step in circumstances {
        because.push(step.ok()?);
    }
    let whole = |factor| {
        let sum: i8 = because.iter().filter(|step| step.factor == factor).map(|step| step.quarters).sum();
        u8::try_from(sum).unwrap_or_default()
    };
    let cb = Circumstances {
        confidentiality: whole(Factor::Confidentiality),
        integrity: whole(Factor::Integrity),
        availability: whole(Factor::Availability),
        malicious_intent: whole(Factor::MaliciousIntent),
    };
    let score = Score::checked(whole(Factor::DataContext) / 4, whole(Factor::Identification), cb)?;
    Some(Scored { score, because, flags: flags(facts) })
}

/// The unknown facts without which a factor cannot be told, in the order of the formula; empty once the score is there, and
/// where there is no breach to score.
#[must_use]
pub fn missing(facts: &Facts) -> Vec<Fact> {
    if !is_scored(facts) {
        return Vec::new();
    }
    let whole = [context(facts).err(), identification(facts).err()];
    let circumstances = [confidentiality, integrity, availability, malicious_intent].map(|factor| factor(facts).err());
    let mut needed: Vec<Fact> = Vec::new();
    for fact in whole.into_iter().chain(circumstances).flatten() {
        if !needed.contains(&fact) {
            needed.push(fact);
        }
    }
    needed
}

/// A weakness, and data about nobody, have no severity for persons.
fn is_scored(facts: &Facts) -> bool {
    facts.truth(Fact::SecurityIncident) != Some(false)
        && facts.truth(Fact::PersonalData) != Some(false)
        && facts.many(Fact::Data).is_none_or(|data| !data.is_empty())
}

/// A step, or the fact that it lacks.
type Told<T> = Result<T, Fact>;

fn step(factor: Factor, quarters: i8, mark: Mark, text: Text, facts: &[Fact]) -> Step {
    Step { factor, quarters, mark, text, facts: facts.to_vec() }
}

// ---- DPC: which data, in their context.

/// ENISA's four types, with the kinds of our vocabulary that we count to each. Log-in data, numbers and copies of
/// identity are not named by the method: simple data that open more, so they get a step up (see `of_simple`) (P).
const BEHAVIOURAL: [&str; 5] = ["location", "communication", "browsing", "profile", "purchase_history"];
const FINANCIAL: [&str; 3] = ["financial", "payment", "debt"];
const SENSITIVE: [&str; 12] = [
    "social_circumstances",
    "professional_secrecy",
    "health",
    "genetic",
    "biometric",
    "ethnicity",
    "political",
    "religion",
    "union",
    "sex_life",
    "criminal",
    "safety_critical",
];
/// Simple data with which somebody can pass for another, or get at more.
const OPENING: [&str; 4] = ["national_id", "id_document", "credentials", "password_hash"];
/// Belonging to one of these groups lets people assume something about health, origin or belief.
const TELLING_GROUPS: [&str; 3] = ["patients", "clients_of_care", "asylum_seekers"];
const YOUNG_AND_OLD: [&str; 3] = ["children", "pupils", "elderly"];
/// From this many kinds of simple data the volume allows a profile (P).
const MANY_KINDS: usize = 6;

/// The type that scores highest counts (K).
fn context(facts: &Facts) -> Told<Vec<Step>> {
    let data = facts.many(Fact::Data).ok_or(Fact::Data)?;
    let has = |kinds: &[&str]| data.iter().any(|kind| kinds.contains(kind));
    let mut types: Vec<Vec<Step>> = Vec::new();
    if has(&SENSITIVE) {
        types.push(of_sensitive(facts, data));
    }
    if has(&FINANCIAL) {
        types.push(of_financial(facts, data));
    }
    if has(&BEHAVIOURAL) {
        types.push(of_behavioural(facts, data));
    }
    let is_simple = |kind: &&str| ![&BEHAVIOURAL[..], &FINANCIAL, &SENSITIVE].iter().any(|kinds| kinds.contains(kind));
    if data.iter().any(is_simple) {
        types.push(of_simple(facts, data));
    }
    let total = |steps: &Vec<Step>| steps.iter().map(|step| i32::from(step.quarters)).sum::<i32>();
    // `max_by_key` takes the last of equals: the first type, which tells most, is wanted.
    types.into_iter().rev().max_by_key(total).ok_or(Fact::Data)
}

fn base(points: i8, text: Text) -> Step {
    step(Factor::DataContext, points * 4, Mark::Secondary, text, &[Fact::Data])
}

/// The steps of a type, its adjustment kept between 1 and 4 points.
fn adjusted(base: Step, adjustment: Option<(i8, Text, Vec<Fact>)>) -> Vec<Step> {
    let Some((points, text, read)) = adjustment else { return vec![base] };
    let quarters = (base.quarters + points * 4).clamp(4, 16) - base.quarters;
    if quarters == 0 {
        return vec![base];
    }
    let change = step(Factor::DataContext, quarters, Mark::Knowledge, text, &read);
    vec![base, change]
}

/// What the assessor thinks of the data in their context; the method's own questions (public before, no insight) have no
/// fact apart.
fn seen_as(facts: &Facts, word: &str) -> bool {
    facts.one(Fact::DataSensitivity) == Some(word)
}

fn no_insight(points: i8) -> Option<(i8, Text, Vec<Fact>)> {
    let text = Text::new(
        "De gegevens zeggen in dit geval nauwelijks iets over iemand, of waren al openbaar.",
        "In this case the data tell hardly anything about a person, or were public already.",
    );
    Some((points, text, vec![Fact::DataSensitivity]))
}

fn of_sensitive(facts: &Facts, data: &BTreeSet<&'static str>) -> Vec<Step> {
    let base = base(4, Text::new("Gevoelige gegevens.", "Sensitive data."));
    let only_assumed = data.iter().filter(|kind| SENSITIVE.contains(kind)).all(|kind| *kind == "social_circumstances");
    let adjustment = if seen_as(facts, "trivial") {
        no_insight(-3)
    } else if seen_as(facts, "ordinary") {
        let text =
            Text::new("De gegevens laten alleen algemene vermoedens toe.", "The data allow general assumptions only.");
        Some((-2, text, vec![Fact::DataSensitivity]))
    } else if only_assumed {
        let text = Text::new(
            "De gegevens laten vermoedens over iets gevoeligs toe, meer niet.",
            "The data allow assumptions about something sensitive, no more.",
        );
        Some((-1, text, vec![Fact::Data]))
    } else {
        None
    };
    adjusted(base, adjustment)
}

fn of_financial(facts: &Facts, data: &BTreeSet<&'static str>) -> Vec<Step> {
    let base = base(3, Text::new("Financiële gegevens.", "Financial data."));
    let has = |kind: &str| data.contains(kind);
    let is_full = (has("financial") || has("debt")) && (has("payment") || has("national_id") || has("id_document"));
    let is_bare = has("payment") && !has("financial") && !has("debt") && !has("credentials");
    let adjustment = if seen_as(facts, "trivial") {
        no_insight(-2)
    } else if is_full {
        let text = Text::new(
            "Samen zijn ze volledig genoeg voor fraude of een scherp beeld van iemand.",
            "Together they are complete enough for fraud, or for a detailed profile.",
        );
        Some((1, text, vec![Fact::Data]))
    } else if is_bare {
        let text = Text::new(
            "Een los rekening- of kaartnummer zegt weinig over iemands geld.",
            "A bare account or card number tells little of somebody's money.",
        );
        Some((-1, text, vec![Fact::Data]))
    } else {
        None
    };
    adjusted(base, adjustment)
}

fn of_behavioural(facts: &Facts, data: &BTreeSet<&'static str>) -> Vec<Step> {
    let base = base(2, Text::new("Gegevens over gedrag.", "Behavioural data."));
    let kinds = data.iter().filter(|kind| BEHAVIOURAL.contains(kind)).count();
    let adjustment = if seen_as(facts, "trivial") {
        no_insight(-1)
    } else if data.contains("profile") || kinds > 1 {
        let text = Text::new(
            "Samen geven ze een scherp beeld van iemands dagelijks leven.",
            "Together they give a detailed profile of somebody's daily life.",
        );
        Some((1, text, vec![Fact::Data]))
    } else {
        None
    };
    adjusted(base, adjustment)
}

fn of_simple(facts: &Facts, data: &BTreeSet<&'static str>) -> Vec<Step> {
    let base = base(1, Text::new("Eenvoudige gegevens.", "Simple data."));
    let groups = facts.many(Fact::Groups);
    let among = |wanted: &[&str]| groups.is_some_and(|groups| groups.iter().any(|group| wanted.contains(group)));
    let adjustment = if data.contains("safety_critical") {
        let text = Text::new(
            "Zij raken de veiligheid van mensen, zoals een geheim adres.",
            "They bear on people's safety, such as a hidden address.",
        );
        Some((3, text, vec![Fact::Data]))
    } else if among(&TELLING_GROUPS) {
        let text = Text::new(
            "Dat iemand bij deze groep hoort, laat iets vermoeden over gezondheid, afkomst of geloof.",
            "Belonging to this group allows assumptions about health, origin or belief.",
        );
        Some((2, text, vec![Fact::Groups]))
    } else if facts.truth(Fact::Vulnerable) == Some(true) || among(&YOUNG_AND_OLD) {
        let text = Text::new(
            "Er zijn mensen bij die extra bescherming nodig hebben.",
            "There are people among them who need particular protection.",
        );
        Some((1, text, vec![Fact::Vulnerable, Fact::Groups]))
    } else if data.iter().any(|kind| OPENING.contains(kind)) {
        let text = Text::new(
            "Er zijn gegevens bij waarmee iemand zich voor een ander kan uitgeven of verder kan komen.",
            "Among them are data with which somebody can pass for another, or get further.",
        );
        Some((1, text, vec![Fact::Data]))
    } else if data.len() >= MANY_KINDS {
        let text =
            Text::new("Zoveel soorten samen geven een beeld van iemand.", "So many kinds together make a profile.");
        Some((1, text, vec![Fact::Data]))
    } else {
        None
    };
    adjusted(base, adjustment)
}

// ---- EI: how easily a holder can tell who it is about.

const EASE: [(&str, i8); 4] = [("negligible", 1), ("limited", 2), ("significant", 3), ("maximum", 4)];

fn identification(facts: &Facts) -> Told<Vec<Step>> {
    let ease = |quarters, mark, text, read: &[Fact]| step(Factor::Identification, quarters, mark, text, read);
    if is_unintelligible(facts) {
        let text = Text::new(
            "De gegevens waren onleesbaar en de sleutel is veilig.",
            "The data were unintelligible and the key is safe.",
        );
        return Ok(vec![ease(1, Mark::Secondary, text, &[Fact::Protection, Fact::KeyCompromised])]);
    }
    if let Some(word) = facts.one(Fact::Identification) {
        let quarters = EASE.iter().find(|(known, _)| *known == word).map(|(_, quarters)| *quarters);
        let text = match word {
            "negligible" => {
                Text::new("Vrijwel niet te zien om wie het gaat.", "Practically impossible to tell who it is.")
            }
            "limited" => Text::new("Met veel moeite te zien om wie het gaat.", "Hard to tell who it is."),
            "significant" => Text::new("Met enige moeite te zien om wie het gaat.", "Possible to tell who it is."),
            _ => Text::new("Meteen te zien om wie het gaat.", "Plain from the data who it is."),
        };
        return Ok(vec![ease(quarters.unwrap_or(4), Mark::Secondary, text, &[Fact::Identification])]);
    }
    let data = facts.many(Fact::Data).ok_or(Fact::Data)?;
    let (quarters, text) = ease_of(data).ok_or(Fact::Identification)?;
    Ok(vec![ease(quarters, Mark::Knowledge, text, &[Fact::Data])])
}

/// What the kinds of data alone tell of it; a name or address without more can mean anything, and is asked.
fn ease_of(data: &BTreeSet<&'static str>) -> Option<(i8, Text)> {
    let has = |kind: &str| data.contains(kind);
    let named = has("name")
        && (has("birth_date") || has("contact") || has("address") || has("national_id") || has("photo_video"));
    if has("id_document") || named {
        let text =
            Text::new("De gegevens zeggen samen meteen om wie het gaat.", "Together the data tell at once who it is.");
        return Some((4, text));
    }
    if has("national_id") {
        if data.len() == 1 {
            return Some((
                1,
                Text::new("Een los nummer zegt niet wie het is.", "A number alone does not tell who it is."),
            ));
        }
        return Some((3, Text::new("Een nummer met andere gegevens erbij.", "A number with other data beside it.")));
    }
    has("photo_video")
        .then(|| (3, Text::new("Een beeld waarop iemand te herkennen is.", "A picture that shows who it is.")))
}

/// Hashing protects nothing but what was hashed.
fn is_unintelligible(facts: &Facts) -> bool {
    let hashed_alone = facts.many(Fact::Data).is_some_and(|data| data.iter().all(|kind| *kind == "password_hash"));
    facts.one(Fact::Protection) == Some("intact")
        && facts.truth(Fact::KeyCompromised) == Some(false)
        && (facts.one(Fact::ProtectionKind) != Some("hashing") || hashed_alone)
}

// ---- CB: the circumstances.

fn confidentiality(facts: &Facts) -> Told<Step> {
    let read = [Fact::Confidentiality, Fact::Recipient, Fact::Exfiltration];
    let points = |quarters, mark, text| Ok(step(Factor::Confidentiality, quarters, mark, text, &read));
    if facts.one(Fact::Exfiltration).is_some_and(|word| TAKEN.contains(&word)) {
        let text = Text::new(
            "Een aanvaller heeft ze (waarschijnlijk) meegenomen: wie ze nog meer krijgt, is onbekend.",
            "An attacker has (probably) taken them: who else will get them is unknown.",
        );
        return points(2, Mark::Proposal, text);
    }
    let seen = facts.one(Fact::Confidentiality).ok_or(Fact::Confidentiality)?;
    if seen == "none" {
        return points(0, Mark::Secondary, Text::new("Niemand kon de gegevens zien.", "Nobody could see the data."));
    }
    match facts.one(Fact::Recipient).ok_or(Fact::Recipient)? {
        "public" => {
            points(2, Mark::Secondary, Text::new("Iedereen kon erbij.", "An unknown number of people could see them."))
        }
        "malicious" => points(
            2,
            Mark::Proposal,
            Text::new(
                "Een kwaadwillende heeft ze: wie ze nog meer krijgt, is onbekend.",
                "Somebody malicious holds them: who else will get them is unknown.",
            ),
        ),
        "trusted" | "known_untrusted" => {
            points(1, Mark::Secondary, Text::new("Bekende ontvangers kregen ze.", "Known recipients got them."))
        }
        "unknown" if matches!(seen, "likely" | "confirmed") => points(
            2,
            Mark::Knowledge,
            Text::new("Wie ze zag, en hoeveel dat er zijn, is onbekend.", "Who saw them, and how many, is unknown."),
        ),
        _ => points(
            0,
            Mark::Secondary,
            Text::new(
                "Zij lagen open, zonder teken dat iemand ze gebruikte.",
                "They were exposed, without evidence that anybody used them.",
            ),
        ),
    }
}

fn integrity(facts: &Facts) -> Told<Step> {
    let read = [Fact::Integrity, Fact::Backup, Fact::ServiceImpact];
    let points = |quarters, text| Ok(step(Factor::Integrity, quarters, Mark::Secondary, text, &read));
    let restored = facts.one(Fact::Backup) == Some("complete") && facts.one(Fact::ServiceImpact) == Some("none");
    match facts.one(Fact::Integrity).ok_or(Fact::Integrity)? {
        "none" => points(0, Text::new("Er is niets gewijzigd.", "Nothing was altered.")),
        "recoverable" if restored => points(
            0,
            Text::new(
                "Gewijzigd, en hersteld voordat het iets uitmaakte.",
                "Altered, and restored before it mattered.",
            ),
        ),
        "recoverable" => points(
            1,
            Text::new(
                "Gewijzigd en misschien verkeerd gebruikt, wel te herstellen.",
                "Altered and possibly used wrongly, recoverable.",
            ),
        ),
        _ => points(2, Text::new("Gewijzigd en niet te herstellen.", "Altered and not recoverable.")),
    }
}

fn availability(facts: &Facts) -> Told<Step> {
    let read = [Fact::Availability, Fact::Backup, Fact::ServiceImpact];
    let points = |quarters, text| Ok(step(Factor::Availability, quarters, Mark::Secondary, text, &read));
    match facts.one(Fact::Availability).ok_or(Fact::Availability)? {
        "none" => points(0, Text::new("Er is niets kwijt.", "Nothing was lost.")),
        "temporary" => {
            let noticed = matches!(facts.one(Fact::ServiceImpact), Some("major" | "safety"));
            let is_easy = !noticed && facts.one(Fact::Backup).ok_or(Fact::Backup)? == "complete";
            if is_easy {
                return points(0, Text::new("Zonder moeite terug te halen.", "Recoverable without difficulty."));
            }
            points(
                1,
                Text::new("Tijdelijk weg; terughalen kost moeite.", "Out of reach for a time; recovery takes effort."),
            )
        }
        _ => points(2, Text::new("Voorgoed weg.", "Cannot be recovered.")),
    }
}

/// Incidents that somebody meant, and those that nobody did; of others the cause is asked.
const MEANT: [&str; 6] = [
    "abuse_of_access_by_employee",
    "ransomware",
    "hacking",
    "phishing_social_engineering",
    "vulnerability_exploited",
    "data_exfiltration",
];
const NOT_MEANT: [&str; 12] = [
    "mixed_up_records",
    "e_waste",
    "paper_disposal",
    "misdelivered_post",
    "misconfiguration",
    "wrong_access_permissions",
    "shown_to_wrong_recipient",
    "sent_by_mistake",
    "open_distribution_list",
    "technical_malfunction",
    "unintended_publication",
    "verbal_disclosure",
];

fn malicious_intent(facts: &Facts) -> Told<Step> {
    let step = |is_meant: bool, mark, fact| {
        let (quarters, text) = if is_meant {
            (2, Text::new("Iemand deed dit met opzet.", "Somebody did this on purpose."))
        } else {
            (0, Text::new("Het ging per ongeluk.", "It was an accident."))
        };
        Ok(step(Factor::MaliciousIntent, quarters, mark, text, &[fact]))
    };
    if let Some(cause) = facts.one(Fact::Cause) {
        return step(cause.ends_with("_malicious"), Mark::Secondary, Fact::Cause);
    }
    if facts.one(Fact::Recipient) == Some("malicious") {
        return step(true, Mark::Proposal, Fact::Recipient);
    }
    match facts.one(Fact::IncidentType) {
        Some(kind) if MEANT.contains(&kind) => step(true, Mark::Proposal, Fact::IncidentType),
        Some(kind) if NOT_MEANT.contains(&kind) => step(false, Mark::Proposal, Fact::IncidentType),
        _ => Err(Fact::Cause),
    }
}

fn flags(facts: &Facts) -> Flags {
    let at_least = facts.whole(Fact::SubjectsMin);
    let at_most = facts.whole(Fact::SubjectsMax);
    let more_than_100 = match (at_least, at_most) {
        (Some(least), _) if least > 100 => Some(true),
        (_, Some(most)) if most <= 100 => Some(false),
        _ => None,
    };
    Flags { more_than_100, unintelligible: is_unintelligible(facts) }
}
