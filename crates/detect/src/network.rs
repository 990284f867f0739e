//! What all detectors share about the network: which side is home, its hosts, who resolves names, which name an address was
//! looked up under, and which places were ever reached.
//!
//! Every table is bounded; what is forgotten costs a name in a summary, never a crash. Kept: addresses, names looked up.

use std::{borrow::Cow, net::IpAddr};

use jiff::{SignedDuration, Timestamp};
use wire::event::{
    Carrier, Conversation, DnsData, Endpoint, Event, Flow, Handshake, Kind, NameSource, Transport, Tunnel,
};

use crate::{Cidr, Host, destinations::Destinations, home::Home, hosts::Hosts, table::Table};

const RESOLVERS: usize = 4_096;
const NAMES: usize = 262_144;
/// Hours of watching for which a resolver that is not asked is remembered, and a name that was looked up.
pub(crate) const RESOLVER_HOURS: usize = 14 * 24;
pub(crate) const NAME_HOURS: usize = 4 * 24;
/// For so long hosts go on by names that they asked for before a watch was started again: few are kept longer.
const NAMES_KEPT: SignedDuration = SignedDuration::from_hours(1);

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

/// A conversation, and what follows from who is home.
#[derive(Clone, Copy, Debug)]
struct Seen {
    conversation: Conversation,
    sides: Option<Sides>,
    asker: Option<IpAddr>,
}

/// The network as seen so far.
#[derive(Debug)]
pub(crate) struct Network {
    home: Home,
    /// The conversation of the event that came last: every detector asks about it.
    latest: Option<Seen>,
    hosts: Hosts,
    destinations: Destinations,
    resolvers: Table<IpAddr, ()>,
    /// (who asked, address in the answer) → the name asked for.
    names: Table<(IpAddr, IpAddr), String>,
    /// It goes on where another watch left off, whose names it does not know; and when it began itself.
    goes_on: bool,
    began_at: Option<Timestamp>,
}

impl Network {
    pub(crate) fn new(home: &[Cidr]) -> Self {
        Self {
            home: Home::new(home),
            latest: None,
            hosts: Hosts::new(),
            destinations: Destinations::new(),
            resolvers: Table::new(RESOLVERS),
            names: Table::new(NAMES),
            goes_on: false,
            began_at: None,
        }
    }

    pub(crate) fn event(&mut self, event: &Event) {
        self.began_at.get_or_insert(event.at);
        if self.latest.is_none_or(|latest| latest.conversation != event.conversation) {
            let conversation = event.conversation;
            let (sides, asker) = (self.crossing(&conversation), self.who_asks(&conversation));
            self.latest = Some(Seen { conversation, sides, asker });
        }
        let client = event.conversation.client.ip.to_canonical();
        let server = event.conversation.server.ip.to_canonical();
        match &event.kind {
            Kind::Dns(dns) if dns.answered_at.is_some() => {
                if self.is_home(server) && client != server {
                    self.resolvers.touch(server, || ());
                }
                self.hosts.has_answers(client);
                for answer in &dns.answers {
                    if let DnsData::Address(address) = answer.data {
                        let name = self.names.touch((client, address.to_canonical()), String::new);
                        name.clone_from(&dns.name);
                    }
                }
            }
            Kind::FlowEnded(flow) => self.flow(flow, client, server),
            Kind::HttpRequest(request) => {
                if let Some(agent) = request.user_agent.as_ref().filter(|_| self.is_home(client)) {
                    self.hosts.user_agent(client, agent);
                }
            }
            Kind::HostName(told) => {
                // A message of DHCP may come by a relay, whose address says nothing of the client.
                let sender = (told.source != NameSource::Dhcp).then_some(client);
                let ip = told.ip.or(sender).map(|ip| ip.to_canonical());
                self.hosts.told(told, ip.filter(|ip| self.is_home(*ip)), event.at);
            }
            _ => {}
        }
    }

    fn flow(&mut self, flow: &Flow, client: IpAddr, server: IpAddr) {
        let is_home = (self.is_home(client), self.is_home(server));
        for (ip, mac, is_home) in [(client, flow.client_mac, is_home.0), (server, flow.server_mac, is_home.1)] {
            if let Some(mac) = mac.filter(|_| is_home) {
                self.hosts.seen(ip, mac, flow.first_at);
            }
        }
        let is_answered = flow.handshake == Handshake::Established || flow.received.packets > 0;
        if is_home == (true, true) && is_answered {
            self.hosts.called(server, flow.conversation.server.port, client);
        }
        let Some(Sides { direction: Direction::Outbound, host, remote }) = self.sides(&flow.conversation) else {
            return;
        };
        self.hosts.talks_outside(host);
        match (flow.client_mac, flow.server_mac) {
            (Some(mac), _) if !is_home.0 => self.hosts.seen(host, mac, flow.first_at),
            (_, Some(mac)) if is_home.0 => self.hosts.gateway(mac),
            _ => {}
        }
        if is_answered {
            let named = flow.name.as_deref().filter(|name| name.parse::<IpAddr>().is_err());
            let place = named.or_else(|| self.name_of(host, remote.ip)).map(str::to_owned);
            self.destinations.reached(&place_of(place.as_deref(), remote.ip), flow.first_at);
        }
    }

    /// Whether nobody here had ever reached that place (a name, or an address without one) before that moment. None while
    /// too little was watched to say.
    pub(crate) fn is_first_contact(&self, name: Option<&str>, ip: IpAddr, since: Timestamp) -> Option<bool> {
        self.destinations.is_first_contact(&place_of(name, ip), since)
    }

