//! One of our hosts probing many hosts, or many ports of one.
//!
//! Sees: TCP connections that nobody answers or that are refused, probes without a SYN, pings, and UDP without an answer,
//! counted by distinct addresses at one port (a sweep) and by distinct ports at one address, over ten minutes at a stretch;
//! a host that opens file sharing, remote desktop and the like to many unrelated addresses outside, answered or not,
//! which is how worms spread; and one that tries many addresses outside at any one port, which keep silent and of which nobody
//! asked for a name.
//! Fooled by: a scan slower than [`FEWEST`] probes in ten minutes, probes of addresses that mostly answer, probes with an
//! ACK alone (a connection that began before the capture looks so), a scan from outside (the whole internet is scanned, all
//! the time), one that the capture point does not see (within one switch).
//! Silent by design: what asks around by nature (printers, name services, discovery), a host that pings the same
//! addresses again and again (a monitor), peer-to-peer programs that try many addresses at many ports or at their own.
//! Never stores: content; of each sweep the distinct addresses or ports, at most [`TARGETS`] of them.

mod stretch;
mod told;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use jiff::Timestamp;
use wire::event::{Event, Flow, Handshake, Kind as Seen, Transport};

use self::{
    stretch::{Probing, Stretch, Target},
    told::summary,
};
use super::{Detector, WEEK};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    network::Network,
    table::Table,
};

const SWEEPS: usize = 32_768;
/// The same of UDP to the outside, which has a place of its own: a program that shares files asks strangers at thousands of
/// ports.
const STRANGERS: usize = 8_192;
/// Distinct targets counted in one sweep.
const TARGETS: usize = 1_024;
/// A stretch in microseconds.
const STRETCH_US: i64 = 600 * 1_000_000;
/// Fewer distinct targets within a stretch are no sweep.
const FEWEST: usize = 10;

/// Ports by which worms spread and intruders look around: remote shells, file sharing, databases, remote desktop
/// (IANA service names; 2375 is Docker, 5555 Android's debug bridge, 6379 Redis, 7001 WebLogic, 8291 MikroTik's Winbox, 9200
/// Elasticsearch; 7547, 37215 and 52869 are home routers' management). Not MongoDB's 27017, at which Steam looks for its servers.
const SPREADING: [u16; 21] = [
    22, 23, 135, 139, 445, 1433, 2323, 2375, 3306, 3389, 5432, 5555, 5900, 5985, 6379, 7001, 7547, 8291, 9200, 37215,
    52869,
];

/// Of these, those at which whoever looks after many servers or routers reaches them.
const MANAGED: [u16; 7] = [22, 2375, 5432, 6379, 7001, 8291, 9200];

/// Ports at which programs ask the whole neighbourhood by design: address and name services (853: a resolver tries whoever it
/// asks), discovery, printing, SNMP.
const ASKING_AROUND: [u16; 18] =
    [53, 67, 68, 123, 137, 138, SNMP, 427, 515, 631, 853, 1900, 3289, 3702, 5353, 5355, 8610, 9100];

/// Over UDP a few printers are asked there by design; a whole network is by whoever manages it, or wants to.
const SNMP: u16 = 161;

/// Of the internet so many silent targets are a sweep, over TCP and over UDP.
const FEWEST_OUTSIDE: usize = 100;
const FEWEST_BY_UDP: usize = 200;
/// Who tries strangers at so many ports about as long shares files, or plays: nobody seeks so many services at once.
const PEERS_PORTS: usize = 50;

/// What is swept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Sweep {
    /// Many addresses in our network, or many outside, at one port (0: pings).
    Addresses { transport: Transport, port: u16, is_outside: bool },
    /// Many ports of one address.
    Ports { transport: Transport, target: IpAddr },
}

impl Sweep {
    /// Whether worms spread so.
    fn is_spreading(self) -> bool {
        matches!(self, Self::Addresses { transport: Transport::Tcp, port, is_outside: true } if SPREADING.contains(&port))
    }
}

pub(super) struct Scan {
    probing: Table<(IpAddr, Sweep), Probing>,
    /// Addresses outside tried over UDP.
    strangers: Table<(IpAddr, Sweep), Probing>,
}

impl Scan {
    pub(super) fn new() -> Self {
        Self { probing: Table::new(SWEEPS), strangers: Table::new(STRANGERS) }
    }

