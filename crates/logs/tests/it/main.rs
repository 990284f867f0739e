//! What other devices say of one office, and what comes of it: real exporters where they are there, and the forms of
//! their logs.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test, or say why they skip"
)]

mod any_bytes;
mod envelopes;
mod exporter;
mod first_packets;
mod fortigate;
mod lines;
mod round_trip;
mod sight;
mod suricata;
mod web_filter;

use jiff::Timestamp;
use logs::lines::{Lines, Settings};
use wire::event::{Event, Flow, Kind};

/// The office's morning, for lines without a year.
const RECEIVED: &str = "2026-10-19T12:00:00Z";

/// Reads a log, and what it says as one line an event.
fn said(log: &str) -> String {
    let mut lines = Lines::new(Settings::default());
    let mut out = Vec::new();
    let received: Timestamp = RECEIVED.parse().unwrap();
    for line in log.trim().lines() {
        lines.line(0, line.trim().as_bytes(), received, &mut |event| out.push(shown(&event)));
    }
    lines.finish(&mut |event| out.push(shown(&event)));
    let counters = lines.counters();
    if counters.unknown > 0 {
        out.push(format!("{} of {} lines are not read", counters.unknown, counters.lines));
    }
    out.join("\n")
}

fn shown(event: &Event) -> String {
    let at = event.at.to_string();
    let at = at.get(11..).unwrap_or_default();
    let client = event.conversation.client;
    match &event.kind {
        Kind::Dns(dns) => {
            let answers: Vec<String> = dns.answers.iter().map(|one| format!("{} {:?}", one.kind, one.data)).collect();
            format!(
                "{at} {} asks {} {}: {} {answers:?}",
                client.ip,
                dns.name,
                dns.kind,
                dns.code.as_deref().unwrap_or("-")
            )
        }
        Kind::FlowEnded(flow) => flow_shown(flow),
        other => format!("{at} {} > {} {other:?}", end(client), end(event.conversation.server)),
    }
}

fn end(endpoint: wire::event::Endpoint) -> String {
    format!("{}:{}", endpoint.ip, endpoint.port)
}

fn flow_shown(flow: &Flow) -> String {
    let name = flow.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
    let mac = flow.client_mac.map(|mac| format!(" {mac:02x?}")).unwrap_or_default();
    format!(
        "{} +{}s {:?} {} > {} out {}/{} in {}/{} {:?} {:?}{}{name}{mac}",
        flow.first_at.to_string().get(11..).unwrap_or_default(),
        flow.last_at.duration_since(flow.first_at).as_secs(),
        flow.conversation.transport,
        end(flow.conversation.client),
        end(flow.conversation.server),
        flow.sent.packets,
        flow.sent.bytes,
        flow.received.packets,
        flow.received.bytes,
        flow.handshake,
        flow.end,
        flow.application.map(|name| format!(" {name}")).unwrap_or_default(),
    )
}
