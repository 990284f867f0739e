//! Gzip and zstd recognised by their first bytes and unpacked as a stream.

use std::error::Error as _;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

const BUFFER: usize = 64 * 1024;

/// The input's bytes, unpacked where they are packed, and whether they were.
///
/// # Errors
/// When its first bytes cannot be read.
pub fn unpacked<'a>(mut input: impl Read + 'a) -> io::Result<(Box<dyn Read + 'a>, bool)> {
    let mut first = Vec::with_capacity(4);
    input.by_ref().take(4).read_to_end(&mut first)?;
    let (is_gzip, is_zstd) = (is_gzip(&first), is_zstd(&first));
    let whole = BufReader::with_capacity(BUFFER, Cursor::new(first).chain(input));
    let is_packed = is_gzip || is_zstd;
    let bytes: Box<dyn Read + 'a> = if is_gzip {
        Box::new(MultiGzDecoder::new(whole))
    } else if is_zstd {
        Box::new(ZstdFrames::new(whole))
    } else {
        Box::new(whole)
    };
    Ok((bytes, is_packed))
}

fn is_gzip(first: &[u8]) -> bool {
    first.starts_with(&GZIP)
}

fn is_zstd(first: &[u8]) -> bool {
    first == ZSTD || is_skippable(first)
}

/// RFC 8878 §3.1.2: a frame for others' use.
fn is_skippable(magic: &[u8]) -> bool {
    matches!(magic, [0x50..=0x5f, 0x2a, 0x4d, 0x18])
}

/// The content of all zstd frames of an input, one after the other.
struct ZstdFrames<R> {
    input: R,
    decoder: FrameDecoder,
    is_within: bool,
    /// Said once all that could be unpacked is handed on.
    broken: Option<io::Error>,
}

/// A last block without content, and room for a check sum: makes the decoder give all it holds back for later blocks.
const CLOSING: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

impl<R: BufRead> ZstdFrames<R> {
    fn new(input: R) -> Self {
        Self { input, decoder: FrameDecoder::new(), is_within: false, broken: None }
    }

    /// Begins the next frame, or steps over one for others' use.
    fn begin(&mut self) -> io::Result<()> {
        let mut magic = [0; 4];
        self.input.read_exact(&mut magic)?;
        if !is_skippable(&magic) {
            self.decoder.init(Cursor::new(magic).chain(&mut self.input)).map_err(|error| broken(&error))?;
            self.is_within = true;
            return Ok(());
        }
        let mut length = [0; 4];
        self.input.read_exact(&mut length)?;
        let length = u64::from(u32::from_le_bytes(length));
        let skipped = io::copy(&mut self.input.by_ref().take(length), &mut io::sink())?;
        if skipped < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.is_within {
                if let Some(error) = self.broken.take() {
                    return Err(error);
                }
                if self.input.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                self.begin()?;
                continue;
            }
            let length = self.decoder.read(buffer)?;
            if length > 0 {
                return Ok(length);
            }
            if self.decoder.is_finished() && self.decoder.can_collect() == 0 {
                self.is_within = false;
                continue;
            }
            let one = || BlockDecodingStrategy::UptoBlocks(1);
            if let Err(error) = self.decoder.decode_blocks(&mut self.input, one()) {
                let error = broken(&error);
                if self.broken.is_some() || self.decoder.decode_blocks(&CLOSING[..], one()).is_err() {
                    return Err(error);
                }
                self.broken = Some(error);
            }
        }
    }
}

/// In the words of [`io::Error`]: an input that ended early is told from one that is damaged.
fn broken(error: &FrameDecoderError) -> io::Error {
    let mut cause = error.source();
    while let Some(current) = cause {
        if let Some(error) = current.downcast_ref::<io::Error>() {
            return error.kind().into();
        }
        cause = current.source();
    }
    io::Error::new(io::ErrorKind::InvalidData, "the zstd data is damaged")
}
