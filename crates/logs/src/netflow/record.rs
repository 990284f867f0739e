//! One record of an export packet: which fields it has.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use netflow_parser::static_versions::v5::FlowSet;
use netflow_parser::variable_versions::field_types::{FirewallEvent, FlowEndReason};
use netflow_parser::variable_versions::field_value::DurationValue;
use netflow_parser::variable_versions::ipfix::lookup::{
    IANAIPFixField as Field, IPFixField, ReverseInformationElement as Reverse,
};
use netflow_parser::{DataNumber, FieldValue};
use wire::event::Volume;

/// A record as its fields say; what no field says is absent.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) source: Option<IpAddr>,
    pub(super) destination: Option<IpAddr>,
    pub(super) source_port: u16,
    pub(super) destination_port: u16,
    pub(super) protocol: Option<u8>,
    pub(super) forward: Volume,
    /// The other direction, where one record tells both (RFC 5103).
    pub(super) reverse: Option<Volume>,
    /// Whom it went to once a router had translated that (226, 228, 282).
    pub(super) post_destination: Option<IpAddr>,
    pub(super) post_destination_port: Option<u16>,
    /// What went out again (23, 24), whose meaning hangs on the version.
    post: Volume,
    pub(super) is_v9: bool,
    /// Whether the source is who began, where the record says so.
    pub(super) source_began: Option<bool>,
    pub(super) flags: Option<u8>,
    pub(super) reverse_flags: Option<u8>,
    pub(super) icmp_type: Option<u8>,
    pub(super) source_mac: Option<[u8; 6]>,
    pub(super) destination_mac: Option<[u8; 6]>,
    pub(super) vlan: Option<u16>,
    pub(super) first: Option<Moment>,
    pub(super) last: Option<Moment>,
    pub(super) duration_ms: Option<u64>,
    /// When the exporter started, where the record says so itself.
    pub(super) started_ms: Option<u64>,
    /// It goes on: this is what was counted so far.
    pub(super) goes_on: Option<bool>,
    /// What a firewall tells that happened, and when (Cisco's NSEL).
    event: Option<FirewallEvent>,
    is_translation: bool,
    observed: Option<Moment>,
    /// One packet of so many was counted, as the record itself says.
    pub(super) interval: Option<u64>,
    space: Option<u64>,
    probability: Option<f64>,
    pub(super) sampler: Option<u64>,
}

/// A moment as exporters write it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Moment {
    /// Microseconds since 1970.
    Absolute(i64),
    /// Milliseconds since the exporter started, in 32 bits that start again every 49.7 days.
    Uptime(u32),
    /// Microseconds before the packet was sent (RFC 5102 §5.9.8).
    Before(i64),
}

/// The first moment of NTP's calendar, 1900, in seconds before 1970 (RFC 5905 §6).
const NTP_TO_UNIX: u64 = 2_208_988_800;

impl Record {
    /// One of v9 of which no field was read yet.
    pub(super) fn v9() -> Self {
        Self { is_v9: true, ..Self::default() }
    }

    pub(super) fn v5(flow: &FlowSet) -> Self {
        let zero = |ip: Ipv4Addr| Some(IpAddr::V4(ip));
        Self {
            source: zero(flow.src_addr),
            destination: zero(flow.dst_addr),
            source_port: flow.src_port,
            destination_port: flow.dst_port,
            protocol: Some(flow.protocol_number),
            forward: Volume { packets: flow.d_pkts.into(), bytes: flow.d_octets.into() },
            flags: Some(flow.tcp_flags),
            icmp_type: Some((flow.dst_port >> 8) as u8),
            first: Some(Moment::Uptime(flow.first)),
            last: Some(Moment::Uptime(flow.last)),
            ..Self::default()
        }
    }

    /// Takes in one field. NetFlow v9's numbers are IPFIX's (RFC 7012 §A).
    pub(super) fn field(&mut self, field: IPFixField, value: &FieldValue) {
        match field {
            IPFixField::IANA(field) => self.own(field, value),
            IPFixField::ReverseInformationElement(field) => self.other_way(field, value),
            _ => {}
        }
    }

