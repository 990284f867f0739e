//! From who sees to who sends: reports are taken over in memory, handed to the outputs, and written into the spool.
//!
//! Promises: who sees never waits here. A disk that is full or gone is said once; until it is back what is found waits in
//! memory, within a bound: who sends takes it to the server from there ([`Desk::lend`]), and what is left is then written
//! in its order.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use contract::sensor::{DiskFault, Report, StateLine};
use facts::Text;

use crate::courier::{Say, lock, warning};
use crate::hold::{Hold, Told};
use crate::output::Output;
use crate::spool::{Class, Lost, MAX_BATCH_BYTES, Spool};
use crate::state::{Memory, StateFolder};
use crate::unit::{Unit, units};
use crate::words;

/// How long until a disk is tried again, and outputs are asked for what waits with them.
const AGAIN: Duration = Duration::from_secs(5);

static OUTPUT: Text = Text::new("de uitvoer", "output");
static STATE: Text = Text::new("de map van de sensor", "the state folder");

/// Where reports are laid down and picked up.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    lying: Mutex<Lying>,
    is_closed: AtomicBool,
    changed: Condvar,
    kept: Mutex<Kept>,
}

/// What waits with the keeper because the disk takes nothing.
#[derive(Debug, Default)]
struct Kept {
    hold: Hold,
    /// Why the disk took nothing when it was last tried.
    fault: Option<DiskFault>,
    /// Lines that are on their way to the server. Until they come back, or not, nothing is written: they are the oldest.
    lent: u64,
}

/// What lies there. What the sensor remembers lies with what was told, so that neither is ever picked up without the other.
#[derive(Debug, Default)]
struct Lying {
    hold: Hold,
    memory: Option<Memory>,
    /// How the sensor was when it last said so.
    state: Option<StateLine>,
}

impl Desk {
    /// `memory`: what is remembered once these, and all before, were told.
    pub(crate) fn lay_down(&self, told: impl IntoIterator<Item = Told>, memory: Option<Memory>) {
        let mut lying = lock(&self.lying);
        let told: Vec<Told> = told.into_iter().collect();
        if let Some(Report::State(state)) =
            told.iter().map(|told| &told.report).rfind(|report| matches!(report, Report::State(_)))
        {
            lying.state = Some(state.clone());
        }
        lying.hold.extend(told);
        lying.memory = memory.or(lying.memory.take());
        drop(lying);
        self.changed.notify_all();
    }

    /// Nothing more comes.
    pub(crate) fn close(&self) {
        let guard = lock(&self.lying);
        self.is_closed.store(true, Ordering::SeqCst);
        drop(guard);
        self.changed.notify_all();
    }

    /// Lines that are not on the disk yet.
    pub(crate) fn waiting(&self) -> u64 {
        lock(&self.lying).hold.lines() + self.kept()
    }

    /// Those of them that are with the keeper.
    pub(crate) fn kept(&self) -> u64 {
        let kept = lock(&self.kept);
        kept.hold.lines() + kept.lent
    }

    /// Why the disk takes nothing; absent: it does.
    pub(crate) fn fault(&self) -> Option<DiskFault> {
        lock(&self.kept).fault
    }

    /// What the disk did not take and waited longest, for whoever can bring it to the server; [`Desk::settle`] says what
    /// became of it. Absent: the disk takes what there is, or nothing waits.
    pub(crate) fn lend(&self) -> Option<Vec<Told>> {
        let mut kept = lock(&self.kept);
        if kept.fault.is_none() || kept.hold.is_empty() {
            return None;
        }
        let told = kept.hold.take_some(MAX_BATCH_BYTES);
        kept.lent = told.len() as u64;
        Some(told)
    }

    /// What was lent is there, or comes back to wait on.
    pub(crate) fn settle(&self, back: Vec<Told>) {
        let mut kept = lock(&self.kept);
        kept.lent = 0;
        kept.hold.put_back(back);
    }

    /// Lines that were let go in memory.
    pub(crate) fn lost(&self) -> Lost {
        let lying = lock(&self.lying).hold.lost();
        lying.and(lock(&self.kept).hold.lost())
    }

    /// How the sensor was when it last said so.
    pub(crate) fn state(&self) -> Option<StateLine> {
        lock(&self.lying).state.clone()
    }

