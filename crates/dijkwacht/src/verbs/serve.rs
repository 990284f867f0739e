//! `dijkwacht serve`: the server with its pages and clocks. Needs no configuration for a first run.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use app::App;
use app::ports::TimeAuthority;

use crate::authority::Authority;
use crate::hold::Hold;
use crate::mail::{self, MailConfig, MailPassword};
use crate::outcome::{Failure, Outcome};
use crate::place::{Address, DEFAULT_DATA};
use crate::safekeeping::scheduled::{self, Plan, Scheduled};
use crate::threat_lists::{self, Served};
use crate::verbs::rebuild;
use crate::wiring::{self, DataFolder};
use crate::work::{self, Ways};
use crate::{edge, erasure_list, log};

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8480);

/// Serve the pages; prints a one-time set-up link while nobody can sign in yet.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht serve --data /var/lib/dijkwacht --listen 127.0.0.1:8480")]
pub(crate) struct Args {
    /// A TOML file with `version = 1` and what stands in docs/configuration.md; what stands on the command line wins.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder that holds everything [default: dijkwacht-data].
    #[arg(long, value_name = "DIR", env = "DIJKWACHT_DATA")]
    data: Option<PathBuf>,
    /// A PostgreSQL database instead of the folder's own: postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full.
    #[arg(long, value_name = "URL", env = "DIJKWACHT_DATABASE", hide_env_values = true)]
    database: Option<Address>,
    /// The key that signs the registers, the same file for every server on one database [default: register.key in the data folder].
    #[arg(long, value_name = "FILE", env = "DIJKWACHT_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8480].
    #[arg(long, value_name = "ADDR", env = "DIJKWACHT_LISTEN", value_parser = address)]
    listen: Option<SocketAddr>,
    /// The address at which people reach the pages, for links and safe cookies; `https://…` behind a proxy with TLS.
    #[arg(long, value_name = "URL", env = "DIJKWACHT_BASE_URL")]
    base_url: Option<String>,
    #[command(flatten)]
    mail_password: MailPassword,
}

/// The configuration file, version 1.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Absent only where somebody forgot it, which [`read_config`] says.
    version: Option<u32>,
    data: Option<PathBuf>,
    database: Option<Address>,
    key_file: Option<PathBuf>,
    listen: Option<SocketAddr>,
    base_url: Option<String>,
    /// The largest file that may be added as evidence, in MB.
    evidence_file_mb: Option<u32>,
    /// All evidence of one incident together, in MB.
    evidence_incident_mb: Option<u32>,
    /// How letters leave; without it they wait.
    pub(crate) mail: Option<MailConfig>,
    handover: Option<HandoverConfig>,
    timestamp: Option<TimestampConfig>,
    #[serde(default)]
    backup: scheduled::Config,
}

/// Where checkpoints are handed over as files, beside mail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandoverConfig {
    folder: PathBuf,
}

/// Who stamps checkpoints with the time (RFC 3161), so that the moment does not rest on our own clock alone. Off unless set:
/// an authority learns that the register exists and when it grows, and nothing else of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TimestampConfig {
    url: String,
    /// Certificates in PEM to trust instead of those that everybody knows, for an authority with a certificate of one's own.
    ca_file: Option<PathBuf>,
}

impl TimestampConfig {
    fn authority(&self) -> Result<Arc<dyn TimeAuthority>, Failure> {
        let authority = Authority::named(&self.url, self.ca_file.as_deref());
        Ok(Arc::new(authority.map_err(|failure| Failure::Input(format!("[timestamp]: {failure}")))?))
    }
}

impl HandoverConfig {
    fn folder(self) -> Result<PathBuf, Failure> {
        if self.folder.is_dir() {
            return Ok(self.folder);
        }
        Err(Failure::Input(format!("[handover]: `folder` {} is no folder; make it first", self.folder.display())))
    }
}

