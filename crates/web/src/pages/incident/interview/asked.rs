//! What was answered: each with its value, by whom and when, for a list and for the question itself.

use facts::Fact;
use incident::{Event, Incident, Stamped};
use law::interview::{Field, Item, Together, denied, wording};

use crate::case_file::CaseFile;
use crate::pages::incident::interview::walk::{Walk, is_filled};
use crate::pages::incident::narrative;
use crate::view::value::{persons, words_of};

/// One line of what was answered, or of what is not known yet.
pub(crate) struct AskedView {
    pub(crate) question: &'static str,
    pub(crate) value: String,
    pub(crate) by: String,
    pub(crate) href: String,
    /// It can still turn an outcome.
    pub(crate) is_telling: bool,
}

/// Everything that has an answer, in the vocabulary's order.
pub(crate) fn answered(case: &CaseFile, walk: &Walk) -> Vec<AskedView> {
    let incident = &case.incident;
    let fields = Field::ALL.into_iter().filter(|field| is_filled(incident, *field)).map(Item::Field);
    let known = Fact::ALL.iter().copied().filter(|fact| incident.facts.is_known(*fact)).map(Item::of);
    let mut items: Vec<Item> = fields.chain(known).collect();
    items.dedup();
    items.iter().map(|item| view(case, walk, item, &[])).collect()
}

/// What was asked and nobody knows yet; what an outcome still hangs on comes first.
pub(crate) fn unknown(case: &CaseFile, walk: &Walk, hangs_on: &[Fact]) -> Vec<AskedView> {
    let incident = &case.incident;
    let others = Fact::ALL.iter().filter(|fact| incident.not_known_yet.contains(fact) && !hangs_on.contains(fact));
    let mut items: Vec<Item> = Vec::new();
    for item in hangs_on.iter().chain(others).map(|fact| Item::of(*fact)) {
        // Of a number of persons one bound may be known; that is answer enough unless an outcome hangs on the other.
        let is_known = item == Item::Together(Together::Persons) && persons(&incident.facts, case.w()).is_some();
        let is_telling = item.facts().iter().any(|fact| hangs_on.contains(fact));
        if (is_telling || !is_known) && !items.contains(&item) {
            items.push(item);
        }
    }
    items.iter().map(|item| view(case, walk, item, hangs_on)).collect()
}

fn view(case: &CaseFile, walk: &Walk, item: &Item, hangs_on: &[Fact]) -> AskedView {
    AskedView {
        question: wording(item).question.in_language(case.w().0),
        value: value(case, item).unwrap_or_default(),
        by: told(case, item),
        href: Walk { after: None, ..walk.clone() }.href(case, Some(item)),
        is_telling: item.facts().iter().any(|fact| hangs_on.contains(fact)),
    }
}

/// The answer that stands, in words; nothing where there is none.
pub(crate) fn value(case: &CaseFile, item: &Item) -> Option<String> {
    let (w, incident) = (case.w(), &case.incident);
    let one = |fact: Fact| incident.facts.value(fact).map(|value| words_of(fact, value, w));
    match item {
        Item::Fact(fact) => one(*fact),
        Item::Together(Together::Persons) => persons(&incident.facts, w),
        Item::Together(_) | Item::Exceptions(_) => {
            let is_denied = |fact: &Fact| denied(*fact).as_ref() == incident.facts.value(*fact);
            let (no, rest): (Vec<Fact>, Vec<Fact>) =
                item.facts().iter().copied().filter(|fact| incident.facts.is_known(*fact)).partition(is_denied);
            let said = |fact: &Fact| Some(format!("{} {}", fact.question().in_language(w.0), one(*fact)?));
            let list: Vec<String> = rest.iter().filter_map(said).collect();
            match (list.is_empty(), no.is_empty()) {
                (false, _) => Some(list.join(" · ")),
                (true, false) => Some(w.none_of_these().to_owned()),
                (true, true) => None,
            }
        }
        Item::Field(Field::AwareAt) => {
            let aware = incident.aware.as_ref()?;
            let at = case.desk.when(aware.at).words;
            Some(if aware.is_estimated { w.roughly(&at) } else { at })
        }
        Item::Field(Field::DetectedAt) => incident.detected_at.map(|at| case.desk.when(at).words),
        Item::Field(field) => Some(narrative::text(&incident.narrative, field.key())).filter(|text| !text.is_empty()),
    }
}

/// Who answered last, or said that nobody knows yet, and when; empty where nobody did.
pub(crate) fn told(case: &CaseFile, item: &Item) -> String {
    let last = last(&case.incident, item);
    last.map(|stamped| case.w().asking_by(who(stamped), &case.desk.when(stamped.recorded_at).words)).unwrap_or_default()
}

/// The entry that answered a question last.
pub(crate) fn last<'a>(incident: &'a Incident, item: &Item) -> Option<&'a Stamped> {
    let is_about = |event: &Event| match (event, item) {
        (Event::FactsRecorded { changes, .. }, _) => item.facts().iter().any(|fact| changes.contains_key(fact)),
        (Event::NotKnownYet { facts }, _) => item.facts().iter().any(|fact| facts.contains(fact)),
        (Event::AwarenessSet { .. }, Item::Field(Field::AwareAt)) => true,
        (Event::DetectedAtSet { .. }, Item::Field(Field::DetectedAt)) => true,
        _ => false,
    };
    let by_event = incident.timeline.iter().rev().find(|stamped| is_about(&stamped.event));
    match item {
        Item::Field(field @ (Field::Description | Field::MeasuresTaken)) => narrative::last(incident, field.key()),
        _ => by_event,
    }
}

pub(crate) fn who(stamped: &Stamped) -> &str {
    Some(stamped.by.name()).filter(|name| !name.is_empty()).unwrap_or("Dijkwacht")
}
