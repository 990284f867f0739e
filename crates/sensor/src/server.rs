//! The server, over HTTP: enrolling, and sending reports.
//!
//! Promises: what a server answers is read within bounds, whatever it is; a redirect is not followed, so that the secret goes
//! nowhere else; without TLS nothing is sent but to this very machine, unless somebody said that it may be.

use std::io::Write;
use std::net::IpAddr;
use std::time::Duration;

use contract::sensor::{Answer, ENROL_PATH, Enrol, Enrolled, LISTS_PATH, REPORT_TYPE, REPORTS_PATH, Refused, code};
use facts::Text;
use flate2::Compression;
use flate2::write::GzEncoder;
use ureq::http::{Response, StatusCode, Uri, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use crate::certificates;
use crate::reach::{as_it_is, why};

/// The longest answer that is read, in bytes: room for thousands of exceptions.
pub const MAX_ANSWER_BYTES: u64 = 1 << 20;

/// The longest threat list that is read, in bytes: tens of millions of entries.
const MAX_LIST_BYTES: u64 = 256 << 20;

const CONNECT_WITHIN: Duration = Duration::from_secs(15);
const ANSWER_WITHIN: Duration = Duration::from_secs(120);

/// How a server is reached.
#[derive(Clone, Default)]
pub struct Contact {
    /// `https://dijkwacht.example.nl`, with a path where the server lives under one.
    pub url: String,
    /// The authorities that vouch for the server, as PEM. Absent: those that browsers trust.
    pub authorities: Option<Vec<u8>>,
    /// Our own certificate with those above it, and its key, as PEM: for a server (or a proxy before it) that asks.
    pub own: Option<(Vec<u8>, Vec<u8>)>,
    /// Whether reports may cross a network without TLS.
    pub allows_plain_http: bool,
}

/// Why a server cannot be spoken to at all.
#[derive(Debug, thiserror::Error)]
pub enum BadContact {
    #[error("`{0}` is no address of a server; write https://dijkwacht.example.nl")]
    Url(String),
    #[error(
        "`{0}` has no TLS: everybody on the way could read what the sensor found, and its secret; use https, or --allow-plain-http where the way is yours"
    )]
    Plain(String),
    #[error("{what} holds no {item} in PEM; give a file that begins with -----BEGIN")]
    Pem { what: &'static str, item: &'static str },
    #[error(
        "the key of --client-key is encrypted, and the sensor asks nobody for its passphrase; write it out without one, for the sensor's user alone: `openssl pkey -in KEY -out PLAIN` and `chmod 600 PLAIN`"
    )]
    Encrypted,
    #[error(
        "the certificate of --client-cert and the key of --client-key do not belong together; give the key with which that certificate was asked for"
    )]
    Mismatch,
    #[error(
        "the certificate of --client-cert and its key cannot be used: {0}; give another, with an RSA, ECDSA or Ed25519 key"
    )]
    Own(String),
}

/// Why enrolling failed.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// In the server's words, which say what to do.
    #[error("{}", .0.en)]
    Refused(Text),
    #[error("the server cannot be reached: {}", .0.en)]
    Unreachable(Text),
    #[error("the server answered something else than a server of Dijkwacht: {0}; check its address")]
    Answer(String),
}

impl BadContact {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::Url(url) => format!("`{url}` is geen adres van een server; schrijf https://dijkwacht.voorbeeld.nl"),
            Self::Plain(url) => format!(
                "`{url}` heeft geen TLS: iedereen onderweg kan lezen wat de sensor vond, en zijn geheim; gebruik https, of --allow-plain-http waar de weg van u is"
            ),
            Self::Pem { what, item } => {
                let item = if *item == "certificate" { "certificaat" } else { "privésleutel" };
                let option = what.rsplit(' ').next().unwrap_or_default();
                format!("het bestand van {option} bevat geen {item} in PEM; geef een bestand dat begint met -----BEGIN")
            }
            Self::Encrypted => "de sleutel van --client-key is versleuteld, en de sensor vraagt niemand om de wachtwoordzin; schrijf hem uit zonder, alleen voor de gebruiker van de sensor: `openssl pkey -in SLEUTEL -out OPEN` en `chmod 600 OPEN`".to_owned(),
            Self::Mismatch => "het certificaat van --client-cert en de sleutel van --client-key horen niet bij elkaar; geef de sleutel waarmee dat certificaat is aangevraagd".to_owned(),
            Self::Own(why) => format!(
                "het certificaat van --client-cert en zijn sleutel zijn niet te gebruiken (melding: {why}); geef een ander, met een sleutel van RSA, ECDSA of Ed25519"
            ),
        };
        Text::made(nl, self.to_string())
    }
}

