//! Events to rows: what belongs to one conversation is gathered until it is over.
//!
//! Bounded: fingerprints of so many conversations, names of so many addresses; beyond that rows have fewer of them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use wire::event::{Dns, DnsData, Event, FlowId, Kind};

use crate::row::{DnsRow, FlowRow, Row};

/// Conversations whose fingerprints are remembered until their end.
const MAX_MARKED: usize = 16_384;

/// Addresses whose names are remembered, in each of two generations.
const MAX_NAMED: usize = 8_192;

#[derive(Debug, Default)]
pub(crate) struct Gather {
    marked: HashMap<FlowId, Marks>,
    names: Names,
}

/// What a conversation is known by.
#[derive(Debug, Default)]
struct Marks {
    ja3: Option<String>,
    ja4: Option<String>,
    sha1: Option<String>,
    sha256: Option<String>,
}

impl Gather {
    /// The row that an event completes, if it does.
    pub(crate) fn event(&mut self, event: &Event) -> Option<Row> {
        let (client, server) = (event.conversation.client.ip, event.conversation.server.ip);
        match &event.kind {
            Kind::Dns(dns) => {
                self.names.answered(client, dns);
                Some(Row::Dns(Box::new(DnsRow::new(event.at, client, server, dns))))
            }
            Kind::TlsClient(hello) => {
                let marks = self.marks(event.flow)?;
                marks.ja3.get_or_insert_with(|| hello.ja3.clone());
                marks.ja4.get_or_insert_with(|| hello.ja4.clone());
                None
            }
            Kind::TlsCertificate(certificate) => {
                let marks = self.marks(event.flow)?;
                marks.sha1.get_or_insert_with(|| certificate.sha1.clone());
                marks.sha256.get_or_insert_with(|| certificate.sha256.clone());
                None
            }
            Kind::FlowEnded(flow) => {
                let marks = self.marked.remove(&flow.id).unwrap_or_default();
                let mut row = FlowRow::new(flow);
                let known = |text: String| (!text.is_empty()).then_some(text);
                row.ja3 = marks.ja3.and_then(known);
                row.ja4 = marks.ja4.and_then(known);
                row.certificate_sha1 = marks.sha1.and_then(known);
                row.certificate_sha256 = marks.sha256.and_then(known);
                row.dns_name = self.names.name(row.client_ip, row.server_ip).map(str::to_owned);
                Some(Row::Flow(Box::new(row)))
            }
            _ => None,
        }
    }

    /// Forgets everything: nothing is kept any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    fn marks(&mut self, flow: FlowId) -> Option<&mut Marks> {
        if self.marked.len() >= MAX_MARKED && !self.marked.contains_key(&flow) {
            return None;
        }
        Some(self.marked.entry(flow).or_default())
    }
}

/// Under which names addresses were looked up last: by a client, and by anybody.
#[derive(Debug, Default)]
struct Names {
    young: HashMap<(Option<IpAddr>, IpAddr), Arc<str>>,
    old: HashMap<(Option<IpAddr>, IpAddr), Arc<str>>,
}

impl Names {
    fn answered(&mut self, client: IpAddr, dns: &Dns) {
        let mut name: Option<Arc<str>> = None;
        for answer in &dns.answers {
            let DnsData::Address(ip) = answer.data else { continue };
            let name = name.get_or_insert_with(|| Arc::from(dns.name.as_str()));
            for key in [(Some(client.to_canonical()), ip.to_canonical()), (None, ip.to_canonical())] {
                if self.young.len() >= MAX_NAMED {
                    self.old = std::mem::take(&mut self.young);
                }
                self.young.insert(key, Arc::clone(name));
            }
        }
    }

    fn name(&self, client: IpAddr, server: IpAddr) -> Option<&str> {
        let of = |key| self.young.get(&key).or_else(|| self.old.get(&key));
        of((Some(client), server)).or_else(|| of((None, server))).map(AsRef::as_ref)
    }
}
