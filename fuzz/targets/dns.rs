//! A DNS message by itself, as a question and as an answer over UDP, and over TCP behind its length.
#![no_main]

use fuzz::Made;
use libfuzzer_sys::fuzz_target;
use wire::LinkType;

fuzz_target!(|message: &[u8]| {
    let Ok(_) = u16::try_from(message.len()) else { return };
    let _ = wire::dns::parse(message);

    // The same bytes as an answer: the flag in the third byte.
    let mut answer = message.to_vec();
    if let Some(flags) = answer.get_mut(2) {
        *flags |= 0x80;
    }
    let (client, server) = (([10, 0, 0, 5], 40_000), ([10, 0, 0, 1], 53));
    let frames = [
        Made { at: fuzz::moment(0), bytes: fuzz::datagram(client, server, message) },
        Made { at: fuzz::moment(20), bytes: fuzz::datagram(server, client, &answer) },
    ];
    fuzz::follow(LinkType::RawIp, &frames, &fuzz::tight());

    let behind_length = |bytes: &[u8]| {
        let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
        [&length.to_be_bytes(), bytes].concat()
    };
    let frames = fuzz::conversation(53, &behind_length(message), &behind_length(&answer), 100, false);
    fuzz::follow(LinkType::RawIp, &frames, &fuzz::tight());
});
