//! Devices and business software that call home in their own way, beside malware that does so in much the same.

use wire::event::{HttpRequest, Kind as Seen, NameSource, Referer, TlsClient};

use super::*;

const PLACE: &str = "203.0.113.66";
const NAME: &str = "ws.supplier.example";

/// What a device calls, and how: every so many seconds, with what jitter, at which port, by which protocol.
struct Calls {
    period: f64,
    jitter: f64,
    port: u16,
    application: Option<&'static str>,
    name: Option<&'static str>,
    agent: Option<&'static str>,
    path: &'static str,
    sent: u64,
    received: u64,
}

const PLAIN: Calls = Calls {
    period: 120.0,
    jitter: 0.01,
    port: 443,
    application: Some("tls"),
    name: None,
    agent: None,
    path: "/check.asp",
    sent: 300,
    received: 200,
};

/// What comes of it, at a host of the office where people work, or at a device that calls nothing else.
fn told(calls: &Calls, is_device: bool) -> Vec<String> {
    told_beside(calls, if is_device { "10.0.0.60" } else { "10.0.0.7" }, 0)
}

/// The same, at a host that calls so many pages beside it.
fn told_beside(calls: &Calls, host: &str, pages: u8) -> Vec<String> {
    let mut stream = office();
    for page in 0..pages {
        let (server, name) = (format!("198.51.100.{page}"), format!("www{page}.site.example"));
        stream.tls(f64::from(page) * 700.0, host, &server, Some(&name), "browser", 1_500, 60_000);
    }
    stream.dns(1.0, host, "pool.ntp.example", &["192.0.2.3"]);
    stream.every(calls.period, calls.jitter, 200, |s, at| {
        if let Some(name) = calls.name {
            s.dns(at - 0.5, host, name, &[PLACE]);
        }
        let said = match calls.application {
            Some("tls") => vec![(
                0.05,
                Seen::TlsClient(TlsClient {
                    sni: calls.name.map(str::to_owned),
                    alpn: vec![],
                    version: "1.2".into(),
                    ja3: String::new(),
                    ja3_text: String::new(),
                    ja4: "own".into(),
                }),
            )],
            Some("http") => vec![(
                0.05,
                Seen::HttpRequest(HttpRequest {
                    stream: 0,
                    method: "GET".into(),
                    host: Some(calls.name.unwrap_or(PLACE).into()),
                    path: calls.path.into(),
                    query: None,
                    user_agent: calls.agent.map(str::to_owned),
                    content_type: None,
                    content_length: None,
                    has_accept: true,
                    referer: Referer::Absent,
                }),
            )],
            _ => vec![],
        };
        s.talk(at, host, (PLACE, calls.port), said, calls.application, calls.sent, calls.received);
    });
    let found = findings(&stream, "");
    found.detections.iter().filter(|one| one.kind == Kind::Beacon).map(|one| one.severity.key().to_owned()).collect()
}

#[test]
fn a_device_that_calls_one_place_is_no_alarm_and_a_computer_that_does_is() {
    let table = [
        ("payment terminal", Calls { period: 300.0, port: 4102, ..PLAIN }),
        ("heat pump", Calls { period: 60.0, port: 8899, application: None, ..PLAIN }),
        ("time clock", Calls { period: 30.0, port: 8081, application: Some("http"), agent: Some("iClock"), ..PLAIN }),
    ];
    for (what, calls) in table {
        assert_eq!(told(&calls, true), ["medium"], "{what}");
        assert_eq!(told(&calls, false), ["high"], "{what}, at a computer");
    }
}

#[test]
fn who_calls_six_places_is_no_terminal() {
    let odd = Calls { port: 4102, received: 2_000, ..PLAIN };
    let (severity, of_others) = (told_beside(&odd, "10.0.0.60", 4), told_beside(&odd, "10.0.0.60", 5));
    assert_eq!((severity, of_others), (vec!["medium".to_owned()], vec!["high".to_owned()]));
}

#[test]
fn business_software_is_no_alarm_and_malware_that_looks_like_it_is() {
    let net = "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)";
    let old = "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)";
    let web = Calls { port: 80, application: Some("http"), name: Some(NAME), ..PLAIN };
    let table = [
        ("till at a port of its own", Calls { port: 4443, name: Some(NAME), received: 2_000, ..PLAIN }, "medium"),
        (".NET's web services", Calls { agent: Some(net), ..web }, "medium"),
        ("an old library", Calls { agent: Some(old), ..web }, "medium"),
        ("an old browser at moments drawn by lot", Calls { agent: Some(old), jitter: 0.35, ..web }, "high"),
        ("an agent that says more than it hears", Calls { name: Some(NAME), ..PLAIN }, "medium"),
        ("the same, by no plain timer", Calls { name: Some(NAME), jitter: 0.15, ..PLAIN }, "high"),
        ("the same, at an odd port", Calls { name: Some(NAME), port: 4443, ..PLAIN }, "high"),
    ];
    for (what, calls, severity) in table {
        assert_eq!(told(&calls, false), [severity], "{what}");
    }
}