pub(crate) fn run(args: Args) -> Result<Outcome, Failure> {
    let config = args.config.as_deref().map(read_config).transpose()?.unwrap_or_default();
    let place = DataFolder {
        data: args.data.or(config.data).unwrap_or_else(|| DEFAULT_DATA.into()),
        database: args.database.or(config.database),
        key_file: args.key_file.or(config.key_file),
    };
    let listen = args.listen.or(config.listen).unwrap_or(DEFAULT_LISTEN);
    let base_url = args.base_url.or(config.base_url);
    let plan = config.backup.plan()?.map(Plan::with_folder).transpose()?;
    let evidence = limits(config.evidence_file_mb, config.evidence_incident_mb)?;
    if let Some(url) = &base_url
        && !is_base_url(url)
    {
        return Err(Failure::Input(format!(
            "the base URL is `{url}`; write it like https://dijkwacht.example (or http:// for a try-out)"
        )));
    }
    let ways = Ways {
        post: config.mail.as_ref().map(|mail| mail::post(mail, args.mail_password)).transpose()?,
        stamps: config.timestamp.as_ref().map(TimestampConfig::authority).transpose()?,
        checkpoints: config.handover.map(HandoverConfig::folder).transpose()?,
        erasures: Some(erasure_list::of(&place.data)),
        backups: plan.clone().map(|plan| Scheduled { plan, place: place.clone() }),
    };
    log::start();
    // First of all, so that a second server touches nothing. Of PostgreSQL there may be several.
    let _hold = match &place.database {
        None => Some(Hold::take(&place.data, &format!("serves it on {listen}"))?),
        Some(_) => None,
    };
    wiring::runtime()?.block_on(async {
        // Before the data: a server that cannot listen leaves no new register behind, and no new key.
        let listener = bind(listen).await?;
        let app = wiring::open_to_serve(&place).await?;
        edge::warn_of_readers(&place.key(), "signs the registers");
        rebuild::bring_up_to_date(&app).await?;
        let address = listener.local_addr().map_err(anyhow::Error::new)?;
        let own_url = reachable(address);
        if let Some(caution) = caution(address, base_url.as_deref()) {
            edge::say(&caution);
        }
        let base_url = base_url.unwrap_or_else(|| own_url.clone());
        if let Some(token) = app.first_invitation(edge::now()).await? {
            edge::say(&format!(
                "nobody can sign in yet; set up the first administrator (works once, for seven days):\n  {}",
                web::set_up_link(&base_url, &token)
            ));
        }
        if let Some(last) = app.recorded_ahead(edge::now()).await? {
            edge::say(&format!(
                "the clock stands before the last entry of a register ({last}): was it set back, or did it run ahead? Check it \
                 (`date -u`). If it is at most three hours, new entries keep that time until the clock has passed it"
            ));
        }
        if let Some(leap) = app.clock_leap(edge::now()).await? {
            edge::say(&format!("warning: {leap}"));
        }
        if let Some(warning) = scheduled::warning(&app, plan.as_ref()).await? {
            edge::say(&warning);
        }
        let listening = if base_url == own_url { String::new() } else { format!(", listening on {address},") };
        edge::say(&format!("serving {base_url}{listening} from {place}"));
        let lists = Arc::new(Served::beside(&place.data));
        serve(listener, app, ways, lists, &base_url, None, evidence).await
    })
}

/// An address to listen on: `127.0.0.1:8480`, `[::1]:8480`, `localhost:8480`.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    use std::net::ToSocketAddrs;
    let found = text.to_socket_addrs().ok().and_then(|mut found| found.next());
    found.ok_or_else(|| "write an address and a port, like 127.0.0.1:8480".to_owned())
}

/// Where somebody on this machine reaches what listens there.
pub(crate) fn reachable(address: SocketAddr) -> String {
    let port = address.port();
    if address.ip().is_unspecified() { format!("http://127.0.0.1:{port}") } else { format!("http://{address}") }
}

