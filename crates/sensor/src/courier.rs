//! Takes what waits in the spool to the server, the oldest first, and acts upon what it answers.
//!
//! Promises: a batch leaves the spool when the server said that it has it, and not before; what waits in memory for want of a
//! disk goes to the server from there; whatever goes wrong it goes on trying, ever less often; a server that does not know
//! the sensor any more is asked once an hour; one that takes a connection and never answers does not keep who asks the sensor
//! to end waiting.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::sensor::{Answer, Report, Settings};
use facts::Text;
use jiff::SignedDuration;

use crate::keeper::Desk;
use crate::reach::as_it_is;
use crate::server::{Sent, Server};
use crate::spool::{Batch, Spool};
use crate::state::StateFolder;
use crate::stop::Stop;
use crate::words;

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(300);
const UNKNOWN_WAIT: Duration = Duration::from_secs(3_600);

/// Once the end was asked for, a server may take this much longer for an answer than it is still tried.
const LEEWAY: Duration = Duration::from_secs(2);
/// How often it is looked whether the end was asked for, while an answer is waited for.
const LOOKED_EVERY: Duration = Duration::from_millis(100);

/// Longer than this a server need not ask us to wait.
const LONGEST_ASKED: Duration = Duration::from_secs(3_600);

/// Says something to whoever watches.
pub type Say = Arc<dyn Fn(&Text) + Send + Sync>;

/// Who takes it there.
pub struct Courier {
    pub server: Server,
    pub secret: String,
    pub spool: Arc<Mutex<Spool>>,
    /// What people settled, as last heard.
    pub settings: Arc<Mutex<Settings>>,
    pub state: StateFolder,
    pub say: Say,
    /// How often it failed in a row.
    failures: u32,
    /// Whether the sensor is to end.
    stop: Stop,
    /// For how long a server that takes nothing is still tried once it is.
    grace: Duration,
}

/// What to do after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// There may be more.
    Again,
    /// Nothing waits.
    Idle,
    /// Not before so long.
    Wait(Duration),
}

/// What became of lines.
#[derive(Debug, PartialEq)]
enum Fate {
    /// They are there, but for those that it set aside: their places, from 1.
    There {
        aside: Vec<u64>,
    },
    /// The server will never take them.
    Refused(Text),
    Waits,
}

impl Courier {
    #[must_use]
    pub fn new(
        server: Server,
        secret: String,
        spool: Arc<Mutex<Spool>>,
        settings: Arc<Mutex<Settings>>,
        state: StateFolder,
        say: Say,
    ) -> Self {
        let (stop, grace) = (Stop::default(), Duration::ZERO);
        Self { server, secret, spool, settings, state, say, failures: 0, stop, grace }
    }

    /// Once the end is asked for, a server that takes nothing is tried for so long.
    pub(crate) fn ends_with(&mut self, stop: Stop, grace: Duration) {
        (self.stop, self.grace) = (stop, grace);
    }

    /// How much of that is left.
    pub(crate) fn grace(&self) -> Duration {
        self.grace
    }

    /// So much of it is over.
    pub(crate) fn spend(&mut self, time: Duration) {
        self.grace = self.grace.saturating_sub(time);
    }

    /// Sends the batch that has waited longest.
    pub fn turn(&mut self) -> Next {
        let Some(batch) = lock(&self.spool).oldest() else { return Next::Idle };
        let (fate, next) = self.bring(&batch.bytes);
        match fate {
            Fate::There { aside } => {
                let removed = lock(&self.spool).sent_but(&batch, &aside);
                self.say_set_aside(&batch, aside.len());
                if let Err(error) = removed {
                    (self.say)(&Text::made(
                        format!("let op: wat verzonden is, is niet van schijf te verwijderen: {error}"),
                        format!("warning: a batch that was sent cannot be removed from the spool: {error}"),
                    ));
                }
            }
            Fate::Refused(why) => self.set_aside(&batch, &why),
            Fate::Waits => {}
        }
        next
    }

