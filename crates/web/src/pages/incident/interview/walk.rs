//! Where somebody is in the interview: the road they take, and what they pass over for now. It stands in the address, so
//! that a page can be opened anywhere and no two people are in each other's way.

use std::collections::BTreeSet;

use axum::http::Uri;

use incident::Incident;
use law::interview::{Field, Interview, Item, Road, Step};
use law::verdict::Verdict;

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::pages::sign_in::form_value;

#[derive(Clone, Debug)]
pub(crate) struct Walk {
    pub(crate) road: Road,
    /// Fields that are passed over for now. A fact that nobody knows yet is on file instead.
    pub(crate) later: BTreeSet<Field>,
    /// The question that was answered just before.
    pub(crate) after: Option<Item>,
}

impl Walk {
    pub(crate) fn of(uri: &Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        let later = form_value(query, "later");
        Self {
            road: if form_value(query, "weg") == "nood" { Road::Emergency } else { Road::Whole },
            later: Field::ALL.into_iter().filter(|field| later.split(',').any(|key| key == field.key())).collect(),
            after: Item::from_key(&form_value(query, "na")),
        }
    }

    pub(crate) fn is_emergency(&self) -> bool {
        self.road == Road::Emergency
    }

    /// The same walk from its beginning, on the other road.
    pub(crate) fn on(road: Road) -> Self {
        Self { road, later: BTreeSet::new(), after: None }
    }

    /// The same walk after this question; what was passed over earlier and is answered now, is passed over no more.
    pub(crate) fn past(&self, item: &Item, is_later: bool) -> Self {
        let mut next = Self { after: Some(item.clone()), ..self.clone() };
        if let Item::Field(field) = item {
            if is_later {
                next.later.insert(*field)
            } else {
                next.later.remove(field)
            };
        }
        next
    }

    /// The address of a question on this walk; without one, of where it stands.
    pub(crate) fn href(&self, case: &CaseFile, item: Option<&Item>) -> String {
        let mut path = case.page(Tab::Interview);
        if let Some(item) = item {
            path = format!("{path}/{}", item.key());
        }
        let later: Vec<&str> = self.later.iter().map(|field| field.key()).collect();
        let asked = [
            self.is_emergency().then(|| "weg=nood".to_owned()),
            (!later.is_empty()).then(|| format!("later={}", later.join(","))),
            self.after.as_ref().filter(|after| Some(*after) != item).map(|after| format!("na={}", after.key())),
        ];
        let query: Vec<String> = asked.into_iter().flatten().collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// What comes next on this walk: its address, and the question if there is one.
    pub(crate) fn step(&self, case: &CaseFile, verdict: &Verdict) -> Step {
        let settled = self.settled(&case.incident);
        self.interview(case, verdict, &settled).step()
    }

    pub(crate) fn interview<'a>(
        &self,
        case: &'a CaseFile,
        verdict: &'a Verdict,
        settled: &'a BTreeSet<Field>,
    ) -> Interview<'a> {
        Interview {
            road: self.road,
            verdict,
            facts: &case.incident.facts,
            not_known_yet: &case.incident.not_known_yet,
            settled,
        }
    }

    /// The fields that are not asked: they hold something, or are passed over.
    pub(crate) fn settled(&self, incident: &Incident) -> BTreeSet<Field> {
        Field::ALL.into_iter().filter(|field| self.later.contains(field) || is_filled(incident, *field)).collect()
    }
}

pub(crate) fn is_filled(incident: &Incident, field: Field) -> bool {
    match field {
        Field::AwareAt => incident.aware.is_some(),
        Field::DetectedAt => incident.detected_at.is_some(),
        Field::Description => incident.narrative.description.is_some(),
        Field::MeasuresTaken => incident.narrative.measures_taken.is_some(),
    }
}
