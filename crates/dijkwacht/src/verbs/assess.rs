//! `dijkwacht assess`: the verdict on files of facts.

use std::collections::BTreeSet;
use std::path::PathBuf;

use documents::explanation::{director_sentence, duty_answer, open_questions, what_ifs};
use facts::{Language, Text};
use law::verdict::{Duty, Verdict};

use crate::edge;
use crate::law_dir;
use crate::outcome::{Failure, Outcome};
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
    pub(crate) speech: Speech,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let written = edge::read_text(&args.file, LARGEST_FILE)?;
    let language = args.speech.language();
    let complain = |line: &Text| edge::complain(&format!("{}: {}", args.file.display(), line.in_language(language)));
    let read = contract::facts::read_each(&written);
    let packs = law_dir::packs(args.law_dir.as_deref())?;
    let now = edge::now();
    if args.law.is_some() {
        // A wrong name is wrong for all of them, and is said once.
        packs.judge(now, args.law.as_deref()).map_err(|error| Failure::Told(error.text()))?;
    }
    let mut outcome = Outcome::Done;
    // What one part lacks is said; the others are judged all the same.
    for (index, situation) in read.read.iter().enumerate() {
        let situation = match situation {
            Ok(situation) => situation,
            Err(problems) => {
                problems.iter().for_each(|problem| complain(&problem.text()));
                outcome = Outcome::WrongUsage;
                continue;
            }
        };
        match packs.assess(situation, now, args.law.as_deref()) {
            Ok(verdict) => edge::print(&match args.format {
                Format::Json => format!("{}\n", contract::verdict::to_json(&verdict)),
                Format::Text => text(&verdict, language),
            })?,
            Err(error) => {
                let why = error.text();
                complain(&if read.is_single { why } else { numbered(index, situation.id.as_deref(), &why) });
                outcome = Outcome::WrongUsage;
            }
        }
    }
    Ok(outcome)
}

/// An error about one of several, which is named by its place (counted from 1) and its own name.
fn numbered(index: usize, id: Option<&str>, why: &Text) -> Text {
    let id = id.map_or_else(String::new, |id| format!(" (`{id}`)"));
    let number = index + 1;
    Text::made(format!("voorval {number}{id}: {}", why.nl), format!("incident {number}{id}: {}", why.en))
}

/// The verdict for people: the sentence, each duty with its answer and articles, why, what would change it, what is asked.
fn text(verdict: &Verdict, language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| Text::new(nl, en).in_language(language).to_owned();
    let mut out = String::new();
    if let Some(id) = &verdict.id {
        out.push_str(&format!("{id}\n"));
    }
    let until = verdict.deadline.map(|deadline| {
        let zone = jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap_or(jiff::tz::TimeZone::UTC);
        let words = |language| documents::moment(deadline.target, &zone, language);
        Text::made(words(Language::Dutch), words(Language::English))
    });
    out.push_str(&format!("{}\n", director_sentence(verdict, until.as_ref()).in_language(language)));
    for duty in Duty::ALL {
        // Two of the five are not in play for most; that they need not be done is said where somebody could expect it.
        let is_aside = matches!(duty, Duty::NotifyControllers | Duty::NotifyCsirt);
        if is_aside && verdict.duty(duty).outcome == law::verdict::Outcome::NotRequired {
            continue;
        }
        let basis = &verdict.duty(duty).basis;
        let basis = if basis.is_empty() { String::new() } else { format!(" ({})", basis.join("; ")) };
        let answer = duty_answer(verdict, duty);
        out.push_str(&format!("- {}: {}{basis}\n", duty.name().in_language(language), answer.in_language(language)));
    }
    out.push_str(&say("Waarom:\n", "Why:\n"));
    let mut told = BTreeSet::new();
    for reason in &verdict.reasons {
        // A rule that carries several duties is told once.
        if told.insert(&reason.rule) {
            out.push_str(&format!("- {} ({})\n", reason.text.in_language(language), reason.cites.join("; ")));
        }
    }
    let what_ifs = what_ifs(verdict);
    if !what_ifs.is_empty() {
        out.push_str(&say("Wat dit zou veranderen:\n", "What would change this:\n"));
    }
    for what_if in &what_ifs {
        out.push_str(&format!("- {}\n", what_if.text.in_language(language)));
    }
    let questions = open_questions(verdict);
    if !questions.is_empty() {
        out.push_str(&say("Nog te beantwoorden:\n", "Still to answer:\n"));
    }
    for question in &questions {
        out.push_str(&format!("- {} ({})\n", question.question.in_language(language), question.fact.key()));
    }
    for advice in &verdict.advice {
        out.push_str(&format!("> {}\n", advice.text.in_language(language)));
    }
    out
}
