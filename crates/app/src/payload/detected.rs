//! What sensors saw in bodies of the journal, version 1.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use incident::DetectionsAdded;

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
    first_at: Timestamp,
    last_at: Timestamp,
}

pub(super) fn detections_out(detections: Vec<(String, String)>) -> Vec<DetectionV1> {
    detections.into_iter().map(|(id, sha256)| DetectionV1 { id, sha256 }).collect()
}

pub(super) fn detections_in(detections: Vec<DetectionV1>) -> Vec<(String, String)> {
    detections.into_iter().map(|detection| (detection.id, detection.sha256)).collect()
}

pub(super) fn added_out(added: DetectionsAdded) -> DetectionsAddedV1 {
    let DetectionsAdded { urgency, summary, detections, first_at, last_at } = added;
    DetectionsAddedV1 {
        urgency: urgency.key().to_owned(),
        summary: text_out(&summary),
        detections: detections_out(detections),
        first_at,
        last_at,
    }
}

pub(super) fn added_in(added: DetectionsAddedV1) -> Result<DetectionsAdded, PayloadError> {
    let DetectionsAddedV1 { urgency, summary, detections, first_at, last_at } = added;
    Ok(DetectionsAdded {
        urgency: urgency_in(urgency)?,
        summary: text_in(summary),
        detections: detections_in(detections),
        first_at,
        last_at,
    })
}
