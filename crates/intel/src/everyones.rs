//! What no list may accuse, since everyone uses it: a list with one of these on it would raise an alarm at every desk.

use std::net::IpAddr;

use crate::cidr::{Cidr, private_ranges};

/// Sites that nearly every office speaks with all day; subdomains of them may stand on a list.
const NAMES: [&str; 44] = [
    "adobe.com",
    "akamaiedge.net",
    "akamaihd.net",
    "amazon.com",
    "amazonaws.com",
    "apple.com",
    "azure.com",
    "azureedge.net",
    "belastingdienst.nl",
    "bing.com",
    "cloudflare.com",
    "cloudfront.net",
    "digicert.com",
    "digid.nl",
    "dropbox.com",
    "facebook.com",
    "fbcdn.net",
    "github.com",
    "githubusercontent.com",
    "gmail.com",
    "google.com",
    "google.nl",
    "googleapis.com",
    "gstatic.com",
    "icloud.com",
    "instagram.com",
    "kpn.com",
    "letsencrypt.org",
    "linkedin.com",
    "live.com",
    "microsoft.com",
    "microsoftonline.com",
    "mozilla.org",
    "msftconnecttest.com",
    "office.com",
    "office365.com",
    "outlook.com",
    "rijksoverheid.nl",
    "sharepoint.com",
    "whatsapp.com",
    "whatsapp.net",
    "windows.com",
    "windowsupdate.com",
    "youtube.com",
];

/// Public resolvers: Cloudflare, Google, Quad9, Cisco.
const RESOLVERS: [[u8; 4]; 8] = [
    [1, 1, 1, 1],
    [1, 0, 0, 1],
    [8, 8, 8, 8],
    [8, 8, 4, 4],
    [9, 9, 9, 9],
    [149, 112, 112, 112],
    [208, 67, 222, 222],
    [208, 67, 220, 220],
];

/// Whether everyone uses this very name (lower case).
pub(crate) fn is_everyones_name(name: &str) -> bool {
    NAMES.binary_search(&name.strip_prefix("www.").unwrap_or(name)).is_ok()
}

/// Whether a range lies within what is private, nobody's or a group's, or is a public resolver.
pub(crate) fn is_everyones_address(range: &Cidr) -> bool {
    let first = range.first();
    let is_private = private_ranges().iter().any(|home| home.contains(first) && home.prefix() <= range.prefix());
    let is_resolver = matches!(first, IpAddr::V4(v4) if range.prefix() == 32 && RESOLVERS.contains(&v4.octets()));
    is_private || is_resolver || first.is_unspecified() || first.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_so_that_they_are_found() {
        assert!(NAMES.is_sorted());
        assert!(is_everyones_name("google.com") && is_everyones_name("www.google.com"));
        assert!(!is_everyones_name("sites.google.com"));
    }

    #[test]
    fn private_addresses_groups_and_resolvers() {
        for (range, is_everyones) in [
            ("10.1.2.3", true),
            ("192.168.0.0/16", true),
            ("8.8.8.8", true),
            ("8.8.8.0/24", false),
            ("0.0.0.0", true),
            ("224.0.0.0/4", true),
            ("fe80::1", true),
            ("192.0.2.7", false),
            ("8.0.0.0/7", false),
        ] {
            assert_eq!(is_everyones_address(&range.parse().unwrap()), is_everyones, "{range}");
        }
    }
}
