//! What a sensor remembers over a restart, as it is and behind a check that holds; and the same bytes as lines of
//! exceptions. What was read is written back as it was.
#![no_main]

use detect::{Exception, Settings, Watch};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

fuzz_target!(|bytes: &[u8]| {
    let _ = Watch::with_memory(Settings::default(), bytes);
    let mut checked = [b"DWMEM\x01", bytes].concat();
    let check = Sha256::digest(&checked);
    checked.extend(check.iter().take(8));
    if let Ok(watch) = Watch::with_memory(Settings::default(), &checked) {
        let written = watch.memory();
        let again = Watch::with_memory(Settings::default(), &written).expect("what was written is read");
        assert_eq!(again.memory(), written);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(exceptions) = Exception::read_lines(text)
    {
        for exception in exceptions {
            let line = exception.to_string();
            let read: Exception = line.parse().expect("what was written is read");
            assert_eq!(read.conditions(), exception.conditions());
        }
    }
});
