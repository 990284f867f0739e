//! One working day: who does what, when.

use std::net::Ipv4Addr;

use crate::{
    Infected, Infection, Plan, Truth,
    hello::Program,
    talk::{Load, MILLI, MINUTE, SECOND, Wire, inside, mac, outside},
};

const HOME: &str = "192.168.20.0/24";
const FILE_SERVER: Ipv4Addr = Ipv4Addr::new(192, 168, 20, 5);
const PRINTER: Ipv4Addr = Ipv4Addr::new(192, 168, 20, 9);
const PHONES: [Ipv4Addr; 3] =
    [Ipv4Addr::new(192, 168, 20, 101), Ipv4Addr::new(192, 168, 20, 102), Ipv4Addr::new(192, 168, 20, 103)];
const ATTACKER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 66);

const SITES: [&str; 30] = [
    "www.nieuwsvandaag.example",
    "www.weerbericht.example",
    "mijn.bankzaken.example",
    "www.webwinkel.example",
    "www.vakbladadministratie.example",
    "zoeken.zoekmachine.example",
    "www.encyclopedie.example",
    "www.reisplanner.example",
    "www.gemeente-dorp.example",
    "www.kantoorartikelen.example",
    "www.koerier.example",
    "agenda.vergaderen.example",
    "video.vergaderen.example",
    "www.vertaler.example",
    "www.kaarten.example",
    "www.verzekeraar.example",
    "www.pensioenfonds.example",
    "www.opleidingen.example",
    "www.vacatures.example",
    "www.leverancier-a.example",
    "www.leverancier-b.example",
    "www.leverancier-c.example",
    "www.beurs.example",
    "www.lunchbezorgen.example",
    "www.radio.example",
    "www.sportuitslagen.example",
    "www.recepten.example",
    "www.kennisbank.example",
    "forum.kennisbank.example",
    "www.software-hulp.example",
];
const ASSETS: [&str; 6] = [
    "static.bezorgnetwerk.example",
    "img.bezorgnetwerk.example",
    "fonts.letterkast.example",
    "cdn.scripthuis.example",
    "stats.bezoekteller.example",
    "media.filmpjes.example",
];

/// A timer: a name called over TLS at intervals.
struct Timer {
    name: &'static str,
    port: u16,
    seconds: u64,
    jitter_percent: u8,
    up: u64,
    down: u64,
}

/// What every workstation does by itself.
const EVERYWHERE: [Timer; 4] = [
    Timer { name: "agent.beheerpartner.example", port: 443, seconds: 300, jitter_percent: 5, up: 900, down: 1_400 },
    Timer { name: "imap.kantoorpost.example", port: 993, seconds: 600, jitter_percent: 30, up: 700, down: 3_200 },
    Timer { name: "telemetry.besturing.example", port: 443, seconds: 900, jitter_percent: 30, up: 2_600, down: 1_100 },
    Timer { name: "definities.virusscan.example", port: 443, seconds: 3600, jitter_percent: 2, up: 800, down: 240_000 },
];

/// Innocent timers on one device each: the hard cases for who looks for rhythm.
const WEATHER: Timer =
    Timer { name: "widget.weerbericht.example", port: 443, seconds: 1800, jitter_percent: 1, up: 820, down: 2_400 };
const BOOKS: Timer =
    Timer { name: "sync.boekhouding.example", port: 443, seconds: 600, jitter_percent: 10, up: 1_100, down: 4_800 };
const SUPPLIES: Timer =
    Timer { name: "toner.printerfabriek.example", port: 443, seconds: 300, jitter_percent: 0, up: 640, down: 900 };
const CLOUD_BACKUP: Timer = Timer {
    name: "backup.wolkopslag.example",
    port: 443,
    seconds: 3600,
    jitter_percent: 3,
    up: 2_500_000,
    down: 20_000,
};

/// The capture file, and what is in it.
pub(crate) fn live(plan: &Plan) -> (Vec<u8>, Truth) {
    let mut wire = Wire::new(plan.seed);
    let end = u64::from(plan.hours) * 60 * MINUTE;
    let workstations: Vec<Ipv4Addr> =
        (0..plan.workstations.clamp(3, 60)).map(|n| Ipv4Addr::new(192, 168, 20, 21 + n)).collect();
    for host in &workstations {
        for timer in &EVERYWHERE {
            run(&mut wire, *host, timer, Program::System, end);
        }
        set_clock(&mut wire, *host, end);
        revocation_lists(&mut wire, *host, end);
        work(&mut wire, *host, end);
    }
    for (place, timer) in [(1, &WEATHER), (2, &BOOKS)] {
        if let Some(host) = workstations.get(place) {
            run(&mut wire, *host, timer, Program::System, end);
        }
    }
    run(&mut wire, PRINTER, &SUPPLIES, Program::Appliance, end);
    run(&mut wire, FILE_SERVER, &CLOUD_BACKUP, Program::Appliance, end);
    for phone in PHONES {
        keep_registered(&mut wire, phone, end);
    }
    let infected = plan.infection.as_ref().and_then(|infection| {
        let host = *workstations.get(wire.chance.below(workstations.len() as u64) as usize)?;
        Some(infect(&mut wire, host, infection, plan, end))
    });
    let start = u64::try_from(plan.start.as_microsecond()).unwrap_or(0);
    (wire.tape.into_pcap(start), Truth { home: HOME, workstations, infected })
}

