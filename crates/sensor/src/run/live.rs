//! Seeing what passes on interfaces and what other devices tell, until somebody wants it to end.

use capture::{Change, Interface};
use collect::Receivers;

use super::heard::Heard;
use super::*;
use crate::privileges::with_net_raw;
use crate::state::LeftOff;
use crate::words::{is_down, text_of};

/// An interface, and what is known of it beside its own counters.
struct Watched {
    interface: Interface,
    flows: u64,
    /// Why it could not be opened again, as last said.
    complaint: Option<Text>,
}

impl Sensor {
    /// Watches interfaces, and listens to what other devices tell, until `stop` is set, which is looked at several times a
    /// second.
    #[must_use]
    pub fn watch(self, interfaces: Vec<Interface>, receivers: Receivers) -> Ended {
        self.run(|mut seeing| ((), Some(seeing.watch(interfaces, receivers)))).0
    }
}

impl Seeing {
    fn watch(&mut self, interfaces: Vec<Interface>, receivers: Receivers) -> Memory {
        let mut heard = Heard::new(receivers);
        let watched = |interface| Watched { interface, flows: 0, complaint: None };
        let mut all: Vec<Watched> = interfaces.into_iter().map(watched).collect();
        let now = (self.clock)();
        self.settle(now);
        heard.read(&mut self.engine, now);
        if self.kept.begin(heard.follows(), LeftOff { at: now, places: heard.places() }) {
            self.reporter.lay_down([], Some(self.memory()));
        }
        while !self.stop.is_asked() {
            if let Err(error) = capture::wait(all.iter().map(|one| &one.interface), heard.at_most(FRAMES_WITHIN)) {
                (self.say)(&Text::made(
                    format!("op de interfaces is niet te wachten: {error}"),
                    format!("the interfaces cannot be waited for: {error}"),
                ));
                return self.end(&mut all, &mut heard);
            }
            for one in &mut all {
                let before = self.engine.stats().flows;
                one.interface.read(&mut |frame| {
                    let _ = self.engine.frame(frame);
                });
                one.flows += self.engine.stats().flows - before;
            }
            let now = (self.clock)();
            heard.read(&mut self.engine, now);
            if self.looked.is_due(now) {
                self.engine.quiet(now);
                self.settle(now);
                self.pace_state(now);
                if heard.look(&self.say, now) {
                    self.tell_state_now();
                }
                for one in &mut all {
                    self.look_at(one);
                }
                if self.kept.is_worth_moving(self.engine.is_archive_ahead(), heard.is_waiting(), now) {
                    // Judged now, it need not be read again by who begins after a kill.
                    self.news.last = Timestamp::MIN;
                }
            }
            if self.news.is_due(now) {
                self.tell(&heard, now);
            }
            if self.kept.has_moved(|flush| self.engine.is_written(flush)) {
                self.reporter.lay_down([], Some(self.memory()));
            }
            if self.state.is_due(now) {
                self.tell_state(&mut all, &heard, now);
            }
            if self.status.is_due(now) {
                self.say_status(&mut all, &heard);
            }
        }
        self.end(&mut all, &mut heard)
    }

    /// What is new is told, and then need not be read again once the archive has it too.
    fn tell(&mut self, heard: &Heard, now: Timestamp) {
        let news = self.engine.news();
        let has_found = news.iter().any(|report| matches!(report, Report::Detection(_) | Report::Case(_)));
        // A sensor that is killed now would else tell the same again, as another case.
        let memory = has_found.then(|| self.memory());
        self.reporter.lay_down(news, memory);
        if self.kept.is_to_move(has_found, self.engine.is_archive_ahead(), heard.is_waiting(), now) {
            // What passes on interfaces is never read again: nothing of it has to be written first.
            let flush = if heard.follows() { self.engine.flush() } else { Some(0) };
            self.kept.move_to(flush, LeftOff { at: now, places: heard.places() });
        }
    }

    /// What is open is told as it stands: nothing is lost but what would have grown further. Gives what is to be
    /// remembered once the archive has it all.
    fn end(&mut self, all: &mut [Watched], heard: &mut Heard) -> Memory {
        let now = (self.clock)();
        // What waited for more comes in one go: more than may wait for the archive's disk.
        self.engine.wait_for_archive();
        heard.finish(&mut self.engine, now);
        let news = self.engine.stop();
        self.reporter.lay_down(news, Some(self.memory()));
        self.tell_state(all, heard, now);
        self.say_status(all, heard);
        Memory { left_off: LeftOff { at: now, places: heard.places() }, ..self.memory() }
    }

    /// What is to be remembered by who may be killed now.
    fn memory(&self) -> Memory {
        Memory { engine: self.engine.memory(), left_off: self.kept.left_off().clone() }
    }

