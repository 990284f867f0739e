//! Mining, networks that hide, odd handshakes: the innocent first.

use wire::event::{
    HostName, Kind, Mining, MiningDialect, NameSource, RemoteMeans, TlsCertificate, TlsClient, TlsServer,
};

use super::*;

fn hello(sni: Option<&str>, alpn: &[&str], ja4: &str) -> Kind {
    Kind::TlsClient(TlsClient {
        sni: sni.map(str::to_owned),
        alpn: alpn.iter().map(|one| (*one).to_owned()).collect(),
        version: "1.2".into(),
        ja3: String::new(),
        ja3_text: String::new(),
        ja4: ja4.into(),
    })
}

fn certificate(subject: Option<&str>, issuer: Option<&str>, from: &str, until: &str) -> Kind {
    Kind::TlsCertificate(Box::new(TlsCertificate {
        subject: subject.map(str::to_owned),
        subject_organisation: None,
        issuer: issuer.map(str::to_owned),
        issuer_organisation: None,
        names: Vec::new(),
        not_before: Some(from.parse().unwrap()),
        not_after: Some(until.parse().unwrap()),
        is_self_signed: subject == issuer,
        chain: 1,
        sha1: "a".repeat(40),
        sha256: "b".repeat(64),
    }))
}

fn chosen(version: &str) -> Kind {
    Kind::TlsServer(TlsServer { version: version.into(), cipher: "0x1234".into(), alpn: None })
}

fn handshake(s: &mut Stream, at: f64, client: &str, server: (&str, u16), said: Vec<Kind>) {
    let said = said.into_iter().map(|kind| (0.05, kind)).collect();
    s.talk(at, client, server, said, Some("tls"), 500, 2000);
}

fn mining(method: &str, is_from_worker: bool) -> Kind {
    let agent = is_from_worker.then(|| "XMRig/6.21".to_owned());
    Kind::Mining(Mining { dialect: MiningDialect::Cryptonote, method: method.into(), is_from_worker, agent })
}

#[test]
fn a_miner_is_told_once_a_pool_however_long_it_goes_on() {
    let mut stream = office();
    for at in [10.0, 4000.0, 8000.0] {
        let said = vec![(0.1, mining("login", true)), (0.2, mining("job", false)), (600.0, mining("submit", true))];
        stream.talk(at, "10.0.0.3", ("203.0.113.33", 3333), said, Some("stratum"), 9000, 20_000);
    }
    check(&stream, "", &["miner high 10.0.0.3 203.0.113.33", "case high 10.0.0.3 1"]);
    let found = findings(&stream, "");
    assert_eq!(found.detections[0].evidence["connections"], Figure::Whole(3));
    insta::assert_snapshot!(found.detections[0].summary.nl, @"10.0.0.3 rekent aan cryptomunten voor 203.0.113.33:3333 met het programma XMRig/6.21, samen 30 minuten verbonden. Dat doet zelden een medewerker en vaak een indringer. Zoek op het apparaat welk programma dit is en hoe het daar kwam.");
    insta::assert_snapshot!(found.detections[0].summary.en, @"10.0.0.3 is mining crypto-coins for 203.0.113.33:3333 with the program XMRig/6.21, connected for 30 minutes in all. Seldom a member of staff does that, often an intruder. Find out on the device which program this is and how it came there.");
}

#[test]
fn a_miner_that_no_pool_answers_is_told_lower() {
    let mut stream = office();
    let said = vec![(0.1, mining("login", true))];
    stream.talk(10.0, "10.0.0.3", ("203.0.113.33", 3333), said, Some("stratum"), 300, 0);
    check(&stream, "", &["miner medium 10.0.0.3 203.0.113.33", "case medium 10.0.0.3 1"]);
}

