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
        let (bytes, is_whole) = events(manifest, url, |file| self.bytes(&format!("{folder}{file}"), &[]))?;
        // What failed is tried again, also where the manifest stays as it is.
        Ok(Fetch::Whole { bytes, etag: Some(etag).filter(|_| is_whole), last_modified: None })
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
    let manifest = manifest.ok_or(FetchError::NoManifest(name.clone()))?;
    events(manifest, &name, |file| read_one(&folder.join(file))).map(|(bytes, _)| bytes)
}

/// The events, the newest first, as one JSON array, and whether all are there. For one that cannot be fetched, or is no JSON,
/// its name stands there, which is counted as what could not be used. More than a tenth of those, and it is no feed any more.
fn events(
    manifest: MispManifest,
    place: &str,
    get: impl Fn(&str) -> Result<Vec<u8>, FetchError>,
) -> Result<(Vec<u8>, bool), FetchError> {
    let mut events: Vec<_> = manifest.events.into_iter().collect();
    events.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    events.truncate(MOST_PIECES);
    let most = (events.len() / 10).max(1).min(events.len().saturating_sub(1));
    let mut failed = 0;
    let mut bytes = b"[".to_vec();
    for (file, _) in &events {
        let event = get(file).and_then(|event| if intel::is_json(&event) { Ok(event) } else { Err(no_event(file)) });
        if bytes.len() > 1 {
            bytes.push(b',');
        }
        match event {
            Ok(event) => bytes.extend(event),
            // Who does not answer at all does not answer for the next one either, and each would be waited for.
            Err(why @ FetchError::Unreachable(..)) => return Err(why),
            Err(why) => {
                failed += 1;
                if failed > most {
                    return Err(why);
                }
                // Letters, digits and dashes: it needs no escaping.
                bytes.extend(format!("\"{file}\"").into_bytes());
            }
        }
        if bytes.len() as u64 > LARGEST {
            return Err(FetchError::TooLarge(place.to_owned()));
        }
    }
    bytes.push(b']');
    Ok((bytes, failed == 0))
}

fn no_event(file: &str) -> FetchError {
    FetchError::NoEvent(file.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_broken_or_gone_takes_no_other_with_it() {
        fn gone(file: &str) -> Result<Vec<u8>, FetchError> {
            Err(FetchError::Status(file.to_owned(), 404))
        }
        fn fine(_: &str) -> Result<Vec<u8>, FetchError> {
            Ok(b"{}".to_vec())
        }
        let read = |count: u64, get: fn(&str) -> Result<Vec<u8>, FetchError>| {
            let manifest = MispManifest { events: (0..count).map(|number| (format!("{number:02}.json"), 0)).collect() };
            events(manifest, "feed", get).map(|(bytes, is_whole)| (String::from_utf8(bytes).unwrap(), is_whole))
        };
        assert_eq!(read(2, fine).unwrap(), ("[{},{}]".into(), true));
        let first_gone = |file: &str| if file == "00.json" { gone(file) } else { fine(file) };
        assert_eq!(read(3, first_gone).unwrap(), (r#"["00.json",{},{}]"#.into(), false));
        let last_cut = |file: &str| Ok(if file == "01.json" { b"{\"Event\":".to_vec() } else { b"{}".to_vec() });
        assert_eq!(read(2, last_cut).unwrap(), (r#"[{},"01.json"]"#.into(), false));
        assert!(matches!(read(1, gone), Err(FetchError::Status(_, 404))));
        let silent = |file: &str| {
            if file == "00.json" { Err(FetchError::Unreachable(file.into(), "late".into())) } else { fine(file) }
        };
        assert!(matches!(
            events(MispManifest { events: (0..30).map(|n| (format!("{n:02}.json"), 0)).collect() }, "feed", silent),
            Err(FetchError::Unreachable(..))
        ));
        let some_cut = |file: &str| Ok(if file < "03" { b"cut".to_vec() } else { b"{}".to_vec() });
        assert!(read(30, some_cut).is_ok());
        assert!(matches!(read(29, some_cut), Err(FetchError::NoEvent(_))));
    }

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
