//! Sessions that two sources count: a router's flow records and the log of the firewall behind it.
//!
//! Promises: a conversation that another source told of, at about the same moments and of about so many bytes, is told
//! once; what says much more than was told before, or of a direction of which nothing was told, is told all the same; the
//! table is bounded, and forgets what was told longest ago.
//! Not here: two exporters at one socket (`logs::netflow`), what passes on interfaces.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use wire::event::{Endpoint, Event, Flow, Kind, Transport, Volume};

/// The source of what lines told of sessions that went on, and whose end did not come: no single one's.
pub(crate) const OF_LINES: usize = usize::MAX;
/// Pairs of ends that are remembered, in the younger and in the older half of the table each.
const PAIRS: usize = 32_768;
/// Sources that are remembered of each pair.
const SOURCES: usize = 4;
/// How far clocks are apart, and moments in whole seconds.
const SLACK: SignedDuration = SignedDuration::from_secs(30);
/// What one source tells between the same ends within that time, another may tell as one: flow records do so.
const PIECES: SignedDuration = SignedDuration::from_mins(35);
/// Bytes of so few are no matter.
const FEW: u64 = 10_000;

/// Two ends, whichever began: sources differ in that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Pair {
    transport: Transport,
    low: Endpoint,
    high: Endpoint,
}

/// What a source told of a pair lately.
#[derive(Clone, Copy, Debug)]
struct Telling {
    source: usize,
    first_at: Timestamp,
    last_at: Timestamp,
    from_low: Volume,
    from_high: Volume,
    /// Whether it says what was spoken, as other sensors do: names and programs hang on such a conversation's end.
    is_recognised: bool,
}

/// What was told of late.
#[derive(Debug, Default)]
pub(crate) struct Twice {
    younger: HashMap<Pair, Vec<Telling>>,
    older: HashMap<Pair, Vec<Telling>>,
    sources: usize,
}

/// One source, as it tells.
pub(crate) struct Teller<'a> {
    twice: &'a mut Twice,
    source: usize,
}

impl Teller<'_> {
    /// Whether this is the end of a conversation that another source told of. Otherwise it is remembered.
    pub(crate) fn repeats(&mut self, event: &Event) -> bool {
        match &event.kind {
            Kind::FlowEnded(flow) => self.twice.repeats(self.source, flow),
            _ => false,
        }
    }
}

impl Twice {
    /// There is one source more. A single one is never compared.
    pub(crate) fn add_source(&mut self) {
        self.sources += 1;
    }

    pub(crate) fn teller(&mut self, source: usize) -> Teller<'_> {
        Teller { twice: self, source }
    }

    fn repeats(&mut self, source: usize, flow: &Flow) -> bool {
        if self.sources < 2 {
            return false;
        }
        let (pair, telling) = of(source, flow);
        let known = self.younger.get(&pair).or_else(|| self.older.get(&pair));
        if known.into_iter().flatten().any(|one| one.source != source && one.says(&telling)) {
            return true;
        }
        // A lone packet is all that some firewalls log: who counts tells more of it later.
        if flow.received.packets > 0 || flow.sent.packets > 1 {
            self.remember(pair, telling);
        }
        false
    }

    fn remember(&mut self, pair: Pair, telling: Telling) {
        if self.younger.len() >= PAIRS && !self.younger.contains_key(&pair) {
            self.older = std::mem::take(&mut self.younger);
        }
        let tellings = self.younger.entry(pair).or_insert_with(|| self.older.remove(&pair).unwrap_or_default());
        if let Some(one) = tellings.iter_mut().find(|one| one.source == telling.source) {
            one.go_on(telling);
        } else if tellings.len() < SOURCES {
            tellings.push(telling);
        }
    }
}

impl Telling {
    /// The time between; below zero where they overlap.
    fn apart(&self, other: &Self) -> SignedDuration {
        let after = other.first_at.duration_since(self.last_at);
        after.max(self.first_at.duration_since(other.last_at))
    }

    fn says(&self, other: &Self) -> bool {
        self.apart(other) <= SLACK
            && (self.is_recognised || !other.is_recognised)
            && is_about_all(self.from_low, other.from_low)
            && is_about_all(self.from_high, other.from_high)
    }

    fn go_on(&mut self, next: Self) {
        if self.apart(&next) > PIECES {
            *self = next;
            return;
        }
        self.first_at = self.first_at.min(next.first_at);
        self.last_at = self.last_at.max(next.last_at);
        self.is_recognised |= next.is_recognised;
        for (volume, more) in [(&mut self.from_low, next.from_low), (&mut self.from_high, next.from_high)] {
            volume.packets = volume.packets.saturating_add(more.packets);
            volume.bytes = volume.bytes.saturating_add(more.bytes);
        }
    }
}

/// Whether what was told of a direction holds what is told now. Devices count a little apart; one that saw a part, or a
/// sample, tells of much less.
fn is_about_all(told: Volume, now: Volume) -> bool {
    now.packets == 0 || told.packets > 0 && now.bytes <= told.bytes.saturating_mul(2).saturating_add(FEW)
}

