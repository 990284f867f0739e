//! An input read once, and handed to several threads.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, SyncSender};

use crate::Input;
use crate::read::{Block, Source};
use crate::run::Counted;
use crate::unpack::unpacked;

/// Some of the input's bytes, or why there are no more.
pub(super) type Handed = Result<Block, Arc<io::Error>>;

/// Reads and unpacks an input for all; says whether it was packed.
///
/// # Errors
/// When not even its first bytes can be read. What goes wrong later the others hear in its place.
pub(super) fn feed(input: &Input, bytes_read: Arc<AtomicU64>, to: &[SyncSender<Handed>]) -> io::Result<bool> {
    let (mut bytes, is_packed) = unpacked(Counted { input: input.open()?, bytes_read })?;
    // What was handed over, to be filled again once all have read it.
    let mut handed: Vec<Block> = Vec::new();
    loop {
        let free = handed.iter_mut().position(Block::is_free);
        let (block, stopped) = free.map(|place| handed.swap_remove(place)).unwrap_or_default().filled(&mut bytes);
        let is_last = stopped.is_err() || !block.is_full();
        handed.push(block.clone());
        for part in [Some(Ok(block)), stopped.err().map(|error| Err(Arc::new(error)))].into_iter().flatten() {
            // Who takes no more has read enough of it.
            if to.iter().filter(|to| to.send(part.clone()).is_ok()).count() == 0 {
                return Ok(is_packed);
            }
        }
        if is_last {
            return Ok(is_packed);
        }
    }
}

impl Source for Receiver<Handed> {
    fn next(&mut self, _: Block) -> io::Result<Block> {
        self.recv().unwrap_or_else(|_| Ok(Block::default())).map_err(|error| again(&error))
    }
}

/// The same error, for one more to hear.
fn again(error: &io::Error) -> io::Error {
    match error.kind() {
        kind @ ErrorKind::UnexpectedEof => kind.into(),
        kind => io::Error::new(kind, error.to_string()),
    }
}
