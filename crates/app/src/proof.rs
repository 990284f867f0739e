//! What is handed out of a register beside the export: its newest checkpoint, and proofs of single entries and of growth.

use jiff::Timestamp;

use incident::Permission;

use crate::handle::require;
use crate::{App, Error, Scope};

/// A register's tree as its newest checkpoint has it.
struct Grown {
    checkpoint: String,
    leaves: Vec<register::Hash>,
}

impl App {
    /// The newest signed checkpoint of the register. A register in which nothing was ever written has one of no entries,
    /// signed now.
    pub async fn checkpoint(&self, scope: &Scope, now: Timestamp) -> Result<String, Error> {
        require(scope, Permission::ReadRegister)?;
        let empty = || self.signer.sign(scope.organisation(), &register::Frontier::default(), now);
        Ok(self.store.checkpoint(scope).await?.unwrap_or_else(empty))
    }

    /// The proof that an entry stands in the register, as a file for `verify --proof`; `NotFound` when there is none of
    /// that number.
    pub async fn prove_entry(&self, scope: &Scope, index: u64, now: Timestamp) -> Result<String, Error> {
        let grown = self.grown(scope, now).await?;
        let found = self.store.entries_from(scope, index, 1).await?;
        let found = found.first().filter(|entry| entry.index == index && index < grown.leaves.len() as u64);
        let entry = found.ok_or(Error::NotFound)?.leaf(scope.id())?;
        register::inclusion_file(&entry, &grown.leaves, &grown.checkpoint).ok_or(Error::NotFound)
    }

    /// The proof that the register continues the one of its first `size` entries, as a file for `verify --proof`;
    /// `NotFound` when it never had so many.
    pub async fn prove_growth(&self, scope: &Scope, size: u64, now: Timestamp) -> Result<String, Error> {
        let grown = self.grown(scope, now).await?;
        register::consistency_file(size, &grown.leaves, &grown.checkpoint).ok_or(Error::NotFound)
    }

    /// The public key with which the organisation's provider countersigns, in the form that `verify --provider-key` takes.
    #[must_use]
    pub fn provider_key(&self, scope: &Scope) -> Option<String> {
        let provider = scope.organisation().provider?;
        Some(self.signer.provider_key(provider)?.verifier().witness_text())
    }

    async fn grown(&self, scope: &Scope, now: Timestamp) -> Result<Grown, Error> {
        // The checkpoint first: what is written while this goes on stands behind it.
        let checkpoint = self.checkpoint(scope, now).await?;
        let leaves = self.leaves_under(scope, &checkpoint).await?;
        Ok(Grown { checkpoint, leaves })
    }

    /// The hashes of the leaves under a checkpoint of this register, which give its root.
    pub(crate) async fn leaves_under(&self, scope: &Scope, checkpoint: &str) -> Result<Vec<register::Hash>, Error> {
        let verifier = self.signer.key(scope.id()).verifier();
        let checkpoint = register::Checkpoint::open(checkpoint, &verifier).map_err(Error::internal)?;
        let leaves = self.store.leaf_hashes(scope, checkpoint.size).await?;
        if register::root(&leaves) != checkpoint.root {
            return Err(Error::internal("the journal is not what its checkpoint says"));
        }
        Ok(leaves)
    }
}
