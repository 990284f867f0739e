//! TCP in the parts of IP packets: the same is read as of whole ones.

use wire::{Limits, LinkType};

use crate::build::*;

const ETHERNET: usize = 14;
const IP: usize = 20;

/// The frame's IP packet in parts of that size.
fn in_parts(frame: &Made, number: usize, size: usize) -> Vec<Made> {
    let (head, carried) = frame.bytes.split_at(ETHERNET + IP);
    let part = |(index, part): (usize, &[u8])| {
        let is_last = (index + 1) * size >= carried.len();
        let place = (index * size / 8) as u16 | if is_last { 0 } else { 0x2000 };
        let mut bytes = [head, part].concat();
        bytes[16..18].copy_from_slice(&((IP + part.len()) as u16).to_be_bytes());
        bytes[18..20].copy_from_slice(&(number as u16).to_be_bytes());
        bytes[20..22].copy_from_slice(&place.to_be_bytes());
        made(frame.at, LinkType::Ethernet, bytes)
    };
    carried.chunks(size).enumerate().map(part).collect()
}

/// What was seen, without the flows' numbers.
fn seen(frames: &[Made]) -> Vec<String> {
    let story = story(&run(frames).0);
    story.iter().map(|line| line.split_once(' ').unwrap().1.to_owned()).collect()
}

/// A log-in over SSH, whose messages are told by their lengths, and a page of which one segment is large.
fn conversations() -> [Tcp; 2] {
    let keys: &[u8] = b"\0\0\0\x0c\x0a\x15\0\0\0\0\0\0\0\0\0\0";
    let mut ssh = Tcp::open(0, 40_000, 22);
    ssh.send(true, b"SSH-2.0-a\r\n").send(false, b"SSH-2.0-b\r\n").send(true, keys).send(false, keys);
    ssh.send(true, &[7; 44]).send(false, &[7; 44]);
    for _ in 0..3 {
        ssh.send(true, &[7; 100]).send(false, &[7; 52]);
    }
    ssh.close();
    let mut http = Tcp::open(0, 40_001, 80);
    http.send(true, b"GET /a/page/with/a/long/name HTTP/1.1\r\nHost: example.nl\r\nAccept: */*\r\n\r\n");
    http.send(false, &[&b"HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n\x7fELF\x02"[..], &[0; 19_995]].concat());
    http.close();
    [ssh, http]
}

#[test]
fn tcp_in_parts_is_read_as_if_it_were_whole() {
    for whole in conversations() {
        for size in [8, 24, 32, 560] {
            for is_reversed in [false, true] {
                let parts = whole.frames.iter().enumerate().flat_map(|(number, frame)| {
                    let mut parts = in_parts(frame, number, size);
                    if is_reversed {
                        parts.reverse();
                    }
                    parts
                });
                let parts: Vec<_> = parts.collect();
                let what = format!("in parts of {size}, reversed: {is_reversed}");
                assert_eq!(seen(&parts), seen(&whole.frames), "{what}");
                let (events, stats) = run(&parts);
                let flow = &flows(&events)[0];
                let sent: usize = parts.iter().map(|part| part.bytes.len() - ETHERNET).sum();
                assert_eq!(flow.sent.bytes + flow.received.bytes, sent as u64, "{what}");
                assert_eq!(stats.malformed, 0, "{what}");
                let payload = |flow: &wire::event::Flow| (flow.sent_payload, flow.received_payload);
                assert_eq!(payload(flow), payload(&flows(&run(&whole.frames).0)[0]), "{what}");
            }
        }
    }
}

#[test]
fn a_segment_of_which_a_part_is_missing_is_not_made_up() {
    let mut tcp = Tcp::open(0, 40_000, 80);
    tcp.send(true, b"GET /missing HTTP/1.1\r\nHost: example.nl\r\n\r\n");
    tcp.send(true, b"GET /there HTTP/1.1\r\nHost: example.nl\r\n\r\n").close();
    let mut parts = in_parts(&tcp.frames[3], 3, 24);
    parts.remove(1);
    let frames = [&tcp.frames[..3], &parts, &tcp.frames[4..]].concat();
    assert_eq!(seen(&frames), ["begins", "GET /there", "Finished"]);
    // The beginning of a header says nothing of a conversation.
    let (events, stats) = run(&in_parts(&tcp.frames[0], 0, 8)[..1]);
    assert_eq!((events.len(), stats.packets, stats.malformed), (0, 1, 0));
    // Where there is no room to wait in, it is one conversation all the same.
    let [_, http] = conversations();
    let parts: Vec<_> = (0..).zip(&http.frames).flat_map(|(number, frame)| in_parts(frame, number, 560)).collect();
    let (events, _) = run_with(Limits { fragments: 1, ..Limits::default() }, &parts);
    assert_eq!(flows(&events).len(), 1);
}
