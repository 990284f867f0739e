//! Folders of MISP's: a `manifest.json`, and beside it a file for each event; on the web, or on this machine.

use std::path::Path;

use intel::MispManifest;

use super::{Fetch, FetchError, LARGEST, MOST_PIECES, Web, read_one};
use crate::folder::Subscription;

const MANIFEST: &str = "manifest.json";

impl Web {
    /// All events that the manifest names. The manifest itself tells whether any changed.
    pub(super) fn misp(&self, url: &str, subscription: &Subscription) -> Result<Fetch, FetchError> {
        let folder = folder(url);
        let manifest = self.bytes(&format!("{folder}{MANIFEST}"), &[])?;
        let manifest = intel::misp_manifest(&manifest).ok_or_else(|| FetchError::NoManifest(url.to_owned()))?;
        let newest = manifest.events.values().max().copied().unwrap_or_default();
        let etag = format!("misp-{newest}-{}", manifest.events.len());
        if subscription.state.etag.as_deref() == Some(&etag) {
            return Ok(Fetch::Unchanged);
        }
        let bytes = events(manifest, url, |file| self.bytes(&format!("{folder}{file}"), &[]))?;
        Ok(Fetch::Whole { bytes, etag: Some(etag), last_modified: None })
    }

    /// Whether a folder of MISP's stands at an address that gave no list.
    pub(super) fn is_misp_folder(&self, url: &str) -> bool {
        self.bytes(&format!("{}{MANIFEST}", folder(url)), &[]).is_ok_and(|bytes| intel::is_misp_manifest(&bytes))
    }
}

/// The folder that an address names, or in which the file that it names lies; with the final slash.
fn folder(url: &str) -> String {
    if is_folder(url) {
        return format!("{}/", url.trim_end_matches('/'));
    }
    url.rfind('/').and_then(|at| url.get(..=at)).unwrap_or(url).to_owned()
}

/// Whether an address may be a folder's: what stands last in its path has no ending, and nothing is asked.
pub(super) fn is_folder(url: &str) -> bool {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split_once('/').map_or("", |(_, path)| path);
    !path.contains(['?', '#']) && !path.rsplit('/').next().unwrap_or_default().contains('.')
}

/// The same of a folder of this machine.
pub(super) fn local(folder: &Path) -> Result<Vec<u8>, FetchError> {
    let name = folder.display().to_string();
    let manifest = read_one(&folder.join(MANIFEST)).ok().and_then(|bytes| intel::misp_manifest(&bytes));
    events(manifest.ok_or(FetchError::NoManifest(name.clone()))?, &name, |file| read_one(&folder.join(file)))
}

/// The events, the newest first, as one JSON array.
fn events(
    manifest: MispManifest,
    place: &str,
    get: impl Fn(&str) -> Result<Vec<u8>, FetchError>,
) -> Result<Vec<u8>, FetchError> {
    let mut events: Vec<_> = manifest.events.into_iter().collect();
    events.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    let mut bytes = b"[".to_vec();
    for (file, _) in events.iter().take(MOST_PIECES) {
        let event = get(file)?;
        if bytes.len() > 1 {
            bytes.push(b',');
        }
        bytes.extend(event);
        if bytes.len() as u64 > LARGEST {
            return Err(FetchError::TooLarge(place.to_owned()));
        }
    }
    bytes.push(b']');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_an_address() {
        for (url, expected) in [
            ("https://m.example/feed/", "https://m.example/feed/"),
            ("https://m.example/feed", "https://m.example/feed/"),
            ("https://m.example/feed/manifest.json", "https://m.example/feed/"),
            ("https://m.example", "https://m.example/"),
            ("https://m.example/", "https://m.example/"),
        ] {
            assert_eq!(folder(url), expected, "{url}");
        }
        for (url, is) in
            [("https://m.example/feed", true), ("https://m.example/x.txt", false), ("https://m.example/?x", false)]
        {
            assert_eq!(is_folder(url), is, "{url}");
        }
    }
}
