//! The public face of `sensor`: frames in, and what a server, real and over HTTP, gets of it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test"
)]

mod delivery;
mod replay;
mod server;
