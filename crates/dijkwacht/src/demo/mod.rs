//! The demo: a made-up provider with its customers, a bundled capture that the sensor really reads, and incidents at
//! every stage. Everything goes through the same use cases as in the real thing; only the people are made up.

pub(crate) mod people;
pub(crate) mod sensor;
pub(crate) mod stories;

pub(crate) use people::People;
