//! How long one incident is kept: its term, what holds it, erasing it or an entry of it; and what is left to show of one
//! that was erased.

use askama::Template;
use axum::response::Response;
use jiff::SignedDuration;

use app::Error;
use incident::{Custody, Erased, ErasureGround, Event, Opening, Permission, Refusal, RetentionKind};
use law::verdict::Duty;

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::words::Words;

#[derive(Template)]
#[template(path = "incident/keeping.html")]
struct KeepingPage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    problems: Problems,
    filled: Filled,
    is_saved: bool,
    seen: usize,
    is_open: bool,
    /// Where it was closed too short ago to be erased, from when on that can be; or that no clock is believed for it now.
    erasable_from: Option<String>,
    term: String,
    until: Option<String>,
    /// That nobody knows when it was closed, and from when its term counts.
    unsaid: Option<String>,
    held: Option<(String, String)>,
    /// That it was erased, and when.
    erased: Option<String>,
    may_forget: bool,
    /// Entries that may be erased by themselves: index and words.
    entries: Vec<(u64, String, bool)>,
    /// How many lines the field for new words shows: a row of another register has one a column.
    lines: usize,
}

/// How much of an entry stands in the list to choose from, in characters.
const FIRST_WORDS: usize = 60;

#[derive(Template)]
#[template(path = "incident/erased.html")]
pub(crate) struct ErasedPage {
    frame: Frame,
    w: Words,
    head: Head,
    heading: String,
    because: String,
    pairs: Vec<(&'static str, String)>,
    backups: String,
}

/// `GET …/bewaren`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    page(&keeping_page(&case, Problems::new(), Filled::default()).await?)
}

/// `POST …/bewaren/verbod`
pub(crate) async fn hold(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let (visit, scope) = (&case.desk.visit, &case.desk.scope);
    let reason = sent.text("verbod-reden").to_owned();
    let outcome = match sent.text("verbod") {
        "hef-op" => visit.app().release(scope, case.number(), reason, visit.now).await,
        _ => visit.app().hold(scope, case.number(), reason, visit.now).await,
    };
    done(case, &sent, outcome.map(drop), "verbod-reden").await
}

/// `POST …/bewaren/wissen`
pub(crate) async fn erase(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let (visit, scope) = (&case.desk.visit, &case.desk.scope);
    let problems = look(&sent, "zeker", case.w());
    let Some(ground) = ground(&sent).filter(|_| problems.is_empty()) else {
        let problems = with_ground(problems, &sent, case.w());
        return page_again(&keeping_page(&case, problems, filled(&sent)).await?);
    };
    let (seen, reason) = (seen(&sent), sent.text("wis-reden").to_owned());
    let outcome = visit.app().erase(scope, case.number(), seen, ground, reason, visit.now).await;
    done(case, &sent, outcome.map(drop), "wis-reden").await
}

/// `POST …/bewaren/regel`
pub(crate) async fn erase_entry(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let (visit, scope) = (&case.desk.visit, &case.desk.scope);
    let mut problems = look(&sent, "regel-zeker", case.w());
    let index = sent.text("regel").parse::<u64>().ok();
    if index.is_none() {
        problems.add("regel", Refusal::NoSuchEntry.text().in_language(case.w().0));
    }
    let (Some(index), true) = (index, problems.is_empty()) else {
        return page_again(&keeping_page(&case, problems, filled(&sent)).await?);
    };
    let words = Some(sent.text("regel-woorden").to_owned()).filter(|words| !words.trim().is_empty());
    // Who comes from a person's request, where the person stands in the text itself: without other words that text stays.
    if words.is_none() && sent.text("woorden") == "nodig" && sent.text("regel") == sent.text("woorden-van") {
        problems.add("regel-woorden", case.w().erase_entry_words_needed());
        return page_again(&keeping_page(&case, problems, filled(&sent)).await?);
    }
    // The columns of a row stood in the field, and another entry was chosen.
    if words.is_some() && !["", sent.text("regel")].contains(&sent.text("rij-van")) {
        problems.add("regel-woorden", case.w().erase_entry_other_row());
        let filled = filled(&sent).with("rij-van", String::new());
        return page_again(&keeping_page(&case, problems, filled).await?);
    }
    let (seen, reason) = (seen(&sent), sent.text("regel-reden").to_owned());
    let entries = vec![(index, words)];
    let ground = ErasureGround::Request;
    let outcome = visit.app().erase_entries(scope, case.number(), seen, ground, reason, entries, visit.now).await;
    done(case, &sent, outcome.map(drop), "regel-reden").await
}

