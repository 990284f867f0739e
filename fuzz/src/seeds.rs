//! Writes the inputs to start from: `seeds FOLDER` makes a folder a target in it, each with small, valid examples.
//! What is fuzzed from nothing finds the door of a protocol late or never.

use std::fs;
use std::path::Path;

use detect::{Settings, Watch};
use fuzz::{Made, conversation, datagram, input_of, moment};

fn main() -> std::io::Result<()> {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: seeds FOLDER");
        std::process::exit(2);
    };
    let folder = Path::new(&folder);
    write(folder, "packet", &packets())?;
    write(folder, "capture", &[pcap(), pcapng()])?;
    let memory = Watch::new(Settings::default()).memory();
    let exceptions = b"kind=beacon domain=*.example.nl until=2027-01-01 # reason\nhost=10.0.0.5 network=192.0.2.0/24\n";
    write(folder, "memory", &[memory[6..memory.len() - 8].to_vec(), exceptions.to_vec()])?;
    write(folder, "dns", &[dns_question(), dns_answer()])?;
    write(folder, "tls", &[client_hello()[5..].to_vec(), streams(&client_hello(), &server_hello())])?;
    write(folder, "http", &[REQUEST.to_vec(), RESPONSE.to_vec(), streams(REQUEST, RESPONSE)])?;
    write(folder, "http2", &HTTP2.map(|(client, server)| streams(client, server)))?;
    write(folder, "logins", &LOGINS.map(|(client, server)| streams(client, server)))?;
    write(folder, "personal", &TEXTS.map(|text| text.to_vec()))?;
    write(folder, "netflow", &[netflow()])?;
    write(folder, "log_lines", &LOGS.map(|line| line.to_vec()))?;
    write(folder, "lists", &lists())?;
    write(folder, "facts", &facts())?;
    write(folder, "pack", &[PACK.as_bytes().to_vec()])?;
    let mut tables: Vec<_> = TABLES.iter().map(|text| text.as_bytes().to_vec()).collect();
    tables.push(fuzz::workbook(None));
    tables.extend(fuzz::unpacked(&fuzz::workbook(None)).into_iter().filter(|(name, _)| name == fuzz::CELLS).map(|(_, cells)| cells));
    write(folder, "sheets", &tables)?;
    write(folder, "sensor_report", &[SENSOR_REPORT.as_bytes().to_vec()])?;
    write(folder, "sensor_answer", &[SENSOR_ANSWER.to_vec()])?;
    write(folder, "archive", &kept())?;
    write(folder, "backup", &[BACKUP.as_bytes().to_vec()])?;
    write(folder, "proof", &proofs())
}

/// Frames of both sides: those of RFC 7541 appendix C.4 and C.6, a head in two parts, a body with padding.
const HTTP2: [(&[u8], &[u8]); 2] = [
    (
        b"\0\0\x11\x01\x05\0\0\0\x01\x82\x86\x84A\x8c\xf1\xe3\xc2\xe5\xf2:k\xa0\xab\x90\xf4\xff\0\0\x0c\x01\x05\0\0\0\x03\x82\x86\x84\xbeX\x86\xa8\xeb\x10d\x9c\xbf",
        b"\0\0\x0b\x01\x04\0\0\0\x01\x88a\x03dag\x54\x03abc\0\0\x14\0\x09\0\0\0\x01\x03MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\0\0\0\0\0\x02\x01\x05\0\0\0\x03\x8d\xbe",
    ),
    (
        b"\0\0\x10\x01\x28\0\0\0\x01\x02\0\0\0\0\xff\x83\x86A\x04a.nl\0\0\0\0\x2b\x09\x04\0\0\0\x01\x84\x5f!application/x-www-form-urlencoded\x7a\x05curl/\0\0\x13\0\x01\0\0\0\x01user=jan&password=x",
        b"\0\0\x04\x03\0\0\0\0\x05\0\0\0\x08\0\0\x01\x01\x05\0\0\0\x01\x88\0\0\x08\x06\0\0\0\0\0\0\0\0\0\0\0\0\0",
    ),
];

