//! Export packets of a router: up to sixteen in one input, each behind its length.
#![no_main]

use libfuzzer_sys::fuzz_target;
use logs::netflow::Collector;

fuzz_target!(|input: &[u8]| {
    let mut collector = Collector::new(1);
    let mut rest = input;
    let mut records = 0u64;
    let mut told = 0u64;
    for _ in 0..16 {
        let [high, low, after @ ..] = rest else { break };
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(after.len());
        let (packet, next) = after.split_at(length);
        collector.packet(([192, 0, 2, 1], 50_001).into(), packet, fuzz::moment(0), &mut |_| told += 1);
        records = collector.counters().records;
        rest = next;
    }
    collector.finish(&mut |_| told += 1);
    assert!(told <= records, "a conversation needs a record");
    assert_eq!(collector.counters().open, 0);
});
