//! Statements on the work that comes back.

super::statements! {
    CLAIM = "
        INSERT INTO jobs (name, holder, held_until, due_at) VALUES ($1, $2, $4, $3)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
        WHERE (jobs.due_at <= $3 OR jobs.due_at > $5) AND (jobs.held_until <= $3 OR jobs.held_until > $4)";

    DONE = "UPDATE jobs SET done_at = $3, due_at = $4, held_until = $3 WHERE name = $1 AND holder = $2";

    LAST_DONE = "SELECT done_at FROM jobs WHERE name = $1";
}