    /// What lies here, as soon as there is something; nothing when the time is over. False: nothing more comes.
    fn pick_up(&self) -> (Vec<Told>, Option<Memory>, bool) {
        let lying = lock(&self.lying);
        let is_to_wait = |lying: &mut Lying| {
            lying.hold.is_empty() && lying.memory.is_none() && !self.is_closed.load(Ordering::SeqCst)
        };
        let waited = self.changed.wait_timeout_while(lying, AGAIN, is_to_wait);
        let (mut lying, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (lying.hold.take(), lying.memory.take(), !self.is_closed.load(Ordering::SeqCst))
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

    /// Until nothing more comes, or the time is over. What was known to be closed (`was_closed`) does not shorten it; what was
    /// closed since that was looked at does.
    pub(crate) fn pause(&self, most: Duration, was_closed: bool) {
        let state = lock(&self.state);
        let _ = self.changed.wait_timeout_while(state, most, |state| state.is_closed == was_closed);
    }
}

/// Where it is kept: what goes to a server, and what is remembered.
#[derive(Default)]
pub(crate) struct Place {
    pub(crate) spool: Option<Arc<Mutex<Spool>>>,
    pub(crate) state: Option<StateFolder>,
}

/// Takes what lies on the desk until nothing more comes. What the disk did not take by then is [`Desk::kept`].
pub(crate) fn keep(desk: &Desk, place: &Place, outputs: &mut [Box<dyn Output>], bell: &Bell, say: &Say) {
    let mut memory = None;
    let mut complaints = vec![false; outputs.len()];
    let (mut disk, mut has_let_go) = (false, false);
    loop {
        let (told, newest, more_comes) = desk.pick_up();
        memory = newest.or(memory);
        for (output, before) in outputs.iter_mut().zip(&mut complaints) {
            complain(say, before, output.take(&told).err().as_ref(), &OUTPUT);
        }
        if place.state.is_none() {
            memory = None;
        }
        if place.spool.is_some() || place.state.is_some() {
            let mut kept = lock(&desk.kept);
            if place.spool.is_some() {
                kept.hold.extend(told);
            }
            // A disk that is not tried says nothing of itself.
            let is_tried = kept.lent == 0 && !(kept.hold.is_empty() && memory.is_none());
            if is_tried {
                // Who sends gets nothing before it is remembered as told, as long as the disk takes it: a sensor that is
                // killed in between, and begins with the old memory, would tell the server the same as another case.
                let mut spool = place.spool.as_deref().map(lock);
                let written = spool.as_mut().map_or(Ok(()), |spool| write(&mut kept.hold, spool));
                let written = written.and_then(|()| remember(&mut memory, place.state.as_ref()));
                let lost = spool.as_ref().map(|spool| spool.lost()).unwrap_or_default().and(kept.hold.lost());
                drop(spool);
                let failed = written.err();
                kept.fault = failed.as_ref().map(fault_of);
                drop(kept);
                // Once: how many they are by then, the status says each hour.
                if lost.findings > 0 && !has_let_go {
                    has_let_go = true;
                    say(&warning(&words::let_go(lost.findings)));
                }
                complain(
                    say,
                    &mut disk,
                    failed.map(|error| unwritable(&error, place.spool.is_some())).as_ref(),
                    &STATE,
                );
            }
            bell.ring();
        }
        if !more_comes {
            return;
        }
    }
}

fn fault_of(error: &io::Error) -> DiskFault {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => DiskFault::Full,
        _ => DiskFault::Unwritable,
    }
}

fn unwritable(error: &io::Error, has_server: bool) -> Text {
    let (nl, en) = match fault_of(error) {
        DiskFault::Full => {
            ("de schijf is vol; maak er ruimte op".to_owned(), "the disk is full; make room on it".to_owned())
        }
        DiskFault::Unwritable => (
            format!("{error}; kijk of de map er is en van wie hij is"),
            format!("{error}; look whether the folder is there, and whose it is"),
        ),
    };
    let (until_nl, until_en) = if has_server {
        (
            "gaat wat er gevonden wordt uit het geheugen naar de server, zolang die te bereiken is",
            "what is found goes to the server from memory, as long as it can be reached",
        )
    } else {
        ("is wat de sensor leert weg zodra hij stopt", "what the sensor learns is gone once it stops")
    };
    Text::made(
        format!("de map van de sensor (--state) is niet te schrijven: {nl}. Tot het weer kan, {until_nl}"),
        format!("the state folder (--state) cannot be written: {en}. Until it can, {until_en}"),
    )
}

/// Writes all that is held, or puts it back.
fn write(own: &mut Hold, spool: &mut Spool) -> io::Result<()> {
    if own.is_empty() {
        return Ok(());
    }
    let mut done = Ok(());
    let mut rest = units(own.take());
    for class in [Class::Grave, Class::Findings, Class::Measurements] {
        let (mut of_class, others): (Vec<Unit>, Vec<Unit>) = rest.into_iter().partition(|unit| unit.class == class);
        rest = others;
        if class == Class::Measurements {
            of_class.iter_mut().flat_map(|unit| &mut unit.told).for_each(|told| told.count_lost(spool.lost()));
        }
        let lines = |unit: &Unit| -> Vec<String> { unit.told.iter().map(|told| told.line.clone()).collect() };
        let lines: Vec<Vec<String>> = of_class.iter().map(lines).collect();
        if let Err(error) = spool.put_together(class, lines.iter().map(Vec::as_slice)) {
            own.extend(of_class.into_iter().flat_map(|unit| unit.told));
            done = Err(error);
        }
    }
    done
}

/// Keeps what is to be remembered; what the disk does not take is tried again.
fn remember(memory: &mut Option<Memory>, state: Option<&StateFolder>) -> io::Result<()> {
    if let (Some(memory), Some(state)) = (&memory, state) {
        state.keep_memory(memory)?;
    }
    *memory = None;
    Ok(())
}

/// Says what went wrong, once, and that it is right again.
fn complain(say: &Say, is_wrong: &mut bool, now: Option<&Text>, what: &Text) {
    match (*is_wrong, now) {
        (false, Some(why)) => say(&warning(why)),
        (true, None) => {
            say(&Text::made(format!("{} werkt weer", what.nl), format!("{} works again", what.en)));
        }
        _ => {}
    }
    *is_wrong = now.is_some();
}

#[cfg(test)]
mod tests {
    use contract::sensor::Report;
    use jiff::Timestamp;

