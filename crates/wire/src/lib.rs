//! Bytes to packets, to flows, to protocol events.
//!
//! Promises: any bytes in, no panic out; what is cut short is read as far as it goes; every table has a capacity, an
//! eviction rule and a counter; packet time is the only clock, so the same bytes give the same events.
//! Deliberately not here: opening files (crate `capture`), judging what is seen (crate `detect`), keeping content.

pub mod event;