/// What to know where it listens for other machines too, and nobody said by which address those reach it.
fn caution(address: SocketAddr, base_url: Option<&str>) -> Option<String> {
    let own_url = (base_url.is_none() && address.ip().is_unspecified()).then(|| reachable(address))?;
    Some(format!(
        "links met {own_url} werken alleen op deze machine; zet --base-url https://… voor andere\n\
         links with {own_url} lead to this machine alone; set --base-url https://… for others"
    ))
}

fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_odd = |letter: char| letter.is_whitespace() || "?#".contains(letter);
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(is_odd))
}

/// How long closing the store may take.
const CLOSED_WITHIN: Duration = Duration::from_secs(10);

/// Serves until somebody stops it; open requests are answered first.
pub(crate) async fn serve(
    listener: tokio::net::TcpListener,
    app: App,
    ways: Ways,
    lists: Arc<Served>,
    base_url: &str,
    notice: Option<web::Notice>,
    evidence: app::EvidenceLimits,
) -> Result<Outcome, Failure> {
    let base_url = base_url.trim_end_matches('/');
    let sends_mail = ways.post.is_some();
    let backup_days = ways.backups.as_ref().map(Scheduled::days);
    let means = work::Means { app: app.clone(), ways, base_url: base_url.to_owned() };
    let (stop, stopped) = tokio::sync::watch::channel(false);
    // Not waited for at the end: what is being fetched is fetched anew.
    tokio::spawn(threat_lists::keep(app.clone(), Arc::clone(&lists), stopped.clone()));
    let worker = tokio::spawn(work::work(means, stopped));
    let store = Arc::clone(&app.store);
    let state = web::State {
        app,
        clock: std::sync::Arc::new(edge::now),
        base_url: base_url.to_owned(),
        is_secure: base_url.starts_with("https://"),
        sends_mail,
        notice,
        evidence,
        backup_days,
        lists,
    };
    let service = web::router(state).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(wiring::asked_to_stop()).await.map_err(anyhow::Error::new)?;
    // The job at hand is finished first.
    let _ = stop.send(true);
    let _ = worker.await;
    // Not left to the end of the process, which waits for nobody: what stands in the database's log would stay there, and
    // has to be written before anything can be read, also where a disk has no room. Who holds on to it is not waited for long.
    let _ = tokio::time::timeout(CLOSED_WITHIN, store.close()).await;
    Ok(Outcome::Done)
}

/// Listens; an address in use is named, with what to do.
pub(crate) async fn bind(listen: SocketAddr) -> Result<tokio::net::TcpListener, Failure> {
    tokio::net::TcpListener::bind(listen).await.map_err(|error| {
        Failure::Input(format!("cannot listen on {listen}: {error}; choose another address with --listen"))
    })
}

/// How much evidence may be; what the configuration does not say is as usual. Refused where that would be none at all.
fn limits(file_mb: Option<u32>, incident_mb: Option<u32>) -> Result<app::EvidenceLimits, Failure> {
    let usual = app::EvidenceLimits::default();
    let bytes = |name: &str, mb: Option<u32>, usual: u64| match mb {
        Some(0) => Err(Failure::Input(format!(
            "configuration: `{name}` is 0, and then no evidence could be added at all: write 1 or more, or leave it out for {}",
            usual >> 20
        ))),
        Some(mb) => Ok(u64::from(mb) << 20),
        None => Ok(usual),
    };
    Ok(app::EvidenceLimits {
        file_bytes: bytes("evidence_file_mb", file_mb, usual.file_bytes)?,
        incident_bytes: bytes("evidence_incident_mb", incident_mb, usual.incident_bytes)?,
        ..usual
    })
}

