//! Taking over a register that was kept elsewhere, in steps that need no script: the file, its columns, what would come.
//!
//! Between the steps the file waits among the sessions, for an hour, under a name that only this person here has.

use app::import::{
    Field, ImportFile, ImportPlan, LARGEST_FILE, Mapping, PlannedRow, RowProblem, Slashes, Table, Unsaid,
};
use askama::Template;
use axum::extract::{Multipart, Path, Query};
use axum::response::Response;
use jiff::SignedDuration;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Problems, Sent};
use crate::frame::{Frame, Place};
use crate::words::Words;

/// The largest form of this page: a file, and the little around it.
pub(crate) const LARGEST_FORM: usize = LARGEST_FILE + 64 * 1024;
const KEPT_HOURS: i64 = 1;
const LONGEST_NAME: usize = 200;
/// How many rows a page shows.
const SHOWN: usize = 300;

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage {
    frame: Frame,
    w: Words,
    slug: String,
    problems: Problems,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "import_columns.html")]
struct ColumnsPage {
    frame: Frame,
    w: Words,
    slug: String,
    problems: Problems,
    read_as: String,
    sheets: Vec<ChoiceView>,
    heading_row: String,
    sheet: String,
    slashes: Vec<ChoiceView>,
    unsaid: Vec<ChoiceView>,
    columns: Vec<ColumnView>,
    plan: Option<PlanView>,
}

struct ChoiceView {
    key: String,
    label: String,
    is_chosen: bool,
}

struct ColumnView {
    name: String,
    letters: String,
    heading: String,
    samples: Vec<String>,
    choices: Vec<ChoiceView>,
}

struct PlanView {
    counts: String,
    shown: Option<String>,
    is_wrong: bool,
    go: Option<String>,
    rows: Vec<RowView>,
}

struct RowView {
    row: u64,
    title: String,
    tone: &'static str,
    state: &'static str,
    problems: Vec<String>,
    notes: Vec<String>,
}

/// What was taken over, as the address says it after a form.
#[derive(Deserialize)]
pub(crate) struct Done {
    overgenomen: Option<u64>,
    #[serde(default)]
    was: u64,
    #[serde(default)]
    van: u64,
    #[serde(default)]
    tot: u64,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    blad: String,
}

struct Kept {
    name: String,
    sha256: String,
    bytes: Vec<u8>,
}

/// `GET /o/{slug}/register/inlezen`
pub(crate) async fn show(desk: Desk, Query(done): Query<Done>) -> Result<Response, Failure> {
    let told = done.overgenomen.map(|taken| desk.visit.w.import_done(taken, done.was, done.van, done.tot));
    page(&first_page(&desk, Problems::new(), told))
}

