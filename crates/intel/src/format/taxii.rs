//! What a server of TAXII 2.1 (OASIS, sections 4 and 5) says at addresses that are no collection: for whoever gave one of those.

use serde::Deserialize;

/// What stands at an address of such a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxiiPlace {
    /// The server itself, with the addresses of its API roots as it writes them.
    Server(Vec<String>),
    /// An API root: its collections stand below it.
    Root,
    /// Its collections that may be read: id and title.
    Collections(Vec<(String, String)>),
}

/// Reads what a server says of itself. None where it is nothing of TAXII's.
#[must_use]
pub fn taxii_place(bytes: &[u8]) -> Option<TaxiiPlace> {
    #[derive(Deserialize)]
    struct Answer {
        api_roots: Option<Vec<String>>,
        max_content_length: Option<u64>,
        collections: Option<Vec<Collection>>,
    }
    #[derive(Deserialize)]
    struct Collection {
        id: String,
        #[serde(default)]
        title: String,
        #[serde(default)]
        can_read: bool,
    }
    match serde_json::from_slice(bytes).ok()? {
        Answer { collections: Some(all), .. } => {
            let readable = all.into_iter().filter(|one| one.can_read).map(|one| (one.id, one.title));
            Some(TaxiiPlace::Collections(readable.collect()))
        }
        Answer { api_roots: Some(roots), .. } => Some(TaxiiPlace::Server(roots)),
        Answer { max_content_length: Some(_), .. } => Some(TaxiiPlace::Root),
        Answer { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_of_itself() {
        for (said, expected) in [
            (
                r#"{"title":"x","api_roots":["https://taxii.example/api/"]}"#,
                Some(TaxiiPlace::Server(vec!["https://taxii.example/api/".into()])),
            ),
            (
                r#"{"title":"x","versions":["application/taxii+json;version=2.1"],"max_content_length":9}"#,
                Some(TaxiiPlace::Root),
            ),
            (
                r#"{"collections":[{"id":"1","title":"A","can_read":true},{"id":"2","title":"B","can_read":false}]}"#,
                Some(TaxiiPlace::Collections(vec![("1".into(), "A".into())])),
            ),
            ("{}", None),
            (r#"{"Event":{}}"#, None),
            (r#"{"more":false,"objects":[]}"#, None),
            ("<html>", None),
        ] {
            assert_eq!(taxii_place(said.as_bytes()), expected, "{said}");
        }
    }
}
