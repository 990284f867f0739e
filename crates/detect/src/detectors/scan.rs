//! One of our hosts probing many hosts, or many ports of one.
//!
//! Sees: TCP connections that nobody answers or that are refused, probes without a SYN, pings, and UDP without an answer,
//! counted by distinct addresses at one port (a sweep) and by distinct ports at one address, over ten minutes at a stretch;
//! and a host that opens file sharing, remote desktop and the like to many unrelated addresses outside, answered or not,
//! which is how worms spread.
//! Fooled by: a scan slower than [`FEWEST`] probes in ten minutes, probes of addresses that mostly answer, probes with an
//! ACK alone (a connection that began before the capture looks so), a scan from outside (the whole internet is scanned, all
//! the time), one that the capture point does not see (within one switch).
//! Silent by design: what asks around by nature (printers, name services, discovery), a host that pings the same
//! addresses again and again (a monitor), peer-to-peer programs that try many addresses at many ports.
//! Never stores: content; of each sweep the distinct addresses or ports, at most [`TARGETS`] of them.

mod stretch;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Event, Flow, Handshake, Kind as Seen, Transport};

use self::stretch::{Probing, Target};
use super::{Detector, WEEK};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    network::Network,
    table::Table,
    words,
};

const SWEEPS: usize = 32_768;
/// Distinct targets counted in one sweep.
const TARGETS: usize = 1_024;
/// A stretch in microseconds.
const STRETCH_US: i64 = 600 * 1_000_000;
/// Fewer distinct targets within a stretch are no sweep.
const FEWEST: usize = 10;

/// Ports by which worms spread and intruders look around: remote shells, file sharing, databases, remote desktop
/// (IANA service names; 5555 is Android's debug bridge, 7547 and 37215 are home routers' management).
const SPREADING: [u16; 14] = [22, 23, 135, 139, 445, 1433, 2323, 3306, 3389, 5555, 5900, 5985, 7547, 37215];

/// Ports at which programs ask the whole neighbourhood by design: address and name services, discovery, printing, SNMP.
const ASKING_AROUND: [u16; 17] =
    [53, 67, 68, 123, 137, 138, SNMP, 427, 515, 631, 1900, 3289, 3702, 5353, 5355, 8610, 9100];

/// Over UDP a few printers are asked there by design; a whole network is by whoever manages it, or wants to.
const SNMP: u16 = 161;

/// What is swept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Sweep {
    /// Many addresses in our network, or many outside, at one port (0: pings).
    Addresses { transport: Transport, port: u16, is_outside: bool },
    /// Many ports of one address.
    Ports { transport: Transport, target: IpAddr },
}

pub(super) struct Scan {
    probing: Table<(IpAddr, Sweep), Probing>,
}

impl Scan {
    pub(super) fn new() -> Self {
        Self { probing: Table::new(SWEEPS) }
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
        if transport == Transport::Udp && (is_outside || asks_around) {
            return;
        }
        if is_worth_counting_by_address(transport, server.port, is_answered, is_outside) {
            let sweep = Sweep::Addresses { transport, port: server.port, is_outside };
            self.tried(host, sweep, Target::Address(target), is_answered, flow);
        }
        if transport != Transport::Icmp && !(is_answered && is_outside) {
            let sweep = Sweep::Ports { transport, target };
            self.tried(host, sweep, Target::Port(server.port), is_answered, flow);
        }
    }

    fn tried(&mut self, host: IpAddr, sweep: Sweep, target: Target, is_answered: bool, flow: &Flow) {
        let at = flow.first_at;
        let probing = self.probing.touch((host, sweep), || Probing::new(at));
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
        let found: Vec<_> = self
            .probing
            .sorted()
            .into_iter()
            .filter_map(|((host, sweep), probing)| Some((*host, *sweep, probing, weigh(*sweep, probing)?)))
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
    }

    fn is_nearly_full(&self) -> bool {
        self.probing.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.probing.dropped()
    }
}

/// Sweeps told of one host.
const TOLD: usize = 2;

