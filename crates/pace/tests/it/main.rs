//! The sensor under load gives the answers that it gives without.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod flood;
mod shards;
