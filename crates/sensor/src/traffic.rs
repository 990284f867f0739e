//! How much each host sent where, by the hour: for the pictures on the server's pages.
//!
//! A connection counts in the hour in which it ended; one that is told later than ten minutes after that hour (it had gone
//! silent) in the hour in which it is told. The largest pairs are named, and what is left is told by host, so that the lines
//! of a host add up to all that it sent and got. Bounded: where more pairs speak than there is room for, the smallest count
//! with what is left of their host.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

use contract::detection::{Host, Remote};
use contract::sensor::TrafficLine;
use detect::Cidr;
use jiff::Timestamp;
use wire::event::{Event, Flow, Kind};

/// How many lines of an hour name a destination.
const LINES_AN_HOUR: usize = 50;

/// Of how many hosts an hour tells what was left.
const HOSTS_AN_HOUR: usize = 1_024;

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
    /// What pairs that were let go for want of room had, by host.
    let_go: HashMap<IpAddr, Sum>,
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
        let known = match self.hours.iter_mut().position(|hour| hour.began == began) {
            Some(known) => self.hours.get_mut(known),
            None => {
                self.hours.push(Hour { began, pairs: HashMap::new(), let_go: HashMap::new() });
                self.hours.last_mut()
            }
        };
        if let Some(hour) = known {
            hour.count(pair, sum);
        }
    }

    /// The lines of the hours that are over, the largest first, and after them what was left by host. `host` says what a host
    /// is called.
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
        over.into_iter().flat_map(|hour| hour.lines(host)).collect()
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
                Sum { mac: flow.server_mac, bytes_out: received, bytes_in: sent, connections: 1, ..Sum::default() },
            )),
            (_, false) => Some((
                Pair { host: client, remote: server, port: flow.conversation.server.port },
                Sum {
                    mac: flow.client_mac,
                    domain: flow.name.clone(),
                    bytes_out: sent,
                    bytes_in: received,
                    connections: 1,
                },
            )),
        }
    }
}

impl Hour {
    fn count(&mut self, pair: Pair, sum: Sum) {
        if self.pairs.len() >= MAX_PAIRS && !self.pairs.contains_key(&pair) {
            let mut sizes: Vec<u64> = self.pairs.values().map(|sum| sum.bytes_out).collect();
            let (_, median, _) = sizes.select_nth_unstable(MAX_PAIRS / 2);
            let median = *median;
            for (pair, sum) in self.pairs.extract_if(|_, sum| sum.bytes_out <= median) {
                if self.let_go.len() < MAX_PAIRS || self.let_go.contains_key(&pair.host) {
                    self.let_go.entry(pair.host).or_default().add(sum);
                }
            }
        }
        self.pairs.entry(pair).or_default().add(sum);
    }

    fn lines(self, host: &dyn Fn(IpAddr) -> Host) -> Vec<TrafficLine> {
        let Ok(hour) = Timestamp::from_second(self.began) else { return Vec::new() };
        let mut named: Vec<(Pair, Sum)> = self.pairs.into_iter().collect();
        named.sort_by(|(a, a_sum), (b, b_sum)| b_sum.bytes_out.cmp(&a_sum.bytes_out).then(a.cmp(b)));
        let smaller = named.split_off(named.len().min(LINES_AN_HOUR));
        let left = left_by_host(&named, smaller, self.let_go);

        let line = |ip: IpAddr, remote: Remote, sum: Sum, other_places: Option<u64>| {
            let known = host(ip);
            let mac = sum.mac.map(|mac| mac.map(|byte| format!("{byte:02x}")).join(":"));
            TrafficLine {
                hour,
                host: Host { mac: known.mac.clone().or(mac), ..known },
                remote,
                bytes_out: sum.bytes_out,
                bytes_in: sum.bytes_in,
                connections: sum.connections,
                other_places,
            }
        };
        let with_its_place = |(pair, mut sum): (Pair, Sum)| {
            let port = Some(pair.port).filter(|port| *port > 0);
            line(pair.host, Remote { ip: Some(pair.remote), port, domain: sum.domain.take() }, sum, None)
        };
        let named = named.into_iter().map(with_its_place);
        let left = left.into_iter().map(|(ip, sum, places)| line(ip, Remote::default(), sum, Some(places)));
        named.chain(left).collect()
    }
}