#[test]
fn names_that_look_made_up_and_were_looked_up_are_silent() {
    let mut stream = office();
    for (number, name) in ["www.x7kq2hvbt.com", "www.b4ndwr5kx3.com", "www.2q4kt7hhs.net"].into_iter().enumerate() {
        let server = format!("198.51.100.{}", 200 + number);
        stream.dns(100.0 + number as f64, "10.0.0.4", name, &[&server]);
        handshake(&mut stream, 101.0 + number as f64, "10.0.0.4", (&server, 443), vec![hello(Some(name), &[], "app")]);
    }
    // A browser with the answer in its memory; one name of one program.
    let said = vec![hello(Some("www.e4od3hnssyu6g.com"), &["h2"], "browser")];
    handshake(&mut stream, 200.0, "10.0.0.5", ("198.51.100.210", 443), said.clone());
    let said = vec![hello(Some("www.e4od3hnssyu6g.com"), &[], "app")];
    handshake(&mut stream, 200.0, "10.0.0.6", ("198.51.100.210", 443), said);
    check(&stream, "", &[]);
}

#[test]
fn tor_is_told_by_several_names_or_by_its_certificate_and_never_high() {
    let mut stream = office();
    for (number, name) in ["www.gfu7hbxpfp.com", "www.ct7ctrgb6cr7.com"].into_iter().enumerate() {
        let server = format!("203.0.113.{}", 10 + number);
        handshake(&mut stream, 100.0 + number as f64, "10.0.0.4", (&server, 9001), vec![hello(Some(name), &[], "tor")]);
    }
    let (from, until) = ("2026-09-01T00:00:00Z", "2027-02-01T00:00:00Z");
    let said = vec![
        hello(Some("www.6gyip7tqim7sieb.com"), &[], "tor"),
        chosen("1.2"),
        certificate(Some("www.l7xvysfnvkb.net"), Some("www.a3uycdf3rn5md.com"), from, until),
    ];
    handshake(&mut stream, 300.0, "10.0.0.5", ("203.0.113.20", 443), said);
    let said = vec![hello(Some("www.6gyip7tqim7sieb.com"), &[], "tor")];
    handshake(&mut stream, 400.0, "10.0.0.6", ("203.0.113.20", 9001), said);
    check(
        &stream,
        "",
        &[
            "anonymiser medium 10.0.0.4 203.0.113.11",
            "anonymiser medium 10.0.0.5 203.0.113.20",
            "anonymiser low 10.0.0.6 203.0.113.20",
            "case medium 10.0.0.4 1",
            "case medium 10.0.0.5 1",
        ],
    );
}

#[test]
fn a_vpn_is_told_low() {
    let mut stream = office();
    stream.talk(10.0, "10.0.0.3", ("203.0.113.40", 51_820), vec![], Some("wireguard"), 90_000, 400_000);
    stream.talk(20.0, "10.0.0.4", ("203.0.113.40", 51_820), vec![], Some("wireguard"), 148, 0);
    stream.talk(30.0, "10.0.0.5", ("10.0.0.1", 51_820), vec![], Some("wireguard"), 90_000, 400_000);
    check(&stream, "", &["anonymiser low 10.0.0.3 203.0.113.40"]);
}

#[test]
fn what_is_odd_in_one_way_only_is_silent() {
    let (from, until) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    let own = |name| certificate(Some(name), Some(name), from, until);
    let mut stream = office();
    // Storage in the office itself; a small company's own server, looked up; a maker's cloud with an authority of its own.
    let said = vec![hello(None, &[], "nas"), chosen("1.2"), certificate(None, None, from, "2099-01-01T00:00:00Z")];
    handshake(&mut stream, 10.0, "10.0.0.2", ("10.0.0.9", 5001), said);
    stream.dns(19.0, "10.0.0.3", "mail.small.example", &["203.0.113.50"]);
    let said = vec![hello(Some("mail.small.example"), &["h2"], "browser"), chosen("1.2"), own("mail.small.example")];
    handshake(&mut stream, 20.0, "10.0.0.3", ("203.0.113.50", 443), said);
    let cloud = certificate(Some("device-cloud"), Some("Camera Maker Root"), from, "2045-01-01T00:00:00Z");
    handshake(
        &mut stream,
        30.0,
        "10.0.0.4",
        ("203.0.113.51", 8555),
        vec![hello(None, &[], "cam"), chosen("1.2"), cloud],
    );
    // Expired yesterday, as happens to everybody.
    stream.dns(39.0, "10.0.0.5", "www.forgot.example", &["203.0.113.52"]);
    let expired = certificate(Some("www.forgot.example"), Some("Trust R3"), from, "2026-10-18T00:00:00Z");
    let said = vec![hello(Some("www.forgot.example"), &["h2"], "browser"), chosen("1.2"), expired];
    handshake(&mut stream, 40.0, "10.0.0.5", ("203.0.113.52", 443), said);
    check(&stream, "", &[]);
}