async fn done(
    case: CaseFile,
    sent: &Sent,
    outcome: Result<(), Error>,
    reason: &'static str,
) -> Result<Response, Failure> {
    let problems = match outcome {
        Ok(()) => return onward(&format!("{}/bewaren?bewaard=ja", case.base())),
        Err(Error::Conflict) => {
            let mut problems = Problems::new();
            problems.add("", case.w().erase_conflict());
            problems
        }
        Err(error) => Problems::from_error(error, case.w(), |refusal| match refusal {
            Refusal::ReasonNeeded => reason,
            Refusal::NoSuchEntry | Refusal::KeptForAccount | Refusal::RewriteFirst => "regel",
            Refusal::SayWhatHappened | Refusal::WordsNeeded | Refusal::OnlyLess => "regel-woorden",
            Refusal::TooLong { .. } if reason == "regel-reden" => "regel-woorden",
            Refusal::ReasonNamesSomebody => reason,
            _ => "",
        })?,
    };
    let case = case.anew().await?;
    page_again(&keeping_page(&case, problems, filled(sent)).await?)
}

/// Who sends no number of entries has not seen the page.
fn seen(sent: &Sent) -> u64 {
    sent.text("gezien").parse().unwrap_or_default()
}

fn filled(sent: &Sent) -> Filled {
    Filled::from_sent(
        sent,
        &["verbod-reden", "wis-reden", "regel-reden", "regel-woorden", "regel", "woorden", "woorden-van", "rij-van"],
    )
}

fn look(sent: &Sent, sure: &str, w: Words) -> Problems {
    let mut problems = Problems::new();
    if sent.text(sure) != "ja" {
        problems.add(sure, w.erase_sure_needed());
    }
    problems
}

fn ground(sent: &Sent) -> Option<ErasureGround> {
    match sent.text("grond") {
        "eigen" => Some(ErasureGround::Officer),
        "verzoek" => Some(ErasureGround::Request),
        _ => None,
    }
}

fn with_ground(mut problems: Problems, sent: &Sent, w: Words) -> Problems {
    if ground(sent).is_none() {
        problems.add("grond", w.erase_ground_choose());
    }
    problems
}

async fn keeping_page(case: &CaseFile, problems: Problems, filled: Filled) -> Result<KeepingPage, Failure> {
    let (w, desk, incident) = (case.w(), &case.desk, &case.incident);
    let too_early = incident.closed_at.map(incident::erasable_from).filter(|from| *from > desk.visit.now);
    let erasable_from = match (too_early, incident.closed_at) {
        (Some(from), _) => Some(w.erase_from(&desk.when(from).words)),
        (None, Some(_)) if desk.visit.app().clock_leap(desk.visit.now).await?.is_some() => {
            Some(Refusal::ClockNotBelieved.text().in_language(w.0).to_owned())
        }
        (None, _) => None,
    };
    let frame = case.frame_called(w.keep_heading(), Tab::Timeline).standing_at(&format!("{}/bewaren", case.base()));
    let kept = desk.visit.app().kept_until(&desk.scope, incident).await?;
    // Of what is still to be notified the term is not that of what never was.
    let is_planned = incident.closed_at.is_none()
        && kept.kind == RetentionKind::NotNotified
        && incident.is_to_do(Duty::NotifyAuthority) == Some(true);
    let kind = if is_planned { RetentionKind::Notified } else { kept.kind };
    let terms = desk.visit.app().retention_terms(&desk.scope).await?;
    let years = terms.iter().find(|term| term.kind == kind).map_or(kept.years, |term| term.years);
    let term = w.keep_kind(kind.name().in_language(w.0), years);
    let filled = match desk.visit.uri.query() {
        Some(query) if filled.get("regel").is_empty() => {
            filled.with("regel", crate::pages::sign_in::form_value(query, "regel"))
        }
        _ => filled,
    };
    // Who comes from a person's request finds its reference in the reason, by which the answer finds what was erased.
    let filled = match desk.visit.uri.query().map(|query| crate::pages::sign_in::form_value(query, "kenmerk")) {
        Some(reference) if !reference.is_empty() && filled.get("regel-reden").is_empty() => {
            filled.with("regel-reden", w.erase_for_request(&reference))
        }
        _ => filled,
    };
    let filled = match desk.visit.uri.query().map(|query| crate::pages::sign_in::form_value(query, "woorden")) {
        Some(needed) if needed == "nodig" => {
            let index = filled.get("regel").to_owned();
            filled.with("woorden", needed).with("woorden-van", index)
        }
        _ => filled,
    };
    let asked = filled.get("regel").to_owned();
    let entry = |stamped: &incident::Stamped| {
        let index = stamped.index?;
        if matches!(stamped.event, Event::Gone { .. }) || incident.restated(index, Some(String::from("-"))).is_err() {
            return None;
        }
        let what = incident::kind_name(stamped.event.kind());
        let line = w.erase_entry_line(index, &desk.when(stamped.recorded_at).words, what.in_language(w.0));
        // By its first words somebody knows which of two it is.
        let line = match first_words(&stamped.event, w) {
            Some(words) => format!("{line}: “{words}”"),
            None => line,
        };
        Some((index, line, index.to_string() == asked))
    };
    let entries: Vec<_> = incident.timeline.iter().filter_map(entry).collect();
    // Of a row of another register its columns stand ready to be changed, each by itself.
    let chosen =
        entries.iter().find(|(.., is_chosen)| *is_chosen).or_else(|| entries.first()).map(|(index, ..)| *index);
    let row = incident
        .imported()
        .filter(|_| chosen.is_some() && incident.timeline.first().map(|one| one.index) == Some(chosen));
    let filled = match (row, chosen) {
        (Some(row), Some(index)) => {
            let filled = filled.with("rij-van", index.to_string());
            let is_empty = filled.get("regel-woorden").is_empty();
            if is_empty { filled.with("regel-woorden", row.as_lines()) } else { filled }
        }
        _ => filled,
    };
    Ok(KeepingPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        head: case.head(Tab::Timeline),
        base: case.base(),
        is_saved: problems.is_empty() && desk.saved.is_some(),
        problems,
        seen: incident.timeline.len(),
        is_open: incident.closed_at.is_none(),
        erasable_from,
        term: if is_planned { w.keep_planned(&term) } else { term },
        // What is held is erased on no day.
        until: kept.at.filter(|_| incident.held.is_none()).map(|at| w.keep_until(&desk.day(at))),
        unsaid: (incident.is_closing_unsaid() && incident.erased.is_none())
            .then(|| format!("{}: {}.", w.closed_on(), w.keep_closing_unsaid(&desk.day(incident.opened_at)))),
        held: incident
            .held
            .as_ref()
            .map(|hold| (w.hold_on(hold.by.name(), &desk.when(hold.since).words), hold.reason.clone())),
        erased: incident.erased.as_ref().map(|erased| w.erased_heading(&desk.when(erased.at).words)),
        may_forget: desk.allows(Permission::Forget) && incident.erased.is_none(),
        entries,
        lines: row.map_or(3, |row| (row.cells.len() + 2).clamp(6, 24)),
        filled,
    })
}

