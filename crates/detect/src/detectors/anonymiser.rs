//! Networks and tunnels that hide where a conversation goes: Tor, and VPNs of other people.
//!
//! Sees: Tor's handshake (a made-up server name `www.….com` that nobody looked up; up to TLS 1.2 a certificate from one
//! made-up name for another); WireGuard, OpenVPN and Tailscale to the outside, by their first messages; GRE, IP in IP, VXLAN
//! and Geneve to the outside, whatever goes through them.
//! Fooled by: Tor through a bridge that looks like something else (obfs4, snowflake, meek), a VPN inside TLS, I2P.
//! A VPN may be the office's own: that is a matter of what was agreed, so it is told low. Tor is told medium where more
//! than one sign says so; never higher, as using it is no crime.
//! Never stores: more than a handful of the made-up names.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Endpoint, Event, Flow, FlowId, Kind as Seen, TlsCertificate, TlsClient, Transport};

use super::{DAY, Detector, WEEK};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::id_of,
    network::{Direction, Network, Sides},
    table::Table,
    words,
};

const HOSTS: usize = 16_384;
const TUNNELS: usize = 16_384;
/// Handshakes whose certificate may still come.
const PENDING: usize = 16_384;
/// Conversations within tunnels.
const CARRIED: usize = 65_536;
/// Names and places that are kept of one host.
const KEPT: usize = 16;
/// Where relays listen by default, besides 443.
const RELAY_PORTS: [u16; 3] = [9001, 9030, 9090];

/// What one host did that looks like Tor.
#[derive(Debug)]
struct Onion {
    first_at: Timestamp,
    last_at: Timestamp,
    names: BTreeSet<String>,
    places: BTreeSet<Endpoint>,
    handshakes: u64,
    /// To a relay's usual port.
    at_relay_port: u64,
    /// With a certificate as relays make them.
    certified: u64,
    latest: Endpoint,
}

/// A VPN between one host and one place.
#[derive(Debug)]
struct Tunnel {
    first_at: Timestamp,
    last_at: Timestamp,
    protocol: &'static str,
    connections: u64,
    sent_bytes: u64,
    received_bytes: u64,
}

pub(super) struct Anonymiser {
    onions: Table<IpAddr, Onion>,
    tunnels: Table<(IpAddr, Endpoint), Tunnel>,
    /// Of handshakes with a made-up name or none: that name.
    pending: Table<FlowId, Option<String>>,
    /// Of conversations within a tunnel: between whom it is, and of which kind.
    carried: Table<FlowId, (Sides, &'static str)>,
}

impl Anonymiser {
    pub(super) fn new() -> Self {
        Self {
            onions: Table::new(HOSTS),
            tunnels: Table::new(TUNNELS),
            pending: Table::new(PENDING),
            carried: Table::new(CARRIED),
        }
    }

    fn hello(&mut self, event: &Event, client: &TlsClient, network: &Network) {
        let Some(Sides { direction: Direction::Outbound, host, remote }) = network.sides(&event.conversation) else {
            return;
        };
        let name = client.sni.as_deref().filter(|name| is_made_up(name));
        if name.is_none() && client.sni.is_some() {
            return;
        }
        self.pending.touch(event.flow, || name.map(str::to_owned));
        // A browser says what it wants to speak, and looks a name up before it goes there.
        let Some(name) = name.filter(|_| client.alpn.is_empty() && network.name_of(host, remote.ip).is_none()) else {
            return;
        };
        let onion = self.onion(host, remote, event.at);
        onion.handshakes += 1;
        onion.at_relay_port += u64::from(RELAY_PORTS.contains(&remote.port));
        if onion.names.len() < KEPT {
            onion.names.insert(name.to_owned());
        }
    }

    fn certificate(&mut self, event: &Event, certificate: &TlsCertificate, network: &Network) {
        let Some(name) = self.pending.remove(&event.flow) else { return };
        if !is_of_a_relay(certificate) || certificate.subject == name {
            return;
        }
        let Some(Sides { direction: Direction::Outbound, host, remote }) = network.sides(&event.conversation) else {
            return;
        };
        self.onion(host, remote, event.at).certified += 1;
    }