    use super::*;
    use crate::state::LeftOff;

    #[test]
    fn what_is_closed_while_something_else_was_done_is_noticed_by_who_pauses_then() {
        let bell = Bell::default();
        let was_closed = bell.is_closed();
        bell.close();
        // An hour would pass.
        bell.pause(Duration::from_secs(3_600), was_closed);
        bell.pause(Duration::from_millis(1), bell.is_closed());
    }

    fn case(number: u32) -> Told {
        let json = format!(
            r#"{{"type":"case","id":"{number}","host":{{"ip":"10.0.0.5"}},"severity":"high","detections":[],"summary":{{"nl":"","en":""}},"proposed_facts":{{}}}}"#
        );
        Told::new(Report::from_json(&json).unwrap()).unwrap()
    }

    #[test]
    fn without_a_server_what_was_learnt_is_remembered_and_nothing_waits_to_be_sent() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { spool: None, state: Some(StateFolder::open(folder.path()).unwrap()) };
        let (desk, bell) = (Desk::default(), Bell::default());
        let say: Say = Arc::new(|_: &Text| {});
        let left_off = LeftOff { at: Timestamp::UNIX_EPOCH, places: Vec::new() };
        desk.lay_down([case(1)], Some(Memory { engine: b"learnt".to_vec(), left_off }));
        desk.close();
        keep(&desk, &place, &mut [], &bell, &say);
        assert_eq!((desk.kept(), desk.waiting()), (0, 0));
        assert_eq!(place.state.unwrap().memory().unwrap().as_deref(), Some(&b"learnt"[..]));
    }

    #[test]
    fn a_disk_that_takes_nothing_is_said_once_and_everything_is_written_when_it_is_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spool");
        let spool = Arc::new(Mutex::new(Spool::open(&path, 1 << 20).unwrap()));
        let state = Some(StateFolder::open(folder.path()).unwrap());
        let place = Place { spool: Some(Arc::clone(&spool)), state };
        let away = folder.path().join("away");
        std::fs::rename(&path, &away).unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&said);
        let say: Say = Arc::new(move |text: &Text| lock(&log).push(text.en.clone().into_owned()));
        let (desk, bell) = (Desk::default(), Bell::default());
        std::thread::scope(|scope| {
            let keeper = scope.spawn(|| keep(&desk, &place, &mut [], &bell, &say));
            for number in 1..=3 {
                desk.lay_down([case(number)], None);
                // Until the keeper has it, and the disk has not.
                while desk.waiting() != u64::from(number) || !lock(&desk.lying).hold.is_empty() {
                    std::thread::yield_now();
                }
            }
            while desk.fault().is_none() {
                std::thread::yield_now();
            }
            // Who sends could not bring it: it waits on before what comes later.
            let lent = desk.lend().unwrap();
            assert_eq!((lent.len(), desk.kept(), desk.lend()), (3, 3, None));
            desk.settle(lent);
            std::fs::rename(&away, &path).unwrap();
            let left_off = LeftOff { at: Timestamp::UNIX_EPOCH, places: Vec::new() };
            desk.lay_down([case(4)], Some(Memory { engine: b"remembered".to_vec(), left_off }));
            desk.close();
            keeper.join().unwrap();
            assert_eq!(desk.kept(), 0);
        });
        let mut lines = Vec::new();
        let mut spool = lock(&spool);
        while let Some(batch) = spool.oldest() {
            lines.extend(String::from_utf8(batch.bytes).unwrap().lines().map(str::to_owned));
            spool.sent(batch.number).unwrap();
        }
        assert_eq!(lines, [1, 2, 3, 4].map(|number| case(number).line));
        assert_eq!(place.state.unwrap().memory().unwrap().as_deref(), Some(&b"remembered"[..]));
        let said = lock(&said);
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].contains("cannot be written") && said[1].contains("works again"), "{said:?}");
    }
}
