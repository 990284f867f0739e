//! What stays where and for how long, place by place: on each sensor, on the server, in its backups.

use facts::Text;

use super::SensorPrivacy;

pub(super) fn days(days: u32) -> Text {
    match days {
        1 => Text::new("1 dag", "1 day"),
        days => Text::made(format!("{days} dagen"), format!("{days} days")),
    }
}

fn both(a: &Text, nl: &str, en: &str) -> Text {
    Text::made(format!("{}{nl}", a.nl), format!("{}{en}", a.en))
}

/// What stands on a sensor's disk beside what it has learnt.
pub(super) fn on_the_sensor(of: &SensorPrivacy) -> Vec<(Text, Text)> {
    let metadata = match of.metadata_days {
        0 => Text::new("niets: zo is het ingesteld", "nothing: so it is settled"),
        kept => both(
            &days(u32::from(kept)),
            ", daarna gewist: per verbinding wie, met wie, wanneer, hoeveel en welke servernaam, en welke namen zijn opgevraagd; \
             nooit inhoud. Als de schijf vol raakt eerder",
            ", then deleted: of each connection who, with whom, when, how much and which server name, and which names were \
             asked for; never content. Sooner where the disk fills up",
        ),
    };
    let (most, refused) = (of.spool_mb, of.refused_mb);
    let waiting = of.sensors.iter().filter_map(|one| Some((one.waiting?, &one.name)));
    let waiting: Vec<_> = waiting.map(|(lines, name)| (lines, name.as_str())).collect();
    let now = |nl: bool| {
        let said = waiting
            .iter()
            .map(|(lines, name)| if nl { format!("{name} {lines} regels") } else { format!("{name} {lines} lines") });
        said.collect::<Vec<_>>().join(", ")
    };
    let (now_nl, now_en) = if waiting.is_empty() {
        (String::new(), String::new())
    } else {
        (format!(". Nu: {}", now(true)), format!(". Now: {}", now(false)))
    };
    vec![
        (Text::new("Op de sensor: metadata", "On the sensor: metadata"), metadata),
        (
            Text::new("Op de sensor: wat nog verstuurd moet worden", "On the sensor: what is still to be sent"),
            Text::made(
                format!(
                    "detecties, zaken en tellingen tot de server ze heeft; ten hoogste {most} MB, tenzij op de sensor anders is \
                     ingesteld; daarna gaat het oudste weg{now_nl}"
                ),
                format!(
                    "detections, cases and counts until the server has them; {most} MB at most, unless it was set otherwise on \
                     the sensor; then the oldest goes{now_en}"
                ),
            ),
        ),
        (
            Text::new("Op de sensor: wat de server weigerde", "On the sensor: what the server refused"),
            Text::made(
                format!("ten hoogste {refused} MB, tot iemand het wist of nieuwer het oudste verdringt"),
                format!("{refused} MB at most, until somebody deletes it or newer takes the oldest’s place"),
            ),
        ),
    ]
}

/// What stands on the server.
pub(super) fn on_the_server(of: &SensorPrivacy) -> Vec<(Text, Text)> {
    let mut rows = vec![
        (
            Text::new("Op de server: detecties en zaken", "On the server: detections and cases"),
            both(
                &days(of.detection_days),
                "; wat in een incident zit zo lang als dat incident",
                "; what is in an incident for as long as that is",
            ),
        ),
        (
            Text::new("Op de server: tellingen per uur", "On the server: counts by hour"),
            both(
                &days(of.traffic_days),
                "; per uur de vijftig grootste stromen, en van elk apparaat de som van de rest. De pagina toont apparaten en \
                 bestemmingen apart, maar aan gelijke hoeveelheden is te zien wie bij wat hoort",
                "; the fifty largest flows of each hour, and of each host the sum of the rest. The page shows devices and \
                 destinations apart, but equal amounts give away which belongs to which",
            ),
        ),
        (
            Text::new("Op de server: wat een sensor van zichzelf zegt", "On the server: what a sensor says of itself"),
            Text::new(
                "alleen het laatste: bronnen, aantallen, versie, en wanneer een bron het laatst iets gaf; zolang de sensor in het \
                 register staat",
                "the newest alone: sources, counts, version, and when a source last gave something; for as long as the sensor \
                 stands in the register",
            ),
        ),
        (
            Text::new("Op de server: berichten aan wie moet handelen", "On the server: messages to who must act"),
            Text::new(
                "e-mailadres, sensor, ernst en tijd, niet wat er gezien werd; zolang het register bestaat",
                "e-mail address, sensor, severity and time, not what was seen; for as long as the register exists",
            ),
        ),
        (
            Text::new("Op de server: wie wat vastlegde", "On the server: who recorded what"),
            Text::new(
                "uitzonderingen (met het adres van een apparaat), instellingen en het inlichten van het personeel, met naam en \
                 tijd; zolang het register bestaat",
                "exceptions (with the address of a host), settings and informing the staff, with name and time; for as long \
                 as the register exists",
            ),
        ),
    ];
    if of.compares {
        rows.push((
            Text::new("Op de server: kenmerken om te vergelijken", "On the server: indicators to compare"),
            both(
                &days(of.detection_days),
                ", als hash, zo lang als de detectie; weg zodra vergelijken uitgaat",
                ", as a hash, for as long as the detection; gone once comparing is switched off",
            ),
        ));
    }
    rows.push((
        Text::new("In back-ups van de server", "In backups of the server"),
        match of.backup_days {
            Some(kept) => both(&days(u32::from(kept)), " langer dan hierboven staat", " longer than stands above"),
            None => Text::new(
                "zo lang als wie de server beheert zijn back-ups bewaart: vraag het na",
                "for as long as whoever runs the server keeps backups: ask",
            ),
        },
    ));
    rows
}
