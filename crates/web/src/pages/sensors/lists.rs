//! The threat lists that an organisation's sensors use: what is offered on which terms, what was chosen, how old it is.

use app::ListStanding;
use askama::Template;
use axum::response::Response;
use incident::Permission;

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::words::Words;

#[derive(Template)]
#[template(path = "sensors/lists.html")]
struct ListsPage {
    frame: Frame,
    w: Words,
    base: String,
    address: String,
    saved: Option<&'static str>,
    lists: Vec<ListView>,
    any_chosen: bool,
    /// With which to begin, while none is chosen.
    first: Option<String>,
    may_choose: bool,
}

struct ListView {
    name: String,
    about: String,
    /// Why it is a good one to begin with, while it is not chosen.
    first: Option<String>,
    publisher: String,
    source: String,
    terms: String,
    /// The licence, whether it allows commercial use, the size, how often it is fetched.
    facts: Vec<String>,
    is_chosen: bool,
    /// Who chose it, and how it stands; nothing while nobody did.
    standing: Vec<String>,
    is_stale: bool,
    /// That it is being fetched, and since when.
    fetching: Option<String>,
    fault: Option<String>,
}

/// `GET /o/{slug}/sensoren/lijsten`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let (w, visit) = (desk.visit.w, &desk.visit);
    let all = visit.app().threat_lists(&desk.scope, visit.web.state.lists.as_ref()).await?;
    let base = sensors_of(desk.slug());
    let any_chosen = all.iter().any(|one| one.choice.is_some());
    let first: Vec<_> =
        all.iter().filter(|one| one.offered.first.is_some()).map(|one| one.offered.name.as_str()).collect();
    page(&ListsPage {
        frame: desk.frame(w.lists_heading(), Place::Sensors),
        w,
        address: format!("{base}/lijsten"),
        base,
        saved: desk.saved.as_deref().and_then(|form| match form {
            "keuze" => Some(w.lists_saved()),
            "opgehaald" => Some(w.lists_fetching()),
            _ => None,
        }),
        first: (!any_chosen && !first.is_empty()).then(|| w.lists_first(&first.join(", "))),
        any_chosen,
        lists: all.into_iter().map(|one| view(one, &desk)).collect(),
        may_choose: desk.allows(Permission::ManageSensors),
    })
}

/// `POST /o/{slug}/sensoren/lijsten`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let (app, lists) = (desk.visit.app(), desk.visit.web.state.lists.as_ref());
    let saved = if sent.text("doe") == "ophalen" {
        app.fetch_lists_now(&desk.scope, lists).await?;
        "opgehaald"
    } else {
        let all = |name: &str| sent.all(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
        // What the page showed as chosen: somebody else may have chosen meanwhile.
        app.choose_lists(&desk.scope, lists, &all("list"), &all("gezien"), desk.visit.now).await?;
        "keuze"
    };
    onward(&format!("{}/lijsten?bewaard={saved}", sensors_of(desk.slug())))
}

/// A licence by its name; where the publisher sets terms of its own, in the reader's language.
fn licence(name: String, w: Words) -> String {
    name.strip_prefix("terms of ").map(|publisher| w.list_terms_of(publisher)).unwrap_or(name)
}

fn view(one: ListStanding, desk: &Desk) -> ListView {
    let (w, ListStanding { offered, choice, kept }) = (desk.visit.w, one);
    // What another organisation chose is nobody else's to know; what lies in the house's own folder is there for all.
    let is_of_the_house = offered.publisher.is_empty();
    let kept = kept.filter(|_| choice.is_some() || is_of_the_house);
    let has_terms = !offered.terms.is_empty();
    let licence =
        if offered.licence.is_empty() { w.list_licence_none().to_owned() } else { licence(offered.licence, w) };
    let age = kept.as_ref().and_then(|kept| {
        let fetched = desk.when(kept.fetched_at?).words;
        Some(w.list_there(&w.list_entries(kept.entries), &fetched))
    });
    // How large it is stands there already where it is there.
    let size = if age.is_some() { None } else { Some(offered.size.in_language(w.0).to_owned()) };
    let fetching = kept.as_ref().and_then(|kept| Some(w.list_fetching(&desk.when(kept.fetching_since?).words)));
    let standing = match choice.as_ref() {
        Some(choice) => {
            let chosen = w.list_chosen(&choice.chosen_by, &desk.when(choice.chosen_at).words);
            let waiting = fetching.is_none().then(|| w.list_waiting().to_owned());
            age.or(waiting).into_iter().chain([chosen]).collect()
        }
        None => age.into_iter().collect(),
    };
    let commercial = w.list_commercial(offered.is_commercial_use_allowed, has_terms).to_owned();
    let every = w.list_every(offered.every_hours);
    ListView {
        about: offered.about.in_language(w.0).to_owned(),
        first: offered.first.filter(|_| choice.is_none()).map(|why| why.in_language(w.0).to_owned()),
        publisher: offered.publisher,
        source: offered.source,
        terms: offered.terms,
        facts: [Some(licence), Some(commercial), size, Some(every)].into_iter().flatten().collect(),
        is_chosen: choice.is_some(),
        standing,
        fetching,
        is_stale: kept.as_ref().is_some_and(|kept| kept.is_stale(desk.visit.now)),
        fault: kept.and_then(|kept| kept.fault).map(|why| w.list_fault(why.in_language(w.0))),
        name: offered.name,
    }
}
