//! The pages of one incident, in the order of the road through it.

pub(crate) mod decision;
pub(crate) mod documents;
pub(crate) mod facts;
pub(crate) mod interview;
mod merge;
pub(crate) mod narrative;
pub(crate) mod overview;
mod questions;
pub(crate) mod sent;
mod standing;
pub(crate) mod timeline;
pub(crate) mod times;
pub(crate) mod verdict;
