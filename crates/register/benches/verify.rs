//! How fast an export is verified, beside bare SHA-256 over the same bytes: `make bench` runs this. Measured, never
//! asserted: a busy machine is no failure.
//!
//! Whole runs are timed, as people get them: the archive read, every member and line hashed and compared, every body held
//! against its commitment, the tree built, the signatures checked. The median of nine runs counts.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark without its material cannot go on, and it prints"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use register::{Checkpoint, Entry, Export, Frontier, Kept, Record, SigningKey, commit, export};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use verify::{Options, verify};

const ORGANISATION: Uuid = Uuid::from_u128(0x0197_a3c0_0000_7000_8000_0000_0000_0001);
const RUNS: usize = 9;

fn main() {
    println!("| entries | export | verify | entries a second | bare SHA-256 over the same bytes | ratio |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for entries in [1_000, 10_000, 100_000] {
        let (zip, key) = made(entries);
        let options = Options { key: Some(&key), ..Options::default() };
        let checked = median(|| assert!(verify(&zip, options).unwrap().is_sound()));
        let hashed = median(|| {
            let _ = black_box(Sha256::digest(black_box(&zip)));
        });
        println!(
            "| {entries} | {:.1} MB | {:.1} ms | {:.0} | {:.1} ms | {:.1} |",
            zip.len() as f64 / 1e6,
            checked.as_secs_f64() * 1e3,
            f64::from(entries) / checked.as_secs_f64(),
            hashed.as_secs_f64() * 1e3,
            checked.as_secs_f64() / hashed.as_secs_f64(),
        );
    }
}

/// An export of a register with bodies of the size that the journal's have (about 400 bytes), and its key.
fn made(entries: u32) -> (Vec<u8>, String) {
    let key = SigningKey::of_register(ORGANISATION, &[7; 32]);
    let start: Timestamp = "2026-11-21T08:30:00.123456Z".parse().unwrap();
    let mut tree = Frontier::default();
    let mut records = Vec::new();
    for index in 0..entries {
        let salt: [u8; 32] = Sha256::digest(index.to_be_bytes()).into();
        let body = format!("{{\"version\":1,\"note\":\"{}\"}}", format!("regel {index} ").repeat(30)).into_bytes();
        let at = start + SignedDuration::from_secs(i64::from(index));
        let entry = Entry::new(ORGANISATION, index.into(), at, "incident.noted", commit(&salt, &body)).unwrap();
        tree.append(entry.leaf_hash());
        records.push(Record { entry, kept: Some(Kept { salt, body }) });
    }
    let checkpoint = Checkpoint::of(ORGANISATION, &tree).sign(&key, start);
    let made = Export {
        organisation: ORGANISATION,
        name: "Bakkerij",
        records: &records,
        checkpoint: &checkpoint,
        extra: &[],
        key: &key,
    };
    (export(&made).unwrap(), key.verifier().to_string())
}

#[expect(clippy::disallowed_methods, reason = "time itself is what is measured")]
fn median(run: impl Fn()) -> Duration {
    let mut took: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    took.sort();
    took.into_iter().nth(RUNS / 2).unwrap()
}
