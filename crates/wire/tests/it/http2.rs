//! HTTP/2 in the clear: the events of HTTP/1, each on its stream.

use wire::event::{Event, Kind, QueryHash};
use wire::{Limits, PersonalCategory};

use crate::build::*;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SETTINGS: &[u8] = &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100];
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PING: u8 = 6;
const CONTINUATION: u8 = 9;
/// END_STREAM, END_HEADERS, PADDED, PRIORITY.
const ES: u8 = 1;
const EH: u8 = 4;
const PADDED: u8 = 8;
const PRIORITY: u8 = 0x20;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = (payload.len() as u32).to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// A text as HPACK has it, without Huffman's code.
fn text(value: &str) -> Vec<u8> {
    match value.len() {
        short @ 0..127 => [&[short as u8], value.as_bytes()].concat(),
        long => {
            let more = long - 127;
            [&[127, (more & 0x7f | 0x80) as u8, (more >> 7 & 0x7f | 0x80) as u8, (more >> 14) as u8], value.as_bytes()]
                .concat()
        }
    }
}

/// A field that is put into the table, and one that is not.
fn kept(index: u8, value: &str) -> Vec<u8> {
    [vec![0x40 | index], text(value)].concat()
}

fn named(name: &str, value: &str) -> Vec<u8> {
    [vec![0], text(name), text(value)].concat()
}

/// `:method GET` or `POST`, `:scheme http`.
const GET: &[u8] = b"\x82\x86";
const POST: &[u8] = b"\x83\x86";
const OK: &[u8] = b"\x88";

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn get(path: &str) -> Vec<u8> {
    [GET, &kept(1, "a.nl"), &named(":path", path)].concat()
}

/// As [`story`], with streams and hosts.
fn told(events: &[Event]) -> Vec<String> {
    let short = |event: &Event| match &event.kind {
        Kind::HttpRequest(request) => Some(format!(
            "{} {} {}{}",
            request.stream,
            request.method,
            request.host.as_deref().unwrap_or("?"),
            request.path
        )),
        Kind::HttpResponse(response) => Some(format!("{} {}", response.stream, response.status)),
        Kind::HttpBody(body) => Some(format!("{} {:?}", body.stream, body.content)),
        Kind::Login(login) => Some(format!(
            "{} {} {} {:?}",
            login.protocol,
            login.mechanism,
            login.account.as_deref().unwrap_or("-"),
            login.outcome
        )),
        Kind::PersonalData(data) => Some(format!("personal {}", data.found.0.len())),
        _ => None,
    };
    events.iter().filter_map(short).collect()
}

/// A conversation from its beginning: both sides' bytes, cut into segments of that size.
fn talk(client: &[u8], server: &[u8], piece: usize) -> (Vec<Event>, wire::event::Stats) {
    let mut tcp = Tcp::open(0, 40_000, 8080);
    for part in [PREFACE, SETTINGS, client].concat().chunks(piece) {
        tcp.send(true, part);
    }
    for part in [SETTINGS, server].concat().chunks(piece) {
        tcp.send(false, part);
    }
    tcp.close();
    run(&tcp.frames)
}