    fn flow(&mut self, flow: &Flow, network: &Network) {
        let host = flow.conversation.client.ip.to_canonical();
        let server = flow.conversation.server;
        let target = server.ip.to_canonical();
        let transport = flow.conversation.transport;
        let is_outside = !network.is_home(target);
        if target.is_multicast() || target.is_unspecified() || !network.is_home(host) && !is_outside {
            return;
        }
        let is_answered = match (transport, flow.handshake) {
            (Transport::Tcp, Handshake::Attempted | Handshake::Refused) => false,
            (Transport::Tcp, Handshake::Established) => true,
            // Without its beginning it was there before, and is no probe.
            (Transport::Tcp, Handshake::NotSeen) => return,
            (Transport::Icmp, _) if flow.application != Some(PING) => return,
            (Transport::Other(_), _) => return,
            _ => flow.received.packets > 0,
        };
        let asks_around = server.port != SNMP && ASKING_AROUND.contains(&server.port);
        let is_udp = transport == Transport::Udp;
        if is_udp && (asks_around || is_outside && is_everyday(flow)) {
            return;
        }
        if is_worth_counting_by_address(transport, server.port, is_answered, is_outside) {
            let sweep = Sweep::Addresses { transport, port: server.port, is_outside };
            self.tried(host, sweep, Target::Address(target), is_answered, flow);
        }
        if transport != Transport::Icmp && !(is_outside && (is_answered || is_udp)) {
            let sweep = Sweep::Ports { transport, target };
            self.tried(host, sweep, Target::Port(server.port), is_answered, flow);
        }
    }

    fn tried(&mut self, host: IpAddr, sweep: Sweep, target: Target, is_answered: bool, flow: &Flow) {
        let at = flow.first_at;
        let table = match sweep {
            Sweep::Addresses { transport: Transport::Udp, is_outside: true, .. } => &mut self.strangers,
            _ => &mut self.probing,
        };
        let probing = table.touch((host, sweep), || Probing::new(at));
        if at.as_microsecond().abs_diff(probing.now.first_at.as_microsecond()) > STRETCH_US.unsigned_abs() {
            probing.next(at);
        }
        let now = &mut probing.now;
        now.first_at = now.first_at.min(at);
        now.last_at = now.last_at.max(flow.last_at);
        now.attempts += 1;
        if !is_answered {
            let (from, to) = now.silent.get_or_insert((at, flow.last_at));
            *from = at.min(*from);
            *to = flow.last_at.max(*to);
        }
        if now.tried.len() < TARGETS || now.tried.contains_key(&target) {
            *now.tried.entry(target).or_default() |= is_answered;
        }
    }
}

/// What `wire` calls a conversation of echo messages.
const PING: &str = "ping";

/// UDP to the outside that is no sweep, however many keep silent: the web and calls, which try many ways at once, traceroute,
/// and programs that share files, as far as they are known by what they say.
fn is_everyday(flow: &Flow) -> bool {
    matches!(flow.application, Some("bittorrent" | "devp2p" | "stun"))
        || matches!(flow.conversation.server.port, 443 | 3478..=3481 | 33_434..=33_700)
}

/// Ports at which programs try many strangers by design, most of them gone: shared files (IPFS, eMule, BitTorrent, Soulseek,
/// Gnutella), Windows' updates, coins (Bitcoin and Lightning, Monero, Ethereum, Zcash, Chia, Litecoin, Dash, Dogecoin), and over
/// UDP games (Steam, Unreal, Quake, Call of Duty, PlayStation, Xbox).
fn is_of_peers(transport: Transport, port: u16) -> bool {
    matches!(port, 2234 | 4001 | 4662 | 4672 | 6346 | 6881..=6889 | 7680 | 18_080 | 22_556 | 30_303 | 51_413)
        || matches!(port, 8233 | 8333 | 8444 | 9333 | 9735 | 9999)
        || transport == Transport::Udp
            && matches!(port, 3074 | 7777..=7788 | 9308 | 27_000..=27_050 | 27_960..=27_970 | 28_960)
}

/// Answered connections are counted only where probes may well be answered: within our network all, outside at the ports
/// of worms.
fn is_worth_counting_by_address(transport: Transport, port: u16, is_answered: bool, is_outside: bool) -> bool {
    match transport {
        Transport::Tcp => (!is_answered || !is_outside || SPREADING.contains(&port)) && !ASKING_AROUND.contains(&port),
        Transport::Icmp => !is_outside,
        _ => true,
    }
}

