//! Who asks for an address in the morning, and what it calls itself (RFC 2131).

use std::net::Ipv4Addr;

use super::{at_home, people::LAPTOP};
use crate::{
    frame::End,
    talk::{MILLI, SECOND, Wire, mac},
};

const NOWHERE: Ipv4Addr = Ipv4Addr::UNSPECIFIED;
const ROUTER: Ipv4Addr = at_home(1);

struct Asks {
    host: Ipv4Addr,
    name: String,
    class: &'static [u8],
    options: &'static [u8],
}

pub(super) fn morning(wire: &mut Wire, from: u64, day: u64, has_laptop: bool) {
    const WINDOWS: &[u8] = &[1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252];
    const MOBILE: &[u8] = &[1, 121, 3, 6, 15, 108, 114, 119, 252];
    let mut asking: Vec<Asks> = (0..12u8)
        .map(|n| Asks { host: at_home(40 + n), name: format!("pc-{:02}", n + 1), class: b"MSFT 5.0", options: WINDOWS })
        .collect();
    asking.extend((0..5u8).map(|n| Asks {
        host: at_home(150 + n),
        name: format!("telefoon-{n}"),
        class: b"",
        options: MOBILE,
    }));
    if has_laptop {
        asking.push(Asks { host: LAPTOP, name: "laptop-nieuw".into(), class: b"MSFT 5.0", options: WINDOWS });
    }
    for (number, one) in asking.into_iter().enumerate() {
        let at = from + number as u64 * SECOND;
        // Mobile telephones draw another Ethernet address each week.
        let mut address = mac(one.host);
        if one.class.is_empty() {
            address = [0x3a, (day / 7) as u8, 9, 9, 9, one.host.octets()[3]];
        }
        let asked = message(
            1,
            NOWHERE,
            address,
            &[(53, &[3]), (50, &one.host.octets()), (12, one.name.as_bytes()), (60, one.class), (55, one.options)],
        );
        let given = message(2, one.host, address, &[(53, &[5]), (51, &[0, 1, 0x51, 0x80])]);
        let all = Ipv4Addr::BROADCAST;
        let client = End { mac: address, ip: NOWHERE, port: 68 };
        wire.tape.udp(at, client, End { mac: [0xff; 6], ip: all, port: 67 }, &asked);
        let server = End { mac: mac(ROUTER), ip: ROUTER, port: 67 };
        wire.tape.udp(at + 5 * MILLI, server, End { mac: [0xff; 6], ip: all, port: 68 }, &given);
    }
}

fn message(operation: u8, yours: Ipv4Addr, mac: [u8; 6], options: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![operation, 1, 6, 0];
    bytes.resize(16, 0);
    bytes.extend(yours.octets());
    bytes.resize(28, 0);
    bytes.extend(mac);
    bytes.resize(236, 0);
    bytes.extend([0x63, 0x82, 0x53, 0x63]);
    for (option, content) in options.iter().filter(|(_, content)| !content.is_empty()) {
        bytes.extend([*option, content.len() as u8]);
        bytes.extend(*content);
    }
    bytes.push(255);
    bytes
}
