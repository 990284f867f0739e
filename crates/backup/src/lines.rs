//! The lines of a backup.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use app::{FileHead, Manifest, Row, Shape, row_of};
use facts::OrganisationId;

use crate::Fault;

/// The version of the format. A later form gets another number, and this one stays readable.
pub const VERSION: u64 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    #[serde(rename = "dijkwacht_backup")]
    pub version: u64,
    /// The version of the program that wrote it.
    pub program: String,
    pub made_at: Timestamp,
    /// The number of the store's last migration.
    pub schema: i64,
}

/// A file of the data folder that is no part of the store: a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Secret({})", self.name)
    }
}

/// What a line says, after the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    Secret(Secret),
    Table(Shape),
    Row(Row),
    File(FileHead),
    Piece(Vec<u8>),
    End(Manifest),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Line {
    Secret { name: String, base64: String },
    Table { name: String, columns: Vec<String>, key: Vec<usize> },
    File { organisation: Uuid, sha256: String, size_bytes: u64 },
    Piece(String),
    End(Manifest),
}

impl Line {
    pub(crate) fn secret(secret: &Secret) -> Self {
        Self::Secret { name: secret.name.clone(), base64: BASE64_STANDARD.encode(&secret.bytes) }
    }

    pub(crate) fn table(shape: &Shape) -> Self {
        Self::Table { name: shape.name.clone(), columns: shape.columns.clone(), key: shape.key.clone() }
    }

    pub(crate) fn file(file: &FileHead) -> Self {
        Self::File { organisation: file.organisation.0, sha256: file.sha256.clone(), size_bytes: file.size_bytes }
    }

    pub(crate) fn piece(bytes: &[u8]) -> Self {
        Self::Piece(BASE64_STANDARD.encode(bytes))
    }

    pub(crate) fn text(&self) -> Result<String, Fault> {
        serde_json::to_string(self).map_err(|error| Fault::Locking(error.to_string()))
    }

    fn record(self) -> Option<Record> {
        Some(match self {
            Self::Secret { name, base64 } => Record::Secret(Secret { name, bytes: decoded(&base64)? }),
            Self::Table { name, columns, key } => Record::Table(Shape { name, columns, key }),
            Self::File { organisation, sha256, size_bytes } => {
                Record::File(FileHead { organisation: OrganisationId(organisation), sha256, size_bytes })
            }
            Self::Piece(text) => Record::Piece(decoded(&text)?),
            Self::End(manifest) => Record::End(manifest),
        })
    }
}

/// Reads one line; nothing where it is none.
pub(crate) fn record(line: &str) -> Option<Record> {
    if line.starts_with('[') {
        let values: Vec<Value> = serde_json::from_str(line).ok()?;
        return row_of(values).map(Record::Row);
    }
    serde_json::from_str::<Line>(line).ok()?.record()
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(text).ok()
}
