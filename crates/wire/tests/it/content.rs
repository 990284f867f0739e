//! What is read out of flows: DNS, TLS, HTTP.

use wire::Limits;
use wire::event::{DnsData, Kind};

use crate::build::*;

#[test]
fn dns_questions_find_their_answers() {
    let frames = [
        udp(0, true, 4000, 53, &question(1, "A.Example.nl")),
        udp(5, true, 4000, 53, &question(2, "b.example.nl")),
        udp(9, true, 4000, 53, &question(3, "c.example.nl")),
        udp(20, false, 4000, 53, &answer(2, "b.example.nl", 3)),
        udp(30, false, 4000, 53, &answer(1, "a.example.nl", 0)),
    ];
    let (events, stats) = run(&frames);
    let expected = [
        "0 begins",
        "0 dns b.example.nl NXDOMAIN",
        "0 dns a.example.nl NOERROR",
        "0 dns c.example.nl unanswered",
        "0 EndOfInput",
    ];
    assert_eq!(story(&events), expected);
    let Kind::Dns(dns) = &events[2].kind else { panic!("{events:?}") };
    assert_eq!((events[2].at.as_millisecond(), dns.answered_at.unwrap().as_millisecond()), (0, 30));
    assert_eq!(dns.answers[0].data, DnsData::Address("192.0.2.7".parse().unwrap()));
    assert_eq!((flows(&events)[0].application, stats.malformed), (Some("dns"), 0));
}

#[test]
fn dns_goes_over_tcp_and_other_ports_too() {
    let framed = |message: Vec<u8>| [&(message.len() as u16).to_be_bytes()[..], &message].concat();
    let mut tcp = Tcp::open(0, 40_000, 53);
    let (asked, answered) = (framed(question(1, "a.nl")), framed(answer(1, "a.nl", 0)));
    tcp.send(true, &asked[..1]).send(true, &asked[1..]).send(false, &answered).close();
    assert_eq!(story(&run(&tcp.frames).0)[1], "0 dns a.nl NOERROR");
    let (events, _) =
        run(&[udp(0, true, 4000, 5300, &question(1, "a.nl")), udp(1, false, 4000, 5300, &answer(1, "a.nl", 0))]);
    assert_eq!(story(&events)[1], "0 dns a.nl NOERROR");
    // What only looks like DNS is left alone.
    let (events, _) = run(&[udp(0, true, 5353, 5353, &question(1, "a.local"))]);
    assert_eq!(story(&events), ["0 begins", "0 EndOfInput"]);
}

