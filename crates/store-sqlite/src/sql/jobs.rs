//! Statements on the work that comes back.

super::statements! {
    /// Clocks of servers may differ by as much as a claim lasts; what is further ahead was written before one was set back.
    CLAIM = "
        INSERT INTO jobs (name, holder, held_until, due_at) VALUES ($1, $2, $4, $3)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
        WHERE (jobs.due_at <= $3 OR jobs.due_at > $5 + $4 - $3)
        AND (jobs.held_until <= $3 OR jobs.held_until > $4 + $4 - $3)";

    HOLD = "UPDATE jobs SET held_until = $3 WHERE name = $1 AND holder = $2";

    FAILED = "UPDATE jobs SET due_at = $4, held_until = $3 WHERE name = $1 AND holder = $2";

    DONE = "UPDATE jobs SET done_at = $3, due_at = $4, held_until = $3 WHERE name = $1 AND holder = $2";

    LAST_DONE = "SELECT done_at FROM jobs WHERE name = $1";
}
