//! Conversations that nobody answers, and those that say nothing.

use wire::event::*;

use super::{Stream, at, ip, mac};

impl Stream {
    /// A try at a port (0 with [`Transport::Icmp`]: a ping), answered or not.
    pub(in crate::tests) fn probe(
        &mut self,
        start: f64,
        client: &str,
        server: &str,
        transport: Transport,
        port: u16,
        answer: Option<u64>,
    ) {
        let conversation = self.conversation(transport, client, server, port);
        self.flows += 1;
        let id = FlowId(self.flows);
        let is_answered = answer.is_some();
        let handshake = match (transport, is_answered) {
            (Transport::Tcp, true) => Handshake::Established,
            (Transport::Tcp, false) => Handshake::Attempted,
            _ => Handshake::NotSeen,
        };
        let flow = Flow {
            id,
            conversation,
            client_mac: mac(conversation.client.ip),
            server_mac: mac(conversation.server.ip),
            vlan: None,
            first_at: at(start),
            last_at: at(start + 0.1),
            is_timed: true,
            sent: Volume { packets: 1, bytes: 60 },
            received: Volume { packets: u64::from(is_answered), bytes: answer.unwrap_or_default() },
            sent_payload: 0,
            received_payload: answer.unwrap_or_default(),
            handshake,
            end: FlowEnd::Idle,
            application: (transport == Transport::Icmp).then_some("ping"),
            name: None,
        };
        self.events.push(Event { at: at(start), flow: id, conversation, kind: Kind::FlowStarted });
        self.events.push(Event { at: at(start + 0.1), flow: id, conversation, kind: Kind::FlowEnded(Box::new(flow)) });
    }

    /// What one conversation's pings carried.
    pub(in crate::tests) fn echo(&mut self, seconds: f64, client: &str, server: &str, echo: IcmpEcho) {
        self.flows += 1;
        let end = |text| Endpoint { ip: ip(text), port: 0 };
        let conversation = Conversation { transport: Transport::Icmp, client: end(client), server: end(server) };
        let flow = FlowId(self.flows);
        self.events.push(Event { at: at(seconds), flow, conversation, kind: Kind::IcmpEcho(echo) });
    }

    /// A question of any kind with its answer, over the office's resolver; an answer of no code was never seen.
    pub(in crate::tests) fn ask(
        &mut self,
        seconds: f64,
        client: &str,
        name: &str,
        kind: &str,
        code: Option<&str>,
        answers: Vec<DnsAnswer>,
    ) {
        let dns = Dns {
            name: name.into(),
            kind: kind.into(),
            transaction: 1,
            answered_at: code.map(|_| at(seconds)),
            code: code.map(str::to_owned),
            answers,
        };
        let conversation = self.conversation(Transport::Udp, client, "198.51.100.53", 53);
        self.conversation_of(seconds, conversation, vec![(0.0, Kind::Dns(dns))], Some("dns"), None, 60, 90);
    }

    /// One HTTP request, its answer and what the answer begins with.
    pub(in crate::tests) fn exchange(
        &mut self,
        client: &str,
        server: &str,
        port: u16,
        request: HttpRequest,
        answer: HttpResponse,
        content: Content,
    ) {
        let conversation = self.conversation(Transport::Tcp, client, server, port);
        let name = request.host.clone();
        let said = vec![
            (0.05, Kind::HttpRequest(request)),
            (0.1, Kind::HttpResponse(answer)),
            (0.11, Kind::HttpBody(HttpBody { stream: 0, content, is_from_client: false })),
        ];
        let start = self.flows as f64;
        self.conversation_of(start, conversation, said, Some("http"), name.as_deref(), 500, 5_000);
    }
}
