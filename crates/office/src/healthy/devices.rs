//! What devices do by themselves, day and night.

use std::net::Ipv4Addr;

use super::{HOUR, Habit, at_home};
use crate::{
    hello::Program,
    talk::{Load, MILLI, MINUTE, SECOND, Wire, inside, outside},
};

pub(super) const STORAGE: Ipv4Addr = at_home(5);
pub(super) const PRINTER: Ipv4Addr = at_home(9);
const CAMERA: Ipv4Addr = at_home(30);
const TELEVISION: Ipv4Addr = at_home(31);
const MAIL_FILTER: Ipv4Addr = at_home(6);
const TELEPHONES: [Ipv4Addr; 4] = [at_home(101), at_home(102), at_home(103), at_home(104)];
/// At home, behind somebody else's router.
const ROAD_WARRIOR: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 240);

const fn appliance(host: Ipv4Addr, name: &'static str, seconds: u64, jitter_percent: u8, up: u64, down: u64) -> Habit {
    Habit {
        host,
        name,
        port: 443,
        program: Program::Appliance,
        seconds,
        jitter_percent,
        up,
        down,
        at_work: false,
        from_day: 0,
    }
}

pub(super) fn habits() -> impl Iterator<Item = Habit> {
    [
        appliance(STORAGE, "checkip.opslagmaker.example", 900, 1, 600, 700),
        appliance(STORAGE, "quickconnect.opslagmaker.example", 60, 5, 700, 800),
        appliance(STORAGE, "pakketten.opslagmaker.example", 86_400, 10, 900, 60_000),
        appliance(PRINTER, "toner.printerfabriek.example", 300, 0, 640, 900),
        appliance(PRINTER, "meldingen.printerfabriek.example", 3600, 10, 900, 700),
        appliance(CAMERA, "p2p.cameramerk.example", 30, 10, 420, 300),
        appliance(CAMERA, "tijdstempel.cameramerk.example", 600, 0, 380, 260),
        appliance(TELEVISION, "telemetrie.beeldbuis.example", 120, 30, 1_400, 300),
        appliance(TELEVISION, "advertenties.beeldbuis.example", 1800, 40, 1_900, 5_000),
        appliance(MAIL_FILTER, "regels.mailfilter.example", 3600, 5, 700, 90_000),
    ]
    .into_iter()
    .chain(TELEPHONES.map(|host| appliance(host, "instellingen.telefonie.example", 3600, 1, 700, 2_000)))
}

pub(super) fn hour(wire: &mut Wire, hour: u64) {
    let from = hour * HOUR;
    let of_day = hour % 24;
    for host in [STORAGE, PRINTER, CAMERA, TELEVISION, MAIL_FILTER] {
        let server = outside(wire.address("pool.tijd.example"), 123);
        let at = from + wire.chance.below(HOUR);
        wire.datagrams(at, inside(host, 123), server, &[0x23; 48], &[0x24; 48]);
    }
    for host in TELEPHONES {
        let server = outside(wire.address("sip.telefonie.example"), 5060);
        for half_hour in 0..30 {
            wire.datagrams(from + half_hour * 2 * MINUTE, inside(host, 5060), server, b"\r\n\r\n", b"\r\n");
        }
    }
    television_asks_what_is_blocked(wire, from);
    mail_filter_asks_for_senders(wire, from, of_day);
    if of_day == 2 {
        let load = Load { up: wire.chance.around(700_000_000, 20), down: 4_000_000, takes: 50 * MINUTE };
        wire.tls(from + 3 * MINUTE, STORAGE, "nacht.wolkopslag.example", 443, Program::Appliance, load);
    }
    // Somebody works from home on Tuesdays and Fridays: a tunnel of theirs to our storage.
    if matches!(hour / 24 % 7, 1 | 4) && (8..17).contains(&of_day) {
        tunnel(wire, from);
    }
}

/// Names that the router's block list answers with nowhere.
fn television_asks_what_is_blocked(wire: &mut Wire, from: u64) {
    const BLOCKED: [&str; 6] = [
        "a1.volgpixel.example",
        "b7.volgpixel.example",
        "metingen.advertentienet.example",
        "cdn.advertentienet.example",
        "log.kijkgedrag.example",
        "sdk.kijkgedrag.example",
    ];
    for _ in 0..40 {
        let Some(name) = wire.chance.pick(&BLOCKED).copied() else { return };
        let at = from + wire.chance.below(HOUR);
        wire.ask_in_vain(at, TELEVISION, name, true);
    }
}

/// Whether a sender stands on a list of those who send rubbish (RFC 5782): mostly not.
fn mail_filter_asks_for_senders(wire: &mut Wire, from: u64, of_day: u64) {
    let mails = if (7..20).contains(&of_day) { 25 } else { 8 };
    for _ in 0..mails {
        let [a, b, c, d] = wire.chance.bytes::<4>();
        let at = from + wire.chance.below(HOUR);
        wire.ask_in_vain(at, MAIL_FILTER, &format!("{d}.{c}.{b}.{a}.zen.afzenderlijst.example"), false);
        wire.ask_in_vain(at + 20 * MILLI, MAIL_FILTER, &format!("{d}.{c}.{b}.{a}.dnsbl.mailfilter.example"), false);
    }
}

/// WireGuard: a handshake every two minutes and data between, from outside to us.
fn tunnel(wire: &mut Wire, from: u64) {
    let (theirs, ours) = (outside(ROAD_WARRIOR, 51_820), inside(STORAGE, 51_820));
    for round in 0..30 {
        let at = from + round * 2 * MINUTE;
        let (mut hello, mut answer) = ([0u8; 148], [0u8; 92]);
        for (bytes, kind) in [(&mut hello[..], 1), (&mut answer[..], 2)] {
            if let Some(first) = bytes.first_mut() {
                *first = kind;
            }
        }
        wire.datagrams(at, theirs, ours, &hello, &answer);
        for piece in 0..wire.chance.between(1, 12) {
            let moment = at + SECOND + piece * 8 * SECOND;
            wire.tape.udp_uncaptured(moment, theirs, ours, 1_200);
            wire.tape.udp_uncaptured(moment + MILLI, ours, theirs, 24_000);
        }
    }
}
