//! How much each host sent where, by the hour: for the pictures on the server's pages.
//!
//! A connection counts in the hour in which it ended; one that is told later than ten minutes after that hour (it had gone
//! silent) in the hour in which it is told. Bounded: where more pairs speak than there is room for, the smallest are let go.

use std::collections::HashMap;
use std::net::IpAddr;

use contract::detection::{Host, Remote};
use contract::sensor::TrafficLine;
use detect::Cidr;
use jiff::Timestamp;
use wire::event::{Event, Flow, Kind};

/// How many lines an hour has.
const LINES_AN_HOUR: usize = 50;

/// Pairs of host and destination remembered of an hour.
const MAX_PAIRS: usize = 8_192;

const HOUR: i64 = 3_600;

/// How long after its end an hour is closed.
const LATE: i64 = 600;

#[derive(Debug)]
pub(crate) struct Traffic {
    home: Vec<Cidr>,
    /// The hour that is being counted, and the one before it while late connections may come.
    hours: Vec<Hour>,
}

#[derive(Debug)]
struct Hour {
    /// Seconds since 1970, whole hours.
    began: i64,
    pairs: HashMap<Pair, Sum>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Pair {
    host: IpAddr,
    remote: IpAddr,
    port: u16,
}

#[derive(Clone, Debug, Default)]
struct Sum {
    mac: Option<[u8; 6]>,
    domain: Option<String>,
    bytes_out: u64,
    bytes_in: u64,
    connections: u64,
}

impl Traffic {
    pub(crate) fn new(home: Vec<Cidr>) -> Self {
        Self { home, hours: Vec::new() }
    }

    /// Counts a connection that ended; `now` is when that is told.
    pub(crate) fn event(&mut self, event: &Event, now: Timestamp) {
        let Kind::FlowEnded(flow) = &event.kind else { return };
        let Some((pair, sum)) = self.counted(flow) else { return };
        let (ended, told) = (flow.last_at.as_second(), now.as_second());
        let is_late = told.saturating_sub(next_hour(ended)) > LATE;
        let began = hour(if is_late { told } else { ended });
        let pairs = match self.hours.iter_mut().position(|hour| hour.began == began) {
            Some(known) => self.hours.get_mut(known),
            None => {
                self.hours.push(Hour { began, pairs: HashMap::new() });
                self.hours.last_mut()
            }
        };
        let Some(Hour { pairs, .. }) = pairs else { return };
        if pairs.len() >= MAX_PAIRS && !pairs.contains_key(&pair) {
            let mut sizes: Vec<u64> = pairs.values().map(|sum| sum.bytes_out).collect();
            let (_, median, _) = sizes.select_nth_unstable(MAX_PAIRS / 2);
            let median = *median;
            pairs.retain(|_, sum| sum.bytes_out > median);
        }
        let known = pairs.entry(pair).or_default();
        known.mac = sum.mac.or(known.mac);
        known.domain = sum.domain.or(known.domain.take());
        known.bytes_out = known.bytes_out.saturating_add(sum.bytes_out);
        known.bytes_in = known.bytes_in.saturating_add(sum.bytes_in);
        known.connections += 1;
    }

    /// The lines of the hours that are over, the largest first. `host` says what a host is called.
    pub(crate) fn over(&mut self, now: Timestamp, host: &dyn Fn(IpAddr) -> Host) -> Vec<TrafficLine> {
        let is_over = |hour: &Hour| now.as_second() >= hour.began + HOUR + LATE || now.as_second() < hour.began - HOUR;
        self.lines(&is_over, host)
    }

    /// The lines of all hours: nothing more comes.
    pub(crate) fn finish(&mut self, host: &dyn Fn(IpAddr) -> Host) -> Vec<TrafficLine> {
        self.lines(&|_| true, host)
    }

