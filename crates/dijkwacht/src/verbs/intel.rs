//! `dijkwacht intel`: the threat lists that sensors look things up in.

mod folder;
mod lookup;

use std::path::PathBuf;

use facts::{Language, Text};
use feeds::{Folder, FolderError, Name, Source, State, Subscription, Unusable};
use serde_json::json;

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::threat_lists::subscription;
use crate::verbs::{Format, Speech, scan};
pub(crate) use folder::{is_there, may_be_read};

/// Keep lists of what is known to be bad: add them, fetch them, look something up.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht intel add urlhaus\n  dijkwacht intel lookup evil.example 192.0.2.7")]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    /// The folder with the lists; the sensor takes the same.
    #[arg(
        long,
        value_name = "DIR",
        env = "DIJKWACHT_INTEL_DIR",
        default_value = "dijkwacht-data/intel",
        global = true
    )]
    intel_dir: PathBuf,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    format: Format,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Add a list and fetch it: a known one by name, a file, or an address.
    #[command(
        after_help = "Example:\n  dijkwacht intel add https://lists.example/bad.txt --name bad --every 12 --licence CC0\n\n  \
                      dijkwacht intel list --known shows the well-known free lists."
    )]
    Add {
        /// The name of a known list, a file, or http(s)://…; also a folder of MISP's, or a TAXII 2.1 collection.
        #[arg(value_name = "SOURCE")]
        source: String,
        /// What the list is called here and in the evidence [default: made from the source].
        #[arg(long, value_name = "NAME")]
        name: Option<Name>,
        /// Its form, where the content does not tell it: plain, rpz, adblock, csv, misp, stix or suricata.
        #[arg(long = "as", value_name = "FORM")]
        form: Option<intel::Format>,
        /// On what terms it may be used, for whoever asks later.
        #[arg(long, value_name = "TEXT")]
        licence: Option<String>,
        /// How often it is fetched, in hours.
        #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=8760))]
        every: u32,
        /// A file with `user:password` or a token, for a publisher that asks who you are.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
    },
    /// Fetch what is due; a list that fails leaves the last good one.
    #[command(after_help = "Example:\n  dijkwacht intel update\n  dijkwacht intel update urlhaus --now")]
    Update {
        /// Only these.
        #[arg(value_name = "NAME")]
        names: Vec<Name>,
        /// Also what is not due yet.
        #[arg(long)]
        now: bool,
    },
    /// Show the lists: entries, age, licence, what went wrong.
    #[command(after_help = "Example:\n  dijkwacht intel list --known")]
    List {
        /// The well-known free lists that can be added by name, instead.
        #[arg(long)]
        known: bool,
    },
    /// Look up domains, addresses, URLs and fingerprints; exit code 1 when none is listed.
    #[command(after_help = "Example:\n  dijkwacht intel lookup evil.example 192.0.2.7:443 http://bad.example/x.exe")]
    Lookup {
        /// What to look up.
        #[arg(value_name = "INDICATOR", required = true)]
        indicators: Vec<String>,
    },
    /// Remove a list from the folder.
    #[command(after_help = "Example:\n  dijkwacht intel remove urlhaus")]
    Remove {
        #[arg(value_name = "NAME", help = "The list's name")]
        name: Name,
    },
}

