//! The register: what was recorded, in what order, in a form that cannot be changed unseen.
//!
//! Each organisation has one journal of entries. An entry's *leaf* is a short text ([`Entry::leaf`]); the leaves of a
//! journal are hashed into one RFC 6962 tree ([`Frontier`]); the head of that tree is signed as a *checkpoint*
//! ([`Checkpoint`]); and [`export`](export()) packs everything that a third party needs to check it offline; a [`Dossier`] does so for one case.
//!
//! Promises: the bytes and hashes made here never change once shipped (a new form gets a new version line); every
//! value is computed from the arguments alone: no clock, no randomness, no I/O.
//!
//! Not done here: bodies are opaque bytes, which this crate neither reads nor understands. Personal details stand in
//! the body only, never in the leaf, so that a body can be erased while the proof stands. Checking an export is the
//! work of `verify`, which shares no code with this crate.
//!
//! The format is described for other programs in `docs/register-format.md`.

mod checkpoint;
mod dossier;
mod entry;
mod export;
mod hex;
mod master;
mod note;
mod packing;
mod proof;
mod proof_file;
mod readme;
mod timestamp;
mod tree;
mod written;

pub use checkpoint::{Checkpoint, InvalidCheckpoint, origin};
pub use dossier::Dossier;
pub use entry::{Entry, InvalidEntry, commit};
pub use export::{Export, ExportError, Kept, Record, export};
pub use master::MasterKey;
pub use note::{InvalidKey, NoteError, SigningKey, VerifierKey};
pub use packing::{Cover, Listing, Packing};
pub use proof::{consistency_holds, consistency_proof, inclusion_holds, inclusion_proof};
pub use proof_file::{consistency_file, inclusion_file};
pub use timestamp::{TIMESTAMP_QUERY, timestamp_request};
pub use tree::{Frontier, Hash, InvalidFrontier, leaf_hash, node_hash, root};
