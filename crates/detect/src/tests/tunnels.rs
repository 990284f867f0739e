//! Data in DNS: programs that people know by name, and what looks like them. The innocent first.

use std::net::Ipv4Addr;

use wire::event::{DnsAnswer, DnsData};

use super::names::{BASE32, HEX, LETTERS, address, answer, drawn};
use super::{Severity, check, findings, lines, office, stream::Stream};

const DAY: u64 = 86_400;

/// A name's data in labels of at most 60 characters.
fn labels(data: &str) -> String {
    let parts: Vec<_> = data.as_bytes().chunks(60).map(|part| String::from_utf8_lossy(part).into_owned()).collect();
    parts.join(".")
}

/// A name whose data are bytes above ASCII, as `wire` tells them: `\ddd`, among letters of both cases, told as small ones.
fn base128(bytes: usize, seed: u64) -> String {
    let alphabet =
        b"abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+#abcdefghijklmnopqrstuvwxyz0123456789";
    let tell = |(n, c): (usize, char)| match c {
        'A'..='Z' | '+' | '#' => format!("\\{}", 188 + (n * 7 + c as usize) % 64),
        _ => c.to_string(),
    };
    drawn(alphabet, bytes, seed).char_indices().map(tell).collect()
}

/// Asks for orders under a name that stays, then posts.
fn cobalt_strike(n: u64) -> String {
    match n {
        120.. => format!("post.{}.{}.{n:x}.3f1a2b4c.ns1", drawn(HEX, 52, n), drawn(HEX, 52, n + 1_000)),
        _ if n.is_multiple_of(10) => format!("api.{}.3f1a2b4c.ns1", drawn(HEX, 8, n)),
        _ => "3f1a2b4c.ns1".to_owned(),
    }
}

fn text(name: &str, length: usize) -> Vec<DnsAnswer> {
    answer(name, "TXT", DnsData::Other(length))
}

#[test]
fn a_mail_servers_questions_are_silent() {
    let mut stream = office();
    let mut ask = |at: f64, name: String, kind: &str, code: &str, answers: Vec<DnsAnswer>| {
        stream.ask(at, "10.0.0.4", &name, kind, Some(code), answers);
    };
    for n in 0..1_000u64 {
        let at = n as f64 * 25.0;
        // Senders' addresses by blocklists, of the sixth version digit by digit; one in twenty is listed.
        let is_listed = n % 20 == 0;
        let mut by = |name: String| {
            let (code, answers) =
                if is_listed { ("NOERROR", answer(&name, "A", address("127.0.0.2"))) } else { ("NXDOMAIN", vec![]) };
            ask(at, name, "A", code, answers);
        };
        let nibbles: Vec<_> = drawn(HEX, 32, n).chars().map(String::from).collect();
        by(format!("{}.bl6.example", nibbles.join(".")));
        by(format!("{}.{}.0.192.key{}.zen.dq.spamhaus.net", n % 250, n / 250, drawn(BASE32, 23, 1)));
        // Domains in the text, and hashes of addresses and files; of these none is listed.
        by(format!("{}.{}.dbl.example", drawn(LETTERS, 8, n), ["com", "nl", "de"][n as usize % 3]));
        ask(at, format!("{}.ebl.hashes.example", drawn(HEX, 40, n)), "A", "NXDOMAIN", vec![]);
        // Who may send for whom, and with what key; a macro that asks with the sender's address.
        for (name, length) in [
            (format!("_dmarc.firm{n}.example"), 60),
            (format!("{}._domainkey.sender.example", drawn(BASE32, 32, n)), 400),
            (format!("{}.{}.0.192._spf.sender.example", n % 250, n / 250), 20),
        ] {
            let answers = text(&name, length);
            ask(at, name, "TXT", "NOERROR", answers);
        }
        let name = format!("{}.ip6.arpa", nibbles.join("."));
        ask(at, name, "PTR", "NXDOMAIN", vec![]);
    }
    check(&stream, "", &[]);
}

