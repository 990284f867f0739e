//! What is handed out of a register beside the export: its newest checkpoint, and proofs of single entries and of growth.

use jiff::Timestamp;

use incident::Permission;

use crate::handle::require;
use crate::{App, Error, Scope};

/// A register's tree as its newest checkpoint has it.
struct Grown {
    checkpoint: String,
    entries: Vec<register::Entry>,
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
        let entry = usize::try_from(index).ok().and_then(|at| grown.entries.get(at)).ok_or(Error::NotFound)?;
        register::inclusion_file(entry, &grown.leaves, &grown.checkpoint).ok_or(Error::NotFound)
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
        let verifier = self.signer.key(scope.id()).verifier();
        let covered = register::Checkpoint::open(&checkpoint, &verifier).map_err(Error::internal)?.size;
        let stored = self.store.entries(scope).await?;
        let entries = stored.into_iter().filter(|entry| entry.index < covered).map(|entry| {
            register::Entry::new(scope.id().0, entry.index, entry.recorded_at, &entry.kind, entry.commitment)
        });
        let entries = entries.collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
        let leaves = entries.iter().map(register::Entry::leaf_hash).collect();
        Ok(Grown { checkpoint, entries, leaves })
    }
}
