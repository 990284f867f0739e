//! What happened to the order of the entries: taken out, put in, or moved. The numbers that the lines carry tell.

use std::collections::BTreeMap;

use crate::problem::Problem;

/// What to say of the first place at which another entry stands than must. `found`: the numbers of the lines from that
/// place on (nothing for one that cannot be read); `listed`: how many entries were signed, where that is known.
pub(crate) fn lost(place: u64, found: &[Option<u64>], listed: Option<usize>) -> Problem {
    let here = found.first().copied().flatten().unwrap_or(place);
    let mut times: BTreeMap<u64, u64> = BTreeMap::new();
    for index in found.iter().flatten() {
        *times.entry(*index).or_default() += 1;
    }
    // Without a signed list the highest number that is there tells how many there were.
    let highest = times.keys().last().map_or(place, |last| last.saturating_add(1));
    let end = listed.map_or(highest, |listed| listed as u64).max(place);
    let unread = found.iter().filter(|index| index.is_none()).count() as u64;
    let there = times.range(place..end).count() as u64;
    let gone = end.saturating_sub(place).saturating_sub(there + unread);
    let added: u64 =
        times.iter().map(|(index, times)| if (place..end).contains(index) { times - 1 } else { *times }).sum();
    if gone > 0 && !times.contains_key(&place) {
        Problem::EntryDropped { gone }
    } else if added > 0 {
        Problem::EntryAdded { found: here, added }
    } else {
        Problem::EntryOrder { found: here }
    }
}

/// The same where the numbers that were signed (`listed`, rising) leave gaps, as in the file of one case.
pub(crate) fn lost_of_listed(place: u64, found: &[Option<u64>], listed: &[u64]) -> Problem {
    // As places in the list; one that was never signed stands behind all of them.
    let place_of = |index: u64| match listed.binary_search(&index) {
        Ok(place) => place as u64,
        Err(_) => index.saturating_add(listed.len() as u64),
    };
    let places: Vec<Option<u64>> = found.iter().map(|index| index.map(place_of)).collect();
    let here = found.first().copied().flatten().unwrap_or(place);
    match lost(place, &places, Some(listed.len())) {
        Problem::EntryAdded { added, .. } => Problem::EntryAdded { found: here, added },
        Problem::EntryOrder { .. } => Problem::EntryOrder { found: here },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_to_the_order_is_told_apart() {
        let check = |place, found: &[u64], listed, expected| {
            let found: Vec<_> = found.iter().copied().map(Some).collect();
            assert_eq!(lost(place, &found, listed), expected, "{place} {found:?}");
        };
        check(1, &[2, 3, 4], Some(5), Problem::EntryDropped { gone: 1 });
        check(1, &[4], None, Problem::EntryDropped { gone: 3 });
        check(2, &[1, 2, 3, 4], Some(5), Problem::EntryAdded { found: 1, added: 1 });
        check(3, &[2, 3], None, Problem::EntryAdded { found: 2, added: 1 });
        check(1, &[2, 1, 3], Some(4), Problem::EntryOrder { found: 2 });
        check(1, &[2, 1, 3], None, Problem::EntryOrder { found: 2 });
        check(0, &[9, 0], Some(1), Problem::EntryAdded { found: 9, added: 1 });
        assert_eq!(lost(1, &[], Some(2)), Problem::EntryDropped { gone: 1 });
    }

    #[test]
    fn what_happened_to_numbers_with_gaps_is_told_apart() {
        let check = |place, found: &[u64], expected| {
            let found: Vec<_> = found.iter().copied().map(Some).collect();
            assert_eq!(lost_of_listed(place, &found, &[1, 4, 6]), expected, "{place} {found:?}");
        };
        check(0, &[4, 6], Problem::EntryDropped { gone: 1 });
        check(0, &[6], Problem::EntryDropped { gone: 2 });
        check(1, &[6], Problem::EntryDropped { gone: 1 });
        check(1, &[1, 4, 6], Problem::EntryAdded { found: 1, added: 1 });
        check(1, &[2, 4, 6], Problem::EntryAdded { found: 2, added: 1 });
        check(0, &[0, 1, 4, 6], Problem::EntryAdded { found: 0, added: 1 });
        check(0, &[4, 1, 6], Problem::EntryOrder { found: 4 });
        check(1, &[6, 4], Problem::EntryOrder { found: 6 });
    }
}
