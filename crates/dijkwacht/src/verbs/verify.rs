//! `dijkwacht verify`: whether an exported register, or the file of one case, is as it was signed; offline, without a server or a database.

use std::path::{Path, PathBuf};

use facts::{Language, Text};

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::{Format, Speech};

/// The largest export that is read, in bytes.
const LARGEST_EXPORT: u64 = 2_000_000_000;

/// The largest proof file or checkpoint that is read, in bytes.
const LARGEST_NOTE: u64 = 1_000_000;

/// Check an exported register, the file of one case, or a proof, offline; names the first place that is not as it was.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht verify register.zip --key dijkwacht/register/…+…   # the key that `export` printed\n  dijkwacht verify register.zip --key … --checkpoint mei.txt --checkpoint juni.txt\n  dijkwacht verify dossier-7.zip --key … --language en\n  dijkwacht verify --proof entry-4.tlog-proof --key …"
)]
pub(crate) struct Args {
    /// The export of a register, or the file of a case (`dijkwacht dossier`).
    #[arg(value_name = "FILE.zip", required_unless_present = "proof")]
    file: Option<PathBuf>,
    /// A proof file (see `dijkwacht prove`) instead of an export; needs --key.
    #[arg(long, value_name = "FILE", conflicts_with = "file", requires = "key")]
    proof: Option<PathBuf>,
    /// The register's public key as you know it from elsewhere; without it the export's own is used, and the answer says so.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// A checkpoint that you kept, which the export must not fall behind or contradict. May be given several times.
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// The provider's public key: the newest checkpoint must be countersigned with it.
    #[arg(long, value_name = "KEY", conflicts_with = "proof")]
    provider_key: Option<String>,
    /// The public key of a countersigner elsewhere, who must have signed the export's checkpoint or one given with
    /// --checkpoint. May be given several times.
    #[arg(long = "witness-key", value_name = "KEY", conflicts_with = "proof")]
    witness_keys: Vec<String>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let known = Known {
        key: args.key.as_deref(),
        checkpoints: &args.checkpoints,
        provider_key: args.provider_key.as_deref(),
        witness_keys: &args.witness_keys,
    };
    let (outcome, said) = match (&args.proof, &args.file) {
        (Some(proof), _) => {
            let report = check_proof(proof, &known)?;
            (
                if report.is_sound() { Outcome::Done } else { Outcome::No },
                match args.format {
                    Format::Text => proof_text(&report, &known, args.speech.language()),
                    Format::Json => format!("{}\n", proof_json(&report, &known)),
                },
            )
        }
        (None, file) => {
            let report = check(file.as_deref().unwrap_or(Path::new("register.zip")), &known)?;
            let outcome = match report.is_sound() {
                true => Outcome::Done,
                false if report.is_misgiven() => Outcome::WrongUsage,
                false => Outcome::No,
            };
            (
                outcome,
                match args.format {
                    Format::Text => text(&report, &known, args.speech.language()),
                    Format::Json => format!("{}\n", json(&report, &known)),
                },
            )
        }
    };
    edge::print(&said)?;
    Ok(outcome)
}

/// What is known from elsewhere.
#[derive(Default)]
pub(crate) struct Known<'a> {
    pub(crate) key: Option<&'a str>,
    pub(crate) checkpoints: &'a [PathBuf],
    pub(crate) provider_key: Option<&'a str>,
    pub(crate) witness_keys: &'a [String],
}

impl Known<'_> {
    /// The file of a checkpoint, by which of them it is.
    fn file(&self, place: usize) -> Option<&Path> {
        self.checkpoints.get(place.checked_sub(1)?).map(PathBuf::as_path)
    }

    fn file_name(&self, place: usize) -> Option<String> {
        self.file(place).map(|file| file.display().to_string())
    }

    /// The files of the checkpoints given, in their order.
    fn file_names(&self) -> Vec<String> {
        self.checkpoints.iter().map(|file| file.display().to_string()).collect()
    }

    /// Which of the checkpoints given it is, with its file.
    fn named(&self, place: usize, word: &str) -> String {
        match self.file(place) {
            Some(file) => format!("{word} {place} ({})", file.display()),
            None => format!("{word} {place}"),
        }
    }

    fn notes(&self) -> Result<Vec<String>, Failure> {
        self.checkpoints.iter().map(|path| edge::read_kept(path, LARGEST_NOTE)).collect()
    }
}

/// The report on an export.
pub(crate) fn check(file: &Path, known: &Known<'_>) -> Result<verify::Report, Failure> {
    let size = std::fs::metadata(file).map_err(|error| Failure::unreadable(file, &error))?.len();
    if size > LARGEST_EXPORT {
        let file = file.display();
        return Err(Failure::Told(Text::made(
            format!("{file} is groter dan een export of dossier ooit is (2 GB)"),
            format!("{file} is larger than any export or file of a case (2 GB)"),
        )));
    }
    let bytes = std::fs::read(file).map_err(|error| Failure::unreadable(file, &error))?;
    let notes = known.notes()?;
    let checkpoints: Vec<&str> = notes.iter().map(String::as_str).collect();
    let witness_keys: Vec<&str> = known.witness_keys.iter().map(String::as_str).collect();
    let options = verify::Options {
        key: known.key,
        checkpoints: &checkpoints,
        provider_key: known.provider_key,
        witness_keys: &witness_keys,
    };
    verify::verify(&bytes, options).map_err(|error| {
        let file = error.checkpoint().and_then(|place| known.file(place)).unwrap_or(file);
        about(file, &error.text())
    })
}

