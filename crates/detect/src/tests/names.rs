//! Names that are data, and names that are drawn by lot, the innocent first.

use std::fs;

use wire::event::{DnsAnswer, DnsData};

use super::{Severity, check, findings, lines, office, stream::Stream};
use crate::names;

/// SplitMix64 in the given alphabet.
pub(super) fn drawn(alphabet: &[u8], length: usize, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize
    };
    (0..length).map(|_| char::from(alphabet[next() % alphabet.len()])).collect()
}

pub(super) const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
pub(super) const HEX: &[u8] = b"0123456789abcdef";
pub(super) const BASE32: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";

pub(super) fn answer(name: &str, kind: &str, data: DnsData) -> Vec<DnsAnswer> {
    vec![DnsAnswer { name: name.into(), kind: kind.into(), ttl: 60, data }]
}

pub(super) fn address(text: &str) -> DnsData {
    DnsData::Address(text.parse().unwrap())
}

#[test]
fn content_networks_scanners_and_blocklists_are_silent() {
    let mut stream = office();
    for n in 0..300u64 {
        let at = n as f64 * 5.0;
        // A content network gives every file a name of its own, and the browser fetches it.
        let name = format!("{}.cdn.example", drawn(HEX, 32, n));
        stream.dns(at, "10.0.0.2", &name, &["198.18.0.1"]);
        stream.tls(at + 0.1, "10.0.0.2", "198.18.0.1", Some(&name), "browser", 900, 40_000);
        // A virus scanner asks for verdicts on files, a mail server for those on senders.
        let name = format!("{}.verdict.example", drawn(HEX, 40, n));
        stream.ask(at, "10.0.0.3", &name, "A", Some("NOERROR"), answer(&name, "A", address("127.0.0.4")));
        let name = format!("{}.{}.113.203.bl.example", n % 250, n / 250);
        stream.ask(at, "10.0.0.4", &name, "A", Some("NXDOMAIN"), vec![]);
        let name = format!("{}.f.{}.avts.sophosxl.net", drawn(HEX, 30, n), drawn(HEX, 12, n));
        stream.ask(at, "10.0.0.5", &name, "TXT", Some("NOERROR"), answer(&name, "TXT", DnsData::Other(60)));
        // A provider's customers.
        let name = format!("c-{}-{}-113-203.hsd1.provider.example", n % 250, n / 250);
        stream.ask(at, "10.0.0.6", &name, "A", Some("NOERROR"), answer(&name, "A", address("203.0.113.9")));
        // Reverse look-ups, and who may send mail for whom.
        let name = format!("{}.{}.113.203.in-addr.arpa", n % 250, n / 250);
        stream.ask(at, "10.0.0.4", &name, "PTR", Some("NXDOMAIN"), vec![]);
        let name = format!("s{n}._domainkey.mail{}.example", n % 7);
        stream.ask(at, "10.0.0.4", &name, "TXT", Some("NOERROR"), answer(&name, "TXT", DnsData::Other(400)));
        // Everybody's telemetry.
        for host in 1..=10 {
            let name = format!("{}.telemetry.example", drawn(BASE32, 30, n * 31 + host));
            stream.ask(at, &format!("10.0.0.{host}"), &name, "TXT", Some("NOERROR"), vec![]);
        }
    }
    check(&stream, "", &[]);
}

#[test]
fn tunnels_of_every_kind_are_found() {
    // Kind of question, alphabet, length of the name, bytes of the answer, seconds between questions, how many.
    let table = [
        ("TXT", HEX, 60, 100, 1.0, 150),
        ("CNAME", HEX, 60, 60, 1.0, 150),
        ("MX", HEX, 30, 40, 1.0, 150),
        ("NULL", BASE32, 10, 120, 0.1, 300),
        ("A", BASE32, 120, 4, 0.2, 400),
        ("TXT", BASE32, 16, 41, 120.0, 600),
    ];
    for (kind, alphabet, length, bytes, pause, count) in table {
        let mut stream = office();
        for n in 0..count {
            let data: Vec<_> = drawn(alphabet, length, n)
                .as_bytes()
                .chunks(60)
                .map(|part| String::from_utf8_lossy(part).into_owned())
                .collect();
            let name = format!("{}.evil.example", data.join("."));
            let data = if kind == "A" { address("198.18.0.9") } else { DnsData::Other(bytes) };
            stream.ask(n as f64 * pause, "10.0.0.7", &name, kind, Some("NOERROR"), answer(&name, kind, data));
        }
        let found = findings(&stream, "");
        let told = lines(&found);
        assert_eq!(told.len(), 2, "{kind} {length}: {told:?} {:#?}", found.detections);
        assert!(
            told[0].ends_with("10.0.0.7 evil.example") && found.detections[0].severity >= Severity::Medium,
            "{told:?}"
        );
    }
}