/// A file of each kind that a sensor keeps.
fn kept() -> Vec<Vec<u8>> {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let flow = archive::FlowRow {
        first_at: at,
        last_at: at,
        transport: "tcp".into(),
        client_ip: [10, 0, 0, 5].into(),
        client_port: Some(50_000),
        server_ip: [203, 0, 113, 9].into(),
        server_port: Some(443),
        application: Some("tls".into()),
        handshake: None,
        sent: wire::event::Volume { packets: 9, bytes: 900 },
        received: wire::event::Volume::default(),
        tls_name: Some("a.example".into()),
        http_host: None,
        dns_name: Some("a.example".into()),
        ja3: Some("0".repeat(32)),
        ja4: None,
        certificate_sha1: None,
        certificate_sha256: None,
    };
    let question = archive::DnsRow {
        at,
        client_ip: [10, 0, 0, 5].into(),
        resolver_ip: [10, 0, 0, 1].into(),
        name: "a.example".into(),
        kind: "A".into(),
        code: Some("NOERROR".into()),
        answers: vec!["203.0.113.9".into(), "b.example".into()],
    };
    let flows = archive::write_flows(Vec::new(), &[flow.clone(), flow]).ok();
    flows.into_iter().chain(archive::write_dns(Vec::new(), &[question.clone(), question]).ok()).collect()
}

/// Forms, tables and mail with personal data that belongs to nobody.
const TEXTS: [&[u8]; 4] = [
    b"\x40naam=J&geboortedatum=1980-01-02&bsn=999990019&iban=NL20INGB0001234567",
    b"\x10naam;bsn;mail\r\nJan;999990019;jan@a.nl\r\n",
    b"\x07Content-Type: multipart/mixed; boundary=zz\r\n\r\n--zz\r\nContent-Transfer-Encoding: base64\r\n\r\nbnI7YnNuCjE7OTk5OTkwMDE5Cg==\r\n--zz--",
    b"\xffkaart 4539 5787 6362 1486, BSN 9999.90.019",
];

/// A line of each log, with a first byte that lets it be told by its content.
const LOGS: [&[u8]; 10] = [
    b"\xffOct 19 08:00:01 dnsmasq[1]: 5 10.0.0.1/3 query[A] a.example from 10.0.0.1\nOct 19 08:00:01 dnsmasq[1]: 5 10.0.0.1/3 reply a.example is <CNAME>\nOct 19 08:00:01 dnsmasq[1]: 5 10.0.0.1/3 reply b.example is 192.0.2.1",
    b"\xff[1792389601] unbound[1:0] reply: 10.0.0.1 a.example. A IN NOERROR 0.1 0 56",
    b"\xff{\"T\":\"2026-10-19T08:00:01Z\",\"QH\":\"a.example\",\"QT\":\"A\",\"IP\":\"10.0.0.1\",\"Answer\":\"AAGBgAABAAAAAAAAAWEAAAEAAQ==\",\"Elapsed\":9}",
    b"\xff<189>date=2026-10-19 time=08:00:01 devid=\"F\" logid=\"0000000020\" type=\"traffic\" subtype=\"forward\" sessionid=7 srcip=10.0.0.1 srcport=5 dstip=192.0.2.1 dstport=443 proto=6 action=\"accept\" duration=9 sentbyte=1 rcvdbyte=2",
    b"\xff<30>device=\"SFW\" date=2026-10-19 time=08:00:01 log_type=\"Firewall\" log_component=\"Firewall Rule\" log_subtype=\"Allowed\" duration=6 src_ip=10.0.0.1 dst_ip=192.0.2.1 protocol=\"TCP\" src_port=1 dst_port=2 sent_bytes=5 recv_bytes=9",
    b"\xff<134>Oct 19 08:00:01 filterlog[1]: 4,,,1,igb1,match,pass,in,4,0x0,,64,1,0,DF,6,tcp,60,10.0.0.1,192.0.2.1,1,2,0,S,1,,64240,,mss",
    b"\xff<4>Oct 19 08:00:01 u kernel: [LAN_IN-D-1]IN=br0 OUT=eth8 SRC=10.0.0.1 DST=192.0.2.1 LEN=60 PROTO=TCP SPT=1 DPT=2 SYN",
    b"\xff<14>Oct 19 08:00:01 u CEF:0|a|b|c|201|d|7|src=10.0.0.1 spt=1 dst=192.0.2.1 dpt=2 UNIFIipsSignature=x act=blocked",
    b"\xff{\"timestamp\":\"2026-10-19T08:00:01.5+0200\",\"flow_id\":1,\"event_type\":\"dns\",\"src_ip\":\"10.0.0.1\",\"src_port\":1,\"dest_ip\":\"10.0.0.2\",\"dest_port\":53,\"proto\":\"UDP\",\"dns\":{\"type\":\"answer\",\"id\":1,\"rrname\":\"a\",\"rrtype\":\"A\",\"answers\":[{\"rrname\":\"a\",\"rrtype\":\"A\",\"ttl\":1,\"rdata\":\"192.0.2.1\"}]}}",
    b"\xff#separator \\x09\n#set_separator\t,\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\tconn_state\n1792389601.5\tC1\t10.0.0.1\t1\t192.0.2.1\t2\ttcp\t1.5\tSF",
];

