//! One flow: its counters, and its content's parsers.

use jiff::Timestamp;

use super::Limits;
use super::copies::Copies;
use crate::datagram::{Datagram, Reader};
use crate::dns;
use crate::dns::pairing::Pairing;
use crate::event::{Conversation, Endpoint, Flow, FlowEnd, FlowId, Handshake, Kind, Transport, Volume};
use crate::findings::Findings;
use crate::frame::{Packet, TcpHeader};
use crate::http::connection::Exchange;
use crate::icmp::{self, Echoes};
use crate::login::{Side, Talk};
use crate::remote::Logons;
use crate::stream::{Shared, Stream};

/// Ports below are servers' (RFC 6335 §6: system ports).
const FIRST_USER_PORT: u16 = 1024;

/// Multicast DNS, LLMNR and NetBIOS look like DNS and are none.
const DNS_LOOKALIKES: [u16; 3] = [5353, 5355, 137];

#[derive(Debug)]
pub(super) struct Connection {
    flow: Flow,
    tcp: Option<Box<Tcp>>,
    /// Whether the datagrams are read as DNS.
    datagrams_are_dns: bool,
    reader: Reader,
    pairing: Pairing,
    /// What its pings carry, where it is ICMP.
    echoes: Option<Box<Echoes>>,
    copies: Copies,
}

/// What only a TCP connection has.
#[derive(Debug, Default)]
struct Tcp {
    client: Stream,
    server: Stream,
    exchange: Exchange,
    talk: Talk,
    logons: Logons,
    client_fin: bool,
    server_fin: bool,
    /// How it said goodbye, if it did.
    goodbye: Option<FlowEnd>,
}

/// Which way a packet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    ToServer,
    ToClient,
}

impl Connection {
    /// A flow that begins with this packet, which is yet to be taken.
    pub(super) fn open(id: FlowId, packet: &Packet<'_>, at: Timestamp) -> Self {
        let (client, server, client_mac, server_mac) = if is_from_server(packet) {
            (packet.destination, packet.source, packet.destination_mac, packet.source_mac)
        } else {
            (packet.source, packet.destination, packet.source_mac, packet.destination_mac)
        };
        let conversation = Conversation { transport: packet.transport, client, server };
        let has_port = |port: u16| client.port == port || server.port == port;
        let is_udp = packet.transport == Transport::Udp;
        let could_be_dns = is_udp && !DNS_LOOKALIKES.into_iter().any(has_port);
        let datagrams_are_dns = is_udp && has_port(dns::PORT)
            || could_be_dns && packet.fragment.is_none() && dns::looks_like_question(packet.payload);
        Self {
            flow: Flow {
                id,
                conversation,
                client_mac,
                server_mac,
                vlan: packet.vlan,
                first_at: at,
                last_at: at,
                is_timed: true,
                sent: Volume::default(),
                received: Volume::default(),
                sent_payload: 0,
                received_payload: 0,
                handshake: Handshake::NotSeen,
                end: FlowEnd::EndOfInput,
                application: None,
                name: None,
            },
            tcp: (packet.transport == Transport::Tcp).then(Box::default),
            datagrams_are_dns,
            reader: Reader::default(),
            pairing: Pairing::default(),
            echoes: (packet.transport == Transport::Icmp).then(Box::default),
            copies: Copies::default(),
        }
    }

    pub(super) fn id(&self) -> FlowId {
        self.flow.id
    }

    pub(super) fn conversation(&self) -> Conversation {
        self.flow.conversation
    }

    /// After how long a silence it is over, in microseconds.
    fn idle(&self, limits: &Limits) -> u64 {
        match &self.tcp {
            None => limits.other_idle,
            Some(tcp) if tcp.goodbye.is_some() => limits.closing_idle,
            Some(_) if self.flow.handshake == Handshake::Attempted => limits.attempt_idle,
            Some(_) => limits.tcp_idle,
        }
    }

    /// Whether so much time lies between the last packet and `now` that a new one begins a new flow.
    pub(super) fn is_over(&self, now: Timestamp, limits: &Limits) -> bool {
        now.as_microsecond().abs_diff(self.flow.last_at.as_microsecond()) > self.idle(limits)
    }

