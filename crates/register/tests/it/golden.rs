//! Golden bytes and hashes. They never change: what was exported once must verify for ever.

use register::{Cover, Entry, Export, ExportError, Kept, Listing, commit, export};

use crate::sample::{Members, ORGANISATION, Sample, check, check_alone, member, moment, pack, pack_with};

#[test]
fn a_leaf_has_these_bytes_and_hashes() {
    let commitment = commit(&[1; 32], b"{\"title\":\"laptop\"}");
    let entry = Entry::new(ORGANISATION, 3, moment(0), "incident.reported", commitment).unwrap();
    insta::assert_snapshot!(entry.leaf(), @r#"
    dijkwacht-entry/v1
    organisation 0197a3c0-0000-7000-8000-000000000001
    index 3
    recorded-at 2026-11-21T08:30:00.123456Z
    kind incident.reported
    body-commitment 14031d56ba5e8839e0075779eab6588c64182a8592676638864371fc5189ec2e
    "#);
    let hash: String = entry.leaf_hash().iter().map(|byte| format!("{byte:02x}")).collect();
    insta::assert_snapshot!(hash, @"2e9f006adca81dbaa5d07a3c183dddcfed5aff0c72b7c6ceb8f7504a8ef319f2");
}

#[test]
fn an_export_has_these_members() {
    let members = Sample::new().members();
    let text = |name: &str| String::from_utf8(member(&mut members.clone(), name).clone()).unwrap();
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["README.txt", "manifest", "checkpoint", "key.txt", "entries.jsonl", "register.csv", "documents/letter.pdf"]
    );
    for name in ["README.txt", "manifest", "checkpoint", "key.txt", "entries.jsonl"] {
        insta::assert_snapshot!(name.replace('.', "-"), text(name));
    }
}

#[test]
fn the_same_register_gives_the_same_archive() {
    let zip = Sample::new().zip();
    assert_eq!(zip, Sample::new().zip());
}

#[test]
fn a_true_export_is_sound_however_it_is_packed() {
    let sample = Sample::new();
    let report = check(&sample.zip(), &sample);
    insta::assert_snapshot!(report.summary().en, @"The register holds (entries: 5, erased: 1, as of 2026-11-22T01:10:00Z). It is signed with the key that you gave.");
    insta::assert_snapshot!(report.summary().nl, @"Het register klopt (inschrijvingen: 5, gewist: 1, stand van 2026-11-22T01:10:00Z). Het is ondertekend met de sleutel die u gaf.");
    insta::assert_snapshot!(check_alone(&sample.zip()).summary().en, @"The register holds (entries: 5, erased: 1, as of 2026-11-22T01:10:00Z). The key comes from the archive itself: this shows that the archive agrees with itself, not who made it. Give with --key the key that you know by another road.");
    insta::assert_debug_snapshot!(report, @r#"
    Report {
        organisation: Some(
            "0197a3c0-0000-7000-8000-000000000001",
        ),
        name: Some(
            "Bakkerij ’t Hoekje B.V.",
        ),
        entries: 5,
        erased: 1,
        erased_entries: [
            3,
        ],
        erasures: [
            Erasure {
                by: Some(
                    4,
                ),
                entries: [
                    3,
                ],
            },
        ],
        dossier: None,
        checkpoint: Some(
            CheckpointSeen {
                size: 5,
                root: "TdaTVFC2gBC7tDm0QvZ2FBZO7hKb5tUz66UdueAuHug=",
                signed_at: Some(
                    "2026-11-22T01:10:00Z",
                ),
            },
        ),
        proved: [
            "entries.jsonl",
        ],
        only_signed: [
            "README.txt",
            "register.csv",
            "documents/letter.pdf",
        ],
        countersignatures: [],
        stamp: None,
        compared: 0,
        key: Some(
            KeyUsed {
                text: "dijkwacht/register/0197a3c0-0000-7000-8000-000000000001+cf53340d+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs",
                source: Given,
            },
        ),
        findings: [],
        notes: [],
    }
    "#);

    let mut reversed: Members = sample.members();
    reversed.reverse();
    assert_eq!(check(&pack(&reversed), &sample).findings, []);
    assert_eq!(check(&pack_with(&reversed, zip::CompressionMethod::Deflated), &sample).findings, []);

    assert_eq!(check(&Sample::of(vec![]).zip(), &Sample::of(vec![])).findings, []);
}

#[test]
fn nothing_is_signed_that_does_not_hold() {
    let sample = Sample::new();
    let whole = sample.checkpoint(5);
    let shorter = sample.checkpoint(4);
    let base = Export {
        organisation: ORGANISATION,
        name: "",
        records: &sample.records,
        checkpoint: &whole,
        extra: &[],
        key: &sample.key,
    };
    assert!(export(&base).is_ok());
    let refused = |changed: Export<'_>| export(&changed).unwrap_err();

    let stranger = register::SigningKey::of_register(uuid::Uuid::nil(), &[7; 32]);
    assert!(matches!(refused(Export { key: &stranger, ..base }), ExportError::Key(_)));
    let replaced = register::SigningKey::of_register(ORGANISATION, &[8; 32]);
    assert!(matches!(refused(Export { key: &replaced, ..base }), ExportError::Checkpoint(_)));
    assert!(matches!(refused(Export { checkpoint: &shorter, ..base }), ExportError::Size { covered: 4, given: 5 }));

    let mut records = sample.records.clone();
    records.swap(1, 2);
    assert!(matches!(refused(Export { records: &records, ..base }), ExportError::Place(1)));
    let mut records = sample.records.clone();
    records[2].kept = Some(Kept { salt: [2; 32], body: b"{ }".to_vec() });
    assert!(matches!(refused(Export { records: &records, ..base }), ExportError::Body(2)));
    let mut records = sample.records.clone();
    records[2] = crate::sample::record(2, Some(b"another".to_vec()));
    assert!(matches!(refused(Export { records: &records, ..base }), ExportError::Root));

    for name in ["manifest", "MANIFEST", "", "/a", "a/", "../a", "a b", "a\nb", ".a", "a//b", "é"] {
        let extra = [(name.to_owned(), vec![])];
        assert!(matches!(refused(Export { extra: &extra, ..base }), ExportError::MemberName(_)), "{name:?}");
    }
    let twice = [("a".to_owned(), vec![]), ("A".to_owned(), vec![])];
    assert!(matches!(refused(Export { extra: &twice, ..base }), ExportError::MemberName(_)));
}

#[test]
fn an_archive_whose_entries_changed_between_the_two_readings_is_not_finished() {
    let sample = Sample::new();
    let (whole, extra) = (sample.checkpoint(5), []);
    let cover = Cover { name: "", checkpoint: &whole, extra: &extra, key: &sample.key };
    let finish = |records: &[register::Record]| {
        let mut listing = Listing::new(ORGANISATION);
        sample.records.iter().for_each(|record| listing.add(record).unwrap());
        let mut packing = listing.pack(&cover, std::io::Cursor::new(Vec::new())).unwrap();
        records.iter().for_each(|record| packing.add(record).unwrap());
        packing.finish().map(std::io::Cursor::into_inner)
    };
    let one_go = Export {
        organisation: ORGANISATION,
        name: "",
        records: &sample.records,
        checkpoint: &whole,
        extra: &extra,
        key: &sample.key,
    };
    assert_eq!(finish(&sample.records).unwrap(), export(&one_go).unwrap());
    let mut erased = sample.records.clone();
    erased[1].kept = None;
    assert!(matches!(finish(&erased), Err(ExportError::Changed)));
    assert!(matches!(finish(&sample.records[..4]), Err(ExportError::Changed)));
}
