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
