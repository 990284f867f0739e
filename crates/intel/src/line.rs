//! One line of a threat list, in the shapes in which lists are published.

use std::{
    borrow::Cow,
    net::{IpAddr, SocketAddr},
};

use facts::Text;

use crate::{
    cidr::{Cidr, InvalidCidr},
    everyones::{is_everyones_address, is_everyones_name},
    mark::{Mark, print, query_hash},
};

/// What one line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    /// Lower case, without the final dot; stands for its subdomains too.
    Domain(Cow<'a, str>),
    Range(Cidr),
    /// An address at one port only.
    Socket(SocketAddr),
    Mark(Mark<'a>),
    /// A URL whose host was written in letters that no name on the wire has: the host as it is there, the path, and the query's hash.
    Page(String, &'a str, Option<u64>),
}

/// Why a line names nothing that can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum LineFault {
    #[error("is neither a domain, an IP address nor a CIDR")]
    NotAnEntry,
    #[error(
        "looks like a URL without its scheme; write http:// before it, or the domain alone if the whole site is bad"
    )]
    Url,
    #[error("has letters that no domain may have (IDNA, UTS 46); check how it is written")]
    NotAName,
    #[error("would accuse far too much: a top-level domain, or a range wider than /8 (IPv4) or /16 (IPv6)")]
    TooBroad,
    #[error("has more on the line than one entry; give one a line, or `#` before a remark")]
    MoreThanOne,
    #[error("is used by everyone (a large service, a public resolver) or by nobody outside (a private address)")]
    Everyones,
    #[error("is no record of a zone; write `evil.example CNAME .`")]
    NotARecord,
    #[error("is no row of a table; check its quotes")]
    NotARow,
    #[error("is no JSON of the form that this list should have; say its form with --as")]
    NotJson,
}

impl LineFault {
    /// For programs.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::NotAnEntry => "not_an_entry",
            Self::Url => "url_without_scheme",
            Self::NotAName => "not_a_name",
            Self::TooBroad => "too_broad",
            Self::MoreThanOne => "more_than_one",
            Self::Everyones => "everyones",
            Self::NotARecord => "not_a_record",
            Self::NotARow => "not_a_row",
            Self::NotJson => "not_json",
        }
    }

    /// For people.
    #[must_use]
    pub fn text(self) -> Text {
        let nl = match self {
            Self::NotAnEntry => "is geen domein, geen IP-adres en geen CIDR",
            Self::Url => {
                "lijkt een URL zonder begin; schrijf er http:// voor, of het domein alleen als de hele site slecht is"
            }
            Self::NotAName => "heeft tekens die geen domein mag hebben (IDNA, UTS 46); kijk hoe het geschreven is",
            Self::TooBroad => {
                "zou veel te veel aanwijzen: een topleveldomein, of een reeks wijder dan /8 (IPv4) of /16 (IPv6)"
            }
            Self::MoreThanOne => {
                "heeft meer dan één vermelding op de regel; geef er één per regel, of `#` voor een opmerking"
            }
            Self::Everyones => {
                "is van iedereen (een grote dienst, een openbare resolver) of van niemand buiten (een privéadres)"
            }
            Self::NotARecord => "is geen record van een zone; schrijf `kwaad.example CNAME .`",
            Self::NotARow => "is geen rij van een tabel; kijk naar de aanhalingstekens",
            Self::NotJson => "is geen JSON in de vorm die deze lijst moet hebben; noem de vorm met --as",
        };
        Text::made(nl.to_owned(), self.to_string())
    }
}

/// Reads one line and hands over what it names; an empty line or a remark names nothing.
pub(crate) fn read<'a>(line: &'a str, mut found: impl FnMut(Entry<'a>)) -> Result<(), LineFault> {
    if let Some(agent) = user_agent(line) {
        found(Entry::Mark(Mark::UserAgent(agent)));
        return Ok(());
    }
    let line = without_remark(line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'));
    let mut words = line.split_ascii_whitespace();
    let Some(first) = words.next() else { return Ok(()) };
    let mut rest = words.peekable();
    if rest.peek().is_none() {
        found(entry(first)?);
        return Ok(());
    }
    let is_hosts_line = first.parse::<IpAddr>().is_ok_and(|ip| ip.is_unspecified() || ip.is_loopback());
    if !is_hosts_line {
        return Err(LineFault::MoreThanOne);
    }
    for name in rest {
        if is_own_name(name) {
            continue;
        }
        found(domain(name)?);
    }
    Ok(())
}

/// The line before its remark. In a URL `;` and `#` mean something else, unless there is space before them.
fn without_remark(line: &str) -> &str {
    let from = if is_url(line) { line.find(char::is_whitespace).unwrap_or(line.len()) } else { 0 };
    let (before, behind) = line.split_at(from);
    let end = behind.find(['#', ';']).unwrap_or(behind.len());
    line.get(..before.len() + end).unwrap_or(line).trim_end()
}

fn is_url(word: &str) -> bool {
    word.starts_with("http://") || word.starts_with("https://")
}

/// The rest of a `user-agent: …` line, which may hold any character.
fn user_agent(line: &str) -> Option<&str> {
    let (key, agent) = line.split_once(':')?;
    let agent = agent.trim();
    (key.trim().eq_ignore_ascii_case("user-agent") && !agent.is_empty()).then_some(agent)
}

/// `http://host/path?query`, without port; a URL without path and query means the whole site.
fn url(word: &str) -> Option<Result<Entry<'_>, LineFault>> {
    let rest = word.strip_prefix("http://").or_else(|| word.strip_prefix("https://"))?;
    Some(site_and_path(rest))
}

