//! Traffic in any amount, and what the sensor costs on it: for `scripts/bench.sh`, and for the tests that need a flood.
//!
//! Promises: the same captures and numbers give the same traffic. [`scan`] does what `dijkwacht scan` does, without what
//! else that program is built of.

pub mod flood;
pub mod mix;
mod rewrite;
pub mod scan;
