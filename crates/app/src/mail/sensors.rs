//! What mails say of sensors: that one saw something, that one is silent or blind, how much there was in a week. Where to look, and
//! nothing of what was seen: neither host nor destination.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use facts::{Language, Text};

use crate::sensors::{CaseData, DigestData, MOST_MAILS, MoreData, SilenceData, TroubleData};
use crate::{Error, Organisation};

/// The mail on a case: subject and text.
pub(super) fn case(data: &CaseData, organisation: &Organisation, base_url: &str) -> (String, Text) {
    let (name, sensor) = (&organisation.name, &data.sensor_name);
    let severity = match data.severity.as_str() {
        "critical" => Text::new("kritiek", "critical"),
        "high" => Text::new("hoog", "high"),
        "medium" => Text::new("middel", "medium"),
        _ => Text::new("laag", "low"),
    };
    let base = format!("{base_url}/o/{}", organisation.slug);
    let (link, opened) = match data.number {
        Some(number) => (
            format!("{base}/incidenten/{number}"),
            Text::made(format!("Het staat in incident {number}. "), format!("It stands in incident {number}. ")),
        ),
        None => (format!("{base}/sensoren/{}/zaken/{}", data.sensor, data.case), Text::new("", "")),
    };
    let text = Text::made(
        format!(
            "{name}: sensor {sensor} zag iets dat nu aandacht vraagt. Ernst: {}.\n\n{}Wat er te zien was en wat u nu doet, \
             staat hier:\n\n{link}",
            severity.nl, opened.nl
        ),
        format!(
            "{name}: sensor {sensor} saw something that needs attention now. Severity: {}.\n\n{}What was seen, and what to \
             do now, stands here:\n\n{link}",
            severity.en, opened.en
        ),
    );
    (format!("Sensor: nu kijken, ernst {} ({name})", severity.nl), text)
}

/// The mail on a sensor that is not heard any more.
pub(super) fn silent(data: &SilenceData, organisation: &Organisation, base_url: &str) -> Result<(String, Text), Error> {
    let (name, sensor) = (&organisation.name, &data.sensor_name);
    let when = moment(data.heard_at, organisation)?;
    let link = format!("{base_url}/o/{}/sensoren/{}", organisation.slug, data.sensor);
    if let Some(says) = data.clock_says {
        let says = moment(says, organisation)?;
        let text = Text::made(
            format!(
                "{name}: van sensor {sensor} wordt niets meer aangenomen sinds {}. Zijn klok loopt voor: hij zegt dat het {} is. \
                 Zolang dat zo is, is hier niet te zien wat hij ziet.\n\nZet de klok van het apparaat gelijk, en laat hem \
                 door een tijdserver gelijk houden. U krijgt dit bericht één keer.\n\n{link}",
                when.nl, says.nl
            ),
            format!(
                "{name}: nothing has been taken of sensor {sensor} since {}. Its clock is ahead: it says that it is {}. While \
                 that is so, what it sees cannot be seen here.\n\nSet the clock of the device, and have a time server keep \
                 it right. You get this message once.\n\n{link}",
                when.en, says.en
            ),
        );
        return Ok((format!("Sensor {sensor}: de klok loopt voor ({name})"), text));
    }
    if data.is_never_heard {
        let text = Text::made(
            format!(
                "{name}: sensor {sensor} is aangemeld ({}) en liet sindsdien niets van zich horen. Zolang dat zo is, is hier niet \
                 te zien wat hij ziet.\n\nKijk of de sensor op het apparaat draait en het netwerk op kan. U krijgt dit bericht \
                 één keer.\n\n{link}",
                when.nl
            ),
            format!(
                "{name}: sensor {sensor} enrolled ({}) and has not been heard since. While that is so, what it sees cannot be \
                 seen here.\n\nLook whether the sensor runs on the device and can reach the network. You get this message \
                 once.\n\n{link}",
                when.en
            ),
        );
        return Ok((format!("Sensor {sensor} liet nog niets van zich horen ({name})"), text));
    }
    let text = Text::made(
        format!(
            "{name}: van sensor {sensor} is niets meer gehoord sinds {}. Zolang hij zwijgt, is hier niet te zien wat hij \
             ziet.\n\nKijk of het apparaat aanstaat en het netwerk op kan. Was alleen de verbinding weg, dan stuurt \
             hij straks alsnog wat hij zag. U krijgt dit bericht één keer.\n\n{link}",
            when.nl
        ),
        format!(
            "{name}: nothing has been heard of sensor {sensor} since {}. While it is silent, what it sees cannot be seen \
             here.\n\nLook whether the device is on and can reach the network. If only the connection \
             was gone, it sends what it saw later on. You get this message once.\n\n{link}",
            when.en
        ),
    );
    Ok((format!("Sensor {sensor} zwijgt ({name})"), text))
}

