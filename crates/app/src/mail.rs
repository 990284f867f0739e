//! What letters say: the mail of each, Dutch first and English below it, for people who may never have seen the program.
//!
//! Promises: a mail names an incident by its number alone; nothing of what happened stands in it, nor of what a sensor saw.
//! Deliberately not here: sending; what is said of sensors (`mail/sensors.rs`).

mod sensors;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use facts::{Language, Text};

use crate::{Error, Letter, LetterKind, Organisation};

/// A mail as it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The same for the same letter, however often it is sent; made of letters, digits and `-`.
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
    /// File name and content, as plain text.
    pub files: Vec<(String, String)>,
}

/// Why the checkpoint is handed over now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Because {
    Decided,
    Closed,
    Reopened,
}

/// What the data of a letter holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CheckpointData {
    pub(crate) number: u64,
    pub(crate) because: Because,
}

/// What the data of an alarm holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AlarmData {
    pub(crate) number: u64,
    pub(crate) what_nl: String,
    pub(crate) what_en: String,
    pub(crate) basis: Vec<String>,
    pub(crate) target: Option<Timestamp>,
    pub(crate) is_late: bool,
}

/// The name of a checkpoint's file.
#[must_use]
pub fn checkpoint_file(slug: &str, size: u64) -> String {
    format!("checkpoint-{slug}-{size}.txt")
}

/// The mail of a letter. `checkpoint`: the signed checkpoint of the letter's tree, where it hands that over.
pub(crate) fn mail(
    letter: &Letter,
    organisation: &Organisation,
    checkpoint: Option<&str>,
    base_url: &str,
) -> Result<Mail, Error> {
    let (subject, text) = match letter.kind {
        LetterKind::Checkpoint => handover(&read(letter)?, organisation, letter.tree_size),
        LetterKind::Alarm => alarm(&read(letter)?, organisation, base_url)?,
        LetterKind::SensorCase => sensors::case(&read(letter)?, organisation, base_url),
        LetterKind::SensorMore => sensors::more(&read(letter)?, organisation, base_url),
        LetterKind::SensorSilent => sensors::silent(&read(letter)?, organisation, base_url)?,
        LetterKind::SensorTrouble => sensors::trouble(&read(letter)?, organisation, base_url)?,
        LetterKind::SensorDigest => sensors::digest(&read(letter)?, organisation, base_url)?,
    };
    let file = checkpoint.map(|note| (checkpoint_file(&organisation.slug, letter.tree_size), note.to_owned()));
    Ok(Mail {
        id: letter.id.to_string(),
        to: letter.recipient.clone(),
        subject,
        text: format!("{}\n\n---- English ----\n\n{}\n", text.nl, text.en),
        files: file.into_iter().collect(),
    })
}

/// The data of a letter.
fn read<T: serde::de::DeserializeOwned>(letter: &Letter) -> Result<T, Error> {
    serde_json::from_str(&letter.data).map_err(Error::internal)
}

fn handover(data: &CheckpointData, organisation: &Organisation, size: u64) -> (String, Text) {
    let (name, number) = (&organisation.name, data.number);
    let file = checkpoint_file(&organisation.slug, size);
    let (nl, en) = match data.because {
        Because::Decided => ("is een besluit vastgelegd", "a decision was recorded"),
        Because::Closed => ("is afgesloten", "was closed"),
        Because::Reopened => ("is heropend", "was opened again"),
    };
    let (about_nl, about_en) = match data.because {
        Because::Decided => (format!("Over incident {number} {nl}."), format!("On incident {number} {en}.")),
        _ => (format!("Incident {number} {nl}."), format!("Incident {number} {en}.")),
    };
    let text = Text::made(
        format!(
            "Register van datalekken van {name}\n\n\
             {about_nl}\n\n\
             Bij deze mail zit {file}: de ondertekende stand van uw register, {size} regels groot. Bewaar deze mail. \
             Er hoeft verder niets te gebeuren.\n\n\
             Waarvoor: met dit bestand kunt u later nagaan dat er aan die {size} regels niets is veranderd, ook door ons niet. \
             Download dan uw register (pagina Register, knop “Download het register”) en typ, met de openbare sleutel \
             van die pagina in plaats van SLEUTEL:\n\n\
             dijkwacht verify register.zip --key SLEUTEL --checkpoint {file}\n\n\
             Het bewijst dat het register sindsdien niet is gewijzigd. Het bewijst niet dat wat erin staat waar is."
        ),
        format!(
            "Register of data breaches of {name}\n\n\
             {about_en}\n\n\
             With this mail comes {file}: the signed state of your register, {size} entries long. Keep this mail. \
             Nothing else needs to be done.\n\n\
             What for: with this file you can check later that nothing in those {size} entries was changed, by us neither. \
             Download your register then (page Register, button “Download the register”) and type, with the public key of \
             that page instead of KEY:\n\n\
             dijkwacht verify register.zip --key KEY --checkpoint {file}\n\n\
             It proves that the register has not been changed since. It does not prove that what stands in it is true."
        ),
    );
    (format!("Bewaren: stand van uw register ({size} regels), incident {number}"), text)
}

