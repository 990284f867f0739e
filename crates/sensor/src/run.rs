//! The sensor at work: one thread sees, one keeps, one sends, and one writes the archive where there is one.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use capture::Input;
use contract::sensor::{Exception, ListState, Report, Settings, SourceKind, SourceState, StateLine};
use detect::Watch;
use facts::Text;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wire::event::Stats;

use self::kept::Kept;
use crate::courier::{Courier, Next, Say, lock, warning};
use crate::engine::Engine;
use crate::hold::Told;
use crate::keeper::{Bell, Desk, Place, keep};
use crate::output::Output;
use crate::spool::{Lost, Spool};
use crate::state::{Memory, StateFolder};
use crate::stop::Stop;

/// How often the server hears how the sensor is; while it cannot be reached, once an hour.
const STATE_EVERY: SignedDuration = SignedDuration::from_secs(60);
const STATE_WHILE_AWAY: SignedDuration = SignedDuration::from_hours(1);

/// How often whoever watches hears how the sensor is.
const STATUS_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// How often settings and lists are looked at, and an interface that is gone.
const LOOKED_EVERY: SignedDuration = SignedDuration::from_secs(1);

/// How long something waits to be sent before its server counts as away.
#[cfg(target_os = "linux")]
const AWAY_AFTER: SignedDuration = SignedDuration::from_mins(10);

/// How long frames are waited for before anything else has its turn.
#[cfg(target_os = "linux")]
const FRAMES_WITHIN: Duration = Duration::from_millis(200);

/// How long the courier sleeps where nothing waits.
const IDLE: Duration = Duration::from_secs(60);

static LOOKS: Text = Text::new(
    "de sensor kijkt vanaf nu naar leesbare inloggegevens en persoonsgegevens",
    "the sensor looks into readable log-ins and personal data from now on",
);
static DOES_NOT_LOOK: Text = Text::new(
    "de sensor kijkt vanaf nu niet naar leesbare inloggegevens en persoonsgegevens",
    "the sensor does not look into readable log-ins and personal data from now on",
);

static KEEPER: Text = Text::new("wie bewaart wat er gevonden wordt", "who keeps what is found");
static SENDER: Text = Text::new("wie naar de server verzendt", "who sends to the server");
static WRITER: Text = Text::new("wie het archief schrijft", "who writes the archive");

/// What time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Takes up threat lists that were changed, if any were, and says which there are then.
pub type Reload = Box<dyn FnMut(&mut Watch) -> Option<Vec<ListState>>>;

/// What the sensor works with.
pub struct Sensor {
    pub engine: Engine,
    pub outputs: Vec<Box<dyn Output>>,
    /// Absent: what is found goes to the outputs alone.
    pub courier: Option<Courier>,
    /// Where what was learnt is remembered. Absent: nowhere.
    pub state: Option<StateFolder>,
    /// Absent: no metadata are kept.
    pub archive: Option<(archive::Recorder, archive::Writer)>,
    /// What is no cause for alarm, beside what the server says.
    pub exceptions: Vec<detect::Exception>,
    pub lists: Vec<ListState>,
    pub reload: Option<Reload>,
    /// How often new findings are asked for.
    pub news_every: SignedDuration,
    /// How long, once the end was asked for, a server that takes nothing is still tried.
    pub grace: Duration,
    pub clock: Clock,
    pub say: Say,
    /// Asked by whoever wants it to end.
    pub stop: Stop,
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Lines that wait on disk for the server.
    pub spooled: u64,
    /// Lines that could be written nowhere.
    pub lost: u64,
    /// Lines of what was found that were let go because more waited than may.
    pub let_go: u64,
    /// One of its workers ended by itself.
    pub has_fallen: bool,
}

/// Something that is due every so often, on a clock that may be set.
#[derive(Clone, Copy, Debug)]
struct Due {
    every: SignedDuration,
    last: Timestamp,
}

impl Due {
    fn is_due(&mut self, now: Timestamp) -> bool {
        let since = now.duration_since(self.last);
        let is_due = since >= self.every || since.is_negative();
        if is_due {
            self.last = now;
        }
        is_due
    }
}

/// What is reported beside findings.
struct Reporter {
    started_at: Timestamp,
    lists: Vec<ListState>,
    desk: Arc<Desk>,
    spool: Option<Arc<Mutex<Spool>>>,
}

impl Reporter {
    fn state(&self, engine: &Engine, sources: Vec<SourceState>, now: Timestamp) -> StateLine {
        StateLine {
            at: now,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: self.started_at,
            sources,
            malformed: engine.stats().malformed,
            dropped: engine.dropped(),
            hosts: engine.hosts(),
            lists: self.lists.clone(),
            spooled: self.spooled(),
            looks_into_content: engine.looks_into_content(),
            disk: self.desk.fault(),
            let_go: self.lost(),
            copies: engine.stats().copies,
        }
    }

