//! An input's unpacked bytes, a piece at a time.

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;

/// So much is read at once, and stepped over: what stays in a core's own cache.
pub(crate) const STEP: usize = 128 * 1024;

/// Where pieces come from.
pub(crate) trait Pieces {
    /// The next one; an empty one: the input has ended. `last` came before: nobody here needs it any more.
    ///
    /// # Errors
    /// The input cannot be read any further.
    fn next(&mut self, last: Arc<Vec<u8>>) -> io::Result<Arc<Vec<u8>>>;
}

/// Pieces for one reader alone.
pub(crate) struct Alone<R>(pub(crate) R);

impl<R: Read> Pieces for Alone<R> {
    fn next(&mut self, last: Arc<Vec<u8>>) -> io::Result<Arc<Vec<u8>>> {
        read(&mut self.0, last)
    }
}

/// Reads once, into the same room where nobody else holds it.
pub(crate) fn read(input: &mut impl Read, room: Arc<Vec<u8>>) -> io::Result<Arc<Vec<u8>>> {
    let mut piece = Arc::try_unwrap(room).unwrap_or_default();
    piece.resize(STEP, 0);
    let length = loop {
        match input.read(&mut piece) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    piece.truncate(length);
    Ok(Arc::new(piece))
}
