//! `key=value key="quoted value"`, as most firewalls write.

use std::borrow::Cow;

use wire::event::DHCP_MESSAGES;
use wire::http::{host_name, split_target};

/// Pairs of one line; the first of a key counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields<'a>(Vec<(&'a str, &'a str)>);

/// Pairs read of one line.
const MOST: usize = 200;

impl<'a> Fields<'a> {
    /// Words without `=` are passed over. A quoted value ends at the next quote that no backslash stands before.
    pub(crate) fn read(text: &'a str) -> Self {
        let mut pairs = Vec::new();
        let mut rest = text;
        while pairs.len() < MOST {
            let Some(at) = rest.find('=') else { break };
            let (before, after) = rest.split_at(at);
            let key = before.rsplit([' ', '\t', ',', ']', ';']).next().unwrap_or(before);
            let after = after.get(1..).unwrap_or_default();
            let value = match after.strip_prefix('"') {
                Some(quoted) => {
                    let end = end_of_quoted(quoted);
                    rest = quoted.get(end..).unwrap_or_default().trim_start_matches('"');
                    quoted.get(..end).unwrap_or_default()
                }
                None => {
                    let end = after.find([' ', '\t']).unwrap_or(after.len());
                    rest = after.get(end..).unwrap_or_default();
                    after.get(..end).unwrap_or_default()
                }
            };
            pairs.push((key, value));
        }
        Self(pairs)
    }

    /// Pairs that were taken apart elsewhere.
    pub(crate) fn of(pairs: &'a [(&'a str, String)]) -> Self {
        Self(pairs.iter().map(|(key, value)| (*key, value.as_str())).collect())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == key).map(|(_, value)| *value).filter(|value| !value.is_empty())
    }

    /// The first of these keys that is there.
    pub(crate) fn any(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|key| self.get(key))
    }

    pub(crate) fn number(&self, key: &str) -> Option<u64> {
        self.get(key)?.parse().ok()
    }

    pub(crate) fn parsed<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.get(key)?.parse().ok()
    }
}

fn end_of_quoted(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// `aa:bb:cc:dd:ee:ff`, also with dashes.
pub(crate) fn mac(text: &str) -> Option<[u8; 6]> {
    let mut mac = [0; 6];
    let mut parts = text.split([':', '-']);
    for byte in &mut mac {
        *byte = u8::from_str_radix(parts.next().filter(|part| part.len() == 2)?, 16).ok()?;
    }
    parts.next().is_none().then_some(mac)
}

/// A message of DHCP as `wire` calls it.
pub(crate) fn dhcp_message(text: &str) -> Option<&'static str> {
    DHCP_MESSAGES.into_iter().find(|message| message.eq_ignore_ascii_case(text))
}

/// A name as `wire` has it: lower case, without the final dot; what is no text may be escaped as `\ddd`, four characters
/// for a byte. None: it is none.
pub(crate) fn name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_name = (1..=1_020).contains(&name.len()) && name.chars().all(|c| !c.is_control() && !c.is_whitespace());
    is_name.then(|| name.to_ascii_lowercase())
}

/// Whom a request asks, and for which path. A proxy is asked for a whole URL, and with CONNECT for a host alone (RFC 9112
/// §3.2): its authority counts where no host is said besides.
pub(crate) fn asked<'a>(method: &str, target: &'a str, host: Option<&str>) -> (Option<String>, Cow<'a, str>) {
    let (authority, path) = split_target(method, target);
    // A path, which stands there too where the log has none, is nobody's name.
    let authority = authority.filter(|_| !target.starts_with('/'));
    let host = host.and_then(name).or_else(|| host_name(authority?));
    let is_whole = path.is_empty() && authority.is_some() && method != "CONNECT";
    (host, if is_whole { "/".into() } else { String::from_utf8_lossy(path) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_to_a_proxy_names_its_host_itself() {
        for (method, target, host, wanted) in [
            ("GET", "/a.php?x=1", Some("H.example"), (Some("h.example"), "/a.php")),
            ("GET", "http://h.example:8080/a.php?x=http://b.example", Some("h.example"), (Some("h.example"), "/a.php")),
            ("GET", "http://u:p@h.example:8080/a.php#x", None, (Some("h.example"), "/a.php")),
            ("GET", "http://h.example?x", None, (Some("h.example"), "/")),
            ("GET", "/a?u=http://b.example/", None, (None, "/a")),
            ("CONNECT", "h.example:443", None, (Some("h.example"), "")),
            ("CONNECT", "/", None, (None, "")),
            ("OPTIONS", "*", Some("h.example"), (Some("h.example"), "*")),
        ] {
            let (whom, path) = asked(method, target, host);
            assert_eq!((whom.as_deref(), &*path), wanted, "{method} {target}");
        }
    }

    #[test]
    fn pairs_are_read_with_and_without_quotes() {
        let fields = Fields::read(r#"[X-D]IN=br0 OUT= a="b c \" d" e=f="g" SRC=1.2.3.4 SYN a=2 last"#);
        assert_eq!(fields.get("IN"), Some("br0"));
        assert_eq!(fields.get("OUT"), None);
        assert_eq!(fields.get("a"), Some(r#"b c \" d"#));
        assert_eq!(fields.get("SRC"), Some("1.2.3.4"));
        assert_eq!(Fields::read("a=\"never ends").get("a"), Some("never ends"));
        assert!(Fields::read(&"a=1 ".repeat(10_000)).0.len() <= MOST);
        assert_eq!(mac("AA-bb-0c:00:01:02"), Some([0xaa, 0xbb, 0x0c, 0, 1, 2]));
        assert_eq!((mac("aa:bb"), mac("aa:bb:cc:dd:ee:ff:00:11")), (None, None));
        assert_eq!(
            (name("WWW.Voorbeeld.NL.").as_deref(), name("a b"), name("")),
            (Some("www.voorbeeld.nl"), None, None)
        );
    }
}
