//! The public face of `capture`: bytes of files in, frames out.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

mod corpus;
mod damaged;
mod formats;
mod inputs;
#[cfg(target_os = "linux")]
mod live;
mod oracle;
mod write;
