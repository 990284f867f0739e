//! Statements on web sessions.

super::statements! {
    SAVE_SESSION = "
        INSERT INTO sessions (id_sha256, data, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (id_sha256) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at";

    SESSION = "SELECT data FROM sessions WHERE id_sha256 = $1 AND expires_at > $2";

    DELETE_SESSION = "DELETE FROM sessions WHERE id_sha256 = $1";

    DELETE_EXPIRED_SESSIONS = "DELETE FROM sessions WHERE expires_at <= $1";
}
