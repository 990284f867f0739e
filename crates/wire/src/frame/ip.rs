//! IPv4, IPv6, and the TCP, UDP or ICMP header in them.

use std::net::IpAddr;

use etherparse::err::Layer;
use etherparse::{
    IpNumber, Ipv6ExtensionSlice, LaxIpPayloadSlice, LaxNetSlice, LaxSlicedPacket, TcpSlice, TransportSlice, UdpSlice,
    ip_number,
};

use super::link::Link;
use super::mark;
use super::{Fragment, Packet, TcpHeader};
use crate::Malformed;
use crate::event::{Endpoint, Transport};

const UDP_HEADER: u64 = 8;

/// What the IP header says, before the transport is looked at.
struct Network<'a> {
    source: IpAddr,
    destination: IpAddr,
    /// The packet's own length, and of that the headers.
    length: u64,
    headers: u64,
    fragment: Option<Fragment<'a>>,
}

/// Reads an IP packet. `wire_length` counts where the packet's own length field is not filled in.
pub(super) fn decode<'a>(link: &Link<'a>, wire_length: u64) -> Result<Packet<'a>, Malformed> {
    if let Some(packet) = plain(link) {
        return Ok(packet);
    }
    let sliced = LaxSlicedPacket::from_ip(link.bytes).map_err(|_| Malformed("ip header"))?;
    let stopped_at = sliced.stop_err.as_ref().map(|(_, layer)| *layer);
    if stopped_at.is_some_and(|layer| layer != Layer::TcpHeader) {
        return Err(Malformed("ip extension or transport header"));
    }
    let (network, payload) = network(sliced.net.as_ref(), wire_length).ok_or(Malformed("ip header"))?;
    let above = match stopped_at {
        Some(_) => cut_tcp(payload.payload, network.length.saturating_sub(network.headers))?,
        None => transport(network.fragment, &payload, sliced.transport.as_ref())?,
    };
    Ok(packet(link, &network, above))
}

/// What most packets are: IPv4 without options and in one piece, all of it captured, with TCP or UDP. Absent: it is read the
/// long way, which gives the same for these and an answer for all others.
fn plain<'a>(link: &Link<'a>) -> Option<Packet<'a>> {
    let header: &[u8; 20] = link.bytes.first_chunk()?;
    let [0x45, _, length_0, length_1, _, _, fragment_0, fragment_1, _, number, _, _, addresses @ ..] = *header else {
        return None;
    };
    let length = usize::from(u16::from_be_bytes([length_0, length_1]));
    if u16::from_be_bytes([fragment_0, fragment_1]) & 0x3fff != 0 {
        return None;
    }
    let bytes = link.bytes.get(20..length)?;
    let above = match number {
        6 => tcp(&TcpSlice::from_slice(bytes).ok()?),
        17 => udp(&UdpSlice::from_slice(bytes).ok()?),
        _ => return None,
    };
    let [a, b, c, d, e, f, g, h] = addresses;
    let network = Network {
        source: IpAddr::from([a, b, c, d]),
        destination: IpAddr::from([e, f, g, h]),
        length: length as u64,
        headers: 20,
        fragment: None,
    };
    Some(packet(link, &network, above))
}

fn packet<'a>(link: &Link<'a>, network: &Network<'a>, above: Above<'a>) -> Packet<'a> {
    let endpoint = |ip, port| Endpoint { ip, port };
    Packet {
        source: endpoint(network.source, above.source_port),
        destination: endpoint(network.destination, above.destination_port),
        transport: above.transport,
        source_mac: link.source_mac,
        destination_mac: link.destination_mac,
        vlan: link.vlan,
        ip_length: network.length,
        payload_length: network.length.saturating_sub(network.headers + above.header),
        payload: above.payload,
        tcp: above.tcp,
        fragment: network.fragment,
        around: None,
        mark: mark::of(link.bytes, network.length),
    }
}

