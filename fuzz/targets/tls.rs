//! Hellos and certificates by themselves, and a connection whose two sides say what the fuzzer wants. First byte: how the streams are
//! cut; two bytes: how much of the rest is the client's.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::LinkType;

fuzz_target!(|input: &[u8]| {
    let _ = wire::tls::parse_client_hello(input);
    let _ = wire::tls::parse_server_hello(input);
    let _ = wire::tls::parse_certificates(input);
    let _ = wire::mining::read(input);

    let [cut, high, low, streams @ ..] = input else { return };
    let client_length = usize::from(u16::from_be_bytes([*high, *low])).min(streams.len());
    let (client, server) = streams.split_at(client_length);
    let piece = 1 + 8 * usize::from(cut & 0x7f);
    let frames = fuzz::conversation(443, client, server, piece, cut & 0x80 != 0);
    fuzz::follow(LinkType::RawIp, &frames, &fuzz::tight());
});
