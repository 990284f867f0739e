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
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::merge::{self, Changes};
use crate::pages::incident::narrative;
use crate::pages::incident::questions::{self, About, SectionView, Typed, Widget};
use crate::pages::incident::still;
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
    seen: usize,
    may_handle: bool,
    problems: Problems,
    is_conflict: bool,
    telling: Vec<(&'static str, String)>,
    telling_more: Option<String>,
    sections: Vec<SectionView>,
    note: Filled,
    aware: Option<When>,
    aware_by: String,
    detected: String,
    aware_at: MomentFields,
    aware_filled: Filled,
    detected_at: MomentFields,
    /// So long lies between the first signal and awareness that somebody should say why.
    gap: Option<String>,
    /// When a processor's first notice came in.
    processor: Option<String>,
    processor_at: MomentFields,
    processor_filled: Filled,
    opens_processor: bool,
    story: Filled,
    story_theirs: BTreeMap<&'static str, String>,
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
    pub(crate) processor: Option<(MomentFields, Filled)>,
    pub(crate) story: Option<Filled>,
    /// What somebody else made of the texts in the meantime.
    pub(crate) story_theirs: BTreeMap<&'static str, String>,
    /// How many entries had been seen by who sent the form, where its answers still rest on those.
    pub(crate) seen: Option<usize>,
}

/// `GET …/feiten`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    if let Some(page) = still::erased_instead(&case, Tab::Facts)? {
        return Ok(page);
    }
    page(&facts_page(&case, Again::default())?)
}

/// `POST …/feiten`
pub(crate) async fn take(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let outcome = record(&case, &sent).await;
    if merge::came_between(&outcome) { record(&case.open_anew().await?, &sent).await } else { outcome }
}

async fn record(case: &CaseFile, sent: &Sent) -> Result<Response, Failure> {
    let w = case.w();
    let mut again = Again { note: Filled::from_sent(sent, &["toelichting"]), ..Again::default() };
    let Some(seen) = merge::seen(&case.incident, sent) else {
        again.problems.add("", w.form_not_whole());
        again.typed = Some(sent_over_known(case, sent));
        return page_again(&facts_page(case, again)?);
    };
    let (read, wrong) = questions::read(&questions::sent(sent), w);
    if !wrong.is_empty() {
        for (fact, text) in wrong {
            again.problems.add(fact.key(), format!("{} {text}", fact.question().in_language(w.0)));
            again.wrong.insert(fact, text);
        }
        again.typed = Some(sent_over_known(case, sent));
        // These answers rest on what was seen before, not on what was recorded since.
        again.seen = Some(seen.timeline.len());
        return page_again(&facts_page(case, again)?);
    }
    let mut mine = merge::changes(&seen.facts, &read);
    // What did not stand on the form was not taken back.
    mine.retain(|fact, _| sent.has(fact.key()));
    let theirs = merge::changes(&seen.facts, &case.incident.facts);
    let clashes = merge::clashes(&mine, &theirs);
    again.typed = Some(merged(case, &mine));
    if !clashes.is_empty() {
        again.theirs = clashes.into_iter().map(|fact| (fact, their_version(case, fact, &theirs))).collect();
        return page_again(&facts_page(case, again)?);
    }
    let note = Some(sent.text("toelichting").to_owned()).filter(|note| !note.is_empty());
    let visit = &case.desk.visit;
    let now_entries = case.incident.timeline.len() as u64;
    let recorded =
        visit.app().record_facts(&case.desk.scope, case.number(), Some(now_entries), mine, note, visit.now).await;
    match recorded {
        // Nothing was changed on the form: then there is nothing to say about it either.
        Ok(_) | Err(Error::Refused(Refusal::NothingChanges)) => onward(&case.saved(Tab::Verdict, "feiten")),
        // The page shows what others recorded with what this person wants: the next answer rests on that.
        Err(Error::Refused(Refusal::Contradictions(list))) => {
            for key in list.iter().flat_map(|contradiction| [contradiction.first, contradiction.second]) {
                if let Ok(fact) = Fact::from_key(key) {
                    again.problems.add(key, w.contradicts(fact.question().in_language(w.0)));
                    again.wrong.insert(fact, w.contradiction().to_owned());
                }
            }
            page_again(&facts_page(case, again)?)
        }
        Err(error) => {
            again.problems = Problems::from_error(error, w, |_| "")?;
            page_again(&facts_page(case, again)?)
        }
    }
}

/// What was sent, as typed; what did not stand on the form, as it is known.
fn sent_over_known(case: &CaseFile, sent: &Sent) -> Typed {
    let mut typed = questions::typed(&case.incident.facts);
    typed.retain(|fact, _| !sent.has(fact.key()));
    typed.extend(questions::sent(sent));
    typed
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
    // Nobody is asked anything of a case that another register closed.
    let missing = if incident.is_imported_at_rest() { &[][..] } else { &verdict.missing };
    let typed = again.typed.unwrap_or_else(|| questions::typed(&incident.facts));
    let about =
        About { typed: &typed, known: &incident.facts, telling: missing, wrong: &again.wrong, theirs: &again.theirs };
    let telling = missing.iter().take(NAMED);
    let frame = case.frame(Tab::Facts);
    let (aware_at, aware_filled) = again.aware.unwrap_or_else(|| (MomentFields::new("kennis"), Filled::default()));
    let opens_processor = again.processor.is_some();
    let (processor_at, processor_filled) =
        again.processor.unwrap_or_else(|| (MomentFields::new("verwerker"), Filled::default()));
    let gap = desk.visit.app().awareness_gap(&desk.scope, incident, desk.visit.now)?;
    let is_conflict = !(again.theirs.is_empty() && again.story_theirs.is_empty());
    Ok(FactsPage {
        frame: if again.problems.is_empty() && !is_conflict { frame } else { frame.with_problems() },
        w,
        head: case.head(Tab::Facts),
        base: case.base(),
        seen: again.seen.unwrap_or(incident.timeline.len()),
        may_handle: desk.allows(Permission::HandleIncident) && incident.closed_at.is_none(),
        is_conflict,
        telling: telling.map(|fact| (fact.key(), fact.question().in_language(w.0).to_owned())).collect(),
        telling_more: Some(missing.len().saturating_sub(NAMED))
            .filter(|more| *more > 0)
            .map(|more| w.facts_telling_more(more)),
        sections: questions::sections(&about, w),
        problems: again.problems,
        note: again.note,
        aware: incident.aware.as_ref().map(|aware| case.when(aware.at)),
        aware_by: incident
            .aware
            .as_ref()
            .map(|aware| w.aware_set_by(aware.set_by.name(), &aware.reason))
            .unwrap_or_default(),
        detected: incident.known_signal().map_or_else(|| w.not_said().to_owned(), |at| case.when(at).words),
        aware_at,
        aware_filled,
        gap: gap.map(|gap| gap.text.in_language(w.0).to_owned()),
        processor: incident.informed_by_processor_at.map(|at| w.processor_stands(&desk.when(at).words)),
        processor_at,
        processor_filled,
        opens_processor,
        detected_at: again.detected.unwrap_or_else(|| case.fields("ontdekt", incident.known_signal())),
        story: again.story.unwrap_or_else(|| narrative::filled(&incident.narrative)),
        story_theirs: again.story_theirs,
    })
}