    /// Sends what the disk does not take, where it takes nothing.
    pub(crate) fn turn_without_disk(&mut self, desk: &Desk) -> Next {
        let Some(told) = desk.lend() else { return Next::Idle };
        let lines: String = told.iter().flat_map(|told| [told.line.as_str(), "\n"]).collect();
        let (fate, next) = self.bring(lines.as_bytes());
        if let Fate::Refused(why) = &fate {
            let count = words::lines(told.len() as u64);
            (self.say)(&Text::made(
                format!(
                    "de server weigerde een bericht van {} ({}); op schijf is er geen plaats voor",
                    count.nl, why.nl
                ),
                format!("the server refused a batch of {} ({}); there is no room for it on disk", count.en, why.en),
            ));
        }
        if let Fate::There { aside } = &fate
            && !aside.is_empty()
        {
            let (aside, count) = (aside.len(), words::lines(told.len() as u64));
            let (regels, count) = (count.nl, count.en);
            (self.say)(&Text::made(
                format!(
                    "let op: van een bericht van {regels} nam de server er {aside} niet aan: zij zeggen een moment dat meer dan een dag vooruitligt; op schijf is er geen plaats voor; zet de klok gelijk"
                ),
                format!(
                    "warning: of a batch of {count} the server did not take {aside}: they say a moment more than a day ahead; there is no room for them on disk; set the clock"
                ),
            ));
        }
        desk.settle(if fate == Fate::Waits { told } else { Vec::new() });
        next
    }

    /// All is there and nothing more comes. What the sensor said last counted lines that waited then, and no other state
    /// follows: it says once more how it was.
    pub(crate) fn last_word(&mut self, desk: &Desk) {
        let Some(mut state) = desk.state() else { return };
        let let_go = lock(&self.spool).lost().and(desk.lost()).lines();
        if state.spooled == 0 && state.let_go == let_go {
            return;
        }
        // The server takes a newer one alone.
        state.at = state.at.saturating_add(SignedDuration::from_millis(1)).unwrap_or(state.at);
        (state.spooled, state.let_go) = (0, let_go);
        if let Ok(line) = Report::State(state).to_json() {
            let _ = self.bring(format!("{line}\n").as_bytes());
        }
    }

    /// Brings lines to the server: what became of them, and what to do next.
    fn bring(&mut self, lines: &[u8]) -> (Fate, Next) {
        match self.send(lines) {
            Sent::Taken(answer) => {
                self.recovered();
                let mut aside = Vec::new();
                match answer {
                    Ok(answer) => {
                        self.settle(answer.settings);
                        aside = answer.set_aside;
                    }
                    Err(why) => self.say_unreadable(&why),
                }
                (Fate::There { aside }, Next::Again)
            }
            Sent::Refused(why) => (Fate::Refused(why), Next::Again),
            // One line alone, that is: more are halved before it comes to this.
            Sent::TooLarge => {
                let why = Text::new("een regel is te lang voor de server", "a line is too long for the server");
                (Fate::Refused(why), Next::Again)
            }
            Sent::Unknown(why) => {
                if self.failures == 0 {
                    (self.say)(&Text::made(
                        format!(
                            "de server kent deze sensor niet meer ({}); wat er gevonden wordt blijft op schijf, en de server wordt elk uur gevraagd; meld de sensor opnieuw aan: start hem één keer met --enrol en een nieuwe code van de pagina Sensoren",
                            why.nl
                        ),
                        format!(
                            "the server does not know this sensor any more ({}); what is found is kept on disk, and the server is asked once an hour; enrol anew: start it once with --enrol and a new token of the page with sensors",
                            why.en
                        ),
                    ));
                }
                self.failures = self.failures.saturating_add(1);
                (Fate::Waits, Next::Wait(UNKNOWN_WAIT))
            }
            Sent::Later { after, why } => {
                let wait = self.failed(&why);
                (Fate::Waits, Next::Wait(after.map_or(wait, |after| after.clamp(FIRST_WAIT, LONGEST_ASKED))))
            }
            Sent::Failed(why) => (Fate::Waits, Next::Wait(self.failed(&why))),
        }
    }