/// Runs a timer from a moment of its own until the end.
fn run(wire: &mut Wire, host: Ipv4Addr, timer: &Timer, program: Program, end: u64) {
    let mut at = wire.chance.below(timer.seconds * SECOND);
    while at < end {
        let load = Load {
            up: wire.chance.around(timer.up, 10),
            down: wire.chance.around(timer.down, 30),
            takes: wire.chance.between(100 * MILLI, 700 * MILLI),
        };
        wire.tls(at, host, timer.name, timer.port, program, load);
        at += wire.chance.around(timer.seconds * SECOND, timer.jitter_percent).max(1);
    }
}

/// NTP (RFC 5905), every seventeen minutes.
fn set_clock(wire: &mut Wire, host: Ipv4Addr, end: u64) {
    let server = outside(wire.address("pool.tijd.example"), 123);
    let mut at = wire.chance.below(17 * MINUTE);
    while at < end {
        let (mut ask, mut answer) = ([0u8; 48], [0u8; 48]);
        if let (Some(first), Some(back)) = (ask.first_mut(), answer.first_mut()) {
            (*first, *back) = (0x23, 0x24);
        }
        wire.datagrams(at, inside(host, 123), server, &ask, &answer);
        at += wire.chance.around(1024 * SECOND, 1);
    }
}

/// Certificate revocation over plain HTTP, as operating systems still fetch it.
fn revocation_lists(wire: &mut Wire, host: Ipv4Addr, end: u64) {
    let mut at = wire.chance.below(120 * MINUTE);
    while at < end {
        let down = wire.chance.between(500, 40_000);
        wire.http(at, host, "crl.certificaten.example", "/root.crl", "Besturing-Crypto/10.0", down);
        at += wire.chance.between(90 * MINUTE, 180 * MINUTE);
    }
}

/// Somebody at work: pages in bursts with long pauses, now and then a file on the server or a print.
fn work(wire: &mut Wire, host: Ipv4Addr, end: u64) {
    let mut at = wire.chance.below(40 * MINUTE);
    while at < end {
        for _ in 0..wire.chance.between(1, 6) {
            let from_assets = wire.chance.below(3) == 0;
            let names: &[&str] = if from_assets { &ASSETS } else { &SITES };
            let Some(name) = wire.chance.pick(names).copied() else { return };
            let load = Load {
                up: wire.chance.between(700, 4_000),
                down: wire.chance.heavy(6_000).min(3_000_000),
                takes: wire.chance.between(100 * MILLI, 5 * SECOND),
            };
            wire.tls(at, host, name, 443, Program::Browser, load);
            at += wire.chance.between(50 * MILLI, 3 * SECOND);
        }
        if wire.chance.below(4) == 0 {
            let load = Load {
                up: wire.chance.heavy(3_000).min(900_000),
                down: wire.chance.heavy(9_000).min(2_000_000),
                takes: 2 * SECOND,
            };
            wire.inside(at, host, FILE_SERVER, 445, load);
        }
        if wire.chance.below(15) == 0 {
            let load = Load { up: wire.chance.between(60_000, 900_000), down: 400, takes: 4 * SECOND };
            wire.inside(at, host, PRINTER, 631, load);
        }
        at += wire.chance.heavy(150 * SECOND).min(70 * MINUTE);
    }
}

/// A telephone that tells its provider every two minutes that it is still there (RFC 5626 §3.5.2).
fn keep_registered(wire: &mut Wire, phone: Ipv4Addr, end: u64) {
    let server = outside(wire.address("sip.telefonie.example"), 5060);
    let mut at = wire.chance.below(2 * MINUTE);
    while at < end {
        wire.datagrams(at, inside(phone, 5060), server, b"\r\n\r\n", b"\r\n");
        at += 2 * MINUTE;
    }
}

fn infect(wire: &mut Wire, host: Ipv4Addr, infection: &Infection, plan: &Plan, end: u64) -> Infected {
    wire.name(&infection.domain, ATTACKER);
    let first = (u64::from(infection.after_minutes) * MINUTE).min(end);
    let period = u64::from(infection.period_seconds.max(1)) * SECOND;
    let mut at = first;
    let mut last = first;
    let mut connections = 0;
    while at < end {
        let load = Load {
            up: *wire.chance.pick(&[310, 310, 310, 326, 1_480]).unwrap_or(&310),
            down: *wire.chance.pick(&[140, 140, 140, 156]).unwrap_or(&140),
            takes: 200 * MILLI,
        };
        last = wire.tls(at, host, &infection.domain, 443, Program::Malware, load);
        connections += 1;
        at += wire.chance.around(period, infection.jitter_percent).max(1);
    }
    if infection.upload_bytes > 0 && connections > 0 {
        let half_way = first + (end - first) / 2;
        let load = Load { up: infection.upload_bytes, down: 900, takes: 12 * MINUTE };
        last = last.max(wire.tls(half_way, host, &infection.domain, 443, Program::Malware, load));
    }
    let moment =
        |at: u64| plan.start.saturating_add(jiff::SignedDuration::from_micros(at as i64)).unwrap_or(plan.start);
    Infected {
        ip: host,
        mac: mac(host),
        domain: infection.domain.clone(),
        address: ATTACKER,
        port: 443,
        connections,
        first_at: moment(first),
        last_at: moment(last),
        upload_bytes: infection.upload_bytes,
    }
}