/// `host/path` and `host:port/path`, with a query or without. What stands behind `#` is never sent.
fn site_and_path(rest: &str) -> Result<Entry<'_>, LineFault> {
    let rest = rest.split('#').next().unwrap_or(rest);
    let (site, full) = rest.find(['/', '?']).map_or((rest, "/"), |at| rest.split_at(at));
    // Who is named before it is no host: it is there to mislead.
    let site = site.rsplit_once('@').map_or(site, |(_, site)| site);
    let (path, query) = full.split_once('?').unwrap_or((full, ""));
    let (path, query) = (if path.is_empty() { "/" } else { path }, query_hash(query));
    // In brackets an IPv6 address has colons of its own.
    let host = match site.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => site,
    };
    // As a host stands in a request that was seen: an IPv6 address without its brackets.
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).filter(|ip| ip.parse::<IpAddr>().is_ok());
    // One page of a site that everybody uses may be bad; the site is not.
    let is_host =
        matches!(domain(host), Ok(_) | Err(LineFault::Everyones)) || bare.is_some() || host.parse::<IpAddr>().is_ok();
    match (path, query) {
        _ if !is_host => Err(LineFault::NotAnEntry),
        // The whole site, at that port if one is named.
        ("/", None) => entry(if site.parse::<SocketAddr>().is_ok() { site } else { bare.unwrap_or(host) }),
        _ if host.is_ascii() => Ok(Entry::Mark(Mark::Url(bare.unwrap_or(host), path, query))),
        _ => Ok(Entry::Page(ascii(host).ok_or(LineFault::NotAName)?.into_owned(), path, query)),
    }
}

/// As [`entry`], but takes `host/path` for the URL it is: in a column of indicators nothing else is meant.
pub(crate) fn indicator(word: &str) -> Result<Entry<'_>, LineFault> {
    match entry(word) {
        Err(LineFault::Url) => site_and_path(word),
        other => other,
    }
}

pub(crate) fn entry(word: &str) -> Result<Entry<'_>, LineFault> {
    if let Some(mark) = print(word) {
        return Ok(Entry::Mark(mark));
    }
    if let Some(entry) = url(word) {
        return entry;
    }
    match word.parse::<Cidr>() {
        Ok(range) if is_everyones_address(&range) => return Err(LineFault::Everyones),
        Ok(range) if is_too_broad(&range) => return Err(LineFault::TooBroad),
        Ok(range) => return Ok(Entry::Range(range)),
        Err(InvalidCidr::PrefixTooLong { .. }) => return Err(LineFault::NotAnEntry),
        Err(InvalidCidr::NotAnAddress(_)) => {}
    }
    if let Ok(socket) = word.parse::<SocketAddr>() {
        let is_everyones = is_everyones_address(&Cidr::single(socket.ip()));
        return if is_everyones { Err(LineFault::Everyones) } else { Ok(Entry::Socket(socket)) };
    }
    if word.contains(['/', '?']) {
        return Err(if looks_like_path(word) { LineFault::Url } else { LineFault::NotAnEntry });
    }
    domain(word)
}

fn looks_like_path(word: &str) -> bool {
    let is_site = |site: &str| matches!(domain(site), Ok(_) | Err(LineFault::Everyones));
    word.split(['/', '?']).next().is_some_and(|site| is_site(site) || site.parse::<IpAddr>().is_ok())
}

fn is_too_broad(range: &Cidr) -> bool {
    range.prefix() < if range.first().is_ipv4() { 8 } else { 16 }
}

/// Names in a hosts file that mean the machine itself: `localhost` and every name without a dot, and addresses.
fn is_own_name(name: &str) -> bool {
    !name.contains('.') || name.eq_ignore_ascii_case("localhost.localdomain") || name.parse::<IpAddr>().is_ok()
}