#[test]
fn what_is_odd_in_many_ways_is_told_and_says_which() {
    let mut stream = office();
    let odd = certificate(Some("localhost"), Some("localhost"), "2026-10-15T00:00:00Z", "2027-10-15T00:00:00Z");
    let said = vec![hello(None, &[], "malware"), chosen("1.2"), odd];
    handshake(&mut stream, 500.0, "10.0.0.3", (EVIL_IP, 447), said);
    let expected = ["suspicious_tls medium 10.0.0.3 203.0.113.66", "case medium 10.0.0.3 1"];
    check(&stream, "", &expected);
    let found = findings(&stream, "");
    let signs =
        ["self_signed", "default_names", "young", "no_server_name", "odd_port", "never_looked_up", "rare_program"];
    assert_eq!(found.detections[0].evidence["signs"], Figure::Texts(signs.map(Into::into).to_vec()));
    insta::assert_snapshot!(found.detections[0].summary.nl, @"10.0.0.3 praat versleuteld met 203.0.113.66:447, en dat ziet er vreemd uit: het certificaat is door de server zelf gemaakt; het certificaat draagt geen echte naam; het certificaat is pas gemaakt; er werd om geen naam gevraagd; de poort is ongewoon; het adres werd nooit opgezocht; geen ander apparaat gebruikt dit programma. Elk apart zegt dat weinig, samen past het bij kwaadaardige software. Kijk welk programma dit doet en of het daar hoort.");
}

fn asks(s: &mut Stream, at: f64, client: &str, server: &str, means: Vec<RemoteMeans>) {
    let said = means.into_iter().map(|one| (0.1, Kind::RemoteAccess(one))).collect();
    s.talk(at, client, (server, 445), said, Some("smb"), 4000, 4000);
}

fn admin() -> RemoteMeans {
    RemoteMeans::AdminShare("admin$".into())
}

#[test]
fn files_printers_and_a_server_that_is_looked_after_are_silent() {
    let mut stream = office();
    for host in 1..=6 {
        asks(&mut stream, f64::from(host), &format!("10.0.0.{host}"), "10.0.0.200", vec![]);
        asks(&mut stream, 50.0 + f64::from(host), &format!("10.0.0.{host}"), "10.0.0.201", vec![]);
    }
    // The administrator looks after the server; the server hands out software; somebody helps a colleague.
    asks(&mut stream, 100.0, "10.0.0.1", "10.0.0.200", vec![admin(), RemoteMeans::ServiceControl]);
    for host in 1..=6 {
        let means = vec![admin(), RemoteMeans::ServiceControl];
        asks(&mut stream, 200.0 + f64::from(host), "10.0.0.200", &format!("10.0.0.{host}"), means);
    }
    stream.talk(300.0, "10.0.0.1", ("10.0.0.4", 3389), vec![], Some("rdp"), 9000, 90_000);
    check(&stream, "", &[]);
}

#[test]
fn a_workstation_that_takes_hold_of_others_is_told_by_how_many_and_how() {
    let mut one = office();
    asks(&mut one, 10.0, "10.0.0.3", "10.0.0.7", vec![admin(), RemoteMeans::ServiceControl, RemoteMeans::RemoteShell]);
    check(&one, "", &["lateral_movement medium 10.0.0.3 10.0.0.7", "case medium 10.0.0.3 1"]);
    let mut look = office();
    asks(&mut look, 10.0, "10.0.0.3", "10.0.0.7", vec![RemoteMeans::Registry]);
    check(&look, "", &["lateral_movement low 10.0.0.3 10.0.0.7"]);
    let mut many = office();
    for host in 5..=8 {
        asks(&mut many, f64::from(host), "10.0.0.3", &format!("10.0.0.{host}"), vec![RemoteMeans::Wmi]);
    }
    check(&many, "", &["lateral_movement high 10.0.0.3 10.0.0.5", "case high 10.0.0.3 1"]);
    let mut desktops = office();
    for host in 4..=10 {
        let other = format!("10.0.0.{host}");
        desktops.talk(f64::from(host), "10.0.0.3", (&other, 3389), vec![], Some("rdp"), 9000, 90_000);
    }
    check(&desktops, "", &["lateral_movement medium 10.0.0.3 10.0.0.4", "case medium 10.0.0.3 1"]);
}

