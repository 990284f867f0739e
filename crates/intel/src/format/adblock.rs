//! Rules of ad blockers (the syntax of Adblock Plus, uBlock Origin and AdGuard), as far as they name whole domains:
//! `||evil.example^`, and `@@||good.evil.example^`, which excuses. Rules for paths, for a page's looks, for some pages only, and
//! patterns are skipped with a count.

use super::lines;
use crate::{
    line::{self, Entry},
    list::Gathering,
};

/// What may stand behind `$` without narrowing the rule to some pages.
const HARMLESS: [&str; 9] = ["important", "all", "document", "doc", "popup", "third-party", "3p", "dnstype", "client"];

pub(super) fn read(bytes: &[u8], gathering: &mut Gathering) {
    for (number, text) in lines(bytes) {
        let rule = text.trim();
        if rule.is_empty()
            || rule.starts_with('!')
            || rule.starts_with("[Adblock")
            || rule.starts_with("# ")
            || rule == "#"
        {
            continue;
        }
        let is_cosmetic = ["##", "#@#", "#?#", "#$#", "#%#"].iter().any(|mark| rule.contains(mark));
        let (is_excuse, named) = match rule.strip_prefix("@@") {
            Some(rest) => (true, rest),
            None => (false, rule),
        };
        if is_cosmetic || named.starts_with('/') || named.contains('*') {
            gathering.skip();
            continue;
        }
        let Some(named) = named.strip_prefix("||") else {
            // A list for DNS servers often mixes in plain and hosts lines.
            if is_excuse || named.contains(['|', '^', '$']) {
                gathering.skip();
            } else if let Err(fault) = line::read(rule, |entry| gathering.add(&entry, 0)) {
                gathering.fault(number, rule, fault);
            }
            continue;
        };
        let (site, options) = named.split_once('$').unwrap_or((named, ""));
        let is_narrowed = !options.is_empty()
            && !options.split(',').all(|option| HARMLESS.contains(&option.split('=').next().unwrap_or_default()));
        let site = site.strip_suffix('^').or_else(|| site.strip_suffix("^|")).unwrap_or(site);
        if is_narrowed || site.contains(['/', '^', '|', '?']) {
            gathering.skip();
            continue;
        }
        match line::entry(site) {
            Ok(Entry::Domain(name)) if is_excuse => gathering.excuse(&name),
            Ok(_) if is_excuse => gathering.skip(),
            Ok(entry) => gathering.add(&entry, 0),
            Err(fault) => gathering.fault(number, rule, fault),
        }
    }
}
