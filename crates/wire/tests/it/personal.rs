//! Personal data in what is sent readable: by what carried it, and how many.

use wire::event::Kind;
use wire::{Limits, PersonalCategory as Category};

use crate::build::*;

/// What each side says in turns: `>` client, `<` server.
type Said<'a> = &'a [(char, &'a [u8])];

/// What was found, by what carried it, and the log-ins; the client's bytes in pieces of that size.
fn told(said: Said<'_>, piece: usize, looks_into_content: bool) -> (Vec<(&'static str, u64)>, Vec<String>) {
    let mut tcp = Tcp::open(0, 40_000, 4_711);
    for (side, bytes) in said {
        for part in bytes.chunks(if *side == '>' { piece } else { 1_000 }) {
            tcp.send(*side == '>', part);
        }
    }
    let (events, _) = run_with(Limits { looks_into_content, ..Limits::default() }, &tcp.close().frames);
    let (mut found, mut logins) = (Vec::new(), Vec::new());
    for event in events {
        match event.kind {
            Kind::PersonalData(data) => found.push((data.carrier, data.found.distinct(Category::Bsn))),
            Kind::Login(login) => logins.push(login_in_short(&login)),
            _ => {}
        }
    }
    (found, logins)
}

fn then<'a>(before: Said<'a>, after: Said<'a>) -> Vec<(char, &'a [u8])> {
    [before, after].concat()
}

#[track_caller]
fn check(said: Said<'_>, found: &[(&'static str, u64)], logins: &[&str]) {
    let logins: Vec<_> = logins.iter().map(|one| (*one).to_owned()).collect();
    for piece in [1, 7, 1_000] {
        assert_eq!(told(said, piece, true), (found.to_vec(), logins.clone()), "in pieces of {piece}");
    }
    assert_eq!(told(said, 1_000, false), (Vec::new(), logins), "without leave");
}

/// HL7 over MLLP, each message between marks of its own.
#[test]
fn messages_of_care_over_a_bare_connection_are_looked_into() {
    let message: &[u8] = b"\x0bMSH|^~\\&|HIS|ZKH|LAB|EXT|20260921||ADT^A01|1|P|2.4\rPID|1||999990019^^^NLMINBIZA^NNNLD~4711^^^ZKH^PI\r\x1c\r";
    let answer: &[u8] = b"\x0bMSH|^~\\&|LAB\rMSA|AA|1\r\x1c\r";
    let said = [('>', message), ('<', answer), ('>', message), ('<', answer)];
    assert_eq!(told(&said, 1_000, true), (vec![("text", 1)], vec![]));
}

const MAIL: &[u8] = b"To: a@b.nl\r\n\r\nnaam;bsn\r\njan;999990019\r\n";

#[test]
fn a_mail_in_chunks_is_content_and_no_commands() {
    let mail = [MAIL, b"zo log je in:\r\nAUTH PLAIN AGphbgBnZWhlaW0=\r\n"].concat();
    let (first, second) = mail.split_at(30);
    let chunk = |bytes: &[u8], last: &str| [format!("BDAT {}{last}\r\n", bytes.len()).as_bytes(), bytes].concat();
    let hello: Said<'_> = &[('<', b"220 mx\r\n"), ('>', b"EHLO pc\r\n"), ('<', b"250 CHUNKING\r\n")];
    let whole = chunk(&mail, " LAST");
    check(&then(hello, &[('>', &whole), ('<', b"250 ok\r\n"), ('>', b"QUIT\r\n")]), &[("smtp", 1)], &[]);
    // Several chunks, sent ahead of the answers, with a log-in behind them.
    let login = b"AUTH PLAIN AGphbgBnZWhlaW0=\r\n".to_vec();
    let chunks = [chunk(first, ""), chunk(second, ""), chunk(b"", " LAST"), login].concat();
    check(
        &then(hello, &[('>', &chunks), ('<', b"250 ok\r\n250 ok\r\n250 ok\r\n235 ok\r\n")]),
        &[("smtp", 1)],
        &["smtp PLAIN j… readable Accepted 1"],
    );
    // One after the other, of which the first is broken off.
    let two = [b"MAIL FROM:<a@b.nl>\r\n".to_vec(), chunk(&mail, ""), b"RSET\r\n".to_vec(), whole].concat();
    check(&then(hello, &[('>', &two)]), &[("smtp", 1), ("smtp", 1)], &[]);
}