    fn onion(&mut self, host: IpAddr, remote: Endpoint, at: Timestamp) -> &mut Onion {
        let onion = self.onions.touch(host, || Onion {
            first_at: at,
            last_at: at,
            names: BTreeSet::new(),
            places: BTreeSet::new(),
            handshakes: 0,
            at_relay_port: 0,
            certified: 0,
            latest: remote,
        });
        onion.first_at = onion.first_at.min(at);
        onion.last_at = onion.last_at.max(at);
        onion.latest = remote;
        if onion.places.len() < KEPT {
            onion.places.insert(remote);
        }
        onion
    }

    fn flow(&mut self, flow: &Flow, network: &Network) {
        self.pending.remove(&flow.id);
        if let Some((sides, protocol)) = self.carried.remove(&flow.id) {
            let is_outbound = sides.direction == Direction::Outbound;
            let (out, back) = if is_outbound { (flow.sent, flow.received) } else { (flow.received, flow.sent) };
            // Anybody may send anything to an address.
            if out.packets > 0 {
                self.tunnel(sides, protocol, flow, (out.bytes, back.bytes));
            }
            return;
        }
        let by_number = match flow.conversation.transport {
            Transport::Other(4) => Some("ip_in_ip"),
            Transport::Other(41) => Some("6in4"),
            Transport::Other(47) => Some("gre"),
            _ => None,
        };
        let by_content = flow.application.filter(|one| matches!(*one, "wireguard" | "openvpn" | "tailscale"));
        let Some(protocol) = by_content.or(by_number) else { return };
        let Some(sides) = network.sides(&flow.conversation) else { return };
        if sides.direction == Direction::Outbound && flow.received_payload > 0 {
            self.tunnel(sides, protocol, flow, (flow.sent.bytes, flow.received.bytes));
        }
    }

    /// `bytes`: out, and back.
    fn tunnel(&mut self, sides: Sides, protocol: &'static str, flow: &Flow, bytes: (u64, u64)) {
        let tunnel = self.tunnels.touch((sides.host, sides.remote), || Tunnel {
            first_at: flow.first_at,
            last_at: flow.last_at,
            protocol,
            connections: 0,
            sent_bytes: 0,
            received_bytes: 0,
        });
        tunnel.first_at = tunnel.first_at.min(flow.first_at);
        tunnel.last_at = tunnel.last_at.max(flow.last_at);
        tunnel.connections += 1;
        tunnel.sent_bytes = tunnel.sent_bytes.saturating_add(bytes.0);
        tunnel.received_bytes = tunnel.received_bytes.saturating_add(bytes.1);
    }
}

impl Detector for Anonymiser {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::TlsClient(client) => self.hello(event, client, network),
            Seen::TlsCertificate(certificate) => self.certificate(event, certificate, network),
            Seen::Carried(carrier) => {
                if let Some(sides) = network.tunnel(carrier) {
                    self.carried.touch(event.flow, || (sides, carrier.tunnel.key()));
                }
            }
            Seen::FlowEnded(flow) => self.flow(flow, network),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let onions = self.onions.sorted().into_iter();
        let onions = onions.filter_map(|(host, onion)| onion.detection(*host, network));
        let tunnels = self.tunnels.sorted().into_iter();
        onions.chain(tunnels.map(|((host, remote), tunnel)| tunnel.detection(*host, *remote, network))).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.onions.age(WEEK);
        self.tunnels.age(WEEK);
        self.pending.age(DAY);
        self.carried.age(DAY);
    }

    fn is_nearly_full(&self) -> bool {
        self.onions.is_nearly_full() || self.tunnels.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.onions.dropped() + self.tunnels.dropped() + self.pending.dropped() + self.carried.dropped()
    }
}

impl Onion {
    /// One made-up name alone may be anybody's.
    fn weight(&self) -> Option<(Severity, f64)> {
        let several = self.names.len() > 1;
        match (self.certified > 0, several, self.at_relay_port > 0) {
            (true, _, _) => Some((Severity::Medium, 0.95)),
            (_, true, true) => Some((Severity::Medium, 0.9)),
            (_, true, false) => Some((Severity::Medium, 0.8)),
            (_, _, true) => Some((Severity::Low, 0.6)),
            _ => None,
        }
    }