impl EnrolError {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::Refused(why) => why.nl.clone().into_owned(),
            Self::Unreachable(why) => format!("de server is niet te bereiken: {}", why.nl),
            Self::Answer(why) => {
                format!("de server antwoordt anders dan een server van Dijkwacht: {why}; kijk of het adres klopt")
            }
        };
        Text::made(nl, self.to_string())
    }
}

/// What became of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    /// The server has it. The settings with the answer may be unreadable, which changes nothing about that.
    Taken(Result<Answer, String>),
    /// The server does not know this sensor (any more).
    Unknown(Text),
    /// It was too much in one go.
    TooLarge,
    /// The server will never take it.
    Refused(Text),
    /// It was too busy, and may have said how long to wait.
    Later { after: Option<Duration>, why: Text },
    /// It did not get there, or nobody knows.
    Failed(Text),
}

/// A server.
#[derive(Clone)]
pub struct Server {
    agent: Agent,
    url: String,
}

impl Server {
    /// # Errors
    /// The address, or a certificate, is none; or there is no TLS and that was not allowed.
    pub fn new(contact: &Contact) -> Result<Self, BadContact> {
        let url = contact.url.trim_end_matches('/').to_owned();
        let uri: Uri = url.parse().map_err(|_| BadContact::Url(contact.url.clone()))?;
        let host = uri.host().ok_or_else(|| BadContact::Url(contact.url.clone()))?;
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if contact.allows_plain_http || is_this_machine(host) => {}
            Some("http") => return Err(BadContact::Plain(url)),
            _ => return Err(BadContact::Url(contact.url.clone())),
        }
        if uri.query().is_some() {
            return Err(BadContact::Url(contact.url.clone()));
        }
        let mut tls = TlsConfig::builder();
        if let Some(pem) = &contact.authorities {
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates::authorities(pem)?));
        }
        if let Some((chain, key)) = &contact.own {
            tls = tls.client_cert(Some(certificates::own(chain, key)?));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT_WITHIN))
            .timeout_global(Some(ANSWER_WITHIN))
            .user_agent(concat!("dijkwacht-sensor/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: config.into(), url })
    }

    /// Its address, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Makes this sensor known, with a token that a page made.
    ///
    /// # Errors
    /// The server refuses the token, or cannot be reached.
    pub fn enrol(&self, token: &str, enrol: &Enrol) -> Result<Enrolled, EnrolError> {
        let body = serde_json::to_vec(enrol).map_err(|error| EnrolError::Answer(error.to_string()))?;
        let posted = self
            .agent
            .post(format!("{}{ENROL_PATH}", self.url))
            .header(header::AUTHORIZATION, format!("Bearer {}", token.trim()))
            .content_type("application/json")
            .send(&body);
        let (status, _, bytes) = read(posted).map_err(EnrolError::Unreachable)?;
        if status == StatusCode::OK {
            let read = serde_json::from_slice(&bytes);
            return read.map_err(|error| EnrolError::Answer(error.to_string()));
        }
        match refusal(&bytes) {
            Some((code, why)) if is_about_token(&code) => Err(EnrolError::Refused(why)),
            Some((_, why)) => Err(EnrolError::Unreachable(with_status(status, &why))),
            None => Err(EnrolError::Answer(status.to_string())),
        }
    }

    /// Sends lines, each with its end.
    #[must_use]
    pub fn send(&self, secret: &str, lines: &[u8]) -> Sent {
        self.report(secret, lines, ANSWER_WITHIN)
    }

    /// Asks what people settled, by a report without a line; waits no longer than that.
    #[must_use]
    pub fn ask(&self, secret: &str, within: Duration) -> Sent {
        self.report(secret, b"", within)
    }

    fn report(&self, secret: &str, lines: &[u8], within: Duration) -> Sent {
        let packed = match pack(lines) {
            Ok(packed) => packed,
            Err(error) => return Sent::Failed(as_it_is(&error.to_string())),
        };
        let posted = self
            .agent
            .post(format!("{}{REPORTS_PATH}", self.url))
            .config()
            .timeout_global(Some(within))
            .build()
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header(header::CONTENT_ENCODING, "gzip")
            .content_type(REPORT_TYPE)
            .send(&packed);
        match read(posted) {
            Ok((status, after, bytes)) => judge(status, after, &bytes),
            Err(why) => Sent::Failed(why),
        }
    }

    /// A threat list that the server keeps, in the compact form. `name`: letters, digits and `-` alone.
    ///
    /// # Errors
    /// In words: the server has none of that name for this sensor, or cannot be reached.
    pub fn list(&self, secret: &str, name: &str) -> Result<Vec<u8>, Text> {
        let got = self
            .agent
            .get(format!("{}{LISTS_PATH}/{name}", self.url))
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .call();
        let (status, _, bytes) = read_within(got, MAX_LIST_BYTES)?;
        match status {
            StatusCode::OK => Ok(bytes),
            _ => Err(refusal(&bytes).map_or_else(|| status_alone(status), |(_, why)| with_status(status, &why))),
        }
    }
}

