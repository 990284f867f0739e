//! What a person asks about their data: where they appear, what may be erased, and a draft of the answer.
//!
//! Promises: what is looked for is sent, not kept: it stands in no address and no draft, and the log holds a reference alone.

use askama::Template;
use axum::response::Response;

use app::{Appears, PersonFound, PersonSought, RequestKind};
use documents::{Appearance, ErasedBefore, PersonAnswer, WhyKept};
use facts::{Language, Text};
use incident::Refusal;

use crate::address::{Tab, of_incident};
use crate::desk::Desk;
use crate::failure::{Failure, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::{Frame, Place};
use crate::words::Words;

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    w: Words,
    address: String,
    problems: Problems,
    filled: Filled,
    is_erasure: bool,
    access: String,
    erasure: String,
    found: Option<FoundView>,
    log: Vec<String>,
}

struct FoundView {
    count: String,
    places: Vec<PlaceView>,
    /// Rows of which only the name of their file names the person.
    in_file_name: Vec<PlaceView>,
    /// What was made of these incidents: what it is, where it stands, and where it is erased.
    documents: Vec<(String, String, Option<String>)>,
    answer: String,
}

struct PlaceView {
    line: String,
    /// The entry itself.
    entry: String,
    title: String,
    may: String,
    /// Where it is erased; absent where it stays.
    href: Option<String>,
}

/// `GET /o/{slug}/personen`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    page(&person_page(&desk, Problems::new(), Filled::default(), false, None).await?)
}

/// `POST /o/{slug}/personen`
pub(crate) async fn search(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let visit = &desk.visit;
    let kind = if sent.text("kind") == "erasure" { RequestKind::Erasure } else { RequestKind::Access };
    let is_erasure = kind == RequestKind::Erasure;
    let text = |name: &str| sent.text(name).to_owned();
    let sought = PersonSought { name: text("name"), email: text("email"), phone: text("phone") };
    let reference = sent.text("reference");
    let filled = Filled::from_sent(&sent, &["name", "email", "phone", "reference"]);
    match visit.app().find_person(&desk.scope, kind, &sought, reference, visit.now).await {
        Ok(found) => {
            let view = found_view(&desk, &found, is_erasure, reference).await?;
            page(&person_page(&desk, Problems::new(), filled, is_erasure, Some(view)).await?)
        }
        Err(error) => {
            let problems = Problems::from_error(error, visit.w, |_| "")?;
            page_again(&person_page(&desk, problems, filled, is_erasure, None).await?)
        }
    }
}

async fn person_page(
    desk: &Desk,
    problems: Problems,
    filled: Filled,
    is_erasure: bool,
    found: Option<FoundView>,
) -> Result<PersonPage, Failure> {
    let w = desk.visit.w;
    let address = format!("/o/{}/personen", desk.slug());
    let frame = desk.frame(w.person_heading(), Place::Register).standing_at(&address);
    let log = desk.visit.app().person_requests(&desk.scope).await?;
    Ok(PersonPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        address,
        problems,
        filled,
        is_erasure,
        access: RequestKind::Access.name().in_language(w.0).to_owned(),
        erasure: RequestKind::Erasure.name().in_language(w.0).to_owned(),
        found,
        log: log
            .iter()
            .map(|one| {
                let (at, kind) = (desk.when(one.asked_at).words, one.kind.name());
                w.person_log_line(&at, kind.in_language(w.0), &one.reference, &one.handled_by, one.places_found)
            })
            .collect(),
    })
}

async fn found_view(desk: &Desk, found: &PersonFound, is_erasure: bool, reference: &str) -> Result<FoundView, Failure> {
    let w = desk.visit.w;
    let place = |one: &app::Place| {
        let how = appears(one);
        PlaceView {
            entry: format!("{}#regel-{}", of_incident(desk.slug(), one.number, Tab::Timeline), one.index),
            line: w.person_place(one.number, &desk.when(one.recorded_at).words, how.in_language(w.0)),
            title: one.title.clone(),
            may: match &one.kept {
                Some(why) => why.text().in_language(w.0).to_owned(),
                None if one.needs_words => w.person_needs_words().to_owned(),
                None => w.person_may_erase().to_owned(),
            },
            href: one.kept.is_none().then(|| {
                let incident = of_incident(desk.slug(), one.number, Tab::Overview);
                let reference = crate::address::encoded(reference);
                let words = if one.needs_words { "&woorden=nodig" } else { "" };
                format!("{incident}/bewaren?regel={}&kenmerk={reference}{words}#een-regel", one.index)
            }),
        }
    };
    let terms = desk.visit.app().retention_terms(&desk.scope).await?;
    let (profile, now) = (&desk.scope.organisation().profile, desk.visit.now);
    // A row of which only the file's name names somebody may be about anybody: it is not told as theirs.
    let is_of_them = |one: &&app::Place| one.appears != [Appears::FileName];
    let places: Vec<Appearance> = found
        .places
        .iter()
        .filter(is_of_them)
        .map(|one| Appearance {
            number: one.number,
            day: documents::day(one.recorded_at, &desk.zone, w.0),
            appears: appears(one),
            kept: one.kept.as_ref().map(|why| match why {
                Refusal::Held => WhyKept::Hold,
                _ => WhyKept::Account,
            }),
        })
        .collect();
    let erased: Vec<ErasedBefore> = found
        .erased
        .iter()
        .map(|one| ErasedBefore {
            number: one.number,
            day: documents::day(one.at, &desk.zone, w.0),
            is_whole: one.is_whole,
        })
        .collect();
    let answer = PersonAnswer {
        organisation: &desk.scope.organisation().name,
        contact: &profile.contact_email,
        day: &desk.day(now),
        reference,
        asks_erasure: is_erasure,
        searched: found.incidents_searched,
        years: terms.iter().map(|term| term.years).max().unwrap_or_default(),
        places: &places,
        erased: &erased,
    };
    Ok(FoundView {
        count: match places.len() {
            0 => w.person_found_none(found.incidents_searched),
            places => w.person_found(places, found.incidents_searched),
        },
        places: found.places.iter().filter(is_of_them).map(place).collect(),
        in_file_name: found.places.iter().filter(|one| !is_of_them(one)).map(place).collect(),
        documents: found
            .documents
            .iter()
            .map(|one| {
                let title = one.title.in_language(w.0);
                let line = w.person_document(one.number, title, &desk.when(one.made_at).words);
                let erase = format!(
                    "{}/bewaren?regel={}&kenmerk={}#een-regel",
                    of_incident(desk.slug(), one.number, Tab::Overview),
                    one.index,
                    crate::address::encoded(reference)
                );
                let href = of_incident(desk.slug(), one.number, Tab::Documents);
                (line, href, (is_erasure && one.may_go).then_some(erase))
            })
            .collect(),
        answer: answer.text(w.0),
    })
}

/// In what kind of entry somebody appears, and as what, in words.
fn appears(place: &app::Place) -> Text {
    let join = |language: Language| {
        let names: Vec<Text> = place.appears.iter().map(|one| one.name()).collect();
        let names = names.iter().map(|name| name.in_language(language)).collect::<Vec<_>>().join(", ");
        format!("{}, {names}", incident::kind_name(&place.kind).in_language(language))
    };
    Text::made(join(Language::Dutch), join(Language::English))
}
