//! What is told by its first bytes alone.

use wire::event::{Kind, RawContent};

use crate::build::*;

fn stream(client: &[u8], server: &[u8]) -> Option<&'static str> {
    let mut tcp = Tcp::open(0, 40_000, 4000);
    tcp.send(true, client);
    if !server.is_empty() {
        tcp.send(false, server);
    }
    flows(&run(&tcp.close().frames).0)[0].application
}

fn datagrams(ports: (u16, u16), client: &[&[u8]]) -> Option<&'static str> {
    let frames: Vec<_> = (0i64..).zip(client).map(|(at, bytes)| udp(at, true, ports.0, ports.1, bytes)).collect();
    flows(&run(&frames).0)[0].application
}

#[test]
fn streams() {
    let rdp = b"\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x0b\x00\x00\x00";
    let rlpx = [&[1, 0x2c, 4][..], &[0x5a; 299]].concat();
    let table: [(&[u8], &[u8], &str); 16] = [
        (b"SSH-2.0-OpenSSH_9.2\r\n", b"", "ssh"),
        (b"\x00\x00\x00\x55\xffSMB\x72", b"", "smb"),
        (b"\x00\x00\x00\x55\xfeSMB\x40", b"", "smb"),
        (rdp, b"", "rdp"),
        (b"\x13BitTorrent protocol\0\0\0\0\0\0\0\0", b"", "bittorrent"),
        (b"\xf9\xbe\xb4\xd9version\0\0\0\0\0", b"", "bitcoin"),
        (b"\x05\x00\x0b\x03\x10\x00\x00\x00\x48\x00", b"", "msrpc"),
        (b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00", b"", "mqtt"),
        (b"\x05\x01\x00", b"\x05\x00", "socks"),
        (b"\x04\x01\x00\x50\xc0\x00\x02\x07\x00", b"", "socks"),
        (b"\x00\x0e\x38abcdefgh\0\0\0\0\0", b"", "openvpn"),
        (&rlpx, b"", "devp2p"),
        (b"x", b"RFB 003.008\n", "vnc"),
        (b"INVITE sip:jan@example.nl SIP/2.0\r\n", b"", "sip"),
        (b"{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n", b"", "stratum"),
        (b"\x00\x00\x00\x04\x6a\x02\x30\x00", b"", "kerberos"),
    ];
    for (client, server, expected) in table {
        assert_eq!(stream(client, server), Some(expected), "{:?}", String::from_utf8_lossy(client));
    }
    let nothing: [&[u8]; 6] =
        [b"hello", b"{\"id\":1,\"method\":\"chat\"}\n", b"\x05\x09\x00", b"SSH 2", &[0; 40], b"\x04\x01"];
    for client in nothing {
        assert_eq!(stream(client, b""), None, "{:?}", String::from_utf8_lossy(client));
    }
}

/// What is told of a connection whose sides begin with something bare.
fn raw(tcp: &Tcp) -> Vec<(RawContent, bool)> {
    let told = run(&tcp.frames).0.into_iter().filter_map(|event| match event.kind {
        Kind::RawStream(raw) => Some((raw.content, raw.is_from_client)),
        _ => None,
    });
    told.collect()
}

#[test]
fn what_is_bare_is_told_with_the_side_that_sent_it() {
    let mut program = b"MZ\x90\0".to_vec();
    program.resize(60, 0);
    program.extend(b"\x40\0\0\0PE\0\0\x64\x86");
    let gh0st = [&b"Gh0st\x1c\0\0\0\xc8\0\0\0\x78\x9c"[..], &[7; 13]].concat();
    let opened = || Tcp::open(0, 40_000, 4444);
    let mut both = opened();
    both.send(true, &gh0st).send(false, &gh0st).close();
    assert_eq!(raw(&both), [(RawContent::Gh0st, true), (RawContent::Gh0st, false)]);
    assert_eq!(flows(&run(&both.frames).0)[0].application, Some("gh0st"));
    for prompt in [&b"Microsoft Windows [Version 10.0.19045.4291]\r\n"[..], b"C:\\Users\\jan>", b"root@web01:~# "] {
        let mut shell = opened();
        shell.send(true, prompt).send(false, b"whoami\n").send(true, prompt).close();
        assert_eq!(raw(&shell), [(RawContent::Shell, true)], "{}", String::from_utf8_lossy(prompt));
    }
    for identity in [
        &b"uid=33(www-data) gid=33(www-data) groups=33(www-data)\n"[..],
        b"uid=1000 action=login gid=1000 user=(jan) gid=7\n",
    ] {
        let mut said = opened();
        said.send(true, identity).close();
        assert_eq!(raw(&said).is_empty(), identity.starts_with(b"uid=1000"), "{}", String::from_utf8_lossy(identity));
    }
    // Its length before it, in the same segment or in one of its own.
    for cut in [0, 4] {
        let sized = [&[0x40, 0x1f, 0, 0][..], &program].concat();
        let (length, rest) = sized.split_at(cut);
        let mut staged = opened();
        if !length.is_empty() {
            staged.send(false, length);
        }
        staged.send(false, rest).close();
        assert_eq!(raw(&staged), [(RawContent::Program, false)], "cut at {cut}");
    }
    // Of a connection that was there before nobody knows what this stands in; of the web, what it is; further on, nothing.
    let mut holed = opened();
    holed.send(true, b"GET /setup.exe HTTP/1.1\r\nHost: a.nl\r\n\r\n").skip(false, 180).send(false, &program).close();
    assert_eq!(raw(&holed), []);
    let mut midway = Tcp::new(0, 40_000, 4444);
    midway.send(false, &program);
    let mut web = opened();
    web.send(true, b"GET /setup.exe HTTP/1.1\r\nHost: a.nl\r\n\r\n");
    web.send(false, b"HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n").send(false, &program).close();
    let mut later = opened();
    later.send(false, b"\x01\x02\x03\x05\x08\x0d").send(false, &program).close();
    for tcp in [midway, web, later] {
        assert!(raw(&tcp).is_empty(), "{:?}", raw(&tcp));
    }
}

#[test]
fn what_a_program_says_of_itself_within_a_protocol_is_told_once() {
    let said = |client: &[u8], server: &[u8], more: &[u8]| {
        let mut tcp = Tcp::open(0, 40_000, 8080);
        tcp.send(true, client).send(false, server).send(true, more).send(false, server).close();
        let application = flows(&run(&tcp.frames).0)[0].application;
        (raw(&tcp), application)
    };
    let welcome = b":srv 001 x :Welcome\r\n";
    let person = b"NICK jan\r\nUSER jan 0 * :Jan\r\n";
    assert_eq!(said(person, welcome, b"PRIVMSG #nl :!ddos is a crime\r\n"), (vec![], Some("irc")));
    let bot = b"NICK [NLD|W10|X64]8f2a\r\nUSER x 0 * :x\r\n";
    assert_eq!(said(bot, welcome, b"JOIN #x\r\n"), (vec![(RawContent::IrcBot, true)], Some("irc")));
    let order = b":h!h@h PRIVMSG #x :!ddos udp 192.0.2.7 80 60\r\n";
    assert_eq!(said(person, order, b"PONG x\r\n"), (vec![], Some("irc")), "anybody can say so in a channel");

    let websocket = |protocol: &str| {
        format!("GET /x HTTP/1.1\r\nHost: a.nl\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n")
    };
    let changed = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
    assert_eq!(said(websocket("chat").as_bytes(), changed, b"\x82\x80"), (vec![], Some("http")));
    let chisel = websocket("chisel-v3");
    assert_eq!(said(chisel.as_bytes(), changed, b"\x82\x80"), (vec![(RawContent::Chisel, true)], Some("http")));

    // What a directory's entry is made of.
    let bind: &[u8] = b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00";
    let wrapped = |tag: u8, content: &[u8]| [&[tag, content.len() as u8][..], content].concat();
    let attribute = |name: &[u8]| wrapped(0x30, &[wrapped(4, name), wrapped(0x31, &wrapped(4, b"x"))].concat());
    let entry = |name: &str| {
        let attributes = wrapped(0x30, &[attribute(b"objectClass"), attribute(name.as_bytes())].concat());
        let found = wrapped(0x64, &[wrapped(4, b"cn=javaFactory"), attributes].concat());
        wrapped(0x30, &[&[2, 1, 2][..], &found].concat())
    };
    for name in ["javaCodeBase", "JAVAFACTORY", "javaSerializedData"] {
        let java = vec![(RawContent::JavaReference, false)];
        assert_eq!(said(bind, &entry(name), bind), (java, Some("ldap")), "{name}");
    }
    assert_eq!(said(bind, &entry("javaClassName"), bind), (vec![], Some("ldap")));
}

/// Of what people send only an archive is told, by its first bytes.
#[test]
fn an_archive_that_is_sent_is_told() {
    let archive = [&b"7z\xbc\xaf\x27\x1c"[..], &[7; 300]].concat();
    let table: [(&[u8], Option<&str>); 3] =
        [(&archive, Some("0 body Archive")), (&[b'a'; 306], None), (&[0xd5; 306], None)];
    for (body, expected) in table {
        for method in ["PUT", "POST"] {
            let head = format!("{method} /x HTTP/1.1\r\nHost: a.nl\r\nContent-Length: {}\r\n\r\n", body.len());
            let mut tcp = Tcp::open(0, 40_000, 80);
            tcp.send(true, head.as_bytes()).send(true, body).close();
            let (events, _) = run(&tcp.frames);
            let told = story(&events).into_iter().find(|line| line.contains("body"));
            assert_eq!(told.as_deref(), expected, "{method}");
            assert!(events.iter().all(|event| !matches!(&event.kind, Kind::HttpBody(body) if !body.is_from_client)));
        }
    }
}

/// The port of time hides nothing else.
#[test]
fn time_is_told_by_its_shape() {
    let field = |length: u8| [&[1, 4, 0, length][..], &vec![9; usize::from(length) - 4]].concat();
    let plain = [&[0x23][..], &[0; 47]].concat();
    let with = |behind: &[u8]| [&plain[..], behind].concat();
    let control = [&[0x16, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 4][..], b"a=b\n"].concat();
    for message in [
        plain.clone(),
        with(&[7; 20]),
        with(&[7; 24]),
        with(&[0; 4]),
        with(&field(36)),
        with(&[field(36), field(104), field(40)].concat()),
        with(&[field(28), vec![7; 20]].concat()),
        control,
    ] {
        assert_eq!(datagrams((4000, 123), &[&message]), Some("ntp"), "{}", message.len());
    }
    let drawn: Vec<u8> = (0..900u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let begun = [&[0x23][..], &drawn].concat();
    for other in
        [drawn, begun, with(&[7; 30]), with(&field(12)), plain[..40].to_vec(), [&[0x07][..], &[0; 47]].concat()]
    {
        assert_eq!(datagrams((4000, 123), &[&other]), None, "{}", other.len());
    }
}

/// Ports, what the client sends, what it is.
type Case<'a> = ((u16, u16), Vec<Vec<u8>>, &'a str);

#[test]
fn datagrams_of_many_kinds() {
    let wireguard = [&[1, 0, 0, 0][..], &[0x5a; 144]].concat();
    let disco = ["TS💬".as_bytes(), &[0x5a; 118]].concat();
    let ntp = [&[0x23][..], &[0; 47]].concat();
    let ike = [&[7; 16][..], &[0x21, 0x20, 0x22, 8, 0, 0, 0, 0, 0, 0, 0, 28]].concat();
    let discovery = [&[7; 97][..], &[1, 0xc5, 1, 2, 3, 4, 5]].concat();
    let dhcp = [&[1, 1, 6, 0][..], &[0; 232], &[0x63, 0x82, 0x53, 0x63]].concat();
    let voice = |number: u8| [&[0x80, 0, 0, number, 0, 0, 0, number, 9, 9, 9, 9][..], &[0xd5; 20]].concat();
    let utp = [&[0x41, 0][..], &[3; 14], &[0, 1, 0, 0]].concat();
    let google = b"\x0d\x01\x02\x03\x04\x05\x06\x07\x08Q043\x01";
    let table: [Case<'_>; 15] = [
        ((4000, 51_000), vec![wireguard.clone()], "wireguard"),
        ((4000, 41_641), vec![disco], "tailscale"),
        ((4000, 51_000), vec![b"\x38abcdefgh\0\0\0\0\0".to_vec()], "openvpn"),
        ((4000, 51_000), vec![b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl".to_vec()], "stun"),
        ((4000, 51_000), vec![b"\x16\xfe\xff\0\0\0\0\0\0\0\0\0\x01\0".to_vec()], "dtls"),
        ((4000, 51_000), vec![b"d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe".to_vec()], "bittorrent"),
        ((4000, 51_000), vec![utp], "bittorrent"),
        ((4000, 1900), vec![b"M-SEARCH * HTTP/1.1\r\n".to_vec()], "ssdp"),
        ((4000, 30_303), vec![discovery], "devp2p"),
        ((68, 67), vec![dhcp], "dhcp"),
        ((4000, 123), vec![ntp.clone()], "ntp"),
        ((4000, 161), vec![b"\x30\x20\x02\x01\x01\x04\x06public".to_vec()], "snmp"),
        ((500, 500), vec![ike], "ike"),
        ((4000, 51_000), vec![voice(1), voice(2)], "rtp"),
        ((4000, 443), vec![google.to_vec()], "quic"),
    ];
    for (ports, client, expected) in table {
        let client: Vec<&[u8]> = client.iter().map(Vec::as_slice).collect();
        assert_eq!(datagrams(ports, &client), Some(expected));
    }
    for client in [&wireguard[..147], &ntp, &[0x80; 40], b"hello", b"d1:ae"] {
        assert_eq!(datagrams((4000, 51_000), &[client]), None);
    }
}
