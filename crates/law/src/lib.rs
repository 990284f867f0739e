//! Law packs as dated data, their evaluation with reasons, and deadlines.
//!
//! Promises: the evaluator knows no article; what is unknown stays unknown; the same pack and facts give the same verdict
//! for ever. Deliberately not here: deciding (a person does), reading files, the clock.

mod assess;
mod before;
pub mod deadline;
pub mod difference;
pub mod enisa;
mod explain;
pub mod interview;
mod missing;
mod model;
pub mod pack;
mod packs;
mod reasons;
pub mod verdict;

pub use assess::{assess, judged_at};
pub use before::{BEFORE_ANY_DUTY, before_any_duty};
pub use pack::{InvalidPack, Pack, PackFiles, PackProblem};
pub use packs::{NoPack, Packs, builtin_files};
