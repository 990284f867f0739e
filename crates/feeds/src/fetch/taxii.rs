//! Collections of TAXII 2.1: read page by page; and which there are, for whoever gave the address of their server.

use intel::TaxiiPlace;
use ureq::http::header;

use super::{Fetch, FetchError, LARGEST, MOST_PIECES, Web};

const MEDIA: &str = "application/taxii+json;version=2.1";
/// How many API roots are asked for their collections, and how many collections are named.
const MOST_ROOTS: usize = 5;
const MOST_NAMED: usize = 20;

/// Whether an address names a collection, or its objects.
pub(super) fn is_collection(url: &str) -> bool {
    url.split_once("/collections/").is_some_and(|(_, behind)| !behind.trim_matches('/').is_empty())
}

impl Web {
    /// All pages of a collection (TAXII 2.1, section 5.4), behind each other.
    pub(super) fn taxii(&self, url: &str) -> Result<Fetch, FetchError> {
        let objects = if url.trim_end_matches('/').ends_with("/objects") {
            format!("{}/", url.trim_end_matches('/'))
        } else {
            format!("{}/objects/", url.trim_end_matches('/'))
        };
        let mut bytes = Vec::new();
        let mut next: Option<String> = None;
        let mut objects_seen = 0;
        for _ in 0..MOST_PIECES {
            let address = match &next {
                Some(next) => format!("{objects}?next={}", escaped(next)),
                None => objects.clone(),
            };
            let page = self.bytes(&address, &[(header::ACCEPT, MEDIA)])?;
            let told = intel::taxii_page(&page).ok_or_else(|| FetchError::NoTaxii(url.to_owned()))?;
            objects_seen += told.objects;
            next = told.next;
            bytes.extend_from_slice(&page);
            bytes.push(b'\n');
            if bytes.len() as u64 > LARGEST {
                return Err(FetchError::TooLarge(url.to_owned()));
            }
            if next.is_none() {
                break;
            }
        }
        if objects_seen == 0 {
            return Err(FetchError::EmptyCollection(url.to_owned()));
        }
        Ok(Fetch::Whole { bytes, etag: None, last_modified: None })
    }

    /// What to say where an address is a TAXII server's and no collection: which collections it has. None where it is no such server.
    pub(super) fn taxii_server(&self, url: &str) -> Option<FetchError> {
        let mut collections = Vec::new();
        // All addresses of TAXII's end so.
        let place = format!("{}/", url.trim_end_matches('/'));
        match self.taxii_place(&place)? {
            TaxiiPlace::Collections(found) => named(&place, found, &mut collections),
            TaxiiPlace::Root => self.collections(&place, &mut collections),
            TaxiiPlace::Server(roots) => {
                for root in roots.iter().filter_map(|root| below(&place, root)).take(MOST_ROOTS) {
                    self.collections(&root, &mut collections);
                }
            }
        }
        collections.truncate(MOST_NAMED);
        Some(FetchError::TaxiiServer(url.to_owned(), collections))
    }

    fn collections(&self, root: &str, named_ones: &mut Vec<String>) {
        let url = format!("{}/collections/", root.trim_end_matches('/'));
        if let Some(TaxiiPlace::Collections(found)) = self.taxii_place(&url) {
            named(&url, found, named_ones);
        }
    }

    fn taxii_place(&self, url: &str) -> Option<TaxiiPlace> {
        intel::taxii_place(&self.bytes(url, &[(header::ACCEPT, MEDIA)]).ok()?)
    }
}

fn named(url: &str, found: Vec<(String, String)>, named_ones: &mut Vec<String>) {
    let url = url.trim_end_matches('/');
    named_ones.extend(found.into_iter().map(|(id, title)| {
        let title: String = title.chars().filter(|letter| !letter.is_control()).take(80).collect();
        format!("{url}/{}/objects/ ({title})", escaped(&id))
    }));
}

/// An API root's address; only on the server that was asked, since it gets the same secret.
fn below(url: &str, root: &str) -> Option<String> {
    let origin = origin(url)?;
    if root.starts_with('/') && !root.starts_with("//") {
        return Some(format!("{origin}{root}"));
    }
    (self::origin(root)? == origin).then(|| root.to_owned())
}

fn origin(url: &str) -> Option<&str> {
    let behind = url.find("://")? + 3;
    let end = url.get(behind..)?.find(['/', '?', '#']).map_or(url.len(), |at| behind + at);
    url.get(..end)
}

/// For a query or a path (RFC 3986, section 2.1).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collections_address_is_told_from_its_servers() {
        for (url, is) in [
            ("https://t.example/api/collections/1", true),
            ("https://t.example/api/collections/1/objects/", true),
            ("https://t.example/api/collections/", false),
            ("https://t.example/api/collections", false),
            ("https://t.example/taxii2/", false),
        ] {
            assert_eq!(is_collection(url), is, "{url}");
        }
    }

    #[test]
    fn a_root_elsewhere_gets_no_secret() {
        let url = "https://t.example/taxii2/";
        for (root, expected) in [
            ("/api/", Some("https://t.example/api/")),
            ("https://t.example/api/", Some("https://t.example/api/")),
            ("https://t.example.evil/api/", None),
            ("http://t.example/api/", None),
            ("//evil.example/api/", None),
            ("api/", None),
        ] {
            assert_eq!(below(url, root).as_deref(), expected, "{root}");
        }
    }
}
