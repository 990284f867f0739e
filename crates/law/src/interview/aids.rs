//! Questions that help to answer one question: what the packs in force say to ask oneself.

use jiff::Timestamp;

use super::item::Item;
use crate::pack::Aid;
use crate::packs::Packs;
use crate::verdict::LawStatus;

/// The aids for a question, of every pack that is law at `now`, in the packs' order. Whether one yes settles the answer, each
/// says itself.
#[must_use]
pub fn aids<'p>(packs: &'p Packs, now: Timestamp, item: &Item) -> Vec<&'p Aid> {
    let in_force = packs.iter().filter(|pack| pack.status(Some(now)) == LawStatus::InForce);
    let of_pack = |pack: &'p crate::Pack| pack.aids().iter().filter(|aid| item.facts().contains(&aid.fact));
    in_force.flat_map(of_pack).collect()
}
