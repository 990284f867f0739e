//! Taking over a register that was kept elsewhere, in steps that need no script: the file, its columns, what would come.
//!
//! Between the steps the file waits among the sessions, for an hour, under a name that only this person here has.

use app::import::{
    Fate, Field, ImportFile, ImportPlan, LARGEST_FILE, LEFT_OUT, Mapping, PlannedRow, RowProblem, SameNumber, Slashes,
    Table, TakenOver, Unsaid,
};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use incident::Permission;
use jiff::SignedDuration;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use crate::address::{Tab, of_incident};
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Problems, Sent};
use crate::frame::{Frame, Place};
use crate::upload::Uploads;
use crate::words::Words;

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
    /// As it was typed.
    heading_row: String,
    /// The row whose headings the page shows.
    seen_row: String,
    sheet: String,
    slashes: Vec<ChoiceView>,
    unsaid: Vec<ChoiceView>,
    same_number: Vec<ChoiceView>,
    columns: Vec<ColumnView>,
    plan: Option<PlanView>,
    may_set_terms: bool,
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
    /// What was shown: taking over goes on from this plan alone.
    seen: String,
    counts: String,
    /// That rows will be erased soon after.
    erasing: Option<String>,
    shown: Option<String>,
    go: Option<String>,
    /// Why there is nothing to take over, where nothing is wrong either.
    nothing: Option<&'static str>,
    rows: Vec<RowView>,
}

struct RowView {
    row: u64,
    title: String,
    tone: &'static str,
    state: &'static str,
    /// That its number is there already, and where.
    same_number: Option<(String, String)>,
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
    niet: u64,
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

/// What waits under the name of a file.
enum Waits {
    File(Kept),
    /// It was taken over: the address that says so.
    TakenOver(String),
}

/// What a form sent, when it has to be shown again.
#[derive(Default)]
struct Again<'a> {
    problems: Problems,
    plan: Option<&'a ImportPlan>,
    /// What stands where the row of the headings should.
    row_typed: Option<&'a str>,
}

/// What was sent where a file belongs.
enum SentFile {
    None,
    TooLarge,
    File(String, Vec<u8>),
}

/// `GET /o/{slug}/register/inlezen`
pub(crate) async fn show(desk: Desk, Query(done): Query<Done>) -> Result<Response, Failure> {
    let told = done.overgenomen.map(|taken| desk.visit.w.import_done(taken, done.was, done.niet, done.van, done.tot));
    page(&first_page(&desk, Problems::new(), told))
}

/// `POST /o/{slug}/register/inlezen`
pub(crate) async fn upload(desk: Desk, mut uploads: Uploads) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let again = |text: String, status| {
        let mut problems = Problems::new();
        problems.add("bestand", text);
        Ok((status, Html(first_page(&desk, problems, None).render()?)).into_response())
    };
    let (name, bytes) = match sent_file(&mut uploads).await? {
        SentFile::File(name, bytes) => (name, bytes),
        SentFile::None => return again(w.import_no_file().to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        SentFile::TooLarge => {
            // Read to its end, so that a browser gets to see why.
            uploads.ignore_rest().await;
            return again(w.import_too_large(LARGEST_FILE >> 20), StatusCode::PAYLOAD_TOO_LARGE);
        }
    };
    let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let kept = Kept { name, sha256, bytes };
    let key = kept_under(&desk, &kept.sha256);
    let data = [kept.name.as_bytes(), b"\n", &kept.bytes].concat();
    let sha256 = kept.sha256.clone();
    if let Err(text) = read(&desk, kept, None).await? {
        return again(text, StatusCode::UNPROCESSABLE_ENTITY);
    }
    keep(&desk, &key, &data).await?;
    onward(&format!("/o/{}/register/inlezen/{sha256}", desk.slug()))
}

