//! A register to try things on, and archives taken apart and packed again.

use std::io::{Cursor, Read, Write};

use jiff::{SignedDuration, Timestamp};
use register::{Checkpoint, Entry, Export, Frontier, Kept, Record, SigningKey, commit, export};
use uuid::Uuid;
use verify::{Options, Report};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::dossier::told;

pub(crate) const ORGANISATION: Uuid = Uuid::from_u128(0x0197_a3c0_0000_7000_8000_0000_0000_0001);
pub(crate) const SEED: [u8; 32] = [7; 32];

/// An archive's members, in order.
pub(crate) type Members = Vec<(String, Vec<u8>)>;

/// A journal with its key; what is signed is made when asked for.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) key: SigningKey,
    pub(crate) records: Vec<Record>,
    pub(crate) extra: Members,
}

impl Sample {
    /// Five entries, the fourth of them erased, as the fifth says; and two more members.
    pub(crate) fn new() -> Self {
        let bodies: [&[u8]; 5] = [
            br#"{"title":"laptop kwijt","reporter":"J. de Vries"}"#,
            "{\"note\":\"caf\u{e9} \\u20ac 5, \u{1f4bb}\"}".as_bytes(),
            b"not UTF-8: \xff\xfe",
            b"gone",
            b"{}",
        ];
        let mut sample = Self::of(bodies.iter().map(|body| Some(body.to_vec())).collect());
        sample.erase(&[3], 4);
        sample.extra = vec![
            ("register.csv".to_owned(), b"nr;soort\r\n0;incident.reported\r\n".to_vec()),
            ("documents/letter.pdf".to_owned(), (0..=255).collect()),
        ];
        sample
    }

    /// One entry a body; `None` is an erased one.
    pub(crate) fn of(bodies: Vec<Option<Vec<u8>>>) -> Self {
        let key = SigningKey::of_register(ORGANISATION, &SEED);
        let records = (0..).zip(bodies).map(|(index, body)| record(index, body)).collect();
        Self { key, records, extra: Vec::new() }
    }

    /// Takes these entries' bodies away, and has the one of another number say so.
    pub(crate) fn erase(&mut self, erased: &[usize], by: usize) {
        for place in erased {
            self.records[*place].kept = None;
        }
        let said = serde_json::json!({"v": 1, "event": {"type": "erased", "indices": erased}});
        self.records[by] = told(by as u64, "incident.erased", &said);
    }

    pub(crate) fn tree(&self, size: usize) -> Frontier {
        let mut tree = Frontier::default();
        for record in &self.records[..size] {
            tree.append(record.entry.leaf_hash());
        }
        tree
    }

    /// The checkpoint over the first so many entries, signed.
    pub(crate) fn checkpoint(&self, size: usize) -> String {
        Checkpoint::of(ORGANISATION, &self.tree(size)).sign(&self.key, moment(1000))
    }

    pub(crate) fn zip(&self) -> Vec<u8> {
        export(&Export {
            organisation: ORGANISATION,
            name: "Bakkerij \u{2019}t Hoekje\nB.V.",
            records: &self.records,
            checkpoint: &self.checkpoint(self.records.len()),
            extra: &self.extra,
            key: &self.key,
        })
        .unwrap()
    }

    pub(crate) fn members(&self) -> Members {
        unpack(&self.zip())
    }

    pub(crate) fn key_text(&self) -> String {
        self.key.verifier().to_string()
    }
}

pub(crate) fn record(index: u64, body: Option<Vec<u8>>) -> Record {
    let salt = [u8::try_from(index % 251).unwrap(); 32];
    let commitment = commit(&salt, body.as_deref().unwrap_or(b"erased"));
    let kind = if index == 0 { "incident.reported" } else { "incident.facts-recorded" };
    let entry = Entry::new(ORGANISATION, index, moment(i64::try_from(index).unwrap()), kind, commitment).unwrap();
    Record { entry, kept: body.map(|body| Kept { salt, body }) }
}

/// The same, recorded so many minutes after the first.
pub(crate) fn record_at(index: u64, minutes: i64) -> Record {
    let Record { entry, kept } = record(index, Some(b"late".to_vec()));
    let entry = Entry::new(ORGANISATION, index, moment(minutes), entry.kind(), *entry.body_commitment()).unwrap();
    Record { entry, kept }
}

pub(crate) fn moment(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-21T08:30:00.123456Z".parse().unwrap();
    start + SignedDuration::from_mins(minutes)
}

pub(crate) fn unpack(zip: &[u8]) -> Members {
    let mut archive = ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut members = Members::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        members.push((file.name().unwrap().into_owned(), bytes));
    }
    members
}

pub(crate) fn pack_with(members: &Members, method: CompressionMethod) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(method);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) fn pack(members: &Members) -> Vec<u8> {
    pack_with(members, CompressionMethod::Stored)
}

pub(crate) fn member<'a>(members: &'a mut Members, name: &str) -> &'a mut Vec<u8> {
    &mut members.iter_mut().find(|member| member.0 == name).unwrap().1
}

/// Checks with the key known from elsewhere.
pub(crate) fn check(zip: &[u8], sample: &Sample) -> Report {
    verify::verify(zip, Options { key: Some(&sample.key_text()), ..Options::default() }).unwrap()
}

/// Checks with the export alone.
pub(crate) fn check_alone(zip: &[u8]) -> Report {
    verify::verify(zip, Options::default()).unwrap()
}

/// The findings as `member`, `member 3`, with the problem's code.
pub(crate) fn findings(report: &Report) -> Vec<String> {
    let name = |finding: &verify::Finding| {
        let place = finding.member().unwrap_or("-");
        let entry = finding.entry.map_or(String::new(), |entry| format!(" {entry}"));
        format!("{place}{entry}: {}", finding.problem.code())
    };
    report.findings.iter().map(name).collect()
}

pub(crate) fn entry_lines(members: &mut Members) -> Vec<String> {
    let text = String::from_utf8(member(members, "entries.jsonl").clone()).unwrap();
    text.split_inclusive('\n').map(str::to_owned).collect()
}
