//! `dijkwacht clock`: every deadline that follows from a moment of awareness.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use facts::{Language, Text};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use law::deadline::{
    ClockStart, ContractTerm, InvalidMoment, Moments, PlannedClock, Precision, TermKind, TermLength, clocks_from,
    read_moment,
};
use law::verdict::CsirtStepKind;
use law::{Pack, Packs};
use sha2::{Digest, Sha256};

use crate::edge;
use crate::law_dir;
use crate::outcome::{Failure, Outcome};
use crate::verbs::Speech;

/// The deadlines that follow from the moment of awareness (kennisname), with their legal basis.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht clock --aware 2026-03-27T15:20\n  dijkwacht clock --aware 2026-10-25T02:30+02:00 --format ics --case \"2026-014 Bakkerij Smit\" > deadlines.ics\n  dijkwacht clock --aware 2026-11-20T16:47 --contract \"Bakkerij Smit=24h\" --contract verzekeraar=2wd"
)]
pub(crate) struct Args {
    /// RFC 3339, RFC 9557, or a civil time read in the zone.
    #[arg(long, value_name = "TIME")]
    aware: String,
    /// The discovery, from which some terms of older or proposed law count; awareness where left out.
    #[arg(long, value_name = "TIME")]
    detected: Option<String>,
    /// When the CSIRT was notified (the 72-hour notification), from which its final report counts.
    #[arg(long, value_name = "TIME")]
    notified: Option<String>,
    /// A term that was agreed with somebody, in hours or working days; may be given more than once.
    #[arg(long, value_name = "NAME=24h|NAME=2wd")]
    contract: Vec<Agreed>,
    /// What the incident is called. In a calendar its deadlines keep their place under this name when awareness moves;
    /// without a name, other arguments make other entries.
    #[arg(long, value_name = "NAME")]
    case: Option<String>,
    /// The zone in which a civil time is read and answers are given.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Amsterdam")]
    zone: String,
    /// The law pack, instead of the one in force at that moment.
    #[arg(long, value_name = "ID")]
    law: Option<String>,
    /// A folder with packs (a folder of TOML files each), beside those that are built in.
    #[arg(long, value_name = "DIR")]
    law_dir: Option<PathBuf>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// In text, also the outer limit by Regulation 1182/71 and the alarms. JSON always has them.
    #[arg(long)]
    detail: bool,
    #[command(flatten)]
    pub(crate) speech: Speech,
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

/// A term as it is written on the command line.
#[derive(Clone, Debug)]
struct Agreed(ContractTerm);

impl FromStr for Agreed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (with, length) = text.rsplit_once('=').ok_or("write it like \"Bakkerij Smit=24h\" or verzekeraar=2wd")?;
        let length: TermLength = length.parse().map_err(|error: law::deadline::InvalidTerm| error.to_string())?;
        let with = with.trim();
        if with.is_empty() || with.chars().any(char::is_control) {
            return Err("name whom to tell, in one line, before the `=`".into());
        }
        let word = |letter: char| if letter.is_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
        let id = format!("{}-{length}", with.chars().map(word).collect::<String>());
        Ok(Self(ContractTerm { id, kind: TermKind::Other, with: with.into(), length }))
    }
}

/// What the answer is about.
struct Asked<'a> {
    aware: Zoned,
    is_estimated: bool,
    /// The pack that judges, then those that run beside it.
    packs: Vec<&'a Pack>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let zone = TimeZone::get(&args.zone)
        .map_err(|_| Failure::about("--zone", &InvalidMoment::UnknownZone { zone: args.zone.clone() }.text()))?;
    let read = |name: &str, text: &str| {
        read_moment(text, &zone).map_err(|error| Failure::about(&format!("--{name}"), &error.text()))
    };
    let moment = read("aware", &args.aware)?;
    let detected = args.detected.as_deref().map(|text| read("detected", text)).transpose()?;
    let notified = args.notified.as_deref().map(|text| read("notified", text)).transpose()?;
    let is_estimated = moment.precision == Precision::DateOnly;
    let at = moment.at.timestamp();
    for (name, other, is_wrong) in [
        ("detected", &detected, detected.as_ref().is_some_and(|other| other.at.timestamp() > at)),
        ("notified", &notified, notified.as_ref().is_some_and(|other| other.at.timestamp() < at)),
    ] {
        if let Some(other) = other.as_ref().filter(|_| is_wrong) {
            let (na, order) = if name == "detected" { ("na", "after") } else { ("vóór", "before") };
            let shown = |at: Timestamp, language| documents::moment(at, &zone, language);
            let said = |language| (shown(other.at.timestamp(), language), shown(at, language));
            let ((other_nl, at_nl), (other_en, at_en)) = (said(Language::Dutch), said(Language::English));
            return Err(Failure::Told(Text::made(
                format!("--{name} ({other_nl}) ligt {na} --aware ({at_nl})"),
                format!("--{name} ({other_en}) lies {order} --aware ({at_en})"),
            )));
        }
    }
    let packs = law_dir::packs(args.law_dir.as_deref())?;
    let asked = Asked {
        aware: moment.at.with_time_zone(zone.clone()),
        is_estimated,
        packs: judging(&packs, at, args.law.as_deref())?,
    };
    let terms: Vec<ContractTerm> = args.contract.iter().map(|agreed| agreed.0.clone()).collect();
    let mut clocks = clocks_from(
        &asked.packs,
        &Moments {
            aware: ClockStart { at, is_provisional: false, is_estimated },
            detected_at: detected.map(|moment| moment.at.timestamp()),
            csirt_notified_at: notified
                .map(|moment| BTreeMap::from([(CsirtStepKind::Notification, moment.at.timestamp())]))
                .unwrap_or_default(),
            terms: &terms,
            zone,
        },
    );
    let case = named(args);
    for clock in &mut clocks {
        clock.uid = format!("{}-{case}@dijkwacht", clock.id);
        if let Some(condition) = asked.only_for(clock) {
            let whole = |condition: &str, what: &str| format!("{condition}: {what}");
            clock.what = Text::made(whole(&condition.nl, &clock.what.nl), whole(&condition.en, &clock.what.en));
        }
    }
    let language = args.speech.language();
    edge::print(&match args.format {
        Format::Text => text(&asked, &clocks, args.detail, language),
        Format::Json => format!("{}\n", json(&asked, &clocks)),
        // The same file at every run, so that a calendar replaces what it has.
        Format::Ics => documents::calendar(&clocks, at, language, args.case.as_deref()),
    })?;
    Ok(Outcome::Done)
}

