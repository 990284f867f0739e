//! `dijkwacht intel lookup`: on which lists something stands.
//!
//! Promises: "on no list" is said only where every list could be read; otherwise what is not found is not known.

use std::net::IpAddr;

use facts::{Language, Text};
use feeds::{Folder, Lists};
use intel::{Listed, Mark, ThreatList};
use serde_json::json;

use super::Args;
use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::Format;

pub(super) fn run(args: &Args, folder: &Folder, indicators: &[String]) -> Result<Outcome, Failure> {
    let dutch = args.speech.language() == Language::Dutch;
    let lists = Lists::load(folder.clone())?;
    let unread = unread(args, folder, &lists)?;
    let mut outcome = if unread.is_empty() { Outcome::No } else { Outcome::WrongUsage };
    if indicators.iter().any(|indicator| indicator.trim().is_empty()) {
        return Err(Failure::Told(Text::new(
            "er is iets leegs gevraagd; noem een domein, adres, URL, vingerafdruk of user agent",
            "something empty was asked for; name a domain, an address, a URL, a fingerprint or a user agent",
        )));
    }
    if let Some(indicator) = indicators.iter().find(|indicator| indicator.trim().ends_with("?…")) {
        return Err(Failure::Told(Text::made(
            format!(
                "{indicator}: `…` staat waar de query stond, die niet bewaard wordt; vraag de pagina met haar query, zoals de lijst die heeft"
            ),
            format!(
                "{indicator}: `…` stands where the query was, which is not kept; ask for the page with its query, as the list has it"
            ),
        )));
    }
    for indicator in indicators {
        let mut is_listed = false;
        for (list, entry, label) in lists.lists().iter().filter_map(|list| look_as_meant(list, indicator)) {
            is_listed = true;
            let fetched = list.about().fetched_at;
            match args.format {
                Format::Json => edge::print(&format!(
                    "{}\n",
                    json!({"indicator": indicator, "listed": true, "list": list.name(), "entry": entry, "label": label, "fetched_at": fetched})
                ))?,
                Format::Text => {
                    let label = label.map(|label| format!(" ({label})")).unwrap_or_default();
                    edge::print(&format!("{indicator}: {entry}{label}; {}\n", list.name()))?;
                }
            }
        }
        if is_listed {
            if outcome == Outcome::No {
                outcome = Outcome::Done;
            }
            continue;
        }
        let is_known = unread.is_empty();
        let answer = match (is_known, dutch) {
            // What has a space is no name and no address: said, so that nobody takes it for an answer about one.
            (true, true) if indicator.trim().contains(' ') => "op geen lijst (gezocht als user agent)".to_owned(),
            (true, false) if indicator.trim().contains(' ') => "on no list (looked for as a user agent)".to_owned(),
            (true, true) => "op geen lijst".to_owned(),
            (true, false) => "on no list".to_owned(),
            (false, true) => format!("onbekend: niet te lezen: {}", unread.join(", ")),
            (false, false) => format!("not known: cannot be read: {}", unread.join(", ")),
        };
        edge::print(&match args.format {
            Format::Json if is_known => format!("{}\n", json!({"indicator": indicator, "listed": false})),
            Format::Json => format!("{}\n", json!({"indicator": indicator, "listed": null, "unread": unread})),
            Format::Text => format!("{indicator}: {answer}\n"),
        })?;
    }
    Ok(outcome)
}

