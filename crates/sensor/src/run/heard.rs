//! What other devices tell of the traffic, beside what passes on interfaces.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use collect::{Disbelief, Fault, Origin, Receivers, Source, Why};
use contract::sensor::{ClockFault, ClockState, MOST_CLOCKS, SourceFault, SourceKind, SourceState};
use facts::Text;
use jiff::{SignedDuration, Timestamp};

use super::Due;
use crate::courier::{Say, warning};
use crate::engine::Engine;
use crate::words::{disbelief, flows, lines, other_zone, packets, unused};

/// How often sockets and files are read: busy interfaces do not make it more.
const READ_EVERY: SignedDuration = SignedDuration::from_millis(40);

/// For how long after it a router whose clock was not believed is named.
const NAMED_FOR: SignedDuration = SignedDuration::from_hours(1);

/// The sockets and files, and what was said of them.
pub(super) struct Heard {
    receivers: Receivers,
    read: Due,
    /// Why each source gave nothing, as last said.
    complaints: Vec<Option<Text>>,
    /// Routers of which it was said that their clock is not believed.
    disbelieved: BTreeSet<IpAddr>,
    /// Files of which it was said that something in them was missed.
    missed: BTreeSet<PathBuf>,
    /// Senders of which it was said that they write the time of another zone, with that in seconds.
    zones: BTreeSet<(String, i32)>,
}

impl Heard {
    pub(super) fn new(receivers: Receivers) -> Self {
        let complaints = vec![None; receivers.sources().len()];
        // The first reading at once: where files are begun is kept before anything else is done.
        let read = Due { every: READ_EVERY, last: Timestamp::MIN };
        Self {
            receivers,
            read,
            complaints,
            disbelieved: BTreeSet::new(),
            missed: BTreeSet::new(),
            zones: BTreeSet::new(),
        }
    }

    /// How long frames may be waited for: a router that lets go of all it counted fills a socket in less than a tenth of a
    /// second.
    pub(super) fn at_most(&self, within: Duration) -> Duration {
        if self.receivers.is_empty() { within } else { within.min(Duration::from_millis(50)) }
    }

    /// Hands on what came.
    pub(super) fn read(&mut self, engine: &mut Engine, now: Timestamp) {
        if !self.receivers.is_empty() && self.read.is_due(now) {
            self.receivers.read(now, &mut |event| engine.event(event, now));
        }
    }

    /// How far each file was read.
    pub(super) fn places(&self) -> Vec<collect::Place> {
        self.receivers.places()
    }

    /// Whether there are files that a later run reads on in.
    pub(super) fn follows(&self) -> bool {
        self.receivers.follows()
    }

    /// Whether something that was read is not handed on yet.
    pub(super) fn is_waiting(&self) -> bool {
        self.receivers.is_waiting()
    }

    /// Nothing more will come: what waited for more is told as it stands.
    pub(super) fn finish(&mut self, engine: &mut Engine, now: Timestamp) {
        self.receivers.read(now, &mut |event| engine.event(event, now));
        self.receivers.finish(&mut |event| engine.event(event, now));
    }

    /// Says which files cannot be read and which routers' clocks are not believed, once, and when that is over. True:
    /// something was said.
    pub(super) fn look(&mut self, say: &Say, now: Timestamp) -> bool {
        self.receivers.look_at_drops();
        let mut has_changed = self.look_at_clocks(say, now);
        self.look_at_missed(say);
        for (sender, zone) in self.receivers.zones() {
            if self.zones.insert((sender.to_owned(), zone.seconds())) {
                say(&warning(&other_zone(sender, zone)));
            }
        }
        for (source, before) in self.receivers.sources().iter().zip(&mut self.complaints) {
            let now = source.tally.fault.as_ref().map(why);
            match (&*before, &now) {
                (old, new) if old == new => continue,
                (_, Some(why)) => say(&warning(why)),
                (_, None) => say(&Text::made(
                    format!("{} wordt weer gelezen", source.name),
                    format!("{} is read again", source.name),
                )),
            }
            *before = now;
            has_changed = true;
        }
        has_changed
    }

    fn look_at_missed(&mut self, say: &Say) {
        for path in self.receivers.missed() {
            if self.missed.insert(path.to_owned()) {
                let path = path.display();
                say(&warning(&Text::made(
                    format!(
                        "wat na het ophouden van de sensor nog in {path} kwam is niet gelezen: dat bestand is sindsdien afgekapt, ingepakt of verplaatst; bekijk het met dijkwacht scan BESTAND, waar het nu staat"
                    ),
                    format!(
                        "what came into {path} after the sensor left off was not read: that file was cut short, packed or moved since; look at it with dijkwacht scan FILE, wherever it is now"
                    ),
                )));
            }
        }
    }

    fn look_at_clocks(&mut self, say: &Say, now: Timestamp) -> bool {
        let named: Vec<_> = self.receivers.sources().iter().flat_map(|source| disbelieved(source, now)).collect();
        let mut has_changed = false;
        for (exporter, why) in &named {
            if self.disbelieved.insert(*exporter) {
                say(&warning(&disbelief(*exporter, why)));
                has_changed = true;
            }
        }
        self.disbelieved.retain(|exporter| {
            let is_over = !named.iter().any(|(one, _)| one == exporter);
            if is_over {
                say(&Text::made(
                    format!("de klok van {exporter} wordt weer geloofd, of er komt niets meer van"),
                    format!("the clock of {exporter} is believed again, or nothing comes from it any more"),
                ));
            }
            has_changed |= is_over;
            !is_over
        });
        has_changed
    }