/// Whose policy names macros (RFC 7208 §7) is asked with the address from which the mail came, and the sender's domain.
#[test]
fn who_looks_up_the_policies_of_senders_is_silent() {
    let mut stream = office();
    for n in 0..220u64 {
        let at = n as f64 * 110.0;
        let part = |by: u64| (n * by + by) % 254 + 1;
        let address = format!("{}.{}.{}.{}", part(7), part(31), part(101), part(13));
        let firm = format!("klant{}.nl", n * 7 % 120);
        let nibbles: Vec<_> = drawn(HEX, 32, n).chars().map(String::from).collect();
        for name in [
            format!("{address}.in-addr.{firm}.spf.has.proof.example"),
            format!("{}.ip6.{firm}.spf.has.proof6.example", nibbles.join(".")),
            format!("{address}._ip.mail.{firm}._ehlo.{firm}._spf.mail.example"),
            format!("{address}.spf.macros.analyzer.example"),
            format!("{address}.{firm}.policies.example"),
            format!("{firm}._report._dmarc.rua.reports.example"),
        ] {
            let answers = text(&name, 37);
            stream.ask(at, "10.0.0.4", &name, "TXT", Some("NOERROR"), answers);
        }
    }
    check(&stream, "", &[]);
    // An address before them makes data no policy.
    for n in 0..400u64 {
        let name = format!("1.2.3.4.in-addr.{}.nl.spf.evil.example", labels(&drawn(BASE32, 120, n)));
        let answers = text(&name, 120);
        stream.ask(n as f64, "10.0.0.7", &name, "TXT", Some("NOERROR"), answers);
    }
    check(&stream, "", &["dns_tunnel high 10.0.0.7 evil.example", "case high 10.0.0.7 1"]);
}

#[test]
fn scanners_of_files_and_content_networks_are_silent() {
    let mut stream = office();
    for n in 0..600u64 {
        let at = n as f64 * 40.0;
        // The hash of each file that is opened: an address says what it is, or none does.
        let name = format!("{}.{}.avqs.mcafee.com", drawn(HEX, 8, n), drawn(BASE32, 50, n));
        stream.ask(at, "10.0.0.2", &name, "A", Some("NOERROR"), answer(&name, "A", address("127.1.0.4")));
        let name = format!("{}.s.{}.i.01.mac.sophosxl.net", drawn(BASE32, 55, n), drawn(HEX, 12, n));
        stream.ask(at, "10.0.0.3", &name, "TXT", Some("NOERROR"), text(&name, 30));
        let name = format!("{}.hash.scanner.example", drawn(HEX, 64, n));
        stream.ask(at, "10.0.0.5", &name, "A", Some("NXDOMAIN"), vec![]);
        // One that nobody listed says by address what it holds of a file, and in text why; all the morning long.
        let name = format!("{}.{}.rep.product.example", drawn(BASE32, 50, n), drawn(HEX, 40, n));
        stream.ask(n as f64 * 3.0, "10.0.0.9", &name, "A", Some("NOERROR"), answer(&name, "A", address("127.0.3.4")));
        stream.ask(n as f64 * 3.0 + 0.1, "10.0.0.9", &name, "TXT", Some("NOERROR"), text(&name, 40));
        // A video in many places, each with a long name, and visited.
        let name = format!("rr{}---sn-{}.video.example", n % 9, drawn(BASE32, 12, n));
        stream.dns(at, "10.0.0.6", &name, &["198.18.0.7"]);
        stream.tls(at + 0.1, "10.0.0.6", "198.18.0.7", Some(&name), "browser", 900, 400_000);
        // Accessories at home.
        let name = format!("{}._hap._tcp.local", drawn(HEX, 32, n));
        stream.ask(at, "10.0.0.7", &name, "SRV", Some("NXDOMAIN"), vec![]);
        // Names that a browser asks before anybody clicks.
        let words = ["garden", "kitchen", "travel", "winter", "silver", "orange", "people", "river"];
        let word = |n: u64| words.get(n as usize % words.len()).copied().unwrap_or_default();
        let name = format!("www.{}{}{}.blogs.example", word(n), word(n / 8), word(n / 64));
        stream.dns(at, "10.0.0.8", &name, &["198.18.0.8"]);
    }
    check(&stream, "", &[]);
}

