//! Proof files, countersignatures and the checkpoints that a customer kept, as `verify` reads them.

use register::{Checkpoint, SigningKey, consistency_file, inclusion_file};
use uuid::Uuid;
use verify::{Countersigned, Options, ProofReport, Proved, UnreadableProof, check_proof, verify};

use crate::sample::{ORGANISATION, Sample, findings, moment, record};

fn leaves(sample: &Sample, size: usize) -> Vec<register::Hash> {
    sample.records[..size].iter().map(|record| record.entry.leaf_hash()).collect()
}

fn inclusion(sample: &Sample, index: usize, size: usize) -> String {
    inclusion_file(&sample.records[index].entry, &leaves(sample, size), &sample.checkpoint(size)).unwrap()
}

fn growth(sample: &Sample, from: u64, size: usize) -> String {
    consistency_file(from, &leaves(sample, size), &sample.checkpoint(size)).unwrap()
}

/// A register of ten entries.
fn ten() -> Sample {
    Sample::of((0..10).map(|number| Some(vec![b'a' + number])).collect())
}

fn codes(report: &ProofReport) -> Vec<String> {
    let name = |given: Option<usize>| given.map_or("-".to_owned(), |place| place.to_string());
    report.findings.iter().map(|finding| format!("{}: {}", name(finding.given), finding.code)).collect()
}

fn check(proof: &str, sample: &Sample, kept: &[&str]) -> Vec<String> {
    codes(&check_proof(proof, &sample.key_text(), kept).unwrap())
}

#[test]
fn an_entry_is_proved_by_a_file_alone() {
    let sample = ten();
    for size in 1..=10 {
        for index in 0..size {
            let report = check_proof(&inclusion(&sample, index, size), &sample.key_text(), &[]).unwrap();
            assert!(report.is_sound(), "{index} of {size}: {:?}", report.findings);
            let leaf = sample.records[index].entry.leaf();
            assert_eq!(report.proved, Proved::Entry { index: index as u64, leaf });
        }
    }
    let proof = inclusion(&sample, 3, 10);
    let hash = proof.lines().nth(4).unwrap();
    assert_eq!(check(&proof.replacen(hash, proof.lines().nth(3).unwrap(), 1), &sample, &[]), ["-: root"]);
    assert_eq!(check(&proof.replacen(&format!("{hash}\n"), "", 1), &sample, &[]), ["-: root"]);
    assert_eq!(check(&proof.replacen("\n10\n", "\n11\n", 1), &sample, &[]), ["-: signature"]);
    assert!(matches!(
        check_proof(&proof.replacen("index 3", "index 4", 1), &sample.key_text(), &[]),
        Err(UnreadableProof::Proof(_))
    ));
    // Beside checkpoints that were kept: the same size must have the same root; others need a proof of growth.
    let mut other = sample.clone();
    other.records[9] = record(9, Some(b"otherwise".to_vec()));
    let (same, diverged, later) = (sample.checkpoint(10), other.checkpoint(10), sample.checkpoint(4));
    assert_eq!(check(&proof, &sample, &[&same, &diverged, &later]), ["2: diverged", "3: not_compared"]);
    assert_eq!(check(&inclusion(&sample, 3, 4), &sample, &[&same]), ["1: not_compared"]);
}

