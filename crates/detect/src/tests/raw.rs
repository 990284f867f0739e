//! Bare streams: the innocent first.

use wire::event::{Kind as Seen, Login, LoginOutcome, RawContent, RawStream};

use super::{check, findings, lines, stream::Stream};
use RawContent::{Chisel, Gh0st, IrcBot, JavaReference, MemoryProgram, Njrat, Program, Shell};

const HOST: &str = "10.0.0.7";
const EVIL: &str = "203.0.113.66";

/// Who begins with what, told at that moment of a conversation.
fn bare(content: RawContent, is_from_client: bool) -> (f64, Seen) {
    (0.1, Seen::RawStream(RawStream { content, is_from_client }))
}

#[test]
fn what_stays_inside_or_strangers_try_is_silent() {
    let mut stream = Stream::default();
    for content in [Program, MemoryProgram, Shell, Njrat, Gh0st, IrcBot, Chisel, JavaReference] {
        for is_from_client in [true, false] {
            let said = vec![bare(content, is_from_client)];
            stream.talk(1.0, HOST, ("10.0.0.9", 5000), said, None, 5_000, 5_000);
        }
    }
    // Who searches the internet for malware knocks so at every door.
    for content in [Njrat, Gh0st, IrcBot, Chisel] {
        stream.talk(2.0, EVIL, (HOST, 4444), vec![bare(content, true)], None, 200, 0);
    }
    // Somebody asks a directory of ours that holds Java's objects.
    stream.talk(2.5, EVIL, (HOST, 389), vec![bare(JavaReference, false)], Some("ldap"), 200, 900);
    // A program of ours that is sent, and a command line of theirs.
    stream.talk(3.0, HOST, (EVIL, 5000), vec![bare(Program, true)], None, 50_000, 100);
    stream.talk(4.0, HOST, (EVIL, 2323), vec![bare(Shell, false)], None, 100, 500);
    check(&stream, "", &[]);
}

/// Files of FTP have a connection of their own, from either side, with nothing around them.
#[test]
fn files_beside_ftp_are_silent() {
    let login = Login {
        protocol: "ftp",
        mechanism: "USER/PASS",
        name: None,
        account: None,
        account_key: 0,
        is_readable: true,
        has_secret: false,
        tries: 1,
        outcome: LoginOutcome::Accepted,
    };
    for (port, said) in [(21, vec![]), (2100, vec![(0.1, Seen::Login(login))])] {
        let mut stream = Stream::default();
        stream.talk(1.0, HOST, (EVIL, port), said, Some("ftp"), 500, 500);
        stream.talk(2.0, HOST, (EVIL, 50_000), vec![bare(Program, false)], None, 100, 90_000);
        stream.talk(3.0, HOST, (EVIL, 50_001), vec![bare(Shell, true)], None, 900, 0);
        check(&stream, "", &[]);
    }
    // The port of its files says so by itself, where the orders were not seen.
    let mut files = Stream::default();
    files.talk(1.0, HOST, (EVIL, 20), vec![bare(Program, false)], None, 0, 90_000);
    check(&files, "", &[]);
    // A knock at the port of its orders is no FTP.
    let mut knocked = Stream::default();
    knocked.talk(1.0, HOST, (EVIL, 21), vec![], None, 0, 0);
    knocked.talk(2.0, HOST, (EVIL, 4444), vec![bare(Shell, true)], None, 900, 100);
    check(&knocked, "", &["malware_protocol high 10.0.0.7 203.0.113.66", "case high 10.0.0.7 1"]);
    // Who takes the port of its orders for a command line speaks no FTP.
    let mut shell = Stream::default();
    shell.talk(1.0, HOST, (EVIL, 21), vec![bare(Shell, true)], None, 900, 100);
    check(&shell, "", &["malware_protocol high 10.0.0.7 203.0.113.66", "case high 10.0.0.7 1"]);
}

#[test]
fn malware_that_speaks_bare_is_high_whoever_called() {
    for (content, client, server, is_from_client) in [
        (Gh0st, HOST, EVIL, true),
        (Gh0st, HOST, EVIL, false),
        (Gh0st, EVIL, HOST, false),
        (Njrat, HOST, EVIL, true),
        (MemoryProgram, HOST, EVIL, false),
        (MemoryProgram, EVIL, HOST, true),
        (Shell, HOST, EVIL, true),
        (Shell, EVIL, HOST, false),
        (IrcBot, HOST, EVIL, true),
        (IrcBot, HOST, EVIL, false),
        (Chisel, HOST, EVIL, true),
        (JavaReference, HOST, EVIL, false),
    ] {
        let mut stream = Stream::default();
        stream.talk(1.0, client, (server, 4444), vec![bare(content, is_from_client)], None, 900, 900);
        let expected = ["malware_protocol high 10.0.0.7 203.0.113.66", "case high 10.0.0.7 1"];
        assert_eq!(lines(&findings(&stream, "")), expected, "{content:?} {client} {server} {is_from_client}");
    }
}

#[test]
fn a_bare_program_weighs_by_whether_its_place_was_looked_up() {
    for (name, client, server, is_from_client, expected) in [
        // No answers to this host are seen: nothing says that it was not looked up.
        (None, HOST, EVIL, false, "low"),
        (Some(("updates.example", EVIL)), HOST, EVIL, false, "low"),
        (Some(("www.example", "198.51.100.9")), HOST, EVIL, false, "medium"),
        (Some(("www.example", "198.51.100.9")), EVIL, HOST, true, "low"),
    ] {
        let mut stream = Stream::default();
        if let Some((name, address)) = name {
            stream.dns(0.5, HOST, name, &[address]);
        }
        stream.talk(1.0, client, (server, 5000), vec![bare(Program, is_from_client)], None, 900, 90_000);
        let told = lines(&findings(&stream, ""));
        assert_eq!(told.len(), if expected == "low" { 1 } else { 2 }, "{told:?}");
        assert!(told[0].starts_with(&format!("malware_protocol {expected} 10.0.0.7 ")), "{told:?}");
    }
}

#[test]
fn a_tunnel_to_a_name_that_was_looked_up_may_be_somebodys_own() {
    let mut stream = Stream::default();
    stream.dns(0.5, HOST, "tunnel.example", &[EVIL]);
    stream.talk(1.0, HOST, (EVIL, 8080), vec![bare(Chisel, true)], Some("http"), 900, 900);
    check(&stream, "", &["malware_protocol medium 10.0.0.7 tunnel.example", "case medium 10.0.0.7 1"]);
}

#[test]
fn both_sides_of_a_conversation_are_one_connection() {
    let mut stream = Stream::default();
    for at in [1.0, 60.0] {
        stream.talk(at, HOST, (EVIL, 8000), vec![bare(Gh0st, true), bare(Gh0st, false)], Some("gh0st"), 900, 900);
    }
    let found = findings(&stream, "");
    let [detection] = found.detections.as_slice() else { panic!("{found:#?}") };
    assert_eq!(detection.evidence["connections"], crate::Figure::Whole(2));
    insta::assert_snapshot!(detection.summary.nl, @"10.0.0.7 praat met 203.0.113.66 (poort 8000) in de taal van Gh0st, waarmee iemand een computer op afstand bestuurt. Haal het apparaat van het netwerk, zet het niet uit, en laat het nakijken.");
    insta::assert_snapshot!(detection.summary.en, @"10.0.0.7 talks to 203.0.113.66 (port 8000) in the language of Gh0st, by which somebody controls a computer from afar. Take the device off the network, leave it switched on, and have it examined.");
}