pub(crate) fn domain(word: &str) -> Result<Entry<'_>, LineFault> {
    let name = word.strip_prefix("*.").or_else(|| word.strip_prefix('.')).unwrap_or(word);
    let name = name.strip_suffix('.').unwrap_or(name);
    let name = ascii(name).ok_or(LineFault::NotAName)?;
    if !is_domain(&name) {
        return Err(LineFault::NotAnEntry);
    }
    if is_registry(&name) {
        return Err(LineFault::TooBroad);
    }
    if is_everyones_name(&name) { Err(LineFault::Everyones) } else { Ok(Entry::Domain(name)) }
}

/// A name as it stands on the wire: lower case, and what is not ASCII by IDNA (UTS 46): `bücher.example` is
/// `xn--bcher-kva.example`. Absent: it holds what no name may.
#[must_use]
pub fn ascii(name: &str) -> Option<Cow<'_, str>> {
    if !name.is_ascii() {
        return idna::domain_to_ascii(name).ok().map(Cow::Owned);
    }
    let has_capitals = name.bytes().any(|byte| byte.is_ascii_uppercase());
    Some(if has_capitals { Cow::Owned(name.to_ascii_lowercase()) } else { Cow::Borrowed(name) })
}

/// Whether it is a host name as RFC 1123 §2.1 has it (underscores allowed, as the DNS does), with a letter in its last
/// label, so that no mistyped address passes.
fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    let has_letter = |label: &str| label.bytes().any(|byte| byte.is_ascii_alphabetic());
    name.len() <= 253 && name.split('.').all(is_label) && name.rsplit('.').next().is_some_and(has_letter)
}

