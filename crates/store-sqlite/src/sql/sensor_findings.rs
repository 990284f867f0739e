//! Statements on what sensors reported.

use crate::engine::each;

macro_rules! detection_columns {
    () => {
        "seen.sensor, seen.id, seen.kind, seen.severity, seen.host, seen.first_at, seen.last_at, seen.received_at, seen.json,
        COALESCE(seen.first_received_at, seen.received_at) AS first_received_at,
        (SELECT number FROM incidents
            WHERE incidents.organisation = seen.organisation AND incidents.id = seen.incident) AS number"
    };
}

/// When a detection is of: of its traffic, or of its receipt, whichever is later. What is sent on after an outage, or comes
/// of a played capture, is new to whoever looks.
macro_rules! newest {
    () => {
        "CASE WHEN seen.last_at > seen.received_at THEN seen.last_at ELSE seen.received_at END"
    };
}

macro_rules! case_columns {
    () => {
        "seen.sensor, seen.id, seen.severity, seen.is_urgent, seen.changed_at, seen.rule_held_at, seen.json,
        COALESCE(seen.first_received_at, seen.changed_at) AS first_received_at,
        (SELECT number FROM incidents
            WHERE incidents.organisation = seen.organisation AND incidents.id = seen.incident) AS number"
    };
}

