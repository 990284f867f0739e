//! Conversations in tunnels that leave the network, told as the outside sees them.
//!
//! The addresses within a tunnel are whatever its makers chose: private ones on both sides look like a conversation at home.
//! What goes through a tunnel between a host of ours and the outside is therefore told as that host's, with the tunnel's far
//! end where the other side is no address outside. What goes through a tunnel that joins networks (several hosts of ours
//! are in it, or one that we see by itself) is told as it came: those hosts are known by their own addresses. How much goes
//! through any of them, `exfiltration` and `anonymiser` tell.
//! Not here: tunnels between two hosts of ours, or of which neither end is.

use std::{collections::BTreeSet, net::IpAddr};

use wire::event::{Carrier, Conversation, Endpoint, Event, FlowId, Kind};

use crate::{
    detectors::WEEK,
    network::{Direction, Network, Sides, is_group},
    table::Table,
};

const FLOWS: usize = 65_536;
const TUNNELS: usize = 4_096;
/// From so many hosts of ours within it on a tunnel joins networks.
const NETWORK: usize = 3;

/// A conversation as it came, and as it is told.
#[derive(Debug)]
struct Told {
    inner: Conversation,
    outer: Conversation,
}

#[derive(Debug)]
pub(crate) struct Carried {
    flows: Table<FlowId, Told>,
    /// Our host and the far end → our hosts within, up to [`NETWORK`].
    tunnels: Table<(IpAddr, IpAddr), BTreeSet<IpAddr>>,
}

impl Carried {
    pub(crate) fn new() -> Self {
        Self { flows: Table::new(FLOWS), tunnels: Table::new(TUNNELS) }
    }

    /// The event as it is told, where that is otherwise than it came.
    pub(crate) fn told(&mut self, event: &Event, network: &Network) -> Option<Event> {
        match &event.kind {
            Kind::Carried(carrier) => {
                self.begin(event, carrier, network);
                return None;
            }
            // What hosts within call themselves is not what ours is called.
            Kind::HostName(_) => return None,
            _ if self.flows.is_empty() => return None,
            _ => {}
        }
        // What other devices tell of is counted by itself, and may have the same number.
        let told = self.flows.value(&event.flow).filter(|told| told.inner == event.conversation)?;
        if is_logon(&event.kind) && [told.inner.client, told.inner.server].iter().all(|end| network.is_home(end.ip)) {
            return None;
        }
        let outer = told.outer;
        let mut told = event.clone();
        told.conversation = outer;
        if let Kind::FlowEnded(flow) = &mut told.kind {
            self.flows.remove(&event.flow);
            flow.conversation = outer;
            // Cards within the tunnel are none of our host's.
            (flow.client_mac, flow.server_mac) = (None, None);
        }
        Some(told)
    }

    fn begin(&mut self, event: &Event, carrier: &Carrier, network: &Network) {
        let Some(Sides { direction, host, remote }) = network.tunnel(carrier) else { return };
        let inner = event.conversation;
        let is_clients = direction == Direction::Outbound;
        let (ours, other) = if is_clients { (inner.client, inner.server) } else { (inner.server, inner.client) };
        let (within, far) = (ours.ip.to_canonical(), other.ip.to_canonical());
        if is_group(within) || is_group(far) || self.joins_networks((host, remote.ip), within, network) {
            return;
        }
        let far = if network.is_home(far) { remote.ip } else { far };
        let (ours, other) = (Endpoint { ip: host, ..ours }, Endpoint { ip: far, ..other });
        let (client, server) = if is_clients { (ours, other) } else { (other, ours) };
        let outer = Conversation { client, server, ..inner };
        *self.flows.touch(event.flow, || Told { inner, outer }) = Told { inner, outer };
    }

    fn joins_networks(&mut self, tunnel: (IpAddr, IpAddr), within: IpAddr, network: &Network) -> bool {
        let (host, _) = tunnel;
        let hosts = self.tunnels.touch(tunnel, BTreeSet::new);
        let is_of_a_link = matches!(within, IpAddr::V6(v6) if v6.is_unicast_link_local());
        if hosts.len() < NETWORK && !is_of_a_link {
            hosts.insert(within);
        }
        hosts.len() >= NETWORK || within != host && network.is_seen(within)
    }

    /// An hour went by for who watches without an end.
    pub(crate) fn age(&mut self) {
        self.flows.age(WEEK);
        self.tunnels.age(WEEK);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.flows.dropped() + self.tunnels.dropped()
    }
}

/// Whether somebody logs in to a Windows network: between private addresses that is another site's, wherever the tunnel ends.
fn is_logon(kind: &Kind) -> bool {
    matches!(kind, Kind::Login(login) if matches!(login.protocol, "smb" | "kerberos" | "ldap"))
}
