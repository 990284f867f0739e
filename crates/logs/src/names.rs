//! What protocols, versions and certificates' names are called, here and by other sensors.

/// Protocols as `wire` names them. The first name is ours; those after it are other sensors' for the same.
const PROTOCOLS: &[&[&str]] = &[
    &["dns"],
    &["tls", "ssl"],
    &["http", "http2"],
    &["quic"],
    &["ssh"],
    &["smtp"],
    &["ftp"],
    &["ftp-data"],
    &["imap"],
    &["pop3"],
    &["smb", "gssapi,smb", "smb,gssapi"],
    &["dcerpc", "dce_rpc"],
    &["ldap", "ldap_tcp", "ldap_udp"],
    &["krb5", "krb", "krb_tcp", "kerberos"],
    &["rdp"],
    &["vnc", "rfb"],
    &["telnet"],
    &["sip"],
    &["mqtt"],
    &["irc"],
    &["socks"],
    &["ntp"],
    &["dhcp"],
    &["snmp"],
    &["tftp"],
    &["modbus"],
    &["bittorrent", "bittorrent-dht"],
    &["wireguard"],
    &["tailscale"],
    &["openvpn"],
    &["redis"],
    &["ping"],
];

/// Our name for another's.
pub(crate) fn application(theirs: &str) -> Option<&'static str> {
    let known = PROTOCOLS.iter().find(|names| names.iter().any(|name| name.eq_ignore_ascii_case(theirs)));
    known.and_then(|names| names.first()).copied()
}

/// `TLS 1.2`, `TLSv12`, `SSLv3`: as `wire` names versions.
pub(crate) fn tls_version(theirs: &str) -> String {
    let digits: String = theirs.chars().filter(char::is_ascii_digit).collect();
    let is_ssl = theirs.to_ascii_uppercase().starts_with("SSL");
    match digits.as_str() {
        "13" => "1.3".into(),
        "12" => "1.2".into(),
        "11" => "1.1".into(),
        "10" | "1" => "1.0".into(),
        "3" | "30" if is_ssl => "ssl3".into(),
        _ => crate::json::kept(theirs).to_ascii_lowercase(),
    }
}

/// One part of a distinguished name (RFC 4514): `CN` of `CN=a.nl, O=A B.V.`; an escaped comma is part of the value.
pub(crate) fn part(name: &str, wanted: &str) -> Option<String> {
    let mut parts = vec![String::new()];
    let mut is_escaped = false;
    for c in name.chars().take(4_096) {
        match c {
            _ if is_escaped => {
                parts.last_mut()?.push(c);
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            ',' | '/' if parts.last().is_some_and(|part| part.contains('=')) || c == ',' => parts.push(String::new()),
            _ => parts.last_mut()?.push(c),
        }
    }
    let value = |part: &String| {
        let (key, value) = part.trim().split_once('=')?;
        key.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
    };
    parts.iter().find_map(value).filter(|value| !value.is_empty())
}

/// A fingerprint as lower-case hexadecimal without colons.
pub(crate) fn fingerprint(theirs: &str) -> String {
    theirs.chars().filter(char::is_ascii_hexdigit).take(64).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_become_ours() {
        assert_eq!(
            (application("SSL"), application("krb_tcp"), application("failed")),
            (Some("tls"), Some("krb5"), None)
        );
        for (theirs, ours) in [
            ("TLS 1.3", "1.3"),
            ("TLSv12", "1.2"),
            ("TLSv1", "1.0"),
            ("SSLv3", "ssl3"),
            ("UNDETERMINED", "undetermined"),
        ] {
            assert_eq!(tls_version(theirs), ours);
        }
        assert_eq!(part(r"C=NL, O=Jansen\, Zn., CN=a.nl", "O").as_deref(), Some("Jansen, Zn."));
        assert_eq!(part("CN=a.nl,O=B", "cn").as_deref(), Some("a.nl"));
        assert_eq!(part("CN=a.nl", "O"), None);
        assert_eq!(fingerprint("AA:0b"), "aa0b");
    }
}
