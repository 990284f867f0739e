//! Who brings mail to servers outside, the innocent first.

use wire::event::{Kind as Seen, TlsClient, Transport};

use super::{findings, lines, office, stream::Stream};

/// So many servers outside, a pause of so many seconds between them, and how many of ten are spoken to over TLS.
fn post(stream: &mut Stream, (servers, pause, encrypted): (u16, f64, u16)) {
    for n in 0..servers {
        let hello = TlsClient {
            sni: None,
            alpn: vec![],
            version: "1.2".into(),
            ja3: String::new(),
            ja3_text: String::new(),
            ja4: "mail".into(),
        };
        let said = if n % 10 < encrypted { vec![(0.2, Seen::TlsClient(hello))] } else { vec![] };
        let server = format!("{}.{}.7.9", 20 + n / 250, n % 250);
        stream.talk(500.0 + f64::from(n) * pause, "10.0.0.7", (server.as_str(), 25), said, Some("smtp"), 900, 300);
    }
}

fn told(stream: &Stream) -> Vec<String> {
    lines(&findings(stream, "")).into_iter().filter(|line| line.starts_with("malware_protocol")).collect()
}

#[test]
fn a_server_that_takes_mail_or_encrypts_it_brings_it_anywhere() {
    for (mail, takes) in [
        // A server that takes mail: from outside, or from who works here.
        ((150, 2.0, 0), Some(("203.0.113.9", 25))),
        ((150, 2.0, 0), Some(("10.0.0.3", 587))),
        // A web server with its newsletter; an afternoon's post; one that is slow.
        ((150, 2.0, 9), None),
        ((40, 2.0, 0), None),
        ((150, 30.0, 0), None),
    ] {
        let mut stream = office();
        if let Some((client, port)) = takes {
            stream.talk(20.0, client, ("10.0.0.7", port), vec![], Some("smtp"), 900, 300);
        }
        post(&mut stream, mail);
        assert_eq!(told(&stream), [""; 0], "{mail:?} {takes:?}");
    }
    // A program that hands its mail to one server, however much of it.
    let mut stream = office();
    for n in 0..150u8 {
        stream.talk(500.0 + f64::from(n), "10.0.0.7", ("198.18.0.25", 25), vec![], Some("smtp"), 900, 300);
    }
    assert_eq!(told(&stream), [""; 0]);
}

/// Whether they are up is looked every ten minutes; letters to the same servers all day are letters.
#[test]
fn who_looks_whether_the_same_mail_servers_are_up_brings_nothing() {
    for (rounds, sent, is_told) in [(2, 27, true), (4, 27, false), (4, 1_600, true)] {
        let mut stream = office();
        for round in 0..rounds {
            for n in 0..70u16 {
                let (at, server) = (500.0 + f64::from(round) * 700.0 + f64::from(n), format!("20.{n}.7.9"));
                stream.talk(at, "10.0.0.7", (server.as_str(), 25), vec![], Some("smtp"), sent, 300);
            }
        }
        assert_eq!(!told(&stream).is_empty(), is_told, "{rounds} {sent}");
    }
}

#[test]
fn a_spam_bot_is_found_also_where_half_of_its_tries_are_silent() {
    let mut stream = office();
    post(&mut stream, (150, 2.0, 0));
    assert_eq!(told(&stream), ["malware_protocol medium 10.0.0.7 20.0.7.9"]);
    let mut stream = Stream::default();
    post(&mut stream, (60, 4.0, 1));
    for n in 0..60u8 {
        let at = 502.0 + f64::from(n) * 4.0;
        stream.probe(at, "10.0.0.7", &format!("198.18.{n}.25"), Transport::Tcp, 25, None);
    }
    assert_eq!(told(&stream), ["malware_protocol medium 10.0.0.7 20.0.7.9"]);
}