#[test]
fn a_mail_that_is_kept_in_a_mailbox_is_looked_into() {
    let into: Said<'_> = &[('<', b"* OK hello\r\n"), ('>', b"1 LOGIN jan geheim\r\n"), ('<', b"1 OK in\r\n")];
    let login = &["imap LOGIN j… readable Accepted 1"];
    let append = |box_name: &str, bytes: &[u8]| {
        [format!("2 APPEND {box_name} (\\Seen) {{{}}}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
    };
    let one = append("Sent", MAIL);
    check(&then(into, &[('>', &one), ('<', b"+ go\r\n2 OK\r\n")]), &[("imap", 1)], login);
    // The mailbox's name as a literal, and two messages in one command (RFC 3502).
    let first = append("{4+}\r\nSent", MAIL);
    let second = format!(" {{{}}}\r\n", MAIL.len());
    let several = [&first[..first.len() - 2], second.as_bytes(), MAIL, b"\r\n"].concat();
    check(&then(into, &[('>', &several)]), &[("imap", 1), ("imap", 1)], login);
    // Nobody has to log in.
    check(&[('<', b"* PREAUTH hello jan\r\n"), ('>', &one), ('<', b"2 OK\r\n")], &[("imap", 1)], &[]);
    // A message that is refused before it is sent is not sent: what follows are commands.
    let two = [one.clone(), one.clone()].concat();
    for refused in [&b"9 APPEND Weg {310}\r\n"[..], b"9 APPEND Weg (\\Seen) {310}\r\n", b"9 append {310}\r\n"] {
        for answer in [&b"9 NO [TRYCREATE] none\r\n"[..], b"* 1 EXISTS\r\n9 BAD no\r\n"] {
            let rest: Said<'_> = &[('>', refused), ('<', answer), ('>', &two), ('<', b"2 OK\r\n2 OK\r\n")];
            check(&then(into, rest), &[("imap", 1), ("imap", 1)], login);
        }
    }
    // One that was sent all the same, and one that is refused afterwards.
    let plus = append("Sent", MAIL).split(|byte| *byte == b'}').collect::<Vec<_>>().join(&b"+}"[..]);
    let (line, message) = plus.split_at(plus.len() - MAIL.len() - 2);
    for (line, between) in [(line, &b"2 NO full\r\n"[..]), (&one[..one.len() - MAIL.len() - 2], b"+ go\r\n")] {
        let rest: Said<'_> = &[('>', line), ('<', between), ('>', message), ('<', b"2 NO full\r\n"), ('>', &one)];
        check(&then(into, rest), &[("imap", 1), ("imap", 1)], login);
    }
    // Before somebody is in, nothing is kept, and nothing hides in it.
    let early = [append("Sent", MAIL), b"1 LOGIN jan geheim\r\n".to_vec()].concat();
    check(&[('<', b"* OK hello\r\n"), ('>', &early), ('<', b"2 BAD\r\n1 OK in\r\n")], &[], login);
}

#[test]
fn a_form_that_is_sent_by_get_is_looked_into_once() {
    let ask = |query: &str| format!("GET /p?{query} HTTP/1.1\r\nHost: a.nl\r\n\r\n").into_bytes();
    let (one, other) = (ask("naam=jan&bsn=9999%2E90%2E019"), ask("q=bsn+aanvragen"));
    let asked = [one.clone(), one, other].concat();
    check(&[('>', &asked)], &[("http", 1)], &[]);
}