    /// Hears what people settled before anything is seen, within that time. Where the server does not say, what it said last
    /// stays.
    pub fn hear(&self, within: Duration) {
        let why = match self.server.ask(&self.secret, within) {
            Sent::Taken(Ok(answer)) => return self.settle(answer.settings),
            Sent::Taken(Err(why)) => return self.say_unreadable(&why),
            Sent::TooLarge => Text::new("het bericht is te lang", "the report is too long"),
            Sent::Unknown(why) | Sent::Refused(why) | Sent::Later { why, .. } | Sent::Failed(why) => why,
        };
        (self.say)(&Text::made(
            format!("let op: de server geeft zijn instellingen nu niet ({}); die van de laatste keer gelden", why.nl),
            format!("warning: the server does not give its settings now ({}); those of the last time hold", why.en),
        ));
    }

    fn say_set_aside(&self, batch: &Batch, aside: usize) {
        if aside == 0 {
            return;
        }
        let folder = lock(&self.spool).refused_folder();
        let (count, folder) = (words::lines(batch.lines), folder.display());
        let (regels, count) = (count.nl, count.en);
        (self.say)(&Text::made(
            format!(
                "let op: van een bericht van {regels} nam de server er {aside} niet aan: zij zeggen een moment dat meer dan een dag vooruitligt; ze liggen in {folder}; zet de klok gelijk"
            ),
            format!(
                "warning: of a batch of {count} the server did not take {aside}: they say a moment more than a day ahead; they lie in {folder}; set the clock"
            ),
        ));
    }

    fn say_unreadable(&self, why: &str) {
        (self.say)(&Text::made(
            format!(
                "let op: de server nam het bericht aan, maar zijn instellingen in het antwoord zijn niet te lezen: {why}"
            ),
            format!("warning: the server took the report, and its settings with the answer cannot be read: {why}"),
        ));
    }

    /// Sends lines, in halves where they are too much for the server.
    fn send(&mut self, lines: &[u8]) -> Sent {
        let sent = self.hand_over(lines);
        let Some(middle) = middle(lines) else { return sent };
        if sent != Sent::TooLarge {
            return sent;
        }
        let (first, second) = lines.split_at(middle);
        match self.send(first) {
            Sent::Taken(answer) => joined(answer, first, self.send(second)),
            other => other,
        }
    }

    /// Hands lines to the server and waits for what it says; once the end was asked for, no longer than is left. Nobody knows
    /// then whether it has them: they wait, and it knows lines that come twice.
    fn hand_over(&mut self, lines: &[u8]) -> Sent {
        let (server, secret, lines) = (self.server.clone(), self.secret.clone(), lines.to_vec());
        let (tell, told) = mpsc::channel();
        // On a thread of its own, which is left behind where its answer is not waited for any more.
        let thread = std::thread::Builder::new().spawn(move || {
            // Nobody hears it where the wait was given up.
            let _ = tell.send(server.send(&secret, &lines));
        });
        let thread = match thread {
            Ok(thread) => thread,
            Err(error) => return Sent::Failed(as_it_is(&error.to_string())),
        };
        let mut waited = Duration::ZERO;
        loop {
            match told.recv_timeout(LOOKED_EVERY) {
                Ok(sent) => {
                    if matches!(sent, Sent::Failed(_) | Sent::Later { .. }) {
                        self.spend(waited);
                    }
                    return sent;
                }
                Err(RecvTimeoutError::Timeout) if !self.stop.is_asked() => {}
                Err(RecvTimeoutError::Timeout) if waited < self.grace.saturating_add(LEEWAY) => waited += LOOKED_EVERY,
                Err(RecvTimeoutError::Timeout) => {
                    self.spend(waited);
                    return Sent::Failed(Text::new("hij geeft geen antwoord", "it does not answer"));
                }
                // It ended by a fault in the program, and so does who sends.
                Err(RecvTimeoutError::Disconnected) => match thread.join() {
                    Err(fault) => std::panic::resume_unwind(fault),
                    Ok(()) => return Sent::Failed(Text::new("hij geeft geen antwoord", "it does not answer")),
                },
            }
        }
    }