impl Detector for Scan {
    fn event(&mut self, event: &Event, network: &Network) {
        if let Seen::FlowEnded(flow) = &event.kind {
            self.flow(flow, network);
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let all: Vec<_> = self.probing.sorted().into_iter().chain(self.strangers.sorted()).collect();
        let is_outside = |sweep: &Sweep| matches!(sweep, Sweep::Addresses { is_outside: true, .. });
        let outside = all.iter().filter(|((_, sweep), _)| is_outside(sweep));
        let beside = Beside { network, outside: outside.map(|((host, _), probing)| (*host, *probing)).collect() };
        let found: Vec<_> = all
            .into_iter()
            .filter_map(|((host, sweep), probing)| {
                Some((*host, *sweep, probing, weigh(*host, *sweep, probing, &beside)?))
            })
            .collect();
        // A host that sweeps many ports of many addresses does one thing: told by its worst sweeps, the others counted.
        let mut by_host: BTreeMap<IpAddr, Vec<_>> = BTreeMap::new();
        for one in found {
            by_host.entry(one.0).or_default().push(one);
        }
        by_host
            .into_iter()
            .flat_map(|(host, mut sweeps)| {
                sweeps.sort_by_key(|(_, sweep, probing, severity)| {
                    (std::cmp::Reverse(*severity), std::cmp::Reverse(probing.worst().tried.len()), *sweep)
                });
                let all = sweeps.len();
                let told = sweeps.into_iter().take(TOLD);
                told.map(move |(_, sweep, probing, severity)| detection(host, sweep, probing, severity, all, network))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.probing.age(WEEK);
        self.strangers.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.probing.is_nearly_full() || self.strangers.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.probing.dropped() + self.strangers.dropped()
    }
}

/// Sweeps told of one host.
const TOLD: usize = 2;

/// What a sweep of the internet is weighed by beside its own figures.
struct Beside<'a> {
    network: &'a Network,
    /// What hosts tried outside, port by port.
    outside: Vec<(IpAddr, &'a Probing)>,
}

impl Beside<'_> {
    /// Whether so many that kept silent were never looked up by name, and it looks like no peers' program.
    fn is_sweep(&self, host: IpAddr, transport: Transport, port: u16, worst: &Stretch) -> bool {
        let device = self.network.of_device(host);
        let fewest = if transport == Transport::Udp { FEWEST_BY_UDP } else { FEWEST_OUTSIDE };
        let silent = worst.tried.iter().filter(|(_, is_answered)| !**is_answered);
        let nameless = silent.filter(|(target, _)| self.is_nameless(&device, **target));
        !is_of_peers(transport, port)
            && nameless.take(fewest).count() == fewest
            && !self.is_among_many_ports(host, worst)
    }

    fn is_nameless(&self, device: &[IpAddr], target: Target) -> bool {
        let Target::Address(ip) = target else { return false };
        device.iter().all(|of| self.network.name_of(*of, ip).is_none())
    }

    fn is_among_many_ports(&self, host: IpAddr, worst: &Stretch) -> bool {
        let ports = self.outside.iter().filter(|(of, probing)| *of == host && probing.is_about(worst));
        ports.take(PEERS_PORTS).count() == PEERS_PORTS
    }
}

/// Whether the names that the device of this host asked for are seen, under whichever of its addresses.
fn sees_answers_to(host: IpAddr, network: &Network) -> bool {
    network.of_device(host).into_iter().any(|ip| network.sees_answers_to(ip))
}

/// How severe it is; None: not worth a line.
fn weigh(host: IpAddr, sweep: Sweep, probing: &Probing, beside: &Beside<'_>) -> Option<Severity> {
    let worst = probing.worst();
    let (targets, unanswered) = (worst.tried.len(), worst.share_unanswered());
    let severity = match sweep {
        Sweep::Addresses { port, .. } if sweep.is_spreading() => match targets {
            ..20 => return None,
            // Reaching many servers is what an administrator's script does as well.
            20.. if MANAGED.contains(&port) && unanswered < 0.5 => Severity::Low,
            20..40 if unanswered < 0.3 => Severity::Medium,
            _ => Severity::High,
        },
        Sweep::Addresses { transport: Transport::Udp, port, is_outside: true } => {
            // A game asks all servers that it knows of, and most of them answer.
            if unanswered < 0.95 || !beside.is_sweep(host, Transport::Udp, port, worst) {
                return None;
            }
            Severity::Medium
        }
        Sweep::Addresses { transport, port, is_outside: true } => match targets {
            FEWEST_OUTSIDE.. if unanswered > 0.9 => {
                // Soon after a restart what has no name may have had one. Nobody finds anything by sweeping IPv6: the web there
                // that keeps silent is that of a network whose IPv6 leads nowhere, whatever is seen of its questions.
                let is_broken_web =
                    host.is_ipv6() && matches!(port, 80 | 443) && !sees_answers_to(host, beside.network);
                let may_have_names = is_broken_web || beside.network.may_lack_names(worst.first_at);
                let is_sweep = !may_have_names && beside.is_sweep(host, transport, port, worst);
                if is_sweep { Severity::Medium } else { Severity::Low }
            }
            _ => return None,
        },
        Sweep::Addresses { transport: Transport::Icmp, .. } => match targets {
            FEWEST.. if unanswered >= 0.3 => Severity::Medium,
            50.. if unanswered >= 0.1 => Severity::Medium,
            _ => return None,
        },
        // Programs that manage printers and switches look for them so.
        Sweep::Addresses { transport: Transport::Udp, port: SNMP, .. } => match worst.unanswered() {
            60.. if unanswered >= 0.8 => Severity::Low,
            _ => return None,
        },
        Sweep::Addresses { transport: Transport::Udp, .. } => match targets {
            60.. if unanswered >= 0.8 => Severity::Medium,
            30.. if unanswered >= 0.8 => Severity::Low,
            _ => return None,
        },
        Sweep::Addresses { .. } => match targets {
            60.. if unanswered >= 0.7 => Severity::High,
            15.. if unanswered >= 0.6 => Severity::Medium,
            _ => return None,
        },
        Sweep::Ports { transport: Transport::Udp, .. } => {
            let is_traceroute = worst.tried.keys().all(|port| matches!(port, Target::Port(33_434..=33_700)));
            match worst.unanswered() {
                100.. if !is_traceroute && unanswered >= 0.8 => Severity::Medium,
                _ => return None,
            }
        }
        Sweep::Ports { .. } => match worst.unanswered() {
            200.. if unanswered >= 0.8 => Severity::High,
            20.. if unanswered >= 0.7 => Severity::Medium,
            _ => return None,
        },
    };
    // Who looks at the same addresses hour after hour keeps watch over them.
    let is_monitor = probing.repeated >= 3 && probing.repeated * 2 >= probing.stretches;
    Some(if is_monitor { Severity::Low } else { severity })
}

fn detection(
    host: IpAddr,
    sweep: Sweep,
    probing: &Probing,
    severity: Severity,
    sweeps: usize,
    network: &Network,
) -> Detection {
    let worst = probing.worst();
    let (subject, remote) = match sweep {
        Sweep::Addresses { transport, port, is_outside } => {
            let first = worst.tried.keys().find_map(|target| match target {
                Target::Address(ip) => Some(*ip),
                Target::Port(_) => None,
            });
            let port = (transport != Transport::Icmp).then_some(port);
            (format!("{} {port:?} {is_outside}", name(transport)), Remote { ip: first, port, domain: None })
        }
        Sweep::Ports { transport, target } => {
            (format!("{} {target}", name(transport)), Remote { ip: Some(target), port: None, domain: None })
        }
    };
    let unanswered = worst.share_unanswered();
    Detection {
        id: id_of(&[Kind::Scan.key(), &host.to_string(), &subject]),
        first_at: worst.first_at,
        last_at: if probing.goes_on() { worst.last_at.max(probing.now.last_at) } else { worst.last_at },
        host: network.host(host),
        kind: Kind::Scan,
        severity,
        confidence: hundredths((1.0 - (-(worst.tried.len() as f64) / 20.0).exp()) * (0.5 + unanswered / 2.0)),
        technique: technique(sweep, severity),
        remote,
        evidence: evidence(sweep, probing, sweeps),
        summary: summary(host, sweep, probing, severity, sees_answers_to(host, network)),
    }
}

fn name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
        Transport::Icmp => "icmp",
        Transport::Other(_) => "other",
    }
}

