//! The public face of `wire`: frames in, events out.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests fail the test")]

mod build;
mod content;
mod first_bytes;
mod flows;
mod fragments;
mod hosts;
mod http2;
mod links;
mod logins;
mod personal;
mod properties;
mod tunnels;
