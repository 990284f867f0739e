//! Where an archive is written: what fails once has failed, and is told once.

use std::io::{Error, Result, Seek, SeekFrom, Write};

/// A writer that takes and drops everything after its first failure: whoever wrote was told then, and an archive that is given
/// up writes its end all the same, to complain on the standard error where that fails too.
pub(crate) struct Written<W> {
    inner: W,
    has_failed: bool,
    /// Where it stands, and the furthest it came: as if what was dropped had been written.
    at: u64,
    end: u64,
}

impl<W> Written<W> {
    pub(crate) fn to(inner: W) -> Self {
        Self { inner, has_failed: false, at: 0, end: 0 }
    }

    /// What was written to, where all of it was.
    pub(crate) fn whole(self) -> Result<W> {
        if self.has_failed { Err(Error::other("it failed before")) } else { Ok(self.inner) }
    }

    fn unless_failed<T>(&mut self, dropped: T, work: impl FnOnce(&mut W) -> Result<T>) -> Result<T> {
        if self.has_failed {
            return Ok(dropped);
        }
        work(&mut self.inner).inspect_err(|_| self.has_failed = true)
    }

    fn stand(&mut self, at: u64) {
        self.at = at;
        self.end = self.end.max(at);
    }
}

impl<W: Write> Write for Written<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let written = self.unless_failed(bytes.len(), |inner| inner.write(bytes))?;
        self.stand(self.at + written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> Result<()> {
        self.unless_failed((), Write::flush)
    }
}

impl<W: Seek> Seek for Written<W> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::End(by) => self.end.saturating_add_signed(by),
        };
        let at = self.unless_failed(place, |inner| inner.seek(to))?;
        self.stand(at);
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_first_failure_is_told_and_no_other() {
        let mut written = Written::to(Full(3));
        written.write_all(b"abc").unwrap();
        assert_eq!(written.write_all(b"d").unwrap_err().kind(), std::io::ErrorKind::StorageFull);
        written.write_all(b"d").unwrap();
        assert!(written.whole().is_err(), "what was dropped is not taken for written");
        assert!(Written::to(Full(0)).whole().is_ok());
    }
}