#[test]
fn mistyped_names_and_a_browsers_probes_are_silent() {
    let mut stream = office();
    for n in 0..40u64 {
        let at = n as f64 * 60.0;
        // A browser asks for three names that cannot exist, to see whether the resolver lies.
        stream.ask(at, "10.0.0.2", &drawn(LETTERS, 12, n), "A", Some("NXDOMAIN"), vec![]);
        stream.ask(at, "10.0.0.2", &format!("{}.office.lan", drawn(LETTERS, 12, n)), "A", Some("NXDOMAIN"), vec![]);
        stream.ask(at, "10.0.0.2", &format!("{}.example.com", drawn(LETTERS, 12, n)), "A", Some("NXDOMAIN"), vec![]);
    }
    for (n, name) in ["gogle.nl", "rabobnak.nl", "old-printer.example", "belastingdienst.nu", "www.bakkerijjansen.nl"]
        .iter()
        .enumerate()
    {
        stream.ask(n as f64 * 300.0, "10.0.0.3", name, "A", Some("NXDOMAIN"), vec![]);
    }
    // A list of blocked advertisers, the same on every host.
    for host in 1..=10 {
        for n in 0..30u64 {
            let name = format!("{}.com", drawn(LETTERS, 12, n));
            stream.ask(n as f64, &format!("10.0.0.{host}"), &name, "A", Some("NXDOMAIN"), vec![]);
        }
    }
    check(&stream, "", &[]);
}

#[test]
fn a_burst_of_drawn_names_is_found_with_the_one_that_exists() {
    let mut stream = office();
    for n in 0..60u64 {
        stream.ask(n as f64 * 4.0, "10.0.0.7", &format!("{}.ru", drawn(LETTERS, 13, n)), "A", Some("NXDOMAIN"), vec![]);
    }
    stream.dns(300.0, "10.0.0.7", "qxkvzjwphtrd.ru", &["203.0.113.66"]);
    check(&stream, "", &["dga high 10.0.0.7 qxkvzjwphtrd.ru", "case high 10.0.0.7 1"]);
}

#[test]
fn drawn_names_under_a_service_that_gives_names_out_are_found() {
    let mut stream = office();
    for n in 0..60u64 {
        let service = ["ddns.net", "duckdns.org", "hopto.org"][n as usize % 3];
        let name = format!("{}.{service}", drawn(LETTERS, 14, n));
        stream.ask(n as f64 * 20.0, "10.0.0.7", &name, "A", Some("NXDOMAIN"), vec![]);
    }
    stream.dns(1_300.0, "10.0.0.7", "d3xqkvzjwphtrd.cloudfront.net", &["192.0.2.90"]);
    check(&stream, "", &["dga high 10.0.0.7 ", "case high 10.0.0.7 1"]);
    stream.dns(1_301.0, "10.0.0.7", "qxkvzjwphtrd.ddns.net", &["203.0.113.66"]);
    check(&stream, "", &["dga high 10.0.0.7 qxkvzjwphtrd.ddns.net", "case high 10.0.0.7 1"]);
}

/// Content networks, clouds and tunnels draw the names that they give out, and those exist.
#[test]
fn drawn_names_that_clouds_give_out_are_silent() {
    let mut stream = office();
    for n in 0..60u64 {
        for (service, host) in
            [("cloudfront.net", 2), ("s3.amazonaws.com", 3), ("azurewebsites.net", 4), ("ngrok.io", 5)]
        {
            let name = format!("{}.{service}", drawn(HEX, 14, n));
            stream.dns(n as f64 * 30.0, &format!("10.0.0.{host}"), &name, &["192.0.2.90"]);
        }
    }
    let told = lines(&findings(&stream, ""));
    assert!(!told.iter().any(|line| line.starts_with("dga")), "{told:?}");
}

