//! The `[mail]` section of the configuration: how letters leave.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;

use app::ports::Post;
use outbound::{Encryption, MailFolder, MailServer, ServerSettings};

use crate::edge;
use crate::outcome::Failure;

/// The largest file that holds a password, in bytes.
const LARGEST_PASSWORD: u64 = 10_000;

/// The largest file of certificates, in bytes.
const LARGEST_CERTIFICATES: u64 = 1_000_000;

/// How mail leaves: by a server, or as files in a folder. Without this section letters wait in the outbox.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailConfig {
    /// From whom, such as `Dijkwacht <register@example.nl>`: an address that the mail server lets you use.
    from: String,
    /// The mail server's name.
    server: Option<String>,
    /// Default: 587 with `starttls`, 465 with `tls`, 25 with `none`.
    port: Option<u16>,
    /// `starttls` (the default), `tls`, or `none` for a server on this machine.
    #[serde(default)]
    encryption: Security,
    /// The name to sign in with, where the server asks for one. The password comes from DIJKWACHT_MAIL_PASSWORD or the file.
    user: Option<String>,
    password_file: Option<PathBuf>,
    /// Certificates in PEM to trust beside those that everybody knows, for a server with a certificate of one's own.
    ca_file: Option<PathBuf>,
    /// In place of a server: a folder in which each mail becomes an `.eml` file.
    folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Security {
    Tls,
    #[default]
    StartTls,
    None,
}

/// The password of the mail server, from the environment alone: never on a command line, which others can read.
#[derive(clap::Args, Clone)]
pub(crate) struct MailPassword {
    #[arg(long = "mail-password", env = "DIJKWACHT_MAIL_PASSWORD", hide = true, hide_env_values = true)]
    password: Option<String>,
}

/// What carries mail, as configured.
pub(crate) fn post(config: &MailConfig, password: MailPassword) -> Result<Arc<dyn Post>, Failure> {
    let wrong = |text: String| Failure::Input(format!("[mail]: {text}"));
    match (&config.server, &config.folder) {
        (Some(host), None) => {
            let password = match (&config.password_file, password.password) {
                (_, Some(password)) => Some(password),
                (Some(path), None) => Some(edge::read_text(path, LARGEST_PASSWORD)?.trim_end().to_owned()),
                (None, None) => None,
            };
            let credentials = match (&config.user, password) {
                (Some(user), Some(password)) => Some((user.clone(), password)),
                (Some(_), None) => {
                    return Err(wrong(
                        "`user` is given and no password; set DIJKWACHT_MAIL_PASSWORD or `password_file`".into(),
                    ));
                }
                (None, _) => None,
            };
            let encryption = match config.encryption {
                Security::Tls => Encryption::Tls,
                Security::StartTls => Encryption::StartTls,
                Security::None => Encryption::None,
            };
            let authority =
                config.ca_file.as_deref().map(|path| edge::read_text(path, LARGEST_CERTIFICATES)).transpose()?;
            let settings = ServerSettings {
                host: host.clone(),
                port: config.port,
                encryption,
                credentials,
                authority: authority.map(String::into_bytes),
                from: config.from.clone(),
            };
            let server = MailServer::new(&settings).map_err(|error| wrong(error.to_string()))?;
            Ok(Arc::new(server))
        }
        (None, Some(folder)) => {
            if !folder.is_dir() {
                return Err(wrong(format!("`folder` {} is no folder; make it first", folder.display())));
            }
            let folder = MailFolder::new(folder.clone(), &config.from).map_err(|error| wrong(error.to_string()))?;
            Ok(Arc::new(folder))
        }
        _ => Err(wrong("give either `server` or `folder`".into())),
    }
}
