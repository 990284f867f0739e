//! Statements on invitations.

super::statements! {
    INSERT_INVITATION = "
        INSERT INTO invitations (token_sha256, organisation, provider, roles, name, email, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";

    INVITATION = "
        SELECT token_sha256, organisation, provider, roles, name, email, expires_at FROM invitations
        WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > $2";

    USE_INVITATION = "
        UPDATE invitations SET used_at = $2
        WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > $2";

    IS_INVITATION_USED = "SELECT used_at IS NOT NULL FROM invitations WHERE token_sha256 = $1";
}
