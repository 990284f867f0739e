//! From who sees to who sends: reports are taken over in memory, handed to the outputs, and written into the spool.
//!
//! Promises: who sees never waits here. A disk that is full or gone is said once; until it is back what is found waits in
//! memory, within a bound, and is then written in its order.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::courier::{Say, lock};
use crate::hold::{Hold, Told};
use crate::output::Output;
use crate::spool::{Class, Spool};
use crate::state::StateFolder;

/// How long until a disk is tried again, and outputs are asked for what waits with them.
const AGAIN: Duration = Duration::from_secs(5);

/// Where reports are laid down and picked up.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    hold: Mutex<Hold>,
    is_closed: AtomicBool,
    changed: Condvar,
    /// Lines that wait with the keeper because the disk takes nothing.
    kept: AtomicU64,
    /// Lines that were let go in memory, as far as the keeper lost them.
    lost: AtomicU64,
    /// What the sensor remembers, to be written after what lies here.
    memory: Mutex<Option<Vec<u8>>>,
}

impl Desk {
    pub(crate) fn lay_down(&self, told: impl IntoIterator<Item = Told>) {
        let mut hold = lock(&self.hold);
        told.into_iter().for_each(|told| hold.push(told));
        drop(hold);
        self.changed.notify_all();
    }

    /// What is remembered, to be kept once all that was laid down before is.
    pub(crate) fn remember(&self, memory: Vec<u8>) {
        *lock(&self.memory) = Some(memory);
    }

    /// Nothing more comes.
    pub(crate) fn close(&self) {
        let guard = lock(&self.hold);
        self.is_closed.store(true, Ordering::SeqCst);
        drop(guard);
        self.changed.notify_all();
    }

    /// Lines that are not on the disk yet.
    pub(crate) fn waiting(&self) -> u64 {
        lock(&self.hold).lines() + self.kept.load(Ordering::Relaxed)
    }

    /// Lines that were let go in memory.
    pub(crate) fn lost(&self) -> u64 {
        lock(&self.hold).lost().lines() + self.lost.load(Ordering::Relaxed)
    }

    /// What lies here, as soon as there is something; nothing when the time is over. False: nothing more comes.
    fn pick_up(&self) -> (Vec<Told>, bool) {
        let hold = lock(&self.hold);
        let is_to_wait = |hold: &mut Hold| hold.is_empty() && !self.is_closed.load(Ordering::SeqCst);
        let waited = self.changed.wait_timeout_while(hold, AGAIN, is_to_wait);
        let (mut hold, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (hold.take(), !self.is_closed.load(Ordering::SeqCst))
    }
}

/// Tells the courier that there is something, or that nothing more comes.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    state: Mutex<Rung>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default)]
struct Rung {
    is_rung: bool,
    is_closed: bool,
}

impl Bell {
    fn ring(&self) {
        lock(&self.state).is_rung = true;
        self.changed.notify_all();
    }

    pub(crate) fn close(&self) {
        lock(&self.state).is_closed = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.state).is_closed
    }

    /// Until it rings, or nothing more comes, or the time is over.
    pub(crate) fn wait(&self, most: Duration) {
        let state = lock(&self.state);
        let waited = self.changed.wait_timeout_while(state, most, |state| !state.is_rung && !state.is_closed);
        waited.unwrap_or_else(PoisonError::into_inner).0.is_rung = false;
    }

    /// Until nothing more comes, or the time is over. What is closed already does not shorten it.
    pub(crate) fn pause(&self, most: Duration) {
        let state = lock(&self.state);
        let was_closed = state.is_closed;
        let _ = self.changed.wait_timeout_while(state, most, |state| state.is_closed == was_closed);
    }
}

/// Where it is kept.
pub(crate) struct Place {
    pub(crate) spool: Arc<Mutex<Spool>>,
    pub(crate) state: StateFolder,
}