#[test]
fn growth_is_proved_beside_the_checkpoint_that_was_kept() {
    let sample = ten();
    for size in 1..=10 {
        for from in 0..=size {
            let kept = sample.checkpoint(from);
            assert_eq!(check(&growth(&sample, from as u64, size), &sample, &[&kept]), [""; 0], "{from} to {size}");
        }
    }
    let proof = growth(&sample, 6, 10);
    assert_eq!(check(&proof, &sample, &[]), ["-: earlier_needed"]);
    assert_eq!(check(&proof, &sample, &[&sample.checkpoint(5)]), ["1: not_compared"]);
    // The newer checkpoint alone says nothing of the first six, whatever the path is.
    assert_eq!(check(&proof, &sample, &[&sample.checkpoint(10)]), ["-: earlier_needed"]);
    let mut other = sample.clone();
    other.records[2] = record(2, Some(b"otherwise".to_vec()));
    assert_eq!(check(&proof, &sample, &[&other.checkpoint(6)]), ["1: diverged"]);
    assert_eq!(check(&growth(&other, 6, 10), &sample, &[&sample.checkpoint(6)]), ["1: diverged"]);
    assert_eq!(
        check(&growth(&sample, 3, 5), &sample, &[&sample.checkpoint(6), &sample.checkpoint(3)]),
        ["1: not_compared"]
    );
    // What is given besides says which to give, and a file that leads nowhere is not called another history.
    let said = |proof: &str, kept: &str| {
        let report = check_proof(proof, &sample.key_text(), &[kept]).unwrap();
        report.findings[0].text.en.clone().into_owned()
    };
    assert!(said(&proof, &sample.checkpoint(10)).contains("needs the checkpoint of 6 entries"));
    assert!(said(&proof, &sample.checkpoint(5)).ends_with("give the checkpoint of 6 entries"));
    for from in [4, 6, 7] {
        let proof = growth(&sample, from as u64, 10);
        let last = proof.split("\n\n").next().unwrap().lines().last().unwrap();
        let instead = proof.lines().nth(2).filter(|line| *line != last).unwrap();
        for broken in [proof.replacen(last, instead, 1), proof.replacen(&format!("{last}\n"), "", 1)] {
            assert_eq!(check(&broken, &sample, &[&sample.checkpoint(from)]), ["1: not_proved"], "{broken}");
        }
    }
    assert!(said(&growth(&sample, 4, 10), &other.checkpoint(4)).contains("ask for the proof again"));
    let stranger = SigningKey::of_register(ORGANISATION, &[9; 32]).verifier().to_string();
    let codes = codes(&check_proof(&proof, &stranger, &[&sample.checkpoint(6)]).unwrap());
    assert_eq!(codes, ["-: other_key", "1: other_key"]);
    let elsewhere = Uuid::from_u128(9);
    let of_other = Checkpoint::of(elsewhere, &sample.tree(6));
    let of_other = of_other.sign(&SigningKey::of_register(elsewhere, &[9; 32]), moment(0));
    assert_eq!(check(&proof, &sample, &[&of_other]), ["1: other_register"]);
}

#[test]
fn what_is_no_proof_is_refused() {
    let sample = ten();
    let proof = inclusion(&sample, 3, 10);
    let hash = proof.lines().nth(4).unwrap();
    for broken in [
        String::new(),
        "\n\n".to_owned(),
        proof.replacen("@v1", "@v2", 1),
        proof.replacen("extra ", "extra !", 1),
        proof.replacen("index 3", "index 03", 1),
        proof.replacen(hash, &hash[1..], 1),
        proof.replacen(&format!("{hash}\n"), &format!("{hash}\n").repeat(70), 1),
        growth(&sample, 3, 10).replacen("from 3", "from -3", 1),
    ] {
        let checked = check_proof(&broken, &sample.key_text(), &[]);
        assert!(matches!(checked, Err(UnreadableProof::Proof(_))), "{broken}: {checked:?}");
    }
    assert!(matches!(check_proof(&proof, "no key", &[]), Err(UnreadableProof::Key(_))));
    assert!(matches!(check_proof(&proof, &sample.key_text(), &["x"]), Err(UnreadableProof::Checkpoint(1, _))));
}

#[test]
fn a_provider_countersigns_and_verify_says_whether_it_did() {
    let sample = Sample::new();
    let provider = Uuid::from_u128(0x0197_a3c0_0000_7000_8000_0000_0000_00ff);
    let key = SigningKey::of_provider(provider, &[3; 32]);
    let note = key.countersign(&sample.checkpoint(5), moment(1001)).unwrap();
    let with = |checkpoint: &str, provider_key: Option<&str>| {
        let zip = register::export(&register::Export {
            organisation: ORGANISATION,
            name: "",
            records: &sample.records,
            checkpoint,
            extra: &[],
            key: &sample.key,
        });
        let options = Options { key: Some(&sample.key_text()), provider_key, ..Options::default() };
        verify(&zip.unwrap(), options).unwrap()
    };
    let text = key.verifier().witness_text();
    assert!(text.starts_with("dijkwacht/provider/0197a3c0-0000-7000-8000-0000000000ff+"), "{text}");
    let report = with(&note, Some(&text));
    assert_eq!(findings(&report), [""; 0]);
    assert_eq!(report.countersignatures[0].checked, Countersigned::At("2026-11-22T01:11:00Z".to_owned()));
    let unchecked = with(&note, None);
    assert!(unchecked.is_sound());
    assert_eq!(unchecked.countersignatures[0].checked, Countersigned::Unchecked);
    // Who gave a key is not told to give one.
    let by_other = SigningKey::of_provider(provider, &[4; 32]).verifier().witness_text();
    assert_eq!(with(&note, Some(&by_other)).countersignatures[0].checked, Countersigned::ByNoneOfTheKeys);
    assert_eq!(findings(&with(&sample.checkpoint(5), Some(&text))), ["checkpoint: not_countersigned"]);
    let other = SigningKey::of_provider(provider, &[4; 32]).verifier().witness_text();
    assert_eq!(findings(&with(&note, Some(&other))), ["checkpoint: not_countersigned"]);
    // The provider's line, taken from a checkpoint over other entries.
    let elsewhere = key.countersign(&sample.checkpoint(4), moment(1001)).unwrap();
    let line = elsewhere.lines().last().unwrap();
    let moved = format!("{}{line}\n", sample.checkpoint(5));
    assert_eq!(findings(&with(&moved, Some(&text))), ["checkpoint: countersignature"]);
    // The register's own key is no provider's: it signs each of its checkpoints with a moment itself.
    let own = sample.key.verifier();
    for own in [own.to_string(), own.witness_text()] {
        assert_eq!(findings(&with(&note, Some(&own))), ["checkpoint: not_countersigned"]);
    }
    let renamed = SigningKey::of_provider(provider, &crate::sample::SEED);
    let by_renamed = renamed.countersign(&sample.checkpoint(5), moment(1001)).unwrap();
    let renamed = renamed.verifier().witness_text();
    assert_eq!(findings(&with(&by_renamed, Some(&renamed))), ["checkpoint: not_countersigned"]);
    assert!(matches!(
        verify(&sample.zip(), Options { provider_key: Some("x"), ..Options::default() }),
        Err(verify::Unreadable::ProviderKey(_))
    ));
    assert!(key.countersign("no note", moment(0)).is_err());
    let again = SigningKey::from_secret_text(&key.secret_text()).unwrap();
    assert_eq!(again.verifier(), key.verifier());
    assert!(SigningKey::from_secret_text(&key.secret_text().replace("PRIVATE", "PUBLIC")).is_err());
}

