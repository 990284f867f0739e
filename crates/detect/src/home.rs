//! Which addresses are ours, looked up for every event: ranges as numbers with their masks.

use std::net::IpAddr;

use crate::Cidr;

#[derive(Debug)]
pub(crate) struct Home {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

impl Home {
    pub(crate) fn new(ranges: &[Cidr]) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for range in ranges {
            let prefix = u32::from(range.prefix());
            match range.first() {
                IpAddr::V4(first) => v4.push((first.to_bits(), u32::MAX.checked_shl(32 - prefix).unwrap_or(0))),
                IpAddr::V6(first) => v6.push((first.to_bits(), u128::MAX.checked_shl(128 - prefix).unwrap_or(0))),
            }
        }
        Self { v4, v6 }
    }

    /// IPv4 written as IPv6 counts as IPv4.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(v4) => self.v4.iter().any(|(first, mask)| v4.to_bits() & mask == *first),
            IpAddr::V6(v6) => self.v6.iter().any(|(first, mask)| v6.to_bits() & mask == *first),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_its_ranges_hold() {
        let ranges: Vec<Cidr> = ["10.0.0.0/8", "192.0.2.7", "0.0.0.0/32", "fd00::/7", "2001:db8::1"]
            .into_iter()
            .map(|range| range.parse().unwrap())
            .collect();
        let home = Home::new(&ranges);
        for address in [
            "10.1.2.3",
            "11.0.0.0",
            "192.0.2.7",
            "192.0.2.8",
            "::ffff:10.0.0.1",
            "fc00::1",
            "fe80::1",
            "2001:db8::1",
            "::",
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(home.contains(address), ranges.iter().any(|range| range.contains(address)), "{address}");
        }
        let all = Home::new(&["0.0.0.0/0".parse().unwrap()]);
        assert!(all.contains("203.0.113.1".parse().unwrap()));
        assert!(!all.contains("2001:db8::1".parse().unwrap()));
    }
}
