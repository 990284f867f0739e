//! Frames of every link type, through fragments, flows and the protocols in them. First byte: the link type and whether
//! the tables are tight; then frames as `fuzz::frames` reads them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Limits, LinkType};

const LINKS: [LinkType; 5] =
    [LinkType::Ethernet, LinkType::RawIp, LinkType::LinuxSll, LinkType::LinuxSll2, LinkType::Loopback];

fuzz_target!(|input: &[u8]| {
    let [first, rest @ ..] = input else { return };
    let limits = if first & 0x80 == 0 { fuzz::tight() } else { Limits::default() };
    fuzz::follow(LINKS[usize::from(first & 0x7f) % LINKS.len()], &fuzz::frames(rest), &limits);
});