fn of(source: usize, flow: &Flow) -> (Pair, Telling) {
    let (client, server) = (flow.conversation.client, flow.conversation.server);
    let (low, high, from_low, from_high) = if client <= server {
        (client, server, flow.sent, flow.received)
    } else {
        (server, client, flow.received, flow.sent)
    };
    let pair = Pair { transport: flow.conversation.transport, low, high };
    let is_recognised = flow.application.is_some_and(|spoken| spoken != "ping");
    (pair, Telling { source, first_at: flow.first_at, last_at: flow.last_at, from_low, from_high, is_recognised })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::event::{Conversation, FlowEnd, FlowId, Handshake};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_792_396_800 + second).unwrap()
    }

    /// A session from one second to another, with so many bytes each way.
    fn flow(port: u16, seconds: (i64, i64), sent: u64, received: u64) -> Flow {
        let end = |ip: &str, port| Endpoint { ip: ip.parse().unwrap(), port };
        let volume = |bytes: u64| Volume { packets: bytes.div_ceil(1_000), bytes };
        Flow {
            id: FlowId(1),
            conversation: Conversation {
                transport: Transport::Tcp,
                client: end("192.168.20.21", port),
                server: end("203.0.113.9", 443),
            },
            client_mac: None,
            server_mac: None,
            vlan: None,
            first_at: at(seconds.0),
            last_at: at(seconds.1),
            is_timed: true,
            sent: volume(sent),
            received: volume(received),
            sent_payload: sent,
            received_payload: received,
            handshake: Handshake::Established,
            end: FlowEnd::Finished,
            application: None,
            name: None,
        }
    }

    fn with(sources: usize) -> Twice {
        let mut twice = Twice::default();
        (0..sources).for_each(|_| twice.add_source());
        twice
    }

    #[test]
    fn a_session_that_another_source_told_is_not_told_again_and_what_says_more_is() {
        const MEGABYTES: u64 = 400_000_000;
        let whole = || flow(50_000, (0, 300), MEGABYTES, 2_000_000);
        let turned = || {
            let mut flow = whole();
            std::mem::swap(&mut flow.conversation.client, &mut flow.conversation.server);
            std::mem::swap(&mut flow.sent, &mut flow.received);
            flow
        };
        // (what is told first, what another source tells then, whether that is a repetition)
        let table = [
            (whole(), whole(), true),
            (whole(), flow(50_000, (1, 301), MEGABYTES + 900_000, 1_900_000), true),
            // By a clock that is some seconds off; who began is seen otherwise; counts of one direction.
            (flow(50_000, (0, 1), 3_000, 60_000), flow(50_000, (12, 13), 3_000, 60_000), true),
            (whole(), turned(), true),
            (whole(), flow(50_000, (0, 300), MEGABYTES, 0), true),
            // Another conversation; another time; the direction that was not told; much more.
            (whole(), flow(50_001, (0, 300), MEGABYTES, 2_000_000), false),
            (whole(), flow(50_000, (400, 700), MEGABYTES, 2_000_000), false),
            (flow(50_000, (0, 300), MEGABYTES, 0), whole(), false),
            (flow(50_000, (0, 300), 1_000_000, 2_000_000), whole(), false),
            // A lone packet, as firewalls log it that count nothing.
            (flow(50_000, (0, 0), 60, 0), flow(50_000, (0, 1), 60, 0), false),
        ];
        for (number, (first, then, wanted)) in table.into_iter().enumerate() {
            let mut twice = with(2);
            assert!(!twice.repeats(0, &first), "{number}");
            assert!(!twice.repeats(0, &first), "{number}: what one source says twice is its own matter");
            let mut twice = with(2);
            twice.repeats(0, &first);
            assert_eq!(twice.repeats(1, &then), wanted, "{number}");
        }
    }

    #[test]
    fn sessions_that_another_source_tells_as_one_are_known_again() {
        let mut twice = with(2);
        for second in (0..600).step_by(60) {
            assert!(!twice.repeats(0, &flow(123, (second, second + 1), 50_000, 50_000)));
        }
        assert!(twice.repeats(1, &flow(123, (0, 601), 500_000, 500_000)));
        assert!(!twice.repeats(0, &flow(123, (6_000, 6_001), 50_000, 50_000)));
        assert!(!twice.repeats(1, &flow(123, (0, 601), 500_000, 500_000)), "that was long ago");
    }

    #[test]
    fn what_other_sensors_tell_is_not_lost_to_mere_counts() {
        // (what was spoken as who tells first has it, and who then, whether that is a repetition)
        let table = [
            (None, Some("tls"), false),
            (None, Some("ping"), true),
            (None, None, true),
            (Some("tls"), None, true),
            (Some("tls"), Some("tls"), true),
        ];
        for (first, then, wanted) in table {
            let mut twice = with(2);
            let session = |application| Flow { application, ..flow(50_000, (0, 9), 3_000, 60_000) };
            assert!(!twice.repeats(0, &session(first)));
            assert_eq!(twice.repeats(1, &session(then)), wanted, "{first:?} {then:?}");
        }
    }

    #[test]
    fn the_table_is_bounded_and_a_single_source_fills_none() {
        let mut twice = with(2);
        for number in 0..100_000u32 {
            let mut flow = flow(50_000, (0, 9), 3_000, 60_000);
            flow.conversation.server.ip = std::net::Ipv4Addr::from_bits(number).into();
            twice.repeats(0, &flow);
        }
        assert!(twice.younger.len() <= PAIRS && twice.older.len() <= PAIRS);
        let mut alone = with(1);
        alone.repeats(0, &flow(50_000, (0, 9), 3_000, 60_000));
        assert!(alone.younger.is_empty());
    }
}
