//! What twelve people and their telephones do on a working day, and the rare things of a month.

use std::net::Ipv4Addr;

use super::{
    DAY, HOUR, Habit, Rare, at_home,
    devices::{PRINTER, STORAGE},
};
use crate::{
    hello::Program,
    talk::{Load, MILLI, MINUTE, SECOND, Wire},
};

pub(super) const LAPTOP: Ipv4Addr = at_home(60);
const MOBILES: u8 = 5;

fn desks() -> impl Iterator<Item = Ipv4Addr> {
    (0..12u8).map(|n| at_home(40 + n))
}

const fn everywhere(name: &'static str, port: u16, seconds: u64, jitter_percent: u8, up: u64, down: u64) -> Habit {
    Habit {
        host: Ipv4Addr::UNSPECIFIED,
        name,
        port,
        program: Program::System,
        seconds,
        jitter_percent,
        up,
        down,
        at_work: true,
        from_day: 0,
    }
}

/// On every desk, and on the new laptop once it is there; then what only one person has.
pub(super) fn habits(new_laptop: u64, new_program: u64) -> impl Iterator<Item = Habit> {
    const EVERYWHERE: [Habit; 6] = [
        everywhere("agent.beheerpartner.example", 443, 300, 5, 900, 1_400),
        everywhere("imap.kantoorpost.example", 993, 600, 30, 700, 3_200),
        everywhere("telemetry.besturing.example", 443, 900, 30, 2_600, 1_100),
        everywhere("definities.virusscan.example", 443, 3600, 2, 800, 240_000),
        everywhere("chat.samenwerken.example", 443, 45, 20, 500, 600),
        everywhere("update.besturing.example", 443, 14_400, 20, 2_000, 900_000),
    ];
    let one = |n: u8, name, seconds, jitter_percent, program, up, down| Habit {
        host: at_home(40 + n),
        program,
        ..everywhere(name, 443, seconds, jitter_percent, up, down)
    };
    let own = [
        one(1, "widget.weerbericht.example", 1800, 1, Program::System, 820, 2_400),
        one(2, "sync.boekhouding.example", 600, 10, Program::Bookkeeping, 1_100, 4_800),
        one(3, "api.wachtwoordkluis.example", 300, 20, Program::Assistant, 600, 1_900),
        one(4, "bestanden.wolkmap.example", 60, 5, Program::System, 700, 900),
        Habit {
            from_day: new_program,
            ..one(6, "licentie.tekenprogramma.example", 1200, 3, Program::Assistant, 900, 2_600)
        },
    ];
    let laptop = EVERYWHERE.map(|habit| Habit { host: LAPTOP, from_day: new_laptop, ..habit });
    let desks = desks().flat_map(|host| EVERYWHERE.map(|habit| Habit { host, ..habit }));
    desks.chain(own).chain(laptop)
}

pub(super) fn hour(wire: &mut Wire, hour: u64, rare: &Rare) {
    let (from, of_day, day) = (hour * HOUR, hour % 24, hour / 24);
    if day % 7 >= 5 || !(8..18).contains(&of_day) {
        return;
    }
    for host in desks().chain((day >= rare.new_laptop).then_some(LAPTOP)) {
        work(wire, host, from);
    }
    for mobile in 0..MOBILES {
        telephone(wire, at_home(150 + mobile), from);
    }
    // A call at ten and at two, with as many as have time.
    if matches!(of_day, 10 | 14) {
        for host in desks() {
            if wire.chance.below(4) == 0 {
                let load = Load { up: 60_000_000, down: 110_000_000, takes: wire.chance.between(20, 50) * MINUTE };
                let at = from + wire.chance.below(3 * MINUTE);
                wire.call(at, host, "video.vergaderen.example", load);
            }
        }
    }
    rarely(wire, from, day, of_day, rare);
}

