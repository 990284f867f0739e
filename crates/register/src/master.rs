//! The master key: the one secret from which every register's own key and every provider's is derived.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::hex;
use crate::note::SigningKey;

/// Thirty-two secret bytes; a backup of them is a backup of all keys. What is derived from them never changes.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// The key of these bytes, which come from a generator of secrets.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key that signs an organisation's register.
    #[must_use]
    pub fn of_register(&self, organisation: Uuid) -> SigningKey {
        SigningKey::of_register(organisation, &self.seed(b"dijkwacht/register-key/v1\n", organisation.as_bytes()))
    }

    /// The key with which a provider countersigns.
    #[must_use]
    pub fn of_provider(&self, provider: Uuid) -> SigningKey {
        SigningKey::of_provider(provider, &self.seed(b"dijkwacht/provider-key/v1\n", provider.as_bytes()))
    }

    /// Tells one master key from another and says nothing else of it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::encode(&self.seed(b"dijkwacht/master-key/v1\n", b""))
    }

    fn seed(&self, purpose: &[u8], of: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update(self.0).chain_update(of).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_register_and_provider_has_a_key_of_its_own() {
        let (key, id) = (MasterKey::new([7; 32]), Uuid::from_u128(1));
        let text = |key: SigningKey| key.verifier().to_string();
        assert_eq!(text(key.of_register(id)), text(MasterKey::new([7; 32]).of_register(id)));
        let others =
            [key.of_register(Uuid::from_u128(2)), MasterKey::new([8; 32]).of_register(id), key.of_provider(id)];
        for other in others {
            assert_ne!(text(key.of_register(id)), text(other));
        }
        assert_ne!(key.fingerprint(), MasterKey::new([8; 32]).fingerprint());
    }
}
