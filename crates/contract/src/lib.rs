//! The public JSON: facts, verdicts, detections, and what a sensor and its server say to each other.

pub mod detection;
pub mod facts;
pub mod flow;
pub mod sensor;
pub mod verdict;
