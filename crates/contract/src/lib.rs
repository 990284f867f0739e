//! The public JSON: facts, verdicts, detections