/// The report on a proof file.
fn check_proof(file: &Path, known: &Known<'_>) -> Result<verify::ProofReport, Failure> {
    let text = edge::read_kept(file, LARGEST_NOTE)?;
    let notes = known.notes()?;
    let kept: Vec<&str> = notes.iter().map(String::as_str).collect();
    verify::check_proof(&text, known.key.unwrap_or_default(), &kept).map_err(|error| {
        let file = error.checkpoint().and_then(|place| known.file(place)).unwrap_or(file);
        about(file, &error.text())
    })
}

fn about(file: &Path, why: &verify::Text) -> Failure {
    Failure::about(&file.display().to_string(), &Text::made(why.nl.clone().into_owned(), why.en.clone().into_owned()))
}

/// The report on a proof for people.
fn proof_text(report: &verify::ProofReport, known: &Known<'_>, language: Language) -> String {
    let is_dutch = language == Language::Dutch;
    // The proof may be good, and what it was held against another checkpoint than it is of.
    let is_unanswered = report.findings.iter().all(|one| {
        let is_slip = one.given.is_some() && ["other_register", "signature_missing"].contains(&one.code);
        is_slip || ["earlier_needed", "not_compared"].contains(&one.code)
    });
    let mut lines = vec![match (report.is_sound(), &report.proved, is_dutch) {
        (false, _, true) if is_unanswered => "Zo toont het bewijs nog niets.".to_owned(),
        (false, _, false) if is_unanswered => "Like this the proof shows nothing yet.".to_owned(),
        (false, _, true) => "Het bewijs klopt niet.".to_owned(),
        (false, _, false) => "The proof does not hold.".to_owned(),
        (true, verify::Proved::Entry { index, .. }, true) => format!("Inschrijving {index} staat in het register."),
        (true, verify::Proved::Entry { index, .. }, false) => format!("Entry {index} stands in the register."),
        (true, verify::Proved::Growth { from }, true) => {
            format!("Het register zet zijn eerste {from} inschrijvingen ongewijzigd voort.")
        }
        (true, verify::Proved::Growth { from }, false) => {
            format!("The register continues its first {from} entries, unchanged.")
        }
    }];
    for finding in &report.findings {
        let place = finding.given.map_or(String::new(), |place| format!("{}: ", known.named(place, "checkpoint")));
        lines.push(format!("- {place}{}", if is_dutch { &finding.text.nl } else { &finding.text.en }));
    }
    if let (true, verify::Proved::Entry { leaf, .. }) = (report.is_sound(), &report.proved) {
        lines.extend(leaf.lines().map(|line| format!("  {line}")));
    }
    lines.push(format!("checkpoint: {} / {}", report.checkpoint.size, report.checkpoint.root));
    lines.join("\n") + "\n"
}

fn proof_json(report: &verify::ProofReport, known: &Known<'_>) -> serde_json::Value {
    let findings = report.findings.iter().map(|finding| {
        serde_json::json!({
            "checkpoint": finding.given, "checkpoint_file": finding.given.and_then(|place| known.file_name(place)),
            "problem": finding.code, "text": {"nl": finding.text.nl, "en": finding.text.en},
        })
    });
    let findings: Vec<_> = findings.collect();
    let (index, leaf, from) = match &report.proved {
        verify::Proved::Entry { index, leaf } => (Some(index), Some(leaf), None),
        verify::Proved::Growth { from } => (None, None, Some(from)),
    };
    serde_json::json!({
        "sound": report.is_sound(),
        "organisation": report.organisation,
        "entry": index,
        "leaf": leaf,
        "from": from,
        "checkpoint": {
            "size": report.checkpoint.size, "root": report.checkpoint.root, "signed_at": report.checkpoint.signed_at,
        },
        "checkpoint_files": known.file_names(),
        "findings": findings,
    })
}

