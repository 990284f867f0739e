-- Sensors: who may report, what they reported, and what people settled about it.

CREATE TABLE sensors (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of its secret; absent once it was removed.
    secret_sha256 TEXT COLLATE "C" UNIQUE,
    version TEXT COLLATE "C" NOT NULL,
    enrolled_at BIGINT NOT NULL,
    enrolled_by TEXT COLLATE "C" NOT NULL,
    -- When a report last came in, by the server's clock.
    heard_at BIGINT NOT NULL,
    -- Somebody was told that it is silent, since it was last heard.
    is_silence_told BOOLEAN NOT NULL DEFAULT FALSE,
    -- Its last state line and that line's own moment; empty and 0 until there was one.
    state TEXT COLLATE "C" NOT NULL DEFAULT '',
    state_at BIGINT NOT NULL DEFAULT 0,
    removed_at BIGINT,
    PRIMARY KEY (organisation, id)
);

CREATE INDEX sensors_by_heard ON sensors (heard_at) WHERE removed_at IS NULL AND is_silence_told = FALSE;

-- What a sensor enrols with, once.
CREATE TABLE sensor_tokens (
    token_sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    name TEXT COLLATE "C" NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Detections as sensors said them, with what lists ask.
CREATE TABLE sensor_detections (
    organisation TEXT COLLATE "C" NOT NULL,
    sensor TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    severity BIGINT NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    -- When it last came in, by the server's clock: what its time is counted from.
    received_at BIGINT NOT NULL,
    -- The incident that it is in.
    incident TEXT COLLATE "C",
    json TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, sensor, id),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
);

CREATE INDEX sensor_detections_by_last ON sensor_detections (organisation, last_at);

CREATE INDEX sensor_detections_by_received ON sensor_detections (organisation, received_at) WHERE incident IS NULL;

CREATE INDEX sensor_detections_by_incident ON sensor_detections (incident, organisation) WHERE incident IS NOT NULL;

CREATE TABLE sensor_cases (
    organisation TEXT COLLATE "C" NOT NULL,
    sensor TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    severity BIGINT NOT NULL,
    -- When it last said something else, by the server's clock.
    changed_at BIGINT NOT NULL,
    incident TEXT COLLATE "C",
    json TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, sensor, id),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
);

CREATE INDEX sensor_cases_by_change ON sensor_cases (organisation, changed_at);

CREATE INDEX sensor_cases_by_incident ON sensor_cases (incident, organisation) WHERE incident IS NOT NULL;

-- What one host sent to one place in one hour; empty and 0 for what is not known.
CREATE TABLE sensor_traffic (
    organisation TEXT COLLATE "C" NOT NULL,
    sensor TEXT COLLATE "C" NOT NULL,
    hour BIGINT NOT NULL,
    host TEXT COLLATE "C" NOT NULL,
    remote TEXT COLLATE "C" NOT NULL,
    remote_port BIGINT NOT NULL,
    remote_domain TEXT COLLATE "C" NOT NULL,
    host_name TEXT COLLATE "C" NOT NULL,
    bytes_out BIGINT NOT NULL,
    bytes_in BIGINT NOT NULL,
    connections BIGINT NOT NULL,
    PRIMARY KEY (organisation, sensor, hour, host, remote, remote_port, remote_domain),
    FOREIGN KEY (organisation, sensor) REFERENCES sensors (organisation, id)
);

CREATE INDEX sensor_traffic_by_hour ON sensor_traffic (organisation, hour);

-- What is no cause for alarm; one that was taken back stays on file.
CREATE TABLE sensor_exceptions (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    id TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    -- As sensors are told it.
    json TEXT COLLATE "C" NOT NULL,
    taken_back_at BIGINT,
    taken_back_by TEXT COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (organisation, id)
);

-- Every setting that was made, the newest in force.
CREATE TABLE sensor_settings (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    set_at BIGINT NOT NULL,
    set_by TEXT COLLATE "C" NOT NULL,
    -- When a case becomes an incident by itself: never, from_high, every.
    opens TEXT COLLATE "C" NOT NULL,
    silent_minutes BIGINT NOT NULL,
    detection_days BIGINT NOT NULL,
    traffic_days BIGINT NOT NULL,
    metadata_days BIGINT NOT NULL,
    PRIMARY KEY (organisation, set_at)
);

CREATE TRIGGER sensor_settings_are_not_updated BEFORE UPDATE ON sensor_settings
FOR EACH ROW EXECUTE FUNCTION refuse('a setting that was made is never changed: make another');

-- That the staff was told what sensors look into, on a day; without one: that it was taken back. The newest stands.
CREATE TABLE staff_notices (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT COLLATE "C" NOT NULL,
    -- ISO 8601.
    informed_on TEXT COLLATE "C",
    how TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organisation, recorded_at)
);

CREATE TRIGGER staff_notices_are_not_updated BEFORE UPDATE ON staff_notices
FOR EACH ROW EXECUTE FUNCTION refuse('what was recorded is never changed: record it anew');

CREATE TRIGGER staff_notices_are_not_deleted BEFORE DELETE ON staff_notices
FOR EACH ROW EXECUTE FUNCTION refuse('what was recorded is never deleted');

CREATE TRIGGER staff_notices_are_not_emptied BEFORE TRUNCATE ON staff_notices
FOR EACH STATEMENT EXECUTE FUNCTION refuse('what was recorded is never deleted');
