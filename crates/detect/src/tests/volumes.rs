//! How much goes out, and for how long, the innocent first.

use wire::event::{Content, HttpBody, HttpRequest, Kind as Seen, Referer};

use super::{check, findings, lines, office, stream::Stream};

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

/// What is said of amounts alone: much in many conversations has a rhythm as well.
fn amounts(stream: &Stream) -> Vec<String> {
    lines(&findings(stream, "")).into_iter().filter(|line| line.starts_with("exfiltration")).collect()
}

/// So many uploads of so many bytes to one place, at no steady pace.
fn uploads(stream: &mut Stream, from: f64, name: &str, count: u32, bytes: u64) {
    for n in 0..count {
        let at = from + f64::from(n) * 90.0 + f64::from(n * n % 61);
        stream.tls(at, "10.0.0.7", "203.0.113.66", Some(name), "browser", bytes, 5_000);
    }
}

#[test]
fn what_is_sent_weighs_by_where_it_goes_and_in_how_many_pieces() {
    for (name, count, bytes, expected) in [
        ("drop.example", 1, 900 * MB, None),
        ("drop.example", 1, 1_900 * MB, None),
        ("drop.example", 1, 2_000 * MB, Some("medium")),
        ("drop.example", 200, 7 * MB, Some("medium")),
        ("drop.example", 200, 3 * MB / 2, Some("medium")),
        ("drop.example", 19, 7 * MB, None),
        ("drop.example", 300, 9 * MB / 10, None),
        // What people send by a service for files, and what its programs do.
        ("www.wetransfer.com", 1, 1_900 * MB, None),
        ("www.wetransfer.com", 1, 4_000 * MB, Some("medium")),
        ("content.dropboxapi.com", 200, 3 * MB, None),
        ("upload.vimeo.com", 1, 4_500 * MB, Some("medium")),
        // Where thieves bring it.
        ("api.telegram.org", 1, 900 * MB, Some("medium")),
        ("gfs270n1.userstorage.mega.co.nz", 60, 50 * MB, Some("high")),
    ] {
        let mut stream = sending_office();
        uploads(&mut stream, 20_000.0, name, count, bytes);
        let expected = expected.map(|severity| format!("exfiltration {severity} 10.0.0.7 {name}"));
        assert_eq!(amounts(&stream), Vec::from_iter(expected), "{name}: {count} of {bytes}");
    }
}

#[test]
fn what_no_service_takes_at_once_is_an_alarm_at_the_first_contact() {
    for (name, bytes, by_others, expected) in [
        ("drop.example", 900 * MB, 900, "medium"),
        ("drop.example", 1_900 * MB, 900, "medium"),
        ("drop.example", 2_000 * MB, 900, "high"),
        ("drop.example", 2_000 * MB, 30 * MB, "high"),
        ("www.wetransfer.com", 1_000 * MB, 900, "medium"),
        ("files.backblazeb2.com", 60_000 * MB, 900, "medium"),
    ] {
        let mut stream = Stream::default();
        // Three days of an ordinary office, so that its places are known.
        for hour in 0..72u32 {
            for host in 1..=8u8 {
                let at = f64::from(hour) * 3_600.0 + f64::from(host) * 97.0;
                let (client, sent) = (format!("10.0.0.{host}"), if host == 5 { by_others } else { 900 });
                stream.tls(at, &client, "192.0.2.9", Some("mail.example"), "system", sent, 3_000);
            }
        }
        uploads(&mut stream, 75.0 * 3_600.0, name, 1, bytes);
        assert_eq!(amounts(&stream), [format!("exfiltration {expected} 10.0.0.7 {name}")], "{bytes}");
    }
}

#[test]
fn an_archive_that_is_sent_readable_is_worth_a_look() {
    let archive = || Seen::HttpBody(HttpBody { stream: 0, content: Content::Archive, is_from_client: true });
    for (method, path, kind, body, bytes, is_told) in [
        ("PUT", "/dump.7z", None, None, 150 * MB, true),
        ("POST", "/in/Klanten.SQL", None, None, 150 * MB, true),
        ("POST", "/upload", Some("application/zip"), None, 150 * MB, true),
        ("POST", "/upload", None, Some(archive()), 150 * MB, true),
        ("PUT", "/dump.7z", None, None, 90 * MB, false),
        ("GET", "/dump.7z", None, None, 150 * MB, false),
        ("PUT", "/film.mp4", Some("video/mp4"), None, 150 * MB, false),
    ] {
        let request = HttpRequest {
            stream: 0,
            method: method.into(),
            host: Some("drop.example".into()),
            path: path.into(),
            query: None,
            user_agent: None,
            content_type: kind.map(str::to_owned),
            content_length: None,
            has_accept: true,
            referer: Referer::Other,
        };
        let mut stream = sending_office();
        stream.dns(19_999.0, "10.0.0.7", "drop.example", &["203.0.113.66"]);
        let said = std::iter::once(Seen::HttpRequest(request)).chain(body).map(|kind| (0.1, kind)).collect();
        stream.talk(20_000.0, "10.0.0.7", ("203.0.113.66", 80), said, Some("http"), bytes, 50_000);
        let expected = is_told.then(|| "exfiltration medium 10.0.0.7 drop.example".to_owned());
        assert_eq!(amounts(&stream), Vec::from_iter(expected), "{method} {path}");
    }
}

#[test]
fn live_pictures_and_code_are_milder_than_the_same_amount_elsewhere() {
    let (bare, code) = (None, Some("github.com"));
    for (what, name, port, count, bytes, severity) in [
        ("live pictures", bare, 1935, 1, 900 * MB, "medium"),
        ("a camera's", bare, 554, 2, 900 * MB, "medium"),
        ("pieces at that port", bare, 1935, 40, 30 * MB, "high"),
        ("another port", bare, 4444, 1, 900 * MB, "high"),
        ("code", code, 22, 1, 400 * MB, "low"),
        ("more than code", code, 22, 1, 1_500 * MB, "medium"),
        ("a site", Some("web.host.example"), 22, 1, 400 * MB, "medium"),
        ("who calls itself so", Some("github.com.example"), 22, 1, 400 * MB, "medium"),
    ] {
        let mut stream = sending_office();
        for n in 0..count {
            let at = 20_000.0 + f64::from(n) * 90.0 + f64::from(n * n % 61);
            stream.tls_port(at, "10.0.0.7", "203.0.113.66", port, name, "other", bytes, 9_000);
        }
        let about = name.unwrap_or("203.0.113.66");
        assert_eq!(amounts(&stream), [format!("exfiltration {severity} 10.0.0.7 {about}")], "{what}");
    }
}

#[test]
fn what_people_show_in_a_call_is_no_alarm() {
    for (port, is_stun, is_call) in [(3478, true, true), (8801, false, true), (3478, false, false), (4444, true, false)]
    {
        let mut stream = sending_office();
        let (sent, received) = (2_200 * MB, 40 * MB);
        if is_stun {
            stream.talk(20_000.0, "10.0.0.7", ("203.0.113.66", port), vec![], Some("stun"), sent, received);
        } else {
            stream.udp(20_000.0, "10.0.0.7", "203.0.113.66", port, sent, received);
        }
        assert_eq!(amounts(&stream).is_empty(), is_call, "{port}: {:?}", amounts(&stream));
    }
}
