//! What tells whether two copies are the same: how much there is, and a hash over all of it in order.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use facts::OrganisationId;

use crate::Cell;
use crate::open::hex;

/// A file as it is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHead {
    pub organisation: OrganisationId,
    pub sha256: String,
    pub size_bytes: u64,
}

/// How much there is of something, and the hash over it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    pub count: u64,
    /// Of its lines, in order, each ended by a newline; in hexadecimal.
    pub sha256: String,
}

/// Everything that a copy holds, counted and hashed. Two stores with equal manifests hold the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: i64,
    pub tables: BTreeMap<String, Tally>,
    pub files: Tally,
    pub file_bytes: u64,
}

impl Manifest {
    /// What differs between two, in words for operators; nothing where they are equal.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        let mut differing: Vec<String> = Vec::new();
        if self.schema != other.schema {
            differing.push(format!("schema {} and {}", self.schema, other.schema));
        }
        let names: std::collections::BTreeSet<_> = self.tables.keys().chain(other.tables.keys()).collect();
        for name in names {
            let count = |manifest: &Self| manifest.tables.get(name).map_or(0, |tally| tally.count);
            if self.tables.get(name) != other.tables.get(name) {
                differing.push(unlike(name, count(self), count(other), " rows"));
            }
        }
        if (&self.files, self.file_bytes) != (&other.files, other.file_bytes) {
            differing.push(unlike("files", self.files.count, other.files.count, ""));
        }
        (!differing.is_empty()).then(|| differing.join(", "))
    }

    /// One word for all of it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut tallying = Tallying::default();
        tallying.line(&serde_json::to_string(self).unwrap_or_default());
        tallying.done().sha256
    }
}

/// That two are not the same: by how many they are, or where that is equal by what is in them.
fn unlike(name: &str, one: u64, other: u64, unit: &str) -> String {
    if one == other {
        format!("{name} ({one}{unit}, and what is in them differs)")
    } else {
        format!("{name} ({one} and {other}{unit})")
    }
}

/// A tally in the making.
#[derive(Clone, Debug, Default)]
pub struct Tallying {
    count: u64,
    hash: Sha256,
}

impl Tallying {
    pub fn line(&mut self, line: &str) {
        self.count += 1;
        self.hash.update(line);
        self.hash.update(b"\n");
    }

    /// Counts a file in; its own hash stands for its bytes.
    pub fn file(&mut self, file: &FileHead) {
        self.line(&format!("{} {} {}", file.organisation, file.sha256, file.size_bytes));
    }

    #[must_use]
    pub fn done(self) -> Tally {
        Tally { count: self.count, sha256: hex(&self.hash.finalize()) }
    }
}

/// A row as one line of JSON: a list of its values, bytes as `{"base64": "…"}`. The same row is always the same line.
#[must_use]
pub fn row_line(row: &[Cell]) -> String {
    let value = |cell: &Cell| match cell {
        Cell::Null => Value::Null,
        Cell::Truth(truth) => Value::Bool(*truth),
        Cell::Whole(whole) => Value::from(*whole),
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Bytes(bytes) => json!({ "base64": BASE64_STANDARD.encode(bytes) }),
    };
    Value::from_iter(row.iter().map(value)).to_string()
}

/// Reads the values of [`row_line`] back; nothing where it is no such row.
#[must_use]
pub fn row_of(values: Vec<Value>) -> Option<Vec<Cell>> {
    let cell = |value| match value {
        Value::Null => Some(Cell::Null),
        Value::Bool(truth) => Some(Cell::Truth(truth)),
        Value::Number(number) => number.as_i64().map(Cell::Whole),
        Value::String(text) => Some(Cell::Text(text)),
        Value::Object(object) => match (object.len(), object.get("base64")) {
            (1, Some(Value::String(text))) => BASE64_STANDARD.decode(text).ok().map(Cell::Bytes),
            _ => None,
        },
        Value::Array(_) => None,
    };
    values.into_iter().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_reads_back_as_it_was() {
        let row = vec![
            Cell::Null,
            Cell::Truth(true),
            Cell::Whole(i64::MIN),
            Cell::Whole(i64::MAX),
            Cell::Text("é\n\"\u{0}".into()),
            Cell::Bytes(vec![0, 255]),
            Cell::Bytes(Vec::new()),
        ];
        let line = row_line(&row);
        assert!(!line.contains('\n'), "one line: {line}");
        let Value::Array(values) = serde_json::from_str(&line).unwrap() else { panic!("a list") };
        assert_eq!(row_of(values), Some(row));
    }

    #[test]
    fn a_difference_in_contents_is_not_told_as_one_in_numbers() {
        let of = |incidents: &[&str], files: &[&str]| {
            let tally = |lines: &[&str]| {
                let mut tallying = Tallying::default();
                lines.iter().for_each(|line| tallying.line(line));
                tallying.done()
            };
            let tables = BTreeMap::from([("incidents".to_owned(), tally(incidents))]);
            Manifest { schema: 1, tables, files: tally(files), file_bytes: 1 }
        };
        let check = |other: Manifest, told: Option<&str>| {
            assert_eq!(of(&["a", "b"], &["c"]).difference(&other).as_deref(), told);
        };
        check(of(&["a", "b"], &["c"]), None);
        check(of(&["a"], &["c"]), Some("incidents (2 and 1 rows)"));
        check(of(&["a", "x"], &["c"]), Some("incidents (2 rows, and what is in them differs)"));
        check(of(&["a", "b"], &["x"]), Some("files (1, and what is in them differs)"));
    }

    #[test]
    fn what_is_no_row_is_refused() {
        for text in
            ["[1.5]", "[[1]]", "[{}]", r#"[{"base64":"?"}]"#, r#"[{"base64":"","x":1}]"#, "[9223372036854775808]"]
        {
            let values = serde_json::from_str(text).unwrap();
            assert_eq!(row_of(values), None, "{text}");
        }
    }
}
