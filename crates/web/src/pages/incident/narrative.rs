//! What people write for the register and the documents. Two people at these texts lose nothing: what one changed is
//! taken, what both changed is shown twice.

use std::collections::BTreeMap;

use axum::response::Response;

use app::Error;
use incident::{Event, Incident, Narrative, Refusal, Stamped};

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::facts::{Again, facts_page};
use crate::pages::incident::merge;
use crate::words::Words;

const FIELDS: [&str; 4] = ["description", "measures_taken", "measures_planned", "late_reason"];

/// `POST …/feiten/verhaal`
pub(crate) async fn take(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let outcome = record(&case, &sent).await;
    if merge::came_between(&outcome) { record(&case.open_anew().await?, &sent).await } else { outcome }
}

async fn record(case: &CaseFile, sent: &Sent) -> Result<Response, Failure> {
    match write(case, sent).await? {
        None => onward(&format!("{}#verhaal", case.saved(Tab::Facts, "verhaal"))),
        Some(StoryAgain { problems, story, theirs }) => {
            let again = Again { problems, story: Some(story), story_theirs: theirs, ..Again::default() };
            page_again(&facts_page(case, again)?)
        }
    }
}

/// Texts that were sent and need another look.
pub(crate) struct StoryAgain {
    pub(crate) problems: Problems,
    pub(crate) story: Filled,
    /// What somebody else made of the same texts in the meantime.
    pub(crate) theirs: BTreeMap<&'static str, String>,
}

/// Records the texts that were sent, beside those that were not; nothing comes back once they are on file.
pub(crate) async fn write(case: &CaseFile, sent: &Sent) -> Result<Option<StoryAgain>, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let now = &case.incident;
    let seen = merge::seen(now, sent);
    let (story, theirs) = merged(seen.as_ref(), now, sent, w);
    let mut problems = Problems::new();
    if seen.is_none() {
        problems.add("", w.form_not_whole());
    } else if theirs.is_empty() {
        let told = |name: &str| Some(story.get(name).to_owned()).filter(|text| !text.is_empty());
        let narrative = Narrative {
            description: told("description"),
            measures_taken: told("measures_taken"),
            measures_planned: told("measures_planned"),
            late_reason: told("late_reason"),
        };
        let entries = Some(now.timeline.len() as u64);
        match visit.app().record_narrative(&case.desk.scope, case.number(), entries, narrative, visit.now).await {
            Ok(_) | Err(Error::Refused(Refusal::NothingChanges)) => return Ok(None),
            Err(error) => problems = Problems::from_error(error, w, |_| "description")?,
        }
    }
    Ok(Some(StoryAgain { problems, story, theirs }))
}

/// The texts as they stand in the form.
pub(crate) fn filled(narrative: &Narrative) -> Filled {
    FIELDS.into_iter().fold(Filled::default(), |filled, name| filled.with(name, text(narrative, name)))
}

/// The texts with what this person changed since they saw them; beside it what somebody else made of the same ones.
fn merged(seen: Option<&Incident>, now: &Incident, sent: &Sent, w: Words) -> (Filled, BTreeMap<&'static str, String>) {
    let (mut story, mut theirs) = (Filled::default(), BTreeMap::new());
    for name in FIELDS {
        let before = seen.map(|seen| text(&seen.narrative, name));
        let other = text(&now.narrative, name);
        let mine = Some(plain(sent.raw(name))).filter(|mine| sent.has(name) && before.as_ref() != Some(mine));
        let Some(mine) = mine else {
            story = story.with(name, other);
            continue;
        };
        if before.as_ref() != Some(&other) && other != mine {
            let who = author(now, name);
            let version = if other.is_empty() { w.theirs_text_gone(who) } else { w.theirs_text(who, &other) };
            theirs.insert(name, version);
        }
        story = story.with(name, mine);
    }
    (story, theirs)
}

/// Who changed this text last.
fn author<'a>(incident: &'a Incident, name: &str) -> &'a str {
    last(incident, name).map_or("Dijkwacht", |stamped| stamped.by.name())
}

/// The entry that changed this text last.
pub(crate) fn last<'a>(incident: &'a Incident, name: &str) -> Option<&'a Stamped> {
    let (mut before, mut last) = (String::new(), None);
    for stamped in &incident.timeline {
        if let Event::NarrativeRecorded(narrative) = &stamped.event {
            let now = text(narrative, name);
            if now != before {
                (before, last) = (now, Some(stamped));
            }
        }
    }
    last
}

pub(crate) fn text(narrative: &Narrative, name: &str) -> String {
    let text = match name {
        "description" => &narrative.description,
        "measures_taken" => &narrative.measures_taken,
        "measures_planned" => &narrative.measures_planned,
        _ => &narrative.late_reason,
    };
    text.as_deref().map(plain).unwrap_or_default()
}

/// Browsers end lines their own way; that alone is no change.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