/// What each host had beside the pairs that are named, the most first; and to how many places, those that are named for it not
/// counted.
fn left_by_host(
    named: &[(Pair, Sum)],
    smaller: Vec<(Pair, Sum)>,
    let_go: HashMap<IpAddr, Sum>,
) -> Vec<(IpAddr, Sum, u64)> {
    let named: HashSet<(IpAddr, String)> =
        named.iter().map(|(pair, sum)| (pair.host, sum.place(pair.remote))).collect();
    let of_let_go = let_go.into_iter().map(|(ip, sum)| (ip, (sum, BTreeSet::new())));
    let mut left: BTreeMap<IpAddr, (Sum, BTreeSet<String>)> = of_let_go.collect();
    for (pair, sum) in smaller {
        let place = (pair.host, sum.place(pair.remote));
        let (known, places) = left.entry(pair.host).or_default();
        known.add(sum);
        if !named.contains(&place) {
            places.insert(place.1);
        }
    }
    let mut left: Vec<_> = left.into_iter().map(|(ip, (sum, places))| (ip, sum, places.len() as u64)).collect();
    // Those of the same size stay in the order of their addresses.
    left.sort_by_key(|(_, sum, _)| std::cmp::Reverse(sum.bytes_out));
    left.truncate(HOSTS_AN_HOUR);
    left
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.mac = other.mac.or(self.mac);
        self.domain = other.domain.or(self.domain.take());
        self.bytes_out = self.bytes_out.saturating_add(other.bytes_out);
        self.bytes_in = self.bytes_in.saturating_add(other.bytes_in);
        self.connections = self.connections.saturating_add(other.connections);
    }

    /// What people call the other side.
    fn place(&self, remote: IpAddr) -> String {
        self.domain.clone().unwrap_or_else(|| remote.to_string())
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

    /// What all lines of a host say together: out, in, connections.
    fn together(lines: &[TrafficLine], host: [u8; 4]) -> (u64, u64, u64) {
        let of_host = lines.iter().filter(|line| line.host.ip == IpAddr::from(host));
        of_host.fold((0, 0, 0), |(out, back, connections), line| {
            (out + line.bytes_out, back + line.bytes_in, connections + line.connections)
        })
    }

    #[test]
    fn what_is_not_named_is_told_by_host_so_that_a_hosts_lines_are_all_it_sent() {
        let mut traffic = Traffic::new(detect::private_ranges());
        let small = [10, 0, 0, 9];
        for number in 0..60_u8 {
            // Sixty places of one host, of which the ten smallest are not named.
            let mut large = event(US, [198, 51, 100, number], "2026-11-29T10:20:00Z", 1_000 + u64::from(number), 10);
            let Kind::FlowEnded(flow) = &mut large.kind else { panic!("no flow") };
            flow.name = None;
            traffic.event(&large, large.at);
        }
        for server in [[203, 0, 113, 1], [203, 0, 113, 2], THEM] {
            let event = event(small, server, "2026-11-29T10:20:00Z", 3, 2);
            traffic.event(&event, event.at);
        }
        let lines = traffic.finish(&nameless);
        assert_eq!(lines.iter().filter(|line| line.other_places.is_none()).count(), LINES_AN_HOUR);
        let left: Vec<_> = lines.iter().filter(|line| line.other_places.is_some()).collect();
        assert!(left.iter().all(|line| line.remote == Remote::default() && line.hour == lines[0].hour), "{left:?}");
        let told: Vec<_> =
            left.iter().map(|line| (line.host.ip, line.bytes_out, line.connections, line.other_places)).collect();
        // The three of the other host have one name: one place.
        assert_eq!(told, [(IpAddr::from(US), 10_045, 10, Some(10)), (IpAddr::from(small), 9, 3, Some(1))]);
        assert_eq!(left[1].host.mac.as_deref(), Some("02:00:00:00:00:01"));
        assert_eq!(together(&lines, US), (61_770, 600, 60));
        assert_eq!(together(&lines, small), (9, 6, 3));
    }

    #[test]
    fn a_place_that_is_named_is_not_counted_again_for_its_other_ports() {
        let mut traffic = Traffic::new(detect::private_ranges());
        for port in 1..=52_u16 {
            let mut event = event(US, THEM, "2026-11-29T10:20:00Z", u64::from(port), 0);
            let Kind::FlowEnded(flow) = &mut event.kind else { panic!("no flow") };
            flow.conversation.server.port = port;
            traffic.event(&event, event.at);
        }
        let lines = traffic.finish(&nameless);
        let left = lines.last().unwrap();
        assert_eq!((lines.len(), left.bytes_out, left.other_places), (LINES_AN_HOUR + 1, 3, Some(0)));
    }

    #[test]
    fn a_flood_of_destinations_is_bounded_the_largest_stay_and_the_others_count_together() {
        let mut traffic = Traffic::new(detect::private_ranges());
        let mut all = 0;
        for number in 0..40_000_u32 {
            let [_, a, b, c] = number.to_be_bytes();
            let sent = if number == 77 { 1_000_000 } else { u64::from(number % 100) };
            all += sent;
            let event = event(US, [198, a, b, c], "2026-11-29T10:20:00Z", sent, 0);
            traffic.event(&event, event.at);
        }
        assert!(traffic.hours[0].pairs.len() <= MAX_PAIRS);
        let lines = traffic.finish(&nameless);
        assert_eq!((lines.len(), lines[0].bytes_out), (LINES_AN_HOUR + 1, 1_000_000));
        assert_eq!(together(&lines, US), (all, 0, 40_000));
    }

    #[test]
    fn a_flood_of_hosts_is_bounded_too() {
        let mut traffic = Traffic::new(detect::private_ranges());
        for number in 0..40_000_u32 {
            let [_, a, b, c] = number.to_be_bytes();
            let event = event([10, a, b, c], THEM, "2026-11-29T10:20:00Z", 10, 0);
            traffic.event(&event, event.at);
        }
        assert!(traffic.hours[0].pairs.len() <= MAX_PAIRS && traffic.hours[0].let_go.len() <= MAX_PAIRS);
        assert_eq!(traffic.finish(&nameless).len(), LINES_AN_HOUR + HOSTS_AN_HOUR);
    }
}
