//! What else is listened to and followed, where there is no mirror port or beside it.

use std::net::SocketAddr;
use std::path::PathBuf;

use collect::{Options, Origin, ReceiveError, Receivers};
use detect::Cidr;
use facts::Text;

use crate::outcome::Failure;
use crate::verbs::captures;

#[derive(clap::Args)]
pub(crate) struct SourceArgs {
    /// Where routers send NetFlow (5, 9) or IPFIX to, over UDP: 0.0.0.0:2055 is port 2055 of every address here.
    #[arg(long, value_name = "ADDR:PORT", conflicts_with = "read")]
    netflow: Vec<SocketAddr>,
    /// Where firewalls and resolvers send syslog to, over UDP and TCP.
    #[arg(long, value_name = "ADDR:PORT", conflicts_with = "read")]
    syslog_in: Vec<SocketAddr>,
    /// Who may send: addresses, beside this machine itself [default: the addresses that are yours].
    #[arg(long, value_name = "CIDR")]
    sender: Vec<Cidr>,
    /// A resolver's log to follow: Pi-hole's, dnsmasq's, Unbound's, or AdGuard Home's querylog.json.
    #[arg(long, value_name = "FILE", conflicts_with = "read")]
    dns_log: Vec<PathBuf>,
    /// A firewall's log to follow, where it is a file here already.
    #[arg(long, value_name = "FILE", conflicts_with = "read")]
    firewall_log: Vec<PathBuf>,
    /// Suricata's eve.json to follow.
    #[arg(long, value_name = "FILE", conflicts_with = "read")]
    eve: Vec<PathBuf>,
    /// The folder of Zeek's current logs to follow.
    #[arg(long, value_name = "DIR", conflicts_with = "read")]
    zeek: Vec<PathBuf>,
    /// The zone of logs that name none.
    #[arg(long, value_name = "ZONE", default_value = "Europe/Amsterdam")]
    zone: String,
}

impl SourceArgs {
    /// Whether there is nothing to listen to or follow.
    pub(crate) fn is_empty(&self) -> bool {
        let paths = [&self.dns_log, &self.firewall_log, &self.eve, &self.zeek];
        self.netflow.is_empty() && self.syslog_in.is_empty() && paths.iter().all(|paths| paths.is_empty())
    }

    /// Opens the sockets. Files are opened later, by whoever the sensor becomes.
    pub(crate) fn open(&self, home: &[Cidr]) -> Result<Receivers, Failure> {
        let zone = captures::zone(&self.zone)?;
        let of = |origin, paths: &[PathBuf]| paths.iter().map(move |path| (origin, path.clone())).collect::<Vec<_>>();
        let options = Options {
            netflow: self.netflow.clone(),
            syslog: self.syslog_in.clone(),
            senders: self.sender.clone(),
            files: [
                of(Origin::DnsLog, &self.dns_log),
                of(Origin::FirewallLog, &self.firewall_log),
                of(Origin::Eve, &self.eve),
            ]
            .concat(),
            folders: self.zeek.clone(),
            lines: logs::Settings { zone, home: home.to_vec(), ..logs::Settings::default() },
        };
        Receivers::open(&options).map_err(|error| Failure::Told(cannot_listen(&error)))
    }
}

fn cannot_listen(error: &ReceiveError) -> Text {
    let ReceiveError { address, what, error: why } = error;
    let nl = format!(
        "luisteren op {address} naar {what} lukt niet: {why}; misschien gebruikt een ander programma die poort, of zijn er rechten voor nodig (onder 1024)"
    );
    Text::made(nl, error.to_string())
}
