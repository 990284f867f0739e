//! EVE's DNS events: a question and its answer are two, put together here. Shapes: version 2 (one name, `query` and
//! `answer`) and 3 (`queries`, `request` and `response`).

use jiff::{SignedDuration, Timestamp};
use wire::event::{Dns, DnsAnswer, DnsData, Event, Kind};

use super::Seen;
use crate::conversation::Numbers;
use crate::dns::{asked as dns_name, kind, question};
use crate::fields::name;
use crate::json::Object;
use crate::waiting::Waiting;

const WAITING: usize = 16_384;
const PATIENCE: SignedDuration = SignedDuration::from_secs(30);
const ANSWERS: usize = 128;

/// Flow, transaction, name, type.
type Key = (u64, u16, String, String);

#[derive(Debug)]
pub(super) struct Questions(Waiting<Key, (Seen, Key)>);

impl Default for Questions {
    fn default() -> Self {
        Self(Waiting::new(WAITING))
    }
}

impl Questions {
    pub(super) fn line(
        &mut self,
        dns: Object<'_>,
        seen: Seen,
        numbers: &Numbers,
        sink: &mut dyn FnMut(Event),
    ) -> Option<()> {
        let seen = client_first(seen);
        let transaction = u16::try_from(dns.number("id").unwrap_or_default()).unwrap_or_default();
        let asked = dns.list("queries").first().map_or(dns, Object);
        let (wanted, kind) = (dns_name(asked.0.get("rrname")?.as_str()?)?, kind(asked.text("rrtype")?)?);
        let key = (seen.number, transaction, wanted, kind);
        if matches!(dns.text("type"), Some("query" | "request")) {
            let until = seen.at.saturating_add(PATIENCE).ok()?;
            if let Some(evicted) = self.0.put(key.clone(), until, (seen, key)) {
                sink(unanswered(evicted, numbers));
            }
            return Some(());
        }
        // A line whose question was not logged (only answers are) is its own question.
        let asked_at = self.0.take(&key).map_or(seen.at, |(asked, _)| asked.at);
        let (_, _, wanted, kind) = key;
        let answers: Vec<DnsAnswer> = dns.list("answers").iter().map(Object).filter_map(record).take(ANSWERS).collect();
        let answers = if answers.is_empty() { grouped(dns, &wanted) } else { answers };
        let code = dns.text("rcode").unwrap_or("NOERROR").to_ascii_uppercase().chars().take(16).collect();
        let dns = Dns { transaction, answered_at: Some(seen.at), code: Some(code), answers, ..question(wanted, kind) };
        sink(Seen { at: asked_at, ..seen }.event(numbers, Kind::Dns(dns)));
        Some(())
    }

    pub(super) fn due(&mut self, now: Timestamp, numbers: &Numbers, sink: &mut dyn FnMut(Event)) {
        while let Some(evicted) = self.0.due(now) {
            sink(unanswered(evicted, numbers));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn finish(&mut self, numbers: &Numbers, sink: &mut dyn FnMut(Event)) {
        while let Some(evicted) = self.0.first() {
            sink(unanswered(evicted, numbers));
        }
    }
}

fn unanswered((seen, (_, transaction, name, kind)): (Seen, Key), numbers: &Numbers) -> Event {
    seen.event(numbers, Kind::Dns(Dns { transaction, ..question(name, kind) }))
}

/// Some versions write an answer from the server's side.
fn client_first(seen: Seen) -> Seen {
    let mut conversation = seen.conversation;
    if conversation.client.port == 53 && conversation.server.port != 53 {
        std::mem::swap(&mut conversation.client, &mut conversation.server);
    }
    Seen { conversation, ..seen }
}

fn record(answer: Object<'_>) -> Option<DnsAnswer> {
    let kind = kind(answer.text("rrtype")?)?;
    let said = answer.text("rdata");
    let data = match (kind.as_str(), said) {
        ("A" | "AAAA", Some(said)) => DnsData::Address(said.parse().ok()?),
        ("CNAME" | "NS" | "PTR" | "MX", Some(said)) => DnsData::Name(name(said)?),
        ("SRV", _) => DnsData::Name(name(answer.within("srv")?.text("name")?)?),
        (_, said) => {
            let length = answer.number("rdata_length").and_then(|length| usize::try_from(length).ok());
            DnsData::Other(length.unwrap_or(said.map_or(0, str::len)))
        }
    };
    let ttl = answer.number("ttl").and_then(|ttl| u32::try_from(ttl).ok()).unwrap_or_default();
    Some(DnsAnswer { name: dns_name(answer.text("rrname").unwrap_or_default())?, kind, ttl, data })
}

/// Without the detailed answers: `"grouped":{"A":["192.0.2.1"],"CNAME":["a.nl"]}`.
fn grouped(dns: Object<'_>, asked: &str) -> Vec<DnsAnswer> {
    let Some(grouped) = dns.within("grouped") else { return Vec::new() };
    let of = |kind: &str| {
        let data = move |said: &str| match kind {
            "A" | "AAAA" => said.parse().ok().map(DnsData::Address),
            _ => name(said).map(DnsData::Name),
        };
        let values = grouped.list(kind).iter().filter_map(serde_json::Value::as_str);
        values
            .filter_map(data)
            .map(|data| DnsAnswer { name: asked.to_owned(), kind: kind.to_owned(), ttl: 0, data })
            .collect::<Vec<_>>()
    };
    ["CNAME", "A", "AAAA", "NS", "MX", "PTR"].iter().flat_map(|kind| of(kind)).take(ANSWERS).collect()
}
