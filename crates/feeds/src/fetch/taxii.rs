//! Collections of TAXII 2.1: read page by page; and which there are, for whoever gave the address of their server.

use intel::TaxiiPlace;
use ureq::http::header;

use super::{Fetch, FetchError, LARGEST, MOST_PIECES, Web, whole};

const MEDIA: &str = "application/taxii+json;version=2.1";
/// When the last object on a page was added to its collection.
const LAST_ADDED: &str = "x-taxii-date-added-last";
/// How many API roots are asked for their collections, and how many collections are named.
const MOST_ROOTS: usize = 5;
const MOST_NAMED: usize = 20;

/// Whether an address names a collection, or its objects.
pub(super) fn is_collection(url: &str) -> bool {
    let place = url.split('?').next().unwrap_or(url);
    place.split_once("/collections/").is_some_and(|(_, behind)| !behind.trim_matches('/').is_empty())
}

impl Web {
    /// All pages of a collection (TAXII 2.1, section 5.4), behind each other.
    pub(super) fn taxii(&self, url: &str) -> Result<Fetch, FetchError> {
        let (place, given) = url.split_once('?').unwrap_or((url, ""));
        let place = place.trim_end_matches('/');
        let objects = if place.ends_with("/objects") { format!("{place}/") } else { format!("{place}/objects/") };
        let mut bytes = Vec::new();
        let mut next: Option<(&str, String)> = None;
        let mut objects_seen = 0;
        for _ in 0..MOST_PIECES {
            let address = page_address(&objects, given, next.as_ref());
            let response = self.get(&address, &[(header::ACCEPT, MEDIA)])?;
            let last = response.headers().get(LAST_ADDED).and_then(|at| at.to_str().ok()).map(str::to_owned);
            let page = whole(response, &address)?;
            let told = intel::taxii_page(&page).ok_or_else(|| FetchError::NoTaxii(place.to_owned()))?;
            objects_seen += told.objects;
            bytes.extend_from_slice(&page);
            bytes.push(b'\n');
            if bytes.len() as u64 > LARGEST {
                return Err(FetchError::TooLarge(place.to_owned()));
            }
            if !told.more {
                break;
            }
            // Who does not say where the next page begins says what was last added on this one (section 5.4).
            let further = told.next.map(|next| ("next", next)).or(last.map(|at| ("added_after", at)));
            // Where it was already, it would begin again for ever.
            let further = further.filter(|further| next.as_ref() != Some(further));
            next = Some(further.ok_or_else(|| FetchError::NoNextPage(place.to_owned()))?);
        }
        if objects_seen == 0 {
            return Err(FetchError::EmptyCollection(place.to_owned()));
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

/// A page's address: with the query that was given, except where ours says otherwise.
fn page_address(objects: &str, given: &str, ours: Option<&(&str, String)>) -> String {
    let is_ours = |pair: &str| ours.is_some_and(|(key, _)| pair.split('=').next() == Some(*key));
    let given = given.split('&').filter(|pair| !pair.is_empty() && !is_ours(pair)).map(str::to_owned);
    let pairs: Vec<String> = given.chain(ours.map(|(key, value)| format!("{key}={}", escaped(value)))).collect();
    if pairs.is_empty() { objects.to_owned() } else { format!("{objects}?{}", pairs.join("&")) }
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
            ("https://t.example/api/collections/?match[type]=indicator", false),
            ("https://t.example/api/collections/1/objects/?match[type]=indicator", true),
            ("https://t.example/taxii2/", false),
        ] {
            assert_eq!(is_collection(url), is, "{url}");
        }
    }

    #[test]
    fn a_query_that_was_given_is_asked_with_every_page() {
        let objects = "https://t.example/api/collections/1/objects/";
        let (next, after) = (("next", "p 2".to_owned()), ("added_after", "2026-01-01T00:00:00Z".to_owned()));
        for (given, ours, query) in [
            ("", None, ""),
            ("match[type]=indicator", None, "?match[type]=indicator"),
            ("match[type]=indicator&", Some(&next), "?match[type]=indicator&next=p%202"),
            ("added_after=2025-01-01T00:00:00Z&limit=9", Some(&after), "?limit=9&added_after=2026-01-01T00%3A00%3A00Z"),
        ] {
            assert_eq!(page_address(objects, given, ours), format!("{objects}{query}"), "{given}");
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
