//! Passwords: how long one may be, and how many are hashed at once. Argon2 takes 19 MiB each time, on purpose, so that
//! whoever sends many at once would otherwise take all memory there is. It is done on threads of its own, always the same
//! ones: an allocator keeps what each thread once used.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot};

use app::Error;

/// How many passwords are hashed at once; the others wait their turn.
const AT_ONCE: usize = 2;
/// The longest e-mail address, in characters (RFC 5321, 4.5.3.1.3).
const LONGEST_EMAIL: usize = 254;
/// The longest password, in characters: more than anybody types.
const LONGEST_PASSWORD: usize = 1000;
/// The largest form with a password, in bytes.
pub(crate) const LARGEST_FORM: usize = 16 * 1024;

type Job = Box<dyn FnOnce() + Send>;

/// The places for hashing.
pub(crate) struct Hashing {
    places: Arc<Semaphore>,
    jobs: mpsc::Sender<Job>,
}

impl Default for Hashing {
    fn default() -> Self {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..AT_ONCE {
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || {
                loop {
                    let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(job) = job else { return };
                    // Whoever waits for the answer hears of a panic: its sender is gone.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            });
        }
        Self { places: Arc::new(Semaphore::new(AT_ONCE)), jobs }
    }
}

impl Hashing {
    /// Does this as soon as there is a place, without holding up others' pages. The place is taken until the work is
    /// done, also when nobody waits for the answer any longer.
    ///
    /// # Errors
    /// The work panicked.
    pub(crate) async fn run<W, T>(&self, work: W) -> Result<T, Error>
    where
        W: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(Error::internal)?;
        let (answer, answered) = oneshot::channel();
        let runtime = Handle::current();
        let job = move || {
            let done = runtime.block_on(work);
            drop(place);
            // Nobody may be waiting any longer.
            let _ = answer.send(done);
        };
        self.jobs.send(Box::new(job)).map_err(|_| Error::internal("the threads for hashing are gone"))?;
        answered.await.map_err(Error::internal)
    }
}

/// Which of the two is too long to be what it says it is.
pub(crate) fn too_long(email: &str, password: &str) -> Option<&'static str> {
    let is_longer = |text: &str, most: usize| text.chars().nth(most).is_some();
    match (is_longer(email, LONGEST_EMAIL), is_longer(password, LONGEST_PASSWORD)) {
        (true, _) => Some("email"),
        (false, true) => Some("password"),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn two_at_once_and_the_others_wait() {
        let hashing = Arc::new(Hashing::default());
        let (busy, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        // Nobody passes alone.
        let pair = Arc::new(Barrier::new(AT_ONCE));
        let jobs: Vec<_> = (0..8)
            .map(|_| {
                let (hashing, busy, most) = (Arc::clone(&hashing), Arc::clone(&busy), Arc::clone(&most));
                let pair = Arc::clone(&pair);
                tokio::spawn(async move {
                    let work = async move {
                        most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        pair.wait();
                        busy.fetch_sub(1, Ordering::SeqCst);
                    };
                    hashing.run(work).await.unwrap();
                })
            })
            .collect();
        for job in jobs {
            job.await.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), AT_ONCE);
    }

    #[tokio::test]
    async fn who_goes_away_frees_no_place_while_the_work_goes_on() {
        let hashing = Hashing::default();
        let (done, wait) = mpsc::channel::<()>();
        let mut visit = Box::pin(hashing.run(async move { wait.recv() }));
        tokio::select! {
            biased;
            _ = &mut visit => unreachable!("the work cannot be done yet"),
            () = tokio::task::yield_now() => {}
        }
        drop(visit);
        assert_eq!(hashing.places.available_permits(), AT_ONCE - 1);
        done.send(()).unwrap();
        let places = hashing.places.acquire_many(2).await.unwrap();
        assert_eq!(places.num_permits(), AT_ONCE);
    }

    #[test]
    fn what_nobody_types_is_too_long() {
        assert_eq!(too_long(&"é".repeat(254), &"é".repeat(1000)), None);
        assert_eq!(too_long(&"e".repeat(255), ""), Some("email"));
        assert_eq!(too_long("", &"e".repeat(1001)), Some("password"));
    }
}
