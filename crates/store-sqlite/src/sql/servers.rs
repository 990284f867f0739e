//! Statements on what servers agree on.

super::statements! {
    KEY = "SELECT fingerprint FROM master_key";

    SET_KEY = "INSERT INTO master_key (one, fingerprint) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
}
