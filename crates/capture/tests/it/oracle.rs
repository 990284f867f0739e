//! What another program reads from the same captures: tshark, where it and the corpus are at hand.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::corpus::{CORPUS, read};
use wire::event::Kind;

/// A name asked for, and the fingerprint of who asked.
type Hello = (String, String);

/// None: it is not installed.
fn tshark(path: &Path) -> Option<BTreeSet<Hello>> {
    let mut command = Command::new("tshark");
    command.arg("-r").arg(path).args(["-n", "-Y", "tls.handshake.type == 1", "-T", "fields"]);
    command.args(["-e", "tls.handshake.extensions_server_name", "-e", "tls.handshake.ja3"]);
    let output = String::from_utf8(command.output().ok()?.stdout).unwrap();
    let hello = |line: &str| {
        let (names, prints) = line.split_once('\t')?;
        let pairs = names.split(',').map(str::to_ascii_lowercase).zip(prints.split(',').map(str::to_owned));
        Some(pairs.collect::<Vec<_>>())
    };
    Some(output.lines().filter_map(hello).flatten().filter(|(_, print)| !print.is_empty()).collect())
}

fn ours(path: &Path) -> BTreeSet<Hello> {
    let hello = |event: wire::event::Event| match event.kind {
        Kind::TlsClient(client) => Some((client.sni.unwrap_or_default(), client.ja3)),
        _ => None,
    };
    read(path).0.into_iter().filter_map(hello).collect()
}

/// Of all hellos that tshark finds in the corpus, over TCP and QUIC, at most one in a hundred is read otherwise or not: the
/// second hello of a connection whose server asked for another (RFC 8446 §4.1.4) is not told.
#[test]
fn names_and_fingerprints_are_those_that_tshark_reads() {
    let Ok(files) = fs::read_dir(CORPUS) else {
        println!("skipped: the corpus of captures is not here");
        return;
    };
    let (mut all, mut missed) = (0, Vec::new());
    for path in files.map(|file| file.unwrap().path()) {
        if !path.extension().is_some_and(|end| end == "pcap" || end == "pcapng") {
            continue;
        }
        let Some(theirs) = tshark(&path) else {
            println!("skipped: tshark is not installed");
            return;
        };
        let ours = ours(&path);
        all += theirs.len();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        missed.extend(theirs.difference(&ours).map(|hello| (name.clone(), hello.clone())));
    }
    println!("{all} different hellos in the corpus, {} not as tshark reads them: {missed:#?}", missed.len());
    assert!(all > 500, "tshark read only {all}");
    assert!(missed.len() * 100 <= all, "{missed:#?}");
}

/// What was asked of whom, or with what status it was answered.
type Message = (String, String);

/// The heads of HTTP/2 in the clear that tshark reads. None: it is not installed.
fn tshark_http2(path: &Path) -> Option<Vec<Message>> {
    let mut command = Command::new("tshark");
    // The kept one is on a port of no protocol's own.
    command.arg("-r").arg(path).args(["-n", "-d", "tcp.port==8082,http2"]);
    command.args(["-Y", "http2.type == 1 && !tls", "-T", "fields"]);
    for field in ["authority", "path", "status"] {
        command.arg("-e").arg(format!("http2.headers.{field}"));
    }
    let output = String::from_utf8(command.output().ok()?.stdout).unwrap();
    let mut messages = Vec::new();
    for line in output.lines() {
        let parts: Vec<Vec<&str>> = line.split('\t').map(|part| part.split(',').collect()).collect();
        let [hosts, paths, statuses] = parts.as_slice() else { continue };
        let bare = |host: &str| host.split(':').next().unwrap_or_default().to_owned();
        let cut = |path: &str| path.split('?').next().unwrap_or_default().to_owned();
        messages.extend(hosts.iter().zip(paths).map(|(host, path)| (bare(host), cut(path))));
        messages.extend(statuses.iter().map(|status| (String::new(), (*status).to_owned())));
    }
    messages.retain(|(_, said)| !said.is_empty());
    Some(messages)
}

fn our_http2(path: &Path) -> Vec<Message> {
    let message = |event: wire::event::Event| match event.kind {
        Kind::HttpRequest(request) if request.stream > 0 => Some((request.host.unwrap_or_default(), request.path)),
        Kind::HttpResponse(response) if response.stream > 0 => Some((String::new(), response.status.to_string())),
        _ => None,
    };
    read(path).0.into_iter().filter_map(message).collect()
}

/// Every head that tshark reads is read here, as often and alike: in a conversation of two clients with a server kept here
/// (Node's and curl's; eight requests at once, one with a cookie in a continuation, answers in another order), and in the
/// corpus. There it cannot put the one request together that is too long for it.
#[test]
fn http2_is_read_as_tshark_reads_it() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/h2c.pcap");
    let corpus = Path::new(CORPUS).join("arkime__http2-nghttp2.pcap");
    let expected_of_corpus = vec![
        ("nghttp2.org".to_owned(), "/".to_owned()),
        (String::new(), "200".to_owned()),
        (String::new(), "200".to_owned()),
    ];
    assert_eq!(our_http2(&own).len(), 20);
    if corpus.exists() {
        assert_eq!(our_http2(&corpus), expected_of_corpus);
    } else {
        println!("skipped: the corpus of captures is not here");
    }
    for path in [own, corpus] {
        let Some(theirs) = tshark_http2(&path).filter(|_| path.exists()) else {
            println!("skipped: tshark or {} is not here", path.display());
            continue;
        };
        let mut ours = our_http2(&path);
        assert!(theirs.len() >= 2, "tshark read {theirs:?}");
        for message in theirs {
            let Some(index) = ours.iter().position(|own| *own == message) else {
                panic!("{}: tshark reads {message:?}, here {ours:?} is left", path.display());
            };
            ours.remove(index);
        }
    }
}
