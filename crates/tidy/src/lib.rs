//! The rules of the house as data and as readings of the repository; the tests beside it (`tests/it/`) hold them up.
//!
//! Promises: it reads and never writes; it asks no network (`cargo metadata --offline --locked`); a broken rule is
//! reported with every place that breaks it, not with the first alone.
//! Deliberately not here: what clippy, rustfmt and cargo-deny already check.

mod arrows;
mod metadata;
mod tree;

pub use arrows::{CRATES, Layer, Member, member};
pub use metadata::{Dependency, Package, Workspace};
pub use tree::{Problem, SourceFile, production_code, repository_root, source_files};