/// The mail on a source that gives nothing, or a disk that takes nothing.
pub(super) fn trouble(
    data: &TroubleData,
    organisation: &Organisation,
    base_url: &str,
) -> Result<(String, Text), Error> {
    let (name, sensor, trouble) = (&organisation.name, &data.sensor_name, &data.trouble);
    let (since, what, said) = (moment(trouble.since, organisation)?, trouble.name(), trouble.said());
    let link = format!("{base_url}/o/{}/sensoren/{}", organisation.slug, data.sensor);
    let lost = match trouble.source {
        Some(_) => Text::new(
            " Zolang dat zo is, wordt niet gezien wat daar gebeurt.",
            " While that is so, what happens there is not seen.",
        ),
        None => Text::new("", ""),
    };
    let others = match data.others {
        0 => Text::new("", ""),
        1 => Text::new(
            " Er is nog iets anders mis: zie de pagina van de sensor.",
            " Something else is wrong too: see the page of the sensor.",
        ),
        count => Text::made(
            format!(" Er zijn nog {count} andere dingen mis: zie de pagina van de sensor."),
            format!(" {count} other things are wrong too: see the page of the sensor."),
        ),
    };
    let text = Text::made(
        format!(
            "{name}: met sensor {sensor} is iets mis, sinds {}. {}{}{}\n\nU krijgt dit bericht één keer.\n\n{link}",
            since.nl, said.nl, lost.nl, others.nl
        ),
        format!(
            "{name}: something is wrong with sensor {sensor}, since {}. {}{}{}\n\nYou get this message once.\n\n{link}",
            since.en, said.en, lost.en, others.en
        ),
    );
    Ok((format!("Sensor {sensor}: {} ({name})", what.nl.to_lowercase()), text))
}

