//! Requests in the clear, the innocent first.

use wire::event::{Content, HttpBody, HttpRequest, HttpResponse, Kind as Seen, QueryHash, Referer};

use super::{check, stream::Stream};

fn request(method: &str, host: &str, path: &str, agent: &str) -> HttpRequest {
    HttpRequest {
        stream: 0,
        method: method.into(),
        host: Some(host.into()),
        path: path.into(),
        query: None,
        user_agent: Some(agent.into()),
        content_type: None,
        content_length: None,
        has_accept: true,
        referer: Referer::Absent,
    }
}

fn answer(kind: &str) -> HttpResponse {
    HttpResponse {
        stream: 0,
        status: 200,
        server: None,
        content_type: Some(kind.into()),
        content_length: None,
        is_encoded: false,
    }
}

const EVIL: &str = "203.0.113.66";
const OLD: &str = "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0)";
const NEW: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0";

#[test]
fn ordinary_requests_are_silent() {
    let mut stream = Stream::default();
    let mut say = |request, port, answer, content| stream.exchange("10.0.0.2", EVIL, port, request, answer, content);
    say(request("GET", "www.example", "/", NEW), 80, answer("text/html"), Content::Text);
    // A web server's error, packed without saying so; a part of a file.
    say(request("GET", "cdn.example", "/a.bin", NEW), 80, answer("application/octet-stream"), Content::Other);
    say(
        request("GET", EVIL, "/data/abc/update", "Updater/10.0"),
        80,
        answer("application/octet-stream"),
        Content::Other,
    );
    // An appliance's telemetry to a bare address, and a game's.
    let telemetry = HttpRequest { has_accept: false, ..request("POST", EVIL, "/report", "okhttp/4.9") };
    for _ in 0..1 {
        say(telemetry.clone(), 80, answer("application/json"), Content::Text);
    }
    // A programme from its maker, over HTTP as it always was.
    say(
        request("GET", "dl.windowsupdate.com", "/x/setup.exe", "Windows-Update-Agent"),
        80,
        answer("application/octet-stream"),
        Content::Program,
    );
    check(&stream, "", &[]);
}

/// HTTP/2: two requests at once, the second answered first. Which of the two the program answers makes the difference.
#[test]
fn answers_belong_to_the_request_of_their_stream() {
    for (program, other, expected) in [(3, 1, "low"), (1, 3, "medium")] {
        let asked = |stream, path| Seen::HttpRequest(HttpRequest { stream, ..request("GET", "dl.example", path, NEW) });
        let answered = |stream, kind| Seen::HttpResponse(HttpResponse { stream, ..answer(kind) });
        let body = |stream, content| Seen::HttpBody(HttpBody { stream, content, is_from_client: false });
        let said = vec![
            (0.1, asked(1, "/logo.png")),
            (0.2, asked(3, "/setup.exe")),
            (0.3, answered(3, "application/octet-stream")),
            (0.4, answered(1, "image/png")),
            (0.5, body(program, Content::Program)),
            (0.6, body(other, Content::Media)),
        ];
        let mut stream = Stream::default();
        stream.talk(1.0, "10.0.0.7", (EVIL, 80), said, Some("http"), 500, 5_000);
        let told = super::lines(&super::findings(&stream, ""));
        assert_eq!(told.first(), Some(&format!("malware_protocol {expected} 10.0.0.7 dl.example")), "{told:?}");
    }
}

