//! Streams of events as the wire would tell them, made by hand.

mod probes;

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use wire::event::*;

/// Events in the making; times are seconds after a fixed moment.
#[derive(Default)]
pub(super) struct Stream {
    events: Vec<Event>,
    flows: u64,
    chance: u64,
}

fn at(seconds: f64) -> Timestamp {
    let start: Timestamp = "2026-10-19T06:00:00Z".parse().unwrap();
    start + SignedDuration::from_micros((seconds * 1e6) as i64)
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn mac(ip: IpAddr) -> Option<[u8; 6]> {
    match ip {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            Some([2, 0, a, b, c, d])
        }
        IpAddr::V6(_) => None,
    }
}

impl Stream {
    /// All events, by time.
    pub(super) fn events(&self) -> Vec<Event> {
        let mut events = self.events.clone();
        events.sort_by_key(|event| event.at);
        events
    }

    /// Repeats something `count` times, every `period` seconds give or take `jitter`.
    pub(super) fn every(&mut self, period: f64, jitter: f64, count: usize, mut make: impl FnMut(&mut Self, f64)) {
        let mut at = 1.0 + self.random() * period;
        for _ in 0..count {
            make(self, at);
            at += period * (1.0 + jitter * (2.0 * self.random() - 1.0));
        }
    }

    pub(super) fn dns(&mut self, seconds: f64, client: &str, name: &str, answers: &[&str]) {
        self.dns_via(seconds, client, "198.51.100.53", name, answers);
    }

    pub(super) fn dns_via(&mut self, seconds: f64, client: &str, resolver: &str, name: &str, answers: &[&str]) {
        let answers = answers
            .iter()
            .map(|address| DnsAnswer {
                name: name.into(),
                kind: "A".into(),
                ttl: 60,
                data: DnsData::Address(ip(address)),
            })
            .collect();
        let dns = Dns {
            name: name.into(),
            kind: "A".into(),
            transaction: 1,
            answered_at: Some(at(seconds)),
            code: Some("NOERROR".into()),
            answers,
        };
        let conversation = self.conversation(Transport::Udp, client, resolver, 53);
        self.conversation_of(seconds, conversation, vec![(0.0, Kind::Dns(dns))], Some("dns"), None, 60, 90);
    }

    #[expect(clippy::too_many_arguments, reason = "a table of what crossed the wire")]
    pub(super) fn tls(
        &mut self,
        at: f64,
        client: &str,
        server: &str,
        sni: Option<&str>,
        ja4: &str,
        sent: u64,
        received: u64,
    ) {
        self.tls_port(at, client, server, 443, sni, ja4, sent, received);
    }

    #[expect(clippy::too_many_arguments, reason = "a table of what crossed the wire")]
    pub(super) fn tls_port(
        &mut self,
        at: f64,
        client: &str,
        server: &str,
        port: u16,
        sni: Option<&str>,
        ja4: &str,
        sent: u64,
        received: u64,
    ) {
        let hello = TlsClient {
            sni: sni.map(str::to_owned),
            alpn: vec![],
            version: "1.3".into(),
            ja3: String::new(),
            ja3_text: String::new(),
            ja4: ja4.into(),
        };
        let conversation = self.conversation(Transport::Tcp, client, server, port);
        self.conversation_of(at, conversation, vec![(0.05, Kind::TlsClient(hello))], Some("tls"), sni, sent, received);
    }

    #[expect(clippy::too_many_arguments, reason = "a table of what crossed the wire")]
    pub(super) fn http(
        &mut self,
        at: f64,
        client: &str,
        server: &str,
        host: &str,
        agent: &str,
        sent: u64,
        received: u64,
    ) {
        let conversation = self.conversation(Transport::Tcp, client, server, 80);
        let request = (0.05, request(host, agent));
        self.conversation_of(at, conversation, vec![request], Some("http"), Some(host), sent, received);
    }