#[test]
fn tills_runners_and_mail_programs_are_no_alarm_and_what_is_odd_beside_it_is() {
    let web = Calls { port: 80, application: Some("http"), agent: Some("Microsoft Office/16.0"), ..PLAIN };
    let mail = Calls { name: Some(NAME), path: "/EWS/Exchange.asmx", ..web };
    let runner = Calls { period: 3.0, name: Some(NAME), ..PLAIN };
    let table = [
        ("a till at its bank's address", PLAIN, "medium"),
        ("what calls an address by no plain timer", Calls { jitter: 0.15, ..PLAIN }, "high"),
        ("an address, in the clear", Calls { path: "/", ..web }, "high"),
        ("an address, at an odd port", Calls { port: 4102, ..PLAIN }, "high"),
        ("what asks for work", Calls { port: 443, ..runner }, "medium"),
        ("what asks an address", Calls { period: 3.0, ..PLAIN }, "high"),
        ("what asks at an odd port", Calls { port: 4443, ..runner }, "high"),
        ("a mail program", Calls { path: "/Microsoft-Server-ActiveSync", ..mail }, "low"),
        ("another", Calls { path: "/mapi/emsmdb/", ..mail }, "low"),
        ("what asks for something else", Calls { path: "/map", ..mail }, "medium"),
        ("what asks an address for mail", Calls { name: None, ..mail }, "high"),
    ];
    for (what, calls, severity) in table {
        assert_eq!(told(&calls, false), [severity], "{what}");
    }
}

/// A folder at a service outside is opened anew and again; who logs in there is told by itself.
#[test]
fn a_folder_that_is_mounted_has_no_rhythm_and_something_else_at_its_port_has() {
    let folder = Calls { period: 600.0, port: 445, application: Some("smb"), ..PLAIN };
    assert_eq!(told(&folder, false), [""; 0]);
    assert_eq!(told(&Calls { application: None, ..folder }, false), ["high"]);
}

#[test]
fn staff_who_work_through_a_vpn_are_no_alarm() {
    for application in ["wireguard", "tailscale"] {
        let mut stream = office();
        stream.every(300.0, 0.01, 96, |s, at| {
            s.talk(at, "10.0.0.7", (PLACE, 51_820), vec![], Some(application), 900, 400);
        });
        // One whose first message was not seen.
        stream.udp(20_000.0, "10.0.0.7", PLACE, 51_820, 900, 400);
        check(&stream, "", &["anonymiser low 10.0.0.7 203.0.113.66"]);
    }
}

#[test]
fn what_comes_every_night_is_no_rhythm_where_it_is_a_backup() {
    let mut stream = office();
    for (night, megabytes) in [900, 110, 120, 100, 130, 2_100, 110, 100, 2_100].into_iter().enumerate() {
        let (at, bytes) = (79_000.0 + 86_400.0 * night as f64, megabytes * 1_000_000);
        stream.tls_port(at, "10.0.0.9", PLACE, 6281, Some("nas.synology.me"), "backup", bytes, 90_000);
    }
    let found = findings(&stream, "");
    assert!(found.detections.iter().all(|one| one.kind != Kind::Beacon), "{:?}", lines(&found));
}

#[test]
fn the_first_night_of_a_backup_is_worth_a_look_and_a_theft_is_an_alarm() {
    let storage = Seen::HostName(wire::event::HostName {
        source: NameSource::Dhcp,
        ip: Some([10, 0, 0, 9].into()),
        mac: Some([2, 0, 10, 0, 0, 9]),
        name: Some("diskstation".into()),
        kind: Some("synology".into()),
        message: None,
    });
    for (what, port, name, is_storage, severity) in [
        ("Hyper Backup", 6281, Some("nas.synology.example"), true, "medium"),
        ("Cloud Connect", 6180, Some("cg1.provider.example"), false, "medium"),
        ("rsync of storage", 873, Some("nas.branch.example"), true, "medium"),
        ("to a bare address at that port", 6281, None, true, "high"),
        ("to a name at another port", 2222, Some("nas.branch.example"), false, "high"),
        ("a site that is published over SSH", 22, Some("web.host.example"), false, "medium"),
    ] {
        let mut stream = office();
        if is_storage {
            stream.talk(1.0, "0.0.0.0", ("255.255.255.255", 67), vec![(0.1, storage.clone())], None, 300, 0);
        }
        stream.dns(2.0, "10.0.0.9", "pool.ntp.example", &["192.0.2.3"]);
        stream.tls_port(20_000.0, "10.0.0.9", PLACE, port, name, "backup", 900_000_000, 90_000);
        let found = findings(&stream, "");
        let [one] = found.detections.as_slice() else { panic!("{what}: {:?}", lines(&found)) };
        assert_eq!((one.kind, one.severity.key()), (Kind::Exfiltration, severity), "{what}: {:?}", one.evidence);
        let said = &found.cases[0].summary.nl;
        assert!(said.contains("stuurt ongewoon veel naar buiten") && !said.contains("aanvaller"), "{what}: {said}");
        let is_backup = severity == "medium" && port != 22;
        assert_eq!(said.contains("eerste nacht van een back-up"), is_backup, "{what}: {said}");
    }
}

