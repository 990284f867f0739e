//! Writing a backup.

use std::io::{self, Write};

use age::stream::StreamWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

use app::{Cell, FileHead, Manifest, Shape, row_line};

use crate::lines::Line;
use crate::{Fault, Header, Lock, Secret};

/// How hard it compresses: beyond this, time grows and size hardly shrinks (documents are compressed already).
const EFFORT: u32 = 4;

/// A backup that is being written. Without [`Self::finish`] it is not whole, and readers say so.
pub struct Writer<W: Write> {
    out: GzEncoder<Locked<W>>,
}

enum Locked<W: Write> {
    Age(Box<StreamWriter<W>>),
    Open(W),
}

impl<W: Write> Write for Locked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Age(out) => out.write(bytes),
            Self::Open(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Age(out) => out.flush(),
            Self::Open(out) => out.flush(),
        }
    }
}

impl<W: Write> Writer<W> {
    /// Begins a backup.
    ///
    /// # Errors
    /// When it cannot be written, or locked with these keys.
    pub fn begin(out: W, lock: &Lock, header: &Header) -> Result<Self, Fault> {
        let locked = match lock.encryptor()? {
            Some(encryptor) => Locked::Age(Box::new(encryptor.wrap_output(out)?)),
            None => Locked::Open(out),
        };
        let mut writer = Self { out: GzEncoder::new(locked, Compression::new(EFFORT)) };
        writer.line(&serde_json::to_string(header).map_err(|error| Fault::Locking(error.to_string()))?)?;
        Ok(writer)
    }

    pub fn secret(&mut self, secret: &Secret) -> Result<(), Fault> {
        self.line(&Line::secret(secret).text()?)
    }

    pub fn table(&mut self, shape: &Shape) -> Result<(), Fault> {
        self.line(&Line::table(shape).text()?)
    }

    pub fn row(&mut self, row: &[Cell]) -> Result<(), Fault> {
        self.line(&row_line(row))
    }

    pub fn file(&mut self, file: &FileHead) -> Result<(), Fault> {
        self.line(&Line::file(file).text()?)
    }

    pub fn piece(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.line(&Line::piece(bytes).text()?)
    }

    /// Ends it with what it holds, and gives what it was written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self, manifest: Manifest) -> Result<W, Fault> {
        self.line(&Line::End(manifest).text()?)?;
        let mut out = match self.out.finish()? {
            Locked::Age(out) => out.finish()?,
            Locked::Open(out) => out,
        };
        out.flush()?;
        Ok(out)
    }

    fn line(&mut self, text: &str) -> Result<(), Fault> {
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"\n")?;
        Ok(())
    }
}
