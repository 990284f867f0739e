//! A sorted table of 64-bit hashes, each with the number of its label: a look-up touches two places in memory.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// How many entries share one bucket, about.
const BUCKET: usize = 8;

/// Hashes in ascending order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hashes {
    values: Vec<u64>,
    labels: Vec<u16>,
    /// Where the values begin whose leading bits are the index; one more at the end. Hashes are spread evenly, so each
    /// bucket is short.
    starts: Vec<u32>,
    /// How far a value is shifted to give its bucket.
    shift: u32,
}

impl Hashes {
    /// Sorts; of equal values the first label stays. At most `u32::MAX` are kept.
    pub(crate) fn new(mut entries: Vec<(u64, u16)>) -> Self {
        entries.sort_by_key(|(value, _)| *value);
        entries.dedup_by_key(|(value, _)| *value);
        let (values, labels) = entries.into_iter().unzip();
        Self::sorted(values, labels)
    }

    /// Of values that are in ascending order already, and labels of the same number.
    pub(crate) fn sorted(values: Vec<u64>, labels: Vec<u16>) -> Self {
        debug_assert!(values.is_sorted() && values.len() == labels.len());
        if values.is_empty() {
            return Self::default();
        }
        let buckets = (values.len() / BUCKET).next_power_of_two().max(2);
        let shift = u64::BITS - buckets.trailing_zeros();
        let mut starts = Vec::with_capacity(buckets + 1);
        let mut at = 0;
        for bucket in 0..buckets as u64 {
            while values.get(at).is_some_and(|value| value >> shift < bucket) {
                at += 1;
            }
            starts.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        starts.push(u32::try_from(values.len()).unwrap_or(u32::MAX));
        Self { values, labels, starts, shift }
    }

    pub(crate) fn values(&self) -> &[u64] {
        &self.values
    }

    pub(crate) fn labels(&self) -> &[u16] {
        &self.labels
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The label of that hash, if it is there.
    pub(crate) fn label(&self, value: u64) -> Option<u16> {
        if self.values.is_empty() {
            return None;
        }
        let bucket = usize::try_from(value >> self.shift).ok()?;
        let from = *self.starts.get(bucket)? as usize;
        let to = *self.starts.get(bucket + 1)? as usize;
        let found = self.values.get(from..to)?.binary_search(&value).ok()?;
        self.labels.get(from + found).copied()
    }
}

/// The hash under which a text is kept: SipHash-1-3 with a fixed key, the same in every build and on every machine. Two
/// texts have the same one by accident once in about 10¹³ look-ups in a list of a million entries.
pub(crate) fn hash_of(text: &str) -> u64 {
    let mut hasher = hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}

pub(crate) fn hasher() -> SipHasher13 {
    SipHasher13::new_with_keys(0x6469_6a6b_7761_6368, 0x7420_6c69_6a73_7421)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hash_never_changes_since_lists_on_disk_rest_on_it() {
        assert_eq!(hash_of(""), 706_948_575_291_949_221);
        assert_eq!(hash_of("evil.example"), 2_832_103_614_370_096_759);
    }

    #[test]
    fn the_first_label_stays() {
        let hashes = Hashes::new(vec![(7, 1), (7, 2), (u64::MAX, 3), (0, 4)]);
        assert_eq!(
            (hashes.len(), hashes.label(7), hashes.label(u64::MAX), hashes.label(0)),
            (3, Some(1), Some(3), Some(4))
        );
        assert_eq!(Hashes::default().label(7), None);
    }

    proptest! {
        #[test]
        fn everything_put_in_is_found_and_nothing_else(
            within in proptest::collection::btree_map(any::<u64>(), any::<u16>(), 0..300),
            other in any::<u64>(),
        ) {
            let hashes = Hashes::new(within.iter().map(|(value, label)| (*value, *label)).collect());
            for (value, label) in &within {
                prop_assert_eq!(hashes.label(*value), Some(*label));
            }
            prop_assert_eq!(hashes.label(other), within.get(&other).copied());
        }
    }
}
