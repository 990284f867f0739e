//! Statements on sensors, and on what people settled about them.

use crate::engine::each;

super::statements! {
    ADD_TOKEN = "
        INSERT INTO sensor_tokens (token_sha256, organisation, name, made_by, made_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";

    TOKEN = "SELECT * FROM sensor_tokens WHERE token_sha256 = $1";

    USE_TOKEN = "UPDATE sensor_tokens SET used_at = $2 WHERE token_sha256 = $1 AND used_at IS NULL";

    /// With which a sensor can enrol still.
    OPEN_TOKENS = "
        SELECT * FROM sensor_tokens WHERE organisation = $1 AND used_at IS NULL AND expires_at > $2
        ORDER BY made_at DESC, token_sha256";

    /// One with which a sensor enrolled is what that sensor came by, and stays.
    WITHDRAW_TOKEN = "DELETE FROM sensor_tokens WHERE organisation = $1 AND token_sha256 = $2 AND used_at IS NULL";

    /// Those that nobody asks about any more, once a token is made.
    FORGET_TOKENS = "DELETE FROM sensor_tokens WHERE organisation = $1 AND expires_at < $2";

    ENROL = "
        INSERT INTO sensors (organisation, id, name, secret_sha256, version, enrolled_at, enrolled_by, heard_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $6)";

    BY_SECRET = "SELECT * FROM sensors WHERE secret_sha256 = $1 AND removed_at IS NULL";

    SENSORS = "
        SELECT * FROM sensors WHERE organisation = $1
        ORDER BY CASE WHEN removed_at IS NULL THEN 0 ELSE 1 END, name, id";

    RENAME = "UPDATE sensors SET name = $3 WHERE organisation = $1 AND id = $2 AND removed_at IS NULL";

    REMOVE = "
        UPDATE sensors SET removed_at = $3, secret_sha256 = NULL
        WHERE organisation = $1 AND id = $2 AND removed_at IS NULL";

    SILENT = "
        SELECT * FROM sensors WHERE heard_at < $1 AND removed_at IS NULL AND is_silence_told = FALSE ORDER BY heard_at, id";

    SILENCE_TOLD = "
        UPDATE sensors SET is_silence_told = TRUE WHERE organisation = $1 AND id = $2 AND heard_at = $3";

    ORGANISATIONS = "SELECT DISTINCT organisation FROM sensors ORDER BY organisation";

    HEARD = "
        UPDATE sensors SET heard_at = $3, is_silence_told = FALSE
        WHERE organisation = $1 AND id = $2 AND removed_at IS NULL";

    /// One that lies ahead was said before the sensor's clock was set back: what comes after it counts.
    STATE = "
        UPDATE sensors SET state = $4, state_at = $3, version = $5, progress = $7
        WHERE organisation = $1 AND id = $2 AND (state_at < $3 OR state_at > $6)";

    CLOCK_OFF = "
        UPDATE sensors SET clock_said_at = $3, clock_off_at = $4
        WHERE organisation = $1 AND id = $2 AND removed_at IS NULL";

    CLOCK_RIGHT = "
        UPDATE sensors SET clock_said_at = NULL, clock_off_at = NULL
        WHERE organisation = $1 AND id = $2 AND clock_said_at IS NOT NULL";

    ADD_EXCEPTION = "INSERT INTO sensor_exceptions (organisation, id, made_at, json) VALUES ($1, $2, $3, $4)";

    COUNT_EXCEPTIONS = "SELECT COUNT(*) FROM sensor_exceptions WHERE organisation = $1";

    EXCEPTIONS = "SELECT * FROM sensor_exceptions WHERE organisation = $1 ORDER BY made_at DESC, id DESC";

    /// $1 organisations as a JSON list.
    EXCEPTIONS_OF_EACH = concat!(
        "SELECT made.* FROM ", each!("$1"), " CROSS JOIN sensor_exceptions AS made
        WHERE made.organisation = each.value ORDER BY made.made_at DESC, made.id DESC"
    );

    TAKE_BACK_EXCEPTION = "
        UPDATE sensor_exceptions SET taken_back_at = $3, taken_back_by = $4
        WHERE organisation = $1 AND id = $2 AND taken_back_at IS NULL";

    SETTINGS = "SELECT * FROM sensor_settings WHERE organisation = $1 ORDER BY set_at DESC";

    NEWEST_SETTING = "SELECT MAX(set_at) FROM sensor_settings WHERE organisation = $1";

    SET_SETTINGS = "
        INSERT INTO sensor_settings
            (organisation, set_at, set_by, opens, silent_minutes, detection_days, traffic_days, metadata_days)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    NOTICES = "SELECT * FROM staff_notices WHERE organisation = $1 ORDER BY recorded_at DESC";

    RECORD_NOTICE = "
        INSERT INTO staff_notices (organisation, recorded_at, recorded_by, informed_on, how) VALUES ($1, $2, $3, $4, $5)";
}
