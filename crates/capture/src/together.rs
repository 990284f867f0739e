//! Work done by several threads at once.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does all of it: each of so many threads takes the next that nobody began yet.
pub fn do_together<'a>(threads: NonZeroUsize, work: Vec<Box<dyn FnOnce() + Send + 'a>>) {
    if threads.get() == 1 {
        return work.into_iter().for_each(|one| one());
    }
    let waiting = Mutex::new(work.into_iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(|| {
                while let Some(one) = next() {
                    one();
                }
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_done_once_by_however_many() {
        for threads in [1, 2, 5] {
            let mut done = [0; 40];
            let work = done.iter_mut().map(|count| -> Box<dyn FnOnce() + Send> { Box::new(|| *count += 1) }).collect();
            do_together(NonZeroUsize::new(threads).unwrap(), work);
            assert_eq!(done, [1; 40], "by {threads}");
        }
    }
}
