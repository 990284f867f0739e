//! How long incidents are kept: the terms, what each rests on, and who changed them.

use askama::Template;
use axum::response::Response;

use app::Error;
use incident::RetentionKind;
use jiff::Timestamp;

use crate::address::settings_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent, whole};
use crate::frame::{Frame, Place};
use crate::words::Words;

#[derive(Template)]
#[template(path = "terms.html")]
struct TermsPage {
    frame: Frame,
    w: Words,
    address: String,
    is_saved: bool,
    problems: Problems,
    filled: Filled,
    /// When the newest was set that stands on the page, in microseconds; nothing where none was.
    seen: String,
    terms: Vec<TermView>,
    changes: Vec<String>,
    /// How long backups hold what was erased.
    backups: String,
}

struct TermView {
    key: &'static str,
    label: String,
    hint: String,
}

/// `GET /o/{slug}/instellingen/bewaren`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let terms = desk.visit.app().retention_terms(&desk.scope).await?;
    let filled =
        terms.iter().fold(Filled::default(), |filled, term| filled.with(term.kind.key(), term.years.to_string()));
    page(&terms_page(&desk, Problems::new(), filled).await?)
}

/// `POST /o/{slug}/instellingen/bewaren`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (desk.visit.w, &desk.visit);
    let mut problems = Problems::new();
    let mut wanted = Vec::new();
    for kind in RetentionKind::ALL {
        match whole(sent.text(kind.key())).and_then(|digits| digits.parse::<u32>().ok()) {
            Some(years) => wanted.push((kind, years)),
            None => problems.add(kind.key(), w.terms_number_of(kind.name().in_language(w.0))),
        }
    }
    if problems.is_empty() {
        // All of them are looked at before one is set.
        let seen = sent.text("gezien").parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok());
        match visit.app().set_retentions(&desk.scope, &wanted, sent.text("reason"), seen, visit.now).await {
            Err(Error::Conflict) => problems.add("", w.terms_conflict()),
            Ok(()) => return onward(&format!("{}/bewaren?bewaard=ja", settings_of(desk.slug()))),
            Err(error) => problems = Problems::from_error(error, w, |_| "")?,
        }
    }
    let names: Vec<&'static str> = RetentionKind::ALL.into_iter().map(RetentionKind::key).chain(["reason"]).collect();
    page_again(&terms_page(&desk, problems, Filled::from_sent(&sent, &names)).await?)
}

async fn terms_page(desk: &Desk, problems: Problems, filled: Filled) -> Result<TermsPage, Failure> {
    let (w, app) = (desk.visit.w, desk.visit.app());
    let terms = app.retention_terms(&desk.scope).await?;
    let changes = app.retention_changes(&desk.scope).await?;
    let address = format!("{}/bewaren", settings_of(desk.slug()));
    let frame = desk.frame(w.terms_heading(), Place::Settings).standing_at(&address);
    let hint = |term: &app::RetentionTerm| {
        let is_short = term.kind == RetentionKind::NotNotified && term.years < 3;
        let parts = [
            Some(w.terms_years()),
            term.is_default.then(|| w.terms_default()),
            is_short.then(|| w.terms_under_three()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(". ")
    };
    let days = desk.visit.web.state.backup_days;
    let backups = days.map_or_else(|| w.terms_backups_unknown().to_owned(), |days| w.terms_backups_how(days));
    Ok(TermsPage {
        backups,
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        address,
        is_saved: problems.is_empty() && desk.saved.is_some(),
        problems,
        filled,
        seen: changes.first().map(|change| change.set_at.as_microsecond().to_string()).unwrap_or_default(),
        terms: terms
            .iter()
            .map(|term| TermView {
                key: term.kind.key(),
                label: term.kind.name().in_language(w.0).to_owned(),
                hint: hint(term),
            })
            .collect(),
        changes: changes
            .iter()
            .map(|one| {
                let (at, kind) = (desk.when(one.set_at).words, one.kind.name());
                w.terms_change(&at, &one.set_by, kind.in_language(w.0), one.years_before, one.years, &one.reason)
            })
            .collect(),
    })
}
