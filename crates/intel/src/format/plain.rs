//! One entry a line, and hosts files.

use super::lines;
use crate::{defang::refanged, line, list::Gathering};

pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) {
    for (number, text) in lines(bytes) {
        let meant = refanged(&text);
        if let Err(fault) = line::read(&meant, |entry| gathering.add(&entry, 0)) {
            gathering.fault(number, &text, fault);
        }
    }
}