/// `POST /o/{slug}/register/inlezen`
pub(crate) async fn upload(
    desk: Desk,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Result<Response, Failure> {
    let again = |text: String| {
        let mut problems = Problems::new();
        problems.add("bestand", text);
        page_again(&first_page(&desk, problems, None))
    };
    let sent = match form {
        Ok(form) => sent_file(form).await?,
        Err(_) => None,
    };
    let Some((name, bytes)) = sent else { return again(desk.visit.w.import_no_file().to_owned()) };
    let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let kept = Kept { name, sha256, bytes };
    let key = kept_under(&desk, &kept.sha256);
    let data = [kept.name.as_bytes(), b"\n", &kept.bytes].concat();
    let sha256 = kept.sha256.clone();
    if let Err(text) = read(&desk, kept, None).await? {
        return again(text);
    }
    let until = desk.visit.now + SignedDuration::from_hours(KEPT_HOURS);
    desk.visit.app().store.save_session(&key, &data, until).await.map_err(app::Error::from)?;
    onward(&format!("/o/{}/register/inlezen/{sha256}", desk.slug()))
}

/// The name and bytes of the file that was sent; nothing where none was chosen.
async fn sent_file(mut form: Multipart) -> Result<Option<(String, Vec<u8>)>, Failure> {
    let failed = |error: axum::extract::multipart::MultipartError| Failure::Form(error.status());
    while let Some(field) = form.next_field().await.map_err(failed)? {
        if field.name() != Some("bestand") {
            continue;
        }
        let name = field.file_name().unwrap_or_default();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        let bytes = field.bytes().await.map_err(failed)?.to_vec();
        return Ok((!name.is_empty()).then_some((name, bytes)));
    }
    Ok(None)
}

/// `GET /o/{slug}/register/inlezen/{file}`
pub(crate) async fn columns(
    desk: Desk,
    Path((_, file)): Path<(String, String)>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Failure> {
    let Some(kept) = kept(&desk, &file).await? else { return gone(&desk) };
    let name = kept.name.clone();
    let sheet = Some(chosen.blad).filter(|sheet| !sheet.is_empty());
    match read(&desk, kept, sheet).await? {
        Ok(table) => page(&columns_page(&desk, &name, &table, &Mapping::guess(&table), Problems::new(), None)),
        Err(text) => {
            let mut problems = Problems::new();
            problems.add("bestand", text);
            page_again(&first_page(&desk, problems, None))
        }
    }
}

/// `POST /o/{slug}/register/inlezen/{file}`
pub(crate) async fn take(desk: Desk, Path((_, file)): Path<(String, String)>, sent: Sent) -> Result<Response, Failure> {
    let Some(kept) = kept(&desk, &file).await? else { return gone(&desk) };
    let (name, sha256) = (kept.name.clone(), kept.sha256.clone());
    let sheet = Some(sent.text("blad").to_owned()).filter(|sheet| !sheet.is_empty());
    let table = match read(&desk, kept, sheet).await? {
        Ok(table) => table,
        Err(text) => {
            let mut problems = Problems::new();
            problems.add("bestand", text);
            return page_again(&first_page(&desk, problems, None));
        }
    };
    let mapping = match mapping_of(&sent, &table) {
        Some(mapping) => mapping,
        // Another sheet or another row of headings: other columns, and nothing is chosen yet.
        None => {
            let mut mapping = Mapping::guess(&table);
            if sent.text("blad") == sent.text("gezien-blad") {
                mapping = Mapping { heading_row: row_of(sent.text("koppen")), ..mapping };
                let guesses = mapping.columns_of(&table).into_iter();
                mapping.columns = guesses.filter_map(|column| Some((column.place, column.guess?))).collect();
            }
            return page(&columns_page(&desk, &name, &table, &mapping, Problems::new(), None));
        }
    };
    let (app, now) = (desk.visit.app(), desk.visit.now);
    let from = ImportFile { name: &name, sha256: &sha256, table: &table };
    let planned = app.plan_import(&desk.scope, from, &mapping, now).await;
    let plan = match planned {
        Ok(plan) => plan,
        Err(error) => {
            let problems = Problems::from_error(error, desk.visit.w, |_| "")?;
            return page_again(&columns_page(&desk, &name, &table, &mapping, problems, None));
        }
    };
    if sent.text("doe") != "neem-over" || plan.wrong() > 0 {
        return page(&columns_page(&desk, &name, &table, &mapping, Problems::new(), Some(&plan)));
    }
    let taken = app.import(&desk.scope, from, &mapping, now).await?;
    app.store.delete_session(&kept_under(&desk, &sha256)).await.map_err(app::Error::from)?;
    let (first, last) = taken.numbers.unwrap_or_default();
    let told = format!("overgenomen={}&was={}&van={first}&tot={last}", taken.taken, taken.there);
    onward(&format!("/o/{}/register/inlezen?{told}", desk.slug()))
}

/// What the form says; nothing where it was about another sheet or other headings than it now names.
fn mapping_of(sent: &Sent, table: &Table) -> Option<Mapping> {
    let heading_row = row_of(sent.text("koppen"));
    if sent.text("blad") != sent.text("gezien-blad") || sent.text("koppen") != sent.text("gezien-koppen") {
        return None;
    }
    let mut mapping = Mapping {
        heading_row,
        slashes: Slashes::from_key(sent.text("streep")).unwrap_or_default(),
        unsaid: Unsaid::from_key(sent.text("ongezegd")).unwrap_or_default(),
        ..Mapping::default()
    };
    let places = 0..mapping.headings(table).len();
    let chosen = places.filter_map(|place| Some((place, Field::from_key(sent.text(&format!("kolom-{place}")))?)));
    mapping.columns = chosen.collect();
    Some(mapping)
}

fn row_of(text: &str) -> u64 {
    text.parse().unwrap_or(1)
}

/// Reads a file; the text for people where it cannot be read.
async fn read(desk: &Desk, kept: Kept, sheet: Option<String>) -> Result<Result<Table, String>, Failure> {
    let sheets = desk.visit.app().sheets.clone();
    let read =
        spawn_blocking(move || sheets.read(&kept.bytes, sheet.as_deref())).await.map_err(app::Error::internal)?;
    Ok(read.map_err(|error| error.0.in_language(desk.visit.w.0).to_owned()))
}

/// Under which name a file waits: another person, or another organisation, has another.
fn kept_under(desk: &Desk, sha256: &str) -> String {
    let name = format!("import\n{}\n{}\n{sha256}", desk.scope.id(), desk.seat.who.user);
    Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn kept(desk: &Desk, sha256: &str) -> Result<Option<Kept>, Failure> {
    let store = &desk.visit.app().store;
    let data = store.load_session(&kept_under(desk, sha256), desk.visit.now).await.map_err(app::Error::from)?;
    Ok(data.and_then(|data| {
        let end = data.iter().position(|byte| *byte == b'\n')?;
        let (name, bytes) = data.split_at_checked(end)?;
        let name = String::from_utf8_lossy(name).into_owned();
        Some(Kept { name, sha256: sha256.to_owned(), bytes: bytes.get(1..)?.to_vec() })
    }))
}

fn gone(desk: &Desk) -> Result<Response, Failure> {
    let mut problems = Problems::new();
    problems.add("bestand", desk.visit.w.import_gone());
    page_again(&first_page(desk, problems, None))
}

fn frame(desk: &Desk, problems: &Problems) -> Frame {
    let frame = desk.frame(desk.visit.w.import_heading(), Place::Register);
    if problems.is_empty() { frame } else { frame.with_problems() }
}

fn first_page(desk: &Desk, problems: Problems, done: Option<String>) -> ImportPage {
    ImportPage { frame: frame(desk, &problems), w: desk.visit.w, slug: desk.slug().to_owned(), problems, done }
}

fn columns_page(
    desk: &Desk,
    name: &str,
    table: &Table,
    mapping: &Mapping,
    problems: Problems,
    plan: Option<&ImportPlan>,
) -> ColumnsPage {
    let w = desk.visit.w;
    let sheet = table.sheet.clone().unwrap_or_default();
    let choice = |key: &str, label: &str, is_chosen| ChoiceView { key: key.into(), label: label.into(), is_chosen };
    let columns = mapping.columns_of(table).into_iter().map(|column| {
        let field = mapping.columns.get(&column.place).copied();
        let none = choice("", w.import_nothing(), field.is_none());
        let fields = Field::ALL.iter().map(|one| choice(one.key(), one.name().in_language(w.0), field == Some(*one)));
        ColumnView {
            name: format!("kolom-{}", column.place),
            letters: column.letters,
            heading: column.heading,
            samples: column.samples,
            choices: [none].into_iter().chain(fields).collect(),
        }
    });
    ColumnsPage {
        frame: frame(desk, &problems),
        w,
        slug: desk.slug().to_owned(),
        problems,
        read_as: w.import_read_as(name, &table.read_as),
        sheets: table.sheets.iter().map(|one| choice(one, one, *one == sheet)).collect(),
        heading_row: mapping.heading_row.to_string(),
        sheet,
        slashes: [
            (Slashes::Ask, w.import_slashes_ask()),
            (Slashes::DayFirst, w.import_slashes_day()),
            (Slashes::MonthFirst, w.import_slashes_month()),
        ]
        .map(|(one, label)| choice(one.key(), label, mapping.slashes == one))
        .into(),
        unsaid: [(Unsaid::Open, w.import_unsaid_open()), (Unsaid::Closed, w.import_unsaid_closed())]
            .map(|(one, label)| choice(one.key(), label, mapping.unsaid == one))
            .into(),
        columns: columns.collect(),
        plan: plan.map(|plan| plan_view(plan, w)),
    }
}

fn plan_view(plan: &ImportPlan, w: Words) -> PlanView {
    let is_wrong = |row: &&PlannedRow| !row.is_there && !row.read.problems.is_empty();
    let first = plan.rows.iter().filter(is_wrong);
    let rows: Vec<_> = first.chain(plan.rows.iter().filter(|row| !is_wrong(row))).take(SHOWN).collect();
    PlanView {
        counts: w.import_counts(plan.new_rows(), plan.there(), plan.wrong()),
        shown: (rows.len() < plan.rows.len()).then(|| w.import_shown(rows.len(), plan.rows.len())),
        is_wrong: plan.wrong() > 0,
        go: (plan.wrong() == 0 && plan.new_rows() > 0).then(|| w.import_go(plan.new_rows())),
        rows: rows.into_iter().map(|row| row_view(row, w)).collect(),
    }
}

fn row_view(row: &PlannedRow, w: Words) -> RowView {
    let told = |problems: &[RowProblem]| {
        let told = problems.iter().map(|RowProblem { column, heading, text }| {
            let place = column.as_ref().map_or_else(String::new, |column| w.import_at(column, heading));
            format!("{place}{}", text.in_language(w.0))
        });
        told.collect::<Vec<_>>()
    };
    let (tone, state) = match (row.is_there, row.read.problems.is_empty()) {
        (true, _) => ("", w.import_there()),
        (false, true) => ("dike", w.import_new()),
        (false, false) => ("alarm", w.import_wrong()),
    };
    RowView {
        row: row.read.imported.row,
        title: row.read.title.clone(),
        tone,
        state,
        problems: if row.is_there { Vec::new() } else { told(&row.read.problems) },
        notes: if row.is_there { Vec::new() } else { told(&row.read.notes) },
    }
}
