//! Taking an answer in: read it, look whether somebody else answered in the meantime, record it, and go on.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;

use app::Error;
use facts::Fact;
use incident::Refusal;
use law::interview::{Field, Item, Step, implied, question};

use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::interview::asked::{last, who};
use crate::pages::incident::interview::control::{Again, NOT_KNOWN};
use crate::pages::incident::interview::question::{Shown, find, question_page};
use crate::pages::incident::interview::read::{self, Read};
use crate::pages::incident::interview::walk::Walk;
use crate::pages::incident::merge::{self, Changes};
use crate::pages::incident::{narrative, times};
use crate::view::value::words_of;

/// `POST …/vragen/{item}`
pub(crate) async fn take(
    OpenCase(case): OpenCase,
    Path((_, _, key)): Path<(String, String, String)>,
    sent: Sent,
) -> Result<Response, Failure> {
    let item = read::asked(find(&key)?, &sent);
    let outcome = record(&case, &item, &sent).await;
    if merge::came_between(&outcome) { record(&case.open_anew().await?, &item, &sent).await } else { outcome }
}

async fn record(case: &CaseFile, item: &Item, sent: &Sent) -> Result<Response, Failure> {
    let walk = Walk::of(&case.desk.visit.uri);
    let again = match item {
        Item::Field(_) if sent.has(NOT_KNOWN) => return go_on(case, &walk.past(item, true), item).await,
        Item::Field(field) => field_again(case, *field, sent).await?,
        item => facts_again(case, item, sent, walk.is_emergency()).await?,
    };
    match again {
        None => go_on(case, &walk.past(item, false), item).await,
        Some(shown) => page_again(&question_page(case, item, &walk, shown)?),
    }
}

/// On to the next question, or to where it stands when there is none.
async fn go_on(case: &CaseFile, walk: &Walk, item: &Item) -> Result<Response, Failure> {
    let case = case.fresh().await?;
    let next = match walk.step(&case, &case.verdict()?) {
        Step::Ask(ask) => walk.href(&case, Some(&ask.item)),
        Step::Done(_) => walk.href(&case, None),
    };
    let mark = if next.contains('?') { '&' } else { '?' };
    onward(&format!("{next}{mark}bewaard=vragen/{}", item.key()))
}

/// Records a field of the case; what comes back needs another look.
async fn field_again(case: &CaseFile, field: Field, sent: &Sent) -> Result<Option<Shown>, Failure> {
    let time = |again: Option<times::TimeAgain>| {
        again.map(|times::TimeAgain { problems, fields, filled }| Shown {
            problems,
            control: Again { moment: Some(fields), filled: Some(filled), ..Again::default() },
            ..Shown::default()
        })
    };
    match field {
        Field::AwareAt => Ok(time(times::set_aware(case, sent).await?)),
        Field::DetectedAt => Ok(time(times::set_detected(case, sent).await?)),
        Field::Description | Field::MeasuresTaken => {
            if sent.text(field.key()).is_empty() {
                let mut problems = Problems::new();
                problems.add(field.key(), case.w().asking_words_needed());
                return Ok(Some(Shown { problems, ..Shown::default() }));
            }
            let again = narrative::write(case, sent).await?;
            Ok(again.map(|narrative::StoryAgain { problems, story, theirs }| Shown {
                problems,
                theirs: theirs.into_values().collect(),
                control: Again { filled: Some(story), ..Again::default() },
                ..Shown::default()
            }))
        }
    }
}

