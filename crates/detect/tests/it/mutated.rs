//! Every capture of the corpus spoiled in every way that wires and files spoil things: nothing panics, memory and time stay
//! bounded, and what is found becomes less only gently.

use detect::{Findings, Settings, Severity, Watch};
use jiff::{SignedDuration, Timestamp};
use wire::{Frame, Limits, LinkType, Tracker};

use super::{
    corpus::{Label, capture, labels},
    reader,
};

/// A frame of its own.
#[derive(Clone)]
struct Owned {
    at: Timestamp,
    link: LinkType,
    bytes: Vec<u8>,
    wire_length: u32,
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % (end.max(1) as u64)) as usize
    }

    /// One in twenty.
    fn is_hit(&mut self) -> bool {
        self.below(20) == 0
    }
}

#[derive(Clone, Copy, Debug)]
enum Harm {
    /// Cut off after a random frame.
    Cut,
    /// One bit wrong in one of twenty frames.
    Bits,
    /// One of twenty frames comes up to eight later.
    Order,
    /// One of twenty comes twice.
    Twice,
    /// One of twenty is lost.
    Lost,
    /// Only the first 64 bytes of each frame were kept.
    Snap,
    /// The clock runs backwards.
    Backwards,
}

const HARMS: [Harm; 7] = [Harm::Cut, Harm::Bits, Harm::Order, Harm::Twice, Harm::Lost, Harm::Snap, Harm::Backwards];

impl Harm {
    fn applied(self, frames: &[Owned], chance: &mut Chance) -> Vec<Owned> {
        let mut out: Vec<Owned> = frames.to_vec();
        match self {
            Self::Cut => out.truncate(frames.len() / 2 + chance.below(frames.len() / 2)),
            Self::Bits => {
                for frame in &mut out {
                    if !chance.is_hit() {
                        continue;
                    }
                    let at = (chance.next() as usize) % frame.bytes.len().max(1);
                    if let Some(byte) = frame.bytes.get_mut(at) {
                        *byte ^= 1 << (at % 8);
                    }
                }
            }
            Self::Order => {
                for from in 0..out.len() {
                    if chance.is_hit() {
                        let to = (from + 1 + chance.below(8)).min(out.len() - 1);
                        if let Some(some) = out.get_mut(from..=to) {
                            some.rotate_left(1);
                        }
                    }
                }
                // What comes later was seen later.
                let mut latest = Timestamp::MIN;
                for frame in &mut out {
                    latest = latest.max(frame.at);
                    frame.at = latest;
                }
            }
            Self::Twice => out = out.into_iter().flat_map(|one| vec![one; 1 + usize::from(chance.is_hit())]).collect(),
            Self::Lost => out.retain(|_| !chance.is_hit()),
            Self::Snap => out.iter_mut().for_each(|frame| frame.bytes.truncate(64)),
            Self::Backwards => {
                let start = frames.first().map_or(Timestamp::UNIX_EPOCH, |frame| frame.at);
                for (number, frame) in out.iter_mut().enumerate() {
                    frame.at = start - SignedDuration::from_millis(10 * i64::try_from(number).unwrap());
                }
            }
        }
        out
    }
}

/// Reads them as a file would be, and as a sensor would with news on the way.
fn watched(frames: &[Owned]) -> Findings {
    let mut watch = Watch::new(Settings::default());
    let mut live = Watch::new(Settings::default());
    let mut tracker = Tracker::new(Limits::default());
    for (number, one) in frames.iter().enumerate() {
        let frame = Frame { at: one.at, link: one.link, bytes: &one.bytes, wire_length: one.wire_length };
        tracker.frame(frame, &mut |event| {
            watch.event(&event);
            live.event(&event);
        });
        if number % 500 == 0 {
            let _ = live.news(one.at);
        }
    }
    tracker.finish(&mut |event| watch.event(&event));
    watch.finish()
}

fn is_found(label: &Label, found: &Findings) -> bool {
    found.cases.iter().any(|case| case.severity >= Severity::Medium && label.hosts.contains(&case.host.ip.to_string()))
}

#[test]
fn what_is_found_in_spoiled_captures_becomes_less_gently() {
    let Some(labels) = labels() else { return };
    let mut chance = Chance(1);
    let mut whole = 0;
    let mut found = [0usize; HARMS.len()];
    for label in &labels {
        let mut frames = Vec::new();
        reader::frames(&capture(&label.file), |frame| {
            frames.push(Owned {
                at: frame.at,
                link: frame.link,
                bytes: frame.bytes.to_vec(),
                wire_length: frame.wire_length,
            });
        });
        let is_malicious = label.verdict == "malicious";
        // All of the malicious; of the others those that are quickly read.
        if !is_malicious && frames.len() > 1_000 {
            continue;
        }
        whole += usize::from(is_malicious && is_found(label, &watched(&frames)));
        for (harm, count) in HARMS.iter().zip(&mut found) {
            let spoiled = watched(&harm.applied(&frames, &mut chance));
            *count += usize::from(is_malicious && is_found(label, &spoiled));
        }
    }
    for (harm, count) in HARMS.iter().zip(&found) {
        println!("{harm:?}: {count} of {whole}");
    }
    let least = |harm: &Harm| match harm {
        // Of what was said, ten bytes are left: who talks to whom and when is all that can be judged.
        Harm::Snap => 20,
        Harm::Cut | Harm::Backwards => 70,
        Harm::Bits | Harm::Order | Harm::Twice | Harm::Lost => 80,
    };
    for (harm, count) in HARMS.iter().zip(&found) {
        assert!(count * 100 >= whole * least(harm), "{harm:?}: {count} of {whole}");
    }
}

#[test]
fn no_packets_are_nothing() {
    assert_eq!(watched(&[]), Findings::default());
}
