//! At which server, and as whom.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contract::sensor::Enrol;
use facts::Text;
use sensor::courier::{Courier, Say};
use sensor::server::{Contact, Sent, Server};
use sensor::spool::Spool;
use sensor::state::{Identity, StateFolder};

use crate::edge;
use crate::outcome::Failure;
use crate::verbs::Speech;

/// The folder that is used where none is named.
pub(super) const DEFAULT_STATE: &str = "dijkwacht-sensor";

/// How long is waited for what the server says of the secret that is known.
const ASKED_WITHIN: Duration = Duration::from_secs(15);

/// The largest file with a token or certificates that is read, in bytes.
const LARGEST_FILE: u64 = 1_000_000;

#[derive(clap::Args)]
pub(crate) struct ServerArgs {
    /// The server that is told what is found, such as `https://dijkwacht.example.nl`.
    #[arg(long, value_name = "URL", env = "DIJKWACHT_SENSOR_SERVER")]
    server: Option<String>,
    /// A one-time token from the server's page with sensors; afterwards the secret is kept in the state folder.
    #[arg(long, value_name = "TOKEN", env = "DIJKWACHT_SENSOR_ENROL", hide_env_values = true, requires = "server")]
    enrol: Option<String>,
    /// What the sensor will be called there when it enrols [default: this machine's name].
    #[arg(long, value_name = "NAME", requires = "server")]
    name: Option<String>,
    /// A file with the sensor's secret, where it is not kept in the state folder.
    #[arg(long, value_name = "FILE", requires = "server")]
    token_file: Option<PathBuf>,
    /// The sensor's secret itself. Everybody on this machine can see it in the list of processes: better a file, or the environment.
    #[arg(
        long,
        value_name = "SECRET",
        env = "DIJKWACHT_SENSOR_TOKEN",
        hide_env_values = true,
        requires = "server",
        conflicts_with = "token_file"
    )]
    token: Option<String>,
    /// Where the sensor keeps its secret, its settings, what waits to be sent and what it learnt [default: with --server, dijkwacht-sensor; without, nothing is kept].
    #[arg(long, value_name = "DIR", env = "DIJKWACHT_SENSOR_STATE")]
    state: Option<PathBuf>,
    /// The most that waits on disk while the server is away, in MB.
    #[arg(long, value_name = "MB", default_value_t = contract::sensor::SPOOL_MB, value_parser = clap::value_parser!(u32).range(1..))]
    spool: u32,
    /// The authorities that vouch for the server, as PEM [default: those that browsers trust].
    #[arg(long, value_name = "FILE", requires = "server")]
    ca: Option<PathBuf>,
    /// This sensor's certificate for a server that asks for one, as PEM.
    #[arg(long, value_name = "FILE", requires = "server", requires = "client_key")]
    client_cert: Option<PathBuf>,
    /// The key of that certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_key: Option<PathBuf>,
    /// Let reports cross the network without TLS: everybody on the way can read them.
    #[arg(long, requires = "server")]
    allow_plain_http: bool,
}

/// A server that can be spoken to, and the secret where it was given.
pub(crate) struct Access {
    server: Server,
    secret: Option<String>,
}