/// What an answer to a report means. Any status, any bytes.
#[must_use]
pub fn judge(status: StatusCode, after: Option<Duration>, bytes: &[u8]) -> Sent {
    let why = || match refusal(bytes) {
        Some((_, why)) => with_status(status, &why),
        None => status_alone(status),
    };
    match status {
        StatusCode::OK => answered(bytes),
        // A filter in between refuses by the same number, and is asked again soon.
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if refusal(bytes).is_some() => Sent::Unknown(why()),
        StatusCode::PAYLOAD_TOO_LARGE => Sent::TooLarge,
        StatusCode::UNPROCESSABLE_ENTITY => Sent::Refused(why()),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Sent::Later { after, why: why() },
        _ => Sent::Failed(why()),
    }
}

/// An answer that says how much was taken is a server's, whatever is wrong with the rest of it. Anything else comes from what
/// stands in between (a portal, a proxy with a page of its own), and nobody knows who has the report.
fn answered(bytes: &[u8]) -> Sent {
    let error = match serde_json::from_slice(bytes) {
        Ok(answer) => return Sent::Taken(Ok(answer)),
        Err(error) => error,
    };
    let json: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    if json.is_some_and(|json| json.get("accepted").is_some_and(serde_json::Value::is_u64)) {
        return Sent::Taken(Err(error.to_string()));
    }
    Sent::Failed(Text::made(
        format!("er antwoordt iets anders dan een server van Dijkwacht ({error}); kijk wat ertussen staat"),
        format!("something else than a server of Dijkwacht answers ({error}); look what stands in between"),
    ))
}

/// The code and the words of a refusal, where the body is one.
fn refusal(bytes: &[u8]) -> Option<(String, Text)> {
    let Refused { error } = serde_json::from_slice(bytes).ok()?;
    Some((error.code, Text::made(error.message.nl, error.message.en)))
}

fn with_status(status: StatusCode, why: &Text) -> Text {
    Text::made(format!("{status}: {}", why.nl), format!("{status}: {}", why.en))
}

fn status_alone(status: StatusCode) -> Text {
    Text::made(status.to_string(), status.to_string())
}

fn is_about_token(code: &str) -> bool {
    matches!(code, code::TOKEN_UNKNOWN | code::TOKEN_USED | code::TOKEN_EXPIRED)
}

/// Status, how long to wait, and body, the last within its bound.
fn read(posted: Result<Response<Body>, ureq::Error>) -> Result<(StatusCode, Option<Duration>, Vec<u8>), Text> {
    read_within(posted, MAX_ANSWER_BYTES)
}

fn read_within(
    posted: Result<Response<Body>, ureq::Error>,
    most: u64,
) -> Result<(StatusCode, Option<Duration>, Vec<u8>), Text> {
    let mut response = posted.map_err(|error| why(&error))?;
    let after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let bytes = response.body_mut().with_config().limit(most).read_to_vec();
    let status = response.status();
    match bytes {
        Ok(bytes) => Ok((status, after.map(Duration::from_secs), bytes)),
        Err(error) => Err(why(&error)),
    }
}

