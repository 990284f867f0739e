//! A time-stamping authority over HTTP or HTTPS (RFC 3161 §3.4): one request, one answer, within bounds of time and size.
//!
//! Written by hand on a socket, since it is one POST: HTTP/1.0, so that no answer comes in chunks.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::edge;
use crate::outcome::Failure;

/// How long one step of the talk may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// More than any answer, its head included.
const MOST_BYTES: u64 = 128 * 1024;

/// Where an authority is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authority {
    is_secure: bool,
    host: String,
    port: u16,
    path: String,
    /// Certificates to trust beside those that everybody knows.
    trusted: Vec<CertificateDer<'static>>,
}

/// The largest file of certificates, in bytes.
const LARGEST_CERTIFICATES: u64 = 1_000_000;

impl Authority {
    /// The authority at this address, for whom a file may name certificates (PEM) of one's own to trust.
    pub(crate) fn named(url: &str, ca_file: Option<&Path>) -> Result<Self, Failure> {
        let mut authority: Self = url.parse().map_err(|error: NoStamp| Failure::Input(error.to_string()))?;
        if let Some(path) = ca_file {
            let text = edge::read_text(path, LARGEST_CERTIFICATES)?;
            let certificates = CertificateDer::pem_slice_iter(text.as_bytes()).collect::<Result<Vec<_>, _>>();
            authority.trusted = certificates.ok().filter(|certificates| !certificates.is_empty()).ok_or_else(|| {
                Failure::Input(format!("{} holds no certificates in PEM; give the authority's own CA", path.display()))
            })?;
        }
        Ok(authority)
    }
}

/// Why there is no stamp.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoStamp {
    #[error("`{0}` is no address of a time-stamping authority; give http://… or https://…")]
    Address(String),
    #[error(
        "the time-stamping authority {0} cannot be reached: {1}; check its address, and that this machine may reach it"
    )]
    Unreachable(String, std::io::Error),
    #[error("the time-stamping authority {0} answers `{1}`, not with a time stamp")]
    Status(String, String),
    #[error("the answer of the time-stamping authority {0} is no stamp of this checkpoint: {1}")]
    Answer(String, String),
}

impl std::str::FromStr for Authority {
    type Err = NoStamp;

    fn from_str(url: &str) -> Result<Self, NoStamp> {
        let wrong = || NoStamp::Address(url.to_owned());
        let (is_secure, rest) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(wrong()),
        };
        let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
            None => (place, if is_secure { 443 } else { 80 }),
        };
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if host.is_empty() || host.contains('@') || !is_plain(host) || !is_plain(path) {
            return Err(wrong());
        }
        Ok(Self { is_secure, host: host.to_owned(), port, path: format!("/{path}"), trusted: Vec::new() })
    }
}

#[async_trait]
impl app::TimeAuthority for Authority {
    async fn stamp(&self, over: &[u8]) -> Result<Vec<u8>, app::Error> {
        let (authority, over) = (self.clone(), over.to_vec());
        let asked = tokio::task::spawn_blocking(move || authority.ask(&over)).await.map_err(app::Error::internal)?;
        asked.map_err(app::Error::internal)
    }
}

impl Authority {
    fn ask(&self, over: &[u8]) -> Result<Vec<u8>, NoStamp> {
        let unreachable = |error| NoStamp::Unreachable(self.host.clone(), error);
        let said = self.talk(&register::timestamp_request(over)).map_err(unreachable)?;
        let (head, answer) = parted(&said).ok_or_else(|| NoStamp::Status(self.host.clone(), "no HTTP".to_owned()))?;
        let status = head.lines().next().unwrap_or_default();
        if status.split(' ').nth(1) != Some("200") {
            let shown: String = status.chars().filter(|letter| !letter.is_control()).take(80).collect();
            return Err(NoStamp::Status(self.host.clone(), shown));
        }
        let checked = verify::check_timestamp(answer, over);
        checked.map_err(|why| NoStamp::Answer(self.host.clone(), why.en.into_owned()))?;
        Ok(answer.to_vec())
    }

    fn talk(&self, query: &[u8]) -> std::io::Result<Vec<u8>> {
        let address = (self.host.as_str(), self.port).to_socket_addrs()?.next();
        let address = address.ok_or_else(|| std::io::Error::other("the name has no address"))?;
        let socket = TcpStream::connect_timeout(&address, PATIENCE)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let head = format!(
            "POST {} HTTP/1.0\r\nHost: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.path,
            self.host,
            register::TIMESTAMP_QUERY,
            query.len()
        );
        let request = [head.as_bytes(), query].concat();
        if self.is_secure { exchange(self.secured(socket)?, &request) } else { exchange(socket, &request) }
    }

    fn secured(&self, socket: TcpStream) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in &self.trusted {
            roots.add(certificate.clone()).map_err(std::io::Error::other)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(std::io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(self.host.clone()).map_err(std::io::Error::other)?;
        let connection = ClientConnection::new(Arc::new(config), name).map_err(std::io::Error::other)?;
        Ok(StreamOwned::new(connection, socket))
    }
}

fn exchange(mut stream: impl Read + Write, request: &[u8]) -> std::io::Result<Vec<u8>> {
    stream.write_all(request)?;
    stream.flush()?;
    let mut answer = Vec::new();
    match stream.take(MOST_BYTES).read_to_end(&mut answer) {
        // Servers that close without TLS's own goodbye are many; what came is judged by itself.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof && !answer.is_empty() => Ok(answer),
        read => read.map(|_| answer),
    }
}

/// The head and the body of an answer.
fn parted(answer: &[u8]) -> Option<(String, &[u8])> {
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let (head, body) = answer.split_at_checked(at + 4)?;
    head.starts_with(b"HTTP/1.").then(|| (String::from_utf8_lossy(head).into_owned(), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_strictly() {
        let read = |url: &str| url.parse::<Authority>().ok().map(|one| (one.is_secure, one.host, one.port, one.path));
        assert_eq!(read("http://tsa.example"), Some((false, "tsa.example".into(), 80, "/".into())));
        assert_eq!(read("https://tsa.example:8443/tsr?x"), Some((true, "tsa.example".into(), 8443, "/tsr?x".into())));
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
            assert_eq!(read(url), None, "{url}");
        }
    }
}