/// A page of somebody else's site of which one query is bad: its other visitors are not accused.
#[test]
fn a_listed_page_with_a_query_is_that_query_alone() {
    let list = "https://site.example/page.php?id=77\nhttp://root.example/?c=1\nhttp://every.example/gate.php\n\
                http://home.example/~bad/x\n";
    for (host, target, entry) in [
        ("site.example", "/page.php?id=77", Some("site.example/page.php?…")),
        ("site.example", "/page.php?id=78", None),
        ("site.example", "/page.php?id=77&x=1", None),
        ("site.example", "/page.php?ID=77", None),
        ("site.example", "/page.php", None),
        ("site.example", "/Page.php?id=77", None),
        ("other.example", "/page.php?id=77", None),
        ("root.example", "/?c=1", Some("root.example/?…")),
        ("root.example", "/", None),
        ("every.example", "/gate.php", Some("every.example/gate.php")),
        ("every.example", "/gate.php?id=5", Some("every.example/gate.php")),
        ("home.example", "/%7ebad/x", Some("home.example/%7ebad/x")),
    ] {
        let path = target.split('?').next().unwrap_or_default();
        let asked = HttpRequest { query: QueryHash::of_target(target), ..request("GET", host, path, NEW) };
        let mut stream = Stream::default();
        stream.talk(1.0, "10.0.0.7", (EVIL, 80), vec![(0.1, Seen::HttpRequest(asked))], Some("http"), 500, 5_000);
        let found = super::findings(&stream, list);
        let told: Vec<_> = found.detections.iter().map(|one| (one.severity, one.evidence["entry"].clone())).collect();
        let expected = entry.map(|entry| (crate::Severity::High, crate::Figure::Text(entry.into())));
        assert_eq!(told, Vec::from_iter(expected), "{host}{target}");
        assert!(!format!("{found:?}").contains("id="), "a query is told: {found:?}");
    }
}

#[test]
fn a_program_in_the_clear_is_low_and_a_false_one_is_not() {
    for (path, kind, agent, expected) in [
        ("/setup.exe", "application/octet-stream", NEW, "low"),
        ("/setup.exe", "text/plain", NEW, "low"),
        ("/Grid.OCX", "text/plain", NEW, "low"),
        ("/ipxe.efi", "text/plain", NEW, "low"),
        ("/Tool-x86_64.AppImage", "text/plain", NEW, "low"),
        ("/setup.dat", "text/plain", NEW, "medium"),
        ("/logo.png", "image/png", NEW, "medium"),
        ("/download/", "text/html", NEW, "medium"),
        ("/solar.php", "application/octet-stream", "pwtyyxkzqvgatwnjjmccblbovcvpc", "medium"),
    ] {
        let mut stream = Stream::default();
        stream.exchange(
            "10.0.0.7",
            EVIL,
            80,
            request("GET", "dl.example", path, agent),
            answer(kind),
            Content::Program,
        );
        let detection = format!("malware_protocol {expected} 10.0.0.7 dl.example");
        let case = format!("case {expected} 10.0.0.7 1");
        let lines = if expected == "low" { vec![detection.as_str()] } else { vec![detection.as_str(), case.as_str()] };
        check(&stream, "", &lines);
    }
}

#[test]
fn scripts_and_what_powershell_fetches_weigh_by_whether_their_place_has_a_name() {
    const POWERSHELL: &str = "Mozilla/5.0 (Windows NT; Windows NT 10.0; nl-NL) WindowsPowerShell/5.1.19041.3031";
    for (host, path, agent, content, expected) in [
        (EVIL, "/a.ps1", POWERSHELL, Content::Text, Some("medium")),
        (EVIL, "/a.exe", POWERSHELL, Content::Program, Some("medium")),
        (EVIL, "/a.ps1", NEW, Content::Text, Some("medium")),
        (EVIL, "/HTA.hta", NEW, Content::Text, Some("medium")),
        (EVIL, "/a.js", NEW, Content::Text, None),
        ("dl.example", "/a.hta", NEW, Content::Text, None),
        (EVIL, "/report.json", POWERSHELL, Content::Text, None),
        ("dl.example", "/a.ps1", POWERSHELL, Content::Text, None),
        ("dl.example", "/a.exe", POWERSHELL, Content::Program, Some("low")),
    ] {
        let asked = HttpRequest { has_accept: false, ..request("GET", host, path, agent) };
        let mut stream = Stream::default();
        stream.exchange("10.0.0.7", EVIL, 80, asked, answer("text/plain"), content);
        let found = super::findings(&stream, "");
        let told: Vec<_> = found.detections.iter().map(|one| one.severity.key()).collect();
        assert_eq!(told, Vec::from_iter(expected), "{host}{path} {agent}");
    }
}

