//! What a server answers a sensor: any status, any bytes. Understood within bounds or not at all; settings that are understood
//! are written as the same, and only exceptions that hold for something become the detectors'.
#![no_main]

use std::time::Duration;

use contract::sensor::{Answer, Enrolled, Refused};
use libfuzzer_sys::fuzz_target;
use sensor::server::{Sent, judge};

fuzz_target!(|input: (u16, u64, &[u8])| {
    let (status, seconds, bytes) = input;
    let _ = serde_json::from_slice::<Enrolled>(bytes);
    let _ = serde_json::from_slice::<Refused>(bytes);
    // Half of all as what a server says that took it.
    let status = if status % 2 == 0 { 200 } else { 100 + status % 900 };
    let Ok(status) = status.try_into() else { return };
    if let Sent::Taken(Ok(answer)) = judge(status, Some(Duration::from_secs(seconds)), bytes) {
        let written = serde_json::to_vec(&answer).expect("an answer is JSON");
        assert_eq!(serde_json::from_slice::<Answer>(&written).expect("it is read back"), answer);
        for exception in &answer.settings.exceptions {
            if let Ok(holds) = detect::Exception::try_from(exception) {
                assert_ne!(holds.conditions(), &detect::Conditions::default());
            }
        }
    }
});
