//! Who else signed a checkpoint: the provider under the export's own, a witness elsewhere under that one or under one that
//! was kept.

use crate::CHECKPOINT;
use crate::checkpoint::{Checkpoint, origin};
use crate::note::{Key, Signed};
use crate::problem::Problem;
use crate::report::{Countersignature, Countersigned, Report, moment};

/// The keys of others, as known from elsewhere, beside the register's own.
pub(crate) struct Others<'a> {
    pub(crate) register: Option<&'a Key>,
    pub(crate) provider: Option<Key>,
    pub(crate) witnesses: Vec<Key>,
}

impl Others<'_> {
    /// The provider must have countersigned the export's own checkpoint.
    pub(crate) fn check_provider(&self, own: Option<&Checkpoint<'_>>, report: &mut Report) {
        let (Some(provider), Some(own)) = (&self.provider, own) else { return };
        if self.is_own(provider, own) {
            return report.add(CHECKPOINT, Problem::CountersignedByItself);
        }
        match own.check_countersignature(provider) {
            Signed::Yes { .. } => {}
            Signed::Wrong => report.add(CHECKPOINT, Problem::Countersignature),
            Signed::ByOthers(_) | Signed::InPart => report.add(CHECKPOINT, Problem::NotCountersigned),
        }
    }

    /// Every witness must have countersigned the export's own checkpoint, or one of those given that hold (`held`, from 1).
    pub(crate) fn check_witnesses(
        &self,
        own: Option<&Checkpoint<'_>>,
        given: &[Checkpoint<'_>],
        held: &[usize],
        report: &mut Report,
    ) {
        for witness in &self.witnesses {
            if own.is_some_and(|own| self.is_own(witness, own)) {
                report.add(CHECKPOINT, Problem::CountersignedByItself);
                continue;
            }
            let (mut is_signed, mut is_wrong) = (false, false);
            let places = own.map(|own| (None, own)).into_iter().chain((1..).map(Some).zip(given));
            for (place, checkpoint) in places {
                match (checkpoint.check_countersignature(witness), place) {
                    (Signed::Yes { .. }, place) => is_signed |= place.is_none_or(|place| held.contains(&place)),
                    (Signed::ByOthers(_) | Signed::InPart, _) => {}
                    (Signed::Wrong, None) => {
                        is_wrong = true;
                        report.add(CHECKPOINT, Problem::Countersignature);
                    }
                    (Signed::Wrong, Some(place)) => {
                        is_wrong = true;
                        report.add_about_given(place, Problem::Countersignature);
                    }
                }
            }
            if !is_signed && !is_wrong {
                report.add(CHECKPOINT, Problem::NotWitnessed(witness.name.clone()));
            }
        }
    }

    /// Every signature that is not the register's, under the export's checkpoint and those given.
    pub(crate) fn list(&self, own: Option<&Checkpoint<'_>>, given: &[Checkpoint<'_>], report: &mut Report) {
        let keys = || self.provider.iter().chain(&self.witnesses);
        for (place, checkpoint) in own.map(|own| (None, own)).into_iter().chain((1..).map(Some).zip(given)) {
            for by in checkpoint.others() {
                let made = keys().filter(|key| key.countersigner() == by).find_map(|key| {
                    match checkpoint.check_countersignature(key) {
                        Signed::Yes { at } => at.and_then(moment),
                        Signed::Wrong | Signed::ByOthers(_) | Signed::InPart => None,
                    }
                });
                let checked = match made {
                    Some(at) => Countersigned::At(at),
                    None if keys().next().is_some() => Countersigned::ByNoneOfTheKeys,
                    None => Countersigned::Unchecked,
                };
                report.countersignatures.push(Countersignature { by, given: place, checked });
            }
        }
    }

    /// The register signs its checkpoints with a moment too, which is no signature of somebody else.
    fn is_own(&self, key: &Key, own: &Checkpoint<'_>) -> bool {
        key.name == origin(&own.organisation) || self.register.is_some_and(|register| register.is_same(key))
    }
}