    pub(super) fn http_kept_open(&mut self, client: &str, server: &str, host: &str, requests: &[f64]) {
        let conversation = self.conversation(Transport::Tcp, client, server, 80);
        let (sent, received) = (200 * requests.len() as u64, 100 * requests.len() as u64);
        let requests = requests.iter().map(|after| (*after, request(host, "Mozilla/5.0"))).collect();
        self.conversation_of(1.0, conversation, requests, Some("http"), Some(host), sent, received);
    }

    pub(super) fn udp(&mut self, at: f64, client: &str, server: &str, port: u16, sent: u64, received: u64) {
        let conversation = self.conversation(Transport::Udp, client, server, port);
        self.conversation_of(at, conversation, vec![], None, None, sent, received);
    }

    /// A conversation over TCP (over UDP where its protocol is): what is said in it, each so long after its beginning.
    #[expect(clippy::too_many_arguments, reason = "a table of what crossed the wire")]
    pub(super) fn talk(
        &mut self,
        at: f64,
        client: &str,
        (server, port): (&str, u16),
        said: Vec<(f64, Kind)>,
        application: Option<&'static str>,
        sent: u64,
        received: u64,
    ) {
        let transport = if matches!(application, Some("wireguard" | "tailscale" | "stun")) {
            Transport::Udp
        } else {
            Transport::Tcp
        };
        let conversation = self.conversation(transport, client, server, port);
        self.conversation_of(at, conversation, said, application, None, sent, received);
    }

    /// What a conversation over TCP carries within a tunnel between these two, from the client's side to the server's.
    #[expect(clippy::too_many_arguments, reason = "a table of what crossed the wire")]
    pub(super) fn carried(
        &mut self,
        at: f64,
        (tunnel, from, to): (Tunnel, &str, &str),
        (client, server, port): (&str, &str, u16),
        said: Vec<(f64, Kind)>,
        application: Option<&'static str>,
        sent: u64,
        received: u64,
    ) {
        let carrier = Kind::Carried(Carrier { tunnel, client: ip(from), server: ip(to) });
        let said = std::iter::once((0.0, carrier)).chain(said).collect();
        self.talk(at, client, (server, port), said, application, sent, received);
    }

    fn conversation(&mut self, transport: Transport, client: &str, server: &str, port: u16) -> Conversation {
        let source = 49_152 + (self.flows % 16_000) as u16;
        Conversation {
            transport,
            client: Endpoint { ip: ip(client), port: source },
            server: Endpoint { ip: ip(server), port },
        }
    }

    /// A conversation of half a second after the last thing said in it.
    #[expect(clippy::too_many_arguments, reason = "a table of what crossed the wire")]
    fn conversation_of(
        &mut self,
        start: f64,
        conversation: Conversation,
        said: Vec<(f64, Kind)>,
        application: Option<&'static str>,
        name: Option<&str>,
        sent: u64,
        received: u64,
    ) {
        self.flows += 1;
        let id = FlowId(self.flows);
        let end = start + said.iter().map(|(after, _)| *after).fold(0.0, f64::max) + 0.5;
        let mut event = |seconds, kind| self.events.push(Event { at: at(seconds), flow: id, conversation, kind });
        event(start, Kind::FlowStarted);
        for (after, kind) in said {
            event(start + after, kind);
        }
        let is_tcp = conversation.transport == Transport::Tcp;
        let flow = Flow {
            id,
            conversation,
            client_mac: mac(conversation.client.ip),
            server_mac: mac(conversation.server.ip),
            vlan: None,
            first_at: at(start),
            last_at: at(end),
            is_timed: true,
            sent: Volume { packets: 4, bytes: sent + 80 },
            received: Volume { packets: u64::from(received > 0) * 4, bytes: received + 80 },
            sent_payload: sent,
            received_payload: received,
            handshake: if is_tcp { Handshake::Established } else { Handshake::NotSeen },
            end: FlowEnd::Finished,
            application,
            name: name.map(str::to_owned),
        };
        event(end, Kind::FlowEnded(Box::new(flow)));
    }

