//! A law pack as a folder's files: a head and a topic, divided by a zero byte. Whatever stands in them is read or refused
//! with its place; what could be read judges.
#![no_main]

use facts::Situation;
use law::Pack;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (head, topic) = text.split_once('\0').unwrap_or((text, ""));
    match Pack::parse(&[("pack.toml", head), ("topic.toml", topic)]) {
        Ok(pack) => {
            let _ = law::assess(&pack, &Situation::default());
        }
        Err(invalid) => assert!(!invalid.problems.is_empty(), "a refusal says why"),
    }
});