/// A resolver's log says nothing of conversations: that a content network's names are visited is then not seen.
#[test]
fn content_networks_are_silent_where_only_questions_are_seen() {
    let mut stream = Stream::default();
    for n in 0..400u64 {
        let at = n as f64 * 60.0;
        for host in 1..=5 {
            stream.dns(at, &format!("10.0.0.{host}"), &format!("www{}.site.example", n % 40), &["198.18.0.5"]);
        }
        for (host, length) in [("10.0.0.2", 32), ("10.0.0.3", 60)] {
            stream.dns(at, host, &format!("{}.cdn{length}.example", drawn(HEX, length, n)), &["198.18.0.1"]);
        }
    }
    check(&stream, "", &[]);
    for n in 0..400u64 {
        let name = format!("{}.evil.example", labels(&drawn(BASE32, 120, n)));
        stream.dns(n as f64, "10.0.0.4", &name, &["198.18.0.9"]);
    }
    check(&stream, "", &["dns_tunnel high 10.0.0.4 evil.example", "case high 10.0.0.4 1"]);
}

/// Of one host alone there is nobody to compare with and no visit to see: what it asks by address tells by its length.
#[test]
fn names_no_longer_than_a_hash_are_silent_where_one_host_alone_is_seen() {
    let mut stream = Stream::default();
    for n in 0..1_000u64 {
        let at = n as f64 * 2.0;
        for (name, data) in [
            (format!("{}.cdn.example", drawn(HEX, 32, n)), address("198.18.0.1")),
            (format!("{}.{}.v2.telemetry.example", drawn(BASE32, 52, n), drawn(HEX, 12, n)), address("198.18.0.2")),
            (format!("{}.hash.scanner.example", drawn(HEX, 64, n)), address("198.18.0.3")),
            (format!("{}.{}.rep.product.example", drawn(BASE32, 50, n), drawn(HEX, 40, n)), address("127.0.3.4")),
        ] {
            let answers = answer(&name, "A", data);
            stream.ask(at, "10.0.0.7", &name, "A", Some("NOERROR"), answers);
        }
        let macros = format!("198.51.100.{}.klant{}.nl._spf.sender.example", n % 250, n % 90);
        stream.dns(at, "10.0.0.7", &macros, &["127.0.0.2"]);
    }
    check(&stream, "", &[]);
}

