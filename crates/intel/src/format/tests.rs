//! Lists as their publishers write them (shapes from their documentation, with names and addresses of our own).

use super::*;
use crate::{Mark, ReadList, ThreatList, query_hash};

fn list(text: &str) -> ReadList {
    read(About::named("t"), text.as_bytes(), None)
}

fn on(list: &ThreatList, names: &[&str]) -> Vec<bool> {
    names.iter().map(|name| list.domain(name).is_some()).collect()
}

fn has_address(list: &ThreatList, ip: &str, port: u16) -> bool {
    list.address(ip.parse().unwrap(), port).is_some()
}

#[test]
fn a_form_is_told_by_its_content() {
    for (text, format) in [
        ("evil.example\nbad.example\n", Format::Plain),
        ("# remark, with a comma\n0.0.0.0 bad.example\n", Format::Plain),
        ("", Format::Plain),
        ("! Title: x\n||evil.example^\n", Format::Adblock),
        ("[Adblock Plus]\n||evil.example^$third-party\n", Format::Adblock),
        ("$TTL 30\n@ SOA localhost. root.localhost. (1 2 3 4 5)\n  NS localhost.\nevil.example CNAME .\n", Format::Rpz),
        ("evil.example CNAME .\n*.evil.example CNAME .\n", Format::Rpz),
        ("192.0.2.7,mass scanner,(static)\nevil.example,emotet (malware),(static)\n", Format::Csv),
        ("# first_seen_utc,dst_ip,dst_port\n\"2026-01-01 00:00:00\",\"192.0.2.7\",\"443\"\n", Format::Csv),
        ("Indicator type,Indicator,Description\ndomain,evil.example,\"a\nb\"\n", Format::Csv),
        ("what is this, a remark\nevil.example\n", Format::Plain),
        ("ja3_md5,Firstseen\ne7d705a3286e19ea42f587b344ee6865,2026\n", Format::Csv),
        ("{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[]}", Format::Stix),
        ("{\"more\":false,\"objects\":[]}", Format::Stix),
        ("{\"Event\":{\"info\":\"x\",\"Attribute\":[]}}", Format::Misp),
        ("[\n {\"Event\" : {\"info\":\"an \\\"indicator\\\"\",\"x\":\"indicator\",\"Attribute\":[]}}]", Format::Misp),
        ("ZXZpbC5leGFtcGxl\nYmFkLmV4YW1wbGU=\n", Format::Suricata),
        // With a value behind each, and a line that is none.
        ("# x\nZXZpbC5leGFtcGxl,100\nYmFkLmV4YW1wbGU=,7\n", Format::Suricata),
        ("ZXZpbC5leGFtcGxl\n!!!\nYmFkLmV4YW1wbGU=\n", Format::Suricata),
        ("ZXZpbC5leGFtcGxl,100\nYmFkLmV4YW1wbGU=,7\nbad.example,1\n", Format::Suricata),
        ("ZXZpbC5leGFtcGxl\n", Format::Suricata),
        ("evil.example,1\nbad.example,2\nZXZpbC5leGFtcGxl,3\n", Format::Csv),
    ] {
        assert_eq!(told_by_content(text.as_bytes()), format, "{text}");
    }
}

#[test]
fn rules_of_ad_blockers_name_domains_and_excuse_them() {
    let read = list(
        "[Adblock Plus]\n! Title: demo\n||evil.example^\n||bad.example^$third-party,important\n||narrow.example^$domain=shop.example\n\
         @@||good.evil.example^\n||192.0.2.7^\nshop.example##.banner\n||path.example/ads/\n||wild*.example^\n/regex/\n\
         plain.example\n0.0.0.0 hosts.example\n||com^\n",
    );
    let names = [
        "www.evil.example",
        "good.evil.example",
        "a.good.evil.example",
        "bad.example",
        "plain.example",
        "hosts.example",
    ];
    assert_eq!(on(&read.list, &names), [true, false, false, true, true, true]);
    assert_eq!(on(&read.list, &["narrow.example", "path.example", "shop.example"]), [false; 3]);
    assert!(has_address(&read.list, "192.0.2.7", 80));
    assert_eq!((read.skipped, read.invalid_count), (5, 1));
}

