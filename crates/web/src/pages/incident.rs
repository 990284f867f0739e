//! The pages of one incident, in the order of the road through it.

pub(crate) mod advice;
pub(crate) mod bundle;
pub(crate) mod check;
pub(crate) mod clocks;
pub(crate) mod closed;
pub(crate) mod decision;
pub(crate) mod documents;
pub(crate) mod enisa;
pub(crate) mod evidence;
pub(crate) mod facts;
pub(crate) mod interview;
pub(crate) mod keeping;
mod merge;
pub(crate) mod narrative;
pub(crate) mod overview;
mod questions;
pub(crate) mod sent;
mod standing;
pub(crate) mod still;
pub(crate) mod timeline;
pub(crate) mod times;
mod turned;
pub(crate) mod verdict;