fn alarm(data: &AlarmData, organisation: &Organisation, base_url: &str) -> Result<(String, Text), Error> {
    let AlarmData { number, what_nl, what_en, basis, target, is_late } = data;
    let name = &organisation.name;
    let zone = TimeZone::get(&organisation.zone).map_err(Error::internal)?;
    let moment = |language| target.map(|at| documents::moment(at, &zone, language));
    let basis = basis.join(", ");
    let link = format!("{base_url}/o/{}/incidenten/{number}", organisation.slug);
    let until_nl = moment(Language::Dutch).map(|at| format!("\nUiterlijk: {at}")).unwrap_or_default();
    let until_en = moment(Language::English).map(|at| format!("\nAt the latest: {at}")).unwrap_or_default();
    let (late_nl, late_en) = if *is_late {
        (
            "Deze termijn is voorbij. Doe het alsnog zo snel mogelijk en leg vast waarom het later werd.",
            "This term is past. Do it as soon as you can, and record why it became late.",
        )
    } else {
        ("Deze termijn loopt. Doe het zo snel mogelijk.", "This term is running. Do it as soon as you can.")
    };
    let text = Text::made(
        format!("{name}, incident {number}: {what_nl}{until_nl}\nGrondslag: {basis}\n\n{late_nl}\n\n{link}"),
        format!("{name}, incident {number}: {what_en}{until_en}\nLegal basis: {basis}\n\n{late_en}\n\n{link}"),
    );
    let mark = if *is_late { "Te laat" } else { "Termijn" };
    Ok((format!("{mark}: {what_nl} (incident {number}, {name})"), text))
}

#[cfg(test)]
mod tests {
    use facts::{Country, OrganisationId};

    use super::*;
    use crate::{LetterState, Profile};

    /// Friday 27 March 2026, 15:20 in Amsterdam; the clock goes forward that weekend.
    const NOW: Timestamp = Timestamp::constant(1_774_621_200, 0);

    fn shown(kind: LetterKind, data: &str) -> String {
        let organisation = Organisation {
            id: OrganisationId(uuid::Uuid::nil()),
            slug: "bakkerij-jansen".into(),
            name: "Bakkerij Jansen".into(),
            provider: None,
            report_code: String::new(),
            zone: "Europe/Amsterdam".into(),
            jurisdiction: Country::NL,
            profile: Profile::default(),
        };
        let letter = Letter {
            id: uuid::Uuid::from_u128(7),
            organisation: organisation.id,
            key: "key".into(),
            kind,
            incident: None,
            recipient: "directie@jansen.example".into(),
            data: data.into(),
            tree_size: 41,
            created_at: NOW,
            state: LetterState::Waiting { due_at: NOW },
            attempts: 1,
            last_error: String::new(),
        };
        let note = (kind == LetterKind::Checkpoint).then_some("the signed note\n");
        let mail = mail(&letter, &organisation, note, "https://dijkwacht.example").unwrap();
        let files: String = mail.files.iter().map(|(name, text)| format!("\n== {name}\n{text}")).collect();
        format!("{}\n{}\n{}\n\n{}{files}", mail.id, mail.to, mail.subject, mail.text)
    }

