//! Bytes to packets, flows and protocol events; packet time is the clock
