//! Captures made by hand, in every form that is read.

use std::io::Write;

use capture::{Error, Reading, read_frames};
use wire::LinkType;

/// What a frame was read as: nanoseconds since 1970, link, bytes, length on the wire.
pub(crate) type Seen = (i128, LinkType, Vec<u8>, u32);

pub(crate) fn read(bytes: &[u8]) -> Result<(Vec<Seen>, Reading), Error> {
    let mut seen = Vec::new();
    let reading = read_frames(bytes, &mut |frame| {
        seen.push((frame.at.as_nanosecond(), frame.link, frame.bytes.to_vec(), frame.wire_length));
        None
    })?;
    assert_eq!(reading.frames, seen.len() as u64);
    Ok((seen, reading))
}

/// Numbers in one of the two byte orders.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    pub(crate) fn u16(self, number: u16) -> [u8; 2] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    pub(crate) fn u32(self, number: u32) -> [u8; 4] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    fn u64(self, number: u64) -> [u8; 8] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    pub(crate) fn pcap_header(self, magic: u32, link: u32) -> Vec<u8> {
        let mut bytes = self.u32(magic).to_vec();
        bytes.extend(self.u16(2));
        bytes.extend(self.u16(4));
        bytes.extend([0, 0, 65_535, link].map(|number| self.u32(number)).concat());
        bytes
    }

    pub(crate) fn pcap_record(self, seconds: u32, fraction: u32, packet: &[u8], wire_length: u32) -> Vec<u8> {
        let fields = [seconds, fraction, packet.len() as u32, wire_length];
        [&fields.map(|number| self.u32(number)).concat(), packet].concat()
    }

    pub(crate) fn block(self, kind: u32, body: &[u8]) -> Vec<u8> {
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let length = self.u32(body.len() as u32 + 12);
        [&self.u32(kind)[..], &length, &body, &length].concat()
    }

    pub(crate) fn section(self) -> Vec<u8> {
        let body = [&self.u32(0x1a2b_3c4d)[..], &self.u16(1), &self.u16(0), &[0xff; 8]].concat();
        self.block(0x0a0d_0d0a, &body)
    }

    /// Options as (code, value).
    pub(crate) fn interface(self, link: u16, snap_length: u32, options: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = [&self.u16(link)[..], &[0, 0], &self.u32(snap_length)].concat();
        for (code, value) in options {
            body.extend(self.u16(*code));
            body.extend(self.u16(value.len() as u16));
            body.extend(*value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        self.block(1, &body)
    }

    pub(crate) fn offset_option(self, seconds: i64) -> [u8; 8] {
        self.u64(seconds.cast_unsigned())
    }

    pub(crate) fn enhanced(self, interface: u32, ticks: u64, packet: &[u8], wire_length: u32) -> Vec<u8> {
        let fields = [interface, (ticks >> 32) as u32, ticks as u32, packet.len() as u32, wire_length];
        self.block(6, &[&fields.map(|number| self.u32(number)).concat(), packet].concat())
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}
