//! `dijkwacht law`: the law packs: which there are, what they say, and whether they hold together.

mod json;

use std::path::PathBuf;

use documents::{law_page, standing_in_words};
use facts::{Language, Text};
use law::pack::{PackProblem, Proof};
use law::{Pack, PackFiles, Packs};

use crate::edge;
use crate::law_dir;
use crate::outcome::{Failure, Outcome};
use crate::verbs::Speech;

/// Look at the law packs: which there are, what they say, whether they hold together.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht law list\n  dijkwacht law show cbw --format markdown\n  dijkwacht law check --law-dir my-packs"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// A folder with packs (a folder of TOML files each), beside those that are built in.
    #[arg(long, value_name = "DIR", global = true)]
    law_dir: Option<PathBuf>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    format: Format,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

/// How the packs are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For pages.
    Markdown,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Look for what is wrong: gaps, rules that conflict (with the smallest set of facts that shows it), unknown facts,
    /// uncited rules, texts missing in a language, rules out of reach. Exit code 1 when anything is.
    #[command(after_help = "Example:\n  dijkwacht law check --law-dir my-packs")]
    Check,
    /// Which packs there are, when they are in force, and what standing they have.
    #[command(after_help = "Example:\n  dijkwacht law list --format json")]
    List,
    /// A pack whole: terms, numbers that the law leaves open, rules with their sources and how far those were checked,
    /// and what is not modelled.
    #[command(after_help = "Example:\n  dijkwacht law show cbw --format markdown")]
    Show {
        /// The pack, as `law list` names it.
        #[arg(value_name = "ID", default_value = "avg")]
        id: String,
    },
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let language = args.speech.language();
    match &args.act {
        Act::Check => check(args),
        Act::List => {
            let packs = law_dir::packs(args.law_dir.as_deref())?;
            edge::print(&list(&packs, args.format, language))?;
            Ok(Outcome::Done)
        }
        Act::Show { id } => {
            let packs = law_dir::packs(args.law_dir.as_deref())?;
            let pack = packs.by_id(id).map_err(|error| Failure::Told(error.text()))?;
            edge::print(&match args.format {
                Format::Text => law_page(pack, language).to_text(),
                Format::Markdown => law_page(pack, language).to_markdown(),
                Format::Json => json::pack(pack),
            })?;
            Ok(Outcome::Done)
        }
    }
}

fn list(packs: &Packs, format: Format, language: Language) -> String {
    match format {
        Format::Json => json::list(packs),
        Format::Text => packs.iter().map(|pack| heading(pack, language)).collect(),
        Format::Markdown => index(packs, language),
    }
}

fn day(date: Option<jiff::civil::Date>) -> String {
    date.map_or_else(|| "…".to_owned(), |date| date.to_string())
}

/// Id, edition, dates, standing, title: one line, with tabs between.
fn heading(pack: &Pack, language: Language) -> String {
    let standing = standing_in_words(pack.status(None), pack.is_beside());
    format!(
        "{}\t{}\t{} – {}\t{}\t{}\n",
        pack.id(),
        pack.edition(),
        day(pack.in_force_from()),
        day(pack.in_force_until()),
        standing.in_language(language),
        pack.title().in_language(language)
    )
}

/// A page that leads to the pages of the packs.
fn index(packs: &Packs, language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| Text::new(nl, en).in_language(language).to_owned();
    let mut out = format!(
        "# {}\n\n{}\n\n| {} | {} | {} | {} |\n| --- | --- | --- | --- |\n",
        say("De wet, als regels", "The law, as rules"),
        say(
            "Elk pakket op een eigen bladzijde, met zijn bronnen. `dijkwacht law show ID --format markdown` maakt ze.",
            "Each pack on a page of its own, with its sources. `dijkwacht law show ID --format markdown --language en` makes them.",
        ),
        say("pakket", "pack"),
        say("geldt", "in force"),
        say("stand", "standing"),
        say("uitgave", "edition"),
    );
    let ending = if language == Language::Dutch { "md" } else { "en.md" };
    for pack in packs.iter() {
        let standing = standing_in_words(pack.status(None), pack.is_beside());
        out.push_str(&format!(
            "| [{}]({}.{ending}) | {} – {} | {} | {} |\n",
            pack.title().in_language(language),
            pack.id(),
            day(pack.in_force_from()),
            day(pack.in_force_until()),
            standing.in_language(language),
            pack.edition(),
        ));
    }
    out
}

