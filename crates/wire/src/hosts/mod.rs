//! What hosts say of themselves on their own network: names and kinds, from DHCP, multicast DNS, LLMNR and NetBIOS.
//!
//! Promises: pure functions of one datagram; names are bounded and lower case; what a host asks about others is passed over.

mod dhcp;
mod netbios;
mod records;
mod ssdp;

use crate::event::{HostName, NameSource};

/// Longest name and kind that are kept.
const MAX_NAME: usize = 64;

const NETBIOS_NAMES: u16 = 137;
const NETBIOS_DATAGRAMS: u16 = 138;
const DHCP_SERVER: u16 = 67;
const MULTICAST_DNS: u16 = 5353;
const LLMNR: u16 = 5355;
const SSDP: u16 = 1900;

/// Which of these protocols is spoken between those ports.
pub fn application(source_port: u16, destination_port: u16) -> Option<&'static str> {
    let has = |port: u16| source_port == port || destination_port == port;
    Some(match () {
        () if has(MULTICAST_DNS) => "mdns",
        () if has(LLMNR) => "llmnr",
        () if has(NETBIOS_NAMES) => "netbios",
        () if has(NETBIOS_DATAGRAMS) => "netbios_datagram",
        () if has(DHCP_SERVER) => "dhcp",
        () if has(SSDP) => "ssdp",
        () => return None,
    })
}

/// What a datagram of that protocol says of hosts; most say nothing.
pub fn read(application: &str, bytes: &[u8]) -> Vec<HostName> {
    match application {
        "mdns" => records::read(bytes, NameSource::MulticastDns),
        "llmnr" => records::read(bytes, NameSource::Llmnr),
        "netbios" => netbios::names(bytes).into_iter().collect(),
        "netbios_datagram" => netbios::datagram(bytes).into_iter().collect(),
        "dhcp" => dhcp::read(bytes),
        "ssdp" => ssdp::read(bytes),
        _ => Vec::new(),
    }
}