static NO_LISTS: Text = Text::new(
    "er zijn nog geen lijsten; `dijkwacht intel list --known` toont bekende gratis lijsten",
    "there are no lists yet; `dijkwacht intel list --known` shows well-known free ones",
);
static NOTHING_DUE: Text = Text::new(
    "geen lijst is al aan de beurt; --now haalt ze toch op",
    "no list is due yet; --now fetches them all the same",
);

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Self {
        Self::Told(error.text())
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let folder = Folder::at(&args.intel_dir);
    match &args.act {
        Act::Add { source, name, form, licence, every, secret_file } => {
            let known = intel::catalogue().iter().find(|known| known.id == *source);
            let (place, subscription) = match known {
                Some(known) => (known.id.clone(), {
                    let usual = subscription(known);
                    Subscription {
                        format: form.map(|form| form.key().to_owned()).or(usual.format),
                        licence: licence.clone().or(usual.licence),
                        secret_file: secret_file.clone(),
                        ..usual
                    }
                }),
                None => (
                    source.clone(),
                    Subscription {
                        source: place(source)?,
                        format: form.map(|form| form.key().to_owned()),
                        licence: licence.clone(),
                        every_hours: *every,
                        secret_file: secret_file.clone(),
                        state: State::default(),
                    },
                ),
            };
            let name = match name.clone().or_else(|| Name::suggested(&place)) {
                Some(name) => name,
                None => {
                    return Err(Failure::Told(Text::made(
                        format!("uit {source} volgt geen naam; geef er een met --name"),
                        format!("{source} suggests no name; give one with --name"),
                    )));
                }
            };
            folder.add(&name, &subscription)?;
            if let Some(known) = known {
                edge::say(&format!("{}: {} {}", known.id, known.licence, known.terms));
            }
            let outcome = update(args, &folder, &name)?;
            // What never came is not kept: its name is free for another try.
            if outcome == Outcome::No {
                folder.remove(&name)?;
            }
            Ok(outcome)
        }
        Act::Update { names, now } => {
            let all = folder.all()?;
            if let Some(missing) = names.iter().find(|name| !all.iter().any(|(known, _)| known == *name)) {
                return Err(FolderError::Missing(missing.clone()).into());
            }
            let (mut outcome, mut is_any_due) = (Outcome::Done, false);
            for (name, subscription) in all.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
                // What is damaged here is made again now, whenever its publisher was asked last.
                let is_due = subscription
                    .as_ref()
                    .is_ok_and(|one| feeds::is_due(one, edge::now()) || folder.check(name, &one.state).is_err());
                if !(is_due || *now || subscription.is_err()) {
                    continue;
                }
                is_any_due = true;
                if update(args, &folder, name)? == Outcome::No {
                    outcome = Outcome::No;
                }
            }
            if all.is_empty() {
                args.speech.say(&NO_LISTS);
            } else if !is_any_due {
                args.speech.say(&NOTHING_DUE);
            }
            Ok(outcome)
        }
        Act::List { known: true } => known(args),
        Act::List { known: false } => list(args, &folder),
        Act::Lookup { indicators } => is_there(&args.intel_dir).and_then(|()| lookup::run(args, &folder, indicators)),
        Act::Remove { name } => {
            folder.remove(name)?;
            args.speech.say(&Text::made(
                format!("{name} is verwijderd; een sensor die loopt vergeet de lijst binnen een minuut"),
                format!("{name} is removed; a running sensor forgets it within a minute"),
            ));
            Ok(Outcome::Done)
        }
    }
}

fn place(source: &str) -> Result<Source, Failure> {
    if let Some((_, rest)) = source.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https")) {
        // Everybody on this machine may read what is known of a list.
        if rest.split(['/', '?']).next().is_some_and(|site| site.contains('@')) {
            return Err(Failure::Told(Text::new(
                "er staat een naam of wachtwoord in het adres; laat die weg, en geef het geheim in een bestand met --secret-file",
                "a name or password stands in the address; leave it out, and give the secret in a file with --secret-file",
            )));
        }
        return Ok(Source::Url(source.to_owned()));
    }
    let path = PathBuf::from(source);
    let path = path.canonicalize().map_err(|error| {
        Failure::Told(Text::made(
            format!(
                "{source} is geen bekende lijst (`dijkwacht intel list --known` toont ze), geen adres en geen bestand dat te lezen is: {error}"
            ),
            format!(
                "{source} is no known list (`dijkwacht intel list --known` shows them), no address and no file that can be read: {error}"
            ),
        ))
    })?;
    Ok(Source::File(path))
}

/// Fetches one and says what came of it.
fn update(args: &Args, folder: &Folder, name: &Name) -> Result<Outcome, Failure> {
    let dutch = args.speech.language() == Language::Dutch;
    let (outcome, line, value) = match feeds::update(folder, name, edge::now()) {
        Ok(feeds::Outcome::Unchanged) => (
            Outcome::Done,
            if dutch { "ongewijzigd".to_owned() } else { "unchanged".to_owned() },
            json!({"list": name.as_str(), "outcome": "unchanged"}),
        ),
        Ok(feeds::Outcome::Renewed { entries, skipped, unusable }) => {
            scan::say_unusable(name.as_str(), &unusable, args.speech);
            let (there, invalid) = (self::entries(entries), sensor::words::lines(unusable.count));
            (
                Outcome::Done,
                if dutch {
                    format!("{}; {} onbruikbaar, {skipped} overgeslagen", there.nl, invalid.nl)
                } else {
                    format!("{}; {} unusable, {skipped} passed over", there.en, invalid.en)
                },
                renewed(name, entries, skipped, &unusable),
            )
        }
        Err(refusal) => {
            let why = refusal.text();
            args.speech.complain(&Text::made(format!("{name}: {}", why.nl), format!("{name}: {}", why.en)));
            (
                Outcome::No,
                String::new(),
                json!({"list": name.as_str(), "outcome": "refused", "why": refusal.to_string()}),
            )
        }
    };
    match args.format {
        Format::Json => edge::print(&format!("{value}\n"))?,
        Format::Text if outcome == Outcome::Done => edge::print(&format!("{name}: {line}\n"))?,
        Format::Text => {}
    }
    Ok(outcome)
}