/// The name and bytes of the file that was sent, as far as one may go.
async fn sent_file(uploads: &mut Uploads) -> Result<SentFile, Failure> {
    while let Some(mut part) = uploads.next().await? {
        if part.name() != "bestand" {
            part.ignore().await;
            continue;
        }
        // A field in which nothing was chosen is sent as a file without a name.
        let Some(name) = part.file_name() else { return Ok(SentFile::None) };
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
        let mut bytes = Vec::new();
        while let Some(piece) = part.piece().await? {
            if bytes.len() + piece.len() > LARGEST_FILE {
                part.ignore().await;
                return Ok(SentFile::TooLarge);
            }
            bytes.extend_from_slice(&piece);
        }
        return Ok(if name.is_empty() { SentFile::None } else { SentFile::File(name, bytes) });
    }
    Ok(SentFile::None)
}

/// `GET /o/{slug}/register/inlezen/{file}`
pub(crate) async fn columns(
    desk: Desk,
    Path((_, file)): Path<(String, String)>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Failure> {
    let kept = match waits(&desk, &file).await? {
        Some(Waits::File(kept)) => kept,
        Some(Waits::TakenOver(to)) => return onward(&to),
        None => return gone(&desk),
    };
    let name = kept.name.clone();
    let sheet = Some(chosen.blad).filter(|sheet| !sheet.is_empty());
    match read(&desk, kept, sheet).await? {
        Ok(table) => page(&columns_page(&desk, &name, &table, &Mapping::guess(&table), Again::default())),
        Err(text) => {
            let mut problems = Problems::new();
            problems.add("bestand", text);
            page_again(&first_page(&desk, problems, None))
        }
    }
}

/// `POST /o/{slug}/register/inlezen/{file}`
pub(crate) async fn take(desk: Desk, Path((_, file)): Path<(String, String)>, sent: Sent) -> Result<Response, Failure> {
    let kept = match waits(&desk, &file).await? {
        Some(Waits::File(kept)) => kept,
        Some(Waits::TakenOver(to)) => return onward(&to),
        None => return gone(&desk),
    };
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
    let (w, typed) = (desk.visit.w, sent.text("koppen"));
    // Another sheet has other columns, and nothing is chosen yet.
    if sent.text("blad") != sent.text("gezien-blad") {
        return page(&columns_page(&desk, &name, &table, &Mapping::guess(&table), Again::default()));
    }
    let Some(heading_row) = row_of(typed) else {
        let mapping = mapping_of(&sent, &table, row_of(sent.text("gezien-koppen")).unwrap_or(1));
        let mut problems = Problems::new();
        problems.add("koppen", w.import_heading_row_wrong(typed));
        let again = Again { problems, row_typed: Some(typed), ..Again::default() };
        return page_again(&columns_page(&desk, &name, &table, &mapping, again));
    };
    // So has another row of headings.
    if typed != sent.text("gezien-koppen") {
        let mut mapping = mapping_of(&sent, &table, heading_row);
        let guesses = mapping.columns_of(&table).into_iter();
        mapping.columns = guesses.filter_map(|column| Some((column.place, column.guess?))).collect();
        mapping.left_out.clear();
        let mut problems = Problems::new();
        for problem in mapping.problems(&table).into_iter().filter(|problem| problem.field == "koppen") {
            problems.add("koppen", problem.text.in_language(w.0));
        }
        let is_wrong = !problems.is_empty();
        let shown = columns_page(&desk, &name, &table, &mapping, Again { problems, ..Again::default() });
        return if is_wrong { page_again(&shown) } else { page(&shown) };
    }
    let mapping = mapping_of(&sent, &table, heading_row);
    let (app, now) = (desk.visit.app(), desk.visit.now);
    let from = ImportFile { name: &name, sha256: &sha256, table: &table };
    let planned = app.plan_import(&desk.scope, from, &mapping, now).await;
    let plan = match planned {
        Ok(plan) => plan,
        Err(error) => {
            let problems = Problems::from_error(error, w, |_| "")?;
            return page_again(&columns_page(&desk, &name, &table, &mapping, Again { problems, ..Again::default() }));
        }
    };
    let is_asked = sent.text("doe") == "neem-over" && plan.wrong() == 0;
    let is_changed = is_asked && sent.text("gezien-plan") != seen(&mapping, &plan);
    if !is_asked || is_changed {
        let mut problems = Problems::new();
        if plan.wrong() > 0 {
            problems.add("plan", w.import_all_or_none());
        }
        if is_changed {
            problems.add("plan", w.import_changed());
        }
        let is_right = problems.is_empty();
        let again = Again { problems, plan: Some(&plan), ..Again::default() };
        let shown = columns_page(&desk, &name, &table, &mapping, again);
        return if is_right { page(&shown) } else { page_again(&shown) };
    }
    let taken = app.import(&desk.scope, from, &mapping, now).await?;
    let to = told_at(&desk, taken);
    // Who presses the button twice is told the same again. A file's name is never empty.
    keep(&desk, &kept_under(&desk, &sha256), format!("\n{to}").as_bytes()).await?;
    onward(&to)
}

/// What a plan was made from, and what it comes to. The sheet and the headings' row have marks of their own.
fn seen(mapping: &Mapping, plan: &ImportPlan) -> String {
    let fates: Vec<_> = plan.rows.iter().map(|row| row.fate).collect();
    let made_from = format!("{mapping:?}\n{fates:?}\n{}", plan.erasing.is_some());
    Sha256::digest(made_from.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The address that tells what was taken over.
fn told_at(desk: &Desk, TakenOver { taken, there, skipped, numbers }: TakenOver) -> String {
    let (first, last) = numbers.unwrap_or_default();
    let told = format!("overgenomen={taken}&was={there}&niet={skipped}&van={first}&tot={last}");
    format!("/o/{}/register/inlezen?{told}", desk.slug())
}

/// What the form says, with the headings in this row.
fn mapping_of(sent: &Sent, table: &Table, heading_row: u64) -> Mapping {
    let mut mapping = Mapping {
        heading_row,
        slashes: Slashes::from_key(sent.text("streep")).unwrap_or_default(),
        unsaid: Unsaid::from_key(sent.text("ongezegd")).unwrap_or_default(),
        same_number: SameNumber::from_key(sent.text("zelfde-nummer")).unwrap_or_default(),
        ..Mapping::default()
    };
    let places = 0..mapping.headings(table).len();
    let chosen = places.filter_map(|place| Some((place, Field::from_key(sent.text(&format!("kolom-{place}")))?)));
    mapping.columns = chosen.collect();
    let places = 0..mapping.headings(table).len();
    mapping.left_out = places.filter(|place| sent.text(&format!("kolom-{place}")) == LEFT_OUT).collect();
    mapping
}

/// The number of a row, as a spreadsheet counts.
fn row_of(text: &str) -> Option<u64> {
    text.parse().ok().filter(|row| *row > 0)
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

async fn keep(desk: &Desk, key: &str, data: &[u8]) -> Result<(), Failure> {
    let until = desk.visit.now + SignedDuration::from_hours(KEPT_HOURS);
    Ok(desk.visit.app().store.save_session(key, data, until).await.map_err(app::Error::from)?)
}

async fn waits(desk: &Desk, sha256: &str) -> Result<Option<Waits>, Failure> {
    let store = &desk.visit.app().store;
    let data = store.load_session(&kept_under(desk, sha256), desk.visit.now).await.map_err(app::Error::from)?;
    Ok(data.and_then(|data| {
        let end = data.iter().position(|byte| *byte == b'\n')?;
        let (name, rest) = data.split_at_checked(end)?;
        let rest = rest.get(1..)?;
        if name.is_empty() {
            return Some(Waits::TakenOver(String::from_utf8_lossy(rest).into_owned()));
        }
        let name = String::from_utf8_lossy(name).into_owned();
        Some(Waits::File(Kept { name, sha256: sha256.to_owned(), bytes: rest.to_vec() }))
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

fn columns_page(desk: &Desk, name: &str, table: &Table, mapping: &Mapping, again: Again<'_>) -> ColumnsPage {
    let Again { problems, plan, row_typed } = again;
    let w = desk.visit.w;
    let sheet = table.sheet.clone().unwrap_or_default();
    let choice = |key: &str, label: &str, is_chosen| ChoiceView { key: key.into(), label: label.into(), is_chosen };
    let columns = mapping.columns_of(table).into_iter().map(|column| {
        let field = mapping.columns.get(&column.place).copied();
        let is_left_out = mapping.left_out.contains(&column.place);
        let none = choice("", w.import_nothing(), field.is_none() && !is_left_out);
        let out = choice(LEFT_OUT, w.import_left_out(), is_left_out);
        let fields = Field::ALL.iter().map(|one| choice(one.key(), one.name().in_language(w.0), field == Some(*one)));
        ColumnView {
            name: format!("kolom-{}", column.place),
            letters: column.letters,
            heading: column.heading,
            samples: column.samples,
            choices: [none, out].into_iter().chain(fields).collect(),
        }
    });
    ColumnsPage {
        frame: frame(desk, &problems),
        w,
        slug: desk.slug().to_owned(),
        problems,
        read_as: w.import_read_as(name, &table.read_as),
        sheets: table.sheets.iter().map(|one| choice(one, one, *one == sheet)).collect(),
        heading_row: row_typed.map_or_else(|| mapping.heading_row.to_string(), str::to_owned),
        seen_row: mapping.heading_row.to_string(),
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
        same_number: [(SameNumber::Skip, w.import_same_skip()), (SameNumber::Take, w.import_same_take())]
            .map(|(one, label)| choice(one.key(), label, mapping.same_number == one))
            .into(),
        columns: columns.collect(),
        plan: plan.map(|plan| plan_view(plan, mapping, desk)),
        may_set_terms: desk.allows(Permission::Administer),
    }
}

fn plan_view(plan: &ImportPlan, mapping: &Mapping, desk: &Desk) -> PlanView {
    let w = desk.visit.w;
    // What asks for a look comes first.
    let place = |row: &&PlannedRow| match (row.fate, row.same_number) {
        (Fate::Wrong, _) => 0,
        (_, Some(_)) | (Fate::Totals, _) => 1,
        _ if !row.read.notes.is_empty() => 2,
        _ => 3,
    };
    let mut rows: Vec<_> = plan.rows.iter().collect();
    rows.sort_by_key(place);
    rows.truncate(SHOWN);
    PlanView {
        seen: seen(mapping, plan),
        erasing: plan.erasing.as_ref().map(|text| text.in_language(w.0).to_owned()),
        counts: w.import_counts(plan.new_rows(), plan.there(), plan.skipped(), plan.wrong()),
        shown: (rows.len() < plan.rows.len()).then(|| w.import_shown(rows.len(), plan.rows.len())),
        go: (plan.wrong() == 0 && plan.new_rows() > 0).then(|| w.import_go(plan.new_rows())),
        nothing: (plan.wrong() == 0 && plan.new_rows() == 0)
            .then(|| if plan.skipped() > 0 { w.import_nothing_but_skipped() } else { w.import_nothing_new() }),
        rows: rows.into_iter().map(|row| row_view(row, desk)).collect(),
    }
}

fn row_view(row: &PlannedRow, desk: &Desk) -> RowView {
    let w = desk.visit.w;
    let told = |problems: &[RowProblem]| {
        let told = problems.iter().map(|RowProblem { column, heading, text }| {
            let place = column.as_ref().map_or_else(String::new, |column| w.import_at(column, heading));
            format!("{place}{}", text.in_language(w.0))
        });
        told.collect::<Vec<_>>()
    };
    let (tone, state) = match row.fate {
        Fate::There => ("", w.import_there()),
        Fate::Skipped => ("amber", w.import_skipped()),
        Fate::Totals => ("amber", w.import_totals()),
        Fate::New => ("dike", w.import_new()),
        Fate::Wrong => ("alarm", w.import_wrong()),
    };
    let is_left = matches!(row.fate, Fate::There | Fate::Skipped | Fate::Totals);
    RowView {
        row: row.read.imported.row,
        title: row.read.title.clone(),
        tone,
        state,
        same_number: row.same_number.map(|incident| {
            let number = row.read.imported.number_to_find().unwrap_or_default();
            (w.import_same_number(&number, incident), of_incident(desk.slug(), incident, Tab::Overview))
        }),
        problems: if is_left { Vec::new() } else { told(&row.read.problems) },
        notes: if is_left { Vec::new() } else { told(&row.read.notes) },
    }
}
