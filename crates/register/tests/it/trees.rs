//! The tree beside other people's: Certificate Transparency's published vectors, and the `ct-merkle` crate.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use register::{
    Frontier, Hash, consistency_holds, consistency_proof, inclusion_holds, inclusion_proof, leaf_hash, root,
};
use sha2::Sha256;

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|number| leaf_hash(&number.to_be_bytes())).collect()
}

#[test]
fn roots_are_those_of_certificate_transparencys_own_tests() {
    let leaves: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let hashes: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf)).collect();
    for (size, expected) in roots.iter().enumerate() {
        assert_eq!(hex(&root(&hashes[..size])), *expected, "size {size}");
    }
    // The paths of the same tests (`merkletree/merkle_tree_test.cc` of github.com/google/certificate-transparency; there
    // leaves count from 1).
    let (a, b, c, d) = (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    );
    let e = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
    let inclusions: [(u64, usize, &[&str]); 5] =
        [(0, 1, &[]), (0, 8, &[a, b, c]), (5, 8, &[e, d, roots[4]]), (2, 3, &[roots[2]]), (1, 5, &[roots[1], b, e])];
    for (index, size, path) in inclusions {
        let proof = inclusion_proof(&hashes[..size], index).unwrap();
        assert_eq!(proof.iter().map(|hash| hex(hash)).collect::<Vec<_>>(), path, "leaf {index} of {size}");
        assert!(inclusion_holds(&hashes[index as usize], index, size as u64, &proof, &root(&hashes[..size])));
    }
    let f = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
    let growths: [(u64, usize, &[&str]); 4] =
        [(1, 1, &[]), (1, 8, &[a, b, c]), (6, 8, &[f, d, roots[4]]), (2, 5, &[b, e])];
    for (from, size, path) in growths {
        let proof = consistency_proof(&hashes[..size], from).unwrap();
        assert_eq!(proof.iter().map(|hash| hex(hash)).collect::<Vec<_>>(), path, "{from} to {size}");
        let (old, new) = (root(&hashes[..from as usize]), root(&hashes[..size]));
        assert!(consistency_holds(from, &old, size as u64, &new, &proof));
    }
}

#[test]
fn roots_and_proofs_are_those_of_another_implementation() {
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut ours = Frontier::default();
    let all = leaves(40);
    for size in 0..all.len() {
        assert_eq!(ours.root()[..], theirs.root().as_bytes()[..], "size {size}");
        for index in 0..size {
            let path = inclusion_proof(&all[..size], index as u64).unwrap().concat();
            assert_eq!(path, theirs.prove_inclusion(index).as_bytes(), "leaf {index} of {size}");
        }
        for old in 1..=size {
            let proof = consistency_proof(&all[..size], old as u64).unwrap().concat();
            assert_eq!(proof, theirs.prove_consistency(size - old).as_bytes(), "{old} to {size}");
        }
        theirs.push((size as u64).to_be_bytes().to_vec());
        ours.append(all[size]);
    }
}

#[test]
fn what_is_not_in_the_tree_has_no_proof() {
    let all = leaves(5);
    assert_eq!(inclusion_proof(&all, 5), None);
    assert_eq!(inclusion_proof(&[], 0), None);
    assert_eq!(consistency_proof(&all, 6), None);
    assert_eq!(consistency_proof(&all, 0), Some(vec![]));
    assert!(consistency_holds(0, &root(&[]), 5, &root(&all), &[]));
    assert!(!consistency_holds(0, &root(&all), 5, &root(&all), &[]));
    assert!(!consistency_holds(5, &root(&all), 4, &root(&all), &[]));
    assert!(!inclusion_holds(&all[0], 5, 5, &[], &all[0]));
}

proptest! {
    #[test]
    fn true_proofs_hold_and_no_other(
        size in 1_u64..200,
        pick in any::<prop::sample::Index>(),
        bit in any::<prop::sample::Index>(),
    ) {
        let all = leaves(size);
        let head = root(&all);
        let index = pick.index(all.len()) as u64;
        let leaf = all[pick.index(all.len())];
        let path = inclusion_proof(&all, index).unwrap();
        prop_assert!(inclusion_holds(&leaf, index, size, &path, &head));
        prop_assert!(!inclusion_holds(&leaf, index + 1, size, &path, &head));
        prop_assert!(!inclusion_holds(&leaf_hash(b"other"), index, size, &path, &head));
        let longer = [&path[..], &[head]].concat();
        prop_assert!(!inclusion_holds(&leaf, index, size, &longer, &head));
        if let Some(changed) = flipped(&path, bit) {
            prop_assert!(!inclusion_holds(&leaf, index, size, &changed, &head));
            prop_assert!(!inclusion_holds(&leaf, index, size, &path[1..], &head));
        }

        let old = index + 1;
        let old_head = root(&all[..pick.index(all.len()) + 1]);
        let proof = consistency_proof(&all, old).unwrap();
        prop_assert!(consistency_holds(old, &old_head, size, &head, &proof));
        prop_assert!(!consistency_holds(old, &leaf_hash(b"other"), size, &head, &proof));
        prop_assert!(!consistency_holds(old, &old_head, size, &leaf_hash(b"other"), &proof));
        let longer = [&proof[..], &[head]].concat();
        prop_assert!(!consistency_holds(old, &old_head, size, &head, &longer));
        if let Some(changed) = flipped(&proof, bit) {
            prop_assert!(!consistency_holds(old, &old_head, size, &head, &changed));
        }
    }
}

fn flipped(proof: &[Hash], bit: prop::sample::Index) -> Option<Vec<Hash>> {
    let mut changed = proof.to_vec();
    let bytes = changed.as_flattened_mut();
    if bytes.is_empty() {
        return None;
    }
    let bit = bit.index(bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
    Some(changed)
}
