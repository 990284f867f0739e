//! Facts as JSON: read, written back and read again; what could be read is judged.
#![no_main]

use std::sync::OnceLock;

use contract::{facts::read_many, facts::read_situation, facts::to_json, verdict};
use law::Packs;
use libfuzzer_sys::fuzz_target;

static PACKS: OnceLock<Packs> = OnceLock::new();

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let read = match read_many(text) {
        Ok(read) => read,
        Err(problems) => {
            assert!(!problems.is_empty(), "a refusal says why");
            return;
        }
    };
    let packs = PACKS.get_or_init(|| Packs::builtin().expect("the built-in packs hold together"));
    for situation in &read.situations {
        let again = read_situation(&to_json(situation)).expect("what was written can be read");
        assert_eq!(&again, situation, "nothing is lost by writing and reading");
        let now = fuzz::moment(0);
        if let Ok(judged) = packs.assess(situation, now, None) {
            assert_eq!(Ok(&judged), packs.assess(&again, now, None).as_ref(), "the same facts give the same verdict");
            let _ = verdict::to_json(&judged);
        }
    }
});
