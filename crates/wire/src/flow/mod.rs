//! Packets put together into flows, flows read for what they say.
//!
//! Promises: memory is bounded by [`Limits`], what is let go because of it is counted; time is packet time and may
//! jump (merged captures, several files): a flow whose last packet lies further off than its idle time, in either
//! direction, is over.

mod connection;
mod copies;
mod fragments;
mod limits;
mod table;
mod tracker;

pub use limits::Limits;
pub use tracker::Tracker;
