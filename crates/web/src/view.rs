//! What pages show, worked out for the templates: moments, clocks, values in words. No rules: those come with the values.

pub(crate) mod clock;
pub(crate) mod phase;
pub(crate) mod picture;
pub(crate) mod sensor;
pub(crate) mod source;
pub(crate) mod span;
pub(crate) mod time;
pub(crate) mod value;
pub(crate) mod verdict;