    /// Each source as the server hears of it.
    pub(super) fn sources(&self, now: Timestamp) -> impl Iterator<Item = SourceState> + '_ {
        self.receivers.sources().iter().map(move |source| state(source, now))
    }

    /// Let go because a table was full.
    pub(super) fn dropped(&self) -> u64 {
        self.receivers.dropped()
    }

    /// What the system let go before it was read.
    pub(super) fn kernel_drops(&self) -> u64 {
        self.receivers.sources().iter().map(|source| source.tally.kernel_drops).sum()
    }

    /// A line for each source, for whoever watches, and one for each router whose clock is not believed.
    pub(super) fn said(&self, now: Timestamp) -> impl Iterator<Item = Text> + '_ {
        self.receivers.sources().iter().flat_map(move |source| {
            let clocks = disbelieved(source, now).map(|(exporter, why)| disbelief(exporter, &why));
            std::iter::once(said(source)).chain(clocks)
        })
    }
}

/// The routers of a source whose moments were not believed lately.
fn disbelieved(source: &Source, now: Timestamp) -> impl Iterator<Item = (IpAddr, Disbelief)> + '_ {
    let lately = move |one: &Disbelief| now.duration_since(one.heard_at) < NAMED_FOR;
    source.tally.disbeliefs.iter().filter(move |(_, one)| lately(one)).map(|(exporter, one)| (*exporter, *one))
}

fn clocks(source: &Source, now: Timestamp) -> Vec<ClockState> {
    let clock = |(exporter, Disbelief { why, said, heard_at, records }): (IpAddr, Disbelief)| ClockState {
        exporter,
        fault: match why {
            Why::Off => ClockFault::Off,
            Why::Still => ClockFault::Still,
            Why::Records => ClockFault::Records,
        },
        said,
        heard_at,
        records,
    };
    let mut clocks: Vec<_> = disbelieved(source, now).map(clock).collect();
    clocks.sort_by_key(|clock| std::cmp::Reverse(clock.heard_at));
    clocks.truncate(MOST_CLOCKS);
    clocks
}

fn said(Source { origin, name, tally }: &Source) -> Text {
    let came = if *origin == Origin::Netflow { packets(tally.messages) } else { lines(tally.messages) };
    let (flows, unread, strangers) = (flows(tally.flows), tally.unread, tally.strangers);
    let mut nl = format!("{name}: {}, {}, {unread} niet gelezen, {strangers} van vreemden", came.nl, flows.nl);
    let mut en = format!("{name}: {}, {}, {unread} not read, {strangers} from strangers", came.en, flows.en);
    if tally.kernel_drops > 0 {
        nl.push_str(&format!(", {} losgelaten door het systeem", tally.kernel_drops));
        en.push_str(&format!(", {} dropped by the system", tally.kernel_drops));
    }
    if tally.told_before > 0 {
        nl.push_str(&format!(", {} al door een andere bron verteld", tally.told_before));
        en.push_str(&format!(", {} told by another source already", tally.told_before));
    }
    if let Some(unused) = unused(tally.unused) {
        nl.push_str(&format!(", {}", unused.nl));
        en.push_str(&format!(", {}", unused.en));
    }
    Text::made(nl, en)
}

/// Why a source gives nothing.
fn why(fault: &Fault) -> Text {
    let (place, error) = (&fault.place, &fault.error);
    Text::made(
        format!("{place} is niet te lezen: {error}; het wordt opnieuw geprobeerd"),
        format!("{place} cannot be read: {error}; it is tried again"),
    )
}

fn state(source: &Source, now: Timestamp) -> SourceState {
    let Source { origin, name, tally } = source;
    let kind = match origin {
        Origin::Netflow => SourceKind::Netflow,
        Origin::Syslog | Origin::FirewallLog => SourceKind::FirewallLog,
        Origin::DnsLog => SourceKind::DnsLog,
        Origin::Eve => SourceKind::Eve,
        Origin::Zeek => SourceKind::Zeek,
    };
    SourceState {
        packets: tally.messages,
        bytes: tally.bytes,
        flows: tally.flows,
        kernel_drops: tally.kernel_drops,
        unread: tally.unread,
        unused: tally.unused.all().map(|(why, count)| (why.key().to_owned(), count)).collect(),
        strangers: tally.strangers,
        heard_at: tally.heard_at,
        formats: tally.formats.iter().map(|format| format.key().to_owned()).collect(),
        fault: tally.fault.as_ref().map(|fault| match fault.kind {
            ErrorKind::NotFound => SourceFault::Absent,
            ErrorKind::PermissionDenied => SourceFault::NotAllowed,
            _ => SourceFault::Unreadable,
        }),
        clocks: clocks(source, now),
        ..SourceState::new(kind, name.clone(), tally.fault.is_none())
    }
}
