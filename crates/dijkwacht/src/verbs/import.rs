//! `dijkwacht import`: takes an existing register over from CSV or XLSX, all rows or none.

mod mapping;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use app::import::{Fate, ImportFile, ImportPlan, LARGEST_FILE, Mapping, RowProblem, Table};
use sha2::{Digest, Sha256};

use crate::counted::counted;
use crate::outcome::{Failure, Outcome};
use crate::wiring::{self, DataFolder};
use crate::{edge, verbs::organisation};

/// Take an existing register over from a CSV or XLSX file: every row becomes an incident that says where it comes from.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht import register.xlsx --organisation bakkerij-jansen --print-mapping > mapping.toml\n  dijkwacht import register.xlsx --organisation bakkerij-jansen --mapping mapping.toml --dry-run"
)]
pub(crate) struct Args {
    /// The register: .xlsx, or .csv separated by semicolons, commas or tabs.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The organisation, by its short name (see `dijkwacht organisation list`) or id.
    #[arg(long, value_name = "ID")]
    organisation: String,
    /// The sheet of a workbook; without it the first.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// What each column is, as TOML or JSON; without it our guess (see `--print-mapping`).
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Say what would be taken over, row by row, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print what each column would be taken for, as a mapping file to change, and stop.
    #[arg(long)]
    print_mapping: bool,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let bytes = edge::read_bytes(&args.file, LARGEST_FILE as u64)?;
    let given = args.mapping.as_deref().map(mapping::read).transpose()?;
    let sheet = args.sheet.as_deref().or_else(|| given.as_ref().and_then(|given| given.sheet.as_deref()));
    let table = sheets::read(&bytes, sheet).map_err(|error| about(&args.file, &error.0))?;
    let mapping = match &given {
        Some(given) => given.of(&table)?,
        None => Mapping::guess(&table),
    };
    if args.print_mapping {
        edge::print(&mapping::print(&mapping, &table)?)?;
        return Ok(Outcome::Done);
    }
    let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = ImportFile { name: &name, sha256: &sha256, table: &table };
    wiring::runtime()?.block_on(async {
        // Who only looks may do so where nothing may be written.
        let app = match args.dry_run {
            true => wiring::open_to_read(&args.folder).await?,
            false => wiring::open_existing(&args.folder).await?,
        };
        let organisation = organisation::find(&app, &args.organisation).await?;
        let scope = app.permit_program(&organisation.slug).await?;
        let now = edge::now();
        let plan = app.plan_import(&scope, file, &mapping, now).await.map_err(|error| in_words(&args.file, error))?;
        // What stands in a cell is somebody else's, and may be meant for a terminal.
        edge::print(&edge::harmless(&report(&plan)))?;
        edge::say(&format!(
            "{} ({}): {} new, {} there already, {} left out because their number is there already, {} wrong",
            args.file.display(),
            table.read_as,
            plan.new_rows(),
            plan.there(),
            plan.skipped(),
            plan.wrong()
        ));
        if plan.totals() > 0 {
            edge::say(&format!("{} left out, for adding up others", counted(plan.totals() as u64, "row")));
        }
        if let Some(kept) = kept_alone(&mapping, &table) {
            edge::say(&kept);
        }
        if let Some(erasing) = &plan.erasing {
            edge::say(&erasing.en);
        }
        if plan.wrong() > 0 {
            edge::say("nothing was taken over; correct the rows above, or change the mapping (--print-mapping)");
            return Ok(Outcome::No);
        }
        if args.dry_run {
            return Ok(Outcome::Done);
        }
        let taken = app.import(&scope, file, &mapping, now).await.map_err(|error| in_words(&args.file, error))?;
        match taken.numbers {
            Some((one, last)) if one == last => edge::say(&format!("taken over as incident {one}")),
            Some((first, last)) => edge::say(&format!("taken over as incidents {first} to {last}")),
            None => edge::say("nothing to do: no row is new"),
        }
        Ok(Outcome::Done)
    })
}

/// Which columns are taken over in their own words alone: nobody should think that a date there was understood.
fn kept_alone(mapping: &Mapping, table: &Table) -> Option<String> {
    let is_kept = |place| !mapping.columns.contains_key(&place) && !mapping.left_out.contains(&place);
    let columns = mapping.columns_of(table).into_iter().filter(|column| is_kept(column.place));
    let named = columns.map(|column| {
        let heading = column.heading.replace(char::is_control, " ");
        if heading.trim().is_empty() { column.letters } else { format!("{} ({})", column.letters, heading.trim()) }
    });
    let named: Vec<_> = named.collect();
    (!named.is_empty()).then(|| {
        format!(
            "kept in their own words alone, and read as nothing else: {}. To say what a column is: --print-mapping",
            named.join(", ")
        )
    })
}

fn about(path: &Path, why: &facts::Text) -> Failure {
    Failure::about(&path.display().to_string(), why)
}

/// Everything that is the matter with a mapping, one line each.
fn in_words(path: &Path, error: app::Error) -> Failure {
    match error {
        app::Error::Invalid(problems) => {
            let lines: Vec<_> = problems.iter().map(|problem| problem.text.en.as_ref()).collect();
            Failure::Input(format!("{}: {}", path.display(), lines.join("\n  ")))
        }
        other => other.into(),
    }
}

/// A line for each row, and one for each thing that is the matter with it.
fn report(plan: &ImportPlan) -> String {
    let mut text = String::new();
    for row in &plan.rows {
        let state = match row.fate {
            Fate::There => "there",
            Fate::Skipped => "skipped",
            Fate::Totals => "totals",
            Fate::New => "new",
            Fate::Wrong => "wrong",
        };
        let _ = writeln!(text, "{}\t{state}\t{}", row.read.imported.row, row.read.title);
        if let (Some(incident), Some(number)) = (row.same_number, &row.read.imported.number) {
            let _ =
                writeln!(text, "\tnote\tnumber {} is there already, as incident {incident}", number.replace('\n', " "));
        }
        if row.fate == Fate::Totals {
            text.push_str("\tnote\tit adds up other rows, and is left out\n");
        }
        if matches!(row.fate, Fate::There | Fate::Skipped | Fate::Totals) {
            continue;
        }
        for (kind, problems) in [("!", &row.read.problems), ("note", &row.read.notes)] {
            for RowProblem { column, heading, text: said } in problems {
                let place = column.as_ref().map_or_else(String::new, |column| format!("{column} ({heading}): "));
                let _ = writeln!(text, "\t{kind}\t{place}{}", said.en.replace('\n', " "));
            }
        }
    }
    text
}
