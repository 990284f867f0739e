//! What firewalls tell as events (Cisco's NSEL): begun, so much since, over, denied.

use super::*;

/// A connection's number, ends, protocol, event (233), its own moment (323), when it was made (152); octets of both sides.
const EVENT: [u16; 20] = [148, 4, 8, 4, 7, 2, 12, 4, 11, 2, 4, 1, 233, 1, 323, 8, 152, 8, 231, 4];
const BEGUN: u8 = 1;
const OVER: u8 = 2;
const DENIED: u8 = 3;
const UPDATE: u8 = 5;

/// One event of the connection between [`CLIENT`] and [`SERVER`], so many seconds before its packet, which it was made nine
/// seconds before.
fn event(kind: u8, second: i64, sent: u32, received: u32) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0, 7];
    bytes.extend(CLIENT.0);
    bytes.extend(CLIENT.1.to_be_bytes());
    bytes.extend(SERVER.0);
    bytes.extend(SERVER.1.to_be_bytes());
    bytes.extend([6, kind]);
    bytes.extend((at(second).as_millisecond() as u64).to_be_bytes());
    bytes.extend((at(-9).as_millisecond() as u64).to_be_bytes());
    bytes.extend([sent, received].map(u32::to_be_bytes).concat());
    bytes
}

#[test]
fn a_firewalls_events_are_one_connection_with_the_octets_of_both_sides() {
    let fields = [&EVENT[..], &[232, 4]].concat();
    // (events, what was sent and received, the handshake, the last second); absent: nothing is told.
    let established = |sent, received, last| Some(((sent, received), Handshake::Established, last));
    let table = [
        (vec![event(BEGUN, -9, 0, 0)], None),
        (vec![event(BEGUN, -9, 0, 0), event(OVER, -1, 1_500, 9_000)], established(1_500, 9_000, -1)),
        (
            vec![event(UPDATE, -7, 500, 700), event(UPDATE, -4, 500, 700), event(OVER, -1, 10, 20)],
            established(1_010, 1_420, -1),
        ),
        (vec![event(UPDATE, -4, 500, 700)], established(500, 700, -4)),
        (vec![event(OVER, -1, 0, 0)], Some(((0, 0), Handshake::Attempted, -1))),
        (vec![event(DENIED, -2, 0, 0)], Some(((0, 0), Handshake::Attempted, -2))),
        // Of a firewall that tells counts with its beginning.
        (vec![event(BEGUN, -2, 60, 0)], Some(((60, 0), Handshake::Attempted, -2))),
    ];
    for (number, (events, wanted)) in table.into_iter().enumerate() {
        let data = events.concat();
        for packet in [
            v9(1, 1, &[set(0, &template(262, &fields)), set(262, &data)]),
            ipfix(1, &[set(2, &template(262, &fields)), set(262, &data)]),
        ] {
            let told = flows(&[(at(0), packet)]);
            let shown = told.first().map(|flow| {
                let volumes = (flow.sent.bytes, flow.received.bytes);
                (volumes, flow.handshake, flow.last_at.as_second() - i64::from(SENT))
            });
            assert_eq!((told.len(), shown), (usize::from(wanted.is_some()), wanted), "{number}");
            assert!(told.iter().all(|flow| flow.is_timed && flow.conversation.client.port == CLIENT.1), "{number}");
            assert!(told.iter().all(|flow| flow.first_at == at(-9)), "{number}");
        }
    }
}

#[test]
fn what_was_denied_counts_a_packet_though_no_field_says_so() {
    let fields = &EVENT[..18];
    let data = &event(DENIED, -2, 0, 0)[..34];
    let flow = only(&[(at(0), v9(1, 1, &[set(0, &template(263, fields)), set(263, data)]))]);
    assert_eq!((flow.sent.packets, flow.received.packets, flow.handshake), (1, 0, Handshake::Attempted));
}

#[test]
fn numbers_of_any_length_are_read() {
    // Packets by side (298, 299), which NetFlow v9's table does not have, and octets in five bytes.
    let fields = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 298, 2, 299, 3, 1, 5, 22, 4, 21, 4];
    let mut data = [CLIENT.0, SERVER.0].concat();
    data.extend(words(&[CLIENT.1, SERVER.1]));
    data.extend([6, 0, 10, 0, 0, 12, 0, 0, 0, 5, 120]);
    data.extend([UPTIME - 5_000, UPTIME - 1_000].map(u32::to_be_bytes).concat());
    let flow = only(&[(at(0), v9(1, 1, &[set(0, &template(264, &fields)), set(264, &data)]))]);
    assert_eq!((flow.sent.packets, flow.sent.bytes, flow.received.packets), (10, 1_400, 12));
}