/// A mail server that resolves for itself follows the alias of a sender's key to its provider; a certificate's token stands
/// under an account's number.
#[test]
fn keys_of_mail_and_tokens_of_certificates_are_silent() {
    type Name = fn(u64) -> String;
    let uuid: Name = |n| {
        let part = |length, by| drawn(HEX, length, n + by);
        format!("{}-{}-{}-{}-{}.auth", part(8, 0), part(4, 1_000), part(4, 2_000), part(4, 3_000), part(12, 4_000))
    };
    let key: Name = |n| format!("{}.dkim", drawn(BASE32, 32, n));
    let account: Name = |n| format!("s1.domainkey.u{}.wl{}", n * 7_919 + 1_000_000, n % 250);
    let tenant: Name = |n| format!("selector1-{0}-nl._domainkey.{0}", drawn(LETTERS, 12, n));
    let ask = |names: &[(&str, Name, usize)], count: u64| {
        let mut stream = office();
        for n in 0..count {
            for (zone, name, bytes) in names {
                let name = format!("{}.{zone}", name(n));
                let answers = text(&name, *bytes);
                stream.ask(n as f64, "10.0.0.4", &name, "TXT", Some("NOERROR"), answers);
            }
        }
        stream
    };
    let keys = [
        ("keys.example", key, 218),
        ("accounts.example", account, 230),
        ("tenants.example", tenant, 234),
        ("tokens.example", uuid, 43),
    ];
    check(&ask(&keys, 400), "", &[]);
    // Under great providers nobody else answers, however many they are.
    check(&ask(&[("amazonses.com", key, 218), ("sendgrid.net", account, 230)], 2_000), "", &[]);
    // What only passes for keys: too many, with more in the answer, or longer.
    let long: Name = |n| format!("{}.dkim", drawn(BASE32, 60, n));
    let longer: Name = |n| format!("{}.{}.dkim", drawn(BASE32, 60, n), drawn(BASE32, 60, n + 1_000));
    for (name, bytes, count) in [(long, 218, 2_000), (key, 600, 400), (longer, 100, 400), (uuid, 200, 400)] {
        let told = ask(&[("evil.example", name, bytes)], count);
        check(&told, "", &["dns_tunnel high 10.0.0.4 evil.example", "case high 10.0.0.4 1"]);
    }
}

/// A mail server asks whether a sender's name leads back to its address, and lists that give each customer a key.
#[test]
fn addresses_of_senders_are_silent_in_hexadecimal_and_before_a_key() {
    let mut stream = office();
    let key = drawn(BASE32, 32, 1);
    for n in 0..300u32 {
        let at = f64::from(n) * 2.0;
        let bits = 0x5ed4_0000 + n * 259;
        let name = format!("{bits:08x}.cm-{}-{}c.dynamic.provider.example", n % 10, n % 7);
        stream.dns(at, "10.0.0.4", &name, &[&Ipv4Addr::from(bits).to_string()]);
        let [a, b, c, d] = bits.to_be_bytes();
        let name = format!("{d}.{c}.{b}.{a}.{key}.combined.mail.list.example");
        stream.ask(at, "10.0.0.4", &name, "A", Some("NXDOMAIN"), vec![]);
        let hash = drawn(HEX, 40, u64::from(n));
        for zone in [
            "msbl.org",
            "abusix.zone",
            "spameatingmonkey.net",
            "fmb.la",
            "mailspike.net",
            "invaluement.com",
            "spamrats.com",
            "plex.direct",
        ] {
            stream.ask(at, "10.0.0.4", &format!("{hash}.{key}.{zone}"), "A", Some("NXDOMAIN"), vec![]);
        }
    }
    check(&stream, "", &[]);
    // What stands beside the address is data where it is ever other, and so is hexadecimal that is no answer.
    for is_answer in [true, false] {
        let mut stream = office();
        for n in 0..300u32 {
            let bits = 0x5ed4_0000 + n * 259;
            let data = drawn(BASE32, 58, u64::from(n));
            let [a, b, c, d] = bits.to_be_bytes();
            for (name, is_answered) in [
                (format!("{bits:08x}.{data}.evil.example"), true),
                (format!("{d}.{c}.{b}.{a}.{data}.evil4.example"), true),
                (format!("{bits:08x}.cm-{}-{}c.dynamic.evil8.example", n % 10, n % 7), is_answer),
            ] {
                let answer = if is_answered { Ipv4Addr::from(bits).to_string() } else { "198.18.0.9".to_owned() };
                stream.dns(f64::from(n), "10.0.0.7", &name, &[&answer]);
            }
        }
        let told = lines(&findings(&stream, ""));
        for (zone, is_expected) in [(" evil.example", true), (" evil4.example", true), (" evil8.example", !is_answer)] {
            let is_told = told.iter().any(|line| line.starts_with("dns_tunnel ") && line.ends_with(zone));
            assert_eq!(is_told, is_expected, "{zone} {is_answer} {told:?}");
        }
    }
}