/// The mail on a week.
pub(super) fn digest(data: &DigestData, organisation: &Organisation, base_url: &str) -> Result<(String, Text), Error> {
    let name = &organisation.name;
    let (from, until) = (moment(data.from, organisation)?, moment(data.until, organisation)?);
    let link = format!("{base_url}/o/{}/sensoren/bevindingen", organisation.slug);
    let least = if data.is_at_least { Text::new("ten minste ", "at least ") } else { Text::new("", "") };
    let counted = |count: u64, nl: &str, en: &str| {
        let (cases_nl, cases_en) = match count {
            1 => ("één zaak".to_owned(), "one case".to_owned()),
            _ => (format!("{count} zaken"), format!("{count} cases")),
        };
        Text::made(format!("{}{cases_nl} met ernst {nl}", least.nl), format!("{}{cases_en} of severity {en}", least.en))
    };
    let waiting = [(data.critical, "kritiek", "critical"), (data.high, "hoog", "high")];
    let waiting = waiting.into_iter().filter(|(count, ..)| *count > 0).map(|(count, nl, en)| counted(count, nl, en));
    let waiting: Vec<Text> = waiting.collect();
    let joined = |of: fn(&Text) -> &str, and: &str| waiting.iter().map(of).collect::<Vec<_>>().join(and);
    let waiting = Text::made(joined(|text| &text.nl, " en "), joined(|text| &text.en, " and "));
    let mediums = counted(data.cases, "middel", "medium");
    let (stand, are) = if data.cases == 1 { ("staat", "is") } else { ("staan", "are") };
    let (mut nl, mut en) = (Vec::new(), Vec::new());
    if data.cases > 0 {
        nl.push(format!(
            "{name}: van {} tot {} zagen uw sensoren {} waar niemand voor gewekt hoefde te worden, en die in geen incident \
             {stand}. Kijk er deze week even naar: is het gewoon, maak er dan een uitzondering van.",
            from.nl, until.nl, mediums.nl
        ));
        en.push(format!(
            "{name}: from {} until {} your sensors saw {} for which nobody had to be woken, and that {are} in no incident. Have \
             a look this week: if it is ordinary, make it an exception.",
            from.en, until.en, mediums.en
        ));
    }
    if data.high + data.critical > 0 {
        let seen = match data.cases {
            0 => Text::made(
                format!("{name}: van {} tot {} zagen uw sensoren", from.nl, until.nl),
                format!("{name}: from {} until {} your sensors saw", from.en, until.en),
            ),
            _ => Text::new("Ook zagen zij", "They also saw"),
        };
        nl.push(format!(
            "{} wat meteen aandacht vroeg, en waar nog geen incident van is gemaakt: {}. Begin daarmee.",
            seen.nl, waiting.nl
        ));
        en.push(format!(
            "{} what needed attention at once, and of which no incident was made yet: {}. Begin there.",
            seen.en, waiting.en
        ));
    }
    let text = Text::made(format!("{}\n\n{link}", nl.join("\n\n")), format!("{}\n\n{link}", en.join("\n\n")));
    let subject = if data.cases > 0 { mediums.nl } else { waiting.nl };
    Ok((format!("Sensoren, de afgelopen week: {subject} ({name})"), text))
}

/// The mail on cases that got none of their own.
pub(super) fn more(data: &MoreData, organisation: &Organisation, base_url: &str) -> (String, Text) {
    let (name, sensor) = (&organisation.name, &data.sensor_name);
    let link = format!("{base_url}/o/{}/sensoren/bevindingen", organisation.slug);
    let count = match data.cases {
        1 => Text::new("nog één zaak die nu aandacht vraagt", "one more case that needs attention now"),
        cases => Text::made(
            format!("nog {cases} zaken die nu aandacht vragen"),
            format!("{cases} more cases that need attention now"),
        ),
    };
    let text = Text::made(
        format!(
            "{name}: sensor {sensor} meldde {}, en het kunnen er intussen meer zijn. U krijgt ten \
             hoogste {MOST_MAILS} aparte mails per uur; deze mail komt in plaats van de rest. Alles staat op de pagina \
             Bevindingen, wat nu aandacht vraagt bovenaan:\n\n{link}\n\nZoveel tegelijk kan een uitbraak zijn. Het kan ook zijn \
             dat het apparaat waarop de sensor draait niet meer te vertrouwen is: kijk dat na.",
            count.nl
        ),
        format!(
            "{name}: sensor {sensor} reported {}, and there may be more by now. You get at most \
             {MOST_MAILS} separate mails an hour; this mail comes in place of the rest. All of it stands on the page \
             Findings, what needs attention now on top:\n\n{link}\n\nSo much at once can be an outbreak. It can also be that \
             the device on which the sensor runs is not to be trusted any more: look into that.",
            count.en
        ),
    );
    (format!("Sensor {sensor}: {} ({name})", count.nl), text)
}

fn moment(at: Timestamp, organisation: &Organisation) -> Result<Text, Error> {
    let zone = TimeZone::get(&organisation.zone).map_err(Error::internal)?;
    let words = |language| documents::moment(at, &zone, language);
    Ok(Text::made(words(Language::Dutch), words(Language::English)))
}
