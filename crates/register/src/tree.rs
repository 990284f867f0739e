//! The RFC 6962 tree (§2.1; RFC 9162 §2.1 hashes the same way), kept as its frontier.
//!
//! A tree of n leaves is a row of complete trees, one for each bit that is set in n, the largest first. Their heads
//! are the *frontier*: all that has to be kept to append a leaf and to know the root, at O(log n) either way.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// The hash of a leaf: SHA-256 over a zero byte and the leaf. The byte keeps a leaf from passing for a node.
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// The hash of a node: SHA-256 over a one byte and the hashes of its two children.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root over these leaf hashes; for none it is the hash of nothing.
#[must_use]
pub fn root(leaf_hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    for leaf in leaf_hashes {
        frontier.append(*leaf);
    }
    frontier.root()
}

/// What has to be kept of a tree to go on appending to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// Heads of the complete trees, the largest (leftmost) first: as many as `size` has bits set.
    heads: Vec<Hash>,
}

/// Stored bytes that are no frontier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stored frontier of {length} bytes does not fit its tree size; rebuild it from the entries")]
pub struct InvalidFrontier {
    pub length: usize,
}

impl Frontier {
    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends the hash of one leaf ([`leaf_hash`]).
    pub fn append(&mut self, leaf_hash: Hash) {
        let mut head = leaf_hash;
        let mut rest = self.size;
        // Each bit set at the low end is a complete tree as large as the one being added: the two become one.
        while rest & 1 == 1
            && let Some(left) = self.heads.pop()
        {
            head = node_hash(&left, &head);
            rest >>= 1;
        }
        self.heads.push(head);
        self.size += 1;
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let from_the_right = self.heads.iter().rev().copied().reduce(|right, left| node_hash(&left, &right));
        from_the_right.unwrap_or_else(|| Sha256::digest([]).into())
    }

    /// For storage: the size in 8 bytes (big-endian), then the heads, the largest first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend(self.heads.as_flattened());
        bytes
    }

    /// Reads back what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the number of heads is not that of the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidFrontier> {
        let invalid = InvalidFrontier { length: bytes.len() };
        let (size, heads) = bytes.split_first_chunk::<8>().ok_or(invalid)?;
        let size = u64::from_be_bytes(*size);
        let (heads, rest) = heads.as_chunks::<32>();
        let fits = rest.is_empty() && heads.len() == size.count_ones() as usize;
        if fits { Ok(Self { size, heads: heads.to_vec() }) } else { Err(invalid) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frontier_can_be_stored_between_any_two_appends() {
        let mut kept = Frontier::default();
        for number in 0_u64..70 {
            kept.append(leaf_hash(&number.to_be_bytes()));
            let bytes = kept.to_bytes();
            assert_eq!(bytes.len(), 8 + 32 * kept.size().count_ones() as usize);
            assert_eq!(Frontier::from_bytes(&bytes), Ok(kept.clone()));
            assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        }
        assert!(Frontier::from_bytes(&[0; 40]).is_err(), "a head too many");
        assert!(Frontier::from_bytes(&[]).is_err());
    }
}
