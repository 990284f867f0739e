//! Detectors asked for what they found by several threads at once.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    thread,
};

use crate::{Detection, network::Network, rescued::Guarded};

/// What all of them found, in their order: each thread takes the next that nobody asked yet.
pub(crate) fn findings(detectors: &mut [Guarded], network: &Network, threads: NonZeroUsize) -> Vec<Detection> {
    if threads.get() == 1 {
        return detectors.iter().flat_map(|guarded| guarded.findings(network)).collect();
    }
    let mut found: Vec<Vec<Detection>> = detectors.iter().map(|_| Vec::new()).collect();
    let waiting = Mutex::new(detectors.iter_mut().zip(&mut found));
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..threads.get() {
            scope.spawn(|| {
                while let Some((guarded, found)) = next() {
                    *found = guarded.findings(network);
                }
            });
        }
    });
    found.into_iter().flatten().collect()
}
