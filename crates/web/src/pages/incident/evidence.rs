//! The evidence of an incident: which files there are, adding more, checking that they are what they were.

pub(crate) mod file;

use askama::Template;
use axum::response::Response;

use app::{Error, Received, Trouble};
use incident::{Condition, Custody, Event, Evidence, Permission, Refusal};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, failed_page, onward, page, page_again};
use crate::file_name::shown as shown_name;
use crate::forms::{Filled, Problems};
use crate::frame::Frame;
use crate::pages::incident::{closed, still};
use crate::pages::sign_in::form_value;
use crate::upload::Uploads;
use crate::words::Words;

const FILES: &str = "bestanden";
const DESCRIPTION: &str = "omschrijving";
const ORIGIN: &str = "herkomst";

#[derive(Template)]
#[template(path = "incident/evidence.html")]
struct EvidencePage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    problems: Problems,
    filled: Filled,
    /// Files that were sent with others just now, and stood there already.
    was_there: Option<String>,
    /// Files whose stored copy was damaged or gone, until the same was sent just now.
    put_right: Option<String>,
    files: Vec<FileLine>,
    withdrawn: Vec<FileLine>,
    checked: Option<CheckedView>,
    may_handle: bool,
    is_closed: bool,
    files_hint: String,
}

/// A file in the list.
pub(crate) struct FileLine {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) size: String,
    pub(crate) kind: String,
    pub(crate) has_caution: bool,
    pub(crate) added: String,
    pub(crate) sha256: String,
    pub(crate) description: String,
    pub(crate) origin: String,
    pub(crate) withdrawn: Option<String>,
    /// What the newest check that read it found wrong with it.
    pub(crate) lost: Option<&'static str>,
}

/// The newest check.
struct CheckedView {
    is_sound: bool,
    outcome: String,
    by: String,
}

/// `GET …/bewijs`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    if let Some(page) = still::erased_instead(&case, Tab::Evidence)? {
        return Ok(page);
    }
    let mut shown = evidence_page(&case, Problems::new(), Filled::default());
    let names = |field| {
        let places = form_value(case.desk.visit.uri.query().unwrap_or_default(), field);
        let named = places.split(',').filter_map(|place| case.incident.evidence.get(place.parse::<usize>().ok()?));
        Some(named.map(|evidence| shown_name(&evidence.file.name)).collect::<Vec<_>>())
            .filter(|names| !names.is_empty())
    };
    shown.was_there = names("al").map(|names| case.w().evidence_was_there(&names));
    shown.put_right = names("hersteld").map(|names| case.w().evidence_put_right(&names));
    page(&shown)
}

/// `POST …/bewijs`: files with a description, taken in as they arrive.
pub(crate) async fn take(case: CaseFile, mut uploads: Uploads) -> Result<Response, Failure> {
    let mut form = Form::default();
    let outcome = match form.read(&case, &mut uploads).await {
        Ok(()) => form.add(&case).await,
        Err(error) => {
            uploads.ignore_rest().await;
            Err(error)
        }
    };
    let Err(Stopped(failure)) = outcome else {
        return onward(&format!("{}{}", case.saved(Tab::Evidence, "bewijs"), form.said(&case, &case.fresh().await?)));
    };
    let visit = &case.desk.visit;
    // Where the store is in trouble, this may fail too: what is left is found by `evidence check`.
    let discarded = visit.app().discard_evidence(&case.desk.scope, &form.received).await;
    if failure.is_refused(&Refusal::Closed) {
        discarded?;
        return closed::without_files(&case.fresh().await?, vec![form.description, form.origin]);
    }
    let problems = match failure {
        Failure::App(error) => match std::sync::Arc::try_unwrap(error) {
            // What was typed comes back, whatever the store can do now; the files cannot.
            Ok(Error::Unavailable(trouble, cause)) => {
                let filled = Filled::default().with(DESCRIPTION, form.description).with(ORIGIN, form.origin);
                return unsaved(&case, trouble, cause, filled);
            }
            Ok(error) => Problems::from_error(error, case.w(), |_| FILES)?,
            Err(error) => return Err(Failure::App(error)),
        },
        other => return Err(other),
    };
    discarded?;
    let filled = Filled::default().with(DESCRIPTION, form.description).with(ORIGIN, form.origin);
    page_again(&evidence_page(&case, problems, filled))
}

/// The form again after the store failed: with what was typed, without the files.
fn unsaved(
    case: &CaseFile,
    trouble: Trouble,
    cause: Box<dyn std::error::Error + Send + Sync>,
    filled: Filled,
) -> Result<Response, Failure> {
    let w = case.w();
    let mut problems = Problems::of_trouble(trouble, w);
    problems.add(FILES, w.choose_files_again());
    failed_page(&evidence_page(case, problems, filled), Error::Unavailable(trouble, cause))
}

/// `POST …/bewijs/controle`
pub(crate) async fn check(case: CaseFile) -> Result<Response, Failure> {
    let visit = &case.desk.visit;
    match visit.app().check_evidence(&case.desk.scope, case.number(), visit.now).await {
        Ok(_) | Err(Error::Refused(Refusal::NothingChanges)) => onward(&case.page(Tab::Evidence)),
        Err(error) => Err(error.into()),
    }
}

/// The form as it is read.
#[derive(Default)]
struct Form {
    description: String,
    origin: String,
    received: Vec<Received>,
}

struct Stopped(Failure);

impl<T: Into<Failure>> From<T> for Stopped {
    fn from(failure: T) -> Self {
        Self(failure.into())
    }
}