/// The report for people.
pub(crate) fn text(report: &verify::Report, known: &Known<'_>, language: Language) -> String {
    let say = |text: verify::Text| match language {
        Language::Dutch => text.nl,
        Language::English => text.en,
    };
    let word = |nl: &'static str, en: &'static str| Text::new(nl, en).in_language(language).to_owned();
    let mut lines = vec![say(report.summary()).into_owned()];
    let given = word("gegeven checkpoint", "checkpoint given");
    let about = |finding: &verify::Finding| match finding.subject {
        verify::Subject::GivenCheckpoint(place) => {
            let entry =
                finding.entry.map_or(String::new(), |entry| format!(", {} {entry}", word("inschrijving", "entry")));
            format!("{}{entry}: {}", known.named(place, &given), say(finding.problem.text()))
        }
        _ => say(finding.text()).into_owned(),
    };
    lines.extend(report.findings.iter().map(|finding| format!("- {}", about(finding))));
    lines.extend(report.notes.iter().map(|note| format!("{}: {}", word("opmerking", "note"), about(note))));
    if report.is_sound() {
        lines.extend(report.proves().map(|text| say(text).into_owned()));
    }
    if let Some(name) = &report.name {
        lines.push(format!("register: {name} ({})", report.organisation.as_deref().unwrap_or("?")));
    }
    if let Some(checkpoint) = &report.checkpoint {
        lines.push(format!("checkpoint: {} / {}", checkpoint.size, checkpoint.root));
    }
    for other in &report.countersignatures {
        let when = match &other.checked {
            verify::Countersigned::At(moment) => moment.clone(),
            verify::Countersigned::ByNoneOfTheKeys => {
                word("niet gecontroleerd; van geen van de gegeven sleutels", "not checked; by none of the keys given")
            }
            verify::Countersigned::Unchecked => word(
                "niet gecontroleerd; geef --provider-key of --witness-key",
                "not checked; give --provider-key or --witness-key",
            ),
        };
        let under = other.given.map_or(String::new(), |place| format!(", {}", known.named(place, &given)));
        lines.push(format!("{}{under}: {} ({when})", word("medeondertekend", "countersigned"), other.by));
    }
    if let Some(stamp) = &report.stamp {
        let (stamped, entries) = (word("tijdstempel", "time stamp"), word("inschrijvingen", "entries"));
        lines.push(format!("{stamped}: {} {entries}, {}", stamp.size, stamp.at));
    }
    for erasure in &report.erasures {
        let why = match erasure.by {
            Some(by) => format!("{} {by}", word("waarom staat in", "the reason is in")),
            None => word("geen inschrijving zegt waarom", "no entry says why"),
        };
        lines.push(format!("{}: {} ({why})", word("gewist", "erased"), ranges(&erasure.entries)));
    }
    for name in report.dossier.iter().flat_map(|dossier| &dossier.left_out) {
        lines.push(format!("{}: {name}", word("weggelaten", "left out")));
    }
    if let Some(key) = &report.key {
        lines.push(format!("{}: {}", word("sleutel", "key"), key.text));
    }
    lines.join("\n") + "\n"
}

/// Rising numbers, those that follow each other as from–to.
fn ranges(numbers: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers.iter().copied() {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let said =
        runs.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") });
    said.collect::<Vec<_>>().join(", ")
}

fn json(report: &verify::Report, known: &Known<'_>) -> serde_json::Value {
    let each = |findings: &[verify::Finding]| -> Vec<_> {
        let said = findings.iter().map(|finding| {
            let text = finding.text();
            serde_json::json!({
                "member": finding.member(),
                "checkpoint_file": match finding.subject {
                    verify::Subject::GivenCheckpoint(place) => known.file_name(place),
                    _ => None,
                },
                "entry": finding.entry,
                "problem": finding.problem.code(),
                "text": {"nl": text.nl, "en": text.en},
            })
        });
        said.collect()
    };
    serde_json::json!({
        "sound": report.is_sound(),
        "misgiven": report.is_misgiven(),
        "organisation": report.organisation,
        "name": report.name,
        "entries": report.entries,
        "erased": report.erased,
        "erased_entries": report.erased_entries,
        "erasures": report.erasures.iter().map(|erasure| serde_json::json!({
            "explained_by": erasure.by, "entries": erasure.entries,
        })).collect::<Vec<_>>(),
        "dossier": report.dossier.as_ref().map(|dossier| serde_json::json!({
            "incident": dossier.incident, "left_out": dossier.left_out,
            "proves": report.proves().filter(|_| report.is_sound()).map(|text| serde_json::json!({"nl": text.nl, "en": text.en})),
        })),
        // Of what does not hold nothing is said to be proved.
        "files": report.is_sound().then(|| serde_json::json!({
            "proved_by_tree": report.proved, "only_signed": report.only_signed,
        })),
        "first_entry": report.first_entry(),
        "checkpoint": report.checkpoint.as_ref().map(|checkpoint| serde_json::json!({
            "size": checkpoint.size, "root": checkpoint.root, "signed_at": checkpoint.signed_at,
        })),
        "countersignatures": report.countersignatures.iter().map(|other| serde_json::json!({
            "by": other.by,
            "checkpoint": other.given,
            "checkpoint_file": other.given.and_then(|place| known.file_name(place)),
            "signed_at": match &other.checked {
                verify::Countersigned::At(moment) => Some(moment),
                verify::Countersigned::ByNoneOfTheKeys | verify::Countersigned::Unchecked => None,
            },
        })).collect::<Vec<_>>(),
        "time_stamp": report.stamp.as_ref().map(|stamp| serde_json::json!({"size": stamp.size, "at": stamp.at})),
        "checkpoints_compared": report.compared,
        "checkpoint_files": known.file_names(),
        "key": report.key.as_ref().map(|key| serde_json::json!({
            "text": key.text, "known_from_elsewhere": key.source == verify::KeySource::Given,
        })),
        "findings": each(&report.findings),
        "notes": each(&report.notes),
    })
}
