//! Mail to a real server: what it takes, what it refuses, and what happens while it is away.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail like this")]

mod exim;
mod sending;
