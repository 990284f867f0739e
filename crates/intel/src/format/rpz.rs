//! Zones of response policies (draft-vixie-dnsop-dns-rpz-00): a record for each name that a resolver shall not answer.
//! `rpz-passthru.` excuses; triggers by the asker or by a name server are skipped with a count.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::lines;
use crate::{
    cidr::Cidr,
    everyones::is_everyones_address,
    line::{Entry, LineFault, domain},
    list::Gathering,
};

const TYPES: [&str; 4] = ["CNAME", "A", "AAAA", "TXT"];

/// Whether a line is a record of such a zone.
pub(super) fn is_record(line: &str) -> bool {
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    line.starts_with("$TTL")
        || line.starts_with("$ORIGIN")
        || words.contains(&"SOA")
        || matches!(words.as_slice(), [_, .., "CNAME", to] if to.ends_with('.'))
}

pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) {
    let mut origin = String::new();
    // Within the brackets of a SOA record.
    let mut is_open = false;
    for (number, text) in lines(bytes) {
        let text = text.split(';').next().unwrap_or_default();
        if is_open {
            is_open = !text.contains(')');
            continue;
        }
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        match words.as_slice() {
            [] => {}
            ["$ORIGIN", name, ..] => origin = name.trim_end_matches('.').to_ascii_lowercase(),
            [directive, ..] if directive.starts_with('$') => {}
            _ if words.contains(&"SOA") => {
                if origin.is_empty()
                    && let Some(zone) = words.first().filter(|zone| **zone != "@")
                {
                    origin = zone.trim_end_matches('.').to_ascii_lowercase();
                }
                is_open = text.contains('(') && !text.contains(')');
            }
            _ if words.contains(&"NS") => {}
            [owner, rest @ ..] => record(number, text, owner, rest, &origin, gathering),
        }
    }
}

fn record(number: u64, text: &str, owner: &str, rest: &[&str], origin: &str, gathering: &mut Gathering) {
    let Some(at) = rest.iter().position(|word| TYPES.contains(word)) else {
        return gathering.fault(number, text, LineFault::NotARecord);
    };
    if rest.get(at) == Some(&"TXT") {
        return gathering.skip();
    }
    let target = rest.get(at + 1).copied().unwrap_or_default();
    let owner = owner.to_ascii_lowercase();
    let owner = match owner.strip_suffix('.') {
        Some(whole) => whole.strip_suffix(origin).and_then(|name| name.strip_suffix('.')).unwrap_or(whole).to_owned(),
        None => owner,
    };
    if let Some(address) = owner.strip_suffix(".rpz-ip") {
        return match range(address) {
            Some(range) if is_everyones_address(&range) => gathering.fault(number, text, LineFault::Everyones),
            Some(range) if target != "rpz-passthru." => gathering.add(&Entry::Range(range), 0),
            Some(_) => gathering.skip(),
            None => gathering.fault(number, text, LineFault::NotAnEntry),
        };
    }
    // The trigger is the last label before the zone, whose own name may be written out.
    if [".rpz-client-ip", ".rpz-nsdname", ".rpz-nsip"].iter().any(|trigger| owner.ends_with(trigger)) {
        return gathering.skip();
    }
    match domain(&owner) {
        Ok(Entry::Domain(name)) if target == "rpz-passthru." => gathering.excuse(&name),
        Ok(entry) => gathering.add(&entry, 0),
        Err(fault) => gathering.fault(number, text, fault),
    }
}

/// `24.0.2.0.192` is 192.0.2.0/24; `48.zz.db8.2001` is 2001:db8::/48.
fn range(text: &str) -> Option<Cidr> {
    let mut parts: Vec<&str> = text.split('.').collect();
    let prefix = parts.first()?.parse().ok()?;
    parts.remove(0);
    parts.reverse();
    let address = if parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok()) {
        IpAddr::V4(parts.join(".").parse::<Ipv4Addr>().ok()?)
    } else {
        let text = parts.join(":").replace("zz", "");
        let text = if text.ends_with(':') && !text.ends_with("::") { format!("{text}:") } else { text };
        let text = if text.starts_with(':') && !text.starts_with("::") { format!(":{text}") } else { text };
        IpAddr::V6(text.parse::<Ipv6Addr>().ok()?)
    };
    Cidr::new(address, prefix)
}
