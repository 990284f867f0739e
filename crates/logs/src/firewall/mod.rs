//! Logs of firewalls: what they let through, with counts where they give them, and what they turned away.
//!
//! A firewall's outside is the internet, which knocks all the time: what it turned away of strangers is passed over,
//! as are conversations that neither begin nor end at home. What is passed over is counted, by why.

mod cef;
mod filterlog;
mod fortigate;
mod netfilter;
mod sophos;
mod web;

use std::net::IpAddr;

use jiff::Timestamp;
use wire::event::{
    Conversation, Endpoint, Event, Flow, FlowEnd, FlowId, Handshake, Kind, TlsClient, Transport, Volume,
};

pub(crate) use self::{
    cef::fortios, cef::is_fortios, cef::line as cef, filterlog::Filterlog, fortigate::Fortigate,
    netfilter::line as netfilter, sophos::line as sophos,
};
use crate::conversation::{Numbers, payload};
use crate::unused::Unused;

/// What came of a line that is understood.
pub(crate) type Read = Result<(), Unused>;

/// The moment that counts for a line which does not say its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp {
    pub(crate) at: Timestamp,
    /// Whether it is that of what happened: not where it is that of reading, in the rhythm of whoever writes files.
    pub(crate) is_timed: bool,
}

impl Stamp {
    /// A line's own.
    fn own(at: Timestamp) -> Self {
        Self { at, is_timed: true }
    }
}

/// What the firewall did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It turned it away: nobody answered.
    Denied,
    /// It let it begin; what became of it is not said.
    Passed,
    /// It is over, and this is what was counted.
    Ended(FlowEnd),
}

/// A conversation as a firewall tells it.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
    pub(crate) is_timed: bool,
    pub(crate) transport: Transport,
    pub(crate) client: Endpoint,
    pub(crate) server: Endpoint,
    pub(crate) verdict: Verdict,
    pub(crate) sent: Volume,
    pub(crate) received: Volume,
    pub(crate) client_mac: Option<[u8; 6]>,
    pub(crate) server_mac: Option<[u8; 6]>,
    pub(crate) is_ping: bool,
    /// The name that the client asked for, where the firewall looked.
    pub(crate) name: Option<String>,
}

impl Told {
    pub(crate) fn new(
        Stamp { at, is_timed }: Stamp,
        transport: Transport,
        client: Endpoint,
        server: Endpoint,
        verdict: Verdict,
    ) -> Self {
        Self {
            first_at: at,
            last_at: at,
            is_timed,
            transport,
            client,
            server,
            verdict,
            sent: Volume::default(),
            received: Volume::default(),
            client_mac: None,
            server_mac: None,
            is_ping: false,
            name: None,
        }
    }

    /// Tells it where it says something of the inside.
    pub(crate) fn tell(
        self,
        is_home: impl Fn(IpAddr) -> bool,
        numbers: &mut Numbers,
        sink: &mut dyn FnMut(Event),
    ) -> Read {
        concerns(is_home(self.client.ip), is_home(self.server.ip), self.verdict == Verdict::Denied)?;
        sink(self.event(numbers.next()));
        Ok(())
    }

    fn event(mut self, id: FlowId) -> Event {
        if self.verdict == Verdict::Denied {
            self.received = Volume::default();
            self.sent.packets = self.sent.packets.max(1);
        }
        if self.verdict == Verdict::Passed {
            self.sent.packets = self.sent.packets.max(1);
        }
        // Some count bytes alone: then there was at least a packet.
        for volume in [&mut self.sent, &mut self.received] {
            volume.packets = volume.packets.max(u64::from(volume.bytes > 0));
        }
        let handshake = match (self.transport, self.verdict) {
            (Transport::Tcp, Verdict::Denied) => Handshake::Attempted,
            (Transport::Tcp, Verdict::Ended(_)) if self.received.packets > 0 => Handshake::Established,
            (Transport::Tcp, Verdict::Ended(_)) if self.sent.packets > 0 => Handshake::Attempted,
            _ => Handshake::NotSeen,
        };
        let end = match self.verdict {
            Verdict::Ended(end) => end,
            Verdict::Denied | Verdict::Passed => FlowEnd::Idle,
        };
        let conversation = Conversation { transport: self.transport, client: self.client, server: self.server };
        let flow = Flow {
            id,
            conversation,
            client_mac: self.client_mac,
            server_mac: self.server_mac,
            vlan: None,
            first_at: self.first_at,
            last_at: self.last_at,
            is_timed: self.is_timed,
            sent: self.sent,
            received: self.received,
            sent_payload: payload(self.sent, self.transport, self.client.ip),
            received_payload: payload(self.received, self.transport, self.server.ip),
            handshake,
            end,
            application: self.is_ping.then_some("ping"),
            name: self.name,
        };
        Event { at: flow.last_at, flow: id, conversation, kind: Kind::FlowEnded(Box::new(flow)) }
    }
}

/// Whether something between these ends says anything of the inside.
fn concerns(is_clients_home: bool, is_servers_home: bool, is_denied: bool) -> Read {
    match (is_clients_home, is_servers_home, is_denied) {
        (true, ..) | (false, true, false) => Ok(()),
        (false, _, true) => Err(Unused::Knocking),
        (false, false, false) => Err(Unused::Elsewhere),
    }
}

/// A name seen by a firewall that looks into handshakes, as what it saw of one: nothing else of it is known.
pub(crate) fn hello(name: String) -> Kind {
    Kind::TlsClient(TlsClient {
        sni: Some(name),
        alpn: Vec::new(),
        version: String::new(),
        ja3: String::new(),
        ja3_text: String::new(),
        ja4: String::new(),
    })
}
