//! A real exporter (softflowd) over UDP, and another's reading (nfdump) of the very same packets.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use jiff::Timestamp;
use logs::netflow::{Collector, Counters};
use office::Plan;
use wire::event::{Event, Flow, Kind, Transport};

/// Whether the programs are there; says why not.
fn has(programs: &[&str]) -> bool {
    for program in programs {
        let is_there =
            ["/usr/sbin", "/usr/bin", "/usr/local/bin"].iter().any(|folder| Path::new(folder).join(program).exists());
        if !is_there {
            println!("skipped: {program} is not installed");
            return false;
        }
    }
    true
}

/// A morning of the office.
fn plan() -> Plan {
    Plan { hours: 3, workstations: 5, ..Plan::default() }
}

/// What softflowd sends for the office, packet by packet.
pub(crate) fn exported(version: &str, more: &[&str]) -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let capture = folder.path().join("office.pcap");
    std::fs::write(&capture, office::capture(&plan())).unwrap();
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(3))).unwrap();
    let SocketAddr::V4(address) = socket.local_addr().unwrap() else { panic!("bound to IPv4") };
    // Everything that it will send is read while it sends: the kernel's buffer is small.
    let reading = std::thread::spawn(move || {
        let mut packets = Vec::new();
        let mut buffer = [0; 65_535];
        while let Ok(length) = socket.recv(&mut buffer) {
            packets.push(buffer[..length].to_vec());
        }
        packets
    });
    let pid = folder.path().join("pid");
    let control = folder.path().join("control");
    let status = Command::new("/usr/sbin/softflowd")
        .args(["-a", "-d", "-v", version, "-n", &address.to_string()])
        .args(more)
        .arg("-p")
        .arg(&pid)
        .arg("-c")
        .arg(&control)
        .arg("-r")
        .arg(&capture)
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    reading.join().unwrap()
}

/// Our reading.
fn read(packets: &[Vec<u8>]) -> (Vec<Flow>, Counters) {
    let mut flows = Vec::new();
    let mut collector = Collector::new(1);
    let mut sink = |event: Event| {
        if let Kind::FlowEnded(flow) = event.kind {
            flows.push(*flow);
        }
    };
    let received_at = plan().start;
    for packet in packets {
        collector.packet((Ipv4Addr::LOCALHOST, 50_001).into(), packet, received_at, &mut sink);
    }
    collector.finish(&mut sink);
    let counters = collector.counters();
    (flows, counters)
}

/// Packets and bytes by direction: protocol, from, to.
type Totals = BTreeMap<(u8, SocketAddr, SocketAddr), (u64, u64)>;

fn totals(flows: &[Flow]) -> Totals {
    let mut all = Totals::new();
    let mut add = |protocol, from: wire::event::Endpoint, to: wire::event::Endpoint, volume: wire::event::Volume| {
        if volume.packets > 0 {
            let one = all
                .entry((protocol, SocketAddr::new(from.ip, from.port), SocketAddr::new(to.ip, to.port)))
                .or_default();
            one.0 += volume.packets;
            one.1 += volume.bytes;
        }
    };
    for flow in flows {
        let protocol = match flow.conversation.transport {
            Transport::Tcp => 6,
            Transport::Udp => 17,
            other => panic!("{other:?} in the office"),
        };
        add(protocol, flow.conversation.client, flow.conversation.server, flow.sent);
        add(protocol, flow.conversation.server, flow.conversation.client, flow.received);
    }
    all
}

/// The capture's own packets and bytes by direction, as `wire` counts them.
fn truth() -> Vec<Flow> {
    let mut flows = Vec::new();
    let mut tracker = wire::Tracker::default();
    let capture = office::capture(&plan());
    let mut sink = |event: Event| {
        if let Kind::FlowEnded(flow) = event.kind {
            flows.push(*flow);
        }
    };
    capture::read_frames(capture.as_slice(), &mut |frame| tracker.frame(frame, &mut sink)).unwrap();
    tracker.finish(&mut sink);
    flows
}

