//! Addresses: those of an incident's pages, and which ones somebody may be sent to after signing in.

/// The pages of one incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Overview,
    Interview,
    Facts,
    Verdict,
    Decision,
    Documents,
    Evidence,
    Clocks,
    Timeline,
}

impl Tab {
    pub(crate) const ALL: [Self; 9] = [
        Self::Overview,
        Self::Interview,
        Self::Facts,
        Self::Verdict,
        Self::Decision,
        Self::Documents,
        Self::Evidence,
        Self::Clocks,
        Self::Timeline,
    ];

    pub(crate) fn segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Interview => "/vragen",
            Self::Facts => "/feiten",
            Self::Verdict => "/oordeel",
            Self::Decision => "/besluit",
            Self::Documents => "/documenten",
            Self::Evidence => "/bewijs",
            Self::Clocks => "/klokken",
            Self::Timeline => "/tijdlijn",
        }
    }
}

/// The address of a page of an incident.
pub(crate) fn of_incident(slug: &str, number: u64, tab: Tab) -> String {
    format!("/o/{slug}/incidenten/{number}{}", tab.segment())
}

/// The address of an organisation's settings.
pub(crate) fn settings_of(slug: &str) -> String {
    format!("/o/{slug}/instellingen")
}

/// The address of an organisation's sensors.
pub(crate) fn sensors_of(slug: &str) -> String {
    format!("/o/{slug}/sensoren")
}

/// Where all cases of an organisation's sensors stand, however long ago.
pub(crate) fn urgent_of(slug: &str) -> String {
    format!("{}/bevindingen?duur=alles#zaken", sensors_of(slug))
}

/// The address of what left an organisation.
pub(crate) fn outgoing_of(slug: &str) -> String {
    format!("/o/{slug}/uitgaand")
}

/// A place of ours to go back to: a path on this server and nothing that a browser could take for another one.
pub(crate) fn local(wanted: &str) -> Option<&str> {
    let is_path = wanted.starts_with('/') && !wanted.starts_with("//") && !wanted.starts_with("/\\");
    let is_clean = !wanted.chars().any(|letter| letter.is_control() || letter == '\\');
    (is_path && is_clean && wanted.len() < 500).then_some(wanted)
}

/// Text as it stands in a question of an address.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_places() {
        for good in ["/", "/bord", "/o/korenaar/incidenten/3/besluit?taal=en"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in
            ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\nb", "/a\\b"]
        {
            assert_eq!(local(bad), None, "{bad}");
        }
    }
}
