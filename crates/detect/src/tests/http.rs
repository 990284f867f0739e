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
fn what_powershell_fetches_weighs_by_whether_its_place_has_a_name() {
    const POWERSHELL: &str = "Mozilla/5.0 (Windows NT; Windows NT 10.0; nl-NL) WindowsPowerShell/5.1.19041.3031";
    for (host, path, agent, content, expected) in [
        (EVIL, "/a.ps1", POWERSHELL, Content::Text, Some("medium")),
        (EVIL, "/a.exe", POWERSHELL, Content::Program, Some("medium")),
        (EVIL, "/a.ps1", NEW, Content::Text, None),
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
