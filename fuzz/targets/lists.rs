//! Threat lists in every form: told by their content, or read as each in turn. What was read is written in our own form
//! and read back as it was. The same bytes as a list in our own form, as they are and behind a checksum that holds; as a
//! manifest, and as a page.
#![no_main]

use std::net::IpAddr;

use intel::{About, Format, ThreatList};
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

const MAGIC: &[u8] = b"dijkwacht threat list 3\n";

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let format = Format::ALL.get(usize::from(*first)).copied();
    let read = intel::read(About::named("fuzz"), rest, format);
    assert!(read.invalid.len() as u64 <= read.invalid_count, "every bad line is counted");
    comes_back(&read.list);
    look_up(&read.list, rest);

    let _ = ThreatList::from_compact(rest);
    let mut checked = [MAGIC, rest].concat();
    let sum = Sha256::digest(&checked);
    checked.extend(sum);
    if let Ok(list) = ThreatList::from_compact(checked.as_slice()) {
        comes_back(&list);
        look_up(&list, rest);
    }

    let _ = intel::misp_manifest(rest);
    let _ = intel::taxii_page(rest);
    let _ = intel::taxii_place(rest);
    let _ = intel::is_misp_manifest(rest);
    let _ = intel::query_hash(&String::from_utf8_lossy(rest));
});

fn comes_back(list: &ThreatList) {
    let again = ThreatList::from_compact(list.to_bytes().as_slice()).expect("what was written is read");
    assert_eq!(&again, list);
}

/// Whatever stands in the bytes is looked for.
fn look_up(list: &ThreatList, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for word in text.split(|letter: char| letter.is_whitespace() || ",;\"".contains(letter)).take(64) {
        let _ = list.domain(word);
        if let Ok(ip) = word.parse::<IpAddr>() {
            let _ = list.address(ip, 443);
        }
    }
}
