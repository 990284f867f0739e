//! The name by which a place was asked for in what is said to it (HTTP's host), where no DNS tells one.
//!
//! It is the client's word: only what may be a domain counts, and where there were several nobody can say which it was.

use std::collections::BTreeSet;

/// Enough to know that there are several.
const SEVERAL: usize = 2;

#[derive(Clone, Debug, Default)]
pub(super) struct Asked(BTreeSet<String>);

impl Asked {
    pub(super) fn hear(&mut self, name: Option<&String>) {
        if let Some(name) = name
            && self.0.len() < SEVERAL
            && is_domain(name)
        {
            self.0.insert(name.clone());
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The name. Absent: none was asked for, or several were.
    pub(super) fn name(&self) -> Option<&str> {
        self.0.first().filter(|_| self.0.len() == 1).map(String::as_str)
    }
}

/// Labels of letters, digits and hyphens (RFC 1123 §2.1; an underscore in practice), of which the last is no number: an
/// address is no name.
fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let last = name.rsplit_once('.').map(|(_, last)| last);
    last.is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit())) && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_domain_and_the_only_one() {
        let asked = |names: &[&str]| {
            let mut asked = Asked::default();
            names.iter().for_each(|name| asked.hear(Some(&(*name).to_owned())));
            asked.name().map(str::to_owned)
        };
        assert_eq!(
            asked(&["a.nl", "203.0.113.9", "2001:db8::9", "router", "a..nl", "a.nl\\032", "a.nl"]),
            Some("a.nl".into())
        );
        assert_eq!(asked(&["a.nl", "b.nl"]), None);
        assert_eq!(asked(&[]), None);
    }
}
