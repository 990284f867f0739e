//! Ranges of addresses: what is *home*, and what a threat list names.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// A range of IP addresses (RFC 4632, RFC 4291 §2.3): all that share the first `prefix` bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    first: IpAddr,
    prefix: u8,
}

/// Why a text is no range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCidr {
    #[error("`{0}` is no IP address or CIDR; write 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32")]
    NotAnAddress(String),
    #[error("`{text}` has a prefix above {most}; an address of this kind has no more bits")]
    PrefixTooLong { text: String, most: u8 },
}

impl Cidr {
    /// The range of `address` with that many leading bits; bits after them are ignored. None where the prefix is longer
    /// than the address (32 or 128 bits).
    #[must_use]
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        (prefix <= bits(address)).then(|| Self { first: masked(address, prefix), prefix })
    }

    /// The range that holds one address only.
    #[must_use]
    pub fn single(address: IpAddr) -> Self {
        Self { first: address, prefix: bits(address) }
    }

    /// The lowest address of the range.
    #[must_use]
    pub fn first(&self) -> IpAddr {
        self.first
    }

    /// How many leading bits are fixed.
    #[must_use]
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether the address lies in the range. IPv4 written as IPv6 (`::ffff:192.0.2.1`) counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        bits(address) == bits(self.first) && masked(address, self.prefix) == self.first
    }
}

/// The address with all bits after the first `prefix` cleared.
#[must_use]
pub fn masked(address: IpAddr, prefix: u8) -> IpAddr {
    let prefix = u32::from(prefix);
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32u32.saturating_sub(prefix)).unwrap_or(0);
            IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask))
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128u32.saturating_sub(prefix)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
        }
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl FromStr for Cidr {
    type Err = InvalidCidr;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let no_address = || InvalidCidr::NotAnAddress(text.into());
        let Some((address, prefix)) = text.split_once('/') else {
            return text.parse().map(Self::single).map_err(|_| no_address());
        };
        let address: IpAddr = address.parse().map_err(|_| no_address())?;
        let prefix: u8 = prefix.parse().map_err(|_| no_address())?;
        Self::new(address, prefix).ok_or_else(|| InvalidCidr::PrefixTooLong { text: text.into(), most: bits(address) })
    }
}

/// `10.0.0.0/8`; a single address without its prefix.
impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == bits(self.first) {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}/{}", self.first, self.prefix)
        }
    }
}

/// What counts as home when nothing else is said: private (RFC 1918), unique local (RFC 4193), link-local (RFC 3927,
/// RFC 4291 §2.5.6) and loopback addresses.
#[must_use]
pub fn private_ranges() -> Vec<Cidr> {
    let v4 = |a, b, c, d, prefix| Cidr { first: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), prefix };
    let v6 = |first, prefix| Cidr { first: IpAddr::V6(Ipv6Addr::new(first, 0, 0, 0, 0, 0, 0, 0)), prefix };
    vec![
        v4(10, 0, 0, 0, 8),
        v4(172, 16, 0, 0, 12),
        v4(192, 168, 0, 0, 16),
        v4(169, 254, 0, 0, 16),
        v4(127, 0, 0, 0, 8),
        v6(0xfc00, 7),
        v6(0xfe80, 10),
        Cidr::single(IpAddr::V6(Ipv6Addr::LOCALHOST)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_own_addresses_and_no_others() {
        let cases = [
            ("10.0.0.0/8", "10.255.1.2", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3/8", "10.9.9.9", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.0/24", "::ffff:192.0.2.9", true),
            ("0.0.0.0/0", "203.0.113.1", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:1::5", true),
            ("fe80::/10", "fe80::1", true),
            ("::/0", "2001:db8::1", true),
        ];
        for (range, address, inside) in cases {
            let range: Cidr = range.parse().unwrap();
            assert_eq!(range.contains(address.parse().unwrap()), inside, "{address} in {range}");
        }
    }

    #[test]
    fn what_is_no_range_says_why() {
        for text in ["", "10.0.0", "10.0.0.0/x", "10.0.0.0/-1", "evil.example", "10.0.0.0/8/8"] {
            assert!(matches!(text.parse::<Cidr>(), Err(InvalidCidr::NotAnAddress(_))), "{text}");
        }
        assert_eq!(
            "192.0.2.0/33".parse::<Cidr>(),
            Err(InvalidCidr::PrefixTooLong { text: "192.0.2.0/33".into(), most: 32 })
        );
    }

    #[test]
    fn home_is_what_the_internet_does_not_route() {
        let home = private_ranges();
        let is_home = |text: &str| home.iter().any(|range| range.contains(text.parse().unwrap()));
        for inside in ["10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.9.9", "127.0.0.1", "fd12::1", "fe80::1", "::1"]
        {
            assert!(is_home(inside), "{inside}");
        }
        for outside in ["172.32.0.1", "192.0.2.1", "8.8.8.8", "2001:db8::1", "100.64.0.1", "::2"] {
            assert!(!is_home(outside), "{outside}");
        }
    }
}