/// The header, and what lies above it.
fn network<'a>(net: Option<&LaxNetSlice<'a>>, wire_length: u64) -> Option<(Network<'a>, LaxIpPayloadSlice<'a>)> {
    match net? {
        LaxNetSlice::Ipv4(ip) => {
            let header = ip.header();
            let own = header.slice().len() as u64;
            let total = u64::from(header.total_len());
            let auth = ip.extensions().auth.map_or(0, |auth| auth.slice().len() as u64);
            let is_fragment = header.is_fragmenting_payload();
            let payload = ip.payload().clone();
            // 0 where the network card fills it in later (segmentation offload).
            let length = if total < own { wire_length } else { total };
            let network = Network {
                source: header.source_addr().into(),
                destination: header.destination_addr().into(),
                length,
                headers: own + auth,
                fragment: is_fragment.then(|| Fragment {
                    identification: header.identification().into(),
                    offset: u32::from(header.fragments_offset().value()) * 8,
                    is_last: !header.more_fragments(),
                    carried: payload.payload,
                    is_whole: payload.payload.len() as u64 >= length.saturating_sub(own + auth),
                }),
            };
            Some((network, payload))
        }
        LaxNetSlice::Ipv6(ip) => {
            let header = ip.header();
            let own = header.slice().len() as u64;
            let stated = u64::from(header.payload_length());
            let length = if stated == 0 { wire_length.max(own) } else { own + stated };
            let headers = own + ip.extensions().slice().len() as u64;
            let payload = ip.payload().clone();
            let fragment = ip.extensions().clone().into_iter().find_map(|extension| match extension {
                Ipv6ExtensionSlice::Fragment(part) => Some(Fragment {
                    identification: part.identification(),
                    offset: u32::from(part.fragment_offset().value()) * 8,
                    is_last: !part.more_fragments(),
                    carried: payload.payload,
                    is_whole: payload.payload.len() as u64 >= length.saturating_sub(headers),
                }),
                _ => None,
            });
            let network = Network {
                source: header.source_addr().into(),
                destination: header.destination_addr().into(),
                length,
                headers,
                fragment: fragment.filter(|_| ip.is_payload_fragmented()),
            };
            Some((network, payload))
        }
        LaxNetSlice::Arp(_) => None,
    }
}

/// What lies above IP.
#[derive(Clone, Copy)]
struct Above<'a> {
    transport: Transport,
    source_port: u16,
    destination_port: u16,
    /// The transport header's length.
    header: u64,
    payload: &'a [u8],
    tcp: Option<TcpHeader>,
}

fn transport<'a>(
    fragment: Option<Fragment<'a>>,
    carried: &LaxIpPayloadSlice<'a>,
    sliced: Option<&TransportSlice<'a>>,
) -> Result<Above<'a>, Malformed> {
    let (number, payload) = (carried.ip_number, carried.payload);
    match (sliced, fragment) {
        (Some(TransportSlice::Tcp(slice)), _) => Ok(tcp(slice)),
        (Some(TransportSlice::Udp(slice)), _) => Ok(udp(slice)),
        // The slicer stops at fragments; the first one has the transport's header all the same.
        (None, Some(Fragment { offset: 0, is_last, .. })) => match number {
            ip_number::TCP => {
                let whole = TcpSlice::from_slice(payload).map(|slice| tcp(&slice)).ok();
                whole.or_else(|| begun_tcp(payload).filter(|_| !is_last)).ok_or(Malformed("tcp header"))
            }
            ip_number::UDP => {
                UdpSlice::from_slice_lax(payload).map(|slice| udp(&slice)).map_err(|_| Malformed("udp header"))
            }
            other => Ok(portless(other, payload)),
        },
        (None, Some(_)) => Ok(portless(number, payload)),
        (_, _) => Ok(portless(number, payload)),
    }
}

fn tcp<'a>(slice: &TcpSlice<'a>) -> Above<'a> {
    let header = TcpHeader {
        sequence: slice.sequence_number(),
        acknowledgment: slice.acknowledgment_number(),
        syn: slice.syn(),
        ack: slice.ack(),
        fin: slice.fin(),
        rst: slice.rst(),
    };
    Above {
        transport: Transport::Tcp,
        source_port: slice.source_port(),
        destination_port: slice.destination_port(),
        header: slice.header_slice().len() as u64,
        payload: slice.payload(),
        tcp: Some(header),
    }
}

/// A TCP header of which the capture kept the beginning alone, cut within the options (a snap length of 64, as routers and
/// old habits have it): its fixed part says whose it is (RFC 9293 §3.1). `sent`: how much of TCP there was on the wire.
fn cut_tcp(captured: &[u8], sent: u64) -> Result<Above<'_>, Malformed> {
    let malformed = Malformed("tcp header");
    let Some(&[a, b, c, d, e, f, g, h, i, j, k, l, offset, flags, ..]) = captured.first_chunk::<20>() else {
        return Err(malformed);
    };
    let header = u64::from(offset >> 4) * 4;
    if header < 20 || header > sent || captured.len() as u64 >= header {
        return Err(malformed);
    }
    let is_set = |flag: u8| flags & flag != 0;
    let tcp = TcpHeader {
        sequence: u32::from_be_bytes([e, f, g, h]),
        acknowledgment: u32::from_be_bytes([i, j, k, l]),
        syn: is_set(0x02),
        ack: is_set(0x10),
        fin: is_set(0x01),
        rst: is_set(0x04),
    };
    Ok(Above {
        transport: Transport::Tcp,
        source_port: u16::from_be_bytes([a, b]),
        destination_port: u16::from_be_bytes([c, d]),
        header,
        payload: &[],
        tcp: Some(tcp),
    })
}

