//! The public JSON: facts, verdicts, detections

pub mod detection;
pub mod facts;
pub mod flow;
pub mod verdict;