/// A header block in parts, with padding and a priority; streams that answer in another order than they asked.
#[test]
fn streams_are_told_apart_however_the_bytes_are_cut() {
    let block = get("/1?bsn=123456782");
    let (first, rest) = block.split_at(7);
    let padded = joined(&[&[3, 0, 0, 0, 0, 200], first, &[0; 3]]);
    let client = joined(&[
        &frame(HEADERS, ES | PADDED | PRIORITY, 1, &padded),
        &frame(CONTINUATION, 0, 1, &rest[..2]),
        &frame(CONTINUATION, EH, 1, &rest[2..]),
        &frame(PING, 0, 0, &[0; 8]),
        // The host is named by its place in the table now.
        &frame(HEADERS, ES | EH, 3, &joined(&[GET, b"\xbe", &named(":path", "/3")])),
        &frame(0xbb, 0, 7, b"something new"),
        &frame(HEADERS, EH, 5, &joined(&[POST, b"\xbe", &named(":path", "/5")])),
        &frame(DATA, PADDED, 5, b"\x02abc\0\0"),
        &frame(DATA, ES, 5, b""),
    ]);
    let program = [b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".as_slice(), &[0; 400]].concat();
    let server = joined(&[
        &frame(HEADERS, EH, 5, &joined(&[b"\x48\x03103"])),
        &frame(HEADERS, EH, 5, OK),
        &frame(HEADERS, EH, 1, &joined(&[OK, &kept(31, "image/png")])),
        &frame(DATA, 0, 1, &program[..9]),
        &frame(DATA, 0, 5, b"<html><body>and"),
        &frame(HEADERS, EH | ES, 3, b"\x8d"),
        &frame(DATA, PADDED, 1, &joined(&[&[4], &program[9..], &[0; 4]])),
        &frame(DATA, 0, 5, b" so on"),
        &frame(HEADERS, EH | ES, 5, &named("grpc-status", "0")),
    ]);
    let expected =
        ["1 GET a.nl/1", "3 GET a.nl/3", "5 POST a.nl/5", "5 103", "5 200", "1 200", "3 404", "1 Program", "5 Text"];
    for piece in (1..40).chain([64, 1_000]) {
        let (events, stats) = talk(&client, &server, piece);
        assert_eq!((told(&events), stats.malformed), (expected.map(Into::into).to_vec(), 0), "in pieces of {piece}");
        assert_eq!((flows(&events)[0].application, flows(&events)[0].name.as_deref()), (Some("http"), Some("a.nl")));
    }
}

/// RFC 7540 §3.2: the first stream answers the request that asked for the change.
#[test]
fn a_connection_changes_from_http_1() {
    let client = joined(&[PREFACE, SETTINGS, &frame(HEADERS, ES | EH, 3, &get("/3"))]);
    let server = joined(&[
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        SETTINGS,
        &frame(HEADERS, ES | EH, 1, OK),
        &frame(HEADERS, ES | EH, 3, b"\x8d"),
    ]);
    for piece in (1..30).chain([1_000]) {
        let mut tcp = Tcp::open(0, 40_000, 80);
        tcp.send(
            true,
            b"GET /1 HTTP/1.1\r\nHost: a.nl\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\
            Authorization: Basic YmVoZWVyOmdlaGVpbQ==\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
        );
        for part in server[..server.len() - 10].chunks(piece) {
            tcp.send(false, part);
        }
        for part in client.chunks(piece) {
            tcp.send(true, part);
        }
        tcp.send(false, &server[server.len() - 10..]).close();
        let (events, stats) = run(&tcp.frames);
        let expected = ["0 GET a.nl/1", "0 101", "http basic b… Accepted", "0 200", "3 GET a.nl/3", "3 404"];
        assert_eq!((told(&events), stats.malformed), (expected.map(Into::into).to_vec(), 0), "in pieces of {piece}");
    }
}

/// What the table held before is unknown; no name is put in its place, also when later ones are known.
#[test]
fn a_capture_that_begins_in_the_middle_makes_no_names_up() {
    let mut tcp = Tcp::new(0, 40_000, 8080);
    tcp.send(true, b"the rest of a body").send(true, &frame(HEADERS, ES | EH, 7, &joined(&[GET, b"\xbf\x84\xbe"])));
    tcp.send(true, &frame(HEADERS, ES | EH, 9, &joined(&[GET, &kept(1, "b.nl"), b"\x84"])));
    tcp.send(true, &frame(HEADERS, ES | EH, 11, &joined(&[GET, b"\xbe\x84"])));
    tcp.send(true, &frame(HEADERS, ES | EH, 13, &joined(&[GET, b"\xbf\x84"])));
    tcp.send(false, &frame(HEADERS, EH | ES, 7, b"\x8d\xc0"));
    let events = run(&tcp.frames).0;
    assert_eq!(told(&events), ["7 GET ?/", "9 GET b.nl/", "11 GET b.nl/", "13 GET ?/", "7 404"]);
    let accepts = |event: &Event| match &event.kind {
        Kind::HttpRequest(request) => Some(request.has_accept),
        _ => None,
    };
    // Where something could not be read, nothing is said to be missing.
    assert_eq!(events.iter().filter_map(accepts).collect::<Vec<_>>(), [true, false, false, true]);
}

#[test]
fn bytes_that_are_missing_hide_no_more_than_they_must() {
    let mut tcp = Tcp::open(0, 40_000, 8080);
    let open = joined(&[PREFACE, SETTINGS, &frame(HEADERS, EH, 1, &get("/1"))]);
    tcp.send(true, &open).send(true, &frame(DATA, 0, 1, &[b'x'; 2_000])[..900]).skip(true, 1_109);
    tcp.send(true, &frame(HEADERS, ES | EH, 3, &joined(&[GET, b"\xbe\x84"])));
    // A block is lost: what stands in the table now is not known.
    let lost = frame(HEADERS, ES | EH, 5, &get("/5"));
    tcp.send(true, &lost[..12]).skip(true, lost.len() as u32 - 12);
    tcp.send(true, &frame(HEADERS, ES | EH, 7, &joined(&[GET, b"\xbe\x84"])));
    // The boundary of frames is lost as well, until a segment begins with a head.
    tcp.skip(true, 5_000).send(true, b"???").send(true, &frame(HEADERS, ES | EH, 9, &get("/9"))).close();
    let (events, stats) = run(&tcp.frames);
    assert_eq!(
        (told(&events), stats.malformed),
        (["1 GET a.nl/1", "3 GET a.nl/", "7 GET ?/", "9 GET a.nl/9"].map(String::from).to_vec(), 0)
    );
}

/// The second head takes its path from the table.
#[test]
fn of_a_query_a_hash_is_left_also_where_the_table_repeats_it() {
    let client = joined(&[
        &frame(HEADERS, ES | EH, 1, &joined(&[GET, &kept(1, "a.nl"), &kept(4, "/p?id=77")])),
        &frame(HEADERS, ES | EH, 3, &joined(&[GET, b"\xbf\xbe"])),
        &frame(HEADERS, ES | EH, 5, &joined(&[GET, b"\xbf", &named(":path", "/p")])),
    ]);
    let events = talk(&client, b"", 500).0;
    let asked: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.kind {
            Kind::HttpRequest(request) => Some((request.path.as_str(), request.query)),
            _ => None,
        })
        .collect();
    let hash = QueryHash::of_target("/?id=77");
    assert_eq!(asked, [("/p", hash), ("/p", hash), ("/p", None)]);
    assert!(!format!("{events:?}").contains("id=77"));
}

