//! Incidents on which nobody is advised or asked anything: erased ones, and those that another register closed long ago. What
//! stands of them is shown instead, on every page that would have asked or advised.

use askama::Template;
use axum::response::Response;

use documents::register_extract::RegisterRow;
use incident::Permission;

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, page};
use crate::frame::Frame;
use crate::pages::incident::keeping::erased_page;
use crate::pages::register::told_words;
use crate::words::Words;

#[derive(Template)]
#[template(path = "incident/rest.html")]
struct RestPage {
    frame: Frame,
    w: Words,
    head: Head,
    rest: RestView,
}

/// What another register says of a case that it closed.
pub(crate) struct RestView {
    pub(crate) pairs: Vec<(&'static str, String)>,
    /// Where to open it again, for who may.
    pub(crate) reopen: Option<String>,
}

impl RestView {
    /// Nothing where the incident is at work here.
    pub(crate) fn of(case: &CaseFile) -> Option<Self> {
        let (w, incident) = (case.w(), &case.incident);
        let imported = incident.imported().filter(|_| incident.is_imported_at_rest())?;
        let row = RegisterRow::of(incident);
        let said = |text: &Option<String>| text.clone().unwrap_or_else(|| w.not_said().to_owned());
        Some(Self {
            pairs: vec![
                (w.rest_authority(), told_words(&row.authority, &case.desk)),
                (w.rest_persons(), told_words(&row.persons, &case.desk)),
                (w.register_motivation(), said(&imported.motivation)),
                (w.rest_decided_by(), said(&imported.decided_by)),
                (w.rest_dpo(), said(&imported.dpo_advice)),
                (w.rest_lessons(), said(&imported.lessons)),
            ],
            reopen: case.desk.allows(Permission::Close).then(|| format!("{}#sluiten", case.page(Tab::Timeline))),
        })
    }
}

/// The page of an erased incident, or of one at rest, in the place of one that advises; nothing for one at work.
pub(crate) fn instead(case: &CaseFile, tab: Tab) -> Result<Option<Response>, Failure> {
    if let Some(page) = erased_instead(case, tab)? {
        return Ok(Some(page));
    }
    let Some(rest) = RestView::of(case) else { return Ok(None) };
    page(&RestPage { frame: case.frame(tab), w: case.w(), head: case.head(tab), rest }).map(Some)
}

/// The page of an erased incident in the place of one that asks; nothing for others.
pub(crate) fn erased_instead(case: &CaseFile, tab: Tab) -> Result<Option<Response>, Failure> {
    case.incident.erased.as_ref().map(|erased| page(&erased_page(case, erased, tab))).transpose()
}
