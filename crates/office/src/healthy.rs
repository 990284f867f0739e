//! A healthy office of twelve people for as long as one likes: what an ordinary network does in a month, also what looks
//! odd.
//!
//! Made an hour at a time, so that a month need not be held. In it: people at work on weekdays, calls with pictures, mail,
//! updates; storage with a backup to a cloud each night; a printer, a camera, a television, desk telephones and mobile
//! ones that draw their Ethernet addresses by lot; somebody who works from home through a tunnel; a block list for names;
//! programs that only one person has; a printer's tool that looks for printers; a large file sent once; a new laptop.

mod devices;
mod dhcp;
mod people;

use std::net::Ipv4Addr;

use jiff::Timestamp;

use crate::{
    hello::Program,
    talk::{Load, MILLI, MINUTE, SECOND, Wire},
};

const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The office's own addresses.
const fn at_home(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(192, 168, 20, last)
}

/// Something called over TLS at intervals, day and night or while somebody is at work.
#[derive(Clone, Copy, Debug)]
struct Habit {
    host: Ipv4Addr,
    name: &'static str,
    port: u16,
    program: Program,
    seconds: u64,
    jitter_percent: u8,
    up: u64,
    down: u64,
    /// Only while the office is open.
    at_work: bool,
    /// From which day on.
    from_day: u64,
}

/// The office and where it is in its month.
pub struct Healthy {
    wire: Wire,
    /// Microseconds since 1970, and hours made.
    start: u64,
    hours: u64,
    /// Each with the moment when it is due.
    habits: Vec<(Habit, u64)>,
    /// Day on which each of the rare things happens.
    rare: Rare,
}

/// What happens once in a month: the day of each.
#[derive(Clone, Copy, Debug)]
struct Rare {
    large_file: u64,
    new_laptop: u64,
    printer_search: u64,
    new_program: u64,
}

impl Healthy {
    /// Another seed, another month. `start` is a Monday at midnight, local time, in the shape of a moment between 1970 and
    /// 2106.
    #[must_use]
    pub fn new(seed: u64, start: Timestamp) -> Self {
        let mut wire = Wire::new(seed);
        let chance = &mut wire.chance;
        let rare = Rare {
            large_file: chance.between(8, 24),
            new_laptop: chance.between(7, 20),
            printer_search: chance.between(3, 26),
            new_program: chance.between(5, 25),
        };
        let habits = devices::habits().chain(people::habits(rare.new_laptop, rare.new_program));
        let habits =
            habits.map(|habit| (habit, habit.from_day * DAY + wire.chance.below(habit.seconds * SECOND))).collect();
        Self { wire, start: u64::try_from(start.as_microsecond()).unwrap_or(0), hours: 0, habits, rare }
    }

    /// The next hour, frame by frame in order: moment, captured bytes (Ethernet), length on the wire.
    pub fn hour(&mut self, each: &mut dyn FnMut(Timestamp, &[u8], u32)) {
        let (from, until) = (self.hours * HOUR, (self.hours + 1) * HOUR);
        let day = self.hours / 24;
        for index in 0..self.habits.len() {
            self.habit(index, until);
        }
        devices::hour(&mut self.wire, self.hours);
        people::hour(&mut self.wire, self.hours, &self.rare);
        if self.hours % 24 == 8 {
            dhcp::morning(&mut self.wire, from, day, day >= self.rare.new_laptop);
        }
        self.hours += 1;
        for frame in self.wire.tape.take_until(until) {
            let at = i64::try_from(self.start.saturating_add(frame.at)).unwrap_or(i64::MAX);
            if let Ok(at) = Timestamp::from_microsecond(at) {
                each(at, &frame.bytes, frame.on_wire);
            }
        }
        self.wire.forget(until);
    }

    /// Runs one habit until the end of the hour.
    fn habit(&mut self, index: usize, until: u64) {
        let Some((habit, due)) = self.habits.get_mut(index) else { return };
        while *due < until {
            let at = *due;
            *due += self.wire.chance.around(habit.seconds * SECOND, habit.jitter_percent).max(SECOND);
            if habit.at_work && !is_at_work(at) {
                continue;
            }
            let load = Load {
                up: self.wire.chance.around(habit.up, 20),
                down: self.wire.chance.around(habit.down, 30),
                takes: self.wire.chance.between(100 * MILLI, 700 * MILLI),
            };
            self.wire.tls(at, habit.host, habit.name, habit.port, habit.program, load);
        }
    }
}

/// Monday to Friday, half past eight to half past five.
fn is_at_work(at: u64) -> bool {
    let (day, minute) = (at / DAY % 7, at % DAY / MINUTE);
    day < 5 && (510..1050).contains(&minute)
}
