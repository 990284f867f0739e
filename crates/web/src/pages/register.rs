//! The register of breaches (AVG art. 33(5)), and its export with what is needed to check it.

use std::io::Seek;

use askama::Template;
use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use app::lists::State;
use app::{RegisterForm, RegisterLine};
use documents::register_extract::Told;
use facts::{Fact, Text};
use futures_util::stream;
use incident::{Permission, SaidAt};
use tokio::io::AsyncReadExt;
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use crate::address::{Tab, of_incident};
use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::pages::listed::{Asked, ListView};
use crate::pages::sign_in::form_value;
use crate::view::phase::{PhaseView, phase};
use crate::view::value;
use crate::words::Words;

/// An archive is sent in pieces of this size.
const PIECE_BYTES: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    frame: Frame,
    w: Words,
    slug: String,
    list: ListView,
    why_empty: &'static str,
    lines: Vec<LineView>,
    may_import: bool,
    /// What is shown, as the address of a file asks for it.
    query: String,
    file_name: String,
    key: String,
    may_forget: bool,
    /// The register's state goes nowhere: the organisation gave no address.
    has_no_address: bool,
}

struct LineView {
    is_erased: bool,
    number: u64,
    title: String,
    href: String,
    phase: PhaseView,
    is_held: bool,
    when: String,
    breach: String,
    data: String,
    authority: String,
    persons: String,
    motivation: String,
    decided_by: String,
    /// Facts, effects and remedial action (AVG art. 33(5)): the name, and line by line what is recorded.
    told: Vec<(&'static str, Vec<String>)>,
}

/// `GET /o/{slug}/register`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let app = desk.visit.app();
    let asked = Asked::read(desk.visit.uri.query().unwrap_or_default(), State::All, &desk.zone);
    let counts = app.counts(&desk.scope).await?;
    let shown = app.register_page(&desk.scope, &asked.filter, asked.start).await?;
    let found = app.found(&desk.scope, &asked.filter, &counts).await?;
    let lines: Vec<_> = shown.lines.iter().map(|line| line_view(line, &desk)).collect();
    let all = State::All.count_in(&counts);
    page(&RegisterPage {
        frame: desk.frame(w.register_heading(), Place::Register).with_damage(desk.damage().await?),
        w,
        slug: desk.slug().to_owned(),
        why_empty: if all == 0 { w.register_empty() } else { w.incidents_none_found() },
        query: asked.query(),
        list: asked.view(&shown, found, &counts, w),
        lines,
        may_import: desk.allows(Permission::HandleIncident),
        file_name: format!("register-{}.zip", desk.slug()),
        key: app.register_key(&desk.scope),
        may_forget: desk.allows(Permission::Forget),
        has_no_address: desk.scope.organisation().profile.register_address().is_none(),
    })
}

/// `GET /o/{slug}/register/export`
pub(crate) async fn export(desk: Desk) -> Result<Response, Failure> {
    let (app, scope, now) = (desk.visit.app().clone(), desk.scope.clone(), desk.visit.now);
    let runtime = Handle::current();
    // Of any size: through a file, which goes when it was sent.
    let write = move || -> Result<_, app::Error> {
        let folder = std::env::temp_dir();
        let mut file = tempfile::tempfile().map_err(|error| app::Error::of_temporary_file(&folder, error))?;
        let export = runtime.block_on(app.export_to(&scope, now, app::Changed::Refused, &mut file));
        let export = export.map_err(|error| error.of_export_to(&folder))?;
        let length = file.stream_position().map_err(app::Error::internal)?;
        file.rewind().map_err(app::Error::internal)?;
        Ok((file, length, export.file_name))
    };
    let (file, length, name) = spawn_blocking(write).await.map_err(app::Error::internal)??;
    let pieces = stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = vec![0; PIECE_BYTES];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((piece, file)))
    });
    let mut response = attachment("application/zip", &name, Body::from_stream(pieces))?;
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

/// `GET /o/{slug}/register/bestand`: what the page shows, on all its pages, as a file.
pub(crate) async fn file(desk: Desk) -> Result<Response, Failure> {
    let query = desk.visit.uri.query().unwrap_or_default();
    let form = RegisterForm::from_key(&form_value(query, "vorm")).ok_or(app::Error::NotFound)?;
    let filter = Asked::read(query, State::All, &desk.zone).whole()?;
    let (app, scope, language, now) =
        (desk.visit.app().clone(), desk.scope.clone(), desk.visit.language(), desk.visit.now);
    let runtime = Handle::current();
    // Printing takes a noticeable part of a second: it does not hold up the others.
    let file = spawn_blocking(move || runtime.block_on(app.register_file(&scope, form, &filter, language, now)))
        .await
        .map_err(app::Error::internal)??;
    attachment(form.media_type(), &file.file_name, file.bytes)
}

