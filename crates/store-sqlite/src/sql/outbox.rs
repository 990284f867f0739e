//! Statements on the outbox.

super::statements! {
    QUEUE = "
        INSERT INTO outbox (id, organisation, key, kind, incident, recipient, data, tree_size, created_at, due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT COALESCE(MAX(size), 0) FROM heads WHERE organisation = $2), $8, $8)
        ON CONFLICT (organisation, key) DO NOTHING";

    /// The lease is the due time itself: until then nobody else is given it, and after it anybody is.
    TAKE = "
        UPDATE outbox SET due_at = $2, attempts = attempts + 1
        WHERE id = $3 AND (due_at <= $1 OR due_at > $1 + 259200000000) AND sent_at IS NULL AND given_up_at IS NULL
        RETURNING *";

    /// Nothing is made to wait for three days: what is due later than that was planned by a clock that was set back since.
    DUE = "
        SELECT id FROM outbox WHERE (due_at <= $1 OR due_at > $1 + 259200000000)
        AND sent_at IS NULL AND given_up_at IS NULL
        ORDER BY due_at, id LIMIT $2";

    SENT = "UPDATE outbox SET sent_at = $2, last_error = '' WHERE id = $1 AND sent_at IS NULL";

    FAILED = "
        UPDATE outbox SET last_error = $2, due_at = COALESCE($3, due_at), given_up_at = $4
        WHERE id = $1 AND sent_at IS NULL";

    LETTERS = "
        SELECT * FROM outbox WHERE organisation = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3";

    LETTERS_OF_KEY = "
        SELECT * FROM outbox WHERE organisation = $1 AND key >= $2 AND key < $3 ORDER BY created_at, id";

    COUNT_LETTERS = "
        SELECT COUNT(*) FROM outbox WHERE organisation = $1 AND created_at > $2 AND kind = $3 AND recipient = $4";

    DUE_ALARMS = "SELECT organisation, incident, due_at FROM alarms WHERE due_at <= $1 ORDER BY due_at LIMIT $2";

    PLAN_ALARM = "UPDATE alarms SET due_at = $4 WHERE organisation = $1 AND incident = $2 AND due_at = $3";

    DROP_ALARM = "DELETE FROM alarms WHERE organisation = $1 AND incident = $2 AND due_at = $3";

    ALARM_NOW = "
        INSERT INTO alarms (organisation, incident, due_at) VALUES ($1, $2, $3)
        ON CONFLICT (organisation, incident) DO UPDATE SET due_at = excluded.due_at";

    NO_ALARM = "DELETE FROM alarms WHERE organisation = $1 AND incident = $2";

    SEND_AGAIN = "
        UPDATE outbox SET given_up_at = NULL, due_at = $3
        WHERE id = $1 AND organisation = $2 AND sent_at IS NULL AND recipient <> ''";
}