    fn look_at(&mut self, one: &mut Watched) {
        if one.interface.is_gone() {
            let opened = with_net_raw(|| one.interface.reopen());
            let complaint = opened.err().map(|error| text_of(&error));
            if complaint != one.complaint {
                complaint.iter().for_each(|why| (self.say)(&warning(why)));
                one.complaint = complaint;
            }
        }
        let Some(change) = one.interface.look() else { return };
        let name = one.interface.name();
        (self.say)(&match change {
            Change::Up => Text::made(
                format!("interface {name} geeft weer verkeer"),
                format!("interface {name} gives frames again"),
            ),
            Change::Down => warning(&is_down(name)),
            Change::Gone => warning(&Text::made(
                format!("interface {name} is weg; er wordt op gewacht"),
                format!("interface {name} is gone; it is waited for"),
            )),
        });
        self.tell_state_now();
    }

    /// Where a server is away, one state an hour tells enough. The next is due at once when it is back, for only its answers
    /// bring what people settled.
    fn pace_state(&mut self, now: Timestamp) {
        if self.reporter.spooled() == 0 {
            self.sent_all_at = now;
        }
        self.state.every = state_every(now.duration_since(self.sent_all_at));
    }

    /// The server hears of it now, not in its turn.
    fn tell_state_now(&mut self) {
        self.state.last = Timestamp::MIN;
    }

    fn tell_state(&mut self, all: &mut [Watched], heard: &Heard, now: Timestamp) {
        let sources: Vec<_> = sources(all).into_iter().chain(heard.sources(now)).collect();
        let unread: u64 = sources.iter().map(|source| source.unread).sum();
        let mut state = self.reporter.state(&self.engine, sources, now);
        state.malformed = state.malformed.saturating_add(unread);
        state.dropped = state.dropped.saturating_add(heard.dropped());
        self.reporter.lay_down([Report::State(state)], None);
    }

    fn say_status(&self, all: &mut [Watched], heard: &Heard) {
        let stats = self.engine.stats();
        let sources = sources(all);
        let drops = sources.iter().map(|source| source.kernel_drops).sum::<u64>() + heard.kernel_drops();
        let down: Vec<_> = sources.iter().filter(|source| !source.up).map(|source| source.name.as_str()).collect();
        let down = |word: &str| if down.is_empty() { String::new() } else { format!(", {word}: {}", down.join(" ")) };
        // Without a server nothing waits for one.
        let waiting = |_| crate::words::waiting(self.reporter.spooled());
        let waiting = self.reporter.spool.as_ref().map_or(Text::new("", ""), waiting);
        let disk = self.reporter.desk.fault().map_or(Text::new("", ""), crate::words::disk);
        let malformed = stats.malformed;
        let (packets, flows) = (crate::words::packets(stats.packets), crate::words::flows(stats.flows));
        let hosts = crate::words::hosts(self.engine.hosts());
        let let_go = self.engine.dropped().saturating_add(heard.dropped());
        let lost = crate::words::lost(self.reporter.lost());
        (self.say)(&Text::made(
            format!(
                "{}, {}, {}, {drops} losgelaten door het systeem, {malformed} onleesbaar, {let_go} losgelaten{}{}{}{}",
                packets.nl,
                flows.nl,
                hosts.nl,
                lost.nl,
                waiting.nl,
                down("weg"),
                disk.nl
            ),
            format!(
                "{}, {}, {}, {drops} dropped by the system, {malformed} malformed, {let_go} let go{}{}{}{}",
                packets.en,
                flows.en,
                hosts.en,
                lost.en,
                waiting.en,
                down("down"),
                disk.en
            ),
        ));
        heard.said((self.clock)()).for_each(|line| (self.say)(&line));
    }
}

fn sources(all: &mut [Watched]) -> Vec<SourceState> {
    let source = |one: &mut Watched| {
        let counted = one.interface.counted();
        SourceState {
            packets: counted.packets,
            bytes: counted.bytes,
            flows: one.flows,
            kernel_drops: counted.kernel_drops,
            ..SourceState::new(SourceKind::Interface, one.interface.name().to_owned(), one.interface.is_up())
        }
    };
    all.iter_mut().map(source).collect()
}

/// How often a state is told, by how long something has been waiting to be sent: what was found just now waits too.
fn state_every(waited: SignedDuration) -> SignedDuration {
    if waited.abs() < AWAY_AFTER { STATE_EVERY } else { STATE_WHILE_AWAY }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_told_every_minute_unless_a_server_is_away_for_long() {
        for (waited, every) in [
            (SignedDuration::ZERO, STATE_EVERY),
            (SignedDuration::from_secs(59), STATE_EVERY),
            (SignedDuration::from_mins(9), STATE_EVERY),
            (SignedDuration::from_mins(11), STATE_WHILE_AWAY),
        ] {
            assert_eq!(state_every(waited), every, "{waited}");
        }
    }
}
