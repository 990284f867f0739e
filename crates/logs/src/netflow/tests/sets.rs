//! Sets that end before their last record does, or seem to.

use super::*;

/// Addresses, ports, protocol, flags, packets, bytes; a name of variable length; a number behind it.
const NAMED: [u16; 20] = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 6, 1, 2, 4, 1, 4, 96, 65_535, 95, 4];

/// A record of that, whose client's last byte is `host`, with its name as it stands in the packet.
fn named(host: u8, name: &[u8]) -> Vec<u8> {
    let one = common(&One { from: ([192, 168, 20, host], 50_000), ..OUT });
    [&one[..22], name, &[0, 0, 0, 1]].concat()
}

#[test]
fn an_empty_name_costs_no_record_and_one_that_is_cut_short_is_counted() {
    let long = [&[255, 1, 44][..], &[b'x'; 300]].concat();
    // (names, zeros after the records, records that are told, sets that are not what they claim to be)
    let table = [
        (vec![vec![0], vec![4, b'h', b'o', b's', b't'], vec![0]], 0, 3, 0),
        (vec![vec![3, b'a', b'b', b'c'], vec![0]], 3, 2, 0),
        (vec![vec![0]], 0, 1, 0),
        (vec![vec![255, 0, 0], long, vec![255, 0, 0]], 0, 3, 0),
        (vec![vec![255, 0, 3, b'a', b'b', b'c'], vec![0]], 0, 2, 0),
        (vec![vec![1, 0xff], vec![0]], 2, 2, 0),
        (vec![vec![0], vec![200, b'x'], vec![0]], 0, 1, 1),
        (vec![vec![200]], 0, 0, 1),
    ];
    for (names, zeros, records, malformed) in table {
        let mut data: Vec<u8> = (1..).zip(&names).flat_map(|(host, name)| named(host, name)).collect();
        data.extend(vec![0; zeros]);
        // The template in the same message, and in one before; another set after it is not lost.
        let set_of_template = set(2, &template(400, &NAMED));
        let other = [set(2, &template(401, &COMMON)), set(401, &common(&BACK))].concat();
        let together = [ipfix(5, &[set_of_template.clone(), set(400, &data), other.clone()])];
        let apart = [ipfix(5, &[set_of_template]), ipfix(5, &[set(400, &data), other])];
        for messages in [&together[..], &apart] {
            let mut collector = Collector::new(1);
            messages.iter().for_each(|message| collector.packet(EXPORTER, message, at(0), &mut |_| {}));
            let counters = collector.counters();
            assert_eq!((counters.records, counters.malformed), (records + 1, malformed), "{names:?}");
        }
    }
}

#[test]
fn a_name_that_is_empty_leaves_the_fields_behind_it_where_they_are() {
    let fields = [8, 4, 12, 4, 96, 65_535, 7, 2, 11, 2, 4, 1, 6, 1, 82, 65_535, 2, 4, 1, 4];
    let mut data = [CLIENT.0, SERVER.0].concat();
    data.push(0);
    data.extend(words(&[CLIENT.1, SERVER.1]));
    data.extend([6, ALL, 0, 0, 0, 0, 10, 0, 0, 5, 120]);
    let flow = only(&[(at(0), ipfix(5, &[set(2, &template(400, &fields)), set(400, &data)]))]);
    assert_eq!((flow.conversation.client.port, flow.conversation.server.port), (CLIENT.1, SERVER.1));
    assert_eq!((flow.sent.packets, flow.sent.bytes), (10, 1_400));
}

#[test]
fn options_with_an_empty_name_say_how_it_samples() {
    // Scope: the exporter (144); a name (82); the sampling interval (34).
    let options = words(&[500, 3, 1, 144, 4, 82, 65_535, 34, 4]);
    let said = [0, 0, 0, 7, 0, 0, 0, 0, 100];
    let first = ipfix(5, &[set(3, &options), set(500, &said), set(2, &template(300, &COMMON))]);
    // Its moments are told by an uptime that nothing is known of, so they are those of the receipt.
    let flow = only(&[(at(0), first), (at(0), ipfix(5, &[set(300, &common(&OUT))]))]);
    assert_eq!(flow.sent.packets, 1_000);
}

#[test]
fn what_stands_behind_a_set_that_cannot_be_read_is_not_lost_in_silence() {
    let withdrawn = words(&[400, 0]);
    // (sets, records, sets that are not what they claim to be)
    let table = [
        // A template with a field that has no bytes, and a set after it.
        (vec![set(2, &template(402, &[8, 0, 12, 4])), set(401, &common(&OUT))], 0, 2),
        // A set that is longer than its message.
        (vec![set(401, &common(&OUT)), words(&[401, 400])], 1, 1),
        (vec![set(2, &withdrawn), set(401, &common(&OUT)), vec![0, 0, 0]], 1, 0),
    ];
    for (number, (sets, records, malformed)) in table.into_iter().enumerate() {
        let mut collector = Collector::new(1);
        let first = ipfix(5, &[set(2, &template(400, &NAMED)), set(2, &template(401, &COMMON))]);
        collector.packet(EXPORTER, &first, at(0), &mut |_| {});
        collector.packet(EXPORTER, &ipfix(5, &sets), at(0), &mut |_| {});
        let counters = collector.counters();
        assert_eq!((counters.records, counters.malformed), (records, malformed), "{number}");
    }
}

#[test]
fn a_record_that_its_set_cuts_off_is_counted_and_padding_is_not() {
    let cut = common(&BACK);
    // (what follows upon a whole record, sets that are not what they claim to be)
    let table = [(&b""[..], 0), (&[0; 3], 0), (&[7; 3], 0), (&[0; 12], 0), (&cut[..4], 1), (&cut[..29], 1)];
    for (rest, malformed) in table {
        let data = [&common(&OUT)[..], rest].concat();
        let sets =
            |of_templates: u16| [set(of_templates, &template(300, &COMMON)), set(300, &data), set(300, &common(&BACK))];
        for packet in [v9(3, 5, &sets(0)), ipfix(5, &sets(2))] {
            let mut collector = Collector::new(1);
            collector.packet(EXPORTER, &packet, at(0), &mut |_| {});
            let counters = collector.counters();
            assert_eq!((counters.records, counters.malformed), (2, malformed), "{} {rest:?}", packet[1]);
        }
    }
}

#[test]
fn of_netflow_v9_records_of_options_and_of_makers_own_fields_are_counted_too() {
    // Scope: the exporter (1); the sampling interval (34).
    let options = set(1, &words(&[500, 4, 4, 1, 4, 34, 4]));
    // A number of Cisco's (33,002), which in IPFIX would be followed by the maker's.
    let own = set(0, &template(301, &[8, 4, 12, 4, 33_002, 2, 2, 4, 1, 4]));
    // (the template, its records' number, how long a record is)
    for (template, id, length) in [(options, 500, 8), (own, 301, 18)] {
        for (rest, malformed) in [(&b""[..], 0), (&[1, 2, 3], 0), (&[1, 2, 3, 4, 5], 1)] {
            let data = [&vec![1; 2 * length][..], rest].concat();
            let mut collector = Collector::new(1);
            collector.packet(EXPORTER, &v9(2, 5, &[template.clone(), set(id, &data)]), at(0), &mut |_| {});
            assert_eq!(collector.counters().malformed, malformed, "{id} {rest:?}");
        }
    }
}
