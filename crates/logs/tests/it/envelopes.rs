//! What stands around a line (marks, envelopes, stamps), and what the lines of one sender say of another's.

use jiff::Timestamp;
use logs::{DATAGRAMS, Format, Lines, Settings};

use crate::RECEIVED;

const PACKET: &str = "kernel: [1.5] [LAN_IN-D-3001]IN=br0 OUT=eth8 MAC= SRC=192.168.20.22 DST=203.0.113.10 LEN=52 PROTO=TCP SPT=50002 DPT=445 SYN URGP=0";

fn received() -> Timestamp {
    RECEIVED.parse().unwrap()
}

#[test]
fn a_header_in_a_datagram_says_nothing_of_what_others_send() {
    let good = format!("<4>Oct 19 08:00:02 UDM {PACKET}");
    for (stream, header, after) in [(DATAGRAMS, None, Some(Format::Netfilter)), (7, Some(Format::Zeek), None)] {
        let mut lines = Lines::new(Settings::default());
        let mut read = |line: &str| lines.line(stream, line.as_bytes(), received(), &mut |_| {});
        for line in ["#separator \\x09", "#fields\tts\tid.orig_h\tproto"] {
            assert_eq!(read(line), header, "{stream}: {line}");
        }
        assert_eq!(read(&good), after, "{stream}");
        assert_eq!(lines.counters().unknown, if header.is_some() { 1 } else { 2 }, "{stream}");
        // What a connection said of itself goes with it.
        lines.closed(stream);
        assert_eq!(lines.line(stream, good.as_bytes(), received(), &mut |_| {}), Some(Format::Netfilter), "{stream}");
    }
}