    #[test]
    fn every_mail_says_what_it_is_and_what_to_do_in_both_languages() {
        for because in ["decided", "closed", "reopened"] {
            let data = format!(r#"{{"number":4,"because":"{because}"}}"#);
            insta::assert_snapshot!(format!("checkpoint_{because}"), shown(LetterKind::Checkpoint, &data));
        }
        let clock = |is_late| {
            format!(
                r#"{{"number":4,"what_nl":"Melden bij de AP","what_en":"Notify the AP","basis":["AVG art. 33(1)"],
                "target":"2026-03-30T13:20:00Z","is_late":{is_late}}}"#
            )
        };
        insta::assert_snapshot!("alarm_running", shown(LetterKind::Alarm, &clock(false)));
        insta::assert_snapshot!("alarm_late", shown(LetterKind::Alarm, &clock(true)));
        let case = |number: &str| {
            format!(
                r#"{{"sensor":"00000000-0000-0000-0000-000000000001","sensor_name":"kantoor-breda","case":"c1",
                "severity":"critical","number":{number}}}"#
            )
        };
        insta::assert_snapshot!("sensor_case", shown(LetterKind::SensorCase, &case("null")));
        insta::assert_snapshot!("sensor_case_opened", shown(LetterKind::SensorCase, &case("7")));
        let silent = r#"{"sensor":"00000000-0000-0000-0000-000000000001","sensor_name":"kantoor-breda","heard_at":"2026-03-27T13:20:00Z"}"#;
        insta::assert_snapshot!("sensor_silent", shown(LetterKind::SensorSilent, silent));
        let clock = silent.replace('}', r#","clock_says":"2027-05-01T13:20:00Z"}"#);
        insta::assert_snapshot!("sensor_clock", shown(LetterKind::SensorSilent, &clock));
        let never = shown(LetterKind::SensorSilent, &silent.replace('}', r#","is_never_heard":true}"#));
        assert!(never.contains("liet nog niets van zich horen") && !never.contains("zwijgt"), "{never}");
        let trouble = |what: &str, source: &str| {
            format!(
                r#"{{"sensor":"00000000-0000-0000-0000-000000000001","sensor_name":"kantoor-breda","trouble":{{"what":{what},"source":{source},"since":"2026-03-27T13:20:00Z"}}}}"#
            )
        };
        let port = r#"{"kind":"interface","name":"eth1"}"#;
        let nothing_yet = trouble(r#""nothing_yet""#, port);
        insta::assert_snapshot!("sensor_nothing_yet", shown(LetterKind::SensorTrouble, &nothing_yet));
        let full = trouble(r#""disk_full""#, "null");
        insta::assert_snapshot!("sensor_disk_full", shown(LetterKind::SensorTrouble, &full));
        let missed = shown(LetterKind::SensorTrouble, &trouble(r#"{"missed":33}"#, port));
        assert!(missed.contains("mist 33 % van het verkeer") && missed.contains("33 % is lost"), "{missed}");
        let more = shown(LetterKind::SensorTrouble, &full.replace("\"trouble\"", "\"others\":2,\"trouble\""));
        assert!(more.contains("nog 2 andere dingen mis") && more.contains("2 other things"), "{more}");
        let gone = shown(LetterKind::SensorTrouble, &trouble(r#"{"gone":null}"#, port));
        assert!(gone.contains("een bron is weg") && gone.contains("it is gone"), "{gone}");
        let digest =
            |cases: u64| format!(r#"{{"cases":{cases},"from":"2026-03-16T07:00:00Z","until":"2026-03-23T07:00:00Z"}}"#);
        insta::assert_snapshot!("sensor_digest", shown(LetterKind::SensorDigest, &digest(3)));
        insta::assert_snapshot!("sensor_digest_one", shown(LetterKind::SensorDigest, &digest(1)));
        let waiting = |cases: u64, urgent: &str| digest(cases).replace("\"from\"", &format!("{urgent},\"from\""));
        let both = waiting(2, r#""high":2,"critical":1"#);
        insta::assert_snapshot!("sensor_digest_waiting", shown(LetterKind::SensorDigest, &both));
        let alone = waiting(0, r#""high":1,"critical":0"#);
        insta::assert_snapshot!("sensor_digest_waiting_alone", shown(LetterKind::SensorDigest, &alone));
        let most = waiting(5000, r#""is_at_least":true"#);
        insta::assert_snapshot!("sensor_digest_at_least", shown(LetterKind::SensorDigest, &most));
        let more = r#"{"sensor_name":"kantoor-breda","cases":390}"#;
        insta::assert_snapshot!("sensor_more", shown(LetterKind::SensorMore, more));
        let one = shown(LetterKind::SensorMore, &more.replace("390", "1"));
        for said in [
            "nog één zaak die nu aandacht vraagt (",
            "nog één zaak die nu aandacht vraagt,",
            "that needs attention now,",
        ] {
            assert!(one.contains(said), "{one}");
        }
    }
}
