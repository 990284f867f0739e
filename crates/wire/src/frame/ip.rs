//! IPv4, IPv6, and the TCP, UDP or ICMP header in them.

use etherparse::{
    IpNumber, Ipv6ExtensionSlice, LaxIpPayloadSlice, LaxNetSlice, LaxSlicedPacket, TcpSlice, TransportSlice, UdpSlice,
    ip_number,
};

use super::link::Link;
use super::{Fragment, Packet, TcpHeader};
use crate::Malformed;
use crate::event::{Endpoint, Transport};

const UDP_HEADER: u64 = 8;

/// What the IP header says, before the transport is looked at.
struct Network<'a> {
    source: std::net::IpAddr,
    destination: std::net::IpAddr,
    /// The packet's own length, and of that the headers.
    length: u64,
    headers: u64,
    fragment: Option<Fragment>,
    payload: LaxIpPayloadSlice<'a>,
}

/// Reads an IP packet. `wire_length` counts where the packet's own length field is not filled in.
pub(super) fn decode<'a>(link: &Link<'a>, wire_length: u64) -> Result<Packet<'a>, Malformed> {
    let sliced = LaxSlicedPacket::from_ip(link.bytes).map_err(|_| Malformed("ip header"))?;
    if sliced.stop_err.is_some() {
        return Err(Malformed("ip extension or transport header"));
    }
    let network = network(sliced.net.as_ref(), wire_length).ok_or(Malformed("ip header"))?;
    let above = transport(&network, sliced.transport.as_ref())?;
    let endpoint = |ip, port| Endpoint { ip, port };
    Ok(Packet {
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
    })
}

fn network<'a>(net: Option<&LaxNetSlice<'a>>, wire_length: u64) -> Option<Network<'a>> {
    match net? {
        LaxNetSlice::Ipv4(ip) => {
            let header = ip.header();
            let own = header.slice().len() as u64;
            let total = u64::from(header.total_len());
            let auth = ip.extensions().auth.map_or(0, |auth| auth.slice().len() as u64);
            let is_fragment = header.is_fragmenting_payload();
            Some(Network {
                source: header.source_addr().into(),
                destination: header.destination_addr().into(),
                // 0 where the network card fills it in later (segmentation offload).
                length: if total < own { wire_length } else { total },
                headers: own + auth,
                fragment: is_fragment.then(|| Fragment {
                    identification: header.identification().into(),
                    offset: u32::from(header.fragments_offset().value()) * 8,
                    is_last: !header.more_fragments(),
                }),
                payload: ip.payload().clone(),
            })
        }
        LaxNetSlice::Ipv6(ip) => {
            let header = ip.header();
            let own = header.slice().len() as u64;
            let payload = u64::from(header.payload_length());
            let fragment = ip.extensions().clone().into_iter().find_map(|extension| match extension {
                Ipv6ExtensionSlice::Fragment(part) => Some(Fragment {
                    identification: part.identification(),
                    offset: u32::from(part.fragment_offset().value()) * 8,
                    is_last: !part.more_fragments(),
                }),
                _ => None,
            });
            Some(Network {
                source: header.source_addr().into(),
                destination: header.destination_addr().into(),
                length: if payload == 0 { wire_length.max(own) } else { own + payload },
                headers: own + ip.extensions().slice().len() as u64,
                fragment: fragment.filter(|_| ip.is_payload_fragmented()),
                payload: ip.payload().clone(),
            })
        }
        LaxNetSlice::Arp(_) => None,
    }
}

/// What lies above IP.
struct Above<'a> {
    transport: Transport,
    source_port: u16,
    destination_port: u16,
    /// The transport header's length.
    header: u64,
    payload: &'a [u8],
    tcp: Option<TcpHeader>,
}

fn transport<'a>(network: &Network<'a>, sliced: Option<&TransportSlice<'a>>) -> Result<Above<'a>, Malformed> {
    let payload = network.payload.payload;
    match (sliced, network.fragment) {
        (Some(TransportSlice::Tcp(slice)), _) => Ok(tcp(slice)),
        (Some(TransportSlice::Udp(slice)), _) => Ok(udp(slice)),
        // The slicer stops at fragments; the first one has the transport's header all the same.
        (None, Some(Fragment { offset: 0, .. })) => match network.payload.ip_number {
            ip_number::TCP => {
                TcpSlice::from_slice(payload).map(|slice| tcp(&slice)).map_err(|_| Malformed("tcp header"))
            }
            ip_number::UDP => {
                UdpSlice::from_slice_lax(payload).map(|slice| udp(&slice)).map_err(|_| Malformed("udp header"))
            }
            other => Ok(portless(other, payload)),
        },
        (None, Some(_)) => Ok(portless(network.payload.ip_number, payload)),
        (_, _) => Ok(portless(network.payload.ip_number, payload)),
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
