//! Several exporters on one address, and one that changes its port.

use super::*;

/// As [`COMMON`], with protocol and flags before the rest.
const OTHER_ORDER: [u16; 20] = [4, 1, 6, 1, 8, 4, 12, 4, 7, 2, 11, 2, 2, 4, 1, 4, 22, 4, 21, 4];

fn in_other_order(one: &One) -> Vec<u8> {
    let bytes = common(one);
    [&bytes[12..14], &bytes[..12], &bytes[14..]].concat()
}

fn port(port: u16) -> SocketAddr {
    SocketAddr::new(EXPORTER.ip(), port)
}

/// What is told of these packets, each from its port: clients and how many packets each sent, and sets without a template.
fn told(packets: &[(u16, Vec<u8>)]) -> (Vec<(IpAddr, u64)>, u64) {
    let mut collector = Collector::new(1);
    let mut told = Vec::new();
    let mut sink = |event: Event| {
        if let Kind::FlowEnded(flow) = event.kind {
            told.push((flow.conversation.client.ip, flow.sent.packets));
        }
    };
    packets.iter().for_each(|(from, bytes)| collector.packet(port(*from), bytes, at(0), &mut sink));
    collector.finish(&mut sink);
    told.sort_unstable();
    (told, collector.counters().without_template)
}

#[test]
fn exporters_on_one_address_have_templates_of_their_own_and_one_whose_port_changes_keeps_them() {
    let host = |last: u8| One { from: ([192, 168, 20, last], 50_000), flags: SYN, ..OUT };
    let client = |last: u8| (IpAddr::from([192, 168, 20, last]), 10);
    let templates = |fields: &[u16]| v9(1, 0, &[set(0, &template(300, fields))]);
    let first = |last: u8| v9(1, 0, &[set(300, &common(&host(last)))]);
    let second = |last: u8| v9(1, 0, &[set(300, &in_other_order(&host(last)))]);
    // (packets by their port, hosts that are told of, sets without a template)
    let table = [
        // Both speak by turns.
        (
            vec![(1, templates(&COMMON)), (2, templates(&OTHER_ORDER)), (1, first(3)), (2, second(4)), (1, first(5))],
            vec![3, 4, 5],
            0,
        ),
        // Another port, before and after the templates come again from there.
        (vec![(1, templates(&COMMON)), (9, first(3)), (9, templates(&COMMON)), (9, first(4))], vec![3, 4], 0),
        // A port for each packet, more than are kept.
        (
            (0..40u16)
                .flat_map(|turn| [(100 + 2 * turn, templates(&COMMON)), (101 + 2 * turn, first(turn as u8))])
                .collect(),
            (0..40).collect(),
            0,
        ),
        // The newest of its address.
        (vec![(1, templates(&OTHER_ORDER)), (2, templates(&COMMON)), (3, first(3))], vec![3], 0),
        (vec![(1, first(3)), (1, templates(&COMMON)), (1, first(4))], vec![4], 1),
    ];
    for (number, (packets, hosts, without_template)) in table.into_iter().enumerate() {
        let wanted: Vec<_> = hosts.into_iter().map(client).collect();
        assert_eq!(told(&packets), (wanted, without_template), "{number}");
    }
}

#[test]
fn exporters_on_one_address_started_each_at_its_own_moment_and_sample_each_in_its_own_way() {
    // Scope: the process (144); when it started (160); the sampling interval (34).
    let options = |started_ms: u64, interval: u32| {
        let mut said = vec![0, 0, 0, 1];
        said.extend(started_ms.to_be_bytes());
        said.extend(interval.to_be_bytes());
        let template_of_options = words(&[500, 3, 1, 144, 4, 160, 8, 34, 4]);
        ipfix(0, &[set(3, &template_of_options), set(500, &said), set(2, &template(300, &COMMON))])
    };
    let sent_ms = u64::from(SENT) * 1_000;
    let (early, late) = (sent_ms - u64::from(UPTIME), sent_ms - 3_600_000);
    // The later one has been up for an hour: its moments are told from there.
    let mut of_late = common(&One { from: ([192, 168, 20, 4], 50_000), ..OUT })[..22].to_vec();
    of_late.extend([3_600_000u32 - 5_000, 3_600_000 - 1_000].map(u32::to_be_bytes).concat());
    let mut collector = Collector::new(1);
    let mut flows = Vec::new();
    let mut sink = |event: Event| {
        if let Kind::FlowEnded(flow) = event.kind {
            flows.push(*flow);
        }
    };
    for (from, bytes) in [
        (1, options(early, 1)),
        (2, options(late, 50)),
        (1, ipfix(0, &[set(300, &common(&OUT))])),
        (2, ipfix(0, &[set(300, &of_late)])),
    ] {
        collector.packet(port(from), &bytes, at(0), &mut sink);
    }
    collector.finish(&mut sink);
    flows.sort_by_key(|flow| flow.conversation.client);
    let shown: Vec<_> =
        flows.iter().map(|flow| (flow.first_at, flow.last_at, flow.is_timed, flow.sent.packets)).collect();
    assert_eq!(shown, [(at(-5), at(-1), true, 500), (at(-5), at(-1), true, 10)]);
}

#[test]
fn ports_of_one_address_crowd_out_nobody_elses_templates() {
    let mut collector = Collector::new(1);
    let template = v9(1, 0, &[set(0, &template(300, &COMMON))]);
    let other: SocketAddr = "192.168.20.2:50001".parse().unwrap();
    collector.packet(other, &template, at(0), &mut |_| {});
    (1_000..2_000).for_each(|from| collector.packet(port(from), &template, at(0), &mut |_| {}));
    collector.packet(other, &v9(1, 0, &[set(300, &common(&OUT))]), at(0), &mut |_| {});
    let counters = collector.counters();
    assert_eq!((counters.records, counters.without_template), (1, 0));
    assert_eq!((collector.exporters.known.len(), counters.dropped), (17, 984));
}
