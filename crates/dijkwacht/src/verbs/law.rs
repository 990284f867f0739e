//! `dijkwacht law`: the law packs, and what is wrong with them.

use std::path::{Path, PathBuf};

use facts::Language;
use law::{Pack, Packs};

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::Speech;

/// The largest file of a pack that is read, in bytes.
const LARGEST_FILE: u64 = 2_000_000;

/// Look at the law packs: which there are, what they say, whether they hold together.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht law check --law-dir my-packs")]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// A folder with packs (a folder of TOML files each), beside those that are built in.
    #[arg(long, value_name = "DIR", global = true)]
    law_dir: Option<PathBuf>,
    #[command(flatten)]
    speech: Speech,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Look for what is wrong: unknown facts, uncited rules, missing texts, rules out of reach.
    Check,
    /// Which packs there are, and when they are in force.
    List,
    /// The rules of a pack, with their sources.
    Show {
        #[arg(value_name = "ID", default_value = "avg")]
        id: String,
    },
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let folders = args.law_dir.as_deref().map(pack_folders).transpose()?.unwrap_or_default();
    match &args.act {
        Act::Check => check(&folders),
        Act::List => {
            let packs = load(&folders)?;
            for pack in packs.iter() {
                edge::print(&heading(pack, args.speech.language()))?;
            }
            Ok(Outcome::Done)
        }
        Act::Show { id } => {
            let packs = load(&folders)?;
            let pack = packs.by_id(id).map_err(|error| Failure::Input(error.to_string()))?;
            edge::print(&whole(pack, args.speech.language()))?;
            Ok(Outcome::Done)
        }
    }
}

fn heading(pack: &Pack, language: Language) -> String {
    let day = |date: Option<jiff::civil::Date>| date.map_or("…".to_owned(), |date| date.to_string());
    format!(
        "{}\t{}\t{} – {}\t{}\n",
        pack.id(),
        pack.edition(),
        day(pack.in_force_from()),
        day(pack.in_force_until()),
        pack.title().in_language(language)
    )
}

fn whole(pack: &Pack, language: Language) -> String {
    let mut out = heading(pack, language);
    out.push_str(&format!("{}\n\n", pack.source()));
    for parameter in pack.parameters() {
        out.push_str(&format!(
            "{} = {} {} [{}] {}\n",
            parameter.id,
            parameter.value,
            parameter.unit,
            parameter.mark.sign(),
            parameter.set_by
        ));
    }
    for rule in pack.rules() {
        out.push_str(&format!(
            "\n{} [{}] {}\n  {}\n",
            rule.id,
            rule.mark.sign(),
            rule.cites.join("; "),
            rule.text.in_language(language)
        ));
    }
    out
}

/// A pack as files: name and text.
type Files = Vec<(String, String)>;

fn check(folders: &[(PathBuf, Files)]) -> Result<Outcome, Failure> {
    let mut flaws = 0;
    if let Err(invalid) = Packs::builtin() {
        flaws += 1;
        edge::print(&format!("{invalid}\n"))?;
    }
    for (folder, files) in folders {
        let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        for problem in Pack::check(&files) {
            flaws += 1;
            edge::print(&format!("{}/{problem}\n", folder.display()))?;
        }
    }
    edge::say(&format!("{} pack(s) looked at, {flaws} flaw(s)", folders.len() + 1));
    Ok(if flaws == 0 { Outcome::Done } else { Outcome::No })
}

fn load(folders: &[(PathBuf, Files)]) -> Result<Packs, Failure> {
    let mut packs: Vec<Pack> = Packs::builtin().map_err(anyhow::Error::new)?.into_packs();
    for (folder, files) in folders {
        let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let pack = Pack::parse(&files).map_err(|error| Failure::Input(format!("{}: {error}", folder.display())))?;
        packs.push(pack);
    }
    Ok(Packs::of(packs))
}

/// The folder itself when it is a pack, else every folder in it that is one.
fn pack_folders(folder: &Path) -> Result<Vec<(PathBuf, Files)>, Failure> {
    if folder.join("pack.toml").is_file() {
        return Ok(vec![(folder.to_owned(), read_files(folder)?)]);
    }
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let mut inner: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join("pack.toml").is_file()).collect();
    inner.sort();
    if inner.is_empty() {
        return Err(Failure::Input(format!("{} holds no pack: there is no pack.toml in it", folder.display())));
    }
    inner.into_iter().map(|path| Ok((path.clone(), read_files(&path)?))).collect()
}

fn read_files(folder: &Path) -> Result<Files, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let mut paths: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.into_iter().map(|path| Ok((name(&path), edge::read_text(&path, LARGEST_FILE)?))).collect()
}