#[test]
fn log_ins_are_told_with_what_became_of_them() {
    let basic = named("authorization", "Basic YmVoZWVyOmdlaGVpbQ==");
    let form = joined(&[POST, b"\xbe\x84", &named("content-type", "application/x-www-form-urlencoded")]);
    let client = joined(&[
        &frame(HEADERS, ES | EH, 1, &joined(&[&get("/1"), &basic])),
        &frame(HEADERS, EH, 3, &form),
        &frame(HEADERS, ES | EH, 5, &joined(&[GET, b"\xbe", &named(":path", "/?user=jan&password=Welkom01")])),
        &frame(DATA, 0, 3, b"user=piet&pass"),
        &frame(DATA, ES, 3, b"word=Welkom01"),
    ]);
    // Refused is a status of 401; it answers the first, though it comes last.
    let server = joined(&[
        &frame(HEADERS, ES | EH, 3, OK),
        &frame(HEADERS, ES | EH, 5, OK),
        &frame(HEADERS, ES | EH, 1, b"\x48\x03401"),
    ]);
    let events = talk(&client, &server, 500).0;
    let logins: Vec<_> = told(&events).into_iter().filter(|line| line.starts_with("http")).collect();
    assert_eq!(logins, ["http form p… Unknown", "http form j… Unknown", "http basic b… Refused"]);
    let shown = format!("{events:?}");
    assert!(!["geheim", "Welkom01", "YmVo"].iter().any(|secret| shown.contains(secret)), "{shown}");
}

