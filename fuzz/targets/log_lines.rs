//! Lines of any log, told by their content, and read as each format in turn.
#![no_main]

use libfuzzer_sys::fuzz_target;
use logs::{Format, Lines, Settings};

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let only = Format::ALL.get(usize::from(*first)).copied();
    let mut lines = Lines::new(Settings { only, ..Settings::default() });
    let mut count = 0;
    for line in rest.split(|byte| *byte == b'\n').take(64) {
        let _ = lines.moment(1, line, fuzz::moment(0));
        let _ = lines.line(1, line, fuzz::moment(0), &mut |_| {});
        lines.quiet(fuzz::moment(i64::from(*first) * 1_000), &mut |_| {});
        count += 1;
    }
    lines.finish(&mut |_| {});
    let counters = lines.counters();
    assert_eq!(counters.read + counters.unknown, count, "every line is counted once");
});