#[test]
fn what_a_witness_elsewhere_signed_is_checked() {
    let sample = Sample::new();
    let witness = SigningKey::of_provider(Uuid::from_u128(9), &[5; 32]);
    let text = witness.verifier().witness_text();
    let signed = witness.countersign(&sample.checkpoint(3), moment(1001)).unwrap();
    let with = |kept: &[&str], keys: &[&str]| {
        let options =
            Options { key: Some(&sample.key_text()), checkpoints: kept, witness_keys: keys, provider_key: None };
        verify(&sample.zip(), options).unwrap()
    };
    let report = with(&[&sample.checkpoint(5), &signed], &[&text]);
    assert_eq!(findings(&report), [""; 0]);
    let by = text.rsplit_once('+').unwrap().0.to_owned();
    let checked = Countersigned::At("2026-11-22T01:11:00Z".to_owned());
    assert_eq!(report.countersignatures, [verify::Countersignature { by, given: Some(2), checked }]);
    // Named without the key; missed where it is not there, or stands under what does not hold.
    assert_eq!(with(&[&signed], &[]).countersignatures[0].checked, Countersigned::Unchecked);
    assert_eq!(findings(&with(&[&sample.checkpoint(3)], &[&text])), ["checkpoint: not_countersigned"]);
    let mut other = sample.clone();
    other.records[1] = record(1, Some(b"another history".to_vec()));
    let elsewhere = witness.countersign(&other.checkpoint(3), moment(1001)).unwrap();
    assert_eq!(findings(&with(&[&elsewhere], &[&text])), ["-: diverged", "checkpoint: not_countersigned"]);
    let moved = format!("{}{}\n", sample.checkpoint(4), signed.lines().last().unwrap());
    assert_eq!(findings(&with(&[&moved], &[&text])), ["-: countersignature"]);
    assert_eq!(findings(&with(&[&signed], &[&sample.key_text()])), ["checkpoint: not_countersigned"]);
    assert!(matches!(
        verify(&sample.zip(), Options { witness_keys: &["x"], ..Options::default() }),
        Err(verify::Unreadable::WitnessKey(_))
    ));
}

#[test]
fn all_the_checkpoints_that_were_kept_are_compared() {
    let sample = Sample::new();
    let mut other = sample.clone();
    other.records[1] = record(1, Some(b"another history".to_vec()));
    let mut later = sample.clone();
    later.records.push(record(5, Some(b"later".to_vec())));
    let elsewhere = Checkpoint::of(Uuid::nil(), &sample.tree(5)).sign(&sample.key, moment(0));
    let kept = [sample.checkpoint(2), other.checkpoint(3), sample.checkpoint(5), later.checkpoint(6), elsewhere];
    let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
    let options = Options { key: Some(&sample.key_text()), checkpoints: &kept, ..Options::default() };
    let report = verify(&sample.zip(), options).unwrap();
    let said: Vec<String> = report.findings.iter().map(|finding| finding.text().en.into_owned()).collect();
    assert_eq!(
        said,
        [
            "checkpoint given 2: another history: the first 3 entries of the export are not those of the checkpoint",
            "checkpoint given 4: rolled back: the export has 5 entries, the checkpoint already knew 6",
            "checkpoint given 5: belongs to another register (00000000-0000-0000-0000-000000000000)",
        ]
    );
}