/// The lists that should be there and cannot be read, each complained of.
fn unread(args: &Args, folder: &Folder, lists: &Lists) -> Result<Vec<String>, Failure> {
    let mut unread = Vec::new();
    for fault in lists.faults() {
        args.speech.complain(&fault.text());
        unread.push(fault.name.to_string());
    }
    let all = folder.all()?;
    if all.is_empty() {
        args.speech.warn(&Text::made(
            format!("er zijn geen lijsten in {}; `dijkwacht intel add` voegt er een toe", folder.path().display()),
            format!("there are no lists in {}; `dijkwacht intel add` adds one", folder.path().display()),
        ));
    }
    for (name, subscription) in all {
        match subscription {
            Err(error) => {
                args.speech.complain(&error.text());
                unread.push(name.to_string());
            }
            // It came once, and its file is gone: `Lists` knows of no such list.
            Ok(one) if one.state.fetched_at.is_some() && !folder.list(&name).exists() => {
                let path = folder.list(&name);
                let path = path.display();
                args.speech.complain(&Text::made(
                    format!("{path} is er niet meer; maak de lijst opnieuw met `dijkwacht intel update`"),
                    format!("{path} is not there any more; make it again with `dijkwacht intel update`"),
                ));
                unread.push(name.to_string());
            }
            Ok(_) => {}
        }
    }
    unread.sort();
    unread.dedup();
    Ok(unread)
}

/// First as it is written, then as reports write it that want nobody to click on it.
fn look_as_meant<'l>(list: &'l ThreatList, indicator: &str) -> Option<(&'l ThreatList, String, Option<&'l str>)> {
    let meant = intel::refanged(indicator.trim());
    look(list, indicator).or_else(|| look(list, &meant))
}

/// The entry under which an indicator falls on a list, and what the list says it is: whatever it is an address, a page, a
/// name, a fingerprint or a program's name of, also as lists and findings write it.
fn look<'l>(list: &'l ThreatList, indicator: &str) -> Option<(&'l ThreatList, String, Option<&'l str>)> {
    let text = indicator.trim();
    let keyed = text.split_once(':').filter(|(key, _)| key.trim().eq_ignore_ascii_case("user-agent"));
    if let Some((_, agent)) = keyed {
        return list.mark(Mark::UserAgent(agent.trim())).map(told).map(|(entry, label)| (list, entry, label));
    }
    if let Some((scheme, rest)) = text.split_once("://")
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        let (site, target) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
        // Who is named before it is no host: it is there to mislead.
        let host = site.rsplit_once('@').map_or(site, |(_, host)| host);
        return page(list, host, target).or_else(|| look(list, host));
    }
    if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
        return list.address(socket.ip(), socket.port()).map(|found| (list, found.entry.to_string(), found.label));
    }
    if let Ok(ip) = text.parse::<IpAddr>() {
        return list.address(ip, 0).map(|found| (list, found.entry.to_string(), found.label));
    }
    let print = ["ja3:", "ja4:", "sha1:", "sha256:"].into_iter().find_map(|kind| text.strip_prefix(kind));
    let mark = [Mark::Print(print.unwrap_or(text)), Mark::UserAgent(text)]
        .into_iter()
        .find_map(|mark| list.mark(mark).map(told));
    if let Some((entry, label)) = mark {
        return Some((list, entry, label));
    }
    // A page without its scheme; with its site, which may be listed as a whole.
    if let Some((host, target)) = text.find(['/', '?']).map(|at| text.split_at(at)) {
        let is_site = !host.is_empty() && !host.contains(char::is_whitespace);
        return is_site.then(|| page(list, host, target).or_else(|| look(list, host)))?;
    }
    let name = intel::ascii(without_port(text).trim_end_matches('.'))?;
    let found = list.domain(&name)?;
    Some((list, found.entry.to_owned(), found.label))
}

/// A page of a site: whatever its query, or with this one.
fn page<'l>(list: &'l ThreatList, host: &str, target: &str) -> Option<(&'l ThreatList, String, Option<&'l str>)> {
    let target = target.split('#').next().unwrap_or(target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let host = without_port(host);
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let (host, path) = (intel::ascii(host)?, if path.is_empty() { "/" } else { path });
    let marks = [None, intel::query_hash(query)].map(|query| Mark::Url(&host, path, query));
    let (entry, label) = marks.into_iter().find_map(|mark| list.mark(mark).map(told))?;
    Some((list, entry, label))
}

/// A host as it stands on the wire, and on lists.
fn without_port(host: &str) -> &str {
    host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(host, _)| host)
}

fn told<'l>(found: Listed<'l, Mark<'_>>) -> (String, Option<&'l str>) {
    (found.entry.text(), found.label)
}
