//! What a stranger hands to `verify`: an export or the file of a case, the answer of a time-stamping authority in DER, and a
//! proof file beside a checkpoint.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(moment) = verify::check_timestamp(input, fuzz::STAMPED) {
        assert!(moment.ends_with('Z'), "a moment is told in UTC");
    }
    for key in [None, Some(fuzz::REGISTER_KEY)] {
        if let Ok(report) = verify::verify(input, verify::Options { key, ..verify::Options::default() }) {
            let _ = (report.summary(), report.proves(), report.findings.iter().map(verify::Finding::text).count());
            assert!(report.erased <= report.entries || !report.is_sound(), "what was erased is among the entries");
        }
    }
    let Ok(text) = str::from_utf8(input) else { return };
    let _ = verify::check_proof(text, fuzz::REGISTER_KEY, &[text]);
    if let Some((_, note)) = text.split_once("\n\n") {
        let _ = verify::check_proof(text, fuzz::REGISTER_KEY, &[note]);
    }
});