impl Asked<'_> {
    /// For whom alone a term holds: those of a pack that runs beside, for whom falls under that law.
    fn only_for(&self, clock: &PlannedClock) -> Option<Text> {
        let sets_it = |pack: &&&Pack| pack.deadline_rules().iter().any(|rule| rule.id == clock.id);
        let beside = self.packs.iter().skip(1).find(sets_it)?;
        let title = beside.title();
        Some(Text::made(format!("Valt u onder de {}", title.nl), format!("If you fall under the {}", title.en)))
    }
}

/// What the incident is called in its calendar entries: the same for the same name, wherever its moments move; without a
/// name the same for the same arguments alone.
fn named(args: &Args) -> String {
    let told = match &args.case {
        Some(name) => format!("case\n{name}"),
        None => {
            let Args { aware, detected, notified, contract, zone, law, .. } = args;
            let terms: Vec<_> = contract.iter().map(|agreed| (&agreed.0.with, &agreed.0.id)).collect();
            format!("moments\n{:?}", (aware, detected, notified, terms, zone, law))
        }
    };
    let digest = Sha256::digest(told.as_bytes());
    digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// The pack that judges at a moment, or the one chosen, and those that run beside it then.
fn judging<'a>(packs: &'a Packs, at: Timestamp, chosen: Option<&str>) -> Result<Vec<&'a Pack>, Failure> {
    let judge = packs.judge(at, chosen).map_err(|error| Failure::Told(error.text()))?;
    Ok(std::iter::once(judge).chain(packs.beside(at)).collect())
}

fn text(asked: &Asked, clocks: &[PlannedClock], is_detailed: bool, language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| if language == Language::Dutch { nl } else { en };
    let zone = asked.aware.time_zone();
    let moment = |at: Timestamp| documents::moment(at, zone, language);
    let mut out = format!("{}: {}", say("Kennisname", "Aware"), moment(asked.aware.timestamp()));
    if asked.is_estimated {
        out.push_str(say(" (geschat: alleen een datum)", " (estimated: a date alone)"));
    }
    out.push('\n');
    for clock in clocks {
        out.push_str(&format!("\n{}\n", clock.what.in_language(language)));
        let due = match (clock.target, clock.starts_at, clock.after) {
            (Some(target), ..) => format!("{} {}", say("uiterlijk", "at the latest"), moment(target)),
            (None, None, Some(step)) => {
                format!("{}: {}", say("telt vanaf de stap", "counts from the step"), step.name().in_language(language))
            }
            (None, ..) => {
                say("zo snel mogelijk; de wet noemt geen aantal uren", "as soon as possible; the law gives no number")
                    .into()
            }
        };
        out.push_str(&format!("  {due}\n"));
        if is_detailed {
            if let Some(limit) = clock.limit {
                let label = say("uiterste grens volgens Verordening 1182/71", "outer limit by Regulation 1182/71");
                out.push_str(&format!("  {label}: {}\n", moment(limit)));
            }
            for alarm in &clock.alarms {
                out.push_str(&format!("  {}: {}\n", say("alarm", "alarm"), moment(*alarm)));
            }
        }
        out.push_str(&format!("  {}\n", clock.basis.join("; ")));
    }
    out
}

fn json(asked: &Asked, clocks: &[PlannedClock]) -> serde_json::Value {
    let zone = asked.aware.time_zone();
    let time = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string();
    let list: Vec<_> = clocks
        .iter()
        .map(|clock| {
            serde_json::json!({
                "id": clock.id,
                "kind": clock.kind.key(),
                "duty": clock.duty.map(law::verdict::Duty::key),
                "step": clock.step.map(CsirtStepKind::key),
                "after": clock.after.map(CsirtStepKind::key),
                "what": {"nl": clock.what.nl, "en": clock.what.en},
                "target": clock.target.map(time),
                "limit": clock.limit.map(time),
                "alarms": clock.alarms.iter().copied().map(time).collect::<Vec<_>>(),
                "without_delay": clock.is_without_delay,
                "basis": clock.basis,
            })
        })
        .collect();
    let ids: Vec<_> = asked.packs.iter().map(|pack| pack.id()).collect();
    serde_json::json!({
        "law": ids.first(),
        "beside": ids.get(1..).unwrap_or_default(),
        "aware_at": time(asked.aware.timestamp()),
        "estimated": asked.is_estimated,
        "zone": zone.iana_name(),
        "deadlines": list,
    })
}
