//! The public face of `archive`: a made-up office's day kept and asked, foreign bytes, and other tools' reading.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod foreign_bytes;
mod foreign_reader;
mod office_day;
mod round_trip;
