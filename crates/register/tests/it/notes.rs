//! Checkpoints as texts, with golden bytes: what was signed once must be readable for ever.

use register::{Checkpoint, Frontier, InvalidCheckpoint, SigningKey, VerifierKey, leaf_hash, origin};

use crate::sample::{ORGANISATION, SEED, Sample, moment};

#[test]
fn a_signed_checkpoint_has_these_bytes() {
    let mut tree = Frontier::default();
    tree.append(leaf_hash(b"one"));
    tree.append(leaf_hash(b"two"));
    let key = SigningKey::of_register(ORGANISATION, &SEED);
    let note = Checkpoint::of(ORGANISATION, &tree).sign(&key, moment(0));
    insta::assert_snapshot!(note, @r#"
    dijkwacht/register/0197a3c0-0000-7000-8000-000000000001
    2
    T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=

    — dijkwacht/register/0197a3c0-0000-7000-8000-000000000001 z1M0DSlKSDAjMRx6Cycd+C1Ydb7OYxTUAsBAAt6+nxdYLVmYRONrQAneIrGSYY6V2fCAHFDE7pVRQdrThwVzRgdOJQw=
    — dijkwacht/register/0197a3c0-0000-7000-8000-000000000001 0uru8gAAAABrAVaIw81qvh+ODFtwZ7U4HWfiHj9l/fNNWOhnF/yhHRu16O/TAYdcTMKReq1oAjB/X3NkxFDCK5lIuie7Wc9Ei+zzCw==
    "#);
    insta::assert_snapshot!(key.verifier(), @"dijkwacht/register/0197a3c0-0000-7000-8000-000000000001+cf53340d+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs");
}

#[test]
fn a_checkpoint_opens_with_its_key_only() {
    let sample = Sample::new();
    let note = sample.checkpoint(3);
    let key = sample.key.verifier();
    let opened = Checkpoint::open(&note, &key).unwrap();
    assert_eq!(opened, Checkpoint::of(ORGANISATION, &sample.tree(3)));
    assert_eq!(key.name(), origin(ORGANISATION));
    assert_eq!(key.to_string().parse::<VerifierKey>(), Ok(key));
    let other = SigningKey::of_register(ORGANISATION, &[8; 32]).verifier();
    assert!(Checkpoint::open(&note, &other).is_err());
    assert!(Checkpoint::open(&note.replace("\n3\n", "\n4\n"), &sample.key.verifier()).is_err());
}

#[test]
fn only_the_three_lines_are_a_checkpoint() {
    let text = Checkpoint::of(ORGANISATION, &Sample::new().tree(3)).text();
    assert!(Checkpoint::parse(&text).is_ok());
    for other in [
        text.replace("\n3\n", "\n03\n"),
        text.replace("\n3\n", "\n-3\n"),
        text.replace("register/0197a3c0", "register/0197A3C0"),
        text.replace("dijkwacht/", "elsewhere/"),
        text.replace("=\n", "\n"),
        format!("{text}extension\n"),
        text.trim_end().to_owned(),
        String::new(),
    ] {
        assert_eq!(Checkpoint::parse(&other), Err(InvalidCheckpoint::Form), "{other}");
    }
}
