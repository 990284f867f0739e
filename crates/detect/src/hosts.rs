//! Our hosts: address, Ethernet address, name, maker, kind, and which addresses are one and the same device.
//!
//! Told by DHCP, multicast DNS, what Windows says when it logs in, NetBIOS, LLMNR, Universal Plug and Play, user agents,
//! and by what is seen on the wire. Any host can claim anything: a name or a kind is for people, never ground for a
//! judgement. Every table is bounded; what is forgotten costs a name in a summary.

mod kind;

use std::{collections::BTreeSet, net::IpAddr};

use jiff::Timestamp;
use wire::event::{HostName, NameSource};

use self::kind::Clue;
use crate::{Host, table::Table};

const HOSTS: usize = 65_536;
/// Hours of watching for which a host that is not seen is remembered.
pub(crate) const HOST_HOURS: usize = 14 * 24;
/// Hosts at home that call one another at a server's port, from which on it is a server; more need not be remembered.
const SERVER_CLIENTS: usize = 3;
/// Where Windows networks are served: Kerberos, directories, files, SQL.
const SERVER_PORTS: [u16; 4] = [88, 389, 445, 1433];

#[derive(Debug, Default)]
struct Known {
    mac: Option<[u8; 6]>,
    /// A DHCP server gave this address to that Ethernet address.
    is_leased: bool,
    /// What it is called, and who said so.
    name: Option<(NameSource, String)>,
    clue: Option<Clue>,
    clients: BTreeSet<IpAddr>,
    talks_outside: bool,
    has_answers: bool,
}

/// What is known of an Ethernet address.
#[derive(Debug, Default)]
struct Card {
    /// What its owner called itself when it asked for an address.
    name: Option<String>,
    clue: Option<Clue>,
    /// When it last asked for an address; none once it is known which one it has.
    asked_at: Option<Timestamp>,
    /// IPv4 addresses at home seen with it that no lease explains, up to two: with two it may be a router's.
    unexplained: BTreeSet<IpAddr>,
    /// The outside is reached through it.
    is_gateway: bool,
}

impl Card {
    /// A router may be speaking for several with it.
    fn is_shared(&self) -> bool {
        self.is_gateway || self.unexplained.len() > 1
    }
}

#[derive(Debug)]
pub(crate) struct Hosts {
    known: Table<IpAddr, Known>,
    cards: Table<[u8; 6], Card>,
}

impl Hosts {
    pub(crate) fn new() -> Self {
        Self { known: Table::new(HOSTS), cards: Table::new(HOSTS) }
    }

    /// A host at home sent or received something with that Ethernet address, from that moment on. Where its device asked
    /// for an address before, and no answer was seen, this is the one that it has.
    pub(crate) fn seen(&mut self, ip: IpAddr, mac: [u8; 6], since: Timestamp) {
        let card = self.cards.touch(mac, Card::default);
        if ip.is_ipv4() && !card.is_shared() && card.asked_at.is_some_and(|asked| asked <= since) {
            card.asked_at = None;
            let called = card.name.clone();
            self.leased(ip, mac, called.as_deref());
        }
        let known = self.known.touch(ip, Known::default);
        known.mac = known.mac.or(Some(mac));
        let is_explained = known.is_leased && known.mac == Some(mac);
        let card = self.cards.touch(mac, Card::default);
        if ip.is_ipv4() && !is_explained && card.unexplained.len() < 2 {
            card.unexplained.insert(ip);
        }
    }

    pub(crate) fn gateway(&mut self, mac: [u8; 6]) {
        self.cards.touch(mac, Card::default).is_gateway = true;
    }

    pub(crate) fn talks_outside(&mut self, ip: IpAddr) {
        self.known.touch(ip, Known::default).talks_outside = true;
    }

    pub(crate) fn has_answers(&mut self, ip: IpAddr) {
        self.known.touch(ip, Known::default).has_answers = true;
    }

    /// A host at home calls another.
    pub(crate) fn called(&mut self, server: IpAddr, port: u16, client: IpAddr) {
        if SERVER_PORTS.contains(&port) {
            let clients = &mut self.known.touch(server, Known::default).clients;
            if clients.len() < SERVER_CLIENTS {
                clients.insert(client);
            }
        }
    }

    pub(crate) fn user_agent(&mut self, ip: IpAddr, agent: &str) {
        if let Some(clue) = kind::of_user_agent(agent) {
            Clue::better(&mut self.known.touch(ip, Known::default).clue, clue);
        }
    }

    /// What a host is called and what it is: what DHCP says counts most. What a device says of itself to DHCP stays with
    /// its Ethernet address until it is known which address it has.
    pub(crate) fn told(&mut self, told: &HostName, ip: Option<IpAddr>, at: Timestamp) {
        let clue = told.kind.as_deref().and_then(|words| kind::of_words(told.source, words));
        if let Some(mac) = told.mac {
            let card = self.cards.touch(mac, Card::default);
            card.name = told.name.clone().or(card.name.take());
            card.asked_at = told.ip.is_none().then_some(at);
            if let Some(clue) = clue {
                Clue::better(&mut card.clue, clue);
            }
            let called = card.name.clone();
            if let Some(ip) = ip {
                self.leased(ip, mac, called.as_deref());
            }
        }
        let Some(ip) = ip else { return };
        let known = self.known.touch(ip, Known::default);
        if let Some(clue) = clue {
            Clue::better(&mut known.clue, clue);
        }
        let is_better = known.name.as_ref().is_none_or(|(source, _)| told.source >= *source);
        if let Some(name) = told.name.clone().filter(|_| is_better) {
            known.name = Some((told.source, name));
        }
    }