    /// The second in which it is over, if it stays silent.
    pub(super) fn due(&self, limits: &Limits) -> i64 {
        self.flow.last_at.as_microsecond().saturating_add_unsigned(self.idle(limits)).div_euclid(1_000_000)
    }

    /// Whether this packet opens another connection between the same ports.
    pub(super) fn is_succeeded_by(&self, packet: &Packet<'_>) -> bool {
        let (Some(tcp), Some(header)) = (&self.tcp, packet.tcp) else { return false };
        let (stream, may_succeed) = match (header.syn, header.ack, self.way(packet)) {
            (true, false, Way::ToServer) => (&tcp.client, true),
            (true, false, Way::ToClient) => return true,
            (true, true, Way::ToClient) => (&tcp.server, tcp.goodbye.is_some()),
            _ => return false,
        };
        // The same number again: the packet was sent twice, or came in another order than it was sent.
        may_succeed && stream.beginning() != Some(header.sequence.wrapping_add(1))
    }

    /// Whether anything that it carries is still read, and so may be held.
    pub(super) fn is_reading(&self) -> bool {
        match &self.tcp {
            Some(tcp) => tcp.client.is_reading() || tcp.server.is_reading(),
            None => self.datagrams_are_dns || !matches!(self.reader, Reader::Done),
        }
    }

    /// Bytes held in memory for the flow's content.
    pub(super) fn buffered(&self) -> usize {
        let of_tcp = |tcp: &Tcp| tcp.client.buffered() + tcp.server.buffered() + tcp.talk.buffered();
        self.tcp.as_deref().map_or(self.reader.buffered(), of_tcp)
    }

    /// DNS questions that wait.
    pub(super) fn questions(&self) -> usize {
        self.pairing.len()
    }

    /// Goes on counting without reading the content.
    pub(super) fn give_up_reading(&mut self) {
        self.reader = Reader::Done;
        if let Some(tcp) = &mut self.tcp {
            tcp.client.give_up();
            tcp.server.give_up();
            tcp.talk = Talk::Over;
        }
    }

    /// Whether it is a mirror port's second copy of a packet that was taken just now. Remembers it otherwise.
    pub(super) fn is_copy(&mut self, packet: &Packet<'_>, at: Timestamp) -> bool {
        packet.mark.is_some_and(|mark| self.copies.is_copy(mark, at))
    }

    /// Takes a packet.
    pub(super) fn packet(
        &mut self,
        packet: &Packet<'_>,
        at: Timestamp,
        limits: &Limits,
        has_room: bool,
        findings: &mut Findings,
    ) {
        let found_before = findings.events.len();
        let way = self.way(packet);
        self.count(packet, way, at);
        if let Some(header) = packet.tcp {
            self.segment(packet, header, way, at, limits, has_room, findings);
        } else if packet.fragment.is_none_or(|fragment| fragment.offset == 0) {
            self.datagram(packet, way, at, has_room, findings);
        }
        if self.echoes.is_some() && packet.fragment.is_none() {
            self.echo(packet, at, findings);
        }
        self.recognise(found_before, findings);
    }

    /// The flow's record, after what was still unread or unanswered.
    pub(super) fn close(mut self, end: FlowEnd, findings: &mut Findings) {
        let found_before = findings.events.len();
        let is_dns = self.has_dns_port();
        let Self { flow, tcp, pairing, .. } = &mut self;
        flow.end = end;
        if let Some(tcp) = tcp {
            let Tcp { client, server, exchange, talk, logons, .. } = &mut **tcp;
            let (at, side) = (flow.last_at, Side::Client);
            let is_opened = flow.handshake != Handshake::NotSeen;
            let mut shared =
                Shared { at, side, is_dns, is_opened, has_room: true, exchange, talk, logons, pairing, findings };
            client.finish(&mut shared);
            shared.side = Side::Server;
            server.finish(&mut shared);
            talk.finish(at, findings);
            logons.finish(findings);
            exchange.finish(findings);
            flow.end = tcp.goodbye.unwrap_or(end);
        }
        pairing.finish(findings);
        if let Some(echoes) = &mut self.echoes {
            echoes.finish(self.flow.last_at, findings);
        }
        self.recognise(found_before, findings);
        findings.event(self.flow.last_at, Kind::FlowEnded(Box::new(self.flow)));
    }