/// Whatever wants to get out uses the one port that is open everywhere.
#[test]
fn what_is_no_dns_is_found_on_its_port_too() {
    type Case<'a> = (&'a [(bool, &'a [u8])], &'a [&'a str], &'a str);
    let (hello, chosen) = (client_hello("a.nl"), server_hello());
    let table: [Case<'_>; 4] = [
        (&[(true, hello.as_slice()), (false, chosen.as_slice())], &["0 hello a.nl", "0 chosen 1.2"], "tls"),
        (&[(true, b"GET /x HTTP/1.1\r\nHost: a.nl\r\n\r\n")], &["0 GET /x"], "http"),
        (
            &[(true, b"{\"id\": 1, \"method\": \"mining.subscribe\", \"params\": []}\n")],
            &["0 mining mining.subscribe"],
            "stratum",
        ),
        (
            &[
                (false, b"220 FTP\r\n"),
                (true, b"USER jan\r\n"),
                (false, b"331\r\n"),
                (true, b"PASS x\r\n"),
                (false, b"230\r\n"),
            ],
            &["0 login ftp USER/PASS j… readable Accepted 1"],
            "ftp",
        ),
    ];
    for (said, expected, application) in table {
        let mut tcp = Tcp::open(0, 40_000, 53);
        for (to_server, bytes) in said {
            tcp.send(*to_server, bytes);
        }
        let (events, stats) = run(&tcp.close().frames);
        let told = story(&events);
        assert_eq!(told[1..told.len() - 1], *expected, "{application}");
        assert_eq!((flows(&events)[0].application, stats.malformed), (Some(application), 0));
    }
}

#[test]
fn nonsense_on_the_dns_port_is_counted() {
    let mut cut_by_capture = udp(2, false, 4001, 53, &answer(1, "a.nl", 0));
    cut_by_capture.bytes.truncate(cut_by_capture.bytes.len() - 3);
    let cut_by_sender = &answer(1, "a.nl", 0)[..30];
    let frames = [udp(0, true, 4000, 53, b"nonsense"), udp(1, false, 4000, 53, cut_by_sender), cut_by_capture];
    let (events, stats) = run(&frames);
    assert_eq!(stats.malformed, 2);
    assert_eq!(story(&events)[1..3], ["0 dns a.nl NOERROR", "2 begins"]);
}

#[test]
fn a_full_table_of_questions_is_counted() {
    let frames: Vec<_> = (0..5).map(|port| udp(0, true, 4000 + port, 53, &question(1, "a.nl"))).collect();
    let (events, stats) = run_with(Limits { questions: 3, ..Limits::default() }, &frames);
    assert_eq!(stats.dropped, 2);
    assert_eq!(events.iter().filter(|event| matches!(event.kind, Kind::Dns(_))).count(), 5);
}

/// The hello over two records, the records over segments, the segments in any order.
#[test]
fn a_tls_hello_is_found_however_it_is_cut() {
    let hello = client_hello("Example.NL");
    let (first, second) = hello[5..].split_at(20);
    let records: Vec<u8> = [first, second]
        .iter()
        .flat_map(|part| [&[22, 3, 1][..], &(part.len() as u16).to_be_bytes(), part].concat())
        .collect();
    for bytes in [&hello, &records] {
        for cut in 1..bytes.len() {
            let mut tcp = Tcp::open(0, 40_000, 8443);
            tcp.send(true, &bytes[..cut]).send(true, &bytes[cut..]).send(false, &server_hello()).close();
            let in_order = run(&tcp.frames).0;
            tcp.frames.swap(3, 4);
            let out_of_order = run(&tcp.frames).0;
            let expected = ["0 begins", "0 hello example.nl", "0 chosen 1.2", "0 Finished"];
            assert_eq!(
                (story(&in_order), story(&out_of_order)),
                (expected.map(Into::into).to_vec(), expected.map(Into::into).to_vec())
            );
            let flow = &flows(&in_order)[0];
            assert_eq!((flow.application, flow.name.as_deref()), (Some("tls"), Some("example.nl")));
        }
    }
}

#[test]
fn tls_is_found_after_starttls_and_in_a_proxys_tunnel() {
    let mut mail = Tcp::open(0, 40_000, 25);
    mail.send(false, b"220 mail\r\n")
        .send(true, b"EHLO x\r\n")
        .send(false, b"250 STARTTLS\r\n")
        .send(true, b"STARTTLS\r\n");
    mail.send(false, b"220 go\r\n").send(true, &client_hello("mail.nl")).send(false, &server_hello());
    assert_eq!(story(&run(&mail.frames).0)[1..3], ["0 hello mail.nl", "0 chosen 1.2"]);
    let mut proxy = Tcp::open(0, 40_000, 3128);
    proxy.send(true, b"CONNECT a.nl:443 HTTP/1.1\r\nHost: a.nl:443\r\n\r\n").send(false, b"HTTP/1.1 200 OK\r\n\r\n");
    proxy.send(true, &client_hello("a.nl")).send(false, &server_hello());
    assert_eq!(story(&run(&proxy.frames).0)[1..5], ["0 CONNECT ", "0 200", "0 hello a.nl", "0 chosen 1.2"]);
}

/// A certificate of nearly nothing: names and times of length zero.
fn certificate() -> Vec<u8> {
    let body = b"\x30\x0d\x02\x01\x01\x30\x00\x30\x00\x30\x00\x30\x00\x30\x00";
    let one = [&[0x30, body.len() as u8][..], body].concat();
    let list = [&[0, 0, one.len() as u8][..], &one].concat();
    [&[0, 0, list.len() as u8][..], &list].concat()
}

#[test]
fn a_certificate_follows_the_servers_hello_however_it_is_cut() {
    let both = [server_hello(), record(11, &certificate())].concat();
    for cut in 1..both.len() {
        let mut tcp = Tcp::open(0, 40_000, 8443);
        tcp.send(true, &client_hello("a.nl")).send(false, &both[..cut]).send(false, &both[cut..]);
        tcp.send(false, &record(14, b"")).close();
        let (events, stats) = run(&tcp.frames);
        let expected = ["0 begins", "0 hello a.nl", "0 chosen 1.2", "0 certificate -", "0 Finished"];
        assert_eq!((story(&events), stats.malformed), (expected.map(Into::into).to_vec(), 0));
    }
    // A session taken up again has none, nor is one made up for a hole.
    let mut again = Tcp::open(0, 40_000, 8443);
    again.send(true, &client_hello("a.nl")).send(false, &server_hello()).send(false, &[20, 3, 3, 0, 1, 1]);
    let mut holed = Tcp::open(0, 40_000, 8443);
    holed.send(true, &client_hello("a.nl")).send(false, &both[..both.len() - 9]).skip(false, 4).send(false, &both);
    for tcp in [again, holed] {
        assert!(!story(&run(&tcp.frames).0).iter().any(|line| line.contains("certificate")));
    }
}

#[test]
fn http_requests_follow_each_other_on_one_connection() {
    let mut tcp = Tcp::open(0, 40_000, 8080);
    tcp.send(
        true,
        b"GET /1 HTTP/1.1\r\nHost: a.nl\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a.nl\r\nContent-Length: 4\r\n\r\nab",
    );
    tcp.send(true, b"cdGET /3 HTTP/1.1\r\nHo");
    tcp.send(false, b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n").send(false, &[b'x'; 1000]);
    tcp.skip(false, 1000).send(false, &[b'x'; 1000]);
    tcp.send(
        false,
        b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHTTP/1.1 500 X\r\n\r\n",
    );
    tcp.send(true, b"st: a.nl\r\n\r\n").close();
    let (events, stats) = run(&tcp.frames);
    let said = story(&events);
    // The gap is known to be one only when the connection ends.
    let expected =
        ["0 begins", "0 GET /1", "0 POST /2", "0 200", "0 body Text", "0 GET /3", "0 404", "0 500", "0 Finished"];
    assert_eq!((said.iter().map(String::as_str).collect::<Vec<_>>(), stats.malformed), (expected.to_vec(), 0));
    assert_eq!(flows(&events)[0].name.as_deref(), Some("a.nl"));
}

#[test]
fn a_malformed_message_is_told_by_the_frame_that_completes_it() {
    let mut tcp = Tcp::open(0, 40_000, 80);
    tcp.send(true, b"GET /1 HTTP/1.1\r\nHost: a.nl\r\n").send(true, b"User-Agent: x\x01\r\n\r\n");
    let mut tracker = wire::Tracker::new(Limits::default());
    let told: Vec<_> = tcp
        .frames
        .iter()
        .map(|made| {
            let at = jiff::Timestamp::UNIX_EPOCH;
            let frame = wire::Frame { at, link: made.link, bytes: &made.bytes, wire_length: made.wire_length };
            tracker.frame(frame, &mut |_| {})
        })
        .collect();
    assert_eq!(told, [None, None, None, None, Some(wire::Malformed("http request"))]);
    assert_eq!((tracker.finish(&mut |_| {}), tracker.stats().malformed), (None, 1));
}

#[test]
fn a_capture_that_begins_in_the_middle_finds_the_next_request() {
    let mut tcp = Tcp::new(0, 40_000, 80);
    tcp.send(true, b"the end of a body").send(true, b"GET /next HTTP/1.1\r\n\r\n");
    assert_eq!(story(&run(&tcp.frames).0)[1], "0 GET /next");
}