    /// SplitMix64, from 0 to 1.
    fn random(&mut self) -> f64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.chance;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn request(host: &str, agent: &str) -> Kind {
    Kind::HttpRequest(HttpRequest {
        stream: 0,
        method: "GET".into(),
        host: Some(host.into()),
        path: "/".into(),
        query: None,
        user_agent: Some(agent.into()),
        content_type: None,
        content_length: None,
        has_accept: true,
        referer: Referer::Absent,
    })
}

fn arbitrary_address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        (0..4u8).prop_map(|n| IpAddr::from([10, 0, 0, n])),
        (0..4u8).prop_map(|n| IpAddr::from([203, 0, 113, n])),
        any::<[u8; 4]>().prop_map(IpAddr::from),
        any::<[u8; 16]>().prop_map(IpAddr::from),
    ]
}

fn arbitrary_endpoint() -> impl Strategy<Value = Endpoint> {
    (arbitrary_address(), prop_oneof![Just(443u16), Just(53), any::<u16>()])
        .prop_map(|(ip, port)| Endpoint { ip, port })
}

fn arbitrary_moment() -> impl Strategy<Value = Timestamp> {
    let second = prop_oneof![
        0i64..100_000,
        Timestamp::MIN.as_second()..Timestamp::MAX.as_second(),
        Just(Timestamp::MIN.as_second()),
        Just(Timestamp::MAX.as_second())
    ];
    second.prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn arbitrary_name() -> impl Strategy<Value = String> {
    prop_oneof![Just("evil.example".to_owned()), Just("10.0.0.1".to_owned()), ".*", "[a-z.]{0,300}"]
}

/// Any event, sensible or not.
pub(super) fn arbitrary_event() -> impl Strategy<Value = Event> {
    let transport = prop_oneof![
        Just(Transport::Tcp),
        Just(Transport::Udp),
        Just(Transport::Icmp),
        any::<u8>().prop_map(Transport::Other)
    ];
    let conversation = (transport, arbitrary_endpoint(), arbitrary_endpoint())
        .prop_map(|(transport, client, server)| Conversation { transport, client, server });
    (
        arbitrary_moment(),
        arbitrary_moment(),
        0..8u64,
        conversation,
        0..6u8,
        arbitrary_name(),
        arbitrary_address(),
        any::<u64>(),
    )
        .prop_map(|(at, other, flow, conversation, what, name, address, amount)| {
            let id = FlowId(flow);
            let kind = match what {
                0 => Kind::FlowStarted,
                1 => Kind::Dns(Dns {
                    name: name.clone(),
                    kind: "A".into(),
                    transaction: 0,
                    answered_at: (amount % 2 == 0).then_some(other),
                    code: None,
                    answers: vec![DnsAnswer { name, kind: "A".into(), ttl: 0, data: DnsData::Address(address) }],
                }),
                2 => Kind::TlsClient(TlsClient {
                    sni: Some(name),
                    alpn: vec![],
                    version: String::new(),
                    ja3: String::new(),
                    ja3_text: String::new(),
                    ja4: amount.to_string(),
                }),
                3 => request(&name, &name),
                4 => Kind::Carried(Carrier { tunnel: Tunnel::Gre, client: address, server: conversation.client.ip }),
                _ => Kind::FlowEnded(Box::new(Flow {
                    id,
                    conversation,
                    client_mac: None,
                    server_mac: Some([0; 6]),
                    vlan: None,
                    first_at: at,
                    last_at: other,
                    is_timed: true,
                    sent: Volume { packets: amount, bytes: amount },
                    received: Volume { packets: amount, bytes: amount },
                    sent_payload: amount,
                    received_payload: amount,
                    handshake: if amount % 2 == 0 { Handshake::Established } else { Handshake::Attempted },
                    end: FlowEnd::Idle,
                    application: Some("tls"),
                    name: (amount % 3 == 0).then_some(name),
                })),
            };
            Event { at, flow: id, conversation, kind }
        })
}
