//! One list fetched: from a file, by HTTP with what is known of the last time, from a folder of MISP's, page by page from a
//! TAXII 2.1 collection.

mod misp;
mod taxii;

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
/// Until the first of an answer, and all of it.
const BEGUN_WITHIN: Duration = Duration::from_secs(60);
const ANSWER_WITHIN: Duration = Duration::from_secs(300);
const GZIP: [u8; 2] = [0x1f, 0x8b];

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
    #[error("{0} sends on more than five times, or to what is no web address; give the address of the list itself")]
    Redirects(String),
    #[error("{0} answers {1}{hint}", hint = hint(*.1).en)]
    Status(String, u16),
    #[error("{0} is larger than 500 MB; take a smaller list")]
    TooLarge(String),
    #[error("{0} cannot be read: {1}")]
    Unreadable(String, io::Error),
    #[error(
        "{0} is no folder of MISP's: its manifest.json cannot be read; give the folder in which manifest.json lies, or one file with a list"
    )]
    NoManifest(String),
    #[error(
        "{0} is no event of MISP's, and more than a tenth of that feed is not to be read; ask its publisher, or try again later"
    )]
    NoEvent(String),
    #[error("{0} says that there is more, and not where; its publisher must mend that (TAXII 2.1, section 3.7)")]
    NoNextPage(String),
    #[error("{0} gives no page of TAXII 2.1; give the address of a collection, …/collections/ID/objects/")]
    NoTaxii(String),
    #[error(
        "the collection {0} is empty; the last good list stays, where there was one. Either nothing was published in it yet, or this account may see none of it: ask who keeps it"
    )]
    EmptyCollection(String),
    #[error(
        "{0} is a TAXII server and not one of its collections; give the address of one: {choices}",
        choices = choices(.1, "…/collections/ID/objects/; it names none that may be read")
    )]
    TaxiiServer(String, Vec<String>),
}

/// The collections of a server, each with its address.
fn choices(all: &[String], none: &str) -> String {
    if all.is_empty() { none.to_owned() } else { all.join(", ") }
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
            Self::Redirects(place) => format!(
                "{place} verwijst meer dan vijf keer door, of naar wat geen webadres is; geef het adres van de lijst zelf"
            ),
            Self::Status(place, status) => format!("{place} antwoordt {status}{}", hint(*status).nl),
            Self::TooLarge(place) => format!("{place} is groter dan 500 MB; neem een kleinere lijst"),
            Self::Unreadable(place, error) => format!("{place} is niet te lezen: {error}"),
            Self::NoManifest(place) => format!(
                "{place} is geen map van MISP: manifest.json is niet te lezen; geef de map waar manifest.json in ligt, of één bestand met een lijst"
            ),
            Self::TaxiiServer(place, all) => format!(
                "{place} is een TAXII-server en geen collectie daarvan; geef het adres van een collectie: {}",
                choices(all, "…/collections/ID/objects/; hij noemt er geen die u mag lezen")
            ),
            Self::EmptyCollection(place) => format!(
                "de collectie {place} is leeg; de laatste goede lijst blijft, als die er was. Of er is nog niets in gepubliceerd, of dit account mag er niets van zien: vraag het wie haar beheert"
            ),
            Self::NoEvent(file) => format!(
                "{file} is geen event van MISP, en meer dan een tiende van die feed is niet te lezen; vraag het de uitgever, of probeer het later weer"
            ),
            Self::NoNextPage(place) => format!(
                "{place} zegt dat er meer is, en niet waar; dat moet de uitgever herstellen (TAXII 2.1, paragraaf 3.7)"
            ),
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
            if taxii::is_collection(url) {
                web.taxii(url)
            } else if format == Some(Format::Misp) && (url.ends_with('/') || url.ends_with("/manifest.json")) {
                web.misp(url, subscription)
            } else {
                web.told_by_content(url, subscription, format)
            }
        }
    }
}

/// A file, unpacked; of a folder of MISP's, or its manifest, all events.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, FetchError> {
    if path.is_dir() {
        return misp::local(path);
    }
    let bytes = read_one(path)?;
    match path.parent() {
        Some(folder) if intel::is_misp_manifest(&bytes) => misp::local(folder),
        _ => Ok(bytes),
    }
}

fn read_one(path: &Path) -> Result<Vec<u8>, FetchError> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| FetchError::Unreadable(name.clone(), error))?;
    unpacked(bounded(file, &name)?, &name, LARGEST)
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

