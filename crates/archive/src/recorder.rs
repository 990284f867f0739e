//! From who sees to who writes: events become rows, and rows go in batches to a thread that writes.
//!
//! Promises: who sees a network never waits for a disk: a batch for which there is no room is let go and counted. Who
//! replays a capture waits, and loses nothing.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use facts::Text;
use jiff::Timestamp;
use wire::event::Event;

use crate::gather::Gather;
use crate::name::hour_of;
use crate::row::Row;
use crate::shelf::{Keeping, Shelf};

/// Rows that are handed over together, and batches that may wait.
const BATCH: usize = 512;
const WAITING: usize = 8;

/// Rows of one hour; what time it is, where there is a clock; and the number of a flush that is asked for.
struct Parcel {
    hour: i64,
    rows: Vec<Row>,
    now: Option<Timestamp>,
    flush: Option<u64>,
}

#[derive(Debug)]
struct Shared {
    days: AtomicU16,
    lost: AtomicU64,
    /// As the shelf says.
    flushed: AtomicU64,
    is_ahead: AtomicBool,
}

/// Takes events, on the thread that sees.
#[derive(Debug)]
pub struct Recorder {
    gather: Gather,
    hour: i64,
    rows: Vec<Row>,
    sender: SyncSender<Parcel>,
    shared: Arc<Shared>,
    /// For how many days at most, whatever else is settled.
    own_days: u16,
    waits: bool,
    /// How many flushes were asked for.
    flushes: u64,
}

/// Writes rows, on a thread of its own.
#[derive(Debug)]
pub struct Writer {
    shelf: Shelf,
    receiver: Receiver<Parcel>,
    shared: Arc<Shared>,
}

/// Both ends of an archive. With `waits` the recorder waits for the writer: for captures, which wait as well. Files are
/// removed for their age only where [`Recorder::turn`] says what time it is.
///
/// # Errors
/// The folder cannot be made or read.
pub fn start(keeping: Keeping, waits: bool) -> io::Result<(Recorder, Writer)> {
    let own_days = keeping.days;
    let shared = Arc::new(Shared {
        days: AtomicU16::new(own_days),
        lost: AtomicU64::new(0),
        flushed: AtomicU64::new(0),
        is_ahead: AtomicBool::new(false),
    });
    let (sender, receiver) = sync_channel(WAITING);
    let writer = Writer { shelf: Shelf::open(keeping)?, receiver, shared: Arc::clone(&shared) };
    let (gather, rows) = (Gather::default(), Vec::new());
    let recorder = Recorder { gather, hour: 0, rows, sender, shared, own_days, waits, flushes: 0 };
    Ok((recorder, writer))
}

impl Recorder {
    /// Takes what was seen; `now` is when that is told, and its hour the hour in which it is kept.
    pub fn event(&mut self, event: &Event, now: Timestamp) {
        if self.shared.days.load(Ordering::Relaxed) == 0 {
            return;
        }
        let Some(row) = self.gather.event(event) else { return };
        let hour = hour_of(now);
        // A capture whose times run backwards goes on in the hour in which it is.
        let hour = if self.waits { hour.max(self.hour) } else { hour };
        if hour != self.hour {
            self.send(None);
            self.hour = hour;
        }
        self.rows.push(row);
        if self.rows.len() >= BATCH {
            self.send(None);
        }
    }

    /// What time it is, said often: what is due is written, what is too old removed.
    pub fn turn(&mut self, now: Timestamp) {
        self.send(Some(now));
    }

    /// Asks that all that was recorded until now be written now, and never waits for it: [`Recorder::is_written`] tells
    /// when it is. Absent: there is no room to ask; nothing is let go for that, and it may be asked again.
    pub fn flush(&mut self) -> Option<u64> {
        let number = self.flushes + 1;
        let parcel = Parcel { hour: self.hour, rows: std::mem::take(&mut self.rows), now: None, flush: Some(number) };
        match self.sender.try_send(parcel) {
            Ok(()) => {
                self.flushes = number;
                Some(number)
            }
            Err(TrySendError::Full(parcel) | TrySendError::Disconnected(parcel)) => {
                self.rows = parcel.rows;
                None
            }
        }
    }

    /// Whether what was recorded before that flush is on the disk, as far as it was not let go and counted.
    #[must_use]
    pub fn is_written(&self, flush: u64) -> bool {
        self.shared.flushed.load(Ordering::Acquire) >= flush
    }

    /// Whether rows were written since the last flush, for which nobody asked: in their time, or because there were many.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.shared.is_ahead.load(Ordering::Relaxed)
    }

    /// Nobody is seeing any more: from here on it waits for the writer, and nothing is let go.
    pub fn wait(&mut self) {
        self.waits = true;
    }

    /// What people settled: for so many days, or for fewer where this machine's own settings say so.
    pub fn keep_days(&mut self, days: u16) {
        let days = days.min(self.own_days);
        let before = self.shared.days.swap(days, Ordering::Relaxed);
        if days == 0 && before != 0 {
            self.rows.clear();
            self.gather.clear();
        }
    }

    fn send(&mut self, now: Option<Timestamp>) {
        if self.rows.is_empty() && now.is_none() {
            return;
        }
        let parcel = Parcel { hour: self.hour, rows: std::mem::take(&mut self.rows), now, flush: None };
        let refused = if self.waits {
            self.sender.send(parcel).err().map(|error| error.0)
        } else {
            self.sender.try_send(parcel).err().map(|error| match error {
                TrySendError::Full(parcel) | TrySendError::Disconnected(parcel) => parcel,
            })
        };
        if let Some(parcel) = refused {
            self.shared.lost.fetch_add(parcel.rows.len() as u64, Ordering::Relaxed);
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.wait();
        self.send(None);
    }
}

impl Writer {
    /// Writes until the recorder is gone, and then what waits. `say` hears what people should know.
    pub fn run(mut self, say: &dyn Fn(&Text)) {
        let mut days = None;
        while let Ok(parcel) = self.receiver.recv() {
            let wanted = self.shared.days.load(Ordering::Relaxed);
            if days.replace(wanted) != Some(wanted) {
                self.shelf.keep_days(wanted);
            }
            self.shelf.take(parcel.hour, parcel.rows);
            self.shelf.count_lost(self.shared.lost.swap(0, Ordering::Relaxed));
            if let Some(number) = parcel.flush {
                self.shelf.flush(number);
            }
            if let Some(now) = parcel.now {
                self.shelf.turn(now);
            }
            self.shared.flushed.store(self.shelf.flushed(), Ordering::Release);
            self.shared.is_ahead.store(self.shelf.is_ahead(), Ordering::Relaxed);
            self.shelf.notes().iter().for_each(say);
        }
        self.shelf.count_lost(self.shared.lost.swap(0, Ordering::Relaxed));
        self.shelf.finish();
        self.shelf.notes().iter().for_each(say);
    }
}
