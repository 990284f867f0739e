//! One session, counted by a router and logged by a firewall.

use super::*;

/// Both directions of a session from that port, as a router tells them in NetFlow v5.
fn session(port: u16) -> Vec<u8> {
    let mut packet = vec![0, 5, 0, 2];
    for part in [1_000_000u32, 1_792_389_610, 0, 1, 0] {
        packet.extend(part.to_be_bytes());
    }
    let ends = [([192, 168, 20, 21], port), ([203, 0, 113, 9], 443)];
    for (from, to, bytes) in [(ends[0], ends[1], 40_000_000u32), (ends[1], ends[0], 90_000)] {
        packet.extend(from.0);
        packet.extend(to.0);
        packet.extend([0; 8]);
        for part in [bytes / 1_000, bytes, 990_000, 999_000] {
            packet.extend(part.to_be_bytes());
        }
        packet.extend([from.1, to.1].map(u16::to_be_bytes).concat());
        packet.extend([0, 0x1b, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
    packet
}

const LOGGED: &str = "<189>date=2026-10-19 time=08:00:09 devname=\"F\" devid=\"FGT\" eventtime=1792389609000000000 tz=\"+0200\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" level=\"notice\" vd=\"root\" srcip=192.168.20.21 srcport=50000 dstip=203.0.113.9 dstport=443 sessionid=7 proto=6 action=\"close\" policyid=1 service=\"HTTPS\" duration=9 sentbyte=40000100 rcvdbyte=90010 sentpkt=40001 rcvdpkt=90";

#[test]
fn a_session_that_a_router_and_a_firewall_tell_of_counts_once() {
    // (the port of the session that the router tells of, bytes sent of all that is told, told before of each source)
    for (port, sent, told_before) in
        [(50_000, vec![40_000_100], [1, 0]), (50_001, vec![40_000_000, 40_000_100], [0, 0])]
    {
        let options = Options { netflow: vec![any_port()], syslog: vec![any_port()], ..Options::default() };
        let mut receivers = Receivers::open(&options).unwrap();
        let [netflow, syslog] = receivers.addresses()[..] else { unreachable!("two addresses") };
        let sender = UdpSocket::bind(any_port()).unwrap();
        sender.send_to(&session(port), netflow).unwrap();
        sender.send_to(LOGGED.as_bytes(), syslog).unwrap();
        let mut events = Vec::new();
        for _ in 0..200 {
            receivers.read(now(), &mut |event| events.push(event));
            if receivers.sources().iter().all(|source| source.tally.messages > 0) {
                break;
            }
            std::thread::park_timeout(Duration::from_millis(10));
        }
        receivers.finish(&mut |event| events.push(event));
        let sent_by = |event: Event| match event.kind {
            Kind::FlowEnded(flow) => Some(flow.sent.bytes),
            _ => None,
        };
        let mut told: Vec<u64> = events.into_iter().filter_map(sent_by).collect();
        told.sort_unstable();
        assert_eq!(told, sent);
        let counted: Vec<_> = receivers.sources().iter().map(|one| (one.tally.flows, one.tally.told_before)).collect();
        assert_eq!(counted, [(1 - told_before[0], told_before[0]), (1 - told_before[1], told_before[1])]);
    }
}
