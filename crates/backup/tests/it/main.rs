//! The backup file: what was written is read back, and nothing else passes for it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write;

use app::{Cell, FileHead, Manifest, Shape, Tallying, row_line};
use backup::{Fault, Header, Identity, Lock, Opener, Reader, Record, Secret, VERSION, Writer};
use facts::OrganisationId;

fn header() -> Header {
    let made_at = "2026-11-28T20:00:00Z".parse().unwrap();
    Header { version: VERSION, program: "0.1.0".into(), made_at, schema: 15 }
}

fn shape() -> Shape {
    Shape { name: "providers".into(), columns: vec!["id".into(), "name".into()], key: vec![0] }
}

fn row(number: i64) -> Vec<Cell> {
    vec![Cell::Whole(number), Cell::Bytes(number.to_be_bytes().repeat(40))]
}

const ROWS: i64 = 2_000;

fn file() -> FileHead {
    let organisation = OrganisationId("0197a3c0-0000-7000-8000-000000000001".parse().unwrap());
    FileHead { organisation, sha256: "5d".repeat(32), size_bytes: 7 }
}

fn manifest() -> Manifest {
    let mut rows = Tallying::default();
    (0..ROWS).for_each(|number| rows.line(&row_line(&row(number))));
    let mut files = Tallying::default();
    files.file(&file());
    let tables = [("providers".to_owned(), rows.done())].into();
    Manifest { schema: 15, tables, files: files.done(), file_bytes: 7 }
}

/// A whole backup.
fn written(lock: &Lock) -> Vec<u8> {
    let mut writer = Writer::begin(Vec::new(), lock, &header()).unwrap();
    writer.secret(&Secret { name: "register.key".into(), bytes: vec![7; 32] }).unwrap();
    writer.table(&shape()).unwrap();
    (0..ROWS).for_each(|number| writer.row(&row(number)).unwrap());
    writer.file(&file()).unwrap();
    writer.piece(b"abc").unwrap();
    writer.piece(b"defg").unwrap();
    writer.finish(manifest()).unwrap()
}

fn check(bytes: &[u8], opener: &Opener) -> Result<Manifest, Fault> {
    Reader::open(bytes, opener)?.check()
}

fn keys() -> (Lock, Opener) {
    let identity = Identity::generate();
    (Lock::Recipients(vec![identity.recipient()]), Opener::with_identities(vec![identity]))
}

#[test]
fn what_was_written_is_read_back() {
    let words = "een lange zin die niemand raadt";
    for (lock, opener) in
        [keys(), (Lock::passphrase(words), Opener::with_passphrase(words)), (Lock::Open, Opener::default())]
    {
        let bytes = written(&lock);
        let mut reader = Reader::open(bytes.as_slice(), &opener).unwrap();
        assert_eq!(reader.header(), &header());
        let mut read = Vec::new();
        while let Some(record) = reader.next_record().unwrap() {
            read.push(record);
        }
        assert_eq!(read.first(), Some(&Record::Secret(Secret { name: "register.key".into(), bytes: vec![7; 32] })));
        assert_eq!(read.get(1), Some(&Record::Table(shape())));
        assert_eq!(read.get(2), Some(&Record::Row(row(0))));
        let tail = [Record::File(file()), Record::Piece(b"abc".to_vec()), Record::Piece(b"defg".to_vec())];
        assert_eq!(read.get(2 + usize::try_from(ROWS).unwrap()..read.len() - 1), Some(&tail[..]));
        assert_eq!(read.last(), Some(&Record::End(manifest())));
        assert_eq!(check(&bytes, &opener).unwrap(), manifest());
    }
}

#[test]
fn every_one_of_several_keys_opens_it_and_no_other() {
    let (ours, theirs, strange) = (Identity::generate(), Identity::generate(), Identity::generate());
    let bytes = written(&Lock::Recipients(vec![ours.recipient(), theirs.recipient()]));
    for key in [ours, theirs] {
        let read_back = Identity::of_file(&key.file()).unwrap();
        check(&bytes, &Opener::with_identities(read_back)).unwrap();
    }
    assert!(matches!(check(&bytes, &Opener::with_identities(vec![strange])), Err(Fault::WrongKey)));
    assert!(matches!(check(&bytes, &Opener::default()), Err(Fault::KeyNeeded)));
    assert!(matches!(check(&bytes, &Opener::with_passphrase("x")), Err(Fault::KeyNeeded)));
    assert!(!String::from_utf8_lossy(&bytes).contains("providers"), "nothing of it can be read");
}

#[test]
fn a_passphrase_is_asked_for_and_the_wrong_one_named() {
    let bytes = written(&Lock::passphrase("een lange zin die niemand raadt"));
    assert!(matches!(check(&bytes, &Opener::default()), Err(Fault::PassphraseNeeded)));
    assert!(matches!(check(&bytes, &Opener::with_passphrase("een andere zin")), Err(Fault::WrongPassphrase)));
}

