//! What other devices say of one office, and what comes of it: real exporters where they are there, and the forms of
//! their logs.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test, or say why they skip"
)]

mod exporter;
