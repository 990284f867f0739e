//! `dijkwacht verify`: whether an exported register is as it was signed; offline, without a server or a database.

use std::path::{Path, PathBuf};

use facts::Language;

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::{Format, Speech};

/// The largest export that is read, in bytes.
const LARGEST_EXPORT: u64 = 2_000_000_000;

/// Check an exported register, offline; names the first place that is not as it was.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  dijkwacht verify register.zip --key dijkwacht/register/…+…   # the key that `export` printed"
)]
pub(crate) struct Args {
    /// The export.
    #[arg(value_name = "FILE.zip")]
    file: PathBuf,
    /// The register's public key as you know it from elsewhere; without it the export's own is used, and the answer says so.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// A newer checkpoint, which the export must not fall behind.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let report = check(&args.file, args.key.as_deref(), args.checkpoint.as_deref())?;
    edge::print(&match args.format {
        Format::Text => text(&report, args.speech.language()),
        Format::Json => format!("{}\n", json(&report)),
    })?;
    Ok(if report.is_sound() { Outcome::Done } else { Outcome::No })
}

/// The report on an export.
pub(crate) fn check(file: &Path, key: Option<&str>, checkpoint: Option<&Path>) -> Result<verify::Report, Failure> {
    let size = std::fs::metadata(file).map_err(|error| Failure::unreadable(file, &error))?.len();
    if size > LARGEST_EXPORT {
        return Err(Failure::Input(format!("{} is larger than any export (2 GB)", file.display())));
    }
    let bytes = std::fs::read(file).map_err(|error| Failure::unreadable(file, &error))?;
    let checkpoint = checkpoint.map(|path| edge::read_text(path, 1_000_000)).transpose()?;
    let options = verify::Options { key, checkpoint: checkpoint.as_deref() };
    verify::verify(&bytes, options).map_err(|error| Failure::Input(format!("{}: {error}", file.display())))
}

/// The report for people.
pub(crate) fn text(report: &verify::Report, language: Language) -> String {
    let say = |text: verify::Text| match language {
        Language::Dutch => text.nl,
        Language::English => text.en,
    };
    let mut lines = vec![say(report.summary()).into_owned()];
    lines.extend(report.findings.iter().map(|finding| format!("- {}", say(finding.text()))));
    if let Some(name) = &report.name {
        lines.push(format!("register: {name} ({})", report.organisation.as_deref().unwrap_or("?")));
    }
    if let Some(checkpoint) = &report.checkpoint {
        lines.push(format!("checkpoint: {} / {}", checkpoint.size, checkpoint.root));
    }
    if let Some(key) = &report.key {
        lines.push(format!("key: {}", key.text));
    }
    lines.join("\n") + "\n"
}

fn json(report: &verify::Report) -> serde_json::Value {
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            let text = finding.text();
            serde_json::json!({
                "member": finding.member(),
                "entry": finding.entry,
                "problem": finding.problem.code(),
                "text": {"nl": text.nl, "en": text.en},
            })
        })
        .collect();
    serde_json::json!({
        "sound": report.is_sound(),
        "organisation": report.organisation,
        "name": report.name,
        "entries": report.entries,
        "erased": report.erased,
        "first_entry": report.first_entry(),
        "checkpoint": report.checkpoint.as_ref().map(|checkpoint| serde_json::json!({
            "size": checkpoint.size, "root": checkpoint.root, "signed_at": checkpoint.signed_at,
        })),
        "key": report.key.as_ref().map(|key| serde_json::json!({
            "text": key.text, "known_from_elsewhere": key.source == verify::KeySource::Given,
        })),
        "findings": findings,
    })
}