/// How severe it is; None: not worth a line.
fn weigh(sweep: Sweep, probing: &Probing) -> Option<Severity> {
    let worst = probing.worst();
    let (targets, unanswered) = (worst.tried.len(), worst.share_unanswered());
    let severity = match sweep {
        Sweep::Addresses { transport: Transport::Tcp, port, is_outside: true } if SPREADING.contains(&port) => {
            match targets {
                ..20 => return None,
                // Reaching many servers by SSH is what an administrator's script does as well.
                20.. if port == 22 && unanswered < 0.5 => Severity::Low,
                20..40 if unanswered < 0.3 => Severity::Medium,
                _ => Severity::High,
            }
        }
        Sweep::Addresses { is_outside: true, .. } => match targets {
            100.. if unanswered > 0.9 => Severity::Low,
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
        summary: summary(host, sweep, probing, severity),
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
        Sweep::Addresses { is_outside: true, .. } if severity >= Severity::Medium => vec!["T1595.001", "T1210"],
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

/// Different targets in words: more than so many are not told apart.
fn counted(targets: usize) -> (String, String) {
    if targets < TARGETS {
        return (targets.to_string(), targets.to_string());
    }
    (format!("ten minste {targets}"), format!("at least {targets}"))
}

fn summary(host: IpAddr, sweep: Sweep, probing: &Probing, severity: Severity) -> Text {
    let worst = probing.worst();
    let (count_nl, count_en) = counted(worst.tried.len());
    let silent = worst.unanswered();
    let span = words::duration(worst.seconds().max(1.0));
    let (what_nl, what_en) = match sweep {
        Sweep::Addresses { transport: Transport::Icmp, .. } => (
            format!("{host} klopte in {} bij {count_nl} adressen aan (ping)", span.nl),
            format!("{host} knocked at {count_en} addresses in {} (ping)", span.en),
        ),
        Sweep::Addresses { port, is_outside, .. } => {
            let (nl, en) =
                if is_outside { ("op internet", "on the internet") } else { ("in het netwerk", "in the network") };
            (
                format!("{host} zocht in {} contact met {count_nl} adressen {nl} op poort {port}", span.nl),
                format!("{host} tried {count_en} addresses {en} at port {port} in {}", span.en),
            )
        }
        Sweep::Ports { target, .. } => (
            format!("{host} probeerde in {} {count_nl} poorten van {target}", span.nl),
            format!("{host} tried {count_en} ports of {target} in {}", span.en),
        ),
    };
    let (why_nl, why_en) = match (sweep, severity) {
        (_, Severity::Low) => (
            "Dat hoort bij beheer of bewaking, of bij een programma dat zijn buren zoekt. Kijk of u het kent.",
            "That fits management, monitoring, or a program that looks for its neighbours. See whether you know it.",
        ),
        (Sweep::Addresses { is_outside: true, .. }, _) => (
            "Zo verspreidt kwaadaardige software zich. Haal het apparaat van het netwerk en laat het nakijken.",
            "That is how malicious software spreads. Take the device off the network and have it examined.",
        ),
        _ => (
            "Zo zoekt een indringer naar wat hij verder kan overnemen. Vraag wie dit deed; was het niemand, haal het apparaat van het netwerk.",
            "That is how an intruder looks for what else to take over. Ask who did this; if nobody did, take the device off the network.",
        ),
    };
    let (silent_nl, silent_en) = match silent {
        0 => (String::new(), String::new()),
        1 => ("; 1 daarvan antwoordde niet".to_owned(), "; 1 of them did not answer".to_owned()),
        _ => (format!("; {silent} daarvan antwoordden niet"), format!("; {silent} of them did not answer")),
    };
    let (all_nl, all_en) = match probing.in_all() {
        all if all > worst.tried.len() => {
            let span = words::duration(probing.seconds_in_all().max(1.0));
            let (all_nl, all_en) = counted(all);
            (
                format!(" In {} waren het er samen {all_nl}.", span.nl),
                format!(" Over {} it was {all_en} in all.", span.en),
            )
        }
        _ => (String::new(), String::new()),
    };
    Text::made(format!("{what_nl}{silent_nl}.{all_nl} {why_nl}"), format!("{what_en}{silent_en}.{all_en} {why_en}"))
}
