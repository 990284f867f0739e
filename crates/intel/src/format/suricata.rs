//! Datasets of Suricata's: strings (domains, URLs, user agents) in base64, one a line, perhaps with a reputation behind a
//! comma. Its datasets of addresses and of hashes are plain lists.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::lines;
use crate::{
    line::{self, LineFault},
    list::Gathering,
};

pub(super) fn is_dataset(lines: &[&str]) -> bool {
    let entries: Vec<&&str> = lines.iter().filter(|line| !line.starts_with('#')).collect();
    !entries.is_empty()
        && entries.iter().all(|line| decoded(line).is_some_and(|text| line::entry(text.trim()).is_ok()))
        && !entries.iter().any(|line| line::entry(line).is_ok())
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
