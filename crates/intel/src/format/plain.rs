//! One entry a line, and hosts files.

use super::lines;
use crate::{line, list::Gathering};

pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) {
    for (number, text) in lines(bytes) {
        if let Err(fault) = line::read(&text, |entry| gathering.add(&entry, 0)) {
            gathering.fault(number, &text, fault);
        }
    }
}
