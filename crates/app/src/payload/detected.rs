//! What sensors saw in bodies of the journal, version 1.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use incident::{DetectionsAdded, GrownDetection};

use super::{PayloadError, TextV1, text_in, text_out, urgency_in};

#[derive(Serialize, Deserialize)]
pub(super) struct DetectionV1 {
    id: String,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct DetectionsAddedV1 {
    urgency: String,
    summary: TextV1,
    detections: Vec<DetectionV1>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    grown: Vec<GrownV1>,
    first_at: Timestamp,
    last_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct GrownV1 {
    id: String,
    urgency: String,
    figures: BTreeMap<String, u64>,
}

pub(super) fn detections_out(detections: Vec<(String, String)>) -> Vec<DetectionV1> {
    detections.into_iter().map(|(id, sha256)| DetectionV1 { id, sha256 }).collect()
}

pub(super) fn detections_in(detections: Vec<DetectionV1>) -> Vec<(String, String)> {
    detections.into_iter().map(|detection| (detection.id, detection.sha256)).collect()
}

pub(super) fn added_out(added: DetectionsAdded) -> DetectionsAddedV1 {
    let DetectionsAdded { urgency, summary, detections, grown, first_at, last_at } = added;
    let grown_out =
        |GrownDetection { id, urgency, figures }| GrownV1 { id, urgency: urgency.key().to_owned(), figures };
    DetectionsAddedV1 {
        urgency: urgency.key().to_owned(),
        summary: text_out(&summary),
        detections: detections_out(detections),
        grown: grown.into_iter().map(grown_out).collect(),
        first_at,
        last_at,
    }
}

pub(super) fn added_in(added: DetectionsAddedV1) -> Result<DetectionsAdded, PayloadError> {
    let DetectionsAddedV1 { urgency, summary, detections, grown, first_at, last_at } = added;
    Ok(DetectionsAdded {
        urgency: urgency_in(urgency)?,
        summary: text_in(summary),
        detections: detections_in(detections),
        grown: grown.into_iter().map(grown_in).collect::<Result<_, _>>()?,
        first_at,
        last_at,
    })
}

fn grown_in(grown: GrownV1) -> Result<GrownDetection, PayloadError> {
    let GrownV1 { id, urgency, figures } = grown;
    Ok(GrownDetection { id, urgency: urgency_in(urgency)?, figures })
}
