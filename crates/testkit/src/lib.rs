//! Builders, fixed clock and ids, and captures made by our own generator
