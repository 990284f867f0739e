//! HTTP/2's frames behind a true beginning of both sides, and from the middle of a connection. First byte: how the streams
//! are cut (its highest bit: out of order; the next: from the middle); two bytes: how much of the rest is the client's.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::LinkType;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

fuzz_target!(|input: &[u8]| {
    let [cut, high, low, streams @ ..] = input else { return };
    let client_length = usize::from(u16::from_be_bytes([*high, *low])).min(streams.len());
    let (client, server) = streams.split_at(client_length);
    let piece = 1 + 16 * usize::from(cut & 0x3f);
    let is_whole = cut & 0x40 == 0;
    let client = if is_whole { [PREFACE, client].concat() } else { client.to_vec() };
    let server = if is_whole { [SETTINGS, server].concat() } else { server.to_vec() };
    let frames = fuzz::conversation(80, &client, &server, piece, cut & 0x80 != 0);
    fuzz::follow(LinkType::RawIp, &frames, &fuzz::tight());
});
