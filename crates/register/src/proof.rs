//! Proofs over the tree: that a leaf is in it, and that one tree continues another (RFC 6962 §2.1.1, §2.1.2), and
//! their checks (RFC 9162 §2.1.3.2, §2.1.4.2).

use crate::tree::{Hash, node_hash, root};

/// The path that shows that the leaf at `index` is in the tree over `leaf_hashes`; `None` when there is no such leaf.
#[must_use]
pub fn inclusion_proof(leaf_hashes: &[Hash], index: u64) -> Option<Vec<Hash>> {
    let mut index = usize::try_from(index).ok().filter(|index| *index < leaf_hashes.len())?;
    let mut tree = leaf_hashes;
    let mut path = Vec::new();
    while tree.len() > 1 {
        let (left, right) = halves(tree);
        if index < left.len() {
            path.push(root(right));
            tree = left;
        } else {
            path.push(root(left));
            index -= left.len();
            tree = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The hashes that show that the tree over `leaf_hashes` continues the one over its first `old_size`; `None` when it
/// is smaller than that.
#[must_use]
pub fn consistency_proof(leaf_hashes: &[Hash], old_size: u64) -> Option<Vec<Hash>> {
    let mut old = usize::try_from(old_size).ok().filter(|old| *old <= leaf_hashes.len())?;
    if old == 0 {
        return Some(Vec::new());
    }
    let mut tree = leaf_hashes;
    let mut proof = Vec::new();
    let mut is_whole_old_tree = true;
    while old < tree.len() {
        let (left, right) = halves(tree);
        if old <= left.len() {
            proof.push(root(right));
            tree = left;
        } else {
            proof.push(root(left));
            old -= left.len();
            tree = right;
            is_whole_old_tree = false;
        }
    }
    if !is_whole_old_tree {
        proof.push(root(tree));
    }
    proof.reverse();
    Some(proof)
}

/// Whether `proof` shows that `leaf_hash` stands at `index` in the tree of `size` leaves under `tree_root`.
#[must_use]
pub fn inclusion_holds(leaf_hash: &Hash, index: u64, size: u64, proof: &[Hash], tree_root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf_hash;
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(sibling, &hash);
            while place & 1 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && hash == *tree_root
}

/// Whether `proof` shows that the tree of `new_size` leaves under `new_root` continues the one of `old_size` leaves
/// under `old_root`.
#[must_use]
pub fn consistency_holds(old_size: u64, old_root: &Hash, new_size: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    if old_size > new_size {
        return false;
    }
    if old_size == new_size {
        return proof.is_empty() && old_root == new_root;
    }
    if old_size == 0 {
        return proof.is_empty() && *old_root == root(&[]);
    }
    // A complete old tree is itself the first hash of the path, and is then left out of the proof.
    let (first, path) = match proof.split_first() {
        _ if old_size.is_power_of_two() => (old_root, proof),
        Some((first, path)) => (first, path),
        None => return false,
    };
    let (mut place, mut last) = (old_size - 1, new_size - 1);
    while place & 1 == 1 {
        (place, last) = (place >> 1, last >> 1);
    }
    let (mut old, mut new) = (*first, *first);
    for hash in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            old = node_hash(hash, &old);
            new = node_hash(hash, &new);
            while place & 1 == 0 && place != 0 {
                (place, last) = (place >> 1, last >> 1);
            }
        } else {
            new = node_hash(&new, hash);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    last == 0 && old == *old_root && new == *new_root
}

/// A tree of two or more leaves, parted where RFC 6962 parts it: at the largest power of two below its size.
fn halves(tree: &[Hash]) -> (&[Hash], &[Hash]) {
    let left = tree.len().div_ceil(2).next_power_of_two();
    tree.split_at(left)
}