    /// `memory` is what is remembered once these were told.
    fn lay_down(&self, reports: impl IntoIterator<Item = Report>, memory: Option<Memory>) {
        self.desk.lay_down(reports.into_iter().filter_map(Told::new), memory);
    }

    fn spooled(&self) -> u64 {
        let on_disk = self.spool.as_ref().map_or(0, |spool| lock(spool).lines());
        on_disk.saturating_add(self.desk.waiting())
    }

    fn lost(&self) -> u64 {
        let_go(self.spool.as_deref(), &self.desk).lines()
    }
}

/// What was let go before the server had it, on disk and in memory.
fn let_go(spool: Option<&Mutex<Spool>>, desk: &Desk) -> Lost {
    spool.map(|spool| lock(spool).lost()).unwrap_or_default().and(desk.lost())
}

impl Sensor {
    /// Reads captures as a sensor on their network would have, and ends. Their own time is the clock. Returns what came of
    /// the reading, too.
    pub fn replay(self, inputs: &[Input], progress: &mut dyn FnMut(u64)) -> (Ended, capture::Outcome) {
        self.run(|mut seeing| {
            let now = (seeing.clock)();
            seeing.settle(now);
            let mut outcome = capture::Outcome::default();
            for input in inputs {
                match capture::read_input(input, &mut |frame| seeing.engine.frame(frame), progress) {
                    Ok(reading) => {
                        (0..reading.malformed).for_each(|_| seeing.engine.count_malformed());
                        outcome.warnings.extend(reading.warnings.into_iter().map(|warning| (input.clone(), warning)));
                    }
                    Err(error) => outcome.failures.push(capture::Failure { input: input.clone(), error }),
                }
            }
            outcome.stats = seeing.finish(inputs, now);
            (outcome, None)
        })
    }

    /// Starts who keeps and who sends, sees, and ends in order: what was seen is kept before it returns, and what `see`
    /// gives to be remembered once the archive has all as well.
    fn run<T>(self, see: impl FnOnce(Seeing) -> (T, Option<Memory>)) -> (Ended, T) {
        let Self {
            mut engine,
            mut outputs,
            courier,
            state,
            exceptions,
            lists,
            reload,
            news_every,
            grace,
            clock,
            say,
            stop,
            ..
        } = self;
        let now = clock();
        let writer = self.archive.map(|(recorder, writer)| {
            engine.record(recorder);
            writer
        });
        engine.watch_mut().set_exceptions(exceptions.clone());
        let desk = Arc::new(Desk::default());
        let bell = Bell::default();
        let spool = courier.as_ref().map(|courier| Arc::clone(&courier.spool));
        let settings = courier.as_ref().map(|courier| Arc::clone(&courier.settings));
        let reporter = Reporter { started_at: now, lists, desk: Arc::clone(&desk), spool: spool.clone() };
        let due = |every| Due { every, last: now };
        let left_off = state.as_ref().and_then(|state| state.left_off().ok().flatten());
        let seeing = Seeing {
            engine,
            reporter,
            settings,
            own_exceptions: exceptions,
            exceptions: Vec::new(),
            reload,
            clock: Arc::clone(&clock),
            say: Arc::clone(&say),
            stop: stop.clone(),
            news: due(news_every),
            // The first at once.
            state: Due { every: STATE_EVERY, last: Timestamp::MIN },
            sent_all_at: now,
            status: due(STATUS_EVERY),
            looked: due(LOOKED_EVERY),
            kept: Kept::new(left_off, now),
        };
        let place = Place { spool: spool.clone(), state };
        std::thread::scope(|scope| {
            let keeper = scope.spawn(|| {
                stop.on_fall(&KEEPER, &say, || {
                    without_rights(&say);
                    keep(&desk, &place, &mut outputs, &bell, &say);
                });
                bell.close();
            });
            let sender = courier.map(|mut courier| {
                courier.ends_with(stop.clone(), grace);
                scope.spawn(|| {
                    stop.on_fall(&SENDER, &say, || {
                        without_rights(&say);
                        deliver(courier, &bell, &desk);
                    });
                })
            });
            let writer = writer.map(|writer| {
                scope.spawn(|| {
                    stop.on_fall(&WRITER, &say, || {
                        without_rights(&say);
                        writer.run(say.as_ref());
                    });
                })
            });
            // Whoever waits for the end must hear of it, also when seeing panics.
            let closing = Closing(&desk);
            let (seen, memory) = see(seeing);
            // It ends with the engine, which is gone.
            if let Some(writer) = writer {
                let _ = writer.join();
            }
            if !stop.has_fallen() {
                desk.lay_down([], memory);
            }
            drop(closing);
            let _ = keeper.join();
            if let Some(sender) = sender {
                let _ = sender.join();
            }
            let spooled = spool.as_ref().map_or(0, |spool| lock(spool).lines());
            let let_go = let_go(spool.as_deref(), &desk).findings;
            (Ended { spooled, lost: desk.kept(), let_go, has_fallen: stop.has_fallen() }, seen)
        })
    }
}