    fn settle(&self, settings: Settings) {
        let mut known = lock(&self.settings);
        if *known == settings {
            return;
        }
        if let Err(error) = self.state.keep_settings(&settings) {
            let folder = self.state.path().display();
            (self.say)(&Text::made(
                format!("let op: de instellingen zijn niet te bewaren in {folder}: {error}"),
                format!("warning: the settings cannot be kept in {folder}: {error}"),
            ));
        }
        *known = settings;
    }

    fn set_aside(&self, batch: &Batch, why: &Text) {
        let mut spool = lock(&self.spool);
        spool.refuse(batch.number);
        let folder = spool.refused_folder();
        drop(spool);
        let (count, folder) = (words::lines(batch.lines), folder.display());
        (self.say)(&Text::made(
            format!("de server weigerde een bericht van {} ({}); het ligt in {folder}", count.nl, why.nl),
            format!("the server refused a batch of {} ({}); it lies in {folder}", count.en, why.en),
        ));
    }

    fn failed(&mut self, why: &Text) -> Duration {
        if self.failures == 0 {
            (self.say)(&Text::made(
                format!("de server neemt nu niets aan ({}); wat er gevonden wordt wacht", why.nl),
                format!("the server takes nothing now ({}); what is found waits", why.en),
            ));
        }
        let wait = FIRST_WAIT.saturating_mul(1 << self.failures.min(10)).min(LONGEST_WAIT);
        self.failures = self.failures.saturating_add(1);
        wait
    }

    fn recovered(&mut self) {
        if self.failures > 0 {
            (self.say)(&Text::new("de server neemt weer berichten aan", "the server takes reports again"));
        }
        self.failures = 0;
    }
}

/// What became of two halves, where the first was taken: which lines of the whole were not.
fn joined(first: Result<Answer, String>, lines: &[u8], second: Sent) -> Sent {
    let Sent::Taken(Ok(mut answer)) = second else { return second };
    let before = lines.iter().filter(|byte| **byte == b'\n').count() as u64;
    let of_second = std::mem::take(&mut answer.set_aside).into_iter().map(|number| number.saturating_add(before));
    answer.set_aside = first.map(|first| first.set_aside).unwrap_or_default();
    answer.set_aside.extend(of_second);
    Sent::Taken(Ok(answer))
}

/// The end of the line that is nearest to the middle; absent: there is one line, or none.
fn middle(lines: &[u8]) -> Option<usize> {
    let ends = || lines.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let inner = ends().filter(|end| *end < lines.len());
    inner.min_by_key(|end| end.abs_diff(lines.len() / 2))
}

/// Something to look at, said as such.
pub(crate) fn warning(what: &Text) -> Text {
    Text::made(format!("let op: {}", what.nl), format!("warning: {}", what.en))
}

/// A lock whose holder died is a lock all the same: what it guards is whole between any two calls.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_halves_the_lines_that_were_not_taken_are_those_of_the_whole() {
        let answer = |set_aside: &[u64]| Answer {
            accepted: 1,
            known: 0,
            set_aside: set_aside.to_vec(),
            settings: Settings::default(),
        };
        let second = Sent::Taken(Ok(answer(&[1, 2])));
        assert_eq!(joined(Ok(answer(&[2])), b"a\nb\nc\n", second), Sent::Taken(Ok(answer(&[2, 4, 5]))));
        assert_eq!(joined(Ok(answer(&[2])), b"a\n", Sent::TooLarge), Sent::TooLarge);
    }

    #[test]
    fn lines_are_halved_between_two_of_them() {
        assert_eq!(middle(b"aa\nbb\ncc\ndd\n"), Some(6));
        assert_eq!(middle(b"a long one\nb\n"), Some(11));
        assert_eq!(middle(b"one\n"), None);
        assert_eq!(middle(b""), None);
    }
}