fn pack(lines: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(lines.len() / 4), Compression::default());
    encoder.write_all(lines)?;
    encoder.finish()
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(url: &str) -> Contact {
        Contact { url: url.into(), ..Contact::default() }
    }

    #[test]
    fn an_address_has_tls_or_is_this_machine() {
        for url in
            ["https://dijkwacht.example.nl/", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080/onder"]
        {
            assert!(Server::new(&contact(url)).is_ok(), "{url}");
        }
        for url in ["", "dijkwacht.example.nl", "ftp://example.nl", "https://", "https://example.nl/?q=1"] {
            assert!(matches!(Server::new(&contact(url)), Err(BadContact::Url(_))), "{url}");
        }
        let plain = contact("http://192.0.2.7:8080");
        assert!(matches!(Server::new(&plain), Err(BadContact::Plain(_))));
        assert!(Server::new(&Contact { allows_plain_http: true, ..plain }).is_ok());
        assert_eq!(Server::new(&contact("https://a.example/")).unwrap().url(), "https://a.example");
    }

    #[test]
    fn a_file_that_is_no_certificate_is_named() {
        let bad = Contact { authorities: Some(b"hello".to_vec()), ..contact("https://a.example") };
        assert!(Server::new(&bad).err().unwrap().to_string().contains("--ca"));
        let bad = Contact { own: Some((b"hello".to_vec(), b"hello".to_vec())), ..contact("https://a.example") };
        assert!(Server::new(&bad).err().unwrap().to_string().contains("--client-key"));
        for encrypted in [
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        ] {
            let own = Some((b"hello".to_vec(), encrypted.as_bytes().to_vec()));
            let bad = Contact { own, ..contact("https://a.example") };
            assert!(matches!(Server::new(&bad), Err(BadContact::Encrypted)), "{encrypted}");
        }
    }

    #[test]
    fn what_an_answer_means_is_its_status() {
        let taken = br#"{"accepted":2,"known":1,"settings":{"staff_informed_on":null,"exceptions":[],"keep_days":7}}"#;
        let refused = br#"{"error":{"code":"secret_unknown","message":{"nl":"Weg.","en":"Gone."}}}"#;
        let wait = Some(Duration::from_secs(7));
        let bare = |status: &'static str| Text::new(status, status);
        for (status, bytes, expected) in [
            (401, &refused[..], Sent::Unknown(Text::new("401 Unauthorized: Weg.", "401 Unauthorized: Gone."))),
            (413, b"", Sent::TooLarge),
            (
                422,
                refused,
                Sent::Refused(Text::new("422 Unprocessable Entity: Weg.", "422 Unprocessable Entity: Gone.")),
            ),
            (429, b"", Sent::Later { after: wait, why: bare("429 Too Many Requests") }),
            (503, b"<html>", Sent::Later { after: wait, why: bare("503 Service Unavailable") }),
            (302, b"", Sent::Failed(bare("302 Found"))),
            (403, b"<html>", Sent::Failed(bare("403 Forbidden"))),
            (400, b"", Sent::Failed(bare("400 Bad Request"))),
            (500, b"", Sent::Failed(bare("500 Internal Server Error"))),
        ] {
            assert_eq!(judge(StatusCode::from_u16(status).unwrap(), wait, bytes), expected);
        }
        let Sent::Taken(Ok(answer)) = judge(StatusCode::OK, None, taken) else { panic!("not taken") };
        assert_eq!((answer.accepted, answer.known), (2, 1));
        for unreadable in [&br#"{"accepted":1}"#[..], br#"{"accepted":1,"known":0,"settings":[]}"#] {
            assert!(matches!(judge(StatusCode::OK, None, unreadable), Sent::Taken(Err(_))));
        }
        for anothers in [&b""[..], b"<html>", b"[[[[", b"{}", br#"{"accepted":"yes"}"#, &[b'['; 10_000]] {
            assert!(matches!(judge(StatusCode::OK, None, anothers), Sent::Failed(_)));
        }
    }
}