impl Form {
    async fn read(&mut self, case: &CaseFile, uploads: &mut Uploads) -> Result<(), Stopped> {
        let visit = &case.desk.visit;
        while let Some(mut part) = uploads.next().await? {
            match part.name() {
                DESCRIPTION => self.description = part.text().await?,
                ORIGIN => self.origin = part.text().await?,
                FILES => {
                    // A field in which nothing was chosen is sent as a file without a name.
                    let Some(name) = part.file_name() else { continue };
                    let named = shown_name(&name);
                    let begun = visit.app().begin_evidence(
                        &case.desk.scope,
                        &case.incident,
                        &self.received,
                        &named,
                        visit.web.state.evidence,
                    );
                    let mut upload = begun.await?;
                    while let Some(piece) = part.piece().await? {
                        if let Err(error) = upload.write(&piece).await {
                            part.ignore().await;
                            return Err(error.into());
                        }
                    }
                    self.received.push(upload.finish(&name).await?);
                }
                _ => {
                    part.ignore().await;
                }
            }
        }
        Ok(())
    }

    /// What is told of the files that were sent, for the address of the page: which of them the incident had already, and of
    /// which the store's own copy was put right. Each by its place among the files as they stand now.
    fn said(&self, before: &CaseFile, now: &CaseFile) -> String {
        let (lost, others): (Vec<_>, Vec<_>) = self.received.iter().partition(|sent| sent.put_right(&before.incident));
        let was_there = |sent: &&Received| {
            before.incident.evidence_of(&sent.sha256).is_some_and(|evidence| evidence.withdrawn.is_none())
        };
        let list = |name, files: Vec<&Received>| {
            let evidence = now.incident.evidence.iter().enumerate();
            let sent = evidence.filter(|(_, one)| files.iter().any(|sent| sent.sha256 == one.file.sha256));
            let places: Vec<_> = sent.map(|(place, _)| place.to_string()).collect();
            if places.is_empty() { String::new() } else { format!("&{name}={}", places.join(",")) }
        };
        list("al", others.into_iter().filter(was_there).collect()) + &list("hersteld", lost)
    }

    async fn add(&self, case: &CaseFile) -> Result<(), Stopped> {
        if self.received.is_empty() {
            let w = case.w();
            let text = facts::Text::made(w.evidence_choose().to_owned(), w.evidence_choose().to_owned());
            return Err(Error::Invalid(vec![app::FieldProblem { field: FILES.into(), text }]).into());
        }
        let visit = &case.desk.visit;
        let (scope, files, limits) = (&case.desk.scope, self.received.clone(), visit.web.state.evidence);
        let told = (self.description.as_str(), self.origin.as_str());
        visit.app().add_evidence(scope, case.number(), files, told, limits, visit.now).await?;
        Ok(())
    }
}

fn evidence_page(case: &CaseFile, problems: Problems, filled: Filled) -> EvidencePage {
    let (w, desk, incident) = (case.w(), &case.desk, &case.incident);
    let frame = case.frame(Tab::Evidence);
    let (withdrawn, files) = incident
        .evidence
        .iter()
        .map(|evidence| line(case, evidence))
        .partition(|line: &FileLine| line.withdrawn.is_some());
    let limits = desk.visit.web.state.evidence;
    EvidencePage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        head: case.head(Tab::Evidence),
        base: case.base(),
        problems,
        filled,
        was_there: None,
        put_right: None,
        files,
        withdrawn,
        checked: newest_check(case),
        may_handle: desk.allows(Permission::HandleIncident),
        is_closed: incident.closed_at.is_some(),
        files_hint: w.evidence_files_hint(limits.file_bytes >> 20, limits.incident_bytes >> 20),
    }
}

pub(crate) fn line(case: &CaseFile, evidence: &Evidence) -> FileLine {
    let (w, desk, file) = (case.w(), &case.desk, &evidence.file);
    FileLine {
        href: format!("{}/{}", case.page(Tab::Evidence), file.sha256),
        name: shown_name(&file.name),
        size: w.bytes(file.size_bytes),
        kind: w.media_type(&file.media_type),
        has_caution: file.caution.is_some(),
        added: w.evidence_added_by(evidence.added_by.name(), &desk.when(evidence.added_at).words),
        sha256: file.sha256.clone(),
        description: file.description.clone(),
        origin: file.origin.clone(),
        withdrawn: evidence
            .withdrawn
            .as_ref()
            .map(|(by, at, reason)| w.evidence_withdrawn_by(by.name(), &desk.when(*at).words, reason)),
        lost: found_lost(case, &file.sha256),
    }
}

/// What is wrong with a file, in a word.
fn found_lost(case: &CaseFile, sha256: &str) -> Option<&'static str> {
    let w = case.w();
    Some(match case.incident.lost(sha256)? {
        Condition::Damaged => w.evidence_is_damaged(),
        Condition::Missing => w.evidence_is_missing(),
    })
}

/// The newest check, with what was put right since.
fn newest_check(case: &CaseFile) -> Option<CheckedView> {
    let (w, incident) = (case.w(), &case.incident);
    incident.timeline.iter().rev().find_map(|stamped| match &stamped.event {
        Event::Custody(Custody::Checked { intact, damaged, missing }) => {
            let found = [damaged, missing].into_iter().flatten();
            let still: Vec<_> = found.filter_map(|sha256| incident.lost(sha256)).collect();
            let count = |condition| still.iter().filter(|one| **one == condition).count();
            Some(CheckedView {
                is_sound: still.is_empty(),
                outcome: match (damaged.len() + missing.len(), still.len()) {
                    (0, _) => w.evidence_all_intact(intact.len(), incident.evidence.len()),
                    (_, 0) => w.evidence_all_put_right().to_owned(),
                    _ => w.evidence_not_intact(count(Condition::Damaged), count(Condition::Missing)),
                },
                by: w.evidence_checked(stamped.by.name(), &case.desk.when(stamped.recorded_at).words),
            })
        }
        _ => None,
    })
}
