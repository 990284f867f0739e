//! Proofs as files, for whoever holds one entry, or an earlier checkpoint, and not the whole register.
//!
//! An inclusion proof is a C2SP `tlog-proof`, with the entry's leaf as its `extra`: so the file shows by itself what was
//! recorded and under which checkpoint. A consistency proof has the same form under a name of its own, since C2SP has
//! none. Both are checked by `verify --proof`, and described in `docs/register-format.md`.

use std::fmt::Write as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::entry::Entry;
use crate::proof::{consistency_proof, inclusion_proof};
use crate::tree::Hash;

/// The proof that `entry` stands in the tree over `leaf_hashes`, of which `checkpoint` is the signed head; `None` when it
/// does not.
#[must_use]
pub fn inclusion_file(entry: &Entry, leaf_hashes: &[Hash], checkpoint: &str) -> Option<String> {
    let path = inclusion_proof(leaf_hashes, entry.index())?;
    let leaf = BASE64_STANDARD.encode(entry.leaf());
    Some(file(&format!("c2sp.org/tlog-proof@v1\nextra {leaf}\nindex {}\n", entry.index()), &path, checkpoint))
}

/// The proof that the tree over `leaf_hashes`, of which `checkpoint` is the signed head, continues the one over its first
/// `old_size`; `None` when it is smaller than that.
#[must_use]
pub fn consistency_file(old_size: u64, leaf_hashes: &[Hash], checkpoint: &str) -> Option<String> {
    let path = consistency_proof(leaf_hashes, old_size)?;
    Some(file(&format!("dijkwacht-consistency/v1\nfrom {old_size}\n"), &path, checkpoint))
}

fn file(head: &str, path: &[Hash], checkpoint: &str) -> String {
    let mut text = head.to_owned();
    for hash in path {
        let _ = writeln!(text, "{}", BASE64_STANDARD.encode(hash));
    }
    format!("{text}\n{checkpoint}")
}
