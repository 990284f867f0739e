//! Who logs in where, how, and what became of it; never the secret.

use wire::event::Kind;

use crate::build::*;

/// What each side says in turns: `>` client, `<` server.
type Said<'a> = &'a [(char, &'a [u8])];

fn talk(port: u16, said: Said<'_>) -> Tcp {
    let mut tcp = Tcp::open(0, 40_000, port);
    for (side, bytes) in said {
        tcp.send(*side == '>', bytes);
    }
    tcp.close();
    tcp
}

/// The log-ins in short, and what the flow speaks.
fn told(frames: &[Made]) -> (Vec<String>, Option<&'static str>) {
    let (events, _) = run(frames);
    let logins = events.iter().filter_map(|event| match &event.kind {
        Kind::Login(login) => Some(login_in_short(login)),
        _ => None,
    });
    (logins.collect(), flows(&events)[0].application)
}

#[track_caller]
fn check(said: Said<'_>, application: &str, logins: &[&str]) {
    assert_eq!(
        told(&talk(4_711, said).frames),
        (logins.iter().map(|one| (*one).to_owned()).collect(), Some(application))
    );
    // The same byte by byte, where the pieces say nothing by themselves.
    let is_told_by_pieces =
        matches!(application, "ssh" | "socks" | "rdp" | "mqtt") || said[0].1.starts_with(b"Welcome");
    if !is_told_by_pieces {
        let mut tcp = Tcp::open(0, 40_000, 4_711);
        for (side, bytes) in said {
            for byte in *bytes {
                tcp.send(*side == '>', &[*byte]);
            }
        }
        tcp.close();
        let (cut, _) = told(&tcp.frames);
        assert_eq!(cut, logins, "byte by byte {said:?}");
    }
}

#[test]
fn ftp() {
    check(
        &[
            ('<', b"220 (vsFTPd 3.0.3)\r\n"),
            ('>', b"USER jan\r\n"),
            ('<', b"331 pw\r\n"),
            ('>', b"PASS x\r\n"),
            ('<', b"530 no\r\n"),
            ('>', b"USER jan\r\n"),
            ('<', b"331 pw\r\n"),
            ('>', b"PASS y\r\n"),
            ('<', b"230-hello\r\n230 ok\r\n"),
        ],
        "ftp",
        &["ftp USER/PASS j… readable Refused 1", "ftp USER/PASS j… readable Accepted 1"],
    );
    check(
        &[
            ('<', b"220 hello\r\n"),
            ('>', b"USER anonymous\r\n"),
            ('<', b"331 mail?\r\n"),
            ('>', b"PASS a@b\r\n"),
            ('<', b"230 ok\r\n"),
        ],
        "ftp",
        &["ftp USER/PASS a… none Accepted 1"],
    );
    // Refused before a secret was sent.
    check(&[('<', b"220 ProFTPD\r\n"), ('>', b"USER x\r\n"), ('<', b"530 no\r\n"), ('>', b"QUIT\r\n")], "ftp", &[]);
    // No answer was seen.
    check(
        &[('<', b"220 FTP\r\n"), ('>', b"USER x\r\n"), ('>', b"PASS y\r\n")],
        "ftp",
        &["ftp USER/PASS x… readable Unknown 1"],
    );
    // The greeting was not captured.
    check(
        &[('>', b"USER x\r\n"), ('<', b"331 pw\r\n"), ('>', b"PASS y\r\n"), ('<', b"230 ok\r\n")],
        "ftp",
        &["ftp USER/PASS x… readable Accepted 1"],
    );
}

#[test]
fn tls_begins_where_it_was_asked_for() {
    for said in [
        &[('<', &b"220 FTP\r\n"[..]), ('>', b"AUTH TLS\r\n"), ('<', b"234 go\r\n")],
        &[('<', &b"+OK\r\n"[..]), ('>', b"STLS\r\n"), ('<', b"+OK go\r\n")],
        &[('<', &b"* OK hello\r\n"[..]), ('>', b"a STARTTLS\r\n"), ('<', b"a OK go\r\n")],
        &[('<', &b"220 a ESMTP\r\n"[..]), ('>', b"STARTTLS\r\n"), ('<', b"220 go\r\n")],
        &[('<', &b"200 news\r\n"[..]), ('>', b"STARTTLS\r\n"), ('<', b"382 go\r\n")],
        &[('<', &b"\"STARTTLS\"\r\nOK\r\n"[..]), ('>', b"STARTTLS\r\n"), ('<', b"OK go\r\n")],
    ] {
        let mut tcp = talk(21, said);
        tcp.frames.truncate(tcp.frames.len() - 3);
        tcp.send(true, &client_hello("a.nl")).send(false, &server_hello());
        let story = story(&run(&tcp.frames).0);
        assert_eq!(story[1..3], ["0 hello a.nl", "0 chosen 1.2"], "{said:?}");
    }
}

#[test]
fn pop3() {
    check(
        &[
            ('<', b"+OK hello\r\n"),
            ('>', b"CAPA\r\nUSER jan@a.nl\r\nPASS x\r\n"),
            ('<', b"+OK\r\nUSER\r\n.\r\n+OK\r\n-ERR no\r\n"),
            ('>', b"USER jan@a.nl\r\n"),
            ('<', b"+OK\r\n"),
            ('>', b"PASS y\r\n"),
            ('<', b"+OK in\r\n"),
        ],
        "pop3",
        &["pop3 USER/PASS j…@a.nl readable Refused 1", "pop3 USER/PASS j…@a.nl readable Accepted 1"],
    );
    check(
        &[('<', b"+OK <1@a>\r\n"), ('>', b"APOP jan c4c9334bac560ecc979e58001b3e22fb\r\n"), ('<', b"+OK\r\n")],
        "pop3",
        &["pop3 APOP j… hidden Accepted 1"],
    );
    // The greeting was not captured.
    check(
        &[('>', b"USER jan\r\n"), ('<', b"+OK\r\n"), ('>', b"PASS x\r\n"), ('<', b"+OK in\r\n")],
        "pop3",
        &["pop3 USER/PASS j… readable Accepted 1"],
    );
    check(
        &[('>', b"AUTH PLAIN AGphbgBnZWhlaW0=\r\n"), ('<', b"+OK in\r\n")],
        "pop3",
        &["pop3 PLAIN j… readable Accepted 1"],
    );
    check(
        &[
            ('<', b"+OK\r\n"),
            ('>', b"AUTH PLAIN\r\n"),
            ('<', b"+ \r\n"),
            ('>', b"AGphbgBnZWhlaW0=\r\n"),
            ('<', b"+OK\r\n"),
        ],
        "pop3",
        &["pop3 PLAIN j… readable Accepted 1"],
    );
}

#[test]
fn imap() {
    let greeting = ('<', &b"* OK hello\r\n"[..]);
    check(
        &[greeting, ('>', b"a1 LOGIN info@a.nl geheim\r\n"), ('<', b"* x\r\na1 OK\r\n")],
        "imap",
        &["imap LOGIN i…@a.nl readable Accepted 1"],
    );
    check(
        &[greeting, ('>', b"1 login \"j\\\"n\" \"\"\r\n"), ('<', b"1 NO\r\n")],
        "imap",
        &["imap LOGIN j… none Refused 1"],
    );
    check(
        &[
            greeting,
            ('>', b"a LOGIN {3}\r\n"),
            ('<', b"+ go\r\n"),
            ('>', b"jan {6}\r\n"),
            ('<', b"+ go\r\n"),
            ('>', b"geheim\r\n"),
            ('<', b"a OK\r\n"),
        ],
        "imap",
        &["imap LOGIN j… readable Accepted 1"],
    );
    check(
        &[
            greeting,
            ('>', b"a AUTHENTICATE LOGIN\r\n"),
            ('<', b"+ VXNlcg==\r\n"),
            ('>', b"amFu\r\n"),
            ('<', b"+ UGFzcw==\r\n"),
            ('>', b"Z2VoZWlt\r\n"),
            ('<', b"a NO\r\n"),
        ],
        "imap",
        &["imap LOGIN j… readable Refused 1"],
    );
    check(&[('>', b"a1 LOGIN b c\r\n"), ('<', b"a1 OK\r\n")], "imap", &["imap LOGIN b… readable Accepted 1"]);
    // Nobody has to say who they are.
    check(&[('<', b"* PREAUTH hello jan\r\n"), ('>', b"1 SELECT INBOX\r\n"), ('<', b"1 OK\r\n")], "imap", &[]);
}

#[test]
fn smtp() {
    let hello: Said<'_> = &[('<', b"220 mx ready\r\n"), ('>', b"EHLO pc\r\n"), ('<', b"250-mx\r\n250 AUTH LOGIN\r\n")];
    let with = |rest: Said<'_>, logins: &[&str]| check(&[hello, rest].concat(), "smtp", logins);
    with(
        &[
            ('>', b"AUTH LOGIN\r\n"),
            ('<', b"334 VXNlcm5hbWU6\r\n"),
            ('>', b"amFu\r\n"),
            ('<', b"334 UGFzc3dvcmQ6\r\n"),
            ('>', b"Z2VoZWlt\r\n"),
            ('<', b"235 ok\r\n"),
        ],
        &["smtp LOGIN j… readable Accepted 1"],
    );
    with(&[('>', b"AUTH PLAIN AGphbgBnZWhlaW0=\r\n"), ('<', b"535 no\r\n")], &["smtp PLAIN j… readable Refused 1"]);
    with(
        &[('>', b"AUTH CRAM-MD5\r\n"), ('<', b"334 PDE+\r\n"), ('>', b"amFuIDAwMTEyMg==\r\n"), ('<', b"235 ok\r\n")],
        &["smtp CRAM-MD5 j… hidden Accepted 1"],
    );
    // Sent ahead of the answers; a message that speaks of log-ins is none.
    with(
        &[
            ('>', b"AUTH PLAIN AGphbgBnZWhlaW0=\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"),
            ('<', b"235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n"),
            ('>', b"AUTH PLAIN AGphbgBnZWhlaW0=\r\n.\r\nQUIT\r\n"),
        ],
        &["smtp PLAIN j… readable Accepted 1"],
    );
}

#[test]
fn telnet() {
    let options = b"\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0";
    check(
        &[
            ('<', options),
            ('>', b"\xff\xfb\x18"),
            ('<', b"\r\nmachine login: "),
            ('>', b"jan\r\0"),
            ('<', b"jan\r\nPassword: "),
            ('>', b"ge\x7fheim\r\0"),
            ('<', b"\r\nLast login: today\r\n$ "),
            ('>', b"ls\r\n"),
        ],
        "telnet",
        &["telnet password j… readable Accepted 1"],
    );
    check(
        &[
            ('<', b"Welcome\r\nUsername: "),
            ('>', b"jan\r\n"),
            ('<', b"Password: "),
            ('>', b"x\r\n"),
            ('<', b"Login incorrect\r\nUsername: "),
        ],
        "telnet",
        &["telnet password j… readable Refused 1"],
    );
    // A shell that says nothing but its prompt, however short.
    for (shown, outcome) in [
        (&b"\r\n$ "[..], "Accepted"),
        (b"# ", "Accepted"),
        (b"> ", "Accepted"),
        (b"\r\nsw1>", "Accepted"),
        (b"\r\n", "Unknown"),
        (b"#", "Unknown"),
    ] {
        check(
            &[
                ('<', b"\xff\xfd\x18\r\nlogin: "),
                ('>', b"root\r\n"),
                ('<', b"Password: "),
                ('>', b"x\r\n"),
                ('<', shown),
            ],
            "telnet",
            &[format!("telnet password r… readable {outcome} 1").as_str()],
        );
    }
}

#[test]
fn ldap() {
    let bind = b"\x30\x1d\x02\x01\x01\x60\x18\x02\x01\x03\x04\x0bcn=jan,dc=a\x80\x06geheim";
    let good = b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00";
    let bad = b"\x30\x0c\x02\x01\x02\x61\x07\x0a\x01\x31\x04\x00\x04\x00";
    check(
        &[('>', bind), ('<', good), ('>', bind), ('<', bad)],
        "ldap",
        &["ldap simple c… readable Accepted 1", "ldap simple c… readable Refused 1"],
    );
    check(
        &[('>', b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"), ('<', good)],
        "ldap",
        &["ldap anonymous - none Accepted 1"],
    );
}

/// A message of SMB 2, with the session service's length before it.
fn smb2(command: u8, status: u32, is_answer: bool, number: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![0xfe, b'S', b'M', b'B', 64, 0, 0, 0];
    message.extend(status.to_le_bytes());
    message.extend([command, 0, 1, 0, u8::from(is_answer), 0, 0, 0, 0, 0, 0, 0, number]);
    message.resize(64, 0);
    message.extend(body);
    [&(message.len() as u32).to_be_bytes()[..], &message].concat()
}

#[test]
fn smb() {
    let mut last = b"NTLMSSP\0\x03\0\0\0".to_vec();
    last.resize(36, 0);
    last.extend([6, 0, 6, 0, 64, 0, 0, 0]);
    last.resize(60, 0);
    last.extend(b"\x01\0\0\0j\0a\0n\0");
    let asks = |number| smb2(1, 0, false, number, &last);
    let answers = |number, status| smb2(1, status, true, number, &[9, 0, 0, 0, 72, 0, 0, 0]);
    let begins = |number| smb2(1, 0, false, number, b"NTLMSSP\0\x01\0\0\0");
    check(
        &[
            ('>', &begins(1)),
            ('<', &answers(1, 0xc000_0016)),
            ('>', &asks(2)),
            ('<', &answers(2, 0xc000_006d)),
            ('>', &begins(3)),
            ('<', &answers(3, 0xc000_0016)),
            ('>', &asks(4)),
            ('<', &answers(4, 0)),
        ],
        "smb",
        &["smb NTLM j… hidden Refused 1", "smb NTLM j… hidden Accepted 1"],
    );
    // Who is in, under an account of their own, guesses others' over the same connection, with other work in between.
    let work = |is_answer| smb2(8, 0, is_answer, 0, b"x").repeat(300);
    let said: [(char, &[u8]); 10] = [
        ('>', &asks(4)),
        ('<', &answers(4, 0)),
        ('>', &work(false)),
        ('<', &work(true)),
        ('>', &asks(5)),
        ('<', &answers(5, 0xc000_006d)),
        ('>', &work(false)),
        ('<', &work(true)),
        ('>', &asks(6)),
        ('<', &answers(6, 0xc000_006d)),
    ];
    let outcomes = ["Accepted", "Refused", "Refused"].map(|outcome| format!("smb NTLM j… hidden {outcome} 1"));
    assert_eq!(told(&talk(4_711, &said).frames).0, outcomes);
    // No answer was seen: the password's proof was sent all the same.
    check(&[('>', &asks(1))], "smb", &["smb NTLM j… hidden Unknown 1"]);
}

#[test]
fn kerberos() {
    let wrapped = |tag: u8, content: &[u8]| [&[tag, content.len() as u8][..], content].concat();
    let name = wrapped(0x30, &wrapped(0xa1, &wrapped(0x30, &wrapped(0x1b, b"jan"))));
    let body = wrapped(0xa4, &wrapped(0x30, &wrapped(0xa1, &name)));
    let asks = wrapped(0x6a, &wrapped(0x30, &[&b"\xa1\x03\x02\x01\x05"[..], &body].concat()));
    let answers = |code: u8| wrapped(0x7e, &wrapped(0x30, &[0xa6, 3, 2, 1, code]));
    let framed = |message: &[u8]| [&(message.len() as u32).to_be_bytes()[..], message].concat();
    check(
        &[
            ('>', &framed(&asks)),
            ('<', &framed(&answers(25))),
            ('>', &framed(&asks)),
            ('<', &framed(&answers(24))),
            ('>', &framed(&asks)),
            ('<', &framed(b"\x6b\x02\x30\0")),
        ],
        "kerberos",
        &["kerberos AS-REQ j… hidden Refused 1", "kerberos AS-REQ j… hidden Accepted 1"],
    );
    let datagrams = [
        udp(0, true, 40_000, 88, &asks),
        udp(1, false, 40_000, 88, &answers(25)),
        // Whoever asks again at once, with the same bytes, is a mirror port's second copy.
        udp(20, true, 40_000, 88, &asks),
        udp(21, false, 40_000, 88, &answers(18)),
    ];
    let expected = (vec!["kerberos AS-REQ j… hidden Refused 1".to_owned()], Some("kerberos"));
    assert_eq!(told(&datagrams), expected);
}

#[test]
fn socks_and_what_goes_through_it() {
    let mut tcp = talk(
        1080,
        &[
            ('>', b"\x05\x02\x00\x02"),
            ('<', b"\x05\x02"),
            ('>', b"\x01\x03jan\x06geheim"),
            ('<', b"\x01\x00"),
            ('>', b"\x05\x01\x00\x03\x04a.nl\x01\xbb"),
            ('<', b"\x05\x00\x00\x01\0\0\0\0\0\0"),
        ],
    );
    tcp.frames.truncate(tcp.frames.len() - 3);
    tcp.send(true, &client_hello("a.nl"));
    let (events, _) = run(&tcp.frames);
    assert_eq!(story(&events)[1..3], ["0 login socks user/password j… readable Accepted 1", "0 hello a.nl"]);
    let (events, _) = run(&talk(
        1080,
        &[
            ('>', b"\x04\x01\0\x50\x01\x02\x03\x04me\0"),
            ('<', b"\0\x5a\0\0\0\0\0\0"),
            ('>', b"GET /x HTTP/1.1\r\n\r\n"),
        ],
    )
    .frames);
    assert_eq!((story(&events)[1].as_str(), flows(&events)[0].application), ("0 GET /x", Some("socks")));
}

#[test]
fn ssh_is_told_by_its_shape() {
    let keys: &[u8] = b"\0\0\0\x0c\x0a\x15\0\0\0\0\0\0\0\0\0\0";
    let hello: Said<'_> =
        &[('>', b"SSH-2.0-a\r\n"), ('<', b"SSH-2.0-b\r\n"), ('>', keys), ('<', keys), ('>', &[7; 44]), ('<', &[7; 44])];
    let refusal: Said<'_> = &[('>', &[7; 100]), ('<', &[7; 52])];
    let success: Said<'_> = &[('>', &[7; 100]), ('<', &[7; 28]), ('<', &[7; 500])];
    check(&[hello, refusal, refusal, refusal].concat(), "ssh", &["ssh encrypted - hidden Refused 3"]);
    check(&[hello, refusal, success].concat(), "ssh", &["ssh encrypted - hidden Accepted 1"]);
    check(hello, "ssh", &[]);
    assert_eq!(story(&run(&talk(22, hello).frames).0)[1], "0 SSH-2.0-a SSH-2.0-b");
}

#[test]
fn others() {
    check(
        &[('>', b"\x10\x17\0\x04MQTT\x04\xc2\0\x3c\0\x01x\0\x03jan\0\x03geh"), ('<', b"\x20\x02\0\0")],
        "mqtt",
        &["mqtt password j… readable Accepted 1"],
    );
    check(
        &[
            ('>', b"\x03\0\0\x2a\x25\xe0\0\0\0\0\0Cookie: mstshash=jan\r\n\x01\0\x08\0\x03\0\0\0"),
            ('<', b"\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\0\x08\0\x02\0\0\0"),
        ],
        "rdp",
        &["rdp CredSSP j… hidden Unknown 1"],
    );
    check(
        &[
            ('<', b"RFB 003.008\n"),
            ('>', b"RFB 003.008\n"),
            ('<', b"\x01\x02"),
            ('>', b"\x02"),
            ('<', &[9; 16]),
            ('>', &[9; 16]),
            ('<', b"\0\0\0\x01"),
        ],
        "vnc",
        &["vnc VNC - hidden Refused 1"],
    );
    check(
        &[('>', b"*2\r\n$4\r\nAUTH\r\n$6\r\ngeheim\r\n"), ('<', b"+OK\r\n")],
        "redis",
        &["redis AUTH - readable Accepted 1"],
    );
    check(
        &[
            ('>', b"*5\r\n$5\r\nHELLO\r\n$1\r\n3\r\n$4\r\nAUTH\r\n$3\r\njan\r\n$6\r\ngeheim\r\n"),
            ('<', b"%1\r\n+server\r\n+redis\r\n"),
        ],
        "redis",
        &["redis AUTH j… readable Accepted 1"],
    );
    check(
        &[('>', b"AUTH jan geheim\r\n"), ('<', b"-WRONGPASS no\r\n"), ('>', b"AUTH geheim\r\n"), ('<', b"+OK\r\n")],
        "redis",
        &["redis AUTH j… readable Refused 1", "redis AUTH - readable Accepted 1"],
    );
    // What stands in quotes is one word, and the first of two is the account.
    let typed: [(&[u8], &str); 7] = [
        (b"AUTH \"ge heim\"\r\n", "- readable"),
        (b"AUTH jan \"ge heim\"\r\n", "j… readable"),
        (b"AUTH 'jan' 'ge heim'\r\n", "j… readable"),
        (b"auth \"j\\\"n\" \"ge\\\" heim\"\r\n", "j… readable"),
        (b"AUTH \"ge heim\r\n", "- readable"),
        (b"AUTH \"\"\r\n", "- none"),
        (b"AUTH jan ''\r\n", "j… none"),
    ];
    for (line, told) in typed {
        check(&[('>', line), ('<', b"+OK\r\n")], "redis", &[format!("redis AUTH {told} Accepted 1").as_str()]);
    }
    check(&[('>', b"*2\r\n$4\r\nAUTH\r\n$0\r\n\r\n"), ('<', b"+OK\r\n")], "redis", &["redis AUTH - none Accepted 1"]);
    check(
        &[
            ('>', b"CAP REQ :sasl\r\nNICK jan\r\nUSER jan 0 * :Jan\r\n"),
            ('<', b":srv CAP * ACK :sasl\r\n"),
            ('>', b"AUTHENTICATE PLAIN\r\n"),
            ('<', b"AUTHENTICATE +\r\n"),
            ('>', b"AUTHENTICATE AGphbgBnZWhlaW0=\r\n"),
            ('<', b":srv 904 jan :no\r\n"),
            ('>', b"AUTHENTICATE PLAIN\r\n"),
            ('<', b"AUTHENTICATE +\r\n"),
            ('>', b"AUTHENTICATE AGphbgBnZWhlaW0=\r\n"),
            ('<', b":srv 900 jan :in\r\n:srv 903 jan :ok\r\n:srv 001 jan :Welcome\r\n"),
        ],
        "irc",
        &["irc PLAIN j… readable Refused 1", "irc PLAIN j… readable Accepted 1"],
    );
    check(
        &[('>', b"PASS x\r\nNICK jan\r\nUSER jan 0 * :Jan\r\n"), ('<', b":srv 001 jan :Welcome\r\n")],
        "irc",
        &["irc PASS j… readable Accepted 1"],
    );
}

#[test]
fn rtsp() {
    let ask =
        |method: &str, field: &str| format!("{method} rtsp://a.nl/1 RTSP/1.0\r\nCSeq: 2\r\n{field}\r\n").into_bytes();
    let basic = "Authorization: Basic YmVoZWVyOmdlaGVpbQ==\r\n";
    let (first, with, next) = (ask("DESCRIBE", ""), ask("DESCRIBE", basic), ask("SETUP", basic));
    let (good, bad): (&[u8], &[u8]) =
        (b"RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n", b"RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n\r\n");
    // Repeated with every request, told once.
    check(
        &[('>', &first), ('<', bad), ('>', &with), ('<', good), ('>', &next), ('<', good)],
        "rtsp",
        &["rtsp basic b… readable Accepted 1"],
    );
    check(&[('>', &with), ('<', bad)], "rtsp", &["rtsp basic b… readable Refused 1"]);
    check(&[('>', &first), ('<', good)], "rtsp", &[]);
    // A question that looks like HTTP's goes before it.
    let options = b"OPTIONS rtsp://a.nl/1 RTSP/1.0\r\nCSeq: 1\r\n\r\n";
    check(&[('>', options), ('<', good), ('>', &with), ('<', good)], "rtsp", &["rtsp basic b… readable Accepted 1"]);
}

#[test]
fn http() {
    let basic: &[u8] = b"GET / HTTP/1.1\r\nAuthorization: Basic YmVoZWVyOmdlaGVpbQ==\r\n\r\n";
    let (good, bad): (&[u8], &[u8]) =
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
    // Repeated with every request, told once.
    check(&[('>', basic), ('<', good), ('>', basic), ('<', good)], "http", &["http basic b… readable Accepted 1"]);
    check(&[('>', basic), ('<', bad), ('>', basic), ('<', bad)], "http", &["http basic b… readable Refused 1"; 2]);
    check(
        &[('>', b"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 24\r\n\r\nuser=jan&password=Welkom"), ('<', good)],
        "http",
        &["http form j… readable Unknown 1"],
    );
    check(
        &[('>', b"GET /x?user=jan&pwd=y HTTP/1.1\r\n\r\n"), ('<', good)],
        "http",
        &["http form j… readable Unknown 1"],
    );
    check(
        &[
            ('>', b"CONNECT a.nl:443 HTTP/1.1\r\nProxy-Authorization: Basic YmVoZWVyOmdlaGVpbQ==\r\n\r\n"),
            ('<', b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
        ],
        "http",
        &["http proxy basic b… readable Refused 1"],
    );
}

#[test]
fn a_log_in_says_which_name_was_asked_for_and_one_at_a_proxy_does_not() {
    let names = |field: &str| {
        let asked = format!("GET / HTTP/1.1\r\nHost: DynUpdate.a.nl:80\r\n{field}: Basic YmVoZWVyOmdlaGVpbQ==\r\n\r\n");
        let answer: &[u8] = b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n";
        let (events, _) = run(&talk(80, &[('>', asked.as_bytes()), ('<', answer)]).frames);
        let name = |event: wire::event::Event| match event.kind {
            Kind::Login(login) => Some(login.name),
            _ => None,
        };
        events.into_iter().filter_map(name).collect::<Vec<_>>()
    };
    assert_eq!(names("Authorization"), [Some("dynupdate.a.nl".to_owned())]);
    assert_eq!(names("Proxy-Authorization"), [None]);
}

#[test]
fn news() {
    let greeting = ('<', &b"200 news\r\n"[..]);
    let asks = ('<', &b"381 more\r\n"[..]);
    check(
        &[
            greeting,
            ('>', b"AUTHINFO USER jan\r\n"),
            asks,
            ('>', b"AUTHINFO PASS x\r\n"),
            ('<', b"481 no\r\n"),
            ('>', b"authinfo user jan\r\n"),
            asks,
            ('>', b"authinfo pass geheim\r\n"),
            ('<', b"281 ok\r\n"),
        ],
        "nntp",
        &["nntp USER/PASS j… readable Refused 1", "nntp USER/PASS j… readable Accepted 1"],
    );
    check(
        &[greeting, ('>', b"AUTHINFO SASL PLAIN AGphbgBnZWhlaW0=\r\n"), ('<', b"281 ok\r\n")],
        "nntp",
        &["nntp PLAIN j… readable Accepted 1"],
    );
}

#[test]
fn where_mail_is_sorted() {
    let greeting = ('<', &b"\"SASL\" \"PLAIN\"\r\nOK\r\n"[..]);
    let response = b"AUTHENTICATE \"PLAIN\" {16+}\r\nAGphbgBnZWhlaW0=\r\n";
    let table: [Said<'_>; 3] = [
        &[greeting, ('>', b"AUTHENTICATE \"PLAIN\" \"AGphbgBnZWhlaW0=\"\r\n"), ('<', b"OK\r\n")],
        &[greeting, ('>', response), ('<', b"OK \"in\"\r\n")],
        &[
            greeting,
            ('>', b"AUTHENTICATE \"PLAIN\"\r\n"),
            ('<', b"\"\"\r\n"),
            ('>', b"\"AGphbgBnZWhlaW0=\"\r\n"),
            ('<', b"OK\r\n"),
        ],
    ];
    for said in table {
        check(said, "sieve", &["sieve PLAIN j… readable Accepted 1"]);
    }
    check(
        &[greeting, ('>', b"AUTHENTICATE \"PLAIN\" \"AGphbgBnZWhlaW0=\"\r\n"), ('<', b"NO \"no\"\r\n")],
        "sieve",
        &["sieve PLAIN j… readable Refused 1"],
    );
}

#[test]
fn sql_server() {
    let packet = |kind: u8, body: &[u8]| [&[kind, 1, 0, body.len() as u8 + 8, 0, 0, 1, 0][..], body].concat();
    let begins = packet(0x12, b"\0\0\x06\0\x06\xff\x10\0\0\0\0\0");
    let agrees = packet(4, b"\0\0\x06\0\x06\xff\x0f\0\0\0\0\0");
    let mut message = vec![0; 94];
    message[40..48].copy_from_slice(&[94, 0, 3, 0, 100, 0, 2, 0]);
    message.extend(b"j\0a\0n\0\xa2\xa5\xb3\xa5");
    let login = packet(0x10, &message);
    for (answer, outcome) in
        [(&b"\xe3\x01\0\0\xad\x01\0\x01"[..], "Accepted"), (b"\xaa\x01\0\x01", "Refused"), (b"", "Unknown")]
    {
        let answer = packet(4, answer);
        let said: [(char, &[u8]); 4] = [('>', &begins), ('<', &agrees), ('>', &login), ('<', &answer)];
        check(&said, "tds", &[format!("tds LOGIN7 j… readable {outcome} 1").as_str()]);
    }
    // The log-in goes within TLS; Windows' own sends no secret.
    message[42] = 0;
    for next in [packet(0x12, b"\x16\x03\x01\0\x05"), packet(0x10, &message)] {
        check(&[('>', &begins), ('<', &agrees), ('>', &next)], "tds", &[]);
    }
}

#[test]
fn addresses_with_a_log_in() {
    check(
        &[
            ('>', b"GET http://jan:geheim@a.nl/ HTTP/1.1\r\nHost: a.nl\r\n\r\n"),
            ('<', b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ],
        "http",
        &["http url j… readable Unknown 1"],
    );
    // Repeated with every request, told once.
    let ask = |method: &str| format!("{method} rtsp://jan:geheim@a.nl/1 RTSP/1.0\r\nCSeq: 2\r\n\r\n").into_bytes();
    let (first, next) = (ask("DESCRIBE"), ask("SETUP"));
    let good: &[u8] = b"RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n";
    check(&[('>', &first), ('<', good), ('>', &next), ('<', good)], "rtsp", &["rtsp url j… readable Accepted 1"]);
}

#[test]
fn single_datagrams() {
    let snmp = |community: &str| {
        let mut bytes = vec![0x30, 9 + community.len() as u8, 2, 1, 1, 4, community.len() as u8];
        bytes.extend(community.as_bytes());
        bytes.extend([0xa0, 2, 2, 0]);
        bytes
    };
    let table: [(Vec<u8>, &str, &[&str]); 4] = [
        (snmp("geheim"), "snmp", &["snmp community - readable Unknown 1"]),
        (snmp("public"), "snmp", &["snmp community - none Unknown 1"]),
        (
            b"REGISTER sip:a.nl SIP/2.0\r\nAuthorization: Digest username=\"jan\", response=\"0\"\r\n\r\n".to_vec(),
            "sip",
            &["sip digest j… hidden Unknown 1"],
        ),
        (b"INVITE sip:a.nl SIP/2.0\r\n\r\n".to_vec(), "sip", &[]),
    ];
    for (bytes, application, logins) in table {
        let frames = [udp(0, true, 4000, 4711, &bytes), udp(1, false, 4000, 4711, &bytes)];
        assert_eq!(told(&frames), (logins.iter().map(|one| (*one).to_owned()).collect(), Some(application)));
    }
    // To whom nobody answers has logged in nowhere, however often they ask; a late answer counts.
    let mut frames: Vec<Made> = (0..300).map(|n| udp(n, true, 4000, 161, &snmp("geheim"))).collect();
    assert_eq!(told(&frames), (Vec::new(), Some("snmp")));
    frames.push(udp(300, false, 4000, 161, &snmp("geheim")));
    assert_eq!(told(&frames), (vec!["snmp community - readable Unknown 1".to_owned()], Some("snmp")));
    // Nobody answers a trap, whose word is as readable.
    let mut trap = snmp("geheim");
    let kind = trap.len() - 4;
    trap[kind] = 0xa7;
    let trap = [udp(0, true, 4000, 162, &trap)];
    assert_eq!(told(&trap), (vec!["snmp community - readable Unknown 1".to_owned()], Some("snmp")));
}

#[test]
fn a_secret_is_in_no_event() {
    let said: Said<'_> = &[
        ('<', b"220 FTP\r\n"),
        ('>', b"USER jansen\r\n"),
        ('<', b"331\r\n"),
        ('>', b"PASS Zomer2024!\r\n"),
        ('<', b"230 ok\r\n"),
    ];
    let told = format!("{:?}", run(&talk(21, said).frames).0);
    assert!(!told.contains("Zomer") && !told.contains("jansen"), "{told}");
}

#[test]
fn a_hole_loses_a_line_and_not_the_rest() {
    let mut tcp = Tcp::open(0, 40_000, 21);
    tcp.send(false, b"220 FTP\r\n")
        .send(true, b"SYST\r\nFE")
        .skip(true, 5)
        .send(true, b"AT\r\nUSER jan\r\n")
        .send(true, b"PASS x\r\n");
    tcp.send(false, b"230 ok\r\n").close();
    // What came after the hole waited for it, so that the answer came before the log-in.
    assert_eq!(told(&tcp.frames).0, ["ftp USER/PASS j… readable Unknown 1"]);
}
