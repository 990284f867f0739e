//! One of our machines takes hold of another.
//!
//! Sees: between hosts at home, administrative shares (`ADMIN$`, `C$`) and the pipes and interfaces by which one machine
//! installs services, plans tasks, changes the registry or starts programs on another (SMB, MS-RPC, WMI, DCOM), the pipes of
//! PsExec and its kin, WinRM, and remote desktop from one host to many.
//! What weighs: whether the other is a server (who is called by many is, and is passed over for all but directory
//! replication), how many machines one host takes hold of, and how many means it uses on one.
//! Fooled by: encrypted SMB 3 (then only the connection shows), SSH, remote support programs; an attacker at the
//! administrator's own desk looks like the administrator. Cannot see what stays within one switch.
//! Never stores: names of files, accounts.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Event, Flow, Handshake, Kind as Seen, RemoteMeans, Transport};

use super::{Detector, MONTH, WEEK};
use crate::{Detection, Figure, Kind, Remote, Severity, finding::id_of, network::Network, table::Table};

const PAIRS: usize = 32_768;
const HOSTS: usize = 65_536;
/// Clients at home from which on a host counts as a server; more need not be remembered.
const SERVER_CLIENTS: usize = 3;
/// Machines that one host takes hold of, from which on it spreads.
const SPREAD: usize = 3;
/// And by remote desktop, which helpdesks use.
const DESKTOPS: usize = 6;
/// Other machines that are named in the evidence.
const NAMED: usize = 16;

const WINRM_PORTS: [u16; 2] = [5985, 5986];
/// What Windows machines ask of a server; a client of one of these makes the other a server.
const SERVED_PORTS: [u16; 8] = [53, 80, 88, 389, 443, 445, 631, 9100];

/// Means by which a host takes hold of another, in words of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Means {
    AdminShare,
    ServiceControl,
    TaskScheduler,
    Registry,
    Wmi,
    Dcom,
    RemoteShell,
    WinRm,
    RemoteDesktop,
    DirectoryReplication,
}

impl Means {
    fn of(means: &RemoteMeans) -> Self {
        match means {
            RemoteMeans::AdminShare(_) => Self::AdminShare,
            RemoteMeans::ServiceControl => Self::ServiceControl,
            RemoteMeans::TaskScheduler => Self::TaskScheduler,
            RemoteMeans::Registry => Self::Registry,
            RemoteMeans::Wmi => Self::Wmi,
            RemoteMeans::Dcom => Self::Dcom,
            RemoteMeans::RemoteShell => Self::RemoteShell,
            RemoteMeans::DirectoryReplication => Self::DirectoryReplication,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::AdminShare => "admin_share",
            Self::ServiceControl => "service_control",
            Self::TaskScheduler => "task_scheduler",
            Self::Registry => "registry",
            Self::Wmi => "wmi",
            Self::Dcom => "dcom",
            Self::RemoteShell => "remote_shell",
            Self::WinRm => "winrm",
            Self::RemoteDesktop => "remote_desktop",
            Self::DirectoryReplication => "directory_replication",
        }
    }

    /// MITRE ATT&CK.
    fn technique(self) -> &'static str {
        match self {
            Self::AdminShare => "T1021.002",
            Self::ServiceControl | Self::RemoteShell => "T1569.002",
            Self::TaskScheduler => "T1053.005",
            Self::Registry => "T1112",
            Self::Wmi => "T1047",
            Self::Dcom => "T1021.003",
            Self::WinRm => "T1021.006",
            Self::RemoteDesktop => "T1021.001",
            Self::DirectoryReplication => "T1003.006",
        }
    }

    /// Whether it starts something on the other machine.
    fn starts(self) -> bool {
        matches!(self, Self::ServiceControl | Self::TaskScheduler | Self::Wmi | Self::RemoteShell | Self::WinRm)
    }
}

/// What one host did to another.
#[derive(Debug)]
struct Grip {
    first_at: Timestamp,
    last_at: Timestamp,
    means: BTreeSet<Means>,
    port: u16,
}

pub(super) struct LateralMovement {
    grips: Table<(IpAddr, IpAddr), Grip>,
    /// Who calls a host at home, up to [`SERVER_CLIENTS`].
    callers: Table<IpAddr, BTreeSet<IpAddr>>,
}

/// What one host did to all others that are no servers.
#[derive(Debug, Default)]
struct Story<'a> {
    grips: Vec<(IpAddr, &'a Grip)>,
}

impl LateralMovement {
    pub(super) fn new() -> Self {
        Self { grips: Table::new(PAIRS), callers: Table::new(HOSTS) }
    }

    fn means(&mut self, event: &Event, means: Means, network: &Network) {
        let client = event.conversation.client.ip.to_canonical();
        let server = event.conversation.server.ip.to_canonical();
        if client == server || !network.is_home(client) || !network.is_home(server) {
            return;
        }
        let grip = self.grips.touch((client, server), || Grip {
            first_at: event.at,
            last_at: event.at,
            means: BTreeSet::new(),
            port: event.conversation.server.port,
        });
        grip.first_at = grip.first_at.min(event.at);
        grip.last_at = grip.last_at.max(event.at);
        grip.means.insert(means);
    }