    /// That device has that address now. Given to another device it loses its name, unless both bear the same: then it
    /// only drew itself another Ethernet address.
    fn leased(&mut self, ip: IpAddr, mac: [u8; 6], called: Option<&str>) {
        let known = self.known.touch(ip, Known::default);
        let is_same = known.name.as_ref().is_some_and(|(_, name)| Some(name.as_str()) == called);
        if known.mac.is_some_and(|before| before != mac) && !is_same {
            *known = Known { talks_outside: known.talks_outside, has_answers: known.has_answers, ..Known::default() };
        }
        known.mac = Some(mac);
        known.is_leased = true;
        if let Some(name) = called {
            known.name = Some((NameSource::Dhcp, name.to_owned()));
        }
        if let Some(card) = self.cards.known(&mac) {
            card.unexplained.remove(&ip);
        }
    }

    /// Whether we see this host's DNS answers, so that the absence of a name says something.
    pub(crate) fn sees_answers_to(&self, ip: IpAddr) -> bool {
        self.known.value(&ip).is_some_and(|known| known.has_answers)
    }

    /// The addresses of the device that has this one, this one among them: those seen with the same Ethernet address, where no
    /// router may be speaking for several with it.
    pub(crate) fn of_device(&self, ip: IpAddr) -> Vec<IpAddr> {
        let mac = self.known.value(&ip).and_then(|known| known.mac);
        let Some(mac) = mac.filter(|mac| !self.cards.value(mac).is_some_and(Card::is_shared)) else { return vec![ip] };
        let same = self.known.sorted().into_iter().filter(|(_, known)| known.mac == Some(mac));
        same.map(|(ip, _)| *ip).collect()
    }

    /// Whether it was seen with an Ethernet address.
    pub(crate) fn is_seen(&self, ip: IpAddr) -> bool {
        self.known.value(&ip).is_some_and(|known| known.mac.is_some())
    }

    pub(crate) fn talking_outside(&self) -> usize {
        self.known.values().filter(|known| known.talks_outside).count()
    }

    pub(crate) fn host(&self, ip: IpAddr) -> Host {
        let Some(known) = self.known.value(&ip) else {
            return Host { ip, mac: None, name: None, maker: None, kind: None };
        };
        let maker = known.mac.and_then(kind::maker);
        let card = known.mac.and_then(|mac| self.cards.value(&mac));
        let is_gateway = card.is_some_and(|card| card.is_gateway && card.unexplained.len() < 2);
        let seen = [
            known.clue,
            card.and_then(|card| card.clue),
            maker.and_then(kind::of_maker),
            is_gateway.then_some(kind::GATEWAY),
            (known.clients.len() >= SERVER_CLIENTS).then_some(kind::SERVER),
            known.name.as_ref().and_then(|(source, _)| kind::of_source(*source)),
        ];
        let kind = seen.into_iter().flatten().max_by_key(|clue| clue.weight).map(|clue| clue.kind);
        let name = known.name.as_ref().map(|(_, name)| name.clone());
        Host { ip, mac: known.mac, name, maker: maker.map(str::to_owned), kind }
    }

    /// By what a device is known, the surest first: the Ethernet address that its maker gave it; the name that it bears
    /// where it draws its addresses by lot; its Ethernet address all the same; its address. All but the last only where
    /// no router may be speaking for several.
    pub(crate) fn identities(&self, ip: IpAddr) -> Vec<String> {
        let mut identities = Vec::new();
        if let Some(known) = self.known.value(&ip)
            && let Some(mac) = known.mac
        {
            let card = self.cards.value(&mac);
            let is_shared = card.is_some_and(Card::is_shared);
            if known.is_leased || !is_shared {
                let name = known.name.as_ref().filter(|(source, name)| {
                    is_drawn(mac)
                        && matches!(source, NameSource::Dhcp | NameSource::MulticastDns)
                        && !kind::is_anybodys_name(name)
                });
                identities.extend(name.map(|(_, name)| format!("name {name}")));
                identities.push(format!("mac {}", mac.map(|byte| format!("{byte:02x}")).join(":")));
            }
        }
        identities.push(address(ip));
        identities
    }

    pub(crate) fn age(&mut self) {
        self.known.age(HOST_HOURS);
        self.cards.age(2 * HOST_HOURS);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.known.dropped() + self.cards.dropped()
    }
}

/// The identity of a host of which nothing else is known.
pub(crate) fn address(ip: IpAddr) -> String {
    format!("ip {ip}")
}

/// Whether nobody gave this Ethernet address out: the locally administered bit (IEEE 802-2014 §8.4).
fn is_drawn(mac: [u8; 6]) -> bool {
    mac.first().is_some_and(|first| first & 2 != 0)
}
