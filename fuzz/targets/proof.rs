//! What a stranger hands to `verify`: the answer of a time-stamping authority in DER, and a proof file beside a checkpoint.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(moment) = verify::check_timestamp(input, fuzz::STAMPED) {
        assert!(moment.ends_with('Z'), "a moment is told in UTC");
    }
    let Ok(text) = str::from_utf8(input) else { return };
    let _ = verify::check_proof(text, fuzz::REGISTER_KEY, &[text]);
    if let Some((_, note)) = text.split_once("\n\n") {
        let _ = verify::check_proof(text, fuzz::REGISTER_KEY, &[note]);
    }
});
