//! One list fetched: from a file, by HTTP with what is known of the last time, from a folder of MISP's, page by page from a
//! TAXII 2.1 collection.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    time::Duration,
};

use facts::Text;
use flate2::read::MultiGzDecoder;
use intel::Format;
use ureq::{
    Agent, Body,
    http::{Response, header},
};

use crate::folder::{Source, Subscription};

/// The largest list that is read, packed or not, in bytes.
pub(crate) const LARGEST: u64 = 500 << 20;
/// How many events of MISP's, and pages of TAXII's, are read at most.
const MOST_PIECES: usize = 5_000;
const CONNECT_WITHIN: Duration = Duration::from_secs(20);
const ANSWER_WITHIN: Duration = Duration::from_secs(300);
const GZIP: [u8; 2] = [0x1f, 0x8b];
const TAXII: &str = "application/taxii+json;version=2.1";

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetch {
    /// The publisher says that it is as it was.
    Unchanged,
    /// The list, unpacked, with what to say next time.
    Whole { bytes: Vec<u8>, etag: Option<String>, last_modified: Option<String> },
}

/// Why nothing came. The last good list stays.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("{0} cannot be reached ({1}); look at the address and the way out")]
    Unreachable(String, String),
    #[error("{0} answers {1}{hint}", hint = hint(*.1).en)]
    Status(String, u16),
    #[error("{0} is larger than 500 MB; take a smaller list")]
    TooLarge(String),
    #[error("{0} cannot be read: {1}")]
    Unreadable(String, io::Error),
    #[error("{0} is no folder of MISP's: its manifest.json cannot be read")]
    NoManifest(String),
    #[error("{0} gives no page of TAXII 2.1; give the address of a collection, …/collections/ID/objects/")]
    NoTaxii(String),
}

fn hint(status: u16) -> Text {
    match status {
        401 | 403 => Text::new(
            ": die wil weten wie u bent; geef --secret-file, of lees de voorwaarden van de uitgever",
            ": it wants to know who you are; give --secret-file, or read the publisher's terms",
        ),
        404 | 410 => Text::new(
            ": de lijst is er niet (meer); zoek het nieuwe adres",
            ": the list is not there (any more); look for its new address",
        ),
        429 => Text::new(": te vaak gevraagd; maak --every langer", ": asked too often; make --every longer"),
        _ => Text::new("; het wordt later weer geprobeerd", "; it is tried again later"),
    }
}

impl FetchError {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::Unreachable(place, why) => {
                format!("{place} is niet te bereiken ({why}); kijk naar het adres en de weg naar buiten")
            }
            Self::Status(place, status) => format!("{place} antwoordt {status}{}", hint(*status).nl),
            Self::TooLarge(place) => format!("{place} is groter dan 500 MB; neem een kleinere lijst"),
            Self::Unreadable(place, error) => format!("{place} is niet te lezen: {error}"),
            Self::NoManifest(place) => format!("{place} is geen map van MISP: manifest.json is niet te lezen"),
            Self::NoTaxii(place) => {
                format!(
                    "{place} geeft geen pagina van TAXII 2.1; geef het adres van een collectie, …/collections/ID/objects/"
                )
            }
        };
        Text::made(nl, self.to_string())
    }
}

/// Fetches a list, unless it is as it was.
pub(crate) fn fetch(subscription: &Subscription, format: Option<Format>) -> Result<Fetch, FetchError> {
    match &subscription.source {
        Source::File(path) => Ok(Fetch::Whole { bytes: read_file(path)?, etag: None, last_modified: None }),
        Source::Url(url) => {
            let secret = match &subscription.secret_file {
                Some(path) => Some(read_secret(path)?),
                None => None,
            };
            let web = Web { agent: agent(), secret };
            if url.contains("/collections/") {
                web.taxii(url)
            } else if format == Some(Format::Misp) && (url.ends_with('/') || url.ends_with("/manifest.json")) {
                web.misp(url, subscription)
            } else {
                web.file(url, subscription)
            }
        }
    }
}

/// A file, unpacked.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, FetchError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| FetchError::Unreadable(name.clone(), error))?;
    unpacked(bounded(file, &name)?, &name)
}

fn read_secret(path: &Path) -> Result<String, FetchError> {
    let text = fs::read_to_string(path).map_err(|error| FetchError::Unreadable(path.display().to_string(), error))?;
    Ok(text.trim().to_owned())
}

fn bounded(source: impl Read, name: &str) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let read = source.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| FetchError::Unreadable(name.to_owned(), error))?;
    if bytes.len() as u64 > LARGEST { Err(FetchError::TooLarge(name.to_owned())) } else { Ok(bytes) }
}

