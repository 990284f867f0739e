//! Several inputs into one tracker.

use std::ffi::OsStr;
use std::fs;

use capture::{Error, Fault, Input, run};
use wire::{Limits, Tracker};

use crate::write::*;

#[test]
fn inputs_are_read_in_order_and_what_fails_does_not_stop_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let order = Order::Little;
    let capture = |second| [order.pcap_header(0xa1b2_c3d4, 1), order.pcap_record(second, 0, &[1; 60], 60)].concat();
    let mut cut = capture(9);
    cut.extend(order.u32(10));
    let files = [
        ("one.pcap", capture(5)),
        ("two.pcap.gz", gzip(&cut)),
        ("letter.txt", b"Geachte heer".to_vec()),
        ("three.pcap.zst", zstd(&capture(1))),
    ];
    let mut inputs: Vec<_> = files
        .iter()
        .map(|(name, bytes)| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            Input::from_argument(path.as_os_str())
        })
        .collect();
    inputs.push(Input::File(folder.path().join("absent.pcap")));
    inputs.push(Input::File(folder.path().to_owned()));

    let mut read_last = 0;
    let outcome = run(&inputs, &mut Tracker::new(Limits::default()), &mut |_| {}, &mut |bytes| read_last = bytes);
    assert_eq!((outcome.stats.packets, outcome.stats.malformed), (3, 1));
    assert_eq!(outcome.stats.first_at.unwrap().as_second(), 1);
    let [(input, warning)] = &outcome.warnings[..] else { panic!("{:?}", outcome.warnings) };
    assert_eq!((input, &warning.fault, warning.byte_offset), (&inputs[1], &Fault::CutShort, 100));
    assert_eq!(warning.to_string(), "at byte 100 of the unpacked capture: the capture ends in the middle of a record");
    let failed: Vec<_> = outcome.failures.iter().map(|failure| &failure.input).collect();
    assert_eq!(failed, [&inputs[2], &inputs[4], &inputs[5]]);
    assert!(matches!(outcome.failures[0].error, Error::NotACapture));
    assert!(outcome.failures[1].to_string().starts_with(&inputs[4].to_string()));
    let sizes: u64 = inputs.iter().take(4).filter_map(Input::size_bytes).sum();
    // Of the letter, four bytes were enough.
    assert_eq!(read_last, sizes - 8);
}

/// Counted, named with file and place, and no reason to stop.
#[test]
fn a_malformed_frame_is_a_warning_that_names_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let order = Order::Little;
    let good = order.pcap_record(1, 0, &[1; 60], 60);
    let bad = order.pcap_record(2, 0, &[1; 5], 5);
    let bytes = [order.pcap_header(0xa1b2_c3d4, 1), good.clone(), bad.clone(), good, bad.repeat(60)].concat();
    let path = folder.path().join("frames.pcap");
    fs::write(&path, bytes).unwrap();
    let inputs = [Input::File(path)];
    let outcome = run(&inputs, &mut Tracker::new(Limits::default()), &mut |_| {}, &mut |_| {});
    assert_eq!((outcome.stats.packets, outcome.stats.malformed, outcome.warnings.len()), (63, 61, 51));
    let (input, first) = &outcome.warnings[0];
    assert_eq!((input, first.byte_offset), (&inputs[0], 24 + 76));
    assert!(matches!(first.fault, Fault::Frame { .. }) && first.to_string().starts_with("at byte 100: a packet "));
    assert_eq!(outcome.warnings[1].1.byte_offset, 100 + 21 + 76);
    assert_eq!(outcome.warnings[50].1.fault, Fault::More { count: 11 });
}

#[test]
fn a_dash_is_standard_input() {
    assert_eq!(Input::from_argument(OsStr::new("-")), Input::StandardInput);
    assert_eq!(Input::StandardInput.size_bytes(), None);
}