    fn detection(&self, host: IpAddr, network: &Network) -> Option<Detection> {
        let (severity, confidence) = self.weight()?;
        let places: Vec<String> = self.places.iter().map(|place| format!("{}:{}", place.ip, place.port)).collect();
        let count = places.len();
        let summary = Text::made(
            format!(
                "{host} gebruikt waarschijnlijk Tor, een netwerk dat verbergt met wie iemand praat ({count} \
                 {relais}). Mensen gebruiken het soms zelf, maar gijzelsoftware doet het ook. Vraag de gebruiker ernaar; \
                 weet die van niets, laat het apparaat dan nakijken.",
                relais = if count == 1 { "tussenstation" } else { "tussenstations" },
            ),
            format!(
                "{host} probably uses Tor, a network that hides whom one talks to ({count} {relays}). People use it \
                 themselves at times, but so does ransomware. Ask the user; if they know nothing of it, have the device \
                 looked at.",
                relays = if count == 1 { "relay" } else { "relays" },
            ),
        );
        Some(Detection {
            id: id_of(&[Kind::Anonymiser.key(), "tor", &host.to_string()]),
            first_at: self.first_at,
            last_at: self.last_at,
            host: network.host(host),
            kind: Kind::Anonymiser,
            severity,
            confidence,
            technique: vec!["T1090.003"],
            remote: Remote { ip: Some(self.latest.ip), port: Some(self.latest.port), domain: None },
            evidence: BTreeMap::from([
                ("network", Figure::Text("tor".into())),
                ("made_up_names", Figure::Texts(self.names.iter().cloned().collect())),
                ("relays", Figure::Texts(places)),
                ("handshakes", Figure::Whole(self.handshakes)),
                ("relay_certificates", Figure::Whole(self.certified)),
                ("at_relay_port", Figure::Whole(self.at_relay_port)),
            ]),
            summary,
        })
    }
}

impl Tunnel {
    fn detection(&self, host: IpAddr, remote: Endpoint, network: &Network) -> Detection {
        let (name, is_vpn) = match self.protocol {
            "wireguard" => ("WireGuard", true),
            "openvpn" => ("OpenVPN", true),
            "tailscale" => ("Tailscale", true),
            "gre" => ("GRE", false),
            "ip_in_ip" => ("IP in IP", false),
            "vxlan" => ("VXLAN", false),
            "geneve" => ("Geneve", false),
            other => (other, false),
        };
        let domain = network.name_of(host, remote.ip).map(str::to_owned);
        let place = domain.clone().unwrap_or_else(|| remote.ip.to_string());
        let (sent, received) = (words::bytes(self.sent_bytes), words::bytes(self.received_bytes));
        let (nl, en) = if is_vpn {
            (
                format!(
                    "{host} heeft een VPN-tunnel ({name}) naar {place}: {} erheen, {} terug. Wat erdoorheen gaat, is hier \
                     niet te zien. Is het geen tunnel van het bedrijf zelf, spreek dan af of dit mag.",
                    sent.nl, received.nl
                ),
                format!(
                    "{host} has a VPN tunnel ({name}) to {place}: {} sent, {} received. What goes through it cannot be seen \
                     here. If it is not the company's own tunnel, agree on whether this is allowed.",
                    sent.en, received.en
                ),
            )
        } else {
            (
                format!(
                    "{host} heeft een tunnel ({name}) naar {place}: {} erheen, {} terug. Zo'n tunnel verbindt vestigingen, \
                     of brengt IPv6; iemand kan er ook iets mee verbergen. Hij versleutelt zelf niets. Vraag wie hem maakte.",
                    sent.nl, received.nl
                ),
                format!(
                    "{host} has a tunnel ({name}) to {place}: {} sent, {} received. Such a tunnel joins offices, or brings \
                     IPv6; somebody may also hide something by it. By itself it encrypts nothing. Ask who made it.",
                    sent.en, received.en
                ),
            )
        };
        let summary = Text::made(nl, en);
        Detection {
            id: id_of(&[
                Kind::Anonymiser.key(),
                self.protocol,
                &host.to_string(),
                &format!("{}:{}", remote.ip, remote.port),
            ]),
            first_at: self.first_at,
            last_at: self.last_at,
            host: network.host(host),
            kind: Kind::Anonymiser,
            severity: Severity::Low,
            confidence: 0.4,
            technique: vec!["T1572"],
            remote: Remote { ip: Some(remote.ip), port: Some(remote.port).filter(|port| *port > 0), domain },
            evidence: BTreeMap::from([
                ("network", Figure::Text(self.protocol.into())),
                ("connections", Figure::Whole(self.connections)),
                ("sent_bytes", Figure::Whole(self.sent_bytes)),
                ("received_bytes", Figure::Whole(self.received_bytes)),
            ]),
            summary,
        }
    }
}

