//! Statements on what people choose about sensors.

super::statements! {
    LEARN = "
        UPDATE sensors SET learns_from = $3, learns_by = $4
        WHERE organisation = $1 AND id = $2 AND removed_at IS NULL";

    DECIDE_PROPOSAL = "
        INSERT INTO sensor_refusals (organisation, proposal, refused_at, refused_by, is_taken) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (organisation, proposal) DO NOTHING";

    DECIDED_PROPOSALS = "SELECT proposal FROM sensor_refusals WHERE organisation = $1 ORDER BY proposal";

    FORGET_REFUSALS = "DELETE FROM sensor_refusals WHERE organisation = $1 AND refused_at < $2";

    CHOICES = "SELECT list, chosen_at, chosen_by FROM list_choices WHERE organisation = $1 ORDER BY list";

    CHOOSE = "
        INSERT INTO list_choices (organisation, list, chosen_at, chosen_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (organisation, list) DO NOTHING";

    DROP_CHOICE = "DELETE FROM list_choices WHERE organisation = $1 AND list = $2";

    IN_USE = "SELECT DISTINCT list FROM list_choices ORDER BY list";

    COMPARISONS = "
        SELECT decided_at, decided_by, is_on FROM comparisons WHERE organisation = $1 ORDER BY decided_at DESC";

    DECIDE = "INSERT INTO comparisons (organisation, decided_at, decided_by, is_on) VALUES ($1, $2, $3, $4)";

    UNSHARE = "DELETE FROM shared_indicators WHERE organisation = $1";

    UNSHARE_ONE = "DELETE FROM shared_indicators WHERE organisation = $1 AND indicator = $2";

    SHARED = "SELECT indicator FROM shared_indicators WHERE organisation = $1";

    SHARE = "
        INSERT INTO shared_indicators (organisation, indicator, since) VALUES ($1, $2, $3)
        ON CONFLICT (organisation, indicator) DO NOTHING";

    UNTOLD = "
        SELECT indicator FROM shared_indicators WHERE organisation = $1 AND since <= $2 AND told_at IS NULL
        ORDER BY since DESC, indicator LIMIT $3";

    TELL_SHARED = "
        UPDATE shared_indicators SET told_at = $3 WHERE organisation = $1 AND indicator = $2 AND told_at IS NULL";

    SHARED_TOLD = "SELECT told_at FROM shared_indicators WHERE organisation = $1 AND indicator = $2";

    /// Of the others that have compared with the same provider since a moment: how many there are, and how many have had it
    /// for as long. Who does not compare now counts for nothing, whatever is still there of it.
    SHARING = "
        SELECT COUNT(*) AS taking_part, COUNT(shared.indicator) AS found
        FROM organisations AS other
        LEFT JOIN shared_indicators AS shared
            ON shared.organisation = other.id AND shared.indicator = $2 AND shared.since <= $3
        WHERE other.provider = (SELECT provider FROM organisations WHERE id = $1) AND other.id <> $1
            AND EXISTS (SELECT 1 FROM comparisons
                WHERE comparisons.organisation = other.id AND comparisons.is_on = TRUE AND comparisons.decided_at <= $3
                AND comparisons.decided_at =
                    (SELECT MAX(decided_at) FROM comparisons AS newest WHERE newest.organisation = other.id))";
}
