//! How long incidents are kept: the terms, what each rests on, and who changed them.

use askama::Template;
use axum::response::Response;

use app::{Error, RetentionChange, RetentionTerm, settled};
use incident::RetentionKind;
use jiff::Timestamp;

use crate::address::settings_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, OPENED, Problems, Sent, whole};
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
    /// What the form held when it was opened.
    opened: Vec<(String, String)>,
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
    let stands = Stands::read(&desk).await?;
    let filled = stands.years().fold(Filled::default(), |filled, (kind, years)| filled.with(kind, years));
    page(&terms_page(&desk, Problems::new(), filled, stands, None))
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
            Err(Error::Conflict) => return merged(&desk, &sent).await,
            Ok(()) => return onward(&format!("{}/bewaren?bewaard=ja", settings_of(desk.slug()))),
            Err(error) => problems = Problems::from_error(error, w, |_| "")?,
        }
    }
    let names: Vec<&'static str> = RetentionKind::ALL.into_iter().map(RetentionKind::key).chain(["reason"]).collect();
    let filled = Filled::from_sent(&sent, &names);
    page_again(&terms_page(&desk, problems, filled, Stands::read(&desk).await?, Some(&sent)))
}

/// The form again, as it was sent where that was changed, and as it holds now elsewhere.
async fn merged(desk: &Desk, sent: &Sent) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let stands = Stands::read(desk).await?;
    let mut problems = Problems::new();
    problems.add("", w.terms_conflict());
    let opened = sent.as_opened();
    let mut filled = Filled::default().with("reason", sent.raw("reason"));
    for (kind, years) in stands.years() {
        let (began, typed) = (opened.as_ref().map(|opened| opened.text(kind).to_owned()), sent.text(kind).to_owned());
        let (value, is_both) = settled(began.as_ref(), &typed, &years);
        if is_both {
            let label = RetentionKind::from_key(kind).map(|kind| kind.name().in_language(w.0).to_owned());
            problems.add(kind, w.both_changed(&label.unwrap_or_default(), &years, &typed));
        }
        filled = filled.with(kind, value);
    }
    page_again(&terms_page(desk, problems, filled, stands, None))
}

/// The terms that hold, and every change of them.
struct Stands {
    terms: Vec<RetentionTerm>,
    changes: Vec<RetentionChange>,
}

impl Stands {
    async fn read(desk: &Desk) -> Result<Self, Failure> {
        let app = desk.visit.app();
        // The changes first: one made between the two readings is then one that the form has not seen.
        let changes = app.retention_changes(&desk.scope).await?;
        Ok(Self { changes, terms: app.retention_terms(&desk.scope).await? })
    }

    fn years(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.terms.iter().map(|term| (term.kind.key(), term.years.to_string()))
    }
}

/// `sent`: the form as it was sent, where it still is about what held when it was opened.
fn terms_page(desk: &Desk, problems: Problems, filled: Filled, stands: Stands, sent: Option<&Sent>) -> TermsPage {
    let w = desk.visit.w;
    let newest = stands.changes.first().map(|change| change.set_at.as_microsecond().to_string()).unwrap_or_default();
    let (seen, opened) = match sent.filter(|sent| sent.has("gezien")) {
        Some(sent) => (sent.text("gezien").to_owned(), sent.as_opened().map(Sent::into_pairs).unwrap_or_default()),
        None => (newest, stands.years().map(|(kind, years)| (kind.to_owned(), years)).collect()),
    };
    let Stands { terms, changes } = stands;
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
    TermsPage {
        backups,
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        address,
        is_saved: problems.is_empty() && desk.saved.is_some(),
        problems,
        filled,
        seen,
        opened: opened.into_iter().map(|(name, value)| (format!("{OPENED}{name}"), value)).collect(),
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
    }
}
