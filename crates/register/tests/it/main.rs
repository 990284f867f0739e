//! The register's public face, with `verify` as the reader that was written apart.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests fail the test")]

mod by_hand;
mod dossier;
mod foreign;
mod golden;
mod kept_mail;
mod notes;
mod proofs;
mod sample;
mod second_reader;
mod tamper;
mod trees;
