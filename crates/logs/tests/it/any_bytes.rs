//! Any bytes in, no panic out.

use logs::lines::{Format, Lines, Settings};
use logs::netflow::Collector;
use proptest::prelude::*;

/// Lines that are nearly right, cut and changed.
fn nearly() -> impl Strategy<Value = String> {
    let shapes = prop::sample::select(vec![
        "Oct 19 08:00:01 dnsmasq[1]: 5 10.0.0.1/3 query[A] a.example from 10.0.0.1",
        "Oct 19 08:00:01 dnsmasq[1]: reply a.example is <CNAME>",
        "[1792389601] unbound[1:0] reply: 10.0.0.1 a. A IN NOERROR 1e300 0 1",
        "<189>date=2026-10-19 time=08:00:01 devid=\"F\" logid=\"0000000020\" type=\"traffic\" subtype=\"x\" sessionid=7 srcip=10.0.0.1 dstip=1.1.1.1 proto=6 action=\"accept\" duration=99999999999",
        "<4>Oct 19 08:00:01 u kernel: [LAN_IN-D-1]IN=br0 OUT= MAC=aa SRC=10.0.0.1 DST=1.1.1.1 LEN=9 PROTO=TCP SPT=1 DPT=2 SYN",
        "CEF:0|a|b|c|d|e|9|src=10.0.0.1 dst=1.1.1.1 spt=1 dpt=2 rt=99999999999999999 in=1 out=2",
        "filterlog[1]: 4,,,1,igb1,match,pass,in,4,0x0,,64,1,0,DF,6,tcp,60,10.0.0.1,1.1.1.1,1,2,0,S",
        "{\"event_type\":\"flow\",\"timestamp\":\"2026-10-19T08:00:01+0200\",\"proto\":\"TCP\",\"src_ip\":\"::1\",\"dest_ip\":\"::2\",\"flow\":{\"start\":\"x\",\"bytes_toserver\":-1}}",
        "{\"ts\":1e18,\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"10.0.0.2\",\"proto\":\"tcp\",\"conn_state\":\"SF\",\"duration\":1e12}",
        "{\"QH\":\"a\",\"T\":\"2026-10-19T08:00:01Z\",\"QT\":\"A\",\"IP\":\"10.0.0.1\",\"Answer\":\"AAAA\",\"Elapsed\":-9}",
        "#fields\tts\tid.orig_h\tproto",
        "#separator \\x09",
        "1792389601.1\t10.0.0.1\ttcp",
    ]);
    (shapes, any::<prop::sample::Index>(), any::<prop::sample::Index>(), "\\PC{0,6}").prop_map(
        |(shape, from, to, put)| {
            let boundary = |index: prop::sample::Index| {
                let places: Vec<usize> = shape.char_indices().map(|(at, _)| at).collect();
                places[index.index(places.len())]
            };
            let (from, to) = (boundary(from), boundary(to));
            format!("{}{put}{}", &shape[..from.min(to)], &shape[from.max(to)..])
        },
    )
}

proptest! {
    #[test]
    fn lines_whatever_they_are(
        lines in prop::collection::vec(nearly(), 1..40),
        only in prop::option::of(0..Format::ALL.len()),
        stream in 0..2u32,
    ) {
        let only = only.map(|at| Format::ALL[at]);
        let mut reader = Lines::new(Settings { only, ..Settings::default() });
        let received = crate::RECEIVED.parse().unwrap();
        for line in &lines {
            let _ = reader.moment(stream, line.as_bytes(), received);
            reader.line(stream, line.as_bytes(), received, &mut |_| {});
        }
        reader.finish(&mut |_| {});
        let counters = reader.counters();
        prop_assert_eq!(counters.read + counters.unknown, lines.len() as u64);
    }

    #[test]
    fn packets_whatever_they_are(version in prop::sample::select(vec![5u8, 9, 10]), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut collector = Collector::new(1);
        let mut packet = vec![0, version];
        packet.extend(&bytes);
        collector.packet("10.0.0.1:50001".parse().unwrap(), &packet, crate::RECEIVED.parse().unwrap(), &mut |_| {});
        collector.finish(&mut |_| {});
    }
}
