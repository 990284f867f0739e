//! How long things take: the one place here that reads a clock that counts.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::anyhow;

use crate::visitor::Visitor;

/// How many people ask at the same time.
pub const CLIENTS: usize = 32;

/// How long each of several things took, the shortest first.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    #[must_use]
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// So many in a hundred took this long or less (nearest rank); nothing took nothing.
    #[must_use]
    pub fn at(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }
}

/// What came of a thing, and how long it took.
pub fn timed<T>(thing: impl FnOnce() -> T) -> (T, Duration) {
    let began = now();
    let come = thing();
    (come, began.elapsed())
}

#[expect(clippy::disallowed_methods, reason = "what is measured here is time")]
#[must_use]
pub fn now() -> Instant {
    Instant::now()
}

/// Has [`CLIENTS`] people ask these pages between them, each on a connection of their own, as fast as they are answered. How
/// long each took, and how many bytes it had.
pub fn at_once(visitor: &Visitor, paths: &[String]) -> anyhow::Result<Vec<(Duration, usize)>> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|client| scope.spawn(move || ask(visitor, paths, client))).collect();
        let ended = clients.into_iter().map(|client| client.join().map_err(|_| anyhow!("a client panicked"))?);
        Ok(ended.collect::<anyhow::Result<Vec<_>>>()?.concat())
    })
}

fn ask(visitor: &Visitor, paths: &[String], client: usize) -> anyhow::Result<Vec<(Duration, usize)>> {
    let mut visitor = visitor.again()?;
    let mut times = Vec::new();
    for path in paths.iter().skip(client).step_by(CLIENTS) {
        let (page, time) = timed(|| visitor.must_get(path));
        times.push((time, page?.text.len()));
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_times() {
        let check = |count: u64, expected: [u64; 3]| {
            let times = Times::of((1..=count).rev().map(Duration::from_millis).collect());
            assert_eq!([50, 95, 99].map(|percent| times.at(percent)), expected.map(Duration::from_millis), "{count}");
        };
        check(0, [0, 0, 0]);
        check(1, [1, 1, 1]);
        check(100, [50, 95, 99]);
        check(1000, [500, 950, 990]);
    }
}
