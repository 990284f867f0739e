//! Seeing what passes on interfaces, until somebody wants it to end.

use capture::{Change, Interface};

use super::*;
use crate::privileges::with_net_raw;

/// An interface, and what is known of it beside its own counters.
struct Watched {
    interface: Interface,
    flows: u64,
    /// Why it could not be opened again, as last said.
    complaint: Option<String>,
}

impl Sensor {
    /// Watches interfaces until `stop` is set, which is looked at several times a second.
    #[must_use]
    pub fn watch(self, interfaces: Vec<Interface>) -> Ended {
        self.run(|mut seeing| seeing.watch(interfaces)).0
    }
}

impl Seeing {
    fn watch(&mut self, interfaces: Vec<Interface>) {
        let watched = |interface| Watched { interface, flows: 0, complaint: None };
        let mut all: Vec<Watched> = interfaces.into_iter().map(watched).collect();
        self.settle((self.clock)());
        while !self.stop.load(Ordering::Relaxed) {
            if let Err(error) = capture::wait(all.iter().map(|one| &one.interface), FRAMES_WITHIN) {
                (self.say)(&format!("the interfaces cannot be waited for: {error}"));
                return self.end(&mut all);
            }
            for one in &mut all {
                let before = self.engine.stats().flows;
                one.interface.read(&mut |frame| {
                    let _ = self.engine.frame(frame);
                });
                one.flows += self.engine.stats().flows - before;
            }
            let now = (self.clock)();
            if self.looked.is_due(now) {
                self.engine.quiet(now);
                self.settle(now);
                for one in &mut all {
                    self.look_at(one, now);
                }
            }
            if self.news.is_due(now) {
                let news = self.engine.news();
                self.reporter.lay_down(news);
            }
            if self.remembered.is_due(now) {
                self.reporter.desk.remember(self.engine.memory());
            }
            if self.state.is_due(now) {
                self.tell_state(&mut all, now);
            }
            if self.status.is_due(now) {
                self.say_status(&mut all);
            }
        }
        self.end(&mut all);
    }

    /// What is open is told as it stands: nothing is lost but what would have grown further.
    fn end(&mut self, all: &mut [Watched]) {
        let now = (self.clock)();
        let news = self.engine.stop();
        self.reporter.lay_down(news);
        self.tell_state(all, now);
        self.reporter.desk.remember(self.engine.memory());
        self.say_status(all);
    }

    fn look_at(&mut self, one: &mut Watched, now: Timestamp) {
        if one.interface.is_gone() {
            let opened = with_net_raw(|| one.interface.reopen());
            let complaint = opened.err().map(|error| error.to_string());
            if complaint != one.complaint {
                complaint.iter().for_each(|why| (self.say)(&format!("warning: {why}")));
                one.complaint = complaint;
            }
        }
        let Some(change) = one.interface.look() else { return };
        let name = one.interface.name();
        (self.say)(&match change {
            Change::Up => format!("interface {name} gives frames again"),
            Change::Down => format!("warning: interface {name} is down or has no link; it is waited for"),
            Change::Gone => format!("warning: interface {name} is gone; it is waited for"),
        });
        // The server hears of it now, not in its turn.
        self.state.last = now - self.state.every;
    }

    fn tell_state(&mut self, all: &mut [Watched], now: Timestamp) {
        let state = self.reporter.state(&self.engine, sources(all), now);
        // Where a server is away, one state an hour tells enough; the next is due sooner when it is back.
        self.state.every = if self.reporter.spooled() == 0 { STATE_EVERY } else { STATE_WHILE_AWAY };
        self.reporter.lay_down([Report::State(state)]);
    }

    fn say_status(&self, all: &mut [Watched]) {
        let stats = self.engine.stats();
        let sources = sources(all);
        let drops: u64 = sources.iter().map(|source| source.kernel_drops).sum();
        let down: Vec<_> = sources.iter().filter(|source| !source.up).map(|source| source.name.as_str()).collect();
        let down = if down.is_empty() { String::new() } else { format!(", down: {}", down.join(" ")) };
        let waiting = self.reporter.spooled();
        (self.say)(&format!(
            "{} packets, {} flows, {} hosts, {drops} dropped by the system, {} malformed, {} let go, {waiting} lines waiting{down}",
            stats.packets,
            stats.flows,
            self.engine.hosts(),
            stats.malformed,
            self.engine.dropped().saturating_add(self.reporter.lost()),
        ));
    }
}

fn sources(all: &mut [Watched]) -> Vec<SourceState> {
    let source = |one: &mut Watched| {
        let counted = one.interface.counted();
        SourceState {
            kind: SourceKind::Interface,
            name: one.interface.name().to_owned(),
            up: one.interface.is_up(),
            packets: counted.packets,
            bytes: counted.bytes,
            flows: one.flows,
            kernel_drops: counted.kernel_drops,
        }
    };
    all.iter_mut().map(source).collect()
}
