//! What came of each source: for whoever has to know that one of them has fallen silent, or was never understood.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::IpAddr;

use jiff::Timestamp;
use logs::netflow::Disbelief;
use logs::{Format, Lines, UnusedCounts};
use wire::event::{Event, Kind};

use crate::twice::Teller;

/// As what people named a source. What its lines are, their content says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// NetFlow and IPFIX, over UDP.
    Netflow,
    /// Syslog, over UDP and TCP.
    Syslog,
    DnsLog,
    FirewallLog,
    Eve,
    /// A folder of Zeek's current logs.
    Zeek,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub origin: Origin,
    /// The address that is listened on, or the path.
    pub name: String,
    pub tally: Tally,
}

/// What was counted of one source since it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Packets of flow records; of all else, lines.
    pub messages: u64,
    pub bytes: u64,
    /// Conversations that were told.
    pub flows: u64,
    /// Conversations that another source had told already, and that are not told again.
    pub told_before: u64,
    /// Messages, or parts of them, that are nothing that is read here; lines longer than any log's; connections beyond
    /// the bound.
    pub unread: u64,
    /// Lines that were understood and tell nothing that is used.
    pub unused: UnusedCounts,
    /// Packets that the system let go before they were read.
    pub kernel_drops: u64,
    /// Packets and connections of senders that are not on the list.
    pub strangers: u64,
    /// When something last came that was not a stranger's.
    pub heard_at: Option<Timestamp>,
    /// What wrote the lines that were read.
    pub formats: BTreeSet<Format>,
    /// Exporters of flow records whose moments were not believed, and why last.
    pub disbeliefs: BTreeMap<IpAddr, Disbelief>,
    /// Why nothing can come now.
    pub fault: Option<Fault>,
}

/// Why a file or folder gives nothing. It is tried again with every reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: io::ErrorKind,
    /// What.
    pub place: String,
    /// Why, in the system's words.
    pub error: String,
}

impl Source {
    pub(crate) fn new(origin: Origin, name: String) -> Self {
        Self { origin, name, tally: Tally::default() }
    }
}

impl Tally {
    /// Takes in one line, and counts what comes of it.
    pub(crate) fn line(
        &mut self,
        lines: &mut Lines,
        stream: u32,
        line: &[u8],
        now: Timestamp,
        teller: &mut Teller<'_>,
        sink: &mut dyn FnMut(Event),
    ) {
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        self.heard(line.len(), now);
        let (mut flows, mut told_before) = (0, 0);
        let before = lines.counters().unused;
        let format = lines.line(stream, line, now, &mut |event| {
            if teller.repeats(&event) {
                told_before += 1;
                return;
            }
            flows += u64::from(is_flow(&event));
            sink(event);
        });
        self.flows += flows;
        self.told_before += told_before;
        self.unused = self.unused.and(lines.counters().unused.since(before));
        match format {
            Some(format) => {
                self.formats.insert(format);
            }
            None => self.unread += 1,
        }
    }

    pub(crate) fn heard(&mut self, bytes: usize, now: Timestamp) {
        self.messages += 1;
        self.bytes += bytes as u64;
        self.heard_at = Some(now);
    }
}

pub(crate) fn is_flow(event: &Event) -> bool {
    matches!(event.kind, Kind::FlowEnded(_))
}