pub(crate) fn read_config(path: &std::path::Path) -> Result<Config, Failure> {
    let text = edge::read_text(path, 1_000_000)?;
    let config: Config = toml::from_str(&text).map_err(|error| unread(path, &text, &error))?;
    match config.version {
        Some(1) => Ok(config),
        None => Err(Failure::Input(format!(
            "{}: it does not say for which version it was written; put this line at its top: version = 1",
            path.display()
        ))),
        Some(other) => {
            Err(Failure::Input(format!("{}: version is {other}; this program reads version 1", path.display())))
        }
    }
}

/// Where the file is wrong, and why. Not with the line itself, as the parser would show it: it may hold a password, or a
/// secret key by mistake.
fn unread(path: &std::path::Path, text: &str, error: &toml::de::Error) -> Failure {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or_else(String::new, |before| format!(", line {}", before.matches('\n').count() + 1));
    // What stands in place of another type is quoted.
    let message = error.message();
    let message = match (message.split_once("string \""), message.rsplit_once('"')) {
        (Some((before, _)), Some((_, after))) => format!("{before}a text{after}"),
        _ => message.to_owned(),
    };
    Failure::Input(format!("{}{line}: {message} (docs/configuration.md)", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_that_lead_to_this_machine_alone_are_told() {
        for (listen, base_url, is_told) in [
            ("0.0.0.0:8490", None, true),
            ("[::]:8490", None, true),
            ("0.0.0.0:8490", Some("https://dijkwacht.example"), false),
            ("0.0.0.0:8490", Some("http://localhost:8490"), false),
            ("127.0.0.1:8490", None, false),
            ("10.0.0.5:8490", None, false),
        ] {
            let told = caution(listen.parse().unwrap(), base_url);
            assert_eq!(told.is_some(), is_told, "{listen} {base_url:?}");
            assert!(told.is_none_or(|told| told.matches("http://127.0.0.1:8490").count() == 2), "in both languages");
        }
    }

    #[test]
    fn evidence_of_no_bytes_is_no_limit() {
        for (file, incident, name) in [(Some(0), None, "evidence_file_mb"), (None, Some(0), "evidence_incident_mb")] {
            let refused = limits(file, incident).unwrap_err().to_string();
            assert!(refused.contains(&format!("`{name}` is 0")) && refused.contains("1 or more"), "{refused}");
        }
        let chosen = limits(Some(100), None).unwrap();
        assert_eq!((chosen.file_bytes, chosen.incident_bytes), (100 << 20, 500 << 20));
    }

    #[test]
    fn a_file_without_a_version_says_which_line_to_add() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dijkwacht.toml");
        let told = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read_config(&path).map(drop).map_err(|failure| failure.to_string())
        };
        assert_eq!(told("version = 1\nlisten = \"127.0.0.1:80\""), Ok(()));
        for (text, said) in [
            ("listen = \"127.0.0.1:80\"", "at its top: version = 1"),
            ("", "at its top: version = 1"),
            ("version = 2", "version is 2"),
            ("version = 1\nlisteen = 3", "line 2: unknown field `listeen`"),
        ] {
            let refused = told(text).unwrap_err();
            assert!(refused.contains(said) && refused.contains("dijkwacht.toml"), "{text}: {refused}");
        }
        for (secret, said) in [
            (
                "version = 1\n\n[mail]\nfrom = \"a@b.example\"\npassword = \"geheim\"",
                "line 5: unknown field `password`",
            ),
            ("version = 1\n[backup]\nrecipients = \"AGE-geheim\"", "line 3: invalid type: a text, expected"),
            ("version = 1\nlisten = \"geh\\\"eim\"", "line 2: "),
            ("version = 1\nevidence_file_mb = \"ge\\\"heim\"", "line 2: invalid type: a text, expected u32"),
            ("version = 1\n[backup]\nrecipients = [AGE-geheim]", "line 3: "),
            ("version = 1\ndatabase = 'postgres://a:geheim@b/c", "line 2: "),
        ] {
            let refused = told(secret).unwrap_err();
            assert!(refused.contains(said) && !refused.contains("eim"), "{secret}: {refused}");
        }
    }
}
