//! Statements on time stamps.

super::statements! {
    /// In the order of the heads: in that of the checkpoints, every one that ever was is gone past.
    UNSTAMPED = "
        SELECT checkpoints.organisation, checkpoints.size, note, newest.recorded_at FROM heads
        JOIN checkpoints ON checkpoints.organisation = heads.organisation AND checkpoints.size = heads.size
        LEFT JOIN stamps ON stamps.organisation = heads.organisation AND stamps.size = heads.size
        LEFT JOIN journal AS newest ON newest.organisation = heads.organisation AND newest.idx = heads.size - 1
        WHERE stamps.organisation IS NULL
        ORDER BY heads.organisation LIMIT $1";

    KEEP = "
        INSERT INTO stamps (organisation, size, answer, stamped_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (organisation, size) DO NOTHING";

    NEWEST = "
        SELECT note, answer FROM stamps
        JOIN checkpoints ON checkpoints.organisation = stamps.organisation AND checkpoints.size = stamps.size
        WHERE stamps.organisation = $1 AND stamps.size <= $2
        ORDER BY stamps.size DESC LIMIT 1";
}