super::statements! {
    /// What was said before stands, unless this is of later traffic, or takes the same traffic for graver.
    TAKE_DETECTION = "
        INSERT INTO sensor_detections
            (organisation, sensor, id, kind, severity, host, first_at, last_at, received_at, json, first_received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (organisation, sensor, id) DO UPDATE SET
            severity = excluded.severity, last_at = excluded.last_at, received_at = excluded.received_at,
            json = excluded.json,
            first_received_at = COALESCE(sensor_detections.first_received_at, sensor_detections.received_at)
        WHERE excluded.last_at > sensor_detections.last_at
            OR (excluded.last_at = sensor_detections.last_at AND excluded.severity > sensor_detections.severity)";

    TAKE_CASE = "
        INSERT INTO sensor_cases (organisation, sensor, id, severity, changed_at, json, first_received_at, is_urgent)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (organisation, sensor, id) DO UPDATE SET
            severity = excluded.severity, changed_at = excluded.changed_at, json = excluded.json,
            is_urgent = excluded.is_urgent,
            first_received_at = COALESCE(sensor_cases.first_received_at, sensor_cases.changed_at)
        WHERE excluded.json <> sensor_cases.json";

    /// A sensor that was restarted within the hour counts anew: what was counted first is not made less.
    TAKE_TRAFFIC = "
        INSERT INTO sensor_traffic (organisation, sensor, hour, host, remote, remote_port, remote_domain, host_name,
            bytes_out, bytes_in, connections, other_places)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (organisation, sensor, hour, host, remote, remote_port, remote_domain) DO UPDATE SET
            host_name = excluded.host_name, bytes_out = excluded.bytes_out, bytes_in = excluded.bytes_in,
            connections = excluded.connections, other_places = excluded.other_places
        WHERE excluded.bytes_out + excluded.bytes_in > sensor_traffic.bytes_out + sensor_traffic.bytes_in";

    NEWEST_DETECTIONS = concat!(
        "SELECT ", detection_columns!(), " FROM sensor_detections AS seen
        WHERE seen.organisation = $1 AND (seen.last_at >= $2 OR seen.received_at >= $2)
        ORDER BY ", newest!(), " DESC, seen.id LIMIT $3 OFFSET $4"
    );

    DETECTIONS_OF_ONE = concat!(
        "SELECT ", detection_columns!(), " FROM sensor_detections AS seen
        WHERE seen.organisation = $1 AND (seen.last_at >= $2 OR seen.received_at >= $2) AND seen.sensor = $5
        ORDER BY ", newest!(), " DESC, seen.id LIMIT $3 OFFSET $4"
    );

    /// $1 is a JSON list: of each the organisation's id, the sensor's and its own, one behind the other. Each is looked up, and
    /// not all of a sensor's read to join them.
    DETECTIONS_BY_ID = concat!(
        "SELECT ", detection_columns!(), " FROM ", each!("$1"), "
            CROSS JOIN sensor_detections AS seen
        WHERE seen.organisation = substr(each.value, 1, 36) AND seen.sensor = substr(each.value, 37, 36)
            AND seen.id = substr(each.value, 73)"
    );

    DETECTIONS_IN = concat!(
        "SELECT ", detection_columns!(), " FROM sensor_detections AS seen
        WHERE seen.organisation = $1 AND seen.incident = $2"
    );

    /// What needs attention now, and is in no incident: the gravest first, which nothing milder pushes aside. The plus keeps to
    /// the index of just these, and off that of severities, which has milder ones too.
    WAITING_CASES = concat!(
        "SELECT ", case_columns!(), " FROM sensor_cases AS seen
        WHERE seen.organisation = $1 AND seen.is_urgent = TRUE AND seen.incident IS NULL AND seen.changed_at >= $2
        ORDER BY +seen.severity DESC, seen.changed_at DESC, seen.id LIMIT $3 OFFSET $4"
    );

    COUNT_WAITING = "
        SELECT COUNT(*) FROM sensor_cases
        WHERE organisation = $1 AND is_urgent = TRUE AND incident IS NULL AND changed_at >= $2";

    OTHER_CASES = concat!(
        "SELECT ", case_columns!(), " FROM sensor_cases AS seen
        WHERE seen.organisation = $1 AND seen.changed_at >= $2 AND (seen.is_urgent = FALSE OR seen.incident IS NOT NULL)
        ORDER BY seen.changed_at DESC, seen.id LIMIT $3 OFFSET $4"
    );

    /// $1 organisations as a JSON list.
    HAVING_URGENT_CASES = concat!(
        "SELECT each.value FROM ", each!("$1"), "
        WHERE EXISTS (SELECT 1 FROM sensor_cases AS seen
            WHERE seen.organisation = each.value AND seen.is_urgent = TRUE AND seen.incident IS NULL)"
    );

    /// $1 organisations as a JSON list. Which are the gravest of each, and of those the newest, is told before any is read whole.
    URGENT_CASES = concat!(
        "SELECT seen.organisation, ", case_columns!(), " FROM (
            SELECT waiting.organisation, waiting.sensor, waiting.id, ROW_NUMBER() OVER (
                PARTITION BY waiting.organisation
                ORDER BY waiting.severity DESC, waiting.changed_at DESC, waiting.id) AS place
            FROM ", each!("$1"), " CROSS JOIN sensor_cases AS waiting
            WHERE waiting.organisation = each.value AND waiting.is_urgent = TRUE AND waiting.incident IS NULL) AS gravest
            CROSS JOIN sensor_cases AS seen
        WHERE gravest.place <= $2 AND seen.organisation = gravest.organisation AND seen.sensor = gravest.sensor
            AND seen.id = gravest.id"
    );

    CASE = concat!(
        "SELECT ", case_columns!(), " FROM sensor_cases AS seen
        WHERE seen.organisation = $1 AND seen.sensor = $2 AND seen.id = $3"
    );

    /// $3 is a JSON list.
    CASES_BY_ID = concat!(
        "SELECT ", case_columns!(), " FROM ", each!("$3"), "
            CROSS JOIN sensor_cases AS seen
        WHERE seen.organisation = $1 AND seen.sensor = $2 AND seen.id = each.value"
    );

    PUT_DETECTION = "
        UPDATE sensor_detections SET incident = $4 WHERE organisation = $1 AND sensor = $2 AND id = $3 AND incident IS NULL";

    PUT_CASE = "
        UPDATE sensor_cases SET incident = $4 WHERE organisation = $1 AND sensor = $2 AND id = $3 AND incident IS NULL";

    /// Takes one of the openings that the rule has, where one is left within either time; one that was taken stays so.
    RULE_OPENS = "
        UPDATE sensor_cases SET rule_opened_at = COALESCE(rule_opened_at, $4), rule_held_at = NULL
        WHERE organisation = $1 AND sensor = $2 AND id = $3 AND (rule_opened_at IS NOT NULL OR (
            (SELECT COUNT(*) FROM sensor_cases AS lately WHERE lately.organisation = $1 AND lately.sensor = $2
                AND lately.rule_opened_at > $5) < $6
            AND (SELECT COUNT(*) FROM sensor_cases AS earlier WHERE earlier.organisation = $1 AND earlier.sensor = $2
                AND earlier.rule_opened_at > $7) < $8))";

    RULE_HOLDS = "
        UPDATE sensor_cases SET rule_held_at = COALESCE(rule_held_at, $4)
        WHERE organisation = $1 AND sensor = $2 AND id = $3";

    WITHHOLD = "
        INSERT INTO sensor_withheld (organisation, sensor, id, received_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (organisation, sensor, id) DO UPDATE SET received_at = excluded.received_at";

    WITHHELD = concat!(
        "SELECT id FROM sensor_withheld
        WHERE organisation = $1 AND sensor = $2 AND id IN (SELECT each.value FROM ", each!("$3"), ")"
    );

    /// What is kept now.
    WITHHELD_NO_MORE = concat!(
        "DELETE FROM sensor_withheld
        WHERE organisation = $1 AND sensor = $2 AND id IN (SELECT each.value FROM ", each!("$3"), ")"
    );

    FORGOTTEN = concat!(
        "SELECT id FROM sensor_forgotten
        WHERE organisation = $1 AND sensor = $2 AND id IN (SELECT each.value FROM ", each!("$3"), ")"
    );

    TRAFFIC = "
        SELECT * FROM sensor_traffic WHERE organisation = $1 AND sensor = $2 AND hour >= $3 AND hour < $4
        ORDER BY hour, bytes_out DESC, host, remote, remote_port, remote_domain";

    FORGET_DETECTIONS = "
        DELETE FROM sensor_detections WHERE organisation = $1 AND received_at < $2 AND incident IS NULL";

    FORGET_CASES = "DELETE FROM sensor_cases WHERE organisation = $1 AND changed_at < $2 AND incident IS NULL";

    FORGET_WITHHELD = "DELETE FROM sensor_withheld WHERE organisation = $1 AND received_at < $2";

    FORGET_TRAFFIC = "DELETE FROM sensor_traffic WHERE organisation = $1 AND hour < $2";
}