    fn own(&mut self, field: Field, value: &FieldValue) {
        let number = natural(value);
        match field {
            Field::OctetDeltaCount => self.forward.bytes = number.unwrap_or_default(),
            Field::PacketDeltaCount => self.forward.packets = number.unwrap_or_default(),
            Field::OctetTotalCount | Field::InitiatorOctets if self.forward.bytes == 0 => {
                self.forward.bytes = number.unwrap_or_default();
            }
            Field::PacketTotalCount | Field::InitiatorPackets if self.forward.packets == 0 => {
                self.forward.packets = number.unwrap_or_default();
            }
            Field::ResponderOctets => self.answered().bytes = number.unwrap_or_default(),
            Field::ResponderPackets => self.answered().packets = number.unwrap_or_default(),
            Field::PostOctetDeltaCount => self.post.bytes = number.unwrap_or_default(),
            Field::PostPacketDeltaCount => self.post.packets = number.unwrap_or_default(),
            Field::BiflowDirection => {
                self.source_began = match number {
                    Some(1) => Some(true),
                    Some(2) => Some(false),
                    _ => self.source_began,
                };
            }
            Field::NatEvent => self.is_translation = true,
            Field::ProtocolIdentifier => self.protocol = value.as_u8(),
            Field::TcpControlBits => self.flags = flags(value),
            Field::SourceTransportPort => self.source_port = value.as_u16().unwrap_or_default(),
            Field::DestinationTransportPort => self.destination_port = value.as_u16().unwrap_or_default(),
            Field::SourceIpv4address | Field::SourceIpv6address => self.source = address(value).or(self.source),
            Field::DestinationIpv4address | Field::DestinationIpv6address => {
                self.destination = address(value).or(self.destination);
            }
            Field::PostNatdestinationIpv4address | Field::PostNatdestinationIpv6address => {
                self.post_destination = address(value).or(self.post_destination);
            }
            Field::PostNaptdestinationTransportPort => {
                self.post_destination_port = value.as_u16().filter(|port| *port != 0);
            }
            Field::IcmpTypeCodeIpv4 | Field::IcmpTypeCodeIpv6 => {
                self.icmp_type = value.as_u16().map(|both| (both >> 8) as u8).or(self.icmp_type);
            }
            Field::IcmpTypeIpv4 | Field::IcmpTypeIpv6 => self.icmp_type = value.as_u8(),
            Field::SourceMacaddress => self.source_mac = mac(value),
            Field::DestinationMacaddress => self.destination_mac = mac(value),
            Field::PostDestinationMacaddress => self.destination_mac = self.destination_mac.or(mac(value)),
            Field::VlanId | Field::Dot1qVlanId => self.vlan = value.as_u16().filter(|id| *id != 0).or(self.vlan),
            Field::FlowStartSysUpTime => self.first = self.first.or(uptime(value)),
            Field::FlowEndSysUpTime => self.last = self.last.or(uptime(value)),
            Field::FlowStartSeconds
            | Field::FlowStartMilliseconds
            | Field::FlowStartMicroseconds
            | Field::FlowStartNanoseconds => self.first = absolute(value).or(self.first),
            Field::FlowEndSeconds
            | Field::FlowEndMilliseconds
            | Field::FlowEndMicroseconds
            | Field::FlowEndNanoseconds => self.last = absolute(value).or(self.last),
            Field::FlowStartDeltaMicroseconds => self.first = self.first.or(before(number)),
            Field::FlowEndDeltaMicroseconds => self.last = self.last.or(before(number)),
            Field::FlowDurationMilliseconds => self.duration_ms = number,
            Field::FlowDurationMicroseconds => self.duration_ms = number.map(|us| us / 1_000),
            Field::SystemInitTimeMilliseconds => self.started_ms = number,
            Field::ObservationTimeMilliseconds => self.observed = absolute(value),
            Field::FirewallEvent => {
                if let FieldValue::FirewallEvent(event) = value {
                    self.event = Some(*event);
                }
            }
            Field::FlowEndReason => {
                if let FieldValue::FlowEndReason(reason) = value {
                    self.goes_on = Some(*reason == FlowEndReason::ActiveTimeout);
                }
            }
            Field::SamplingInterval | Field::SamplerRandomInterval | Field::SamplingPacketInterval => {
                self.interval = number.filter(|interval| *interval > 0).or(self.interval);
                self.probability = self.probability.filter(|_| field != Field::SamplingPacketInterval);
            }
            Field::SamplingPacketSpace => self.space = number,
            Field::SamplingProbability => {
                if let FieldValue::Float64(share) = value {
                    self.probability = Some(*share);
                }
            }
            Field::SamplerId | Field::SelectorId => self.sampler = number,
            _ => {}
        }
    }

    fn other_way(&mut self, field: Reverse, value: &FieldValue) {
        let number = natural(value).unwrap_or_default();
        match field {
            Reverse::ReverseOctetDeltaCount | Reverse::ReverseOctetTotalCount => self.back().bytes = number,
            Reverse::ReversePacketDeltaCount | Reverse::ReversePacketTotalCount => self.back().packets = number,
            Reverse::ReverseTcpControlBits => self.reverse_flags = flags(value),
            _ => {}
        }
    }

    fn back(&mut self) -> &mut Volume {
        self.reverse.get_or_insert_default()
    }

    /// What the answering side sent: then the source is the other one.
    fn answered(&mut self) -> &mut Volume {
        self.source_began = self.source_began.or(Some(true));
        self.back()
    }