    fn way(&self, packet: &Packet<'_>) -> Way {
        if packet.source == self.flow.conversation.client { Way::ToServer } else { Way::ToClient }
    }

    fn has_dns_port(&self) -> bool {
        let Conversation { client, server, .. } = self.flow.conversation;
        client.port == dns::PORT || server.port == dns::PORT
    }

    fn count(&mut self, packet: &Packet<'_>, way: Way, at: Timestamp) {
        let flow = &mut self.flow;
        flow.first_at = flow.first_at.min(at);
        flow.last_at = flow.last_at.max(at);
        let (volume, payload, mac) = match way {
            Way::ToServer => (&mut flow.sent, &mut flow.sent_payload, &mut flow.client_mac),
            Way::ToClient => (&mut flow.received, &mut flow.received_payload, &mut flow.server_mac),
        };
        volume.packets += 1;
        volume.bytes += packet.ip_length;
        *payload += packet.payload_length;
        *mac = mac.or(packet.source_mac);
        flow.vlan = flow.vlan.or(packet.vlan);
    }

    #[expect(clippy::too_many_arguments, reason = "one packet's circumstances, passed on as they came")]
    fn segment(
        &mut self,
        packet: &Packet<'_>,
        header: TcpHeader,
        way: Way,
        at: Timestamp,
        limits: &Limits,
        has_room: bool,
        findings: &mut Findings,
    ) {
        let is_dns = self.has_dns_port();
        let Self { flow, tcp, pairing, .. } = self;
        let Some(tcp) = tcp else { return };
        flow.handshake = handshake(flow.handshake, header, way);
        tcp.begin(header, way);
        tcp.goodbye = tcp.goodbye.or_else(|| tcp.goodbye_in(header, way));
        // What a reset carries is a reason for people, not content (RFC 9293 §3.10.7); a part whose content waits for the
        // others is read with the last of them, which may have come with a header alone.
        let is_empty = packet.payload.is_empty() && (packet.payload_length == 0 || packet.fragment.is_some());
        if header.rst || is_empty {
            return;
        }
        let Tcp { client, server, exchange, talk, logons, .. } = &mut **tcp;
        let (stream, side) = if way == Way::ToServer { (client, Side::Client) } else { (server, Side::Server) };
        let is_opened = flow.handshake != Handshake::NotSeen;
        let mut shared = Shared { at, side, is_dns, is_opened, has_room, exchange, talk, logons, pairing, findings };
        let sequence = header.sequence.wrapping_add(u32::from(header.syn));
        stream.segment(sequence, packet.payload, packet.payload_length, limits.reorder_bytes, &mut shared);
    }

    fn datagram(&mut self, packet: &Packet<'_>, way: Way, at: Timestamp, has_room: bool, findings: &mut Findings) {
        if packet.transport != Transport::Udp || packet.payload.is_empty() {
            return;
        }
        let is_whole = packet.payload.len() as u64 >= packet.payload_length && packet.fragment.is_none();
        if !self.datagrams_are_dns {
            let (is_from_client, ports) = (way == Way::ToServer, [packet.source.port, packet.destination.port]);
            let datagram = Datagram { at, payload: packet.payload, is_whole, is_from_client, ports };
            self.reader.take(datagram, findings);
            return;
        }
        // A part that is all there waits for the others.
        if packet.fragment.is_some() && packet.payload.len() as u64 >= packet.payload_length {
            return;
        }
        match dns::parse(packet.payload) {
            Ok(message) => {
                if is_whole && !message.is_complete {
                    findings.malformed(dns::INCOMPLETE);
                }
                self.flow.application = self.flow.application.or(Some("dns"));
                self.pairing.message(at, message, has_room, findings);
            }
            Err(what) => findings.malformed(what),
        }
    }

