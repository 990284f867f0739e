//! `dijkwacht clock`: every deadline that follows from a moment of awareness.

use facts::Language;
use icalendar::{Alarm, Calendar, Component, Event, EventLike};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use law::deadline::{Due, NamedDeadline, Precision, deadlines, read_moment};

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::Speech;

/// The deadlines that follow from the moment of awareness (kennisname), with their legal basis.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  dijkwacht clock --aware 2026-03-27T15:20\n  dijkwacht clock --aware 2026-10-25T02:30+02:00 --format ics > deadlines.ics"
)]
pub(crate) struct Args {
    /// RFC 3339, RFC 9557, or a civil time read in the zone.
    #[arg(long, value_name = "TIME")]
    aware: String,
    /// The zone in which a civil time is read and answers are given.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Amsterdam")]
    zone: String,
    /// The law pack, instead of the one in force at that moment.
    #[arg(long, value_name = "ID")]
    law: Option<String>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    speech: Speech,
}

/// How the deadlines are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For calendars, with alarms (RFC 5545).
    Ics,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let zone = TimeZone::get(&args.zone).map_err(|_| {
        Failure::Input(format!("there is no time zone `{}`; write it like Europe/Amsterdam", args.zone))
    })?;
    let moment = read_moment(&args.aware, &zone).map_err(|error| Failure::Input(format!("--aware: {error}")))?;
    let aware = moment.at.with_time_zone(zone);
    let packs = law::Packs::builtin().map_err(anyhow::Error::new)?;
    let pack = match &args.law {
        Some(id) => packs.by_id(id),
        None => packs.in_force(aware.timestamp()),
    };
    let pack = pack.map_err(|error| Failure::Input(error.to_string()))?;
    let is_estimated = moment.precision == Precision::DateOnly;
    let deadlines = deadlines(pack, &aware);
    let language = args.speech.language();
    edge::print(&match args.format {
        Format::Text => text(&aware, is_estimated, &deadlines, language),
        Format::Json => format!("{}\n", json(pack.id(), &aware, is_estimated, &deadlines)),
        Format::Ics => calendar(&aware, &deadlines, language)?.to_string(),
    })?;
    Ok(Outcome::Done)
}

fn text(aware: &Zoned, is_estimated: bool, deadlines: &[NamedDeadline], language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| if language == Language::Dutch { nl } else { en };
    let moment = |at: &Zoned| documents::moment(at.timestamp(), at.time_zone(), language);
    let mut out = format!("{}: {}", say("Kennisname", "Aware"), moment(aware));
    if is_estimated {
        out.push_str(say(" (geschat: alleen een datum)", " (estimated: a date alone)"));
    }
    out.push('\n');
    for deadline in deadlines {
        out.push_str(&format!("\n{}\n", deadline.what.in_language(language)));
        match &deadline.due {
            Due::By { target, limit, .. } => {
                out.push_str(&format!("  {} {}\n", say("uiterlijk", "at the latest"), moment(target)));
                if let Some(limit) = limit {
                    let label = say("uiterste grens volgens Verordening 1182/71", "outer limit by Regulation 1182/71");
                    out.push_str(&format!("  ({label}: {})\n", moment(limit)));
                }
            }
            Due::WithoutDelay => out.push_str(&format!(
                "  {}\n",
                say("zo snel mogelijk; de wet noemt geen aantal uren", "as soon as possible; the law gives no number")
            )),
        }
        out.push_str(&format!("  {}\n", deadline.basis.join("; ")));
    }
    out
}

fn json(law: &str, aware: &Zoned, is_estimated: bool, deadlines: &[NamedDeadline]) -> serde_json::Value {
    let time = |at: &Zoned| at.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string();
    let list: Vec<_> = deadlines
        .iter()
        .map(|deadline| {
            let (target, limit, alarms) = match &deadline.due {
                Due::By { target, limit, alarms } => {
                    (Some(time(target)), limit.as_ref().map(time), alarms.iter().map(time).collect())
                }
                Due::WithoutDelay => (None, None, Vec::new()),
            };
            serde_json::json!({
                "id": deadline.id,
                "duty": deadline.duty.key(),
                "what": {"nl": deadline.what.nl, "en": deadline.what.en},
                "target": target,
                "limit": limit,
                "alarms": alarms,
                "without_delay": true,
                "basis": deadline.basis,
            })
        })
        .collect();
    serde_json::json!({
        "law": law,
        "aware_at": time(aware),
        "estimated": is_estimated,
        "zone": aware.time_zone().iana_name(),
        "deadlines": list,
    })
}

/// One entry a deadline that has a moment, at its target, with the alarms before it.
fn calendar(aware: &Zoned, deadlines: &[NamedDeadline], language: Language) -> Result<Calendar, Failure> {
    let mut calendar = Calendar::new();
    let stamp = utc(aware.timestamp())?;
    for deadline in deadlines {
        let Due::By { target, alarms, .. } = &deadline.due else { continue };
        let at = utc(target.timestamp())?;
        let what = deadline.what.in_language(language);
        let mut event = Event::new();
        event
            .uid(&deadline.uid)
            .summary(what)
            .description(&deadline.basis.join("; "))
            .timestamp(stamp)
            .starts(at)
            .ends(at);
        for alarm in alarms {
            let before = utc(alarm.timestamp())? - at;
            let mut alarm = Alarm::display(what, before);
            // The same entry at every run, so that a calendar replaces it.
            alarm.uid(&format!("{}{}", before.num_seconds(), deadline.uid)).timestamp(stamp);
            event.alarm(alarm);
        }
        calendar.push(event.done());
    }
    Ok(calendar.done())
}

/// The same instant as the calendar's library writes it.
fn utc(at: Timestamp) -> Result<chrono::DateTime<chrono::Utc>, Failure> {
    chrono::DateTime::from_timestamp(at.as_second(), 0)
        .ok_or_else(|| Failure::Input(format!("{at} lies outside what a calendar can hold")))
}