#[test]
fn a_zone_of_response_policies() {
    let read = list(
        "$TTL 60\n$ORIGIN rpz.example.\n@ IN SOA localhost. root.localhost. (\n 1 ; serial\n 2 3 4 5 )\n  IN NS localhost.\n\
         evil.example CNAME .\n*.evil.example CNAME .\nbad.example.rpz.example. 300 IN CNAME garden.example.\n\
         good.bad.example CNAME rpz-passthru.\nwww.rpz-bank.example CNAME .\nsunk.example A 0.0.0.0\n24.0.2.0.192.rpz-ip CNAME .\n48.zz.bad.db8.2001.rpz-ip CNAME .\n\
         32.1.0.0.10.rpz-client-ip CNAME .\nns.example.rpz-nsdname CNAME .\nwhat is this\n",
    );
    let names =
        ["evil.example", "x.evil.example", "bad.example", "good.bad.example", "sunk.example", "www.rpz-bank.example"];
    assert_eq!(on(&read.list, &names), [true, true, true, false, true, true]);
    assert!(has_address(&read.list, "192.0.2.200", 1) && has_address(&read.list, "2001:db8:bad::9", 1));
    assert_eq!((read.skipped, read.invalid_count), (2, 1), "{:?}", read.invalid);
}

#[test]
fn tables_with_a_heading_behind_a_remark_with_one_of_their_own_and_with_none() {
    let feodo = list(
        "################\n# Terms apply\n# first_seen_utc,dst_ip,dst_port,c2_status,last_online,malware\n\
         \"2026-01-05 14:36:31\",\"192.0.2.7\",\"8080\",\"online\",\"2026-11-01\",\"QakBot\"\n# END\n",
    );
    assert!(has_address(&feodo.list, "192.0.2.7", 8080) && !has_address(&feodo.list, "192.0.2.7", 443));
    assert_eq!(feodo.list.address("192.0.2.7".parse().unwrap(), 8080).unwrap().label, Some("QakBot"));

    let threatfox = list(
        "# \"first_seen_utc\",\"ioc_id\",\"ioc_value\",\"ioc_type\",\"threat_type\",\"malware_printable\"\n\
         \"2026-01-01 10:00:00\", \"1\", \"evil.example\", \"domain\", \"botnet_cc\", \"Lumma Stealer\"\n\
         \"2026-01-01 10:00:00\", \"2\", \"198.51.100.9:443\", \"ip:port\", \"botnet_cc\", \"Remcos\"\n\
         \"2026-01-01 10:00:00\", \"3\", \"https://bad.example/x.exe\", \"url\", \"payload_delivery\", \"Remcos\"\n",
    );
    assert_eq!(threatfox.list.domain("a.evil.example").unwrap().label, Some("Lumma Stealer"));
    assert!(has_address(&threatfox.list, "198.51.100.9", 443));
    assert_eq!(threatfox.list.mark(Mark::Url("bad.example", "/x.exe", None)).unwrap().label, Some("Remcos"));

    let typed = list(&format!(
        "ioc_type,ioc_value,malware\nsha256_hash,{},A\nmd5_hash,{},A\nFileHash-SHA1,{},A\nja3_md5,{},B\nx509_sha1,{},B\ndomain,evil.example,C\n",
        "ab".repeat(32),
        "ab".repeat(16),
        "ab".repeat(20),
        "cd".repeat(16),
        "cd".repeat(20)
    ));
    let has_print = |print: String| typed.list.mark(Mark::Print(&print)).is_some();
    assert!(has_print("cd".repeat(16)) && has_print("cd".repeat(20)));
    assert!(![16, 20, 32].into_iter().any(|bytes| has_print("ab".repeat(bytes))), "a file's hash passes no sensor");
    assert_eq!((typed.skipped, typed.list.len()), (3, 3));

    let sslbl = list(&format!("# Listingdate,SHA1,Listingreason\n2026-01-01 10:00:00,{},Vidar C&C\n", "ab".repeat(20)));
    assert_eq!(sslbl.list.mark(Mark::Print(&"AB".repeat(20))).unwrap().label, Some("Vidar C&C"));

    let trails = list(
        "192.0.2.7,mass scanner,(static)\nevil.example,emotet (malware),(static)\nbad.example/gate.php,x (malware),(static)\n\
         198.51.100.7:81,y,(static)\n/only/path,z,(static)\n",
    );
    assert_eq!(trails.list.address("192.0.2.7".parse().unwrap(), 1).unwrap().weight, crate::Weight::Remark);
    assert_eq!(trails.list.domain("evil.example").unwrap().label, Some("emotet (malware)"));
    assert!(trails.list.mark(Mark::Url("bad.example", "/gate.php", None)).is_some());
    assert_eq!((trails.list.len(), trails.skipped, trails.invalid_count), (4, 1, 0));

    let semicolons = list("naam;domein;uitleg\n1;evil.example;phishing\n2;bad.example;phishing\n");
    assert_eq!(on(&semicolons.list, &["evil.example", "bad.example"]), [true, true]);
}