/// Whether everybody can register names directly below: `com`, `co.uk` (the Public Suffix List's ICANN part).
/// Suffixes of one company (`duckdns.org`) may stand on a list.
fn is_registry(name: &str) -> bool {
    if !name.contains('.') {
        return true;
    }
    public_suffix::suffix(name.as_bytes())
        .is_some_and(|suffix| suffix.as_bytes().len() == name.len() && suffix.typ() == Some(public_suffix::Type::Icann))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<&[&str], LineFault>) {
        let mut entries = Vec::new();
        let result = read(line, |entry| {
            entries.push(match entry {
                Entry::Domain(name) => name.into_owned(),
                Entry::Range(range) => range.to_string(),
                Entry::Socket(socket) => socket.to_string(),
                Entry::Mark(mark) => mark.text(),
                Entry::Page(host, path, query) => Mark::Url(&host, path, query).text(),
            });
        });
        match expected {
            Ok(names) => {
                assert_eq!(result, Ok(()), "{line}");
                assert_eq!(entries, names, "{line}");
            }
            Err(fault) => assert_eq!(result, Err(fault), "{line}"),
        }
    }

    #[test]
    fn the_shapes_in_which_lists_are_published() {
        check("", Ok(&[]));
        check("   \t", Ok(&[]));
        check("# a remark", Ok(&[]));
        check("; a remark", Ok(&[]));
        check("evil.example", Ok(&["evil.example"]));
        check("\u{feff}evil.example\r", Ok(&["evil.example"]));
        check("Evil.Example.  # seen 2026", Ok(&["evil.example"]));
        check("*.evil.example", Ok(&["evil.example"]));
        check(".evil.example", Ok(&["evil.example"]));
        check("_dmarc.evil.example", Ok(&["_dmarc.evil.example"]));
        check("192.0.2.7", Ok(&["192.0.2.7"]));
        check("192.0.2.0/24", Ok(&["192.0.2.0/24"]));
        check("192.0.2.7:8080", Ok(&["192.0.2.7:8080"]));
        check("2001:db8::/32", Ok(&["2001:db8::/32"]));
        check("[2001:db8::1]:443", Ok(&["[2001:db8::1]:443"]));
        check("bad.duckdns.org", Ok(&["bad.duckdns.org"]));
        check("duckdns.org", Ok(&["duckdns.org"]));
        check("https://Evil.example:8443/gate.php", Ok(&["evil.example/gate.php"]));
        check("http://192.0.2.7/x", Ok(&["192.0.2.7/x"]));
        check("http://evil.example/", Ok(&["evil.example"]));
        check("https://login.example@evil.example/o365", Ok(&["evil.example/o365"]));
        check("https://www.google.com/url?q=bad", Ok(&["www.google.com/url?…"]));
        check("https://www.google.com/", Err(LineFault::Everyones));
        check("http://[2001:db8::1]:8080/x", Ok(&["2001:db8::1/x"]));
        check("e7d705a3286e19ea42f587b344ee6865", Ok(&["e7d705a3286e19ea42f587b344ee6865"]));
        check("ja4:t13d1516h2_8daaf6152771_e5627efa2ab1", Ok(&["t13d1516h2_8daaf6152771_e5627efa2ab1"]));
        check(&"AB".repeat(20), Ok(&["ab".repeat(20).as_str()]));
        check("User-Agent: Mozilla/4.0 (compatible; bad)", Ok(&["Mozilla/4.0 (compatible; bad)"]));
    }

    #[test]
    fn a_page_with_a_query_is_that_page_with_that_query() {
        let page = |path, query: &str| Entry::Mark(Mark::Url("site.example", path, query_hash(query)));
        for (line, entry) in [
            ("https://site.example/page.php?id=77", page("/page.php", "id=77")),
            ("http://site.example:8080/page.php?id=77#top", page("/page.php", "id=77")),
            ("http://site.example/p?a=1;b=2  ; remark", page("/p", "a=1;b=2")),
            ("http://site.example/p?a=1?b=http://x/  # remark", page("/p", "a=1?b=http://x/")),
            ("http://site.example/a;v=1", page("/a;v=1", "")),
            ("https://site.example/?id=1", page("/", "id=1")),
            ("https://site.example?id=1", page("/", "id=1")),
            // Nothing behind the question mark is no query.
            ("https://site.example/page.php?", page("/page.php", "")),
            ("https://site.example/?", Entry::Domain("site.example".into())),
            ("https://site.example#x", Entry::Domain("site.example".into())),
        ] {
            let mut found = Vec::new();
            read(line, |entry| found.push(entry)).unwrap();
            assert_eq!(found, [entry], "{line}");
        }
        assert_eq!(indicator("site.example/p?x=1"), Ok(page("/p", "x=1")));
        assert_eq!(indicator("site.example?x=1"), Ok(page("/", "x=1")));
        check("site.example?x=1", Err(LineFault::Url));
        check("https://site.example/page.php?id=77", Ok(&["site.example/page.php?…"]));
        let hashes = ["", "id=1", "id=2"].map(|query| Mark::Url("site.example", "/", query_hash(query)).hash());
        assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2]);
    }

    #[test]
    fn a_name_in_any_letters_is_the_one_on_the_wire() {
        check("bücher2.example", Ok(&["xn--bcher2-3ya.example"]));
        check("*.BÜCHER.example.", Ok(&["xn--bcher-kva.example"]));
        check("xn--bcher-kva.example", Ok(&["xn--bcher-kva.example"]));
        check("http://bücher.example/Gate.php?x=1", Ok(&["xn--bcher-kva.example/Gate.php?…"]));
        check("0.0.0.0 straße.example", Ok(&["xn--strae-oqa.example"]));
        check("例え.テスト", Ok(&["xn--r8jz45g.xn--zckzah"]));
        assert_eq!(ascii("Evil.Example").as_deref(), Some("evil.example"));
    }

    #[test]
    fn a_hosts_file_names_what_it_blocks_and_skips_the_machine_itself() {
        check("0.0.0.0 bad.example", Ok(&["bad.example"]));
        check("127.0.0.1\tbad.example worse.example # two", Ok(&["bad.example", "worse.example"]));
        check(":: bad.example", Ok(&["bad.example"]));
        check("127.0.0.1 localhost", Ok(&[]));
        check("127.0.0.1 localhost.localdomain", Ok(&[]));
        check("::1 ip6-localhost ip6-loopback", Ok(&[]));
        check("0.0.0.0 0.0.0.0", Ok(&[]));
        check("192.0.2.7 bad.example", Err(LineFault::MoreThanOne));
    }

    #[test]
    fn what_names_nothing_says_why() {
        check("evil example", Err(LineFault::MoreThanOne));
        check("evil.example/gate.php", Err(LineFault::Url));
        check("192.0.2.0/40", Err(LineFault::NotAnEntry));
        check("bü cher.example", Err(LineFault::MoreThanOne));
        check("b\u{fffd}cher.example", Err(LineFault::NotAName));
        check("kwaad\u{2028}.example", Err(LineFault::NotAName));
        check("evil..example", Err(LineFault::NotAnEntry));
        check("192.0.2.999", Err(LineFault::NotAnEntry));
        check("com", Err(LineFault::TooBroad));
        check("co.uk", Err(LineFault::TooBroad));
        check("128.0.0.0/4", Err(LineFault::TooBroad));
        check("2000::/8", Err(LineFault::TooBroad));
        check("0.0.0.0/0", Err(LineFault::Everyones));
        check("192.168.1.1", Err(LineFault::Everyones));
        check("8.8.8.8:53", Err(LineFault::Everyones));
        check("www.google.com", Err(LineFault::Everyones));
        check("/gate.php", Err(LineFault::NotAnEntry));
        check(&"x".repeat(64), Err(LineFault::NotAnEntry));
    }
}
