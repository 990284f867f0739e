//! Statements on the projection of incidents, and on the detections they rest on.

/// The columns of a line.
macro_rules! line_columns {
    () => {
        "id, number, title, opened_at, urgency, phase, clock_start, is_provisional, waits_for, notify_authority, \
         inform_subjects, is_notify_decided, authority_notified_at, told_there, number_there, closed_at, entries, retention, \
         changed_at, held_at, erased_at"
    };
}
pub(crate) use line_columns;

super::statements! {
    SAVE_INCIDENT = "
        INSERT INTO incidents
            (organisation, id, number, title, opened_at, urgency, phase, clock_start, is_provisional,
             waits_for, notify_authority, inform_subjects, is_notify_decided, authority_notified_at, closed_at, entries,
             register_row, words, edition, pressing, told_there, number_there)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        ON CONFLICT (organisation, id) DO UPDATE SET
            number = excluded.number,
            title = excluded.title,
            opened_at = excluded.opened_at,
            urgency = excluded.urgency,
            phase = excluded.phase,
            clock_start = excluded.clock_start,
            is_provisional = excluded.is_provisional,
            waits_for = excluded.waits_for,
            notify_authority = excluded.notify_authority,
            inform_subjects = excluded.inform_subjects,
            is_notify_decided = excluded.is_notify_decided,
            authority_notified_at = excluded.authority_notified_at,
            closed_at = excluded.closed_at,
            entries = excluded.entries,
            register_row = excluded.register_row,
            words = excluded.words,
            edition = excluded.edition,
            pressing = excluded.pressing,
            told_there = excluded.told_there,
            number_there = excluded.number_there";

    SAVE_KEEPING = "
        UPDATE incidents SET retention = $3, changed_at = $4, held_at = $5, erased_at = $6
        WHERE organisation = $1 AND id = $2";

    INCIDENTS = concat!(
        "SELECT ", line_columns!(), " FROM incidents WHERE organisation = $1 ORDER BY opened_at DESC, number DESC"
    );

    INCIDENT_BY_NUMBER = concat!(
        "SELECT ", line_columns!(), " FROM incidents WHERE organisation = $1 AND number = $2"
    );

    NEXT_NUMBER = "SELECT COALESCE(MAX(number), 0) + 1 FROM incidents WHERE organisation = $1";

    INSERT_DETECTION = "
        INSERT INTO detections (organisation, incident, id, sha256, json) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (organisation, incident, id) DO NOTHING";

    DETECTIONS = "
        SELECT id, sha256, json FROM detections WHERE organisation = $1 AND incident = $2
        ORDER BY id";

    INCIDENTS_ON = "
        SELECT incident, sha256, json FROM detections WHERE organisation = $1 AND id = $2
        ORDER BY incident";
}