#[test]
fn personal_data_are_looked_for_only_where_that_is_allowed() {
    let body = b"naam=Jan, bsn 999990019, iban NL20INGB0001234567";
    let head = joined(&[POST, &kept(1, "a.nl"), b"\x84", &named("content-type", "text/plain")]);
    let mut tcp = Tcp::open(0, 40_000, 8080);
    tcp.send(true, &joined(&[PREFACE, SETTINGS, &frame(HEADERS, EH, 1, &head)]));
    tcp.send(true, &frame(DATA, 0, 1, &body[..15])).send(true, &frame(DATA, ES, 1, &body[15..])).close();
    let found = |looks_into_content: bool| {
        let events = run_with(Limits { looks_into_content, ..Limits::default() }, &tcp.frames).0;
        let personal = events.into_iter().filter_map(|event| match event.kind {
            Kind::PersonalData(data) => Some(data),
            _ => None,
        });
        personal.collect::<Vec<_>>()
    };
    let told = found(true);
    assert_eq!(told.len(), 1);
    assert!(told[0].is_from_client && told[0].found.0.iter().any(|(category, _)| *category == PersonalCategory::Bsn));
    assert_eq!(found(false), []);
}

#[test]
fn grpc_is_told_as_such_and_frames_without_a_head_as_http() {
    let head =
        joined(&[POST, &kept(1, "a.nl"), &named(":path", "/p.S/Do"), &named("content-type", "application/grpc+proto")]);
    let grpc = talk(&frame(HEADERS, EH, 1, &head), &frame(HEADERS, EH, 1, OK), 100).0;
    assert_eq!((told(&grpc)[0].as_str(), flows(&grpc)[0].application), ("1 POST a.nl/p.S/Do", Some("grpc")));
    let bare = talk(&frame(PING, 0, 0, &[0; 8]), b"", 100).0;
    assert_eq!(flows(&bare)[0].application, Some("http"));
}

#[test]
fn what_does_not_fit_is_counted_and_bounded() {
    let endless: Vec<u8> = (0..20).flat_map(|_| frame(CONTINUATION, 0, 1, &[b'x'; 16_000])).collect();
    let next = frame(HEADERS, ES | EH, 3, &get("/3"));
    let client = joined(&[&frame(HEADERS, 0, 1, &get("/1")), &endless, &frame(CONTINUATION, EH, 1, b""), &next]);
    let (events, stats) = talk(&client, b"", 1_400);
    assert_eq!((told(&events), stats.malformed), (vec!["3 GET a.nl/3".to_owned()], 1));
    // A block that is broken off by another frame; one that is none; a frame that cannot be.
    let broken = joined(&[&frame(HEADERS, 0, 1, &get("/1")), &next]);
    let none = joined(&[&frame(HEADERS, EH, 1, b"\x80"), &next]);
    for client in [broken, none] {
        let (events, stats) = talk(&client, b"", 1_400);
        assert_eq!((told(&events), stats.malformed), (vec!["3 GET a.nl/3".to_owned()], 1));
    }
    assert_eq!(talk(&frame(PING, 0, 1, b"123"), b"", 1_400).1.malformed, 1);
    // More bodies at a time than are looked at.
    let many: Vec<u8> = (0..300).flat_map(|n| frame(HEADERS, EH, 2 * n + 1, OK)).collect();
    let (events, stats) = talk(b"", &many, 1_400);
    assert_eq!((told(&events).len(), stats.dropped), (300, 172));
}
