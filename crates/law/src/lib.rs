//! Law packs as dated data, their evaluation with reasons, and deadlines.
//!
//! Promises: the evaluator knows no article; what is unknown stays unknown; the same pack and facts give the same verdict
//! for ever. Deliberately not here: deciding (a person does), reading files, the clock.

pub mod verdict;