    fn echo(&mut self, packet: &Packet<'_>, at: Timestamp, findings: &mut Findings) {
        let Some(echoes) = &mut self.echoes else { return };
        let Some(echo) = icmp::parse(packet.payload, packet.source.ip.is_ipv6()) else { return };
        self.flow.application = self.flow.application.or(Some("ping"));
        echoes.message(echo, packet.payload_length, at, findings);
    }
    /// Learns from what was just found what the flow speaks and to whom, and tells the latter with who logs in.
    fn recognise(&mut self, found_before: usize, findings: &mut Findings) {
        let is_udp = self.flow.conversation.transport == Transport::Udp;
        self.flow.application = self.flow.application.or(findings.application.take());
        for (_, kind) in findings.events.get_mut(found_before..).unwrap_or_default() {
            let (application, name) = match kind {
                Kind::Dns(_) => ("dns", None),
                Kind::TlsClient(client) => (if is_udp { "quic" } else { "tls" }, client.sni.as_ref()),
                Kind::TlsServer(_) | Kind::TlsCertificate(_) => ("tls", None),
                Kind::Mining(_) => ("stratum", None),
                Kind::HttpRequest(request) => ("http", request.host.as_ref()),
                Kind::HttpResponse(_) => ("http", None),
                // To a proxy, whatever is asked of it.
                Kind::Login(login) if login.mechanism.starts_with("proxy ") => continue,
                Kind::Login(login) => {
                    login.name.clone_from(&self.flow.name);
                    continue;
                }
                Kind::PersonalData(data) => {
                    data.name.clone_from(&self.flow.name);
                    continue;
                }
                Kind::FlowStarted
                | Kind::Carried(_)
                | Kind::FlowEnded(_)
                | Kind::HostName(_)
                | Kind::RemoteAccess(_)
                | Kind::IcmpEcho(_)
                | Kind::HttpBody(_)
                | Kind::RawStream(_)
                | Kind::Ssh(_)
                | Kind::Alert(_) => continue,
            };
            self.flow.application = self.flow.application.or(Some(application));
            self.flow.name = self.flow.name.take().or_else(|| name.cloned());
        }
    }
}

impl Tcp {
    /// A SYN says where its direction begins, and an answer to it where the other one did.
    fn begin(&mut self, header: TcpHeader, way: Way) {
        if !header.syn {
            return;
        }
        let (own, other) = match way {
            Way::ToServer => (&mut self.client, &mut self.server),
            Way::ToClient => (&mut self.server, &mut self.client),
        };
        own.begin(header.sequence.wrapping_add(1));
        if header.ack {
            other.begin(header.acknowledgment);
        }
    }

    fn goodbye_in(&mut self, header: TcpHeader, way: Way) -> Option<FlowEnd> {
        match way {
            Way::ToServer => self.client_fin |= header.fin,
            Way::ToClient => self.server_fin |= header.fin,
        }
        if self.client_fin && self.server_fin {
            return Some(FlowEnd::Finished);
        }
        header.rst.then_some(FlowEnd::Reset)
    }
}

/// How far the handshake has come after this packet.
fn handshake(now: Handshake, header: TcpHeader, way: Way) -> Handshake {
    match (now, way) {
        (Handshake::NotSeen, Way::ToServer) if header.syn && !header.ack || is_probe(header) => Handshake::Attempted,
        (Handshake::NotSeen, Way::ToClient) if header.syn && header.ack => Handshake::Established,
        (Handshake::Attempted, Way::ToClient) if header.rst => Handshake::Refused,
        (Handshake::Attempted, Way::ToClient) => Handshake::Established,
        _ => now,
    }
}

/// Whether a segment has neither SYN nor ACK nor RST, as every segment of a connection has one of (RFC 9293 §3.10.7.4): it
/// asks whether a port is open, past those who look at SYNs alone (FIN, NULL and Xmas scans).
fn is_probe(header: TcpHeader) -> bool {
    !(header.syn || header.ack || header.rst)
}

/// Whether a conversation's first packet was sent by its server. Who speaks first is the client, unless the handshake
/// says otherwise or, where the beginning was not captured, the ports do.
fn is_from_server(packet: &Packet<'_>) -> bool {
    let is_from_well_known = |endpoint: Endpoint| endpoint.port < FIRST_USER_PORT;
    match packet.tcp {
        Some(header) if header.syn => header.ack,
        Some(header) if is_probe(header) => false,
        Some(_) => is_from_well_known(packet.source) && !is_from_well_known(packet.destination),
        None => {
            let (from, to) = (packet.source.port, packet.destination.port);
            packet.transport == Transport::Udp && from == dns::PORT && to >= FIRST_USER_PORT
        }
    }
}