#[test]
fn every_version_tells_the_office_as_its_packets_do() {
    if !has(&["softflowd"]) {
        return;
    }
    let truth = truth();
    for (version, more) in [
        ("5", &[] as &[&str]),
        ("9", &[]),
        ("10", &[]),
        ("10", &["-b"]),
        ("9", &["-t", "maxlife=60", "-t", "expint=10"]),
    ] {
        let packets = exported(version, more);
        let (flows, counters) = read(&packets);
        assert_eq!((counters.malformed, counters.dropped), (0, 0), "version {version}: {counters:?}");
        assert_eq!(counters.without_template, 0, "version {version}");
        let (told, seen) = (totals(&flows), totals(&truth));
        let wrong: Vec<_> = seen.iter().filter(|(key, value)| told.get(key) != Some(value)).collect();
        assert!(
            wrong.is_empty(),
            "version {version} {more:?}: {} of {} differ: {:?} {:?}",
            wrong.len(),
            seen.len(),
            &wrong[..wrong.len().min(3)],
            wrong.iter().take(3).map(|(key, _)| told.get(key)).collect::<Vec<_>>()
        );
        let clients = |flows: &[Flow]| {
            flows.iter().filter(|flow| flow.conversation.client.ip.to_string().starts_with("192.168.20.")).count()
        };
        assert_eq!(clients(&flows), flows.len(), "version {version}: every conversation was begun in the office");
        println!(
            "version {version} {more:?}: {} packets, {} records, {} conversations (packets: {})",
            packets.len(),
            counters.records,
            flows.len(),
            truth.len()
        );
    }
}

/// nfdump's reading of the packets, by direction.
fn nfdump(packets: &[Vec<u8>]) -> Totals {
    let folder = tempfile::tempdir().unwrap();
    let port = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let mut collector = Command::new("/usr/bin/nfcapd")
        .args([
            "-w",
            folder.path().to_str().unwrap(),
            "-b",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-t",
            "3600",
            "-B",
            "8000000",
        ])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::thread::park_timeout(Duration::from_secs(1));
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    for packet in packets {
        socket.send_to(packet, (Ipv4Addr::LOCALHOST, port)).unwrap();
        std::thread::park_timeout(Duration::from_micros(300));
    }
    std::thread::park_timeout(Duration::from_secs(1));
    assert!(Command::new("kill").arg(collector.id().to_string()).status().unwrap().success());
    collector.wait().unwrap();
    let out = Command::new("/usr/bin/nfdump")
        .args(["-R", folder.path().to_str().unwrap(), "-q", "-N", "-6", "-o", "fmt:%pr|%sa|%sp|%da|%dp|%pkt|%byt"])
        .output()
        .unwrap();
    let mut all = Totals::new();
    for line in String::from_utf8_lossy(&out.stdout).lines() {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [protocol, from, from_port, to, to_port, packets, bytes] = fields[..] else { continue };
        let end = |ip: &str, port: &str| SocketAddr::new(ip.parse().unwrap(), port.parse().unwrap());
        let protocol = if protocol == "6" || protocol == "TCP" { 6 } else { 17 };
        let one = all.entry((protocol, end(from, from_port), end(to, to_port))).or_default();
        one.0 += packets.parse::<u64>().unwrap();
        one.1 += bytes.parse::<u64>().unwrap();
    }
    all
}

#[test]
fn nfdump_reads_the_same_from_the_same_packets() {
    if !has(&["softflowd", "nfcapd", "nfdump"]) {
        return;
    }
    for version in ["5", "9", "10"] {
        let packets = exported(version, &[]);
        let (told, theirs) = (totals(&read(&packets).0), nfdump(&packets));
        assert!(theirs.len() > 100, "nfdump read {} of version {version}", theirs.len());
        let wrong: Vec<_> = theirs.iter().filter(|(key, value)| told.get(key) != Some(value)).take(5).collect();
        assert!(wrong.is_empty(), "version {version}: {wrong:?}");
        assert_eq!(told.len(), theirs.len(), "version {version}");
    }
}

/// Moments are civil and right: the first conversation begins when the first packet was captured.
#[test]
fn times_are_those_of_the_packets() {
    if !has(&["softflowd"]) {
        return;
    }
    let first = |flows: &[Flow]| flows.iter().map(|flow| flow.first_at).min().unwrap_or(Timestamp::MAX);
    let truth = first(&truth());
    for version in ["5", "9", "10"] {
        let told = first(&read(&exported(version, &[])).0);
        assert!(told.duration_since(truth).abs().as_secs() <= 1, "version {version}: {told} for {truth}");
    }
}