/// What looking at the packs found: of each sound one how much was proved, and everything that is wrong.
struct Checked {
    sound: Vec<(String, String, Proof)>,
    looked_at: usize,
    problems: Vec<PackProblem>,
}

fn check(args: &Args) -> Result<Outcome, Failure> {
    let language = args.speech.language();
    let more = args.law_dir.as_deref().map(law_dir::read).transpose()?.unwrap_or_default();
    let mut library: Vec<PackFiles> = law::builtin_files();
    let mut are_all_read = true;
    for pack in more {
        match pack {
            Ok(files) => library.push(files),
            // The others are looked at all the same.
            Err(failure) => {
                edge::complain(&failure.in_language(language));
                are_all_read = false;
            }
        }
    }
    let checked = look_at(&library);
    edge::print(&match args.format {
        Format::Json => json::checked(&checked),
        Format::Text | Format::Markdown => in_words(&checked, language),
    })?;
    Ok(match (are_all_read, checked.problems.is_empty()) {
        (false, _) => Outcome::WrongUsage,
        (true, true) => Outcome::Done,
        (true, false) => Outcome::No,
    })
}

fn look_at(library: &[PackFiles]) -> Checked {
    let mut sound = Vec::new();
    for files in library {
        if let Ok(pack) = Pack::parse_beside(files, library) {
            sound.push((pack.id().to_owned(), pack.edition().to_owned(), pack.proof()));
        }
    }
    let problems = Packs::load(library).err().map(|invalid| invalid.problems).unwrap_or_default();
    Checked { sound, looked_at: library.len(), problems }
}

fn in_words(checked: &Checked, language: Language) -> String {
    let say = |nl: String, en: String| if language == Language::Dutch { nl } else { en };
    let mut out = String::new();
    for (id, edition, Proof { tables, rules, stretches, combinations }) in &checked.sound {
        let combinations = rounded(*combinations, language);
        out.push_str(&say(
            format!("{id} {edition}: {tables} tabel(len), {rules} regel(s); geen gat en geen tegenspraak in {combinations} samenlopen van feiten, in {stretches} tijdvak(ken)\n"),
            format!("{id} {edition}: {tables} table(s), {rules} rule(s); no gap and no conflict in {combinations} combinations of facts, in {stretches} stretch(es) of time\n"),
        ));
    }
    for problem in &checked.problems {
        out.push_str(&format!("{}\n", problem.text().in_language(language)));
    }
    let (looked_at, wrong) = (checked.looked_at, checked.problems.len());
    out.push_str(&say(
        format!("{looked_at} pakket(ten) bekeken, {wrong} gebrek(en)\n"),
        format!("{looked_at} pack(s) looked at, {wrong} flaw(s)\n"),
    ));
    out
}

/// A count as people read it: whole while it is small, else as a power of ten.
fn rounded(count: u128, language: Language) -> String {
    if count < 1_000_000 {
        return count.to_string();
    }
    let digits = count.to_string();
    let (first, rest) = digits.split_at(1);
    let (second, _) = rest.split_at(1);
    let point = if language == Language::Dutch { ',' } else { '.' };
    format!("{first}{point}{second} × 10^{}", rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_counts_read_as_powers_of_ten() {
        assert_eq!(rounded(999_999, Language::Dutch), "999999");
        assert_eq!(rounded(1_234_567, Language::Dutch), "1,2 × 10^6");
        assert_eq!(rounded(98_000_000_000, Language::English), "9.8 × 10^10");
    }
}
