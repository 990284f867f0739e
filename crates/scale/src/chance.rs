//! Chance that is the same each run, and the ports that a filled store has no use for.

use std::sync::atomic::{AtomicU64, Ordering};

use app::{Chance, Error, Press, Signer};
use facts::{OrganisationId, ProviderId};
use register::{MasterKey, SigningKey};
use sha2::{Digest, Sha256};

/// Chance that counts from a seed.
pub(crate) struct Seeded {
    seed: u64,
    count: AtomicU64,
}

impl Seeded {
    #[must_use]
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, count: AtomicU64::new(0) }
    }
}

impl Chance for Seeded {
    fn bytes(&self) -> Result<[u8; 32], Error> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        Ok(Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(count.to_be_bytes()).finalize().into())
    }
}

/// Signs as the program does with this master key.
pub(crate) struct Keys(pub(crate) MasterKey);

impl Signer for Keys {
    fn key(&self, organisation: OrganisationId) -> SigningKey {
        self.0.of_register(organisation.0)
    }

    fn provider_key(&self, provider: ProviderId) -> Option<SigningKey> {
        Some(self.0.of_provider(provider.0))
    }
}

/// Prints nothing: no document is made here.
pub(crate) struct NoPress;

impl Press for NoPress {
    fn print(&self, _: &documents::Document, _: &jiff::Zoned) -> Result<Vec<u8>, Error> {
        Err(Error::internal("no document is printed here"))
    }
}
