//! A file under the name of one that the sensor kept: any bytes, read as either kind, within bounds. What was read is written
//! back as it was.
#![no_main]

use std::sync::Once;

use archive::{read_dns, read_flows, write_dns, write_flows};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

/// The library beneath may panic on what is damaged, which our reader catches: that is no finding. What is not caught still is.
static QUIET: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let source = Bytes::copy_from_slice(bytes);
    let mut flows = Vec::new();
    if read_flows(source.clone(), &mut |row| flows.push(row)).is_ok() {
        let written = write_flows(Vec::new(), &flows).expect("what was read can be written");
        let mut again = Vec::new();
        read_flows(Bytes::from(written), &mut |row| again.push(row)).expect("what was written is read");
        assert_eq!(again, flows);
    }
    let mut questions = Vec::new();
    if read_dns(source, &mut |row| questions.push(row)).is_ok() {
        let written = write_dns(Vec::new(), &questions).expect("what was read can be written");
        let mut again = Vec::new();
        read_dns(Bytes::from(written), &mut |row| again.push(row)).expect("what was written is read");
        assert_eq!(again, questions);
    }
});