fn unpacked(bytes: Vec<u8>, name: &str) -> Result<Vec<u8>, FetchError> {
    if bytes.starts_with(&GZIP) { bounded(MultiGzDecoder::new(bytes.as_slice()), name) } else { Ok(bytes) }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(5)
        .timeout_connect(Some(CONNECT_WITHIN))
        .timeout_global(Some(ANSWER_WITHIN))
        .user_agent(concat!("dijkwacht/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

struct Web {
    agent: Agent,
    /// `user:password`, or a token.
    secret: Option<String>,
}

impl Web {
    fn get(&self, url: &str, headers: &[(header::HeaderName, &str)]) -> Result<Response<Body>, FetchError> {
        let mut request = self.agent.get(url);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        if let Some(secret) = &self.secret {
            let value = match secret.split_once(':') {
                Some(_) => format!("Basic {}", base64(secret.as_bytes())),
                None => format!("Bearer {secret}"),
            };
            request = request.header(header::AUTHORIZATION, value);
        }
        request.call().map_err(|error| FetchError::Unreachable(url.to_owned(), error.to_string()))
    }

    /// What stands at that address, unpacked.
    fn bytes(&self, url: &str, headers: &[(header::HeaderName, &str)]) -> Result<Vec<u8>, FetchError> {
        let response = self.get(url, headers)?;
        whole(response, url)
    }

    fn file(&self, url: &str, subscription: &Subscription) -> Result<Fetch, FetchError> {
        let mut known = Vec::new();
        if let Some(etag) = &subscription.state.etag {
            known.push((header::IF_NONE_MATCH, etag.as_str()));
        }
        if let Some(moment) = &subscription.state.last_modified {
            known.push((header::IF_MODIFIED_SINCE, moment.as_str()));
        }
        let response = self.get(url, &known)?;
        if response.status() == 304 {
            return Ok(Fetch::Unchanged);
        }
        let of = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (etag, last_modified) = (of(header::ETAG), of(header::LAST_MODIFIED));
        Ok(Fetch::Whole { bytes: whole(response, url)?, etag, last_modified })
    }

    /// All events that the manifest names, the newest first, as one JSON array. The manifest itself tells whether any
    /// changed.
    fn misp(&self, url: &str, subscription: &Subscription) -> Result<Fetch, FetchError> {
        let folder = url.trim_end_matches("manifest.json");
        let manifest = self.bytes(&format!("{folder}manifest.json"), &[])?;
        let manifest = intel::misp_manifest(&manifest).ok_or_else(|| FetchError::NoManifest(url.to_owned()))?;
        let newest = manifest.events.values().max().copied().unwrap_or_default();
        let etag = format!("misp-{newest}-{}", manifest.events.len());
        if subscription.state.etag.as_deref() == Some(&etag) {
            return Ok(Fetch::Unchanged);
        }
        let mut events: Vec<_> = manifest.events.into_iter().collect();
        events.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        let mut bytes = b"[".to_vec();
        for (file, _) in events.iter().take(MOST_PIECES) {
            let event = self.bytes(&format!("{folder}{file}"), &[])?;
            if bytes.len() > 1 {
                bytes.push(b',');
            }
            bytes.extend(event);
            if bytes.len() as u64 > LARGEST {
                return Err(FetchError::TooLarge(url.to_owned()));
            }
        }
        bytes.push(b']');
        Ok(Fetch::Whole { bytes, etag: Some(etag), last_modified: None })
    }

    /// All pages of a collection (TAXII 2.1, section 5.4), behind each other.
    fn taxii(&self, url: &str) -> Result<Fetch, FetchError> {
        let objects = if url.trim_end_matches('/').ends_with("/objects") {
            format!("{}/", url.trim_end_matches('/'))
        } else {
            format!("{}/objects/", url.trim_end_matches('/'))
        };
        let mut bytes = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..MOST_PIECES {
            let address = match &next {
                Some(next) => format!("{objects}?next={}", escaped(next)),
                None => objects.clone(),
            };
            let page = self.bytes(&address, &[(header::ACCEPT, TAXII)])?;
            let told = intel::taxii_page(&page).ok_or_else(|| FetchError::NoTaxii(url.to_owned()))?;
            next = told.next.map(str::to_owned);
            bytes.extend_from_slice(&page);
            bytes.push(b'\n');
            if bytes.len() as u64 > LARGEST {
                return Err(FetchError::TooLarge(url.to_owned()));
            }
            if next.is_none() {
                break;
            }
        }
        Ok(Fetch::Whole { bytes, etag: None, last_modified: None })
    }
}

fn whole(response: Response<Body>, url: &str) -> Result<Vec<u8>, FetchError> {
    if !response.status().is_success() {
        return Err(FetchError::Status(url.to_owned(), response.status().as_u16()));
    }
    let bytes = bounded(response.into_body().into_with_config().limit(LARGEST + 2).reader(), url)?;
    unpacked(bytes, url)
}

/// For a query (RFC 3986, section 2.1).
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

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
