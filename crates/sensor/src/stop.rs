//! Whether the sensor is to end: somebody asked, or one of those who work for it ended by itself.
//!
//! Promises: a worker that panics is said, and the sensor ends in order with what the others have; it never goes on watching
//! with nobody to keep or send what it sees.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use facts::Text;

use crate::courier::Say;

/// Shared by all who look at it.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    is_asked: Arc<AtomicBool>,
    has_fallen: Arc<AtomicBool>,
}

impl Stop {
    /// Somebody wants it to end.
    pub fn ask(&self) {
        self.is_asked.store(true, Ordering::SeqCst);
    }

    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.is_asked.load(Ordering::SeqCst)
    }

    /// Whether a worker ended by itself.
    #[must_use]
    pub fn has_fallen(&self) -> bool {
        self.has_fallen.load(Ordering::SeqCst)
    }

    /// Does a worker's work. Where that panics, the sensor ends.
    pub fn on_fall(&self, who: &Text, say: &Say, work: impl FnOnce()) {
        // Nothing of the work is used afterwards but what stands behind locks, and that is whole between any two calls.
        if catch_unwind(AssertUnwindSafe(work)).is_ok() {
            return;
        }
        self.has_fallen.store(true, Ordering::SeqCst);
        self.ask();
        say(&Text::made(
            format!(
                "{} is door een fout in het programma gestopt; de sensor eindigt. Start hem opnieuw, en meld wat hierboven staat",
                who.nl
            ),
            format!(
                "{} stopped by a fault in the program; the sensor ends. Start it again, and report what stands above",
                who.en
            ),
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::courier::lock;

    #[test]
    fn a_worker_that_panics_ends_the_sensor_and_is_said() {
        let said = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&said);
        let say: Say = Arc::new(move |text: &Text| lock(&log).push(text.nl.clone().into_owned()));
        let stop = Stop::default();
        let who = Text::new("wie verzendt", "who sends");
        stop.on_fall(&who, &say, || {});
        assert_eq!((stop.is_asked(), stop.has_fallen(), lock(&said).len()), (false, false, 0));
        std::thread::scope(|scope| {
            scope.spawn(|| stop.on_fall(&who, &say, || panic!("on purpose")));
        });
        assert_eq!((stop.is_asked(), stop.has_fallen()), (true, true));
        assert!(lock(&said)[0].starts_with("wie verzendt is door een fout"), "{said:?}");
    }
}