/// A relay's certificate: from one made-up `www.….com` to another `www.….net`, and no word more.
fn is_of_a_relay(certificate: &TlsCertificate) -> bool {
    let (Some(subject), Some(issuer)) = (&certificate.subject, &certificate.issuer) else { return false };
    let says_more = certificate.subject_organisation.is_some() || certificate.issuer_organisation.is_some();
    !says_more
        && certificate.names.is_empty()
        && certificate.chain == 1
        && subject != issuer
        && subject.ends_with(".net")
        && issuer.ends_with(".com")
        && [subject, issuer].into_iter().all(|name| drawn_label(name).is_some())
}

/// Whether it is a name as Tor draws them: `www.`, letters and digits of base 32, `.com` or `.net`; and not one that
/// somebody would think of.
fn is_made_up(name: &str) -> bool {
    drawn_label(name).is_some_and(looks_drawn)
}

/// The middle of `www.….com`, when it could have been drawn: 4 to 25 of `a` to `z` and `2` to `7`.
fn drawn_label(name: &str) -> Option<&str> {
    let label = name.strip_prefix("www.")?;
    let label = label.strip_suffix(".com").or_else(|| label.strip_suffix(".net"))?;
    let is_drawable = |byte: u8| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
    ((4..=25).contains(&label.len()) && label.bytes().all(is_drawable)).then_some(label)
}

/// Whether digits stand between letters, or too many consonants in a row.
fn looks_drawn(label: &str) -> bool {
    let bytes = label.as_bytes();
    let is_between = |three: &[u8]| matches!(three, [a, b, c] if a.is_ascii_lowercase() && b.is_ascii_digit() && c.is_ascii_lowercase());
    let changes =
        bytes.windows(2).filter(|two| matches!(two, [a, b] if a.is_ascii_digit() != b.is_ascii_digit())).count();
    let is_consonant = |byte: &u8| byte.is_ascii_lowercase() && !b"aeiouy".contains(byte);
    let longest = bytes.split(|byte| !is_consonant(byte)).map(<[u8]>::len).max().unwrap_or_default();
    bytes.len() >= 6 && (changes >= 3 || longest >= 5 || longest >= 4 && bytes.windows(3).any(is_between))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_think_of_are_not_made_up() {
        for name in [
            "www.google.com",
            "www.nu2go.com",
            "www.365online.com",
            "www.rijksoverheid.nl",
            "www.microsoft.com",
            "www.4tube.com",
            "www.schwartz.com",
            "www.booking.com",
            "www.web2print.com",
            "mail.wohgpas45j6ucw.com",
            "www.wohgpas45j6ucw.org",
            "www.a.com",
            "www.b2b.com",
            "www.abc.example.com",
        ] {
            assert!(!is_made_up(name) || name == "{name}");
        }
    }

    #[test]
    fn names_that_tor_draws_are_made_up() {
        for name in [
            "www.gfu7hbxpfp.com",
            "www.ct7ctrgb6cr7.com",
            "www.e6r5p57kbafwrxj3plz.com",
            "www.q4cyamnc6mtokjurvdclt.com",
            "www.4gk67zpn3brh7qxg.com",
            "www.e4od3hnssyu6g.com",
            "www.t3i3ru.com",
        ] {
            assert!(is_made_up(name), "{name}");
        }
    }
}
