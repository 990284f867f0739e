//! The Public Suffix List (publicsuffix.org): which part of a name somebody registered.
//!
//! A crate of its own because the list is ten thousand functions that the compiler makes anew in every crate that calls
//! them: most of a minute each. Here it does so once. Names are lower case, without the final dot.

pub use psl::{Domain, Suffix, Type};

/// The public suffix of a name: `co.uk` of `www.example.co.uk`. One that is not on the list counts by its last label, and
/// says so ([`Suffix::is_known`]).
#[inline(never)]
#[must_use]
pub fn suffix(name: &[u8]) -> Option<Suffix<'_>> {
    psl::suffix(name)
}

/// The registrable domain: `example.co.uk` of `www.example.co.uk`. None: the name is a public suffix itself, or no name.
#[inline(never)]
#[must_use]
pub fn domain(name: &[u8]) -> Option<Domain<'_>> {
    psl::domain(name)
}

/// The same as text.
#[inline(never)]
#[must_use]
pub fn domain_str(name: &str) -> Option<&str> {
    psl::domain_str(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_registered() {
        for (name, domain) in [
            ("www.example.co.uk", Some("example.co.uk")),
            ("example.nl", Some("example.nl")),
            ("co.uk", None),
            ("home.duckdns.org", Some("home.duckdns.org")),
            ("printer.lan", Some("printer.lan")),
            ("", None),
        ] {
            assert_eq!(domain_str(name), domain, "{name}");
        }
    }

    #[test]
    fn who_gives_names_out() {
        let kind = |name: &str| suffix(name.as_bytes()).and_then(|suffix| suffix.typ());
        assert_eq!(kind("example.nl"), Some(Type::Icann));
        assert_eq!(kind("home.duckdns.org"), Some(Type::Private));
        assert_eq!(kind("printer.lan"), None);
        assert!(domain(b"printer.lan").is_some_and(|domain| !domain.suffix().is_known()));
    }
}
