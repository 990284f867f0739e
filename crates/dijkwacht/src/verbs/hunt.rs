//! `dijkwacht hunt`: answers from the metadata that a sensor kept.

mod showing;

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use archive::{Answer, Fingerprint, NamePattern, Question, Unreadable};
use detect::{Cidr, InvalidCidr};
use facts::Text;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use law::deadline::{InvalidMoment, Precision, read_moment};

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::Speech;
use crate::verbs::sensor::DEFAULT_ARCHIVE;

/// Search the metadata that a sensor kept: who spoke with whom, when, and which names were asked for.
///
/// Conditions of different kinds must all hold; of one kind that is given more than once, any.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht hunt --address 203.0.113.9 --since 3d\n  dijkwacht hunt /var/lib/dijkwacht-sensor/archive --name '*.evil.example' --format csv"
)]
pub(crate) struct Args {
    /// The sensor's archive.
    #[arg(value_name = "DIR", default_value = DEFAULT_ARCHIVE)]
    folder: PathBuf,
    /// A host of yours, or a range of them: one end of a connection, or who asked for a name.
    #[arg(long, value_name = "IP|CIDR", value_parser = host)]
    host: Vec<Cidr>,
    /// A name that was asked for, looked up or answered; *.example.nl is every name under it.
    #[arg(long, value_name = "NAME", value_parser = name)]
    name: Vec<NamePattern>,
    /// The other end of a connection, or an address that a name was answered with.
    #[arg(long, value_name = "IP|CIDR", value_parser = address)]
    address: Vec<Cidr>,
    /// A JA3, a JA4, or the SHA-1 or SHA-256 of a server's certificate.
    #[arg(long, value_name = "PRINT", value_parser = meant::<Fingerprint>)]
    fingerprint: Vec<Fingerprint>,
    /// From when: a moment as 2026-11-29T10:00, a day, or how long ago as 30m, 2h, 3d.
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Until when, as --since; a day counts to its end.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// The zone in which times are read, and shown in text.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Amsterdam")]
    zone: String,
    /// The most that is shown; the newest are.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
    /// How what is found is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

/// What is kept has addresses: a host's name is none, and pages show both.
fn host(text: &str) -> Result<Cidr, String> {
    text.trim().parse().map_err(|error: InvalidCidr| match error {
        InvalidCidr::NotAnAddress(_) => format!(
            "{error}; the archive knows hosts by address and not by name: the server's pages, and what the sensor prints, give the address behind the name"
        ),
        InvalidCidr::PrefixTooLong { .. } => error.to_string(),
    })
}

/// A name, also that of a URL's host.
fn name(text: &str) -> Result<NamePattern, <NamePattern as FromStr>::Err> {
    intel::host_of(&intel::refanged(text.trim())).parse()
}

/// An address, also as IPv6 has those of IPv4, or a range.
fn address(text: &str) -> Result<Cidr, <Cidr as FromStr>::Err> {
    let meant = intel::refanged(text.trim());
    meant.parse::<IpAddr>().map_or_else(|_| meant.parse(), |ip| ip.to_canonical().to_string().parse())
}

/// Also as reports write it that want nobody to click on it: `evil[.]example`.
fn meant<T: FromStr>(text: &str) -> Result<T, T::Err> {
    intel::refanged(text.trim()).parse()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One JSON object a line, the last with what was counted; times in UTC.
    Json,
    /// A table, with the columns of both kinds; times in UTC.
    Csv,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let zone = TimeZone::get(&args.zone)
        .map_err(|_| Failure::about("--zone", &InvalidMoment::UnknownZone { zone: args.zone.clone() }.text()))?;
    let now = edge::now();
    let read = |name, text: &Option<String>, is_end| {
        let read = text.as_deref().map(|text| moment(text, &zone, now, is_end)).transpose();
        read.map_err(|why| Failure::about(name, &why))
    };
    let (since, until) = (read("--since", &args.since, false)?, read("--until", &args.until, true)?);
    if let (Some(since), Some(until)) = (since, until)
        && since >= until
    {
        return Err(Failure::Told(Text::new(
            "--since ligt niet vóór --until: wissel ze om",
            "--since does not lie before --until: swap them",
        )));
    }
    let question = Question {
        hosts: args.host.clone(),
        addresses: args.address.clone(),
        names: args.name.clone(),
        fingerprints: args.fingerprint.clone(),
        since,
        until,
        limit: usize::try_from(args.limit).unwrap_or(usize::MAX),
    };
    let answer = asked(args, &question)?;
    let language = args.speech.language();
    for refused in &answer.refused {
        let why = why(&refused.why);
        edge::complain(&format!("{}: {}", refused.path.display(), why.in_language(language)));
    }
    edge::print(&match args.format {
        Format::Text => showing::text(&answer, &zone, language),
        Format::Json => showing::json(&answer),
        Format::Csv => showing::csv(&answer),
    })?;
    Ok(if !answer.refused.is_empty() {
        Outcome::WrongUsage
    } else if answer.rows.is_empty() {
        Outcome::No
    } else {
        Outcome::Done
    })
}

/// A damaged file may make the library that reads it give up with a noise of its own; what is said of it is ours to say.
fn asked(args: &Args, question: &Question) -> Result<Answer, Failure> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let answer = archive::hunt(&args.folder, question);
    std::panic::set_hook(hook);
    answer.map_err(|error| {
        let folder = args.folder.display();
        Failure::Told(Text::made(
            format!("het archief {folder} is niet te lezen: {error}; noem de map `archive` in de map van de sensor, en kijk of u erbij mag"),
            format!("the archive {folder} cannot be read: {error}; name the folder `archive` in the sensor's state folder, and check your rights to it"),
        ))
    })
}