impl ServerArgs {
    /// The state folder: one that was named, and with a server there always is one.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.state.as_deref().or_else(|| self.server.as_ref().map(|_| Path::new(DEFAULT_STATE)))
    }

    /// Whether somebody is told.
    pub(crate) fn is_given(&self) -> bool {
        self.server.is_some()
    }

    /// Opens the state folder, or makes it.
    pub(crate) fn open_folder(&self, folder: &Path) -> Result<StateFolder, Failure> {
        StateFolder::open(folder).map_err(|error| Failure::unwritable(folder, &error))
    }

    /// What is read while there is every right to; absent: there is no server.
    pub(crate) fn access(&self) -> Result<Option<Access>, Failure> {
        let Some(url) = &self.server else { return Ok(None) };
        let bytes = |path: &Path| edge::read_bytes(path, LARGEST_FILE);
        let own = match (&self.client_cert, &self.client_key) {
            (Some(certificate), Some(key)) => Some((bytes(certificate)?, bytes(key)?)),
            _ => None,
        };
        let contact = Contact {
            url: url.clone(),
            authorities: self.ca.as_deref().map(bytes).transpose()?,
            own,
            allows_plain_http: self.allow_plain_http,
        };
        let server = Server::new(&contact).map_err(|error| Failure::Told(error.text()))?;
        let secret = match (&self.token_file, &self.token) {
            (Some(path), _) => Some(secret_in(&edge::read_text(path, LARGEST_FILE)?, &path.display().to_string())?),
            (None, Some(token)) => Some(secret_in(token, "--token")?),
            (None, None) => None,
        };
        Ok(Some(Access { server, secret }))
    }

    /// Who takes reports to the server.
    pub(crate) fn courier(&self, access: Access, say: &Say, speech: Speech) -> Result<Courier, Failure> {
        let Access { server, secret } = access;
        let state = self.open_folder(self.folder().unwrap_or(Path::new(DEFAULT_STATE)))?;
        let secret = secret.map_or_else(|| self.secret(&server, &state, speech), Ok)?;
        let unreadable = |error: &std::io::Error| Failure::unreadable(state.path(), error);
        let settings = state.settings().map_err(|error| unreadable(&error))?.unwrap_or_default();
        let spool = Spool::open(&state.spool(), u64::from(self.spool) * 1_000_000)
            .map_err(|error| Failure::unwritable(&state.spool(), &error))?;
        let waiting = spool.lines();
        if waiting > 0 {
            speech.say(&Text::made(
                format!("{waiting} regels van een eerdere keer wachten op verzending"),
                format!("{waiting} lines of an earlier run wait to be sent"),
            ));
        }
        let spool = Arc::new(Mutex::new(spool));
        Ok(Courier::new(server, secret, spool, Arc::new(Mutex::new(settings)), state, Arc::clone(say)))
    }

    /// What the sensor shows with every report, as it was given when it enrolled.
    fn secret(&self, server: &Server, state: &StateFolder, speech: Speech) -> Result<String, Failure> {
        let known = state.identity().map_err(|error| Failure::unreadable(state.path(), &error))?;
        let here = server.url();
        match (known, &self.enrol) {
            (Some(known), None) if known.server == here => Ok(known.secret),
            (Some(known), Some(token)) if known.server == here => match server.ask(&known.secret, ASKED_WITHIN) {
                Sent::Unknown(_) => {
                    speech.say(&Text::made(
                        format!("{here} kent deze sensor niet meer; hij wordt opnieuw aangemeld"),
                        format!("{here} does not know this sensor any more; it is enrolled anew"),
                    ));
                    self.enrolled(server, state, token, speech)
                }
                Sent::Failed(why) => {
                    speech.warn(&Text::made(
                        format!("of de sensor nog bekend is bij {here}, is nu niet te vragen ({}); hij gaat door met het geheim dat hij heeft, en de code is niet gebruikt", why.nl),
                        format!("whether the sensor is still known at {here} cannot be asked now ({}); it goes on with the secret that it has, and the token was not used", why.en),
                    ));
                    Ok(known.secret)
                }
                _ => {
                    speech.say(&Text::made(
                        format!("deze sensor is al bekend bij {here}; de code is niet gebruikt. Wie hem als een andere wil aanmelden, verwijdert hem eerst op de pagina Sensoren"),
                        format!("this sensor is known at {here} already; the token was not used. Whoever wants to enrol it as another removes it on the page with sensors first"),
                    ));
                    Ok(known.secret)
                }
            },
            (_, Some(token)) => self.enrolled(server, state, token, speech),
            (Some(known), None) => Err(Failure::Told(Text::made(
                format!(
                    "deze sensor is aangemeld bij {}, niet bij {here}; geef dat adres, of --enrol met een code van de nieuwe server",
                    known.server
                ),
                format!(
                    "this sensor enrolled at {}, not at {here}; give that address, or --enrol with a token of the new server",
                    known.server
                ),
            ))),
            (None, None) => Err(Failure::Told(Text::made(
                format!(
                    "deze sensor is nog niet bekend bij {here}; maak een code op de pagina Sensoren, en start één keer met --enrol CODE"
                ),
                format!(
                    "this sensor is not known at {here} yet; make a token on its page with sensors, and start once with --enrol TOKEN"
                ),
            ))),
        }
    }

    fn enrolled(&self, server: &Server, state: &StateFolder, token: &str, speech: Speech) -> Result<String, Failure> {
        let name = self.name.clone().unwrap_or_else(edge::machine);
        let enrol = Enrol { name, version: env!("CARGO_PKG_VERSION").to_owned() };
        // A token works once: what it brings must have a place.
        state.try_room().map_err(|error| Failure::unwritable(state.path(), &error))?;
        let enrolled = server.enrol(token, &enrol).map_err(|error| Failure::Told(error.text()))?;
        let called = enrolled.name.clone().unwrap_or_else(|| enrol.name.clone());
        let identity = Identity::new(server.url(), enrolled);
        state.keep_identity(&identity).map_err(|error| Failure::unwritable(state.path(), &error))?;
        let (url, organisation, name) = (server.url(), &identity.organisation, &called);
        speech.say(&Text::made(
            format!("aangemeld bij {url} voor {organisation}, als {name}"),
            format!("enrolled at {url} for {organisation}, as {name}"),
        ));
        Ok(identity.secret)
    }
}

/// A secret is one word; what is none is never shown.
fn secret_in(text: &str, place: &str) -> Result<String, Failure> {
    let secret = text.trim();
    if secret.is_empty() || !secret.chars().all(|letter| letter.is_ascii_graphic()) {
        return Err(Failure::Told(Text::made(
            format!("in {place} staat geen geheim van een sensor; dat is één woord zonder spaties"),
            format!("{place} holds no secret of a sensor; it is one word without spaces"),
        )));
    }
    Ok(secret.to_owned())
}