/// Takes what lies on the desk until nothing more comes. Returns how many lines were given up with the end: they are
/// nowhere but here.
pub(crate) fn keep(desk: &Desk, place: Option<&Place>, outputs: &mut [Box<dyn Output>], bell: &Bell, say: &Say) -> u64 {
    let mut own = Hold::default();
    let mut complaints: Vec<Option<String>> = vec![None; outputs.len()];
    let mut disk = None;
    loop {
        // Before what lies here is taken: what is told later must not be remembered as told.
        let memory = lock(&desk.memory).take();
        let (told, more_comes) = desk.pick_up();
        let memory = if more_comes { memory } else { lock(&desk.memory).take().or(memory) };
        for (output, before) in outputs.iter_mut().zip(&mut complaints) {
            complain(say, before, output.take(&told).err(), "output");
        }
        if let Some(Place { spool, state }) = place {
            told.into_iter().for_each(|told| own.push(told));
            let written = write(&mut own, spool);
            let remembered = memory.filter(|_| own.is_empty()).map(|memory| state.keep_memory(&memory));
            let failed = written.and(remembered.unwrap_or(Ok(()))).err().map(|error| {
                format!("the state folder cannot be written: {error}; what is found is kept in memory until there is room, or a restart")
            });
            complain(say, &mut disk, failed, "the state folder");
            desk.kept.store(own.lines(), Ordering::Relaxed);
            desk.lost.store(own.lost().lines(), Ordering::Relaxed);
            bell.ring();
        }
        if !more_comes {
            return own.lines();
        }
    }
}

/// Writes all that is held, or puts it back.
fn write(own: &mut Hold, spool: &Mutex<Spool>) -> std::io::Result<()> {
    if own.is_empty() {
        return Ok(());
    }
    let mut done = Ok(());
    let mut rest = own.take();
    for class in [Class::Findings, Class::Measurements] {
        let (of_class, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(|told| told.class() == class);
        rest = others;
        let lines: Vec<String> = of_class.iter().map(|told| told.line.clone()).collect();
        if let Err(error) = lock(spool).put(class, &lines) {
            of_class.into_iter().for_each(|told| own.push(told));
            done = Err(error);
        }
    }
    done
}

/// Says what went wrong, once, and that it is right again.
fn complain(say: &Say, before: &mut Option<String>, now: Option<String>, what: &str) {
    match (before.is_some(), &now) {
        (false, Some(why)) => say(&format!("warning: {why}")),
        (true, None) => say(&format!("{what} works again")),
        _ => {}
    }
    *before = now;
}

#[cfg(test)]
mod tests {
    use contract::sensor::Report;

    use super::*;

    fn case(number: u32) -> Told {
        let json = format!(
            r#"{{"type":"case","id":"{number}","host":{{"ip":"10.0.0.5"}},"severity":"high","detections":[],"summary":{{"nl":"","en":""}},"proposed_facts":{{}}}}"#
        );
        Told::new(Report::from_json(&json).unwrap()).unwrap()
    }

    #[test]
    fn a_disk_that_takes_nothing_is_said_once_and_everything_is_written_when_it_is_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        let spool = Arc::new(Mutex::new(Spool::open(&path, 1 << 20).unwrap()));
        let place = Place { spool: Arc::clone(&spool), state: StateFolder::open(folder.path()).unwrap() };
        let away = folder.path().join("away");
        std::fs::rename(&path, &away).unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&said);
        let say: Say = Arc::new(move |text: &str| lock(&log).push(text.to_owned()));
        let (desk, bell) = (Desk::default(), Bell::default());
        std::thread::scope(|scope| {
            let keeper = scope.spawn(|| keep(&desk, Some(&place), &mut [], &bell, &say));
            for number in 1..=3 {
                desk.lay_down([case(number)]);
                // Until the keeper has it, and the disk has not.
                while desk.waiting() != u64::from(number) || !lock(&desk.hold).is_empty() {
                    std::thread::yield_now();
                }
            }
            std::fs::rename(&away, &path).unwrap();
            desk.lay_down([case(4)]);
            desk.remember(b"remembered".to_vec());
            desk.close();
            assert_eq!(keeper.join().unwrap(), 0);
        });
        let mut lines = Vec::new();
        let mut spool = lock(&spool);
        while let Some(batch) = spool.oldest() {
            lines.extend(String::from_utf8(batch.bytes).unwrap().lines().map(str::to_owned));
            spool.sent(batch.number).unwrap();
        }
        assert_eq!(lines, [1, 2, 3, 4].map(|number| case(number).line));
        assert_eq!(place.state.memory().unwrap().as_deref(), Some(&b"remembered"[..]));
        let said = lock(&said);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("cannot be written") && said[1].contains("works again"), "{said:?}");
    }
}
