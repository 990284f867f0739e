//! What is handed out of a register beside the export: its newest checkpoint, and proofs of single entries and of growth.

use jiff::Timestamp;

use incident::Permission;

use register::ExportError;

use crate::handle::require;
use crate::journal::{MISSING, UNSIGNED, is_damaged};
use crate::on_record::Astray;
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
    pub(crate) async fn leaves_under(&self, scope: &Scope, note: &str) -> Result<Vec<register::Hash>, Error> {
        let verifier = self.signer.key(scope.id()).verifier();
        let checkpoint = register::Checkpoint::open(note, &verifier);
        let checkpoint = checkpoint.map_err(|error| is_not_signed(scope, error.into()))?;
        self.ends_at(scope, note, checkpoint.size).await?;
        let leaves = self.store.leaf_hashes(scope, checkpoint.size).await?;
        if leaves.len() as u64 != checkpoint.size {
            let Astray { missing, end, .. } = self.astray(scope).await?;
            return Err(is_damaged(scope.id(), missing.unwrap_or(end), MISSING));
        }
        if register::root(&leaves) != checkpoint.root {
            return Err(is_not_signed(scope, ExportError::Root));
        }
        Ok(leaves)
    }

    /// That no entry stands behind the newest checkpoint: one is written with every entry, and without it an older register
    /// would pass for the whole.
    pub(crate) async fn ends_at(&self, scope: &Scope, newest: &str, covered: u64) -> Result<(), Error> {
        if self.store.entries_from(scope, covered, 1).await?.is_empty() {
            return Ok(());
        }
        // What was written since that checkpoint was read has brought its own.
        let has_newer = self.store.checkpoint(scope).await?.is_some_and(|checkpoint| checkpoint != newest);
        if has_newer { Ok(()) } else { Err(is_damaged(scope.id(), covered, UNSIGNED)) }
    }
}

/// Why nothing of a register is handed out that is not the one that was signed: it is damaged, and no fault of the program.
pub(crate) fn is_not_signed(scope: &Scope, error: ExportError) -> Error {
    match error {
        ExportError::Checkpoint(_)
        | ExportError::OtherRegister(_)
        | ExportError::Size { .. }
        | ExportError::Place(_)
        | ExportError::Body(_)
        | ExportError::Root => is_damaged(scope.id(), None, error.to_string()),
        other => Error::internal(other),
    }
}
