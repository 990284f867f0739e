//! Text in pieces through the readers of personal data: by itself, and as mail and an upload within a conversation. First
//! byte: how it is cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::LinkType;

fuzz_target!(|input: &[u8]| {
    let [cut, text @ ..] = input else { return };
    let piece = 1 + usize::from(*cut);
    let mut reader = personal::Reader::default();
    text.chunks(piece).for_each(|part| reader.text(part));
    let whole = personal::read(text);
    for (category, count) in &reader.finish().0 {
        assert!(count.distinct <= count.occurrences, "{category:?}");
        assert_eq!(whole.distinct(*category), count.distinct, "however it is cut");
    }
    let mail = [b"DATA\r\n", text, b"\r\n.\r\n"].concat();
    let upload = [format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", text.len()).as_bytes(), text].concat();
    for (client, server) in [(mail.as_slice(), &b"220 ESMTP\r\n354 go\r\n"[..]), (&upload, b""), (text, b"")] {
        let frames = fuzz::conversation(4711, client, server, piece, false);
        fuzz::follow(LinkType::RawIp, &frames, &fuzz::tight());
    }
});
