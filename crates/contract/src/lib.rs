//! The public JSON: facts, verdicts, detections

pub mod detection;
