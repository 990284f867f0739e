//! The facts of an incident: every one can be answered, changed or left at *not known yet*.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use app::Error;
use facts::Fact;
use incident::{Permission, Refusal};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::moment_fields::MomentFields;
use crate::pages::incident::merge::{self, Changes};
use crate::pages::incident::questions::{self, About, SectionView, Typed, Widget};
use crate::view::time::When;
use crate::view::value::words_of;
use crate::words::Words;

/// How many telling facts are named on top.
const NAMED: usize = 5;

#[derive(Template)]
#[template(path = "incident/facts.html")]
pub(crate) struct FactsPage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    seen: u64,
    may_handle: bool,
    problems: Problems,
    is_conflict: bool,
    telling: Vec<(&'static str, String)>,
    telling_more: Option<String>,
    sections: Vec<SectionView>,
    note: Filled,
    aware: Option<When>,
    aware_by: String,
    detected: When,
    aware_at: MomentFields,
    aware_filled: Filled,
    detected_at: MomentFields,
    story: Filled,
}

/// What a form on this page sent, when it has to be shown again.
#[derive(Default)]
pub(crate) struct Again {
    pub(crate) problems: Problems,
    pub(crate) typed: Option<Typed>,
    pub(crate) wrong: BTreeMap<Fact, String>,
    pub(crate) theirs: BTreeMap<Fact, String>,
    pub(crate) note: Filled,
    pub(crate) aware: Option<(MomentFields, Filled)>,
    pub(crate) detected: Option<MomentFields>,
    pub(crate) story: Option<Filled>,
}

/// `GET …/feiten`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    page(&facts_page(&case, Again::default())?)
}

/// `POST …/feiten`
pub(crate) async fn take(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let w = case.w();
    let now_entries = case.incident.timeline.len() as u64;
    let seen = sent.text("gezien").parse().unwrap_or(now_entries);
    let typed = questions::sent(&sent);
    let (read, wrong) = questions::read(&typed, w);
    let base = merge::facts_at(&case.incident, seen);
    let mine = merge::changes(&base, &read);
    let theirs = merge::changes(&base, &case.incident.facts);
    let mut again = Again { note: Filled::from_sent(&sent, &["toelichting"]), ..Again::default() };
    if !wrong.is_empty() {
        for (fact, text) in wrong {
            again.problems.add(fact.key(), format!("{} {text}", fact.question().in_language(w.0)));
            again.wrong.insert(fact, text);
        }
        again.typed = Some(typed);
        return page_again(&facts_page(&case, again)?);
    }
    let clashes = merge::clashes(&mine, &theirs);
    if !clashes.is_empty() {
        again.typed = Some(merged(&case, &mine));
        again.theirs = clashes.into_iter().map(|fact| (fact, their_version(&case, fact, &theirs))).collect();
        return page_again(&facts_page(&case, again)?);
    }
    let note = Some(sent.text("toelichting").to_owned()).filter(|note| !note.is_empty());
    let visit = &case.desk.visit;
    let kept = merged(&case, &mine);
    let recorded =
        visit.app().record_facts(&case.desk.scope, case.number(), Some(now_entries), mine, note, visit.now).await;
    match recorded {
        Ok(_) => onward(&case.page(Tab::Verdict)),
        // Nothing was changed on the form: then there is nothing to say about it either.
        Err(Error::Refused(Refusal::NothingChanges)) => onward(&case.page(Tab::Verdict)),
        Err(Error::Refused(Refusal::Contradiction(contradiction))) => {
            for key in [contradiction.first, contradiction.second] {
                if let Ok(fact) = Fact::from_key(key) {
                    again.problems.add(key, w.contradicts(fact.question().in_language(w.0)));
                    again.wrong.insert(fact, w.contradiction().to_owned());
                }
            }
            again.typed = Some(typed);
            page_again(&facts_page(&case, again)?)
        }
        Err(error) => {
            again.problems = Problems::from_error(error, w, |_| "")?;
            again.typed = Some(kept);
            page_again(&facts_page(&case, again)?)
        }
    }
}

/// The facts as they stand, with what this person wants to change.
fn merged(case: &CaseFile, mine: &Changes) -> Typed {
    let mut facts = case.incident.facts.clone();
    for (fact, value) in mine {
        match value {
            // A value that was read from the form fits its fact.
            Some(value) => {
                let _ = facts.set(*fact, value.clone());
            }
            None => facts.forget(*fact),
        }
    }
    questions::typed(&facts)
}

fn their_version(case: &CaseFile, fact: Fact, theirs: &Changes) -> String {
    let w = case.w();
    let value = theirs.get(&fact).and_then(Option::as_ref);
    let value = value.map_or_else(|| w.unknown().to_owned(), |value| words_of(fact, value, w));
    let who = case.incident.timeline.iter().rev().find_map(|stamped| match &stamped.event {
        incident::Event::FactsRecorded { changes, .. } if changes.contains_key(&fact) => Some(stamped.by.name()),
        _ => None,
    });
    w.theirs(who.unwrap_or("Dijkwacht"), &value)
}

pub(crate) fn facts_page(case: &CaseFile, again: Again) -> Result<FactsPage, Failure> {
    let (w, incident, desk) = (case.w(), &case.incident, &case.desk);
    let verdict = case.verdict()?;
    let typed = again.typed.unwrap_or_else(|| questions::typed(&incident.facts));
    let about = About {
        typed: &typed,
        known: &incident.facts,
        telling: &verdict.missing,
        wrong: &again.wrong,
        theirs: &again.theirs,
    };
    let telling = verdict.missing.iter().take(NAMED);
    let frame = case.frame(Tab::Facts);
    let (aware_at, aware_filled) = again.aware.unwrap_or_else(|| (MomentFields::new("kennis"), Filled::default()));
    let narrative = &incident.narrative;
    let told = |text: &Option<String>| text.clone().unwrap_or_default();
    Ok(FactsPage {
        frame: if again.problems.is_empty() { frame } else { frame.with_problems() },
        w,
        head: case.head(Tab::Facts),
        base: case.base(),
        seen: incident.timeline.len() as u64,
        may_handle: desk.allows(Permission::HandleIncident) && incident.closed_at.is_none(),
        is_conflict: !again.theirs.is_empty(),
        telling: telling.map(|fact| (fact.key(), fact.question().in_language(w.0).to_owned())).collect(),
        telling_more: Some(verdict.missing.len().saturating_sub(NAMED))
            .filter(|more| *more > 0)
            .map(|more| w.facts_telling_more(more)),
        sections: questions::sections(&about, w),
        problems: again.problems,
        note: again.note,
        aware: incident.aware.as_ref().map(|aware| desk.when(aware.at)),
        aware_by: incident
            .aware
            .as_ref()
            .map(|aware| w.aware_set_by(aware.set_by.name(), &aware.reason))
            .unwrap_or_default(),
        detected: desk.when(incident.first_signal()),
        aware_at,
        aware_filled,
        detected_at: again.detected.unwrap_or_else(|| MomentFields::at("ontdekt", incident.first_signal(), &desk.zone)),
        story: again.story.unwrap_or_else(|| {
            Filled::default()
                .with("description", told(&narrative.description))
                .with("measures_taken", told(&narrative.measures_taken))
                .with("measures_planned", told(&narrative.measures_planned))
                .with("late_reason", told(&narrative.late_reason))
        }),
    })
}
