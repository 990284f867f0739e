//! Backup files: bytes as they come, and the same as the lines of an unencrypted one. What is read to its end holds what it
//! says; everything else is refused.
#![no_main]

use std::io::Write;

use backup::{Opener, Reader};
use flate2::{Compression, write::GzEncoder};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    check(input);
    let mut packed = GzEncoder::new(Vec::new(), Compression::none());
    packed.write_all(input).expect("memory takes it");
    check(&packed.finish().expect("memory takes it"));
});

fn check(bytes: &[u8]) {
    let opener = Opener::with_passphrase("een lange zin die niemand raadt");
    // A passphrase costs a second on purpose, which tells a fuzzer nothing.
    let is_passphrase = bytes.windows(10).any(|some| some == b"-> scrypt ");
    if let (false, Ok(mut reader)) = (is_passphrase, Reader::open(bytes, &opener)) {
        while let Ok(Some(_)) = reader.next_record() {}
    }
}