fn renewed(name: &Name, entries: u64, skipped: u64, unusable: &Unusable) -> serde_json::Value {
    let first: Vec<_> = unusable
        .first
        .iter()
        .map(|one| json!({"line": one.line, "text": one.text, "fault": one.fault.key()}))
        .collect();
    let by_fault: serde_json::Map<_, _> =
        unusable.by_fault.iter().map(|(fault, count)| (fault.key().to_owned(), (*count).into())).collect();
    json!({"list": name.as_str(), "outcome": "renewed", "entries": entries, "invalid": unusable.count, "skipped": skipped,
           "invalid_first": first, "invalid_by_fault": by_fault})
}

fn known(args: &Args) -> Result<Outcome, Failure> {
    for known in intel::catalogue() {
        match args.format {
            Format::Json => edge::print(&format!(
                "{}\n",
                json!({"list": known.id, "publisher": known.publisher, "url": known.url, "every_hours": known.every_hours,
                       "licence": known.licence, "terms": known.terms,
                       "about": {"nl": known.about.nl, "en": known.about.en}})
            ))?,
            Format::Text => edge::print(&format!(
                "{}\n    {}\n    {}; {}\n",
                known.id,
                known.about.in_language(args.speech.language()),
                known.licence,
                known.terms
            ))?,
        }
    }
    Ok(Outcome::Done)
}

fn list(args: &Args, folder: &Folder) -> Result<Outcome, Failure> {
    let all = folder.all()?;
    if all.is_empty() && args.format == Format::Text {
        args.speech.say(&NO_LISTS);
    }
    let mut outcome = Outcome::Done;
    for (name, subscription) in all {
        let one = match subscription {
            Ok(one) => one,
            Err(error) => {
                args.speech.complain(&error.text());
                outcome = Outcome::WrongUsage;
                continue;
            }
        };
        let damage = folder.check(&name, &one.state).err().map(|error| error.text());
        if damage.is_some() {
            outcome = Outcome::WrongUsage;
        }
        match args.format {
            Format::Json => edge::print(&format!("{}\n", as_json(&name, &one, damage.as_ref())))?,
            Format::Text => edge::print(&as_text(&name, &one, damage.as_ref(), args.speech.language()))?,
        }
    }
    Ok(outcome)
}

fn as_json(name: &Name, one: &Subscription, damage: Option<&Text>) -> serde_json::Value {
    let state = &one.state;
    json!({"list": name.as_str(), "source": one.source.to_string(), "licence": one.licence, "entries": state.entries,
           "invalid": state.invalid, "every_hours": one.every_hours, "fetched_at": state.fetched_at,
           "checked_at": state.checked_at, "fault": state.fault, "damage": damage.map(|damage| &damage.en)})
}

/// How much stands on a list.
pub(crate) fn entries(count: u64) -> Text {
    Text::counted(count, Text::new("vermelding", "entry"), Text::new("vermeldingen", "entries"))
}

fn as_text(name: &Name, one: &Subscription, damage: Option<&Text>, language: Language) -> String {
    let (dutch, state) = (language == Language::Dutch, &one.state);
    let hours = state.fetched_at.map(|at| edge::now().duration_since(at).as_hours().max(0));
    let age = match (hours, dutch) {
        (Some(hours), true) => format!("{hours} uur oud"),
        (Some(hours), false) => format!("{hours} h old"),
        (None, true) => "nooit opgehaald".to_owned(),
        (None, false) => "never fetched".to_owned(),
    };
    let licence = one.licence.as_deref().unwrap_or(if dutch { "licentie onbekend" } else { "licence unknown" });
    let entries = entries(state.entries);
    let entries = entries.in_language(language);
    let mut text = format!("{name}: {entries}, {age}; {licence}\n    {}\n", one.source);
    if let Some(damage) = damage {
        let damaged = if dutch { "BESCHADIGD, niet gebruikt" } else { "DAMAGED, not used" };
        text.push_str(&format!("    ! {damaged}: {}\n", damage.in_language(language)));
    }
    let fault = state.fault_nl.as_ref().filter(|_| dutch).or(state.fault.as_ref());
    if let Some(fault) = fault {
        text.push_str(&format!("    ! {fault}\n"));
    }
    text
}
