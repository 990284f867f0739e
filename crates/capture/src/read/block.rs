//! An input's bytes in blocks, which several may read without copying them.

use std::io::{self, ErrorKind, Read};
use std::sync::Arc;

/// So much is read at once by who reads alone: what stays in a core's own cache.
const ALONE: usize = 64 * 1024;
/// And for several, who each have to be woken for it.
const SHARED: usize = 256 * 1024;

/// Some bytes of an input, shared by all who read it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    room: Arc<Vec<u8>>,
    length: usize,
}

/// Where blocks come from, one after the other.
pub(crate) trait Source {
    /// The next bytes; none: the input has ended. What was handed over before comes back to be filled again.
    ///
    /// # Errors
    /// When they cannot be read.
    fn next(&mut self, used: Block) -> io::Result<Block>;
}

impl Block {
    pub(crate) fn bytes(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }

    /// Whether nobody else reads it any more.
    pub(crate) fn is_free(&mut self) -> bool {
        Arc::get_mut(&mut self.room).is_some()
    }

    /// Reads once; nothing: the input has ended.
    fn read(mut self, input: &mut impl Read) -> io::Result<Self> {
        self.length = retried(input, self.room(ALONE))?;
        Ok(self)
    }

    /// Reads until it is full or the input ends, and says what stopped it.
    pub(crate) fn filled(mut self, input: &mut impl Read) -> (Self, io::Result<()>) {
        let mut length = 0;
        let stopped = loop {
            match retried(input, self.room(SHARED).get_mut(length..).unwrap_or_default()) {
                Ok(0) => break Ok(()),
                Ok(more) => length += more,
                Err(error) => break Err(error),
            }
        };
        self.length = length;
        (self, stopped)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.length == SHARED
    }

    /// Its room, or new room where somebody still reads it.
    fn room(&mut self, size: usize) -> &mut [u8] {
        if Arc::get_mut(&mut self.room).is_none_or(|room| room.len() < size) {
            self.room = Arc::new(vec![0; size]);
        }
        Arc::get_mut(&mut self.room).map(Vec::as_mut_slice).unwrap_or_default()
    }
}

/// An input that one reads alone.
pub(crate) struct Alone<R>(pub(crate) R);

impl<R: Read> Source for Alone<R> {
    fn next(&mut self, used: Block) -> io::Result<Block> {
        used.read(&mut self.0)
    }
}

impl Source for Box<dyn Source + Send> {
    fn next(&mut self, used: Block) -> io::Result<Block> {
        (**self).next(used)
    }
}

fn retried(input: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(room) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