#[test]
fn events_of_misp() {
    let read = list(
        r#"{"response":[{"Event":{"info":"Campagne X","Attribute":[
        {"type":"domain","value":"evil.example","to_ids":true},
        {"type":"domain","value":"victim.example","to_ids":false},
        {"type":"ip-dst|port","value":"192.0.2.7|8443","to_ids":true},
        {"type":"domain|ip","value":"bad.example|192.0.2.9","to_ids":true},
        {"type":"sha256","value":"aa","to_ids":true},
        {"type":"user-agent","value":"Evil/1.0 (x; y)","to_ids":true}],
        "Object":[{"Attribute":[{"type":"url","value":"http://c2.example/in.php","to_ids":true}]}]}}]}"#,
    );
    assert_eq!(on(&read.list, &["evil.example", "victim.example", "bad.example"]), [true, false, true]);
    assert!(has_address(&read.list, "192.0.2.7", 8443) && !has_address(&read.list, "192.0.2.9", 1));
    assert!(read.list.mark(Mark::UserAgent("Evil/1.0 (x; y)")).is_some());
    assert_eq!(read.list.mark(Mark::Url("c2.example", "/in.php", None)).unwrap().label, Some("Campagne X"));
    assert_eq!((read.skipped, read.invalid_count), (2, 0));
    let manifest =
        misp_manifest(br#"{"5a1-b":{"timestamp":"1700000000","info":"x"},"../../etc":{"timestamp":1}}"#).unwrap();
    assert_eq!(manifest.events, [("5a1-b.json".to_owned(), 1_700_000_000)].into());
    assert_eq!(misp_manifest(b"<html>"), None);
    for (json, is) in [
        (r#"{"5a1b2c3d-0000-4000-8000-0123456789ab":{"info":"x","timestamp":"1"}}"#, true),
        (r#"{"5a1b2c3d-0000-4000-8000-0123456789ab":{},"name":"site"}"#, false),
        (r#"{"name":"a web site's own","icons":[]}"#, false),
        ("{}", false),
        ("[]", false),
    ] {
        assert_eq!(is_misp_manifest(json.as_bytes()), is, "{json}");
    }
}

#[test]
fn indicators_of_stix() {
    let pattern = |pattern: &str| {
        format!(
            r#"{{"type":"indicator","spec_version":"2.1","name":"N","pattern_type":"stix","pattern":{}}}"#,
            serde_json::json!(pattern)
        )
    };
    let objects = [
        pattern("[domain-name:value = 'evil.example']"),
        pattern("[ipv4-addr:value = '192.0.2.7' OR ipv4-addr:value = '192.0.2.8'] OR [ipv4-addr:value ISSUBSET '198.51.100.0/24']"),
        pattern("[domain-name:value IN ('one.example', 'two.example')]"),
        pattern("[url:value = 'http://bad.example/x.bin']"),
        pattern("[network-traffic:dst_ref.value = '203.0.113.5' AND network-traffic:dst_port = 4444]"),
        pattern("[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.6' AND network-traffic:dst_port = 4444]"),
        pattern("[network-traffic:dst_ref.type = 'ipv4-addr' AND domain-name:value = 'both.example']"),
        pattern("[x509-certificate:hashes.'SHA-1' = 'abababababababababababababababababababab']"),
        pattern("[file:hashes.'SHA-256' = 'aa']"),
        pattern("[domain-name:value = 'both.example' AND file:name = 'x']"),
        pattern("[domain-name:value = 'unended"),
        r#"{"type":"indicator","pattern":"[domain-name:value = 'revoked.example']","pattern_type":"stix","revoked":true}"#.into(),
        r#"{"type":"indicator","pattern":"alert tcp any any","pattern_type":"snort"}"#.into(),
        r#"{"type":"malware","name":"x"}"#.into(),
    ];
    let read = list(&format!(r#"{{"type":"bundle","id":"bundle--1","objects":[{}]}}"#, objects.join(",")));
    let names = ["evil.example", "one.example", "two.example", "both.example", "revoked.example"];
    assert_eq!(on(&read.list, &names), [true, true, true, false, false]);
    for (ip, port) in
        [("192.0.2.7", 1), ("192.0.2.8", 1), ("198.51.100.77", 1), ("203.0.113.5", 4444), ("203.0.113.6", 4444)]
    {
        assert!(has_address(&read.list, ip, port), "{ip}");
    }
    assert!(!has_address(&read.list, "203.0.113.5", 80));
    assert!(
        read.list.mark(Mark::Print(&"ab".repeat(20))).is_some()
            && read.list.mark(Mark::Url("bad.example", "/x.bin", None)).is_some()
    );
    assert_eq!((read.skipped, read.invalid_count), (6, 0), "{:?}", read.invalid);
    assert_eq!(
        taxii_page(br#"{"more":true,"next":"p2","objects":[{}]}"#),
        Some(TaxiiPage { more: true, next: Some("p2".into()), objects: 1 })
    );
    let escaped = taxii_page(br#"{"more":true,"next":"a\u003d\/b","objects":[]}"#);
    assert_eq!(escaped.and_then(|page| page.next).as_deref(), Some("a=/b"));
    assert_eq!(taxii_page(br#"{"more":false,"next":"p2"}"#), Some(TaxiiPage { more: false, next: None, objects: 0 }));
    assert_eq!(taxii_page(br#"{"more":true}"#), Some(TaxiiPage { more: true, next: None, objects: 0 }));
    assert_eq!(taxii_page(b"<html>"), None);
}

#[test]
fn a_page_with_a_query_is_kept_with_it_in_every_form() {
    let url = "https://site.example/page.php?id=77&x=a;b";
    let stix = format!(r#"{{"type":"bundle","objects":[{{"type":"indicator","pattern":"[url:value = '{url}']"}}]}}"#);
    let misp = format!(r#"{{"Event":{{"info":"x","Attribute":[{{"type":"url","value":"{url}","to_ids":true}}]}}}}"#);
    let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, url);
    for text in [
        format!("{url}\nevil.example\n"),
        format!("url,malware\n{url},x\nhttps://other.example/a,x\n"),
        format!("\"2026-01-01\",\"{url}\",\"online\"\n"),
        misp,
        stix,
        format!("{base64}\n"),
    ] {
        let read = list(&text);
        assert_eq!(read.invalid_count, 0, "{text}: {:?}", read.invalid);
        for (query, is_listed) in [("id=77&x=a;b", true), ("id=77&x=a", false), ("id=77", false), ("", false)] {
            let mark = Mark::Url("site.example", "/page.php", query_hash(query));
            assert_eq!(read.list.mark(mark).is_some(), is_listed, "{query}: {text}");
        }
        assert!(read.list.domain("site.example").is_none());
    }
}

#[test]
fn an_indicator_of_stix_that_its_publisher_does_not_hold_against_anybody_yet_accuses_nobody() {
    let said =
        |more: &str, name: &str| format!(r#"{{"type":"indicator","pattern":"[domain-name:value = '{name}']",{more}}}"#);
    let objects = [
        said(r#""indicator_types":["benign"]"#, "benign.example"),
        said(r#""valid_from":"2099-01-01T00:00:00Z""#, "later.example"),
        said(r#""valid_from":"2020-01-01T00:00:00Z","indicator_types":["malicious-activity"]"#, "evil.example"),
    ];
    let bundle = format!(r#"{{"type":"bundle","objects":[{}]}}"#, objects.join(","));
    let about = About { fetched_at: Some("2026-11-29T06:00:00Z".parse().unwrap()), ..About::named("t") };
    let read = super::read(about, bundle.as_bytes(), None);
    let names = ["benign.example", "later.example", "evil.example"];
    assert_eq!((on(&read.list, &names), read.skipped), (vec![false, false, true], 2));
}

#[test]
fn an_indicator_of_stix_whose_time_is_over_accuses_nobody() {
    let object = |name: &str, until: &str| {
        format!(r#"{{"type":"indicator","pattern":"[domain-name:value = '{name}']","valid_until":"{until}"}}"#)
    };
    let objects = [
        object("over.example", "2021-01-01T00:00:00Z"),
        object("held.example", "2030-01-01T00:00:00.5Z"),
        object("unclear.example", "soon"),
    ];
    let bundle = format!(r#"{{"type":"bundle","objects":[{}]}}"#, objects.join(","));
    let read = |at: Option<&str>| {
        let about = About { fetched_at: at.map(|at| at.parse().unwrap()), ..About::named("t") };
        let read = super::read(about, bundle.as_bytes(), None);
        (on(&read.list, &["over.example", "held.example", "unclear.example"]), read.skipped)
    };
    assert_eq!(read(Some("2026-11-29T06:00:00Z")), (vec![false, true, true], 1));
    assert_eq!(read(None), (vec![true, true, true], 0), "nobody can say");
}

#[test]
fn a_table_of_ranges_names_each_whole() {
    let rows = "45.1.1.0\t45.1.1.255\t24\t1234\tNAME\tNL\ta@b.example\n45.1.2.128\t45.1.2.255\t25\t7\tX\tNL\t\n";
    for text in [
        format!("# DShield\n# Start\tEnd\tNetblock\tAttacks\tName\tCountry\temail\n{rows}"),
        format!("# DShield\nStart\tEnd\tNetblock\tAttacks\tName\tCountry\temail\n{rows}"),
        rows.to_owned(),
    ] {
        let read = list(&text);
        assert_eq!((read.list.len(), read.invalid_count), (2, 0), "{text}: {:?}", read.invalid);
        for (ip, is_listed) in
            [("45.1.1.0", true), ("45.1.1.77", true), ("45.1.2.0", false), ("45.1.2.200", true), ("45.1.3.0", false)]
        {
            assert_eq!(has_address(&read.list, ip, 1), is_listed, "{ip}: {text}");
        }
    }
    let read =
        list("Start\tEnd\tNetblock\n45.1.1.0\t45.1.1.255\t24\n45.1.2.0\t45.1.3.255\t24\n45.1.4.0\t45.1.4.9\t24\n");
    assert_eq!((read.list.len(), read.invalid_count), (1, 2), "who contradicts himself names nobody");
}

#[test]
fn a_heading_of_two_words_and_prints_in_capitals_are_known() {
    let read = list(
        "Indicator type,Indicator,Description\ndomain,otx.example,x\nFileHash-MD5,d41d8cd98f00b204e9800998ecf8427e,\n",
    );
    assert_eq!((on(&read.list, &["otx.example"]), read.list.len(), read.skipped), (vec![true], 1, 1));
    let print = "t13d190900_9dc949149365_97f8aa674fd9";
    for text in [
        format!("application,library,ja4_fingerprint,notes\nSliver,,{print},\n"),
        format!("JA4:{print}\n"),
        format!("ja4:{print}\n"),
    ] {
        assert!(list(&text).list.mark(Mark::Print(print)).is_some(), "{text}");
    }
}

#[test]
fn what_is_odd_in_one_piece_of_json_spoils_no_other() {
    let good = r#"{"type":"domain","value":"good.example","to_ids":true,"deleted":false}"#;
    let other = r#""type":"domain","value":"other.example""#;
    let event = |more: &str| format!(r#"{{"Event":{{"info":"x","Attribute":[{good}{more}}}}}"#);
    // With what is on the list besides, what is passed over, and what is counted as a fault.
    for (json, has_other, skipped, faults) in [
        (event(r#",{"type":"size-in-bytes","value":12345,"to_ids":false}]"#), false, 1, 0),
        (event(&format!(r#",{{{other},"to_ids":"1"}}]"#)), true, 0, 0),
        (event(&format!(r#",{{{other},"to_ids":1,"deleted":"0"}}]"#)), true, 0, 0),
        (event(&format!(r#",{{{other},"to_ids":true,"deleted":null}}]"#)), true, 0, 0),
        (event(&format!(r#",{{{other},"to_ids":true,"deleted":"1"}}]"#)), false, 1, 0),
        (event(&format!(r#",{{{other},"to_ids":null}}]"#)), false, 1, 0),
        (event(&format!(r#",{{{other},"to_ids":true}}],"Object":null"#)), true, 0, 0),
        (event(&format!(r#"],"Object":[7,{{"Attribute":[{{{other},"to_ids":true}}]}}]"#)), true, 0, 1),
        (event(r#",null,"odd"],"Object":{}"#), false, 0, 3),
        (format!(r#"[{},{{"Event":"odd"}},"gone.json"]"#, event("]")), false, 0, 2),
        (format!(r#"{{"response":{{"Attribute":[{good},{{{other},"to_ids":true,"Event":{{}}}}]}}}}"#), true, 0, 0),
    ] {
        let read = list(&json);
        assert_eq!(on(&read.list, &["good.example", "other.example"]), [true, has_other], "{json}");
        assert_eq!((read.skipped, read.invalid_count), (skipped, faults), "{json}: {:?}", read.invalid);
    }
    let good = r#"{"type":"indicator","pattern":"[domain-name:value = 'good.example']","pattern_type":"stix"}"#;
    let other = r#""type":"indicator","pattern":"[domain-name:value = 'other.example']""#;
    for (more, has_other, faults) in [
        (format!(r#"{{{other},"name":null,"revoked":null,"valid_until":null,"pattern_type":null}}"#), true, 0),
        (r#"{"type":"x-custom","name":{"en":"x"}}"#.to_owned(), false, 0),
        (format!(r#"7,{{{other},"name":{{}}}}"#), true, 1),
    ] {
        let json = format!(r#"{{"type":"bundle","objects":[{good},{more}]}}"#);
        let read = list(&json);
        assert_eq!(on(&read.list, &["good.example", "other.example"]), [true, has_other], "{json}");
        assert_eq!(read.invalid_count, faults, "{json}: {:?}", read.invalid);
    }
}

#[test]
fn arrays_within_arrays_without_end_are_no_events() {
    let read = super::read(About::named("t"), "[".repeat(100_000).as_bytes(), Some(Format::Misp));
    assert_eq!(read.invalid_count, 1);
    let read = super::read(
        About::named("t"),
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).as_bytes(),
        Some(Format::Misp),
    );
    assert_eq!(read.invalid_count, 1);
}

#[test]
fn datasets_of_suricata() {
    let read = super::read(About::named("t"), b"ZXZpbC5leGFtcGxl\nYmFkLmV4YW1wbGU=,100\n!!!\n", Some(Format::Suricata));
    assert_eq!(on(&read.list, &["evil.example", "bad.example"]), [true, true]);
    assert_eq!(read.invalid_count, 1);
    let plain = super::read(About::named("t"), b"192.0.2.7\n", Some(Format::Suricata));
    assert!(has_address(&plain.list, "192.0.2.7", 1));
}

#[test]
fn a_dataset_of_suricata_with_values_and_a_bad_line_is_read_without_its_name() {
    let read = list("ZXZpbC5leGFtcGxl,100\n!!!,1\nYmFkLmV4YW1wbGU=,7\nplain.example\nMTkyLjAuMi43,1\n");
    assert_eq!(on(&read.list, &["evil.example", "bad.example", "plain.example"]), [true; 3]);
    assert!(has_address(&read.list, "192.0.2.7", 1));
    assert_eq!((read.invalid_count, read.invalid[0].line), (1, 2));
}

#[test]
fn another_form_said_by_hand_wins() {
    let read = super::read(About::named("t"), b"evil.example,x\nbad.example,y\n", Some(Format::Plain));
    assert_eq!((read.list.len(), read.invalid_count), (0, 2));
    assert_eq!(
        "sticks".parse::<Format>().unwrap_err().to_string().split(';').next(),
        Some("`sticks` is no form of a threat list")
    );
}

#[test]
fn a_million_broken_lines_leave_a_hundred_behind() {
    let read = list(&"what is this\n".repeat(1_000_000));
    assert_eq!((read.invalid.len(), read.invalid_count, read.list.len()), (100, 1_000_000, 0));
}

proptest::proptest! {
    #[test]
    fn any_bytes_in_any_form_are_read_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        for format in Format::ALL {
            drop(super::read(About::named("t"), &bytes, Some(format)));
        }
        assert!(Format::ALL.contains(&told_by_content(&bytes)));
    }

    #[test]
    fn any_text_like_a_pattern_is_read_or_skipped(text in "[\\[\\]()'=,a-z0-9:. ORANDI]{0,80}") {
        let json = format!(r#"{{"type":"bundle","objects":[{{"type":"indicator","pattern":{}}}]}}"#, serde_json::json!(text));
        drop(list(&json));
    }
}
