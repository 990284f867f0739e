//! Statements on which incident uses which file.

super::statements! {
    USE = "
        INSERT INTO file_uses (organisation, sha256, incident) VALUES ($1, $2, $3)
        ON CONFLICT (organisation, sha256, incident) DO NOTHING";

    RELEASE = "DELETE FROM file_uses WHERE organisation = $1 AND sha256 = $2 AND incident = $3";

    COUNT_USES = "SELECT COUNT(*) FROM file_uses WHERE organisation = $1 AND sha256 = $2";

    USED = "SELECT DISTINCT sha256 FROM file_uses WHERE organisation = $1 ORDER BY sha256";

    USERS = "
        SELECT number FROM file_uses
        JOIN incidents ON incidents.organisation = file_uses.organisation AND incidents.id = file_uses.incident
        WHERE file_uses.organisation = $1 AND sha256 = $2";

    FILES_OF = "SELECT sha256 FROM file_uses WHERE organisation = $1 AND incident = $2 ORDER BY sha256";
}