    pub(crate) fn destinations(&self) -> &Destinations {
        &self.destinations
    }

    pub(crate) fn remember(&mut self, destinations: Destinations) {
        self.destinations = destinations;
        self.goes_on = true;
    }

    /// Whether that moment lies so soon after a restart that an address without a name may have one.
    pub(crate) fn may_lack_names(&self, at: Timestamp) -> bool {
        self.goes_on && self.began_at.is_some_and(|began| at.duration_since(began) < NAMES_KEPT)
    }

    pub(crate) fn is_home(&self, address: IpAddr) -> bool {
        self.home.contains(address)
    }

    /// Our host and the other side, where a conversation crosses the edge of home. Where neither side is home (a capture
    /// taken outside, public addresses at home that nobody told us of) the client is taken for ours. None: both sides
    /// are home or share an IPv6 network, or it goes to a group or to nobody.
    pub(crate) fn sides(&self, conversation: &Conversation) -> Option<Sides> {
        match &self.latest {
            Some(latest) if latest.conversation == *conversation => latest.sides,
            _ => self.crossing(conversation),
        }
    }

    fn crossing(&self, conversation: &Conversation) -> Option<Sides> {
        let client = canonical(conversation.client);
        let server = canonical(conversation.server);
        if is_group(client.ip) || is_group(server.ip) {
            return None;
        }
        match (self.is_home(client.ip), self.is_home(server.ip)) {
            (true, true) => None,
            (false, false) if are_neighbours(client.ip, server.ip) => None,
            (false, true) => Some(Sides { direction: Direction::Inbound, host: server.ip, remote: client }),
            (_, false) => Some(Sides { direction: Direction::Outbound, host: client.ip, remote: server }),
        }
    }

    /// Our host and the far end of a tunnel over the edge of home. None: both ends are home, neither is, or it is a group's.
    pub(crate) fn tunnel(&self, carrier: &Carrier) -> Option<Sides> {
        let (transport, port) = match carrier.tunnel {
            Tunnel::IpInIp => (Transport::Other(4), 0),
            Tunnel::SixInFour => (Transport::Other(41), 0),
            Tunnel::Gre => (Transport::Other(47), 0),
            Tunnel::Vxlan => (Transport::Udp, 4789),
            Tunnel::Geneve => (Transport::Udp, 6081),
        };
        let end = |ip| Endpoint { ip, port };
        let around = Conversation { transport, client: end(carrier.client), server: end(carrier.server) };
        let is_over_the_edge = self.is_home(carrier.client) != self.is_home(carrier.server);
        self.crossing(&around).filter(|_| is_over_the_edge)
    }

    /// Whether a host's frames were seen here, and not only what others sent on for it.
    pub(crate) fn is_seen(&self, ip: IpAddr) -> bool {
        self.hosts.is_seen(ip)
    }

    /// Who asked, for questions and requests that name what they want: the client, unless it is a stranger who asks us.
    pub(crate) fn asker(&self, conversation: &Conversation) -> Option<IpAddr> {
        match &self.latest {
            Some(latest) if latest.conversation == *conversation => latest.asker,
            _ => self.who_asks(conversation),
        }
    }

    fn who_asks(&self, conversation: &Conversation) -> Option<IpAddr> {
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
        self.hosts.sees_answers_to(host)
    }

    /// The addresses of the device that has this one: it asks for names over IPv4, say, and goes there over IPv6.
    pub(crate) fn of_device(&self, host: IpAddr) -> Vec<IpAddr> {
        self.hosts.of_device(host)
    }

    /// How many of our hosts talk to the outside.
    pub(crate) fn hosts_talking_outside(&self) -> usize {
        self.hosts.talking_outside()
    }

    pub(crate) fn host(&self, ip: IpAddr) -> Host {
        self.hosts.host(ip)
    }

    /// By what a device is known, the surest first.
    pub(crate) fn identities(&self, ip: IpAddr) -> Vec<String> {
        self.hosts.identities(ip)
    }

    /// An hour went by for who watches without an end.
    pub(crate) fn age(&mut self) {
        self.hosts.age();
        self.destinations.age();
        self.resolvers.age(RESOLVER_HOURS);
        self.names.age(NAME_HOURS);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.hosts.dropped() + self.destinations.dropped() + self.resolvers.dropped() + self.names.dropped()
    }
}

/// The registrable domain of a name, or the name itself; without one, the address.
fn place_of(name: Option<&str>, ip: IpAddr) -> Cow<'_, str> {
    match name {
        Some(name) => Cow::Borrowed(public_suffix::domain_str(name).unwrap_or(name)),
        None => Cow::Owned(ip.to_string()),
    }
}

fn canonical(endpoint: Endpoint) -> Endpoint {
    Endpoint { ip: endpoint.ip.to_canonical(), port: endpoint.port }
}

/// Whether both are of one IPv6 network of a single link (RFC 4291 §2.5.1), whose addresses are public and so may be nobody's
/// home that we were told of.
fn are_neighbours(one: IpAddr, other: IpAddr) -> bool {
    matches!((one, other), (IpAddr::V6(one), IpAddr::V6(other)) if one.to_bits() >> 64 == other.to_bits() >> 64)
}

/// Multicast, broadcast, or no address at all.
pub(crate) fn is_group(ip: IpAddr) -> bool {
    ip.is_multicast() || ip.is_unspecified() || matches!(ip, IpAddr::V4(v4) if v4.is_broadcast())
}