/// Nothing more is laid down once it is gone.
struct Closing<'a>(&'a Desk);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// What the thread that sees works with.
struct Seeing {
    engine: Engine,
    reporter: Reporter,
    settings: Option<Arc<Mutex<Settings>>>,
    own_exceptions: Vec<detect::Exception>,
    /// What was heard last.
    exceptions: Vec<Exception>,
    reload: Option<Reload>,
    clock: Clock,
    say: Say,
    stop: Stop,
    news: Due,
    state: Due,
    /// When nothing waited to be sent.
    sent_all_at: Timestamp,
    status: Due,
    looked: Due,
    kept: Kept,
}

impl Seeing {
    /// Everything that captures held, and how the reading of them went.
    fn finish(self, inputs: &[Input], now: Timestamp) -> Stats {
        let stats = self.engine.stats().clone();
        // Counted together, not each by itself: the first by its name, and how many more. That is data, in no language.
        let others = inputs.len().saturating_sub(1);
        let source = |input: &Input| SourceState {
            packets: stats.packets,
            bytes: stats.bytes,
            flows: stats.flows,
            ..SourceState::new(
                SourceKind::File,
                if others == 0 { input.to_string() } else { format!("{input} (+{others})") },
                false,
            )
        };
        let state = self.reporter.state(&self.engine, inputs.first().map(source).into_iter().collect(), now);
        let (reports, stats) = self.engine.finish();
        self.reporter.lay_down(reports, None);
        self.reporter.lay_down([Report::State(state)], None);
        stats
    }

    /// What people settled, and lists that were changed, are kept to from here on.
    fn settle(&mut self, now: Timestamp) {
        if let Some(settings) = &self.settings {
            let settings = lock(settings);
            if self.exceptions != settings.exceptions {
                self.exceptions.clone_from(&settings.exceptions);
                let mut exceptions: Vec<_> = self.exceptions.iter().filter_map(|one| one.try_into().ok()).collect();
                let unusable = self.exceptions.len() - exceptions.len();
                if unusable > 0 {
                    (self.say)(&warning(&match unusable {
                        1 => Text::new(
                            "1 uitzondering van de server noemt geen geldige voorwaarde",
                            "1 exception of the server names no condition that holds",
                        ),
                        _ => Text::made(
                            format!("{unusable} uitzonderingen van de server noemen geen geldige voorwaarde"),
                            format!("{unusable} exceptions of the server name no condition that holds"),
                        ),
                    }));
                }
                exceptions.extend(self.own_exceptions.iter().cloned());
                self.engine.watch_mut().set_exceptions(exceptions);
            }
            self.engine.keep_days(settings.keep_days);
            // In Dutch law a day is a day here, wherever the machine's clock thinks it is.
            let zone = TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC);
            let may = settings.allows_content(now.to_zoned(zone).date());
            if may != self.engine.looks_into_content() {
                self.engine.look_into_content(may);
                (self.say)(if may { &LOOKS } else { &DOES_NOT_LOOK });
            }
        }
        if let Some(lists) = self.reload.as_mut().and_then(|reload| reload(self.engine.watch_mut())) {
            self.reporter.lists = lists;
        }
    }
}

/// Sends until nothing more comes, and then what waits still, for as long as the server takes it.
fn deliver(mut courier: Courier, bell: &Bell, desk: &Desk) {
    loop {
        let is_closed = bell.is_closed();
        let turn = match courier.turn() {
            Next::Idle => courier.turn_without_disk(desk),
            other => other,
        };
        match turn {
            Next::Again => {}
            Next::Idle if is_closed => return courier.last_word(desk),
            Next::Idle => bell.wait(IDLE),
            Next::Wait(_) if is_closed && courier.grace().is_zero() => return,
            Next::Wait(most) if is_closed => {
                let pause = most.min(courier.grace()).min(Duration::from_secs(1));
                bell.pause(pause, is_closed);
                courier.spend(pause);
            }
            Next::Wait(most) => bell.pause(most, is_closed),
        }
    }
}

/// A thread that opens no interface needs no right to do so.
fn without_rights(say: &Say) {
    #[cfg(target_os = "linux")]
    if let Err(error) = crate::privileges::give_up_all() {
        say(&warning(&error.text()));
    }
    #[cfg(not(target_os = "linux"))]
    let _ = say;
}

#[cfg(target_os = "linux")]
mod heard;
mod kept;
#[cfg(target_os = "linux")]
mod live;
