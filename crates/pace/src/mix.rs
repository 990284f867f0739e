//! Captures laid over each other and repeated, each time from other hosts to other places: a mix as long as one wants.

use std::io::{self, Write};

use anyhow::Context;
use jiff::Timestamp;

use crate::rewrite::{ethernet, readdress};

/// A pause in a capture is not kept longer: some hold sessions that lie years apart.
const LONGEST_PAUSE_US: i64 = 60_000_000;
/// The captures of one copy begin within so much time.
const BEGINNINGS_US: u64 = 120_000_000;
/// Between a copy's last frame and the next one's first.
const BETWEEN_US: i64 = 1_000_000;
const START_SECONDS: i64 = 1_790_000_000;

/// One copy: frames by time, in microseconds from the copy's beginning.
#[derive(Default)]
pub struct Mix {
    frames: Vec<Kept>,
    captures: u64,
}

struct Kept {
    at: i64,
    bytes: Vec<u8>,
    wire_length: u32,
}

impl Mix {
    /// Lays a capture over those that are there; packed or not, in any format that is read.
    pub fn add(&mut self, capture: &[u8]) -> anyhow::Result<()> {
        // Spread evenly, whatever the number of captures (Fibonacci hashing).
        let mut at = (self.captures.wrapping_mul(0x9e37_79b9_7f4a_7c15) % BEGINNINGS_US) as i64;
        self.captures += 1;
        let mut last: Option<Timestamp> = None;
        let frames = &mut self.frames;
        capture::read_frames(capture, &mut |frame| {
            let pause = last.map_or(0, |last| frame.at.as_microsecond().saturating_sub(last.as_microsecond()));
            last = Some(frame.at);
            at += pause.clamp(0, LONGEST_PAUSE_US);
            if let Some(bytes) = ethernet(&frame) {
                let longer = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                frames.push(Kept { at, bytes, wire_length: frame.wire_length.max(longer) });
            }
            None
        })?;
        Ok(())
    }

    /// Writes so many copies, one after the other in time (pcap, Ethernet, microseconds); returns how many frames.
    pub fn write(mut self, copies: u8, out: &mut impl Write) -> anyhow::Result<u64> {
        self.frames.sort_by_key(|frame| frame.at);
        let last = self.frames.last().context("no capture with a frame in it")?.at;
        for word in [0xa1b2_c3d4_u32, 2 | 4 << 16, 0, 0, 262_144, 1] {
            out.write_all(&word.to_le_bytes())?;
        }
        for copy in 0..copies {
            let begins = START_SECONDS * 1_000_000 + i64::from(copy) * (last + BETWEEN_US);
            for frame in &mut self.frames {
                // The copy before has moved it as far as that copy.
                readdress(&mut frame.bytes, u8::from(copy > 0));
                record(out, begins + frame.at, frame)?;
            }
        }
        Ok(self.frames.len() as u64 * u64::from(copies))
    }
}

fn record(out: &mut impl Write, at: i64, frame: &Kept) -> io::Result<()> {
    let (seconds, micros) = (at.div_euclid(1_000_000), at.rem_euclid(1_000_000));
    let length = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    for word in [seconds as u32, micros as u32, length(frame.bytes.len()), frame.wire_length] {
        out.write_all(&word.to_le_bytes())?;
    }
    out.write_all(&frame.bytes)
}
