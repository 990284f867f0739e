//! A time-stamping authority over HTTP or HTTPS (RFC 3161 §3.4): one request, one answer, within bounds of time and size.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use ureq::Agent;
use ureq::http::{StatusCode, Uri, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::edge;
use crate::outcome::Failure;

/// How long asking and answering may take together.
const PATIENCE: Duration = Duration::from_secs(20);
/// More than any answer.
const MOST_BYTES: u64 = 128 * 1024;

/// Where an authority is.
#[derive(Clone, Debug)]
pub(crate) struct Authority {
    agent: Agent,
    uri: Uri,
}

/// The largest file of certificates, in bytes.
const LARGEST_CERTIFICATES: u64 = 1_000_000;

impl Authority {
    /// The authority at this address, for whom a file may name the certificates (PEM) to trust, instead of those that
    /// everybody knows.
    pub(crate) fn named(url: &str, ca_file: Option<&Path>) -> Result<Self, Failure> {
        let uri = address(url).map_err(|error| Failure::Input(error.to_string()))?;
        let mut tls = TlsConfig::builder();
        if let Some(path) = ca_file {
            let text = edge::read_text(path, LARGEST_CERTIFICATES)?;
            let certificates = certificates(&text).ok_or_else(|| {
                Failure::Input(format!("{} holds no certificates in PEM; give the authority's own CA", path.display()))
            })?;
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Ok(Self { agent: config.into(), uri })
    }
}

/// All of a text; nothing where one of them is none.
fn certificates(pem: &str) -> Option<Vec<Certificate<'static>>> {
    let items: Vec<_> = parse_pem(pem.as_bytes()).collect::<Result<_, _>>().ok()?;
    let found: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    (!found.is_empty()).then_some(found)
}

/// Why there is no stamp.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoStamp {
    #[error("`{0}` is no address of a time-stamping authority; give http://… or https://…")]
    Address(String),
    #[error(
        "the time-stamping authority {0} cannot be reached: {1}; check its address, and that this machine may reach it"
    )]
    Unreachable(String, #[source] Box<ureq::Error>),
    #[error("the time-stamping authority {0} answers `{1}`, not with a time stamp")]
    Status(String, StatusCode),
    #[error("the answer of the time-stamping authority {0} is no stamp of this checkpoint: {1}")]
    Answer(String, String),
}

fn address(url: &str) -> Result<Uri, NoStamp> {
    let wrong = || NoStamp::Address(url.to_owned());
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https"));
    let is_place = |authority: &ureq::http::uri::Authority| {
        // What is no port is passed over by the type, and would go to another one.
        let port = authority
            .as_str()
            .rsplit_once(':')
            .is_none_or(|(_, end)| end.ends_with(']') || authority.port_u16().is_some());
        !authority.as_str().contains('@') && !authority.host().is_empty() && port
    };
    if is_web && uri.authority().is_some_and(is_place) { Ok(uri) } else { Err(wrong()) }
}

#[async_trait]
impl app::TimeAuthority for Authority {
    async fn stamp(&self, over: &[u8]) -> Result<app::TimeAnswer, app::Error> {
        let (authority, over) = (self.clone(), over.to_vec());
        let asked = tokio::task::spawn_blocking(move || authority.ask(&over)).await.map_err(app::Error::internal)?;
        asked.map_err(app::Error::internal)
    }
}

impl Authority {
    fn ask(&self, over: &[u8]) -> Result<app::TimeAnswer, NoStamp> {
        let host = self.uri.host().unwrap_or_default().to_owned();
        let unreachable = |error| NoStamp::Unreachable(host.clone(), Box::new(error));
        let query = register::timestamp_request(over);
        let posted = self.agent.post(&self.uri).header(header::CONTENT_TYPE, register::TIMESTAMP_QUERY).send(&query);
        let mut response = posted.map_err(unreachable)?;
        if response.status() != StatusCode::OK {
            return Err(NoStamp::Status(host, response.status()));
        }
        let bytes = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec().map_err(unreachable)?;
        let checked = verify::check_timestamp(&bytes, over).map_err(|why| why.en.into_owned());
        let at = checked.and_then(|at| at.parse().map_err(|_| "it says no moment".to_owned()));
        let at = at.map_err(|why| NoStamp::Answer(host, why))?;
        Ok(app::TimeAnswer { bytes, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_strictly() {
        for url in ["http://tsa.example", "https://tsa.example:8443/tsr?x", "http://[::1]/tsr", "http://[::1]:80/"] {
            assert_eq!(
                address(url).map(|uri| uri.to_string().trim_end_matches('/').to_owned()).ok().as_deref(),
                Some(url.trim_end_matches('/'))
            );
        }
        for url in [
            "",
            "tsa.example",
            "ftp://tsa.example",
            "http://",
            "http://a:b",
            "http://a b/",
            "http://u@a/",
            "http://a/\r\nX:",
        ] {
            assert!(address(url).is_err(), "{url}");
        }
    }
}