/// An administrator's server of packages has a name and a port of its own.
#[test]
fn an_odd_port_counts_beside_powershell_where_the_place_has_no_name() {
    const POWERSHELL: &str = "Mozilla/5.0 (Windows NT; Windows NT 10.0; nl-NL) WindowsPowerShell/5.1.19041.3031";
    for (host, port, path, content, expected) in [
        ("dl.example", 8624, "/a.ps1", Content::Text, None),
        ("dl.example", 9_876, "/a.ps1", Content::Text, None),
        ("dl.example", 9_876, "/a.exe", Content::Program, Some("low")),
        (EVIL, 9_876, "/a.ps1", Content::Text, Some("high")),
        (EVIL, 8530, "/a.ps1", Content::Text, Some("medium")),
    ] {
        let asked = HttpRequest { has_accept: false, ..request("GET", host, path, POWERSHELL) };
        let mut stream = Stream::default();
        stream.exchange("10.0.0.7", EVIL, port, asked, answer("text/plain"), content);
        let found = super::findings(&stream, "");
        let told: Vec<_> = found.detections.iter().map(|one| one.severity.key()).collect();
        assert_eq!(told, Vec::from_iter(expected), "{host}:{port}{path}");
    }
}

#[test]
fn a_program_written_down_as_text_is_high_whoever_asks() {
    for agent in [NEW, "CertUtil URL Agent", "Microsoft-CryptoAPI/10.0"] {
        let mut stream = Stream::default();
        let asked = request("GET", "dl.example", "/x.txt", agent);
        stream.exchange("10.0.0.7", EVIL, 80, asked, answer("text/plain"), Content::WrittenProgram);
        check(&stream, "", &["malware_protocol high 10.0.0.7 dl.example", "case high 10.0.0.7 1"]);
    }
    // A list of revoked certificates is none.
    let mut stream = Stream::default();
    let asked = request("GET", "crl.example", "/ca.crl", "Microsoft-CryptoAPI/10.0");
    stream.exchange("10.0.0.7", EVIL, 80, asked, answer("application/pkix-crl"), Content::Other);
    check(&stream, "", &[]);
}

#[test]
fn malwares_own_way_with_requests_is_found() {
    let bare =
        |method: &str, path: &str, agent: &str| HttpRequest { has_accept: false, ..request(method, EVIL, path, agent) };
    let own = HttpRequest { referer: Referer::Own, ..bare("POST", "/OK21pqJAtyyGBEo00sk", OLD) };
    let form =
        HttpRequest { content_type: Some("multipart/form-data; boundary=x".into()), ..bare("POST", "/c2", "Tool/5.5") };
    for (request, port, content, expected) in [
        (own, 7080, Content::Other, "high"),
        (bare("GET", "/", OLD), 990, Content::Other, "high"),
        (form, 80, Content::Text, "medium"),
    ] {
        let mut stream = Stream::default();
        stream.exchange("10.0.0.7", EVIL, port, request, answer("text/html; charset=UTF-8"), content);
        let lines = [format!("malware_protocol {expected} 10.0.0.7 {EVIL}"), format!("case {expected} 10.0.0.7 1")];
        check(&stream, "", &lines.each_ref().map(String::as_str));
    }
}

