//! How much goes out, and for how long, the innocent first.

use super::{check, office, stream::Stream};

const MB: u64 = 1_000_000;

/// What an office sends on an ordinary day: everybody to the cloud store that all have.
fn sending_office() -> Stream {
    let mut stream = office();
    for host in 1..=10u8 {
        stream.tls(
            9_000.0,
            &format!("10.0.0.{host}"),
            "192.0.2.80",
            Some("files.cloud.example"),
            "system",
            2 * MB,
            50_000,
        );
    }
    stream
}

#[test]
fn a_backup_and_a_large_file_are_silent() {
    let mut stream = sending_office();
    // To the store that all use; to a place of its own, but every night; a file sent once by the web.
    stream.tls(30_000.0, "10.0.0.5", "192.0.2.80", Some("files.cloud.example"), "system", 420 * MB, 300_000);
    for day in 0..5 {
        let at = 70_000.0 + 86_400.0 * f64::from(day);
        stream.tls(
            at,
            "10.0.0.6",
            "192.0.2.81",
            Some("backup.elsewhere.example"),
            "system",
            (900 + 10 * u64::from(day as u8)) * MB,
            9_000_000,
        );
    }
    stream.tls(600.0, "10.0.0.3", "192.0.2.82", Some("send.transfer.example"), "browser", 180 * MB, 20 * MB);
    // A call goes both ways.
    stream.udp(30_000.0, "10.0.0.4", "192.0.2.83", 40_000, 700 * MB, 650 * MB);
    check(&stream, "", &[]);
}

#[test]
fn much_to_a_bare_address_at_an_odd_port_is_found() {
    let mut stream = sending_office();
    stream.tls_port(20_000.0, "10.0.0.7", "203.0.113.66", 22, None, "other", 640 * MB, 90_000);
    check(&stream, "", &["exfiltration high 10.0.0.7 203.0.113.66", "case high 10.0.0.7 1"]);
}

#[test]
fn very_much_to_a_new_place_by_the_web_is_worth_a_look() {
    let mut stream = sending_office();
    stream.tls(20_000.0, "10.0.0.7", "203.0.113.66", Some("drop.example"), "other", 4_000 * MB, 900_000);
    check(&stream, "", &["exfiltration medium 10.0.0.7 drop.example", "case medium 10.0.0.7 1"]);
}
