//! Statements on terms, on what they end, and on what was erased.

use super::incidents::line_columns;

/// $2–$4 until when one of each kind was closed at the latest, $5 until when it was changed.
macro_rules! ending {
    () => {
        "(SELECT 'notified' AS of_kind, CAST($2 AS BIGINT) AS closed_by
            UNION ALL SELECT 'not_notified', CAST($3 AS BIGINT)
            UNION ALL SELECT 'no_breach', CAST($4 AS BIGINT)) AS ending
        CROSS JOIN incidents WHERE organisation = $1 AND retention = of_kind
            AND closed_at IS NOT NULL AND closed_at <= closed_by AND changed_at <= $5
            AND erased_at IS NULL AND held_at IS NULL"
    };
}

super::statements! {
    CHANGES = "SELECT * FROM retention_terms WHERE organisation = $1 ORDER BY set_at DESC, kind";

    NEWEST_TERM = "SELECT MAX(set_at) FROM retention_terms WHERE organisation = $1";

    SET = "
        INSERT INTO retention_terms (organisation, kind, set_at, years, years_before, set_by, reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";

    ENDED = concat!(
        "SELECT ", line_columns!(), " FROM incidents
        WHERE organisation = $1 AND retention = $2 AND closed_at IS NOT NULL AND closed_at <= $3
            AND erased_at IS NULL AND held_at IS NULL AND changed_at <= $4 AND (closed_at, number) > ($5, $6)
        ORDER BY closed_at, number LIMIT $7"
    );

    /// How far a closing lies before the moment of its kind is how near its end is.
    ENDING = concat!(
        "SELECT ", line_columns!(), " FROM ", ending!(), " ORDER BY closed_at - closed_by, number LIMIT $6 OFFSET $7"
    );

    COUNT_ENDING = concat!("SELECT COUNT(*) FROM ", ending!());

    HELD = concat!(
        "SELECT ", line_columns!(), " FROM incidents
        WHERE organisation = $1 AND held_at IS NOT NULL AND erased_at IS NULL
        ORDER BY held_at, number LIMIT $2 OFFSET $3"
    );

    COUNT_HELD = "SELECT COUNT(*) FROM incidents WHERE organisation = $1 AND held_at IS NOT NULL AND erased_at IS NULL";

    WITH_FILES_LEFT = "
        SELECT DISTINCT file_uses.incident, number FROM file_uses
        JOIN incidents ON incidents.organisation = file_uses.organisation AND incidents.id = file_uses.incident
        WHERE file_uses.organisation = $1 AND erased_at IS NOT NULL LIMIT $2";

    /// An incident that was erased has said so in an entry. Its entries are looked up by their places, as a history's are.
    ERASURES = "
        SELECT erasures.organisation, incident, erasures.idx, commitment, erased_at,
            EXISTS (
                SELECT 1 FROM journal AS last
                WHERE last.organisation = journal.organisation AND last.kind = 'incident.erased'
                    AND last.idx IN (
                        SELECT own.idx FROM journal AS own
                        WHERE own.incident = journal.incident AND own.organisation = journal.organisation)) AS is_whole
        FROM erasures
        JOIN journal ON journal.organisation = erasures.organisation AND journal.idx = erasures.idx
        WHERE erased_at >= $1
        ORDER BY erased_at, erasures.organisation, erasures.idx LIMIT $2";

    IS_UNDONE = "
        SELECT COUNT(*) FROM journal
        JOIN journal_bodies
            ON journal_bodies.organisation = journal.organisation AND journal_bodies.idx = journal.idx
        WHERE journal.organisation = $1 AND journal.idx = $2 AND incident = $3 AND commitment = $4";

    FORGET_DETECTIONS = "DELETE FROM detections WHERE organisation = $1 AND incident = $2";

    /// What sensors reported of it.
    FORGET_SEEN = "DELETE FROM sensor_detections WHERE organisation = $1 AND incident = $2";

    FORGET_ONE = "DELETE FROM detections WHERE organisation = $1 AND incident = $2 AND id = $3";

    /// So that it is not kept when its sensor tells of it again.
    FORGOTTEN_ONE = "
        INSERT INTO sensor_forgotten (organisation, sensor, id)
        SELECT organisation, sensor, id FROM sensor_detections WHERE organisation = $1 AND incident = $2 AND id = $3
        ON CONFLICT (organisation, sensor, id) DO NOTHING";

    FORGET_ONE_SEEN = "DELETE FROM sensor_detections WHERE organisation = $1 AND incident = $2 AND id = $3";

    FORGET_SEEN_CASES = "DELETE FROM sensor_cases WHERE organisation = $1 AND incident = $2";

    /// What waits goes: nobody is told of what is gone.
    FORGET_WAITING_LETTERS = "
        DELETE FROM outbox
        WHERE organisation = $1 AND incident = $2 AND sent_at IS NULL AND given_up_at IS NULL";

    /// That something was handed over, when and whether it left stays; to whom and about what goes.
    FORGET_LETTERS = "
        UPDATE outbox SET recipient = '', data = '{}', last_error = ''
        WHERE organisation = $1 AND incident = $2";

    RECORD_REQUEST = "
        INSERT INTO person_requests
            (organisation, id, asked_at, kind, reference, handled_by, incidents_searched, places_found)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    REQUESTS = "SELECT * FROM person_requests WHERE organisation = $1 ORDER BY asked_at DESC, id DESC LIMIT $2";
}