/// A first part that ends within TCP's header: the ports are in every first part, which has at least eight bytes.
fn begun_tcp(captured: &[u8]) -> Option<Above<'_>> {
    let [a, b, c, d, ..] = *captured.first_chunk::<8>()?;
    let is_header = captured.get(12).is_none_or(|offset| offset >> 4 >= 5);
    is_header.then(|| Above {
        transport: Transport::Tcp,
        source_port: u16::from_be_bytes([a, b]),
        destination_port: u16::from_be_bytes([c, d]),
        header: captured.len() as u64,
        payload: &[],
        tcp: None,
    })
}

/// The header of a TCP segment that was put together from its parts, and how long it is.
pub(crate) fn segment(bytes: &[u8]) -> Option<(TcpHeader, usize)> {
    let slice = TcpSlice::from_slice(bytes).ok()?;
    Some((tcp(&slice).tcp?, slice.header_slice().len()))
}

fn udp<'a>(slice: &UdpSlice<'a>) -> Above<'a> {
    Above {
        transport: Transport::Udp,
        source_port: slice.source_port(),
        destination_port: slice.destination_port(),
        header: UDP_HEADER,
        payload: slice.payload(),
        tcp: None,
    }
}

fn portless(number: IpNumber, payload: &[u8]) -> Above<'_> {
    let transport = match number {
        ip_number::TCP => Transport::Tcp,
        ip_number::UDP => Transport::Udp,
        ip_number::ICMP | ip_number::IPV6_ICMP => Transport::Icmp,
        IpNumber(other) => Transport::Other(other),
    };
    Above { transport, source_port: 0, destination_port: 0, header: 0, payload, tcp: None }
}

#[cfg(test)]
mod tests {
    use etherparse::PacketBuilder;

    use super::*;

    fn long_way<'a>(link: &Link<'a>) -> Option<Packet<'a>> {
        let sliced = LaxSlicedPacket::from_ip(link.bytes).ok().filter(|sliced| sliced.stop_err.is_none())?;
        let (network, payload) = network(sliced.net.as_ref(), 0)?;
        Some(packet(link, &network, transport(network.fragment, &payload, sliced.transport.as_ref()).ok()?))
    }

    /// A snap length of 64 leaves 10 bytes of a TCP header with time stamps: who speaks with whom is in the first 20.
    #[test]
    fn a_header_cut_within_its_options_still_says_whose_it_is() {
        let mut whole = Vec::new();
        let builder = PacketBuilder::ipv4([192, 0, 2, 1], [198, 51, 100, 2], 64).tcp(50_000, 443, 7, 100).ack(9);
        let options = [etherparse::TcpOptionElement::Timestamp(1, 2)];
        builder.options(&options).unwrap().write(&mut whole, b"hello").unwrap();
        let read = |length: usize| decode(&Link { bytes: &whole[..length], ..Link::default() }, whole.len() as u64);
        let all = read(whole.len()).unwrap();
        assert_eq!((all.payload, all.payload_length), (&b"hello"[..], 5));
        for length in 40..52 {
            let cut = read(length).unwrap();
            assert_eq!(cut, Packet { payload: b"", mark: cut.mark, ..all.clone() }, "{length}");
        }
        for length in 20..40 {
            assert!(read(length).is_err(), "{length}");
        }
    }

    /// Every byte of the headers changed to several values, and every length cut: where the short way answers, the long way
    /// gives the same.
    #[test]
    fn the_short_way_gives_what_the_long_way_gives() {
        let ip = || PacketBuilder::ipv4([192, 0, 2, 1], [198, 51, 100, 2], 64);
        let (mut tcp, mut udp) = (Vec::new(), Vec::new());
        ip().tcp(50_000, 443, 7, 100).syn().write(&mut tcp, b"hello").unwrap();
        ip().udp(50_000, 53).write(&mut udp, b"hello").unwrap();
        let mut answered = 0;
        for whole in [tcp, udp] {
            let mut check = |bytes: &[u8]| {
                let link = Link { bytes, ..Link::default() };
                if let Some(packet) = plain(&link) {
                    assert_eq!(Some(packet), long_way(&link), "{bytes:?}");
                    answered += 1;
                }
            };
            for length in 0..=whole.len() {
                check(&whole[..length]);
            }
            check(&[whole.as_slice(), b"padding"].concat());
            for at in 0..whole.len() {
                for value in [0, 1, 4, 5, 8, 17, 20, 25, 0x20, 0x40, 0x45, 0x46, 0x50, 0x60, 0xf0, 0xff] {
                    let mut changed = whole.clone();
                    changed[at] = value;
                    check(&changed);
                }
            }
        }
        assert!(answered > 500, "{answered}");
    }
}