/// Pages in bursts, mostly the usual ones, now and then one where nobody here was before; files and prints.
fn work(wire: &mut Wire, host: Ipv4Addr, from: u64) {
    let mut at = from + wire.chance.below(10 * MINUTE);
    while at < from + HOUR {
        for _ in 0..wire.chance.between(1, 6) {
            let name = match wire.chance.below(10) {
                0 => format!("www.site-{}.example", wire.chance.below(3_000)),
                1..4 => format!("static{}.bezorgnetwerk.example", wire.chance.below(6)),
                _ => format!("www.vaste-site-{}.example", wire.chance.heavy(1).min(60)),
            };
            let load = Load {
                up: wire.chance.between(700, 4_000),
                down: wire.chance.heavy(6_000).min(3_000_000),
                takes: wire.chance.between(100 * MILLI, 5 * SECOND),
            };
            wire.tls(at, host, &name, 443, Program::Browser, load);
            at += wire.chance.between(50 * MILLI, 3 * SECOND);
        }
        if wire.chance.below(3) == 0 {
            let load = Load {
                up: wire.chance.heavy(3_000).min(4_000_000),
                down: wire.chance.heavy(9_000).min(8_000_000),
                takes: 2 * SECOND,
            };
            wire.inside(at, host, STORAGE, 445, load);
        }
        if wire.chance.below(25) == 0 {
            let load = Load { up: wire.chance.between(60_000, 900_000), down: 400, takes: 4 * SECOND };
            wire.inside(at, host, PRINTER, 631, load);
        }
        if wire.chance.below(40) == 0 {
            // A name mistyped.
            let name = format!("www.vaste-ste-{}.example", wire.chance.below(60));
            wire.ask_in_vain(at, host, &name, false);
        }
        at += wire.chance.heavy(100 * SECOND).min(40 * MINUTE);
    }
}

fn telephone(wire: &mut Wire, host: Ipv4Addr, from: u64) {
    for _ in 0..wire.chance.between(2, 12) {
        let at = from + wire.chance.below(HOUR);
        let name = format!("app{}.winkelvolapps.example", wire.chance.below(40));
        let load = Load { up: 1_500, down: wire.chance.heavy(4_000).min(2_000_000), takes: SECOND };
        wire.tls(at, host, &name, 443, Program::Mobile, load);
    }
    let mut at = from + wire.chance.below(10 * MINUTE);
    while at < from + HOUR {
        wire.tls(
            at,
            host,
            "push.telefoonmaker.example",
            443,
            Program::Mobile,
            Load { up: 400, down: 500, takes: SECOND },
        );
        at += wire.chance.between(14 * MINUTE, 16 * MINUTE);
    }
}

fn rarely(wire: &mut Wire, from: u64, day: u64, of_day: u64, rare: &Rare) {
    const TRANSFER: &str = "www.grotebestanden.example";
    // Others fetch what was sent to them by the same service.
    if of_day == 11 && wire.chance.below(3) == 0 {
        let host = at_home(40 + wire.chance.below(12) as u8);
        wire.tls(from, host, TRANSFER, 443, Program::Browser, Load { up: 9_000, down: 40_000_000, takes: 4 * MINUTE });
    }
    // On the next working day where it falls on a weekend.
    let is_day = |of: u64| day == of || day.is_multiple_of(7) && (day == of + 1 || day == of + 2);
    if of_day == 15 && is_day(rare.large_file) && from / DAY == day {
        let load = Load { up: 1_600_000_000, down: 3_000_000, takes: 25 * MINUTE };
        wire.tls(from, at_home(47), TRANSFER, 443, Program::Browser, load);
    }
    if of_day == 9 && is_day(rare.printer_search) {
        for last in 1..=254u8 {
            let at = from + u64::from(last) * 40 * MILLI;
            wire.knock(at, at_home(48), at_home(last), 9100);
        }
    }
    if of_day == 9 && is_day(rare.new_laptop) {
        for part in 0..8 {
            let load = Load { up: 9_000, down: 150_000_000, takes: 3 * MINUTE };
            wire.tls(from + part * 5 * MINUTE, LAPTOP, "download.laptopmerk.example", 443, Program::System, load);
        }
    }
}