#[test]
fn a_file_cut_short_anywhere_is_refused() {
    for (lock, opener) in [keys(), (Lock::Open, Opener::default())] {
        let bytes = written(&lock);
        for length in (0..bytes.len()).step_by(211).chain(bytes.len() - 60..bytes.len()) {
            let refused = check(&bytes[..length], &opener);
            assert!(refused.is_err(), "{length} of {}", bytes.len());
        }
    }
}

#[test]
fn a_byte_changed_anywhere_is_noticed() {
    for (lock, opener) in [keys(), (Lock::Open, Opener::default())] {
        let bytes = written(&lock);
        for place in (0..bytes.len()).step_by(97).chain(bytes.len() - 40..bytes.len()) {
            let mut changed = bytes.clone();
            changed[place] ^= 0x10;
            // Without encryption a bit may mean nothing, or the same: then what is read is still what was written.
            match check(&changed, &opener) {
                Ok(read) => {
                    assert!(matches!(lock, Lock::Open), "byte {place} of {}", bytes.len());
                    assert_eq!(read, manifest());
                }
                // In our own words, not in those of the library for whoever uses `age` by hand.
                Err(fault) => {
                    let said = fault.to_string();
                    let is_ours = ["damaged: ", "cut short", "no backup of this", "key", "armoured", "newer program"];
                    assert!(is_ours.iter().any(|words| said.contains(words)), "byte {place}: {said}");
                    assert!(!said.contains("Have you") && !said.contains("corrupt"), "byte {place}: {said}");
                }
            }
        }
    }
}

#[test]
fn something_behind_the_end_is_noticed() {
    for (lock, opener) in [keys(), (Lock::Open, Opener::default())] {
        let mut bytes = written(&lock);
        bytes.push(0);
        assert!(check(&bytes, &opener).is_err());
        let twice = written(&lock).repeat(2);
        assert!(check(&twice, &opener).is_err());
    }
}

#[test]
fn what_is_no_backup_is_named_as_such() {
    let refused = |bytes: &[u8]| check(bytes, &Opener::default()).unwrap_err();
    assert!(matches!(refused(b""), Fault::CutShort));
    assert!(matches!(refused(b"PK\x03\x04"), Fault::NotABackup));
    assert!(matches!(refused(b"-----BEGIN AGE ENCRYPTED FILE-----\n"), Fault::Armoured));
    assert!(matches!(refused(&packed("hello\n")), Fault::NotABackup));
    assert!(matches!(refused(&packed("{}\n")), Fault::NotABackup));
    assert!(matches!(refused(&packed("{\"dijkwacht_backup\":2}\n")), Fault::Newer(2)));
    assert!(matches!(refused(&packed("{\"dijkwacht_backup\":1}\n")), Fault::Damaged(_)));
}

#[test]
fn lines_in_an_order_that_cannot_be_are_refused() {
    let first = serde_json::to_string(&header()).unwrap();
    let table = r#"{"table":{"name":"users","columns":["id"],"key":[0]}}"#;
    let file = r#"{"file":{"organisation":"0197a3c0-0000-7000-8000-000000000001","sha256":"5d","size_bytes":3}}"#;
    for lines in [
        "[1]",
        &format!("{table}\n[1,2]"),
        &format!("{table}\n{table}"),
        r#"{"table":{"name":"users","columns":["id"],"key":[1]}}"#,
        r#"{"table":{"name":"users","columns":[],"key":[]}}"#,
        r#"{"piece":"AAAA"}"#,
        &format!("{file}\n{{\"piece\":\"AAAAAA==\"}}"),
        &format!("{file}\n{file}"),
        &format!("{table}\n{{\"secret\":{{\"name\":\"x\",\"base64\":\"\"}}}}"),
        r#"{"other":1}"#,
        r#"{"end":{"schema":15,"tables":{},"files":{"count":1,"sha256":""},"file_bytes":0}}"#,
        "nonsense",
    ] {
        let refused = check(&packed(&format!("{first}\n{lines}\n")), &Opener::default()).unwrap_err();
        assert!(matches!(refused, Fault::Damaged(_)), "{lines}: {refused}");
    }
}

fn packed(text: &str) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(text.as_bytes()).unwrap();
    out.finish().unwrap()
}

#[test]
fn a_key_file_that_is_none_is_refused_without_showing_it() {
    for text in ["", "# nothing\n", "AGE-SECRET-KEY-1GEHEIM", "ssh-ed25519 GEHEIM"] {
        let refused = Identity::of_file(text).map(|_| ()).unwrap_err();
        assert!(!refused.contains("GEHEIM"), "{refused}");
    }
    let refused = "age1geheim".parse::<backup::Recipient>().map(|_| ()).unwrap_err();
    assert!(refused.contains("begins with age1"), "{refused}");
}