/// Machines that an inventory looks up, customers' sites that a host checks, lists that know none of a message's domains.
#[test]
fn names_that_people_chose_are_silent_however_many() {
    let mut stream = office();
    let words = ["bakker", "steen", "licht", "garden", "silver", "winter", "orange"];
    for n in 0..220u64 {
        let word = |by: u64| words.get((n / by) as usize % words.len()).copied().unwrap_or_default();
        let (one, two) = (word(1), word(7));
        let home = format!("10.1.{}.{}", n / 250, n % 250 + 1);
        let machine = format!("desktop-{}", drawn(BASE32, 7, n));
        for (host, name, data) in [
            ("10.0.0.2", format!("pc-{one}-{n:03}.delft.ad.firm.example"), home.as_str()),
            ("10.0.0.3", format!("{machine}.ad.firm3.example"), home.as_str()),
            ("10.0.0.4", format!("{one}{two}-{n}-shop.customers.hosting.example"), "198.18.0.1"),
        ] {
            stream.dns(n as f64 * 2.0, host, &name, &[data]);
        }
        let name = format!("www.{one}{two}{n}.nl.fresh.list.example");
        stream.ask(n as f64 * 2.0, "10.0.0.5", &name, "A", Some("NXDOMAIN"), vec![]);
        if n % 20 == 0 {
            let name = format!("_ldap._tcp.site{n}._sites.dc._msdcs.ad.firm.example");
            stream.ask(n as f64 * 2.0, "10.0.0.2", &name, "SRV", Some("NOERROR"), text(&name, 40));
        }
    }
    check(&stream, "", &[]);
    // Neither drawn names of that length with one address at home for an answer, nor long ones with many.
    for (length, host) in [(30, "10.1.0.1"), (120, "")] {
        let mut stream = office();
        for n in 0..400u64 {
            let name = format!("{}.evil.example", labels(&drawn(BASE32, length, n)));
            let ever_other = format!("10.2.{}.{}", n / 250, n % 250 + 1);
            stream.dns(n as f64, "10.0.0.7", &name, &[if host.is_empty() { &ever_other } else { host }]);
        }
        check(&stream, "", &["dns_tunnel high 10.0.0.7 evil.example", "case high 10.0.0.7 1"]);
    }
}

/// An answer from 127.0.0.0/8 now and then makes a tunnel no scanner, nor does one that brings more than a reason.
#[test]
fn what_only_passes_for_verdicts_is_found() {
    for (by_address, bytes) in [(3, 40), (2, 200)] {
        let mut stream = office();
        for n in 0..600u64 {
            let name = format!("{}.{}.evil.example", drawn(BASE32, 50, n), drawn(HEX, 40, n));
            if n % by_address == 0 {
                stream.ask(n as f64, "10.0.0.7", &name, "A", Some("NOERROR"), answer(&name, "A", address("127.0.0.1")));
            } else {
                stream.ask(n as f64, "10.0.0.7", &name, "TXT", Some("NOERROR"), text(&name, bytes));
            }
        }
        let told = lines(&findings(&stream, ""));
        assert!(told.iter().any(|line| line.starts_with("dns_tunnel ") && line.contains("evil.example")), "{told:?}");
    }
}