    fn lines(&mut self, is_over: &dyn Fn(&Hour) -> bool, host: &dyn Fn(IpAddr) -> Host) -> Vec<TrafficLine> {
        let (mut over, open): (Vec<_>, Vec<_>) = std::mem::take(&mut self.hours).into_iter().partition(is_over);
        self.hours = open;
        over.sort_by_key(|hour| hour.began);
        over.into_iter().flat_map(|hour| hour.largest(host)).collect()
    }

    /// Which side is ours, and how much went which way; absent where nobody leaves home, or nobody is there.
    fn counted(&self, flow: &Flow) -> Option<(Pair, Sum)> {
        let client = flow.conversation.client.ip.to_canonical();
        let server = flow.conversation.server.ip.to_canonical();
        let is_home = |ip: IpAddr| self.home.iter().any(|range| range.contains(ip));
        let is_group = |ip: IpAddr| ip.is_multicast() || ip.is_unspecified() || ip == IpAddr::from([255; 4]);
        if is_group(client) || is_group(server) {
            return None;
        }
        let (sent, received) = (flow.sent.bytes, flow.received.bytes);
        match (is_home(client), is_home(server)) {
            (true, true) => None,
            (false, true) => Some((
                Pair { host: server, remote: client, port: flow.conversation.server.port },
                Sum { mac: flow.server_mac, bytes_out: received, bytes_in: sent, ..Sum::default() },
            )),
            (_, false) => Some((
                Pair { host: client, remote: server, port: flow.conversation.server.port },
                Sum {
                    mac: flow.client_mac,
                    domain: flow.name.clone(),
                    bytes_out: sent,
                    bytes_in: received,
                    ..Sum::default()
                },
            )),
        }
    }
}

impl Hour {
    fn largest(self, host: &dyn Fn(IpAddr) -> Host) -> Vec<TrafficLine> {
        let Ok(hour) = Timestamp::from_second(self.began) else { return Vec::new() };
        let mut pairs: Vec<(Pair, Sum)> = self.pairs.into_iter().collect();
        pairs.sort_by(|(a, a_sum), (b, b_sum)| b_sum.bytes_out.cmp(&a_sum.bytes_out).then(a.cmp(b)));
        pairs.truncate(LINES_AN_HOUR);
        let line = |(pair, sum): (Pair, Sum)| {
            let known = host(pair.host);
            let mac = sum.mac.map(|mac| mac.map(|byte| format!("{byte:02x}")).join(":"));
            TrafficLine {
                hour,
                host: Host { mac: known.mac.clone().or(mac), ..known },
                remote: Remote {
                    ip: Some(pair.remote),
                    port: Some(pair.port).filter(|port| *port > 0),
                    domain: sum.domain,
                },
                bytes_out: sum.bytes_out,
                bytes_in: sum.bytes_in,
                connections: sum.connections,
            }
        };
        pairs.into_iter().map(line).collect()
    }
}

fn hour(second: i64) -> i64 {
    second - second.rem_euclid(HOUR)
}

fn next_hour(second: i64) -> i64 {
    hour(second).saturating_add(HOUR)
}

#[cfg(test)]
mod tests {
    use wire::event::{Conversation, Endpoint, FlowEnd, FlowId, Handshake, Transport, Volume};

    use super::*;

    fn event(client: [u8; 4], server: [u8; 4], last_at: &str, sent: u64, received: u64) -> Event {
        let at: Timestamp = last_at.parse().unwrap();
        let conversation = Conversation {
            transport: Transport::Tcp,
            client: Endpoint { ip: client.into(), port: 50_000 },
            server: Endpoint { ip: server.into(), port: 443 },
        };
        let flow = Flow {
            id: FlowId(0),
            conversation,
            client_mac: Some([2, 0, 0, 0, 0, 1]),
            server_mac: None,
            vlan: None,
            first_at: at,
            last_at: at,
            is_timed: true,
            sent: Volume { packets: 1, bytes: sent },
            received: Volume { packets: 1, bytes: received },
            sent_payload: 0,
            received_payload: 0,
            handshake: Handshake::Established,
            end: FlowEnd::Finished,
            application: None,
            name: Some("cloud.example".into()),
        };
        Event { at, flow: FlowId(0), conversation, kind: Kind::FlowEnded(Box::new(flow)) }
    }