/// A list in each form, with a first byte that says which, and our own without its magic line and checksum.
fn lists() -> Vec<Vec<u8>> {
    let forms: [&[u8]; 7] = [
        b"# a list\nevil.example\n0.0.0.0 bad.example\n192.0.2.7\n192.0.2.0/24\n198.51.100.7:8080\nhttp://bad.example/gate.php\nuser-agent: x\n",
        b"$TTL 60\n@ SOA a. b. 1 2 3 4 5\nevil.example CNAME .\n*.evil.example CNAME .\nok.example CNAME rpz-passthru.\n24.0.2.0.192.rpz-ip CNAME .\n",
        b"[Adblock Plus]\n||evil.example^\n@@||ok.example^\n||a.example^$third-party\n",
        b"# first_seen,dst_ip,dst_port,malware\n\"2026-01-01\",\"192.0.2.7\",443,\"Emotet\"\nevil.example;known attacker\n",
        b"{\"Event\":{\"info\":\"x\",\"Attribute\":[{\"type\":\"domain\",\"value\":\"evil.example\",\"to_ids\":true},{\"type\":\"ip-dst|port\",\"value\":\"192.0.2.7|443\",\"to_ids\":true}]}}",
        b"{\"type\":\"bundle\",\"objects\":[{\"type\":\"indicator\",\"pattern_type\":\"stix\",\"pattern\":\"[domain-name:value = 'evil.example'] OR [ipv4-addr:value = '192.0.2.7']\",\"valid_from\":\"2026-01-01T00:00:00Z\"}]}",
        b"ZXZpbC5leGFtcGxl\nYmFkLmV4YW1wbGU=\n",
    ];
    let mut seeds: Vec<Vec<u8>> =
        (0u8..).zip(forms).map(|(number, form)| [&[number], form].concat()).collect();
    let own = intel::ThreatList::read("seed", forms[0]).list.to_bytes();
    let body = &own[own.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1)..own.len() - 32];
    seeds.push([&[0xff], body].concat());
    seeds
}