/// Records an answer in facts; what comes back needs another look.
async fn facts_again(case: &CaseFile, item: &Item, sent: &Sent, is_emergency: bool) -> Result<Option<Shown>, Failure> {
    let w = case.w();
    let mut shown = Shown {
        control: Again {
            typed: Some(read::typed(item, sent)),
            filled: Some(Filled::from_sent(sent, &["personen", "personen-min", "personen-max"])),
            is_none: sent.has("geen"),
            ..Again::default()
        },
        ..Shown::default()
    };
    let Some(seen) = merge::seen(&case.incident, sent) else {
        shown.problems.add("", w.form_not_whole());
        return Ok(Some(shown));
    };
    let pack = case.pack(&case.verdict()?);
    let read = match read::read(item, sent, pack, w) {
        Ok(read) if is_emergency => with_implied(case, read),
        Ok(read) => read,
        Err(problems) => {
            // This answer rests on what was seen before, not on what was recorded since.
            return Ok(Some(Shown { problems, seen: Some(seen.timeline.len()), ..shown }));
        }
    };
    let mut mine = read.changes.clone();
    mine.extend(read.unknown.iter().map(|fact| (*fact, None)));
    let theirs = merge::changes(&seen.facts, &case.incident.facts);
    let clashes = merge::clashes(&mine, &theirs);
    if !clashes.is_empty() {
        shown.theirs = clashes.into_iter().map(|fact| their_answer(case, fact, &theirs, &mine)).collect();
        return Ok(Some(shown));
    }
    match write(case, &read).await {
        Ok(()) => Ok(None),
        Err(Error::Refused(Refusal::Contradictions(list))) => {
            for contradiction in list {
                let keys = [contradiction.first, contradiction.second];
                let other = keys.into_iter().filter_map(|key| Fact::from_key(key).ok());
                for fact in other.filter(|fact| !item.facts().contains(fact)) {
                    let asked = question(fact).question.in_language(w.0);
                    let known = case.incident.facts.value(fact);
                    let value = known.map(|value| words_of(fact, value, w)).unwrap_or_default();
                    shown.problems.add(item.key(), w.asking_contradicts(asked, &value));
                    shown.change.push((case.ask(&Item::of(fact)), w.asking_change_other(asked)));
                }
            }
            if shown.problems.is_empty() {
                shown.problems.add(item.key(), w.contradiction());
            }
            Ok(Some(shown))
        }
        Err(error) => {
            shown.problems = Problems::from_error(error, w, |_| "")?;
            Ok(Some(shown))
        }
    }
}

/// What was just said settles more than was asked, on the road that asks little.
fn with_implied(case: &CaseFile, mut read: Read) -> Read {
    let mut after = case.incident.facts.clone();
    for (fact, value) in &read.changes {
        match value {
            // A value that cannot be is refused where it is recorded.
            Some(value) => drop(after.set(*fact, value.clone())),
            None => after.forget(*fact),
        }
    }
    read.changes.extend(implied(&after).into_iter().map(|(fact, value)| (fact, Some(value))));
    read
}

/// First what is known, then what is not known yet. What stands there already is not recorded twice.
async fn write(case: &CaseFile, read: &Read) -> Result<(), Error> {
    let (visit, scope) = (&case.desk.visit, &case.desk.scope);
    let mut entries = case.incident.timeline.len() as u64;
    let nothing_new = |error| match error {
        Error::Refused(Refusal::NothingChanges) => Ok(None),
        error => Err(error),
    };
    if !read.changes.is_empty() {
        let changes: BTreeMap<_, _> = read.changes.clone();
        let recorded = visit.app().record_facts(scope, case.number(), Some(entries), changes, None, visit.now).await;
        if let Some(recorded) = recorded.map(Some).or_else(nothing_new)? {
            entries = recorded.incident.timeline.len() as u64;
        }
    }
    if !read.unknown.is_empty() {
        let unknown = read.unknown.clone();
        let recorded = visit.app().not_known_yet(scope, case.number(), Some(entries), unknown, visit.now).await;
        recorded.map(Some).or_else(nothing_new)?;
    }
    Ok(())
}

/// What somebody else answered in the meantime, beside what this person wants.
fn their_answer(case: &CaseFile, fact: Fact, theirs: &Changes, mine: &Changes) -> String {
    let w = case.w();
    let value = theirs.get(&fact).and_then(Option::as_ref);
    let value = value.map_or_else(|| w.unknown().to_owned(), |value| words_of(fact, value, w));
    let name = last(&case.incident, &Item::Fact(fact)).map_or("Dijkwacht", who);
    if mine.get(&fact).is_some_and(Option::is_none) {
        w.asking_theirs_known(name, &value)
    } else {
        w.theirs(name, &value)
    }
}
