//! How a conversation that another device counted becomes [`wire::event::Flow`].

use std::net::IpAddr;

use wire::event::{Endpoint, FlowId, Transport, Volume};

/// Flow numbers of one source: apart from those of the packets (0) and of every other source.
#[derive(Debug)]
pub(crate) struct Numbers {
    base: u64,
    next: u64,
    passing: u64,
}

/// Bits of a flow's number that are the source's own.
const OWN_BITS: u32 = 56;

/// So many numbers come round for what is told of conversations whose end is not: the last of a source's own.
const PASSING: u64 = 1_024;

impl Numbers {
    pub(crate) fn new(source: u8) -> Self {
        Self { base: u64::from(source) << OWN_BITS, next: 0, passing: 0 }
    }

    pub(crate) fn next(&mut self) -> FlowId {
        self.next += 1;
        self.given(self.next)
    }

    /// The number for something that is told of a conversation whose end is never told under it. These come round, so that
    /// whoever remembers a conversation until its end remembers no more of such than there are.
    pub(crate) fn passing(&mut self) -> FlowId {
        self.passing = (self.passing + 1) % PASSING;
        self.given((1 << OWN_BITS) - 1 - self.passing)
    }

    /// The number for one that the source itself gave.
    pub(crate) fn given(&self, number: u64) -> FlowId {
        FlowId(self.base | number & ((1 << OWN_BITS) - 1))
    }
}

/// By its IANA number.
pub(crate) fn transport(protocol: u8) -> Transport {
    match protocol {
        6 => Transport::Tcp,
        17 => Transport::Udp,
        1 | 58 => Transport::Icmp,
        other => Transport::Other(other),
    }
}

/// Bytes of payload, as far as they follow from bytes on the wire: headers without options (RFC 791, 8200, 9293, 768).
pub(crate) fn payload(volume: Volume, transport: Transport, ip: IpAddr) -> u64 {
    let network = if ip.is_ipv4() { 20 } else { 40 };
    let header = match transport {
        Transport::Tcp => 20,
        Transport::Udp | Transport::Icmp => 8,
        Transport::Other(_) => 0,
    };
    volume.bytes.saturating_sub(volume.packets.saturating_mul(network + header))
}

/// Which of two ends is the one that is called, where the ports alone say so: a well-known one against another, or one
/// below the range from which systems draw (from 32,768 on) against one within it. `Less`: the first.
pub(crate) fn called_by_port(first: Endpoint, second: Endpoint) -> Option<std::cmp::Ordering> {
    let class = |port: u16| match port {
        0..1024 => 0,
        1024..32_768 => 1,
        _ => 2,
    };
    match class(first.port).cmp(&class(second.port)) {
        std::cmp::Ordering::Equal => None,
        order => Some(order),
    }
}
/// By its name or number, as logs write it.
pub(crate) fn transport_named(name: &str) -> Option<Transport> {
    if let Ok(number) = name.parse() {
        return Some(transport(number));
    }
    let known = [
        ("tcp", Transport::Tcp),
        ("udp", Transport::Udp),
        ("icmp", Transport::Icmp),
        ("icmp6", Transport::Icmp),
        ("icmpv6", Transport::Icmp),
        ("ipv6-icmp", Transport::Icmp),
        ("igmp", Transport::Other(2)),
        ("gre", Transport::Other(47)),
        ("esp", Transport::Other(50)),
        ("ah", Transport::Other(51)),
        ("sctp", Transport::Other(132)),
    ];
    known.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, transport)| *transport)
}