/// Each program's way of asking: how its names look, the kind, the answer's bytes, how often, how many.
#[test]
fn programs_that_people_know_are_found() {
    type Name = fn(u64) -> String;
    let table: [(&str, Name, &str, usize, f64, u64); 13] = [
        // iodine: a letter for the command, a few for the number, then data in the widest code that arrives.
        ("iodine base32", |n| labels(&format!("0{}", drawn(BASE32, 180, n))), "NULL", 900, 0.5, 400),
        ("iodine base128", |n| labels(&format!("0{}", base128(90, n))), "TXT", 300, 0.5, 400),
        ("iodine aliases", |n| labels(&format!("0{}", drawn(BASE32, 200, n))), "CNAME", 180, 0.5, 400),
        ("iodine idle", |n| format!("p{}", drawn(BASE32, 6, n)), "NULL", 10, 4.0, 900),
        // dnscat2: hexadecimal, in turns of kinds; idle, it says only who it is and what it got.
        ("dnscat2 busy", |n| labels(&drawn(HEX, 160, n)), "TXT", 120, 1.0, 200),
        ("dnscat2 idle", |n| format!("dnscat.{}", drawn(HEX, 18, n)), "MX", 30, 1.0, 600),
        // DNSExfiltrator: which part, and the part; throttled.
        ("DNSExfiltrator", |n| format!("{n}.{}", labels(&drawn(BASE32, 180, n))), "TXT", 4, 5.0, 120),
        ("DNSExfiltrator slow", |n| format!("{n}.{}", labels(&drawn(BASE32, 60, n))), "TXT", 4, 300.0, 200),
        // A back door that asks for its orders every ten minutes, in text; and one that asks every minute for an address.
        ("orders in text", |n| drawn(HEX, 16, n), "TXT", 180, 600.0, DAY / 600),
        ("orders by address", |n| format!("{}.{}", drawn(HEX, 8, n), drawn(HEX, 8, 1)), "A", 4, 60.0, 600),
        // Addresses for answers, as where a resolver lets nothing else through.
        ("iodine addresses", |n| labels(&format!("0{}", drawn(BASE32, 170, n))), "A", 4, 0.1, 600),
        // Cobalt Strike: one name while it waits, and what it has to say in two long labels.
        ("Cobalt Strike", cobalt_strike, "A", 4, 20.0, 180),
        // Nothing comes back at all.
        ("one way", |n| labels(&drawn(HEX, 120, n)), "A", 0, 2.0, 300),
    ];
    let mut wrong = Vec::new();
    for (program, name, kind, bytes, pause, count) in table {
        for mut stream in [office(), Stream::default()] {
            let is_office = stream.events().len() > 10;
            for n in 0..count {
                let name = format!("{}.evil.example", name(n));
                let data = if kind == "A" { address("198.18.0.9") } else { DnsData::Other(bytes) };
                let (code, answers) =
                    if bytes == 0 { ("NXDOMAIN", vec![]) } else { ("NOERROR", answer(&name, kind, data)) };
                stream.ask(n as f64 * pause, "10.0.0.7", &name, kind, Some(code), answers);
            }
            let found = findings(&stream, "");
            let told = lines(&found);
            let is_told = found.detections.iter().any(|one| {
                one.kind == crate::Kind::DnsTunnel
                    && one.severity >= Severity::Medium
                    && one.remote.domain.as_deref() == Some("evil.example")
            });
            // Alone on its network there is nobody to compare it with: the rarest speakers are then not told.
            let may_be_silent = !is_office && matches!(program, "orders by address" | "iodine idle");
            if !is_told && !may_be_silent || found.detections.len() > 1 {
                wrong.push((program, is_office, told));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Names that are data to the last label stand under nothing: the summary says whom they were asked of.
#[test]
fn names_under_no_domain_are_told_by_their_server() {
    let mut stream = office();
    for n in 0..400u64 {
        let name = format!("{}.{}", labels(&drawn(HEX, 100, n)), drawn(HEX, 20, n + 1_000));
        let answers = text(&name, 100);
        stream.ask(n as f64, "10.0.0.7", &name, "TXT", Some("NOERROR"), answers);
    }
    let found = findings(&stream, "");
    let told: Vec<_> = found.detections.iter().filter(|one| one.kind == crate::Kind::DnsTunnel).collect();
    let [detection] = told.as_slice() else { panic!("{found:#?}") };
    let summary = &detection.summary;
    assert!(summary.nl.contains(" steeds andere namen aan de DNS-server 198.51.100.53: "), "{}", summary.nl);
    assert!(summary.en.contains(" ever different names to the DNS server 198.51.100.53: "), "{}", summary.en);
}
