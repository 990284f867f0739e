-- Sensors: who may report, what they reported, and what people settled about it.

CREATE TABLE sensors (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- SHA-256 of its secret; absent once it was removed.
    secret_sha256 TEXT UNIQUE,
    version TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    enrolled_by TEXT NOT NULL,
    -- When a report last came in, by the server's clock.
    heard_at BIGINT NOT NULL,
    -- Somebody was told that it is silent, since it was last heard.
    is_silence_told BOOLEAN NOT NULL DEFAULT FALSE,
    -- Its last state line and that line's own moment; empty and 0 until there was one.
    state TEXT NOT NULL DEFAULT '',
    state_at BIGINT NOT NULL DEFAULT 0,
    removed_at BIGINT,
    PRIMARY KEY (organisation, id)
);

CREATE INDEX sensors_by_heard ON sensors (heard_at) WHERE removed_at IS NULL AND is_silence_told = FALSE;

-- What a sensor enrols with, once.
CREATE TABLE sensor_tokens (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Detections as sensors said them, with what lists ask.
CREATE TABLE sensor_detections (
    organisation TEXT NOT NULL,
    sensor TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity BIGINT NOT NULL,
    host TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    -- When it last came in, by the server's clock: what its time is counted from.
    received_at BIGINT NOT NULL,
    -- The incident that it is in.
    incident TEXT,
    json TEXT NOT NULL,
    PRIMARY KEY (organisation, sensor, id),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
);

CREATE INDEX sensor_detections_by_last ON sensor_detections (organisation, last_at);

CREATE INDEX sensor_detections_by_received ON sensor_detections (organisation, received_at) WHERE incident IS NULL;

CREATE INDEX sensor_detections_by_incident ON sensor_detections (incident, organisation) WHERE incident IS NOT NULL;

CREATE TABLE sensor_cases (
    organisation TEXT NOT NULL,
    sensor TEXT NOT NULL,
    id TEXT NOT NULL,
    severity BIGINT NOT NULL,
    -- When it last said something else, by the server's clock.
    changed_at BIGINT NOT NULL,
    incident TEXT,
    json TEXT NOT NULL,
    PRIMARY KEY (organisation, sensor, id),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
);

CREATE INDEX sensor_cases_by_change ON sensor_cases (organisation, changed_at);

CREATE INDEX sensor_cases_by_incident ON sensor_cases (incident, organisation) WHERE incident IS NOT NULL;

-- What one host sent to one place in one hour; empty and 0 for what is not known.
CREATE TABLE sensor_traffic (
    organisation TEXT NOT NULL,
    sensor TEXT NOT NULL,
    hour BIGINT NOT NULL,
    host TEXT NOT NULL,
    remote TEXT NOT NULL,
    remote_port BIGINT NOT NULL,
    remote_domain TEXT NOT NULL,
    host_name TEXT NOT NULL,
    bytes_out BIGINT NOT NULL,
    bytes_in BIGINT NOT NULL,
    connections BIGINT NOT NULL,
    PRIMARY KEY (organisation, sensor, hour, host, remote, remote_port, remote_domain),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
) WITHOUT ROWID;

CREATE INDEX sensor_traffic_by_hour ON sensor_traffic (organisation, hour);

-- What is no cause for alarm; one that was taken back stays on file.
CREATE TABLE sensor_exceptions (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    -- As sensors are told it.
    json TEXT NOT NULL,
    taken_back_at BIGINT,
    taken_back_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (organisation, id)
);

-- Every setting that was made, the newest in force.
CREATE TABLE sensor_settings (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    set_at BIGINT NOT NULL,
    set_by TEXT NOT NULL,
    -- When a case becomes an incident by itself: never, from_high, every.
    opens TEXT NOT NULL,
    silent_minutes BIGINT NOT NULL,
    detection_days BIGINT NOT NULL,
    traffic_days BIGINT NOT NULL,
    metadata_days BIGINT NOT NULL,
    PRIMARY KEY (organisation, set_at)
);

CREATE TRIGGER sensor_settings_are_not_updated BEFORE UPDATE ON sensor_settings
BEGIN
    SELECT RAISE(ABORT, 'a setting that was made is never changed: make another');
END;

-- That the staff was told what sensors look into, on a day; without one: that it was taken back. The newest stands.
CREATE TABLE staff_notices (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    -- ISO 8601.
    informed_on TEXT,
    how TEXT NOT NULL,
    PRIMARY KEY (organisation, recorded_at)
);

CREATE TRIGGER staff_notices_are_not_updated BEFORE UPDATE ON staff_notices
BEGIN
    SELECT RAISE(ABORT, 'what was recorded is never changed: record it anew');
END;

CREATE TRIGGER staff_notices_are_not_deleted BEFORE DELETE ON staff_notices
BEGIN
    SELECT RAISE(ABORT, 'what was recorded is never deleted');
END;