/// The beginning of what an entry that may be erased by itself says; nothing where it says nothing of its own.
fn first_words(event: &Event, w: Words) -> Option<String> {
    let said: &str = match event {
        Event::Opened { opening: Opening::Reported { what, .. }, .. } => what,
        Event::Opened { title, opening: Opening::Imported(_), .. } => title,
        Event::Noted { text } => text,
        Event::DetectionsAdded(added) => added.summary.in_language(w.0),
        Event::FactsRecorded { note, .. } => note.as_ref()?,
        Event::AwarenessSet { reason, .. } => reason,
        Event::NarrativeRecorded(narrative) => narrative.description.as_ref()?,
        Event::SubjectsInformed { channel, .. } | Event::ControllersWarned { channel, .. } => channel,
        Event::Custody(Custody::Added(file)) => &file.name,
        Event::DocumentMade { title, .. } => title.in_language(w.0),
        _ => return None,
    };
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let begun: String = words.chars().take(FIRST_WORDS).collect();
    let more = if begun.len() < words.len() { "…" } else { "" };
    Some(format!("{}{more}", begun.trim_end())).filter(|words| !words.is_empty())
}

/// What is left of an incident that was erased.
pub(crate) fn erased_page(case: &CaseFile, Erased { at, by, erasure }: &Erased, tab: Tab) -> ErasedPage {
    let (w, desk) = (case.w(), &case.desk);
    let closed = |at| if erasure.is_closed_day { desk.day(at) } else { desk.when(at).words };
    let mut pairs = vec![
        (w.erased_by(), by.name().to_owned()),
        (w.erased_reason(), erasure.reason.clone()),
        (w.erased_kind(), erasure.kind.name().in_language(w.0).to_owned()),
        (w.erased_term(), w.years(erasure.years)),
        (w.erased_opened(), desk.when(erasure.opened_at).words),
        (w.erased_closed(), erasure.closed_at.map(closed).unwrap_or_default()),
        (w.erased_entries(), erasure.entries.to_string()),
        (w.erased_told(), erasure.persons_told.map(|count| count.to_string()).unwrap_or_default()),
    ];
    pairs.extend(erasure.holds.iter().map(|hold| {
        let released = hold.released_at.map(|at| desk.when(at).words);
        (w.hold_heading(), w.held_for(&desk.when(hold.placed_at).words, released.as_deref()))
    }));
    pairs.retain(|(_, text)| !text.is_empty());
    ErasedPage {
        frame: case.frame(tab),
        w,
        head: case.head(tab),
        heading: w.erased_heading(&desk.when(*at).words),
        because: w.erased_because(erasure.ground.because().in_language(w.0)),
        pairs,
        backups: match desk.visit.web.state.backup_days {
            Some(days) => {
                let gone = *at + SignedDuration::from_hours(24 * i64::from(days));
                w.erased_backups(days, &desk.day(gone))
            }
            None => w.erased_backups_unknown().to_owned(),
        },
    }
}