    fn nameless(ip: IpAddr) -> Host {
        Host { ip, mac: None, name: None, maker: None, kind: None }
    }

    const US: [u8; 4] = [10, 0, 0, 5];
    const THEM: [u8; 4] = [203, 0, 113, 9];

    #[test]
    fn an_hours_pairs_are_told_once_it_is_over_the_largest_first() {
        let mut traffic = Traffic::new(detect::private_ranges());
        for (server, sent) in [([203, 0, 113, 1], 10), (THEM, 500), (THEM, 700)] {
            let event = event(US, server, "2026-11-29T10:20:00Z", sent, 5);
            traffic.event(&event, event.at);
        }
        // From outside to ours: what our host answered is what went out.
        let asked = event(THEM, [10, 0, 0, 8], "2026-11-29T10:59:59Z", 7, 70);
        traffic.event(&asked, asked.at);
        assert_eq!(traffic.over("2026-11-29T11:09:59Z".parse().unwrap(), &nameless), []);
        let lines = traffic.over("2026-11-29T11:10:00Z".parse().unwrap(), &nameless);
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.host.ip.to_string(), line.bytes_out, line.bytes_in, line.connections))
            .collect();
        let us = "10.0.0.5".to_owned();
        assert_eq!(told, [(us.clone(), 1_200, 10, 2), ("10.0.0.8".into(), 70, 7, 1), (us, 10, 5, 1)]);
        assert_eq!(lines[0].hour.to_string(), "2026-11-29T10:00:00Z");
        assert_eq!(lines[0].remote.domain.as_deref(), Some("cloud.example"));
        assert_eq!(lines[0].host.mac.as_deref(), Some("02:00:00:00:00:01"));
        assert_eq!(traffic.over("2026-11-29T13:00:00Z".parse().unwrap(), &nameless), []);
    }

    #[test]
    fn what_stays_at_home_or_goes_to_a_group_is_not_counted() {
        let mut traffic = Traffic::new(detect::private_ranges());
        for server in [[10, 0, 0, 9], [224, 0, 0, 251], [255; 4], [0; 4]] {
            let event = event(US, server, "2026-11-29T10:20:00Z", 10, 10);
            traffic.event(&event, event.at);
        }
        assert_eq!(traffic.finish(&nameless), []);
    }

    #[test]
    fn a_connection_that_is_told_late_counts_when_it_is_told() {
        let mut traffic = Traffic::new(detect::private_ranges());
        let silent = event(US, THEM, "2026-11-29T10:20:00Z", 10, 10);
        traffic.event(&silent, "2026-11-29T11:09:00Z".parse().unwrap());
        traffic.event(&silent, "2026-11-29T11:20:00Z".parse().unwrap());
        let hours: Vec<_> = traffic.finish(&nameless).iter().map(|line| line.hour.to_string()).collect();
        assert_eq!(hours, ["2026-11-29T10:00:00Z", "2026-11-29T11:00:00Z"]);
    }

    #[test]
    fn a_flood_of_destinations_is_bounded_and_the_largest_stay() {
        let mut traffic = Traffic::new(detect::private_ranges());
        for number in 0..40_000_u32 {
            let [_, a, b, c] = number.to_be_bytes();
            let sent = if number == 77 { 1_000_000 } else { u64::from(number % 100) };
            let event = event(US, [198, a, b, c], "2026-11-29T10:20:00Z", sent, 0);
            traffic.event(&event, event.at);
        }
        assert!(traffic.hours[0].pairs.len() <= MAX_PAIRS);
        let lines = traffic.finish(&nameless);
        assert_eq!((lines.len(), lines[0].bytes_out), (LINES_AN_HOUR, 1_000_000));
    }
}