/// What client and server say in each protocol in which somebody logs in.
const LOGINS: [(&[u8], &[u8]); 14] = [
    (b"USER jan\r\nPASS x\r\n", b"220 FTP\r\n331 pw\r\n230 ok\r\n"),
    (b"USER jan\r\nPASS x\r\n", b"+OK\r\n+OK\r\n-ERR\r\n"),
    (b"a LOGIN {3}\r\njan \"x\"\r\n", b"* OK\r\n+ go\r\na OK\r\n"),
    (b"a AUTHENTICATE PLAIN\r\nAGEAYg==\r\n", b"* OK\r\n+ \r\na NO\r\n"),
    (b"EHLO a\r\nAUTH LOGIN\r\namFu\r\nZ2VoZWlt\r\nDATA\r\n.\r\n", b"220 ESMTP\r\n334 x\r\n334 y\r\n235 ok\r\n"),
    (b"\xff\xfb\x18jan\r\nx\r\n", b"\xff\xfd\x18login: Password: \r\nLogin incorrect\r\n"),
    (b"\x30\x1d\x02\x01\x01\x60\x18\x02\x01\x03\x04\x0bcn=jan,dc=a\x80\x06geheim", b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"),
    (b"\x05\x01\x02\x01\x03jan\x06geheim\x05\x01\x00\x03\x04a.nl\x01\xbb", b"\x05\x02\x01\x00\x05\x00\x00\x01\0\0\0\0\0\0"),
    (b"SSH-2.0-a\r\n\0\0\0\x0c\x0a\x15\0\0\0\0\0\0\0\0\0\0abcdefgh", b"SSH-2.0-b\r\n\0\0\0\x0c\x0a\x15\0\0\0\0\0\0\0\0\0\0abcdefgh"),
    (b"\x10\x17\0\x04MQTT\x04\xc2\0\x3c\0\x01x\0\x03jan\0\x03geh", b"\x20\x02\0\0"),
    (b"\x03\0\0\x2a\x25\xe0\0\0\0\0\0Cookie: mstshash=jan\r\n\x01\0\x08\0\x03\0\0\0", b"\x03\0\0\x13\x0e\xd0\0\0\x12\x34\0\x02\0\x08\0\x02\0\0\0"),
    (b"RFB 003.008\n\x02abcdefghijklmnop", b"RFB 003.008\n\x01\x02abcdefghijklmnop\0\0\0\x01"),
    (b"*2\r\n$4\r\nAUTH\r\n$1\r\nx\r\n", b"+OK\r\n"),
    (b"PASS x\r\nNICK jan\r\n", b":srv 001 jan :Welcome\r\n"),
];

/// The proofs of a register of three entries, and what an authority would be asked and refuse.
fn proofs() -> Vec<Vec<u8>> {
    let organisation = uuid::Uuid::from_u128(1);
    let key = register::SigningKey::of_register(organisation, &[1; 32]);
    let entries: Vec<_> = (0..3)
        .filter_map(|index| register::Entry::new(organisation, index, jiff::Timestamp::UNIX_EPOCH, "a.b", [7; 32]).ok())
        .collect();
    let leaves: Vec<_> = entries.iter().map(register::Entry::leaf_hash).collect();
    let mut tree = register::Frontier::default();
    leaves.iter().for_each(|leaf| tree.append(*leaf));
    let checkpoint = register::Checkpoint::of(organisation, &tree).sign(&key, jiff::Timestamp::UNIX_EPOCH);
    let files = [register::inclusion_file(&entries[1], &leaves, &checkpoint), register::consistency_file(2, &leaves, &checkpoint)];
    let mut seeds: Vec<_> = files.into_iter().flatten().map(String::into_bytes).collect();
    let records: Vec<_> = entries.into_iter().map(|entry| register::Record { entry, kept: None }).collect();
    let (name, checkpoint, key) = ("a", checkpoint.as_str(), &key);
    let export = register::Export { organisation, name, records: &records, checkpoint, extra: &[], key };
    seeds.extend(register::export(&export));
    let (incident, records, leaves, readme) = (1, &records[1..], leaves.as_slice(), "");
    let dossier =
        register::Dossier { organisation, name, incident, records, leaves, checkpoint, readme, files: &[], key };
    seeds.extend(dossier.pack());
    seeds.push(register::timestamp_request(fuzz::STAMPED));
    seeds.push(vec![0x30, 5, 0x30, 3, 2, 1, 2]);
    seeds
}

/// The lines of a small backup; its end does not hold what stands above it.
const BACKUP: &str = r#"{"dijkwacht_backup":1,"program":"0.1.0","made_at":"2026-11-28T20:00:00Z","schema":15}
{"secret":{"name":"register.key","base64":"AAAA"}}
{"table":{"name":"providers","columns":["id","name"],"key":[0]}}
["a",{"base64":"AAAA"},null,true,12]
{"file":{"organisation":"0197a3c0-0000-7000-8000-000000000001","sha256":"5d","size_bytes":3}}
{"piece":"AAAA"}
{"end":{"schema":15,"tables":{},"files":{"count":1,"sha256":"5d"},"file_bytes":3}}
"#;

/// Registers as people keep them: a title above, another separator, Excel's own first line.
const TABLES: [&str; 3] = [
    "Register 2019;;\r\nNr;Datum;Omschrijving\r\n1;3-4-2019;\"Mail; \"\"fout\"\"\nverstuurd\"\r\n",
    "4.2,5.3\n2019-04-03,Laptop kwijt\n",
    "sep=;\nDatum;Omschrijving\n43558;Brief weg\n",
];

/// A small pack: one table with two rules, the second over the first. It lacks the duties, and is refused for that alone.
const PACK: &str = "
id = \"try\"
edition = \"1\"
standing = \"proposal\"
title = { nl = \"Proef\", en = \"Trial\" }
source = \"made up\"
zone = \"Europe/Amsterdam\"
[seats]
home = \"NL\"
home_authority = \"NL-AP\"
members = [\"BE\"]
member_suffix = \"-SA\"
\u{0}title = { nl = \"Alles\", en = \"Everything\" }
[[table]]
id = \"breach\"
name = { nl = \"datalek\", en = \"breach\" }
values = [\"no\", \"yes\"]
pick = \"single\"
answers = \"breach\"
[[rule]]
id = \"try-no\"
table = \"breach\"
when = \"always\"
gives = \"no\"
cites = [\"x\"]
mark = \"P\"
source = \"made up\"
text = { nl = \"nee\", en = \"no\" }
[[rule]]
id = \"try-yes\"
table = \"breach\"
when = \"security_incident and (subjects_max >= 5 or not data any [health])\"
gives = \"yes\"
overrides = [\"try-no\"]
cites = [\"x\"]
mark = \"P\"
source = \"made up\"
text = { nl = \"ja\", en = \"yes\" }
";

fn write(folder: &Path, target: &str, seeds: &[Vec<u8>]) -> std::io::Result<()> {
    let folder = folder.join(target);
    fs::create_dir_all(&folder)?;
    for (number, seed) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number}")), seed)?;
    }
    Ok(())
}

const RAW_IP: u8 = 1;

/// Conversations over raw IP, the last one within Ethernet with a VLAN tag.
fn packets() -> Vec<Vec<u8>> {
    let (client, server) = (([10, 0, 0, 5], 40_000), ([10, 0, 0, 1], 53));
    let dns = [
        Made { at: moment(0), bytes: datagram(client, server, &dns_question()) },
        Made { at: moment(20), bytes: datagram(server, client, &dns_answer()) },
    ];
    let tls = conversation(443, &client_hello(), &server_hello(), 60, false);
    let http = conversation(80, REQUEST, RESPONSE, 40, true);
    let tagged: Vec<Made> = http
        .iter()
        .map(|frame| {
            let link = [&[2; 6][..], &[4; 6], &[0x81, 0, 0, 7, 8, 0]].concat();
            Made { at: frame.at, bytes: [&link, &frame.bytes[..]].concat() }
        })
        .collect();
    vec![input_of(RAW_IP, &dns), input_of(RAW_IP, &tls), input_of(RAW_IP, &http), input_of(0, &tagged)]
}

/// A template and a record of NetFlow v9, then IPFIX' shape of the same, each behind its length.
fn netflow() -> Vec<u8> {
    let fields: [u16; 12] = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 1, 4];
    let template: Vec<u8> = [300u16, 6].iter().chain(&fields).flat_map(|word| word.to_be_bytes()).collect();
    let record = [&[10, 0, 0, 1, 192, 0, 2, 1, 0, 80, 1, 187, 6][..], &[0, 0, 4, 0]].concat();
    let set = |id: u16, content: &[u8]| {
        [&id.to_be_bytes()[..], &(content.len() as u16 + 4).to_be_bytes(), content].concat()
    };
    let v9 = [&[0, 9, 0, 2][..], &[0; 16], &set(0, &template), &set(300, &record)].concat();
    let content = [set(2, &template), set(300, &record)].concat();
    let ipfix = [&[0, 10][..], &(content.len() as u16 + 16).to_be_bytes(), &[0; 12], &content].concat();
    [v9, ipfix].iter().flat_map(|packet| [&(packet.len() as u16).to_be_bytes()[..], packet].concat()).collect()
}

/// The conversation over HTTP as a pcap file (little-endian, microseconds, raw IP).
fn pcap() -> Vec<u8> {
    let mut file = Vec::new();
    for field in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 101] {
        file.extend(field.to_le_bytes());
    }
    for (seconds, frame) in (1_774_620_000_u32..).zip(conversation(80, REQUEST, RESPONSE, 60, false)) {
        let length = length_of(&frame.bytes);
        for field in [seconds, 0, length, length] {
            file.extend(field.to_le_bytes());
        }
        file.extend(&frame.bytes);
    }
    file
}

/// A question and its answer as a pcapng file: section header, interface, two enhanced packets.
fn pcapng() -> Vec<u8> {
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let block = |kind: u32, body: &[u8]| {
        let length = length_of(body) + 12;
        [words(&[kind, length]), body.to_vec(), words(&[length])].concat()
    };
    let mut file = block(0x0a0d_0d0a, &words(&[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]));
    file.extend(block(1, &words(&[101, 65_535])));
    let (client, server) = (([10, 0, 0, 5], 40_000), ([10, 0, 0, 1], 53));
    for packet in [datagram(client, server, &dns_question()), datagram(server, client, &dns_answer())] {
        let mut body = words(&[0, 413_000, 1_000_000, length_of(&packet), length_of(&packet)]);
        body.extend(&packet);
        body.resize(body.len().next_multiple_of(4), 0);
        file.extend(block(6, &body));
    }
    file
}

fn length_of(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("a seed is short")
}

/// What the targets with two streams read: how they are cut, how long the client's is, and both.
fn streams(client: &[u8], server: &[u8]) -> Vec<u8> {
    let length = u16::try_from(client.len()).expect("a seed is short");
    [&[9][..], &length.to_be_bytes(), client, server].concat()
}

const REQUEST: &[u8] = b"POST /formulier?x=1 HTTP/1.1\r\nHost: www.voorbeeld.nl\r\nUser-Agent: curl/8.5\r\n\
    Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhallo";
const RESPONSE: &[u8] =
    b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n\
    5\r\nhallo\r\n0\r\n\r\n";

fn dns_question() -> Vec<u8> {
    let mut message = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    message.extend(b"\x03www\x09voorbeeld\x02nl\x00");
    message.extend([0, 1, 0, 1]);
    message
}

/// The question, then a name for it and the name's address, both by a pointer into the question.
fn dns_answer() -> Vec<u8> {
    let mut message = dns_question();
    message[2..8].copy_from_slice(&[0x81, 0x80, 0, 1, 0, 2]);
    message.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6]);
    message.extend(b"\x03cdn\xc0\x10");
    message.extend([0xc0, 44, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 9]);
    message
}

/// A length of `bytes` bytes, and what it counts.
fn counted(bytes: usize, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a seed is short").to_be_bytes();
    [&length[4 - bytes..], content].concat()
}

fn extension(number: u8, content: &[u8]) -> Vec<u8> {
    [&[0, number][..], &counted(2, content)].concat()
}

fn handshake(kind: u8, body: &[u8]) -> Vec<u8> {
    let message = [&[kind][..], &counted(3, body)].concat();
    [&[22, 3, 1][..], &counted(2, &message)].concat()
}

/// A ClientHello with a name, ALPN, groups, signature algorithms and versions, a GREASE value among them.
fn client_hello() -> Vec<u8> {
    let name = counted(2, &[&[0][..], &counted(2, b"www.voorbeeld.nl")].concat());
    let alpn = counted(2, &[counted(1, b"h2"), counted(1, b"http/1.1")].concat());
    let extensions = [
        extension(0, &name),
        extension(16, &alpn),
        extension(10, &counted(2, &[0x0a, 0x0a, 0, 29, 0, 23])),
        extension(11, &counted(1, &[0])),
        extension(13, &counted(2, &[4, 3, 8, 4])),
        extension(43, &counted(1, &[3, 4, 3, 3])),
    ]
    .concat();
    let ciphers = counted(2, &[0x1a, 0x1a, 0x13, 1, 0x13, 2, 0xc0, 0x2b]);
    let body =
        [&[3, 3][..], &[7; 32], &counted(1, &[]), &ciphers, &counted(1, &[0]), &counted(2, &extensions)].concat();
    handshake(1, &body)
}

fn server_hello() -> Vec<u8> {
    let extensions = [extension(43, &[3, 4]), extension(16, &counted(2, &counted(1, b"h2")))].concat();
    let body = [&[3, 3][..], &[8; 32], &counted(1, &[]), &[0x13, 1, 0], &counted(2, &extensions)].concat();
    handshake(2, &body)
}

/// Situations as `dijkwacht assess` reads them: a plain one, one with every kind of value, and two that are refused.
/// What a sensor sends: one line of each kind.
/// The text comes first, numbers are taken from the end.
const SENSOR_ANSWER: &[u8] = br#"{"accepted":1,"known":0,"settings":{"staff_informed_on":"2026-11-29","exceptions":[{"id":"00000000-0000-0000-0000-000000000007","kind":"beacon","host":"10.0.0.5","domain":"*.example.nl","network":"192.0.2.0/24","until":"2027-01-01","author":"A","reason":"B"}],"keep_days":7}}"#;

const SENSOR_REPORT: &str = r#"{"type":"detection","id":"d1","first_at":"2026-11-29T08:00:00Z","last_at":"2026-11-29T09:00:00Z","host":{"ip":"10.0.0.5","mac":null,"name":"kassa-2"},"kind":"beacon","severity":"high","confidence":0.9,"technique":["T1071.001"],"remote":{"ip":"203.0.113.9","port":443,"domain":"evil.example"},"evidence":{"connections":212,"jitter":0.04,"times":["2026-11-29T08:00:00Z"]},"summary":{"nl":"Gezien.","en":"Seen."}}
{"type":"case","id":"c1","host":{"ip":"10.0.0.5"},"severity":"critical","detections":["d1"],"summary":{"nl":"Besmet.","en":"Infected."},"proposed_facts":{"security_incident":true}}
{"type":"traffic","hour":"2026-11-29T08:00:00Z","host":{"ip":"10.0.0.5"},"remote":{"ip":"2001:db8::9","port":443,"domain":null},"bytes_out":4096,"bytes_in":12,"connections":2}
{"type":"state","at":"2026-11-29T10:00:00Z","version":"0.1.0","started_at":"2026-11-28T10:00:00Z","sources":[{"kind":"interface","name":"eth1","up":true,"packets":1,"bytes":2,"flows":3,"kernel_drops":0}],"malformed":0,"dropped":0,"hosts":2,"lists":[{"name":"urlhaus","entries":9,"fetched_at":null}],"spooled":0,"looks_into_content":false}
"#;

fn facts() -> Vec<Vec<u8>> {
    [
        r#"{"id":"laptop","aware_at":"2026-03-27T15:20:00+01:00","jurisdiction":"NL","facts":{"personal_data":true,"confidentiality":"possible","protection":"intact"}}"#,
        r#"{"id":"brief","detected_at":"2026-03-27T09:00:00[Europe/Amsterdam]","informed_by_processor_at":null,"aware_at":null,"facts":{"security_incident":true,"data":["name","health","national_id"],"groups":["patients"],"subjects_min":10,"subjects_max":14,"exposure_hours":3.5,"countries":["NL","BE"],"withholding_ground":"a","recipient":"trusted","deletion_confirmed":null}}"#,
        r#"{"facts":{"persoonsgegevens":true,"subjects_min":9,"subjects_max":2,"cause":"storm"}}"#,
        r#"[{"facts":{"role":"processor"}},{"facts":{"regime":"wpg"}}]"#,
    ]
    .map(|json| json.as_bytes().to_vec())
    .to_vec()
}
