//! Mail by SMTP (RFC 5321), with TLS by rustls.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use app::Mail;
use app::ports::{Post, PostError};

use crate::message::message;

/// How long one exchange with the server may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How a certificate in PEM begins (RFC 7468).
const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// How the connection is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte (RFC 8314), usually on port 465.
    Tls,
    /// Plain until STARTTLS (RFC 3207), without which nothing is sent; usually on port 587.
    StartTls,
    /// None: for a server on this machine alone.
    None,
}

/// Where mail is handed in.
#[derive(Clone)]
pub struct ServerSettings {
    pub host: String,
    /// Absent: 465, 587 or 25, as the encryption has it.
    pub port: Option<u16>,
    pub encryption: Encryption,
    /// Name and password, where the server asks for them.
    pub credentials: Option<(String, String)>,
    /// Certificates in PEM of whoever vouches for the server's, beside those that everybody knows.
    pub authority: Option<Vec<u8>>,
    /// From whom, such as `Dijkwacht <register@example.nl>`.
    pub from: String,
}

impl fmt::Debug for ServerSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, encryption, from, credentials, authority: _ } = self;
        let user = credentials.as_ref().map(|(user, _)| user);
        write!(f, "ServerSettings({host}:{port:?} {encryption:?} from {from} as {user:?})")
    }
}

/// What is wrong with the settings of mail.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidServer {
    #[error("sender `{0}` is no e-mail address; write it like `Dijkwacht <register@example.nl>`")]
    Sender(String),
    #[error("mail server `{0}` is no host name: {1}")]
    Host(String, String),
    #[error("the certificates to trust cannot be read: {0}; give them as PEM, each between BEGIN and END CERTIFICATE")]
    Authority(String),
    #[error("a password would go to {0} unencrypted; choose `tls` or `starttls`, or a server on this machine")]
    PlainPassword(String),
}

/// A mail server that takes our mail.
pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// For errors: host and port.
    address: String,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer({})", self.address)
    }
}

impl MailServer {
    /// The server of these settings; nothing is connected yet.
    ///
    /// # Errors
    /// When the sender or the host will not do, or a password would go over a network unencrypted.
    pub fn new(settings: &ServerSettings) -> Result<Self, InvalidServer> {
        let host = settings.host.as_str();
        let is_here = matches!(host, "localhost" | "127.0.0.1" | "::1");
        if settings.encryption == Encryption::None && settings.credentials.is_some() && !is_here {
            return Err(InvalidServer::PlainPassword(host.to_owned()));
        }
        let tls = || {
            let mut tls = TlsParameters::builder(host.to_owned());
            if let Some(pem) = &settings.authority {
                tls = tls.add_root_certificate(certificates(pem)?);
            }
            tls.build().map_err(|error| InvalidServer::Host(host.into(), error.to_string()))
        };
        let (tls, usual_port) = match settings.encryption {
            Encryption::Tls => (Tls::Wrapper(tls()?), 465),
            Encryption::StartTls => (Tls::Required(tls()?), 587),
            Encryption::None => (Tls::None, 25),
        };
        let port = settings.port.unwrap_or(usual_port);
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(port).tls(tls).timeout(Some(PATIENCE));
        if let Some((user, password)) = &settings.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from: sender(&settings.from)?, address: format!("{host}:{port}") })
    }
}

/// The certificates of a PEM text.
fn certificates(pem: &[u8]) -> Result<Certificate, InvalidServer> {
    let is_empty = !pem.windows(BEGIN.len()).any(|part| part == BEGIN);
    let read = Certificate::from_pem(pem).map_err(|error| InvalidServer::Authority(error.to_string()));
    if is_empty { Err(InvalidServer::Authority("no certificate stands in it".into())) } else { read }
}

/// Whether the server refused whoever hands mail in, and not this mail (RFC 4954 §6): the settings are to be mended.
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| ["530", "534", "535", "538"].contains(&code.to_string().as_str()))
}

/// The address that mail is from.
pub(crate) fn sender(text: &str) -> Result<Mailbox, InvalidServer> {
    text.parse().map_err(|_| InvalidServer::Sender(text.to_owned()))
}

#[async_trait]
impl Post for MailServer {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        let message = message(mail, &self.from)?;
        self.transport.send(message).await.map(drop).map_err(|error| {
            let mut why = format!("{} said: {error}", self.address);
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                // lettre names the server's answer in its own text already.
                let text = inner.to_string();
                if !why.contains(&text) {
                    why = format!("{why}: {text}");
                }
                cause = inner.source();
            }
            // RFC 5321 §4.2.1: five hundred and something will not change by trying again.
            if error.is_permanent() && !is_about_us(&error) { PostError::Refused(why) } else { PostError::Later(why) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_goes_over_a_network_unencrypted_and_is_never_shown() {
        let mut settings = ServerSettings {
            host: "mail.example".into(),
            port: None,
            encryption: Encryption::None,
            credentials: Some(("register".into(), "geheim".into())),
            authority: None,
            from: "Dijkwacht <register@example.nl>".into(),
        };
        assert!(!format!("{settings:?}").contains("geheim"));
        assert_eq!(MailServer::new(&settings).unwrap_err(), InvalidServer::PlainPassword("mail.example".into()));
        settings.encryption = Encryption::StartTls;
        let server = MailServer::new(&settings).unwrap();
        assert_eq!(format!("{server:?}"), "MailServer(mail.example:587)");
        for pem in ["", "geen certificaat", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
            let wrong = MailServer::new(&ServerSettings { authority: Some(pem.into()), ..settings.clone() });
            assert!(matches!(wrong, Err(InvalidServer::Authority(_))), "{pem:?}");
        }
        settings.from = "nobody".into();
        assert_eq!(MailServer::new(&settings).unwrap_err(), InvalidServer::Sender("nobody".into()));
    }
}
