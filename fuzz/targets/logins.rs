//! Conversations in which somebody logs in: lines, options, envelopes. First byte: how the streams are cut; two bytes:
//! how much of the rest is the client's. The same bytes also as a single datagram.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::LinkType;

fuzz_target!(|input: &[u8]| {
    let [cut, high, low, streams @ ..] = input else { return };
    let client_length = usize::from(u16::from_be_bytes([*high, *low])).min(streams.len());
    let (client, server) = streams.split_at(client_length);
    let piece = 1 + usize::from(cut & 0x7f);
    let frames = fuzz::conversation(4711, client, server, piece, cut & 0x80 != 0);
    fuzz::follow(LinkType::RawIp, &frames, &fuzz::tight());
    for port in [5060, 88] {
        let bytes = fuzz::datagram(([10, 0, 0, 5], port), ([192, 0, 2, 9], 4711), streams);
        fuzz::follow(LinkType::RawIp, &[fuzz::Made { at: fuzz::moment(0), bytes }], &fuzz::tight());
    }
});
