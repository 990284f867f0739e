//! The lawyer's depth: which rules carried the verdict, from which text, how far that was checked; and another law beside
//! it, of the past or proposed.

use documents::explanation::{director_sentence, lawyer_lines, mark_in_words, proposal_sentence};
use documents::standing_in_words;
use law::difference::difference;
use law::verdict::{LawStatus, Outcome, Verdict};

use crate::case_file::CaseFile;

/// The pack that shows a proposal; no page decides by it.
const PROPOSAL: &str = "omnibus";

/// The law that judged, and its rules.
pub(crate) struct LawyerView {
    pub(crate) pack: Vec<(&'static str, String)>,
    pub(crate) rules: Vec<RuleView>,
}

pub(crate) struct RuleView {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) pairs: Vec<(&'static str, String)>,
    pub(crate) when: String,
}

/// A law that nobody acts under: what it is, and what is to be known about it.
pub(crate) struct OtherLaw {
    pub(crate) title: String,
    pub(crate) sentences: Vec<String>,
    pub(crate) notes: Vec<(String, String)>,
}

pub(crate) fn view(case: &CaseFile, verdict: &Verdict) -> LawyerView {
    let w = case.w();
    let law = &verdict.law;
    let mut pack = vec![(w.lawyer_pack(), law.id.to_uppercase()), (w.lawyer_edition(), law.version.clone())];
    let in_force = match (law.in_force_from, law.in_force_until) {
        (Some(from), Some(until)) => w.lawyer_from_until(&from.to_string(), &until.to_string()),
        (Some(from), None) => w.lawyer_from(&from.to_string()),
        (None, _) => String::new(),
    };
    if !in_force.is_empty() {
        pack.push((w.lawyer_in_force(), in_force));
    }
    pack.push((w.lawyer_standing(), standing_in_words(law.status, false).in_language(w.0).to_owned()));
    if let Some(known) = case.pack(verdict) {
        pack.push((w.lawyer_source(), known.source().to_owned()));
    }
    let rules = lawyer_lines(verdict, &case.desk.visit.app().packs).into_iter().map(|line| {
        let duties: Vec<_> = line.duties.iter().map(|duty| duty.name().in_language(w.0).to_owned()).collect();
        let mark = line.mark.map(|mark| mark_in_words(mark).in_language(w.0).to_owned()).unwrap_or_default();
        let pairs = [
            (w.lawyer_carries(), duties.join("; ")),
            (w.lawyer_articles(), line.cites.join(", ")),
            (w.lawyer_mark(), mark),
            (w.lawyer_source(), line.source),
        ];
        RuleView {
            id: line.rule,
            text: line.text.in_language(w.0).to_owned(),
            pairs: pairs.into_iter().filter(|(_, said)| !said.is_empty()).collect(),
            when: line.when,
        }
    });
    LawyerView { pack, rules: rules.collect() }
}

/// The old law that judges this, with what is wrong in the scheme that it shows; nothing under a law in force.
pub(crate) fn historical(case: &CaseFile, verdict: &Verdict) -> Option<OtherLaw> {
    if verdict.law.status != LawStatus::Historical {
        return None;
    }
    if verdict.is_before_any_duty() {
        let say = |text: facts::Text| text.in_language(case.w().0).to_owned();
        return Some(OtherLaw {
            title: say(facts::Text::new("van vóór de meldplicht", "of before there was a duty to report")),
            sentences: vec![say(law::before_any_duty())],
            notes: Vec::new(),
        });
    }
    let title = case.pack(verdict).map(|pack| pack.title().in_language(case.w().0).to_owned());
    Some(OtherLaw {
        title: title.unwrap_or_else(|| verdict.law.id.to_uppercase()),
        sentences: Vec::new(),
        notes: notes(case, &verdict.law.id),
    })
}

/// What a proposal would change; nothing where it is not at hand, or where the law of today does not judge.
pub(crate) fn proposal(case: &CaseFile, verdict: &Verdict) -> Option<OtherLaw> {
    let (w, visit) = (case.w(), &case.desk.visit);
    if verdict.law.status != LawStatus::InForce {
        return None;
    }
    let packs = &visit.app().packs;
    let pack = packs.by_id(PROPOSAL).ok()?;
    let situation = case.incident.situation(case.desk.scope.organisation().jurisdiction);
    let would = packs.assess(&situation, visit.now, Some(PROPOSAL)).ok()?;
    let say = |text: facts::Text| text.in_language(w.0).to_owned();
    let until = would.deadline.filter(|_| would.notify_authority.outcome != Outcome::NotRequired);
    let term = until.map(|deadline| w.proposal_until(&case.desk.when(deadline.target).words));
    Some(OtherLaw {
        title: pack.title().in_language(w.0).to_owned(),
        sentences: [say(director_sentence(&would, None)), say(proposal_sentence(&difference(verdict, &would)))]
            .into_iter()
            .chain(term)
            .collect(),
        notes: notes(case, PROPOSAL),
    })
}

fn notes(case: &CaseFile, pack: &str) -> Vec<(String, String)> {
    let w = case.w();
    let notes = case.desk.visit.app().packs.by_id(pack).map(law::Pack::notes).unwrap_or_default();
    notes
        .iter()
        .map(|note| {
            let mark = mark_in_words(note.mark);
            (note.text.in_language(w.0).to_owned(), format!("{} ({})", note.cites.join(", "), mark.in_language(w.0)))
        })
        .collect()
}
