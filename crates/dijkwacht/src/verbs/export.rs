//! `dijkwacht export`: the register of an organisation, with everything needed to check it, or as a file to read.

use std::path::{Path, PathBuf};

use app::lists::Filter;
use app::{Changed, RegisterForm};
use facts::Language;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::counted::counted;
use crate::outcome::{Failure, Outcome};
use crate::outlet::{Force, Outlet};
use crate::safekeeping::changed::remedy;
use crate::wiring::{self, DataFolder};
use crate::{edge, verbs::organisation};

/// Write an organisation's register: to a zip that anyone can verify offline, or as PDF, XLSX, CSV or JSON.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht export --organisation bakkerij-jansen --out register.zip")]
pub(crate) struct Args {
    /// The organisation, by its short name (see `dijkwacht organisation list`) or id.
    #[arg(long, value_name = "ID")]
    organisation: String,
    /// Where to write it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    force: Force,
    /// What to write: `zip` is the one that can be verified.
    #[arg(long, value_enum, default_value_t = Form::Zip)]
    format: Form,
    /// Only incidents recorded on this day or later, as 2026-01-31; for every format but `zip`.
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<Date>,
    /// Only incidents recorded on this day or earlier; for every format but `zip`.
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Option<Date>,
    /// Write the zip although entries are not what was written: each is named, `dijkwacht verify` names it too, and this ends with 1.
    #[arg(long)]
    even_changed: bool,
    /// The language of what is written; the zip is Dutch.
    #[arg(long, value_name = "nl|en", default_value = "nl", value_parser = crate::verbs::language)]
    language: Language,
    #[command(flatten)]
    folder: DataFolder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    Zip,
    Pdf,
    Xlsx,
    Csv,
    Json,
}

impl Form {
    fn of_register(self) -> Option<RegisterForm> {
        match self {
            Self::Zip => None,
            Self::Pdf => Some(RegisterForm::Pdf),
            Self::Xlsx => Some(RegisterForm::Xlsx),
            Self::Csv => Some(RegisterForm::Csv),
            Self::Json => Some(RegisterForm::Json),
        }
    }
}

impl Args {
    /// The days that were asked, as moments in the organisation's zone.
    fn period(&self, zone: &str) -> Result<Filter, Failure> {
        let zone = TimeZone::get(zone).map_err(|error| Failure::Fault(error.into()))?;
        let begin = |day: Date| day.to_zoned(zone.clone()).map(|start| start.timestamp());
        let wrong = |error: jiff::Error| Failure::Input(format!("--from or --until is no day here: {error}"));
        let opened_from = self.from.map(begin).transpose().map_err(wrong)?;
        let after = self.until.map(|day| day.tomorrow()).transpose().map_err(wrong)?;
        Ok(Filter { opened_from, opened_before: after.map(begin).transpose().map_err(wrong)?, ..Filter::default() })
    }
}

/// A day as it is asked for.
fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a day that there is, as year-month-day, like 2026-01-31".to_owned())
}

/// Where it is the archive that could not be written, that is said, and not that the store fails.
fn unwritten(out: &Path, error: app::Error) -> Failure {
    match error {
        app::Error::Unavailable(trouble, cause) if cause.is::<register::ExportError>() => {
            Failure::unusable(&format!("cannot write {}", out.display()), trouble, cause.as_ref())
        }
        other => other.into(),
    }
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    if args.format == Form::Zip && (args.from.is_some() || args.until.is_some()) {
        return Err(Failure::Input(
            "the zip is always whole, or it could not be verified; give --from and --until with another --format"
                .into(),
        ));
    }
    if args.even_changed && args.format != Form::Zip {
        return Err(Failure::Input(
            "--even-changed is for the zip alone, of which a check names what is wrong; leave it out, or leave out --format".into(),
        ));
    }
    if let (Some(from), Some(until)) = (args.from, args.until)
        && from > until
    {
        return Err(Failure::Input(format!(
            "--from {from} is after --until {until}, so no incident could be in it; swap them"
        )));
    }
    let out = Outlet::open(&args.out, args.force.existing())?;
    wiring::runtime()?.block_on(async {
        let app = wiring::open_to_read(&args.folder).await?;
        let organisation = organisation::find(&app, &args.organisation).await?;
        let scope = app.permit_program(&organisation.slug).await?;
        if let Some(form) = args.format.of_register() {
            let filter = args.period(&organisation.zone)?;
            let file = app.register_file(&scope, form, &filter, args.language, edge::now()).await?;
            out.write(&file.bytes)?;
            edge::say(&format!(
                "{} of {} written to {}",
                counted(file.rows as u64, "incident"),
                organisation.name,
                args.out.display()
            ));
            return Ok(Outcome::Done);
        }
        let mut spool = out.spool()?;
        let written = app.export_to(&scope, edge::now(), Changed::of(args.even_changed), &mut spool).await;
        let export = written.map_err(|error| match &out {
            _ if error.damaged_entry().is_some() => damaged(error, &args.folder, args.even_changed),
            Outlet::File(..) => unwritten(&args.out, error),
            // What goes through a pipe lies in a temporary file first.
            Outlet::Stream(..) => error.of_export_to(&std::env::temp_dir()).into(),
        })?;
        out.take(spool)?;
        let provider_key = app.provider_key(&scope).map_or(String::new(), |key| format!("\nprovider key: {key}"));
        edge::say(&format!(
            "{} of {} written to {}\nkey: {}{provider_key}",
            counted(export.entries, "entry"),
            organisation.name,
            args.out.display(),
            app.register_key(&scope)
        ));
        for entry in &export.damaged {
            edge::complain(&entry.to_string());
        }
        if export.damaged.is_empty() {
            return Ok(Outcome::Done);
        }
        edge::complain(&remedy(&args.folder));
        Ok(Outcome::No)
    })
}

/// Which entry is not what was written, and what to do about it. `is_even_changed`: it was to be exported as it is.
fn damaged(error: app::Error, place: &DataFolder, is_even_changed: bool) -> Failure {
    let meanwhile = if is_even_changed {
        "What is gone cannot be exported as it is either: a backup with --even-changed keeps what there is"
    } else {
        "To have an export of it meanwhile, as it is, of which a check names what is wrong: the same with --even-changed"
    };
    match error {
        app::Error::Unavailable(_, cause) => Failure::Input(format!("{cause}. {}. {meanwhile}", remedy(place))),
        other => other.into(),
    }
}