/// What is packed is counted first, so that what unpacks to more than `most` is never held.
fn unpacked(bytes: Vec<u8>, name: &str, most: u64) -> Result<Vec<u8>, FetchError> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let beginning = || MultiGzDecoder::new(bytes.as_slice()).take(most.saturating_add(1));
    let counted = io::copy(&mut beginning(), &mut io::sink());
    let length = counted.map_err(|error| FetchError::Unreadable(name.to_owned(), error))?;
    if length > most { Err(FetchError::TooLarge(name.to_owned())) } else { bounded(beginning(), name) }
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(5)
        .timeout_connect(Some(CONNECT_WITHIN))
        .timeout_recv_response(Some(BEGUN_WITHIN))
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
        request.call().map_err(|error| match error {
            ureq::Error::TooManyRedirects => FetchError::Redirects(url.to_owned()),
            other => FetchError::Unreachable(url.to_owned(), other.to_string()),
        })
    }

    /// What stands at that address, unpacked.
    fn bytes(&self, url: &str, headers: &[(header::HeaderName, &str)]) -> Result<Vec<u8>, FetchError> {
        let response = self.get(url, headers)?;
        whole(response, url)
    }

    /// One file, where it is one. What is a folder of MISP's is read as such, and who gave a TAXII server's address is told what
    /// collections it has: both where what comes from there leaves no doubt.
    fn told_by_content(
        &self,
        url: &str,
        subscription: &Subscription,
        format: Option<Format>,
    ) -> Result<Fetch, FetchError> {
        let came = self.file(url, subscription);
        let is_to_tell = |of: Format| format.is_none_or(|format| format == of);
        let (is_bare, is_manifest, is_taxii) = match &came {
            Ok(Fetch::Unchanged) => return came,
            Ok(Fetch::Whole { bytes, .. }) => {
                (is_web_page(bytes), intel::is_misp_manifest(bytes), intel::taxii_place(bytes).is_some())
            }
            // A folder that shows nothing of itself; a server that speaks nothing else.
            Err(FetchError::Status(_, 403 | 404)) => (true, false, false),
            Err(FetchError::Status(_, 406 | 415)) => (false, false, true),
            Err(_) => return came,
        };
        // One list that is not there any more is no reason to look around it.
        let is_bare = is_bare && misp::is_folder(url);
        if is_to_tell(Format::Misp) && (is_manifest || (is_bare && self.is_misp_folder(url))) {
            return self.misp(url, subscription);
        }
        let is_asked = is_to_tell(Format::Stix) && (is_taxii || is_bare);
        match is_asked.then(|| self.taxii_server(url)).flatten() {
            Some(told) => Err(told),
            None => came,
        }
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
}

/// Whether it is a page for people where a list was looked for.
pub(crate) fn is_web_page(bytes: &[u8]) -> bool {
    let beginning = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).trim_start().to_ascii_lowercase();
    beginning.starts_with("<!doctype") || beginning.starts_with("<html") || beginning.starts_with("<?xml")
}

fn whole(response: Response<Body>, url: &str) -> Result<Vec<u8>, FetchError> {
    if !response.status().is_success() {
        return Err(FetchError::Status(url.to_owned(), response.status().as_u16()));
    }
    let bytes = bounded(response.into_body().into_with_config().limit(LARGEST + 2).reader(), url)?;
    unpacked(bytes, url, LARGEST)
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn what_unpacks_to_more_than_may_is_refused_and_what_just_fits_is_taken() {
        let packed = |length: usize| {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packed.write_all(&vec![b'x'; length]).unwrap();
            packed.finish().unwrap()
        };
        assert_eq!(unpacked(packed(1_000), "list", 1_000).unwrap().len(), 1_000);
        assert!(matches!(unpacked(packed(1_001), "list", 1_000), Err(FetchError::TooLarge(_))));
        // Several in a row are one.
        let several = [packed(600), packed(600)].concat();
        assert!(matches!(unpacked(several, "list", 1_000), Err(FetchError::TooLarge(_))));
        let cut = packed(1_000);
        assert!(matches!(unpacked(cut[..cut.len() - 4].to_vec(), "list", 1_000), Err(FetchError::Unreadable(..))));
        assert_eq!(unpacked(b"as it is".to_vec(), "list", 3).unwrap(), b"as it is");
    }
}