/// `GET /o/{slug}/register/checkpoint`
pub(crate) async fn checkpoint(desk: Desk) -> Result<Response, Failure> {
    let note = desk.visit.app().checkpoint(&desk.scope, desk.visit.now).await?;
    // Its second line says how many entries it covers; so those that are kept stand beside each other by name.
    let size = note.lines().nth(1).unwrap_or_default();
    attachment("text/plain; charset=utf-8", &format!("checkpoint-{}-{size}.txt", desk.slug()), note.into_bytes())
}

/// A file to keep.
pub(crate) fn attachment(media_type: &'static str, name: &str, bytes: impl Into<Body>) -> Result<Response, Failure> {
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(app::Error::internal)?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(media_type)), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes.into()).into_response())
}

fn line_view(line: &RegisterLine, desk: &Desk) -> LineView {
    let w = desk.visit.w;
    let row = &line.extract;
    let told = |told: &Told| told_words(told, desk);
    let data: Vec<_> =
        [value::known(&line.facts, Fact::Data, w), value::persons(&line.facts, w)].into_iter().flatten().collect();
    LineView {
        number: row.number,
        title: w.title(&row.title, row.erased_at.is_some()).to_owned(),
        href: of_incident(desk.slug(), row.number, Tab::Overview),
        phase: phase(line.row.phase, w),
        is_held: line.row.keeping.held_at.is_some(),
        when: match row.aware_at {
            Some(said) => said_at(said, desk),
            None if row.erased_at.is_some() => w.told_erased().to_owned(),
            None => match row.detected_at.or(line.first_signal.map(|at| SaidAt { at, is_day: false })) {
                Some(said) => w.register_not_aware(&said_at(said, desk)),
                None => w.not_said().to_owned(),
            },
        },
        breach: begun(row.breach_in_words().in_language(w.0)),
        is_erased: row.erased_at.is_some(),
        data: if row.erased_at.is_some() {
            w.told_erased().to_owned()
        } else if data.is_empty() {
            w.unknown().to_owned()
        } else {
            data.join("; ")
        },
        authority: told(&row.authority),
        persons: match line.subjects_informed.as_slice() {
            [] => told(&row.persons),
            [one] => {
                w.told_done(&desk.when(one.at).words, &format!("{}, {}", w.persons_exactly(one.count), one.channel))
            }
            more => {
                let all = more.iter().fold(0_u64, |all, one| all.saturating_add(one.count));
                let each = more.iter().map(|one| w.informed_line(&desk.when(one.at).words, one.count, &one.channel));
                format!("{}. {}", w.persons_in_all(all), each.collect::<Vec<_>>().join("; "))
            }
        },
        motivation: row.motivation.clone(),
        decided_by: row.decided_by().in_language(w.0).to_owned(),
        told: [
            (w.register_facts(), &row.facts),
            (w.register_effects(), &row.effects),
            (w.register_remedial(), &row.remedial),
        ]
        .map(|(name, text)| (name, parts(text, w)))
        .into(),
    }
}

/// Whether somebody was told, in the reader's words.
pub(crate) fn told_words(told: &Told, desk: &Desk) -> String {
    let w = desk.visit.w;
    match told {
        Told::Undecided => w.told_undecided().to_owned(),
        Told::Erased => w.told_erased().to_owned(),
        Told::No => w.told_no().to_owned(),
        Told::Planned => w.told_planned().to_owned(),
        Told::Done { at, what } => w.told_done(&desk.when(*at).words, what),
        Told::TakenOver { was_told, at, what } => {
            let at = at.map(|said| said_at(said, desk));
            let yes = match was_told {
                Some(true) => w.yes(),
                Some(false) => w.no(),
                None => w.not_said(),
            };
            let said = [Some(yes.to_owned()), at, Some(what.clone())];
            let said: Vec<_> = said.into_iter().flatten().filter(|part| !part.is_empty()).collect();
            w.told_taken_over(&said.join(", "))
        }
    }
}

/// Words as they begin a cell.
fn begun(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A moment, or a day of which the time is not known.
fn said_at(said: SaidAt, desk: &Desk) -> String {
    if said.is_day { desk.day(said.at) } else { desk.when(said.at).words }
}

/// The parts that the extract sets one after another, each on a line of its own.
fn parts(text: &Text, w: Words) -> Vec<String> {
    let parts = text.in_language(w.0).split(" | ").filter(|part| !part.trim().is_empty());
    parts.map(str::to_owned).collect()
}
