//! What people read, for two cases: one known in full, one that was only just reported.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect must fail"
)]

mod case_bundle;
mod dossier;
mod explanation;
mod fixture;
mod forms;
mod letter;
mod reasoning_sheet;
mod register_extract;