    fn flow(&mut self, event: &Event, flow: &Flow, network: &Network) {
        let is_open = flow.conversation.transport == Transport::Tcp && flow.handshake != Handshake::Attempted;
        if !is_open || flow.handshake == Handshake::Refused || flow.received_payload == 0 {
            return;
        }
        let (client, server) = (flow.conversation.client, flow.conversation.server);
        if SERVED_PORTS.contains(&server.port) && network.is_home(client.ip) && network.is_home(server.ip) {
            let callers = self.callers.touch(server.ip.to_canonical(), BTreeSet::new);
            if callers.len() < SERVER_CLIENTS {
                callers.insert(client.ip.to_canonical());
            }
        }
        if flow.application == Some("rdp") {
            self.means(event, Means::RemoteDesktop, network);
        }
    }

    fn is_server(&self, host: IpAddr, network: &Network) -> bool {
        network.is_resolver(host) || self.callers.value(&host).is_some_and(|callers| callers.len() >= SERVER_CLIENTS)
    }
}

impl Detector for LateralMovement {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::RemoteAccess(means) => self.means(event, Means::of(means), network),
            Seen::HttpRequest(request) => {
                let is_winrm = WINRM_PORTS.contains(&event.conversation.server.port) && request.path == "/wsman";
                if is_winrm && request.method == "POST" {
                    self.means(event, Means::WinRm, network);
                }
            }
            Seen::FlowEnded(flow) => self.flow(event, flow, network),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let mut stories: BTreeMap<IpAddr, Story<'_>> = BTreeMap::new();
        for ((host, other), grip) in self.grips.sorted() {
            // A server is there to be called, and to be looked after; copying its directory is neither. From a server,
            // software is spread on purpose.
            let is_innocent = self.is_server(*other, network) && !grip.means.contains(&Means::DirectoryReplication)
                || self.is_server(*host, network);
            if !is_innocent {
                stories.entry(*host).or_default().grips.push((*other, grip));
            }
        }
        stories.into_iter().filter_map(|(host, story)| story.detection(host, network)).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.grips.age(WEEK);
        self.callers.age(MONTH);
    }

    fn is_nearly_full(&self) -> bool {
        self.grips.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.grips.dropped() + self.callers.dropped()
    }
}

impl Story<'_> {
    fn weight(&self) -> Option<(Severity, f64)> {
        let is_more_than_a_look = |grip: &Grip| grip.means.iter().any(|means| *means != Means::RemoteDesktop);
        let taken = self.grips.iter().filter(|(_, grip)| is_more_than_a_look(grip)).count();
        let started = self.grips.iter().filter(|(_, grip)| grip.means.iter().any(|means| means.starts())).count();
        let shell_or_both = self.grips.iter().any(|(_, grip)| {
            let has = |means| grip.means.contains(&means);
            has(Means::RemoteShell) || has(Means::AdminShare) && grip.means.iter().any(|means| means.starts())
        });
        let desktops = self.grips.iter().filter(|(_, grip)| grip.means.contains(&Means::RemoteDesktop)).count();
        let copies = self.grips.iter().any(|(_, grip)| grip.means.contains(&Means::DirectoryReplication));
        if copies || started >= SPREAD {
            Some((Severity::High, if copies { 0.8 } else { 0.85 }))
        } else if shell_or_both {
            Some((Severity::Medium, 0.7))
        } else if taken >= SPREAD || desktops >= DESKTOPS {
            Some((Severity::Medium, 0.6))
        } else if taken > 0 {
            Some((Severity::Low, 0.4))
        } else {
            None
        }
    }

    fn detection(&self, host: IpAddr, network: &Network) -> Option<Detection> {
        let (severity, confidence) = self.weight()?;
        let first_at = self.grips.iter().map(|(_, grip)| grip.first_at).min()?;
        let last_at = self.grips.iter().map(|(_, grip)| grip.last_at).max()?;
        let (first, grip) = self.grips.iter().min_by_key(|(other, grip)| (grip.first_at, *other))?;
        let means: BTreeSet<Means> = self.grips.iter().flat_map(|(_, grip)| grip.means.iter().copied()).collect();
        let technique: BTreeSet<&'static str> = means.iter().map(|means| means.technique()).collect();
        let count = self.grips.len();
        let others = self.grips.iter().take(NAMED).map(|(other, _)| other.to_string()).collect();
        let (taken_nl, taken_en) = if count == 1 {
            (format!("het apparaat {first}"), format!("the device {first}"))
        } else {
            (format!("{count} andere apparaten"), format!("{count} other devices"))
        };
        Some(Detection {
            id: id_of(&[Kind::LateralMovement.key(), &host.to_string()]),
            first_at,
            last_at,
            host: network.host(host),
            kind: Kind::LateralMovement,
            severity,
            confidence,
            technique: technique.into_iter().collect(),
            remote: Remote { ip: Some(*first), port: Some(grip.port), domain: None },
            evidence: BTreeMap::from([
                ("means", Figure::Texts(means.iter().map(|means| means.key().into()).collect())),
                ("targets", Figure::Texts(others)),
                ("target_count", Figure::Whole(count as u64)),
            ]),
            summary: Text::made(
                format!(
                    "{host} beheert van afstand {taken_nl}, zoals een beheerder dat doet. Een indringer die verder het \
                     netwerk in wil, doet hetzelfde. Vraag de beheerder of dit van hem komt; zo niet, haal {host} van het netwerk."
                ),
                format!(
                    "{host} administers {taken_en} from afar, as an administrator would. An intruder who wants further \
                     into the network does the same. Ask the administrator whether it was them; if not, take {host} off \
                     the network."
                ),
            ),
        })
    }
}
