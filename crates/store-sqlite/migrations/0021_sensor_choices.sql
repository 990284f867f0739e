-- What people choose about sensors: a learning week begun again and what it proposed, threat lists, comparing with others.

-- When learning was begun again, and by whom; absent: it learns from when it enrolled.
ALTER TABLE sensors ADD COLUMN learns_from BIGINT;

ALTER TABLE sensors ADD COLUMN learns_by TEXT NOT NULL DEFAULT '';

-- Exceptions that were proposed and that somebody did not want. They go with the detections that they were made of.
CREATE TABLE sensor_refusals (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    -- SHA-256 of for what it would have held.
    proposal TEXT NOT NULL,
    refused_at BIGINT NOT NULL,
    refused_by TEXT NOT NULL,
    PRIMARY KEY (organisation, proposal)
);

-- The threat lists that an organisation's sensors use, of those that the server offers.
CREATE TABLE list_choices (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    list TEXT NOT NULL,
    chosen_at BIGINT NOT NULL,
    chosen_by TEXT NOT NULL,
    PRIMARY KEY (organisation, list)
);

-- That an organisation compares what it finds with other customers of its provider, or no longer does. The newest stands.
CREATE TABLE comparisons (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    decided_at BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    is_on BOOLEAN NOT NULL,
    PRIMARY KEY (organisation, decided_at)
);

CREATE TRIGGER comparisons_are_not_updated BEFORE UPDATE ON comparisons
BEGIN
    SELECT RAISE(ABORT, 'what was decided is never changed: decide anew');
END;

CREATE TRIGGER comparisons_are_not_deleted BEFORE DELETE ON comparisons
BEGIN
    SELECT RAISE(ABORT, 'what was decided is never deleted');
END;

-- What those that compare found, of what their server still keeps.
CREATE TABLE shared_indicators (
    organisation TEXT NOT NULL REFERENCES organisations (id),
    -- SHA-256 of a domain, an address or a fingerprint.
    indicator TEXT NOT NULL,
    PRIMARY KEY (organisation, indicator)
);
