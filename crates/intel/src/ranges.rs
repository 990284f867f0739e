//! Addresses and ranges of them, sorted by how long their prefix is: the narrowest is found first.

use std::net::IpAddr;

use crate::cidr::{Cidr, masked};

/// The ranges of one family, in ascending order by prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranges<T> {
    /// The longest prefix first.
    by_prefix: Vec<(u8, Vec<(T, u16)>)>,
}

impl<T: Copy + Ord> Ranges<T> {
    /// Sorts; of equal ranges the first label stays.
    pub(crate) fn new(mut entries: Vec<(u8, T, u16)>) -> Self {
        entries.sort_by(|a, b| (b.0, a.1).cmp(&(a.0, b.1)));
        entries.dedup_by_key(|(prefix, first, _)| (*prefix, *first));
        let mut by_prefix: Vec<(u8, Vec<(T, u16)>)> = Vec::new();
        for (prefix, first, label) in entries {
            match by_prefix.last_mut() {
                Some((same, ranges)) if *same == prefix => ranges.push((first, label)),
                _ => by_prefix.push((prefix, vec![(first, label)])),
            }
        }
        by_prefix.iter_mut().for_each(|(_, ranges)| ranges.shrink_to_fit());
        Self { by_prefix }
    }

    pub(crate) fn len(&self) -> usize {
        self.by_prefix.iter().map(|(_, ranges)| ranges.len()).sum()
    }

    /// Prefix, first address, label; in the order in which they are kept.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u8, T, u16)> + '_ {
        self.by_prefix.iter().flat_map(|(prefix, all)| all.iter().map(|(first, label)| (*prefix, *first, *label)))
    }

    /// The narrowest range with that address in it, and its label; `mask` gives the first address of a range.
    fn narrowest(&self, mask: impl Fn(u8) -> T) -> Option<(u8, u16)> {
        self.by_prefix.iter().find_map(|(prefix, ranges)| {
            let at = ranges.binary_search_by_key(&mask(*prefix), |(first, _)| *first).ok()?;
            ranges.get(at).map(|(_, label)| (*prefix, *label))
        })
    }
}

/// All addresses of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Addresses {
    pub(crate) v4: Ranges<u32>,
    pub(crate) v6: Ranges<u128>,
}

impl Addresses {
    pub(crate) fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }

    /// The narrowest range that has this address in it, and its label. No look-up allocates.
    pub(crate) fn narrowest(&self, ip: IpAddr) -> Option<(Cidr, u16)> {
        let (prefix, label) = match ip {
            IpAddr::V4(v4) => self.v4.narrowest(|prefix| match masked(v4.into(), prefix) {
                IpAddr::V4(first) => first.to_bits(),
                IpAddr::V6(_) => 0,
            })?,
            IpAddr::V6(v6) => self.v6.narrowest(|prefix| match masked(v6.into(), prefix) {
                IpAddr::V6(first) => first.to_bits(),
                IpAddr::V4(_) => 0,
            })?,
        };
        Some((Cidr::new(ip, prefix)?, label))
    }
}
