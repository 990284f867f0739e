//! Datasets of Suricata's: strings (domains, URLs, user agents) in base64, one a line, perhaps with a reputation behind a
//! comma. Its datasets of addresses and of hashes are plain lists.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::lines;
use crate::{
    line::{self, LineFault},
    list::Gathering,
};

/// Whether most lines are entries in base64, with a value behind them or without. One alone leaves little doubt: no other text
/// decodes to a name or an address.
pub(super) fn is_dataset(lines: &[&str]) -> bool {
    let is_entry = |line: &str| {
        let plain = line.split(',').next().unwrap_or_default().trim();
        line::entry(plain).is_err() && decoded(line).is_some_and(|text| line::entry(text.trim()).is_ok())
    };
    let entries = lines.iter().filter(|line| !line.starts_with('#'));
    let (good, all) = entries.fold((0, 0), |(good, all), line| (good + usize::from(is_entry(line)), all + 1));
    good * 2 > all
}

pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) {
    for (number, text) in lines(bytes) {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        // Datasets of other types hold addresses and hashes as they are.
        let plain = text.split(',').next().unwrap_or_default();
        let result = match decoded(text) {
            Some(decoded) if line::entry(plain).is_err() => {
                line::indicator(decoded.trim()).map(|entry| gathering.add(&entry, 0))
            }
            _ => line::entry(plain).map(|entry| gathering.add(&entry, 0)).map_err(|_| LineFault::NotAnEntry),
        };
        if let Err(fault) = result {
            gathering.fault(number, text, fault);
        }
    }
}

fn decoded(line: &str) -> Option<String> {
    let word = line.split(',').next()?.trim();
    let text = String::from_utf8(STANDARD.decode(word).ok()?).ok()?;
    text.chars().all(|c| !c.is_control()).then_some(text)
}
