//! How much it holds: makes a provider with any number of customers, incidents and entries, and measures on it what
//! people and machines wait for. `make bench` runs it; a small provider stands in the tests.
//!
//! Promises: what is measured is the real program on a store that was filled through the domain and its ports. Deliberately
//! not here: any judgement of a figure (docs/benchmarks.md has them), and anything that the program needs.

mod bare;
mod chance;
pub mod fill;
pub mod measure;
pub mod place;
pub mod program;
pub mod provider;
mod size;
mod story;
pub mod timed;
pub mod visitor;

pub use size::{ENTRIES_EACH, FULL, ONE, SMALL, Size};
