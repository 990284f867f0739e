//! What all detectors share about the network: which side is home, who has which Ethernet address, who resolves names,
//! and which name an address was looked up under.
//!
//! Every table is bounded; what is forgotten costs a name in a summary, never a crash. Kept: addresses, names looked up.

use std::net::IpAddr;

use wire::event::{Conversation, DnsData, Endpoint, Event, HostName, Kind, NameSource};

use crate::{Cidr, Host, table::Table};

const HOSTS: usize = 65_536;
const RESOLVERS: usize = 4_096;
const NAMES: usize = 262_144;
/// Hours of watching for which a host that is not seen is remembered, and a name that was looked up.
const HOST_HOURS: usize = 14 * 24;
const NAME_HOURS: usize = 4 * 24;

/// Which way a conversation goes, seen from home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Outbound,
    Inbound,
}

/// A conversation over the edge of home: our host, and the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sides {
    pub(crate) direction: Direction,
    pub(crate) host: IpAddr,
    pub(crate) remote: Endpoint,
}

#[derive(Debug, Default)]
struct Known {
    mac: Option<[u8; 6]>,
    /// What it is called, and who said so.
    name: Option<(NameSource, String)>,
    talks_outside: bool,
    has_answers: bool,
}

/// The network as seen so far.
#[derive(Debug)]
pub(crate) struct Network {
    home: Vec<Cidr>,
    hosts: Table<IpAddr, Known>,
    /// What the owner of an Ethernet address called itself when it asked for an address.
    callers: Table<[u8; 6], String>,
    resolvers: Table<IpAddr, ()>,
    /// (who asked, address in the answer) → the name asked for.
    names: Table<(IpAddr, IpAddr), String>,
}

impl Network {
    pub(crate) fn new(home: Vec<Cidr>) -> Self {
        Self {
            home,
            hosts: Table::new(HOSTS),
            callers: Table::new(HOSTS),
            resolvers: Table::new(RESOLVERS),
            names: Table::new(NAMES),
        }
    }

    pub(crate) fn event(&mut self, event: &Event) {
        let client = event.conversation.client.ip.to_canonical();
        let server = event.conversation.server.ip.to_canonical();
        match &event.kind {
            Kind::Dns(dns) if dns.answered_at.is_some() => {
                if self.is_home(server) && client != server {
                    self.resolvers.touch(server, || ());
                }
                self.hosts.touch(client, Known::default).has_answers = true;
                for answer in &dns.answers {
                    if let DnsData::Address(address) = answer.data {
                        let name = self.names.touch((client, address.to_canonical()), String::new);
                        name.clone_from(&dns.name);
                    }
                }
            }
            Kind::FlowEnded(flow) => {
                for (ip, mac) in [(client, flow.client_mac), (server, flow.server_mac)] {
                    if mac.is_some() && self.is_home(ip) {
                        let known = self.hosts.touch(ip, Known::default);
                        known.mac = known.mac.or(mac);
                    }
                }
                if let Some(Sides { direction: Direction::Outbound, host, .. }) = self.sides(&event.conversation) {
                    let known = self.hosts.touch(host, Known::default);
                    known.talks_outside = true;
                    known.mac = known.mac.or(flow.client_mac);
                }
            }
            Kind::HostName(told) => self.told(told, client),
            _ => {}
        }
    }

    /// What a host is called: what DHCP says counts most. An address given to another device loses its name.
    fn told(&mut self, told: &HostName, sender: IpAddr) {
        if let (Some(mac), Some(name)) = (told.mac, &told.name) {
            self.callers.touch(mac, String::new).clone_from(name);
        }
        let ip = told.ip.unwrap_or(sender).to_canonical();
        if !self.is_home(ip) {
            return;
        }
        let called = told.name.clone().or_else(|| self.callers.value(&told.mac?).cloned());
        let known = self.hosts.touch(ip, Known::default);
        if told.mac.is_some() && known.mac.is_some_and(|mac| Some(mac) != told.mac) {
            *known = Known { talks_outside: known.talks_outside, has_answers: known.has_answers, ..Known::default() };
        }
        known.mac = known.mac.or(told.mac);
        let is_better = known.name.as_ref().is_none_or(|(source, _)| told.source >= *source);
        if let Some(name) = called.filter(|_| is_better) {
            known.name = Some((told.source, name));
        }
    }

    pub(crate) fn is_home(&self, address: IpAddr) -> bool {
        self.home.iter().any(|range| range.contains(address))
    }

    /// Our host and the other side, where a conversation crosses the edge of home. Where neither side is home (a capture
    /// taken outside, public addresses at home that nobody told us of) the client is taken for ours. None: both sides
    /// are home, or it goes to a group or to nobody.
    pub(crate) fn sides(&self, conversation: &Conversation) -> Option<Sides> {
        let client = canonical(conversation.client);
        let server = canonical(conversation.server);
        if is_group(client.ip) || is_group(server.ip) {
            return None;
        }
        match (self.is_home(client.ip), self.is_home(server.ip)) {
            (true, true) => None,
            (false, true) => Some(Sides { direction: Direction::Inbound, host: server.ip, remote: client }),
            (_, false) => Some(Sides { direction: Direction::Outbound, host: client.ip, remote: server }),
        }
    }

    /// Who asked, for questions and requests that name what they want: the client, unless it is a stranger who asks us.
    pub(crate) fn asker(&self, conversation: &Conversation) -> Option<IpAddr> {
        let client = conversation.client.ip.to_canonical();
        let is_stranger = !self.is_home(client) && self.is_home(conversation.server.ip);
        (!is_stranger && !is_group(client)).then_some(client)
    }

    /// Whether this host answers other hosts' DNS questions.
    pub(crate) fn is_resolver(&self, host: IpAddr) -> bool {
        self.resolvers.value(&host).is_some()
    }

    /// The name under which this host last looked up that address.
    pub(crate) fn name_of(&self, host: IpAddr, address: IpAddr) -> Option<&str> {
        self.names.value(&(host, address.to_canonical())).map(String::as_str)
    }

    /// Whether we see this host's DNS answers, so that the absence of a name says something.
    pub(crate) fn sees_answers_to(&self, host: IpAddr) -> bool {
        self.hosts.value(&host).is_some_and(|known| known.has_answers)
    }

    /// How many of our hosts talk to the outside.
    pub(crate) fn hosts_talking_outside(&self) -> usize {
        self.hosts.values().filter(|known| known.talks_outside).count()
    }

    pub(crate) fn host(&self, ip: IpAddr) -> Host {
        let known = self.hosts.value(&ip);
        let name = known.and_then(|known| known.name.as_ref()).map(|(_, name)| name.clone());
        Host { ip, mac: known.and_then(|known| known.mac), name, maker: None, kind: None }
    }

    /// An hour went by for who watches without an end.
    pub(crate) fn age(&mut self) {
        self.hosts.age(HOST_HOURS);
        self.callers.age(2 * HOST_HOURS);
        self.resolvers.age(HOST_HOURS);
        self.names.age(NAME_HOURS);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.hosts.dropped() + self.resolvers.dropped() + self.callers.dropped() + self.names.dropped()
    }
}

fn canonical(endpoint: Endpoint) -> Endpoint {
    Endpoint { ip: endpoint.ip.to_canonical(), port: endpoint.port }
}

/// Multicast, broadcast, or no address at all.
fn is_group(ip: IpAddr) -> bool {
    ip.is_multicast() || ip.is_unspecified() || matches!(ip, IpAddr::V4(v4) if v4.is_broadcast())
}
