//! The law crate as others see it: cases, properties, vectors, and what a broken pack gets.
#![expect(clippy::panic, clippy::expect_used, clippy::indexing_slicing, reason = "helpers of tests fail the test")]

mod broken_packs;
mod cases;
mod clocks;
mod enisa;
mod interview;
mod labels;
mod marks;
mod monotone;
mod packs;
mod properties;
mod sampling;
mod support;
mod thresholds;
mod vectors;
mod verdicts;
