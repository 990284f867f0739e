//! What belongs together among reports: a case with its detections, which are of little use without each other.

use std::collections::HashMap;

use contract::sensor::Report;

use crate::hold::Told;
use crate::spool::Class;

/// A case and its detections, a detection of no case, a state, a line of traffic; each as often as it was told, in the order
/// in which it was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unit {
    /// Of the gravest in it.
    pub(crate) class: Class,
    pub(crate) told: Vec<Told>,
}

impl Unit {
    /// Of their lines, without their ends.
    pub(crate) fn bytes(&self) -> usize {
        self.told.iter().map(|told| told.line.len()).sum()
    }
}

/// Those reports by what belongs together, in the order of the first of each.
pub(crate) fn units(all: Vec<Told>) -> Vec<Unit> {
    let mut case_of: HashMap<String, String> = HashMap::new();
    for told in &all {
        if let Report::Case(case) = &told.report {
            for detection in &case.detections {
                case_of.entry(detection.clone()).or_insert_with(|| case.id.clone());
            }
        }
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut units: Vec<Unit> = Vec::new();
    for told in all {
        let key = match &told.report {
            Report::Case(case) => Some(case.id.clone()),
            Report::Detection(found) => Some(case_of.get(&found.id).unwrap_or(&found.id).clone()),
            Report::State(_) | Report::Traffic(_) => None,
        };
        let next = units.len();
        let place = key.map_or(next, |key| *places.entry(key).or_insert(next));
        match units.get_mut(place) {
            Some(unit) => {
                unit.class = unit.class.max(told.class());
                unit.told.push(told);
            }
            None => units.push(Unit { class: told.class(), told: vec![told] }),
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Told {
        Told::new(Report::from_json(json).unwrap()).unwrap()
    }

    fn detection(id: &str, severity: &str) -> Told {
        told(&format!(
            r#"{{"type":"detection","id":"{id}","first_at":"2026-11-29T10:00:00Z","last_at":"2026-11-29T10:00:00Z","host":{{"ip":"10.0.0.5"}},"kind":"beacon","severity":"{severity}","confidence":0.5,"technique":[],"remote":{{}},"evidence":{{}},"summary":{{"nl":"","en":""}}}}"#
        ))
    }

    fn case(id: &str, severity: &str, detections: &str) -> Told {
        told(&format!(
            r#"{{"type":"case","id":"{id}","host":{{"ip":"10.0.0.5"}},"severity":"{severity}","detections":{detections},"summary":{{"nl":"","en":""}},"proposed_facts":{{}}}}"#
        ))
    }

    #[test]
    fn a_case_stands_with_its_detections_and_is_as_grave_as_the_gravest_of_them() {
        let all = vec![
            detection("d1", "low"),
            detection("d2", "medium"),
            detection("d3", "low"),
            case("c1", "medium", r#"["d2"]"#),
            case("c2", "high", r#"["d1"]"#),
            detection("d2", "critical"),
        ];
        let by = |ids: &[usize], class| Unit { class, told: ids.iter().map(|id| all[*id].clone()).collect() };
        let wanted = [by(&[0, 4], Class::Grave), by(&[1, 3, 5], Class::Grave), by(&[2], Class::Findings)];
        assert_eq!(units(all.clone()), wanted);
    }
}