/// T1018 remote system discovery, T1046 network service discovery, T1210 exploitation of remote services, T1595.001
/// scanning of address blocks (MITRE ATT&CK).
fn technique(sweep: Sweep, severity: Severity) -> Vec<&'static str> {
    match sweep {
        Sweep::Addresses { transport: Transport::Icmp, .. } => vec!["T1018"],
        Sweep::Addresses { .. } if sweep.is_spreading() && severity >= Severity::Medium => vec!["T1595.001", "T1210"],
        Sweep::Addresses { is_outside: true, .. } => vec!["T1595.001"],
        _ => vec!["T1046"],
    }
}

fn evidence(sweep: Sweep, probing: &Probing, sweeps: usize) -> crate::Evidence {
    let worst = probing.worst();
    let (transport, of) = match sweep {
        Sweep::Addresses { transport, .. } => (transport, "targets"),
        Sweep::Ports { transport, .. } => (transport, "ports"),
    };
    let shown: BTreeSet<String> = worst
        .tried
        .keys()
        .take(10)
        .map(|target| match target {
            Target::Address(ip) => ip.to_string(),
            Target::Port(port) => port.to_string(),
        })
        .collect();
    BTreeMap::from([
        ("transport", Figure::Text(name(transport).into())),
        (of, Figure::Whole(worst.tried.len() as u64)),
        ("unanswered", Figure::Whole(worst.unanswered() as u64)),
        ("distinct_in_all", Figure::Whole(probing.in_all() as u64)),
        ("attempts", Figure::Whole(worst.attempts)),
        ("examples", Figure::Texts(shown.into_iter().collect())),
        ("stretches_of_ten_minutes", Figure::Whole(probing.stretches + 1)),
        ("sweeps_by_this_host", Figure::Whole(sweeps as u64)),
    ])
}
