//! `dijkwacht assess`: the verdict on files of facts.

use std::path::PathBuf;

use facts::Language;
use law::verdict::{Duty, Outcome as Answer, Verdict};

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::law_dir;
use crate::verbs::{Format, Speech};

/// The largest file of facts that is read, in bytes.
const LARGEST_FILE: u64 = 100_000_000;

/// What the law asks, given the facts of an incident; what is unknown stays unknown.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht assess facts.json\n  cat facts.jsonl | dijkwacht assess -")]
pub(crate) struct Args {
    /// A JSON object of facts; a JSON array or JSON Lines gives one verdict a line. - is standard input.
    #[arg(value_name = "FACTS.json")]
    file: PathBuf,
    /// The law pack, instead of the one in force at the moment of awareness.
    #[arg(long, value_name = "ID")]
    law: Option<String>,
    /// A folder with law packs (a folder of TOML files each), beside those that are built in.
    #[arg(long, value_name = "DIR")]
    law_dir: Option<PathBuf>,
    /// Text is for people; JSON, one verdict a line, for programs.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    #[command(flatten)]
    speech: Speech,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let written = edge::read_text(&args.file, LARGEST_FILE)?;
    let named = |line: String| format!("{}: {line}", args.file.display());
    let read = contract::facts::read_many(&written).map_err(|problems| {
        Failure::Input(problems.iter().map(|problem| named(problem.to_string())).collect::<Vec<_>>().join("\n"))
    })?;
    let packs = law_dir::packs(args.law_dir.as_deref())?;
    let now = edge::now();
    for situation in &read.situations {
        let verdict = packs.assess(situation, now, args.law.as_deref());
        let verdict = verdict.map_err(|error| Failure::Input(named(error.to_string())))?;
        edge::print(&match args.format {
            Format::Json => format!("{}\n", contract::verdict::to_json(&verdict)),
            Format::Text => text(&verdict, args.speech.language()),
        })?;
    }
    Ok(Outcome::Done)
}

/// The verdict for people: each duty with its answer and articles, then why, then what is still unknown.
fn text(verdict: &Verdict, language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| if language == Language::Dutch { nl } else { en };
    let mut out = String::new();
    if let Some(id) = &verdict.id {
        out.push_str(&format!("{id}\n"));
    }
    for duty in Duty::ALL {
        let answer = verdict.duty(duty);
        let word = match answer.outcome {
            Answer::Required => say("ja, dit moet", "yes, this is required"),
            Answer::NotRequired => say("nee, dit hoeft niet", "no, this is not required"),
            Answer::Undetermined => say(
                "dat hangt nog van onbekende feiten af; handel uit voorzorg alsof het moet",
                "that depends on facts still unknown; act as if it were required, to be safe",
            ),
        };
        let basis = if answer.basis.is_empty() { String::new() } else { format!(" ({})", answer.basis.join("; ")) };
        out.push_str(&format!("- {}: {word}{basis}\n", duty.name().in_language(language)));
    }
    if let Some(deadline) = verdict.deadline {
        let zone = jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap_or(jiff::tz::TimeZone::UTC);
        out.push_str(&format!(
            "{} {}\n",
            say("Melden: zo snel mogelijk, uiterlijk", "Notify: as soon as possible, at the latest"),
            documents::moment(deadline.target, &zone, language)
        ));
    }
    out.push_str(say("Waarom:\n", "Why:\n"));
    for reason in &verdict.reasons {
        out.push_str(&format!("- {} ({})\n", reason.text.in_language(language), reason.cites.join("; ")));
    }
    if !verdict.missing.is_empty() {
        out.push_str(say("Nog te beantwoorden:\n", "Still to answer:\n"));
        for fact in &verdict.missing {
            out.push_str(&format!("- {} ({})\n", fact.question().in_language(language), fact.key()));
        }
    }
    for advice in &verdict.advice {
        out.push_str(&format!("> {}\n", advice.text.in_language(language)));
    }
    out
}