#[test]
fn malware_that_says_what_it_accepts_is_found() {
    const MULTIPART: &str = "multipart/form-data; boundary=---------KMOGEEQTLQTCQMYE";
    let form = |host, agent, referer| HttpRequest {
        content_type: Some(MULTIPART.into()),
        referer,
        ..request("POST", host, "/ono19/X_W617601.F1E2/81/", agent)
    };
    let script = HttpRequest {
        content_type: Some("text/plain; charset=UTF-8".into()),
        ..request(
            "POST",
            EVIL,
            "/wos/732/xhr_send",
            "Mozilla/5.0 (Windows NT 6.1; rv:33.0) Gecko/20100101 Firefox/33.0",
        )
    };
    let lokibot = |agent| request("POST", EVIL, "/~blog/", agent);
    let stager = |host| request("GET", host, "/Zq3T", NEW);
    for (what, asked, content, expected) in [
        ("a form of an old browser", form(EVIL, OLD, Referer::Absent), Content::Text, Some("medium")),
        ("from a page", form(EVIL, OLD, Referer::Other), Content::Text, None),
        ("to a name", form("crm.example", OLD, Referer::Absent), Content::Text, None),
        ("of a browser in use", form(EVIL, NEW, Referer::Absent), Content::Text, None),
        ("what a page's script sends", script, Content::Text, None),
        ("LokiBot", lokibot("Mozilla/4.08 (Charon; Inferno)"), Content::Text, Some("high")),
        ("another of its age", lokibot("Mozilla/4.08 [en] (WinNT; U)"), Content::Text, None),
        ("code for memory", stager(EVIL), Content::MemoryProgram, Some("high")),
        ("from a name", stager("dl.example"), Content::MemoryProgram, Some("high")),
        ("something else", stager(EVIL), Content::Other, None),
    ] {
        let mut stream = Stream::default();
        stream.exchange("10.0.0.7", EVIL, 8082, asked, answer("application/octet-stream"), content);
        let found = super::findings(&stream, "");
        let told: Vec<_> = found.detections.iter().map(|one| one.severity.key()).collect();
        assert_eq!(told, Vec::from_iter(expected), "{what}");
    }
}

/// Suppliers' programs that speak SOAP by address, or pack what is answered and call it a page.
#[test]
fn business_software_by_address_is_no_alarm_and_what_hides_in_its_dress_is_told() {
    const NET: &str = "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)";
    let asked = |agent: &str, kind: &str| HttpRequest {
        has_accept: false,
        content_type: Some(kind.into()),
        user_agent: Some(agent.into()).filter(|_| !agent.is_empty()),
        ..request("POST", EVIL, "/Stock.asmx", agent)
    };
    let packing = |content| (request("POST", EVIL, "/sync", "Mozilla/3.0 (compatible; Indy Library)"), 8181, content);
    for (what, (asked, port, content), expected) in [
        (".NET", (asked(NET, "text/xml; charset=utf-8"), 8085, Content::Text), None),
        ("SOAP 1.2", (asked("gSOAP/2.8", "Application/SOAP+xml"), 7547, Content::Text), None),
        ("who does not say who it is", (asked("", "text/xml; charset=utf-8"), 8085, Content::Text), Some("medium")),
        ("something else", (asked(NET, "application/octet-stream"), 8085, Content::Text), Some("medium")),
        ("packed", packing(Content::Packed), Some("medium")),
        ("encrypted", packing(Content::Other), Some("high")),
    ] {
        let mut stream = Stream::default();
        for _ in 0..3 {
            stream.exchange("10.0.0.7", EVIL, port, asked.clone(), answer("text/html"), content);
        }
        let found = super::findings(&stream, "");
        let told: Vec<_> = found.detections.iter().map(|one| one.severity.key()).collect();
        assert_eq!(told, Vec::from_iter(expected), "{what}");
    }
}

#[test]
fn the_three_strongest_reasons_are_told() {
    let form = HttpRequest {
        has_accept: false,
        content_type: Some("multipart/form-data; boundary=x".into()),
        ..request("POST", EVIL, "/c2", "Tool/5.5")
    };
    let old = HttpRequest { has_accept: false, ..request("GET", EVIL, "/", OLD) };
    for (request, port, content, reasons) in [
        (
            form,
            80,
            Content::Text,
            "The address is a bare number, without a name. It sends a form as a browser does, but is none. \
             It sends data there.",
        ),
        (
            old,
            990,
            Content::Other,
            "The answer is called a web page, but is encrypted. The address is a bare number, without a name. \
             It uses an unusual port.",
        ),
    ] {
        let mut stream = Stream::default();
        stream.exchange("10.0.0.7", EVIL, port, request, answer("text/html; charset=UTF-8"), content);
        let found = super::findings(&stream, "");
        let [detection] = found.detections.as_slice() else { panic!("{found:#?}") };
        let told = format!("as malicious software does. {reasons} Take the device off the network");
        assert!(detection.summary.en.contains(&told), "{}", detection.summary.en);
    }
}