#[test]
fn what_went_to_many_names_under_one_domain_is_told_by_the_domain() {
    let mut stream = office();
    for number in 0..40 {
        let name = format!("gfs{number}n1.userstorage.drop.example");
        stream.tls(20_000.0 + f64::from(number), "10.0.0.7", PLACE, Some(&name), "other", 100_000_000, 20_000);
    }
    check(&stream, "", &["exfiltration medium 10.0.0.7 drop.example", "case medium 10.0.0.7 1"]);
}

/// What was seen of a device at one place and port.
fn seen(kind: Kind, severity: Severity, signs: &[&str]) -> Detection {
    Detection {
        id: format!("{kind:?}"),
        first_at: Timestamp::UNIX_EPOCH,
        last_at: Timestamp::UNIX_EPOCH,
        host: Host { ip: [10, 0, 0, 60].into(), mac: None, name: None, maker: None, kind: None },
        kind,
        severity,
        confidence: 0.5,
        technique: vec![],
        remote: Remote { ip: Some([203, 0, 113, 66].into()), port: Some(4102), domain: None },
        evidence: [("signs", Figure::Texts(signs.iter().map(|sign| (*sign).to_owned()).collect()))].into(),
        summary: facts::Text::new("", ""),
    }
}

/// An odd handshake that is told for the beacon's own rhythm and port is no second witness of it.
#[test]
fn a_maker_with_an_authority_of_its_own_confirms_no_rhythm() {
    let beacon = seen(Kind::Beacon, Severity::Medium, &["only_host", "odd_port"]);
    for (signs, severity) in [
        (&["endless_validity", "other_name", "odd_port", "rare_program", "rhythm"][..], Severity::Medium),
        (&["self_signed", "default_names", "odd_port", "rhythm"][..], Severity::High),
        (&["self_signed", "young", "odd_port", "never_looked_up", "rhythm"][..], Severity::High),
        (&["self_signed", "endless_validity", "no_server_name", "never_looked_up", "other_name"][..], Severity::High),
    ] {
        let odd = seen(Kind::SuspiciousTls, Severity::Medium, signs);
        let case = judge(&[beacon.clone(), odd], Vec::new()).unwrap();
        assert_eq!(case.severity, severity, "{signs:?}");
    }
}

/// A program that brings its figures to an address at a fixed time was seen once, whatever tells it.
#[test]
fn a_rhythm_and_a_plain_way_of_speaking_are_one_program() {
    use Severity::{Critical, High, Medium};
    let plain = &["bare_address", "post", "odd_port", "no_accept", "no_referer", "repeated"][..];
    let odd = &["bare_address", "post", "no_accept", "no_referer", "drawn_path"][..];
    let device = &["only_host", "bare_address", "little_back", "calls_little_else"][..];
    let computer = &["only_host", "bare_address"][..];
    let untold: &[&str] = &[];
    for (rhythm, by_rhythm, speech, expected) in [
        (device, Medium, plain, Medium),
        (device, Medium, odd, High),
        (device, Medium, untold, High),
        (computer, Medium, plain, High),
        (computer, High, plain, High),
        (computer, High, odd, Critical),
    ] {
        let pair = [seen(Kind::Beacon, by_rhythm, rhythm), seen(Kind::MalwareProtocol, Medium, speech)];
        assert_eq!(judge(&pair, Vec::new()).unwrap().severity, expected, "{rhythm:?}, {speech:?}");
        // At another port it is another program.
        let mut elsewhere = pair.clone();
        elsewhere[1].remote.port = Some(80);
        let expected = if by_rhythm == High { Critical } else { High };
        assert_eq!(judge(&elsewhere, Vec::new()).unwrap().severity, expected, "{rhythm:?}, {speech:?}");
        // What stands on a list is a witness of its own.
        let listed = [pair[0].clone(), pair[1].clone(), seen(Kind::Indicator, High, &[])];
        assert_eq!(judge(&listed, Vec::new()).unwrap().severity, Critical, "{rhythm:?}, {speech:?}");
    }
}
