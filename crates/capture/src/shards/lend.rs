//! An input's bytes, read once by one thread and lent to the others.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::read::pieces::{Pieces, read};

/// Pieces that may wait for who borrows them.
const PIECES_AHEAD: usize = 96;
/// Pieces that are read at a time.
const AT_ONCE: usize = 48;

/// Reads, and lends what it read to all who borrow.
pub(super) struct Lender<R> {
    input: R,
    to: Vec<SyncSender<Arc<Vec<u8>>>>,
    /// How many pieces are read at a time.
    at_once: usize,
    /// Those that were read and lent, for who reads.
    own: VecDeque<Arc<Vec<u8>>>,
    /// Why nothing more can be read, said once what was read is used up.
    fault: Option<io::Error>,
    /// The oldest first. Those that nobody reads any more are used again.
    lent: VecDeque<Arc<Vec<u8>>>,
}

/// What a [`Lender`] reads, once more. It ends where the lender stops.
pub(super) struct Borrower(Receiver<Arc<Vec<u8>>>);

/// Who reads an input, and so many who borrow what it reads. Pieces are read several at a time where they can be had at once
/// (`is_at_hand`): who borrows goes ahead then of who reads, and is woken less often.
pub(super) fn lend<R: Read>(input: R, borrowers: usize, is_at_hand: bool) -> (Lender<R>, Vec<Borrower>) {
    let (to, borrow) = (0..borrowers)
        .map(|_| {
            let (to, from) = sync_channel(PIECES_AHEAD);
            (to, Borrower(from))
        })
        .unzip();
    let at_once = if is_at_hand { AT_ONCE } else { 1 };
    (Lender { input, to, at_once, own: VecDeque::new(), fault: None, lent: VecDeque::new() }, borrow)
}

impl<R: Read> Lender<R> {
    /// Reads what comes next, and lends it. An empty one: the input has ended.
    fn read(&mut self) -> io::Result<Arc<Vec<u8>>> {
        let is_free = self.lent.front_mut().is_some_and(|oldest| Arc::get_mut(oldest).is_some());
        let room = if is_free { self.lent.pop_front().unwrap_or_default() } else { Arc::default() };
        let piece = read(&mut self.input, room)?;
        if !piece.is_empty() {
            for to in &self.to {
                // Who met an end in the bytes themselves borrows no more.
                let _ = to.send(Arc::clone(&piece));
            }
            self.lent.push_back(Arc::clone(&piece));
        }
        Ok(piece)
    }
}

impl<R: Read> Pieces for Lender<R> {
    fn next(&mut self, last: Arc<Vec<u8>>) -> io::Result<Arc<Vec<u8>>> {
        drop(last);
        if self.own.len() <= self.at_once / 2 && self.fault.is_none() {
            for _ in self.own.len()..self.at_once {
                match self.read() {
                    Ok(piece) if piece.is_empty() => break,
                    Ok(piece) => self.own.push_back(piece),
                    Err(error) => {
                        self.fault = Some(error);
                        break;
                    }
                }
            }
        }
        match self.own.pop_front() {
            Some(piece) => Ok(piece),
            None => self.fault.take().map_or_else(|| Ok(Arc::default()), Err),
        }
    }
}

impl Pieces for Borrower {
    fn next(&mut self, last: Arc<Vec<u8>>) -> io::Result<Arc<Vec<u8>>> {
        // Given back before the next is waited for.
        drop(last);
        Ok(self.0.recv().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn all(mut pieces: impl Pieces, slow: bool) -> Vec<u8> {
        let (mut all, mut piece) = (Vec::new(), Arc::default());
        loop {
            piece = pieces.next(piece).unwrap();
            if piece.is_empty() {
                return all;
            }
            all.extend_from_slice(&piece);
            if slow {
                thread::yield_now();
            }
        }
    }

    #[test]
    fn all_read_the_same_bytes_and_few_pieces_are_made() {
        let bytes: Vec<u8> = (0..20_000_000_u32).map(|number| (number % 251) as u8).collect();
        let (mut lender, borrowers) = lend(&bytes[..], 3, true);
        let (mut made, mut read) = (Vec::new(), Vec::new());
        thread::scope(|scope| {
            let readers: Vec<_> =
                borrowers.into_iter().map(|borrower| scope.spawn(move || all(borrower, true))).collect();
            let mut piece = Arc::default();
            loop {
                piece = lender.next(piece).unwrap();
                if piece.is_empty() {
                    break;
                }
                read.extend_from_slice(&piece);
                made.push(piece.as_ptr());
            }
            drop(lender);
            readers.into_iter().for_each(|reader| assert!(reader.join().unwrap() == bytes));
        });
        assert!(read == bytes);
        made.sort_unstable();
        made.dedup();
        // Those that wait, those read ahead, one in each reader's hands.
        assert!(made.len() <= PIECES_AHEAD + AT_ONCE + 3, "{} pieces are made", made.len());
    }

    #[test]
    fn who_stops_early_holds_up_nobody() {
        let bytes = vec![1; 10_000_000];
        let (lender, borrowers) = lend(&bytes[..], 2, false);
        drop(borrowers);
        assert!(all(lender, false) == bytes);
    }
}
