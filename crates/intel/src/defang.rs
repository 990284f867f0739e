//! Indicators as reports and mails write them, so that nobody clicks on one by mistake: `hxxps://evil[.]example`.

use std::borrow::Cow;

const MEANT: [(&str, &str); 9] = [
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("[://]", "://"),
    ("[:]", ":"),
    ("[/]", "/"),
    ("[@]", "@"),
];

/// Bytes of an MD5 (JA3), a SHA-1 and a SHA-256, which certificate tools write as pairs with colons.
const PRINTS: [usize; 3] = [16, 20, 32];

/// What is meant: a name, an address or a URL as it is used, a fingerprint without colons. Whatever is written plainly comes
/// back as it was.
#[must_use]
pub fn refanged(text: &str) -> Cow<'_, str> {
    // Nearly all of a million lines are written plainly.
    let is_plain = !text.bytes().any(|byte| matches!(byte, b'[' | b'(' | b'{' | b':'));
    if is_plain || text.trim_start().get(..10).is_some_and(|start| start.eq_ignore_ascii_case("user-agent")) {
        return Cow::Borrowed(text);
    }
    let pairs: Vec<&str> = text.split(':').collect();
    let is_pair = |pair: &&str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    if PRINTS.contains(&pairs.len()) && pairs.iter().all(is_pair) {
        return Cow::Owned(pairs.concat());
    }
    let mut meant = Cow::Borrowed(text);
    for (written, is) in MEANT {
        if meant.contains(written) {
            meant = Cow::Owned(meant.replace(written, is));
        }
    }
    let scheme =
        meant.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("hxxp") || start.eq_ignore_ascii_case("h**p"));
    match meant.get(4..) {
        Some(rest) if scheme && (rest.starts_with("://") || rest.starts_with("s://") || rest.starts_with("S://")) => {
            Cow::Owned(format!("http{}", rest.replacen("S://", "s://", 1)))
        }
        _ => meant,
    }
}

/// The host of what may be a URL, or a host with its port.
#[must_use]
pub fn host_of(text: &str) -> &str {
    let text = text.trim();
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let site = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = site.rsplit_once('@').map_or(site, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() && !host.contains(':') => host,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reports_write_is_what_they_mean() {
        for (written, meant) in [
            ("evil[.]example", "evil.example"),
            ("a(.)evil[dot]example", "a.evil.example"),
            ("192.0.2[.]7", "192.0.2.7"),
            ("hxxp://evil[.]example/a.php?x=1", "http://evil.example/a.php?x=1"),
            ("hXXps[:]//evil[.]example[:]8443[/]a", "https://evil.example:8443/a"),
            ("hxxps[://]evil.example", "https://evil.example"),
            ("h**p://evil.example", "http://evil.example"),
            ("00:11:22:33:44:55:66:77:88:99:AA:bb:cc:dd:ee:ff:00:11:22:33", "00112233445566778899AAbbccddeeff00112233"),
            // Written plainly.
            ("evil.example", "evil.example"),
            ("hxxp.example", "hxxp.example"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]:443", "[2001:db8::1]:443"),
            ("t13d1516h2_8daaf6152771_e5627efa2ab1", "t13d1516h2_8daaf6152771_e5627efa2ab1"),
            ("00:11:22:33:44:55", "00:11:22:33:44:55"),
            ("", ""),
            ("é[.]nl", "é.nl"),
        ] {
            assert_eq!(refanged(written), meant, "{written}");
        }
    }

    #[test]
    fn a_host_is_found_in_whatever_names_it() {
        for (written, host) in [
            ("evil.example", "evil.example"),
            ("*.evil.example", "*.evil.example"),
            ("https://evil.example/x", "evil.example"),
            ("http://login.example@evil.example:8080?x#y", "evil.example"),
            ("evil.example:443", "evil.example"),
            ("2001:db8::1", "2001:db8::1"),
            ("", ""),
        ] {
            assert_eq!(host_of(written), host, "{written}");
        }
    }
}