#[test]
fn a_workstation_that_copies_the_directory_is_told_high() {
    let mut stream = office();
    for host in 1..=6 {
        asks(&mut stream, f64::from(host), &format!("10.0.0.{host}"), "10.0.0.200", vec![]);
    }
    asks(&mut stream, 100.0, "10.0.0.3", "10.0.0.200", vec![RemoteMeans::DirectoryReplication]);
    check(&stream, "", &["lateral_movement high 10.0.0.3 10.0.0.200", "case high 10.0.0.3 1"]);
}

fn called(source: NameSource, ip: Option<[u8; 4]>, mac: Option<[u8; 6]>, name: Option<&str>) -> (f64, Kind) {
    let name = name.map(str::to_owned);
    (0.1, Kind::HostName(HostName { source, ip: ip.map(Into::into), mac, name, kind: None, message: None }))
}

#[test]
fn a_host_is_called_what_it_calls_itself_and_dhcp_counts_most() {
    let mut stream = office();
    let mac = Some([2, 0, 10, 0, 0, 3]);
    let said = vec![
        called(NameSource::Dhcp, None, mac, Some("pc-jan")),
        called(NameSource::Dhcp, Some([10, 0, 0, 3]), mac, None),
    ];
    stream.talk(1.0, "0.0.0.0", ("255.255.255.255", 67), said, None, 300, 0);
    stream.talk(
        2.0,
        "10.0.0.3",
        ("10.0.0.255", 137),
        vec![called(NameSource::Netbios, Some([10, 0, 0, 3]), None, Some("old"))],
        None,
        60,
        0,
    );
    stream.talk(
        3.0,
        "10.0.0.4",
        ("10.0.0.255", 137),
        vec![called(NameSource::Netbios, None, None, Some("pc-piet"))],
        None,
        60,
        0,
    );
    for host in ["10.0.0.3", "10.0.0.4"] {
        let said = vec![(0.1, mining("login", true)), (0.2, mining("job", false))];
        stream.talk(10.0, host, ("203.0.113.33", 3333), said, Some("stratum"), 9000, 20_000);
    }
    let found = findings(&stream, "");
    let names: Vec<_> = found.detections.iter().map(|one| one.host.name.as_deref()).collect();
    assert_eq!(names, [Some("pc-jan"), Some("pc-piet")]);
}

#[test]
fn fingerprints_agents_and_urls_on_a_list_are_found_and_others_not() {
    let list = "ja4:t13d1516h2_8daaf6152771_e5627efa2ab1\nuser-agent: EvilBot/1.0\nhttp://evil.example/gate.php\n";
    let list = format!("{list}{}\n", "A".repeat(40));
    let mut stream = office();
    let said = vec![hello(Some("a.example"), &["h2"], "t13d1516h2_8daaf6152771_e5627efa2ab1")];
    handshake(&mut stream, 10.0, "10.0.0.2", ("203.0.113.7", 443), said);
    let (from, until) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    let signed = certificate(Some("b.example"), Some("Trust R3"), from, until);
    handshake(
        &mut stream,
        20.0,
        "10.0.0.3",
        ("203.0.113.8", 443),
        vec![hello(Some("b.example"), &["h2"], "x"), chosen("1.2"), signed],
    );
    stream.http(30.0, "10.0.0.4", "203.0.113.9", "c.example", "EvilBot/1.0", 200, 100);
    stream.http(40.0, "10.0.0.5", "203.0.113.9", "evil.example", "Mozilla/5.0", 200, 100);
    check(
        &stream,
        &list,
        &[
            "indicator medium 10.0.0.2 a.example",
            "indicator high 10.0.0.3 203.0.113.8",
            "indicator medium 10.0.0.4 c.example",
            "case high 10.0.0.3 1",
            "case medium 10.0.0.2 1",
            "case medium 10.0.0.4 1",
        ],
    );
}
