//! What must hold between packs: one of a name, one judge a day, one answer a duty.

use jiff::civil::Date;

use crate::pack::{Flaw, Pack, PackProblem, Place, Standing};

/// Everything that is wrong between these packs, each told at the later of the two.
pub(super) fn problems(packs: &[Pack]) -> Vec<PackProblem> {
    let mut problems = Vec::new();
    for (number, pack) in packs.iter().enumerate() {
        for other in packs.iter().take(number) {
            problems.extend(between(pack, other).into_iter().map(|flaw| at(&pack.place, flaw)));
        }
    }
    problems
}

fn between(pack: &Pack, other: &Pack) -> Vec<Flaw> {
    let place = shown(&other.place);
    if pack.id() == other.id() {
        return vec![Flaw::SamePack(place)];
    }
    match (pack.is_beside(), other.is_beside()) {
        (false, false) => both_judge(pack, other).into_iter().collect(),
        _ => {
            // A proposal can be chosen for any day.
            let meet = common_days(pack, other).is_some()
                || [pack, other].iter().any(|pack| pack.standing() == Standing::Proposal);
            let twice = pack.duties().filter(|duty| meet && other.duties().any(|theirs| theirs == *duty));
            let flaw = |duty: crate::verdict::Duty| {
                let (other, place) = (other.id().to_owned(), place.clone());
                Flaw::AnsweredTwice { duty: duty.key(), other, place }
            };
            twice.map(flaw).collect()
        }
    }
}

fn both_judge(pack: &Pack, other: &Pack) -> Option<Flaw> {
    let (from, until) = common_days(pack, other)?;
    let until = until.map_or_else(|| "further notice".into(), |until| until.to_string());
    let (id, name, place) = (pack.id().to_owned(), other.id().to_owned(), shown(&other.place));
    Some(Flaw::Overlap { id, other: name, place, from: from.to_string(), until })
}

/// The first and the last day on which both are in force.
fn common_days(pack: &Pack, other: &Pack) -> Option<(Date, Option<Date>)> {
    let from = pack.in_force_from()?.max(other.in_force_from()?);
    let until = match (pack.in_force_until(), other.in_force_until()) {
        (Some(one), Some(two)) => Some(one.min(two)),
        (one, two) => one.or(two),
    };
    until.is_none_or(|until| from <= until).then_some((from, until))
}

fn at(place: &Place, flaw: Flaw) -> PackProblem {
    let Place { file, line, about } = place.clone();
    PackProblem { file, line, about, flaw }
}

fn shown(place: &Place) -> String {
    place.line.map_or_else(|| place.file.clone(), |line| format!("{}:{line}", place.file))
}
