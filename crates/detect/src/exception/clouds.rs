//! Places where everybody can rent one: what goes to names below them goes to anybody.

/// Registrable domains of clouds and of networks that carry content for whoever pays. Names below which the Public Suffix List
/// knows each to be another's (`*.s3.amazonaws.com`) are refused as such.
const CLOUDS: [&str; 25] = [
    "akamaiedge.net",
    "akamaihd.net",
    "akamaized.net",
    "amazonaws.com",
    "azure.com",
    "azure.net",
    "azureedge.net",
    "backblazeb2.com",
    "b-cdn.net",
    "cloudfront.net",
    "digitaloceanspaces.com",
    "dropboxusercontent.com",
    "edgekey.net",
    "fastly.net",
    "googleapis.com",
    "googleusercontent.com",
    "hwcdn.net",
    "linodeusercontent.com",
    "ovh.net",
    "sharepoint.com",
    "transip.net",
    "trycloudflare.com",
    "wasabisys.com",
    "windows.net",
    "your-server.de",
];

/// Whether a name is such a place as a whole.
pub(super) fn is_cloud(name: &str) -> bool {
    CLOUDS.contains(&name)
}

#[cfg(test)]
mod tests {
    use crate::Exception;

    #[test]
    fn a_whole_cloud_is_warned_of_and_one_name_in_it_is_not() {
        let caution = |line: &str| line.parse::<Exception>().unwrap().caution();
        let said = caution("domain=*.amazonaws.com").unwrap();
        assert!(said.nl.contains("hele cloud") && said.en.contains("whole cloud"), "{said:?}");
        assert!(caution("kind=beacon domain=*.Windows.net.").is_some());
        for narrow in ["domain=amazonaws.com", "domain=ons-archief.s3.amazonaws.com", "domain=*.example.nl"] {
            assert_eq!(caution(narrow), None, "{narrow}");
        }
    }
}