/// Who looks after others' routers and storage asks for those that are off as well; an algorithm looks elsewhere.
#[test]
fn names_that_makers_and_clouds_draw_are_silent() {
    let found = |services: &[&str]| {
        let mut stream = office();
        for n in 0..60u64 {
            let service = services[n as usize % services.len()];
            let name = format!("{}.{service}", drawn(LETTERS, 14, n));
            stream.ask(n as f64 * 20.0, "10.0.0.7", &name, "A", Some("NXDOMAIN"), vec![]);
        }
        lines(&findings(&stream, ""))
    };
    let devices = ["sn.mynetname.net", "myfritz.net", "synology.me", "myqnapcloud.com", "direct.quickconnect.to"];
    assert_eq!(found(&devices), [""; 0]);
    assert_eq!(found(&["plex.direct", "id.ui.direct", "quickconnect.to", "vpn.mynetname.net"]), [""; 0]);
    // A blocker denies the names that clouds drew.
    for clouds in [
        &["cloudfront.net", "a.ssl.fastly.net", "dscb.akamai.net"][..],
        &["azurewebsites.net", "azureedge.net", "westeurope.cloudapp.azure.com", "trafficmanager.net"],
        &["s3.amazonaws.com", "eu-west-1.elb.amazonaws.com", "blob.core.windows.net", "herokuapp.com"],
    ] {
        assert_eq!(found(clouds), [""; 0]);
    }
    assert_eq!(found(&["ddns.net", "hopto.org"]), ["dga high 10.0.0.7 ", "case high 10.0.0.7 1"]);
    assert_eq!(found(&["ddns.net", "cloudfront.net"]), ["dga high 10.0.0.7 ", "case high 10.0.0.7 1"]);
}

#[test]
fn many_names_that_nobody_holds_are_worth_a_look() {
    let mut stream = Stream::default();
    let words = ["little", "soldier", "destroy", "people", "river", "winter", "silver", "garden", "orange"];
    for n in 0..81 {
        let name = format!("{}{}.net", words[n / 9], words[n % 9]);
        stream.ask(n as f64 * 4.0, "10.0.0.7", &name, "A", Some("NXDOMAIN"), vec![]);
    }
    check(&stream, "", &["dga medium 10.0.0.7 ", "case medium 10.0.0.7 1"]);
}

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/dga");

/// Families whose names are drawn character by character; others put words or syllables together, alter real names, or
/// have five characters at most.
const DRAWN: [&str; 13] = [
    "chinad",
    "fobber",
    "m0yv",
    "monerodownloader",
    "mydoom",
    "nymaim",
    "pykspa",
    "qadars",
    "ramnit",
    "reconyc",
    "shiotob",
    "tempedreve",
    "tufik",
];

/// The model has seen none of these families, and none of these popular names. What is judged is a burst of ten names,
/// as the detector does; single names are shown beside it, since popular lists hold drawn names too.
#[test]
fn families_unseen_in_training_are_found_and_popular_names_are_not() {
    let Ok(generated) = fs::read_to_string(format!("{CORPUS}/names.tsv")) else {
        println!("skipped: no corpus at {CORPUS}");
        return;
    };
    let popular = fs::read_to_string(format!("{CORPUS}/benign.txt")).unwrap();
    let mut popular: Vec<&str> = popular.lines().filter_map(names::chosen_label).collect();
    popular.sort_unstable_by_key(|name| {
        drawn(LETTERS, 8, name.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31) + u64::from(byte)))
    });
    popular.dedup();
    let share = |labels: &[&str]| {
        let bursts = labels.chunks_exact(10);
        let all = bursts.len();
        let found = bursts.filter(|burst| names::burst(burst.iter().copied()) >= 2.0).count();
        (found, all)
    };
    let (false_bursts, all_bursts) = share(&popular);
    let odd = |labels: &[&str]| {
        labels.iter().filter(|label| names::drawn_bits(label) >= 24.0).count() as f64 / labels.len() as f64
    };
    println!(
        "popular names: {false_bursts} of {all_bursts} bursts of ten; single names {:.2} %",
        odd(&popular) * 100.0
    );
    let mut shares = Vec::new();
    let mut families: Vec<&str> = generated.lines().filter_map(|line| Some(line.split_once('\t')?.0)).collect();
    families.dedup();
    for family in families {
        let labels: Vec<&str> = generated
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter(|(of, _)| *of == family)
            .filter_map(|(_, name)| names::chosen_label(name))
            .collect();
        let (found, all) = share(&labels);
        println!("{family}: {found} of {all} bursts of ten; single names {:.1} %", odd(&labels) * 100.0);
        if DRAWN.contains(&family) {
            shares.push(found as f64 / all as f64);
        }
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    println!("families drawn by character: {:.1} % of bursts", mean * 100.0);
    assert_eq!(shares.len(), DRAWN.len());
    assert!(mean >= 0.85, "{mean}");
    assert!(false_bursts as f64 <= all_bursts as f64 * 0.001, "{false_bursts} of {all_bursts}");
}
