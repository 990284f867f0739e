//! Evidence and its custody in bodies of the journal, version 1.

use serde::{Deserialize, Serialize};

use incident::{Access, Caution, Custody, EvidenceFile};

use super::PayloadError;

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum CustodyV1 {
    Added {
        sha256: String,
        size_bytes: u64,
        name: String,
        media_type: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caution: Option<String>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        description: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        origin: String,
    },
    Opened {
        sha256: String,
        access: String,
    },
    HandedOver {
        sha256: String,
        to: String,
        reason: String,
    },
    Checked {
        intact: Vec<String>,
        damaged: Vec<String>,
        missing: Vec<String>,
    },
    PutRight {
        sha256: String,
    },
    Withdrawn {
        sha256: String,
        reason: String,
    },
}

pub(super) fn custody_out(custody: Custody) -> CustodyV1 {
    match custody {
        Custody::Added(EvidenceFile { sha256, size_bytes, name, media_type, caution, description, origin }) => {
            let caution = caution.map(|caution| caution.key().to_owned());
            CustodyV1::Added { sha256, size_bytes, name, media_type, caution, description, origin }
        }
        Custody::Opened { sha256, access } => CustodyV1::Opened { sha256, access: access.key().to_owned() },
        Custody::HandedOver { sha256, to, reason } => CustodyV1::HandedOver { sha256, to, reason },
        Custody::Checked { intact, damaged, missing } => CustodyV1::Checked { intact, damaged, missing },
        Custody::PutRight { sha256 } => CustodyV1::PutRight { sha256 },
        Custody::Withdrawn { sha256, reason } => CustodyV1::Withdrawn { sha256, reason },
    }
}

pub(super) fn custody_in(custody: CustodyV1) -> Result<Custody, PayloadError> {
    Ok(match custody {
        CustodyV1::Added { sha256, size_bytes, name, media_type, caution, description, origin } => {
            let caution = caution.map(caution_in).transpose()?;
            Custody::Added(EvidenceFile { sha256, size_bytes, name, media_type, caution, description, origin })
        }
        CustodyV1::Opened { sha256, access } => Custody::Opened { sha256, access: access_in(access)? },
        CustodyV1::HandedOver { sha256, to, reason } => Custody::HandedOver { sha256, to, reason },
        CustodyV1::Checked { intact, damaged, missing } => Custody::Checked { intact, damaged, missing },
        CustodyV1::PutRight { sha256 } => Custody::PutRight { sha256 },
        CustodyV1::Withdrawn { sha256, reason } => Custody::Withdrawn { sha256, reason },
    })
}

fn caution_in(word: String) -> Result<Caution, PayloadError> {
    Caution::from_key(&word).ok_or(PayloadError::Word { place: "a caution", word })
}

fn access_in(word: String) -> Result<Access, PayloadError> {
    Access::from_key(&word).ok_or(PayloadError::Word { place: "a way of seeing a file", word })
}