    /// What comes back to a router that translates is sent to the router: the host it was for is behind that. What one of
    /// ours sends to the outside stays so, also where a router turns it to a server of ours (DNS, a proxy).
    pub(super) fn untranslate(&mut self, is_home: impl Fn(IpAddr) -> bool) {
        let (Some(source), Some(destination), Some(post)) = (self.source, self.destination, self.post_destination)
        else {
            return;
        };
        if post != destination && is_home(post) && (is_home(destination) || !is_home(source)) {
            self.destination = Some(post);
            // Of pings it is no port, and where the type may stand otherwise.
            let port = self.post_destination_port.filter(|_| matches!(self.protocol, Some(6 | 17)));
            self.destination_port = port.unwrap_or(self.destination_port);
        }
    }

    /// Whether it tells something else than counts, which may come later or never.
    pub(super) fn is_news(&self) -> bool {
        self.is_translation || self.event.is_some()
    }

    /// NetFlow v9's bytes and packets "out" (23, 24). Who counts on the way out alone has no others. Who tells both
    /// directions in one record (FortiGate, nProbe) has the answer there, and the client as its source. In IPFIX they
    /// are the same packets, as they left.
    fn settle_post(&mut self) {
        let post = std::mem::take(&mut self.post);
        if post == Volume::default() {
            return;
        }
        if self.forward == Volume::default() {
            self.forward = post;
        } else if self.is_v9 && self.reverse.is_none() && post != self.forward {
            *self.answered() = post;
        }
    }

    /// Once all fields are there: which direction the counts are of, and what a firewall's event makes of what was counted
    /// since the one before it.
    pub(super) fn settle(&mut self) {
        self.settle_post();
        let Some(event) = self.event else { return };
        self.last = self.last.or(self.observed);
        match event {
            // Without counts nothing is told yet.
            FirewallEvent::FlowCreated => self.reverse = self.reverse.filter(|reverse| *reverse != Volume::default()),
            FirewallEvent::FlowDenied => {
                self.forward.packets = self.forward.packets.max(1);
                self.reverse = None;
            }
            FirewallEvent::FlowDeleted => self.goes_on = Some(false),
            FirewallEvent::FlowUpdate => self.goes_on = Some(true),
            _ => {}
        }
    }

    /// One packet of how many was counted, where the fields say so. With a space (RFC 5477 §8.2) so many are counted and
    /// so many are not.
    pub(super) fn sampling(&self) -> Option<u64> {
        match (self.interval, self.space, self.probability) {
            (Some(counted), Some(space), _) => Some(counted.saturating_add(space) / counted.max(1)),
            (Some(interval), None, _) => Some(interval),
            (None, _, Some(share)) if share > 0.0 && share <= 1.0 => Some((1.0 / share).round() as u64),
            _ => None,
        }
    }
}

/// A number, also of a field that the parser does not know as one (NetFlow v9's 231, 232, 298, 299) or of a length that is
/// no type's (five bytes).
fn natural(value: &FieldValue) -> Option<u64> {
    match value {
        FieldValue::Vec(bytes) | FieldValue::DataNumber(DataNumber::Vec(bytes)) if bytes.len() <= 8 => {
            Some(bytes.iter().fold(0u64, |number, byte| (number << 8) | u64::from(*byte)))
        }
        other => other.as_u64(),
    }
}

fn address(value: &FieldValue) -> Option<IpAddr> {
    match value {
        // A template with room for both kinds fills the other with zeros.
        FieldValue::Ip4Addr(ip) if *ip != Ipv4Addr::UNSPECIFIED => Some((*ip).into()),
        FieldValue::Ip6Addr(ip) if *ip != Ipv6Addr::UNSPECIFIED => Some((*ip).into()),
        _ => None,
    }
}

fn mac(value: &FieldValue) -> Option<[u8; 6]> {
    match value {
        FieldValue::MacAddr(mac) if *mac != [0; 6] => Some(*mac),
        _ => None,
    }
}

fn flags(value: &FieldValue) -> Option<u8> {
    match value {
        FieldValue::TcpControlBits(bits, _) => Some(u16::from(*bits) as u8),
        _ => None,
    }
}

fn uptime(value: &FieldValue) -> Option<Moment> {
    value.as_u64().map(|ms| Moment::Uptime(ms as u32))
}

fn before(us: Option<u64>) -> Option<Moment> {
    us.and_then(|us| i64::try_from(us).ok()).map(Moment::Before)
}

fn absolute(value: &FieldValue) -> Option<Moment> {
    let FieldValue::Duration(value) = value else { return None };
    let us = match value {
        DurationValue::Seconds { value, .. } => value.checked_mul(1_000_000)?,
        DurationValue::Millis { value, .. } => value.checked_mul(1_000)?,
        // RFC 7011 §6.1.9: NTP's calendar. Some exporters count from 1970 all the same.
        DurationValue::MicrosNtp { seconds, fraction } | DurationValue::NanosNtp { seconds, fraction } => {
            let seconds = u64::from(*seconds);
            let seconds = seconds.checked_sub(NTP_TO_UNIX).unwrap_or(seconds);
            seconds * 1_000_000 + ((u64::from(*fraction) * 1_000_000) >> 32)
        }
    };
    (us > 0).then_some(())?;
    i64::try_from(us).ok().map(Moment::Absolute)
}