fn why(error: &Unreadable) -> Text {
    let nl = match error {
        Unreadable::Io(error) => format!("niet te lezen: {error}"),
        Unreadable::NotParquet => "geen Parquet-bestand, of het einde ontbreekt".to_owned(),
        Unreadable::Foreign => "niet door een sensor van deze versie geschreven".to_owned(),
        Unreadable::TooLarge => "zegt meer te bevatten dan een bestand van een sensor ooit doet".to_owned(),
        Unreadable::Damaged => "beschadigd".to_owned(),
        Unreadable::Checksum => "beschadigd: het controlegetal past niet bij wat erin staat".to_owned(),
        Unreadable::Parquet(error) => format!("beschadigd: {error}"),
    };
    let (doen, act) = match error {
        Unreadable::Damaged | Unreadable::Checksum | Unreadable::Parquet(_) | Unreadable::NotParquet => (
            "; zet het terug uit een kopie of verwijder het, en laat de schijf nakijken",
            "; put it back from a copy or remove it, and have the disk checked",
        ),
        Unreadable::Io(_) | Unreadable::Foreign | Unreadable::TooLarge => ("", ""),
    };
    Text::made(format!("{nl}; overgeslagen{doen}"), format!("{error}; left out{act}"))
}

/// A moment, or how long ago. A day alone is its beginning, or as an end the beginning of the next.
fn moment(text: &str, zone: &TimeZone, now: Timestamp, is_end: bool) -> Result<Timestamp, Text> {
    if let Some(ago) = ago(text) {
        return now.checked_sub(ago).map_err(|_| Text::new("dat is te lang geleden", "that is too long ago"));
    }
    let moment = read_moment(text, zone).map_err(|error| match error {
        InvalidMoment::Unreadable { text } => Text::made(
            format!("`{text}` is geen tijd; schrijf een moment als 2026-11-29T10:00, een dag als 2026-11-29, of hoe lang geleden: 30m, 2u, 3d"),
            format!("`{text}` is no time; write a moment as 2026-11-29T10:00, a day as 2026-11-29, or how long ago: 30m, 2h, 3d"),
        ),
        other => other.text(),
    })?;
    if is_end && moment.precision == Precision::DateOnly {
        let next = moment.at.tomorrow().map_err(|_| Text::new("dat is te laat", "that is too late"))?;
        return Ok(next.timestamp());
    }
    Ok(moment.at.timestamp())
}

fn ago(text: &str) -> Option<SignedDuration> {
    let (number, minutes) = [("m", 1), ("h", 60), ("u", 60), ("d", 24 * 60)]
        .into_iter()
        .find_map(|(unit, minutes)| Some((text.trim().strip_suffix(unit)?, minutes)))?;
    let number: i64 = number.parse::<u32>().ok()?.into();
    Some(SignedDuration::from_mins(number.checked_mul(minutes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_moments_days_or_how_long_ago() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let now: Timestamp = "2026-11-29T10:00:00Z".parse().unwrap();
        let read = |text: &str, is_end| moment(text, &zone, now, is_end).map(|at| at.to_string()).map_err(|why| why.nl);
        for (text, since, until) in [
            ("90m", "2026-11-29T08:30:00Z", "2026-11-29T08:30:00Z"),
            ("2h", "2026-11-29T08:00:00Z", "2026-11-29T08:00:00Z"),
            ("2u", "2026-11-29T08:00:00Z", "2026-11-29T08:00:00Z"),
            ("3d", "2026-11-26T10:00:00Z", "2026-11-26T10:00:00Z"),
            ("2026-11-28", "2026-11-27T23:00:00Z", "2026-11-28T23:00:00Z"),
            ("2026-11-28T12:00", "2026-11-28T11:00:00Z", "2026-11-28T11:00:00Z"),
            ("2026-11-28T12:00:00Z", "2026-11-28T12:00:00Z", "2026-11-28T12:00:00Z"),
        ] {
            assert_eq!((read(text, false).as_deref(), read(text, true).as_deref()), (Ok(since), Ok(until)), "{text}");
        }
        for wrong in ["", "h", "-2h", "3x", "yesterday", "2026-13-01"] {
            let why = moment(wrong, &zone, now, false).unwrap_err();
            assert!(why.nl.contains("30m, 2u, 3d") && why.en.contains("30m, 2h, 3d"), "{wrong}: {why:?}");
        }
        assert!(moment("2026-03-29T02:30", &zone, now, false).unwrap_err().en.contains("does not exist"));
        assert!(read("4294967295d", false).is_err());
    }
}
